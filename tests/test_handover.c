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
        cmocka_unit_test(how_a_command_is_read), cmocka_unit_test(what_becomes_of_it),
        cmocka_unit_test(a_long_text),           cmocka_unit_test(the_whole_group_is_killed),
        cmocka_unit_test(what_it_is_given),      cmocka_unit_test(a_stop_has_patience),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
