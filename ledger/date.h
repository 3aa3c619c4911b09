/*
 * date.h - calendar days and instants, without any time zone.
 *
 * A day is a count of days since 1970-01-01 in the proleptic Gregorian
 * calendar; an instant is microseconds since the epoch in UTC.
 */
#ifndef LEDGER_DATE_H
#define LEDGER_DATE_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define LEDGER_DATE_TEXT 11 /* YYYY-MM-DD and its NUL */
#define LEDGER_TIME_TEXT 28 /* YYYY-MM-DDThh:mm:ss.uuuuuuZ and its NUL */
#define LEDGER_HOURS_TEXT 32
#define LEDGER_DAY_MIN INT32_C(-25567) /* 1900-01-01 */
#define LEDGER_DAY_MAX INT32_C(95026)  /* 2230-03-05, a bound and no more */
#define LEDGER_US_PER_SECOND INT64_C(1000000)
#define LEDGER_US_PER_DAY INT64_C(86400000000)

/* ISO 8601 calendar date, exactly YYYY-MM-DD, a day that exists within the bounds above. Refusal: LEDGER_DATE_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_date_parse(const char *text, int32_t *day);
char *ledger_date_format(int32_t day, char buf[static LEDGER_DATE_TEXT]);

int32_t ledger_date_from_civil(int year, int month, int day_of_month);
void ledger_date_to_civil(int32_t day, int *year, int *month, int *day_of_month);
/* Monday is 1, Sunday 7 (ISO 8601). */
int ledger_date_weekday(int32_t day);
/* The first day of its month, and the last. */
int32_t ledger_date_month_start(int32_t day);
int32_t ledger_date_month_end(int32_t day);

/*
 * RFC 3339: YYYY-MM-DDThh:mm:ss[.1-9 digits](Z|+hh:mm|-hh:mm); digits past the sixth are cut off.
 * The day as written must lie within the bounds above. 't', 'z' and a blank for 'T' are taken too (RFC 3339 5.6). Second 60 is refused.
 * Refusal: LEDGER_TIME_MALFORMED.
 */
LEDGER_CHECKED enum ledger_status ledger_time_parse(const char *text, int64_t *at_us);
/* Always UTC with six decimals and Z. */
char *ledger_time_format(int64_t at_us, char buf[static LEDGER_TIME_TEXT]);

/*
 * A length of time: a whole number and one unit letter: 30m, 24h, 90d. More than
 * zero, at most 400 days. Refusal: LEDGER_TIME_MALFORMED.
 */
LEDGER_CHECKED enum ledger_status ledger_duration_parse(const char *text, int64_t *us);

/* "7", "7:30" or "7.5" hours as whole minutes, 0 to `most`. Refusal: LEDGER_HOURS_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_hours_parse(const char *text, int most, int *minutes);
/* "7:30" */
char *ledger_hours_format(int64_t minutes, char text[static LEDGER_HOURS_TEXT]);

#endif
