/*
 * test_standing.c - what is ordered, when it is paid, what becomes of a refusal; over clock changes, a leap day,
 * and nodes that were off.
 */
#include "support/chance.h"
#include "support/region.h"

#include "ledger/chores.h"
#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/limit.h"
#include "ledger/member.h"
#include "ledger/notice.h"
#include "ledger/period.h"
#include "ledger/register.h"
#include "ledger/standing.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define OCCURRENCES_MAX 1500
#define WEEK LEDGER_WEEKLY
#define MONTH LEDGER_MONTHLY
#define LAST LEDGER_CADENCE_LAST
#define UNSAID LEDGER_CADENCE_UNSAID

enum { MILL = 1, RIVERSIDE, JOINERS }; /* members; their accounts too */

static void set_floor(struct region *r, int64_t account_id, int64_t floor_minor)
{
    struct ledger_limit limit = {
        .account_id = account_id, .floor_minor = floor_minor, .ceiling_minor = 10000000};

    OK(r, ledger_limit_set(r->l, &limit, &region_why));
}

static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_currency(&r, "HOUR");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_member(&r, "joiners");
    region_account(&r, "mill", "CALD");
    region_account(&r, "riverside", "CALD");
    region_account(&r, "joiners", "CALD");
    set_floor(&r, RIVERSIDE, -10000);
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

/* 2026-03-02 is a Monday. */
static struct ledger_standing draft(struct region *r)
{
    return (struct ledger_standing){.payer_id = MILL,
                                    .payee_id = RIVERSIDE,
                                    .amount_minor = 1000,
                                    .cadence = {WEEK, 1, UNSAID},
                                    .first_on = ledger_today(r->l),
                                    .memo = "rent"};
}

static int64_t order(struct region *r, struct ledger_standing s)
{
    OK(r, ledger_standing_order(r->l, &s, !s.count && !s.until_on, "local:test"));
    return s.id;
}

static int64_t run(struct region *r)
{
    int64_t count;

    OK(r, ledger_standing_due(r->l, r->clock.now_us, &count));
    return count;
}

static void run_on(struct region *r, const char *day)
{
    region_set_day(r, day);
    run(r);
}

static struct ledger_standing get(struct region *r, int64_t id)
{
    struct ledger_standing s;

    OK(r, ledger_standing_get(r->l, id, &s));
    return s;
}

struct met {
    struct ledger_occurrence all[OCCURRENCES_MAX];
    int count;
};

static enum ledger_status collect(void *ctx, const struct ledger_occurrence *o)
{
    struct met *met = ctx;

    assert_in_range(met->count, 0, OCCURRENCES_MAX - 1);
    met->all[met->count++] = *o;
    return LEDGER_OK;
}

static const struct met *met(struct region *r, int64_t id)
{
    static struct met m;

    m.count = 0;
    OK(r, ledger_standing_occurrences(r->l, id, 0, false, OCCURRENCES_MAX, collect, &m));
    return &m;
}

/* "2026-03-02 paid 2026-03-02, 2026-03-09 refused": due date, state, and the day of what was paid. */
static void expect(struct region *r, int64_t id, const char *want)
{
    static char text[4000];
    const struct met *m = met(r, id);
    char due[LEDGER_DATE_TEXT], on[LEDGER_DATE_TEXT];
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < m->count; i++) {
        const struct ledger_occurrence *o = &m->all[i];

        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %s", i ? ", " : "",
                                 ledger_date_format(o->due_on, due),
                                 ledger_occurrence_state_name(o->state));
        if (o->transfer_id)
            used += (size_t)snprintf(text + used, sizeof text - used, " %s",
                                     ledger_date_format(o->effective_on, on));
    }
    assert_string_equal(text, want);
}

static void is_sound(struct region *r)
{
    struct ledger_verification v;

    OK(r, ledger_verify(r->l, NULL, NULL, &v));
}

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
    {"from yesterday on", 1, 2, 100, {WEEK, 1, 1}, "2026-03-01", NULL, 1, 0, LEDGER_BACKDATED, NULL},
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
        assert_int_equal(get(r, s.id).next_on, region_day(ordered[i].first));
    }
    EXPECT(r, LEDGER_NO_SUCH_STANDING, ledger_standing_pause(r->l, taken + 1, &region_why));
    is_sound(r);
}

