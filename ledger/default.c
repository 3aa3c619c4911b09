#include "default.h"

#include "handle.h"

static const char *const state_names[] = {"declared", "covered", "withdrawn"};

const char *ledger_default_state_name(enum ledger_default_state state)
{
    return state_names[state];
}

#define DEFAULT                                                                                    \
    "SELECT d.id, d.account_id, a.member_id, a.currency_id, d.owed_minor, d.at_us, "               \
    "e.guarantee_id, e.amount_minor, w.transfer_id, coalesce((SELECT sum(r.amount_minor) FROM "    \
    "default_recovery r WHERE r.default_id = d.id), 0), e.at_us, c.scale, "                        \
    "coalesce(i.handle, 'erased-' || a.member_id), c.code, d.actor, d.reason, e.actor, e.reason "  \
    "FROM declared_default d JOIN account a ON a.id = d.account_id "                               \
    "JOIN currency c ON c.id = a.currency_id LEFT JOIN default_end e ON e.default_id = d.id "      \
    "LEFT JOIN write_off w ON w.default_id = d.id "                                                \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "

static enum ledger_status read_default(void *into, const struct store_row *row)
{
    struct ledger_default *d = into;

    *d = (struct ledger_default){.id = store_row_int(row, 0),
                                 .account_id = store_row_int(row, 1),
                                 .member_id = store_row_int(row, 2),
                                 .currency_id = store_row_int(row, 3),
                                 .owed_minor = store_row_int(row, 4),
                                 .at_us = store_row_int(row, 5),
                                 .covered_minor = store_row_int(row, 7),
                                 .transfer_id = store_row_int(row, 8),
                                 .recovered_minor = store_row_int(row, 9),
                                 .ended_at_us = store_row_int(row, 10),
                                 .scale = (int)store_row_int(row, 11)};
    if (!store_row_null(row, 10))
        d->state = store_row_null(row, 6) ? LEDGER_DEFAULT_WITHDRAWN : LEDGER_DEFAULT_COVERED;
    store_row_copy(row, 12, d->handle, sizeof d->handle);
    store_row_copy(row, 13, d->code, sizeof d->code);
    store_row_copy(row, 14, d->actor, sizeof d->actor);
    store_row_copy(row, 15, d->reason, sizeof d->reason);
    store_row_copy(row, 16, d->ended_by, sizeof d->ended_by);
    store_row_copy(row, 17, d->ended_reason, sizeof d->ended_reason);
    return LEDGER_OK;
}

enum ledger_status ledger_default_get(struct ledger *l, int64_t id, struct ledger_default *d)
{
    enum ledger_status status =
        ledger_first(l, DEFAULT "WHERE d.id = $1", STORE_ARGS(store_int(id)), read_default, d);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_DEFAULT, "there is no default %lld", (long long)id);
    return status;
}

struct each {
    ledger_default_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_default d;

    LEDGER_TRY(read_default(&d, row));
    return each->read(each->ctx, &d);
}

enum ledger_status ledger_default_each(struct ledger *l, const struct ledger_default_filter *f,
                                       ledger_default_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       DEFAULT "WHERE d.id > $1 AND ($2 = 0 OR a.member_id = $2) AND "
                               "($3 = 0 OR e.default_id IS NULL) ORDER BY d.id LIMIT $4",
                       STORE_ARGS(store_int(f->after_id), store_int(f->member_id),
                                  store_int(f->open_only), store_int(f->limit)),
                       pass_on, &each);
}

enum ledger_status ledger_default_declared(struct ledger *l, int64_t account_id, int64_t *id)
{
    enum ledger_status status =
        ledger_first(l,
                     "SELECT d.id FROM declared_default d WHERE d.account_id = $1 AND NOT EXISTS "
                     "(SELECT 1 FROM default_end e WHERE e.default_id = d.id)",
                     STORE_ARGS(store_int(account_id)), ledger_read_int, id);

    if (status != LEDGER_NO_ROW)
        return status;
    *id = 0;
    return LEDGER_OK;
}

static enum ledger_status check_open(struct ledger *l, const struct ledger_account *a)
{
    int64_t id;

    LEDGER_TRY(ledger_default_declared(l, a->id, &id));
    if (id == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_IN_DEFAULT, "that is declared already, as default %lld",
                         (long long)id);
}

