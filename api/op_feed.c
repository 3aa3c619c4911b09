#include "args.h"
#include "ops.h"
#include "shape.h"

#include "calendar.h"
#include "ledger/feed.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *shape(const struct ledger_feed *f)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o}", "feed", (json_int_t)f->id, "member",
                     f->member_id ? json_string(f->member) : json_null(), "resource",
                     f->resource_id ? json_string(f->resource) : json_null(), "created",
                     api_json_time(f->created_at_us), "revoked", api_json_time(f->revoked_at_us));
}

/* "token:3" is whom it rests on. */
static int64_t token_of(const struct api_call *call)
{
    return strncmp(call->actor, "token:", 6) == 0 ? strtoll(call->actor + 6, NULL, 10) : 0;
}

enum ledger_status op_feed_create(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_feed f = {.token_id = token_of(call)};
    struct ledger_resource r;
    struct ledger_member m;
    char secret[LEDGER_FEED_SECRET];
    char path[sizeof CALENDAR_ROOT + sizeof secret + 4];

    if (api_given(call, "member")) {
        LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
        f.member_id = m.id;
        snprintf(f.member, sizeof f.member, "%s", m.handle);
    }
    if (api_given(call, "resource")) {
        LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), &r));
        f.resource_id = r.id;
        snprintf(f.resource, sizeof f.resource, "%s", r.name);
    }
    LEDGER_TRY(ledger_feed_create(l, &f, secret));
    call->subject = f.id;
    *out = shape(&f);
    snprintf(path, sizeof path, CALENDAR_ROOT "%s.ics", secret);
    json_object_set_new(*out, "secret", json_string(path));
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(path, sizeof path);
    return LEDGER_OK;
}

static enum ledger_status add(void *ctx, const struct ledger_feed *f)
{
    return api_page_add(ctx, shape(f), f->id, 0);
}

enum ledger_status op_feed_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;
    int64_t member_id;

    LEDGER_TRY(api_member_id(l, call, "member", &member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(&page, ledger_feed_each(l, member_id, page.after[0], add, &page), out);
}

enum ledger_status op_feed_revoke(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t id = api_integer(call, "id", 0);
    struct ledger_feed f;

    LEDGER_TRY(ledger_feed_get(l, id, &f));
    if (!(call->roles & API_KEEPERS) && f.member_id != call->member_id)
        return api_refuse(call, LEDGER_NO_SUCH_FEED, "id", "there is no calendar number %lld",
                          (long long)id);
    LEDGER_TRY(ledger_feed_revoke(l, id));
    LEDGER_TRY(ledger_feed_get(l, id, &f));
    call->subject = id;
    *out = shape(&f);
    return LEDGER_OK;
}
