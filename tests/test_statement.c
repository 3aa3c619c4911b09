/* A statement foots, in either order, whole or page by page. */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/limit.h"
#include "ledger/statement.h"

#include <stdio.h>
#include <string.h>

enum { ANA = 1, BEN, CLEO };

#define LINES_MAX 2000

struct page {
    int count;
    struct ledger_statement_line lines[LINES_MAX];
};

static enum ledger_status keep(void *ctx, const struct ledger_statement_line *line)
{
    struct page *page = ctx;

    assert_true(page->count < LINES_MAX);
    page->lines[page->count++] = *line;
    return LEDGER_OK;
}

/*
 *  1  2 March  ana -> ben   10.00  "bread"
 *  2  3 March  ben -> ana    4.00
 *  3  4 March  ana -> ben    1.00  effective 2 March
 *  4  4 March  cleo -> ana   2.00
 *  5  6 March  ana -> ben    3.00  effective 3 March
 *  6  6 March  ana -> ben    5.00
 */
static void start(struct region *r)
{
    region_start(r);
    region_currency(r, "CALD");
    region_member(r, "ana");
    region_member(r, "ben");
    region_member(r, "cleo");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_account(r, "cleo", "CALD");
    region_pay_on(r, ANA, BEN, 1000, NULL, "bread");
    region_set_day(r, "2026-03-03");
    region_pay(r, BEN, ANA, 400);
    region_set_day(r, "2026-03-04");
    region_pay_on(r, ANA, BEN, 100, "2026-03-02", NULL);
    region_pay(r, CLEO, ANA, 200);
    region_set_day(r, "2026-03-06");
    region_pay_on(r, ANA, BEN, 300, "2026-03-03", NULL);
    region_pay(r, ANA, BEN, 500);
}

static const struct row {
    const char *what;
    int64_t account;
    const char *from;
    const char *to;
    enum ledger_order by;
    int64_t opening;
    int64_t in;
    int64_t out;
    int64_t closing;
    const char *lines; /* transfer:balance, in order */
} rows[] = {
    {"everything", ANA, "2026-03-01", "2026-03-31", LEDGER_BY_POSTED, 0, 600, 1900, -1300,
     "1:-1000 2:-600 3:-700 4:-500 5:-800 6:-1300 "},
    {"before anything", ANA, "2026-02-01", "2026-03-01", LEDGER_BY_POSTED, 0, 0, 0, 0, ""},
    {"after everything", ANA, "2026-03-07", "2026-12-31", LEDGER_BY_POSTED, -1300, 0, 0, -1300, ""},
    {"a day with a late line", ANA, "2026-03-04", "2026-03-04", LEDGER_BY_POSTED, -600, 200, 100,
     -500, "3:-700 4:-500 "},
    {"the day it is effective", ANA, "2026-03-02", "2026-03-02", LEDGER_BY_POSTED, 0, 0, 1000,
     -1000, "1:-1000 "},
    {"a day without lines", ANA, "2026-03-05", "2026-03-05", LEDGER_BY_POSTED, -500, 0, 0, -500,
     ""},
    {"the payee's side", BEN, "2026-03-03", "2026-03-04", LEDGER_BY_POSTED, 1000, 100, 400, 700,
     "2:600 3:700 "},
    {"who traded once", CLEO, "2026-03-01", "2026-03-31", LEDGER_BY_POSTED, 0, 0, 200, -200,
     "4:-200 "},

    {"everything, by effective day", ANA, "2026-03-01", "2026-03-31", LEDGER_BY_EFFECTIVE, 0, 600,
     1900, -1300, "1:-1000 3:-1100 2:-700 5:-1000 4:-800 6:-1300 "},
    {"a late line stands on its day", ANA, "2026-03-02", "2026-03-02", LEDGER_BY_EFFECTIVE, 0, 0,
     1100, -1100, "1:-1000 3:-1100 "},
    {"and not on the day it came", ANA, "2026-03-04", "2026-03-04", LEDGER_BY_EFFECTIVE, -1000, 200,
     0, -800, "4:-800 "},
    {"from the middle", ANA, "2026-03-03", "2026-03-31", LEDGER_BY_EFFECTIVE, -1100, 600, 800,
     -1300, "2:-700 5:-1000 4:-800 6:-1300 "},
    {"before anything, by effective day", ANA, "2026-02-01", "2026-03-01", LEDGER_BY_EFFECTIVE, 0,
     0, 0, 0, ""},
    {"before 1970, by effective day", ANA, "1900-01-01", "1900-01-02", LEDGER_BY_EFFECTIVE, 0, 0, 0,
     0, ""},
};

