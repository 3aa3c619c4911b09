#include "history_field.h"

#include "ledger/amount.h"
#include "ledger/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRIEF 40

struct cell {
    struct history *h;
    struct history_row *row;
    char *why; /* HISTORY_WHY_MAX bytes */
};

static enum ledger_status say(struct cell *c, enum ledger_status s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum ledger_status say(struct cell *c, enum ledger_status s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->why, HISTORY_WHY_MAX, format, args);
    va_end(args);
    return s;
}

/* The beginning of what stands in the file, no character of it cut in two. */
static const char *brief(const char *text, char buf[static BRIEF + 1])
{
    size_t size = strnlen(text, BRIEF);

    if (size == BRIEF)
        while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
            size--;
    memcpy(buf, text, size);
    buf[size] = '\0';
    return buf;
}

/* The members of a list are found by their handles. */
static int member_of(struct history *h, const char *handle)
{
    json_t *index = json_object_get(h->member_index, handle);
    char **grown;

    if (index)
        return (int)json_integer_value(index);
    if ((h->member_count & (h->member_count + 1)) == 0) { /* room for 1, 3, 7, 15 … more */
        grown = realloc(h->members, ((size_t)h->member_count * 2 + 1) * sizeof *grown);
        if (!grown)
            return -1;
        h->members = grown;
    }
    h->members[h->member_count] = strdup(handle);
    if (!h->members[h->member_count] ||
        json_object_set_new(h->member_index, handle, json_integer(h->member_count)) != 0)
        return -1;
    return h->member_count++;
}

static enum ledger_status take_time(struct cell *c, const char *text)
{
    char some[BRIEF + 1];
    int64_t at_us;

    if (ledger_date_parse(text, &c->row->effective_on) == LEDGER_OK)
        return LEDGER_OK;
    if (ledger_time_parse(text, &at_us) != LEDGER_OK)
        return say(c, LEDGER_TIME_MALFORMED,
                   "\"%s\" is no time: 2026-11-23, or 2026-11-23T09:30:00Z", brief(text, some));
    c->row->effective_on = ledger_zone_day(c->h->settings.zone, at_us);
    return LEDGER_OK;
}

static enum ledger_status take_party(struct cell *c, const char *text, int *party)
{
    char some[BRIEF + 1];

    if (ledger_handle_check(text) != LEDGER_OK)
        return say(c, LEDGER_HANDLE_MALFORMED,
                   "\"%s\" cannot be a member's handle: 2 to 32 of a-z, 0-9 and -",
                   brief(text, some));
    *party = member_of(c->h, text);
    return *party >= 0 ? LEDGER_OK : say(c, LEDGER_NO_MEMORY, "out of memory");
}

static enum ledger_status take_from(struct cell *c, const char *text)
{
    return take_party(c, text, &c->row->payer);
}

static enum ledger_status take_to(struct cell *c, const char *text)
{
    LEDGER_TRY(take_party(c, text, &c->row->payee));
    return c->row->payer != c->row->payee
               ? LEDGER_OK
               : say(c, LEDGER_SAME_ACCOUNT, "%s pays itself: a transfer has two accounts", text);
}

/* With a decimal comma a point has no place in it: 1.234 would be another amount there. */
static bool to_point(const struct cell *c, const char *text, char *plain, size_t size)
{
    char mark = c->h->settings.decimal_mark;
    char *comma;

    if (snprintf(plain, size, "%s", text) >= (int)size || (mark == ',' && strchr(text, '.')))
        return false;
    comma = mark == ',' ? strchr(plain, ',') : NULL;
    if (comma)
        *comma = '.';
    return true;
}

static enum ledger_status take_amount(struct cell *c, const char *text)
{
    const struct history_settings *s = &c->h->settings;
    char plain[128];
    char why[200];
    char some[BRIEF + 1];
    bool exact = true;
    enum ledger_status st;

    if (!to_point(c, text, plain, sizeof plain))
        return say(c, LEDGER_AMOUNT_MALFORMED, "\"%s\" is no amount with the decimal mark \"%c\"",
                   brief(text, some), s->decimal_mark);
    st = ledger_amount_parse(plain, s->scale, s->hours, LEDGER_AMOUNT_POSITIVE,
                             &c->row->amount_minor, why, sizeof why);
    if (st == LEDGER_AMOUNT_TOO_PRECISE && s->round_half_even) {
        st = ledger_amount_round(plain, s->scale, &c->row->amount_minor, &exact);
        if (st == LEDGER_OK && c->row->amount_minor <= 0)
            return say(c, LEDGER_AMOUNT_NOT_POSITIVE, "%s rounds to nothing", brief(text, some));
        if (st != LEDGER_OK)
            return say(c, st, "\"%s\" is no amount that can be rounded", brief(text, some));
    } else if (st == LEDGER_AMOUNT_TOO_PRECISE) {
        return say(c, st, "%s (or round: --round half-even)", why);
    } else if (st != LEDGER_OK) {
        return say(c, st, "%s", why);
    }
    c->row->rounded = !exact;
    return LEDGER_OK;
}

static enum ledger_status check_words(struct cell *c, const char *text, size_t max)
{
    enum ledger_status st = ledger_text_check(text, strlen(text), max);

    if (st == LEDGER_TEXT_MALFORMED)
        return say(c, st, "the text is not UTF-8, or has control characters in it");
    return st == LEDGER_OK ? st : say(c, st, "the text is longer than %zu bytes", max);
}

static enum ledger_status take_kind(struct cell *c, const char *text)
{
    LEDGER_TRY(check_words(c, text, LEDGER_ATTRIBUTE_MAX));
    c->row->memo = text[0] ? strdup(text) : NULL;
    return LEDGER_OK;
}

/* Our kind of such a payment is "import": what the source called it goes before its memo. */
static enum ledger_status take_memo(struct cell *c, const char *text)
{
    char *kind = c->row->memo;
    char *both = NULL;

    if (!text[0])
        return LEDGER_OK;
    if (asprintf(&both, "%s%s%s", kind ? kind : "", kind ? ": " : "", text) < 0)
        return say(c, LEDGER_NO_MEMORY, "out of memory");
    free(kind);
    c->row->memo = both;
    return check_words(c, both, LEDGER_MEMO_MAX);
}

static enum ledger_status take_reference(struct cell *c, const char *text)
{
    LEDGER_TRY(check_words(c, text, LEDGER_REFERENCE_MAX));
    c->row->reference = text[0] ? strdup(text) : NULL;
    return LEDGER_OK;
}

static enum ledger_status (*const take[HISTORY_FIELDS])(struct cell *c, const char *text) = {
    take_time, take_from, take_to, take_amount, take_kind, take_memo, take_reference};

enum ledger_status history_field_take(struct history *h, struct history_row *row,
                                      enum history_field field, const char *text,
                                      char why[static HISTORY_WHY_MAX])
{
    struct cell cell = {h, row, why};

    LEDGER_TRY(check_words(&cell, text, LEDGER_MEMO_MAX));
    return take[field](&cell, text);
}
