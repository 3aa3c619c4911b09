/* A posted transfer keeps every rule, and a refused one leaves no trace. */
#include "support/picture.h"

#include "ledger/departure.h"
#include "ledger/limit.h"
#include "ledger/member.h"
#include "ledger/period.h"

#include <stdio.h>
#include <string.h>

#define MAX LEDGER_AMOUNT_MAX
#define MINUTE_US INT64_C(60000000)

enum { ANA = 1, BEN, SUE, ADA, LEO, ANA_HOURS, BEN_HOURS, NOBODY = 99 };

static char memo_500[501];
static char memo_501[502];
static char reference_120[121];
static char reference_121[122];
static char lines_501[502];

static int fill_texts(void **state)
{
    (void)state;
    memset(memo_500, 'm', 500);
    memset(memo_501, 'm', 501);
    memset(reference_120, 'r', 120);
    memset(reference_121, 'r', 121);
    memset(lines_501, '\n', 501);
    return 0;
}

static void add_applicant(struct region *r)
{
    struct ledger_member m = {.kind = LEDGER_PERSON, .state = LEDGER_APPLIED};

    strcpy(m.handle, "ada");
    strcpy(m.name, "Ada");
    OK(r, ledger_member_add(r->l, &m, &region_why));
}

/* sue is suspended, ada has applied, leo has left; the days through 27 February are closed. */
static void start(struct region *r)
{
    int64_t id;

    region_start(r);
    region_currency(r, "CALD");
    region_currency(r, "HOUR");
    region_member(r, "ana");
    region_member(r, "ben");
    region_member(r, "sue");
    add_applicant(r);
    region_member(r, "leo");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_account(r, "sue", "CALD");
    region_account(r, "ada", "CALD");
    region_account(r, "leo", "CALD");
    region_account(r, "ana", "HOUR");
    region_account(r, "ben", "HOUR");
    OK(r, ledger_member_change_state(r->l, SUE, LEDGER_SUSPENDED, &region_why));
    OK(r, ledger_member_leave(r->l, LEO, &region_why));
    OK(r, ledger_period_close(r->l, region_day("2026-02-27"), &region_why, &id));
}

static void set_limits(struct region *r, int64_t account, int64_t floor_minor,
                       int64_t ceiling_minor)
{
    struct ledger_limit limit = {
        .account_id = account, .floor_minor = floor_minor, .ceiling_minor = ceiling_minor};

    OK(r, ledger_limit_set(r->l, &limit, &region_why));
}

static enum ledger_status post(struct region *r, const struct ledger_transfer_draft *shape,
                               const struct ledger_leg *legs, int leg_count)
{
    struct ledger_transfer_draft draft = *shape;
    int64_t id;

    draft.legs = legs;
    draft.leg_count = leg_count;
    return ledger_transfer_post(r->l, &draft, &id);
}

static const struct ledger_transfer_draft exchange = {.kind = LEDGER_EXCHANGE};
static const struct ledger_transfer_draft import = {.kind = LEDGER_IMPORT, .without_limits = true};

