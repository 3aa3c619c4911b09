/*
 * quota.h - how much of a resource a member may have: hours that are included, and hours at most.
 */
#ifndef LEDGER_QUOTA_H
#define LEDGER_QUOTA_H

#include "price.h"

#define LEDGER_QUOTA_MAX 100000
#define LEDGER_NO_QUOTA (-1)

enum ledger_quota_kind {
    LEDGER_INCLUDED,   /* minutes a month without a price */
    LEDGER_QUOTA_DAY,  /* minutes that begin on a day */
    LEDGER_QUOTA_WEEK, /* from Monday on */
    LEDGER_QUOTA_MONTH,
    LEDGER_QUOTA_AHEAD, /* minutes booked and not yet over */
    LEDGER_QUOTA_LIVE   /* bookings not yet over */
};

struct ledger_quota {
    int64_t id;
    int64_t resource_id;
    int64_t member_id; /* 0: every member that has none of its own */
    char handle[LEDGER_HANDLE_MAX + 1];
    enum ledger_quota_kind kind;
    int amount; /* minutes, or bookings; LEDGER_NO_QUOTA ends it, and everybody's holds for the member again */
    int32_t from_on; /* by the resource's clock */
};

/* Whose booking, when, and which booking is not counted because it is the one that moves (or 0). */
struct ledger_quota_ask {
    const struct ledger_resource *resource;
    int64_t member_id;
    int64_t from_us;
    int64_t to_us;
    int64_t besides_id;
};

typedef enum ledger_status ledger_quota_reader(void *ctx, const struct ledger_quota *q);

/* Refusals: LEDGER_NUMBER_MALFORMED, LEDGER_BACKDATED, LEDGER_REASON_MISSING. */
LEDGER_CHECKED enum ledger_status ledger_quota_set(struct ledger *l, struct ledger_quota *q,
                                                   const struct ledger_why *why);
/* All that were set, oldest first. */
LEDGER_CHECKED enum ledger_status ledger_quota_each(struct ledger *l, int64_t resource_id,
                                                    ledger_quota_reader *read, void *ctx);
/* How many included minutes the member has left in the month in which the booking begins. */
LEDGER_CHECKED enum ledger_status
ledger_quota_included(struct ledger *l, const struct ledger_quota_ask *ask, int *minutes);
/* Refusal: LEDGER_OVER_QUOTA, naming the quota and what is left of it. */
LEDGER_CHECKED enum ledger_status ledger_quota_check(struct ledger *l,
                                                     const struct ledger_quota_ask *ask);

const char *ledger_quota_kind_name(enum ledger_quota_kind kind);
/* LEDGER_CHOICE_UNKNOWN. */
LEDGER_CHECKED enum ledger_status ledger_quota_kind_parse(const char *text,
                                                          enum ledger_quota_kind *kind);

#endif
