/* Bytes on the wire: each is answered with its code or closed, none runs twice. */
#include "support/web.h"

#include "api/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define HOST "Host: x\r\n"
#define JSON "Content-Type: application/json\r\n"
#define PAY "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"0.01\",\"currency\":\"CALD\"}"

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

/* How many writes the register holds. */
static int writes(void)
{
    const struct web_request q = {"GET", "/api/v1/verification", node.tokens[AUDITOR], NULL, NULL};
    struct web_response r = {0};
    int fd = web_connect(&node);
    json_t *json;
    int n;

    assert_true(web_ask(fd, &q, &r));
    assert_int_equal(r.status, 200);
    json = web_json(&r);
    n = (int)json_integer_value(json_object_get(json, "writes"));
    json_decref(json);
    web_clear(&r);
    close(fd);
    return n;
}

/* A whole payment in bytes, `extra` among its headers. Returns its size. */
static size_t payment(char bytes[static 1024], const char *extra)
{
    return (size_t)snprintf(bytes, 1024,
                            "POST /api/v1/payments HTTP/1.1\r\n" HOST
                            "Authorization: Bearer %s\r\n" JSON "Content-Length: %zu\r\n%s\r\n" PAY,
                            node.tokens[TREASURER], strlen(PAY), extra);
}

static size_t put(char *wire, size_t n, const void *bytes, size_t size)
{
    memcpy(wire + n, bytes, size);
    return n + size;
}

/* Send `size` bytes at once and say what came: the status, 0 when the connection was closed. */
static int say(const void *bytes, size_t size, struct web_response *r)
{
    int fd = web_connect(&node);
    int status;

    web_send(fd, bytes, size);
    status = web_receive(fd, r) ? r->status : 0;
    if (status == 0 || strstr(r->head, "Connection: close\r\n"))
        assert_true(web_closed(fd));
    close(fd);
    return status;
}

#define BYTES(text) text, sizeof(text) - 1

/*
 * A payment with these headers among its own, and a whole second payment where its body should
 * be: refused, closed, and neither of them runs.
 */
static void framing_that_could_be_read_twice(void **state)
{
    static const struct {
        const char *what;
        const char *headers;
        size_t size;
    } rows[] = {
        {"letters after a length", BYTES("Content-Length: 5abc\r\n")},
        {"a plus", BYTES("Content-Length: +5\r\n")},
        {"a minus", BYTES("Content-Length: -1\r\n")},
        {"an empty length", BYTES("Content-Length:\r\n")},
        {"blanks for a length", BYTES("Content-Length:   \r\n")},
        {"hexadecimal", BYTES("Content-Length: 0x5\r\n")},
        {"a fraction", BYTES("Content-Length: 5.0\r\n")},
        {"a list of lengths", BYTES("Content-Length: 5, 5\r\n")},
        {"a blank in a length", BYTES("Content-Length: 5 5\r\n")},
        {"a blank after a length", BYTES("Content-Length: 5 \r\n")},
        {"a huge length", BYTES("Content-Length: 99999999999999999999\r\n")},
        {"2^64 and 5", BYTES("Content-Length: 18446744073709551621\r\n")},
        {"two equal lengths", BYTES("Content-Length: 0\r\nContent-Length: 0\r\n")},
        {"two lengths", BYTES("Content-Length: 0\r\nContent-Length: 5\r\n")},
        {"two lengths in two cases", BYTES("content-length: 5\r\nCONTENT-LENGTH: 0\r\n")},
        {"a length and chunks", BYTES("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")},
        {"chunks and a length", BYTES("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")},
        {"chunks", BYTES("Transfer-Encoding: chunked\r\n")},
        {"chunks in another case", BYTES("transfer-encoding: CHUNKED\r\n")},
        {"identity", BYTES("Transfer-Encoding: identity\r\n")},
        {"something before chunks", BYTES("Transfer-Encoding: gzip, chunked\r\n")},
        {"an unknown encoding", BYTES("Transfer-Encoding: xchunked\r\n")},
        {"a tab before chunks", BYTES("Transfer-Encoding:\tchunked\r\n")},
        {"a vertical tab before chunks", BYTES("Transfer-Encoding: \vchunked\r\n")},
        {"a blank before the colon", BYTES("Transfer-Encoding : chunked\r\n")},
        {"a blank before a length's colon", BYTES("Content-Length : 5\r\n")},
        {"a bare LF", BYTES("X: a\nContent-Length: 5\r\n")},
        {"a bare LF at the end", BYTES("Content-Length: 0\r\n\n")},
        {"two bare LF", BYTES("Content-Length: 0\n\n")},
        {"a bare CR", BYTES("X: a\rContent-Length: 5\r\n")},
        {"two CR", BYTES("X: a\r\r\nContent-Length: 0\r\n")},
        {"a folded line", BYTES("X: a\r\n Content-Length: 5\r\n")},
        {"a line folded by a tab", BYTES("X: a\r\n\tContent-Length: 5\r\n")},
        {"a folded length", BYTES("Content-Length:\r\n 5\r\n")},
        {"a NUL in a value", BYTES("X: a\0b\r\nContent-Length: 0\r\n")},
        {"a NUL in a name", BYTES("X\0Y: a\r\nContent-Length: 0\r\n")},
        {"a NUL in a length", BYTES("Content-Length: 0\0005\r\n")},
        {"a control character", BYTES("X: a\001\r\nContent-Length: 0\r\n")},
        {"a line without a colon", BYTES("nonsense\r\nContent-Length: 0\r\n")},
        {"a name of nothing", BYTES(": a\r\nContent-Length: 0\r\n")},
        {"a name beyond ASCII", BYTES("X\xc3\xa9: a\r\nContent-Length: 0\r\n")},
        {"a second host", BYTES("Host: y\r\nContent-Length: 0\r\n")},
        {"the same host again", BYTES(HOST "Content-Length: 0\r\n")},
        {"a second token", BYTES("Authorization: Bearer x\r\nContent-Length: 0\r\n")},
    };
    struct web_response r = {0};
    char wire[4096], hidden[1024];
    size_t hidden_size = payment(hidden, "");
    int before = writes();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = (size_t)snprintf(wire, sizeof wire,
                                    "POST /api/v1/payments HTTP/1.1\r\n" HOST
                                    "Authorization: Bearer %s\r\n" JSON,
                                    node.tokens[TREASURER]);

        n = put(wire, n, rows[i].headers, rows[i].size);
        n = put(wire, n, "\r\n", 2);
        n = put(wire, n, hidden, hidden_size);
        print_message("%s\n", rows[i].what);
        assert_int_equal(say(wire, n, &r), 400);
        assert_non_null(strstr(r.head, "Connection: close\r\n"));
    }
    assert_int_equal(writes(), before);
    web_clear(&r);
}

