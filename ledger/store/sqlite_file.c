#include "lock.h"
#include "sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x434F4C47 /* "COLG" in the file's header */
#define HEADER_BYTES 100          /* sqlite.org/fileformat2.html, section 1.3 */
#define HEADER_APPLICATION_AT 68
#define LOG_HEADER_BYTES 32 /* section 4.1 */
#define FRAME_HEADER_BYTES 24

/* A payment's undo fits. SQLite writes a spilled one in a piece, and keeps 17 bits of its length. */
#define UNDO_IN_MEMORY (1 << 16)

/* A payment changes a few bytes on some ten pages: what it writes is pages, so they are small. */
static const char file_settings[] = "PRAGMA page_size = 2048;"
                                    "PRAGMA journal_mode = WAL;";

static const char connection_settings[] = "PRAGMA foreign_keys = ON;"
                                          "PRAGMA recursive_triggers = ON;"
                                          "PRAGMA trusted_schema = OFF;"
                                          "PRAGMA synchronous = FULL;"
                                          "PRAGMA secure_delete = ON;";

/* A look at each cell of each page that is read; a reader, which reads all anew after each commit, would
 * spend a fourth of its time on it. What a page is out of bounds of is found when it is used. */
static const char writer_settings[] = "PRAGMA cell_size_check = ON;"
                                      "PRAGMA cache_size = -32000;";

static enum ledger_status say(struct store *s, enum ledger_status status, const char *sentence)
{
    snprintf(s->message, sizeof s->message, "%s %s", s->path, sentence);
    return status;
}

static enum ledger_status say_errno(struct store *s, const char *what)
{
    char sentence[120];

    snprintf(sentence, sizeof sentence, "%s: %s", what, strerror(errno));
    return say(s, LEDGER_READ_ONLY, sentence);
}

static bool in_memory(const char *path)
{
    return strcmp(path, ":memory:") == 0;
}

static uint32_t big_endian(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/*
 * What is no file, or a file of several names: a lock and a log go by name, so a second name would let
 * two write at once.
 */
static enum ledger_status check_name(struct store *s, bool write)
{
    struct stat st;

    if (stat(s->path, &st) != 0)
        return errno == ENOENT
                   ? say(s, LEDGER_NO_SUCH_FILE, "does not exist: make it with `coledger init`")
                   : say_errno(s, "cannot be read");
    if (!S_ISREG(st.st_mode))
        return say(s, LEDGER_NOT_A_LEDGER, "is not a coledger ledger; it was left alone");
    if (access(s->path, R_OK) != 0)
        return say_errno(s, "cannot be read");
    if (write && st.st_nlink > 1)
        return say(s, LEDGER_READ_ONLY,
                   "has a second name (a hard link): take one of them away, then write");
    return LEDGER_OK;
}

static bool is_ours(const unsigned char head[HEADER_BYTES])
{
    return memcmp(head, "SQLite format 3", 16) == 0 &&
           big_endian(head + HEADER_APPLICATION_AT) == APPLICATION_ID;
}

/* Does one of the log's frames hold our first page? */
static bool frame_is_ours(int fd)
{
    unsigned char log[LOG_HEADER_BYTES];
    unsigned char frame[FRAME_HEADER_BYTES + HEADER_BYTES];

    if (pread(fd, log, sizeof log, 0) != sizeof log)
        return false;
    off_t size = FRAME_HEADER_BYTES + (off_t)big_endian(log + 8);
    for (off_t at = LOG_HEADER_BYTES; pread(fd, frame, sizeof frame, at) == sizeof frame;
         at += size)
        if (big_endian(frame) == 1 && memcmp(frame + 8, log + 16, 8) == 0 &&
            is_ours(frame + FRAME_HEADER_BYTES))
            return true;
    return false;
}

/*
 * When the power goes while the log is moved into the file, the file's first sector may be lost; the log
 * still has it, and SQLite will take it from there. No locks are held on a log by POSIX's means.
 */
static bool log_is_ours(const struct store *s)
{
    char name[4096];

    if (snprintf(name, sizeof name, "%s-wal", s->path) >= (int)sizeof name)
        return false;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    bool ours = fd >= 0 && frame_is_ours(fd);
    if (fd >= 0)
        close(fd);
    return ours;
}

/*
 * SQLite would happily turn an empty file into a database, or try to recover a stranger's. Its own
 * handle reads, before any statement does: a file opened and closed here would take away the locks that
 * this process's other connections hold on it (POSIX, fcntl).
 */
static enum ledger_status check_header(struct store *s)
{
    unsigned char head[HEADER_BYTES];
    sqlite3_file *file = NULL;
    int rc = sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);

    if (rc == SQLITE_OK && file && file->pMethods)
        rc = file->pMethods->xRead(file, head, sizeof head, 0);
    if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
        return say(s, LEDGER_STORE_BROKEN, "cannot be read");
    if (rc == SQLITE_OK && (is_ours(head) || log_is_ours(s)))
        return LEDGER_OK;
    return say(s, LEDGER_NOT_A_LEDGER, "is not a coledger ledger; it was left alone");
}

