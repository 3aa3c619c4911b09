#include "reader.h"

#include "run.h"
#include "thread.h"

#include <stdlib.h>

struct reader {
    struct ledger *l;
    struct queue *queue;
    struct auth *auth;
    struct alarm alarm;
    pthread_t thread;
};

/* The token is looked up in the moment that the answer shows. */
static enum ledger_status run_read(struct reader *r, struct job *job)
{
    LEDGER_TRY(ledger_begin_read(r->l));
    LEDGER_TRY(auth_sign_in(r->auth, r->l, job));
    return api_run_read(r->l, job->call, &job->out);
}

/* Not within the transaction: a name server may take its time. */
static enum ledger_status prepare(struct reader *r, struct job *job)
{
    LEDGER_TRY(ledger_begin_read(r->l));
    enum ledger_status st = auth_sign_in(r->auth, r->l, job);
    ledger_rollback(r->l);
    LEDGER_TRY(st);
    LEDGER_TRY(auth_admit(r->auth, job));
    job->status = api_prepare(job->call);
    if (job->status != LEDGER_OK)
        auth_count(r->auth, job);
    return job->status;
}

static void serve(struct reader *r, struct job *job)
{
    job->status = job->preparing ? prepare(r, job) : run_read(r, job);
    if (ledger_status_is_fault(job->status))
        job_refuse(job, job->status, ledger_message(r->l));
    if (job->status == LEDGER_STORE_BROKEN)
        r->alarm.ring(r->alarm.ctx, job->status, ledger_message(r->l));
    ledger_rollback(r->l);
    job_finish(job);
}

static void *run(void *arg)
{
    struct reader *r = arg;
    struct job *job;

    while (queue_take(r->queue, &job, 1, 0) > 0)
        serve(r, job);
    return NULL;
}

struct reader *reader_start(struct ledger *l, struct queue *queue, struct auth *auth,
                            struct alarm alarm)
{
    struct reader *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    *r = (struct reader){.l = l, .queue = queue, .auth = auth, .alarm = alarm};
    if (thread_start(&r->thread, run, r))
        return r;
    free(r);
    return NULL;
}

void reader_join(struct reader *r)
{
    if (!r)
        return;
    pthread_join(r->thread, NULL);
    free(r);
}