static void words_are_checked(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);

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
    struct ledger_standing s = draft(r);

    for (int i = 0; i < LEDGER_STANDING_LIVE_MAX; i++)
        order(r, draft(r));
    EXPECT(r, LEDGER_TOO_MANY_STANDING, ledger_standing_order(r->l, &s, true, "local:test"));
    OK(r, ledger_standing_pause(r->l, 7, &region_why));
    EXPECT(r, LEDGER_TOO_MANY_STANDING, ledger_standing_order(r->l, &s, true, "local:test"));
    OK(r, ledger_standing_end(r->l, 7, &region_why));
    order(r, draft(r));
    s = draft(r);
    s.payer_id = JOINERS;
    order(r, s);
}

static void each_due_date_is_paid_once(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);
    struct ledger_transfer t;
    struct ledger_record record;
    uint8_t other[32] = {0};

    s.count = 3;
    order(r, s);
    assert_int_equal(run(r), 1);
    assert_int_equal(run(r), 0);
    run_on(r, "2026-03-08");
    run_on(r, "2026-03-09");
    run_on(r, "2026-03-09");
    expect(r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 paid 2026-03-09");
    assert_int_equal(get(r, 1).state, LEDGER_STANDING_RUNNING);
    run_on(r, "2026-04-30");
    expect(r, 1,
           "2026-03-02 paid 2026-03-02, 2026-03-09 paid 2026-03-09, 2026-03-16 paid 2026-03-16");
    assert_int_equal(get(r, 1).state, LEDGER_STANDING_DONE);
    assert_int_equal(get(r, 1).next_on, 0);
    assert_int_equal(get(r, 1).next, 4);
    assert_int_equal(region_balance(r, MILL), -3000);
    OK(r, ledger_transfer_get(r->l, 2, &t));
    assert_string_equal(t.memo, "rent");
    assert_string_equal(t.reference, "standing payment 1, due 2026-03-09");
    EXPECT(r, LEDGER_UID_TAKEN, ledger_register_find(r->l, &met(r, 1)->all[1].uid, other, &record));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_end(r->l, 1, &region_why));
    is_sound(r);
}

/* Tried again on seven days, dated the day that it is paid; the next due date does not wait for it. */
static void a_refusal_is_kept_and_tried_again(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);
    const struct ledger_occurrence *o;

    s.amount_minor = 10001;
    s.cadence = (struct ledger_cadence){WEEK, 1, 1};
    s.count = 2;
    order(r, s);
    assert_int_equal(run(r), 1);
    expect(r, 1, "2026-03-02 waiting");
    o = &met(r, 1)->all[0];
    assert_string_equal(o->code, "over_limit");
    assert_int_equal(o->again_us, ledger_day_start_us(r->l, region_day("2026-03-03")));
    assert_int_equal(get(r, 1).unpaid, 1);
    assert_int_equal(run(r), 0);
    run_on(r, "2026-03-03");
    assert_int_equal(met(r, 1)->all[0].attempts, 2);
    set_floor(r, MILL, -10001);
    assert_int_equal(run(r), 0);
    run_on(r, "2026-03-05");
    expect(r, 1, "2026-03-02 paid 2026-03-05");
    assert_int_equal(get(r, 1).unpaid, 0);
    assert_string_equal(met(r, 1)->all[0].code, "over_limit");
    run_on(r, "2026-03-09");
    expect(r, 1, "2026-03-02 paid 2026-03-05, 2026-03-09 waiting");
    assert_int_equal(get(r, 1).state, LEDGER_STANDING_DONE);
    is_sound(r);
}

