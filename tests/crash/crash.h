/*
 * crash.h - a ledger under a load that is killed: what was sent, answered and counted so far.
 */
#ifndef TESTS_CRASH_CRASH_H
#define TESTS_CRASH_CRASH_H

#include "../support/load.h"

#define IMPORT_ROWS 300
#define IMPORT_MINOR 1

struct crash_count {
    int64_t accepted, refused; /* while it was loaded */
    int64_t whole, absent;     /* of those that were not answered */
    int64_t kills, starts, stops, locals, imports;
};

struct crash {
    const char *coledger;
    uint64_t random;
    struct web_node node;
    struct client clients[LOAD_THREADS];
    size_t settled[LOAD_THREADS]; /* writes of each that are in the tally */
    struct client asker;
    struct tally tally;
    struct crash_count count;
    int files; /* imports and backups so far, for their names */
    bool import_due;
    char import_path[200];
};

/* Says what is wrong and where the file is, and returns false. */
bool crash_failed(const struct crash *c, const char *what);

#endif
