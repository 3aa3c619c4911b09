#include "sqlite_watch.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME_MAX_BYTES 40

/* The default VFS, but for how it opens. SQLite gives `vfs` back, and the rest is found from it. */
struct sqlite_watcher {
    sqlite3_vfs vfs;
    sqlite3_vfs *base;
    struct ledger_watch watch;
    char name[NAME_MAX_BYTES];
};

/*
 * Stands behind the base's own part of an open file. The file stays the base's, with its methods
 * but for the two that are watched, so that nothing else has to be passed on.
 */
struct watched {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *base;
    const struct ledger_watch *watch;
    enum ledger_watch_event sync;
    enum ledger_watch_event synced;
};

static size_t room_of(const sqlite3_vfs *base)
{
    size_t align = _Alignof(max_align_t);

    return ((size_t)base->szOsFile + align - 1) / align * align;
}

static const struct watched *watched_of(const sqlite3_file *file)
{
    return (const struct watched *)(const void *)((const char *)file->pMethods -
                                                  offsetof(struct watched, methods));
}

static int sync_file(sqlite3_file *file, int flags)
{
    const struct watched *w = watched_of(file);
    int rc;

    w->watch->saw(w->watch->ctx, w->sync);
    rc = w->base->xSync(file, flags);
    w->watch->saw(w->watch->ctx, w->synced);
    return rc;
}

static int control_file(sqlite3_file *file, int op, void *arg)
{
    const struct watched *w = watched_of(file);

    if (op == SQLITE_FCNTL_CKPT_START)
        w->watch->saw(w->watch->ctx, LEDGER_CHECKPOINT);
    if (op == SQLITE_FCNTL_CKPT_DONE)
        w->watch->saw(w->watch->ctx, LEDGER_CHECKPOINT_COPIED);
    return w->base->xFileControl(file, op, arg);
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *out_flags)
{
    const struct sqlite_watcher *w = (const struct sqlite_watcher *)vfs;
    struct watched *mine = (struct watched *)(void *)((char *)file + room_of(w->base));
    int rc = w->base->xOpen(w->base, name, file, flags, out_flags);

    if (rc != SQLITE_OK || !file->pMethods || !(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
        return rc;
    *mine = (struct watched){.methods = *file->pMethods,
                             .base = file->pMethods,
                             .watch = &w->watch,
                             .sync = LEDGER_LOG_SYNC,
                             .synced = LEDGER_LOG_SYNCED};
    mine->methods.xSync = sync_file;
    if (flags & SQLITE_OPEN_MAIN_DB) {
        mine->sync = LEDGER_FILE_SYNC;
        mine->synced = LEDGER_FILE_SYNCED;
        mine->methods.xFileControl = control_file;
    }
    file->pMethods = &mine->methods;
    return SQLITE_OK;
}

struct sqlite_watcher *sqlite_watcher_new(const struct ledger_watch *watch)
{
    struct sqlite_watcher *w = calloc(1, sizeof *w);
    sqlite3_vfs *base = sqlite3_vfs_find(NULL);

    if (!w || !base) {
        free(w);
        return NULL;
    }
    snprintf(w->name, sizeof w->name, "watched-%p", (void *)w);
    w->watch = *watch;
    w->base = base;
    w->vfs = *base;
    w->vfs.pNext = NULL;
    w->vfs.zName = w->name;
    w->vfs.szOsFile = (int)(room_of(base) + sizeof(struct watched));
    w->vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&w->vfs, 0) == SQLITE_OK)
        return w;
    free(w);
    return NULL;
}

const char *sqlite_watcher_vfs(const struct sqlite_watcher *w)
{
    return w ? w->name : NULL;
}

void sqlite_watcher_free(struct sqlite_watcher *w)
{
    if (w)
        sqlite3_vfs_unregister(&w->vfs);
    free(w);
}
