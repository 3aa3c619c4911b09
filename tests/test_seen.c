/* Who reads what of bookings and of who takes part in courses, over HTTP. */
#include "support/web.h"

#include "api/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { MILL = WEB_ROLES, THIRD, CALLERS };

static struct web_node node;
static char secrets[CALLERS - WEB_ROLES][LEDGER_TOKEN_SECRET];

static json_t *local(const char *operation, const char *args)
{
    json_t *json = json_loads(args, 0, NULL);

    assert_non_null(json);
    return web_local(&node, operation, json);
}

static void make_token(int caller, const char *args)
{
    json_t *made = local("token.create", args);

    snprintf(secrets[caller - WEB_ROLES], LEDGER_TOKEN_SECRET, "%s",
             json_string_value(json_object_get(made, "secret")));
    json_decref(made);
}

#define SESSION(course)                                                                            \
    "{\"course\":" course ",\"starts\":\"2035-05-05T18:00\",\"ends\":\"2035-05-05T20:00\","        \
    "\"capacity\":5}"

/*
 * riverside has mill's room (booking 1) and teaches (session 1), where mill takes part by another name (enrolment 1);
 * mill teaches too (session 2), and nobody comes.
 */
static int start(void **state)
{
    static const struct {
        const char *operation;
        const char *args;
    } deeds[] = {
        {"resource.add", "{\"resource\":\"studio\",\"host\":\"mill\",\"title\":\"Studio\"}"},
        {"booking.make", "{\"resource\":\"studio\",\"from\":\"%sT09:00\",\"for\":\"2h\","
                         "\"member\":\"riverside\",\"title\":\"a strike\"}"},
        {"course.add", "{\"provider\":\"riverside\",\"title\":\"Bread\"}"},
        {"course.add", "{\"provider\":\"mill\",\"title\":\"Flour\"}"},
        {"session.add", SESSION("1")},
        {"session.add", SESSION("2")},
        {"enrolment.add", "{\"session\":1,\"member\":\"mill\",\"name\":\"A friend\","
                          "\"note\":\"no nuts\"}"},
    };
    time_t at = time(NULL) + 3 * 86400;
    struct tm utc;
    char day[16], args[400];

    (void)state;
    web_ledger(&node, 1);
    gmtime_r(&at, &utc);
    strftime(day, sizeof day, "%Y-%m-%d", &utc);
    for (size_t i = 0; i < COUNT(deeds); i++) {
        const char *mark = strstr(deeds[i].args, "%s");
        size_t before = mark ? (size_t)(mark - deeds[i].args) : strlen(deeds[i].args);
        snprintf(args, sizeof args, "%.*s%s%s", (int)before, deeds[i].args, mark ? day : "",
                 mark ? mark + 2 : "");
        json_decref(local(deeds[i].operation, args));
    }
    make_token(MILL, "{\"role\":\"viewer\",\"member\":\"mill\"}");
    make_token(THIRD, "{\"role\":\"viewer\",\"member\":\"m1\"}");
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

/* The whole answer as one text. */
static char *get(int caller, const char *path)
{
    const char *token = caller < WEB_ROLES ? node.tokens[caller] : secrets[caller - WEB_ROLES];
    struct web_response r = {0};
    char full[256];
    int fd = web_connect(&node);

    snprintf(full, sizeof full, HTTP_ROOT "%s", path);
    assert_true(web_ask(fd, &(struct web_request){"GET", full, token, NULL, NULL}, &r));
    json_t *body = web_json(&r);
    char *text = json_dumps(body, JSON_SORT_KEYS);
    json_decref(body);
    web_clear(&r);
    close(fd);
    return text;
}

#define ROOM "/bookings?resource=studio"
#define COMERS "/enrolments?session=1"

/* clang-format off */
static const struct look {
    const char *what;
    int caller;
    const char *path;
    const char *shows;
    const char *hides;
} looks[] = {
    {"who booked reads what it is for",    VIEWER,    ROOM,               "\"title\": \"a strike\"",   "taken"},
    {"and so does the host",               MILL,      ROOM,               "\"title\": \"a strike\"",   "taken"},
    {"and a steward",                      STEWARD,   ROOM,               "\"title\": \"a strike\"",   "taken"},
    {"a treasurer reads who pays",         TREASURER, ROOM,               "\"member\": \"riverside\"", "strike"},
    {"and an auditor",                     AUDITOR,   "/bookings/1",      "\"member\": \"riverside\"", "strike"},
    {"others read that it is taken",       THIRD,     ROOM,               "\"state\": \"taken\"",      "riverside"},
    {"and nothing of the booking itself",  THIRD,     "/bookings/1",      "no_such_booking",           "riverside"},
    {"who teaches reads who comes",        VIEWER,    COMERS,             "\"name\": \"A friend\"",    "mill"},
    {"what was noted for it, too",         VIEWER,    COMERS,             "\"note\": \"no nuts\"",     "mill"},
    {"and tries no names on it",           VIEWER,    COMERS "&member=mill", "not_allowed",            "friend"},
    {"nor as the provider of all",         VIEWER,    "/enrolments?provider=riverside&member=mill", "not_allowed", "friend"},
    {"who comes reads its own",            MILL,      COMERS,             "\"member\": \"mill\"",      "riverside"},
    {"a treasurer reads no assumed name",  TREASURER, COMERS,             "\"member\": \"mill\"",      "friend"},
    {"others read of nobody",              THIRD,     COMERS,             "\"items\": []",             "mill"},
    {"and nothing of an enrolment",        THIRD,     "/enrolments/1",    "no_such_enrolment",         "mill"},
    {"where nobody comes there is nobody", MILL,      "/enrolments?session=2", "\"items\": []",        "friend"},
    {"there is no such session",           VIEWER,    "/enrolments?session=9", "no_such_session",        "mill"},
    {"nor for the node",                   AUDITOR,   "/enrolments?session=9", "no_such_session",        "mill"},
};
/* clang-format on */

static void each_sees_what_is_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(looks); i++) {
        char *text = get(looks[i].caller, looks[i].path);
        if (!strstr(text, looks[i].shows) || strstr(text, looks[i].hides))
            fail_msg("%s: %s", looks[i].what, text);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_sees_what_is_its_own)};

    return cmocka_run_group_tests(tests, start, stop);
}
