/*
 * test_offer_seen.c - who sees what of offers, answers and warnings: the figures and words of others stay theirs.
 */
#include "support/region.h"

#include "api/run.h"
#include "ledger/offer_answer.h"
#include "ledger/offer_cite.h"

#include <stdio.h>
#include <string.h>

enum { MILL = 1, JOINERS, RIVERSIDE };

static const char *const handles[] = {"", "mill", "joiners", "riverside"};

/* Offer 1 is mill's, answered by joiners, paid for by riverside, who is near its floor then. */
static int set_up(void **state)
{
    static struct region r;
    struct ledger_offer o = {.member_id = MILL, .category = "food", .title = "Bread"};
    struct ledger_offer_answer a = {.offer_id = 1, .member_id = JOINERS, .words = "Two loaves"};
    int64_t riverside;
    int64_t mill;

    region_start(&r);
    region_currency(&r, "CALD");
    for (int i = 1; i <= 3; i++)
        region_member(&r, handles[i]);
    o.until_on = ledger_today(r.l);
    OK(&r, ledger_offer_post(r.l, &o, "local:test"));
    OK(&r, ledger_offer_answer(r.l, &a, "local:test"));
    riverside = region_account(&r, "riverside", "CALD");
    mill = region_account(&r, "mill", "CALD");
    OK(&r, ledger_offer_cite(r.l, 1, "transfer", region_pay(&r, riverside, mill, 9000)));
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

struct caller {
    const char *who;
    unsigned role;
    int64_t member_id;
    bool counts; /* how many answered, how often it was paid for */
    int answers; /* that are listed, without asking for any in particular */
    bool words;  /* of them */
    int warnings;
};

static const struct caller callers[] = {
    {"a steward", LEDGER_STEWARD, 0, true, 1, true, 2},
    {"a treasurer", LEDGER_TREASURER, 0, true, 1, false, 2},
    {"an auditor", LEDGER_AUDITOR, 0, true, 1, false, 2},
    {"who posted it", LEDGER_TRADER, MILL, true, 1, true, 1},
    {"who answered", LEDGER_VIEWER, JOINERS, false, 1, true, 0},
    {"who paid for it", LEDGER_MANAGER, RIVERSIDE, false, 0, false, 1},
};

static json_t *ask(struct region *r, const struct caller *c, const char *operation,
                   const char *args)
{
    struct api_call call;
    json_t *out = NULL;

    api_call_init(&call, api_operation_named(operation));
    json_decref(call.args);
    call.args = json_loads(args, 0, NULL);
    snprintf(call.actor, sizeof call.actor, "token:1");
    snprintf(call.handle, sizeof call.handle, "%s", handles[c->member_id]);
    call.roles = c->role;
    call.member_id = c->member_id;
    OK(r, api_run_read(r->l, &call, &out));
    api_call_clear(&call);
    return out;
}

static void each_sees_its_own(void **state)
{
    struct region *r = *state;

    for (size_t i = 0; i < sizeof callers / sizeof callers[0]; i++) {
        const struct caller *c = &callers[i];
        json_t *shown = ask(r, c, "offer.show", "{\"id\":1}");
        json_t *answers = ask(r, c, "offer.answers", "{}");
        json_t *of_one = ask(r, c, "offer.answers", "{\"offer\":1}");
        json_t *warnings = ask(r, c, "warning.list", "{}");
        const json_t *items = json_object_get(answers, "items");
        const json_t *words = json_object_get(json_array_get(items, 0), "words");

        if ((json_object_get(shown, "cited") != NULL) != c->counts ||
            (json_object_get(shown, "answers") != NULL) != c->counts)
            fail_msg("%s: the counts", c->who);
        if ((int)json_array_size(items) != c->answers ||
            (int)json_array_size(json_object_get(of_one, "items")) != c->answers)
            fail_msg("%s: %zu answers", c->who, json_array_size(items));
        if ((words != NULL) != c->words)
            fail_msg("%s: the words", c->who);
        if ((int)json_array_size(json_object_get(warnings, "items")) != c->warnings)
            fail_msg("%s: %zu warnings", c->who,
                     json_array_size(json_object_get(warnings, "items")));
        json_decref(shown);
        json_decref(answers);
        json_decref(of_one);
        json_decref(warnings);
    }
}

/* A page may end between the two warnings of one account. */
static void pages_of_one_are_the_whole_list(void **state)
{
    struct region *r = *state;
    char args[200] = "{\"limit\":1}";
    char seen[200] = "";

    region_set_day(r, "2026-06-30");
    for (int i = 0; i < 10 && args[0]; i++) {
        json_t *page = ask(r, &callers[1], "warning.list", args);
        const json_t *item = json_array_get(json_object_get(page, "items"), 0);
        const char *next = json_string_value(json_object_get(page, "next"));
        size_t used = strlen(seen);
        if (item)
            snprintf(seen + used, sizeof seen - used, "%s %s; ",
                     json_string_value(json_object_get(item, "member")),
                     json_string_value(json_object_get(item, "warning")));
        snprintf(args, sizeof args, next ? "{\"limit\":1,\"after\":\"%s\"}" : "", next);
        json_decref(page);
    }
    assert_string_equal(seen,
                        "riverside near-floor; riverside idle; mill near-ceiling; mill idle; ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sees_its_own),
        cmocka_unit_test(pages_of_one_are_the_whole_list),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
