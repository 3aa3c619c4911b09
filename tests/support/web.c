#include "web.h"

#include "api/run.h"
#include "ledger/date.h"
#include "ledger/key.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_S 20

static const uint8_t seed[LEDGER_SEED] = {1, 2, 3}; /* of the node's key */

static json_t *run_local(struct ledger *l, const char *operation, json_t *args)
{
    struct api_call call;
    json_t *out = NULL;

    api_call_init(&call, api_operation_named(operation));
    assert(call.op);
    json_decref(call.args);
    call.args = args;
    api_call_as_local(&call, "test");
    if (api_run(l, &call, &out) != LEDGER_OK) {
        fprintf(stderr, "%s: %s\n", operation, call.problem.detail);
        abort();
    }
    api_call_clear(&call);
    return out;
}

struct ledger *web_open(const struct web_node *node)
{
    const struct ledger_options options = {.write = true, .wait_ms = 5000, .holder = "test"};
    struct ledger *l;
    enum ledger_status st = ledger_open(node->path, &options, node->env ? node->env : &api_env, &l);

    assert(st == LEDGER_OK);
    ledger_key_use(l, seed);
    return l;
}

json_t *web_args(const char *text)
{
    char days[2][LEDGER_DATE_TEXT];
    char filled[512] = "";
    int32_t today = (int32_t)(api_env.now_us(NULL) / LEDGER_US_PER_DAY);
    json_t *args;

    ledger_date_format(today, days[0]);
    ledger_date_format(today + 3, days[1]);
    for (; *text; text++) {
        size_t used = strlen(filled);
        assert(used + LEDGER_DATE_TEXT < sizeof filled);
        if (*text == '#' || (*text == '@' && strchr("T\"", text[1])))
            strcpy(filled + used, days[*text == '@']);
        else
            filled[used] = *text;
    }
    args = json_loads(filled, 0, NULL);
    assert(args);
    return args;
}

json_t *web_write(struct ledger *l, const char *operation, json_t *args,
                  const struct ledger_uid *uid, bool *replayed)
{
    struct api_call call;
    json_t *out = NULL;
    enum ledger_status st;

    api_call_init(&call, api_operation_named(operation));
    assert(call.op && args);
    json_decref(call.args);
    call.args = args;
    api_call_as_local(&call, "test");
    call.uid = *uid;
    call.has_uid = true;
    st = api_run_write(l, &call, &out);
    assert(!ledger_status_is_fault(st));
    *replayed = call.replayed;
    api_call_clear(&call);
    return out;
}

json_t *web_local(const struct web_node *node, const char *operation, json_t *args)
{
    struct ledger *l = web_open(node);
    json_t *out = run_local(l, operation, args);

    ledger_close(l);
    return out;
}

static void record_key(struct ledger *l)
{
    const struct ledger_why why = {.actor = "local:test", .reason = "made", .authority = ""};
    uint8_t public_key[32];
    enum ledger_status st = ledger_begin_write(l);
    int64_t id;

    ledger_key_public(seed, public_key);
    if (st == LEDGER_OK)
        st = ledger_key_record(l, public_key, &why, &id);
    if (st == LEDGER_OK)
        st = ledger_commit(l);
    assert(st == LEDGER_OK);
}

static void add_member(struct ledger *l, const char *handle)
{
    json_decref(
        run_local(l, "member.add",
                  json_pack("{s:s, s:s, s:s}", "handle", handle, "name", handle, "kind", "coop")));
}

static void make_tokens(struct ledger *l, struct web_node *node)
{
    for (int i = 0; i < WEB_ROLES; i++) {
        enum ledger_role role = (enum ledger_role)(1 << i);
        json_t *args = json_pack("{s:s}", "role", ledger_role_name(role));
        json_t *out;

        if (role >= LEDGER_MANAGER)
            json_object_set_new(args, "member", json_string("riverside"));
        out = run_local(l, "token.create", args);
        snprintf(node->tokens[i], sizeof node->tokens[i], "%s",
                 json_string_value(json_object_get(out, "secret")));
        json_decref(out);
    }
}

void web_ledger(struct web_node *node, int members)
{
    struct ledger *l;
    enum ledger_status st;
    char handle[32];

    *node = (struct web_node){.stop_fd = -1};
    strcpy(node->dir, "/tmp/coledger-web-XXXXXX");
    if (!mkdtemp(node->dir))
        abort();
    snprintf(node->path, sizeof node->path, "%s/ledger.db", node->dir);
    st = ledger_create(node->path, "Test", "Europe/London", &api_env, &l);
    assert(st == LEDGER_OK);
    record_key(l);
    json_decref(run_local(l, "currency.add",
                          json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "code", "CALD", "name",
                                    "Calder", "scale", 2, "kind", "money", "floor", "-1000.00",
                                    "ceiling", "1000000.00")));
    add_member(l, "riverside");
    add_member(l, "mill");
    for (int i = 1; i <= members; i++) {
        snprintf(handle, sizeof handle, "m%d", i);
        add_member(l, handle);
    }
    make_tokens(l, node);
    ledger_close(l);
}

struct start {
    struct web_node *node;
    pthread_mutex_t lock;
    pthread_cond_t ready;
    bool over;
};

