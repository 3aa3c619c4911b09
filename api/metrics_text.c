#include "metrics_count.h"

#include "disk.h"
#include "monotonic.h"
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LABELS_ROOM 160

static int64_t read_number(const metrics_number *n)
{
    return atomic_load_explicit((metrics_number *)n, memory_order_relaxed);
}

static void family(FILE *f, const char *name, const char *type, const char *help)
{
    fprintf(f, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(FILE *f, const char *name, const char *type, const char *help, int64_t value)
{
    family(f, name, type, help);
    fprintf(f, "%s %" PRId64 "\n", name, value);
}

/* Microseconds as seconds. */
static void put_seconds(FILE *f, int64_t us)
{
    fprintf(f, "%" PRId64 ".%06" PRId64, us / MONOTONIC_SECOND_US, us % MONOTONIC_SECOND_US);
}

static void put_value(FILE *f, bool is_time, int64_t value)
{
    if (is_time)
        put_seconds(f, value);
    else
        fprintf(f, "%" PRId64, value);
}

/* `labels` is "" or ends in a comma. What is counted meanwhile is in the sum, or in both. */
static void histogram(FILE *f, const char *name, const char *labels,
                      const struct metrics_histogram *h, const int64_t *bounds)
{
    bool is_time = bounds == metrics_time_us;
    int size = (int)strlen(labels);
    int64_t count = 0;
    int i;

    for (i = 0; bounds[i] != 0; i++) {
        count += read_number(&h->counts[i]);
        fprintf(f, "%s_bucket{%sle=\"", name, labels);
        put_value(f, is_time, bounds[i]);
        fprintf(f, "\"} %" PRId64 "\n", count);
    }
    count += read_number(&h->counts[i]);
    fprintf(f, "%s_bucket{%sle=\"+Inf\"} %" PRId64 "\n", name, labels, count);
    fprintf(f, "%s_sum%s%.*s%s ", name, size ? "{" : "", size ? size - 1 : 0, labels,
            size ? "}" : "");
    put_value(f, is_time, read_number(&h->sum));
    fprintf(f, "\n%s_count%s%.*s%s %" PRId64 "\n", name, size ? "{" : "", size ? size - 1 : 0,
            labels, size ? "}" : "", count);
}

static const char *name_of(const struct metrics *m, int row)
{
    if (row < m->operations)
        return api_operation_at(row)->name;
    return row == m->operations ? "page" : "none";
}

static const char *mode_of(const struct metrics *m, int row)
{
    if (row >= m->operations)
        return "none";
    return api_operation_at(row)->mode == API_WRITE ? "write" : "read";
}

/* A page such as /healthz says 503 for every fault. */
static int status_of(const struct metrics *m, int row, enum ledger_status s)
{
    return row == m->operations && ledger_status_is_fault(s) ? 503 : ledger_status_facts(s)->http;
}

static void put_requests(FILE *f, const struct metrics *m)
{
    int64_t n;

    family(f, "coledger_requests_total", "counter",
           "Requests answered, by operation (page: /healthz and the like, none: an address that is "
           "not here), HTTP status and code.");
    for (int row = 0; row < m->operations + 2; row++)
        for (int s = 0; s < LEDGER_STATUS_COUNT; s++)
            if ((n = read_number(&m->of[row].codes[s])) != 0)
                fprintf(f,
                        "coledger_requests_total{operation=\"%s\",status=\"%d\",code=\"%s\"} "
                        "%" PRId64 "\n",
                        name_of(m, row), status_of(m, row, (enum ledger_status)s),
                        ledger_status_facts((enum ledger_status)s)->code, n);
}

static void put_durations(FILE *f, const struct metrics *m)
{
    char labels[LABELS_ROOM];
    bool was_asked;

    family(f, "coledger_request_duration_seconds", "histogram",
           "From a request's head to the end of its answer, by operation and mode (read, write, "
           "none).");
    for (int row = 0; row < m->operations + 2; row++) {
        was_asked = false;
        for (int i = 0; i <= METRICS_BOUNDS_MAX; i++)
            was_asked |= read_number(&m->of[row].us.counts[i]) != 0;
        if (!was_asked)
            continue;
        snprintf(labels, sizeof labels, "operation=\"%s\",mode=\"%s\",", name_of(m, row),
                 mode_of(m, row));
        histogram(f, "coledger_request_duration_seconds", labels, &m->of[row].us, metrics_time_us);
    }
}

/* Every code from the start, at 0: an alarm must see the first one rise. */
static void put_refused(FILE *f, const struct metrics *m)
{
    int64_t n;

    family(f, "coledger_refused_total", "counter", "Requests refused or failed, by code.");
    for (int s = LEDGER_OK + 1; s < LEDGER_STOP; s++) {
        n = 0;
        for (int row = 0; row < m->operations + 2; row++)
            n += read_number(&m->of[row].codes[s]);
        fprintf(f, "coledger_refused_total{code=\"%s\"} %" PRId64 "\n",
                ledger_status_facts((enum ledger_status)s)->code, n);
    }
}

static void put_by_queue(FILE *f, const char *name, const int64_t values[METRICS_QUEUES])
{
    fprintf(f, "%s{queue=\"writes\"} %" PRId64 "\n", name, values[METRICS_WRITES]);
    fprintf(f, "%s{queue=\"reads\"} %" PRId64 "\n", name, values[METRICS_READS]);
}

static void put_queues(FILE *f, const struct metrics *m, const struct metrics_now *now)
{
    int64_t depth[METRICS_QUEUES], bound[METRICS_QUEUES], full[METRICS_QUEUES];

    for (int q = 0; q < METRICS_QUEUES; q++) {
        depth[q] = now->depth[q];
        bound[q] = now->bound[q];
        full[q] = read_number(&m->queue_full[q]);
    }
    family(f, "coledger_queue_depth", "gauge", "Calls that wait for a thread now.");
    put_by_queue(f, "coledger_queue_depth", depth);
    family(f, "coledger_queue_bound", "gauge", "Calls that may wait; more are refused with 503.");
    put_by_queue(f, "coledger_queue_bound", bound);
    family(f, "coledger_queue_refused_total", "counter", "Calls refused because a queue was full.");
    put_by_queue(f, "coledger_queue_refused_total", full);
}

static void put_writing(FILE *f, const struct metrics *m)
{
    family(f, "coledger_commit_calls", "histogram", "Calls committed together.");
    histogram(f, "coledger_commit_calls", "", &m->commit_calls, metrics_group_calls);
    family(f, "coledger_commit_duration_seconds", "histogram",
           "A commit as its callers wait for it, with its sync and a checkpoint where one is due.");
    histogram(f, "coledger_commit_duration_seconds", "", &m->commit_us, metrics_time_us);
    family(f, "coledger_sync_duration_seconds", "histogram",
           "One fsync, of the write-ahead log (at every commit) or of the ledger file (after a "
           "checkpoint).");
    histogram(f, "coledger_sync_duration_seconds", "file=\"log\",", &m->log_sync_us,
              metrics_time_us);
    histogram(f, "coledger_sync_duration_seconds", "file=\"ledger\",", &m->file_sync_us,
              metrics_time_us);
    family(f, "coledger_checkpoint_duration_seconds", "histogram",
           "Moving pages from the write-ahead log into the ledger file.");
    histogram(f, "coledger_checkpoint_duration_seconds", "", &m->checkpoint_us, metrics_time_us);
    single(f, "coledger_checkpoints_cut_short_total", "counter",
           "Checkpoints that could not move all, because of a reader.",
           read_number(&m->checkpoints_cut_short));
    if (read_number(&m->transfers) >= 0)
        single(f, "coledger_journal_transfers", "gauge", "Transfers in the journal.",
               read_number(&m->transfers));
}

static void put_notices(FILE *f, const struct metrics *m)
{
    static const char *const channels[] = {"webhook", "mail"};
    static const char *const outcomes[] = {"failed", "taken"};
    int64_t since_us = read_number(&m->outbox_failing_since_us);

    family(f, "coledger_notices_handed_over_total", "counter",
           "Mails and webhook events that were handed over, by outcome.");
    for (int c = 0; c < 2; c++)
        for (int o = 0; o < 2; o++)
            fprintf(f,
                    "coledger_notices_handed_over_total{channel=\"%s\",outcome=\"%s\"} %" PRId64
                    "\n",
                    channels[c], outcomes[o], read_number(&m->told[c][o]));
    single(f, "coledger_outbox_wanted", "gauge", "Mailboxes and webhooks that are told.",
           read_number(&m->outbox_wanted));
    single(f, "coledger_outbox_failing", "gauge", "Those whose last try was in vain.",
           read_number(&m->outbox_failing));
    family(f, "coledger_outbox_failing_since_seconds", "gauge",
           "When the first such try of the oldest was, since 1970; 0 when none is failing.");
    fputs("coledger_outbox_failing_since_seconds ", f);
    put_seconds(f, since_us);
    fputc('\n', f);
    single(f, "coledger_undelivered_total", "counter", "Times that old notices were given up.",
           read_number(&m->undelivered));
}

static void put_disk(FILE *f, const char *path)
{
    struct disk disk = disk_look(path);

    if (disk.ledger >= 0)
        single(f, "coledger_ledger_bytes", "gauge", "Size of the ledger file.", disk.ledger);
    if (disk.wal >= 0)
        single(f, "coledger_wal_bytes", "gauge", "Size of its write-ahead log.", disk.wal);
    if (disk.free >= 0)
        single(f, "coledger_disk_free_bytes", "gauge", "Room left on its disk for the node's user.",
               disk.free);
}

/* proc(5): the second figure of /proc/self/statm is the resident pages. */
static int64_t resident_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "re");
    int64_t total, resident = 0;

    if (!f)
        return 0;
    if (fscanf(f, "%" SCNd64 " %" SCNd64, &total, &resident) != 2)
        resident = 0;
    fclose(f);
    return resident * sysconf(_SC_PAGESIZE);
}

