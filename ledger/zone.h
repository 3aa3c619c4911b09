/*
 * zone.h - the ledger's own days, in one IANA time zone, read from the system's tzdata (RFC 9636).
 */
#ifndef LEDGER_ZONE_H
#define LEDGER_ZONE_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

struct ledger_zone;

/*
 * Load the zone called `name` ("Europe/London", "UTC"). After: `*zone` is the caller's to
 * close. Safe from several threads. Refusals: LEDGER_NO_MEMORY, LEDGER_ZONE_UNKNOWN (also for "localtime", "right/…", names with "..", a leading
 * '/', or longer than 64 bytes; no file outside tzdata is read).
 */
LEDGER_CHECKED enum ledger_status ledger_zone_open(const char *name, struct ledger_zone **zone);
/* The same from the bytes of a TZif file. Refusal: LEDGER_ZONE_UNKNOWN: they are not sound. */
LEDGER_CHECKED enum ledger_status ledger_zone_read(const unsigned char *bytes, size_t size,
                                                   struct ledger_zone **zone);
void ledger_zone_close(struct ledger_zone *zone);

/* The local calendar day in which the instant falls. */
int32_t ledger_zone_day(const struct ledger_zone *zone, int64_t at_us);

/*
 * The first instant of local day `day`: 00:00 local, or where a clock change skips it the first
 * instant after the gap, or where it exists twice the earlier one. So
 * [day_start(d), day_start(d + 1)) is exactly the instants whose ledger_zone_day is d; but where clocks
 * went back over midnight (St John's to 2010, and few others) the minutes that came twice count to the later day.
 */
int64_t ledger_zone_day_start_us(const struct ledger_zone *zone, int32_t day);

#endif
