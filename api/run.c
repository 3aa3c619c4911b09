#include "run.h"

#include "args.h"
#include "kept.h"

#include "ledger/account.h"
#include "ledger/register.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void api_call_init(struct api_call *call, const struct api_operation *op)
{
    *call = (struct api_call){.op = op, .args = json_object(), .problem.leg = -1};
}

void api_call_clear(struct api_call *call)
{
    json_decref(call->args);
    call->args = NULL;
    json_decref(call->names);
    call->names = NULL;
    free(call->items);
    call->items = NULL;
}

void api_call_as_local(struct api_call *call, const char *user)
{
    snprintf(call->actor, sizeof call->actor, "local:%s", user);
    call->roles = LEDGER_STEWARD | LEDGER_TREASURER;
    call->member_id = 0;
}

void api_call_as_token(struct api_call *call, const struct ledger_token *token)
{
    snprintf(call->actor, sizeof call->actor, "token:%lld", (long long)token->id);
    call->roles = token->role;
    call->member_id = token->member_id;
    snprintf(call->handle, sizeof call->handle, "%s", token->handle);
}

static enum ledger_status check_own(struct api_call *call, const struct api_param *p)
{
    const char *given = api_text(call, p->name);

    if (!given) {
        json_object_set_new(call->args, p->name, json_string(call->handle));
        return LEDGER_OK;
    }
    if (strcmp(given, call->handle) == 0)
        return LEDGER_OK;
    return api_refuse(call, LEDGER_NOT_ALLOWED, p->name, "this token speaks for %s only",
                      call->handle);
}

static enum ledger_status check_caller(struct api_call *call)
{
    if (call->roles == 0 && !(call->op->access & API_NOBODY))
        return api_refuse(call, LEDGER_NOT_SIGNED_IN, NULL,
                          "show a token: Authorization: Bearer …");
    if (call->roles != 0 && (call->roles & call->op->access) == 0)
        return api_refuse(call, LEDGER_NOT_ALLOWED, NULL, "%s is not for this role",
                          call->op->words);
    for (const struct api_param *p = call->op->params; p && p->name; p++)
        if ((p->flags & API_OWN) && (call->roles & API_NODE_ROLES) == 0)
            LEDGER_TRY(check_own(call, p));
    return api_args_complete(call);
}

/* The arguments as given, before anything is filled in. */
static enum ledger_status content_hash(const struct api_call *call, uint8_t hash[32])
{
    char *args = json_dumps(call->args, JSON_COMPACT | JSON_SORT_KEYS);
    crypto_hash_sha256_state state;
    int64_t member_id = call->member_id;

    if (!args)
        return LEDGER_NO_MEMORY;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)call->op->name,
                              strlen(call->op->name) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)&member_id, sizeof member_id);
    crypto_hash_sha256_update(&state, (const unsigned char *)args, strlen(args));
    crypto_hash_sha256_final(&state, hash);
    free(args);
    return LEDGER_OK;
}

/* Rule 8: only a member's own people and the node's treasurer see how much room there was. */
static void tell_room(struct ledger *l, struct api_call *call, const struct ledger_facts *facts)
{
    struct ledger_account a;
    int64_t room_minor = facts->room_minor;

    if (facts->account_id == 0 || ledger_account_get(l, facts->account_id, &a) != LEDGER_OK)
        return;
    if ((call->roles & API_KEEPERS) || call->member_id == a.member_id)
        ledger_amount_format(room_minor, a.scale, call->problem.room);
}

static enum ledger_status take_refusal(struct ledger *l, struct api_call *call,
                                       enum ledger_status status)
{
    const struct ledger_facts facts = *ledger_last_facts(l);

    /* A handler that refused by api_refuse has said all. */
    if (call->problem.status == status)
        return status;
    api_refuse(call, status, facts.field, "%s", ledger_message(l));
    call->problem.leg = facts.leg;
    if (!ledger_status_is_fault(status))
        tell_room(l, call, &facts);
    return status;
}

static enum ledger_status replay(struct ledger *l, struct api_call *call,
                                 const struct ledger_record *r, json_t **out)
{
    call->replayed = true;
    call->subject = r->subject;
    return call->op->answer ? call->op->answer(l, call, out) : api_kept(l, call, r, out);
}

