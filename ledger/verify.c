#include "verify_replay.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum ledger_status replay_open(struct replay *r, const char *sql, struct replay_cursor *c)
{
    enum ledger_status status = store_scan_open(r->l->store, sql, STORE_NO_ARGS, &c->scan);

    return status == LEDGER_OK ? replay_next(r, c) : ledger_store_status(r->l, status);
}

enum ledger_status replay_next(struct replay *r, struct replay_cursor *c)
{
    enum ledger_status status = store_scan_next(c->scan, &c->row);

    if (status != LEDGER_OK)
        return ledger_store_status(r->l, status);
    c->key = c->row ? store_row_int(c->row, 0) : INT64_MAX;
    return LEDGER_OK;
}

void replay_close(struct replay_cursor *c)
{
    store_scan_close(c->scan);
    *c = (struct replay_cursor){0};
}

char *replay_account_name(struct replay *r, int64_t id, char buf[static LEDGER_ACCOUNT_NAME])
{
    struct ledger_account a;

    if (ledger_account_get(r->l, id, &a) == LEDGER_OK)
        return ledger_account_name(&a, buf);
    snprintf(buf, LEDGER_ACCOUNT_NAME, "account %lld", (long long)id);
    return buf;
}

enum ledger_status replay_check_text(struct replay *r, const char *noun, int64_t id,
                                     const uint8_t hash[32], const struct store_row *text,
                                     int column)
{
    size_t size;
    uint8_t given[32];
    const uint8_t *salt = store_row_blob(text, column, &size);

    if (salt && size == 16) {
        ledger_text_hash(salt, store_row_text(text, column + 1), store_row_text(text, column + 2),
                         given);
        if (memcmp(given, hash, sizeof given) == 0)
            return LEDGER_OK;
    }
    return ledger_refuse(
        r->l, LEDGER_INTEGRITY,
        "%s %lld: its memo or reference is not what was written (its hash says so)", noun,
        (long long)id);
}

enum ledger_status replay_check_erased(struct replay *r, const char *noun, int64_t id)
{
    int64_t one;
    enum ledger_status status =
        ledger_first(r->l, "SELECT 1 FROM erasure WHERE kind = $1 AND subject = $2",
                     STORE_ARGS(store_text(noun), store_int(id)), ledger_read_int, &one);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(r->l, LEDGER_INTEGRITY,
                             "%s %lld: its words are gone, and no erasure is on record", noun,
                             (long long)id);
    r->v->erased += status == LEDGER_OK;
    return status;
}

static enum ledger_status count(struct replay *r, const char *sql, int64_t *n)
{
    *n = 0;
    return ledger_first(r->l, sql, STORE_NO_ARGS, ledger_read_int, n);
}

/* Ids are given one after the other and no row ever goes: an array holds them. */
static enum ledger_status check_next(struct replay *r, const char *noun, int64_t id, int64_t *last)
{
    if (id != *last + 1)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "%s %lld is missing: %s %lld follows %lld",
                             noun, (long long)*last + 1, noun, (long long)id, (long long)*last);
    *last = id;
    return LEDGER_OK;
}

static enum ledger_status read_currency(void *into, const struct store_row *row)
{
    struct replay *r = into;

    LEDGER_TRY(check_next(r, "currency", store_row_int(row, 0), &r->currency_count));
    struct replay_currency *c = &r->currencies[r->currency_count];
    c->scale = (int)store_row_int(row, 1);
    if (c->scale < 0 || c->scale > LEDGER_SCALE_MAX)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "currency %lld: its scale is out of range",
                             (long long)r->currency_count);
    store_row_copy(row, 2, c->code, sizeof c->code);
    return LEDGER_OK;
}

static enum ledger_status read_account(void *into, const struct store_row *row)
{
    struct replay *r = into;
    int64_t currency = store_row_int(row, 1);

    LEDGER_TRY(check_next(r, "account", store_row_int(row, 0), &r->account_count));
    if (currency < 1 || currency > r->currency_count)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "account %lld is in no currency",
                             (long long)r->account_count);
    struct replay_account *a = &r->accounts[r->account_count];
    a->currency = (int32_t)currency;
    a->stored_minor = store_row_int(row, 2);
    a->stored_count = store_row_int(row, 3);
    a->stored_last = store_row_int(row, 4);
    return LEDGER_OK;
}

