/* A request's words, an answer's bytes; no sockets. */
#include "api/args.h"
#include "api/http.h"
#include "api/openapi.h"
#include "api/reference.h"
#include "api/run.h"
#include "api/shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define HEADERS 80
#define UID "0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1a01"

/* "Name: value" lines, separated by \n, into headers. */
static int split_headers(char *text, struct http_header *headers)
{
    int n = 0;

    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char *colon = strchr(line, ':');

        assert_non_null(colon);
        *colon = '\0';
        headers[n++] = (struct http_header){line, colon + 1 + strspn(colon + 1, " ")};
    }
    return n;
}

static enum ledger_status check(const char *lines, size_t *length)
{
    char text[4096];
    struct http_header headers[HEADERS];
    struct http_request r = {.method = "POST", .path = "/", .headers = headers};
    struct api_call call;
    enum ledger_status st;

    snprintf(text, sizeof text, "%s", lines);
    r.header_count = split_headers(text, headers);
    api_call_init(&call, NULL);
    st = http_check(&r, &call, length);
    assert_int_equal(call.problem.status, st);
    api_call_clear(&call);
    return st;
}

static void framing(void **state)
{
    static const struct {
        const char *what;
        const char *headers;
        enum ledger_status outcome;
        size_t length;
    } rows[] = {
        {"no body", "Host: x", LEDGER_OK, 0},
        {"a length", "Host: x\nContent-Length: 12", LEDGER_OK, 12},
        {"zero", "host: x\ncontent-length: 0", LEDGER_OK, 0},
        {"two lengths", "Host: x\nContent-Length: 5\nContent-Length: 5", LEDGER_MALFORMED_REQUEST,
         0},
        {"a list", "Host: x\nContent-Length: 5, 5", LEDGER_MALFORMED_REQUEST, 0},
        {"letters", "Host: x\nContent-Length: 5abc", LEDGER_MALFORMED_REQUEST, 0},
        {"a sign", "Host: x\nContent-Length: +5", LEDGER_MALFORMED_REQUEST, 0},
        {"below zero", "Host: x\nContent-Length: -5", LEDGER_MALFORMED_REQUEST, 0},
        {"nothing", "Host: x\nContent-Length: ", LEDGER_MALFORMED_REQUEST, 0},
        {"hexadecimal", "Host: x\nContent-Length: 0x10", LEDGER_MALFORMED_REQUEST, 0},
        {"15 digits", "Host: x\nContent-Length: 999999999999999", LEDGER_OK, 999999999999999},
        {"16 digits", "Host: x\nContent-Length: 9999999999999999", LEDGER_MALFORMED_REQUEST, 0},
        {"chunks", "Host: x\nTransfer-Encoding: chunked", LEDGER_MALFORMED_REQUEST, 0},
        {"identity", "Host: x\nTransfer-Encoding: identity", LEDGER_MALFORMED_REQUEST, 0},
        {"both", "Host: x\nContent-Length: 4\nTransfer-Encoding: chunked", LEDGER_MALFORMED_REQUEST,
         0},
        {"no host", "Content-Length: 4", LEDGER_MALFORMED_REQUEST, 0},
        {"two hosts", "Host: x\nHost: y", LEDGER_MALFORMED_REQUEST, 0},
        {"two tokens", "Host: x\nAuthorization: a\nauthorization: b", LEDGER_MALFORMED_REQUEST, 0},
        {"two keys", "Host: x\nIdempotency-Key: a\nIdempotency-Key: a", LEDGER_MALFORMED_REQUEST,
         0},
        {"two types", "Host: x\nContent-Type: a\nContent-Type: a", LEDGER_MALFORMED_REQUEST, 0},
    };
    size_t length;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].what);
        assert_int_equal(check(rows[i].headers, &length), rows[i].outcome);
        if (rows[i].outcome == LEDGER_OK)
            assert_int_equal(length, rows[i].length);
    }
}

