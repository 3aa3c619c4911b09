#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/provider.h"

static json_t *shape(const struct api_call *call, const struct ledger_provider *p)
{
    json_t *o = json_pack("{s:I, s:s, s:b, s:o}", "entry", (json_int_t)p->id, "member", p->handle,
                          "listed", p->listed, "from", api_json_day(p->from_on));

    if (call->roles & API_NODE_ROLES) {
        json_object_set_new(o, "actor", json_string(p->actor));
        json_object_set_new(o, "reason", json_string(p->reason));
    }
    return o;
}

static enum ledger_status set(struct ledger *l, struct api_call *call, bool listed, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_provider p = {.listed = listed, .from_on = ledger_today(l)};
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    api_date(call, "from", &p.from_on);
    p.member_id = m.id;
    LEDGER_TRY(ledger_provider_set(l, &p, &why));
    call->subject = p.id;
    *out = json_pack("{s:I, s:s, s:b, s:o, s:s, s:s}", "entry", (json_int_t)p.id, "member",
                     m.handle, "listed", p.listed, "from", api_json_day(p.from_on), "actor",
                     why.actor, "reason", why.reason);
    return LEDGER_OK;
}

enum ledger_status op_provider_add(struct ledger *l, struct api_call *call, json_t **out)
{
    return set(l, call, true, out);
}

enum ledger_status op_provider_end(struct ledger *l, struct api_call *call, json_t **out)
{
    return set(l, call, false, out);
}

static enum ledger_status add(void *ctx, const struct ledger_provider *p)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->call, p), p->id, 0);
}

enum ledger_status op_provider_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;

    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(
        &page, ledger_provider_each(l, page.after[0], api_page_ask(&page), add, &page), out);
}
