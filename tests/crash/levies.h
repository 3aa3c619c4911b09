/*
 * levies.h - kill a node, or `coledger chores`, while it catches up with months of levies: each account is charged
 * exactly once a month, and what is refused stays due once.
 */
#ifndef TESTS_CRASH_LEVIES_H
#define TESTS_CRASH_LEVIES_H

#include <stdint.h>

/* An exit code. */
int levies(const char *coledger, int64_t kills, uint64_t seed);

#endif
