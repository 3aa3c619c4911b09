/*
 * key.c - make and change the node's key; the public half goes on record, the secret half into FILE.key.
 */
#include "key.h"

#include "commands.h"

#include "api/run.h"
#include "files.h"
#include "keyfile.h"
#include "ledger/multibase.h"
#include "ledger/webhook.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_WAIT_MS 5000

enum { REASON, OPTIONS };

const struct option command_key_rotate_options[] = {
    [REASON] = {"reason", "TEXT", "why; kept for ever", true},
    [OPTIONS] = {NULL, NULL, NULL, false},
};

bool key_seed(const char *path, uint8_t seed[static LEDGER_SEED])
{
    char *name = keyfile_name(path);
    bool fine = name && keyfile_read(name, seed) == LEDGER_OK;

    free(name);
    return fine;
}

void key_load(struct ledger *l, const char *path)
{
    uint8_t seed[LEDGER_SEED];

    if (!key_seed(path, seed))
        return;
    ledger_key_use(l, seed);
    sodium_memzero(seed, sizeof seed);
}

static bool is_public_of(const char *name, const uint8_t public_key[static 32],
                         enum ledger_status *st)
{
    uint8_t seed[LEDGER_SEED];
    uint8_t own[32];

    *st = name ? keyfile_read(name, seed) : LEDGER_NO_MEMORY;
    if (*st != LEDGER_OK)
        return false;
    ledger_key_public(seed, own);
    sodium_memzero(seed, sizeof seed);
    return memcmp(own, public_key, 32) == 0;
}

struct search {
    const char *name;
    bool found;
};

static enum ledger_status try_key(void *ctx, const struct ledger_key *k)
{
    struct search *s = ctx;
    enum ledger_status st;

    s->found = s->found || is_public_of(s->name, k->public_key, &st);
    return LEDGER_OK;
}

static enum ledger_status look_at_other(struct ledger *l, const char *name, enum key_state *state)
{
    struct search s = {.name = name};

    LEDGER_TRY(ledger_key_each(l, 0, INT32_MAX, try_key, &s));
    *state = s.found ? KEY_OLD : KEY_FOREIGN;
    return LEDGER_OK;
}

static enum ledger_status look(struct ledger *l, const char *name, const char *next,
                               enum key_state *state, struct ledger_key *current)
{
    enum ledger_status st = ledger_key_current(l, current);
    enum ledger_status file;

    if (st == LEDGER_KEY_MISSING)
        *current = (struct ledger_key){.id = 0};
    else if (st != LEDGER_OK)
        return st;
    *state = KEY_FINE;
    if (is_public_of(name, current->public_key, &file) && current->id)
        return LEDGER_OK;
    if (current->id && is_public_of(next, current->public_key, &st))
        *state = KEY_HALF;
    else if (file == LEDGER_NO_SUCH_FILE)
        *state = current->id ? KEY_LOST : KEY_NONE;
    else if (file != LEDGER_OK)
        *state = file == LEDGER_NOT_ALLOWED ? KEY_OPEN
                 : file == LEDGER_READ_ONLY ? KEY_UNREADABLE
                                            : KEY_MALFORMED;
    else if (!current->id)
        *state = KEY_UNTOLD;
    else
        return look_at_other(l, name, state);
    return LEDGER_OK;
}

enum ledger_status key_look(struct ledger *l, const char *path, enum key_state *state,
                            struct ledger_key *current)
{
    char *name = keyfile_name(path);
    char *next = keyfile_next_name(path);
    enum ledger_status st = name && next ? look(l, name, next, state, current) : LEDGER_NO_MEMORY;

    free(name);
    free(next);
    return st;
}

/* Inside an open write transaction: put the file's key on record, and webhooks' secrets under it. */
static enum ledger_status record(struct ledger *l, const uint8_t seed[static LEDGER_SEED],
                                 const char *reason)
{
    char actor[LEDGER_ACTOR_MAX + 1];
    struct ledger_why why = {.actor = actor, .reason = reason, .authority = ""};
    uint8_t public_key[32];
    int64_t id;

    snprintf(actor, sizeof actor, "local:%.50s", files_user());
    ledger_key_public(seed, public_key);
    LEDGER_TRY(ledger_webhooks_reseal(l, seed));
    return ledger_key_record(l, public_key, &why, &id);
}

