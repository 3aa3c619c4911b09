#include "server.h"

#include "address.h"
#include "args.h"
#include "calendar.h"
#include "http.h"
#include "monotonic.h"
#include "node.h"
#include "reader.h"
#include "run.h"
#include "scrape.h"
#include "stop.h"
#include "trace.h"

#include <civetweb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>

#define REQUESTS_A_CONNECTION 100
/*
 * A connection has a thread for as long as it lasts, so threads are what an attacker takes. From
 * CROWDED connections on, only who showed a good token keeps one between requests.
 */
#define THREADS "256"
#define CROWDED 128
#define REQUEST_SIZE 16384 /* of civetweb's buffer */
#define REQUEST_SIZE_TEXT "16384"
#define BODY_DEADLINE_US (3 * MONOTONIC_SECOND_US)
/* mg_read waits up to a second for each byte that it was asked for. */
#define BODY_PIECE 4
/* So many bodies may take their time; any further one must be there by now, or nearly. */
#define PATIENT_BODIES 48
#define HURRIED_DEADLINE_US (MONOTONIC_SECOND_US / 4)
#define ANSWER_DEADLINE_US (3 * MONOTONIC_SECOND_US)
#define ANSWER_PIECE 16384
#define DRAIN_POLL_MS 2
#define URL_MAX 64

struct server {
    struct node *node;
    struct mg_context *web;
    struct tracer tracer;
    struct scrape *scrape;
    struct calendar_gate *calendars;
    atomic_bool stopping;
    atomic_int in_flight;
    atomic_int connections;
    atomic_int bodies;
    int port;
};

/*
 * civetweb lets blanks stand before a request. When they hold an empty line, it goes on reading in
 * what a connection before left in the thread's buffer, and would run that request again for
 * whoever is here now. So a request must begin where the buffer does. Where that is, is learned:
 * the buffer comes from malloc, is the thread's for life, and no request begins before it.
 */
static bool begins_the_buffer(const struct mg_connection *conn, const char *method)
{
    const char **start = mg_get_thread_pointer(conn);

    if (!start || (uintptr_t)method % _Alignof(max_align_t) != 0)
        return false;
    if (!*start || method < *start)
        *start = method;
    return method == *start;
}

/*
 * civetweb takes a bare LF for a line's end, drops what follows a folded line, and lets blanks
 * stand before a colon. It splits the request in place, so the gaps between its pieces still
 * show what stood there: each line must have ended in exactly CR LF.
 */
static bool lines_are_clean(const struct mg_request_info *ri)
{
    const char *end = ri->http_version + strlen(ri->http_version);
    const char *uri_end = ri->query_string ? ri->query_string : ri->request_uri;

    uri_end += strlen(uri_end);
    if (ri->request_uri != ri->request_method + strlen(ri->request_method) + 1 ||
        ri->http_version - strlen("HTTP/") != uri_end + 1)
        return false;
    for (int i = 0; i < ri->num_headers; i++) {
        const char *name = ri->http_headers[i].name;
        const char *colon = name + strlen(name);

        if (name != end + 2 || (ri->http_headers[i].value > colon + 1 && colon[1] == '\0'))
            return false;
        end = ri->http_headers[i].value + strlen(ri->http_headers[i].value);
    }
    return ri->num_headers > 0 && end[2] == '\r' && end[3] == '\0';
}

static bool keeps_alive(struct mg_connection *conn, const struct http_request *r,
                        const char *version)
{
    uintptr_t served = (uintptr_t)mg_get_user_connection_data(conn) + 1;
    const char *wish = http_header(r, "Connection");

    mg_set_user_connection_data(conn, (void *)served);
    if (served >= REQUESTS_A_CONNECTION)
        return false;
    return wish ? strcasecmp(wish, "keep-alive") == 0 : strcmp(version, "1.1") == 0;
}

/*
 * Returns how many bytes were sent. mg_write goes on for as long as anything is taken: a slow
 * reader must not keep the thread.
 */
static size_t push(struct mg_connection *conn, const char *bytes, size_t size)
{
    int64_t until_us = monotonic_us() + ANSWER_DEADLINE_US;
    size_t piece;
    size_t at = 0;

    for (; at < size; at += piece) {
        piece = size - at < ANSWER_PIECE ? size - at : ANSWER_PIECE;
        if (monotonic_us() > until_us || mg_write(conn, bytes + at, piece) != (int)piece)
            break;
    }
    return at;
}

