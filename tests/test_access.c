/*
 * Who may do what, walked over HTTP: every operation of the table for every role, against
 * tests/access.txt, which says it independently. A refused one leaves nothing behind.
 */
#include "support/web.h"

#include "api/http.h"
#include "api/operation.h"
#include "api/run.h"
#include "ledger/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EXPECTED "tests/access.txt"
#define ROWS_MAX 512
#define LINE_LENGTH 512
#define ROWS_A_NODE 15
#define SOME_DAY                                                                                   \
    "\"starts\":\"2036-05-05T18:00\",\"ends\":\"2036-05-05T20:00\",\"offer_for\":\"400d\""
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Whose tokens ask: the six roles, the last three riverside's; then mill's, and two that are none. */
enum { MILL = WEB_ROLES, NOBODY, UNKNOWN, CALLERS }; /* after the roles */

struct row {
    char operation[64];
    int status[MILL + 1];
    char path[128]; /* below the root */
    char body[256]; /* "-" for none */
};

static struct web_node node;
static char mill_token[LEDGER_TOKEN_SECRET];
static struct row rows[ROWS_MAX];
static int row_count;

static void local(const char *operation, const char *args)
{
    json_t *json = json_loads(args, 0, NULL);

    assert_non_null(json);
    json_decref(web_local(&node, operation, json));
}

/* A vacancy of riverside's, and one of mill's people with it from today on. */
static void place_somebody(void)
{
    char day[LEDGER_DATE_TEXT];
    char args[512];

    ledger_date_format((int32_t)(api_env.now_us(NULL) / LEDGER_US_PER_DAY), day);
    local("vacancy.post", "{\"member\":\"riverside\",\"kind\":\"relief\",\"title\":\"Night shift\","
                          "\"hours\":\"8\"}");
    snprintf(args, sizeof args,
             "{\"host\":\"riverside\",\"member\":\"mill\",\"person\":\"Ana\",\"hours\":\"8\","
             "\"rate\":\"1.00\",\"currency\":\"CALD\",\"starts\":\"%s\",\"ends\":\"%s\"}",
             day, day);
    local("placement.agree", args);
}

/*
 * Beside riverside and mill: a fund, one who left, one who has applied, one who may leave.
 * Transfer 1 is from riverside to mill, 2 back, 3 from riverside to the fund. Hold 1 is from
 * riverside to mill, 2 back, 3 from riverside to the fund and released. Transfer 4 grants riverside
 * training credits, 5 pays mill 3.00 of them, 6 is for its request. Tokens 1 to 6 are those of
 * the roles, 7 is mill's.
 */
