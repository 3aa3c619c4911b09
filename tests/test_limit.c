/* A limit is decided, holds from then on, and is remembered. */
#include "support/region.h"

#include "ledger/limit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEN "aaaaaaaaaa"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define FIVE_HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
#define MOST LEDGER_AMOUNT_MAX

/* clang-format off */
static const struct row {
    const char *what;
    int64_t floor_minor;
    int64_t ceiling_minor;
    const char *review; /* or NULL; today is 2026-03-02 */
    const char *reason;
    enum ledger_status outcome;
    const char *field;
} rows[] = {
    /* what it shows                    floor   ceiling  review        reason            outcome                 field */
    {"new limits",                      -5000,     7000, NULL,         "voted",          LEDGER_OK,              NULL},
    {"no room",                             0,        0, NULL,         "voted",          LEDGER_OK,              NULL},
    {"all the room there is",           -MOST,     MOST, NULL,         "voted",          LEDGER_OK,              NULL},
    {"a review today",                  -5000,     7000, "2026-03-02", "voted",          LEDGER_OK,              NULL},
    {"a review next year",              -5000,     7000, "2027-03-02", "voted",          LEDGER_OK,              NULL},
    {"the longest reason",              -5000,     7000, NULL,         FIVE_HUNDRED,     LEDGER_OK,              NULL},
    {"a floor above zero",                  1,     7000, NULL,         "voted",          LEDGER_LIMIT_MALFORMED, "floor"},
    {"a floor too deep",            -MOST - 1,     7000, NULL,         "voted",          LEDGER_LIMIT_MALFORMED, "floor"},
    {"a ceiling below zero",            -5000,       -1, NULL,         "voted",          LEDGER_LIMIT_MALFORMED, "ceiling"},
    {"a ceiling too high",              -5000, MOST + 1, NULL,         "voted",          LEDGER_LIMIT_MALFORMED, "ceiling"},
    {"no reason",                       -5000,     7000, NULL,         "",               LEDGER_REASON_MISSING,  "reason"},
    {"blanks are none",                 -5000,     7000, NULL,         " ",              LEDGER_REASON_MISSING,  "reason"},
    {"a line break in the reason",      -5000,     7000, NULL,         "a\nb",           LEDGER_TEXT_MALFORMED,  "reason"},
    {"a byte too many",                 -5000,     7000, NULL,         FIVE_HUNDRED "a", LEDGER_TEXT_TOO_LONG,   "reason"},
    {"a review yesterday",              -5000,     7000, "2026-03-01", "voted",          LEDGER_DATE_MALFORMED,  "review_on"},
    {"all wrong: first the limits",         1,     7000, "2026-03-01", "",               LEDGER_LIMIT_MALFORMED, "floor"},
    {"then that there is a reason",     -5000,     7000, "2026-03-01", "",               LEDGER_REASON_MISSING,  "reason"},
    {"then its words",                  -5000,     7000, "2026-03-01", "a\nb",           LEDGER_TEXT_MALFORMED,  "reason"},
};
/* clang-format on */

static struct ledger_limit limit_of(const struct row *row, int64_t account_id)
{
    return (struct ledger_limit){.account_id = account_id,
                                 .floor_minor = row->floor_minor,
                                 .ceiling_minor = row->ceiling_minor,
                                 .has_review = row->review != NULL,
                                 .review_on = row->review ? region_day(row->review) : 0};
}

static void check_kept(struct region *r, const struct ledger_limit *limit,
                       const struct ledger_why *why)
{
    struct ledger_limit got;
    struct ledger_account a;

    OK(r, ledger_account_get(r->l, limit->account_id, &a));
    assert_int_equal(a.floor_minor, limit->floor_minor);
    assert_int_equal(a.ceiling_minor, limit->ceiling_minor);
    OK(r, ledger_limit_at(r->l, limit->account_id, limit->from_us, &got));
    assert_int_equal(got.id, limit->id);
    assert_int_equal(got.account_id, limit->account_id);
    assert_int_equal(got.floor_minor, limit->floor_minor);
    assert_int_equal(got.ceiling_minor, limit->ceiling_minor);
    assert_int_equal(got.from_us, limit->from_us);
    assert_int_equal(got.has_review, limit->has_review);
    assert_int_equal(got.review_on, limit->review_on);
    assert_string_equal(got.actor, why->actor);
    assert_string_equal(got.reason, why->reason);
    assert_string_equal(got.authority, why->authority);
}

