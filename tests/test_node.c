/* The whole node over real sockets: who may do what, and once and only once. */
#include "support/web.h"

#include "api/auth.h"
#include "api/http.h"
#include "api/operation.h"
#include "api/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define PAYERS 64
#define PAYMENTS 8

static struct web_node node;

static int start(void **state)
{
    (void)state;
    web_ledger(&node, 0);
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

/* One request on a connection of its own. */
static struct web_response ask(const struct web_request *q)
{
    struct web_response r = {0};
    int fd = web_connect(&node);

    assert_true(web_ask(fd, q, &r));
    close(fd);
    return r;
}

static void expect(const struct web_request *q, int status, const char *code)
{
    struct web_response r = ask(q);
    char got[64];

    assert_string_equal(web_code(&r, got), code);
    assert_int_equal(r.status, status);
    web_clear(&r);
}

static void payment(const char *from, const char *amount, char body[static 256])
{
    snprintf(body, 256,
             "{\"from\":\"%s\",\"payee\":\"mill\",\"amount\":\"%s\",\"currency\":\"CALD\"}", from,
             amount);
}

#define PAY "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"5.00\",\"currency\":\"CALD\"}"
#define UID "0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1a01"

static void open_pages(void **state)
{
    static const char *const pages[] = {"/", "/healthz", "/livez", "/api/v1/openapi.json"};

    (void)state;
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct web_response r = ask(&(struct web_request){"GET", pages[i], NULL, NULL, NULL});
        json_t *json;

        assert_int_equal(r.status, 200);
        assert_non_null(strstr(r.head, "Content-Type: application/json\r\n"));
        json = web_json(&r);
        assert_true(json_is_object(json));
        json_decref(json);
        web_clear(&r);
        expect(&(struct web_request){"POST", pages[i], NULL, NULL, NULL}, 405,
               "method_not_allowed");
    }
}

static int64_t in_an_hour_us(void *arg)
{
    return api_env.now_us(arg) + 3600 * INT64_C(1000000);
}

/* The ledger was last written an hour from now. */
static int start_behind(void **state)
{
    const struct ledger_options options = {.write = true, .wait_ms = 0, .holder = "test"};
    const struct ledger_env env = {in_an_hour_us, api_env.random, api_env.arg};
    struct api_call call;
    struct ledger *l;
    json_t *out;

    (void)state;
    web_ledger(&node, 0);
    assert_int_equal(ledger_open(node.path, &options, &env, &l), LEDGER_OK);
    api_call_init(&call, api_operation_named("member.add"));
    json_object_set_new(call.args, "handle", json_string("late"));
    json_object_set_new(call.args, "name", json_string("Late"));
    api_call_as_local(&call, "test");
    assert_int_equal(api_run(l, &call, &out), LEDGER_OK);
    json_decref(out);
    api_call_clear(&call);
    ledger_close(l);
    web_start(&node, 0);
    return 0;
}

/* Alive, and well only in part: who watches learns that before anybody's write is refused. */
static void a_clock_behind_shows_in_the_health(void **state)
{
    struct web_response r;
    json_t *json;
    int status;
    int tries = 0;

    (void)state;
    do { /* the first chores look at the clock */
        r = ask(&(struct web_request){"GET", "/healthz", NULL, NULL, NULL});
        json = web_json(&r);
        status = r.status;
        web_clear(&r);
    } while (status == 200 && ++tries < 500 && (json_decref(json), usleep(10000) == 0));
    assert_int_equal(status, 503);
    assert_string_equal(json_string_value(json_object_get(json, "status")), "clock_behind");
    assert_string_equal(json_string_value(json_object_get(json, "writes")), "refused");
    json_decref(json);
    expect(&(struct web_request){"GET", "/livez", NULL, NULL, NULL}, 200, "");
    expect(&(struct web_request){"GET", "/api/v1/node", node.tokens[STEWARD], NULL, NULL}, 200, "");
    expect(&(struct web_request){"POST", "/api/v1/payments", node.tokens[STEWARD], NULL, PAY}, 503,
           "clock_behind");
    expect(&(struct web_request){"POST", "/api/v1/clock/acceptances", node.tokens[STEWARD], NULL,
                                 "{\"reason\":\"it was fast\"}"},
           200, "");
    r = ask(&(struct web_request){"GET", "/healthz", NULL, NULL, NULL});
    assert_int_equal(r.status, 200);
    assert_non_null(strstr(r.head, "\r\nDate: "));
    web_clear(&r);
}