/* clang-format off */
static const struct refusal {
    const char *what;
    enum ledger_status outcome;
    const char *field; /* at fault */
    int leg;
    int leg_count;
    struct ledger_leg legs[4];
    const char *memo;
    const char *reference;
    const char *on; /* today when not given */
} refusals[] = {
    {"no legs",                               LEDGER_TOO_FEW_LEGS,        NULL,           -1, 0, {{0}}},
    {"one leg, and that of nothing",          LEDGER_TOO_FEW_LEGS,        NULL,           -1, 1, {{ANA, 0}}},
    {"a zero leg, after one too large",       LEDGER_AMOUNT_NOT_POSITIVE, "amount",        1, 2, {{ANA, MAX + 1}, {BEN, 0}}},
    {"too large, on one account",             LEDGER_AMOUNT_TOO_LARGE,    "amount",        0, 2, {{ANA, -MAX - 1}, {ANA, MAX + 1}}},
    {"as large as can be",                    LEDGER_AMOUNT_TOO_LARGE,    "amount",        0, 2, {{ANA, INT64_MIN}, {BEN, 5}}},
    {"one account twice, two lines",          LEDGER_SAME_ACCOUNT,        "legs",          1, 2, {{ANA, -5}, {ANA, 5}}, .memo = "a\nb"},
    {"one account twice, legs apart",         LEDGER_SAME_ACCOUNT,        "legs",          2, 3, {{ANA, -5}, {BEN, 9}, {ANA, -4}}},
    {"a memo of 501 lines",                   LEDGER_TEXT_MALFORMED,      "memo",         -1, 2, {{ANA, -5}, {BEN, 5}}, .memo = lines_501},
    {"a tab, and nobody there",               LEDGER_TEXT_MALFORMED,      "reference",    -1, 2, {{ANA, -5}, {NOBODY, 5}}, .reference = "\t"},
    {"a long memo, and nobody there",         LEDGER_TEXT_TOO_LONG,       "memo",         -1, 2, {{ANA, -5}, {NOBODY, 5}}, .memo = memo_501},
    {"a long reference, and nobody there",    LEDGER_TEXT_TOO_LONG,       "reference",    -1, 2, {{ANA, -5}, {NOBODY, 5}}, .reference = reference_121},
    {"nobody there, and unbalanced",          LEDGER_NO_SUCH_ACCOUNT,     "legs",          1, 2, {{ANA, -5}, {NOBODY, 6}}},
    {"account 0",                             LEDGER_NO_SUCH_ACCOUNT,     "legs",          0, 2, {{0, -5}, {ANA, 5}}},
    {"unbalanced, and tomorrow",              LEDGER_UNBALANCED,          "legs",          0, 2, {{ANA, -5}, {BEN, 6}}, .on = "2026-03-03"},
    {"money for hours",                       LEDGER_UNBALANCED,          "legs",          0, 2, {{ANA, -5}, {BEN_HOURS, 5}}},
    {"one currency of two does not balance",  LEDGER_UNBALANCED,          "legs",          2, 4, {{ANA, -5}, {BEN, 5}, {ANA_HOURS, 6}, {BEN_HOURS, -5}}},
    {"tomorrow, and with leo",                LEDGER_DATE_IN_FUTURE,      "effective_on", -1, 2, {{ANA, -5}, {LEO, 5}}, .on = "2026-03-03"},
    {"the last closed day, and with leo",     LEDGER_PERIOD_CLOSED,       "effective_on", -1, 2, {{ANA, -5}, {LEO, 5}}, .on = "2026-02-27"},
    {"the first open day, and with leo",      LEDGER_MEMBER_NOT_ACTIVE,   "legs",          1, 2, {{ANA, -5}, {LEO, 5}}, .on = "2026-02-28"},
    {"who has left does not pay",             LEDGER_MEMBER_NOT_ACTIVE,   "legs",          0, 2, {{LEO, -5}, {ANA, 5}}},
    {"who has applied does not pay",          LEDGER_MEMBER_NOT_ACTIVE,   "legs",          0, 2, {{ADA, -5}, {ANA, 5}}},
    {"nor is paid",                           LEDGER_MEMBER_NOT_ACTIVE,   "legs",          1, 2, {{ANA, -5}, {ADA, 5}}},
    {"suspended, and over the limit",         LEDGER_MEMBER_NOT_ACTIVE,   "legs",          0, 2, {{SUE, -10001}, {ANA, 10001}}},
    {"over the limit, after who cannot take", LEDGER_OVER_LIMIT,          "legs",          1, 2, {{BEN, 10001}, {ANA, -10001}}},
    {"who cannot take",                       LEDGER_PAYEE_CANNOT_TAKE,   "legs",          0, 2, {{BEN, 5001}, {ANA, -5001}}},
};
/* clang-format on */

static void the_first_broken_rule_is_named(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    set_limits(&r, BEN, -10000, 5000);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *row = &refusals[i];
        const struct ledger_transfer_draft shape = {.kind = LEDGER_EXCHANGE,
                                                    .memo = row->memo,
                                                    .reference = row->reference,
                                                    .has_effective = row->on != NULL,
                                                    .effective_on =
                                                        row->on ? region_day(row->on) : 0};
        const struct ledger_facts *facts = ledger_last_facts(r.l);

        REFUSED_ROW(&r, row->outcome, row->what, post(&r, &shape, row->legs, row->leg_count));
        if (facts->leg != row->leg ||
            strcmp(facts->field ? facts->field : "", row->field ? row->field : "") != 0)
            fail_msg("%s: blames %s, %d", row->what, facts->field, facts->leg);
    }
    region_end(&r);
}

