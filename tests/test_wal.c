/* The write-ahead log stays bounded while readers come and go, and comes back after one that stayed. */
#include "support/region.h"

#include "api/thread.h"
#include "ledger/currency.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READERS 3
#define ACCOUNTS 400
#define GROUP 20
#define LOG_PAGES 2000
#define THRESHOLD ((int64_t)LOG_PAGES * (2048 + 24)) /* pages, and a head each */
#define TIMES 6                                      /* so often the threshold is written */
#define READ_US 2000

struct reading {
    const struct region *r;
    atomic_bool *over;
    pthread_t thread;
};

static int64_t first_account;

/* One read after the other: at no moment is there none of them. */
static void *read_on(void *arg)
{
    struct reading *reading = arg;
    struct test_clock clock = reading->r->clock;
    const struct ledger_env env = test_env(&clock);
    const struct ledger_options options = {0};
    struct ledger_account a;
    struct ledger *l;

    if (ledger_open(reading->r->path, &options, &env, &l) != LEDGER_OK)
        abort();
    while (!atomic_load(reading->over)) {
        if (ledger_begin_read(l) != LEDGER_OK ||
            ledger_account_get(l, first_account, &a) != LEDGER_OK)
            abort();
        usleep(READ_US);
        ledger_rollback(l);
    }
    ledger_close(l);
    return NULL;
}

static int64_t log_bytes(const struct region *r)
{
    char path[240];
    struct stat st;

    snprintf(path, sizeof path, "%s-wal", r->path);
    return stat(path, &st) == 0 ? st.st_size : 0;
}

/* Bytes by this process (proc(5)); what a checkpoint writes counts too. */
static int64_t written(void)
{
    FILE *file = fopen("/proc/self/io", "r");
    char line[80];
    int64_t bytes = 0;

    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, "wchar: ", 7) == 0)
            bytes = strtoll(line + 7, NULL, 10);
    fclose(file);
    return bytes;
}

/* Pages that a group touches are spread: each writes a few hundred thousand bytes. */
static void write_group(struct region *r, uint64_t *at)
{
    for (int i = 0; i < GROUP; i++, *at += 7)
        region_pay(r, first_account + (int64_t)(*at % ACCOUNTS),
                   first_account + (int64_t)((*at + 1 + *at / ACCOUNTS % 97) % ACCOUNTS), 1);
    region_commit(r);
}

static void furnish_accounts(struct region *r)
{
    char handle[16];

    region_start_file(r);
    region_currency(r, "CALD");
    for (int i = 0; i < ACCOUNTS; i++) {
        snprintf(handle, sizeof handle, "m%d", i);
        region_member(r, handle);
        int64_t id = region_account(r, handle, "CALD");
        if (i == 0)
            first_account = id;
    }
    region_close(r);
    const struct ledger_options options = {.write = true, .log_pages = LOG_PAGES};
    const struct ledger_env env = test_env(&r->clock);
    OK(r, ledger_open(r->path, &options, &env, &r->l));
    OK(r, ledger_begin_write(r->l));
}

/* Until the log is longer than `bytes`, or the process has written so many times the threshold. */
static int64_t write_and_watch(struct region *r, uint64_t *at, int64_t bytes, int times)
{
    int64_t until = written() + times * THRESHOLD;
    int64_t largest = 0;

    while (largest <= bytes && written() < until) {
        write_group(r, at);
        if (log_bytes(r) > largest)
            largest = log_bytes(r);
    }
    print_message("log: %.1f MB at most, %.1f MB at the end\n", (double)largest / 1e6,
                  (double)log_bytes(r) / 1e6);
    return largest;
}

static void readers_that_come_and_go_do_not_let_it_grow(void **state)
{
    struct reading readings[READERS];
    atomic_bool over = false;
    struct region r;
    uint64_t at = 0;

    (void)state;
    furnish_accounts(&r);
    for (int i = 0; i < READERS; i++) {
        readings[i] = (struct reading){.r = &r, .over = &over};
        assert_true(thread_start(&readings[i].thread, read_on, &readings[i]));
    }
    assert_in_range(write_and_watch(&r, &at, INT64_MAX, TIMES), THRESHOLD, THRESHOLD * 3 / 2);
    atomic_store(&over, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(readings[i].thread, NULL);
    region_end(&r);
}

/* While it stays, what it sees must be kept; the writer goes on, and afterwards the log is as it was. */
static void a_reader_that_stays_does_not_leave_it_large(void **state)
{
    const struct ledger_options options = {0};
    struct ledger_account a;
    struct ledger *reader;
    struct region r;
    uint64_t at = 0;

    (void)state;
    furnish_accounts(&r);
    const struct ledger_env env = test_env(&r.clock);
    assert_int_equal(ledger_open(r.path, &options, &env, &reader), LEDGER_OK);
    assert_int_equal(ledger_begin_read(reader), LEDGER_OK);
    assert_int_equal(ledger_account_get(reader, first_account, &a), LEDGER_OK);
    assert_true(write_and_watch(&r, &at, THRESHOLD * 3 / 2, 4) > THRESHOLD * 3 / 2);
    ledger_rollback(reader);
    write_and_watch(&r, &at, INT64_MAX, 1);
    assert_true(log_bytes(&r) < THRESHOLD * 3 / 2);
    ledger_close(reader);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_that_come_and_go_do_not_let_it_grow),
        cmocka_unit_test(a_reader_that_stays_does_not_leave_it_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
