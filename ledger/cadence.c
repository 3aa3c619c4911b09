#include "cadence.h"

#include "date.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEVER (LEDGER_DAY_MAX + 1)

static const char *const unit_names[] = {"week", "month"};
static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

const char *ledger_cadence_unit_name(enum ledger_cadence_unit unit)
{
    return unit_names[unit];
}

enum ledger_status ledger_cadence_unit_parse(const char *text, enum ledger_cadence_unit *unit)
{
    for (int u = LEDGER_WEEKLY; u <= LEDGER_MONTHLY; u++) {
        if (strcmp(text, unit_names[u]) == 0) {
            *unit = (enum ledger_cadence_unit)u;
            return LEDGER_OK;
        }
    }
    return LEDGER_CHOICE_UNKNOWN;
}

static bool is_day(const struct ledger_cadence *c)
{
    if (c->day == LEDGER_CADENCE_UNSAID)
        return true;
    return c->unit == LEDGER_WEEKLY
               ? c->day >= 1 && c->day <= 7
               : c->day == LEDGER_CADENCE_LAST || (c->day >= 1 && c->day <= 31);
}

static enum ledger_status refuse_day(struct ledger *l, enum ledger_cadence_unit unit)
{
    return ledger_refuse_field(l, LEDGER_DUE_DAY_MALFORMED, "on",
                               unit == LEDGER_WEEKLY
                                   ? "weeks are due on a day from monday to sunday"
                                   : "months are due on a day from 1 to 31, or on the last");
}

enum ledger_status ledger_cadence_check(struct ledger *l, const struct ledger_cadence *c)
{
    int most = c->unit == LEDGER_WEEKLY ? LEDGER_CADENCE_WEEKS_MAX : LEDGER_CADENCE_MONTHS_MAX;

    if (c->every < 1 || c->every > most)
        return ledger_refuse_field(l, LEDGER_INTERVAL_MALFORMED, "interval",
                                   "an interval is 1 to %d %ss", most, unit_names[c->unit]);
    return is_day(c) ? LEDGER_OK : refuse_day(l, c->unit);
}

static int read_number(const char *text)
{
    size_t length = strlen(text);

    if (length < 1 || length > 2 || strspn(text, "0123456789") != length)
        return 0;
    return (int)strtol(text, NULL, 10);
}

enum ledger_status ledger_cadence_day_parse(struct ledger *l, enum ledger_cadence_unit unit,
                                            const char *text, int *day)
{
    *day = LEDGER_CADENCE_UNSAID;
    if (!text)
        return LEDGER_OK;
    if (unit == LEDGER_MONTHLY) {
        int number = read_number(text);
        *day = strcmp(text, "last") == 0 ? LEDGER_CADENCE_LAST : number;
        return strcmp(text, "last") == 0 || (number >= 1 && number <= 31) ? LEDGER_OK
                                                                          : refuse_day(l, unit);
    }
    for (int i = 0; i < 7; i++) {
        if (strcmp(text, weekdays[i]) == 0) {
            *day = i + 1;
            return LEDGER_OK;
        }
    }
    return refuse_day(l, unit);
}

char *ledger_cadence_day_format(const struct ledger_cadence *c,
                                char text[static LEDGER_CADENCE_DAY_TEXT])
{
    if (c->unit == LEDGER_WEEKLY)
        snprintf(text, LEDGER_CADENCE_DAY_TEXT, "%s", weekdays[c->day - 1]);
    else if (c->day == LEDGER_CADENCE_LAST)
        snprintf(text, LEDGER_CADENCE_DAY_TEXT, "last");
    else
        snprintf(text, LEDGER_CADENCE_DAY_TEXT, "%d", c->day);
    return text;
}

char *ledger_cadence_format(const struct ledger_cadence *c, char text[static LEDGER_CADENCE_TEXT])
{
    const char *unit = unit_names[c->unit];
    char every[24];

    if (c->every == 1)
        snprintf(every, sizeof every, "every %s", unit);
    else
        snprintf(every, sizeof every, "every %d %ss", c->every, unit);
    if (c->day == LEDGER_CADENCE_UNSAID)
        snprintf(text, LEDGER_CADENCE_TEXT, "%s", every);
    else if (c->unit == LEDGER_MONTHLY && c->day == LEDGER_CADENCE_LAST)
        snprintf(text, LEDGER_CADENCE_TEXT, "%s on the last day", every);
    else if (c->unit == LEDGER_MONTHLY)
        snprintf(text, LEDGER_CADENCE_TEXT, "%s on day %d", every, c->day);
    else
        snprintf(text, LEDGER_CADENCE_TEXT, "%s on %c%s", every,
                 toupper((unsigned char)weekdays[c->day - 1][0]), weekdays[c->day - 1] + 1);
    return text;
}

/* `months` on from that of `day`; its day, or its last where it has no such day. */
static int32_t month_date(const struct ledger_cadence *c, int32_t day, int64_t months)
{
    int year, month, day_of_month;

    ledger_date_to_civil(day, &year, &month, &day_of_month);
    int64_t at = (int64_t)year * 12 + month - 1 + months;
    if (at / 12 > 2230)
        return NEVER;
    int32_t begin = ledger_date_from_civil((int)(at / 12), (int)(at % 12) + 1, 1);
    int32_t end = ledger_date_month_end(begin);
    int32_t on =
        c->day == LEDGER_CADENCE_LAST || begin + c->day - 1 > end ? end : begin + c->day - 1;
    return on > LEDGER_DAY_MAX ? NEVER : on;
}

int32_t ledger_cadence_first(struct ledger_cadence *c, int32_t from_on)
{
    int year, month, day_of_month;

    ledger_date_to_civil(from_on, &year, &month, &day_of_month);
    if (c->day == LEDGER_CADENCE_UNSAID)
        c->day = c->unit == LEDGER_WEEKLY ? ledger_date_weekday(from_on) : day_of_month;
    if (c->unit == LEDGER_WEEKLY) {
        int64_t on = from_on + (c->day - ledger_date_weekday(from_on) + 7) % 7;
        return on > LEDGER_DAY_MAX ? NEVER : (int32_t)on;
    }
    int32_t on = month_date(c, from_on, 0);
    return on >= from_on ? on : month_date(c, from_on, 1);
}

int32_t ledger_cadence_date(const struct ledger_cadence *c, int32_t first_on, int64_t n)
{
    int64_t steps = (n - 1) * c->every;

    if (steps > NEVER - first_on)
        return NEVER;
    if (c->unit == LEDGER_MONTHLY)
        return month_date(c, first_on, steps);
    return first_on + 7 * steps > LEDGER_DAY_MAX ? NEVER : (int32_t)(first_on + 7 * steps);
}
