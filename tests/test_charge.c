/* test_charge.c - what is offered for so much a month: who agreed to which price, and who ends it. */
#include "support/damage.h"
#include "support/standing.h"

#include "ledger/charge.h"
#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/member.h"
#include "ledger/notice.h"

#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define WEEK LEDGER_WEEKLY
#define MONTH LEDGER_MONTHLY
#define UNSAID LEDGER_CADENCE_UNSAID

enum { MILL = 1, RIVERSIDE, HOST }; /* members; their accounts too */

static int set_up(void **state)
{
    static const char *const handles[] = {"mill", "riverside", "host"};
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_currency(&r, "HOUR");
    for (int i = 0; i < 3; i++) {
        region_member(&r, handles[i]);
        region_account(&r, handles[i], "CALD");
    }
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static int64_t offer(struct region *r)
{
    struct ledger_charge c = {.payee_id = HOST,
                              .amount_minor = 500,
                              .cadence = {MONTH, 1, UNSAID},
                              .title = "Hosting",
                              .words = "two gigabytes"};

    OK(r, ledger_charge_offer(r->l, &c, "local:test"));
    return c.id;
}

static struct ledger_agreement agreement(int64_t amount_minor)
{
    return (struct ledger_agreement){
        .charge_id = 1, .payer_id = MILL, .amount_minor = amount_minor, .actor = "local:test"};
}

static enum ledger_status try_agree(struct region *r, struct ledger_agreement a)
{
    int64_t id;

    return ledger_charge_agree(r->l, &a, &id);
}

static int64_t agree(struct region *r, int64_t amount_minor)
{
    struct ledger_agreement a = agreement(amount_minor);
    int64_t id;

    OK(r, ledger_charge_agree(r->l, &a, &id));
    return id;
}

static const struct offered {
    const char *what;
    const char *title;
    const char *words;
    int64_t payee;
    int64_t amount_minor;
    struct ledger_cadence cadence;
    enum ledger_status status;
} offered[] = {
    {"no title", "", "", HOST, 500, {MONTH, 1, 1}, LEDGER_MISSING_PARAMETER},
    {"a bell", "Host\aing", "", HOST, 500, {MONTH, 1, 1}, LEDGER_TEXT_MALFORMED},
    {"a bell further on", "Hosting", "\a", HOST, 500, {MONTH, 1, 1}, LEDGER_TEXT_MALFORMED},
    {"for nothing", "Hosting", "", HOST, 0, {MONTH, 1, 1}, LEDGER_AMOUNT_NOT_POSITIVE},
    {"for too much",
     "Hosting",
     "",
     HOST,
     LEDGER_AMOUNT_MAX + 1,
     {MONTH, 1, 1},
     LEDGER_AMOUNT_TOO_LARGE},
    {"every 0 months", "Hosting", "", HOST, 500, {MONTH, 0, 1}, LEDGER_INTERVAL_MALFORMED},
    {"on day 32", "Hosting", "", HOST, 500, {MONTH, 1, 32}, LEDGER_DUE_DAY_MALFORMED},
    {"by who is suspended", "Hosting", "", MILL, 500, {MONTH, 1, 1}, LEDGER_MEMBER_NOT_ACTIVE},
    {"the last day", "Hosting", "", HOST, 500, {MONTH, 1, LEDGER_CADENCE_LAST}, LEDGER_OK},
    {"any day", "Hosting", "", HOST, LEDGER_AMOUNT_MAX, {WEEK, 52, UNSAID}, LEDGER_OK},
};

static void an_offer_is_whole_or_none(void **state)
{
    struct region *r = *state;
    int64_t taken = 0;

    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_SUSPENDED, &region_why));
    for (size_t i = 0; i < COUNT(offered); i++) {
        struct ledger_charge c = {.payee_id = offered[i].payee,
                                  .amount_minor = offered[i].amount_minor,
                                  .cadence = offered[i].cadence};

        strcpy(c.title, offered[i].title);
        strcpy(c.words, offered[i].words);
        enum ledger_status st = ledger_charge_offer(r->l, &c, "local:test");
        if (st != offered[i].status)
            fail_msg("%s: %s", offered[i].what, ledger_status_facts(st)->code);
        if (st == LEDGER_OK)
            assert_int_equal(c.id, ++taken);
    }
    region_sound(r);
}

