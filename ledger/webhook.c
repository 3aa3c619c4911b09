#include "webhook.h"

#include "handle.h"
#include "member.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PURPOSE "coledger webhook"

/* Where the host says a port, is it one of 1 to 65535? A colon within brackets is of an IPv6 address. */
static bool is_port(const char *host, size_t size)
{
    const char *bracket = memchr(host, ']', size);
    const char *from = bracket ? bracket : host;
    const char *end = host + size;
    const char *colon = memchr(from, ':', (size_t)(end - from));
    int port = 0;

    if (!colon)
        return true;
    for (const char *c = colon + 1; c < end; c++) {
        if (*c < '0' || *c > '9' || port > 6553)
            return false;
        port = port * 10 + (*c - '0');
    }
    return port >= 1 && port <= 65535;
}

enum ledger_status ledger_url_check(const char *text)
{
    size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
                    : strncmp(text, "http://", 7) == 0 ? 7
                                                       : 0;
    size_t host = scheme ? strcspn(text + scheme, "/?") : 0;

    if (!host || strlen(text) > LEDGER_URL_MAX || memchr(text + scheme, '@', host) ||
        !is_port(text + scheme, host))
        return LEDGER_URL_MALFORMED;
    for (const char *c = text; *c; c++)
        if (*c <= ' ' || *c >= 127 || strchr("\"#<>\\^`{|}", *c))
            return LEDGER_URL_MALFORMED;
    return LEDGER_OK;
}

/* The bytes of its secret, from the key whose first half this is; or its mask, from those bytes. */
static void turn(const uint8_t key[32], const struct ledger_outbox *o, const uint8_t from[32],
                 uint8_t to[32])
{
    crypto_generichash_state state;
    uint8_t pad[32];

    crypto_generichash_init(&state, key, 32, sizeof pad);
    crypto_generichash_update(&state, (const unsigned char *)PURPOSE, sizeof PURPOSE);
    crypto_generichash_update(&state, o->salt, sizeof o->salt);
    crypto_generichash_final(&state, pad, sizeof pad);
    for (size_t i = 0; i < sizeof pad; i++)
        to[i] = pad[i] ^ from[i];
    sodium_memzero(pad, sizeof pad);
    sodium_memzero(&state, sizeof state);
}

static enum ledger_status derive(struct ledger *l, const struct ledger_outbox *o,
                                 char secret[static LEDGER_WEBHOOK_SECRET])
{
    uint8_t bytes[32];

    if (!l->has_key)
        return ledger_refuse(l, LEDGER_KEY_MISSING,
                             "the node has no key to sign with: coledger key make");
    turn(l->secret_key, o, o->mask, bytes);
    ledger_secret_write(LEDGER_WEBHOOK_PREFIX, bytes, secret);
    sodium_memzero(bytes, sizeof bytes);
    return LEDGER_OK;
}

enum ledger_status ledger_webhook_secret(struct ledger *l, const struct ledger_outbox *o,
                                         char secret[static LEDGER_WEBHOOK_SECRET])
{
    uint8_t hash[32];

    LEDGER_TRY(derive(l, o, secret));
    ledger_secret_hash(secret, hash);
    if (sodium_memcmp(hash, o->hash, sizeof hash) == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_KEY_MISMATCH,
                         "the secret of webhook %lld went with a key that the node has no more: "
                         "remove it and add it anew",
                         (long long)o->id);
}

static enum ledger_status reseal(struct ledger *l, const struct ledger_outbox *o,
                                 const uint8_t seed[static LEDGER_SEED])
{
    char secret[LEDGER_WEBHOOK_SECRET];
    uint8_t bytes[32], mask[32];
    enum ledger_status st = ledger_webhook_secret(l, o, secret);

    sodium_memzero(secret, sizeof secret);
    if (st == LEDGER_KEY_MISSING || st == LEDGER_KEY_MISMATCH)
        return LEDGER_OK;
    LEDGER_TRY(st);
    turn(l->secret_key, o, o->mask, bytes);
    turn(seed, o, bytes, mask);
    sodium_memzero(bytes, sizeof bytes);
    return ledger_exec(l, "UPDATE outbox SET mask = $2 WHERE id = $1",
                       STORE_ARGS(store_int(o->id), store_blob(mask, sizeof mask)));
}

