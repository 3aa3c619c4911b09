#include "args.h"
#include "kept.h"
#include "ops.h"
#include "shape.h"

#include "ledger/currency.h"
#include "ledger/date.h"
#include "ledger/erasure.h"
#include "ledger/member.h"
#include "ledger/placement.h"

#include <stdio.h>
#include <string.h>

static enum ledger_status take_hours(struct api_call *call, int most, int *minutes)
{
    if (ledger_hours_parse(api_text(call, "hours"), most, minutes) == LEDGER_OK)
        return LEDGER_OK;
    return api_refuse(call, LEDGER_HOURS_MALFORMED, "hours",
                      "hours are written 7, 7:30 or 7.5, and at most %d here", most / 60);
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static json_t *shape_vacancy(const struct ledger *l, const struct ledger_vacancy *v)
{
    json_t *o =
        json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:I}", "vacancy", (json_int_t)v->id, "state",
                  ledger_vacancy_state(l, v), "member", v->handle, "kind", v->kind, "hours",
                  api_json_hours(v->minutes_a_week), "posted", api_json_time(v->posted_at_us),
                  "until", api_json_day(v->until_on), "placements", (json_int_t)v->placements);

    if (!o)
        return NULL;
    if (v->erased)
        json_object_set_new(o, "erased", json_true());
    json_object_set_new(o, "title", json_string(v->title));
    json_object_set_new(o, "skills", json_string(v->skills));
    json_object_set_new(o, "description", json_string(v->description));
    if (v->closed_at_us)
        json_object_set_new(o, "reason", json_string(v->reason));
    return o;
}

static enum ledger_status answer_vacancy(struct ledger *l, int64_t id, json_t **out)
{
    struct ledger_vacancy v;

    LEDGER_TRY(ledger_vacancy_get(l, id, &v));
    *out = shape_vacancy(l, &v);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_vacancy_post(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_vacancy v = {.until_on = ledger_today(l) + 90};
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    LEDGER_TRY(take_hours(call, LEDGER_WEEK_MINUTES, &v.minutes_a_week));
    v.member_id = m.id;
    api_date(call, "until", &v.until_on);
    copy(v.kind, sizeof v.kind, api_text(call, "kind"));
    copy(v.title, sizeof v.title, api_text(call, "title"));
    copy(v.skills, sizeof v.skills, api_text(call, "skills"));
    copy(v.description, sizeof v.description, api_text(call, "description"));
    LEDGER_TRY(ledger_vacancy_post(l, &v, call->actor));
    call->subject = v.id;
    return answer_vacancy(l, v.id, out);
}

enum ledger_status op_vacancy_show(struct ledger *l, struct api_call *call, json_t **out)
{
    return answer_vacancy(l, api_integer(call, "id", 0), out);
}

enum ledger_status op_vacancy_close(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_vacancy v;

    LEDGER_TRY(ledger_vacancy_get(l, api_integer(call, "id", 0), &v));
    if (!(call->roles & API_KEEPERS) && call->member_id != v.member_id)
        return ledger_refuse(l, LEDGER_NOT_ALLOWED, "only who posted a vacancy closes it");
    LEDGER_TRY(ledger_vacancy_close(l, v.id, &why));
    call->subject = v.id;
    return answer_vacancy(l, v.id, out);
}

static enum ledger_status add_vacancy(void *ctx, const struct ledger_vacancy *v)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape_vacancy(page->l, v), v->id, 0);
}

enum ledger_status op_vacancy_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_vacancy_filter filter = {.open_only = !api_flag(call, "all")};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_vacancy_each(l, &filter, add_vacancy, &page), out);
}

static bool is_party(const struct api_call *call, const struct ledger_placement *p)
{
    return call->member_id && (call->member_id == p->host_id || call->member_id == p->member_id ||
                               call->member_id == p->mentor_id);
}

static bool is_payer(const struct api_call *call, const struct ledger_placement *p)
{
    return call->member_id && call->member_id == p->payer_member_id;
}