static void headers_are_counted(void **state)
{
    static const struct {
        int count;
        enum ledger_status outcome;
    } rows[] = {{HTTP_HEADERS_MAX, LEDGER_OK}, {HTTP_HEADERS_MAX + 1, LEDGER_MALFORMED_REQUEST}};
    char text[4096];
    size_t length;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        strcpy(text, "Host: x");
        for (int n = 1; n < rows[i].count; n++)
            sprintf(text + strlen(text), "\nX-%d: y", n);
        assert_int_equal(check(text, &length), rows[i].outcome);
    }
}

static enum ledger_status route(const char *method, const char *path, struct api_call *call,
                                struct http_response *response)
{
    const struct http_request r = {.method = method, .path = path};

    api_call_init(call, NULL);
    *response = (struct http_response){0};
    return http_route(&r, call, response);
}

static void addresses(void **state)
{
    static const struct {
        const char *what;
        const char *method;
        const char *path;
        enum ledger_status outcome;
    } rows[] = {
        {"a list", "GET", "/api/v1/members", LEDGER_OK},
        {"one of it", "GET", "/api/v1/members/riverside", LEDGER_OK},
        {"unknown", "GET", "/api/v1/nothing", LEDGER_NO_SUCH_OPERATION},
        {"the root", "GET", "/api/v1", LEDGER_NO_SUCH_OPERATION},
        {"the root with a slash", "GET", "/api/v1/", LEDGER_NO_SUCH_OPERATION},
        {"outside", "GET", "/members", LEDGER_NO_SUCH_OPERATION},
        {"another version", "GET", "/api/v2/members", LEDGER_NO_SUCH_OPERATION},
        {"a longer root", "GET", "/api/v10/members", LEDGER_NO_SUCH_OPERATION},
        {"a slash at the end", "GET", "/api/v1/members/", LEDGER_NO_SUCH_OPERATION},
        {"two slashes", "GET", "/api/v1//members", LEDGER_NO_SUCH_OPERATION},
        {"other letters", "GET", "/api/v1/Members", LEDGER_NO_SUCH_OPERATION},
        {"encoded letters", "GET", "/api/v1/%6dembers", LEDGER_NO_SUCH_OPERATION},
        {"upwards", "GET", "/api/v1/../members", LEDGER_NO_SUCH_OPERATION},
        {"another method", "PUT", "/api/v1/members", LEDGER_METHOD_NOT_ALLOWED},
        {"no heads", "HEAD", "/api/v1/members", LEDGER_METHOD_NOT_ALLOWED},
        {"no options", "OPTIONS", "/api/v1/members", LEDGER_METHOD_NOT_ALLOWED},
        {"a method's case", "get", "/api/v1/members", LEDGER_METHOD_NOT_ALLOWED},
    };
    struct api_call call;
    struct http_response response;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].what);
        assert_int_equal(route(rows[i].method, rows[i].path, &call, &response), rows[i].outcome);
        assert_true((response.allow[0] != '\0') == (rows[i].outcome == LEDGER_METHOD_NOT_ALLOWED));
        api_call_clear(&call);
    }
    assert_int_equal(route("PUT", "/api/v1/members", &call, &response), LEDGER_METHOD_NOT_ALLOWED);
    assert_non_null(strstr(response.allow, "GET"));
    assert_non_null(strstr(response.allow, "POST"));
    api_call_clear(&call);
}

/* The path of `op` with `value` for each of its parameters. */
static void fill_path(const struct api_operation *op, const char *value, char path[static 512])
{
    size_t n = (size_t)snprintf(path, 512, HTTP_ROOT);

    for (const char *c = op->path; *c; c++) {
        if (*c == '{') {
            n += (size_t)snprintf(path + n, 512 - n, "%s", value);
            c = strchr(c, '}');
        } else {
            path[n++] = *c;
        }
    }
    path[n] = '\0';
}

static void every_operation_has_its_own_address(void **state)
{
    char path[512];
    struct api_call call;
    struct http_response response;

    (void)state;
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        fill_path(op, "x1", path);
        assert_int_equal(route(op->method, path, &call, &response), LEDGER_OK);
        assert_string_equal(call.op->name, op->name);
        api_call_clear(&call);
    }
}

