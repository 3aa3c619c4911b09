/*
 * bench.c - how fast the engine is, each figure beside what it is measured against in the same run.
 *
 * bench FOLDER [COLEDGER [CSV]]: works in FOLDER (on the disk that is to be measured), times the
 * program COLEDGER and its import of CSV (from,to,amount) where they are given.
 * bench fill LEDGER TOKENS PAYMENTS: makes a ledger for a node to be measured on, and each member's token.
 * bench pool FOLDER: the office pool with 200,000 bookings.
 */
#include "bench.h"

#include "ledger/account.h"
#include "ledger/currency.h"
#include "ledger/date.h"
#include "ledger/journal.h"
#include "ledger/limit.h"
#include "ledger/register.h"
#include "ledger/statement.h"
#include "ledger/token.h"
#include "ledger/transfer.h"
#include "ledger/verify.h"

#include "api/run.h"

#include <fcntl.h>
#include <sodium.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FIRST 300000
#define ALL 1000000
#define SMALL 10000
#define BUSY 100 /* accounts of a small ledger: as many lines each as all have in the large one */
#define TURN 10000
#define LAST 100000
#define ALONE 3000 /* commits one by one */
#define TURNS 5
#define PROBES 2000
#define RUNS 21

extern char **environ;

double bench_now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

uint64_t bench_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void bench_next_payment(uint64_t *state, int64_t accounts, struct bench_payment *p)
{
    uint64_t high = bench_random(state);
    uint64_t low = bench_random(state);

    p->payer = 1 + (int64_t)(bench_random(state) % (uint64_t)accounts);
    p->payee = 1 + (int64_t)(bench_random(state) % (uint64_t)(accounts - 1));
    p->payee += p->payee >= p->payer;
    p->amount_minor = 1 + (int64_t)(bench_random(state) % 10000);
    memcpy(p->uid, &high, 8);
    memcpy(p->uid + 8, &low, 8);
    p->uid[6] = (uint8_t)((p->uid[6] & 0x0f) | 0x40);
    p->uid[8] = (uint8_t)((p->uid[8] & 0x3f) | 0x80);
}

static void must(struct ledger *l, enum ledger_status status)
{
    if (status == LEDGER_OK)
        return;
    fprintf(stderr, "bench: %s: %s\n", ledger_status_facts(status)->code, ledger_message(l));
    exit(1);
}

static void furnish(struct ledger *l)
{
    const struct ledger_why why = {"local:bench", "bench", "steward"};
    struct ledger_currency c = {.code = "CALD",
                                .name = "Calda",
                                .scale = 2,
                                .floor_minor = -100000000,
                                .ceiling_minor = 100000000};

    must(l, ledger_begin_write(l));
    must(l, ledger_currency_add(l, &c, &why));
    for (int i = 1; i <= BENCH_ACCOUNTS; i++) {
        struct ledger_member m = {.state = LEDGER_ACTIVE};
        struct ledger_account a;
        snprintf(m.handle, sizeof m.handle, "m%05d", i);
        must(l, ledger_member_add(l, &m, &why));
        must(l, ledger_account_open(l, m.id, c.id, &why, &a));
    }
    must(l, ledger_commit(l));
}

/* A payment as the node makes it: savepoint, uid, limits, guards, register. */
static void pay(struct ledger *l, const struct bench_payment *p)
{
    const struct ledger_leg legs[] = {{p->payer, -p->amount_minor}, {p->payee, p->amount_minor}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = 2};
    struct ledger_record r = {.actor = "local:bench", .operation = "transfer.pay"};
    struct ledger_record known;

    memcpy(r.uid.bytes, p->uid, 16);
    crypto_hash_sha256(r.content_hash, (const unsigned char *)p, sizeof *p);
    must(l, ledger_savepoint(l));
    if (ledger_register_find(l, &r.uid, r.content_hash, &known) != LEDGER_NO_ROW)
        must(l, LEDGER_UID_TAKEN);
    must(l, ledger_transfer_post(l, &draft, &r.subject));
    must(l, ledger_register_append(l, &r));
    must(l, ledger_release(l));
}

/* Between any two of the first `accounts`; the seconds that it took. */
static double pay_many(struct ledger *l, uint64_t *random, int payments, int64_t accounts)
{
    struct bench_payment p;
    double began_s = bench_now_s();

    for (int i = 0; i < payments; i++) {
        if (i % BENCH_BATCH == 0)
            must(l, ledger_begin_write(l));
        bench_next_payment(random, accounts, &p);
        pay(l, &p);
        if ((i + 1) % BENCH_BATCH == 0 || i + 1 == payments)
            must(l, ledger_commit(l));
    }
    return bench_now_s() - began_s;
}

