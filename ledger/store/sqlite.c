#include "sqlite.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct store_row {
    sqlite3_stmt *stmt;
    bool *lost; /* set when there was no memory for a value, which then read as empty */
};

struct store_scan {
    struct store *store;
    struct store_row row;
    bool lost;
};

struct store_arg store_null(void)
{
    return (struct store_arg){.type = STORE_ARG_NULL};
}

struct store_arg store_int(int64_t v)
{
    return (struct store_arg){.type = STORE_ARG_INT, .number = v};
}

struct store_arg store_int_or_null(bool is_set, int64_t v)
{
    return is_set ? store_int(v) : store_null();
}

struct store_arg store_text(const char *v)
{
    if (!v)
        return store_null();
    return (struct store_arg){.type = STORE_ARG_TEXT, .bytes = v, .size = strlen(v)};
}

struct store_arg store_blob(const void *bytes, size_t size)
{
    return (struct store_arg){.type = STORE_ARG_BLOB, .bytes = bytes, .size = size};
}

bool store_row_null(const struct store_row *row, int column)
{
    return sqlite3_column_type(row->stmt, column) == SQLITE_NULL;
}

int64_t store_row_int(const struct store_row *row, int column)
{
    return sqlite3_column_int64(row->stmt, column);
}

const char *store_row_text(const struct store_row *row, int column)
{
    bool has_text = !store_row_null(row, column);
    const char *text = (const char *)sqlite3_column_text(row->stmt, column);

    *row->lost |= has_text && !text;
    return text ? text : "";
}

const void *store_row_blob(const struct store_row *row, int column, size_t *size)
{
    bool has_bytes = !store_row_null(row, column);
    const void *bytes = sqlite3_column_blob(row->stmt, column);

    *size = (size_t)sqlite3_column_bytes(row->stmt, column);
    *row->lost |= has_bytes && store_row_null(row, column);
    return bytes;
}

void store_row_copy(const struct store_row *row, int column, char *buf, size_t size)
{
    const char *text = store_row_text(row, column);
    size_t length = (size_t)sqlite3_column_bytes(row->stmt, column);

    if (length >= size)
        length = size - 1;
    memcpy(buf, text, length);
    buf[length] = '\0';
}

static enum ledger_status status_of(int rc)
{
    if (rc == SQLITE_IOERR_NOMEM)
        return LEDGER_NO_MEMORY;
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return LEDGER_STORE_BUSY;
    case SQLITE_FULL:
        return LEDGER_STORE_FULL;
    case SQLITE_NOMEM:
        return LEDGER_NO_MEMORY;
    case SQLITE_CONSTRAINT:
        return LEDGER_GUARD;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return LEDGER_READ_ONLY;
    case SQLITE_NOTADB:
        return LEDGER_NOT_A_LEDGER;
    default:
        return LEDGER_STORE_BROKEN;
    }
}

static bool is_sync(int rc)
{
    return rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC;
}

/*
 * What SQLite calls an I/O error may be a disk without room for its working files; a sync that fails for
 * want of room has lost what it was to keep.
 */
static bool is_out_of_room(const struct store *s, int rc)
{
    return (rc & 0xff) == SQLITE_IOERR && !is_sync(rc) && sqlite3_system_errno(s->db) == ENOSPC;
}

bool sqlite_is_broken(const struct store *s, int rc)
{
    return status_of(rc) == LEDGER_STORE_BROKEN && !is_out_of_room(s, rc) &&
           ((rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CORRUPT);
}

enum ledger_status sqlite_fault(struct store *s, const char *what)
{
    int rc = sqlite3_extended_errcode(s->db);
    enum ledger_status status = is_out_of_room(s, rc) ? LEDGER_STORE_FULL : status_of(rc);

    s->broken |= sqlite_is_broken(s, rc);
    if (is_sync(rc))
        sqlite_forget_cache(s);
    if (status == LEDGER_STORE_FULL)
        snprintf(s->message, sizeof s->message,
                 "%s: the disk is full, so nothing was written: make room and ask again", s->path);
    else if (is_sync(rc))
        snprintf(s->message, sizeof s->message,
                 "%s: the disk failed to keep what was written (fsync): look at the disk and the "
                 "kernel's log before this ledger is written again",
                 s->path);
    else
        snprintf(s->message, sizeof s->message, "%s: %s", what, sqlite3_errmsg(s->db));
    return status;
}

enum ledger_status sqlite_script(struct store *s, const char *sql)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fault(s, s->path);
    return LEDGER_OK;
}

