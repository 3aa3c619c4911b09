/*
 * apportion.h - share an amount out among many, pro rata, each up to what it can bear.
 */
#ifndef LEDGER_APPORTION_H
#define LEDGER_APPORTION_H

#include "amount.h"

#define LEDGER_PORTIONS_MAX 10000

struct ledger_portion {
    int64_t weight;     /* 0 or more, at most LEDGER_AMOUNT_MAX; who weighs nothing bears nothing */
    int64_t most_minor; /* what it can bear; below zero counts as zero */
    int64_t part_minor; /* out: what it bears */
    size_t place;       /* for the function itself, as is what follows */
    uint64_t remainder;
    bool open;
};

/*
 * Share `total_minor` (0 or more) out over `n` portions (at most LEDGER_PORTIONS_MAX) in proportion to their weights.
 * What is more than one can bear goes to the others, pro rata again. Largest remainder, ties to the lower index.
 * Returns what nobody could bear: the parts and this add up to the total exactly.
 */
int64_t ledger_apportion(int64_t total_minor, struct ledger_portion *portions, size_t n);

#endif
