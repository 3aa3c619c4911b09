/*
 * zone_rule.h - when clocks change, as a POSIX TZ string says it: "GMT0BST,M3.5.0/1,M10.5.0".
 *
 * For ledger/zone.c only. RFC 9636, 3.3.1 extends the times of day that POSIX.1 allows.
 */
#ifndef LEDGER_ZONE_RULE_H
#define LEDGER_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

/* One day of the year. */
struct ledger_zone_rule_day {
    char kind; /* 'M' month.week.weekday, 'J' day 1-365 without leap days, 'N' day 0-365 */
    int a, b, c;
    int32_t time_s; /* local, after that day's midnight; may be negative */
};

/* Offsets are east of Greenwich. */
struct ledger_zone_rule {
    int32_t standard_s;
    int32_t summer_s;
    bool has_summer; /* else only standard_s means anything */
    struct ledger_zone_rule_day start;
    struct ledger_zone_rule_day end;
};

/* False: `text` is no such rule, and `*r` means nothing. */
bool ledger_zone_rule_read(const char *text, struct ledger_zone_rule *r);

/* Local seconds since 1970 at which the day and its time fall in `year`. */
int64_t ledger_zone_rule_local_s(const struct ledger_zone_rule_day *d, int year);

/* May a place's clock be so far from Greenwich? */
bool ledger_zone_is_offset(int64_t offset_s);

#endif
