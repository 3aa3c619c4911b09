/* A series: each date by itself, all or nothing or skipping, its holds when they come near. */
#include "support/region.h"

#include "ledger/chores.h"
#include "ledger/departure.h"
#include "ledger/notice.h"
#include "ledger/price.h"
#include "ledger/quota.h"
#include "ledger/series.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_US LEDGER_US_PER_DAY

struct place {
    struct region r;
    struct ledger_resource room;
    int64_t ana; /* accounts */
    int64_t host;
    int64_t ana_member;
    int64_t ben_member;
};

static int64_t member_of(struct region *r, int64_t account_id)
{
    struct ledger_account a;

    OK(r, ledger_account_get(r->l, account_id, &a));
    return a.member_id;
}

/* A room in `zone` that costs 2.00 an hour; it is noon on 2026-03-02. */
static void start(struct place *p, const char *zone)
{
    struct region *r = &p->r;

    region_start(r);
    region_currency(r, "CALD");
    region_member(r, "host");
    region_member(r, "ana");
    region_member(r, "ben");
    p->host = region_account(r, "host", "CALD");
    p->ana = region_account(r, "ana", "CALD");
    p->ana_member = member_of(r, p->ana);
    p->ben_member = member_of(r, region_account(r, "ben", "CALD"));
    p->room = (struct ledger_resource){
        .member_id = member_of(r, p->host), .kind = LEDGER_ROOM, .terms = ledger_terms_default()};
    snprintf(p->room.host, sizeof p->room.host, "host");
    snprintf(p->room.name, sizeof p->room.name, "blue");
    snprintf(p->room.zone, sizeof p->room.zone, "%s", zone);
    snprintf(p->room.terms.title, sizeof p->room.terms.title, "Blue room");
    p->room.terms.horizon_days = 360;
    OK(r, ledger_resource_add(r->l, &p->room, &region_why));
    struct ledger_price price = {.resource_id = p->room.id,
                                 .currency_id = 1,
                                 .booker = LEDGER_BY_MEMBER,
                                 .unit = LEDGER_PER_HOUR,
                                 .amount_minor = 200,
                                 .from_on = region_day("2026-03-02")};
    OK(r, ledger_price_set(r->l, &price, &region_why));
}

static struct ledger_wall wall(const char *text)
{
    struct ledger_wall w;

    assert_int_equal(ledger_wall_parse(text, &w), LEDGER_OK);
    return w;
}

static struct ledger_series_draft draft(const struct place *p, const char *rule, const char *from,
                                        const char *to)
{
    return (struct ledger_series_draft){.resource_id = p->room.id,
                                        .member_id = p->ana_member,
                                        .rule = rule,
                                        .title = "choir",
                                        .from = wall(from),
                                        .to = wall(to)};
}

/* "2026-03-09 held, 2026-03-16 skipped booking_taken, ..." with the times in UTC where `utc` says so. */
struct story {
    struct region *r;
    bool utc;
    char text[4096];
    int64_t bookings[LEDGER_RECURRENCE_MAX];
    int count;
};

static enum ledger_status tell(void *ctx, const struct ledger_series_date *d)
{
    struct story *s = ctx;
    char date[LEDGER_DATE_TEXT], time[LEDGER_TIME_TEXT];
    size_t size = strlen(s->text);
    const char *what = d->booking_id ? ledger_booking_state_name(d->state) : d->code;

    if (s->utc && d->booking_id)
        what = ledger_time_format(d->from_us, time) + 11;
    snprintf(s->text + size, sizeof s->text - size, "%s%s %.*s", size ? ", " : "",
             ledger_date_format(d->day, date), s->utc && d->booking_id ? 5 : 40, what);
    s->bookings[s->count++] = d->booking_id;
    return LEDGER_OK;
}

static void expect(struct place *p, int64_t series_id, bool utc, const char *want,
                   struct story *story)
{
    *story = (struct story){.r = &p->r, .utc = utc};
    OK(&p->r, ledger_series_dates(p->r.l, series_id, tell, story));
    assert_string_equal(story->text, want);
}

static int64_t reserved(struct place *p)
{
    struct ledger_account a;

    OK(&p->r, ledger_account_get(p->r.l, p->ana, &a));
    return a.reserved_out_minor;
}

static void run_chores(struct place *p)
{
    int64_t count;

    OK(&p->r, ledger_chores_run(p->r.l, p->r.clock.now_us, &count));
}

