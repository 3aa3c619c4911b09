/*
 * verify.h - replay the journal from the first transfer and compare everything.
 */
#ifndef LEDGER_VERIFY_H
#define LEDGER_VERIFY_H

#include "ledger.h"

struct ledger_verification {
    int64_t transfers;
    int64_t entries;
    int64_t accounts;
    int64_t holds;
    int64_t writes; /* rows of the register */
    int64_t erased; /* texts and members whose words are gone, each with its record */
    char problem[LEDGER_MESSAGE_MAX]; /* the first wrong row, "" when all is well */
};

/* Called now and then; return false to stop. */
typedef bool ledger_verify_progress(void *ctx, int64_t done, int64_t of);

/*
 * Before: a read or write transaction is open. Checks, in this order: tables and guards as this
 * program makes them and the file's pages sound; ids dense and times increasing; each transfer's zero sum per
 * currency, one entry an account, balance after each entry, text hashes; each account's balance; the indexes that
 * statements read; members and their erasures; each hold's payees, resolution and capture; each account's reserves, next
 * expiry and limits; corrections (reversed once, refunds within the original); courses
 * (places within the capacity, a hold for each paid place and none without); the register.
 * LEDGER_INTEGRITY: `v->problem` names the first wrong row, and it is the ledger's message too.
 * LEDGER_STOP: `progress` said so.
 */
LEDGER_CHECKED enum ledger_status ledger_verify(struct ledger *l, ledger_verify_progress *progress,
                                                void *ctx, struct ledger_verification *v);
#endif
