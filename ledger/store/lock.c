#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS 20
#define NAME_BYTES 4096

static void read_holder(int fd, char *who, size_t who_size)
{
    ssize_t got = pread(fd, who, who_size - 1, 0);

    who[got > 0 ? (size_t)got : 0] = '\0';
    who[strcspn(who, "\r\n")] = '\0';
    if (who[0] == '\0')
        snprintf(who, who_size, "another process");
}

static void write_holder(int fd, const char *holder)
{
    char line[160];
    int size = snprintf(line, sizeof line, "%s (pid %ld)\n", holder, (long)getpid());

    /* Only a courtesy to whoever waits: the lock itself is flock's. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, line, (size_t)size, 0) != size)
        return;
}

static bool try_lock(int fd, int wait_ms)
{
    struct timespec pause = {0, POLL_MS * 1000000L};

    for (int waited = 0;; waited += POLL_MS) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (waited >= wait_ms)
            return false;
        nanosleep(&pause, NULL);
    }
}

static bool name_lock(const char *path, char name[static NAME_BYTES])
{
    char *real = realpath(path, NULL); /* a symlink is another name of the same file */
    int size = snprintf(name, NAME_BYTES, "%s.lock", real ? real : path);

    free(real);
    return size < NAME_BYTES;
}

enum ledger_status lock_look(const char *path, char *who, size_t who_size)
{
    char name[NAME_BYTES];
    enum ledger_status status = LEDGER_OK;
    int lock = name_lock(path, name) ? open(name, O_RDONLY | O_CLOEXEC) : -1;

    if (lock < 0 && errno == ENOENT)
        return LEDGER_OK;
    if (lock < 0) {
        snprintf(who, who_size, "%s: %s", name, strerror(errno));
        return LEDGER_READ_ONLY;
    }
    if (flock(lock, LOCK_SH | LOCK_NB) != 0) {
        read_holder(lock, who, who_size);
        status = LEDGER_LOCKED;
    }
    close(lock);
    return status;
}

enum ledger_status lock_take(const char *path, int wait_ms, const char *holder, int *fd, char *who,
                             size_t who_size)
{
    char name[NAME_BYTES];

    *fd = -1;
    if (!name_lock(path, name)) {
        snprintf(who, who_size, "its path is too long");
        return LEDGER_NO_SUCH_FILE;
    }
    int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) {
        snprintf(who, who_size, "%s: %s", name, strerror(errno));
        return LEDGER_READ_ONLY;
    }
    if (!try_lock(lock, wait_ms)) {
        read_holder(lock, who, who_size);
        close(lock);
        return LEDGER_LOCKED;
    }
    write_holder(lock, holder);
    *fd = lock;
    return LEDGER_OK;
}

void lock_drop(int fd)
{
    if (fd >= 0)
        close(fd);
}
