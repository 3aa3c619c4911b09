/*
 * test_notice.c - what a member is told, in order, and what becomes of it.
 */
#include "support/region.h"

#include "ledger/credit.h"
#include "ledger/currency.h"
#include "ledger/limit.h"
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

static void look_at_limits(const char *want)
{
    static int64_t seen;
    char told[1000] = "";
    const struct ledger_notice_filter filter = {.after_id = want ? seen : 0, .limit = 100};
    int64_t count;

    if (!want) {
        seen = 0;
        return;
    }
    OK(r, ledger_notice_near_due(r->l, r->clock.now_us, &count));
    OK(r, ledger_notice_each(r->l, &filter, add, told));
    assert_string_equal(told, want);
    seen += count;
}

/* Limits are 100.00 either way, and 80 per cent is near. */
static void a_limit_is_told_once_until_it_is_left(void **state)
{
    struct ledger_limit wide = {.floor_minor = -20000, .ceiling_minor = 20000};
    int64_t ana_cald = region_account(r, "ana", "CALD");
    int64_t ben_cald = region_account(r, "ben", "CALD");

    (void)state;
    region_member(r, "cleo");
    look_at_limits(NULL);
    look_at_limits("");
    region_pay(r, ana_cald, ben_cald, 7999);
    look_at_limits("");
    region_pay(r, ana_cald, ben_cald, 1);
    look_at_limits("1 ana near-limit 1, 2 ben near-limit 2, ");
    look_at_limits("");
    region_pay(r, ana_cald, ben_cald, 100);
    region_set_day(r, "2026-03-09");
    look_at_limits("");
    region_pay(r, ben_cald, ana_cald, 200);
    look_at_limits("");
    region_pay(r, ana_cald, ben_cald, 200);
    look_at_limits("3 ana near-limit 1, 4 ben near-limit 2, ");
    /* a limit that moves, and a hold, count as the balance does */
    wide.account_id = ana_cald;
    OK(r, ledger_limit_set(r->l, &wide, &region_why));
    look_at_limits("");
    region_hold(r, ana_cald, region_account(r, "cleo", "CALD"), 8000, 24);
    look_at_limits("5 ana near-limit 1, 6 cleo near-limit 3, ");
}

/* From one side to the other is a crossing of its own. */
static void each_limit_has_its_own(void **state)
{
    int64_t ana_cald = region_account(r, "ana", "CALD");
    int64_t ben_cald = region_account(r, "ben", "CALD");

    (void)state;
    look_at_limits(NULL);
    region_pay(r, ana_cald, ben_cald, 9000);
    look_at_limits("1 ana near-limit 1, 2 ben near-limit 2, ");
    region_pay(r, ben_cald, ana_cald, 18000);
    look_at_limits("3 ana near-limit 1, 4 ben near-limit 2, ");
}

/* One more than are looked at in one run; then it begins anew. */
static void many_accounts_take_turns(void **state)
{
    char handle[20];
    int64_t count = 0;
    int64_t first = region_account(r, "ana", "CALD");
    int64_t last = 0;

    (void)state;
    for (int i = 1; i <= LEDGER_NOTICE_NEAR_MAX; i++) {
        snprintf(handle, sizeof handle, "m%d", i);
        region_member(r, handle);
        last = region_account(r, handle, "CALD");
    }
    assert_int_equal(last, LEDGER_NOTICE_NEAR_MAX + 1);
    region_pay(r, first, last, 9000);
    OK(r, ledger_notice_near_due(r->l, r->clock.now_us, &count));
    expect((struct ledger_notice_filter){0}, "1 ana near-limit 1, ");
    OK(r, ledger_notice_near_due(r->l, r->clock.now_us, &count));
    expect((struct ledger_notice_filter){.after_id = 1}, "2 m1000 near-limit 1001, ");
    region_pay(r, last, first, 18000);
    OK(r, ledger_notice_near_due(r->l, r->clock.now_us, &count));
    expect((struct ledger_notice_filter){.after_id = 2}, "3 ana near-limit 1, ");
}

/* 30 days and 7 days before they end, each once, also where the node was off on that day. */
static void credits_that_end_are_told_of_twice(void **state)
{
    struct ledger_currency train = {.code = "TRAIN",
                                    .name = "T",
                                    .scale = 2,
                                    .kind = LEDGER_TRAINING,
                                    .floor_minor = -10000,
                                    .ceiling_minor = 10000};
    static const struct {
        const char *day;
        int told;
    } rows[] = {{"2026-03-02", 0}, {"2026-03-20", 0}, {"2026-03-21", 1}, {"2026-03-22", 0},
                {"2026-04-20", 1}, {"2026-04-21", 0}, {"2026-05-30", 0}};
    int64_t id, count;

    (void)state;
    OK(r, ledger_currency_add(r->l, &train, &region_why));
    region_fund(r, "fund");
    const struct ledger_grant g = {region_account(r, "fund", "TRAIN"),
                                   region_account(r, "ana", "TRAIN"), 500, region_day("2026-04-20"),
                                   "a course"};
    OK(r, ledger_credit_grant(r->l, &g, &id));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        region_set_day(r, rows[i].day);
        OK(r, ledger_notice_lots_due(r->l, r->clock.now_us, &count));
        if (count != rows[i].told)
            fail_msg("%s: %lld", rows[i].day, (long long)count);
        OK(r, ledger_notice_lots_due(r->l, r->clock.now_us, &count));
        assert_int_equal(count, 0);
    }
    expect((struct ledger_notice_filter){0},
           "1 ana credits-expiring 1, 2 ana credits-expiring 1, ");
}

/* What a clock that was ahead was told too early is told again in its time, and what came since is told at all. */
static void a_clock_that_was_ahead_hides_no_end(void **state)
{
    struct ledger_currency train = {.code = "TRAIN",
                                    .name = "T",
                                    .scale = 2,
                                    .kind = LEDGER_TRAINING,
                                    .floor_minor = -10000,
                                    .ceiling_minor = 10000};
    int64_t id, count;

    (void)state;
    OK(r, ledger_currency_add(r->l, &train, &region_why));
    region_fund(r, "fund");
    region_set_day(r, "2026-09-01");
    OK(r, ledger_notice_lots_due(r->l, r->clock.now_us, &count));
    region_set_day(r, "2026-03-02");
    const struct ledger_grant g = {region_account(r, "fund", "TRAIN"),
                                   region_account(r, "ana", "TRAIN"), 500, region_day("2026-04-20"),
                                   "a course"};
    OK(r, ledger_credit_grant(r->l, &g, &id));
    OK(r, ledger_notice_lots_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 0);
    region_set_day(r, "2026-03-21");
    OK(r, ledger_notice_lots_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 1);
    region_set_day(r, "2026-04-13");
    OK(r, ledger_notice_lots_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 1);
    OK(r, ledger_notice_lots_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 0);
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
        cmocka_unit_test_setup_teardown(a_limit_is_told_once_until_it_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_limit_has_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_accounts_take_turns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(credits_that_end_are_told_of_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_clock_that_was_ahead_hides_no_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_kind_has_its_name, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
