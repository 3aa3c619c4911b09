#include "listener.h"

#include "address.h"
#include "args.h"
#include "calendar.h"
#include "node.h"
#include "run.h"
#include "trace.h"
#include "wire.h"

#include <civetweb.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/*
 * A connection has a thread for as long as it lasts, so threads are what an attacker takes. From
 * CROWDED connections on, only who showed a good token keeps one between requests.
 */
#define THREADS "256"
#define CROWDED 128
/* So many bodies may take their time; any further one must be there by now, or nearly. */
#define PATIENT_BODIES 48
#define DRAIN_POLL_MS 2
#define TEXT(number) #number
#define TEXT_OF(number) TEXT(number)

struct listener {
    struct node *node;
    struct mg_context *web;
    struct tracer tracer;
    struct calendar_gate *calendars;
    atomic_bool stopping;
    atomic_int in_flight;
    atomic_int connections;
    atomic_int bodies;
    int port;
};

/* The body is as long as was said, or the request is refused and its connection closed. */
static enum ledger_status await_body(struct listener *listener, struct mg_connection *conn,
                                     struct api_call *call, char *body, size_t length)
{
    bool hurried = atomic_fetch_add(&listener->bodies, 1) >= PATIENT_BODIES;
    bool is_there = wire_body(conn, body, length, hurried);

    atomic_fetch_sub(&listener->bodies, 1);
    if (is_there)
        return LEDGER_OK;
    if (hurried)
        return api_refuse(call, LEDGER_QUEUE_FULL, NULL, "too many bodies are arriving slowly");
    return api_refuse(call, LEDGER_BODY_TIMEOUT, NULL, "the body did not arrive within %d seconds",
                      WIRE_BODY_SECONDS);
}

static enum ledger_status read_body(struct listener *listener, struct mg_connection *conn,
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
    return await_body(listener, conn, call, body, length);
}

static enum ledger_status run_call(struct listener *listener, const struct http_request *r,
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
    node_run(listener->node, &job);
    response->signed_in = job.token_id != 0;
    response->retry_after_s = job.retry_after_s;
    http_answer(call, job.status, job.out, response);
    job.out = NULL;
    job_clear(&job);
    return LEDGER_OK;
}

/* Returns whether the request's bytes are all read, so that another may follow them. */
static bool answer_call(struct listener *listener, struct mg_connection *conn,
                        struct http_request *r, size_t length, struct http_response *response)
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
        st = read_body(listener, conn, &call, r, length);
        is_read = st == LEDGER_OK;
    }
    if (st == LEDGER_OK)
        run_call(listener, r, &call, secret, response);
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

static void check_and_answer(struct listener *listener, struct mg_connection *conn,
                             struct http_request *r, struct http_response *response)
{
    struct api_call call;
    size_t length;

    api_call_init(&call, NULL);
    if (http_check(r, &call, &length) != LEDGER_OK)
        refuse(response, call.problem.status, call.problem.detail);
    else if (node_page(listener->node, r, response))
        response->close |= length > 0;
    else if (calendar_answer(listener->node, listener->calendars, r, response))
        response->close |= length > 0;
    else if (!answer_call(listener, conn, r, length, response))
        response->close = true;
    api_call_clear(&call);
}

/* Who came in is waited for when the node stops. */
static bool come_in(struct listener *listener)
{
    atomic_fetch_add(&listener->in_flight, 1);
    if (!atomic_load(&listener->stopping))
        return true;
    atomic_fetch_sub(&listener->in_flight, 1);
    return false;
}

/* Never returns 0: nothing may fall through to civetweb's file code. */
static int on_request(struct mg_connection *conn)
{
    struct listener *listener = mg_get_user_data(mg_get_context(conn));
    const struct mg_request_info *ri = mg_get_request_info(conn);
    struct http_header headers[HTTP_HEADERS_MAX + 1];
    struct http_request r = {.method = ri->request_method,
                             .path = ri->local_uri_raw,
                             .query = ri->query_string,
                             .headers = headers};
    struct http_response response = {.head_only = strcmp(r.method, "HEAD") == 0};
    struct trace trace;
    size_t sent;
    bool is_in = come_in(listener);

    for (; r.header_count < ri->num_headers && r.header_count <= HTTP_HEADERS_MAX; r.header_count++)
        headers[r.header_count] = (struct http_header){ri->http_headers[r.header_count].name,
                                                       ri->http_headers[r.header_count].value};
    trace = trace_begin(&listener->tracer, &r, &response);
    response.close = !wire_keeps_alive(conn, &r);
    if (!wire_is_framed(conn))
        refuse(&response, LEDGER_MALFORMED_REQUEST, "the request is not framed as RFC 9112 says");
    else if (!is_in)
        refuse(&response, LEDGER_STOPPING, "the node is stopping");
    else
        check_and_answer(listener, conn, &r, &response);
    if (!response.signed_in && atomic_load(&listener->connections) > CROWDED)
        response.close = true;
    sent = wire_send(conn, &response);
    trace_end(&trace, &response, sent);
    if (is_in)
        atomic_fetch_sub(&listener->in_flight, 1);
    return response.status;
}

