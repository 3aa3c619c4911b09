/*
 * test_request.c - what is asked for, what the lines come to, who pays what of it and when, and what stays open.
 */
#include "support/region.h"

#include "ledger/correction.h"
#include "ledger/departure.h"
#include "ledger/equivalent.h"
#include "ledger/erasure.h"
#include "ledger/limit.h"
#include "ledger/notice.h"
#include "ledger/request_event.h"
#include "ledger/request_list.h"
#include "ledger/request_pay.h"
#include "ledger/request_step.h"
#include "ledger/verify.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define LARGEST LEDGER_AMOUNT_MAX

enum { MILL = 1, RIVERSIDE, JOINERS };

static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_member(&r, "joiners");
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static void expect_sound(struct region *r)
{
    struct ledger_verification v;

    OK(r, ledger_verify(r->l, NULL, NULL, &v));
}

/* 1 CALD is worth 1.10 GBP. */
static void state_equivalent(struct region *r)
{
    struct ledger_equivalent e = {
        .currency_id = 1, .from_on = ledger_today(r->l), .unit = "GBP", .value_micro = 1100000};

    OK(r, ledger_equivalent_set(r->l, &e, &region_why));
}

/* Riverside asks the mill for so much, net, without tax. */
static struct ledger_request_draft draft(struct ledger_request_line *line, int64_t amount_minor)
{
    *line = (struct ledger_request_line){
        .words = "bread", .quantity_milli = 1000, .price_minor = amount_minor};
    return (struct ledger_request_draft){
        .payee_id = RIVERSIDE, .payer_id = MILL, .currency_id = 1, .lines = line, .line_count = 1};
}

static int64_t ask(struct region *r, int64_t amount_minor)
{
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, amount_minor);
    int64_t id;

    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    return id;
}

static enum ledger_status pay(struct region *r, int64_t id, int64_t amount_minor, int64_t *transfer)
{
    const struct ledger_request_payment p = {
        .request_id = id, .amount_minor = amount_minor, .why = &region_why};
    int64_t any;

    return ledger_request_pay(r->l, &p, transfer ? transfer : &any);
}

static enum ledger_status accept(struct region *r, int64_t id)
{
    const struct ledger_request_payment p = {.request_id = id, .why = &region_why};
    int64_t transfer;

    return ledger_request_accept(r->l, &p, &transfer);
}

static enum ledger_status credit(struct region *r, int64_t of, int64_t amount_minor,
                                 int64_t outside_minor)
{
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, amount_minor);
    int64_t id;

    d.corrects_id = of;
    d.outside_minor = outside_minor;
    return ledger_request_credit(r->l, &d, "local:test", &id);
}

static struct ledger_request get(struct region *r, int64_t id)
{
    struct ledger_request q;

    OK(r, ledger_request_get(r->l, id, &q));
    return q;
}

static void expect_state(struct region *r, int64_t id, const char *state, int64_t open_minor)
{
    struct ledger_request q = get(r, id);

    assert_string_equal(ledger_request_state(r->l, &q), state);
    assert_int_equal(q.open_minor, open_minor);
    expect_sound(r);
}

/* What lines come to: worked out by hand. */
#define LINES_A_ROW 4
static const struct sum {
    const char *what;
    struct {
        int64_t quantity_milli;
        int64_t price_minor;
        int tax_points;
        int64_t net_minor; /* of the line */
    } lines[LINES_A_ROW];
    int64_t net_minor;
    int64_t tax_minor;
    int64_t gross_minor;
} sums[] = {
    {"12.50 and 20 %", {{1000, 1250, 2000, 1250}}, 1250, 250, 1500},
    {"half a cent is a whole one", {{500, 1, 0, 1}}, 1, 0, 1},
    {"less than half is none", {{499, 1, 0, 0}, {1000, 1, 0, 1}}, 1, 0, 1},
    {"thirds of a pound: 33.3, 66.6, 99.9 so far",
     {{333, 100, 0, 33}, {333, 100, 0, 34}, {333, 100, 0, 33}},
     100,
     0,
     100},
    {"tax is rounded once a rate: 3 x 0.05 at 10 % is 1.5",
     {{1000, 5, 1000, 5}, {1000, 5, 1000, 5}, {1000, 5, 1000, 5}},
     15,
     2,
     17},
    {"and each rate by itself: 0.5 and 0.5", {{1000, 5, 1000, 5}, {1000, 10, 500, 10}}, 15, 2, 17},
    {"two rates, mixed",
     {{30000, 120, 0, 3600}, {1000, 500, 2000, 500}, {1000, -200, 0, -200}},
     3900,
     100,
     4000},
    {"99.5 is 100", {{1000, 100, 2000, 100}, {500, -1, 2000, 0}}, 100, 20, 120},
    {"a discount at a rate of its own: -0.5 is -1",
     {{1000, 100, 0, 100}, {500, -1, 2000, -1}},
     99,
     0,
     99},
    {"and its tax: -2.5 is -3", {{1000, 100, 0, 100}, {1000, -25, 1000, -25}}, 75, -3, 72},
    {"a third of a percent", {{1000, 10000, 3333, 10000}}, 10000, 3333, 13333},
    {"all of it is tax", {{1000, 100, 10000, 100}}, 100, 100, 200},
    {"the largest", {{1000, LARGEST, 0, LARGEST}}, LARGEST, 0, LARGEST},
    {"a large one with a small rate",
     {{1000, LARGEST / 2 + 1, 1, LARGEST / 2 + 1}},
     LARGEST / 2 + 1,
     LARGEST / 20000,
     LARGEST / 2 + 1 + LARGEST / 20000},
};