static json_t *shape(const struct ledger *l, const struct api_call *call,
                     const struct ledger_placement *p)
{
    json_t *o = json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "placement",
        (json_int_t)p->id, "state", ledger_placement_state(l, p), "host", p->host, "member",
        p->member, "payer", p->payer, "rate", api_json_amount(p->rate_minor, p->scale), "currency",
        p->code, "starts", api_json_day(p->starts_on), "ends", api_json_day(p->ends_on), "hours",
        api_json_hours(p->minutes), "paid_hours", api_json_hours(p->paid_minutes), "paid",
        api_json_amount(p->paid_minor, p->scale), "reserved", p->hold_id != 0);

    if (!o)
        return NULL;
    if (p->vacancy_id)
        json_object_set_new(o, "vacancy", api_json_id(p->vacancy_id));
    if (p->mentor_id)
        json_object_set_new(o, "mentor_member", json_string(p->mentor_member));
    if (p->erased)
        json_object_set_new(o, "erased", json_true());
    else if (is_party(call, p) || (call->roles & LEDGER_STEWARD)) {
        json_object_set_new(o, "person", json_string(p->person));
        json_object_set_new(o, "mentor", json_string(p->mentor));
    }
    if (p->ended_at_us)
        json_object_set_new(o, "reason", json_string(p->reason));
    return o;
}

static enum ledger_status get_visible(struct ledger *l, struct api_call *call,
                                      struct ledger_placement *p)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_placement_get(l, id, p));
    if ((call->roles & API_NODE_ROLES) || is_party(call, p) || is_payer(call, p))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_PLACEMENT, "there is no placement %lld", (long long)id);
}

struct weeks {
    json_t *items;
    int scale;
};

static enum ledger_status add_week(void *ctx, const struct ledger_placement_week *w)
{
    const struct weeks *weeks = ctx;
    const char *state = w->paid                                          ? "paid"
                        : w->host_minutes >= 0 && w->person_minutes >= 0 ? "differs"
                                                                         : "waiting";
    json_t *o = json_pack("{s:o, s:s, s:o, s:o}", "week", api_json_day(w->week_on), "state", state,
                          "host_hours", api_json_hours(w->host_minutes), "person_hours",
                          api_json_hours(w->person_minutes));

    if (o && w->paid) {
        json_object_set_new(o, "amount", api_json_amount(w->amount_minor, weeks->scale));
        json_object_set_new(o, "transfer", api_json_id(w->transfer_id));
    }
    return json_array_append_new(weeks->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status answer_placement(struct ledger *l, struct api_call *call, int64_t id,
                                           json_t **out)
{
    struct ledger_placement p;
    struct weeks weeks;

    LEDGER_TRY(ledger_placement_get(l, id, &p));
    *out = shape(l, call, &p);
    if (!*out)
        return LEDGER_NO_MEMORY;
    weeks = (struct weeks){json_array(), p.scale};
    json_object_set_new(*out, "items", weeks.items);
    api_tells_of(call, "placement", id);
    return ledger_placement_weeks(l, id, add_week, &weeks);
}

/* Whoever pays has to be asked: the host for itself; the node for a fund or for anybody else. */
static enum ledger_status check_payer(struct ledger *l, struct api_call *call)
{
    if (call->roles & API_KEEPERS)
        return LEDGER_OK;
    if (strcmp(api_text(call, "payer"), call->handle) == 0 &&
        strcmp(api_text(call, "host"), call->handle) == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED,
                         "a host agrees to what it pays itself; what a fund pays, the node agrees "
                         "to");
}

static enum ledger_status take_parties(struct ledger *l, struct api_call *call,
                                       struct ledger_placement *p)
{
    const char *mentor_member = api_text(call, "mentor_member");
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "host"), &m));
    p->host_id = m.id;
    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    p->member_id = m.id;
    if (!mentor_member)
        return LEDGER_OK;
    LEDGER_TRY(ledger_member_find(l, mentor_member, &m));
    p->mentor_id = m.id;
    return LEDGER_OK;
}

static enum ledger_status take_money(struct ledger *l, struct api_call *call,
                                     struct ledger_placement *p)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_currency c;
    struct ledger_account a;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "rate", api_text(call, "rate"), LEDGER_AMOUNT_POSITIVE,
                                      &p->rate_minor));
    LEDGER_TRY(ledger_account_need(l, api_text(call, "payer"), c.code, &why, &a));
    p->payer_id = a.id;
    LEDGER_TRY(ledger_account_need(l, api_text(call, "member"), c.code, &why, &a));
    p->payee_id = a.id;
    return LEDGER_OK;
}

