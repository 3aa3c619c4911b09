/*
 * kills.h - kill what catches up with a ledger, again and again: what was done stays done, and in the end all of it is.
 */
#ifndef TESTS_CRASH_KILLS_H
#define TESTS_CRASH_KILLS_H

#include "../support/web.h"
#include "ledger/currency.h"

struct kills {
    const char *coledger;
    uint64_t random;
    struct web_node node; /* the folder and the file of this ledger */
    int64_t ago_us;       /* so long ago it was made */
    int64_t all;          /* once so much is done, another ledger is made; 0: not known */
    int64_t count;
    int64_t amid; /* of them, after more was done than before */
    void *ctx;    /* the plan's own */
};

struct kills_plan {
    const char *name; /* one word */
    const char *amid; /* what is caught up with, and how well */
    void (*set_up)(struct kills *k);
    bool (*strike)(struct kills *k);                    /* start it, kill it; false: it failed */
    int64_t (*done)(struct kills *k, struct ledger *l); /* so far, never less than before */
    bool (*finish)(struct kills *k);                    /* the rest, without a kill */
    bool (*is_whole)(struct kills *k, struct ledger *l);
};

/* An exit code. Prints the seed and the counts; the folder of a failure is kept. */
int kills_run(const struct kills_plan *plan, const char *coledger, int64_t kills, uint64_t seed,
              void *ctx);

/* For plans. Says what is wrong and where the file is, and returns false. */
bool kills_failed(const struct kills *k, const char *what);
void kills_must(struct ledger *l, enum ledger_status status);
/* A folder of its own with a ledger that has `c`, made k->ago_us ago; it is open, and written to. */
struct ledger *kills_create(struct kills *k, struct ledger_currency *c);
struct ledger *kills_open(const struct kills *k, bool write);
/* Commit what was written, and close. */
void kills_close(struct ledger *l);

/* A strike: a node or `coledger chores`, for a tenth of a second at most. */
bool kills_at_chores(struct kills *k);
/* `coledger chores`, so many times. */
void kills_chores(const struct kills *k, int64_t times);

#endif
