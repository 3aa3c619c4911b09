/*
 * default.h - a member does not pay what it owes: declared by one person, covered by a second, in the order set.
 *
 * Covering brings the account to zero by one transfer of kind write-off from the funds that pay. What the members
 * share is paid by each of them into the first fund of the order beforehand, by a transfer of its own: so nobody
 * learns whose default it was, nor what the others bore. What the member pays later goes back the other way round.
 */
#ifndef LEDGER_DEFAULT_H
#define LEDGER_DEFAULT_H

#include "guarantee.h"

#define LEDGER_SHARERS_MAX 10000 /* members that share one default */

enum ledger_default_state {
    LEDGER_DEFAULT_DECLARED,
    LEDGER_DEFAULT_COVERED,
    LEDGER_DEFAULT_WITHDRAWN
};

struct ledger_default {
    int64_t id;
    int64_t account_id;
    int64_t member_id;
    int64_t currency_id;
    enum ledger_default_state state;
    int64_t owed_minor; /* when it was declared */
    int64_t at_us;
    int64_t covered_minor;
    int64_t transfer_id; /* that covered it, 0 for none */
    int64_t recovered_minor;
    int64_t ended_at_us; /* 0: it is open */
    int scale;
    char handle[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
    char ended_by[LEDGER_ACTOR_MAX + 1]; /* who covered or withdrew it */
    char ended_reason[LEDGER_REASON_MAX + 1];
};

/* What one bears, or would bear. */
struct ledger_default_share {
    int64_t account_id;
    int step;     /* from 1 */
    bool members; /* it is one of those who share */
    int64_t amount_minor;
    int64_t recovered_minor;
    int64_t transfer_id;
    char handle[LEDGER_HANDLE_MAX + 1];
};

/* Who pays how much, in order of step and account. */
struct ledger_default_plan {
    struct ledger_guarantee order;
    int64_t owed_minor;
    int64_t uncovered_minor;             /* what nobody can pay */
    struct ledger_default_share *shares; /* the plan's; ledger_default_plan_free */
    int count;
};

struct ledger_default_filter {
    int64_t member_id; /* or 0 */
    bool open_only;
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_default_reader(void *ctx, const struct ledger_default *d);
typedef enum ledger_status ledger_default_share_reader(void *ctx,
                                                       const struct ledger_default_share *s);

/*
 * Declare that an account's debt will not be paid. Nothing moves. Refusals, in order: LEDGER_REASON_MISSING, LEDGER_TEXT_*,
 * LEDGER_NO_SUCH_ACCOUNT, LEDGER_MEMBER_STATE (a fund, or it has left), LEDGER_AMOUNT_NOT_POSITIVE (not below zero),
 * LEDGER_IN_DEFAULT.
 */
LEDGER_CHECKED enum ledger_status ledger_default_declare(struct ledger *l, int64_t account_id,
                                                         const struct ledger_why *why, int64_t *id);
/* Take an open one back: it was paid, or a mistake. Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_DEFAULT, LEDGER_DEFAULT_ENDED. */
LEDGER_CHECKED enum ledger_status ledger_default_withdraw(struct ledger *l, int64_t id,
                                                          const struct ledger_why *why);
/*
 * Who would pay what, as things stand. Free it in every case. Refusals: LEDGER_NO_SUCH_ACCOUNT,
 * LEDGER_NO_GUARANTEE, LEDGER_TOO_MANY_SHARERS.
 */
LEDGER_CHECKED enum ledger_status ledger_default_plan(struct ledger *l, int64_t account_id,
                                                      struct ledger_default_plan *plan);
void ledger_default_plan_free(struct ledger_default_plan *plan);
/*
 * Cover it as planned now; levies that were refused of the account are waived. `on_paper`: a second person agreed
 * elsewhere. Refusals, in order: LEDGER_NO_SUCH_DEFAULT, LEDGER_DEFAULT_ENDED, LEDGER_SECOND_PERSON (who declared it),
 * LEDGER_AMOUNT_NOT_POSITIVE (no longer below zero), those of the plan, LEDGER_NOT_COVERED, those of posting. After a
 * refusal the caller rolls back: shares may have been paid.
 */
LEDGER_CHECKED enum ledger_status ledger_default_cover(struct ledger *l, int64_t id, bool on_paper,
                                                       const struct ledger_why *why);
/*
 * The member pays `amount_minor` of what others bore: the last step first, within the members pro rata of what each
 * has not back; members that have left are passed over. Refusals, in order: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_DEFAULT,
 * LEDGER_DEFAULT_OPEN (not covered), LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_OVER_RECOVERY, those of posting. Likewise.
 */
LEDGER_CHECKED enum ledger_status ledger_default_recover(struct ledger *l, int64_t id,
                                                         int64_t amount_minor,
                                                         const struct ledger_why *why);
/* Refusal: LEDGER_NO_SUCH_DEFAULT. */
LEDGER_CHECKED enum ledger_status ledger_default_get(struct ledger *l, int64_t id,
                                                     struct ledger_default *d);
/* The one of that account that is declared and has not ended, 0 for none. */
LEDGER_CHECKED enum ledger_status ledger_default_declared(struct ledger *l, int64_t account_id,
                                                          int64_t *id);
LEDGER_CHECKED enum ledger_status ledger_default_each(struct ledger *l,
                                                      const struct ledger_default_filter *filter,
                                                      ledger_default_reader *read, void *ctx);
/* Who bore a covered one, in order of step and account. */
LEDGER_CHECKED enum ledger_status
ledger_default_shares(struct ledger *l, int64_t id, ledger_default_share_reader *read, void *ctx);
/* The default that a transfer is part of, 0 for none: it is put right by what the member pays later, not reversed. */
LEDGER_CHECKED enum ledger_status ledger_default_of_transfer(struct ledger *l, int64_t transfer_id,
                                                             int64_t *default_id);

const char *ledger_default_state_name(enum ledger_default_state state);

#endif
