#include "deed.h"

#include "ledger/extra.h"
#include "ledger/resource.h"
#include "region.h"

#include <stdio.h>

#define MINUTE_US INT64_C(60000000)
#define QUARTER_US (15 * MINUTE_US)
#define DAY_US INT64_C(86400000000)
#define DAYS_AHEAD 3

/* Mostly one of the first members, who meet again. */
static int64_t draw_booker(struct draw *draw)
{
    int64_t id = draw_some_member(draw);

    for (int tries = 0; tries < 20 && !draw_one_in(draw, 15); tries++) {
        id = 1 + draw_below(draw, draw_one_in(draw, 4) ? draw->m->member_count : 6);
        if (draw->m->members[id - 1].state == LEDGER_ACTIVE)
            break;
    }
    return id;
}

/* By day, within some days; now and then off the grid, at night, in the past or far ahead. */
static void draw_times(struct draw *draw, struct deed *d)
{
    int64_t today_us = draw->m->now_us / DAY_US * DAY_US;
    int64_t days = draw_below(draw, DAYS_AHEAD);

    if (draw_one_in(draw, 40))
        days = draw_between(draw, -1, 100);
    d->from_us = today_us + days * DAY_US + draw_between(draw, 34, 50) * QUARTER_US;
    if (draw_one_in(draw, 12))
        d->from_us = today_us + days * DAY_US + draw_below(draw, 96) * QUARTER_US;
    if (draw_one_in(draw, 80))
        d->from_us += 5 * MINUTE_US;
    d->to_us = d->from_us + draw_between(draw, 4, draw_one_in(draw, 3) ? 44 : 14) * QUARTER_US;
    if (draw_one_in(draw, 60))
        d->to_us = d->from_us + draw_between(draw, -1, 3) * QUARTER_US;
}

/* Mostly the extra of the host, who takes none itself. */
static void draw_extra_of(struct draw *draw, struct deed *d)
{
    bool at_home = d->resource_id > MODEL_RESOURCES ||
                   draw->m->resources[d->resource_id - 1].host_id == d->member_id;

    if (at_home || !draw_one_in(draw, 4))
        return;
    d->extra_id = draw_one_in(draw, 12) ? draw_between(draw, 1, MODEL_EXTRAS + 1) : d->resource_id;
    d->quantity = draw_one_in(draw, 40) ? draw_below(draw, 2) * (LEDGER_EXTRA_QUANTITY_MAX + 1)
                                        : draw_between(draw, 1, 4);
}

void draw_booking(struct draw *draw, struct deed *d)
{
    d->resource_id =
        draw_one_in(draw, 150) ? MODEL_RESOURCES + 1 : 1 + draw_below(draw, MODEL_RESOURCES);
    if (draw_one_in(draw, 2))
        d->resource_id = MODEL_STUDIO;
    d->member_id = draw_booker(draw);
    draw_times(draw, d);
    d->guest = draw_one_in(draw, 6);
    d->planned = draw_one_in(draw, 8);
    d->currency_id = draw_one_in(draw, 30) ? 1 + draw_below(draw, 2) : 0;
    d->wait_us = draw_one_in(draw, 5) ? draw_between(draw, 1, 600) * MINUTE_US : 0;
    draw_extra_of(draw, d);
}

static struct ledger_booking_draft booking_draft(const struct deed *d,
                                                 struct ledger_extra_order *order)
{
    *order = (struct ledger_extra_order){d->extra_id, (int)d->quantity};
    return (struct ledger_booking_draft){.resource_id = d->resource_id,
                                         .member_id = d->member_id,
                                         .from_us = d->from_us,
                                         .to_us = d->to_us,
                                         .guest = d->guest,
                                         .currency_id = d->currency_id,
                                         .held_for_us = d->wait_us,
                                         .planned = d->planned,
                                         .extras = order,
                                         .extra_count = d->extra_id ? 1 : 0};
}

enum ledger_status expect_booking(struct model *m, const struct deed *d, int64_t *made)
{
    struct ledger_extra_order order;
    const struct ledger_booking_draft draft = booking_draft(d, &order);

    return model_booking_make(m, &draft, made);
}

enum ledger_status act_booking(struct ledger *l, const struct deed *d, int64_t *made)
{
    struct ledger_extra_order order;
    const struct ledger_booking_draft draft = booking_draft(d, &order);
    const struct ledger_why why = deed_why(d);

    return ledger_booking_make(l, &draft, &why, made);
}

