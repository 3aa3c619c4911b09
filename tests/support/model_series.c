#include "model.h"

#include <assert.h>

#define DAY_US INT64_C(86400000000)
#define AHEAD_US (LEDGER_SERIES_AHEAD_DAYS * DAY_US)
#define GRACE_US (LEDGER_SERIES_GRACE_DAYS * DAY_US)

static int64_t less(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What begins within 35 days has its hold at once, unless it is paid in arrears. */
static enum ledger_status book_day(struct model *m, const struct model_series *s, int64_t series_id,
                                   int64_t day, int64_t near_us, int64_t *booking_id)
{
    struct ledger_booking_draft d = {.resource_id = s->resource_id,
                                     .member_id = s->member_id,
                                     .guest = s->guest,
                                     .series_id = series_id,
                                     .arrears = s->arrears};

    model_use_zone(m->resources[s->resource_id - 1].zone);
    d.from_us = model_instant(day, s->from_min);
    d.to_us = model_instant(day, s->to_min);
    int64_t month_us = model_after_month(day);
    model_use_zone(NULL);
    d.planned = s->arrears || d.from_us >= near_us;
    LEDGER_TRY(model_booking_make(m, &d, booking_id));
    if (d.planned)
        model_put(m, &model_booking(m, *booking_id)->series_at_us,
                  s->arrears ? month_us : d.from_us - AHEAD_US);
    return LEDGER_OK;
}

static void write_date(struct model *m, int64_t day, int64_t booking_id, int64_t status)
{
    assert(m->date_count < 4 * m->rows_max);
    m->dates[m->date_count] = (struct model_date){day, booking_id, status};
    model_put(m, &m->date_count, m->date_count + 1);
}

static enum ledger_status book_days(struct model *m, const struct model_series *s,
                                    int64_t series_id)
{
    int64_t near_us = m->now_us + AHEAD_US;
    bool booked = false;

    for (int64_t i = 0; i < s->count; i++) {
        int64_t day = s->first_on + i * s->every_days;
        int64_t booking_id = 0;
        enum ledger_status status = book_day(m, s, series_id, day, near_us, &booking_id);
        booked = booked || status == LEDGER_OK;
        if (status != LEDGER_OK && (!s->skips || (!booked && i + 1 == s->count)))
            return status;
        write_date(m, day, status == LEDGER_OK ? booking_id : 0, status);
    }
    return LEDGER_OK;
}

enum ledger_status model_series_make(struct model *m, const struct model_series *series,
                                     int64_t *id)
{
    int64_t at_us;

    if (series->resource_id < 1 || series->resource_id > MODEL_RESOURCES)
        return LEDGER_NO_SUCH_RESOURCE;
    if (!model_has_member(m, series->member_id))
        return LEDGER_NO_SUCH_MEMBER;
    if (series->count > LEDGER_RECURRENCE_MAX)
        return LEDGER_RULE_TOO_LONG;
    if (series->to_min <= series->from_min)
        return LEDGER_BOOKING_BACKWARDS;
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->series_count < m->rows_max);
    struct model_series *s = &m->series[m->series_count];
    *s = *series;
    s->first_date = m->date_count;
    model_put(m, &m->series_count, m->series_count + 1);
    *id = m->series_count;
    model_touch_series(m, *id);
    LEDGER_TRY(book_days(m, s, *id));
    model_put(m, &s->date_count, s->count);
    return LEDGER_OK;
}

enum ledger_status model_series_cancel(struct model *m, int64_t id, bool by_host,
                                       const char *reason, int64_t *count)
{
    *count = 0;
    LEDGER_TRY(model_reason(reason));
    if (id < 1 || id > m->series_count)
        return LEDGER_NO_SUCH_SERIES;
    const struct model_series *s = &m->series[id - 1];
    for (int64_t i = s->first_date; i < s->first_date + s->date_count; i++) {
        const struct model_booking *b = model_booking(m, m->dates[i].booking_id);
        if (!b || !model_booking_is_live(model_booking_state(m, b)) || b->from_us <= m->now_us)
            continue;
        LEDGER_TRY(model_booking_cancel(m, m->dates[i].booking_id, by_host, reason));
        ++*count;
    }
    return LEDGER_OK;
}

static void tell(struct model *m, int64_t booking_id, enum ledger_series_notice_kind kind,
                 enum ledger_status why, int64_t until_us)
{
    assert(m->notice_count < m->rows_max);
    m->notices[m->notice_count] =
        (struct model_notice){.series_id = model_booking(m, booking_id)->series_id,
                              .booking_id = booking_id,
                              .kind = kind,
                              .why = why,
                              .at_us = m->now_us > m->last_us ? m->now_us : m->last_us,
                              .until_us = until_us};
    model_put(m, &m->notice_count, m->notice_count + 1);
}

