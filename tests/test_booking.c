/* A booking has its time to itself, costs what was quoted, and its hold ends with it. */
#include "support/pool.h"

#include "ledger/departure.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_US (REGION_HOUR_US / 60)
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* clang-format off */
static const struct {
    const char *what;
    const char *from;
    const char *to;
    enum ledger_status outcome;
    const char *says;
    bool guest;
} refusals[] = {
    /*  what                                 from                to                  outcome                    says */
    {"an end before the start",              "2026-03-10T14:00", "2026-03-10T13:00", LEDGER_BOOKING_BACKWARDS, "ends after it begins", false},
    {"nothing",                              "2026-03-10T14:00", "2026-03-10T14:00", LEDGER_BOOKING_BACKWARDS, "ends after it begins", false},
    {"a start off the grid",                 "2026-03-10T14:05", "2026-03-10T16:00", LEDGER_BOOKING_OFF_GRID,  "steps of 15 minutes", false},
    {"an end off the grid",                  "2026-03-10T14:00", "2026-03-10T16:10", LEDGER_BOOKING_OFF_GRID,  "steps of 15 minutes", false},
    {"45 minutes",                           "2026-03-10T14:00", "2026-03-10T14:45", LEDGER_BOOKING_TOO_SHORT, "60 minutes at least", false},
    {"ten hours and a quarter",              "2026-03-10T08:00", "2026-03-10T18:15", LEDGER_BOOKING_TOO_LONG,  "600 minutes at most", false},
    {"this morning",                         "2026-03-02T09:00", "2026-03-02T10:00", LEDGER_BOOKING_IN_PAST,   "is past", false},
    {"a quarter of an hour ago",             "2026-03-02T11:45", "2026-03-02T13:00", LEDGER_BOOKING_IN_PAST,   "is past", false},
    {"91 days ahead",                        "2026-06-01T09:00", "2026-06-01T10:00", LEDGER_BOOKING_TOO_FAR,   "90 days ahead at most", false},
    {"before it opens",                      "2026-03-10T07:45", "2026-03-10T09:00", LEDGER_BOOKING_CLOSED,    "mon-fri 08:00-18:00", false},
    {"after it closes",                      "2026-03-10T17:15", "2026-03-10T18:15", LEDGER_BOOKING_CLOSED,    "mon-fri 08:00-18:00", false},
    {"a Saturday afternoon",                 "2026-03-14T12:15", "2026-03-14T13:15", LEDGER_BOOKING_CLOSED,    "closed then", false},
    {"a Sunday",                             "2026-03-15T10:00", "2026-03-15T11:00", LEDGER_BOOKING_CLOSED,    "closed then", false},
    {"a day on which it is closed",          "2026-03-20T10:00", "2026-03-20T11:00", LEDGER_BOOKING_CLOSED,    "closed on 2026-03-20", false},
    {"the very time that is taken",          "2026-03-11T10:00", "2026-03-11T12:00", LEDGER_BOOKING_TAKEN,     "2026-03-11T12:15", false},
    {"a time inside",                        "2026-03-11T10:30", "2026-03-11T11:30", LEDGER_BOOKING_TAKEN,     "free for as long from", false},
    {"a time around",                        "2026-03-11T09:00", "2026-03-11T13:00", LEDGER_BOOKING_TAKEN,     "free for as long from", false},
    {"its last quarter",                     "2026-03-11T11:45", "2026-03-11T12:45", LEDGER_BOOKING_TAKEN,     "free for as long from", false},
    {"the buffer after it",                  "2026-03-11T12:00", "2026-03-11T13:00", LEDGER_BOOKING_TAKEN,     "2026-03-11T12:15", false},
    {"our own buffer reaches into it",       "2026-03-11T08:00", "2026-03-11T10:00", LEDGER_BOOKING_TAKEN,     "free for as long from", false},
    {"over the limit of 100.00",             "2026-03-10T08:00", "2026-03-10T13:15", LEDGER_OVER_LIMIT,        "100.00 CALD more, and this is 105.00", true},
};
/* clang-format on */

