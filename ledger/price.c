#include "price.h"

#include "date.h"
#include "handle.h"

#include <string.h>

static const char *const booker_names[] = {"host", "member", "guest"};
static const char *const peak_names[] = {"any", "peak", "off-peak"};
static const char *const unit_names[] = {"hour", "half-day", "day"};

const char *ledger_booker_name(enum ledger_booker booker)
{
    return booker_names[booker];
}

const char *ledger_peak_name(enum ledger_peak peak)
{
    return peak_names[peak];
}

const char *ledger_price_unit_name(enum ledger_price_unit unit)
{
    return unit_names[unit];
}

static int place_of(const char *text, const char *const names[3])
{
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0)
            return i;
    return -1;
}

enum ledger_status ledger_booker_parse(const char *text, enum ledger_booker *booker)
{
    int i = place_of(text, booker_names);

    *booker = i < 0 ? LEDGER_BY_MEMBER : (enum ledger_booker)i;
    return i < 0 ? LEDGER_CHOICE_UNKNOWN : LEDGER_OK;
}

enum ledger_status ledger_peak_parse(const char *text, enum ledger_peak *peak)
{
    int i = place_of(text, peak_names);

    *peak = i < 0 ? LEDGER_ANY_TIME : (enum ledger_peak)i;
    return i < 0 ? LEDGER_CHOICE_UNKNOWN : LEDGER_OK;
}

enum ledger_status ledger_price_unit_parse(const char *text, enum ledger_price_unit *unit)
{
    int i = place_of(text, unit_names);

    *unit = i < 0 ? LEDGER_PER_HOUR : (enum ledger_price_unit)i;
    return i < 0 ? LEDGER_CHOICE_UNKNOWN : LEDGER_OK;
}

enum ledger_status ledger_resource_today(struct ledger *l, const struct ledger_resource *r,
                                         int32_t *day)
{
    const struct ledger_zone *zone;

    LEDGER_TRY(ledger_zone_need(l, r->zone, &zone));
    *day = ledger_zone_day(zone, ledger_now_us(l));
    return LEDGER_OK;
}

static enum ledger_status check(struct ledger *l, const struct ledger_price *p,
                                const struct ledger_why *why)
{
    struct ledger_resource r;
    int32_t today;

    if (p->amount_minor > LEDGER_PRICE_MINOR_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "amount",
                                   "that is more than a price can be");
    LEDGER_TRY(ledger_resource_get(l, p->resource_id, &r));
    LEDGER_TRY(ledger_resource_today(l, &r, &today));
    if (p->from_on < today)
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "a price holds from today or a later day of use on");
    return ledger_check_reason(l, why->reason);
}

enum ledger_status ledger_price_set(struct ledger *l, struct ledger_price *p,
                                    const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(check(l, p, why));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM resource_price", &p->id));
    return ledger_exec(
        l,
        "INSERT INTO resource_price (id, resource_id, currency_id, class, peak, unit, "
        "amount_minor, from_on, at_us, actor, reason, authority) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        STORE_ARGS(store_int(p->id), store_int(p->resource_id), store_int(p->currency_id),
                   store_text(booker_names[p->booker]), store_text(peak_names[p->peak]),
                   store_text(unit_names[p->unit]), store_int_or_null(!p->gone, p->amount_minor),
                   store_int(p->from_on), store_int(at_us), store_text(why->actor),
                   store_text(why->reason), store_text(why->authority)));
}

struct each {
    ledger_price_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_price p = {.id = store_row_int(row, 0),
                             .resource_id = store_row_int(row, 1),
                             .currency_id = store_row_int(row, 2),
                             .amount_minor = store_row_int(row, 6),
                             .gone = store_row_null(row, 6),
                             .from_on = (int32_t)store_row_int(row, 7),
                             .scale = (int)store_row_int(row, 9)};

    store_row_copy(row, 8, p.code, sizeof p.code);
    LEDGER_TRY(ledger_booker_parse(store_row_text(row, 3), &p.booker));
    LEDGER_TRY(ledger_peak_parse(store_row_text(row, 4), &p.peak));
    LEDGER_TRY(ledger_price_unit_parse(store_row_text(row, 5), &p.unit));
    return each->read(each->ctx, &p);
}

enum ledger_status ledger_price_each(struct ledger *l, int64_t resource_id,
                                     ledger_price_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       "SELECT p.id, p.resource_id, p.currency_id, p.class, p.peak, p.unit, "
                       "p.amount_minor, p.from_on, c.code, c.scale FROM resource_price p "
                       "JOIN currency c ON c.id = p.currency_id WHERE p.resource_id = $1 "
                       "ORDER BY p.from_on, p.id",
                       STORE_ARGS(store_int(resource_id)), pass_on, &each);
}
