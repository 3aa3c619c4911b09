/*
 * write_off.h - the debts that will not come in: each, and what a year's cost whom.
 */
#ifndef LEDGER_WRITE_OFF_H
#define LEDGER_WRITE_OFF_H

#include "account.h"

struct ledger_write_off {
    int64_t transfer_id;
    int64_t member_id;
    int64_t posted_at_us;
    int64_t amount_minor;
    int64_t default_id;  /* 0: a fund paid it without one */
    int64_t reversal_id; /* 0: it stands */
    int64_t recovered_minor;
    int scale;
    char handle[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
};

/* What one bears of a year's write-offs in a currency. Those that were reversed count no more. */
struct ledger_write_off_sum {
    int64_t write_offs; /* that it has part in */
    int64_t amount_minor;
    int64_t recovered_minor; /* of it, by now */
    int scale;
    char code[LEDGER_CODE_MAX + 1];
    char bearer[LEDGER_HANDLE_MAX + 1]; /* a fund's handle, or "members" for all of them together */
};

struct ledger_write_off_filter {
    int64_t from_us; /* posted from then on */
    int64_t to_us;   /* and before then */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_write_off_reader(void *ctx, const struct ledger_write_off *w);
typedef enum ledger_status ledger_write_off_sum_reader(void *ctx,
                                                       const struct ledger_write_off_sum *s);

/* Keep account of transfer `transfer_id`, just posted, that wrote `amount_minor` off. */
LEDGER_CHECKED enum ledger_status ledger_write_off_record(struct ledger *l, int64_t transfer_id,
                                                          int64_t account_id, int64_t amount_minor);
/* In order of posting. */
LEDGER_CHECKED enum ledger_status ledger_write_off_each(struct ledger *l,
                                                        const struct ledger_write_off_filter *f,
                                                        ledger_write_off_reader *read, void *ctx);
/* Posted in a year of the node, by currency and bearer. */
LEDGER_CHECKED enum ledger_status
ledger_write_off_year(struct ledger *l, int year, ledger_write_off_sum_reader *read, void *ctx);
#endif
