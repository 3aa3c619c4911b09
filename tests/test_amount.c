/* An amount is read exactly or not at all, and no minor unit is lost. */
#include "support/region.h"

#include "ledger/amount.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MOST LEDGER_AMOUNT_MAX
#define UNTOUCHED INT64_C(-777)
#define POSITIVE LEDGER_AMOUNT_POSITIVE
#define UNSIGNED LEDGER_AMOUNT_UNSIGNED
#define SIGNED LEDGER_AMOUNT_SIGNED
#define MALFORMED LEDGER_AMOUNT_MALFORMED
#define TOO_PRECISE LEDGER_AMOUNT_TOO_PRECISE
#define TOO_LARGE LEDGER_AMOUNT_TOO_LARGE
#define NOT_POSITIVE LEDGER_AMOUNT_NOT_POSITIVE
#define OVERFLOW LEDGER_AMOUNT_OVERFLOW
#define FORTY_ONES "1111111111111111111111111111111111111111"
#define FORTY_ZEROS "0000000000000000000000000000000000000000"

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 11;
}

/* Of any size: as often with few figures as with many. */
static int64_t up_to(uint64_t *seed, int64_t most)
{
    uint64_t drawn = draw(seed) % ((uint64_t)most + 1);

    return (int64_t)(drawn >> draw(seed) % 50);
}

