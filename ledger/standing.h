/*
 * standing.h - one member pays another again and again, on days that were agreed.
 *
 * A due date is met once: it is paid, refused or passed over, and has one row that says so, written with its
 * transfer. One that the rules refuse is tried again on each of the next days, then given up; by hand it can be
 * paid at any time. Nothing of it stops other dates or other standing payments.
 */
#ifndef LEDGER_STANDING_H
#define LEDGER_STANDING_H

#include "account.h"
#include "cadence.h"
#include "uid.h"

#define LEDGER_STANDING_COUNT_MAX 1000 /* due dates of one that is ordered by count */
#define LEDGER_STANDING_LIVE_MAX 200   /* of one account that pays */
#define LEDGER_STANDING_RETRY_DAYS 7   /* a refused one is tried again on so many days */
#define LEDGER_STANDING_DUE_MAX 500    /* due dates in one run of the chores */
#define LEDGER_STANDING_BACK_DAYS 92   /* a quarter: one may start so long ago */

enum ledger_standing_state {
    LEDGER_STANDING_RUNNING,
    LEDGER_STANDING_PAUSED,
    LEDGER_STANDING_DONE, /* all its due dates are over */
    LEDGER_STANDING_ENDED /* before that, by somebody */
};

struct ledger_standing {
    int64_t id;
    int64_t payer_id; /* accounts, of one currency */
    int64_t payee_id;
    int64_t terms_id; /* of the charge that it pays, 0 for none */
    int64_t charge_id;
    int64_t request_id; /* whose instalments it pays, 0 for none */
    /* The price of that charge now; 0 where it is the same, or the charge is not offered. */
    int64_t proposed_minor;
    int64_t payer_member_id;
    int64_t payee_member_id;
    int64_t amount_minor; /* each time; of instalments the sum of all */
    struct ledger_cadence cadence;
    int32_t first_on; /* a due date */
    int32_t until_on; /* the last day one may fall on; 0 for none */
    int count;        /* of due dates; 0 for no such end */
    int64_t ordered_at_us;
    enum ledger_standing_state state;
    /* The number of the next due date, from 1; when it is over, one more than it had. */
    int64_t next;
    int32_t next_on; /* and its day, 0 when it is over */
    int64_t unpaid;  /* due dates that were refused, or reversed, and not paid since */
    int64_t ended_at_us;
    bool erased;
    char payer[LEDGER_HANDLE_MAX + 1];
    char payee[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    int scale;
    char memo[LEDGER_MEMO_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1]; /* why it ended */
};

enum ledger_occurrence_state {
    LEDGER_OCCURRENCE_PAID,
    LEDGER_OCCURRENCE_WAITING, /* refused, and tried again by itself */
    LEDGER_OCCURRENCE_REFUSED, /* and given up */
    LEDGER_OCCURRENCE_SKIPPED, /* it fell into a pause */
    LEDGER_OCCURRENCE_REVERSED /* an instalment whose payment was reversed: unpaid again, and not tried by itself */
};

/* What became of one due date. */
struct ledger_occurrence {
    int64_t standing_id;
    int64_t number;
    int32_t due_on;
    int64_t amount_minor;  /* due; once paid, what was paid: of a request no more than was open */
    struct ledger_uid uid; /* of its payment, in the register */
    enum ledger_occurrence_state state;
    int64_t attempts;
    int64_t payments;     /* of the attempts, those that paid; any but the last were reversed */
    int64_t at_us;        /* of the last attempt, or of passing it over */
    int64_t transfer_id;  /* 0: not paid */
    int32_t effective_on; /* of the transfer */
    int64_t again_us;     /* when it is tried again, 0 for never by itself */
    char code[40];        /* of the last refusal, "" when it was paid at once */
};

struct ledger_standing_filter {
    int64_t member_id; /* or 0: as payer or payee */
    int64_t charge_id; /* or 0: that pays it */
    bool live_only;    /* running or paused */
    bool unpaid_only;  /* with a due date that was refused, or reversed, and not paid since */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_standing_reader(void *ctx, const struct ledger_standing *s);
typedef enum ledger_status ledger_occurrence_reader(void *ctx, const struct ledger_occurrence *o);

/*
 * Order `s`: accounts, amount, cadence, end and memo are the caller's, and first_on is the day from which on it
 * may fall due, which may be past: what was due since is then met at the next run of the chores, each dated as due.
 * After: its id, its cadence's day and its first due date are set.
 * Refusals, in order: LEDGER_TEXT_*, LEDGER_SAME_ACCOUNT, LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_AMOUNT_TOO_LARGE,
 * LEDGER_INTERVAL_MALFORMED, LEDGER_DUE_DAY_MALFORMED, LEDGER_TWO_ENDS, LEDGER_NO_END (neither until_on nor count,
 * and not `until_ended`), LEDGER_NUMBER_MALFORMED (count), LEDGER_BACKDATED (first_on is more than
 * LEDGER_STANDING_BACK_DAYS ago), LEDGER_PERIOD_CLOSED (it is past, and closed), LEDGER_NEVER_DUE, LEDGER_UNBALANCED (two currencies), LEDGER_MEMBER_NOT_ACTIVE, LEDGER_TOO_MANY_STANDING.
 */
LEDGER_CHECKED enum ledger_status ledger_standing_order(struct ledger *l, struct ledger_standing *s,
                                                        bool until_ended, const char *actor);
/*
 * Stop at once, until it is resumed: due dates of the pause are passed over and are not made up for, and what was
 * refused is not tried again by itself. Refusals: LEDGER_TEXT_*, LEDGER_NO_SUCH_STANDING, LEDGER_STANDING_STATE.
 */
LEDGER_CHECKED enum ledger_status ledger_standing_pause(struct ledger *l, int64_t id,
                                                        const struct ledger_why *why);
/* Go on with the first due date after today. Refusals: as above. */
LEDGER_CHECKED enum ledger_status ledger_standing_resume(struct ledger *l, int64_t id,
                                                         const struct ledger_why *why);
/* For good, at once. Refusals: as above; of one that is done, unless something of it is still tried again. */
LEDGER_CHECKED enum ledger_status ledger_standing_end(struct ledger *l, int64_t id,
                                                      const struct ledger_why *why);
/* End all that `member_id` pays or is paid by. */
LEDGER_CHECKED enum ledger_status ledger_standing_end_of_member(struct ledger *l, int64_t member_id,
                                                                const struct ledger_why *why);
/*
 * Pay a due date that was refused, or reversed, dated today. `due_on` 0: the earliest. Refusals: LEDGER_NO_SUCH_STANDING,
 * LEDGER_NOTHING_UNPAID, then those of posting.
 */
LEDGER_CHECKED enum ledger_status ledger_standing_retry(struct ledger *l, int64_t id,
                                                        int32_t due_on, const char *actor);

/* What is due for due date `number`: of instalments by largest remainder, the first ones being larger. */
int64_t ledger_standing_part(const struct ledger_standing *s, int64_t number);

/* Refusal: LEDGER_NO_SUCH_STANDING. */
LEDGER_CHECKED enum ledger_status ledger_standing_get(struct ledger *l, int64_t id,
                                                      struct ledger_standing *s);
/* In order of id. */
LEDGER_CHECKED enum ledger_status ledger_standing_each(struct ledger *l,
                                                       const struct ledger_standing_filter *filter,
                                                       ledger_standing_reader *read, void *ctx);
/* Those after `after_on`, in order of day; `unpaid_only`: not those that are paid or passed over. */
LEDGER_CHECKED enum ledger_status
ledger_standing_occurrences(struct ledger *l, int64_t id, int32_t after_on, bool unpaid_only,
                            int limit, ledger_occurrence_reader *read, void *ctx);

/*
 * Meet what is due, for all in order of due date, then of id. A payment that the node was late with is dated as it
 * was due, or today where that day is closed; what was refused before is tried again and dated today. At most
 * LEDGER_STANDING_DUE_MAX a run; `*count` says how many were met or tried again. A refusal is kept; only a fault is returned.
 */
LEDGER_CHECKED enum ledger_status ledger_standing_due(struct ledger *l, int64_t now_us,
                                                      int64_t *count);

const char *ledger_standing_state_name(enum ledger_standing_state state);
const char *ledger_occurrence_state_name(enum ledger_occurrence_state state);

#endif
