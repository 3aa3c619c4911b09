#include "table.h"

#include "fit.h"

#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define GAP "  "

/* Texts in rows and columns; the grid owns them. */
struct grid {
    size_t rows;
    size_t columns;
    char **cells;
    bool *right; /* of each column; NULL: left all */
    bool titled; /* the first row is titles */
};

static bool grid_begin(struct grid *g, size_t rows, size_t columns)
{
    *g = (struct grid){.columns = columns};
    g->cells = calloc(rows * columns + 1, sizeof *g->cells);
    g->right = calloc(columns + 1, sizeof *g->right);
    return g->cells && g->right;
}

static void grid_end(struct grid *g)
{
    for (size_t i = 0; g->cells && i < g->rows * g->columns; i++)
        free(g->cells[i]);
    free(g->cells);
    free(g->right);
}

static bool grid_fit(struct grid *g, size_t width)
{
    return fit_table(g->cells, g->rows, g->columns, strlen(GAP), width);
}

static bool is_empty_column(const struct grid *g, size_t column)
{
    for (size_t row = 1; row < g->rows; row++)
        if (g->cells[row * g->columns + column] && *g->cells[row * g->columns + column])
            return false;
    return true;
}

/* Leave out the columns that say nothing. */
static void grid_squeeze(struct grid *g)
{
    bool empty[FIT_COLUMNS_MAX];
    size_t columns = 0;
    size_t to = 0;

    if (g->columns > FIT_COLUMNS_MAX)
        return;
    for (size_t n = 0; n < g->columns; n++) {
        empty[n] = is_empty_column(g, n);
        if (!empty[n])
            g->right[columns++] = g->right[n];
    }
    for (size_t i = 0; i < g->rows * g->columns; i++) {
        if (empty[i % g->columns])
            free(g->cells[i]);
        else
            g->cells[to++] = g->cells[i];
    }
    g->columns = columns;
}

static bool is_spare(const struct api_column *columns, const char *title)
{
    for (; columns->key; columns++)
        if (columns->spare && strcmp(columns->title, title) == 0)
            return true;
    return false;
}

/* Leave out what a narrow terminal can do without. */
static void grid_spare(struct grid *g, const struct api_column *columns)
{
    for (size_t n = 0; n < g->columns; n++) {
        if (!is_spare(columns, g->cells[n]))
            continue;
        for (size_t row = 1; row < g->rows; row++) {
            free(g->cells[row * g->columns + n]);
            g->cells[row * g->columns + n] = NULL;
        }
    }
    grid_squeeze(g);
}

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

/* A figure below zero, however far it is indented. */
static bool is_negative(const char *text)
{
    text += strspn(text, " ");
    return text[0] == '-' && strspn(text + 1, "0123456789.") == strlen(text + 1);
}

static void add_line(struct libscols_table *t, char *const *cells, size_t columns)
{
    struct libscols_line *line = scols_table_new_line(t, NULL);

    for (size_t n = 0; line && n < columns; n++) {
        if (cells[n] && is_negative(cells[n]))
            scols_cell_set_color(scols_line_get_cell(line, n), "red");
        scols_line_set_data(line, n, cells[n]);
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
}

static void grid_print(const struct grid *g, const struct render_style *style, FILE *out)
{
    struct libscols_table *t = new_table(style);

    if (!t)
        return;
    scols_table_enable_noheadings(t, !g->titled);
    for (size_t n = 0; n < g->columns; n++)
        add_column(t, style, g->titled ? g->cells[n] : "", g->right[n]);
    for (size_t row = g->titled; row < g->rows; row++)
        add_line(t, g->cells + row * g->columns, g->columns);
    print(t, out);
    scols_unref_table(t);
}

static size_t count(const struct api_column *columns)
{
    size_t n = 0;

    while (columns[n].key)
        n++;
    return n;
}

static void add_titles(struct grid *g, const struct api_column *columns)
{
    for (size_t n = 0; n < g->columns; n++) {
        g->cells[n] = strdup(columns[n].title);
        g->right[n] = columns[n].right;
    }
    g->titled = true;
    g->rows = 1;
}

static void add_item(struct grid *g, const struct api_column *columns, const json_t *item)
{
    char **row = g->cells + g->rows * g->columns;

    for (size_t n = 0; n < g->columns; n++)
        row[n] = render_value(json_object_get(item, columns[n].key), true);
    g->rows++;
}

/* What no folding brings onto a narrow terminal is shown one item after the other. */
static void print_one_by_one(const struct render_style *style, const struct api_column *columns,
                             const json_t *items, FILE *out)
{
    size_t i;
    json_t *item;

    json_array_foreach(items, i, item)
    {
        if (i)
            fputc('\n', out);
        table_fields(style, columns, item, out);
    }
}

void table_rows(const struct render_style *style, const struct api_column *columns,
                const json_t *items, FILE *out)
{
    struct grid g;
    bool fits = true;
    size_t i;
    json_t *item;

    if (grid_begin(&g, json_array_size(items) + 1, count(columns))) {
        add_titles(&g, columns);
        json_array_foreach(items, i, item) add_item(&g, columns, item);
        if (style->width > 0 && !grid_fit(&g, (size_t)style->width)) {
            grid_squeeze(&g);
            fits = grid_fit(&g, (size_t)style->width);
        }
        if (!fits) {
            grid_spare(&g, columns);
            fits = grid_fit(&g, (size_t)style->width);
        }
        if (fits)
            grid_print(&g, style, out);
        else
            print_one_by_one(style, columns, items, out);
    }
    grid_end(&g);
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

/* The grid takes `text` over; an empty one is not worth a line. */
static void add_field(struct grid *g, const char *title, char *text)
{
    if (!text || !*text) {
        free(text);
        return;
    }
    g->cells[g->rows * g->columns] = strdup(title);
    g->cells[g->rows * g->columns + 1] = text;
    g->rows++;
}

/* Of a list each element has a line of its own: the legs of a transfer. */
static void add_list(struct grid *g, const char *title, const json_t *list)
{
    size_t i;
    json_t *element;

    json_array_foreach(list, i, element)
    {
        json_t *one = json_pack("[O]", element);

        add_field(g, i ? "" : title, render_value(one, true));
        json_decref(one);
    }
}

static void add_fields(struct grid *g, const struct api_column *fields, const json_t *answer)
{
    size_t width = 0;

    for (const struct api_column *c = fields; c->key; c++) {
        const json_t *value = json_object_get(answer, c->key);
        char *text;

        if (json_is_array(value)) {
            add_list(g, c->title, value);
            continue;
        }
        if (c == fields || !same_kind(c - 1, c, answer))
            width = figures_width(c, answer);
        text = render_value(value, true);
        add_field(g, c->title, c->right && text && *text ? pad(text, width) : text);
    }
}

void table_fields(const struct render_style *style, const struct api_column *fields,
                  const json_t *answer, FILE *out)
{
    struct grid g;
    size_t rows = 0;

    for (const struct api_column *c = fields; c->key; c++)
        rows += 1 + json_array_size(json_object_get(answer, c->key));
    if (grid_begin(&g, rows, 2)) {
        add_fields(&g, fields, answer);
        if (style->width > 0)
            grid_fit(&g, (size_t)style->width);
        grid_print(&g, style, out);
    }
    grid_end(&g);
}
