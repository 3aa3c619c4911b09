#include "delimited.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct csv_parser parser;
    delimited_reader *read;
    void *ctx;
    const char *row_start; /* in the text */
    const char *line_end;  /* of the line being read */
    bool open;             /* a row has begun and not ended */
    enum ledger_status status;
    const char *why;
    struct delimited_row row;
};

static void fail(struct reading *r, enum ledger_status status, const char *why)
{
    if (r->status != LEDGER_OK)
        return;
    r->status = status;
    r->why = why;
}

static void take_field(void *bytes, size_t size, void *ctx)
{
    struct reading *r = ctx;

    if (r->status != LEDGER_OK)
        return;
    if (r->row.count == DELIMITED_FIELDS_MAX) {
        fail(r, LEDGER_FILE_MALFORMED, "the line has more than 200 fields");
        return;
    }
    if (size && memchr(bytes, '\0', size)) {
        fail(r, LEDGER_FILE_MALFORMED, "this is not text: there is a zero byte in it");
        return;
    }
    r->row.fields[r->row.count] = strndup(bytes ? bytes : "", size);
    if (r->row.fields[r->row.count])
        r->row.count++;
    else
        fail(r, LEDGER_NO_MEMORY, "out of memory");
}

static void drop_fields(struct reading *r)
{
    while (r->row.count > 0)
        free(r->row.fields[--r->row.count]);
}

static void take_row(int end, void *ctx)
{
    struct reading *r = ctx;

    (void)end;
    r->row.raw = r->row_start;
    r->row.raw_size = (size_t)(r->line_end - r->row_start);
    if (r->row.raw_size && r->row.raw[r->row.raw_size - 1] == '\r')
        r->row.raw_size--;
    if (r->status == LEDGER_OK)
        r->status = r->read(r->ctx, &r->row);
    drop_fields(r);
    r->open = false;
}

static bool is_blank(const char *line, const char *end)
{
    while (line < end && strchr(" \t\r", *line) && *line)
        line++;
    return line == end;
}

/* libcsv would end a row at a lone CR too, and hand out two rows of what we count as one line. */
static int is_term(unsigned char c)
{
    return c == '\n';
}

static int is_space(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void parse(struct reading *r, const char *text, size_t size)
{
    if (csv_parse(&r->parser, text, size, take_field, take_row, r) == size)
        return;
    fail(r, csv_error(&r->parser) == CSV_EPARSE ? LEDGER_FILE_MALFORMED : LEDGER_NO_MEMORY,
         csv_error(&r->parser) == CSV_EPARSE
             ? "a quote stands in the middle of a field, or something after a closing quote"
             : "out of memory");
}

/* Line by line, because libcsv does not count them. `*at` is the line that is being read. */
static void read_lines(struct reading *r, const char *text, size_t size, size_t *at)
{
    const char *end = text + size;
    const char *next;

    for (const char *line = text; line < end && r->status == LEDGER_OK; line = next) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));

        next = newline ? newline + 1 : end;
        r->line_end = newline ? newline : end;
        ++*at;
        if (!r->open && is_blank(line, r->line_end))
            continue;
        if (!r->open) {
            r->row_start = line;
            r->row.line = *at;
            r->open = true;
        }
        parse(r, line, (size_t)(next - line));
    }
    if (r->status == LEDGER_OK && csv_fini(&r->parser, take_field, take_row, r) != 0) {
        *at = r->row.line;
        fail(r, LEDGER_FILE_MALFORMED, "a quoted field begins here and is never closed");
    }
}

enum ledger_status delimited_each(const char *text, size_t size, char delimiter,
                                  delimited_reader *read, void *ctx, size_t *line, const char **why)
{
    static const char mark[] = "\xEF\xBB\xBF";
    struct reading *r = calloc(1, sizeof *r);
    enum ledger_status st;

    *line = 0;
    *why = "out of memory";
    if (!r || csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        free(r);
        return LEDGER_NO_MEMORY;
    }
    csv_set_delim(&r->parser, (unsigned char)delimiter);
    csv_set_term_func(&r->parser, is_term);
    csv_set_space_func(&r->parser, is_space);
    r->read = read;
    r->ctx = ctx;
    if (size >= sizeof mark - 1 && memcmp(text, mark, sizeof mark - 1) == 0) {
        text += sizeof mark - 1;
        size -= sizeof mark - 1;
    }
    read_lines(r, text, size, line);
    st = r->status;
    *why = r->why;
    drop_fields(r);
    csv_free(&r->parser);
    free(r);
    return st;
}
