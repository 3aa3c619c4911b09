/* What a host sets beside the terms: closed days, how much a member may have, extras. */
#include "model.h"

#include "ledger/date.h"

#include <assert.h>

#define MINUTE_US INT64_C(60000000)
#define DAY_US INT64_C(86400000000)
#define STEP_MIN 5

const struct model_extra model_extras[MODEL_EXTRAS] = {
    {"coffee", 4, 1, 35}, {"lunch", 5, 1, 110}, {"driver", 9, 2, 9}};

enum ledger_status model_quota_set(struct model *m, const struct model_quota *quota,
                                   const char *reason, int64_t *id)
{
    int64_t at_us;

    if (quota->amount != LEDGER_NO_QUOTA && (quota->amount < 0 || quota->amount > LEDGER_QUOTA_MAX))
        return LEDGER_NUMBER_MALFORMED;
    model_use_zone(m->resources[quota->resource_id - 1].zone);
    bool past = quota->from_on < model_today(m);
    model_use_zone(NULL);
    if (past)
        return LEDGER_BACKDATED;
    LEDGER_TRY(model_reason(reason));
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->quota_count < m->rows_max);
    m->quotas[m->quota_count] = *quota;
    model_put(m, &m->quota_count, m->quota_count + 1);
    *id = m->quota_count;
    return LEDGER_OK;
}

/* The last that was set for that day, of the latest day; LEDGER_NO_QUOTA for none. */
static int64_t in_force(const struct model *m, const struct model_booking *b, int64_t member_id,
                        int64_t kind)
{
    const struct model_quota *found = NULL;

    for (int64_t i = 0; i < m->quota_count; i++) {
        const struct model_quota *q = &m->quotas[i];
        if (q->resource_id == b->resource_id && q->member_id == member_id && q->kind == kind &&
            q->from_on <= model_day(b->from_us) && (!found || q->from_on >= found->from_on))
            found = q;
    }
    return found ? found->amount : LEDGER_NO_QUOTA;
}

/* A member's own counts instead of everybody's. */
static int64_t most_of(const struct model *m, const struct model_booking *b, int64_t kind)
{
    int64_t own = in_force(m, b, b->member_id, kind);

    return own != LEDGER_NO_QUOTA ? own : in_force(m, b, 0, kind);
}

/* Minutes of the member's others there that begin in [from_on, to_on); booked, or included in them. */
static int64_t used(const struct model *m, const struct model_booking *b, int64_t besides,
                    int64_t from_on, int64_t to_on, bool included)
{
    int64_t from_us = model_instant(from_on, 0), to_us = model_instant(to_on, 0);
    int64_t minutes = 0;

    for (int64_t i = 0; i < m->booking_count; i++) {
        const struct model_booking *other = &m->bookings[i];
        bool counts = other->state != LEDGER_CANCELLED && other->state != LEDGER_EXPIRED &&
                      other->state != LEDGER_REJECTED && i + 1 != besides;
        if (counts && other->member_id == b->member_id && other->resource_id == b->resource_id &&
            other->from_us >= from_us && other->from_us < to_us)
            minutes += included ? other->included_min : (other->to_us - other->from_us) / MINUTE_US;
    }
    return minutes;
}

/* Live ones that are not over, or their minutes. */
static int64_t ahead(const struct model *m, const struct model_booking *b, int64_t besides,
                     bool in_minutes)
{
    int64_t sum = 0;

    for (int64_t i = 0; i < m->live_count; i++) {
        const struct model_booking *other = &m->bookings[m->live[i] - 1];
        if (m->live[i] != besides && other->member_id == b->member_id &&
            other->resource_id == b->resource_id && other->to_us > m->now_us)
            sum += in_minutes ? (other->to_us - other->from_us) / MINUTE_US : 1;
    }
    return sum;
}

enum ledger_status model_quota_check(const struct model *m, const struct model_booking *b,
                                     int64_t besides)
{
    int64_t minutes = (b->to_us - b->from_us) / MINUTE_US;
    int64_t day = model_day(b->from_us);
    int64_t monday = day - ledger_date_weekday((int32_t)day) + 1;
    const int64_t spans[][3] = {{LEDGER_QUOTA_DAY, day, day + 1},
                                {LEDGER_QUOTA_WEEK, monday, monday + 7},
                                {LEDGER_QUOTA_MONTH, ledger_date_month_start((int32_t)day),
                                 ledger_date_month_end((int32_t)day) + 1}};

    for (int i = 0; i < 3; i++) {
        int64_t most = most_of(m, b, spans[i][0]);
        if (most != LEDGER_NO_QUOTA &&
            used(m, b, besides, spans[i][1], spans[i][2], false) + minutes > most)
            return LEDGER_OVER_QUOTA;
    }
    int64_t hours = most_of(m, b, LEDGER_QUOTA_AHEAD);
    int64_t live = most_of(m, b, LEDGER_QUOTA_LIVE);
    if (hours != LEDGER_NO_QUOTA && ahead(m, b, besides, true) + minutes > hours)
        return LEDGER_OVER_QUOTA;
    return live != LEDGER_NO_QUOTA && ahead(m, b, besides, false) >= live ? LEDGER_OVER_QUOTA
                                                                          : LEDGER_OK;
}

