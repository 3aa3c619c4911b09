#include "model.h"

#include <assert.h>

#define MINUTE_US INT64_C(60000000)
#define DAY_US INT64_C(86400000000)
#define QUARTER_MIN 15
#define QUARTERS_MAX 96
#define HALF_DAY_QUARTERS 16

const char *const model_bands[MODEL_BANDS] = {"", "48h 100%, 12h 50%", "1h 90%"};

static int64_t less(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What a cancellation so long before the beginning gives back. */
int64_t model_percent_back(int64_t bands, int64_t left_us)
{
    if (bands == 1)
        return left_us >= 48 * 60 * MINUTE_US ? 100 : left_us >= 12 * 60 * MINUTE_US ? 50 : 0;
    return bands == 2 && left_us >= 60 * MINUTE_US ? 90 : 0;
}

static struct model_resource *resource(struct model *m, int64_t id)
{
    return id >= 1 && id <= MODEL_RESOURCES ? &m->resources[id - 1] : NULL;
}

static const struct model_terms *terms_now(struct model *m, const struct model_resource *r)
{
    return &m->terms[r->terms];
}

enum ledger_status model_terms_set(struct model *m, int64_t resource_id,
                                   const struct model_terms *terms, const char *reason)
{
    struct model_resource *r = resource(m, resource_id);
    int64_t at_us;

    if (terms->capacity < 1 || terms->capacity > LEDGER_CAPACITY_MAX)
        return LEDGER_NUMBER_MALFORMED;
    LEDGER_TRY(model_reason(reason));
    for (int64_t i = 0; i < m->live_count; i++) {
        const struct model_booking *b = &m->bookings[m->live[i] - 1];
        if (b->resource_id == resource_id && b->unit >= terms->capacity)
            return LEDGER_RESOURCE_BOOKED;
    }
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->terms_count < m->rows_max);
    m->terms[m->terms_count] = *terms;
    model_put(m, &r->terms, m->terms_count);
    model_put(m, &m->terms_count, m->terms_count + 1);
    return LEDGER_OK;
}

struct model_booking *model_booking(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->booking_count ? &m->bookings[id - 1] : NULL;
}

enum ledger_booking_state model_booking_state(const struct model *m, const struct model_booking *b)
{
    bool waits = b->state == LEDGER_PLANNED || b->state == LEDGER_HELD;

    return waits && b->due_us && b->due_us <= m->now_us ? LEDGER_EXPIRED
                                                        : (enum ledger_booking_state)b->state;
}

bool model_booking_is_live(int64_t state)
{
    return state == LEDGER_PLANNED || state == LEDGER_HELD || state == LEDGER_CONFIRMED ||
           state == LEDGER_CHECKED_IN;
}

bool model_pool_needs(const struct model *m, int64_t member_id)
{
    for (int i = 0; i < MODEL_RESOURCES; i++)
        if (m->resources[i].host_id == member_id && !m->terms[m->resources[i].terms].retired)
            return true;
    for (int64_t i = 0; i < m->live_count; i++) {
        const struct model_booking *b = &m->bookings[m->live[i] - 1];
        int64_t host_id = m->resources[b->resource_id - 1].host_id;
        if ((b->member_id == member_id || host_id == member_id) &&
            model_booking_is_live(model_booking_state(m, b)))
            return true;
    }
    return false;
}

static bool is_open(const struct model *m, const struct model_resource *r, int64_t from_us,
                    int64_t to_us)
{
    int64_t weekday, end_weekday;
    int64_t from_min = model_minute(from_us, &weekday);
    int64_t to_min = model_minute(to_us, &end_weekday);

    if (model_is_closed(m, r - m->resources + 1, from_us, to_us))
        return false;
    if (!r->weekdays_only)
        return true;
    return model_day(from_us) == model_day(to_us) && weekday <= 5 && from_min >= 8 * 60 &&
           to_min <= 18 * 60;
}

/* The dates of a series as far ahead as series may lie, but what is on hold as far as a hold goes. */
static int64_t horizon_days(const struct model_resource *r, const struct model_booking *b)
{
    int64_t days = b->series_id && r->series_days ? r->series_days : r->horizon_days;

    return b->state == LEDGER_PLANNED ? days : less(days, LEDGER_HORIZON_DAYS_MAX);
}

/* `began`: only the end is new. */
static enum ledger_status check_slot(struct model *m, const struct model_resource *r,
                                     const struct model_booking *b, bool began)
{
    int64_t from_us = b->from_us;
    int64_t to_us = b->to_us;
    int64_t minutes = (to_us - from_us) / MINUTE_US;

    if (terms_now(m, r)->retired)
        return LEDGER_RESOURCE_GONE;
    if (minutes <= 0)
        return LEDGER_BOOKING_BACKWARDS;
    if (from_us % (QUARTER_MIN * MINUTE_US) || to_us % (QUARTER_MIN * MINUTE_US))
        return LEDGER_BOOKING_OFF_GRID;
    if (minutes < r->shortest_min)
        return LEDGER_BOOKING_TOO_SHORT;
    if (minutes > r->longest_min)
        return LEDGER_BOOKING_TOO_LONG;
    if (began ? to_us <= m->now_us : from_us < m->now_us)
        return LEDGER_BOOKING_IN_PAST;
    if (model_day(from_us) > model_today(m) + horizon_days(r, b))
        return LEDGER_BOOKING_TOO_FAR;
    return is_open(m, r, from_us, to_us) ? LEDGER_OK : LEDGER_BOOKING_CLOSED;
}

