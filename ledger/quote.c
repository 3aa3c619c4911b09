#include "quote.h"

#include "date.h"
#include "handle.h"

#include <stdio.h>
#include <string.h>

#define STEP_MIN LEDGER_OPENING_STEP_MIN
#define STEP_US (STEP_MIN * 60 * LEDGER_US_PER_SECOND)
#define STEPS_MAX 320 /* of a local day: clocks go back by some hours at most */
#define NEVER (INT64_MAX / 4)
#define CURRENCIES_MAX 8

static const char *const kind_names[] = {"time", "included", "extra", "own", "kept"};

const char *ledger_line_kind_name(enum ledger_line_kind kind)
{
    return kind_names[kind];
}

enum ledger_status ledger_line_kind_parse(const char *text, enum ledger_line_kind *kind)
{
    for (int k = LEDGER_LINE_TIME; k <= LEDGER_LINE_KEPT; k++)
        if (strcmp(text, kind_names[k]) == 0) {
            *kind = (enum ledger_line_kind)k;
            return LEDGER_OK;
        }
    return LEDGER_CHOICE_UNKNOWN;
}

/* A price, and how much of it the cheapest way takes. */
struct rate {
    int64_t id; /* 0: there is none */
    int64_t amount_minor;
    int64_t quantity; /* minutes, half days or days */
};

/* What is in force for one booker in one currency. */
struct rates {
    int64_t currency_id;
    struct rate rates[3][3]; /* by unit and peak */
};

struct lookup {
    int32_t day;
    enum ledger_booker booker;
    int64_t currency_id; /* has its place kept, or 0 */
    int count;
    bool more; /* currencies than are named */
    struct rates found[CURRENCIES_MAX + 1];
};

static bool has_any(const struct rates *r)
{
    for (int u = LEDGER_PER_HOUR; u <= LEDGER_PER_DAY; u++)
        for (int p = LEDGER_ANY_TIME; p <= LEDGER_OFF_PEAK; p++)
            if (r->rates[u][p].id)
                return true;
    return false;
}

/* Later rows overrule earlier ones. */
static enum ledger_status note_price(void *ctx, const struct ledger_price *p)
{
    struct lookup *look = ctx;
    int i = 0;

    if (p->booker != look->booker || p->from_on > look->day)
        return LEDGER_OK;
    while (i < look->count && look->found[i].currency_id != p->currency_id)
        i++;
    if (i >= CURRENCIES_MAX && i == look->count && p->currency_id != look->currency_id) {
        look->more = true;
        return LEDGER_OK;
    }
    if (i == look->count)
        look->found[look->count++] = (struct rates){.currency_id = p->currency_id};
    look->found[i].rates[p->unit][p->peak] =
        (struct rate){.id = p->gone ? 0 : p->id, .amount_minor = p->amount_minor};
    return LEDGER_OK;
}

static void drop_empty(struct lookup *look)
{
    int kept = 0;

    for (int i = 0; i < look->count; i++)
        if (has_any(&look->found[i]))
            look->found[kept++] = look->found[i];
    look->count = kept;
}

/* A guest without prices of its own pays a member's; a host without any is at home. */
static enum ledger_status find_rates(struct ledger *l, const struct ledger_quote_ask *ask,
                                     struct lookup *look)
{
    LEDGER_TRY(ledger_price_each(l, ask->resource->id, note_price, look));
    drop_empty(look);
    if (look->count == 0 && !look->more && look->booker == LEDGER_BY_GUEST) {
        look->booker = LEDGER_BY_MEMBER;
        LEDGER_TRY(ledger_price_each(l, ask->resource->id, note_price, look));
        drop_empty(look);
        look->booker = LEDGER_BY_GUEST;
    }
    return LEDGER_OK;
}

static enum ledger_status refuse_currency(struct ledger *l, const struct lookup *look)
{
    char codes[(CURRENCIES_MAX + 1) * (LEDGER_CODE_MAX + 2) + 1] = "";

