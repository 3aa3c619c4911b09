/*
 * http.h - from a request's words to a call of an operation, and from its answer to bytes.
 *
 * Knows no server and no socket. The order of use is http_check, http_route, http_bearer, then
 * the body is read (at most http_body_max), http_take, the call is run, http_answer, http_bytes.
 */
#ifndef API_HTTP_H
#define API_HTTP_H

#include "operation.h"

#define HTTP_ROOT "/api/v1"
#define HTTP_HEADERS_MAX 63
#define HTTP_PATH_MAX 2048
#define HTTP_QUERY_MAX 2048
#define HTTP_BODY_MAX (64 * 1024)
#define HTTP_BATCH_MAX (1024 * 1024)
#define HTTP_ALLOW_MAX 64
#define HTTP_ETAG_MAX 40
#define HTTP_REQUEST_ID "X-Request-Id"
#define HTTP_REQUEST_ID_MAX 64

struct http_header {
    const char *name;
    const char *value;
};

/* Everything stays the caller's. Text ends in NUL; `path` and `query` are as they were sent. */
struct http_request {
    const char *method;
    const char *path;
    const char *query; /* or NULL */
    const struct http_header *headers;
    int header_count;
    const char *body; /* or NULL */
    size_t body_size;
};

struct http_response {
    int status;
    const char *content_type;
    json_t *json;             /* the body, owned by the response; */
    char *items;              /* its "items" as JSON text where they are not in it, owned too; or */
    const char *text;         /* text that stays the caller's, */
    char *owned;              /* unless it is this, the response's own */
    char etag[HTTP_ETAG_MAX]; /* "" when nothing is to be said */
    char allow[HTTP_ALLOW_MAX]; /* methods, "" when nothing is to be said */
    int retry_after_s;          /* 0 when nothing is to be said */
    bool replayed;
    bool signed_in; /* a good token was shown */
    bool head_only; /* it was asked by HEAD, so no body may follow (RFC 9110, 9.3.2) */
    bool close;
    char request_id[HTTP_REQUEST_ID_MAX + 1]; /* "" when nothing is to be said */
    /* what was answered, for whoever notes it; set by http_answer, `page` by node_page */
    const struct api_operation *op; /* NULL: none was found */
    const char *page;               /* an address that is no operation */
    enum ledger_status code;
    char actor[LEDGER_ACTOR_MAX + 1]; /* "" when nobody signed in */
};

/* The value of the only header `name`, NULL when there is none. Names match in any case. */
const char *http_header(const struct http_request *r, const char *name);

/*
 * Is the request framed beyond doubt (RFC 9112)? `*length` is that of its body.
 * Refusals, all LEDGER_MALFORMED_REQUEST: more than HTTP_HEADERS_MAX headers, a path longer than
 * HTTP_PATH_MAX, any Transfer-Encoding, a Content-Length that is repeated or not 1 to 15 digits,
 * no Host or two, two of a header that rules who asks for what.
 */
LEDGER_CHECKED enum ledger_status http_check(const struct http_request *r, struct api_call *call,
                                             size_t *length);

/*
 * Find the operation: call->op is set. Where several paths fit, the more literal one is meant.
 * Refusals: LEDGER_NO_SUCH_OPERATION, LEDGER_METHOD_NOT_ALLOWED (response->allow says what is).
 */
LEDGER_CHECKED enum ledger_status http_route(const struct http_request *r, struct api_call *call,
                                             struct http_response *response);

/* The token that was shown, in `*secret`. Refusal: LEDGER_NOT_SIGNED_IN. */
LEDGER_CHECKED enum ledger_status http_bearer(const struct http_request *r, struct api_call *call,
                                              const char **secret);

/* The most bytes a body of this operation may have; 0 when it takes none. */
size_t http_body_max(const struct api_operation *op);

/*
 * Take path, query, body and Idempotency-Key into the call. Whether all that is required is there
 * is for the runner to say: it knows what the caller's own member is.
 * Refusals, in order: those of the path, LEDGER_UID_MALFORMED, of the query, LEDGER_MEDIA_TYPE, of
 * the body: LEDGER_MALFORMED_REQUEST (encoding) and what api_args_text and api_args_body refuse.
 */
LEDGER_CHECKED enum ledger_status http_take(const struct http_request *r, struct api_call *call);

/*
 * What is answered to a call that ended with `s`; takes `out` over. A failure of the node's own names
 * response->request_id in its body too, for whoever reports it.
 */
void http_answer(struct api_call *call, enum ledger_status s, json_t *out,
                 struct http_response *response);

/* The whole response, malloc'd, or NULL when there is no memory. Drops response->json, items and owned. */
char *http_bytes(struct http_response *response, size_t *size);

#endif