/* A first line that is wrong, with a payment hidden behind the request: 0 is closed unanswered. */
static void first_lines(void **state)
{
    static const struct {
        const char *what;
        const char *bytes;
        int status;
    } rows[] = {
        {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 400},
        {"HTTP/0.9", "GET /\r\n\r\n", 400},
        {"HTTP/0.9 with a blank", "GET / \r\n\r\n", 400},
        {"HTTP/1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 400},
        {"HTTP/2.0", "GET / HTTP/2.0\r\n" HOST "\r\n", 400},
        {"an HTTP/2 client", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        {"another protocol", "GET / ICY/1.1\r\n" HOST "\r\n", 400},
        {"a protocol in lower case", "GET / http/1.1\r\n" HOST "\r\n", 400},
        {"a blank at the end", "GET / HTTP/1.1 \r\n" HOST "\r\n", 400},
        {"three words", "GET / x HTTP/1.1\r\n" HOST "\r\n", 400},
        {"two blanks", "GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"a tab", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400},
        {"a blank in front", " GET / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"an empty line in front", "\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"two empty lines in front", "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"bare LF in front", "\n\nGET / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"a bare LF", "GET / HTTP/1.1\n" HOST "\r\n", 400},
        {"only bare LF", "GET / HTTP/1.1\nHost: x\n\n", 400},
        {"a folded first header", "GET / HTTP/1.1\r\n " HOST "\r\n", 400},
        {"no method", "/ HTTP/1.1\r\n" HOST "\r\n", 400},
        {"an unknown method", "FETCH / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"a method in lower case", "get / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"a WebDAV method no one has", "BIND / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"CONNECT to another", "CONNECT mill:22 HTTP/1.1\r\n" HOST "\r\n", 400},
        {"CONNECT without a port", "CONNECT mill HTTP/1.1\r\n" HOST "\r\n", 400},
        {"OPTIONS of all", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 0},
        {"an absolute address elsewhere", "GET http://mill/ HTTP/1.1\r\n" HOST "\r\n", 0},
        {"an absolute address of a file", "GET file:///etc/passwd HTTP/1.1\r\n" HOST "\r\n", 400},
        {"a bare word", "GET healthz HTTP/1.1\r\n" HOST "\r\n", 400},
        {"a byte beyond ASCII", "GET /\xff HTTP/1.1\r\n" HOST "\r\n", 400},
        {"TLS", "\x16\x03\x01\x02", 400},
    };
    struct web_response r = {0};
    char wire[2048], hidden[1024];
    size_t hidden_size = payment(hidden, "");
    int before = writes();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = put(wire, 0, rows[i].bytes, strlen(rows[i].bytes));

        n = put(wire, n, hidden, hidden_size);
        print_message("%s\n", rows[i].what);
        assert_int_equal(say(wire, n, &r), rows[i].status);
    }
    assert_int_equal(writes(), before);
    web_clear(&r);
}

/* A GET of `target` with a good token. */
static int get(const char *target, struct web_response *r)
{
    char wire[HTTP_PATH_MAX + HTTP_QUERY_MAX + 512];

    return say(wire,
               (size_t)snprintf(wire, sizeof wire,
                                "GET %s HTTP/1.1\r\n" HOST "Authorization: Bearer %s\r\n\r\n",
                                target, node.tokens[AUDITOR]),
               r);
}

static void targets(void **state)
{
    static const struct {
        const char *target;
        int status;
    } rows[] = {
        {"/api/v1/members/riverside", 200},
        {"/api/v1/members/%72iverside", 200},
        {"/api/v1/members/%00", 400},
        {"/api/v1/members/riverside%00", 400},
        {"/api/v1/members/river%0d%0aside", 400},
        {"/api/v1/members/%", 400},
        {"/api/v1/members/%7", 400},
        {"/api/v1/members/%zz", 400},
        {"/api/v1/members/%u0072iverside", 400},
        {"/api/v1/members/%c0%af", 400},
        {"/api/v1/members/%ff", 400},
        {"/api/v1/members/..%2fmembers", 400},
        {"/api/v1/members/..%2f..%2f..%2fetc%2fpasswd", 400},
        {"/api/v1/members/%2e%2e%2fmembers", 400},
        {"/api/v1/members/..%5cmembers", 404},
        {"/api/v1/members/%252e%252e", 404},
        {"/api/v1/members/..", 404},
        {"/api/v1/x/../members", 404},
        {"/api/v1/./members", 404},
        {"/../../../etc/passwd", 404},
        {"/..%2f..%2fetc/passwd", 404},
        {"/etc/passwd", 404},
        {"/%2fetc/passwd", 404},
        {"/index.html", 404},
        {"/.htpasswd", 404},
        {"/x.cgi", 404},
        {"/x.lua", 404},
        {"//api/v1/members", 404},
        {"/api//v1/members", 404},
        {"/api/v1//members", 404},
        {"/api/v1/members//", 404},
        {"/api/v1/members/", 404},
        {"/api/v1/members//riverside", 404},
        {"/api/v1/members;x=1", 404},
        {"/api/v1/members#x", 404},
        {"/API/v1/members", 404},
        {"/%61pi/v1/members", 404},
        {"/healthz/", 404},
        {"/healthz%00", 404},
        {"//", 404},
        {"/api/v1/members?limit=%00", 400},
        {"/api/v1/members?limit=1&limit=2", 400},
        {"/api/v1/members?limit=1&x=y", 400},
        {"/api/v1/members?limit=1%26x=y", 400},
        {"/api/v1/members?limit=", 400},
        {"/api/v1/members?&", 400},
        {"/api/v1/members?=", 400},
        {"/api/v1/members??limit=1", 400},
        {"/api/v1/members?limit=1?", 400},
        {"/api/v1/members?after=%f0%9f", 400},
        {"/api/v1/members?limit=1", 200},
        {"/api/v1/members?", 200},
    };
    struct web_response r = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].target);
        assert_int_equal(get(rows[i].target, &r), rows[i].status);
        if (r.status != 200)
            assert_non_null(strstr(r.head, "application/problem+json"));
    }
    web_clear(&r);
}

