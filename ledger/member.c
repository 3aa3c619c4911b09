#include "member.h"

#include "handle.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERASED "erased-" /* and the member's id: how a listing calls who has no handle any more */

static const char *const kind_names[] = {"coop", "person", "fund", "node"};
static const char *const state_names[] = {"applied", "active", "suspended", "left"};
static const char *const attribute_names[] = {"class", "constituency", "sector", "locality"};

const char *ledger_member_kind_name(enum ledger_member_kind kind)
{
    return kind_names[kind];
}

const char *ledger_member_state_name(enum ledger_member_state state)
{
    return state_names[state];
}

static int index_of(const char *const *names, int count, const char *text)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return -1;
}

enum ledger_status ledger_member_kind_parse(const char *text, enum ledger_member_kind *kind)
{
    int found = index_of(kind_names, 4, text);

    if (found < 0)
        return LEDGER_CHOICE_UNKNOWN;
    *kind = (enum ledger_member_kind)found;
    return LEDGER_OK;
}

enum ledger_status ledger_member_state_parse(const char *text, enum ledger_member_state *state)
{
    int found = index_of(state_names, 4, text);

    if (found < 0)
        return LEDGER_CHOICE_UNKNOWN;
    *state = (enum ledger_member_state)found;
    return LEDGER_OK;
}

void ledger_handle_hash(const struct ledger *l, const char *handle, uint8_t hash[32])
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, l->handle_salt, sizeof l->handle_salt);
    crypto_hash_sha256_update(&state, (const unsigned char *)handle, strlen(handle));
    crypto_hash_sha256_final(&state, hash);
}

static enum ledger_status check_new(struct ledger *l, const struct ledger_member *m,
                                    const uint8_t handle_hash[32])
{
    int64_t taken;

    /* "erased-7" is how a listing names somebody whose words are gone. */
    if (ledger_handle_check(m->handle) != LEDGER_OK ||
        strncmp(m->handle, ERASED, strlen(ERASED)) == 0)
        return ledger_refuse_field(l, LEDGER_HANDLE_MALFORMED, "handle",
                                   "a handle is 2 to 32 of a-z, 0-9 and -, does not begin "
                                   "with - nor with erased-");
    LEDGER_TRY(ledger_check_text(l, "name", m->name, LEDGER_NAME_MAX));
    enum ledger_status status =
        ledger_first(l, "SELECT id FROM member WHERE handle_hash = $1",
                     STORE_ARGS(store_blob(handle_hash, 32)), ledger_read_int, &taken);
    if (status == LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_EXISTS, "handle",
                                   "the handle %s is or was somebody's: a handle is never "
                                   "given twice",
                                   m->handle);
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

static enum ledger_status insert_state(struct ledger *l, int64_t member_id,
                                       enum ledger_member_state state, int64_t at_us,
                                       const struct ledger_why *why)
{
    int64_t id;

    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM member_state", &id));
    return ledger_exec(l,
                       "INSERT INTO member_state (id, member_id, state, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4, $5, $6)",
                       STORE_ARGS(store_int(id), store_int(member_id),
                                  store_text(state_names[state]), store_int(at_us),
                                  store_text(why->actor), store_text(why->reason)));
}

enum ledger_status ledger_member_add(struct ledger *l, struct ledger_member *m,
                                     const struct ledger_why *why)
{
    uint8_t hash[32];

    ledger_handle_hash(l, m->handle, hash);
    LEDGER_TRY(check_new(l, m, hash));
    LEDGER_TRY(ledger_tick(l, &m->since_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM member", &m->id));
    ledger_random(l, m->number, sizeof m->number);
    LEDGER_TRY(ledger_exec(l,
                           "INSERT INTO member (id, number, handle_hash, kind, state, since_us) "
                           "VALUES ($1, $2, $3, $4, $5, $6)",
                           STORE_ARGS(store_int(m->id), store_blob(m->number, 16),
                                      store_blob(hash, 32), store_text(kind_names[m->kind]),
                                      store_text(state_names[m->state]), store_int(m->since_us))));
    LEDGER_TRY(
        ledger_exec(l, "INSERT INTO member_identity (member_id, handle, name) VALUES ($1, $2, $3)",
                    STORE_ARGS(store_int(m->id), store_text(m->handle), store_text(m->name))));
    return insert_state(l, m->id, m->state, m->since_us, why);
}

static enum ledger_status read_member(void *into, const struct store_row *row)
{
    struct ledger_member *m = into;
    size_t size;

    *m = (struct ledger_member){.id = store_row_int(row, 0),
                                .since_us = store_row_int(row, 4),
                                .erased = store_row_null(row, 5)};
    const void *number = store_row_blob(row, 1, &size);
    if (size == sizeof m->number)
        memcpy(m->number, number, size);
    if (m->erased)
        snprintf(m->handle, sizeof m->handle, ERASED "%lld", (long long)m->id);
    else
        store_row_copy(row, 5, m->handle, sizeof m->handle);
    store_row_copy(row, 6, m->name, sizeof m->name);
    LEDGER_TRY(ledger_member_kind_parse(store_row_text(row, 2), &m->kind));
    return ledger_member_state_parse(store_row_text(row, 3), &m->state);
}

#define MEMBER                                                                                     \
    "SELECT m.id, m.number, m.kind, m.state, m.since_us, i.handle, i.name FROM member m "          \
    "LEFT JOIN member_identity i ON i.member_id = m.id "

static enum ledger_status no_such(struct ledger *l, const char *handle)
{
    if (ledger_handle_check(handle) == LEDGER_OK)
        ledger_refuse(l, LEDGER_NO_SUCH_MEMBER, "there is no member %s here", handle);
    else
        ledger_refuse(l, LEDGER_NO_SUCH_MEMBER,
                      "there is no such member: a handle is 2 to 32 of a-z, 0-9 and -");
    return ledger_blame(l, LEDGER_NO_SUCH_MEMBER, "member", -1);
}

/* Who has no handle any more is still called "erased-7", so that its account can be explained. */
static enum ledger_status find_erased(struct ledger *l, const char *handle, struct ledger_member *m)
{
    char *end;
    int64_t id;

    if (strncmp(handle, ERASED, strlen(ERASED)) != 0 ||
        !isdigit((unsigned char)handle[strlen(ERASED)]))
        return LEDGER_NO_ROW;
    id = strtoll(handle + strlen(ERASED), &end, 10);
    LEDGER_TRY(
        ledger_first(l, MEMBER "WHERE m.id = $1", STORE_ARGS(store_int(id)), read_member, m));
    return m->erased && *end == '\0' ? LEDGER_OK : LEDGER_NO_ROW;
}

enum ledger_status ledger_member_find(struct ledger *l, const char *handle, struct ledger_member *m)
{
    enum ledger_status status = ledger_first(
        l, MEMBER "WHERE m.id = (SELECT member_id FROM member_identity WHERE handle = $1)",
        STORE_ARGS(store_text(handle)), read_member, m);

    if (status == LEDGER_NO_ROW)
        status = find_erased(l, handle, m);
    return status == LEDGER_NO_ROW ? no_such(l, handle) : status;
}

enum ledger_status ledger_member_get(struct ledger *l, int64_t id, struct ledger_member *m)
{
    enum ledger_status status =
        ledger_first(l, MEMBER "WHERE m.id = $1", STORE_ARGS(store_int(id)), read_member, m);

    if (status != LEDGER_NO_ROW)
        return status;
    return ledger_refuse(l, LEDGER_NO_SUCH_MEMBER, "there is no member number %lld", (long long)id);
}

struct each {
    ledger_member_reader *read;
    ledger_attribute_reader *read_attribute;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_member m;

    LEDGER_TRY(read_member(&m, row));
    return each->read(each->ctx, &m);
}

enum ledger_status ledger_member_each(struct ledger *l, const struct ledger_member_filter *filter,
                                      ledger_member_reader *read, void *ctx)
{
    struct each each = {.read = read, .ctx = ctx};

    return ledger_each(l,
                       MEMBER "WHERE m.id > $1 AND ($2 IS NULL OR m.state = $2) AND "
                              "($3 IS NULL OR m.kind = $3) ORDER BY m.id LIMIT $4",
                       STORE_ARGS(store_int(filter->after_id), store_text(filter->state),
                                  store_text(filter->kind), store_int(filter->limit)),
                       pass_on, &each);
}

enum ledger_status ledger_member_record_state(struct ledger *l, int64_t id,
                                              enum ledger_member_state to,
                                              const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_exec(l, "UPDATE member SET state = $2 WHERE id = $1",
                           STORE_ARGS(store_int(id), store_text(state_names[to]))));
    return insert_state(l, id, to, at_us, why);
}

/* [from][to]: departures have their own way out. */
static const bool may_move[4][4] = {
    [LEDGER_APPLIED][LEDGER_ACTIVE] = true,
    [LEDGER_ACTIVE][LEDGER_SUSPENDED] = true,
    [LEDGER_SUSPENDED][LEDGER_ACTIVE] = true,
};

enum ledger_status ledger_member_change_state(struct ledger *l, int64_t id,
                                              enum ledger_member_state to,
                                              const struct ledger_why *why)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_member_get(l, id, &m));
    if (!may_move[m.state][to])
        return ledger_refuse(l, LEDGER_MEMBER_STATE, "%s is %s and cannot become %s", m.handle,
                             state_names[m.state], state_names[to]);
    return ledger_member_record_state(l, id, to, why);
}

