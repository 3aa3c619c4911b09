/* test_standing.c - what is ordered, when it is paid, paused and ended, and what a node that was off does. */
#include "support/standing.h"

#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/member.h"
#include "ledger/period.h"
#include "ledger/register.h"

#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define WEEK LEDGER_WEEKLY
#define MONTH LEDGER_MONTHLY
#define LAST LEDGER_CADENCE_LAST
#define UNSAID LEDGER_CADENCE_UNSAID

enum { MILL = 1, RIVERSIDE, JOINERS }; /* members; their accounts too */

/* clang-format off */
static const struct ordered {
    const char *what;
    int64_t payer;
    int64_t payee;
    int64_t amount_minor;
    struct ledger_cadence cadence;
    const char *starts;
    const char *until;
    int count;
    bool until_ended;
    enum ledger_status status;
    const char *first; /* where it is taken */
} ordered[] = {
    {"to oneself", 1, 1, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 0, LEDGER_SAME_ACCOUNT, NULL},
    {"of nothing", 1, 2, 0, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 0, LEDGER_AMOUNT_NOT_POSITIVE, NULL},
    {"of too much", 1, 2, LEDGER_AMOUNT_MAX + 1, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 0, LEDGER_AMOUNT_TOO_LARGE, NULL},
    {"every 0 weeks", 1, 2, 100, {WEEK, 0, 1}, "2026-03-02", NULL, 1, 0, LEDGER_INTERVAL_MALFORMED, NULL},
    {"every 0 months without an end", 1, 2, 100, {MONTH, 0, 1}, "2026-03-02", NULL, 0, 0, LEDGER_INTERVAL_MALFORMED, NULL},
    {"on day 32", 1, 2, 100, {MONTH, 1, 32}, "2026-03-02", NULL, 1, 0, LEDGER_DUE_DAY_MALFORMED, NULL},
    {"without an end", 1, 2, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 0, 0, LEDGER_NO_END, NULL},
    {"with two ends", 1, 2, 100, {WEEK, 1, 1}, "2026-03-02", "2027-01-01", 1, 0, LEDGER_TWO_ENDS, NULL},
    {"with an end and none", 1, 2, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 1, LEDGER_TWO_ENDS, NULL},
    {"1001 times", 1, 2, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 1001, 0, LEDGER_NUMBER_MALFORMED, NULL},
    {"1000 times", 1, 2, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 1000, 0, LEDGER_OK, "2026-03-02"},
    {"from 93 days ago", 1, 2, 100, {WEEK, 1, 1}, "2025-11-29", NULL, 1, 0, LEDGER_BACKDATED, NULL},
    {"from 92 days ago", 1, 2, 100, {WEEK, 1, UNSAID}, "2025-11-30", NULL, 1, 0, LEDGER_OK, "2025-11-30"},
    {"until the day before it", 1, 2, 100, {WEEK, 1, 2}, "2026-03-02", "2026-03-02", 0, 0, LEDGER_NEVER_DUE, NULL},
    {"until its first day", 1, 2, 100, {WEEK, 1, 2}, "2026-03-02", "2026-03-03", 0, 0, LEDGER_OK, "2026-03-03"},
    {"at the end of the calendar", 1, 2, 100, {MONTH, 1, LAST}, "2230-03-01", NULL, 1, 0, LEDGER_NEVER_DUE, NULL},
    {"in two currencies", 1, 4, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 0, LEDGER_UNBALANCED, NULL},
    {"by who is suspended", 3, 1, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 0, LEDGER_MEMBER_NOT_ACTIVE, NULL},
    {"to who is suspended", 1, 3, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 0, LEDGER_OK, "2026-03-02"},
    {"to who has left", 1, 5, 100, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 0, LEDGER_MEMBER_NOT_ACTIVE, NULL},
    {"on its own weekday", 1, 2, 100, {WEEK, 1, UNSAID}, "2026-03-05", NULL, 1, 0, LEDGER_OK, "2026-03-05"},
    {"until it is ended", 1, 2, 100, {MONTH, 24, 31}, "2026-04-01", NULL, 0, 1, LEDGER_OK, "2026-04-30"},
    {"beyond the limit of today", 1, 2, LEDGER_AMOUNT_MAX, {WEEK, 1, 1}, "2026-03-02", NULL, 1, 0, LEDGER_OK, "2026-03-02"},
};
/* clang-format on */

static void an_order_is_whole_or_none(void **state)
{
    struct region *r = *state;
    int64_t taken = 0;

    region_account(r, "joiners", "HOUR");
    region_member(r, "gone");
    region_account(r, "gone", "CALD");
    OK(r, ledger_member_change_state(r->l, JOINERS, LEDGER_SUSPENDED, &region_why));
    OK(r, ledger_member_leave(r->l, 4, &region_why));
    for (size_t i = 0; i < COUNT(ordered); i++) {
        struct ledger_standing s = {.payer_id = ordered[i].payer,
                                    .payee_id = ordered[i].payee,
                                    .amount_minor = ordered[i].amount_minor,
                                    .cadence = ordered[i].cadence,
                                    .first_on = region_day(ordered[i].starts),
                                    .count = ordered[i].count};

        if (ordered[i].until)
            s.until_on = region_day(ordered[i].until);
        enum ledger_status st =
            ledger_standing_order(r->l, &s, ordered[i].until_ended, "local:test");
        if (st != ordered[i].status)
            fail_msg("%s: %s", ordered[i].what, ledger_status_facts(st)->code);
        if (st != LEDGER_OK)
            continue;
        assert_int_equal(s.id, ++taken);
        assert_int_equal(standing_get(r, s.id).next_on, region_day(ordered[i].first));
    }
    EXPECT(r, LEDGER_NO_SUCH_STANDING, ledger_standing_pause(r->l, taken + 1, &region_why));
    region_sound(r);
}

