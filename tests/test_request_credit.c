/* test_request_credit.c - what credit notes take off, and what is given back with them. */
#include "support/bill.h"

#include "ledger/correction.h"
#include "ledger/limit.h"
#include "ledger/request_pay.h"
#include "ledger/request_step.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void a_credit_note_takes_off_what_is_open(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 1000);
    struct ledger_request note;

    OK(r, bill_pay(r, id, 300, NULL));
    EXPECT(r, LEDGER_OVER_CREDIT, bill_credit(r, id, 701, 0));
    assert_string_equal(ledger_message(r->l),
                        "at most 7.00 CALD of request 1 can be credited: so much is open; what was "
                        "paid is given back with --refund");
    OK(r, bill_credit(r, id, 200, 0));
    bill_expect(r, id, "part-paid", 500);
    note = bill_get(r, 2);
    assert_string_equal(ledger_request_state(r->l, &note), "credit");
    assert_int_equal(note.corrects_id, id);
    EXPECT(r, LEDGER_NOT_AN_INVOICE, bill_credit(r, 2, 1, 0));
    EXPECT(r, LEDGER_NOT_AN_INVOICE, bill_accept(r, 2));
    EXPECT(r, LEDGER_NOT_AN_INVOICE, ledger_request_dispute(r->l, 2, &region_why));
    EXPECT(r, LEDGER_NO_EQUIVALENT, bill_credit(r, id, 200, 10));
    OK(r, bill_credit(r, id, 500, 0));
    bill_expect(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, bill_credit(r, id, 1, 0));
    id = bill_ask(r, 1000);
    OK(r, bill_credit(r, id, 1000, 0));
    bill_expect(r, id, "credited", 0);
}

static void no_more_tax_is_credited_than_was_asked_for(void **state)
{
    static const struct {
        int64_t net_minor;
        int tax_points;
        int times;
        enum ledger_status status; /* of the last */
    } rows[] = {
        {100, 10000, 1, LEDGER_OVER_CREDIT}, /* a rate that the invoice does not have */
        {100, 0, 1, LEDGER_OK},              /* what was given up without tax */
        {600, 500, 1, LEDGER_OK},            /* 0.30 of the tax */
        {10, 500, 20, LEDGER_OK},            /* 0.01 each, and nothing is left of it */
        {10, 500, 1, LEDGER_OVER_CREDIT},
        {100, 0, 1, LEDGER_OK},
    };
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
    int64_t of, id;

    line.tax_points = 500;
    OK(r, ledger_request_make(r->l, &d, "local:test", &of)); /* 10.00, and 0.50 of tax */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int n = 0; n < rows[i].times; n++) {
            d = bill_draft(&line, rows[i].net_minor);
            line.tax_points = rows[i].tax_points;
            d.corrects_id = of;
            EXPECT(r, rows[i].status, ledger_request_credit(r->l, &d, "local:test", &id));
        }
    bill_expect(r, of, "credited", 0);
}

static enum ledger_status credit_paid(struct region *r, int64_t of, int64_t amount_minor,
                                      int64_t outside_minor)
{
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, amount_minor);
    int64_t id;

    d.corrects_id = of;
    d.outside_minor = outside_minor;
    d.refund = true;
    return ledger_request_credit(r->l, &d, "local:test", &id);
}

/* What is open of it, what of it was given back, and what riverside has. */
static void expect_kept(struct region *r, int64_t id, const char *state, int64_t open_minor,
                        int64_t refunded_minor, int64_t balance_minor)
{
    struct ledger_request q = bill_get(r, id);

    bill_expect(r, id, state, open_minor);
    assert_int_equal(q.refunded_minor, refunded_minor);
    assert_int_equal(open_minor,
                     q.ledger_minor - q.paid_minor + q.refunded_minor - q.credited_minor);
    assert_int_equal(region_balance(r, region_account(r, "riverside", "CALD")), balance_minor);
}

