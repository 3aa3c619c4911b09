#include "date.h"

#include <stdio.h>
#include <string.h>

static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    return month == 2 && is_leap(year) ? 29 : month_days[month - 1];
}

/* Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March. */
int32_t ledger_date_from_civil(int year, int month, int day_of_month)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day_of_month - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

void ledger_date_to_civil(int32_t day, int *year, int *month, int *day_of_month)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int mp = (5 * day_of_year + 2) / 153;

    *day_of_month = day_of_year - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

static bool read_digits(const char **text, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        *value = *value * 10 + (**text - '0');
    }
    return true;
}

static bool read_day(const char **text, int32_t *day)
{
    int year, month, day_of_month;

    if (!read_digits(text, 4, &year) || *(*text)++ != '-' || !read_digits(text, 2, &month) ||
        *(*text)++ != '-' || !read_digits(text, 2, &day_of_month))
        return false;
    if (month < 1 || month > 12 || day_of_month < 1 || day_of_month > days_in(year, month))
        return false;
    *day = ledger_date_from_civil(year, month, day_of_month);
    return *day >= LEDGER_DAY_MIN && *day <= LEDGER_DAY_MAX;
}

enum ledger_status ledger_date_parse(const char *text, int32_t *day)
{
    int32_t read;

    if (!read_day(&text, &read) || *text != '\0')
        return LEDGER_DATE_MALFORMED;
    *day = read;
    return LEDGER_OK;
}

