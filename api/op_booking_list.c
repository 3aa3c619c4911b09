#include "args.h"
#include "booking.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"

#define DAYS_SHOWN 30 /* from today on, unless told */

json_t *api_booking_wall(const struct ledger_zone *zone, int64_t at_us)
{
    char wall[LEDGER_WALL_TEXT];

    return json_string_nocheck(ledger_wall_format(ledger_zone_wall(zone, at_us), wall));
}

bool api_booking_is_party(const struct api_call *call, const struct ledger_booking *b)
{
    return api_may_see(call, b->member_id) || api_may_see(call, b->host_id);
}

/* What it is for is the parties' to read, and a steward's. */
static bool reads_title(const struct api_call *call, const struct ledger_booking *b)
{
    return (call->roles & LEDGER_STEWARD) ||
           (call->member_id && (call->member_id == b->member_id || call->member_id == b->host_id));
}

static void show_parties(const struct api_call *call, const struct ledger_booking *b, json_t *o)
{
    json_object_set_new(o, "booking", json_integer(b->id));
    json_object_set_new(o, "member", json_string(b->member));
    json_object_set_new(o, "class", json_string(ledger_booker_name(b->booker)));
    if (reads_title(call, b))
        json_object_set_new(o, "title", json_string(b->title));
    json_object_set_new(o, "host", json_string(b->host));
    json_object_set_new(o, "made", api_json_time(b->made_at_us));
    if (b->currency_id) {
        json_object_set_new(o, "amount", api_json_amount(b->amount_minor, b->scale));
        json_object_set_new(o, "currency", json_string(b->code));
    }
    if (b->kept_minor)
        json_object_set_new(o, "kept", api_json_amount(b->kept_minor, b->scale));
    if (b->included_min)
        json_object_set_new(o, "included", json_integer(b->included_min));
    if (b->hold_id)
        json_object_set_new(o, "hold", json_integer(b->hold_id));
    if (b->series_id)
        json_object_set_new(o, "series", json_integer(b->series_id));
    if (b->due_us && b->state == LEDGER_HELD)
        json_object_set_new(o, "until", api_json_time(b->due_us));
}

enum ledger_status api_booking_shape(struct ledger *l, const struct api_call *call,
                                     const struct ledger_booking *b, json_t **out)
{
    const struct ledger_zone *zone;

    LEDGER_TRY(ledger_zone_need(l, b->zone, &zone));
    *out = json_pack("{s:s, s:i, s:o, s:o, s:s, s:o, s:o}", "resource", b->resource, "unit",
                     b->slot.unit + 1, "from", api_booking_wall(zone, b->slot.from_us), "to",
                     api_booking_wall(zone, b->slot.to_us), "zone", b->zone, "from_utc",
                     api_json_time(b->slot.from_us), "to_utc", api_json_time(b->slot.to_us));
    if (!api_booking_is_party(call, b)) {
        json_object_set_new(*out, "state", json_string("taken"));
        return LEDGER_OK;
    }
    json_object_set_new(*out, "state", json_string(ledger_booking_state_name(b->state)));
    show_parties(call, b, *out);
    return LEDGER_OK;
}

enum ledger_status api_booking_visible(struct ledger *l, struct api_call *call,
                                       struct ledger_booking *b)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_booking_get(l, id, b));
    if (api_booking_is_party(call, b))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_BOOKING, "there is no booking %lld", (long long)id);
}

static enum ledger_status add(void *ctx, const struct ledger_booking *b)
{
    struct api_page *page = ctx;
    json_t *item;

    LEDGER_TRY(api_booking_shape(page->l, page->call, b, &item));
    return api_page_add(page, item, b->slot.from_us, b->id);
}

/* Of a resource everybody sees what is taken, in its days; of a member its own people, and the node's. */
static enum ledger_status read_filter(struct ledger *l, struct api_call *call,
                                      struct ledger_booking_filter *f,
                                      const struct ledger_zone **zone)
{
    const char *member = api_text(call, "member");
    struct ledger_resource r;
    struct ledger_member m;

    if (api_given(call, "resource") == (member != NULL))
        return api_refuse(call, LEDGER_USAGE, "resource",
                          "say of which resource, or of which member");
    if (member) {
        LEDGER_TRY(ledger_member_find(l, member, &m));
        if (!api_may_see(call, m.id))
            return api_refuse(call, LEDGER_NOT_ALLOWED, "member", "this token speaks for %s only",
                              call->handle);
        f->member_id = m.id;
        return ledger_zone_need(l, ledger_zone_name(l), zone);
    }
    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), &r));
    f->resource_id = r.id;
    return ledger_zone_need(l, r.zone, zone);
}

enum ledger_status op_booking_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_booking_filter f = {.live_only = !api_flag(call, "all")};
    int32_t from_on;
    int32_t to_on;
    const struct ledger_zone *zone;
    struct api_page page;

    LEDGER_TRY(read_filter(l, call, &f, &zone));
    from_on = ledger_zone_day(zone, ledger_now_us(l));
    api_date(call, "from", &from_on);
    to_on = from_on + DAYS_SHOWN;
    api_date(call, "to", &to_on);
    if (to_on < from_on)
        return api_refuse(call, LEDGER_PERIOD_MALFORMED, "to", "the last day is before the first");
    f.from_us = ledger_zone_day_start_us(zone, from_on);
    f.to_us = ledger_zone_day_start_us(zone, to_on + 1);
    LEDGER_TRY(api_page_begin(&page, l, call));
    f.after_from_us = page.after[0];
    f.after_id = page.after[1];
    return api_page_finish(&page, ledger_booking_each(l, &f, add, &page), out);
}
