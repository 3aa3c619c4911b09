/*
 * test_default.c - what a default costs whom: the order, the shares, the second person, what is paid later.
 */
#include "support/damage.h"

#include "ledger/correction.h"
#include "ledger/default.h"
#include "ledger/departure.h"
#include "ledger/levy.h"
#include "ledger/limit.h"
#include "ledger/member.h"
#include "ledger/write_off.h"

#include <stdio.h>
#include <string.h>

enum { MILL = 1, RIVERSIDE, JOINERS, BAKERS, GUARANTEE, COMMONS, ACCOUNTS = COMMONS };

static const struct ledger_why no_reason = {.actor = "token:1", .reason = "", .authority = ""};
static const struct ledger_why first = {
    .actor = "token:1", .reason = "closed its doors", .authority = "treasurer"};
static const struct ledger_why second = {
    .actor = "token:2", .reason = "", .authority = "treasurer"};
static const struct ledger_why by_two = {
    .actor = "token:2", .reason = "it will not come", .authority = "treasurer"};

/*
 * mill owes 90.00. riverside has 40.00, joiners 20.00, bakers owe 10.00; the guarantee fund has 30.00, the
 * commons 10.00. Floors are -100.00, and the funds have no ceiling.
 */
static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_member(&r, "joiners");
    region_member(&r, "bakers");
    region_fund(&r, "guarantee");
    region_fund(&r, "commons");
    region_account(&r, "mill", "CALD");
    region_account(&r, "riverside", "CALD");
    region_account(&r, "joiners", "CALD");
    region_account(&r, "bakers", "CALD");
    region_account(&r, "guarantee", "CALD");
    region_account(&r, "commons", "CALD");
    for (int64_t fund = GUARANTEE; fund <= COMMONS; fund++) {
        struct ledger_limit limit = {
            .account_id = fund, .floor_minor = -10000, .ceiling_minor = LEDGER_AMOUNT_MAX};
        OK(&r, ledger_limit_set(r.l, &limit, &region_why));
    }
    region_pay(&r, MILL, RIVERSIDE, 4000);
    region_pay(&r, MILL, JOINERS, 2000);
    region_pay(&r, MILL, GUARANTEE, 3000);
    region_pay(&r, BAKERS, COMMONS, 1000);
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static enum ledger_status order_by(struct region *r, const char *order,
                                   enum ledger_guarantee_weight weight, int64_t cap_minor,
                                   const struct ledger_why *why)
{
    struct ledger_guarantee g = {.currency_id = 1, .weight = weight, .cap_minor = cap_minor};

    if (ledger_guarantee_parse(order, &g) != LEDGER_OK)
        return LEDGER_ORDER_MALFORMED;
    for (int i = 0; i < g.step_count; i++)
        if (!ledger_guarantee_is_members(&g.steps[i]))
            g.steps[i].account_id = region_account(r, g.steps[i].fund, "CALD");
    return ledger_guarantee_set(r->l, &g, why);
}

static int64_t declare(struct region *r)
{
    int64_t id;

    OK(r, ledger_default_declare(r->l, MILL, &first, &id));
    return id;
}

static void expect(struct region *r, const char *what, const int64_t want[static ACCOUNTS])
{
    struct ledger_verification v;

    for (int i = 0; i < ACCOUNTS; i++)
        if (region_balance(r, MILL + i) != want[i])
            fail_msg("%s: account %d is at %lld", what, MILL + i,
                     (long long)region_balance(r, MILL + i));
    if (ledger_verify(r->l, NULL, NULL, &v) != LEDGER_OK)
        fail_msg("%s: %s", what, v.problem);
}

static const struct written {
    const char *text;
    const char *again; /* NULL: it is none */
} written[] = {
    {"guarantee", "guarantee"},
    {"guarantee:8000,commons:limit,members", "guarantee:8000,commons:limit,members"},
    {"guarantee:limit:8000", "guarantee:8000:limit"},
    {"members:5000,guarantee", "members:5000,guarantee"},
    {"guarantee:10000", "guarantee"},
    {"a1,b1,c1,d1,e1,f1,g1,members", "a1,b1,c1,d1,e1,f1,g1,members"},
    {"a1,b1,c1,d1,e1,f1,g1,h1,members", NULL},
    {"", NULL},
    {"members", NULL},
    {"guarantee,", NULL},
    {",guarantee", NULL},
    {"guarantee,,commons", NULL},
    {"guarantee,guarantee", NULL},
    {"guarantee,members,members", NULL},
    {"guarantee,members:limit", NULL},
    {"guarantee:0", NULL},
    {"guarantee:10001", NULL},
    {"guarantee:100000", NULL},
    {"guarantee:-5", NULL},
    {"guarantee:5:5", NULL},
    {"guarantee:limit:limit", NULL},
    {"guarantee:", NULL},
    {"guarantee:half", NULL},
    {"a-handle-that-is-longer-than-32-bytes", NULL},
};

