/* A cursor: the first line names the list; a ~ before the cursor stands for that list's own mark. */
#include "fuzz.h"

#include "api/run.h"
#include "api/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The "next" of a page that ended at (a, b); the caller releases it. */
static json_t *next_of(struct api_call *call, int64_t a, int64_t b)
{
    struct api_page page = {.call = call, .more = true, .last = {a, b}, .items = json_array()};
    json_t *answer = NULL;

    assert(api_page_end(&page, &answer) == LEDGER_OK);
    json_t *next = json_incref(json_object_get(answer, "next"));
    json_decref(answer);
    assert(json_is_string(next));
    return next;
}

static enum ledger_status begin(struct api_call *call, const char *cursor, struct api_page *page)
{
    json_object_set_new(call->args, "after", json_string(cursor));
    enum ledger_status st = api_page_begin(page, NULL, call);
    if (st != LEDGER_OK)
        fuzz_check_problem(call, st);
    api_page_drop(page);
    return st;
}

/* Only what a page gave out is taken, and it comes back as it was. */
static void check_cursor(struct api_call *call, const char *cursor)
{
    struct api_page page;

    if (begin(call, cursor, &page) != LEDGER_OK)
        return;
    json_t *next = next_of(call, page.after[0], page.after[1]);
    assert(strcmp(json_string_value(next), cursor) == 0);
    json_decref(next);
}

static void check_given(struct api_call *call, const uint8_t *data, size_t size)
{
    int64_t keys[2] = {0, 0};
    struct api_page page;

    memcpy(keys, data, size < sizeof keys ? size : sizeof keys);
    keys[0] %= INT64_C(1000000000000000);
    keys[1] %= INT64_C(1000000000000000);
    json_t *next = next_of(call, keys[0], keys[1]);
    assert(begin(call, json_string_value(next), &page) == LEDGER_OK);
    assert(page.after[0] == keys[0] && page.after[1] == keys[1]);
    json_decref(next);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *rest;
    const struct api_operation *op = fuzz_operation(data, size, &rest);
    struct api_call call;
    char cursor[300];

    if (!op || !api_param_named(op, "after") || size > sizeof cursor / 2)
        return 0;
    size -= (size_t)(rest - data);
    api_call_init(&call, op);
    json_t *next = next_of(&call, 0, 0);
    char *text = fuzz_text(rest, size);
    bool marked = text[0] == '~';
    snprintf(cursor, sizeof cursor, "%.16s%s", marked ? json_string_value(next) : "",
             text + marked);
    if (fuzz_is_plain(cursor, strlen(cursor)))
        check_cursor(&call, cursor);
    check_given(&call, rest, size);
    json_decref(next);
    free(text);
    api_call_clear(&call);
    return 0;
}
