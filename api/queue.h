/*
 * queue.h - calls that wait for one of our threads.
 *
 * A job stands on the stack of the HTTP thread that waits for it. Whoever took it owns it, with
 * its call and its answer, until job_finish: no JSON value is ever touched by two threads at once.
 */
#ifndef API_QUEUE_H
#define API_QUEUE_H

#include "operation.h"

#include <semaphore.h>

/* Bound to be done again after a fault of the store, from the beginning. */
typedef enum ledger_status job_deed(struct ledger *l, void *ctx);

struct job {
    struct api_call *call;
    const char *secret; /* the token as it was shown, NULL when none was */
    int64_t token_id;   /* set when the secret is known, else 0 */
    unsigned own_given; /* which of its API_OWN arguments were given, by their order */
    enum ledger_status status;
    json_t *out;       /* the waiting thread's after job_wait */
    int retry_after_s; /* 0: nothing to say */
    bool preparing;    /* a write that a reader prepares (api_prepare) */
    job_deed *deed;    /* instead of the call, what the node itself writes; or NULL */
    void *ctx;
    sem_t done;
};

/* `call` and `secret` stay the caller's and must live until job_clear. */
void job_init(struct job *job, struct api_call *call, const char *secret);
void job_clear(struct job *job);
/* Make ready to run again what ran in a transaction that was rolled back. */
void job_rewind(struct job *job);
/* Fill the problem of a call that failed without words; "" is the status's own sentence. Returns `s`. */
enum ledger_status job_refuse(struct job *job, enum ledger_status s, const char *detail);
/* Hand the job back; the taker must not touch it any more. */
void job_finish(struct job *job);
void job_wait(struct job *job);

struct queue;

/* NULL when there is no memory. */
struct queue *queue_new(int capacity);
/* Before: nobody waits on it and it is empty. NULL is taken. */
void queue_free(struct queue *q);

/* Refusals: LEDGER_STOPPING (closed), LEDGER_QUEUE_FULL. */
LEDGER_CHECKED enum ledger_status queue_push(struct queue *q, struct job *job);
/*
 * Take up to `max` jobs, oldest first, waiting for the first until the monotonic time `until_us`
 * (0: for ever). Returns 0 when the time is over, -1 when the queue is closed and empty.
 */
int queue_take(struct queue *q, struct job **jobs, int max, int64_t until_us);
/* How many wait now. */
int queue_depth(struct queue *q);
/* Accept no more; what is inside can still be taken. */
void queue_close(struct queue *q);

#endif