/* clang-format off */
static const struct parse_row {
    const char *what;
    const char *text;
    int scale;
    bool hours;
    enum ledger_amount_sign sign;
    enum ledger_status outcome;
    int64_t minor;
    const char *says;
} parse_rows[] = {
    /* what it shows                       text                    scale  hours  sign      outcome       minor  says */
    {"all the decimals",                   "12.50",                    2, false, POSITIVE, LEDGER_OK,     1250, ""},
    {"fewer are filled with zeros",        "12.5",                     2, false, POSITIVE, LEDGER_OK,     1250, ""},
    {"none likewise",                      "12",                       2, false, POSITIVE, LEDGER_OK,     1200, ""},
    {"a whole currency",                   "12",                       0, false, POSITIVE, LEDGER_OK,       12, ""},
    {"the largest scale",                  "0.000001",                 6, false, POSITIVE, LEDGER_OK,        1, ""},
    {"zeros in front",                     FORTY_ZEROS "7",            2, false, POSITIVE, LEDGER_OK,      700, ""},
    {"zero where it may be",               "0",                        2, false, UNSIGNED, LEDGER_OK,        0, ""},
    {"less where it may be",               "-12.50",                   2, false, SIGNED,   LEDGER_OK,    -1250, ""},
    {"a signed zero",                      "-0",                       2, false, SIGNED,   LEDGER_OK,        0, ""},
    {"the largest, whole",                 "1000000000000000",         0, false, POSITIVE, LEDGER_OK,     MOST, ""},
    {"the largest, with decimals",         "10000000000000.00",        2, false, POSITIVE, LEDGER_OK,     MOST, ""},
    {"the largest, finest",                "1000000000",               6, false, POSITIVE, LEDGER_OK,     MOST, ""},
    {"the smallest",                       "-10000000000000.00",       2, false, SIGNED,   LEDGER_OK,    -MOST, ""},

    {"nothing",                            "",                         2, false, POSITIVE, MALFORMED,        0, "there is no amount: write one such as 12.50"},
    {"an exponent",                        "1e3",                      2, false, POSITIVE, MALFORMED,        0, "1e3 is not an amount: write digits with a point, such as 12.50"},
    {"a decimal comma",                    "1,50",                     2, false, POSITIVE, MALFORMED,        0, "1,50 is not an amount"},
    {"a thousands comma",                  "1,000.00",                 2, false, POSITIVE, MALFORMED,        0, "such as 12.50"},
    {"a blank between thousands",          "1 000",                    2, false, POSITIVE, MALFORMED,        0, "1 000 is not an amount"},
    {"a DEL is not shown",                 "5\x7F",                    2, false, POSITIVE, MALFORMED,        0, "5? is not an amount"},
    {"no number",                          "NaN",                      2, false, POSITIVE, MALFORMED,        0, "such as 12.50"},
    {"infinity",                           "inf",                      2, false, SIGNED,   MALFORMED,        0, "such as 12.50"},
    {"a plus",                             "+5",                       2, false, SIGNED,   MALFORMED,        0, "such as 12.50"},
    {"two minuses",                        "--5",                      2, false, SIGNED,   MALFORMED,        0, "such as 12.50"},
    {"a minus alone",                      "-",                        2, false, SIGNED,   MALFORMED,        0, "such as 12.50"},
    {"a minus behind",                     "5-",                       2, false, SIGNED,   MALFORMED,        0, "such as 12.50"},
    {"no digit before the point",          ".50",                      2, false, POSITIVE, MALFORMED,        0, "such as 12.50"},
    {"no digit after the point",           "12.",                      2, false, POSITIVE, MALFORMED,        0, "such as 12.50"},
    {"two points",                         "1.2.3",                    2, false, POSITIVE, MALFORMED,        0, "such as 12.50"},
    {"a blank in front",                   " 5",                       2, false, POSITIVE, MALFORMED,        0, "such as 12.50"},
    {"a blank behind",                     "5 ",                       2, false, POSITIVE, MALFORMED,        0, "such as 12.50"},
    {"hexadecimal",                        "0x10",                     0, false, POSITIVE, MALFORMED,        0, "such as 12"},
    {"digits of another script",           "\xD9\xA3",                 2, false, POSITIVE, MALFORMED,        0, "?? is not an amount"},
    {"long nonsense is cut",               FORTY_ONES "zz",            2, false, POSITIVE, MALFORMED,        0, "1111... is not an amount"},
    {"hours of a currency that is none",   "1:30",                     2, false, POSITIVE, MALFORMED,        0, "1:30 is not an amount"},
    {"the example is in the scale",        "x",                        6, false, POSITIVE, MALFORMED,        0, "such as 12.500000"},

    {"a third decimal",                    "12.345",                   2, false, POSITIVE, TOO_PRECISE,      0, "write 12.34 or 12.35"},
    {"even when it is zero",               "12.340",                   2, false, POSITIVE, TOO_PRECISE,      0, "12.340 has 3 decimals and this currency has 2"},
    {"a decimal of a whole currency",      "1.5",                      0, false, POSITIVE, TOO_PRECISE,      0, "write 1 or 2"},
    {"a seventh",                          "0.9999999",                6, false, POSITIVE, TOO_PRECISE,      0, "write 0.999999 or 1.000000"},
    {"many more",                          "1." FORTY_ONES,            2, false, POSITIVE, TOO_PRECISE,      0, "write 1.11 or 1.12"},
    {"below zero the neighbours are too",  "-12.345",                  2, false, SIGNED,   TOO_PRECISE,      0, "write -12.34 or -12.35"},
    {"it comes before the sign",           "-12.345",                  2, false, POSITIVE, TOO_PRECISE,      0, "write -12.34 or -12.35"},

    {"one more than the largest",          "1000000000000001",         0, false, POSITIVE, TOO_LARGE,        0, "up to 1000000000000000"},
    {"a cent more",                        "10000000000000.01",        2, false, POSITIVE, TOO_LARGE,        0, "up to 10000000000000.00"},
    {"and at the finest scale",            "1000000000.000001",        6, false, POSITIVE, TOO_LARGE,        0, "up to 1000000000.000000"},
    {"one less than the smallest",         "-10000000000000.01",       2, false, SIGNED,   TOO_LARGE,        0, "up to 10000000000000.00"},
    {"what 64 bits would wrap to one",     "18446744073709551617",     0, false, POSITIVE, TOO_LARGE,        0, "up to"},
    {"forty digits",                       FORTY_ONES,                 2, false, POSITIVE, TOO_LARGE,        0, "up to"},
    {"no neighbours where there are none", FORTY_ONES ".123",          2, false, POSITIVE, TOO_LARGE,        0, "up to"},
    {"nor beside the largest",             "10000000000000.001",       2, false, POSITIVE, TOO_LARGE,        0, "up to"},
    {"it comes before the sign as well",   "-10000000000000.01",       2, false, POSITIVE, TOO_LARGE,        0, "up to"},

    {"zero",                               "0",                        2, false, POSITIVE, NOT_POSITIVE,     0, "more than zero"},
    {"zero with decimals",                 "0.00",                     2, false, POSITIVE, NOT_POSITIVE,     0, "more than zero"},
    {"below zero",                         "-5",                       2, false, POSITIVE, NOT_POSITIVE,     0, "more than zero"},
    {"below zero where zero may be",       "-0.01",                    2, false, UNSIGNED, NOT_POSITIVE,     0, "zero or more"},
    {"a sign is refused even on zero",     "-0",                       2, false, UNSIGNED, NOT_POSITIVE,     0, "zero or more"},

    {"an hour and a half",                 "1:30",                     2, true,  POSITIVE, LEDGER_OK,      150, ""},
    {"three minutes",                      "0:03",                     2, true,  POSITIVE, LEDGER_OK,        5, ""},
    {"decimals of hours",                  "1.25",                     2, true,  POSITIVE, LEDGER_OK,      125, ""},
    {"whole hours",                        "2:00",                     0, true,  POSITIVE, LEDGER_OK,        2, ""},
    {"a zero before the hours",            "01:06",                    1, true,  POSITIVE, LEDGER_OK,       11, ""},
    {"hours below zero",                   "-1:30",                    2, true,  SIGNED,   LEDGER_OK,     -150, ""},
    {"the most hours",                     "10000000000000:00",        2, true,  POSITIVE, LEDGER_OK,     MOST, ""},
    {"a minute of one figure",             "1:3",                      2, true,  POSITIVE, MALFORMED,        0, "1:3 is not an amount"},
    {"minute 60",                          "1:60",                     2, true,  POSITIVE, MALFORMED,        0, "1:60 is not an amount"},
    {"seconds",                            "1:30:00",                  2, true,  POSITIVE, MALFORMED,        0, "1:30:00 is not an amount"},
    {"no hours",                           ":30",                      2, true,  POSITIVE, MALFORMED,        0, ":30 is not an amount"},
    {"a third of an hour",                 "0:20",                     2, true,  POSITIVE, TOO_PRECISE,      0, "0:20 is no exact amount with 2 decimals: write 0:18 or 0:21"},
    {"the one below may be whole",         "7:01",                     2, true,  POSITIVE, TOO_PRECISE,      0, "write 7:00 or 7:03"},
    {"and the one above the next hour",    "7:59",                     2, true,  POSITIVE, TOO_PRECISE,      0, "write 7:57 or 8:00"},
    {"no minutes in whole hours",          "1:30",                     0, true,  POSITIVE, TOO_PRECISE,      0, "write 1:00 or 2:00"},
    {"a third at the finest scale",        "0:20",                     6, true,  POSITIVE, TOO_PRECISE,      0, "write 0:18 or 0:21"},
    {"below zero they keep the sign",      "-0:20",                    2, true,  SIGNED,   TOO_PRECISE,      0, "-0:20 is no exact amount with 2 decimals: write -0:18 or -0:21"},
    {"more than the most hours",           "10000000000000:03",        2, true,  POSITIVE, TOO_LARGE,        0, "up to 10000000000000.00"},
    {"no neighbour beyond the most",       "10000000000000:01",        2, true,  POSITIVE, TOO_LARGE,        0, "up to"},
    {"forty digits of hours",              FORTY_ONES ":00",           2, true,  POSITIVE, TOO_LARGE,        0, "up to"},
    {"no time",                            "0:00",                     2, true,  POSITIVE, NOT_POSITIVE,     0, "more than zero"},
    {"hours below zero where none may",    "-1:30",                    2, true,  UNSIGNED, NOT_POSITIVE,     0, "zero or more"},
};
/* clang-format on */