/* The last `count` digits of a number, then `end`. By hand: each line of a statement has some twenty. */
static char *put_digits(char *at, int64_t number, int count, char end)
{
    for (int i = count - 1; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
    at[count] = end;
    return at + count + 1;
}

char *ledger_date_format(int32_t day, char buf[static LEDGER_DATE_TEXT])
{
    int year, month, day_of_month;
    char *at = buf;

    ledger_date_to_civil(day, &year, &month, &day_of_month);
    at = put_digits(at, year, 4, '-');
    at = put_digits(at, month, 2, '-');
    put_digits(at, day_of_month, 2, '\0');
    return buf;
}

int ledger_date_weekday(int32_t day)
{
    return ((day % 7 + 7 + 3) % 7) + 1; /* 1970-01-01 was a Thursday */
}

int32_t ledger_date_month_start(int32_t day)
{
    int year, month, day_of_month;

    ledger_date_to_civil(day, &year, &month, &day_of_month);
    return day - day_of_month + 1;
}

int32_t ledger_date_month_end(int32_t day)
{
    int year, month, day_of_month;

    ledger_date_to_civil(day, &year, &month, &day_of_month);
    return day - day_of_month + days_in(year, month);
}

static bool read_fraction(const char **text, int64_t *us)
{
    int64_t unit = 100000;
    int digits = 0;

    *us = 0;
    if (**text != '.')
        return true;
    for ((*text)++; **text >= '0' && **text <= '9'; (*text)++, digits++) {
        *us += unit * (**text - '0');
        unit /= 10;
    }
    return digits >= 1 && digits <= 9;
}

static bool read_offset(const char **text, int *minutes)
{
    char sign = *(*text)++;
    int hour, minute;

    *minutes = 0;
    if (sign == 'Z' || sign == 'z')
        return true;
    if ((sign != '+' && sign != '-') || !read_digits(text, 2, &hour) || *(*text)++ != ':' ||
        !read_digits(text, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *minutes = (sign == '-' ? -1 : 1) * (hour * 60 + minute);
    return true;
}

static bool read_clock(const char **text, int64_t *us)
{
    int hour, minute, second;
    int64_t fraction_us;

    if (!read_digits(text, 2, &hour) || *(*text)++ != ':' || !read_digits(text, 2, &minute) ||
        *(*text)++ != ':' || !read_digits(text, 2, &second) || !read_fraction(text, &fraction_us))
        return false;
    *us = (int64_t)(hour * 3600 + minute * 60 + second) * LEDGER_US_PER_SECOND + fraction_us;
    return hour <= 23 && minute <= 59 && second <= 59;
}

enum ledger_status ledger_time_parse(const char *text, int64_t *at_us)
{
    int32_t day;
    int64_t clock_us;
    int offset_minutes;

    if (!read_day(&text, &day) || (*text != 'T' && *text != 't' && *text != ' '))
        return LEDGER_TIME_MALFORMED;
    text++;
    if (!read_clock(&text, &clock_us) || !read_offset(&text, &offset_minutes) || *text != '\0')
        return LEDGER_TIME_MALFORMED;
    *at_us = day * LEDGER_US_PER_DAY + clock_us - offset_minutes * 60 * LEDGER_US_PER_SECOND;
    return LEDGER_OK;
}

char *ledger_time_format(int64_t at_us, char buf[static LEDGER_TIME_TEXT])
{
    int64_t day = at_us / LEDGER_US_PER_DAY - (at_us % LEDGER_US_PER_DAY < 0);
    int64_t us = at_us - day * LEDGER_US_PER_DAY;
    int64_t second = us / LEDGER_US_PER_SECOND;
    char *at = buf + LEDGER_DATE_TEXT;

    ledger_date_format((int32_t)day, buf);
    at[-1] = 'T';
    at = put_digits(at, second / 3600 % 24, 2, ':');
    at = put_digits(at, second / 60 % 60, 2, ':');
    at = put_digits(at, second % 60, 2, '.');
    at = put_digits(at, us % LEDGER_US_PER_SECOND, 6, 'Z');
    *at = '\0';
    return buf;
}

enum ledger_status ledger_duration_parse(const char *text, int64_t *us)
{
    int64_t count = 0;
    int64_t unit_us;
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 6 || text[digits] == '\0' || text[digits + 1] != '\0')
        return LEDGER_TIME_MALFORMED;
    for (size_t i = 0; i < digits; i++)
        count = count * 10 + (text[i] - '0');
    switch (text[digits]) {
    case 'm':
        unit_us = 60 * LEDGER_US_PER_SECOND;
        break;
    case 'h':
        unit_us = 3600 * LEDGER_US_PER_SECOND;
        break;
    case 'd':
        unit_us = LEDGER_US_PER_DAY;
        break;
    default:
        return LEDGER_TIME_MALFORMED;
    }
    if (count == 0 || count * unit_us > 400 * LEDGER_US_PER_DAY)
        return LEDGER_TIME_MALFORMED;
    *us = count * unit_us;
    return LEDGER_OK;
}

/* The largest of which minutes are asked is far below what an int holds. */
enum ledger_status ledger_hours_parse(const char *text, int most, int *minutes)
{
    size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    int hours = 0;
    int over = 0;

    if (whole == 0 || whole > 5)
        return LEDGER_HOURS_MALFORMED;
    for (size_t i = 0; i < whole; i++)
        hours = hours * 10 + (text[i] - '0');
    size_t digits = *rest ? strspn(rest + 1, "0123456789") : 0;
    if (*rest && (digits == 0 || digits > 2 || rest[digits + 1] || !strchr(":.", *rest)))
        return LEDGER_HOURS_MALFORMED;
    for (size_t i = 1; i <= digits; i++)
        over = over * 10 + (rest[i] - '0');
    if (*rest == ':' && (digits != 2 || over > 59))
        return LEDGER_HOURS_MALFORMED;
    if (*rest == '.') {
        over *= digits == 1 ? 10 : 1;
        if (over * 60 % 100)
            return LEDGER_HOURS_MALFORMED;
        over = over * 60 / 100;
    }
    *minutes = hours * 60 + over;
    return *minutes <= most ? LEDGER_OK : LEDGER_HOURS_MALFORMED;
}

char *ledger_hours_format(int64_t minutes, char text[static LEDGER_HOURS_TEXT])
{
    snprintf(text, LEDGER_HOURS_TEXT, "%lld:%02d", (long long)(minutes / 60), (int)(minutes % 60));
    return text;
}