int64_t sqlite_number(sqlite3 *db, const char *sql, int64_t otherwise)
{
    sqlite3_stmt *stmt = NULL;
    int64_t number = otherwise;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        number = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return number;
}

void sqlite_forget_statements(struct store *s)
{
    for (size_t i = 0; i < STORE_STATEMENTS_MAX; i++)
        sqlite3_finalize(s->cache[i].stmt);
    memset(s->cache, 0, sizeof s->cache);
}

/* SQLite numbers $n by first appearance, PostgreSQL by n. */
static void number_arguments(struct statement *st)
{
    char name[8];

    for (int i = 0; i < ARGS_MAX; i++) {
        snprintf(name, sizeof name, "$%d", i + 1);
        st->at[i] = (unsigned char)sqlite3_bind_parameter_index(st->stmt, name);
    }
}

static enum ledger_status prepare(struct store *s, const char *sql, unsigned flags,
                                  struct statement *st)
{
    st->sql = sql;
    if (sqlite3_prepare_v3(s->db, sql, -1, flags, &st->stmt, NULL) != SQLITE_OK)
        return sqlite_fault(s, "prepare");
    number_arguments(st);
    return LEDGER_OK;
}

/* NULL: it is not kept, and there is no room for one more. */
static struct statement *slot_of(struct store *s, const char *sql)
{
    size_t i = ((uintptr_t)sql >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 40;

    for (size_t tried = 0; tried < STORE_STATEMENTS_MAX; tried++, i++) {
        struct statement *st = &s->cache[i & (STORE_STATEMENTS_MAX - 1)];
        if (!st->sql || st->sql == sql)
            return st;
    }
    return NULL;
}

/*
 * The cached statement for `sql`, ready to bind; or, while that one is in the middle of its rows
 * (a reader asked again), or there is no room for it, one in `*spare` that `done` throws away.
 */
static enum ledger_status ready(struct store *s, const char *sql, struct statement *spare,
                                struct statement **out)
{
    struct statement *st = slot_of(s, sql);

