/* The journal answers for any moment, by the day of posting or by the day that was meant. */
#include "support/region.h"

#include "ledger/journal.h"

enum { ANA = 1, BEN, CLEO };

static int64_t at(const char *text)
{
    int64_t at_us = 0;

    assert_int_equal(ledger_time_parse(text, &at_us), LEDGER_OK);
    return at_us;
}

static void start(struct region *r)
{
    region_start(r);
    region_currency(r, "CALD");
    region_member(r, "ana");
    region_member(r, "ben");
    region_member(r, "cleo");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_account(r, "cleo", "CALD");
    region_commit(r);
}

/* On the edges of the days of 2026 in London on which the clocks change. */
static const char *const instants[] = {
    "2026-03-28T23:59:59.999999Z", "2026-03-29T00:00:00Z",        "2026-03-29T22:59:59.999999Z",
    "2026-03-29T23:00:00Z",        "2026-10-24T22:59:59.999999Z", "2026-10-24T23:00:00Z",
    "2026-10-25T23:59:59.999999Z", "2026-10-26T00:00:00Z",
};

#define INSTANTS ((int)(sizeof instants / sizeof instants[0]))

static void start_at_the_edges(struct region *r)
{
    start(r);
    for (int i = 0; i < INSTANTS; i++) {
        r->clock.now_us = at(instants[i]);
        assert_int_equal(region_pay(r, ANA, BEN, 1), i + 1);
    }
}

/* clang-format off */
static const struct last_on {
    const char *what;
    const char *day;
    int64_t last;
} lasts[] = {
    {"before anything",                 "2026-03-27", 0},
    {"midnight is the next day's",      "2026-03-28", 1},
    {"a day of 23 hours ends at 23:00", "2026-03-29", 3},
    {"the day after it",                "2026-03-30", 4},
    {"summer days too",                 "2026-10-24", 5},
    {"a day of 25 hours has them all",  "2026-10-25", 7},
    {"the day after that",              "2026-10-26", 8},
    {"long after",                      "2200-01-01", 8},
    {"long before",                     "1900-01-01", 0},
};
/* clang-format on */

static void a_day_ends_where_the_ledgers_zone_says(void **state)
{
    (void)state;
    struct region r;

    start_at_the_edges(&r);
    for (size_t i = 0; i < sizeof lasts / sizeof lasts[0]; i++) {
        int64_t last;

        OK(&r, ledger_journal_last_on(r.l, region_day(lasts[i].day), &last));
        if (last != lasts[i].last)
            fail_msg("%s: %lld", lasts[i].what, (long long)last);
    }
    region_end(&r);
}

static void the_last_at_an_instant_includes_it(void **state)
{
    (void)state;
    struct region r;
    int64_t last;

    start(&r);
    OK(&r, ledger_journal_last_at(r.l, INT64_MAX, &last));
    assert_int_equal(last, 0);
    region_end(&r);
    start_at_the_edges(&r);
    for (int i = 0; i < INSTANTS; i++) {
        OK(&r, ledger_journal_last_at(r.l, at(instants[i]), &last));
        assert_int_equal(last, i + 1);
        OK(&r, ledger_journal_last_at(r.l, at(instants[i]) - 1, &last));
        assert_int_equal(last, i);
    }
    OK(&r, ledger_journal_last_at(r.l, INT64_MAX, &last));
    assert_int_equal(last, INSTANTS);
    OK(&r, ledger_journal_last_at(r.l, INT64_MIN, &last));
    assert_int_equal(last, 0);
    region_end(&r);
}

static void ids_stay_dense_whatever_is_refused_or_undone(void **state)
{
    (void)state;
    struct region r;
    int64_t length;

    start(&r);
    OK(&r, ledger_journal_length(r.l, &length));
    assert_int_equal(length, 0);
    assert_int_equal(region_pay(&r, ANA, BEN, 1), 1);
    EXPECT(&r, LEDGER_OVER_LIMIT, region_try_pay(&r, ANA, BEN, 999999));
    assert_int_equal(region_pay(&r, ANA, BEN, 1), 2);
    OK(&r, ledger_savepoint(r.l));
    assert_int_equal(region_pay(&r, ANA, BEN, 1), 3);
    OK(&r, ledger_rollback_to(r.l));
    assert_int_equal(region_pay(&r, ANA, BEN, 1), 3);
    region_commit(&r);
    assert_int_equal(region_pay(&r, ANA, BEN, 1), 4);
    ledger_rollback(r.l);
    OK(&r, ledger_begin_write(r.l));
    assert_int_equal(region_pay(&r, ANA, BEN, 1), 4);
    OK(&r, ledger_journal_length(r.l, &length));
    assert_int_equal(length, 4);
    region_end(&r);
}

/* clang-format off */
static const struct balance_at {
    const char *what;
    int64_t account;
    int64_t transfer;
    int64_t balance_minor;
} balances[] = {
    {"before anything",               ANA,  0,    0},
    {"before less than anything",     ANA, -1,    0},
    {"after the first",               ANA,  1, -100},
    {"after one between others",      ANA,  2, -100},
    {"after its next",                ANA,  3,  -60},
    {"after the last",                ANA,  4,  -90},
    {"after those still to come",     ANA, 99,  -90},
    {"who had not traded",            CLEO, 1,    0},
    {"and then did",                  CLEO, 2,   50},
    {"a leg among three",             CLEO, 4,   60},
    {"an account that is none",       99,   4,    0},
};
/* clang-format on */