static void and_given_up_after_seven_days(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);

    s.amount_minor = 10001;
    s.cadence = (struct ledger_cadence){MONTH, 1, UNSAID};
    order(r, s);
    for (int day = 2; day <= 9; day++) {
        char date[LEDGER_DATE_TEXT];

        snprintf(date, sizeof date, "2026-03-0%d", day);
        expect(r, 1, day == 2 ? "" : "2026-03-02 waiting");
        run_on(r, date);
    }
    expect(r, 1, "2026-03-02 refused");
    assert_int_equal(met(r, 1)->all[0].attempts, 1 + LEDGER_STANDING_RETRY_DAYS);
    run_on(r, "2026-03-10");
    assert_int_equal(met(r, 1)->all[0].attempts, 1 + LEDGER_STANDING_RETRY_DAYS);
    EXPECT(r, LEDGER_OVER_LIMIT, ledger_standing_retry(r->l, 1, 0, "local:test"));
    assert_int_equal(met(r, 1)->all[0].attempts, 1 + LEDGER_STANDING_RETRY_DAYS);
    set_floor(r, MILL, -30000);
    EXPECT(r, LEDGER_NOTHING_UNPAID,
           ledger_standing_retry(r->l, 1, region_day("2026-04-02"), "local:test"));
    OK(r, ledger_standing_retry(r->l, 1, region_day("2026-03-02"), "local:test"));
    EXPECT(r, LEDGER_NOTHING_UNPAID, ledger_standing_retry(r->l, 1, 0, "local:test"));
    EXPECT(r, LEDGER_NO_SUCH_STANDING, ledger_standing_retry(r->l, 2, 0, "local:test"));
    expect(r, 1, "2026-03-02 paid 2026-03-10");
    is_sound(r);
}

/* The node slept through the days: it is tried once more, then given up. */
static void a_node_that_slept_tries_once_more(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);

    s.amount_minor = 10001;
    s.count = 1;
    order(r, s);
    run(r);
    run_on(r, "2026-05-01");
    expect(r, 1, "2026-03-02 refused");
    assert_int_equal(met(r, 1)->all[0].attempts, 2);
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
    struct ledger_standing s = draft(r);
    const struct ledger_notice_filter refused = {
        .of_kind = true, .kind = LEDGER_NOTICE_STANDING_REFUSED, .limit = 100};
    int told[4] = {0};

    s.amount_minor = 10001;
    s.count = 1;
    order(r, s);
    for (int day = 2; day <= 9; day++) {
        char date[LEDGER_DATE_TEXT];

        snprintf(date, sizeof date, "2026-03-0%d", day);
        run_on(r, date);
    }
    OK(r, ledger_notice_each(r->l, &refused, count_notice, told));
    assert_int_equal(told[MILL], 1);
    assert_int_equal(told[RIVERSIDE], 1);
    assert_int_equal(told[JOINERS], 0);
}

static void a_refusal_stops_nothing_else(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);

    s.amount_minor = 9000;
    order(r, s);
    order(r, s);
    s.amount_minor = 1000;
    order(r, s);
    run(r);
    expect(r, 1, "2026-03-02 paid 2026-03-02");
    expect(r, 2, "2026-03-02 waiting");
    expect(r, 3, "2026-03-02 paid 2026-03-02");
    set_floor(r, MILL, -28000);
    run_on(r, "2026-03-09");
    expect(r, 2, "2026-03-02 paid 2026-03-09, 2026-03-09 waiting");
    expect(r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 paid 2026-03-09");
    expect(r, 3, "2026-03-02 paid 2026-03-02, 2026-03-09 waiting");
    is_sound(r);
}

static int64_t transfer_of(struct region *r, int64_t id, int n)
{
    return met(r, id)->all[n].transfer_id;
}

/* In order of due date over all, each dated as due; a closed day's payment is dated today. */
static void who_was_off_catches_up_in_order(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);
    int64_t closed;

    order(r, s);
    s.cadence = (struct ledger_cadence){MONTH, 1, 10};
    order(r, s);
    region_set_day(r, "2026-03-20");
    OK(r, ledger_period_close(r->l, region_day("2026-03-09"), &region_why, &closed));
    run(r);
    expect(r, 1,
           "2026-03-02 paid 2026-03-20, 2026-03-09 paid 2026-03-20, 2026-03-16 paid 2026-03-16");
    expect(r, 2, "2026-03-10 paid 2026-03-10");
    assert_int_equal(transfer_of(r, 1, 0), 1);
    assert_int_equal(transfer_of(r, 1, 1), 2);
    assert_int_equal(transfer_of(r, 2, 0), 3);
    assert_int_equal(transfer_of(r, 1, 2), 4);
    is_sound(r);
}

