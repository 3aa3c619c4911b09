/* What a search takes for the same: case, accents, ligatures, letters with a stroke. */
#include "ledger/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const struct row {
    const char *what;
    const char *text;
    const char *folded;
} rows[] = {
    {"case", "Apple PRESSING", "apple pressing"},
    {"an accent", "é É è ê", "e e e e"},
    {"an accent beside its letter", "cafe\xCC\x81", "cafe"},
    {"two accents in either order", "e\xCC\x81\xCC\xA3 e\xCC\xA3\xCC\x81", "e e"},
    {"umlauts", "Möhren, Äpfel", "mohren apfel"},
    {"a ring", "Ångström Å", "angstrom a"},
    {"a cedilla and a tilde", "façade mañana", "facade manana"},
    {"Welsh", "ŵyau a ŷd", "wyau a yd"},
    {"sharp s", "Straße STRASSE STRAẞE", "strasse strasse strasse"},
    {"ligatures", "ﬁne ﬂour oﬃce", "fine flour office"},
    {"Turkish i", "İZMİR ısı", "izmir isi"},
    {"strokes", "Øl øre Đorđe Łódź ħobż", "ol ore dorde lodz hobz"},
    {"two in one", "Æble œuf Þór eða", "aeble oeuf thor eda"},
    {"a stroke with an accent", "ǿ Ǿ", "o o"},
    {"final sigma", "ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"},
    {"iota below", "ᾳ ΑΙ", "αι αι"},
    {"Cyrillic", "Ёлка", "елка"},
    {"full width", "ＡＢＣ１２", "abc12"},
    {"raised digits", "10 m²", "10 m2"},
    {"a fraction", "½ pint", "1 2 pint"},
    {"roman numeral one character long", "Ⅷ", "viii"},
    {"points of Hebrew", "שָׁלוֹם", "שלום"},
    {"vowels of Devanagari stay", "हिंदी", "हिंदी"},
    {"voiced kana stay", "がか", "\xE3\x81\x8B\xE3\x82\x99\xE3\x81\x8B"},
    {"a soft hyphen", "co\xC2\xADop", "coop"},
    {"a joiner",
     "a\xE2\x80\x8D"
     "b",
     "ab"},
    {"a hyphen and an apostrophe", "co-op's l’école", "co op s l ecole"},
    {"emoji stand between", "bread🍞jam", "bread jam"},
    {"bytes that are no UTF-8",
     "a\xFF"
     "b\xC3",
     "a b"},
    {"a surrogate",
     "a\xED\xA0\x80"
     "b",
     "a b"},
    {"nothing", "", ""},
    {"nothing but signs", " -- !? 🍞 ", ""},
    {"an accent by itself", "\xCC\x81", ""},
};

static void each_folds_as_it_says(void **state)
{
    char folded[200];
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ledger_fold(rows[i].text, folded, sizeof folded);
        if (strcmp(folded, rows[i].folded) == 0)
            continue;
        print_error("%s: \"%s\"\n", rows[i].what, folded);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void and_folds_to_itself(void **state)
{
    char once[200];
    char twice[200];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ledger_fold(rows[i].text, once, sizeof once);
        ledger_fold(once, twice, sizeof twice);
        assert_string_equal(once, twice);
    }
}

static void a_word_is_cut_after_a_whole_letter(void **state)
{
    char text[200];
    char folded[200];

    (void)state;
    memset(text, 'x', sizeof text);
    text[LEDGER_FOLD_WORD_MAX] = '\0';
    ledger_fold(text, folded, sizeof folded);
    assert_string_equal(folded, text);
    strcpy(text + LEDGER_FOLD_WORD_MAX, "x next");
    ledger_fold(text, folded, sizeof folded);
    assert_int_equal(strlen(folded), LEDGER_FOLD_WORD_MAX + strlen(" next"));
    strcpy(text + LEDGER_FOLD_WORD_MAX - 1, "жy"); /* one byte short, and nothing after it */
    ledger_fold(text, folded, sizeof folded);
    assert_int_equal(strlen(folded), LEDGER_FOLD_WORD_MAX - 1);
}

static void a_line_ends_with_a_whole_word(void **state)
{
    char folded[8];

    (void)state;
    ledger_fold("one two", folded, sizeof folded);
    assert_string_equal(folded, "one two");
    ledger_fold("one twos", folded, sizeof folded);
    assert_string_equal(folded, "one");
    ledger_fold("one twos x", folded, sizeof folded);
    assert_string_equal(folded, "one");
    ledger_fold("eightlet", folded, sizeof folded);
    assert_string_equal(folded, "");
}

static enum ledger_status stop_at_b(void *ctx, const char *word)
{
    int *seen = ctx;

    ++*seen;
    return word[0] == 'b' ? LEDGER_NO_MEMORY : LEDGER_OK;
}

static void a_reader_ends_it(void **state)
{
    int seen = 0;

    (void)state;
    assert_int_equal(ledger_fold_each("a b c", stop_at_b, &seen), LEDGER_NO_MEMORY);
    assert_int_equal(seen, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_folds_as_it_says),
        cmocka_unit_test(and_folds_to_itself),
        cmocka_unit_test(a_word_is_cut_after_a_whole_letter),
        cmocka_unit_test(a_line_ends_with_a_whole_word),
        cmocka_unit_test(a_reader_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
