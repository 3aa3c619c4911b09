/*
 * trace.h - one request from its head to its answer: its id, and what is noted of it at the end.
 */
#ifndef API_TRACE_H
#define API_TRACE_H

#include "http.h"
#include "log.h"
#include "metrics.h"

#include <stdatomic.h>

/* Where it is noted; one for all threads. */
struct tracer {
    struct metrics *metrics;
    struct log *log;
    uint64_t seed; /* differs from start to start, so that ids of the node's own do too */
    atomic_uint_fast64_t made;
};

struct trace {
    struct tracer *tracer;
    const char *method;
    int64_t began_us;
};

void tracer_init(struct tracer *tracer, struct metrics *metrics, struct log *log);

/*
 * A request came. After: response->request_id is the one it brought, when that is alone and is 1 to
 * HTTP_REQUEST_ID_MAX characters of [A-Za-z0-9._-], else a new one.
 */
struct trace trace_begin(struct tracer *tracer, const struct http_request *r,
                         struct http_response *response);
/* `bytes` of the answer were sent. Counts and logs. */
void trace_end(const struct trace *trace, const struct http_response *response, size_t bytes);

#endif
