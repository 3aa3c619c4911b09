#include "levy.h"

#include "date.h"
#include "handle.h"
#include "levy_trade.h"

#include <stdio.h>

static enum ledger_status check_numbers(struct ledger *l, const struct ledger_levy *levy)
{
    if (levy->points < 0 || levy->points > LEDGER_LEVY_POINTS_MAX)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "points",
                                   "points are 0 to %d: 50 is half a per cent of what came in",
                                   LEDGER_LEVY_POINTS_MAX);
    if (levy->flat_minor > LEDGER_AMOUNT_MAX || levy->minimum_minor > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE,
                                   levy->flat_minor > LEDGER_AMOUNT_MAX ? "flat" : "minimum",
                                   "that amount is beyond what the ledger counts");
    if (levy->points && levy->flat_minor)
        return ledger_refuse_field(l, LEDGER_LEVY_MALFORMED, "flat",
                                   "a levy is a share of what came in or a flat amount, not both");
    if (levy->from_on != ledger_date_month_start(levy->from_on))
        return ledger_refuse_field(l, LEDGER_LEVY_MALFORMED, "from",
                                   "a levy holds for whole months: from the first day of one");
    if (levy->from_on <= ledger_today(l))
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "a levy holds from a month on that has not begun");
    return LEDGER_OK;
}

static enum ledger_status check(struct ledger *l, const struct ledger_levy *levy,
                                const struct ledger_why *why)
{
    struct ledger_currency c;
    struct ledger_account fund;

    LEDGER_TRY(ledger_currency_get(l, levy->currency_id, &c));
    if (c.kind == LEDGER_TRAINING)
        return ledger_refuse(l, LEDGER_EARMARKED,
                             "%s is for training: nothing is levied of training credits", c.code);
    LEDGER_TRY(check_numbers(l, levy));
    LEDGER_TRY(ledger_account_get(l, levy->fund_account_id, &fund));
    if (fund.currency_id != levy->currency_id)
        return ledger_refuse(l, LEDGER_UNBALANCED, "the account of %s is in %s, not in %s",
                             fund.handle, fund.code, c.code);
    if (fund.member_kind != LEDGER_FUND)
        return ledger_refuse_field(l, LEDGER_MEMBER_STATE, "fund",
                                   "%s is a %s: only a fund has a levy", fund.handle,
                                   ledger_member_kind_name(fund.member_kind));
    return ledger_check_reason(l, why->reason);
}

enum ledger_status ledger_levy_set(struct ledger *l, struct ledger_levy *levy,
                                   const struct ledger_why *why)
{
    LEDGER_TRY(check(l, levy, why));
    LEDGER_TRY(ledger_tick(l, &levy->at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM levy", &levy->id));
    return ledger_exec(
        l,
        "INSERT INTO levy (id, currency_id, fund_account_id, points, flat_minor, minimum_minor, "
        "from_on, at_us, actor, reason, authority) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        STORE_ARGS(store_int(levy->id), store_int(levy->currency_id),
                   store_int(levy->fund_account_id), store_int(levy->points),
                   store_int(levy->flat_minor), store_int(levy->minimum_minor),
                   store_int(levy->from_on), store_int(levy->at_us), store_text(why->actor),
                   store_text(why->reason), store_text(why->authority)));
}

#define LEVY                                                                                       \
    "SELECT v.id, v.currency_id, v.fund_account_id, v.points, v.flat_minor, v.minimum_minor, "     \
    "v.from_on, v.at_us, v.actor, v.reason, v.authority, "                                         \
    "coalesce(i.handle, 'erased-' || a.member_id), c.code, c.scale FROM levy v "                   \
    "JOIN account a ON a.id = v.fund_account_id JOIN currency c ON c.id = v.currency_id "          \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "

static enum ledger_status read_levy(void *into, const struct store_row *row)
{
    struct ledger_levy *v = into;

    v->id = store_row_int(row, 0);
    v->currency_id = store_row_int(row, 1);
    v->fund_account_id = store_row_int(row, 2);
    v->points = (int)store_row_int(row, 3);
    v->flat_minor = store_row_int(row, 4);
    v->minimum_minor = store_row_int(row, 5);
    v->from_on = (int32_t)store_row_int(row, 6);
    v->at_us = store_row_int(row, 7);
    store_row_copy(row, 8, v->actor, sizeof v->actor);
    store_row_copy(row, 9, v->reason, sizeof v->reason);
    store_row_copy(row, 10, v->authority, sizeof v->authority);
    store_row_copy(row, 11, v->fund, sizeof v->fund);
    store_row_copy(row, 12, v->code, sizeof v->code);
    v->scale = (int)store_row_int(row, 13);
    return LEDGER_OK;
}

enum ledger_status ledger_levy_on(struct ledger *l, int64_t currency_id, int32_t day,
                                  struct ledger_levy *levy)
{
    return ledger_first(l,
                        LEVY "WHERE v.currency_id = $1 AND v.from_on <= $2 "
                             "ORDER BY v.from_on DESC, v.id DESC LIMIT 1",
                        STORE_ARGS(store_int(currency_id), store_int(day)), read_levy, levy);
}

enum ledger_status ledger_levy_get(struct ledger *l, int64_t id, struct ledger_levy *levy)
{
    return ledger_first(l, LEVY "WHERE v.id = $1", STORE_ARGS(store_int(id)), read_levy, levy);
}

struct each {
    ledger_levy_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_levy levy;

    LEDGER_TRY(read_levy(&levy, row));
    return each->read(each->ctx, &levy);
}

enum ledger_status ledger_levy_each(struct ledger *l, int64_t currency_id, ledger_levy_reader *read,
                                    void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l, LEVY "WHERE v.currency_id = $1 ORDER BY v.from_on, v.id",
                       STORE_ARGS(store_int(currency_id)), pass_on, &each);
}

