#include "http.h"

#include "args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HEAD_ROOM 720 /* more than all headers together can take */
#define BODY_ROOM 1400

void http_answer(struct api_call *call, enum ledger_status s, json_t *out,
                 struct http_response *response)
{
    response->status = ledger_status_facts(s)->http;
    response->op = call->op;
    response->code = s;
    snprintf(response->actor, sizeof response->actor, "%s", call->actor);
    if (s == LEDGER_OK) {
        response->content_type = "application/json";
        response->json = out ? out : json_object();
        response->items = call->items;
        call->items = NULL;
        response->replayed = call->replayed;
        return;
    }
    json_decref(out);
    if (call->problem.status != s)
        api_refuse(call, s, NULL, "%s", ledger_status_facts(s)->title);
    response->content_type = "application/problem+json";
    response->json = api_problem_json(&call->problem);
    if (response->status >= 500 && response->request_id[0])
        json_object_set_new(response->json, "request_id", json_string(response->request_id));
    if ((response->status == 503 || response->status == 429) && response->retry_after_s == 0)
        response->retry_after_s = 1;
}

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *words;
    } reasons[] = {
        {200, "OK"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {503, "Service Unavailable"},
    };

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].words;
    return status < 500 ? "Refused" : "Internal Server Error";
}

/* A response under construction: the headers are written last, in front of the body. */
struct draft {
    char *bytes;
    size_t size;
    size_t room;
};

static int append(const char *text, size_t size, void *ctx)
{
    struct draft *d = ctx;
    size_t room = d->room;
    char *grown;

    while (room - d->size < size)
        room *= 2;
    if (room != d->room) {
        grown = realloc(d->bytes, room);
        if (!grown)
            return -1;
        d->bytes = grown;
        d->room = room;
    }
    memcpy(d->bytes + d->size, text, size);
    d->size += size;
    return 0;
}

static void add(char head[static HEAD_ROOM], const char *name, const char *value)
{
    size_t used = strlen(head);

    snprintf(head + used, HEAD_ROOM - used, "%s: %s\r\n", name, value);
}

/* RFC 9110, section 6.6.1: whoever has a clock says what it shows. */
static void add_date(char head[static HEAD_ROOM])
{
    char date[32];
    struct tm parts;
    time_t now = time(NULL);

    gmtime_r(&now, &parts);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    add(head, "Date", date);
}

static void write_head(const struct http_response *r, size_t body_size, char head[static HEAD_ROOM])
{
    char number[32];

    snprintf(head, HEAD_ROOM, "HTTP/1.1 %d %s\r\n", r->status, reason(r->status));
    add_date(head);
    add(head, "Content-Type", r->content_type);
    snprintf(number, sizeof number, "%zu", body_size);
    add(head, "Content-Length", number);
    add(head, "Cache-Control", r->etag[0] ? "private, no-cache" : "no-store");
    if (r->etag[0])
        add(head, "ETag", r->etag);
    add(head, "X-Content-Type-Options", "nosniff");
    if (r->request_id[0])
        add(head, HTTP_REQUEST_ID, r->request_id);
    if (r->allow[0])
        add(head, "Allow", r->allow);
    if (r->replayed)
        add(head, "Idempotent-Replay", "true");
    if (r->status == 401)
        add(head, "WWW-Authenticate", "Bearer");
    if (r->retry_after_s) {
        snprintf(number, sizeof number, "%d", r->retry_after_s);
        add(head, "Retry-After", number);
    }
    add(head, "Connection", r->close ? "close" : "keep-alive");
    snprintf(head + strlen(head), HEAD_ROOM - strlen(head), "\r\n");
}

/* The object field by field, with the text in the place of its empty "items". */
static bool write_with_items(const struct http_response *r, struct draft *d)
{
    const char *key, *before = "{\"";
    json_t *value;

    json_object_foreach(r->json, key, value)
    {
        if (append(before, strlen(before), d) != 0 || append(key, strlen(key), d) != 0 ||
            append("\":", 2, d) != 0)
            return false;
        if (strcmp(key, "items") == 0) {
            if (append(r->items, strlen(r->items), d) != 0)
                return false;
        } else if (json_dump_callback(value, append, d, JSON_COMPACT | JSON_ENCODE_ANY) != 0) {
            return false;
        }
        before = ",\"";
    }
    return append("}\n", 2, d) == 0;
}

static bool write_body(const struct http_response *r, struct draft *d)
{
    if (r->items)
        return write_with_items(r, d);
    if (r->json)
        return json_dump_callback(r->json, append, d, JSON_COMPACT) == 0 && append("\n", 1, d) == 0;
    return append(r->text, strlen(r->text), d) == 0;
}

char *http_bytes(struct http_response *r, size_t *size)
{
    struct draft d = {malloc(HEAD_ROOM + BODY_ROOM), HEAD_ROOM, HEAD_ROOM + BODY_ROOM};
    char head[HEAD_ROOM];
    size_t head_size;
    bool written = d.bytes && write_body(r, &d);

    json_decref(r->json);
    r->json = NULL;
    free(r->items);
    r->items = NULL;
    free(r->owned);
    r->owned = NULL;
    r->text = NULL;
    if (!written) {
        free(d.bytes);
        return NULL;
    }
    write_head(r, d.size - HEAD_ROOM, head);
    head_size = strlen(head);
    *size = head_size + d.size - HEAD_ROOM;
    memmove(d.bytes, head, head_size);
    memmove(d.bytes + head_size, d.bytes + HEAD_ROOM, d.size - HEAD_ROOM);
    if (r->head_only)
        *size = head_size;
    return d.bytes;
}
