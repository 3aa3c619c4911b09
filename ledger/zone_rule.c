#include "zone_rule.h"

#include "date.h"

#include <stdlib.h>
#include <string.h>

#define DAY_S 86400
#define OFFSET_MAX_S (26 * 3600)

static bool read_number(const char **text, int *value, int most)
{
    size_t digits = strspn(*text, "0123456789");

    if (digits == 0 || digits > 3)
        return false;
    *value = (int)strtol(*text, NULL, 10);
    *text += digits;
    return *value <= most;
}

/* [+-]h[h][h][:mm[:ss]], as far as a week (RFC 9636, 3.3.1) */
static bool read_hms(const char **text, int32_t *seconds)
{
    bool negative = **text == '-';
    static const int most[] = {7 * 24 - 1, 59, 59};
    int part[3] = {0};

    *text += **text == '-' || **text == '+';
    for (int i = 0; i < 3; i++) {
        if (!read_number(text, &part[i], most[i]))
            return false;
        if (i == 2 || **text != ':')
            break;
        (*text)++;
    }
    *seconds = (negative ? -1 : 1) * (part[0] * 3600 + part[1] * 60 + part[2]);
    return true;
}

/* "GMT", or "<+0530>" */
static bool skip_name(const char **text)
{
    const char *end = **text == '<' ? strchr(*text, '>') : NULL;

    if (end) {
        *text = end + 1;
        return true;
    }
    size_t letters = strspn(*text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    *text += letters;
    return letters >= 3;
}

static bool read_rule_day(const char **text, struct ledger_zone_rule_day *d)
{
    *d = (struct ledger_zone_rule_day){.kind = 'N', .time_s = 2 * 3600};
    if (*(*text)++ != ',')
        return false;
    if (**text == 'M' || **text == 'J')
        d->kind = *(*text)++;
    if (!read_number(text, &d->a, d->kind == 'M' ? 12 : 365))
        return false;
    if (d->kind == 'M' && (*(*text)++ != '.' || !read_number(text, &d->b, 5) || *(*text)++ != '.' ||
                           !read_number(text, &d->c, 6)))
        return false;
    if ((d->kind == 'M' && d->b < 1) || (d->kind != 'N' && d->a < 1))
        return false;
    if (**text != '/')
        return true;
    (*text)++;
    return read_hms(text, &d->time_s);
}

/* RFC 9636, 3.2: clocks are at most some 25 hours from Greenwich. */
bool ledger_zone_is_offset(int64_t offset_s)
{
    return offset_s >= -OFFSET_MAX_S && offset_s <= OFFSET_MAX_S;
}

bool ledger_zone_rule_read(const char *text, struct ledger_zone_rule *r)
{
    *r = (struct ledger_zone_rule){0};
    if (!skip_name(&text) || !read_hms(&text, &r->standard_s))
        return false;
    r->standard_s = -r->standard_s; /* POSIX counts west of Greenwich */
    r->has_summer = *text != '\0';
    if (!r->has_summer)
        return ledger_zone_is_offset(r->standard_s);
    if (!skip_name(&text))
        return false;
    r->summer_s = r->standard_s + 3600;
    if (*text != ',') {
        if (!read_hms(&text, &r->summer_s))
            return false;
        r->summer_s = -r->summer_s;
    }
    return ledger_zone_is_offset(r->standard_s) && ledger_zone_is_offset(r->summer_s) &&
           read_rule_day(&text, &r->start) && read_rule_day(&text, &r->end) && *text == '\0';
}

int64_t ledger_zone_rule_local_s(const struct ledger_zone_rule_day *d, int year)
{
    int32_t day;

    if (d->kind == 'M') {
        int32_t first = ledger_date_from_civil(year, d->a, 1);
        int first_weekday = ledger_date_weekday(first) % 7; /* Sunday is 0 there */
        day = first + (d->c - first_weekday + 7) % 7 + 7 * (d->b - 1);
        while (day > ledger_date_month_end(first))
            day -= 7;
    } else {
        int32_t march = ledger_date_from_civil(year, 3, 1);
        day = ledger_date_from_civil(year, 1, 1) + d->a - (d->kind == 'J');
        if (d->kind == 'J' && d->a >= 60)
            day = march + d->a - 60;
    }
    return (int64_t)day * DAY_S + d->time_s;
}
