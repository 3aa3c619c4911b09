/*
 * render.h - an answer on paper, for people and for programs.
 */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include "api/operation.h"

#include <stdio.h>

enum render_form { RENDER_TABLE, RENDER_JSON, RENDER_CSV };

struct render_style {
    enum render_form form;
    int width; /* columns of the terminal; 0: as wide as it needs (a pipe, a file) */
    bool color;
};

/*
 * Write the answer of `op` to `out`. As a table: the head's fields a line each, the items, the
 * foot's fields. As CSV (RFC 4180): the items, or one line of the fields when `op` has none.
 */
void render_answer(const struct render_style *style, const struct api_operation *op,
                   const json_t *answer, FILE *out);

/* One sentence and its code, or the problem as JSON. */
void render_problem(enum render_form form, const struct api_problem *problem, FILE *out);

/* One field of CSV, quoted where RFC 4180 asks for it. */
void render_csv_field(const char *text, FILE *out);

/*
 * A value in one line, lists and objects too; `for_people`: times to the second. The caller
 * frees it; NULL when there is no memory.
 */
char *render_value(const json_t *value, bool for_people);

#endif
