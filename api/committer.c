#include "committer.h"

#include "args.h"
#include "disk.h"
#include "ledger/chores.h"
#include "ledger/journal.h"
#include "monotonic.h"
#include "run.h"
#include "thread.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct committer {
    struct committer_options o;
    pthread_t thread;
    _Atomic enum ledger_status health;
    _Atomic int64_t busy_since_us;  /* 0: idle */
    _Atomic int64_t writes_from_us; /* before that the clock is behind the journal */
    int64_t chores_due_us;
    int64_t room_due_us;          /* when a full disk may be given room again */
    bool truncate_due;            /* erased words may still stand in the write-ahead log */
    bool clock_behind;            /* the last write was refused for it */
    char why[LEDGER_MESSAGE_MAX]; /* the last transaction failed */
};

/* The store cannot be trusted any more: accept nothing, and let the node stop. */
static void stop_loudly(struct committer *c)
{
    queue_close(c->o.queue);
    c->o.alarm.ring(c->o.alarm.ctx, LEDGER_STORE_BROKEN, c->why);
}

static enum ledger_status do_deed(struct ledger *l, struct job *job)
{
    LEDGER_TRY(ledger_savepoint(l));
    enum ledger_status st = job->deed(l, job->ctx);
    if (ledger_status_is_fault(st))
        return job_refuse(job, st, ledger_message(l));
    LEDGER_TRY(st == LEDGER_OK ? ledger_release(l) : ledger_rollback_to(l));
    job->status = st;
    return st;
}

static enum ledger_status run_one(struct committer *c, struct job *job)
{
    struct ledger *l = c->o.l;

    if (job->deed)
        return do_deed(l, job);
    enum ledger_status st = auth_sign_in(c->o.auth, l, job);

    if (st == LEDGER_OK)
        st = auth_admit(c->o.auth, job);
    if (st == LEDGER_OK)
        st = api_run_write(l, job->call, &job->out);
    if (ledger_status_is_fault(st))
        return job_refuse(job, st, ledger_message(l));
    job->status = st;
    return st;
}

static void fail_all(struct job **jobs, int n, enum ledger_status s, const char *detail)
{
    for (int i = 0; i < n; i++) {
        json_decref(jobs[i]->out);
        jobs[i]->out = NULL;
        job_refuse(jobs[i], s, detail);
    }
}

/* Whether the clock is behind the journal shows whenever somebody asks, not only at a write. */
static enum ledger_status look_at_clock(struct committer *c)
{
    struct ledger_clock clock;

    LEDGER_TRY(ledger_clock_look(c->o.l, &clock));
    atomic_store(&c->writes_from_us, clock.writes_from_us);
    return LEDGER_OK;
}

/* Is what is written kept? A change is told once. */
static void set_health(struct committer *c, enum ledger_status s)
{
    if (atomic_exchange(&c->health, s) == s)
        return;
    if (s == LEDGER_OK)
        log_event(c->o.log, LOG_LEVEL_INFO, "writes_resumed", s, "What is written is kept again.");
    else
        log_event(c->o.log, LOG_LEVEL_ERROR, "write_failed", s, "%s.",
                  *c->why ? c->why : ledger_status_facts(s)->title);
}

static void note_clock(struct committer *c, const struct job *job)
{
    bool is_behind = job->status == LEDGER_CLOCK_BEHIND;

    if (job->deed) /* ticks no clock */
        return;
    if (is_behind == c->clock_behind ||
        (!is_behind && (job->status != LEDGER_OK || job->call->replayed)))
        return;
    c->clock_behind = is_behind;
    if (is_behind)
        log_event(c->o.log, LOG_LEVEL_ERROR, "clock_behind", job->status,
                  "The clock is more than ten minutes behind the last write: writes are refused "
                  "until it is right, or a steward accepts it.");
    else
        log_event(c->o.log, LOG_LEVEL_INFO, "clock_right", LEDGER_OK,
                  "Writes are no longer refused because of the clock.");
}

/* What keeps the write-ahead log from being moved into the file, told with each round of chores. */
static void note_log(struct committer *c)
{
    int64_t bytes = disk_look(ledger_path(c->o.l)).wal;

    if (c->truncate_due)
        log_event(
            c->o.log, LOG_LEVEL_WARNING, "erasure_waits", LEDGER_STORE_BUSY,
            "Erased words still stand in the write-ahead log, because a reader is in the way: "
            "this is tried again in a minute.");
    if (bytes > COMMITTER_WAL_LARGE)
        log_event(
            c->o.log, LOG_LEVEL_WARNING, "wal_large", LEDGER_STORE_BUSY,
            "The write-ahead log has grown to %lld MB: a reader keeps it from being moved into "
            "the ledger file.",
            (long long)(bytes >> 20));
}