static enum ledger_status add_net(void *ctx, int number, const struct ledger_request_line *line)
{
    ((int64_t *)ctx)[number - 1] = line->net_minor;
    return LEDGER_OK;
}

static enum ledger_status add_rate(void *ctx, const struct ledger_request_rate *rate)
{
    struct ledger_request_rate *sum = ctx;

    assert_true(rate->tax_points >= sum->tax_points);
    *sum = (struct ledger_request_rate){rate->tax_points + 1, sum->net_minor + rate->net_minor,
                                        sum->tax_minor + rate->tax_minor};
    return LEDGER_OK;
}

static void lines_add_up(void **state)
{
    struct region *r = *state;

    for (size_t i = 0; i < COUNT(sums); i++) {
        struct ledger_request_line lines[LINES_A_ROW];
        struct ledger_request_draft d = draft(lines, 1);
        int64_t nets[LINES_A_ROW] = {0};
        struct ledger_request_rate sum = {0};
        int64_t id;

        print_message("%s\n", sums[i].what);
        for (d.line_count = 0;
             d.line_count < LINES_A_ROW && sums[i].lines[d.line_count].quantity_milli;
             d.line_count++)
            lines[d.line_count] = (struct ledger_request_line){
                .words = "x",
                .quantity_milli = sums[i].lines[d.line_count].quantity_milli,
                .price_minor = sums[i].lines[d.line_count].price_minor,
                .tax_points = sums[i].lines[d.line_count].tax_points};
        OK(r, ledger_request_make(r->l, &d, "local:test", &id));
        struct ledger_request q = get(r, id);
        assert_int_equal(q.net_minor, sums[i].net_minor);
        assert_int_equal(q.tax_minor, sums[i].tax_minor);
        assert_int_equal(q.gross_minor, sums[i].gross_minor);
        OK(r, ledger_request_rates(r->l, id, add_rate, &sum));
        assert_int_equal(sum.net_minor, sums[i].net_minor);
        assert_int_equal(sum.tax_minor, sums[i].tax_minor);
        OK(r, ledger_request_lines(r->l, id, 0, LINES_A_ROW, add_net, nets));
        for (int n = 0; n < d.line_count; n++)
            assert_int_equal(nets[n], sums[i].lines[n].net_minor);
    }
    expect_sound(r);
}

static char words_201[202];

/* Each row changes one thing of a request that would be taken. */
static const struct wrong {
    const char *what;
    struct ledger_request_draft d; /* what is not zero is taken over */
    struct ledger_request_line line;
    enum ledger_status status;
} wrongs[] = {
    {"to oneself", {.payer_id = RIVERSIDE}, {0}, LEDGER_REQUEST_TO_ONESELF},
    {"of nobody", {.payer_id = 99}, {0}, LEDGER_NO_SUCH_MEMBER},
    {"by nobody", {.payee_id = 99}, {0}, LEDGER_NO_SUCH_MEMBER},
    {"in no currency", {.currency_id = 9}, {0}, LEDGER_NO_SUCH_CURRENCY},
    {"without lines", {.line_count = -1}, {0}, LEDGER_NO_LINES},
    {"10,001 lines", {.line_count = 10001}, {0}, LEDGER_TOO_MANY_LINES},
    {"without words", {0}, {.words = ""}, LEDGER_MISSING_PARAMETER},
    {"201 bytes of words", {0}, {.words = words_201}, LEDGER_TEXT_TOO_LONG},
    {"words on two lines", {0}, {.words = "a\nb"}, LEDGER_TEXT_MALFORMED},
    {"a note on two lines", {.note = "a\nb"}, {0}, LEDGER_TEXT_MALFORMED},
    {"less than none", {0}, {.quantity_milli = -1000}, LEDGER_QUANTITY_MALFORMED},
    {"too many of it", {0}, {.quantity_milli = LEDGER_QUANTITY_MAX + 1}, LEDGER_QUANTITY_MALFORMED},
    {"tax of 101 %", {0}, {.tax_points = 10100}, LEDGER_TAX_RATE_MALFORMED},
    {"tax of 100.01 %", {0}, {.tax_points = 10001}, LEDGER_TAX_RATE_MALFORMED},
    {"tax below zero", {0}, {.tax_points = -1}, LEDGER_TAX_RATE_MALFORMED},
    {"a price too large", {0}, {.price_minor = LARGEST + 1}, LEDGER_AMOUNT_TOO_LARGE},
    {"a line too large",
     {0},
     {.price_minor = LARGEST, .quantity_milli = 1001},
     LEDGER_AMOUNT_TOO_LARGE},
    {"too large with tax", {0}, {.price_minor = LARGEST, .tax_points = 1}, LEDGER_AMOUNT_TOO_LARGE},
    {"below zero", {0}, {.price_minor = -1}, LEDGER_AMOUNT_NOT_POSITIVE},
    {"a total that its lines do not give",
     {.has_total = true, .total_minor = 1001},
     {0},
     LEDGER_TOTAL_DIFFERS},
    {"due before supplied",
     {.has_supplied = true, .supplied_on = 20515, .has_due = true, .due_on = 20514},
     {0},
     LEDGER_DUE_BEFORE_SUPPLIED},
    {"expired yesterday", {.has_expires = true, .expires_on = 20513}, {0}, LEDGER_BACKDATED},
    {"less than nothing outside", {.outside_minor = -1}, {0}, LEDGER_AMOUNT_NOT_POSITIVE},
    {"too much outside", {.outside_minor = LARGEST + 1}, {0}, LEDGER_AMOUNT_TOO_LARGE},
    {"in euros", {.outside_minor = 100, .unit = "EUR"}, {0}, LEDGER_NO_EQUIVALENT},
    {"outside more than the whole: 11.01 of 11.00",
     {.outside_minor = 1101},
     {0},
     LEDGER_OUTSIDE_TOO_MUCH},
};

