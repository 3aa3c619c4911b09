/*
 * usage.h - how much of what is shared was used, when, and what it brought.
 */
#ifndef LEDGER_USAGE_H
#define LEDGER_USAGE_H

#include "booking.h"

#define LEDGER_USAGE_DAYS_MAX LEDGER_CALENDAR_DAYS_MAX
#define LEDGER_USAGE_WEEKS_MAX 54 /* of the use by hour: a year */

/* Of one resource. Minutes are those of each of its units. */
struct ledger_usage {
    int64_t open_min; /* by the opening hours and number of each day, closures left out */
    int64_t booked_min;
    int64_t bookings;
    int64_t no_shows;
    int64_t cancelled;
};

/* What one host had of one month's payments in one currency. */
struct ledger_income {
    int32_t month; /* its first day, of the ledger's days */
    int64_t bookings;
    int64_t host_minor;
    int64_t pool_minor;
    int scale;
    char host[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
};

struct ledger_usage_hours {
    int32_t first_week; /* its Monday */
    int weeks;
    int minutes[LEDGER_USAGE_WEEKS_MAX][24]; /* by the clock of the place */
};

typedef enum ledger_status ledger_income_reader(void *ctx, const struct ledger_income *i);

/*
 * Booked is what is confirmed or was used or missed, as far as it lies in these days of the resource's clock.
 * Refusal: LEDGER_PERIOD_MALFORMED (backwards, or more than LEDGER_USAGE_DAYS_MAX days).
 */
LEDGER_CHECKED enum ledger_status ledger_usage_of(struct ledger *l, const struct ledger_resource *r,
                                                  int32_t from, int32_t to, struct ledger_usage *u);
/* The same time by week and hour. Refusal: as above, also more than LEDGER_USAGE_WEEKS_MAX weeks. */
LEDGER_CHECKED enum ledger_status ledger_usage_by_hour(struct ledger *l,
                                                       const struct ledger_resource *r,
                                                       int32_t from, int32_t to,
                                                       struct ledger_usage_hours *hours);
/* What bookings paid, effective on these days: of one host, or of all for 0; by host, currency, month. */
LEDGER_CHECKED enum ledger_status ledger_usage_income(struct ledger *l, int64_t host_id,
                                                      int32_t from, int32_t to,
                                                      ledger_income_reader *read, void *ctx);

#endif
