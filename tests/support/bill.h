/*
 * bill.h - a region in which riverside asks the mill for payment.
 */
#ifndef TESTS_BILL_H
#define TESTS_BILL_H

#include "region.h"

#include "ledger/notice.h"
#include "ledger/request.h"

#define BILL_LARGEST LEDGER_AMOUNT_MAX

enum { MILL = 1, RIVERSIDE, JOINERS }; /* members, and CALD is currency 1 */

int bill_set_up(void **state);
int bill_tear_down(void **state);

/* 1 CALD is worth 1.10 GBP. */
void bill_state_equivalent(struct region *r);
/* Riverside asks the mill for so much, net, without tax. */
struct ledger_request_draft bill_draft(struct ledger_request_line *line, int64_t amount_minor);
int64_t bill_ask(struct region *r, int64_t amount_minor);
/* `transfer` may be NULL. */
enum ledger_status bill_pay(struct region *r, int64_t id, int64_t amount_minor, int64_t *transfer);
enum ledger_status bill_accept(struct region *r, int64_t id);
enum ledger_status bill_credit(struct region *r, int64_t of, int64_t amount_minor,
                               int64_t outside_minor);
struct ledger_request bill_get(struct region *r, int64_t id);
/* And the ledger is sound. */
void bill_expect(struct region *r, int64_t id, const char *state, int64_t open_minor);

/* How many notices of each kind a member has. */
struct bill_told {
    int of[LEDGER_NOTICE_KINDS];
};
struct bill_told bill_told_to(struct region *r, int64_t member_id);

#endif
