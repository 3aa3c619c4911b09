#include "model.h"

#include <assert.h>

#define MINUTE_US INT64_C(60000000)

#define IN(state) (1U << LEDGER_ENROLMENT_##state)
#define HAS_PLACE (IN(TAKEN) | IN(ATTENDED) | IN(ABSENT))

struct model_session *model_session(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->session_count ? &m->sessions[id - 1] : NULL;
}

struct model_enrolment *model_enrolment(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->enrolment_count ? &m->enrolments[id - 1] : NULL;
}

enum ledger_enrolment_state model_enrolment_state(const struct model *m,
                                                  const struct model_enrolment *e)
{
    return e->state == LEDGER_ENROLMENT_OFFERED && e->until_us <= m->now_us
               ? LEDGER_ENROLMENT_CANCELLED
               : (enum ledger_enrolment_state)e->state;
}

int64_t model_places(const struct model *m, int64_t session_id, unsigned states)
{
    int64_t sum = 0;

    for (int64_t i = m->sessions[session_id - 1].first_enrolment; i < m->enrolment_count; i++)
        if (m->enrolments[i].session_id == session_id &&
            states & 1U << model_enrolment_state(m, &m->enrolments[i]))
            sum += m->enrolments[i].places;
    return sum;
}

static int64_t free_places(const struct model *m, int64_t session_id)
{
    int64_t left =
        m->sessions[session_id - 1].capacity - model_places(m, session_id, HAS_PLACE | IN(OFFERED));

    return left > 0 ? left : 0;
}

/* The first of a session in one of some states as written; 0 for none. */
static int64_t first_in(const struct model *m, int64_t session_id, unsigned states)
{
    for (int64_t i = m->sessions[session_id - 1].first_enrolment; i < m->enrolment_count; i++)
        if (m->enrolments[i].session_id == session_id && states & 1U << m->enrolments[i].state)
            return i + 1;
    return 0;
}

static int64_t provider_of(const struct model *m, const struct model_session *s)
{
    return m->providers_of[s->course_id - 1];
}

bool model_courses_need(const struct model *m, int64_t member_id)
{
    const unsigned keeps = 1U << LEDGER_ENROLMENT_WAITING | 1U << LEDGER_ENROLMENT_OFFERED |
                           1U << LEDGER_ENROLMENT_TAKEN;

    for (int64_t i = 0; i < m->session_count; i++)
        if (m->sessions[i].starts_us > m->now_us && !m->sessions[i].cancelled &&
            provider_of(m, &m->sessions[i]) == member_id)
            return true;
    for (int64_t i = 0; i < m->enrolment_count; i++)
        if (m->enrolments[i].member_id == member_id &&
            m->sessions[m->enrolments[i].session_id - 1].starts_us > m->now_us &&
            (keeps & 1U << model_enrolment_state(m, &m->enrolments[i])))
            return true;
    return false;
}

static enum ledger_status step(struct model *m, int64_t id, enum ledger_enrolment_state to)
{
    struct model_enrolment *e = model_enrolment(m, id);
    int64_t at_us;

    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &e->state, to);
    model_touch_session(m, e->session_id);
    return LEDGER_OK;
}

/* An open hold of it as written, the oldest first; 0 for none. */
static int64_t open_hold(const struct model *m, int64_t id)
{
    int64_t first = 0;

    for (int64_t i = 0; i < m->open_count; i++)
        if (m->holds[m->open[i] - 1].enrolment_id == id && (!first || m->open[i] < first))
            first = m->open[i];
    return first;
}

/* One whose time is over goes with all that is over on its payer's account. */
enum ledger_status model_enrolment_release(struct model *m, int64_t id)
{
    int64_t hold_id;