static void each_text_is_read_or_refused_with_a_sentence(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof parse_rows / sizeof parse_rows[0]; i++) {
        const struct parse_row *row = &parse_rows[i];
        char why[200] = "";
        int64_t minor = UNTOUCHED;
        enum ledger_status got = ledger_amount_parse(row->text, row->scale, row->hours, row->sign,
                                                     &minor, why, sizeof why);
        int64_t wanted = row->outcome == LEDGER_OK ? row->minor : UNTOUCHED;
        if (got != row->outcome || minor != wanted || !strstr(why, row->says))
            fail_msg("%s: %s, %" PRId64 ", \"%s\"", row->what, ledger_status_facts(got)->code,
                     minor, why);
    }
}

static void the_sentence_may_be_left_out(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof parse_rows / sizeof parse_rows[0]; i++) {
        const struct parse_row *row = &parse_rows[i];
        int64_t minor;
        enum ledger_status got =
            ledger_amount_parse(row->text, row->scale, row->hours, row->sign, &minor, NULL, 0);
        if (got != row->outcome)
            fail_msg("%s: %s", row->what, ledger_status_facts(got)->code);
    }
}

static void a_minute_is_taken_where_the_scale_holds_it(void **state)
{
    (void)state;
    int64_t unit = 1;

    for (int scale = 0; scale <= LEDGER_SCALE_MAX; scale++, unit *= 10) {
        for (int minute = 0; minute < 60; minute++) {
            bool fits = minute * unit % 60 == 0;
            int64_t minor = UNTOUCHED;
            char text[16];
            snprintf(text, sizeof text, "3:%02d", minute);
            assert_int_equal(
                ledger_amount_parse(text, scale, true, LEDGER_AMOUNT_POSITIVE, &minor, NULL, 0),
                fits ? LEDGER_OK : LEDGER_AMOUNT_TOO_PRECISE);
            assert_int_equal(minor, fits ? 3 * unit + minute * unit / 60 : UNTOUCHED);
        }
    }
}

