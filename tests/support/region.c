#include "region.h"

#include "ledger/currency.h"
#include "ledger/member.h"
#include "ledger/verify.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE 500

const struct ledger_why region_why = {
    .actor = "local:test", .reason = "because", .authority = "a steward"};

static int64_t now_us(void *arg)
{
    return ((struct test_clock *)arg)->now_us;
}

/* splitmix64 */
static void fill(void *arg, void *buf, size_t size)
{
    struct test_clock *clock = arg;
    unsigned char *bytes = buf;

    for (size_t i = 0; i < size; i++) {
        uint64_t x = clock->seed += UINT64_C(0x9E3779B97F4A7C15);
        x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
        bytes[i] = (unsigned char)(x >> 56);
    }
}

struct ledger_env test_env(struct test_clock *clock)
{
    return (struct ledger_env){now_us, fill, clock};
}

void region_expect(struct region *r, enum ledger_status want, enum ledger_status got,
                   const char *call, const char *file, int line)
{
    if (want == got)
        return;
    print_error("%s:%d: %s\n  is %s, not %s: %s\n", file, line, call,
                ledger_status_facts(got)->code, ledger_status_facts(want)->code,
                r->l ? ledger_message(r->l) : "");
    _fail(file, line);
}

static void start(struct region *r, const char *path)
{
    snprintf(r->path, sizeof r->path, "%s", path);
    r->clock.seed = 1;
    region_set_day(r, "2026-03-02");
    struct ledger_env env = test_env(&r->clock);
    OK(r, ledger_create(path, "Test region", "Europe/London", &env, &r->l));
    OK(r, ledger_begin_write(r->l));
}

void region_start(struct region *r)
{
    *r = (struct region){0};
    start(r, ":memory:");
}

void region_start_file(struct region *r)
{
    char path[] = "/tmp/coledger-test-XXXXXX";
    int fd = mkstemp(path);

    *r = (struct region){0};
    assert_true(fd >= 0);
    close(fd);
    unlink(path);
    start(r, path);
}

