#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define PATH_ROOM 4200

static int64_t size_of(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 ? facts.st_size : -1;
}

struct disk disk_look(const char *ledger_path)
{
    struct disk disk = {-1, -1, -1};
    char *path = realpath(ledger_path, NULL); /* the log stands beside the file's real name */
    char wal[PATH_ROOM];
    struct statvfs facts;

    if (!path)
        return disk;
    snprintf(wal, sizeof wal, "%s-wal", path);
    disk.ledger = size_of(path);
    disk.wal = size_of(wal);
    if (statvfs(path, &facts) == 0)
        disk.free = (int64_t)facts.f_bavail * (int64_t)facts.f_frsize;
    free(path);
    return disk;
}
