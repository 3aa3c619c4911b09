#include "tale.h"

#include "chance.h"

#include "api/args.h"
#include "api/run.h"
#include "ledger/chores.h"
#include "ledger/handle.h"
#include "ledger/store/sqlite.h"
#include "ledger/verify.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS 8
#define CALLS_MAX 8 /* in a group */
#define SECOND_US INT64_C(1000000)

/* --- what is asked ----------------------------------------------------------------------------- */

static json_t *handle(struct chance *c)
{
    char name[32];

    snprintf(name, sizeof name, "m%d", (int)chance_below(c, MEMBERS));
    return json_string(name);
}

static json_t *amount(struct chance *c)
{
    char text[32];

    snprintf(text, sizeof text, "%d.%02d", (int)chance_below(c, 60), (int)chance_below(c, 100));
    return json_string(text);
}

static json_t *memo(struct chance *c)
{
    char text[401];
    size_t size = (size_t)chance_below(c, chance_one_in(c, 5) ? 400 : 20);

    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + chance_below(c, 26));
    text[size] = '\0';
    return json_string(text);
}

/* One of those there may be by now; not always is. */
static json_t *id(struct chance *c, int call)
{
    return json_integer(1 + chance_below(c, call / 6 + 2));
}

static json_t *pay(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:o, s:o, s:o, s:s, s:o}", "from", handle(c), "payee", handle(c), "amount",
                     amount(c), "currency", "CALD", "memo", memo(c));
}

static json_t *batch(struct chance *c, int call)
{
    json_t *items = json_array();
    int n = 1 + (int)chance_below(c, 12);

    (void)call;
    for (int i = 0; i < n; i++)
        json_array_append_new(items, json_pack("{s:o, s:o, s:o, s:o}", "from", handle(c), "to",
                                               handle(c), "amount", amount(c), "memo", memo(c)));
    return json_pack("{s:o, s:s, s:b}", "items", items, "currency", "CALD", "each",
                     (int)chance_below(c, 2));
}

static json_t *post(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}], s:o}", "legs", "account", "m0:CALD",
                     "amount", "-3.00", "account", "m1:CALD", "amount", "2.00", "account",
                     "m2:CALD", "amount", "1.00", "memo", memo(c));
}

static json_t *place(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:o, s:[{s:o, s:o}], s:s, s:s, s:o}", "from", handle(c), "payees", "payee",
                     handle(c), "amount", amount(c), "currency", "CALD", "expires_in",
                     chance_one_in(c, 3) ? "1m" : "24h", "memo", memo(c));
}

static json_t *numbered(struct chance *c, int call)
{
    return json_pack("{s:o}", "id", id(c, call));
}

static json_t *numbered_why(struct chance *c, int call)
{
    return json_pack("{s:o, s:s}", "id", id(c, call), "reason", "because");
}

static json_t *limit(struct chance *c, int call)
{
    char floor[32];

    (void)call;
    snprintf(floor, sizeof floor, "-%d.00", 100 + (int)chance_below(c, 900));
    return json_pack("{s:o, s:s, s:s, s:s, s:s}", "member", handle(c), "currency", "CALD", "floor",
                     floor, "ceiling", "2000.00", "reason", "because");
}

static json_t *member(struct chance *c, int call)
{
    char name[32];

    snprintf(name, sizeof name, "n%d", call);
    return json_pack("{s:s, s:o, s:s}", "handle", name, "name", memo(c), "sector", "food");
}

static json_t *member_why(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:o, s:s}", "member", handle(c), "reason", "because");
}

static json_t *token(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:s, s:o}", "role", "auditor", "label", memo(c));
}

static json_t *grant(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:s, s:o, s:o, s:s, s:s, s:o}", "fund", "fund", "member", handle(c),
                     "amount", amount(c), "currency", "TRAIN", "expires",
                     chance_one_in(c, 2) ? "2026-03-31" : "2026-06-30", "purpose", memo(c));
}

