#include "server.h"

#include "address.h"
#include "listener.h"
#include "node.h"
#include "reader.h"
#include "scrape.h"
#include "stop.h"

#include <stdio.h>
#include <string.h>

#define URL_MAX 64

struct server {
    struct node *node;
    struct metrics *metrics;
    struct scrape *scrape;
    struct listener *listener;
};

static void say_ready(struct server *server, const struct server_options *o)
{
    const char *listen = o->listen ? o->listen : SERVER_LISTEN;
    char url[URL_MAX];

    snprintf(url, sizeof url, "http://%.*s:%d", (int)strcspn(listen, ":"), listen,
             listener_port(server->listener));
    log_event(o->log, LOG_LEVEL_INFO, "start", LEDGER_OK, "coledger %s serves %s at %s",
              o->version ? o->version : "", o->ledger_path, url);
    if (o->ready)
        o->ready(o->ctx, url);
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
    const struct listener_options options = {.listen = o->listen ? o->listen : SERVER_LISTEN,
                                             .node = server->node,
                                             .metrics = server->metrics,
                                             .log = o->log};

    LEDGER_TRY(start_scrape(server, o, message, size));
    LEDGER_TRY(listener_start(&options, &server->listener, message, size));
    say_ready(server, o);
    stop_wait(stop);
    log_event(o->log, LOG_LEVEL_INFO, "stopping", LEDGER_OK,
              "What was accepted is finished, then the node stops.");
    listener_stop(server->listener);
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
    struct server server = {.metrics = metrics_new()};
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
                                      .metrics = server.metrics,
                                      .log = o->log,
                                      .version = o->version};
    enum ledger_status st = LEDGER_NO_MEMORY;

    if (server.metrics)
        st = node_open(&node, &server.node, message, size);
    if (st == LEDGER_OK)
        st = serve_until(&server, o, stop, message, size);
    scrape_stop(server.scrape);
    node_close(server.node);
    metrics_free(server.metrics);
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
    st = serve(o, &stop, message, size);
    stop_close(&stop);
    return st;
}
