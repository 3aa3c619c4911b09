#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/levy.h"

#include <stdio.h>
#include <string.h>

static json_t *month(int32_t day)
{
    char text[LEDGER_DATE_TEXT];

    return json_sprintf("%.7s", ledger_date_format(day, text));
}

static json_t *shape_levy(const struct ledger_levy *v)
{
    return json_pack("{s:o, s:s, s:s, s:i, s:o, s:o, s:o, s:s, s:s, s:s}", "from",
                     api_json_day(v->from_on), "currency", v->code, "fund", v->fund, "points",
                     v->points, "flat", api_json_amount(v->flat_minor, v->scale), "minimum",
                     api_json_amount(v->minimum_minor, v->scale), "set", api_json_time(v->at_us),
                     "by", v->actor, "reason", v->reason, "authority", v->authority);
}

static enum ledger_status take_amount(struct ledger *l, const struct api_call *call,
                                      const struct ledger_currency *c, const char *name,
                                      int64_t *minor)
{
    if (!api_given(call, name))
        return LEDGER_OK;
    return ledger_currency_amount(l, c, name, api_text(call, name), LEDGER_AMOUNT_UNSIGNED, minor);
}

enum ledger_status op_levy_set(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_levy levy = {.points = (int)api_integer(call, "points", 0),
                               .from_on = ledger_date_month_end(ledger_today(l)) + 1};
    struct ledger_currency c;
    struct ledger_account fund;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(take_amount(l, call, &c, "flat", &levy.flat_minor));
    LEDGER_TRY(take_amount(l, call, &c, "minimum", &levy.minimum_minor));
    api_date(call, "from", &levy.from_on);
    LEDGER_TRY(ledger_account_need(l, api_text(call, "fund"), c.code, &why, &fund));
    levy.currency_id = c.id;
    levy.fund_account_id = fund.id;
    LEDGER_TRY(ledger_levy_set(l, &levy, &why));
    call->subject = levy.id;
    snprintf(levy.fund, sizeof levy.fund, "%s", fund.handle);
    snprintf(levy.code, sizeof levy.code, "%s", c.code);
    snprintf(levy.actor, sizeof levy.actor, "%s", why.actor);
    snprintf(levy.reason, sizeof levy.reason, "%s", why.reason);
    snprintf(levy.authority, sizeof levy.authority, "%s", why.authority);
    levy.scale = c.scale;
    *out = shape_levy(&levy);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status add_levy(void *ctx, const struct ledger_levy *levy)
{
    return json_array_append_new(ctx, shape_levy(levy)) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_levy_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_currency c;
    json_t *items = json_array();

    *out = json_pack("{s:o, s:n}", "items", items, "next");
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    return ledger_levy_each(l, c.id, add_levy, items);
}

static json_t *shape_charge(const struct ledger_levy_charge *c)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "member", c->handle, "currency", c->code, "month",
                     month(c->month_on), "trade", api_json_amount(c->base_minor, c->scale),
                     "amount", api_json_amount(c->amount_minor, c->scale));
}

enum ledger_status op_levy_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_account a;
    struct ledger_levy levy;
    struct ledger_levy_charge c;

    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), api_text(call, "currency"), &a));
    LEDGER_TRY(ledger_levy_so_far(l, &a, &levy, &c));
    *out = shape_charge(&c);
    if (!*out)
        return LEDGER_NO_MEMORY;
    json_object_set_new(*out, "fund", json_string(levy.fund));
    json_object_set_new(*out, "points", json_integer(levy.points));
    json_object_set_new(*out, "flat", api_json_amount(levy.flat_minor, levy.scale));
    json_object_set_new(*out, "minimum", api_json_amount(levy.minimum_minor, levy.scale));
    return LEDGER_OK;
}

static enum ledger_status add_charge(void *ctx, const struct ledger_levy_charge *c)
{
    struct api_page *page = ctx;
    json_t *o = shape_charge(c);

    json_object_set_new(o, "transfer", api_json_id(c->transfer_id));
    json_object_set_new(o, "at", api_json_time(c->at_us));
    json_object_set_new(o, "waived", json_string(c->waived));
    return api_page_add(page, o, c->id, 0);
}

static enum ledger_status add_open(void *ctx, const struct ledger_levy_charge *c)
{
    struct api_page *page = ctx;
    json_t *o = shape_charge(c);

    json_object_set_new(o, "refused", json_string(ledger_status_facts(c->refused)->code));
    json_object_set_new(o, "again", api_json_time(c->at_us));
    return api_page_add(page, o, c->account_id, c->month_id);
}

static enum ledger_status take_filter(struct ledger *l, const struct api_call *call,
                                      struct ledger_levy_filter *filter)
{
    struct ledger_currency c;

    LEDGER_TRY(api_member_id(l, call, "member", &filter->member_id));
    if (!api_text(call, "currency"))
        return LEDGER_OK;
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    filter->currency_id = c.id;
    return LEDGER_OK;
}

static enum ledger_status list(struct ledger *l, struct api_call *call, bool open, json_t **out)
{
    struct ledger_levy_filter filter = {.member_id = 0};
    struct api_page page;

    LEDGER_TRY(take_filter(l, call, &filter));
    LEDGER_TRY(api_page_begin(&page, l, call));
    memcpy(filter.after, page.after, sizeof filter.after);
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page,
                           open ? ledger_levy_open(l, &filter, add_open, &page)
                                : ledger_levy_charges(l, &filter, add_charge, &page),
                           out);
}

enum ledger_status op_levy_charges(struct ledger *l, struct api_call *call, json_t **out)
{
    return list(l, call, false, out);
}

enum ledger_status op_levy_open(struct ledger *l, struct api_call *call, json_t **out)
{
    return list(l, call, true, out);
}