static void what_is_near_is_held_and_the_rest_waits(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=8", "2026-03-09T09:00", "2026-03-09T11:00");
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    expect(&p, id, false,
           "2026-03-09 confirmed, 2026-03-16 confirmed, 2026-03-23 confirmed, "
           "2026-03-30 confirmed, 2026-04-06 confirmed, 2026-04-13 planned, 2026-04-20 planned, "
           "2026-04-27 planned",
           &s);
    assert_int_equal(reserved(&p), 5 * 400);
    region_set_day(&p.r, "2026-03-10");
    run_chores(&p);
    assert_int_equal(region_balance(&p.r, p.ana), -400); /* the first is over and paid */
    assert_int_equal(reserved(&p), 5 * 400);             /* and another came near */
    region_set_day(&p.r, "2026-03-16");
    run_chores(&p);
    expect(
        &p, id, false,
        "2026-03-09 completed, 2026-03-16 completed, 2026-03-23 confirmed, "
        "2026-03-30 confirmed, 2026-04-06 confirmed, 2026-04-13 confirmed, 2026-04-20 confirmed, "
        "2026-04-27 planned",
        &s);
    region_end(&p.r);
}

static void each_date_has_the_same_time_on_the_wall(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=4", "2026-03-15T09:00", "2026-03-15T10:00");
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    expect(&p, id, true, "2026-03-15 09:00, 2026-03-22 09:00, 2026-03-29 08:00, 2026-04-05 08:00",
           &s);
    region_end(&p.r);
}

static void a_time_that_is_skipped_once_does_not_move_the_others(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/Berlin");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=4", "2026-03-15T02:30", "2026-03-15T04:00");
    EXPECT(&p.r, LEDGER_TIME_SKIPPED, ledger_series_make(p.r.l, &d, &region_why, &id));
    assert_non_null(strstr(ledger_message(p.r.l), "2026-03-29: "));
    region_end(&p.r);

    start(&p, "Europe/Berlin");
    d = draft(&p, "FREQ=WEEKLY;COUNT=4", "2026-03-15T02:30", "2026-03-15T04:00");
    d.skip = true;
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    expect(&p, id, true,
           "2026-03-15 01:30, 2026-03-22 01:30, 2026-03-29 time_skipped, 2026-04-05 00:30", &s);
    region_end(&p.r);
}

/* When the C library's clock shows that time of that day: 0, 1 or 2 instants, which TZ decides. */
static int instants_by_libc(int32_t day, int minute, int64_t at_us[static 2])
{
    int count = 0;

    for (int64_t us = (day - 1) * DAY_US; us < (day + 2) * DAY_US;
         us += 900 * LEDGER_US_PER_SECOND) {
        time_t at_s = (time_t)(us / LEDGER_US_PER_SECOND);
        struct tm tm;
        assert_non_null(localtime_r(&at_s, &tm));
        if (ledger_date_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) == day &&
            tm.tm_hour * 60 + tm.tm_min == minute)
            at_us[count++] = us;
    }
    return count;
}

struct wanted {
    int minute;
    enum ledger_fold fold;
    int booked, skipped, twice;
};

static enum ledger_status compare_with_libc(void *ctx, const struct ledger_series_date *d)
{
    struct wanted *w = ctx;
    int64_t at_us[2];
    int count = instants_by_libc(d->day, w->minute, at_us);

    if (count == 1 || (count == 2 && w->fold != LEDGER_FOLD_UNSAID)) {
        if (!d->booking_id)
            fail_msg("%d: %s", d->day, d->reason);
        assert_int_equal(d->from_us, at_us[count == 2 && w->fold == LEDGER_FOLD_LATER]);
        w->booked++;
        w->twice += count == 2;
        return LEDGER_OK;
    }
    assert_int_equal(d->booking_id, 0);
    assert_string_equal(d->code, count == 0 ? "time_skipped" : "time_twice");
    w->skipped += count == 0;
    w->twice += count == 2;
    return LEDGER_OK;
}