static void one_run_is_bounded(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);

    set_floor(r, MILL, -1000000);
    s.count = LEDGER_STANDING_DUE_MAX + 1;
    s.amount_minor = 1;
    order(r, s);
    region_set_day(r, "2036-03-02");
    assert_int_equal(run(r), LEDGER_STANDING_DUE_MAX);
    assert_int_equal(run(r), 1);
    assert_int_equal(run(r), 0);
    assert_int_equal(region_balance(r, MILL), -(LEDGER_STANDING_DUE_MAX + 1));
}

static void a_pause_passes_over(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);

    s.count = 6;
    order(r, s);
    run(r);
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_pause(r->l, 1, &region_why));
    run_on(r, "2026-03-10");
    expect(r, 1, "2026-03-02 paid 2026-03-02");
    region_set_day(r, "2026-03-16");
    OK(r, ledger_standing_resume(r->l, 1, &region_why));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_resume(r->l, 1, &region_why));
    run(r);
    expect(r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 skipped, 2026-03-16 skipped");
    assert_int_equal(get(r, 1).unpaid, 0);
    EXPECT(r, LEDGER_NOTHING_UNPAID,
           ledger_standing_retry(r->l, 1, region_day("2026-03-09"), "local:test"));
    run_on(r, "2026-03-23");
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    region_set_day(r, "2026-12-31");
    OK(r, ledger_standing_resume(r->l, 1, &region_why));
    expect(r, 1,
           "2026-03-02 paid 2026-03-02, 2026-03-09 skipped, 2026-03-16 skipped, "
           "2026-03-23 paid 2026-03-23, 2026-03-30 skipped, 2026-04-06 skipped");
    assert_int_equal(get(r, 1).state, LEDGER_STANDING_DONE);
    is_sound(r);
}

static void pausing_and_ending_stop_what_is_tried_again(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);

    s.amount_minor = 10001;
    order(r, s);
    s.count = 1;
    order(r, s);
    run(r);
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    OK(r, ledger_standing_end(r->l, 2, &region_why));
    expect(r, 1, "2026-03-02 refused");
    expect(r, 2, "2026-03-02 refused");
    set_floor(r, MILL, -100000);
    run_on(r, "2026-03-03");
    expect(r, 1, "2026-03-02 refused");
    OK(r, ledger_standing_retry(r->l, 1, 0, "local:test"));
    OK(r, ledger_standing_retry(r->l, 2, 0, "local:test"));
    expect(r, 2, "2026-03-02 paid 2026-03-03");
    is_sound(r);
}

static void an_end_is_for_good(void **state)
{
    struct region *r = *state;
    struct ledger_standing s;

    order(r, draft(r));
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    OK(r, ledger_standing_end(r->l, 1, &region_why));
    s = get(r, 1);
    assert_int_equal(s.state, LEDGER_STANDING_ENDED);
    assert_string_equal(s.reason, "because");
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_end(r->l, 1, &region_why));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_pause(r->l, 1, &region_why));
    EXPECT(r, LEDGER_STANDING_STATE, ledger_standing_resume(r->l, 1, &region_why));
    assert_int_equal(run(r), 0);
    is_sound(r);
}

static void who_is_suspended_is_refused_until_it_is_not(void **state)
{
    struct region *r = *state;

    order(r, draft(r));
    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_SUSPENDED, &region_why));
    run(r);
    expect(r, 1, "2026-03-02 waiting");
    assert_string_equal(met(r, 1)->all[0].code, "member_not_active");
    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_ACTIVE, &region_why));
    OK(r, ledger_member_change_state(r->l, RIVERSIDE, LEDGER_SUSPENDED, &region_why));
    run_on(r, "2026-03-03");
    expect(r, 1, "2026-03-02 paid 2026-03-03");
    is_sound(r);
}

