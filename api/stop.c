#include "stop.h"

#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool stop_open(struct stop *stop, int fd, struct log *log)
{
    sigset_t signals;

    *stop = (struct stop){.fd = fd, .log = log, .broken = LEDGER_OK};
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (log_is_file(log))
        sigaddset(&signals, SIGHUP);
    pthread_mutex_init(&stop->lock, NULL);
    pthread_sigmask(SIG_BLOCK, &signals, &stop->before);
    stop->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    stop->alarm_fd = eventfd(0, EFD_CLOEXEC);
    if (stop->signal_fd >= 0 && stop->alarm_fd >= 0)
        return true;
    stop_close(stop);
    return false;
}

/* A signal that is still pending would end the process once it is unblocked. */
static void swallow_signals(int signal_fd)
{
    struct signalfd_siginfo info;

    while (read(signal_fd, &info, sizeof info) > 0)
        ;
}

void stop_close(struct stop *stop)
{
    if (stop->signal_fd >= 0) {
        swallow_signals(stop->signal_fd);
        close(stop->signal_fd);
    }
    if (stop->alarm_fd >= 0)
        close(stop->alarm_fd);
    pthread_sigmask(SIG_SETMASK, &stop->before, NULL);
    pthread_mutex_destroy(&stop->lock);
}

static void ring(void *ctx, enum ledger_status s, const char *message)
{
    struct stop *stop = ctx;

    pthread_mutex_lock(&stop->lock);
    if (stop->broken == LEDGER_OK) {
        stop->broken = s;
        snprintf(stop->message, sizeof stop->message, "%s", message);
    }
    pthread_mutex_unlock(&stop->lock);
    eventfd_write(stop->alarm_fd, 1);
}

struct alarm stop_alarm(struct stop *stop)
{
    return (struct alarm){ring, stop};
}

/* False when the signal was one that only asks for a new log file. */
static bool signal_stops(const struct stop *stop)
{
    struct signalfd_siginfo info;

    if (read(stop->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
        return false;
    if (info.ssi_signo != SIGHUP)
        return true;
    log_reopen(stop->log);
    return false;
}

void stop_wait(const struct stop *stop)
{
    struct pollfd fds[] = {{.fd = stop->signal_fd, .events = POLLIN},
                           {.fd = stop->alarm_fd, .events = POLLIN},
                           {.fd = stop->fd, .events = POLLIN}};

    for (;;) {
        if (poll(fds, 3, -1) <= 0)
            continue;
        if (fds[1].revents || fds[2].revents || (fds[0].revents && signal_stops(stop)))
            return;
    }
}

enum ledger_status stop_reason(struct stop *stop, char *message, size_t size)
{
    enum ledger_status st;

    pthread_mutex_lock(&stop->lock);
    st = stop->broken;
    if (st != LEDGER_OK)
        snprintf(message, size, "%s", stop->message);
    pthread_mutex_unlock(&stop->lock);
    return st;
}