/* Our own address in full is a request like any other (RFC 9112, 3.2.2). */
static void an_absolute_address_of_ours(void **state)
{
    struct web_response r = {0};
    char target[64];

    (void)state;
    snprintf(target, sizeof target, "http://127.0.0.1:%d/api/v1/members", node.port);
    assert_int_equal(get(target, &r), 200);
    web_clear(&r);
}

static void methods(void **state)
{
    static const char *const names[] = {"OPTIONS", "TRACE",  "CONNECT", "HEAD",
                                        "PUT",     "DELETE", "PATCH",   "PROPFIND",
                                        "MKCOL",   "COPY",   "REPORT",  "LOCK"};
    static const char *const paths[] = {"/", "/healthz", "/api/v1/members", "/api/v1/payments"};
    struct web_response r = {0};
    char wire[512];

    (void)state;
    for (size_t i = 0; i < COUNT(names) * COUNT(paths); i++) {
        const char *name = names[i / COUNT(paths)];
        int n = snprintf(wire, sizeof wire,
                         "%s %s HTTP/1.1\r\n" HOST "Origin: http://evil.example\r\n"
                         "Access-Control-Request-Method: POST\r\n"
                         "Access-Control-Request-Headers: authorization\r\n"
                         "Authorization: Bearer %s\r\nConnection: close\r\n\r\n",
                         name, paths[i % COUNT(paths)], node.tokens[STEWARD]);
        int fd = web_connect(&node);

        print_message("%s %s\n", name, paths[i % COUNT(paths)]);
        assert_true(web_send(fd, wire, (size_t)n));
        if (strcmp(name, "HEAD") == 0) {
            /* An answer to HEAD says how long a body would be, and has none. */
            assert_true(web_receive_head(fd, &r));
            assert_true(web_closed(fd));
        } else if (web_receive(fd, &r)) {
            assert_int_equal(r.size > 0, 1);
        }
        assert_true(r.status == 405 || r.status == 400);
        if (r.status == 405)
            assert_non_null(strstr(r.head, "\r\nAllow: "));
        assert_null(strcasestr(r.head, "Access-Control"));
        assert_null(strcasestr(r.head, "evil"));
        close(fd);
    }
    web_clear(&r);
}

