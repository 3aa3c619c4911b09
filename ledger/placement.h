/*
 * placement.h - a person of one member works with another for a while: an apprentice, a relief shift.
 *
 * The hours of each week are signed by both sides, the host and the person's (the member's people or the
 * mentor's); what both signed alike is paid at once to the person's member, by the host or a fund. The whole sum is
 * held from the day of the agreement. Amounts are the rate times all minutes paid so far, less what was paid:
 * the parts always add up to the whole.
 */
#ifndef LEDGER_PLACEMENT_H
#define LEDGER_PLACEMENT_H

#include "account.h"
#include "vacancy.h"

#define LEDGER_PLACEMENT_DAYS_MAX 365
#define LEDGER_PLACEMENT_GRACE_DAYS 28 /* to sign the last weeks in, with the amount still held */
#define LEDGER_PLACEMENT_MINUTES_MAX 600000

enum ledger_side { LEDGER_SIDE_NONE, LEDGER_SIDE_HOST, LEDGER_SIDE_PERSON };

struct ledger_placement {
    int64_t id;
    int64_t vacancy_id; /* 0 for none */
    int64_t host_id;
    int64_t member_id;
    int64_t mentor_id; /* a member, 0 for none */
    int64_t payer_id;  /* accounts */
    int64_t payee_id;
    int64_t payer_member_id;
    int64_t rate_minor; /* an hour */
    int minutes;        /* agreed in all; after an early end what is due at most */
    int32_t starts_on;
    int32_t ends_on; /* the last day; after an early end that one */
    int64_t agreed_at_us;
    int64_t ended_at_us; /* early; 0: it was not */
    int paid_minutes;
    int64_t paid_minor;
    int64_t hold_id; /* open, with what is still due at most; 0 when nothing is held */
    bool erased;
    char host[LEDGER_HANDLE_MAX + 1];
    char member[LEDGER_HANDLE_MAX + 1];
    char mentor_member[LEDGER_HANDLE_MAX + 1];
    char payer[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    int scale;
    char person[LEDGER_NAME_MAX + 1];
    char mentor[LEDGER_NAME_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1]; /* of the early end */
};

struct ledger_placement_week {
    int32_t week_on;  /* its Monday */
    int host_minutes; /* as last signed, -1 for not yet */
    int person_minutes;
    bool paid;
    int64_t amount_minor;
    int64_t transfer_id;
};

struct ledger_placement_signature {
    int64_t placement_id;
    int32_t day; /* any of the week */
    enum ledger_side side;
    int minutes;
    const char *actor;
    bool for_both; /* the node's people, who write down what two have signed on paper */
};

struct ledger_placement_filter {
    int64_t member_id; /* or 0: as host, as the person's, as the mentor's or as payer */
    int64_t after_id;
    int limit;
};

/* Hours between two days, as the weeks say that were paid. */
struct ledger_placement_hours {
    int64_t host_id;
    int64_t member_id;
    int64_t placements;
    int64_t minutes;
    int64_t amount_minor;
    char host[LEDGER_HANDLE_MAX + 1];
    char member[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    int scale;
};

typedef enum ledger_status ledger_placement_reader(void *ctx, const struct ledger_placement *p);
typedef enum ledger_status ledger_placement_week_reader(void *ctx,
                                                        const struct ledger_placement_week *w);
typedef enum ledger_status ledger_placement_hours_reader(void *ctx,
                                                         const struct ledger_placement_hours *h);

/*
 * Agree on `p` (ids, accounts, rate, minutes, days and words are the caller's; its id is set), and hold the whole
 * sum. Refusals, in order: LEDGER_MISSING_PARAMETER (the person's name), LEDGER_TEXT_*, LEDGER_PLACED_AT_HOME,
 * LEDGER_PERIOD_MALFORMED, LEDGER_BACKDATED (it began more than a year ago), LEDGER_HOURS_MALFORMED (none, or more than
 * its weeks have), LEDGER_NO_SUCH_VACANCY, LEDGER_VACANCY_CLOSED, LEDGER_MEMBER_NOT_ACTIVE, LEDGER_AMOUNT_TOO_LARGE, then
 * those of ledger_hold_place.
 */
LEDGER_CHECKED enum ledger_status
ledger_placement_agree(struct ledger *l, struct ledger_placement *p, const char *actor);
/*
 * Sign the hours of the week that `day` lies in for one side; who signs anew puts right what was signed before,
 * as long as it is not paid. When both sides say the same, that week is paid.
 * Refusals: LEDGER_NO_SUCH_PLACEMENT, LEDGER_OUTSIDE_PLACEMENT, LEDGER_WEEK_TO_COME, LEDGER_WEEK_PAID,
 * LEDGER_HOURS_MALFORMED (more than its days have), LEDGER_SIGNED_BY_ONE, LEDGER_OVER_AGREED, then those of posting.
 */
LEDGER_CHECKED enum ledger_status ledger_placement_sign(struct ledger *l,
                                                        const struct ledger_placement_signature *s);
/*
 * End it today. What is due for the days that were, pro rata of the agreed hours, stays held until the last weeks are
 * signed; the rest is released. Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_PLACEMENT,
 * LEDGER_PLACEMENT_ENDED.
 */
LEDGER_CHECKED enum ledger_status ledger_placement_finish(struct ledger *l, int64_t id,
                                                          const struct ledger_why *why);
/* Refusal: LEDGER_NO_SUCH_PLACEMENT. */
LEDGER_CHECKED enum ledger_status ledger_placement_get(struct ledger *l, int64_t id,
                                                       struct ledger_placement *p);
LEDGER_CHECKED enum ledger_status
ledger_placement_each(struct ledger *l, const struct ledger_placement_filter *filter,
                      ledger_placement_reader *read, void *ctx);
/* Its weeks that somebody has signed. */
LEDGER_CHECKED enum ledger_status
ledger_placement_weeks(struct ledger *l, int64_t id, ledger_placement_week_reader *read, void *ctx);
/* `member_id` 0: all. The weeks that begin from `from` to `to`. */
LEDGER_CHECKED enum ledger_status ledger_placement_hours(struct ledger *l, int64_t member_id,
                                                         int32_t from, int32_t to,
                                                         ledger_placement_hours_reader *read,
                                                         void *ctx);
/* Before: `minutes` and the rate are those of a placement. What so many minutes come to. */
int64_t ledger_placement_due(const struct ledger_placement *p, int64_t minutes);

/* "agreed", "running", "signing" (its days are over) or "ended" */
const char *ledger_placement_state(const struct ledger *l, const struct ledger_placement *p);

#endif