/* Commit what `calls` wrote. */
static enum ledger_status commit(struct committer *c, int calls)
{
    int64_t transfers;
    int64_t began_us;

    LEDGER_TRY(ledger_journal_length(c->o.l, &transfers));
    began_us = monotonic_us();
    LEDGER_TRY(ledger_commit(c->o.l));
    metrics_commit(c->o.metrics, calls, monotonic_us() - began_us, transfers);
    return LEDGER_OK;
}

/* Refusals stay with their job; a fault ends the group. */
static enum ledger_status run_all(struct committer *c, struct job **jobs, int n)
{
    enum ledger_status st;

    LEDGER_TRY(ledger_begin_write(c->o.l));
    for (int i = 0; i < n; i++) {
        st = run_one(c, jobs[i]);
        if (ledger_status_is_fault(st))
            return st;
    }
    return look_at_clock(c);
}

/*
 * Run `n` jobs in one transaction. LEDGER_OK: it is durable and every job has its status.
 * Otherwise it is rolled back; `*committing` says whether that was only while committing.
 */
static enum ledger_status run_group(struct committer *c, struct job **jobs, int n, bool *committing)
{
    enum ledger_status st = run_all(c, jobs, n);

    *committing = st == LEDGER_OK;
    if (*committing)
        st = commit(c, n);
    if (st != LEDGER_OK) {
        snprintf(c->why, sizeof c->why, "%s", ledger_message(c->o.l));
        ledger_rollback(c->o.l);
    }
    return st;
}

/* What is committed stays so. LEDGER_STORE_BROKEN: nothing more may be written. */
static enum ledger_status after_commit(struct committer *c, struct job **jobs, int n)
{
    for (int i = 0; i < n; i++)
        c->truncate_due |= jobs[i]->status == LEDGER_OK && jobs[i]->call->erased;
    if (!c->truncate_due)
        return LEDGER_OK;
    enum ledger_status st = ledger_checkpoint(c->o.l, true);
    if (st == LEDGER_OK)
        c->truncate_due = false;
    if (st != LEDGER_STORE_BROKEN)
        return LEDGER_OK; /* a reader may be in the way; then the chores try again */
    snprintf(c->why, sizeof c->why, "%s", ledger_message(c->o.l));
    return st;
}

static void answer(struct committer *c, struct job **jobs, int n)
{
    for (int i = 0; i < n; i++) {
        auth_count(c->o.auth, jobs[i]);
        note_clock(c, jobs[i]);
        job_finish(jobs[i]);
    }
}

/*
 * Run the group and settle its jobs, but for one case: a group that failed before its commit
 * can be tried again one by one. Out of room the commit record was not written either, so that
 * outcome is known: nothing.
 */
static enum ledger_status try_group(struct committer *c, struct job **jobs, int n, bool *settled)
{
    bool committing;
    enum ledger_status st = run_group(c, jobs, n, &committing);

    *settled = true;
    if (st == LEDGER_OK)
        st = after_commit(c, jobs, n);
    else if (st == LEDGER_STORE_BROKEN || (committing && st != LEDGER_STORE_FULL))
        fail_all(jobs, n, LEDGER_OUTCOME_UNKNOWN,
                 ledger_status_facts(LEDGER_OUTCOME_UNKNOWN)->title);
    else if (committing || n == 1)
        fail_all(jobs, n, st, c->why);
    else
        *settled = false;
    set_health(c, st);
    return st;
}

/* One caller's fault must not be another's: after one, each has a transaction of its own. */
static enum ledger_status serve_one_by_one(struct committer *c, struct job **jobs, int n)
{
    enum ledger_status st = LEDGER_OK;
    bool settled;

    for (int i = 0; i < n; i++) {
        job_rewind(jobs[i]);
        if (st == LEDGER_STORE_BROKEN)
            job_refuse(jobs[i], LEDGER_STOPPING, ledger_status_facts(LEDGER_STOPPING)->title);
        else
            st = try_group(c, &jobs[i], 1, &settled);
        answer(c, &jobs[i], 1);
    }
    return st;
}

/*
 * What the log has can be moved into the file where that need not grow; then the log begins anew in the
 * room that it has. Whether it went shows with the next write.
 */
