/* The log of a node: every line whole JSON, nothing in it that is private, and each event once. */
#include "support/web.h"

#include "api/committer.h"
#include "api/http.h"
#include "api/log.h"
#include "api/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define LINES_MAX 512
#define MARK "Zwiebelfisch"
#define HOUR_US INT64_C(3600000000)

static struct web_node node;
static char log_path[160];
static struct log *node_log;
static json_t *lines[LINES_MAX];
static size_t line_count;
static char *text;

static void open_log(bool only_refused)
{
    char message[LEDGER_MESSAGE_MAX];

    snprintf(log_path, sizeof log_path, "%s/log", node.dir);
    assert_int_equal(log_open(log_path, only_refused, &node_log, message, sizeof message),
                     LEDGER_OK);
    node.log = node_log;
}

static int begin(void **state)
{
    (void)state;
    web_ledger(&node, 0);
    open_log(false);
    return 0;
}

static void forget_lines(void)
{
    for (size_t i = 0; i < line_count; i++)
        json_decref(lines[i]);
    line_count = 0;
    free(text);
    text = NULL;
}

static int end(void **state)
{
    (void)state;
    forget_lines();
    log_close(node_log);
    unlink(log_path);
    web_remove(&node);
    return 0;
}

/* Read the log anew: every line must be one JSON object with a time, a level, an event and a message. */
static void read_log(void)
{
    struct stat facts;
    int fd = open(log_path, O_RDONLY);

    forget_lines();
    assert_true(fd >= 0 && fstat(fd, &facts) == 0);
    text = calloc(1, (size_t)facts.st_size + 1);
    assert_true(read(fd, text, (size_t)facts.st_size) == facts.st_size);
    close(fd);
    for (const char *at = text; *at; at += strcspn(at, "\n") + 1) {
        size_t size = strcspn(at, "\n");
        json_t *line = json_loadb(at, size, JSON_REJECT_DUPLICATES, NULL);
        static const char *const keys[] = {"time", "level", "event", "code", "message"};

        if (!line)
            fail_msg("no JSON: %.*s", (int)size, at);
        assert_true(at[size] == '\n' && size < LOG_LINE_MAX && line_count < LINES_MAX);
        for (size_t i = 0; i < COUNT(keys); i++)
            assert_non_null(json_string_value(json_object_get(line, keys[i])));
        lines[line_count++] = line;
    }
}

static const char *field(const json_t *line, const char *key)
{
    const char *value = json_string_value(json_object_get(line, key));

    return value ? value : "";
}

/* The n-th line, from 0, in which `key` is `value`; NULL when there are not so many. */
static const json_t *line_where(const char *key, const char *value, int n)
{
    for (size_t i = 0; i < line_count; i++)
        if (strcmp(field(lines[i], key), value) == 0 && n-- == 0)
            return lines[i];
    return NULL;
}

static int count_where(const char *key, const char *value)
{
    int n = 0;

    while (line_where(key, value, n))
        n++;
    return n;
}

/* A request with any headers; the answer's X-Request-Id goes to `id`. */
static int ask(const char *method, const char *path, const char *headers, const char *body,
               char id[static HTTP_REQUEST_ID_MAX + 1])
{
    char bytes[2048];
    struct web_response r = {0};
    int fd = web_connect(&node);
    int n = snprintf(bytes, sizeof bytes,
                     "%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     "Content-Length: %zu\r\n%s\r\n%s",
                     method, path, strlen(body), headers, body);
    const char *at;
    int status;

    assert_true(web_send(fd, bytes, (size_t)n) && web_receive(fd, &r));
    at = strstr(r.head, "\r\n" HTTP_REQUEST_ID ": ");
    assert_non_null(at);
    at += strlen("\r\n" HTTP_REQUEST_ID ": ");
    snprintf(id, HTTP_REQUEST_ID_MAX + 1, "%.*s", (int)strcspn(at, "\r"), at);
    status = r.status;
    web_clear(&r);
    close(fd);
    return status;
}

