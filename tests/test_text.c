/* Texts hold no byte that is not a character, and no character that hides another. */
#include "support/region.h"

#include "ledger/text.h"

#include <string.h>

#define T(literal) literal, sizeof(literal) - 1
#define TEN "aaaaaaaaaa"
#define FIFTY TEN TEN TEN TEN TEN

/* clang-format off */
static const struct row {
    const char *what;
    const char *text;
    size_t size;
    size_t max;
    enum ledger_status outcome;
} rows[] = {
    /* what it shows                          text, size                          max  outcome */
    {"nothing",                               T(""),                                0, LEDGER_OK},
    {"ASCII",                                 T("bread ~ 2 loaves"),               50, LEDGER_OK},
    {"two bytes, the first and the last",     T("\xC2\xA0\xDF\xBF"),               50, LEDGER_OK},
    {"three bytes, the first and the last",   T("\xE0\xA0\x80\xEF\xBF\xBF"),       50, LEDGER_OK},
    {"around the surrogates",                 T("\xED\x9F\xBF\xEE\x80\x80"),       50, LEDGER_OK},
    {"four bytes, the first and the last",    T("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), 50, LEDGER_OK},
    {"beside the overrides",                  T("\u2029\u202F\u2065\u206A"),       50, LEDGER_OK},
    {"the direction marks are no overrides",  T("\u200E\u200F"),                   50, LEDGER_OK},

    {"a NUL within",                          T("a\0b"),                           50, LEDGER_TEXT_MALFORMED},
    {"a line break",                          T("a\nb"),                           50, LEDGER_TEXT_MALFORMED},
    {"a tab",                                 T("a\tb"),                           50, LEDGER_TEXT_MALFORMED},
    {"an escape",                             T("a\x1B[31mb"),                     50, LEDGER_TEXT_MALFORMED},
    {"the last of C0",                        T("\x1F"),                           50, LEDGER_TEXT_MALFORMED},
    {"DEL",                                   T("\x7F"),                           50, LEDGER_TEXT_MALFORMED},
    {"the first of C1",                       T("\xC2\x80"),                       50, LEDGER_TEXT_MALFORMED},
    {"the last of C1",                        T("\xC2\x9F"),                       50, LEDGER_TEXT_MALFORMED},
    {"left to right, embedded",               T("\u202A"),                         50, LEDGER_TEXT_MALFORMED},
    {"right to left, overriding",             T("a\u202E" "b"),                    50, LEDGER_TEXT_MALFORMED},
    {"left to right, isolated",               T("\u2066"),                         50, LEDGER_TEXT_MALFORMED},
    {"the end of isolation",                  T("\u2069"),                         50, LEDGER_TEXT_MALFORMED},

    {"a continuation alone",                  T("\x80"),                           50, LEDGER_TEXT_MALFORMED},
    {"another",                               T("a\xBF"),                          50, LEDGER_TEXT_MALFORMED},
    {"one too many",                          T("\xC3\xA9\xA9"),                   50, LEDGER_TEXT_MALFORMED},
    {"two bytes cut short",                   T("a\xC3"),                          50, LEDGER_TEXT_MALFORMED},
    {"three bytes cut after one",             T("\xE2"),                           50, LEDGER_TEXT_MALFORMED},
    {"three bytes cut after two",             T("\xE2\x82"),                       50, LEDGER_TEXT_MALFORMED},
    {"four bytes cut after one",              T("\xF0"),                           50, LEDGER_TEXT_MALFORMED},
    {"four bytes cut after three",            T("\xF0\x9F\x98"),                   50, LEDGER_TEXT_MALFORMED},
    {"cut by the size, not by the bytes",     "\xC3\xA9", 1,                       50, LEDGER_TEXT_MALFORMED},
    {"and after another character",           "a\xC3\xA9", 2,                      50, LEDGER_TEXT_MALFORMED},
    {"the second byte is ASCII",              T("\xC3(x"),                         50, LEDGER_TEXT_MALFORMED},
    {"the third byte is ASCII",               T("\xE2\x82(x"),                     50, LEDGER_TEXT_MALFORMED},
    {"the fourth byte is ASCII",              T("\xF0\x9F\x98(x"),                 50, LEDGER_TEXT_MALFORMED},
    {"the second byte begins another",        T("\xC3\xC3\xA9"),                   50, LEDGER_TEXT_MALFORMED},
    {"an overlong NUL",                       T("\xC0\x80"),                       50, LEDGER_TEXT_MALFORMED},
    {"an overlong slash",                     T("\xC0\xAF"),                       50, LEDGER_TEXT_MALFORMED},
    {"the last overlong in two",              T("\xC1\xBF"),                       50, LEDGER_TEXT_MALFORMED},
    {"the first overlong in three",           T("\xE0\x80\x80"),                   50, LEDGER_TEXT_MALFORMED},
    {"the last overlong in three",            T("\xE0\x9F\xBF"),                   50, LEDGER_TEXT_MALFORMED},
    {"the first overlong in four",            T("\xF0\x80\x80\x80"),               50, LEDGER_TEXT_MALFORMED},
    {"the last overlong in four",             T("\xF0\x8F\xBF\xBF"),               50, LEDGER_TEXT_MALFORMED},
    {"the first surrogate",                   T("\xED\xA0\x80"),                   50, LEDGER_TEXT_MALFORMED},
    {"the last surrogate",                    T("\xED\xBF\xBF"),                   50, LEDGER_TEXT_MALFORMED},
    {"a pair of them",                        T("\xED\xA0\xBD\xED\xB8\x80"),       50, LEDGER_TEXT_MALFORMED},
    {"just beyond U+10FFFF",                  T("\xF4\x90\x80\x80"),               50, LEDGER_TEXT_MALFORMED},
    {"far beyond",                            T("\xF5\x80\x80\x80"),               50, LEDGER_TEXT_MALFORMED},
    {"five bytes",                            T("\xF8\x88\x80\x80\x80"),           50, LEDGER_TEXT_MALFORMED},
    {"six bytes",                             T("\xFC\x84\x80\x80\x80\x80"),       50, LEDGER_TEXT_MALFORMED},
    {"a byte that is never one",              T("\xFE"),                           50, LEDGER_TEXT_MALFORMED},
    {"nor this",                              T("\xFF"),                           50, LEDGER_TEXT_MALFORMED},
    {"Latin-1",                               T("caf\xE9"),                        50, LEDGER_TEXT_MALFORMED},

    {"as long as may be",                     T(FIFTY),                            50, LEDGER_OK},
    {"a byte more",                           T(FIFTY "a"),                        50, LEDGER_TEXT_TOO_LONG},
    {"bytes count, not characters",           T("\xC3\xA9\xC3\xA9"),                4, LEDGER_OK},
    {"and one does not fit",                  T("\xC3\xA9\xC3\xA9"),                3, LEDGER_TEXT_TOO_LONG},
    {"something where nothing may be",        T("a"),                               0, LEDGER_TEXT_TOO_LONG},
    {"malformed before too long",             T(FIFTY "\n"),                       50, LEDGER_TEXT_MALFORMED},
};
/* clang-format on */

static void a_text_is_well_formed_and_fits(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum ledger_status got = ledger_text_check(rows[i].text, rows[i].size, rows[i].max);
        if (got != rows[i].outcome)
            fail_msg("%s: %s", rows[i].what, ledger_status_facts(got)->code);
    }
}

static size_t encode(uint32_t point, char *bytes)
{
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint32_t first[] = {0, 0, 0xC0, 0xE0, 0xF0};

    for (size_t i = size - 1; i > 0; i--, point >>= 6)
        bytes[i] = (char)(0x80 | (point & 0x3F));
    bytes[0] = (char)(first[size] | point);
    return size;
}

static bool is_barred(uint32_t point)
{
    return point <= 0x1F || (point >= 0x7F && point <= 0x9F) ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
           (point >= 0xD800 && point <= 0xDFFF) || point > 0x10FFFF;
}

static void every_code_point_is_taken_but_the_barred(void **state)
{
    (void)state;

    for (uint32_t point = 0; point <= 0x1FFFFF; point++) {
        char bytes[4];
        size_t size = encode(point, bytes);
        enum ledger_status wanted = is_barred(point) ? LEDGER_TEXT_MALFORMED : LEDGER_OK;
        if (ledger_text_check(bytes, size, size) != wanted)
            fail_msg("U+%04X", point);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    enum ledger_status handle;
    enum ledger_status code;
} name_rows[] = {
    /* what it shows           text                                 as a handle              as a code */
    {"letters",                "riverside",                         LEDGER_OK,               LEDGER_CODE_MALFORMED},
    {"digits and dashes",      "9-mill--2-",                        LEDGER_OK,               LEDGER_CODE_MALFORMED},
    {"the shortest handle",    "ab",                                LEDGER_OK,               LEDGER_CODE_MALFORMED},
    {"one letter",             "a",                                 LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"the longest handle",     "abcdefghijklmnopqrstuvwxyz012345",  LEDGER_OK,               LEDGER_CODE_MALFORMED},
    {"and one more",           "abcdefghijklmnopqrstuvwxyz0123456", LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"a dash in front",        "-mill",                             LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"dashes only",            "--",                                LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"a capital",              "Mill",                              LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"a blank",                "a mill",                            LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"a colon",                "mill:CALD",                         LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"a line end",             "mill\n",                            LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"letters with accents",   "m\xC3\xBChle",                      LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"nothing",                "",                                  LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"capitals",               "CALD",                              LEDGER_HANDLE_MALFORMED, LEDGER_OK},
    {"the shortest code",      "AZ",                                LEDGER_HANDLE_MALFORMED, LEDGER_OK},
    {"one capital",            "A",                                 LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"the longest code",       "ABCDEFGHIJ",                        LEDGER_HANDLE_MALFORMED, LEDGER_OK},
    {"and one more",           "ABCDEFGHIJK",                       LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"a digit",                "CALD2",                             LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
    {"a blank behind",         "CALD ",                             LEDGER_HANDLE_MALFORMED, LEDGER_CODE_MALFORMED},
};
/* clang-format on */

static void a_handle_is_small_and_a_code_is_capital(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof name_rows / sizeof name_rows[0]; i++) {
        enum ledger_status handle = ledger_handle_check(name_rows[i].text);
        enum ledger_status code = ledger_code_check(name_rows[i].text);
        if (handle != name_rows[i].handle || code != name_rows[i].code)
            fail_msg("%s: %s, %s", name_rows[i].what, ledger_status_facts(handle)->code,
                     ledger_status_facts(code)->code);
    }
}

static void the_named_lengths_are_those_of_the_rows_above(void **state)
{
    (void)state;

    assert_int_equal(LEDGER_HANDLE_MIN, 2);
    assert_int_equal(LEDGER_HANDLE_MAX, strlen("abcdefghijklmnopqrstuvwxyz012345"));
    assert_int_equal(LEDGER_CODE_MIN, 2);
    assert_int_equal(LEDGER_CODE_MAX, strlen("ABCDEFGHIJ"));
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    size_t width;
} width_rows[] = {
    {"nothing",                      "",                    0},
    {"ASCII",                        "bread",               5},
    {"an accent of its own",         "e\u0301",             1},
    {"the first and last of them",   "a\u0300b\u036F",      2},
    {"beside them",                  "\u02FF\u0370",        2},
    {"one letter with an accent",    "B\u00F6rse",          5},
    {"a variation selector",         "\u2708\uFE0F",        1},
    {"a joiner",                     "a\u200D" "b",         2},
    {"a mark for symbols",           "x\u20D7",             1},
    {"an extended mark",             "x\u1AB0",             1},
    {"the last of these marks",      "x\u1AFF\u20D0\u20FF", 1},
    {"the first selector",           "x\uFE00",             1},
    {"four bytes",                   "\U0001F600",          1},
    {"each broken byte is one",      "a\xFF\xC3",           3},
};
/* clang-format on */

static void a_combining_mark_takes_no_column(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof width_rows / sizeof width_rows[0]; i++) {
        size_t width = ledger_text_width(width_rows[i].text);
        if (width != width_rows[i].width)
            fail_msg("%s: %zu", width_rows[i].what, width);
    }
}

/* clang-format off */
static const struct {
    const char *what;
    const char *text;
    const char *mended;
} mend_rows[] = {
    {"nothing",                        "",                    ""},
    {"nothing to mend",                "caf\xC3\xA9",         "caf\xC3\xA9"},
    {"cut after one of two",           "caf\xC3",             "caf"},
    {"cut after two of four",          "a\xF0\x9F",           "a"},
    {"a byte that is never one",       "a\xFF" "b",           "a?b"},
    {"at the end it begins nothing",   "a\xFF",               "a?"},
    {"a continuation alone",           "a\x80",               "a?"},
    {"an overlong form",               "\xC0\xAF",            "??"},
    {"broken, then cut",               "\xE2(\xE2\x82",       "?("},
};
/* clang-format on */

static void a_sentence_is_mended(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof mend_rows / sizeof mend_rows[0]; i++) {
        char text[32];
        strcpy(text, mend_rows[i].text);
        ledger_text_mend(text);
        if (strcmp(text, mend_rows[i].mended) != 0)
            fail_msg("%s: %s", mend_rows[i].what, text);
    }
}