/* Each its own code and sentence; nothing is written, and no hold is left behind. */
static void what_cannot_be_booked(void **state)
{
    struct pool p;
    struct ledger_closure closure = {.from_on = region_day("2026-03-20"),
                                     .to_on = region_day("2026-03-20")};
    int wrong = 0;

    (void)state;
    pool_start(&p);
    closure.resource_id = p.studio.id;
    OK(&p.r, ledger_resource_close(p.r.l, &closure, &region_why));
    pool_book(&p, BEN, "2026-03-11T10:00", "2026-03-11T12:00");
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct ledger_booking_draft draft = pool_draft(&p, ANA, refusals[i].from, refusals[i].to);
        int64_t id;

        draft.guest = refusals[i].guest;
        EXPECT(&p.r, refusals[i].outcome, ledger_booking_make(p.r.l, &draft, &region_why, &id));
        if (!strstr(ledger_message(p.r.l), refusals[i].says) ||
            strstr(ledger_message(p.r.l), "ben")) {
            print_error("%s says: %s\n", refusals[i].what, ledger_message(p.r.l));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_int_equal(pool_count(&p, "SELECT count(*) FROM booking"), 1);
    assert_int_equal(pool_count(&p, "SELECT count(*) FROM hold"), 1);
    assert_int_equal(pool_count(&p, "SELECT count(*) FROM booking_change"), 1);
    pool_end(&p);
}

static void what_is_gone_cannot_be_booked(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id;

    (void)state;
    pool_start(&p);
    draft = pool_draft(&p, ANA, "2026-03-10T13:00", "2026-03-10T14:00");
    p.studio.terms.retired = true;
    pool_set(&p);
    EXPECT(&p.r, LEDGER_RESOURCE_GONE, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    draft.resource_id = 99;
    EXPECT(&p.r, LEDGER_NO_SUCH_RESOURCE, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    pool_end(&p);
}

/* What the refusal of a taken time names can be had. */
static void the_nearest_free_times_are_free(void **state)
{
    struct pool p;
    const char *times;

    (void)state;
    pool_start(&p);
    pool_book(&p, BEN, "2026-03-11T10:00", "2026-03-11T12:00");
    pool_book(&p, BEN, "2026-03-11T13:30", "2026-03-11T15:00");
    const struct ledger_booking_draft draft =
        pool_draft(&p, ANA, "2026-03-11T10:00", "2026-03-11T11:00");
    int64_t id;
    EXPECT(&p.r, LEDGER_BOOKING_TAKEN, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    times = strstr(ledger_message(p.r.l), "2026");
    assert_non_null(times);
    assert_string_equal(times, "2026-03-11T08:45, 2026-03-11T08:30, 2026-03-11T08:15");
    pool_book(&p, ANA, "2026-03-11T08:45", "2026-03-11T09:45");
    pool_end(&p);
}

static void like_units_are_booked_one_by_one(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id;

    (void)state;
    pool_start(&p);
    p.studio.terms.capacity = 3;
    pool_set(&p);
    for (int unit = 0; unit < 3; unit++) {
        id = pool_book(&p, unit == 1 ? BEN : ANA, "2026-03-10T13:00", "2026-03-10T14:00");
        assert_int_equal(pool_booking(&p, id).slot.unit, unit);
    }
    draft = pool_draft(&p, ANA, "2026-03-10T13:30", "2026-03-10T14:30");
    EXPECT(&p.r, LEDGER_BOOKING_TAKEN, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    OK(&p.r, ledger_booking_cancel(p.r.l, 2, false, &region_why));
    id = pool_book(&p, ANA, "2026-03-10T13:30", "2026-03-10T14:30");
    assert_int_equal(pool_booking(&p, id).slot.unit, 1);
    p.studio.terms.capacity = 2; /* somebody sits at the third */
    EXPECT(&p.r, LEDGER_RESOURCE_BOOKED, ledger_resource_set(p.r.l, &p.studio, &region_why));
    pool_end(&p);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *from;
    const char *to;
    int64_t member_id;
    bool guest;
    int64_t amount_minor;
    int lines;
} quotes[] = {
    {"two hours",                               "2026-03-10T13:00", "2026-03-10T15:00", ANA,  false, 2400, 1},
    {"an hour and a half",                      "2026-03-10T13:00", "2026-03-10T14:30", ANA,  false, 1800, 1},
    {"two hours at the peak",                   "2026-03-10T09:00", "2026-03-10T11:00", ANA,  false, 3000, 1},
    {"half in the peak",                        "2026-03-10T11:00", "2026-03-10T13:00", ANA,  false, 2700, 2},
    {"three hours are dearer than half a day",  "2026-03-10T09:00", "2026-03-10T12:00", ANA,  false, 4000, 1},
    {"off the peak they are not",               "2026-03-10T13:00", "2026-03-10T16:00", ANA,  false, 3600, 1},
    {"half a day",                              "2026-03-10T13:00", "2026-03-10T17:00", ANA,  false, 4000, 1},
    {"half a day and an hour",                  "2026-03-10T09:00", "2026-03-10T14:00", ANA,  false, 5200, 2},
    {"two halves are dearer than the day",      "2026-03-10T09:00", "2026-03-10T17:00", ANA,  false, 6000, 1},
    {"the day",                                 "2026-03-10T08:00", "2026-03-10T18:00", ANA,  false, 6000, 1},
    {"a guest",                                 "2026-03-10T09:00", "2026-03-10T11:00", ANA,  true,  4000, 1},
    {"a guest has no half days",                "2026-03-10T09:00", "2026-03-10T13:00", ANA,  true,  8000, 1},
    {"the host is at home",                     "2026-03-10T09:00", "2026-03-10T13:00", MILL, false, 0,    0},
    {"the pool pays no share to itself",        "2026-03-10T13:00", "2026-03-10T15:00", POOL, false, 2040, 2},
};
/* clang-format on */

static void the_cheapest_combination_is_quoted(void **state)
{
    struct pool p;

    (void)state;
    pool_start(&p);
    for (size_t i = 0; i < COUNT(quotes); i++) {
        struct ledger_booking_draft draft =
            pool_draft(&p, quotes[i].member_id, quotes[i].from, quotes[i].to);
        struct ledger_quote q;
        int64_t sum_minor = 0;

        draft.guest = quotes[i].guest;
        OK(&p.r, ledger_booking_quote(p.r.l, &draft, &q));
        for (int n = 0; n < q.line_count; n++)
            sum_minor += q.lines[n].amount_minor;
        if (q.amount_minor != quotes[i].amount_minor || q.line_count != quotes[i].lines ||
            sum_minor != q.amount_minor)
            fail_msg("%s: %lld in %d lines that add up to %lld", quotes[i].what,
                     (long long)q.amount_minor, q.line_count, (long long)sum_minor);
    }
    assert_int_equal(pool_count(&p, "SELECT count(*) FROM booking"), 0);
    pool_end(&p);
}

/* Where the clocks go back an hour comes twice, and is paid twice; the night they go forward is shorter. */
static void an_hour_is_an_hour_when_clocks_change(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    struct ledger_quote q;

    (void)state;
    pool_start(&p);
    strcpy(p.studio.terms.opening, "always");
    p.studio.terms.horizon_days = 300;
    pool_set(&p);
    draft = pool_draft(&p, ANA, "2026-03-29T00:00", "2026-03-29T03:00");
    OK(&p.r, ledger_booking_quote(p.r.l, &draft, &q));
    assert_int_equal(q.amount_minor, 2400);
    draft = pool_draft(&p, ANA, "2026-10-25T00:00", "2026-10-25T02:00");
    OK(&p.r, ledger_booking_quote(p.r.l, &draft, &q));
    assert_int_equal(q.amount_minor, 3600);
    pool_end(&p);
}

static void prices_are_those_of_the_day_of_use(void **state)
{
    struct pool p;
    struct ledger_price price = {.currency_id = 1,
                                 .booker = LEDGER_BY_MEMBER,
                                 .amount_minor = 1300,
                                 .from_on = region_day("2026-03-10")};
    struct ledger_booking_draft draft;
    struct ledger_quote q;
    int64_t id;

    (void)state;
    pool_start(&p);
    price.resource_id = p.studio.id;
    id = pool_book(&p, ANA, "2026-03-10T13:00", "2026-03-10T14:00");
    OK(&p.r, ledger_price_set(p.r.l, &price, &region_why));
    draft = pool_draft(&p, BEN, "2026-03-09T13:00", "2026-03-09T14:00");
    OK(&p.r, ledger_booking_quote(p.r.l, &draft, &q));
    assert_int_equal(q.amount_minor, 1200);
    draft = pool_draft(&p, BEN, "2026-03-10T15:00", "2026-03-10T16:00");
    OK(&p.r, ledger_booking_quote(p.r.l, &draft, &q));
    assert_int_equal(q.amount_minor, 1300);
    assert_int_equal(pool_booking(&p, id).amount_minor, 1200); /* frozen */
    price.from_on = region_day("2026-03-01");
    EXPECT(&p.r, LEDGER_BACKDATED, ledger_price_set(p.r.l, &price, &region_why));
    pool_end(&p);
}

static void shares_add_up(void **state)
{
    static const struct {
        int points;
        int64_t amount_minor, pool_minor, host_minor;
    } rows[] = {{1500, 3000, 450, 2550}, {1500, 1, 0, 1},     {5000, 3, 2, 1},
                {3333, 100, 33, 67},     {0, 77, 0, 77},      {10000, 77, 77, 0},
                {1, 9999, 1, 9998},      {1500, 333, 50, 283}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct ledger_share share = {.id = 1, .points = rows[i].points};
        int64_t parts[2];

        ledger_share_split(&share, rows[i].amount_minor, parts);
        assert_int_equal(parts[0], rows[i].pool_minor);
        assert_int_equal(parts[1], rows[i].host_minor);
    }
}

static void it_is_paid_when_it_is_over(void **state)
{
    struct pool p;
    int64_t id, count;

    (void)state;
    pool_start(&p);
    id = pool_book(&p, ANA, "2026-03-10T09:00", "2026-03-10T11:00");
    assert_int_equal(pool_booking(&p, id).state, LEDGER_CONFIRMED);
    EXPECT(&p.r, LEDGER_BOOKING_NOT_YET, ledger_booking_check_in(p.r.l, id, &region_why));
    EXPECT(&p.r, LEDGER_BOOKING_NOT_YET, ledger_booking_complete(p.r.l, id, &region_why));
    p.r.clock.now_us = pool_at(&p, "2026-03-10T08:45");
    OK(&p.r, ledger_booking_check_in(p.r.l, id, &region_why));
    OK(&p.r, ledger_booking_due(p.r.l, p.r.clock.now_us, &count));
    assert_int_equal(count, 0);
    p.r.clock.now_us = pool_at(&p, "2026-03-10T11:00");
    OK(&p.r, ledger_booking_due(p.r.l, p.r.clock.now_us, &count));
    assert_int_equal(count, 1);
    assert_int_equal(pool_booking(&p, id).state, LEDGER_COMPLETED);
    assert_int_equal(pool_balance(&p, "ana"), -3000);
    assert_int_equal(pool_balance(&p, "mill"), 2550);
    assert_int_equal(pool_balance(&p, "pool"), 450);
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_cancel(p.r.l, id, true, &region_why));
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_complete(p.r.l, id, &region_why));
    pool_end(&p);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *now;
    bool by_host;
    int64_t paid_minor; /* of 30.00 */
} cancellations[] = {
    {"a week before",               "2026-03-03T09:00", false, 0},
    {"48 hours before",             "2026-03-08T09:00", false, 0},
    {"a minute later",              "2026-03-08T09:01", false, 1500},
    {"12 hours before",             "2026-03-09T21:00", false, 1500},
    {"a minute later",              "2026-03-09T21:01", false, 3000},
    {"when it has begun",           "2026-03-10T09:30", false, 3000},
    {"by the host, at the last",    "2026-03-10T08:59", true,  0},
};
/* clang-format on */

static void a_cancellation_gives_back_by_how_early_it_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cancellations); i++) {
        struct pool p;
        int64_t id;

        pool_start(&p);
        id = pool_book(&p, ANA, "2026-03-10T09:00", "2026-03-10T11:00");
        p.r.clock.now_us = pool_at(&p, cancellations[i].now);
        OK(&p.r, ledger_booking_cancel(p.r.l, id, cancellations[i].by_host, &region_why));
        if (pool_balance(&p, "ana") != -cancellations[i].paid_minor)
            fail_msg("%s: %lld", cancellations[i].what, (long long)pool_balance(&p, "ana"));
        assert_int_equal(pool_balance(&p, "pool"), cancellations[i].paid_minor * 15 / 100);
        assert_int_equal(pool_balance(&p, "mill"), cancellations[i].paid_minor * 85 / 100);
        assert_int_equal(pool_count(&p, "SELECT count(*) FROM hold_open"), 0);
        if (p.r.clock.now_us < pool_at(&p, "2026-03-10T09:00"))
            pool_book(&p, BEN, "2026-03-10T09:00", "2026-03-10T11:00"); /* free again */
        pool_end(&p);
    }
}

