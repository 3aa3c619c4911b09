/*
 * checkup.h - a quick look at a ledger: who writes it, its tables and guards, the newest figures.
 *
 * It finds what is grossly wrong in a second; verify.h finds everything.
 */
#ifndef LEDGER_CHECKUP_H
#define LEDGER_CHECKUP_H

#include "ledger.h"

#define LEDGER_SAMPLE_TRANSFERS 1000

struct ledger_sample {
    int64_t transfers; /* looked at, the newest */
    int64_t of;        /* that there are */
    int64_t accounts;  /* whose balance was compared with their newest entry */
};

/*
 * LEDGER_OK: nobody writes the ledger at `path`. LEDGER_LOCKED: `who` does. LEDGER_READ_ONLY: that
 * cannot be seen, and `who` says why.
 */
LEDGER_CHECKED enum ledger_status ledger_checkup_writer(const char *path, char *who, size_t size);

/* Before: a read transaction. LEDGER_INTEGRITY: the message names the first table or guard that is
 * not as this program makes it. */
LEDGER_CHECKED enum ledger_status ledger_checkup_schema(struct ledger *l);

/*
 * Before: a read transaction. Of the newest transfers: each sums to zero in every currency, the
 * balance after each entry follows from the one before, and the last is the account's. Of all
 * accounts: the balances of each currency sum to zero. LEDGER_INTEGRITY: the message names the first
 * that does not.
 */
LEDGER_CHECKED enum ledger_status ledger_checkup_sample(struct ledger *l, struct ledger_sample *s);

#endif