static void overlay(struct ledger_request_draft *d, const struct wrong *w)
{
    struct ledger_request_line *line = d->lines;

    if (w->d.payer_id)
        d->payer_id = w->d.payer_id;
    if (w->d.payee_id)
        d->payee_id = w->d.payee_id;
    if (w->d.currency_id)
        d->currency_id = w->d.currency_id;
    if (w->d.line_count)
        d->line_count = w->d.line_count < 0 ? 0 : w->d.line_count;
    d->note = w->d.note;
    d->has_total = w->d.has_total;
    d->total_minor = w->d.total_minor;
    d->has_supplied = w->d.has_supplied;
    d->supplied_on = w->d.supplied_on;
    d->has_due = w->d.has_due;
    d->due_on = w->d.due_on;
    d->has_expires = w->d.has_expires;
    d->expires_on = w->d.expires_on;
    d->outside_minor = w->d.outside_minor;
    d->unit = w->d.unit;
    if (w->line.words)
        line->words = w->line.words;
    if (w->line.quantity_milli)
        line->quantity_milli = w->line.quantity_milli;
    if (w->line.price_minor)
        line->price_minor = w->line.price_minor;
    line->tax_points = w->line.tax_points;
}

static void each_mistake_is_refused(void **state)
{
    struct region *r = *state;
    struct ledger_request_filter all = {.all = true, .limit = INT_MAX};
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, 1000);
    int64_t id;

    memset(words_201, 'w', 201);
    assert_int_equal(region_day("2026-03-02"), 20514);
    d.outside_minor = 100;
    EXPECT(r, LEDGER_NO_EQUIVALENT, ledger_request_make(r->l, &d, "local:test", &id));
    state_equivalent(r);
    for (size_t i = 0; i < COUNT(wrongs); i++) {
        d = draft(&line, 1000);
        overlay(&d, &wrongs[i]);
        enum ledger_status st = ledger_request_make(r->l, &d, "local:test", &id);
        if (st != wrongs[i].status)
            fail_msg("%s: %s", wrongs[i].what, ledger_status_facts(st)->code);
    }
    struct ledger_request q;
    EXPECT(r, LEDGER_NO_SUCH_REQUEST, ledger_request_get(r->l, 1, &q));
    OK(r, ledger_request_each(r->l, &all, NULL, NULL)); /* nobody to read: there is none */
    assert_int_equal(get(r, ask(r, 1)).number, 1);
    expect_sound(r);
}

static void so_many_lines_and_rates_and_no_more(void **state)
{
    struct region *r = *state;
    struct ledger_request_line *lines = calloc(LEDGER_REQUEST_LINES_MAX + 1, sizeof *lines);
    struct ledger_request_draft d = draft(lines, 1);
    int64_t id;

    memset(words_201, 'w', 201);
    for (int i = 0; i <= LEDGER_REQUEST_LINES_MAX; i++)
        lines[i] = (struct ledger_request_line){
            .words = words_201 + 181, .quantity_milli = 1000, .price_minor = 1};
    d.line_count = LEDGER_REQUEST_LINES_MAX + 1;
    EXPECT(r, LEDGER_TOO_MANY_LINES, ledger_request_make(r->l, &d, "local:test", &id));
    d.line_count = LEDGER_REQUEST_LINES_MAX;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    assert_int_equal(get(r, id).gross_minor, LEDGER_REQUEST_LINES_MAX);
    lines[7].words = words_201 + 180; /* 200,001 bytes */
    EXPECT(r, LEDGER_LINES_TOO_LONG, ledger_request_make(r->l, &d, "local:test", &id));
    assert_non_null(
        strstr(ledger_message(r->l), "line 10000: the words of all lines have at most"));
    for (int i = 0; i <= LEDGER_REQUEST_LINES_MAX; i++)
        lines[i].words = words_201 + 1;
    d.line_count = LEDGER_REQUEST_TEXT_MAX / LEDGER_REQUEST_WORDS_MAX;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    d.line_count++;
    EXPECT(r, LEDGER_LINES_TOO_LONG, ledger_request_make(r->l, &d, "local:test", &id));
    d.line_count = LEDGER_REQUEST_RATES_MAX + 1;
    for (int i = 0; i < d.line_count; i++)
        lines[i].tax_points = i;
    EXPECT(r, LEDGER_TOO_MANY_RATES, ledger_request_make(r->l, &d, "local:test", &id));
    d.line_count = LEDGER_REQUEST_RATES_MAX;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    d.line_count = 2; /* each fits, and their sum does not */
    lines[0].price_minor = LARGEST;
    EXPECT(r, LEDGER_AMOUNT_TOO_LARGE, ledger_request_make(r->l, &d, "local:test", &id));
    free(lines);
    expect_sound(r);
}

