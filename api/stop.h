/*
 * stop.h - what ends a node: a signal, a descriptor of the caller's, or a broken store.
 */
#ifndef API_STOP_H
#define API_STOP_H

#include "alarm.h"
#include "ledger/ledger.h"
#include "log.h"

#include <pthread.h>
#include <signal.h>

struct stop {
    int fd; /* the caller's, or -1 */
    int signal_fd;
    int alarm_fd;
    struct log *log;
    sigset_t before;
    pthread_mutex_t lock; /* of the two below */
    enum ledger_status broken;
    char message[LEDGER_MESSAGE_MAX];
};

/*
 * Block SIGTERM and SIGINT in this thread and those it makes, and take them here; SIGHUP too when
 * `log` is a file, which is then made anew. False: no descriptors.
 */
bool stop_open(struct stop *stop, int fd, struct log *log);
/* Forget the signals that came meanwhile and unblock. */
void stop_close(struct stop *stop);
/* Rings it: the store is broken. The first message stays. */
struct alarm stop_alarm(struct stop *stop);
/* Returns when it is time. */
void stop_wait(const struct stop *stop);
/* Why: LEDGER_OK when somebody wished it. `message` is set otherwise. */
enum ledger_status stop_reason(struct stop *stop, char *message, size_t size);

#endif
