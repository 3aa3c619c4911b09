/*
 * charge.h - what a member offers for so much each week or month: hosting, a hot desk, video meetings.
 *
 * Who agrees to it pays it by a standing payment, at the price that stood then, until it or the payee ends that.
 * Another price is one for new agreements; who has agreed to the old one pays that until it agrees anew.
 */
#ifndef LEDGER_CHARGE_H
#define LEDGER_CHARGE_H

#include "standing.h"

struct ledger_charge {
    int64_t id;
    int64_t payee_id; /* an account */
    int64_t payee_member_id;
    struct ledger_cadence cadence; /* its day may be unsaid: that on which each agreement starts */
    int64_t terms_id;              /* the newest price */
    int64_t amount_minor;
    int64_t offered_at_us;
    int64_t withdrawn_at_us; /* 0: it stands open */
    int64_t agreements;      /* that are not over */
    bool erased;
    char payee[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    int scale;
    char title[LEDGER_NAME_MAX + 1];
    char words[LEDGER_MEMO_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1]; /* of its withdrawal */
};

struct ledger_charge_filter {
    int64_t member_id; /* whose, or 0 */
    bool open_only;
    int64_t after_id;
    int limit;
};

struct ledger_agreement {
    int64_t charge_id;
    int64_t payer_id;     /* an account */
    int64_t amount_minor; /* the price as the payer read it */
    int32_t starts_on;    /* 0: today; or where an older agreement runs its next due date */
    int32_t until_on;     /* 0 and count 0: until somebody ends it */
    int count;
    const char *actor;
};

typedef enum ledger_status ledger_charge_reader(void *ctx, const struct ledger_charge *c);

/*
 * Offer `c` (account, price, cadence and words are the caller's; its id is set). Refusals, in order:
 * LEDGER_MISSING_PARAMETER (its title), LEDGER_TEXT_*, LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_AMOUNT_TOO_LARGE,
 * LEDGER_INTERVAL_MALFORMED, LEDGER_DUE_DAY_MALFORMED, LEDGER_MEMBER_NOT_ACTIVE.
 */
LEDGER_CHECKED enum ledger_status ledger_charge_offer(struct ledger *l, struct ledger_charge *c,
                                                      const char *actor);
/*
 * Another price, for whoever agrees from now on; those with an agreement are told. Refusals: LEDGER_NO_SUCH_CHARGE,
 * LEDGER_CHARGE_WITHDRAWN, LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_AMOUNT_TOO_LARGE, LEDGER_SAME_PRICE,
 * LEDGER_MEMBER_NOT_ACTIVE (who offers it is suspended: its agreements go on at the price that was agreed).
 */
LEDGER_CHECKED enum ledger_status ledger_charge_price(struct ledger *l, int64_t id,
                                                      int64_t amount_minor, const char *actor);
/*
 * Offer it no more; agreements go on. Refusals: LEDGER_TEXT_*, LEDGER_NO_SUCH_CHARGE, LEDGER_CHARGE_WITHDRAWN.
 */
LEDGER_CHECKED enum ledger_status ledger_charge_withdraw(struct ledger *l, int64_t id,
                                                         const struct ledger_why *why);
/* Withdraw all that `member_id` offers. */
LEDGER_CHECKED enum ledger_status ledger_charge_leave(struct ledger *l, int64_t member_id,
                                                      const struct ledger_why *why);
/*
 * Agree: a standing payment is ordered, `*standing_id`. Where the payer has an older agreement that is not over, this
 * one takes its place from its next due date on, and ends when that would have, unless an end is said.
 * Refusals, in order: LEDGER_NO_SUCH_CHARGE, LEDGER_CHARGE_WITHDRAWN, LEDGER_PRICE_CHANGED (it is not the amount that
 * was read), LEDGER_CHARGE_AGREED (to that price; or a start is given while an older one runs), then those of
 * ledger_standing_order.
 */
LEDGER_CHECKED enum ledger_status
ledger_charge_agree(struct ledger *l, const struct ledger_agreement *a, int64_t *standing_id);

/* Refusal: LEDGER_NO_SUCH_CHARGE. */
LEDGER_CHECKED enum ledger_status ledger_charge_get(struct ledger *l, int64_t id,
                                                    struct ledger_charge *c);
/* In order of id. */
LEDGER_CHECKED enum ledger_status ledger_charge_each(struct ledger *l,
                                                     const struct ledger_charge_filter *filter,
                                                     ledger_charge_reader *read, void *ctx);

#endif
