/*
 * fit.h - make a table fit a terminal by folding long texts at their blanks.
 *
 * Figures, dates and handles stay whole: a column is only ever as narrow as its longest word.
 */
#ifndef CLI_FIT_H
#define CLI_FIT_H

#include <stdbool.h>
#include <stddef.h>

#define FIT_COLUMNS_MAX 32

/*
 * `cells` holds `rows` rows of `columns` texts; one that is folded gets line breaks for blanks.
 * `gap` blanks stand between columns. False: it cannot be made to fit, and nothing was changed.
 */
bool fit_table(char **cells, size_t rows, size_t columns, size_t gap, size_t width);

#endif
