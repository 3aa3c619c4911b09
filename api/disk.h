/*
 * disk.h - how much room a ledger takes, and how much is left; only looks at names and sizes.
 */
#ifndef API_DISK_H
#define API_DISK_H

#include <stdint.h>

/* Bytes; -1 where there is nothing to look at. */
struct disk {
    int64_t ledger;
    int64_t wal; /* SQLite's write-ahead log */
    int64_t free;
};

struct disk disk_look(const char *ledger_path);

#endif