    for (int i = 0; i < look->count; i++) {
        struct ledger_currency c;
        size_t used = strlen(codes);
        LEDGER_TRY(ledger_currency_get(l, look->found[i].currency_id, &c));
        snprintf(codes + used, sizeof codes - used, "%s%s", used ? ", " : "", c.code);
    }
    return ledger_refuse_field(l, LEDGER_NO_PRICE, "currency",
                               "it has a price in %s%s: say in which", codes,
                               look->more ? " and others" : "");
}

/* `*rates` is NULL where nothing is to be paid for the time. */
static enum ledger_status choose(struct ledger *l, const struct ledger_quote_ask *ask,
                                 struct lookup *look, struct rates **rates, int64_t *currency_id)
{
    *rates = NULL;
    *currency_id = ask->currency_id;
    LEDGER_TRY(find_rates(l, ask, look));
    if (look->count == 0 && !look->more)
        return LEDGER_OK;
    if (!ask->currency_id && (look->count > 1 || look->more))
        return refuse_currency(l, look);
    for (int i = 0; i < look->count; i++)
        if (!ask->currency_id || look->found[i].currency_id == ask->currency_id)
            *rates = &look->found[i];
    if (!*rates)
        return refuse_currency(l, look);
    *currency_id = (*rates)->currency_id;
    return LEDGER_OK;
}

static struct rate *rate_of(struct rates *r, enum ledger_price_unit unit, bool peak)
{
    struct rate *special = &r->rates[unit][peak ? LEDGER_PEAK : LEDGER_OFF_PEAK];
    struct rate *any = &r->rates[unit][LEDGER_ANY_TIME];

    return special->id ? special : any->id ? any : NULL;
}

/* One local day of the booking, in steps: which are in peak hours, and the cheapest way from each to its end. */
struct day_plan {
    int steps;
    int half_day_steps;
    bool peak[STEPS_MAX];
    int64_t cost[STEPS_MAX + 1]; /* minor units times 60 */
    int next[STEPS_MAX];         /* where the price taken at this step ends */
    enum ledger_price_unit unit[STEPS_MAX];
};

static bool any_peak(const struct day_plan *d, int from, int to)
{
    for (int i = from; i < to; i++)
        if (d->peak[i])
            return true;
    return false;
}

static void offer(struct day_plan *d, struct rates *r, int from, int to,
                  enum ledger_price_unit unit)
{
    const struct rate *rate = rate_of(r, unit, any_peak(d, from, to));
    int64_t cost;

    if (!rate)
        return;
    cost = rate->amount_minor * (unit == LEDGER_PER_HOUR ? STEP_MIN : 60) + d->cost[to];
    if (cost >= d->cost[from])
        return;
    d->cost[from] = cost;
    d->next[from] = to;
    d->unit[from] = unit;
}

/* From the end to the beginning, each step by its best: an hour's part, half a day, the day. */
static bool plan_day(struct day_plan *d, struct rates *r)
{
    d->cost[d->steps] = 0;
    for (int i = d->steps - 1; i >= 0; i--) {
        int half = i + d->half_day_steps < d->steps ? i + d->half_day_steps : d->steps;
        d->cost[i] = NEVER;
        offer(d, r, i, i + 1, LEDGER_PER_HOUR);
        offer(d, r, i, half, LEDGER_PER_HALF_DAY);
        if (i == 0)
            offer(d, r, 0, d->steps, LEDGER_PER_DAY);
    }
    if (d->cost[0] >= NEVER)
        return false;
    for (int i = 0; i < d->steps; i = d->next[i]) {
        bool hour = d->unit[i] == LEDGER_PER_HOUR;
        rate_of(r, d->unit[i], any_peak(d, i, d->next[i]))->quantity += hour ? STEP_MIN : 1;
    }
    return true;
}

