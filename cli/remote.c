#include "remote.h"

#include "api/args.h"
#include "api/curl.h"
#include "api/monotonic.h"
#include "api/run.h"
#include "door.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BASE "/api/v1"
#define CONNECT_TIMEOUT_MS 5000L
#define READ_TIMEOUT_MS 600000L /* verify replays everything */
#define WRITE_TIMEOUT_MS 60000L
#define LOOK_TIMEOUT_MS 10000L
#define TRIES 2

struct remote {
    struct curl curl;
    CURL *handle;
    char *url;
    char *authorization;
    char *no_token; /* why there is none */
};

/* What came back. */
struct reply {
    char *text;
    size_t size;
    FILE *into;
    bool too_large;
    bool replayed;
    char date[64]; /* of the Date header */
    long http;
};

struct remote *remote_new(const char *url, const char *token, const char *no_token)
{
    struct remote *r = calloc(1, sizeof *r);
    size_t length = strlen(url);

    if (!r)
        return NULL;
    while (length && url[length - 1] == '/')
        length--;
    r->url = strndup(url, length);
    r->no_token = strdup(no_token);
    if (token && asprintf(&r->authorization, "Authorization: Bearer %s", token) < 0)
        r->authorization = NULL;
    r->handle = curl_load(&r->curl) ? r->curl.init() : NULL;
    if (r->url && r->no_token && (r->authorization || !token) && r->handle)
        return r;
    remote_free(r);
    return NULL;
}

void remote_free(struct remote *r)
{
    if (!r)
        return;
    if (r->handle)
        r->curl.cleanup(r->handle);
    free(r->authorization);
    free(r->no_token);
    free(r->url);
    free(r);
}

static void write_escaped(struct remote *r, const char *text, FILE *out)
{
    char *escaped = r->curl.escape(r->handle, text, 0);

    fputs(escaped ? escaped : "", out);
    r->curl.free(escaped);
}

static void write_argument(struct remote *r, const json_t *value, FILE *out)
{
    if (json_is_integer(value))
        fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        fputs(json_is_true(value) ? "true" : "false", out);
    else if (json_is_string(value))
        write_escaped(r, json_string_value(value), out);
}

/* The operation's path; what stands in it is taken out of `left`. */
static void write_path(struct remote *r, const char *path, json_t *left, FILE *out)
{
    char name[64];

    fputs(BASE, out);
    for (; *path; path++) {
        size_t length = strcspn(path + 1, "}");

        if (*path != '{') {
            fputc(*path, out);
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)length, path + 1);
        write_argument(r, json_object_get(left, name), out);
        json_object_del(left, name);
        path += length + 1;
    }
}

static void write_query(struct remote *r, const json_t *left, FILE *out)
{
    const char *key;
    json_t *value;
    char before = '?';

    json_object_foreach((json_t *)left, key, value)
    {
        fprintf(out, "%c%s=", before, key);
        write_argument(r, value, out);
        before = '&';
    }
}

static char *make_url(struct remote *r, const struct api_call *call, json_t *left)
{
    char *url = NULL;
    size_t size;
    FILE *out = open_memstream(&url, &size);

    if (!out)
        return NULL;
    fputs(r->url, out);
    write_path(r, call->op->path, left, out);
    if (strcmp(call->op->method, "GET") == 0)
        write_query(r, left, out);
    else if (call->dry_run)
        fputs("?dry_run=true", out);
    if (fclose(out) != 0) {
        free(url);
        return NULL;
    }
    return url;
}

static size_t take_body(char *data, size_t one, size_t n, void *ctx)
{
    struct reply *reply = ctx;

    if ((size_t)ftello(reply->into) + n > REMOTE_ANSWER_MAX) {
        reply->too_large = true;
        return 0;
    }
    return fwrite(data, one, n, reply->into);
}

static size_t take_header(char *data, size_t one, size_t n, void *ctx)
{
    static const char replay[] = "Idempotent-Replay: true";
    struct reply *reply = ctx;

    if (n >= sizeof replay - 1 && strncasecmp(data, replay, sizeof replay - 1) == 0)
        reply->replayed = true;
    if (n > 6 && strncasecmp(data, "Date: ", 6) == 0)
        snprintf(reply->date, sizeof reply->date, "%.*s", (int)strcspn(data + 6, "\r\n"), data + 6);
    return one * n;
}

