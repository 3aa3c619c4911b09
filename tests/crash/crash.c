/*
 * crash.c - kill a node under mixed load, again and again: what was answered is there exactly once, what was
 * not is there whole or not at all, and the ledger stays sound.
 *
 * crash COLEDGER KILLS [SEED]: prints the seed, the counts and the time. The folder of a failure is kept.
 * crash COLEDGER endure SECONDS: see endure.h. crash COLEDGER due KILLS [SEED]: see due.h; likewise levies, notices, series.
 */
#include "crash.h"
#include "../support/load_courses.h"
#include "../support/load_desk.h"
#include "../support/load_requests.h"
#include "child.h"
#include "due.h"
#include "endure.h"
#include "levies.h"
#include "notices.h"
#include "series.h"
#include "settle.h"
#include "whole.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define KILLS_A_LEDGER 100
#define LOAD_US_MAX 80000
#define START_US_MAX 20000
#define LOCAL_US_MAX 30000

static void begin_ledger(struct crash *c)
{
    struct web_node *node = &c->node;

    web_ledger(node, TALLY_MEMBERS);
    c->tally = (struct tally){0};
    for (int m = 1; m <= TALLY_MEMBERS; m++) {
        char handle[8];

        snprintf(handle, sizeof handle, "m%d", m);
        json_decref(web_local(node, "account.open",
                              json_pack("{s:s, s:s}", "member", handle, "currency", "CALD")));
        c->tally.floor_minor[m] = -100000;
    }
    load_offer_desk(node);
    load_offer_courses(node, &c->tally);
    for (int i = 0; i < LOAD_THREADS; i++) {
        load_forget(&c->clients[i]);
        c->settled[i] = 0;
    }
}

static bool verify_file(struct crash *c, const char *path)
{
    const char *const argv[] = {c->coledger, "verify", "--ledger", path, NULL};

    return child_run(argv) == 0 || crash_failed(c, "verify finds something");
}

/* The same rows again until they are all in: over the node that is back. */
static bool finish_import(struct crash *c)
{
    char url[64];
    const char *const argv[] = {c->coledger,  "import", "transfers",      c->import_path,
                                "--currency", "CALD",   "--effective-on", "2026-01-02",
                                "--limits",   "none",   "--node",         url,
                                NULL};

    if (!c->import_due)
        return true;
    snprintf(url, sizeof url, "http://127.0.0.1:%d", c->node.port);
    if (child_run(argv) != 0)
        return crash_failed(c, "an import cannot go on");
    c->import_due = false;
    tally_add_payments(&c->tally, 1, 2, IMPORT_ROWS, IMPORT_MINOR);
    return true;
}

static pid_t begin_import(struct crash *c, const char *where, const char *target)
{
    const char *const argv[] = {
        c->coledger, "import",         "transfers",  c->import_path, "--currency",
        "CALD",      "--effective-on", "2026-01-02", "--limits",     "none",
        where,       target,           NULL};
    FILE *file;

    snprintf(c->import_path, sizeof c->import_path, "%s/rows%d.csv", c->node.dir, c->files++);
    file = fopen(c->import_path, "w");
    fprintf(file, "from,to,amount\n");
    for (int i = 0; i < IMPORT_ROWS; i++)
        fprintf(file, "m1,m2,0.0%d\n", IMPORT_MINOR);
    fclose(file);
    c->import_due = true;
    c->count.imports++;
    return child_start(argv, -1);
}

static void kill_soon(struct crash *c, pid_t pid)
{
    child_sleep_us(load_draw(&c->random, LOCAL_US_MAX));
    kill(pid, SIGKILL);
}

static bool local_pay(struct crash *c)
{
    struct client *client = &c->clients[0];
    struct write *w = load_new_write(client, WRITE_PAY);
    const char *const argv[] = {c->coledger, "pay",        "m2",   "1.00",     "--from",
                                "m1",        "--currency", "CALD", "--ledger", c->node.path,
                                "--uid",     w->uid,       NULL};
    pid_t pid;

    strcpy(w->path, "/api/v1/payments");
    w->body =
        strdup("{\"payee\":\"m2\",\"amount\":\"1.00\",\"from\":\"m1\",\"currency\":\"CALD\"}");
    pid = child_start(argv, -1);
    kill_soon(c, pid);
    child_wait(pid);
    return true;
}

