#include "doctor.h"

#include "ledger/checkup.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <linux/magic.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MIB ((int64_t)1 << 20)
/* A checkpoint comes after some 80 MiB; a log twice as large is one that it could not empty. */
#define LOG_LARGE (160 * MIB)
#define ROOM_SOON (32 * MIB) /* with less than that, writes may be refused today */
#define CIFS_MAGIC 0xFF534D42
#define SMB2_MAGIC 0xFE534D42
#define CEPH_MAGIC 0x00C36400

struct place {
    char real[PATH_MAX];
    char folder[PATH_MAX];
    struct stat file;
    struct stat around; /* the folder */
};

static const char *owner(uid_t uid, char text[static 64])
{
    const struct passwd *entry = getpwuid(uid);

    if (entry)
        snprintf(text, 64, "%.63s", entry->pw_name);
    else
        snprintf(text, 64, "%u", (unsigned)uid);
    return text;
}

static bool find(struct doctor *d, struct place *p)
{
    char path[PATH_MAX];

    if (!realpath(d->path, p->real) || stat(p->real, &p->file) != 0) {
        doctor_say(d, "file", DOCTOR_WRONG, "%s: %s", d->path,
                   errno == ENOENT ? "it does not exist: give the path of a ledger with --ledger, "
                                     "or make one with coledger init"
                                   : strerror(errno));
        return false;
    }
    snprintf(path, sizeof path, "%s", p->real);
    snprintf(p->folder, sizeof p->folder, "%s", dirname(path));
    if (stat(p->folder, &p->around) != 0)
        p->around = (struct stat){0};
    return true;
}

static void look_at_name(struct doctor *d, const struct place *p)
{
    if (!S_ISREG(p->file.st_mode))
        doctor_say(d, "file", DOCTOR_WRONG, "%s is not a file", d->path);
    else if (p->file.st_nlink > 1)
        doctor_say(d, "file", DOCTOR_WRONG,
                   "%s has a second name (a hard link), and is not written while it has: take one "
                   "of them away",
                   d->path);
    else
        doctor_say(d, "file", DOCTOR_OK, "%s, %" PRId64 " MiB", d->path,
                   (int64_t)p->file.st_size / MIB + 1);
}

/* Root makes one of the small files, and the node's own user stands outside. */
static bool look_at_owners(struct doctor *d, const struct place *p)
{
    static const char *const suffixes[] = {"-wal", "-shm", ".lock"};
    char name[PATH_MAX + 8];
    char whose[64];
    char other[64];
    struct stat st;

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        snprintf(name, sizeof name, "%s%s", p->real, suffixes[i]);
        if (stat(name, &st) != 0 || st.st_uid == p->file.st_uid)
            continue;
        doctor_say(d, "permissions", DOCTOR_WRONG,
                   "%s belongs to %s and the ledger to %s, who cannot write it: chown %s '%s'",
                   name, owner(st.st_uid, other), owner(p->file.st_uid, whose), whose, name);
        return false;
    }
    return true;
}

static void look_at_permissions(struct doctor *d, const struct place *p)
{
    char whose[64];
    mode_t others = p->file.st_mode & (S_IRWXG | S_IRWXO);
    bool can_enter = p->around.st_mode & S_IXOTH;

    if (!look_at_owners(d, p))
        return;
    if ((others & S_IRWXO) && can_enter)
        doctor_say(d, "permissions", DOCTOR_WRONG,
                   "every user of this machine can %s it, with names and memos: chmod 600 '%s'",
                   others & S_IWOTH ? "write" : "read", p->real);
    else if (others)
        doctor_say(d, "permissions", DOCTOR_LOOK,
                   "it is open to more than its owner (mode %03o): chmod 600 '%s'",
                   (unsigned)(p->file.st_mode & 0777), p->real);
    else
        doctor_say(d, "permissions", DOCTOR_OK, "only %s reads and writes it",
                   owner(p->file.st_uid, whose));
}

