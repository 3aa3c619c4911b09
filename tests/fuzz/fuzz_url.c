/* A method, a blank, and the address as it is sent: "GET /api/v1/members?limit=2". */
#include "fuzz.h"

#include "api/args.h"
#include "api/http.h"
#include "api/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUERY_ROOM 70000

static enum ledger_status take(const struct http_request *r, struct api_call *call)
{
    struct http_response response = {0};
    enum ledger_status st = http_route(r, call, &response);

    assert((st == LEDGER_METHOD_NOT_ALLOWED) == (response.allow[0] != '\0'));
    if (st != LEDGER_OK)
        return st;
    assert(strcmp(call->op->method, r->method) == 0);
    return http_take(r, call);
}

static void escape(char *query, const char *text)
{
    char *at = query + strlen(query);

    for (; *text; text++)
        at += sprintf(at, "%%%02x", (unsigned char)*text);
}

static void add_pair(char *query, const char *name, const json_t *value)
{
    char number[32];

    strcat(query, query[0] ? "&" : "");
    escape(query, name);
    strcat(query, "=");
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    if (json_is_string(value))
        escape(query, json_string_value(value));
    else
        strcat(query, json_is_integer(value) ? number : json_is_true(value) ? "true" : "false");
}

/* What stands in the query, each byte of it escaped, is taken as the same. */
static void check_again(const struct http_request *r, const struct api_call *call)
{
    char *query = calloc(1, QUERY_ROOM);
    struct http_request second_request = *r;
    struct api_call second;
    char place[80];
    const char *name;
    json_t *value;

    assert(query);
    json_object_foreach(call->args, name, value)
    {
        snprintf(place, sizeof place, "{%s}", name);
        if (!strstr(call->op->path, place))
            add_pair(query, name, value);
    }
    second_request.query = query;
    api_call_init(&second, NULL);
    if (strlen(query) <= HTTP_QUERY_MAX) {
        assert(take(&second_request, &second) == LEDGER_OK);
        assert(json_equal(call->args, second.args));
    }
    api_call_clear(&second);
    free(query);
}

static void split(char *text, struct http_request *r)
{
    char *path = strchr(text, ' ');
    char *query;

    *r = (struct http_request){.method = text, .path = ""};
    if (!path)
        return;
    *path++ = '\0';
    r->path = path;
    query = strchr(path, '?');
    if (!query)
        return;
    *query++ = '\0';
    r->query = query;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct http_request r;
    struct api_call call;

    split(text, &r);
    api_call_init(&call, NULL);
    enum ledger_status st = take(&r, &call);
    fuzz_check_problem(&call, st);
    if (st == LEDGER_OK) {
        fuzz_check_args(&call);
        if (strcmp(r.method, "GET") == 0)
            check_again(&r, &call);
    }
    api_call_clear(&call);
    free(text);
    return 0;
}
