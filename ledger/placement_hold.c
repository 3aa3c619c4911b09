#include "placement_hold.h"

#include "hold.h"
#include "hold_owner.h"

enum ledger_status ledger_placement_hold(struct ledger *l, struct ledger_placement *p)
{
    struct ledger_leg payee = {p->payee_id, ledger_placement_due(p, p->minutes) - p->paid_minor};
    const struct ledger_hold_draft draft = {
        .account_id = p->payer_id,
        .expires_at_us = ledger_day_start_us(l, p->ends_on + 1 + LEDGER_PLACEMENT_GRACE_DAYS),
        .payees = &payee,
        .payee_count = 1};

    p->hold_id = 0;
    if (payee.amount_minor == 0)
        return LEDGER_OK;
    LEDGER_TRY(ledger_hold_place(l, &draft, &p->hold_id));
    return ledger_hold_own(l, p->hold_id, "placement", p->id);
}

enum ledger_status ledger_placement_hold_again(struct ledger *l, struct ledger_placement *p)
{
    enum ledger_status st = ledger_placement_hold(l, p);

    if (st == LEDGER_OK || ledger_status_is_fault(st) || st == LEDGER_CLOCK_BEHIND)
        return st;
    p->hold_id = 0;
    return LEDGER_OK;
}
