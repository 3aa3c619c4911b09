/*
 * cadence.h - the due dates of what recurs in the ledger's own days: every so many weeks or months.
 *
 * A month that lacks the day (29, 30, 31) has its due date on its last day, and the next month on the day again:
 * each date is counted from the first, so none drifts.
 */
#ifndef LEDGER_CADENCE_H
#define LEDGER_CADENCE_H

#include "ledger.h"

#define LEDGER_CADENCE_WEEKS_MAX 52
#define LEDGER_CADENCE_MONTHS_MAX 24
#define LEDGER_CADENCE_LAST 0    /* the day of a cadence: the last of each month */
#define LEDGER_CADENCE_UNSAID -1 /* that of the first date */
#define LEDGER_CADENCE_TEXT 48
#define LEDGER_CADENCE_DAY_TEXT 12

enum ledger_cadence_unit { LEDGER_WEEKLY, LEDGER_MONTHLY };

struct ledger_cadence {
    enum ledger_cadence_unit unit;
    int every; /* so many weeks or months */
    int day;   /* weekday, Monday is 1; or day of the month, or one of those above */
};

/* Refusals: LEDGER_INTERVAL_MALFORMED, LEDGER_DUE_DAY_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_cadence_check(struct ledger *l,
                                                       const struct ledger_cadence *c);
/*
 * "friday" for weeks, "15" or "last" for months; NULL is unsaid. Refusal: LEDGER_DUE_DAY_MALFORMED.
 */
LEDGER_CHECKED enum ledger_status ledger_cadence_day_parse(struct ledger *l,
                                                           enum ledger_cadence_unit unit,
                                                           const char *text, int *day);
/* "friday", "15", "last"; the day must be said. */
char *ledger_cadence_day_format(const struct ledger_cadence *c,
                                char text[static LEDGER_CADENCE_DAY_TEXT]);
/* "every 2 weeks on friday", "every month on day 15", "every 3 months on the last day" */
char *ledger_cadence_format(const struct ledger_cadence *c, char text[static LEDGER_CADENCE_TEXT]);
const char *ledger_cadence_unit_name(enum ledger_cadence_unit unit);
/* Refusal: LEDGER_CHOICE_UNKNOWN. */
LEDGER_CHECKED enum ledger_status ledger_cadence_unit_parse(const char *text,
                                                            enum ledger_cadence_unit *unit);

/*
 * Before: `c` passed the check. Its first due date on or after `from_on`, past LEDGER_DAY_MAX when there is none; where
 * its day is unsaid, that is `from_on` and c->day is set.
 */
int32_t ledger_cadence_first(struct ledger_cadence *c, int32_t from_on);
/* The due date number `n`, from 1 for `first_on`; past LEDGER_DAY_MAX when there is none any more. */
int32_t ledger_cadence_date(const struct ledger_cadence *c, int32_t first_on, int64_t n);

#endif
