#include "account.h"

#include "handle.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define FIGURES                                                                                    \
    "a.id, a.member_id, a.currency_id, a.balance_minor, a.reserved_in_minor, "                     \
    "a.reserved_out_minor, a.floor_minor, a.ceiling_minor, a.hold_expiry_us, "                     \
    "a.entry_count, a.last_transfer_id, m.state, m.kind, a.training "

#define ACCOUNT                                                                                    \
    "SELECT " FIGURES ", c.scale, c.code, i.handle FROM account a "                                \
    "JOIN currency c ON c.id = a.currency_id JOIN member m ON m.id = a.member_id "                 \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "

static enum ledger_status read_figures(void *into, const struct store_row *row)
{
    struct ledger_account *a = into;

    a->id = store_row_int(row, 0);
    a->member_id = store_row_int(row, 1);
    a->currency_id = store_row_int(row, 2);
    a->balance_minor = store_row_int(row, 3);
    a->reserved_in_minor = store_row_int(row, 4);
    a->reserved_out_minor = store_row_int(row, 5);
    a->floor_minor = store_row_int(row, 6);
    a->ceiling_minor = store_row_int(row, 7);
    a->hold_expiry_us = store_row_null(row, 8) ? INT64_MAX : store_row_int(row, 8);
    a->scale = 0;
    a->handle[0] = '\0';
    a->code[0] = '\0';
    a->entry_count = store_row_int(row, 9);
    a->last_transfer_id = store_row_int(row, 10);
    a->training = store_row_int(row, 13);
    LEDGER_TRY(ledger_member_state_parse(store_row_text(row, 11), &a->member_state));
    return ledger_member_kind_parse(store_row_text(row, 12), &a->member_kind);
}

static enum ledger_status read_account(void *into, const struct store_row *row)
{
    struct ledger_account *a = into;

    LEDGER_TRY(read_figures(a, row));
    a->scale = (int)store_row_int(row, 14);
    store_row_copy(row, 15, a->code, sizeof a->code);
    if (store_row_null(row, 16))
        snprintf(a->handle, sizeof a->handle, "erased-%lld", (long long)a->member_id);
    else
        store_row_copy(row, 16, a->handle, sizeof a->handle);
    return LEDGER_OK;
}

static enum ledger_status insert_account(struct ledger *l, struct ledger_account *a, int64_t at_us,
                                         const struct ledger_why *why)
{
    int64_t limit_id;

    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM account", &a->id));
    LEDGER_TRY(
        ledger_exec(l,
                    "INSERT INTO account (id, member_id, currency_id, floor_minor, "
                    "ceiling_minor, opened_at_us, training) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    STORE_ARGS(store_int(a->id), store_int(a->member_id), store_int(a->currency_id),
                               store_int(a->floor_minor), store_int(a->ceiling_minor),
                               store_int(at_us), store_int(a->training))));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM account_limit", &limit_id));
    return ledger_exec(
        l,
        "INSERT INTO account_limit (id, account_id, floor_minor, ceiling_minor, from_us, actor, "
        "reason, authority) VALUES ($1, $2, $3, $4, $5, $6, 'opened', 'the currency''s limits')",
        STORE_ARGS(store_int(limit_id), store_int(a->id), store_int(a->floor_minor),
                   store_int(a->ceiling_minor), store_int(at_us), store_text(why->actor)));
}

enum ledger_status ledger_account_open(struct ledger *l, int64_t member_id, int64_t currency_id,
                                       const struct ledger_why *why, struct ledger_account *a)
{
    struct ledger_member m;
    struct ledger_currency c;
    int64_t other;
    int64_t at_us;

    LEDGER_TRY(ledger_member_get(l, member_id, &m));
    LEDGER_TRY(ledger_currency_get(l, currency_id, &c));
    if (m.state == LEDGER_LEFT)
        return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s has left", m.handle);
    enum ledger_status status = ledger_first(
        l, "SELECT id FROM account WHERE member_id = $1 AND currency_id = $2",
        STORE_ARGS(store_int(member_id), store_int(currency_id)), ledger_read_int, &other);
    if (status == LEDGER_OK)
        return ledger_refuse(l, LEDGER_EXISTS, "%s has a %s account already", m.handle, c.code);
    if (status != LEDGER_NO_ROW)
        return status;
    bool lots = c.kind == LEDGER_TRAINING && m.kind != LEDGER_FUND;
    *a = (struct ledger_account){.member_id = member_id,
                                 .currency_id = currency_id,
                                 .floor_minor = lots ? 0 : c.floor_minor,
                                 .ceiling_minor = c.ceiling_minor,
                                 .training = c.kind == LEDGER_TRAINING};
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(insert_account(l, a, at_us, why));
    return ledger_account_get(l, a->id, a);
}