static enum ledger_status record_alone(struct ledger *l, const uint8_t seed[static LEDGER_SEED],
                                       const char *reason)
{
    LEDGER_TRY(ledger_begin_write(l));
    enum ledger_status st = record(l, seed, reason);
    if (st == LEDGER_OK)
        st = ledger_commit(l);
    if (st != LEDGER_OK)
        ledger_rollback(l);
    return st;
}

static enum ledger_status say_error(const char *name, int error, char *message, size_t size)
{
    snprintf(message, size, "%s cannot be written: %s", name, strerror(error));
    return error == ENOSPC || error == EDQUOT ? LEDGER_STORE_FULL : LEDGER_READ_ONLY;
}

/* The file first: a key on record that nobody has would be worse than a file that is not yet told of. */
static enum ledger_status make_in(struct ledger *l, const char *name, const char *reason,
                                  char *message, size_t size)
{
    uint8_t seed[LEDGER_SEED];
    int error;

    ledger_random(l, seed, sizeof seed);
    error = keyfile_write(name, seed);
    if (error) {
        sodium_memzero(seed, sizeof seed);
        return say_error(name, error, message, size);
    }
    enum ledger_status st = record_alone(l, seed, reason);
    if (st == LEDGER_OK)
        ledger_key_use(l, seed);
    sodium_memzero(seed, sizeof seed);
    if (st != LEDGER_OK)
        snprintf(message, size, "%s", ledger_message(l));
    return st;
}

enum ledger_status key_begin(struct ledger *l, const char *path, const char *reason, char *message,
                             size_t size)
{
    char *name = keyfile_name(path);
    enum ledger_status st = name ? make_in(l, name, reason, message, size) : LEDGER_NO_MEMORY;

    free(name);
    return st;
}

static enum ledger_status adopt(struct ledger *l, const char *path, const char *reason)
{
    uint8_t seed[LEDGER_SEED];

    if (!key_seed(path, seed))
        return LEDGER_KEY_MALFORMED;
    enum ledger_status st = record_alone(l, seed, reason);
    sodium_memzero(seed, sizeof seed);
    return st;
}

static enum ledger_status finish(const char *path, char *message, size_t size)
{
    char *name = keyfile_name(path);
    char *next = keyfile_next_name(path);
    int error = name && next ? keyfile_replace(next, name) : ENOMEM;
    enum ledger_status st = error ? say_error(name ? name : path, error, message, size) : LEDGER_OK;

    free(name);
    free(next);
    return st;
}

static enum ledger_status in_the_way(const char *path, enum key_state state, char *message,
                                     size_t size)
{
    static const struct {
        enum ledger_status status;
        const char *sentence;
    } says[] = {
        [KEY_FINE] = {LEDGER_EXISTS, "%s.key is there, and it is the one in force"},
        [KEY_LOST] =
            {LEDGER_KEY_MISMATCH,
             "the ledger has a key on record and %s.key is not there: put it back from where "
             "you keep it; if it is lost for ever, coledger key rotate makes another"},
        [KEY_OPEN] = {LEDGER_NOT_ALLOWED,
                      "others can read %s.key: if nobody has, chmod 600 it; if somebody may have, "
                      "coledger key rotate after that"},
        [KEY_UNREADABLE] = {LEDGER_READ_ONLY, "%s.key cannot be read by this user"},
        [KEY_MALFORMED] = {LEDGER_KEY_MALFORMED, "%s.key is not an Ed25519 key in PEM"},
        [KEY_OLD] = {LEDGER_KEY_MISMATCH,
                     "%s.key is one that was replaced: put the newer back, or coledger key rotate"},
        [KEY_FOREIGN] = {LEDGER_KEY_MISMATCH,
                         "%s.key is not this ledger's: put the right one back; if it is lost, move "
                         "this one away and coledger key rotate"},
    };

    snprintf(message, size, says[state].sentence, path);
    return says[state].status;
}

/* Nothing that is there is lost: a key of the file goes on record, one that is cut off is put in place. */
static enum ledger_status make(struct ledger *l, const char *path, char *message, size_t size)
{
    static const char reason[] = "made by coledger key make";
    struct ledger_key current;
    enum key_state state;