int64_t model_quota_included(const struct model *m, const struct model_booking *b, int64_t besides)
{
    int64_t day = model_day(b->from_us);
    int64_t minutes = (b->to_us - b->from_us) / MINUTE_US;
    int64_t most = most_of(m, b, LEDGER_INCLUDED);

    if (most <= 0)
        return 0;
    int64_t left = most - used(m, b, besides, ledger_date_month_start((int32_t)day),
                               ledger_date_month_end((int32_t)day) + 1, true);
    if (left <= 0)
        return 0;
    left -= left % STEP_MIN;
    return left < minutes ? left : minutes;
}

enum ledger_status model_resource_close(struct model *m, const struct model_closure *closure,
                                        const char *reason, int64_t *id)
{
    const char *zone = m->resources[closure->resource_id - 1].zone;
    int64_t at_us;

    LEDGER_TRY(model_reason(reason));
    if (closure->to_on < closure->from_on ||
        closure->to_on - closure->from_on > LEDGER_CLOSED_DAYS_MAX)
        return LEDGER_PERIOD_MALFORMED;
    model_use_zone(zone);
    bool past = closure->from_on < model_today(m);
    int64_t from_us = model_instant(closure->from_on, 0);
    int64_t to_us = model_instant(closure->to_on + 1, 0);
    model_use_zone(NULL);
    if (past)
        return LEDGER_BACKDATED;
    for (int64_t i = 0; i < m->live_count; i++) {
        const struct model_booking *b = &m->bookings[m->live[i] - 1];
        if (b->resource_id == closure->resource_id && b->from_us < to_us && b->to_us > from_us)
            return LEDGER_RESOURCE_BOOKED;
    }
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->closure_count < m->rows_max);
    m->closures[m->closure_count] = *closure;
    model_put(m, &m->closure_count, m->closure_count + 1);
    *id = m->closure_count;
    return LEDGER_OK;
}

enum ledger_status model_resource_reopen(struct model *m, int64_t resource_id, int64_t id,
                                         const char *reason)
{
    int64_t at_us;

    LEDGER_TRY(model_reason(reason));
    if (id < 1 || id > m->closure_count || m->closures[id - 1].resource_id != resource_id ||
        m->closures[id - 1].reopened)
        return LEDGER_NO_SUCH_CLOSURE;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &m->closures[id - 1].reopened, true);
    return LEDGER_OK;
}

/* On some day of it. One that ends at midnight is not of the next day. */
bool model_is_closed(const struct model *m, int64_t resource_id, int64_t from_us, int64_t to_us)
{
    for (int64_t i = 0; i < m->closure_count; i++) {
        const struct model_closure *c = &m->closures[i];
        if (c->resource_id == resource_id && !c->reopened && c->from_on <= model_day(to_us - 1) &&
            c->to_on >= model_day(from_us))
            return true;
    }
    return false;
}

enum ledger_status model_extra_pay(struct model *m, int64_t extra_id, int64_t currency_id,
                                   int64_t quantity, int64_t payer_id, int64_t *transfer_id)
{
    struct ledger_leg legs[2];
    struct ledger_transfer_draft d = {.kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = 2};

    if (extra_id < 1 || extra_id > MODEL_EXTRAS)
        return LEDGER_NO_SUCH_EXTRA;
    const struct model_extra *e = &model_extras[extra_id - 1];
    if (quantity < 1 || quantity > LEDGER_EXTRA_QUANTITY_MAX)
        return LEDGER_NUMBER_MALFORMED;
    if (currency_id != e->currency_id)
        return LEDGER_NO_PRICE;
    LEDGER_TRY(model_account_need(m, payer_id, currency_id, &legs[0].account_id));
    LEDGER_TRY(model_account_need(m, e->host_id, currency_id, &legs[1].account_id));
    legs[1].amount_minor = e->each_minor * quantity;
    legs[0].amount_minor = -legs[1].amount_minor;
    d.memo = model_words(m, "%lld × %s", (long long)quantity, e->name);
    return model_post(m, &d, transfer_id);
}
