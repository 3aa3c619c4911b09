/* The days of a time zone begin and end where its clocks say, past and far ahead. */
#include "support/region.h"

#include "ledger/date.h"
#include "ledger/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct ledger_zone *open_zone(const char *name)
{
    struct ledger_zone *zone = NULL;

    assert_int_equal(ledger_zone_open(name, &zone), LEDGER_OK);
    assert_non_null(zone);
    return zone;
}

/* clang-format off */
static const struct row {
    const char *what;
    const char *zone;
    const char *day;
    const char *starts;
    int hours; /* of the day */
} rows[] = {
    /* what it shows                           zone                   day           starts                         hours */
    {"a day of UTC",                           "UTC",                 "2026-03-29", "2026-03-29T00:00:00.000000Z",    24},
    {"before 1970",                            "UTC",                 "1969-12-31", "1969-12-31T00:00:00.000000Z",    24},
    {"winter in London",                       "Europe/London",       "2026-03-28", "2026-03-28T00:00:00.000000Z",    24},
    {"the clocks go forward",                  "Europe/London",       "2026-03-29", "2026-03-29T00:00:00.000000Z",    23},
    {"summer",                                 "Europe/London",       "2026-03-30", "2026-03-29T23:00:00.000000Z",    24},
    {"the clocks go back",                     "Europe/London",       "2026-10-25", "2026-10-24T23:00:00.000000Z",    25},
    {"winter again",                           "Europe/London",       "2026-10-26", "2026-10-26T00:00:00.000000Z",    24},
    {"a midnight that is skipped",             "America/Sao_Paulo",   "2017-10-15", "2017-10-15T03:00:00.000000Z",    23},
    {"the day before it",                      "America/Sao_Paulo",   "2017-10-14", "2017-10-14T03:00:00.000000Z",    24},
    {"back at midnight: the day before grows", "America/Sao_Paulo",   "2018-02-17", "2018-02-17T02:00:00.000000Z",    25},
    {"and the day begins once",                "America/Sao_Paulo",   "2018-02-18", "2018-02-18T03:00:00.000000Z",    24},
    {"skipped by the rule",                    "Asia/Beirut",         "2100-03-28", "2100-03-27T22:00:00.000000Z",    23},
    {"back at midnight by the rule",           "Asia/Beirut",         "2100-10-30", "2100-10-29T21:00:00.000000Z",    25},
    {"a midnight that comes twice: the first", "America/Havana",      "2026-11-01", "2026-11-01T04:00:00.000000Z",    25},
    {"another, a minute past it",              "America/St_Johns",    "2010-11-07", "2010-11-07T02:30:00.000000Z",    25},
    {"a day that never was",                   "Pacific/Apia",        "2011-12-30", "2011-12-30T10:00:00.000000Z",     0},
    {"and the one after it",                   "Pacific/Apia",        "2011-12-31", "2011-12-30T10:00:00.000000Z",    24},
    {"a quarter of an hour",                   "Asia/Kathmandu",      "2026-01-05", "2026-01-04T18:15:00.000000Z",    24},
    {"an offset of seconds, long ago",         "America/Sao_Paulo",   "1900-01-01", "1900-01-01T03:06:28.000000Z",    24},
    {"the rule: a far summer",                 "Europe/London",       "2200-07-01", "2200-06-30T23:00:00.000000Z",    24},
    {"the rule: the clocks go forward",        "Europe/London",       "2200-03-30", "2200-03-30T00:00:00.000000Z",    23},
    {"the rule: the clocks go back",           "Europe/London",       "2200-10-26", "2200-10-25T23:00:00.000000Z",    25},
    {"the rule in the last year",              "Europe/London",       "2229-10-25", "2229-10-24T23:00:00.000000Z",    25},
    {"summer at the turn of the year",         "Australia/Sydney",    "2150-01-15", "2150-01-14T13:00:00.000000Z",    24},
    {"far east of Greenwich, forward",         "Australia/Sydney",    "2150-10-04", "2150-10-03T14:00:00.000000Z",    23},
    {"far east of Greenwich, back",            "Australia/Sydney",    "2150-04-05", "2150-04-04T13:00:00.000000Z",    25},
    {"far west of it, forward",                "America/Los_Angeles", "2150-03-08", "2150-03-08T08:00:00.000000Z",    23},
    {"a standard time in summer",              "Europe/Dublin",       "2100-07-01", "2100-06-30T23:00:00.000000Z",    24},
    {"and less of it in winter",               "Europe/Dublin",       "2100-01-01", "2100-01-01T00:00:00.000000Z",    24},
    {"a rule with names of figures",           "America/Nuuk",        "2100-07-01", "2100-07-01T01:00:00.000000Z",    24},
    {"no rule: as it was last",                "America/Sao_Paulo",   "2200-01-01", "2200-01-01T03:00:00.000000Z",    24},
};
/* clang-format on */