/* clang-format off */
static const struct round_row {
    const char *what;
    const char *text;
    int scale;
    enum ledger_status outcome;
    int64_t minor;
    bool exact;
} round_rows[] = {
    /* what it shows               text                   scale  outcome    minor  exact */
    {"nothing to round",           "12.34",                   2, LEDGER_OK,  1234, true},
    {"zeros lose nothing",         "12.34000",                2, LEDGER_OK,  1234, true},
    {"a half goes to even, down",  "0.125",                   2, LEDGER_OK,    12, false},
    {"a half goes to even, up",    "0.135",                   2, LEDGER_OK,    14, false},
    {"a half of nothing",          "0.5",                     0, LEDGER_OK,     0, false},
    {"one and a half",             "1.5",                     0, LEDGER_OK,     2, false},
    {"less than a half",           "0.1249",                  2, LEDGER_OK,    12, false},
    {"more than a half",           "0.1251",                  2, LEDGER_OK,    13, false},
    {"a half with zeros behind",   "0.12500",                 2, LEDGER_OK,    12, false},
    {"below zero, down",           "-0.125",                  2, LEDGER_OK,   -12, false},
    {"below zero, up",             "-0.135",                  2, LEDGER_OK,   -14, false},
    {"the carry runs through",     "9.995",                   2, LEDGER_OK,  1000, false},
    {"forty decimals are seen",    "0.1250000000000000000000000000000000000001",     2, LEDGER_OK,    13, false},
    {"forty zeros lose nothing",   "7." FORTY_ZEROS,          2, LEDGER_OK,   700, true},
    {"the largest",                "10000000000000.004",      2, LEDGER_OK,  MOST, false},
    {"and its half is even",       "10000000000000.005",      2, LEDGER_OK,  MOST, false},
    {"just over the half is more", "10000000000000.0051",     2, TOO_LARGE,     0, false},
    {"up to the largest",          "9999999999999.995",       2, LEDGER_OK,  MOST, false},
    {"below the smallest",         "-10000000000000.01",      2, TOO_LARGE,     0, false},
    {"forty digits",               FORTY_ONES,                2, TOO_LARGE,     0, false},
    {"a decimal too many",         "0." FORTY_ZEROS "0",      2, MALFORMED,     0, false},
    {"nothing",                    "",                        2, MALFORMED,     0, false},
    {"a plus",                     "+1",                      2, MALFORMED,     0, false},
    {"an exponent",                "1e3",                     2, MALFORMED,     0, false},
    {"no digit after the point",   "1.",                      2, MALFORMED,     0, false},
    {"a comma",                    "1,50",                    2, MALFORMED,     0, false},
    {"hours",                      "1:30",                    2, MALFORMED,     0, false},
    {"malformed before too large", FORTY_ONES "." FORTY_ZEROS "0",     2, MALFORMED,     0, false},
};
/* clang-format on */

