/*
 * notices.h - kill a node, or `coledger notice send`, while notices leave it by mail and by webhook, both of which fail at
 * times: each notice is handed over at least once and in order, and not again once that was recorded.
 */
#ifndef TESTS_CRASH_NOTICES_H
#define TESTS_CRASH_NOTICES_H

#include <stdint.h>

/* An exit code. */
int notices(const char *coledger, int64_t kills, uint64_t seed);

#endif