static void who_leaves_ends_what_it_pays_and_is_paid(void **state)
{
    struct region *r = *state;
    struct ledger_standing s = draft(r);

    s.amount_minor = 10001;
    s.count = 1;
    order(r, s);
    s = draft(r);
    s.first_on++;
    order(r, s);
    s.payer_id = RIVERSIDE;
    s.payee_id = MILL;
    order(r, s);
    s.payee_id = JOINERS;
    order(r, s);
    run(r);
    OK(r, ledger_standing_pause(r->l, 2, &region_why));
    OK(r, ledger_member_leave(r->l, MILL, &region_why));
    assert_int_equal(get(r, 1).state, LEDGER_STANDING_ENDED);
    assert_int_equal(get(r, 2).state, LEDGER_STANDING_ENDED);
    assert_int_equal(get(r, 3).state, LEDGER_STANDING_ENDED);
    assert_int_equal(get(r, 4).state, LEDGER_STANDING_RUNNING);
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, ledger_standing_retry(r->l, 1, 0, "local:test"));
    OK(r, ledger_erase_member(r->l, MILL, &region_why));
    assert_true(get(r, 1).erased && get(r, 3).erased && !get(r, 4).erased);
    assert_string_equal(get(r, 1).payer, "erased-1");
    assert_string_equal(get(r, 1).memo, "");
    is_sound(r);
}

/* Ten minutes and more behind its journal a node writes nothing: what is due stays due. */
static void a_clock_that_is_behind_leaves_all_as_it_is(void **state)
{
    struct region *r = *state;

    order(r, draft(r));
    region_set_day(r, "2026-03-09");
    region_pay(r, JOINERS, MILL, 100);
    region_set_day(r, "2026-03-08");
    assert_int_equal(run(r), 0);
    expect(r, 1, "");
    run_on(r, "2026-03-09");
    expect(r, 1, "2026-03-02 paid 2026-03-02, 2026-03-09 paid 2026-03-09");
}

static void start_in(struct region *r, const char *zone, const char *day)
{
    *r = (struct region){.path = ":memory:"};
    region_set_day(r, day);
    struct ledger_env env = test_env(&r->clock);
    OK(r, ledger_create(r->path, "Test region", zone, &env, &r->l));
    OK(r, ledger_begin_write(r->l));
    region_currency(r, "CALD");
    region_member(r, "mill");
    region_member(r, "riverside");
    region_account(r, "mill", "CALD");
    region_account(r, "riverside", "CALD");
    set_floor(r, MILL, -10000000);
    set_floor(r, RIVERSIDE, -10000);
}

static const struct yearly {
    struct ledger_cadence cadence;
    int dates; /* from 2027-12-31 to 2028-12-31 */
} yearly[] = {
    {{WEEK, 1, 7}, 53},   {{WEEK, 1, 1}, 52},     {{WEEK, 2, 5}, 27},   {{MONTH, 1, 29}, 12},
    {{MONTH, 1, 31}, 13}, {{MONTH, 1, LAST}, 13}, {{MONTH, 12, 29}, 1},
};

/* Nothing is paid before the day begins on the ledger's clock, and all of it when it does. */
static void run_the_year(struct region *r)
{
    int64_t count;

    for (int32_t day = region_day("2027-12-31"); day <= region_day("2028-12-31"); day++) {
        r->clock.now_us = ledger_day_start_us(r->l, day) - 1;
        OK(r, ledger_chores_run(r->l, r->clock.now_us, &count));
        assert_int_equal(count, 0);
        r->clock.now_us++;
        OK(r, ledger_chores_run(r->l, r->clock.now_us, &count));
    }
}

static void expect_each_on_its_day(struct region *r, int64_t id, int dates)
{
    const struct met *m = met(r, id);

    assert_int_equal(m->count, dates);
    for (int i = 0; i < m->count; i++) {
        const struct ledger_occurrence *o = &m->all[i];
        int64_t begins_us = ledger_day_start_us(r->l, o->due_on);

        assert_int_equal(o->state, LEDGER_OCCURRENCE_PAID);
        assert_int_equal(o->effective_on, o->due_on);
        assert_int_equal(ledger_day_of(r->l, o->at_us), o->due_on);
        assert_in_range(o->at_us - begins_us, 0, 1000);
    }
}

