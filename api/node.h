/*
 * node.h - one open ledger and the threads that work on it; knows no server.
 */
#ifndef API_NODE_H
#define API_NODE_H

#include "alarm.h"
#include "handover.h"
#include "http.h"
#include "log.h"
#include "metrics.h"
#include "queue.h"

#define NODE_QUEUE_MAX 4096
#define NODE_WAIT_MS 5000 /* for another writer to let the file go */

struct node_options {
    const char *ledger_path;
    const char *holder;           /* who we are, for whoever waits for the file */
    const struct ledger_env *env; /* NULL: api_env; its functions are called by several threads */
    int queue;           /* writes, and as many reads, that may wait; 1 to NODE_QUEUE_MAX */
    int readers;         /* 1 to READER_MAX */
    const uint8_t *seed; /* of the node's key (LEDGER_SEED bytes), or NULL; copied */
    /* What takes mails; outlives the node. NULL: they wait. */
    const struct handover *notice_command;
    const char *notice_from; /* whom they are from; likewise */
    bool private_webhooks;   /* the operator lets webhooks go to private addresses */
    struct alarm alarm;
    struct metrics *metrics; /* or NULL; outlives the node */
    struct log *log;         /* the same */
    const char *version;     /* of the program */
};

struct node;

/*
 * Open the ledger for writing and reading and start the threads.
 * After: LEDGER_OK: `*node` is to be closed. Else it is NULL and `message` says why.
 * Refusals: those of ledger_open, LEDGER_NO_MEMORY.
 */
LEDGER_CHECKED enum ledger_status node_open(const struct node_options *options, struct node **node,
                                            char *message, size_t size);
/* Finish what was accepted, checkpoint, close. NULL is taken. */
void node_close(struct node *node);

/*
 * Run the job's call on one of the node's threads and wait for it: job->status, out and problem
 * are set. Any thread may ask.
 */
void node_run(struct node *node, struct job *job);

/* Answer the addresses that are no operation and need no token; false: `r` asks for none of them. */
bool node_page(struct node *node, const struct http_request *r, struct http_response *response);

/* For GET /metrics; malloc'd, or NULL when there is no memory. Before: it was opened with metrics. */
char *node_metrics(const struct node *node);

#endif
