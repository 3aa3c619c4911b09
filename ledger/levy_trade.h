/*
 * levy_trade.h - what counts as trade for a levy. Only levy*.c include it.
 */
#ifndef LEDGER_LEVY_TRADE_H
#define LEDGER_LEVY_TRADE_H

#include "journal.h"
#include "levy.h"

/* For the back of a query over entries `e`: only what came in by exchange, and what was given back of such. */
#define LEVY_TRADE                                                                                 \
    "JOIN transfer t ON t.id = e.transfer_id LEFT JOIN transfer o ON o.id = t.corrects "           \
    "WHERE ((t.kind = 'exchange' AND e.amount_minor > 0) OR "                                      \
    "(t.kind IN ('reversal', 'refund') AND o.kind = 'exchange' AND e.amount_minor < 0)) "

/* Not below zero, and not beyond what the ledger counts. */
int64_t ledger_levy_base(int64_t base_minor);
/* The one called `id`, which is there. */
LEDGER_CHECKED enum ledger_status ledger_levy_get(struct ledger *l, int64_t id,
                                                  struct ledger_levy *levy);

#endif
