/* test_standing_refused.c - a standing payment that is refused: tried again, given up, told of; and nothing else stops. */
#include "support/standing.h"

#include "ledger/member.h"
#include "ledger/notice.h"

#include <stdio.h>

#define WEEK LEDGER_WEEKLY
#define MONTH LEDGER_MONTHLY
#define UNSAID LEDGER_CADENCE_UNSAID

enum { MILL = 1, RIVERSIDE, JOINERS }; /* members; their accounts too */

/* Tried again on seven days, dated the day that it is paid; the next due date does not wait for it. */
static void a_refusal_is_kept_and_tried_again(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);
    const struct ledger_occurrence *o;

    s.amount_minor = 10001;
    s.cadence = (struct ledger_cadence){WEEK, 1, 1};
    s.count = 2;
    standing_order(r, s);
    assert_int_equal(standing_run(r), 1);
    standing_expect(r, 1, "2026-03-02 waiting");
    o = &standing_met(r, 1)->all[0];
    assert_string_equal(o->code, "over_limit");
    assert_int_equal(o->again_us, ledger_day_start_us(r->l, region_day("2026-03-03")));
    assert_int_equal(standing_get(r, 1).unpaid, 1);
    assert_int_equal(standing_run(r), 0);
    standing_run_on(r, "2026-03-03");
    assert_int_equal(standing_met(r, 1)->all[0].attempts, 2);
    standing_set_floor(r, MILL, -10001);
    assert_int_equal(standing_run(r), 0);
    standing_run_on(r, "2026-03-05");
    standing_expect(r, 1, "2026-03-02 paid 2026-03-05");
    assert_int_equal(standing_get(r, 1).unpaid, 0);
    assert_string_equal(standing_met(r, 1)->all[0].code, "over_limit");
    standing_run_on(r, "2026-03-09");
    standing_expect(r, 1, "2026-03-02 paid 2026-03-05, 2026-03-09 waiting");
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_DONE);
    region_sound(r);
}

static void and_given_up_after_seven_days(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    s.amount_minor = 10001;
    s.cadence = (struct ledger_cadence){MONTH, 1, UNSAID};
    standing_order(r, s);
    for (int day = 2; day <= 9; day++) {
        char date[LEDGER_DATE_TEXT];

        snprintf(date, sizeof date, "2026-03-0%d", day);
        standing_expect(r, 1, day == 2 ? "" : "2026-03-02 waiting");
        standing_run_on(r, date);
    }
    standing_expect(r, 1, "2026-03-02 refused");
    assert_int_equal(standing_met(r, 1)->all[0].attempts, 1 + LEDGER_STANDING_RETRY_DAYS);
    standing_run_on(r, "2026-03-10");
    assert_int_equal(standing_met(r, 1)->all[0].attempts, 1 + LEDGER_STANDING_RETRY_DAYS);
    EXPECT(r, LEDGER_OVER_LIMIT, ledger_standing_retry(r->l, 1, 0, "local:test"));
    assert_int_equal(standing_met(r, 1)->all[0].attempts, 1 + LEDGER_STANDING_RETRY_DAYS);
    standing_set_floor(r, MILL, -30000);
    EXPECT(r, LEDGER_NOTHING_UNPAID,
           ledger_standing_retry(r->l, 1, region_day("2026-04-02"), "local:test"));
    OK(r, ledger_standing_retry(r->l, 1, region_day("2026-03-02"), "local:test"));
    EXPECT(r, LEDGER_NOTHING_UNPAID, ledger_standing_retry(r->l, 1, 0, "local:test"));
    EXPECT(r, LEDGER_NO_SUCH_STANDING, ledger_standing_retry(r->l, 2, 0, "local:test"));
    standing_expect(r, 1, "2026-03-02 paid 2026-03-10");
    region_sound(r);
}

/* The node slept through the days: it is tried once more, then given up. */
static void a_node_that_slept_tries_once_more(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    s.amount_minor = 10001;
    s.count = 1;
    standing_order(r, s);
    standing_run(r);
    standing_run_on(r, "2026-05-01");
    standing_expect(r, 1, "2026-03-02 refused");
    assert_int_equal(standing_met(r, 1)->all[0].attempts, 2);
}

