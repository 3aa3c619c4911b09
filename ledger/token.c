#include "token.h"

#include "handle.h"
#include "member.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define NODE_ROLES (LEDGER_STEWARD | LEDGER_TREASURER | LEDGER_AUDITOR)

static const struct {
    enum ledger_role role;
    const char *name;
} roles[] = {
    {LEDGER_STEWARD, "steward"}, {LEDGER_TREASURER, "treasurer"}, {LEDGER_AUDITOR, "auditor"},
    {LEDGER_MANAGER, "manager"}, {LEDGER_TRADER, "trader"},       {LEDGER_VIEWER, "viewer"},
};

#define ROLES (sizeof roles / sizeof roles[0])

const char *ledger_role_name(enum ledger_role role)
{
    for (size_t i = 0; i < ROLES; i++)
        if (roles[i].role == role)
            return roles[i].name;
    return "";
}

enum ledger_status ledger_role_parse(const char *text, enum ledger_role *role)
{
    for (size_t i = 0; i < ROLES; i++) {
        if (strcmp(roles[i].name, text) == 0) {
            *role = roles[i].role;
            return LEDGER_OK;
        }
    }
    return LEDGER_CHOICE_UNKNOWN;
}

static enum ledger_status check_role(struct ledger *l, const struct ledger_token *t)
{
    const char *name = ledger_role_name(t->role);
    bool of_the_node = (t->role & NODE_ROLES) != 0;

    if (name[0] == '\0')
        return ledger_refuse_field(l, LEDGER_CHOICE_UNKNOWN, "role", "there is no such role");
    if (of_the_node && t->member_id)
        return ledger_refuse_field(l, LEDGER_CHOICE_UNKNOWN, "member",
                                   "%s is a role of the node: leave the member out", name);
    if (!of_the_node && !t->member_id)
        return ledger_refuse_field(l, LEDGER_CHOICE_UNKNOWN, "member",
                                   "%s is a role of a member: say whose", name);
    return LEDGER_OK;
}

/* The member must be there, and not gone. Its handle goes into the token. */
static enum ledger_status check_member(struct ledger *l, struct ledger_token *t)
{
    struct ledger_member m;

    t->handle[0] = '\0';
    if (!t->member_id)
        return LEDGER_OK;
    LEDGER_TRY(ledger_member_get(l, t->member_id, &m));
    if (m.state == LEDGER_LEFT)
        return ledger_refuse_field(l, LEDGER_MEMBER_NOT_ACTIVE, "member",
                                   "%s has left: it gets no token", m.handle);
    snprintf(t->handle, sizeof t->handle, "%s", m.handle);
    return LEDGER_OK;
}