static void a_clock_behind_is_told_after_the_members_and_before_the_limits(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_commit(&r);
    region_pay(&r, ANA, BEN, 100);
    r.clock.now_us -= 10 * MINUTE_US;
    region_pay(&r, ANA, BEN, 100);
    REFUSED(&r, LEDGER_MEMBER_NOT_ACTIVE, region_try_pay(&r, SUE, ANA, 5));
    REFUSED(&r, LEDGER_CLOCK_BEHIND, region_try_pay(&r, ANA, BEN, 99999));
    r.clock.now_us++;
    REFUSED(&r, LEDGER_OVER_LIMIT, region_try_pay(&r, ANA, BEN, 99999));
    region_end(&r);
}

/* clang-format off */
static const struct move {
    const char *what;
    int64_t payer;
    int64_t payee;
    int64_t amount_minor;
    enum ledger_status outcome;
    int64_t ana_minor;
    int64_t ben_minor;
    int64_t sue_minor;
} moves[] = {
    {"a payment moves both balances", ANA, BEN,  6000, LEDGER_OK,                 -6000,  6000,     0},
    {"the floor may be touched",      ANA, BEN,  4000, LEDGER_OK,                -10000, 10000,     0},
    {"and not crossed",               ANA, SUE,     1, LEDGER_OVER_LIMIT,        -10000, 10000,     0},
    {"back from both ends",           BEN, ANA, 10000, LEDGER_OK,                     0,     0,     0},
    {"who is suspended receives",     BEN, SUE, 10000, LEDGER_OK,                     0, -10000, 10000},
    {"up to its ceiling",             ANA, SUE,     1, LEDGER_PAYEE_CANNOT_TAKE,      0, -10000, 10000},
};
/* clang-format on */

static void limits_are_touched_and_not_crossed(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        const struct move *row = &moves[i];

        EXPECT_ROW(&r, row->outcome, row->what,
                   region_try_pay(&r, row->payer, row->payee, row->amount_minor));
        if (region_balance(&r, ANA) != row->ana_minor ||
            region_balance(&r, BEN) != row->ben_minor || region_balance(&r, SUE) != row->sue_minor)
            fail_msg("%s: moved otherwise", row->what);
    }
    region_end(&r);
}

static void a_lowered_limit_lets_a_balance_back_inside(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_pay(&r, ANA, BEN, 8000);
    set_limits(&r, ANA, -2000, 10000);
    set_limits(&r, BEN, -10000, 2000);
    REFUSED(&r, LEDGER_OVER_LIMIT, region_try_pay(&r, ANA, SUE, 1));
    assert_string_equal(ledger_message(r.l),
                        "ana is over its limit by 60.00 CALD and cannot pay 0.01");
    region_pay(&r, BEN, ANA, 500);
    assert_int_equal(region_balance(&r, ANA), -7500);
    assert_int_equal(region_balance(&r, BEN), 7500);
    const struct ledger_leg more[] = {{BEN, 1}, {SUE, -1}};
    OK(&r, ledger_member_change_state(r.l, SUE, LEDGER_ACTIVE, &region_why));
    REFUSED(&r, LEDGER_PAYEE_CANNOT_TAKE, post(&r, &exchange, more, 2));
    region_pay(&r, BEN, ANA, 5500);
    REFUSED(&r, LEDGER_OVER_LIMIT, region_try_pay(&r, ANA, BEN, 1));
    region_end(&r);
}

static void a_payer_does_not_read_the_payees_figures(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    set_limits(&r, BEN, -10000, 1234);
    REFUSED(&r, LEDGER_PAYEE_CANNOT_TAKE, region_try_pay(&r, ANA, BEN, 1235));
    assert_string_equal(ledger_message(r.l), "ben cannot take this amount");
    assert_int_equal(ledger_last_facts(r.l)->account_id, BEN);
    assert_int_equal(ledger_last_facts(r.l)->room_minor, 1234);
    REFUSED(&r, LEDGER_OVER_LIMIT, region_try_pay(&r, ANA, BEN, 10001));
    assert_string_equal(ledger_message(r.l), "ana can spend 100.00 CALD more, and this is 100.01");
    assert_int_equal(ledger_last_facts(r.l)->account_id, ANA);
    assert_int_equal(ledger_last_facts(r.l)->room_minor, 10000);
    region_end(&r);
}