static bool is_unanswered(const struct client *client, size_t request)
{
    const struct write *last = client->count ? &client->writes[client->count - 1] : NULL;

    return last && last->state == WRITE_UNANSWERED && last->request == request;
}

/* What is open of it must be known. */
static bool local_accept(struct crash *c)
{
    struct client *client = &c->clients[0];
    char id[24];

    if (!load_choose_request(client) || is_unanswered(client, client->chosen))
        return true;
    struct write *w = load_new_write(client, WRITE_ACCEPT);
    const char *const argv[] = {c->coledger,  "request", "accept", id,  "--ledger",
                                c->node.path, "--uid",   w->uid,   NULL};
    load_draft_accept(client, w);
    snprintf(id, sizeof id, "%" PRId64, client->requests[client->chosen].id);
    pid_t pid = child_start(argv, -1);
    kill_soon(c, pid);
    child_wait(pid);
    return true;
}

static bool local_import(struct crash *c)
{
    pid_t pid;

    if (c->import_due)
        return true;
    pid = begin_import(c, "--ledger", c->node.path);
    kill_soon(c, pid);
    child_wait(pid);
    return true;
}

/* A backup that was killed is either not there or whole. */
static bool local_backup(struct crash *c)
{
    char path[200];
    const char *const argv[] = {c->coledger, "backup", path, "--ledger", c->node.path, NULL};
    pid_t pid;

    snprintf(path, sizeof path, "%s/backup%d.db", c->node.dir, c->files++);
    pid = child_start(argv, -1);
    kill_soon(c, pid);
    child_wait(pid);
    return access(path, F_OK) != 0 || verify_file(c, path);
}

/* Without a node: a command on the file is killed. */
static bool kill_local(struct crash *c)
{
    static bool (*const commands[])(struct crash *) = {local_pay, local_accept, local_import,
                                                       local_backup};

    c->count.locals++;
    c->count.kills++;
    return commands[load_draw(&c->random, 4)](c);
}

/* A node that is killed while it opens what the last kill left. */
static void kill_start(struct crash *c)
{
    struct child_node child = child_serve(c->coledger, c->node.path);

    child_sleep_us(load_draw(&c->random, START_US_MAX));
    child_kill(&child);
    c->count.starts++;
    c->count.kills++;
}

static bool load_and_kill(struct crash *c, struct child_node *child)
{
    atomic_bool over = false;
    char url[64];
    pid_t import = 0;

    snprintf(url, sizeof url, "http://127.0.0.1:%d", c->node.port);
    for (int i = 0; i < LOAD_THREADS; i++) {
        c->clients[i].over = &over;
        load_start(&c->clients[i]);
    }
    if (load_draw(&c->random, 4) == 0)
        import = begin_import(c, "--node", url);
    child_sleep_us(load_draw(&c->random, LOAD_US_MAX));
    if (load_draw(&c->random, 8) == 0) {
        kill(child->pid, SIGTERM);
        c->count.stops++;
        child_sleep_us(load_draw(&c->random, START_US_MAX));
    }
    child_kill(child);
    atomic_store(&over, true);
    for (int i = 0; i < LOAD_THREADS; i++)
        load_join(&c->clients[i]);
    if (import)
        kill(import, SIGKILL);
    if (import)
        child_wait(import);
    c->count.kills++;
    return true;
}

static bool open_node(struct crash *c, struct child_node *child)
{
    *child = child_serve(c->coledger, c->node.path);
    c->node.port = child_port(child);
    return c->node.port != 0 || crash_failed(c, "the node does not start again");
}

static bool settle(struct crash *c)
{
    return settle_answered(c) && finish_import(c) && settle_old(c, false) && settle_agrees(c);
}