static int ask_as(int role, const char *method, const char *path, const char *body)
{
    char id[HTTP_REQUEST_ID_MAX + 1];
    char headers[128];

    snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", node.tokens[role]);
    return ask(method, path, headers, body, id);
}

/* A story full of what must not be told. */
static void nothing_private(void **state)
{
    static const struct {
        int role;
        const char *method;
        const char *path;
        const char *body;
        int status;
    } deeds[] = {
        {STEWARD, "POST", "/api/v1/members",
         "{\"handle\":\"zwiebelfisch\",\"name\":\"" MARK "\",\"kind\":\"coop\"}", 200},
        {STEWARD, "POST", "/api/v1/payments",
         "{\"from\":\"riverside\",\"payee\":\"zwiebelfisch\",\"amount\":\"271.82\",\"currency\":"
         "\"CALD\",\"memo\":\"" MARK "\",\"reference\":\"" MARK "\"}",
         200},
        {STEWARD, "POST", "/api/v1/payments",
         "{\"from\":\"riverside\",\"payee\":\"zwiebelfisch\",\"amount\":\"99271.82\",\"currency\":"
         "\"CALD\",\"memo\":\"" MARK "\"}",
         409},
        {STEWARD, "GET", "/api/v1/members/zwiebelfisch", "", 200},
        {STEWARD, "GET", "/api/v1/members?q=" MARK, "", 400},
        {STEWARD, "GET", "/api/v1/" MARK, "", 404},
        {STEWARD, "GET", "/" MARK "?" MARK, "", 404},
        {STEWARD, "GET", "/api/v1/tokens", "", 200},
        {STEWARD, "POST", "/api/v1/tokens", "{\"role\":\"auditor\",\"label\":\"" MARK "\"}", 200},
        {VIEWER, "POST", "/api/v1/payments", "{\"memo\":\"" MARK "\"}", 403},
        {STEWARD, "POST", "/api/v1/payments", "{\"" MARK "\":\"" MARK "\"}", 400},
    };
    char id[HTTP_REQUEST_ID_MAX + 1];

    (void)state;
    web_start(&node, 0);
    for (size_t i = 0; i < COUNT(deeds); i++)
        assert_int_equal(ask_as(deeds[i].role, deeds[i].method, deeds[i].path, deeds[i].body),
                         deeds[i].status);
    ask("GET", "/api/v1/members", "Authorization: Bearer " MARK "\r\n", "", id);
    ask("GET", "/api/v1/members?token=clt_" MARK, "X-Request-Id: " MARK "/\r\n", "", id);
    web_stop(&node);
    read_log();
    assert_int_equal(count_where("event", "request"), COUNT(deeds) + 2);
    assert_null(strcasestr(text, MARK));
    assert_null(strstr(text, "271.82"));
    assert_null(strstr(text, "riverside"));
    assert_null(strstr(text, "clt_"));
    for (int i = 0; i < WEB_ROLES; i++)
        assert_null(strstr(text, node.tokens[i]));
}

static void what_a_request_says(void **state)
{
    char id[HTTP_REQUEST_ID_MAX + 1];
    const json_t *line;

    (void)state;
    web_start(&node, 0);
    assert_int_equal(ask_as(TREASURER, "GET", "/api/v1/members/mill", ""), 200);
    assert_int_equal(ask("GET", "/healthz", "", "", id), 200);
    assert_int_equal(ask("GET", "/api/v1/members", "", "", id), 401);
    web_stop(&node);
    read_log();
    line = line_where("route", "/api/v1/members/{member}", 0);
    assert_non_null(line);
    assert_string_equal(field(line, "event"), "request");
    assert_string_equal(field(line, "level"), "info");
    assert_string_equal(field(line, "method"), "GET");
    assert_string_equal(field(line, "operation"), "member.show");
    assert_string_equal(field(line, "code"), "ok");
    assert_string_equal(field(line, "actor"), "token:2");
    assert_int_equal(json_integer_value(json_object_get(line, "status")), 200);
    assert_true(json_integer_value(json_object_get(line, "bytes")) > 200);
    assert_true(json_real_value(json_object_get(line, "duration_ms")) > 0);
    assert_true(strlen(field(line, "time")) == strlen("2026-01-01T00:00:00.000000Z"));
    line = line_where("route", "/healthz", 0);
    assert_non_null(line);
    assert_string_equal(field(line, "actor"), "");
    line = line_where("code", "not_signed_in", 0);
    assert_string_equal(field(line, "level"), "warning");
    assert_string_equal(field(line, "request_id"), id);
    assert_string_equal(field(lines[0], "event"), "start");
    assert_non_null(
        line_where("event", "stopping", 0)); /* a request that was answered may be noted after it */
    assert_string_equal(field(lines[line_count - 1], "event"), "stop");
}

