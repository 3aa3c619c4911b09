/* What is shared: bookings, sessions and who takes part. */
#include "model_compare.h"

#include "region.h"

#define RECENT_SESSIONS 6
#define RECENT_NOTICES 20
#define SOME_DAYS_US INT64_C(864000000000)

static void whole_booking(const struct compare *c, int64_t id, const struct ledger_booking *b)
{
    const struct model_booking *want = model_booking(c->m, id);
    const struct {
        const char *what;
        int64_t want, got;
    } figures[] = {{"state", model_booking_state(c->m, want), b->state},
                   {"resource", want->resource_id, b->resource_id},
                   {"member", want->member_id, b->member_id},
                   {"currency", want->currency_id, b->currency_id},
                   {"changes", want->sequence, b->sequence},
                   {"unit", want->unit, b->slot.unit},
                   {"beginning", want->from_us, b->slot.from_us},
                   {"end", want->to_us, b->slot.to_us},
                   {"time before", want->busy_from_us, b->slot.busy_from_us},
                   {"time after", want->busy_to_us, b->slot.busy_to_us},
                   {"amount", want->amount_minor, b->amount_minor},
                   {"included minutes", want->included_min, b->included_min},
                   {"kept", want->kept_minor, b->kept_minor},
                   {"hold", want->hold_id, b->hold_id},
                   {"next look", want->due_us, b->due_us},
                   {"series", want->series_id, b->series_id}};

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        compare_same(c, figures[i].want, figures[i].got, "%s of booking %lld", figures[i].what,
                     (long long)id);
}

static void compare_booking(const struct compare *c, int64_t id)
{
    struct ledger_booking b;
    enum ledger_status status = ledger_booking_get(c->l, id, &b);

    compare_same(c, model_booking(c->m, id) ? LEDGER_OK : LEDGER_NO_SUCH_BOOKING, status,
                 "is there a booking %lld", (long long)id);
    if (status == LEDGER_OK)
        whole_booking(c, id, &b);
}

struct dates {
    const struct compare *c;
    int64_t series_id;
    int64_t next; /* of the model's dates */
};

static enum ledger_status take_date(void *ctx, const struct ledger_series_date *d)
{
    struct dates *all = ctx;
    const struct compare *c = all->c;
    const struct model_date *want = &c->m->dates[all->next++];

    compare_same(c, want->day, d->day, "the next date of series %lld", (long long)all->series_id);
    compare_same(c, want->booking_id, d->booking_id, "booking of a date of series %lld",
                 (long long)all->series_id);
    compare_text(
        c, want->booking_id ? "" : ledger_status_facts((enum ledger_status)want->status)->code,
        d->code, "why a date was left out");
    return LEDGER_OK;
}

static void compare_series(const struct compare *c, int64_t id)
{
    bool there = id <= c->m->series_count;
    struct dates all = {c, id, there ? c->m->series[id - 1].first_date : 0};
    struct ledger_series s;

    compare_same(c, there ? LEDGER_OK : LEDGER_NO_SUCH_SERIES, ledger_series_get(c->l, id, &s),
                 "is there a series %lld", (long long)id);
    compare_ok(c, ledger_series_dates(c->l, id, take_date, &all), "the dates of a series");
    if (there)
        compare_same(c, c->m->series[id - 1].first_date + c->m->series[id - 1].date_count, all.next,
                     "dates of series %lld", (long long)id);
}

static enum ledger_status take_notice(void *ctx, const struct ledger_series_notice *n)
{
    struct dates *all = ctx;
    const struct compare *c = all->c;
    const struct model_notice *want = &c->m->notices[all->next++];
    const struct {
        const char *what;
        int64_t want, got;
    } figures[] = {{"series", want->series_id, n->series_id},
                   {"booking", want->booking_id, n->booking_id},
                   {"kind", want->kind, n->kind},
                   {"reason", want->why, n->why},
                   {"time", want->at_us, n->at_us},
                   {"grace", want->until_us, n->until_us}};

