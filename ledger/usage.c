#include "usage.h"

#include "date.h"
#include "handle.h"

#include <stdlib.h>
#include <string.h>

#define US_PER_MINUTE INT64_C(60000000)

static enum ledger_status check_period(struct ledger *l, int32_t from, int32_t to, int32_t most)
{
    if (to >= from && to - from < most)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "to",
                               "the last day comes after the first, and at most %d days fit",
                               (int)most);
}

static bool is_used(enum ledger_booking_state state)
{
    return state == LEDGER_CONFIRMED || state == LEDGER_CHECKED_IN || state == LEDGER_COMPLETED ||
           state == LEDGER_NO_SHOW || state == LEDGER_PLANNED;
}

struct counting {
    int64_t from_us;
    int64_t to_us;
    struct ledger_usage *usage;
    const struct ledger_zone *zone;
    struct ledger_usage_hours *hours;
};

static enum ledger_status count(void *ctx, const struct ledger_booking *b)
{
    const struct counting *c = ctx;
    int64_t from_us = b->slot.from_us > c->from_us ? b->slot.from_us : c->from_us;
    int64_t to_us = b->slot.to_us < c->to_us ? b->slot.to_us : c->to_us;

    if (b->slot.from_us >= c->from_us) {
        c->usage->no_shows += b->state == LEDGER_NO_SHOW;
        c->usage->cancelled += b->state == LEDGER_CANCELLED;
        c->usage->bookings += is_used(b->state);
    }
    if (is_used(b->state) && to_us > from_us)
        c->usage->booked_min += (to_us - from_us) / US_PER_MINUTE;
    return LEDGER_OK;
}

/* Also those that began before the period and reach into it: none is longer than a month. */
static enum ledger_status each_booking(struct ledger *l, const struct ledger_resource *r,
                                       ledger_booking_reader *read, struct counting *c)
{
    const struct ledger_booking_filter filter = {
        .resource_id = r->id, .from_us = c->from_us - 31 * LEDGER_US_PER_DAY, .to_us = c->to_us};

    return ledger_booking_each(l, &filter, read, c);
}

/* Days are counted from the last to the first, under ever older terms. */
struct opening_days {
    struct ledger_calendar calendar;
    int32_t day; /* the next to be counted */
    int64_t open_min;
};

/* A day has the hours that it ended with: each row takes those that are left and ended after it began. */
static enum ledger_status count_days(void *ctx, const struct ledger_terms *t)
{
    struct opening_days *o = ctx;
    struct ledger_calendar *c = &o->calendar;

    LEDGER_TRY(ledger_opening_parse(t->opening, &c->opening));
    while (o->day >= c->from_on && ledger_zone_day_start_us(c->zone, o->day + 1) > t->at_us) {
        if (!t->retired)
            o->open_min += (int64_t)ledger_calendar_minutes(c, o->day) * t->capacity;
        o->day--;
    }
    return o->day < c->from_on ? LEDGER_STOP : LEDGER_OK;
}

enum ledger_status ledger_usage_of(struct ledger *l, const struct ledger_resource *r, int32_t from,
                                   int32_t to, struct ledger_usage *u)
{
    struct opening_days open = {.day = to};
    struct counting c = {.usage = u};

    *u = (struct ledger_usage){0};
    LEDGER_TRY(check_period(l, from, to, LEDGER_USAGE_DAYS_MAX));
    LEDGER_TRY(ledger_calendar_read(l, r, from, to, &open.calendar));
    c.from_us = ledger_zone_day_start_us(open.calendar.zone, from);
    c.to_us = ledger_zone_day_start_us(open.calendar.zone, to + 1);
    LEDGER_TRY(ledger_terms_each(l, r->id, c.to_us, count_days, &open));
    u->open_min = open.open_min;
    return each_booking(l, r, count, &c);
}

/* Minute by minute of the instant, so that an hour that comes twice counts twice. */
static void spread(const struct counting *c, int64_t from_us, int64_t to_us)
{
    for (int64_t at_us = from_us; at_us < to_us;) {
        struct ledger_wall wall = ledger_zone_wall(c->zone, at_us);
        int64_t left_us = (3600 - wall.second % 3600) * LEDGER_US_PER_SECOND;
        int64_t next_us = at_us + left_us < to_us ? at_us + left_us : to_us;
        int week = (wall.day - c->hours->first_week) / 7;
        if (ledger_zone_wall(c->zone, next_us - 1).second / 3600 != wall.second / 3600)
            next_us = at_us + US_PER_MINUTE; /* the clocks change within it */
        c->hours->minutes[week][wall.second / 3600] += (int)((next_us - at_us) / US_PER_MINUTE);
        at_us = next_us;
    }
}