static void many_legs_in_two_currencies_move_together(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;
    const struct ledger_leg legs[] = {
        {ANA, -700}, {ANA_HOURS, 200}, {SUE, 300}, {BEN, 400}, {BEN_HOURS, -200}};
    const struct ledger_transfer_draft draft = {.kind = LEDGER_EXCHANGE,
                                                .memo = memo_500,
                                                .reference = reference_120,
                                                .has_effective = true,
                                                .effective_on = region_day("2026-02-28"),
                                                .legs = legs,
                                                .leg_count = 5};
    int64_t id;

    start(&r);
    region_pay(&r, BEN, ANA, 100);
    OK(&r, ledger_transfer_post(r.l, &draft, &id));
    OK(&r, ledger_transfer_get(r.l, id, &t));
    assert_int_equal(id, 2);
    assert_int_equal(t.kind, LEDGER_EXCHANGE);
    assert_int_equal(t.effective_on, region_day("2026-02-28"));
    assert_true(t.has_text && !t.erased);
    assert_string_equal(t.memo, memo_500);
    assert_string_equal(t.reference, reference_120);
    assert_int_equal(t.leg_count, 5);
    const int64_t after[] = {-600, 200, 300, 300, -200};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(t.entries[i].account_id, legs[i].account_id);
        assert_int_equal(t.entries[i].amount_minor, legs[i].amount_minor);
        assert_int_equal(t.entries[i].balance_minor, after[i]);
        assert_int_equal(region_balance(&r, legs[i].account_id), after[i]);
    }
    assert_string_equal(t.entries[1].handle, "ana");
    assert_string_equal(t.entries[1].code, "HOUR");
    region_end(&r);
}

static void a_transfer_has_at_most_64_legs(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;
    struct ledger_leg legs[LEDGER_LEGS_MAX + 1] = {{ANA, -(LEDGER_LEGS_MAX - 1)}};
    char handle[16];

    start(&r);
    for (int i = 1; i <= LEDGER_LEGS_MAX; i++) {
        snprintf(handle, sizeof handle, "m%d", i);
        region_member(&r, handle);
        legs[i] = (struct ledger_leg){region_account(&r, handle, "CALD"), 1};
    }
    OK(&r, post(&r, &exchange, legs, LEDGER_LEGS_MAX));
    OK(&r, ledger_transfer_get(r.l, 1, &t));
    assert_int_equal(t.leg_count, LEDGER_LEGS_MAX);
    assert_int_equal(t.entries[63].balance_minor, 1);
    legs[0].amount_minor--;
    REFUSED(&r, LEDGER_TOO_MANY_LEGS, post(&r, &exchange, legs, LEDGER_LEGS_MAX + 1));
    legs[0].amount_minor = 0;
    REFUSED(&r, LEDGER_TOO_MANY_LEGS, post(&r, &exchange, legs, LEDGER_LEGS_MAX + 1));
    region_end(&r);
}

/* clang-format off */
static const struct suspension {
    const char *what;
    struct ledger_transfer_draft shape;
    enum ledger_status pays;
} suspensions[] = {
    {"buys nothing",            {.kind = LEDGER_EXCHANGE},                         LEDGER_MEMBER_NOT_ACTIVE},
    {"opens nothing new",       {.kind = LEDGER_OPENING},                          LEDGER_MEMBER_NOT_ACTIVE},
    {"imports nothing new",     {.kind = LEDGER_IMPORT},                           LEDGER_MEMBER_NOT_ACTIVE},
    {"what it owed stays owed", {.kind = LEDGER_OPENING, .without_limits = true},  LEDGER_OK},
    {"in a history too",        {.kind = LEDGER_IMPORT, .without_limits = true},   LEDGER_OK},
    {"a hold is captured",      {.kind = LEDGER_CAPTURE, .reserved = true},        LEDGER_OK},
    {"gives back",              {.kind = LEDGER_REFUND, .corrects = 1},            LEDGER_OK},
    {"is reversed",             {.kind = LEDGER_REVERSAL, .corrects = 1},          LEDGER_OK},
    {"settles",                 {.kind = LEDGER_SETTLEMENT},                       LEDGER_OK},
    {"is written off",          {.kind = LEDGER_WRITE_OFF},                        LEDGER_OK},
};
/* clang-format on */

static void a_suspended_member_receives_and_repays(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg out[] = {{SUE, -1}, {ANA, 1}};
    const struct ledger_leg in[] = {{ANA, -1}, {SUE, 1}};

    start(&r);
    region_pay(&r, ANA, SUE, 100);
    for (size_t i = 0; i < sizeof suspensions / sizeof suspensions[0]; i++) {
        const struct suspension *row = &suspensions[i];

        EXPECT_ROW(&r, row->pays, row->what, post(&r, &row->shape, out, 2));
        if (row->shape.kind != LEDGER_REVERSAL)
            OK(&r, post(&r, &row->shape, in, 2));
    }
    REFUSED(&r, LEDGER_MEMBER_NOT_ACTIVE, region_try_pay(&r, SUE, ANA, 1));
    assert_string_equal(ledger_message(r.l), "sue is suspended: it may receive and repay, not pay");
    region_end(&r);
}

