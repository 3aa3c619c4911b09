/* A local time is one instant, or none, or two: and the refusal says which. */
#include "support/region.h"

#include "ledger/wall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define QUARTER_S 900

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    enum ledger_status outcome;
    const char *back; /* written again */
} text_rows[] = {
    /* what it shows         text                      outcome                back */
    {"as people write it",   "2026-11-24T09:30",       LEDGER_OK,             "2026-11-24T09:30"},
    {"with seconds",         "2026-11-24T09:30:15",    LEDGER_OK,             "2026-11-24T09:30:15"},
    {"seconds that are 0",   "2026-11-24T09:30:00",    LEDGER_OK,             "2026-11-24T09:30"},
    {"a blank",              "2026-11-24 09:30",       LEDGER_OK,             "2026-11-24T09:30"},
    {"the last of a day",    "2026-11-24T23:59:59",    LEDGER_OK,             "2026-11-24T23:59:59"},
    {"hour 24",              "2026-11-24T24:00",       LEDGER_TIME_MALFORMED, NULL},
    {"minute 60",            "2026-11-24T09:60",       LEDGER_TIME_MALFORMED, NULL},
    {"second 60",            "2026-11-24T09:30:60",    LEDGER_TIME_MALFORMED, NULL},
    {"no such day",          "2026-02-29T09:30",       LEDGER_TIME_MALFORMED, NULL},
    {"a day alone",          "2026-11-24",             LEDGER_TIME_MALFORMED, NULL},
    {"half a day",           "2026-11",                LEDGER_TIME_MALFORMED, NULL},
    {"nothing",              "",                       LEDGER_TIME_MALFORMED, NULL},
    {"an hour alone",        "2026-11-24T09",          LEDGER_TIME_MALFORMED, NULL},
    {"one figure",           "2026-11-24T9:30",        LEDGER_TIME_MALFORMED, NULL},
    {"an instant is no local time", "2026-11-24T09:30Z", LEDGER_TIME_MALFORMED, NULL},
    {"nor with an offset",   "2026-11-24T09:30+01:00", LEDGER_TIME_MALFORMED, NULL},
    {"a fraction",           "2026-11-24T09:30:15.5",  LEDGER_TIME_MALFORMED, NULL},
    {"a colon at the end",   "2026-11-24T09:30:",      LEDGER_TIME_MALFORMED, NULL},
};
/* clang-format on */

static void a_local_time_is_read_in_one_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof text_rows / sizeof text_rows[0]; i++) {
        struct ledger_wall wall;
        char back[LEDGER_WALL_TEXT];
        enum ledger_status got = ledger_wall_parse(text_rows[i].text, &wall);
        if (got != text_rows[i].outcome)
            fail_msg("%s: %s", text_rows[i].what, ledger_status_facts(got)->code);
        if (got == LEDGER_OK)
            assert_string_equal(ledger_wall_format(wall, back), text_rows[i].back);
    }
}

/*
 * When clocks change: tzdata 2025b, as Python's zoneinfo reads it, that is by another reader than ours.
 * A time that does not exist has its neighbours, one that comes twice both instants.
 */