enum ledger_status ledger_token_create(struct ledger *l, struct ledger_token *t,
                                       char secret[static LEDGER_TOKEN_SECRET])
{
    uint8_t hash[32];

    LEDGER_TRY(check_role(l, t));
    LEDGER_TRY(ledger_check_text(l, "label", t->label, LEDGER_NAME_MAX));
    LEDGER_TRY(check_member(l, t));
    LEDGER_TRY(ledger_tick(l, &t->created_at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM token", &t->id));
    t->revoked_at_us = 0;
    t->last_used_at_us = 0;
    ledger_secret_make(l, LEDGER_TOKEN_PREFIX, secret);
    ledger_secret_hash(secret, hash);
    return ledger_exec(l,
                       "INSERT INTO token (id, hash, member_id, role, label, created_at_us, "
                       "expires_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       STORE_ARGS(store_int(t->id), store_blob(hash, sizeof hash),
                                  store_int_or_null(t->member_id != 0, t->member_id),
                                  store_text(ledger_role_name(t->role)), store_text(t->label),
                                  store_int(t->created_at_us), store_int(t->expires_at_us)));
}

#define TOKEN                                                                                      \
    "SELECT t.id, t.member_id, t.role, t.label, "                                                  \
    "CASE WHEN t.member_id IS NULL THEN '' ELSE coalesce(i.handle, 'erased-' || t.member_id) "     \
    "END, "                                                                                        \
    "t.created_at_us, t.expires_at_us, t.revoked_at_us, t.last_used_at_us, t.hash, m.state "       \
    "FROM token t LEFT JOIN member m ON m.id = t.member_id "                                       \
    "LEFT JOIN member_identity i ON i.member_id = t.member_id "

static enum ledger_status read_token(void *into, const struct store_row *row)
{
    struct ledger_token *t = into;

    *t = (struct ledger_token){
        .id = store_row_int(row, 0),
        .member_id = store_row_int(row, 1),
        .created_at_us = store_row_int(row, 5),
        .expires_at_us = store_row_int(row, 6),
        .revoked_at_us = store_row_int(row, 7),
        .last_used_at_us = store_row_int(row, 8),
    };
    store_row_copy(row, 3, t->label, sizeof t->label);
    store_row_copy(row, 4, t->handle, sizeof t->handle);
    return ledger_role_parse(store_row_text(row, 2), &t->role);
}

struct presented {
    struct ledger_token *token;
    uint8_t hash[32];
    bool same;
    bool left;
};

static enum ledger_status read_presented(void *into, const struct store_row *row)
{
    struct presented *p = into;
    size_t size;
    const void *hash = store_row_blob(row, 9, &size);

    p->same = size == sizeof p->hash && sodium_memcmp(hash, p->hash, sizeof p->hash) == 0;
    p->left = strcmp(store_row_text(row, 10), "left") == 0;
    return read_token(p->token, row);
}

enum ledger_status ledger_token_check(struct ledger *l, const char *secret, struct ledger_token *t)
{
    struct presented p = {.token = t};

    ledger_secret_hash(secret, p.hash);
    enum ledger_status status =
        ledger_first(l, TOKEN "WHERE t.hash = $1", STORE_ARGS(store_blob(p.hash, sizeof p.hash)),
                     read_presented, &p);
    if (status != LEDGER_OK && status != LEDGER_NO_ROW)
        return status;
    if (status == LEDGER_OK && p.same && !p.left && t->revoked_at_us == 0 &&
        t->expires_at_us > ledger_now_us(l))
        return LEDGER_OK;
    *t = (struct ledger_token){0};
    return ledger_refuse(l, LEDGER_NOT_SIGNED_IN,
                         "that token is not known here, or no longer good");
}

enum ledger_status ledger_token_get(struct ledger *l, int64_t id, struct ledger_token *t)
{
    enum ledger_status status =
        ledger_first(l, TOKEN "WHERE t.id = $1", STORE_ARGS(store_int(id)), read_token, t);

    if (status != LEDGER_NO_ROW)
        return status;
    return ledger_refuse(l, LEDGER_NO_SUCH_TOKEN, "there is no token number %lld", (long long)id);
}

enum ledger_status ledger_token_revoke(struct ledger *l, int64_t id)
{
    struct ledger_token t;
    int64_t at_us;

    LEDGER_TRY(ledger_token_get(l, id, &t));
    if (t.revoked_at_us)
        return LEDGER_OK;
    LEDGER_TRY(ledger_tick(l, &at_us));
    return ledger_exec(l, "UPDATE token SET revoked_at_us = $2 WHERE id = $1",
                       STORE_ARGS(store_int(id), store_int(at_us)));
}

enum ledger_status ledger_token_used(struct ledger *l, int64_t id, int64_t at_us)
{
    return ledger_exec(l, "UPDATE token SET last_used_at_us = $2 WHERE id = $1",
                       STORE_ARGS(store_int(id), store_int(at_us)));
}

struct each {
    ledger_token_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_token t;

    LEDGER_TRY(read_token(&t, row));
    return each->read(each->ctx, &t);
}

enum ledger_status ledger_token_each(struct ledger *l, int64_t member_id, int64_t after_id,
                                     int limit, ledger_token_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(
        l, TOKEN "WHERE t.id > $1 AND ($2 = 0 OR t.member_id = $2) ORDER BY t.id LIMIT $3",
        STORE_ARGS(store_int(after_id), store_int(member_id), store_int(limit)), pass_on, &each);
}