/* Each weekend from March 2026 to February 2031, at a time at which the clocks change there. */
static void it_is_that_time_on_the_wall_wherever_it_is(void **state)
{
    /* clang-format off */
    static const struct {
        const char *zone;
        int minute; /* of the day; it takes a quarter of an hour */
        enum ledger_fold fold;
        int skipped, twice; /* dates of these five years */
    } rows[] = {
        {"Europe/London",        75, LEDGER_FOLD_UNSAID,  5, 5},
        {"Europe/Berlin",       135, LEDGER_FOLD_LATER,   5, 5},
        {"America/Santiago",     15, LEDGER_FOLD_UNSAID,  5, 0},
        {"America/Santiago",   1395, LEDGER_FOLD_EARLIER, 0, 5},
        {"Australia/Lord_Howe", 135, LEDGER_FOLD_UNSAID,  5, 0},
        {"Australia/Lord_Howe",  90, LEDGER_FOLD_LATER,   0, 5},
        {"Africa/Casablanca",   135, LEDGER_FOLD_UNSAID,  6, 5},
    };
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wanted w = {.minute = rows[i].minute, .fold = rows[i].fold};
        struct place p;

        start(&p, rows[i].zone);
        assert_int_equal(setenv("TZ", rows[i].zone, 1), 0);
        tzset();
        p.room.terms.shortest_min = 15;
        p.room.terms.series_days = LEDGER_SERIES_DAYS_MAX;
        OK(&p.r, ledger_resource_set(p.r.l, &p.room, &region_why));
        for (int year = 2026; year <= 2030; year++) {
            char day[LEDGER_DATE_TEXT];
            int64_t id, count;
            snprintf(day, sizeof day, "%d-03-02", year);
            region_set_day(&p.r, day);
            const struct ledger_series_draft d = {
                .resource_id = p.room.id,
                .member_id = p.ana_member,
                .rule = "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=104",
                .from = {region_day(day) + 1, rows[i].minute * 60},
                .to = {region_day(day) + 1, (rows[i].minute + 15) * 60},
                .fold = rows[i].fold,
                .skip = true};
            OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
            OK(&p.r, ledger_series_dates(p.r.l, id, compare_with_libc, &w));
            OK(&p.r, ledger_series_cancel(p.r.l, id, true, &region_why, &count));
        }
        unsetenv("TZ");
        tzset();
        if (w.skipped != rows[i].skipped || w.twice != rows[i].twice)
            fail_msg("%s: %d skipped, %d twice", rows[i].zone, w.skipped, w.twice);
        assert_int_equal(w.booked,
                         5 * 104 - w.skipped - (rows[i].fold == LEDGER_FOLD_UNSAID ? w.twice : 0));
        region_end(&p.r);
    }
}

static int64_t taken_by_ben(struct place *p, const char *from)
{
    const struct ledger_zone *zone;
    struct ledger_booking_draft b = {.resource_id = p->room.id, .member_id = p->ben_member};
    int64_t id;

    OK(&p->r, ledger_zone_need(p->r.l, p->room.zone, &zone));
    OK(&p->r,
       ledger_wall_instant(p->r.l, "from", zone, wall(from), LEDGER_FOLD_UNSAID, &b.from_us));
    b.to_us = b.from_us + REGION_HOUR_US;
    OK(&p->r, ledger_booking_make(p->r.l, &b, &region_why, &id));
    return id;
}

static void all_or_nothing_or_the_reason_of_each(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    taken_by_ben(&p, "2026-03-16T10:00");
    region_commit(&p.r);
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=3", "2026-03-09T09:00", "2026-03-09T11:00");
    OK(&p.r, ledger_savepoint(p.r.l));
    EXPECT(&p.r, LEDGER_BOOKING_TAKEN, ledger_series_make(p.r.l, &d, &region_why, &id));
    assert_non_null(strstr(ledger_message(p.r.l), "2026-03-16: "));
    OK(&p.r, ledger_rollback_to(p.r.l));
    assert_int_equal(reserved(&p), 0);
    d.skip = true;
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    expect(&p, id, false, "2026-03-09 confirmed, 2026-03-16 booking_taken, 2026-03-23 confirmed",
           &s);
    region_end(&p.r);
}

static void a_quota_counts_the_dates_before(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_quota q = {.resource_id = p.room.id,
                             .kind = LEDGER_QUOTA_MONTH,
                             .amount = 4 * 60,
                             .from_on = region_day("2026-03-02")};
    OK(&p.r, ledger_quota_set(p.r.l, &q, &region_why));
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=6", "2026-03-09T09:00", "2026-03-09T11:00");
    d.skip = true;
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    expect(&p, id, false,
           "2026-03-09 confirmed, 2026-03-16 confirmed, 2026-03-23 over_quota, "
           "2026-03-30 over_quota, 2026-04-06 confirmed, 2026-04-13 planned",
           &s);
    region_end(&p.r);
}

