#include "kept.h"

#include "ledger/member.h"
#include "ledger/register.h"
#include "ledger/token.h"

#include <stdlib.h>
#include <string.h>

void api_tells_of(struct api_call *call, const char *kind, int64_t id)
{
    call->tells_of = kind;
    call->tells_of_id = id;
}

void api_names(struct api_call *call, const char *handle)
{
    if (!call->names)
        call->names = json_array();
    json_array_append_new(call->names, json_string(handle));
}

struct naming {
    struct ledger *l;
    int64_t seq;
    json_t *seen; /* each is looked up once */
};

/* Returns LEDGER_STOP where that is no handle. */
static enum ledger_status name_one(struct naming *n, const char *text, size_t size)
{
    char handle[LEDGER_HANDLE_MAX + 1];

    if (size >= sizeof handle)
        return LEDGER_STOP;
    memcpy(handle, text, size);
    handle[size] = '\0';
    if (ledger_handle_check(handle) != LEDGER_OK)
        return LEDGER_STOP;
    if (json_object_get(n->seen, handle))
        return LEDGER_OK;
    json_object_set_new(n->seen, handle, json_true());
    return ledger_register_names(n->l, n->seq, handle);
}

/* "mill", "mill:CALD", "commons:limit,members"; a time or a sentence is left at its first word. */
static enum ledger_status name_text(struct naming *n, const char *text)
{
    enum ledger_status status;
    size_t size;

    do {
        size = strcspn(text, ":,");
        status = name_one(n, text, size);
        text += size;
    } while (status == LEDGER_OK && *text++);
    return status == LEDGER_STOP ? LEDGER_OK : status;
}

static enum ledger_status name_all(struct naming *n, const json_t *value)
{
    const char *key;
    json_t *part;
    size_t i;

    if (json_is_string(value))
        return name_text(n, json_string_value(value));
    json_array_foreach((json_t *)value, i, part) LEDGER_TRY(name_all(n, part));
    json_object_foreach((json_t *)value, key, part) LEDGER_TRY(name_all(n, part));
    return LEDGER_OK;
}

static enum ledger_status note_whose(struct ledger *l, const struct api_call *call, int64_t seq,
                                     const json_t *kept)
{
    struct naming n = {l, seq, json_object()};
    enum ledger_status status = n.seen ? LEDGER_OK : LEDGER_NO_MEMORY;

    if (status == LEDGER_OK && call->tells_of)
        status = ledger_register_tells_of(l, seq, call->tells_of, call->tells_of_id);
    if (status == LEDGER_OK)
        status = name_all(&n, kept);
    if (status == LEDGER_OK)
        status = name_all(&n, call->names);
    json_decref(n.seen);
    return status;
}

enum ledger_status api_keep(struct ledger *l, const struct api_call *call, int64_t seq,
                            const json_t *out)
{
    json_t *kept = json_copy((json_t *)out);
    char *text = NULL;
    enum ledger_status status = LEDGER_NO_MEMORY;

    if (kept)
        json_object_del(kept, "secret");
    if (kept)
        text = json_dumps(kept, JSON_COMPACT);
    if (text)
        status = ledger_register_keep(l, seq, text);
    if (status == LEDGER_OK)
        status = note_whose(l, call, seq, kept);
    free(text);
    json_decref(kept);
    return status;
}

static enum ledger_status was_steward(struct ledger *l, const char *actor, bool *steward)
{
    struct ledger_token token;

    *steward = strncmp(actor, "token:", 6) != 0;
    if (*steward)
        return LEDGER_OK;
    LEDGER_TRY(ledger_token_get(l, strtoll(actor + 6, NULL, 10), &token));
    *steward = token.role == LEDGER_STEWARD;
    return LEDGER_OK;
}

/* A member's people are told what their own were told; the same uid of another member is another content. */
static enum ledger_status check_asker(struct ledger *l, const struct api_call *call,
                                      const struct ledger_record *r)
{
    bool steward;

    if (call->member_id || (call->roles & LEDGER_STEWARD))
        return LEDGER_OK;
    LEDGER_TRY(was_steward(l, r->actor, &steward));
    if (!steward)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED,
                         "a steward did that, and a steward is told again what was answered");
}

enum ledger_status api_kept(struct ledger *l, const struct api_call *call,
                            const struct ledger_record *r, json_t **out)
{
    char *answer;

    LEDGER_TRY(check_asker(l, call, r));
    enum ledger_status status = ledger_register_answer(l, r->seq, &answer);
    if (status == LEDGER_NO_ROW) {
        *out = json_pack("{s:b}", "erased", true);
        return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
    }
    LEDGER_TRY(status);
    *out = json_loads(answer, 0, NULL);
    free(answer);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}
