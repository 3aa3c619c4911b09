/* What a node counts of itself: in the format to the letter, and the same as what was done. */
#include "support/exposition.h"
#include "support/web.h"

#include "api/committer.h"
#include "api/metrics.h"
#include "api/scrape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define METRICS_PORT_TRIES 50
#define PAYERS 16
#define PAYMENTS 40
#define QUEUE 4
#define CROWD 9
#define PAY(amount)                                                                                \
    "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"" amount "\",\"currency\":\"CALD\"}"

static struct web_node node;
static char listen_at[32];
static struct exposition before, after;

/* A port that is free now. */
static int free_port(void)
{
    int port = 20000 + (int)(getpid() % 10000);

    for (int i = 0; i < METRICS_PORT_TRIES; i++, port += 7) {
        const struct scrape_options options = {listen_at, NULL, NULL};
        struct scrape *s;
        char message[256];

        snprintf(listen_at, sizeof listen_at, "127.0.0.1:%d", port);
        if (scrape_start(&options, &s, message, sizeof message) == LEDGER_OK) {
            scrape_stop(s);
            break;
        }
    }
    return port;
}

static struct web_node door; /* where metrics are asked for */

static void start_node(int queue)
{
    door.port = free_port();
    node.metrics = listen_at;
    web_start(&node, queue);
}

