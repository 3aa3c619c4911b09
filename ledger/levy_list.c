#include "levy_trade.h"

#include "handle.h"

struct each {
    struct ledger *l;
    ledger_levy_charge_reader *read;
    void *ctx;
};

static void read_charge(struct ledger_levy_charge *c, const struct store_row *row)
{
    *c = (struct ledger_levy_charge){.id = store_row_int(row, 0),
                                     .account_id = store_row_int(row, 1),
                                     .member_id = store_row_int(row, 2),
                                     .month_id = store_row_int(row, 3),
                                     .month_on = (int32_t)store_row_int(row, 4),
                                     .base_minor = ledger_levy_base(store_row_int(row, 5)),
                                     .amount_minor = store_row_int(row, 6),
                                     .transfer_id = store_row_int(row, 7),
                                     .at_us = store_row_int(row, 8),
                                     .scale = (int)store_row_int(row, 11)};
    store_row_copy(row, 9, c->handle, sizeof c->handle);
    store_row_copy(row, 10, c->code, sizeof c->code);
}

static enum ledger_status pass_charge(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_levy_charge c;

    read_charge(&c, row);
    store_row_copy(row, 12, c.waived, sizeof c.waived);
    return each->read(each->ctx, &c);
}

#define WHOSE "coalesce(i.handle, 'erased-' || a.member_id), y.code, y.scale, "
#define OF_WHOM                                                                                    \
    "JOIN levy_month m ON m.id = d.month_id JOIN account a ON a.id = d.account_id "                \
    "JOIN currency y ON y.id = a.currency_id "                                                     \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "

enum ledger_status ledger_levy_charges(struct ledger *l, const struct ledger_levy_filter *f,
                                       ledger_levy_charge_reader *read, void *ctx)
{
    struct each each = {l, read, ctx};

    return ledger_each(l,
                       "SELECT d.id, d.account_id, a.member_id, d.month_id, m.month_on, "
                       "d.base_minor, d.amount_minor, d.transfer_id, d.at_us, " WHOSE
                       "d.waived FROM levy_charge d " OF_WHOM
                       "WHERE d.id > $1 AND ($2 = 0 OR a.member_id = $2) AND "
                       "($3 = 0 OR a.currency_id = $3) ORDER BY d.id LIMIT $4",
                       STORE_ARGS(store_int(f->after[0]), store_int(f->member_id),
                                  store_int(f->currency_id), store_int(f->limit)),
                       pass_charge, &each);
}

/* What it comes to is reckoned, not kept: the month's levy says. */
static enum ledger_status pass_open(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_levy_charge c;
    struct ledger_levy levy;

    read_charge(&c, row);
    LEDGER_TRY(ledger_levy_get(each->l, store_row_int(row, 13), &levy));
    c.amount_minor = ledger_levy_amount(&levy, c.base_minor);
    c.refused = ledger_status_from_code(store_row_text(row, 12));
    return each->read(each->ctx, &c);
}

enum ledger_status ledger_levy_open(struct ledger *l, const struct ledger_levy_filter *f,
                                    ledger_levy_charge_reader *read, void *ctx)
{
    struct each each = {l, read, ctx};

    return ledger_each(
        l,
        "SELECT 0, d.account_id, a.member_id, d.month_id, m.month_on, "
        "d.base_minor, 0, 0, d.at_us, " WHOSE "d.code, m.levy_id FROM levy_due d " OF_WHOM
        "WHERE (d.account_id, d.month_id) > ($1, $2) AND d.code IS NOT NULL AND "
        "($3 = 0 OR a.member_id = $3) AND ($4 = 0 OR a.currency_id = $4) "
        "ORDER BY d.account_id, d.month_id LIMIT $5",
        STORE_ARGS(store_int(f->after[0]), store_int(f->after[1]), store_int(f->member_id),
                   store_int(f->currency_id), store_int(f->limit)),
        pass_open, &each);
}
