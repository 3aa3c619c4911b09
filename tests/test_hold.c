/* What is held is kept for its payees until it is captured, released or over. */
#include "support/picture.h"

#include "ledger/departure.h"
#include "ledger/limit.h"
#include "ledger/member.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>

#define MAX LEDGER_AMOUNT_MAX
#define OVER (-1)
#define TOO_LONG (LEDGER_HOLD_US_MAX + REGION_HOUR_US)

enum { ANA = 1, BEN, CLEO, DORA, ELI, SUE, ADA, LEO, ANA_HOURS, BEN_HOURS, NOBODY = 99 };

static char text_500[501];
static char text_501[502];
static char reference_120[121];
static char reference_121[122];

static int fill_texts(void **state)
{
    (void)state;
    memset(text_500, 'm', 500);
    memset(text_501, 'm', 501);
    memset(reference_120, 'r', 120);
    memset(reference_121, 'r', 121);
    return 0;
}

/* sue is suspended, ada has applied, leo has left. */
static void furnish_members(struct region *r)
{
    static const char *const handles[] = {"ana", "ben", "cleo", "dora", "eli", "sue"};
    struct ledger_member ada = {
        .kind = LEDGER_PERSON, .state = LEDGER_APPLIED, .handle = "ada", .name = "Ada"};

    region_currency(r, "CALD");
    region_currency(r, "HOUR");
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        region_member(r, handles[i]);
        region_account(r, handles[i], "CALD");
    }
    OK(r, ledger_member_add(r->l, &ada, &region_why));
    region_account(r, "ada", "CALD");
    region_member(r, "leo");
    region_account(r, "leo", "CALD");
    region_account(r, "ana", "HOUR");
    region_account(r, "ben", "HOUR");
    OK(r, ledger_member_change_state(r->l, SUE, LEDGER_SUSPENDED, &region_why));
    OK(r, ledger_member_leave(r->l, LEO, &region_why));
    region_commit(r);
}

static void start(struct region *r)
{
    region_start(r);
    furnish_members(r);
}

static void finish(struct region *r)
{
    struct ledger_verification v;

    OK(r, ledger_verify(r->l, NULL, NULL, &v));
    region_end(r);
}

static struct ledger_account account(struct region *r, int64_t id)
{
    struct ledger_account a;

    OK(r, ledger_account_get(r->l, id, &a));
    return a;
}

static struct ledger_hold hold(struct region *r, int64_t id)
{
    struct ledger_hold h;

    OK(r, ledger_hold_get(r->l, id, &h));
    return h;
}

static void set_limits(struct region *r, int64_t account_id, int64_t floor_minor,
                       int64_t ceiling_minor)
{
    struct ledger_limit limit = {
        .account_id = account_id, .floor_minor = floor_minor, .ceiling_minor = ceiling_minor};

    OK(r, ledger_limit_set(r->l, &limit, &region_why));
}

static enum ledger_status place(struct region *r, int64_t payer, const struct ledger_leg *payees,
                                int payee_count, int64_t for_us)
{
    const struct ledger_hold_draft draft = {.account_id = payer,
                                            .expires_at_us = r->clock.now_us + for_us,
                                            .payees = payees,
                                            .payee_count = payee_count};
    int64_t id;

    return ledger_hold_place(r->l, &draft, &id);
}

static enum ledger_status try_hold(struct region *r, int64_t payer, int64_t payee,
                                   int64_t amount_minor)
{
    const struct ledger_leg payees[] = {{payee, amount_minor}};

    return place(r, payer, payees, 1, REGION_HOUR_US);
}