static void remove_file(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    char name[240];

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

void region_end(struct region *r)
{
    ledger_close(r->l);
    r->l = NULL;
    if (strcmp(r->path, ":memory:") != 0)
        remove_file(r->path);
}

void region_close(struct region *r)
{
    if (ledger_in_transaction(r->l))
        OK(r, ledger_commit(r->l));
    ledger_close(r->l);
    r->l = NULL;
}

void region_open(struct region *r, bool write)
{
    const struct ledger_options options = {.write = write, .holder = "test"};
    struct ledger_env env = test_env(&r->clock);

    OK(r, ledger_open(r->path, &options, &env, &r->l));
    OK(r, write ? ledger_begin_write(r->l) : ledger_begin_read(r->l));
}

void region_commit(struct region *r)
{
    OK(r, ledger_commit(r->l));
    OK(r, ledger_begin_write(r->l));
}

int32_t region_day(const char *date)
{
    int32_t day = 0;

    assert_int_equal(ledger_date_parse(date, &day), LEDGER_OK);
    return day;
}

void region_set_day(struct region *r, const char *date)
{
    r->clock.now_us = region_day(date) * LEDGER_US_PER_DAY + LEDGER_US_PER_DAY / 2;
}

int64_t region_currency(struct region *r, const char *code)
{
    struct ledger_currency c = {
        .scale = 2, .kind = LEDGER_MONEY, .floor_minor = -10000, .ceiling_minor = 10000};

    snprintf(c.code, sizeof c.code, "%s", code);
    snprintf(c.name, sizeof c.name, "%s", code);
    OK(r, ledger_currency_add(r->l, &c, &region_why));
    return c.id;
}

static int64_t add_member(struct region *r, const char *handle, enum ledger_member_kind kind)
{
    struct ledger_member m = {.kind = kind, .state = LEDGER_ACTIVE};

    snprintf(m.handle, sizeof m.handle, "%s", handle);
    snprintf(m.name, sizeof m.name, "The %s", handle);
    OK(r, ledger_member_add(r->l, &m, &region_why));
    return m.id;
}

int64_t region_member(struct region *r, const char *handle)
{
    return add_member(r, handle, LEDGER_COOP);
}

int64_t region_fund(struct region *r, const char *handle)
{
    return add_member(r, handle, LEDGER_FUND);
}

int64_t region_account(struct region *r, const char *handle, const char *code)
{
    struct ledger_account a;

    OK(r, ledger_account_need(r->l, handle, code, &region_why, &a));
    return a.id;
}

int64_t region_balance(struct region *r, int64_t account_id)
{
    struct ledger_account a;

    OK(r, ledger_account_get(r->l, account_id, &a));
    return a.balance_minor;
}

int64_t region_pay_on(struct region *r, int64_t payer, int64_t payee, int64_t amount_minor,
                      const char *effective_on, const char *memo)
{
    const struct ledger_leg legs[] = {{payer, -amount_minor}, {payee, amount_minor}};
    const struct ledger_transfer_draft draft = {.kind = LEDGER_EXCHANGE,
                                                .memo = memo,
                                                .has_effective = effective_on != NULL,
                                                .effective_on =
                                                    effective_on ? region_day(effective_on) : 0,
                                                .legs = legs,
                                                .leg_count = 2};
    int64_t id = 0;

    OK(r, ledger_transfer_post(r->l, &draft, &id));
    return id;
}

int64_t region_pay(struct region *r, int64_t payer, int64_t payee, int64_t amount_minor)
{
    return region_pay_on(r, payer, payee, amount_minor, NULL, NULL);
}

enum ledger_status region_try_pay(struct region *r, int64_t payer, int64_t payee,
                                  int64_t amount_minor)
{
    const struct ledger_leg legs[] = {{payer, -amount_minor}, {payee, amount_minor}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = 2};
    int64_t id;

    return ledger_transfer_post(r->l, &draft, &id);
}

int64_t region_hold(struct region *r, int64_t payer, int64_t payee, int64_t amount_minor, int hours)
{
    const struct ledger_leg payees[] = {{payee, amount_minor}};
    const struct ledger_hold_draft draft = {.account_id = payer,
                                            .expires_at_us =
                                                r->clock.now_us + hours * REGION_HOUR_US,
                                            .memo = "a hold",
                                            .payees = payees,
                                            .payee_count = 1};
    int64_t id = 0;

    OK(r, ledger_hold_place(r->l, &draft, &id));
    return id;
}

static const char *run(sqlite3 *db, const char *sql)
{
    static char message[MESSAGE];

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return NULL;
    snprintf(message, sizeof message, "%s", sqlite3_errmsg(db));
    return message;
}

static sqlite3 *connect_raw(const char *path)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 1000);
    return db;
}

void region_sound(struct region *r)
{
    struct ledger_verification v;

    OK(r, ledger_verify(r->l, NULL, NULL, &v));
}

const char *region_raw(const char *path, const char *sql)
{
    sqlite3 *db = connect_raw(path);
    const char *message = run(db, sql);

    sqlite3_close(db);
    return message;
}

static int append(void *into, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    char *longer = sqlite3_mprintf("%z%s;", *(char **)into, values[0]);

    *(char **)into = longer;
    return longer ? 0 : 1;
}

static void must(sqlite3 *db, const char *sql)
{
    const char *message = run(db, sql);

    if (message)
        fail_msg("%.200s: %s", sql, message);
}

void region_damage(const char *path, const char *sql)
{
    char *create = sqlite3_mprintf("");
    char *drop = sqlite3_mprintf("");
    sqlite3 *db = connect_raw(path);

    sqlite3_exec(db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'", append, &create, NULL);
    sqlite3_exec(db, "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type = 'trigger'",
                 append, &drop, NULL);
    must(db, drop);
    must(db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    must(db, sql);
    must(db, create);
    sqlite3_free(create);
    sqlite3_free(drop);
    sqlite3_close(db);
}