static void lay_out(const struct ledger_zone *zone, const struct ledger_opening *peak,
                    int64_t from_us, int64_t to_us, struct day_plan *d)
{
    for (d->steps = 0; from_us < to_us && d->steps < STEPS_MAX; from_us += STEP_US) {
        const struct ledger_wall wall = ledger_zone_wall(zone, from_us);
        int minute = wall.second / 60;
        d->peak[d->steps++] =
            ledger_opening_covers(peak, ledger_date_weekday(wall.day), minute, minute + STEP_MIN);
    }
}

static enum ledger_status price_time(struct ledger *l, const struct ledger_quote_ask *ask,
                                     struct rates *rates, int included_min)
{
    struct ledger_opening peak;
    const struct ledger_zone *zone;
    struct day_plan d = {.half_day_steps = ask->resource->terms.half_day_min / STEP_MIN};
    int64_t from_us = ask->from_us + (int64_t)included_min / STEP_MIN * STEP_US;

    LEDGER_TRY(ledger_zone_need(l, ask->resource->zone, &zone));
    LEDGER_TRY(ledger_opening_parse(ask->resource->terms.peak, &peak));
    while (from_us < ask->to_us) {
        int64_t end_us = ledger_zone_day_start_us(zone, ledger_zone_day(zone, from_us) + 1);
        if (end_us > ask->to_us)
            end_us = ask->to_us;
        lay_out(zone, &peak, from_us, end_us, &d);
        if (!plan_day(&d, rates))
            return ledger_refuse(l, LEDGER_NO_PRICE, "%s has no price for that time",
                                 ask->resource->name);
        from_us = end_us;
    }
    return LEDGER_OK;
}

static struct ledger_quote_line *append(struct ledger_quote *q, enum ledger_line_kind kind,
                                        int64_t amount_minor)
{
    struct ledger_quote_line *line = &q->lines[q->line_count++];

    *line = (struct ledger_quote_line){.kind = kind, .quantity = 1, .amount_minor = amount_minor};
    q->amount_minor += amount_minor;
    return line;
}

void ledger_quote_add(struct ledger_quote *q, enum ledger_line_kind kind, int64_t amount_minor)
{
    if (amount_minor)
        append(q, kind, amount_minor);
}

static void add_rate(struct ledger_quote *q, const struct rate *rate, enum ledger_price_unit unit,
                     enum ledger_peak peak)
{
    struct ledger_quote_line *line;
    int64_t amount_minor = unit == LEDGER_PER_HOUR ? (rate->amount_minor * rate->quantity + 30) / 60
                                                   : rate->amount_minor * rate->quantity;

    if (rate->quantity == 0)
        return;
    line = append(q, LEDGER_LINE_TIME, amount_minor);
    line->price_id = rate->id;
    line->quantity = rate->quantity;
    line->each_minor = rate->amount_minor;
    snprintf(line->what, sizeof line->what, "%s%s%s", ledger_price_unit_name(unit),
             peak == LEDGER_ANY_TIME ? "" : ", ",
             peak == LEDGER_ANY_TIME ? "" : ledger_peak_name(peak));
}

/* The first minutes of a booking are those that are included. */
static enum ledger_status take_included(struct ledger *l, const struct ledger_quote_ask *ask,
                                        struct ledger_quote *q)
{
    const struct ledger_quota_ask quota = {ask->resource, ask->member_id, ask->from_us, ask->to_us,
                                           ask->besides_id};
    int64_t minutes = (ask->to_us - ask->from_us) / (60 * LEDGER_US_PER_SECOND);

    if (q->booker != LEDGER_BY_MEMBER)
        return LEDGER_OK;
    LEDGER_TRY(ledger_quota_included(l, &quota, &q->included_min));
    q->included_min -= q->included_min % STEP_MIN;
    if (q->included_min > minutes)
        q->included_min = (int)minutes;
    if (q->included_min)
        append(q, LEDGER_LINE_INCLUDED, 0)->quantity = q->included_min;
    return LEDGER_OK;
}

