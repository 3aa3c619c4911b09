#include "enrolment.h"

#include "enrolment_step.h"
#include "handle.h"
#include "member.h"
#include "notice.h"
#include "waitlist.h"

#include <string.h>

static const char *const state_names[] = {"waiting",  "offered", "enrolled",
                                          "attended", "absent",  "cancelled"};

const char *ledger_enrolment_state_name(enum ledger_enrolment_state state)
{
    return state_names[state];
}

/* $1 is now. */
#define ENROLMENT                                                                                  \
    "SELECT e.id, e.session_id, e.member_id, c.provider_id, e.at_us, v.at_us, p.until_us, "        \
    "s.starts_at_us, coalesce(p.state, 'cancelled'), e.places, v.minutes, v.places, "              \
    "coalesce(m.handle, 'erased-' || e.member_id), coalesce(i.handle, 'erased-' || "               \
    "c.provider_id), t.title, x.name, x.note, v.reason FROM enrolment e "                          \
    "JOIN session s ON s.id = e.session_id JOIN course c ON c.id = s.course_id "                   \
    "JOIN enrolment_event v ON v.id = (SELECT max(id) FROM enrolment_event "                       \
    "WHERE enrolment_id = e.id) "                                                                  \
    "LEFT JOIN place p ON p.enrolment_id = e.id AND (p.until_us IS NULL OR p.until_us > $1) "      \
    "LEFT JOIN course_text t ON t.course_id = c.id AND t.version = "                               \
    "(SELECT max(version) FROM course_version WHERE course_id = c.id) "                            \
    "LEFT JOIN member_identity m ON m.member_id = e.member_id "                                    \
    "LEFT JOIN member_identity i ON i.member_id = c.provider_id "                                  \
    "LEFT JOIN enrolment_text x ON x.enrolment_id = e.id "

static enum ledger_enrolment_state state_of(const char *name)
{
    for (int s = LEDGER_ENROLMENT_WAITING; s < LEDGER_ENROLMENT_CANCELLED; s++)
        if (strcmp(name, state_names[s]) == 0)
            return (enum ledger_enrolment_state)s;
    return LEDGER_ENROLMENT_CANCELLED;
}

static enum ledger_status read_enrolment(void *into, const struct store_row *row)
{
    struct ledger_enrolment *e = into;

    e->id = store_row_int(row, 0);
    e->session_id = store_row_int(row, 1);
    e->member_id = store_row_int(row, 2);
    e->provider_id = store_row_int(row, 3);
    e->at_us = store_row_int(row, 4);
    e->state_at_us = store_row_int(row, 5);
    e->until_us = store_row_int(row, 6);
    e->starts_at_us = store_row_int(row, 7);
    e->state = state_of(store_row_text(row, 8));
    e->places = (int)store_row_int(row, 9);
    e->minutes = (int)store_row_int(row, 10);
    e->attended = (int)store_row_int(row, 11);
    store_row_copy(row, 12, e->member, sizeof e->member);
    store_row_copy(row, 13, e->provider, sizeof e->provider);
    store_row_copy(row, 14, e->title, sizeof e->title);
    store_row_copy(row, 15, e->name, sizeof e->name);
    store_row_copy(row, 16, e->note, sizeof e->note);
    store_row_copy(row, 17, e->reason, sizeof e->reason);
    return LEDGER_OK;
}

enum ledger_status ledger_enrolment_get(struct ledger *l, int64_t id, struct ledger_enrolment *e)
{
    enum ledger_status status =
        ledger_first(l, ENROLMENT "WHERE e.id = $2",
                     STORE_ARGS(store_int(ledger_now_us(l)), store_int(id)), read_enrolment, e);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_ENROLMENT, "there is no enrolment %lld",
                             (long long)id);
    return status;
}

struct each {
    ledger_enrolment_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_enrolment e;

    LEDGER_TRY(read_enrolment(&e, row));
    return each->read(each->ctx, &e);
}