static void a_leap_year_with_both_clock_changes(void **state)
{
    static const char *const zones[] = {"Europe/London", "America/Santiago", "UTC",
                                        "Australia/Lord_Howe"};

    (void)state;
    for (size_t z = 0; z < COUNT(zones); z++) {
        struct region r;
        struct ledger_standing s;

        start_in(&r, zones[z], "2027-12-30");
        for (size_t i = 0; i < COUNT(yearly); i++) {
            s = draft(&r);
            s.cadence = yearly[i].cadence;
            s.first_on = region_day("2027-12-31");
            order(&r, s);
        }
        run_the_year(&r);
        for (size_t i = 0; i < COUNT(yearly); i++)
            expect_each_on_its_day(&r, (int64_t)i + 1, yearly[i].dates);
        is_sound(&r);
        region_end(&r);
    }
}

#define PLANS 4
#define STEPS 60
#define SEEDS 60

/* What was ordered, to be counted by walking the calendar day by day. */
struct plan {
    struct ledger_cadence cadence;
    int32_t from_on;
    int32_t until_on;
    int count;
    bool stopped; /* paused or ended */
};

static int month_of(int32_t day, int *day_of_month)
{
    int year, month;

    ledger_date_to_civil(day, &year, &month, day_of_month);
    return year * 12 + month;
}

static bool is_due(const struct plan *p, int32_t first_on, int32_t day)
{
    int dom, unused;
    int last = ledger_date_month_end(day) == day;

    if (p->cadence.unit == WEEK)
        return first_on < 0 ? ledger_date_weekday(day) == p->cadence.day
                            : (day - first_on) % (7 * p->cadence.every) == 0;
    int month = month_of(day, &dom);
    bool that =
        p->cadence.day == LAST ? last : dom == p->cadence.day || (last && dom < p->cadence.day);
    return that && (first_on < 0 || (month - month_of(first_on, &unused)) % p->cadence.every == 0);
}

/* Each due date through today was met once and in order; of one that is stopped, the first of them. */
static void agrees_with_calendar(struct region *r, int64_t id, const struct plan *p)
{
    const struct met *m = met(r, id);
    int32_t first_on = -1;
    int n = 0;

    for (int32_t day = p->from_on; day <= ledger_today(r->l); day++) {
        if ((p->until_on && day > p->until_on) || (p->count && n == p->count))
            break;
        if (!is_due(p, first_on, day))
            continue;
        if (first_on < 0)
            first_on = day;
        if (n == m->count && p->stopped)
            return;
        assert_in_range(n, 0, m->count - 1);
        assert_int_equal(m->all[n].due_on, day);
        assert_int_equal(m->all[n].number, n + 1);
        n++;
    }
    assert_int_equal(m->count, n);
}

static struct plan draw_plan(struct chance *c, int32_t today)
{
    struct plan p = {.from_on = today + (int32_t)chance_below(c, 60)};

    p.cadence.unit = chance_one_in(c, 2) ? WEEK : MONTH;
    p.cadence.every = 1 + (int)chance_below(c, 3);
    p.cadence.day = p.cadence.unit == WEEK ? 1 + (int)chance_below(c, 7) : (int)chance_below(c, 32);
    if (chance_one_in(c, 3))
        p.count = 1 + (int)chance_below(c, 20);
    else if (chance_one_in(c, 2))
        p.until_on = p.from_on + 62 + (int32_t)chance_below(c, 400);
    return p;
}

static void order_plan(struct region *r, struct chance *c, struct plan *p)
{
    struct ledger_standing s = draft(r);

    *p = draw_plan(c, ledger_today(r->l));
    s.cadence = p->cadence;
    s.first_on = p->from_on;
    s.until_on = p->until_on;
    s.count = p->count;
    s.amount_minor = 1 + chance_below(c, 4000);
    s.payer_id = 1 + chance_below(c, 3);
    s.payee_id = 1 + s.payer_id % 3;
    order(r, s);
}

/* Whatever is refused here is refused; what is not must agree. */
static void disturb(struct region *r, struct chance *c, struct plan *plans)
{
    int64_t n = chance_below(c, PLANS);
    struct plan *p = &plans[n];

    switch (chance_below(c, 6)) {
    case 0:
        if (ledger_standing_pause(r->l, n + 1, &region_why) == LEDGER_OK)
            p->stopped = true;
        break;
    case 1:
        if (ledger_standing_resume(r->l, n + 1, &region_why) == LEDGER_OK)
            p->stopped = false;
        break;
    case 2:
        if (chance_one_in(c, 5) && ledger_standing_end(r->l, n + 1, &region_why) == LEDGER_OK)
            p->stopped = true;
        break;
    case 3:
        set_floor(r, 1 + chance_below(c, 3), -chance_below(c, 40000));
        break;
    case 4:
        (void)!ledger_standing_retry(r->l, n + 1, 0, "local:test");
        break;
    default:
        break;
    }
}