static enum ledger_status no_line(void *ctx, const struct ledger_statement_line *line)
{
    (void)ctx, (void)line;
    return LEDGER_OK;
}

static void read_page(struct ledger *l, int64_t account)
{
    /* A page in the middle of the period: its first one also adds the whole period up. */
    const struct ledger_statement_query q = {.account_id = account,
                                             .from_on = ledger_today(l) - 1,
                                             .to_on = ledger_today(l),
                                             .after_transfer_id = 1,
                                             .limit = 50};
    struct ledger_statement s;

    must(l, ledger_begin_read(l));
    must(l, ledger_statement_read(l, &q, &s, no_line, NULL));
    ledger_rollback(l);
}

static void read_balance(struct ledger *l, int64_t account)
{
    struct ledger_account a;

    must(l, ledger_account_get(l, account, &a));
}

static void read_as_of(struct ledger *l, int64_t account)
{
    int64_t last;
    int64_t balance_minor;

    must(l, ledger_journal_last_on(l, ledger_today(l), &last));
    must(l, ledger_journal_balance_at(l, account, last / 2, &balance_minor));
}

static const struct {
    const char *name;
    void (*read)(struct ledger *l, int64_t account);
} reads[] = {
    {"page of a statement", read_page}, {"balance", read_balance}, {"as-of balance", read_as_of}};

#define READS (sizeof reads / sizeof reads[0])

/* Seconds of PROBES reads among the first `accounts`. */
static double time_read(struct ledger *l, size_t which, int64_t accounts, uint64_t seed)
{
    double began_s = bench_now_s();

    for (int i = 0; i < PROBES; i++)
        reads[which].read(l, 1 + (int64_t)(bench_random(&seed) % (uint64_t)accounts));
    return bench_now_s() - began_s;
}

/* In turns too; what comes first warms the caches and does not count. */
static void measure_reads(struct ledger *big, struct ledger *small)
{
    for (size_t which = 0; which < READS; which++) {
        double big_s = 0;
        double small_s = 0;

        for (uint64_t turn = 0; turn <= TURNS; turn++) {
            double one_s = time_read(big, which, BENCH_ACCOUNTS, turn);
            double other_s = time_read(small, which, BUSY, turn);
            big_s += turn ? one_s : 0;
            small_s += turn ? other_s : 0;
        }
        printf("%-30s %9.1f us at %d   ratio %.2f to %d\n", reads[which].name,
               big_s / TURNS / PROBES * 1e6, ALL, big_s / small_s, SMALL);
    }
}

static void measure_verify(struct ledger *l)
{
    struct ledger_verification v;

    must(l, ledger_begin_read(l));
    double began_s = bench_now_s();
    must(l, ledger_verify(l, NULL, NULL, &v));
    double took_s = bench_now_s() - began_s;
    ledger_rollback(l);
    printf("verify                         %9.0f transfers/s   (%lld in %.2f s)\n",
           (double)v.transfers / took_s, (long long)v.transfers, took_s);
}

static double spawn_s(const char *const argv[])
{
    posix_spawn_file_actions_t quiet;
    pid_t pid;
    int status;

    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    double began_s = bench_now_s();
    if (posix_spawn(&pid, argv[0], &quiet, NULL, (char *const *)argv, environ) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "bench: %s %s failed\n", argv[0], argv[1]);
        exit(1);
    }
    double took_s = bench_now_s() - began_s;
    posix_spawn_file_actions_destroy(&quiet);
    return took_s;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_spawn_ms(const char *const argv[])
{
    double took_s[RUNS];

    for (int i = 0; i < RUNS; i++)
        took_s[i] = spawn_s(argv);
    qsort(took_s, RUNS, sizeof took_s[0], by_size);
    return took_s[RUNS / 2] * 1e3;
}

static void measure_command(const char *coledger, const char *path)
{
    const char *const balance[] = {coledger, "balance",  "m00042", "--currency",
                                   "CALD",   "--ledger", path,     NULL};
    const char *const nothing[] = {"/bin/true", NULL};

    printf("coledger balance               %9.1f ms exec to exit   (/bin/true %.1f ms)\n",
           median_spawn_ms(balance), median_spawn_ms(nothing));
}

