#include "args.h"
#include "kept.h"
#include "ops.h"
#include "shape.h"
#include "training.h"

#include "ledger/attendance.h"
#include "ledger/date.h"
#include "ledger/member.h"
#include "ledger/waitlist.h"

/*
 * Who asks for a free place under an assumed name is known to the provider by that name alone. A paid one
 * cannot be: its hold and its payment name both parties.
 */
static bool sees_member(const struct api_call *call, const struct ledger_enrolment *e,
                        const struct ledger_session *s)
{
    return e->name[0] == '\0' || s->price_count > 0 || (call->roles & API_NODE_ROLES) ||
           call->member_id == e->member_id;
}

static bool sees_words(const struct api_call *call, const struct ledger_enrolment *e)
{
    return (call->roles & LEDGER_STEWARD) ||
           (call->member_id &&
            (call->member_id == e->member_id || call->member_id == e->provider_id));
}

static const char *state(const struct ledger_enrolment *e)
{
    return e->state == LEDGER_ENROLMENT_WAITING || e->state == LEDGER_ENROLMENT_OFFERED
               ? "pending"
               : ledger_enrolment_state_name(e->state);
}

static void add_state(const struct ledger_enrolment *e, const struct ledger_session *s, json_t *o)
{
    bool confirmed = e->state == LEDGER_ENROLMENT_ATTENDED || e->state == LEDGER_ENROLMENT_ABSENT;

    if (e->state == LEDGER_ENROLMENT_WAITING || e->state == LEDGER_ENROLMENT_OFFERED)
        json_object_set_new(o, "queue", json_string(ledger_enrolment_state_name(e->state)));
    if (e->state == LEDGER_ENROLMENT_OFFERED)
        json_object_set_new(o, "offer_until", api_json_time(e->until_us));
    if (e->state == LEDGER_ENROLMENT_TAKEN && s->price_count)
        json_object_set_new(o, "held", api_json_prices(s, e->places));
    if (e->state == LEDGER_ENROLMENT_ATTENDED && s->price_count)
        json_object_set_new(o, "paid", api_json_prices(s, e->attended));
    if (confirmed) {
        json_object_set_new(o, "minutes", json_integer(e->minutes));
        json_object_set_new(o, "attended", json_integer(e->attended));
    }
}

static json_t *shape(const struct api_call *call, const struct ledger_enrolment *e,
                     const struct ledger_session *s)
{
    json_t *o = json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:i, s:o}", "enrolment",
                          (json_int_t)e->id, "session", (json_int_t)e->session_id, "title",
                          e->title, "starts", s->starts, "zone", s->zone, "state", state(e),
                          "places", e->places, "since", api_json_time(e->state_at_us));

    add_state(e, s, o);
    if (sees_member(call, e, s))
        json_object_set_new(o, "member", json_string(e->member));
    if (!sees_words(call, e))
        return o;
    if (e->name[0])
        json_object_set_new(o, "name", json_string(e->name));
    if (e->note[0])
        json_object_set_new(o, "note", json_string(e->note));
    if (e->reason[0])
        json_object_set_new(o, "reason", json_string(e->reason));
    return o;
}

/* Enrolments are seen by the parties and the node; to others they are not there. */
static enum ledger_status get_visible(struct ledger *l, const struct api_call *call,
                                      struct ledger_enrolment *e)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_enrolment_get(l, id, e));
    if (api_may_see(call, e->member_id) || api_may_see(call, e->provider_id))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_ENROLMENT, "there is no enrolment %lld", (long long)id);
}

static enum ledger_status show(struct ledger *l, struct api_call *call, int64_t id, json_t **out)
{
    struct ledger_enrolment e;
    struct ledger_session s;

    LEDGER_TRY(ledger_enrolment_get(l, id, &e));
    LEDGER_TRY(ledger_session_get(l, e.session_id, &s));
    api_names(call, e.member);   /* who may stand there under another name */
    api_names(call, e.provider); /* whose title it is */
    *out = shape(call, &e, &s);
    return LEDGER_OK;
}

enum ledger_status op_enrolment_add(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_member m;
    struct ledger_enrolment_draft d = {.session_id = api_integer(call, "session", 0),
                                       .places = (int)api_integer(call, "places", 1),
                                       .name = api_text(call, "name"),
                                       .note = api_text(call, "note"),
                                       .wait = api_flag(call, "wait")};

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    d.member_id = m.id;
    LEDGER_TRY(ledger_enrolment_add(l, &d, &why, &call->subject));
    return show(l, call, call->subject, out);
}

enum ledger_status op_enrolment_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_enrolment e;

    LEDGER_TRY(get_visible(l, call, &e));
    return show(l, call, e.id, out);
}

static enum ledger_status check_learner(struct ledger *l, const struct api_call *call,
                                        const struct ledger_enrolment *e)
{
    if (api_speaks_for(call, e->member_id))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED, "only who is enrolled can do that");
}

enum ledger_status op_enrolment_accept(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_enrolment e;

    LEDGER_TRY(get_visible(l, call, &e));
    LEDGER_TRY(check_learner(l, call, &e));
    call->subject = e.id;
    LEDGER_TRY(ledger_enrolment_accept(l, e.id, &why));
    return show(l, call, e.id, out);
}

/* The learner, or the provider, who then is not paid. */
enum ledger_status op_enrolment_cancel(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_enrolment e;

    LEDGER_TRY(get_visible(l, call, &e));
    call->subject = e.id;
    LEDGER_TRY(
        ledger_enrolment_cancel(l, e.id, call->member_id && call->member_id == e.member_id, &why));
    return show(l, call, e.id, out);
}

