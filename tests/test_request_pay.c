/* test_request_pay.c - who pays what of a request, here or outside, and what of it is taken back. */
#include "support/bill.h"

#include "ledger/correction.h"
#include "ledger/notice.h"
#include "ledger/request_pay.h"
#include "ledger/request_step.h"

static void it_is_paid_in_parts(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 1000);
    struct ledger_request_payment rest = {
        .amount_minor = 600, .memo = "the rest", .why = &region_why};
    struct ledger_transfer t;
    int64_t transfer;

    bill_expect(r, id, "open", 1000);
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, bill_pay(r, id, -1, NULL));
    EXPECT(r, LEDGER_OVER_REQUEST, bill_pay(r, id, 1001, NULL));
    assert_string_equal(ledger_message(r->l), "10.00 CALD of request 1 is left to pay");
    OK(r, bill_pay(r, id, 400, &transfer));
    OK(r, ledger_transfer_get(r->l, transfer, &t));
    assert_string_equal(t.reference, "invoice 1");
    assert_string_equal(t.memo, "invoice 1");
    bill_expect(r, id, "part-paid", 600);
    EXPECT(r, LEDGER_OVER_REQUEST, bill_pay(r, id, 601, NULL));
    rest.request_id = id;
    OK(r, ledger_request_pay(r->l, &rest, &transfer));
    OK(r, ledger_transfer_get(r->l, transfer, &t));
    assert_string_equal(t.memo, "the rest");
    bill_expect(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, bill_pay(r, id, 1, NULL));
    EXPECT(r, LEDGER_REQUEST_PAID, bill_accept(r, id));
    assert_int_equal(region_balance(r, region_account(r, "riverside", "CALD")), 1000);
    EXPECT(r, LEDGER_NO_SUCH_REQUEST, bill_accept(r, 99));
}

/* What the payer's limit refuses leaves the request as it was. */
static void what_cannot_be_posted_is_not_paid(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 10001);

    EXPECT(r, LEDGER_OVER_LIMIT, bill_accept(r, id));
    bill_expect(r, id, "open", 10001);
    OK(r, bill_pay(r, id, 10000, NULL));
    bill_expect(r, id, "part-paid", 1);
}

/* Two people say yes at once: the committer runs each in a savepoint, one after the other. */
static void one_of_two_wins(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 700);

    OK(r, ledger_savepoint(r->l));
    OK(r, bill_accept(r, id));
    OK(r, ledger_release(r->l));
    OK(r, ledger_savepoint(r->l));
    EXPECT(r, LEDGER_REQUEST_PAID, bill_accept(r, id));
    OK(r, ledger_rollback_to(r->l));
    assert_int_equal(region_balance(r, region_account(r, "mill", "CALD")), -700);
    bill_expect(r, id, "paid", 0);
}

static void a_reversal_opens_it_again(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 1000);
    int64_t transfer, other;

    OK(r, bill_pay(r, id, 400, &transfer));
    OK(r, bill_pay(r, id, 600, NULL));
    OK(r, ledger_transfer_reverse(r->l, transfer, &region_why, &other));
    bill_expect(r, id, "part-paid", 400);
    EXPECT(r, LEDGER_OVER_REQUEST, bill_pay(r, id, 401, NULL));
    OK(r, bill_pay(r, id, 0, &transfer));
    bill_expect(r, id, "paid", 0);
    OK(r, ledger_transfer_refund(r->l, transfer, 100, "", &other));
    bill_expect(r, id, "paid", 0);
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_reverse(r->l, transfer, &region_why, &other));
    bill_expect(r, id, "paid", 0);
}