/* clang-format off */
static const struct refusal {
    const char *what;
    enum ledger_status outcome;
    const char *field; /* at fault */
    int leg;
    int64_t payer;
    int payee_count;
    struct ledger_leg payees[5];
    const char *memo;
    const char *reference;
    int64_t for_us; /* an hour when not given */
} refusals[] = {
    {"nobody to be paid, by nobody",      LEDGER_TOO_FEW_LEGS,        NULL,        -1, NOBODY, 0, {{0}}},
    {"five, for nothing",                 LEDGER_TOO_MANY_LEGS,       NULL,        -1, ANA,    5, {{BEN, 0}, {CLEO, 1}, {DORA, 1}, {ELI, 1}, {SUE, 1}}},
    {"nothing, after too much",           LEDGER_AMOUNT_NOT_POSITIVE, "amount",     1, ANA,    2, {{BEN, MAX + 1}, {CLEO, 0}}},
    {"less than nothing",                 LEDGER_AMOUNT_NOT_POSITIVE, "amount",     0, ANA,    1, {{BEN, -1}}},
    {"too much in all, and twice to ben", LEDGER_AMOUNT_TOO_LARGE,    "amount",     1, ANA,    2, {{BEN, MAX}, {BEN, 1}}},
    {"to herself, in two lines",          LEDGER_SAME_ACCOUNT,        "payees",     1, ANA,    2, {{BEN, 1}, {ANA, 1}}, .memo = "a\nb"},
    {"to ben twice, in two lines",        LEDGER_SAME_ACCOUNT,        "payees",     2, ANA,    3, {{BEN, 1}, {CLEO, 1}, {BEN, 1}}, .reference = "a\nb"},
    {"a memo of two lines, to nobody",    LEDGER_TEXT_MALFORMED,      "memo",      -1, ANA,    1, {{NOBODY, 1}}, .memo = "a\nb"},
    {"a reference with a tab, to nobody", LEDGER_TEXT_MALFORMED,      "reference", -1, ANA,    1, {{NOBODY, 1}}, .reference = "\t"},
    {"a long memo, to nobody",            LEDGER_TEXT_TOO_LONG,       "memo",      -1, ANA,    1, {{NOBODY, 1}}, .memo = text_501},
    {"a long reference, to nobody",       LEDGER_TEXT_TOO_LONG,       "reference", -1, ANA,    1, {{NOBODY, 1}}, .reference = reference_121},
    {"to nobody, and in hours",           LEDGER_NO_SUCH_ACCOUNT,     NULL,        -1, ANA,    2, {{BEN_HOURS, 1}, {NOBODY, 1}}},
    {"by nobody",                         LEDGER_NO_SUCH_ACCOUNT,     NULL,        -1, NOBODY, 1, {{BEN, 1}}},
    {"in hours, and over already",        LEDGER_UNBALANCED,          "payees",     1, ANA,    2, {{BEN, 1}, {BEN_HOURS, 1}}, .for_us = OVER},
    {"over already, by sue",              LEDGER_HOLD_TOO_LONG,       "expires",   -1, SUE,    1, {{BEN, 1}}, .for_us = OVER},
    {"over long ago",                     LEDGER_HOLD_TOO_LONG,       "expires",   -1, ANA,    1, {{BEN, 1}}, .for_us = -999},
    {"too long, by sue",                  LEDGER_HOLD_TOO_LONG,       "expires",   -1, SUE,    1, {{BEN, 1}}, .for_us = TOO_LONG},
    {"suspended, and over the limit",     LEDGER_MEMBER_NOT_ACTIVE,   "payees",    -1, SUE,    1, {{BEN, 10001}}},
    {"by who has applied",                LEDGER_MEMBER_NOT_ACTIVE,   "payees",    -1, ADA,    1, {{BEN, 1}}},
    {"to who has applied",                LEDGER_MEMBER_NOT_ACTIVE,   "payees",     1, ANA,    2, {{BEN, 1}, {ADA, 1}}},
    {"to who has left, and too much",     LEDGER_MEMBER_NOT_ACTIVE,   "payees",     0, ANA,    1, {{LEO, 10001}}},
    {"over the limit in all, and ben's",  LEDGER_OVER_LIMIT,          NULL,        -1, ANA,    2, {{BEN, 10000}, {CLEO, 1}}},
    {"beyond ben's ceiling",              LEDGER_PAYEE_CANNOT_TAKE,   "payees",     1, ANA,    2, {{CLEO, 1}, {BEN, 5001}}},
};
/* clang-format on */