static enum ledger_status count_hours(void *ctx, const struct ledger_booking *b)
{
    const struct counting *c = ctx;
    int64_t from_us = b->slot.from_us > c->from_us ? b->slot.from_us : c->from_us;
    int64_t to_us = b->slot.to_us < c->to_us ? b->slot.to_us : c->to_us;

    if (is_used(b->state))
        spread(c, from_us, to_us);
    return LEDGER_OK;
}

enum ledger_status ledger_usage_by_hour(struct ledger *l, const struct ledger_resource *r,
                                        int32_t from, int32_t to, struct ledger_usage_hours *hours)
{
    struct counting c = {.hours = hours};

    memset(hours, 0, sizeof *hours);
    LEDGER_TRY(check_period(l, from, to, (LEDGER_USAGE_WEEKS_MAX - 1) * 7));
    LEDGER_TRY(ledger_zone_need(l, r->zone, &c.zone));
    hours->first_week = from - ledger_date_weekday(from) + 1;
    hours->weeks = (to - hours->first_week) / 7 + 1;
    c.from_us = ledger_zone_day_start_us(c.zone, from);
    c.to_us = ledger_zone_day_start_us(c.zone, to + 1);
    return each_booking(l, r, count_hours, &c);
}

struct summing {
    ledger_income_reader *read;
    void *ctx;
    struct ledger_income sum;
};

static enum ledger_status hand_out(struct summing *s)
{
    return s->sum.bookings ? s->read(s->ctx, &s->sum) : LEDGER_OK;
}

static enum ledger_status add_payment(void *into, const struct store_row *row)
{
    struct summing *s = into;
    struct ledger_income i = {.month = ledger_date_month_start((int32_t)store_row_int(row, 2)),
                              .scale = (int)store_row_int(row, 3)};

    store_row_copy(row, 0, i.host, sizeof i.host);
    store_row_copy(row, 1, i.code, sizeof i.code);
    if (strcmp(i.host, s->sum.host) != 0 || strcmp(i.code, s->sum.code) != 0 ||
        i.month != s->sum.month) {
        LEDGER_TRY(hand_out(s));
        s->sum = i;
    }
    s->sum.bookings++;
    s->sum.host_minor += store_row_int(row, 4);
    s->sum.pool_minor += store_row_int(row, 5);
    return LEDGER_OK;
}

enum ledger_status ledger_usage_income(struct ledger *l, int64_t host_id, int32_t from, int32_t to,
                                       ledger_income_reader *read, void *ctx)
{
    struct summing s = {.read = read, .ctx = ctx};

    LEDGER_TRY(check_period(l, from, to, LEDGER_USAGE_DAYS_MAX));
    LEDGER_TRY(ledger_each(
        l,
        "SELECT coalesce(i.handle, 'erased-' || r.member_id), u.code, t.effective_on, u.scale, "
        "sum(CASE WHEN e.amount_minor > 0 AND a.member_id = r.member_id THEN e.amount_minor ELSE 0 "
        "END), "
        "sum(CASE WHEN e.amount_minor > 0 AND a.member_id <> r.member_id THEN e.amount_minor ELSE "
        "0 END) "
        "FROM booking_change c JOIN transfer t ON t.id = c.transfer_id "
        "JOIN booking b ON b.id = c.booking_id JOIN resource r ON r.id = b.resource_id "
        "JOIN entry e ON e.transfer_id = t.id JOIN account a ON a.id = e.account_id "
        "JOIN currency u ON u.id = a.currency_id "
        "LEFT JOIN member_identity i ON i.member_id = r.member_id "
        "WHERE t.effective_on BETWEEN $1 AND $2 AND ($3 = 0 OR r.member_id = $3) "
        "GROUP BY r.member_id, i.handle, u.code, u.scale, t.id, t.effective_on "
        "ORDER BY 1, 2, 3, t.id",
        STORE_ARGS(store_int(from), store_int(to), store_int(host_id)), add_payment, &s));
    return hand_out(&s);
}
