/* A node whose disk fails or is full: what its callers hear, that it stops, and starts again sound. */
#include "support/faults.h"
#include "support/shim.h"
#include "support/tale.h"
#include "support/web.h"

#include "api/committer.h"
#include "api/run.h"
#include "ledger/handle.h"
#include "ledger/store/sqlite.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PAY                                                                                        \
    "{\"payee\": \"mill\", \"from\": \"riverside\", \"amount\": \"1.00\", \"currency\": "          \
    "\"CALD\", "                                                                                   \
    "\"memo\": \"bread\"}"
#define KEY "018f0000-0000-7000-8000-00000000000"
#define GROUP 3
#define SYNCS 8

static struct web_node node;
static struct web_response answer;

static int begin(void **state)
{
    (void)state;
    web_ledger(&node, 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    fault_disarm();
    web_clear(&answer);
    web_remove(&node);
    return 0;
}

static int ask(const char *method, const char *path, const char *key, const char *body,
               char code[static 64])
{
    const struct web_request q = {method, path, node.tokens[0], key, body};
    int fd = web_connect(&node);

    assert_true(web_ask(fd, &q, &answer));
    close(fd);
    web_code(&answer, code);
    return answer.status;
}

static int pay(const char *key, char code[static 64])
{
    return ask("POST", "/api/v1/payments", key, PAY, code);
}

static void balance_of_mill_is(const char *want)
{
    const char *got;
    json_t *out = web_local(&node, "balance", json_pack("{s:s}", "member", "mill"));

    got = json_string_value(
        json_object_get(json_array_get(json_object_get(out, "items"), 0), "balance"));
    assert_string_equal(got, want);
    json_decref(out);
}

static void a_commit_that_cannot_be_synced_stops_the_node(void **state)
{
    char code[64];

    (void)state;
    web_start(&node, 0);
    assert_int_equal(pay(KEY "1", code), 200);
    fault_arm(FAULT_SYNC, 1, false);
    assert_int_equal(pay(KEY "2", code), 503);
    assert_string_equal(code, "outcome_unknown");
    pthread_join(node.thread, NULL); /* by itself */
    assert_true(fault_disarm());
    assert_int_equal(node.outcome, LEDGER_STORE_BROKEN);
    assert_non_null(strstr(node.message, "failed to keep what was written (fsync)"));
    tale_must_be_sound(node.path, "after the node stopped");

    web_start(&node, 0);
    assert_int_equal(pay(KEY "2", code), 200);
    assert_int_equal(pay(KEY "2", code), 200);
    web_stop(&node);
    balance_of_mill_is("2.00");
    tale_must_be_sound(node.path, "after it was asked again");
}

/* An erasure empties the log after its commit: it is answered, and the node stops all the same. */
static void what_is_committed_is_answered_before_the_node_stops(void **state)
{
    char code[64];
    bool happened = true;
    int stops = 0;

    (void)state;
    for (int nth = 2; happened; nth++) {
        web_start(&node, 0);
        assert_int_equal(pay(NULL, code), 200);
        fault_arm(FAULT_SYNC, nth, false);
        json_t *paid = web_json(&answer);
        char path[80];
        snprintf(path, sizeof path, "/api/v1/transfers/%d/erasure",
                 (int)json_integer_value(json_object_get(paid, "transfer")));
        json_decref(paid);
        assert_int_equal(ask("POST", path, NULL, "{\"reason\": \"asked\"}", code), 200);
        happened = fault_disarm();
        stops += happened;
        if (happened)
            pthread_join(node.thread, NULL);
        else
            web_stop(&node);
        assert_int_equal(node.outcome, happened ? LEDGER_STORE_BROKEN : LEDGER_OK);
        tale_must_be_sound(node.path, "after an erasure");
    }
    assert_true(stops > 0);
}

static void a_full_disk_refuses_writes_until_there_is_room(void **state)
{
    char code[64];

    (void)state;
    web_start(&node, 0);
    fault_arm(FAULT_FULL, 1, true);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pay(KEY "1", code), 503);
        assert_string_equal(code, "store_full");
        assert_int_equal(ask("GET", "/api/v1/balances", NULL, NULL, code), 200);
    }
    assert_int_equal(ask("GET", "/healthz", NULL, NULL, code), 503);
    fault_disarm();
    assert_int_equal(pay(KEY "1", code), 200);
    assert_int_equal(ask("GET", "/healthz", NULL, NULL, code), 200);
    web_stop(&node);
    assert_int_equal(node.outcome, LEDGER_OK);
    balance_of_mill_is("1.00");
    tale_must_be_sound(node.path, "after a full disk");
}