static void on_ready(void *ctx, const char *url)
{
    struct start *start = ctx;

    pthread_mutex_lock(&start->lock);
    start->node->port = atoi(strrchr(url, ':') + 1);
    start->over = true;
    pthread_cond_signal(&start->ready);
    pthread_mutex_unlock(&start->lock);
}

static void *serve(void *arg)
{
    struct web_node *node = arg;

    node->outcome = server_run(&node->options, node->message, sizeof node->message);
    if (node->outcome != LEDGER_OK)
        fprintf(stderr, "server_run: %s\n", node->message);
    return NULL;
}

void web_start(struct web_node *node, int queue)
{
    struct start start = {node, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

    node->stop_fd = eventfd(0, 0);
    node->options = (struct server_options){.ledger_path = node->path,
                                            .listen = "127.0.0.1:0",
                                            .queue = queue,
                                            .holder = "test",
                                            .metrics = node->metrics,
                                            .log = node->log,
                                            .version = "test",
                                            .env = node->env,
                                            .seed = seed,
                                            .stop_fd = node->stop_fd,
                                            .ready = on_ready,
                                            .ctx = &start};
    pthread_create(&node->thread, NULL, serve, node);
    pthread_mutex_lock(&start.lock);
    while (!start.over)
        pthread_cond_wait(&start.ready, &start.lock);
    pthread_mutex_unlock(&start.lock);
}

void web_stop(struct web_node *node)
{
    eventfd_write(node->stop_fd, 1);
    pthread_join(node->thread, NULL);
    close(node->stop_fd);
}

void web_remove(struct web_node *node)
{
    static const char *const tails[] = {"", ".lock", "-wal", "-shm"};
    char path[160];

    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        snprintf(path, sizeof path, "%s%s", node->path, tails[i]);
        unlink(path);
    }
    rmdir(node->dir);
}

int web_end(struct web_node *node)
{
    web_stop(node);
    web_remove(node);
    return node->outcome == LEDGER_OK ? 0 : -1;
}

int web_try_connect(const struct web_node *node)
{
    const struct sockaddr_in at = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)node->port),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const struct timeval patience = {PATIENCE_S, 0};
    const int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    close(fd);
    return -1;
}

int web_connect(const struct web_node *node)
{
    int fd = web_try_connect(node);

    if (fd < 0)
        abort();
    return fd;
}

bool web_send(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t n = send(fd, at, size, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool receive_head(int fd, struct web_response *r)
{
    size_t n = 0;

    while (n + 1 < sizeof r->head && recv(fd, r->head + n, 1, 0) == 1) {
        r->head[++n] = '\0';
        if (n >= 4 && memcmp(r->head + n - 4, "\r\n\r\n", 4) == 0)
            return true;
    }
    return false;
}

bool web_receive_head(int fd, struct web_response *r)
{
    web_clear(r);
    if (!receive_head(fd, r))
        return false;
    r->status = atoi(r->head + strlen("HTTP/1.1 "));
    return true;
}

bool web_receive(int fd, struct web_response *r)
{
    const char *length;

    if (!web_receive_head(fd, r))
        return false;
    length = strcasestr(r->head, "\r\nContent-Length: ");
    r->size = length ? (size_t)atol(length + 18) : 0;
    r->body = calloc(1, r->size + 1);
    for (size_t n = 0; n < r->size;) {
        ssize_t got = recv(fd, r->body + n, r->size - n, 0);

        if (got <= 0)
            return false;
        n += (size_t)got;
    }
    return true;
}

void web_clear(struct web_response *r)
{
    free(r->body);
    *r = (struct web_response){0};
}

bool web_closed(int fd)
{
    char byte;

    return recv(fd, &byte, 1, 0) <= 0;
}

bool web_ask(int fd, const struct web_request *q, struct web_response *r)
{
    size_t body_size = q->body ? strlen(q->body) : 0;
    size_t room = body_size + 1024;
    char *bytes = malloc(room);
    int n = snprintf(bytes, room, "%s %s HTTP/1.1\r\nHost: test\r\n", q->method, q->path);
    bool answered;

    if (q->token)
        n += snprintf(bytes + n, room - (size_t)n, "Authorization: Bearer %s\r\n", q->token);
    if (q->key)
        n += snprintf(bytes + n, room - (size_t)n, "Idempotency-Key: %s\r\n", q->key);
    if (q->body)
        n += snprintf(bytes + n, room - (size_t)n,
                      "Content-Type: application/json\r\nContent-Length: %zu\r\n", body_size);
    n += snprintf(bytes + n, room - (size_t)n, "\r\n%s", q->body ? q->body : "");
    answered = web_send(fd, bytes, (size_t)n) && web_receive(fd, r);
    free(bytes);
    return answered;
}

json_t *web_json(const struct web_response *r)
{
    json_t *json = json_loadb(r->body, r->size, 0, NULL);

    assert(json);
    return json;
}

const char *web_code(const struct web_response *r, char code[static 64])
{
    json_t *json = r->size ? json_loadb(r->body, r->size, 0, NULL) : NULL;
    const char *value = json_string_value(json_object_get(json, "code"));

    snprintf(code, 64, "%s", value ? value : "");
    json_decref(json);
    return code;
}
