/* test_request.c - what is asked for, and what the lines come to; its words, and who is told. */
#include "support/bill.h"

#include "ledger/correction.h"
#include "ledger/departure.h"
#include "ledger/equivalent.h"
#include "ledger/erasure.h"
#include "ledger/notice.h"
#include "ledger/period.h"
#include "ledger/request_event.h"
#include "ledger/request_list.h"
#include "ledger/request_step.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

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
    {"the largest", {{1000, BILL_LARGEST, 0, BILL_LARGEST}}, BILL_LARGEST, 0, BILL_LARGEST},
    {"a large one with a small rate",
     {{1000, BILL_LARGEST / 2 + 1, 1, BILL_LARGEST / 2 + 1}},
     BILL_LARGEST / 2 + 1,
     BILL_LARGEST / 20000,
     BILL_LARGEST / 2 + 1 + BILL_LARGEST / 20000},
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
        struct ledger_request_draft d = bill_draft(lines, 1);
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
        struct ledger_request q = bill_get(r, id);
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
    region_sound(r);
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
    {"a price too large", {0}, {.price_minor = BILL_LARGEST + 1}, LEDGER_AMOUNT_TOO_LARGE},
    {"a line too large",
     {0},
     {.price_minor = BILL_LARGEST, .quantity_milli = 1001},
     LEDGER_AMOUNT_TOO_LARGE},
    {"too large with tax",
     {0},
     {.price_minor = BILL_LARGEST, .tax_points = 1},
     LEDGER_AMOUNT_TOO_LARGE},
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
    {"too much outside", {.outside_minor = BILL_LARGEST + 1}, {0}, LEDGER_AMOUNT_TOO_LARGE},
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
    struct ledger_request_draft d = bill_draft(&line, 1000);
    int64_t id;

    memset(words_201, 'w', 201);
    assert_int_equal(region_day("2026-03-02"), 20514);
    d.outside_minor = 100;
    EXPECT(r, LEDGER_NO_EQUIVALENT, ledger_request_make(r->l, &d, "local:test", &id));
    bill_state_equivalent(r);
    for (size_t i = 0; i < COUNT(wrongs); i++) {
        d = bill_draft(&line, 1000);
        overlay(&d, &wrongs[i]);
        enum ledger_status st = ledger_request_make(r->l, &d, "local:test", &id);
        if (st != wrongs[i].status)
            fail_msg("%s: %s", wrongs[i].what, ledger_status_facts(st)->code);
    }
    struct ledger_request q;
    EXPECT(r, LEDGER_NO_SUCH_REQUEST, ledger_request_get(r->l, 1, &q));
    OK(r, ledger_request_each(r->l, &all, NULL, NULL)); /* nobody to read: there is none */
    assert_int_equal(bill_get(r, bill_ask(r, 1)).number, 1);
    region_sound(r);
}

static void so_many_lines_and_rates_and_no_more(void **state)
{
    struct region *r = *state;
    struct ledger_request_line *lines = calloc(LEDGER_REQUEST_LINES_MAX + 1, sizeof *lines);
    struct ledger_request_draft d = bill_draft(lines, 1);
    int64_t id;

    memset(words_201, 'w', 201);
    for (int i = 0; i <= LEDGER_REQUEST_LINES_MAX; i++)
        lines[i] = (struct ledger_request_line){
            .words = words_201 + 181, .quantity_milli = 1000, .price_minor = 1};
    d.line_count = LEDGER_REQUEST_LINES_MAX + 1;
    EXPECT(r, LEDGER_TOO_MANY_LINES, ledger_request_make(r->l, &d, "local:test", &id));
    d.line_count = LEDGER_REQUEST_LINES_MAX;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    assert_int_equal(bill_get(r, id).gross_minor, LEDGER_REQUEST_LINES_MAX);
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
    lines[0].price_minor = BILL_LARGEST;
    EXPECT(r, LEDGER_AMOUNT_TOO_LARGE, ledger_request_make(r->l, &d, "local:test", &id));
    free(lines);
    region_sound(r);
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

static void a_payee_counts_without_gaps(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 500);
    int64_t id, first = bill_ask(r, 500);

    OK(r, ledger_savepoint(r->l));
    bill_ask(r, 500);
    OK(r, ledger_rollback_to(r->l));
    d.payee_id = JOINERS;
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    assert_int_equal(bill_get(r, id).number, 1);
    OK(r, bill_credit(r, first, 100, 0));
    assert_int_equal(bill_get(r, id + 1).number, 2);
    assert_int_equal(bill_get(r, bill_ask(r, 1)).number, 3);
    region_sound(r);
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
    struct ledger_request_draft d = bill_draft(&line, 1000);
    int64_t id;

    bill_state_equivalent(r);
    OK(r, ledger_equivalent_set(r->l, &later, &region_why));
    d.outside_minor = 105; /* 0.9545 */
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    assert_int_equal(bill_get(r, id).ledger_minor, 905);
    region_set_day(r, "2026-03-03");
    OK(r, bill_credit(r, id, 50, 55));
    d.unit = "GBP";
    EXPECT(r, LEDGER_NO_EQUIVALENT, ledger_request_make(r->l, &d, "local:test", &id));
    d.unit = "EUR";
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    assert_int_equal(bill_get(r, id).ledger_minor, 919); /* 1.05 / 1.30 = 0.8077 */
    region_sound(r);
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
    strcat(words, bill_get(r, id).note);
    assert_string_equal(words, want);
    region_sound(r);
}

