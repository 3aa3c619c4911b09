#include "http.h"

#include "args.h"
#include "ledger/text.h"
#include "ledger/uid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LENGTH_DIGITS_MAX 15
#define SEGMENTS_MAX 8
#define SEGMENT_MAX 256
#define VALUE_MAX 1024

const char *http_header(const struct http_request *r, const char *name)
{
    for (int i = 0; i < r->header_count; i++)
        if (strcasecmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    return NULL;
}

static int count_header(const struct http_request *r, const char *name)
{
    int n = 0;

    for (int i = 0; i < r->header_count; i++)
        n += strcasecmp(r->headers[i].name, name) == 0;
    return n;
}

static enum ledger_status check_length(const struct http_request *r, struct api_call *call,
                                       size_t *length)
{
    const char *value = http_header(r, "Content-Length");
    size_t digits;

    *length = 0;
    if (!value)
        return LEDGER_OK;
    digits = strspn(value, "0123456789");
    if (digits == 0 || digits > LENGTH_DIGITS_MAX || value[digits] != '\0')
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL,
                          "Content-Length must be digits only");
    *length = (size_t)strtoull(value, NULL, 10);
    return LEDGER_OK;
}

enum ledger_status http_check(const struct http_request *r, struct api_call *call, size_t *length)
{
    static const char *const single[] = {"Content-Length", "Content-Type", "Authorization",
                                         "Idempotency-Key", "Host"};

    *length = 0;
    if (r->header_count > HTTP_HEADERS_MAX)
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL, "there are more than %d headers",
                          HTTP_HEADERS_MAX);
    if (strlen(r->path) > HTTP_PATH_MAX)
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL,
                          "the address is longer than %d bytes", HTTP_PATH_MAX);
    if (http_header(r, "Transfer-Encoding"))
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL,
                          "a body needs a Content-Length, not a Transfer-Encoding");
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        if (count_header(r, single[i]) > 1)
            return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL, "there is more than one %s",
                              single[i]);
    if (!http_header(r, "Host"))
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL, "the Host header is missing");
    return check_length(r, call, length);
}

/* One piece of a path, from `*at` to the next slash or the end; false when there is none. */
static bool next_segment(const char **at, const char **start, size_t *size)
{
    if (**at != '/')
        return false;
    *start = *at + 1;
    *size = strcspn(*start, "/");
    *at = *start + *size;
    return true;
}

/* How many pieces of `path` are literally those of `template`, or -1 when it does not fit. */
static int fit(const char *template, const char *path)
{
    const char *want, *have;
    size_t want_size, have_size;
    int literal = 0;

    while (next_segment(&template, &want, &want_size)) {
        if (!next_segment(&path, &have, &have_size) || have_size == 0)
            return -1;
        if (*want == '{')
            continue;
        if (want_size != have_size || memcmp(want, have, want_size) != 0)
            return -1;
        literal++;
    }
    return *path == '\0' ? literal : -1;
}

static const char *below_root(const char *path)
{
    size_t size = strlen(HTTP_ROOT);

    return strncmp(path, HTTP_ROOT, size) == 0 && path[size] == '/' ? path + size : NULL;
}

static void allow(struct http_response *response, const char *method)
{
    size_t used = strlen(response->allow);

    if (!strstr(response->allow, method))
        snprintf(response->allow + used, sizeof response->allow - used, "%s%s", used ? ", " : "",
                 method);
}

enum ledger_status http_route(const struct http_request *r, struct api_call *call,
                              struct http_response *response)
{
    const char *path = below_root(r->path);
    const struct api_operation *op;
    int best = -1;
    int literal;

    response->allow[0] = '\0';
    for (op = api_operations; path && op; op = api_operation_next(op)) {
        literal = fit(op->path, path);
        if (literal < 0)
            continue;
        allow(response, op->method);
        if (strcmp(op->method, r->method) == 0 && literal > best) {
            best = literal;
            call->op = op;
        }
    }
    if (response->allow[0] == '\0')
        return api_refuse(call, LEDGER_NO_SUCH_OPERATION, NULL, "there is no such address here");
    if (best < 0)
        return api_refuse(call, LEDGER_METHOD_NOT_ALLOWED, NULL, "this address takes %s only",
                          response->allow);
    response->allow[0] = '\0';
    return LEDGER_OK;
}

enum ledger_status http_bearer(const struct http_request *r, struct api_call *call,
                               const char **secret)
{
    const char *value = http_header(r, "Authorization");

    *secret = NULL;
    if (!value && call->op && (call->op->access & API_NOBODY))
        return LEDGER_OK;
    if (!value || strncasecmp(value, "Bearer ", 7) != 0)
        return api_refuse(call, LEDGER_NOT_SIGNED_IN, NULL,
                          "show a token: Authorization: Bearer clt_...");
    *secret = value + 7 + strspn(value + 7, " ");
    return LEDGER_OK;
}

static bool takes_body(const struct api_operation *op)
{
    return strcmp(op->method, "GET") != 0;
}

size_t http_body_max(const struct api_operation *op)
{
    if (!takes_body(op))
        return 0;
    for (const struct api_param *p = op->params; p && p->name; p++)
        if (p->type == API_ITEMS)
            return HTTP_BATCH_MAX;
    return HTTP_BODY_MAX;
}