static int start(void **state)
{
    (void)state;
    web_ledger(&node, 0);
    start_node(0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

static int ask(const struct web_node *to, const struct web_request *q)
{
    struct web_response r = {0};
    int fd = web_connect(to);
    int status;

    web_ask(fd, q, &r);
    status = r.status;
    web_clear(&r);
    close(fd);
    return status;
}

static void scrape(struct exposition *e)
{
    struct web_response r = {0};
    int fd = web_connect(&door);

    assert_true(web_ask(fd, &(struct web_request){"GET", "/metrics", NULL, NULL, NULL}, &r));
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.head, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
    if (!exposition_read(e, r.body))
        print_error("%s\n", e->problem);
    assert_string_equal(e->problem, "");
    web_clear(&r);
    close(fd);
}

static double value(const struct exposition *e, const char *name, const char *labels)
{
    double v = exposition_value(e, name, labels);

    return v < 0 ? 0 : v;
}

/* Half a minute at most, for what comes soon. */
static bool again(int *tries)
{
    usleep(10000);
    return ++*tries < 3000;
}

/* By how much it rose from `before` to `after`. */
static int rise(const char *name, const char *labels)
{
    return (int)(value(&after, name, labels) - value(&before, name, labels));
}

/* The checker itself must be able to say no. */
static void what_is_no_exposition(void **state)
{
    static const char head[] = "# HELP a_total x\n# TYPE a_total counter\n";
    static const char histogram[] = "# HELP h x\n# TYPE h histogram\n";
    static const struct {
        const char *before;
        const char *text;
        bool good;
    } rows[] = {
        {head, "a_total 1\n", true},
        {head, "a_total{b=\"c\",d=\"\\\\\\\"\\n\"} 1\n", true},
        {head, "a_total 1", false},
        {head, "a_total 1 \n", false},
        {head, "a_total\n", false},
        {head, "a_total one\n", false},
        {head, "a_total -1\n", false},
        {head, "a_total NaN\n", false},
        {head, "\n", false},
        {head, "b_total 1\n", false},
        {head, "a_total 1\na_total 2\n", false},
        {head, "a_total{b=\"c\"} 1\na_total{b=\"c\"} 2\n", false},
        {head, "a_total{b=\"c\",b=\"d\"} 1\n", false},
        {head, "a_total{1b=\"c\"} 1\n", false},
        {head, "a_total{b=c} 1\n", false},
        {head, "a_total{b=\"c} 1\n", false},
        {head, "a_total{b=\"\\c\"} 1\n", false},
        {head, "a_total{b=\"c\";d=\"e\"} 1\n", false},
        {head, "a_total{} 1\n", false},
        {head, "# HELP a_total x\n# TYPE a_total counter\n", false},
        {head, "# HELP b x\n# TYPE b counter\n", false},
        {head, "# HELP b_total x\n# TYPE b_total gauge\n", false},
        {head, "# HELP b x\n# TYPE b number\n", false},
        {head, "# HELP b x\n# TYPE c gauge\n", false},
        {head, "# HELP b a \\t\n# TYPE b gauge\n", false},
        {head, "# TYPE b gauge\n", false},
        {"", "b 1\n", false},
        {histogram, "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n", true},
        {histogram, "h_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n", false},
        {histogram, "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 3\n", false},
        {histogram, "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\n", false},
        {histogram, "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\n", false},
        {histogram, "h_bucket{le=\"1\"} 1\nh_sum 3\nh_count 1\n", false},
        {histogram, "h_sum 3\nh_count 1\n", false},
        {histogram,
         "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\n"
         "h_count 2\n",
         false},
        {histogram, "h_bucket 1\nh_sum 3\nh_count 1\n", false},
        {histogram, "h 1\n", false},
    };
    char text[512];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(text, sizeof text, "%s%s", rows[i].before, rows[i].text);
        if (exposition_read(&after, text) != rows[i].good)
            fail_msg("row %zu: %s %s", i, rows[i].text, after.problem);
    }
}

static void counted_as_done(void **state)
{
    static const struct {
        struct web_request q;
        int times;
        int role; /* -1: no token */
        int status;
    } deeds[] = {
        {{"POST", "/api/v1/payments", NULL, NULL, PAY("1.00")}, 3, TREASURER, 200},
        {{"POST", "/api/v1/payments", NULL, NULL, PAY("99999.00")}, 2, TREASURER, 409},
        {{"POST", "/api/v1/payments", NULL, NULL, PAY("x")}, 1, TREASURER, 400},
        {{"POST", "/api/v1/payments", NULL, NULL, PAY("1.00")}, 2, VIEWER, 403},
        {{"GET", "/api/v1/members", NULL, NULL, NULL}, 4, STEWARD, 200},
        {{"GET", "/api/v1/members", NULL, NULL, NULL}, 2, -1, 401},
        {{"DELETE", "/api/v1/members", NULL, NULL, NULL}, 1, STEWARD, 405},
        {{"GET", "/nothing", NULL, NULL, NULL}, 3, STEWARD, 404},
        {{"GET", "/healthz", NULL, NULL, NULL}, 5, -1, 200},
    };
    static const struct {
        const char *name;
        const char *labels;
        int rise;
    } rows[] = {
        {"coledger_requests_total", "operation=\"transfer.pay\",status=\"200\",code=\"ok\"", 3},
        {"coledger_requests_total", "operation=\"transfer.pay\",status=\"409\",code=\"over_limit\"",
         2},
        {"coledger_requests_total",
         "operation=\"transfer.pay\",status=\"400\",code=\"amount_malformed\"", 1},
        {"coledger_requests_total",
         "operation=\"transfer.pay\",status=\"403\",code=\"not_allowed\"", 2},
        {"coledger_requests_total", "operation=\"member.list\",status=\"200\",code=\"ok\"", 4},
        {"coledger_requests_total",
         "operation=\"member.list\",status=\"401\",code=\"not_signed_in\"", 2},
        {"coledger_requests_total", "operation=\"none\",status=\"405\",code=\"method_not_allowed\"",
         1},
        {"coledger_requests_total", "operation=\"none\",status=\"404\",code=\"no_such_operation\"",
         3},
        {"coledger_requests_total", "operation=\"page\",status=\"200\",code=\"ok\"", 5},
        {"coledger_request_duration_seconds_count", "operation=\"transfer.pay\",mode=\"write\"", 8},
        {"coledger_request_duration_seconds_count", "operation=\"member.list\",mode=\"read\"", 6},
        {"coledger_request_duration_seconds_count", "operation=\"page\",mode=\"none\"", 5},
        {"coledger_refused_total", "code=\"over_limit\"", 2},
        {"coledger_refused_total", "code=\"amount_malformed\"", 1},
        {"coledger_refused_total", "code=\"not_allowed\"", 2},
        {"coledger_refused_total", "code=\"not_signed_in\"", 2},
        {"coledger_refused_total", "code=\"no_such_operation\"", 3},
        {"coledger_refused_total", "code=\"store_full\"", 0},
        {"coledger_journal_transfers", "", 3},
    };

    size_t met;
    int tries = 0;

    (void)state;
    scrape(&before);
    for (size_t i = 0; i < COUNT(deeds); i++)
        for (int n = 0; n < deeds[i].times; n++) {
            struct web_request q = deeds[i].q;

            q.token = deeds[i].role < 0 ? NULL : node.tokens[deeds[i].role];
            assert_int_equal(ask(&node, &q), deeds[i].status);
        }
    /* An answer is counted right after it was sent, so the last one may not be yet. */
    do {
        scrape(&after);
        for (met = 0; met < COUNT(rows); met++)
            if (rise(rows[met].name, rows[met].labels) < rows[met].rise)
                break;
    } while (met < COUNT(rows) && again(&tries));
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s{%s}\n", rows[i].name, rows[i].labels);
        assert_int_equal(rise(rows[i].name, rows[i].labels), rows[i].rise);
    }
    /* An amount is read by its operation, so those that ask for too much are in a group too. */
    assert_int_equal(rise("coledger_commit_calls_sum", ""), 8);
    assert_int_equal(rise("coledger_commit_calls_count", ""), 8);
    assert_true(rise("coledger_commit_duration_seconds_count", "") >= 8);
    assert_true(rise("coledger_sync_duration_seconds_count", "file=\"log\"") >= 3);
    assert_int_equal(value(&after, "coledger_refused_total", "code=\"over_limit\""), 2);
    assert_true(exposition_value(&before, "coledger_refused_total", "code=\"store_full\"") == 0);
}

