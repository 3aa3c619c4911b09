/* One request and several people who may end it, at once and over HTTP: one of them does, and the others learn how it ended. */
#include "support/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 25
#define PEOPLE_MAX 4
#define ASKED                                                                                      \
    "{\"payee\":\"m3\",\"payer\":\"m2\",\"currency\":\"CALD\",\"text\":\"bread\",\"amount\":"      \
    "\"3.00\"}"

/* Whose tokens: two people of the payer's, one of the payee's, and who keeps the node. */
enum who { ANA, BEN, ASKER, KEEPER, OTHER_KEEPER, EVERYBODY };

static struct web_node node;
static char secrets[EVERYBODY][LEDGER_TOKEN_SECRET];

/* How it may end: what is left open then, and what whoever came too late is told. */
struct deed {
    const char *path;
    const char *body;
    int64_t paid_minor; /* by a transfer */
    const char *late;
};

static const struct deed accepts = {"acceptance", "{}", 300, "request_paid"};
static const struct deed pays_most = {"payments", "{\"amount\":\"2.00\"}", 200, "over_request"};
static const struct deed declines = {"refusal", "{\"reason\":\"not ours\"}", 0, "request_over"};
static const struct deed withdraws = {"withdrawal", "{\"reason\":\"a slip\"}", 0, "request_over"};

struct person {
    enum who who;
    const struct deed *deed;
};

struct race {
    const char *what;
    struct person people[PEOPLE_MAX];
    int count;
};

static const struct race races[] = {
    {"two people of the payer's accept it", {{ANA, &accepts}, {BEN, &accepts}}, 2},
    {"one of them, and the node's keeper for it", {{BEN, &accepts}, {KEEPER, &accepts}}, 2},
    {"all who may",
     {{ANA, &accepts}, {KEEPER, &accepts}, {BEN, &accepts}, {OTHER_KEEPER, &accepts}},
     4},
    {"two parts that are more than the whole", {{ANA, &pays_most}, {BEN, &pays_most}}, 2},
    {"one accepts, the other declines", {{ANA, &accepts}, {BEN, &declines}}, 2},
    {"the payer accepts, the payee withdraws", {{ANA, &accepts}, {ASKER, &withdraws}}, 2},
};