enum ledger_status ledger_member_set_attribute(struct ledger *l, int64_t id, const char *name,
                                               const char *value, int32_t from_on,
                                               const char *actor)
{
    int64_t row_id;
    int64_t at_us;

    if (index_of(attribute_names, 4, name) < 0)
        return ledger_refuse(l, LEDGER_CHOICE_UNKNOWN,
                             "a member has a class, a constituency, a sector and a locality");
    LEDGER_TRY(ledger_check_text(l, name, value, LEDGER_ATTRIBUTE_MAX));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM member_attribute", &row_id));
    return ledger_exec(l,
                       "INSERT INTO member_attribute (id, member_id, name, value, from_on, at_us, "
                       "actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       STORE_ARGS(store_int(row_id), store_int(id), store_text(name),
                                  store_text(value), store_int(from_on), store_int(at_us),
                                  store_text(actor)));
}

static enum ledger_status pass_attribute_on(void *into, const struct store_row *row)
{
    struct each *each = into;

    return each->read_attribute(each->ctx, store_row_text(row, 0), store_row_text(row, 1),
                                (int32_t)store_row_int(row, 2));
}

enum ledger_status ledger_member_attributes(struct ledger *l, int64_t id, int32_t day,
                                            ledger_attribute_reader *read, void *ctx)
{
    struct each each = {.read_attribute = read, .ctx = ctx};

    return ledger_each(l,
                       "SELECT name, value, from_on FROM member_attribute a "
                       "WHERE member_id = $1 AND value <> '' AND id = "
                       "(SELECT id FROM member_attribute WHERE member_id = $1 AND name = a.name "
                       "AND from_on <= $2 ORDER BY from_on DESC, id DESC LIMIT 1) ORDER BY name",
                       STORE_ARGS(store_int(id), store_int(day)), pass_attribute_on, &each);
}
