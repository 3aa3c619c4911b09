#include "opening.h"

#include <string.h>

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static bool read_weekday(const char **text, int *weekday)
{
    for (int i = 0; i < 7; i++)
        if (strncmp(*text, weekdays[i], 3) == 0) {
            *text += 3;
            *weekday = i;
            return true;
        }
    return false;
}

static bool read_two(const char **text, int *value)
{
    const char *t = *text;

    if (strspn(t, "0123456789") != 2)
        return false;
    *value = (t[0] - '0') * 10 + t[1] - '0';
    *text += 2;
    return true;
}

/* hh:mm, a step of the day; 24:00 too */
static bool read_step(const char **text, int *step)
{
    int hour, minute;

    if (!read_two(text, &hour) || **text != ':')
        return false;
    (*text)++;
    if (!read_two(text, &minute) || hour > 24 || minute > 59 || (hour == 24 && minute > 0) ||
        minute % LEDGER_OPENING_STEP_MIN != 0)
        return false;
    *step = (hour * 60 + minute) / LEDGER_OPENING_STEP_MIN;
    return true;
}

static bool read_sign(const char **text, char sign)
{
    if (**text != sign)
        return false;
    (*text)++;
    return true;
}

static bool read_days(const char **text, int *first, int *last)
{
    if (!read_weekday(text, first))
        return false;
    *last = *first;
    return !read_sign(text, '-') || (read_weekday(text, last) && *last >= *first);
}

/* mon-fri 08:00-18:00 */
static bool read_span(const char **text, struct ledger_opening *opening)
{
    int first, last, from, to;

    if (!read_days(text, &first, &last) || !read_sign(text, ' ') || !read_step(text, &from) ||
        !read_sign(text, '-') || !read_step(text, &to) || from >= to)
        return false;
    for (int day = first; day <= last; day++)
        for (int step = from; step < to; step++)
            opening->open[day][step] = true;
    return true;
}

enum ledger_status ledger_opening_parse(const char *text, struct ledger_opening *opening)
{
    memset(opening, 0, sizeof *opening);
    if (strcmp(text, "always") == 0)
        text = "mon-sun 00:00-24:00";
    if (strlen(text) > LEDGER_OPENING_MAX)
        return LEDGER_OPENING_MALFORMED;
    while (*text) {
        if (!read_span(&text, opening))
            return LEDGER_OPENING_MALFORMED;
        if (*text && (!read_sign(&text, ',') || !read_sign(&text, ' ') || *text == '\0'))
            return LEDGER_OPENING_MALFORMED;
    }
    return LEDGER_OK;
}

bool ledger_opening_covers(const struct ledger_opening *opening, int weekday, int from_min,
                           int to_min)
{
    for (int step = from_min / LEDGER_OPENING_STEP_MIN; step * LEDGER_OPENING_STEP_MIN < to_min;
         step++)
        if (step >= LEDGER_OPENING_STEPS || !opening->open[weekday - 1][step])
            return false;
    return true;
}

int ledger_opening_minutes(const struct ledger_opening *opening, int weekday)
{
    int steps = 0;

    for (int step = 0; step < LEDGER_OPENING_STEPS; step++)
        steps += opening->open[weekday - 1][step];
    return steps * LEDGER_OPENING_STEP_MIN;
}
