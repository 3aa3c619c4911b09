#include "keep_list.h"

#include "ledger/date.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024
#define PIECE 65536

void keep_stem(const char *path, char stem[static KEEP_NAME_MAX])
{
    const char *slash = strrchr(path, '/');
    size_t length;

    snprintf(stem, KEEP_NAME_MAX, "%s", slash ? slash + 1 : path);
    length = strlen(stem);
    if (length > 3 && strcmp(stem + length - 3, ".db") == 0)
        stem[length - 3] = '\0';
}

bool keep_is_named(const char *name, const char *stem, int32_t *day, const char **rest)
{
    size_t length = strlen(stem);
    char date[LEDGER_DATE_TEXT];

    if (strncmp(name, stem, length) != 0 || name[length] != '-')
        return false;
    snprintf(date, sizeof date, "%s", name + length + 1);
    if (ledger_date_parse(date, day) != LEDGER_OK)
        return false;
    *rest = name + length + LEDGER_DATE_TEXT;
    if (strncmp(*rest, ".db", 3) != 0)
        return false;
    *rest += 3;
    return true;
}

static void list_name(const char *stem, const char *suffix, char name[static KEEP_NAME_MAX + 16])
{
    snprintf(name, KEEP_NAME_MAX + 16, "%s.sha256%s", stem, suffix);
}

static enum ledger_status say(struct keep_result *r, enum ledger_status s, const char *name,
                              const char *why)
{
    snprintf(r->message, sizeof r->message, "%.260s: %s", name, why);
    return s;
}

/* "<64 hex digits>  NAME-2026-11-24.db" */
static bool read_line(const char *line, const char *stem, struct keep_file *f)
{
    const char *rest;

    *f = (struct keep_file){.fate = KEEP_DAILY};
    if (strspn(line, "0123456789abcdef") != KEEP_SUM_TEXT - 1 ||
        strncmp(line + KEEP_SUM_TEXT - 1, "  ", 2) != 0)
        return false;
    snprintf(f->sum, sizeof f->sum, "%.64s", line);
    snprintf(f->name, sizeof f->name, "%.255s", line + KEEP_SUM_TEXT + 1);
    return keep_is_named(f->name, stem, &f->day, &rest) && !*rest;
}

static enum ledger_status read_lines(FILE *in, const char *name, const char *stem,
                                     const char *ledger, struct keep_result *r)
{
    char line[LINE_MAX_BYTES];
    bool first = true;

    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        if (first && strcmp(line, ledger) != 0)
            return say(r, line[0] == '#' ? LEDGER_EXISTS : LEDGER_FILE_MALFORMED, name,
                       "this folder holds the backups of another ledger: give this one its own");
        if (!first && (r->count == KEEP_FILES_MAX || !read_line(line, stem, &r->files[r->count++])))
            return say(r, LEDGER_FILE_MALFORMED, name,
                       "this is not a list that coledger wrote: take it away, and the files that "
                       "it lists are left alone");
        first = false;
    }
    return ferror(in) ? say(r, LEDGER_READ_ONLY, name, strerror(errno)) : LEDGER_OK;
}

enum ledger_status keep_list_read(int dir, const char *stem, const char *ledger,
                                  struct keep_result *r)
{
    char name[KEEP_NAME_MAX + 16];
    enum ledger_status st;
    FILE *in;
    int fd;

    list_name(stem, "", name);
    r->count = 0;
    fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? LEDGER_OK : say(r, LEDGER_READ_ONLY, name, strerror(errno));
    in = fdopen(fd, "r");
    if (!in) {
        close(fd);
        return LEDGER_NO_MEMORY;
    }
    st = read_lines(in, name, stem, ledger, r);
    fclose(in);
    return st;
}

static bool write_lines(int fd, const char *ledger, const struct keep_result *r)
{
    FILE *out = fdopen(fd, "w");
    bool done;

    if (!out) {
        close(fd);
        return false;
    }
    fprintf(out, "%s\n", ledger);
    for (int i = 0; i < r->count; i++)
        if (r->files[i].fate != KEEP_REMOVED && r->files[i].fate != KEEP_GONE)
            fprintf(out, "%s  %s\n", r->files[i].sum, r->files[i].name);
    done = fflush(out) == 0 && fsync(fd) == 0;
    return fclose(out) == 0 && done;
}

enum ledger_status keep_list_write(int dir, const char *stem, const char *ledger,
                                   struct keep_result *r)
{
    char name[KEEP_NAME_MAX + 16];
    char beside[KEEP_NAME_MAX + 16];
    int fd;

    list_name(stem, "", name);
    list_name(stem, ".new", beside);
    fd = openat(dir, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0 && write_lines(fd, ledger, r) && renameat(dir, beside, dir, name) == 0 &&
        fsync(dir) == 0)
        return LEDGER_OK;
    return say(r, errno == ENOSPC || errno == EDQUOT ? LEDGER_STORE_FULL : LEDGER_READ_ONLY, name,
               strerror(errno));
}

int keep_sum(int dir, const char *name, char sum[static KEEP_SUM_TEXT])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    unsigned char *piece = malloc(PIECE);
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int error = !piece ? ENOMEM : fd < 0 ? errno : 0;
    ssize_t n;

    crypto_hash_sha256_init(&state);
    while (!error && (n = read(fd, piece, PIECE)) != 0) {
        if (n > 0)
            crypto_hash_sha256_update(&state, piece, (size_t)n);
        else if (errno != EINTR)
            error = errno;
    }
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(sum, KEEP_SUM_TEXT, hash, sizeof hash);
    if (fd >= 0)
        close(fd);
    free(piece);
    return error;
}
