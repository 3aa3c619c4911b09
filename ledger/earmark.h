/*
 * earmark.h - where training credits may go: to whoever is listed as a provider, and back to a fund.
 *
 * Accounts that are no training accounts are passed over. Nothing is written. For ledger/lot.c only.
 */
#ifndef LEDGER_EARMARK_H
#define LEDGER_EARMARK_H

#include "transfer.h"

/*
 * May a transfer of this kind go from and to these accounts on `day`? accounts[i] is that of leg i; one that is
 * named in a refusal has its handle and code loaded.
 * Refusals: LEDGER_EARMARKED (a payment to a fund, a settlement without one), LEDGER_NOT_A_PROVIDER (of a payee),
 * LEDGER_NOT_REVERSIBLE (it corrects an expiry).
 */
LEDGER_CHECKED enum ledger_status ledger_earmark_check(struct ledger *l,
                                                       const struct ledger_transfer_draft *draft,
                                                       struct ledger_account *accounts,
                                                       int32_t day);
/*
 * May a hold placed on `day` pay these? accounts[0] is the payer's, the other `count` - 1 the payees', all of them
 * training accounts. Refusals: LEDGER_EARMARKED (a fund), LEDGER_NOT_A_PROVIDER.
 */
LEDGER_CHECKED enum ledger_status ledger_earmark_check_hold(struct ledger *l,
                                                            struct ledger_account *accounts,
                                                            int count, int32_t day);

#endif
