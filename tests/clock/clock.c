/*
 * clock.c - a wall clock that runs ahead by COLEDGER_CLOCK_AHEAD seconds, to be preloaded.
 *
 * It asks the kernel itself, and so works before anything else of a program does.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *t)
{
    const char *ahead = getenv("COLEDGER_CLOCK_AHEAD");

    if (syscall(SYS_clock_gettime, clock, t) != 0)
        return -1;
    if (clock == CLOCK_REALTIME && ahead)
        t->tv_sec += strtol(ahead, NULL, 10);
    return 0;
}