    while ((hold_id = open_hold(m, id)) != 0) {
        const struct model_hold *h = model_hold(m, hold_id);
        if (model_hold_state(m, h) == LEDGER_HOLD_LAPSED)
            model_hold_expire(m, h->account_id);
        else
            LEDGER_TRY(model_hold_release(m, hold_id, ""));
    }
    model_put(m, &model_enrolment(m, id)->renew_due_us, INT64_MAX);
    return LEDGER_OK;
}

/* Each of its prices, for as long as a hold lasts; to be renewed 30 days before. */
enum ledger_status model_enrolment_hold(struct model *m, int64_t id)
{
    struct model_enrolment *e = model_enrolment(m, id);
    const struct model_session *s = model_session(m, e->session_id);

    for (int64_t i = 0; i < s->price_count; i++) {
        struct ledger_leg leg = {.amount_minor = s->prices_minor[i] * e->places};
        struct ledger_hold_draft d = {.payees = &leg,
                                      .payee_count = 1,
                                      .reference = model_words(m, "enrolment %lld", (long long)id)};
        int64_t hold_id;
        LEDGER_TRY(model_account_need(m, e->member_id, s->currency_ids[i], &d.account_id));
        LEDGER_TRY(model_account_need(m, provider_of(m, s), s->currency_ids[i], &leg.account_id));
        d.expires_at_us = (m->now_us > m->last_us ? m->now_us : m->last_us) + LEDGER_HOLD_US_MAX;
        LEDGER_TRY(model_hold_place(m, &d, &hold_id));
        model_hold(m, hold_id)->enrolment_id = id;
        model_put(m, &e->renew_due_us, d.expires_at_us - LEDGER_HOLD_RENEW_US);
    }
    return LEDGER_OK;
}

enum ledger_status model_enrolment_end(struct model *m, int64_t id)
{
    model_put(m, &model_enrolment(m, id)->offer_due_us, INT64_MAX);
    LEDGER_TRY(model_enrolment_release(m, id));
    return step(m, id, LEDGER_ENROLMENT_CANCELLED);
}

enum ledger_status model_session_add(struct model *m, const struct ledger_session_draft *d,
                                     int64_t *id)
{
    struct model_session s = {.course_id = d->course_id,
                              .starts_us = d->starts_at_us,
                              .ends_us = d->ends_at_us,
                              .opens_us = m->now_us,
                              .closes_us = d->closes_at_us ? d->closes_at_us : d->starts_at_us,
                              .offer_us = d->offer_us,
                              .capacity = d->capacity,
                              .minimum = d->minimum,

                              .price_count = d->price_count,
                              .first_enrolment = m->enrolment_count,
                              .minimum_due_us = INT64_MAX};
    int64_t at_us;

    if (d->course_id < 1 || d->course_id > MODEL_COURSES)
        return LEDGER_NO_SUCH_COURSE;
    if (m->members[provider_of(m, &s) - 1].state != LEDGER_ACTIVE)
        return LEDGER_MEMBER_NOT_ACTIVE;
    if (s.ends_us - s.starts_us < MINUTE_US)
        return LEDGER_PERIOD_MALFORMED;
    if (s.starts_us <= m->now_us)
        return LEDGER_SESSION_IN_PAST;
    if (s.closes_us > s.starts_us || s.closes_us <= m->now_us)
        return LEDGER_PERIOD_MALFORMED;
    if (s.capacity < 1 || s.minimum > s.capacity)
        return LEDGER_NUMBER_MALFORMED;
    for (int i = 0; i < d->price_count; i++) {
        s.currency_ids[i] = d->prices[i].currency_id;
        s.prices_minor[i] = d->prices[i].amount_minor;
    }
    LEDGER_TRY(model_tick(m, &at_us));
    if (s.minimum > 0)
        s.minimum_due_us = s.closes_us;
    s.begin_due_us = s.starts_us;
    assert(m->session_count < m->rows_max);
    m->sessions[m->session_count] = s;
    model_put(m, &m->session_count, m->session_count + 1);
    *id = m->session_count;
    model_touch_session(m, *id);
    return LEDGER_OK;
}