static void who_agrees_pays_it_until_it_ends_it(void **state)
{
    struct region *r = *state;
    struct ledger_charge c;

    offer(r);
    assert_int_equal(agree(r, 500), 1);
    standing_run_on(r, "2026-03-02");
    standing_run_on(r, "2026-04-02");
    assert_int_equal(region_balance(r, MILL), -1000);
    assert_string_equal(standing_get(r, 1).memo, "Hosting");
    assert_int_equal(standing_get(r, 1).charge_id, 1);
    OK(r, ledger_charge_get(r->l, 1, &c));
    assert_int_equal(c.agreements, 1);
    OK(r, ledger_standing_end(r->l, 1, &region_why));
    standing_run_on(r, "2026-06-02");
    assert_int_equal(region_balance(r, MILL), -1000);
    OK(r, ledger_charge_get(r->l, 1, &c));
    assert_int_equal(c.agreements, 0);
    region_sound(r);
}

static void what_cannot_be_agreed_to(void **state)
{
    struct region *r = *state;
    struct ledger_agreement a = agreement(500);

    EXPECT(r, LEDGER_NO_SUCH_CHARGE, try_agree(r, a));
    offer(r);
    EXPECT(r, LEDGER_PRICE_CHANGED, try_agree(r, agreement(499)));
    a.starts_on = ledger_today(r->l) - LEDGER_STANDING_BACK_DAYS - 1;
    EXPECT(r, LEDGER_BACKDATED, try_agree(r, a));
    a = agreement(500);
    a.payer_id = HOST;
    EXPECT(r, LEDGER_SAME_ACCOUNT, try_agree(r, a));
    a.payer_id = region_account(r, "mill", "HOUR");
    EXPECT(r, LEDGER_UNBALANCED, try_agree(r, a));
    a = agreement(500);
    a.count = 2;
    a.until_on = ledger_today(r->l) + 90;
    EXPECT(r, LEDGER_TWO_ENDS, try_agree(r, a));
    agree(r, 500);
    EXPECT(r, LEDGER_CHARGE_AGREED, try_agree(r, agreement(500)));
    a = agreement(500);
    a.payer_id = RIVERSIDE;
    a.count = 2;
    OK(r, try_agree(r, a));
    OK(r, ledger_charge_withdraw(r->l, 1, &region_why));
    EXPECT(r, LEDGER_CHARGE_WITHDRAWN, ledger_charge_withdraw(r->l, 1, &region_why));
    EXPECT(r, LEDGER_CHARGE_WITHDRAWN, ledger_charge_price(r->l, 1, 600, "local:test"));
    OK(r, ledger_standing_end(r->l, 1, &region_why));
    EXPECT(r, LEDGER_CHARGE_WITHDRAWN, try_agree(r, agreement(500)));
    region_sound(r);
}

static enum ledger_status count_notice(void *ctx, const struct ledger_notice *n)
{
    ((int *)ctx)[n->member_id]++;
    return LEDGER_OK;
}

static void expect_told(struct region *r, enum ledger_notice_kind kind, int mill, int host)
{
    const struct ledger_notice_filter filter = {.of_kind = true, .kind = kind, .limit = 100};
    int told[4] = {0};

    OK(r, ledger_notice_each(r->l, &filter, count_notice, told));
    assert_int_equal(told[MILL], mill);
    assert_int_equal(told[HOST], host);
    assert_int_equal(told[RIVERSIDE], 0);
}