static void put_off(struct model *m, struct model_booking *b, int64_t at_us, int64_t until_us)
{
    model_put(m, &b->series_at_us, at_us);
    model_put(m, &b->series_until_us, until_us);
}

/* Its time is kept for a week, at most to its beginning, and its hold tried each day. */
static enum ledger_status after_refusal(struct model *m, int64_t id, enum ledger_status status)
{
    struct model_booking *b = model_booking(m, id);
    int64_t until_us = b->series_until_us;

    if (until_us && m->now_us >= until_us) {
        LEDGER_TRY(model_booking_cancel(m, id, true, "the grace is over"));
        tell(m, id, LEDGER_SERIES_FREED, status, 0);
        put_off(m, b, INT64_MAX, 0);
        return LEDGER_OK;
    }
    if (!until_us) {
        until_us = less(m->now_us + GRACE_US, b->from_us);
        tell(m, id, LEDGER_SERIES_REFUSED, status, until_us);
    }
    put_off(m, b, less(m->now_us + DAY_US, until_us), until_us);
    return LEDGER_OK;
}

static enum ledger_status place_hold(struct model *m, int64_t id)
{
    struct model_booking *b = model_booking(m, id);
    int64_t until_us = b->series_until_us;

    if (b->from_us - AHEAD_US > m->now_us) {
        put_off(m, b, b->from_us - AHEAD_US, until_us);
        return LEDGER_OK;
    }
    enum ledger_status status = model_booking_fund(m, id);
    if (status != LEDGER_OK)
        return after_refusal(m, id, status);
    if (until_us)
        tell(m, id, LEDGER_SERIES_FUNDED, LEDGER_OK, 0);
    put_off(m, b, INT64_MAX, 0);
    return LEDGER_OK;
}

static enum ledger_status take_payment(struct model *m, int64_t id)
{
    LEDGER_TRY(model_booking_fund(m, id));
    return model_booking_complete(m, id);
}

/* A month's: tried again each day, and told of once. */
static void settle(struct model *m, int64_t id)
{
    struct model_booking *b = model_booking(m, id);

    if (b->to_us > m->now_us) {
        put_off(m, b, b->to_us, b->series_until_us);
        return;
    }
    enum ledger_status status = take_payment(m, id);
    if (status == LEDGER_OK) {
        put_off(m, b, INT64_MAX, 0);
        return;
    }
    if (!b->series_until_us)
        tell(m, id, LEDGER_SERIES_UNPAID, status, 0);
    put_off(m, b, m->now_us + DAY_US, m->now_us);
}

static enum ledger_status do_due(struct model *m, int64_t id)
{
    struct model_booking *b = model_booking(m, id);
    enum ledger_booking_state state = model_booking_state(m, b);

    if (state == LEDGER_EXPIRED && b->series_until_us)
        tell(m, id, LEDGER_SERIES_FREED, LEDGER_OK, 0);
    if (state != LEDGER_PLANNED) {
        put_off(m, b, INT64_MAX, 0);
        return LEDGER_OK;
    }
    if (!b->arrears)
        return place_hold(m, id);
    settle(m, id);
    return LEDGER_OK;
}

/* What has lapsed waits for being written so. */
static bool lapses(const struct model *m, const struct model_booking *b)
{
    return b->state == LEDGER_PLANNED && model_booking_state(m, b) == LEDGER_EXPIRED;
}

/* The next in order of time and number after (at_us, id), as it stood when the run began. */
static int64_t next_due(const struct model *m, const int64_t *done, int64_t count)
{
    int64_t first = 0;

    for (int64_t id = 1; id <= m->booking_count; id++) {
        int64_t at_us = m->bookings[id - 1].series_at_us;
        bool again = lapses(m, &m->bookings[id - 1]);
        for (int64_t i = 0; i < count && !again; i++)
            again = done[i] == id;
        if (!again && at_us <= m->now_us && (!first || at_us < m->bookings[first - 1].series_at_us))
            first = id;
    }
    return first;
}

enum ledger_status model_series_due(struct model *m, int64_t *count)
{
    int64_t ids[LEDGER_SERIES_DUE_MAX];
    int64_t found = 0;

    for (int64_t id; found < LEDGER_SERIES_DUE_MAX && (id = next_due(m, ids, found)) != 0; found++)
        ids[found] = id;
    for (*count = 0; *count < found; ++*count)
        LEDGER_TRY(do_due(m, ids[*count]));
    return LEDGER_OK;
}