enum ledger_status ledger_enrolment_each(struct ledger *l,
                                         const struct ledger_enrolment_filter *filter,
                                         ledger_enrolment_reader *read, void *ctx)
{
    struct each each = {read, ctx};
    struct store_arg now = store_int(ledger_now_us(l));
    struct store_arg after = store_int(filter->after_id);
    struct store_arg limit = store_int(filter->limit);
    struct store_arg provider = store_int_or_null(filter->provider_id, filter->provider_id);

    if (filter->session_id)
        return ledger_each(l,
                           ENROLMENT "WHERE e.session_id = $2 AND e.id > $3 AND "
                                     "($5 IS NULL OR e.member_id = $5) AND "
                                     "($6 IS NULL OR c.provider_id = $6) ORDER BY e.id LIMIT $4",
                           STORE_ARGS(now, store_int(filter->session_id), after, limit,
                                      store_int_or_null(filter->member_id, filter->member_id),
                                      provider),
                           pass_on, &each);
    if (filter->member_id)
        return ledger_each(l,
                           ENROLMENT "WHERE e.member_id = $2 AND e.id > $3 AND "
                                     "($5 IS NULL OR c.provider_id = $5) ORDER BY e.id LIMIT $4",
                           STORE_ARGS(now, store_int(filter->member_id), after, limit, provider),
                           pass_on, &each);
    return ledger_each(l,
                       ENROLMENT "WHERE e.id > $2 AND ($4 IS NULL OR c.provider_id = $4) "
                                 "ORDER BY e.id LIMIT $3",
                       STORE_ARGS(now, after, limit, provider), pass_on, &each);
}

static enum ledger_status check_draft(struct ledger *l, const struct ledger_enrolment_draft *d)
{
    if (d->places < 1 || d->places > LEDGER_PARTY_MAX)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "places",
                                   "a party is 1 to %d people", LEDGER_PARTY_MAX);
    LEDGER_TRY(ledger_check_text(l, "name", d->name, LEDGER_NAME_MAX));
    return ledger_check_text(l, "note", d->note, LEDGER_MEMO_MAX);
}

static enum ledger_status check_member(struct ledger *l, int64_t member_id)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_member_get(l, member_id, &m));
    if (m.state == LEDGER_ACTIVE)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s is %s and cannot take part", m.handle,
                         ledger_member_state_name(m.state));
}

static enum ledger_status check_window(struct ledger *l, const struct ledger_session *s)
{
    int64_t now_us = ledger_now_us(l);

    if (s->cancelled_at_us)
        return ledger_refuse(l, LEDGER_SESSION_CANCELLED, "session %lld is cancelled",
                             (long long)s->id);
    if (now_us < s->opens_at_us)
        return ledger_refuse(l, LEDGER_SIGN_UP_CLOSED,
                             "signing up for session %lld has not begun yet", (long long)s->id);
    if (now_us >= s->closes_at_us)
        return ledger_refuse(l, LEDGER_SIGN_UP_CLOSED, "signing up for session %lld is over",
                             (long long)s->id);
    return LEDGER_OK;
}

static enum ledger_status check_once(struct ledger *l, const struct ledger_session *s,
                                     int64_t member_id)
{
    int64_t id;
    enum ledger_status status =
        ledger_first(l, "SELECT enrolment_id FROM place WHERE session_id = $1 AND member_id = $2",
                     STORE_ARGS(store_int(s->id), store_int(member_id)), ledger_read_int, &id);

    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return ledger_refuse(l, LEDGER_ALREADY_ENROLLED,
                         "that member takes part in session %lld already: enrolment %lld",
                         (long long)s->id, (long long)id);
}

static enum ledger_status check_room(struct ledger *l, const struct ledger_session *s,
                                     const struct ledger_enrolment_draft *d)
{
    int left = ledger_session_free(s);

    if (d->places > s->capacity)
        return ledger_refuse_field(l, LEDGER_PARTY_TOO_LARGE, "places",
                                   "session %lld has %d places in all", (long long)s->id,
                                   s->capacity);
    if (d->places <= left || d->wait)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_SESSION_FULL,
                         "%d free and %d asked for in session %lld: ask to wait, and places are "
                         "offered when they come free",
                         left, d->places, (long long)s->id);
}

static enum ledger_status write_enrolment(struct ledger *l, const struct ledger_enrolment_draft *d,
                                          const struct ledger_why *why, int64_t id)
{
    const char *name = d->name ? d->name : "";
    const char *note = d->note ? d->note : "";
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(
        ledger_exec(l,
                    "INSERT INTO enrolment (id, session_id, member_id, places, at_us, "
                    "actor) VALUES ($1, $2, $3, $4, $5, $6)",
                    STORE_ARGS(store_int(id), store_int(d->session_id), store_int(d->member_id),
                               store_int(d->places), store_int(at_us), store_text(why->actor))));
    if (name[0] == '\0' && note[0] == '\0')
        return LEDGER_OK;
    return ledger_exec(l,
                       "INSERT INTO enrolment_text (enrolment_id, name, note) VALUES ($1, $2, $3)",
                       STORE_ARGS(store_int(id), store_text(name), store_text(note)));
}

