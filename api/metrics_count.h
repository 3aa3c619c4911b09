/*
 * metrics_count.h - the counters themselves: metrics.c raises them, metrics_text.c reads them.
 */
#ifndef API_METRICS_COUNT_H
#define API_METRICS_COUNT_H

#include "metrics.h"

#include <stdatomic.h>

#define METRICS_BOUNDS_MAX 14

typedef _Atomic int64_t metrics_number;

/* Upper bounds, rising; 0 ends them. */
extern const int64_t metrics_time_us[METRICS_BOUNDS_MAX + 1];
extern const int64_t metrics_group_calls[METRICS_BOUNDS_MAX + 1];

struct metrics_histogram {
    metrics_number counts[METRICS_BOUNDS_MAX + 1]; /* not cumulative; the last has no bound */
    metrics_number sum;
};

/* What became of the requests for one operation. */
struct metrics_of_operation {
    metrics_number codes[LEDGER_STATUS_COUNT];
    struct metrics_histogram us;
};

struct metrics {
    int64_t started_at_us;
    metrics_number connections;
    metrics_number queue_full[METRICS_QUEUES];
    metrics_number told[2][2]; /* webhooks and mails; in vain and taken */
    metrics_number outbox_wanted;
    metrics_number outbox_failing;
    metrics_number outbox_failing_since_us; /* 0: none is */
    metrics_number undelivered;
    metrics_number transfers; /* -1 until the first commit */
    struct metrics_histogram commit_us;
    struct metrics_histogram commit_calls;
    struct metrics_histogram log_sync_us;
    struct metrics_histogram file_sync_us;
    struct metrics_histogram checkpoint_us;
    metrics_number checkpoints_cut_short;
    /* of the thread that writes, and nobody else's */
    int64_t sync_since_us;
    int64_t checkpoint_since_us;
    /* Copying took so long, and the next event shows whether all was moved; -1 for none. */
    int64_t checkpoint_spent_us;
    /* one for each row of api_operations, then for pages, then for what asked for nothing here */
    int operations;
    struct metrics_of_operation of[];
};

#endif
