#include "calendar.h"

#include "monotonic.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SETS 128
#define WAYS 8 /* addresses a set remembers; a ninth takes the place of the one that began first */
#define WINDOW_US (60 * MONOTONIC_SECOND_US)

struct asked {
    uint64_t address;
    int64_t since_us;
    int times;
};

struct calendar_gate {
    pthread_mutex_t lock;
    struct asked sets[SETS][WAYS];
};

struct calendar_gate *calendar_gate_new(void)
{
    struct calendar_gate *gate = calloc(1, sizeof *gate);

    if (!gate)
        return NULL;
    if (pthread_mutex_init(&gate->lock, NULL) == 0)
        return gate;
    free(gate);
    return NULL;
}

void calendar_gate_free(struct calendar_gate *gate)
{
    if (!gate)
        return;
    pthread_mutex_destroy(&gate->lock);
    free(gate);
}

/* FNV-1a: the secret is random, and spreads its own letters. */
static uint64_t hash(const char *secret)
{
    uint64_t hash = 14695981039346656037u;

    for (; *secret; secret++)
        hash = (hash ^ (unsigned char)*secret) * 1099511628211u;
    return hash;
}

/* Nobody is refused for what others asked: who is forgotten for another begins anew. */
static struct asked *remember(struct calendar_gate *gate, uint64_t address, int64_t now_us)
{
    struct asked *set = gate->sets[address % SETS];
    struct asked *oldest = set;

    for (struct asked *a = set; a < set + WAYS; a++) {
        if (a->address == address && now_us - a->since_us < WINDOW_US)
            return a;
        if (a->since_us < oldest->since_us)
            oldest = a;
    }
    *oldest = (struct asked){.address = address, .since_us = now_us};
    return oldest;
}

bool calendar_gate_admit(struct calendar_gate *gate, const char *secret, int64_t now_us)
{
    bool admitted;

    pthread_mutex_lock(&gate->lock);
    struct asked *a = remember(gate, hash(secret), now_us);
    admitted = a->times < CALENDAR_ASKS_MAX;
    a->times += admitted;
    pthread_mutex_unlock(&gate->lock);
    return admitted;
}