static void a_balance_is_known_after_each_transfer(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg three[] = {{ANA, -30}, {BEN, 20}, {CLEO, 10}};
    const struct ledger_transfer_draft shared = {
        .kind = LEDGER_EXCHANGE, .legs = three, .leg_count = 3};
    int64_t id;

    start(&r);
    region_pay(&r, ANA, BEN, 100);
    region_pay(&r, BEN, CLEO, 50);
    region_pay(&r, BEN, ANA, 40);
    OK(&r, ledger_transfer_post(r.l, &shared, &id));
    for (size_t i = 0; i < sizeof balances / sizeof balances[0]; i++) {
        const struct balance_at *row = &balances[i];
        int64_t balance_minor;

        OK(&r, ledger_journal_balance_at(r.l, row->account, row->transfer, &balance_minor));
        if (balance_minor != row->balance_minor)
            fail_msg("%s: %lld", row->what, (long long)balance_minor);
    }
    region_end(&r);
}

/*
 *  1  2 March          ana -> ben  1.00
 *  2  4 March          ana -> ben  2.00  effective 2 March
 *  3  4 March          ben -> ana  0.50
 *  4  6 March          ana -> ben  4.00  effective 3 March
 *  5  7 March, 0:30    ana -> ben  8.00  effective 6 March
 *  6  7 March          ana -> ben 16.00
 */
/* clang-format off */
static const struct effective {
    const char *what;
    const char *day;
    int64_t by_posting;
    int64_t by_effect;
} effects[] = {
    {"before anything",                      "2026-03-01",     0,     0},
    {"what came late stands on its day",     "2026-03-02",  -100,  -300},
    {"and on a day without postings",        "2026-03-03",  -100,  -700},
    {"once only on the day it came",         "2026-03-04",  -250,  -650},
    {"a day between",                        "2026-03-05",  -250,  -650},
    {"after midnight is late",               "2026-03-06",  -650, -1450},
    {"in the end all is one",                "2026-03-07", -3050, -3050},
    {"and stays so",                         "2026-12-31", -3050, -3050},
    {"long before",                          "1900-01-01",     0,     0},
};
/* clang-format on */

static void a_balance_by_effective_day_counts_what_came_late(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_pay(&r, ANA, BEN, 100);
    region_set_day(&r, "2026-03-04");
    region_pay_on(&r, ANA, BEN, 200, "2026-03-02", NULL);
    region_pay(&r, BEN, ANA, 50);
    region_set_day(&r, "2026-03-06");
    region_pay_on(&r, ANA, BEN, 400, "2026-03-03", NULL);
    r.clock.now_us = at("2026-03-07T00:30:00Z");
    region_pay_on(&r, ANA, BEN, 800, "2026-03-06", NULL);
    region_pay(&r, ANA, BEN, 1600);
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
        const struct effective *row = &effects[i];
        int64_t last;
        int64_t posted_minor;
        int64_t ana_minor;
        int64_t ben_minor;

        OK(&r, ledger_journal_last_on(r.l, region_day(row->day), &last));
        OK(&r, ledger_journal_balance_at(r.l, ANA, last, &posted_minor));
        OK(&r, ledger_journal_balance_effective(r.l, ANA, region_day(row->day), &ana_minor));
        OK(&r, ledger_journal_balance_effective(r.l, BEN, region_day(row->day), &ben_minor));
        if (posted_minor != row->by_posting || ana_minor != row->by_effect ||
            ben_minor != -row->by_effect)
            fail_msg("%s: posted %lld, ana %lld, ben %lld", row->what, (long long)posted_minor,
                     (long long)ana_minor, (long long)ben_minor);
    }
    region_end(&r);
}

static void late_is_judged_by_the_day_of_posting_not_by_the_clock(void **state)
{
    (void)state;
    struct region r;
    int64_t balance_minor;

    start(&r);
    r.clock.now_us = at("2026-03-03T00:00:00Z");
    region_pay(&r, ANA, BEN, 100);
    r.clock.now_us -= LEDGER_US_PER_SECOND;
    region_pay(&r, ANA, BEN, 200);
    OK(&r, ledger_journal_balance_effective(r.l, ANA, region_day("2026-03-02"), &balance_minor));
    assert_int_equal(balance_minor, -200);
    OK(&r, ledger_journal_balance_effective(r.l, ANA, region_day("2026-03-03"), &balance_minor));
    assert_int_equal(balance_minor, -300);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_ends_where_the_ledgers_zone_says),
        cmocka_unit_test(the_last_at_an_instant_includes_it),
        cmocka_unit_test(ids_stay_dense_whatever_is_refused_or_undone),
        cmocka_unit_test(a_balance_is_known_after_each_transfer),
        cmocka_unit_test(a_balance_by_effective_day_counts_what_came_late),
        cmocka_unit_test(late_is_judged_by_the_day_of_posting_not_by_the_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
