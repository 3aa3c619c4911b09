#include "booking.h"

#include "date.h"
#include "handle.h"

#include <string.h>

static const char *const state_names[] = {"planned",    "held",      "confirmed",
                                          "checked-in", "completed", "cancelled",
                                          "expired",    "no-show",   "rejected"};

const char *ledger_booking_state_name(enum ledger_booking_state state)
{
    return state_names[state];
}

bool ledger_booking_is_live(enum ledger_booking_state state)
{
    return state <= LEDGER_CHECKED_IN;
}

static enum ledger_booking_state state_of(const char *name)
{
    for (int s = LEDGER_PLANNED; s < LEDGER_REJECTED; s++)
        if (strcmp(name, state_names[s]) == 0)
            return (enum ledger_booking_state)s;
    return LEDGER_REJECTED;
}

#define BOOKING                                                                                    \
    "SELECT b.id, b.resource_id, r.member_id, b.member_id, b.terms_id, b.share_id, "               \
    "b.currency_id, b.series_id, b.made_at_us, b.sequence, b.class, b.state, b.unit, b.from_us, "  \
    "b.to_us, b.busy_from_us, b.busy_to_us, b.included_min, b.amount_minor, b.hold_id, b.due_us, " \
    "c.scale, c.code, r.name, r.zone, coalesce(h.handle, 'erased-' || r.member_id), "              \
    "coalesce(m.handle, 'erased-' || b.member_id), x.title, b.kept_minor FROM booking b "          \
    "JOIN resource r ON r.id = b.resource_id LEFT JOIN currency c ON c.id = b.currency_id "        \
    "LEFT JOIN member_identity h ON h.member_id = r.member_id "                                    \
    "LEFT JOIN member_identity m ON m.member_id = b.member_id "                                    \
    "LEFT JOIN booking_text x ON x.booking_id = b.id "

static void read_numbers(struct ledger_booking *b, const struct store_row *row)
{
    b->id = store_row_int(row, 0);
    b->resource_id = store_row_int(row, 1);
    b->host_id = store_row_int(row, 2);
    b->member_id = store_row_int(row, 3);
    b->terms_id = store_row_int(row, 4);
    b->share_id = store_row_int(row, 5);
    b->currency_id = store_row_int(row, 6);
    b->series_id = store_row_int(row, 7);
    b->made_at_us = store_row_int(row, 8);
    b->sequence = store_row_int(row, 9);
    b->slot.unit = (int)store_row_int(row, 12);
    b->slot.from_us = store_row_int(row, 13);
    b->slot.to_us = store_row_int(row, 14);
    b->slot.busy_from_us = store_row_int(row, 15);
    b->slot.busy_to_us = store_row_int(row, 16);
    b->included_min = (int)store_row_int(row, 17);
    b->amount_minor = store_row_int(row, 18);
    b->hold_id = store_row_int(row, 19);
    b->due_us = store_row_int(row, 20);
    b->scale = (int)store_row_int(row, 21);
    b->kept_minor = store_row_int(row, 28);
}

static enum ledger_status read_booking(void *into, const struct store_row *row)
{
    struct ledger_booking *b = into;

    read_numbers(b, row);
    b->state = state_of(store_row_text(row, 11));
    store_row_copy(row, 22, b->code, sizeof b->code);
    store_row_copy(row, 23, b->resource, sizeof b->resource);
    store_row_copy(row, 24, b->zone, sizeof b->zone);
    store_row_copy(row, 25, b->host, sizeof b->host);
    store_row_copy(row, 26, b->member, sizeof b->member);
    store_row_copy(row, 27, b->title, sizeof b->title);
    return ledger_booker_parse(store_row_text(row, 10), &b->booker);
}

/* What nobody confirmed in time is over, swept or not. */
static void look_at_clock(const struct ledger *l, struct ledger_booking *b)
{
    if ((b->state == LEDGER_HELD || b->state == LEDGER_PLANNED) && b->due_us &&
        b->due_us <= ledger_now_us(l))
        b->state = LEDGER_EXPIRED;
}

enum ledger_status ledger_booking_get(struct ledger *l, int64_t id, struct ledger_booking *b)
{
    enum ledger_status status =
        ledger_first(l, BOOKING "WHERE b.id = $1", STORE_ARGS(store_int(id)), read_booking, b);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_BOOKING, "there is no booking %lld", (long long)id);
    LEDGER_TRY(status);
    look_at_clock(l, b);
    return LEDGER_OK;
}

struct each {
    struct ledger *l;
    bool live_only;
    ledger_booking_reader *read;
    ledger_booking_change_reader *read_change;
    ledger_line_reader *read_line;
    void *ctx;
};

static enum ledger_status pass_booking(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_booking b;

    LEDGER_TRY(read_booking(&b, row));
    look_at_clock(each->l, &b);
    if (each->live_only && !ledger_booking_is_live(b.state))
        return LEDGER_OK;
    return each->read(each->ctx, &b);
}

