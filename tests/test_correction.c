/* A mistake is put right by another transfer, once and never for more. */
#include "support/picture.h"

#include "ledger/correction.h"
#include "ledger/departure.h"
#include "ledger/limit.h"
#include "ledger/member.h"
#include "ledger/period.h"

#include <string.h>

enum { ANA = 1, BEN, CLEO, ANA_HOURS, BEN_HOURS };

/* Transfers that the tables name. */
enum {
    BREAD = 1, /* ana -> ben 60.00, on 2 March */
    SHARED,    /* ana -> ben 10.00 and cleo 20.00 */
    WRONG,     /* cleo -> ben 5.00 */
    REVERSAL,  /* of WRONG */
    PART_BACK, /* ben -> ana 25.00 of BREAD */
    MIXED,     /* ana -> ben 1.00, ben -> ana 2.00 hours */
    NONE = 99
};

static char reason_500[501];
static char reason_501[502];

static int fill_texts(void **state)
{
    (void)state;
    memset(reason_500, 'r', 500);
    memset(reason_501, 'r', 501);
    return 0;
}

static struct ledger_why because(const char *reason)
{
    return (struct ledger_why){.actor = "local:test", .reason = reason, .authority = ""};
}

static void post(struct region *r, const struct ledger_leg *legs, int leg_count)
{
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = leg_count};
    int64_t id;

    OK(r, ledger_transfer_post(r->l, &draft, &id));
}

/* It is 3 March and the days before it are closed: ana -66.00, ben 46.00, cleo 20.00. */
static void start(struct region *r)
{
    const struct ledger_leg shared[] = {{ANA, -3000}, {BEN, 1000}, {CLEO, 2000}};
    const struct ledger_leg mixed[] = {
        {BEN, 100}, {ANA, -100}, {BEN_HOURS, -200}, {ANA_HOURS, 200}};
    int64_t id;

    region_start(r);
    region_currency(r, "CALD");
    region_currency(r, "HOUR");
    region_member(r, "ana");
    region_member(r, "ben");
    region_member(r, "cleo");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_account(r, "cleo", "CALD");
    region_account(r, "ana", "HOUR");
    region_account(r, "ben", "HOUR");
    region_pay(r, ANA, BEN, 6000);
    post(r, shared, 3);
    region_pay(r, CLEO, BEN, 500);
    OK(r, ledger_transfer_reverse(r->l, WRONG, &region_why, &id));
    assert_int_equal(id, REVERSAL);
    region_set_day(r, "2026-03-03");
    OK(r, ledger_period_close(r->l, region_day("2026-03-02"), &region_why, &id));
    OK(r, ledger_transfer_refund(r->l, BREAD, 2500, NULL, &id));
    assert_int_equal(id, PART_BACK);
    post(r, mixed, 4);
}

/* clang-format off */
static const struct reversal {
    const char *what;
    int64_t id;
    const char *reason;
    enum ledger_status outcome;
} reversals[] = {
    {"no reason, for nothing",           NONE,      NULL,       LEDGER_REASON_MISSING},
    {"an empty one",                     NONE,      "",         LEDGER_REASON_MISSING},
    {"a blank one",                      NONE,      "   ",      LEDGER_REASON_MISSING},
    {"a reason of two lines",            NONE,      "a\nb",     LEDGER_TEXT_MALFORMED},
    {"a reason of 501 bytes",            NONE,      reason_501, LEDGER_TEXT_TOO_LONG},
    {"what is not there",                NONE,      "mistake",  LEDGER_NO_SUCH_TRANSFER},
    {"a reversal",                       REVERSAL,  "mistake",  LEDGER_NOT_REVERSIBLE},
    {"what is refunded in part",         BREAD,     "mistake",  LEDGER_NOT_REVERSIBLE},
    {"what is reversed already",         WRONG,     "mistake",  LEDGER_ALREADY_REVERSED},
};

static const struct refund {
    const char *what;
    int64_t id;
    int64_t amount_minor;
    const char *memo;
    enum ledger_status outcome;
} refunds[] = {
    {"of what is not there",                NONE,      9999, "a\nb",     LEDGER_NO_SUCH_TRANSFER},
    {"of three legs",                       SHARED,    9999, "a\nb",     LEDGER_NOT_REVERSIBLE},
    {"of four",                             MIXED,     9999, "a\nb",     LEDGER_NOT_REVERSIBLE},
    {"of a reversal",                       REVERSAL,  9999, "a\nb",     LEDGER_NOT_REVERSIBLE},
    {"of a refund",                         PART_BACK, 9999, "a\nb",     LEDGER_NOT_REVERSIBLE},
    {"of what is reversed already",         WRONG,     9999, "a\nb",     LEDGER_ALREADY_REVERSED},
    {"a cent more than is left",            BREAD,     3501, "a\nb",     LEDGER_OVER_REFUND},
    {"less than nothing",                   BREAD,     -500, "a\nb",     LEDGER_AMOUNT_NOT_POSITIVE},
    {"a memo of two lines",                 BREAD,     3500, "a\nb",     LEDGER_TEXT_MALFORMED},
    {"a memo of 501 bytes",                 BREAD,     3500, reason_501, LEDGER_TEXT_TOO_LONG},
};
/* clang-format on */