/*
 * Decode `size` bytes (RFC 3986) into `buf` of `room` bytes. False: an escape that is none, a
 * control character, text that is not UTF-8, or too long. What a byte may mean here is decided
 * by the argument's type; a slash in a path's piece must not appear by decoding.
 */
static bool decode(const char *text, size_t size, bool query, char *buf, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < size; i++) {
        int c = (unsigned char)text[i];

        if (c == '%') {
            if (size - i < 3 || ledger_text_hex(text[i + 1]) < 0 ||
                ledger_text_hex(text[i + 2]) < 0)
                return false;
            c = ledger_text_hex(text[i + 1]) * 16 + ledger_text_hex(text[i + 2]);
            i += 2;
            if (c == '/' && !query)
                return false;
        } else if (c == '+' && query) {
            c = ' ';
        }
        if (n + 1 >= room)
            return false;
        buf[n++] = (char)c;
    }
    buf[n] = '\0';
    return ledger_text_check(buf, n, room) == LEDGER_OK;
}

static enum ledger_status take_path(const struct http_request *r, struct api_call *call)
{
    const char *template = call->op->path;
    const char *path = below_root(r->path);
    const char *want, *have;
    size_t want_size, have_size;
    char name[64], value[SEGMENT_MAX];

    while (next_segment(&template, &want, &want_size) && next_segment(&path, &have, &have_size)) {
        if (*want != '{')
            continue;
        snprintf(name, sizeof name, "%.*s", (int)want_size - 2, want + 1);
        if (!decode(have, have_size, false, value, sizeof value))
            return api_refuse(call, LEDGER_MALFORMED_REQUEST, name,
                              "the address is not encoded right");
        LEDGER_TRY(api_args_text(call, name, value));
    }
    return LEDGER_OK;
}

/* dry_run belongs to every write and is no argument of any. */
static enum ledger_status take_dry_run(struct api_call *call, const char *value)
{
    if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
        return api_refuse(call, LEDGER_CHOICE_UNKNOWN, "dry_run", "dry_run is true or false");
    call->dry_run = strcmp(value, "true") == 0;
    return LEDGER_OK;
}

static enum ledger_status take_pair(struct api_call *call, const char *pair, size_t size,
                                    bool *has_dry_run)
{
    const char *equals = memchr(pair, '=', size);
    size_t name_size = equals ? (size_t)(equals - pair) : size;
    char name[64], value[VALUE_MAX];

    if (!equals || !decode(pair, name_size, true, name, sizeof name) ||
        !decode(equals + 1, size - name_size - 1, true, value, sizeof value))
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL, "the query is not encoded right");
    if (call->op->mode == API_WRITE && strcmp(name, "dry_run") == 0 && !*has_dry_run) {
        *has_dry_run = true;
        return take_dry_run(call, value);
    }
    if (takes_body(call->op))
        return api_refuse(call, LEDGER_UNKNOWN_PARAMETER, name,
                          "\"%s\" cannot stand in the query: arguments go into the body", name);
    return api_args_text(call, name, value);
}

static enum ledger_status take_query(const struct http_request *r, struct api_call *call)
{
    const char *at = r->query;
    bool has_dry_run = false;
    size_t size;

    if (!at || *at == '\0')
        return LEDGER_OK;
    if (strlen(at) > HTTP_QUERY_MAX)
        return api_refuse(call, LEDGER_MALFORMED_REQUEST, NULL, "the query is longer than %d bytes",
                          HTTP_QUERY_MAX);
    for (;; at += size + 1) {
        size = strcspn(at, "&");
        LEDGER_TRY(take_pair(call, at, size, &has_dry_run));
        if (at[size] == '\0')
            return LEDGER_OK;
    }
}

/* application/json, with no parameter but charset=utf-8. */
static bool is_json(const char *type)
{
    size_t size = strlen("application/json");

    if (!type || strncasecmp(type, "application/json", size) != 0)
        return false;
    type += size + strspn(type + size, " ");
    if (*type == '\0')
        return true;
    if (*type++ != ';')
        return false;
    return strcasecmp(type + strspn(type, " "), "charset=utf-8") == 0;
}

static enum ledger_status take_body(const struct http_request *r, struct api_call *call)
{
    json_t *body = NULL;
    enum ledger_status st;

    if (r->body_size == 0)
        return LEDGER_OK;
    if (!is_json(http_header(r, "Content-Type")))
        return api_refuse(call, LEDGER_MEDIA_TYPE, NULL, "send Content-Type: application/json");
    st = api_args_parse(call, r->body, r->body_size, &body);
    if (st == LEDGER_OK)
        st = api_args_body(call, body);
    json_decref(body);
    return st;
}

static enum ledger_status take_uid(const struct http_request *r, struct api_call *call)
{
    const char *key = http_header(r, "Idempotency-Key");

    if (!key || call->op->mode != API_WRITE)
        return LEDGER_OK;
    if (ledger_uid_parse(key, &call->uid) != LEDGER_OK)
        return api_refuse(call, LEDGER_UID_MALFORMED, "Idempotency-Key",
                          "Idempotency-Key must be a UUID");
    call->has_uid = true;
    return LEDGER_OK;
}

enum ledger_status http_take(const struct http_request *r, struct api_call *call)
{
    LEDGER_TRY(take_path(r, call));
    LEDGER_TRY(take_uid(r, call));
    LEDGER_TRY(take_query(r, call));
    return take_body(r, call);
}
