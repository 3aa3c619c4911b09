/*
 * test_levy.c - what members give a guarantee fund: rounding, months, catching up, refusals, exactly once.
 */
#include "support/damage.h"

#include "ledger/correction.h"
#include "ledger/departure.h"
#include "ledger/levy.h"
#include "ledger/limit.h"
#include "ledger/period.h"

#include <stdio.h>
#include <string.h>

enum { MILL = 1, RIVERSIDE, JOINERS, FUND };

static const struct ledger_why no_reason = {.actor = "local:test", .reason = "", .authority = ""};

/* Three co-ops and a guarantee fund; it is 2 March 2026. */
static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_member(&r, "joiners");
    region_fund(&r, "guarantee");
    region_account(&r, "mill", "CALD");
    region_account(&r, "riverside", "CALD");
    region_account(&r, "joiners", "CALD");
    region_account(&r, "guarantee", "CALD");
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static enum ledger_status set(struct region *r, int points, int64_t flat_minor,
                              int64_t minimum_minor, const char *from)
{
    struct ledger_levy levy = {.currency_id = 1,
                               .fund_account_id = FUND,
                               .points = points,
                               .flat_minor = flat_minor,
                               .minimum_minor = minimum_minor,
                               .from_on = region_day(from)};

    return ledger_levy_set(r->l, &levy, &region_why);
}

static void run(struct region *r)
{
    int64_t count;

    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
}

/* Balances as they should be, and the ledger agrees. */
static void expect(struct region *r, const char *what, int64_t mill, int64_t riverside,
                   int64_t joiners, int64_t fund)
{
    const int64_t want[] = {mill, riverside, joiners, fund};
    struct ledger_verification v;

    for (int i = 0; i < 4; i++)
        if (region_balance(r, MILL + i) != want[i])
            fail_msg("%s: account %d is at %lld", what, MILL + i,
                     (long long)region_balance(r, MILL + i));
    if (ledger_verify(r->l, NULL, NULL, &v) != LEDGER_OK)
        fail_msg("%s: %s", what, v.problem);
}

static const struct malformed {
    const char *what;
    int64_t currency_id;
    int64_t fund;
    int points;
    int64_t flat_minor;
    int64_t minimum_minor;
    const char *from;
    const struct ledger_why *why;
    enum ledger_status outcome;
} malformed[] = {
    {"no currency", 9, FUND, 50, 0, 0, "2026-04-01", &region_why, LEDGER_NO_SUCH_CURRENCY},
    {"training credits", 2, FUND, 50, 0, 0, "2026-04-01", &region_why, LEDGER_EARMARKED},
    {"below none", 1, FUND, -1, 0, 0, "2026-04-01", &region_why, LEDGER_NUMBER_MALFORMED},
    {"a tenth and a bit", 1, FUND, 1001, 0, 0, "2026-04-01", &region_why, LEDGER_NUMBER_MALFORMED},
    {"a tenth", 1, FUND, 1000, 0, 0, "2026-04-01", &region_why, LEDGER_OK},
    {"too much", 1, FUND, 0, LEDGER_AMOUNT_MAX + 1, 0, "2026-04-01", &region_why,
     LEDGER_AMOUNT_TOO_LARGE},
    {"both", 1, FUND, 1, 1, 0, "2026-04-01", &region_why, LEDGER_LEVY_MALFORMED},
    {"from the middle", 1, FUND, 50, 0, 0, "2026-04-02", &region_why, LEDGER_LEVY_MALFORMED},
    {"from this month", 1, FUND, 50, 0, 0, "2026-03-01", &region_why, LEDGER_BACKDATED},
    {"no account", 1, 9, 50, 0, 0, "2026-04-01", &region_why, LEDGER_NO_SUCH_ACCOUNT},
    {"a fund's other account", 1, 5, 50, 0, 0, "2026-04-01", &region_why, LEDGER_UNBALANCED},
    {"no fund", 1, MILL, 50, 0, 0, "2026-04-01", &region_why, LEDGER_MEMBER_STATE},
    {"no reason", 1, FUND, 50, 0, 0, "2026-04-01", &no_reason, LEDGER_REASON_MISSING},
    {"none at all", 1, FUND, 0, 0, 0, "2026-04-01", &region_why, LEDGER_OK},
};