static void the_first_broken_rule_is_named(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    for (size_t i = 0; i < sizeof reversals / sizeof reversals[0]; i++) {
        const struct ledger_why why = because(reversals[i].reason);

        REFUSED_ROW(&r, reversals[i].outcome, reversals[i].what,
                    ledger_transfer_reverse(r.l, reversals[i].id, &why, &id));
    }
    for (size_t i = 0; i < sizeof refunds / sizeof refunds[0]; i++)
        REFUSED_ROW(&r, refunds[i].outcome, refunds[i].what,
                    ledger_transfer_refund(r.l, refunds[i].id, refunds[i].amount_minor,
                                           refunds[i].memo, &id));
    region_end(&r);
}

static void a_reversal_undoes_the_whole_today(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;
    const struct ledger_why why = because(reason_500);
    int64_t id;

    start(&r);
    OK(&r, ledger_transfer_reverse(r.l, SHARED, &why, &id));
    OK(&r, ledger_transfer_get(r.l, id, &t));
    assert_int_equal(t.kind, LEDGER_REVERSAL);
    assert_int_equal(t.corrects, SHARED);
    assert_int_equal(t.effective_on, region_day("2026-03-03"));
    assert_string_equal(t.memo, reason_500);
    assert_int_equal(t.leg_count, 3);
    assert_int_equal(region_balance(&r, ANA), -3600);
    assert_int_equal(region_balance(&r, BEN), 3600);
    assert_int_equal(region_balance(&r, CLEO), 0);
    OK(&r, ledger_transfer_reverse(r.l, MIXED, &region_why, &id));
    assert_int_equal(region_balance(&r, ANA), -3500);
    assert_int_equal(region_balance(&r, BEN), 3500);
    assert_int_equal(region_balance(&r, ANA_HOURS), 0);
    assert_int_equal(region_balance(&r, BEN_HOURS), 0);
    REFUSED(&r, LEDGER_ALREADY_REVERSED, ledger_transfer_reverse(r.l, MIXED, &region_why, &id));
    region_end(&r);
}

static void set_limits(struct region *r, int64_t account, int64_t floor_minor,
                       int64_t ceiling_minor)
{
    struct ledger_limit limit = {
        .account_id = account, .floor_minor = floor_minor, .ceiling_minor = ceiling_minor};

    OK(r, ledger_limit_set(r->l, &limit, &region_why));
}

static void limits_and_members_stand_in_the_way_as_of_a_payment(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    set_limits(&r, BEN, 0, 10000);
    region_pay(&r, BEN, CLEO, 1101);
    REFUSED(&r, LEDGER_OVER_LIMIT, ledger_transfer_refund(r.l, BREAD, 0, NULL, &id));
    OK(&r, ledger_transfer_refund(r.l, BREAD, 3499, NULL, &id));
    REFUSED(&r, LEDGER_OVER_LIMIT, ledger_transfer_reverse(r.l, SHARED, &region_why, &id));
    set_limits(&r, BEN, -10000, 10000);
    set_limits(&r, ANA, -10000, 0);
    region_pay(&r, CLEO, ANA, 3101);
    assert_int_equal(region_balance(&r, ANA), 0);
    REFUSED(&r, LEDGER_PAYEE_CANNOT_TAKE, ledger_transfer_refund(r.l, BREAD, 0, NULL, &id));
    REFUSED(&r, LEDGER_PAYEE_CANNOT_TAKE, ledger_transfer_reverse(r.l, SHARED, &region_why, &id));
    set_limits(&r, ANA, -10000, 3000);
    OK(&r, ledger_transfer_reverse(r.l, SHARED, &region_why, &id));
    region_end(&r);
}

static void nothing_comes_back_from_who_has_left(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    int64_t paid = region_pay(&r, ANA, CLEO, 100);
    region_pay(&r, CLEO, BEN, 2100);
    OK(&r, ledger_member_leave(r.l, CLEO, &region_why));
    REFUSED(&r, LEDGER_MEMBER_NOT_ACTIVE, ledger_transfer_reverse(r.l, SHARED, &region_why, &id));
    REFUSED(&r, LEDGER_MEMBER_NOT_ACTIVE, ledger_transfer_refund(r.l, paid, 1, NULL, &id));
    region_end(&r);
}