static void wrong_tokens(void **state)
{
    static const char *const tokens[] = {NULL,
                                         "",
                                         "x",
                                         "clt_x",
                                         "clt_0000000000000000000000000000000000000000000",
                                         "clt_000000000000000000000000000000000000000000!"};

    (void)state;
    for (size_t i = 0; i < COUNT(tokens); i++) {
        expect(&(struct web_request){"GET", "/api/v1/members", tokens[i], NULL, NULL}, 401,
               "not_signed_in");
        expect(&(struct web_request){"POST", "/api/v1/payments", tokens[i], NULL, PAY}, 401,
               "not_signed_in");
    }
    struct web_response r = ask(&(struct web_request){"GET", "/api/v1/node", NULL, NULL, NULL});
    assert_non_null(strstr(r.head, "WWW-Authenticate: Bearer\r\n"));
    web_clear(&r);
}

static void a_revoked_token_is_done(void **state)
{
    struct web_response r = ask(&(struct web_request){
        "POST", "/api/v1/tokens", node.tokens[STEWARD], NULL, "{\"role\":\"auditor\"}"});
    json_t *made = web_json(&r);
    const char *secret = json_string_value(json_object_get(made, "secret"));
    char path[64];

    (void)state;
    assert_int_equal(r.status, 200);
    expect(&(struct web_request){"GET", "/api/v1/members", secret, NULL, NULL}, 200, "");
    snprintf(path, sizeof path, "/api/v1/tokens/%d/revocation",
             (int)json_integer_value(json_object_get(made, "token")));
    expect(&(struct web_request){"POST", path, node.tokens[STEWARD], NULL, "{}"}, 200, "");
    expect(&(struct web_request){"GET", "/api/v1/members", secret, NULL, NULL}, 401,
           "not_signed_in");
    json_decref(made);
    web_clear(&r);
}

static void a_member_speaks_for_itself(void **state)
{
    char body[256];

    (void)state;
    payment("mill", "1.00", body);
    expect(&(struct web_request){"POST", "/api/v1/payments", node.tokens[TRADER], NULL, body}, 403,
           "not_allowed");
}

static void once_and_only_once(void **state)
{
    const struct web_request q = {"POST", "/api/v1/payments", node.tokens[TRADER], UID, PAY};
    struct web_response first = ask(&q);
    struct web_response second = ask(&q);

    (void)state;
    assert_int_equal(first.status, 200);
    assert_null(strstr(first.head, "Idempotent-Replay"));
    assert_int_equal(second.status, 200);
    assert_non_null(strstr(second.head, "Idempotent-Replay: true\r\n"));
    assert_string_equal(first.body, second.body);
    web_clear(&first);
    web_clear(&second);
    expect(&(struct web_request){"POST", "/api/v1/payments", node.tokens[TRADER], UID,
                                 "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"6.00\","
                                 "\"currency\":\"CALD\"}"},
           422, "uid_taken");
    expect(&(struct web_request){"POST", "/api/v1/payments", node.tokens[TRADER], "1", PAY}, 400,
           "uid_malformed");
}

/* Rule 8: what a refusal or a dry run tells is bounded; a new minute is not waited for here. */
static void guesses_are_throttled(void **state)
{
    char body[256];
    struct web_response r = {0};
    int fd = web_connect(&node);
    int refused = 0;

    (void)state;
    payment("riverside", "999999.00", body);
    for (int i = 0; i <= AUTH_ATTEMPTS_MAX; i++) {
        assert_true(web_ask(
            fd,
            &(struct web_request){"POST",
                                  i % 2 ? "/api/v1/payments" : "/api/v1/payments?dry_run=true",
                                  node.tokens[MANAGER], NULL, body},
            &r));
        refused += r.status == 429;
    }
    assert_int_equal(r.status, 429);
    assert_true(refused <= 2 + AUTH_ATTEMPTS_MAX); /* the matrix used some up */
    assert_non_null(strstr(r.head, "Retry-After: "));
    web_clear(&r);
    close(fd);
    expect(&(struct web_request){"POST", "/api/v1/payments", node.tokens[TRADER], NULL, PAY}, 200,
           "");
}

