/* test_request_list.c - requests in lists, and what was open by age on any day. */
#include "support/bill.h"

#include "ledger/correction.h"
#include "ledger/period.h"
#include "ledger/request_list.h"
#include "ledger/request_pay.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static enum ledger_status count_request(void *ctx, const struct ledger_request *q)
{
    char *ids = ctx;

    snprintf(ids + strlen(ids), 100 - strlen(ids), "%lld ", (long long)q->id);
    return LEDGER_OK;
}

static void lists_pick(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 100);
    static const struct {
        struct ledger_request_filter filter;
        const char *ids;
    } rows[] = {
        {{.limit = 9}, "1 2 4 "},
        {{.limit = 2}, "1 2 "},
        {{.limit = 2, .after_id = 2}, "4 "},
        {{.limit = 9, .all = true}, "1 2 3 4 "},
        {{.limit = 9, .member_id = MILL}, "1 2 4 "},
        {{.limit = 9, .member_id = MILL, .to_pay = true}, "1 4 "},
        {{.limit = 9, .member_id = MILL, .to_be_paid = true}, "2 "},
        {{.limit = 9, .member_id = MILL, .to_be_paid = true, .to_pay = true}, "1 2 4 "},
        {{.limit = 9, .member_id = MILL, .to_pay = true, .all = true}, "1 3 4 "},
        {{.limit = 9, .member_id = JOINERS, .all = true}, "2 "},
        {{.limit = 9, .overdue = true}, "4 "},
        {{.limit = 9, .overdue = true, .all = true}, "4 "},
        {{.limit = 9, .member_id = JOINERS, .overdue = true}, ""},
        {{.limit = 9, .currency_id = 2, .all = true}, ""},
    };
    int64_t id = bill_ask(r, 100);

    d.payee_id = MILL;
    d.payer_id = JOINERS;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    OK(r, bill_accept(r, bill_ask(r, 100)));
    d = bill_draft(&line, 100);
    d.has_supplied = d.has_due = true;
    d.supplied_on = d.due_on = region_day("2026-03-01");
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    for (size_t i = 0; i < COUNT(rows); i++) {
        char ids[100] = "";
        OK(r, ledger_request_each(r->l, &rows[i].filter, count_request, ids));
        assert_string_equal(ids, rows[i].ids);
    }
}

static enum ledger_status keep_aged(void *ctx, const struct ledger_request_aged *row)
{
    struct ledger_request_aged *sum = ctx;

    sum->member_id = row->member_id;
    sum->open_minor += row->open_minor;
    for (int i = 0; i < LEDGER_AGED_BUCKETS; i++)
        sum->buckets_minor[i] += row->buckets_minor[i];
    return LEDGER_OK;
}

static struct ledger_request_aged aged_by(struct region *r, const struct ledger_aged_filter *filter)
{
    struct ledger_request_aged sum = {0};
    int64_t buckets_minor = 0;

    OK(r, ledger_request_aged(r->l, filter, keep_aged, &sum));
    for (int i = 0; i < LEDGER_AGED_BUCKETS; i++)
        buckets_minor += sum.buckets_minor[i];
    assert_int_equal(buckets_minor, sum.open_minor);
    return sum;
}

static struct ledger_request_aged aged(struct region *r, int64_t member_id, bool to_pay,
                                       int32_t day)
{
    const struct ledger_aged_filter filter = {
        .member_id = member_id, .to_pay = to_pay, .currency_id = 1, .as_of = day};

    return aged_by(r, &filter);
}

/* As it was known when that day ended. */
static int64_t posted(struct region *r, int64_t member_id, int32_t day)
{
    const struct ledger_aged_filter filter = {
        .member_id = member_id, .currency_id = 1, .as_of = day, .by_posted = true};

    return aged_by(r, &filter).open_minor;
}

/* 10.00 due on 10 March, asked on the 2nd, 4.00 of it paid on 10 April and taken back on 1 May. */
static const struct at {
    const char *day;
    int64_t open_minor;
    int bucket;
} at[] = {
    {"2026-03-01", 0, 0},    {"2026-03-02", 1000, 0}, {"2026-03-10", 1000, 0},
    {"2026-03-11", 1000, 1}, {"2026-04-09", 1000, 1}, {"2026-04-10", 600, 2},
    {"2026-04-30", 600, 2},  {"2026-05-01", 1000, 2}, {"2026-05-09", 1000, 2},
    {"2026-05-10", 1000, 3}, {"2026-06-08", 1000, 3}, {"2026-06-09", 1000, 4},
};