static void prepare_any(struct remote *r, const char *url, long timeout_ms)
{
    r->curl.reset(r->handle);
    r->curl.setopt(r->handle, CURLOPT_URL, url);
    r->curl.setopt(r->handle, CURLOPT_PROTOCOLS_STR, "http,https");
    r->curl.setopt(r->handle, CURLOPT_PATH_AS_IS, 1L);
    r->curl.setopt(r->handle, CURLOPT_NOSIGNAL, 1L);
    r->curl.setopt(r->handle, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    r->curl.setopt(r->handle, CURLOPT_TIMEOUT_MS, timeout_ms);
    r->curl.setopt(r->handle, CURLOPT_WRITEFUNCTION, take_body);
    r->curl.setopt(r->handle, CURLOPT_HEADERFUNCTION, take_header);
}

static void prepare(struct remote *r, const struct api_call *call, const char *url,
                    const char *body)
{
    prepare_any(r, url, call->op->mode == API_WRITE ? WRITE_TIMEOUT_MS : READ_TIMEOUT_MS);
    r->curl.setopt(r->handle, CURLOPT_CUSTOMREQUEST, call->op->method);
    if (body)
        r->curl.setopt(r->handle, CURLOPT_POSTFIELDS, body);
}

static struct curl_slist *make_headers(const struct remote *r, const struct api_call *call,
                                       bool body)
{
    struct curl_slist *list =
        r->authorization ? r->curl.slist_append(NULL, r->authorization) : NULL;
    char key[64 + LEDGER_UID_TEXT];
    char uid[LEDGER_UID_TEXT];

    list = r->curl.slist_append(list, "Accept: application/json, application/problem+json");
    list = r->curl.slist_append(list, "Expect:"); /* no round trip before a large body */
    if (body)
        list = r->curl.slist_append(list, "Content-Type: application/json");
    if (call->has_uid) {
        snprintf(key, sizeof key, "Idempotency-Key: %s", ledger_uid_format(&call->uid, uid));
        list = r->curl.slist_append(list, key);
    }
    return list;
}

/* One request and its reply, which the caller frees. */
static CURLcode perform(struct remote *r, struct reply *reply)
{
    CURLcode code;

    *reply = (struct reply){0};
    reply->into = open_memstream(&reply->text, &reply->size);
    if (!reply->into)
        return CURLE_OUT_OF_MEMORY;
    r->curl.setopt(r->handle, CURLOPT_WRITEDATA, reply);
    r->curl.setopt(r->handle, CURLOPT_HEADERDATA, reply);
    code = r->curl.perform(r->handle);
    fclose(reply->into);
    if (code == CURLE_OK)
        r->curl.getinfo(r->handle, CURLINFO_RESPONSE_CODE, &reply->http);
    return code;
}

/* The request may have arrived, and what was answered did not. */
static bool is_lost(CURLcode code, const struct reply *reply)
{
    return !reply->too_large &&
           (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING ||
            code == CURLE_PARTIAL_FILE || code == CURLE_OPERATION_TIMEDOUT);
}

/* No answer, to whatever was asked. */
static enum ledger_status silent(struct remote *r, CURLcode code, const struct reply *reply,
                                 struct api_problem *problem)
{
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        return door_refuse(problem, LEDGER_USAGE,
                           "\"%s\" is not a node's address such as https://ledger.example.org",
                           r->url);
    if (reply->too_large)
        return door_refuse(problem, LEDGER_UNREACHABLE, "%s answered with more than coledger takes",
                           r->url);
    return door_refuse(problem, LEDGER_UNREACHABLE, "%s does not answer: %s", r->url,
                       r->curl.strerror(code));
}

static enum ledger_status unanswered(struct remote *r, struct api_call *call, CURLcode code,
                                     const struct reply *reply)
{
    char uid[LEDGER_UID_TEXT];

    if (is_lost(code, reply) && call->op->mode == API_WRITE && !call->dry_run)
        return door_refuse(&call->problem, LEDGER_OUTCOME_UNKNOWN,
                           "%s took the request and its answer was lost: ask again with --uid %s",
                           r->url, ledger_uid_format(&call->uid, uid));
    return silent(r, code, reply, &call->problem);
}

static void copy_text(const json_t *from, const char *key, char *to, size_t size)
{
    const char *text = json_string_value(json_object_get(from, key));

    snprintf(to, size, "%s", text ? text : "");
    ledger_text_mend(to);
}

/* RFC 9457, the other way round from api_problem_json. */
static enum ledger_status refused(struct remote *r, struct api_call *call, const json_t *json,
                                  long http)
{
    const char *code = json_string_value(json_object_get(json, "code"));
    const json_t *leg = json_object_get(json, "index");
    enum ledger_status st = code ? ledger_status_from_code(code) : LEDGER_STATUS_COUNT;

    if (st == LEDGER_STATUS_COUNT || st == LEDGER_OK)
        return door_refuse(&call->problem, LEDGER_UNREACHABLE,
                           "%s answered %ld, and not as a coledger node does", r->url, http);
    call->problem.status = st;
    call->problem.leg = json_is_integer(leg) ? (int)json_integer_value(leg) : -1;
    copy_text(json, "detail", call->problem.detail, sizeof call->problem.detail);
    copy_text(json, "field", call->problem.field, sizeof call->problem.field);
    copy_text(json, "room", call->problem.room, sizeof call->problem.room);
    return st;
}

static enum ledger_status understand(struct remote *r, struct api_call *call,
                                     const struct reply *reply, json_t **out)
{
    json_t *json = json_loadb(reply->text, reply->size, JSON_REJECT_DUPLICATES, NULL);
    enum ledger_status st;

    if (json_is_object(json) && reply->http >= 200 && reply->http < 300) {
        call->replayed = reply->replayed;
        *out = json;
        return LEDGER_OK;
    }
    st = refused(r, call, json, reply->http);
    json_decref(json);
    return st;
}

static enum ledger_status ask(struct remote *r, struct api_call *call, json_t **out)
{
    struct reply reply;
    CURLcode code = perform(r, &reply);
    enum ledger_status st;

    for (int tries = 1; is_lost(code, &reply) && tries < TRIES; tries++) {
        free(reply.text);
        code = perform(r, &reply);
        reply.replayed = false; /* what was done before was this same request */
    }
    st = code == CURLE_OK ? understand(r, call, &reply, out) : unanswered(r, call, code, &reply);
    free(reply.text);
    return st;
}

static void name_write(struct api_call *call)
{
    uint8_t random[10];

    if (call->op->mode != API_WRITE || call->has_uid)
        return;
    api_env.random(api_env.arg, random, sizeof random);
    call->uid = ledger_uid_v7(api_env.now_us(api_env.arg), random);
    call->has_uid = true;
}

enum ledger_status remote_call(struct remote *r, struct api_call *call, json_t **out)
{
    json_t *left = json_copy(call->args);
    struct curl_slist *headers = NULL;
    enum ledger_status st;
    bool get = strcmp(call->op->method, "GET") == 0;
    char *url;
    char *body;

    *out = NULL;
    if (!r->authorization && !(call->op->access & API_NOBODY)) {
        json_decref(left);
        return door_refuse(&call->problem, LEDGER_NOT_SIGNED_IN, "%s", r->no_token);
    }
    name_write(call);
    url = left ? make_url(r, call, left) : NULL;
    body = left && !get ? json_dumps(left, JSON_COMPACT) : NULL;
    headers = make_headers(r, call, body != NULL);
    if (!url || !headers || (!get && !body)) {
        st = door_refuse(&call->problem, LEDGER_NO_MEMORY, "out of memory");
        goto done;
    }
    prepare(r, call, url, body);
    r->curl.setopt(r->handle, CURLOPT_HTTPHEADER, headers);
    st = ask(r, call, out);
done:
    r->curl.slist_free_all(headers);
    free(body);
    free(url);
    json_decref(left);
    return st;
}

enum ledger_status remote_look(struct remote *r, const char *path, struct remote_page *page,
                               struct api_problem *problem)
{
    int64_t began_us = monotonic_us();
    struct reply reply = {0};
    enum ledger_status st = LEDGER_OK;
    char *url = NULL;
    CURLcode code;

    *page = (struct remote_page){.date_s = -1};
    if (asprintf(&url, "%s%s", r->url, path) < 0)
        return door_refuse(problem, LEDGER_NO_MEMORY, "out of memory");
    prepare_any(r, url, LOOK_TIMEOUT_MS);
    code = perform(r, &reply);
    page->took_us = monotonic_us() - began_us;
    page->http = reply.http;
    if (code != CURLE_OK)
        st = silent(r, code, &reply, problem);
    else
        page->json = json_loadb(reply.text, reply.size, JSON_REJECT_DUPLICATES, NULL);
    if (reply.date[0])
        page->date_s = (int64_t)r->curl.getdate(reply.date, NULL);
    free(reply.text);
    free(url);
    return st;
}
