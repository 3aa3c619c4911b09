#include "args.h"
#include "booking.h"
#include "kept.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/erasure.h"
#include "ledger/hold.h"

#include <stdlib.h>
#include <string.h>

/* What was paid in the end: whole, or the part of a cancellation or of one that nobody came to. */
static enum ledger_status show_paid(struct ledger *l, const struct api_call *call,
                                    const struct ledger_booking *b, json_t *o)
{
    struct ledger_hold h;

    if (!b->hold_id || ledger_booking_is_live(b->state) || !api_booking_is_party(call, b))
        return LEDGER_OK;
    LEDGER_TRY(ledger_hold_get(l, b->hold_id, &h));
    if (h.transfer_id)
        json_object_set_new(o, "paid", api_json_amount(h.captured_minor, h.scale));
    return LEDGER_OK;
}

struct lines {
    json_t *items;
    int scale;
};

static enum ledger_status add_line(void *ctx, const struct ledger_quote_line *line)
{
    const struct lines *lines = ctx;
    json_t *o = json_pack("{s:s, s:s, s:I, s:o}", "kind", ledger_line_kind_name(line->kind), "what",
                          line->what, "quantity", (json_int_t)line->quantity, "amount",
                          api_json_amount(line->amount_minor, lines->scale));

    if (line->price_id || line->extra_price_id) {
        json_object_set_new(o, "each", api_json_amount(line->each_minor, lines->scale));
        json_object_set_new(o, "rule",
                            json_integer(line->price_id ? line->price_id : line->extra_price_id));
    }
    return json_array_append_new(lines->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

/* The booking with what its price is made of. */
static enum ledger_status show(struct ledger *l, struct api_call *call, int64_t id, json_t **out)
{
    struct ledger_booking b;
    struct lines lines = {json_array(), 0};
    enum ledger_status status = ledger_booking_get(l, id, &b);

    if (status == LEDGER_OK)
        status = api_booking_shape(l, call, &b, out);
    if (status == LEDGER_OK)
        status = show_paid(l, call, &b, *out);
    if (status != LEDGER_OK) {
        json_decref(lines.items);
        return status;
    }
    lines.scale = b.scale;
    json_object_set_new(*out, "items", lines.items);
    api_tells_of(call, "booking", b.id);
    return ledger_booking_lines(l, id, add_line, &lines);
}

static enum ledger_status answer(struct ledger *l, struct api_call *call, int64_t id, json_t **out)
{
    call->subject = id;
    return show(l, call, id, out);
}

/* A time as the clock on the resource's wall shows it, or an instant with its offset. */
static enum ledger_status read_time(struct ledger *l, struct api_call *call, const char *name,
                                    const char *zone_name, int64_t *at_us)
{
    const char *text = api_text(call, name);
    const struct ledger_zone *zone;
    struct ledger_wall wall;
    enum ledger_fold fold = LEDGER_FOLD_UNSAID;

    if (ledger_time_parse(text, at_us) == LEDGER_OK)
        return LEDGER_OK;
    if (ledger_wall_parse(text, &wall) != LEDGER_OK)
        return api_refuse(call, LEDGER_TIME_MALFORMED, name,
                          "%s is not a time: write it as 2026-11-23T14:00, by the clock of %s",
                          name, zone_name);
    if (api_given(call, "fold"))
        LEDGER_TRY(ledger_fold_parse(api_text(call, "fold"), &fold));
    LEDGER_TRY(ledger_zone_need(l, zone_name, &zone));
    return ledger_wall_instant(l, name, zone, wall, fold, at_us);
}

/* lunch or lunch=3, one a word */
static enum ledger_status read_extras(struct ledger *l, struct api_call *call,
                                      struct ledger_extra_order *orders, int *count)
{
    const char *text = api_text(call, "extras");

    for (*count = 0; text && *text; text += strspn(text, ", ")) {
        struct ledger_extra e;
        char word[LEDGER_HANDLE_MAX + 8];
        size_t size = strcspn(text, ", ");
        char *mark;

        if (size >= sizeof word || *count == LEDGER_EXTRAS_MAX)
            return api_refuse(call, LEDGER_USAGE, "extras",
                              "extras are written as lunch=3, printing: at most %d",
                              LEDGER_EXTRAS_MAX);
        memcpy(word, text, size);
        word[size] = '\0';
        text += size;
        mark = strchr(word, '=');
        if (mark)
            *mark++ = '\0';
        if (mark && (strspn(mark, "0123456789") != strlen(mark) || strlen(mark) > 4 || !*mark))
            return api_refuse(call, LEDGER_NUMBER_MALFORMED, "extras", "how many %s?", word);
        LEDGER_TRY(ledger_extra_find(l, word, &e));
        orders[(*count)++] =
            (struct ledger_extra_order){e.id, mark ? (int)strtol(mark, NULL, 10) : 1};
    }
    return LEDGER_OK;
}

static enum ledger_status read_end(struct ledger *l, struct api_call *call, const char *zone,
                                   int64_t from_us, int64_t *to_us)
{
    int64_t length_us;

    if (api_given(call, "to") == api_given(call, "for"))
        return api_refuse(call, LEDGER_USAGE, "to",
                          "say until when, or for how long: one of the two");
    if (api_given(call, "to"))
        return read_time(l, call, "to", zone, to_us);
    LEDGER_TRY(ledger_duration_parse(api_text(call, "for"), &length_us));
    *to_us = from_us + length_us;
    return LEDGER_OK;
}

static enum ledger_status read_draft(struct ledger *l, struct api_call *call,
                                     struct ledger_resource *r, struct ledger_booking_draft *draft,
                                     struct ledger_extra_order *orders)
{
    const char *currency = api_text(call, "currency");
    struct ledger_currency c = {.id = 0};
    struct ledger_member m;

    LEDGER_TRY(ledger_resource_find(l, api_text(call, "resource"), r));
    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    if (currency)
        LEDGER_TRY(ledger_currency_find(l, currency, &c));
    *draft = (struct ledger_booking_draft){.resource_id = r->id,
                                           .member_id = m.id,
                                           .guest = api_flag(call, "guest"),
                                           .currency_id = c.id,
                                           .extras = orders};
    LEDGER_TRY(read_time(l, call, "from", r->zone, &draft->from_us));
    LEDGER_TRY(read_end(l, call, r->zone, draft->from_us, &draft->to_us));
    return read_extras(l, call, orders, &draft->extra_count);
}

enum ledger_status op_booking_quote(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_resource r;
    struct ledger_booking_draft draft;
    struct ledger_extra_order orders[LEDGER_EXTRAS_MAX];
    struct ledger_quote q;
    const struct ledger_zone *zone;

    LEDGER_TRY(read_draft(l, call, &r, &draft, orders));
    LEDGER_TRY(ledger_booking_quote(l, &draft, &q));
    LEDGER_TRY(ledger_zone_need(l, r.zone, &zone));
    struct lines lines = {json_array(), q.currency.scale};
    *out =
        json_pack("{s:s, s:o, s:o, s:s, s:o}", "resource", r.name, "from",
                  api_booking_wall(zone, draft.from_us), "to", api_booking_wall(zone, draft.to_us),
                  "class", ledger_booker_name(q.booker), "items", lines.items);
    json_object_set_new(*out, "amount", api_json_amount(q.amount_minor, q.currency.scale));
    if (q.currency.id)
        json_object_set_new(*out, "currency", json_string(q.currency.code));
    for (int i = 0; i < q.line_count; i++)
        LEDGER_TRY(add_line(&lines, &q.lines[i]));
    return LEDGER_OK;
}

enum ledger_status op_booking_make(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    const char *hold = api_text(call, "hold");
    struct ledger_resource r;
    struct ledger_booking_draft draft;
    struct ledger_extra_order orders[LEDGER_EXTRAS_MAX];
    int64_t id;

    LEDGER_TRY(read_draft(l, call, &r, &draft, orders));
    draft.title = api_text(call, "title");
    if (hold)
        LEDGER_TRY(ledger_duration_parse(hold, &draft.held_for_us));
    LEDGER_TRY(ledger_booking_make(l, &draft, &why, &id));
    return answer(l, call, id, out);
}

enum ledger_status op_booking_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_booking b;

    LEDGER_TRY(api_booking_visible(l, call, &b));
    return show(l, call, b.id, out);
}

static enum ledger_status add_change(void *ctx, const struct ledger_booking_change *c)
{
    const struct lines *lines = ctx;
    json_t *o = json_pack(
        "{s:o, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s}", "at", api_json_time(c->at_us), "state",
        ledger_booking_state_name(c->state), "from", c->from_local, "to", c->to_local, "amount",
        api_json_amount(c->amount_minor, lines->scale), "transfer", api_json_id(c->transfer_id),
        "actor", c->actor, "reason", c->reason, "tzdata", c->tzdata);

