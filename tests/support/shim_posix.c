#include "shim_posix.h"
#include "disk.h"
#include "faults.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

static int fail(int why)
{
    errno = why;
    return -1;
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    bool ours = disk_has_folder_of(path);

    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    if (fault_is_due(FAULT_OPEN))
        return fail(EIO);
    int fd = __real_open(path, flags, mode);
    if (fd < 0 || !ours)
        return fd;
    disk_open(path, flags & O_CREAT);
    if (!disk_is_dead())
        return fd;
    close(fd);
    return fail(EIO);
}

int __wrap_mkstemp(char *path)
{
    if (fault_is_due(FAULT_OPEN))
        return fail(EIO);
    int fd = __real_mkstemp(path);
    if (fd < 0 || !disk_has_folder_of(path))
        return fd;
    disk_open(path, true);
    if (!disk_is_dead())
        return fd;
    close(fd);
    return fail(EIO);
}

static ssize_t path_of(int fd, char path[static PATH_BYTES])
{
    char link[64];

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, PATH_BYTES - 3);
    path[size < 0 ? 0 : size] = '\0';
    return size;
}

int __wrap_posix_fadvise(int fd, off_t at, off_t size, int advice)
{
    char path[PATH_BYTES];

    (void)at, (void)size;
    if (advice == POSIX_FADV_DONTNEED && path_of(fd, path) > 0)
        disk_forget_cache(path);
    return 0;
}

int __wrap_fsync(int fd)
{
    char path[PATH_BYTES];
    struct stat st;
    ssize_t size = path_of(fd, path);

    if (size < 0 || fstat(fd, &st) != 0)
        return -1;
    bool is_folder = S_ISDIR(st.st_mode);
    struct disk_file *file = is_folder ? NULL : disk_open(path, false);
    if (fault_is_due(FAULT_SYNC)) {
        disk_sync_failed(file);
        return fail(EIO);
    }
    if (is_folder)
        strcpy(path + size, "/x");
    if (!disk_has_folder_of(path))
        return __real_fsync(fd);
    return !disk_is_dead() && (is_folder ? disk_sync_folder() : disk_sync(file)) ? 0 : fail(EIO);
}

int __wrap_unlink(const char *path)
{
    if (fault_is_due(FAULT_REMOVE))
        return fail(EIO);
    return disk_remove(path) ? __real_unlink(path) : fail(EIO);
}

int __wrap_rename(const char *from, const char *to)
{
    if (fault_is_due(FAULT_RENAME))
        return fail(EIO);
    return disk_rename(from, to, false) ? __real_rename(from, to) : fail(EIO);
}

int __wrap_renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
    if (fault_is_due(FAULT_RENAME))
        return fail(EIO);
    if ((flags & RENAME_NOREPLACE) && access(to, F_OK) == 0)
        return fail(EEXIST);
    return disk_rename(from, to, false) ? __real_renameat2(from_at, from, to_at, to, flags)
                                        : fail(EIO);
}

int __wrap_link(const char *from, const char *to)
{
    if (fault_is_due(FAULT_RENAME))
        return fail(EIO);
    return disk_rename(from, to, true) ? __real_link(from, to) : fail(EIO);
}

void *__wrap_malloc(size_t size)
{
    return fault_is_due(FAULT_MEMORY) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fault_is_due(FAULT_MEMORY) ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *at, size_t size)
{
    return fault_is_due(FAULT_MEMORY) ? NULL : __real_realloc(at, size);
}

char *__wrap_strdup(const char *text)
{
    return fault_is_due(FAULT_MEMORY) ? NULL : __real_strdup(text);
}
