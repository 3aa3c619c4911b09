/* Due dates by weeks and months, at the ends of months and of the calendar. */
#include "support/region.h"

#include "ledger/cadence.h"

#include <stdio.h>
#include <string.h>

#define DATES 5
#define LAST LEDGER_CADENCE_LAST
#define UNSAID LEDGER_CADENCE_UNSAID
#define WEEK LEDGER_WEEKLY
#define MONTH LEDGER_MONTHLY
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct row {
    enum ledger_cadence_unit unit;
    int every;
    int day;
    const char *from;
    const char *words;
    const char *dates[DATES];
} rows[] = {
    {WEEK,
     1,
     5,
     "2026-11-28",
     "every week on Friday",
     {"2026-12-04", "2026-12-11", "2026-12-18", "2026-12-25", "2027-01-01"}},
    {WEEK,
     1,
     6,
     "2026-11-28",
     "every week on Saturday",
     {"2026-11-28", "2026-12-05", "2026-12-12", "2026-12-19", "2026-12-26"}},
    {WEEK,
     2,
     UNSAID,
     "2026-11-29",
     "every 2 weeks on Sunday",
     {"2026-11-29", "2026-12-13", "2026-12-27", "2027-01-10", "2027-01-24"}},
    {WEEK,
     52,
     1,
     "2027-12-31",
     "every 52 weeks on Monday",
     {"2028-01-03", "2029-01-01", "2029-12-31", "2030-12-30", "2031-12-29"}},
    {MONTH,
     1,
     1,
     "2026-11-02",
     "every month on day 1",
     {"2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01"}},
    {MONTH,
     1,
     31,
     "2027-12-31",
     "every month on day 31",
     {"2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"}},
    {MONTH,
     1,
     30,
     "2027-01-31",
     "every month on day 30",
     {"2027-02-28", "2027-03-30", "2027-04-30", "2027-05-30", "2027-06-30"}},
    {MONTH,
     12,
     29,
     "2027-02-01",
     "every 12 months on day 29",
     {"2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28"}},
    {MONTH,
     1,
     LAST,
     "2028-01-31",
     "every month on the last day",
     {"2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30", "2028-05-31"}},
    {MONTH,
     3,
     UNSAID,
     "2026-11-30",
     "every 3 months on day 30",
     {"2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30"}},
    {MONTH,
     24,
     15,
     "2026-12-16",
     "every 24 months on day 15",
     {"2027-01-15", "2029-01-15", "2031-01-15", "2033-01-15", "2035-01-15"}},
    {WEEK, 52, UNSAID, "2229-03-06", "every 52 weeks on Friday", {"2229-03-06", "2230-03-05"}},
    {MONTH, 1, 31, "2230-02-01", "every month on day 31", {"2230-02-28"}},
    {WEEK, 1, 4, "2230-03-05", "every week on Thursday", {0}},
    {MONTH, 1, LAST, "2230-03-05", "every month on the last day", {0}},
};

static void expect(const struct row *row, int n, int32_t day)
{
    int32_t want = row->dates[n] ? region_day(row->dates[n]) : LEDGER_DAY_MAX + 1;
    char text[LEDGER_DATE_TEXT];

    if (day != want)
        fail_msg("%s from %s: date %d is %s", row->words, row->from, n + 1,
                 ledger_date_format(day, text));
}

static void dates_are_counted_from_the_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ledger_cadence c = {rows[i].unit, rows[i].every, rows[i].day};
        int32_t first = ledger_cadence_first(&c, region_day(rows[i].from));
        char words[LEDGER_CADENCE_TEXT];

        assert_string_equal(ledger_cadence_format(&c, words), rows[i].words);
        expect(&rows[i], 0, first);
        for (int n = 1; n < DATES && first <= LEDGER_DAY_MAX; n++)
            expect(&rows[i], n, ledger_cadence_date(&c, first, n + 1));
    }
}

