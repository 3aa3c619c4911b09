#include "pool.h"

#include "ledger/handle.h"
#include "ledger/verify.h"

#include <string.h>

static void set_price(struct pool *p, enum ledger_booker booker, enum ledger_peak peak,
                      enum ledger_price_unit unit, int64_t amount_minor)
{
    struct ledger_price price = {.resource_id = p->studio.id,
                                 .currency_id = 1,
                                 .booker = booker,
                                 .peak = peak,
                                 .unit = unit,
                                 .amount_minor = amount_minor,
                                 .from_on = ledger_today(p->r.l)};

    OK(&p->r, ledger_price_set(p->r.l, &price, &region_why));
}

void pool_start(struct pool *p)
{
    struct ledger_share share = {.pool = "pool", .points = 1500};

    region_start(&p->r);
    region_currency(&p->r, "CALD");
    region_member(&p->r, "mill");
    region_member(&p->r, "ana");
    region_member(&p->r, "ben");
    region_fund(&p->r, "pool");
    p->studio = (struct ledger_resource){
        .terms = ledger_terms_default(), .host = "mill", .name = "studio", .zone = "Europe/London"};
    strcpy(p->studio.terms.title, "Studio");
    strcpy(p->studio.terms.opening, "mon-fri 08:00-18:00, sat 09:00-13:00");
    strcpy(p->studio.terms.peak, "mon-fri 09:00-12:00");
    strcpy(p->studio.terms.bands, "48h 100%, 12h 50%");
    p->studio.terms.longest_min = 600;
    p->studio.terms.after_min = 15;
    OK(&p->r, ledger_resource_add(p->r.l, &p->studio, &region_why));
    set_price(p, LEDGER_BY_MEMBER, LEDGER_ANY_TIME, LEDGER_PER_HOUR, 1200);
    set_price(p, LEDGER_BY_MEMBER, LEDGER_PEAK, LEDGER_PER_HOUR, 1500);
    set_price(p, LEDGER_BY_MEMBER, LEDGER_ANY_TIME, LEDGER_PER_HALF_DAY, 4000);
    set_price(p, LEDGER_BY_MEMBER, LEDGER_ANY_TIME, LEDGER_PER_DAY, 6000);
    set_price(p, LEDGER_BY_GUEST, LEDGER_ANY_TIME, LEDGER_PER_HOUR, 2000);
    share.resource_id = p->studio.id;
    share.from_on = ledger_today(p->r.l);
    OK(&p->r, ledger_share_set(p->r.l, &share, &region_why));
}

void pool_verify(struct pool *p)
{
    struct ledger_verification v;

    OK(&p->r, ledger_verify(p->r.l, NULL, NULL, &v));
}

void pool_end(struct pool *p)
{
    pool_verify(p);
    region_end(&p->r);
}

void pool_set(struct pool *p)
{
    OK(&p->r, ledger_resource_set(p->r.l, &p->studio, &region_why));
}

int64_t pool_at(struct pool *p, const char *text)
{
    const struct ledger_zone *zone;
    struct ledger_wall wall;
    int64_t at_us = 0;

    OK(&p->r, ledger_zone_need(p->r.l, p->studio.zone, &zone));
    OK(&p->r, ledger_wall_parse(text, &wall));
    OK(&p->r, ledger_wall_instant(p->r.l, "from", zone, wall, LEDGER_FOLD_UNSAID, &at_us));
    return at_us;
}

struct ledger_booking_draft pool_draft(struct pool *p, int64_t member_id, const char *from,
                                       const char *to)
{
    return (struct ledger_booking_draft){.resource_id = p->studio.id,
                                         .member_id = member_id,
                                         .from_us = pool_at(p, from),
                                         .to_us = pool_at(p, to)};
}

int64_t pool_book(struct pool *p, int64_t member_id, const char *from, const char *to)
{
    const struct ledger_booking_draft draft = pool_draft(p, member_id, from, to);
    int64_t id = 0;

    OK(&p->r, ledger_booking_make(p->r.l, &draft, &region_why, &id));
    return id;
}

struct ledger_booking pool_booking(struct pool *p, int64_t id)
{
    struct ledger_booking b;

    OK(&p->r, ledger_booking_get(p->r.l, id, &b));
    return b;
}

int64_t pool_balance(struct pool *p, const char *handle)
{
    struct ledger_account a;

    if (ledger_account_find(p->r.l, handle, "CALD", &a) != LEDGER_OK)
        return 0;
    return a.balance_minor;
}

int64_t pool_count(struct pool *p, const char *sql)
{
    int64_t n = 0;

    OK(&p->r, ledger_first(p->r.l, sql, STORE_NO_ARGS, ledger_read_int, &n));
    return n;
}

void pool_quota(struct pool *p, enum ledger_quota_kind kind, int amount)
{
    struct ledger_quota q = {.resource_id = p->studio.id,
                             .kind = kind,
                             .amount = amount,
                             .from_on = ledger_today(p->r.l)};

    OK(&p->r, ledger_quota_set(p->r.l, &q, &region_why));
}