/* Returns how many bytes were sent. */
static size_t send_response(struct mg_connection *conn, struct http_response *response)
{
    size_t size = 0;
    char *bytes = http_bytes(response, &size);
    size_t sent = bytes ? push(conn, bytes, size) : 0;

    if (response->close || !bytes || sent < size)
        mg_disable_connection_keep_alive(conn);
    free(bytes);
    return sent;
}

/* How much of `want` is there by `until_us`; 0: nothing came, or nothing more will. */
static size_t arrived(int fd, size_t want, int64_t until_us)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int64_t left_us = until_us - monotonic_us();
    int n = 0;

    if (left_us <= 0 || poll(&p, 1, (int)(left_us / 1000) + 1) <= 0 ||
        ioctl(fd, FIONREAD, &n) != 0 || n < 0)
        return 0;
    return (size_t)n < want ? (size_t)n : want;
}

/*
 * The socket to look at before reading a body, or -1: a short one may stand in civetweb's buffer
 * already, so that nothing more comes on the socket. Of a long one some always does.
 */
static int socket_of(const struct mg_connection *conn, size_t length)
{
    const struct mg_request_info *ri = mg_get_request_info(conn);

    return length > REQUEST_SIZE ? address_socket(ri->remote_addr, ri->remote_port) : -1;
}

/* False: it did not arrive in time, or the other side is gone. */
static bool pull(struct mg_connection *conn, char *body, size_t length, bool hurried)
{
    int64_t until_us = monotonic_us() + (hurried ? HURRIED_DEADLINE_US : BODY_DEADLINE_US);
    size_t piece = hurried ? 1 : BODY_PIECE;
    int fd = socket_of(conn, length);
    size_t have = 0, want;
    int n;

    while (have < length) {
        want = length - have;
        want = fd >= 0 ? arrived(fd, want, until_us) : want < piece ? want : piece;
        n = want > 0 ? mg_read(conn, body + have, want) : 0;
        if (n <= 0 || (monotonic_us() > until_us && have + (size_t)n < length))
            return false;
        have += (size_t)n;
    }
    body[length] = '\0';
    return true;
}

/* The body is as long as was said, or the request is refused and its connection closed. */
static enum ledger_status await_body(struct server *server, struct mg_connection *conn,
                                     struct api_call *call, char *body, size_t length)
{
    bool hurried = atomic_fetch_add(&server->bodies, 1) >= PATIENT_BODIES;
    bool is_there = pull(conn, body, length, hurried);

    atomic_fetch_sub(&server->bodies, 1);
    if (is_there)
        return LEDGER_OK;
    if (hurried)
        return api_refuse(call, LEDGER_QUEUE_FULL, NULL, "too many bodies are arriving slowly");
    return api_refuse(call, LEDGER_BODY_TIMEOUT, NULL, "the body did not arrive within 3 seconds");
}

static enum ledger_status read_body(struct server *server, struct mg_connection *conn,
                                    struct api_call *call, struct http_request *r, size_t length)
{
    const char *expect = http_header(r, "Expect");
    char *body;

    if (length > http_body_max(call->op))
        return api_refuse(call, LEDGER_BODY_TOO_LARGE, NULL, "a body here has at most %zu bytes",
                          http_body_max(call->op));
    if (length == 0)
        return LEDGER_OK;
    body = malloc(length + 1);
    if (!body)
        return api_refuse(call, LEDGER_NO_MEMORY, NULL, "out of memory");
    r->body = body;
    r->body_size = length;
    if (expect && strcasecmp(expect, "100-continue") == 0)
        mg_write(conn, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    return await_body(server, conn, call, body, length);
}

static enum ledger_status run_call(struct server *server, const struct http_request *r,
                                   struct api_call *call, const char *secret,
                                   struct http_response *response)
{
    struct job job;
    enum ledger_status st = http_take(r, call);