static const struct number_text {
    const char *text;
    enum ledger_status status;
    int64_t value;
} quantities[] = {{"1", LEDGER_OK, 1000},
                  {"0.001", LEDGER_OK, 1},
                  {"1000000000", LEDGER_OK, LEDGER_QUANTITY_MAX},
                  {"1000000000.001", LEDGER_QUANTITY_MALFORMED, 0},
                  {"0", LEDGER_QUANTITY_MALFORMED, 0},
                  {"-1", LEDGER_QUANTITY_MALFORMED, 0},
                  {"1.0001", LEDGER_QUANTITY_MALFORMED, 0},
                  {"one", LEDGER_QUANTITY_MALFORMED, 0},
                  {"", LEDGER_QUANTITY_MALFORMED, 0}},
  rates[] = {{"0", LEDGER_OK, 0},
             {"20", LEDGER_OK, 2000},
             {"5.5", LEDGER_OK, 550},
             {"100", LEDGER_OK, 10000},
             {"100.01", LEDGER_TAX_RATE_MALFORMED, 0},
             {"101", LEDGER_TAX_RATE_MALFORMED, 0},
             {"5.555", LEDGER_TAX_RATE_MALFORMED, 0},
             {"-5", LEDGER_TAX_RATE_MALFORMED, 0},
             {"20%", LEDGER_TAX_RATE_MALFORMED, 0}};

static void numbers_are_read(void **state)
{
    struct region *r = *state;
    int64_t milli;
    int points;

    for (size_t i = 0; i < COUNT(quantities); i++) {
        EXPECT(r, quantities[i].status, ledger_quantity_parse(r->l, quantities[i].text, &milli));
        if (quantities[i].status == LEDGER_OK)
            assert_int_equal(milli, quantities[i].value);
    }
    for (size_t i = 0; i < COUNT(rates); i++) {
        EXPECT(r, rates[i].status, ledger_tax_rate_parse(r->l, rates[i].text, &points));
        if (rates[i].status == LEDGER_OK)
            assert_int_equal(points, rates[i].value);
    }
}

static void it_is_paid_in_parts(void **state)
{
    struct region *r = *state;
    int64_t id = ask(r, 1000);
    struct ledger_request_payment rest = {
        .amount_minor = 600, .memo = "the rest", .why = &region_why};
    struct ledger_transfer t;
    int64_t transfer;

    expect_state(r, id, "open", 1000);
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, pay(r, id, -1, NULL));
    EXPECT(r, LEDGER_OVER_REQUEST, pay(r, id, 1001, NULL));
    assert_string_equal(ledger_message(r->l), "10.00 CALD of request 1 is left to pay");
    OK(r, pay(r, id, 400, &transfer));
    OK(r, ledger_transfer_get(r->l, transfer, &t));
    assert_string_equal(t.reference, "invoice 1");
    assert_string_equal(t.memo, "invoice 1");
    expect_state(r, id, "part-paid", 600);
    EXPECT(r, LEDGER_OVER_REQUEST, pay(r, id, 601, NULL));
    rest.request_id = id;
    OK(r, ledger_request_pay(r->l, &rest, &transfer));
    OK(r, ledger_transfer_get(r->l, transfer, &t));
    assert_string_equal(t.memo, "the rest");
    expect_state(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, pay(r, id, 1, NULL));
    EXPECT(r, LEDGER_REQUEST_PAID, accept(r, id));
    assert_int_equal(region_balance(r, region_account(r, "riverside", "CALD")), 1000);
    EXPECT(r, LEDGER_NO_SUCH_REQUEST, accept(r, 99));
}

/* What the payer's limit refuses leaves the request as it was. */
static void what_cannot_be_posted_is_not_paid(void **state)
{
    struct region *r = *state;
    int64_t id = ask(r, 10001);

    EXPECT(r, LEDGER_OVER_LIMIT, accept(r, id));
    expect_state(r, id, "open", 10001);
    OK(r, pay(r, id, 10000, NULL));
    expect_state(r, id, "part-paid", 1);
}

/* Two people say yes at once: the committer runs each in a savepoint, one after the other. */
static void one_of_two_wins(void **state)
{
    struct region *r = *state;
    int64_t id = ask(r, 700);

    OK(r, ledger_savepoint(r->l));
    OK(r, accept(r, id));
    OK(r, ledger_release(r->l));
    OK(r, ledger_savepoint(r->l));
    EXPECT(r, LEDGER_REQUEST_PAID, accept(r, id));
    OK(r, ledger_rollback_to(r->l));
    assert_int_equal(region_balance(r, region_account(r, "mill", "CALD")), -700);
    expect_state(r, id, "paid", 0);
}

static void a_payee_counts_without_gaps(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, 500);
    int64_t id, first = ask(r, 500);

    OK(r, ledger_savepoint(r->l));
    ask(r, 500);
    OK(r, ledger_rollback_to(r->l));
    d.payee_id = JOINERS;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    assert_int_equal(get(r, id).number, 1);
    OK(r, credit(r, first, 100, 0));
    assert_int_equal(get(r, id + 1).number, 2);
    assert_int_equal(get(r, ask(r, 1)).number, 3);
    expect_sound(r);
}

