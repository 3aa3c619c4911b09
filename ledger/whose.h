/*
 * whose.h - whose an account is, for lists that name many.
 */
#ifndef LEDGER_WHOSE_H
#define LEDGER_WHOSE_H

#include "member.h"

struct ledger_whose {
    int64_t account_id;
    int64_t currency_id;
    char handle[LEDGER_HANDLE_MAX + 1]; /* or erased-N, as listings call who has none any more */
};

struct ledger_whose_memory;

/*
 * After: `*whose` is good until the next call. A handle that only reads remembers what it was told
 * until something is erased: an account keeps its member and currency, and a member its handle until
 * then. Needs a transaction. Refusal: LEDGER_NO_SUCH_ACCOUNT.
 */
LEDGER_CHECKED enum ledger_status ledger_whose(struct ledger *l, int64_t account_id,
                                               const struct ledger_whose **whose);

#endif
