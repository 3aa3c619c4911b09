#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/guarantee.h"

#include <stdio.h>

static json_t *shape(const struct ledger_guarantee *g)
{
    char order[LEDGER_GUARANTEE_ORDER_MAX + 1];
    json_t *cap = g->cap_minor ? api_json_amount(g->cap_minor, g->scale) : json_null();

    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s}", "currency", g->code, "order",
                     ledger_guarantee_format(g, order, sizeof order), "shared_by",
                     ledger_guarantee_weight_name(g->weight), "cap", cap, "from",
                     api_json_time(g->at_us), "by", g->actor, "reason", g->reason, "authority",
                     g->authority);
}

/* A fund that has no account yet gets one; `members` is nobody's. */
static enum ledger_status take_order(struct ledger *l, struct api_call *call,
                                     const struct ledger_currency *c, struct ledger_guarantee *g)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_account fund;

    if (ledger_guarantee_parse(api_text(call, "order"), g) != LEDGER_OK)
        return api_refuse(call, LEDGER_ORDER_MALFORMED, "order",
                          "an order is written guarantee:8000,commons:limit,members: who pays "
                          "first, at most which share of the loss, and whether down to its limit");
    for (int i = 0; i < g->step_count; i++) {
        if (ledger_guarantee_is_members(&g->steps[i]))
            continue;
        LEDGER_TRY(ledger_account_need(l, g->steps[i].fund, c->code, &why, &fund));
        g->steps[i].account_id = fund.id;
    }
    return LEDGER_OK;
}

enum ledger_status op_guarantee_set(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *weight = api_text(call, "shared_by");
    struct ledger_guarantee g = {.weight = LEDGER_BY_EQUAL};
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(take_order(l, call, &c, &g));
    if (weight)
        LEDGER_TRY(ledger_guarantee_weight_parse(weight, &g.weight));
    if (api_given(call, "cap"))
        LEDGER_TRY(ledger_currency_amount(l, &c, "cap", api_text(call, "cap"),
                                          LEDGER_AMOUNT_POSITIVE, &g.cap_minor));
    g.currency_id = c.id;
    LEDGER_TRY(ledger_guarantee_set(l, &g, &why));
    call->subject = g.id;
    LEDGER_TRY(ledger_guarantee_now(l, c.id, &g));
    *out = shape(&g);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status add(void *ctx, const struct ledger_guarantee *g)
{
    return json_array_append_new(ctx, shape(g)) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_guarantee_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_currency c;
    json_t *items = json_array();

    *out = json_pack("{s:o, s:n}", "items", items, "next");
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    return ledger_guarantee_each(l, c.id, add, items);
}