static void one_of_it_moves_and_one_is_cancelled(void **state)
{
    struct place p;
    struct story s;
    struct ledger_booking b;
    int64_t id, count;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=3", "2026-04-20T09:00", "2026-04-20T11:00");
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    expect(&p, id, false, "2026-04-20 planned, 2026-04-27 planned, 2026-05-04 planned", &s);
    OK(&p.r, ledger_booking_get(p.r.l, s.bookings[0], &b));
    OK(&p.r, ledger_booking_move(p.r.l, b.id, b.slot.from_us + DAY_US, b.slot.to_us + DAY_US,
                                 &region_why));
    OK(&p.r, ledger_booking_cancel(p.r.l, s.bookings[1], false, &region_why));
    expect(&p, id, false, "2026-04-20 planned, 2026-04-27 cancelled, 2026-05-04 planned", &s);
    region_set_day(&p.r, "2026-04-01");
    run_chores(&p);
    expect(&p, id, false, "2026-04-20 confirmed, 2026-04-27 cancelled, 2026-05-04 confirmed", &s);
    OK(&p.r, ledger_series_cancel(p.r.l, id, true, &region_why, &count));
    assert_int_equal(count, 2);
    assert_int_equal(reserved(&p), 0);
    region_end(&p.r);
}

static enum ledger_status add_told(void *ctx, const struct ledger_notice *n)
{
    assert_true(n->subject_id > 0);
    if (n->kind == LEDGER_NOTICE_NEAR_LIMIT) /* what it spends before brings it there */
        return LEDGER_OK;
    strcat(ctx, ledger_notice_kind_facts(n->kind)->name);
    strcat(ctx, " ");
    return LEDGER_OK;
}

/* The same as every notice is told. */
static void expect_told(struct place *p, int64_t member_id, const char *want)
{
    const struct ledger_notice_filter filter = {.member_id = member_id, .limit = 10};
    char told[300] = "";

    OK(&p->r, ledger_notice_each(p->r.l, &filter, add_told, told));
    assert_string_equal(told, want);
}

struct notices {
    char text[512];
};

static enum ledger_status tell_notice(void *ctx, const struct ledger_series_notice *n)
{
    struct notices *all = ctx;
    size_t size = strlen(all->text);

    snprintf(all->text + size, sizeof all->text - size, "%s%s %s", size ? ", " : "",
             ledger_series_notice_name(n->kind),
             n->why == LEDGER_OK ? "-" : ledger_status_facts(n->why)->code);
    return LEDGER_OK;
}

static void expect_notices(struct place *p, int64_t member_id, const char *want)
{
    struct notices all = {""};

    OK(&p->r, ledger_series_notices(p->r.l, member_id, 0, tell_notice, &all));
    assert_string_equal(all.text, want);
}

/* ana's floor is -100.00. */
static void spend(struct place *p, int64_t amount_minor)
{
    region_pay(&p->r, p->ana, region_account(&p->r, "ben", "CALD"), amount_minor);
}

static void a_refused_hold_is_told_and_after_the_grace_its_time_is_free(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=2", "2026-04-20T09:00", "2026-04-20T11:00");
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    spend(&p, 9500); /* room for one */
    region_set_day(&p.r, "2026-03-25");
    run_chores(&p);
    expect(&p, id, false, "2026-04-20 confirmed, 2026-04-27 planned", &s);
    expect_notices(&p, p.ana_member, "refused over_limit");
    expect_notices(&p, p.room.member_id, "refused over_limit");
    expect_notices(&p, p.ben_member, "");
    region_set_day(&p.r, "2026-03-31");
    run_chores(&p);
    expect(&p, id, false, "2026-04-20 confirmed, 2026-04-27 planned", &s);
    region_set_day(&p.r, "2026-04-02");
    run_chores(&p);
    expect(&p, id, false, "2026-04-20 confirmed, 2026-04-27 cancelled", &s);
    expect_notices(&p, p.ana_member, "refused over_limit, freed over_limit");
    expect_told(&p, p.ana_member, "booking-refused booking-freed ");
    expect_told(&p, p.room.member_id, "series-booked booking-refused booking-freed ");
    expect_told(&p, p.ben_member, "");
    taken_by_ben(&p, "2026-04-27T09:00");
    region_end(&p.r);
}

