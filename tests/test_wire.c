/* Bytes on the wire (design, section 8): each is answered with its code or closed, none runs twice. */
#include "support/web.h"

#include "api/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define HOST "Host: x\r\n"
#define JSON "Content-Type: application/json\r\n"
#define PAY "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"0.01\",\"currency\":\"CALD\"}"
#define WIRE_MAX 70000

enum { STEWARD, TREASURER, AUDITOR, MANAGER, TRADER, VIEWER };

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
    web_stop(&node);
    web_remove(&node);
    return node.outcome == LEDGER_OK ? 0 : -1;
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

/* A whole payment in bytes, `extra` among its headers. */
static int payment(char bytes[static 1024], const char *extra)
{
    return snprintf(bytes, 1024,
                    "POST /api/v1/payments HTTP/1.1\r\n" HOST "Authorization: Bearer %s\r\n" JSON
                    "Content-Length: %zu\r\n%s\r\n" PAY,
                    node.tokens[TREASURER], strlen(PAY), extra);
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
        cmocka_unit_test(what_was_left_behind_runs_for_nobody),
    };
    (void)writes;
    (void)payment;

    return cmocka_run_group_tests(tests, start, stop);
}