/* Mostly a live one in the state that is wanted. */
static int64_t draw_booking_id(struct draw *draw, unsigned states)
{
    struct model *m = draw->m;

    for (int tries = 0; tries < 60 && m->live_count > 0; tries++) {
        int64_t id = m->live[draw_below(draw, m->live_count)];
        if (draw_one_in(draw, 25) || states & 1U << model_booking(m, id)->state)
            return id;
    }
    return draw_below(draw, m->booking_count + 2);
}

#define HELD (1U << LEDGER_HELD)
#define PLANNED (1U << LEDGER_PLANNED)
#define CONFIRMED (1U << LEDGER_CONFIRMED)
#define PRESENT (CONFIRMED | 1U << LEDGER_CHECKED_IN)

/* Longer, shorter, elsewhere. */
void draw_move(struct draw *draw, struct deed *d)
{
    d->id = draw_booking_id(draw, PLANNED | HELD | PRESENT);
    const struct model_booking *b = model_booking(draw->m, d->id);
    draw_times(draw, d);
    if (!b || draw_one_in(draw, 3))
        return;
    int64_t by_us = draw_between(draw, -8, 8) * QUARTER_US;
    bool whole = draw_one_in(draw, 3);
    d->from_us = b->from_us + (whole ? by_us : 0);
    d->to_us = b->to_us + by_us;
}

enum ledger_status expect_move(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_booking_move(m, d->id, d->from_us, d->to_us);
}

enum ledger_status act_move(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_booking_move(l, d->id, d->from_us, d->to_us, &why);
}

void draw_fund(struct draw *draw, struct deed *d)
{
    d->id = draw_booking_id(draw, PLANNED);
}

enum ledger_status expect_fund(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_booking_fund(m, d->id);
}

enum ledger_status act_fund(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_booking_fund(l, d->id, &why);
}

void draw_confirmation(struct draw *draw, struct deed *d)
{
    d->id = draw_booking_id(draw, HELD);
}

enum ledger_status expect_confirmation(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_booking_confirm(m, d->id);
}

enum ledger_status act_confirmation(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_booking_confirm(l, d->id, &why);
}

