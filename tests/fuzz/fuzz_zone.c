/* The bytes of a TZif file. */
#include "fuzz.h"

#include "ledger/date.h"
#include "ledger/zone.h"

#include <stdlib.h>

#define DAYS_OFF 3 /* no clock is further than 26 hours from Greenwich */

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static void check_moment(const struct ledger_zone *zone, int64_t at_us)
{
    int64_t utc_day = floor_div(at_us, LEDGER_US_PER_DAY);
    int64_t day = ledger_zone_day(zone, at_us);

    assert(day - utc_day < DAYS_OFF && utc_day - day < DAYS_OFF);
}

static void check_day(const struct ledger_zone *zone, int32_t day)
{
    int64_t start_us = ledger_zone_day_start_us(zone, day);
    int64_t off_us = start_us - day * LEDGER_US_PER_DAY;

    assert(off_us < DAYS_OFF * LEDGER_US_PER_DAY && -off_us < DAYS_OFF * LEDGER_US_PER_DAY);
    check_moment(zone, start_us);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_zone *zone;

    if (ledger_zone_read(data, size, &zone) != LEDGER_OK) {
        assert(!zone);
        return 0;
    }
    for (int32_t day = LEDGER_DAY_MIN; day < LEDGER_DAY_MAX; day += 997) {
        check_day(zone, day);
        check_moment(zone, day * LEDGER_US_PER_DAY + day % 7 * LEDGER_US_PER_SECOND - 1);
    }
    ledger_zone_close(zone);
    return 0;
}