#define IN_ORDER                                                                                   \
    " AND b.from_us >= $2 AND b.from_us < $3 AND (b.from_us > $4 OR (b.from_us = $4 AND b.id > "   \
    "$5)) ORDER BY b.from_us, b.id"

enum ledger_status ledger_booking_each(struct ledger *l, const struct ledger_booking_filter *f,
                                       ledger_booking_reader *read, void *ctx)
{
    struct each each = {.l = l, .live_only = f->live_only, .read = read, .ctx = ctx};
    const int64_t from_us =
        f->after_id && f->after_from_us > f->from_us ? f->after_from_us : f->from_us;

    if (f->resource_id)
        return ledger_each(l, BOOKING "WHERE b.resource_id = $1" IN_ORDER,
                           STORE_ARGS(store_int(f->resource_id), store_int(from_us),
                                      store_int(f->to_us),
                                      store_int(f->after_id ? f->after_from_us : INT64_MIN),
                                      store_int(f->after_id)),
                           pass_booking, &each);
    if (f->series_id)
        return ledger_each(l, BOOKING "WHERE b.series_id = $1" IN_ORDER,
                           STORE_ARGS(store_int(f->series_id), store_int(from_us),
                                      store_int(f->to_us),
                                      store_int(f->after_id ? f->after_from_us : INT64_MIN),
                                      store_int(f->after_id)),
                           pass_booking, &each);
    return ledger_each(l, BOOKING "WHERE b.member_id = $1" IN_ORDER,
                       STORE_ARGS(store_int(f->member_id), store_int(from_us), store_int(f->to_us),
                                  store_int(f->after_id ? f->after_from_us : INT64_MIN),
                                  store_int(f->after_id)),
                       pass_booking, &each);
}

static enum ledger_status pass_line(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_quote_line line = {.price_id = store_row_int(row, 1),
                                     .extra_price_id = store_row_int(row, 2),
                                     .quantity = store_row_int(row, 3),
                                     .amount_minor = store_row_int(row, 4),
                                     .each_minor = store_row_int(row, 5)};

    store_row_copy(row, 6, line.what, sizeof line.what);
    LEDGER_TRY(ledger_line_kind_parse(store_row_text(row, 0), &line.kind));
    return each->read_line(each->ctx, &line);
}

enum ledger_status ledger_booking_lines(struct ledger *l, int64_t id, ledger_line_reader *read,
                                        void *ctx)
{
    struct each each = {.l = l, .read_line = read, .ctx = ctx};

    return ledger_each(
        l,
        "SELECT n.kind, n.price_id, n.extra_price_id, n.quantity, n.amount_minor, "
        "coalesce(p.amount_minor, e.amount_minor), coalesce(x.title, "
        "CASE p.peak WHEN 'any' THEN p.unit ELSE p.unit || ', ' || p.peak END, '') "
        "FROM booking_line n LEFT JOIN resource_price p ON p.id = n.price_id "
        "LEFT JOIN extra_price e ON e.id = n.extra_price_id LEFT JOIN extra x ON x.id = e.extra_id "
        "WHERE n.booking_id = $1 AND n.sequence = "
        "(SELECT max(sequence) FROM booking_line WHERE booking_id = $1) ORDER BY n.line",
        STORE_ARGS(store_int(id)), pass_line, &each);
}

static enum ledger_status pass_change(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_booking_change c = {.sequence = store_row_int(row, 0),
                                      .state = state_of(store_row_text(row, 1)),
                                      .from_us = store_row_int(row, 2),
                                      .to_us = store_row_int(row, 3),
                                      .amount_minor = store_row_int(row, 4),
                                      .transfer_id = store_row_int(row, 5),
                                      .at_us = store_row_int(row, 6)};

    store_row_copy(row, 7, c.from_local, sizeof c.from_local);
    store_row_copy(row, 8, c.to_local, sizeof c.to_local);
    store_row_copy(row, 9, c.tzdata, sizeof c.tzdata);
    store_row_copy(row, 10, c.actor, sizeof c.actor);
    store_row_copy(row, 11, c.reason, sizeof c.reason);
    return each->read_change(each->ctx, &c);
}

enum ledger_status ledger_booking_changes(struct ledger *l, int64_t id,
                                          ledger_booking_change_reader *read, void *ctx)
{
    struct each each = {.l = l, .read_change = read, .ctx = ctx};

    return ledger_each(l,
                       "SELECT sequence, state, from_us, to_us, amount_minor, transfer_id, at_us, "
                       "from_local, to_local, tzdata, actor, reason FROM booking_change "
                       "WHERE booking_id = $1 ORDER BY sequence",
                       STORE_ARGS(store_int(id)), pass_change, &each);
}
