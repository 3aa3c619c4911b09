/*
 * remote.h - the door that leads to a node, over HTTP.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include "api/operation.h"

#define REMOTE_ANSWER_MAX ((size_t)64 << 20)

struct remote;

/*
 * `url` is the node's, without /api/v1; `token` may be NULL, and `no_token` then says why: without one only
 * what is public is asked. NULL: no memory, or no libcurl here.
 */
struct remote *remote_new(const char *url, const char *token, const char *no_token);
void remote_free(struct remote *r);

/*
 * As door_call. Refusals besides the node's own: LEDGER_NOT_SIGNED_IN (there is no token), LEDGER_USAGE (not a URL), LEDGER_UNREACHABLE (no
 * answer, or not one of a coledger node), LEDGER_OUTCOME_UNKNOWN (that to a write was lost twice).
 */
LEDGER_CHECKED enum ledger_status remote_call(struct remote *r, struct api_call *call,
                                              json_t **out);

/* A page that needs no token, such as /healthz. */
struct remote_page {
    long http;
    json_t *json;   /* the caller's; NULL when it is none */
    int64_t date_s; /* what the Date header said; below 0 without one */
    int64_t took_us;
};
/* Refusals, `problem` filled: LEDGER_USAGE (not a URL), LEDGER_UNREACHABLE. */
LEDGER_CHECKED enum ledger_status remote_look(struct remote *r, const char *path,
                                              struct remote_page *page,
                                              struct api_problem *problem);

#endif