static void a_fact_goes_beyond_limits_and_not_beyond_the_rest(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_transfer_draft opening = {.kind = LEDGER_OPENING, .without_limits = true};
    const struct ledger_transfer_draft limited = {.kind = LEDGER_IMPORT};
    const struct ledger_transfer_draft ahead = {.kind = LEDGER_IMPORT,
                                                .without_limits = true,
                                                .has_effective = true,
                                                .effective_on = region_day("2026-03-03")};
    const struct ledger_leg far[] = {{ANA, -10001}, {BEN, 10001}};
    const struct ledger_leg unequal[] = {{ANA, -10001}, {BEN, 10002}};
    const struct ledger_leg with_leo[] = {{ANA, -10001}, {LEO, 10001}};

    start(&r);
    REFUSED(&r, LEDGER_OVER_LIMIT, post(&r, &limited, far, 2));
    REFUSED(&r, LEDGER_UNBALANCED, post(&r, &import, unequal, 2));
    REFUSED(&r, LEDGER_DATE_IN_FUTURE, post(&r, &ahead, far, 2));
    REFUSED(&r, LEDGER_MEMBER_NOT_ACTIVE, post(&r, &import, with_leo, 2));
    OK(&r, post(&r, &import, far, 2));
    OK(&r, post(&r, &opening, far, 2));
    assert_int_equal(region_balance(&r, ANA), -20002);
    assert_int_equal(region_balance(&r, BEN), 20002);
    region_end(&r);
}

static void a_balance_reaches_the_largest_amount_and_no_further(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg largest[] = {{ANA, -MAX}, {BEN, MAX}};
    const struct ledger_leg one[] = {{ANA, -1}, {BEN, 1}};
    const struct ledger_leg both[] = {{ANA_HOURS, -10001}, {BEN_HOURS, 10001}, {BEN, 1}, {ANA, -1}};

    start(&r);
    OK(&r, post(&r, &import, largest, 2));
    assert_int_equal(region_balance(&r, BEN), MAX);
    REFUSED(&r, LEDGER_AMOUNT_OVERFLOW, post(&r, &import, one, 2));
    REFUSED(&r, LEDGER_AMOUNT_OVERFLOW, post(&r, &exchange, one, 2));
    REFUSED(&r, LEDGER_AMOUNT_OVERFLOW, post(&r, &exchange, both, 4));
    OK(&r, region_try_pay(&r, BEN, ANA, 1));
    OK(&r, post(&r, &import, one, 2));
    region_end(&r);
}

static int64_t posted_at(struct region *r, int64_t id)
{
    struct ledger_transfer t;

    OK(r, ledger_transfer_get(r->l, id, &t));
    return t.posted_at_us;
}

static void each_posting_is_later_than_the_one_before(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_commit(&r);
    int64_t noon_us = r.clock.now_us;
    assert_int_equal(posted_at(&r, region_pay(&r, ANA, BEN, 1)), noon_us);
    assert_int_equal(posted_at(&r, region_pay(&r, ANA, BEN, 1)), noon_us + 1);
    region_commit(&r);
    r.clock.now_us = noon_us - 9 * MINUTE_US;
    assert_int_equal(posted_at(&r, region_pay(&r, ANA, BEN, 1)), noon_us + 2);
    r.clock.now_us = noon_us + MINUTE_US;
    assert_int_equal(posted_at(&r, region_pay(&r, ANA, BEN, 1)), noon_us + MINUTE_US);
    r.clock.now_us -= REGION_HOUR_US;
    REFUSED(&r, LEDGER_CLOCK_BEHIND, region_try_pay(&r, ANA, BEN, 1));
    OK(&r, ledger_clock_accept(r.l, &region_why));
    assert_int_equal(posted_at(&r, region_pay(&r, ANA, BEN, 1)), noon_us + MINUTE_US + 1);
    region_end(&r);
}

