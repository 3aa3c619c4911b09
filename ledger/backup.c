#include "backup.h"

#include "erasure.h"
#include "handle.h"
#include "store/lock.h"
#include "store/place.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define LOCK_WAIT_MS 5000

static enum ledger_status say(char *message, enum ledger_status s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum ledger_status say(char *message, enum ledger_status s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(message, LEDGER_MESSAGE_MAX, format, args);
    va_end(args);
    return s;
}

static enum ledger_status heard(char *message, const struct ledger *l, enum ledger_status s)
{
    return l ? say(message, s, "%s", ledger_message(l)) : s;
}

static enum ledger_status verify_file(const char *path, const struct ledger_env *env,
                                      struct ledger_verification *v, char *message)
{
    const struct ledger_options options = {.holder = "verify"};
    struct ledger *l;
    enum ledger_status status = ledger_open(path, &options, env, &l);

    if (status == LEDGER_OK)
        status = ledger_begin_read(l);
    if (status == LEDGER_OK)
        status = ledger_verify(l, NULL, NULL, v);
    if (status != LEDGER_OK)
        heard(message, l, status);
    ledger_close(l);
    return status;
}

static enum ledger_status copy_file(const char *from, const char *to, const struct ledger_env *env,
                                    char *message)
{
    const struct ledger_options options = {.holder = "backup"};
    struct ledger *l;
    enum ledger_status status = ledger_open(from, &options, env, &l);

    if (status == LEDGER_OK) {
        status = store_backup(l->store, to);
        if (status != LEDGER_OK)
            ledger_store_status(l, status);
    }
    if (status != LEDGER_OK)
        heard(message, l, status);
    ledger_close(l);
    return status;
}

enum ledger_status ledger_backup(const char *path, const char *to, const struct ledger_env *env,
                                 struct ledger_verification *v,
                                 char message[static LEDGER_MESSAGE_MAX])
{
    message[0] = '\0';
    *v = (struct ledger_verification){0};
    LEDGER_TRY(copy_file(path, to, env, message));
    enum ledger_status status = verify_file(to, env, v, message);
    place_remove_log(to); /* SQLite leaves its two small files beside what was only read */
    if (status != LEDGER_OK)
        unlink(to);
    return status;
}

/* Apply the erasures of the ledger at `old_path` to the copy at `path`, and leave no trace of the words. */
static enum ledger_status repeat_erasures(const char *path, struct ledger *old,
                                          const struct ledger_env *env, int64_t *erased,
                                          char *message)
{
    const struct ledger_options options = {.write = true, .holder = "restore"};
    struct ledger *l;
    enum ledger_status status = ledger_open(path, &options, env, &l);

    if (status == LEDGER_OK)
        status = ledger_begin_write(l);
    if (status == LEDGER_OK)
        status = ledger_erasure_repeat(l, old, erased);
    if (status == LEDGER_OK)
        status = ledger_commit(l);
    if (status == LEDGER_OK)
        status = ledger_checkpoint(l, true);
    if (status != LEDGER_OK)
        heard(message, l, status);
    ledger_close(l);
    return status;
}

/* A ledger that cannot be read has no erasures to repeat: a restore is often for just that case. */
static enum ledger_status carry_erasures(const char *path, const char *beside,
                                         const struct ledger_env *env, int64_t *erased,
                                         char *message)
{
    const struct ledger_options options = {.holder = "restore", .any_version = true};
    struct ledger *old;
    enum ledger_status status = ledger_open(path, &options, env, &old);

    *erased = -1;
    if (status == LEDGER_OK && ledger_begin_read(old) == LEDGER_OK)
        status = repeat_erasures(beside, old, env, erased, message);
    else
        status = LEDGER_OK;
    ledger_close(old);
    return status;
}

/*
 * Let SQLite move what its log still holds into the file: a log must never meet another file. A
 * ledger too broken for that is `settled` no further.
 */
static enum ledger_status settle_log(const char *path, const struct ledger_env *env, bool *settled,
                                     char *message)
{
    const struct ledger_options options = {
        .write = true, .any_version = true, .wait_ms = LOCK_WAIT_MS, .holder = "restore"};
    struct ledger *l;
    enum ledger_status status = ledger_open(path, &options, env, &l);

    *settled = status == LEDGER_OK;
    if (status == LEDGER_LOCKED || status == LEDGER_NO_MEMORY)
        heard(message, l, status);
    else
        status = LEDGER_OK;
    ledger_close(l);
    return status;
}

/* All that can fail is done to a copy beside the target, which changes by one rename at the end. */
static enum ledger_status restore_beside(const char *from, const char *path, const char *beside,
                                         const struct ledger_env *env, int64_t *erased,
                                         struct ledger_verification *v, char *message)
{
    LEDGER_TRY(copy_file(from, beside, env, message));
    LEDGER_TRY(verify_file(beside, env, v, message));
    if (access(path, F_OK) == 0)
        LEDGER_TRY(carry_erasures(path, beside, env, erased, message));
    if (*erased > 0)
        LEDGER_TRY(verify_file(beside, env, v, message));
    return LEDGER_OK;
}

static enum ledger_status restore_locked(const char *from, const char *path,
                                         const struct ledger_env *env, int64_t *erased,
                                         struct ledger_verification *v, char *message)
{
    char beside[PATH_BYTES];

    if (snprintf(beside, sizeof beside, "%s.restoring", path) >= (int)sizeof beside - 10)
        return say(message, LEDGER_NO_SUCH_FILE, "that path is too long");
    unlink(beside);
    place_remove_log(beside);
    enum ledger_status status = restore_beside(from, path, beside, env, erased, v, message);
    place_remove_log(beside);
    place_remove_beside(beside, ".lock");
    if (status == LEDGER_OK)
        status = place_over(beside, path, message);
    if (status != LEDGER_OK)
        unlink(beside);
    return status;
}

static enum ledger_status take_lock(const char *path, int *fd, char *message)
{
    char who[200] = "";
    enum ledger_status status = lock_take(path, LOCK_WAIT_MS, "restore", fd, who, sizeof who);

    if (status == LEDGER_LOCKED)
        return say(message, status, "%s is being written by %s: stop that first", path, who);
    if (status != LEDGER_OK)
        return say(message, status, "%s cannot be written: %s", path, who);
    return LEDGER_OK;
}

static enum ledger_status check_log_is_empty(const char *path, char *message)
{
    char name[PATH_BYTES];
    struct stat st;
    bool fits = snprintf(name, sizeof name, "%s-wal", path) < (int)sizeof name;

    if (fits && stat(name, &st) == 0 && st.st_size > 0)
        return say(message, LEDGER_LOCKED, "%s is in use: stop what reads or writes it first",
                   path);
    return LEDGER_OK;
}

enum ledger_status ledger_restore(const char *from, const char *path, bool replace,
                                  const struct ledger_env *env, int64_t *erased,
                                  struct ledger_verification *v,
                                  char message[static LEDGER_MESSAGE_MAX])
{
    char real[PATH_MAX];
    bool there = realpath(path, real) != NULL;
    bool settled = false;
    int fd;

    if (there)
        path = real; /* a symlink stays what it is */
    message[0] = '\0';
    *erased = 0;
    *v = (struct ledger_verification){0};
    if (there && !replace)
        return say(message, LEDGER_EXISTS,
                   "%s is there already; it was left alone: say so if the backup is to replace it",
                   path);
    if (access(from, F_OK) != 0)
        return say(message, LEDGER_NO_SUCH_FILE, "%s does not exist", from);
    if (there)
        LEDGER_TRY(settle_log(path, env, &settled, message));
    LEDGER_TRY(take_lock(path, &fd, message));
    enum ledger_status status = LEDGER_OK;
    if (settled)
        status = check_log_is_empty(path, message);
    if (status == LEDGER_OK)
        status = restore_locked(from, path, env, erased, v, message);
    lock_drop(fd);
    return status;
}
