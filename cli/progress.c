#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define REDRAW_US 100000
#define QUIET_US 400000 /* what is done sooner needs no bar */
#define BAR 30

static int64_t clock_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void progress_begin(struct progress *p, const char *what)
{
    *p = (struct progress){.what = what, .shown = isatty(STDERR_FILENO), .began_at_us = clock_us()};
}

static void draw(const char *what, int64_t done, int64_t of)
{
    int full = of > 0 ? (int)(done * BAR / of) : 0;

    if (of <= 0) {
        fprintf(stderr, "\r%s %" PRId64 "\033[K", what, done);
        return;
    }
    fprintf(stderr, "\r%s [", what);
    for (int i = 0; i < BAR; i++)
        fputc(i < full ? '#' : ' ', stderr);
    fprintf(stderr, "] %3d%%  %" PRId64 " of %" PRId64 "\033[K", (int)(done * 100 / of), done, of);
}

void progress_show(struct progress *p, int64_t done, int64_t of)
{
    int64_t now_us;

    if (!p->shown)
        return;
    now_us = clock_us();
    if (now_us - p->began_at_us < QUIET_US || now_us - p->drawn_at_us < REDRAW_US)
        return;
    draw(p->what, of > 0 && done > of ? of : done, of);
    p->drawn_at_us = now_us;
}

bool progress_step(void *bar, int64_t done, int64_t of)
{
    progress_show(bar, done, of);
    return true;
}

void progress_end(struct progress *p)
{
    if (p->drawn_at_us)
        fputs("\r\033[K", stderr);
    p->drawn_at_us = 0;
}