/* The first two are providers. */
static json_t *learn(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:o, s:s, s:o, s:s, s:o}", "from", handle(c), "payee",
                     chance_one_in(c, 2) ? "m0" : "m1", "amount", amount(c), "currency", "TRAIN",
                     "memo", memo(c));
}

static json_t *place_learning(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:o, s:[{s:s, s:o}], s:s, s:s}", "from", handle(c), "payees", "payee", "m0",
                     "amount", amount(c), "currency", "TRAIN", "expires_in",
                     chance_one_in(c, 3) ? "1m" : "24h");
}

/* Due today, and paid by the next chores. */
static json_t *order(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:o, s:o, s:o, s:s, s:s, s:b, s:o}", "from", handle(c), "payee", handle(c),
                     "amount", amount(c), "currency", "CALD", "every", "week", "until_ended", 1,
                     "memo", memo(c));
}

static json_t *ask_for(struct chance *c, int call)
{
    (void)call;
    return json_pack("{s:o, s:o, s:o, s:s, s:s}", "payee", handle(c), "payer", handle(c), "amount",
                     amount(c), "currency", "CALD", "text", "bread");
}

/* Of the few that there are. */
static json_t *part(struct chance *c, int call)
{
    return json_pack("{s:I, s:s}", "id", (json_int_t)(1 + chance_below(c, call / 40 + 1)), "amount",
                     "0.50");
}

static json_t *instalments(struct chance *c, int call)
{
    return json_pack("{s:I, s:i, s:s}", "id", (json_int_t)(1 + chance_below(c, call / 40 + 1)),
                     "count", 3, "every", "month");
}

static json_t *one_of_few(struct chance *c, int call)
{
    return json_pack("{s:I}", "id", (json_int_t)(1 + chance_below(c, call / 40 + 1)));
}

static const struct tale_call {
    const char *operation;
    int weight;
    json_t *(*args)(struct chance *c, int call);
} calls[] = {
    {"transfer.pay", 40, pay},
    {"transfer.batch", 6, batch},
    {"transfer.post", 4, post},
    {"hold.place", 12, place},
    {"hold.capture", 8, numbered},
    {"hold.release", 3, numbered},
    {"transfer.refund", 4, numbered},
    {"transfer.reverse", 3, numbered_why},
    {"transfer.erase", 2, numbered_why},
    {"account.limit", 6, limit},
    {"member.add", 6, member},
    {"member.suspend", 1, member_why},
    {"member.activate", 2, member_why},
    {"token.create", 3, token},
    {"credits.grant", 8, grant},
    {"transfer.pay", 8, learn},
    {"hold.place", 4, place_learning},
    {"standing.order", 5, order},
    {"standing.retry", 1, one_of_few},
    {"standing.end", 1, one_of_few},
    {"request.create", 4, ask_for},
    {"request.pay", 4, part},
    {"standing.instalments", 2, instalments},
};

#define CALLS (sizeof calls / sizeof calls[0])

static const struct tale_call *draw_call(struct chance *c)
{
    int64_t sum = 0;
    size_t i = 0;

    for (size_t k = 0; k < CALLS; k++)
        sum += calls[k].weight;
    for (int64_t at = chance_below(c, sum); at >= calls[i].weight; i++)
        at -= calls[i].weight;
    return &calls[i];
}

static void prepare(struct tale *t, int number, struct api_call *call)
{
    struct chance c = {t->seed ^ (uint64_t)(number + 1) * UINT64_C(0xD1B54A32D192ED03)};
    const struct tale_call *kind = draw_call(&c);

    api_call_init(call, api_operation_named(kind->operation));
    json_decref(call->args);
    call->args = kind->args(&c, number);
    api_call_as_local(call, "test");
    call->has_uid = true;
    chance_fill(&c, call->uid.bytes, sizeof call->uid.bytes);
    t->clock.seed = chance_next(&c);
    t->clock.now_us = region_day("2026-03-02") * LEDGER_US_PER_DAY + number * 20 * SECOND_US;
}

/* --- told --------------------------------------------------------------------------------------- */

static enum ledger_status tell(struct tale *t, int number, bool *erased)
{
    struct api_call call;
    json_t *out = NULL;

