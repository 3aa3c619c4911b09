/*
 * monotonic.h - the clock of deadlines and retries; nothing that is kept comes from it.
 */
#ifndef API_MONOTONIC_H
#define API_MONOTONIC_H

#include <stdint.h>
#include <time.h>

#define MONOTONIC_SECOND_US INT64_C(1000000)

static inline int64_t monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * MONOTONIC_SECOND_US + now.tv_nsec / 1000;
}

#endif
