#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096

static enum ledger_status say(char *message, enum ledger_status status, const char *path,
                              const char *why)
{
    snprintf(message, STORE_MESSAGE, "%.300s: %s", path, why);
    return status;
}

enum ledger_status place_errno(const char *path, char message[static STORE_MESSAGE])
{
    bool full = errno == ENOSPC || errno == EDQUOT;

    if (errno == EEXIST)
        return say(message, LEDGER_EXISTS, path, "is there already; it was left alone");
    if (errno == EACCES || errno == EPERM || errno == EROFS)
        return say(message, LEDGER_READ_ONLY, path, strerror(errno));
    if (errno == ENOENT || errno == ENOTDIR)
        return say(message, LEDGER_NO_SUCH_FILE, path, "there is no such folder");
    return say(message, full ? LEDGER_STORE_FULL : LEDGER_STORE_BROKEN, path, strerror(errno));
}

void place_remove_beside(const char *path, const char *suffix)
{
    char name[PATH_BYTES];

    if (snprintf(name, sizeof name, "%s%s", path, suffix) < (int)sizeof name)
        unlink(name);
}

void place_remove_log(const char *path)
{
    place_remove_beside(path, "-wal");
    place_remove_beside(path, "-shm");
}

static enum ledger_status sync_path(const char *path, int flags, char *message)
{
    int fd = open(path, flags | O_CLOEXEC);

    if (fd < 0)
        return place_errno(path, message);
    enum ledger_status status = fsync(fd) == 0 ? LEDGER_OK : place_errno(path, message);
    close(fd);
    return status;
}

static enum ledger_status sync_folder_of(const char *path, char *message)
{
    char name[PATH_BYTES];

    snprintf(name, sizeof name, "%s", path);
    return sync_path(dirname(name), O_RDONLY | O_DIRECTORY, message);
}

/* Never over another file; some file systems know only the older way. */
static enum ledger_status name_new(const char *beside, const char *to, char *message)
{
    if (renameat2(AT_FDCWD, beside, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return LEDGER_OK;
    if (errno != EINVAL && errno != ENOSYS)
        return place_errno(to, message);
    if (link(beside, to) != 0)
        return place_errno(to, message);
    unlink(beside);
    return LEDGER_OK;
}

enum ledger_status place_new(const char *beside, const char *to, char message[static STORE_MESSAGE])
{
    LEDGER_TRY(sync_path(beside, O_RDONLY, message));
    LEDGER_TRY(name_new(beside, to, message));
    return sync_folder_of(to, message);
}

enum ledger_status place_over(const char *beside, const char *to,
                              char message[static STORE_MESSAGE])
{
    LEDGER_TRY(sync_path(beside, O_RDONLY, message));
    place_remove_log(to);
    LEDGER_TRY(sync_folder_of(to, message));
    if (rename(beside, to) != 0)
        return place_errno(to, message);
    return sync_folder_of(to, message);
}