static void a_half_is_rounded_to_even(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof round_rows / sizeof round_rows[0]; i++) {
        const struct round_row *row = &round_rows[i];
        int64_t minor = 0;
        bool exact = false;
        enum ledger_status got = ledger_amount_round(row->text, row->scale, &minor, &exact);
        if (got != row->outcome || minor != row->minor || exact != row->exact)
            fail_msg("%s: %s, %" PRId64 ", %d", row->what, ledger_status_facts(got)->code, minor,
                     exact);
    }
}

/* What integer division says of a count of millionths. */
static void rounding_agrees_with_division(void **state)
{
    (void)state;
    static const int64_t units[LEDGER_SCALE_MAX + 1] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    uint64_t seed = 3;

    for (int i = 0; i < 100000; i++) {
        int64_t millionths = (int64_t)(draw(&seed) % 20000000);
        int scale = (int)(draw(&seed) % (LEDGER_SCALE_MAX + 1));
        int64_t unit = units[scale];
        int64_t below = millionths / unit;
        int64_t twice = millionths % unit * 2;
        int64_t wanted = below + (twice > unit || (twice == unit && below % 2 != 0));
        char text[LEDGER_AMOUNT_TEXT];
        int64_t minor;
        bool exact;
        ledger_amount_format(millionths, 6, text);
        assert_int_equal(ledger_amount_round(text, scale, &minor, &exact), LEDGER_OK);
        if (minor != wanted || exact != (twice == 0))
            fail_msg("%s at scale %d: %" PRId64 ", %d", text, scale, minor, exact);
    }
}

/* clang-format off */
static const struct {
    int64_t minor;
    int scale;
    const char *text;
} format_rows[] = {
    {    -1250, 2, "-12.50"},
    {        0, 2, "0.00"},
    {        5, 2, "0.05"},
    {       -5, 2, "-0.05"},
    {       12, 0, "12"},
    {      -12, 0, "-12"},
    {        1, 6, "0.000001"},
    {     MOST, 0, "1000000000000000"},
    {    -MOST, 2, "-10000000000000.00"},
    {INT64_MIN, 1, "-922337203685477580.8"},
};
/* clang-format on */

static void an_amount_is_written_with_exactly_its_decimals(void **state)
{
    (void)state;
    char text[LEDGER_AMOUNT_TEXT];

    for (size_t i = 0; i < sizeof format_rows / sizeof format_rows[0]; i++) {
        char *written = ledger_amount_format(format_rows[i].minor, format_rows[i].scale, text);
        assert_ptr_equal(written, text);
        assert_string_equal(text, format_rows[i].text);
    }
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    uint64_t seed = 5;

    for (int i = 0; i < 100000; i++) {
        int scale = (int)(draw(&seed) % (LEDGER_SCALE_MAX + 1));
        int64_t size = up_to(&seed, LEDGER_AMOUNT_MAX);
        int64_t minor = i % 2 ? size : -size;
        char text[LEDGER_AMOUNT_TEXT];
        int64_t read;
        ledger_amount_format(minor, scale, text);
        assert_int_equal(
            ledger_amount_parse(text, scale, i % 3 == 0, LEDGER_AMOUNT_SIGNED, &read, NULL, 0),
            LEDGER_OK);
        assert_int_equal(read, minor);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    int64_t a;
    int64_t b;
    enum ledger_status outcome;
    int64_t sum;
} add_rows[] = {
    {"both ways",                5,           -8, LEDGER_OK,        -3},
    {"up to the largest",        MOST - 1,     1, LEDGER_OK,      MOST},
    {"and no further",           MOST,         1, OVERFLOW,  UNTOUCHED},
    {"down to the smallest",     1 - MOST,    -1, LEDGER_OK,     -MOST},
    {"and no further",           -MOST,       -1, OVERFLOW,  UNTOUCHED},
    {"the largest twice",        MOST,      MOST, OVERFLOW,  UNTOUCHED},
    {"what 64 bits cannot hold", INT64_MAX,    1, OVERFLOW,  UNTOUCHED},
    {"nor below",                INT64_MIN,   -1, OVERFLOW,  UNTOUCHED},
};
/* clang-format on */

static void a_sum_beyond_the_largest_is_refused_and_not_kept(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof add_rows / sizeof add_rows[0]; i++) {
        int64_t sum = UNTOUCHED;
        enum ledger_status got = ledger_amount_add(add_rows[i].a, add_rows[i].b, &sum);
        if (got != add_rows[i].outcome || sum != add_rows[i].sum)
            fail_msg("%s: %s, %" PRId64, add_rows[i].what, ledger_status_facts(got)->code, sum);
    }
}

