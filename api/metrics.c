#include "metrics_count.h"

#include "monotonic.h"
#include "run.h"

#include <stdlib.h>

const int64_t metrics_time_us[METRICS_BOUNDS_MAX + 1] = {500,     1000,    2500,    5000,    10000,
                                                         25000,   50000,   100000,  250000,  500000,
                                                         1000000, 2500000, 5000000, 10000000};
const int64_t metrics_group_calls[METRICS_BOUNDS_MAX + 1] = {1, 2, 4, 8, 16, 32, 64, 128, 256};

static void raise_by(metrics_number *n, int64_t by)
{
    atomic_fetch_add_explicit(n, by, memory_order_relaxed);
}

static void observe(struct metrics_histogram *h, const int64_t *bounds, int64_t value)
{
    int i = 0;

    while (bounds[i] != 0 && value > bounds[i])
        i++;
    raise_by(&h->counts[i], 1);
    raise_by(&h->sum, value);
}

static int count_operations(void)
{
    int n = 0;

    for (const struct api_operation *op = api_operations; op; op = api_operation_next(op))
        n++;
    return n;
}

struct metrics *metrics_new(void)
{
    int operations = count_operations();
    struct metrics *m = calloc(1, sizeof *m + ((size_t)operations + 2) * sizeof *m->of);

    if (!m)
        return NULL;
    m->operations = operations;
    m->checkpoint_spent_us = -1;
    atomic_init(&m->transfers, -1);
    m->started_at_us = api_env.now_us(api_env.arg);
    return m;
}

void metrics_free(struct metrics *m)
{
    free(m);
}

static int row_of(const struct metrics *m, const struct metrics_request *r)
{
    if (r->op)
        return api_operation_place(r->op);
    return r->is_page ? m->operations : m->operations + 1;
}

void metrics_request(struct metrics *m, const struct metrics_request *r)
{
    if (!m)
        return;
    raise_by(&m->of[row_of(m, r)].codes[r->code], 1);
    observe(&m->of[row_of(m, r)].us, metrics_time_us, r->us);
}

void metrics_connection(struct metrics *m, int change)
{
    if (m)
        raise_by(&m->connections, change);
}

void metrics_queue_full(struct metrics *m, enum metrics_queue queue)
{
    if (m)
        raise_by(&m->queue_full[queue], 1);
}

void metrics_told(struct metrics *m, bool is_mail, bool taken)
{
    if (m)
        raise_by(&m->told[is_mail][taken], 1);
}

void metrics_outbox(struct metrics *m, const struct ledger_outbox_state *state)
{
    if (!m)
        return;
    atomic_store_explicit(&m->outbox_wanted, state->wanted, memory_order_relaxed);
    atomic_store_explicit(&m->outbox_failing, state->failing, memory_order_relaxed);
    atomic_store_explicit(&m->outbox_failing_since_us, state->failing_since_us,
                          memory_order_relaxed);
    atomic_store_explicit(&m->undelivered, state->given_up, memory_order_relaxed);
}

void metrics_commit(struct metrics *m, int calls, int64_t us, int64_t transfers)
{
    if (!m)
        return;
    observe(&m->commit_us, metrics_time_us, us);
    if (calls > 0)
        observe(&m->commit_calls, metrics_group_calls, calls);
    atomic_store_explicit(&m->transfers, transfers, memory_order_relaxed);
}

static void end_checkpoint(struct metrics *m, bool is_whole, int64_t more_us)
{
    if (m->checkpoint_spent_us < 0)
        return;
    observe(&m->checkpoint_us, metrics_time_us, m->checkpoint_spent_us + more_us);
    m->checkpoint_spent_us = -1;
    if (!is_whole)
        raise_by(&m->checkpoints_cut_short, 1);
}

/* The file is synced when all of the log was moved: after something else the last copying fell short. */
static void begin_sync(struct metrics *m, int64_t now_us, bool of_file)
{
    if (!of_file)
        end_checkpoint(m, false, 0);
    m->sync_since_us = now_us;
}

static void saw(void *ctx, enum ledger_watch_event event)
{
    struct metrics *m = ctx;
    int64_t now_us = monotonic_us();

    switch (event) {
    case LEDGER_LOG_SYNC:
    case LEDGER_FILE_SYNC:
        begin_sync(m, now_us, event == LEDGER_FILE_SYNC);
        break;
    case LEDGER_LOG_SYNCED:
        observe(&m->log_sync_us, metrics_time_us, now_us - m->sync_since_us);
        break;
    case LEDGER_FILE_SYNCED:
        observe(&m->file_sync_us, metrics_time_us, now_us - m->sync_since_us);
        end_checkpoint(m, true, now_us - m->sync_since_us);
        break;
    case LEDGER_CHECKPOINT:
        end_checkpoint(m, false, 0);
        m->checkpoint_since_us = now_us;
        break;
    case LEDGER_CHECKPOINT_COPIED:
        m->checkpoint_spent_us = now_us - m->checkpoint_since_us;
        break;
    }
}

struct ledger_watch metrics_watch(struct metrics *m)
{
    return (struct ledger_watch){saw, m};
}
