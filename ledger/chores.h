/*
 * chores.h - what falls due by itself: a node runs it every minute, whoever keeps a file by hand
 * with `coledger chores`.
 */
#ifndef LEDGER_CHORES_H
#define LEDGER_CHORES_H

#include "ledger.h"

/*
 * Do what is due at `now_us`, noun by noun; `*count` says how many things changed, notices left out. Each noun bounds
 * what it does in one run, so that nobody waits long for the writer. What the rules refuse is kept by
 * its noun and stops nothing else; only a fault is returned. Needs a write transaction.
 */
LEDGER_CHECKED enum ledger_status ledger_chores_run(struct ledger *l, int64_t now_us,
                                                    int64_t *count);

#endif
