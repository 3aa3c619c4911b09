#include "kills.h"

#include "../support/load.h"
#include "child.h"

#include "api/run.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define KILL_US_MAX 100000
#define KILLS_A_LEDGER 40 /* then it may finish */
#define VERIFIED 4        /* after every so many */

static const struct ledger_why why = {.actor = "local:crash", .reason = "made", .authority = ""};

bool kills_failed(const struct kills *k, const char *what)
{
    printf("FAILED after %" PRId64 " kills: %s; see %s\n", k->count, what, k->node.dir);
    return false;
}

void kills_must(struct ledger *l, enum ledger_status status)
{
    if (status == LEDGER_OK)
        return;
    fprintf(stderr, "crash: %s\n", l ? ledger_message(l) : ledger_status_facts(status)->code);
    abort();
}

static int64_t then_us(void *arg)
{
    const struct kills *k = arg;

    return api_env.now_us(NULL) - k->ago_us;
}

struct ledger *kills_create(struct kills *k, struct ledger_currency *c)
{
    const struct ledger_env then = {then_us, api_env.random, k};
    struct ledger *l = NULL;

    strcpy(k->node.dir, "/tmp/coledger-kills-XXXXXX");
    if (!mkdtemp(k->node.dir))
        abort();
    snprintf(k->node.path, sizeof k->node.path, "%s/ledger.db", k->node.dir);
    kills_must(l, ledger_create(k->node.path, "Test", "Europe/London", &then, &l));
    kills_must(l, ledger_begin_write(l));
    kills_must(l, ledger_currency_add(l, c, &why));
    return l;
}

struct ledger *kills_open(const struct kills *k, bool write)
{
    const struct ledger_options options = {.write = write, .wait_ms = 5000, .holder = "crash"};
    struct ledger *l = NULL;

    kills_must(l, ledger_open(k->node.path, &options, &api_env, &l));
    kills_must(l, write ? ledger_begin_write(l) : ledger_begin_read(l));
    return l;
}

void kills_close(struct ledger *l)
{
    kills_must(l, ledger_commit(l));
    ledger_close(l);
}

bool kills_at_chores(struct kills *k)
{
    const char *const chores[] = {k->coledger, "chores", "--ledger", k->node.path, NULL};
    bool serve = load_draw(&k->random, 2) == 0;
    int us = load_draw(&k->random, KILL_US_MAX);

    if (serve) {
        struct child_node node = child_serve(k->coledger, k->node.path);

        child_sleep_us(us);
        child_kill(&node);
        return true;
    }
    pid_t pid = child_start(chores, -1);
    child_sleep_us(us);
    kill(pid, SIGKILL);
    child_wait(pid);
    return true;
}

void kills_chores(const struct kills *k, int64_t times)
{
    const char *const chores[] = {k->coledger, "chores", "--ledger", k->node.path, NULL};

    for (int64_t i = 0; i < times; i++)
        child_run(chores);
}

static bool verify(const struct kills *k)
{
    const char *const argv[] = {k->coledger, "verify", "--ledger", k->node.path, NULL};

    return child_run(argv) == 0 || kills_failed(k, "verify finds something");
}

static int64_t done(const struct kills_plan *plan, struct kills *k)
{
    struct ledger *l = kills_open(k, false);
    int64_t n = plan->done(k, l);

    ledger_rollback(l);
    ledger_close(l);
    return n;
}

static bool is_whole(const struct kills_plan *plan, struct kills *k)
{
    struct ledger *l = kills_open(k, false);
    bool good = plan->is_whole(k, l);

    ledger_rollback(l);
    ledger_close(l);
    return good && verify(k);
}

static bool strike(const struct kills_plan *plan, struct kills *k, int64_t *before)
{
    if (!plan->strike(k))
        return false;
    k->count++;
    int64_t now = done(plan, k);
    k->amid += now > *before;
    if (now < *before)
        return kills_failed(k, "what was done is gone");
    *before = now;
    return load_draw(&k->random, VERIFIED) != 0 || verify(k);
}

static bool one_ledger(const struct kills_plan *plan, struct kills *k, int64_t until)
{
    int64_t now;

    k->all = 0;
    plan->set_up(k);
    now = done(plan, k);
    for (int i = 0; i < KILLS_A_LEDGER && k->count < until && (!k->all || now < k->all); i++)
        if (!strike(plan, k, &now))
            return false;
    if (!plan->finish(k) || !is_whole(plan, k))
        return false;
    child_remove(k->node.dir);
    return true;
}

int kills_run(const struct kills_plan *plan, const char *coledger, int64_t kills, uint64_t seed,
              void *ctx)
{
    struct kills k = {.coledger = coledger, .random = seed, .ctx = ctx};
    int64_t ledgers = 0;
    bool good = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("crash: %s: seed %" PRIu64 "\n", plan->name, seed);
    for (; good && k.count < kills; ledgers++)
        good = one_ledger(plan, &k, kills);
    printf("crash: %" PRId64 " kills amid %s, in %" PRId64 " ledgers; %" PRId64
           " after a run was kept%s\n",
           k.count, plan->amid, ledgers, k.amid, good ? "; all was done" : "");
    printf("%" PRId64 " passed, %d failed\n", k.count - !good, !good);
    return !good;
}
