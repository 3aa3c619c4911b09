/* A delimited file, the first byte its delimiter; then the same bytes as the items of a batch in a .csv. */
#include "fuzz.h"

#include "api/run.h"
#include "cli/delimited.h"
#include "cli/items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX 20000

/* What was read, and all of it once more with each field quoted. */
struct reading {
    const char *text;
    size_t size;
    char delimiter;
    size_t line;
    json_t *rows; /* lists of their fields' bytes, as numbers: fields need not be UTF-8 */
    FILE *again;
};

static void write_quoted(FILE *out, const char *field)
{
    fputc('"', out);
    for (; *field; field++) {
        if (*field == '"')
            fputc('"', out);
        fputc(*field, out);
    }
    fputc('"', out);
}

static json_t *bytes_of(const char *field)
{
    json_t *bytes = json_array();

    for (; *field; field++)
        json_array_append_new(bytes, json_integer((unsigned char)*field));
    return bytes;
}

static void check_row(struct reading *r, const struct delimited_row *row)
{
    assert(row->count >= 1 && row->count <= DELIMITED_FIELDS_MAX);
    assert(row->line > r->line);
    assert(row->raw >= r->text && row->raw + row->raw_size <= r->text + r->size);
    r->line = row->line;
    for (int i = 0; i < row->count; i++)
        assert(strlen(row->fields[i]) <= row->raw_size);
}

static enum ledger_status take_row(void *ctx, const struct delimited_row *row)
{
    struct reading *r = ctx;
    json_t *fields = json_array();

    check_row(r, row);
    for (int i = 0; i < row->count; i++) {
        json_array_append_new(fields, bytes_of(row->fields[i]));
        if (!r->again)
            continue;
        if (i)
            fputc(r->delimiter, r->again);
        write_quoted(r->again, row->fields[i]);
    }
    if (r->again)
        fputs("\r\n", r->again);
    json_array_append_new(r->rows, fields);
    return LEDGER_OK;
}

static enum ledger_status read_rows(struct reading *r)
{
    const char *why = NULL;
    size_t line = 0;

    r->rows = json_array();
    enum ledger_status st =
        delimited_each(r->text, r->size, r->delimiter, take_row, r, &line, &why);
    assert(st == LEDGER_OK || (st == LEDGER_FILE_MALFORMED && why && line > 0));
    return st;
}

static void check_delimited(const char *text, size_t size, char delimiter)
{
    struct reading first = {.text = text, .size = size, .delimiter = delimiter};
    struct reading second = {.delimiter = delimiter};
    char *quoted = NULL;
    size_t quoted_size;

    first.again = open_memstream(&quoted, &quoted_size);
    assert(first.again);
    enum ledger_status st = read_rows(&first);
    assert(fclose(first.again) == 0);
    second.text = quoted;
    second.size = quoted_size;
    if (st == LEDGER_OK) {
        assert(read_rows(&second) == LEDGER_OK);
        assert(json_equal(first.rows, second.rows));
    }
    json_decref(first.rows);
    json_decref(second.rows);
    free(quoted);
}

static void check_items(const uint8_t *data, size_t size)
{
    const struct api_operation *op = api_operation_named("transfer.batch");
    struct api_call call;
    size_t i;
    json_t *item;

    api_call_init(&call, op);
    enum ledger_status st =
        items_read(&call, api_param_named(op, "items"), fuzz_file(".csv", data, size));
    fuzz_check_problem(&call, st);
    if (st == LEDGER_OK) {
        fuzz_check_args(&call);
        assert(json_array_size(json_object_get(call.args, "items")) > 0);
        assert(!memchr(data, '\0', size));
    }
    json_array_foreach(json_object_get(call.args, "items"), i, item)
    {
        const char *key;
        json_t *value;
        json_object_foreach(item, key, value)
        {
            assert(json_string_length(value) > 0);
        }
    }
    api_call_clear(&call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {',', ';', '\t'};

    if (size < 1 || size > INPUT_MAX)
        return 0;
    /* A copy without a byte to spare: nothing may rely on a NUL behind it. */
    char *text = malloc(size > 1 ? size - 1 : 1);
    assert(text);
    memcpy(text, data + 1, size - 1);
    check_delimited(text, size - 1, delimiters[data[0] % 3]);
    check_items(data + 1, size - 1);
    free(text);
    return 0;
}