/* clang-format off */
static const struct {
    const char *zone;
    const char *local;
    int count;
    const char *first;
    const char *second;
} case_rows[] = {
    {"Europe/London",       "2025-03-30T01:30", 0, "2025-03-30T00:59", "2025-03-30T02:00"},
    {"Europe/London",       "2025-10-26T01:30", 2, "2025-10-26T00:30", "2025-10-26T01:30"},
    {"Europe/London",       "2026-03-29T00:59", 1, "2026-03-29T00:59", ""},
    {"Europe/London",       "2026-03-29T01:00", 0, "2026-03-29T00:59", "2026-03-29T02:00"},
    {"Europe/London",       "2026-03-29T02:00", 1, "2026-03-29T01:00", ""},
    {"Europe/London",       "2026-10-25T01:00", 2, "2026-10-25T00:00", "2026-10-25T01:00"},
    {"Europe/London",       "2026-10-25T02:00", 1, "2026-10-25T02:00", ""},
    {"Europe/London",       "2030-03-31T01:15", 0, "2030-03-31T00:59", "2030-03-31T02:00"},
    {"Europe/London",       "2030-10-27T01:45", 2, "2030-10-27T00:45", "2030-10-27T01:45"},
    {"Europe/Berlin",       "2025-03-30T02:30", 0, "2025-03-30T01:59", "2025-03-30T03:00"},
    {"Europe/Berlin",       "2026-10-25T02:30", 2, "2026-10-25T00:30", "2026-10-25T01:30"},
    {"Europe/Berlin",       "2027-03-28T02:00", 0, "2027-03-28T01:59", "2027-03-28T03:00"},
    {"Europe/Berlin",       "2030-10-27T03:00", 1, "2030-10-27T02:00", ""},
    {"America/Santiago",    "2025-09-07T00:30", 0, "2025-09-06T23:59", "2025-09-07T01:00"},
    {"America/Santiago",    "2026-09-06T00:00", 0, "2026-09-05T23:59", "2026-09-06T01:00"},
    {"America/Santiago",    "2025-04-05T23:30", 2, "2025-04-06T02:30", "2025-04-06T03:30"},
    {"America/Santiago",    "2026-04-04T23:00", 2, "2026-04-05T02:00", "2026-04-05T03:00"},
    {"America/Santiago",    "2027-04-04T00:00", 1, "2027-04-04T04:00", ""},
    {"Australia/Lord_Howe", "2025-04-06T01:45", 2, "2025-04-05T14:45", "2025-04-05T15:15"},
    {"Australia/Lord_Howe", "2025-04-06T01:15", 1, "2025-04-05T14:15", ""},
    {"Australia/Lord_Howe", "2025-10-05T02:15", 0, "2025-10-05T01:59", "2025-10-05T02:30"},
    {"Australia/Lord_Howe", "2026-10-04T02:30", 1, "2026-10-03T15:30", ""},
    {"Australia/Lord_Howe", "2027-04-04T01:30", 2, "2027-04-03T14:30", "2027-04-03T15:00"},
    {"Africa/Casablanca",   "2025-02-23T02:30", 2, "2025-02-23T01:30", "2025-02-23T02:30"},
    {"Africa/Casablanca",   "2025-04-06T02:30", 0, "2025-04-06T01:59", "2025-04-06T03:00"},
    {"Africa/Casablanca",   "2026-02-15T02:00", 2, "2026-02-15T01:00", "2026-02-15T02:00"},
    {"Africa/Casablanca",   "2026-03-22T02:59", 0, "2026-03-22T01:59", "2026-03-22T03:00"},
    {"Africa/Casablanca",   "2027-03-14T03:00", 1, "2027-03-14T02:00", ""},
};
/* clang-format on */

static void expect_text(const char *what, const char *got, const char *want)
{
    if (strncmp(got, want, 16) != 0)
        fail_msg("%s: %.16s, not %s", what, got, want);
}

static struct ledger_wall wall_of(const char *text)
{
    struct ledger_wall wall;

    assert_int_equal(ledger_wall_parse(text, &wall), LEDGER_OK);
    return wall;
}

static void the_clocks_change_as_elsewhere(void **state)
{
    struct region r;

    (void)state;
    region_start(&r);
    for (size_t i = 0; i < sizeof case_rows / sizeof case_rows[0]; i++) {
        const struct ledger_zone *zone;
        struct ledger_wall wall = wall_of(case_rows[i].local);
        char text[LEDGER_TIME_TEXT];
        int64_t at_us;
        OK(&r, ledger_zone_need(r.l, case_rows[i].zone, &zone));
        if (case_rows[i].count == 0) {
            EXPECT(&r, LEDGER_TIME_SKIPPED,
                   ledger_wall_instant(r.l, "start", zone, wall, LEDGER_FOLD_EARLIER, &at_us));
            assert_string_equal(ledger_last_facts(r.l)->field, "start");
            assert_non_null(strstr(ledger_message(r.l), case_rows[i].first));
            assert_non_null(strstr(ledger_message(r.l), case_rows[i].second));
            continue;
        }
        if (case_rows[i].count == 2) {
            EXPECT(&r, LEDGER_TIME_TWICE,
                   ledger_wall_instant(r.l, "start", zone, wall, LEDGER_FOLD_UNSAID, &at_us));
            assert_non_null(strstr(ledger_message(r.l), case_rows[i].second));
            OK(&r, ledger_wall_instant(r.l, "start", zone, wall, LEDGER_FOLD_LATER, &at_us));
            expect_text(case_rows[i].local, ledger_time_format(at_us, text), case_rows[i].second);
        } else {
            OK(&r, ledger_wall_instant(r.l, "start", zone, wall, LEDGER_FOLD_UNSAID, &at_us));
        }
        OK(&r, ledger_wall_instant(r.l, "start", zone, wall, LEDGER_FOLD_EARLIER, &at_us));
        expect_text(case_rows[i].local, ledger_time_format(at_us, text), case_rows[i].first);
    }
    region_end(&r);
}

