/*
 * listener.h - where a node's HTTP comes in: connections, their threads, and what each request is answered.
 *
 * With wire.c the only ones who know civetweb.
 */
#ifndef API_LISTENER_H
#define API_LISTENER_H

#include "ledger/status.h"
#include "log.h"
#include "metrics.h"

#include <stddef.h>

struct node;

struct listener_options {
    const char *listen; /* IPv4 address and port; port 0 is any that is free */
    struct node *node;  /* answers; stays the caller's, who closes it after listener_stop */
    struct metrics *metrics;
    struct log *log; /* or NULL */
};

struct listener;

/*
 * After: LEDGER_OK: requests are answered, and `*listener` is to be stopped. Else it is NULL and nothing listens.
 * Refusals: LEDGER_NO_MEMORY, LEDGER_UNREACHABLE (the address cannot be listened on; `message` says why).
 */
LEDGER_CHECKED enum ledger_status listener_start(const struct listener_options *options,
                                                 struct listener **listener, char *message,
                                                 size_t size);
int listener_port(const struct listener *listener);
/* Finish the requests that came in, refuse what comes now, and free it. */
void listener_stop(struct listener *listener);

#endif