static void an_order_is_read_as_it_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        struct ledger_guarantee g;
        char again[LEDGER_GUARANTEE_ORDER_MAX + 1];
        enum ledger_status got = ledger_guarantee_parse(written[i].text, &g);
        if (got != (written[i].again ? LEDGER_OK : LEDGER_ORDER_MALFORMED))
            fail_msg("%s: %s", written[i].text, ledger_status_facts(got)->code);
        if (written[i].again)
            assert_string_equal(ledger_guarantee_format(&g, again, sizeof again), written[i].again);
    }
}

static const struct malformed {
    const char *what;
    int64_t currency_id;
    int64_t fund;
    int steps;
    int64_t cap_minor;
    const struct ledger_why *why;
    enum ledger_status outcome;
} malformed[] = {
    {"no currency", 9, GUARANTEE, 1, 0, &region_why, LEDGER_NO_SUCH_CURRENCY},
    {"training credits", 2, GUARANTEE, 1, 0, &region_why, LEDGER_EARMARKED},
    {"no step", 1, GUARANTEE, 0, 0, &region_why, LEDGER_ORDER_MALFORMED},
    {"no account", 1, 99, 1, 0, &region_why, LEDGER_NO_SUCH_ACCOUNT},
    {"another currency", 1, ACCOUNTS + 1, 1, 0, &region_why, LEDGER_UNBALANCED},
    {"no fund", 1, MILL, 1, 0, &region_why, LEDGER_MEMBER_STATE},
    {"a cap beyond", 1, GUARANTEE, 1, LEDGER_AMOUNT_MAX + 1, &region_why, LEDGER_AMOUNT_TOO_LARGE},
    {"no reason", 1, GUARANTEE, 1, 0, &no_reason, LEDGER_REASON_MISSING},
    {"a whole one", 1, GUARANTEE, 1, 0, &region_why, LEDGER_OK},
};

static void an_order_is_whole_or_none(void **state)
{
    struct region *r = *state;
    struct ledger_currency train = {
        .code = "TRAIN", .name = "T", .scale = 2, .kind = LEDGER_TRAINING};

    OK(r, ledger_currency_add(r->l, &train, &region_why));
    region_account(r, "guarantee", "TRAIN");
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        const struct malformed *m = &malformed[i];
        struct ledger_guarantee g = {.currency_id = m->currency_id,
                                     .cap_minor = m->cap_minor,
                                     .step_count = m->steps,
                                     .steps = {{.account_id = m->fund, .points = 10000}}};
        strcpy(g.steps[0].fund, "guarantee");
        enum ledger_status got = ledger_guarantee_set(r->l, &g, m->why);
        if (got != m->outcome)
            fail_msg("%s: %s", m->what, ledger_status_facts(got)->code);
    }
}

