#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/currency.h"
#include "ledger/equivalent.h"

#include <stdio.h>

#define EQUIVALENT_SCALE 6

static json_t *shape(struct ledger *l, const struct ledger_currency *c)
{
    struct ledger_equivalent e;
    json_t *o = json_pack("{s:s, s:s, s:i, s:s, s:o, s:o}", "code", c->code, "name", c->name,
                          "scale", c->scale, "kind", ledger_currency_kind_name(c->kind), "floor",
                          api_json_amount(c->floor_minor, c->scale), "ceiling",
                          api_json_ceiling(c->ceiling_minor, c->scale));

    if (ledger_equivalent_at(l, c->id, ledger_today(l), &e) == LEDGER_OK) {
        char value[LEDGER_AMOUNT_TEXT];
        ledger_amount_format(e.value_micro, EQUIVALENT_SCALE, value);
        json_object_set_new(o, "equivalent", json_sprintf("%s %s", value, e.unit));
    }
    return o;
}

static enum ledger_status read_limits(struct ledger *l, struct api_call *call,
                                      struct ledger_currency *c)
{
    const char *floor = api_text(call, "floor");
    const char *ceiling = api_text(call, "ceiling");

    if (floor)
        LEDGER_TRY(
            ledger_currency_amount(l, c, "floor", floor, LEDGER_AMOUNT_SIGNED, &c->floor_minor));
    if (ceiling)
        LEDGER_TRY(ledger_currency_amount(l, c, "ceiling", ceiling, LEDGER_AMOUNT_SIGNED,
                                          &c->ceiling_minor));
    return LEDGER_OK;
}

enum ledger_status op_currency_add(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, "currency added");
    struct ledger_currency c = {.scale = (int)api_integer(call, "scale", 2),
                                .ceiling_minor = LEDGER_AMOUNT_MAX};
    const char *code = api_text(call, "code");
    const char *name = api_text(call, "name");

    if (snprintf(c.code, sizeof c.code, "%s", code) >= (int)sizeof c.code)
        c.code[0] = '\0'; /* too long to be one: the engine says what a code is */
    snprintf(c.name, sizeof c.name, "%s", name);
    LEDGER_TRY(ledger_currency_kind_parse(api_text(call, "kind"), &c.kind));
    LEDGER_TRY(read_limits(l, call, &c));
    LEDGER_TRY(ledger_currency_add(l, &c, &why));
    call->subject = c.id;
    *out = shape(l, &c);
    return LEDGER_OK;
}

struct listing {
    struct ledger *l;
    json_t *items;
};

static enum ledger_status add(void *ctx, const struct ledger_currency *c)
{
    struct listing *listing = ctx;

    json_array_append_new(listing->items, shape(listing->l, c));
    return LEDGER_OK;
}

enum ledger_status op_currency_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct listing listing = {l, json_array()};

    (void)call;
    *out = json_pack("{s:o, s:n}", "items", listing.items, "next");
    return ledger_currency_each(l, add, &listing);
}

enum ledger_status op_currency_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    *out = shape(l, &c);
    return LEDGER_OK;
}

enum ledger_status op_currency_limit(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(read_limits(l, call, &c));
    LEDGER_TRY(ledger_currency_limit(l, c.id, c.floor_minor, c.ceiling_minor, &why));
    call->subject = c.id;
    *out = shape(l, &c);
    return LEDGER_OK;
}

enum ledger_status op_currency_equivalent(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const struct ledger_currency micro = {.scale = EQUIVALENT_SCALE};
    struct ledger_currency c;
    struct ledger_equivalent e = {.from_on = ledger_today(l)};

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_currency_amount(l, &micro, "value", api_text(call, "value"),
                                      LEDGER_AMOUNT_POSITIVE, &e.value_micro));
    api_date(call, "from", &e.from_on);
    e.currency_id = c.id;
    snprintf(e.unit, sizeof e.unit, "%s", api_text(call, "unit"));
    LEDGER_TRY(ledger_equivalent_set(l, &e, &why));
    call->subject = e.id;
    *out = json_pack("{s:s, s:o, s:s, s:s}", "code", c.code, "from", api_json_day(e.from_on),
                     "value", api_text(call, "value"), "unit", e.unit);
    return LEDGER_OK;
}
