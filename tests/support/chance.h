/*
 * chance.h - random numbers that a seed gives again (splitmix64).
 */
#ifndef TESTS_CHANCE_H
#define TESTS_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

uint64_t chance_next(struct chance *c);
/* 0 to n - 1 */
int64_t chance_below(struct chance *c, int64_t n);
bool chance_one_in(struct chance *c, int64_t n);
void chance_fill(struct chance *c, void *bytes, size_t size);

#endif
