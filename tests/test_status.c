/* Every way a call can end has its code, its sentence and its numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/status.h"

#include <string.h>

static void every_status_has_facts(void **state)
{
    (void)state;

    for (int s = 0; s < LEDGER_STATUS_COUNT; s++) {
        const struct ledger_status_facts *facts = ledger_status_facts((enum ledger_status)s);

        if (!facts || !facts->code || !facts->title)
            fail_msg("status %d has no facts", s);
        if (strspn(facts->code, "abcdefghijklmnopqrstuvwxyz_") != strlen(facts->code) ||
            facts->code[0] == '\0')
            fail_msg("\"%s\" is no code", facts->code);
        size_t size = strlen(facts->title);
        if (size < 4 || facts->title[size - 1] == '.' || facts->title[0] < 'A' ||
            facts->title[0] > 'Z')
            fail_msg("%s: \"%s\" is no sentence without its stop", facts->code, facts->title);
        if (facts->exit_code < 0 || facts->exit_code > 7)
            fail_msg("%s: exit %d", facts->code, facts->exit_code);
    }
}

static void codes_and_titles_are_unique(void **state)
{
    (void)state;

    for (int s = 0; s < LEDGER_STATUS_COUNT; s++)
        for (int t = 0; t < s; t++) {
            const struct ledger_status_facts *a = ledger_status_facts((enum ledger_status)s);
            const struct ledger_status_facts *b = ledger_status_facts((enum ledger_status)t);
            assert_string_not_equal(a->code, b->code);
            assert_string_not_equal(a->title, b->title);
        }
}

static void a_code_leads_back_to_its_status(void **state)
{
    (void)state;
    static const char *const none[] = {"", "OK", "ok ", "o", "over-limit", "over_limit_", "409"};

    for (int s = 0; s < LEDGER_STATUS_COUNT; s++) {
        const char *code = ledger_status_facts((enum ledger_status)s)->code;
        assert_int_equal(ledger_status_from_code(code), s);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(ledger_status_from_code(none[i]), LEDGER_STATUS_COUNT);
}

static void each_exit_code_goes_with_its_http_statuses(void **state)
{
    (void)state;
    static const int https[8][8] = {{200},           {409, 422},     {400, 404, 405, 413, 415},
                                    {404, 410},      {409, 422},     {500},
                                    {408, 500, 503}, {401, 403, 429}};

    for (int s = 0; s < LEDGER_STATUS_COUNT; s++) {
        const struct ledger_status_facts *facts = ledger_status_facts((enum ledger_status)s);
        bool fits = false;

        for (int i = 0; https[facts->exit_code][i]; i++)
            fits = fits || https[facts->exit_code][i] == facts->http;
        if (!fits)
            fail_msg("%s: exit %d with HTTP %d", facts->code, facts->exit_code, facts->http);
    }
}

/* clang-format off */
static const struct promise {
    enum ledger_status status;
    const char *code;
    int http;
    int exit_code;
    bool retryable;
} promises[] = {
    {LEDGER_OK,                "ok",                200, 0, false},
    {LEDGER_OVER_LIMIT,        "over_limit",        409, 1, true},
    {LEDGER_PAYEE_CANNOT_TAKE, "payee_cannot_take", 409, 1, true},
    {LEDGER_UNBALANCED,        "unbalanced",        409, 1, false},
    {LEDGER_USAGE,             "usage",             400, 2, false},
    {LEDGER_NO_SUCH_MEMBER,    "no_such_member",    404, 3, false},
    {LEDGER_UID_TAKEN,         "uid_taken",         422, 4, false},
    {LEDGER_ALREADY_REVERSED,  "already_reversed",  409, 4, false},
    {LEDGER_INTEGRITY,         "integrity",         500, 5, false},
    {LEDGER_LOCKED,            "locked",            503, 6, true},
    {LEDGER_QUEUE_FULL,        "queue_full",        503, 6, true},
    {LEDGER_OUTCOME_UNKNOWN,   "outcome_unknown",   503, 6, true},
    {LEDGER_MEDIA_TYPE,        "media_type",        415, 2, false},
    {LEDGER_BODY_TOO_LARGE,    "body_too_large",    413, 2, false},
    {LEDGER_BODY_TIMEOUT,      "body_timeout",      408, 6, true},
    {LEDGER_NOT_SIGNED_IN,     "not_signed_in",     401, 7, false},
    {LEDGER_NOT_ALLOWED,       "not_allowed",       403, 7, false},
    {LEDGER_TOO_MANY_ATTEMPTS, "too_many_attempts", 429, 7, true},
};
/* clang-format on */

static void what_callers_rest_on_stays(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof promises / sizeof promises[0]; i++) {
        const struct promise *row = &promises[i];
        const struct ledger_status_facts *facts = ledger_status_facts(row->status);

        if (strcmp(facts->code, row->code) != 0 || facts->http != row->http ||
            facts->exit_code != row->exit_code || facts->retryable != row->retryable)
            fail_msg("%s: %s, HTTP %d, exit %d, %d", row->code, facts->code, facts->http,
                     facts->exit_code, facts->retryable);
    }
}

static void only_faults_of_the_store_end_a_transaction(void **state)
{
    (void)state;
    static const enum ledger_status faults[] = {LEDGER_STORE_BUSY,   LEDGER_STORE_FULL,
                                                LEDGER_STORE_BROKEN, LEDGER_READ_ONLY,
                                                LEDGER_GUARD,        LEDGER_NO_MEMORY};

    for (int s = 0; s < LEDGER_STATUS_COUNT; s++) {
        bool fault = false;

        for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
            fault = fault || (int)faults[i] == s;
        if (ledger_status_is_fault((enum ledger_status)s) != fault)
            fail_msg("%s", ledger_status_facts((enum ledger_status)s)->code);
        if (fault)
            assert_true(ledger_status_facts((enum ledger_status)s)->http >= 500);
    }
}

static enum ledger_status tries(enum ledger_status first, int *went_on)
{
    LEDGER_TRY(first);
    ++*went_on;
    return LEDGER_STOP;
}

static void try_goes_on_only_after_ok(void **state)
{
    (void)state;
    int went_on = 0;

    assert_int_equal(tries(LEDGER_OVER_LIMIT, &went_on), LEDGER_OVER_LIMIT);
    assert_int_equal(went_on, 0);
    assert_int_equal(tries(LEDGER_OK, &went_on), LEDGER_STOP);
    assert_int_equal(went_on, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_facts),
        cmocka_unit_test(codes_and_titles_are_unique),
        cmocka_unit_test(a_code_leads_back_to_its_status),
        cmocka_unit_test(each_exit_code_goes_with_its_http_statuses),
        cmocka_unit_test(what_callers_rest_on_stays),
        cmocka_unit_test(only_faults_of_the_store_end_a_transaction),
        cmocka_unit_test(try_goes_on_only_after_ok),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
