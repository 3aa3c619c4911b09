#include "node.h"

#include "args.h"
#include "auth.h"
#include "committer.h"
#include "courier.h"
#include "openapi.h"
#include "reader.h"
#include "run.h"
#include "shape.h"

#include "ledger/key.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct node_options o;
    struct auth *auth;
    struct queue *writes;
    struct queue *reads;
    struct ledger *write_handle;
    struct ledger *read_handles[READER_MAX];
    struct committer *committer;
    struct reader *readers[READER_MAX];
    struct courier *courier;
    struct ledger *courier_handle; /* for its threads, */
    pthread_mutex_t courier_lock;  /* one at a time */
    atomic_bool preparing;         /* a reader waits for what is outside */
    char *openapi;
};

static enum ledger_status open_handle(const struct node_options *o, bool write, struct ledger **l,
                                      char *message, size_t size)
{
    const struct ledger_watch watch = metrics_watch(o->metrics);
    const struct ledger_options options = {.write = write,
                                           .wait_ms = NODE_WAIT_MS,
                                           .holder = o->holder,
                                           .watch = write && o->metrics ? &watch : NULL};
    enum ledger_status st = ledger_open(o->ledger_path, &options, o->env ? o->env : &api_env, l);

    if (st != LEDGER_OK)
        snprintf(message, size, "%s", *l ? ledger_message(*l) : ledger_status_facts(st)->title);
    return st;
}

static enum ledger_status open_handles(struct node *n, const struct node_options *o, char *message,
                                       size_t size)
{
    LEDGER_TRY(open_handle(o, true, &n->write_handle, message, size));
    if (o->seed)
        ledger_key_use(n->write_handle, o->seed);
    for (int i = 0; i < o->readers; i++)
        LEDGER_TRY(open_handle(o, false, &n->read_handles[i], message, size));
    LEDGER_TRY(open_handle(o, false, &n->courier_handle, message, size));
    if (o->seed)
        ledger_key_use(n->courier_handle, o->seed);
    return LEDGER_OK;
}

static bool start_threads(struct node *n, const struct node_options *o)
{
    const struct committer_options options = {.l = n->write_handle,
                                              .queue = n->writes,
                                              .auth = n->auth,
                                              .alarm = o->alarm,
                                              .metrics = o->metrics,
                                              .log = o->log};

    n->committer = committer_start(&options);
    if (!n->committer)
        return false;
    for (int i = 0; i < o->readers; i++) {
        n->readers[i] = reader_start(n->read_handles[i], n->reads, n->auth, o->alarm);
        if (!n->readers[i])
            return false;
    }
    return true;
}

static char *openapi_text(void)
{
    json_t *document = api_openapi();
    char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;

    json_decref(document);
    return text;
}

static bool prepare(struct node *n, const struct node_options *o)
{
    n->o = *o;
    n->o.seed = NULL;
    pthread_mutex_init(&n->courier_lock, NULL);
    n->auth = auth_new();
    n->writes = queue_new(o->queue);
    n->reads = queue_new(o->queue);
    n->openapi = openapi_text();
    return n->auth && n->writes && n->reads && n->openapi;
}

static enum ledger_status wait_for(struct node *n, enum metrics_queue which, struct job *job)
{
    enum ledger_status st = queue_push(which == METRICS_WRITES ? n->writes : n->reads, job);

    if (st == LEDGER_QUEUE_FULL)
        metrics_queue_full(n->o.metrics, which);
    if (st == LEDGER_OK)
        job_wait(job);
    return st;
}

/* One at a time: a name server that is slow may keep one reader busy, and no more. */
static enum ledger_status prepare_job(struct node *n, struct job *job)
{
    enum ledger_status st;

    if (atomic_exchange(&n->preparing, true))
        return LEDGER_QUEUE_FULL;
    job->preparing = true;
    st = wait_for(n, METRICS_READS, job);
    job->preparing = false;
    atomic_store(&n->preparing, false);
    return st;
}

void node_run(struct node *n, struct job *job)
{
    bool write = job->call->op->mode == API_WRITE;
    enum ledger_status st = LEDGER_OK;

    /* What cannot be a token spares the store a look-up. */
    if (job->secret && !ledger_secret_well_formed(job->secret, LEDGER_TOKEN_PREFIX)) {
        job_refuse(job, LEDGER_NOT_SIGNED_IN, "the token is not known, or no longer good");
        return;
    }
    job->call->private_webhooks = n->o.private_webhooks;
    if (job->call->op->prepare) {
        st = prepare_job(n, job);
        if (st == LEDGER_OK && job->status != LEDGER_OK)
            return;
        job_rewind(job);
    }
    if (st == LEDGER_OK)
        st = wait_for(n, write ? METRICS_WRITES : METRICS_READS, job);
    if (st != LEDGER_OK)
        job_refuse(job, st, ledger_status_facts(st)->title);
}

static enum ledger_status read_by_itself(struct node *n, job_deed *deed, void *ctx)
{
    enum ledger_status st;

    pthread_mutex_lock(&n->courier_lock);
    st = ledger_begin_read(n->courier_handle);
    if (st == LEDGER_OK)
        st = deed(n->courier_handle, ctx);
    ledger_rollback(n->courier_handle);
    pthread_mutex_unlock(&n->courier_lock);
    return st;
}

static enum ledger_status write_by_itself(struct node *n, job_deed *deed, void *ctx)
{
    static const struct api_operation by_itself = {.name = "node", .mode = API_WRITE};
    enum ledger_status st;
    struct api_call call;
    struct job job;

