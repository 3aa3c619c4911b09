/*
 * series.h - a booking that recurs: a rule, a time on the clock of the place, and what became of each date.
 *
 * Each occurrence is a booking by itself, moved and cancelled like any other. It has its time from the
 * start, and its hold when it comes near: a series does not freeze a year of credit. Or it is paid in arrears, month
 * by month.
 */
#ifndef LEDGER_SERIES_H
#define LEDGER_SERIES_H

#include "booking.h"
#include "recurrence.h"

#define LEDGER_SERIES_AHEAD_DAYS 35 /* so long before an occurrence its hold is placed */
#define LEDGER_SERIES_GRACE_DAYS                                                                   \
    7 /* so long a refused one keeps its time, and never past its beginning */
#define LEDGER_SERIES_DUE_MAX 100 /* in one run of the chores */

struct ledger_series {
    int64_t id;
    int64_t resource_id;
    int64_t member_id;
    int64_t host_id;
    int64_t made_at_us;
    int32_t first_on;
    bool guest;
    bool arrears; /* paid after each month, without holds */
    enum ledger_fold fold;
    char rule[LEDGER_RULE_MAX + 1];
    char from_local[LEDGER_WALL_TEXT]; /* of its first day, as the clock shows it */
    char to_local[LEDGER_WALL_TEXT];
    char tzdata[LEDGER_ZONE_VERSION];
    char resource[LEDGER_HANDLE_MAX + 1];
    char zone[LEDGER_ZONE_MAX + 1];
    char member[LEDGER_HANDLE_MAX + 1];
    char host[LEDGER_HANDLE_MAX + 1];
};

struct ledger_series_draft {
    int64_t resource_id;
    int64_t member_id;
    int64_t currency_id; /* 0: the only one in which it has a price */
    bool guest;
    bool skip; /* leave out what cannot be booked; else all or nothing */
    bool arrears;
    const char *rule;
    const char *title;       /* or NULL */
    struct ledger_wall from; /* on the first day; the rule gives the days from there on */
    struct ledger_wall to;
    enum ledger_fold fold;
};

/* A date of a series: its booking, or why it was left out. */
struct ledger_series_date {
    int32_t day;
    int64_t booking_id; /* 0: it was left out, */
    char code[40];      /* by this refusal */
    char reason[LEDGER_MESSAGE_MAX];
    enum ledger_booking_state state; /* of its booking, now */
    int64_t from_us;
    int64_t to_us;
};

enum ledger_series_notice_kind {
    LEDGER_SERIES_REFUSED, /* its hold was refused: the time is kept until `until_us` */
    LEDGER_SERIES_FREED,   /* and was then given up */
    LEDGER_SERIES_FUNDED,  /* or was held after all */
    LEDGER_SERIES_UNPAID   /* its month's payment was refused and is tried again each day */
};

/* What a member and a host are told. */
struct ledger_series_notice {
    int64_t id;
    int64_t series_id;
    int64_t booking_id;
    enum ledger_series_notice_kind kind;
    enum ledger_status why; /* LEDGER_OK where nothing was refused */
    int64_t at_us;
    int64_t until_us; /* or 0 */
    char resource[LEDGER_HANDLE_MAX + 1];
    char member[LEDGER_HANDLE_MAX + 1];
};

typedef enum ledger_status ledger_series_reader(void *ctx, const struct ledger_series *s);
typedef enum ledger_status ledger_series_date_reader(void *ctx, const struct ledger_series_date *d);
typedef enum ledger_status ledger_series_notice_reader(void *ctx,
                                                       const struct ledger_series_notice *n);

/*
 * Book every date that the rule gives; quotas count the dates before. After: LEDGER_OK: at least one is booked.
 * Refusals, in order: LEDGER_NO_SUCH_RESOURCE, LEDGER_NO_SUCH_MEMBER, LEDGER_ZONE_UNKNOWN, as ledger_recurrence_expand, LEDGER_BOOKING_BACKWARDS,
 * then for its first date that cannot be had (where it skips: when none can): LEDGER_TIME_SKIPPED, LEDGER_TIME_TWICE,
 * as ledger_booking_make. After a refusal the caller undoes what was written for the dates before.
 */
LEDGER_CHECKED enum ledger_status ledger_series_make(struct ledger *l,
                                                     const struct ledger_series_draft *draft,
                                                     const struct ledger_why *why, int64_t *id);
/* Refusal: LEDGER_NO_SUCH_SERIES. */
LEDGER_CHECKED enum ledger_status ledger_series_get(struct ledger *l, int64_t id,
                                                    struct ledger_series *s);
/* Of one member or host, 0 for everybody's; in order of id. */
LEDGER_CHECKED enum ledger_status ledger_series_each(struct ledger *l, int64_t member_id,
                                                     int64_t after_id, ledger_series_reader *read,
                                                     void *ctx);
/* In order of day. */
LEDGER_CHECKED enum ledger_status ledger_series_dates(struct ledger *l, int64_t id,
                                                      ledger_series_date_reader *read, void *ctx);
/*
 * Cancel what is live and has not begun, each as ledger_booking_cancel; `*count` says how many. The other side is told once.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_SERIES.
 */
LEDGER_CHECKED enum ledger_status ledger_series_cancel(struct ledger *l, int64_t id, bool by_host,
                                                       const struct ledger_why *why,
                                                       int64_t *count);
/* What a member or host was told, 0 for everybody; in order of id. */
LEDGER_CHECKED enum ledger_status ledger_series_notices(struct ledger *l, int64_t member_id,
                                                        int64_t after_id,
                                                        ledger_series_notice_reader *read,
                                                        void *ctx);
/*
 * Place the holds of occurrences that came near, free those whose grace is over, and take the payments of months that
 * are past. At most LEDGER_SERIES_DUE_MAX a run. A refusal becomes a notice; only a fault is returned. What has lapsed is
 * told of in the first run after ledger_booking_due has written that.
 */
LEDGER_CHECKED enum ledger_status ledger_series_due(struct ledger *l, int64_t now_us,
                                                    int64_t *count);

const char *ledger_series_notice_name(enum ledger_series_notice_kind kind);

#endif