static int deny(void *unused, int action, const char *a, const char *b, const char *c,
                const char *d)
{
    (void)unused, (void)a, (void)b, (void)c, (void)d;
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
    case SQLITE_ALTER_TABLE:
        return SQLITE_DENY;
    default:
        return SQLITE_OK;
    }
}

int store_schema_version(void)
{
    return store_schema_count;
}

int store_file_version(struct store *s)
{
    return (int)sqlite_number(s->db, "PRAGMA user_version", -1);
}

static enum ledger_status check_version(struct store *s, bool any_version)
{
    char sentence[200];
    int version = store_file_version(s);

    if (version < 0)
        return sqlite_fault(s, s->path);
    if (version > store_schema_count) {
        snprintf(
            sentence, sizeof sentence,
            "was made by a newer coledger (schema %d, this one knows %d): use the newer program",
            version, store_schema_count);
        return say(s, LEDGER_SCHEMA_NEWER, sentence);
    }
    if (version < store_schema_count && !any_version) {
        snprintf(sentence, sizeof sentence,
                 "has schema %d, this program needs %d: run `coledger migrate`", version,
                 store_schema_count);
        return say(s, LEDGER_SCHEMA_OLDER, sentence);
    }
    return LEDGER_OK;
}

static enum ledger_status connect_file(struct store *s, int flags)
{
    int rc = sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX,
                             sqlite_watcher_vfs(s->watcher));

    if (!s->db)
        return LEDGER_NO_MEMORY;
    if (rc != SQLITE_OK)
        return sqlite_fault(s, s->path);
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, SQLITE_WAIT_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    return flags & SQLITE_OPEN_CREATE ? LEDGER_OK : check_header(s);
}

/* An older file's guards would stand in the way of its own migration. */
static enum ledger_status drop_guards(struct store *s)
{
    enum ledger_status status = LEDGER_OK;
    sqlite3_stmt *stmt = NULL;

    while (status == LEDGER_OK &&
           sqlite3_prepare_v2(s->db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", -1,
                              &stmt, NULL) == SQLITE_OK &&
           sqlite3_step(stmt) == SQLITE_ROW) {
        char *drop = sqlite3_mprintf("DROP TRIGGER \"%w\"", sqlite3_column_text(stmt, 0));
        sqlite3_finalize(stmt);
        stmt = NULL;
        status = drop ? sqlite_script(s, drop) : LEDGER_NO_MEMORY;
        sqlite3_free(drop);
    }
    sqlite3_finalize(stmt);
    return status;
}

/* The statements of the schemas after `version`, with the guards made anew, in one transaction. */
static enum ledger_status raise_schema(struct store *s, int version)
{
    char *sql = NULL;
    enum ledger_status status = sqlite_script(s, "BEGIN IMMEDIATE");