static enum ledger_status need_session(struct model *m, int64_t id)
{
    if (!model_session(m, id))
        return LEDGER_NO_SUCH_SESSION;
    return model_session(m, id)->cancelled ? LEDGER_SESSION_CANCELLED : LEDGER_OK;
}

enum ledger_status model_session_cancel(struct model *m, int64_t id, const char *reason)
{
    struct model_session *s = model_session(m, id);
    int64_t enrolment_id;
    int64_t at_us;

    LEDGER_TRY(model_reason(reason));
    LEDGER_TRY(need_session(m, id));
    if (first_in(m, id, IN(ATTENDED) | IN(ABSENT)))
        return LEDGER_SESSION_HELD;
    LEDGER_TRY(model_tick(m, &at_us));
    while ((enrolment_id = first_in(m, id, IN(WAITING) | IN(OFFERED) | IN(TAKEN))) != 0)
        LEDGER_TRY(model_enrolment_end(m, enrolment_id));
    model_put(m, &s->minimum_due_us, INT64_MAX);
    model_put(m, &s->begin_due_us, INT64_MAX);
    model_put(m, &s->cancelled, true);
    model_touch_session(m, id);
    return LEDGER_OK;
}

static int64_t first_offer_over(const struct model *m, int64_t session_id)
{
    for (int64_t i = m->sessions[session_id - 1].first_enrolment; i < m->enrolment_count; i++)
        if (m->enrolments[i].session_id == session_id &&
            m->enrolments[i].state == LEDGER_ENROLMENT_OFFERED &&
            m->enrolments[i].until_us <= m->now_us)
            return i + 1;
    return 0;
}

/* Who waits longest of those whose whole party fits into what is free. */
static int64_t first_that_fits(const struct model *m, int64_t session_id)
{
    int64_t left = free_places(m, session_id);

    for (int64_t i = m->sessions[session_id - 1].first_enrolment; i < m->enrolment_count; i++)
        if (m->enrolments[i].session_id == session_id &&
            m->enrolments[i].state == LEDGER_ENROLMENT_WAITING && m->enrolments[i].places <= left)
            return i + 1;
    return 0;
}

static enum ledger_status offer(struct model *m, int64_t session_id)
{
    const struct model_session *s = model_session(m, session_id);
    int64_t id;

    while ((id = first_that_fits(m, session_id)) != 0) {
        struct model_enrolment *e = model_enrolment(m, id);
        int64_t until_us = m->now_us + s->offer_us;
        if (until_us > s->starts_us)
            until_us = s->starts_us;
        LEDGER_TRY(step(m, id, LEDGER_ENROLMENT_OFFERED));
        model_put(m, &e->until_us, until_us);
        model_put(m, &e->offer_due_us, until_us);
    }
    return LEDGER_OK;
}

enum ledger_status model_session_settle(struct model *m, int64_t session_id)
{
    struct model_session *s = model_session(m, session_id);
    int64_t id;

    if (s->cancelled)
        return LEDGER_OK;
    if (s->minimum_due_us <= m->now_us) {
        model_put(m, &s->minimum_due_us, INT64_MAX);
        if (model_places(m, session_id, HAS_PLACE) < s->minimum)
            return model_session_cancel(m, session_id, "too few");
    }
    while ((id = first_offer_over(m, session_id)) != 0)
        LEDGER_TRY(model_enrolment_end(m, id));
    if (m->now_us < s->starts_us)
        return offer(m, session_id);
    model_put(m, &s->begin_due_us, INT64_MAX);
    while ((id = first_in(m, session_id, IN(WAITING) | IN(OFFERED))) != 0)
        LEDGER_TRY(model_enrolment_end(m, id));
    return LEDGER_OK;
}

