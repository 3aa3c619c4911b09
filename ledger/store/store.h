/*
 * store.h - rows in, rows out: the only door to a database.
 *
 * SQL is literal, in the dialect SQLite and PostgreSQL share, with arguments $1, $2 ...
 * A statement is prepared once for each place it stands in the code (its text must be a
 * string literal: the pointer is the key). Not thread-safe: one store, one thread.
 */
#ifndef LEDGER_STORE_H
#define LEDGER_STORE_H

#include "../status.h"
#include "../watch.h"

#include <stddef.h>
#include <stdint.h>

struct store;
struct store_row;

#define STORE_STATEMENTS_MAX                                                                       \
    2048 /* that are kept prepared, more than the code has; a power of two */
#define STORE_MESSAGE 512

enum store_mode {
    STORE_READ,  /* an existing ledger, never written */
    STORE_WRITE, /* an existing ledger, the lock is held until close */
    STORE_CREATE /* a new file; also ":memory:" */
};

struct store_options {
    enum store_mode mode;
    int wait_ms;        /* how long to wait for another writer's lock */
    const char *holder; /* who we are, written into the lock file: "serve 127.0.0.1:8600" */
    int log_pages;      /* so long may the write-ahead log be before it is moved; 0: 40,000 */
    bool any_version;   /* open an older schema too: for migrate and backup */
    const struct ledger_watch *watch; /* or NULL; copied */
};

/* One argument. Text and blobs stay the caller's until the call returns. */
struct store_arg {
    enum { STORE_ARG_NULL, STORE_ARG_INT, STORE_ARG_TEXT, STORE_ARG_BLOB } type;
    int64_t number;
    const void *bytes;
    size_t size;
};

struct store_arg store_null(void);
struct store_arg store_int(int64_t v);
struct store_arg store_int_or_null(bool is_set, int64_t v);
struct store_arg store_text(const char *v); /* NULL becomes SQL NULL */
struct store_arg store_blob(const void *bytes, size_t size);

/* The two last parameters of the calls below. */
#define STORE_ARGS(...)                                                                            \
    (const struct store_arg[]){__VA_ARGS__},                                                       \
        sizeof((const struct store_arg[]){__VA_ARGS__}) / sizeof(struct store_arg)
#define STORE_NO_ARGS NULL, 0

/* Columns count from 0. Text and blobs live until the reader returns; NULL text reads as "". */
bool store_row_null(const struct store_row *row, int column);
int64_t store_row_int(const struct store_row *row, int column);
const char *store_row_text(const struct store_row *row, int column);
const void *store_row_blob(const struct store_row *row, int column, size_t *size);
/* Copy text into `buf`, cut to `size` - 1 bytes. */
void store_row_copy(const struct store_row *row, int column, char *buf, size_t size);

/* Reads one row into `into`. LEDGER_STOP ends the loop without being an error. */
typedef enum ledger_status store_reader(void *into, const struct store_row *row);

/*
 * Open `path`. Before SQLite sees a file, its first bytes are looked at.
 * After: `*s` is set in every case but LEDGER_NO_MEMORY, so that store_message can be read; close it.
 * Refusals, in order: LEDGER_NO_SUCH_FILE, LEDGER_NOT_A_LEDGER, LEDGER_EXISTS (create),
 * LEDGER_LOCKED, LEDGER_READ_ONLY, LEDGER_SCHEMA_NEWER, LEDGER_SCHEMA_OLDER, and the faults.
 */
LEDGER_CHECKED enum ledger_status store_open(const char *path, const struct store_options *options,
                                             struct store **s);
/* Checkpoints when it was the writer. NULL is taken. */
void store_close(struct store *s);

/* One sentence about the last bad news. */
const char *store_message(const struct store *s);

/* The file's path as given to store_open, and the schema version this program writes. */
const char *store_path(const struct store *s);
int store_schema_version(void);
/* The version that the open file has, -1 when it cannot be read. */
int store_file_version(struct store *s);

/* Run a statement that gives no rows, or whose rows do not matter. */
LEDGER_CHECKED enum ledger_status store_exec(struct store *s, const char *sql,
                                             const struct store_arg *args, size_t n);
/* The first row goes to `read`; LEDGER_NO_ROW when there is none. */
LEDGER_CHECKED enum ledger_status store_first(struct store *s, const char *sql,
                                              const struct store_arg *args, size_t n,
                                              store_reader *read, void *into);
/* Each row goes to `read` until it returns something else than LEDGER_OK. Nested calls are allowed. */
LEDGER_CHECKED enum ledger_status store_each(struct store *s, const char *sql,
                                             const struct store_arg *args, size_t n,
                                             store_reader *read, void *into);
/* How many rows the last store_exec changed. */
int64_t store_changed(const struct store *s);

/* A cursor for merging two scans; `*row` is NULL after the last one. */
struct store_scan;
LEDGER_CHECKED enum ledger_status store_scan_open(struct store *s, const char *sql,
                                                  const struct store_arg *args, size_t n,
                                                  struct store_scan **scan);
LEDGER_CHECKED enum ledger_status store_scan_next(struct store_scan *scan,
                                                  const struct store_row **row);
void store_scan_close(struct store_scan *scan);

LEDGER_CHECKED enum ledger_status store_begin_read(struct store *s);
LEDGER_CHECKED enum ledger_status store_begin_write(struct store *s);
LEDGER_CHECKED enum ledger_status store_commit(struct store *s);
void store_rollback(struct store *s);
/* Is a transaction open? After a fault SQLite may have ended it by itself. */
bool store_in_transaction(const struct store *s);

/* One level of nesting; `rollback_to` leaves the savepoint gone and the transaction open. */
LEDGER_CHECKED enum ledger_status store_savepoint(struct store *s);
LEDGER_CHECKED enum ledger_status store_release(struct store *s);
LEDGER_CHECKED enum ledger_status store_rollback_to(struct store *s);

/* Move the write-ahead log into the file; `truncate` also empties it (after an erasure, at close). */
LEDGER_CHECKED enum ledger_status store_checkpoint(struct store *s, bool truncate);

/*
 * Is every table, index and trigger as this program makes them, and is the file sound?
 * `problem` (at least STORE_MESSAGE bytes) names the first difference. LEDGER_INTEGRITY when not.
 */
LEDGER_CHECKED enum ledger_status store_check(struct store *s, char *problem);

/* The first half of that, without a look at the pages. */
LEDGER_CHECKED enum ledger_status store_check_objects(struct store *s, char *problem);

/* Bring an older file to this program's version, in one transaction. */
LEDGER_CHECKED enum ledger_status store_migrate(struct store *s);

/*
 * Copy the open ledger into a new file `to`, of one moment, while others write: beside it,
 * fsynced and renamed. Refusals: LEDGER_EXISTS, LEDGER_STORE_FULL, LEDGER_STORE_BROKEN.
 */
LEDGER_CHECKED enum ledger_status store_backup(struct store *s, const char *to);

#endif
