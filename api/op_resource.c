#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/price.h"

#include <stdio.h>

/* The texts and numbers of the terms, by parameter. */
static void read_text(const struct api_call *call, const char *name, char *text, size_t size)
{
    const char *given = api_text(call, name);

    if (given)
        snprintf(text, size, "%s", given);
}

static void read_number(const struct api_call *call, const char *name, int *number)
{
    *number = (int)api_integer(call, name, *number);
}

static void read_terms(const struct api_call *call, struct ledger_terms *t)
{
    read_text(call, "title", t->title, sizeof t->title);
    read_text(call, "description", t->description, sizeof t->description);
    read_text(call, "accessibility", t->accessibility, sizeof t->accessibility);
    read_text(call, "opening", t->opening, sizeof t->opening);
    read_text(call, "peak", t->peak, sizeof t->peak);
    read_text(call, "bands", t->bands, sizeof t->bands);
    read_number(call, "capacity", &t->capacity);
    read_number(call, "slot", &t->slot_min);
    read_number(call, "shortest", &t->shortest_min);
    read_number(call, "longest", &t->longest_min);
    read_number(call, "before", &t->before_min);
    read_number(call, "after_each", &t->after_min);
    read_number(call, "half_day", &t->half_day_min);
    read_number(call, "horizon", &t->horizon_days);
    read_number(call, "series_horizon", &t->series_days);
    read_number(call, "answer", &t->answer_hours);
    read_number(call, "grace", &t->grace_min);
    read_number(call, "no_show", &t->no_show_percent);
    if (api_given(call, "host_word"))
        t->host_word = api_flag(call, "host_word");
}

static json_t *shape_rules(const struct ledger_terms *t)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:b}",
                     "opening", t->opening, "peak", t->peak, "bands", t->bands, "capacity",
                     t->capacity, "slot", t->slot_min, "shortest", t->shortest_min, "longest",
                     t->longest_min, "before", t->before_min, "after_each", t->after_min,
                     "half_day", t->half_day_min, "horizon", t->horizon_days, "answer",
                     t->answer_hours, "grace", t->grace_min, "no_show", t->no_show_percent,
                     "host_word", t->host_word);
}

static json_t *shape(const struct ledger_resource *r)
{
    json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "resource", r->name, "title",
                          r->terms.title, "kind", ledger_resource_kind_name(r->kind), "host",
                          r->host, "zone", r->zone, "description", r->terms.description,
                          "accessibility", r->terms.accessibility, "retired", r->terms.retired);
    json_t *rules = shape_rules(&r->terms);

    json_object_update(o, rules);
    json_decref(rules);
    if (r->terms.series_days)
        json_object_set_new(o, "series_horizon", json_integer(r->terms.series_days));
    return o;
}

enum ledger_status api_resource_own(struct ledger *l, struct api_call *call,
                                    struct ledger_resource *r)
{
    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), r));
    if ((call->roles & API_KEEPERS) || (call->member_id && call->member_id == r->member_id))
        return LEDGER_OK;
    return api_refuse(call, LEDGER_NOT_ALLOWED, "resource", "only its host says that of %s",
                      r->name);
}

enum ledger_status op_resource_add(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, "offered");
    const char *kind = api_text(call, "kind");
    const char *zone = api_text(call, "zone");
    struct ledger_resource r = {.terms = ledger_terms_default()};
    struct ledger_member host;

    if (kind)
        LEDGER_TRY(ledger_resource_kind_parse(kind, &r.kind));
    if (ledger_handle_check(api_text(call, "resource")) != LEDGER_OK)
        return api_refuse(call, LEDGER_HANDLE_MALFORMED, "resource",
                          "that cannot name a resource: 2 to 32 of a-z, 0-9 and -, not - first");
    LEDGER_TRY(ledger_member_find(l, api_text(call, "host"), &host));
    read_text(call, "resource", r.name, sizeof r.name);
    snprintf(r.host, sizeof r.host, "%s", host.handle);
    snprintf(r.zone, sizeof r.zone, "%s", zone ? zone : ledger_zone_name(l));
    read_terms(call, &r.terms);
    LEDGER_TRY(ledger_resource_add(l, &r, &why));
    call->subject = r.id;
    *out = shape(&r);
    return LEDGER_OK;
}

enum ledger_status op_resource_set(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_resource r;

    LEDGER_TRY(api_resource_own(l, call, &r));
    read_terms(call, &r.terms);
    if (api_given(call, "retired"))
        r.terms.retired = api_flag(call, "retired");
    LEDGER_TRY(ledger_resource_set(l, &r, &why));
    call->subject = r.id;
    *out = shape(&r);
    return LEDGER_OK;
}

static enum ledger_status add_closure(void *ctx, const struct ledger_closure *c)
{
    json_array_append_new(ctx, json_pack("{s:I, s:o, s:o, s:s}", "closure", (json_int_t)c->id,
                                         "from", api_json_day(c->from_on), "to",
                                         api_json_day(c->to_on), "reason", c->reason));
    return LEDGER_OK;
}

static enum ledger_status show(struct ledger *l, const struct ledger_resource *r, json_t **out)
{
    json_t *closures = json_array();
    int32_t today;

    *out = shape(r);
    json_object_set_new(*out, "items", closures);
    LEDGER_TRY(ledger_resource_today(l, r, &today));
    return ledger_closure_each(l, r->id, today, INT32_MAX, add_closure, closures);
}

enum ledger_status op_resource_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_resource r;

    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), &r));
    return show(l, &r, out);
}

static enum ledger_status add(void *ctx, const struct ledger_resource *r)
{
    struct api_page *page = ctx;

    if (r->terms.retired && !api_flag(page->call, "retired"))
        return LEDGER_OK;
    return api_page_add(page, shape(r), r->id, 0);
}

enum ledger_status op_resource_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;
    int64_t host_id;

    LEDGER_TRY(api_member_id(l, call, "host", &host_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(&page, ledger_resource_each(l, host_id, page.after[0], add, &page), out);
}

enum ledger_status op_resource_close(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_resource r;
    struct ledger_closure c = {.id = 0};

    LEDGER_TRY(api_resource_own(l, call, &r));
    c.resource_id = r.id;
    api_date(call, "from", &c.from_on);
    c.to_on = c.from_on;
    api_date(call, "to", &c.to_on);
    LEDGER_TRY(ledger_resource_close(l, &c, &why));
    call->subject = c.id;
    return show(l, &r, out);
}

enum ledger_status op_resource_reopen(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_resource r;

    LEDGER_TRY(api_resource_own(l, call, &r));
    call->subject = api_integer(call, "closure", 0);
    LEDGER_TRY(ledger_resource_reopen(l, r.id, call->subject, &why));
    return show(l, &r, out);
}