static void expect_corrections(struct region *r, int64_t id, int64_t refunded_minor,
                               int64_t reversal_id)
{
    int64_t refunded;
    int64_t reversal;

    OK(r, ledger_transfer_corrections(r->l, id, &refunded, &reversal));
    assert_int_equal(refunded, refunded_minor);
    assert_int_equal(reversal, reversal_id);
}

static void a_refund_comes_in_parts_up_to_the_whole(void **state)
{
    (void)state;
    struct region r;
    struct ledger_transfer t;
    int64_t id;

    start(&r);
    expect_corrections(&r, BREAD, 2500, 0);
    OK(&r, ledger_transfer_refund(r.l, BREAD, 3000, "stale", &id));
    OK(&r, ledger_transfer_get(r.l, id, &t));
    assert_int_equal(t.kind, LEDGER_REFUND);
    assert_int_equal(t.corrects, BREAD);
    assert_int_equal(t.effective_on, region_day("2026-03-03"));
    assert_string_equal(t.memo, "stale");
    assert_int_equal(region_balance(&r, ANA), -3600);
    REFUSED(&r, LEDGER_OVER_REFUND, ledger_transfer_refund(r.l, BREAD, 501, NULL, &id));
    assert_string_equal(ledger_message(r.l), "5.00 CALD of transfer 1 is left to refund");
    OK(&r, ledger_transfer_refund(r.l, BREAD, 0, NULL, &id));
    expect_corrections(&r, BREAD, 6000, 0);
    REFUSED(&r, LEDGER_OVER_REFUND, ledger_transfer_refund(r.l, BREAD, 0, NULL, &id));
    REFUSED(&r, LEDGER_OVER_REFUND, ledger_transfer_refund(r.l, BREAD, 1, NULL, &id));
    REFUSED(&r, LEDGER_NOT_REVERSIBLE, ledger_transfer_reverse(r.l, BREAD, &region_why, &id));
    region_end(&r);
}

static void a_reversed_refund_counts_no_more(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    OK(&r, ledger_transfer_reverse(r.l, PART_BACK, &region_why, &id));
    expect_corrections(&r, BREAD, 0, 0);
    expect_corrections(&r, PART_BACK, 0, id);
    OK(&r, ledger_transfer_reverse(r.l, BREAD, &region_why, &id));
    expect_corrections(&r, BREAD, 0, id);
    REFUSED(&r, LEDGER_ALREADY_REVERSED, ledger_transfer_refund(r.l, BREAD, 1, NULL, &id));
    REFUSED(&r, LEDGER_ALREADY_REVERSED, ledger_transfer_reverse(r.l, PART_BACK, &region_why, &id));
    expect_corrections(&r, NONE, 0, 0);
    region_end(&r);
}

static void who_was_paid_gives_back_whichever_leg_came_first(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_leg payee_first[] = {{CLEO, 700}, {ANA, -700}};
    int64_t id;

    start(&r);
    post(&r, payee_first, 2);
    OK(&r, ledger_transfer_refund(r.l, MIXED + 1, 200, NULL, &id));
    assert_int_equal(region_balance(&r, CLEO), 2500);
    assert_int_equal(region_balance(&r, ANA), -7100);
    region_end(&r);
}

static void a_suspended_member_is_put_right_too(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    OK(&r, ledger_member_change_state(r.l, BEN, LEDGER_SUSPENDED, &region_why));
    OK(&r, ledger_transfer_refund(r.l, BREAD, 100, NULL, &id));
    OK(&r, ledger_transfer_reverse(r.l, SHARED, &region_why, &id));
    assert_int_equal(region_balance(&r, BEN), 3500);
    region_end(&r);
}

static void a_capture_is_a_payment_like_another(void **state)
{
    (void)state;
    struct region r;
    int64_t captured;
    int64_t id;

    start(&r);
    OK(&r, ledger_hold_capture(r.l, region_hold(&r, ANA, BEN, 900, 1), 0, &captured));
    OK(&r, ledger_transfer_refund(r.l, captured, 400, NULL, &id));
    OK(&r, ledger_transfer_reverse(r.l, id, &region_why, &id));
    OK(&r, ledger_transfer_reverse(r.l, captured, &region_why, &id));
    assert_int_equal(region_balance(&r, ANA), -6600);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_broken_rule_is_named),
        cmocka_unit_test(a_reversal_undoes_the_whole_today),
        cmocka_unit_test(limits_and_members_stand_in_the_way_as_of_a_payment),
        cmocka_unit_test(nothing_comes_back_from_who_has_left),
        cmocka_unit_test(a_refund_comes_in_parts_up_to_the_whole),
        cmocka_unit_test(a_reversed_refund_counts_no_more),
        cmocka_unit_test(who_was_paid_gives_back_whichever_leg_came_first),
        cmocka_unit_test(a_suspended_member_is_put_right_too),
        cmocka_unit_test(a_capture_is_a_payment_like_another),
    };

    return cmocka_run_group_tests(tests, fill_texts, NULL);
}