/* No page of another origin reads an answer: there are no CORS headers, whatever is asked. */
static void no_other_origin(void **state)
{
    static const char *const origins[] = {"http://evil.example", "null", "http://127.0.0.1"};
    struct web_response r = {0};
    char wire[512];

    (void)state;
    for (size_t i = 0; i < COUNT(origins); i++) {
        int n = snprintf(wire, sizeof wire,
                         "GET /api/v1/members HTTP/1.1\r\n" HOST
                         "Origin: %s\r\nAuthorization: Bearer %s\r\n\r\n",
                         origins[i], node.tokens[STEWARD]);

        assert_int_equal(say(wire, (size_t)n, &r), 200);
        assert_null(strcasestr(r.head, "Access-Control"));
    }
    web_clear(&r);
}

static void many_headers(void **state)
{
    static const struct {
        int count;
        int status;
    } rows[] = {{62, 200}, {63, 200}, {64, 400}, {65, 400}, {66, 400}, {200, 400}};
    struct web_response r = {0};
    char wire[8192];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        strcpy(wire, "GET / HTTP/1.1\r\n" HOST);
        for (int n = 1; n < rows[i].count; n++)
            sprintf(wire + strlen(wire), "X-%d: y\r\n", n);
        strcat(wire, "\r\n");
        assert_int_equal(say(wire, strlen(wire), &r), rows[i].status);
    }
    web_clear(&r);
}

/* The header that frames or signs a request must not be lost behind 64 others. */
static void headers_at_the_end(void **state)
{
    struct web_response r = {0};
    char wire[8192], hidden[1024];
    int before = writes();

    (void)state;
    payment(hidden, "");
    strcpy(wire, "POST / HTTP/1.1\r\n" HOST);
    for (int n = 1; n < 64; n++)
        sprintf(wire + strlen(wire), "X-%d: y\r\n", n);
    sprintf(wire + strlen(wire), "Content-Length: %zu\r\n\r\n%s", strlen(hidden), hidden);
    assert_int_equal(say(wire, strlen(wire), &r), 400);
    assert_int_equal(writes(), before);
    web_clear(&r);
}

static void sizes(void **state)
{
    static const struct {
        const char *what;
        const char *start;
        size_t fill;
        const char *end;
        int status;
        const char *detail;
    } rows[] = {
        {"a query of 2 KiB", "/api/v1/members?after=", HTTP_QUERY_MAX - 6, "", 400, "not encoded"},
        {"one byte more", "/api/v1/members?after=", HTTP_QUERY_MAX - 5, "", 400,
         "longer than 2048"},
        {"an address of 2 KiB", "/", HTTP_PATH_MAX - 1, "", 404, "no such address"},
        {"one byte more", "/", HTTP_PATH_MAX, "", 400, "longer than 2048"},
        {"a piece of 255", "/api/v1/members/", 255, "", 400, ""},
        {"a piece of 256", "/api/v1/members/", 256, "", 400, "not encoded"},
        {"a first line beyond all", "/", 17000, "", 400, "cannot be read"},
        {"a header beyond all", "/ HTTP/1.1\r\n" HOST "X: ", 17000, "\r\n\r\n", 400, "cannot"},
    };
    struct web_response r = {0};
    char *wire = malloc(20000);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = put(wire, 0, BYTES("GET "));

        n = put(wire, n, rows[i].start, strlen(rows[i].start));
        memset(wire + n, 'x', rows[i].fill);
        n += rows[i].fill;
        n += (size_t)snprintf(wire + n, 1024,
                              "%s HTTP/1.1\r\n" HOST "Authorization: Bearer %s\r\n\r\n",
                              rows[i].end, node.tokens[AUDITOR]);
        /* Of what is beyond all, no more is sent than is read: the rest would reset the line. */
        if (rows[i].fill > 16384)
            n = 16384;
        print_message("%s\n", rows[i].what);
        assert_int_equal(say(wire, n, &r), rows[i].status);
        assert_non_null(strstr(r.body, rows[i].detail));
    }
    free(wire);
    web_clear(&r);
}

