#include "endure.h"

#include "../support/load.h"
#include "child.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READERS 4
#define LOOK_MS 20
#define TELL_S 60
#define THRESHOLD (INT64_C(40000) * (2048 + 24))

struct reading {
    const struct web_node *node;
    atomic_bool *over;
    atomic_int *reads;
    pthread_t thread;
};

/* Pages of the longest lists, each over a connection that is new every other time. */
static void *read_on(void *arg)
{
    static const char *const paths[] = {"/api/v1/transfers?limit=500",
                                        "/api/v1/members/m1/accounts/CALD/statement?limit=500",
                                        "/api/v1/currencies/CALD/trial-balance"};
    struct reading *reading = arg;
    struct client c = {.node = reading->node, .fd = -1};
    struct web_response r = {0};

    for (size_t i = 0; !atomic_load(reading->over); i++) {
        const struct web_request q = {"GET", paths[i % 3], reading->node->tokens[1], NULL, NULL};

        if (load_ask(&c, &q, &r) && r.status == 200)
            atomic_fetch_add(reading->reads, 1);
        if (i % 2 == 0)
            load_hang_up(&c);
    }
    web_clear(&r);
    load_hang_up(&c);
    return NULL;
}

static int64_t log_bytes(const char *path)
{
    char name[160];
    struct stat st;

    snprintf(name, sizeof name, "%s-wal", path);
    return stat(name, &st) == 0 ? st.st_size : 0;
}

/* Another process opens the file and closes it again, all the time. */
static int64_t watch(const char *coledger, const struct web_node *node, int seconds)
{
    const char *const look[] = {coledger, "balance", "--ledger", node->path, NULL};
    time_t began = time(NULL);
    time_t told = began;
    int64_t largest = 0;

    while (time(NULL) - began < seconds) {
        int64_t bytes = log_bytes(node->path);

        if (bytes > largest)
            largest = bytes;
        child_run(look);
        child_sleep_us(LOOK_MS * 1000);
        if (time(NULL) - told >= TELL_S) {
            told = time(NULL);
            printf("endure: %lld s, largest log %.1f MB\n", (long long)(told - began),
                   (double)largest / 1e6);
        }
    }
    return largest;
}

static int64_t under_load(const char *coledger, struct web_node *node, int seconds, int *reads)
{
    static struct client clients[LOAD_THREADS];
    struct reading readings[READERS];
    atomic_bool over = false;
    atomic_int count = 0;
    int64_t largest;

    for (int i = 0; i < LOAD_THREADS; i++) {
        clients[i] = (struct client){.node = node,
                                     .number = i + 1,
                                     .random = (uint64_t)i,
                                     .fd = -1,
                                     .over = &over,
                                     .forgets = true};
        load_start(&clients[i]);
    }
    for (int i = 0; i < READERS; i++) {
        readings[i] = (struct reading){.node = node, .over = &over, .reads = &count};
        pthread_create(&readings[i].thread, NULL, read_on, &readings[i]);
    }
    largest = watch(coledger, node, seconds);
    atomic_store(&over, true);
    for (int i = 0; i < LOAD_THREADS; i++)
        load_join(&clients[i]);
    for (int i = 0; i < READERS; i++)
        pthread_join(readings[i].thread, NULL);
    *reads = count;
    return largest;
}

static int64_t transfers(const struct web_node *node)
{
    struct client c = {.node = node, .fd = -1};
    struct web_response r = {0};
    int64_t n = 0;

    if (load_ask(&c, &(struct web_request){"GET", "/api/v1/node", node->tokens[1], NULL, NULL},
                 &r)) {
        json_t *json = web_json(&r);

        n = json_integer_value(json_object_get(json, "transfers"));
        json_decref(json);
    }
    web_clear(&r);
    load_hang_up(&c);
    return n;
}

int endure(const char *coledger, int seconds)
{
    struct web_node node;
    struct child_node child;
    int reads = 0;
    int64_t largest, done;

    web_ledger(&node, TALLY_MEMBERS);
    child = child_serve(coledger, node.path);
    node.port = child_port(&child);
    largest = under_load(coledger, &node, seconds, &reads);
    done = transfers(&node);
    printf("endure: %d s, %" PRId64 " transfers, %d reads, largest log %.1f MB, %.2f of its "
           "threshold\n",
           seconds, done, reads, (double)largest / 1e6, (double)largest / (double)THRESHOLD);
    child_kill(&child);
    child_remove(node.dir);
    return done == 0 || reads == 0 || largest > THRESHOLD * 3 / 2;
}
