/*
 * credit.h - the life of training credits: granted by a fund, expired back to it, redeemed by it.
 *
 * Spending them is a payment or a hold like any other; what posting adds for them stands in lot.h.
 */
#ifndef LEDGER_CREDIT_H
#define LEDGER_CREDIT_H

#include "equivalent.h"
#include "lot.h"

#define LEDGER_GRANT_DAYS_MAX 3653 /* ten years */
#define LEDGER_CREDITS_DUE_MAX 200 /* expiries posted in one run of the chores */

struct ledger_grant {
    int64_t fund_account_id;
    int64_t account_id;
    int64_t amount_minor;
    int32_t expires_on;  /* the last day they are good */
    const char *purpose; /* becomes the transfer's memo */
};

/* What a fund pays for one whole credit, from a day on. */
struct ledger_credit_rate {
    int64_t id;
    int64_t currency_id;
    int32_t from_on;
    int64_t in_currency_id; /* or 0: paid outside, in `unit` */
    char unit[LEDGER_UNIT_MAX + 1];
    int64_t value_micro;
};

struct ledger_redemption {
    int64_t account_id; /* the provider's */
    int64_t fund_account_id;
    int64_t amount_minor;
    const char *reference; /* where it was paid, when that is outside */
    /* set by ledger_credit_redeem */
    struct ledger_credit_rate rate;
    /* In the scale of the rate's currency, of 2 decimals when that is outside. */
    int64_t value_minor;
    int64_t transfer_id;
};

/*
 * What came into and went out of a fund's training account over some days, in order of posting: opening - granted -
 * paid + the rest = closing.
 */
struct ledger_fund_flow {
    int64_t opening_minor;
    int64_t closing_minor;
    int64_t granted_minor;
    int64_t paid_minor; /* by the fund itself, to providers */
    int64_t expired_minor;
    int64_t given_back_minor; /* by refund or reversal */
    int64_t redeemed_minor;
    int64_t settled_minor;
    int64_t other_minor; /* openings, imports and write-offs; plus is in */
};

/*
 * Grant credits. Refusals: LEDGER_MISSING_PARAMETER (no purpose), LEDGER_NO_SUCH_ACCOUNT, LEDGER_NOT_TRAINING,
 * LEDGER_MEMBER_STATE (the granter is no fund, or the other is one), LEDGER_EXPIRY_MALFORMED, LEDGER_AMOUNT_NOT_POSITIVE, then as posting.
 */
LEDGER_CHECKED enum ledger_status
ledger_credit_grant(struct ledger *l, const struct ledger_grant *g, int64_t *transfer_id);
/*
 * Post back to their funds what is expired by now and not held, LEDGER_CREDITS_DUE_MAX at most;
 * `*count` says how many. Limits do not stop it, and what else the rules refuse waits for the next run.
 */
LEDGER_CHECKED enum ledger_status ledger_credit_due(struct ledger *l, int64_t now_us,
                                                    int64_t *count);
/*
 * Set the rate of a training currency. Refusals: LEDGER_NOT_TRAINING, LEDGER_TEXT_*, LEDGER_SAME_ACCOUNT (in itself),
 * LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_AMOUNT_TOO_LARGE, LEDGER_BACKDATED, LEDGER_REASON_MISSING.
 */
LEDGER_CHECKED enum ledger_status ledger_credit_rate_set(struct ledger *l,
                                                         struct ledger_credit_rate *r,
                                                         const struct ledger_why *why);
/* In force on `day`. LEDGER_NO_ROW when none is. */
LEDGER_CHECKED enum ledger_status ledger_credit_rate_at(struct ledger *l, int64_t currency_id,
                                                        int32_t day, struct ledger_credit_rate *r);
/*
 * The fund takes earned credits back at the rate in force, in one transfer: the credits to the fund and,
 * where the rate is in a currency of the node, its worth to the provider, rounded down.
 * Refusals: LEDGER_NO_SUCH_ACCOUNT, LEDGER_NOT_TRAINING, LEDGER_MEMBER_STATE (no fund), LEDGER_NOT_A_PROVIDER (never was),
 * LEDGER_NO_CREDIT_RATE, LEDGER_AMOUNT_NOT_POSITIVE (or worth nothing), LEDGER_AMOUNT_OVERFLOW,
 * LEDGER_MISSING_PARAMETER (paid outside without a reference), then as posting.
 */
LEDGER_CHECKED enum ledger_status
ledger_credit_redeem(struct ledger *l, struct ledger_redemption *r, const struct ledger_why *why);
/* Posted from `from` to `to`, both included. Refusal: LEDGER_PERIOD_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_credit_flow(struct ledger *l, int64_t fund_account_id,
                                                     int32_t from, int32_t to,
                                                     struct ledger_fund_flow *flow);
#endif
