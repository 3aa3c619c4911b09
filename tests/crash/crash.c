/*
 * crash.c - kill a node under mixed load, again and again: what was answered is there exactly once, what was
 * not is there whole or not at all, and the ledger stays sound.
 *
 * crash COLEDGER KILLS [SEED]: prints the seed, the counts and the time. The folder of a failure is kept.
 * crash COLEDGER endure SECONDS: see endure.h. crash COLEDGER due KILLS [SEED]: see due.h; levies KILLS [SEED]: levies.h.
 */
#include "../support/load_courses.h"
#include "child.h"
#include "due.h"
#include "endure.h"
#include "levies.h"
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
#define OLD_ASKED 20 /* of the earlier answers, after each kill; all of them at a ledger's end */
#define IMPORT_ROWS 300
#define IMPORT_MINOR 1
#define TRIES 3

struct count {
    int64_t accepted, refused; /* while it was loaded */
    int64_t whole, absent;     /* of those that were not answered */
    int64_t kills, starts, stops, locals, imports;
};

struct crash {
    const char *coledger;
    uint64_t random;
    struct web_node node;
    struct client clients[LOAD_THREADS];
    size_t settled[LOAD_THREADS]; /* writes of each that are in the tally */
    struct client asker;
    struct tally tally;
    struct count count;
    int files; /* imports and backups so far, for their names */
    bool import_due;
    char import_path[200];
};

static bool failed(const struct crash *c, const char *what)
{
    printf("FAILED after %" PRId64 " kills: %s; see %s\n", c->count.kills, what, c->node.dir);
    return false;
}

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

static void end_ledger(struct crash *c)
{
    char command[240];

    snprintf(command, sizeof command, "rm -rf '%s'", c->node.dir);
    if (system(command) != 0)
        fprintf(stderr, "crash: %s was left behind\n", c->node.dir);
}

/* What could not be answered the first time, a kept connection that had ended, is asked again. */
static bool send_patiently(struct crash *c, struct write *w, bool *replayed)
{
    for (int i = 0; i < TRIES; i++)
        if (load_send(&c->asker, w, replayed))
            return true;
    return false;
}

static json_t *get(struct crash *c, const char *path)
{
    const struct web_request q = {"GET", path, c->node.tokens[1], NULL, NULL};
    struct web_response r = {0};
    json_t *json = NULL;

    for (int i = 0; i < TRIES && !json; i++)
        if (load_ask(&c->asker, &q, &r) && r.status == 200)
            json = web_json(&r);
    web_clear(&r);
    return json ? json : json_object();
}

/* The first answer again, and said to be that. */
static bool is_there_once(struct crash *c, const struct write *w)
{
    struct write again = *w;
    bool replayed = false;

    again.answer = strdup("");
    bool sent = send_patiently(c, &again, &replayed);
    bool same =
        sent && replayed && again.state == WRITE_ACCEPTED && strcmp(again.answer, w->answer) == 0;
    if (!same)
        printf("%s %s %s\n first %s\n again %s\n", w->uid, w->path, w->body, w->answer,
               again.answer);
    free(again.answer);
    return same || failed(c, "an accepted write is not there as it was answered");
}

static bool settle_unanswered(struct crash *c, struct write *w)
{
    bool replayed = false;

    if (!send_patiently(c, w, &replayed))
        return failed(c, "the node does not answer");
    if (w->state == WRITE_UNANSWERED)
        return failed(c, "the outcome stays unknown");
    if (w->state == WRITE_REFUSED || !replayed)
        c->count.absent++;
    else
        c->count.whole++;
    return w->state == WRITE_REFUSED || is_there_once(c, w);
}

/* All of one client since the last kill; first what was answered, for that came first. */
static bool settle_client(struct crash *c, int i)
{
    struct client *client = &c->clients[i];

    for (size_t n = c->settled[i]; n < client->count; n++) {
        struct write *w = &client->writes[n];

        c->count.accepted += w->state == WRITE_ACCEPTED;
        c->count.refused += w->state == WRITE_REFUSED;
        if (w->state == WRITE_ACCEPTED && !is_there_once(c, w))
            return false;
    }
    for (size_t n = c->settled[i]; n < client->count; n++) {
        struct write *w = &client->writes[n];
        bool open = w->state == WRITE_UNANSWERED;

        if (open && !settle_unanswered(c, w))
            return false;
        if (open)
            load_follow(client, w);
        if (w->state == WRITE_ACCEPTED)
            tally_add(&c->tally, w);
    }
    c->settled[i] = client->count;
    return true;
}