static enum ledger_status write_record(struct ledger *l, const struct api_call *call,
                                       const uint8_t hash[32], const json_t *out)
{
    struct ledger_record r = {.uid = call->uid, .subject = call->subject};

    snprintf(r.actor, sizeof r.actor, "%s", call->actor);
    snprintf(r.operation, sizeof r.operation, "%s", call->op->name);
    memcpy(r.content_hash, hash, 32);
    LEDGER_TRY(ledger_register_append(l, &r));
    return call->op->answer ? LEDGER_OK : api_keep(l, call, r.seq, out);
}

static enum ledger_status write_anew(struct ledger *l, struct api_call *call,
                                     const uint8_t hash[32], json_t **out)
{
    LEDGER_TRY(call->op->handle(l, call, out));
    if (!*out && call->op->answer)
        LEDGER_TRY(call->op->answer(l, call, out));
    LEDGER_TRY(write_record(l, call, hash, *out));
    if (call->dry_run)
        json_object_set_new(*out, "dry_run", json_true());
    return LEDGER_OK;
}

static enum ledger_status write_once(struct ledger *l, struct api_call *call, json_t **out)
{
    uint8_t hash[32];
    struct ledger_record known;
    enum ledger_status status = LEDGER_NO_ROW;

    LEDGER_TRY(content_hash(call, hash));
    LEDGER_TRY(check_caller(call));
    if (call->has_uid)
        status = ledger_register_find(l, &call->uid, hash, &known);
    else
        ledger_new_uid(l, &call->uid);
    if (status == LEDGER_OK)
        return replay(l, call, &known, out);
    if (status != LEDGER_NO_ROW)
        return status;
    return write_anew(l, call, hash, out);
}

enum ledger_status api_run_write(struct ledger *l, struct api_call *call, json_t **out)
{
    *out = NULL;
    call->problem.status = LEDGER_OK;
    ledger_take_fault(l);
    enum ledger_status status = ledger_savepoint(l);
    if (status == LEDGER_OK)
        status = write_once(l, call, out);
    if (status == LEDGER_OK)
        status = ledger_take_fault(l);
    if (status != LEDGER_OK) {
        take_refusal(l, call, status);
        json_decref(*out);
        *out = NULL;
    }
    if (ledger_status_is_fault(status))
        return status;
    bool keep = status == LEDGER_OK && !call->dry_run;
    enum ledger_status ended = keep ? ledger_release(l) : ledger_rollback_to(l);
    return ended == LEDGER_OK ? status : take_refusal(l, call, ended);
}

enum ledger_status api_run_read(struct ledger *l, struct api_call *call, json_t **out)
{
    bool own = !ledger_in_transaction(l);

    ledger_forget(l);
    enum ledger_status status = own ? ledger_begin_read(l) : LEDGER_OK;

    *out = NULL;
    call->problem.status = LEDGER_OK;
    if (status == LEDGER_OK)
        status = check_caller(call);
    ledger_take_fault(l);
    if (status == LEDGER_OK)
        status = call->op->handle(l, call, out);
    if (status == LEDGER_OK)
        status = ledger_take_fault(l);
    if (status != LEDGER_OK) {
        take_refusal(l, call, status);
        json_decref(*out);
        *out = NULL;
    }
    if (own)
        ledger_rollback(l);
    return status;
}

enum ledger_status api_prepare(struct api_call *call)
{
    call->problem.status = LEDGER_OK;
    if (!call->op->prepare)
        return LEDGER_OK;
    LEDGER_TRY(check_caller(call));
    return call->op->prepare(call);
}

enum ledger_status api_run(struct ledger *l, struct api_call *call, json_t **out)
{
    *out = NULL;
    if (call->op->mode == API_READ)
        return api_run_read(l, call, out);
    LEDGER_TRY(api_prepare(call));
    enum ledger_status status = ledger_begin_write(l);
    if (status != LEDGER_OK)
        return take_refusal(l, call, status);
    status = api_run_write(l, call, out);
    if (status != LEDGER_OK) {
        ledger_rollback(l);
        return status;
    }
    status = ledger_commit(l);
    if (status == LEDGER_OK && call->erased)
        status = ledger_checkpoint(l, true);
    if (status != LEDGER_OK) {
        take_refusal(l, call, status);
        ledger_rollback(l);
        json_decref(*out);
        *out = NULL;
    }
    return status;
}

static int64_t real_now_us(void *arg)
{
    struct timespec now;

    (void)arg;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void real_random(void *arg, void *buf, size_t size)
{
    (void)arg;
    randombytes_buf(buf, size);
}

const struct ledger_env api_env = {real_now_us, real_random, NULL};