static void put_process(FILE *f, const struct metrics *m)
{
    struct rusage used;

    family(f, "process_start_time_seconds", "gauge", "When the node started, since 1970.");
    fputs("process_start_time_seconds ", f);
    put_seconds(f, m->started_at_us);
    fputc('\n', f);
    single(f, "process_resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
    getrusage(RUSAGE_SELF, &used);
    family(f, "process_cpu_seconds_total", "counter", "Processor time, user and system.");
    fputs("process_cpu_seconds_total ", f);
    put_seconds(f, (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * MONOTONIC_SECOND_US +
                       used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    fputc('\n', f);
}

static void put_all(FILE *f, const struct metrics *m, const struct metrics_now *now)
{
    family(f, "coledger_build_info", "gauge", "The program's version.");
    fprintf(f, "coledger_build_info{version=\"%s\"} 1\n", now->version);
    single(f, "coledger_healthy", "gauge", "1 when /healthz says ok, else 0.", now->healthy);
    single(f, "coledger_connections", "gauge", "HTTP connections that are open.",
           read_number(&m->connections));
    put_requests(f, m);
    put_durations(f, m);
    put_refused(f, m);
    put_queues(f, m, now);
    put_writing(f, m);
    put_notices(f, m);
    put_disk(f, now->ledger_path);
    put_process(f, m);
    single(f, "coledger_log_lines_lost_total", "counter",
           "Lines of the log that could not be written.", now->log_lines_lost);
}

char *metrics_text(const struct metrics *m, const struct metrics_now *now)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    bool failed;

    if (!f)
        return NULL;
    put_all(f, m, now);
    failed = ferror(f);
    if (fclose(f) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}
