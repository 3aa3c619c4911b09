/*
 * test_warning.c - which accounts deserve a look: near a limit, leading there, idle, one way only; and sectors.
 */
#include "support/region.h"

#include "ledger/correction.h"
#include "ledger/departure.h"
#include "ledger/limit.h"
#include "ledger/member.h"
#include "ledger/warning.h"

#include <stdio.h>
#include <string.h>

enum { MILL = 1, JOINERS, RIVERSIDE, FUND };

/* All are opened on 2026-03-02; limits are 100.00 either way. */
static int set_up(void **state)
{
    static struct region r;
    static const char *const handles[] = {"mill", "joiners", "riverside", "fund"};

    region_start_file(&r);
    region_currency(&r, "CALD");
    for (int i = 0; i < 3; i++)
        region_member(&r, handles[i]);
    region_fund(&r, "fund");
    for (int i = 0; i < 4; i++)
        region_account(&r, handles[i], "CALD");
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

struct told {
    char text[600];
};

static enum ledger_status tell(void *ctx, const struct ledger_warning *w)
{
    struct told *told = ctx;
    size_t used = strlen(told->text);

    snprintf(told->text + used, sizeof told->text - used, "%s%s %s %d %lld %d %lld%s",
             used ? "; " : "", w->account.handle, ledger_warning_kind_name(w->kind), w->percent,
             (long long)w->amount_minor, w->days, (long long)w->left_days,
             w->never_traded ? " never" : "");
    return LEDGER_OK;
}

static void rule(struct region *r, enum ledger_warning_rule_name name, int value)
{
    struct ledger_warning_rule set = {.name = name, .value = value, .from_on = ledger_today(r->l)};

    OK(r, ledger_warning_rule_set(r->l, &set, &region_why));
}

struct move {
    const char *day;
    int payer;
    int payee;
    int64_t amount_minor;
};

static const struct story {
    const char *what;
    struct move moves[8];
    const char *today;
    int rules[LEDGER_WARNING_RULES];
    const char *told; /* who, kind, per cent, amount, days, days left */
} stories[] = {
    /* soft limits */
    {"below 80 per cent", {{"2026-03-02", MILL, FUND, 7999}}, "2026-03-02", {80, 80, 0, 0, 0}, ""},
    {"at 80 per cent of the floor and the ceiling",
     {{"2026-03-02", MILL, FUND, 8000}},
     "2026-03-02",
     {80, 80, 0, 0, 0},
     "mill near-floor 80 2000 0 0; fund near-ceiling 80 2000 0 0"},
    {"only the floor is looked at",
     {{"2026-03-02", MILL, FUND, 8000}},
     "2026-03-02",
     {80, 0, 0, 0, 0},
     "mill near-floor 80 2000 0 0"},
    {"other shares",
     {{"2026-03-02", MILL, FUND, 5000}},
     "2026-03-02",
     {51, 50, 0, 0, 0},
     "fund near-ceiling 50 5000 0 0"},
    {"at the limit",
     {{"2026-03-02", MILL, FUND, 10000}},
     "2026-03-02",
     {100, 100, 0, 0, 0},
     "mill near-floor 100 0 0 0; fund near-ceiling 100 0 0 0"},

    /* the pace: 60.00 in 90 days, 40.00 left */
    {"sixty days left, and that is far off",
     {{"2026-03-03", MILL, JOINERS, 2000}, {"2026-05-01", MILL, JOINERS, 4000}},
     "2026-05-31",
     {0, 0, 30, 0, 0},
     ""},
    {"the last 30 days are faster: 40.00 in them, 40.00 left",
     {{"2026-03-03", MILL, JOINERS, 2000}, {"2026-05-02", MILL, JOINERS, 4000}},
     "2026-05-31",
     {0, 0, 30, 0, 0},
     "mill floor-ahead 0 4000 30 30; joiners ceiling-ahead 0 4000 30 30"},
    {"a day less is asked for",
     {{"2026-03-03", MILL, JOINERS, 2000}, {"2026-05-02", MILL, JOINERS, 4000}},
     "2026-05-31",
     {0, 0, 29, 0, 0},
     ""},
    {"half a day is none",
     {{"2026-05-02", MILL, FUND, 9900}},
     "2026-05-31",
     {0, 0, 1, 0, 0},
     "mill floor-ahead 0 9900 30 0; fund ceiling-ahead 0 9900 30 0"},
    {"only the 90 days are fast",
     {{"2026-03-03", MILL, JOINERS, 9000}},
     "2026-05-31",
     {0, 0, 30, 0, 0},
     "mill floor-ahead 0 9000 90 10; joiners ceiling-ahead 0 9000 90 10"},
    {"what came back counts",
     {{"2026-03-03", MILL, JOINERS, 9000}, {"2026-05-05", JOINERS, MILL, 7000}},
     "2026-05-31",
     {0, 0, 30, 0, 0},
     ""},
    {"an account younger than its pace has none",
     {{"2026-03-03", MILL, JOINERS, 6000}},
     "2026-03-31",
     {0, 0, 30, 0, 0},
     ""},
    {"and one as old has",
     {{"2026-03-03", MILL, JOINERS, 6000}},
     "2026-04-01",
     {0, 0, 30, 0, 0},
     "mill floor-ahead 0 6000 30 20; joiners ceiling-ahead 0 6000 30 20"},

    /* no trade; a fund does not have to */
    {"the day before it is long",
     {{"2026-03-10", MILL, JOINERS, 10}},
     "2026-03-31",
     {0, 0, 0, 30, 0},
     ""},
    {"no trade since the opening",
     {{"2026-03-10", MILL, JOINERS, 10}},
     "2026-04-01",
     {0, 0, 0, 30, 0},
     "riverside idle 0 0 30 0 never"},
    {"no trade since a day",
     {{"2026-03-10", MILL, JOINERS, 10}, {"2026-03-11", JOINERS, RIVERSIDE, 10}},
     "2026-04-09",
     {0, 0, 0, 30, 0},
     "mill idle 0 0 30 0"},

    /* one way */
    {"only pays, only receives",
     {{"2026-03-10", MILL, JOINERS, 10}, {"2026-04-05", MILL, JOINERS, 20}},
     "2026-04-20",
     {0, 0, 0, 0, 30},
     "mill only-pays 0 0 30 0; joiners only-receives 0 0 30 0"},
    {"both ways",
     {{"2026-04-04", MILL, JOINERS, 10}, {"2026-04-05", JOINERS, MILL, 20}},
     "2026-04-20",
     {0, 0, 0, 0, 30},
     ""},
    {"the other way before the days that count",
     {{"2026-03-20", JOINERS, MILL, 10}, {"2026-04-05", MILL, JOINERS, 20}},
     "2026-04-19",
     {0, 0, 0, 0, 30},
     "mill only-pays 0 0 30 0; joiners only-receives 0 0 30 0"},
    {"and on the first of them",
     {{"2026-03-21", JOINERS, MILL, 10}, {"2026-04-05", MILL, JOINERS, 20}},
     "2026-04-19",
     {0, 0, 0, 0, 30},
     ""},
    {"too young to tell", {{"2026-03-10", MILL, JOINERS, 10}}, "2026-03-31", {0, 0, 0, 0, 30}, ""},
};

static void tell_all(struct region *r, struct told *told)
{
    const struct ledger_warning_filter filter = {.member_id = 0};

    OK(r, ledger_warning_each(r->l, &filter, tell, told));
}

static void play(struct region *r, const struct story *s)
{
    for (int i = 0; i < LEDGER_WARNING_RULES; i++)
        rule(r, (enum ledger_warning_rule_name)i, s->rules[i]);
    for (const struct move *m = s->moves; m->day; m++) {
        region_set_day(r, m->day);
        region_pay(r, m->payer, m->payee, m->amount_minor);
    }
    region_set_day(r, s->today);
}

static void each_story_is_told(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        void *one;
        struct told told = {""};
        set_up(&one);
        play(one, &stories[i]);
        tell_all(one, &told);
        tear_down(&one);
        if (strcmp(told.text, stories[i].told) == 0)
            continue;
        print_error("%s: %s\n", stories[i].what, told.text);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void limits_that_are_none_warn_nobody(void **state)
{
    struct region *r = *state;
    struct ledger_limit limit = {
        .account_id = FUND, .floor_minor = 0, .ceiling_minor = LEDGER_AMOUNT_MAX};
    struct told told = {""};

    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    region_set_day(r, "2026-03-03");
    region_pay(r, MILL, FUND, 9000);
    region_set_day(r, "2026-04-01");
    rule(r, LEDGER_FLOOR_PERCENT, 0);
    tell_all(r, &told);
    assert_string_equal(told.text, "mill floor-ahead 0 9000 30 3");
}

/* A floor that was raised to zero below the balance, and holds that count. */
static void beyond_a_limit_and_held(void **state)
{
    struct region *r = *state;
    struct ledger_limit limit = {.account_id = MILL, .floor_minor = 0, .ceiling_minor = 10000};
    struct told told = {""};

    region_pay(r, MILL, FUND, 500);
    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    region_hold(r, JOINERS, RIVERSIDE, 8000, 24);
    tell_all(r, &told);
    assert_string_equal(told.text, "mill near-floor 1000000 -500 0 0; joiners near-floor 80 2000 "
                                   "0 0; riverside near-ceiling 80 2000 0 0");
    told.text[0] = '\0';
    r->clock.now_us += 25 * REGION_HOUR_US;
    tell_all(r, &told);
    assert_string_equal(told.text, "mill near-floor 1000000 -500 0 0");
}

static void who_has_left_has_none(void **state)
{
    struct region *r = *state;
    struct told told = {""};

    OK(r, ledger_member_leave(r->l, RIVERSIDE, &region_why));
    region_set_day(r, "2026-07-01");
    tell_all(r, &told);
    assert_string_equal(told.text, "mill idle 0 0 121 0 never; joiners idle 0 0 121 0 never");
}

/* An opening balance is no pace and no trade. */
static void an_opening_is_no_trade(void **state)
{
    struct region *r = *state;
    const struct ledger_leg legs[] = {{MILL, -9000}, {FUND, 9000}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_OPENING, .legs = legs, .leg_count = 2};
    struct told told = {""};
    int64_t id;

    rule(r, LEDGER_FLOOR_PERCENT, 0);
    rule(r, LEDGER_CEILING_PERCENT, 0);
    region_set_day(r, "2026-05-20");
    OK(r, ledger_transfer_post(r->l, &draft, &id));
    region_set_day(r, "2026-06-02");
    tell_all(r, &told);
    assert_string_equal(told.text, "mill idle 0 0 92 0 never; joiners idle 0 0 92 0 never; "
                                   "riverside idle 0 0 92 0 never");
    region_pay(r, MILL, FUND, 100);
    told.text[0] = '\0';
    tell_all(r, &told);
    assert_string_equal(told.text, "mill only-pays 0 0 90 0; joiners idle 0 0 92 0 never; "
                                   "riverside idle 0 0 92 0 never");
}

/* So many entries are looked at: what lies behind them does not count. */
static void the_look_at_trade_is_bounded(void **state)
{
    struct region *r = *state;
    struct ledger_limit limit = {.floor_minor = -LEDGER_AMOUNT_MAX,
                                 .ceiling_minor = LEDGER_AMOUNT_MAX};
    struct told told = {""};

    for (limit.account_id = MILL; limit.account_id <= JOINERS; limit.account_id++)
        OK(r, ledger_limit_set(r->l, &limit, &region_why));
    OK(r, ledger_member_leave(r->l, RIVERSIDE, &region_why));
    region_set_day(r, "2026-06-10");
    region_pay(r, JOINERS, MILL, 1);
    for (int i = 0; i < LEDGER_WARNING_WALK_MAX - 1; i++)
        region_pay(r, MILL, JOINERS, 1);
    tell_all(r, &told);
    assert_string_equal(told.text, "");
    region_pay(r, MILL, JOINERS, 1);
    tell_all(r, &told);
    assert_string_equal(told.text, "mill only-pays 0 0 90 0; joiners only-receives 0 0 90 0");
}

static void a_list_is_of_whom_it_says(void **state)
{
    struct region *r = *state;
    struct told told = {""};
    struct ledger_warning_filter filter = {.member_id = JOINERS};

    region_pay(r, MILL, JOINERS, 8500);
    region_set_day(r, "2026-03-31");
    OK(r, ledger_warning_each(r->l, &filter, tell, &told));
    assert_string_equal(told.text, "joiners near-ceiling 85 1500 0 0");
    filter = (struct ledger_warning_filter){.after_account_id = MILL};
    told.text[0] = '\0';
    OK(r, ledger_warning_each(r->l, &filter, tell, &told));
    assert_string_equal(told.text, "joiners near-ceiling 85 1500 0 0");
    filter = (struct ledger_warning_filter){.currency_id = 2};
    told.text[0] = '\0';
    OK(r, ledger_warning_each(r->l, &filter, tell, &told));
    assert_string_equal(told.text, "");
}

static const struct set {
    const char *what;
    enum ledger_warning_rule_name name;
    int value;
    int days; /* from today */
    const char *reason;
    enum ledger_status status;
} sets[] = {
    {"nothing", LEDGER_FLOOR_PERCENT, 0, 0, "decided", LEDGER_OK},
    {"all of it", LEDGER_FLOOR_PERCENT, 100, 0, "decided", LEDGER_OK},
    {"more than all", LEDGER_FLOOR_PERCENT, 101, 0, "decided", LEDGER_NUMBER_MALFORMED},
    {"less than nothing", LEDGER_CEILING_PERCENT, -1, 0, "decided", LEDGER_NUMBER_MALFORMED},
    {"400 days", LEDGER_IDLE_DAYS, 400, 0, "decided", LEDGER_OK},
    {"401 days", LEDGER_ONE_WAY_DAYS, 401, 0, "decided", LEDGER_NUMBER_MALFORMED},
    {"yesterday", LEDGER_DAYS_AHEAD, 10, -1, "decided", LEDGER_BACKDATED},
    {"no reason", LEDGER_DAYS_AHEAD, 10, 0, "", LEDGER_REASON_MISSING},
    {"tomorrow", LEDGER_DAYS_AHEAD, 10, 1, "decided", LEDGER_OK},
};

static enum ledger_status count_rule(void *ctx, const struct ledger_warning_rule *r)
{
    assert_string_equal(r->reason, "decided");
    ++*(int *)ctx;
    return LEDGER_OK;
}

static void a_rule_holds_from_its_day(void **state)
{
    struct region *r = *state;
    struct ledger_warning_rules rules;
    int count = 0;

    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        const struct ledger_why why = {"local:test", sets[i].reason, "steward"};
        struct ledger_warning_rule set = {.name = sets[i].name,
                                          .value = sets[i].value,
                                          .from_on = ledger_today(r->l) + sets[i].days};
        enum ledger_status st = ledger_warning_rule_set(r->l, &set, &why);
        if (st != sets[i].status)
            fail_msg("%s: %s", sets[i].what, ledger_status_facts(st)->code);
    }
    OK(r, ledger_warning_rules_on(r->l, ledger_today(r->l), &rules));
    assert_memory_equal(&rules, (&(struct ledger_warning_rules){{100, 80, 30, 400, 90}}),
                        sizeof rules);
    OK(r, ledger_warning_rules_on(r->l, ledger_today(r->l) + 1, &rules));
    assert_int_equal(rules.value[LEDGER_DAYS_AHEAD], 10);
    OK(r, ledger_warning_rule_each(r->l, 0, 10, count_rule, &count));
    assert_int_equal(count, 4);
    region_close(r);
    assert_non_null(strstr(region_raw(r->path, "UPDATE warning_rule SET value = 1"), "append"));
    assert_non_null(strstr(region_raw(r->path, "DELETE FROM warning_rule"), "append"));
    assert_non_null(strstr(
        region_raw(r->path, "INSERT OR REPLACE INTO warning_rule SELECT * FROM warning_rule"),
        "taken"));
    region_open(r, true);
}

static enum ledger_status tell_sector(void *ctx, const struct ledger_sector_flow *s)
{
    struct told *told = ctx;
    size_t used = strlen(told->text);

    snprintf(told->text + used, sizeof told->text - used, "%s%s %s %d %lld %lld %lld",
             used ? "; " : "", s->sector, s->code, s->accounts, (long long)s->balance_minor,
             (long long)s->in_minor, (long long)s->out_minor);
    return LEDGER_OK;
}

static void sector(struct region *r, int64_t member_id, const char *value)
{
    OK(r, ledger_member_set_attribute(r->l, member_id, "sector", value, ledger_today(r->l), "x"));
}

static void expect_sectors(struct region *r, int days, const char *text)
{
    struct told told = {""};

    OK(r, ledger_sector_each(r->l, days, tell_sector, &told));
    assert_string_equal(told.text, text);
}

static void what_crosses_a_sectors_border(void **state)
{
    struct region *r = *state;
    const struct ledger_leg legs[] = {{FUND, -600}, {MILL, 500}, {JOINERS, 100}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = 3};
    int64_t id;

    expect_sectors(r, 90, "");
    sector(r, MILL, "Bäckerei");
    sector(r, JOINERS, "BACKEREI");
    sector(r, RIVERSIDE, "repairs");
    expect_sectors(r, 90, "Bäckerei CALD 2 0 0 0; repairs CALD 1 0 0 0");
    region_pay(r, MILL, JOINERS, 700);
    expect_sectors(r, 90, "Bäckerei CALD 2 0 0 0; repairs CALD 1 0 0 0");
    region_set_day(r, "2026-03-03");
    region_pay(r, RIVERSIDE, MILL, 50);
    OK(r, ledger_transfer_post(r->l, &draft, &id));
    expect_sectors(r, 90, "Bäckerei CALD 2 650 650 0; repairs CALD 1 -50 0 50");
    OK(r, ledger_transfer_reverse(r->l, 2, &region_why, &id));
    expect_sectors(r, 90, "Bäckerei CALD 2 600 650 0; repairs CALD 1 0 0 50");
    region_set_day(r, "2026-03-04");
    region_pay(r, MILL, FUND, 5);
    expect_sectors(r, 1, "Bäckerei CALD 2 595 0 5; repairs CALD 1 0 0 0");
    sector(r, JOINERS, "");
    expect_sectors(r, 1, "Bäckerei CALD 1 -205 0 5; repairs CALD 1 0 0 0");
    OK(r, ledger_member_leave(r->l, RIVERSIDE, &region_why));
    expect_sectors(r, 1, "Bäckerei CALD 1 -205 0 5");
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_story_is_told), EACH(limits_that_are_none_warn_nobody),
        EACH(beyond_a_limit_and_held),        EACH(who_has_left_has_none),
        EACH(an_opening_is_no_trade),         EACH(the_look_at_trade_is_bounded),
        EACH(a_list_is_of_whom_it_says),      EACH(a_rule_holds_from_its_day),
        EACH(what_crosses_a_sectors_border),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
