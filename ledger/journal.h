/*
 * journal.h - the append-only record of transfers; the only writer of entries.
 */
#ifndef LEDGER_JOURNAL_H
#define LEDGER_JOURNAL_H

#include "transfer.h"

/*
 * Write a transfer that transfer.c has checked. `accounts[i]` is the loaded account of leg i, its
 * balance already moved. After: entries, accounts, text and transfer row are written; `*id` is set.
 */
LEDGER_CHECKED enum ledger_status ledger_journal_write(struct ledger *l,
                                                       const struct ledger_transfer_draft *draft,
                                                       const struct ledger_account *accounts,
                                                       int64_t posted_at_us, int32_t effective_on,
                                                       int64_t *id);

/* The last transfer posted at or before `at_us`, 0 when none: ids follow posting times. */
LEDGER_CHECKED enum ledger_status ledger_journal_last_at(struct ledger *l, int64_t at_us,
                                                         int64_t *transfer_id);
/* The last transfer posted by the end of the ledger's day. */
LEDGER_CHECKED enum ledger_status ledger_journal_last_on(struct ledger *l, int32_t day,
                                                         int64_t *transfer_id);
/* How many transfers there are (their ids are 1 to this). */
LEDGER_CHECKED enum ledger_status ledger_journal_length(struct ledger *l, int64_t *transfers);

/* An account's balance right after transfer `transfer_id` (in posting order). One probe. */
LEDGER_CHECKED enum ledger_status ledger_journal_balance_at(struct ledger *l, int64_t account_id,
                                                            int64_t transfer_id,
                                                            int64_t *balance_minor);
/*
 * An account's balance by effective date: posted by the end of `day`, and the late entries that
 * are effective on or before it.
 */
LEDGER_CHECKED enum ledger_status ledger_journal_balance_effective(struct ledger *l,
                                                                   int64_t account_id, int32_t day,
                                                                   int64_t *balance_minor);
#endif
