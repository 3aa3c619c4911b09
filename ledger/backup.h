/*
 * backup.h - a checked copy of one moment, and the way back.
 */
#ifndef LEDGER_BACKUP_H
#define LEDGER_BACKUP_H

#include "verify.h"

/*
 * Copy the ledger at `path` to new file `to` while others may write, then verify the copy; a copy that
 * fails is removed. Refusals: LEDGER_EXISTS, the faults, LEDGER_INTEGRITY. `message` gets the sentence.
 */
LEDGER_CHECKED enum ledger_status ledger_backup(const char *path, const char *to,
                                                const struct ledger_env *env,
                                                struct ledger_verification *v,
                                                char message[static LEDGER_MESSAGE_MAX]);
/*
 * Put backup `from` in the place of the ledger at `path`: verified, written beside, fsynced, renamed;
 * stale -wal and -shm removed; erasures of the ledger that was there are applied again: `*erased` of them, -1 when
 * that ledger was too broken to be read.
 * Refusals: LEDGER_EXISTS (unless `replace`), LEDGER_LOCKED, as ledger_open, LEDGER_INTEGRITY.
 */
LEDGER_CHECKED enum ledger_status ledger_restore(const char *from, const char *path, bool replace,
                                                 const struct ledger_env *env, int64_t *erased,
                                                 struct ledger_verification *v,
                                                 char message[static LEDGER_MESSAGE_MAX]);
#endif