static void a_day_begins_at_its_first_instant(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct ledger_zone *zone = open_zone(row->zone);
        int32_t day = region_day(row->day);
        int64_t start_us = ledger_zone_day_start_us(zone, day);
        int64_t end_us = ledger_zone_day_start_us(zone, day + 1);
        char text[LEDGER_TIME_TEXT];
        ledger_time_format(start_us, text);
        if (strcmp(text, row->starts) != 0 || end_us - start_us != row->hours * REGION_HOUR_US)
            fail_msg("%s: %s, %d hours", row->what, text,
                     (int)((end_us - start_us) / REGION_HOUR_US));
        ledger_zone_close(zone);
    }
}

static const char *const zones[] = {
    "UTC",          "Europe/London",  "America/Sao_Paulo",   "Asia/Beirut",
    "Pacific/Apia", "America/Havana", "Australia/Lord_Howe", "Europe/Dublin",
};

/* Days follow one another without gap or overlap, over all the days that there are. */
static void a_day_is_what_lies_between_its_start_and_the_next(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        struct ledger_zone *zone = open_zone(zones[i]);
        int64_t start_us = ledger_zone_day_start_us(zone, LEDGER_DAY_MIN);
        int skipped = 0;
        for (int32_t day = LEDGER_DAY_MIN; day <= LEDGER_DAY_MAX; day++) {
            int64_t end_us = ledger_zone_day_start_us(zone, day + 1);
            assert_true(ledger_zone_day(zone, start_us - 1) < day);
            assert_true(end_us >= start_us);
            skipped += end_us == start_us;
            for (int64_t at_us = start_us; at_us < end_us; at_us += REGION_HOUR_US)
                assert_int_equal(ledger_zone_day(zone, at_us), day);
            if (end_us > start_us)
                assert_int_equal(ledger_zone_day(zone, end_us - 1), day);
            start_us = end_us;
        }
        assert_int_equal(skipped, strcmp(zones[i], "Pacific/Apia") == 0);
        ledger_zone_close(zone);
    }
}

static int32_t day_by_libc(int64_t at_us)
{
    time_t at_s = (time_t)(at_us / LEDGER_US_PER_SECOND - (at_us % LEDGER_US_PER_SECOND < 0));
    struct tm tm;

    assert_non_null(localtime_r(&at_s, &tm));
    return ledger_date_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static void the_c_library_agrees_on_the_day(void **state)
{
    (void)state;
    const int64_t step_us = 7 * REGION_HOUR_US - 1;

    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        struct ledger_zone *zone = open_zone(zones[i]);
        assert_int_equal(setenv("TZ", zones[i], 1), 0);
        tzset();
        for (int32_t day = LEDGER_DAY_MIN; day <= LEDGER_DAY_MAX; day++) {
            int64_t start_us = ledger_zone_day_start_us(zone, day);
            for (int64_t at_us = start_us - 1; at_us < start_us + 3 * step_us; at_us += step_us)
                assert_int_equal(ledger_zone_day(zone, at_us), day_by_libc(at_us));
        }
        ledger_zone_close(zone);
    }
    unsetenv("TZ");
    tzset();
}

#define SLASHES "//////////"
#define FIFTY SLASHES SLASHES SLASHES SLASHES SLASHES

