#include "chores.h"

#include "hold.h"

enum ledger_status ledger_chores_run(struct ledger *l, int64_t now_us, int64_t *count)
{
    return ledger_hold_sweep(l, now_us, count);
}
