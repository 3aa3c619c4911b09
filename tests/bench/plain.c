#include "bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 20000;"
    "PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;"
    "CREATE TABLE account (id INTEGER PRIMARY KEY, member_id INTEGER, currency_id INTEGER,"
    " balance_minor INTEGER, reserved_in_minor INTEGER, reserved_out_minor INTEGER,"
    " floor_minor INTEGER, ceiling_minor INTEGER, hold_expiry_us INTEGER, opened_at_us INTEGER);"
    "CREATE TABLE transfer (id INTEGER PRIMARY KEY, kind TEXT, posted_at_us INTEGER,"
    " effective_on INTEGER, corrects INTEGER, text_hash BLOB);"
    "CREATE TABLE entry (transfer_id INTEGER, leg INTEGER, account_id INTEGER,"
    " amount_minor INTEGER, balance_minor INTEGER, late_on INTEGER,"
    " PRIMARY KEY (transfer_id, leg)) WITHOUT ROWID;"
    "CREATE INDEX entry_account ON entry (account_id, transfer_id, balance_minor);"
    "CREATE TABLE register (seq INTEGER PRIMARY KEY, at_us INTEGER, actor TEXT, operation TEXT,"
    " uid BLOB UNIQUE, content_hash BLOB, subject INTEGER);";

enum { READ_UID, READ, UPDATE, ENTRY, TRANSFER, REGISTER, STATEMENTS };

static const char *const sql[STATEMENTS] = {
    [READ_UID] = "SELECT content_hash FROM register WHERE uid = ?1",
    [READ] = "SELECT balance_minor, floor_minor FROM account WHERE id = ?1",
    [UPDATE] = "UPDATE account SET balance_minor = ?2 WHERE id = ?1",
    [ENTRY] = "INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
    [TRANSFER] = "INSERT INTO transfer VALUES (?1, 'exchange', ?2, 20000, NULL, NULL)",
    [REGISTER] = "INSERT INTO register VALUES (?1, ?2, 'local:bench', 'transfer.pay', ?3, ?4, ?1)",
};

static void must(int rc, sqlite3 *db)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW)
        return;
    fprintf(stderr, "plain loop: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static void run(sqlite3 *db, const char *text)
{
    must(sqlite3_exec(db, text, NULL, NULL, NULL), db);
}

static int64_t move(sqlite3 *db, sqlite3_stmt **s, int64_t account, int64_t by_minor)
{
    sqlite3_bind_int64(s[READ], 1, account);
    must(sqlite3_step(s[READ]), db);
    int64_t balance_minor = sqlite3_column_int64(s[READ], 0) + by_minor;
    sqlite3_reset(s[READ]);
    sqlite3_bind_int64(s[UPDATE], 1, account);
    sqlite3_bind_int64(s[UPDATE], 2, balance_minor);
    must(sqlite3_step(s[UPDATE]), db);
    sqlite3_reset(s[UPDATE]);
    return balance_minor;
}

static void enter(sqlite3 *db, sqlite3_stmt **s, int64_t id, int leg, int64_t account,
                  int64_t by_minor)
{
    int64_t balance_minor = move(db, s, account, by_minor);

    sqlite3_bind_int64(s[ENTRY], 1, id);
    sqlite3_bind_int64(s[ENTRY], 2, leg);
    sqlite3_bind_int64(s[ENTRY], 3, account);
    sqlite3_bind_int64(s[ENTRY], 4, by_minor);
    sqlite3_bind_int64(s[ENTRY], 5, balance_minor);
    must(sqlite3_step(s[ENTRY]), db);
    sqlite3_reset(s[ENTRY]);
}

static void pay(sqlite3 *db, sqlite3_stmt **s, int64_t id, const struct bench_payment *p)
{
    static const uint8_t hash[32] = {1};
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    int64_t at_us = now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
    sqlite3_bind_blob(s[READ_UID], 1, p->uid, 16, SQLITE_STATIC);
    must(sqlite3_step(s[READ_UID]), db);
    sqlite3_reset(s[READ_UID]);
    enter(db, s, id, 0, p->payer, -p->amount_minor);
    enter(db, s, id, 1, p->payee, p->amount_minor);
    sqlite3_bind_int64(s[TRANSFER], 1, id);
    sqlite3_bind_int64(s[TRANSFER], 2, at_us);
    must(sqlite3_step(s[TRANSFER]), db);
    sqlite3_reset(s[TRANSFER]);
    sqlite3_bind_int64(s[REGISTER], 1, id);
    sqlite3_bind_int64(s[REGISTER], 2, at_us);
    sqlite3_bind_blob(s[REGISTER], 3, p->uid, 16, SQLITE_STATIC);
    sqlite3_bind_blob(s[REGISTER], 4, hash, 32, SQLITE_STATIC);
    must(sqlite3_step(s[REGISTER]), db);
    sqlite3_reset(s[REGISTER]);
}

static void open_accounts(sqlite3 *db)
{
    char text[120];

    run(db, "BEGIN");
    for (int i = 1; i <= BENCH_ACCOUNTS; i++) {
        snprintf(text, sizeof text,
                 "INSERT INTO account VALUES (%d, %d, 1, 0, 0, 0, -1, 1, NULL, 0)", i, i);
        run(db, text);
    }
    run(db, "COMMIT");
}

double bench_plain(const char *path, int payments, int batch)
{
    sqlite3 *db;
    sqlite3_stmt *s[STATEMENTS];
    struct bench_payment p;
    uint64_t random = 7;

    must(sqlite3_open(path, &db), db);
    run(db, schema);
    open_accounts(db);
    for (int i = 0; i < STATEMENTS; i++)
        must(sqlite3_prepare_v2(db, sql[i], -1, &s[i], NULL), db);
    double began_s = bench_now_s();
    for (int i = 0; i < payments; i++) {
        if (i % batch == 0)
            run(db, "BEGIN IMMEDIATE");
        bench_next_payment(&random, BENCH_ACCOUNTS, &p);
        pay(db, s, i + 1, &p);
        if ((i + 1) % batch == 0 || i + 1 == payments)
            run(db, "COMMIT");
    }
    double took_s = bench_now_s() - began_s;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(s[i]);
    sqlite3_close(db);
    return payments / took_s;
}