int64_t ledger_levy_base(int64_t base_minor)
{
    if (base_minor < 0)
        return 0;
    return base_minor > LEDGER_AMOUNT_MAX ? LEDGER_AMOUNT_MAX : base_minor;
}

int64_t ledger_levy_amount(const struct ledger_levy *levy, int64_t base_minor)
{
    int64_t base = ledger_levy_base(base_minor);
    int64_t amount_minor = levy->flat_minor;

    if (levy->points)
        amount_minor = base / 10000 * levy->points + (base % 10000 * levy->points + 5000) / 10000;
    return amount_minor < levy->minimum_minor ? 0 : amount_minor;
}

static enum ledger_status read_trade(struct ledger *l, const struct ledger_account *a,
                                     int32_t month_on, int64_t *base_minor)
{
    int64_t before;

    LEDGER_TRY(ledger_journal_last_on(l, month_on - 1, &before));
    return ledger_first(
        l,
        JOURNAL_WALK("$1", "$2", "$3",
                     "$4") "SELECT coalesce(sum(e.amount_minor), 0) FROM walk e " LEVY_TRADE,
        STORE_ARGS(store_int(a->id), store_int(before), store_int(INT64_MAX),
                   store_int(JOURNAL_SKIP_NONE)),
        ledger_read_int, base_minor);
}

/* Set before any month of it has begun. */
static enum ledger_status read_first(struct ledger *l, const struct ledger_account *a,
                                     struct ledger_levy *levy)
{
    enum ledger_status status =
        ledger_first(l, LEVY "WHERE v.currency_id = $1 ORDER BY v.from_on, v.id DESC LIMIT 1",
                     STORE_ARGS(store_int(a->currency_id)), read_levy, levy);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_LEVY, "no levy is set in %s", a->code);
    return status;
}

enum ledger_status ledger_levy_so_far(struct ledger *l, const struct ledger_account *a,
                                      struct ledger_levy *levy, struct ledger_levy_charge *c)
{
    *c = (struct ledger_levy_charge){.account_id = a->id,
                                     .member_id = a->member_id,
                                     .month_on = ledger_date_month_start(ledger_today(l)),
                                     .scale = a->scale};
    snprintf(c->handle, sizeof c->handle, "%s", a->handle);
    snprintf(c->code, sizeof c->code, "%s", a->code);
    enum ledger_status status = ledger_levy_on(l, a->currency_id, c->month_on, levy);
    if (status == LEDGER_NO_ROW) {
        LEDGER_TRY(read_first(l, a, levy));
        c->month_on = levy->from_on;
        return LEDGER_OK;
    }
    LEDGER_TRY(status);
    if (a->member_kind != LEDGER_COOP && a->member_kind != LEDGER_PERSON)
        return LEDGER_OK;
    LEDGER_TRY(read_trade(l, a, c->month_on, &c->base_minor));
    c->base_minor = ledger_levy_base(c->base_minor);
    c->amount_minor = ledger_levy_amount(levy, c->base_minor);
    return LEDGER_OK;
}