static int64_t paid_to(struct region *r, int64_t account_id)
{
    int64_t sum_minor = 0;

    for (int64_t id = 1; id <= PLANS; id++) {
        const struct ledger_standing s = get(r, id);
        const struct met *m = met(r, id);

        for (int i = 0; i < m->count; i++)
            if (m->all[i].state == LEDGER_OCCURRENCE_PAID)
                sum_minor += (s.payee_id == account_id) * s.amount_minor -
                             (s.payer_id == account_id) * s.amount_minor;
    }
    return sum_minor;
}

static void every_due_date_is_met_once_whatever_happens(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct chance c = {seed};
        struct plan plans[PLANS];
        struct region r;

        start_in(&r, seed % 2 ? "Europe/London" : "America/Santiago", "2027-10-01");
        region_member(&r, "joiners");
        region_account(&r, "joiners", "CALD");
        for (int n = 0; n < PLANS; n++)
            order_plan(&r, &c, &plans[n]);
        for (int step = 0; step < STEPS; step++) {
            r.clock.now_us += chance_below(&c, chance_one_in(&c, 4) ? 60 : 3) * LEDGER_US_PER_DAY;
            disturb(&r, &c, plans);
            run(&r);
            for (int n = 0; n < PLANS; n++)
                agrees_with_calendar(&r, n + 1, &plans[n]);
        }
        for (int64_t a = 1; a <= 3; a++)
            assert_int_equal(region_balance(&r, a), paid_to(&r, a));
        is_sound(&r);
        region_end(&r);
    }
}

/* Standing payment 1: paid, then refused; 2: paused over a date; 3: ended. */
static void furnish(struct region *r)
{
    struct ledger_standing s = draft(r);

    s.count = 2;
    s.amount_minor = 6000;
    order(r, s);
    s = draft(r);
    order(r, s);
    order(r, s);
    OK(r, ledger_standing_pause(r->l, 2, &region_why));
    OK(r, ledger_standing_end(r->l, 3, &region_why));
    run(r);
    run_on(r, "2026-03-09");
    OK(r, ledger_standing_resume(r->l, 2, &region_why));
    OK(r, ledger_standing_pause(r->l, 2, &region_why));
}

