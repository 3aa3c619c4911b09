#include "credit.h"
#include "handle.h"
#include "journal.h"

static enum ledger_status add_flow(void *into, const struct store_row *row)
{
    struct ledger_fund_flow *f = into;
    int64_t amount_minor = store_row_int(row, 1);
    enum ledger_transfer_kind kind;

    LEDGER_TRY(ledger_transfer_kind_parse(store_row_text(row, 0), &kind));
    switch (kind) {
    case LEDGER_GRANT:
        f->granted_minor -= amount_minor;
        break;
    case LEDGER_EXCHANGE:
    case LEDGER_CAPTURE:
        f->paid_minor -= amount_minor;
        break;
    case LEDGER_EXPIRY:
        f->expired_minor += amount_minor;
        break;
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
        f->given_back_minor += amount_minor;
        break;
    case LEDGER_REDEMPTION:
        f->redeemed_minor += amount_minor;
        break;
    case LEDGER_SETTLEMENT:
        f->settled_minor += amount_minor;
        break;
    case LEDGER_OPENING:
    case LEDGER_IMPORT:
    case LEDGER_WRITE_OFF:
    case LEDGER_LEVY:
        f->other_minor += amount_minor;
        break;
    }
    return LEDGER_OK;
}

enum ledger_status ledger_credit_flow(struct ledger *l, int64_t fund_account_id, int32_t from,
                                      int32_t to, struct ledger_fund_flow *flow)
{
    int64_t before;
    int64_t last;

    *flow = (struct ledger_fund_flow){0};
    if (from > to)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "to",
                                   "the period ends before it begins");
    LEDGER_TRY(ledger_journal_last_on(l, from - 1, &before));
    LEDGER_TRY(ledger_journal_last_on(l, to, &last));
    LEDGER_TRY(ledger_journal_balance_at(l, fund_account_id, before, &flow->opening_minor));
    LEDGER_TRY(ledger_journal_balance_at(l, fund_account_id, last, &flow->closing_minor));
    return ledger_each(
        l,
        JOURNAL_WALK("$1", "$2", "$3",
                     "$4") "SELECT t.kind, sum(w.amount_minor) FROM walk w "
                           "JOIN transfer t ON t.id = w.transfer_id WHERE w.transfer_id <= $3 "
                           "GROUP BY t.kind",
        STORE_ARGS(store_int(fund_account_id), store_int(before), store_int(last),
                   store_int(JOURNAL_SKIP_NONE)),
        add_flow, flow);
}
