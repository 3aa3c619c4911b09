/*
 * test_handover.c - a text given to another program: taken, refused, not read, never ending.
 */
#include "api/handover.h"
#include "api/monotonic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/coledger-handover-XXXXXX";
static atomic_bool stop;

/* A program of two lines, since a command has no shell. */
static const char *program(const char *body)
{
    static char path[200];
    FILE *f;

    snprintf(path, sizeof path, "%s/program", dir);
    unlink(path);
    f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "#!/bin/sh\ncd %s\n%s\n", dir, body);
    fclose(f);
    assert_int_equal(chmod(path, 0700), 0);
    return path;
}

static enum handover_result run(const char *command, const char *text, int seconds, char *code)
{
    struct handover h = {.seconds = seconds};

    assert_null(handover_read(&h, command));
    return handover_run(&h, &stop, text, strlen(text), code);
}

static void read_back(const char *name, char *text, size_t size)
{
    char path[200];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, size - 1, f)] = '\0';
    fclose(f);
}

static void how_a_command_is_read(void **state)
{
    static const struct {
        const char *command;
        bool good;
    } rows[] = {
        {"/bin/cat", true},
        {"  /bin/cat   -u  ", true},
        {"", false},
        {"   ", false},
        {"cat", false},
        {"./cat", false},
        {"/no/such/program", false},
        {"/etc/passwd", false},
        {"/tmp", false},
    };
    char longest[HANDOVER_COMMAND_MAX + 2];
    struct handover h;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((handover_read(&h, rows[i].command) == NULL) != rows[i].good)
            fail_msg("\"%s\"", rows[i].command);
    assert_null(handover_read(&h, "/bin/sh -c  true"));
    assert_string_equal(h.words[1], "-c");
    assert_string_equal(h.words[2], "true");
    assert_null(h.words[3]);
    memset(longest, ' ', sizeof longest);
    memcpy(longest, "/bin/cat", 8);
    longest[HANDOVER_COMMAND_MAX] = '\0';
    assert_null(handover_read(&h, longest));
    longest[HANDOVER_COMMAND_MAX] = ' ';
    longest[HANDOVER_COMMAND_MAX + 1] = '\0';
    assert_non_null(handover_read(&h, longest));
    snprintf(longest, sizeof longest, "/bin/cat");
    for (int i = 1; i < HANDOVER_WORDS_MAX; i++)
        strcat(longest, " -u");
    assert_null(handover_read(&h, longest));
    strcat(longest, " -u");
    assert_non_null(handover_read(&h, longest));
}

static void what_becomes_of_it(void **state)
{
    static const struct {
        const char *body;
        enum handover_result result;
        const char *code;
    } rows[] = {
        {"cat >/dev/null", HANDOVER_TAKEN, NULL},
        {"cat >/dev/null; exit 75", HANDOVER_FAILED, "exit-75"},
        {"exit 1", HANDOVER_FAILED, "exit-1"},
        {"exit 0", HANDOVER_FAILED, "not-read"},
        {"head -c 3 >/dev/null", HANDOVER_FAILED, "not-read"},
        {"cat >/dev/null; kill -9 $$", HANDOVER_FAILED, "signal-9"},
        {"sleep 60", HANDOVER_FAILED, "timeout"},
        {"cat >/dev/null; sleep 60 & sleep 60", HANDOVER_FAILED, "timeout"},
        {"trap '' TERM HUP INT; sleep 60", HANDOVER_FAILED, "timeout"},
        /* what it starts and leaves behind is its own business */
        {"cat >/dev/null; sleep 3 2>/dev/null &", HANDOVER_TAKEN, NULL},
    };
    char code[HANDOVER_CODE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t from_us = monotonic_us();
        enum handover_result result = run(program(rows[i].body), "text\n", 1, code);

        if (result != rows[i].result || (rows[i].code && strcmp(code, rows[i].code) != 0))
            fail_msg("%s: %d %s", rows[i].body, result, code);
        assert_true(monotonic_us() - from_us < 3 * MONOTONIC_SECOND_US);
    }
}