static struct ledger_statement_query query_of(const struct row *row, int limit)
{
    return (struct ledger_statement_query){.account_id = row->account,
                                           .from_on = region_day(row->from),
                                           .to_on = region_day(row->to),
                                           .by = row->by,
                                           .limit = limit};
}

static void describe(const struct page *page, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; i < page->count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, size - used, "%lld:%lld ", (long long)page->lines[i].transfer_id,
                 (long long)page->lines[i].balance_minor);
    }
}

static void each_row(void **state)
{
    (void)state;
    static struct page page;
    struct region r;
    char text[400];

    start(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct ledger_statement_query query = query_of(row, 0);
        struct ledger_statement s;
        page.count = 0;
        OK(&r, ledger_statement_read(r.l, &query, &s, keep, &page));
        describe(&page, text, sizeof text);
        if (s.opening_minor != row->opening || s.in_minor != row->in || s.out_minor != row->out ||
            s.closing_minor != row->closing || s.lines != page.count ||
            strcmp(text, row->lines) != 0)
            fail_msg("%s: %lld + %lld - %lld = %lld, %lld lines: %s", row->what,
                     (long long)s.opening_minor, (long long)s.in_minor, (long long)s.out_minor,
                     (long long)s.closing_minor, (long long)s.lines, text);
    }
    region_end(&r);
}

/* Page after page gives the lines of the whole, and the same opening and closing. */
static void read_pages(struct region *r, struct ledger_statement_query query, struct page *page,
                       struct ledger_statement *first)
{
    struct ledger_statement s;
    int before;

    page->count = 0;
    OK(r, ledger_statement_read(r->l, &query, first, keep, page));
    do {
        before = page->count;
        if (before == 0)
            return;
        query.after_transfer_id = page->lines[before - 1].transfer_id;
        query.after_effective_on = page->lines[before - 1].effective_on;
        OK(r, ledger_statement_read(r->l, &query, &s, keep, page));
        assert_true(page->count - before <= query.limit);
        assert_int_equal(s.opening_minor, first->opening_minor);
        assert_int_equal(s.closing_minor, first->closing_minor);
        assert_int_equal(s.lines, 0);
    } while (page->count > before);
}

static void pages_make_the_whole(void **state)
{
    (void)state;
    static struct page page;
    struct region r;
    char text[400];

    start(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int limit = 1; limit <= 7; limit++) {
            struct ledger_statement s;
            read_pages(&r, query_of(&rows[i], limit), &page, &s);
            describe(&page, text, sizeof text);
            assert_string_equal(text, rows[i].lines);
            assert_int_equal(s.lines, page.count);
        }
    }
    region_end(&r);
}