/* Of 90.00; nothing was written where it is not covered. */
static const struct borne {
    const char *what;
    const char *order;
    enum ledger_guarantee_weight weight;
    int64_t cap_minor;
    enum ledger_status outcome;
    int64_t after_minor[ACCOUNTS];
} bornes[] = {
    {"the fund has 30.00 and no more",
     "guarantee",
     LEDGER_BY_EQUAL,
     0,
     LEDGER_NOT_COVERED,
     {-9000, 4000, 2000, -1000, 3000, 1000}},
    {"down to its floor",
     "guarantee:limit",
     LEDGER_BY_EQUAL,
     0,
     LEDGER_OK,
     {0, 4000, 2000, -1000, -6000, 1000}},
    {"both funds, and members alike",
     "guarantee,commons,members",
     LEDGER_BY_EQUAL,
     0,
     LEDGER_OK,
     {0, 4000 - 1667, 2000 - 1667, -1000 - 1666, 0, 0}},
    {"a tenth of the loss from the fund",
     "guarantee:1000,commons,members",
     LEDGER_BY_EQUAL,
     0,
     LEDGER_OK,
     {0, 4000 - 2367, 2000 - 2367, -1000 - 2366, 2100, 0}},
    {"pro rata of what members have",
     "guarantee,commons,members",
     LEDGER_BY_BALANCE,
     0,
     LEDGER_OK,
     {0, 4000 - 3333, 2000 - 1667, -1000, 0, 0}},
    {"pro rata of their limits",
     "guarantee,commons,members",
     LEDGER_BY_LIMIT,
     0,
     LEDGER_OK,
     {0, 4000 - 2000, 2000 - 2000, -1000 - 1000, 0, 0}},
    {"at most 16.67 a year",
     "guarantee,commons,members",
     LEDGER_BY_EQUAL,
     1667,
     LEDGER_OK,
     {0, 4000 - 1667, 2000 - 1667, -1000 - 1666, 0, 0}},
    {"at most 16.66 a year: two are not covered",
     "guarantee,commons,members",
     LEDGER_BY_EQUAL,
     1666,
     LEDGER_NOT_COVERED,
     {-9000, 4000, 2000, -1000, 3000, 1000}},
    {"members first, up to a cap",
     "members,guarantee,commons:limit",
     LEDGER_BY_EQUAL,
     500,
     LEDGER_OK,
     {0, 3500, 1500, -1500, 0, 1000 - 4500}},
    {"members a third, the commons the rest",
     "members:3333,commons:limit",
     LEDGER_BY_EQUAL,
     0,
     LEDGER_OK,
     {0, 3000, 1000, -1999, 3000, 1000 - 6001}},
    {"the commons alone, beyond its floor",
     "commons:limit",
     LEDGER_BY_EQUAL,
     0,
     LEDGER_OK,
     {0, 4000, 2000, -1000, 3000, -8000}},
};

static void each_bears_its_share(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bornes / sizeof bornes[0]; i++) {
        const struct borne *b = &bornes[i];
        struct region at;
        void *one = &at;

        set_up(&one);
        struct region *r = one;
        struct ledger_limit limit = {.account_id = BAKERS, .ceiling_minor = 10000};
        limit.floor_minor = b->weight == LEDGER_BY_LIMIT ? -5000 : -10000;
        OK(r, ledger_limit_set(r->l, &limit, &region_why));
        OK(r, order_by(r, b->order, b->weight, b->cap_minor, &region_why));
        int64_t id = declare(r);
        enum ledger_status got = ledger_default_cover(r->l, id, false, &second);
        if (got != b->outcome)
            fail_msg("%s: %s", b->what, ledger_message(r->l));
        expect(r, b->what, b->after_minor);
        tear_down(&one);
    }
}

static void who_may_be_in_default(void **state)
{
    struct region *r = *state;
    int64_t id;

    EXPECT(r, LEDGER_REASON_MISSING, ledger_default_declare(r->l, MILL, &no_reason, &id));
    EXPECT(r, LEDGER_NO_SUCH_ACCOUNT, ledger_default_declare(r->l, 99, &first, &id));
    EXPECT(r, LEDGER_MEMBER_STATE, ledger_default_declare(r->l, COMMONS, &first, &id));
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, ledger_default_declare(r->l, RIVERSIDE, &first, &id));
    OK(r, ledger_default_declare(r->l, MILL, &first, &id));
    assert_int_equal(id, 1);
    EXPECT(r, LEDGER_IN_DEFAULT, ledger_default_declare(r->l, MILL, &region_why, &id));
    EXPECT(r, LEDGER_REASON_MISSING, ledger_default_withdraw(r->l, 1, &no_reason));
    EXPECT(r, LEDGER_NO_SUCH_DEFAULT, ledger_default_withdraw(r->l, 2, &first));
    OK(r, ledger_default_withdraw(r->l, 1, &first));
    EXPECT(r, LEDGER_DEFAULT_ENDED, ledger_default_withdraw(r->l, 1, &first));
    OK(r, ledger_default_declare(r->l, MILL, &first, &id));
    assert_int_equal(id, 2);
}

static void a_member_that_left_owes_nothing(void **state)
{
    struct region *r = *state;
    int64_t id;

    OK(r, ledger_member_write_off(r->l, BAKERS, COMMONS, true, &first, &id));
    OK(r, ledger_member_leave(r->l, 4, &first));
    EXPECT(r, LEDGER_MEMBER_STATE, ledger_default_declare(r->l, BAKERS, &first, &id));
}

