/*
 * equivalent.h - what a unit stands for outside: 1 CALD = 1.00 GBP, from a day on.
 */
#ifndef LEDGER_EQUIVALENT_H
#define LEDGER_EQUIVALENT_H

#include "ledger.h"

#define LEDGER_UNIT_MAX 10

struct ledger_equivalent {
    int64_t id;
    int64_t currency_id;
    int32_t from_on;
    char unit[LEDGER_UNIT_MAX + 1];
    int64_t value_micro; /* millionths of `unit` for one whole unit of the currency */
};

/*
 * State it from `from_on` on. Refusals: LEDGER_TEXT_* (unit: 1 to 10 printable characters),
 * LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_BACKDATED (before today), LEDGER_REASON_MISSING.
 */
LEDGER_CHECKED enum ledger_status
ledger_equivalent_set(struct ledger *l, struct ledger_equivalent *e, const struct ledger_why *why);
/* In force on `day`: the latest from_on <= day, of those the last stated. LEDGER_NO_ROW when none. */
LEDGER_CHECKED enum ledger_status ledger_equivalent_at(struct ledger *l, int64_t currency_id,
                                                       int32_t day, struct ledger_equivalent *e);
#endif