static void the_first_broken_rule_is_named(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    set_limits(&r, BEN, -10000, 5000);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *row = &refusals[i];
        const struct ledger_hold_draft draft = {
            .account_id = row->payer,
            .expires_at_us = r.clock.now_us + (row->for_us ? row->for_us : REGION_HOUR_US),
            .memo = row->memo,
            .reference = row->reference,
            .payees = row->payees,
            .payee_count = row->payee_count};
        const struct ledger_facts *facts = ledger_last_facts(r.l);

        REFUSED_ROW(&r, row->outcome, row->what, ledger_hold_place(r.l, &draft, &id));
        if (facts->leg != row->leg ||
            strcmp(facts->field ? facts->field : "", row->field ? row->field : "") != 0)
            fail_msg("%s: blames %s, %d", row->what, facts->field, facts->leg);
    }
    finish(&r);
}

static void a_clock_behind_is_told_after_the_currency_and_before_the_end(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg hours[] = {{BEN_HOURS, 1}};
    const struct ledger_leg ben[] = {{BEN, 1}};

    start(&r);
    region_pay(&r, ANA, BEN, 100);
    r.clock.now_us -= LEDGER_CLOCK_TOLERANCE_US + 1;
    REFUSED(&r, LEDGER_UNBALANCED, place(&r, ANA, hours, 1, REGION_HOUR_US));
    REFUSED(&r, LEDGER_CLOCK_BEHIND, place(&r, ANA, ben, 1, -1));
    finish(&r);
}

static void a_hold_reserves_for_one_to_four_payees(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg payees[] = {{BEN, 100}, {CLEO, 20}, {SUE, 3}, {DORA, 4}};
    int64_t out_minor = 0;

    start(&r);
    for (int count = 1; count <= LEDGER_HOLD_PAYEES_MAX; count++) {
        OK(&r, place(&r, ANA, payees, count, REGION_HOUR_US));
        struct ledger_hold h = hold(&r, count);
        assert_int_equal(h.payee_count, count);
        for (int i = 0; i < count; i++) {
            out_minor += payees[i].amount_minor;
            assert_int_equal(h.payees[i].account_id, payees[i].account_id);
            assert_int_equal(h.payees[i].amount_minor, payees[i].amount_minor);
            assert_int_equal(account(&r, payees[i].account_id).reserved_in_minor,
                             payees[i].amount_minor * (count - i));
        }
        assert_int_equal(account(&r, ANA).reserved_out_minor, out_minor);
    }
    assert_int_equal(region_balance(&r, ANA), 0);
    assert_int_equal(region_balance(&r, BEN), 0);
    finish(&r);
}

static void a_hold_is_read_as_it_was_placed(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg payees[] = {{BEN, 100}};
    const struct ledger_hold_draft draft = {.account_id = ANA,
                                            .memo = text_500,
                                            .reference = reference_120,
                                            .payees = payees,
                                            .payee_count = 1};
    struct ledger_hold_draft dated = draft;
    struct ledger_hold h;
    int64_t id;

    start(&r);
    dated.expires_at_us = r.clock.now_us + 1;
    OK(&r, ledger_hold_place(r.l, &dated, &id));
    h = hold(&r, id);
    assert_int_equal(h.id, 1);
    assert_int_equal(h.account_id, ANA);
    assert_int_equal(h.amount_minor, 100);
    assert_int_equal(h.placed_at_us, r.clock.now_us);
    assert_int_equal(h.expires_at_us, r.clock.now_us + 1);
    assert_int_equal(h.state, LEDGER_HOLD_OPEN);
    assert_true(h.has_text && !h.erased);
    assert_string_equal(h.memo, text_500);
    assert_string_equal(h.reference, reference_120);
    assert_string_equal(h.handle, "ana");
    assert_string_equal(h.code, "CALD");
    assert_string_equal(h.payees[0].handle, "ben");
    EXPECT(&r, LEDGER_NO_SUCH_HOLD, ledger_hold_get(r.l, 2, &h));
    finish(&r);
}

