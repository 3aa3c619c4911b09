/*
 * alarm.h - how a thread of ours says that the store is broken and the node must stop.
 */
#ifndef API_ALARM_H
#define API_ALARM_H

#include "ledger/status.h"

/* `ring` is called from any thread and may be called more than once. */
struct alarm {
    void (*ring)(void *ctx, enum ledger_status s, const char *message);
    void *ctx;
};

#endif
