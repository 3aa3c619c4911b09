/* Every account of a currency at the end of a day; the sum is zero. */
#include "support/region.h"

#include "ledger/trial_balance.h"

#include <stdio.h>
#include <string.h>

static enum ledger_status list(void *ctx, const struct ledger_trial_line *line)
{
    char *text = ctx;
    size_t used = strlen(text);

    snprintf(text + used, 300 - used, "%s %lld; ", line->handle, (long long)line->balance_minor);
    return LEDGER_OK;
}

/* zed opens on 5 March, and then imports what happened to it on 3 March. */
static void start(struct region *r)
{
    region_start(r);
    region_currency(r, "CALD");
    region_currency(r, "HOUR");
    region_member(r, "ben");
    region_member(r, "ana");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_account(r, "ben", "HOUR");
    region_pay(r, 1, 2, 1000);
    region_set_day(r, "2026-03-04");
    region_pay_on(r, 2, 1, 300, "2026-03-02", NULL);
    region_set_day(r, "2026-03-05");
    region_member(r, "zed");
    region_pay_on(r, region_account(r, "zed", "CALD"), 1, 50, "2026-03-03", NULL);
}

static const struct row {
    const char *what;
    const char *day;
    enum ledger_order by;
    const char *lines;
    int64_t total;
    int64_t accounts;
} rows[] = {
    {"before the first account", "2026-03-01", LEDGER_BY_POSTED, "", 0, 0},
    {"the first day", "2026-03-02", LEDGER_BY_POSTED, "ana -1000; ben 1000; ", 1000, 2},
    {"a late payment is not there yet", "2026-03-03", LEDGER_BY_POSTED, "ana -1000; ben 1000; ",
     1000, 2},
    {"the day it came", "2026-03-04", LEDGER_BY_POSTED, "ana -700; ben 700; ", 700, 2},
    {"today is now", "2026-03-05", LEDGER_BY_POSTED, "ana -650; ben 700; zed -50; ", 700, 3},
    {"so is tomorrow", "2026-03-06", LEDGER_BY_POSTED, "ana -650; ben 700; zed -50; ", 700, 3},

    {"before, by effective day", "2026-03-01", LEDGER_BY_EFFECTIVE, "", 0, 0},
    {"the first day has the late payment", "2026-03-02", LEDGER_BY_EFFECTIVE, "ana -700; ben 700; ",
     700, 2},
    {"an account stands before it was opened", "2026-03-03", LEDGER_BY_EFFECTIVE,
     "ana -650; ben 700; zed -50; ", 700, 3},
    {"today by effective day", "2026-03-05", LEDGER_BY_EFFECTIVE, "ana -650; ben 700; zed -50; ",
     700, 3},
};

static void each_row(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct ledger_trial_balance total;
        char text[300] = "";
        OK(&r,
           ledger_trial_balance_read(r.l, 1, region_day(row->day), row->by, &total, list, text));
        if (strcmp(text, row->lines) != 0 || total.debit_minor != row->total ||
            total.credit_minor != row->total || total.accounts != row->accounts)
            fail_msg("%s: %s (%lld, %lld)", row->what, text, (long long)total.debit_minor,
                     (long long)total.credit_minor);
    }
    region_end(&r);
}

static void each_currency_has_its_own(void **state)
{
    (void)state;
    struct region r;
    struct ledger_trial_balance total;
    char text[300] = "";

    start(&r);
    OK(&r,
       ledger_trial_balance_read(r.l, 2, ledger_today(r.l), LEDGER_BY_POSTED, &total, list, text));
    assert_string_equal(text, "ben 0; ");
    assert_int_equal(total.accounts, 1);
    EXPECT(&r, LEDGER_NO_SUCH_CURRENCY,
           ledger_trial_balance_read(r.l, 9, 0, LEDGER_BY_POSTED, &total, list, text));
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
        cmocka_unit_test(each_currency_has_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
