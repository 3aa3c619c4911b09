/* How much of a room was used, in which hours, and what it brought. */
#include "support/region.h"

#include "ledger/booking.h"
#include "ledger/chores.h"
#include "ledger/share.h"
#include "ledger/usage.h"

#include <stdio.h>
#include <string.h>

struct place {
    struct region r;
    struct ledger_resource room;
    int64_t ana;
};

static int64_t member_of(struct region *r, const char *handle)
{
    struct ledger_account a;

    OK(r, ledger_account_get(r->l, region_account(r, handle, "CALD"), &a));
    return a.member_id;
}

/* host's room, 4.00 an hour of which the pool has 15 %; open on weekdays for ten hours. It is noon on Monday 2026-03-02. */
static void start(struct place *p, const char *opening)
{
    struct region *r = &p->r;

    region_start(r);
    region_currency(r, "CALD");
    region_member(r, "host");
    region_member(r, "ana");
    region_fund(r, "pool");
    region_account(r, "pool", "CALD");
    p->ana = member_of(r, "ana");
    p->room = (struct ledger_resource){.kind = LEDGER_ROOM,
                                       .name = "blue",
                                       .host = "host",
                                       .zone = "Europe/London",
                                       .terms = ledger_terms_default()};
    snprintf(p->room.terms.title, sizeof p->room.terms.title, "Blue room");
    snprintf(p->room.terms.opening, sizeof p->room.terms.opening, "%s", opening);
    snprintf(p->room.terms.bands, sizeof p->room.terms.bands, "48h 100%%");
    p->room.terms.grace_min = 30;
    p->room.terms.no_show_percent = 50;
    OK(r, ledger_resource_add(r->l, &p->room, &region_why));
    struct ledger_price price = {.resource_id = p->room.id,
                                 .currency_id = 1,
                                 .booker = LEDGER_BY_MEMBER,
                                 .unit = LEDGER_PER_HOUR,
                                 .amount_minor = 400,
                                 .from_on = region_day("2026-03-02")};
    OK(r, ledger_price_set(r->l, &price, &region_why));
    struct ledger_share share = {.resource_id = p->room.id,
                                 .pool = "pool",
                                 .points = 1500,
                                 .from_on = region_day("2026-03-02")};
    OK(r, ledger_share_set(r->l, &share, &region_why));
}

static int64_t at(struct place *p, const char *text)
{
    const struct ledger_zone *zone;
    struct ledger_wall wall;
    int64_t us;

    assert_int_equal(ledger_wall_parse(text, &wall), LEDGER_OK);
    OK(&p->r, ledger_zone_need(p->r.l, p->room.zone, &zone));
    OK(&p->r, ledger_wall_instant(p->r.l, "at", zone, wall, LEDGER_FOLD_EARLIER, &us));
    return us;
}

static int64_t book(struct place *p, const char *from, const char *to)
{
    struct ledger_booking_draft b = {
        .resource_id = p->room.id, .member_id = p->ana, .from_us = at(p, from), .to_us = at(p, to)};
    int64_t id;

    OK(&p->r, ledger_booking_make(p->r.l, &b, &region_why, &id));
    return id;
}

static void use(struct place *p, int64_t id, const char *from)
{
    p->r.clock.now_us = at(p, from);
    OK(&p->r, ledger_booking_check_in(p->r.l, id, &region_why));
}

static void go_to(struct place *p, const char *day)
{
    int64_t count;

    region_set_day(&p->r, day);
    OK(&p->r, ledger_chores_run(p->r.l, p->r.clock.now_us, &count));
}

