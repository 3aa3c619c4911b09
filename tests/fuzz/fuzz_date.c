/* A day, a moment or a length of time as text; the first byte names a zone, whose days the C library counts too. */
#include "fuzz.h"

#include "ledger/date.h"
#include "ledger/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Their clocks never went back over midnight since 1900, where the two ways to count differ. */
static const char *const zones[] = {
    "UTC",          "Europe/London",     "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe",
    "Pacific/Apia", "Africa/Casablanca", "Europe/Dublin"};
#define ZONES (sizeof zones / sizeof zones[0])

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static void check_day(const char *text)
{
    int32_t day;
    char again[LEDGER_DATE_TEXT];
    int year, month, day_of_month;
    int read = 0;

    if (ledger_date_parse(text, &day) != LEDGER_OK)
        return;
    assert(day >= LEDGER_DAY_MIN && day <= LEDGER_DAY_MAX);
    assert(strcmp(ledger_date_format(day, again), text) == 0);
    assert(sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day_of_month, &read) == 3 && read == 10);
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day_of_month};
    assert(timegm(&tm) == (time_t)day * 86400);
    assert(ledger_date_weekday(day) == (tm.tm_wday ? tm.tm_wday : 7));
    int32_t end = ledger_date_month_end(day);
    assert(end >= day && end < day + 31);
    ledger_date_to_civil(end + 1, &year, &month, &day_of_month);
    assert(day_of_month == 1);
}

/* RFC 3339 by sscanf and timegm. */
static int64_t read_moment(const char *text)
{
    struct tm tm = {0};
    char fraction[16] = "0";
    int hours = 0, minutes = 0, at = 0;
    int64_t us = 0;

    assert(sscanf(text, "%4d-%2d-%2d%*c%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
                  &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &at) == 6);
    assert(at == 19);
    if (text[at] == '.')
        assert(sscanf(text + ++at, "%9[0-9]", fraction) == 1);
    at += (int)strspn(text + at, "0123456789");
    for (int i = 0; i < 6; i++)
        us = us * 10 + (i < (int)strlen(fraction) ? fraction[i] - '0' : 0);
    if (text[at] != 'Z' && text[at] != 'z')
        assert(sscanf(text + at + 1, "%2d:%2d", &hours, &minutes) == 2);
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    return ((int64_t)timegm(&tm) - (text[at] == '-' ? -60 : 60) * (hours * 60 + minutes)) *
               LEDGER_US_PER_SECOND +
           (fraction[1] || text[19] == '.' ? us : 0);
}

static void check_zone(int64_t at_us, size_t index)
{
    static struct ledger_zone *opened[ZONES];
    static size_t current = ZONES;
    time_t at_s = (time_t)floor_div(at_us, LEDGER_US_PER_SECOND);
    struct tm tm;

    if (!opened[index])
        assert(ledger_zone_open(zones[index], &opened[index]) == LEDGER_OK);
    if (current != index) {
        setenv("TZ", zones[index], 1);
        tzset();
        current = index;
    }
    assert(localtime_r(&at_s, &tm));
    int32_t day = ledger_zone_day(opened[index], at_us);
    assert(day == ledger_date_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday));
    int64_t start_us = ledger_zone_day_start_us(opened[index], day);
    assert(start_us <= at_us && ledger_zone_day(opened[index], start_us) == day);
    assert(ledger_zone_day(opened[index], start_us - 1) < day);
    assert(at_us < ledger_zone_day_start_us(opened[index], day + 1));
}

static void check_moment(const char *text, size_t zone)
{
    int64_t at_us, again;
    char formatted[LEDGER_TIME_TEXT];

    if (ledger_time_parse(text, &at_us) != LEDGER_OK)
        return;
    assert(at_us == read_moment(text));
    ledger_time_format(at_us, formatted);
    assert(strlen(formatted) == LEDGER_TIME_TEXT - 1);
    /* An offset may carry the day over the bounds of what is taken, by one. */
    if (at_us >= LEDGER_DAY_MIN * LEDGER_US_PER_DAY &&
        at_us < (LEDGER_DAY_MAX + 1) * LEDGER_US_PER_DAY)
        assert(ledger_time_parse(formatted, &again) == LEDGER_OK && again == at_us);
    check_zone(at_us, zone);
}

static void check_duration(const char *text)
{
    int64_t us;

    if (ledger_duration_parse(text, &us) != LEDGER_OK)
        return;
    size_t digits = strspn(text, "0123456789");
    assert(digits > 0 && strlen(text) == digits + 1 && strchr("mhd", text[digits]));
    int64_t unit_us = text[digits] == 'm' ? 60 : text[digits] == 'h' ? 3600 : 86400;
    assert(us == strtoll(text, NULL, 10) * unit_us * LEDGER_US_PER_SECOND);
    assert(us > 0 && us <= 400 * LEDGER_US_PER_DAY);
}

static void check_civil(const uint8_t *data, size_t size)
{
    int year, month, day_of_month;
    int32_t day = 0;

    memcpy(&day, data, size < 4 ? size : 4);
    day %= 3000000;
    ledger_date_to_civil(day, &year, &month, &day_of_month);
    assert(month >= 1 && month <= 12 && day_of_month >= 1 && day_of_month <= 31);
    assert(ledger_date_from_civil(year, month, day_of_month) == day);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    char *text = fuzz_text(data + 1, size - 1);

    check_day(text);
    check_moment(text, data[0] % ZONES);
    check_duration(text);
    check_civil(data, size);
    free(text);
    return 0;
}
