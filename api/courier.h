/*
 * courier.h - hands what waits in the outbox over: mails to a command, events to webhooks.
 *
 * Everything is at least once: what was handed over is marked in a transaction of its own afterwards. No transaction is
 * open while a command runs or a webhook is asked, and the one that writes never waits for either.
 */
#ifndef API_COURIER_H
#define API_COURIER_H

#include "handover.h"
#include "log.h"
#include "metrics.h"
#include "queue.h"

#define COURIER_EVERY_S 2   /* a look at what is due */
#define COURIER_ROW_MAX 100 /* to one mailbox or webhook before the next has its turn, */
#define COURIER_ROW_S 5     /* and so long at most */
#define COURIER_WEBHOOK_THREADS 2

struct courier_options {
    /*
     * Do `deed` in a transaction of the ledger. A write may be begun anew after a fault of another's.
     * LEDGER_QUEUE_FULL, LEDGER_STOPPING: it was not begun; else what it returned, or a fault. Called by several threads.
     */
    enum ledger_status (*do_deed)(void *ctx, enum api_mode mode, job_deed *deed, void *arg);
    void *ctx;
    const struct handover
        *command;            /* what takes mails, and outlives the courier; NULL: they wait */
    const char *from;        /* whom they are from */
    bool private_webhooks;   /* they may be anywhere */
    struct metrics *metrics; /* or NULL */
    struct log *log;         /* or NULL */
};

/* What became of what was due. */
struct courier_tally {
    int64_t told; /* mails and events that were taken */
    int64_t failed;
    int64_t given_up;
};

/* Everything that is due now, once, on this thread. LEDGER_OK also where something failed; else a fault. */
LEDGER_CHECKED enum ledger_status courier_once(const struct courier_options *o,
                                               struct courier_tally *tally);

struct courier;

/* Threads that look every COURIER_EVERY_S. NULL when there is no memory or no thread. */
struct courier *courier_start(const struct courier_options *o);
/* What is being handed over has a moment to end. Waits for the threads; NULL is taken. */
void courier_stop(struct courier *c);

#endif
