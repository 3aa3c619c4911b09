#include "bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char schema[] =
    "PRAGMA page_size = 2048; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 40000;"
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

struct plain {
    sqlite3 *db;
    sqlite3_stmt *s[STATEMENTS];
    uint64_t random;
    int64_t made;
};

struct plain *bench_plain_open(const char *path)
{
    struct plain *p = calloc(1, sizeof *p);

    must(sqlite3_open(path, &p->db), p->db);
    run(p->db, schema);
    open_accounts(p->db);
    for (int i = 0; i < STATEMENTS; i++)
        must(sqlite3_prepare_v2(p->db, sql[i], -1, &p->s[i], NULL), p->db);
    p->random = BENCH_SEED;
    return p;
}

double bench_plain_pay(struct plain *p, int payments, int batch)
{
    struct bench_payment payment;
    double began_s = bench_now_s();

    for (int i = 0; i < payments; i++) {
        if (i % batch == 0)
            run(p->db, "BEGIN IMMEDIATE");
        bench_next_payment(&p->random, BENCH_ACCOUNTS, &payment);
        pay(p->db, p->s, ++p->made, &payment);
        if ((i + 1) % batch == 0 || i + 1 == payments)
            run(p->db, "COMMIT");
    }
    return bench_now_s() - began_s;
}

void bench_plain_close(struct plain *p)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(p->s[i]);
    sqlite3_close(p->db);
    free(p);
}
