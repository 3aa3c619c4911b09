/*
 * page.h - the terminal that an answer is shown on: its width, its colours, its pager.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "render.h"

/* Show an answer on standard output, through $PAGER when it is longer than the screen. */
void page_answer(enum render_form form, const struct api_operation *op, const json_t *answer);

/* Show any text the same way. */
void page_text(void (*write)(const void *what, FILE *out), const void *what);

#endif
