#include "handover.h"

#include "monotonic.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_EVERY_US 10000
#define STOPPING_US (3 * MONOTONIC_SECOND_US) /* so long may it go on once we are to stop */

static bool is_program(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

const char *handover_read(struct handover *h, const char *command)
{
    int n = 0;

    if (strlen(command) > HANDOVER_COMMAND_MAX)
        return "is too long";
    snprintf(h->line, sizeof h->line, "%s", command);
    for (char *at = h->line; *(at += strspn(at, " "));) {
        if (n == HANDOVER_WORDS_MAX)
            return "has too many words";
        h->words[n++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    h->words[n] = NULL;
    if (n == 0 || h->words[0][0] != '/')
        return "begins with the whole path of a program, such as /usr/sbin/sendmail -t";
    return is_program(h->words[0]) ? NULL : "names no program that can be run";
}

/* What mail programs look at, and nothing of ours: no token, no path of a ledger. */
#define ENVIRONMENT_MAX 6
#define ENVIRONMENT_TEXT 512

struct environment {
    char texts[ENVIRONMENT_MAX][ENVIRONMENT_TEXT];
    char *words[ENVIRONMENT_MAX + 1];
};

static void make_environment(struct environment *e)
{
    static const char *const kept[] = {"HOME", "USER", "LOGNAME", "TZ"};
    int n = 0;

    snprintf(e->texts[n++], ENVIRONMENT_TEXT,
             "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        const char *value = getenv(kept[i]);

        if (value)
            snprintf(e->texts[n++], ENVIRONMENT_TEXT, "%s=%s", kept[i], value);
    }
    for (int i = 0; i < n; i++)
        e->words[i] = e->texts[i];
    e->words[n] = NULL;
}

/* Its group is its own, so all that it starts can be ended; signals are as if we had never touched them. */
static bool prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *how, int in, int said)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawn_file_actions_adddup2(files, in, STDIN_FILENO) == 0 &&
           posix_spawn_file_actions_addopen(files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
           (said >= 0 ? posix_spawn_file_actions_adddup2(files, said, STDERR_FILENO)
                      : posix_spawn_file_actions_addopen(files, STDERR_FILENO, "/dev/null",
                                                         O_WRONLY, 0)) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1) == 0 &&
           posix_spawnattr_setpgroup(how, 0) == 0 && posix_spawnattr_setsigmask(how, &none) == 0 &&
           posix_spawnattr_setsigdefault(how, &all) == 0 &&
           posix_spawnattr_setflags(how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF) == 0;
}

static pid_t start(const struct handover *h, int in, int said)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    struct environment environment;
    pid_t pid = -1;

    make_environment(&environment);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    if (!prepare(&files, &how, in, said) ||
        posix_spawn(&pid, h->words[0], &files, &how, h->words, environment.words) != 0)
        pid = -1;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return pid;
}

struct running {
    const atomic_bool *stop;
    pid_t pid;
    int in;   /* what it reads, to see what it left */
    int out;  /* -1 once all was written */
    int said; /* what it says; -1: nobody hears it */
    const char *text;
    size_t left;
    int64_t until_us;
    bool stopping;
};

/* Once we are to stop there is less time, but some: what it took must not come again without need. */
static bool is_over(struct running *r)
{
    int64_t now_us = monotonic_us();

    if (!r->stopping && atomic_load(r->stop)) {
        r->stopping = true;
        if (now_us + STOPPING_US < r->until_us)
            r->until_us = now_us + STOPPING_US;
    }
    return now_us >= r->until_us;
}

static void end_writing(struct running *r)
{
    close(r->out);
    r->out = -1;
}

static void write_some(struct running *r)
{
    ssize_t n = write(r->out, r->text, r->left);

    if (n > 0) {
        r->text += n;
        r->left -= (size_t)n;
    }
    if (r->left == 0)
        end_writing(r);
}

static void wait_until_it_reads(const struct running *r)
{
    struct pollfd ready = {.fd = r->out, .events = POLLOUT};

    poll(&ready, 1, LOOK_EVERY_US / 1000);
}

