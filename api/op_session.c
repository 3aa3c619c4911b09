#include "args.h"
#include "ops.h"
#include "shape.h"
#include "training.h"

#include "ledger/date.h"
#include "ledger/member.h"
#include "ledger/wall.h"

#include <string.h>

#define OFFER_US_DEFAULT LEDGER_US_PER_DAY

bool api_speaks_for(const struct api_call *call, int64_t member_id)
{
    return (call->roles & API_KEEPERS) || (call->member_id && call->member_id == member_id);
}

enum ledger_status api_check_provider(struct ledger *l, const struct api_call *call,
                                      int64_t provider_id)
{
    if (api_speaks_for(call, provider_id))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED, "only who offers the course can do that");
}

json_t *api_json_prices(const struct ledger_session *s, int places)
{
    json_t *prices = json_array();

    for (int i = 0; i < s->price_count; i++)
        json_array_append_new(prices, json_pack("{s:o, s:s}", "amount",
                                                api_json_amount(s->prices[i].amount_minor * places,
                                                                s->prices[i].scale),
                                                "currency", s->prices[i].code));
    return prices;
}

static json_t *trainers(const struct ledger_session *s)
{
    json_t *list = json_array();

    for (int i = 0; i < s->trainer_count; i++)
        json_array_append_new(list, json_string(s->trainers[i]));
    return list;
}

static const char *state(const struct ledger *l, const struct ledger_session *s)
{
    int64_t now_us = ledger_now_us(l);

    if (s->cancelled_at_us)
        return "cancelled";
    if (now_us >= s->ends_at_us)
        return "over";
    return now_us >= s->starts_at_us ? "begun" : "planned";
}

static enum ledger_status find_place(void *ctx, const struct ledger_enrolment *e)
{
    bool *has_place = ctx;

    *has_place =
        *has_place || e->state == LEDGER_ENROLMENT_TAKEN || e->state == LEDGER_ENROLMENT_ATTENDED;
    return LEDGER_OK;
}

/* Where to meet online, and the notes, are for those who take part. */
static enum ledger_status is_party(struct ledger *l, const struct api_call *call,
                                   const struct ledger_session *s, bool *party)
{
    const struct ledger_enrolment_filter filter = {
        .session_id = s->id, .member_id = call->member_id, .limit = LEDGER_SESSION_PLACES_MAX};

    *party = (call->roles & LEDGER_STEWARD) || api_speaks_for(call, s->provider_id);
    if (*party || call->member_id == 0)
        return LEDGER_OK;
    return ledger_enrolment_each(l, &filter, find_place, party);
}

static void add_links(const struct ledger_session *s, json_t *o)
{
    if (s->link[0])
        json_object_set_new(o, "link", json_string(s->link));
    if (s->notes[0])
        json_object_set_new(o, "notes", json_string(s->notes));
}

static json_t *figures(const struct ledger *l, const struct ledger_session *s)
{
    json_t *o = json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "session",
                          (json_int_t)s->id, "course", (json_int_t)s->course_id, "title", s->title,
                          "provider", s->provider, "state", state(l, s), "starts", s->starts,
                          "ends", s->ends, "zone", s->zone, "language", s->language);

    json_object_set_new(o, "starts_at", api_json_time(s->starts_at_us));
    json_object_set_new(o, "ends_at", api_json_time(s->ends_at_us));
    json_object_set_new(o, "sign_up_from", api_json_time(s->opens_at_us));
    json_object_set_new(o, "sign_up_until", api_json_time(s->closes_at_us));
    json_object_set_new(o, "place", json_string(s->place));
    json_object_set_new(o, "trainers", trainers(s));
    json_object_set_new(o, "prices", api_json_prices(s, 1));
    json_object_set_new(o, "capacity", json_integer(s->capacity));
    json_object_set_new(o, "minimum", json_integer(s->minimum));
    json_object_set_new(o, s->price_count ? "enrolled" : "going", json_integer(s->enrolled));
    json_object_set_new(o, "offered", json_integer(s->offered));
    json_object_set_new(o, "waiting", json_integer(s->waiting));
    json_object_set_new(o, "free", json_integer(ledger_session_free(s)));
    json_object_set_new(o, "threshold", json_integer(s->threshold_percent));
    if (s->cancelled_at_us)
        json_object_set_new(o, "reason", json_string(s->reason));
    return o;
}