    compare_same(c, all->next, n->id, "the next notice");
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        compare_same(c, figures[i].want, figures[i].got, "%s of notice %lld", figures[i].what,
                     (long long)n->id);
    return LEDGER_OK;
}

/* The last that members and hosts were told. */
void compare_notices(const struct compare *c)
{
    int64_t count = c->m->notice_count;
    struct dates all = {.c = c, .next = count > RECENT_NOTICES ? count - RECENT_NOTICES : 0};

    compare_ok(c, ledger_series_notices(c->l, 0, all.next, take_notice, &all), "the notices");
    compare_same(c, count, all.next, "notices");
}

struct attendees {
    const struct compare *c;
    int64_t session_id;
    int64_t last_id;
};

static int64_t next_enrolment(const struct model *m, int64_t session_id, int64_t after)
{
    for (int64_t id = after + 1; id <= m->enrolment_count; id++)
        if (m->enrolments[id - 1].session_id == session_id)
            return id;
    return 0;
}

static enum ledger_status take_enrolment(void *ctx, const struct ledger_enrolment *e)
{
    struct attendees *all = ctx;
    const struct compare *c = all->c;

    all->last_id = next_enrolment(c->m, all->session_id, all->last_id);
    compare_same(c, all->last_id, e->id, "the next enrolment of session %lld",
                 (long long)all->session_id);
    const struct model_enrolment *want = model_enrolment(c->m, e->id);
    enum ledger_enrolment_state state = model_enrolment_state(c->m, want);
    compare_text(c, ledger_enrolment_state_name(state), ledger_enrolment_state_name(e->state),
                 "where an enrolment stands");
    compare_same(c, want->member_id, e->member_id, "member of enrolment %lld", (long long)e->id);
    compare_same(c, want->places, e->places, "places of enrolment %lld", (long long)e->id);
    compare_same(c, state == LEDGER_ENROLMENT_OFFERED ? want->until_us : 0, e->until_us,
                 "offer to enrolment %lld", (long long)e->id);
    compare_same(c, want->minutes, e->minutes, "minutes of enrolment %lld", (long long)e->id);
    compare_same(c, want->attended, e->attended, "who came of enrolment %lld", (long long)e->id);
    return LEDGER_OK;
}

static void compare_attendees(const struct compare *c, int64_t session_id)
{
    const struct ledger_enrolment_filter filter = {.session_id = session_id, .limit = INT32_MAX};
    struct attendees all = {c, session_id, model_session(c->m, session_id)->first_enrolment};

    compare_ok(c, ledger_enrolment_each(c->l, &filter, take_enrolment, &all), "who takes part");
    compare_same(c, 0, next_enrolment(c->m, session_id, all.last_id),
                 "an enrolment of session %lld that is not there", (long long)session_id);
}

#define IN(state) (1U << LEDGER_ENROLMENT_##state)

/* Free is what the capacity leaves of who has a place or an offer: never less than nothing. */
static void compare_session(const struct compare *c, int64_t id)
{
    const struct model_session *want = model_session(c->m, id);
    struct ledger_session s;
    enum ledger_status status = ledger_session_get(c->l, id, &s);

    compare_same(c, want ? LEDGER_OK : LEDGER_NO_SUCH_SESSION, status, "is there a session %lld",
                 (long long)id);
    if (status != LEDGER_OK)
        return;
    int64_t enrolled = model_places(c->m, id, IN(TAKEN) | IN(ATTENDED) | IN(ABSENT));
    int64_t offered = model_places(c->m, id, IN(OFFERED));
    compare_same(c, want->capacity, s.capacity, "capacity of session %lld", (long long)id);
    compare_same(c, want->cancelled, s.cancelled_at_us != 0, "is session %lld called off",
                 (long long)id);
    compare_same(c, enrolled, s.enrolled, "enrolled in session %lld", (long long)id);
    compare_same(c, offered, s.offered, "offered in session %lld", (long long)id);
    compare_same(c, model_places(c->m, id, IN(WAITING)), s.waiting, "waiting for session %lld",
                 (long long)id);
    compare_same(c, want->capacity - enrolled - offered, ledger_session_free(&s),
                 "free in session %lld", (long long)id);
    compare_attendees(c, id);
}

