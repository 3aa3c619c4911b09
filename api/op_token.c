#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/member.h"
#include "ledger/token.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define TOKEN_DAYS_DEFAULT 90

static json_t *shape(const struct ledger_token *t)
{
    return json_pack("{s:I, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "token", (json_int_t)t->id,
                     "member", t->member_id ? json_string(t->handle) : json_null(), "role",
                     ledger_role_name(t->role), "label", t->label, "created",
                     api_json_time(t->created_at_us), "expires", api_json_time(t->expires_at_us),
                     "revoked", api_json_time(t->revoked_at_us), "last_used",
                     api_json_time(t->last_used_at_us));
}

/* A manager gives out keys to its own house; no role hands out a greater one than it has. */
static enum ledger_status check_grant(struct api_call *call, const struct ledger_token *t)
{
    if ((call->roles & LEDGER_STEWARD) ||
        ((t->role & API_MEMBER_ROLES) && t->member_id == call->member_id))
        return LEDGER_OK;
    return api_refuse(call, LEDGER_NOT_ALLOWED, "role", "a manager gives tokens of its own member");
}

static enum ledger_status read_expiry(struct ledger *l, struct api_call *call,
                                      struct ledger_token *t)
{
    const char *expires = api_text(call, "expires");
    int64_t us = TOKEN_DAYS_DEFAULT * LEDGER_US_PER_DAY;

    if (expires && ledger_duration_parse(expires, &us) != LEDGER_OK)
        return LEDGER_TIME_MALFORMED;
    t->expires_at_us = ledger_now_us(l) + us;
    return LEDGER_OK;
}

enum ledger_status op_token_create(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_token t = {0};
    struct ledger_member m;
    char secret[LEDGER_TOKEN_SECRET];
    const char *label = api_text(call, "label");

    LEDGER_TRY(ledger_role_parse(api_text(call, "role"), &t.role));
    if (api_given(call, "member")) {
        LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
        t.member_id = m.id;
        snprintf(t.handle, sizeof t.handle, "%s", m.handle);
    }
    snprintf(t.label, sizeof t.label, "%s", label ? label : "");
    LEDGER_TRY(check_grant(call, &t));
    LEDGER_TRY(read_expiry(l, call, &t));
    LEDGER_TRY(ledger_token_create(l, &t, secret));
    call->subject = t.id;
    *out = shape(&t);
    json_object_set_new(*out, "secret", json_string(secret));
    sodium_memzero(secret, sizeof secret);
    return LEDGER_OK;
}

static enum ledger_status add(void *ctx, const struct ledger_token *t)
{
    return api_page_add(ctx, shape(t), t->id, 0);
}

enum ledger_status op_token_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;
    int64_t member_id;

    LEDGER_TRY(api_member_id(l, call, "member", &member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(
        &page, ledger_token_each(l, member_id, page.after[0], api_page_ask(&page), add, &page),
        out);
}

enum ledger_status op_token_revoke(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t id = api_integer(call, "id", 0);
    struct ledger_token t;

    LEDGER_TRY(ledger_token_get(l, id, &t));
    if (!(call->roles & LEDGER_STEWARD) && t.member_id != call->member_id)
        return api_refuse(call, LEDGER_NO_SUCH_TOKEN, "id", "there is no token number %lld",
                          (long long)id);
    LEDGER_TRY(ledger_token_revoke(l, id));
    LEDGER_TRY(ledger_token_get(l, id, &t));
    call->subject = id;
    *out = shape(&t);
    return LEDGER_OK;
}