static void it_takes_a_second_person(void **state)
{
    struct region *r = *state;
    int64_t id;

    EXPECT(r, LEDGER_NO_SUCH_DEFAULT, ledger_default_cover(r->l, 1, false, &second));
    declare(r);
    EXPECT(r, LEDGER_SECOND_PERSON, ledger_default_cover(r->l, 1, false, &first));
    EXPECT(r, LEDGER_NO_GUARANTEE, ledger_default_cover(r->l, 1, false, &second));
    OK(r, order_by(r, "guarantee:limit", LEDGER_BY_EQUAL, 0, &region_why));
    OK(r, ledger_default_cover(r->l, 1, true, &first));
    EXPECT(r, LEDGER_DEFAULT_ENDED, ledger_default_cover(r->l, 1, false, &second));
    EXPECT(r, LEDGER_DEFAULT_ENDED, ledger_default_withdraw(r->l, 1, &first));
    OK(r, ledger_member_leave(r->l, 1, &first));
    region_pay(r, RIVERSIDE, BAKERS, 1000);
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, ledger_default_declare(r->l, BAKERS, &first, &id));
}

static void so_does_a_write_off(void **state)
{
    struct region *r = *state;
    struct ledger_default d;
    int64_t id;

    EXPECT(r, LEDGER_SECOND_PERSON,
           ledger_member_write_off(r->l, MILL, COMMONS, false, &by_two, &id));
    declare(r);
    EXPECT(r, LEDGER_SECOND_PERSON,
           ledger_member_write_off(r->l, MILL, COMMONS, false, &first, &id));
    EXPECT(r, LEDGER_SECOND_PERSON,
           ledger_member_write_off(r->l, BAKERS, COMMONS, false, &by_two, &id));
    OK(r, ledger_member_write_off(r->l, MILL, COMMONS, false, &by_two, &id));
    expect(r, "the commons paid", (const int64_t[]){0, 4000, 2000, -1000, 3000, -8000});
    OK(r, ledger_default_get(r->l, 1, &d));
    assert_int_equal(d.state, LEDGER_DEFAULT_WITHDRAWN);
    assert_string_equal(d.ended_by, "token:2");
    assert_string_equal(d.ended_reason, "a fund wrote it off, transfer 5");
    OK(r, ledger_member_write_off(r->l, BAKERS, COMMONS, true, &first, &id));
}

static void what_was_paid_meanwhile_is_not_covered(void **state)
{
    struct region *r = *state;

    OK(r, order_by(r, "guarantee:limit", LEDGER_BY_EQUAL, 0, &region_why));
    declare(r);
    region_pay(r, RIVERSIDE, MILL, 4000);
    region_pay(r, JOINERS, MILL, 4000);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    expect(r, "10.00 is left", (const int64_t[]){0, 0, -2000, -1000, 2000, 1000});
}

static void nor_is_nothing(void **state)
{
    struct region *r = *state;

    OK(r, order_by(r, "guarantee:limit", LEDGER_BY_EQUAL, 0, &region_why));
    declare(r);
    region_pay(r, RIVERSIDE, MILL, 4000);
    region_pay(r, JOINERS, MILL, 5000);
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, ledger_default_cover(r->l, 1, false, &second));
}

/* And then nobody has to say who would pay it. */
static void nothing_needs_no_order(void **state)
{
    struct region *r = *state;

    declare(r);
    region_pay(r, RIVERSIDE, MILL, 4000);
    region_pay(r, JOINERS, MILL, 5000);
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, ledger_default_cover(r->l, 1, false, &second));
}

/* Suspended members and holds come first; the defaulter may be suspended itself. */
static void who_does_not_share(void **state)
{
    struct region *r = *state;

    OK(r, order_by(r, "guarantee,members", LEDGER_BY_EQUAL, 0, &region_why));
    OK(r, ledger_member_change_state(r->l, 4, LEDGER_SUSPENDED, &region_why));
    OK(r, ledger_member_change_state(r->l, 1, LEDGER_SUSPENDED, &region_why));
    region_hold(r, GUARANTEE, COMMONS, 1000, 1);
    region_hold(r, RIVERSIDE, COMMONS, 5000, 48);
    region_hold(r, JOINERS, COMMONS, 11000, 24);
    declare(r);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    expect(r, "20.00 of the fund, 10.00 of joiners, the rest of riverside",
           (const int64_t[]){0, 4000 - 6000, 2000 - 1000, -1000, 1000, 1000});
}

static void holds_that_are_over_count_no_more(void **state)
{
    struct region *r = *state;

    OK(r, order_by(r, "guarantee,members", LEDGER_BY_EQUAL, 0, &region_why));
    region_hold(r, GUARANTEE, COMMONS, 1000, 1);
    region_hold(r, JOINERS, COMMONS, 11000, 1);
    declare(r);
    r->clock.now_us += 2 * REGION_HOUR_US;
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    expect(r, "30.00 of the fund, 20.00 each",
           (const int64_t[]){0, 4000 - 2000, 2000 - 2000, -1000 - 2000, 0, 1000});
}