static void what_is_looked_up(void **state)
{
    (void)state;
    scrape(&after);
    assert_true(exposition_value(&after, "coledger_build_info", "version=\"test\"") == 1);
    assert_true(exposition_value(&after, "coledger_healthy", "") == 1);
    assert_true(exposition_value(&after, "coledger_queue_bound", "queue=\"writes\"") == 64);
    assert_true(exposition_value(&after, "coledger_queue_bound", "queue=\"reads\"") == 64);
    assert_true(exposition_value(&after, "coledger_queue_depth", "queue=\"writes\"") == 0);
    assert_true(value(&after, "coledger_ledger_bytes", "") > 4096);
    assert_true(value(&after, "coledger_wal_bytes", "") > 0);
    assert_true(value(&after, "coledger_disk_free_bytes", "") > 0);
    assert_true(value(&after, "process_resident_memory_bytes", "") > 1000000);
    assert_true(value(&after, "process_start_time_seconds", "") > 1600000000);
    assert_true(value(&after, "process_cpu_seconds_total", "") > 0);
}

/* A proxy passes one address on; what is on the other must not be there, nor the other way round. */
static void each_address_for_itself(void **state)
{
    (void)state;
    assert_int_equal(
        ask(&node, &(struct web_request){"GET", "/metrics", node.tokens[STEWARD], NULL, NULL}),
        404);
    assert_int_equal(ask(&door, &(struct web_request){"GET", "/", NULL, NULL, NULL}), 404);
    assert_int_equal(ask(&door, &(struct web_request){"GET", "/metrics/", NULL, NULL, NULL}), 404);
    assert_int_equal(ask(&door, &(struct web_request){"GET", "/metrics?x=y", NULL, NULL, NULL}),
                     404);
    assert_int_equal(ask(&door, &(struct web_request){"GET", "/api/v1/members",
                                                      node.tokens[STEWARD], NULL, NULL}),
                     404);
    assert_int_equal(ask(&door, &(struct web_request){"POST", "/metrics", NULL, NULL, "{}"}), 405);
}

/* Whoever says nothing, half a request, or too much, is let go, and the next one is answered. */
static void callers_that_do_not_finish(void **state)
{
    char much[SCRAPE_HEAD_MAX + 64];
    int silent = web_connect(&door);
    int half = web_connect(&door);
    int endless = web_connect(&door);

    (void)state;
    memset(much, 'a', sizeof much);
    assert_true(web_send(half, "GET /metrics HTTP/1.1\r\nHost: x\r\n", 32));
    web_send(endless, much, sizeof much);
    scrape(&after);
    assert_true(web_closed(silent));
    assert_true(web_closed(half));
    assert_true(web_closed(endless));
    close(silent);
    close(half);
    close(endless);
}

static void connections_come_and_go(void **state)
{
    int fds[3];
    int tries = 0;

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct web_response r = {0};

        fds[i] = web_connect(&node);
        assert_true(
            web_ask(fds[i], &(struct web_request){"GET", "/healthz", NULL, NULL, NULL}, &r));
        web_clear(&r);
    }
    scrape(&after);
    assert_true(value(&after, "coledger_connections", "") >= 3);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
    do
        scrape(&after);
    while (value(&after, "coledger_connections", "") > 0 && again(&tries));
    assert_true(value(&after, "coledger_connections", "") == 0);
}

static void *pay(void *arg)
{
    atomic_int *accepted = arg;
    struct web_response r = {0};
    int fd = web_connect(&node);

    for (int i = 0; i < PAYMENTS; i++)
        if (web_ask(fd,
                    &(struct web_request){"POST", "/api/v1/payments", node.tokens[TREASURER], NULL,
                                          PAY("0.01")},
                    &r) &&
            r.status == 200)
            atomic_fetch_add(accepted, 1);
    web_clear(&r);
    close(fd);
    return NULL;
}

