#include "date.h"
#include "handle.h"
#include "uid.h"

#include <assert.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum ledger_status ledger_store_status(struct ledger *l, enum ledger_status s)
{
    snprintf(l->message, sizeof l->message, "%s", store_message(l->store));
    l->facts = (struct ledger_facts){.leg = -1};
    return s;
}

static enum ledger_status told(struct ledger *l, enum ledger_status s)
{
    bool from_store = ledger_status_is_fault(s) || s == LEDGER_NOT_A_LEDGER;

    if (from_store)
        l->fault = s;
    return from_store ? ledger_store_status(l, s) : s;
}

enum ledger_status ledger_take_fault(struct ledger *l)
{
    enum ledger_status fault = l->fault;

    l->fault = LEDGER_OK;
    return fault;
}

enum ledger_status ledger_exec(struct ledger *l, const char *sql, const struct store_arg *args,
                               size_t n)
{
    return told(l, store_exec(l->store, sql, args, n));
}

enum ledger_status ledger_first(struct ledger *l, const char *sql, const struct store_arg *args,
                                size_t n, store_reader *read, void *into)
{
    return told(l, store_first(l->store, sql, args, n, read, into));
}

enum ledger_status ledger_each(struct ledger *l, const char *sql, const struct store_arg *args,
                               size_t n, store_reader *read, void *into)
{
    return told(l, store_each(l->store, sql, args, n, read, into));
}

enum ledger_status ledger_read_int(void *into, const struct store_row *row)
{
    *(int64_t *)into = store_row_int(row, 0);
    return LEDGER_OK;
}

enum ledger_status ledger_next_id(struct ledger *l, const char *sql, int64_t *id)
{
    int64_t last = 0;

    LEDGER_TRY(ledger_first(l, sql, STORE_NO_ARGS, ledger_read_int, &last));
    *id = last + 1;
    return LEDGER_OK;
}

static enum ledger_status read_node(void *into, const struct store_row *row)
{
    struct ledger *l = into;
    size_t size;

    store_row_copy(row, 0, l->name, sizeof l->name);
    store_row_copy(row, 1, l->zone_name, sizeof l->zone_name);
    l->created_at_us = store_row_int(row, 2);
    const void *salt = store_row_blob(row, 3, &size);
    if (size == sizeof l->handle_salt)
        memcpy(l->handle_salt, salt, size);
    return LEDGER_OK;
}

enum ledger_status ledger_new(const struct ledger_env *env, struct ledger **out)
{
    struct ledger *l = calloc(1, sizeof *l);

    *out = l;
    if (!l)
        return LEDGER_NO_MEMORY;
    l->env = *env;
    l->facts.leg = -1;
    return LEDGER_OK;
}

enum ledger_status ledger_open(const char *path, const struct ledger_options *options,
                               const struct ledger_env *env, struct ledger **out)
{
    const struct store_options store = {.mode = options->write ? STORE_WRITE : STORE_READ,
                                        .wait_ms = options->wait_ms,
                                        .log_pages = options->log_pages,
                                        .holder = options->holder ? options->holder : "coledger",
                                        .any_version = options->any_version,
                                        .watch = options->watch};
    struct ledger *l;

    LEDGER_TRY(ledger_new(env, out));
    l = *out;
    enum ledger_status status = store_open(path, &store, &l->store);
    if (status != LEDGER_OK)
        return l->store ? ledger_store_status(l, status) : status;
    l->writing = options->write;
    status = ledger_first(l, "SELECT name, zone, created_at_us, handle_salt FROM node",
                          STORE_NO_ARGS, read_node, l);
    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NOT_A_LEDGER, "%s has no node row: it was not made whole",
                             path);
    LEDGER_TRY(status);
    status = ledger_zone_open(l->zone_name, &l->zone);
    if (status == LEDGER_ZONE_UNKNOWN)
        return ledger_refuse(l, LEDGER_ZONE_UNKNOWN,
                             "this machine does not know the ledger's time zone %s: install tzdata",
                             l->zone_name);
    return status;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    store_close(l->store);
    ledger_zone_close(l->zone);
    for (int i = 0; i < LEDGER_ZONES_KEPT; i++)
        ledger_zone_close(l->zones[i]);
    sodium_memzero(l->handle_salt, sizeof l->handle_salt);
    free(l->whose);
    sodium_memzero(l->secret_key, sizeof l->secret_key);
    free(l);
}

const char *ledger_name(const struct ledger *l)
{
    return l->name;
}

const char *ledger_zone_name(const struct ledger *l)
{
    return l->zone_name;
}

const char *ledger_path(const struct ledger *l)
{
    return l->store ? store_path(l->store) : "";
}

int64_t ledger_created_at_us(const struct ledger *l)
{
    return l->created_at_us;
}

int64_t ledger_now_us(const struct ledger *l)
{
    return l->env.now_us(l->env.arg);
}

