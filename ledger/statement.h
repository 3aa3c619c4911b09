/*
 * statement.h - an account's entries over a period, between two balances that foot.
 *
 * In posting order by default: a printed statement never changes. By effective date on request:
 * then an entry posted late stands where it belongs, and a later statement may show more.
 */
#ifndef LEDGER_STATEMENT_H
#define LEDGER_STATEMENT_H

#include "transfer.h"

enum ledger_order { LEDGER_BY_POSTED, LEDGER_BY_EFFECTIVE };

struct ledger_statement_query {
    int64_t account_id;
    int32_t from_on; /* inclusive, the ledger's days */
    int32_t to_on;   /* inclusive */
    enum ledger_order by;
    /* A page starts after this line (0, 0 for the first). */
    int32_t after_effective_on; /* BY_EFFECTIVE only */
    int64_t after_transfer_id;
    int limit; /* 0: all lines */
};

struct ledger_statement {
    int64_t opening_minor; /* at the start of from_on, however many pages precede */
    int64_t in_minor;      /* totals of the whole period; this and the next are filled on the first
                            * page only (they need the whole period), as is `lines` */
    int64_t out_minor;     /* positive */
    int64_t closing_minor; /* opening + in - out; on every page */
    int64_t lines;         /* in the whole period */
};

struct ledger_statement_line {
    int64_t transfer_id;
    int64_t posted_at_us;
    int32_t effective_on;
    bool late; /* effective before the day it was posted */
    enum ledger_transfer_kind kind;
    int64_t corrects;
    int64_t amount_minor;
    int64_t balance_minor;                    /* running, in the order asked for */
    int counterparties;                       /* other accounts in the transfer */
    char counterparty[LEDGER_HANDLE_MAX + 1]; /* the first on the other side, in this currency */
    bool has_text;
    char memo[LEDGER_MEMO_MAX + 1]; /* "" when none or erased */
    char reference[LEDGER_REFERENCE_MAX + 1];
};

typedef enum ledger_status ledger_statement_reader(void *ctx,
                                                   const struct ledger_statement_line *line);

/*
 * Fill `*s` and give the page's lines to `read`.
 * Before: a transaction is open, so that header and lines are of one moment.
 * Refusals: LEDGER_PERIOD_MALFORMED (from after to), LEDGER_NO_SUCH_ACCOUNT, LEDGER_INTEGRITY (it would not foot),
 * LEDGER_CURSOR_MALFORMED (a page by effective date after a day outside the period).
 * Cost of a page by posting: the page, however long the journal; the first page also adds up its period.
 */
LEDGER_CHECKED enum ledger_status ledger_statement_read(struct ledger *l,
                                                        const struct ledger_statement_query *query,
                                                        struct ledger_statement *s,
                                                        ledger_statement_reader *read, void *ctx);
#endif