static enum ledger_status shape(struct ledger *l, const struct api_call *call,
                                const struct ledger_session *s, json_t **out)
{
    bool party;

    LEDGER_TRY(is_party(l, call, s, &party));
    *out = figures(l, s);
    if (party)
        add_links(s, *out);
    return LEDGER_OK;
}

static enum ledger_status show(struct ledger *l, struct api_call *call, int64_t id, json_t **out)
{
    struct ledger_session s;

    LEDGER_TRY(ledger_session_get(l, id, &s));
    return shape(l, call, &s, out);
}

/* A local time into an instant there; 0 where it is not given. */
static enum ledger_status read_time(struct ledger *l, const struct api_call *call, const char *name,
                                    const struct ledger_zone *zone, int64_t *at_us)
{
    const char *text = api_text(call, name);
    struct ledger_wall wall;
    enum ledger_fold fold;

    *at_us = 0;
    if (!text)
        return LEDGER_OK;
    LEDGER_TRY(ledger_fold_parse(api_text(call, "fold"), &fold));
    LEDGER_TRY(ledger_wall_parse(text, &wall));
    return ledger_wall_instant(l, name, zone, wall, fold, at_us);
}

static enum ledger_status read_wall(const struct api_call *call, const char *name,
                                    char text[static LEDGER_WALL_TEXT])
{
    struct ledger_wall wall;

    LEDGER_TRY(ledger_wall_parse(api_text(call, name), &wall));
    ledger_wall_format(wall, text);
    return LEDGER_OK;
}

static enum ledger_status read_times(struct ledger *l, const struct api_call *call,
                                     struct ledger_session_draft *d)
{
    const struct ledger_zone *zone;
    enum ledger_status status = ledger_zone_need(l, d->zone, &zone);

    if (status == LEDGER_ZONE_UNKNOWN)
        return ledger_refuse_field(l, status, "zone",
                                   "there is no time zone %s: name one such as "
                                   "Europe/London",
                                   d->zone);
    LEDGER_TRY(status);
    LEDGER_TRY(read_time(l, call, "starts", zone, &d->starts_at_us));
    LEDGER_TRY(read_time(l, call, "ends", zone, &d->ends_at_us));
    LEDGER_TRY(read_time(l, call, "sign_up_from", zone, &d->opens_at_us));
    return read_time(l, call, "sign_up_until", zone, &d->closes_at_us);
}

static enum ledger_status read_price(struct ledger *l, struct api_call *call, const char *name,
                                     const char *currency_name, struct ledger_session_draft *d,
                                     struct ledger_session_price *prices)
{
    const char *amount = api_text(call, name);
    const char *code = api_text(call, currency_name);
    struct ledger_session_price *p = &prices[d->price_count];
    struct ledger_currency c;

    if (!amount && !code)
        return LEDGER_OK;
    if (!amount || !code)
        return api_refuse(call, LEDGER_USAGE, amount ? currency_name : name,
                          "a price is an amount and its currency: give both or neither");
    LEDGER_TRY(ledger_currency_find(l, code, &c));
    LEDGER_TRY(
        ledger_currency_amount(l, &c, name, amount, LEDGER_AMOUNT_POSITIVE, &p->amount_minor));
    p->currency_id = c.id;
    d->price_count++;
    return LEDGER_OK;
}

/* "ann,ben" */
static enum ledger_status read_trainers(struct ledger *l, struct api_call *call,
                                        struct ledger_session_draft *d, int64_t *ids)
{
    const char *text = api_text(call, "trainers");