static enum ledger_status enrol(struct ledger *l, const struct ledger_enrolment *e,
                                const struct ledger_session *s, const struct ledger_why *why)
{
    const struct enrolment_step step = {
        .to = LEDGER_ENROLMENT_TAKEN, .actor = why->actor, .reason = ""};

    LEDGER_TRY(enrolment_hold(l, e, s, why));
    return enrolment_step(l, e, &step);
}

static enum ledger_status take_in(struct ledger *l, const struct ledger_session *s,
                                  const struct ledger_enrolment_draft *d,
                                  const struct ledger_why *why, int64_t *id)
{
    struct ledger_enrolment e = {
        .session_id = s->id, .member_id = d->member_id, .places = d->places};
    const struct enrolment_step wait = {
        .to = LEDGER_ENROLMENT_WAITING, .actor = why->actor, .reason = ""};

    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM enrolment", id));
    e.id = *id;
    LEDGER_TRY(write_enrolment(l, d, why, e.id));
    LEDGER_TRY(ledger_exec(l,
                           "INSERT INTO place (session_id, member_id, enrolment_id, state, places) "
                           "VALUES ($1, $2, $3, 'waiting', $4)",
                           STORE_ARGS(store_int(s->id), store_int(e.member_id), store_int(e.id),
                                      store_int(e.places))));
    if (e.places > ledger_session_free(s))
        return enrolment_step(l, &e, &wait);
    return enrol(l, &e, s, why);
}

enum ledger_status ledger_enrolment_add(struct ledger *l,
                                        const struct ledger_enrolment_draft *draft,
                                        const struct ledger_why *why, int64_t *id)
{
    struct ledger_session s;

    LEDGER_TRY(check_draft(l, draft));
    LEDGER_TRY(ledger_session_get(l, draft->session_id, &s));
    LEDGER_TRY(check_member(l, draft->member_id));
    LEDGER_TRY(check_window(l, &s));
    LEDGER_TRY(ledger_waitlist_settle(l, s.id, ledger_now_us(l)));
    LEDGER_TRY(ledger_session_get(l, s.id, &s));
    if (s.price_count > 0 && s.provider_id == draft->member_id)
        return ledger_refuse(l, LEDGER_OWN_SESSION, "%s would pay itself for a place", s.provider);
    LEDGER_TRY(check_once(l, &s, draft->member_id));
    LEDGER_TRY(check_room(l, &s, draft));
    return take_in(l, &s, draft, why, id);
}

enum ledger_status ledger_enrolment_accept(struct ledger *l, int64_t id,
                                           const struct ledger_why *why)
{
    struct ledger_enrolment e;
    struct ledger_session s;

    LEDGER_TRY(ledger_enrolment_get(l, id, &e));
    LEDGER_TRY(ledger_session_get(l, e.session_id, &s));
    if (s.cancelled_at_us)
        return ledger_refuse(l, LEDGER_SESSION_CANCELLED, "session %lld is cancelled",
                             (long long)s.id);
    LEDGER_TRY(ledger_waitlist_settle(l, s.id, ledger_now_us(l)));
    LEDGER_TRY(ledger_enrolment_get(l, id, &e));
    if (e.state != LEDGER_ENROLMENT_OFFERED)
        return ledger_refuse(l, LEDGER_NO_OFFER, "no place is offered to enrolment %lld: it is %s",
                             (long long)id, state_names[e.state]);
    LEDGER_TRY(course_due_clear(l, "offer", id));
    return enrol(l, &e, &s, why);
}

enum ledger_status ledger_enrolment_cancel(struct ledger *l, int64_t id, bool by_learner,
                                           const struct ledger_why *why)
{
    struct ledger_enrolment e;

    LEDGER_TRY(ledger_check_text(l, "reason", why->reason, LEDGER_REASON_MAX));
    LEDGER_TRY(ledger_enrolment_get(l, id, &e));
    if (e.state > LEDGER_ENROLMENT_TAKEN)
        return ledger_refuse(l, LEDGER_ENROLMENT_OVER, "enrolment %lld is %s already",
                             (long long)id, state_names[e.state]);
    if (by_learner && e.state == LEDGER_ENROLMENT_TAKEN && ledger_now_us(l) >= e.starts_at_us)
        return ledger_refuse(l, LEDGER_SESSION_BEGUN,
                             "session %lld has begun: now attendance is confirmed, or absence",
                             (long long)e.session_id);
    LEDGER_TRY(enrolment_end(l, &e, why->actor, why->reason));
    if (!by_learner)
        LEDGER_TRY(ledger_notice_put(l, LEDGER_NOTICE_PLACE_LOST, e.member_id, e.id));
    return ledger_waitlist_settle(l, e.session_id, ledger_now_us(l));
}