static void words_are_checked(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    s.count = 1;
    strcpy(s.memo, "a\tb");
    EXPECT(r, LEDGER_TEXT_MALFORMED, ledger_standing_order(r->l, &s, false, "local:test"));
    memset(s.memo, 'x', LEDGER_MEMO_MAX);
    s.memo[LEDGER_MEMO_MAX] = '\0';
    OK(r, ledger_standing_order(r->l, &s, false, "local:test"));
    EXPECT(r, LEDGER_TEXT_MALFORMED,
           ledger_standing_pause(r->l, 1, &(struct ledger_why){"x", "a\nb", ""}));
    EXPECT(r, LEDGER_TEXT_MALFORMED,
           ledger_standing_end(r->l, 1, &(struct ledger_why){"x", "a\nb", ""}));
}

static void an_account_has_so_many_at_a_time(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    for (int i = 0; i < LEDGER_STANDING_LIVE_MAX; i++)
        standing_order(r, standing_draft(r));
    EXPECT(r, LEDGER_TOO_MANY_STANDING, ledger_standing_order(r->l, &s, true, "local:test"));
    OK(r, ledger_standing_pause(r->l, 7, &region_why));
    EXPECT(r, LEDGER_TOO_MANY_STANDING, ledger_standing_order(r->l, &s, true, "local:test"));
    OK(r, ledger_standing_end(r->l, 7, &region_why));
    standing_order(r, standing_draft(r));
    s = standing_draft(r);
    s.payer_id = JOINERS;
    standing_order(r, s);
}

static void each_due_date_is_paid_once(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);
    struct ledger_transfer t;
    struct ledger_record record;
    uint8_t other[32] = {0};

    s.count = 3;
    standing_order(r, s);
    assert_int_equal(standing_run(r), 1);
    assert_int_equal(standing_run(r), 0);
    standing_run_on(r, "2026-03-08");
    standing_run_on(r, "2026-03-09");
    standing_run_on(r, "2026-03-09");
    standing_expect(r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 paid 2026-03-09");
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_RUNNING);
    standing_run_on(r, "2026-04-30");
    standing_expect(
        r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 paid 2026-03-09, 2026-03-16 paid 2026-03-16");
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_DONE);
    assert_int_equal(standing_get(r, 1).next_on, 0);
    assert_int_equal(standing_get(r, 1).next, 4);
    assert_int_equal(region_balance(r, MILL), -3000);
    OK(r, ledger_transfer_get(r->l, 2, &t));
    assert_string_equal(t.memo, "rent");
    assert_string_equal(t.reference, "standing payment 1, due 2026-03-09");
    EXPECT(r, LEDGER_UID_TAKEN,
           ledger_register_find(r->l, &standing_met(r, 1)->all[1].uid, other, &record));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_end(r->l, 1, &region_why));
    region_sound(r);
}

static int64_t transfer_of(struct region *r, int64_t id, int n)
{
    return standing_met(r, id)->all[n].transfer_id;
}

/* In order of due date over all, each dated as due; a closed day's payment is dated today. */
static void who_was_off_catches_up_in_order(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);
    int64_t closed;

    standing_order(r, s);
    s.cadence = (struct ledger_cadence){MONTH, 1, 10};
    standing_order(r, s);
    region_set_day(r, "2026-03-20");
    OK(r, ledger_period_close(r->l, region_day("2026-03-09"), &region_why, &closed));
    standing_run(r);
    standing_expect(
        r, 1, "2026-03-02 paid 2026-03-20, 2026-03-09 paid 2026-03-20, 2026-03-16 paid 2026-03-16");
    standing_expect(r, 2, "2026-03-10 paid 2026-03-10");
    assert_int_equal(transfer_of(r, 1, 0), 1);
    assert_int_equal(transfer_of(r, 1, 1), 2);
    assert_int_equal(transfer_of(r, 2, 0), 3);
    assert_int_equal(transfer_of(r, 1, 2), 4);
    region_sound(r);
}

/* It was agreed before it was entered here: each payment is dated as it was due. */
static void one_that_began_before_is_caught_up_with(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);
    int64_t closed;

    OK(r, ledger_period_close(r->l, region_day("2026-02-15"), &region_why, &closed));
    s.first_on = region_day("2026-02-15");
    EXPECT(r, LEDGER_PERIOD_CLOSED, ledger_standing_order(r->l, &s, true, "local:test"));
    s.first_on = region_day("2026-02-16");
    standing_order(r, s);
    assert_int_equal(standing_run(r), 3);
    standing_expect(
        r, 1, "2026-02-16 paid 2026-02-16, 2026-02-23 paid 2026-02-23, 2026-03-02 paid 2026-03-02");
    region_sound(r);
}