static enum ledger_status quote_time(struct ledger *l, const struct ledger_quote_ask *ask,
                                     struct rates *rates, struct ledger_quote *q)
{
    LEDGER_TRY(take_included(l, ask, q));
    LEDGER_TRY(price_time(l, ask, rates, q->included_min));
    for (int u = LEDGER_PER_HOUR; u <= LEDGER_PER_DAY; u++)
        for (int p = LEDGER_ANY_TIME; p <= LEDGER_OFF_PEAK; p++)
            add_rate(q, &rates->rates[u][p], (enum ledger_price_unit)u, (enum ledger_peak)p);
    return LEDGER_OK;
}

static enum ledger_status quote_extra(struct ledger *l, const struct ledger_quote_ask *ask, int i,
                                      int32_t day, struct ledger_quote *q)
{
    const struct ledger_extra_order *order = &ask->extras[i];
    struct ledger_extra e;
    struct ledger_extra_price p;
    struct ledger_quote_line *line;

    if (order->quantity < 1 || order->quantity > LEDGER_EXTRA_QUANTITY_MAX)
        return ledger_blame(l,
                            ledger_refuse(l, LEDGER_NUMBER_MALFORMED, "quantity is 1 to %d",
                                          LEDGER_EXTRA_QUANTITY_MAX),
                            "extras", i);
    LEDGER_TRY(ledger_extra_get(l, order->extra_id, &e));
    if (e.member_id != ask->resource->member_id)
        return ledger_blame(l,
                            ledger_refuse(l, LEDGER_NO_SUCH_EXTRA,
                                          "%s is not offered by the host of %s", e.name,
                                          ask->resource->name),
                            "extras", i);
    if (!q->currency.id)
        return ledger_refuse_field(l, LEDGER_NO_PRICE, "currency",
                                   "say in which currency the extras are paid");
    LEDGER_TRY(ledger_extra_price_on(l, e.id, q->currency.id, day, &p));
    line = append(q, LEDGER_LINE_EXTRA, p.amount_minor * order->quantity);
    line->extra_price_id = p.id;
    line->quantity = order->quantity;
    line->each_minor = p.amount_minor;
    snprintf(line->what, sizeof line->what, "%s", e.title);
    return LEDGER_OK;
}

/* Nobody pays itself: what the host would have of its own booking goes out again. */
static void take_own(const struct ledger_quote_ask *ask, struct ledger_quote *q)
{
    int64_t parts_minor[2] = {0, q->amount_minor};

    if (q->share.id)
        ledger_share_split(&q->share, q->amount_minor, parts_minor);
    if (ask->member_id == ask->resource->member_id)
        ledger_quote_add(q, LEDGER_LINE_OWN, -parts_minor[1]);
    else if (q->share.id && ask->member_id == q->share.member_id)
        ledger_quote_add(q, LEDGER_LINE_OWN, -parts_minor[0]);
}

enum ledger_status ledger_quote_make(struct ledger *l, const struct ledger_quote_ask *ask,
                                     struct ledger_quote *q)
{
    const struct ledger_zone *zone;
    struct lookup look = {.count = 0};
    struct rates *rates;
    int64_t currency_id;

    *q = (struct ledger_quote){.booker = ask->member_id == ask->resource->member_id ? LEDGER_BY_HOST
                                         : ask->guest ? LEDGER_BY_GUEST
                                                      : LEDGER_BY_MEMBER};
    LEDGER_TRY(ledger_zone_need(l, ask->resource->zone, &zone));
    look.day = ledger_zone_day(zone, ask->from_us);
    look.booker = q->booker;
    look.currency_id = ask->currency_id;
    LEDGER_TRY(choose(l, ask, &look, &rates, &currency_id));
    if (currency_id)
        LEDGER_TRY(ledger_currency_get(l, currency_id, &q->currency));
    if (rates)
        LEDGER_TRY(quote_time(l, ask, rates, q));
    for (int i = 0; i < ask->extra_count; i++)
        LEDGER_TRY(quote_extra(l, ask, i, look.day, q));
    LEDGER_TRY(ledger_share_on(l, ask->resource->id, look.day, &q->share));
    take_own(ask, q);
    return LEDGER_OK;
}
