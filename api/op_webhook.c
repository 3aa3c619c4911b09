#include "args.h"
#include "kept.h"
#include "ops.h"
#include "outbox.h"
#include "shape.h"

#include "post.h"
#include "webhook.h"

#include "ledger/member.h"
#include "ledger/webhook.h"

#include <sodium.h>

/* What is no address at all is refused by the engine. */
enum ledger_status webhook_prepare(struct api_call *call)
{
    const char *url = api_text(call, "url");
    struct post *post;
    enum post_place place;

    if (call->private_webhooks || ledger_url_check(url) != LEDGER_OK)
        return LEDGER_OK;
    post = post_new(false, NULL);
    if (!post)
        return api_refuse(call, LEDGER_UNREACHABLE, NULL, "webhooks need libcurl (libcurl4)");
    place = post_look(post, url);
    post_free(post);
    if (place == POST_NOWHERE)
        call->note =
            "its name leads nowhere now; it is looked up again each time something is sent";
    if (place != POST_PRIVATE)
        return LEDGER_OK;
    return api_refuse(call, LEDGER_WEBHOOK_PRIVATE, "url",
                      "that leads to a private or local address; a webhook is where the internet "
                      "reaches it, unless the node serves with --webhook-allow-private");
}

static json_t *shape(const struct api_call *call, const struct ledger_outbox *o)
{
    json_t *json = json_pack("{s:I, s:s}", "webhook", (json_int_t)o->id, "member", o->member);

    if (json && outbox_shows_address(call, o))
        json_object_set_new(json, "url", json_string(o->address));
    outbox_put_state(json, o);
    return json;
}

enum ledger_status op_webhook_add(struct ledger *l, struct api_call *call, json_t **out)
{
    char secret[LEDGER_WEBHOOK_SECRET];
    struct ledger_outbox o;
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    LEDGER_TRY(ledger_webhook_add(l, m.id, api_text(call, "url"), &o, secret));
    call->subject = o.id;
    api_tells_of(call, "outbox", o.id);
    *out = json_pack("{s:I, s:s, s:s, s:s}", "webhook", (json_int_t)o.id, "member", o.member, "url",
                     o.address, "secret", secret);
    sodium_memzero(secret, sizeof secret);
    if (*out && call->note)
        json_object_set_new(*out, "note", json_string(call->note));
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status add(void *ctx, const struct ledger_outbox *o)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->call, o), o->id, 0);
}

enum ledger_status op_webhook_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_outbox_filter filter = {.of_channel = true, .channel = LEDGER_WEBHOOK};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_outbox_each(l, &filter, add, &page), out);
}

/* Another's is not there. */
static enum ledger_status get_own(struct ledger *l, struct api_call *call, struct ledger_outbox *o)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_webhook_get(l, id, o));
    if ((call->roles & LEDGER_STEWARD) || call->member_id == o->member_id)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_WEBHOOK, "there is no webhook %lld", (long long)id);
}

static enum ledger_status answer(struct ledger *l, struct api_call *call, struct ledger_outbox *o,
                                 json_t **out)
{
    LEDGER_TRY(ledger_outbox_get(l, o->id, o));
    call->subject = o->id;
    if (o->address[0])
        api_tells_of(call, "outbox", o->id);
    *out = shape(call, o);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_webhook_remove(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_outbox o;

    LEDGER_TRY(get_own(l, call, &o));
    LEDGER_TRY(ledger_webhook_remove(l, o.id));
    call->erased = true;
    return answer(l, call, &o, out);
}

enum ledger_status op_webhook_test(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_outbox o;

    LEDGER_TRY(get_own(l, call, &o));
    LEDGER_TRY(ledger_notice_put(l, LEDGER_NOTICE_WEBHOOK_TEST, o.member_id, o.id));
    return answer(l, call, &o, out);
}
