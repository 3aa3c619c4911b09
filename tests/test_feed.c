/*
 * A calendar address over HTTP: what it shows to whom, when it ends, and that it is RFC 5545. Of the form
 * python3-icalendar is the judge (tests/ical/read.py).
 */
#include "support/web.h"

#include "api/calendar.h"
#include "api/ical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PARSER "/usr/bin/python3 tests/ical/read.py"
#define PATH_MAX_BYTES 128

static struct web_node node;
static char whole_day[16]; /* three days ahead */

static json_t *local(const char *operation, const char *args)
{
    json_t *json = json_loads(args, 0, NULL);

    assert_non_null(json);
    return web_local(&node, operation, json);
}

static void deed(const char *operation, const char *args)
{
    json_decref(local(operation, args));
}

/* mill's studio; riverside has it three days ahead from nine to eleven, the fund from noon on. */
static int start(void **state)
{
    time_t at = time(NULL) + 3 * 86400;
    struct tm utc;
    char args[400];

    (void)state;
    web_ledger(&node, 0);
    gmtime_r(&at, &utc);
    strftime(whole_day, sizeof whole_day, "%Y-%m-%d", &utc);
    deed("member.add", "{\"handle\":\"commons\",\"name\":\"Commons\",\"kind\":\"fund\"}");
    deed("resource.add",
         "{\"resource\":\"studio\",\"host\":\"mill\",\"title\":\"Studio\",\"zone\":\"UTC\"}");
    snprintf(
        args, sizeof args,
        "{\"resource\":\"studio\",\"from\":\"%sT09:00\",\"for\":\"2h\",\"member\":\"riverside\","
        "\"title\":\"Chor; Probe, sp\xC3\xA4t \\\\ und ein Wort, das die Zeile lang macht: "
        "\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\"}",
        whole_day);
    deed("booking.make", args);
    snprintf(args, sizeof args,
             "{\"resource\":\"studio\",\"from\":\"%sT12:00\",\"for\":\"1h\",\"member\":\"commons\","
             "\"title\":\"secret\"}",
             whole_day);
    deed("booking.make", args);
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

static void ask(const char *method, const char *path, const char *header, struct web_response *r)
{
    char request[512];
    int fd = web_connect(&node);

    snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: n\r\nConnection: close\r\n%s\r\n",
             method, path, header ? header : "");
    assert_true(web_send(fd, request, strlen(request)));
    assert_true(header && strstr(header, "If-None-Match") ? web_receive_head(fd, r)
                                                          : web_receive(fd, r));
    close(fd);
}

/* The address that this role of riverside's (or the node's) is given. */
static int64_t make(const char *token, const char *body, char path[static PATH_MAX_BYTES])
{
    struct web_response r = {0};
    const struct web_request q = {"POST", HTTP_ROOT "/feeds", token, NULL, body};
    int fd = web_connect(&node);

    assert_true(web_ask(fd, &q, &r));
    close(fd);
    if (r.status != 200)
        fail_msg("%d: %s", r.status, r.body);
    json_t *answer = web_json(&r);
    snprintf(path, PATH_MAX_BYTES, "%s", json_string_value(json_object_get(answer, "secret")));
    int64_t id = json_integer_value(json_object_get(answer, "feed"));
    json_decref(answer);
    web_clear(&r);
    return id;
}

static void post(const char *token, const char *path, const char *body)
{
    struct web_response r = {0};
    const struct web_request q = {"POST", path, token, NULL, body};
    int fd = web_connect(&node);

    assert_true(web_ask(fd, &q, &r));
    if (r.status != 200)
        fail_msg("%s: %d: %s", path, r.status, r.body);
    close(fd);
    web_clear(&r);
}

static void get_text(const char *path, struct web_response *r)
{
    ask("GET", path, NULL, r);
    if (r->status != 200)
        fail_msg("%d: %s", r->status, r->body);
    assert_non_null(strstr(r->head, "Content-Type: text/calendar; charset=utf-8"));
}

