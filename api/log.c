#include "log.h"

#include "http.h"
#include "run.h"

#include "ledger/date.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TAIL_ROOM 512 /* for the fields after a text that had to be cut */

struct log {
    char *path; /* NULL: stderr */
    int fd;
    bool only_refused;
    atomic_bool torn; /* the last line was not written whole */
    _Atomic int64_t lost;
};

struct line {
    char text[LOG_LINE_MAX];
    size_t used;
};

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
}

enum ledger_status log_open(const char *path, bool only_refused, struct log **log, char *message,
                            size_t size)
{
    struct log *made = calloc(1, sizeof *made);

    *log = NULL;
    snprintf(message, size, "%s", ledger_status_facts(LEDGER_NO_MEMORY)->title);
    if (!made || (path && !(made->path = strdup(path)))) {
        free(made);
        return LEDGER_NO_MEMORY;
    }
    made->only_refused = only_refused;
    made->fd = path ? open_file(path) : STDERR_FILENO;
    if (made->fd < 0) {
        snprintf(message, size, "the log %s cannot be written: %s", path, strerror(errno));
        log_close(made);
        return LEDGER_READ_ONLY;
    }
    *log = made;
    return LEDGER_OK;
}

void log_close(struct log *log)
{
    if (!log)
        return;
    if (log->path && log->fd >= 0)
        close(log->fd);
    free(log->path);
    free(log);
}

bool log_is_file(const struct log *log)
{
    return log && log->path;
}

/* The number of the descriptor stays, so no thread ever writes to a closed one. */
void log_reopen(struct log *log)
{
    int fd;

    if (!log_is_file(log))
        return;
    fd = open_file(log->path);
    if (fd < 0) {
        log_event(log, LOG_LEVEL_ERROR, "log_not_reopened", LEDGER_READ_ONLY,
                  "The log file cannot be made anew (%s); lines go on into the old one.",
                  strerror(errno));
        return;
    }
    dup3(fd, log->fd, O_CLOEXEC);
    close(fd);
    log_event(log, LOG_LEVEL_INFO, "log_reopened", LEDGER_OK, "The log goes on in a new file.");
}

int64_t log_lost(struct log *log)
{
    return log ? atomic_load(&log->lost) : 0;
}

static void put(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct line *line, const char *format, ...)
{
    size_t room = sizeof line->text - line->used;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(line->text + line->used, room, format, args);
    va_end(args);
    line->used += (size_t)n < room ? (size_t)n : room - 1;
}

/* Most of a line is this, and every request writes one: no printf for it. */
static void put_raw(struct line *line, const char *text)
{
    size_t room = sizeof line->text - line->used - 1;
    size_t size = strnlen(text, room);

    memcpy(line->text + line->used, text, size);
    line->used += size;
}

/* RFC 8259. Text that is not clean loses the bytes that only UTF-8 has, and one too long its end. */
static void put_escaped(struct line *line, const char *text, size_t size)
{
    bool is_clean = ledger_text_check(text, size, LOG_LINE_MAX) == LEDGER_OK;

    for (const char *end = text + size; text < end && line->used < LOG_LINE_MAX - TAIL_ROOM;
         text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            put(line, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            put(line, "\\u%04x", c);
        else
            line->text[line->used++] = (char)(c >= 0x80 && !is_clean ? '?' : c);
    }
}

static void put_text(struct line *line, const char *name, const char *text)
{
    put_raw(line, ",\"");
    put_raw(line, name);
    put_raw(line, "\":\"");
    put_escaped(line, text, strlen(text));
    put_raw(line, "\"");
}

static void begin(struct line *line, enum log_level level, const char *event)
{
    static const char *const names[] = {"info", "warning", "error"};
    char at[LEDGER_TIME_TEXT];

    line->used = 0;
    put(line, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"",
        ledger_time_format(api_env.now_us(api_env.arg), at), names[level], event);
}

/* A disk may be full: then lines are lost, counted, and the node goes on. */
static void end(struct log *log, struct line *line)
{
    ssize_t written;

    put_raw(line, "}\n");
    if (atomic_exchange(&log->torn, false))
        written = write(log->fd, "\n", 1);
    do
        written = write(log->fd, line->text, line->used);
    while (written < 0 && errno == EINTR);
    if (written == (ssize_t)line->used)
        return;
    atomic_fetch_add(&log->lost, 1);
    if (written > 0)
        atomic_store(&log->torn, true);
}

void log_event(struct log *log, enum log_level level, const char *event, enum ledger_status s,
               const char *format, ...)
{
    char message[LEDGER_MESSAGE_MAX];
    struct line line;
    va_list args;

    if (!log)
        return;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    begin(&line, level, event);
    put_text(&line, "code", ledger_status_facts(s)->code);
    put_text(&line, "message", message);
    end(log, &line);
}

/* Trouble of the node's own is an error; a caller nobody knows, or who guesses, is worth a look. */
static enum log_level level_of(int status)
{
    if (status >= 500)
        return LOG_LEVEL_ERROR;
    return status == 401 || status == 429 ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO;
}

/* The template, never what stood there: queries hold memos, addresses hold handles. */
static void put_route(struct line *line, const struct log_request *r)
{
    char route[256];

    snprintf(route, sizeof route, "%s%s", r->op ? HTTP_ROOT : "",
             r->op ? r->op->path : (r->page ? r->page : ""));
    put_text(line, "method", r->method ? r->method : "");
    put_text(line, "route", route);
    put_text(line, "operation", r->op ? r->op->name : "");
}

void log_request(struct log *log, const struct log_request *r)
{
    struct line line;

    if (!log || (log->only_refused && r->status < 400))
        return;
    begin(&line, level_of(r->status), "request");
    put_text(&line, "request_id", r->id);
    put_route(&line, r);
    put(&line, ",\"status\":%d", r->status);
    put_text(&line, "code", ledger_status_facts(r->code)->code);
    put(&line, ",\"duration_ms\":%lld.%03lld", (long long)(r->us / 1000),
        (long long)(r->us % 1000));
    put_text(&line, "actor", r->actor);
    put(&line, ",\"bytes\":%zu", r->bytes);
    put_text(&line, "message", ledger_status_facts(r->code)->title);
    end(log, &line);
}
