/*
 * child.h - the program under test as a process of its own, that may be killed at any moment.
 */
#ifndef TESTS_CRASH_CHILD_H
#define TESTS_CRASH_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#define CHILD_READY_MS 20000
#define CHILD_OPTIONS_MAX 8

/* Run it, with its output thrown away but for `out_fd` (or -1). */
pid_t child_start(const char *const argv[], int out_fd);
/* Wait for its end: its exit code, or -1 when a signal ended it. */
int child_wait(pid_t pid);
/* Run to the end, for its exit code. */
int child_run(const char *const argv[]);

/* Serve `path` on a free port. */
struct child_node {
    pid_t pid;
    int out_fd;
};
struct child_node child_serve(const char *coledger, const char *path);
/* The same with more options, up to a NULL. */
struct child_node child_serve_with(const char *coledger, const char *path,
                                   const char *const options[]);
/* Its port once it is ready; 0 when it ended before. */
int child_port(struct child_node *node);
/* Harmless where it is dead already. */
void child_kill(struct child_node *node);

void child_sleep_us(int us);
/* A folder and all that is in it. */
void child_remove(const char *dir);

#endif