/* --- a group, its commit and the checkpoint in it ----------------------------------------------- */

struct group {
    struct api_call calls[GROUP];
    struct job jobs[GROUP];
};

static enum ledger_status rung;

static void ring(void *ctx, enum ledger_status s, const char *message)
{
    (void)ctx;
    assert_true(message[0] != '\0');
    rung = s;
}

static void put(struct group *g, struct queue *queue, int first)
{
    for (int i = 0; i < GROUP; i++) {
        int number = first + i;
        api_call_init(&g->calls[i], api_operation_named("transfer.pay"));
        json_decref(g->calls[i].args);
        g->calls[i].args = json_loads(PAY, 0, NULL);
        g->calls[i].has_uid = true;
        g->calls[i].uid = ledger_uid_from_bytes(&number, sizeof number);
        job_init(&g->jobs[i], &g->calls[i], node.tokens[0]);
        assert_int_equal(queue_push(queue, &g->jobs[i]), LEDGER_OK);
    }
}

static void run(struct ledger *l, struct queue *queue, struct group *g)
{
    struct auth *auth = auth_new();
    const struct committer_options options = {
        .l = l, .queue = queue, .auth = auth, .alarm = {ring, NULL}};
    struct committer *c = committer_start(&options);

    for (int i = 0; i < GROUP; i++)
        job_wait(&g->jobs[i]);
    queue_close(queue);
    committer_join(c);
    auth_free(auth);
}

/* Three payments by the committer, whose every commit moves the log into the file; how the first ended. */
static enum ledger_status commit(int first, bool *replayed)
{
    const struct ledger_options options = {.write = true, .holder = "test", .log_pages = 1};
    struct queue *queue = queue_new(GROUP);
    struct group g;
    struct ledger *l;

    assert_int_equal(ledger_open(node.path, &options, &api_env, &l), LEDGER_OK);
    rung = LEDGER_OK;
    put(&g, queue, first);
    run(l, queue, &g);
    enum ledger_status st = g.jobs[0].status;
    *replayed = g.calls[0].replayed;
    for (int i = 0; i < GROUP; i++) {
        assert_int_equal(g.jobs[i].status, st);
        job_clear(&g.jobs[i]);
        api_call_clear(&g.calls[i]);
    }
    ledger_close(l);
    queue_free(queue);
    return st;
}

static void each_sync_of_a_group_may_fail(void **state)
{
    int groups = 0;
    int in_checkpoint = 0;
    char want[32];
    bool replayed;

    (void)state;
    for (int nth = 1; nth <= SYNCS; nth++, groups++) {
        fault_arm(FAULT_SYNC, nth, false);
        enum ledger_status st = commit(groups * GROUP, &replayed);
        bool happened = fault_disarm();
        if (st == LEDGER_OK)
            continue; /* it came when the file was closed, or not at all */
        assert_true(happened);
        assert_int_equal(st, LEDGER_OUTCOME_UNKNOWN);
        assert_int_equal(rung, LEDGER_STORE_BROKEN);
        tale_must_be_sound(node.path, "after a sync failed");
        assert_int_equal(commit(groups * GROUP, &replayed), LEDGER_OK);
        in_checkpoint += replayed; /* it was in the log for good */
    }
    assert_true(in_checkpoint > 0);
    snprintf(want, sizeof want, "%d.00", groups * GROUP);
    balance_of_mill_is(want);
    tale_must_be_sound(node.path, "at the end");
}

static int install(void **state)
{
    (void)state;
    shim_install();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_commit_that_cannot_be_synced_stops_the_node, begin, end),
        cmocka_unit_test_setup_teardown(what_is_committed_is_answered_before_the_node_stops, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_full_disk_refuses_writes_until_there_is_room, begin, end),
        cmocka_unit_test_setup_teardown(each_sync_of_a_group_may_fail, begin, end),
    };

    return cmocka_run_group_tests(tests, install, NULL);
}