/* clang-format off */
static const struct split_row {
    const char *what;
    int64_t total;
    size_t n;
    int64_t weights[5];
    int64_t parts[5];
} split_rows[] = {
    {"one takes all",                       100, 1, {7},                {100}},
    {"in proportion",                       100, 2, {1, 3},             {25, 75}},
    {"a cent left goes to the first",       100, 3, {1, 1, 1},          {34, 33, 33}},
    {"two left to the first two",           200, 3, {1, 1, 1},          {67, 67, 66}},
    {"the largest remainder before order",    1, 2, {1, 3},             {0, 1}},
    {"no weight, no part",                  101, 3, {1, 0, 1},          {51, 0, 50}},
    {"nothing to split",                      0, 3, {1, 2, 3},          {0, 0, 0}},
    {"less than there are parts",             3, 5, {1, 1, 1, 1, 1},    {1, 1, 1, 0, 0}},
    {"as in Hamilton's method",             100, 3, {473, 160, 367},    {47, 16, 37}},
    {"the largest by the largest",         MOST, 3, {MOST, MOST, MOST}, {333333333333334, 333333333333333, 333333333333333}},
};
/* clang-format on */

static void a_total_is_split_by_largest_remainder(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof split_rows / sizeof split_rows[0]; i++) {
        const struct split_row *row = &split_rows[i];
        int64_t parts[5];
        ledger_amount_split(row->total, row->weights, row->n, parts);
        for (size_t k = 0; k < row->n; k++)
            if (parts[k] != row->parts[k])
                fail_msg("%s: part %zu is %" PRId64, row->what, k, parts[k]);
    }
}

/* Each part is its exact share, rounded one way or the other; equal weights never favour the later. */
static void check_split(int64_t total, const int64_t *weights, size_t n)
{
    int64_t parts[64];
    __int128 weight_sum = 0;
    int64_t sum = 0;

    ledger_amount_split(total, weights, n, parts);
    for (size_t i = 0; i < n; i++)
        weight_sum += weights[i];
    for (size_t i = 0; i < n; i++) {
        __int128 share = (__int128)total * weights[i];
        int64_t floor_minor = (int64_t)(share / weight_sum);
        assert_in_range(parts[i], floor_minor, floor_minor + (share % weight_sum != 0));
        for (size_t k = 0; k < i; k++)
            assert_false(weights[k] == weights[i] && parts[k] < parts[i]);
        sum += parts[i];
    }
    assert_int_equal(sum, total);
}

static void the_parts_sum_to_the_total(void **state)
{
    (void)state;
    uint64_t seed = 11;

    for (int i = 0; i < 20000; i++) {
        int64_t weights[64];
        size_t n = 1 + draw(&seed) % 64;
        int64_t total = up_to(&seed, LEDGER_AMOUNT_MAX);
        uint64_t widest = i % 2 ? 4 : (uint64_t)LEDGER_AMOUNT_MAX;
        for (size_t k = 0; k < n; k++)
            weights[k] = (int64_t)(draw(&seed) % (widest + 1));
        weights[draw(&seed) % n] = (int64_t)widest;
        check_split(total, weights, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_read_or_refused_with_a_sentence),
        cmocka_unit_test(the_sentence_may_be_left_out),
        cmocka_unit_test(a_minute_is_taken_where_the_scale_holds_it),
        cmocka_unit_test(a_half_is_rounded_to_even),
        cmocka_unit_test(rounding_agrees_with_division),
        cmocka_unit_test(an_amount_is_written_with_exactly_its_decimals),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_sum_beyond_the_largest_is_refused_and_not_kept),
        cmocka_unit_test(a_total_is_split_by_largest_remainder),
        cmocka_unit_test(the_parts_sum_to_the_total),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