static void limits_are_set_whole_or_not_at_all(void **state)
{
    (void)state;
    struct region r;
    struct ledger_limit last;
    struct ledger_why last_why = {"local:test", "opened", "the currency's limits"};

    region_start(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    int64_t ana = region_account(&r, "ana", "CALD");
    OK(&r, ledger_limit_at(r.l, ana, INT64_MAX, &last));
    assert_int_equal(last.id, 1);
    check_kept(&r, &last, &last_why);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct ledger_why why = {"local:bo", rows[i].reason, "the meeting"};
        struct ledger_limit limit = limit_of(&rows[i], ana);
        r.clock.now_us += LEDGER_US_PER_SECOND;
        enum ledger_status got = ledger_limit_set(r.l, &limit, &why);
        const char *field = ledger_last_facts(r.l)->field;
        if (got != rows[i].outcome || (got && strcmp(field ? field : "", rows[i].field) != 0))
            fail_msg("%s: %s, %s", rows[i].what, ledger_status_facts(got)->code, field);
        if (got == LEDGER_OK) {
            assert_int_equal(limit.id, last.id + 1);
            assert_int_equal(limit.from_us, r.clock.now_us);
            last = limit;
            last_why = why;
        }
        check_kept(&r, &last, &last_why);
    }
    region_end(&r);
}

/* In a currency of -100.00 to 100.00, one step after another. */
/* clang-format off */
static const struct step {
    const char *what;
    int64_t floor_minor; /* set both limits of ana, */
    int64_t ceiling_minor;
    int64_t pays_minor;  /* or she pays ben, or he her where it is below zero */
    enum ledger_status outcome;
    int64_t balance_minor;
} steps[] = {
    /* what it shows                        floor  ceiling   pays  outcome                   balance */
    {"she goes out",                            0,       0,  6000, LEDGER_OK,                  -6000},
    {"a floor above where she is",          -1000,   10000,     0, LEDGER_OK,                  -6000},
    {"she may not go further",                  0,       0,     1, LEDGER_OVER_LIMIT,          -6000},
    {"she may come back, not all the way",      0,       0, -1000, LEDGER_OK,                  -5000},
    {"and no further out from there",           0,       0,     1, LEDGER_OVER_LIMIT,          -5000},
    {"she comes in",                            0,       0, -9000, LEDGER_OK,                   4000},
    {"the new floor may be touched",            0,       0,  5000, LEDGER_OK,                  -1000},
    {"and not crossed",                         0,       0,     1, LEDGER_OVER_LIMIT,          -1000},
    {"she goes up",                             0,       0, -6000, LEDGER_OK,                   5000},
    {"a ceiling below where she is",       -10000,    2000,     0, LEDGER_OK,                   5000},
    {"she takes no more",                       0,       0,    -1, LEDGER_PAYEE_CANNOT_TAKE,    5000},
    {"she may go down, not all the way",        0,       0,  1000, LEDGER_OK,                   4000},
    {"and down below it",                       0,       0,  3000, LEDGER_OK,                   1000},
    {"the new ceiling may be touched",          0,       0, -1000, LEDGER_OK,                   2000},
    {"and not crossed",                         0,       0,    -1, LEDGER_PAYEE_CANNOT_TAKE,    2000},
};
/* clang-format on */

static void a_balance_outside_may_stay_and_come_back(void **state)
{
    (void)state;
    struct region r;

    region_start(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t ben = region_account(&r, "ben", "CALD");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct step *step = &steps[i];
        struct ledger_limit limit = {.account_id = ana,
                                     .floor_minor = step->floor_minor,
                                     .ceiling_minor = step->ceiling_minor};
        enum ledger_status got;
        if (step->pays_minor > 0)
            got = region_try_pay(&r, ana, ben, step->pays_minor);
        else if (step->pays_minor < 0)
            got = region_try_pay(&r, ben, ana, -step->pays_minor);
        else
            got = ledger_limit_set(r.l, &limit, &region_why);
        if (got != step->outcome || region_balance(&r, ana) != step->balance_minor)
            fail_msg("%s: %s, %" PRId64, step->what, ledger_status_facts(got)->code,
                     region_balance(&r, ana));
    }
    region_end(&r);
}

