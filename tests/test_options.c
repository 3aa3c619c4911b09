/*
 * test_options.c - a line of words becomes the arguments of an operation.
 */
#include "api/run.h"
#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX 16
#define UID "018f3e1c-7a52-7c1d-9b3e-2f6a1c0d4e5f"

static const struct api_param params[] = {
    {.name = "payee", .type = API_HANDLE, .flags = API_REQUIRED | API_POSITIONAL, .help = "whom"},
    {.name = "amount", .type = API_AMOUNT, .flags = API_POSITIONAL, .help = "how much"},
    {.name = "memo", .type = API_TEXT, .help = "what for", .max = 20},
    {.name = "effective_on", .type = API_DATE, .help = "the day meant"},
    {.name = "floor", .type = API_AMOUNT, .help = "the lowest balance"},
    {.name = "each", .type = API_FLAG, .help = "one by one"},
    {.name = "kind", .type = API_CHOICE, .choices = "money|time", .help = "which kind"},
    {.name = "legs", .type = API_LEGS, .help = "who gives and takes"},
    {.name = "payees", .type = API_PAYEES, .help = "for whom"},
    {.name = "items", .type = API_ITEMS, .help = "the rows"},
    {0},
};

static const struct api_operation write_op = {
    .name = "test.write", .words = "test write", .mode = API_WRITE, .params = params};
static const struct api_operation read_op = {
    .name = "test.read", .words = "test read", .mode = API_READ, .params = params};

/* Words are separated by |, because values hold blanks. */
struct row {
    const char *shows;
    const char *line;
    enum ledger_status outcome;
    const char *args;     /* JSON */
    const char *sentence; /* a piece of the problem's detail */
};

static const struct row rows[] = {
    {"words in the table's order", "mill|12.50", LEDGER_OK,
     "{\"payee\": \"mill\", \"amount\": \"12.50\"}", NULL},
    {"a value after a blank", "mill|--memo|two loaves", LEDGER_OK,
     "{\"payee\": \"mill\", \"memo\": \"two loaves\"}", NULL},
    {"a value after =", "--memo=a=b|mill", LEDGER_OK, "{\"payee\": \"mill\", \"memo\": \"a=b\"}",
     NULL},
    {"an empty value after =", "mill|--memo=", LEDGER_OK, "{\"payee\": \"mill\", \"memo\": \"\"}",
     NULL},
    {"dashes stand for underscores", "mill|--effective-on|2026-03-01", LEDGER_OK,
     "{\"payee\": \"mill\", \"effective_on\": \"2026-03-01\"}", NULL},
    {"a value may be negative", "mill|--floor|-100.00", LEDGER_OK,
     "{\"payee\": \"mill\", \"floor\": \"-100.00\"}", NULL},
    {"a value may look like an option", "mill|--memo|--each", LEDGER_OK,
     "{\"payee\": \"mill\", \"memo\": \"--each\"}", NULL},
    {"a word may be negative", "mill|-5", LEDGER_OK, "{\"payee\": \"mill\", \"amount\": \"-5\"}",
     NULL},
    {"a flag is its presence", "mill|--each", LEDGER_OK, "{\"payee\": \"mill\", \"each\": true}",
     NULL},
    {"-- ends the options", "--|mill|-1", LEDGER_OK, "{\"payee\": \"mill\", \"amount\": \"-1\"}",
     NULL},
    {"legs are given one at a time", "mill|--leg|a1:CALD=-5|--leg=b1:CALD=5", LEDGER_OK,
     "{\"payee\": \"mill\", \"legs\": [{\"account\": \"a1:CALD\", \"amount\": \"-5\"}, "
     "{\"account\": \"b1:CALD\", \"amount\": \"5\"}]}",
     NULL},
    {"and so are payees", "mill|--to|b1=5.00", LEDGER_OK,
     "{\"payee\": \"mill\", \"payees\": [{\"payee\": \"b1\", \"amount\": \"5.00\"}]}", NULL},
    {"one word too many", "mill|5|six", LEDGER_USAGE, NULL, "\"six\" is one word too many"},
    {"an option that is none", "mill|--colour|red", LEDGER_USAGE, NULL, "no option --colour"},
    {"an option nearly right", "mill|--mem|x", LEDGER_USAGE, NULL, "did you mean --memo?"},
    {"an option by its JSON name", "mill|--effective_on|2026-03-01", LEDGER_USAGE, NULL,
     "did you mean --effective-on?"},
    {"short options are none", "mill|-x", LEDGER_USAGE, NULL, "no option -x"},
    {"a value that is missing", "mill|--memo", LEDGER_USAGE, NULL, "--memo needs a value"},
    {"a flag with a value", "mill|--each=yes", LEDGER_USAGE, NULL, "--each takes no value"},
    {"an option twice", "mill|--memo|a|--memo|b", LEDGER_USAGE, NULL, "twice"},
    {"a word that is missing", "--memo|x", LEDGER_MISSING_PARAMETER, NULL, "payee"},
    {"another choice", "mill|--kind|gold", LEDGER_CHOICE_UNKNOWN, NULL, "money|time"},
    {"a date that is none", "mill|--effective-on|2026-02-30", LEDGER_DATE_MALFORMED, NULL, NULL},
    {"a text too long", "mill|--memo|123456789012345678901", LEDGER_TEXT_TOO_LONG, NULL, NULL},
    {"a file that is not there", "mill|--items|/nowhere/items.json", LEDGER_NO_SUCH_FILE, NULL,
     "/nowhere/items.json"},
};

