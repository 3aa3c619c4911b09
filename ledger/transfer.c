#include "transfer.h"

#include "date.h"
#include "handle.h"
#include "hold.h"
#include "journal.h"
#include "lot.h"
#include "period.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {"exchange", "opening", "import",     "capture",
                                         "reversal", "refund",  "settlement", "write-off",
                                         "grant",    "expiry",  "redemption", "levy"};

const char *ledger_transfer_kind_name(enum ledger_transfer_kind kind)
{
    return kind_names[kind];
}

enum ledger_status ledger_transfer_kind_parse(const char *text, enum ledger_transfer_kind *kind)
{
    for (int k = LEDGER_EXCHANGE; k <= LEDGER_LEVY; k++) {
        if (strcmp(text, kind_names[k]) == 0) {
            *kind = (enum ledger_transfer_kind)k;
            return LEDGER_OK;
        }
    }
    return LEDGER_CHOICE_UNKNOWN;
}

static enum ledger_status check_amounts(struct ledger *l, const struct ledger_transfer_draft *d)
{
    for (int i = 0; i < d->leg_count; i++)
        if (d->legs[i].amount_minor == 0)
            return ledger_blame(l,
                                ledger_refuse(l, LEDGER_AMOUNT_NOT_POSITIVE,
                                              "a leg moves more than zero, one way or the other"),
                                "amount", i);
    for (int i = 0; i < d->leg_count; i++)
        if (d->legs[i].amount_minor < -LEDGER_AMOUNT_MAX ||
            d->legs[i].amount_minor > LEDGER_AMOUNT_MAX)
            return ledger_blame(l,
                                ledger_refuse(l, LEDGER_AMOUNT_TOO_LARGE,
                                              "that amount is beyond what the ledger counts"),
                                "amount", i);
    return LEDGER_OK;
}

static enum ledger_status check_distinct(struct ledger *l, const struct ledger_transfer_draft *d)
{
    for (int i = 1; i < d->leg_count; i++)
        for (int j = 0; j < i; j++)
            if (d->legs[i].account_id == d->legs[j].account_id)
                return ledger_blame(l,
                                    ledger_refuse(l, LEDGER_SAME_ACCOUNT,
                                                  "the same account stands in it twice: a transfer "
                                                  "has one leg an account"),
                                    "legs", i);
    return LEDGER_OK;
}

static enum ledger_status check_shape(struct ledger *l, const struct ledger_transfer_draft *d)
{
    if (d->leg_count < 2)
        return ledger_refuse(l, LEDGER_TOO_FEW_LEGS, "a transfer needs two legs or more");
    if (d->leg_count > LEDGER_LEGS_MAX)
        return ledger_refuse(l, LEDGER_TOO_MANY_LEGS,
                             "%d legs are too many: a transfer has at most %d", d->leg_count,
                             LEDGER_LEGS_MAX);
    LEDGER_TRY(check_amounts(l, d));
    LEDGER_TRY(check_distinct(l, d));
    LEDGER_TRY(ledger_check_text(l, "memo", d->memo, LEDGER_MEMO_MAX));
    return ledger_check_text(l, "reference", d->reference, LEDGER_REFERENCE_MAX);
}

/* A capture asks for no room, and its own hold must not lapse while it is being paid. */
static enum ledger_status load(struct ledger *l, const struct ledger_transfer_draft *d,
                               struct ledger_account *accounts, bool *due)
{
    int64_t now_us = ledger_now_us(l);

    *due = false;
    for (int i = 0; i < d->leg_count; i++) {
        enum ledger_status status = ledger_account_load(l, d->legs[i].account_id, &accounts[i]);
        if (status != LEDGER_OK)
            return ledger_blame(l, status, "legs", i);
        *due = *due || (!d->reserved && accounts[i].hold_expiry_us <= now_us);
    }
    for (int i = 0; i < d->leg_count && *due; i++)
        LEDGER_TRY(ledger_hold_expire(l, accounts[i].id, now_us));
    return LEDGER_OK;
}

