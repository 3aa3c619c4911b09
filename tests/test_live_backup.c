/* A backup that is made under load is a sound ledger of one moment. */
#include "support/load.h"

#include "api/run.h"
#include "ledger/account.h"
#include "ledger/backup.h"
#include "ledger/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COPIES 4
#define BETWEEN_US 150000

struct copy {
    char path[100];
    struct ledger_verification v;
    int64_t answered; /* transfers that were there before it began */
};

static struct web_node node;

static int64_t transfers_now(void)
{
    struct client c = {.node = &node, .fd = -1};
    struct web_response r = {0};
    json_t *json;
    int64_t transfers;

    assert_true(
        load_ask(&c, &(struct web_request){"GET", "/api/v1/node", node.tokens[1], NULL, NULL}, &r));
    json = web_json(&r);
    transfers = json_integer_value(json_object_get(json, "transfers"));
    json_decref(json);
    web_clear(&r);
    load_hang_up(&c);
    return transfers;
}

static void make(struct copy *c, int number)
{
    char message[LEDGER_MESSAGE_MAX] = "";

    snprintf(c->path, sizeof c->path, "%s/copy%d.db", node.dir, number);
    c->answered = transfers_now();
    if (ledger_backup(node.path, c->path, &api_env, &c->v, message) != LEDGER_OK)
        fail_msg("backup: %s", message);
}

/* The last transfer that an accepted write posted; 0 for one that posts none. */
static int64_t last_of(const struct write *w)
{
    json_t *answer;
    int64_t id;

    if (w->state != WRITE_ACCEPTED ||
        (w->kind != WRITE_PAY && w->kind != WRITE_CAPTURE && w->kind != WRITE_BATCH))
        return 0;
    answer = json_loads(w->answer, 0, NULL);
    id = json_integer_value(json_object_get(answer, w->kind == WRITE_BATCH ? "last" : "transfer"));
    json_decref(answer);
    return id;
}

static void sum_up_to(const struct client clients[LOAD_THREADS], int64_t last, struct tally *t)
{
    *t = (struct tally){0};
    for (int i = 0; i < LOAD_THREADS; i++)
        for (size_t n = 0; n < clients[i].count; n++) {
            int64_t id = last_of(&clients[i].writes[n]);

            if (id > 0 && id <= last)
                tally_add(t, &clients[i].writes[n]);
        }
}

static enum ledger_status note_balance(void *ctx, const struct ledger_account *a)
{
    struct tally *t = ctx;

    t->balance_minor[atoi(a->handle + 1)] = a->balance_minor;
    return LEDGER_OK;
}

static void read_balances(const char *path, struct tally *t)
{
    const struct ledger_options options = {0};
    const struct ledger_account_filter all = {.limit = 100};
    struct ledger *l;

    *t = (struct tally){0};
    assert_int_equal(ledger_open(path, &options, &api_env, &l), LEDGER_OK);
    assert_int_equal(ledger_account_each(l, &all, note_balance, t), LEDGER_OK);
    assert_int_equal(ledger_journal_length(l, &t->transfers), LEDGER_OK);
    ledger_close(l);
}

/* Its balances are those after its last transfer, by the answers of all that came up to it. */
static void expect_one_moment(const struct copy *c, const struct client clients[LOAD_THREADS])
{
    struct tally there, answered;

    read_balances(c->path, &there);
    print_message("%" PRId64 " transfers in %s\n", there.transfers, c->path);
    assert_true(there.transfers >= c->answered);
    assert_int_equal(there.transfers, c->v.transfers);
    sum_up_to(clients, there.transfers, &answered);
    assert_int_equal(there.transfers, answered.transfers);
    for (int m = 1; m <= TALLY_MEMBERS; m++)
        assert_int_equal(there.balance_minor[m], answered.balance_minor[m]);
}

static void expect_restored(const struct copy *c)
{
    char path[100], message[LEDGER_MESSAGE_MAX] = "";
    struct ledger_verification v;
    int64_t erased;

    snprintf(path, sizeof path, "%s/restored.db", node.dir);
    if (ledger_restore(c->path, path, false, &api_env, &erased, &v, message) != LEDGER_OK)
        fail_msg("restore: %s", message);
    assert_int_equal(v.transfers, c->v.transfers);
}

static void a_copy_is_of_one_moment(void **state)
{
    static struct client clients[LOAD_THREADS];
    struct copy copies[COPIES];
    atomic_bool over = false;
    char command[100];

    (void)state;
    web_ledger(&node, TALLY_MEMBERS);
    web_start(&node, 0);
    for (int i = 0; i < LOAD_THREADS; i++) {
        clients[i] = (struct client){
            .node = &node, .number = i + 1, .random = (uint64_t)i, .fd = -1, .over = &over};
        load_start(&clients[i]);
    }
    for (int i = 0; i < COPIES; i++) {
        usleep(BETWEEN_US);
        make(&copies[i], i);
    }
    atomic_store(&over, true);
    for (int i = 0; i < LOAD_THREADS; i++)
        load_join(&clients[i]);
    for (int i = 0; i < COPIES; i++)
        expect_one_moment(&copies[i], clients);
    assert_true(copies[COPIES - 1].v.transfers > copies[0].v.transfers);
    expect_restored(&copies[COPIES - 1]);
    for (int i = 0; i < LOAD_THREADS; i++)
        load_forget(&clients[i]);
    web_stop(&node);
    assert_int_equal(node.outcome, LEDGER_OK);
    snprintf(command, sizeof command, "rm -rf '%s'", node.dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_copy_is_of_one_moment)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
