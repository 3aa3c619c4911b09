/*
 * test_placement.c - people lent to one another: what is held, who signs, what is paid, what an early end leaves.
 */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/limit.h"
#include "ledger/member.h"
#include "ledger/placement.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>

enum { MILL = 1, RIVERSIDE, FUND };

/* 2026-03-02 is a Monday. Four weeks of 40:00 at 10.50 an hour. */
static struct ledger_placement draft(struct region *r)
{
    struct ledger_placement p = {.host_id = MILL,
                                 .member_id = RIVERSIDE,
                                 .payer_id = region_account(r, "training", "CALD"),
                                 .payee_id = region_account(r, "riverside", "CALD"),
                                 .rate_minor = 105,
                                 .minutes = 40 * 60,
                                 .starts_on = region_day("2026-03-02"),
                                 .ends_on = region_day("2026-03-29")};

    strcpy(p.person, "Ana Ruiz");
    return p;
}

static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_fund(&r, "training");
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static int64_t agree(struct region *r)
{
    struct ledger_placement p = draft(r);

    OK(r, ledger_placement_agree(r->l, &p, "local:test"));
    return p.id;
}

static enum ledger_status sign(struct region *r, const char *day, enum ledger_side side,
                               int minutes)
{
    const struct ledger_placement_signature s = {.placement_id = 1,
                                                 .day = region_day(day),
                                                 .side = side,
                                                 .minutes = minutes,
                                                 .actor = side == LEDGER_SIDE_HOST ? "token:1"
                                                                                   : "token:2"};

    return ledger_placement_sign(r->l, &s);
}

static void both(struct region *r, const char *day, int minutes)
{
    OK(r, sign(r, day, LEDGER_SIDE_HOST, minutes));
    OK(r, sign(r, day, LEDGER_SIDE_PERSON, minutes));
}

/* What the fund holds, what it has paid, and that the ledger agrees. */
static void expect(struct region *r, int64_t held_minor, int64_t paid_minor)
{
    struct ledger_verification v;
    struct ledger_placement p;
    struct ledger_account a;

    OK(r, ledger_placement_get(r->l, 1, &p));
    OK(r, ledger_account_get(r->l, p.payer_id, &a));
    assert_int_equal(a.reserved_out_minor, held_minor);
    assert_int_equal(a.balance_minor, -paid_minor);
    assert_int_equal(p.paid_minor, paid_minor);
    assert_int_equal(region_balance(r, p.payee_id), paid_minor);
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
}

static const struct agreed {
    const char *what;
    int64_t host;
    int64_t rate_minor;
    int minutes;
    const char *starts;
    const char *ends;
    const char *person;
    enum ledger_status status;
} agreed[] = {
    {"at home", RIVERSIDE, 105, 60, "2026-03-02", "2026-03-29", "Ana", LEDGER_PLACED_AT_HOME},
    {"no name", MILL, 105, 60, "2026-03-02", "2026-03-29", "", LEDGER_MISSING_PARAMETER},
    {"end first", MILL, 105, 60, "2026-03-03", "2026-03-02", "Ana", LEDGER_PERIOD_MALFORMED},
    {"366 days", MILL, 105, 60, "2026-03-02", "2027-03-02", "Ana", LEDGER_PERIOD_MALFORMED},
    {"365 days", MILL, 105, 60, "2026-03-02", "2027-03-01", "Ana", LEDGER_OK},
    {"long ago", MILL, 105, 60, "2026-01-01", "2026-02-01", "Ana", LEDGER_BACKDATED},
    {"no hours", MILL, 105, 0, "2026-03-02", "2026-03-29", "Ana", LEDGER_HOURS_MALFORMED},
    {"25 hours a day", MILL, 105, 1500, "2026-03-02", "2026-03-02", "Ana", LEDGER_HOURS_MALFORMED},
    {"no rate", MILL, 0, 60, "2026-03-02", "2026-03-29", "Ana", LEDGER_AMOUNT_NOT_POSITIVE},
    {"less than a cent", MILL, 1, 59, "2026-03-02", "2026-03-29", "Ana",
     LEDGER_AMOUNT_NOT_POSITIVE},
    {"too much", MILL, LEDGER_AMOUNT_MAX, 60, "2026-03-02", "2026-03-29", "Ana",
     LEDGER_AMOUNT_TOO_LARGE},
    {"over the fund's limit", MILL, 10001, 60, "2026-03-02", "2026-03-29", "Ana",
     LEDGER_OVER_LIMIT},
    {"at the fund's limit", MILL, 10000, 60, "2026-03-02", "2026-03-29", "Ana", LEDGER_OK},
    {"beyond a hold", MILL, 105, 60, "2027-03-20", "2027-03-29", "Ana", LEDGER_HOLD_TOO_LONG},
};