/* Two hours of the morning of the 10th, 30.00. At eight the evening before half would be kept, and it is moved. */
static void what_a_move_has_kept_is_not_given_back(void **state)
{
    /* clang-format off */
    static const struct {
        const char *what;
        const char *to;        /* where to, for two hours */
        const char *again;     /* and where to then, or NULL */
        const char *cancelled; /* when, or NULL: nobody comes */
        bool by_host;
        int64_t kept_minor;
        int64_t paid_minor;
    } rows[] = {
        {"a month away and cancelled", "2026-04-10T09:00", NULL,               "2026-03-10T08:00", false, 1500, 1500},
        {"to cheaper hours",           "2026-04-10T14:00", NULL,               "2026-03-10T08:00", false, 1500, 1500},
        {"twice",                      "2026-04-10T09:00", "2026-05-11T09:00", "2026-03-10T08:00", false, 1500, 1500},
        {"and then it is late again",  "2026-04-10T09:00", NULL,               "2026-04-10T08:00", false, 1500, 3000},
        {"by the host",                "2026-04-10T09:00", NULL,               "2026-03-10T08:00", true,  1500, 0},
        {"nobody comes, which is free", "2026-04-10T09:00", NULL,              NULL,               false, 1500, 1500},
    };
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct pool p;
        int64_t id, count;

        pool_start(&p);
        p.studio.terms.grace_min = 15;
        p.studio.terms.no_show_percent = 0;
        pool_set(&p);
        id = pool_book(&p, ANA, "2026-03-10T09:00", "2026-03-10T11:00");
        p.r.clock.now_us = pool_at(&p, "2026-03-09T20:00");
        for (const char *to = rows[i].to; to; to = to == rows[i].to ? rows[i].again : NULL) {
            int64_t from_us = pool_at(&p, to);
            OK(&p.r,
               ledger_booking_move(p.r.l, id, from_us, from_us + 2 * REGION_HOUR_US, &region_why));
        }
        assert_int_equal(pool_booking(&p, id).kept_minor, rows[i].kept_minor);
        if (rows[i].cancelled) {
            p.r.clock.now_us = pool_at(&p, rows[i].cancelled);
            OK(&p.r, ledger_booking_cancel(p.r.l, id, rows[i].by_host, &region_why));
        } else {
            p.r.clock.now_us = pool_at(&p, "2026-04-10T12:00");
            OK(&p.r, ledger_booking_due(p.r.l, p.r.clock.now_us, &count));
        }
        if (pool_balance(&p, "ana") != -rows[i].paid_minor)
            fail_msg("%s: %lld", rows[i].what, (long long)pool_balance(&p, "ana"));
        pool_verify(&p);
        pool_end(&p);
    }
}