/* clang-format off */
static const struct {
    const char *what;
    const char *name;
    enum ledger_status outcome;
} name_rows[] = {
    /* what it shows              name                              outcome */
    {"a place",                   "Europe/London",                  LEDGER_OK},
    {"UTC",                       "UTC",                            LEDGER_OK},
    {"a sign in the name",        "Etc/GMT+5",                      LEDGER_OK},
    {"three parts",               "America/Argentina/Buenos_Aires", LEDGER_OK},
    {"64 bytes",                  "Etc" FIFTY "////////UTC",        LEDGER_OK},
    {"65 bytes",                  "Etc" FIFTY "/////////UTC",       LEDGER_ZONE_UNKNOWN},
    {"nothing",                   "",                               LEDGER_ZONE_UNKNOWN},
    {"no such place",             "Europe/Nowhere",                 LEDGER_ZONE_UNKNOWN},
    {"small letters",             "europe/london",                  LEDGER_ZONE_UNKNOWN},
    {"a folder",                  "Europe",                         LEDGER_ZONE_UNKNOWN},
    {"a folder with its slash",   "Europe/",                        LEDGER_ZONE_UNKNOWN},
    {"below a place",             "Europe/London/Soho",             LEDGER_ZONE_UNKNOWN},
    {"a table that is no zone",   "zone1970.tab",                   LEDGER_ZONE_UNKNOWN},
    {"a list that is no zone",    "leapseconds",                    LEDGER_ZONE_UNKNOWN},
    {"a whole path",              "/usr/share/zoneinfo/UTC",        LEDGER_ZONE_UNKNOWN},
    {"a slash in front",          "/UTC",                           LEDGER_ZONE_UNKNOWN},
    {"upwards",                   "..",                             LEDGER_ZONE_UNKNOWN},
    {"upwards and back",          "../zoneinfo/UTC",                LEDGER_ZONE_UNKNOWN},
    {"upwards within",            "Europe/../UTC",                  LEDGER_ZONE_UNKNOWN},
    {"out of tzdata",             "../../../etc/localtime",         LEDGER_ZONE_UNKNOWN},
    {"the machine's own",         "localtime",                      LEDGER_ZONE_UNKNOWN},
    {"with leap seconds",         "right/Europe/London",            LEDGER_ZONE_UNKNOWN},
    {"where it stands",           "./UTC",                          LEDGER_ZONE_UNKNOWN},
    {"a blank behind",            "UTC ",                           LEDGER_ZONE_UNKNOWN},
    {"a line end",                "UTC\n",                          LEDGER_ZONE_UNKNOWN},
    {"a colon in front",          ":UTC",                           LEDGER_ZONE_UNKNOWN},
    {"a rule in place of a name", "GMT0BST,M3.5.0/1,M10.5.0",       LEDGER_ZONE_UNKNOWN},
    {"letters with accents",      "America/S\xC3\xA3o_Paulo",       LEDGER_ZONE_UNKNOWN},
};
/* clang-format on */

static void a_name_leads_to_a_zone_or_to_nothing(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof name_rows / sizeof name_rows[0]; i++) {
        struct ledger_zone *zone = NULL;
        enum ledger_status got = ledger_zone_open(name_rows[i].name, &zone);
        if (got != name_rows[i].outcome || (zone != NULL) != (got == LEDGER_OK))
            fail_msg("%s: %s", name_rows[i].what, ledger_status_facts(got)->code);
        if (zone)
            ledger_zone_close(zone);
    }
}

static size_t put(unsigned char *at, int64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, value >>= 8)
        at[i] = (unsigned char)value;
    return (size_t)bytes;
}

/* A header and its counts: `times`, one type, one character. */
static size_t put_header(unsigned char *at, int times)
{
    memset(at, 0, 44);
    memcpy(at, "TZif2", 5);
    put(at + 32, times, 4);
    put(at + 36, 1, 4);
    put(at + 40, 1, 4);
    return 44;
}

/* A file with one transition at `at_s` to `offset_s`, and the rule `footer`. */
static enum ledger_status read_made(int64_t at_s, int64_t offset_s, const char *footer,
                                    struct ledger_zone **zone)
{
    unsigned char bytes[400];
    size_t n = put_header(bytes, 0);

