/*
 * disk.h - what a disk would still hold if the power went now.
 *
 * The files of one folder lie on a real disk, where they are read and written as ever. Beside them
 * this keeps what is certain: the bytes and names that were synced. Everything since then is
 * pending: when the power goes, each pending write may be kept, lost, torn at 512-byte sectors or come
 * out of order, and each name that was made, moved or taken away may not have been. A sync of
 * a file makes its bytes certain, not its name; a sync of the folder makes names certain.
 *
 * The power goes at a chosen event (a write, a truncation, a sync, a change of a name). From then on
 * every call fails, until disk_restart puts what survived into the folder. One disk at a time; any
 * thread may use it. Lock files and shared memory are not on it.
 */
#ifndef TESTS_DISK_H
#define TESTS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_SECTOR 512
#define DISK_NEVER INT64_MAX

struct disk_file;

/* A new folder for it, in memory where there is room; and the end of it. */
void disk_make_folder(char folder[static 64]);
void disk_empty_folder(const char *folder);
void disk_remove_folder(const char *folder);

/* What lies in `folder` now is certain. */
void disk_mount(const char *folder);
/* Forget it all; the folder stays. */
void disk_unmount(void);
/* The power goes at the `event`th event from now, counted from 1; `seed` decides what survives. */
void disk_cut_at(int64_t event, uint64_t seed);
/* How many events there were since disk_mount or disk_cut_at. */
int64_t disk_events(void);
bool disk_is_dead(void);
/* What survived, in a few words: good until the next cut. */
const char *disk_fate(void);
/* Before: no file is open. The folder holds what survived, which is certain now; the power is back. */
void disk_restart(void);

/* Is this a path that the disk knows about? */
bool disk_has_folder_of(const char *path);

/*
 * For the shims: each returns false when the power is gone, and the real call must then not be made.
 * A NULL file is one that is not on this disk: nothing is kept and nothing counted.
 */
/* The file of that name, made by `create` when there is none; NULL too when the power is gone. */
struct disk_file *disk_open(const char *path, bool create);
bool disk_write(struct disk_file *f, int64_t at, const void *bytes, size_t size);
bool disk_truncate(struct disk_file *f, int64_t size);
bool disk_sync(struct disk_file *f);
bool disk_sync_folder(void);
bool disk_remove(const char *path);
/* `from` is `to` now; with `both` it keeps its old name, too. */
bool disk_rename(const char *from, const char *to, bool both);
/*
 * A sync failed: some of what was pending is certain. The kernel calls the rest clean: it can be read
 * until the cache forgets it, and no later sync writes it.
 */
void disk_sync_failed(struct disk_file *f);
/* Clean pages leave the cache: what is read from now on is what is certain or pending. */
void disk_forget_cache(const char *path);

#endif