/* Whatever moment is caught, the text is sound; in the end nothing was lost or counted twice. */
static void under_load(void **state)
{
    static const char paid[] = "operation=\"transfer.pay\",status=\"200\",code=\"ok\"";
    pthread_t threads[PAYERS];
    atomic_int accepted = 0;
    int tries = 0;

    (void)state;
    scrape(&before);
    for (int i = 0; i < PAYERS; i++)
        pthread_create(&threads[i], NULL, pay, &accepted);
    do
        scrape(&after);
    while (rise("coledger_journal_transfers", "") < PAYERS * PAYMENTS / 2 && again(&tries));
    for (int i = 0; i < PAYERS; i++)
        pthread_join(threads[i], NULL);
    do
        scrape(&after);
    while (rise("coledger_requests_total", paid) < accepted && again(&tries));
    assert_int_equal(accepted, PAYERS * PAYMENTS);
    assert_int_equal(rise("coledger_requests_total", paid), accepted);
    assert_int_equal(rise("coledger_journal_transfers", ""), accepted);
    assert_int_equal(rise("coledger_commit_calls_sum", ""), accepted);
}

static void *pay_once(void *arg)
{
    atomic_int *answered = arg;

    ask(&node, &(struct web_request){"POST", "/api/v1/payments", node.tokens[TREASURER], NULL,
                                     PAY("0.01")});
    atomic_fetch_add(answered, 1);
    return NULL;
}

/* The disk's sync, which a test may hold up. */
static sqlite3_vfs *disk;
static const sqlite3_io_methods *disk_methods;
static sqlite3_io_methods held_methods;
static atomic_bool is_held;
static atomic_bool has_come;

static int held_sync(sqlite3_file *file, int flags)
{
    for (; atomic_load(&is_held); usleep(1000))
        atomic_store(&has_come, true);
    return disk_methods->xSync(file, flags);
}

static int held_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    int rc = disk->xOpen(disk, name, file, flags, out);

    (void)vfs;
    if (rc == SQLITE_OK && (flags & SQLITE_OPEN_WAL)) {
        disk_methods = file->pMethods;
        held_methods = *disk_methods;
        held_methods.xSync = held_sync;
        file->pMethods = &held_methods;
    }
    return rc;
}

/*
 * No commit ends, because the disk does not: figures are there all the same, and show who waits. A
 * caller for whom there is no room is told at once.
 */
static void while_a_commit_waits(void **state)
{
    pthread_t threads[CROWD];
    atomic_int answered = 0;
    int tries = 0;
    int refused;
    sqlite3_vfs held;

    (void)state;
    web_stop(&node);
    disk = sqlite3_vfs_find(NULL);
    held = *disk;
    held.zName = "held";
    held.xOpen = held_open;
    sqlite3_vfs_register(&held, 1);
    start_node(QUEUE);
    do
        scrape(&before);
    while (exposition_value(&before, "coledger_journal_transfers", "") < 0 && again(&tries));
    atomic_store(&is_held, true);
    pthread_create(&threads[0], NULL, pay_once, &answered);
    while (!atomic_load(&has_come) && again(&tries))
        ;
    for (int i = 1; i < CROWD; i++)
        pthread_create(&threads[i], NULL, pay_once, &answered);
    do
        scrape(&after);
    while (rise("coledger_queue_refused_total", "queue=\"writes\"") < CROWD - 1 - QUEUE &&
           again(&tries));
    refused = rise("coledger_queue_refused_total", "queue=\"writes\"");
    assert_int_equal(refused, CROWD - 1 - QUEUE);
    assert_int_equal(value(&after, "coledger_queue_depth", "queue=\"writes\""), QUEUE);
    assert_true(value(&after, "coledger_queue_bound", "queue=\"writes\"") == QUEUE);
    assert_int_equal(rise("coledger_journal_transfers", ""), 0);
    assert_int_equal(
        rise("coledger_requests_total", "operation=\"transfer.pay\",status=\"200\",code=\"ok\""),
        0);
    atomic_store(&is_held, false);
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    do
        scrape(&after);
    while (
        rise("coledger_requests_total", "operation=\"transfer.pay\",status=\"200\",code=\"ok\"") +
                rise("coledger_refused_total", "code=\"queue_full\"") <
            CROWD &&
        again(&tries));
    assert_int_equal(rise("coledger_refused_total", "code=\"queue_full\""), refused);
    assert_int_equal(rise("coledger_journal_transfers", ""), CROWD - refused);
    web_stop(&node);
    sqlite3_vfs_register(disk, 1);
    sqlite3_vfs_unregister(&held);
    start_node(0);
}