/* riverside bore 5.00 this year: its cap has 5.00 left; next year it is whole again. */
static void a_cap_is_of_a_year(void **state)
{
    struct region *r = *state;
    int64_t id;

    OK(r, order_by(r, "guarantee,members,commons:limit", LEDGER_BY_BALANCE, 1000, &region_why));
    declare(r);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    expect(r, "10.00 each of two, the rest of the commons",
           (const int64_t[]){0, 3000, 1000, -1000, 0, 1000 - 4000});
    OK(r, ledger_default_declare(r->l, BAKERS, &first, &id));
    OK(r, ledger_default_cover(r->l, id, false, &second));
    expect(r, "nothing of those who bore it", (const int64_t[]){0, 3000, 1000, 0, 0, -4000});
    r->clock.now_us = region_day("2027-01-01") * LEDGER_US_PER_DAY;
    region_pay(r, MILL, RIVERSIDE, 1500);
    OK(r, ledger_default_declare(r->l, MILL, &first, &id));
    OK(r, ledger_default_cover(r->l, id, false, &second));
    expect(r, "a new year: 10.00, and the rest of joiners",
           (const int64_t[]){0, 4500 - 1000, 500, 0, 0, -4000});
}

static void members_learn_nothing_of_it(void **state)
{
    struct region *r = *state;
    struct ledger_transfer t;

    OK(r, order_by(r, "guarantee,commons,members", LEDGER_BY_EQUAL, 0, &region_why));
    declare(r);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    for (int64_t id = 5; id <= 7; id++) {
        OK(r, ledger_transfer_get(r->l, id, &t));
        assert_int_equal(t.kind, LEDGER_WRITE_OFF);
        assert_int_equal(t.leg_count, 2);
        assert_string_equal(t.entries[1].handle, "guarantee");
        assert_string_equal(t.memo, "your share in default 1");
    }
    OK(r, ledger_transfer_get(r->l, 8, &t));
    assert_int_equal(t.leg_count, 3);
    assert_int_equal(t.entries[0].amount_minor, 9000);
    assert_int_equal(t.entries[1].amount_minor, -8000);
    assert_int_equal(t.entries[2].amount_minor, -1000);
    assert_string_equal(t.memo, "closed its doors");
}

static void its_transfers_are_not_reversed(void **state)
{
    struct region *r = *state;
    int64_t id;

    OK(r, order_by(r, "guarantee,members", LEDGER_BY_EQUAL, 0, &region_why));
    declare(r);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_reverse(r->l, 5, &region_why, &id));
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_refund(r->l, 5, 0, "", &id));
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_reverse(r->l, 8, &region_why, &id));
    OK(r, ledger_member_write_off(r->l, BAKERS, COMMONS, true, &region_why, &id));
    OK(r, ledger_transfer_reverse(r->l, id, &region_why, &id));
}

/* What is paid later: first the members, pro rata of what they bore, then the commons, then the fund. */
static void what_is_paid_later_goes_back(void **state)
{
    struct region *r = *state;

    OK(r, order_by(r, "guarantee,commons,members", LEDGER_BY_BALANCE, 0, &region_why));
    declare(r);
    EXPECT(r, LEDGER_DEFAULT_OPEN, ledger_default_recover(r->l, 1, 100, &first));
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    const int64_t covered[] = {0, 667, 333, -1000, 0, 0};
    expect(r, "33.33 and 16.67", covered);
    EXPECT(r, LEDGER_REASON_MISSING, ledger_default_recover(r->l, 1, 100, &no_reason));
    EXPECT(r, LEDGER_NO_SUCH_DEFAULT, ledger_default_recover(r->l, 2, 100, &first));
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, ledger_default_recover(r->l, 1, 0, &first));
    EXPECT(r, LEDGER_OVER_RECOVERY, ledger_default_recover(r->l, 1, 9001, &first));
    OK(r, ledger_default_recover(r->l, 1, 1000, &first));
    expect(r, "10.00 of 50.00", (const int64_t[]){-1000, 1334, 666, -1000, 0, 0});
    OK(r, ledger_default_recover(r->l, 1, 4500, &first));
    expect(r, "the rest of members', and of the commons",
           (const int64_t[]){-5500, 4000, 2000, -1000, 0, 500});
    EXPECT(r, LEDGER_OVER_RECOVERY, ledger_default_recover(r->l, 1, 3501, &first));
    OK(r, ledger_default_recover(r->l, 1, 3500, &first));
    expect(r, "all", (const int64_t[]){-9000, 4000, 2000, -1000, 3000, 1000});
    EXPECT(r, LEDGER_OVER_RECOVERY, ledger_default_recover(r->l, 1, 1, &first));
}

