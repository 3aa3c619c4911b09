/*
 * period.h - closed days: nothing more can be dated into them.
 */
#ifndef LEDGER_PERIOD_H
#define LEDGER_PERIOD_H

#include "ledger.h"

/*
 * Close every day up to and including `through_on`.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_DATE_IN_FUTURE (today or later), LEDGER_PERIOD_CLOSED (already).
 */
LEDGER_CHECKED enum ledger_status ledger_period_close(struct ledger *l, int32_t through_on,
                                                      const struct ledger_why *why, int64_t *id);
/* The last closed day, LEDGER_DAY_MIN - 1 when none is. */
LEDGER_CHECKED enum ledger_status ledger_period_closed_through(struct ledger *l, int32_t *day);
/* LEDGER_PERIOD_CLOSED, of `field`, where that day is closed; `remedy` says what to do: "date it later". */
LEDGER_CHECKED enum ledger_status ledger_period_need_open(struct ledger *l, int32_t day,
                                                          const char *field, const char *remedy);
/* The one check that posting calls: LEDGER_DATE_IN_FUTURE, LEDGER_PERIOD_CLOSED. */
LEDGER_CHECKED enum ledger_status ledger_period_check(struct ledger *l, int32_t effective_on);

#endif