#define SIXTY_FOUR "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789._-xyz"

static void request_ids(void **state)
{
    static const struct {
        const char *headers;
        const char *id; /* NULL: one of the node's own */
    } rows[] = {
        {"", NULL},
        {"X-Request-Id: a\r\n", "a"},
        {"x-request-id: A.b_c-9\r\n", "A.b_c-9"},
        {"X-Request-Id: " SIXTY_FOUR "\r\n", SIXTY_FOUR},
        {"X-Request-Id: " SIXTY_FOUR "1\r\n", NULL},
        {"X-Request-Id: \r\n", NULL},
        {"X-Request-Id: a b\r\n", NULL},
        {"X-Request-Id: a\"\r\n", NULL},
        {"X-Request-Id: \303\244\r\n", NULL},
        {"X-Request-Id: a\r\nX-Request-Id: a\r\n", NULL},
    };
    char id[HTTP_REQUEST_ID_MAX + 1], last[HTTP_REQUEST_ID_MAX + 1] = "";

    (void)state;
    web_start(&node, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s", rows[i].headers);
        ask("GET", "/healthz", rows[i].headers, "", id);
        if (rows[i].id) {
            assert_string_equal(id, rows[i].id);
            continue;
        }
        assert_int_equal(strspn(id, "0123456789abcdef"), 12);
        assert_string_not_equal(id, last);
        snprintf(last, sizeof last, "%s", id);
    }
    /* What civetweb itself refuses has an id too. */
    assert_int_equal(ask("FETCH", "/", "X-Request-Id: a\r\n", "", id), 400);
    assert_string_not_equal(id, "");
    web_stop(&node);
    read_log();
    assert_non_null(line_where("request_id", id, 0));
    assert_non_null(line_where("request_id", last, 0));
    assert_int_equal(count_where("request_id", SIXTY_FOUR), 1);
}

/* The body of a failure of the node's own names the id; a refusal's does not. */
static void ids_in_problems(void **state)
{
    static const struct {
        enum ledger_status status;
        bool named;
    } rows[] = {{LEDGER_OVER_LIMIT, false},
                {LEDGER_NOT_SIGNED_IN, false},
                {LEDGER_QUEUE_FULL, true},
                {LEDGER_OUTCOME_UNKNOWN, true},
                {LEDGER_GUARD, true}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct http_response response = {.request_id = "abc"};
        struct api_call call;
        const char *id;

        api_call_init(&call, NULL);
        http_answer(&call, rows[i].status, NULL, &response);
        id = json_string_value(json_object_get(response.json, "request_id"));
        assert_true((id && strcmp(id, "abc") == 0) == rows[i].named);
        json_decref(response.json);
        api_call_clear(&call);
    }
}

static void only_what_was_refused(void **state)
{
    (void)state;
    log_close(node_log);
    open_log(true);
    web_start(&node, 0);
    ask_as(STEWARD, "GET", "/api/v1/members", "");
    ask_as(STEWARD, "GET", "/api/v1/members/nobody", "");
    web_stop(&node);
    read_log();
    assert_int_equal(count_where("event", "request"), 1);
    assert_non_null(line_where("code", "no_such_member", 0));
    assert_non_null(line_where("event", "start", 0));
    assert_non_null(line_where("event", "stop", 0));
}