static enum ledger_status describe(void *ctx, const struct ledger_limit *limit)
{
    char *text = ctx;
    size_t used = strlen(text);

    snprintf(text + used, 200 - used, "%" PRId64 ":%" PRId64 " ", limit->id, limit->floor_minor);
    return LEDGER_OK;
}

/* Ids 1 and 2 open ana's and ben's accounts; 3 and 5 are ana's on 3 and 5 March, 4 is ben's. */
static int64_t decide(struct region *r)
{
    struct ledger_limit limit = {.ceiling_minor = 10000};

    region_start(r);
    region_currency(r, "CALD");
    region_member(r, "ana");
    region_member(r, "ben");
    int64_t ana = region_account(r, "ana", "CALD");
    int64_t ben = region_account(r, "ben", "CALD");
    for (int day = 3; day <= 5; day++) {
        char date[] = "2026-03-00";
        date[9] = (char)('0' + day);
        region_set_day(r, date);
        limit.account_id = day == 4 ? ben : ana;
        limit.floor_minor = -100 * day;
        OK(r, ledger_limit_set(r->l, &limit, &region_why));
    }
    return ana;
}

static void the_history_is_told_oldest_first(void **state)
{
    (void)state;
    static const struct {
        int64_t after_id;
        int max;
        const char *lines;
    } pages[] = {
        {0, 100, "1:-10000 3:-300 5:-500 "},
        {0, 2, "1:-10000 3:-300 "},
        {1, 100, "3:-300 5:-500 "},
        {3, 1, "5:-500 "},
        {5, 100, ""},
    };
    struct region r;
    char text[200];

    int64_t ana = decide(&r);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        text[0] = '\0';
        OK(&r, ledger_limit_each(r.l, ana, pages[i].after_id, pages[i].max, describe, text));
        assert_string_equal(text, pages[i].lines);
    }
    text[0] = '\0';
    OK(&r, ledger_limit_each(r.l, 9, 0, 100, describe, text));
    assert_string_equal(text, "");
    region_end(&r);
}

static void the_limit_in_force_is_the_last_one_before(void **state)
{
    (void)state;
    struct region r;
    struct ledger_limit limit;

    int64_t ana = decide(&r);
    int64_t noon_us = region_day("2026-03-02") * LEDGER_US_PER_DAY + LEDGER_US_PER_DAY / 2;
    EXPECT(&r, LEDGER_NO_ROW, ledger_limit_at(r.l, ana, 0, &limit));
    OK(&r, ledger_limit_at(r.l, ana, noon_us + LEDGER_US_PER_DAY - 1, &limit));
    assert_int_equal(limit.id, 1);
    EXPECT(&r, LEDGER_NO_ROW, ledger_limit_at(r.l, ana, limit.from_us - 1, &limit));
    OK(&r, ledger_limit_at(r.l, ana, noon_us + LEDGER_US_PER_DAY, &limit));
    assert_int_equal(limit.id, 3);
    OK(&r, ledger_limit_at(r.l, ana, noon_us + 3 * LEDGER_US_PER_DAY - 1, &limit));
    assert_int_equal(limit.id, 3);
    OK(&r, ledger_limit_at(r.l, ana, INT64_MAX, &limit));
    assert_int_equal(limit.id, 5);
    EXPECT(&r, LEDGER_NO_ROW, ledger_limit_at(r.l, 9, INT64_MAX, &limit));
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_set_whole_or_not_at_all),
        cmocka_unit_test(a_balance_outside_may_stay_and_come_back),
        cmocka_unit_test(the_history_is_told_oldest_first),
        cmocka_unit_test(the_limit_in_force_is_the_last_one_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