static bool ask_old(struct crash *c, bool all)
{
    for (int i = 0; i < LOAD_THREADS; i++) {
        const struct client *client = &c->clients[i];
        size_t count = all ? client->count : OLD_ASKED / LOAD_THREADS;

        for (size_t n = 0; n < count && client->count > 0; n++) {
            size_t at = all ? n : (size_t)load_draw(&c->random, (int)client->count);

            if (client->writes[at].state == WRITE_ACCEPTED &&
                !is_there_once(c, &client->writes[at]))
                return false;
        }
    }
    return true;
}

/* Before a write is asked again: nothing that was answered is missing, and nothing is there that was not sent. */
static bool count_before(struct crash *c)
{
    json_t *node = get(c, "/api/v1/node");
    int64_t there = json_integer_value(json_object_get(node, "transfers"));
    struct tally answered = c->tally;
    int64_t unanswered = 0;

    json_decref(node);
    for (int i = 0; i < LOAD_THREADS; i++)
        for (size_t n = c->settled[i]; n < c->clients[i].count; n++) {
            const struct write *w = &c->clients[i].writes[n];

            if (w->state == WRITE_ACCEPTED)
                tally_add(&answered, w);
            else if (w->state == WRITE_UNANSWERED)
                unanswered += w->kind == WRITE_BATCH ? 30 : w->kind == WRITE_ATTEND ? 2 : 1;
        }
    if (c->import_due)
        unanswered += IMPORT_ROWS;
    if (there >= answered.transfers && there <= answered.transfers + unanswered)
        return true;
    printf("%" PRId64 " transfers are there, %" PRId64 " were answered and %" PRId64 " were not\n",
           there, answered.transfers, unanswered);
    return failed(c, "writes are missing or too many");
}

static bool verify_file(struct crash *c, const char *path)
{
    const char *const argv[] = {c->coledger, "verify", "--ledger", path, NULL};

    return child_run(argv) == 0 || failed(c, "verify finds something");
}

static bool agrees(struct crash *c)
{
    json_t *verification = get(c, "/api/v1/verification");
    json_t *node = get(c, "/api/v1/node");
    json_t *balances = get(c, "/api/v1/balances?limit=500");
    bool sound = json_is_true(json_object_get(verification, "sound"));
    bool same = tally_agrees(&c->tally, node, balances);

    json_decref(verification);
    json_decref(node);
    json_decref(balances);
    return (sound || failed(c, "the node's own verification finds something")) &&
           (same || failed(c, "the ledger is not the sum of its answers"));
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
        return failed(c, "an import cannot go on");
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
    static bool (*const commands[])(struct crash *) = {local_pay, local_import, local_backup};

    c->count.locals++;
    c->count.kills++;
    return commands[load_draw(&c->random, 3)](c);
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
    return c->node.port != 0 || failed(c, "the node does not start again");
}

static bool settle(struct crash *c)
{
    if (!count_before(c))
        return false;
    for (int i = 0; i < LOAD_THREADS; i++)
        if (!settle_client(c, i))
            return false;
    return finish_import(c) && ask_old(c, false) && agrees(c);
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
        return failed(c, "a booking, an enrolment, a hold or a lot stands alone");
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
        good = ask_old(c, true) && agrees(c);
    load_hang_up(&c->asker);
    child_kill(&child);
    if (good)
        good = verify_file(c, c->node.path);
    if (good)
        end_ledger(c);
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
                                        .learns = true};
}

int main(int argc, char **argv)
{
    static struct crash c;
    if (argc > 3 && strcmp(argv[2], "endure") == 0)
        return endure(argv[1], atoi(argv[3]));
    if (argc > 3 && strcmp(argv[2], "due") == 0)
        return due(argv[1], strtoll(argv[3], NULL, 10),
                   argc > 4 ? strtoull(argv[4], NULL, 10) : (uint64_t)time(NULL));
    if (argc > 3 && strcmp(argv[2], "levies") == 0)
        return levies(argv[1], strtoll(argv[3], NULL, 10),
                      argc > 4 ? strtoull(argv[4], NULL, 10) : (uint64_t)time(NULL));

    int64_t kills = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
    uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : (uint64_t)time(NULL);
    time_t began = time(NULL);
    bool good = true;

    if (kills < 1) {
        fprintf(stderr,
                "usage: crash COLEDGER KILLS [SEED] | crash COLEDGER due|levies KILLS [SEED] | "
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
