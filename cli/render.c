#include "render.h"

#include "api/args.h"
#include "table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define UNNAMED_FIELDS 2 /* "riverside:CALD 12.50" says itself what it is */

static void write_value(const json_t *value, int depth, FILE *out);

static bool is_empty(const json_t *value)
{
    return !value || json_is_null(value) ||
           (json_is_string(value) && json_string_length(value) == 0);
}

static void write_list(const json_t *list, int depth, FILE *out)
{
    size_t i;
    json_t *element;

    json_array_foreach(list, i, element)
    {
        if (i)
            fputs(", ", out);
        write_value(element, depth + 1, out);
    }
}

static void write_key(const char *key, FILE *out)
{
    for (; *key; key++)
        fputc(*key == '_' ? ' ' : *key, out);
    fputc(' ', out);
}

/* By itself an object names its fields; in a list the first two need no name. */
static void write_object(const json_t *object, int depth, FILE *out)
{
    const char *key;
    json_t *value;
    int n = 0;

    json_object_foreach((json_t *)object, key, value)
    {
        if (is_empty(value))
            continue;
        if (n)
            fputs(depth ? " " : ", ", out);
        if (!depth || n >= UNNAMED_FIELDS)
            write_key(key, out);
        write_value(value, depth + 1, out);
        n++;
    }
}

static void write_value(const json_t *value, int depth, FILE *out)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        fputs(json_string_value(value), out);
        break;
    case JSON_INTEGER:
        fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        fprintf(out, "%.17g", json_real_value(value));
        break;
    case JSON_TRUE:
        fputs("yes", out);
        break;
    case JSON_FALSE:
        fputs("no", out);
        break;
    case JSON_ARRAY:
        write_list(value, depth, out);
        break;
    case JSON_OBJECT:
        write_object(value, depth, out);
        break;
    case JSON_NULL:
        break;
    }
}

/* Microseconds are for programs. */
static void shorten_time(char *text)
{
    static const char shape[] = "0000-00-00T00:00:00.000000Z";
    size_t i = 0;

    for (; text[i] && shape[i]; i++)
        if (shape[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i])
            return;
    if (text[i] || shape[i])
        return;
    text[10] = ' ';
    memcpy(text + 19, "Z", 2);
}

char *render_value(const json_t *value, bool for_people)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    write_value(value, 0, out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    if (for_people)
        shorten_time(text);
    return text;
}

void render_csv_field(const char *text, FILE *out)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void csv_header(const struct api_column *columns, bool first, FILE *out)
{
    for (; columns && columns->key; columns++) {
        if (!first)
            fputc(',', out);
        render_csv_field(columns->key, out);
        first = false;
    }
}

static void csv_row(const struct api_column *columns, const json_t *row, bool first, FILE *out)
{
    for (; columns && columns->key; columns++) {
        char *text = render_value(json_object_get(row, columns->key), false);

        if (!first)
            fputc(',', out);
        render_csv_field(text ? text : "", out);
        free(text);
        first = false;
    }
}

/* An answer of one item may be that item itself: it has no "items". */
static void render_csv(const struct api_operation *op, const json_t *answer, FILE *out)
{
    const json_t *items = json_object_get(answer, "items");
    bool no_head = !op->head || !op->head->key;
    size_t i;
    json_t *item;

    if (op->columns) {
        csv_header(op->columns, true, out);
        fputs("\r\n", out);
        if (!items) {
            csv_row(op->columns, answer, true, out);
            fputs("\r\n", out);
        }
        json_array_foreach(items, i, item)
        {
            csv_row(op->columns, item, true, out);
            fputs("\r\n", out);
        }
        return;
    }
    csv_header(op->head, true, out);
    csv_header(op->foot, no_head, out);
    fputs("\r\n", out);
    csv_row(op->head, answer, true, out);
    csv_row(op->foot, answer, no_head, out);
    fputs("\r\n", out);
}

static void render_table(const struct render_style *style, const struct api_operation *op,
                         const json_t *answer, FILE *out)
{
    const json_t *items = json_object_get(answer, "items");

    if (op->head)
        table_fields(style, op->head, answer, out);
    if (op->columns) {
        if (op->head)
            fputc('\n', out);
        if (!items)
            table_fields(style, op->columns, answer, out);
        else if (json_array_size(items))
            table_rows(style, op->columns, items, out);
        else
            fputs("Nothing to show.\n", out);
    }
    if (op->foot) {
        fputc('\n', out);
        table_fields(style, op->foot, answer, out);
    }
}

void render_answer(const struct render_style *style, const struct api_operation *op,
                   const json_t *answer, FILE *out)
{
    switch (style->form) {
    case RENDER_JSON:
        json_dumpf(answer, out, JSON_INDENT(2));
        fputc('\n', out);
        break;
    case RENDER_CSV:
        render_csv(op, answer, out);
        break;
    case RENDER_TABLE:
        render_table(style, op, answer, out);
        break;
    }
}

/* A sentence may quote what came from outside: nothing in it may steer the terminal. */
static void write_plain(const char *text, FILE *out)
{
    for (; *text; text++) {
        bool c1 = (unsigned char)text[0] == 0xC2 && (unsigned char)text[1] >= 0x80 &&
                  (unsigned char)text[1] <= 0x9F;

        if ((unsigned char)*text < 0x20 || *text == 0x7F || c1)
            fputc('?', out);
        else
            fputc(*text, out);
        if (c1)
            text++;
    }
}

void render_problem(enum render_form form, const struct api_problem *problem, FILE *out)
{
    const struct ledger_status_facts *facts = ledger_status_facts(problem->status);

    if (form == RENDER_JSON) {
        json_t *json = api_problem_json(problem);

        json_dumpf(json, out, JSON_INDENT(2));
        fputc('\n', out);
        json_decref(json);
        return;
    }
    fputs("coledger: ", out);
    write_plain(problem->detail[0] ? problem->detail : facts->title, out);
    fprintf(out, " [%s]\n", facts->code);
}
