#include "extra.h"

#include "account.h"
#include "date.h"
#include "handle.h"
#include "price.h"
#include "transfer.h"

#include <stdio.h>

static enum ledger_status check_new(struct ledger *l, struct ledger_extra *e)
{
    struct ledger_member host;
    int64_t taken;

    if (ledger_handle_check(e->name) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_HANDLE_MALFORMED, "extra",
                                   "\"%.60s\" cannot name an extra: 2 to 32 of a-z, 0-9 and "
                                   "-, not - first",
                                   e->name);
    if (e->title[0] == '\0')
        return ledger_refuse_field(l, LEDGER_TEXT_MALFORMED, "title", "a title says what it is");
    LEDGER_TRY(ledger_check_text(l, "title", e->title, LEDGER_NAME_MAX));
    LEDGER_TRY(ledger_member_find(l, e->host, &host));
    if (host.state != LEDGER_ACTIVE)
        return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s is %s and cannot offer anything",
                             host.handle, ledger_member_state_name(host.state));
    e->member_id = host.id;
    LEDGER_TRY(ledger_first(l, "SELECT EXISTS (SELECT 1 FROM extra WHERE name = $1)",
                            STORE_ARGS(store_text(e->name)), ledger_read_int, &taken));
    return taken ? ledger_refuse(l, LEDGER_EXISTS, "there is an extra %s already", e->name)
                 : LEDGER_OK;
}

enum ledger_status ledger_extra_add(struct ledger *l, struct ledger_extra *e)
{
    int64_t at_us;

    LEDGER_TRY(check_new(l, e));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM extra", &e->id));
    return ledger_exec(l,
                       "INSERT INTO extra (id, member_id, name, title, created_at_us) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(e->id), store_int(e->member_id), store_text(e->name),
                                  store_text(e->title), store_int(at_us)));
}

enum ledger_status ledger_extra_price_set(struct ledger *l, struct ledger_extra_price *p,
                                          const struct ledger_why *why)
{
    int64_t at_us;

    if (p->amount_minor > LEDGER_PRICE_MINOR_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "amount",
                                   "that is more than a price can be");
    if (p->from_on < ledger_today(l))
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "a price holds from today or a later day on");
    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM extra_price", &p->id));
    return ledger_exec(
        l,
        "INSERT INTO extra_price (id, extra_id, currency_id, amount_minor, from_on, at_us, actor, "
        "reason, authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        STORE_ARGS(store_int(p->id), store_int(p->extra_id), store_int(p->currency_id),
                   store_int_or_null(!p->gone, p->amount_minor), store_int(p->from_on),
                   store_int(at_us), store_text(why->actor), store_text(why->reason),
                   store_text(why->authority)));
}

#define EXTRA                                                                                      \
    "SELECT e.id, e.member_id, e.name, e.title, coalesce(i.handle, 'erased-' || e.member_id) "     \
    "FROM extra e LEFT JOIN member_identity i ON i.member_id = e.member_id "

static enum ledger_status read_extra(void *into, const struct store_row *row)
{
    struct ledger_extra *e = into;

    e->id = store_row_int(row, 0);
    e->member_id = store_row_int(row, 1);
    store_row_copy(row, 2, e->name, sizeof e->name);
    store_row_copy(row, 3, e->title, sizeof e->title);
    store_row_copy(row, 4, e->host, sizeof e->host);
    return LEDGER_OK;
}

enum ledger_status ledger_extra_find(struct ledger *l, const char *name, struct ledger_extra *e)
{
    enum ledger_status status =
        ledger_first(l, EXTRA "WHERE e.name = $1", STORE_ARGS(store_text(name)), read_extra, e);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse_field(l, LEDGER_NO_SUCH_EXTRA, "extra", "there is no extra %.60s",
                                   name);
    return status;
}

enum ledger_status ledger_extra_get(struct ledger *l, int64_t id, struct ledger_extra *e)
{
    enum ledger_status status =
        ledger_first(l, EXTRA "WHERE e.id = $1", STORE_ARGS(store_int(id)), read_extra, e);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_EXTRA, "there is no extra %lld", (long long)id);
    return status;
}

#define EXTRA_PRICE                                                                                \
    "SELECT p.id, p.extra_id, p.currency_id, p.amount_minor, p.from_on, c.code, c.scale "          \
    "FROM extra_price p JOIN currency c ON c.id = p.currency_id "

