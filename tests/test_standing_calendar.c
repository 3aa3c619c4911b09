/*
 * test_standing_calendar.c - each due date is met once, over a leap year and clock changes, and whatever is done
 * in between.
 */
#include "support/chance.h"
#include "support/standing.h"

#include "ledger/chores.h"
#include "ledger/member.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define WEEK LEDGER_WEEKLY
#define MONTH LEDGER_MONTHLY
#define LAST LEDGER_CADENCE_LAST

enum { MILL = 1, RIVERSIDE }; /* members; their accounts too */

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
    standing_set_floor(r, MILL, -10000000);
    standing_set_floor(r, RIVERSIDE, -10000);
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
    const struct standing_met *m = standing_met(r, id);

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
            s = standing_draft(&r);
            s.cadence = yearly[i].cadence;
            s.first_on = region_day("2027-12-31");
            standing_order(&r, s);
        }
        run_the_year(&r);
        for (size_t i = 0; i < COUNT(yearly); i++)
            expect_each_on_its_day(&r, (int64_t)i + 1, yearly[i].dates);
        region_sound(&r);
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
    const struct standing_met *m = standing_met(r, id);
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
    struct ledger_standing s = standing_draft(r);

    *p = draw_plan(c, ledger_today(r->l));
    s.cadence = p->cadence;
    s.first_on = p->from_on;
    s.until_on = p->until_on;
    s.count = p->count;
    s.amount_minor = 1 + chance_below(c, 4000);
    s.payer_id = 1 + chance_below(c, 3);
    s.payee_id = 1 + s.payer_id % 3;
    standing_order(r, s);
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
        standing_set_floor(r, 1 + chance_below(c, 3), -chance_below(c, 40000));
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
        const struct ledger_standing s = standing_get(r, id);
        const struct standing_met *m = standing_met(r, id);

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
            standing_run(&r);
            for (int n = 0; n < PLANS; n++)
                agrees_with_calendar(&r, n + 1, &plans[n]);
        }
        for (int64_t a = 1; a <= 3; a++)
            assert_int_equal(region_balance(&r, a), paid_to(&r, a));
        region_sound(&r);
        region_end(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leap_year_with_both_clock_changes),
        cmocka_unit_test(every_due_date_is_met_once_whatever_happens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
