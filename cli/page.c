#include "page.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_MAX 1000

static struct winsize screen(void)
{
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    long given = columns ? strtol(columns, NULL, 10) : 0;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col)
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    if (given > 0 && given <= WIDTH_MAX)
        size.ws_col = (unsigned short)given;
    return size;
}

static bool wants_color(void)
{
    const char *no = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;

    while ((text = strchr(text, '\n'))) {
        lines++;
        text++;
    }
    return lines;
}

static const char *pager(void)
{
    const char *given = getenv("PAGER");

    if (!given)
        return "less";
    return *given && strcmp(given, "cat") != 0 ? given : NULL;
}

static bool through_pager(const char *text, size_t size)
{
    const char *command = pager();
    FILE *to;

    if (!command)
        return false;
    setenv("LESS", "FRX", 0); /* as git does: stop when it fits, keep colours */
    to = popen(command, "we");
    if (!to)
        return false;
    fwrite(text, 1, size, to);
    return pclose(to) >> 8 != 127; /* the shell found no such program */
}

static void show(char *text, size_t size)
{
    if (count_lines(text) < screen().ws_row || !through_pager(text, size))
        fwrite(text, 1, size, stdout);
}

void page_text(void (*write)(const void *what, FILE *out), const void *what)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = isatty(STDOUT_FILENO) ? open_memstream(&text, &size) : NULL;

    write(what, out ? out : stdout);
    if (out && fclose(out) == 0)
        show(text, size);
    free(text);
}

struct answer {
    struct render_style style;
    const struct api_operation *op;
    const json_t *json;
};

static void write_answer(const void *what, FILE *out)
{
    const struct answer *a = what;

    render_answer(&a->style, a->op, a->json, out);
}

void page_answer(enum render_form form, const struct api_operation *op, const json_t *answer)
{
    bool terminal = isatty(STDOUT_FILENO);
    struct answer a = {.style = {.form = form}, .op = op, .json = answer};

    if (terminal && form == RENDER_TABLE) {
        a.style.width = screen().ws_col;
        a.style.color = wants_color();
    }
    page_text(write_answer, &a);
}