/* However long it goes on: no date before its own, none twice, and the calendar's end is an end. */
static void dates_increase_to_the_end_of_the_calendar(void **state)
{
    (void)state;
    for (int day = LAST; day <= 31; day++) {
        struct ledger_cadence c = {MONTH, 1, day};
        int32_t first = ledger_cadence_first(&c, region_day("2026-01-01"));
        int32_t before = first;
        int64_t n = 2;

        for (;; n++) {
            int32_t next = ledger_cadence_date(&c, first, n);
            if (next > LEDGER_DAY_MAX)
                break;
            assert_in_range(next - before, 28, 31);
            before = next;
        }
        assert_in_range(n, 204 * 12 + 2, 204 * 12 + 4);
        assert_true(ledger_cadence_date(&c, first, INT32_MAX) > LEDGER_DAY_MAX);
    }
}

static const struct day {
    enum ledger_cadence_unit unit;
    const char *text;
    int day; /* -2: refused */
} days[] = {{WEEK, "monday", 1},  {WEEK, "sunday", 7},   {WEEK, "Monday", -2},  {WEEK, "1", -2},
            {WEEK, "last", -2},   {WEEK, NULL, UNSAID},  {WEEK, "", -2},        {MONTH, "1", 1},
            {MONTH, "31", 31},    {MONTH, "last", LAST}, {MONTH, NULL, UNSAID}, {MONTH, "0", -2},
            {MONTH, "32", -2},    {MONTH, "-1", -2},     {MONTH, "monday", -2}, {MONTH, "1.", -2},
            {MONTH, "001", -2},   {MONTH, "09", 9},      {MONTH, "", -2},       {MONTH, " 9", -2},
            {MONTH, "999999", -2}};

static void days_are_read_and_written(void **state)
{
    struct region r;

    (void)state;
    region_start(&r);
    for (size_t i = 0; i < COUNT(days); i++) {
        int day = -2;
        enum ledger_status st = ledger_cadence_day_parse(r.l, days[i].unit, days[i].text, &day);

        if ((st == LEDGER_OK ? day : -2) != days[i].day)
            fail_msg("\"%s\" is %d", days[i].text ? days[i].text : "NULL", day);
        assert_true(st == LEDGER_OK || st == LEDGER_DUE_DAY_MALFORMED);
    }
    region_end(&r);
}

static const struct check {
    struct ledger_cadence cadence;
    enum ledger_status status;
} checks[] = {
    {{WEEK, 0, 1}, LEDGER_INTERVAL_MALFORMED},
    {{WEEK, 1, 1}, LEDGER_OK},
    {{WEEK, 52, 7}, LEDGER_OK},
    {{WEEK, 53, 1}, LEDGER_INTERVAL_MALFORMED},
    {{MONTH, 0, 1}, LEDGER_INTERVAL_MALFORMED},
    {{MONTH, 1, 31}, LEDGER_OK},
    {{MONTH, 24, LAST}, LEDGER_OK},
    {{MONTH, 25, 1}, LEDGER_INTERVAL_MALFORMED},
    {{WEEK, 1, 8}, LEDGER_DUE_DAY_MALFORMED},
    {{WEEK, 1, 0}, LEDGER_DUE_DAY_MALFORMED},
    {{MONTH, 1, 32}, LEDGER_DUE_DAY_MALFORMED},
    {{MONTH, 1, -2}, LEDGER_DUE_DAY_MALFORMED},
    {{WEEK, -1, 1}, LEDGER_INTERVAL_MALFORMED},
    {{MONTH, 1, UNSAID}, LEDGER_OK},
};

static void an_interval_has_bounds(void **state)
{
    struct region r;

    (void)state;
    region_start(&r);
    for (size_t i = 0; i < COUNT(checks); i++)
        EXPECT(&r, checks[i].status, ledger_cadence_check(r.l, &checks[i].cadence));
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_counted_from_the_first),
        cmocka_unit_test(dates_increase_to_the_end_of_the_calendar),
        cmocka_unit_test(days_are_read_and_written),
        cmocka_unit_test(an_interval_has_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