static void a_credit_note_takes_off_what_is_open(void **state)
{
    struct region *r = *state;
    int64_t id = ask(r, 1000);
    struct ledger_request note;

    OK(r, pay(r, id, 300, NULL));
    EXPECT(r, LEDGER_OVER_CREDIT, credit(r, id, 701, 0));
    assert_string_equal(ledger_message(r->l),
                        "at most 7.00 CALD of request 1 can be credited: so much is open; what was "
                        "paid is given back with --refund");
    OK(r, credit(r, id, 200, 0));
    expect_state(r, id, "part-paid", 500);
    note = get(r, 2);
    assert_string_equal(ledger_request_state(r->l, &note), "credit");
    assert_int_equal(note.corrects_id, id);
    EXPECT(r, LEDGER_NOT_AN_INVOICE, credit(r, 2, 1, 0));
    EXPECT(r, LEDGER_NOT_AN_INVOICE, accept(r, 2));
    EXPECT(r, LEDGER_NOT_AN_INVOICE, ledger_request_dispute(r->l, 2, &region_why));
    EXPECT(r, LEDGER_NO_EQUIVALENT, credit(r, id, 200, 10));
    OK(r, credit(r, id, 500, 0));
    expect_state(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, credit(r, id, 1, 0));
    id = ask(r, 1000);
    OK(r, credit(r, id, 1000, 0));
    expect_state(r, id, "credited", 0);
}

static enum ledger_status credit_paid(struct region *r, int64_t of, int64_t amount_minor,
                                      int64_t outside_minor)
{
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, amount_minor);
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
    struct ledger_request q = get(r, id);

    expect_state(r, id, state, open_minor);
    assert_int_equal(q.refunded_minor, refunded_minor);
    assert_int_equal(open_minor,
                     q.ledger_minor - q.paid_minor + q.refunded_minor - q.credited_minor);
    assert_int_equal(region_balance(r, region_account(r, "riverside", "CALD")), balance_minor);
}

/* Of what was paid too, through all that was asked for: the payments are given back, the latest first. */
static void a_credit_note_gives_back_what_was_paid(void **state)
{
    struct region *r = *state;
    int64_t id = ask(r, 1000), first, last;
    struct ledger_transfer t;

    EXPECT(r, LEDGER_OVER_CREDIT, credit_paid(r, id, 1001, 0));
    OK(r, pay(r, id, 300, &first));
    OK(r, pay(r, id, 500, &last));
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
    assert_int_equal(get(r, 3).refunded_minor, 200);
    EXPECT(r, LEDGER_REQUEST_PAID, credit(r, id, 1, 0));
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
    int64_t id = ask(r, 1000), paid, refund, undone, other;

    OK(r, pay(r, id, 0, &paid));
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
    int64_t id = ask(r, 1000), paid, other;

    OK(r, pay(r, id, 600, &paid));
    OK(r, pay(r, id, 400, NULL));
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
    struct ledger_request_draft d = draft(&line, 1000);
    int64_t id;

    state_equivalent(r);
    d.outside_minor = 550;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    OK(r, accept(r, id));
    OK(r, ledger_request_paid_outside(r->l, id, 330, "", "local:test"));
    EXPECT(r, LEDGER_OVER_CREDIT, credit_paid(r, id, 1000, 551));
    assert_string_equal(ledger_message(r->l),
                        "at most 5.00 CALD and 5.50 GBP of request 1 can be credited: so much is "
                        "not credited yet");
    OK(r, credit_paid(r, id, 400, 440)); /* 2.20 that are open, and 2.20 that were received */
    assert_int_equal(get(r, id).paid_outside_minor, 110);
    expect_kept(r, id, "paid", 0, 0, 500);
    OK(r, credit_paid(r, id, 600, 110));
    assert_int_equal(get(r, id).credited_outside_minor, 550);
    expect_kept(r, id, "credited", 0, 500, 0);
}

static void a_reversal_opens_it_again(void **state)
{
    struct region *r = *state;
    int64_t id = ask(r, 1000);
    int64_t transfer, other;

    OK(r, pay(r, id, 400, &transfer));
    OK(r, pay(r, id, 600, NULL));
    OK(r, ledger_transfer_reverse(r->l, transfer, &region_why, &other));
    expect_state(r, id, "part-paid", 400);
    EXPECT(r, LEDGER_OVER_REQUEST, pay(r, id, 401, NULL));
    OK(r, pay(r, id, 0, &transfer));
    expect_state(r, id, "paid", 0);
    OK(r, ledger_transfer_refund(r->l, transfer, 100, "", &other));
    expect_state(r, id, "paid", 0);
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_reverse(r->l, transfer, &region_why, &other));
    expect_state(r, id, "paid", 0);
}

struct told {
    int of[LEDGER_NOTICE_KINDS];
};

static enum ledger_status count_notice(void *ctx, const struct ledger_notice *n)
{
    ((struct told *)ctx)->of[n->kind]++;
    return LEDGER_OK;
}

static struct told told_to(struct region *r, int64_t member_id)
{
    const struct ledger_notice_filter filter = {.member_id = member_id, .limit = INT_MAX};
    struct told told = {{0}};

    OK(r, ledger_notice_each(r->l, &filter, count_notice, &told));
    return told;
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
    struct ledger_request_draft d = draft(&line, 1000);
    int64_t of, id;

    line.tax_points = 500;
    OK(r, ledger_request_make(r->l, &d, "local:test", &of)); /* 10.00, and 0.50 of tax */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int n = 0; n < rows[i].times; n++) {
            d = draft(&line, rows[i].net_minor);
            line.tax_points = rows[i].tax_points;
            d.corrects_id = of;
            EXPECT(r, rows[i].status, ledger_request_credit(r->l, &d, "local:test", &id));
        }
    expect_state(r, of, "credited", 0);
}

