/*
 * sqlite.h - what sqlite.c (statements) and sqlite_file.c (files) share. Nobody else includes it.
 */
#ifndef LEDGER_STORE_SQLITE_H
#define LEDGER_STORE_SQLITE_H

#include "sqlite_watch.h"
#include "store.h"

#include <sqlite3.h>

#define ARGS_MAX 32
#define SQLITE_PAGE 2048
#define SQLITE_WAIT_MS 5000 /* for what another connection does */
#define WAL_PAGES 40000     /* so long may the log be before it is moved into the file */

struct statement {
    const char *sql; /* the literal's address: the key */
    sqlite3_stmt *stmt;
    unsigned char
        at[ARGS_MAX]; /* where SQLite numbered $1, $2 ...; 0 for an argument it does not use */
};

struct store {
    sqlite3 *db;
    struct sqlite_watcher *watcher; /* NULL: nobody watches */
    int lock_fd;
    enum store_mode mode;
    bool broken; /* the disk failed: nothing is moved any more, a sync is never tried again */
    char *path;
    int wal_pages; /* the log's length at which it is moved first, and next */
    int wal_due;
    int wal_look; /* when the disk is looked at again */
    char message[STORE_MESSAGE];
    struct statement cache[STORE_STATEMENTS_MAX];
};

/* Made by the build from schema/NNNN.sql, and from guards.list and guards.sql there. */
extern const char *const store_schema[];
extern const int store_schema_count;
extern const char store_guards[];

/* Is that last result one after which the file's disk cannot be trusted? */
bool sqlite_is_broken(const struct store *s, int rc);
/* Say what went wrong (`what`, then SQLite's words) and map its code. Never LEDGER_OK. */
enum ledger_status sqlite_fault(struct store *s, const char *what);
/* A sync failed: of the log, only what is on the disk can be read any more. */
void sqlite_forget_cache(const struct store *s);
/* Run several statements of our own; not cached. */
LEDGER_CHECKED enum ledger_status sqlite_script(struct store *s, const char *sql);
/* One number from one statement of our own, `otherwise` where there is none. */
int64_t sqlite_number(sqlite3 *db, const char *sql, int64_t otherwise);
void sqlite_forget_statements(struct store *s);
/* A writer's: from now on its commits keep the write-ahead log short, readers or not. 0: WAL_PAGES. */
LEDGER_CHECKED enum ledger_status sqlite_bound_wal(struct store *s, int pages);

#endif