static void a_hold_lasts_at_most_400_days(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg payees[] = {{BEN, 100}};

    start(&r);
    assert_int_equal(LEDGER_HOLD_US_MAX, INT64_C(400) * 24 * REGION_HOUR_US);
    REFUSED(&r, LEDGER_HOLD_TOO_LONG, place(&r, ANA, payees, 1, LEDGER_HOLD_US_MAX + 1));
    region_commit(&r);
    OK(&r, place(&r, ANA, payees, 1, LEDGER_HOLD_US_MAX));
    REFUSED(&r, LEDGER_HOLD_TOO_LONG, place(&r, ANA, payees, 1, 1));
    OK(&r, place(&r, ANA, payees, 1, 3));
    finish(&r);
}

static void what_is_reserved_counts_in_both_rooms(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_hold(&r, ANA, BEN, 6000, 1);
    REFUSED(&r, LEDGER_OVER_LIMIT, region_try_pay(&r, ANA, CLEO, 4001));
    REFUSED(&r, LEDGER_OVER_LIMIT, try_hold(&r, ANA, CLEO, 4001));
    REFUSED(&r, LEDGER_PAYEE_CANNOT_TAKE, region_try_pay(&r, CLEO, BEN, 4001));
    REFUSED(&r, LEDGER_PAYEE_CANNOT_TAKE, try_hold(&r, CLEO, BEN, 4001));
    region_hold(&r, ANA, CLEO, 1500, 1);
    region_pay(&r, ANA, CLEO, 2500);
    REFUSED(&r, LEDGER_OVER_LIMIT, region_try_pay(&r, ANA, CLEO, 1));
    region_hold(&r, DORA, BEN, 2500, 1);
    region_pay(&r, DORA, BEN, 1500);
    REFUSED(&r, LEDGER_PAYEE_CANNOT_TAKE, region_try_pay(&r, DORA, BEN, 1));
    region_pay(&r, ELI, ANA, 10000);
    finish(&r);
}

/* clang-format off */
static const struct split {
    const char *what;
    int payee_count;
    int64_t held[4];
    int64_t captured; /* 0: whole */
    int64_t paid[4];
    int legs;
} splits[] = {
    {"one payee, whole",                      1, {700},           0,  {700},           2},
    {"one payee, all of it",                  1, {700},         700,  {700},           2},
    {"one payee, a part",                     1, {700},           1,  {1},             2},
    {"four payees, whole",                    4, {1, 2, 3, 4},    0,  {1, 2, 3, 4},    5},
    {"the largest remainders get the rest",   4, {1, 2, 3, 4},    7,  {1, 1, 2, 3},    5},
    {"the first of equals gets it",           3, {100, 100, 100}, 100, {34, 33, 33},   4},
    {"then the second",                       3, {100, 100, 100}, 101, {34, 34, 33},   4},
    {"a share of nothing has no leg",         3, {100, 100, 100}, 1,  {1, 0, 0},       2},
    {"not even between others",               3, {700, 1, 700},   2,  {1, 0, 1},       3},
    {"a cent less than the whole",            3, {700, 200, 100}, 999, {699, 200, 100}, 4},
};
/* clang-format on */

static void a_part_is_split_by_largest_remainder(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof splits / sizeof splits[0]; i++) {
        const struct split *row = &splits[i];
        const int64_t ids[] = {BEN, CLEO, DORA, ELI};
        struct ledger_leg payees[4];
        struct ledger_transfer t;
        struct region r;
        int64_t sum_minor = 0;
        int64_t id;

        start(&r);
        for (int p = 0; p < row->payee_count; p++)
            payees[p] = (struct ledger_leg){ids[p], row->held[p]};
        OK(&r, place(&r, ANA, payees, row->payee_count, REGION_HOUR_US));
        EXPECT_ROW(&r, LEDGER_OK, row->what, ledger_hold_capture(r.l, 1, row->captured, &id));
        for (int p = 0; p < 4; p++) {
            sum_minor += row->paid[p];
            if (region_balance(&r, ids[p]) != row->paid[p])
                fail_msg("%s: payee %d has %lld", row->what, p,
                         (long long)region_balance(&r, ids[p]));
            assert_int_equal(account(&r, ids[p]).reserved_in_minor, 0);
        }
        OK(&r, ledger_transfer_get(r.l, id, &t));
        assert_int_equal(t.leg_count, row->legs);
        assert_int_equal(region_balance(&r, ANA), -sum_minor);
        assert_int_equal(account(&r, ANA).reserved_out_minor, 0);
        assert_int_equal(hold(&r, 1).captured_minor, sum_minor);
        finish(&r);
    }
}

