/* Hours of a week and what a cancellation gives back, as people write them. */
#include "ledger/band.h"
#include "ledger/date.h"
#include "ledger/opening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define HOUR_US INT64_C(3600000000)

static const struct {
    const char *text;
    enum ledger_status outcome;
    int monday_min;
    int saturday_min;
} openings[] = {
    {"mon-fri 08:00-18:00, sat 09:00-13:00", LEDGER_OK, 600, 240},
    {"always", LEDGER_OK, 1440, 1440},
    {"", LEDGER_OK, 0, 0},
    {"mon 08:00-12:00, mon 13:00-17:05", LEDGER_OK, 485, 0},
    {"mon 08:00-12:00, mon-sun 10:00-13:00", LEDGER_OK, 300, 180},
    {"mon 00:00-24:00", LEDGER_OK, 1440, 0},
    {"mon 8:00-18:00", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon 08:00-18:03", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon 08:00-24:05", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon 18:00-08:00", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon 08:00-08:00", LEDGER_OPENING_MALFORMED, 0, 0},
    {"fri-mon 08:00-18:00", LEDGER_OPENING_MALFORMED, 0, 0},
    {"Mon 08:00-18:00", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon 08:00-18:00,", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon 08:00-18:00, ", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon 08:00-18:00 tue 08:00-18:00", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon-", LEDGER_OPENING_MALFORMED, 0, 0},
    {"mon 08:0", LEDGER_OPENING_MALFORMED, 0, 0},
};

static void hours_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(openings); i++) {
        struct ledger_opening o;
        enum ledger_status status = ledger_opening_parse(openings[i].text, &o);

        if (status != openings[i].outcome)
            fail_msg("\"%s\"", openings[i].text);
        if (status != LEDGER_OK)
            continue;
        assert_int_equal(ledger_opening_minutes(&o, 1), openings[i].monday_min);
        assert_int_equal(ledger_opening_minutes(&o, 6), openings[i].saturday_min);
    }
}

static void hours_are_covered_from_edge_to_edge(void **state)
{
    struct ledger_opening o;

    (void)state;
    assert_int_equal(ledger_opening_parse("mon 08:00-12:00, mon 12:00-18:00", &o), LEDGER_OK);
    assert_true(ledger_opening_covers(&o, 1, 480, 1080));
    assert_false(ledger_opening_covers(&o, 1, 475, 600));
    assert_false(ledger_opening_covers(&o, 1, 1000, 1085));
    assert_false(ledger_opening_covers(&o, 2, 480, 600));
}

static const struct {
    const char *text;
    enum ledger_status outcome;
    int64_t left_us;
    int back_percent;
} bands[] = {
    {"48h 100%, 12h 50%", LEDGER_OK, 48 * HOUR_US, 100},
    {"48h 100%, 12h 50%", LEDGER_OK, 48 * HOUR_US - 1, 50},
    {"48h 100%, 12h 50%", LEDGER_OK, 12 * HOUR_US, 50},
    {"48h 100%, 12h 50%", LEDGER_OK, 12 * HOUR_US - 1, 0},
    {"48h 100%, 12h 50%", LEDGER_OK, -HOUR_US, 0},
    {"7d 80%", LEDGER_OK, 7 * LEDGER_US_PER_DAY, 80},
    {"", LEDGER_OK, 1000 * HOUR_US, 0},
    {"12h 50%, 48h 100%", LEDGER_BANDS_MALFORMED, 0, 0},
    {"48h 50%, 12h 100%", LEDGER_BANDS_MALFORMED, 0, 0},
    {"48h 101%", LEDGER_BANDS_MALFORMED, 0, 0},
    {"48h 100", LEDGER_BANDS_MALFORMED, 0, 0},
    {"48h 100%,", LEDGER_BANDS_MALFORMED, 0, 0},
    {"48h 100%, ", LEDGER_BANDS_MALFORMED, 0, 0},
    {"soon 100%", LEDGER_BANDS_MALFORMED, 0, 0},
    {" 100%", LEDGER_BANDS_MALFORMED, 0, 0},
    {"9d 99%, 8d 98%, 7d 97%, 6d 96%, 5d 95%, 4d 94%", LEDGER_OK, 4 * LEDGER_US_PER_DAY, 94},
    {"9d 99%, 8d 98%, 7d 97%, 6d 96%, 5d 95%, 4d 94%, 3d 93%", LEDGER_BANDS_MALFORMED, 0, 0},
};

static void bands_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bands); i++) {
        struct ledger_bands b;
        enum ledger_status status = ledger_bands_parse(bands[i].text, &b);

        if (status != bands[i].outcome)
            fail_msg("\"%s\"", bands[i].text);
        if (status == LEDGER_OK)
            assert_int_equal(ledger_bands_back(&b, bands[i].left_us), bands[i].back_percent);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_are_read),
        cmocka_unit_test(hours_are_covered_from_edge_to_edge),
        cmocka_unit_test(bands_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