/* What another reader finds in it: one line an event. */
static void judge(const struct web_response *r, char *lines, size_t room)
{
    char name[] = "/tmp/feed-XXXXXX";
    char command[128];
    int fd = mkstemp(name);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, r->body, r->size), r->size);
    close(fd);
    snprintf(command, sizeof command, PARSER " %s 2>&1", name);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    size_t size = fread(lines, 1, room - 1, out);
    lines[size] = '\0';
    int status = pclose(out);
    unlink(name);
    if (status != 0)
        fail_msg("%s", lines);
}

static void the_parties_read_titles_and_others_that_it_is_taken(void **state)
{
    struct web_response r = {0};
    char path[PATH_MAX_BYTES], lines[4096], want[1024];

    (void)state;
    make(node.tokens[VIEWER], "{\"resource\":\"studio\"}", path);
    get_text(path, &r);
    judge(&r, lines, sizeof lines);
    snprintf(want, sizeof want,
             "%s 09:00-11:00 0 CONFIRMED studio: Chor; Probe, sp\xC3\xA4t \\ und ein Wort, das "
             "die Zeile lang macht: \xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC "
             "(riverside)\n"
             "%s 12:00-13:00 0 CONFIRMED studio: taken\n",
             whole_day, whole_day);
    assert_string_equal(lines, want);
    assert_null(strstr(r.body, "commons"));
    assert_null(strstr(r.body, "secret"));

    make(node.tokens[TRADER], "{}", path);
    get_text(path, &r);
    judge(&r, lines, sizeof lines);
    want[strcspn(want, "\n") + 1] = '\0';
    assert_string_equal(lines, want);

    make(node.tokens[STEWARD], "{\"resource\":\"studio\"}", path);
    get_text(path, &r);
    judge(&r, lines, sizeof lines);
    assert_non_null(strstr(lines, "studio: commons\n"));
    assert_null(strstr(r.body, "secret"));
    web_clear(&r);
}

static void a_cancelled_one_is_shown_as_that_and_keeps_its_name(void **state)
{
    struct web_response before = {0}, after = {0};
    char path[PATH_MAX_BYTES], lines[4096];

    (void)state;
    make(node.tokens[STEWARD], "{\"resource\":\"studio\"}", path);
    get_text(path, &before);
    post(node.tokens[STEWARD], HTTP_ROOT "/bookings/2/cancellation", "{\"reason\":\"ill\"}");
    get_text(path, &after);
    judge(&after, lines, sizeof lines);
    assert_non_null(strstr(lines, "12:00-13:00 1 CANCELLED studio: commons\n"));
    const char *uid = strstr(before.body, "UID:booking-2-");
    char kept[64];
    assert_non_null(uid);
    snprintf(kept, sizeof kept, "%.*s\r\n", (int)strcspn(uid, "\r"), uid);
    assert_non_null(strstr(after.body, kept));
    web_clear(&before);
    web_clear(&after);
}

static void who_has_the_newest_is_told_so(void **state)
{
    struct web_response r = {0};
    char path[PATH_MAX_BYTES], header[128];

    (void)state;
    make(node.tokens[VIEWER], "{}", path);
    get_text(path, &r);
    const char *etag = strstr(r.head, "ETag: ");
    assert_non_null(etag);
    snprintf(header, sizeof header, "If-None-Match: W/%.*s\r\n", (int)strcspn(etag + 6, "\r"),
             etag + 6);
    ask("GET", path, header, &r);
    assert_int_equal(r.status, 304);
    ask("GET", path, "If-None-Match: \"0\"\r\n", &r);
    assert_int_equal(r.status, 200);
    web_clear(&r);
}

static void expect_refusal(const char *method, const char *path, int status, const char *code)
{
    struct web_response r = {0};
    char got[64];

    ask(method, path, NULL, &r);
    if (r.status != status || strcmp(web_code(&r, got), code) != 0)
        fail_msg("%s %s: %d %s", method, path, r.status, got);
    web_clear(&r);
}

