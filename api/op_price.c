#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/extra.h"
#include "ledger/price.h"
#include "ledger/quota.h"
#include "ledger/share.h"

#include <stdio.h>

#define MINUTES_PER_HOUR 60

static json_t *shape_price(const struct ledger_price *p)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:s, s:o}", "class", ledger_booker_name(p->booker),
                     "peak", ledger_peak_name(p->peak), "unit", ledger_price_unit_name(p->unit),
                     "amount", p->gone ? json_null() : api_json_amount(p->amount_minor, p->scale),
                     "currency", p->code, "from", api_json_day(p->from_on));
}

/* The day on which what is set begins to hold: the given one, or the resource's today. */
static enum ledger_status read_from(struct ledger *l, struct api_call *call,
                                    const struct ledger_resource *r, int32_t *from_on)
{
    LEDGER_TRY(ledger_resource_today(l, r, from_on));
    api_date(call, "from", from_on);
    return LEDGER_OK;
}

static enum ledger_status read_price(struct ledger *l, struct api_call *call,
                                     struct ledger_price *p)
{
    const char *amount = api_text(call, "amount");
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    p->gone = api_flag(call, "none");
    if (!amount == !p->gone)
        return api_refuse(call, LEDGER_USAGE, "amount",
                          "say how much, or none: there is no such price from then on");
    if (amount)
        LEDGER_TRY(ledger_currency_amount(l, &c, "amount", amount, LEDGER_AMOUNT_UNSIGNED,
                                          &p->amount_minor));
    p->currency_id = c.id;
    p->scale = c.scale;
    snprintf(p->code, sizeof p->code, "%s", c.code);
    return LEDGER_OK;
}

enum ledger_status op_resource_price(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *booker = api_text(call, "class");
    const char *peak = api_text(call, "peak");
    struct ledger_price p = {.booker = LEDGER_BY_MEMBER};
    struct ledger_resource r;

    LEDGER_TRY(api_resource_own(l, call, &r));
    LEDGER_TRY(read_price(l, call, &p));
    LEDGER_TRY(read_from(l, call, &r, &p.from_on));
    p.resource_id = r.id;
    LEDGER_TRY(ledger_price_unit_parse(api_text(call, "unit"), &p.unit));
    if (booker)
        LEDGER_TRY(ledger_booker_parse(booker, &p.booker));
    if (peak)
        LEDGER_TRY(ledger_peak_parse(peak, &p.peak));
    LEDGER_TRY(ledger_price_set(l, &p, &why));
    call->subject = p.id;
    *out = shape_price(&p);
    return LEDGER_OK;
}

static enum ledger_status add_price(void *ctx, const struct ledger_price *p)
{
    json_array_append_new(ctx, shape_price(p));
    return LEDGER_OK;
}

enum ledger_status op_resource_prices(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_resource r;
    struct ledger_share share;
    json_t *items = json_array();
    int32_t today;

    *out = json_pack("{s:o, s:n}", "items", items, "next");
    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), &r));
    LEDGER_TRY(ledger_resource_today(l, &r, &today));
    LEDGER_TRY(ledger_share_on(l, r.id, today, &share));
    json_object_set_new(*out, "resource", json_string(r.name));
    if (share.id) {
        json_object_set_new(*out, "pool", json_string(share.pool));
        json_object_set_new(*out, "points", json_integer(share.points));
    }
    return ledger_price_each(l, r.id, add_price, items);
}

enum ledger_status op_resource_share(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_share s = {.points = (int)api_integer(call, "points", 0)};
    struct ledger_resource r;
    struct ledger_member pool;

    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), &r));
    LEDGER_TRY(ledger_member_find(l, api_text(call, "pool"), &pool));
    LEDGER_TRY(read_from(l, call, &r, &s.from_on));
    s.resource_id = r.id;
    snprintf(s.pool, sizeof s.pool, "%s", pool.handle);
    LEDGER_TRY(ledger_share_set(l, &s, &why));
    call->subject = s.id;
    *out = json_pack("{s:s, s:s, s:i, s:o}", "resource", r.name, "pool", s.pool, "points", s.points,
                     "from", api_json_day(s.from_on));
    return LEDGER_OK;
}

static json_t *shape_quota(const struct ledger_quota *q)
{
    int unit = q->kind == LEDGER_QUOTA_LIVE ? 1 : MINUTES_PER_HOUR;

    return json_pack("{s:s, s:s, s:o, s:o}", "kind", ledger_quota_kind_name(q->kind), "member",
                     q->handle, "amount",
                     q->amount == LEDGER_NO_QUOTA ? json_null() : json_integer(q->amount / unit),
                     "from", api_json_day(q->from_on));
}

