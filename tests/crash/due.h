/*
 * due.h - kill a node, or `coledger chores`, while it catches up with weeks of standing payments: each due date is
 * met exactly once, and in order.
 */
#ifndef TESTS_CRASH_DUE_H
#define TESTS_CRASH_DUE_H

#include <stdint.h>

/* An exit code. */
int due(const char *coledger, int64_t kills, uint64_t seed);

#endif