static enum ledger_status check_balanced(struct ledger *l, const struct ledger_transfer_draft *d,
                                         struct ledger_account *accounts)
{
    for (int i = 0; i < d->leg_count; i++) {
        int64_t sum_minor = 0; /* 64 legs of at most 10^15 fit */
        for (int j = 0; j < d->leg_count; j++)
            if (accounts[j].currency_id == accounts[i].currency_id)
                sum_minor += d->legs[j].amount_minor;
        if (sum_minor != 0) {
            char by[LEDGER_AMOUNT_TEXT];
            ledger_account_name_it(l, &accounts[i]);
            return ledger_blame(
                l,
                ledger_refuse(
                    l, LEDGER_UNBALANCED, "the legs in %s do not sum to zero: they differ by %s",
                    accounts[i].code, ledger_amount_format(sum_minor, accounts[i].scale, by)),
                "legs", i);
        }
    }
    return LEDGER_OK;
}

/* What a suspended member may still be a payer of: it repays, and what is a fact goes on. */
static bool goes_on_when_suspended(const struct ledger_transfer_draft *d)
{
    switch (d->kind) {
    case LEDGER_EXCHANGE:
    case LEDGER_GRANT:
        return false;
    case LEDGER_OPENING:
    case LEDGER_IMPORT:
        return d->without_limits;
    case LEDGER_CAPTURE:
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
    case LEDGER_SETTLEMENT:
    case LEDGER_WRITE_OFF:
    case LEDGER_EXPIRY:
    case LEDGER_REDEMPTION:
    case LEDGER_LEVY:
        return true;
    }
    return false;
}

static enum ledger_status check_member(struct ledger *l, const struct ledger_transfer_draft *d,
                                       struct ledger_account *a, int i)
{
    bool pays = d->legs[i].amount_minor < 0;
    bool fine = false;

    switch (a->member_state) {
    case LEDGER_ACTIVE:
        fine = true;
        break;
    case LEDGER_SUSPENDED:
        fine = !pays || goes_on_when_suspended(d);
        break;
    case LEDGER_APPLIED:
    case LEDGER_LEFT:
        fine = false;
        break;
    }
    if (fine)
        return LEDGER_OK;
    ledger_account_name_it(l, a);
    if (a->member_state == LEDGER_SUSPENDED)
        ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE,
                      "%s is suspended: it may receive and repay, not pay", a->handle);
    else
        ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s %s", a->handle,
                      a->member_state == LEDGER_LEFT ? "has left"
                                                     : "has applied and is not yet a member");
    return ledger_blame(l, LEDGER_MEMBER_NOT_ACTIVE, "legs", i);
}

static enum ledger_status over_limit(struct ledger *l, struct ledger_account *a,
                                     int64_t amount_minor)
{
    int64_t room_minor = ledger_account_available(a);
    char room[LEDGER_AMOUNT_TEXT];
    char need[LEDGER_AMOUNT_TEXT];

    ledger_account_name_it(l, a);
    ledger_amount_format(room_minor < 0 ? -room_minor : room_minor, a->scale, room);
    ledger_amount_format(-amount_minor, a->scale, need);
    if (room_minor < 0)
        ledger_refuse(l, LEDGER_OVER_LIMIT, "%s is over its limit by %s %s and cannot pay %s",
                      a->handle, room, a->code, need);
    else
        ledger_refuse(l, LEDGER_OVER_LIMIT, "%s can spend %s %s more, and this is %s", a->handle,
                      room, a->code, need);
    return ledger_blame_room(l, LEDGER_OVER_LIMIT, a->id, room_minor);
}

static enum ledger_status cannot_take(struct ledger *l, struct ledger_account *a)
{
    ledger_account_name_it(l, a);
    ledger_refuse(l, LEDGER_PAYEE_CANNOT_TAKE, "%s cannot take this amount", a->handle);
    return ledger_blame_room(l, LEDGER_PAYEE_CANNOT_TAKE, a->id, ledger_account_room_in(a));
}

static enum ledger_status overflow(struct ledger *l, struct ledger_account *a)
{
    ledger_account_name_it(l, a);
    return ledger_refuse(l, LEDGER_AMOUNT_OVERFLOW,
                         "the balance of %s would pass what the ledger counts", a->handle);
}

static enum ledger_status add_up(struct ledger *l, const struct ledger_transfer_draft *d,
                                 struct ledger_account *accounts, int64_t *after_minor)
{
    for (int i = 0; i < d->leg_count; i++)
        if (ledger_amount_add(accounts[i].balance_minor, d->legs[i].amount_minor,
                              &after_minor[i]) != LEDGER_OK)
            return ledger_blame(l, overflow(l, &accounts[i]), "legs", i);
    return LEDGER_OK;
}

/*
 * A limit stops only what goes further out: a member whose limit a decision lowered below its
 * balance can still move back inside. Payers first: who cannot pay learns nothing of a payee's room.
 */