    if (status == LEDGER_OK)
        status = drop_guards(s);
    for (int v = version; v < store_schema_count && status == LEDGER_OK; v++)
        status = sqlite_script(s, store_schema[v]);
    if (status == LEDGER_OK)
        status = sqlite_script(s, store_guards);
    sql = sqlite3_mprintf("PRAGMA user_version = %d; PRAGMA application_id = %d; COMMIT",
                          store_schema_count, APPLICATION_ID);
    if (status == LEDGER_OK)
        status = sql ? sqlite_script(s, sql) : LEDGER_NO_MEMORY;
    sqlite3_free(sql);
    if (status != LEDGER_OK)
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/*
 * After a sync that failed the kernel calls the log's new pages clean: they can be read, and are not on
 * the disk. Whoever opens the ledger next would take them for committed, move them into the file, or
 * write behind them, and lose it all when the power goes. So what is not on the disk must not be
 * read: from here on everybody reads the disk.
 */
void sqlite_forget_cache(const struct store *s)
{
    char name[4096];

    if (snprintf(name, sizeof name, "%s-wal", s->path) >= (int)sizeof name)
        return;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
}

static enum ledger_status create(struct store *s)
{
    LEDGER_TRY(connect_file(s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    LEDGER_TRY(sqlite_script(s, connection_settings));
    LEDGER_TRY(sqlite_script(s, file_settings));
    LEDGER_TRY(sqlite_script(s, writer_settings));
    LEDGER_TRY(sqlite_bound_wal(s, 0));
    LEDGER_TRY(raise_schema(s, 0));
    /* So that the header is in the file itself, where check_header looks. */
    LEDGER_TRY(store_checkpoint(s, true));
    sqlite3_set_authorizer(s->db, deny, NULL);
    return LEDGER_OK;
}

static enum ledger_status take_lock(struct store *s, const struct store_options *options)
{
    char who[200];
    char sentence[360];
    enum ledger_status status =
        lock_take(s->path, options->wait_ms, options->holder, &s->lock_fd, who, sizeof who);

    if (status == LEDGER_LOCKED) {
        snprintf(sentence, sizeof sentence,
                 "is being written by %s: wait for it, or send this to the node with --node URL",
                 who);
        return say(s, status, sentence);
    }
    if (status != LEDGER_OK) {
        snprintf(sentence, sizeof sentence, "cannot be written: %s", who);
        return say(s, status, sentence);
    }
    return LEDGER_OK;
}

static enum ledger_status open_new(struct store *s, const struct store_options *options)
{
    struct stat st;

    if (!in_memory(s->path)) {
        if (lstat(s->path, &st) == 0)
            return say(s, LEDGER_EXISTS, "is there already; it was left alone");
        LEDGER_TRY(take_lock(s, options));
        int fd = open(s->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
            return say_errno(s, "cannot be made");
        close(fd);
    }
    enum ledger_status status = create(s);
    if (status != LEDGER_OK && !in_memory(s->path))
        unlink(s->path);
    return status;
}

static enum ledger_status open_old(struct store *s, const struct store_options *options)
{
    LEDGER_TRY(check_name(s, options->mode == STORE_WRITE));
    if (options->mode == STORE_WRITE) {
        LEDGER_TRY(connect_file(s, SQLITE_OPEN_READWRITE));
        LEDGER_TRY(take_lock(s, options));
        LEDGER_TRY(sqlite_script(s, connection_settings));
        LEDGER_TRY(sqlite_script(s, writer_settings));
        LEDGER_TRY(sqlite_bound_wal(s, options->log_pages));
        /* A file without write permission opens read-only, silently. */
        if (sqlite3_db_readonly(s->db, "main") == 1)
            return say(s, LEDGER_READ_ONLY, "cannot be written by this user");
    } else {
        enum ledger_status status = connect_file(s, SQLITE_OPEN_READONLY);
        if (status == LEDGER_OK)
            status = sqlite_script(s, connection_settings);
        if (status == LEDGER_OK && sqlite_number(s->db, "PRAGMA schema_version", -1) < 0)
            status = sqlite_fault(s, s->path);
        if (status == LEDGER_READ_ONLY)
            return say(s, status,
                       "cannot be read: SQLite needs to write two small files beside it, and the "
                       "folder refuses");
        LEDGER_TRY(status);
    }
    LEDGER_TRY(check_version(s, options->any_version));
    if (!options->any_version)
        sqlite3_set_authorizer(s->db, deny, NULL);
    return LEDGER_OK;
}

/*
 * Its memory statistics cost a lock around every allocation, and nobody reads them. What a savepoint may
 * have to undo stays in memory up to so many bytes, in one piece: with temp_store = MEMORY each
 * page that a payment touches would be kept in pieces of a kilobyte (a tenth of its time).
 */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, UNDO_IN_MEMORY);
}

enum ledger_status store_open(const char *path, const struct store_options *options,
                              struct store **out)
{
    static pthread_once_t configured = PTHREAD_ONCE_INIT;
    struct store *s = calloc(1, sizeof *s);

    pthread_once(&configured, configure);
    *out = s;
    if (!s)
        return LEDGER_NO_MEMORY;
    s->lock_fd = -1;
    s->mode = options->mode;
    s->path = strdup(path);
    if (!s->path)
        return LEDGER_NO_MEMORY;
    if (options->watch && !(s->watcher = sqlite_watcher_new(options->watch)))
        return LEDGER_NO_MEMORY;
    return options->mode == STORE_CREATE ? open_new(s, options) : open_old(s, options);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->db) {
        store_rollback(s);
        sqlite_forget_statements(s);
        if (s->broken)
            sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        else if (s->mode != STORE_READ)
            (void)!store_checkpoint(s, true);
        sqlite3_close_v2(s->db);
    }
    sqlite_watcher_free(s->watcher);
    lock_drop(s->lock_fd);
    free(s->path);
    free(s);
}

enum ledger_status store_checkpoint(struct store *s, bool truncate)
{
    int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;

    if (s->broken)
        return LEDGER_STORE_BROKEN;
    if (sqlite3_wal_checkpoint_v2(s->db, "main", mode, NULL, NULL) != SQLITE_OK)
        return sqlite_fault(s, "checkpoint");
    return LEDGER_OK;
}

enum ledger_status store_migrate(struct store *s)
{
    return raise_schema(s, store_file_version(s));
}