void compare_changed(const struct compare *c)
{
    for (int i = 0; i < c->m->changed_booking_count; i++)
        compare_booking(c, c->m->changed_bookings[i]);
    for (int i = 0; i < c->m->changed_series_count; i++)
        compare_series(c, c->m->changed_series[i]);
    for (int i = 0; i < c->m->changed_session_count; i++)
        compare_session(c, c->m->changed_sessions[i]);
}

struct bookings {
    const struct compare *c;
    int64_t count;
    int64_t held_minor;
    const struct model_booking *all[4096];
};

static bool overlap(const struct model_booking *a, const struct model_booking *b)
{
    return a->resource_id == b->resource_id && a->unit == b->unit &&
           a->busy_from_us < b->busy_to_us && b->busy_from_us < a->busy_to_us;
}

/* It is the model's, has its time to itself, and the hold for its price stands. */
static enum ledger_status take_booking(void *ctx, const struct ledger_booking *b)
{
    struct bookings *seen = ctx;
    const struct compare *c = seen->c;
    const struct model_booking *this = model_booking(c->m, b->id);

    whole_booking(c, b->id, b);
    for (int64_t i = 0; i < seen->count; i++)
        if (overlap(this, seen->all[i]))
            compare_same(c, 0, b->id, "booking %lld has its time with another",
                         (long long)(seen->all[i] - c->m->bookings + 1));
    seen->all[seen->count++] = this;
    seen->held_minor += b->state == LEDGER_PLANNED || b->hold_id == 0 ? 0 : b->amount_minor;
    return LEDGER_OK;
}

static int64_t first_live_us(const struct model *m)
{
    int64_t first_us = m->now_us;

    for (int64_t i = 0; i < m->live_count; i++)
        if (m->bookings[m->live[i] - 1].from_us < first_us)
            first_us = m->bookings[m->live[i] - 1].from_us;
    return first_us;
}

/* All that are live: as many as there should be, and on hold is what they cost. */
void compare_pool(const struct compare *c)
{
    struct bookings seen = {.c = c};
    int64_t live = 0;
    int64_t held_minor = 0;
    int64_t from_us = first_live_us(c->m) - SOME_DAYS_US;

    for (int64_t id = 1; id <= MODEL_RESOURCES; id++)
        compare_ok(c,
                   ledger_booking_each(c->l,
                                       &(struct ledger_booking_filter){.resource_id = id,
                                                                       .from_us = from_us,
                                                                       .to_us = INT64_MAX,
                                                                       .live_only = true},
                                       take_booking, &seen),
                   "the bookings of a resource");
    for (int64_t i = 0; i < c->m->live_count; i++)
        live +=
            model_booking_is_live(model_booking_state(c->m, &c->m->bookings[c->m->live[i] - 1]));
    compare_same(c, live, seen.count, "live bookings");
    for (int64_t i = 0; i < c->m->open_count; i++) {
        const struct model_hold *h = &c->m->holds[c->m->open[i] - 1];
        if (h->booking_id &&
            model_booking_is_live(model_booking_state(c->m, &c->m->bookings[h->booking_id - 1])))
            held_minor += h->amount_minor;
    }
    compare_same(c, held_minor, seen.held_minor, "what is on hold for bookings");
}

void compare_courses(const struct compare *c)
{
    int64_t count = c->m->session_count;

    for (int64_t id = count > RECENT_SESSIONS ? count - RECENT_SESSIONS : 1; id <= count + 1; id++)
        compare_session(c, id);
}