/* Made shorter in good time, it still costs what the move has kept. */
static void what_a_move_has_kept_is_not_cut_short(void **state)
{
    struct pool p;
    int64_t from_us, id;

    (void)state;
    pool_start(&p);
    id = pool_book(&p, ANA, "2026-03-10T09:00", "2026-03-10T12:00");
    assert_int_equal(pool_booking(&p, id).amount_minor, 4000);
    p.r.clock.now_us = pool_at(&p, "2026-03-09T20:00");
    from_us = pool_at(&p, "2026-04-10T14:00");
    OK(&p.r, ledger_booking_move(p.r.l, id, from_us, from_us + 3 * REGION_HOUR_US, &region_why));
    assert_int_equal(pool_booking(&p, id).kept_minor, 2000);
    OK(&p.r, ledger_booking_move(p.r.l, id, from_us, from_us + REGION_HOUR_US, &region_why));
    assert_int_equal(pool_booking(&p, id).amount_minor, 2000);
    pool_verify(&p);
    pool_end(&p);
}

static void who_does_not_come_pays_a_share(void **state)
{
    struct pool p;
    int64_t there, absent, count;

    (void)state;
    pool_start(&p);
    p.studio.terms.grace_min = 15;
    p.studio.terms.no_show_percent = 50;
    p.studio.terms.capacity = 2;
    pool_set(&p);
    there = pool_book(&p, ANA, "2026-03-10T09:00", "2026-03-10T11:00");
    absent = pool_book(&p, BEN, "2026-03-10T09:00", "2026-03-10T11:00");
    p.r.clock.now_us = pool_at(&p, "2026-03-10T09:10");
    OK(&p.r, ledger_booking_check_in(p.r.l, there, &region_why));
    p.r.clock.now_us = pool_at(&p, "2026-03-10T09:15");
    OK(&p.r, ledger_booking_due(p.r.l, p.r.clock.now_us, &count));
    assert_int_equal(count, 1);
    assert_int_equal(pool_booking(&p, absent).state, LEDGER_NO_SHOW);
    assert_int_equal(pool_balance(&p, "ben"), -1500);
    p.r.clock.now_us = pool_at(&p, "2026-03-10T12:00");
    OK(&p.r, ledger_booking_due(p.r.l, p.r.clock.now_us, &count));
    assert_int_equal(pool_booking(&p, there).state, LEDGER_COMPLETED);
    assert_int_equal(pool_balance(&p, "ana"), -3000);
    pool_end(&p);
}

