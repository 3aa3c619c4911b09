#include "hold.h"

#include "handle.h"
#include "lot.h"

#include <assert.h>
#include <string.h>

static const char *const state_names[] = {"open", "captured", "released", "expired"};

const char *ledger_hold_state_name(enum ledger_hold_state state)
{
    return state_names[state];
}

/* Give one account its reserve back. */
static enum ledger_status free_party(struct ledger *l, const struct ledger_hold *h,
                                     int64_t account_id, int64_t out_minor, int64_t in_minor)
{
    struct ledger_account a;
    int64_t next_us = 0;

    LEDGER_TRY(ledger_account_get(l, account_id, &a));
    LEDGER_TRY(ledger_exec(
        l,
        "DELETE FROM hold_open WHERE account_id = $1 AND expires_at_us = $2 "
        "AND hold_id = $3",
        STORE_ARGS(store_int(account_id), store_int(h->expires_at_us), store_int(h->id))));
    LEDGER_TRY(ledger_first(l, "SELECT min(expires_at_us) FROM hold_open WHERE account_id = $1",
                            STORE_ARGS(store_int(account_id)), ledger_read_int, &next_us));
    a.reserved_out_minor -= out_minor;
    a.reserved_in_minor -= in_minor;
    a.hold_expiry_us = next_us ? next_us : INT64_MAX;
    if (a.training && out_minor)
        LEDGER_TRY(ledger_lot_unpin(l, h->id));
    return ledger_account_save(l, &a);
}

static enum ledger_status free_parties(struct ledger *l, const struct ledger_hold *h)
{
    LEDGER_TRY(free_party(l, h, h->account_id, h->amount_minor, 0));
    for (int i = 0; i < h->payee_count; i++)
        LEDGER_TRY(free_party(l, h, h->payees[i].account_id, 0, h->payees[i].amount_minor));
    return LEDGER_OK;
}

static enum ledger_status write_resolution(struct ledger *l, const struct ledger_hold *h)
{
    return ledger_exec(
        l,
        "INSERT INTO hold_resolution (hold_id, kind, at_us, amount_minor, transfer_id, reason) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        STORE_ARGS(store_int(h->id), store_text(state_names[h->state]),
                   store_int(h->resolved_at_us), store_int(h->captured_minor),
                   store_int_or_null(h->transfer_id, h->transfer_id), store_text(h->reason)));
}

static enum ledger_status get_open(struct ledger *l, int64_t id, struct ledger_hold *h)
{
    LEDGER_TRY(ledger_hold_get(l, id, h));
    switch (h->state) {
    case LEDGER_HOLD_OPEN:
        return LEDGER_OK;
    case LEDGER_HOLD_LAPSED:
        return ledger_refuse(l, LEDGER_HOLD_EXPIRED, "hold %lld has expired", (long long)id);
    case LEDGER_HOLD_CAPTURED:
    case LEDGER_HOLD_RELEASED:
        break;
    }
    return ledger_refuse(l, LEDGER_ALREADY_RESOLVED, "hold %lld is %s already", (long long)id,
                         state_names[h->state]);
}

/* Among several payees a part is split in proportion; a share of zero has no leg. */
static int capture_legs(const struct ledger_hold *h, int64_t amount_minor, struct ledger_leg *legs)
{
    int64_t weights[LEDGER_HOLD_PAYEES_MAX];
    int64_t parts[LEDGER_HOLD_PAYEES_MAX];
    int count = 1;

    for (int i = 0; i < h->payee_count; i++)
        weights[i] = h->payees[i].amount_minor;
    ledger_amount_split(amount_minor, weights, (size_t)h->payee_count, parts);
    legs[0] = (struct ledger_leg){h->account_id, -amount_minor};
    for (int i = 0; i < h->payee_count; i++)
        if (parts[i] > 0)
            legs[count++] = (struct ledger_leg){h->payees[i].account_id, parts[i]};
    return count;
}