static void a_capture_is_a_transfer_that_the_hold_names(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;
    struct ledger_hold h;
    int64_t id;

    start(&r);
    region_hold(&r, ANA, BEN, 800, 24);
    r.clock.now_us += REGION_HOUR_US;
    REFUSED(&r, LEDGER_OVER_CAPTURE, ledger_hold_capture(r.l, 1, 801, &id));
    REFUSED(&r, LEDGER_AMOUNT_NOT_POSITIVE, ledger_hold_capture(r.l, 1, -1, &id));
    OK(&r, ledger_hold_capture(r.l, 1, 500, &id));
    OK(&r, ledger_transfer_get(r.l, id, &t));
    assert_int_equal(t.kind, LEDGER_CAPTURE);
    assert_int_equal(t.posted_at_us, r.clock.now_us);
    assert_string_equal(t.memo, "a hold");
    h = hold(&r, 1);
    assert_int_equal(h.state, LEDGER_HOLD_CAPTURED);
    assert_int_equal(h.transfer_id, id);
    assert_int_equal(h.captured_minor, 500);
    assert_int_equal(account(&r, ANA).hold_expiry_us, INT64_MAX);
    assert_int_equal(account(&r, ANA).balance_minor, -500);
    assert_int_equal(account(&r, ANA).reserved_out_minor, 0);
    finish(&r);
}

static void what_was_held_is_paid_whatever_came_since(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    region_hold(&r, ANA, BEN, 8000, 1);
    set_limits(&r, ANA, 0, 0);
    set_limits(&r, BEN, 0, 0);
    OK(&r, ledger_member_change_state(r.l, ANA, LEDGER_SUSPENDED, &region_why));
    OK(&r, ledger_member_change_state(r.l, BEN, LEDGER_SUSPENDED, &region_why));
    OK(&r, ledger_hold_capture(r.l, 1, 0, &id));
    assert_int_equal(region_balance(&r, ANA), -8000);
    assert_int_equal(region_balance(&r, BEN), 8000);
    finish(&r);
}

static void a_capture_that_cannot_be_posted_leaves_the_hold_open(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg legs[] = {{DORA, -MAX}, {BEN, MAX}};
    const struct ledger_transfer_draft import = {
        .kind = LEDGER_IMPORT, .without_limits = true, .legs = legs, .leg_count = 2};
    int64_t id;

    start(&r);
    region_hold(&r, ANA, BEN, 800, 24);
    region_pay(&r, ANA, CLEO, 1);
    r.clock.now_us -= LEDGER_CLOCK_TOLERANCE_US + 2;
    REFUSED(&r, LEDGER_CLOCK_BEHIND, ledger_hold_capture(r.l, 1, 0, &id));
    REFUSED(&r, LEDGER_CLOCK_BEHIND, ledger_hold_release(r.l, 1, NULL));
    r.clock.now_us += REGION_HOUR_US;
    OK(&r, ledger_transfer_post(r.l, &import, &id));
    REFUSED(&r, LEDGER_AMOUNT_OVERFLOW, ledger_hold_capture(r.l, 1, 0, &id));
    region_pay(&r, BEN, DORA, 800);
    OK(&r, ledger_hold_capture(r.l, 1, 0, &id));
    finish(&r);
}

