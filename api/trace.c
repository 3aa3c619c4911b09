#include "trace.h"

#include "monotonic.h"
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void tracer_init(struct tracer *tracer, struct metrics *metrics, struct log *log)
{
    tracer->metrics = metrics;
    tracer->log = log;
    api_env.random(api_env.arg, &tracer->seed, sizeof tracer->seed);
    atomic_init(&tracer->made, 0);
}

static bool is_sane(const char *id)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t size = strspn(id, alphabet);

    return size > 0 && size <= HTTP_REQUEST_ID_MAX && id[size] == '\0';
}

/* The id that came, or NULL: two of them are none. */
static const char *brought(const struct http_request *r)
{
    const char *id = NULL;

    for (int i = 0; i < r->header_count; i++) {
        if (strcasecmp(r->headers[i].name, HTTP_REQUEST_ID) != 0)
            continue;
        if (id || !is_sane(r->headers[i].value))
            return NULL;
        id = r->headers[i].value;
    }
    return id;
}

struct trace trace_begin(struct tracer *tracer, const struct http_request *r,
                         struct http_response *response)
{
    const char *id = brought(r);

    if (id)
        snprintf(response->request_id, sizeof response->request_id, "%s", id);
    else
        snprintf(response->request_id, sizeof response->request_id, "%012" PRIx64 "-%" PRIu64,
                 tracer->seed & UINT64_C(0xFFFFFFFFFFFF),
                 (uint64_t)atomic_fetch_add(&tracer->made, 1) + 1);
    return (struct trace){tracer, r->method, monotonic_us()};
}

void trace_end(const struct trace *trace, const struct http_response *response, size_t bytes)
{
    const struct metrics_request counted = {.op = response->op,
                                            .is_page = response->page != NULL,
                                            .code = response->code,
                                            .us = monotonic_us() - trace->began_us};
    const struct log_request logged = {.id = response->request_id,
                                       .method = trace->method,
                                       .op = response->op,
                                       .page = response->page,
                                       .status = response->status,
                                       .code = response->code,
                                       .us = counted.us,
                                       .actor = response->actor,
                                       .bytes = bytes};

    metrics_request(trace->tracer->metrics, &counted);
    log_request(trace->tracer->log, &logged);
}
