/* What becomes of a group when one of its calls, or the store, fails. */
#include "api/committer.h"
#include "api/run.h"
#include "support/web.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define GROUP 3

static struct web_node node;
static struct ledger *l;
static struct queue *queue;
static struct auth *auth;
static enum ledger_status rung;
static int runs;

static enum ledger_status do_well(struct ledger *ledger, struct api_call *call, json_t **out)
{
    (void)ledger;
    call->subject = ++runs;
    *out = json_pack("{s:i}", "run", runs);
    return LEDGER_OK;
}

static enum ledger_status refuse(struct ledger *ledger, struct api_call *call, json_t **out)
{
    (void)call;
    (void)out;
    return ledger_refuse(ledger, LEDGER_OVER_LIMIT, "no room");
}

static enum ledger_status trip(struct ledger *ledger, struct api_call *call, json_t **out)
{
    (void)call;
    (void)out;
    return ledger_refuse(ledger, LEDGER_GUARD, "the file refused it");
}

/* Out of memory nobody has words. */
static enum ledger_status run_out(struct ledger *ledger, struct api_call *call, json_t **out)
{
    (void)ledger;
    (void)call;
    (void)out;
    return LEDGER_NO_MEMORY;
}

static enum ledger_status break_store(struct ledger *ledger, struct api_call *call, json_t **out)
{
    (void)call;
    (void)out;
    return ledger_refuse(ledger, LEDGER_STORE_BROKEN, "the disk is gone");
}

static const struct api_param own[] = {{.name = "member", .type = API_HANDLE, .flags = API_OWN},
                                       {.name = NULL}};

#define OPERATION(handler)                                                                         \
    {                                                                                              \
        .name = "test." #handler, .method = "POST", .path = "/" #handler, .words = #handler,       \
        .access = API_EVERYBODY, .mode = API_WRITE, .params = own, .handle = handler               \
    }

static const struct api_operation op_well = OPERATION(do_well);
static const struct api_operation op_refuse = OPERATION(refuse);
static const struct api_operation op_trip = OPERATION(trip);
static const struct api_operation op_run_out = OPERATION(run_out);
static const struct api_operation op_break = OPERATION(break_store);

static void ring(void *ctx, enum ledger_status s, const char *message)
{
    (void)ctx;
    assert_non_null(message);
    rung = s;
}

static int begin(void **state)
{
    const struct ledger_options options = {.write = true, .wait_ms = 0, .holder = "test"};

    (void)state;
    rung = LEDGER_OK;
    runs = 0;
    web_ledger(&node, 0);
    if (ledger_open(node.path, &options, &api_env, &l) != LEDGER_OK)
        return -1;
    queue = queue_new(GROUP);
    auth = auth_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    ledger_close(l);
    queue_free(queue);
    auth_free(auth);
    web_remove(&node);
    return 0;
}

struct group {
    struct api_call calls[GROUP];
    struct job jobs[GROUP];
};

static void put(struct group *g, const struct api_operation *const ops[GROUP])
{
    for (int i = 0; i < GROUP; i++) {
        api_call_init(&g->calls[i], ops[i]);
        g->calls[i].has_uid = true;
        g->calls[i].uid = ledger_uid_from_bytes(&i, sizeof i);
        job_init(&g->jobs[i], &g->calls[i], node.tokens[4]);
        assert_int_equal(queue_push(queue, &g->jobs[i]), LEDGER_OK);
    }
}

/* All of the group waits before the committer begins, so that it is one transaction. */
static void run_group(struct group *g)
{
    const struct committer_options options = {
        .l = l, .queue = queue, .auth = auth, .alarm = {ring, NULL}};
    struct committer *c = committer_start(&options);

    for (int i = 0; i < GROUP; i++)
        job_wait(&g->jobs[i]);
    queue_close(queue);
    committer_join(c);
}

static void clear(struct group *g)
{
    for (int i = 0; i < GROUP; i++) {
        job_clear(&g->jobs[i]);
        api_call_clear(&g->calls[i]);
    }
}

static int64_t written(void)
{
    struct api_call call;
    json_t *out = NULL;
    int64_t n;

    api_call_init(&call, api_operation_named("register.list"));
    json_object_set_new(call.args, "limit", json_integer(500));
    api_call_as_local(&call, "test");
    assert_int_equal(api_run(l, &call, &out), LEDGER_OK);
    n = (int64_t)json_array_size(json_object_get(out, "items"));
    json_decref(out);
    api_call_clear(&call);
    return n;
}

static void all_in_one(void **state)
{
    const struct api_operation *const ops[] = {&op_well, &op_refuse, &op_well};
    struct group g;
    int64_t before = written();

    (void)state;
    put(&g, ops);
    run_group(&g);
    assert_int_equal(g.jobs[0].status, LEDGER_OK);
    assert_int_equal(g.jobs[1].status, LEDGER_OVER_LIMIT);
    assert_string_equal(g.calls[1].problem.detail, "no room");
    assert_int_equal(g.jobs[2].status, LEDGER_OK);
    assert_int_equal(runs, 2);
    assert_int_equal(written() - before, 2);
    clear(&g);
}

static void one_caller_s_fault_is_not_another_s(void **state)
{
    const struct api_operation *const ops[] = {&op_well, &op_trip, &op_well};
    struct group g;
    int64_t before = written();

    (void)state;
    put(&g, ops);
    run_group(&g);
    assert_int_equal(g.jobs[0].status, LEDGER_OK);
    assert_false(g.calls[0].replayed);
    assert_int_equal(g.jobs[1].status, LEDGER_GUARD);
    assert_string_equal(g.calls[1].problem.detail, "the file refused it");
    assert_int_equal(g.jobs[2].status, LEDGER_OK);
    assert_int_equal(runs, 3); /* the first ran twice and was kept once */
    assert_int_equal(written() - before, 2);
    assert_int_equal(rung, LEDGER_OK);
    clear(&g);
}

