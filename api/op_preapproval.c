#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/preapproval.h"

static bool is_party(const struct api_call *call, const struct ledger_preapproval *p)
{
    return call->member_id && (call->member_id == p->payer_id || call->member_id == p->payee_id);
}

static json_t *shape(const struct ledger *l, const struct ledger_preapproval *p)
{
    return json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:I}", "preapproval", (json_int_t)p->id,
        "state", ledger_preapproval_state(l, p), "payer", p->payer, "payee", p->payee, "currency",
        p->code, "each", api_json_amount(p->each_minor, p->scale), "month",
        api_json_amount(p->month_minor, p->scale), "until",
        p->until_on == INT32_MAX ? json_null() : api_json_day(p->until_on), "collected",
        api_json_amount(p->collected_minor, p->scale), "requests", (json_int_t)p->uses);
}

static enum ledger_status get_visible(struct ledger *l, const struct api_call *call,
                                      struct ledger_preapproval *p)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_preapproval_get(l, id, p));
    if ((call->roles & API_NODE_ROLES) || is_party(call, p))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_PREAPPROVAL, "there is no pre-approval %lld",
                         (long long)id);
}

static enum ledger_status done(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_preapproval p;

    LEDGER_TRY(ledger_preapproval_get(l, call->subject, &p));
    *out = shape(l, &p);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_preapproval_set(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_preapproval p = {.until_on = INT32_MAX};
    struct ledger_currency c;

    LEDGER_TRY(api_member_id(l, call, "from", &p.payer_id));
    LEDGER_TRY(api_member_id(l, call, "payee", &p.payee_id));
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "each", api_text(call, "each"), LEDGER_AMOUNT_POSITIVE,
                                      &p.each_minor));
    LEDGER_TRY(ledger_currency_amount(l, &c, "month", api_text(call, "month"),
                                      LEDGER_AMOUNT_POSITIVE, &p.month_minor));
    api_date(call, "until", &p.until_on);
    p.currency_id = c.id;
    LEDGER_TRY(ledger_preapproval_set(l, &p, &why));
    call->subject = p.id;
    return done(l, call, out);
}

enum ledger_status op_preapproval_revoke(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_preapproval p;

    LEDGER_TRY(get_visible(l, call, &p));
    if (!(call->roles & API_KEEPERS) && call->member_id != p.payer_id)
        return ledger_refuse(l, LEDGER_NOT_ALLOWED, "who pays revokes it");
    call->subject = p.id;
    LEDGER_TRY(ledger_preapproval_revoke(l, p.id, call->actor));
    return done(l, call, out);
}

static enum ledger_status add(void *ctx, const struct ledger_preapproval *p)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->l, p), p->id, 0);
}

enum ledger_status op_preapproval_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_preapproval_filter filter = {.all = api_flag(call, "all")};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_preapproval_each(l, &filter, add, &page), out);
}

struct uses {
    struct api_page page;
    int scale;
};

static enum ledger_status add_use(void *ctx, const struct ledger_preapproval_use *u)
{
    struct uses *uses = ctx;
    char month[LEDGER_DATE_TEXT];
    json_t *o =
        json_pack("{s:I, s:I, s:o, s:o, s:o, s:I, s:b}", "request", (json_int_t)u->request_id,
                  "number", (json_int_t)u->number, "posted", api_json_time(u->posted_at_us),
                  "month", json_sprintf("%.7s", ledger_date_format(u->month_on, month)), "amount",
                  api_json_amount(u->amount_minor, uses->scale), "transfer",
                  (json_int_t)u->transfer_id, "reversed", u->reversed);

    return api_page_add(&uses->page, o, u->request_id, 0);
}

enum ledger_status op_preapproval_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_preapproval p;
    struct uses uses;

    LEDGER_TRY(get_visible(l, call, &p));
    *out = shape(l, &p);
    if (!*out)
        return LEDGER_NO_MEMORY;
    LEDGER_TRY(api_page_begin(&uses.page, l, call));
    uses.scale = p.scale;
    return api_page_finish(&uses.page,
                           ledger_preapproval_uses(l, p.id, uses.page.after[0],
                                                   api_page_ask(&uses.page), add_use, &uses),
                           out);
}
