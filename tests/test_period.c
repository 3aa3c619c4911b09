/* Closed days take nothing more. */
#include "support/region.h"

#include "ledger/period.h"

#include <string.h>

static const struct row {
    const char *what;
    const char *through; /* close this day, or NULL */
    const char *date;    /* or ask for this effective day */
    enum ledger_status outcome;
    const char *sentence; /* part of it, "" for none */
} rows[] = {
    /* today is 2026-03-02 */
    {"nothing is closed at first", NULL, "1900-01-01", LEDGER_OK, ""},
    {"today may be dated", NULL, "2026-03-02", LEDGER_OK, ""},
    {"tomorrow may not", NULL, "2026-03-03", LEDGER_DATE_IN_FUTURE, "today is 2026-03-02"},
    {"today is not over", "2026-03-02", NULL, LEDGER_DATE_IN_FUTURE, "at the latest 2026-03-01"},
    {"January closes", "2026-01-31", NULL, LEDGER_OK, ""},
    {"its last day is closed", NULL, "2026-01-31", LEDGER_PERIOD_CLOSED, "through 2026-01-31"},
    {"and every day before", NULL, "1999-12-31", LEDGER_PERIOD_CLOSED, "closed"},
    {"the next day is open", NULL, "2026-02-01", LEDGER_OK, ""},
    {"a period closes once", "2026-01-31", NULL, LEDGER_PERIOD_CLOSED, "closed already"},
    {"and never opens again", "2025-12-31", NULL, LEDGER_PERIOD_CLOSED, "through 2026-01-31"},
    {"yesterday may be closed", "2026-03-01", NULL, LEDGER_OK, ""},
    {"then only today is open", NULL, "2026-03-01", LEDGER_PERIOD_CLOSED, "through 2026-03-01"},
    {"today still is", NULL, "2026-03-02", LEDGER_OK, ""},
};

static void each_row(void **state)
{
    (void)state;
    struct region r;

    region_start(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        int64_t id;
        enum ledger_status got =
            row->through ? ledger_period_close(r.l, region_day(row->through), &region_why, &id)
                         : ledger_period_check(r.l, region_day(row->date));
        if (got != row->outcome || (got && !strstr(ledger_message(r.l), row->sentence)))
            fail_msg("%s: %s, %s", row->what, ledger_status_facts(got)->code,
                     got ? ledger_message(r.l) : "");
    }
    region_end(&r);
}

static void a_reason_is_needed(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_why why = {.actor = "local:test", .reason = "", .authority = ""};
    int32_t day;
    int64_t id;

    region_start(&r);
    EXPECT(&r, LEDGER_REASON_MISSING, ledger_period_close(r.l, 0, &why, &id));
    OK(&r, ledger_period_closed_through(r.l, &day));
    assert_int_equal(day, LEDGER_DAY_MIN - 1);
    OK(&r, ledger_period_close(r.l, region_day("2026-02-28"), &region_why, &id));
    assert_int_equal(id, 1);
    OK(&r, ledger_period_closed_through(r.l, &day));
    assert_int_equal(day, region_day("2026-02-28"));
    region_end(&r);
}

static void posting_asks(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    region_start(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    const struct ledger_leg legs[] = {{region_account(&r, "ana", "CALD"), -100},
                                      {region_account(&r, "ben", "CALD"), 100}};
    struct ledger_transfer_draft draft = {.kind = LEDGER_EXCHANGE,
                                          .has_effective = true,
                                          .effective_on = region_day("2026-02-28"),
                                          .legs = legs,
                                          .leg_count = 2};
    OK(&r, ledger_transfer_post(r.l, &draft, &id));
    OK(&r, ledger_period_close(r.l, region_day("2026-02-28"), &region_why, &id));
    EXPECT(&r, LEDGER_PERIOD_CLOSED, ledger_transfer_post(r.l, &draft, &id));
    draft.effective_on = region_day("2026-03-01");
    OK(&r, ledger_transfer_post(r.l, &draft, &id));
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
        cmocka_unit_test(a_reason_is_needed),
        cmocka_unit_test(posting_asks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