/* Split a copy of `line` at its bars. */
static int split(char *line, char **words)
{
    int n = 0;

    for (char *word; n < WORDS_MAX && (word = strsep(&line, "|"));)
        words[n++] = word;
    return n;
}

static enum ledger_status read_line(struct api_call *call, const char *text)
{
    char *words[WORDS_MAX];
    char *line = strdup(text);
    int n = split(line, words);
    enum ledger_status st = options_read(call, n, words);

    free(line);
    return st;
}

static void lines_become_arguments(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct api_call call;
        json_t *args = rows[i].args ? json_loads(rows[i].args, 0, NULL) : NULL;
        enum ledger_status st;

        api_call_init(&call, &write_op);
        st = read_line(&call, rows[i].line);
        if (st != rows[i].outcome || (args && !json_equal(args, call.args)) ||
            (rows[i].sentence && !strstr(call.problem.detail, rows[i].sentence)))
            fail_msg("%s: %s (%s)", rows[i].shows, ledger_status_facts(st)->code,
                     call.problem.detail);
        json_decref(args);
        api_call_clear(&call);
    }
}

static void only_writes_have_a_uid(void **state)
{
    struct api_call call;
    char uid[LEDGER_UID_TEXT];

    (void)state;
    api_call_init(&call, &write_op);
    assert_int_equal(read_line(&call, "mill|--uid|" UID "|--dry-run"), LEDGER_OK);
    assert_true(call.has_uid && call.dry_run);
    assert_string_equal(ledger_uid_format(&call.uid, uid), UID);
    assert_int_equal(read_line(&call, "mill|--uid|" UID), LEDGER_USAGE);
    api_call_clear(&call);

    api_call_init(&call, &write_op);
    assert_int_equal(read_line(&call, "mill|--uid|7"), LEDGER_UID_MALFORMED);
    api_call_clear(&call);

    api_call_init(&call, &read_op);
    assert_int_equal(read_line(&call, "mill|--dry-run"), LEDGER_USAGE);
    api_call_clear(&call);
}

static void items_come_from_a_file(void **state)
{
    char path[] = "/tmp/test_options.XXXXXX";
    char line[64];
    int fd = mkstemp(path);
    struct api_call call;

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "[{\"from\": \"a1\"}]", 16), 16);
    close(fd);
    snprintf(line, sizeof line, "mill|--items|%s", path);
    api_call_init(&call, &write_op);
    assert_int_equal(read_line(&call, line), LEDGER_OK);
    assert_int_equal(json_array_size(json_object_get(call.args, "items")), 1);
    api_call_clear(&call);

    assert_int_equal(truncate(path, 3), 0);
    api_call_init(&call, &write_op);
    assert_int_equal(read_line(&call, line), LEDGER_MALFORMED_REQUEST);
    api_call_clear(&call);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_arguments),
        cmocka_unit_test(only_writes_have_a_uid),
        cmocka_unit_test(items_come_from_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