static void an_agreement_is_whole_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof agreed / sizeof agreed[0]; i++) {
        struct region r;
        void *one = &r;
        struct ledger_verification v;
        struct ledger_account a;

        set_up(&one);
        struct region *at = one;
        struct ledger_placement p = draft(at);
        p.host_id = agreed[i].host;
        p.rate_minor = agreed[i].rate_minor;
        p.minutes = agreed[i].minutes;
        p.starts_on = region_day(agreed[i].starts);
        p.ends_on = region_day(agreed[i].ends);
        strcpy(p.person, agreed[i].person);
        enum ledger_status st = ledger_placement_agree(at->l, &p, "local:test");
        if (st != agreed[i].status)
            fail_msg("%s: %s", agreed[i].what, ledger_status_facts(st)->code);
        OK(at, ledger_account_get(at->l, p.payer_id, &a));
        assert_int_equal(a.reserved_out_minor,
                         st == LEDGER_OK ? ledger_placement_due(&p, p.minutes) : 0);
        OK(at, ledger_verify(at->l, NULL, NULL, &v));
        tear_down(&one);
    }
}

static void what_both_sign_is_paid(void **state)
{
    struct region *r = *state;

    agree(r);
    expect(r, 4200, 0);
    OK(r, sign(r, "2026-03-04", LEDGER_SIDE_HOST, 605));
    expect(r, 4200, 0);
    OK(r, sign(r, "2026-03-02", LEDGER_SIDE_PERSON, 600));
    expect(r, 4200, 0);
    OK(r, sign(r, "2026-03-08", LEDGER_SIDE_HOST, 600));
    expect(r, 3150, 1050);
    EXPECT(r, LEDGER_WEEK_PAID, sign(r, "2026-03-03", LEDGER_SIDE_HOST, 1));
}

/* 1.05 an hour in weeks of 7 minutes: each is a cut, and the sum is not. */
static void the_parts_add_up(void **state)
{
    static const char *const weeks[] = {"2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"};
    struct region *r = *state;

    agree(r);
    region_set_day(r, "2026-03-29");
    for (int i = 0; i < 3; i++) {
        both(r, weeks[i], 7);
        expect(r, 4200 - 105 * 7 * (i + 1) / 60, 105 * 7 * (i + 1) / 60);
    }
    EXPECT(r, LEDGER_OVER_AGREED, sign(r, weeks[3], LEDGER_SIDE_HOST, 40 * 60 - 20));
    both(r, weeks[3], 40 * 60 - 21);
    expect(r, 0, 4200);
}

static void a_week_without_work_is_paid_nothing(void **state)
{
    struct region *r = *state;

    agree(r);
    both(r, "2026-03-02", 0);
    expect(r, 4200, 0);
    EXPECT(r, LEDGER_WEEK_PAID, sign(r, "2026-03-02", LEDGER_SIDE_HOST, 0));
}

static void who_signs_what_and_when(void **state)
{
    struct region *r = *state;
    struct ledger_placement_signature s = {.placement_id = 1,
                                           .day = region_day("2026-03-02"),
                                           .side = LEDGER_SIDE_HOST,
                                           .minutes = 60,
                                           .actor = "token:1"};

    EXPECT(r, LEDGER_NO_SUCH_PLACEMENT, ledger_placement_sign(r->l, &s));
    agree(r);
    EXPECT(r, LEDGER_OUTSIDE_PLACEMENT, sign(r, "2026-03-01", LEDGER_SIDE_HOST, 60));
    EXPECT(r, LEDGER_OUTSIDE_PLACEMENT, sign(r, "2026-03-30", LEDGER_SIDE_HOST, 60));
    EXPECT(r, LEDGER_WEEK_TO_COME, sign(r, "2026-03-09", LEDGER_SIDE_HOST, 60));
    EXPECT(r, LEDGER_HOURS_MALFORMED, sign(r, "2026-03-02", LEDGER_SIDE_HOST, 7 * 1440 + 1));
    EXPECT(r, LEDGER_HOURS_MALFORMED, sign(r, "2026-03-02", LEDGER_SIDE_HOST, -1));
    EXPECT(r, LEDGER_OVER_AGREED, sign(r, "2026-03-02", LEDGER_SIDE_HOST, 40 * 60 + 1));
    OK(r, ledger_placement_sign(r->l, &s));
    s.side = LEDGER_SIDE_PERSON;
    EXPECT(r, LEDGER_SIGNED_BY_ONE, ledger_placement_sign(r->l, &s));
    expect(r, 4200, 0);
    s.for_both = true; /* the node writes down what two have signed on paper */
    OK(r, ledger_placement_sign(r->l, &s));
    expect(r, 4200 - 105, 105);
}

