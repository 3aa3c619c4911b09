/*
 * recurrence.h - the dates of a series, by a rule of RFC 5545 (RRULE).
 *
 * Dates only: a series is a rule and a local time, and each occurrence becomes an instant by itself
 * (ledger_wall_instant). A rule that knew the zone would drift wherever clocks skip its time.
 */
#ifndef LEDGER_RECURRENCE_H
#define LEDGER_RECURRENCE_H

#include "ledger.h"

#define LEDGER_RULE_MAX 200       /* bytes of the text */
#define LEDGER_RECURRENCE_MAX 366 /* dates */
#define LEDGER_RECURRENCE_YEARS 2 /* from the first day asked for to the last date */

/*
 * The days that `rule` gives on or after `first`, in order. `rule` is FREQ=DAILY, WEEKLY or MONTHLY with
 * COUNT or UNTIL=YYYYMMDD, and INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST as RFC 5545 has
 * them, in capitals, each part once. The first day itself counts only where the rule gives it. A month without the
 * day (31 April) is left out.
 *
 * Refusals, in order: LEDGER_RULE_MALFORMED, LEDGER_RULE_FREQUENCY (also YEARLY), LEDGER_RULE_ENDLESS,
 * LEDGER_RULE_TOO_LONG (more dates, or later than the constants above), LEDGER_RULE_EMPTY, LEDGER_NO_MEMORY.
 */
LEDGER_CHECKED enum ledger_status ledger_recurrence_days(const char *rule, int32_t first,
                                                         int32_t days[static LEDGER_RECURRENCE_MAX],
                                                         int *count);
/* The same, with a sentence that names the parameter "rule". */
LEDGER_CHECKED enum ledger_status
ledger_recurrence_expand(struct ledger *l, const char *rule, int32_t first,
                         int32_t days[static LEDGER_RECURRENCE_MAX], int *count);

#endif
