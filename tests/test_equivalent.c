/* What a unit stands for outside, from a day on. */
#include "support/region.h"

#include "ledger/equivalent.h"

#include <string.h>

static struct ledger_why no_reason = {.actor = "local:test", .reason = " ", .authority = ""};

static const struct row {
    const char *what;
    const char *unit;
    int64_t value_micro;
    const char *from; /* today is 2026-03-02 */
    bool reason;
    enum ledger_status outcome;
} rows[] = {
    {"a pound from today", "GBP", 1000000, "2026-03-02", true, LEDGER_OK},
    {"another from April", "GBP", 1100000, "2026-04-01", true, LEDGER_OK},
    {"a second thought on the same day", "GBP", 1200000, "2026-04-01", true, LEDGER_OK},
    {"any short word", "loaves", 500000, "2026-05-01", true, LEDGER_OK},
    {"ten bytes fit", "0123456789", 1, "2026-06-01", true, LEDGER_OK},
    {"the largest", "GBP", LEDGER_AMOUNT_MAX, "2026-07-01", true, LEDGER_OK},
    {"and one more", "GBP", LEDGER_AMOUNT_MAX + 1, "2026-07-01", true, LEDGER_AMOUNT_TOO_LARGE},
    {"no unit", "", 1000000, "2026-03-02", true, LEDGER_TEXT_MALFORMED},
    {"a line break", "G\nB", 1000000, "2026-03-02", true, LEDGER_TEXT_MALFORMED},
    {"nothing", "GBP", 0, "2026-03-02", true, LEDGER_AMOUNT_NOT_POSITIVE},
    {"less than nothing", "GBP", -1, "2026-03-02", true, LEDGER_AMOUNT_NOT_POSITIVE},
    {"yesterday", "GBP", 1000000, "2026-03-01", true, LEDGER_BACKDATED},
    {"no reason", "GBP", 1000000, "2026-03-02", false, LEDGER_REASON_MISSING},
};

static void each_row(void **state)
{
    (void)state;
    struct region r;

    region_start(&r);
    int64_t cald = region_currency(&r, "CALD");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ledger_equivalent e = {.currency_id = cald,
                                      .from_on = region_day(rows[i].from),
                                      .value_micro = rows[i].value_micro};
        strcpy(e.unit, rows[i].unit);
        enum ledger_status got =
            ledger_equivalent_set(r.l, &e, rows[i].reason ? &region_why : &no_reason);
        if (got != rows[i].outcome)
            fail_msg("%s: %s", rows[i].what, ledger_status_facts(got)->code);
    }
    region_end(&r);
}

static const struct {
    const char *day;
    const char *unit; /* NULL: none in force */
    int64_t value_micro;
} in_force[] = {
    {"2026-03-01", NULL, 0},         {"2026-03-02", "GBP", 1000000},
    {"2026-03-31", "GBP", 1000000},  {"2026-04-01", "GBP", 1200000},
    {"2026-04-30", "GBP", 1200000},  {"2026-05-01", "loaves", 500000},
    {"2026-06-30", "0123456789", 1}, {"2030-01-01", "GBP", LEDGER_AMOUNT_MAX},
};

static void the_newest_of_the_latest_day_holds(void **state)
{
    (void)state;
    struct region r;
    struct ledger_equivalent e;

    region_start(&r);
    int64_t cald = region_currency(&r, "CALD");
    int64_t hour = region_currency(&r, "HOUR");
    for (size_t i = 0; i < 6; i++) {
        e = (struct ledger_equivalent){.currency_id = cald,
                                       .from_on = region_day(rows[i].from),
                                       .value_micro = rows[i].value_micro};
        strcpy(e.unit, rows[i].unit);
        OK(&r, ledger_equivalent_set(r.l, &e, &region_why));
        assert_int_equal(e.id, i + 1);
    }
    for (size_t i = 0; i < sizeof in_force / sizeof in_force[0]; i++) {
        int32_t day = region_day(in_force[i].day);
        EXPECT(&r, in_force[i].unit ? LEDGER_OK : LEDGER_NO_ROW,
               ledger_equivalent_at(r.l, cald, day, &e));
        if (!in_force[i].unit)
            continue;
        assert_string_equal(e.unit, in_force[i].unit);
        assert_int_equal(e.value_micro, in_force[i].value_micro);
    }
    EXPECT(&r, LEDGER_NO_ROW, ledger_equivalent_at(r.l, hour, region_day("2030-01-01"), &e));
    e = (struct ledger_equivalent){.currency_id = 9, .unit = "GBP", .value_micro = 1};
    EXPECT(&r, LEDGER_NO_SUCH_CURRENCY, ledger_equivalent_set(r.l, &e, &region_why));
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
        cmocka_unit_test(the_newest_of_the_latest_day_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