static void words_can_be_erased(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
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
    assert_true(bill_get(r, one).erased);
    assert_int_equal(bill_get(r, one).gross_minor, 1000);
    expect_words(r, two, "breadstalenote");
    OK(r, ledger_member_leave(r->l, MILL, &region_why));
    OK(r, ledger_erase_member(r->l, MILL, &region_why));
    expect_words(r, two, "");
    assert_string_equal(bill_get(r, two).payer, "erased-1");
}

static void ask_twice(struct region *r)
{
    region_start(r);
    region_currency(r, "CALD");
    region_member(r, "mill");
    region_member(r, "riverside");
    bill_ask(r, 1000);
    bill_ask(r, 1000);
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
    int64_t id = bill_ask(r, 1000), transfer;

    OK(r, ledger_request_dispute(r->l, id, &region_why));
    OK(r, bill_pay(r, id, 1, &transfer));
    OK(r, bill_credit(r, id, 1, 0));
    OK(r, ledger_transfer_reverse(r->l, transfer, &region_why, &transfer));
    OK(r, ledger_request_decline(r->l, bill_ask(r, 1), &region_why));
    OK(r, ledger_request_withdraw(r->l, bill_ask(r, 1), &region_why));
    struct bill_told mill = bill_told_to(r, MILL), riverside = bill_told_to(r, RIVERSIDE);
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

/* It is 2 March, and the days through 31 December are closed. */
static const struct issued {
    const char *on;
    const char *supplied; /* NULL: not said */
    const char *due;      /* what comes of it */
    enum ledger_status status;
} issued[] = {
    {"2026-03-03", NULL, NULL, LEDGER_DATE_IN_FUTURE},
    {"2026-03-02", NULL, "2026-04-01", LEDGER_OK},
    {"2026-01-01", NULL, "2026-01-31", LEDGER_OK},
    {"2026-01-10", "2025-12-20", "2026-02-09", LEDGER_OK},
    {"2026-01-10", "2026-02-01", "2026-03-03", LEDGER_OK},
    {"2025-12-31", NULL, NULL, LEDGER_PERIOD_CLOSED},
};

static void it_bears_the_day_that_the_payee_gives(void **state)
{
    struct region *r = *state;
    int64_t id, close_id;

    OK(r, ledger_period_close(r->l, region_day("2025-12-31"), &region_why, &close_id));
    for (size_t i = 0; i < COUNT(issued); i++) {
        struct ledger_request_line line;
        struct ledger_request_draft d = bill_draft(&line, 1000);
        d.has_issued = true;
        d.issued_on = region_day(issued[i].on);
        d.has_supplied = issued[i].supplied != NULL;
        if (d.has_supplied)
            d.supplied_on = region_day(issued[i].supplied);
        EXPECT(r, issued[i].status, ledger_request_make(r->l, &d, "local:test", &id));
        if (issued[i].status != LEDGER_OK)
            continue;
        struct ledger_request q = bill_get(r, id);
        assert_int_equal(q.issued_on, d.issued_on);
        assert_int_equal(q.supplied_on, d.has_supplied ? d.supplied_on : d.issued_on);
        assert_int_equal(q.due_on, region_day(issued[i].due));
    }
    region_sound(r);
}

static void a_credit_note_is_not_dated_before_its_invoice(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line;
    struct ledger_request_draft d = bill_draft(&line, 1000);
    int64_t id;

    d.has_issued = true;
    d.issued_on = region_day("2026-02-10");
    OK(r, ledger_request_make(r->l, &d, "local:test", &id));
    line.price_minor = 100;
    d.corrects_id = id;
    d.issued_on = region_day("2026-02-09");
    EXPECT(r, LEDGER_BACKDATED, ledger_request_credit(r->l, &d, "local:test", &id));
    d.issued_on = region_day("2026-03-03");
    EXPECT(r, LEDGER_DATE_IN_FUTURE, ledger_request_credit(r->l, &d, "local:test", &id));
    d.issued_on = region_day("2026-02-10");
    OK(r, ledger_request_credit(r->l, &d, "local:test", &id));
    assert_int_equal(bill_get(r, id).issued_on, d.issued_on);
    region_sound(r);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bill_set_up, bill_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lines_add_up),
        TEST(each_mistake_is_refused),
        TEST(so_many_lines_and_rates_and_no_more),
        TEST(numbers_are_read),
        TEST(a_payee_counts_without_gaps),
        TEST(it_bears_the_day_that_the_payee_gives),
        TEST(a_credit_note_is_not_dated_before_its_invoice),
        TEST(the_equivalent_is_frozen),
        TEST(words_can_be_erased),
        TEST(erasures_are_repeated),
        TEST(the_other_side_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