/* The old price is paid until the payer agrees to the new one, and for what was due before. */
static void another_price_needs_another_word(void **state)
{
    struct region *r = *state;
    struct ledger_agreement a;

    offer(r);
    agree(r, 500);
    EXPECT(r, LEDGER_SAME_PRICE, ledger_charge_price(r->l, 1, 500, "local:test"));
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, ledger_charge_price(r->l, 1, 0, "local:test"));
    EXPECT(r, LEDGER_AMOUNT_TOO_LARGE,
           ledger_charge_price(r->l, 1, LEDGER_AMOUNT_MAX + 1, "local:test"));
    EXPECT(r, LEDGER_NO_SUCH_CHARGE, ledger_charge_price(r->l, 2, 600, "local:test"));
    OK(r, ledger_member_change_state(r->l, HOST, LEDGER_SUSPENDED, &region_why));
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, ledger_charge_price(r->l, 1, 600, "local:test"));
    OK(r, ledger_member_change_state(r->l, HOST, LEDGER_ACTIVE, &region_why));
    OK(r, ledger_charge_price(r->l, 1, 600, "local:test"));
    expect_told(r, LEDGER_NOTICE_PRICE_PROPOSED, 1, 0);
    standing_run_on(r, "2026-04-02");
    assert_int_equal(region_balance(r, MILL), -1000);
    assert_int_equal(standing_get(r, 1).proposed_minor, 600);
    EXPECT(r, LEDGER_PRICE_CHANGED, try_agree(r, agreement(500)));
    a = agreement(600);
    a.starts_on = region_day("2026-07-01");
    EXPECT(r, LEDGER_CHARGE_AGREED, try_agree(r, a));
    region_set_day(
        r, "2026-05-04"); /* the node was late: what was due on the 2nd is of the old price */
    assert_int_equal(agree(r, 600), 2);
    assert_int_equal(region_balance(r, MILL), -1500);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_ENDED);
    assert_int_equal(standing_get(r, 2).first_on, region_day("2026-06-02"));
    standing_run_on(r, "2026-06-02");
    assert_int_equal(region_balance(r, MILL), -2100);
    assert_int_equal(standing_get(r, 2).proposed_minor, 0);
    expect_told(r, LEDGER_NOTICE_STANDING_AGREED, 0, 2);
    expect_told(r, LEDGER_NOTICE_STANDING_ENDED, 0, 0);
    region_sound(r);
}

static void an_end_outlives_a_new_price(void **state)
{
    static const struct {
        int first_count;
        const char *first_until;
        int then_count;
        int dates; /* in all */
    } rows[] = {{3, NULL, 0, 3}, {0, "2026-05-02", 0, 3}, {3, NULL, 1, 2}, {0, NULL, 2, 3}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ledger_agreement a = agreement(500);

        if (i > 0) {
            tear_down(state);
            set_up(state);
        }
        struct region *r = *state;
        offer(r);
        a.count = rows[i].first_count;
        a.until_on = rows[i].first_until ? region_day(rows[i].first_until) : 0;
        OK(r, try_agree(r, a));
        standing_run_on(r, "2026-03-03");
        OK(r, ledger_charge_price(r->l, 1, 600, "local:test"));
        a = agreement(600);
        a.count = rows[i].then_count;
        OK(r, try_agree(r, a));
        standing_run_on(r, "2027-03-03");
        assert_int_equal(region_balance(r, MILL), -500 - 600 * (rows[i].dates - 1));
        region_sound(r);
    }
}

static void a_paused_agreement_made_anew_goes_on_after_today(void **state)
{
    struct region *r = *state;

    offer(r);
    agree(r, 500);
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    OK(r, ledger_charge_price(r->l, 1, 400, "local:test"));
    region_set_day(r, "2026-05-02");
    agree(r, 400);
    standing_run_on(r, "2026-06-02");
    assert_int_equal(region_balance(r, MILL), -400);
    region_sound(r);
}

/* Its last due date was met meanwhile: the new agreement is a first one. */
static void an_agreement_that_is_over_is_no_agreement(void **state)
{
    struct region *r = *state;
    struct ledger_agreement a = agreement(500);

    offer(r);
    a.count = 2;
    OK(r, try_agree(r, a));
    OK(r, ledger_charge_price(r->l, 1, 400, "local:test"));
    region_set_day(r, "2026-05-20");
    agree(r, 400);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_DONE);
    assert_int_equal(standing_get(r, 2).first_on, region_day("2026-05-20"));
    assert_int_equal(region_balance(r, MILL), -1000);
    region_sound(r);
}