/* sqlite.org/wal.html: all who use a ledger share memory, so they are on one machine. */
static const struct {
    unsigned type;
    const char *name;
    bool remote;
} file_systems[] = {
    {NFS_SUPER_MAGIC, "NFS", true},    {SMB_SUPER_MAGIC, "SMB", true},
    {CIFS_MAGIC, "CIFS", true},        {SMB2_MAGIC, "SMB", true},
    {CEPH_MAGIC, "Ceph", true},        {V9FS_MAGIC, "9p", true},
    {CODA_SUPER_MAGIC, "Coda", true},  {AFS_SUPER_MAGIC, "AFS", true},
    {FUSE_SUPER_MAGIC, "FUSE", false}, {TMPFS_MAGIC, "tmpfs", false},
};

static void look_at_file_system(struct doctor *d, const struct place *p)
{
    struct statfs fs;

    if (statfs(p->folder, &fs) != 0)
        return;
    for (size_t i = 0; i < sizeof file_systems / sizeof file_systems[0]; i++) {
        if (file_systems[i].type != (unsigned)fs.f_type)
            continue;
        if (file_systems[i].remote)
            doctor_say(d, "file system", DOCTOR_WRONG,
                       "it lies on %s, over the network: two programs can damage it there; move it "
                       "to a disk of this machine",
                       file_systems[i].name);
        else
            doctor_say(d, "file system", DOCTOR_LOOK,
                       fs.f_type == TMPFS_MAGIC
                           ? "it lies in memory (%s) and is gone after a restart: move it to a disk"
                           : "it lies on %s, which may be a network or keep no locks: a disk of "
                             "this machine is sure",
                       file_systems[i].name);
        return;
    }
    doctor_say(d, "file system", DOCTOR_OK, "a disk of this machine");
}

static void look_at_room(struct doctor *d, const struct place *p)
{
    struct statvfs disk;
    int64_t free_bytes;
    int64_t wanted = p->file.st_size + LOG_LARGE;

    if (statvfs(p->folder, &disk) != 0)
        return;
    free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    if (disk.f_flag & ST_RDONLY)
        doctor_say(d, "disk", DOCTOR_WRONG,
                   "%s is mounted read-only; after an error Linux does that: journalctl -k",
                   p->folder);
    else if (disk.f_files && disk.f_favail < 16)
        doctor_say(d, "disk", DOCTOR_WRONG,
                   "no more files fit on the disk of %s (df -i): make room", p->folder);
    else if (free_bytes < wanted)
        doctor_say(d, "disk", free_bytes < ROOM_SOON ? DOCTOR_WRONG : DOCTOR_LOOK,
                   "%" PRId64 " MiB free in %s, %s: make room, %" PRId64 " MiB would do",
                   free_bytes / MIB, p->folder,
                   free_bytes < ROOM_SOON ? "and writes will be refused" : "and it gets narrow",
                   wanted / MIB + 1);
    else
        doctor_say(d, "disk", DOCTOR_OK, "%" PRId64 " MiB free in %s", free_bytes / MIB, p->folder);
}

static void look_at_log(struct doctor *d, const struct place *p)
{
    char name[PATH_MAX + 8];
    struct stat st;
    int64_t size;

    snprintf(name, sizeof name, "%s-wal", p->real);
    size = stat(name, &st) == 0 ? st.st_size : 0;
    if (size > LOG_LARGE)
        doctor_say(d, "log", DOCTOR_LOOK,
                   "the write-ahead log has %" PRId64
                   " MiB and should have been emptied: something "
                   "has been reading the file for long (fuser '%s'); stop it",
                   size / MIB, p->real);
    else
        doctor_say(d, "log", DOCTOR_OK, "the write-ahead log has %" PRId64 " KiB", size / 1024);
}

static void look_at_writer(struct doctor *d)
{
    char who[256] = "";
    enum ledger_status st = ledger_checkup_writer(d->path, who, sizeof who);

    if (st == LEDGER_OK)
        doctor_say(d, "writer", DOCTOR_OK, "nobody writes it now");
    else if (st == LEDGER_LOCKED)
        doctor_say(d, "writer", DOCTOR_OK, "it is being written by %s", who);
    else
        doctor_say(d, "writer", DOCTOR_LOOK, "who writes it cannot be seen from here: %s", who);
}

void doctor_file(struct doctor *d)
{
    struct place p = {0};

    if (!find(d, &p))
        return;
    look_at_name(d, &p);
    look_at_permissions(d, &p);
    look_at_file_system(d, &p);
    look_at_room(d, &p);
    look_at_log(d, &p);
    look_at_writer(d);
}
