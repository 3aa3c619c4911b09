/* Many at once: who may win does, and nobody else; nothing is lost between the queue and the answer. */
#include "support/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RACERS 24
#define UID "0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1b01"
#define PAYMENT(from, to, amount)                                                                  \
    "{\"from\":\"" from "\",\"payee\":\"" to "\",\"amount\":\"" amount "\",\"currency\":\"CALD\"}"
#define LIMITS "{\"floor\":\"%s\",\"ceiling\":\"%s\",\"reason\":\"a race\"}"

static struct web_node node;

/* What all ask at once; racers of odd number ask the second where there is one. */
struct race {
    const char *what;
    const char *paths[2];
    const char *bodies[2];
    const char *key; /* NULL: each asks for itself */
    int tries;       /* of each */
    int won;
    int replayed;
    int refused;
    const char *code; /* of every refusal */
};

struct racer {
    const struct race *race;
    pthread_barrier_t *line;
    int number;
    atomic_int *won, *replayed, *refused, *busy, *strange;
    char answer[1024]; /* to the last that won */
};

static void count(struct racer *racer, const struct web_response *r)
{
    char code[64];

    web_code(r, code);
    if (r->status == 200 && strstr(r->head, "Idempotent-Replay"))
        atomic_fetch_add(racer->replayed, 1);
    else if (r->status == 200)
        atomic_fetch_add(racer->won, 1);
    else if (r->status == 503 && strcmp(code, "queue_full") == 0 &&
             strstr(r->head, "Retry-After: "))
        atomic_fetch_add(racer->busy, 1);
    else if (racer->race->code && strcmp(code, racer->race->code) == 0)
        atomic_fetch_add(racer->refused, 1);
    else
        atomic_fetch_add(racer->strange, 1);
    if (r->status == 200)
        snprintf(racer->answer, sizeof racer->answer, "%s", r->body);
}

static void *run(void *arg)
{
    struct racer *racer = arg;
    const struct race *race = racer->race;
    int odd = racer->number % 2;
    struct client c = {.node = &node, .fd = -1};
    const struct web_request q = {"POST", race->paths[1] && odd ? race->paths[1] : race->paths[0],
                                  node.tokens[1], race->key,
                                  race->bodies[1] && odd ? race->bodies[1] : race->bodies[0]};
    struct web_response r = {0};

    pthread_barrier_wait(racer->line);
    for (int i = 0; i < race->tries; i++) {
        if (load_ask(&c, &q, &r))
            count(racer, &r);
        else
            atomic_fetch_add(racer->strange, 1);
    }
    web_clear(&r);
    load_hang_up(&c);
    return NULL;
}

static void expect_same_answers(const struct racer racers[RACERS])
{
    const char *first = NULL;

    for (int i = 0; i < RACERS; i++) {
        if (racers[i].answer[0] == '\0')
            continue;
        if (first)
            assert_string_equal(racers[i].answer, first);
        first = racers[i].answer;
    }
}

/* Returns how many were told that the queue is full. */
static int hold_race(const struct race *race)
{
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    pthread_barrier_t line;
    atomic_int won = 0, replayed = 0, refused = 0, busy = 0, strange = 0;

    print_message("%s\n", race->what);
    pthread_barrier_init(&line, NULL, RACERS);
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){race, &line, i, &won, &replayed, &refused, &busy, &strange, ""};
        pthread_create(&threads[i], NULL, run, &racers[i]);
    }
    for (int i = 0; i < RACERS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&line);
    assert_int_equal(strange, 0);
    assert_int_equal(won + replayed + refused + busy, RACERS * race->tries);
    if (race->won >= 0) {
        assert_int_equal(won, race->won);
        assert_int_equal(replayed, race->replayed);
        assert_int_equal(refused, race->refused);
    }
    if (race->key)
        expect_same_answers(racers);
    return busy;
}

static json_t *ask(const char *method, const char *path, const char *body)
{
    struct client c = {.node = &node, .fd = -1};
    struct web_response r = {0};
    json_t *json;

    assert_true(load_ask(&c, &(struct web_request){method, path, node.tokens[1], NULL, body}, &r));
    if (r.status != 200)
        fail_msg("%s: %s", path, r.body);
    json = web_json(&r);
    web_clear(&r);
    load_hang_up(&c);
    return json;
}

static void limits(const char *member, const char *floor, const char *ceiling)
{
    char path[64], body[128];

    snprintf(path, sizeof path, "/api/v1/members/%s/accounts/CALD/limits", member);
    snprintf(body, sizeof body, LIMITS, floor, ceiling);
    json_decref(ask("POST", path, body));
}

