#include "sqlite.h"

#include <stdio.h>
#include <sys/statvfs.h>

#define WAL_WAIT_MS 200
#define WAL_WAIT_DOUBLED_MAX 3
#define WAL_LOOK 256                 /* pages between two looks at the disk's room */
#define WAL_FRAME (SQLITE_PAGE + 24) /* sqlite.org/fileformat2.html, section 4.1 */

static int step(const struct store *s)
{
    return s->wal_pages / 8 + 1;
}

/*
 * A log that cannot be moved for lack of room, or because of a reader, is moved later. A failed sync is
 * never passed over, as SQLite's own hook would: the kernel calls pages that it could not write clean.
 */
static int move(struct store *s, int mode, int wait_ms)
{
    int rc;

    sqlite3_busy_timeout(s->db, wait_ms);
    rc = sqlite3_wal_checkpoint_v2(s->db, "main", mode, NULL, NULL);
    sqlite3_busy_timeout(s->db, SQLITE_WAIT_MS);
    return sqlite_is_broken(s, rc) ? rc : SQLITE_OK;
}

/*
 * To move the log the file may have to grow by all of it. A log that left less room than that could
 * neither grow nor be moved, and the disk would stay full.
 */
static bool room_is_short(struct store *s, int pages)
{
    struct statvfs disk;

    if (pages < s->wal_look)
        return false;
    s->wal_look = pages + WAL_LOOK;
    if (statvfs(s->path, &disk) != 0)
        return false;
    return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize <
           (int64_t)(pages + 2 * WAL_LOOK) * SQLITE_PAGE + WAL_LOOK * WAL_FRAME;
}

/*
 * Up to half as much again as the threshold each eighth of it is a step; for a reader that outlasts these no
 * more than a quarter of what the log has become, so that the longer it stays the rarer it is waited for.
 */
static int next_step(const struct store *s, int pages)
{
    return pages < s->wal_pages + 4 * step(s) ? step(s) : pages / 4;
}

/* Longer with every step: what is read under load may need it, and what is over sooner is not waited for. */
static int patience_ms(const struct store *s, int pages)
{
    int steps = (pages - s->wal_pages) / step(s);

    return WAL_WAIT_MS << (steps < WAL_WAIT_DOUBLED_MAX ? steps : WAL_WAIT_DOUBLED_MAX);
}

/*
 * First without waiting for anybody. Where readers overlap so that one of them always needs the log,
 * it could never begin anew and would grow for ever: then those that are reading are waited for, a
 * bounded moment, while new ones already read the file. Tried again after each further step only, so
 * that a reader that stays costs little.
 */
static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
    struct store *s = ctx;
    bool first = s->wal_due == s->wal_pages;

    (void)db, (void)name;
    if (pages < s->wal_pages)
        s->wal_due = s->wal_pages;
    if (pages < WAL_LOOK)
        s->wal_look = WAL_LOOK;
    if (room_is_short(s, pages))
        return move(s, SQLITE_CHECKPOINT_RESTART, WAL_WAIT_MS);
    if (pages < s->wal_due)
        return SQLITE_OK;
    s->wal_due = pages + next_step(s, pages);
    return move(s, first ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART,
                patience_ms(s, pages));
}

/* When the log begins anew it is cut back: what a reader let it grow by is given back. */
enum ledger_status sqlite_bound_wal(struct store *s, int pages)
{
    char limit[80];

    s->wal_pages = s->wal_due = pages ? pages : WAL_PAGES;
    s->wal_look = WAL_LOOK;
    sqlite3_wal_hook(s->db, on_commit, s);
    snprintf(limit, sizeof limit, "PRAGMA journal_size_limit = %lld",
             (long long)(s->wal_pages + 2 * step(s)) * WAL_FRAME);
    return sqlite_script(s, limit);
}
