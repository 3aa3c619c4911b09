/*
 * fit.h - make a table fit a terminal by folding long texts at their blanks.
 *
 * Figures, dates and handles stay whole: a column is only ever as narrow as its longest word.
 */
#ifndef CLI_FIT_H
#define CLI_FIT_H

#include <stddef.h>

#define FIT_COLUMNS_MAX 32

/*
 * `cells` holds `rows` rows of `columns` texts, the titles first; a text that is folded is replaced by one
 * with line breaks. `gap` blanks stand between columns.
 */
void fit_table(char **cells, size_t rows, size_t columns, size_t gap, size_t width);

#endif