/* Nobody ran the chores until its time had come. */
static void what_lapsed_is_told_of_when_it_is_written(void **state)
{
    struct ledger_verification v;
    struct place p;
    struct story s;
    int64_t id, count;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=2", "2026-04-20T09:00", "2026-04-20T11:00");
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    spend(&p, 9500); /* room for one */
    region_set_day(&p.r, "2026-03-25");
    run_chores(&p);
    region_set_day(&p.r, "2026-04-28");
    OK(&p.r, ledger_series_due(p.r.l, ledger_now_us(p.r.l), &count));
    assert_int_equal(count, 0);
    OK(&p.r, ledger_verify(p.r.l, NULL, NULL, &v));
    expect_notices(&p, p.ana_member, "refused over_limit");
    run_chores(&p);
    run_chores(&p);
    expect(&p, id, false, "2026-04-20 completed, 2026-04-27 expired", &s);
    expect_notices(&p, p.ana_member, "refused over_limit, freed -");
    OK(&p.r, ledger_verify(p.r.l, NULL, NULL, &v));
    region_end(&p.r);
}

static void within_the_grace_it_is_held_after_all(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=1", "2026-04-20T09:00", "2026-04-20T11:00");
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    spend(&p, 9700);
    region_set_day(&p.r, "2026-03-25");
    run_chores(&p);
    region_pay(&p.r, p.host, p.ana, 5000);
    region_set_day(&p.r, "2026-03-27");
    run_chores(&p);
    expect(&p, id, false, "2026-04-20 confirmed", &s);
    expect_notices(&p, p.ana_member, "refused over_limit, funded -");
    region_end(&p.r);
}

static void in_arrears_a_month_is_paid_when_it_is_over(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=5", "2026-03-03T09:00", "2026-03-03T11:00");
    d.arrears = true;
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    assert_int_equal(reserved(&p), 0);
    region_set_day(&p.r, "2026-03-31");
    run_chores(&p);
    assert_int_equal(region_balance(&p.r, p.ana), 0);
    region_set_day(&p.r, "2026-04-01");
    run_chores(&p);
    expect(&p, id, false,
           "2026-03-03 completed, 2026-03-10 completed, 2026-03-17 completed, "
           "2026-03-24 completed, 2026-03-31 completed",
           &s);
    assert_int_equal(region_balance(&p.r, p.ana), -5 * 400);
    assert_int_equal(region_balance(&p.r, p.host), 5 * 400);
    region_end(&p.r);
}

/* Its word is not waited for when the time is past already. */
static void in_arrears_a_host_does_not_say_its_word_afterwards(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    p.room.terms.host_word = true;
    OK(&p.r, ledger_resource_set(p.r.l, &p.room, &region_why));
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=2", "2026-03-03T09:00", "2026-03-03T11:00");
    d.arrears = true;
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    region_set_day(&p.r, "2026-04-01");
    run_chores(&p);
    expect(&p, id, false, "2026-03-03 completed, 2026-03-10 completed", &s);
    assert_int_equal(region_balance(&p.r, p.host), 2 * 400);
    region_end(&p.r);
}

