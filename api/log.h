/*
 * log.h - what a node does, as JSON lines.
 *
 * One line an event, written by the thread that it happened to, with one write(2) and no lock. No
 * line holds a secret, a name, a memo, a reference or an amount: who asked is a token's number,
 * and what was asked is the route's template. NULL is taken everywhere: then nothing is written.
 */
#ifndef API_LOG_H
#define API_LOG_H

#include "operation.h"

#define LOG_LINE_MAX 4096 /* a pipe takes so much in one piece */

struct log;

enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

/*
 * Write to the end of the file `path`, which is made when it is not there (mode 0600), or to stderr
 * when it is NULL; with `only_refused` requests that went well are left out.
 * After: LEDGER_OK: close `*log`. Refusals: LEDGER_READ_ONLY (`message` says why), LEDGER_NO_MEMORY.
 */
LEDGER_CHECKED enum ledger_status log_open(const char *path, bool only_refused, struct log **log,
                                           char *message, size_t size);
void log_close(struct log *log);

/* Is it a file, which may have been renamed? */
bool log_is_file(const struct log *log);
/* Make the file anew under its name; lines written meanwhile go to the one or the other. */
void log_reopen(struct log *log);
/* Lines that could not be written. */
int64_t log_lost(struct log *log);

/* Something happened. `event` is stable, `message` one sentence for people; `s` gives the code. */
void log_event(struct log *log, enum log_level level, const char *event, enum ledger_status s,
               const char *format, ...) __attribute__((format(printf, 5, 6)));

/* One answered request; everything stays the caller's. */
struct log_request {
    const char *id;
    const char *method;             /* NULL when it could not be read */
    const struct api_operation *op; /* or NULL, and then */
    const char *page;               /* an address that is no operation, or NULL */
    int status;
    enum ledger_status code;
    int64_t us;
    const char *actor; /* token:3, or "" */
    size_t bytes;      /* sent, with the head */
};
void log_request(struct log *log, const struct log_request *r);

#endif
