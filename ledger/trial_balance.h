/*
 * trial_balance.h - every account of a currency at the end of a day; the sum is zero.
 */
#ifndef LEDGER_TRIAL_BALANCE_H
#define LEDGER_TRIAL_BALANCE_H

#include "statement.h"

struct ledger_trial_line {
    int64_t account_id;
    char handle[LEDGER_HANDLE_MAX + 1];
    char name[LEDGER_NAME_MAX + 1];
    int64_t balance_minor; /* in credit stands under Credit, below zero under Debit */
};

struct ledger_trial_balance {
    int64_t debit_minor; /* positive */
    int64_t credit_minor;
    int64_t accounts;
};

typedef enum ledger_status ledger_trial_reader(void *ctx, const struct ledger_trial_line *line);

/* Accounts opened by the end of `day` (of today: now), by handle; `*total` at the end. */
LEDGER_CHECKED enum ledger_status ledger_trial_balance_read(struct ledger *l, int64_t currency_id,
                                                            int32_t day, enum ledger_order by,
                                                            struct ledger_trial_balance *total,
                                                            ledger_trial_reader *read, void *ctx);
#endif