/* What civetweb could not read itself. It closes the connection afterwards. */
static int on_error(struct mg_connection *conn, int status, const char *words)
{
    struct listener *listener = mg_get_user_data(mg_get_context(conn));
    const struct http_request nothing = {0};
    struct http_response response = {0};
    struct trace trace = trace_begin(&listener->tracer, &nothing, &response);

    (void)status;
    (void)words;
    refuse(&response, LEDGER_MALFORMED_REQUEST, "the request cannot be read");
    trace_end(&trace, &response, wire_send(conn, &response));
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
    return wire_thread_new();
}

static void on_thread_end(const struct mg_context *web, int type, void *start)
{
    (void)web;
    (void)type;
    free(start);
}

static int on_connection(const struct mg_connection *conn, void **data)
{
    struct listener *listener = mg_get_user_data(mg_get_context(conn));

    *data = NULL;
    atomic_fetch_add(&listener->connections, 1);
    metrics_connection(listener->tracer.metrics, 1);
    return 0;
}

static void on_connection_end(const struct mg_connection *conn)
{
    struct listener *listener = mg_get_user_data(mg_get_context(conn));

    atomic_fetch_sub(&listener->connections, 1);
    metrics_connection(listener->tracer.metrics, -1);
}

/*
 * As it comes civetweb serves files, runs programs and decodes what we decode: that is off. Times and counts were
 * measured.
 */
static enum ledger_status start_web(struct listener *listener, const char *listen, char *message,
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
                              TEXT_OF(WIRE_BUFFER),
                              NULL};
    const struct mg_callbacks callbacks = {.begin_request = on_request,
                                           .http_error = on_error,
                                           .log_message = on_log,
                                           .init_thread = on_thread,
                                           .exit_thread = on_thread_end,
                                           .init_connection = on_connection,
                                           .connection_close = on_connection_end};
    struct mg_init_data init = {&callbacks, listener, settings};
    unsigned code = 0;
    char text[256] = "";
    struct mg_error_data error = {&code, text, sizeof text};

    mg_init_library(0);
    listener->web = mg_start2(&init, &error);
    if (listener->web)
        return LEDGER_OK;
    mg_exit_library();
    snprintf(message, size,
             "cannot listen on %s: is another program there, or is it not this "
             "machine's? (%s)",
             listen, text);
    return LEDGER_UNREACHABLE;
}

static void listener_free(struct listener *listener)
{
    calendar_gate_free(listener->calendars);
    free(listener);
}

enum ledger_status listener_start(const struct listener_options *o, struct listener **listener,
                                  char *message, size_t size)
{
    struct listener *made = calloc(1, sizeof *made);
    struct mg_server_port port = {0};
    enum ledger_status st = LEDGER_NO_MEMORY;

    *listener = NULL;
    if (!made)
        return st;
    made->node = o->node;
    tracer_init(&made->tracer, o->metrics, o->log);
    made->calendars = calendar_gate_new();
    if (made->calendars)
        st = start_web(made, o->listen, message, size);
    if (st != LEDGER_OK) {
        listener_free(made);
        return st;
    }
    mg_get_server_ports(made->web, 1, &port);
    made->port = port.port;
    *listener = made;
    return LEDGER_OK;
}

int listener_port(const struct listener *listener)
{
    return listener->port;
}

/*
 * mg_stop silences mg_write, so nobody who came in may be inside when it is called. It sleeps up
 * to two seconds for its own listening thread unless somebody knocks.
 */
void listener_stop(struct listener *listener)
{
    const struct timespec pause = {0, DRAIN_POLL_MS * 1000000};
    struct knock *knock;

    atomic_store(&listener->stopping, true);
    while (atomic_load(&listener->in_flight) > 0)
        nanosleep(&pause, NULL);
    knock = address_knock(listener->port);
    mg_stop(listener->web);
    address_knock_end(knock);
    mg_exit_library();
    listener_free(listener);
}
