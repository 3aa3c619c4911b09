/*
 * metrics.h - what a node counts of itself, for GET /metrics.
 *
 * Counting takes no lock: each figure is an atomic number that any thread may raise, and reading
 * them waits for nobody. NULL is taken everywhere: then nothing is counted.
 */
#ifndef API_METRICS_H
#define API_METRICS_H

#include "ledger/outbox.h"
#include "ledger/watch.h"
#include "operation.h"

struct metrics;

enum metrics_queue { METRICS_WRITES, METRICS_READS, METRICS_QUEUES };

/* One answered request. */
struct metrics_request {
    const struct api_operation *op; /* a row of api_operations, or NULL */
    bool is_page;                   /* an address that is no operation, such as /healthz */
    enum ledger_status code;
    int64_t us; /* from the last byte of its head to the last byte of the answer */
};

/* What is not counted but looked up when somebody asks. */
struct metrics_now {
    const char *version;
    const char *ledger_path;
    bool healthy;
    int depth[METRICS_QUEUES];
    int bound[METRICS_QUEUES];
    int64_t log_lines_lost;
};

/* NULL when there is no memory. */
struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);

void metrics_request(struct metrics *m, const struct metrics_request *r);
/* A connection came (1) or went (-1). */
void metrics_connection(struct metrics *m, int change);
void metrics_queue_full(struct metrics *m, enum metrics_queue queue);
/* A mail, or a webhook's event, was taken by whom it was handed to, or not. */
void metrics_told(struct metrics *m, bool is_mail, bool taken);
void metrics_outbox(struct metrics *m, const struct ledger_outbox_state *state);
/* `calls` were committed together, after which the journal has `transfers`. */
void metrics_commit(struct metrics *m, int calls, int64_t us, int64_t transfers);

/* For the one ledger that writes; `m` is not NULL. */
struct ledger_watch metrics_watch(struct metrics *m);

/*
 * All of it in the Prometheus text format 0.0.4, malloc'd, or NULL when there is no memory. Looks at the
 * sizes of files, and at nothing inside them.
 */
char *metrics_text(const struct metrics *m, const struct metrics_now *now);

#endif
