/*
 * model_fund.h - the part of model.h about levies into a guarantee fund, and who pays for a default.
 *
 * What came in by trade is added up from the journal whenever it is asked for; what one bears is
 * shared out in whole units, one after the other.
 */
#ifndef TESTS_MODEL_FUND_H
#define TESTS_MODEL_FUND_H

#include "ledger/default.h"
#include "ledger/levy.h"

#define MODEL_SHARES_MAX 400 /* of one default */

struct model;

struct model_levy {
    int64_t currency_id;
    int64_t fund_id; /* an account */
    int64_t points;
    int64_t flat_minor;
    int64_t minimum_minor;
    int64_t from_on;
};

/* What a month asked of an account: due, or had, or waived. */
struct model_levy_charge {
    int64_t account_id;
    int64_t month_id; /* counted in the order they were begun */
    int64_t month_on;
    int64_t levy_id; /* of the month */
    int64_t base_minor;
    int64_t at_us;   /* of a due one, when it is asked for */
    int64_t refused; /* a status, of a due one */
    int64_t amount_minor;
    int64_t transfer_id;
};

struct model_step {
    int64_t account_id; /* 0: the members */
    int64_t points;
    bool to_limit;
};

struct model_order {
    int64_t currency_id;
    int64_t weight;
    int64_t cap_minor;
    int64_t step_count;
    struct model_step steps[LEDGER_GUARANTEE_STEPS_MAX + 1];
};

struct model_default {
    int64_t account_id;
    int64_t owed_minor;
    int64_t state;
    int64_t order_id;
    int64_t covered_minor;
    int64_t transfer_id;
    int64_t recovered_minor;
    const char *reason;
};

/* What one bears of a default, and has back. */
struct model_share {
    int64_t default_id;
    int64_t account_id;
    int64_t step; /* from 1 */
    int64_t members;
    int64_t amount_minor;
    int64_t transfer_id;
    int64_t at_us;
    int64_t back_minor;
};

enum ledger_status model_levy_set(struct model *m, const struct model_levy *levy,
                                  const char *reason, int64_t *id);
/* In force on a day, or NULL; and what one takes of so much. */
const struct model_levy *model_levy_on(const struct model *m, int64_t currency_id, int64_t day);
/* The one of which no month has begun yet, where none is in force; NULL for none. */
const struct model_levy *model_levy_first(const struct model *m, int64_t currency_id);
int64_t model_levy_base(int64_t base_minor); /* not below zero, nor beyond what is counted */
int64_t model_levy_amount(const struct model_levy *levy, int64_t base_minor);
/* What came in by trade from an instant on, and before another; `*any` says that something moved. */
int64_t model_trade(const struct model *m, int64_t account_id, int64_t from_us, int64_t to_us,
                    bool *any);
bool model_pays_levies(const struct model *m, int64_t account_id);
enum ledger_status model_levy_due(struct model *m, int64_t *count);
void model_levy_waive(struct model *m, int64_t account_id);

enum ledger_status model_guarantee_set(struct model *m, const struct model_order *order,
                                       const char *reason, int64_t *id);
/* The newest levy or order of a currency names an account of this fund. */
bool model_relies_on(const struct model *m, int64_t member_id);
enum ledger_status model_default_declare(struct model *m, int64_t account_id, const char *reason,
                                         int64_t *id);
enum ledger_status model_default_withdraw(struct model *m, int64_t id, const char *reason);
/* What was declared of that account has ended. */
enum ledger_status model_default_written_off(struct model *m, int64_t account_id);
/* `second` says that another person covers it than who declared it. */
enum ledger_status model_default_cover(struct model *m, int64_t id, bool second, bool on_paper);
enum ledger_status model_default_recover(struct model *m, int64_t id, int64_t amount_minor,
                                         const char *reason);
/* Who would pay, into room for MODEL_SHARES_MAX; what nobody can pay. Before: an order is in force. */
int64_t model_default_plan(struct model *m, int64_t account_id, struct model_share *shares,
                           int *count);
int64_t model_order_of(const struct model *m, int64_t currency_id); /* 0: none */

#endif
