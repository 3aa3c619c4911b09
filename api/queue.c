#include "queue.h"

#include "args.h"
#include "monotonic.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    int sleepers;
    bool closed;
    int capacity;
    int first;
    int count;
    struct job *jobs[];
};

/* The runner fills in the caller's own member, which is not part of what was asked. */
static unsigned own_given(const struct api_call *call)
{
    unsigned mask = 0;
    unsigned bit = 1;

    for (const struct api_param *p = call->op->params; p && p->name; p++) {
        if (!(p->flags & API_OWN))
            continue;
        if (api_given(call, p->name))
            mask |= bit;
        bit <<= 1;
    }
    return mask;
}

static void take_back_own(struct job *job)
{
    unsigned bit = 1;

    for (const struct api_param *p = job->call->op->params; p && p->name; p++) {
        if (!(p->flags & API_OWN))
            continue;
        if (!(job->own_given & bit))
            json_object_del(job->call->args, p->name);
        bit <<= 1;
    }
}

void job_init(struct job *job, struct api_call *call, const char *secret)
{
    *job = (struct job){.call = call, .secret = secret, .own_given = own_given(call)};
    sem_init(&job->done, 0, 0);
}

void job_rewind(struct job *job)
{
    json_decref(job->out);
    job->out = NULL;
    job->status = LEDGER_OK;
    job->token_id = 0;
    job->retry_after_s = 0;
    job->call->subject = 0;
    job->call->tells_of = NULL;
    json_decref(job->call->names);
    job->call->names = NULL;
    job->call->replayed = false;
    job->call->erased = false;
    job->call->problem = (struct api_problem){.leg = -1};
    take_back_own(job);
}

void job_clear(struct job *job)
{
    json_decref(job->out);
    sem_destroy(&job->done);
}

enum ledger_status job_refuse(struct job *job, enum ledger_status s, const char *detail)
{
    job->status = api_refuse(job->call, s, NULL, "%s", detail);
    return job->status;
}

void job_finish(struct job *job)
{
    sem_post(&job->done);
}

void job_wait(struct job *job)
{
    while (sem_wait(&job->done) != 0)
        assert(errno == EINTR);
}

struct queue *queue_new(int capacity)
{
    struct queue *q = calloc(1, sizeof *q + (size_t)capacity * sizeof *q->jobs);
    pthread_condattr_t attr;

    if (!q)
        return NULL;
    q->capacity = capacity;
    pthread_mutex_init(&q->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&q->arrived, &attr);
    pthread_condattr_destroy(&attr);
    return q;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    assert(q->count == 0);
    pthread_cond_destroy(&q->arrived);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

/* A taker that is busy finds the job by itself: only a sleeper costs a wake-up. */
enum ledger_status queue_push(struct queue *q, struct job *job)
{
    enum ledger_status st = LEDGER_OK;
    bool wake = false;

    pthread_mutex_lock(&q->lock);
    if (q->closed) {
        st = LEDGER_STOPPING;
    } else if (q->count == q->capacity) {
        st = LEDGER_QUEUE_FULL;
    } else {
        q->jobs[(q->first + q->count++) % q->capacity] = job;
        wake = q->sleepers > 0;
    }
    pthread_mutex_unlock(&q->lock);
    if (wake)
        pthread_cond_signal(&q->arrived);
    return st;
}

/* Returns false when `until_us` is over. The lock is held. */
static bool sleep_until(struct queue *q, int64_t until_us)
{
    struct timespec at = {until_us / MONOTONIC_SECOND_US, until_us % MONOTONIC_SECOND_US * 1000};
    int error = 0;

    q->sleepers++;
    if (until_us == 0)
        pthread_cond_wait(&q->arrived, &q->lock);
    else
        error = pthread_cond_timedwait(&q->arrived, &q->lock, &at);
    q->sleepers--;
    return error != ETIMEDOUT;
}

int queue_take(struct queue *q, struct job **jobs, int max, int64_t until_us)
{
    int n = 0;

    pthread_mutex_lock(&q->lock);
    while (q->count == 0 && !q->closed && sleep_until(q, until_us))
        ;
    for (; n < max && q->count > 0; n++, q->count--) {
        jobs[n] = q->jobs[q->first];
        q->first = (q->first + 1) % q->capacity;
    }
    if (n == 0 && q->closed)
        n = -1;
    pthread_mutex_unlock(&q->lock);
    return n;
}

int queue_depth(struct queue *q)
{
    int n;

    pthread_mutex_lock(&q->lock);
    n = q->count;
    pthread_mutex_unlock(&q->lock);
    return n;
}

void queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_mutex_unlock(&q->lock);
    pthread_cond_broadcast(&q->arrived);
}