enum ledger_status ledger_webhooks_reseal(struct ledger *l, const uint8_t seed[static LEDGER_SEED])
{
    struct ledger_outbox o = {.id = 0};

    for (;;) {
        LEDGER_TRY(ledger_first(l,
                                "SELECT min(id) FROM outbox WHERE id > $1 AND "
                                "channel = 'webhook' AND mode <> 'none'",
                                STORE_ARGS(store_int(o.id)), ledger_read_int, &o.id));
        if (o.id == 0)
            return LEDGER_OK;
        LEDGER_TRY(ledger_outbox_get(l, o.id, &o));
        LEDGER_TRY(reseal(l, &o, seed));
    }
}

static enum ledger_status check_member(struct ledger *l, int64_t member_id)
{
    struct ledger_member m;
    int64_t count;

    LEDGER_TRY(ledger_member_get(l, member_id, &m));
    if (m.state == LEDGER_LEFT)
        return ledger_refuse(l, LEDGER_MEMBER_STATE, "%s has left and is sent nothing any more",
                             m.handle);
    LEDGER_TRY(ledger_first(l,
                            "SELECT count(*) FROM outbox WHERE member_id = $1 AND "
                            "channel = 'webhook' AND mode <> 'none'",
                            STORE_ARGS(store_int(member_id)), ledger_read_int, &count));
    if (count < LEDGER_WEBHOOKS_MAX)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_TOO_MANY_WEBHOOKS,
                         "%s has %d webhooks, as many as there may be: remove one first", m.handle,
                         LEDGER_WEBHOOKS_MAX);
}

enum ledger_status ledger_webhook_add(struct ledger *l, int64_t member_id, const char *url,
                                      struct ledger_outbox *o,
                                      char secret[static LEDGER_WEBHOOK_SECRET])
{
    *o = (struct ledger_outbox){.member_id = member_id, .channel = LEDGER_WEBHOOK};
    if (ledger_url_check(url) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_URL_MALFORMED, "url",
                                   "an address is written https://host.example/path or "
                                   "https://host.example:8443/path, without a user and at most %d "
                                   "characters",
                                   LEDGER_URL_MAX);
    LEDGER_TRY(check_member(l, member_id));
    snprintf(o->address, sizeof o->address, "%s", url);
    ledger_random(l, o->salt, sizeof o->salt);
    LEDGER_TRY(derive(l, o, secret));
    ledger_secret_hash(secret, o->hash);
    LEDGER_TRY(ledger_outbox_make(l, o, (UINT64_C(1) << LEDGER_NOTICE_KINDS) - 1));
    return ledger_outbox_get(l, o->id, o);
}

enum ledger_status ledger_webhook_get(struct ledger *l, int64_t id, struct ledger_outbox *o)
{
    enum ledger_status st = ledger_outbox_get(l, id, o);

    if (st == LEDGER_NO_ROW ||
        (st == LEDGER_OK && (o->channel != LEDGER_WEBHOOK || o->mode == LEDGER_OUTBOX_NONE)))
        return ledger_refuse(l, LEDGER_NO_SUCH_WEBHOOK, "there is no webhook %lld", (long long)id);
    return st;
}

enum ledger_status ledger_webhook_remove(struct ledger *l, int64_t id)
{
    struct ledger_outbox o;

    LEDGER_TRY(ledger_webhook_get(l, id, &o));
    o.mode = LEDGER_OUTBOX_NONE;
    o.address[0] = '\0';
    return ledger_outbox_change(l, &o, 0);
}
