/*
 * lock.h - one writing process a ledger: flock on FILE.lock.
 */
#ifndef LEDGER_STORE_LOCK_H
#define LEDGER_STORE_LOCK_H

#include "../status.h"

#include <stddef.h>

/*
 * Take the lock of ledger `path`, waiting up to `wait_ms`. The lock file keeps our pid and
 * `holder` for whoever waits. After: `*fd` holds it until lock_drop.
 * LEDGER_LOCKED: `who` says who has it. LEDGER_READ_ONLY: the lock file cannot be written.
 */
LEDGER_CHECKED enum ledger_status lock_take(const char *path, int wait_ms, const char *holder,
                                            int *fd, char *who, size_t who_size);
void lock_drop(int fd);
/*
 * Who holds it now? LEDGER_OK: nobody. LEDGER_LOCKED: `who` says. LEDGER_READ_ONLY: the lock file
 * cannot be read. The lock is not taken from anybody, only shared for an instant.
 */
LEDGER_CHECKED enum ledger_status lock_look(const char *path, char *who, size_t who_size);

#endif