static void furnish(void)
{
    static const struct {
        const char *operation;
        const char *args;
    } deeds[] = {
        {"member.add", "{\"handle\":\"commons\",\"name\":\"Commons\",\"kind\":\"fund\"}"},
        {"member.add", "{\"handle\":\"gone\",\"name\":\"Gone\"}"},
        {"member.leave", "{\"member\":\"gone\",\"reason\":\"moved\"}"},
        {"member.add", "{\"handle\":\"new\",\"name\":\"New\",\"applied\":true}"},
        {"member.add", "{\"handle\":\"idle\",\"name\":\"Idle\"}"},
        {"currency.add", "{\"code\":\"HOUR\",\"name\":\"Hours\",\"kind\":\"time\"}"},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"9.00\","
                         "\"currency\":\"CALD\",\"memo\":\"bread\"}"},
        {"transfer.pay", "{\"from\":\"mill\",\"payee\":\"riverside\",\"amount\":\"2.00\","
                         "\"currency\":\"CALD\",\"memo\":\"flour\"}"},
        {"hold.place", "{\"from\":\"riverside\",\"payees\":[{\"payee\":\"mill\",\"amount\":"
                       "\"1.00\"}],\"currency\":\"CALD\"}"},
        {"hold.place", "{\"from\":\"mill\",\"payees\":[{\"payee\":\"riverside\",\"amount\":"
                       "\"1.00\"}],\"currency\":\"CALD\"}"},
        {"hold.place", "{\"from\":\"riverside\",\"payees\":[{\"payee\":\"commons\",\"amount\":"
                       "\"1.00\"}],\"currency\":\"CALD\",\"memo\":\"seats\"}"},
        {"hold.release", "{\"id\":3}"},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"commons\",\"amount\":\"1.00\","
                         "\"currency\":\"CALD\"}"},
        {"currency.add", "{\"code\":\"SKILL\",\"name\":\"Skills\",\"kind\":\"training\","
                         "\"floor\":\"-50.00\"}"},
        {"provider.add", "{\"member\":\"mill\",\"reason\":\"teaches\"}"},
        {"credits.rate", "{\"currency\":\"SKILL\",\"in\":\"GBP\",\"value\":\"2\","
                         "\"reason\":\"decided\"}"},
        {"credits.grant", "{\"fund\":\"commons\",\"member\":\"riverside\",\"amount\":\"5.00\","
                          "\"currency\":\"SKILL\",\"expires\":\"2035-11-30\","
                          "\"purpose\":\"a course\"}"},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"3.00\","
                         "\"currency\":\"SKILL\"}"},
        {"certificate.issue", "{\"provider\":\"riverside\",\"member\":\"mill\",\"name\":\"Ana\","
                              "\"title\":\"First aid\"}"},
        {"course.add", "{\"provider\":\"riverside\",\"title\":\"Reading accounts\"}"},
        {"session.add", "{\"course\":1," SOME_DAY ",\"capacity\":3,\"price\":\"1.00\","
                        "\"currency\":\"CALD\"}"},
        {"enrolment.add", "{\"session\":1,\"member\":\"mill\"}"},
        {"course.add", "{\"provider\":\"commons\",\"title\":\"How a fund works\"}"},
        {"session.add", "{\"course\":2," SOME_DAY ",\"capacity\":1}"},
        {"enrolment.add", "{\"session\":2,\"member\":\"riverside\"}"},
        {"enrolment.add", "{\"session\":2,\"member\":\"mill\",\"wait\":true}"},
        {"session.capacity", "{\"id\":2,\"capacity\":2,\"reason\":\"more chairs\"}"},
        {"session.add", "{\"course\":1," SOME_DAY ",\"capacity\":9}"},
        {"offer.post", "{\"member\":\"riverside\",\"category\":\"food\",\"title\":\"Bread\"}"},
        {"want.post", "{\"member\":\"mill\",\"category\":\"food\",\"title\":\"Cake\"}"},
        {"currency.equivalent",
         "{\"currency\":\"CALD\",\"unit\":\"GBP\",\"value\":\"1\",\"reason\":\"decided\"}"},
        {"request.create", "{\"payee\":\"mill\",\"payer\":\"riverside\",\"currency\":\"CALD\","
                           "\"text\":\"flour\",\"amount\":\"5.00\",\"outside\":\"1.00\"}"},
        {"request.create", "{\"payee\":\"riverside\",\"payer\":\"mill\",\"currency\":\"CALD\","
                           "\"text\":\"bread\",\"amount\":\"3.00\",\"outside\":\"1.00\"}"},
        {"request.create", "{\"payee\":\"commons\",\"payer\":\"riverside\",\"currency\":"
                           "\"CALD\",\"text\":\"a levy\",\"amount\":\"1.00\"}"},

        {"webhook.add", "{\"member\":\"riverside\",\"url\":\"https://1.1.1.1/hook\"}"},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"2.00\","
                         "\"currency\":\"CALD\",\"memo\":\"for the flour\"}"},
    };
    json_t *made;

    for (size_t i = 0; i < COUNT(deeds); i++)
        local(deeds[i].operation, deeds[i].args);
    place_somebody();
    local("preapproval.set", "{\"from\":\"riverside\",\"payee\":\"commons\",\"currency\":\"CALD\","
                             "\"each\":\"1.00\",\"month\":\"2.00\"}");
    local("guarantee.set", "{\"currency\":\"CALD\",\"order\":\"commons:limit,members\","
                           "\"reason\":\"decided\"}");
    local("default.declare", "{\"member\":\"riverside\",\"currency\":\"CALD\","
                             "\"reason\":\"does not pay\"}");
    made = web_local(&node, "token.create",
                     json_pack("{s:s, s:s}", "role", "manager", "member", "mill"));
    snprintf(mill_token, sizeof mill_token, "%s",
             json_string_value(json_object_get(made, "secret")));
    json_decref(made);
}

