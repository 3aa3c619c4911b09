#include "deed.h"

#include "ledger/chores.h"
#include "region.h"

#define MINUTE_US INT64_C(60000000)
#define HOUR_US INT64_C(3600000000)
#define RECENT_SESSIONS 4
#define RECENT_ENROLMENTS 60

/* For one of four of them nothing is paid; else in money, in training credits, or in both. */
static void draw_prices(struct draw *draw, struct deed *d)
{
    int64_t how = draw_below(draw, 4);

    if (how == 1 || how == 3)
        d->prices[d->price_count++] = (struct ledger_session_price){
            .currency_id = 1, .amount_minor = draw_between(draw, 50, 400)};
    if (how == 2 || how == 3)
        d->prices[d->price_count++] = (struct ledger_session_price){
            .currency_id = MODEL_TRAINING, .amount_minor = draw_between(draw, 10, 90)};
}

void draw_session(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;

    d->id = draw_one_in(draw, 60) ? MODEL_COURSES + 1 : 1 + draw_below(draw, MODEL_COURSES);
    d->from_us = m->now_us + draw_between(draw, 12, 100) * HOUR_US;
    if (draw_one_in(draw, 40))
        d->from_us = m->now_us;
    d->to_us = d->from_us + draw_between(draw, 4, 16) * 15 * MINUTE_US;
    if (draw_one_in(draw, 60))
        d->to_us = d->from_us + MINUTE_US - 1;
    d->expires_at_us = draw_one_in(draw, 2) ? 0 : d->from_us - draw_below(draw, 4) * HOUR_US / 2;
    d->wait_us = draw_between(draw, 10, 1200) * MINUTE_US;
    d->places = draw_one_in(draw, 60) ? 0 : draw_between(draw, 1, 3);
    d->minimum = draw_one_in(draw, 3) ? draw_between(draw, 1, 4) : 0;
    draw_prices(draw, d);
}

static struct ledger_session_draft session_draft(const struct deed *d)
{
    return (struct ledger_session_draft){.course_id = d->id,
                                         .zone = "Europe/London",
                                         .tzdata = "",
                                         .starts = "2026-03-04T12:00",
                                         .ends = "2026-03-04T14:00",
                                         .starts_at_us = d->from_us,
                                         .ends_at_us = d->to_us,
                                         .closes_at_us = d->expires_at_us,
                                         .offer_us = d->wait_us,
                                         .capacity = (int)d->places,
                                         .minimum = (int)d->minimum,
                                         .prices = d->prices,
                                         .price_count = d->price_count};
}

enum ledger_status expect_session(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_session_draft draft = session_draft(d);

    return model_session_add(m, &draft, made);
}

enum ledger_status act_session(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_session_draft draft = session_draft(d);
    const struct ledger_why why = deed_why(d);

    return ledger_session_add(l, &draft, &why, made);
}

/* Mostly a recent one. */
static int64_t draw_session_id(struct draw *draw)
{
    int64_t count = draw->m->session_count;
    int64_t recent = count < RECENT_SESSIONS ? count : RECENT_SESSIONS;

    if (draw_one_in(draw, 60))
        return count + 1;
    return draw_one_in(draw, 15) ? draw_below(draw, count + 1) : count - draw_below(draw, recent);
}

static bool takes_people(const struct model *m, int64_t session_id)
{
    const struct model_session *s = &m->sessions[session_id - 1];

    return session_id >= 1 && session_id <= m->session_count && !s->cancelled &&
           m->now_us < s->closes_us;
}

void draw_enrolment(struct draw *draw, struct deed *d)
{
    bool open = !draw_one_in(draw, 12);

    d->session_id = draw_session_id(draw);
    for (int tries = 0; tries < 20 && open && !takes_people(draw->m, d->session_id); tries++)
        d->session_id = draw_session_id(draw);
    d->member_id =
        draw_one_in(draw, 3) ? draw_some_member(draw) : 1 + draw_below(draw, draw->m->member_count);
    d->places = draw_one_in(draw, 4) ? draw_between(draw, 1, 3) : 1;
    if (draw_one_in(draw, 60))
        d->places = draw_one_in(draw, 2) ? 0 : 7;
    d->waits = !draw_one_in(draw, 5);
}

static struct ledger_enrolment_draft enrolment_draft(const struct deed *d)
{
    return (struct ledger_enrolment_draft){.session_id = d->session_id,
                                           .member_id = d->member_id,
                                           .places = (int)d->places,
                                           .wait = d->waits};
}

enum ledger_status expect_enrolment(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_enrolment_draft draft = enrolment_draft(d);

    return model_enrol(m, &draft, made);
}

enum ledger_status act_enrolment(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_enrolment_draft draft = enrolment_draft(d);
    const struct ledger_why why = deed_why(d);

    return ledger_enrolment_add(l, &draft, &why, made);
}