static enum ledger_status check_limits(struct ledger *l, const struct ledger_transfer_draft *d,
                                       struct ledger_account *accounts)
{
    if (d->without_limits || d->reserved || d->kind == LEDGER_EXPIRY)
        return LEDGER_OK;
    for (int i = 0; i < d->leg_count; i++) {
        int64_t amount_minor = d->legs[i].amount_minor;
        if (amount_minor < 0 && -amount_minor > ledger_account_available(&accounts[i]))
            return ledger_blame(l, over_limit(l, &accounts[i], amount_minor), "legs", i);
    }
    for (int i = 0; i < d->leg_count; i++) {
        int64_t amount_minor = d->legs[i].amount_minor;
        if (amount_minor > 0 && amount_minor > ledger_account_room_in(&accounts[i]))
            return ledger_blame(l, cannot_take(l, &accounts[i]), "legs", i);
    }
    return LEDGER_OK;
}

/* What was written, with the accounts as they are after it. */
struct posted {
    int64_t id;
    bool training; /* credits that come in lots are among it */
    int64_t posted_at_us;
    int32_t effective_on;
    struct ledger_account accounts[LEDGER_LEGS_MAX];
};

/* A lot is good or expired by the day of posting: nothing is spent late. */
static enum ledger_status write_with_lots(struct ledger *l, const struct ledger_transfer_draft *d,
                                          struct posted *p)
{
    int32_t day = ledger_day_of(l, p->posted_at_us);

    LEDGER_TRY(ledger_lot_check(l, d, p->accounts, day));
    LEDGER_TRY(ledger_journal_write(l, d, p->accounts, p->posted_at_us, p->effective_on, &p->id));
    return ledger_lot_post(l, d, p->accounts, day, p->id);
}

static enum ledger_status post(struct ledger *l, const struct ledger_transfer_draft *d,
                               struct posted *p)
{
    struct ledger_account *accounts = p->accounts;
    int64_t after_minor[LEDGER_LEGS_MAX];
    bool due;

    assert(!d->without_limits || d->kind == LEDGER_OPENING || d->kind == LEDGER_IMPORT);
    LEDGER_TRY(check_shape(l, d));
    LEDGER_TRY(load(l, d, accounts, &due));
    if (due)
        LEDGER_TRY(load(l, d, accounts, &due));
    LEDGER_TRY(check_balanced(l, d, accounts));
    p->effective_on = d->has_effective ? d->effective_on : ledger_today(l);
    LEDGER_TRY(ledger_period_check(l, p->effective_on));
    p->training = false;
    for (int i = 0; i < d->leg_count; i++) {
        LEDGER_TRY(check_member(l, d, &accounts[i], i));
        p->training = p->training || accounts[i].training;
    }
    LEDGER_TRY(ledger_tick(l, &p->posted_at_us));
    LEDGER_TRY(add_up(l, d, accounts, after_minor));
    LEDGER_TRY(check_limits(l, d, accounts));
    for (int i = 0; i < d->leg_count; i++)
        accounts[i].balance_minor = after_minor[i];
    if (p->training)
        return write_with_lots(l, d, p);
    return ledger_journal_write(l, d, accounts, p->posted_at_us, p->effective_on, &p->id);
}

enum ledger_status ledger_transfer_post(struct ledger *l, const struct ledger_transfer_draft *d,
                                        int64_t *id)
{
    struct posted p;

    LEDGER_TRY(post(l, d, &p));
    *id = p.id;
    return LEDGER_OK;
}

enum ledger_status ledger_transfer_post_into(struct ledger *l,
                                             const struct ledger_transfer_draft *d,
                                             struct ledger_transfer *t)
{
    struct posted p;

    LEDGER_TRY(post(l, d, &p));
    t->id = p.id;
    t->kind = d->kind;
    t->posted_at_us = p.posted_at_us;
    t->effective_on = p.effective_on;
    t->corrects = d->corrects;
    t->erased = false;
    snprintf(t->memo, sizeof t->memo, "%s", d->memo ? d->memo : "");
    snprintf(t->reference, sizeof t->reference, "%s", d->reference ? d->reference : "");
    t->has_text = t->memo[0] || t->reference[0];
    t->leg_count = d->leg_count;
    for (int i = 0; i < d->leg_count; i++) {
        t->entries[i].account_id = p.accounts[i].id;
        t->entries[i].amount_minor = d->legs[i].amount_minor;
        t->entries[i].balance_minor = p.accounts[i].balance_minor;
    }
    return LEDGER_OK;
}