static void a_week_is_counted(void **state)
{
    struct place p;
    struct ledger_usage u;

    (void)state;
    start(&p, "mon-fri 08:00-18:00");
    int64_t used = book(&p, "2026-03-03T09:00", "2026-03-03T11:30");
    book(&p, "2026-03-04T09:00", "2026-03-04T10:00"); /* nobody comes */
    int64_t off = book(&p, "2026-03-06T09:00", "2026-03-06T17:00");
    book(&p, "2026-03-10T09:00", "2026-03-10T10:00"); /* next week */
    OK(&p.r, ledger_booking_cancel(p.r.l, off, false, &region_why));
    struct ledger_closure c = {.resource_id = p.room.id,
                               .from_on = region_day("2026-03-05"),
                               .to_on = region_day("2026-03-05"),
                               .reason = "paint"};
    OK(&p.r, ledger_resource_close(p.r.l, &c, &region_why));
    use(&p, used, "2026-03-03T09:00");
    go_to(&p, "2026-03-08");
    OK(&p.r,
       ledger_usage_of(p.r.l, &p.room, region_day("2026-03-02"), region_day("2026-03-08"), &u));
    assert_int_equal(u.open_min, 4 * 600); /* five days, one closed */
    assert_int_equal(u.booked_min, 150 + 60);
    assert_int_equal(u.bookings, 2);
    assert_int_equal(u.no_shows, 1);
    assert_int_equal(u.cancelled, 1);
    EXPECT(&p.r, LEDGER_PERIOD_MALFORMED, ledger_usage_of(p.r.l, &p.room, 10, 9, &u));
    OK(&p.r, ledger_usage_of(p.r.l, &p.room, 10, 10 + LEDGER_USAGE_DAYS_MAX - 1, &u));
    EXPECT(&p.r, LEDGER_PERIOD_MALFORMED,
           ledger_usage_of(p.r.l, &p.room, 10, 10 + LEDGER_USAGE_DAYS_MAX, &u));
    region_end(&p.r);
}

/* Ten hours a weekday, and from Wednesday 11 March on four of two rooms; on the 13th it is offered no more. */
static void each_day_has_the_hours_that_it_had(void **state)
{
    static const struct {
        const char *what, *from, *to;
        int64_t open_min;
    } rows[] = {
        {"before it was offered", "2026-02-23", "2026-03-01", 0},
        {"the old hours", "2026-03-02", "2026-03-10", 7 * 600},
        {"the day of the change has the new ones", "2026-03-11", "2026-03-11", 2 * 240},
        {"across the change", "2026-03-09", "2026-03-12", 2 * 600 + 2 * 480},
        {"retired in the morning", "2026-03-13", "2026-03-13", 0},
        {"and thereafter", "2026-03-13", "2026-04-30", 0},
        {"all of it", "2026-02-01", "2026-04-30", 7 * 600 + 2 * 480},
    };
    struct place p;
    struct ledger_usage u;

    (void)state;
    start(&p, "mon-fri 08:00-18:00");
    region_set_day(&p.r, "2026-03-11");
    snprintf(p.room.terms.opening, sizeof p.room.terms.opening, "mon-fri 08:00-12:00");
    p.room.terms.capacity = 2;
    OK(&p.r, ledger_resource_set(p.r.l, &p.room, &region_why));
    region_set_day(&p.r, "2026-03-13");
    p.room.terms.retired = true;
    OK(&p.r, ledger_resource_set(p.r.l, &p.room, &region_why));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OK(&p.r,
           ledger_usage_of(p.r.l, &p.room, region_day(rows[i].from), region_day(rows[i].to), &u));
        if (u.open_min != rows[i].open_min)
            fail_msg("%s: %lld", rows[i].what, (long long)u.open_min);
    }
    region_end(&p.r);
}

static void a_night_lies_in_two_days(void **state)
{
    struct place p;
    struct ledger_usage u;

    (void)state;
    start(&p, "always");
    book(&p, "2026-03-07T22:00", "2026-03-08T03:00");
    OK(&p.r,
       ledger_usage_of(p.r.l, &p.room, region_day("2026-03-08"), region_day("2026-03-08"), &u));
    assert_int_equal(u.open_min, 1440);
    assert_int_equal(u.booked_min, 180);
    assert_int_equal(u.bookings, 0); /* it is one of the day before */
    region_end(&p.r);
}

