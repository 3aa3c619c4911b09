#include "slot.h"

#include "date.h"
#include "handle.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_MINUTE (60 * LEDGER_US_PER_SECOND)
#define NEAR_US (14 * LEDGER_US_PER_DAY) /* as far as a free time is looked for */
#define AROUND_DAYS 16                   /* NEAR_US, and the days that clocks may shift */
#define LONGEST_DAYS 31                  /* of a booking */
#define PROBES_MAX 20000

static enum ledger_status note_closure(void *ctx, const struct ledger_closure *closure)
{
    struct ledger_calendar *c = ctx;
    const int32_t from_on = closure->from_on > c->from_on ? closure->from_on : c->from_on;
    const int32_t to_on = closure->to_on < c->to_on ? closure->to_on : c->to_on;

    for (int32_t day = from_on; day <= to_on; day++)
        c->closed[day - c->from_on] = true;
    return LEDGER_OK;
}

enum ledger_status ledger_calendar_read(struct ledger *l, const struct ledger_resource *resource,
                                        int32_t from_on, int32_t to_on, struct ledger_calendar *c)
{
    assert(to_on - from_on < LEDGER_CALENDAR_DAYS_MAX);
    *c = (struct ledger_calendar){.resource = resource,
                                  .from_on = from_on,
                                  .to_on = to_on,
                                  .horizon_days = resource->terms.horizon_days};
    LEDGER_TRY(ledger_zone_need(l, resource->zone, &c->zone));
    LEDGER_TRY(ledger_opening_parse(resource->terms.opening, &c->opening));
    return ledger_closure_each(l, resource->id, from_on, to_on, note_closure, c);
}

enum ledger_status ledger_calendar_around(struct ledger *l, const struct ledger_resource *resource,
                                          int64_t from_us, struct ledger_calendar *c)
{
    const struct ledger_zone *zone;

    LEDGER_TRY(ledger_zone_need(l, resource->zone, &zone));
    const int32_t day = ledger_zone_day(zone, from_us);
    return ledger_calendar_read(l, resource, day - AROUND_DAYS, day + LONGEST_DAYS + AROUND_DAYS,
                                c);
}

static bool is_closed(const struct ledger_calendar *c, int32_t day)
{
    return day < c->from_on || day > c->to_on || c->closed[day - c->from_on];
}

int ledger_calendar_minutes(const struct ledger_calendar *c, int32_t day)
{
    return is_closed(c, day) ? 0 : ledger_opening_minutes(&c->opening, ledger_date_weekday(day));
}

static bool is_open(const struct ledger_calendar *c, struct ledger_wall from, struct ledger_wall to)
{
    for (int32_t day = from.day; day <= to.day; day++) {
        int begin = day == from.day ? from.second / 60 : 0;
        int end = day == to.day ? to.second / 60 : LEDGER_DAY_MINUTES;

        if (begin < end &&
            (is_closed(c, day) ||
             !ledger_opening_covers(&c->opening, ledger_date_weekday(day), begin, end)))
            return false;
    }
    return true;
}

/* A closure is told by its day, other times by the hours. */
static enum ledger_status refuse_closed(struct ledger *l, const struct ledger_calendar *c,
                                        struct ledger_wall from, struct ledger_wall to)
{
    char text[LEDGER_DATE_TEXT];

    for (int32_t day = from.day; day < to.day || (day == to.day && to.second > 0); day++)
        if (is_closed(c, day))
            return ledger_refuse(l, LEDGER_BOOKING_CLOSED, "%s is closed on %s", c->resource->name,
                                 ledger_date_format(day, text));
    return ledger_refuse(l, LEDGER_BOOKING_CLOSED, "%s is closed then; it is open %s",
                         c->resource->name, c->resource->terms.opening);
}

static bool on_grid(const struct ledger_calendar *c, struct ledger_wall wall, int64_t at_us)
{
    return at_us % LEDGER_US_PER_SECOND == 0 &&
           wall.second % (c->resource->terms.slot_min * 60) == 0;
}

static enum ledger_status check_shape(struct ledger *l, const struct ledger_calendar *c,
                                      int64_t from_us, int64_t to_us)
{
    const struct ledger_terms *t = &c->resource->terms;
    const int64_t minutes = (to_us - from_us) / US_PER_MINUTE;

    if (t->retired)
        return ledger_refuse(l, LEDGER_RESOURCE_GONE, "%s is offered no more", c->resource->name);
    if (to_us <= from_us)
        return ledger_refuse_field(l, LEDGER_BOOKING_BACKWARDS, "to",
                                   "a booking ends after it begins");
    if (!on_grid(c, ledger_zone_wall(c->zone, from_us), from_us) ||
        !on_grid(c, ledger_zone_wall(c->zone, to_us), to_us))
        return ledger_refuse(l, LEDGER_BOOKING_OFF_GRID,
                             "%s is booked in steps of %d minutes from midnight on",
                             c->resource->name, t->slot_min);
    if (minutes < t->shortest_min)
        return ledger_refuse(l, LEDGER_BOOKING_TOO_SHORT, "%s is booked for %d minutes at least",
                             c->resource->name, t->shortest_min);
    if (minutes > t->longest_min)
        return ledger_refuse(l, LEDGER_BOOKING_TOO_LONG, "%s is booked for %d minutes at most",
                             c->resource->name, t->longest_min);
    return LEDGER_OK;
}

