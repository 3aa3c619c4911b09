#include "calendar.h"

#include "monotonic.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 1024 /* two addresses that share one share its minute */
#define WINDOW_US (60 * MONOTONIC_SECOND_US)

struct calendar_gate {
    pthread_mutex_t lock;
    struct {
        int64_t since_us;
        int asked;
    } slots[SLOTS];
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

/* The secret is random: its own letters spread it over the slots (FNV-1a). */
static size_t slot_of(const char *secret)
{
    uint32_t hash = 2166136261u;

    for (; *secret; secret++)
        hash = (hash ^ (unsigned char)*secret) * 16777619u;
    return hash % SLOTS;
}

bool calendar_gate_admit(struct calendar_gate *gate, const char *secret, int64_t now_us)
{
    size_t i = slot_of(secret);
    bool admitted;

    pthread_mutex_lock(&gate->lock);
    if (gate->slots[i].asked == 0 || now_us - gate->slots[i].since_us >= WINDOW_US) {
        gate->slots[i].since_us = now_us;
        gate->slots[i].asked = 0;
    }
    admitted = gate->slots[i].asked < CALENDAR_ASKS_MAX;
    gate->slots[i].asked += admitted;
    pthread_mutex_unlock(&gate->lock);
    return admitted;
}
