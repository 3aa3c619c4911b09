#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/warning.h"

#include <stdio.h>

#define DETAIL_MAX 160

/* What is left to a limit, or by how much the account is beyond it. */
static void say_near(const struct ledger_warning *w, const char *limit, char *detail)
{
    char amount[LEDGER_AMOUNT_TEXT];
    int64_t left = w->amount_minor;

    ledger_amount_format(left < 0 ? -left : left, w->account.scale, amount);
    if (left < 0)
        snprintf(detail, DETAIL_MAX, "it is beyond its %s by %s", limit, amount);
    else
        snprintf(detail, DETAIL_MAX, "it has used %d %% of its %s; %s is left", w->percent, limit,
                 amount);
}

static void say_ahead(const struct ledger_warning *w, const char *limit, char *detail)
{
    snprintf(detail, DETAIL_MAX, "at the pace of the last %d days it reaches its %s in %lld day%s",
             w->days, limit, (long long)w->left_days, w->left_days == 1 ? "" : "s");
}

static void say(const struct ledger_warning *w, char *detail)
{
    switch (w->kind) {
    case LEDGER_NEAR_FLOOR:
        say_near(w, "floor", detail);
        return;
    case LEDGER_NEAR_CEILING:
        say_near(w, "ceiling", detail);
        return;
    case LEDGER_FLOOR_AHEAD:
        say_ahead(w, "floor", detail);
        return;
    case LEDGER_CEILING_AHEAD:
        say_ahead(w, "ceiling", detail);
        return;
    case LEDGER_IDLE:
        snprintf(detail, DETAIL_MAX,
                 w->never_traded ? "it has not traded since it was opened %d days ago"
                                 : "it has not traded for %d days",
                 w->days);
        return;
    case LEDGER_ONLY_PAYS:
        snprintf(detail, DETAIL_MAX, "in the last %d days it has paid and nobody paid it", w->days);
        return;
    case LEDGER_ONLY_RECEIVES:
        snprintf(detail, DETAIL_MAX, "in the last %d days it was paid and has paid nobody",
                 w->days);
        return;
    case LEDGER_WARNING_KINDS:
        return;
    }
}

static json_t *shape(const struct ledger_warning *w)
{
    const struct ledger_account *a = &w->account;
    char detail[DETAIL_MAX] = "";
    char name[LEDGER_ACCOUNT_NAME];
    json_t *o;

    say(w, detail);
    o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "account", ledger_account_name(a, name),
                  "member", a->handle, "currency", a->code, "warning",
                  ledger_warning_kind_name(w->kind), "detail", detail, "balance",
                  api_json_amount(a->balance_minor, a->scale));
    if (o && w->percent)
        json_object_set_new(o, "percent", json_integer(w->percent));
    if (o && w->days)
        json_object_set_new(o, "days", json_integer(w->days));
    if (o && (w->kind == LEDGER_FLOOR_AHEAD || w->kind == LEDGER_CEILING_AHEAD))
        json_object_set_new(o, "left_days", json_integer(w->left_days));
    return o;
}

/* A page may end between two warnings of one account: that is looked at again, and those told are left out. */
static enum ledger_status add(void *ctx, const struct ledger_warning *w)
{
    struct api_page *page = ctx;

    if (w->account.id == page->after[0] && (int64_t)w->kind <= page->after[1])
        return LEDGER_OK;
    return api_page_add(page, shape(w), w->account.id, (int64_t)w->kind);
}

enum ledger_status op_warning_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_warning_filter filter = {.member_id = 0};
    struct ledger_currency c;
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    if (api_given(call, "currency")) {
        LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
        filter.currency_id = c.id;
    }
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_account_id = page.after[0] - 1;
    return api_page_finish(&page, ledger_warning_each(l, &filter, add, &page), out);
}

static const char *sector_warning(const struct ledger_sector_flow *s)
{
    if (!s->in_minor && !s->out_minor)
        return "idle";
    if (!s->in_minor)
        return "only-pays";
    return s->out_minor ? "" : "only-receives";
}

static enum ledger_status add_sector(void *ctx, const struct ledger_sector_flow *s)
{
    json_t *o = json_pack(
        "{s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:s}", "sector", s->sector, "currency", s->code,
        "accounts", s->accounts, "balance", api_json_amount(s->balance_minor, s->scale), "in",
        api_json_amount(s->in_minor, s->scale), "out", api_json_amount(s->out_minor, s->scale),
        "net", api_json_amount(s->in_minor - s->out_minor, s->scale), "warning", sector_warning(s));

    return json_array_append_new(ctx, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_warning_sectors(struct ledger *l, struct api_call *call, json_t **out)
{
    int32_t today = ledger_today(l);
    struct ledger_warning_rules rules;

    LEDGER_TRY(ledger_warning_rules_on(l, today, &rules));
    int days = (int)api_integer(call, "days", rules.value[LEDGER_ONE_WAY_DAYS]);
    if (days < 1)
        return api_refuse(call, LEDGER_NUMBER_MALFORMED, "days",
                          "say over how many days, 1 to 400");
    json_t *items = json_array();
    enum ledger_status status = ledger_sector_each(l, days, add_sector, items);
    *out = status == LEDGER_OK
               ? json_pack("{s:o, s:o, s:O}", "from", api_json_day(today - days + 1), "to",
                           api_json_day(today), "items", items)
               : NULL;
    json_decref(items);
    return status;
}

static json_t *shape_rule(const struct ledger_warning_rule *r)
{
    return json_pack("{s:s, s:i, s:o, s:o, s:s, s:s}", "rule", ledger_warning_rule_name(r->name),
                     "value", r->value, "from", api_json_day(r->from_on), "at",
                     api_json_time(r->at_us), "actor", r->actor, "reason", r->reason);
}

enum ledger_status op_warning_set(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_warning_rule rule = {.name = ledger_warning_rule_named(api_text(call, "rule")),
                                       .value = (int)api_integer(call, "value", 0),
                                       .from_on = ledger_today(l)};

    api_date(call, "from", &rule.from_on);
    LEDGER_TRY(ledger_warning_rule_set(l, &rule, &why));
    call->subject = rule.id;
    snprintf(rule.actor, sizeof rule.actor, "%s", why.actor);
    snprintf(rule.reason, sizeof rule.reason, "%s", why.reason);
    *out = shape_rule(&rule);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status add_rule(void *ctx, const struct ledger_warning_rule *r)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape_rule(r), r->id, 0);
}

enum ledger_status op_warning_rules(struct ledger *l, struct api_call *call, json_t **out)
{
    static const char *const keys[LEDGER_WARNING_RULES] = {[LEDGER_FLOOR_PERCENT] = "floor_percent",
                                                           [LEDGER_CEILING_PERCENT] =
                                                               "ceiling_percent",
                                                           [LEDGER_DAYS_AHEAD] = "days_ahead",
                                                           [LEDGER_IDLE_DAYS] = "idle_days",
                                                           [LEDGER_ONE_WAY_DAYS] = "one_way_days"};
    struct ledger_warning_rules rules;
    struct api_page page;

    LEDGER_TRY(ledger_warning_rules_on(l, ledger_today(l), &rules));
    LEDGER_TRY(api_page_begin(&page, l, call));
    LEDGER_TRY(api_page_finish(
        &page, ledger_warning_rule_each(l, page.after[0], api_page_ask(&page), add_rule, &page),
        out));
    for (int i = 0; i < LEDGER_WARNING_RULES; i++)
        json_object_set_new(*out, keys[i], json_integer(rules.value[i]));
    return LEDGER_OK;
}