struct load {
    atomic_int accepted;
    atomic_int busy;
    atomic_int unanswered;
    int payments; /* each; 0: until the connection ends */
};

/* Each pays alone over a connection of its own. */
static void *pay_on(void *arg)
{
    struct load *load = arg;
    struct web_response r = {0};
    int fd = web_connect(&node);

    for (int i = 0; load->payments == 0 || i < load->payments; i++) {
        if (!web_ask(fd,
                     &(struct web_request){"POST", "/api/v1/payments", node.tokens[TREASURER], NULL,
                                           "{\"from\":\"riverside\",\"payee\":\"mill\","
                                           "\"amount\":\"0.01\",\"currency\":\"CALD\"}"},
                     &r)) {
            atomic_fetch_add(&load->unanswered, 1);
            break;
        }
        if (r.status == 200)
            atomic_fetch_add(&load->accepted, 1);
        else if (r.status == 503 && strstr(r.head, "Retry-After: "))
            atomic_fetch_add(&load->busy, 1);
        if (strstr(r.head, "Connection: close"))
            break;
    }
    web_clear(&r);
    close(fd);
    return NULL;
}

static void begin_load(struct load *load, pthread_t threads[PAYERS])
{
    for (int i = 0; i < PAYERS; i++)
        pthread_create(&threads[i], NULL, pay_on, load);
}

static void end_load(pthread_t threads[PAYERS])
{
    for (int i = 0; i < PAYERS; i++)
        pthread_join(threads[i], NULL);
}

static json_t *get(const char *path)
{
    struct web_response r =
        ask(&(struct web_request){"GET", path, node.tokens[TREASURER], NULL, NULL});
    json_t *json = web_json(&r);

    if (r.status != 200)
        print_error("%s: %s", path, r.body);
    assert_int_equal(r.status, 200);
    web_clear(&r);
    return json;
}

static int transfers(void)
{
    json_t *json = get("/api/v1/node");
    int n = (int)json_integer_value(json_object_get(json, "transfers"));

    json_decref(json);
    return n;
}

static void sixty_four_at_once(void **state)
{
    struct load load = {.payments = PAYMENTS};
    pthread_t threads[PAYERS];
    int before = transfers();
    json_t *verified;

    (void)state;
    begin_load(&load, threads);
    end_load(threads);
    assert_int_equal(load.unanswered, 0);
    assert_int_equal(load.accepted + load.busy, PAYERS * PAYMENTS);
    assert_int_equal(transfers() - before, load.accepted);
    verified = get("/api/v1/verification");
    assert_true(json_is_true(json_object_get(verified, "sound")));
    json_decref(verified);
}

static void a_full_queue_says_so(void **state)
{
    struct load load = {.payments = PAYMENTS};
    pthread_t threads[PAYERS];
    int before;

    (void)state;
    web_stop(&node);
    web_start(&node, 1);
    before = transfers();
    begin_load(&load, threads);
    end_load(threads);
    assert_true(load.busy > 0);
    assert_int_equal(load.unanswered, 0);
    assert_int_equal(transfers() - before, load.accepted);
    web_stop(&node);
    web_start(&node, 0);
}

/* Every payment that was answered is there, and there is none that was not. */
static void stopping_answers_what_was_accepted(void **state)
{
    struct load load = {.payments = 0};
    pthread_t threads[PAYERS];
    int before = transfers();

    (void)state;
    begin_load(&load, threads);
    usleep(200000);
    web_stop(&node);
    end_load(threads);
    assert_int_equal(node.outcome, LEDGER_OK);
    assert_true(load.accepted > 0);
    web_start(&node, 0);
    assert_int_equal(transfers() - before, load.accepted);
}

