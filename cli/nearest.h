/*
 * nearest.h - did you mean.
 */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *name; /* the nearest so far, NULL while none is near enough to be meant */
    size_t distance;
};

void nearest_try(struct nearest *n, const char *word, const char *name);

#endif
