#include "bill.h"

#include "ledger/equivalent.h"
#include "ledger/notice.h"
#include "ledger/request_pay.h"

#include <limits.h>

int bill_set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_member(&r, "joiners");
    *state = &r;
    return 0;
}

int bill_tear_down(void **state)
{
    region_end(*state);
    return 0;
}

/* 1 CALD is worth 1.10 GBP. */
void bill_state_equivalent(struct region *r)
{
    struct ledger_equivalent e = {
        .currency_id = 1, .from_on = ledger_today(r->l), .unit = "GBP", .value_micro = 1100000};

    OK(r, ledger_equivalent_set(r->l, &e, &region_why));
}

/* Riverside asks the mill for so much, net, without tax. */
struct ledger_request_draft bill_draft(struct ledger_request_line *line, int64_t amount_minor)
{
    *line = (struct ledger_request_line){
        .words = "bread", .quantity_milli = 1000, .price_minor = amount_minor};
    return (struct ledger_request_draft){
        .payee_id = RIVERSIDE, .payer_id = MILL, .currency_id = 1, .lines = line, .line_count = 1};
}

int64_t bill_ask(struct region *r, int64_t amount_minor)
{
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, amount_minor);
    int64_t id;

    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    return id;
}

enum ledger_status bill_pay(struct region *r, int64_t id, int64_t amount_minor, int64_t *transfer)
{
    const struct ledger_request_payment p = {
        .request_id = id, .amount_minor = amount_minor, .why = &region_why};
    int64_t any;

    return ledger_request_pay(r->l, &p, transfer ? transfer : &any);
}

enum ledger_status bill_accept(struct region *r, int64_t id)
{
    const struct ledger_request_payment p = {.request_id = id, .why = &region_why};
    int64_t transfer;

    return ledger_request_accept(r->l, &p, &transfer);
}

enum ledger_status bill_credit(struct region *r, int64_t of, int64_t amount_minor,
                               int64_t outside_minor)
{
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, amount_minor);
    int64_t id;

    d.corrects_id = of;
    d.outside_minor = outside_minor;
    return ledger_request_credit(r->l, &d, "local:test", &id);
}

struct ledger_request bill_get(struct region *r, int64_t id)
{
    struct ledger_request q;

    OK(r, ledger_request_get(r->l, id, &q));
    return q;
}

void bill_expect(struct region *r, int64_t id, const char *state, int64_t open_minor)
{
    struct ledger_request q = bill_get(r, id);

    assert_string_equal(ledger_request_state(r->l, &q), state);
    assert_int_equal(q.open_minor, open_minor);
    region_sound(r);
}

static enum ledger_status count_notice(void *ctx, const struct ledger_notice *n)
{
    ((struct bill_told *)ctx)->of[n->kind]++;
    return LEDGER_OK;
}

struct bill_told bill_told_to(struct region *r, int64_t member_id)
{
    const struct ledger_notice_filter filter = {.member_id = member_id, .limit = INT_MAX};
    struct bill_told told = {{0}};

    OK(r, ledger_notice_each(r->l, &filter, count_notice, &told));
    return told;
}