/* Of what was paid too, through all that was asked for: the payments are given back, the latest first. */
static void a_credit_note_gives_back_what_was_paid(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 1000), first, last;
    struct ledger_transfer t;

    EXPECT(r, LEDGER_OVER_CREDIT, credit_paid(r, id, 1001, 0));
    OK(r, bill_pay(r, id, 300, &first));
    OK(r, bill_pay(r, id, 500, &last));
    EXPECT(r, LEDGER_OVER_CREDIT, credit_paid(r, id, 1001, 0));
    assert_string_equal(ledger_message(r->l),
                        "at most 10.00 CALD of request 1 can be credited: so much is not credited "
                        "yet");
    OK(r, credit_paid(r, id, 100, 0)); /* that is open: nothing is given back */
    expect_kept(r, id, "part-paid", 100, 0, 800);
    OK(r, credit_paid(r, id, 300, 0));
    expect_kept(r, id, "paid", 0, 200, 600);
    OK(r, ledger_transfer_get(r->l, 3, &t));
    assert_int_equal(t.kind, LEDGER_REFUND);
    assert_int_equal(t.corrects, last);
    assert_string_equal(t.memo, "credit note 3");
    assert_int_equal(bill_get(r, 3).refunded_minor, 200);
    EXPECT(r, LEDGER_REQUEST_PAID, bill_credit(r, id, 1, 0));
    EXPECT(r, LEDGER_OVER_CREDIT, credit_paid(r, id, 601, 0));
    OK(r, credit_paid(r, id, 599, 0)); /* 3.00 of the last payment, 2.99 of the first */
    expect_kept(r, id, "paid", 0, 799, 1);
    OK(r, ledger_transfer_get(r->l, 5, &t));
    assert_int_equal(t.corrects, first);
    OK(r, credit_paid(r, id, 1, 0));
    expect_kept(r, id, "credited", 0, 800, 0);
    EXPECT(r, LEDGER_REQUEST_PAID, credit_paid(r, id, 1, 0));
    assert_string_equal(ledger_message(r->l),
                        "nothing is open of request 1, and nothing paid is left to give back");
}

/* A refund made by hand counts for a credit note once, whole or in parts, and is then final. */
static void a_refund_by_hand_counts_once(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 1000), paid, refund, undone, other;

    OK(r, bill_pay(r, id, 0, &paid));
    OK(r, ledger_transfer_refund(r->l, paid, 400, "", &refund));
    OK(r, ledger_transfer_refund(r->l, paid, 50, "", &undone));
    OK(r, ledger_transfer_reverse(r->l, undone, &region_why, &other));
    expect_kept(r, id, "paid", 0, 0, 600);
    OK(r, credit_paid(r, id, 300, 0));
    expect_kept(r, id, "paid", 0, 300, 600);
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_reverse(r->l, refund, &region_why, &other));
    assert_string_equal(ledger_message(r->l),
                        "transfer 2 gave back what a credit note took off request 1: ask for "
                        "payment anew instead");
    OK(r, credit_paid(r, id, 250, 0)); /* 1.00 is given back already */
    expect_kept(r, id, "paid", 0, 550, 450);
    EXPECT(r, LEDGER_OVER_REFUND, ledger_transfer_refund(r->l, paid, 451, "", &other));
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_reverse(r->l, paid, &region_why, &other));
    OK(r, credit_paid(r, id, 450, 0));
    expect_kept(r, id, "credited", 0, 1000, 0);
}

/* A payment that was reversed is not there to be given back; nor is anything where the payee has no room. */
static void what_cannot_be_given_back_is_not_credited(void **state)
{
    struct region *r = *state;
    struct ledger_limit none = {.ceiling_minor = 10000};
    int64_t id = bill_ask(r, 1000), paid, other;

    OK(r, bill_pay(r, id, 600, &paid));
    OK(r, bill_pay(r, id, 400, NULL));
    OK(r, ledger_transfer_reverse(r->l, paid, &region_why, &other));
    OK(r, credit_paid(r, id, 700, 0));
    expect_kept(r, id, "paid", 0, 100, 300);
    none.account_id = region_account(r, "riverside", "CALD");
    OK(r, ledger_limit_set(r->l, &none, &region_why));
    region_pay(r, none.account_id, region_account(r, "joiners", "CALD"), 1);
    OK(r, ledger_savepoint(r->l));
    EXPECT(r, LEDGER_OVER_LIMIT, credit_paid(r, id, 300, 0));
    OK(r, ledger_rollback_to(r->l));
    expect_kept(r, id, "paid", 0, 100, 299);
}

