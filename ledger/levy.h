/*
 * levy.h - what each member gives a guarantee fund for a month, so that somebody can pay a default.
 *
 * A levy is a share (basis points) of what came in by trade, that is by transfers of kind exchange less what
 * was reversed or refunded of such, or a flat amount. It is rounded half up to a minor unit; what comes to less
 * than the minimum is not taken. A month is one of the node's days and counts what was posted in it. It is
 * charged when it is over, by the chores, so that no payment is slower for it: one transfer of kind levy an
 * account and month, dated on the month's last day, or today where that is closed. Co-ops and people pay it,
 * funds do not. A suspended member pays on. A limit stops it like any payment: it is then kept, listed and asked
 * for again each day. A default that is covered waives what is open.
 */
#ifndef LEDGER_LEVY_H
#define LEDGER_LEVY_H

#include "account.h"

#define LEDGER_LEVY_POINTS_MAX 1000 /* basis points: a tenth */
#define LEDGER_LEVY_READ_MAX 5000   /* transfers (of a flat levy accounts) read in one run */
#define LEDGER_LEVY_DUE_MAX 200     /* accounts asked in one run */
#define LEDGER_LEVY_MONTHS_MAX 12   /* months begun in one run */

/* In force from a month on; neither share nor flat amount: nothing is taken any more. */
struct ledger_levy {
    int64_t id;
    int64_t currency_id;
    int64_t fund_account_id;
    int points; /* of what came in by trade, or */
    int64_t flat_minor;
    int64_t minimum_minor;
    int32_t from_on; /* the first day of a month */
    int64_t at_us;
    int scale;
    char fund[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
    char authority[LEDGER_NAME_MAX + 1];
};

/* What a month asked of an account, or still does. */
struct ledger_levy_charge {
    int64_t id; /* 0: not had yet */
    int64_t account_id;
    int64_t member_id;
    int64_t month_id;
    int32_t month_on;
    int64_t base_minor; /* what came in by trade */
    int64_t amount_minor;
    int64_t transfer_id; /* 0: waived, or not had yet */
    int64_t at_us;       /* when it was had; when it is asked for next */
    int scale;
    char handle[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    char waived[LEDGER_REASON_MAX + 1];
    enum ledger_status
        refused; /* why it was not had, LEDGER_OK where it was or was not asked for */
};

struct ledger_levy_filter {
    int64_t member_id;   /* or 0 */
    int64_t currency_id; /* or 0 */
    int64_t after[2];
    int limit;
};

typedef enum ledger_status ledger_levy_reader(void *ctx, const struct ledger_levy *levy);
typedef enum ledger_status ledger_levy_charge_reader(void *ctx, const struct ledger_levy_charge *c);

/*
 * Set the levy of a currency from a month on that has not begun. `levy` is the caller's; `id` and `at_us` are set.
 * Refusals, in order: LEDGER_NO_SUCH_CURRENCY, LEDGER_EARMARKED (training credits), LEDGER_NUMBER_MALFORMED (points),
 * LEDGER_AMOUNT_TOO_LARGE, LEDGER_LEVY_MALFORMED (a share and a flat amount; no first of a month),
 * LEDGER_BACKDATED (the month has begun), LEDGER_NO_SUCH_ACCOUNT, LEDGER_UNBALANCED (the fund's account is in another
 * currency), LEDGER_MEMBER_STATE (no fund), LEDGER_REASON_MISSING, LEDGER_TEXT_*.
 */
LEDGER_CHECKED enum ledger_status ledger_levy_set(struct ledger *l, struct ledger_levy *levy,
                                                  const struct ledger_why *why);
/* In force on a day. LEDGER_NO_ROW where none is. */
LEDGER_CHECKED enum ledger_status ledger_levy_on(struct ledger *l, int64_t currency_id, int32_t day,
                                                 struct ledger_levy *levy);
/* All of a currency, oldest first. */
LEDGER_CHECKED enum ledger_status ledger_levy_each(struct ledger *l, int64_t currency_id,
                                                   ledger_levy_reader *read, void *ctx);
/* What `levy` takes for a month in which `base_minor` (below zero counts as zero) came in. */
int64_t ledger_levy_amount(const struct ledger_levy *levy, int64_t base_minor);

/*
 * The month that is running: what came in by trade so far, and what that would come to by `levy`, which is set. Where one was
 * set and its first month has not begun: that month, of which nothing has come in yet.
 * Refusal: LEDGER_NO_LEVY (none was set).
 */
LEDGER_CHECKED enum ledger_status ledger_levy_so_far(struct ledger *l,
                                                     const struct ledger_account *a,
                                                     struct ledger_levy *levy,
                                                     struct ledger_levy_charge *c);
/*
 * Read months that are over and charge their levies, oldest first; `*count` says how many steps were taken.
 * A run does no more than the limits above. A refusal by the rules stays with its account and month.
 */
LEDGER_CHECKED enum ledger_status ledger_levy_due(struct ledger *l, int64_t now_us, int64_t *count);
/* What is open of an account is asked for no more. `reason` is kept. */
LEDGER_CHECKED enum ledger_status ledger_levy_waive(struct ledger *l, int64_t account_id,
                                                    const char *reason);
/* What was charged or waived, in order of id (after[0]). */
LEDGER_CHECKED enum ledger_status ledger_levy_charges(struct ledger *l,
                                                      const struct ledger_levy_filter *filter,
                                                      ledger_levy_charge_reader *read, void *ctx);
/* What was asked for and refused, in order of account and month (after). */
LEDGER_CHECKED enum ledger_status ledger_levy_open(struct ledger *l,
                                                   const struct ledger_levy_filter *filter,
                                                   ledger_levy_charge_reader *read, void *ctx);

#endif
