/* A day is a day of the calendar, an instant is written in one way, a length of time ends. */
#include "support/region.h"

#include "ledger/date.h"

#include <inttypes.h>
#include <string.h>

#define UNTOUCHED (-777)

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    enum ledger_status outcome;
    int32_t day;
} date_rows[] = {
    /* what it shows            text                    outcome                day */
    {"the first of all",        "1970-01-01",           LEDGER_OK,             0},
    {"the day before",          "1969-12-31",           LEDGER_OK,             -1},
    {"any day",                 "2026-03-02",           LEDGER_OK,             20514},
    {"the lower bound",         "1900-01-01",           LEDGER_OK,             LEDGER_DAY_MIN},
    {"and a day before",        "1899-12-31",           LEDGER_DATE_MALFORMED, 0},
    {"the upper bound",         "2230-03-05",           LEDGER_OK,             LEDGER_DAY_MAX},
    {"and a day after",         "2230-03-06",           LEDGER_DATE_MALFORMED, 0},
    {"a leap day",              "2024-02-29",           LEDGER_OK,             19782},
    {"the leap day of 2000",    "2000-02-29",           LEDGER_OK,             11016},
    {"no leap year",            "2026-02-29",           LEDGER_DATE_MALFORMED, 0},
    {"no leap year by the 100", "2100-02-29",           LEDGER_DATE_MALFORMED, 0},
    {"30 February",             "2024-02-30",           LEDGER_DATE_MALFORMED, 0},
    {"31 April",                "2026-04-31",           LEDGER_DATE_MALFORMED, 0},
    {"32 January",              "2026-01-32",           LEDGER_DATE_MALFORMED, 0},
    {"day 0",                   "2026-01-00",           LEDGER_DATE_MALFORMED, 0},
    {"month 0",                 "2026-00-01",           LEDGER_DATE_MALFORMED, 0},
    {"month 13",                "2026-13-01",           LEDGER_DATE_MALFORMED, 0},
    {"year 0",                  "0000-01-01",           LEDGER_DATE_MALFORMED, 0},
    {"nothing",                 "",                     LEDGER_DATE_MALFORMED, 0},
    {"no zeros in front",       "2026-3-2",             LEDGER_DATE_MALFORMED, 0},
    {"a year of two figures",   "26-03-02",             LEDGER_DATE_MALFORMED, 0},
    {"a year of five",          "12026-03-02",          LEDGER_DATE_MALFORMED, 0},
    {"no dashes",               "20260302",             LEDGER_DATE_MALFORMED, 0},
    {"slashes",                 "2026/03/02",           LEDGER_DATE_MALFORMED, 0},
    {"the day first",           "02-03-2026",           LEDGER_DATE_MALFORMED, 0},
    {"a blank in front",        " 2026-03-02",          LEDGER_DATE_MALFORMED, 0},
    {"a blank behind",          "2026-03-02 ",          LEDGER_DATE_MALFORMED, 0},
    {"a blank within",          "2026- 3-02",           LEDGER_DATE_MALFORMED, 0},
    {"a sign",                  "-026-03-02",           LEDGER_DATE_MALFORMED, 0},
    {"cut short",               "2026-03-0",            LEDGER_DATE_MALFORMED, 0},
    {"a time behind",           "2026-03-02T00:00:00Z", LEDGER_DATE_MALFORMED, 0},
    {"a month in words",        "2026-Mar-02",          LEDGER_DATE_MALFORMED, 0},
    {"what comes after 9",      "2026-0:-02",           LEDGER_DATE_MALFORMED, 0},
    {"what comes before 0",     "2026-03-1/",           LEDGER_DATE_MALFORMED, 0},
};
/* clang-format on */

static void only_a_day_that_exists_is_a_date(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof date_rows / sizeof date_rows[0]; i++) {
        int32_t day = UNTOUCHED;
        enum ledger_status got = ledger_date_parse(date_rows[i].text, &day);
        int32_t wanted = got == LEDGER_OK ? date_rows[i].day : UNTOUCHED;
        if (got != date_rows[i].outcome || day != wanted)
            fail_msg("%s: %s, %d", date_rows[i].what, ledger_status_facts(got)->code, day);
    }
}

struct civil {
    int year, month, day;
};