/* Paid later is no way out of what the terms keep: before its time, during it, or when it was used already. */
static void in_arrears_a_cancellation_gives_back_what_the_terms_say(void **state)
{
    /* clang-format off */
    static const struct {
        const char *what;
        const char *day;   /* at noon; the booking is for nine to eleven on the 3rd */
        int64_t spent_minor; /* of the 100.00 that its member has */
        bool by_host;
        enum ledger_status outcome;
        int64_t paid_minor; /* of 4.00 */
    } rows[] = {
        {"in good time",          "2026-03-30", 0,    false, LEDGER_OK,         0},
        {"half of it",            "2026-04-01", 0,    false, LEDGER_OK,         200},
        {"too late",              "2026-04-02", 0,    false, LEDGER_OK,         400},
        {"after it was used",     "2026-04-20", 0,    false, LEDGER_OK,         400},
        {"by the host",           "2026-04-20", 0,    true,  LEDGER_OK,         0},
        {"what cannot be paid",   "2026-04-20", 9700, false, LEDGER_OVER_LIMIT, 0},
        {"just what is kept",     "2026-04-01", 9800, false, LEDGER_OK,         200},
        {"a cent short of it",    "2026-04-01", 9801, false, LEDGER_OVER_LIMIT, 0},
        {"but the host gives it", "2026-04-20", 9700, true,  LEDGER_OK,         0},
    };
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct place p;
        struct ledger_booking b;
        int64_t id;

        start(&p, "Europe/London");
        snprintf(p.room.terms.bands, sizeof p.room.terms.bands, "48h 100%%, 24h 50%%");
        OK(&p.r, ledger_resource_set(p.r.l, &p.room, &region_why));
        struct ledger_series_draft d =
            draft(&p, "FREQ=WEEKLY;COUNT=1", "2026-04-03T09:00", "2026-04-03T11:00");
        d.arrears = true;
        OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
        if (rows[i].spent_minor)
            spend(&p, rows[i].spent_minor);
        region_set_day(&p.r, rows[i].day);
        enum ledger_status got = ledger_booking_cancel(p.r.l, 1, rows[i].by_host, &region_why);
        if (got != rows[i].outcome)
            fail_msg("%s: %s", rows[i].what, ledger_status_facts(got)->code);
        OK(&p.r, ledger_booking_get(p.r.l, 1, &b));
        assert_int_equal(b.state, got == LEDGER_OK ? LEDGER_CANCELLED : LEDGER_PLANNED);
        assert_int_equal(region_balance(&p.r, p.host), rows[i].paid_minor);
        assert_int_equal(reserved(&p), 0);
        region_set_day(&p.r, "2026-05-01");
        run_chores(&p);
        assert_int_equal(region_balance(&p.r, p.host), rows[i].paid_minor);
        region_end(&p.r);
    }
}

/* There is nothing on hold that coming or not coming could settle. */
static void in_arrears_nobody_checks_in(void **state)
{
    struct place p;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=1", "2026-03-03T09:00", "2026-03-03T11:00");
    d.arrears = true;
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    region_set_day(&p.r, "2026-03-03");
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_check_in(p.r.l, 1, &region_why));
    assert_string_equal(ledger_message(p.r.l),
                        "booking 1 is paid with its month and cannot be checked in by itself");
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_no_show(p.r.l, 1, &region_why));
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_complete(p.r.l, 1, &region_why));
    region_end(&p.r);
}

static void what_cannot_be_paid_in_arrears_is_told_and_tried_again(void **state)
{
    struct place p;
    struct story s;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=1", "2026-03-03T09:00", "2026-03-03T11:00");
    d.arrears = true;
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    spend(&p, 9900);
    region_set_day(&p.r, "2026-04-01");
    run_chores(&p);
    run_chores(&p);
    expect(&p, id, false, "2026-03-03 planned", &s);
    expect_notices(&p, p.ana_member, "unpaid over_limit");
    region_pay(&p.r, p.host, p.ana, 1000);
    region_set_day(&p.r, "2026-04-03");
    run_chores(&p);
    expect(&p, id, false, "2026-03-03 completed", &s);
    region_end(&p.r);
}

static void who_has_something_to_come_cannot_leave(void **state)
{
    struct place p;
    int64_t id, count;

    (void)state;
    start(&p, "Europe/London");
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=2", "2026-05-04T09:00", "2026-05-04T11:00");
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    EXPECT(&p.r, LEDGER_NOT_SETTLED, ledger_member_leave(p.r.l, p.ana_member, &region_why));
    EXPECT(&p.r, LEDGER_NOT_SETTLED, ledger_member_leave(p.r.l, p.room.member_id, &region_why));
    OK(&p.r, ledger_series_cancel(p.r.l, id, false, &region_why, &count));
    OK(&p.r, ledger_member_leave(p.r.l, p.ana_member, &region_why));
    region_end(&p.r);
}

static void let_series_reach(struct place *p, int days)
{
    p->room.terms.series_days = days;
    OK(&p->r, ledger_resource_set(p->r.l, &p->room, &region_why));
}

