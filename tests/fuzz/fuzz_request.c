/*
 * Requests to a node, up to eight, parted by byte 0x1E, each as text with plain line ends:
 *
 *   POST /api/v1/transfers/pay?dry_run=true
 *   Authorization: Bearer treasurer
 *
 *   {"payee": "ben", "amount": "1.00"}
 *
 * They go the whole way from framing to the answer's bytes, on a small ledger in memory, in one
 * transaction that is rolled back. Who the bearer is, the token's name says.
 */
#include "fuzz.h"

#include "api/args.h"
#include "api/http.h"
#include "api/run.h"
#include "ledger/currency.h"
#include "ledger/register.h"
#include "ledger/token.h"
#include "ledger/trial_balance.h"
#include "ledger/verify.h"
#include "tests/support/furnished.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART 0x1E
#define REQUESTS_MAX 8
#define HEADERS 70
#define INPUT_MAX 16384
#define VERIFY_ONE_IN 16 /* it takes longer than all the rest */

static struct region region;

static const struct {
    const char *name;
    unsigned role;
    int64_t member_id;
    const char *handle;
} bearers[] = {
    {"steward", LEDGER_STEWARD, 0, ""},  {"treasurer", LEDGER_TREASURER, 0, ""},
    {"auditor", LEDGER_AUDITOR, 0, ""},  {"manager", LEDGER_MANAGER, 1, "ana"},
    {"trader", LEDGER_TRADER, 1, "ana"}, {"viewer", LEDGER_VIEWER, 2, "ben"},
    {"ben", LEDGER_TRADER, 2, "ben"},
};

#define BEARERS (sizeof bearers / sizeof bearers[0])

static int64_t token_ids[BEARERS];

/* As in a node each bearer has a row: by it an answer that was kept knows whom it was for. */
static void make_tokens(void)
{
    char secret[LEDGER_TOKEN_SECRET];

    for (size_t i = 0; i < BEARERS; i++) {
        struct ledger_token token = {.role = (enum ledger_role)bearers[i].role,
                                     .member_id = bearers[i].member_id};

        OK(&region, ledger_token_create(region.l, &token, secret));
        token_ids[i] = token.id;
    }
    region_commit(&region);
}

static enum ledger_status sign_in(struct api_call *call, const char *secret)
{
    for (size_t i = 0; i < BEARERS; i++) {
        struct ledger_token token = {.id = token_ids[i],
                                     .role = (enum ledger_role)bearers[i].role,
                                     .member_id = bearers[i].member_id};

        if (strcmp(secret, bearers[i].name) != 0)
            continue;
        snprintf(token.handle, sizeof token.handle, "%s", bearers[i].handle);
        api_call_as_token(call, &token);
        return LEDGER_OK;
    }
    return api_refuse(call, LEDGER_NOT_SIGNED_IN, NULL, "who is that?");
}

static char *cut(char *text, const char *at)
{
    char *end = strstr(text, at);

    if (!end)
        return NULL;
    *end = '\0';
    return end + strlen(at);
}

/* Takes `text` to pieces. `size` counts the body too, which may hold zero bytes. */
static void split(char *text, size_t size, struct http_request *r, struct http_header *headers)
{
    char *all_end = text + size;
    char *body = cut(text, "\n\n");
    char *lines = cut(text, "\n");
    char *path = cut(text, " ");

    *r = (struct http_request){.method = text, .path = path ? path : "", .headers = headers};
    r->query = path ? cut(path, "?") : NULL;
    if (body && body < all_end) {
        r->body = body;
        r->body_size = (size_t)(all_end - body);
    }
    for (char *next; lines && *lines && r->header_count < HEADERS; lines = next) {
        next = cut(lines, "\n");
        char *value = cut(lines, ": ");
        if (value)
            headers[r->header_count++] = (struct http_header){lines, value};
    }
}

/* api/listener.c, without its sockets; what it does after each refusal is to close. */
static enum ledger_status run_request(const struct http_request *r, struct api_call *call,
                                      json_t **out, struct http_response *response)
{
    const char *secret = NULL;
    size_t length;

    LEDGER_TRY(http_check(r, call, &length));
    LEDGER_TRY(http_route(r, call, response));
    LEDGER_TRY(http_bearer(r, call, &secret));
    if (r->body_size > http_body_max(call->op))
        return api_refuse(call, LEDGER_BODY_TOO_LARGE, NULL, "too large");
    LEDGER_TRY(http_take(r, call));
    fuzz_check_args(call);
    LEDGER_TRY(sign_in(call, secret));
    return call->op->mode == API_WRITE ? api_run_write(region.l, call, out)
                                       : api_run_read(region.l, call, out);
}

