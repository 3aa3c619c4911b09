/* Items that are written as text read as those that jansson prints. */
#include "support/region.h"

#include "api/http.h"
#include "api/items.h"
#include "api/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static void texts(void **state)
{
    static const struct {
        const char *text;
        const char *json;
    } rows[] = {
        {"", "\"\""},
        {"bread", "\"bread\""},
        {"\"best\" bread", "\"\\\"best\\\" bread\""},
        {"\"", "\"\\\"\""},
        {"a\\b\\", "\"a\\\\b\\\\\""},
        {"/", "\"/\""},
        {"café 漢 🙂", "\"café 漢 🙂\""},
        {NULL, "null"},
        {"\xc3", "null"},
        {"a\nb", "null"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct api_items items = {0};
        char want[100];
        api_items_begin(&items);
        api_items_text(&items, "memo", rows[i].text);
        api_items_end(&items);
        char *text = api_items_take(&items);
        snprintf(want, sizeof want, "[{\"memo\":%s}]", rows[i].json);
        assert_string_equal(text, want);
        free(text);
    }
}

static void every_kind_of_field(void **state)
{
    struct api_items items = {0};
    char *text;

    (void)state;
    api_items_begin(&items);
    api_items_integer(&items, "least", -1);
    api_items_integer(&items, "most", LEDGER_AMOUNT_MAX);
    api_items_flag(&items, "yes", true);
    api_items_flag(&items, "no", false);
    api_items_end(&items);
    api_items_begin(&items);
    api_items_null(&items, "nothing");
    api_items_amount(&items, "amount", -1250, 2);
    api_items_time(&items, "time", 0);
    api_items_day(&items, "day", 0);
    api_items_end(&items);
    text = api_items_take(&items);
    assert_string_equal(text, "[{\"least\":-1,\"most\":1000000000000000,\"yes\":true,\"no\":false},"
                              "{\"nothing\":null,\"amount\":\"-12.50\","
                              "\"time\":\"1970-01-01T00:00:00.000000Z\",\"day\":\"1970-01-01\"}]");
    assert_null(items.text);
    free(text);
}

/* The body that a door sends of `member`'s statement; `next` is given back, "" after the last page. */
static char *body(struct region *r, bool prints, int limit, char next[100])
{
    struct api_call call;
    struct http_response response = {0};
    json_t *out;
    size_t size;

    api_call_init(&call, api_operation_named("statement"));
    api_call_as_local(&call, "test");
    call.prints = prints;
    json_object_set_new(call.args, "member", json_string("ana"));
    json_object_set_new(call.args, "currency", json_string("CALD"));
    json_object_set_new(call.args, "limit", json_integer(limit));
    if (next[0])
        json_object_set_new(call.args, "after", json_string(next));
    OK(r, api_run_read(r->l, &call, &out));
    const char *cursor = json_string_value(json_object_get(out, "next"));
    snprintf(next, 100, "%s", cursor ? cursor : "");
    http_answer(&call, LEDGER_OK, out, &response);
    char *bytes = http_bytes(&response, &size);
    char *text = strndup(bytes, size);
    free(bytes);
    char *at = strstr(text, "\r\n\r\n");
    memmove(text, at, strlen(at) + 1);
    api_call_clear(&call);
    return text;
}

static void the_same_page(struct region *r, int limit, int pages)
{
    char next[2][100] = {"", ""};
    int page = 0;

    do {
        char *made = body(r, false, limit, next[0]);
        char *printed = body(r, true, limit, next[1]);
        assert_string_equal(made, printed);
        assert_string_equal(next[0], next[1]);
        free(made);
        free(printed);
        page++;
    } while (next[0][0]);
    assert_int_equal(page, pages);
}

static void a_page_is_the_same_either_way(void **state)
{
    struct region r;

    (void)state;
    region_start(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t ben = region_account(&r, "ben", "CALD");
    the_same_page(&r, 50, 1);
    for (int i = 0; i < 70; i++) {
        region_pay_on(&r, i % 2 ? ana : ben, i % 2 ? ben : ana, 1 + i,
                      i % 3 ? "2026-03-02" : "2026-03-01", i % 5 ? NULL : "\"best\" bread \\ 🙂");
        r.clock.now_us++;
    }
    the_same_page(&r, 50, 2);
    the_same_page(&r, 7, 10);
    the_same_page(&r, 100, 1);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(every_kind_of_field),
        cmocka_unit_test(a_page_is_the_same_either_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
