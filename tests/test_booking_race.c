/* 64 clients race for one slot over HTTP: exactly one has it, and the others learn when it is free. */
#include "support/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#define RACERS 64

static struct web_node node;
static char body[160];

struct racer {
    pthread_barrier_t *line;
    int status;
    char code[64];
    char detail[512];
};

static void *run(void *arg)
{
    struct racer *racer = arg;
    struct client c = {.node = &node, .fd = -1};
    const struct web_request q = {"POST", "/api/v1/resources/studio/bookings", node.tokens[1], NULL,
                                  body};
    struct web_response r = {0};

    pthread_barrier_wait(racer->line);
    do
        assert_true(load_ask(&c, &q, &r));
    while (r.status == 503); /* the queue is full: asked again */
    racer->status = r.status;
    web_code(&r, racer->code);
    snprintf(racer->detail, sizeof racer->detail, "%s", r.body);
    web_clear(&r);
    load_hang_up(&c);
    return NULL;
}

static int64_t count(const char *path, const char *key)
{
    struct client c = {.node = &node, .fd = -1};
    struct web_response r = {0};
    json_t *json;
    int64_t n;

    assert_true(load_ask(&c, &(struct web_request){"GET", path, node.tokens[1], NULL, NULL}, &r));
    assert_int_equal(r.status, 200);
    json = web_json(&r);
    n = json_is_array(json_object_get(json, key))
            ? (int64_t)json_array_size(json_object_get(json, key))
            : json_integer_value(json_object_get(json, key));
    json_decref(json);
    web_clear(&r);
    load_hang_up(&c);
    return n;
}

static void one_of_all_has_the_slot(void **state)
{
    static struct racer racers[RACERS];
    pthread_t threads[RACERS];
    pthread_barrier_t line;
    int won = 0, taken = 0;

    (void)state;
    pthread_barrier_init(&line, NULL, RACERS);
    for (int i = 0; i < RACERS; i++) {
        racers[i].line = &line;
        pthread_create(&threads[i], NULL, run, &racers[i]);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        won += racers[i].status == 200;
        taken += racers[i].status == 409 && strcmp(racers[i].code, "booking_taken") == 0 &&
                 strstr(racers[i].detail, "it is free for as long from 20") != NULL &&
                 strstr(racers[i].detail, "riverside") == NULL;
    }
    pthread_barrier_destroy(&line);
    assert_int_equal(won, 1);
    assert_int_equal(taken, RACERS - 1);
    assert_int_equal(count("/api/v1/bookings?resource=studio", "items"), 1);
    assert_int_equal(count("/api/v1/verification", "holds"), 1);
}

static void furnish(void)
{
    time_t at = (time(NULL) / 3600 + 48) * 3600;
    struct tm utc;
    char text[32];

    json_decref(web_local(
        &node, "resource.add",
        json_pack("{s:s, s:s, s:s}", "resource", "studio", "host", "mill", "title", "Studio")));
    json_decref(
        web_local(&node, "resource.price",
                  json_pack("{s:s, s:s, s:s, s:s, s:s}", "resource", "studio", "amount", "12.00",
                            "currency", "CALD", "unit", "hour", "reason", "decided")));
    gmtime_r(&at, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    snprintf(body, sizeof body, "{\"from\":\"%s\",\"for\":\"2h\",\"member\":\"riverside\"}", text);
}

static int start(void **state)
{
    (void)state;
    web_ledger(&node, 0);
    furnish();
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_of_all_has_the_slot)};

    return cmocka_run_group_tests(tests, start, stop);
}