int32_t ledger_today(const struct ledger *l)
{
    return ledger_day_of(l, ledger_now_us(l));
}

int32_t ledger_day_of(const struct ledger *l, int64_t at_us)
{
    return ledger_zone_day(l->zone, at_us);
}

int64_t ledger_day_start_us(const struct ledger *l, int32_t day)
{
    return ledger_zone_day_start_us(l->zone, day);
}

void ledger_random(const struct ledger *l, void *buf, size_t size)
{
    l->env.random(l->env.arg, buf, size);
}

void ledger_new_uid(const struct ledger *l, struct ledger_uid *uid)
{
    uint8_t random[10];

    ledger_random(l, random, sizeof random);
    *uid = ledger_uid_v7(ledger_now_us(l), random);
}

void ledger_forget(struct ledger *l)
{
    l->message[0] = '\0';
    l->facts = (struct ledger_facts){.leg = -1};
}

enum ledger_status ledger_begin_write(struct ledger *l)
{
    ledger_forget(l);
    if (!l->writing)
        return ledger_refuse(l, LEDGER_READ_ONLY, "this ledger was opened for reading only");
    l->last.known = false;
    return told(l, store_begin_write(l->store));
}

enum ledger_status ledger_begin_read(struct ledger *l)
{
    ledger_forget(l);
    ledger_whose_begin(l);
    return told(l, store_begin_read(l->store));
}

enum ledger_status ledger_commit(struct ledger *l)
{
    l->last.known = false;
    return told(l, store_commit(l->store));
}

void ledger_rollback(struct ledger *l)
{
    l->last.known = false;
    if (l->store)
        store_rollback(l->store);
}

bool ledger_in_transaction(const struct ledger *l)
{
    return store_in_transaction(l->store);
}

enum ledger_status ledger_savepoint(struct ledger *l)
{
    assert(ledger_in_transaction(l));
    ledger_forget(l);
    return told(l, store_savepoint(l->store));
}

enum ledger_status ledger_release(struct ledger *l)
{
    return told(l, store_release(l->store));
}

enum ledger_status ledger_rollback_to(struct ledger *l)
{
    l->last.known = false;
    return told(l, store_rollback_to(l->store));
}

enum ledger_status ledger_checkpoint(struct ledger *l, bool truncate)
{
    return told(l, store_checkpoint(l->store, truncate));
}

static void say(struct ledger *l, const char *field, const char *format, va_list args)
{
    l->facts = (struct ledger_facts){.field = field, .leg = -1};
    vsnprintf(l->message, sizeof l->message, format, args);
    ledger_text_mend(l->message);
}

enum ledger_status ledger_refuse(struct ledger *l, enum ledger_status s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(l, NULL, format, args);
    va_end(args);
    return s;
}

enum ledger_status ledger_refuse_field(struct ledger *l, enum ledger_status s, const char *field,
                                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(l, field, format, args);
    va_end(args);
    return s;
}

const char *ledger_message(const struct ledger *l)
{
    return l->message;
}

const struct ledger_facts *ledger_last_facts(const struct ledger *l)
{
    return &l->facts;
}

enum ledger_status ledger_blame(struct ledger *l, enum ledger_status s, const char *field, int leg)
{
    l->facts.field = field;
    l->facts.leg = leg;
    return s;
}

enum ledger_status ledger_blame_room(struct ledger *l, enum ledger_status s, int64_t account_id,
                                     int64_t room_minor)
{
    l->facts.account_id = account_id;
    l->facts.room_minor = room_minor;
    return s;
}

enum ledger_status ledger_check_text(struct ledger *l, const char *field, const char *text,
                                     size_t max)
{
    size_t size = text ? strlen(text) : 0;
    enum ledger_status status = size ? ledger_text_check(text, size, max) : LEDGER_OK;

    if (status == LEDGER_OK)
        return LEDGER_OK;
    if (status == LEDGER_TEXT_TOO_LONG)
        ledger_refuse(l, status, "%s has %zu bytes: at most %zu fit", field, size, max);
    else
        ledger_refuse(l, status,
                      "%s must be plain UTF-8 text without control characters or line breaks",
                      field);
    return ledger_blame(l, status, field, -1);
}

enum ledger_status ledger_check_reason(struct ledger *l, const char *reason)
{
    if (!reason || reason[strspn(reason, " ")] == '\0')
        return ledger_refuse_field(l, LEDGER_REASON_MISSING, "reason",
                                   "say why: a reason is kept with this");
    return ledger_check_text(l, "reason", reason, LEDGER_REASON_MAX);
}

void ledger_text_hash(const uint8_t salt[16], const char *memo, const char *reference,
                      uint8_t hash[32])
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, salt, 16);
    crypto_hash_sha256_update(&state, (const unsigned char *)memo, strlen(memo) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)reference, strlen(reference));
    crypto_hash_sha256_final(&state, hash);
}
