#include "handle.h"
#include "lot.h"

#include <string.h>

struct each {
    ledger_lot_reader *read;
    void *ctx;
};

static enum ledger_lot_origin origin_of(const char *name)
{
    for (int o = LEDGER_LOT_GRANTED; o <= LEDGER_LOT_HISTORY; o++)
        if (strcmp(name, ledger_lot_origin_name((enum ledger_lot_origin)o)) == 0)
            return (enum ledger_lot_origin)o;
    return LEDGER_LOT_HISTORY;
}

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_lot lot = {.id = store_row_int(row, 0),
                             .account_id = store_row_int(row, 1),
                             .transfer_id = store_row_int(row, 2),
                             .origin = origin_of(store_row_text(row, 3)),
                             .fund_account_id = store_row_int(row, 4),
                             .amount_minor = store_row_int(row, 5),
                             .expires_on = (int32_t)store_row_int(row, 6),
                             .left_minor = store_row_int(row, 7),
                             .pinned_minor = store_row_int(row, 8),
                             .made_on = (int32_t)store_row_int(row, 9),
                             .scale = (int)store_row_int(row, 10)};

    store_row_copy(row, 11, lot.code, sizeof lot.code);
    store_row_copy(row, 12, lot.handle, sizeof lot.handle);
    store_row_copy(row, 13, lot.fund, sizeof lot.fund);
    store_row_copy(row, 14, lot.purpose, sizeof lot.purpose);
    return each->read(each->ctx, &lot);
}

#define LOT                                                                                        \
    "SELECT t.id, t.account_id, t.transfer_id, t.origin, t.fund_account_id, t.amount_minor, "      \
    "t.expires_on, t.left_minor, t.pinned_minor, p.effective_on, c.scale, c.code, "                \
    "coalesce(i.handle, 'erased-' || a.member_id), f.handle, x.memo FROM lot t "                   \
    "JOIN account a ON a.id = t.account_id JOIN currency c ON c.id = a.currency_id "               \
    "JOIN transfer p ON p.id = t.transfer_id "                                                     \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "                                    \
    "LEFT JOIN account g ON g.id = t.fund_account_id "                                             \
    "LEFT JOIN member_identity f ON f.member_id = g.member_id "                                    \
    "LEFT JOIN transfer_text x ON x.transfer_id = t.transfer_id "
#define PAGE                                                                                       \
    "(t.expires_on, t.id) > ($1, $2) AND t.expires_on <= $3 AND "                                  \
    "($4 IS NULL OR a.currency_id = $4) ORDER BY t.expires_on, t.id LIMIT $5"

enum ledger_status ledger_lot_each(struct ledger *l, const struct ledger_lot_filter *filter,
                                   ledger_lot_reader *read, void *ctx)
{
    struct each each = {read, ctx};
    const struct store_arg after_on = store_int(filter->after_on);
    const struct store_arg after_id = store_int(filter->after_id);
    const struct store_arg by = store_int(filter->expires_by);
    const struct store_arg currency = store_int_or_null(filter->currency_id, filter->currency_id);
    const struct store_arg limit = store_int(filter->limit);
    const struct store_arg member = store_int(filter->member_id);

    if (!filter->member_id)
        return ledger_each(l, LOT "WHERE t.left_minor > 0 AND t.expires_on < 95026 AND " PAGE,
                           STORE_ARGS(after_on, after_id, by, currency, limit), pass_on, &each);
    if (filter->spent_too)
        return ledger_each(l, LOT "WHERE a.member_id = $6 AND " PAGE,
                           STORE_ARGS(after_on, after_id, by, currency, limit, member), pass_on,
                           &each);
    return ledger_each(l, LOT "WHERE a.member_id = $6 AND t.left_minor > 0 AND " PAGE,
                       STORE_ARGS(after_on, after_id, by, currency, limit, member), pass_on, &each);
}

static enum ledger_status keep(void *ctx, const struct ledger_lot *lot)
{
    *(struct ledger_lot *)ctx = *lot;
    return LEDGER_OK;
}

enum ledger_status ledger_lot_get(struct ledger *l, int64_t id, struct ledger_lot *lot)
{
    struct each each = {keep, lot};

    return ledger_first(l, LOT "WHERE t.id = $1", STORE_ARGS(store_int(id)), pass_on, &each);
}

enum ledger_status ledger_lot_expiry_of(struct ledger *l, int64_t transfer_id, int32_t *expires_on)
{
    int64_t day;

    LEDGER_TRY(ledger_first(l,
                            "SELECT t.expires_on FROM lot_move m JOIN lot t ON t.id = m.lot_id "
                            "WHERE m.transfer_id = $1 AND t.transfer_id = $1",
                            STORE_ARGS(store_int(transfer_id)), ledger_read_int, &day));
    *expires_on = (int32_t)day;
    return LEDGER_OK;
}
