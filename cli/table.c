#include "table.h"

#include "fit.h"

#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define GAP "  "

/* Widths follow UTF-8 whatever the locale: what is piped must not change with LANG. */
static struct libscols_table *new_table(const struct render_style *style)
{
    struct libscols_table *t;

    setlocale(LC_CTYPE, "C.UTF-8");
    t = scols_new_table();
    if (!t)
        return NULL;
    scols_table_set_column_separator(t, GAP);
    scols_table_enable_colors(t, style->color);
    if (style->width > 0) {
        scols_table_set_termforce(t, SCOLS_TERMFORCE_ALWAYS);
        scols_table_set_termwidth(t, (size_t)style->width);
    } else {
        scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER);
    }
    return t;
}

static void add_column(struct libscols_table *t, const struct render_style *style,
                       const char *title, bool right)
{
    struct libscols_column *c = scols_table_new_column(t, title, 0, right ? SCOLS_FL_RIGHT : 0);

    if (!c)
        return;
    scols_cell_set_color(scols_column_get_header(c), "bold");
    if (style->width > 0 && !right) {
        scols_column_set_flags(c, SCOLS_FL_WRAP);
        scols_column_set_wrapfunc(c, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
        scols_column_set_safechars(c, "\n");
    }
}

/* The library fills the last column with blanks; nobody wants to copy those. */
static void print(struct libscols_table *t, FILE *out)
{
    char *text = NULL;
    char *line;
    char *rest;

    if (scols_table_get_nlines(t) && scols_print_table_to_string(t, &text) == 0) {
        for (rest = text; (line = strsep(&rest, "\n")) && (rest || *line);) {
            size_t length = strlen(line);

            while (length && line[length - 1] == ' ')
                length--;
            fprintf(out, "%.*s\n", (int)length, line);
        }
    }
    free(text);
    scols_unref_table(t);
}

/* The line takes `text` over. */
static void set_cell(struct libscols_line *line, size_t n, bool figure, char *text)
{
    if (figure && text && text[0] == '-')
        scols_cell_set_color(scols_line_get_cell(line, n), "red");
    scols_line_refer_data(line, n, text);
}

static size_t count(const struct api_column *columns)
{
    size_t n = 0;

    while (columns[n].key)
        n++;
    return n;
}

/* Titles first, then a row an item; the caller frees the array and hands the texts on. */
static char **make_cells(const struct api_column *columns, const json_t *items)
{
    size_t wide = count(columns);
    char **cells = calloc((json_array_size(items) + 1) * wide + 1, sizeof *cells);
    size_t i;
    json_t *item;

    if (!cells)
        return NULL;
    for (size_t n = 0; n < wide; n++)
        cells[n] = strdup(columns[n].title);
    json_array_foreach(items, i, item) for (size_t n = 0; n < wide; n++) cells[(i + 1) * wide + n] =
        render_value(json_object_get(item, columns[n].key), true);
    return cells;
}

static void add_lines(struct libscols_table *t, const struct api_column *columns, char **cells,
                      size_t rows)
{
    size_t wide = count(columns);

    for (size_t row = 0; row < rows; row++) {
        struct libscols_line *line = scols_table_new_line(t, NULL);

        for (size_t n = 0; line && n < wide; n++)
            set_cell(line, n, columns[n].right, cells[row * wide + n]);
    }
}

void table_rows(const struct render_style *style, const struct api_column *columns,
                const json_t *items, FILE *out)
{
    size_t wide = count(columns);
    size_t rows = json_array_size(items);
    char **cells = make_cells(columns, items);
    struct libscols_table *t = cells ? new_table(style) : NULL;

    if (t) {
        if (style->width > 0)
            fit_table(cells, rows + 1, wide, strlen(GAP), (size_t)style->width);
        for (size_t n = 0; n < wide; n++) {
            add_column(t, style, cells[n], columns[n].right);
            free(cells[n]);
        }
        add_lines(t, columns, cells + wide, rows);
        print(t, out);
    }
    free(cells);
}

/* Figures that stand together end in one column. */
static char *pad(char *text, size_t width)
{
    size_t have = text ? ledger_text_width(text) : width;
    char *padded;

    if (have >= width || asprintf(&padded, "%*s%s", (int)(width - have), "", text) < 0)
        return text;
    free(text);
    return padded;
}

/* Amounts are strings, counts and numbers of things are integers: each kind lines up by itself. */
static bool same_kind(const struct api_column *a, const struct api_column *b, const json_t *answer)
{
    return a->right && b->right &&
           json_is_integer(json_object_get(answer, a->key)) ==
               json_is_integer(json_object_get(answer, b->key));
}

/* The widest of the figures that begin with this field. */
static size_t figures_width(const struct api_column *fields, const json_t *answer)
{
    size_t widest = 0;

    for (const struct api_column *c = fields; c->key && same_kind(fields, c, answer); c++) {
        char *text = render_value(json_object_get(answer, c->key), true);

        if (text && ledger_text_width(text) > widest)
            widest = ledger_text_width(text);
        free(text);
    }
    return widest;
}

/* The line takes `text` over; an empty one is not worth a line. */
static void add_field(struct libscols_table *t, const char *title, bool figure, char *text)
{
    struct libscols_line *line;

    if (!text || !*text) {
        free(text);
        return;
    }
    line = scols_table_new_line(t, NULL);
    scols_line_set_data(line, 0, title);
    set_cell(line, 1, figure, text);
}

/* Of a list each element has a line of its own: the legs of a transfer. */
static void add_list(struct libscols_table *t, const char *title, const json_t *list)
{
    size_t i;
    json_t *element;

    json_array_foreach(list, i, element)
    {
        json_t *one = json_pack("[O]", element);

        add_field(t, i ? "" : title, false, render_value(one, true));
        json_decref(one);
    }
}

static void add_fields(struct libscols_table *t, const struct api_column *fields,
                       const json_t *answer)
{
    size_t width = 0;

    for (const struct api_column *c = fields; c->key; c++) {
        const json_t *value = json_object_get(answer, c->key);
        char *text;

        if (json_is_array(value)) {
            add_list(t, c->title, value);
            continue;
        }
        if (c == fields || !same_kind(c - 1, c, answer))
            width = figures_width(c, answer);
        text = render_value(value, true);
        add_field(t, c->title, c->right, c->right && text && *text ? pad(text, width) : text);
    }
}

void table_fields(const struct render_style *style, const struct api_column *fields,
                  const json_t *answer, FILE *out)
{
    struct libscols_table *t = new_table(style);

    if (!t)
        return;
    scols_table_enable_noheadings(t, 1);
    scols_table_new_column(t, "title", 0, 0);
    scols_table_new_column(t, "value", 0, style->width > 0 ? SCOLS_FL_WRAP : 0);
    add_fields(t, fields, answer);
    print(t, out);
}
