#include "zone.h"

#include "date.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

struct ledger_zone {
    icaltimezone *zone;
};

enum ledger_status ledger_zone_open(const char *name, struct ledger_zone **out)
{
    *out = NULL;
    if (strstr(name, "..") || name[0] == '/' || strlen(name) > 64)
        return LEDGER_ZONE_UNKNOWN;
    icaltimezone *zone = strcmp(name, "UTC") == 0 ? icaltimezone_get_utc_timezone()
                                                  : icaltimezone_get_builtin_timezone(name);
    if (!zone)
        return LEDGER_ZONE_UNKNOWN;
    *out = malloc(sizeof **out);
    if (!*out)
        return LEDGER_NO_MEMORY;
    (*out)->zone = zone;
    return LEDGER_OK;
}

void ledger_zone_close(struct ledger_zone *zone)
{
    free(zone);
}

static int64_t offset_us(const struct ledger_zone *zone, int64_t at_us)
{
    int64_t second = at_us / LEDGER_US_PER_SECOND;
    struct icaltimetype t = icaltime_from_timet_with_zone((time_t)second, 0, NULL);
    int dst;

    return icaltimezone_get_utc_offset_of_utc_time(zone->zone, &t, &dst) * LEDGER_US_PER_SECOND;
}

int32_t ledger_zone_day(const struct ledger_zone *zone, int64_t at_us)
{
    int64_t local = at_us + offset_us(zone, at_us);

    return (int32_t)(local / LEDGER_US_PER_DAY - (local % LEDGER_US_PER_DAY < 0));
}

int64_t ledger_zone_day_start_us(const struct ledger_zone *zone, int32_t day)
{
    int64_t guess = day * LEDGER_US_PER_DAY;

    guess -= offset_us(zone, guess);
    return day * LEDGER_US_PER_DAY - offset_us(zone, guess);
}