static void a_hold_is_resolved_at_most_once(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    region_hold(&r, ANA, BEN, 800, 1);
    region_hold(&r, ANA, BEN, 700, 1);
    region_hold(&r, ANA, BEN, 600, 1);
    REFUSED(&r, LEDGER_NO_SUCH_HOLD, ledger_hold_capture(r.l, 4, 0, &id));
    REFUSED(&r, LEDGER_NO_SUCH_HOLD, ledger_hold_release(r.l, 0, NULL));
    OK(&r, ledger_hold_capture(r.l, 1, 1, &id));
    OK(&r, ledger_hold_release(r.l, 2, NULL));
    r.clock.now_us += REGION_HOUR_US;
    for (int swept = 0; swept < 2; swept++) {
        REFUSED(&r, LEDGER_ALREADY_RESOLVED, ledger_hold_capture(r.l, 1, 801, &id));
        REFUSED(&r, LEDGER_ALREADY_RESOLVED, ledger_hold_release(r.l, 1, NULL));
        REFUSED(&r, LEDGER_ALREADY_RESOLVED, ledger_hold_capture(r.l, 2, 701, &id));
        REFUSED(&r, LEDGER_ALREADY_RESOLVED, ledger_hold_release(r.l, 2, NULL));
        REFUSED(&r, LEDGER_HOLD_EXPIRED, ledger_hold_capture(r.l, 3, 601, &id));
        REFUSED(&r, LEDGER_HOLD_EXPIRED, ledger_hold_release(r.l, 3, NULL));
        OK(&r, ledger_hold_sweep(r.l, r.clock.now_us, &id));
        assert_int_equal(id, swept ? 0 : 1);
    }
    assert_int_equal(account(&r, ANA).reserved_out_minor, 0);
    finish(&r);
}

static void a_release_gives_the_reserve_back_and_says_why(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_hold(&r, ANA, BEN, 800, 2);
    region_hold(&r, ANA, CLEO, 100, 3);
    assert_int_equal(account(&r, ANA).hold_expiry_us, r.clock.now_us + 2 * REGION_HOUR_US);
    REFUSED(&r, LEDGER_TEXT_MALFORMED, ledger_hold_release(r.l, 1, "a\nb"));
    REFUSED(&r, LEDGER_TEXT_TOO_LONG, ledger_hold_release(r.l, 1, text_501));
    OK(&r, ledger_hold_release(r.l, 1, text_500));
    assert_int_equal(hold(&r, 1).state, LEDGER_HOLD_RELEASED);
    assert_string_equal(hold(&r, 1).reason, text_500);
    assert_int_equal(hold(&r, 1).captured_minor, 0);
    assert_int_equal(account(&r, ANA).reserved_out_minor, 100);
    assert_int_equal(account(&r, ANA).hold_expiry_us, r.clock.now_us + 3 * REGION_HOUR_US);
    assert_int_equal(account(&r, BEN).reserved_in_minor, 0);
    assert_int_equal(account(&r, BEN).hold_expiry_us, INT64_MAX);
    finish(&r);
}

static void an_expired_hold_counts_no_more_before_a_sweep(void **state)
{
    (void)state;
    struct region r;
    struct ledger_account a;
    int64_t expires_at_us;

    start(&r);
    region_hold(&r, ANA, BEN, 6000, 1);
    region_hold(&r, ANA, BEN, 500, 2);
    expires_at_us = r.clock.now_us + REGION_HOUR_US;
    r.clock.now_us = expires_at_us - 1;
    assert_int_equal(hold(&r, 1).state, LEDGER_HOLD_OPEN);
    REFUSED(&r, LEDGER_OVER_LIMIT, region_try_pay(&r, ANA, CLEO, 3501));
    r.clock.now_us = expires_at_us;
    assert_int_equal(hold(&r, 1).state, LEDGER_HOLD_LAPSED);
    assert_int_equal(hold(&r, 1).resolved_at_us, expires_at_us);
    a = account(&r, ANA);
    assert_int_equal(a.reserved_out_minor, 6500);
    OK(&r, ledger_account_refresh(r.l, &a));
    assert_int_equal(a.reserved_out_minor, 500);
    a = account(&r, BEN);
    OK(&r, ledger_account_refresh(r.l, &a));
    assert_int_equal(a.reserved_in_minor, 500);
    region_pay(&r, ANA, CLEO, 9500);
    assert_int_equal(account(&r, ANA).reserved_out_minor, 500);
    assert_int_equal(account(&r, ANA).hold_expiry_us, expires_at_us + REGION_HOUR_US);
    assert_int_equal(account(&r, BEN).reserved_in_minor, 500);
    region_pay(&r, DORA, BEN, 9500);
    finish(&r);
}

