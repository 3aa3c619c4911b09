#include "key.h"

#include "handle.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

void ledger_key_public(const uint8_t seed[static LEDGER_SEED], uint8_t public_key[static 32])
{
    uint8_t secret_key[64];

    crypto_sign_seed_keypair(public_key, secret_key, seed);
    sodium_memzero(secret_key, sizeof secret_key);
}

void ledger_key_use(struct ledger *l, const uint8_t seed[static LEDGER_SEED])
{
    uint8_t public_key[32];

    crypto_sign_seed_keypair(public_key, l->secret_key, seed);
    l->has_key = true;
}

static enum ledger_status check_new(struct ledger *l, const uint8_t public_key[static 32])
{
    int64_t id;
    enum ledger_status status =
        ledger_first(l, "SELECT id FROM node_key WHERE public_key = $1",
                     STORE_ARGS(store_blob(public_key, 32)), ledger_read_int, &id);

    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return ledger_refuse(l, LEDGER_EXISTS, "that key is on record already, as key %lld",
                         (long long)id);
}

enum ledger_status ledger_key_record(struct ledger *l, const uint8_t public_key[static 32],
                                     const struct ledger_why *why, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(check_new(l, public_key));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM node_key", id));
    return ledger_exec(l,
                       "INSERT INTO node_key (id, public_key, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(*id), store_blob(public_key, 32), store_int(at_us),
                                  store_text(why->actor), store_text(why->reason)));
}

#define KEY                                                                                        \
    "SELECT k.id, k.public_key, k.at_us, "                                                         \
    "coalesce((SELECT n.at_us FROM node_key n WHERE n.id > k.id ORDER BY n.id LIMIT 1), 0), "      \
    "k.actor, k.reason FROM node_key k "

static enum ledger_status read_key(void *into, const struct store_row *row)
{
    struct ledger_key *k = into;
    size_t size;
    const void *bytes = store_row_blob(row, 1, &size);

    if (!bytes || size != sizeof k->public_key)
        return LEDGER_STORE_BROKEN;
    memcpy(k->public_key, bytes, size);
    k->id = store_row_int(row, 0);
    k->at_us = store_row_int(row, 2);
    k->replaced_at_us = store_row_int(row, 3);
    store_row_copy(row, 4, k->actor, sizeof k->actor);
    store_row_copy(row, 5, k->reason, sizeof k->reason);
    return LEDGER_OK;
}

enum ledger_status ledger_key_get(struct ledger *l, int64_t id, struct ledger_key *k)
{
    enum ledger_status status =
        ledger_first(l, KEY "WHERE k.id = $1", STORE_ARGS(store_int(id)), read_key, k);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_KEY, "there is no key %lld", (long long)id);
    return status;
}

enum ledger_status ledger_key_current(struct ledger *l, struct ledger_key *k)
{
    enum ledger_status status =
        ledger_first(l, KEY "ORDER BY k.id DESC LIMIT 1", STORE_NO_ARGS, read_key, k);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_KEY_MISSING,
                             "this ledger has no key on record: make one with coledger key make");
    return status;
}

struct each {
    ledger_key_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_key k;

    LEDGER_TRY(read_key(&k, row));
    return each->read(each->ctx, &k);
}

enum ledger_status ledger_key_each(struct ledger *l, int64_t after_id, int limit,
                                   ledger_key_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l, KEY "WHERE k.id > $1 ORDER BY k.id LIMIT $2",
                       STORE_ARGS(store_int(after_id), store_int(limit)), pass_on, &each);
}

enum ledger_status ledger_key_ready(struct ledger *l, struct ledger_key *k)
{
    LEDGER_TRY(ledger_key_current(l, k));
    if (!l->has_key)
        return ledger_refuse(l, LEDGER_KEY_MISSING,
                             "the file with the node's key is missing or cannot be used: "
                             "coledger doctor says what to do");
    if (memcmp(l->secret_key + 32, k->public_key, 32) != 0)
        return ledger_refuse(l, LEDGER_KEY_MISMATCH,
                             "the file with the node's key holds another than key %lld, which is "
                             "in force: coledger doctor says what to do",
                             (long long)k->id);
    return LEDGER_OK;
}

void ledger_key_sign(const struct ledger *l, const void *bytes, size_t size,
                     uint8_t signature[static LEDGER_SIGNATURE])
{
    assert(l->has_key);
    crypto_sign_detached(signature, NULL, bytes, size, l->secret_key);
}

bool ledger_key_verify(const uint8_t public_key[static 32], const void *bytes, size_t size,
                       const uint8_t signature[static LEDGER_SIGNATURE])
{
    return crypto_sign_verify_detached(signature, bytes, size, public_key) == 0;
}
