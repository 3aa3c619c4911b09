/*
 * bench.h - what the benchmark's parts share: a stopwatch, a random sequence, the load's shape.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

#define BENCH_ACCOUNTS 10000
#define BENCH_BATCH 1000
#define BENCH_SEED 7

/* One payment of the load: the same sequence for the ledger and for the plain loops. */
struct bench_payment {
    int64_t payer; /* 1 to BENCH_ACCOUNTS */
    int64_t payee;
    int64_t amount_minor;
    uint8_t uid[16]; /* a caller's random UUID, version 4 */
};

double bench_now_s(void);
/* splitmix64: the next number of the sequence in `*state`. */
uint64_t bench_random(uint64_t *state);
/* Between any two of the first `accounts`. */
void bench_next_payment(uint64_t *state, int64_t accounts, struct bench_payment *p);

/*
 * The plain loop: the same inserts and updates as a payment, prepared, on the same tables and indexes
 * without checks, keys or triggers, synchronous=FULL. `batch` payments a commit; the seconds they took.
 */
struct plain;
struct plain *bench_plain_open(const char *path);
double bench_plain_pay(struct plain *p, int payments, int batch);
void bench_plain_close(struct plain *p);

/* The office pool, measured in a ledger of its own in `folder`. */
int bench_pool(const char *folder);

#endif
