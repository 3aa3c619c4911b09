/*
 * model_reach.h - did a long run meet what it is there for?
 */
#ifndef TESTS_MODEL_REACH_H
#define TESTS_MODEL_REACH_H

#include "deed.h"

/* `counts`: how often each kind of deed, in the order of the table, ended in which status. What is missing fails the test. */
void model_reach(const struct model *m, uint64_t seed, int64_t (*counts)[LEDGER_STATUS_COUNT]);

#endif