static void a_levy_is_whole_or_none(void **state)
{
    struct region *r = *state;
    struct ledger_currency train = {
        .code = "TRAIN", .name = "T", .scale = 2, .kind = LEDGER_TRAINING};

    OK(r, ledger_currency_add(r->l, &train, &region_why));
    region_account(r, "guarantee", "TRAIN");
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        const struct malformed *m = &malformed[i];
        struct ledger_levy levy = {.currency_id = m->currency_id,
                                   .fund_account_id = m->fund,
                                   .points = m->points,
                                   .flat_minor = m->flat_minor,
                                   .minimum_minor = m->minimum_minor,
                                   .from_on = region_day(m->from)};
        enum ledger_status got = ledger_levy_set(r->l, &levy, m->why);
        if (got != m->outcome)
            fail_msg("%s: %s", m->what, ledger_status_facts(got)->code);
    }
}

/* 50 points are 0.5 %. */
static const struct rounding {
    int points;
    int64_t flat_minor;
    int64_t minimum_minor;
    int64_t base_minor;
    int64_t amount_minor;
} roundings[] = {
    {50, 0, 0, 10000, 50},
    {50, 0, 0, 99, 0},  /* 0.495 of a cent */
    {50, 0, 0, 100, 1}, /* half a cent: up */
    {50, 0, 0, 299, 1},
    {50, 0, 0, 300, 2},
    {50, 0, 0, -500, 0}, /* more was given back than came in */
    {50, 0, 25, 4899, 0},
    {50, 0, 25, 4900, 25},
    {1000, 0, 0, LEDGER_AMOUNT_MAX, LEDGER_AMOUNT_MAX / 10},
    {1000, 0, 0, INT64_MAX, LEDGER_AMOUNT_MAX / 10},
    {0, 500, 0, 0, 500},
    {0, 500, 501, 0, 0},
    {0, 0, 0, 10000, 0},
};

static void it_is_rounded_half_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof roundings / sizeof roundings[0]; i++) {
        const struct rounding *x = &roundings[i];
        const struct ledger_levy levy = {
            .points = x->points, .flat_minor = x->flat_minor, .minimum_minor = x->minimum_minor};
        int64_t amount_minor = ledger_levy_amount(&levy, x->base_minor);
        if (amount_minor != x->amount_minor)
            fail_msg("row %zu: %lld", i, (long long)amount_minor);
    }
}

static void a_month_is_charged_once(void **state)
{
    struct region *r = *state;

    OK(r, set(r, 100, 0, 0, "2026-04-01"));
    region_pay(r, MILL, RIVERSIDE, 5000); /* March: before it was in force */
    region_set_day(r, "2026-04-30");
    region_pay(r, MILL, RIVERSIDE, 3000);
    region_pay(r, RIVERSIDE, JOINERS, 1000);
    region_pay(r, RIVERSIDE, FUND, 500);
    run(r);
    expect(r, "nothing before the month is over", -8000, 6500, 1000, 500);
    region_set_day(r, "2026-05-01");
    run(r);
    expect(r, "one per cent of what came in", -8000, 6470, 990, 540);
    run(r);
    region_set_day(r, "2026-05-31");
    run(r);
    expect(r, "and not again", -8000, 6470, 990, 540);
}

