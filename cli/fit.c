#include "fit.h"

#include "ledger/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define NARROWEST 12 /* a text narrower than this reads badly */

struct column {
    size_t width;
    size_t least;
};

/* Columns of the first `bytes` bytes. */
static size_t width_of(const char *text, size_t bytes)
{
    char *part = strndup(text, bytes);
    size_t width = part ? ledger_text_width(part) : bytes;

    free(part);
    return width;
}

static size_t longest_word(const char *text)
{
    size_t longest = 0;

    while (*text) {
        size_t bytes = strcspn(text, " ");
        size_t width = width_of(text, bytes);

        if (width > longest)
            longest = width;
        text += bytes + strspn(text + bytes, " ");
    }
    return longest;
}

static void measure(char **cells, size_t rows, size_t columns, struct column *c)
{
    for (size_t i = 0; i < rows * columns; i++) {
        struct column *to = c + i % columns;
        size_t width = cells[i] ? ledger_text_width(cells[i]) : 0;
        size_t least = cells[i] && width > NARROWEST ? longest_word(cells[i]) : width;

        if (width > to->width)
            to->width = width;
        if (least > to->least)
            to->least = least;
    }
}

static size_t total(const struct column *c, size_t columns, size_t gap)
{
    size_t sum = columns ? (columns - 1) * gap : 0;

    for (size_t i = 0; i < columns; i++)
        sum += c[i].width;
    return sum;
}

/* Take one blank from the widest column that can give it. */
static bool narrow(struct column *c, size_t columns)
{
    struct column *widest = NULL;

    for (size_t i = 0; i < columns; i++)
        if (c[i].width > c[i].least && c[i].width > NARROWEST &&
            (!widest || c[i].width > widest->width))
            widest = c + i;
    if (widest)
        widest->width--;
    return widest != NULL;
}

static void fold(char *text, size_t width)
{
    char *line = text;
    char *blank = NULL;

    for (char *at = text;; at++) {
        if (*at && *at != ' ')
            continue;
        if (blank && width_of(line, (size_t)(at - line)) > width) {
            *blank = '\n';
            line = blank + 1;
        }
        if (!*at)
            return;
        blank = at;
    }
}

bool fit_table(char **cells, size_t rows, size_t columns, size_t gap, size_t width)
{
    struct column c[FIT_COLUMNS_MAX] = {0};

    if (columns > FIT_COLUMNS_MAX)
        return false;
    measure(cells, rows, columns, c);
    while (total(c, columns, gap) > width)
        if (!narrow(c, columns))
            return false;
    for (size_t i = 0; i < rows * columns; i++)
        if (cells[i] && ledger_text_width(cells[i]) > c[i % columns].width)
            fold(cells[i], c[i % columns].width);
    return true;
}