static enum ledger_status read_entry(void *into, const struct store_row *row)
{
    struct ledger_transfer *t = into;
    struct ledger_entry *e = &t->entries[t->leg_count++];

    e->account_id = store_row_int(row, 0);
    e->amount_minor = store_row_int(row, 1);
    e->balance_minor = store_row_int(row, 2);
    store_row_copy(row, 4, e->code, sizeof e->code);
    e->scale = (int)store_row_int(row, 5);
    store_row_copy(row, 3, e->handle, sizeof e->handle);
    return LEDGER_OK;
}

static enum ledger_status read_entries(struct ledger *l, struct ledger_transfer *t)
{
    t->leg_count = 0;
    return ledger_each(l,
                       "SELECT e.account_id, e.amount_minor, e.balance_minor, "
                       "coalesce(i.handle, 'erased-' || a.member_id), c.code, c.scale FROM entry e "
                       "JOIN account a ON a.id = e.account_id "
                       "JOIN currency c ON c.id = a.currency_id "
                       "LEFT JOIN member_identity i ON i.member_id = a.member_id "
                       "WHERE e.transfer_id = $1 ORDER BY e.leg LIMIT 64",
                       STORE_ARGS(store_int(t->id)), read_entry, t);
}

#define TRANSFER_COLUMNS                                                                           \
    "t.id, t.kind, t.posted_at_us, t.effective_on, t.corrects, t.text_hash, x.memo, x.reference "

static enum ledger_status read_transfer(void *into, const struct store_row *row)
{
    struct ledger_transfer *t = into;

    t->id = store_row_int(row, 0);
    t->posted_at_us = store_row_int(row, 2);
    t->effective_on = (int32_t)store_row_int(row, 3);
    t->corrects = store_row_int(row, 4);
    t->has_text = !store_row_null(row, 5);
    t->erased = t->has_text && store_row_null(row, 6);
    store_row_copy(row, 6, t->memo, sizeof t->memo);
    store_row_copy(row, 7, t->reference, sizeof t->reference);
    return ledger_transfer_kind_parse(store_row_text(row, 1), &t->kind);
}

enum ledger_status ledger_transfer_get(struct ledger *l, int64_t id, struct ledger_transfer *t)
{
    enum ledger_status status = ledger_first(
        l,
        "SELECT " TRANSFER_COLUMNS
        "FROM transfer t LEFT JOIN transfer_text x ON x.transfer_id = t.id WHERE t.id = $1",
        STORE_ARGS(store_int(id)), read_transfer, t);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_TRANSFER, "there is no transfer %lld",
                             (long long)id);
    LEDGER_TRY(status);
    return read_entries(l, t);
}

struct each {
    struct ledger *l;
    ledger_transfer_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_transfer t;

    LEDGER_TRY(read_transfer(&t, row));
    LEDGER_TRY(read_entries(each->l, &t));
    return each->read(each->ctx, &t);
}

enum ledger_status ledger_transfer_each(struct ledger *l,
                                        const struct ledger_transfer_filter *filter,
                                        ledger_transfer_reader *read, void *ctx)
{
    struct each each = {l, read, ctx};
    int64_t after = filter->from_id > filter->after_id + 1 ? filter->from_id - 1 : filter->after_id;
    int64_t to = filter->to_id ? filter->to_id : INT64_MAX;

    if (filter->account_id)
        return ledger_each(
            l,
            JOURNAL_WALK(
                "$1", "$2", "$3",
                "$5") "SELECT " TRANSFER_COLUMNS
                      "FROM (SELECT transfer_id FROM walk WHERE transfer_id <= $3 "
                      "ORDER BY transfer_id LIMIT $4) AS e JOIN transfer t ON t.id = e.transfer_id "
                      "LEFT JOIN transfer_text x ON x.transfer_id = t.id ORDER BY t.id",
            STORE_ARGS(store_int(filter->account_id), store_int(after), store_int(to),
                       store_int(filter->limit), store_int(JOURNAL_SKIP(filter->limit))),
            pass_on, &each);
    return ledger_each(l,
                       "SELECT " TRANSFER_COLUMNS "FROM transfer t LEFT JOIN transfer_text x ON "
                       "x.transfer_id = t.id WHERE t.id > $1 AND t.id <= $2 ORDER BY t.id LIMIT $3",
                       STORE_ARGS(store_int(after), store_int(to), store_int(filter->limit)),
                       pass_on, &each);
}
