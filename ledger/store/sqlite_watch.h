/*
 * sqlite_watch.h - a VFS over the default one that tells when files are synced and checkpoints run.
 */
#ifndef LEDGER_STORE_SQLITE_WATCH_H
#define LEDGER_STORE_SQLITE_WATCH_H

#include "../watch.h"

struct sqlite_watcher;

/* Registers under a name of its own. NULL when there is no memory. */
struct sqlite_watcher *sqlite_watcher_new(const struct ledger_watch *watch);
/* For sqlite3_open_v2; NULL for no watcher: the default. */
const char *sqlite_watcher_vfs(const struct sqlite_watcher *w);
/* Before: every connection through it is closed. NULL is taken. */
void sqlite_watcher_free(struct sqlite_watcher *w);

#endif
