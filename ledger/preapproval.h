/*
 * preapproval.h - a member lets a payee collect what it asks for, up to so much a request and so much a month.
 *
 * A request that the payee makes within both bounds is accepted by itself, in the transaction that makes it. Both bounds are
 * on what is payable in the ledger's currency. A month is one of the node's days; what was collected in it is summed from
 * the payments that still stand, under whichever approval between the two in that currency: a reversal gives the room back to
 * the month of the payment, a refund does not. Where a payment is refused by the ledger's rules the request stays open, as
 * if nothing had been agreed.
 */
#ifndef LEDGER_PREAPPROVAL_H
#define LEDGER_PREAPPROVAL_H

#include "currency.h"
#include "member.h"

struct ledger_preapproval {
    int64_t id;
    int64_t payer_id;
    int64_t payee_id;
    int64_t currency_id;
    int64_t each_minor;
    int64_t month_minor;
    int32_t until_on; /* the last day; INT32_MAX: until it is revoked */
    int64_t at_us;
    int64_t revoked_at_us;   /* 0: it was not */
    int64_t collected_minor; /* in the running month, by this one or one before it */
    int64_t uses;            /* requests that it accepted */
    bool left;               /* one of the two has */
    int scale;
    char payer[LEDGER_HANDLE_MAX + 1];
    char payee[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
};

/* A request that was accepted by one. */
struct ledger_preapproval_use {
    int64_t request_id;
    int64_t number; /* the payee's */
    int64_t transfer_id;
    int64_t posted_at_us;
    int64_t amount_minor;
    int32_t month_on; /* the first day of the month that it counts to */
    bool reversed;    /* and so counts no more */
};

struct ledger_preapproval_filter {
    int64_t member_id; /* or 0: as payer or payee */
    bool all;          /* also those that are over */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_preapproval_reader(void *ctx, const struct ledger_preapproval *p);
typedef enum ledger_status ledger_preapproval_use_reader(void *ctx,
                                                         const struct ledger_preapproval_use *u);

/*
 * Agree beforehand. Parties, currency, bounds and until_on are the caller's; `id` and `at_us` are set. Both accounts are
 * opened where they are not there.
 * Refusals, in order: LEDGER_REQUEST_TO_ONESELF, LEDGER_NO_SUCH_MEMBER, LEDGER_NO_SUCH_CURRENCY,
 * LEDGER_PREAPPROVAL_LEFT (either has left), LEDGER_MEMBER_NOT_ACTIVE (the payer is not, or the payee has applied),
 * LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_AMOUNT_TOO_LARGE, LEDGER_PREAPPROVAL_MALFORMED (a month less than a request),
 * LEDGER_BACKDATED (it would end before today), LEDGER_PREAPPROVED (one is in force already).
 */
LEDGER_CHECKED enum ledger_status ledger_preapproval_set(struct ledger *l,
                                                         struct ledger_preapproval *p,
                                                         const struct ledger_why *why);
/* At once. Refusals: LEDGER_NO_SUCH_PREAPPROVAL, LEDGER_PREAPPROVAL_OVER. */
LEDGER_CHECKED enum ledger_status ledger_preapproval_revoke(struct ledger *l, int64_t id,
                                                            const char *actor);
/*
 * Accept request `request_id`, just made, where it was agreed; `*collected` says whether it was, and the payer is then told.
 * What the rules refuse is no refusal here: nothing is paid. Only faults are returned.
 */
LEDGER_CHECKED enum ledger_status ledger_preapproval_collect(struct ledger *l, int64_t request_id,
                                                             bool *collected);
/* Refusal: LEDGER_NO_SUCH_PREAPPROVAL. */
LEDGER_CHECKED enum ledger_status ledger_preapproval_get(struct ledger *l, int64_t id,
                                                         struct ledger_preapproval *p);
LEDGER_CHECKED enum ledger_status
ledger_preapproval_each(struct ledger *l, const struct ledger_preapproval_filter *filter,
                        ledger_preapproval_reader *read, void *ctx);
/* What it accepted, at most `limit` after request `after_id`, in order of request. */
LEDGER_CHECKED enum ledger_status ledger_preapproval_uses(struct ledger *l, int64_t id,
                                                          int64_t after_id, int limit,
                                                          ledger_preapproval_use_reader *read,
                                                          void *ctx);
/* "live", "over" (its last day is past, or one of the two has left) or "revoked" */
const char *ledger_preapproval_state(const struct ledger *l, const struct ledger_preapproval *p);

#endif