/* A body of `size` bytes to `path`: a JSON object with blanks behind it. */
static int post_blanks(const char *path, size_t size, struct web_response *r)
{
    char *wire = malloc(size + 1024);
    size_t n = (size_t)snprintf(wire, 1024,
                                "POST %s HTTP/1.1\r\n" HOST "Authorization: Bearer %s\r\n" JSON
                                "Content-Length: %zu\r\n\r\n",
                                path, node.tokens[TREASURER], size);
    int fd = web_connect(&node);
    int status = 0;

    memset(wire + n, ' ', size);
    memcpy(wire + n, "{}", 2);
    web_send(fd, wire, n + size);
    if (web_receive(fd, r))
        status = r->status;
    free(wire);
    close(fd);
    return status;
}

static void bodies(void **state)
{
    struct web_response r = {0};
    int status;

    (void)state;
    assert_int_equal(post_blanks("/api/v1/payments", HTTP_BODY_MAX, &r), 400);
    assert_non_null(strstr(r.body, "missing_parameter"));
    assert_int_equal(post_blanks("/api/v1/transfers/batch", HTTP_BATCH_MAX, &r), 400);
    assert_non_null(strstr(r.body, "missing_parameter"));
    /* What is refused unread may reset the connection before its answer is read. */
    status = post_blanks("/api/v1/payments", HTTP_BODY_MAX + 1, &r);
    assert_true(status == 413 || status == 0);
    status = post_blanks("/api/v1/transfers/batch", HTTP_BATCH_MAX + 1, &r);
    assert_true(status == 413 || status == 0);
    web_clear(&r);
}

/* What is too long is refused by its head alone. */
static void bodies_that_are_announced(void **state)
{
    static const struct {
        const char *line;
        int size;
    } rows[] = {
        {"POST /api/v1/payments", HTTP_BODY_MAX + 1},
        {"POST /api/v1/transfers/batch", HTTP_BATCH_MAX + 1},
        {"GET /api/v1/members", 1},
    };
    struct web_response r = {0};
    char wire[512];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int n = snprintf(wire, sizeof wire,
                         "%s HTTP/1.1\r\n" HOST "Authorization: Bearer x\r\n"
                         "Content-Length: %d\r\n\r\n",
                         rows[i].line, rows[i].size);

        assert_int_equal(say(wire, (size_t)n, &r), 413);
        assert_non_null(strstr(r.head, "Connection: close\r\n"));
    }
    web_clear(&r);
}

static int post(const char *headers, const char *body, size_t size, struct web_response *r)
{
    char wire[4096];
    size_t n = (size_t)snprintf(wire, sizeof wire,
                                "POST /api/v1/payments HTTP/1.1\r\n" HOST
                                "Authorization: Bearer %s\r\n%sContent-Length: %zu\r\n\r\n",
                                node.tokens[TREASURER], headers, size);

    return say(wire, put(wire, n, body, size), r);
}

#define DEEP(open, close) "{\"memo\":" open "0" close "}"
#define X15 "[[[[[[[[[[[[[[["
#define Y15 "]]]]]]]]]]]]]]]"

