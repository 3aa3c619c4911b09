#include "child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

pid_t child_start(const char *const argv[], int out_fd)
{
    posix_spawn_file_actions_t files;
    pid_t pid;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (out_fd >= 0)
        posix_spawn_file_actions_adddup2(&files, out_fd, 1);
    else
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&pid, argv[0], &files, NULL, (char *const *)argv, environ) != 0) {
        fprintf(stderr, "crash: %s cannot be run\n", argv[0]);
        exit(2);
    }
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

int child_wait(pid_t pid)
{
    int status;

    if (waitpid(pid, &status, 0) != pid)
        abort();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int child_run(const char *const argv[])
{
    return child_wait(child_start(argv, -1));
}

struct child_node child_serve_with(const char *coledger, const char *path,
                                   const char *const options[])
{
    const char *argv[6 + CHILD_OPTIONS_MAX + 1] = {coledger, "serve",    "--ledger",
                                                   path,     "--listen", "127.0.0.1:0"};
    struct child_node node;
    int fds[2];

    for (int i = 0; options[i]; i++) {
        if (i == CHILD_OPTIONS_MAX)
            abort();
        argv[6 + i] = options[i];
    }
    if (pipe2(fds, O_CLOEXEC) != 0)
        abort();
    node.pid = child_start(argv, fds[1]);
    node.out_fd = fds[0];
    close(fds[1]);
    return node;
}

struct child_node child_serve(const char *coledger, const char *path)
{
    return child_serve_with(coledger, path, (const char *const[]){NULL});
}

int child_port(struct child_node *node)
{
    struct pollfd ready = {.fd = node->out_fd, .events = POLLIN};
    char line[512] = "";
    ssize_t n = 0;

    if (poll(&ready, 1, CHILD_READY_MS) == 1)
        n = read(node->out_fd, line, sizeof line - 1);
    const char *at = n > 0 ? strstr(line, "http://127.0.0.1:") : NULL;
    return at ? atoi(at + strlen("http://127.0.0.1:")) : 0;
}

void child_kill(struct child_node *node)
{
    if (node->pid == 0)
        return;
    kill(node->pid, SIGKILL);
    child_wait(node->pid);
    close(node->out_fd);
    node->pid = 0;
}

void child_sleep_us(int us)
{
    const struct timespec pause = {us / 1000000, us % 1000000 * 1000L};

    nanosleep(&pause, NULL);
}

void child_remove(const char *dir)
{
    const char *const argv[] = {"/bin/rm", "-rf", dir, NULL};

    if (child_run(argv) != 0)
        fprintf(stderr, "crash: %s was left behind\n", dir);
}