/* A request for the operation `name`, of which each row changes one thing. */
struct take_row {
    const char *what;
    const char *operation;
    const char *piece; /* of the path, for each parameter there */
    const char *query;
    const char *headers;
    const char *body;
    enum ledger_status outcome;
};

#define JSON "Content-Type: application/json"
#define PAY "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"5.00\",\"currency\":\"CALD\"}"

static enum ledger_status take(const struct take_row *row, struct api_call *call)
{
    const struct api_operation *op = api_operation_named(row->operation);
    char path[512], text[512];
    struct http_header headers[HEADERS];
    struct http_request r = {.path = path, .query = row->query, .headers = headers};
    struct http_response response;

    assert_non_null(op);
    fill_path(op, row->piece ? row->piece : "riverside", path);
    snprintf(text, sizeof text, "%s", row->headers ? row->headers : "");
    r.method = op->method;
    r.header_count = split_headers(text, headers);
    r.body = row->body;
    r.body_size = row->body ? strlen(row->body) : 0;
    api_call_init(call, NULL);
    assert_int_equal(http_route(&r, call, &response), LEDGER_OK);
    return http_take(&r, call);
}

static void arguments(void **state)
{
    static const struct take_row rows[] = {
        {"a path", "member.show", "riverside", NULL, NULL, NULL, LEDGER_OK},
        {"an escape", "member.show", "%72iverside", NULL, NULL, NULL, LEDGER_OK},
        {"an encoded slash", "member.show", "..%2fx", NULL, NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"a NUL", "member.show", "river%00", NULL, NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"a line's end", "member.show", "river%0d%0a", NULL, NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"half an escape", "member.show", "river%7", NULL, NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"no escape", "member.show", "river%zz", NULL, NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"overlong UTF-8", "member.show", "%c0%80", NULL, NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"broken UTF-8", "member.show", "%ff", NULL, NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"a query", "member.list", NULL, "limit=5", NULL, NULL, LEDGER_OK},
        {"an empty query", "member.list", NULL, "", NULL, NULL, LEDGER_OK},
        {"a choice", "member.list", NULL, "state=left", NULL, NULL, LEDGER_OK},
        {"two choices", "member.list", NULL, "state=active|suspended", NULL, NULL,
         LEDGER_CHOICE_UNKNOWN},
        {"half of one", "member.list", NULL, "state=lef", NULL, NULL, LEDGER_CHOICE_UNKNOWN},
        {"no choice", "member.list", NULL, "state=", NULL, NULL, LEDGER_CHOICE_UNKNOWN},
        {"twice", "member.list", NULL, "limit=5&limit=5", NULL, NULL, LEDGER_USAGE},
        {"unknown", "member.list", NULL, "colour=red", NULL, NULL, LEDGER_UNKNOWN_PARAMETER},
        {"no value", "member.list", NULL, "limit", NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"an empty pair", "member.list", NULL, "limit=5&", NULL, NULL, LEDGER_MALFORMED_REQUEST},
        {"no number", "member.list", NULL, "limit=+5", NULL, NULL, LEDGER_NUMBER_MALFORMED},
        {"a NUL in a query", "member.list", NULL, "after=%00", NULL, NULL,
         LEDGER_MALFORMED_REQUEST},
        {"a read is no dry run", "member.list", NULL, "dry_run=true", NULL, NULL,
         LEDGER_UNKNOWN_PARAMETER},
        {"a body", "transfer.pay", NULL, NULL, JSON, PAY, LEDGER_OK},
        {"a dry run", "transfer.pay", NULL, "dry_run=true", JSON, PAY, LEDGER_OK},
        {"no dry run", "transfer.pay", NULL, "dry_run=false", JSON, PAY, LEDGER_OK},
        {"perhaps", "transfer.pay", NULL, "dry_run=1", JSON, PAY, LEDGER_CHOICE_UNKNOWN},
        {"dry twice", "transfer.pay", NULL, "dry_run=true&dry_run=false", JSON, PAY,
         LEDGER_UNKNOWN_PARAMETER},
        {"arguments in the query", "transfer.pay", NULL, "amount=5.00", JSON, NULL,
         LEDGER_UNKNOWN_PARAMETER},
        {"a charset", "transfer.pay", NULL, NULL, JSON "; charset=utf-8", PAY, LEDGER_OK},
        {"another charset", "transfer.pay", NULL, NULL, JSON "; charset=latin1", PAY,
         LEDGER_MEDIA_TYPE},
        {"no type", "transfer.pay", NULL, NULL, NULL, PAY, LEDGER_MEDIA_TYPE},
        {"a form", "transfer.pay", NULL, NULL, "Content-Type: application/x-www-form-urlencoded",
         "a=b", LEDGER_MEDIA_TYPE},
        {"a longer type", "transfer.pay", NULL, NULL, "Content-Type: application/jsonx", PAY,
         LEDGER_MEDIA_TYPE},
        {"no JSON", "transfer.pay", NULL, NULL, JSON, "{", LEDGER_MALFORMED_REQUEST},
        {"a list", "transfer.pay", NULL, NULL, JSON, "[]", LEDGER_MALFORMED_REQUEST},
        {"two values", "transfer.pay", NULL, NULL, JSON, PAY PAY, LEDGER_MALFORMED_REQUEST},
        {"a key twice", "transfer.pay", NULL, NULL, JSON, "{\"amount\":\"1\",\"amount\":\"2\"}",
         LEDGER_MALFORMED_REQUEST},
        {"an amount as a number", "transfer.pay", NULL, NULL, JSON, "{\"amount\":5}",
         LEDGER_AMOUNT_MALFORMED},
        {"17 levels", "transfer.pay", NULL, NULL, JSON, "[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]",
         LEDGER_MALFORMED_REQUEST},
        {"a key", "transfer.pay", NULL, NULL, JSON "\nIdempotency-Key: " UID, PAY, LEDGER_OK},
        {"no key", "transfer.pay", NULL, NULL, JSON "\nIdempotency-Key: 1", PAY,
         LEDGER_UID_MALFORMED},
        {"the nil key", "transfer.pay", NULL, NULL,
         JSON "\nIdempotency-Key: 00000000-0000-0000-0000-000000000000", PAY, LEDGER_UID_MALFORMED},
        {"path and body", "member.suspend", "riverside", NULL, JSON, "{\"member\":\"riverside\"}",
         LEDGER_USAGE},
    };
    struct api_call call;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].what);
        assert_int_equal(take(&rows[i], &call), rows[i].outcome);
        assert_int_equal(call.problem.status, rows[i].outcome);
        api_call_clear(&call);
    }
}

