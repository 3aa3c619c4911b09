#include "recurrence.h"

#include "date.h"

#include <libical/ical.h>
#include <string.h>

/*
 * libical takes much that is no rule of ours, and says little of what it left out: so the text is
 * looked at part by part before libical sees it.
 */
#define NUMBER_DIGITS 4
#define BYDAY_MAX 35 /* seven days in five weeks */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 1 to `most`; `*text` moves past the digits. */
static bool skip_number(const char **text, int most)
{
    int value = 0;
    int digits = 0;

    for (; digits <= NUMBER_DIGITS && is_digit(**text); digits++)
        value = value * 10 + (*(*text)++ - '0');
    return digits <= NUMBER_DIGITS && value >= 1 && value <= most;
}

static bool skip_signed(const char **text, int most)
{
    *text += **text == '-' || **text == '+';
    return skip_number(text, most);
}

static bool skip_weekday(const char **text)
{
    static const char names[] = "MOTUWETHFRSASU";

    for (size_t i = 0; i < sizeof names - 1; i += 2)
        if (strncmp(*text, names + i, 2) == 0) {
            *text += 2;
            return true;
        }
    return false;
}

/* "MO", "2TU", "-1FR" */
static bool skip_byday(const char **text, int most)
{
    bool has_ordinal = **text == '-' || **text == '+' || is_digit(**text);

    return (!has_ordinal || skip_signed(text, most)) && skip_weekday(text);
}

/* One or several, no more than `most` of them, each no more than `each`. */
static bool is_list(const char *text, bool (*skip)(const char **text, int most), int each, int most)
{
    for (int count = 1; count <= most; count++) {
        if (!skip(&text, each))
            return false;
        if (*text == '\0')
            return true;
        if (*text++ != ',')
            return false;
    }
    return false;
}

static bool is_weekday(const char *text)
{
    return skip_weekday(&text) && *text == '\0';
}

static bool read_until(const char *text, int32_t *day)
{
    char date[LEDGER_DATE_TEXT] = "yyyy-mm-dd";

    if (strlen(text) != 8)
        return false;
    memcpy(date, text, 4);
    memcpy(date + 5, text + 4, 2);
    memcpy(date + 8, text + 6, 2);
    return ledger_date_parse(date, day) == LEDGER_OK;
}

enum part { FREQ, COUNT, UNTIL, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST, PARTS };

static const char *const part_names[PARTS] = {
    "FREQ", "COUNT", "UNTIL", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST",
};

struct rule {
    char text[LEDGER_RULE_MAX + 1];
    const char *parts[PARTS]; /* in `text`, NULL where it is not given */
    int32_t until;
};

static bool keep_part(struct rule *r, char *text)
{
    char *value = strchr(text, '=');

    if (!value)
        return false;
    *value++ = '\0';
    for (int p = 0; p < PARTS; p++) {
        if (strcmp(text, part_names[p]) != 0)
            continue;
        if (r->parts[p])
            return false;
        r->parts[p] = value;
        return true;
    }
    return false;
}

static bool take_apart(const char *text, struct rule *r)
{
    size_t size = strnlen(text, sizeof r->text);

    *r = (struct rule){0};
    if (size == sizeof r->text)
        return false;
    memcpy(r->text, text, size);
    for (char *at = r->text, *end = at; end; at = end) {
        end = strchr(at, ';');
        if (end)
            *end++ = '\0';
        if (!keep_part(r, at))
            return false;
    }
    return r->parts[FREQ];
}

static bool fits(const char *value, bool (*skip)(const char **text, int most), int each, int most)
{
    return !value || is_list(value, skip, each, most);
}

/* Which parts go together: RFC 5545, 3.3.10. */
static bool is_sound(const struct rule *r)
{
    const char *const *p = r->parts;
    bool monthly = strcmp(p[FREQ], "MONTHLY") == 0;
    bool weekly = strcmp(p[FREQ], "WEEKLY") == 0;

    if ((p[BYDAY] && !monthly && strpbrk(p[BYDAY], "0123456789")) || (p[BYMONTHDAY] && weekly))
        return false;
    if ((p[COUNT] && p[UNTIL]) || (p[BYSETPOS] && !p[BYDAY] && !p[BYMONTHDAY] && !p[BYMONTH]))
        return false;
    return fits(p[COUNT], skip_number, 9999, 1) && fits(p[INTERVAL], skip_number, 366, 1) &&
           fits(p[BYDAY], skip_byday, 5, BYDAY_MAX) && fits(p[BYMONTHDAY], skip_signed, 31, 31) &&
           fits(p[BYMONTH], skip_number, 12, 12) && fits(p[BYSETPOS], skip_signed, 31, 31) &&
           (!p[WKST] || is_weekday(p[WKST]));
}