/* Half of the days: half of the hours may still be signed, and the rest is free again. */
static void an_early_end_settles_pro_rata(void **state)
{
    struct region *r = *state;

    agree(r);
    both(r, "2026-03-02", 300);
    expect(r, 4200 - 525, 525);
    region_set_day(r, "2026-03-15");
    EXPECT(r, LEDGER_REASON_MISSING,
           ledger_placement_finish(r->l, 1, &(struct ledger_why){"local:test", "", ""}));
    OK(r, ledger_placement_finish(r->l, 1, &region_why));
    expect(r, 2100 - 525, 525);
    EXPECT(r, LEDGER_PLACEMENT_ENDED, ledger_placement_finish(r->l, 1, &region_why));
    EXPECT(r, LEDGER_OUTSIDE_PLACEMENT, sign(r, "2026-03-16", LEDGER_SIDE_HOST, 60));
    EXPECT(r, LEDGER_OVER_AGREED, sign(r, "2026-03-09", LEDGER_SIDE_HOST, 901));
    both(r, "2026-03-09", 900);
    expect(r, 0, 2100);
}

/* A fund that was cut down meanwhile pays what it held, and the rest without a reserve as far as it can. */
static void what_was_held_is_paid_when_limits_fall(void **state)
{
    struct region *r = *state;
    struct ledger_limit limit;
    struct ledger_placement p;

    agree(r);
    OK(r, ledger_placement_get(r->l, 1, &p));
    limit = (struct ledger_limit){
        .account_id = p.payer_id, .floor_minor = -600, .ceiling_minor = 10000};
    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    both(r, "2026-03-02", 600);
    expect(r, 0, 1050);
    region_set_day(r, "2026-03-09");
    OK(r, sign(r, "2026-03-09", LEDGER_SIDE_HOST, 60));
    EXPECT(r, LEDGER_OVER_LIMIT, sign(r, "2026-03-09", LEDGER_SIDE_PERSON, 60));
}

/* Four weeks after its last day nothing is held any more, and what is signed then is still paid. */
static void a_late_signature_is_paid_too(void **state)
{
    struct region *r = *state;

    agree(r);
    region_set_day(r, "2026-04-26");
    both(r, "2026-03-23", 60);
    expect(r, 4200 - 105, 105);
    region_set_day(r, "2026-04-27");
    both(r, "2026-03-16", 60);
    expect(r, 0, 210);
}

static const struct hours {
    const char *text;
    int minutes; /* -1: refused */
} hours[] = {
    {"0", 0},       {"7", 420},     {"7:30", 450}, {"7.5", 450},  {"7.25", 435}, {"0:01", 1},
    {"168", 10080}, {"168:01", -1}, {"7:60", -1},  {"7:3", -1},   {"7.33", -1},  {"7.", -1},
    {":30", -1},    {"-1", -1},     {"", -1},      {"7h", -1},    {"7:30x", -1}, {"999999", -1},
    {"7,5", -1},    {" 7", -1},     {"7.05", 423}, {"7.001", -1},
};

static void hours_are_whole_minutes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hours / sizeof hours[0]; i++) {
        int minutes = -1;
        enum ledger_status st = ledger_hours_parse(hours[i].text, LEDGER_WEEK_MINUTES, &minutes);

        if ((st == LEDGER_OK ? minutes : -1) != hours[i].minutes)
            fail_msg("\"%s\" is %d", hours[i].text, minutes);
    }
}

static struct ledger_vacancy wanted(struct region *r)
{
    struct ledger_vacancy v = {
        .member_id = MILL, .minutes_a_week = 960, .until_on = ledger_today(r->l)};

