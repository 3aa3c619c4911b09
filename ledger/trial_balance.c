#include "trial_balance.h"

#include "handle.h"
#include "journal.h"

#include <assert.h>

struct trial {
    struct ledger_trial_balance *total;
    ledger_trial_reader *read;
    void *ctx;
};

static enum ledger_status read_line(void *into, const struct store_row *row)
{
    struct trial *trial = into;
    struct ledger_trial_line line = {.account_id = store_row_int(row, 0),
                                     .balance_minor = store_row_int(row, 3)};

    store_row_copy(row, 1, line.handle, sizeof line.handle);
    store_row_copy(row, 2, line.name, sizeof line.name);
    if (line.balance_minor < 0)
        trial->total->debit_minor -= line.balance_minor;
    else
        trial->total->credit_minor += line.balance_minor;
    trial->total->accounts++;
    return trial->read(trial->ctx, &line);
}

/*
 * An account is listed from the day it was opened; one that history imported later reaches back to
 * is listed from its first balance.
 */
#define LISTED(balance)                                                                            \
    "SELECT id, handle, name, balance_minor FROM (SELECT a.id, a.opened_at_us, "                   \
    "coalesce(i.handle, 'erased-' || a.member_id) AS handle, coalesce(i.name, '') AS name, "       \
    "coalesce((" JOURNAL_WALK(                                                                     \
        "a.id", "0", "$2",                                                                         \
        "$5") "SELECT balance_minor FROM walk WHERE transfer_id <= $2 LIMIT 1), 0)" balance        \
              " AS balance_minor "                                                                 \
              "FROM account a LEFT JOIN member_identity i ON i.member_id = a.member_id "           \
              "WHERE a.currency_id = $1) AS listed WHERE opened_at_us < $3 OR balance_minor <> 0 " \
              "ORDER BY handle"

#define LATE                                                                                       \
    " + coalesce((SELECT sum(e.amount_minor) FROM entry e WHERE e.account_id = a.id AND "          \
    "e.late_on <= $4 AND e.transfer_id > $2), 0)"

static enum ledger_status read_lines(struct ledger *l, int64_t currency_id, int32_t day,
                                     enum ledger_order by, struct trial *trial)
{
    bool now = day >= ledger_today(l);
    int64_t day_end_us = now ? INT64_MAX : ledger_day_start_us(l, day + 1);
    int64_t last = INT64_MAX;

    if (!now)
        LEDGER_TRY(ledger_journal_last_on(l, day, &last));
    const struct store_arg args[] = {store_int(currency_id), store_int(last), store_int(day_end_us),
                                     store_int(day), store_int(JOURNAL_SKIP_NONE)};
    switch (by) {
    case LEDGER_BY_POSTED:
        return ledger_each(l, LISTED(""), args, 5, read_line, trial);
    case LEDGER_BY_EFFECTIVE:
        return ledger_each(l, LISTED(LATE), args, 5, read_line, trial);
    }
    return LEDGER_OK;
}

enum ledger_status ledger_trial_balance_read(struct ledger *l, int64_t currency_id, int32_t day,
                                             enum ledger_order by,
                                             struct ledger_trial_balance *total,
                                             ledger_trial_reader *read, void *ctx)
{
    struct ledger_currency c;
    struct trial trial = {total, read, ctx};

    assert(ledger_in_transaction(l));
    *total = (struct ledger_trial_balance){0};
    LEDGER_TRY(ledger_currency_get(l, currency_id, &c));
    LEDGER_TRY(read_lines(l, currency_id, day, by, &trial));
    if (total->debit_minor != total->credit_minor)
        return ledger_refuse(l, LEDGER_INTEGRITY,
                             "the balances in %s do not sum to zero: run `coledger verify`",
                             c.code);
    return LEDGER_OK;
}
