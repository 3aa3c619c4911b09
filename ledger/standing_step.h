/*
 * standing_step.h - from one due date to the next. Only standing*.c include it.
 */
#ifndef LEDGER_STANDING_STEP_H
#define LEDGER_STANDING_STEP_H

#include "date.h"
#include "standing.h"

/* Pass over its due dates through `through_on`, without a payment, and stand at the next. */
LEDGER_CHECKED enum ledger_status ledger_standing_pass_over(struct ledger *l, int64_t id,
                                                            int32_t through_on);
/* Meet its due dates through today: pay them, or pass them over where it is paused. */
LEDGER_CHECKED enum ledger_status ledger_standing_catch_up(struct ledger *l, int64_t id);
/* End it, without asking or telling. */
LEDGER_CHECKED enum ledger_status ledger_standing_stop(struct ledger *l, int64_t id,
                                                       const struct ledger_why *why);
/* Is there no due date number `n`, which would fall on `due_on`? */
static inline bool ledger_standing_is_over(const struct ledger_standing *s, int64_t n,
                                           int32_t due_on)
{
    return due_on > LEDGER_DAY_MAX || (s->count && n > s->count) ||
           (s->until_on && due_on > s->until_on);
}

#endif
