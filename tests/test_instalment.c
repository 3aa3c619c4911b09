/* test_instalment.c - a request is paid in parts that add up, and no more than is open. */
#include "support/damage.h"
#include "support/standing.h"

#include "ledger/correction.h"
#include "ledger/instalment.h"
#include "ledger/limit.h"
#include "ledger/request_event.h"
#include "ledger/request_pay.h"
#include "ledger/request_step.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { MILL = 1, RIVERSIDE }; /* members; the mill pays; their accounts too */

static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_account(&r, "mill", "CALD");
    region_account(&r, "riverside", "CALD");
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static int64_t ask_of(struct region *r, int64_t payer, int64_t amount_minor)
{
    struct ledger_request_line line = {
        .words = "a loom", .quantity_milli = 1000, .price_minor = amount_minor};
    const struct ledger_request_draft d = {.payee_id = MILL + RIVERSIDE - payer,
                                           .payer_id = payer,
                                           .currency_id = 1,
                                           .lines = &line,
                                           .line_count = 1};
    int64_t id;

    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    return id;
}

static int64_t ask(struct region *r, int64_t amount_minor)
{
    return ask_of(r, MILL, amount_minor);
}

static enum ledger_status try_order(struct region *r, int64_t request_id, int count)
{
    const struct ledger_instalments i = {.request_id = request_id,
                                         .cadence = {LEDGER_MONTHLY, 1, LEDGER_CADENCE_UNSAID},
                                         .starts_on = ledger_today(r->l),
                                         .count = count,
                                         .why = &region_why};
    int64_t id;

    return ledger_instalments_order(r->l, &i, &id);
}

/* What is open of request 1, what riverside has, and that all agrees. */
static void expect(struct region *r, int64_t open_minor, int64_t balance_minor)
{
    struct ledger_request q;
    struct ledger_verification v;

    OK(r, ledger_request_get(r->l, 1, &q));
    assert_int_equal(q.open_minor, open_minor);
    assert_int_equal(region_balance(r, RIVERSIDE), balance_minor);
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
}

static void pay_by_hand(struct region *r, int64_t amount_minor)
{
    const struct ledger_request_payment p = {
        .request_id = 1, .amount_minor = amount_minor, .why = &region_why};
    int64_t id;

    OK(r, ledger_request_pay(r->l, &p, &id));
}

static void parts_add_up_to_the_cent(void **state)
{
    static const struct split {
        int64_t amount_minor;
        int count;
    } splits[] = {{10000, 3}, {100, 7}, {9, 9}, {1, 1}, {9999, 1000}, {1001, 1000}};

    (void)state;
    for (size_t i = 0; i < COUNT(splits); i++) {
        const struct ledger_standing s = {
            .amount_minor = splits[i].amount_minor, .count = splits[i].count, .request_id = 1};
        int64_t sum_minor = 0;
        int64_t first_minor = ledger_standing_part(&s, 1);

        for (int n = 1; n <= s.count; n++) {
            int64_t part_minor = ledger_standing_part(&s, n);
            assert_in_range(first_minor - part_minor, 0, 1);
            assert_true(part_minor >= 1);
            sum_minor += part_minor;
        }
        assert_int_equal(sum_minor, s.amount_minor);
    }
}

static void a_request_is_paid_in_parts(void **state)
{
    struct region *r = *state;
    struct ledger_transfer t;

    ask(r, 10000);
    OK(r, try_order(r, 1, 3));
    standing_run_on(r, "2026-03-02");
    expect(r, 6666, 3334);
    standing_run_on(r, "2026-04-02");
    expect(r, 3333, 6667);
    standing_run_on(r, "2026-05-02");
    expect(r, 0, 10000);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_DONE);
    OK(r, ledger_transfer_get(r->l, 2, &t));
    assert_string_equal(t.memo, "instalment 2 of 3");
    assert_string_equal(t.reference, "invoice 1");
    assert_int_equal(t.effective_on, region_day("2026-04-02"));
}

static void what_cannot_be_paid_in_parts(void **state)
{
    struct region *r = *state;

    EXPECT(r, LEDGER_NO_SUCH_REQUEST, try_order(r, 1, 3));
    ask(r, 300);
    EXPECT(r, LEDGER_NUMBER_MALFORMED, try_order(r, 1, 0));
    EXPECT(r, LEDGER_NUMBER_MALFORMED, try_order(r, 1, 301));
    OK(r, ledger_request_dispute(r->l, 1, &region_why));
    EXPECT(r, LEDGER_REQUEST_DISPUTED, try_order(r, 1, 3));
    OK(r, ledger_request_resolve(r->l, 1, &region_why));
    OK(r, try_order(r, 1, 300));
    EXPECT(r, LEDGER_IN_INSTALMENTS, try_order(r, 1, 3));
    OK(r, ledger_standing_end(r->l, 1, &region_why));
    OK(r, try_order(r, 1, 3));
    pay_by_hand(r, 300);
    EXPECT(r, LEDGER_REQUEST_PAID, try_order(r, 1, 3));
    ask(r, 300);
    OK(r, ledger_request_withdraw(r->l, 2, &region_why));
    EXPECT(r, LEDGER_REQUEST_OVER, try_order(r, 2, 3));
    ask(r, 1001);
    EXPECT(r, LEDGER_NUMBER_MALFORMED, try_order(r, 3, 1001));
    OK(r, try_order(r, 3, 1000));
    expect(r, 0, 300);
}