enum ledger_status op_placement_agree(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_placement p = {.vacancy_id = api_integer(call, "vacancy", 0)};

    if (!api_text(call, "payer"))
        json_object_set(call->args, "payer", json_object_get(call->args, "host"));
    LEDGER_TRY(check_payer(l, call));
    LEDGER_TRY(take_parties(l, call, &p));
    LEDGER_TRY(take_hours(call, LEDGER_PLACEMENT_MINUTES_MAX, &p.minutes));
    LEDGER_TRY(take_money(l, call, &p));
    api_date(call, "starts", &p.starts_on);
    api_date(call, "ends", &p.ends_on);
    copy(p.person, sizeof p.person, api_text(call, "person"));
    copy(p.mentor, sizeof p.mentor, api_text(call, "mentor"));
    LEDGER_TRY(ledger_placement_agree(l, &p, call->actor));
    call->subject = p.id;
    return answer_placement(l, call, call->subject, out);
}

enum ledger_status op_placement_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_placement p;

    LEDGER_TRY(get_visible(l, call, &p));
    return answer_placement(l, call, p.id, out);
}

/* A member's own people sign for their side; the node's say which of the two they write down. */
static enum ledger_status find_side(struct api_call *call, const struct ledger_placement *p,
                                    enum ledger_side *side)
{
    const char *said = api_text(call, "side");
    bool host = said && strcmp(said, "host") == 0;

    if (call->roles & API_KEEPERS) {
        if (!said)
            return api_refuse(call, LEDGER_MISSING_PARAMETER, "side",
                              "say for which side: host or person");
        *side = host ? LEDGER_SIDE_HOST : LEDGER_SIDE_PERSON;
        return LEDGER_OK;
    }
    if (!said)
        host = call->member_id == p->host_id;
    bool may = host ? call->member_id == p->host_id
                    : call->member_id == p->member_id || call->member_id == p->mentor_id;
    if (!call->member_id || !may)
        return api_refuse(call, LEDGER_NOT_ALLOWED, "side",
                          "the host signs for the host, the person's member or the mentor for the "
                          "person");
    *side = host ? LEDGER_SIDE_HOST : LEDGER_SIDE_PERSON;
    return LEDGER_OK;
}

enum ledger_status op_placement_sign(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_placement_signature s = {.actor = call->actor,
                                           .for_both = (call->roles & API_KEEPERS) != 0};
    struct ledger_placement p;

    LEDGER_TRY(get_visible(l, call, &p));
    LEDGER_TRY(find_side(call, &p, &s.side));
    LEDGER_TRY(take_hours(call, LEDGER_WEEK_MINUTES, &s.minutes));
    api_date(call, "week", &s.day);
    s.placement_id = p.id;
    LEDGER_TRY(ledger_placement_sign(l, &s));
    call->subject = p.id;
    return answer_placement(l, call, call->subject, out);
}

enum ledger_status op_placement_end(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_placement p;

    LEDGER_TRY(get_visible(l, call, &p));
    if (!(call->roles & API_KEEPERS) && call->member_id != p.host_id &&
        call->member_id != p.member_id)
        return ledger_refuse(l, LEDGER_NOT_ALLOWED,
                             "the host or the person's member ends a placement");
    LEDGER_TRY(ledger_placement_finish(l, p.id, &why));
    call->subject = p.id;
    return answer_placement(l, call, call->subject, out);
}

enum ledger_status op_placement_erase(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_erase_placement_text(l, call->subject, &why));
    call->erased = true;
    return answer_placement(l, call, call->subject, out);
}

static enum ledger_status add(void *ctx, const struct ledger_placement *p)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->l, page->call, p), p->id, 0);
}

enum ledger_status op_placement_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_placement_filter filter = {.member_id = 0};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_placement_each(l, &filter, add, &page), out);
}

static enum ledger_status add_hours(void *ctx, const struct ledger_placement_hours *h)
{
    json_t *o =
        json_pack("{s:s, s:s, s:I, s:o, s:o, s:s}", "host", h->host, "member", h->member,
                  "placements", (json_int_t)h->placements, "hours", api_json_hours(h->minutes),
                  "paid", api_json_amount(h->amount_minor, h->scale), "currency", h->code);

    return json_array_append_new(ctx, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_placement_hours(struct ledger *l, struct api_call *call, json_t **out)
{
    int32_t from = LEDGER_DAY_MIN;
    int32_t to = ledger_today(l);
    int64_t member_id;
    json_t *items;

    LEDGER_TRY(api_member_id(l, call, "member", &member_id));
    api_date(call, "from", &from);
    api_date(call, "to", &to);
    if (to < from)
        return api_refuse(call, LEDGER_PERIOD_MALFORMED, "to", "it ends before it begins");
    items = json_array();
    enum ledger_status st = ledger_placement_hours(l, member_id, from, to, add_hours, items);
    *out = st == LEDGER_OK ? json_pack("{s:O}", "items", items) : NULL;
    json_decref(items);
    return st;
}
