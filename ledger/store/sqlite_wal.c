#include "sqlite.h"

#include <errno.h>

#define WAL_STEP (WAL_PAGES / 8)
#define WAL_WAIT_MS 50
#define WAL_FRAME_HEAD 24 /* sqlite.org/fileformat2.html, section 4.1 */

/* The log is cut back to this when it begins anew: room for what a reader let it grow by is given back. */
#define WAL_LEFT_BYTES "103600000"
_Static_assert(103600000 == (WAL_PAGES + 2 * WAL_STEP) * (SQLITE_PAGE + WAL_FRAME_HEAD),
               "a quarter over the threshold");

/* A log that cannot be moved for lack of room, or because of a reader, is moved later. */
static bool can_wait(const struct store *s, int rc)
{
    return (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED ||
           (rc & 0xff) == SQLITE_FULL ||
           ((rc & 0xff) == SQLITE_IOERR && sqlite3_system_errno(s->db) == ENOSPC);
}

static int move(struct store *s, int mode)
{
    int rc;

    sqlite3_busy_timeout(s->db, WAL_WAIT_MS);
    rc = sqlite3_wal_checkpoint_v2(s->db, "main", mode, NULL, NULL);
    sqlite3_busy_timeout(s->db, SQLITE_WAIT_MS);
    return rc == SQLITE_OK || can_wait(s, rc) ? SQLITE_OK : rc;
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
    bool first = s->wal_due == WAL_PAGES;

    (void)db, (void)name;
    if (pages < WAL_PAGES)
        s->wal_due = WAL_PAGES;
    if (pages < s->wal_due)
        return SQLITE_OK;
    s->wal_due = pages + WAL_STEP;
    return move(s, first ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART);
}

enum ledger_status sqlite_bound_wal(struct store *s)
{
    s->wal_due = WAL_PAGES;
    sqlite3_wal_hook(s->db, on_commit, s);
    return sqlite_script(s, "PRAGMA journal_size_limit = " WAL_LEFT_BYTES);
}
