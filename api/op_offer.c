#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/currency.h"
#include "ledger/member.h"
#include "ledger/offer_answer.h"
#include "ledger/offer_match.h"

#include <stdio.h>
#include <string.h>

static void put_price(json_t *o, const struct ledger_offer *of)
{
    if (!of->currency_id)
        return;
    json_object_set_new(o, "price", api_json_amount(of->price_minor, of->scale));
    json_object_set_new(o, "currency", json_string(of->code));
}

static json_t *shape(const struct ledger *l, const struct api_call *call,
                     const struct ledger_offer *of)
{
    json_t *o =
        json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:o}", "offer", (json_int_t)of->id, "kind",
                  of->is_want ? "want" : "offer", "state", ledger_offer_state(l, of), "member",
                  of->handle, "posted", api_json_time(of->posted_at_us), "changed",
                  of->version > 1 ? api_json_time(of->changed_at_us) : json_null(), "until",
                  api_json_day(of->until_on));

    if (!o)
        return NULL;
    put_price(o, of);
    if (of->erased)
        json_object_set_new(o, "erased", json_true());
    json_object_set_new(o, "category", json_string(of->category));
    json_object_set_new(o, "title", json_string(of->title));
    json_object_set_new(o, "words", json_string(of->words));
    json_object_set_new(o, "unit", json_string(of->unit));
    json_object_set_new(o, "locality", json_string(of->locality));
    if (of->closed_at_us)
        json_object_set_new(o, "reason", json_string(of->reason));
    if (api_may_see(call, of->member_id)) { /* how often others deal with it is its own affair */
        json_object_set_new(o, "answers", json_integer(of->answers));
        json_object_set_new(o, "cited", json_integer(of->cited));
    }
    return o;
}

static enum ledger_status answer_offer(struct ledger *l, struct api_call *call, int64_t id,
                                       json_t **out)
{
    struct ledger_offer o;

    LEDGER_TRY(ledger_offer_get(l, id, &o));
    *out = shape(l, call, &o);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static void take_text(const struct api_call *call, const char *name, char *to, size_t size)
{
    if (api_given(call, name))
        snprintf(to, size, "%s", api_text(call, name));
}

/* A price needs its currency; an edit of the price alone keeps the one it had. */
static enum ledger_status take_price(struct ledger *l, struct api_call *call,
                                     struct ledger_offer *o)
{
    const char *code = api_text(call, "currency");
    struct ledger_currency c;

    if (!api_given(call, "price"))
        return code ? api_refuse(call, LEDGER_MISSING_PARAMETER, "price",
                                 "say the price in that currency")
                    : LEDGER_OK;
    if (code)
        LEDGER_TRY(ledger_currency_find(l, code, &c));
    else if (o->currency_id)
        LEDGER_TRY(ledger_currency_get(l, o->currency_id, &c));
    else
        return api_refuse(call, LEDGER_MISSING_PARAMETER, "currency",
                          "say in which currency the price is");
    o->currency_id = c.id;
    return ledger_currency_amount(l, &c, "price", api_text(call, "price"), LEDGER_AMOUNT_UNSIGNED,
                                  &o->price_minor);
}

static enum ledger_status take(struct ledger *l, struct api_call *call, struct ledger_offer *o)
{
    take_text(call, "category", o->category, sizeof o->category);
    take_text(call, "title", o->title, sizeof o->title);
    take_text(call, "words", o->words, sizeof o->words);
    take_text(call, "unit", o->unit, sizeof o->unit);
    take_text(call, "locality", o->locality, sizeof o->locality);
    api_date(call, "until", &o->until_on);
    return take_price(l, call, o);
}

static enum ledger_status post(struct ledger *l, struct api_call *call, bool is_want, json_t **out)
{
    struct ledger_offer o = {.is_want = is_want,
                             .until_on = ledger_today(l) + LEDGER_OFFER_DAYS_DEFAULT};

    LEDGER_TRY(api_member_id(l, call, "member", &o.member_id));
    LEDGER_TRY(take(l, call, &o));
    LEDGER_TRY(ledger_offer_post(l, &o, call->actor));
    call->subject = o.id;
    return answer_offer(l, call, o.id, out);
}

enum ledger_status op_offer_post(struct ledger *l, struct api_call *call, json_t **out)
{
    return post(l, call, false, out);
}

enum ledger_status op_want_post(struct ledger *l, struct api_call *call, json_t **out)
{
    return post(l, call, true, out);
}

static enum ledger_status get_own(struct ledger *l, struct api_call *call, struct ledger_offer *o)
{
    LEDGER_TRY(ledger_offer_get(l, api_integer(call, "id", 0), o));
    if ((call->roles & API_KEEPERS) || call->member_id == o->member_id)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED, "only who posted it changes or closes it");
}

