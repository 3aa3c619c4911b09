/*
 * placement_hold.h - what a placement may still cost is held. Only placement*.c include it.
 */
#ifndef LEDGER_PLACEMENT_HOLD_H
#define LEDGER_PLACEMENT_HOLD_H

#include "placement.h"

/* Hold what is due at most and not yet paid; p->hold_id is set, 0 when nothing is. Refusals: those of ledger_hold_place. */
LEDGER_CHECKED enum ledger_status ledger_placement_hold(struct ledger *l,
                                                        struct ledger_placement *p);
/*
 * The same where a refusal must not stop what was agreed before: p->hold_id is then 0, and the weeks to come are
 * paid without a reserve. Only faults and a clock that is behind are returned.
 */
LEDGER_CHECKED enum ledger_status ledger_placement_hold_again(struct ledger *l,
                                                              struct ledger_placement *p);

#endif
