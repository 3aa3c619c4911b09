/*
 * faults.h - let the Nth call of a kind fail.
 *
 * The shims (shim.h) ask before each call. One fault is armed at a time; any thread may meet it.
 */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_OPEN,     /* a file cannot be opened or made */
    FAULT_READ,     /* I/O error */
    FAULT_WRITE,    /* I/O error */
    FAULT_FULL,     /* a write that finds no room */
    FAULT_SYNC,     /* of a file or a folder; what was to be synced stays in the cache only */
    FAULT_TRUNCATE, /* I/O error */
    FAULT_REMOVE,   /* of a name */
    FAULT_RENAME,   /* of a name */
    FAULT_LOCK,     /* a lock cannot be had */
    FAULT_MAP,      /* shared memory cannot be had */
    FAULT_MEMORY,   /* malloc */
    FAULT_KINDS
};

extern const char *const fault_names[FAULT_KINDS];

/* The `nth` call of `kind` from now on fails, counted from 1; with `lasting` all after it, too. */
void fault_arm(enum fault_kind kind, int64_t nth, bool lasting);
/* No more faults. True when one has happened since it was armed. */
bool fault_disarm(void);
bool fault_happened(void);
/* For the shims: must this call fail? */
bool fault_is_due(enum fault_kind kind);

#endif
