/*
 * settle.h - ask the node that is back what became of everything.
 */
#ifndef TESTS_CRASH_SETTLE_H
#define TESTS_CRASH_SETTLE_H

#include "crash.h"

/* What was answered is there once, as it was answered; what was not is asked again, and then known. */
bool settle_answered(struct crash *c);
/* Some of all that was ever accepted, or all of it, asked again. */
bool settle_old(struct crash *c, bool all);
/* Before: all is known. Balances, holds, limits and requests are the sum of the answers, and the node finds itself sound. */
bool settle_agrees(struct crash *c);

#endif
