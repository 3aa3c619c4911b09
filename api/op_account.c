#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/journal.h"
#include "ledger/limit.h"
#include "ledger/statement.h"

#include <string.h>

static json_t *shape(const struct ledger_account *a)
{
    int64_t available_minor = ledger_account_available(a);
    char name[LEDGER_ACCOUNT_NAME];
    json_t *o = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "account",
                          ledger_account_name(a, name), "member", a->handle, "currency", a->code,
                          "balance", api_json_amount(a->balance_minor, a->scale), "available",
                          api_json_amount(available_minor, a->scale), "reserved_out",
                          api_json_amount(a->reserved_out_minor, a->scale), "reserved_in",
                          api_json_amount(a->reserved_in_minor, a->scale), "floor",
                          api_json_amount(a->floor_minor, a->scale), "ceiling",
                          api_json_ceiling(a->ceiling_minor, a->scale));

    json_object_set_new(o, "room_in",
                        a->ceiling_minor == LEDGER_AMOUNT_MAX
                            ? json_null()
                            : api_json_amount(ledger_account_room_in(a), a->scale));
    if (available_minor < 0)
        json_object_set_new(o, "over_by", api_json_amount(-available_minor, a->scale));
    return o;
}

enum ledger_status op_account_open(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_member m;
    struct ledger_currency c;
    struct ledger_account a;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_account_open(l, m.id, c.id, &why, &a));
    call->subject = a.id;
    *out = shape(&a);
    return LEDGER_OK;
}

static enum ledger_status add(void *ctx, const struct ledger_account *a)
{
    return api_page_add(ctx, shape(a), a->id, 0);
}

/* What stood at the end of a day, in the order asked for; limits as they were then. */
static enum ledger_status add_as_of(void *ctx, const struct ledger_account *a)
{
    struct api_page *page = ctx;
    struct ledger *l = page->l;
    struct ledger_account then = *a;
    struct ledger_limit limit;
    int64_t last;
    int32_t day;
    const char *by = api_text(page->call, "by");

    api_date(page->call, "as_of", &day);
    LEDGER_TRY(ledger_journal_last_on(l, day, &last));
    if (by && strcmp(by, "effective") == 0)
        LEDGER_TRY(ledger_journal_balance_effective(l, a->id, day, &then.balance_minor));
    else
        LEDGER_TRY(ledger_journal_balance_at(l, a->id, last, &then.balance_minor));
    enum ledger_status status =
        ledger_limit_at(l, a->id, ledger_day_start_us(l, day + 1) - 1, &limit);
    if (status != LEDGER_OK && status != LEDGER_NO_ROW)
        return status;
    json_t *item = json_pack("{s:s, s:s, s:s, s:o}", "account", "", "member", a->handle, "currency",
                             a->code, "balance", api_json_amount(then.balance_minor, a->scale));
    char name[LEDGER_ACCOUNT_NAME];
    json_object_set_new(item, "account", json_string(ledger_account_name(a, name)));
    if (status == LEDGER_OK) {
        json_object_set_new(item, "floor", api_json_amount(limit.floor_minor, a->scale));
        json_object_set_new(item, "ceiling", api_json_ceiling(limit.ceiling_minor, a->scale));
    }
    json_object_set_new(item, "as_of", api_json_day(day));
    return api_page_add(page, item, a->id, 0);
}

static enum ledger_status list(struct ledger *l, struct api_call *call, ledger_account_reader *read,
                               json_t **out)
{
    const char *currency = api_text(call, "currency");
    struct ledger_account_filter filter = {0};
    struct ledger_currency c;
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    if (currency) {
        LEDGER_TRY(ledger_currency_find(l, currency, &c));
        filter.currency_id = c.id;
    }
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_account_each(l, &filter, read, &page), out);
}

enum ledger_status op_account_list(struct ledger *l, struct api_call *call, json_t **out)
{
    return list(l, call, add, out);
}

/* One member and one currency: that account alone, so that a script reads "balance" at the top. */
static enum ledger_status one(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_account a;

    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), api_text(call, "currency"), &a));
    LEDGER_TRY(ledger_account_refresh(l, &a));
    *out = shape(&a);
    return LEDGER_OK;
}

static enum ledger_status one_as_of(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_account a;
    struct api_page page;

    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), api_text(call, "currency"), &a));
    LEDGER_TRY(api_page_begin(&page, l, call));
    enum ledger_status status = add_as_of(&page, &a);
    if (status == LEDGER_OK)
        *out = json_incref(json_array_get(page.items, 0));
    api_page_drop(&page);
    return status;
}

enum ledger_status op_balance(struct ledger *l, struct api_call *call, json_t **out)
{
    bool as_of = api_given(call, "as_of");

    if (api_given(call, "by") && !as_of)
        return api_refuse(call, LEDGER_USAGE, "by", "--by goes with --as-of");
    if (api_given(call, "member") && api_given(call, "currency"))
        return as_of ? one_as_of(l, call, out) : one(l, call, out);
    return list(l, call, as_of ? add_as_of : add, out);
}

enum ledger_status op_account_limit(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *floor = api_text(call, "floor");
    const char *ceiling = api_text(call, "ceiling");
    struct ledger_currency c;
    struct ledger_account a;
    struct ledger_limit limit = {0};

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_account_need(l, api_text(call, "member"), c.code, &why, &a));
    limit.account_id = a.id;
    limit.floor_minor = a.floor_minor;
    limit.ceiling_minor = a.ceiling_minor;
    if (!floor && !ceiling)
        return api_refuse(call, LEDGER_MISSING_PARAMETER, "floor",
                          "say the new floor, the new ceiling, or both");
    if (floor)
        LEDGER_TRY(ledger_currency_amount(l, &c, "floor", floor, LEDGER_AMOUNT_SIGNED,
                                          &limit.floor_minor));
    if (ceiling)
        LEDGER_TRY(ledger_currency_amount(l, &c, "ceiling", ceiling, LEDGER_AMOUNT_SIGNED,
                                          &limit.ceiling_minor));
    limit.has_review = api_date(call, "review_on", &limit.review_on);
    LEDGER_TRY(ledger_limit_set(l, &limit, &why));
    LEDGER_TRY(ledger_account_get(l, a.id, &a));
    LEDGER_TRY(ledger_account_refresh(l, &a));
    call->subject = limit.id;
    *out = shape(&a);
    return LEDGER_OK;
}

struct limits {
    struct api_page *page;
    int scale;
};

static enum ledger_status add_limit(void *ctx, const struct ledger_limit *limit)
{
    struct limits *limits = ctx;
    json_t *item =
        json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:s}", "from", api_json_time(limit->from_us),
                  "floor", api_json_amount(limit->floor_minor, limits->scale), "ceiling",
                  api_json_ceiling(limit->ceiling_minor, limits->scale), "review_on",
                  limit->has_review ? api_json_day(limit->review_on) : json_null(), "actor",
                  limit->actor, "reason", limit->reason, "authority", limit->authority);

    return api_page_add(limits->page, item, limit->id, 0);
}

enum ledger_status op_account_limits(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_account a;
    struct api_page page;

    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), api_text(call, "currency"), &a));
    LEDGER_TRY(api_page_begin(&page, l, call));
    struct limits limits = {&page, a.scale};
    return api_page_finish(
        &page, ledger_limit_each(l, a.id, page.after[0], api_page_ask(&page), add_limit, &limits),
        out);
}