    LEDGER_TRY(ledger_begin_read(l));
    enum ledger_status st = key_look(l, path, &state, &current);
    ledger_rollback(l);
    LEDGER_TRY(st);
    switch (state) {
    case KEY_NONE:
        return key_begin(l, path, reason, message, size);
    case KEY_UNTOLD:
        return adopt(l, path, reason);
    case KEY_HALF:
        return finish(path, message, size);
    case KEY_FINE:
    case KEY_LOST:
    case KEY_OPEN:
    case KEY_UNREADABLE:
    case KEY_MALFORMED:
    case KEY_OLD:
    case KEY_FOREIGN:
        break;
    }
    return in_the_way(path, state, message, size);
}

/* What lies under the new one's name is from a change that never went on record, and is worth nothing. */
static enum ledger_status rotate(struct ledger *l, const char *path, const char *reason,
                                 char *message, size_t size)
{
    struct ledger_key current;
    enum key_state state;

    LEDGER_TRY(ledger_begin_read(l));
    enum ledger_status st = key_look(l, path, &state, &current);
    ledger_rollback(l);
    LEDGER_TRY(st);
    if (state == KEY_NONE || state == KEY_UNTOLD) {
        snprintf(message, size, "this ledger has no key on record to change: coledger key make");
        return LEDGER_KEY_MISSING;
    }
    if (state == KEY_HALF)
        LEDGER_TRY(finish(path, message, size));
    /* Webhooks' secrets are turned over to the new key by the old one, which must be had for it. */
    if (state == KEY_FOREIGN || state == KEY_OPEN || state == KEY_UNREADABLE)
        return in_the_way(path, state, message, size);
    key_load(l, path);
    char *next = keyfile_next_name(path);
    if (next)
        unlink(next);
    st = next ? make_in(l, next, reason, message, size) : LEDGER_NO_MEMORY;
    free(next);
    return st == LEDGER_OK ? finish(path, message, size) : st;
}

static enum ledger_status show(const struct command *c, struct ledger *l)
{
    static const struct api_column fields[] = {
        {"key", "Key", false}, {"multibase", "Public key", false}, {"file", "Kept in", false}, {0}};
    char text[LEDGER_MULTIBASE_TEXT];
    struct ledger_key k;
    char *name = keyfile_name(ledger_path(l));

    LEDGER_TRY(ledger_begin_read(l));
    enum ledger_status st = ledger_key_current(l, &k);
    ledger_rollback(l);
    if (st == LEDGER_OK)
        command_show(c, fields,
                     json_pack("{s:I, s:s, s:s}", "key", (json_int_t)k.id, "multibase",
                               ledger_multibase_write(k.public_key, text), "file",
                               name ? name : ""));
    free(name);
    return st;
}

static int change(const struct command *c, const char *path, const char *reason)
{
    const struct ledger_options options = {
        .write = true, .wait_ms = LOCK_WAIT_MS, .holder = "coledger key"};
    char message[LEDGER_MESSAGE_MAX] = "";
    struct ledger *l = NULL;
    enum ledger_status st = ledger_open(path, &options, &api_env, &l);

    if (st == LEDGER_OK)
        st = reason ? rotate(l, path, reason, message, sizeof message)
                    : make(l, path, message, sizeof message);
    if (st == LEDGER_OK)
        st = show(c, l);
    if (st != LEDGER_OK && !message[0] && l)
        snprintf(message, sizeof message, "%s", ledger_message(l));
    ledger_close(l);
    return st == LEDGER_OK ? 0 : command_refused(c, st, "%s", message);
}

/* The two commands: a reason makes it a rotation. */
static int change_in_file(struct command *c, const char *values[])
{
    enum ledger_status st = command_line(c, values, NULL, 0, 0);
    int exit_code;
    char *path;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    path = command_file(c, &exit_code);
    if (!path)
        return exit_code;
    exit_code = change(c, path, values ? values[REASON] : NULL);
    free(path);
    return exit_code;
}

int command_key_make(struct command *c)
{
    return change_in_file(c, NULL);
}

int command_key_rotate(struct command *c)
{
    const char *values[OPTIONS];

    return change_in_file(c, values);
}
