/*
 * model_compare.h - does the engine say what the model says?
 *
 * The first difference fails the test, with both answers and what `explain` has to say.
 * A transaction is open.
 */
#ifndef TESTS_MODEL_COMPARE_H
#define TESTS_MODEL_COMPARE_H

#include "deed.h"

struct compare {
    struct model *m;
    struct ledger *l;
    struct draw *draw; /* picks days, accounts and page sizes */
    void (*explain)(void *ctx);
    void *ctx;
};

void compare_same(const struct compare *c, int64_t want, int64_t got, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void compare_text(const struct compare *c, const char *want, const char *got, const char *what);
void compare_ok(const struct compare *c, enum ledger_status status, const char *what);
/* Balance, reserves, available, room in, limits. */
void compare_account(const struct compare *c, int64_t account_id);

/* The bookings that the last request changed, and the sessions with all who take part. */
void compare_changed(const struct compare *c);
/* The requests; the standing payments. */
void compare_changed_requests(const struct compare *c);
void compare_changed_standings(const struct compare *c);

typedef void compare_check(const struct compare *c);

compare_check compare_all_accounts, compare_account_page, compare_member_page,
    compare_transfer_page, compare_hold_page, compare_register_page, compare_statement,
    compare_trial_balance, compare_as_of, compare_limits, compare_corrections, compare_pool,
    compare_notices, compare_courses, compare_requests, compare_standings, compare_fund,
    compare_verify;

#endif
