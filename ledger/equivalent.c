#include "equivalent.h"

#include "currency.h"
#include "date.h"
#include "handle.h"

#include <stdio.h>

static enum ledger_status check(struct ledger *l, const struct ledger_equivalent *e,
                                const struct ledger_why *why)
{
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_get(l, e->currency_id, &c));
    if (e->unit[0] == '\0')
        return ledger_refuse_field(l, LEDGER_TEXT_MALFORMED, "unit",
                                   "name the unit it is worth, such as GBP");
    LEDGER_TRY(ledger_check_text(l, "unit", e->unit, LEDGER_UNIT_MAX));
    if (e->value_micro < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "value",
                                   "an equivalent is more than zero, such as 1.00");
    if (e->value_micro > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "value",
                                   "an equivalent is at most 1000000000");
    if (e->from_on < ledger_today(l))
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "an equivalent holds from today or a later day on");
    return ledger_check_reason(l, why->reason);
}

enum ledger_status ledger_equivalent_set(struct ledger *l, struct ledger_equivalent *e,
                                         const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(check(l, e, why));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM equivalent", &e->id));
    return ledger_exec(
        l,
        "INSERT INTO equivalent (id, currency_id, from_on, unit, value_micro, "
        "at_us, actor, reason, authority) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        STORE_ARGS(store_int(e->id), store_int(e->currency_id), store_int(e->from_on),
                   store_text(e->unit), store_int(e->value_micro), store_int(at_us),
                   store_text(why->actor), store_text(why->reason), store_text(why->authority)));
}

static enum ledger_status read_equivalent(void *into, const struct store_row *row)
{
    struct ledger_equivalent *e = into;

    *e = (struct ledger_equivalent){
        .id = store_row_int(row, 0),
        .currency_id = store_row_int(row, 1),
        .from_on = (int32_t)store_row_int(row, 2),
        .value_micro = store_row_int(row, 4),
    };
    store_row_copy(row, 3, e->unit, sizeof e->unit);
    return LEDGER_OK;
}

enum ledger_status ledger_equivalent_at(struct ledger *l, int64_t currency_id, int32_t day,
                                        struct ledger_equivalent *e)
{
    return ledger_first(l,
                        "SELECT id, currency_id, from_on, unit, value_micro FROM equivalent "
                        "WHERE currency_id = $1 AND from_on <= $2 "
                        "ORDER BY from_on DESC, id DESC LIMIT 1",
                        STORE_ARGS(store_int(currency_id), store_int(day)), read_equivalent, e);
}