void draw_rejection(struct draw *draw, struct deed *d)
{
    d->id = draw_booking_id(draw, HELD);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_rejection(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_booking_reject(m, d->id, d->reason);
}

enum ledger_status act_rejection(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_booking_reject(l, d->id, &why);
}

/* Mostly one whose time it is. */
static int64_t draw_begun(struct draw *draw, unsigned states)
{
    const struct model *m = draw->m;

    for (int tries = 0; tries < 100 && m->live_count > 0; tries++) {
        int64_t id = m->live[draw_below(draw, m->live_count)];
        const struct model_booking *b = &m->bookings[id - 1];
        if (states & 1U << b->state && b->from_us - 40 * MINUTE_US <= m->now_us)
            return id;
    }
    return draw_booking_id(draw, states);
}

void draw_check_in(struct draw *draw, struct deed *d)
{
    d->id = draw_begun(draw, CONFIRMED);
}

enum ledger_status expect_check_in(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_booking_check_in(m, d->id);
}

enum ledger_status act_check_in(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_booking_check_in(l, d->id, &why);
}

void draw_completion(struct draw *draw, struct deed *d)
{
    d->id = draw_begun(draw, PRESENT);
}

enum ledger_status expect_completion(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_booking_complete(m, d->id);
}

enum ledger_status act_completion(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_booking_complete(l, d->id, &why);
}

void draw_no_show(struct draw *draw, struct deed *d)
{
    d->id = draw_begun(draw, CONFIRMED);
}

enum ledger_status expect_no_show(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_booking_no_show(m, d->id);
}

enum ledger_status act_no_show(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_booking_no_show(l, d->id, &why);
}

void draw_cancellation(struct draw *draw, struct deed *d)
{
    d->id = draw_booking_id(draw, PLANNED | HELD | PRESENT);
    d->by_host = draw_one_in(draw, 3);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_cancellation(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_booking_cancel(m, d->id, d->by_host, d->reason);
}

enum ledger_status act_cancellation(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_booking_cancel(l, d->id, d->by_host, &why);
}

void draw_terms(struct draw *draw, struct deed *d)
{
    d->resource_id = 1 + draw_below(draw, MODEL_RESOURCES);
    d->terms = draw->m->terms[draw->m->resources[d->resource_id - 1].terms];
    d->terms.capacity = draw_one_in(draw, 20)  ? 0
                        : draw_one_in(draw, 2) ? 1
                                               : draw_between(draw, 1, 3);
    d->terms.before_min = 15 * draw_below(draw, 2);
    d->terms.after_min = 15 * draw_below(draw, 2);
    d->terms.bands = draw_below(draw, MODEL_BANDS);
    d->terms.answer_hours = draw_between(draw, 1, 30);
    d->terms.grace_min = draw_one_in(draw, 2) ? 0 : 30;
    d->terms.no_show_percent = draw_between(draw, 0, 4) * 25;
    d->terms.host_word = draw_one_in(draw, 3);
    d->terms.retired = draw_one_in(draw, 14);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_terms(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->resource_id;
    return model_terms_set(m, d->resource_id, &d->terms, d->reason);
}

enum ledger_status act_terms(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);
    struct ledger_resource r;

    *made = d->resource_id;
    LEDGER_TRY(ledger_resource_get(l, d->resource_id, &r));
    r.terms.capacity = (int)d->terms.capacity;
    r.terms.before_min = (int)d->terms.before_min;
    r.terms.after_min = (int)d->terms.after_min;
    snprintf(r.terms.bands, sizeof r.terms.bands, "%s", model_bands[d->terms.bands]);
    r.terms.answer_hours = (int)d->terms.answer_hours;
    r.terms.grace_min = (int)d->terms.grace_min;
    r.terms.no_show_percent = (int)d->terms.no_show_percent;
    r.terms.host_word = d->terms.host_word;
    r.terms.retired = d->terms.retired;
    return ledger_resource_set(l, &r, &why);
}

/* By day or by week, within the horizon or a little beyond it. */
void draw_series(struct draw *draw, struct deed *d)
{
    struct model_series *s = &d->series;

    d->resource_id =
        draw_one_in(draw, 60) ? MODEL_RESOURCES + 1 : 1 + draw_below(draw, MODEL_RESOURCES);
    s->resource_id = d->resource_id;
    s->member_id = d->member_id = draw_booker(draw);
    s->guest = draw_one_in(draw, 6);
    s->skips = draw_one_in(draw, 2);
    s->arrears = draw_one_in(draw, 4);
    s->first_on = model_today(draw->m) + draw_below(draw, draw_one_in(draw, 2) ? 60 : 4);
    s->from_min = draw_between(draw, 32, 60) * 15;
    s->to_min = s->from_min + draw_between(draw, draw_one_in(draw, 30) ? -1 : 3, 12) * 15;
    s->every_days = draw_one_in(draw, 2) ? 7 : draw_between(draw, 1, 20);
    s->count = draw_between(draw, 1, draw_one_in(draw, 4) ? 9 : 5);
    if (draw_one_in(draw, 60))
        s->count = LEDGER_RECURRENCE_MAX + 1;
}

enum ledger_status expect_series(struct model *m, const struct deed *d, int64_t *made)
{
    return model_series_make(m, &d->series, made);
}

enum ledger_status act_series(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct model_series *s = &d->series;
    const struct ledger_why why = deed_why(d);
    char rule[LEDGER_RULE_MAX + 1];
    const struct ledger_series_draft draft = {
        .resource_id = s->resource_id,
        .member_id = s->member_id,
        .guest = s->guest,
        .skip = s->skips,
        .arrears = s->arrears,
        .rule = rule,
        .from = {(int32_t)s->first_on, (int32_t)s->from_min * 60},
        .to = {(int32_t)s->first_on, (int32_t)s->to_min * 60}};

    if (s->every_days == 7)
        snprintf(rule, sizeof rule, "FREQ=WEEKLY;COUNT=%lld", (long long)s->count);
    else
        snprintf(rule, sizeof rule, "FREQ=DAILY;INTERVAL=%lld;COUNT=%lld", (long long)s->every_days,
                 (long long)s->count);
    return ledger_series_make(l, &draft, &why, made);
}

void draw_end_of_series(struct draw *draw, struct deed *d)
{
    d->id = draw_one_in(draw, 30) ? draw->m->series_count + 1
                                  : draw->m->series_count - draw_below(draw, 10);
    d->by_host = draw_one_in(draw, 2);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_end_of_series(struct model *m, const struct deed *d, int64_t *made)
{
    return model_series_cancel(m, d->id, d->by_host, d->reason, made);
}

enum ledger_status act_end_of_series(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    return ledger_series_cancel(l, d->id, d->by_host, &why, made);
}

enum ledger_status expect_series_due(struct model *m, const struct deed *d, int64_t *made)
{
    (void)d;
    return model_series_due(m, made);
}

enum ledger_status act_series_due(struct ledger *l, const struct deed *d, int64_t *made)
{
    (void)d;
    return ledger_series_due(l, ledger_now_us(l), made);
}

enum ledger_status expect_bookings_due(struct model *m, const struct deed *d, int64_t *made)
{
    (void)d;
    return model_booking_due(m, made);
}

enum ledger_status act_bookings_due(struct ledger *l, const struct deed *d, int64_t *made)
{
    (void)d;
    return ledger_booking_due(l, ledger_now_us(l), made);
}