static enum ledger_status check_frequency(const char *frequency)
{
    static const char *const ours[] = {"DAILY", "WEEKLY", "MONTHLY"};
    static const char *const others[] = {"SECONDLY", "MINUTELY", "HOURLY", "YEARLY"};

    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (strcmp(frequency, ours[i]) == 0)
            return LEDGER_OK;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(frequency, others[i]) == 0)
            return LEDGER_RULE_FREQUENCY;
    return LEDGER_RULE_MALFORMED;
}

static int32_t years_later(int32_t day, int years)
{
    int year, month, day_of_month;

    ledger_date_to_civil(day, &year, &month, &day_of_month);
    return ledger_date_from_civil(year + years, month, day_of_month);
}

static struct icaltimetype ical_day(int32_t day)
{
    struct icaltimetype t = {.is_date = 1};

    ledger_date_to_civil(day, &t.year, &t.month, &t.day);
    return t;
}

/* libical names a day as often as the rule does (BYDAY=WE,WE; BYMONTHDAY=31,-1): it counts once. */
static enum ledger_status keep_day(int32_t day, int32_t *days, int *count)
{
    if (*count > 0 && day == days[*count - 1])
        return LEDGER_OK;
    if (*count > 0 && day < days[*count - 1])
        return LEDGER_RULE_MALFORMED;
    if (*count == LEDGER_RECURRENCE_MAX)
        return LEDGER_RULE_TOO_LONG;
    days[(*count)++] = day;
    return LEDGER_OK;
}

/* Up to `most` days, 0 for all. Never a zoned start: libical then counts in days alone. */
static enum ledger_status walk(struct icalrecurrencetype *recur, int32_t first, int most,
                               int32_t days[static LEDGER_RECURRENCE_MAX], int *count)
{
    icalrecur_iterator *iterator = icalrecur_iterator_new(*recur, ical_day(first));
    enum ledger_status status = LEDGER_OK;

    if (!iterator)
        return LEDGER_RULE_MALFORMED;
    while (status == LEDGER_OK && (most == 0 || *count < most)) {
        struct icaltimetype t = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(t))
            break;
        status = keep_day(ledger_date_from_civil(t.year, t.month, t.day), days, count);
    }
    icalrecur_iterator_free(iterator);
    return status;
}

enum ledger_status ledger_recurrence_days(const char *text, int32_t first,
                                          int32_t days[static LEDGER_RECURRENCE_MAX], int *count)
{
    struct rule r;
    int32_t last = years_later(first, LEDGER_RECURRENCE_YEARS);

    *count = 0;
    if (!take_apart(text, &r))
        return LEDGER_RULE_MALFORMED;
    LEDGER_TRY(check_frequency(r.parts[FREQ]));
    if (!is_sound(&r) || (r.parts[UNTIL] && !read_until(r.parts[UNTIL], &r.until)))
        return LEDGER_RULE_MALFORMED;
    if (!r.parts[COUNT] && !r.parts[UNTIL])
        return LEDGER_RULE_ENDLESS;
    struct icalrecurrencetype recur = icalrecurrencetype_from_string(text);
    if (recur.freq == ICAL_NO_RECURRENCE)
        return LEDGER_RULE_MALFORMED;
    if (recur.count > LEDGER_RECURRENCE_MAX || (r.parts[UNTIL] && r.until > last))
        return LEDGER_RULE_TOO_LONG;
    const int most = recur.count;
    recur.count = 0;
    if (most)
        recur.until = ical_day(last);
    LEDGER_TRY(walk(&recur, first, most, days, count));
    if (*count == 0)
        return LEDGER_RULE_EMPTY;
    return *count < most ? LEDGER_RULE_TOO_LONG : LEDGER_OK;
}

static const char *sentence(enum ledger_status status)
{
    if (status == LEDGER_RULE_MALFORMED)
        return "that is not a rule: write it as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10 or "
               "FREQ=MONTHLY;BYDAY=1TU;UNTIL=20270630";
    if (status == LEDGER_RULE_FREQUENCY)
        return "a series recurs by FREQ=DAILY, WEEKLY or MONTHLY";
    if (status == LEDGER_RULE_ENDLESS)
        return "a series needs an end: COUNT=10, or the last day as UNTIL=20270630";
    if (status == LEDGER_RULE_TOO_LONG)
        return "a series has at most 366 dates, and its last within two years of its first day";
    if (status == LEDGER_RULE_EMPTY)
        return "the rule gives no date from the first day on";
    return "out of memory";
}

enum ledger_status ledger_recurrence_expand(struct ledger *l, const char *rule, int32_t first,
                                            int32_t days[static LEDGER_RECURRENCE_MAX], int *count)
{
    enum ledger_status status = ledger_recurrence_days(rule, first, days, count);

    if (status == LEDGER_OK)
        return status;
    return ledger_refuse_field(l, status, "rule", "%s", sentence(status));
}
