/*
 * model_furnish.h - what the pool and the courses of a model are from the start, in the ledger and in the model.
 */
#ifndef TESTS_MODEL_FURNISH_H
#define TESTS_MODEL_FURNISH_H

#include "model.h"
#include "region.h"

/*
 * Three resources with their prices, shares and quotas, and a course for each of four members. Before: the first 26
 * members are there. After: both are to be committed, for what is not in the register has taken times of the ledger.
 */
void model_furnish(struct model *m, struct region *r);

#endif