static void a_payment_by_itself_is_matched(void **state)
{
    struct region *r = *state;
    int64_t id = ask(r, 1000), other = ask(r, 1000), euros;
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
    assert_int_equal(told_to(r, MILL).of[LEDGER_NOTICE_REQUEST_MATCHED], 0);
    OK(r, ledger_request_match(r->l, id, paid, "local:test"));
    assert_int_equal(told_to(r, MILL).of[LEDGER_NOTICE_REQUEST_MATCHED], 1);
    expect_state(r, id, "part-paid", 600);
    EXPECT(r, LEDGER_OVER_REQUEST, ledger_request_match(r->l, id, large, "local:test"));
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, other, paid, "local:test"));
    OK(r, pay(r, other, 100, &made));
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, id, made, "local:test"));
    OK(r, ledger_transfer_reverse(r->l, paid, &region_why, &made));
    expect_state(r, id, "open", 1000);
    EXPECT(r, LEDGER_NOT_THAT_PAYMENT, ledger_request_match(r->l, id, paid, "local:test"));
    OK(r, ledger_request_match(r->l, id, large, "local:test"));
    OK(r, accept(r, id));
    expect_state(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_request_match(r->l, id, large, "local:test"));
}

/* 10.00, of which 5.50 GBP at 1.10 stand for 5.00. */
static void a_part_is_paid_outside(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, 1000);
    int64_t id;

    state_equivalent(r);
    d.outside_minor = 550;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    expect_state(r, id, "open", 500);
    OK(r, accept(r, id));
    expect_state(r, id, "part-paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, accept(r, id));
    EXPECT(r, LEDGER_OVER_REQUEST, ledger_request_paid_outside(r->l, id, 551, "", "local:test"));
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE,
           ledger_request_paid_outside(r->l, id, -1, "", "local:test"));
    EXPECT(r, LEDGER_TEXT_MALFORMED,
           ledger_request_paid_outside(r->l, id, 1, "a\nb", "local:test"));
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_request_unpaid_outside(r->l, id, 0, "", "local:test"));
    OK(r, ledger_request_paid_outside(r->l, id, 250, "bank 7", "local:test"));
    assert_int_equal(get(r, id).open_outside_minor, 300);
    EXPECT(r, LEDGER_OVER_REQUEST, ledger_request_unpaid_outside(r->l, id, 251, "", "local:test"));
    OK(r, ledger_request_unpaid_outside(r->l, id, 50, "a mistake", "local:test"));
    assert_int_equal(get(r, id).open_outside_minor, 350);
    EXPECT(r, LEDGER_OVER_CREDIT, credit(r, id, 320, 351));
    EXPECT(r, LEDGER_OUTSIDE_TOO_MUCH, credit(r, id, 99, 110));
    OK(r, credit(r, id, 100, 110)); /* 1.10 GBP are all of 1.00 */
    OK(r, ledger_request_paid_outside(r->l, id, 0, NULL, "local:test"));
    expect_state(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_request_paid_outside(r->l, id, 0, "", "local:test"));
    EXPECT(r, LEDGER_REQUEST_PAID,
           ledger_request_paid_outside(r->l, ask(r, 5), 0, "", "local:test"));
}

/* The equivalent of the day of asking stays; and half a cent of what is covered is a whole one. */
static void the_equivalent_is_frozen(void **state)
{
    struct region *r = *state;
    struct ledger_equivalent later = {.currency_id = 1,
                                      .from_on = region_day("2026-03-03"),
                                      .unit = "EUR",
                                      .value_micro = 1300000};
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, 1000);
    int64_t id;

    state_equivalent(r);
    OK(r, ledger_equivalent_set(r->l, &later, &region_why));
    d.outside_minor = 105; /* 0.9545 */
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    assert_int_equal(get(r, id).ledger_minor, 905);
    region_set_day(r, "2026-03-03");
    OK(r, credit(r, id, 50, 55));
    d.unit = "GBP";
    EXPECT(r, LEDGER_NO_EQUIVALENT, ledger_request_make(r->l, &d, "local:test", &id));
    d.unit = "EUR";
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    assert_int_equal(get(r, id).ledger_minor, 919); /* 1.05 / 1.30 = 0.8077 */
    expect_sound(r);
}

static void it_is_disputed_and_resolved(void **state)
{
    struct region *r = *state;
    const struct ledger_why none = {"local:test", "", ""};
    int64_t id = ask(r, 1000);

    EXPECT(r, LEDGER_REASON_MISSING, ledger_request_dispute(r->l, id, &none));
    EXPECT(r, LEDGER_NO_SUCH_REQUEST, ledger_request_dispute(r->l, 99, &region_why));
    EXPECT(r, LEDGER_REQUEST_STATE, ledger_request_resolve(r->l, id, &region_why));
    OK(r, ledger_request_dispute(r->l, id, &region_why));
    expect_state(r, id, "disputed", 1000);
    EXPECT(r, LEDGER_REQUEST_STATE, ledger_request_dispute(r->l, id, &region_why));
    EXPECT(r, LEDGER_REQUEST_DISPUTED, accept(r, id));
    OK(r, pay(r, id, 600, NULL)); /* what it does not dispute */
    expect_state(r, id, "disputed", 400);
    OK(r, ledger_request_resolve(r->l, id, &region_why));
    expect_state(r, id, "part-paid", 400);
    OK(r, accept(r, id));
    expect_state(r, id, "paid", 0);
    EXPECT(r, LEDGER_REQUEST_PAID, ledger_request_dispute(r->l, id, &region_why));
}