static bool is_free(const struct model *m, const struct model_booking *b, int64_t besides)
{
    for (int64_t i = 0; i < m->live_count; i++) {
        const struct model_booking *other = &m->bookings[m->live[i] - 1];
        if (m->live[i] != besides && other->resource_id == b->resource_id &&
            other->unit == b->unit && other->busy_from_us < b->busy_to_us &&
            other->busy_to_us > b->busy_from_us)
            return false;
    }
    return true;
}

/* The unit it has, where that is free; else the next. */
static enum ledger_status find_unit(struct model *m, const struct model_resource *r,
                                    struct model_booking *b, int64_t besides)
{
    const struct model_terms *t = terms_now(m, r);
    int64_t wished = b->unit < t->capacity ? b->unit : 0;

    b->busy_from_us = b->from_us - t->before_min * MINUTE_US;
    b->busy_to_us = b->to_us + t->after_min * MINUTE_US;
    for (int64_t i = 0; i < t->capacity; i++) {
        b->unit = (wished + i) % t->capacity;
        if (is_free(m, b, besides))
            return LEDGER_OK;
    }
    return LEDGER_BOOKING_TAKEN;
}

static int64_t hour_minor(const struct model_resource *r, bool guest, int64_t at_us)
{
    int64_t weekday;
    int64_t minute = model_minute(at_us, &weekday);

    if (guest && r->guest_minor)
        return r->guest_minor;
    return r->peak_minor && weekday <= 5 && minute >= 9 * 60 && minute < 12 * 60 ? r->peak_minor
                                                                                 : r->hour_minor;
}

/* In sixtieths of a unit, from each quarter of an hour to the end. Half days and days only where it closes at night. */
static int64_t price(const struct model_resource *r, bool guest, int64_t from_us, int64_t to_us)
{
    int64_t cost[QUARTERS_MAX + 1];
    int64_t n = (to_us - from_us) / MINUTE_US / QUARTER_MIN;
    bool by_the_hour = guest && r->guest_minor;

    assert(n <= QUARTERS_MAX);
    cost[n] = 0;
    for (int64_t i = n - 1; i >= 0; i--) {
        int64_t at_us = from_us + i * QUARTER_MIN * MINUTE_US;
        cost[i] = hour_minor(r, guest, at_us) * QUARTER_MIN + cost[i + 1];
        if (r->half_day_minor && !by_the_hour)
            cost[i] = less(cost[i], r->half_day_minor * 60 + cost[less(i + HALF_DAY_QUARTERS, n)]);
    }
    if (r->day_minor && !by_the_hour)
        cost[0] = less(cost[0], r->day_minor * 60);
    return (cost[0] + 30) / 60;
}

/* The pool's part, to the nearest unit; of two halves the pool has the greater. */
int64_t model_pool_part(const struct model_resource *r, int64_t amount_minor)
{
    return r->pool_id ? (amount_minor * r->points + 5000) / 10000 : 0;
}

static enum ledger_status price_extra(const struct model_resource *r, struct model_booking *b)
{
    if (b->extra_id == 0)
        return LEDGER_OK;
    if (b->quantity < 1 || b->quantity > LEDGER_EXTRA_QUANTITY_MAX)
        return LEDGER_NUMBER_MALFORMED;
    if (b->extra_id > MODEL_EXTRAS)
        return LEDGER_NO_SUCH_EXTRA;
    const struct model_extra *e = &model_extras[b->extra_id - 1];
    if (e->host_id != r->host_id)
        return LEDGER_NO_SUCH_EXTRA;
    if (e->currency_id != b->currency_id)
        return LEDGER_NO_PRICE;
    b->amount_minor += e->each_minor * b->quantity;
    return LEDGER_OK;
}

/* The host is at home; the pool pays no share to itself. */
enum ledger_status model_booking_price(struct model *m, struct model_booking *b, int64_t besides)
{
    const struct model_resource *r = resource(m, b->resource_id);

    b->amount_minor = b->included_min = 0;
    if (b->member_id == r->host_id)
        return LEDGER_OK;
    if (b->currency_id && b->currency_id != r->currency_id)
        return LEDGER_NO_PRICE;
    b->currency_id = r->currency_id;
    model_use_zone(r->zone);
    if (!b->guest)
        b->included_min = model_quota_included(m, b, besides);
    b->amount_minor = price(r, b->guest, b->from_us + b->included_min * MINUTE_US, b->to_us);
    model_use_zone(NULL);
    LEDGER_TRY(price_extra(r, b));
    if (b->member_id == r->pool_id)
        b->amount_minor -= model_pool_part(r, b->amount_minor);
    return LEDGER_OK;
}

/* A host uses its own as it likes. */
static enum ledger_status check_time(struct model *m, const struct model_resource *r,
                                     const struct model_booking *wish, int64_t besides, bool began)
{
    LEDGER_TRY(check_slot(m, r, wish, began));
    return wish->member_id == r->host_id ? LEDGER_OK : model_quota_check(m, wish, besides);
}

enum ledger_status model_booking_plan(struct model *m, struct model_booking *wish, int64_t besides,
                                      bool began)
{
    const struct model_resource *r = resource(m, wish->resource_id);

    if (!r)
        return LEDGER_NO_SUCH_RESOURCE;
    if (!model_has_member(m, wish->member_id))
        return LEDGER_NO_SUCH_MEMBER;
    if (m->members[wish->member_id - 1].state != LEDGER_ACTIVE)
        return LEDGER_MEMBER_NOT_ACTIVE;
    model_use_zone(r->zone);
    enum ledger_status status = check_time(m, r, wish, besides, began);
    model_use_zone(NULL);
    LEDGER_TRY(status);
    LEDGER_TRY(find_unit(m, r, wish, besides));
    return model_booking_price(m, wish, besides);
}