static void what_was_taken(void **state)
{
    const struct take_row row = {
        "all", "transfer.pay", NULL, "dry_run=true", JSON "\nIdempotency-Key: " UID,
        PAY,   LEDGER_OK};
    struct api_call call;
    char uid[LEDGER_UID_TEXT];

    (void)state;
    assert_int_equal(take(&row, &call), LEDGER_OK);
    assert_true(call.dry_run);
    assert_true(call.has_uid);
    assert_string_equal(ledger_uid_format(&call.uid, uid), UID);
    assert_string_equal(api_text(&call, "payee"), "mill");
    api_call_clear(&call);
}

static void queries_are_bounded(void **state)
{
    char query[HTTP_QUERY_MAX + 2];
    struct take_row row = {"long", "member.list", NULL, query, NULL, NULL, LEDGER_OK};
    struct api_call call;

    (void)state;
    memset(query, 'x', sizeof query);
    memcpy(query, "limit=5&", 8);
    query[HTTP_QUERY_MAX + 1] = '\0';
    assert_int_equal(take(&row, &call), LEDGER_MALFORMED_REQUEST);
    assert_non_null(strstr(call.problem.detail, "longer than"));
    api_call_clear(&call);
    query[HTTP_QUERY_MAX] = '\0';
    assert_int_equal(take(&row, &call), LEDGER_MALFORMED_REQUEST);
    assert_null(strstr(call.problem.detail, "longer than"));
    api_call_clear(&call);
}