    prepare(t, number, &call);
    enum ledger_status st = api_run_write(t->l, &call, &out);
    *erased |= st == LEDGER_OK && call.erased;
    t->known += call.replayed;
    json_decref(out);
    api_call_clear(&call);
    return ledger_status_is_fault(st) ? st : LEDGER_OK;
}

static int64_t end_of_group(int g)
{
    return region_day("2026-03-02") * LEDGER_US_PER_DAY + (g + 1) * CALLS_MAX * 20 * SECOND_US - 1;
}

static enum ledger_status sweep(struct tale *t, int g)
{
    int64_t n;

    t->clock.now_us = end_of_group(g);
    return ledger_chores_run(t->l, t->clock.now_us, &n);
}

static enum ledger_status tell_all(struct tale *t, int g, bool *erased)
{
    struct chance c = {t->seed + (uint64_t)g};
    int n = 1 + (int)chance_below(&c, CALLS_MAX);
    enum ledger_status st = ledger_begin_write(t->l);

    for (int i = 0; i < n && st == LEDGER_OK; i++)
        st = tell(t, g * CALLS_MAX + i, erased);
    if (st == LEDGER_OK && g % 5 == 4)
        st = sweep(t, g);
    return st == LEDGER_OK ? ledger_commit(t->l) : st;
}

enum ledger_status tale_group(struct tale *t, int g)
{
    bool erased = false;

    t->known = 0;
    t->broken = false;
    enum ledger_status st = tell_all(t, g, &erased);
    if (st != LEDGER_OK)
        ledger_rollback(t->l);
    else if (erased)
        t->broken = ledger_checkpoint(t->l, true) == LEDGER_STORE_BROKEN;
    return st;
}

static const struct {
    const char *operation;
    const char *args;
} questions[] = {
    {"balance", "{}"},          {"statement", "{\"member\": \"m1\", \"currency\": \"CALD\"}"},
    {"hold.list", "{}"},        {"member.list", "{}"},
    {"credits.warnings", "{}"}, {"standing.list", "{\"all\": true}"},
};

static enum ledger_status ask(struct ledger *l, const char *operation, const char *args, char **out)
{
    struct api_call call;
    json_t *answer = NULL;

    api_call_init(&call, api_operation_named(operation));
    json_decref(call.args);
    call.args = json_loads(args, 0, NULL);
    api_call_as_local(&call, "test");
    enum ledger_status st = api_run_read(l, &call, &answer);
    *out = st == LEDGER_OK ? json_dumps(answer, JSON_SORT_KEYS) : NULL;
    json_decref(answer);
    api_call_clear(&call);
    return st;
}

enum ledger_status tale_ask(struct tale *t, int g, unsigned char answers[TALE_DIGEST])
{
    crypto_generichash_state state;
    enum ledger_status st = LEDGER_OK;
    char *one;

    t->clock.now_us = end_of_group(g);
    crypto_generichash_init(&state, NULL, 0, TALE_DIGEST);
    for (size_t i = 0; i < sizeof questions / sizeof questions[0] && st == LEDGER_OK; i++) {
        st = ask(t->l, questions[i].operation, questions[i].args, &one);
        if (!ledger_status_is_fault(st))
            st = LEDGER_OK; /* a refusal is an answer, too */
        if (one)
            crypto_generichash_update(&state, (const unsigned char *)one, strlen(one));
        free(one);
    }
    crypto_generichash_final(&state, answers, TALE_DIGEST);
    return st;
}

/* --- made, opened, looked at -------------------------------------------------------------------- */

static void found(struct ledger *l, const char *operation, json_t *args)
{
    struct api_call call;
    json_t *out = NULL;

    api_call_init(&call, api_operation_named(operation));
    json_decref(call.args);
    call.args = args;
    api_call_as_local(&call, "test");
    if (api_run(l, &call, &out) != LEDGER_OK)
        fail_msg("%s: %s", operation, call.problem.detail);
    json_decref(out);
    api_call_clear(&call);
}