static enum ledger_status count_notice(void *ctx, const struct ledger_notice *n)
{
    assert_int_equal(n->kind, LEDGER_NOTICE_STANDING_REFUSED);
    assert_int_equal(n->subject_id, 1);
    ((int *)ctx)[n->member_id]++;
    return LEDGER_OK;
}

static void both_are_told_of_a_refusal_once(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);
    const struct ledger_notice_filter refused = {
        .of_kind = true, .kind = LEDGER_NOTICE_STANDING_REFUSED, .limit = 100};
    int told[4] = {0};

    s.amount_minor = 10001;
    s.count = 1;
    standing_order(r, s);
    for (int day = 2; day <= 9; day++) {
        char date[LEDGER_DATE_TEXT];

        snprintf(date, sizeof date, "2026-03-0%d", day);
        standing_run_on(r, date);
    }
    OK(r, ledger_notice_each(r->l, &refused, count_notice, told));
    assert_int_equal(told[MILL], 1);
    assert_int_equal(told[RIVERSIDE], 1);
    assert_int_equal(told[JOINERS], 0);
}

static void a_refusal_stops_nothing_else(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    s.amount_minor = 9000;
    standing_order(r, s);
    standing_order(r, s);
    s.amount_minor = 1000;
    standing_order(r, s);
    standing_run(r);
    standing_expect(r, 1, "2026-03-02 paid 2026-03-02");
    standing_expect(r, 2, "2026-03-02 waiting");
    standing_expect(r, 3, "2026-03-02 paid 2026-03-02");
    standing_set_floor(r, MILL, -28000);
    standing_run_on(r, "2026-03-09");
    standing_expect(r, 2, "2026-03-02 paid 2026-03-09, 2026-03-09 waiting");
    standing_expect(r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 paid 2026-03-09");
    standing_expect(r, 3, "2026-03-02 paid 2026-03-02, 2026-03-09 waiting");
    region_sound(r);
}

static void pausing_and_ending_stop_what_is_tried_again(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    s.amount_minor = 10001;
    standing_order(r, s);
    s.count = 1;
    standing_order(r, s);
    standing_run(r);
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    OK(r, ledger_standing_end(r->l, 2, &region_why));
    standing_expect(r, 1, "2026-03-02 refused");
    standing_expect(r, 2, "2026-03-02 refused");
    standing_set_floor(r, MILL, -100000);
    standing_run_on(r, "2026-03-03");
    standing_expect(r, 1, "2026-03-02 refused");
    OK(r, ledger_standing_retry(r->l, 1, 0, "local:test"));
    OK(r, ledger_standing_retry(r->l, 2, 0, "local:test"));
    standing_expect(r, 2, "2026-03-02 paid 2026-03-03");
    region_sound(r);
}

static void who_is_suspended_is_refused_until_it_is_not(void **state)
{
    struct region *r = *state;

    standing_order(r, standing_draft(r));
    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_SUSPENDED, &region_why));
    standing_run(r);
    standing_expect(r, 1, "2026-03-02 waiting");
    assert_string_equal(standing_met(r, 1)->all[0].code, "member_not_active");
    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_ACTIVE, &region_why));
    OK(r, ledger_member_change_state(r->l, RIVERSIDE, LEDGER_SUSPENDED, &region_why));
    standing_run_on(r, "2026-03-03");
    standing_expect(r, 1, "2026-03-02 paid 2026-03-03");
    region_sound(r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, standing_set_up, standing_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_refusal_is_kept_and_tried_again),
        TEST(and_given_up_after_seven_days),
        TEST(a_node_that_slept_tries_once_more),
        TEST(both_are_told_of_a_refusal_once),
        TEST(a_refusal_stops_nothing_else),
        TEST(pausing_and_ending_stop_what_is_tried_again),
        TEST(who_is_suspended_is_refused_until_it_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