/* Every other day for two years: the longest there is. What is near has its hold, the rest comes to have it. */
static void a_series_reaches_two_years(void **state)
{
    struct place p;
    struct ledger_booking b;
    int64_t id, none;

    (void)state;
    start(&p, "Europe/London");
    let_series_reach(&p, LEDGER_SERIES_DAYS_MAX);
    struct ledger_series_draft d =
        draft(&p, "FREQ=DAILY;INTERVAL=2;COUNT=366", "2026-03-03T09:00", "2026-03-03T10:00");
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    OK(&p.r, ledger_booking_get(p.r.l, 366, &b));
    assert_int_equal(b.state, LEDGER_PLANNED);
    assert_int_equal(b.slot.from_us / LEDGER_US_PER_DAY,
                     region_day("2028-03-02")); /* in 731 days */
    assert_int_equal(reserved(&p), 18 * 200);
    d.rule = "FREQ=DAILY;INTERVAL=2;COUNT=367";
    EXPECT(&p.r, LEDGER_RULE_TOO_LONG, ledger_series_make(p.r.l, &d, &region_why, &none));
    /* The last moves as it likes, but not a day further. */
    EXPECT(&p.r, LEDGER_BOOKING_TOO_FAR,
           ledger_booking_move(p.r.l, 366, b.slot.from_us + DAY_US, b.slot.to_us + DAY_US,
                               &region_why));
    OK(&p.r, ledger_booking_move(p.r.l, 366, b.slot.from_us - DAY_US, b.slot.to_us - DAY_US,
                                 &region_why));
    OK(&p.r, ledger_series_cancel(p.r.l, id, false, &region_why, &none));
    assert_int_equal(none, 366);
    assert_int_equal(reserved(&p), 0);
    region_end(&p.r);
}

static void how_far_a_series_reaches_is_the_host_s_to_say(void **state)
{
    /* clang-format off */
    static const struct {
        const char *what;
        int days;
        const char *first;
        int64_t moves_us; /* its only date, which is near and on hold, and then moves by so much */
        enum ledger_status outcome;
    } rows[] = {
        {"unless told, as far as any",  0,   "2027-02-25", 0,            LEDGER_OK},
        {"and no further",              0,   "2027-02-26", 0,            LEDGER_BOOKING_TOO_FAR},
        {"less than others",            20,  "2026-03-22", 0,            LEDGER_OK},
        {"and no further",              20,  "2026-03-23", 0,            LEDGER_BOOKING_TOO_FAR},
        {"two years",                   731, "2028-03-02", 0,            LEDGER_OK},
        {"and no further",              731, "2028-03-03", 0,            LEDGER_BOOKING_TOO_FAR},
        {"a hold goes 360 days",        731, "2026-03-03", 359 * DAY_US, LEDGER_OK},
        {"and no further",              731, "2026-03-03", 360 * DAY_US, LEDGER_BOOKING_TOO_FAR},
    };
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char from[LEDGER_WALL_TEXT], to[LEDGER_WALL_TEXT];
        struct place p;
        struct ledger_booking b;
        int64_t id;

        start(&p, "Europe/London");
        let_series_reach(&p, rows[i].days);
        snprintf(from, sizeof from, "%sT09:00", rows[i].first);
        snprintf(to, sizeof to, "%sT10:00", rows[i].first);
        struct ledger_series_draft d = draft(&p, "FREQ=DAILY;COUNT=1", from, to);
        enum ledger_status got = ledger_series_make(p.r.l, &d, &region_why, &id);
        if (got == LEDGER_OK && rows[i].moves_us) {
            OK(&p.r, ledger_booking_get(p.r.l, 1, &b));
            got = ledger_booking_move(p.r.l, 1, b.slot.from_us + rows[i].moves_us,
                                      b.slot.to_us + rows[i].moves_us, &region_why);
        }
        if (got != rows[i].outcome)
            fail_msg("%s: %s", rows[i].what, ledger_status_facts(got)->code);
        region_end(&p.r);
    }
}

static void a_host_does_not_say_more_than_two_years(void **state)
{
    struct place p;

    (void)state;
    start(&p, "Europe/London");
    p.room.terms.series_days = LEDGER_SERIES_DAYS_MAX + 1;
    EXPECT(&p.r, LEDGER_NUMBER_MALFORMED, ledger_resource_set(p.r.l, &p.room, &region_why));
    p.room.terms.series_days = -1;
    EXPECT(&p.r, LEDGER_NUMBER_MALFORMED, ledger_resource_set(p.r.l, &p.room, &region_why));
    let_series_reach(&p, 0);
    region_end(&p.r);
}