    *out = st;
    if (st && !st->stmt)
        return prepare(s, sql, SQLITE_PREPARE_PERSISTENT, st);
    if (st && !sqlite3_stmt_busy(st->stmt))
        return LEDGER_OK;
    *out = spare;
    return prepare(s, sql, 0, spare);
}

static enum ledger_status bind_one(struct store *s, sqlite3_stmt *stmt, int at,
                                   const struct store_arg *arg)
{
    int rc = SQLITE_OK;

    switch (arg->type) {
    case STORE_ARG_NULL:
        rc = sqlite3_bind_null(stmt, at);
        break;
    case STORE_ARG_INT:
        rc = sqlite3_bind_int64(stmt, at, arg->number);
        break;
    case STORE_ARG_TEXT:
        rc = sqlite3_bind_text64(stmt, at, arg->bytes, arg->size, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case STORE_ARG_BLOB:
        rc = sqlite3_bind_blob64(stmt, at, arg->bytes, arg->size, SQLITE_STATIC);
        break;
    }
    return rc == SQLITE_OK ? LEDGER_OK : sqlite_fault(s, "bind");
}

static enum ledger_status bind(struct store *s, struct statement *st, const struct store_arg *args,
                               size_t n)
{
    assert(n <= ARGS_MAX && (int)n >= sqlite3_bind_parameter_count(st->stmt));
    for (size_t i = 0; i < n; i++)
        if (st->at[i])
            LEDGER_TRY(bind_one(s, st->stmt, st->at[i], &args[i]));
    return LEDGER_OK;
}

static void done(struct statement *st, const struct statement *spare)
{
    if (st == spare)
        sqlite3_finalize(st->stmt);
    else
        sqlite3_reset(st->stmt);
}

static enum ledger_status no_memory(struct store *s)
{
    snprintf(s->message, sizeof s->message, "%s: out of memory", s->path);
    return LEDGER_NO_MEMORY;
}

static enum ledger_status step_rows(struct store *s, struct statement *st, store_reader *read,
                                    void *into, int64_t at_most)
{
    bool lost = false;
    struct store_row row = {st->stmt, &lost};
    int rc;

    for (int64_t seen = 0; (rc = sqlite3_step(st->stmt)) == SQLITE_ROW;) {
        enum ledger_status status = read ? read(into, &row) : LEDGER_OK;
        if (lost)
            return no_memory(s);
        if (status == LEDGER_STOP || ++seen == at_most)
            return status == LEDGER_STOP ? LEDGER_OK : status;
        LEDGER_TRY(status);
    }
    if (rc != SQLITE_DONE)
        return sqlite_fault(s, s->path);
    return at_most == 1 ? LEDGER_NO_ROW : LEDGER_OK;
}

static enum ledger_status run(struct store *s, const char *sql, const struct store_arg *args,
                              size_t n, store_reader *read, void *into, int64_t at_most)
{
    struct statement spare = {0};
    struct statement *st;
    enum ledger_status status = ready(s, sql, &spare, &st);

    if (status == LEDGER_OK)
        status = bind(s, st, args, n);
    if (status == LEDGER_OK)
        status = step_rows(s, st, read, into, at_most);
    done(st, &spare);
    return status;
}

enum ledger_status store_exec(struct store *s, const char *sql, const struct store_arg *args,
                              size_t n)
{
    return run(s, sql, args, n, NULL, NULL, 0);
}

enum ledger_status store_first(struct store *s, const char *sql, const struct store_arg *args,
                               size_t n, store_reader *read, void *into)
{
    return run(s, sql, args, n, read, into, 1);
}

enum ledger_status store_each(struct store *s, const char *sql, const struct store_arg *args,
                              size_t n, store_reader *read, void *into)
{
    return run(s, sql, args, n, read, into, 0);
}

int64_t store_changed(const struct store *s)
{
    return sqlite3_changes64(s->db);
}

enum ledger_status store_scan_open(struct store *s, const char *sql, const struct store_arg *args,
                                   size_t n, struct store_scan **scan)
{
    struct statement st = {0};
    struct store_scan *made = sqlite3_malloc(sizeof *made);

    *scan = NULL;
    if (!made)
        return LEDGER_NO_MEMORY;
    enum ledger_status status = prepare(s, sql, 0, &st);
    if (status == LEDGER_OK)
        status = bind(s, &st, args, n);
    if (status != LEDGER_OK) {
        sqlite3_finalize(st.stmt);
        sqlite3_free(made);
        return status;
    }
    *made = (struct store_scan){.store = s, .row = {st.stmt, &made->lost}};
    *scan = made;
    return LEDGER_OK;
}

enum ledger_status store_scan_next(struct store_scan *scan, const struct store_row **row)
{
    *row = NULL;
    if (scan->lost)
        return no_memory(scan->store);
    int rc = sqlite3_step(scan->row.stmt);
    *row = rc == SQLITE_ROW ? &scan->row : NULL;
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sqlite_fault(scan->store, scan->store->path);
    return LEDGER_OK;
}

void store_scan_close(struct store_scan *scan)
{
    if (!scan)
        return;
    sqlite3_finalize(scan->row.stmt);
    sqlite3_free(scan);
}

enum ledger_status store_begin_read(struct store *s)
{
    store_rollback(s);
    return store_exec(s, "BEGIN", STORE_NO_ARGS);
}

enum ledger_status store_begin_write(struct store *s)
{
    if (s->broken) /* s->message still says why */
        return LEDGER_STORE_BROKEN;
    store_rollback(s);
    return store_exec(s, "BEGIN IMMEDIATE", STORE_NO_ARGS);
}

enum ledger_status store_commit(struct store *s)
{
    return store_exec(s, "COMMIT", STORE_NO_ARGS);
}

void store_rollback(struct store *s)
{
    /* SQLite may have ended the transaction by itself after a fault; and where there was no memory to end
     * it, the next one to begin does. */
    if (store_in_transaction(s))
        (void)!store_exec(s, "ROLLBACK", STORE_NO_ARGS);
}

bool store_in_transaction(const struct store *s)
{
    return s->db && !sqlite3_get_autocommit(s->db);
}

enum ledger_status store_savepoint(struct store *s)
{
    return store_exec(s, "SAVEPOINT operation", STORE_NO_ARGS);
}

enum ledger_status store_release(struct store *s)
{
    return store_exec(s, "RELEASE operation", STORE_NO_ARGS);
}

enum ledger_status store_rollback_to(struct store *s)
{
    LEDGER_TRY(store_exec(s, "ROLLBACK TO operation", STORE_NO_ARGS));
    return store_exec(s, "RELEASE operation", STORE_NO_ARGS);
}

const char *store_message(const struct store *s)
{
    return s->message;
}

const char *store_path(const struct store *s)
{
    return s->path;
}