enum ledger_status ledger_hold_capture(struct ledger *l, int64_t id, int64_t amount_minor,
                                       int64_t *transfer_id)
{
    struct ledger_hold h;
    struct ledger_leg legs[LEDGER_HOLD_PAYEES_MAX + 1];

    LEDGER_TRY(get_open(l, id, &h));
    if (amount_minor > h.amount_minor) {
        char held[LEDGER_AMOUNT_TEXT];
        ledger_amount_format(h.amount_minor, h.scale, held);
        return ledger_refuse_field(l, LEDGER_OVER_CAPTURE, "amount", "hold %lld is for %s %s",
                                   (long long)id, held, h.code);
    }
    if (amount_minor < 0)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                                   "the amount captured must be more than zero");
    h.captured_minor = amount_minor ? amount_minor : h.amount_minor;
    const struct ledger_transfer_draft draft = {.kind = LEDGER_CAPTURE,
                                                .memo = h.memo,
                                                .reference = h.reference,
                                                .reserved = true,
                                                .hold_id = id,
                                                .legs = legs,
                                                .leg_count =
                                                    capture_legs(&h, h.captured_minor, legs)};
    LEDGER_TRY(ledger_transfer_post(l, &draft, transfer_id));
    LEDGER_TRY(free_parties(l, &h));
    h.state = LEDGER_HOLD_CAPTURED;
    h.transfer_id = *transfer_id;
    LEDGER_TRY(ledger_tick(l, &h.resolved_at_us));
    return write_resolution(l, &h);
}

static enum ledger_status end(struct ledger *l, struct ledger_hold *h, enum ledger_hold_state state,
                              const char *reason, int64_t at_us)
{
    size_t size = strlen(reason);

    assert(size < sizeof h->reason);
    memcpy(h->reason, reason, size + 1);
    h->state = state;
    h->resolved_at_us = at_us;
    LEDGER_TRY(free_parties(l, h));
    return write_resolution(l, h);
}

enum ledger_status ledger_hold_release(struct ledger *l, int64_t id, const char *reason)
{
    struct ledger_hold h;
    int64_t at_us;

    LEDGER_TRY(ledger_check_text(l, "reason", reason, LEDGER_REASON_MAX));
    LEDGER_TRY(get_open(l, id, &h));
    LEDGER_TRY(ledger_tick(l, &at_us));
    return end(l, &h, LEDGER_HOLD_RELEASED, reason ? reason : "", at_us);
}

#define HOLD                                                                                       \
    "SELECT h.id, h.account_id, h.amount_minor, h.placed_at_us, h.expires_at_us, h.text_hash, "    \
    "x.memo, x.reference, r.kind, r.at_us, r.amount_minor, r.transfer_id, r.reason, "              \
    "coalesce(i.handle, 'erased-' || a.member_id), c.code, c.scale FROM hold h "                   \
    "JOIN account a ON a.id = h.account_id JOIN currency c ON c.id = a.currency_id "               \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "                                    \
    "LEFT JOIN hold_text x ON x.hold_id = h.id "                                                   \
    "LEFT JOIN hold_resolution r ON r.hold_id = h.id "

static enum ledger_hold_state state_of(const char *kind)
{
    for (int s = LEDGER_HOLD_CAPTURED; s <= LEDGER_HOLD_LAPSED; s++)
        if (strcmp(kind, state_names[s]) == 0)
            return (enum ledger_hold_state)s;
    return LEDGER_HOLD_OPEN;
}

static enum ledger_status read_hold(void *into, const struct store_row *row)
{
    struct ledger_hold *h = into;

    h->id = store_row_int(row, 0);
    h->account_id = store_row_int(row, 1);
    h->amount_minor = store_row_int(row, 2);
    h->placed_at_us = store_row_int(row, 3);
    h->expires_at_us = store_row_int(row, 4);
    h->has_text = !store_row_null(row, 5);
    h->erased = h->has_text && store_row_null(row, 6);
    store_row_copy(row, 6, h->memo, sizeof h->memo);
    store_row_copy(row, 7, h->reference, sizeof h->reference);
    h->state = state_of(store_row_text(row, 8));
    h->resolved_at_us = store_row_int(row, 9);
    h->captured_minor = store_row_int(row, 10);
    h->transfer_id = store_row_int(row, 11);
    store_row_copy(row, 12, h->reason, sizeof h->reason);
    store_row_copy(row, 13, h->handle, sizeof h->handle);
    store_row_copy(row, 14, h->code, sizeof h->code);
    h->scale = (int)store_row_int(row, 15);
    return LEDGER_OK;
}

static enum ledger_status read_payee(void *into, const struct store_row *row)
{
    struct ledger_hold *h = into;
    int i = h->payee_count++;

    h->payees[i].account_id = store_row_int(row, 0);
    h->payees[i].amount_minor = store_row_int(row, 1);
    store_row_copy(row, 2, h->payees[i].handle, sizeof h->payees[i].handle);
    return LEDGER_OK;
}