#define FORTY_TWO "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void what_is_no_address_is_refused(void **state)
{
    static const char *const paths[] = {
        "/calendar/",
        "/calendar/x.ics",
        "/calendar/clf_" FORTY_TWO "A",
        "/calendar/clf_" FORTY_TWO ".ics",
        "/calendar/clf_" FORTY_TWO "AA.ics",
        "/calendar/clt_" FORTY_TWO "A.ics",
        "/calendar/clf_" FORTY_TWO "%.ics",
        "/calendar/../calendar/clf_" FORTY_TWO "A.ics",
        "/calendar/clf_" FORTY_TWO "A.ics", /* which nobody has */
    };

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        expect_refusal("GET", paths[i], 404, "no_such_feed");
    expect_refusal("POST", "/calendar/clf_" FORTY_TWO "A.ics", 405, "method_not_allowed");
}

static void it_ends_with_its_revocation_and_with_its_token(void **state)
{
    struct web_response r = {0};
    char path[PATH_MAX_BYTES], args[128];

    (void)state;
    int64_t id = make(node.tokens[MANAGER], "{}", path);
    get_text(path, &r);
    snprintf(args, sizeof args, HTTP_ROOT "/feeds/%lld/revocation", (long long)id);
    post(node.tokens[MANAGER], args, "{}");
    expect_refusal("GET", path, 410, "feed_revoked");

    make(node.tokens[TRADER], "{}", path);
    get_text(path, &r);
    post(node.tokens[STEWARD], HTTP_ROOT "/tokens/5/revocation", "{}");
    expect_refusal("GET", path, 410, "feed_revoked");
    web_clear(&r);
}

static void a_calendar_is_not_asked_without_end(void **state)
{
    struct calendar_gate *gate = calendar_gate_new();

    (void)state;
    assert_non_null(gate);
    for (int i = 0; i < CALENDAR_ASKS_MAX; i++)
        assert_true(calendar_gate_admit(gate, "one", 1000));
    assert_false(calendar_gate_admit(gate, "one", 1000));
    assert_true(calendar_gate_admit(gate, "another", 1000));
    assert_false(calendar_gate_admit(gate, "one", 1000 + 59999999));
    assert_true(calendar_gate_admit(gate, "one", 1000 + 60000000));
    calendar_gate_free(gate);
}

static void nobody_waits_for_what_others_ask(void **state)
{
    struct calendar_gate *gate = calendar_gate_new();
    char secret[16];

    (void)state;
    assert_non_null(gate);
    for (int i = 0; i < 20000; i++) {
        snprintf(secret, sizeof secret, "%d", i);
        for (int asked = 0; asked < CALENDAR_ASKS_MAX; asked++)
            assert_true(calendar_gate_admit(gate, secret, 1000 + i));
    }
    calendar_gate_free(gate);
}

static void a_busy_address_is_told_to_wait(void **state)
{
    struct web_response r = {0};
    char path[PATH_MAX_BYTES];

    (void)state;
    make(node.tokens[VIEWER], "{}", path);
    for (int i = 0; i < CALENDAR_ASKS_MAX; i++)
        get_text(path, &r);
    ask("GET", path, NULL, &r);
    assert_int_equal(r.status, 429);
    assert_non_null(strstr(r.head, "Retry-After: 60"));
    web_clear(&r);
}

static void a_long_line_is_folded_between_characters(void **state)
{
    struct ical c = {0};
    char words[400] = "";

    (void)state;
    for (int i = 0; i < 100; i++)
        strcat(words, "\xC3\xA4");
    ical_words(&c, "SUMMARY", words);
    assert_false(c.failed);
    for (const char *line = c.text; *line; line = strstr(line, "\r\n") + 2) {
        assert_in_range(strcspn(line, "\r"), 1, ICAL_LINE_MAX);
        assert_int_not_equal((unsigned char)line[line[0] == ' '] & 0xC0, 0x80);
    }
    free(c.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parties_read_titles_and_others_that_it_is_taken),
        cmocka_unit_test(a_cancelled_one_is_shown_as_that_and_keeps_its_name),
        cmocka_unit_test(who_has_the_newest_is_told_so),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(a_calendar_is_not_asked_without_end),
        cmocka_unit_test(nobody_waits_for_what_others_ask),
        cmocka_unit_test(a_busy_address_is_told_to_wait),
        cmocka_unit_test(a_long_line_is_folded_between_characters),
        cmocka_unit_test(it_ends_with_its_revocation_and_with_its_token),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