/* In two days, since nothing is booked in the past. */
static void furnish_pool(void)
{
    static const char *const bookings[] = {
        "{\"resource\":\"studio\",\"from\":\"%s\",\"for\":\"2h\",\"member\":\"riverside\","
        "\"title\":\"tasting\"}",
        "{\"resource\":\"hall\",\"from\":\"%s\",\"for\":\"2h\",\"member\":\"commons\"}"};
    time_t at = (time(NULL) / 3600 + 48) * 3600;
    struct tm utc;
    char text[32];
    char args[256];

    local("resource.add", "{\"resource\":\"studio\",\"host\":\"mill\",\"title\":\"Studio\"}");
    local("resource.add", "{\"resource\":\"hall\",\"host\":\"riverside\",\"title\":\"Hall\"}");
    local("resource.close",
          "{\"resource\":\"studio\",\"from\":\"2229-01-01\",\"reason\":\"paint\"}");
    local("extra.add", "{\"extra\":\"lunch\",\"host\":\"mill\",\"title\":\"Lunch\"}");
    local("extra.price", "{\"extra\":\"lunch\",\"amount\":\"1.00\",\"currency\":\"CALD\","
                         "\"reason\":\"decided\"}");
    gmtime_r(&at, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    for (size_t i = 0; i < COUNT(bookings); i++) {
        snprintf(args, sizeof args, bookings[i], text);
        local("booking.make", args);
    }
    at += 7 * 86400;
    gmtime_r(&at, &utc);
    strftime(text, sizeof text, "%Y-%m-%d", &utc);
    snprintf(args, sizeof args,
             "{\"resource\":\"hall\",\"rule\":\"FREQ=DAILY;COUNT=1\",\"member\":\"riverside\","
             "\"start\":\"%sT09:00\",\"end\":\"%sT11:00\"}",
             text, text);
    local("series.make", args);
    local("feed.create", "{\"member\":\"riverside\"}");
}

/* 1 is riverside's to mill, 2 the fund's to riverside, 3 riverside's for the charge that mill offers. */
static void furnish_standing(void)
{
    local("standing.order", "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"1.00\","
                            "\"currency\":\"CALD\",\"every\":\"week\",\"until_ended\":true}");
    local("standing.order", "{\"from\":\"commons\",\"payee\":\"riverside\",\"amount\":\"1.00\","
                            "\"currency\":\"CALD\",\"every\":\"month\",\"until_ended\":true}");
    local("charge.offer", "{\"member\":\"mill\",\"title\":\"Hosting\",\"amount\":\"2.00\","
                          "\"currency\":\"CALD\",\"every\":\"month\"}");
    local("charge.agree", "{\"id\":1,\"from\":\"riverside\",\"amount\":\"2.00\"}");
    local("chores.run", "{}"); /* what is due is paid now, not while the callers are walked */
}

static bool read_row(const char *line, struct row *row)
{
    int *s = row->status;

    return sscanf(line, "%63s %d %d %d %d %d %d %d %127s %255[^\n]", row->operation, &s[0], &s[1],
                  &s[2], &s[3], &s[4], &s[5], &s[6], row->path, row->body) == 10;
}

static void read_rows(void)
{
    char line[LINE_LENGTH];
    FILE *f = fopen(EXPECTED, "r");

    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#' || line[0] == '\n')
            continue;
        assert_true(row_count < ROWS_MAX);
        if (!read_row(line, &rows[row_count++]))
            fail_msg("%s: this row cannot be read: %s", EXPECTED, line);
    }
    fclose(f);
}

static int start(void **state)
{
    (void)state;
    web_ledger(&node, 0);
    furnish();
    furnish_pool();
    furnish_standing();
    web_start(&node, 0);
    read_rows();
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
static bool is_a_look(const struct row *row)
{
    return strcmp(row->operation, "transfer.memo") == 0;
}

/* What needs no token is nobody's secret: it is answered as every member is. */
static bool is_public(const struct row *row)
{
    return api_operation_named(row->operation)->access & API_NOBODY;
}

/* Ask as the row says; a write that is expected to be accepted is only tried. */
static struct web_response ask(const struct row *row, int caller, bool dry)
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
    static const struct row verify = {.operation = "verify", .path = "/verification", .body = "-"};
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
            print_error("%s: %s has no row\n", EXPECTED, op->name);
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

static void walk(const struct row *row, int caller, int expected)
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
        struct row row;
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