static void hours_are_those_of_the_wall(void **state)
{
    struct place p;
    static struct ledger_usage_hours h;

    (void)state;
    start(&p, "always");
    book(&p, "2026-03-03T09:30", "2026-03-03T11:15");
    book(&p, "2026-03-28T23:00", "2026-03-29T03:00"); /* three hours: 01:00 to 02:00 is skipped */
    OK(&p.r, ledger_usage_by_hour(p.r.l, &p.room, region_day("2026-03-03"),
                                  region_day("2026-03-31"), &h));
    assert_int_equal(h.first_week, region_day("2026-03-02"));
    assert_int_equal(h.weeks, 5);
    assert_int_equal(h.minutes[0][9], 30);
    assert_int_equal(h.minutes[0][10], 60);
    assert_int_equal(h.minutes[0][11], 15);
    assert_int_equal(h.minutes[0][12], 0);
    assert_int_equal(h.minutes[3][23], 60);
    assert_int_equal(h.minutes[3][0], 60);
    assert_int_equal(h.minutes[3][1], 0);
    assert_int_equal(h.minutes[3][2], 60);
    EXPECT(&p.r, LEDGER_PERIOD_MALFORMED,
           ledger_usage_by_hour(p.r.l, &p.room, 0, (LEDGER_USAGE_WEEKS_MAX - 1) * 7, &h));
    OK(&p.r, ledger_usage_by_hour(p.r.l, &p.room, 0, (LEDGER_USAGE_WEEKS_MAX - 1) * 7 - 1, &h));
    region_end(&p.r);
}

static enum ledger_status tell(void *ctx, const struct ledger_income *i)
{
    char *text = ctx;
    char date[LEDGER_DATE_TEXT];
    size_t size = strlen(text);

    snprintf(text + size, 512 - size, "%s %s %s %lld: %lld %lld\n", i->host, i->code,
             ledger_date_format(i->month, date), (long long)i->bookings, (long long)i->host_minor,
             (long long)i->pool_minor);
    return LEDGER_OK;
}

static void income_is_by_month_and_its_shares_are_exact(void **state)
{
    struct place p;
    char text[512] = "";

    (void)state;
    start(&p, "always");
    int64_t first = book(&p, "2026-03-03T09:00", "2026-03-03T11:00"); /* 8.00 */
    book(&p, "2026-03-04T09:00", "2026-03-04T10:00"); /* half of 4.00: nobody comes */
    int64_t next = book(&p, "2026-04-01T09:00", "2026-04-01T10:00"); /* 4.00 */
    use(&p, first, "2026-03-03T09:00");
    go_to(&p, "2026-03-05");
    use(&p, next, "2026-04-01T09:00");
    go_to(&p, "2026-04-02");
    OK(&p.r, ledger_usage_income(p.r.l, p.room.member_id, region_day("2026-03-01"),
                                 region_day("2026-04-30"), tell, text));
    assert_string_equal(text, "host CALD 2026-03-01 2: 850 150\nhost CALD 2026-04-01 1: 340 60\n");
    text[0] = '\0';
    OK(&p.r, ledger_usage_income(p.r.l, 0, region_day("2026-04-01"), region_day("2026-04-30"), tell,
                                 text));
    assert_string_equal(text, "host CALD 2026-04-01 1: 340 60\n");
    text[0] = '\0';
    OK(&p.r, ledger_usage_income(p.r.l, p.ana, region_day("2026-03-01"), region_day("2026-04-30"),
                                 tell, text));
    assert_string_equal(text, "");
    region_end(&p.r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_is_counted),
        cmocka_unit_test(each_day_has_the_hours_that_it_had),
        cmocka_unit_test(a_night_lies_in_two_days),
        cmocka_unit_test(hours_are_those_of_the_wall),
        cmocka_unit_test(income_is_by_month_and_its_shares_are_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
