/* A node whose clock jumps: what it writes stays in order, and what cannot be in order is refused. */
#include "support/web.h"

#include "api/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MINUTE_US (INT64_C(60) * 1000000)
#define DAY_US (24 * 60 * MINUTE_US)

static struct web_node node;
static _Atomic int64_t offset_us;

static int64_t shifted_now_us(void *arg)
{
    return api_env.now_us(arg) + atomic_load(&offset_us);
}

static struct ledger_env shifted;

static int start(void **state)
{
    (void)state;
    shifted = api_env;
    shifted.now_us = shifted_now_us;
    atomic_store(&offset_us, 0);
    web_ledger(&node, 0);
    node.env = &shifted;
    web_start(&node, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return web_end(&node);
}

/* The answer, to be released; `code` is "" or the problem's. */
static json_t *ask_as(int role, const char *method, const char *path, const char *body,
                      const char *code)
{
    struct web_response r = {0};
    char got[64];
    int fd = web_connect(&node);
    json_t *json;

    assert_true(
        web_ask(fd, &(struct web_request){method, path, node.tokens[role], NULL, body}, &r));
    close(fd);
    web_code(&r, got);
    if (strcmp(got, code) != 0)
        fail_msg("%s %s %s: %s", method, path, body ? body : "", r.body);
    if (strcmp(code, "clock_behind") == 0) {
        assert_int_equal(r.status, 503);
        assert_non_null(strstr(r.head, "Retry-After: "));
    }
    json = web_json(&r);
    web_clear(&r);
    return json;
}

static void expect(const char *path, const char *body, const char *code)
{
    json_decref(ask_as(TREASURER, "POST", path, body, code));
}

#define PAY "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"1.00\",\"currency\":\"CALD\"}"
#define HOLD(expires_in)                                                                           \
    "{\"from\":\"riverside\",\"payees\":[{\"payee\":\"mill\",\"amount\":\"2.00\"}],"               \
    "\"currency\":\"CALD\",\"expires_in\":\"" expires_in "\"}"

static int64_t hold(const char *body)
{
    json_t *json = ask_as(TREASURER, "POST", "/api/v1/holds", body, "");
    int64_t id = json_integer_value(json_object_get(json, "hold"));

    json_decref(json);
    return id;
}

static void resolve(int64_t id, const char *how, const char *code)
{
    char path[64];

    snprintf(path, sizeof path, "/api/v1/holds/%lld/%s", (long long)id, how);
    expect(path, "{}", code);
}

static void expect_held(const char *amount)
{
    json_t *json = ask_as(TREASURER, "GET", "/api/v1/balances?member=riverside", NULL, "");
    const json_t *account = json_array_get(json_object_get(json, "items"), 0);

    assert_string_equal(json_string_value(json_object_get(account, "reserved_out")), amount);
    json_decref(json);
}

static void accept_clock(void)
{
    json_decref(ask_as(STEWARD, "POST", "/api/v1/clock/acceptances",
                       "{\"reason\":\"the clock was wrong\"}", ""));
}

/* Every transfer is posted after the one before, and the ledger is sound. */
static void expect_order(void)
{
    json_t *list = ask_as(TREASURER, "GET", "/api/v1/transfers?limit=500", NULL, "");
    json_t *verified = ask_as(TREASURER, "GET", "/api/v1/verification", NULL, "");
    const char *before = "";
    int64_t id = 0;
    size_t i;
    const json_t *item;

    json_array_foreach(json_object_get(list, "items"), i, item)
    {
        const char *posted = json_string_value(json_object_get(item, "posted"));

        assert_int_equal(json_integer_value(json_object_get(item, "transfer")), ++id);
        assert_true(strcmp(before, posted) < 0);
        before = posted;
    }
    assert_true(json_is_true(json_object_get(verified, "sound")));
    json_decref(list);
    json_decref(verified);
}

static void a_little_back_goes_on(void **state)
{
    (void)state;
    expect("/api/v1/payments", PAY, "");
    atomic_store(&offset_us, -9 * MINUTE_US);
    expect("/api/v1/payments", PAY, "");
    expect("/api/v1/payments", PAY, "");
    atomic_store(&offset_us, 0);
    expect("/api/v1/payments", PAY, "");
    expect_order();
}

static void far_back_waits_for_a_steward(void **state)
{
    int64_t id;

    (void)state;
    expect("/api/v1/payments", PAY, "");
    id = hold(HOLD("7d"));
    atomic_store(&offset_us, -11 * MINUTE_US);
    expect("/api/v1/payments", PAY, "clock_behind");
    expect("/api/v1/holds", HOLD("7d"), "clock_behind");
    resolve(id, "capture", "clock_behind");
    resolve(id, "release", "clock_behind");
    expect("/api/v1/members/mill/accounts/CALD/limits",
           "{\"floor\":\"-5.00\",\"reason\":\"a test\"}", "clock_behind");
    expect("/api/v1/transfers/batch",
           "{\"currency\":\"CALD\",\"items\":[{\"from\":\"mill\",\"to\":\"riverside\","
           "\"amount\":\"1.00\"}]}",
           "clock_behind");
    expect_held("2.00");
    expect("/api/v1/clock/acceptances", "{\"reason\":\"not mine\"}", "not_allowed");
    json_decref(ask_as(STEWARD, "POST", "/api/v1/clock/acceptances", "{}", "missing_parameter"));
    expect("/api/v1/payments", PAY, "clock_behind");
    accept_clock();
    expect("/api/v1/payments", PAY, "");
    resolve(id, "capture", "");
    atomic_store(&offset_us, 0);
    expect("/api/v1/payments", PAY, "");
    expect_order();
}

/* Holds end by the clock; days that were posted ahead of it stay where they are. */
static void days_forward_and_back(void **state)
{
    int64_t passing, lasting;

    (void)state;
    passing = hold(HOLD("1h"));
    lasting = hold(HOLD("7d"));
    expect_held("4.00");
    atomic_store(&offset_us, 2 * DAY_US);
    expect_held("2.00");
    resolve(passing, "capture", "hold_expired");
    expect("/api/v1/payments", PAY, "");
    resolve(passing, "release", "hold_expired");
    resolve(lasting, "capture", "");
    atomic_store(&offset_us, 0);
    expect("/api/v1/payments", PAY, "clock_behind");
    expect_held("0.00");
    accept_clock();
    expect("/api/v1/payments", PAY, "");
    resolve(hold(HOLD("1h")), "capture", "");
    expect_order();
    atomic_store(&offset_us, 2 * DAY_US + 11 * MINUTE_US);
    expect("/api/v1/payments", PAY, "");
    expect_order();
}

static void each_time_anew_a_steward_accepts(void **state)
{
    (void)state;
    atomic_store(&offset_us, 0);
    expect("/api/v1/payments", PAY, "clock_behind");
    accept_clock();
    expect("/api/v1/payments", PAY, "");
    expect_order();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_little_back_goes_on),
        cmocka_unit_test(far_back_waits_for_a_steward),
        cmocka_unit_test(days_forward_and_back),
        cmocka_unit_test(each_time_anew_a_steward_accepts),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