static void one_run_is_bounded(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    standing_set_floor(r, MILL, -1000000);
    s.count = LEDGER_STANDING_DUE_MAX + 1;
    s.amount_minor = 1;
    standing_order(r, s);
    region_set_day(r, "2036-03-02");
    assert_int_equal(standing_run(r), LEDGER_STANDING_DUE_MAX);
    assert_int_equal(standing_run(r), 1);
    assert_int_equal(standing_run(r), 0);
    assert_int_equal(region_balance(r, MILL), -(LEDGER_STANDING_DUE_MAX + 1));
}

static void a_pause_passes_over(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    s.count = 6;
    standing_order(r, s);
    standing_run(r);
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_pause(r->l, 1, &region_why));
    standing_run_on(r, "2026-03-10");
    standing_expect(r, 1, "2026-03-02 paid 2026-03-02");
    region_set_day(r, "2026-03-16");
    OK(r, ledger_standing_resume(r->l, 1, &region_why));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_resume(r->l, 1, &region_why));
    standing_run(r);
    standing_expect(r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 skipped, 2026-03-16 skipped");
    assert_int_equal(standing_get(r, 1).unpaid, 0);
    EXPECT(r, LEDGER_NOTHING_UNPAID,
           ledger_standing_retry(r->l, 1, region_day("2026-03-09"), "local:test"));
    standing_run_on(r, "2026-03-23");
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    region_set_day(r, "2026-12-31");
    OK(r, ledger_standing_resume(r->l, 1, &region_why));
    standing_expect(r, 1,
                    "2026-03-02 paid 2026-03-02, 2026-03-09 skipped, 2026-03-16 skipped, "
                    "2026-03-23 paid 2026-03-23, 2026-03-30 skipped, 2026-04-06 skipped");
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_DONE);
    region_sound(r);
}

static void an_end_is_for_good(void **state)
{
    struct region *r = *state;
    struct ledger_standing s;

    standing_order(r, standing_draft(r));
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    OK(r, ledger_standing_end(r->l, 1, &region_why));
    s = standing_get(r, 1);
    assert_int_equal(s.state, LEDGER_STANDING_ENDED);
    assert_string_equal(s.reason, "because");
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_end(r->l, 1, &region_why));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_pause(r->l, 1, &region_why));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_resume(r->l, 1, &region_why));
    assert_int_equal(standing_run(r), 0);
    region_sound(r);
}

static void who_leaves_ends_what_it_pays_and_is_paid(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = standing_draft(r);

    s.amount_minor = 10001;
    s.count = 1;
    standing_order(r, s);
    s = standing_draft(r);
    s.first_on++;
    standing_order(r, s);
    s.payer_id = RIVERSIDE;
    s.payee_id = MILL;
    standing_order(r, s);
    s.payee_id = JOINERS;
    standing_order(r, s);
    standing_run(r);
    OK(r, ledger_standing_pause(r->l, 2, &region_why));
    OK(r, ledger_member_leave(r->l, MILL, &region_why));
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_ENDED);
    assert_int_equal(standing_get(r, 2).state, LEDGER_STANDING_ENDED);
    assert_int_equal(standing_get(r, 3).state, LEDGER_STANDING_ENDED);
    assert_int_equal(standing_get(r, 4).state, LEDGER_STANDING_RUNNING);
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, ledger_standing_retry(r->l, 1, 0, "local:test"));
    OK(r, ledger_erase_member(r->l, MILL, &region_why));
    assert_true(standing_get(r, 1).erased && standing_get(r, 3).erased &&
                !standing_get(r, 4).erased);
    assert_string_equal(standing_get(r, 1).payer, "erased-1");
    assert_string_equal(standing_get(r, 1).memo, "");
    region_sound(r);
}

/* Ten minutes and more behind its journal a node writes nothing: what is due stays due. */
static void a_clock_that_is_behind_leaves_all_as_it_is(void **state)
{
    struct region *r = *state;

    standing_order(r, standing_draft(r));
    region_set_day(r, "2026-03-09");
    region_pay(r, JOINERS, MILL, 100);
    region_set_day(r, "2026-03-08");
    assert_int_equal(standing_run(r), 0);
    standing_expect(r, 1, "");
    standing_run_on(r, "2026-03-09");
    standing_expect(r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 paid 2026-03-09");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, standing_set_up, standing_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_is_whole_or_none),
        TEST(words_are_checked),
        TEST(an_account_has_so_many_at_a_time),
        TEST(each_due_date_is_paid_once),
        TEST(who_was_off_catches_up_in_order),
        TEST(one_that_began_before_is_caught_up_with),
        TEST(one_run_is_bounded),
        TEST(a_pause_passes_over),
        TEST(an_end_is_for_good),
        TEST(who_leaves_ends_what_it_pays_and_is_paid),
        TEST(a_clock_that_is_behind_leaves_all_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
