/* A JSON body: the first line names the operation, the rest is the body. */
#include "fuzz.h"

#include "api/args.h"
#include "api/run.h"

#include <stdlib.h>
#include <string.h>

static int depth_of(const json_t *value)
{
    int deepest = 0;
    const char *key;
    size_t i;
    json_t *inner;

    if (json_is_object(value))
        json_object_foreach((json_t *)value, key, inner)
        {
            int depth = depth_of(inner);
            deepest = depth > deepest ? depth : deepest;
        }
    else
        json_array_foreach(value, i, inner)
        {
            int depth = depth_of(inner);
            deepest = depth > deepest ? depth : deepest;
        }
    return deepest + (json_is_object(value) || json_is_array(value));
}

static enum ledger_status take(struct api_call *call, const char *text, size_t size)
{
    json_t *body;
    enum ledger_status st = api_args_parse(call, text, size, &body);

    assert((st == LEDGER_OK) == (body != NULL));
    assert(!body || depth_of(body) <= API_ARGS_DEPTH_MAX);
    if (st == LEDGER_OK)
        st = api_args_body(call, body);
    json_decref(body);
    return st;
}

/* What was taken, written down again, is taken again and says the same. */
static void check_again(const struct api_call *call)
{
    struct api_call second;
    char *text = json_dumps(call->args, JSON_COMPACT);

    assert(text);
    api_call_init(&second, call->op);
    assert(take(&second, text, strlen(text)) == LEDGER_OK);
    assert(json_equal(call->args, second.args));
    api_call_clear(&second);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *body;
    const struct api_operation *op = fuzz_operation(data, size, &body);
    struct api_call call;

    if (!op)
        return 0;
    api_call_init(&call, op);
    enum ledger_status st = take(&call, (const char *)body, size - (size_t)(body - data));
    fuzz_check_problem(&call, st);
    if (st == LEDGER_OK) {
        fuzz_check_args(&call);
        check_again(&call);
        fuzz_check_problem(&call, api_args_complete(&call));
    }
    api_call_clear(&call);
    return 0;
}