static void bearers(void **state)
{
    static const struct {
        const char *headers;
        const char *secret;
    } rows[] = {
        {"Authorization: Bearer clt_x", "clt_x"},
        {"authorization: bearer clt_x", "clt_x"},
        {"Authorization: Bearer   clt_x", "clt_x"},
        {"Authorization: Basic clt_x", NULL},
        {"Authorization: clt_x", NULL},
        {"Authorization: Bearer", NULL},
        {"Host: x", NULL},
    };
    char text[128];
    struct http_header headers[HEADERS];
    struct http_request r = {.headers = headers};
    struct api_call call;
    const char *secret;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(text, sizeof text, "%s", rows[i].headers);
        r.header_count = split_headers(text, headers);
        api_call_init(&call, NULL);
        assert_int_equal(http_bearer(&r, &call, &secret),
                         rows[i].secret ? LEDGER_OK : LEDGER_NOT_SIGNED_IN);
        if (rows[i].secret)
            assert_string_equal(secret, rows[i].secret);
        api_call_clear(&call);
    }
}

/* The response to a call that ended with `s`, as text. */
static char *answered(enum ledger_status s, json_t *out, struct http_response *response)
{
    struct api_call call;
    size_t size;
    char *bytes;
    char *text;

    api_call_init(&call, NULL);
    call.replayed = response->replayed;
    http_answer(&call, s, out, response);
    bytes = http_bytes(response, &size);
    api_call_clear(&call);
    assert_non_null(bytes);
    text = malloc(size + 1);
    memcpy(text, bytes, size);
    text[size] = '\0';
    free(bytes);
    return text;
}

static void answers(void **state)
{
    static const struct {
        enum ledger_status status;
        const char *first_line;
        const char *has;
    } rows[] = {
        {LEDGER_OK, "HTTP/1.1 200 OK\r\n", "Content-Type: application/json\r\n"},
        {LEDGER_OVER_LIMIT, "HTTP/1.1 409 Conflict\r\n", "application/problem+json\r\n"},
        {LEDGER_OVER_LIMIT, "HTTP/1.1 409 Conflict\r\n", "\"code\":\"over_limit\""},
        {LEDGER_UID_TAKEN, "HTTP/1.1 422 ", "\"status\":422"},
        {LEDGER_NOT_SIGNED_IN, "HTTP/1.1 401 Unauthorized\r\n", "WWW-Authenticate: Bearer\r\n"},
        {LEDGER_QUEUE_FULL, "HTTP/1.1 503 ", "Retry-After: 1\r\n"},
        {LEDGER_TOO_MANY_ATTEMPTS, "HTTP/1.1 429 ", "Retry-After: 1\r\n"},
        {LEDGER_INTEGRITY, "HTTP/1.1 500 ", "\"code\":\"integrity\""},
        {LEDGER_NOT_ALLOWED, "HTTP/1.1 403 ", "X-Content-Type-Options: nosniff\r\n"},
        {LEDGER_NOT_ALLOWED, "HTTP/1.1 403 ", "Cache-Control: no-store\r\n"},
        {LEDGER_NOT_ALLOWED, "HTTP/1.1 403 ", "Connection: keep-alive\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct http_response response = {0};
        char *text = answered(rows[i].status, NULL, &response);

        assert_memory_equal(text, rows[i].first_line, strlen(rows[i].first_line));
        assert_non_null(strstr(text, rows[i].has));
        free(text);
    }
}

static void lengths_are_exact(void **state)
{
    (void)state;
    for (size_t size = 0; size < 100000; size = size * 3 + 1) {
        struct http_response response = {.replayed = true, .close = true};
        char *value = malloc(size + 1);
        char *text, *body;

        memset(value, 'x', size);
        value[size] = '\0';
        text = answered(LEDGER_OK, json_pack("{s:s}", "memo", value), &response);
        body = strstr(text, "\r\n\r\n") + 4;
        assert_int_equal(strlen(body), size + strlen("{\"memo\":\"\"}\n"));
        assert_int_equal(atoi(strstr(text, "Content-Length: ") + 16), strlen(body));
        assert_non_null(strstr(text, "Idempotent-Replay: true\r\n"));
        assert_non_null(strstr(text, "Connection: close\r\n"));
        free(text);
        free(value);
    }
}

/* Nothing is described twice, and nothing is left out. */
static void every_operation_is_described(void **state)
{
    json_t *document = api_openapi();
    char *page = api_reference();
    char line[160], method[16];

    (void)state;
    assert_non_null(document);
    assert_non_null(page);
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        size_t n = strlen(op->method);

        for (size_t i = 0; i <= n; i++)
            method[i] = (char)tolower((unsigned char)op->method[i]);
        json_t *path = json_object_get(json_object_get(document, "paths"), op->path);
        assert_string_equal(
            json_string_value(json_object_get(json_object_get(path, method), "operationId")),
            op->name);
        snprintf(line, sizeof line, "\n### %s\n", op->name);
        assert_non_null(strstr(page, line));
        snprintf(line, sizeof line, "\n| %s |", op->name);
        assert_non_null(strstr(page, line));
    }
    for (int s = LEDGER_OK + 1; s < LEDGER_STOP; s++) {
        snprintf(line, sizeof line, "\n| `%s` |", ledger_status_facts((enum ledger_status)s)->code);
        assert_non_null(strstr(page, line));
    }
    free(page);
    json_decref(document);
}