static void a_new_hold_takes_the_room_of_an_expired_one(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_hold(&r, ANA, BEN, 10000, 1);
    REFUSED(&r, LEDGER_OVER_LIMIT, try_hold(&r, ANA, CLEO, 1));
    REFUSED(&r, LEDGER_PAYEE_CANNOT_TAKE, try_hold(&r, CLEO, BEN, 1));
    r.clock.now_us += REGION_HOUR_US;
    OK(&r, try_hold(&r, CLEO, BEN, 10000));
    OK(&r, try_hold(&r, ANA, CLEO, 10000));
    finish(&r);
}

static void a_sweep_ends_what_is_due_and_no_more(void **state)
{
    (void)state;
    struct region r;
    int64_t count;

    start(&r);
    region_hold(&r, ANA, BEN, 100, 1);
    region_hold(&r, BEN, CLEO, 200, 1);
    region_hold(&r, CLEO, ANA, 400, 1);
    region_hold(&r, ANA, DORA, 800, 2);
    OK(&r, ledger_hold_sweep(r.l, r.clock.now_us, &count));
    assert_int_equal(count, 0);
    r.clock.now_us += REGION_HOUR_US;
    OK(&r, ledger_hold_expire(r.l, BEN, r.clock.now_us));
    assert_int_equal(account(&r, ANA).reserved_out_minor, 800);
    assert_int_equal(account(&r, ANA).reserved_in_minor, 400);
    assert_int_equal(account(&r, BEN).reserved_out_minor, 0);
    assert_int_equal(account(&r, BEN).reserved_in_minor, 0);
    assert_int_equal(account(&r, CLEO).reserved_in_minor, 0);
    assert_int_equal(account(&r, CLEO).reserved_out_minor, 400);
    OK(&r, ledger_hold_sweep(r.l, r.clock.now_us, &count));
    assert_int_equal(count, 1);
    assert_int_equal(account(&r, CLEO).reserved_out_minor, 0);
    assert_int_equal(account(&r, ANA).reserved_in_minor, 0);
    assert_int_equal(account(&r, ANA).reserved_out_minor, 800);
    assert_int_equal(hold(&r, 4).state, LEDGER_HOLD_OPEN);
    finish(&r);
}

static int64_t passing_now_us(void *arg)
{
    return ((struct test_clock *)arg)->now_us++;
}

/* Each look at the clock is a microsecond on: the hold is over before, after or amid its capture. */
static void a_hold_that_ends_amid_its_capture_is_either_paid_or_over(void **state)
{
    (void)state;
    const struct ledger_options options = {.write = true, .holder = "test"};
    const struct ledger_leg payees[] = {{BEN, 100}};
    struct region r;
    struct ledger_env env;
    int outcomes[2] = {0};

    region_start_file(&r);
    furnish_members(&r);
    region_close(&r);
    env = test_env(&r.clock);
    env.now_us = passing_now_us;
    OK(&r, ledger_open(r.path, &options, &env, &r.l));
    OK(&r, ledger_begin_write(r.l));
    for (int64_t for_us = 10; for_us < 40; for_us++) {
        const struct ledger_hold_draft draft = {.account_id = ANA,
                                                .expires_at_us = r.clock.now_us + for_us,
                                                .payees = payees,
                                                .payee_count = 1};
        int64_t hold_id;
        int64_t id;
        OK(&r, ledger_hold_place(r.l, &draft, &hold_id));
        while (r.clock.now_us < draft.expires_at_us - 5 + for_us % 10)
            r.clock.now_us++;
        enum ledger_status got = ledger_hold_capture(r.l, hold_id, 0, &id);
        if (got != LEDGER_OK)
            EXPECT(&r, LEDGER_HOLD_EXPIRED, got);
        outcomes[got == LEDGER_OK]++;
    }
    assert_true(outcomes[false] > 0 && outcomes[true] > 0);
    assert_int_equal(region_balance(&r, BEN), outcomes[true] * 100);
    finish(&r);
}