    strcpy(v.kind, "relief");
    strcpy(v.title, "Night shift");
    return v;
}

static void a_vacancy_stands_until_its_day(void **state)
{
    struct region *r = *state;
    struct ledger_vacancy v = wanted(r);
    struct ledger_placement p = draft(r);

    v.title[0] = '\0';
    EXPECT(r, LEDGER_MISSING_PARAMETER, ledger_vacancy_post(r->l, &v, "local:test"));
    v = wanted(r);
    v.until_on--;
    EXPECT(r, LEDGER_DATE_MALFORMED, ledger_vacancy_post(r->l, &v, "local:test"));
    v.until_on = ledger_today(r->l) + LEDGER_VACANCY_DAYS_MAX + 1;
    EXPECT(r, LEDGER_DATE_MALFORMED, ledger_vacancy_post(r->l, &v, "local:test"));
    v = wanted(r);
    v.minutes_a_week = LEDGER_WEEK_MINUTES + 1;
    EXPECT(r, LEDGER_HOURS_MALFORMED, ledger_vacancy_post(r->l, &v, "local:test"));
    v = wanted(r);
    OK(r, ledger_vacancy_post(r->l, &v, "local:test"));
    p.vacancy_id = 2;
    EXPECT(r, LEDGER_NO_SUCH_VACANCY, ledger_placement_agree(r->l, &p, "local:test"));
    p.vacancy_id = v.id;
    OK(r, ledger_placement_agree(r->l, &p, "local:test"));
    OK(r, ledger_vacancy_get(r->l, v.id, &v));
    assert_int_equal(v.placements, 1);
    OK(r, ledger_vacancy_close(r->l, v.id, &region_why));
    EXPECT(r, LEDGER_VACANCY_CLOSED, ledger_vacancy_close(r->l, v.id, &region_why));
    EXPECT(r, LEDGER_VACANCY_CLOSED, ledger_placement_agree(r->l, &p, "local:test"));
    v = wanted(r);
    OK(r, ledger_vacancy_post(r->l, &v, "local:test"));
    region_set_day(r, "2026-03-03");
    EXPECT(r, LEDGER_VACANCY_CLOSED, ledger_vacancy_close(r->l, v.id, &region_why));
}

static struct ledger_placement get(struct region *r, int64_t id)
{
    struct ledger_placement p;

    OK(r, ledger_placement_get(r->l, id, &p));
    return p;
}

/* Why one ended may name somebody: it goes with the names. */
static void its_words_go(void **state)
{
    const struct ledger_why why = {.actor = "local:test", .reason = "Ana found a job"};
    struct region *r = *state;
    struct ledger_verification v;

    agree(r);
    OK(r, ledger_placement_finish(r->l, 1, &why));
    assert_string_equal(get(r, 1).reason, why.reason);
    OK(r, ledger_erase_placement_text(r->l, 1, &region_why));
    assert_string_equal(get(r, 1).reason, "");
    assert_true(get(r, 1).ended_at_us > 0);
    EXPECT(r, LEDGER_ALREADY_ERASED, ledger_erase_placement_text(r->l, 1, &region_why));
    /* Erased first and ended afterwards, it keeps no words. */
    agree(r);
    OK(r, ledger_erase_placement_text(r->l, 2, &region_why));
    OK(r, ledger_placement_finish(r->l, 2, &why));
    assert_string_equal(get(r, 2).reason, "");
    /* With the member. */
    agree(r);
    OK(r, ledger_placement_finish(r->l, 3, &why));
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
    region_set_day(r, "2026-04-02");
    int64_t count;
    OK(r, ledger_hold_sweep(r->l, r->clock.now_us, &count));
    OK(r, ledger_member_leave(r->l, RIVERSIDE, &region_why));
    OK(r, ledger_erase_member(r->l, RIVERSIDE, &region_why));
    assert_string_equal(get(r, 3).reason, "");
    assert_string_equal(get(r, 3).person, "");
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
    region_close(r);
    assert_null(region_raw(r->path,
                           "CREATE TEMP TABLE words (n INTEGER CHECK (n = 0)); INSERT INTO words "
                           "SELECT count(*) FROM placement_end WHERE reason <> ''; INSERT INTO "
                           "words SELECT count(*) FROM placement_end_text"));
    region_open(r, true);
}

