/* test_request_step.c - what the two sides say of a request, and who may ask. */
#include "support/bill.h"

#include "ledger/departure.h"
#include "ledger/request_step.h"

static void it_is_disputed_and_resolved(void **state)
{
    struct region *r = *state;
    const struct ledger_why none = {"local:test", "", ""};
    int64_t id = bill_ask(r, 1000);

    EXPECT(r, LEDGER_REASON_MISSING, ledger_request_dispute(r->l, id, &none));
    EXPECT(r, LEDGER_NO_SUCH_REQUEST, ledger_request_dispute(r->l, 99, &region_why));
    EXPECT(r, LEDGER_REQUEST_STATE, ledger_request_resolve(r->l, id, &region_why));
    OK(r, ledger_request_dispute(r->l, id, &region_why));
    bill_expect(r, id, "disputed", 1000);
    EXPECT(r, LEDGER_REQUEST_STATE, ledger_request_dispute(r->l, id, &region_why));
    EXPECT(r, LEDGER_REQUEST_DISPUTED, bill_accept(r, id));
    OK(r, bill_pay(r, id, 600, NULL)); /* what it does not dispute */
    bill_expect(r, id, "disputed", 400);
    OK(r, ledger_request_resolve(r->l, id, &region_why));
    bill_expect(r, id, "part-paid", 400);
    OK(r, bill_accept(r, id));
    bill_expect(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_request_dispute(r->l, id, &region_why));
}

static void it_is_declined_or_withdrawn(void **state)
{
    struct region *r = *state;
    int64_t declined = bill_ask(r, 1000), withdrawn = bill_ask(r, 1000), part = bill_ask(r, 1000);

    OK(r, ledger_request_decline(r->l, declined, &region_why));
    OK(r, ledger_request_withdraw(r->l, withdrawn, &region_why));
    bill_expect(r, declined, "declined", 0);
    bill_expect(r, withdrawn, "withdrawn", 0);
    EXPECT(r, LEDGER_REQUEST_OVER, bill_accept(r, declined));
    EXPECT(r, LEDGER_REQUEST_OVER, bill_pay(r, withdrawn, 1, NULL));
    EXPECT(r, LEDGER_REQUEST_OVER, bill_credit(r, withdrawn, 1, 0));
    EXPECT(r, LEDGER_REQUEST_OVER, ledger_request_decline(r->l, declined, &region_why));
    OK(r, bill_pay(r, part, 1, NULL));
    EXPECT(r, LEDGER_REQUEST_STATE, ledger_request_decline(r->l, part, &region_why));
    EXPECT(r, LEDGER_REQUEST_STATE, ledger_request_withdraw(r->l, part, &region_why));
    bill_expect(r, part, "part-paid", 999);
}

/* Expiry takes back the click and not the debt. */
static void it_expires(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
    int64_t id, other;

    d.has_expires = d.has_due = true;
    d.expires_on = region_day("2026-03-10");
    d.due_on = region_day("2026-03-05");
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    OK(r, ledger_request_make(r->l, &d, "local:test", &other));
    region_set_day(r, "2026-03-10");
    OK(r, bill_accept(r, other));
    region_set_day(r, "2026-03-11");
    bill_expect(r, id, "expired", 1000);
    struct ledger_request q = bill_get(r, id);
    assert_true(ledger_request_is_overdue(r->l, &q));
    EXPECT(r, LEDGER_REQUEST_EXPIRED, bill_accept(r, id));
    OK(r, bill_pay(r, id, 400, NULL));
    bill_expect(r, id, "expired", 600);
    assert_int_equal(bill_get(r, id).paid_minor, 400);
    OK(r, bill_pay(r, id, 600, NULL));
    bill_expect(r, id, "paid", 0);
}

static void who_asks_and_who_leaves(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
    int64_t id = bill_ask(r, 1000);

    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, MILL, &region_why));
    assert_string_equal(ledger_message(r->l),
                        "mill cannot leave yet: there is request 1 to pay. Pay, decline, credit or "
                        "withdraw what is asked for");
    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, RIVERSIDE, &region_why));
    OK(r, ledger_member_change_state(r->l, RIVERSIDE, LEDGER_SUSPENDED, &region_why));
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, ledger_request_make(r->l, &d, "local:test", &id));
    OK(r, bill_accept(r, id)); /* a suspended member receives */
    OK(r, ledger_member_change_state(r->l, RIVERSIDE, LEDGER_ACTIVE, &region_why));
    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_SUSPENDED, &region_why));
    id = bill_ask(r, 1000);
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, bill_accept(r, id)); /* and does not pay */
    OK(r, ledger_request_withdraw(r->l, id, &region_why));
    OK(r, ledger_member_leave(r->l, JOINERS, &region_why));
    d.payer_id = JOINERS;
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, ledger_request_make(r->l, &d, "local:test", &id));
    region_sound(r);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bill_set_up, bill_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_is_disputed_and_resolved),
        TEST(it_is_declined_or_withdrawn),
        TEST(it_expires),
        TEST(who_asks_and_who_leaves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
