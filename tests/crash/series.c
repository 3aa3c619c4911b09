#include "series.h"

#include "kills.h"

#include "api/run.h"
#include "ledger/account.h"
#include "ledger/date.h"
#include "ledger/hold.h"
#include "ledger/price.h"
#include "ledger/series.h"
#include "ledger/transfer.h"
#include "ledger/zone.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define PAYERS 8
#define POOR 1  /* a payer that has nothing */
#define EACH 12 /* series a payer */
#define ALL_SERIES (PAYERS * EACH)
#define DATES 8 /* of each, a week apart, */
#define NEAR 5  /* of which so many have come near since it was made: from AGO_DAYS on */
#define AGO_DAYS 40
#define FIRST_DAYS 42 /* after it was made; what is within 35 days of today is near */
#define PRICE_MINOR 200
#define RULE "FREQ=WEEKLY;COUNT=8"
#define HELD ((PAYERS - POOR) * EACH * NEAR)
#define REFUSED (POOR * EACH * NEAR)

static const struct ledger_why why = {
    .actor = "local:crash", .reason = "made", .authority = "steward"};

static bool is_poor(int payer)
{
    return payer < POOR;
}

static int64_t add_member(struct ledger *l, const char *handle, struct ledger_account *a)
{
    struct ledger_member m = {.state = LEDGER_ACTIVE, .name = "a member"};

    snprintf(m.handle, sizeof m.handle, "%s", handle);
    kills_must(l, ledger_member_add(l, &m, &why));
    kills_must(l, ledger_account_need(l, m.handle, "CALD", &why, a));
    return m.id;
}

static void give(struct ledger *l, int64_t from_account_id, int64_t account_id)
{
    const int64_t amount_minor = EACH * DATES * PRICE_MINOR;
    const struct ledger_leg legs[] = {{from_account_id, -amount_minor}, {account_id, amount_minor}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_OPENING, .without_limits = true, .legs = legs, .leg_count = 2};

    kills_must(l, ledger_transfer_post(l, &draft, &(int64_t){0}));
}

static int64_t offer_desks(struct ledger *l, int64_t host_id, const struct ledger_currency *c)
{
    struct ledger_resource r = {.member_id = host_id,
                                .kind = LEDGER_DESK,
                                .terms = ledger_terms_default(),
                                .host = "host",
                                .name = "desk",
                                .zone = "Etc/UTC"};
    struct ledger_price price = {.currency_id = c->id,
                                 .booker = LEDGER_BY_MEMBER,
                                 .unit = LEDGER_PER_HOUR,
                                 .amount_minor = PRICE_MINOR,
                                 .from_on = ledger_today(l)};

    strcpy(r.terms.title, "Desk");
    strcpy(r.terms.opening, "always");
    r.terms.capacity = 20;
    r.terms.horizon_days = 360;
    kills_must(l, ledger_resource_add(l, &r, &why));
    price.resource_id = r.id;
    kills_must(l, ledger_price_set(l, &price, &why));
    return r.id;
}

/* An hour, at one of twenty of a day. */
static void book(struct ledger *l, int64_t resource_id, int64_t member_id, int number)
{
    const struct ledger_zone *zone;
    int64_t hour_us = 3600 * LEDGER_US_PER_SECOND;
    int64_t day_us = ledger_now_us(l) / LEDGER_US_PER_DAY * LEDGER_US_PER_DAY;
    int64_t from_us = day_us + FIRST_DAYS * LEDGER_US_PER_DAY + number % 20 * hour_us;
    int64_t id;

    kills_must(l, ledger_zone_need(l, "Etc/UTC", &zone));
    const struct ledger_series_draft draft = {.resource_id = resource_id,
                                              .member_id = member_id,
                                              .rule = RULE,
                                              .from = ledger_zone_wall(zone, from_us),
                                              .to = ledger_zone_wall(zone, from_us + hour_us)};
    kills_must(l, ledger_series_make(l, &draft, &why, &id));
}