    api_call_init(&call, &by_itself);
    job_init(&job, &call, NULL);
    job.deed = deed;
    job.ctx = ctx;
    st = queue_push(n->writes, &job);
    if (st == LEDGER_OK) {
        job_wait(&job);
        st = job.status;
    }
    job_clear(&job);
    api_call_clear(&call);
    return st;
}

/*
 * For the courier, as courier_options asks. Its looks go by a handle of its own and take nobody's place in a queue; what
 * it writes waits its turn with all others.
 */
static enum ledger_status do_deed(void *ctx, enum api_mode mode, job_deed *deed, void *arg)
{
    return mode == API_WRITE ? write_by_itself(ctx, deed, arg) : read_by_itself(ctx, deed, arg);
}

static bool start_courier(struct node *n, const struct node_options *o)
{
    const struct courier_options options = {.do_deed = do_deed,
                                            .ctx = n,
                                            .command = o->notice_command,
                                            .from = o->notice_from,
                                            .private_webhooks = o->private_webhooks,
                                            .metrics = o->metrics,
                                            .log = o->log};

    n->courier = courier_start(&options);
    return n->courier != NULL;
}

enum ledger_status node_open(const struct node_options *o, struct node **node, char *message,
                             size_t size)
{
    struct node *n = calloc(1, sizeof *n);
    enum ledger_status st = LEDGER_NO_MEMORY;

    *node = NULL;
    snprintf(message, size, "%s", ledger_status_facts(st)->title);
    if (n && prepare(n, o))
        st = open_handles(n, o, message, size);
    if (st == LEDGER_OK && (!start_threads(n, o) || !start_courier(n, o)))
        st = LEDGER_NO_MEMORY;
    if (st == LEDGER_OK)
        *node = n;
    else
        node_close(n);
    return st;
}

/*
 * The courier goes first, since what it handed over is to be marked. Then the readers: the writer is
 * the last connection and can leave one whole file behind.
 */
void node_close(struct node *n)
{
    if (!n)
        return;
    courier_stop(n->courier);
    if (n->reads)
        queue_close(n->reads);
    if (n->writes)
        queue_close(n->writes);
    for (int i = 0; i < READER_MAX; i++) {
        reader_join(n->readers[i]);
        ledger_close(n->read_handles[i]);
    }
    ledger_close(n->courier_handle);
    pthread_mutex_destroy(&n->courier_lock);
    committer_join(n->committer);
    ledger_close(n->write_handle);
    queue_free(n->reads);
    queue_free(n->writes);
    auth_free(n->auth);
    free(n->openapi);
    free(n);
}

static void show_root(struct node *n, struct http_response *response)
{
    (void)n;
    response->text = "{\"name\":\"coledger\",\"api\":\"" HTTP_ROOT "\",\"openapi\":\"" HTTP_ROOT
                     "/openapi.json\",\"health\":\"/healthz\"}\n";
}

/* Would starting it again help? What a restart does not mend (a full disk, a clock) is not asked. */
static void show_alive(struct node *n, struct http_response *response)
{
    bool alive = committer_is_alive(n->committer);

    response->status = alive ? 200 : 503;
    response->json = json_pack("{s:b}", "alive", alive);
}

/* Does it take writes? Reads go on where it does not. */
static void show_health(struct node *n, struct http_response *response)
{
    enum ledger_status st = committer_health(n->committer);
    bool well = st == LEDGER_OK;

    response->status = well ? 200 : 503;
    response->code = st;
    response->json = json_pack("{s:s, s:s, s:o}", "status", ledger_status_facts(st)->code, "writes",
                               well ? "accepted" : "refused", "now",
                               api_json_time(ledger_now_us(n->write_handle)));
}

static void show_openapi(struct node *n, struct http_response *response)
{
    response->text = n->openapi;
}

bool node_page(struct node *n, const struct http_request *r, struct http_response *response)
{
    static const struct {
        const char *path;
        void (*show)(struct node *n, struct http_response *response);
    } pages[] = {
        {"/", show_root},
        {"/healthz", show_health},
        {"/livez", show_alive},
        {HTTP_ROOT "/openapi.json", show_openapi},
    };
    struct api_call call;

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (strcmp(pages[i].path, r->path) != 0)
            continue;
        response->page = pages[i].path;
        if (strcmp(r->method, "GET") == 0) {
            response->status = 200;
            response->content_type = "application/json";
            pages[i].show(n, response);
            return true;
        }
        api_call_init(&call, NULL);
        snprintf(response->allow, sizeof response->allow, "GET");
        http_answer(
            &call,
            api_refuse(&call, LEDGER_METHOD_NOT_ALLOWED, NULL, "this address takes GET only"), NULL,
            response);
        api_call_clear(&call);
        return true;
    }
    return false;
}

char *node_metrics(const struct node *n)
{
    const struct metrics_now now = {
        .version = n->o.version ? n->o.version : "",
        .ledger_path = n->o.ledger_path,
        .healthy = committer_health(n->committer) == LEDGER_OK,
        .depth =
            {[METRICS_WRITES] = queue_depth(n->writes), [METRICS_READS] = queue_depth(n->reads)},
        .bound = {[METRICS_WRITES] = n->o.queue, [METRICS_READS] = n->o.queue},
        .log_lines_lost = log_lost(n->o.log)};

    return metrics_text(n->o.metrics, &now);
}