static void what_is_no_series_is_refused(void **state)
{
    /* clang-format off */
    static const struct {
        const char *what;
        const char *rule;
        const char *from;
        const char *to;
        enum ledger_status outcome;
    } rows[] = {
        {"each second",       "FREQ=SECONDLY;COUNT=3", "2026-03-09T09:00", "2026-03-09T11:00", LEDGER_RULE_FREQUENCY},
        {"no end",            "FREQ=WEEKLY",           "2026-03-09T09:00", "2026-03-09T11:00", LEDGER_RULE_ENDLESS},
        {"backwards",         "FREQ=WEEKLY;COUNT=3",   "2026-03-09T11:00", "2026-03-09T09:00", LEDGER_BOOKING_BACKWARDS},
        {"no length",         "FREQ=WEEKLY;COUNT=3",   "2026-03-09T11:00", "2026-03-09T11:00", LEDGER_BOOKING_BACKWARDS},
        {"off the grid",      "FREQ=WEEKLY;COUNT=3",   "2026-03-09T09:07", "2026-03-09T11:07", LEDGER_BOOKING_OFF_GRID},
        {"in the past",       "FREQ=WEEKLY;COUNT=3",   "2026-03-01T09:00", "2026-03-01T11:00", LEDGER_BOOKING_IN_PAST},
        {"into itself",       "FREQ=DAILY;COUNT=3",    "2026-03-09T09:00", "2026-03-10T09:15", LEDGER_BOOKING_TOO_LONG},
        {"beyond the horizon", "FREQ=MONTHLY;COUNT=13", "2026-03-09T09:00", "2026-03-09T11:00", LEDGER_BOOKING_TOO_FAR},
    };
    /* clang-format on */
    struct place p;
    int64_t id;

    (void)state;
    start(&p, "Europe/London");
    region_commit(&p.r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ledger_series_draft d = draft(&p, rows[i].rule, rows[i].from, rows[i].to);
        OK(&p.r, ledger_savepoint(p.r.l));
        enum ledger_status got = ledger_series_make(p.r.l, &d, &region_why, &id);
        if (got != rows[i].outcome)
            fail_msg("%s: %s: %s", rows[i].what, ledger_status_facts(got)->code,
                     ledger_message(p.r.l));
        OK(&p.r, ledger_rollback_to(p.r.l));
        EXPECT(&p.r, LEDGER_NO_SUCH_SERIES,
               ledger_series_get(p.r.l, 1, &(struct ledger_series){0}));
        assert_int_equal(reserved(&p), 0);
    }
    struct ledger_series_draft d =
        draft(&p, "FREQ=WEEKLY;COUNT=3", "2026-03-09T09:00", "2026-03-09T11:00");
    d.member_id = 99;
    EXPECT(&p.r, LEDGER_NO_SUCH_MEMBER, ledger_series_make(p.r.l, &d, &region_why, &id));
    region_end(&p.r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_near_is_held_and_the_rest_waits),
        cmocka_unit_test(each_date_has_the_same_time_on_the_wall),
        cmocka_unit_test(a_time_that_is_skipped_once_does_not_move_the_others),
        cmocka_unit_test(it_is_that_time_on_the_wall_wherever_it_is),
        cmocka_unit_test(all_or_nothing_or_the_reason_of_each),
        cmocka_unit_test(a_quota_counts_the_dates_before),
        cmocka_unit_test(one_of_it_moves_and_one_is_cancelled),
        cmocka_unit_test(what_lapsed_is_told_of_when_it_is_written),
        cmocka_unit_test(a_refused_hold_is_told_and_after_the_grace_its_time_is_free),
        cmocka_unit_test(within_the_grace_it_is_held_after_all),
        cmocka_unit_test(in_arrears_a_month_is_paid_when_it_is_over),
        cmocka_unit_test(in_arrears_a_host_does_not_say_its_word_afterwards),
        cmocka_unit_test(in_arrears_a_cancellation_gives_back_what_the_terms_say),
        cmocka_unit_test(in_arrears_nobody_checks_in),
        cmocka_unit_test(what_cannot_be_paid_in_arrears_is_told_and_tried_again),
        cmocka_unit_test(who_has_something_to_come_cannot_leave),
        cmocka_unit_test(a_series_reaches_two_years),
        cmocka_unit_test(how_far_a_series_reaches_is_the_host_s_to_say),
        cmocka_unit_test(a_host_does_not_say_more_than_two_years),
        cmocka_unit_test(what_is_no_series_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