enum ledger_status op_offer_edit(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_offer o;

    LEDGER_TRY(get_own(l, call, &o));
    LEDGER_TRY(take(l, call, &o));
    if (api_flag(call, "by_agreement") && api_given(call, "price"))
        return api_refuse(call, LEDGER_USAGE, "by_agreement",
                          "say a price or by agreement, not both");
    if (api_flag(call, "by_agreement"))
        o.currency_id = 0;
    call->subject = o.id;
    LEDGER_TRY(ledger_offer_edit(l, &o, call->actor));
    return answer_offer(l, call, o.id, out);
}

enum ledger_status op_offer_close(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_offer o;

    LEDGER_TRY(get_own(l, call, &o));
    call->subject = o.id;
    LEDGER_TRY(ledger_offer_close(l, o.id, &why));
    return answer_offer(l, call, o.id, out);
}

enum ledger_status op_offer_show(struct ledger *l, struct api_call *call, json_t **out)
{
    return answer_offer(l, call, api_integer(call, "id", 0), out);
}

static enum ledger_status add(void *ctx, const struct ledger_offer *o)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->l, page->call, o), o->id, 0);
}

enum ledger_status op_offer_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_offer_filter filter = {.words = api_text(call, "words"),
                                         .kind = api_text(call, "kind"),
                                         .category = api_text(call, "category"),
                                         .locality = api_text(call, "locality"),
                                         .open_only = !api_flag(call, "all")};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.before_id = page.after[0] ? page.after[0] : INT64_MAX;
    return api_page_finish(&page, ledger_offer_each(l, &filter, add, &page), out);
}

/* As a memo: the two see the words, and a steward, who has the file anyway. */
static json_t *shape_answer(const struct api_call *call, const struct ledger_offer_answer *a)
{
    json_t *o =
        json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:o}", "answer", (json_int_t)a->id, "offer",
                  (json_int_t)a->offer_id, "kind", a->is_want ? "want" : "offer", "title", a->title,
                  "poster", a->poster, "member", a->member, "at", api_json_time(a->at_us));
    bool party =
        call->member_id && (call->member_id == a->member_id || call->member_id == a->poster_id);

    if (o && a->erased)
        json_object_set_new(o, "erased", json_true());
    else if (o && (party || (call->roles & LEDGER_STEWARD)))
        json_object_set_new(o, "words", json_string(a->words));
    return o;
}

enum ledger_status op_offer_answer(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_offer_answer a = {.offer_id = api_integer(call, "id", 0)};

    LEDGER_TRY(api_member_id(l, call, "member", &a.member_id));
    take_text(call, "words", a.words, sizeof a.words);
    LEDGER_TRY(ledger_offer_answer(l, &a, call->actor));
    call->subject = a.id;
    LEDGER_TRY(ledger_offer_answer_get(l, a.id, &a));
    *out = shape_answer(call, &a);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status add_answer(void *ctx, const struct ledger_offer_answer *a)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape_answer(page->call, a), a->id, 0);
}

enum ledger_status op_offer_answers(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_offer_answer_filter filter = {.offer_id = api_integer(call, "offer", 0)};
    struct ledger_offer o;
    struct api_page page;

    if (api_given(call, "offer"))
        LEDGER_TRY(ledger_offer_get(l, filter.offer_id, &o));
    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_offer_answer_each(l, &filter, add_answer, &page), out);
}

struct matches {
    struct ledger *l;
    json_t *items;
};

static json_t *because(const struct ledger_offer_match *m, const struct ledger_offer *other)
{
    const char *what = m->own_id ? "category" : "your sector";

    if (!m->by_category)
        return json_string(m->why);
    return m->why[0] ? json_sprintf("%s; %s %s", m->why, what, other->category)
                     : json_sprintf("%s %s", what, other->category);
}

static enum ledger_status add_match(void *ctx, const struct ledger_offer_match *m)
{
    const struct matches *matches = ctx;
    struct ledger_offer own = {.id = 0};
    struct ledger_offer other;
    json_t *o;

    LEDGER_TRY(ledger_offer_get(matches->l, m->other_id, &other));
    if (m->own_id)
        LEDGER_TRY(ledger_offer_get(matches->l, m->own_id, &own));
    o = json_pack("{s:s, s:o, s:s, s:I, s:s, s:s, s:o}", "way", m->earns ? "earn" : "spend", "own",
                  api_json_id(m->own_id), "own_title", own.title, "offer", (json_int_t)other.id,
                  "member", other.handle, "title", other.title, "because", because(m, &other));
    if (o)
        put_price(o, &other);
    return json_array_append_new(matches->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_offer_matches(struct ledger *l, struct api_call *call, json_t **out)
{
    struct matches matches = {l, json_array()};
    int64_t member_id;
    enum ledger_status status = api_member_id(l, call, "member", &member_id);

    if (status == LEDGER_OK)
        status = ledger_offer_match_each(l, member_id, add_match, &matches);
    *out = status == LEDGER_OK ? json_pack("{s:O}", "items", matches.items) : NULL;
    json_decref(matches.items);
    return status;
}
