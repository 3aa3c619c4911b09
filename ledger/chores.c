#include "chores.h"

#include "credit.h"
#include "hold.h"

/* Holds first: what they let go of may be due itself. */
enum ledger_status ledger_chores_run(struct ledger *l, int64_t now_us, int64_t *count)
{
    int64_t done;

    LEDGER_TRY(ledger_hold_sweep(l, now_us, count));
    LEDGER_TRY(ledger_credit_due(l, now_us, &done));
    *count += done;
    return LEDGER_OK;
}