/* The payees, and whether its time is over by now though no sweep has written so. */
static enum ledger_status complete(struct ledger *l, struct ledger_hold *h)
{
    if (h->state == LEDGER_HOLD_OPEN && h->expires_at_us <= ledger_now_us(l)) {
        h->state = LEDGER_HOLD_LAPSED;
        h->resolved_at_us = h->expires_at_us;
    }
    h->payee_count = 0;
    return ledger_each(l,
                       "SELECT p.account_id, p.amount_minor, "
                       "coalesce(i.handle, 'erased-' || a.member_id) FROM hold_payee p "
                       "JOIN account a ON a.id = p.account_id "
                       "LEFT JOIN member_identity i ON i.member_id = a.member_id "
                       "WHERE p.hold_id = $1 ORDER BY p.leg LIMIT 4",
                       STORE_ARGS(store_int(h->id)), read_payee, h);
}

enum ledger_status ledger_hold_get(struct ledger *l, int64_t id, struct ledger_hold *h)
{
    enum ledger_status status =
        ledger_first(l, HOLD "WHERE h.id = $1", STORE_ARGS(store_int(id)), read_hold, h);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_HOLD, "there is no hold %lld", (long long)id);
    LEDGER_TRY(status);
    return complete(l, h);
}

struct each {
    struct ledger *l;
    ledger_hold_reader *read;
    void *ctx;
    bool open_only;
    int left;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_hold h;

    LEDGER_TRY(read_hold(&h, row));
    LEDGER_TRY(complete(each->l, &h));
    if (each->open_only && h.state != LEDGER_HOLD_OPEN)
        return LEDGER_OK;
    LEDGER_TRY(each->read(each->ctx, &h));
    return --each->left > 0 ? LEDGER_OK : LEDGER_STOP;
}

enum ledger_status ledger_hold_each(struct ledger *l, const struct ledger_hold_filter *filter,
                                    ledger_hold_reader *read, void *ctx)
{
    struct each each = {l, read, ctx, filter->open_only, filter->limit};

    if (filter->account_id)
        return ledger_each(l,
                           HOLD "JOIN hold_account w ON w.hold_id = h.id WHERE w.account_id = $1 "
                                "AND w.hold_id > $2 AND ($3 = 0 OR r.kind IS NULL) "
                                "ORDER BY w.hold_id",
                           STORE_ARGS(store_int(filter->account_id), store_int(filter->after_id),
                                      store_int(filter->open_only)),
                           pass_on, &each);
    return ledger_each(l, HOLD "WHERE h.id > $1 AND ($2 = 0 OR r.kind IS NULL) ORDER BY h.id",
                       STORE_ARGS(store_int(filter->after_id), store_int(filter->open_only)),
                       pass_on, &each);
}

static enum ledger_status expire_one(struct ledger *l, int64_t hold_id, int64_t now_us)
{
    struct ledger_hold h;

    LEDGER_TRY(ledger_hold_get(l, hold_id, &h));
    return end(l, &h, LEDGER_HOLD_LAPSED, "", now_us);
}

enum ledger_status ledger_hold_expire(struct ledger *l, int64_t account_id, int64_t now_us)
{
    for (;;) {
        int64_t hold_id;
        enum ledger_status status = ledger_first(
            l,
            "SELECT hold_id FROM hold_open WHERE account_id = $1 AND "
            "expires_at_us <= $2 ORDER BY expires_at_us LIMIT 1",
            STORE_ARGS(store_int(account_id), store_int(now_us)), ledger_read_int, &hold_id);
        if (status == LEDGER_NO_ROW)
            return LEDGER_OK;
        LEDGER_TRY(status);
        LEDGER_TRY(expire_one(l, hold_id, now_us));
    }
}

enum ledger_status ledger_hold_sweep(struct ledger *l, int64_t now_us, int64_t *count)
{
    for (*count = 0;; (*count)++) {
        int64_t hold_id;
        enum ledger_status status =
            ledger_first(l,
                         "SELECT o.hold_id FROM account a JOIN hold_open o ON o.account_id = a.id "
                         "WHERE a.hold_expiry_us <= $1 AND o.expires_at_us <= $1 LIMIT 1",
                         STORE_ARGS(store_int(now_us)), ledger_read_int, &hold_id);
        if (status == LEDGER_NO_ROW)
            return LEDGER_OK;
        LEDGER_TRY(status);
        LEDGER_TRY(expire_one(l, hold_id, now_us));
    }
}