static void today_is_the_ledgers_day(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;
    struct ledger_transfer_draft shape = {
        .kind = LEDGER_EXCHANGE, .has_effective = true, .effective_on = region_day("2026-06-02")};
    const struct ledger_leg legs[] = {{ANA, -1}, {BEN, 1}};

    start(&r);
    r.clock.now_us = region_day("2026-06-01") * LEDGER_US_PER_DAY - REGION_HOUR_US / 2;
    OK(&r, ledger_transfer_get(r.l, region_pay(&r, ANA, BEN, 1), &t));
    assert_int_equal(t.effective_on, region_day("2026-06-01"));
    REFUSED(&r, LEDGER_DATE_IN_FUTURE, post(&r, &shape, legs, 2));
    region_end(&r);
}

/* clang-format off */
static const struct listing {
    const char *what;
    struct ledger_transfer_filter filter;
    const char *ids;
} listings[] = {
    {"all, in order",           {.limit = 9},                                                "1 2 3 4 "},
    {"a page",                  {.limit = 2},                                                "1 2 "},
    {"the next",                {.after_id = 2, .limit = 2},                                 "3 4 "},
    {"within bounds",           {.from_id = 2, .to_id = 3, .limit = 9},                      "2 3 "},
    {"a page of that",          {.from_id = 2, .to_id = 4, .after_id = 2, .limit = 9},       "3 4 "},
    {"an account's",            {.account_id = SUE, .limit = 9},                             "2 4 "},
    {"a page of an account's",  {.account_id = SUE, .after_id = 2, .limit = 9},              "4 "},
    {"bounds of an account's",  {.account_id = ANA, .from_id = 2, .to_id = 3, .limit = 9},   "2 3 "},
    {"an account that is none", {.account_id = NOBODY, .limit = 9},                          ""},
};
/* clang-format on */

static enum ledger_status note_id(void *ctx, const struct ledger_transfer *t)
{
    char *ids = ctx;

    snprintf(ids + strlen(ids), 100 - strlen(ids), "%lld ", (long long)t->id);
    return LEDGER_OK;
}

static void lists_are_in_order_of_id(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;

    start(&r);
    region_pay(&r, ANA, BEN, 1);
    region_pay(&r, ANA, SUE, 1);
    region_pay(&r, BEN, ANA, 1);
    region_pay(&r, BEN, SUE, 1);
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++) {
        char ids[100] = "";

        OK(&r, ledger_transfer_each(r.l, &listings[i].filter, note_id, ids));
        if (strcmp(ids, listings[i].ids) != 0)
            fail_msg("%s: %s", listings[i].what, ids);
    }
    EXPECT(&r, LEDGER_NO_SUCH_TRANSFER, ledger_transfer_get(r.l, 0, &t));
    EXPECT(&r, LEDGER_NO_SUCH_TRANSFER, ledger_transfer_get(r.l, 5, &t));
    region_end(&r);
}

static void kinds_have_names_of_their_own(void **state)
{
    (void)state;
    enum ledger_transfer_kind kind;

    for (int k = LEDGER_EXCHANGE; k <= LEDGER_REDEMPTION; k++) {
        const char *name = ledger_transfer_kind_name((enum ledger_transfer_kind)k);
        assert_int_equal(ledger_transfer_kind_parse(name, &kind), LEDGER_OK);
        assert_int_equal(kind, k);
    }
    assert_int_equal(ledger_transfer_kind_parse("gift", &kind), LEDGER_CHOICE_UNKNOWN);
    assert_int_equal(ledger_transfer_kind_parse("", &kind), LEDGER_CHOICE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_broken_rule_is_named),
        cmocka_unit_test(a_clock_behind_is_told_after_the_members_and_before_the_limits),
        cmocka_unit_test(limits_are_touched_and_not_crossed),
        cmocka_unit_test(a_lowered_limit_lets_a_balance_back_inside),
        cmocka_unit_test(a_payer_does_not_read_the_payees_figures),
        cmocka_unit_test(many_legs_in_two_currencies_move_together),
        cmocka_unit_test(a_transfer_has_at_most_64_legs),
        cmocka_unit_test(a_suspended_member_receives_and_repays),
        cmocka_unit_test(a_fact_goes_beyond_limits_and_not_beyond_the_rest),
        cmocka_unit_test(a_balance_reaches_the_largest_amount_and_no_further),
        cmocka_unit_test(each_posting_is_later_than_the_one_before),
        cmocka_unit_test(today_is_the_ledgers_day),
        cmocka_unit_test(lists_are_in_order_of_id),
        cmocka_unit_test(kinds_have_names_of_their_own),
    };

    return cmocka_run_group_tests(tests, fill_texts, NULL);
}