static void a_payment_by_itself_is_matched(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 1000), other = bill_ask(r, 1000), euros;
    int64_t mill = region_account(r, "mill", "CALD"),
            riverside = region_account(r, "riverside", "CALD");
    int64_t joiners = region_account(r, "joiners", "CALD"), made;
    int64_t paid, back, large, elsewhere, refunded;

    paid = region_pay(r, mill, riverside, 400);
    back = region_pay(r, riverside, mill, 100);
    large = region_pay(r, mill, riverside, 601);
    elsewhere = region_pay(r, joiners, mill, 100);
    refunded = region_pay(r, mill, riverside, 200);
    OK(r, ledger_transfer_refund(r->l, refunded, 1, "", &made));
    region_currency(r, "EURO");
    euros =
        region_pay(r, region_account(r, "mill", "EURO"), region_account(r, "riverside", "EURO"), 1);
    EXPECT(r, LEDGER_NO_SUCH_REQUEST, ledger_request_match(r->l, 99, paid, "local:test"));
    EXPECT(r, LEDGER_NO_SUCH_TRANSFER, ledger_request_match(r->l, id, 99, "local:test"));
    EXPECT(r, LEDGER_NO_SUCH_TRANSFER, ledger_request_match(r->l, id, elsewhere, "local:test"));
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, id, back, "local:test"));
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, id, euros, "local:test"));
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, id, made, "local:test"));
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, id, refunded, "local:test"));
    OK(r, ledger_request_dispute(r->l, id, &region_why));
    EXPECT(r, LEDGER_REQUEST_DISPUTED, ledger_request_match(r->l, id, paid, "local:test"));
    OK(r, ledger_request_resolve(r->l, id, &region_why));
    assert_int_equal(bill_told_to(r, MILL).of[LEDGER_NOTICE_REQUEST_MATCHED], 0);
    OK(r, ledger_request_match(r->l, id, paid, "local:test"));
    assert_int_equal(bill_told_to(r, MILL).of[LEDGER_NOTICE_REQUEST_MATCHED], 1);
    bill_expect(r, id, "part-paid", 600);
    EXPECT(r, LEDGER_OVER_REQUEST, ledger_request_match(r->l, id, large, "local:test"));
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, other, paid, "local:test"));
    OK(r, bill_pay(r, other, 100, &made));
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, id, made, "local:test"));
    OK(r, ledger_transfer_reverse(r->l, paid, &region_why, &made));
    bill_expect(r, id, "open", 1000);
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, id, paid, "local:test"));
    OK(r, ledger_request_match(r->l, id, large, "local:test"));
    OK(r, bill_accept(r, id));
    bill_expect(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_request_match(r->l, id, large, "local:test"));
}

/* 10.00, of which 5.50 GBP at 1.10 stand for 5.00. */
static void a_part_is_paid_outside(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
    int64_t id;

    bill_state_equivalent(r);
    d.outside_minor = 550;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    bill_expect(r, id, "open", 500);
    OK(r, bill_accept(r, id));
    bill_expect(r, id, "part-paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, bill_accept(r, id));
    EXPECT(r, LEDGER_OVER_REQUEST, ledger_request_paid_outside(r->l, id, 551, "", "local:test"));
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE,
           ledger_request_paid_outside(r->l, id, -1, "", "local:test"));
    EXPECT(r, LEDGER_TEXT_MALFORMED,
           ledger_request_paid_outside(r->l, id, 1, "a\nb", "local:test"));
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_request_unpaid_outside(r->l, id, 0, "", "local:test"));
    OK(r, ledger_request_paid_outside(r->l, id, 250, "bank 7", "local:test"));
    assert_int_equal(bill_get(r, id).open_outside_minor, 300);
    EXPECT(r, LEDGER_OVER_REQUEST, ledger_request_unpaid_outside(r->l, id, 251, "", "local:test"));
    OK(r, ledger_request_unpaid_outside(r->l, id, 50, "a mistake", "local:test"));
    assert_int_equal(bill_get(r, id).open_outside_minor, 350);
    EXPECT(r, LEDGER_OVER_CREDIT, bill_credit(r, id, 320, 351));
    EXPECT(r, LEDGER_OUTSIDE_TOO_MUCH, bill_credit(r, id, 99, 110));
    OK(r, bill_credit(r, id, 100, 110)); /* 1.10 GBP are all of 1.00 */
    OK(r, ledger_request_paid_outside(r->l, id, 0, NULL, "local:test"));
    bill_expect(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_request_paid_outside(r->l, id, 0, "", "local:test"));
    EXPECT(r, LEDGER_REQUEST_PAID,
           ledger_request_paid_outside(r->l, bill_ask(r, 5), 0, "", "local:test"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bill_set_up, bill_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_is_paid_in_parts),
        TEST(what_cannot_be_posted_is_not_paid),
        TEST(one_of_two_wins),
        TEST(a_reversal_opens_it_again),
        TEST(a_payment_by_itself_is_matched),
        TEST(a_part_is_paid_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