static void some_wait_for_the_host_s_word(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t yes, no, late, mine;

    (void)state;
    pool_start(&p);
    p.studio.terms.host_word = true;
    pool_set(&p);
    yes = pool_book(&p, ANA, "2026-03-10T09:00", "2026-03-10T11:00");
    no = pool_book(&p, ANA, "2026-03-10T13:00", "2026-03-10T14:00");
    late = pool_book(&p, BEN, "2026-03-11T13:00", "2026-03-11T14:00");
    assert_int_equal(pool_booking(&p, yes).state, LEDGER_HELD);
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_check_in(p.r.l, yes, &region_why));
    OK(&p.r, ledger_booking_confirm(p.r.l, yes, &region_why));
    assert_int_equal(pool_booking(&p, yes).state, LEDGER_CONFIRMED);
    OK(&p.r, ledger_booking_reject(p.r.l, no, &region_why));
    assert_int_equal(pool_booking(&p, no).state, LEDGER_REJECTED);
    p.r.clock.now_us += 48 * REGION_HOUR_US + LEDGER_US_PER_SECOND;
    assert_int_equal(pool_booking(&p, late).state, LEDGER_EXPIRED); /* before any sweep */
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_confirm(p.r.l, late, &region_why));
    draft = pool_draft(&p, ANA, "2026-03-11T13:00", "2026-03-11T14:00");
    OK(&p.r, ledger_booking_make(p.r.l, &draft, &region_why, &mine));      /* its time is free */
    assert_int_equal(pool_count(&p, "SELECT count(*) FROM hold_open"), 6); /* three parties each */
    assert_int_equal(pool_balance(&p, "ben"), 0);
    pool_end(&p);
}

