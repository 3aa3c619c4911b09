/*
 * journal.h - the append-only record of transfers; the only writer of entries.
 */
#ifndef LEDGER_JOURNAL_H
#define LEDGER_JOURNAL_H

#include "transfer.h"

/*
 * SQL for the front of a query: `walk` is the entries of `account` that come after transfer `after`,
 * the newest first, by the chain that each entry has to the one before. It begins with the newest
 * one up to `to`, or somewhat after it: ask for transfer_id <= `to`. Where only the oldest n are
 * wanted, `skip` of JOURNAL_SKIP(n) leaves most of the newer ones out.
 */
#define JOURNAL_WALK(account, after, to, skip)                                                     \
    "WITH RECURSIVE walk (transfer_id, leg, amount_minor, balance_minor, late_on, previous) AS ("  \
    "SELECT transfer_id, leg, amount_minor, balance_minor, late_on, previous FROM entry "          \
    "WHERE account_id = " account " AND transfer_id > " after                                      \
    " AND transfer_id = " JOURNAL_WALK_START(                                                      \
        account, after, to,                                                                        \
        skip) " UNION ALL "                                                                        \
              "SELECT e.transfer_id, e.leg, e.amount_minor, e.balance_minor, e.late_on, "          \
              "e.previous "                                                                        \
              "FROM walk w JOIN entry e ON e.transfer_id = w.previous AND e.account_id = " account \
              " WHERE w.previous > " after ") "
/* The transfer where such a walk begins; null for an account without entries. */
#define JOURNAL_WALK_START(account, after, to, skip)                                               \
    "(SELECT min(transfer_id) FROM ("                                                              \
    "SELECT last_transfer_id AS transfer_id FROM account WHERE id = " account " UNION ALL "        \
    "SELECT transfer_id FROM (SELECT transfer_id FROM entry_mark WHERE account_id = " account      \
    " AND transfer_id >= " to " ORDER BY transfer_id LIMIT 1) AS newest UNION ALL "                \
    "SELECT transfer_id FROM (SELECT transfer_id FROM entry_mark WHERE account_id = " account      \
    " AND transfer_id > " after " ORDER BY transfer_id LIMIT 1 OFFSET " skip ") AS enough) "       \
    "AS starts)"
#define JOURNAL_MARK_EVERY 32 /* a fact of the file: schema/0002.sql */
#define JOURNAL_SKIP(n) ((n) / JOURNAL_MARK_EVERY + 1)
#define JOURNAL_SKIP_NONE INT32_MAX

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

/* An account's balance right after transfer `transfer_id` (in posting order). */
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
