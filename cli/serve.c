/*
 * serve.c - be a node.
 */
#include "commands.h"

#include "key.h"
#include "notices.h"
#include "version.h"

#include "api/server.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LISTEN,
    QUEUE,
    READERS,
    METRICS,
    LOG,
    LOG_REQUESTS,
    NOTICES,
    OPTIONS = NOTICES + NOTICES_OPTIONS
};

const struct option command_serve_options[] = {
    [LISTEN] = {"listen", "ADDRESS:PORT", "where to be asked; 127.0.0.1:8600 unless told", false},
    [QUEUE] = {"queue", "N", "how many writes may wait; 64 unless told", false},
    [READERS] = {"readers", "N", "how many reads run at a time; 2 unless told", false},
    [METRICS] = {"metrics", "ADDRESS:PORT",
                 "where Prometheus may ask for /metrics; nowhere unless told", false},
    [LOG] = {"log", "FILE", "where the log is written, made anew on SIGHUP; stderr unless told",
             false},
    [LOG_REQUESTS] = {"log-requests", "all|refused",
                      "which requests are in the log; all unless told", false},
    [NOTICES + NOTICES_COMMAND] = NOTICES_OPTION_COMMAND,
    [NOTICES + NOTICES_FROM] = NOTICES_OPTION_FROM,
    [NOTICES + NOTICES_TIMEOUT] = NOTICES_OPTION_TIMEOUT,
    [NOTICES + NOTICES_ALLOW_PRIVATE] = NOTICES_OPTION_ALLOW_PRIVATE,
    [OPTIONS] = {NULL, NULL, NULL, false},
};

static void say_ready(void *ctx, const char *url)
{
    const char *path = ctx;

    printf("Serving %s on %s; Ctrl-C stops it.\n", path, url);
    fflush(stdout);
}

/* A number from 1 up; 0 when it was left out, -1 when it is none. */
static int number(const char *text)
{
    char *end;
    long n;

    if (!text)
        return 0;
    errno = 0;
    n = strtol(text, &end, 10);
    return errno || *end || end == text || n < 1 || n > 1000000 ? -1 : (int)n;
}

/* "all" when it was left out. */
static bool is_choice(const char *text)
{
    return !text || strcmp(text, "all") == 0 || strcmp(text, "refused") == 0;
}

/* A reader of the log that has gone must not take the node with it. */
static enum ledger_status open_log(const char *const *values, struct log **log, char *message,
                                   size_t size)
{
    bool only_refused = values[LOG_REQUESTS] && strcmp(values[LOG_REQUESTS], "refused") == 0;

    signal(SIGPIPE, SIG_IGN);
    return log_open(values[LOG], only_refused, log, message, size);
}

static int serve(const struct command *c, const char *path, const char *const *values,
                 const struct notices_settings *notices)
{
    char message[LEDGER_MESSAGE_MAX] = "";
    char holder[128];
    uint8_t seed[LEDGER_SEED];
    struct server_options options = {.ledger_path = path,
                                     .listen = values[LISTEN],
                                     .queue = number(values[QUEUE]),
                                     .readers = number(values[READERS]),
                                     .holder = holder,
                                     .metrics = values[METRICS],
                                     .notice_command = notices->command,
                                     .notice_from = notices->from,
                                     .private_webhooks = notices->private_webhooks,
                                     .version = COLEDGER_VERSION,
                                     .stop_fd = -1,
                                     .ready = say_ready,
                                     .ctx = (void *)path};
    enum ledger_status st;

    if (options.queue < 0 || options.readers < 0)
        return command_refused(c, LEDGER_NUMBER_MALFORMED, "--%s must be a number from 1 up",
                               options.queue < 0 ? "queue" : "readers");
    if (!is_choice(values[LOG_REQUESTS]))
        return command_refused(c, LEDGER_CHOICE_UNKNOWN, "--log-requests is all or refused");
    st = open_log(values, &options.log, message, sizeof message);
    if (st != LEDGER_OK)
        return command_refused(c, st, "%s", message);
    snprintf(holder, sizeof holder, "coledger serve on %s",
             values[LISTEN] ? values[LISTEN] : SERVER_LISTEN);
    options.seed = key_seed(path, seed) ? seed : NULL;
    st = server_run(&options, message, sizeof message);
    sodium_memzero(seed, sizeof seed);
    log_close(options.log);
    if (st != LEDGER_OK)
        return command_refused(c, st, "%s", message);
    puts("Stopped.");
    return 0;
}

int command_serve(struct command *c)
{
    const char *values[OPTIONS];
    struct notices_settings notices;
    enum ledger_status st = command_line(c, values, NULL, 0, 0);
    int exit_code = 0;
    char *path;

    if (st != LEDGER_OK)
        return ledger_status_facts(st)->exit_code;
    if (!notices_read(c, values + NOTICES, &notices, &exit_code))
        return exit_code;
    path = command_file(c, &exit_code);
    if (!path)
        return exit_code;
    exit_code = serve(c, path, values, &notices);
    free(path);
    return exit_code;
}