static void who_left_is_passed_over(void **state)
{
    struct region *r = *state;

    OK(r, order_by(r, "guarantee,commons,members", LEDGER_BY_BALANCE, 0, &region_why));
    declare(r);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    region_pay(r, JOINERS, BAKERS, 333);
    OK(r, ledger_member_leave(r->l, 3, &region_why));
    OK(r, ledger_default_recover(r->l, 1, 4000, &first));
    expect(r, "riverside's, then the commons'", (const int64_t[]){-4000, 4000, 0, -667, 0, 667});
    EXPECT(r, LEDGER_OVER_RECOVERY, ledger_default_recover(r->l, 1, 3334, &first));
    OK(r, ledger_default_recover(r->l, 1, 3333, &first));
}

static enum ledger_status count_open(void *ctx, const struct ledger_levy_charge *c)
{
    (void)c;
    ++*(int *)ctx;
    return LEDGER_OK;
}

static void its_open_levies_are_waived(void **state)
{
    struct region *r = *state;
    struct ledger_levy levy = {.currency_id = 1,
                               .fund_account_id = GUARANTEE,
                               .flat_minor = 5000,
                               .from_on = region_day("2026-04-01")};
    const struct ledger_levy_filter filter = {.limit = 9};
    int64_t count;
    int open = 0;

    OK(r, ledger_levy_set(r->l, &levy, &region_why));
    OK(r, order_by(r, "guarantee:limit", LEDGER_BY_EQUAL, 0, &region_why));
    region_set_day(r, "2026-05-01");
    OK(r, ledger_levy_due(r->l, r->clock.now_us, &count));
    declare(r);
    OK(r, ledger_levy_open(r->l, &filter, count_open, &open));
    assert_int_equal(open, 1);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    open = 0;
    OK(r, ledger_levy_open(r->l, &filter, count_open, &open));
    assert_int_equal(open, 0);
}

static void a_fund_that_is_named_stays(void **state)
{
    struct region *r = *state;
    struct ledger_levy levy = {.currency_id = 1,
                               .fund_account_id = GUARANTEE,
                               .flat_minor = 100,
                               .from_on = region_day("2026-04-01")};

    region_pay(r, GUARANTEE, MILL, 3000);
    region_pay(r, COMMONS, MILL, 1000);
    OK(r, ledger_levy_set(r->l, &levy, &region_why));
    OK(r, order_by(r, "commons,members", LEDGER_BY_EQUAL, 0, &region_why));
    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, 5, &region_why));
    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, 6, &region_why));
    levy.flat_minor = 0;
    OK(r, ledger_levy_set(r->l, &levy, &region_why));
    OK(r, order_by(r, "guarantee", LEDGER_BY_EQUAL, 0, &region_why));
    OK(r, ledger_member_leave(r->l, 6, &region_why));
    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, 5, &region_why));
}

struct sums {
    char text[400];
};

static enum ledger_status note_sum(void *ctx, const struct ledger_write_off_sum *s)
{
    struct sums *sums = ctx;
    size_t used = strlen(sums->text);

    snprintf(sums->text + used, sizeof sums->text - used, "%s %s %lld: %lld (%lld); ", s->code,
             s->bearer, (long long)s->write_offs, (long long)s->amount_minor,
             (long long)s->recovered_minor);
    return LEDGER_OK;
}

static void expect_year(struct region *r, int year, const char *want)
{
    struct sums sums = {.text = ""};

    OK(r, ledger_write_off_year(r->l, year, note_sum, &sums));
    assert_string_equal(sums.text, want);
}