enum ledger_status model_session_capacity(struct model *m, int64_t id, int64_t capacity,
                                          const char *reason)
{
    int64_t at_us;

    LEDGER_TRY(model_reason(reason));
    LEDGER_TRY(need_session(m, id));
    if (capacity < 1 || capacity > LEDGER_SESSION_PLACES_MAX)
        return LEDGER_NUMBER_MALFORMED;
    LEDGER_TRY(model_session_settle(m, id));
    LEDGER_TRY(need_session(m, id));
    if (capacity < model_places(m, id, HAS_PLACE | IN(OFFERED)))
        return LEDGER_CAPACITY_BELOW_ENROLLED;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &model_session(m, id)->capacity, capacity);
    model_touch_session(m, id);
    return model_session_settle(m, id);
}

static bool takes_part(const struct model *m, int64_t session_id, int64_t member_id)
{
    for (int64_t i = m->sessions[session_id - 1].first_enrolment; i < m->enrolment_count; i++)
        if (m->enrolments[i].session_id == session_id && m->enrolments[i].member_id == member_id &&
            m->enrolments[i].state != LEDGER_ENROLMENT_CANCELLED)
            return true;
    return false;
}

static enum ledger_status check_enrolment(struct model *m, const struct ledger_enrolment_draft *d)
{
    const struct model_session *s = model_session(m, d->session_id);

    if (d->places < 1 || d->places > LEDGER_PARTY_MAX)
        return LEDGER_NUMBER_MALFORMED;
    if (!s)
        return LEDGER_NO_SUCH_SESSION;
    if (!model_has_member(m, d->member_id))
        return LEDGER_NO_SUCH_MEMBER;
    if (m->members[d->member_id - 1].state != LEDGER_ACTIVE)
        return LEDGER_MEMBER_NOT_ACTIVE;
    if (s->cancelled)
        return LEDGER_SESSION_CANCELLED;
    if (m->now_us < s->opens_us || m->now_us >= s->closes_us)
        return LEDGER_SIGN_UP_CLOSED;
    LEDGER_TRY(model_session_settle(m, d->session_id));
    if (s->price_count > 0 && provider_of(m, s) == d->member_id)
        return LEDGER_OWN_SESSION;
    if (takes_part(m, d->session_id, d->member_id))
        return LEDGER_ALREADY_ENROLLED;
    if (d->places > s->capacity)
        return LEDGER_PARTY_TOO_LARGE;
    return d->wait || d->places <= free_places(m, d->session_id) ? LEDGER_OK : LEDGER_SESSION_FULL;
}

enum ledger_status model_enrol(struct model *m, const struct ledger_enrolment_draft *d, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(check_enrolment(m, d));
    bool fits = d->places <= free_places(m, d->session_id);
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->enrolment_count < m->rows_max);
    m->enrolments[m->enrolment_count] = (struct model_enrolment){.session_id = d->session_id,
                                                                 .member_id = d->member_id,
                                                                 .places = d->places,
                                                                 .state = LEDGER_ENROLMENT_WAITING,
                                                                 .offer_due_us = INT64_MAX,
                                                                 .renew_due_us = INT64_MAX};
    model_put(m, &m->enrolment_count, m->enrolment_count + 1);
    *id = m->enrolment_count;
    if (!fits)
        return step(m, *id, LEDGER_ENROLMENT_WAITING);
    LEDGER_TRY(model_enrolment_hold(m, *id));
    return step(m, *id, LEDGER_ENROLMENT_TAKEN);
}

enum ledger_status model_accept(struct model *m, int64_t id)
{
    struct model_enrolment *e = model_enrolment(m, id);

    if (!e)
        return LEDGER_NO_SUCH_ENROLMENT;
    LEDGER_TRY(need_session(m, e->session_id));
    LEDGER_TRY(model_session_settle(m, e->session_id));
    if (model_enrolment_state(m, e) != LEDGER_ENROLMENT_OFFERED)
        return LEDGER_NO_OFFER;
    model_put(m, &e->offer_due_us, INT64_MAX);
    LEDGER_TRY(model_enrolment_hold(m, id));
    return step(m, id, LEDGER_ENROLMENT_TAKEN);
}

