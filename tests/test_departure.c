/* A member leaves with nothing open. */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/member.h"

#include <string.h>

enum { ANA = 1, BEN, COMMONS };

static const struct ledger_why no_reason = {.actor = "local:test", .reason = "", .authority = ""};

/* ana owes 25.00, ben has 25.00; the commons fund is at zero. */
static void start(struct region *r)
{
    region_start(r);
    region_currency(r, "CALD");
    region_currency(r, "HOUR");
    region_member(r, "ana");
    region_member(r, "ben");
    region_fund(r, "commons");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_account(r, "commons", "CALD");
    region_pay(r, ANA, BEN, 2500);
}

static const struct row {
    const char *what;
    enum { LEAVE, SETTLE, WRITE_OFF } act;
    int64_t who; /* member, or account */
    int64_t other;
    const char *reference;
    const struct ledger_why *why;
    enum ledger_status outcome;
    const char *sentence;
    int64_t ana_minor;
    int64_t ben_minor;
    int64_t commons_minor;
} rows[] = {
    {"a reason is needed", LEAVE, 1, 0, NULL, &no_reason, LEDGER_REASON_MISSING, "", -2500, 2500,
     0},
    {"a member must be there", LEAVE, 9, 0, NULL, &region_why, LEDGER_NO_SUCH_MEMBER, "", -2500,
     2500, 0},
    {"what is owed stands in the way", LEAVE, 1, 0, NULL, &region_why, LEDGER_NOT_SETTLED,
     "ana:CALD is at -25.00. Trade", -2500, 2500, 0},
    {"so does what one is owed", LEAVE, 2, 0, NULL, &region_why, LEDGER_NOT_SETTLED,
     "ben:CALD is at 25.00", -2500, 2500, 0},
    {"a settlement needs a reason", SETTLE, ANA, BEN, "receipt 7", &no_reason,
     LEDGER_REASON_MISSING, "", -2500, 2500, 0},
    {"and a reference", SETTLE, ANA, BEN, "", &region_why, LEDGER_MISSING_PARAMETER, "reference",
     -2500, 2500, 0},
    {"and something to settle", SETTLE, COMMONS, BEN, "receipt 7", &region_why,
     LEDGER_AMOUNT_NOT_POSITIVE, "at zero already", -2500, 2500, 0},
    {"and another account", SETTLE, ANA, ANA, "receipt 7", &region_why, LEDGER_SAME_ACCOUNT, "",
     -2500, 2500, 0},
    {"paid outside: both come to zero", SETTLE, ANA, BEN, "receipt 7", &region_why, LEDGER_OK, "",
     0, 0, 0},
    {"a write-off needs a reason", WRITE_OFF, ANA, COMMONS, NULL, &no_reason, LEDGER_REASON_MISSING,
     "", 0, 0, 0},
    {"and a fund", WRITE_OFF, ANA, BEN, NULL, &region_why, LEDGER_MEMBER_STATE, "only a fund", 0, 0,
     0},
    {"and a debt", WRITE_OFF, ANA, COMMONS, NULL, &region_why, LEDGER_AMOUNT_NOT_POSITIVE,
     "not below zero", 0, 0, 0},
    {"now ana may leave", LEAVE, 1, 0, NULL, &region_why, LEDGER_OK, "", 0, 0, 0},
    {"but not twice", LEAVE, 1, 0, NULL, &region_why, LEDGER_MEMBER_STATE, "left already", 0, 0, 0},
};

static enum ledger_status act(struct region *r, const struct row *row)
{
    int64_t id;

    switch (row->act) {
    case LEAVE:
        return ledger_member_leave(r->l, row->who, row->why);
    case SETTLE:
        return ledger_member_settle(r->l, row->who, row->other, row->reference, row->why, &id);
    case WRITE_OFF:
        return ledger_member_write_off(r->l, row->who, row->other, true, row->why, &id);
    }
    return LEDGER_OK;
}