struct racer {
    const struct person *person;
    pthread_barrier_t *line;
    struct client client;
    char path[64];
    int64_t sent_ns, heard_ns;
    int status;
    char code[64];
    pthread_t thread;
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void *run(void *arg)
{
    struct racer *racer = arg;
    const struct web_request q = {"POST", racer->path, secrets[racer->person->who], NULL,
                                  racer->person->deed->body};
    struct web_response r = {0};

    pthread_barrier_wait(racer->line);
    racer->sent_ns = now_ns();
    if (load_ask(&racer->client, &q, &r))
        racer->status = r.status;
    racer->heard_ns = now_ns();
    web_code(&r, racer->code);
    web_clear(&r);
    return NULL;
}

static json_t *ask(const char *method, const char *path, const char *body)
{
    struct client c = {.node = &node, .fd = -1};
    struct web_response r = {0};
    json_t *json;

    assert_true(
        load_ask(&c, &(struct web_request){method, path, node.tokens[STEWARD], NULL, body}, &r));
    if (r.status != 200)
        fail_msg("%s: %s", path, r.body);
    json = web_json(&r);
    web_clear(&r);
    load_hang_up(&c);
    return json;
}

static int64_t number_in(const char *method, const char *path, const char *body, const char *key)
{
    json_t *json = ask(method, path, body);
    int64_t number = json_integer_value(json_object_get(json, key));

    json_decref(json);
    return number;
}

static void start_all(struct racer *racers, const struct race *race, int64_t request_id)
{
    static pthread_barrier_t line;

    pthread_barrier_init(&line, NULL, (unsigned)race->count);
    for (int i = 0; i < race->count; i++) {
        struct racer *racer = &racers[i];

        racer->person = &race->people[i];
        racer->line = &line;
        racer->status = 0;
        snprintf(racer->path, sizeof racer->path, "/api/v1/requests/%" PRId64 "/%s", request_id,
                 racer->person->deed->path);
        pthread_create(&racer->thread, NULL, run, racer);
    }
    for (int i = 0; i < race->count; i++)
        pthread_join(racers[i].thread, NULL);
    pthread_barrier_destroy(&line);
}

static const struct racer *the_winner(const struct racer *racers, int count)
{
    const struct racer *winner = NULL;

    for (int i = 0; i < count; i++) {
        if (racers[i].status != 200)
            continue;
        assert_null(winner);
        winner = &racers[i];
    }
    assert_non_null(winner);
    return winner;
}

/* Was the last asked before the first was answered? */
static bool met(const struct racer *racers, int count)
{
    int64_t sent_ns = racers[0].sent_ns;
    int64_t heard_ns = racers[0].heard_ns;

    for (int i = 1; i < count; i++) {
        sent_ns = racers[i].sent_ns > sent_ns ? racers[i].sent_ns : sent_ns;
        heard_ns = racers[i].heard_ns < heard_ns ? racers[i].heard_ns : heard_ns;
    }
    return sent_ns < heard_ns;
}

/* What came too late is told by how it ended, not by what was asked. */
static void expect_refused(const struct racer *racers, int count, const struct racer *winner)
{
    for (int i = 0; i < count; i++) {
        if (&racers[i] == winner)
            continue;
        assert_int_equal(racers[i].status, 409);
        assert_string_equal(racers[i].code, winner->person->deed->late);
    }
}

/* One event, and the transfer that it says, where it was paid. */
static void expect_ended_by(int64_t request_id, const struct racer *winner, int64_t transfers)
{
    int64_t paid_minor = winner->person->deed->paid_minor;
    char path[64];

    snprintf(path, sizeof path, "/api/v1/requests/%" PRId64 "/history", request_id);
    json_t *json = ask("GET", path, NULL);
    const json_t *events = json_object_get(json, "items");
    const json_t *transfer = json_object_get(json_array_get(events, 0), "transfer");

    assert_int_equal(json_array_size(events), 1);
    assert_int_equal(json_is_integer(transfer), paid_minor > 0);
    assert_int_equal(number_in("GET", "/api/v1/node", NULL, "transfers"),
                     transfers + (paid_minor > 0));
    json_decref(json);
}

static int64_t balance_minor(const char *member)
{
    char path[64];

    snprintf(path, sizeof path, "/api/v1/balances?member=%s", member);
    json_t *json = ask("GET", path, NULL);
    const json_t *account = json_array_get(json_object_get(json, "items"), 0);
    const char *balance = json_string_value(json_object_get(account, "balance"));
    int64_t minor = balance ? tally_minor(balance) : 0;

    json_decref(json);
    return minor;
}

static int64_t hold_round(struct racer *racers, const struct race *race, int *met_count)
{
    int64_t id = number_in("POST", "/api/v1/requests", ASKED, "request");
    int64_t transfers = number_in("GET", "/api/v1/node", NULL, "transfers");
    const struct racer *winner;

    start_all(racers, race, id);
    winner = the_winner(racers, race->count);
    expect_refused(racers, race->count, winner);
    expect_ended_by(id, winner, transfers);
    *met_count += met(racers, race->count);
    return winner->person->deed->paid_minor;
}

static void give_token(enum who who, const char *role, const char *member)
{
    json_t *args = json_pack("{s:s, s:s*}", "role", role, "member", member);
    char *body = json_dumps(args, JSON_COMPACT);
    json_t *out = ask("POST", "/api/v1/tokens", body);

    snprintf(secrets[who], sizeof secrets[who], "%s",
             json_string_value(json_object_get(out, "secret")));
    json_decref(args);
    json_decref(out);
    free(body);
}

/* New ones: a member's token may be refused AUTH_ATTEMPTS_MAX times a minute. */
static void give_tokens(void)
{
    give_token(ANA, "manager", "m2");
    give_token(BEN, "trader", "m2");
    give_token(ASKER, "manager", "m3");
    give_token(KEEPER, "treasurer", NULL);
    give_token(OTHER_KEEPER, "steward", NULL);
}

static void hold_race(const struct race *race)
{
    static struct racer racers[PEOPLE_MAX];
    int64_t before_minor = balance_minor("m2");
    int64_t paid_minor = 0;
    int met_count = 0;

    print_message("%s\n", race->what);
    give_tokens();
    for (int i = 0; i < race->count; i++)
        racers[i].client = (struct client){.node = &node, .fd = -1};
    for (int i = 0; i < ROUNDS; i++)
        paid_minor += hold_round(racers, race, &met_count);
    for (int i = 0; i < race->count; i++)
        load_hang_up(&racers[i].client);
    assert_int_equal(balance_minor("m2"), before_minor - paid_minor);
    print_message("  met in %d of %d rounds\n", met_count, ROUNDS);
    assert_true(met_count > 0);
}

static void one_of_all_ends_a_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof races / sizeof races[0]; i++)
        hold_race(&races[i]);
}

static void all_of_it_is_sound(void **state)
{
    json_t *json = ask("GET", "/api/v1/verification", NULL);

    (void)state;
    assert_true(json_is_true(json_object_get(json, "sound")));
    json_decref(json);
}

static int start(void **state)
{
    (void)state;
    web_ledger(&node, 3);
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
        cmocka_unit_test(one_of_all_ends_a_request),
        cmocka_unit_test(all_of_it_is_sound),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