/* LEDGER_NO_ROW when there is none: then `m` and `c` say whose and in which currency it would be. */
static enum ledger_status find(struct ledger *l, const char *handle, const char *code,
                               struct ledger_member *m, struct ledger_currency *c,
                               struct ledger_account *a)
{
    enum ledger_status status =
        ledger_first(l,
                     ACCOUNT "WHERE a.member_id = "
                             "(SELECT member_id FROM member_identity WHERE handle = $1) "
                             "AND a.currency_id = (SELECT id FROM currency WHERE code = $2)",
                     STORE_ARGS(store_text(handle), store_text(code)), read_account, a);

    if (status != LEDGER_NO_ROW)
        return status;
    LEDGER_TRY(ledger_member_find(l, handle, m));
    LEDGER_TRY(ledger_currency_find(l, code, c));
    if (!m->erased)
        return LEDGER_NO_ROW;
    return ledger_first(l, ACCOUNT "WHERE a.member_id = $1 AND a.currency_id = $2",
                        STORE_ARGS(store_int(m->id), store_int(c->id)), read_account, a);
}

enum ledger_status ledger_account_find(struct ledger *l, const char *handle, const char *code,
                                       struct ledger_account *a)
{
    struct ledger_member m;
    struct ledger_currency c;
    enum ledger_status status = find(l, handle, code, &m, &c, a);

    if (status != LEDGER_NO_ROW)
        return status;
    return ledger_refuse(l, LEDGER_NO_SUCH_ACCOUNT, "%s has no %s account yet", handle, code);
}

enum ledger_status ledger_account_number(struct ledger *l, const char *handle,
                                         const struct ledger_currency *c,
                                         const struct ledger_why *why, int64_t *id)
{
    struct ledger_account a;
    enum ledger_status status =
        ledger_first(l,
                     "SELECT id FROM account WHERE currency_id = $2 AND member_id = "
                     "(SELECT member_id FROM member_identity WHERE handle = $1)",
                     STORE_ARGS(store_text(handle), store_int(c->id)), ledger_read_int, id);

    if (status != LEDGER_NO_ROW)
        return status;
    LEDGER_TRY(ledger_account_need(l, handle, c->code, why, &a));
    *id = a.id;
    return LEDGER_OK;
}

enum ledger_status ledger_account_need(struct ledger *l, const char *handle, const char *code,
                                       const struct ledger_why *why, struct ledger_account *a)
{
    struct ledger_member m;
    struct ledger_currency c;
    enum ledger_status status = find(l, handle, code, &m, &c, a);

    if (status != LEDGER_NO_ROW)
        return status;
    return ledger_account_open(l, m.id, c.id, why, a);
}

static enum ledger_status no_such(struct ledger *l, int64_t id)
{
    return ledger_refuse(l, LEDGER_NO_SUCH_ACCOUNT, "there is no account number %lld",
                         (long long)id);
}

enum ledger_status ledger_account_get(struct ledger *l, int64_t id, struct ledger_account *a)
{
    enum ledger_status status =
        ledger_first(l, ACCOUNT "WHERE a.id = $1", STORE_ARGS(store_int(id)), read_account, a);

    return status == LEDGER_NO_ROW ? no_such(l, id) : status;
}

enum ledger_status ledger_account_load(struct ledger *l, int64_t id, struct ledger_account *a)
{
    enum ledger_status status = ledger_first(
        l, "SELECT " FIGURES "FROM account a JOIN member m ON m.id = a.member_id WHERE a.id = $1",
        STORE_ARGS(store_int(id)), read_figures, a);