enum ledger_status model_enrolment_cancel(struct model *m, int64_t id, bool by_learner)
{
    const struct model_enrolment *e = model_enrolment(m, id);

    if (!e)
        return LEDGER_NO_SUCH_ENROLMENT;
    enum ledger_enrolment_state state = model_enrolment_state(m, e);
    if (state > LEDGER_ENROLMENT_TAKEN)
        return LEDGER_ENROLMENT_OVER;
    if (by_learner && state == LEDGER_ENROLMENT_TAKEN &&
        m->now_us >= m->sessions[e->session_id - 1].starts_us)
        return LEDGER_SESSION_BEGUN;
    LEDGER_TRY(model_enrolment_end(m, id));
    return model_session_settle(m, e->session_id);
}

static enum ledger_status check_attendance(struct model *m, const struct ledger_attendance *a,
                                           const struct model_enrolment *e, int64_t minutes)
{
    const struct model_session *s = model_session(m, e->session_id);

    if (s->price_count > 0 && a->by_member_id == provider_of(m, s))
        return LEDGER_SELF_CONFIRMATION;
    if (s->cancelled)
        return LEDGER_SESSION_CANCELLED;
    if (model_enrolment_state(m, e) != LEDGER_ENROLMENT_TAKEN)
        return LEDGER_ENROLMENT_OVER;
    if (m->now_us < s->starts_us)
        return LEDGER_ATTENDANCE_EARLY;
    if (minutes > (s->ends_us - s->starts_us) / MINUTE_US)
        return LEDGER_ATTENDANCE_TOO_LONG;
    if (minutes * MINUTE_US > m->now_us - s->starts_us)
        return LEDGER_ATTENDANCE_EARLY;
    return a->places > e->places ? LEDGER_NUMBER_MALFORMED : LEDGER_OK;
}

/* Whoever came is paid for, in each currency, by the hold that stands for it. */
static enum ledger_status pay(struct model *m, int64_t id, int64_t places)
{
    struct model_enrolment *e = model_enrolment(m, id);
    const struct model_session *s = model_session(m, e->session_id);
    int64_t hold_id, transfer_id;

    while ((hold_id = open_hold(m, id)) != 0) {
        int64_t currency_id = model_account(m, model_hold(m, hold_id)->account_id)->currency_id;
        int i = s->currency_ids[0] == currency_id ? 0 : 1;
        LEDGER_TRY(model_hold_capture(m, hold_id, s->prices_minor[i] * places, &transfer_id));
    }
    model_put(m, &e->renew_due_us, INT64_MAX);
    return LEDGER_OK;
}

enum ledger_status model_attendance(struct model *m, const struct ledger_attendance *a)
{
    struct model_enrolment *e = model_enrolment(m, a->enrolment_id);

    if (!e)
        return LEDGER_NO_SUCH_ENROLMENT;
    LEDGER_TRY(model_session_settle(m, e->session_id));
    const struct model_session *s = model_session(m, e->session_id);
    int64_t whole = (s->ends_us - s->starts_us) / MINUTE_US;
    int64_t minutes = a->minutes < 0 ? whole : a->minutes;
    int64_t places = a->places < 0 ? e->places : a->places;
    bool came = minutes > 0 && places > 0 && minutes * 100 >= whole * MODEL_THRESHOLD;
    LEDGER_TRY(check_attendance(m, a, e, minutes));
    LEDGER_TRY(came ? pay(m, a->enrolment_id, places)
                    : model_enrolment_release(m, a->enrolment_id));
    model_put(m, &e->minutes, minutes);
    model_put(m, &e->attended, places);
    return step(m, a->enrolment_id, came ? LEDGER_ENROLMENT_ATTENDED : LEDGER_ENROLMENT_ABSENT);
}
