/*
 * share.h - what the pool takes of each payment for a resource; the host has the rest.
 */
#ifndef LEDGER_SHARE_H
#define LEDGER_SHARE_H

#include "price.h"

#define LEDGER_POINTS 10000 /* basis points of the whole */

struct ledger_share {
    int64_t id; /* 0: there is none, and the host has it all */
    int64_t resource_id;
    int64_t member_id; /* the pool's */
    char pool[LEDGER_HANDLE_MAX + 1];
    int points;
    int32_t from_on; /* the first day of use, by the resource's clock */
};

/*
 * Set it from a day of use on; bookings keep theirs. Refusals, in order: LEDGER_NO_SUCH_MEMBER,
 * LEDGER_NUMBER_MALFORMED, LEDGER_SAME_ACCOUNT (the host is no pool), LEDGER_BACKDATED, LEDGER_REASON_MISSING.
 */
LEDGER_CHECKED enum ledger_status ledger_share_set(struct ledger *l, struct ledger_share *s,
                                                   const struct ledger_why *why);
/* In force on that day of use. */
LEDGER_CHECKED enum ledger_status ledger_share_on(struct ledger *l, int64_t resource_id,
                                                  int32_t day, struct ledger_share *s);
/* The one called `id`, as when a booking was made; 0 is none. */
LEDGER_CHECKED enum ledger_status ledger_share_get(struct ledger *l, int64_t id,
                                                   struct ledger_share *s);
/* `parts_minor` is what the pool and the host have of `amount_minor`, by largest remainder; exact in sum. */
void ledger_share_split(const struct ledger_share *s, int64_t amount_minor,
                        int64_t parts_minor[static 2]);

#endif
