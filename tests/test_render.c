/*
 * test_render.c - what an answer looks like, byte for byte.
 */
#include "cli/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static const struct api_column head[] = {
    {"account", "Account", false}, {"opening", "Opening", true}, {"total", "In", true}, {0}};
static const struct api_column columns[] = {{"posted", "Posted", false}, {"transfer", "No.", true},
                                            {"memo", "Memo", false},     {"amount", "Amount", true},
                                            {"legs", "Legs", false},     {0}};
static const struct api_column foot[] = {
    {"closing", "Closing", true}, {"note", "Note", false}, {0}};

static const struct api_operation whole = {.head = head, .columns = columns, .foot = foot};
static const struct api_operation fields = {.head = head, .foot = foot};
static const struct api_operation list = {.columns = columns};
static const struct api_column spared[] = {{"transfer", "No.", true},
                                           {"memo", "Memo", false},
                                           {"posted", "Posted", false, true},
                                           {"amount", "Amount", true},
                                           {0}};
static const struct api_operation spares = {.columns = spared};

#define ITEM                                                                                       \
    "{\"posted\": \"2026-03-01T09:30:00.123456Z\", \"transfer\": 7, \"memo\": \"Brötchen für "   \
    "die Bäckerei am Fluss\", \"amount\": \"-12.50\", \"legs\": [{\"account\": \"mill:CALD\", "   \
    "\"amount\": \"12.50\"}, {\"account\": \"sun:CALD\", \"amount\": \"-12.50\", \"memo\": "       \
    "null}]}"
#define SMALL                                                                                      \
    "{\"posted\": \"\", \"transfer\": 12, \"memo\": \"say \\\"a, b\\\"\", \"amount\": \"3.00\"}"
#define FIELDS "\"account\": \"mill:CALD\", \"opening\": \"-100.00\", \"total\": \"2.50\""
#define FOOT "\"closing\": \"7.00\""

struct row {
    const char *shows;
    const struct api_operation *op;
    struct render_style style;
    const char *answer;
    const char *expected;
};

/* clang-format off */
static const struct row rows[] = {
    {"fields, items, fields; figures end in one column; what is absent is left out",
     &whole, {RENDER_TABLE, 0, false}, "{" FIELDS ", \"items\": [" ITEM ", " SMALL "], " FOOT "}",
     "Account  mill:CALD\n"
     "Opening  -100.00\n"
     "In          2.50\n"
     "\n"
     "Posted                No.  Memo                                Amount  Legs\n"
     "2026-03-01 09:30:00Z    7  Brötchen für die Bäckerei am Fluss  -12.50  mill:CALD 12.50, sun:CALD -12.50\n"
     "                       12  say \"a, b\"                            3.00\n"
     "\n"
     "Closing  7.00\n"},
    {"a narrow terminal folds texts at blanks and leaves figures whole",
     &list, {RENDER_TABLE, 60, false}, "{\"items\": [" ITEM "]}",
     "Posted      No.  Memo          Amount  Legs\n"
     "2026-03-01    7  Brötchen für  -12.50  mill:CALD\n"
     "09:30:00Z        die Bäckerei          12.50, sun:CALD\n"
     "                 am Fluss              -12.50\n"},
    {"a terminal too narrow for all does without what can be spared",
     &spares, {RENDER_TABLE, 30, false}, "{\"items\": [" ITEM "]}",
     "No.  Memo               Amount\n"
     "  7  Brötchen für die   -12.50\n"
     "     Bäckerei am Fluss\n"},
    {"a wider one has it",
     &spares, {RENDER_TABLE, 40, false}, "{\"items\": [" ITEM "]}",
     "No.  Memo          Posted      Amount\n"
     "  7  Brötchen für  2026-03-01  -12.50\n"
     "     die Bäckerei  09:30:00Z\n"
     "     am Fluss\n"},
    {"colour marks what also has its sign",
     &fields, {RENDER_TABLE, 80, true}, "{\"opening\": \"-1.00\"}",
     "Opening  \033[31m-1.00\033[0m\n\n"},
    {"nothing is said", &list, {RENDER_TABLE, 0, false}, "{\"items\": []}", "Nothing to show.\n"},
    {"CSV quotes commas and quotes, and keeps times whole",
     &list, {RENDER_CSV, 0, false}, "{\"items\": [" ITEM ", " SMALL "]}",
     "posted,transfer,memo,amount,legs\r\n"
     "2026-03-01T09:30:00.123456Z,7,Brötchen für die Bäckerei am Fluss,-12.50,\"mill:CALD 12.50, sun:CALD -12.50\"\r\n"
     ",12,\"say \"\"a, b\"\"\",3.00,\r\n"},
    {"CSV of no items is its header",
     &list, {RENDER_CSV, 0, false}, "{\"items\": []}", "posted,transfer,memo,amount,legs\r\n"},
    {"CSV of fields is one line",
     &fields, {RENDER_CSV, 0, false}, "{" FIELDS ", " FOOT "}",
     "account,opening,total,closing,note\r\nmill:CALD,-100.00,2.50,7.00,\r\n"},
    {"JSON is the answer itself, in its order",
     &list, {RENDER_JSON, 0, false}, "{\"next\": null, \"items\": [], \"a\": true}",
     "{\n  \"next\": null,\n  \"items\": [],\n  \"a\": true\n}\n"},
};
/* clang-format on */

static char *render(const struct row *row)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    json_t *answer = json_loads(row->answer, 0, NULL);

    assert_non_null(answer);
    render_answer(&row->style, row->op, answer, out);
    json_decref(answer);
    fclose(out);
    return text;
}

static void answers_are_rendered(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = render(rows + i);

        if (strcmp(text, rows[i].expected) != 0)
            fail_msg("%s:\n%s", rows[i].shows, text);
        free(text);
    }
}

static void a_problem_is_a_sentence_and_a_code(void **state)
{
    static const struct {
        struct api_problem problem;
        const char *expected;
    } problems[] = {
        {{.status = LEDGER_OVER_LIMIT, .detail = "mill can spend 5.00 CALD more", .leg = -1},
         "coledger: mill can spend 5.00 CALD more [over_limit]\n"},
        {{.status = LEDGER_STORE_FULL, .leg = -1}, "coledger: The disk is full [store_full]\n"},
        {{.status = LEDGER_USAGE,
          .detail = "a\033[2Jb\xC2\x9B"
                    "c é",
          .leg = -1},
         "coledger: a?[2Jb?c é [usage]\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        render_problem(RENDER_TABLE, &problems[i].problem, out);
        fclose(out);
        assert_string_equal(text, problems[i].expected);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_rendered),
        cmocka_unit_test(a_problem_is_a_sentence_and_a_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
