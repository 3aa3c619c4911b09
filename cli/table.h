/*
 * table.h - fields and rows of an answer, aligned.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "render.h"

/* "Title  value", a line for each field that the answer has; figures end in one column. */
void table_fields(const struct render_style *style, const struct api_column *fields,
                  const json_t *answer, FILE *out);
void table_rows(const struct render_style *style, const struct api_column *columns,
                const json_t *items, FILE *out);

#endif