static void it_is_declined_or_withdrawn(void **state)
{
    struct region *r = *state;
    int64_t declined = ask(r, 1000), withdrawn = ask(r, 1000), part = ask(r, 1000);

    OK(r, ledger_request_decline(r->l, declined, &region_why));
    OK(r, ledger_request_withdraw(r->l, withdrawn, &region_why));
    expect_state(r, declined, "declined", 0);
    expect_state(r, withdrawn, "withdrawn", 0);
    EXPECT(r, LEDGER_REQUEST_OVER, accept(r, declined));
    EXPECT(r, LEDGER_REQUEST_OVER, pay(r, withdrawn, 1, NULL));
    EXPECT(r, LEDGER_REQUEST_OVER, credit(r, withdrawn, 1, 0));
    EXPECT(r, LEDGER_REQUEST_OVER, ledger_request_decline(r->l, declined, &region_why));
    OK(r, pay(r, part, 1, NULL));
    EXPECT(r, LEDGER_REQUEST_STATE, ledger_request_decline(r->l, part, &region_why));
    EXPECT(r, LEDGER_REQUEST_STATE, ledger_request_withdraw(r->l, part, &region_why));
    expect_state(r, part, "part-paid", 999);
}

/* Expiry takes back the click and not the debt. */
static void it_expires(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, 1000);
    int64_t id, other;

    d.has_expires = d.has_due = true;
    d.expires_on = region_day("2026-03-10");
    d.due_on = region_day("2026-03-05");
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    OK(r, ledger_request_make(r->l, &d, "local:test", &other));
    region_set_day(r, "2026-03-10");
    OK(r, accept(r, other));
    region_set_day(r, "2026-03-11");
    expect_state(r, id, "expired", 1000);
    struct ledger_request q = get(r, id);
    assert_true(ledger_request_is_overdue(r->l, &q));
    EXPECT(r, LEDGER_REQUEST_EXPIRED, accept(r, id));
    OK(r, pay(r, id, 400, NULL));
    expect_state(r, id, "expired", 600);
    assert_int_equal(get(r, id).paid_minor, 400);
    OK(r, pay(r, id, 600, NULL));
    expect_state(r, id, "paid", 0);
}

static void who_asks_and_who_leaves(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, 1000);
    int64_t id = ask(r, 1000);

    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, MILL, &region_why));
    assert_string_equal(ledger_message(r->l),
                        "mill cannot leave yet: there is request 1 to pay. Pay, decline, credit or "
                        "withdraw what is asked for");
    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, RIVERSIDE, &region_why));
    OK(r, ledger_member_change_state(r->l, RIVERSIDE, LEDGER_SUSPENDED, &region_why));
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, ledger_request_make(r->l, &d, "local:test", &id));
    OK(r, accept(r, id)); /* a suspended member receives */
    OK(r, ledger_member_change_state(r->l, RIVERSIDE, LEDGER_ACTIVE, &region_why));
    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_SUSPENDED, &region_why));
    id = ask(r, 1000);
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, accept(r, id)); /* and does not pay */
    OK(r, ledger_request_withdraw(r->l, id, &region_why));
    OK(r, ledger_member_leave(r->l, JOINERS, &region_why));
    d.payer_id = JOINERS;
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, ledger_request_make(r->l, &d, "local:test", &id));
    expect_sound(r);
}

static enum ledger_status add_words(void *ctx, int number, const struct ledger_request_line *line)
{
    (void)number;
    strcat(ctx, line->words);
    return LEDGER_OK;
}

static enum ledger_status add_event_words(void *ctx, const struct ledger_request_event *e)
{
    strcat(ctx, e->words);
    return LEDGER_OK;
}

static void expect_words(struct region *r, int64_t id, const char *want)
{
    char words[200] = "";

    OK(r, ledger_request_lines(r->l, id, 0, 10, add_words, words));
    OK(r, ledger_request_events(r->l, id, 0, 10, add_event_words, words));
    strcat(words, get(r, id).note);
    assert_string_equal(words, want);
    expect_sound(r);
}

static void words_can_be_erased(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = draft(&line, 1000);
    const struct ledger_why stale = {"local:test", "stale", ""};
    int64_t one, two;

    d.note = "note";
    OK(r, ledger_request_make(r->l, &d, "local:test", &one));
    OK(r, ledger_request_make(r->l, &d, "local:test", &two));
    OK(r, ledger_request_decline(r->l, one, &stale));
    OK(r, ledger_request_decline(r->l, two, &stale));
    expect_words(r, one, "breadstalenote");
    EXPECT(r, LEDGER_NO_SUCH_REQUEST, ledger_erase_request_text(r->l, 99, &region_why));
    OK(r, ledger_erase_request_text(r->l, one, &region_why));
    EXPECT(r, LEDGER_ALREADY_ERASED, ledger_erase_request_text(r->l, one, &region_why));
    expect_words(r, one, "");
    assert_true(get(r, one).erased);
    assert_int_equal(get(r, one).gross_minor, 1000);
    expect_words(r, two, "breadstalenote");
    OK(r, ledger_member_leave(r->l, MILL, &region_why));
    OK(r, ledger_erase_member(r->l, MILL, &region_why));
    expect_words(r, two, "");
    assert_string_equal(get(r, two).payer, "erased-1");
}

static void ask_twice(struct region *r)
{
    region_start(r);
    region_currency(r, "CALD");
    region_member(r, "mill");
    region_member(r, "riverside");
    ask(r, 1000);
    ask(r, 1000);
}