/* More than a pipe holds at once, to one that reads slowly, and to one that does not read to the end. */
static void a_long_text(void **state)
{
    size_t size = 1000000;
    char *text = malloc(size + 1);
    char code[HANDOVER_CODE_MAX];
    char counted[40];

    (void)state;
    memset(text, 'x', size);
    text[size] = '\0';
    assert_int_equal(run(program("sleep 0.2; wc -c >count"), text, 5, code), HANDOVER_TAKEN);
    read_back("count", counted, sizeof counted);
    assert_int_equal(atoi(counted), 1000000);
    assert_int_equal(run(program("exec <&-; sleep 0.2"), text, 5, code), HANDOVER_FAILED);
    assert_string_equal(code, "not-read");
    assert_int_equal(run(program("head -c 5 >/dev/null; sleep 60"), text, 1, code),
                     HANDOVER_FAILED);
    assert_string_equal(code, "timeout");
    free(text);
}

/* Nothing of a command that hung is left, and what it began neither. */
static void the_whole_group_is_killed(void **state)
{
    char pids[100];
    char code[HANDOVER_CODE_MAX];
    int child, parent;

    (void)state;
    assert_int_equal(run(program("sleep 60 & echo $! $$ >pids; wait"), "", 1, code),
                     HANDOVER_FAILED);
    read_back("pids", pids, sizeof pids);
    assert_int_equal(sscanf(pids, "%d %d", &child, &parent), 2);
    usleep(100000);
    assert_int_equal(kill(parent, 0), -1);
    /* an orphan is init's to bury, so it may be there and dead */
    char path[64], status[400] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", child);
    FILE *f = fopen(path, "r");
    if (f) {
        status[fread(status, 1, sizeof status - 1, f)] = '\0';
        fclose(f);
        assert_non_null(strstr(status, ") Z"));
    }
}

/* It was there when the node began. */
static void a_command_that_is_gone(void **state)
{
    struct handover h = {.seconds = 5};
    char code[HANDOVER_CODE_MAX];

    (void)state;
    assert_null(handover_read(&h, program("cat >/dev/null")));
    unlink(h.words[0]);
    assert_int_equal(handover_run(&h, &stop, "text", 4, code), HANDOVER_FAILED);
    assert_string_equal(code, "no-program");
}

/* What a command began and left to read on gets nothing, or all of it: never half. */
static void half_a_text_is_never_taken(void **state)
{
    static const char *const bodies[] = {
        "exec 3<&0; (sleep 0.3; cat >got.tmp; mv got.tmp got) <&3 &",
        "exec 3<&0; (while [ $(head -c 4096 | tee -a got.tmp | wc -c) -gt 0 ]; do sleep 0.05; "
        "done; "
        "mv got.tmp got) <&3 & sleep 60",
    };
    size_t size = 2000000; /* more than a pipe takes */
    char *text = malloc(size + 1);
    char code[HANDOVER_CODE_MAX];
    char path[200];

    (void)state;
    memset(text, 'x', size);
    text[size] = '\0';
    snprintf(path, sizeof path, "%s/got", dir);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(run(program(bodies[i]), text + (i ? 0 : size - 5000), 1, code),
                         HANDOVER_FAILED);
        usleep(700000);
        assert_int_equal(access(path, F_OK), -1);
    }
    free(text);
}

/* A text is whole for whoever reads it, also when nobody is there any more to write it. */
static void a_text_outlives_us(void **state)
{
    size_t size = 90000; /* more than a pipe has at first, and no mail is longer */
    char *text = malloc(size + 1);
    char code[HANDOVER_CODE_MAX];
    char counted[40];
    const char *path = program("sleep 0.5; wc -c >count.tmp; mv count.tmp count");
    pid_t pid;

    (void)state;
    memset(text, 'x', size);
    text[size] = '\0';
    pid = fork();
    if (pid == 0) {
        run(path, text, 5, code);
        _exit(0);
    }
    usleep(200000);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    usleep(900000);
    read_back("count", counted, sizeof counted);
    assert_int_equal(atoi(counted), 90000);
    free(text);
}

