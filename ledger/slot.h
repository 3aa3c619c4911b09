/*
 * slot.h - when a resource can be had: its grid, opening hours and closures, and which of its units is free.
 */
#ifndef LEDGER_SLOT_H
#define LEDGER_SLOT_H

#include "resource.h"
#include "wall.h"

#define LEDGER_CALENDAR_DAYS_MAX 731
#define LEDGER_SLOT_NEAREST 3

/* The opening hours of a resource with its closures in some days, read once. */
struct ledger_calendar {
    const struct ledger_resource *resource;
    const struct ledger_zone *zone;
    struct ledger_opening opening;
    int32_t from_on;
    int32_t to_on;
    int horizon_days;                      /* of the terms, unless the caller sets another */
    bool closed[LEDGER_CALENDAR_DAYS_MAX]; /* from from_on to to_on */
};

struct ledger_slot {
    int64_t from_us;
    int64_t to_us;
    int64_t busy_from_us; /* with the buffers around it */
    int64_t busy_to_us;
    int unit;
};

/*
 * Every closure in [from_on, to_on]; any other day counts as closed. Before: at most LEDGER_CALENDAR_DAYS_MAX days.
 * `resource` and the zone outlive `c` only as ledger_zone_need says.
 */
LEDGER_CHECKED enum ledger_status ledger_calendar_read(struct ledger *l,
                                                       const struct ledger_resource *resource,
                                                       int32_t from_on, int32_t to_on,
                                                       struct ledger_calendar *c);
/* As much as it takes to place a booking that begins at `from_us`, or another nearest to it. */
LEDGER_CHECKED enum ledger_status ledger_calendar_around(struct ledger *l,
                                                         const struct ledger_resource *resource,
                                                         int64_t from_us,
                                                         struct ledger_calendar *c);
/* For how many minutes it is open on that day, 0 where it is closed. */
int ledger_calendar_minutes(const struct ledger_calendar *c, int32_t day);
/*
 * May it be had then, taken or not? `began`: the beginning stands already, it may be past. Refusals, in order:
 * LEDGER_RESOURCE_GONE, LEDGER_BOOKING_BACKWARDS, LEDGER_BOOKING_OFF_GRID, LEDGER_BOOKING_TOO_SHORT, LEDGER_BOOKING_TOO_LONG,
 * LEDGER_BOOKING_IN_PAST, LEDGER_BOOKING_TOO_FAR, LEDGER_BOOKING_CLOSED.
 */
LEDGER_CHECKED enum ledger_status ledger_slot_check(struct ledger *l,
                                                    const struct ledger_calendar *c,
                                                    int64_t from_us, int64_t to_us, bool began);
/*
 * Find a free unit for [s->from_us, s->to_us), `s->unit` where that is free; the rest of `s` is set. The booking `besides_id`
 * is not in the way. Refusal: LEDGER_BOOKING_TAKEN, naming the nearest free beginnings of as long, and not who is there.
 */
LEDGER_CHECKED enum ledger_status ledger_slot_find(struct ledger *l,
                                                   const struct ledger_calendar *c,
                                                   int64_t besides_id, struct ledger_slot *s);

#endif
