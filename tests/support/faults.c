#include "faults.h"

#include <stdatomic.h>

const char *const fault_names[FAULT_KINDS] = {"nothing", "open", "read",     "write",
                                              "room",    "sync", "truncate", "remove",
                                              "rename",  "lock", "map",      "malloc"};

static _Atomic enum fault_kind armed;
static _Atomic int64_t left; /* calls until it is due */
static _Atomic bool lasts;
static _Atomic bool happened;

void fault_arm(enum fault_kind kind, int64_t nth, bool lasting)
{
    atomic_store(&armed, FAULT_NONE);
    atomic_store(&left, nth);
    atomic_store(&lasts, lasting);
    atomic_store(&happened, false);
    atomic_store(&armed, kind);
}

bool fault_disarm(void)
{
    atomic_store(&armed, FAULT_NONE);
    return fault_happened();
}

bool fault_happened(void)
{
    return atomic_load(&happened);
}

bool fault_is_due(enum fault_kind kind)
{
    if (kind == FAULT_NONE || atomic_load(&armed) != kind)
        return false;
    int64_t now = atomic_fetch_sub(&left, 1);
    bool due = now == 1 || (now < 1 && atomic_load(&lasts));
    if (due)
        atomic_store(&happened, true);
    return due;
}