static void json(void **state)
{
    static const struct {
        const char *what;
        const char *body;
        size_t size;
        int status;
        const char *says;
    } rows[] = {
        {"a payment", BYTES(PAY), 200, "\"transfer\""},
        {"16 levels", BYTES(DEEP(X15, Y15)), 400, "\"field\":\"memo\""},
        {"17 levels", BYTES(DEEP(X15 "[", "]" Y15)), 400, "nested deeper than 16"},
        {"17 levels never closed", BYTES("{\"memo\":" X15 "["), 400, "nested deeper than 16"},
        {"levels inside a text", BYTES("{\"memo\":\"" X15 X15 "\"}"), 400, "missing_parameter"},
        {"broken UTF-8", BYTES("{\"memo\":\"\xff\"}"), 400, "malformed_request"},
        {"overlong UTF-8", BYTES("{\"memo\":\"\xc0\x80\"}"), 400, "malformed_request"},
        {"a surrogate", BYTES("{\"memo\":\"\xed\xa0\x80\"}"), 400, "malformed_request"},
        {"half an escaped surrogate", BYTES("{\"memo\":\"\\ud800\"}"), 400, "malformed_request"},
        {"an escaped NUL", BYTES("{\"memo\":\"\\u0000\"}"), 400, "malformed_request"},
        {"a NUL", BYTES("{\"memo\":\"\0\"}"), 400, "malformed_request"},
        {"a NUL behind", BYTES("{}\0"), 400, "malformed_request"},
        {"a byte order mark", BYTES("\xef\xbb\xbf{}"), 400, "malformed_request"},
        {"a key twice", BYTES("{\"memo\":\"a\",\"memo\":\"b\"}"), 400, "malformed_request"},
        {"a key twice by an escape", BYTES("{\"memo\":\"a\",\"m\\u0065mo\":\"b\"}"), 400,
         "malformed_request"},
        {"an unknown key", BYTES("{\"colour\":\"red\"}"), 400, "unknown_parameter"},
        {"a prototype", BYTES("{\"__proto__\":{}}"), 400, "unknown_parameter"},
        {"two values", BYTES("{}{}"), 400, "malformed_request"},
        {"a comma behind", BYTES("{\"memo\":\"a\",}"), 400, "malformed_request"},
        {"a comment", BYTES("{/**/}"), 400, "malformed_request"},
        {"a list", BYTES("[]"), 400, "malformed_request"},
        {"a text", BYTES("\"x\""), 400, "malformed_request"},
        {"null", BYTES("null"), 400, "malformed_request"},
        {"blanks", BYTES("   "), 400, "malformed_request"},
        {"an amount as a number", BYTES("{\"amount\":5}"), 400, "amount_malformed"},
        {"a huge number", BYTES("{\"amount\":1e999999}"), 400, "malformed_request"},
        {"not a number", BYTES("{\"amount\":NaN}"), 400, "malformed_request"},
    };
    struct web_response r = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int status = post(JSON, rows[i].body, rows[i].size, &r);

        print_message("%s: %d %s\n", rows[i].what, status, r.body ? r.body : "");
        assert_int_equal(status, rows[i].status);
        assert_non_null(strstr(r.body, rows[i].says));
    }
    web_clear(&r);
}

static void content_types(void **state)
{
    static const struct {
        const char *header;
        int status;
    } rows[] = {
        {"Content-Type: application/json\r\n", 200},
        {"content-type: Application/JSON; charset=UTF-8\r\n", 200},
        {"", 415},
        {"Content-Type:\r\n", 415},
        {"Content-Type: text/plain\r\n", 415},
        {"Content-Type: application/x-www-form-urlencoded\r\n", 415},
        {"Content-Type: multipart/form-data; boundary=x\r\n", 415},
        {"Content-Type: application/json-patch+json\r\n", 415},
        {"Content-Type: application/json; charset=utf-16\r\n", 415},
        {"Content-Type: text/plain, application/json\r\n", 415},
        {"Content-Type: application/json\r\nContent-Type: application/json\r\n", 400},
    };
    struct web_response r = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].header);
        assert_int_equal(post(rows[i].header, BYTES(PAY), &r), rows[i].status);
    }
    web_clear(&r);
}

static void expecting_to_be_asked(void **state)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct web_response r = {0};
    char bytes[1024], got[sizeof go_on] = "";
    int before = writes();
    int fd = web_connect(&node);
    size_t size = payment(bytes, "Expect: 100-continue\r\n");
    size_t head = size - strlen(PAY);

    (void)state;
    assert_true(web_send(fd, bytes, head));
    for (size_t n = 0; n < strlen(go_on); n++)
        assert_int_equal(recv(fd, got + n, 1, 0), 1);
    assert_string_equal(got, go_on);
    assert_true(web_send(fd, bytes + head, size - head));
    assert_true(web_receive(fd, &r));
    assert_int_equal(r.status, 200);
    close(fd);
    assert_int_equal(writes(), before + 1);
    /* What would be refused anyway is not asked for. */
    size = (size_t)snprintf(bytes, sizeof bytes,
                            "POST /api/v1/payments HTTP/1.1\r\n" HOST
                            "Authorization: Bearer x\r\nExpect: 100-continue\r\n"
                            "Content-Length: 65537\r\n\r\n");
    assert_int_equal(say(bytes, size, &r), 413);
    web_clear(&r);
}

