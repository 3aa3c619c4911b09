/* Many want the last places of a session at once, over HTTP: as many get one as there are, and the file adds up. */
#include "support/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define RACERS 64
#define PLACES 5

static struct web_node node;

struct racer {
    int number; /* its member is m1, m2 … */
    bool waits;
    pthread_barrier_t *line;
    pthread_t thread;
    int status;
    char code[64];
    char state[16];
};

static void *run(void *arg)
{
    struct racer *racer = arg;
    struct client c = {.node = &node, .fd = -1};
    struct web_response r = {0};
    char body[128];

    snprintf(body, sizeof body, "{\"session\":%d,\"member\":\"m%d\",\"wait\":%s}",
             racer->waits ? 2 : 1, racer->number, racer->waits ? "true" : "false");
    pthread_barrier_wait(racer->line);
    do {
        if (!load_ask(&c,
                      &(struct web_request){"POST", "/api/v1/enrolments", node.tokens[TREASURER],
                                            NULL, body},
                      &r))
            break;
        racer->status = r.status;
        web_code(&r, racer->code);
    } while (strcmp(racer->code, "queue_full") == 0);
    if (r.status == 200) {
        json_t *json = web_json(&r);
        snprintf(racer->state, sizeof racer->state, "%s",
                 json_string_value(json_object_get(json, "state")));
        json_decref(json);
    }
    web_clear(&r);
    load_hang_up(&c);
    return NULL;
}

static void race(struct racer racers[RACERS], bool wait)
{
    pthread_barrier_t line;

    pthread_barrier_init(&line, NULL, RACERS);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.number = i + 1, .waits = wait, .line = &line};
        pthread_create(&racers[i].thread, NULL, run, &racers[i]);
    }
    for (int i = 0; i < RACERS; i++)
        pthread_join(racers[i].thread, NULL);
    pthread_barrier_destroy(&line);
}

static json_t *get(const char *path)
{
    struct client c = {.node = &node, .fd = -1};
    struct web_response r = {0};
    json_t *json;

    assert_true(
        load_ask(&c, &(struct web_request){"GET", path, node.tokens[TREASURER], NULL, NULL}, &r));
    assert_int_equal(r.status, 200);
    json = web_json(&r);
    web_clear(&r);
    load_hang_up(&c);
    return json;
}

static void expect(const char *path, const char *key, int want)
{
    json_t *json = get(path);

    assert_int_equal(json_integer_value(json_object_get(json, key)), want);
    json_decref(json);
}

static void as_many_get_a_place_as_there_are(void **state)
{
    struct racer racers[RACERS];
    int won = 0;

    (void)state;
    race(racers, false);
    for (int i = 0; i < RACERS; i++) {
        won += racers[i].status == 200;
        if (racers[i].status != 200)
            assert_string_equal(racers[i].code, "session_full");
    }
    assert_int_equal(won, PLACES);
    expect("/api/v1/sessions/1", "enrolled", PLACES);
    expect("/api/v1/sessions/1", "free", 0);
}

static void the_others_stand_in_one_queue(void **state)
{
    struct racer racers[RACERS];
    int enrolled = 0;
    int pending = 0;

    (void)state;
    race(racers, true);
    for (int i = 0; i < RACERS; i++) {
        enrolled += strcmp(racers[i].state, "enrolled") == 0;
        pending += strcmp(racers[i].state, "pending") == 0;
    }
    assert_int_equal(enrolled, PLACES);
    assert_int_equal(pending, RACERS - PLACES);
    expect("/api/v1/sessions/2", "enrolled", PLACES);
    expect("/api/v1/sessions/2", "waiting", RACERS - PLACES);
}

static void nobody_holds_more_than_a_place(void **state)
{
    json_t *json = get("/api/v1/verification");

    (void)state;
    assert_true(json_is_true(json_object_get(json, "sound")));
    assert_int_equal(json_integer_value(json_object_get(json, "holds")), 2 * PLACES);
    json_decref(json);
}

static int start(void **state)
{
    (void)state;
    web_ledger(&node, RACERS);
    json_decref(web_local(&node, "course.add",
                          json_pack("{s:s, s:s}", "provider", "mill", "title", "Baking")));
    for (int i = 0; i < 2; i++)
        json_decref(web_local(&node, "session.add",
                              json_pack("{s:i, s:s, s:s, s:i, s:s, s:s}", "course", 1, "starts",
                                        "2036-05-05T18:00", "ends", "2036-05-05T20:00", "capacity",
                                        PLACES, "price", "2.00", "currency", "CALD")));
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_get_a_place_as_there_are),
        cmocka_unit_test(the_others_stand_in_one_queue),
        cmocka_unit_test(nobody_holds_more_than_a_place),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