static enum ledger_status add(void *ctx, const struct ledger_enrolment *e)
{
    struct api_page *page = ctx;
    struct ledger_session s;

    LEDGER_TRY(ledger_session_get(page->l, e->session_id, &s));
    return api_page_add(page, shape(page->call, e, &s), e->id, 0);
}

/*
 * A member's people see where it learns; where it teaches they name a session of theirs, or themselves as the provider.
 * Nobody else's name goes with that: it would tell who stands behind an assumed one.
 */
static enum ledger_status read_filter(struct ledger *l, struct api_call *call,
                                      struct ledger_enrolment_filter *f)
{
    struct ledger_session s = {.provider_id = 0};
    bool teaches;

    f->session_id = api_integer(call, "session", 0);
    if (f->session_id)
        LEDGER_TRY(ledger_session_get(l, f->session_id, &s));
    LEDGER_TRY(api_member_id(l, call, "member", &f->member_id));
    LEDGER_TRY(api_member_id(l, call, "provider", &f->provider_id));
    teaches = f->provider_id == call->member_id || s.provider_id == call->member_id;
    if ((call->roles & API_NODE_ROLES) || f->member_id == call->member_id ||
        (teaches && !f->member_id))
        return LEDGER_OK;
    if (f->member_id || f->provider_id)
        return ledger_refuse(l, LEDGER_NOT_ALLOWED, "this token speaks for %s only", call->handle);
    f->member_id = call->member_id;
    return LEDGER_OK;
}

enum ledger_status op_enrolment_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_enrolment_filter filter = {0};
    struct api_page page;

    LEDGER_TRY(read_filter(l, call, &filter));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_enrolment_each(l, &filter, add, &page), out);
}

struct queue {
    struct ledger *l;
    const struct api_call *call;
    const struct ledger_session *session;
    json_t *items;
};

/* Others in the queue are numbers to everybody but the provider and the node. */
static enum ledger_status add_waiting(void *ctx, const struct ledger_enrolment *e)
{
    struct queue *q = ctx;
    json_t *o;

    if (api_may_see(q->call, e->member_id) || api_may_see(q->call, e->provider_id))
        o = shape(q->call, e, q->session);
    else
        o = json_pack("{s:s, s:i}", "queue", ledger_enrolment_state_name(e->state), "places",
                      e->places);
    json_object_set_new(o, "position", json_integer((json_int_t)json_array_size(q->items) + 1));
    return json_array_append_new(q->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_waitlist_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_session s;
    struct queue q = {l, call, &s, NULL};

    LEDGER_TRY(ledger_session_get(l, api_integer(call, "id", 0), &s));
    q.items = json_array();
    *out = json_pack("{s:I, s:s, s:i, s:i, s:o}", "session", (json_int_t)s.id, "title", s.title,
                     "capacity", s.capacity, "free", ledger_session_free(&s), "items", q.items);
    return ledger_waitlist_each(l, s.id, add_waiting, &q);
}

enum ledger_status op_waitlist_explain(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_waitlist_place p;
    struct ledger_enrolment e;

    LEDGER_TRY(get_visible(l, call, &e));
    LEDGER_TRY(ledger_waitlist_explain(l, e.id, &p));
    *out = json_pack("{s:I, s:I, s:s, s:s, s:b, s:i, s:i, s:s}", "enrolment", (json_int_t)e.id,
                     "session", (json_int_t)e.session_id, "state", state(&p.enrolment), "queue",
                     ledger_enrolment_state_name(p.enrolment.state), "next", p.next, "free", p.free,
                     "places", p.enrolment.places, "why", p.why);
    if (p.position) {
        json_object_set_new(*out, "position", json_integer(p.position));
        json_object_set_new(*out, "ahead", json_integer(p.ahead_places));
    }
    return LEDGER_OK;
}

enum ledger_status op_attendance_confirm(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_attendance a = {.by_member_id = call->member_id,
                                  .minutes = (int)api_integer(call, "minutes", -1),
                                  .places = (int)api_integer(call, "places", -1)};
    struct ledger_enrolment e;

    LEDGER_TRY(get_visible(l, call, &e));
    a.enrolment_id = e.id;
    if (api_flag(call, "absent"))
        a.minutes = 0;
    call->subject = e.id;
    LEDGER_TRY(ledger_attendance_confirm(l, &a, &why));
    return show(l, call, e.id, out);
}

static enum ledger_status add_unconfirmed(void *ctx, const struct ledger_unconfirmed *u)
{
    struct api_page *page = ctx;
    struct ledger_session s;
    json_t *o;

    LEDGER_TRY(ledger_session_get(page->l, u->enrolment.session_id, &s));
    o = shape(page->call, &u->enrolment, &s);
    json_object_set_new(o, "provider", json_string(s.provider));
    json_object_set_new(o, "ended", api_json_time(u->ended_at_us));
    if (u->held_until_us)
        json_object_set_new(o, "held_until", api_json_time(u->held_until_us));
    if (u->refused[0])
        json_object_set_new(o, "renewal_refused", json_string(u->refused));
    return api_page_add(page, o, u->enrolment.id, 0);
}

enum ledger_status op_attendance_pending(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t days = api_integer(call, "days", LEDGER_UNCONFIRMED_DAYS);
    struct ledger_unconfirmed_filter filter = {
        .ended_by_us = ledger_now_us(l) - days * LEDGER_US_PER_DAY, .party_id = call->member_id};
    struct api_page page;

    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_attendance_pending(l, &filter, add_unconfirmed, &page),
                           out);
}