enum ledger_status op_resource_quota(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *member = api_text(call, "member");
    struct ledger_quota q = {.amount = LEDGER_NO_QUOTA};
    struct ledger_resource r;
    struct ledger_member m = {.id = 0};

    LEDGER_TRY(api_resource_own(l, call, &r));
    LEDGER_TRY(ledger_quota_kind_parse(api_text(call, "kind"), &q.kind));
    if (api_given(call, "amount") == api_flag(call, "none"))
        return api_refuse(call, LEDGER_USAGE, "amount",
                          "say how much, or none: there is no such quota from then on");
    if (api_given(call, "amount"))
        q.amount = (int)api_integer(call, "amount", 0) *
                   (q.kind == LEDGER_QUOTA_LIVE ? 1 : MINUTES_PER_HOUR);
    if (member)
        LEDGER_TRY(ledger_member_find(l, member, &m));
    LEDGER_TRY(read_from(l, call, &r, &q.from_on));
    q.resource_id = r.id;
    q.member_id = m.id;
    snprintf(q.handle, sizeof q.handle, "%s", m.id ? m.handle : "");
    LEDGER_TRY(ledger_quota_set(l, &q, &why));
    call->subject = q.id;
    *out = shape_quota(&q);
    return LEDGER_OK;
}

struct quotas {
    const struct api_call *call;
    json_t *items;
};

/* A member's own arrangement is its own and the host's business. */
static enum ledger_status add_quota(void *ctx, const struct ledger_quota *q)
{
    const struct quotas *quotas = ctx;

    json_array_append_new(quotas->items, shape_quota(q));
    return LEDGER_OK;
}

static enum ledger_status add_visible(void *ctx, const struct ledger_quota *q)
{
    const struct quotas *quotas = ctx;

    if (q->member_id && !api_may_see(quotas->call, q->member_id))
        return LEDGER_OK;
    return add_quota(ctx, q);
}

enum ledger_status op_resource_quotas(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_resource r;
    struct quotas quotas = {call, json_array()};

    *out = json_pack("{s:o, s:n}", "items", quotas.items, "next");
    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), &r));
    return ledger_quota_each(l, r.id, api_may_see(call, r.member_id) ? add_quota : add_visible,
                             &quotas);
}

/* --- extras --- */

struct listing {
    struct ledger *l;
    json_t *items;
};

static enum ledger_status add_extra_price(void *ctx, const struct ledger_extra_price *p)
{
    json_array_append_new(ctx, json_pack("{s:o, s:s, s:o}", "amount",
                                         api_json_amount(p->amount_minor, p->scale), "currency",
                                         p->code, "from", api_json_day(p->from_on)));
    return LEDGER_OK;
}

static enum ledger_status shape_extra(struct ledger *l, const struct ledger_extra *e, json_t **out)
{
    json_t *prices = json_array();

    *out = json_pack("{s:s, s:s, s:s, s:o}", "extra", e->name, "title", e->title, "host", e->host,
                     "prices", prices);
    return ledger_extra_price_each(l, e->id, ledger_today(l), add_extra_price, prices);
}

enum ledger_status op_extra_add(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_extra e = {.id = 0};
    struct ledger_member host;

    if (ledger_handle_check(api_text(call, "extra")) != LEDGER_OK)
        return api_refuse(call, LEDGER_HANDLE_MALFORMED, "extra",
                          "that cannot name an extra: 2 to 32 of a-z, 0-9 and -, not - first");
    LEDGER_TRY(ledger_member_find(l, api_text(call, "host"), &host));
    snprintf(e.name, sizeof e.name, "%s", api_text(call, "extra"));
    snprintf(e.title, sizeof e.title, "%s", api_text(call, "title"));
    snprintf(e.host, sizeof e.host, "%s", host.handle);
    LEDGER_TRY(ledger_extra_add(l, &e));
    call->subject = e.id;
    return shape_extra(l, &e, out);
}

enum ledger_status op_extra_price(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_price given = {.id = 0};
    struct ledger_extra e;

    LEDGER_TRY(ledger_extra_find(l, api_text(call, "extra"), &e));
    if (!(call->roles & API_KEEPERS) && call->member_id != e.member_id)
        return api_refuse(call, LEDGER_NOT_ALLOWED, "extra", "only its host says that of %s",
                          e.name);
    LEDGER_TRY(read_price(l, call, &given));
    struct ledger_extra_price p = {.extra_id = e.id,
                                   .currency_id = given.currency_id,
                                   .amount_minor = given.amount_minor,
                                   .gone = given.gone,
                                   .from_on = ledger_today(l)};
    api_date(call, "from", &p.from_on);
    LEDGER_TRY(ledger_extra_price_set(l, &p, &why));
    call->subject = p.id;
    return shape_extra(l, &e, out);
}

static enum ledger_status add_extra(void *ctx, const struct ledger_extra *e)
{
    struct listing *listing = ctx;
    json_t *item;
    enum ledger_status status = shape_extra(listing->l, e, &item);

    json_array_append_new(listing->items, item);
    return status;
}

enum ledger_status op_extra_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct listing listing = {l, json_array()};

    (void)call;
    *out = json_pack("{s:o, s:n}", "items", listing.items, "next");
    return ledger_extra_each(l, add_extra, &listing);
}

enum ledger_status op_extra_charge(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_extra e;
    struct ledger_currency c;

    (void)out;
    LEDGER_TRY(ledger_extra_find(l, api_text(call, "extra"), &e));
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    const struct ledger_extra_charge charge = {.extra_id = e.id,
                                               .currency_id = c.id,
                                               .quantity = (int)api_integer(call, "quantity", 1),
                                               .payer = api_text(call, "from")};
    return ledger_extra_pay(l, &charge, &why, &call->subject);
}