/* Day 31, agreed anew when February is next: it comes back to the 31st. */
static void a_new_price_keeps_the_day(void **state)
{
    struct region *r = *state;
    struct ledger_charge c = {
        .payee_id = HOST, .amount_minor = 500, .cadence = {MONTH, 1, 31}, .title = "Desk"};

    OK(r, ledger_charge_offer(r->l, &c, "local:test"));
    region_set_day(r, "2026-12-15");
    agree(r, 500);
    standing_run_on(r, "2027-01-31");
    OK(r, ledger_charge_price(r->l, 1, 501, "local:test"));
    agree(r, 501);
    assert_int_equal(standing_get(r, 2).first_on, region_day("2027-02-28"));
    standing_run_on(r, "2027-02-28");
    assert_int_equal(standing_get(r, 2).next_on, region_day("2027-03-31"));
    region_sound(r);
}

static void who_leaves_offers_nothing_more(void **state)
{
    struct region *r = *state;
    struct ledger_charge c;

    offer(r);
    offer(r);
    agree(r, 500);
    OK(r, ledger_charge_withdraw(r->l, 2, &region_why));
    OK(r, ledger_member_leave(r->l, HOST, &region_why));
    expect_told(r, LEDGER_NOTICE_STANDING_ENDED, 1, 1);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_ENDED);
    OK(r, ledger_charge_get(r->l, 1, &c));
    assert_true(c.withdrawn_at_us != 0);
    OK(r, ledger_erase_member(r->l, HOST, &region_why));
    OK(r, ledger_charge_get(r->l, 1, &c));
    assert_true(c.erased);
    assert_string_equal(c.title, "");
    assert_string_equal(c.payee, "erased-3");
    assert_string_equal(standing_get(r, 1).memo, "");
    region_sound(r);
}

static const struct damage damages[] = {
    {"another price", "UPDATE charge_terms SET amount_minor = 499 WHERE id = 1",
     "standing payment 1: it is not what its charge asks for"},
    {"another rhythm", "UPDATE charge SET every = 2",
     "standing payment 1: it is not what its charge asks for"},
    {"another payee", "UPDATE charge SET payee_id = 2",
     "standing payment 1: it is not what its charge asks for"},
    {"two agreements",
     "INSERT INTO standing SELECT 9, payer_id, payee_id, amount_minor, unit, every, day, first_on, "
     "until_on, count, ordered_at_us, actor, terms_id, request_id FROM standing WHERE id = 1; "
     "INSERT INTO "
     "standing_text VALUES (9, ''); INSERT INTO standing_next SELECT 9, number, due_on, paused "
     "FROM standing_next WHERE standing_id = 1",
     "standing payment 9: its payer pays that charge twice"},
    {"no price", "DELETE FROM charge_terms WHERE charge_id = 2",
     "charge 2: it has no price, or its account is not there"},
    {"a price of nothing", "INSERT INTO charge_terms VALUES (9, 9, 5, 0, '')",
     "charge 9: a row stands without it"},
    {"words", "DELETE FROM charge_text WHERE charge_id = 2", "charge 2: its words are gone"},
    {"words of nothing", "INSERT INTO charge_text VALUES (9, 'x', '')",
     "charge 9: words stand without it"},
};

static void each_damage_is_named(void **state)
{
    struct region *r = *state;

    offer(r);
    offer(r);
    agree(r, 500);
    region_sound(r);
    region_close(r);
    damage_each(r, damages, COUNT(damages));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_offer_is_whole_or_none),
        TEST(who_agrees_pays_it_until_it_ends_it),
        TEST(what_cannot_be_agreed_to),
        TEST(another_price_needs_another_word),
        TEST(an_end_outlives_a_new_price),
        TEST(a_paused_agreement_made_anew_goes_on_after_today),
        TEST(an_agreement_that_is_over_is_no_agreement),
        TEST(a_new_price_keeps_the_day),
        TEST(who_leaves_offers_nothing_more),
        TEST(each_damage_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
