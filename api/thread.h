/*
 * thread.h - a thread of ours, with a stack that is deep enough for any operation.
 */
#ifndef API_THREAD_H
#define API_THREAD_H

#include <pthread.h>
#include <stdbool.h>

#define THREAD_STACK (1024 * 1024)

static inline bool thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
    pthread_attr_t attr;
    bool started;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, THREAD_STACK);
    started = pthread_create(thread, &attr, run, arg) == 0;
    pthread_attr_destroy(&attr);
    return started;
}

#endif
