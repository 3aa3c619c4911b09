#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/usage.h"

#include <stdio.h>
#include <string.h>

#define DAYS_DEFAULT 30

/* The last thirty days unless told. */
static void read_days(struct ledger *l, const struct api_call *call, int32_t *from, int32_t *to)
{
    if (!api_date(call, "to", to))
        *to = ledger_today(l);
    if (!api_date(call, "from", from))
        *from = *to - DAYS_DEFAULT + 1;
}

struct uses {
    struct ledger *l;
    json_t *items;
    int32_t from;
    int32_t to;
};

/* In tenths of a percent, half up: "37.5". */
static json_t *json_percent(int64_t part, int64_t whole)
{
    char text[32];

    if (whole == 0)
        return json_null();
    int64_t tenths = (part * 2000 + whole) / (whole * 2);
    snprintf(text, sizeof text, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
    return json_string(text);
}

static enum ledger_status add_use(void *ctx, const struct ledger_resource *r)
{
    const struct uses *uses = ctx;
    struct ledger_usage u;

    LEDGER_TRY(ledger_usage_of(uses->l, r, uses->from, uses->to, &u));
    json_t *o =
        json_pack("{s:s, s:s, s:I, s:I, s:o, s:I, s:I, s:I}", "resource", r->name, "host", r->host,
                  "open", (json_int_t)u.open_min, "booked", (json_int_t)u.booked_min, "percent",
                  json_percent(u.booked_min, u.open_min), "bookings", (json_int_t)u.bookings,
                  "no_shows", (json_int_t)u.no_shows, "cancelled", (json_int_t)u.cancelled);
    return json_array_append_new(uses->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static json_t *new_report(int32_t from, int32_t to, json_t *items)
{
    return json_pack("{s:o, s:o, s:o}", "from", api_json_day(from), "to", api_json_day(to), "items",
                     items);
}

enum ledger_status op_usage_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct uses uses = {.l = l};
    int64_t host_id;

    LEDGER_TRY(api_member_id(l, call, "host", &host_id));
    read_days(l, call, &uses.from, &uses.to);
    uses.items = json_array();
    *out = new_report(uses.from, uses.to, uses.items);
    return ledger_resource_each(l, host_id, 0, add_use, &uses);
}

static void add_hours(json_t *items, const struct ledger_usage_hours *hours)
{
    for (int week = 0; week < hours->weeks; week++)
        for (int hour = 0; hour < 24; hour++) {
            if (hours->minutes[week][hour] == 0)
                continue;
            json_array_append_new(items,
                                  json_pack("{s:o, s:i, s:i}", "week",
                                            api_json_day(hours->first_week + 7 * week), "hour",
                                            hour, "minutes", hours->minutes[week][hour]));
        }
}

enum ledger_status op_usage_hours(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_usage_hours hours;
    struct ledger_resource r;
    int32_t from, to;

    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), &r));
    if (!api_may_see(call, r.member_id))
        return api_refuse(call, LEDGER_NOT_ALLOWED, "resource",
                          "only its host sees how it is used");
    read_days(l, call, &from, &to);
    LEDGER_TRY(ledger_usage_by_hour(l, &r, from, to, &hours));
    json_t *items = json_array();
    add_hours(items, &hours);
    *out = new_report(from, to, items);
    return LEDGER_OK;
}

static enum ledger_status add_income(void *ctx, const struct ledger_income *i)
{
    char month[LEDGER_DATE_TEXT];

    ledger_date_format(i->month, month);
    month[7] = '\0';
    json_t *o = json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o}", "host", i->host, "month", month,
                          "currency", i->code, "bookings", (json_int_t)i->bookings, "income",
                          api_json_amount(i->host_minor, i->scale), "pool",
                          api_json_amount(i->pool_minor, i->scale), "paid",
                          api_json_amount(i->host_minor + i->pool_minor, i->scale));
    return json_array_append_new(ctx, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_usage_income(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t host_id;
    int32_t from, to;

    LEDGER_TRY(api_member_id(l, call, "host", &host_id));
    read_days(l, call, &from, &to);
    json_t *items = json_array();
    *out = new_report(from, to, items);
    return ledger_usage_income(l, host_id, from, to, add_income, items);
}