static void each_row(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        enum ledger_status got = act(&r, row);
        if (got != row->outcome || (got && !strstr(ledger_message(r.l), row->sentence)))
            fail_msg("%s: %s, %s", row->what, ledger_status_facts(got)->code, ledger_message(r.l));
        assert_int_equal(region_balance(&r, ANA), row->ana_minor);
        assert_int_equal(region_balance(&r, BEN), row->ben_minor);
        assert_int_equal(region_balance(&r, COMMONS), row->commons_minor);
    }
    region_end(&r);
}

static void a_fund_pays_what_will_not_come_in(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;
    struct ledger_member m;
    int64_t id;

    start(&r);
    OK(&r, ledger_member_change_state(r.l, 1, LEDGER_SUSPENDED, &region_why));
    OK(&r, ledger_member_write_off(r.l, ANA, COMMONS, true, &region_why, &id));
    assert_int_equal(region_balance(&r, ANA), 0);
    assert_int_equal(region_balance(&r, COMMONS), -2500);
    OK(&r, ledger_transfer_get(r.l, id, &t));
    assert_int_equal(t.kind, LEDGER_WRITE_OFF);
    assert_string_equal(t.memo, "because");
    OK(&r, ledger_member_leave(r.l, 1, &region_why));
    OK(&r, ledger_member_get(r.l, 1, &m));
    assert_int_equal(m.state, LEDGER_LEFT);
    region_end(&r);
}

static void the_fund_has_its_limits_too(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    region_member(&r, "cleo");
    region_pay(&r, COMMONS, region_account(&r, "cleo", "CALD"), 7501);
    EXPECT(&r, LEDGER_OVER_LIMIT,
           ledger_member_write_off(r.l, ANA, COMMONS, true, &region_why, &id));
    assert_int_equal(region_balance(&r, ANA), -2500);
    region_end(&r);
}

static void a_settlement_says_where(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;
    int64_t id;

    start(&r);
    OK(&r, ledger_member_settle(r.l, BEN, ANA, "receipt 7", &region_why, &id));
    OK(&r, ledger_transfer_get(r.l, id, &t));
    assert_int_equal(t.kind, LEDGER_SETTLEMENT);
    assert_string_equal(t.reference, "receipt 7");
    assert_string_equal(t.memo, "because");
    assert_int_equal(region_balance(&r, ANA), 0);
    region_end(&r);
}

static void every_account_and_hold_is_named(void **state)
{
    (void)state;
    struct region r;
    int64_t hours;

    start(&r);
    hours = region_account(&r, "ana", "HOUR");
    region_pay(&r, region_account(&r, "ben", "HOUR"), hours, 500);
    region_hold(&r, ANA, BEN, 100, 2);
    region_hold(&r, BEN, ANA, 100, 1);
    EXPECT(&r, LEDGER_NOT_SETTLED, ledger_member_leave(r.l, 1, &region_why));
    assert_non_null(strstr(ledger_message(r.l), "ana:CALD is at -25.00, ana:HOUR is at 5.00; "
                                                "2 holds are open."));
    r.clock.now_us += REGION_HOUR_US;
    EXPECT(&r, LEDGER_NOT_SETTLED, ledger_member_leave(r.l, 1, &region_why));
    assert_non_null(strstr(ledger_message(r.l), "1 hold is open"));
    region_end(&r);
}

static void an_expired_hold_keeps_nobody(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_hold(&r, COMMONS, BEN, 100, 1);
    EXPECT(&r, LEDGER_NOT_SETTLED, ledger_member_leave(r.l, 3, &region_why));
    r.clock.now_us += REGION_HOUR_US;
    OK(&r, ledger_member_leave(r.l, 3, &region_why));
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
        cmocka_unit_test(a_fund_pays_what_will_not_come_in),
        cmocka_unit_test(the_fund_has_its_limits_too),
        cmocka_unit_test(a_settlement_says_where),
        cmocka_unit_test(every_account_and_hold_is_named),
        cmocka_unit_test(an_expired_hold_keeps_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