    return status == LEDGER_NO_ROW ? no_such(l, id) : status;
}

void ledger_account_name_it(struct ledger *l, struct ledger_account *a)
{
    struct ledger_account named;

    /* It was loaded in this transaction: a fault now will be met again by whatever comes next. */
    if (a->handle[0] || ledger_account_get(l, a->id, &named) != LEDGER_OK)
        return;
    a->scale = named.scale;
    memcpy(a->handle, named.handle, sizeof a->handle);
    memcpy(a->code, named.code, sizeof a->code);
}

struct each {
    struct ledger *l;
    ledger_account_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_account a;

    LEDGER_TRY(read_account(&a, row));
    LEDGER_TRY(ledger_account_refresh(each->l, &a));
    return each->read(each->ctx, &a);
}

enum ledger_status ledger_account_each(struct ledger *l, const struct ledger_account_filter *filter,
                                       ledger_account_reader *read, void *ctx)
{
    struct each each = {l, read, ctx};

    if (filter->member_id)
        return ledger_each(l,
                           ACCOUNT "WHERE a.member_id = $1 AND a.id > $2 AND "
                                   "($3 IS NULL OR a.currency_id = $3) ORDER BY a.id LIMIT $4",
                           STORE_ARGS(store_int(filter->member_id), store_int(filter->after_id),
                                      store_int_or_null(filter->currency_id, filter->currency_id),
                                      store_int(filter->limit)),
                           pass_on, &each);
    return ledger_each(l,
                       ACCOUNT "WHERE a.id > $1 AND ($2 IS NULL OR a.currency_id = $2) "
                               "ORDER BY a.id LIMIT $3",
                       STORE_ARGS(store_int(filter->after_id),
                                  store_int_or_null(filter->currency_id, filter->currency_id),
                                  store_int(filter->limit)),
                       pass_on, &each);
}

static enum ledger_status read_expired(void *into, const struct store_row *row)
{
    struct ledger_account *a = into;

    a->reserved_out_minor -= store_row_int(row, 0);
    a->reserved_in_minor -= store_row_int(row, 1);
    return LEDGER_OK;
}

enum ledger_status ledger_account_refresh(struct ledger *l, struct ledger_account *a)
{
    int64_t now_us = ledger_now_us(l);

    if (a->hold_expiry_us > now_us)
        return LEDGER_OK;
    return ledger_each(l,
                       "SELECT coalesce((SELECT amount_minor FROM hold WHERE id = o.hold_id "
                       "AND account_id = $1), 0), coalesce((SELECT sum(amount_minor) "
                       "FROM hold_payee WHERE hold_id = o.hold_id AND account_id = $1), 0) "
                       "FROM hold_open o WHERE o.account_id = $1 AND o.expires_at_us <= $2",
                       STORE_ARGS(store_int(a->id), store_int(now_us)), read_expired, a);
}

enum ledger_status ledger_account_save(struct ledger *l, const struct ledger_account *a)
{
    return ledger_exec(
        l,
        "UPDATE account SET balance_minor = $2, reserved_in_minor = $3, "
        "reserved_out_minor = $4, hold_expiry_us = $5 WHERE id = $1",
        STORE_ARGS(store_int(a->id), store_int(a->balance_minor), store_int(a->reserved_in_minor),
                   store_int(a->reserved_out_minor),
                   store_int_or_null(a->hold_expiry_us != INT64_MAX, a->hold_expiry_us)));
}

int64_t ledger_account_available(const struct ledger_account *a)
{
    return a->balance_minor - a->reserved_out_minor - a->floor_minor;
}

int64_t ledger_account_room_in(const struct ledger_account *a)
{
    return a->ceiling_minor - a->balance_minor - a->reserved_in_minor;
}

char *ledger_account_name(const struct ledger_account *a, char buf[static LEDGER_ACCOUNT_NAME])
{
    snprintf(buf, LEDGER_ACCOUNT_NAME, "%s:%s", a->handle, a->code);
    return buf;
}