/* Whatever stands in a message, a line stays one line of JSON. */
static void any_words(void **state)
{
    static const char *const words[] = {"plain",
                                        "\"quoted\" \\ back",
                                        "two\nlines\r\n\t\001\177",
                                        "\303\244\342\202\254",
                                        "\377\376 torn \303",
                                        "\342\200\256 override"};
    char much[LEDGER_MESSAGE_MAX * 2];

    (void)state;
    for (size_t i = 0; i < COUNT(words); i++)
        log_event(node_log, LOG_LEVEL_INFO, "words", LEDGER_OK, "%s", words[i]);
    memset(much, '\002', sizeof much - 1);
    much[sizeof much - 1] = '\0';
    log_event(node_log, LOG_LEVEL_INFO, "much", LEDGER_OK, "%s", much);
    read_log();
    assert_int_equal(line_count, COUNT(words) + 1);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(field(lines[i], "message"), words[i]);
    assert_string_equal(field(lines[4], "message"), "?? torn ?");
    assert_true(strlen(field(line_where("event", "much", 0), "message")) > 400);
}

static void a_new_file(void **state)
{
    char old[sizeof log_path + 4];
    struct stat facts;

    (void)state;
    snprintf(old, sizeof old, "%s.1", log_path);
    log_event(node_log, LOG_LEVEL_INFO, "before", LEDGER_OK, "one");
    assert_int_equal(rename(log_path, old), 0);
    log_event(node_log, LOG_LEVEL_INFO, "between", LEDGER_OK, "two");
    log_reopen(node_log);
    log_event(node_log, LOG_LEVEL_INFO, "after", LEDGER_OK, "three");
    read_log();
    assert_int_equal(line_count, 2);
    assert_non_null(line_where("event", "log_reopened", 0));
    assert_non_null(line_where("event", "after", 0));
    assert_int_equal(stat(log_path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    unlink(log_path);
    assert_int_equal(rename(old, log_path), 0);
    read_log();
    assert_int_equal(line_count, 2);
    assert_non_null(line_where("event", "between", 0));
}

static void what_cannot_be_written(void **state)
{
    struct log *log;
    char message[LEDGER_MESSAGE_MAX];

    (void)state;
    assert_int_equal(log_open("/nowhere/log", false, &log, message, sizeof message),
                     LEDGER_READ_ONLY);
    assert_null(log);
    assert_non_null(strstr(message, "/nowhere/log"));
    assert_int_equal(log_open("/dev/full", false, &log, message, sizeof message), LEDGER_OK);
    for (int i = 0; i < 3; i++)
        log_event(log, LOG_LEVEL_INFO, "lost", LEDGER_OK, "x");
    assert_int_equal(log_lost(log), 3);
    log_close(log);
    log_event(NULL, LOG_LEVEL_INFO, "nowhere", LEDGER_OK, "x");
    log_request(NULL, &(struct log_request){.id = ""});
    assert_int_equal(log_lost(NULL), 0);
}

static _Atomic int64_t shift_us;

static int64_t shifted_now_us(void *arg)
{
    return api_env.now_us(arg) + shift_us;
}

static void shifted_random(void *arg, void *buf, size_t size)
{
    api_env.random(arg, buf, size);
}

static enum ledger_status break_store(struct ledger *l, struct api_call *call, json_t **out)
{
    (void)call;
    (void)out;
    return ledger_refuse(l, LEDGER_STORE_BROKEN, "the disk is gone");
}

static enum ledger_status trip(struct ledger *l, struct api_call *call, json_t **out)
{
    (void)call;
    (void)out;
    return ledger_refuse(l, LEDGER_GUARD, "the file refused it");
}

static void ring(void *ctx, enum ledger_status s, const char *message)
{
    (void)ctx;
    (void)s;
    (void)message;
}

static struct ledger *committed_l;
static struct queue *queue;

/* One write by the committer; `op` NULL is a payment. */
static enum ledger_status write_one(const struct api_operation *op)
{
    struct api_call call;
    struct job job;
    enum ledger_status st;

    api_call_init(&call, op ? op : api_operation_named("transfer.pay"));
    if (!op) {
        json_decref(call.args);
        call.args = json_pack("{s:s, s:s, s:s, s:s}", "from", "riverside", "payee", "mill",
                              "amount", "1.00", "currency", "CALD");
    }
    job_init(&job, &call, node.tokens[TREASURER]);
    st = queue_push(queue, &job);
    if (st == LEDGER_OK) {
        job_wait(&job);
        st = job.status;
    }
    job_clear(&job);
    api_call_clear(&call);
    return st;
}

/* Troubles of the node itself are told when they begin and when they are over, not at every write. */
static void troubles_are_told_once(void **state)
{
    static const struct api_operation breaks = {.name = "test.break",
                                                .words = "break",
                                                .access = API_EVERYBODY,
                                                .mode = API_WRITE,
                                                .handle = break_store};
    static const struct api_operation trips = {.name = "test.trip",
                                               .words = "trip",
                                               .access = API_EVERYBODY,
                                               .mode = API_WRITE,
                                               .handle = trip};
    const struct ledger_options writing = {.write = true, .wait_ms = 0, .holder = "test"};
    const struct ledger_env env = {shifted_now_us, shifted_random, NULL};
    struct auth *auth = auth_new();
    struct committer *c;

    (void)state;
    queue = queue_new(8);
    assert_int_equal(ledger_open(node.path, &writing, &env, &committed_l), LEDGER_OK);
    c = committer_start(&(struct committer_options){
        .l = committed_l, .queue = queue, .auth = auth, .alarm = {ring, NULL}, .log = node_log});
    shift_us = HOUR_US;
    assert_int_equal(write_one(NULL), LEDGER_OK);
    shift_us = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(write_one(NULL), LEDGER_CLOCK_BEHIND);
    shift_us = HOUR_US;
    assert_int_equal(write_one(NULL), LEDGER_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(write_one(&trips), LEDGER_GUARD);
    assert_int_equal(write_one(NULL), LEDGER_OK);
    assert_int_equal(write_one(&breaks), LEDGER_OUTCOME_UNKNOWN);
    assert_int_equal(write_one(NULL), LEDGER_STOPPING);
    queue_close(queue);
    committer_join(c);
    ledger_close(committed_l);
    queue_free(queue);
    auth_free(auth);
    read_log();
    assert_int_equal(count_where("event", "clock_behind"), 1);
    assert_int_equal(count_where("event", "clock_right"), 1);
    assert_int_equal(count_where("event", "write_failed"), 2);
    assert_int_equal(count_where("event", "writes_resumed"), 1);
    assert_string_equal(field(line_where("event", "write_failed", 0), "code"), "guard");
    assert_string_equal(field(line_where("event", "write_failed", 1), "code"), "store_broken");
    assert_string_equal(field(line_where("event", "write_failed", 1), "message"),
                        "the disk is gone.");
    assert_string_equal(field(line_where("event", "write_failed", 1), "level"), "error");
    assert_int_equal(line_count, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_private, begin, end),
        cmocka_unit_test_setup_teardown(what_a_request_says, begin, end),
        cmocka_unit_test_setup_teardown(request_ids, begin, end),
        cmocka_unit_test_setup_teardown(ids_in_problems, begin, end),
        cmocka_unit_test_setup_teardown(only_what_was_refused, begin, end),
        cmocka_unit_test_setup_teardown(any_words, begin, end),
        cmocka_unit_test_setup_teardown(a_new_file, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_written, begin, end),
        cmocka_unit_test_setup_teardown(troubles_are_told_once, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
