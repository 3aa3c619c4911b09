/*
 * zone.h - the ledger's own days, in one IANA time zone, read from the system's tzdata (RFC 9636).
 */
#ifndef LEDGER_ZONE_H
#define LEDGER_ZONE_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define LEDGER_ZONE_NAME_MAX 64
#define LEDGER_ZONE_VERSION 16 /* "2025b" and its NUL */

struct ledger_zone;

/* What the hands of a clock show: a local day and the second in it, 0 to 86399. */
struct ledger_wall {
    int32_t day;
    int32_t second;
};

/* Which of the two, where the clocks went back and a local time came twice. */
enum ledger_fold { LEDGER_FOLD_UNSAID, LEDGER_FOLD_EARLIER, LEDGER_FOLD_LATER };

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

/* As it was opened, "" when it was read from bytes. */
const char *ledger_zone_iana(const struct ledger_zone *zone);
/* What a clock there shows at that instant; parts of a second are cut off. */
struct ledger_wall ledger_zone_wall(const struct ledger_zone *zone, int64_t at_us);
/*
 * The instants at which a clock there shows `wall`, in order: none, one or two. Where there is none,
 * at_us[0] is the last instant before the gap, a second before its end, and at_us[1] the first after it.
 */
int ledger_zone_instants(const struct ledger_zone *zone, struct ledger_wall wall,
                         int64_t at_us[static 2]);
/*
 * The instant at which a clock there shows `wall`. After a refusal `at_us` has what a sentence needs:
 * LEDGER_TIME_SKIPPED: it does not exist; LEDGER_TIME_TWICE: it exists twice and `fold` is not said.
 * A time that exists once takes any fold. ledger_wall_instant says it in words.
 */
LEDGER_CHECKED enum ledger_status ledger_zone_instant(const struct ledger_zone *zone,
                                                      struct ledger_wall wall,
                                                      enum ledger_fold fold,
                                                      int64_t at_us[static 2]);

/* Which tzdata this machine has, "2025b", or "" where it does not say. */
char *ledger_zone_version(char version[static LEDGER_ZONE_VERSION]);

#endif