enum ledger_status ledger_slot_check(struct ledger *l, const struct ledger_calendar *c,
                                     int64_t from_us, int64_t to_us, bool began)
{
    const int64_t now_us = ledger_now_us(l);
    const struct ledger_wall from = ledger_zone_wall(c->zone, from_us);
    const struct ledger_wall to = ledger_zone_wall(c->zone, to_us);

    LEDGER_TRY(check_shape(l, c, from_us, to_us));
    if (began ? to_us <= now_us : from_us < now_us)
        return ledger_refuse_field(l, LEDGER_BOOKING_IN_PAST, began ? "to" : "from",
                                   "that time is past: book from now on");
    if (ledger_zone_day(c->zone, from_us) > ledger_zone_day(c->zone, now_us) + c->horizon_days)
        return ledger_refuse_field(l, LEDGER_BOOKING_TOO_FAR, "from",
                                   "%s is booked %d days ahead at most", c->resource->name,
                                   c->horizon_days);
    return is_open(c, from, to) ? LEDGER_OK : refuse_closed(l, c, from, to);
}

/* Live bookings are apart, so only the last that begins before our end can reach into it. */
static enum ledger_status is_free(struct ledger *l, const struct ledger_calendar *c,
                                  int64_t besides_id, const struct ledger_slot *s, bool *is)
{
    int64_t busy_until_us = INT64_MIN;
    enum ledger_status status = ledger_first(
        l,
        "SELECT busy_to_us FROM booking WHERE live = 1 AND resource_id = $1 AND unit = $2 AND "
        "busy_from_us < $3 AND id <> $4 ORDER BY busy_from_us DESC LIMIT 1",
        STORE_ARGS(store_int(c->resource->id), store_int(s->unit), store_int(s->busy_to_us),
                   store_int(besides_id)),
        ledger_read_int, &busy_until_us);

    if (status != LEDGER_NO_ROW)
        LEDGER_TRY(status);
    *is = busy_until_us <= s->busy_from_us;
    return LEDGER_OK;
}

static enum ledger_status find_unit(struct ledger *l, const struct ledger_calendar *c,
                                    int64_t besides_id, struct ledger_slot *s, bool *found)
{
    const struct ledger_terms *t = &c->resource->terms;
    const int wished = s->unit;

    s->busy_from_us = s->from_us - t->before_min * US_PER_MINUTE;
    s->busy_to_us = s->to_us + t->after_min * US_PER_MINUTE;
    for (int i = 0; i < t->capacity; i++) {
        s->unit = (wished + i) % t->capacity;
        LEDGER_TRY(is_free(l, c, besides_id, s, found));
        if (*found)
            return LEDGER_OK;
    }
    *found = false;
    return LEDGER_OK;
}

struct near {
    int count;
    int64_t from_us[LEDGER_SLOT_NEAREST];
    int probes;
};

static enum ledger_status try_near(struct ledger *l, const struct ledger_calendar *c,
                                   int64_t besides_id, struct ledger_slot s, struct near *n)
{
    bool found;

    if (n->count == LEDGER_SLOT_NEAREST ||
        ledger_slot_check(l, c, s.from_us, s.to_us, false) != LEDGER_OK)
        return LEDGER_OK;
    n->probes += c->resource->terms.capacity;
    LEDGER_TRY(find_unit(l, c, besides_id, &s, &found));
    if (found)
        n->from_us[n->count++] = s.from_us;
    return LEDGER_OK;
}

/* By distance, the later of two first. */
static enum ledger_status look_near(struct ledger *l, const struct ledger_calendar *c,
                                    int64_t besides_id, const struct ledger_slot *s, struct near *n)
{
    const int64_t step_us = c->resource->terms.slot_min * US_PER_MINUTE;

    for (int64_t away_us = step_us; away_us <= NEAR_US; away_us += step_us) {
        struct ledger_slot later = *s;
        struct ledger_slot earlier = *s;
        later.from_us += away_us;
        later.to_us += away_us;
        earlier.from_us -= away_us;
        earlier.to_us -= away_us;
        LEDGER_TRY(try_near(l, c, besides_id, later, n));
        LEDGER_TRY(try_near(l, c, besides_id, earlier, n));
        if (n->count == LEDGER_SLOT_NEAREST || n->probes > PROBES_MAX)
            break;
    }
    return LEDGER_OK;
}

static enum ledger_status refuse_taken(struct ledger *l, const struct ledger_calendar *c,
                                       int64_t besides_id, const struct ledger_slot *s)
{
    struct near n = {.count = 0};
    char times[LEDGER_SLOT_NEAREST * (LEDGER_WALL_TEXT + 2)] = "";
    char wall[LEDGER_WALL_TEXT];

    LEDGER_TRY(look_near(l, c, besides_id, s, &n));
    for (int i = 0; i < n.count; i++) {
        size_t used = strlen(times);
        snprintf(times + used, sizeof times - used, "%s%s", used ? ", " : "",
                 ledger_wall_format(ledger_zone_wall(c->zone, n.from_us[i]), wall));
    }
    if (n.count == 0)
        return ledger_refuse(l, LEDGER_BOOKING_TAKEN,
                             "%s is taken then, and for as long within 14 days of it",
                             c->resource->name);
    return ledger_refuse(l, LEDGER_BOOKING_TAKEN,
                         "%s is taken then; it is free for as long from %s", c->resource->name,
                         times);
}

enum ledger_status ledger_slot_find(struct ledger *l, const struct ledger_calendar *c,
                                    int64_t besides_id, struct ledger_slot *s)
{
    bool found;

    if (s->unit >= c->resource->terms.capacity)
        s->unit = 0;
    LEDGER_TRY(find_unit(l, c, besides_id, s, &found));
    return found ? LEDGER_OK : refuse_taken(l, c, besides_id, s);
}