static void it_ages(void **state)
{
    struct region *r = *state;
    const struct ledger_aged_filter tomorrow = {.currency_id = 1,
                                                .as_of = region_day("2026-07-02")};
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
    struct ledger_request_aged sum = {0};
    int64_t id, transfer;

    d.has_due = true;
    d.due_on = region_day("2026-03-10");
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    region_set_day(r, "2026-04-10");
    OK(r, bill_pay(r, id, 400, &transfer));
    region_set_day(r, "2026-05-01");
    OK(r, ledger_transfer_reverse(r->l, transfer, &region_why, &transfer));
    region_set_day(r, "2026-07-01");
    for (size_t i = 0; i < COUNT(at); i++) {
        struct ledger_request_aged then = aged(r, RIVERSIDE, false, region_day(at[i].day));
        assert_int_equal(then.open_minor, at[i].open_minor);
        assert_int_equal(then.buckets_minor[at[i].bucket], at[i].open_minor);
        then = aged(r, MILL, true, region_day(at[i].day));
        assert_int_equal(then.open_minor, at[i].open_minor);
        assert_int_equal(aged(r, MILL, false, region_day(at[i].day)).open_minor, 0);
        assert_int_equal(aged(r, 0, false, region_day(at[i].day)).open_minor, at[i].open_minor);
    }
    EXPECT(r, LEDGER_DATE_IN_FUTURE, ledger_request_aged(r->l, &tomorrow, keep_aged, &sum));
}

/* So many of the largest are just counted, in one row or several; one more is refused by name. */
static void the_ages_of_too_much_are_refused(void **state)
{
    struct region *r = *state;
    const struct ledger_aged_filter filter = {.currency_id = 1, .as_of = ledger_today(r->l)};
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, BILL_LARGEST);
    struct ledger_request_aged sum = {0};
    int64_t id;

    for (int64_t i = 0; i < INT64_MAX / BILL_LARGEST; i++)
        bill_ask(r, BILL_LARGEST);
    assert_int_equal(aged(r, 0, false, filter.as_of).open_minor,
                     INT64_MAX / BILL_LARGEST * BILL_LARGEST);
    d.payee_id = JOINERS;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    bill_ask(r, INT64_MAX % BILL_LARGEST);
    assert_int_equal(aged(r, RIVERSIDE, false, filter.as_of).open_minor, INT64_MAX);
    bill_ask(r, 1);
    EXPECT(r, LEDGER_AMOUNT_OVERFLOW, ledger_request_aged(r->l, &filter, keep_aged, &sum));
    assert_string_equal(ledger_message(r->l),
                        "what is open of riverside is more than the ledger counts");
    assert_int_equal(aged(r, JOINERS, false, filter.as_of).open_minor, BILL_LARGEST);
}

/* Brought over on 2 March: 10.00 of 10 January, due on the 31st; 4.00 of it paid on 10 February, 1.00 credited on the 20th, 3.00 paid today. */
static const struct at brought[] = {
    {"2026-01-09", 0, 0},    {"2026-01-10", 1000, 0}, {"2026-01-31", 1000, 0},
    {"2026-02-01", 1000, 1}, {"2026-02-09", 1000, 1}, {"2026-02-10", 600, 1},
    {"2026-02-19", 600, 1},  {"2026-02-20", 500, 1},  {"2026-03-01", 500, 1},
    {"2026-03-02", 200, 1},
};

