/*
 * whole.h - is everything there that belongs together? Asked of the file as a kill left it, by what its nouns say, not by
 * `verify`.
 */
#ifndef TESTS_CRASH_WHOLE_H
#define TESTS_CRASH_WHOLE_H

#include <stdbool.h>

/*
 * No live booking that costs something without its open hold (but those of a series, far ahead), and no enrolment without
 * one for each of its prices; no open hold of theirs without them. A series has all its dates, planned or all cancelled.
 * No session has more places taken and offered than it has, and nobody waits whose party fits into what is free. The lots
 * of each account add up to its balance, what they pin to what it has on hold. Prints the first that is not so.
 */
bool whole_file(const char *path);

#endif