void tale_make(const char *path)
{
    struct test_clock clock = {region_day("2026-03-01") * LEDGER_US_PER_DAY, 1};
    struct ledger_env env = test_env(&clock);
    struct ledger *l;
    char name[32];

    if (ledger_create(path, "Test", "Europe/London", &env, &l) != LEDGER_OK)
        fail_msg("%s: %s", path, ledger_message(l));
    found(l, "currency.add",
          json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", "CALD", "name", "Calder", "kind", "money",
                    "floor", "-500.00", "ceiling", "500.00"));
    for (int i = 0; i < MEMBERS; i++) {
        snprintf(name, sizeof name, "m%d", i);
        found(l, "member.add", json_pack("{s:s, s:s}", "handle", name, "name", name));
    }
    found(l, "currency.add",
          json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", "TRAIN", "name", "Training", "kind",
                    "training", "floor", "-5000.00", "ceiling", "500.00"));
    found(l, "member.add",
          json_pack("{s:s, s:s, s:s}", "handle", "fund", "name", "fund", "kind", "fund"));
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "m%d", i);
        found(l, "provider.add", json_pack("{s:s, s:s}", "member", name, "reason", "teaches"));
    }
    ledger_close(l);
}

enum ledger_status tale_open(struct tale *t)
{
    const struct ledger_options options = {
        .write = true, .holder = "test", .log_pages = t->log_pages};
    struct ledger_env env = test_env(&t->clock);

    return ledger_open(t->path, &options, &env, &t->l);
}

void tale_close(struct tale *t)
{
    ledger_close(t->l);
    t->l = NULL;
}

static bool add_table(sqlite3 *db, const char *table, crypto_generichash_state *state)
{
    char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

    crypto_generichash_update(state, (const unsigned char *)table, strlen(table) + 1);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            int head[2] = {sqlite3_column_type(stmt, i), 0};
            const void *bytes = sqlite3_column_blob(stmt, i);
            head[1] = sqlite3_column_bytes(stmt, i);
            crypto_generichash_update(state, (const unsigned char *)head, sizeof head);
            if (head[1] > 0)
                crypto_generichash_update(state, bytes, (size_t)head[1]);
        }
        rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
    return rc == SQLITE_DONE;
}

bool tale_digest(struct tale *t, unsigned char digest[TALE_DIGEST])
{
    sqlite3 *db = t->l->store->db;
    sqlite3_stmt *stmt = NULL;
    crypto_generichash_state state;
    int rc = sqlite3_prepare_v2(
        db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1, &stmt, NULL);

    crypto_generichash_init(&state, NULL, 0, TALE_DIGEST);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
        rc = add_table(db, (const char *)sqlite3_column_text(stmt, 0), &state) ? SQLITE_OK
                                                                               : SQLITE_ERROR;
    sqlite3_finalize(stmt);
    crypto_generichash_final(&state, digest, TALE_DIGEST);
    return rc == SQLITE_DONE;
}

static void ask_sqlite(const char *path, const char *what)
{
    sqlite3 *db;
    sqlite3_stmt *stmt = NULL;
    const char *found_text = "cannot be opened";

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, "unix") == SQLITE_OK &&
        sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        found_text = (const char *)sqlite3_column_text(stmt, 0);
    if (strcmp(found_text, "ok") != 0)
        fail_msg("%s: SQLite says: %s", what, found_text);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

void tale_must_be_sound(const char *path, const char *what)
{
    const struct ledger_options options = {.holder = "test"};
    struct test_clock clock = {region_day("2026-03-09") * LEDGER_US_PER_DAY, 1};
    struct ledger_env env = test_env(&clock);
    struct ledger_verification v;
    struct ledger *l;
    enum ledger_status st = ledger_open(path, &options, &env, &l);

    if (st == LEDGER_OK)
        st = ledger_begin_read(l);
    if (st == LEDGER_OK)
        st = ledger_verify(l, NULL, NULL, &v);
    if (st != LEDGER_OK)
        fail_msg("%s: %s: %s", what, ledger_status_facts(st)->code, l ? ledger_message(l) : "");
    ledger_close(l);
    ask_sqlite(path, what);
}