    if (st != LEDGER_OK) {
        http_answer(call, st, NULL, response);
        return st;
    }
    job_init(&job, call, secret);
    call->prints = true;
    node_run(server->node, &job);
    response->signed_in = job.token_id != 0;
    response->retry_after_s = job.retry_after_s;
    http_answer(call, job.status, job.out, response);
    job.out = NULL;
    job_clear(&job);
    return LEDGER_OK;
}

/* Returns whether the request's bytes are all read, so that another may follow them. */
static bool answer_call(struct server *server, struct mg_connection *conn, struct http_request *r,
                        size_t length, struct http_response *response)
{
    struct api_call call;
    const char *secret = NULL;
    bool is_read = false;
    enum ledger_status st;

    api_call_init(&call, NULL);
    st = http_route(r, &call, response);
    if (st == LEDGER_OK)
        st = http_bearer(r, &call, &secret);
    if (st == LEDGER_OK) {
        st = read_body(server, conn, &call, r, length);
        is_read = st == LEDGER_OK;
    }
    if (st == LEDGER_OK)
        run_call(server, r, &call, secret, response);
    else
        http_answer(&call, st, NULL, response);
    free((char *)r->body);
    api_call_clear(&call);
    return is_read || length == 0;
}

static void refuse(struct http_response *response, enum ledger_status s, const char *detail)
{
    struct api_call call;

    api_call_init(&call, NULL);
    http_answer(&call, api_refuse(&call, s, NULL, "%s", detail), NULL, response);
    api_call_clear(&call);
    response->close = true;
}

static void check_and_answer(struct server *server, struct mg_connection *conn,
                             struct http_request *r, struct http_response *response)
{
    struct api_call call;
    size_t length;