/* So much of what it says is passed on, as lines, and the rest is nobody's. */
static void what_it_says_is_bounded(void **state)
{
    static const struct {
        const char *body;
        const char *code;
        size_t said;
    } rows[] = {
        {"cat >/dev/null; echo no route >&2; exit 75", "exit-75", 9},
        {"cat >/dev/null; printf 'no route' >&2; exit 75", "exit-75", 9},
        {"cat >/dev/null; head -c 4096 /dev/zero | tr '\\0' x >&2; exit 75", "exit-75", 4097},
        {"cat >/dev/null; yes >&2 2>/dev/null; exit 75", "exit-75", 4096},
        {"cat >/dev/null; yes; exit 75", "timeout", 0}, /* on its standard output */
    };
    char code[HANDOVER_CODE_MAX];
    char name[200];
    char text[HANDOVER_SAID_MAX + 100];
    int was = dup(STDERR_FILENO);

    (void)state;
    snprintf(name, sizeof name, "%s/said", dir);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        const char *path = program(rows[i].body);

        dup2(fd, STDERR_FILENO);
        close(fd);
        assert_int_equal(run(path, "text\n", 1, code), HANDOVER_FAILED);
        dup2(was, STDERR_FILENO);
        read_back("said", text, sizeof text);
        if (strcmp(code, rows[i].code) != 0 || strlen(text) != rows[i].said)
            fail_msg("%s: %s, %zu", rows[i].body, code, strlen(text));
    }
    close(was);
}

/* Where nobody reads what we say, nobody waits until somebody does. */
static void who_is_not_heard_does_not_wait(void **state)
{
    static const char nothing[4096];
    char code[HANDOVER_CODE_MAX];
    int64_t from_us = monotonic_us();
    int was = dup(STDERR_FILENO);
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], nothing, sizeof nothing) > 0)
        ;
    fcntl(ends[1], F_SETFL, 0);
    dup2(ends[1], STDERR_FILENO);
    run(program("cat >/dev/null; echo no route >&2; exit 75"), "text\n", 5, code);
    dup2(was, STDERR_FILENO);
    assert_string_equal(code, "exit-75");
    assert_true(monotonic_us() - from_us < 3 * MONOTONIC_SECOND_US);
    close(ends[0]);
    close(ends[1]);
    close(was);
}

/* Neither a token in the environment nor an open file of ours. */
static void what_it_is_given(void **state)
{
    char code[HANDOVER_CODE_MAX];
    char text[2000];
    int fd = open(dir, 0); /* without O_CLOEXEC */

    (void)state;
    assert_true(fd > 2);
    setenv("COLEDGER_TOKEN", "clt_secret", 1);
    assert_int_equal(
        run(program("cat >text; env >env; ls /proc/self/fd >files"), "To: x\n", 5, code),
        HANDOVER_TAKEN);
    close(fd);
    read_back("text", text, sizeof text);
    assert_string_equal(text, "To: x\n");
    read_back("env", text, sizeof text);
    assert_null(strstr(text, "COLEDGER"));
    assert_non_null(strstr(text, "PATH=/"));
    read_back("files", text, sizeof text);
    assert_string_equal(text, "0\n1\n2\n3\n"); /* 3 is that of ls */
}

static void *stop_soon(void *arg)
{
    (void)arg;
    usleep(300000);
    atomic_store(&stop, true);
    return NULL;
}

/* Who is about to end lets a command end, for a moment. */
static void a_stop_has_patience(void **state)
{
    char code[HANDOVER_CODE_MAX];
    pthread_t thread;
    int64_t from_us = monotonic_us();

    (void)state;
    pthread_create(&thread, NULL, stop_soon, NULL);
    assert_int_equal(run(program("cat >/dev/null; sleep 1"), "", 30, code), HANDOVER_TAKEN);
    pthread_join(thread, NULL);
    assert_int_equal(run(program("cat >/dev/null; sleep 60"), "", 30, code), HANDOVER_STOPPED);
    assert_true(monotonic_us() - from_us < 10 * MONOTONIC_SECOND_US);
    atomic_store(&stop, false);
}

static int set_up(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[100];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", dir);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_a_command_is_read),
        cmocka_unit_test(what_becomes_of_it),
        cmocka_unit_test(a_long_text),
        cmocka_unit_test(the_whole_group_is_killed),
        cmocka_unit_test(a_command_that_is_gone),
        cmocka_unit_test(half_a_text_is_never_taken),
        cmocka_unit_test(a_text_outlives_us),
        cmocka_unit_test(what_it_says_is_bounded),
        cmocka_unit_test(who_is_not_heard_does_not_wait),
        cmocka_unit_test(what_it_is_given),
        cmocka_unit_test(a_stop_has_patience),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
