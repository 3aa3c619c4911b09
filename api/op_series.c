#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/series.h"

#include <string.h>

/* The booking member's people, the host's and the node's. */
static bool is_party(const struct api_call *call, int64_t member_id, int64_t host_id)
{
    return api_may_see(call, member_id) || api_may_see(call, host_id);
}

static json_t *shape(const struct ledger_series *s)
{
    json_t *o = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "series",
                          (json_int_t)s->id, "resource", s->resource, "host", s->host, "member",
                          s->member, "rule", s->rule, "start", s->from_local, "end", s->to_local,
                          "zone", s->zone, "tzdata", s->tzdata, "billing",
                          s->arrears ? "arrears" : "holds", "made", api_json_time(s->made_at_us));

    if (s->fold != LEDGER_FOLD_UNSAID)
        json_object_set_new(o, "fold", json_string(ledger_fold_name(s->fold)));
    return o;
}

struct dates {
    json_t *items;
    const struct ledger_zone *zone;
    int64_t booked;
    int64_t skipped;
};

static enum ledger_status add_date(void *ctx, const struct ledger_series_date *d)
{
    struct dates *dates = ctx;
    char from[LEDGER_WALL_TEXT], to[LEDGER_WALL_TEXT];
    json_t *o = json_pack("{s:o}", "date", api_json_day(d->day));

    if (d->booking_id) {
        dates->booked++;
        json_object_set_new(o, "booking", json_integer(d->booking_id));
        json_object_set_new(o, "state", json_string(ledger_booking_state_name(d->state)));
        ledger_wall_format(ledger_zone_wall(dates->zone, d->from_us), from);
        ledger_wall_format(ledger_zone_wall(dates->zone, d->to_us), to);
        json_object_set_new(o, "from", json_string(from));
        json_object_set_new(o, "to", json_string(to));
    } else {
        dates->skipped++;
        json_object_set_new(o, "state", json_string("skipped"));
        json_object_set_new(o, "code", json_string(d->code));
        json_object_set_new(o, "reason", json_string(d->reason));
    }
    return json_array_append_new(dates->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status show(struct ledger *l, struct api_call *call, int64_t id, json_t **out)
{
    struct dates dates = {0};
    struct ledger_series s;

    LEDGER_TRY(ledger_series_get(l, id, &s));
    LEDGER_TRY(ledger_zone_need(l, s.zone, &dates.zone));
    *out = shape(&s);
    dates.items = json_array();
    json_object_set_new(*out, "items", dates.items);
    LEDGER_TRY(ledger_series_dates(l, id, add_date, &dates));
    json_object_set_new(*out, "booked", json_integer(dates.booked));
    json_object_set_new(*out, "skipped", json_integer(dates.skipped));
    call->subject = id;
    return LEDGER_OK;
}

static enum ledger_status read_draft(struct ledger *l, struct api_call *call,
                                     struct ledger_series_draft *d)
{
    const char *conflicts = api_text(call, "conflicts");
    const char *billing = api_text(call, "billing");
    struct ledger_resource r;
    struct ledger_member m;
    struct ledger_currency c;

    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), &r));
    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    *d = (struct ledger_series_draft){.resource_id = r.id,
                                      .member_id = m.id,
                                      .guest = api_flag(call, "guest"),
                                      .skip = conflicts && strcmp(conflicts, "skip") == 0,
                                      .arrears = billing && strcmp(billing, "arrears") == 0,
                                      .rule = api_text(call, "rule"),
                                      .title = api_text(call, "title")};
    if (api_given(call, "currency")) {
        LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
        d->currency_id = c.id;
    }
    if (!api_local(call, "start", &d->from) || !api_local(call, "end", &d->to))
        return LEDGER_TIME_MALFORMED;
    return ledger_fold_parse(api_text(call, "fold"), &d->fold);
}

enum ledger_status op_series_make(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_series_draft d;
    int64_t id;

    LEDGER_TRY(read_draft(l, call, &d));
    if (d.arrears && !(call->roles & API_KEEPERS))
        return api_refuse(call, LEDGER_NOT_ALLOWED, "billing",
                          "paid in arrears is credit from the host: the treasurer makes such a "
                          "series");
    LEDGER_TRY(ledger_series_make(l, &d, &why, &id));
    return show(l, call, id, out);
}

static enum ledger_status get_visible(struct ledger *l, const struct api_call *call,
                                      struct ledger_series *s)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_series_get(l, id, s));
    if (is_party(call, s->member_id, s->host_id))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_SERIES, "there is no series %lld", (long long)id);
}

enum ledger_status op_series_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_series s;

    LEDGER_TRY(get_visible(l, call, &s));
    return show(l, call, s.id, out);
}

enum ledger_status op_series_cancel(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *by = api_text(call, "by");
    bool by_host = by && strcmp(by, "host") == 0;
    struct ledger_series s;
    int64_t count;

    LEDGER_TRY(get_visible(l, call, &s));
    if (!(call->roles & API_KEEPERS)) {
        bool host = call->member_id == s.host_id && call->member_id != s.member_id;
        if (by && by_host != host)
            return api_refuse(call, LEDGER_NOT_ALLOWED, "by",
                              "this token does not speak for the %s", by);
        by_host = host;
    }
    LEDGER_TRY(ledger_series_cancel(l, s.id, by_host, &why, &count));
    LEDGER_TRY(show(l, call, s.id, out));
    json_object_set_new(*out, "cancelled", json_integer(count));
    return LEDGER_OK;
}

static enum ledger_status add_series(void *ctx, const struct ledger_series *s)
{
    return api_page_add(ctx, shape(s), s->id, 0);
}

static enum ledger_status add_notice(void *ctx, const struct ledger_series_notice *n)
{
    json_t *o =
        json_pack("{s:I, s:s, s:I, s:I, s:s, s:s, s:o, s:o}", "notice", (json_int_t)n->id, "kind",
                  ledger_series_notice_name(n->kind), "series", (json_int_t)n->series_id, "booking",
                  (json_int_t)n->booking_id, "resource", n->resource, "member", n->member, "at",
                  api_json_time(n->at_us), "until", api_json_time(n->until_us));

    if (n->why != LEDGER_OK) {
        json_object_set_new(o, "code", json_string(ledger_status_facts(n->why)->code));
        json_object_set_new(o, "reason", json_string(ledger_status_facts(n->why)->title));
    }
    return api_page_add(ctx, o, n->id, 0);
}

enum ledger_status op_series_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;
    int64_t member_id;

    LEDGER_TRY(api_member_id(l, call, "member", &member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(&page,
                           ledger_series_each(l, member_id, page.after[0], add_series, &page), out);
}

enum ledger_status op_series_notices(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;
    int64_t member_id;

    LEDGER_TRY(api_member_id(l, call, "member", &member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(
        &page, ledger_series_notices(l, member_id, page.after[0], add_notice, &page), out);
}