/* clang-format off */
static const struct listing {
    const char *what;
    struct ledger_hold_filter filter;
    const char *ids;
} listings[] = {
    {"all, in order",                 {.limit = 9},                                      "1 2 3 4 5 "},
    {"a page",                        {.limit = 2},                                      "1 2 "},
    {"the next",                      {.after_id = 2, .limit = 2},                       "3 4 "},
    {"open ones, none that is over",  {.open_only = true, .limit = 9},                   "1 5 "},
    {"a page of open ones is full",   {.open_only = true, .after_id = 1, .limit = 1},    "5 "},
    {"as payer or payee",             {.account_id = BEN, .limit = 9},                   "1 2 3 "},
    {"a page of an account's",        {.account_id = BEN, .after_id = 1, .limit = 1},    "2 "},
    {"an account's open ones",        {.account_id = CLEO, .open_only = true, .limit = 9}, "5 "},
    {"an account without",            {.account_id = ELI, .limit = 9},                   ""},
};
/* clang-format on */

static enum ledger_status note_id(void *ctx, const struct ledger_hold *h)
{
    char *ids = ctx;

    snprintf(ids + strlen(ids), 100 - strlen(ids), "%lld ", (long long)h->id);
    return LEDGER_OK;
}

static void lists_are_in_order_of_id(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    region_hold(&r, ANA, BEN, 1, 2);
    region_hold(&r, BEN, CLEO, 1, 2);
    region_hold(&r, BEN, CLEO, 1, 2);
    region_hold(&r, ANA, CLEO, 1, 1);
    region_hold(&r, ANA, CLEO, 1, 2);
    OK(&r, ledger_hold_release(r.l, 2, "no"));
    OK(&r, ledger_hold_capture(r.l, 3, 0, &id));
    r.clock.now_us += REGION_HOUR_US;
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++) {
        char ids[100] = "";

        OK(&r, ledger_hold_each(r.l, &listings[i].filter, note_id, ids));
        if (strcmp(ids, listings[i].ids) != 0)
            fail_msg("%s: %s", listings[i].what, ids);
    }
    assert_string_equal(ledger_hold_state_name(hold(&r, 1).state), "open");
    assert_string_equal(ledger_hold_state_name(hold(&r, 2).state), "released");
    assert_string_equal(ledger_hold_state_name(hold(&r, 3).state), "captured");
    assert_string_equal(ledger_hold_state_name(hold(&r, 4).state), "expired");
    finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_broken_rule_is_named),
        cmocka_unit_test(a_clock_behind_is_told_after_the_currency_and_before_the_end),
        cmocka_unit_test(a_hold_reserves_for_one_to_four_payees),
        cmocka_unit_test(a_hold_is_read_as_it_was_placed),
        cmocka_unit_test(a_hold_lasts_at_most_400_days),
        cmocka_unit_test(what_is_reserved_counts_in_both_rooms),
        cmocka_unit_test(a_part_is_split_by_largest_remainder),
        cmocka_unit_test(a_capture_is_a_transfer_that_the_hold_names),
        cmocka_unit_test(what_was_held_is_paid_whatever_came_since),
        cmocka_unit_test(a_capture_that_cannot_be_posted_leaves_the_hold_open),
        cmocka_unit_test(a_hold_is_resolved_at_most_once),
        cmocka_unit_test(a_release_gives_the_reserve_back_and_says_why),
        cmocka_unit_test(an_expired_hold_counts_no_more_before_a_sweep),
        cmocka_unit_test(a_new_hold_takes_the_room_of_an_expired_one),
        cmocka_unit_test(a_sweep_ends_what_is_due_and_no_more),
        cmocka_unit_test(a_hold_that_ends_amid_its_capture_is_either_paid_or_over),
        cmocka_unit_test(lists_are_in_order_of_id),
    };

    return cmocka_run_group_tests(tests, fill_texts, NULL);
}