static void a_years_cost_is_told(void **state)
{
    struct region *r = *state;
    int64_t id, reversal;

    expect_year(r, 2026, "");
    OK(r, order_by(r, "guarantee,commons,members", LEDGER_BY_BALANCE, 0, &region_why));
    declare(r);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    OK(r, ledger_member_write_off(r->l, BAKERS, COMMONS, true, &region_why, &id));
    OK(r, ledger_transfer_reverse(r->l, id, &region_why, &reversal));
    expect_year(r, 2026,
                "CALD commons 1: 1000 (0); CALD guarantee 1: 3000 (0); CALD members 1: 5000 (0); ");
    OK(r, ledger_member_write_off(r->l, BAKERS, COMMONS, true, &region_why, &id));
    OK(r, ledger_transfer_refund(r->l, id, 400, "after all", &reversal));
    OK(r, ledger_default_recover(r->l, 1, 1000, &first));
    expect_year(r, 2026,
                "CALD commons 2: 2000 (400); CALD guarantee 1: 3000 (0); "
                "CALD members 1: 5000 (1000); ");
    r->clock.now_us = region_day("2027-01-01") * LEDGER_US_PER_DAY;
    OK(r, ledger_member_write_off(r->l, MILL, COMMONS, true, &region_why, &id));
    expect_year(r, 2027, "CALD commons 1: 1000 (0); ");
    expect_year(r, 2025, "");
}

/* As many as may share do; one more does not. */
static void so_many_share_and_no_more(void **state)
{
    struct region *r = *state;
    struct ledger_currency hour = {.code = "HOUR",
                                   .name = "Hours",
                                   .scale = 2,
                                   .floor_minor = -LEDGER_AMOUNT_MAX,
                                   .ceiling_minor = LEDGER_AMOUNT_MAX};
    struct ledger_guarantee g = {.weight = LEDGER_BY_EQUAL};
    char handle[16];
    int64_t id;

    OK(r, ledger_currency_add(r->l, &hour, &region_why));
    int64_t mill = region_account(r, "mill", "HOUR");
    OK(r, ledger_guarantee_parse("commons,members", &g));
    g.currency_id = hour.id;
    g.steps[0].account_id = region_account(r, "commons", "HOUR");
    OK(r, ledger_guarantee_set(r->l, &g, &region_why));
    for (int i = 0; i < LEDGER_SHARERS_MAX; i++) {
        snprintf(handle, sizeof handle, "m%d", i);
        region_member(r, handle);
        region_account(r, handle, "HOUR");
    }
    region_pay(r, mill, mill + 2, LEDGER_SHARERS_MAX * 3 - 1);
    OK(r, ledger_default_declare(r->l, mill, &first, &id));
    OK(r, ledger_default_cover(r->l, id, false, &second));
    assert_int_equal(region_balance(r, mill), 0);
    assert_int_equal(region_balance(r, mill + 1 + LEDGER_SHARERS_MAX), -2);
    assert_int_equal(region_balance(r, mill + LEDGER_SHARERS_MAX), -3);
    region_member(r, "onemore");
    region_account(r, "onemore", "HOUR");
    region_pay(r, mill, mill + 2, 100);
    OK(r, ledger_default_declare(r->l, mill, &first, &id));
    EXPECT(r, LEDGER_TOO_MANY_SHARERS, ledger_default_cover(r->l, id, false, &second));
}

/* Default 1 of mill is covered and recovered in part, default 2 of bakers withdrawn, a third of them open. */
static void furnish(struct region *r)
{
    int64_t id;

    OK(r, order_by(r, "guarantee,commons,members", LEDGER_BY_BALANCE, 0, &region_why));
    declare(r);
    OK(r, ledger_default_cover(r->l, 1, false, &second));
    OK(r, ledger_default_recover(r->l, 1, 5500, &first));
    OK(r, ledger_default_declare(r->l, BAKERS, &first, &id));
    OK(r, ledger_default_withdraw(r->l, id, &first));
    OK(r, ledger_default_declare(r->l, BAKERS, &first, &id));
    OK(r, ledger_member_write_off(r->l, MILL, COMMONS, true, &region_why, &id));
}

