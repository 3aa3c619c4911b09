/*
 * limit.h - how far an account may go, decided when, by whom, why, until which review.
 */
#ifndef LEDGER_LIMIT_H
#define LEDGER_LIMIT_H

#include "account.h"

struct ledger_limit {
    int64_t id;
    int64_t account_id;
    int64_t floor_minor;
    int64_t ceiling_minor;
    int64_t from_us;
    bool has_review;
    int32_t review_on;
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
    char authority[LEDGER_NAME_MAX + 1];
};

typedef enum ledger_status ledger_limit_reader(void *ctx, const struct ledger_limit *limit);

/*
 * Set both limits of an account that exists from now on (never backdated); `limit->id` and `from_us` are set.
 * A balance already outside may stay and come back in.
 * Refusals: LEDGER_LIMIT_MALFORMED (floor <= 0 <= ceiling), LEDGER_REASON_MISSING, LEDGER_TEXT_*,
 * LEDGER_DATE_MALFORMED (a review before today).
 */
LEDGER_CHECKED enum ledger_status ledger_limit_set(struct ledger *l, struct ledger_limit *limit,
                                                   const struct ledger_why *why);
/* In force at `at_us`. LEDGER_NO_ROW before the account was opened. */
LEDGER_CHECKED enum ledger_status ledger_limit_at(struct ledger *l, int64_t account_id,
                                                  int64_t at_us, struct ledger_limit *limit);
/* The history, oldest first, ids after `after_id`. */
LEDGER_CHECKED enum ledger_status ledger_limit_each(struct ledger *l, int64_t account_id,
                                                    int64_t after_id, int max,
                                                    ledger_limit_reader *read, void *ctx);
#endif