/* The last sentence was another caller's, and may name figures that are not this one's to see. */
static void no_words_are_not_another_s(void **state)
{
    const struct api_operation *const ops[] = {&op_refuse, &op_run_out, &op_refuse};
    struct group g;

    (void)state;
    put(&g, ops);
    run_group(&g);
    assert_string_equal(g.calls[0].problem.detail, "no room");
    assert_int_equal(g.jobs[1].status, LEDGER_NO_MEMORY);
    assert_string_equal(g.calls[1].problem.detail, "Out of memory");
    clear(&g);
}

/* What the runner filled in must not become part of what was asked. */
static void what_ran_twice_can_be_asked_again(void **state)
{
    const struct api_operation *const first[] = {&op_well, &op_trip, &op_well};
    const struct api_operation *const again[] = {&op_well, &op_well, &op_well};
    struct group g;

    (void)state;
    put(&g, first);
    run_group(&g);
    clear(&g);
    queue_free(queue);
    queue = queue_new(GROUP);
    put(&g, again);
    run_group(&g);
    assert_int_equal(g.jobs[0].status, LEDGER_OK);
    assert_true(g.calls[0].replayed);
    assert_false(g.calls[1].replayed);
    assert_true(g.calls[2].replayed);
    clear(&g);
}

static void a_broken_store_stops_all(void **state)
{
    const struct api_operation *const ops[] = {&op_well, &op_break, &op_well};
    struct group g;
    int64_t before = written();

    (void)state;
    put(&g, ops);
    run_group(&g);
    for (int i = 0; i < GROUP; i++)
        assert_int_equal(g.jobs[i].status, LEDGER_OUTCOME_UNKNOWN);
    assert_int_equal(rung, LEDGER_STORE_BROKEN);
    assert_int_equal(queue_push(queue, &g.jobs[0]), LEDGER_STOPPING);
    assert_int_equal(written(), before);
    clear(&g);
}

static void a_queue_is_bounded(void **state)
{
    const struct api_operation *const ops[] = {&op_well, &op_well, &op_well};
    struct group g;
    struct job *taken[GROUP];

    (void)state;
    put(&g, ops);
    assert_int_equal(queue_push(queue, &g.jobs[0]), LEDGER_QUEUE_FULL);
    assert_int_equal(queue_take(queue, taken, 1, 1), 1);
    assert_ptr_equal(taken[0], &g.jobs[0]);
    assert_int_equal(queue_push(queue, &g.jobs[0]), LEDGER_OK);
    queue_close(queue);
    assert_int_equal(queue_take(queue, taken, GROUP, 0), GROUP);
    assert_ptr_equal(taken[0], &g.jobs[1]);
    assert_ptr_equal(taken[2], &g.jobs[0]);
    assert_int_equal(queue_take(queue, taken, GROUP, 0), -1);
    clear(&g);
}

static _Atomic int64_t clock_error_us;

static int64_t wrong_now_us(void *arg)
{
    (void)arg;
    return api_env.now_us(api_env.arg) + clock_error_us;
}

static void run_operation(const char *name, json_t *args)
{
    struct api_call call;
    struct job job;

    api_call_init(&call, api_operation_named(name));
    json_object_update(call.args, args);
    json_decref(args);
    job_init(&job, &call, node.tokens[0]);
    assert_int_equal(queue_push(queue, &job), LEDGER_OK);
    job_wait(&job);
    assert_int_equal(job.status, LEDGER_OK);
    job_clear(&job);
    api_call_clear(&call);
}

/* Nobody has to try a write to learn that it would be refused. */
static void a_clock_behind_is_seen_at_once(void **state)
{
    const struct ledger_options options = {.write = true, .holder = "test"};
    const struct ledger_env env = {wrong_now_us, api_env.random, api_env.arg};
    const int64_t hour_us = 3600 * INT64_C(1000000);
    struct committer *c;

    (void)state;
    clock_error_us = 0;
    ledger_close(l);
    assert_int_equal(ledger_open(node.path, &options, &env, &l), LEDGER_OK);
    c = committer_start(
        &(struct committer_options){.l = l, .queue = queue, .auth = auth, .alarm = {ring, NULL}});
    run_operation("member.add", json_pack("{s:s, s:s}", "handle", "one", "name", "One"));
    assert_int_equal(committer_health(c), LEDGER_OK);
    clock_error_us = -hour_us;
    assert_int_equal(committer_health(c), LEDGER_CLOCK_BEHIND);
    assert_true(committer_is_alive(c));
    clock_error_us = 0;
    assert_int_equal(committer_health(c), LEDGER_OK);
    clock_error_us = -hour_us;
    run_operation("clock.accept", json_pack("{s:s}", "reason", "it was fast"));
    assert_int_equal(committer_health(c), LEDGER_OK);
    queue_close(queue);
    committer_join(c);
}

static void an_empty_queue_times_out(void **state)
{
    struct job *taken[GROUP];

    (void)state;
    assert_int_equal(queue_take(queue, taken, GROUP, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_in_one, begin, end),
        cmocka_unit_test_setup_teardown(one_caller_s_fault_is_not_another_s, begin, end),
        cmocka_unit_test_setup_teardown(what_ran_twice_can_be_asked_again, begin, end),
        cmocka_unit_test_setup_teardown(no_words_are_not_another_s, begin, end),
        cmocka_unit_test_setup_teardown(a_broken_store_stops_all, begin, end),
        cmocka_unit_test_setup_teardown(a_queue_is_bounded, begin, end),
        cmocka_unit_test_setup_teardown(a_clock_behind_is_seen_at_once, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_queue_times_out, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