/* A year of random payments, many late: both orders foot, page by page, and end at the same balance. */
static void a_random_year_foots(void **state)
{
    (void)state;
    static struct page page;
    struct region r;
    const char *const days[] = {"2026-01-05", "2026-01-06", "2026-02-01", "2026-02-02",
                                "2026-03-29", "2026-03-30", "2026-07-01", "2026-12-31"};
    struct ledger_limit wide = {.floor_minor = -100000000, .ceiling_minor = 100000000};
    uint64_t seed = 7;

    region_start(&r);
    region_set_day(&r, "2026-01-05");
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    region_member(&r, "cleo");
    for (int i = ANA; i <= CLEO; i++) {
        wide.account_id = region_account(&r, i == ANA ? "ana" : i == BEN ? "ben" : "cleo", "CALD");
        OK(&r, ledger_limit_set(r.l, &wide, &region_why));
    }
    for (int i = 0; i < 800; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t today = (size_t)i / 100;
        size_t day = seed >> 60 < 6 ? (seed >> 40) % (today + 1) : today;
        int64_t payer = ANA + (int64_t)(seed >> 33 & 1);
        region_set_day(&r, days[today]);
        region_pay_on(&r, payer, payer + 1, (int64_t)(seed >> 20 & 1023) + 1, days[day], NULL);
    }
    for (int account = ANA; account <= CLEO; account++) {
        for (int by = LEDGER_BY_POSTED; by <= LEDGER_BY_EFFECTIVE; by++) {
            struct ledger_statement_query query = {.account_id = account,
                                                   .from_on = region_day("2026-01-06"),
                                                   .to_on = region_day("2026-12-31"),
                                                   .by = (enum ledger_order)by,
                                                   .limit = 37};
            struct ledger_statement s;
            read_pages(&r, query, &page, &s);
            int64_t balance = s.opening_minor;
            for (int i = 0; i < page.count; i++) {
                balance += page.lines[i].amount_minor;
                assert_int_equal(page.lines[i].balance_minor, balance);
            }
            assert_int_equal(balance, s.closing_minor);
            assert_int_equal(balance, region_balance(&r, account));
            assert_int_equal(page.count, s.lines);
        }
    }
    region_end(&r);
}

static void a_line_says_with_whom_and_why(void **state)
{
    (void)state;
    static struct page page;
    struct region r;
    struct ledger_statement s;
    const struct ledger_leg legs[] = {{ANA, -300}, {CLEO, 100}, {BEN, 200}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .reference = "order 9", .legs = legs, .leg_count = 3};
    int64_t id;

    start(&r);
    OK(&r, ledger_transfer_post(r.l, &draft, &id));
    struct ledger_statement_query query = query_of(&rows[0], 0);
    page.count = 0;
    OK(&r, ledger_statement_read(r.l, &query, &s, keep, &page));
    const struct ledger_statement_line *bread = &page.lines[0];
    assert_string_equal(bread->memo, "bread");
    assert_string_equal(bread->counterparty, "ben");
    assert_int_equal(bread->counterparties, 1);
    assert_true(bread->has_text && !bread->late);
    assert_int_equal(bread->kind, LEDGER_EXCHANGE);
    assert_true(page.lines[2].late && !page.lines[2].has_text);
    assert_string_equal(page.lines[3].counterparty, "cleo");
    const struct ledger_statement_line *shared = &page.lines[6];
    assert_int_equal(shared->counterparties, 2);
    assert_string_equal(shared->counterparty, "cleo");
    assert_string_equal(shared->reference, "order 9");

    /* Of three, ben sees who paid. */
    query.account_id = BEN;
    page.count = 0;
    OK(&r, ledger_statement_read(r.l, &query, &s, keep, &page));
    assert_string_equal(page.lines[page.count - 1].counterparty, "ana");

    OK(&r, ledger_erase_transfer_text(r.l, 1, &region_why));
    OK(&r, ledger_member_settle(r.l, CLEO, ANA, "cash", &region_why, &id));
    OK(&r, ledger_member_leave(r.l, CLEO, &region_why));
    OK(&r, ledger_erase_member(r.l, CLEO, &region_why));
    query.account_id = ANA;
    page.count = 0;
    OK(&r, ledger_statement_read(r.l, &query, &s, keep, &page));
    assert_true(page.lines[0].has_text);
    assert_string_equal(page.lines[0].memo, "");
    assert_string_equal(page.lines[3].counterparty, "erased-3");
    region_end(&r);
}