static const struct damage damages[] = {
    {"a step's number", "UPDATE guarantee_step SET step = 5 WHERE step = 3",
     "guarantee 1: it has no fund among"},
    {"an end that is gone", "DELETE FROM default_end WHERE default_id = 2",
     "bakers:CALD: two defaults of it are open"},
    {"a share of more", "UPDATE default_share SET amount_minor = amount_minor + 1 WHERE step = 1",
     "default 1: it was covered with 90.00, its shares add up to 90.01"},
    {"a covered one's amount", "UPDATE default_end SET amount_minor = 5 WHERE default_id = 2",
     "default 2: it was covered with 0.05"},
    {"a write-off of no default", "UPDATE write_off SET default_id = NULL",
     "default 1: it is covered, and no write-off"},
    {"a write-off of another's debt", "UPDATE write_off SET account_id = 4 WHERE default_id = 1",
     "default 1: it is covered, and no"},
    {"a share's transfer", "UPDATE default_share SET transfer_id = 1 WHERE account_id = 2",
     "default 1: a share was not paid by whom it names"},
    {"shares of two steps",
     "UPDATE default_share SET amount_minor = amount_minor - 1 WHERE step = 1; "
     "UPDATE default_share SET amount_minor = amount_minor + 1 WHERE step = 2",
     "default 1: a share was not paid by whom it names"},
    {"what came back of a share",
     "UPDATE default_recovery_share SET amount_minor = 3334 WHERE account_id = 2",
     "default 1: more came back of a share"},
    {"whom it went back to",
     "UPDATE default_recovery_share SET account_id = 4 WHERE account_id = 2",
     "default 1: what came back of it went to somebody"},
    {"less that came back",
     "UPDATE default_recovery_share SET amount_minor = 499 WHERE account_id = 6",
     "default 1: its member did not pay what came back"},
    {"a recovery's transfer", "UPDATE default_recovery SET transfer_id = 1",
     "default 1: its member did not pay what came back"},
    {"a plain write-off's amount", "UPDATE write_off SET amount_minor = 5 WHERE default_id IS NULL",
     "write-off 11: its transfer does not bring"},
    {"a plain write-off that is gone", "DELETE FROM write_off WHERE default_id IS NULL",
     "transfer 11: it is a write-off, and neither one on record"},
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
    {"UPDATE guarantee SET cap_minor = 1", "append-only"},
    {"DELETE FROM guarantee", "append-only"},
    {"INSERT OR REPLACE INTO guarantee SELECT * FROM guarantee", "taken"},
    {"UPDATE guarantee_step SET points = 1", "append-only"},
    {"DELETE FROM guarantee_step", "append-only"},
    {"INSERT OR REPLACE INTO guarantee_step SELECT * FROM guarantee_step", "taken"},
    {"UPDATE declared_default SET reason = ''", "append-only"},
    {"DELETE FROM declared_default", "append-only"},
    {"INSERT OR REPLACE INTO declared_default SELECT * FROM declared_default", "taken"},
    {"UPDATE default_end SET actor = ''", "append-only"},
    {"DELETE FROM default_end", "append-only"},
    {"INSERT OR REPLACE INTO default_end SELECT * FROM default_end", "taken"},
    {"UPDATE default_share SET amount_minor = 1", "append-only"},
    {"DELETE FROM default_share", "append-only"},
    {"INSERT OR REPLACE INTO default_share SELECT * FROM default_share", "taken"},
    {"UPDATE default_recovery SET amount_minor = 1", "append-only"},
    {"DELETE FROM default_recovery", "append-only"},
    {"INSERT OR REPLACE INTO default_recovery SELECT * FROM default_recovery", "taken"},
    {"UPDATE default_recovery_share SET amount_minor = 1", "append-only"},
    {"DELETE FROM default_recovery_share", "append-only"},
    {"INSERT OR REPLACE INTO default_recovery_share SELECT * FROM default_recovery_share", "taken"},
    {"UPDATE write_off SET amount_minor = 1", "append-only"},
    {"DELETE FROM write_off", "append-only"},
    {"INSERT OR REPLACE INTO write_off SELECT * FROM write_off", "taken"},
    {"INSERT OR REPLACE INTO write_off SELECT 1, account_id, amount_minor, default_id FROM "
     "write_off WHERE default_id = 1",
     "taken"},
    {"INSERT INTO default_end VALUES (3, NULL, 5, 0, '', '')", "CHECK"},
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
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_read_as_it_is_written),
        EACH(an_order_is_whole_or_none),
        cmocka_unit_test(each_bears_its_share),
        EACH(who_may_be_in_default),
        EACH(a_member_that_left_owes_nothing),
        EACH(it_takes_a_second_person),
        EACH(so_does_a_write_off),
        EACH(what_was_paid_meanwhile_is_not_covered),
        EACH(nor_is_nothing),
        EACH(nothing_needs_no_order),
        EACH(who_does_not_share),
        EACH(holds_that_are_over_count_no_more),
        EACH(a_cap_is_of_a_year),
        EACH(members_learn_nothing_of_it),
        EACH(its_transfers_are_not_reversed),
        EACH(what_is_paid_later_goes_back),
        EACH(who_left_is_passed_over),
        EACH(its_open_levies_are_waived),
        EACH(a_fund_that_is_named_stays),
        EACH(a_years_cost_is_told),
        EACH(so_many_share_and_no_more),
        EACH(damage_is_found),
        EACH(the_file_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
