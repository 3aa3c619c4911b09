/*
 * progress.h - a bar on stderr for long work, only on a terminal.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "verifying" */
    bool shown;       /* stderr is a terminal */
    int64_t drawn_at_us;
    int64_t began_at_us;
};

void progress_begin(struct progress *p, const char *what);
/* At most 10 drawings a second; `of` 0: not known, only `done` is shown. */
void progress_show(struct progress *p, int64_t done, int64_t of);
/* The same as a step of ledger_verify: `bar` is a struct progress. Always true: go on. */
bool progress_step(void *bar, int64_t done, int64_t of);
/* Clear the line. Harmless when nothing was drawn. */
void progress_end(struct progress *p);

#endif
