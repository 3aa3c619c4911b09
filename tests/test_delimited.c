/* The rows of a delimited file are what its lines say, or it is refused. */
#include "cli/delimited.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define T(literal) literal, sizeof(literal) - 1

/* clang-format off */
static const struct row {
    const char *what;
    const char *text;
    size_t size;
    char delimiter;
    enum ledger_status outcome;
    const char *read; /* "line:field|field;", each row; of what was read before a refusal too */
} rows[] = {
    /* what it shows                      text, size                  parted  outcome                read */
    {"lines that end in LF",              T("a,b\n1,2\n"),             ',', LEDGER_OK,             "1:a|b;2:1|2;"},
    {"or in CR LF",                       T("a,b\r\n1,2\r\n"),         ',', LEDGER_OK,             "1:a|b;2:1|2;"},
    {"or not, the last one",              T("a,b\n1,2"),               ',', LEDGER_OK,             "1:a|b;2:1|2;"},
    {"a lone CR ends no line",            T("a,b\r1,2\n"),             ',', LEDGER_OK,             "1:a|b\r1|2;"},
    {"nor does it quoted",                T("\"a\rb\",c\n"),          ',', LEDGER_OK,             "1:a\rb|c;"},
    {"a quote may span lines",            T("a\n\"b\nc\"\nd\n"),      ',', LEDGER_OK,             "1:a;2:b\nc;4:d;"},
    {"blanks around go",                  T(" a , b \n"),             ',', LEDGER_OK,             "1:a|b;"},
    {"quoted they stay",                  T(" \" a\" \r\n"),          ',', LEDGER_OK,             "1: a;"},
    {"blank lines are passed over",       T("\n \t\na\n\r\n"),        ',', LEDGER_OK,             "3:a;"},
    {"blanks without an end",             T("a\n  "),                 ',', LEDGER_OK,             "1:a;"},
    {"tabs part, and nothing is empty",   T("a\t\tb\n"),             '\t', LEDGER_OK,             "1:a||b;"},
    {"a byte order mark",                 T("\xEF\xBB\xBF" "a\n"),   ',', LEDGER_OK,             "1:a;"},
    {"nothing",                           T(""),                     ',', LEDGER_OK,             ""},
    {"a zero byte",                       T("a\n12\0" "9,b\n"),      ',', LEDGER_FILE_MALFORMED, "1:a;"},
    {"a quote that is not closed",        T("a\n\"b\n"),             ',', LEDGER_FILE_MALFORMED, "1:a;"},
    {"a quote within",                    T("a\nb\"c\n"),            ',', LEDGER_FILE_MALFORMED, "1:a;"},
};
/* clang-format on */

static enum ledger_status note(void *ctx, const struct delimited_row *row)
{
    FILE *into = ctx;

    fprintf(into, "%zu:", row->line);
    for (int i = 0; i < row->count; i++)
        fprintf(into, "%s%s", i ? "|" : "", row->fields[i]);
    fputc(';', into);
    return LEDGER_OK;
}

/* The copy ends where the text does: a sanitizer sees what is read beyond. */
static void check(const struct row *row)
{
    char *text = malloc(row->size ? row->size : 1);
    char read[200] = "";
    FILE *into = fmemopen(read, sizeof read, "w");
    const char *why = NULL;
    size_t line;

    assert_non_null(text);
    assert_non_null(into);
    memcpy(text, row->text, row->size);
    enum ledger_status got =
        delimited_each(text, row->size, row->delimiter, note, into, &line, &why);
    fclose(into);
    free(text);
    if (got != row->outcome || strcmp(read, row->read) != 0)
        fail_msg("%s: %s, %s", row->what, ledger_status_facts(got)->code, read);
}

static void a_line_is_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_line_is_a_row)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