/* 10.00, of which 5.50 GBP stand for 5.00: both are given back. */
static void a_part_outside_is_given_back(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
    int64_t id;

    bill_state_equivalent(r);
    d.outside_minor = 550;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    OK(r, bill_accept(r, id));
    OK(r, ledger_request_paid_outside(r->l, id, 330, "", "local:test"));
    EXPECT(r, LEDGER_OVER_CREDIT, credit_paid(r, id, 1000, 551));
    assert_string_equal(ledger_message(r->l),
                        "at most 5.00 CALD and 5.50 GBP of request 1 can be credited: so much is "
                        "not credited yet");
    OK(r, credit_paid(r, id, 400, 440)); /* 2.20 that are open, and 2.20 that were received */
    assert_int_equal(bill_get(r, id).paid_outside_minor, 110);
    expect_kept(r, id, "paid", 0, 0, 500);
    OK(r, credit_paid(r, id, 600, 110));
    assert_int_equal(bill_get(r, id).credited_outside_minor, 550);
    expect_kept(r, id, "credited", 0, 500, 0);
}

static const struct damage {
    const char *what;
    const char *sql;
    const char *problem;
} damages[] = {
    {"more than was given back",
     "UPDATE request_event SET ledger_minor = 301 WHERE transfer_id = 4",
     "request 1: a refund counts for more than it gave back"},
    {"a refund that was reversed", "UPDATE request_event SET transfer_id = 2 WHERE transfer_id = 4",
     "request 1: a refund counts for more than it gave back, or was reversed"},
    {"no refund", "UPDATE request_event SET transfer_id = 3 WHERE transfer_id = 4",
     "request 1: a refund that counts is of no payment of it"},
    {"no credit note", "UPDATE request_event SET credit_id = 1 WHERE transfer_id = 4",
     "request 1: a refund that counts is of no payment of it, or its credit note is of another"},
    {"a refund after it counted",
     "UPDATE request_event SET at_us = at_us - 2 WHERE transfer_id = 4",
     "request 1: a refund that counts is of no payment of it"},
};

/* Paid, refunded by hand, which is taken back, and refunded with a credit note. */
static void each_damage_is_named(void **state)
{
    struct region *r = *state;
    int64_t id = bill_ask(r, 1000), paid, refund, other;

    OK(r, bill_pay(r, id, 0, &paid));
    OK(r, ledger_transfer_refund(r->l, paid, 300, "", &refund));
    OK(r, ledger_transfer_reverse(r->l, refund, &region_why, &other));
    OK(r, credit_paid(r, id, 300, 0));
    bill_expect(r, id, "paid", 0);
    region_close(r);
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct region copy = {.clock = r->clock};
        struct ledger_verification v;
        char command[500];

        snprintf(copy.path, sizeof copy.path, "%.180s-damaged", r->path);
        snprintf(command, sizeof command, "cp '%s' '%s'", r->path, copy.path);
        assert_int_equal(system(command), 0);
        region_damage(copy.path, damages[i].sql);
        region_open(&copy, false);
        EXPECT(&copy, LEDGER_INTEGRITY, ledger_verify(copy.l, NULL, NULL, &v));
        region_end(&copy);
        print_message("%s: %s\n", damages[i].what, v.problem);
        assert_non_null(strstr(v.problem, damages[i].problem));
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bill_set_up, bill_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_credit_note_takes_off_what_is_open),
        TEST(no_more_tax_is_credited_than_was_asked_for),
        TEST(a_credit_note_gives_back_what_was_paid),
        TEST(a_refund_by_hand_counts_once),
        TEST(what_cannot_be_given_back_is_not_credited),
        TEST(a_part_outside_is_given_back),
        TEST(each_damage_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