/* Two in one packet: each runs once, and the answers come in order. */
static void pipelined(void **state)
{
    static const char *const keys[] = {
        "Idempotency-Key: 0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1a01\r\n",
        "Idempotency-Key: 0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1a02\r\n",
        "Idempotency-Key: 0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1a02\r\n",
    };
    char wire[4096], one[1024];
    struct web_response r = {0};
    int before = writes();
    int fd = web_connect(&node);
    int64_t last = 0;
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++)
        n = put(wire, n, one, payment(one, keys[i]));
    n = put(wire, n, BYTES("GET /nothing HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    n = put(wire, n, one, payment(one, ""));
    assert_true(web_send(fd, wire, n));
    for (size_t i = 0; i < COUNT(keys); i++) {
        json_t *json;
        int64_t id;

        assert_true(web_receive(fd, &r));
        assert_int_equal(r.status, 200);
        json = web_json(&r);
        id = json_integer_value(json_object_get(json, "transfer"));
        assert_true(i == 2 ? id == last : id > last);
        assert_true((strstr(r.head, "Idempotent-Replay: true") != NULL) == (i == 2));
        last = id;
        json_decref(json);
    }
    assert_true(web_receive(fd, &r));
    assert_int_equal(r.status, 404);
    assert_false(web_receive(fd, &r)); /* behind a close nothing runs */
    close(fd);
    assert_int_equal(writes(), before + 2);
    web_clear(&r);
}

/* A body that smuggles a request is data, and one that is refused is not read as a request. */
static void a_request_inside_a_body(void **state)
{
    static const struct {
        const char *what;
        const char *line;
        const char *headers;
        int status;
    } rows[] = {
        {"to nowhere", "POST /nothing", JSON, 404},
        {"to a page", "POST /healthz", JSON, 405},
        {"to a page that takes none", "GET /healthz", JSON, 200},
        {"to a read", "GET /api/v1/members", JSON, 413},
        {"of the wrong type", "POST /api/v1/payments", "Content-Type: text/plain\r\n", 415},
        {"as a body", "POST /api/v1/payments", JSON, 400},
        {"with a malformed key", "POST /api/v1/payments", JSON "Idempotency-Key: 1\r\n", 400},
        {"by another method", "PUT /api/v1/payments", JSON, 405},
    };
    struct web_response r = {0};
    char wire[4096], hidden[1024];
    size_t hidden_size = payment(hidden, "");
    int before = writes();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int fd = web_connect(&node);
        size_t n =
            (size_t)snprintf(wire, sizeof wire,
                             "%s HTTP/1.1\r\n" HOST "Authorization: Bearer %s\r\n%s"
                             "Content-Length: %zu\r\n\r\n",
                             rows[i].line, node.tokens[TREASURER], rows[i].headers, hidden_size);

        print_message("%s\n", rows[i].what);
        n = put(wire, n, hidden, hidden_size);
        assert_true(web_send(fd, wire, n));
        shutdown(fd, SHUT_WR);
        assert_true(web_receive(fd, &r));
        assert_int_equal(r.status, rows[i].status);
        assert_false(web_receive(fd, &r));
        close(fd);
    }
    assert_int_equal(writes(), before);
    web_clear(&r);
}

/* Byte by byte is slow and right. */
static void in_many_pieces(void **state)
{
    char bytes[1024];
    size_t size = payment(bytes, "");
    struct web_response r = {0};
    int before = writes();
    int fd = web_connect(&node);

    (void)state;
    for (size_t i = 0; i < size; i++)
        assert_true(web_send(fd, bytes + i, 1));
    assert_true(web_receive(fd, &r));
    assert_int_equal(r.status, 200);
    close(fd);
    assert_int_equal(writes(), before + 1);
    web_clear(&r);
}

/* Whoever has said all may hang up its sending side, and is answered. */
static void a_half_closed_connection(void **state)
{
    char bytes[1024];
    size_t size = payment(bytes, "");
    struct web_response r = {0};
    int before = writes();
    int fd = web_connect(&node);

    (void)state;
    assert_true(web_send(fd, bytes, size));
    shutdown(fd, SHUT_WR);
    assert_true(web_receive(fd, &r));
    assert_int_equal(r.status, 200);
    assert_true(web_closed(fd));
    close(fd);
    assert_int_equal(writes(), before + 1);
    /* One who hangs up before it has said all is told so, and nothing runs. */
    fd = web_connect(&node);
    assert_true(web_send(fd, bytes, size - 1));
    shutdown(fd, SHUT_WR);
    assert_true(web_receive(fd, &r));
    assert_int_equal(r.status, 408);
    close(fd);
    assert_int_equal(writes(), before + 1);
    web_clear(&r);
}

/* The client is gone before its answer: it ran once or not at all, and asking again says which. */
static void a_client_that_is_gone(void **state)
{
    const struct linger reset = {1, 0};
    struct web_response r = {0};
    char bytes[1024], key[80], extra[128];
    int before = writes();

    (void)state;
    for (int i = 0; i < 20; i++) {
        int fd = web_connect(&node);

        snprintf(key, sizeof key, "0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1b%02d", i);
        snprintf(extra, sizeof extra, "Idempotency-Key: %s\r\n", key);
        assert_true(web_send(fd, bytes, payment(bytes, extra)));
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(fd);
        fd = web_connect(&node);
        assert_true(web_ask(
            fd, &(struct web_request){"POST", "/api/v1/payments", node.tokens[TREASURER], key, PAY},
            &r));
        assert_int_equal(r.status, 200);
        close(fd);
    }
    assert_int_equal(writes(), before + 20);
    web_clear(&r);
}