static int days_in(const struct civil *c)
{
    bool leap = c->year % 4 == 0 && (c->year % 100 != 0 || c->year % 400 == 0);

    if (c->month == 2)
        return leap ? 29 : 28;
    return c->month == 4 || c->month == 6 || c->month == 9 || c->month == 11 ? 30 : 31;
}

static void step(struct civil *c)
{
    if (c->day++ < days_in(c))
        return;
    c->day = 1;
    if (c->month++ < 12)
        return;
    c->month = 1;
    c->year++;
}

/* From Monday 1900-01-01 on, one day after another. */
static void every_day_is_told_and_read_back(void **state)
{
    (void)state;
    struct civil c = {1900, 1, 1};
    int weekday = 1;

    for (int32_t day = LEDGER_DAY_MIN; day <= LEDGER_DAY_MAX; day++, step(&c)) {
        int year, month, day_of_month;
        char text[LEDGER_DATE_TEXT];
        int32_t read;
        ledger_date_to_civil(day, &year, &month, &day_of_month);
        if (year != c.year || month != c.month || day_of_month != c.day)
            fail_msg("day %d is %d-%d-%d", day, year, month, day_of_month);
        assert_int_equal(ledger_date_from_civil(c.year, c.month, c.day), day);
        assert_int_equal(ledger_date_weekday(day), weekday);
        assert_int_equal(ledger_date_month_start(day), day - c.day + 1);
        assert_int_equal(ledger_date_month_end(day), day + days_in(&c) - c.day);
        assert_int_equal(ledger_date_parse(ledger_date_format(day, text), &read), LEDGER_OK);
        assert_int_equal(read, day);
        weekday = weekday % 7 + 1;
    }
    assert_int_equal(c.year, 2230);
}