/* Paid by hand meanwhile: the last parts are of what is left, and then there is nothing to pay. */
static void they_end_when_nothing_is_open(void **state)
{
    struct region *r = *state;

    ask(r, 900);
    OK(r, try_order(r, 1, 9));
    standing_run_on(r, "2026-03-02");
    pay_by_hand(r, 750);
    expect(r, 50, 850);
    standing_run_on(r, "2026-04-02");
    expect(r, 0, 900);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_ENDED);
    assert_string_equal(standing_get(r, 1).reason, "Nothing of the request is left to pay");
    standing_run_on(r, "2026-05-02");
    expect(r, 0, 900);
}

static void credit(struct region *r, int64_t amount_minor)
{
    struct ledger_request_line line = {
        .words = "a loom", .quantity_milli = 1000, .price_minor = amount_minor};
    const struct ledger_request_draft d = {.corrects_id = 1, .lines = &line, .line_count = 1};
    int64_t id;

    OK(r, ledger_request_credit(r->l, &d, "local:test", &id));
}

/* At once, and not at their next due date, whoever leaves nothing to pay; also where they are paused. */
static void they_end_with_the_request(void **state)
{
    struct region *r = *state;

    ask(r, 900);
    OK(r, try_order(r, 1, 9));
    OK(r, ledger_standing_pause(r->l, 1, &region_why));
    pay_by_hand(r, 100);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_PAUSED);
    credit(r, 700);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_PAUSED);
    credit(r, 100);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_ENDED);
    expect(r, 0, 100);
}

static void they_end_when_it_is_withdrawn(void **state)
{
    struct region *r = *state;

    ask(r, 900);
    OK(r, try_order(r, 1, 2));
    OK(r, ledger_request_withdraw(r->l, 1, &region_why));
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_ENDED);
    expect(r, 0, 0);
    standing_run_on(r, "2026-03-02");
    assert_int_equal(standing_get(r, 1).unpaid, 0);
    expect(r, 0, 0);
}

static void a_disputed_request_waits(void **state)
{
    struct region *r = *state;

    ask(r, 900);
    OK(r, try_order(r, 1, 2));
    OK(r, ledger_request_dispute(r->l, 1, &region_why));
    standing_run_on(r, "2026-03-02");
    expect(r, 900, 0);
    assert_int_equal(standing_get(r, 1).unpaid, 1);
    EXPECT(r, LEDGER_REQUEST_DISPUTED, ledger_standing_retry(r->l, 1, 0, "local:test"));
    OK(r, ledger_request_resolve(r->l, 1, &region_why));
    standing_run_on(r, "2026-03-03");
    expect(r, 450, 450);
}

static enum ledger_status keep_amount(void *ctx, const struct ledger_occurrence *o)
{
    *(int64_t *)ctx = o->amount_minor;
    return LEDGER_OK;
}

/* A part that was refused stays open; tried again when the rest is less, it pays the rest, and says so. */
static void a_refused_part_stays_open(void **state)
{
    struct region *r = *state;
    struct ledger_limit limit = {.account_id = MILL, .floor_minor = -100, .ceiling_minor = 10000};
    int64_t amount_minor = 0;

    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    ask(r, 900);
    OK(r, try_order(r, 1, 2));
    standing_run_on(r, "2026-03-02");
    expect(r, 900, 0);
    limit.floor_minor = -10000;
    region_set_day(r, "2026-03-03");
    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    pay_by_hand(r, 800);
    OK(r, ledger_standing_occurrences(r->l, 1, 0, true, 1, keep_amount, &amount_minor));
    assert_int_equal(amount_minor, 450);
    standing_run_on(r, "2026-03-03");
    expect(r, 0, 900);
    assert_int_equal(standing_get(r, 1).unpaid, 0);
    OK(r, ledger_standing_occurrences(r->l, 1, 0, false, 1, keep_amount, &amount_minor));
    assert_int_equal(amount_minor, 100);
}

/* Paid in full by hand while a part is tried again: that is over too. */
static void what_is_tried_again_ends_with_the_request(void **state)
{
    struct region *r = *state;
    struct ledger_limit limit = {.account_id = MILL, .floor_minor = -100, .ceiling_minor = 10000};

    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    ask(r, 900);
    OK(r, try_order(r, 1, 1));
    standing_run_on(r, "2026-03-02");
    assert_int_equal(standing_get(r, 1).unpaid, 1);
    limit.floor_minor = -10000;
    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    pay_by_hand(r, 900);
    assert_int_equal(standing_get(r, 1).unpaid, 0);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_ENDED);
    standing_run_on(r, "2026-03-03");
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_standing_retry(r->l, 1, 0, "local:test"));
    expect(r, 0, 900);
}

static enum ledger_status keep_first(void *ctx, const struct ledger_occurrence *o)
{
    struct ledger_occurrence *first = ctx;