static void measure_import(const char *coledger, const char *csv, const char *folder)
{
    char path[600];

    snprintf(path, sizeof path, "%s/import.db", folder);
    const char *const init[] = {coledger, "init", "--name", "Bench", "--ledger", path, NULL};
    const char *const add[] = {coledger, "currency", "add", "KES",      "--name", "Real", "--kind",
                               "money",  "--scale",  "2",   "--ledger", path,     NULL};
    const char *const import[] = {coledger,
                                  "import",
                                  "transfers",
                                  csv,
                                  "--currency",
                                  "KES",
                                  "--effective-on",
                                  "2020-03-01",
                                  "--create-members",
                                  "--round",
                                  "half-even",
                                  "--limits",
                                  "observed",
                                  "--ledger",
                                  path,
                                  NULL};

    spawn_s(init);
    spawn_s(add);
    printf("import of %-20.20s %9.2f s\n", strrchr(csv, '/') ? strrchr(csv, '/') + 1 : csv,
           spawn_s(import));
}

/* In turns, so that a noisy machine is as noisy for both. */
static void measure_payments(struct ledger *l, uint64_t *random, const char *folder)
{
    char path[600];
    struct plain *plain;
    double ours_s = 0;
    double plain_s = 0;
    double alone_s = 0;

    snprintf(path, sizeof path, "%s/plain.db", folder);
    plain = bench_plain_open(path);
    for (int done = 0; done < FIRST; done += TURN) {
        ours_s += pay_many(l, random, TURN, BENCH_ACCOUNTS);
        plain_s += bench_plain_pay(plain, TURN, BENCH_BATCH);
    }
    bench_plain_close(plain);
    snprintf(path, sizeof path, "%s/alone.db", folder);
    plain = bench_plain_open(path);
    alone_s = bench_plain_pay(plain, ALONE, 1);
    bench_plain_close(plain);
    printf("payments, the first %d     %9.0f /s   all guards, limits, uids, a savepoint each\n",
           FIRST, FIRST / ours_s);
    printf("  plain loop, same batches     %9.0f /s   ratio %.2f\n", FIRST / plain_s,
           plain_s / ours_s);
    printf("  plain loop, a commit each    %9.0f /s   ratio %.1f\n", ALONE / alone_s,
           alone_s / ALONE * FIRST / ours_s);
}

static struct ledger *new_ledger(const char *path)
{
    struct ledger *l;

    must(NULL, ledger_create(path, "Bench", "Europe/London", &api_env, &l));
    furnish(l);
    return l;
}

static void measure_engine(const char *folder, const char *path)
{
    char small_path[600];
    struct ledger *l = new_ledger(path);
    struct ledger *small;
    uint64_t random = BENCH_SEED;

    measure_payments(l, &random, folder);
    pay_many(l, &random, ALL - FIRST - LAST, BENCH_ACCOUNTS);
    printf("payments, up to %d        %9.0f /s   the last %d\n", ALL,
           LAST / pay_many(l, &random, LAST, BENCH_ACCOUNTS), LAST);
    snprintf(small_path, sizeof small_path, "%s/small.db", folder);
    small = new_ledger(small_path);
    pay_many(small, &random, SMALL, BUSY);
    measure_reads(l, small);
    measure_verify(l);
    ledger_close(small);
    ledger_close(l);
}

#define TOKEN_LIFE_US (7 * LEDGER_US_PER_DAY)

static void fill(const char *path, const char *tokens_path, int payments)
{
    struct ledger *l = new_ledger(path);
    FILE *tokens = fopen(tokens_path, "w");
    uint64_t random = BENCH_SEED;

    if (!tokens)
        must(l, LEDGER_READ_ONLY);
    must(l, ledger_begin_write(l));
    for (int i = 1; i <= BENCH_ACCOUNTS; i++) {
        struct ledger_token t = {.member_id = i,
                                 .role = LEDGER_TRADER,
                                 .label = "bench",
                                 .expires_at_us = ledger_now_us(l) + TOKEN_LIFE_US};
        char secret[LEDGER_TOKEN_SECRET];
        must(l, ledger_token_create(l, &t, secret));
        fprintf(tokens, "m%05d %s\n", i, secret);
    }
    must(l, ledger_commit(l));
    fclose(tokens);
    pay_many(l, &random, payments, BENCH_ACCOUNTS);
    ledger_close(l);
}

int main(int argc, char **argv)
{
    char path[600];

    if (argc < 2 || sodium_init() < 0) {
        fprintf(stderr,
                "usage: bench FOLDER [COLEDGER [CSV]]\n       bench fill LEDGER TOKENS PAYMENTS\n"
                "       bench pool FOLDER\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(argv[1], "fill") == 0 && argc == 5) {
        fill(argv[2], argv[3], atoi(argv[4]));
        return 0;
    }
    if (strcmp(argv[1], "pool") == 0 && argc == 3)
        return bench_pool(argv[2]);
    snprintf(path, sizeof path, "%s/engine.db", argv[1]);
    measure_engine(argv[1], path);
    if (argc > 2)
        measure_command(argv[2], path);
    if (argc > 3)
        measure_import(argv[2], argv[3], argv[1]);
    return 0;
}