static void a_date_is_written_in_ten_characters(void **state)
{
    (void)state;
    char text[LEDGER_DATE_TEXT];

    assert_ptr_equal(ledger_date_format(0, text), text);
    assert_string_equal(text, "1970-01-01");
    assert_string_equal(ledger_date_format(LEDGER_DAY_MIN, text), "1900-01-01");
    assert_string_equal(ledger_date_format(LEDGER_DAY_MAX, text), "2230-03-05");
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    enum ledger_status outcome;
    const char *written;
} time_rows[] = {
    /* what it shows                 text                               outcome                written */
    {"the epoch",                    "1970-01-01T00:00:00Z",            LEDGER_OK,             "1970-01-01T00:00:00.000000Z"},
    {"just before it",               "1969-12-31T23:59:59.999999Z",     LEDGER_OK,             "1969-12-31T23:59:59.999999Z"},
    {"east of Greenwich",            "2026-03-02T01:30:00+02:00",       LEDGER_OK,             "2026-03-01T23:30:00.000000Z"},
    {"west of it",                   "2026-12-31T23:00:00-03:30",       LEDGER_OK,             "2027-01-01T02:30:00.000000Z"},
    {"the widest offset",            "2026-03-02T00:00:00+23:59",       LEDGER_OK,             "2026-03-01T00:01:00.000000Z"},
    {"an offset of nothing",         "2026-03-02T00:00:00+00:00",       LEDGER_OK,             "2026-03-02T00:00:00.000000Z"},
    {"an unknown offset",            "2026-03-02T00:00:00-00:00",       LEDGER_OK,             "2026-03-02T00:00:00.000000Z"},
    {"one decimal",                  "2026-03-02T00:00:00.5Z",          LEDGER_OK,             "2026-03-02T00:00:00.500000Z"},
    {"six",                          "2026-03-02T00:00:00.000001Z",     LEDGER_OK,             "2026-03-02T00:00:00.000001Z"},
    {"nine, of which three are cut", "2026-03-02T00:00:00.123456999Z",  LEDGER_OK,             "2026-03-02T00:00:00.123456Z"},
    {"cut, not rounded, below zero", "1960-03-02T00:00:00.999999999Z",  LEDGER_OK,             "1960-03-02T00:00:00.999999Z"},
    {"the last second",              "2026-03-02T23:59:59Z",            LEDGER_OK,             "2026-03-02T23:59:59.000000Z"},
    {"a small t and z",              "2026-03-02t12:00:00z",            LEDGER_OK,             "2026-03-02T12:00:00.000000Z"},
    {"a blank for T",                "2026-03-02 12:00:00Z",            LEDGER_OK,             "2026-03-02T12:00:00.000000Z"},
    {"decimals before an offset",    "2026-03-02T12:00:00.25+01:00",    LEDGER_OK,             "2026-03-02T11:00:00.250000Z"},
    {"the first day",                "1900-01-01T00:00:00Z",            LEDGER_OK,             "1900-01-01T00:00:00.000000Z"},
    {"the last day",                 "2230-03-05T23:59:59Z",            LEDGER_OK,             "2230-03-05T23:59:59.000000Z"},
    {"beyond it",                    "2230-03-06T00:00:00Z",            LEDGER_TIME_MALFORMED, NULL},
    {"before the first",             "1899-12-31T23:59:59Z",            LEDGER_TIME_MALFORMED, NULL},
    {"second 60",                    "2016-12-31T23:59:60Z",            LEDGER_TIME_MALFORMED, NULL},
    {"minute 60",                    "2026-03-02T12:60:00Z",            LEDGER_TIME_MALFORMED, NULL},
    {"hour 24",                      "2026-03-02T24:00:00Z",            LEDGER_TIME_MALFORMED, NULL},
    {"an offset of 24 hours",        "2026-03-02T12:00:00+24:00",       LEDGER_TIME_MALFORMED, NULL},
    {"an offset of 60 minutes",      "2026-03-02T12:00:00+01:60",       LEDGER_TIME_MALFORMED, NULL},
    {"an offset without its colon",  "2026-03-02T12:00:00+0100",        LEDGER_TIME_MALFORMED, NULL},
    {"an offset without minutes",    "2026-03-02T12:00:00+01",          LEDGER_TIME_MALFORMED, NULL},
    {"no offset",                    "2026-03-02T12:00:00",             LEDGER_TIME_MALFORMED, NULL},
    {"a zone by name",               "2026-03-02T12:00:00 UTC",         LEDGER_TIME_MALFORMED, NULL},
    {"a point without decimals",     "2026-03-02T12:00:00.Z",           LEDGER_TIME_MALFORMED, NULL},
    {"ten decimals",                 "2026-03-02T12:00:00.1234567890Z", LEDGER_TIME_MALFORMED, NULL},
    {"a decimal comma",              "2026-03-02T12:00:00,5Z",          LEDGER_TIME_MALFORMED, NULL},
    {"no seconds",                   "2026-03-02T12:00Z",               LEDGER_TIME_MALFORMED, NULL},
    {"one figure",                   "2026-03-02T1:00:00Z",             LEDGER_TIME_MALFORMED, NULL},
    {"a day only",                   "2026-03-02",                      LEDGER_TIME_MALFORMED, NULL},
    {"a day that is none",           "2026-02-30T12:00:00Z",            LEDGER_TIME_MALFORMED, NULL},
    {"another letter for T",         "2026-03-02_12:00:00Z",            LEDGER_TIME_MALFORMED, NULL},
    {"more behind",                  "2026-03-02T12:00:00Z ",           LEDGER_TIME_MALFORMED, NULL},
    {"a basic format",               "20260302T120000Z",                LEDGER_TIME_MALFORMED, NULL},
    {"a count of seconds",           "1772452800",                      LEDGER_TIME_MALFORMED, NULL},
    {"nothing",                      "",                                LEDGER_TIME_MALFORMED, NULL},
};
/* clang-format on */

static void an_instant_is_read_by_rfc_3339_and_written_in_utc(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof time_rows / sizeof time_rows[0]; i++) {
        int64_t at_us = UNTOUCHED;
        char text[LEDGER_TIME_TEXT];
        enum ledger_status got = ledger_time_parse(time_rows[i].text, &at_us);
        bool right = got == LEDGER_OK
                         ? time_rows[i].written &&
                               strcmp(ledger_time_format(at_us, text), time_rows[i].written) == 0
                         : at_us == UNTOUCHED;
        if (got != time_rows[i].outcome || !right)
            fail_msg("%s: %s, %" PRId64, time_rows[i].what, ledger_status_facts(got)->code, at_us);
    }
}