static void a_host_need_not_ask_itself(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id;

    (void)state;
    pool_start(&p);
    p.studio.terms.host_word = true;
    pool_set(&p);
    draft = pool_draft(&p, ANA, "2026-03-10T09:00", "2026-03-10T11:00");
    draft.member_id = p.studio.member_id;
    OK(&p.r, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    assert_int_equal(pool_booking(&p, id).state, LEDGER_CONFIRMED);
    pool_end(&p);
}

static void a_member_may_only_hold_it_first(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id;

    (void)state;
    pool_start(&p);
    draft = pool_draft(&p, ANA, "2026-03-10T09:00", "2026-03-10T11:00");
    draft.held_for_us = 30 * MINUTE_US;
    OK(&p.r, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    assert_int_equal(pool_booking(&p, id).state, LEDGER_HELD);
    p.r.clock.now_us += 30 * MINUTE_US - 1;
    OK(&p.r, ledger_booking_confirm(p.r.l, id, &region_why));
    assert_int_equal(pool_booking(&p, id).state, LEDGER_CONFIRMED);
    pool_end(&p);
}

/* A series plans first; the hold comes with the occurrence, and a refusal then leaves it planned. */
static void a_planned_booking_has_its_time_and_no_hold(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id, other, count;

    (void)state;
    pool_start(&p);
    draft = pool_draft(&p, ANA, "2026-03-10T09:00", "2026-03-10T11:00");
    draft.planned = true;
    OK(&p.r, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    assert_int_equal(pool_count(&p, "SELECT count(*) FROM hold"), 0);
    draft.member_id = BEN;
    EXPECT(&p.r, LEDGER_BOOKING_TAKEN, ledger_booking_make(p.r.l, &draft, &region_why, &other));
    OK(&p.r, ledger_booking_fund(p.r.l, id, &region_why));
    assert_int_equal(pool_booking(&p, id).state, LEDGER_CONFIRMED);
    assert_int_equal(pool_count(&p, "SELECT amount_minor FROM hold"), 3000);
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_fund(p.r.l, id, &region_why));
    draft = pool_draft(&p, ANA, "2026-03-12T09:00", "2026-03-12T11:00");
    draft.planned = true;
    OK(&p.r, ledger_booking_make(p.r.l, &draft, &region_why, &other));
    p.r.clock.now_us = pool_at(&p, "2026-03-12T09:00");
    OK(&p.r, ledger_booking_due(p.r.l, p.r.clock.now_us, &count));
    assert_int_equal(pool_booking(&p, other).state, LEDGER_EXPIRED);
    pool_end(&p);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *now;
    const char *from;
    const char *to;
    enum ledger_status outcome;
    int64_t amount_minor; /* 24.00 before */
} moves[] = {
    {"an hour longer",                          "2026-03-03T09:00", "2026-03-10T13:00", "2026-03-10T16:00", LEDGER_OK, 3600},
    {"an hour longer, at the last",             "2026-03-10T12:00", "2026-03-10T13:00", "2026-03-10T16:00", LEDGER_OK, 3600},
    {"longer while it goes on",                 "2026-03-10T14:00", "2026-03-10T13:00", "2026-03-10T16:00", LEDGER_OK, 3600},
    {"an hour shorter",                         "2026-03-03T09:00", "2026-03-10T13:00", "2026-03-10T14:00", LEDGER_OK, 1200},
    {"shorter within 48 hours: half of it back","2026-03-09T13:00", "2026-03-10T13:00", "2026-03-10T14:00", LEDGER_OK, 1800},
    {"shorter at the last: nothing back",       "2026-03-10T12:00", "2026-03-10T13:00", "2026-03-10T14:00", LEDGER_OK, 2400},
    {"to the peak",                             "2026-03-03T09:00", "2026-03-11T09:00", "2026-03-11T11:00", LEDGER_OK, 3000},
    {"a shorter one elsewhere, early",          "2026-03-03T09:00", "2026-03-11T13:00", "2026-03-11T14:00", LEDGER_OK, 1200},
    {"a shorter one elsewhere, at the last",    "2026-03-10T12:00", "2026-03-11T13:00", "2026-03-11T14:00", LEDGER_OK, 2400},
    {"into ben's time",                         "2026-03-03T09:00", "2026-03-12T14:00", "2026-03-12T15:00", LEDGER_BOOKING_TAKEN, 2400},
    {"over its own time",                       "2026-03-03T09:00", "2026-03-10T14:00", "2026-03-10T16:00", LEDGER_OK, 2400},
    {"into the night",                          "2026-03-03T09:00", "2026-03-10T17:00", "2026-03-10T19:00", LEDGER_BOOKING_CLOSED, 2400},
    {"elsewhere when it has begun",             "2026-03-10T13:30", "2026-03-11T13:00", "2026-03-11T14:00", LEDGER_BOOKING_IN_PAST, 2400},
    {"to an end that is past",                  "2026-03-10T14:30", "2026-03-10T13:00", "2026-03-10T14:00", LEDGER_BOOKING_IN_PAST, 2400},
};
/* clang-format on */

static void a_change_prices_only_the_difference(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(moves); i++) {
        struct pool p;
        struct ledger_booking b;
        int64_t id;

        pool_start(&p);
        id = pool_book(&p, ANA, "2026-03-10T13:00", "2026-03-10T15:00");
        pool_book(&p, BEN, "2026-03-12T13:00", "2026-03-12T15:00");
        p.r.clock.now_us = pool_at(&p, moves[i].now);
        print_message("%s\n", moves[i].what);
        EXPECT(&p.r, moves[i].outcome,
               ledger_booking_move(p.r.l, id, pool_at(&p, moves[i].from), pool_at(&p, moves[i].to),
                                   &region_why));
        b = pool_booking(&p, id);
        assert_int_equal(b.amount_minor, moves[i].amount_minor);
        if (moves[i].outcome == LEDGER_OK)
            assert_true(b.slot.from_us == pool_at(&p, moves[i].from) &&
                        b.slot.to_us == pool_at(&p, moves[i].to));
        pool_end(&p);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    enum ledger_quota_kind kind;
    int amount;
    const char *from;
    const char *to;
    enum ledger_status outcome;
} quotas[] = {
    {"two hours more a day fit",      LEDGER_QUOTA_DAY,   240, "2026-03-10T15:15", "2026-03-10T17:15", LEDGER_OK},
    {"and a quarter more does not",   LEDGER_QUOTA_DAY,   240, "2026-03-10T15:15", "2026-03-10T17:30", LEDGER_OVER_QUOTA},
    {"another day is another",        LEDGER_QUOTA_DAY,   120, "2026-03-11T13:00", "2026-03-11T15:00", LEDGER_OK},
    {"the same week, to the Monday",  LEDGER_QUOTA_WEEK,  180, "2026-03-14T09:00", "2026-03-14T10:15", LEDGER_OVER_QUOTA},
    {"the next week is another",      LEDGER_QUOTA_WEEK,  180, "2026-03-16T09:00", "2026-03-16T10:15", LEDGER_OK},
    {"the same month",                LEDGER_QUOTA_MONTH, 180, "2026-03-31T09:00", "2026-03-31T10:15", LEDGER_OVER_QUOTA},
    {"the next month is another",     LEDGER_QUOTA_MONTH, 180, "2026-04-01T09:00", "2026-04-01T10:15", LEDGER_OK},
    {"hours ahead count all",         LEDGER_QUOTA_AHEAD, 180, "2026-04-01T09:00", "2026-04-01T10:15", LEDGER_OVER_QUOTA},
    {"an hour ahead fits",            LEDGER_QUOTA_AHEAD, 180, "2026-04-01T09:00", "2026-04-01T10:00", LEDGER_OK},
    {"two bookings at once",          LEDGER_QUOTA_LIVE,  2,   "2026-04-01T09:00", "2026-04-01T10:00", LEDGER_OK},
    {"one at once",                   LEDGER_QUOTA_LIVE,  1,   "2026-04-01T09:00", "2026-04-01T10:00", LEDGER_OVER_QUOTA},
};
/* clang-format on */

static void a_member_may_book_so_much(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(quotas); i++) {
        struct pool p;
        struct ledger_booking_draft draft;
        int64_t id;

        pool_start(&p);
        print_message("%s\n", quotas[i].what);
        pool_book(&p, ANA, "2026-03-10T13:00", "2026-03-10T15:00");
        pool_quota(&p, quotas[i].kind, quotas[i].amount);
        draft = pool_draft(&p, ANA, quotas[i].from, quotas[i].to);
        EXPECT(&p.r, quotas[i].outcome, ledger_booking_make(p.r.l, &draft, &region_why, &id));
        if (quotas[i].outcome != LEDGER_OK)
            assert_int_equal(pool_count(&p, "SELECT count(*) FROM hold"), 1);
        pool_book(&p, BEN, "2026-03-13T13:00", "2026-03-13T15:00"); /* counted by itself */
        pool_end(&p);
    }
}

/* Its own counts instead of everybody's, for as long as it has one. */
static void a_quota_of_its_own_ends(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id;

    (void)state;
    pool_start(&p);
    struct ledger_quota own = {.resource_id = p.studio.id,
                               .member_id = ANA,
                               .kind = LEDGER_QUOTA_DAY,
                               .amount = 240,
                               .from_on = ledger_today(p.r.l)};
    pool_quota(&p, LEDGER_QUOTA_DAY, 60);
    OK(&p.r, ledger_quota_set(p.r.l, &own, &region_why));
    pool_book(&p, ANA, "2026-03-10T13:00", "2026-03-10T15:00");
    own.amount = LEDGER_NO_QUOTA;
    OK(&p.r, ledger_quota_set(p.r.l, &own, &region_why));
    draft = pool_draft(&p, ANA, "2026-03-11T13:00", "2026-03-11T14:15");
    EXPECT(&p.r, LEDGER_OVER_QUOTA, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    pool_book(&p, ANA, "2026-03-11T13:00", "2026-03-11T14:00");
    pool_end(&p);
}

static void included_hours_come_first(void **state)
{
    struct pool p;
    int64_t id;

    (void)state;
    pool_start(&p);
    pool_quota(&p, LEDGER_INCLUDED, 180);
    id = pool_book(&p, ANA, "2026-03-10T13:00", "2026-03-10T15:00");
    assert_int_equal(pool_booking(&p, id).amount_minor, 0);
    assert_int_equal(pool_booking(&p, id).hold_id, 0);
    id = pool_book(&p, ANA, "2026-03-11T13:00", "2026-03-11T15:00");
    assert_int_equal(pool_booking(&p, id).included_min, 60);
    assert_int_equal(pool_booking(&p, id).amount_minor, 1200);
    id = pool_book(&p, ANA, "2026-03-12T13:00", "2026-03-12T14:00");
    assert_int_equal(pool_booking(&p, id).amount_minor, 1200); /* none left */
    OK(&p.r, ledger_booking_cancel(p.r.l, 1, false, &region_why));
    id = pool_book(&p, ANA, "2026-03-13T13:00", "2026-03-13T14:00");
    assert_int_equal(pool_booking(&p, id).amount_minor, 0); /* they came back */
    id = pool_book(&p, ANA, "2026-04-13T13:00", "2026-04-13T15:00");
    assert_int_equal(pool_booking(&p, id).included_min, 120); /* another month */
    pool_end(&p);
}

static void extras_are_on_the_bill(void **state)
{
    struct pool p;
    struct ledger_extra lunch = {.host = "mill", .name = "lunch", .title = "Lunch"};
    struct ledger_extra_price price = {.currency_id = 1, .amount_minor = 750};
    struct ledger_extra_order order = {.quantity = 2};
    struct ledger_booking_draft draft;
    struct ledger_extra_charge charge = {.currency_id = 1, .quantity = 1, .payer = "ben"};
    int64_t id, transfer;

    (void)state;
    pool_start(&p);
    OK(&p.r, ledger_extra_add(p.r.l, &lunch));
    price.extra_id = order.extra_id = charge.extra_id = lunch.id;
    draft = pool_draft(&p, ANA, "2026-03-10T13:00", "2026-03-10T15:00");
    draft.extras = &order;
    draft.extra_count = 1;
    EXPECT(&p.r, LEDGER_NO_PRICE, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    price.from_on = ledger_today(p.r.l);
    OK(&p.r, ledger_extra_price_set(p.r.l, &price, &region_why));
    OK(&p.r, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    assert_int_equal(pool_booking(&p, id).amount_minor, 2400 + 1500);
    OK(&p.r,
       ledger_booking_move(p.r.l, id, draft.from_us, draft.to_us + REGION_HOUR_US, &region_why));
    assert_int_equal(pool_booking(&p, id).amount_minor, 3600 + 1500);
    draft = pool_draft(&p, BEN, "2026-03-11T13:00", "2026-03-11T15:00");
    draft.extras = &order;
    draft.extra_count = 1;
    order.quantity = 0;
    EXPECT(&p.r, LEDGER_NUMBER_MALFORMED, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    order.extra_id = 99;
    EXPECT(&p.r, LEDGER_NUMBER_MALFORMED, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    order.quantity = 1;
    EXPECT(&p.r, LEDGER_NO_SUCH_EXTRA, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    OK(&p.r, ledger_extra_pay(p.r.l, &charge, &region_why, &transfer));
    assert_int_equal(pool_balance(&p, "ben"), -750);
    assert_int_equal(pool_balance(&p, "mill"), 750);
    pool_end(&p);
}

/* However many closures stand before it: each is read. */
static void no_closure_is_overlooked(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id;

    (void)state;
    pool_start(&p);
    for (int i = 0; i < 80; i++) {
        struct ledger_closure c = {.resource_id = p.studio.id,
                                   .from_on = region_day("2026-03-08"),
                                   .to_on = region_day("2026-03-08")};
        if (i == 79)
            c.from_on = c.to_on = region_day("2026-03-20");
        OK(&p.r, ledger_resource_close(p.r.l, &c, &region_why));
    }
    draft = pool_draft(&p, ANA, "2026-03-20T13:00", "2026-03-20T14:00");
    EXPECT(&p.r, LEDGER_BOOKING_CLOSED, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    pool_book(&p, ANA, "2026-03-19T13:00", "2026-03-19T14:00");
    pool_end(&p);
}

/* The studio has a price in twelve currencies, and the last is as good as the first. */
static void no_currency_is_overlooked(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    struct ledger_quote q;
    int64_t last = 0;

    (void)state;
    pool_start(&p);
    for (int i = 0; i < 11; i++) {
        char code[] = {'C', 'U', (char)('A' + i), '\0'};
        struct ledger_price price = {.resource_id = p.studio.id,
                                     .booker = LEDGER_BY_MEMBER,
                                     .unit = LEDGER_PER_HOUR,
                                     .amount_minor = 700,
                                     .from_on = ledger_today(p.r.l)};
        region_currency(&p.r, code);
        last = price.currency_id = 2 + i;
        OK(&p.r, ledger_price_set(p.r.l, &price, &region_why));
    }
    draft = pool_draft(&p, ANA, "2026-03-10T13:00", "2026-03-10T14:00");
    EXPECT(&p.r, LEDGER_NO_PRICE, ledger_booking_quote(p.r.l, &draft, &q));
    assert_non_null(strstr(ledger_message(p.r.l), "CUG and others: say in which"));
    draft.currency_id = last;
    OK(&p.r, ledger_booking_quote(p.r.l, &draft, &q));
    assert_int_equal(q.amount_minor, 700);
    pool_end(&p);
}

static void expect_stays(struct pool *p, int64_t member_id, const char *says)
{
    EXPECT(&p->r, LEDGER_NOT_SETTLED, ledger_member_leave(p->r.l, member_id, &region_why));
    if (!strstr(ledger_message(p->r.l), says))
        fail_msg("%s", ledger_message(p->r.l));
}

/* Also where nothing is to be paid, and on the host's side. */
static void who_has_bookings_does_not_leave(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id, mine;

    (void)state;
    pool_start(&p);
    pool_quota(&p, LEDGER_INCLUDED, 180);
    mine = pool_book(&p, ANA, "2026-03-10T13:00", "2026-03-10T15:00");
    draft = pool_draft(&p, BEN, "2026-03-11T13:00", "2026-03-11T15:00");
    draft.held_for_us = REGION_HOUR_US;
    OK(&p.r, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    assert_int_equal(pool_count(&p, "SELECT count(*) FROM hold"), 0);
    expect_stays(&p, ANA, "there is booking 1 of studio.");
    expect_stays(&p, BEN, "there is booking 2 of studio.");
    expect_stays(&p, MILL, "the offer of studio, booking 1 of studio, booking 2 of studio.");
    p.r.clock.now_us += 2 * REGION_HOUR_US; /* nobody confirmed it */
    OK(&p.r, ledger_member_leave(p.r.l, BEN, &region_why));
    p.studio.terms.retired = true;
    pool_set(&p);
    expect_stays(&p, MILL, "there is booking 1 of studio.");
    OK(&p.r, ledger_booking_cancel(p.r.l, mine, true, &region_why));
    OK(&p.r, ledger_member_leave(p.r.l, MILL, &region_why));
    OK(&p.r, ledger_member_leave(p.r.l, ANA, &region_why));
    pool_end(&p);
}

static void who_is_suspended_does_not_book(void **state)
{
    struct pool p;
    struct ledger_booking_draft draft;
    int64_t id;

    (void)state;
    pool_start(&p);
    OK(&p.r, ledger_member_change_state(p.r.l, ANA, LEDGER_SUSPENDED, &region_why));
    draft = pool_draft(&p, ANA, "2026-03-10T13:00", "2026-03-10T15:00");
    EXPECT(&p.r, LEDGER_MEMBER_NOT_ACTIVE, ledger_booking_make(p.r.l, &draft, &region_why, &id));
    pool_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_booked),
        cmocka_unit_test(what_is_gone_cannot_be_booked),
        cmocka_unit_test(the_nearest_free_times_are_free),
        cmocka_unit_test(like_units_are_booked_one_by_one),
        cmocka_unit_test(the_cheapest_combination_is_quoted),
        cmocka_unit_test(an_hour_is_an_hour_when_clocks_change),
        cmocka_unit_test(prices_are_those_of_the_day_of_use),
        cmocka_unit_test(shares_add_up),
        cmocka_unit_test(it_is_paid_when_it_is_over),
        cmocka_unit_test(a_cancellation_gives_back_by_how_early_it_comes),
        cmocka_unit_test(what_a_move_has_kept_is_not_given_back),
        cmocka_unit_test(what_a_move_has_kept_is_not_cut_short),
        cmocka_unit_test(who_does_not_come_pays_a_share),
        cmocka_unit_test(some_wait_for_the_host_s_word),
        cmocka_unit_test(a_host_need_not_ask_itself),
        cmocka_unit_test(a_member_may_only_hold_it_first),
        cmocka_unit_test(a_planned_booking_has_its_time_and_no_hold),
        cmocka_unit_test(a_change_prices_only_the_difference),
        cmocka_unit_test(a_member_may_book_so_much),
        cmocka_unit_test(a_quota_of_its_own_ends),
        cmocka_unit_test(included_hours_come_first),
        cmocka_unit_test(extras_are_on_the_bill),
        cmocka_unit_test(no_closure_is_overlooked),
        cmocka_unit_test(no_currency_is_overlooked),
        cmocka_unit_test(who_has_bookings_does_not_leave),
        cmocka_unit_test(who_is_suspended_does_not_book),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
