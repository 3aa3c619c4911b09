/*
 * server.h - a node behind HTTP: sockets, framing, starting and stopping.
 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include "handover.h"
#include "ledger/status.h"
#include "log.h"

#include <stddef.h>
#include <stdint.h>

#define SERVER_LISTEN "127.0.0.1:8600"
#define SERVER_QUEUE 64
#define SERVER_READERS 2

struct server_options {
    const char *ledger_path;
    const char *listen; /* IPv4 address and port; port 0 is any that is free; NULL: SERVER_LISTEN */
    int queue;          /* 0: SERVER_QUEUE */
    int readers;        /* 0: SERVER_READERS */
    const char *holder; /* who we are, for whoever waits for the file */
    const struct ledger_env *env; /* NULL: the real clock; called by several threads */
    const uint8_t *seed;          /* of the node's key, LEDGER_SEED bytes, or NULL; copied */
    const struct handover *notice_command; /* what takes mails; NULL: they wait */
    const char *notice_from;               /* whom they are from */
    bool private_webhooks;                 /* webhooks may go to private addresses */
    const char *metrics; /* where GET /metrics is answered, as `listen`; NULL: nowhere */
    struct log *log;     /* or NULL; stays the caller's */
    const char *version; /* of the program */
    int stop_fd;         /* stops when it can be read, -1 for none */
    void (*ready)(void *ctx,
                  const char *url); /* called once, when requests are answered; or NULL */
    void *ctx;
};

/*
 * Serve until SIGTERM, SIGINT, stop_fd, or until the store is broken; then finish what was
 * accepted. Blocks those signals meanwhile; other threads of the process must block them too.
 * `message` says why it is not LEDGER_OK.
 * SIGHUP makes a log file anew. Refusals: LEDGER_USAGE (listen, metrics, queue, readers), those of ledger_open, LEDGER_UNREACHABLE (the
 * address cannot be listened on), LEDGER_STORE_BROKEN (stopped by itself).
 */
LEDGER_CHECKED enum ledger_status server_run(const struct server_options *options, char *message,
                                             size_t size);

#endif