/* The bytes are a response: a head that is whole, and as long a body of JSON as it says. */
static void check_bytes(struct http_response *response)
{
    size_t size;
    char *bytes = http_bytes(response, &size);
    char *length_at, *body;

    assert(bytes);
    body = memmem(bytes, size, "\r\n\r\n", 4);
    assert(body && strncmp(bytes, "HTTP/1.1 ", 9) == 0);
    length_at = memmem(bytes, size, "Content-Length: ", 16);
    assert(length_at && length_at < body);
    body += 4;
    assert(strtoul(length_at + 16, NULL, 10) == (size_t)(bytes + size - body));
    for (const char *c = bytes; c < body; c++)
        assert((*c >= 0x20 && *c < 0x7F) || *c == '\r' || *c == '\n');
    json_t *json = json_loadb(body, (size_t)(bytes + size - body), JSON_REJECT_DUPLICATES, NULL);
    assert(json_is_object(json));
    json_decref(json);
    free(bytes);
}

static enum ledger_status pass_over(void *ctx, const struct ledger_trial_line *line)
{
    (void)ctx;
    (void)line;
    return LEDGER_OK;
}

static enum ledger_status check_sum(void *ctx, const struct ledger_currency *c)
{
    struct ledger_trial_balance total;

    (void)ctx;
    EXPECT(&region, LEDGER_OK,
           ledger_trial_balance_read(region.l, c->id, ledger_today(region.l), LEDGER_BY_POSTED,
                                     &total, pass_over, NULL));
    assert(total.debit_minor == total.credit_minor);
    return LEDGER_OK;
}

/* The same answer for the same input, so that what was found is found again. */
static bool is_drawn(const uint8_t *data, size_t size)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 16777619u;
    return (hash >> 16) % VERIFY_ONE_IN == 0;
}

static void verify(void)
{
    struct ledger_verification v;
    enum ledger_status st = ledger_verify(region.l, NULL, NULL, &v);

    if (st != LEDGER_OK)
        fprintf(stderr, "verify: %s\n", ledger_message(region.l));
    assert(st == LEDGER_OK);
}

static enum ledger_status count_record(void *ctx, const struct ledger_record *r)
{
    (void)r;
    ++*(int64_t *)ctx;
    return LEDGER_OK;
}

static int64_t count_writes(void)
{
    int64_t count = 0;

    OK(&region, ledger_register_each(region.l, 0, INPUT_MAX, count_record, &count));
    return count;
}

/* The same request under its uid once more: the first answer, and nothing written. */
static void check_replay(const struct http_request *r, const json_t *first)
{
    struct http_response response = {0};
    struct api_call call;
    json_t *out = NULL;
    int64_t before = count_writes();

    api_call_init(&call, NULL);
    assert(run_request(r, &call, &out, &response) == LEDGER_OK);
    assert(call.replayed && count_writes() == before);
    json_t *kept = json_deep_copy(first);
    json_object_del(kept, "secret"); /* shown once, kept nowhere */
    assert(json_equal(kept, out) || json_object_get(out, "erased"));
    json_decref(kept);
    json_decref(out);
    api_call_clear(&call);
}

static bool check_request(const struct http_request *r)
{
    struct http_response response = {0};
    struct api_call call;
    json_t *out = NULL;

    api_call_init(&call, NULL);
    enum ledger_status st = run_request(r, &call, &out, &response);
    bool wrote = call.op && call.op->mode == API_WRITE && st == LEDGER_OK && !call.replayed;
    assert(!ledger_status_is_fault(st));
    assert((out != NULL) == (st == LEDGER_OK));
    fuzz_check_problem(&call, st);
    if (wrote && call.has_uid && !call.dry_run)
        check_replay(r, out);
    http_answer(&call, st, out, &response);
    check_bytes(&response);
    api_call_clear(&call);
    return wrote;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_header headers[HEADERS];
    struct http_request r;
    bool wrote = false;
    int count = 0;

    if (size > INPUT_MAX)
        return 0;
    if (!region.l) {
        json_object_seed(1);
        region_start(&region);
        furnish(&region);
        make_tokens();
        ledger_rollback(region.l);
    }
    OK(&region, ledger_begin_write(region.l));
    for (const uint8_t *at = data, *end = data + size; at < end && count < REQUESTS_MAX; count++) {
        const uint8_t *part = memchr(at, PART, (size_t)(end - at));
        size_t length = (size_t)((part ? part : end) - at);
        char *text = malloc(length + 1);

        assert(text);
        memcpy(text, at, length);
        text[length] = '\0';
        split(text, length, &r, headers);
        wrote |= check_request(&r);
        free(text);
        at = part ? part + 1 : end;
    }
    OK(&region, ledger_currency_each(region.l, check_sum, NULL));
    if (wrote && is_drawn(data, size))
        verify();
    ledger_rollback(region.l);
    return 0;
}