/* Made weeks ago, when all dates were far off, and no node has run since. */
static void set_up(struct kills *k)
{
    struct ledger_currency c = {
        .code = "CALD", .name = "Calder", .scale = 2, .ceiling_minor = LEDGER_AMOUNT_MAX};
    struct ledger_account bank, host, account;
    int64_t resource_id;

    k->ago_us = AGO_DAYS * LEDGER_US_PER_DAY;
    k->all = HELD + REFUSED;
    struct ledger *l = kills_create(k, &c);
    add_member(l, "bank", &bank);
    resource_id = offer_desks(l, add_member(l, "host", &host), &c);
    for (int payer = 0; payer < PAYERS; payer++) {
        char handle[16];
        snprintf(handle, sizeof handle, "m%d", payer);
        int64_t member_id = add_member(l, handle, &account);
        if (!is_poor(payer))
            give(l, bank.id, account.id);
        for (int i = 0; i < EACH; i++)
            book(l, resource_id, member_id, payer * EACH + i);
    }
    kills_close(l);
}

struct sums {
    int64_t holds;
    int64_t held_minor;
    int64_t refused;
};

static enum ledger_status add_hold(void *ctx, const struct ledger_hold *h)
{
    struct sums *sums = ctx;

    sums->holds++;
    sums->held_minor += h->amount_minor;
    return LEDGER_OK;
}

static enum ledger_status add_notice(void *ctx, const struct ledger_series_notice *n)
{
    struct sums *sums = ctx;

    sums->refused += n->kind == LEDGER_SERIES_REFUSED;
    return LEDGER_OK;
}

static struct sums add_up(struct ledger *l)
{
    const struct ledger_hold_filter holds = {.open_only = true, .limit = INT_MAX};
    struct sums sums = {0};

    kills_must(l, ledger_hold_each(l, &holds, add_hold, &sums));
    kills_must(l, ledger_series_notices(l, 0, 0, add_notice, &sums));
    return sums;
}

static int64_t done(struct kills *k, struct ledger *l)
{
    const struct sums sums = add_up(l);

    (void)k;
    return sums.holds + sums.refused;
}

struct dates {
    struct ledger *l;
    int64_t series;
    int count;
    bool poor;
    bool good;
};

/* Near ones have their hold, where there is money for it; the others wait. */
static enum ledger_status look_at_date(void *ctx, const struct ledger_series_date *d)
{
    struct dates *dates = ctx;
    bool held = dates->count++ < NEAR && !dates->poor;
    struct ledger_booking b;

    LEDGER_TRY(ledger_booking_get(dates->l, d->booking_id, &b));
    dates->good = dates->good && b.state == (held ? LEDGER_CONFIRMED : LEDGER_PLANNED) &&
                  (b.hold_id != 0) == held;
    return LEDGER_OK;
}

static enum ledger_status look_at_series(void *ctx, const struct ledger_series *s)
{
    struct dates *dates = ctx;

    dates->series++;
    dates->count = 0;
    dates->poor = strcmp(s->member, "m0") == 0;
    LEDGER_TRY(ledger_series_dates(dates->l, s->id, look_at_date, dates));
    dates->good = dates->good && dates->count == DATES;
    return LEDGER_OK;
}

static bool is_whole(struct kills *k, struct ledger *l)
{
    struct dates dates = {.l = l, .good = true};
    const struct sums sums = add_up(l);

    if (sums.holds != HELD || sums.held_minor != (int64_t)HELD * PRICE_MINOR)
        return kills_failed(k, "a date that came near has no hold, or two");
    if (sums.refused != REFUSED)
        return kills_failed(k, "a refusal was not told of once");
    kills_must(l, ledger_series_each(l, 0, 0, look_at_series, &dates));
    return (dates.good && dates.series == ALL_SERIES) ||
           kills_failed(k, "a date is not as it should be");
}

static bool finish(struct kills *k)
{
    kills_chores(k, ALL_SERIES * NEAR / LEDGER_SERIES_DUE_MAX + 1);
    return true;
}

int series(const char *coledger, int64_t kills, uint64_t seed)
{
    static const struct kills_plan plan = {
        .name = "series",
        .amid = "dates of series that come near, each held once",
        .set_up = set_up,
        .strike = kills_at_chores,
        .done = done,
        .finish = finish,
        .is_whole = is_whole,
    };

    return kills_run(&plan, coledger, kills, seed, NULL);
}