static const struct damage {
    const char *sql;
    const char *problem;
} damages[] = {
    {"UPDATE placement_week SET minutes = 601", "the rate times its hours is"},
    {"UPDATE placement_week SET amount_minor = 1", "the rate times its hours is"},
    {"UPDATE placement_sign SET minutes = 1 WHERE side = 'host'", "have not signed alike"},
    {"DELETE FROM placement_sign WHERE side = 'person'", "have not signed alike"},
    {"UPDATE placement SET minutes = 10", "more hours are paid"},
    {"UPDATE placement SET payee_id = 1", "does not pay what it says"},
    {"UPDATE placement SET host_id = member_id", "are one"},
    {"UPDATE placement SET minutes = 2300", "its open hold is of"},
    {"DELETE FROM placement_text", "no erasure is on record"},
    {"INSERT INTO vacancy_text VALUES (9, '', '', '')", "words stand without it"},
    {"INSERT INTO placement_end_text VALUES (9, '')", "words stand without it"},
    {"INSERT INTO placement_end_text VALUES (1, '')", "a reason and has not ended"},
    {"INSERT INTO placement_end VALUES (1, 20541, 2400, 0, '', '')", "ended without its reason"},
};

static void damage_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct region at;
        void *one = &at;
        struct ledger_verification v;

        set_up(&one);
        struct region *r = one;
        region_account(r, "mill", "CALD");
        agree(r);
        both(r, "2026-03-02", 600);
        region_close(r);
        region_damage(r->path, damages[i].sql);
        region_open(r, false);
        EXPECT(r, LEDGER_INTEGRITY, ledger_verify(r->l, NULL, NULL, &v));
        if (!strstr(ledger_message(r->l), damages[i].problem))
            fail_msg("%s: %s", damages[i].sql, ledger_message(r->l));
        region_end(r);
    }
}

static void the_file_refuses(void **state)
{
    static const char *const facts[] = {"vacancy",        "vacancy_close",  "placement",
                                        "placement_sign", "placement_week", "placement_end"};
    struct region *r = *state;
    struct ledger_vacancy v = wanted(r);
    char sql[200];

    OK(r, ledger_vacancy_post(r->l, &v, "local:test"));
    agree(r);
    both(r, "2026-03-02", 60);
    OK(r, ledger_placement_finish(r->l, 1, &region_why));
    OK(r, ledger_vacancy_close(r->l, 1, &region_why));
    region_close(r);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        static const char *const tries[][2] = {
            {"DELETE FROM %s", "append-only"},
            {"INSERT OR REPLACE INTO %1$s SELECT * FROM %1$s", "taken"}};
        for (int t = 0; t < 2; t++) {
            snprintf(sql, sizeof sql, tries[t][0], facts[i]);
            const char *message = region_raw(r->path, sql);
            if (!message || !strstr(message, tries[t][1]))
                fail_msg("%s: %s", sql, message ? message : "went through");
        }
    }
    assert_non_null(strstr(region_raw(r->path, "UPDATE placement_week SET minutes = 1"), "append"));
    assert_non_null(strstr(region_raw(r->path, "DELETE FROM placement_text"), "erasure first"));
    assert_non_null(strstr(region_raw(r->path, "DELETE FROM vacancy_text"), "erasure first"));
    assert_non_null(strstr(region_raw(r->path, "DELETE FROM placement_end_text"), "erasure first"));
    assert_non_null(
        strstr(region_raw(r->path, "UPDATE placement_end_text SET reason = ''"), "edited"));
    assert_non_null(strstr(
        region_raw(r->path, "INSERT OR REPLACE INTO placement_end_text VALUES (1, '')"), "taken"));
    assert_non_null(strstr(region_raw(r->path, "UPDATE vacancy_text SET title = ''"), "edited"));
    region_open(r, true);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_agreement_is_whole_or_none),
        EACH(what_both_sign_is_paid),
        EACH(the_parts_add_up),
        EACH(a_week_without_work_is_paid_nothing),
        EACH(who_signs_what_and_when),
        EACH(an_early_end_settles_pro_rata),
        EACH(what_was_held_is_paid_when_limits_fall),
        EACH(a_late_signature_is_paid_too),
        EACH(a_vacancy_stands_until_its_day),
        EACH(its_words_go),
        EACH(the_file_refuses),
        cmocka_unit_test(hours_are_whole_minutes),
        cmocka_unit_test(damage_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
