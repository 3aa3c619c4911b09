/* What one caller is told never comes from what another asked. */
#include "support/region.h"

#include "api/args.h"
#include "api/run.h"

#include "ledger/token.h"

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

/* Answers with whatever it has written so far: a replay by the same handler would say something else. */
static enum ledger_status say(struct ledger *l, struct api_call *call, json_t **out)
{
    static int times;

    (void)l;
    call->subject = ++times;
    *out =
        json_pack("{s:i, s:s, s:s}", "z", times, "a", "memo of \xc3\xa9t\xc3\xa9", "secret", "x");
    return LEDGER_OK;
}

enum asker { LOCAL, STEWARD, OTHER_STEWARD, TREASURER, MANAGER, TRADER, OF_BEN, ASKERS };

static const struct again {
    enum asker first;
    enum asker then;
    enum ledger_status status;
} agains[] = {
    {LOCAL, LOCAL, LEDGER_OK},
    {LOCAL, STEWARD, LEDGER_OK},
    {LOCAL, TREASURER, LEDGER_NOT_ALLOWED},
    {STEWARD, OTHER_STEWARD, LEDGER_OK},
    {STEWARD, TREASURER, LEDGER_NOT_ALLOWED},
    {STEWARD, MANAGER, LEDGER_UID_TAKEN},
    {TREASURER, TREASURER, LEDGER_OK},
    {TREASURER, STEWARD, LEDGER_OK},
    {MANAGER, TRADER, LEDGER_OK},
    {MANAGER, OF_BEN, LEDGER_UID_TAKEN},
    {MANAGER, STEWARD, LEDGER_UID_TAKEN},
};

static void make_tokens(struct region *r, struct ledger_token tokens[static ASKERS])
{
    static const enum ledger_role roles[ASKERS] = {0,
                                                   LEDGER_STEWARD,
                                                   LEDGER_STEWARD,
                                                   LEDGER_TREASURER,
                                                   LEDGER_MANAGER,
                                                   LEDGER_TRADER,
                                                   LEDGER_MANAGER};
    char secret[LEDGER_TOKEN_SECRET];

    for (int i = STEWARD; i < ASKERS; i++) {
        tokens[i] = (struct ledger_token){.role = roles[i],
                                          .member_id = i == OF_BEN    ? 2
                                                       : i >= MANAGER ? 1
                                                                      : 0,
                                          .expires_at_us = r->clock.now_us + REGION_HOUR_US};
        OK(r, ledger_token_create(r->l, &tokens[i], secret));
    }
}

static enum ledger_status ask(struct region *r, const struct ledger_token *token, uint8_t uid,
                              json_t **out)
{
    static const struct api_operation op = {
        .name = "test", .words = "test", .access = API_EVERYBODY, .mode = API_WRITE, .handle = say};
    struct api_call call;
    enum ledger_status st;

    api_call_init(&call, &op);
    if (token)
        api_call_as_token(&call, token);
    else
        api_call_as_local(&call, "test");
    call.has_uid = true;
    call.uid.bytes[0] = uid;
    st = api_run_write(r->l, &call, out);
    api_call_clear(&call);
    return st;
}

static const struct ledger_token *token_of(const struct ledger_token tokens[], enum asker asker)
{
    return asker == LOCAL ? NULL : &tokens[asker];
}

/* What a steward was told is no treasurer's, and what a member was told no other's. */
static void a_first_answer_is_for_whom_it_was_for(void **state)
{
    struct region r;
    struct ledger_token tokens[ASKERS];

    (void)state;
    region_start(&r);
    region_member(&r, "ana");
    region_member(&r, "ben");
    make_tokens(&r, tokens);
    for (size_t i = 0; i < sizeof agains / sizeof agains[0]; i++) {
        const struct again *a = &agains[i];
        json_t *first, *then;

        EXPECT(&r, LEDGER_OK, ask(&r, token_of(tokens, a->first), (uint8_t)(i + 1), &first));
        EXPECT(&r, a->status, ask(&r, token_of(tokens, a->then), (uint8_t)(i + 1), &then));
        json_object_del(first, "secret");
        if (a->status == LEDGER_OK)
            assert_true(json_equal(first, then));
        else
            assert_null(then);
        json_decref(first);
        json_decref(then);
    }
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_without_words_takes_none_of_another),
        cmocka_unit_test(a_first_answer_is_for_whom_it_was_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