    memset(bytes + n, 0, 7);
    n += 7;
    n += put_header(bytes + n, 1);
    n += put(bytes + n, at_s, 8);
    n += put(bytes + n, 0, 1);
    n += put(bytes + n, offset_s, 4);
    n += put(bytes + n, 0, 3);
    n += (size_t)snprintf((char *)bytes + n, sizeof bytes - n, "\n%s\n", footer);
    return ledger_zone_read(bytes, n, zone);
}

static void a_file_is_sound_or_no_zone(void **state)
{
    /* clang-format off */
    static const struct {
        const char *what;
        int64_t at_s;
        int64_t offset_s;
        const char *footer;
        enum ledger_status outcome;
    } made[] = {
        {"no rule",                       0,                0,      "",                              LEDGER_OK},
        {"a rule",                        0,                0,      "CET-1CEST,M3.5.0,M10.5.0/3",    LEDGER_OK},
        {"a name that is none",           0,                0,      "A-AA0",                         LEDGER_ZONE_UNKNOWN},
        {"Julian days",                   0,                0,      "AAA0BBB,J60/2,J365/-167:59:59", LEDGER_OK},
        {"counted days",                  0,                0,      "<+00>0<+01>-1,0/0,365/167",     LEDGER_OK},
        {"a day too many",                0,                0,      "AAA0BBB,J60,J366",              LEDGER_ZONE_UNKNOWN},
        {"no month",                      0,                0,      "AAA0BBB,M0.1.0,M10.5.0",        LEDGER_ZONE_UNKNOWN},
        {"no week",                       0,                0,      "AAA0BBB,M1.0.0,M10.5.0",        LEDGER_ZONE_UNKNOWN},
        {"a blank in a number",           0,                0,      "AAA 0",                         LEDGER_ZONE_UNKNOWN},
        {"two signs",                     0,                0,      "AAA+-1",                        LEDGER_ZONE_UNKNOWN},
        {"60 minutes",                    0,                0,      "AAA1:60",                       LEDGER_ZONE_UNKNOWN},
        {"half a rule",                   0,                0,      "AAA0BBB,M3.5.0",                LEDGER_ZONE_UNKNOWN},
        {"a colon at the end",            0,                0,      "AAA1:00:00:",                   LEDGER_ZONE_UNKNOWN},
        {"as far as a clock may be",      0,            93600,      "",                              LEDGER_OK},
        {"and a second more",             0,            93601,      "",                              LEDGER_ZONE_UNKNOWN},
        {"the other way",                 0,           -93601,      "",                              LEDGER_ZONE_UNKNOWN},
        {"years from Greenwich",          0,        INT32_MAX,      "",                              LEDGER_ZONE_UNKNOWN},
        {"a rule far from Greenwich",     0,                0,      "AAA27BBB,M3.5.0,M10.5.0",       LEDGER_ZONE_UNKNOWN},
        {"a change beyond all days",      INT64_C(1) << 50, 0,      "AAA0BBB,M3.5.0,M10.5.0",        LEDGER_OK},
        {"and before them",               -(INT64_C(1) << 59), 0,   "AAA0BBB,M3.5.0,M10.5.0",        LEDGER_OK},
        {"at the end of counting",        INT64_MAX,        0,      "AAA0BBB,M3.5.0,M10.5.0",        LEDGER_OK},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        struct ledger_zone *zone;
        enum ledger_status got = read_made(made[i].at_s, made[i].offset_s, made[i].footer, &zone);
        if (got != made[i].outcome)
            fail_msg("%s: %s", made[i].what, ledger_status_facts(got)->code);
        ledger_zone_close(zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_begins_at_its_first_instant),
        cmocka_unit_test(a_day_is_what_lies_between_its_start_and_the_next),
        cmocka_unit_test(the_c_library_agrees_on_the_day),
        cmocka_unit_test(a_name_leads_to_a_zone_or_to_nothing),
        cmocka_unit_test(a_file_is_sound_or_no_zone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