static void it_ages_by_the_days_that_things_bear(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
    struct ledger_request_payment p = {.amount_minor = 400,
                                       .has_effective = true,
                                       .effective_on = region_day("2026-02-10"),
                                       .why = &region_why};
    int64_t id, made;

    d.has_issued = d.has_due = true;
    d.issued_on = region_day("2026-01-10");
    d.due_on = region_day("2026-01-31");
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    p.request_id = d.corrects_id = id;
    OK(r, ledger_request_pay(r->l, &p, &made));
    line.price_minor = 100;
    d.issued_on = region_day("2026-02-20");
    OK(r, ledger_request_credit(r->l, &d, "local:test", &made));
    OK(r, bill_pay(r, id, 300, &made));
    for (size_t i = 0; i < COUNT(brought); i++) {
        struct ledger_request_aged then = aged(r, RIVERSIDE, false, region_day(brought[i].day));
        assert_int_equal(then.open_minor, brought[i].open_minor);
        assert_int_equal(then.buckets_minor[brought[i].bucket], brought[i].open_minor);
        assert_int_equal(aged(r, 0, true, region_day(brought[i].day)).open_minor,
                         brought[i].open_minor);
        assert_int_equal(posted(r, RIVERSIDE, region_day(brought[i].day)),
                         i + 1 == COUNT(brought) ? 200 : 0);
    }
}

static int64_t open_on(struct region *r, const char *day)
{
    return aged(r, RIVERSIDE, false, region_day(day)).open_minor;
}

static int64_t asked_in_january(struct region *r, struct ledger_request_draft *d)
{
    int64_t id;

    d->has_issued = true;
    d->issued_on = region_day("2026-01-10");
    OK(r, ledger_request_make(r->l, d, "local:test", &id));
    d->corrects_id = id;
    return id;
}

/* What was open at the end of a closed day is told for ever; a payment that is counted later counts from then on. */
static void a_closed_day_keeps_what_was_open(void **state)
{
    struct region *r = *state;

    for (int closed = 0; closed < 2; closed++) {
        struct ledger_request_line line;
        struct ledger_request_draft d = bill_draft(&line, 1000);
        int64_t before_minor = open_on(r, "2026-02-28");
        int64_t id = asked_in_january(r, &d), period;
        int64_t paid =
            region_pay_on(r, region_account(r, "mill", "CALD"),
                          region_account(r, "riverside", "CALD"), 1000, "2026-02-10", NULL);

        if (closed)
            OK(r, ledger_period_close(r->l, region_day("2026-02-28"), &region_why, &period));
        assert_int_equal(open_on(r, "2026-02-28"), before_minor + 1000);
        OK(r, ledger_request_match(r->l, id, paid, "local:test"));
        assert_int_equal(open_on(r, "2026-02-28"), before_minor + (closed ? 1000 : 0));
        assert_int_equal(open_on(r, "2026-03-01"), before_minor + (closed ? 1000 : 0));
        assert_int_equal(open_on(r, "2026-03-02"), 0);
    }
}

/* A credit note of 20 February takes all back, whenever that was paid: nothing is open after its day, nor opened again. */
static void what_is_given_back_is_open_on_no_day_between(void **state)
{
    static const char *const paid_on[] = {"2026-02-10", "2026-03-02"};
    struct region *r = *state;

    for (size_t i = 0; i < COUNT(paid_on); i++)
        for (int by_hand = 0; by_hand < 2; by_hand++) {
            struct ledger_request_line line;
            struct ledger_request_draft d = bill_draft(&line, 1000);
            struct ledger_request_payment p = {.request_id = asked_in_january(r, &d),
                                               .amount_minor = 1000,
                                               .has_effective = true,
                                               .effective_on = region_day(paid_on[i]),
                                               .why = &region_why};
            int64_t others_minor = open_on(r, "2026-02-09") - 1000;
            int64_t paid, made;

            OK(r, ledger_request_pay(r->l, &p, &paid));
            if (by_hand)
                OK(r, ledger_transfer_refund(r->l, paid, 1000, "", &made));
            d.refund = true;
            d.issued_on = region_day("2026-02-20");
            OK(r, ledger_request_credit(r->l, &d, "local:test", &made));
            assert_int_equal(open_on(r, "2026-02-09"), others_minor + 1000);
            assert_int_equal(open_on(r, "2026-02-19"), i == 0 ? 0 : (1 + by_hand) * 1000);
            for (int32_t day = d.issued_on; day <= ledger_today(r->l); day++)
                assert_int_equal(aged(r, RIVERSIDE, false, day).open_minor, 0);
            bill_expect(r, p.request_id, "credited", 0);
        }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bill_set_up, bill_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lists_pick),
        TEST(it_ages),
        TEST(it_ages_by_the_days_that_things_bear),
        TEST(a_closed_day_keeps_what_was_open),
        TEST(what_is_given_back_is_open_on_no_day_between),
        TEST(the_ages_of_too_much_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