/* Kill, look, open, settle; the node is left running under load for the next one. */
static bool cycle(struct crash *c, struct child_node *child)
{
    load_and_kill(c, child);
    if (load_draw(&c->random, 3) == 0 && !verify_file(c, c->node.path))
        return false;
    if (load_draw(&c->random, 4) == 0)
        kill_start(c);
    if (load_draw(&c->random, 4) == 0 && !kill_local(c))
        return false;
    if (!whole_file(c->node.path))
        return crash_failed(c, "a booking, a series, an enrolment, a hold or a lot stands alone");
    if (!open_node(c, child))
        return false;
    return settle(c);
}

static bool one_ledger(struct crash *c, int64_t until)
{
    struct child_node child;
    bool good;

    begin_ledger(c);
    setenv("COLEDGER_TOKEN", c->node.tokens[1], 1);
    good = open_node(c, &child);
    while (good && c->count.kills < until)
        good = cycle(c, &child);
    if (good)
        good = settle_old(c, true) && settle_agrees(c);
    load_hang_up(&c->asker);
    child_kill(&child);
    if (good)
        good = verify_file(c, c->node.path);
    if (good)
        child_remove(c->node.dir);
    return good;
}

static void prepare(struct crash *c, uint64_t seed)
{
    c->random = seed;
    c->asker = (struct client){.node = &c->node, .fd = -1};
    for (int i = 0; i < LOAD_THREADS; i++)
        c->clients[i] = (struct client){.node = &c->node,
                                        .number = i + 1,
                                        .random = seed + (uint64_t)i + 1,
                                        .fd = -1,
                                        .books = true,
                                        .learns = true,
                                        .asks = true};
}

static uint64_t seed_of(int argc, char **argv, int at)
{
    return argc > at ? strtoull(argv[at], NULL, 10) : (uint64_t)time(NULL);
}

/* What else is killed. */
static const struct {
    const char *name;
    int (*run)(const char *coledger, int64_t kills, uint64_t seed);
} others[] = {{"due", due}, {"levies", levies}, {"notices", notices}, {"series", series}};

int main(int argc, char **argv)
{
    static struct crash c;
    if (argc > 3 && strcmp(argv[2], "endure") == 0)
        return endure(argv[1], atoi(argv[3]));
    for (size_t i = 0; argc > 3 && i < sizeof others / sizeof others[0]; i++)
        if (strcmp(argv[2], others[i].name) == 0)
            return others[i].run(argv[1], strtoll(argv[3], NULL, 10), seed_of(argc, argv, 4));

    int64_t kills = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
    uint64_t seed = seed_of(argc, argv, 3);
    time_t began = time(NULL);
    bool good = true;

    if (kills < 1) {
        fprintf(stderr, "usage: crash COLEDGER KILLS [SEED] | crash COLEDGER "
                        "due|levies|notices|series KILLS [SEED] | "
                        "crash COLEDGER endure SECONDS\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("crash: seed %" PRIu64 "\n", seed);
    c.coledger = argv[1];
    prepare(&c, seed);
    while (good && c.count.kills < kills) {
        int64_t until = c.count.kills + KILLS_A_LEDGER;

        good = one_ledger(&c, until < kills ? until : kills);
    }
    printf("crash: %" PRId64 " kills (%" PRId64 " while starting, %" PRId64
           " while stopping, %" PRId64 " of a command on the file), %" PRId64 " imports\n",
           c.count.kills, c.count.starts, c.count.stops, c.count.locals, c.count.imports);
    printf("crash: %" PRId64 " accepted and %" PRId64
           " refused, all as they were answered; %" PRId64 " unanswered: %" PRId64
           " there whole, %" PRId64 " not at all; %lld s\n",
           c.count.accepted, c.count.refused, c.count.whole + c.count.absent, c.count.whole,
           c.count.absent, (long long)(time(NULL) - began));
    printf("%" PRId64 " passed, %d failed\n", c.count.kills - !good, !good);
    return !good;
}