static void wait_a_little(void)
{
    const struct timespec a_little = {0, LOOK_EVERY_US * 1000};

    nanosleep(&a_little, NULL);
}

/* True when it ended by itself. It is not buried yet, so that nobody else is given its number. */
static bool attend(struct running *r)
{
    siginfo_t ended = {.si_pid = 0};

    while (!is_over(r)) {
        if (r->out >= 0) {
            wait_until_it_reads(r);
            write_some(r);
        }
        if (waitid(P_PID, (id_t)r->pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            ended.si_pid == r->pid)
            return true;
        if (r->out < 0)
            wait_a_little();
    }
    return false;
}

static bool is_all_read(const struct running *r)
{
    int unread = 0;

    return r->left == 0 && ioctl(r->in, FIONREAD, &unread) == 0 && unread == 0;
}

static enum handover_result judge(int status, bool all_read, char code[static HANDOVER_CODE_MAX])
{
    if (WIFSIGNALED(status))
        snprintf(code, HANDOVER_CODE_MAX, "signal-%d", WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        snprintf(code, HANDOVER_CODE_MAX, "exit-%d", WEXITSTATUS(status));
    else if (!all_read)
        snprintf(code, HANDOVER_CODE_MAX, "not-read");
    else
        return HANDOVER_TAKEN;
    return HANDOVER_FAILED;
}

/* Who reads still is killed before the pipe is closed: half a text must not be taken for a whole one. */
static enum handover_result see_through(struct running *r, char code[static HANDOVER_CODE_MAX])
{
    int status = 0;
    bool ended = attend(r);
    bool all_read = is_all_read(r);

    if (!ended || !all_read)
        kill(-r->pid, SIGKILL);
    if (r->out >= 0)
        end_writing(r);
    while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (ended)
        return judge(status, all_read, code);
    if (r->stopping)
        return HANDOVER_STOPPED;
    snprintf(code, HANDOVER_CODE_MAX, "timeout");
    return HANDOVER_FAILED;
}

/* A file that cannot grow: what is too much is an error to whoever says it, and nobody waits for anybody. */
static int open_said(void)
{
    int fd = memfd_create("said", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd >= 0 && (ftruncate(fd, HANDOVER_SAID_MAX) != 0 ||
                    fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Where we speak ourselves, unless nobody listens there. */
static void pass_on(int said)
{
    char text[HANDOVER_SAID_MAX + 1];
    struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};
    ssize_t n = said >= 0 ? pread(said, text, HANDOVER_SAID_MAX, 0) : 0;
    size_t size = n > 0 ? strnlen(text, (size_t)n) : 0;

    if (size == 0 || poll(&ready, 1, 0) != 1)
        return;
    if (text[size - 1] != '\n')
        text[size++] = '\n';
    while (write(STDERR_FILENO, text, size) < 0 && errno == EINTR)
        ;
}

/* A whole text is in the pipe before anybody reads: if we are killed meanwhile, it is whole all the same. */
static bool open_pipe(struct running *r)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    r->in = ends[0];
    r->out = ends[1];
    fcntl(r->out, F_SETFL, O_NONBLOCK);
    fcntl(r->out, F_SETPIPE_SZ, (int)r->left);
    write_some(r);
    return true;
}

enum handover_result handover_run(const struct handover *h, const atomic_bool *stop,
                                  const char *text, size_t size,
                                  char code[static HANDOVER_CODE_MAX])
{
    enum handover_result result = HANDOVER_FAILED;
    struct running r = {.stop = stop,
                        .text = text,
                        .left = size,
                        .until_us = monotonic_us() + h->seconds * MONOTONIC_SECOND_US};

    snprintf(code, HANDOVER_CODE_MAX, "no-program");
    if (!open_pipe(&r))
        return HANDOVER_FAILED;
    r.said = open_said();
    r.pid = start(h, r.in, r.said);
    if (r.pid >= 0)
        result = see_through(&r, code);
    else if (r.out >= 0)
        end_writing(&r);
    pass_on(r.said);
    if (r.said >= 0)
        close(r.said);
    close(r.in);
    return result;
}
