#include "disk.h"
#include "faults.h"
#include "shim.h"

#include "ledger/ledger.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct shim_file {
    sqlite3_file base;
    struct disk_file *on_disk;
    bool syncs_folder; /* before the first sync of a log or journal SQLite syncs the folder */
    sqlite3_file real[];
};

static sqlite3_vfs *real_vfs;

static sqlite3_file *real(sqlite3_file *file)
{
    return ((struct shim_file *)file)->real;
}

static struct disk_file *on_disk(sqlite3_file *file)
{
    return ((struct shim_file *)file)->on_disk;
}

static int shim_close(sqlite3_file *file)
{
    return real(file)->pMethods->xClose(real(file));
}

static int shim_read(sqlite3_file *file, void *buf, int size, sqlite3_int64 at)
{
    if (fault_is_due(FAULT_READ))
        return SQLITE_IOERR_READ;
    return real(file)->pMethods->xRead(real(file), buf, size, at);
}

static int shim_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    if (fault_is_due(FAULT_FULL))
        return SQLITE_FULL;
    if (fault_is_due(FAULT_WRITE) || !disk_write(on_disk(file), at, bytes, (size_t)size))
        return SQLITE_IOERR_WRITE;
    return real(file)->pMethods->xWrite(real(file), bytes, size, at);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (fault_is_due(FAULT_TRUNCATE) || !disk_truncate(on_disk(file), size))
        return SQLITE_IOERR_TRUNCATE;
    return real(file)->pMethods->xTruncate(real(file), size);
}

static int shim_sync(sqlite3_file *file, int flags)
{
    struct shim_file *f = (struct shim_file *)file;

    (void)flags;
    if (fault_is_due(FAULT_SYNC)) {
        disk_sync_failed(f->on_disk);
        return SQLITE_IOERR_FSYNC;
    }
    if (!disk_sync(f->on_disk))
        return SQLITE_IOERR_FSYNC;
    if (f->syncs_folder && f->on_disk && !disk_sync_folder())
        return SQLITE_IOERR_DIR_FSYNC;
    f->syncs_folder = false;
    return SQLITE_OK;
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int shim_lock(sqlite3_file *file, int level)
{
    if (fault_is_due(FAULT_LOCK))
        return SQLITE_IOERR_LOCK;
    return real(file)->pMethods->xLock(real(file), level);
}

static int shim_unlock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int shim_check_lock(sqlite3_file *file, int *locked)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), locked);
}

static int shim_control(sqlite3_file *file, int what, void *arg)
{
    return real(file)->pMethods->xFileControl(real(file), what, arg);
}

static int shim_sector(sqlite3_file *file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

static int shim_device(sqlite3_file *file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shim_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
    if (fault_is_due(FAULT_MAP))
        return SQLITE_IOERR_SHMMAP;
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, at);
}

static int shim_map_lock(sqlite3_file *file, int at, int n, int flags)
{
    if ((flags & SQLITE_SHM_LOCK) && fault_is_due(FAULT_LOCK))
        return SQLITE_IOERR_SHMLOCK;
    return real(file)->pMethods->xShmLock(real(file), at, n, flags);
}

static void shim_barrier(sqlite3_file *file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

static int shim_unmap(sqlite3_file *file, int remove)
{
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods methods = {
    2,           shim_close, shim_read,     shim_write,      shim_truncate, shim_sync,
    shim_size,   shim_lock,  shim_unlock,   shim_check_lock, shim_control,  shim_sector,
    shim_device, shim_map,   shim_map_lock, shim_barrier,    shim_unmap,    NULL,
    NULL};

static int shim_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
    struct shim_file *f = (struct shim_file *)file;
    bool ours = path && disk_has_folder_of(path);
    bool create = flags & SQLITE_OPEN_CREATE;

    (void)vfs;
    f->base.pMethods = NULL;
    f->on_disk = NULL;
    f->syncs_folder = false;
    if (fault_is_due(FAULT_OPEN))
        return SQLITE_CANTOPEN;
    if (ours) {
        f->on_disk = disk_open(path, create);
        f->syncs_folder = create && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
        if (disk_is_dead())
            return SQLITE_CANTOPEN;
    }
    int rc = real_vfs->xOpen(real_vfs, path, f->real, flags, out);
    if (f->real->pMethods)
        f->base.pMethods = &methods;
    return rc;
}

static int shim_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
    (void)vfs;
    if (fault_is_due(FAULT_REMOVE) || !disk_remove(path))
        return SQLITE_IOERR_DELETE;
    int rc = real_vfs->xDelete(real_vfs, path, 0);
    if (sync_folder && disk_has_folder_of(path) && !disk_sync_folder())
        return SQLITE_IOERR_DIR_FSYNC;
    return rc;
}

static int shim_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    (void)vfs;
    return real_vfs->xAccess(real_vfs, path, flags, out);
}

static int shim_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    (void)vfs;
    return real_vfs->xFullPathname(real_vfs, path, size, out);
}

static int shim_random(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    return real_vfs->xRandomness(real_vfs, size, out);
}

static int shim_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return real_vfs->xSleep(real_vfs, us);
}

static int shim_time(sqlite3_vfs *vfs, sqlite3_int64 *ms)
{
    (void)vfs;
    return real_vfs->xCurrentTimeInt64(real_vfs, ms);
}

static int shim_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs, (void)size, (void)out;
    return 0;
}

static sqlite3_vfs shim_vfs = {.iVersion = 2,
                               .mxPathname = 1024,
                               .zName = "shim",
                               .xOpen = shim_open,
                               .xDelete = shim_delete,
                               .xAccess = shim_access,
                               .xFullPathname = shim_full_path,
                               .xRandomness = shim_random,
                               .xSleep = shim_sleep,
                               .xGetLastError = shim_error,
                               .xCurrentTimeInt64 = shim_time};

static sqlite3_mem_methods memory;

static void *lean_malloc(int size)
{
    return fault_is_due(FAULT_MEMORY) ? NULL : memory.xMalloc(size);
}

static void *lean_realloc(void *at, int size)
{
    return fault_is_due(FAULT_MEMORY) ? NULL : memory.xRealloc(at, size);
}

/* The engine configures SQLite when it first opens a ledger; a VFS can only be added after that. */
static void let_the_engine_configure(void)
{
    const struct ledger_options options = {0};
    struct ledger_env env = {0};
    struct ledger *l;

    assert(ledger_open("/", &options, &env, &l) == LEDGER_NOT_A_LEDGER);
    ledger_close(l);
}

void shim_install(void)
{
    sqlite3_mem_methods lean;

    assert(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory) == SQLITE_OK);
    lean = memory;
    lean.xMalloc = lean_malloc;
    lean.xRealloc = lean_realloc;
    assert(sqlite3_config(SQLITE_CONFIG_MALLOC, &lean) == SQLITE_OK);
    let_the_engine_configure();
    real_vfs = sqlite3_vfs_find(NULL);
    shim_vfs.szOsFile = (int)sizeof(struct shim_file) + real_vfs->szOsFile;
    shim_use(true);
}

void shim_use(bool shim)
{
    assert(sqlite3_vfs_register(&shim_vfs, shim) == SQLITE_OK);
    assert(sqlite3_vfs_register(real_vfs, !shim) == SQLITE_OK);
}
