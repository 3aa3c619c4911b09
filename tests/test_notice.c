/*
 * test_notice.c - what a member is told, in order, and what becomes of it.
 */
#include "support/region.h"

#include "ledger/notice.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>

static struct region region;
static struct region *const r = &region;
static int64_t ana, ben;

static int set_up(void **state)
{
    (void)state;
    region_start_file(r);
    region_currency(r, "CALD");
    ana = region_member(r, "ana");
    ben = region_member(r, "ben");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_end(r);
    return 0;
}

static enum ledger_status add(void *ctx, const struct ledger_notice *n)
{
    char one[100];

    snprintf(one, sizeof one, "%lld %s %s %lld, ", (long long)n->id, n->member,
             ledger_notice_kind_facts(n->kind)->name, (long long)n->subject_id);
    strcat(ctx, one);
    return LEDGER_OK;
}

static void expect(struct ledger_notice_filter filter, const char *want)
{
    char told[1000] = "";

    if (!filter.limit)
        filter.limit = 100;
    OK(r, ledger_notice_each(r->l, &filter, add, told));
    assert_string_equal(told, want);
}

static void they_are_listed_in_order(void **state)
{
    (void)state;
    OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_ASKED, ana, 7));
    OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_REQUEST_PAID, ben, 7));
    OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_ASKED, ana, 8));
    expect((struct ledger_notice_filter){0},
           "1 ana asked 7, 2 ben request-paid 7, 3 ana asked 8, ");
    expect((struct ledger_notice_filter){.member_id = ana}, "1 ana asked 7, 3 ana asked 8, ");
    expect((struct ledger_notice_filter){.member_id = ana, .after_id = 1}, "3 ana asked 8, ");
    expect((struct ledger_notice_filter){.limit = 1, .after_id = 1}, "2 ben request-paid 7, ");
    expect((struct ledger_notice_filter){.of_kind = true, .kind = LEDGER_NOTICE_REQUEST_PAID},
           "2 ben request-paid 7, ");
    expect((struct ledger_notice_filter){.member_id = ana,
                                         .of_kind = true,
                                         .kind = LEDGER_NOTICE_REQUEST_PAID},
           "");
}

static void what_is_undone_was_not_told(void **state)
{
    struct ledger_verification v;

    (void)state;
    OK(r, ledger_savepoint(r->l));
    OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_ASKED, ana, 7));
    OK(r, ledger_rollback_to(r->l));
    OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_ASKED, ben, 8));
    expect((struct ledger_notice_filter){0}, "1 ben asked 8, ");
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
}

/* A name is stable, short enough for the file, and another's. */
static void each_kind_has_its_name(void **state)
{
    (void)state;
    for (int k = 0; k < LEDGER_NOTICE_KINDS; k++) {
        const struct ledger_notice_kind_facts *facts =
            ledger_notice_kind_facts((enum ledger_notice_kind)k);

        assert_non_null(facts->name);
        assert_true(strlen(facts->name) <= LEDGER_NOTICE_NAME_MAX);
        assert_int_equal(strspn(facts->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(facts->name));
        assert_int_equal(ledger_notice_kind_named(facts->name), k);
        assert_non_null(facts->about);
        assert_non_null(facts->title);
        OK(r, ledger_notice_put(r->l, (enum ledger_notice_kind)k, ana, 1));
    }
    assert_int_equal(ledger_notice_kind_named("gossip"), LEDGER_NOTICE_KINDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(they_are_listed_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_undone_was_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_kind_has_its_name, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