static void the_other_side_of_the_same_currency_comes_first(void **state)
{
    (void)state;
    static struct page page;
    struct region r;
    struct ledger_statement s;
    int64_t id;

    start(&r);
    region_currency(&r, "HOUR");
    const struct ledger_leg legs[] = {{region_account(&r, "cleo", "HOUR"), -100},
                                      {region_account(&r, "ana", "HOUR"), 100},
                                      {ANA, -300},
                                      {BEN, 300}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = 4};
    OK(&r, ledger_transfer_post(r.l, &draft, &id));
    struct ledger_statement_query query = query_of(&rows[0], 0);
    page.count = 0;
    OK(&r, ledger_statement_read(r.l, &query, &s, keep, &page));
    assert_int_equal(page.lines[6].counterparties, 3);
    assert_string_equal(page.lines[6].counterparty, "ben");
    region_end(&r);
}

struct tally {
    int lines;
    int64_t last_transfer_id;
    int64_t balance_minor;
};

static enum ledger_status count_line(void *ctx, const struct ledger_statement_line *line)
{
    struct tally *tally = ctx;

    assert_true(line->transfer_id > tally->last_transfer_id);
    assert_int_equal(line->balance_minor, tally->balance_minor + line->amount_minor);
    tally->last_transfer_id = line->transfer_id;
    tally->balance_minor = line->balance_minor;
    tally->lines++;
    return LEDGER_OK;
}

/* More than is read at once, whole and in pages, and a page that ends where one read does. */
static void a_long_one_is_whole(void **state)
{
    (void)state;
    struct region r;
    struct ledger_statement s;

    start(&r);
    for (int i = 0; i < 1100; i++)
        region_pay(&r, i % 2 ? ANA : BEN, i % 2 ? BEN : ANA, 1 + i % 7);
    struct ledger_statement_query query = query_of(&rows[0], 0);
    query.to_on = region_day("2026-12-31");
    struct tally whole = {0};
    OK(&r, ledger_statement_read(r.l, &query, &s, count_line, &whole));
    assert_int_equal(whole.lines, s.lines);
    assert_true(whole.lines >= 1100);
    assert_int_equal(whole.balance_minor, s.closing_minor);
    for (query.limit = 511; query.limit <= 513; query.limit++) {
        struct tally pages = {0};
        int before;
        query.after_transfer_id = 0;
        do {
            before = pages.lines;
            OK(&r, ledger_statement_read(r.l, &query, &s, count_line, &pages));
            query.after_transfer_id = pages.last_transfer_id;
        } while (pages.lines > before);
        assert_int_equal(pages.lines, whole.lines);
    }
    region_end(&r);
}

static void what_is_asked_must_make_sense(void **state)
{
    (void)state;
    static struct page page;
    struct region r;
    struct ledger_statement s;
    struct ledger_statement_query query;

    start(&r);
    query = query_of(&rows[0], 0);
    query.to_on = query.from_on - 1;
    EXPECT(&r, LEDGER_PERIOD_MALFORMED, ledger_statement_read(r.l, &query, &s, keep, &page));
    query = query_of(&rows[0], 0);
    query.account_id = 9;
    EXPECT(&r, LEDGER_NO_SUCH_ACCOUNT, ledger_statement_read(r.l, &query, &s, keep, &page));
    query = query_of(&rows[0], 0);
    query.by = LEDGER_BY_EFFECTIVE;
    query.after_transfer_id = 3;
    query.after_effective_on = query.from_on - 1;
    EXPECT(&r, LEDGER_CURSOR_MALFORMED, ledger_statement_read(r.l, &query, &s, keep, &page));
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
        cmocka_unit_test(pages_make_the_whole),
        cmocka_unit_test(a_random_year_foots),
        cmocka_unit_test(a_line_says_with_whom_and_why),
        cmocka_unit_test(the_other_side_of_the_same_currency_comes_first),
        cmocka_unit_test(a_long_one_is_whole),
        cmocka_unit_test(what_is_asked_must_make_sense),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
