/*
 * import_room.c - give each account the room that its history needs, as a limit on record.
 */
#include "import.h"

#include <stdlib.h>

/* How far a member's history takes its account. */
struct course {
    int64_t floor_minor;
    int64_t ceiling_minor;
    int64_t reserved_in_minor;
    int64_t reserved_out_minor;
    int64_t balance_minor; /* as the rows go by */
    int64_t lowest_minor;
    int64_t highest_minor;
};

struct courses {
    const struct import *in;
    struct course *list; /* a member's, by its index */
};

static int64_t minor_of(const struct import *in, const json_t *item, const char *key,
                        int64_t otherwise)
{
    const char *text = json_string_value(json_object_get(item, key));
    int64_t minor;

    if (!text || ledger_amount_parse(text, in->scale, false, LEDGER_AMOUNT_SIGNED, &minor, NULL,
                                     0) != LEDGER_OK)
        return otherwise;
    return minor;
}

static struct course course_from(const struct import *in, const json_t *item)
{
    return (struct course){.floor_minor = minor_of(in, item, "floor", 0),
                           .ceiling_minor = minor_of(in, item, "ceiling", LEDGER_AMOUNT_MAX),
                           .reserved_in_minor = minor_of(in, item, "reserved_in", 0),
                           .reserved_out_minor = minor_of(in, item, "reserved_out", 0),
                           .balance_minor = minor_of(in, item, "balance", 0)};
}

static void note_account(const json_t *item, void *ctx)
{
    struct courses *c = ctx;
    int index = import_member(&c->in->history, item);

    if (index >= 0)
        c->list[index] = course_from(c->in, item);
}

/* Sums of a file's rows stay far below what 64 bits hold; the ledger itself refuses the rest. */
static void move(struct course *c, int64_t amount_minor)
{
    if (__builtin_add_overflow(c->balance_minor, amount_minor, &c->balance_minor))
        c->balance_minor = amount_minor < 0 ? INT64_MIN / 2 : INT64_MAX / 2;
    if (c->balance_minor < c->lowest_minor)
        c->lowest_minor = c->balance_minor;
    if (c->balance_minor > c->highest_minor)
        c->highest_minor = c->balance_minor;
}

static enum ledger_status widen(struct import *in, const char *handle, const struct course *c)
{
    int64_t floor_minor = c->lowest_minor - c->reserved_out_minor;
    int64_t ceiling_minor = c->highest_minor + c->reserved_in_minor;
    char low[LEDGER_AMOUNT_TEXT];
    char high[LEDGER_AMOUNT_TEXT];
    json_t *args;
    json_t *answer;
    enum ledger_status st;

    if (floor_minor >= c->floor_minor && ceiling_minor <= c->ceiling_minor)
        return LEDGER_OK;
    args = json_pack(
        "{s:s, s:s, s:o}", "member", handle, "currency", in->currency, "reason",
        json_sprintf("room for the history imported from %.200s", in->history.settings.source));
    if (floor_minor < c->floor_minor)
        json_object_set_new(args, "floor",
                            json_string(ledger_amount_format(floor_minor, in->scale, low)));
    if (ceiling_minor > c->ceiling_minor)
        json_object_set_new(args, "ceiling",
                            json_string(ledger_amount_format(ceiling_minor, in->scale, high)));
    st = import_ask(in, "account.limit", args, &answer);
    json_decref(answer);
    in->limits_set += st == LEDGER_OK;
    return st;
}

/* What an account opens with, until note_account knows of the account itself. */
static enum ledger_status open_courses(struct import *in, struct courses *c)
{
    json_t *currency;
    struct course at_first;
    enum ledger_status st =
        import_ask(in, "currency.show", json_pack("{s:s}", "currency", in->currency), &currency);

    if (st != LEDGER_OK)
        return st;
    at_first = course_from(in, currency);
    json_decref(currency);
    for (int m = 0; m < in->history.member_count; m++)
        c->list[m] = at_first;
    LEDGER_TRY(import_each(in, "account.list", in->currency, note_account, c));
    for (int m = 0; m < in->history.member_count; m++)
        c->list[m].lowest_minor = c->list[m].highest_minor = c->list[m].balance_minor;
    return LEDGER_OK;
}

enum ledger_status import_make_room(struct import *in)
{
    struct history *h = &in->history;
    struct courses c = {in, calloc((size_t)h->member_count + 1, sizeof *c.list)};
    enum ledger_status st;

    if (!c.list)
        return door_refuse(in->problem, LEDGER_NO_MEMORY, "out of memory");
    st = open_courses(in, &c);
    if (st == LEDGER_OK)
        st = in->target->look(in);
    for (size_t i = 0; i < h->count && st == LEDGER_OK; i++) {
        const struct history_row *row = &h->rows[i];

        if (row->status != LEDGER_OK || row->known)
            continue;
        move(&c.list[row->payer], -row->amount_minor);
        move(&c.list[row->payee], row->amount_minor);
    }
    for (int m = 0; m < h->member_count && st == LEDGER_OK; m++)
        st = widen(in, h->members[m], &c.list[m]);
    free(c.list);
    return st;
}
