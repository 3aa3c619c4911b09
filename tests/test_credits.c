/* Who sees what of training credits over HTTP, and their lists page by page. */
#include "support/web.h"

#include "api/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static struct web_node node;

static void local(const char *operation, const char *args)
{
    json_t *json = json_loads(args, 0, NULL);

    assert_non_null(json);
    json_decref(web_local(&node, operation, json));
}

#define GRANT(member, amount, expires, purpose)                                                    \
    "{\"fund\":\"fund\",\"member\":\"" member "\",\"amount\":\"" amount                            \
    "\",\"currency\":\"SKILL\",\"expires\":\"" expires "\",\"purpose\":\"" purpose "\"}"

/* Lots: 1 and 2 of riverside, 3 of mill; 4 is what mill earned. */
static int start(void **state)
{
    static const struct {
        const char *operation;
        const char *args;
    } deeds[] = {
        {"currency.add", "{\"code\":\"SKILL\",\"name\":\"Skills\",\"kind\":\"training\","
                         "\"floor\":\"-50.00\"}"},
        {"member.add", "{\"handle\":\"fund\",\"name\":\"Fund\",\"kind\":\"fund\"}"},
        {"provider.add", "{\"member\":\"mill\",\"reason\":\"teaches millers\"}"},
        {"credits.grant", GRANT("riverside", "5.00", "2035-11-30", "bread")},
        {"credits.grant", GRANT("riverside", "4.00", "2035-10-31", "cakes")},
        {"credits.grant", GRANT("mill", "3.00", "2035-11-30", "a secret of the mill")},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"1.00\","
                         "\"currency\":\"SKILL\"}"},
    };

    (void)state;
    web_ledger(&node, 0);
    for (size_t i = 0; i < COUNT(deeds); i++)
        local(deeds[i].operation, deeds[i].args);
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

static json_t *get(int caller, const char *path)
{
    struct web_response r = {0};
    char full[256];
    int fd = web_connect(&node);

    snprintf(full, sizeof full, HTTP_ROOT "%s", path);
    assert_true(
        web_ask(fd, &(struct web_request){"GET", full, node.tokens[caller], NULL, NULL}, &r));
    assert_int_equal(r.status, 200);
    json_t *body = web_json(&r);
    web_clear(&r);
    close(fd);
    return body;
}

static const struct look {
    const char *what;
    int caller;
    const char *path;
    const char *shows;
    const char *hides;
} looks[] = {
    {"a member's people read its purposes", VIEWER, "/members/riverside/credits",
     "\"purpose\": \"bread\"", "mill"},
    {"and so does a steward", STEWARD, "/members/riverside/credits", "\"purpose\": \"bread\"",
     "mill"},
    {"a treasurer sees amounts", TREASURER, "/members/riverside/credits", "\"left\": \"3.00\"",
     "bread"},
    {"and an auditor", AUDITOR, "/members/mill/credits", "\"origin\": \"earned\"", "secret"},
    {"a member is warned of its own", MANAGER, "/credits/warnings?days=366", "\"items\": []",
     "mill"},
    {"everybody knows the providers", VIEWER, "/providers", "\"member\": \"mill\"",
     "teaches millers"},
    {"and the node's why", AUDITOR, "/providers", "teaches millers", "riverside"},
    {"what a fund granted is the node's to see", AUDITOR,
     "/members/fund/accounts/SKILL/credit-flow", "\"granted\": \"12.00\"", "riverside"},
};

static void each_sees_what_is_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(looks); i++) {
        json_t *body = get(looks[i].caller, looks[i].path);
        char *text = json_dumps(body, JSON_SORT_KEYS);
        if (!strstr(text, looks[i].shows) || strstr(text, looks[i].hides))
            fail_msg("%s: %s", looks[i].what, text);
        free(text);
        json_decref(body);
    }
}

static void page_after_page(void **state)
{
    static const int lots[] = {2, 1};
    char path[256] = "/members/riverside/credits?limit=1";

    (void)state;
    for (size_t i = 0; i < COUNT(lots); i++) {
        json_t *body = get(MANAGER, path);
        json_t *items = json_object_get(body, "items");
        const char *next = json_string_value(json_object_get(body, "next"));
        assert_int_equal(json_array_size(items), 1);
        assert_int_equal(json_integer_value(json_object_get(json_array_get(items, 0), "lot")),
                         lots[i]);
        assert_int_equal(next != NULL, i + 1 < COUNT(lots));
        if (next)
            snprintf(path, sizeof path, "/members/riverside/credits?limit=1&after=%s", next);
        json_decref(body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sees_what_is_its_own),
        cmocka_unit_test(page_after_page),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