static enum ledger_status check(struct ledger *l, const struct ledger_account *a)
{
    if (a->member_kind != LEDGER_COOP && a->member_kind != LEDGER_PERSON)
        return ledger_refuse(l, LEDGER_MEMBER_STATE, "%s is a %s: only a co-op or person defaults",
                             a->handle, ledger_member_kind_name(a->member_kind));
    if (a->member_state == LEDGER_LEFT)
        return ledger_refuse(l, LEDGER_MEMBER_STATE, "%s has left, and owes nothing", a->handle);
    if (a->balance_minor >= 0)
        return ledger_refuse(l, LEDGER_AMOUNT_NOT_POSITIVE,
                             "the %s account of %s is not below zero: nothing is owed", a->code,
                             a->handle);
    return check_open(l, a);
}

enum ledger_status ledger_default_declare(struct ledger *l, int64_t account_id,
                                          const struct ledger_why *why, int64_t *id)
{
    struct ledger_account a;
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_account_get(l, account_id, &a));
    LEDGER_TRY(check(l, &a));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM declared_default", id));
    return ledger_exec(
        l,
        "INSERT INTO declared_default (id, account_id, owed_minor, at_us, actor, reason) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        STORE_ARGS(store_int(*id), store_int(a.id), store_int(-a.balance_minor), store_int(at_us),
                   store_text(why->actor), store_text(why->reason)));
}

enum ledger_status ledger_default_withdraw(struct ledger *l, int64_t id,
                                           const struct ledger_why *why)
{
    struct ledger_default d;
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_default_get(l, id, &d));
    if (d.state != LEDGER_DEFAULT_DECLARED)
        return ledger_refuse(l, LEDGER_DEFAULT_ENDED, "default %lld is %s already", (long long)id,
                             state_names[d.state]);
    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l,
                       "INSERT INTO default_end (default_id, guarantee_id, amount_minor, at_us, "
                       "actor, reason) VALUES ($1, NULL, 0, $2, $3, $4)",
                       STORE_ARGS(store_int(id), store_int(at_us), store_text(why->actor),
                                  store_text(why->reason)));
}

struct each_share {
    ledger_default_share_reader *read;
    void *ctx;
};

static enum ledger_status pass_share(void *into, const struct store_row *row)
{
    const struct each_share *each = into;
    struct ledger_default_share s = {.account_id = store_row_int(row, 0),
                                     .step = (int)store_row_int(row, 1),
                                     .members = store_row_int(row, 2) != 0,
                                     .amount_minor = store_row_int(row, 3),
                                     .recovered_minor = store_row_int(row, 4),
                                     .transfer_id = store_row_int(row, 5)};

    store_row_copy(row, 6, s.handle, sizeof s.handle);
    return each->read(each->ctx, &s);
}

enum ledger_status ledger_default_shares(struct ledger *l, int64_t id,
                                         ledger_default_share_reader *read, void *ctx)
{
    struct each_share each = {read, ctx};

    return ledger_each(
        l,
        "SELECT s.account_id, s.step, g.account_id IS NULL, s.amount_minor, "
        "coalesce((SELECT sum(b.amount_minor) FROM default_recovery r JOIN default_recovery_share "
        "b ON b.recovery_id = r.id AND b.account_id = s.account_id WHERE r.default_id = "
        "s.default_id), 0), s.transfer_id, coalesce(i.handle, 'erased-' || a.member_id) "
        "FROM default_share s JOIN default_end e ON e.default_id = s.default_id "
        "JOIN guarantee_step g ON g.guarantee_id = e.guarantee_id AND g.step = s.step "
        "JOIN account a ON a.id = s.account_id "
        "LEFT JOIN member_identity i ON i.member_id = a.member_id "
        "WHERE s.default_id = $1 ORDER BY s.step, s.account_id",
        STORE_ARGS(store_int(id)), pass_share, &each);
}

enum ledger_status ledger_default_of_transfer(struct ledger *l, int64_t transfer_id,
                                              int64_t *default_id)
{
    *default_id = 0;
    enum ledger_status status = ledger_first(
        l,
        "SELECT default_id FROM write_off WHERE transfer_id = $1 AND default_id IS NOT NULL "
        "UNION ALL SELECT default_id FROM default_share WHERE transfer_id = $1 "
        "UNION ALL SELECT default_id FROM default_recovery WHERE transfer_id = $1 "
        "UNION ALL SELECT r.default_id FROM default_recovery_share s JOIN default_recovery r ON "
        "r.id = s.recovery_id WHERE s.transfer_id = $1 LIMIT 1",
        STORE_ARGS(store_int(transfer_id)), ledger_read_int, default_id);
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}