/* The version says whether a connection stays, unless the client does. */
static void how_long_a_connection_stays(void **state)
{
    static const struct {
        const char *version;
        const char *wish;
        bool stays;
    } rows[] = {
        {"1.1", "", true},
        {"1.1", "Connection: close\r\n", false},
        {"1.1", "Connection: Keep-Alive\r\n", true},
        {"1.0", "", false},
        {"1.0", "Connection: keep-alive\r\n", true},
        {"1.1",
         "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n"
         "Sec-WebSocket-Version: 13\r\n",
         false},
        {"1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n",
         false},
    };
    struct web_response r = {0};
    char wire[512];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int fd = web_connect(&node);
        int n = snprintf(wire, sizeof wire, "GET /healthz HTTP/%s\r\n" HOST "%s\r\n",
                         rows[i].version, rows[i].wish);

        assert_true(web_send(fd, wire, (size_t)n));
        assert_true(web_receive(fd, &r));
        assert_int_equal(r.status, 200);
        assert_non_null(
            strstr(r.head, rows[i].stays ? "Connection: keep-alive\r\n" : "Connection: close\r\n"));
        if (rows[i].stays)
            assert_true(web_send(fd, wire, (size_t)n) && web_receive(fd, &r));
        else
            assert_true(web_closed(fd));
        close(fd);
    }
    web_clear(&r);
}

static void a_connection_ends_after_a_hundred(void **state)
{
    struct web_response r = {0};
    int fd = web_connect(&node);

    (void)state;
    for (int i = 1; i <= 100; i++) {
        assert_true(web_ask(fd, &(struct web_request){"GET", "/healthz", NULL, NULL, NULL}, &r));
        assert_true((strstr(r.head, "Connection: close") != NULL) == (i == 100));
    }
    assert_true(web_closed(fd));
    web_clear(&r);
    close(fd);
}

/*
 * The server's buffer still holds what came after a closed connection's last request. Whoever
 * comes next on that thread must not get it run by sending nothing but blanks in front of it.
 */
static void what_was_left_behind_runs_for_nobody(void **state)
{
    static const char first[] = "GET /healthz HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    char bytes[1024], blanks[sizeof first];
    struct web_response r = {0};
    int fd, n;

    (void)state;
    for (int i = 0; i < 8; i++) {
        fd = web_connect(&node);
        n = snprintf(bytes, sizeof bytes,
                     "%sGET /api/v1/register HTTP/1.1\r\n" HOST "Authorization: Bearer %s\r\n\r\n",
                     first, node.tokens[AUDITOR]);
        assert_true(web_send(fd, bytes, (size_t)n));
        assert_true(web_receive(fd, &r));
        assert_int_equal(r.status, 200);
        assert_true(web_closed(fd));
        close(fd);
    }
    memset(blanks, ' ', sizeof blanks);
    memcpy(blanks, "\r\n\r\n", 4);
    for (int i = 0; i < 600; i++) {
        fd = web_connect(&node);
        assert_true(web_send(fd, blanks, sizeof first - 1));
        shutdown(fd, SHUT_WR);
        if (web_receive(fd, &r))
            assert_int_equal(r.status, 400);
        close(fd);
    }
    web_clear(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(framing_that_could_be_read_twice),
        cmocka_unit_test(first_lines),
        cmocka_unit_test(targets),
        cmocka_unit_test(an_absolute_address_of_ours),
        cmocka_unit_test(methods),
        cmocka_unit_test(no_other_origin),
        cmocka_unit_test(many_headers),
        cmocka_unit_test(headers_at_the_end),
        cmocka_unit_test(sizes),
        cmocka_unit_test(bodies),
        cmocka_unit_test(bodies_that_are_announced),
        cmocka_unit_test(json),
        cmocka_unit_test(content_types),
        cmocka_unit_test(expecting_to_be_asked),
        cmocka_unit_test(pipelined),
        cmocka_unit_test(a_request_inside_a_body),
        cmocka_unit_test(in_many_pieces),
        cmocka_unit_test(a_half_closed_connection),
        cmocka_unit_test(a_client_that_is_gone),
        cmocka_unit_test(how_long_a_connection_stays),
        cmocka_unit_test(a_connection_ends_after_a_hundred),
        cmocka_unit_test(what_was_left_behind_runs_for_nobody),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
