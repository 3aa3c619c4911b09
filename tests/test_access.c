/*
 * Who may do what, walked over HTTP: every operation of the table for every role, against
 * tests/access.txt, which says it independently. A refused one leaves nothing behind.
 */
#include "support/access.h"

#include "api/http.h"
#include "api/operation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROWS_A_NODE 15
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Whose tokens ask: the six roles, the last three riverside's; then mill's, and two that are none. */
enum { MILL = WEB_ROLES, NOBODY, UNKNOWN, CALLERS }; /* after the roles */

static struct web_node node;
static char mill_token[LEDGER_TOKEN_SECRET];
static struct access_row rows[ACCESS_ROWS_MAX];
static int row_count;

static int start(void **state)
{
    (void)state;
    access_ledger(&node, mill_token);
    web_start(&node, 0);
    row_count = access_read(rows);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

static const char *token(int caller)
{
    static const char unknown[] = "clt_0000000000000000000000000000000000000000000";

    if (caller < WEB_ROLES)
        return node.tokens[caller];
    return caller == MILL ? mill_token : caller == UNKNOWN ? unknown : NULL;
}

static const char *name(int caller)
{
    static const char *const others[] = {"mill's manager", "nobody", "an unknown token"};

    return caller < WEB_ROLES ? ledger_role_name((enum ledger_role)(1 << caller))
                              : others[caller - WEB_ROLES];
}

/* A look that leaves no record is no look: this one is never tried dry. */
static bool is_a_look(const struct access_row *row)
{
    return strcmp(row->operation, "transfer.memo") == 0;
}

/* What needs no token is nobody's secret: it is answered as every member is. */
static bool is_public(const struct access_row *row)
{
    return api_operation_named(row->operation)->access & API_NOBODY;
}

/* Ask as the row says; a write that is expected to be accepted is only tried. */
static struct web_response ask(const struct access_row *row, int caller, bool dry)
{
    const struct api_operation *op = api_operation_named(row->operation);
    struct web_response r = {0};
    char path[256];
    int fd = web_connect(&node);

    snprintf(path, sizeof path, HTTP_ROOT "%s%s", row->path,
             dry && op->mode == API_WRITE ? "?dry_run=true" : "");
    assert_true(web_ask(fd,
                        &(struct web_request){op->method, path, token(caller), NULL,
                                              row->body[0] == '-' ? NULL : row->body},
                        &r));
    close(fd);
    return r;
}

static int writes(void)
{
    static const struct access_row verify = {
        .operation = "verify", .path = "/verification", .body = "-"};
    struct web_response r = ask(&verify, AUDITOR, false);
    json_t *json = web_json(&r);
    int n = (int)json_integer_value(json_object_get(json, "writes"));

    assert_int_equal(r.status, 200);
    json_decref(json);
    web_clear(&r);
    return n;
}

/* A new operation without a row here fails, and so does a row for none. */
static void every_operation_is_expected(void **state)
{
    bool missing = false;

    (void)state;
    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op)) {
        bool found = false;

        for (int i = 0; i < row_count; i++)
            found |= strcmp(rows[i].operation, op->name) == 0;
        if (!found)
            print_error("%s: %s has no row\n", ACCESS_FILE, op->name);
        missing |= !found;
    }
    assert_false(missing);
    for (int i = 0; i < row_count; i++)
        assert_non_null(api_operation_named(rows[i].operation));
}

/* What the table of operations lets through is what is expected, and nothing else. */
static void the_table_agrees(void **state)
{
    (void)state;
    for (int i = 0; i < row_count; i++) {
        const struct api_operation *op = api_operation_named(rows[i].operation);

        for (int caller = STEWARD; caller <= VIEWER; caller++)
            if (!(op->access & (1u << caller)))
                assert_int_equal(rows[i].status[caller], 403);
    }
}

static void walk(const struct access_row *row, int caller, int expected)
{
    struct web_response r = ask(row, caller, expected == 200 && !is_a_look(row));
    char code[64];

    if (r.status != expected)
        print_error("%s %s for %s: %d %s, not %d\n", row->operation, row->path, name(caller),
                    r.status, web_code(&r, code), expected);
    assert_int_equal(r.status, expected);
    /* No answer shows the token that was shown. */
    if (token(caller))
        assert_null(strstr(r.body, token(caller)));
    web_clear(&r);
}

/* Who is refused or tries dry too often in a minute waits; a new node has counted nobody. */
static void forget_attempts(void)
{
    web_stop(&node);
    web_start(&node, 0);
}

static void every_operation_for_every_caller(void **state)
{
    int before = writes();
    int looks = 0;

    (void)state;
    for (int i = 0; i < row_count; i++) {
        if (i % ROWS_A_NODE == ROWS_A_NODE - 1)
            forget_attempts();
        for (int caller = STEWARD; caller <= MILL; caller++) {
            walk(&rows[i], caller, rows[i].status[caller]);
            looks += is_a_look(&rows[i]) && rows[i].status[caller] == 200;
        }
        walk(&rows[i], NOBODY, is_public(&rows[i]) ? rows[i].status[MILL] : 401);
        walk(&rows[i], UNKNOWN, 401);
    }
    assert_true(looks > 0);
    assert_int_equal(writes(), before + looks);
}

/* Over a node it takes two tokens to write a default off. */
static void who_declared_a_default_does_not_cover_it(void **state)
{
    static const struct {
        struct access_row row;
        int caller;
        int status;
        const char *code;
    } deeds[] = {
        {{.operation = "default.withdraw",
          .path = "/defaults/1/withdrawal",
          .body = "{\"reason\":\"declared anew\"}"},
         STEWARD,
         200,
         ""},
        {{.operation = "default.declare",
          .path = "/members/riverside/accounts/CALD/defaults",
          .body = "{\"reason\":\"does not pay\"}"},
         TREASURER,
         200,
         ""},
        {{.operation = "default.cover", .path = "/defaults/2/cover", .body = "{}"},
         TREASURER,
         403,
         "second_person"},
        {{.operation = "member.write-off",
          .path = "/members/riverside/accounts/CALD/write-off",
          .body = "{\"fund\":\"commons\",\"reason\":\"decided\"}"},
         TREASURER,
         403,
         "second_person"},
        {{.operation = "default.cover", .path = "/defaults/2/cover", .body = "{}"},
         STEWARD,
         200,
         ""},
    };

    (void)state;
    forget_attempts();
    for (size_t i = 0; i < COUNT(deeds); i++) {
        struct web_response r = ask(&deeds[i].row, deeds[i].caller, false);
        char code[64] = "";

        if (r.status != 200)
            web_code(&r, code);
        assert_int_equal(r.status, deeds[i].status);
        assert_string_equal(code, deeds[i].code);
        web_clear(&r);
    }
}

/* COLEDGER_ACCESS=print: the rows as they are, to be read before they are kept. */
static void print_rows(void)
{
    for (int i = 0; i < row_count; i++) {
        printf("%-20s", rows[i].operation);
        for (int caller = STEWARD; caller <= MILL; caller++) {
            struct web_response r = ask(&rows[i], caller, !is_a_look(&rows[i]));

            printf(" %d", r.status);
            web_clear(&r);
        }
        printf("  %s %s\n", rows[i].path, rows[i].body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_is_expected),
        cmocka_unit_test(the_table_agrees),
        cmocka_unit_test(every_operation_for_every_caller),
        cmocka_unit_test(who_declared_a_default_does_not_cover_it),
    };

    if (getenv("COLEDGER_ACCESS")) {
        start(NULL);
        print_rows();
        return stop(NULL);
    }
    return cmocka_run_group_tests(tests, start, stop);
}