/* An older copy of the same ledger still has the words. */
static void erasures_are_repeated(void **state)
{
    struct region older, r;
    int64_t count;

    (void)state;
    ask_twice(&older);
    ask_twice(&r);
    OK(&r, ledger_erase_request_text(r.l, 2, &region_why));
    OK(&older, ledger_erasure_repeat(older.l, r.l, &count));
    assert_int_equal(count, 1);
    expect_words(&older, 1, "bread");
    expect_words(&older, 2, "");
    OK(&older, ledger_erasure_repeat(older.l, r.l, &count));
    assert_int_equal(count, 0);
    region_end(&older);
    region_end(&r);
}

static void the_other_side_is_told(void **state)
{
    struct region *r = *state;
    int64_t id = ask(r, 1000), transfer;

    OK(r, ledger_request_dispute(r->l, id, &region_why));
    OK(r, pay(r, id, 1, &transfer));
    OK(r, credit(r, id, 1, 0));
    OK(r, ledger_transfer_reverse(r->l, transfer, &region_why, &transfer));
    OK(r, ledger_request_decline(r->l, ask(r, 1), &region_why));
    OK(r, ledger_request_withdraw(r->l, ask(r, 1), &region_why));
    struct told mill = told_to(r, MILL), riverside = told_to(r, RIVERSIDE);
    assert_int_equal(mill.of[LEDGER_NOTICE_ASKED], 3);
    assert_int_equal(mill.of[LEDGER_NOTICE_REQUEST_WITHDRAWN], 1);
    assert_int_equal(mill.of[LEDGER_NOTICE_REQUEST_CREDITED], 1);
    assert_int_equal(mill.of[LEDGER_NOTICE_REQUEST_REOPENED], 1);
    assert_int_equal(riverside.of[LEDGER_NOTICE_REQUEST_REOPENED], 1);
    assert_int_equal(riverside.of[LEDGER_NOTICE_REQUEST_DISPUTED], 1);
    assert_int_equal(riverside.of[LEDGER_NOTICE_REQUEST_PAID], 1);
    assert_int_equal(riverside.of[LEDGER_NOTICE_REQUEST_DECLINED], 1);
    assert_int_equal(riverside.of[LEDGER_NOTICE_ASKED], 0);
}

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
    struct ledger_request_draft d = draft(&line, 100);
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
    int64_t id = ask(r, 100);

    d.payee_id = MILL;
    d.payer_id = JOINERS;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    OK(r, accept(r, ask(r, 100)));
    d = draft(&line, 100);
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

static struct ledger_request_aged aged(struct region *r, int64_t member_id, bool to_pay,
                                       int32_t day)
{
    const struct ledger_aged_filter filter = {
        .member_id = member_id, .to_pay = to_pay, .currency_id = 1, .as_of = day};
    struct ledger_request_aged sum = {0};
    int64_t buckets_minor = 0;

    OK(r, ledger_request_aged(r->l, &filter, keep_aged, &sum));
    for (int i = 0; i < LEDGER_AGED_BUCKETS; i++)
        buckets_minor += sum.buckets_minor[i];
    assert_int_equal(buckets_minor, sum.open_minor);
    return sum;
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
    struct ledger_request_draft d = draft(&line, 1000);
    struct ledger_request_aged sum = {0};
    int64_t id, transfer;

    d.has_due = true;
    d.due_on = region_day("2026-03-10");
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    region_set_day(r, "2026-04-10");
    OK(r, pay(r, id, 400, &transfer));
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
    struct ledger_request_draft d = draft(&line, LARGEST);
    struct ledger_request_aged sum = {0};
    int64_t id;

    for (int64_t i = 0; i < INT64_MAX / LARGEST; i++)
        ask(r, LARGEST);
    assert_int_equal(aged(r, 0, false, filter.as_of).open_minor, INT64_MAX / LARGEST * LARGEST);
    d.payee_id = JOINERS;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    ask(r, INT64_MAX % LARGEST);
    assert_int_equal(aged(r, RIVERSIDE, false, filter.as_of).open_minor, INT64_MAX);
    ask(r, 1);
    EXPECT(r, LEDGER_AMOUNT_OVERFLOW, ledger_request_aged(r->l, &filter, keep_aged, &sum));
    assert_string_equal(ledger_message(r->l),
                        "what is open of riverside is more than the ledger counts");
    assert_int_equal(aged(r, JOINERS, false, filter.as_of).open_minor, LARGEST);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lines_add_up),
        TEST(each_mistake_is_refused),
        TEST(so_many_lines_and_rates_and_no_more),
        TEST(numbers_are_read),
        TEST(it_is_paid_in_parts),
        TEST(what_cannot_be_posted_is_not_paid),
        TEST(one_of_two_wins),
        TEST(a_payee_counts_without_gaps),
        TEST(a_credit_note_takes_off_what_is_open),
        TEST(a_credit_note_gives_back_what_was_paid),
        TEST(a_refund_by_hand_counts_once),
        TEST(what_cannot_be_given_back_is_not_credited),
        TEST(a_part_outside_is_given_back),
        TEST(a_reversal_opens_it_again),
        TEST(no_more_tax_is_credited_than_was_asked_for),
        TEST(a_payment_by_itself_is_matched),
        TEST(a_part_is_paid_outside),
        TEST(the_equivalent_is_frozen),
        TEST(it_is_disputed_and_resolved),
        TEST(it_is_declined_or_withdrawn),
        TEST(it_expires),
        TEST(who_asks_and_who_leaves),
        TEST(words_can_be_erased),
        TEST(erasures_are_repeated),
        TEST(the_other_side_is_told),
        TEST(lists_pick),
        TEST(it_ages),
        TEST(the_ages_of_too_much_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