static const struct damage {
    const char *what;
    const char *sql;
    const char *problem;
} damages[] = {
    {"another day to be due on",
     "UPDATE standing SET day = 2 WHERE id = 1; "
     "UPDATE standing SET first_on = first_on + 1 WHERE id = 1",
     "standing payment 1: its order gives another due date in place of 2026-03-02"},
    {"a due date that is gone",
     "DELETE FROM standing_attempt WHERE id = 1; DELETE FROM standing_occurrence WHERE "
     "standing_id = 1 AND number = 1",
     "standing payment 1: its order gives another due date in place of 2026-03-09"},
    {"one too many", "UPDATE standing SET count = 1 WHERE id = 1",
     "standing payment 1: its order gives another due date in place of 2026-03-09"},
    {"the next one", "DELETE FROM standing_next",
     "standing payment 2: it has lost its next due date, 2026-03-16"},
    {"another next one", "UPDATE standing_next SET due_on = due_on + 7",
     "standing payment 2: it does not stand at its next due date, 2026-03-16"},
    {"a pause that is over", "UPDATE standing_next SET paused = 0",
     "standing payment 2: it counts as paused, or does not"},
    {"a change", "DELETE FROM standing_change WHERE standing_id = 2 AND sequence = 2",
     "standing payment 2: a change of it is missing"},
    {"what comes after an end", "INSERT INTO standing_change VALUES (3, 2, 'resumed', 0, '', '')",
     "standing payment 3: a change of it is missing, or comes after its end"},
    {"an ended one that goes on",
     "INSERT INTO standing_next VALUES (3, 1, (SELECT first_on FROM standing WHERE id = 3), 0)",
     "standing payment 3: it counts as paused, or does not"},
    {"an attempt", "DELETE FROM standing_attempt WHERE id = 2",
     "standing payment 1: a due date has no attempt"},
    {"an attempt of no due date", "UPDATE standing_attempt SET due_on = due_on + 1 WHERE id = 2",
     "standing payment 1: an attempt or a retry is of no due date"},
    {"a payment twice",
     "INSERT INTO standing_attempt SELECT 9, standing_id, due_on, at_us, code, transfer_id, actor "
     "FROM standing_attempt WHERE id = 1",
     "standing payment 1: a due date is paid twice"},
    {"a payment that is tried again",
     "INSERT INTO standing_retry SELECT standing_id, due_on, 0, 0 FROM standing_attempt WHERE "
     "id = 1",
     "standing payment 1: a due date is tried again although it is paid"},
    {"a refusal that was paid",
     "UPDATE standing_attempt SET code = '', transfer_id = 1 WHERE id = 2",
     "standing payment 1: a due date is tried again although it is paid"},
    {"an amount", "UPDATE standing_occurrence SET amount_minor = 5999 WHERE number = 1",
     "standing payment 1: what was due is not what it pays"},
    {"another transfer",
     "UPDATE standing_attempt SET transfer_id = NULL, code = 'x' WHERE id = 1; UPDATE "
     "standing_attempt SET transfer_id = 9, code = '' WHERE id = 1",
     "standing payment 1: a transfer does not pay what was due"},
    {"a uid", "UPDATE standing_occurrence SET uid = randomblob(16) WHERE number = 1",
     "standing payment 1: the register does not have a payment of it"},
    {"words", "DELETE FROM standing_text WHERE standing_id = 2",
     "standing payment 2: its words are gone"},
    {"words of nothing", "INSERT INTO standing_text VALUES (9, 'x')",
     "standing payment 9: words stand without it"},
    {"an account", "UPDATE standing SET payee_id = 9 WHERE id = 3",
     "standing payment 3: its payer and payee are not in one currency"},
    {"all of it", "DELETE FROM standing WHERE id = 2",
     "standing payment 2: a row stands without it"},
};

static void each_damage_is_named(void **state)
{
    struct region *r = *state;
    int wrong = 0;

    furnish(r);
    is_sound(r);
    region_close(r);
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct region copy = {.clock = r->clock};
        struct ledger_verification v;
        char command[500];

        snprintf(copy.path, sizeof copy.path, "%.180s-damaged", r->path);
        snprintf(command, sizeof command, "cp '%s' '%s'", r->path, copy.path);
        assert_int_equal(system(command), 0);
        region_damage(copy.path, damages[i].sql);
        region_open(&copy, false);
        (void)!ledger_verify(copy.l, NULL, NULL, &v);
        region_end(&copy);
        if (strstr(v.problem, damages[i].problem))
            continue;
        print_error("%s: %s\n  not: %s\n", damages[i].what, v.problem, damages[i].problem);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_order_is_whole_or_none),
        TEST(words_are_checked),
        TEST(an_account_has_so_many_at_a_time),
        TEST(each_due_date_is_paid_once),
        TEST(a_refusal_is_kept_and_tried_again),
        TEST(and_given_up_after_seven_days),
        TEST(a_node_that_slept_tries_once_more),
        TEST(both_are_told_of_a_refusal_once),
        TEST(a_refusal_stops_nothing_else),
        TEST(who_was_off_catches_up_in_order),
        TEST(one_run_is_bounded),
        TEST(a_pause_passes_over),
        TEST(pausing_and_ending_stop_what_is_tried_again),
        TEST(an_end_is_for_good),
        TEST(who_is_suspended_is_refused_until_it_is_not),
        TEST(who_leaves_ends_what_it_pays_and_is_paid),
        TEST(a_clock_that_is_behind_leaves_all_as_it_is),
        cmocka_unit_test(a_leap_year_with_both_clock_changes),
        cmocka_unit_test(every_due_date_is_met_once_whatever_happens),
        TEST(each_damage_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
