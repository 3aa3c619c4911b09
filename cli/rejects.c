#include "rejects.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void write_quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

bool rejects_may_write(const char *path)
{
    static const char ours[] = "line";
    char begins[sizeof ours] = "";
    FILE *there = fopen(path, "re");
    bool is_ours = false;

    if (!there)
        return errno == ENOENT;
    if (fread(begins, 1, sizeof ours, there) == sizeof ours)
        is_ours = memcmp(begins, ours, sizeof ours - 1) == 0 && strchr(",;\t", begins[4]);
    fclose(there);
    return is_ours;
}

int rejects_write(const struct history *h, const char *path)
{
    char mark = h->settings.delimiter;
    FILE *out = fopen(path, "we");
    int error;

    if (!out)
        return errno;
    fprintf(out, "line%ccode%creason%c", mark, mark, mark);
    fwrite(h->header, 1, h->header_size, out);
    fputs("\r\n", out);
    for (size_t i = 0; i < h->count; i++) {
        const struct history_row *row = &h->rows[i];

        if (row->status == LEDGER_OK)
            continue;
        fprintf(out, "%zu%c%s%c", row->line, mark, ledger_status_facts(row->status)->code, mark);
        write_quoted(row->why, out);
        fputc(mark, out);
        fwrite(row->raw, 1, row->raw_size, out);
        fputs("\r\n", out);
    }
    error = ferror(out) ? EIO : 0;
    return fclose(out) != 0 && !error ? errno : error;
}