static enum ledger_status load(struct replay *r)
{
    int64_t currencies;
    int64_t accounts;

    LEDGER_TRY(count(r, "SELECT count(*) FROM currency", &currencies));
    LEDGER_TRY(count(r, "SELECT count(*) FROM account", &accounts));
    LEDGER_TRY(count(r, "SELECT count(*) FROM transfer", &r->of));
    r->currencies = calloc((size_t)currencies + 1, sizeof *r->currencies);
    r->accounts = calloc((size_t)accounts + 1, sizeof *r->accounts);
    if (!r->currencies || !r->accounts)
        return ledger_refuse(r->l, LEDGER_NO_MEMORY, "no memory for %lld accounts",
                             (long long)accounts);
    LEDGER_TRY(ledger_each(r->l, "SELECT id, scale, code FROM currency ORDER BY id", STORE_NO_ARGS,
                           read_currency, r));
    return ledger_each(r->l,
                       "SELECT id, currency_id, balance_minor, entry_count, last_transfer_id FROM "
                       "account ORDER BY id",
                       STORE_NO_ARGS, read_account, r);
}

static enum ledger_status wrong_balance(struct replay *r, const struct replay_account *a,
                                        const char *name)
{
    int scale = r->currencies[a->currency].scale;
    char stored[LEDGER_AMOUNT_TEXT];
    char replayed[LEDGER_AMOUNT_TEXT];

    return ledger_refuse(r->l, LEDGER_INTEGRITY, "%s: its balance is %s, the replay gives %s", name,
                         ledger_amount_format(a->stored_minor, scale, stored),
                         ledger_amount_format(a->balance_minor, scale, replayed));
}

static enum ledger_status check_accounts(struct replay *r)
{
    for (int64_t id = 1; id <= r->account_count; id++) {
        const struct replay_account *a = &r->accounts[id];
        char name[LEDGER_ACCOUNT_NAME];
        if (a->balance_minor == a->stored_minor && a->last_transfer == a->stored_last &&
            a->entry_count == a->stored_count)
            continue;
        replay_account_name(r, id, name);
        if (a->balance_minor != a->stored_minor)
            return wrong_balance(r, a, name);
        return ledger_refuse(r->l, LEDGER_INTEGRITY,
                             "%s: it has %lld entries, the last one in transfer %lld; its row says "
                             "%lld and %lld",
                             name, (long long)a->entry_count, (long long)a->last_transfer,
                             (long long)a->stored_count, (long long)a->stored_last);
    }
    r->v->accounts = r->account_count;
    return LEDGER_OK;
}

static enum ledger_status check_store(struct replay *r)
{
    char problem[STORE_MESSAGE];
    enum ledger_status status = store_check(r->l->store, problem);

    if (status == LEDGER_INTEGRITY)
        return ledger_refuse(r->l, status, "%s", problem);
    return status == LEDGER_OK ? LEDGER_OK : ledger_store_status(r->l, status);
}

static enum ledger_status check_all(struct replay *r)
{
    static enum ledger_status (*const parts[])(struct replay *) = {
        check_store,     load,
        replay_journal,  check_accounts,
        replay_indexes,  replay_members,
        replay_holds,    replay_rows,
        replay_lots,     replay_courses,
        replay_register, replay_certificates,
        replay_pool,     replay_notices,
        replay_fund,     replay_offers,
        replay_standing, replay_requests,
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        LEDGER_TRY(parts[i](r));
    return LEDGER_OK;
}

enum ledger_status ledger_verify(struct ledger *l, ledger_verify_progress *progress, void *ctx,
                                 struct ledger_verification *v)
{
    struct replay r = {.l = l, .v = v, .progress = progress, .ctx = ctx};

    assert(ledger_in_transaction(l));
    *v = (struct ledger_verification){0};
    enum ledger_status status = check_all(&r);
    free(r.currencies);
    free(r.accounts);
    if (status == LEDGER_INTEGRITY)
        snprintf(v->problem, sizeof v->problem, "%s", ledger_message(l));
    return status;
}