/* Mostly a recent one in the state that is wanted, as written. */
static int64_t draw_enrolment_id(struct draw *draw, unsigned states)
{
    const struct model *m = draw->m;
    int64_t count = m->enrolment_count;
    int64_t recent = count < RECENT_ENROLMENTS ? count : RECENT_ENROLMENTS;

    int64_t first = draw_below(draw, recent);

    for (int64_t i = 0; i < recent && !draw_one_in(draw, 400); i++) {
        int64_t id = count - (first + i) % recent;
        if (states & 1U << m->enrolments[id - 1].state)
            return id;
    }
    return draw_one_in(draw, 10) ? draw_below(draw, count + 2) : count - first;
}

void draw_acceptance_of_place(struct draw *draw, struct deed *d)
{
    d->id = draw_enrolment_id(draw, 1U << LEDGER_ENROLMENT_OFFERED);
}

enum ledger_status expect_acceptance_of_place(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_accept(m, d->id);
}

enum ledger_status act_acceptance_of_place(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_enrolment_accept(l, d->id, &why);
}

void draw_dropping(struct draw *draw, struct deed *d)
{
    d->id =
        draw_enrolment_id(draw, 1U << LEDGER_ENROLMENT_WAITING | 1U << LEDGER_ENROLMENT_OFFERED |
                                    1U << LEDGER_ENROLMENT_TAKEN);
    d->by_host = draw_one_in(draw, 2);
}

enum ledger_status expect_dropping(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_enrolment_cancel(m, d->id, !d->by_host);
}

enum ledger_status act_dropping(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_enrolment_cancel(l, d->id, !d->by_host, &why);
}

void draw_capacity(struct draw *draw, struct deed *d)
{
    d->session_id = draw_session_id(draw);
    d->places = draw_one_in(draw, 20) ? 0 : draw_between(draw, 1, 8);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_capacity(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->session_id;
    return model_session_capacity(m, d->session_id, d->places, d->reason);
}

enum ledger_status act_capacity(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->session_id;
    return ledger_session_capacity(l, d->session_id, (int)d->places, &why);
}

void draw_calling_off(struct draw *draw, struct deed *d)
{
    d->session_id = draw_session_id(draw);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_calling_off(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->session_id;
    return model_session_cancel(m, d->session_id, d->reason);
}

enum ledger_status act_calling_off(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->session_id;
    return ledger_session_cancel(l, d->session_id, &why);
}

/* By the node, the learner or the provider; most of it, now and then more than it has lasted. */
void draw_attendance(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;

    for (int tries = 0; tries < 10; tries++) {
        d->id = draw_enrolment_id(draw, 1U << LEDGER_ENROLMENT_TAKEN);
        if (d->id > 0 && d->id <= m->enrolment_count &&
            m->sessions[m->enrolments[d->id - 1].session_id - 1].starts_us <= m->now_us)
            break;
    }
    if (d->id > 0 && d->id <= m->enrolment_count && draw_one_in(draw, 3)) {
        const struct model_enrolment *e = &m->enrolments[d->id - 1];
        int64_t course_id = m->sessions[e->session_id - 1].course_id;
        d->member_id = draw_one_in(draw, 2) ? e->member_id : m->providers_of[course_id - 1];
    }
    d->minutes = draw_one_in(draw, 2) ? -1 : draw_below(draw, 250);
    d->places = draw_one_in(draw, 2) ? -1 : draw_below(draw, 4);
}

static struct ledger_attendance attendance_of(const struct deed *d)
{
    return (struct ledger_attendance){.enrolment_id = d->id,
                                      .by_member_id = d->member_id,
                                      .minutes = (int)d->minutes,
                                      .places = (int)d->places};
}

enum ledger_status expect_attendance(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_attendance a = attendance_of(d);

    *made = d->id;
    return model_attendance(m, &a);
}

enum ledger_status act_attendance(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_attendance a = attendance_of(d);
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_attendance_confirm(l, &a, &why);
}

enum ledger_status expect_courses_due(struct model *m, const struct deed *d, int64_t *made)
{
    (void)d;
    return model_courses_due(m, made);
}

enum ledger_status act_courses_due(struct ledger *l, const struct deed *d, int64_t *made)
{
    (void)d;
    return ledger_courses_due(l, ledger_now_us(l), made);
}

enum ledger_status expect_chores(struct model *m, const struct deed *d, int64_t *made)
{
    int64_t series, bookings, courses, levies, dates;

    (void)d;
    LEDGER_TRY(model_series_due(m, &series));
    LEDGER_TRY(model_booking_due(m, &bookings));
    LEDGER_TRY(model_courses_due(m, &courses));
    int64_t holds = model_hold_sweep(m);
    *made = series + bookings + courses + holds + model_credit_due(m);
    LEDGER_TRY(model_levy_due(m, &levies));
    LEDGER_TRY(model_standing_due(m, &dates));
    *made += levies + dates;
    return LEDGER_OK;
}

enum ledger_status act_chores(struct ledger *l, const struct deed *d, int64_t *made)
{
    (void)d;
    return ledger_chores_run(l, ledger_now_us(l), made);
}