static void expect_balance(const char *member, const char *balance, const char *reserved_out)
{
    char path[64];

    snprintf(path, sizeof path, "/api/v1/balances?member=%s", member);
    json_t *json = ask("GET", path, NULL);
    const json_t *account = json_array_get(json_object_get(json, "items"), 0);

    assert_string_equal(json_string_value(json_object_get(account, "balance")), balance);
    assert_string_equal(json_string_value(json_object_get(account, "reserved_out")), reserved_out);
    json_decref(json);
}

static int64_t number_in(const char *path, const char *key)
{
    json_t *json = ask("GET", path, NULL);
    int64_t number = json_integer_value(json_object_get(json, key));

    json_decref(json);
    return number;
}

static int64_t made(const char *path, const char *body, const char *key)
{
    json_t *json = ask("POST", path, body);
    int64_t id = json_integer_value(json_object_get(json, key));

    json_decref(json);
    return id;
}

static void expect_sound(void)
{
    json_t *json = ask("GET", "/api/v1/verification", NULL);

    assert_true(json_is_true(json_object_get(json, "sound")));
    json_decref(json);
}

static int start(void **state)
{
    (void)state;
    web_ledger(&node, TALLY_MEMBERS);
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

static void the_last_of_a_payer_s_room(void **state)
{
    (void)state;
    limits("m1", "-10.00", "0.00");
    hold_race(&(struct race){.what = "40 of 72 payments go down to the floor",
                             .paths = {"/api/v1/payments"},
                             .bodies = {PAYMENT("m1", "m2", "0.25"), PAYMENT("m1", "m3", "0.25")},
                             .tries = 3,
                             .won = 40,
                             .refused = RACERS * 3 - 40,
                             .code = "over_limit"});
    expect_balance("m1", "-10.00", "0.00");
}

static void the_last_of_a_payee_s_room(void **state)
{
    (void)state;
    limits("m4", "0.00", "10.00");
    hold_race(&(struct race){.what = "40 of 72 payments go up to the ceiling",
                             .paths = {"/api/v1/payments"},
                             .bodies = {PAYMENT("m5", "m4", "0.25"), PAYMENT("m6", "m4", "0.25")},
                             .tries = 3,
                             .won = 40,
                             .refused = RACERS * 3 - 40,
                             .code = "payee_cannot_take"});
    expect_balance("m4", "10.00", "0.00");
}

#define HOLD                                                                                       \
    "{\"from\":\"m7\",\"payees\":[{\"payee\":\"m8\",\"amount\":\"1.00\"}],\"currency\":\"CALD\"}"

/* Payments and holds draw on the same room. */
static void room_that_is_held_is_not_spent(void **state)
{
    (void)state;
    limits("m7", "-20.00", "0.00");
    hold_race(&(struct race){.what = "holds and payments together take 20",
                             .paths = {"/api/v1/holds", "/api/v1/payments"},
                             .bodies = {HOLD, PAYMENT("m7", "m8", "1.00")},
                             .tries = 2,
                             .won = 20,
                             .refused = RACERS * 2 - 20,
                             .code = "over_limit"});
    json_t *json = ask("GET", "/api/v1/balances?member=m7", NULL);
    const json_t *account = json_array_get(json_object_get(json, "items"), 0);

    assert_string_equal(json_string_value(json_object_get(account, "available")), "0.00");
    json_decref(json);
    limits("m7", "-1000.00", "0.00");
}

static void a_hold_is_resolved_once(void **state)
{
    char capture[64], release[64];
    int64_t id = made("/api/v1/holds", HOLD, "hold");
    int64_t before = number_in("/api/v1/node", "transfers");

    (void)state;
    snprintf(capture, sizeof capture, "/api/v1/holds/%" PRId64 "/capture", id);
    snprintf(release, sizeof release, "/api/v1/holds/%" PRId64 "/release", id);
    hold_race(&(struct race){.what = "one of all captures a hold",
                             .paths = {capture},
                             .bodies = {"{}", "{\"amount\":\"0.40\"}"},
                             .tries = 2,
                             .won = 1,
                             .refused = RACERS * 2 - 1,
                             .code = "already_resolved"});
    assert_int_equal(number_in("/api/v1/node", "transfers"), before + 1);
    id = made("/api/v1/holds", HOLD, "hold");
    snprintf(capture, sizeof capture, "/api/v1/holds/%" PRId64 "/capture", id);
    snprintf(release, sizeof release, "/api/v1/holds/%" PRId64 "/release", id);
    hold_race(&(struct race){.what = "it is captured or released",
                             .paths = {capture, release},
                             .bodies = {"{}"},
                             .tries = 1,
                             .won = 1,
                             .refused = RACERS - 1,
                             .code = "already_resolved"});
}

static void a_payment_is_given_back_once(void **state)
{
    char path[64];
    int64_t id = made("/api/v1/payments", PAYMENT("m2", "m3", "3.00"), "transfer");

    (void)state;
    snprintf(path, sizeof path, "/api/v1/transfers/%" PRId64 "/refunds", id);
    hold_race(&(struct race){.what = "12 quarters of 3.00 are refunded",
                             .paths = {path},
                             .bodies = {"{\"amount\":\"0.25\"}"},
                             .tries = 1,
                             .won = 12,
                             .refused = RACERS - 12,
                             .code = "over_refund"});
    id = made("/api/v1/payments", PAYMENT("m2", "m3", "3.00"), "transfer");
    snprintf(path, sizeof path, "/api/v1/transfers/%" PRId64 "/reversal", id);
    hold_race(&(struct race){.what = "one reversal",
                             .paths = {path},
                             .bodies = {"{\"reason\":\"a race\"}"},
                             .tries = 1,
                             .won = 1,
                             .refused = RACERS - 1,
                             .code = "already_reversed"});
}

#define ASKED                                                                                      \
    "{\"payee\":\"m3\",\"payer\":\"m2\",\"currency\":\"CALD\",\"text\":\"bread\",\"amount\":"      \
    "\"3.00\"}"

static void a_request_is_paid_once(void **state)
{
    char acceptance[64], payments[64];
    int64_t id = made("/api/v1/requests", ASKED, "request");
    int64_t before = number_in("/api/v1/node", "transfers");

    (void)state;
    snprintf(acceptance, sizeof acceptance, "/api/v1/requests/%" PRId64 "/acceptance", id);
    hold_race(&(struct race){.what = "one of all accepts a request",
                             .paths = {acceptance},
                             .bodies = {"{}"},
                             .tries = 2,
                             .won = 1,
                             .refused = RACERS * 2 - 1,
                             .code = "request_paid"});
    assert_int_equal(number_in("/api/v1/node", "transfers"), before + 1);
    id = made("/api/v1/requests", ASKED, "request");
    snprintf(payments, sizeof payments, "/api/v1/requests/%" PRId64 "/payments", id);
    hold_race(&(struct race){.what = "12 quarters of 3.00 are paid",
                             .paths = {payments},
                             .bodies = {"{\"amount\":\"0.25\"}"},
                             .tries = 1,
                             .won = 12,
                             .refused = RACERS - 12,
                             .code = "request_paid"});
}

static void one_uid_is_one_payment(void **state)
{
    int64_t before = number_in("/api/v1/node", "transfers");

    (void)state;
    hold_race(&(struct race){.what = "one is first, all others read its answer",
                             .paths = {"/api/v1/payments"},
                             .bodies = {PAYMENT("m2", "m3", "0.01")},
                             .key = UID,
                             .tries = 3,
                             .won = 1,
                             .replayed = RACERS * 3 - 1});
    assert_int_equal(number_in("/api/v1/node", "transfers"), before + 1);
}

static void one_uid_is_one_content(void **state)
{
    int64_t before = number_in("/api/v1/node", "transfers");

    (void)state;
    hold_race(&(struct race){.what = "the other content is refused",
                             .paths = {"/api/v1/payments"},
                             .bodies = {PAYMENT("m2", "m3", "0.01"), PAYMENT("m2", "m3", "0.02")},
                             .key = "0190d3c2-7c1e-7b6a-9f2e-2f6a6f0c1b02",
                             .tries = 2,
                             .won = 1,
                             .replayed = RACERS - 1,
                             .refused = RACERS,
                             .code = "uid_taken"});
    assert_int_equal(number_in("/api/v1/node", "transfers"), before + 1);
}

/* A queue of one: all are answered, and what was accepted is what is there. */
static void a_flood_loses_no_answer(void **state)
{
    int64_t before;
    int busy;

    (void)state;
    web_stop(&node);
    web_start(&node, 1);
    before = number_in("/api/v1/node", "transfers");
    busy = hold_race(&(struct race){.what = "a flood",
                                    .paths = {"/api/v1/payments"},
                                    .bodies = {PAYMENT("m5", "m6", "0.01")},
                                    .tries = 40,
                                    .won = -1});
    assert_true(busy > 0);
    assert_int_equal(number_in("/api/v1/node", "transfers") - before, RACERS * 40 - busy);
    web_stop(&node);
    web_start(&node, 0);
}

static void all_of_it_is_sound(void **state)
{
    (void)state;
    expect_sound();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_of_a_payer_s_room),
        cmocka_unit_test(the_last_of_a_payee_s_room),
        cmocka_unit_test(room_that_is_held_is_not_spent),
        cmocka_unit_test(a_hold_is_resolved_once),
        cmocka_unit_test(a_payment_is_given_back_once),
        cmocka_unit_test(a_request_is_paid_once),
        cmocka_unit_test(one_uid_is_one_payment),
        cmocka_unit_test(one_uid_is_one_content),
        cmocka_unit_test(a_flood_loses_no_answer),
        cmocka_unit_test(all_of_it_is_sound),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
