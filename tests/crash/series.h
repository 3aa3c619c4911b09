/*
 * series.h - kill a node, or `coledger chores`, while the dates of many series come near: each has its hold once, and
 * where the hold is refused the member is told once.
 */
#ifndef TESTS_CRASH_SERIES_H
#define TESTS_CRASH_SERIES_H

#include <stdint.h>

/* An exit code. */
int series(const char *coledger, int64_t kills, uint64_t seed);

#endif