    api_call_init(&call, NULL);
    if (http_check(r, &call, &length) != LEDGER_OK)
        refuse(response, call.problem.status, call.problem.detail);
    else if (node_page(server->node, r, response))
        response->close |= length > 0;
    else if (calendar_answer(server->node, server->calendars, r, response))
        response->close |= length > 0;
    else if (!answer_call(server, conn, r, length, response))
        response->close = true;
    api_call_clear(&call);
}

/* Who came in is waited for when the node stops. */
static bool come_in(struct server *server)
{
    atomic_fetch_add(&server->in_flight, 1);
    if (!atomic_load(&server->stopping))
        return true;
    atomic_fetch_sub(&server->in_flight, 1);
    return false;
}

/* Never returns 0: nothing may fall through to civetweb's file code. */
static int on_request(struct mg_connection *conn)
{
    struct server *server = mg_get_user_data(mg_get_context(conn));
    const struct mg_request_info *ri = mg_get_request_info(conn);
    struct http_header headers[HTTP_HEADERS_MAX + 1];
    struct http_request r = {.method = ri->request_method,
                             .path = ri->local_uri_raw,
                             .query = ri->query_string,
                             .headers = headers};
    struct http_response response = {.head_only = strcmp(r.method, "HEAD") == 0};
    struct trace trace;
    size_t sent;
    bool is_in = come_in(server);

    for (; r.header_count < ri->num_headers && r.header_count <= HTTP_HEADERS_MAX; r.header_count++)
        headers[r.header_count] = (struct http_header){ri->http_headers[r.header_count].name,
                                                       ri->http_headers[r.header_count].value};
    trace = trace_begin(&server->tracer, &r, &response);
    response.close = !keeps_alive(conn, &r, ri->http_version);
    if (!begins_the_buffer(conn, ri->request_method) || !lines_are_clean(ri))
        refuse(&response, LEDGER_MALFORMED_REQUEST, "the request is not framed as RFC 9112 says");
    else if (!is_in)
        refuse(&response, LEDGER_STOPPING, "the node is stopping");
    else
        check_and_answer(server, conn, &r, &response);
    if (!response.signed_in && atomic_load(&server->connections) > CROWDED)
        response.close = true;
    sent = send_response(conn, &response);
    trace_end(&trace, &response, sent);
    if (is_in)
        atomic_fetch_sub(&server->in_flight, 1);
    return response.status;
}

/* What civetweb could not read itself. It closes the connection afterwards. */
static int on_error(struct mg_connection *conn, int status, const char *words)
{
    struct server *server = mg_get_user_data(mg_get_context(conn));
    const struct http_request nothing = {0};
    struct http_response response = {0};
    struct trace trace = trace_begin(&server->tracer, &nothing, &response);

    (void)status;
    (void)words;
    refuse(&response, LEDGER_MALFORMED_REQUEST, "the request cannot be read");
    trace_end(&trace, &response, send_response(conn, &response));
    return 0;
}

/* The library prints nothing. */
static int on_log(const struct mg_connection *conn, const char *words)
{
    (void)conn;
    (void)words;
    return 1;
}

/*
 * A worker that was just answered has time: without this it preempts the committer, which has
 * the next ones to wake (a tenth of all processor time at 64 connections).
 */
static void *on_thread(const struct mg_context *web, int type)
{
    const struct sched_param plain = {0};

    (void)web;
    if (type != 1)
        return NULL;
    pthread_setschedparam(pthread_self(), SCHED_BATCH, &plain);
    return calloc(1, sizeof(const char *)); /* where its buffer begins, once that is known */
}

static void on_thread_end(const struct mg_context *web, int type, void *start)
{
    (void)web;
    (void)type;
    free(start);
}

static int on_connection(const struct mg_connection *conn, void **data)
{
    struct server *server = mg_get_user_data(mg_get_context(conn));

    *data = NULL;
    atomic_fetch_add(&server->connections, 1);
    metrics_connection(server->tracer.metrics, 1);
    return 0;
}

static void on_connection_end(const struct mg_connection *conn)
{
    struct server *server = mg_get_user_data(mg_get_context(conn));

    atomic_fetch_sub(&server->connections, 1);
    metrics_connection(server->tracer.metrics, -1);
}

/* Design, section 8; each line was measured there. */
static enum ledger_status start_web(struct server *server, const char *listen, char *message,
                                    size_t size)
{
    const char *settings[] = {"listening_ports",
                              listen,
                              "num_threads",
                              THREADS,
                              "connection_queue",
                              "256",
                              "listen_backlog",
                              "256",
                              "decode_url",
                              "no",
                              "decode_query_string",
                              "no",
                              "enable_directory_listing",
                              "no",
                              "enable_auth_domain_check",
                              "no",
                              "cgi_pattern",
                              "",
                              "ssi_pattern",
                              "",
                              "access_control_allow_origin",
                              "",
                              "access_control_allow_methods",
                              "",
                              "access_control_allow_headers",
                              "",
                              "allow_sendfile_call",
                              "no",
                              "request_timeout_ms",
                              "1000",
                              "enable_keep_alive",
                              "yes",
                              "keep_alive_timeout_ms",
                              "2000",
                              "tcp_nodelay",
                              "1",
                              "max_request_size",
                              REQUEST_SIZE_TEXT,
                              NULL};
    const struct mg_callbacks callbacks = {.begin_request = on_request,
                                           .http_error = on_error,
                                           .log_message = on_log,
                                           .init_thread = on_thread,
                                           .exit_thread = on_thread_end,
                                           .init_connection = on_connection,
                                           .connection_close = on_connection_end};
    struct mg_init_data init = {&callbacks, server, settings};
    unsigned code = 0;
    char text[256] = "";
    struct mg_error_data error = {&code, text, sizeof text};

    server->web = mg_start2(&init, &error);
    if (server->web)
        return LEDGER_OK;
    snprintf(message, size,
             "cannot listen on %s: is another program there, or is it not this "
             "machine's? (%s)",
             listen, text);
    return LEDGER_UNREACHABLE;
}

static void say_ready(struct server *server, const struct server_options *o)
{
    const char *listen = o->listen ? o->listen : SERVER_LISTEN;
    struct mg_server_port port = {0};
    char url[URL_MAX];

    mg_get_server_ports(server->web, 1, &port);
    server->port = port.port;
    snprintf(url, sizeof url, "http://%.*s:%d", (int)strcspn(listen, ":"), listen, port.port);
    log_event(o->log, LOG_LEVEL_INFO, "start", LEDGER_OK, "coledger %s serves %s at %s",
              o->version ? o->version : "", o->ledger_path, url);
    if (o->ready)
        o->ready(o->ctx, url);
}

/*
 * mg_stop silences mg_write, so nobody who came in may be inside when it is called. It sleeps up
 * to two seconds for its own listening thread unless somebody knocks.
 */
static void drain(struct server *server)
{
    const struct timespec pause = {0, DRAIN_POLL_MS * 1000000};
    struct knock *knock;

    atomic_store(&server->stopping, true);
    while (atomic_load(&server->in_flight) > 0)
        nanosleep(&pause, NULL);
    knock = address_knock(server->port);
    mg_stop(server->web);
    address_knock_end(knock);
}

static char *metrics_page(void *ctx)
{
    return node_metrics(ctx);
}

static enum ledger_status start_scrape(struct server *server, const struct server_options *o,
                                       char *message, size_t size)
{
    const struct scrape_options options = {o->metrics, metrics_page, server->node};

    if (!o->metrics)
        return LEDGER_OK;
    LEDGER_TRY(scrape_start(&options, &server->scrape, message, size));
    log_event(o->log, LOG_LEVEL_INFO, "metrics", LEDGER_OK, "metrics are at http://%.*s:%d%s",
              (int)strcspn(o->metrics, ":"), o->metrics, scrape_port(server->scrape), SCRAPE_PATH);
    return LEDGER_OK;
}

static enum ledger_status serve_until(struct server *server, const struct server_options *o,
                                      struct stop *stop, char *message, size_t size)
{
    LEDGER_TRY(start_scrape(server, o, message, size));
    LEDGER_TRY(start_web(server, o->listen ? o->listen : SERVER_LISTEN, message, size));
    say_ready(server, o);
    stop_wait(stop);
    log_event(o->log, LOG_LEVEL_INFO, "stopping", LEDGER_OK,
              "What was accepted is finished, then the node stops.");
    drain(server);
    return LEDGER_OK;
}

static void say_stopped(const struct server_options *o, enum ledger_status st, const char *message)
{
    if (st == LEDGER_OK)
        log_event(o->log, LOG_LEVEL_INFO, "stop", st, "The node has stopped.");
    else
        log_event(o->log, LOG_LEVEL_ERROR, "stop", st, "The node has stopped: %s", message);
}

static enum ledger_status serve(const struct server_options *o, struct stop *stop, char *message,
                                size_t size)
{
    struct server server = {0};
    struct metrics *metrics = metrics_new();
    const struct node_options node = {.ledger_path = o->ledger_path,
                                      .holder = o->holder,
                                      .env = o->env,
                                      .seed = o->seed,
                                      .notice_command = o->notice_command,
                                      .notice_from = o->notice_from,
                                      .private_webhooks = o->private_webhooks,
                                      .queue = o->queue ? o->queue : SERVER_QUEUE,
                                      .readers = o->readers ? o->readers : SERVER_READERS,
                                      .alarm = stop_alarm(stop),
                                      .metrics = metrics,
                                      .log = o->log,
                                      .version = o->version};
    enum ledger_status st = LEDGER_NO_MEMORY;

    server.calendars = calendar_gate_new();
    if (metrics && server.calendars)
        st = LEDGER_OK;
    tracer_init(&server.tracer, metrics, o->log);
    if (st == LEDGER_OK)
        st = node_open(&node, &server.node, message, size);
    if (st == LEDGER_OK)
        st = serve_until(&server, o, stop, message, size);
    scrape_stop(server.scrape);
    node_close(server.node);
    metrics_free(metrics);
    calendar_gate_free(server.calendars);
    if (st == LEDGER_OK)
        st = stop_reason(stop, message, size);
    say_stopped(o, st, message);
    return st;
}

static enum ledger_status check_options(const struct server_options *o, char *message, size_t size)
{
    if (o->listen && !address_is_valid(o->listen)) {
        snprintf(message, size,
                 "--listen takes an IPv4 address and a port, such as " SERVER_LISTEN);
        return LEDGER_USAGE;
    }
    if (o->metrics && !address_is_valid(o->metrics)) {
        snprintf(message, size,
                 "--metrics takes an IPv4 address and a port, such as 127.0.0.1:9600");
        return LEDGER_USAGE;
    }
    if (o->queue < 0 || o->queue > NODE_QUEUE_MAX || o->readers < 0 || o->readers > READER_MAX) {
        snprintf(message, size, "the queue holds 1 to %d calls, and there are 1 to %d readers",
                 NODE_QUEUE_MAX, READER_MAX);
        return LEDGER_USAGE;
    }
    return LEDGER_OK;
}

enum ledger_status server_run(const struct server_options *o, char *message, size_t size)
{
    struct stop stop;
    enum ledger_status st = check_options(o, message, size);

    if (st != LEDGER_OK)
        return st;
    snprintf(message, size, "%s", ledger_status_facts(LEDGER_NO_MEMORY)->title);
    if (!stop_open(&stop, o->stop_fd, o->log))
        return LEDGER_NO_MEMORY;
    json_object_seed(0);
    mg_init_library(0);
    st = serve(o, &stop, message, size);
    mg_exit_library();
    stop_close(&stop);
    return st;
}