#define SIXTY_THREE FIFTY TEN "aaa"

/* clang-format off */
static const struct {
    const char *what;
    const char *a;
    const char *b;
    size_t distance;
} distance_rows[] = {
    {"the same",                         "transfer",         "transfer",         0},
    {"nothing and nothing",              "",                 "",                 0},
    {"all of it",                        "",                 "pay",              3},
    {"a letter left out",                "transfer",         "tranfer",          1},
    {"a letter too many",                "pay",              "payy",             1},
    {"another letter",                   "hold",             "held",             1},
    {"two letters changed round",        "member",           "mebmer",           2},
    {"as in the books",                  "kitten",           "sitting",          3},
    {"nothing in common",                "abc",              "xyz",              3},
    {"capitals are other letters",       "PAY",              "pay",              3},
    {"the 64th byte is looked at",       SIXTY_THREE "b",    SIXTY_THREE "c",    1},
    {"the 65th is not",                  SIXTY_THREE "bb",   SIXTY_THREE "bc",   0},
    {"no more than 64",                  "",                 SIXTY_THREE "aaaa", 64},
};
/* clang-format on */

static void the_distance_is_the_fewest_letters_to_change(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof distance_rows / sizeof distance_rows[0]; i++) {
        const char *a = distance_rows[i].a;
        const char *b = distance_rows[i].b;
        size_t there = ledger_text_distance(a, b);
        size_t back = ledger_text_distance(b, a);
        if (there != distance_rows[i].distance || back != there)
            fail_msg("%s: %zu, %zu", distance_rows[i].what, there, back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_well_formed_and_fits),
        cmocka_unit_test(every_code_point_is_taken_but_the_barred),
        cmocka_unit_test(a_handle_is_small_and_a_code_is_capital),
        cmocka_unit_test(the_named_lengths_are_those_of_the_rows_above),
        cmocka_unit_test(a_combining_mark_takes_no_column),
        cmocka_unit_test(a_sentence_is_mended),
        cmocka_unit_test(the_distance_is_the_fewest_letters_to_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