static enum ledger_status make_room(struct committer *c)
{
    int64_t now_us = monotonic_us();

    if (now_us < c->room_due_us)
        return LEDGER_STORE_FULL;
    c->room_due_us = now_us + COMMITTER_ROOM_S * MONOTONIC_SECOND_US;
    enum ledger_status st = ledger_checkpoint(c->o.l, false);
    if (st != LEDGER_STORE_BROKEN)
        return LEDGER_STORE_FULL;
    snprintf(c->why, sizeof c->why, "%s", ledger_message(c->o.l));
    return st;
}

static void serve(struct committer *c, struct job **jobs, int n)
{
    bool settled;
    enum ledger_status st = try_group(c, jobs, n, &settled);

    if (settled)
        answer(c, jobs, n);
    else
        st = serve_one_by_one(c, jobs, n);
    if (st == LEDGER_STORE_FULL)
        st = make_room(c);
    if (st == LEDGER_STORE_BROKEN)
        stop_loudly(c);
}

static enum ledger_status sweep(struct committer *c)
{
    struct ledger *l = c->o.l;
    int64_t count;

    LEDGER_TRY(ledger_begin_write(l));
    LEDGER_TRY(look_at_clock(c));
    LEDGER_TRY(ledger_chores_run(l, ledger_now_us(l), &count));
    LEDGER_TRY(auth_write_uses(c->o.auth, l));
    return commit(c, 0);
}

static void do_chores(struct committer *c)
{
    enum ledger_status st = sweep(c);

    c->chores_due_us = monotonic_us() + COMMITTER_CHORES_S * MONOTONIC_SECOND_US;
    if (st != LEDGER_OK) {
        snprintf(c->why, sizeof c->why, "%s", ledger_message(c->o.l));
        ledger_rollback(c->o.l);
    }
    if (st != LEDGER_STORE_BROKEN && after_commit(c, NULL, 0) == LEDGER_STORE_BROKEN)
        st = LEDGER_STORE_BROKEN;
    /* That the clock is behind is looked at anew for each who asks. */
    set_health(c, st == LEDGER_CLOCK_BEHIND ? LEDGER_OK : st);
    if (st == LEDGER_STORE_BROKEN)
        stop_loudly(c);
    else
        note_log(c);
}

static bool broken(const struct committer *c)
{
    return atomic_load(&c->health) == LEDGER_STORE_BROKEN;
}

static void work(struct committer *c, struct job **jobs, int n)
{
    if (n > 0 && broken(c)) {
        fail_all(jobs, n, LEDGER_STOPPING, ledger_status_facts(LEDGER_STOPPING)->title);
        answer(c, jobs, n);
    } else if (n > 0) {
        serve(c, jobs, n);
    }
    if (!broken(c) && monotonic_us() >= c->chores_due_us)
        do_chores(c);
}

static void *run(void *arg)
{
    struct committer *c = arg;
    struct job *jobs[COMMITTER_GROUP_MAX];
    int n;

    while ((n = queue_take(c->o.queue, jobs, COMMITTER_GROUP_MAX, c->chores_due_us)) >= 0) {
        atomic_store(&c->busy_since_us, monotonic_us());
        work(c, jobs, n);
        atomic_store(&c->busy_since_us, 0);
    }
    if (!broken(c))
        do_chores(c);
    return NULL;
}

struct committer *committer_start(const struct committer_options *options)
{
    struct committer *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->o = *options;
    c->chores_due_us = monotonic_us();
    if (thread_start(&c->thread, run, c))
        return c;
    free(c);
    return NULL;
}

void committer_join(struct committer *c)
{
    if (!c)
        return;
    pthread_join(c->thread, NULL);
    free(c);
}

static bool is_stuck(const struct committer *c)
{
    int64_t since_us = atomic_load(&c->busy_since_us);

    return since_us != 0 && monotonic_us() - since_us > COMMITTER_STUCK_S * MONOTONIC_SECOND_US;
}

bool committer_is_alive(const struct committer *c)
{
    return !is_stuck(c) && !broken(c);
}

enum ledger_status committer_health(const struct committer *c)
{
    enum ledger_status st = atomic_load(&c->health);

    if (is_stuck(c))
        return LEDGER_STORE_BUSY;
    if (st == LEDGER_OK && ledger_now_us(c->o.l) < atomic_load(&c->writes_from_us))
        return LEDGER_CLOCK_BEHIND;
    return st;
}
