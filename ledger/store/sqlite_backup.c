#include "place.h"
#include "sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATH_BYTES 4096

static enum ledger_status say(struct store *s, enum ledger_status status, const char *path,
                              const char *why)
{
    snprintf(s->message, sizeof s->message, "%.300s: %s", path, why);
    return status;
}

/* The copy's own connection knows better than the ledger's what went wrong. */
static enum ledger_status copy_fault(struct store *s, const char *path, int rc)
{
    enum ledger_status status = (rc & 0xff) == SQLITE_FULL    ? LEDGER_STORE_FULL
                                : (rc & 0xff) == SQLITE_BUSY  ? LEDGER_STORE_BUSY
                                : (rc & 0xff) == SQLITE_NOMEM ? LEDGER_NO_MEMORY
                                                              : LEDGER_STORE_BROKEN;

    return say(s, status, path, sqlite3_errstr(rc));
}

/* All pages in one step are of one moment; no rollback journal, since a half copy is thrown away. */
static int copy_pages(sqlite3 *from, sqlite3 *to)
{
    int rc =
        sqlite3_exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL, NULL);

    if (rc != SQLITE_OK)
        return rc;
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite3_extended_errcode(to);
    sqlite3_backup_step(backup, -1);
    return sqlite3_backup_finish(backup);
}

static enum ledger_status copy_to(struct store *s, const char *path)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    if (rc == SQLITE_OK)
        rc = copy_pages(s->db, to);
    sqlite3_close_v2(to);
    return rc == SQLITE_OK ? LEDGER_OK : copy_fault(s, path, rc);
}

enum ledger_status store_backup(struct store *s, const char *to)
{
    char beside[PATH_BYTES];

    if (access(to, F_OK) == 0)
        return say(s, LEDGER_EXISTS, to, "is there already; it was left alone");
    if (snprintf(beside, sizeof beside, "%s.XXXXXX", to) >= (int)sizeof beside)
        return say(s, LEDGER_NO_SUCH_FILE, to, "that path is too long");
    int fd = mkstemp(beside);
    if (fd < 0)
        return place_errno(to, s->message);
    close(fd);
    enum ledger_status status = copy_to(s, beside);
    if (status == LEDGER_OK)
        status = place_new(beside, to, s->message);
    if (status != LEDGER_OK)
        unlink(beside);
    return status;
}