    while (text && *text) {
        size_t size = strcspn(text, ",");
        char handle[LEDGER_HANDLE_MAX + 2];
        struct ledger_member m;
        if (d->trainer_count == LEDGER_TRAINERS_MAX)
            return api_refuse(call, LEDGER_NUMBER_MALFORMED, "trainers",
                              "a session has at most %d trainers", LEDGER_TRAINERS_MAX);
        if (size >= sizeof handle)
            size = sizeof handle - 1;
        memcpy(handle, text, size);
        handle[size] = '\0';
        LEDGER_TRY(ledger_blame(l, ledger_member_find(l, handle, &m), "trainers", -1));
        ids[d->trainer_count++] = m.id;
        text += strcspn(text, ",");
        text += *text == ',';
    }
    return LEDGER_OK;
}

enum ledger_status op_session_add(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, "session added");
    const char *zone = api_text(call, "zone");
    const char *offer_for = api_text(call, "offer_for");
    char starts[LEDGER_WALL_TEXT];
    char ends[LEDGER_WALL_TEXT];
    char tzdata[LEDGER_ZONE_VERSION];
    struct ledger_session_price prices[LEDGER_SESSION_PRICES_MAX];
    int64_t trainer_ids[LEDGER_TRAINERS_MAX];
    struct ledger_course c;
    struct ledger_session_draft d = {.course_id = api_integer(call, "course", 0),
                                     .zone = zone ? zone : ledger_zone_name(l),
                                     .tzdata = ledger_zone_version(tzdata),
                                     .starts = starts,
                                     .ends = ends,
                                     .offer_us = OFFER_US_DEFAULT,
                                     .capacity = (int)api_integer(call, "capacity", 0),
                                     .minimum = (int)api_integer(call, "minimum", 0),
                                     .place = api_text(call, "place"),
                                     .link = api_text(call, "link"),
                                     .prices = prices,
                                     .trainer_ids = trainer_ids};

    LEDGER_TRY(ledger_course_get(l, d.course_id, &c));
    LEDGER_TRY(api_check_provider(l, call, c.provider_id));
    LEDGER_TRY(read_wall(call, "starts", starts));
    LEDGER_TRY(read_wall(call, "ends", ends));
    LEDGER_TRY(read_times(l, call, &d));
    if (offer_for)
        LEDGER_TRY(ledger_duration_parse(offer_for, &d.offer_us));
    LEDGER_TRY(read_price(l, call, "price", "currency", &d, prices));
    LEDGER_TRY(read_price(l, call, "also_price", "also_currency", &d, prices));
    LEDGER_TRY(read_trainers(l, call, &d, trainer_ids));
    LEDGER_TRY(ledger_session_add(l, &d, &why, &call->subject));
    return show(l, call, call->subject, out);
}

enum ledger_status op_session_show(struct ledger *l, struct api_call *call, json_t **out)
{
    return show(l, call, api_integer(call, "id", 0), out);
}

static enum ledger_status add(void *ctx, const struct ledger_session *s)
{
    struct api_page *page = ctx;

    return api_page_add(page, figures(page->l, s), s->starts_at_us, s->id);
}

enum ledger_status op_session_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_session_filter filter = {.course_id = api_integer(call, "course", 0),
                                           .ends_from_us = ledger_now_us(l)};
    struct api_page page;

    if (api_flag(call, "all"))
        filter.ends_from_us = 0;
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_us = page.after[0];
    filter.after_id = page.after[1];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_session_each(l, &filter, add, &page), out);
}

/* The session that the provider's people want to change. */
static enum ledger_status get_own(struct ledger *l, struct api_call *call)
{
    struct ledger_session s;

    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_session_get(l, call->subject, &s));
    return api_check_provider(l, call, s.provider_id);
}

enum ledger_status op_session_cancel(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    LEDGER_TRY(get_own(l, call));
    LEDGER_TRY(ledger_session_cancel(l, call->subject, &why));
    return show(l, call, call->subject, out);
}

enum ledger_status op_session_capacity(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    int capacity = (int)api_integer(call, "capacity", 0);

    LEDGER_TRY(get_own(l, call));
    LEDGER_TRY(ledger_session_capacity(l, call->subject, capacity, &why));
    return show(l, call, call->subject, out);
}

enum ledger_status op_session_notes(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);

    LEDGER_TRY(get_own(l, call));
    LEDGER_TRY(ledger_session_note(l, call->subject, api_text(call, "link"), &why));
    return show(l, call, call->subject, out);
}
