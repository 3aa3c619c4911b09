/*
 * walk.h - an account's entries from the newest back, by the chain that each has to the one before.
 *
 * JOURNAL_WALK (journal.h) does it within a query; this costs a fifth of it for each entry, so what
 * is asked all day (a balance then, a page of a statement) goes this way.
 */
#ifndef LEDGER_WALK_H
#define LEDGER_WALK_H

#include "journal.h"

#define LEDGER_WALK_STRIDE 8

struct ledger_walk_entry {
    int64_t transfer_id;
    int leg;
    int64_t amount_minor;
    int64_t balance_minor; /* after it */
    bool late;             /* effective before the day it was posted */
};

struct ledger_walk {
    struct ledger *l;
    int64_t account_id;
    int64_t after;
    int64_t previous; /* of the last entry read, 0 when the chain ends there */
    int at;
    int count;
    struct ledger_walk_entry entries[LEDGER_WALK_STRIDE];
};

/*
 * Begin with the newest entry of the account up to transfer `to`; only those after transfer `after`
 * come. Where only the oldest n of them are wanted, `skip` of JOURNAL_SKIP(n) begins further back
 * than `to` where that is enough, JOURNAL_SKIP_NONE does not. Needs a transaction that lasts as long.
 */
LEDGER_CHECKED enum ledger_status ledger_walk_begin(struct ledger *l, int64_t account_id,
                                                    int64_t after, int64_t to, int64_t skip,
                                                    struct ledger_walk *walk);
/* The next older one; LEDGER_NO_ROW after the last. `*entry` is good until the next call. */
LEDGER_CHECKED enum ledger_status ledger_walk_next(struct ledger_walk *walk,
                                                   const struct ledger_walk_entry **entry);

#endif