static const char *const zones[] = {"Europe/London", "Europe/Berlin", "America/Santiago",
                                    "Australia/Lord_Howe", "Africa/Casablanca"};

static struct ledger_wall wall_by_libc(int64_t at_us)
{
    time_t at_s = (time_t)(at_us / LEDGER_US_PER_SECOND);
    struct tm tm;

    assert_non_null(localtime_r(&at_s, &tm));
    return (struct ledger_wall){
        ledger_date_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday),
        tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec};
}

static bool same(struct ledger_wall a, struct ledger_wall b)
{
    return a.day == b.day && a.second == b.second;
}

/*
 * Each quarter of an hour of six years, both ways. That every instant found shows its local time, and that
 * there are as many as there are instants, leaves no room for one too few.
 */
static void the_c_library_agrees_on_each_quarter_of_an_hour(void **state)
{
    int32_t from = region_day("2025-01-02");
    int32_t to = region_day("2030-12-30");

    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        struct ledger_zone *zone;
        int64_t at_us[2], instants = 0, seen = 0;
        int skipped = 0, twice = 0;
        assert_int_equal(ledger_zone_open(zones[i], &zone), LEDGER_OK);
        assert_string_equal(ledger_zone_iana(zone), zones[i]);
        assert_int_equal(setenv("TZ", zones[i], 1), 0);
        tzset();
        for (struct ledger_wall w = {from, 0}; w.day < to; w.second += QUARTER_S) {
            if (w.second == 86400) {
                w = (struct ledger_wall){w.day + 1, -QUARTER_S};
                continue;
            }
            int found = ledger_zone_instants(zone, w, at_us);
            for (int k = 0; k < found; k++)
                assert_true(same(wall_by_libc(at_us[k]), w));
            instants += found;
            skipped += found == 0;
            twice += found == 2;
        }
        int64_t first_us = ledger_zone_day_start_us(zone, from);
        int64_t last_us = ledger_zone_day_start_us(zone, to);
        for (int64_t us = first_us; us < last_us; us += QUARTER_S * LEDGER_US_PER_SECOND, seen++)
            assert_true(same(ledger_zone_wall(zone, us), wall_by_libc(us)));
        assert_int_equal(instants, seen);
        assert_in_range(skipped, 12, 28); /* six changes or seven, of half an hour or an hour */
        assert_in_range(twice, 12, 28);
        ledger_zone_close(zone);
    }
    unsetenv("TZ");
    tzset();
}

static void a_zone_is_kept_and_gives_way(void **state)
{
    static const char *const more[] = {"UTC",           "Asia/Tokyo",  "Asia/Kolkata",
                                       "Europe/Paris",  "Europe/Rome", "Europe/Madrid",
                                       "Europe/Lisbon", "Europe/Oslo", "Europe/Dublin"};
    const struct ledger_zone *first, *zone;
    struct region r;

    (void)state;
    region_start(&r);
    OK(&r, ledger_zone_need(r.l, "Asia/Kathmandu", &first));
    OK(&r, ledger_zone_need(r.l, "Asia/Kathmandu", &zone));
    assert_ptr_equal(first, zone);
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        OK(&r, ledger_zone_need(r.l, more[i], &zone));
        assert_string_equal(ledger_zone_iana(zone), more[i]);
    }
    OK(&r, ledger_zone_need(r.l, "Asia/Kathmandu", &zone));
    assert_int_equal(ledger_zone_wall(zone, 0).second, 5 * 3600 + 30 * 60);
    EXPECT(&r, LEDGER_ZONE_UNKNOWN, ledger_zone_need(r.l, "Asia/Nowhere", &zone));
    region_end(&r);
}

static void the_version_is_that_of_the_files(void **state)
{
    char version[LEDGER_ZONE_VERSION];
    char first[64] = "";
    FILE *f = fopen("/usr/share/zoneinfo/tzdata.zi", "r");

    (void)state;
    ledger_zone_version(version);
    if (!f)
        return;
    assert_non_null(fgets(first, sizeof first, f));
    fclose(f);
    first[strcspn(first, "\n")] = '\0';
    assert_string_equal(first + strlen("# version "), version);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_local_time_is_read_in_one_way),
        cmocka_unit_test(the_clocks_change_as_elsewhere),
        cmocka_unit_test(the_c_library_agrees_on_each_quarter_of_an_hour),
        cmocka_unit_test(a_zone_is_kept_and_gives_way),
        cmocka_unit_test(the_version_is_that_of_the_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