static enum ledger_status read_price(void *into, const struct store_row *row)
{
    struct ledger_extra_price *p = into;

    p->id = store_row_int(row, 0);
    p->extra_id = store_row_int(row, 1);
    p->currency_id = store_row_int(row, 2);
    p->amount_minor = store_row_int(row, 3);
    p->gone = store_row_null(row, 3);
    p->from_on = (int32_t)store_row_int(row, 4);
    store_row_copy(row, 5, p->code, sizeof p->code);
    p->scale = (int)store_row_int(row, 6);
    return LEDGER_OK;
}

enum ledger_status ledger_extra_price_on(struct ledger *l, int64_t extra_id, int64_t currency_id,
                                         int32_t day, struct ledger_extra_price *p)
{
    struct ledger_extra e;
    enum ledger_status status = ledger_first(
        l,
        EXTRA_PRICE "WHERE p.extra_id = $1 AND p.currency_id = $2 AND p.from_on <= $3 "
                    "ORDER BY p.from_on DESC, p.id DESC LIMIT 1",
        STORE_ARGS(store_int(extra_id), store_int(currency_id), store_int(day)), read_price, p);

    if (status != LEDGER_NO_ROW && (status != LEDGER_OK || !p->gone))
        return status;
    LEDGER_TRY(ledger_extra_get(l, extra_id, &e));
    return ledger_refuse(l, LEDGER_NO_PRICE, "%s has no price in that currency", e.name);
}

struct each {
    ledger_extra_reader *read;
    ledger_extra_price_reader *read_price;
    void *ctx;
};

static enum ledger_status pass_extra(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_extra e;

    LEDGER_TRY(read_extra(&e, row));
    return each->read(each->ctx, &e);
}

enum ledger_status ledger_extra_each(struct ledger *l, ledger_extra_reader *read, void *ctx)
{
    struct each each = {.read = read, .ctx = ctx};

    return ledger_each(l, EXTRA "ORDER BY e.id", STORE_NO_ARGS, pass_extra, &each);
}

static enum ledger_status pass_price(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_extra_price p;

    LEDGER_TRY(read_price(&p, row));
    return p.gone ? LEDGER_OK : each->read_price(each->ctx, &p);
}

enum ledger_status ledger_extra_price_each(struct ledger *l, int64_t extra_id, int32_t day,
                                           ledger_extra_price_reader *read, void *ctx)
{
    struct each each = {.read_price = read, .ctx = ctx};

    return ledger_each(
        l,
        EXTRA_PRICE "WHERE p.extra_id = $1 AND NOT EXISTS (SELECT 1 FROM extra_price q WHERE "
                    "q.extra_id = p.extra_id AND q.currency_id = p.currency_id AND q.from_on <= $2 "
                    "AND (q.from_on > p.from_on OR (q.from_on = p.from_on AND q.id > p.id))) "
                    "ORDER BY p.from_on, p.id",
        STORE_ARGS(store_int(extra_id), store_int(day)), pass_price, &each);
}

enum ledger_status ledger_extra_pay(struct ledger *l, const struct ledger_extra_charge *charge,
                                    const struct ledger_why *why, int64_t *transfer_id)
{
    struct ledger_extra e;
    struct ledger_extra_price p;
    struct ledger_account payer, host;
    char memo[LEDGER_MEMO_MAX + 1];

    LEDGER_TRY(ledger_extra_get(l, charge->extra_id, &e));
    if (charge->quantity < 1 || charge->quantity > LEDGER_EXTRA_QUANTITY_MAX)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "quantity", "quantity is 1 to %d",
                                   LEDGER_EXTRA_QUANTITY_MAX);
    LEDGER_TRY(ledger_extra_price_on(l, e.id, charge->currency_id, ledger_today(l), &p));
    LEDGER_TRY(ledger_account_need(l, charge->payer, p.code, why, &payer));
    LEDGER_TRY(ledger_account_need(l, e.host, p.code, why, &host));
    snprintf(memo, sizeof memo, "%d × %s", charge->quantity, e.title);
    const int64_t amount_minor = p.amount_minor * charge->quantity;
    const struct ledger_leg legs[] = {{payer.id, -amount_minor}, {host.id, amount_minor}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .memo = memo, .legs = legs, .leg_count = 2};
    return ledger_transfer_post(l, &draft, transfer_id);
}
