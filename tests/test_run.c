/* What one caller is told never comes from what another asked. */
#include "support/region.h"

#include "api/args.h"
#include "api/run.h"

#include <string.h>

/* A refusal of the engine that has no sentence of its own. */
static enum ledger_status refuse_dumbly(struct ledger *l, struct api_call *call, json_t **out)
{
    (void)l, (void)call, (void)out;
    return LEDGER_CHOICE_UNKNOWN;
}

static void check(struct region *r, enum api_mode mode)
{
    const struct api_operation op = {.name = "test",
                                     .words = "test",
                                     .access = API_EVERYBODY,
                                     .mode = mode,
                                     .handle = refuse_dumbly};
    struct api_call call;
    json_t *out = NULL;
    enum ledger_status st;

    st = ledger_refuse(r->l, LEDGER_OVER_LIMIT, "ana has 12.50 left");
    ledger_blame_room(r->l, st, 1, 1250);
    api_call_init(&call, &op);
    api_call_as_local(&call, "test");
    st = mode == API_WRITE ? api_run_write(r->l, &call, &out) : api_run_read(r->l, &call, &out);
    assert_int_equal(st, LEDGER_CHOICE_UNKNOWN);
    assert_string_equal(call.problem.detail, ledger_status_facts(LEDGER_CHOICE_UNKNOWN)->title);
    assert_string_equal(call.problem.room, "");
    json_t *told = api_problem_json(&call.problem);
    assert_string_equal(json_string_value(json_object_get(told, "detail")),
                        ledger_status_facts(LEDGER_CHOICE_UNKNOWN)->title);
    json_decref(told);
    api_call_clear(&call);
}

static void a_refusal_without_words_takes_none_of_another(void **state)
{
    struct region r;

    (void)state;
    region_start(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_account(&r, "ana", "CALD");
    check(&r, API_WRITE);
    check(&r, API_READ);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_without_words_takes_none_of_another)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
