#include "earmark.h"

#include "handle.h"
#include "provider.h"

static enum ledger_status check_payee(struct ledger *l, struct ledger_account *a, int32_t day)
{
    bool listed;

    if (a->member_kind == LEDGER_FUND) {
        ledger_account_name_it(l, a);
        return ledger_refuse(
            l, LEDGER_EARMARKED,
            "%s is a fund: training credits come back to it by refund, redemption, "
            "expiry or settlement",
            a->handle);
    }
    LEDGER_TRY(ledger_provider_listed(l, a->member_id, day, &listed));
    if (listed)
        return LEDGER_OK;
    ledger_account_name_it(l, a);
    return ledger_refuse(l, LEDGER_NOT_A_PROVIDER,
                         "%s is not on the list of providers: training credits are spent on "
                         "training only",
                         a->handle);
}

static enum ledger_status check_payees(struct ledger *l, const struct ledger_transfer_draft *d,
                                       struct ledger_account *accounts, int32_t day)
{
    for (int i = 0; i < d->leg_count; i++) {
        if (!accounts[i].training || d->legs[i].amount_minor < 0)
            continue;
        enum ledger_status status = check_payee(l, &accounts[i], day);
        if (status != LEDGER_OK)
            return ledger_blame(l, status, "legs", i);
    }
    return LEDGER_OK;
}

static enum ledger_status check_settlement(struct ledger *l, const struct ledger_transfer_draft *d,
                                           const struct ledger_account *accounts)
{
    for (int i = 0; i < d->leg_count; i++)
        if (accounts[i].training && accounts[i].member_kind == LEDGER_FUND)
            return LEDGER_OK;
    return ledger_refuse(l, LEDGER_EARMARKED,
                         "training credits are settled with a fund, not between members");
}

/* Expired credits stay where they went: who gets them again is a new grant. */
static enum ledger_status check_corrected(struct ledger *l, int64_t corrects)
{
    int64_t expiry;

    LEDGER_TRY(ledger_first(l, "SELECT kind = 'expiry' FROM transfer WHERE id = $1",
                            STORE_ARGS(store_int(corrects)), ledger_read_int, &expiry));
    if (!expiry)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_REVERSIBLE,
                         "transfer %lld brought expired credits back to the fund: grant them anew",
                         (long long)corrects);
}

enum ledger_status ledger_earmark_check(struct ledger *l, const struct ledger_transfer_draft *d,
                                        struct ledger_account *accounts, int32_t day)
{
    switch (d->kind) {
    case LEDGER_EXCHANGE:
        return check_payees(l, d, accounts, day);
    case LEDGER_SETTLEMENT:
        return check_settlement(l, d, accounts);
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
        return check_corrected(l, d->corrects);
    case LEDGER_OPENING:
    case LEDGER_IMPORT:
    case LEDGER_CAPTURE:
    case LEDGER_WRITE_OFF:
    case LEDGER_LEVY:
    case LEDGER_GRANT:
    case LEDGER_EXPIRY:
    case LEDGER_REDEMPTION:
        break;
    }
    return LEDGER_OK;
}

enum ledger_status ledger_earmark_check_hold(struct ledger *l, struct ledger_account *accounts,
                                             int count, int32_t day)
{
    for (int i = 1; i < count; i++) {
        enum ledger_status status = check_payee(l, &accounts[i], day);
        if (status != LEDGER_OK)
            return ledger_blame(l, status, "payees", i - 1);
    }
    return LEDGER_OK;
}