/* Only what a page gave out is a cursor. */
static void cursors(void **state)
{
    static const struct {
        const char *keys;
        enum ledger_status outcome;
    } rows[] = {
        {".12.-5", LEDGER_OK},
        {".0.0", LEDGER_OK},
        {".007.0", LEDGER_CURSOR_MALFORMED},
        {".+1.0", LEDGER_CURSOR_MALFORMED},
        {". 1. 0", LEDGER_CURSOR_MALFORMED},
        {".-0.0", LEDGER_CURSOR_MALFORMED},
        {".1.0x", LEDGER_CURSOR_MALFORMED},
        {".1", LEDGER_CURSOR_MALFORMED},
        {"", LEDGER_CURSOR_MALFORMED},
    };
    struct api_call call;
    struct api_page page = {.call = &call, .more = true};
    json_t *answer = NULL;
    char cursor[80];

    (void)state;
    api_call_init(&call, api_operation_named("member.list"));
    assert_int_equal(api_page_end(&page, &answer), LEDGER_OK);
    const char *next = json_string_value(json_object_get(answer, "next"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(cursor, sizeof cursor, "%.16s%s", next, rows[i].keys);
        json_object_set_new(call.args, "after", json_string(cursor));
        print_message("%s\n", rows[i].keys);
        assert_int_equal(api_page_begin(&page, NULL, &call), rows[i].outcome);
        api_page_drop(&page);
    }
    json_decref(answer);
    api_call_clear(&call);
}

/* A name that is cut in the middle of a character still stands in the answer. */
static void a_long_name_is_told(void **state)
{
    char body[120];
    struct api_call call;
    json_t *json;

    (void)state;
    snprintf(body, sizeof body, "{\"%062d\u00e9\": 1}", 0);
    api_call_init(&call, api_operation_named("transfer.pay"));
    assert_int_equal(api_args_parse(&call, body, strlen(body), &json), LEDGER_OK);
    assert_int_equal(api_args_body(&call, json), LEDGER_UNKNOWN_PARAMETER);
    json_decref(json);
    json = api_problem_json(&call.problem);
    assert_int_equal(json_string_length(json_object_get(json, "field")), 62);
    assert_non_null(json_object_get(json, "detail"));
    json_decref(json);
    api_call_clear(&call);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(framing),
        cmocka_unit_test(headers_are_counted),
        cmocka_unit_test(addresses),
        cmocka_unit_test(every_operation_has_its_own_address),
        cmocka_unit_test(arguments),
        cmocka_unit_test(what_was_taken),
        cmocka_unit_test(queries_are_bounded),
        cmocka_unit_test(cursors),
        cmocka_unit_test(a_long_name_is_told),
        cmocka_unit_test(bearers),
        cmocka_unit_test(answers),
        cmocka_unit_test(lengths_are_exact),
        cmocka_unit_test(every_operation_is_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
