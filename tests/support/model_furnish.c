#include "model_furnish.h"

#include "ledger/extra.h"
#include "ledger/price.h"
#include "ledger/quota.h"

#include <stdio.h>
#include <string.h>

static const struct model_resource resources[MODEL_RESOURCES] = {
    {.name = "desk",
     .zone = "Europe/London",
     .host_id = 4,
     .currency_id = 1,
     .hour_minor = 60,
     .shortest_min = 60,
     .longest_min = LEDGER_DAY_MINUTES,
     .horizon_days = 90,
     .series_days = 400},
    {.name = "studio",
     .zone = "Europe/London",
     .host_id = 5,
     .pool_id = 8,
     .points = 1500,
     .currency_id = 1,
     .hour_minor = 120,
     .peak_minor = 160,
     .half_day_minor = 400,
     .day_minor = 600,
     .guest_minor = 200,
     .weekdays_only = true,
     .shortest_min = 60,
     .longest_min = 600,
     .horizon_days = 60,
     .series_days = 120},
    {.name = "van",
     .zone = "America/New_York",
     .host_id = 9,
     .pool_id = 16,
     .points = 3333,
     .currency_id = 2,
     .hour_minor = 7,
     .shortest_min = 30,
     .longest_min = 300,
     .horizon_days = 30,
     .series_days = 20,
     .at_once = 1},
};

static const int64_t providers[MODEL_COURSES] = {3, 6, 12, 15};

/* Now by the clock of the place. */
static int32_t today_of(struct region *r, int64_t id)
{
    struct ledger_resource made;
    int32_t day;

    OK(r, ledger_resource_get(r->l, id, &made));
    OK(r, ledger_resource_today(r->l, &made, &day));
    return day;
}

/* Where it has that price at all. */
static void set_price(struct region *r, struct ledger_price price, int64_t amount_minor)
{
    price.amount_minor = amount_minor;
    price.from_on = today_of(r, price.resource_id);
    if (amount_minor)
        OK(r, ledger_price_set(r->l, &price, &region_why));
}

static void set_prices(struct region *r, int64_t id, const struct model_resource *m)
{
    struct ledger_price hour = {
        .resource_id = id, .currency_id = m->currency_id, .booker = LEDGER_BY_MEMBER};
    struct ledger_price peak = hour;
    struct ledger_price half_day = hour;
    struct ledger_price day = hour;
    struct ledger_price guest = hour;

    peak.peak = LEDGER_PEAK;
    half_day.unit = LEDGER_PER_HALF_DAY;
    day.unit = LEDGER_PER_DAY;
    guest.booker = LEDGER_BY_GUEST;
    set_price(r, hour, m->hour_minor);
    set_price(r, peak, m->peak_minor);
    set_price(r, half_day, m->half_day_minor);
    set_price(r, day, m->day_minor);
    set_price(r, guest, m->guest_minor);
}

static void set_share_and_quota(struct region *r, int64_t id, const struct model_resource *m)
{
    struct ledger_share share = {
        .resource_id = id, .points = (int)m->points, .from_on = today_of(r, id)};
    struct ledger_quota quota = {.resource_id = id,
                                 .kind = LEDGER_QUOTA_LIVE,
                                 .amount = (int)m->at_once,
                                 .from_on = today_of(r, id)};

    if (m->pool_id) {
        model_handle(m->pool_id, share.pool);
        OK(r, ledger_share_set(r->l, &share, &region_why));
    }
    if (m->at_once)
        OK(r, ledger_quota_set(r->l, &quota, &region_why));
}

static void add_resource(struct region *r, const struct model_resource *m)
{
    struct ledger_resource made = {.terms = ledger_terms_default()};
    struct ledger_terms *t = &made.terms;

    snprintf(made.zone, sizeof made.zone, "%s", m->zone);
    snprintf(made.name, sizeof made.name, "%s", m->name);
    snprintf(t->title, sizeof t->title, "%s", m->name);
    model_handle(m->host_id, made.host);
    if (m->weekdays_only) {
        snprintf(t->opening, sizeof t->opening, "mon-fri 08:00-18:00");
        snprintf(t->peak, sizeof t->peak, "mon-fri 09:00-12:00");
    }
    t->shortest_min = (int)m->shortest_min;
    t->longest_min = (int)m->longest_min;
    t->horizon_days = (int)m->horizon_days;
    t->series_days = (int)m->series_days;
    OK(r, ledger_resource_add(r->l, &made, &region_why));
    set_prices(r, made.id, m);
    set_share_and_quota(r, made.id, m);
}

static void add_extra(struct region *r, const struct model_extra *m)
{
    struct ledger_extra e = {.id = 0};
    struct ledger_extra_price p = {.currency_id = m->currency_id,
                                   .amount_minor = m->each_minor,
                                   .from_on = ledger_today(r->l)};

    model_handle(m->host_id, e.host);
    snprintf(e.name, sizeof e.name, "%s", m->name);
    snprintf(e.title, sizeof e.title, "%s", m->name);
    OK(r, ledger_extra_add(r->l, &e));
    p.extra_id = e.id;
    OK(r, ledger_extra_price_set(r->l, &p, &region_why));
}

static void add_course(struct region *r, int64_t provider_id)
{
    const struct ledger_course_draft draft = {
        .title = "Accounts", .language = "en", .threshold_percent = MODEL_THRESHOLD};
    int64_t id;

    OK(r, ledger_course_add(r->l, provider_id, &draft, &region_why, &id));
}

void model_furnish(struct model *m, struct region *r)
{
    memcpy(m->resources, resources, sizeof resources);
    memcpy(m->providers_of, providers, sizeof providers);
    for (int i = 0; i < MODEL_RESOURCES; i++) {
        m->resources[i].terms = m->terms_count;
        m->terms[m->terms_count++] =
            (struct model_terms){.capacity = 1, .answer_hours = 48, .no_show_percent = 100};
        add_resource(r, &resources[i]);
        if (resources[i].at_once) {
            m->quotas[m->quota_count++] = (struct model_quota){.resource_id = i + 1,
                                                               .kind = LEDGER_QUOTA_LIVE,
                                                               .amount = resources[i].at_once,
                                                               .from_on = today_of(r, i + 1)};
        }
    }
    for (int i = 0; i < MODEL_EXTRAS; i++)
        add_extra(r, &model_extras[i]);
    for (int i = 0; i < MODEL_COURSES; i++)
        add_course(r, providers[i]);
}
