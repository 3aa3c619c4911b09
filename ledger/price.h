/*
 * price.h - what the time of a resource costs: by the hour, half day or day, by who books, in peak hours or not.
 */
#ifndef LEDGER_PRICE_H
#define LEDGER_PRICE_H

#include "currency.h"
#include "resource.h"

#define LEDGER_PRICE_MINOR_MAX INT64_C(1000000000)

enum ledger_booker { LEDGER_BY_HOST, LEDGER_BY_MEMBER, LEDGER_BY_GUEST };
enum ledger_peak { LEDGER_ANY_TIME, LEDGER_PEAK, LEDGER_OFF_PEAK };
enum ledger_price_unit { LEDGER_PER_HOUR, LEDGER_PER_HALF_DAY, LEDGER_PER_DAY };

struct ledger_price {
    int64_t id;
    int64_t resource_id;
    int64_t currency_id;
    enum ledger_booker booker;
    enum ledger_peak peak;
    enum ledger_price_unit unit;
    int64_t amount_minor;
    bool gone;       /* there is no such price from then on */
    int32_t from_on; /* the first day of use, by the resource's clock */
    char code[LEDGER_CODE_MAX + 1];
    int scale;
};

typedef enum ledger_status ledger_price_reader(void *ctx, const struct ledger_price *p);

/*
 * Set a price from a day of use on; bookings keep theirs. `p->id` is set. Refusals, in order:
 * LEDGER_AMOUNT_TOO_LARGE, LEDGER_BACKDATED, LEDGER_REASON_MISSING.
 */
LEDGER_CHECKED enum ledger_status ledger_price_set(struct ledger *l, struct ledger_price *p,
                                                   const struct ledger_why *why);
/* All that were set, oldest first: of two with the same key the later one in force counts. */
LEDGER_CHECKED enum ledger_status ledger_price_each(struct ledger *l, int64_t resource_id,
                                                    ledger_price_reader *read, void *ctx);

const char *ledger_booker_name(enum ledger_booker booker);
const char *ledger_peak_name(enum ledger_peak peak);
const char *ledger_price_unit_name(enum ledger_price_unit unit);
/* LEDGER_CHOICE_UNKNOWN. */
LEDGER_CHECKED enum ledger_status ledger_booker_parse(const char *text, enum ledger_booker *booker);
LEDGER_CHECKED enum ledger_status ledger_peak_parse(const char *text, enum ledger_peak *peak);
LEDGER_CHECKED enum ledger_status ledger_price_unit_parse(const char *text,
                                                          enum ledger_price_unit *unit);

/* The day by the resource's clock, now. */
LEDGER_CHECKED enum ledger_status
ledger_resource_today(struct ledger *l, const struct ledger_resource *r, int32_t *day);

#endif