    return json_array_append_new(lines->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_booking_history(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_booking b;
    struct lines lines;

    LEDGER_TRY(api_booking_visible(l, call, &b));
    lines = (struct lines){json_array(), b.scale};
    *out = json_pack("{s:o, s:n}", "items", lines.items, "next");
    return ledger_booking_changes(l, b.id, add_change, &lines);
}

/* Who may take the step: the member's own people, the host's; the node's keepers for both. */
enum { MEMBER_SIDE = 1, HOST_SIDE = 2 };

static enum ledger_status need_side(struct ledger *l, struct api_call *call, unsigned sides,
                                    struct ledger_booking *b)
{
    LEDGER_TRY(api_booking_visible(l, call, b));
    if ((call->roles & API_KEEPERS) || ((sides & MEMBER_SIDE) && call->member_id == b->member_id) ||
        ((sides & HOST_SIDE) && call->member_id == b->host_id))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED, "only the %s of booking %lld can do that",
                         sides == HOST_SIDE ? "host" : "member", (long long)b->id);
}

typedef enum ledger_status stepper(struct ledger *l, int64_t id, const struct ledger_why *why);

static enum ledger_status take(struct ledger *l, struct api_call *call, unsigned sides,
                               stepper *step, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_booking b;

    LEDGER_TRY(need_side(l, call, sides, &b));
    LEDGER_TRY(step(l, b.id, &why));
    return answer(l, call, b.id, out);
}

/* The host's word where the terms ask for it, else the member's own. */
enum ledger_status op_booking_confirm(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_booking b;
    struct ledger_terms t;

    LEDGER_TRY(api_booking_visible(l, call, &b));
    LEDGER_TRY(ledger_terms_get(l, b.terms_id, &t));
    return take(l, call, t.host_word ? HOST_SIDE : MEMBER_SIDE, ledger_booking_confirm, out);
}

enum ledger_status op_booking_reject(struct ledger *l, struct api_call *call, json_t **out)
{
    return take(l, call, HOST_SIDE, ledger_booking_reject, out);
}

enum ledger_status op_booking_check_in(struct ledger *l, struct api_call *call, json_t **out)
{
    return take(l, call, MEMBER_SIDE | HOST_SIDE, ledger_booking_check_in, out);
}

enum ledger_status op_booking_complete(struct ledger *l, struct api_call *call, json_t **out)
{
    return take(l, call, MEMBER_SIDE | HOST_SIDE, ledger_booking_complete, out);
}

enum ledger_status op_booking_no_show(struct ledger *l, struct api_call *call, json_t **out)
{
    return take(l, call, HOST_SIDE, ledger_booking_no_show, out);
}

/* By whose side: the caller's own; a keeper says it. Who is both is the member. */
enum ledger_status op_booking_cancel(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *by = api_text(call, "by");
    struct ledger_booking b;
    bool by_host;

    LEDGER_TRY(need_side(l, call, MEMBER_SIDE | HOST_SIDE, &b));
    by_host = by && strcmp(by, "host") == 0;
    if (!(call->roles & API_KEEPERS)) {
        bool host = call->member_id == b.host_id && call->member_id != b.member_id;
        if (by && by_host != host)
            return api_refuse(call, LEDGER_NOT_ALLOWED, "by",
                              "this token does not speak for the %s", by);
        by_host = host;
    }
    LEDGER_TRY(ledger_booking_cancel(l, b.id, by_host, &why));
    return answer(l, call, b.id, out);
}

enum ledger_status op_booking_move(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_booking b;
    int64_t from_us;
    int64_t to_us;

    LEDGER_TRY(need_side(l, call, MEMBER_SIDE, &b));
    from_us = b.slot.from_us;
    if (api_given(call, "from"))
        LEDGER_TRY(read_time(l, call, "from", b.zone, &from_us));
    to_us = from_us + b.slot.to_us - b.slot.from_us;
    if (api_given(call, "to") || api_given(call, "for"))
        LEDGER_TRY(read_end(l, call, b.zone, from_us, &to_us));
    LEDGER_TRY(ledger_booking_move(l, b.id, from_us, to_us, &why));
    return answer(l, call, b.id, out);
}

enum ledger_status op_booking_erase(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_erase_booking_text(l, id, &why));
    call->erased = true;
    return answer(l, call, id, out);
}