static void an_instant_is_its_day_and_what_is_past_of_it(void **state)
{
    (void)state;
    uint64_t seed = 9;

    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int32_t day =
            LEDGER_DAY_MIN + (int32_t)((seed >> 40) % (LEDGER_DAY_MAX - LEDGER_DAY_MIN + 1));
        int64_t at_us = day * LEDGER_US_PER_DAY + (int64_t)((seed >> 20) % LEDGER_US_PER_DAY);
        char date[LEDGER_DATE_TEXT];
        char text[LEDGER_TIME_TEXT];
        int64_t read;
        ledger_time_format(at_us, text);
        assert_int_equal(strlen(text), LEDGER_TIME_TEXT - 1);
        assert_memory_equal(text, ledger_date_format(day, date), LEDGER_DATE_TEXT - 1);
        assert_int_equal(ledger_time_parse(text, &read), LEDGER_OK);
        assert_int_equal(read, at_us);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    enum ledger_status outcome;
    int64_t minutes;
} duration_rows[] = {
    {"minutes",                 "30m",     LEDGER_OK,                        30},
    {"hours",                   "24h",     LEDGER_OK,                   24 * 60},
    {"days",                    "90d",     LEDGER_OK,              90 * 24 * 60},
    {"the shortest",            "1m",      LEDGER_OK,                         1},
    {"the longest in days",     "400d",    LEDGER_OK,             400 * 24 * 60},
    {"a day more",              "401d",    LEDGER_TIME_MALFORMED,             0},
    {"the longest in hours",    "9600h",   LEDGER_OK,             400 * 24 * 60},
    {"an hour more",            "9601h",   LEDGER_TIME_MALFORMED,             0},
    {"the longest in minutes",  "576000m", LEDGER_OK,             400 * 24 * 60},
    {"a minute more",           "576001m", LEDGER_TIME_MALFORMED,             0},
    {"forty digits",            "1111111111111111111111111111111111111111d", LEDGER_TIME_MALFORMED,             0},
    {"what 64 bits would wrap", "18446744073709551617d", LEDGER_TIME_MALFORMED,             0},
    {"no time",                 "0d",      LEDGER_TIME_MALFORMED,             0},
    {"less than none",          "-1d",     LEDGER_TIME_MALFORMED,             0},
    {"a plus",                  "+1d",     LEDGER_TIME_MALFORMED,             0},
    {"half a day",              "0.5d",    LEDGER_TIME_MALFORMED,             0},
    {"no unit",                 "30",      LEDGER_TIME_MALFORMED,             0},
    {"no number",               "d",       LEDGER_TIME_MALFORMED,             0},
    {"seconds",                 "30s",     LEDGER_TIME_MALFORMED,             0},
    {"a capital",               "30D",     LEDGER_TIME_MALFORMED,             0},
    {"two letters",             "30dd",    LEDGER_TIME_MALFORMED,             0},
    {"two units",               "1d2h",    LEDGER_TIME_MALFORMED,             0},
    {"a blank",                 "30 d",    LEDGER_TIME_MALFORMED,             0},
    {"ISO 8601",                "P30D",    LEDGER_TIME_MALFORMED,             0},
    {"nothing",                 "",        LEDGER_TIME_MALFORMED,             0},
};
/* clang-format on */

static void a_length_of_time_is_a_number_and_a_letter(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof duration_rows / sizeof duration_rows[0]; i++) {
        int64_t us = UNTOUCHED;
        enum ledger_status got = ledger_duration_parse(duration_rows[i].text, &us);
        int64_t wanted =
            got == LEDGER_OK ? duration_rows[i].minutes * 60 * LEDGER_US_PER_SECOND : UNTOUCHED;
        if (got != duration_rows[i].outcome || us != wanted)
            fail_msg("%s: %s, %" PRId64, duration_rows[i].what, ledger_status_facts(got)->code, us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_day_that_exists_is_a_date),
        cmocka_unit_test(every_day_is_told_and_read_back),
        cmocka_unit_test(a_date_is_written_in_ten_characters),
        cmocka_unit_test(an_instant_is_read_by_rfc_3339_and_written_in_utc),
        cmocka_unit_test(an_instant_is_its_day_and_what_is_past_of_it),
        cmocka_unit_test(a_length_of_time_is_a_number_and_a_letter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