    if (!first->number)
        *first = *o;
    return LEDGER_OK;
}

static struct ledger_occurrence first(struct region *r)
{
    struct ledger_occurrence o = {0};

    OK(r, ledger_standing_occurrences(r->l, 1, 0, false, 2, keep_first, &o));
    return o;
}

/*
 * A reversal opens its part again, which neither the instalments to come nor the chores make up for. Retried, it is
 * paid once; and once more where that is reversed too.
 */
static void a_reversed_part_is_open_again(void **state)
{
    struct region *r = *state;
    int64_t reversed = 1, other;
    struct ledger_uid uid;

    ask(r, 900);
    OK(r, try_order(r, 1, 2));
    standing_run_on(r, "2026-03-02");
    uid = first(r).uid;
    OK(r, ledger_transfer_reverse(r->l, reversed, &region_why, &other));
    expect(r, 900, 0);
    assert_int_equal(first(r).state, LEDGER_OCCURRENCE_REVERSED);
    assert_int_equal(first(r).transfer_id, 0);
    assert_int_equal(standing_get(r, 1).unpaid, 1);
    standing_run_on(r, "2026-04-02");
    expect(r, 450, 450);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_DONE);
    for (int again = 1; again <= 2; again++) {
        OK(r, ledger_standing_retry(r->l, 1, 0, "local:test"));
        expect(r, 0, 900);
        assert_int_equal(first(r).state, LEDGER_OCCURRENCE_PAID);
        assert_int_equal(first(r).payments, 1 + again);
        assert_memory_not_equal(first(r).uid.bytes, uid.bytes, sizeof uid.bytes);
        uid = first(r).uid;
        assert_int_equal(standing_get(r, 1).unpaid, 0);
        EXPECT(r, LEDGER_NOTHING_UNPAID, ledger_standing_retry(r->l, 1, 0, "local:test"));
        OK(r, ledger_transfer_reverse(r->l, first(r).transfer_id, &region_why, &other));
        expect(r, 450, 450);
        assert_int_equal(first(r).state, LEDGER_OCCURRENCE_REVERSED);
    }
}

/* What was paid of less than was due, because less was left, is due as before. */
static void a_reversed_rest_is_due_as_it_was(void **state)
{
    struct region *r = *state;
    int64_t other;

    ask(r, 900);
    OK(r, try_order(r, 1, 2));
    OK(r, ledger_request_dispute(r->l, 1, &region_why));
    standing_run_on(r, "2026-03-02");
    pay_by_hand(r, 800);
    OK(r, ledger_request_resolve(r->l, 1, &region_why));
    OK(r, ledger_standing_retry(r->l, 1, 0, "local:test"));
    assert_int_equal(first(r).amount_minor, 100);
    assert_int_equal(standing_get(r, 1).state, LEDGER_STANDING_ENDED);
    OK(r, ledger_transfer_reverse(r->l, first(r).transfer_id, &region_why, &other));
    assert_int_equal(first(r).amount_minor, 450);
    OK(r, ledger_standing_retry(r->l, 1, 0, "local:test"));
    expect(r, 0, 900);
}

static const struct damage damages[] = {
    {"a larger part", "UPDATE standing_occurrence SET amount_minor = 451",
     "standing payment 1: what was due is not what it pays"},
    {"a part of less than was paid", "UPDATE standing_occurrence SET amount_minor = 449",
     "standing payment 1: a transfer does not pay what was due"},
    {"another request", "UPDATE standing SET request_id = 2 WHERE id = 1",
     "standing payment 1: an instalment was not paid of its request"},
    {"a request that is paid", "DELETE FROM request_open WHERE request_id = 1",
     "standing payment 1: nothing of its request is left to pay, and it goes on"},
    {"two payments of a part",
     "INSERT INTO standing_attempt SELECT 9, standing_id, due_on, at_us, '', transfer_id, actor "
     "FROM "
     "standing_attempt",
     "standing payment 1: a due date is paid twice"},
    {"a request of the other way round", "UPDATE standing SET request_id = 3 WHERE id = 2",
     "standing payment 2: its request is between others"},
};

static void each_damage_is_named(void **state)
{
    struct region *r = *state;

    ask(r, 900);
    ask(r, 900);
    ask_of(r, RIVERSIDE, 900);
    OK(r, try_order(r, 1, 2));
    standing_run_on(r, "2026-03-02");
    OK(r, try_order(r, 2, 2));
    expect(r, 450, 450);
    region_close(r);
    damage_each(r, damages, COUNT(damages));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_to_the_cent),
        TEST(a_request_is_paid_in_parts),
        TEST(what_cannot_be_paid_in_parts),
        TEST(they_end_when_nothing_is_open),
        TEST(they_end_with_the_request),
        TEST(they_end_when_it_is_withdrawn),
        TEST(a_disputed_request_waits),
        TEST(a_refused_part_stays_open),
        TEST(what_is_tried_again_ends_with_the_request),
        TEST(a_reversed_part_is_open_again),
        TEST(a_reversed_rest_is_due_as_it_was),
        TEST(each_damage_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