static void it_is_dated_on_the_last_day(void **state)
{
    struct region *r = *state;
    struct ledger_transfer t;

    OK(r, set(r, 100, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 3000);
    region_set_day(r, "2026-05-20");
    region_pay(r, MILL, RIVERSIDE, 3000);
    run(r);
    OK(r, ledger_transfer_get(r->l, 3, &t));
    assert_int_equal(t.kind, LEDGER_LEVY);
    assert_int_equal(t.effective_on, region_day("2026-04-30"));
    assert_string_equal(t.memo, "levy of 2026-04");
    region_set_day(r, "2026-06-02");
    OK(r, ledger_period_close(r->l, region_day("2026-05-31"), &region_why, &(int64_t){0}));
    run(r);
    OK(r, ledger_transfer_get(r->l, 4, &t));
    assert_int_equal(t.effective_on, region_day("2026-06-02"));
    assert_string_equal(t.memo, "levy of 2026-05, whose books are closed");
}

/* What was reversed or refunded counts no more, in the month that it was; it never goes below zero. */
static void what_was_given_back_is_not_levied(void **state)
{
    struct region *r = *state;
    int64_t id;

    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    OK(r, ledger_transfer_refund(r->l, region_pay(r, MILL, RIVERSIDE, 4000), 3000, "stale", &id));
    OK(r, ledger_transfer_reverse(r->l, region_pay(r, MILL, JOINERS, 2000), &region_why, &id));
    int64_t late = region_pay(r, MILL, JOINERS, 500);
    region_set_day(r, "2026-05-10");
    run(r);
    expect(r, "2.00 of 20.00, 0.50 of 5.00", -2500, 1800, 450, 250);
    OK(r, ledger_transfer_refund(r->l, late, 400, "late", &id));
    region_pay(r, MILL, JOINERS, 100);
    region_set_day(r, "2026-06-10");
    run(r);
    expect(r, "less than nothing came in", -2200, 1800, 150, 250);
}

/* A capture, an import or a settlement is not trade. */
static void only_exchange_is_trade(void **state)
{
    struct region *r = *state;
    int64_t id;

    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    OK(r, ledger_hold_capture(r->l, region_hold(r, MILL, RIVERSIDE, 1000, 24), 1000, &id));
    OK(r, ledger_member_settle(r->l, RIVERSIDE, JOINERS, "bank 7", &region_why, &id));
    region_set_day(r, "2026-05-10");
    run(r);
    expect(r, "nothing", -1000, 0, 1000, 0);
}

static void a_flat_levy_is_everybodys(void **state)
{
    struct region *r = *state;

    OK(r, set(r, 0, 250, 0, "2026-04-01"));
    OK(r, set(r, 0, 0, 0, "2026-05-01"));
    region_set_day(r, "2026-05-01");
    region_member(r, "late");
    region_account(r, "late", "CALD"); /* not there in April */
    region_set_day(r, "2026-07-01");
    run(r);
    expect(r, "2.50 each in April, and nothing since", -250, -250, -250, 750);
    assert_int_equal(region_balance(r, 5), 0);
}

/* The node was off from April to August: each month by its own levy, in order. */
static void it_catches_up_in_order(void **state)
{
    struct region *r = *state;
    struct ledger_transfer t;

    OK(r, set(r, 100, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    OK(r, set(r, 200, 0, 0, "2026-05-01"));
    OK(r, set(r, 1000, 0, 0, "2026-06-01"));
    OK(r, set(r, 300, 0, 0, "2026-06-01")); /* decided anew before it began */
    region_set_day(r, "2026-05-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    region_set_day(r, "2026-06-10");
    region_pay(r, MILL, JOINERS, 1000);
    region_set_day(r, "2026-08-10");
    run(r);
    expect(r, "0.10 and 0.20; 0.30", -3000, 1970, 970, 60);
    for (int i = 0; i < 3; i++) {
        static const char *const days[] = {"2026-04-30", "2026-05-31", "2026-06-30"};
        OK(r, ledger_transfer_get(r->l, 4 + i, &t));
        assert_int_equal(t.effective_on, region_day(days[i]));
    }
}

/* London's clocks go forward on 29 March: its April begins at 23:00 UTC of 31 March. */
static void a_month_is_the_nodes(void **state)
{
    struct region *r = *state;

    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    r->clock.now_us = (region_day("2026-04-01") * LEDGER_US_PER_DAY) - REGION_HOUR_US - 1;
    region_pay(r, MILL, RIVERSIDE, 1000);
    r->clock.now_us++;
    region_pay(r, MILL, RIVERSIDE, 2000);
    r->clock.now_us = (region_day("2026-05-01") * LEDGER_US_PER_DAY) - REGION_HOUR_US - 1;
    region_pay(r, MILL, RIVERSIDE, 100);
    run(r);
    expect(r, "April is not over", -3100, 3100, 0, 0);
    r->clock.now_us++;
    region_pay(r, MILL, RIVERSIDE, 1000);
    run(r);
    expect(r, "a tenth of 21.00", -4100, 4100 - 210, 0, 210);
}

struct open {
    int count;
    struct ledger_levy_charge last;
};

static enum ledger_status note_open(void *ctx, const struct ledger_levy_charge *c)
{
    struct open *open = ctx;

    open->count++;
    open->last = *c;
    return LEDGER_OK;
}

static struct open open_levies(struct region *r)
{
    const struct ledger_levy_filter filter = {.limit = 100};
    struct open open = {.count = 0};

    OK(r, ledger_levy_open(r->l, &filter, note_open, &open));
    return open;
}

static struct open charges(struct region *r)
{
    const struct ledger_levy_filter filter = {.limit = 100};
    struct open had = {.count = 0};

    OK(r, ledger_levy_charges(r->l, &filter, note_open, &had));
    return had;
}

/* riverside spent it all down to its floor: its levy is refused, kept, and had once there is room. */
static void a_refused_levy_is_kept(void **state)
{
    struct region *r = *state;

    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    region_pay(r, RIVERSIDE, JOINERS, 10000);
    region_pay(r, RIVERSIDE, FUND, 1000);
    region_set_day(r, "2026-05-01");
    run(r);
    expect(r, "the others' are had", -1000, -10000, 9000, 2000);
    struct open open = open_levies(r);
    assert_int_equal(open.count, 1);
    assert_string_equal(open.last.handle, "riverside");
    assert_int_equal(open.last.amount_minor, 100);
    assert_int_equal(open.last.refused, LEDGER_OVER_LIMIT);
    r->clock.now_us += REGION_HOUR_US;
    region_pay(r, JOINERS, RIVERSIDE, 90);
    run(r);
    assert_int_equal(open_levies(r).count, 1);
    region_set_day(r, "2026-05-03");
    run(r);
    expect(r, "0.90 is not enough", -1000, -9910, 8910, 2000);
    region_pay(r, JOINERS, RIVERSIDE, 10);
    run(r);
    expect(r, "it is asked once a day", -1000, -9900, 8900, 2000);
    region_set_day(r, "2026-05-05");
    run(r);
    expect(r, "and had", -1000, -10000, 8900, 2100);
    assert_int_equal(open_levies(r).count, 0);
}

static void a_suspended_member_pays_on(void **state)
{
    struct region *r = *state;

    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    OK(r, ledger_member_change_state(r->l, 2, LEDGER_SUSPENDED, &region_why));
    region_set_day(r, "2026-05-01");
    run(r);
    expect(r, "suspended", -1000, 900, 0, 100);
}

static void who_has_left_is_asked_no_more(void **state)
{
    struct region *r = *state;

    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    region_pay(r, RIVERSIDE, MILL, 1000);
    OK(r, ledger_member_leave(r->l, 2, &region_why));
    region_set_day(r, "2026-05-01");
    run(r);
    expect(r, "mill's alone", -100, 0, 0, 100);
    struct open had = charges(r);
    assert_int_equal(had.count, 2);
    assert_string_equal(had.last.handle, "riverside");
    assert_string_equal(had.last.waived, "it has left");
    assert_int_equal(had.last.transfer_id, 0);
}

static void what_is_open_can_be_waived(void **state)
{
    struct region *r = *state;

    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    region_pay(r, RIVERSIDE, FUND, 9000);
    region_pay(r, RIVERSIDE, JOINERS, 2000);
    region_set_day(r, "2026-05-01");
    run(r);
    assert_int_equal(open_levies(r).count, 1);
    OK(r, ledger_levy_waive(r->l, RIVERSIDE, "in default"));
    assert_int_equal(open_levies(r).count, 0);
    assert_string_equal(charges(r).last.waived, "in default");
    region_pay(r, FUND, RIVERSIDE, 5000);
    region_set_day(r, "2026-05-20");
    run(r);
    expect(r, "waived for good", -1000, -5000, 1800, 4200);
}

/* A new fund has what is taken from now on, also for months before. */
static void the_fund_of_today_has_it(void **state)
{
    struct region *r = *state;
    struct ledger_levy levy = {
        .currency_id = 1, .points = 1000, .from_on = region_day("2026-05-01")};

    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    region_fund(r, "second");
    levy.fund_account_id = region_account(r, "second", "CALD");
    OK(r, ledger_levy_set(r->l, &levy, &region_why));
    region_set_day(r, "2026-05-01");
    run(r);
    expect(r, "to the second", -1000, 900, 0, 0);
    assert_int_equal(region_balance(r, 5), 100);
}

static void the_running_month_is_seen(void **state)
{
    struct region *r = *state;
    struct ledger_levy levy;
    struct ledger_levy_charge c;
    struct ledger_account a;

    OK(r, ledger_account_get(r->l, RIVERSIDE, &a));
    EXPECT(r, LEDGER_NO_LEVY, ledger_levy_so_far(r->l, &a, &levy, &c));
    OK(r, set(r, 70, 0, 0, "2026-05-01"));
    OK(r, set(r, 40, 0, 0, "2026-04-01"));
    OK(r, set(r, 50, 0, 0, "2026-04-01"));
    region_pay(r, MILL, RIVERSIDE, 1000);
    OK(r, ledger_levy_so_far(r->l, &a, &levy, &c)); /* its first month has not begun */
    assert_int_equal(c.month_on, region_day("2026-04-01"));
    assert_int_equal(levy.points, 50);
    assert_int_equal(c.base_minor, 0);
    assert_int_equal(c.amount_minor, 0);
    region_set_day(r, "2026-04-10");
    for (int i = 0; i < 40; i++) /* past a mark of the chain */
        region_pay(r, i % 2 ? RIVERSIDE : MILL, i % 2 ? MILL : RIVERSIDE, 700);
    OK(r, ledger_levy_so_far(r->l, &a, &levy, &c));
    assert_int_equal(c.month_on, region_day("2026-04-01"));
    assert_int_equal(c.base_minor, 20 * 700);
    assert_int_equal(c.amount_minor, 70);
    OK(r, ledger_account_get(r->l, FUND, &a));
    OK(r, ledger_levy_so_far(r->l, &a, &levy, &c));
    assert_int_equal(c.amount_minor, 0);
}

/* One run reads so many transfers and asks so many accounts; the next goes on. */
static void a_run_has_an_end(void **state)
{
    struct region *r = *state;
    int64_t count;
    char handle[16];

    OK(r, set(r, 0, 10, 0, "2026-04-01"));
    for (int i = 0; i < LEDGER_LEVY_DUE_MAX; i++) {
        snprintf(handle, sizeof handle, "member%d", i);
        region_member(r, handle);
        region_account(r, handle, "CALD");
    }
    region_set_day(r, "2026-05-01");
    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, LEDGER_LEVY_DUE_MAX + 2); /* begun, read, and so many asked */
    expect(r, "three are left", -10, -10, -10, LEDGER_LEVY_DUE_MAX * 10);
    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 3);
    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 0);
    expect(r, "all", -10, -10, -10, LEDGER_LEVY_DUE_MAX * 10 + 30);
}

static void a_long_month_is_read_in_parts(void **state)
{
    struct region *r = *state;
    int64_t count;

    OK(r, set(r, 100, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    for (int i = 0; i < LEDGER_LEVY_READ_MAX; i++)
        region_pay(r, i % 2 ? RIVERSIDE : MILL, i % 2 ? MILL : RIVERSIDE, 100);
    region_pay(r, MILL, RIVERSIDE, 100);
    region_set_day(r, "2026-05-01");
    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 2);
    expect(r, "read in part", -100, 100, 0, 0);
    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
    expect(r, "and charged", -100 - 2500, 100 - 2501, 0, 5001);
}

static void years_are_caught_up_in_runs(void **state)
{
    struct region *r = *state;
    int64_t count;

    OK(r, set(r, 100, 0, 0, "2026-04-01"));
    region_set_day(r, "2027-05-01");
    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 2 * LEDGER_LEVY_MONTHS_MAX);
    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
    assert_int_equal(count, 2);
}

/* April was charged to riverside and is open of mill; May is charged to joiners. */
static void furnish(struct region *r)
{
    OK(r, set(r, 1000, 0, 0, "2026-04-01"));
    region_set_day(r, "2026-04-10");
    region_pay(r, MILL, RIVERSIDE, 1000);
    region_pay(r, RIVERSIDE, MILL, 500);
    region_pay(r, MILL, JOINERS, 9500);
    region_pay(r, JOINERS, FUND, 2000);
    region_set_day(r, "2026-05-10");
    run(r);
    region_pay(r, FUND, JOINERS, 2000);
    region_set_day(r, "2026-06-01");
    run(r);
    expect(r, "furnished", -10000, 400, 8350, 1250);
}

static const struct damage damages[] = {
    {"a month's first transfer", "UPDATE levy_month SET after_id = after_id + 1 WHERE id = 2",
     "does not follow on"},
    {"a month's first day", "UPDATE levy_month SET month_on = month_on + 31 WHERE id = 2",
     "does not follow on"},
    {"a month's last transfer",
     "UPDATE levy_month SET through_id = 3 WHERE id = 1; "
     "UPDATE levy_month SET after_id = 3 WHERE id = 2",
     "levy month 1: its part of the journal"},
    {"a month's end",
     "UPDATE levy_month SET to_us = to_us - 2592000000000 WHERE id = 1; "
     "UPDATE levy_month SET from_us = from_us - 2592000000000 WHERE id = 2",
     "its part of the journal"},
    {"another levy",
     "INSERT INTO levy SELECT 2, currency_id, fund_account_id, 5, 0, 0, from_on, at_us, actor, "
     "reason, authority FROM levy",
     "is not the one that was in force"},
    {"a charge's transfer", "UPDATE levy_charge SET transfer_id = 1 WHERE id = 1",
     "does not pay what it says"},
    {"a charge's amount", "UPDATE levy_charge SET amount_minor = 51 WHERE id = 1",
     "does not pay what it says"},
    {"a charge that is gone", "DELETE FROM levy_charge WHERE id = 1",
     "it is a levy, and no charge names it"},
    {"a charge's base", "UPDATE levy_charge SET base_minor = 999 WHERE account_id = 2",
     "riverside:CALD: it was asked a levy on 9.99, what came in by trade is 10.00"},
    {"a levy's share", "UPDATE levy SET points = 999",
     "it took 9.50, the levy of its month comes to 9.49"},
    {"a charge asked for twice",
     "INSERT INTO levy_due SELECT account_id, month_id, base_minor, 0, NULL FROM levy_charge "
     "WHERE id = 1",
     "that was charged already"},
    {"what is asked for", "UPDATE levy_due SET base_minor = 501",
     "mill:CALD: it was asked a levy on 5.01, what came in by trade is 5.00"},
    {"what was asked for is gone", "DELETE FROM levy_due",
     "mill:CALD: it was asked a levy on 0.00, what came in by trade is 5.00"},
};

static void damage_is_found(void **state)
{
    struct region *r = *state;

    furnish(r);
    region_sound(r);
    region_close(r);
    damage_each(r, damages, sizeof damages / sizeof damages[0]);
}

static const struct damage_refusal guards[] = {
    {"UPDATE levy SET points = 5", "append-only"},
    {"DELETE FROM levy", "append-only"},
    {"INSERT OR REPLACE INTO levy SELECT * FROM levy", "taken"},
    {"UPDATE levy_month SET through_id = 9", "append-only"},
    {"DELETE FROM levy_month", "append-only"},
    {"INSERT OR REPLACE INTO levy_month SELECT * FROM levy_month", "taken"},
    {"INSERT OR REPLACE INTO levy_month SELECT 9, currency_id, levy_id, month_on, 0, 1, 0, 0 FROM "
     "levy_month",
     "taken"},
    {"UPDATE levy_due SET account_id = 2", "never changes"},
    {"UPDATE levy_charge SET waived = 'x'", "append-only"},
    {"DELETE FROM levy_charge", "append-only"},
    {"INSERT OR REPLACE INTO levy_charge SELECT * FROM levy_charge", "taken"},
    {"INSERT OR REPLACE INTO levy_charge SELECT 9, month_id, account_id, 0, 1, 99, 0, '' FROM "
     "levy_charge",
     "taken"},
    {"INSERT OR REPLACE INTO levy_charge SELECT 9, 2, 1, 0, 1, transfer_id, 0, '' FROM levy_charge "
     "WHERE id = 1",
     "taken"},
    {"INSERT INTO levy SELECT 2, 1, 4, 5, 5, 0, from_on, 0, '', '', '' FROM levy", "CHECK"},
    {"INSERT INTO levy_charge VALUES (9, 2, 1, 0, 0, NULL, 0, '')", "CHECK"},
};

static void the_file_refuses(void **state)
{
    struct region *r = *state;

    furnish(r);
    region_close(r);
    damage_refused(r, guards, sizeof guards / sizeof guards[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_levy_is_whole_or_none, set_up, tear_down),
        cmocka_unit_test(it_is_rounded_half_up),
        cmocka_unit_test_setup_teardown(a_month_is_charged_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_is_dated_on_the_last_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_given_back_is_not_levied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_exchange_is_trade, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_flat_levy_is_everybodys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_catches_up_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_month_is_the_nodes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refused_levy_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_suspended_member_pays_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_has_left_is_asked_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_open_can_be_waived, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_fund_of_today_has_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_running_month_is_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_run_has_an_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_month_is_read_in_parts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(years_are_caught_up_in_runs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_file_refuses, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
