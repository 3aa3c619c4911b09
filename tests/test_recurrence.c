/* A rule gives the dates that RFC 5545 says, and ends. */
#include "support/region.h"

#include "ledger/recurrence.h"

#include <stdio.h>
#include <string.h>

/* The dates are those of python3-dateutil 2.8.2. */
/* clang-format off */
static const struct {
    const char *rule;
    const char *first;
    const char *dates;
} rows[] = {
    {"FREQ=WEEKLY;COUNT=5", "2026-12-01", "2026-12-01 2026-12-08 2026-12-15 2026-12-22 2026-12-29"},
    {"COUNT=2;FREQ=WEEKLY", "2026-12-01", "2026-12-01 2026-12-08"},
    {"FREQ=WEEKLY;BYDAY=MO,WE;COUNT=6", "2026-12-01", "2026-12-02 2026-12-07 2026-12-09 2026-12-14 2026-12-16 2026-12-21"},
    {"FREQ=WEEKLY;BYDAY=WE,WE;COUNT=3", "2026-12-01", "2026-12-02 2026-12-09 2026-12-16"},
    {"FREQ=MONTHLY;BYMONTHDAY=31,-1;COUNT=3", "2027-01-01", "2027-01-31 2027-02-28 2027-03-31"},
    {"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO;COUNT=6", "2026-12-02", "2026-12-06 2026-12-14 2026-12-20 2026-12-28 2027-01-03 2027-01-11"},
    {"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU;COUNT=6", "2026-12-02", "2026-12-13 2026-12-14 2026-12-27 2026-12-28 2027-01-10 2027-01-11"},
    {"FREQ=MONTHLY;COUNT=5", "2027-01-31", "2027-01-31 2027-03-31 2027-05-31 2027-07-31 2027-08-31"},
    {"FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=4", "2026-12-01", "2026-12-31 2027-01-31 2027-02-28 2027-03-31"},
    {"FREQ=MONTHLY;BYDAY=1TU;COUNT=4", "2026-12-01", "2026-12-01 2027-01-05 2027-02-02 2027-03-02"},
    {"FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270331", "2026-12-01", "2026-12-25 2027-01-29 2027-02-26 2027-03-26"},
    {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4", "2026-12-01", "2026-12-31 2027-01-29 2027-02-26 2027-03-31"},
    {"FREQ=DAILY;INTERVAL=10;COUNT=4", "2026-12-20", "2026-12-20 2026-12-30 2027-01-09 2027-01-19"},
    {"FREQ=DAILY;BYDAY=SA,SU;COUNT=4", "2026-12-01", "2026-12-05 2026-12-06 2026-12-12 2026-12-13"},
    {"FREQ=DAILY;BYMONTH=2;UNTIL=20280301", "2028-02-26", "2028-02-26 2028-02-27 2028-02-28 2028-02-29"},
    {"FREQ=WEEKLY;UNTIL=20261222", "2026-12-01", "2026-12-01 2026-12-08 2026-12-15 2026-12-22"},
    {"FREQ=DAILY;BYMONTHDAY=31;COUNT=3", "2027-01-01", "2027-01-31 2027-03-31 2027-05-31"},
    {"FREQ=MONTHLY;BYMONTHDAY=29;BYMONTH=2;UNTIL=20281231", "2027-01-01", "2028-02-29"},
    {"FREQ=MONTHLY;INTERVAL=3;BYDAY=2WE,-1WE;COUNT=5", "2026-11-02", "2026-11-11 2026-11-25 2027-02-10 2027-02-24 2027-05-12"},
    {"FREQ=WEEKLY;BYMONTH=1;BYDAY=TU;COUNT=5", "2026-12-01", "2027-01-05 2027-01-12 2027-01-19 2027-01-26 2028-01-04"},
};
/* clang-format on */

static void a_rule_gives_the_dates_that_others_give(void **state)
{
    int32_t days[LEDGER_RECURRENCE_MAX];
    int count;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char got[1024] = "";
        size_t size = 0;
        assert_int_equal(
            ledger_recurrence_days(rows[i].rule, region_day(rows[i].first), days, &count),
            LEDGER_OK);
        for (int k = 0; k < count; k++) {
            char date[LEDGER_DATE_TEXT];
            size += (size_t)snprintf(got + size, sizeof got - size, k ? " %s" : "%s",
                                     ledger_date_format(days[k], date));
        }
        if (strcmp(got, rows[i].dates) != 0)
            fail_msg("%s: %s, not %s", rows[i].rule, got, rows[i].dates);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    const char *rule;
    enum ledger_status outcome;
} refusals[] = {
    {"nothing",                    "",                                         LEDGER_RULE_MALFORMED},
    {"no frequency",               "COUNT=5",                                  LEDGER_RULE_MALFORMED},
    {"each second",                "FREQ=SECONDLY;COUNT=5",                    LEDGER_RULE_FREQUENCY},
    {"each minute",                "FREQ=MINUTELY;COUNT=5",                    LEDGER_RULE_FREQUENCY},
    {"each hour",                  "FREQ=HOURLY",                              LEDGER_RULE_FREQUENCY},
    {"each year",                  "FREQ=YEARLY;COUNT=2",                      LEDGER_RULE_FREQUENCY},
    {"a frequency of its own",     "FREQ=FORTNIGHTLY;COUNT=5",                 LEDGER_RULE_MALFORMED},
    {"small letters",              "freq=weekly;count=5",                      LEDGER_RULE_MALFORMED},
    {"no end",                     "FREQ=WEEKLY",                              LEDGER_RULE_ENDLESS},
    {"no end, with days",          "FREQ=WEEKLY;BYDAY=MO",                     LEDGER_RULE_ENDLESS},
    {"two ends",                   "FREQ=WEEKLY;COUNT=5;UNTIL=20261222",       LEDGER_RULE_MALFORMED},
    {"no times",                   "FREQ=WEEKLY;COUNT=0",                      LEDGER_RULE_MALFORMED},
    {"less than none",             "FREQ=WEEKLY;COUNT=-1",                     LEDGER_RULE_MALFORMED},
    {"366 dates",                  "FREQ=DAILY;COUNT=366",                     LEDGER_OK},
    {"and one more",               "FREQ=DAILY;COUNT=367",                     LEDGER_RULE_TOO_LONG},
    {"366 until a day",            "FREQ=DAILY;UNTIL=20271201",                LEDGER_OK},
    {"and a day later",            "FREQ=DAILY;UNTIL=20271202",                LEDGER_RULE_TOO_LONG},
    {"two years",                  "FREQ=WEEKLY;UNTIL=20281201",               LEDGER_OK},
    {"and a day",                  "FREQ=WEEKLY;UNTIL=20281202",               LEDGER_RULE_TOO_LONG},
    {"two years by count",         "FREQ=MONTHLY;COUNT=25",                    LEDGER_OK},
    {"and a month",                "FREQ=MONTHLY;COUNT=26",                    LEDGER_RULE_TOO_LONG},
    {"a count far too large",      "FREQ=MONTHLY;COUNT=99999999999999999999",  LEDGER_RULE_MALFORMED},
    {"an end before it begins",    "FREQ=WEEKLY;UNTIL=20261130",               LEDGER_RULE_EMPTY},
    {"a day that never is",        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2;COUNT=5", LEDGER_RULE_EMPTY},
    {"an end that is no day",      "FREQ=WEEKLY;UNTIL=20270229",               LEDGER_RULE_MALFORMED},
    {"an end with dashes",         "FREQ=WEEKLY;UNTIL=2027-02-28",             LEDGER_RULE_MALFORMED},
    {"an end at an instant",       "FREQ=WEEKLY;UNTIL=20270228T090000Z",       LEDGER_RULE_MALFORMED},
    {"an hour of its own",         "FREQ=WEEKLY;BYHOUR=9;COUNT=5",             LEDGER_RULE_MALFORMED},
    {"a part twice",               "FREQ=WEEKLY;COUNT=5;COUNT=6",              LEDGER_RULE_MALFORMED},
    {"a part of its own",          "FREQ=WEEKLY;COUNT=5;X-A=1",                LEDGER_RULE_MALFORMED},
    {"a calendar of others",       "RSCALE=CHINESE;FREQ=MONTHLY;COUNT=5",      LEDGER_RULE_MALFORMED},
    {"with its name in front",     "RRULE:FREQ=WEEKLY;COUNT=5",                LEDGER_RULE_MALFORMED},
    {"a semicolon at the end",     "FREQ=WEEKLY;COUNT=5;",                     LEDGER_RULE_MALFORMED},
    {"an empty part",              "FREQ=WEEKLY;;COUNT=5",                     LEDGER_RULE_MALFORMED},
    {"no interval",                "FREQ=WEEKLY;INTERVAL=0;COUNT=5",           LEDGER_RULE_MALFORMED},
    {"an interval beyond a year",  "FREQ=WEEKLY;INTERVAL=367;COUNT=5",         LEDGER_RULE_MALFORMED},
    {"two intervals",              "FREQ=WEEKLY;INTERVAL=1,2;COUNT=5",         LEDGER_RULE_MALFORMED},
    {"no such weekday",            "FREQ=WEEKLY;BYDAY=XX;COUNT=5",             LEDGER_RULE_MALFORMED},
    {"a sign alone",               "FREQ=MONTHLY;BYDAY=-MO;COUNT=5",           LEDGER_RULE_MALFORMED},
    {"the sixth Monday",           "FREQ=MONTHLY;BYDAY=6MO;COUNT=5",           LEDGER_RULE_MALFORMED},
    {"the first Monday of a week", "FREQ=WEEKLY;BYDAY=1MO;COUNT=5",            LEDGER_RULE_MALFORMED},
    {"a comma at the end",         "FREQ=WEEKLY;BYDAY=MO,;COUNT=5",            LEDGER_RULE_MALFORMED},
    {"the 32nd",                   "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=5",       LEDGER_RULE_MALFORMED},
    {"the 0th",                    "FREQ=MONTHLY;BYMONTHDAY=0;COUNT=5",        LEDGER_RULE_MALFORMED},
    {"a day of the month weekly",  "FREQ=WEEKLY;BYMONTHDAY=3;COUNT=5",         LEDGER_RULE_MALFORMED},
    {"month 13",                   "FREQ=MONTHLY;BYMONTH=13;COUNT=5",          LEDGER_RULE_MALFORMED},
    {"a place among nothing",      "FREQ=MONTHLY;BYSETPOS=1;COUNT=5",          LEDGER_RULE_MALFORMED},
    {"two first days of the week", "FREQ=WEEKLY;WKST=MO,TU;COUNT=5",           LEDGER_RULE_MALFORMED},
    {"a line more",                "FREQ=WEEKLY;COUNT=5\nFREQ=DAILY",          LEDGER_RULE_MALFORMED},
};
/* clang-format on */

static void what_is_no_rule_is_refused_by_its_own_code(void **state)
{
    int32_t days[LEDGER_RECURRENCE_MAX];
    struct region r;
    int count;

    (void)state;
    region_start(&r);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        enum ledger_status got =
            ledger_recurrence_expand(r.l, refusals[i].rule, region_day("2026-12-01"), days, &count);
        if (got != refusals[i].outcome)
            fail_msg("%s: %s", refusals[i].what, ledger_status_facts(got)->code);
        if (got != LEDGER_OK)
            assert_string_equal(ledger_last_facts(r.l)->field, "rule");
    }
    region_end(&r);
}

static void a_text_has_a_length(void **state)
{
    char rule[LEDGER_RULE_MAX + 2] = "FREQ=MONTHLY;COUNT=1;BYDAY=";
    int32_t days[LEDGER_RECURRENCE_MAX];
    int count;

    (void)state;
    for (int i = 0; i < 24; i++)
        strncat(rule, "0001MO,", sizeof rule - strlen(rule) - 1);
    size_t size = strlen(rule);
    strncat(rule, "001MO", sizeof rule - size - 1);
    assert_int_equal(strlen(rule), LEDGER_RULE_MAX);
    assert_int_equal(ledger_recurrence_days(rule, 0, days, &count), LEDGER_OK);
    memcpy(rule + size, "0001MO", 7);
    assert_int_equal(ledger_recurrence_days(rule, 0, days, &count), LEDGER_RULE_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_gives_the_dates_that_others_give),
        cmocka_unit_test(what_is_no_rule_is_refused_by_its_own_code),
        cmocka_unit_test(a_text_has_a_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