static void say_port(void *ctx, const char *url)
{
    const char *port = strrchr(url, ':') + 1;

    if (write(*(int *)ctx, port, strlen(port)) < 0)
        _exit(9);
}

static void signalled_child(const struct web_node *child, int ready_fd)
{
    char message[LEDGER_MESSAGE_MAX];
    const struct server_options options = {.ledger_path = child->path,
                                           .listen = "127.0.0.1:0",
                                           .holder = "child",
                                           .stop_fd = -1,
                                           .ready = say_port,
                                           .ctx = &ready_fd};

    _exit(server_run(&options, message, sizeof message) == LEDGER_OK ? 0 : 1);
}

/* Runs before any thread exists in this process: it forks. */
static void signals_stop_it(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT};
    struct web_node child;
    int fds[2], status;
    char port[16] = "";

    (void)state;
    web_ledger(&child, 0);
    for (size_t i = 0; i < COUNT(signals); i++) {
        assert_int_equal(pipe(fds), 0);
        pid_t pid = fork();
        if (pid == 0)
            signalled_child(&child, fds[1]);
        assert_true(read(fds[0], port, sizeof port - 1) > 0);
        assert_true(atoi(port) > 0);
        kill(pid, signals[i]);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        close(fds[0]);
        close(fds[1]);
    }
    web_remove(&child);
}

static void bad_options(void **state)
{
    static const struct {
        const char *listen;
        int queue;
        int readers;
    } rows[] = {{"nowhere", 0, 0}, {"127.0.0.1:80s", 0, 0}, {"8600", 0, 0}, {"127.0.0.1:1,2", 0, 0},
                {NULL, -1, 0},     {NULL, 5000, 0},         {NULL, 0, 17}};
    char message[LEDGER_MESSAGE_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct server_options options = {.ledger_path = "/nowhere",
                                               .listen = rows[i].listen,
                                               .queue = rows[i].queue,
                                               .readers = rows[i].readers,
                                               .stop_fd = -1};

        message[0] = '\0';
        assert_int_equal(server_run(&options, message, sizeof message), LEDGER_USAGE);
        assert_true(message[0] != '\0');
    }
}

static void no_ledger_no_node(void **state)
{
    const struct server_options options = {
        .ledger_path = "/nowhere/at/all.db", .listen = "127.0.0.1:0", .stop_fd = -1};
    char message[LEDGER_MESSAGE_MAX] = "";

    (void)state;
    assert_int_equal(server_run(&options, message, sizeof message), LEDGER_NO_SUCH_FILE);
    assert_true(message[0] != '\0');
}

static void a_port_that_is_taken(void **state)
{
    struct web_node other;
    char listen[32], message[LEDGER_MESSAGE_MAX] = "";
    struct server_options options = {.listen = listen, .stop_fd = -1};

    (void)state;
    web_ledger(&other, 0);
    snprintf(listen, sizeof listen, "127.0.0.1:%d", node.port);
    options.ledger_path = other.path;
    assert_int_equal(server_run(&options, message, sizeof message), LEDGER_UNREACHABLE);
    assert_non_null(strstr(message, listen));
    web_remove(&other);
}

int main(void)
{
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(signals_stop_it),
        cmocka_unit_test(bad_options),
        cmocka_unit_test(no_ledger_no_node),
        cmocka_unit_test_setup_teardown(a_clock_behind_shows_in_the_health, start_behind, stop),
    };
    const struct CMUnitTest served[] = {
        cmocka_unit_test(open_pages),
        cmocka_unit_test(wrong_tokens),
        cmocka_unit_test(a_revoked_token_is_done),
        cmocka_unit_test(a_member_speaks_for_itself),
        cmocka_unit_test(once_and_only_once),
        cmocka_unit_test(sixty_four_at_once),
        cmocka_unit_test(guesses_are_throttled),
        cmocka_unit_test(a_port_that_is_taken),
        cmocka_unit_test(a_full_queue_says_so),
        cmocka_unit_test(stopping_answers_what_was_accepted),
    };
    int failed = cmocka_run_group_tests(alone, NULL, NULL);

    return failed + cmocka_run_group_tests(served, start, stop);
}