/* A checkpoint as the store tells of it: whole, and cut short by a reader. */
static void checkpoints(void **state)
{
    static const enum ledger_watch_event whole[] = {LEDGER_LOG_SYNC,   LEDGER_LOG_SYNCED,
                                                    LEDGER_CHECKPOINT, LEDGER_CHECKPOINT_COPIED,
                                                    LEDGER_FILE_SYNC,  LEDGER_FILE_SYNCED};
    const struct metrics_now now = {.version = "a", .ledger_path = "/nowhere"};
    struct metrics *m = metrics_new();
    struct ledger_watch watch = metrics_watch(m);
    char *text;

    (void)state;
    for (size_t i = 0; i < COUNT(whole); i++)
        watch.saw(watch.ctx, whole[i]);
    for (size_t i = 0; i < 4; i++)
        watch.saw(watch.ctx, whole[i]);
    for (size_t i = 0; i < COUNT(whole); i++)
        watch.saw(watch.ctx, whole[i]);
    text = metrics_text(m, &now);
    assert_true(exposition_read(&after, text));
    assert_int_equal(value(&after, "coledger_checkpoint_duration_seconds_count", ""), 3);
    assert_int_equal(value(&after, "coledger_checkpoints_cut_short_total", ""), 1);
    assert_int_equal(value(&after, "coledger_sync_duration_seconds_count", "file=\"log\""), 3);
    assert_int_equal(value(&after, "coledger_sync_duration_seconds_count", "file=\"ledger\""), 2);
    free(text);
    metrics_free(m);
}

/* Each bound is in its bucket, and what is beyond the last is in +Inf only. */
static void buckets(void **state)
{
    const struct metrics_now now = {.version = "a", .ledger_path = "/nowhere"};
    struct metrics *m = metrics_new();
    char *text;

    (void)state;
    metrics_commit(m, 256, 500, 1);
    metrics_commit(m, 257, 501, 2);
    metrics_commit(m, 0, 10000001, 3);
    text = metrics_text(m, &now);
    assert_true(exposition_read(&after, text));
    assert_int_equal(value(&after, "coledger_commit_duration_seconds_bucket", "le=\"0.000500\""),
                     1);
    assert_int_equal(value(&after, "coledger_commit_duration_seconds_bucket", "le=\"0.001000\""),
                     2);
    assert_int_equal(value(&after, "coledger_commit_duration_seconds_bucket", "le=\"10.000000\""),
                     2);
    assert_int_equal(value(&after, "coledger_commit_duration_seconds_bucket", "le=\"+Inf\""), 3);
    assert_true(value(&after, "coledger_commit_duration_seconds_sum", "") == 10.001002);
    assert_int_equal(value(&after, "coledger_commit_calls_bucket", "le=\"256\""), 1);
    assert_int_equal(value(&after, "coledger_commit_calls_bucket", "le=\"+Inf\""), 2);
    assert_int_equal(value(&after, "coledger_journal_transfers", ""), 3);
    free(text);
    metrics_free(m);
}

static void addresses(void **state)
{
    static const struct {
        const char *metrics;
        enum ledger_status outcome;
    } rows[] = {{"9600", LEDGER_USAGE},
                {"localhost:9600", LEDGER_USAGE},
                {"127.0.0.1:99999", LEDGER_USAGE},
                {listen_at, LEDGER_UNREACHABLE}};
    struct web_node other;
    char message[LEDGER_MESSAGE_MAX];

    (void)state;
    web_ledger(&other, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct server_options options = {.ledger_path = other.path,
                                               .listen = "127.0.0.1:0",
                                               .metrics = rows[i].metrics,
                                               .stop_fd = -1};

        message[0] = '\0';
        assert_int_equal(server_run(&options, message, sizeof message), rows[i].outcome);
        assert_non_null(strstr(message, "metrics"));
    }
    web_remove(&other);
}

int main(void)
{
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(what_is_no_exposition),
        cmocka_unit_test(checkpoints),
        cmocka_unit_test(buckets),
    };
    const struct CMUnitTest served[] = {
        cmocka_unit_test(counted_as_done),         cmocka_unit_test(what_is_looked_up),
        cmocka_unit_test(each_address_for_itself), cmocka_unit_test(callers_that_do_not_finish),
        cmocka_unit_test(connections_come_and_go), cmocka_unit_test(under_load),
        cmocka_unit_test(while_a_commit_waits),    cmocka_unit_test(addresses),
    };
    int failed = cmocka_run_group_tests(alone, NULL, NULL);

    return failed + cmocka_run_group_tests(served, start, stop);
}
