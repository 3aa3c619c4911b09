#include "handle.h"
#include "store/lock.h"
#include "store/place.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_WAIT_MS 5000

static enum ledger_status insert_node(struct ledger *l)
{
    LEDGER_TRY(ledger_begin_write(l));
    enum ledger_status status =
        ledger_exec(l,
                    "INSERT INTO node (id, name, zone, created_at_us, handle_salt) "
                    "VALUES (1, $1, $2, $3, $4)",
                    STORE_ARGS(store_text(l->name), store_text(l->zone_name),
                               store_int(l->created_at_us), store_blob(l->handle_salt, 32)));
    if (status == LEDGER_OK)
        status = ledger_commit(l);
    else
        ledger_rollback(l);
    return status;
}

static enum ledger_status open_store(struct ledger *l, const char *path, enum store_mode mode)
{
    const struct store_options options = {.mode = mode, .wait_ms = LOCK_WAIT_MS, .holder = "init"};
    enum ledger_status status = store_open(path, &options, &l->store);

    l->writing = true;
    return status == LEDGER_OK || !l->store ? status : ledger_store_status(l, status);
}

static enum ledger_status make(struct ledger *l, const char *path)
{
    LEDGER_TRY(open_store(l, path, STORE_CREATE));
    LEDGER_TRY(insert_node(l));
    return ledger_checkpoint(l, true);
}

static void remove_files(const char *path)
{
    static const char *const suffixes[] = {"", "-journal", ".lock"};
    char name[PATH_MAX];

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (snprintf(name, sizeof name, "%s%s", path, suffixes[i]) < (int)sizeof name)
            unlink(name);
    place_remove_log(path);
}

/* A crash in the middle leaves nothing under the ledger's name, and no other that is in the way. */
static enum ledger_status make_beside(struct ledger *l, const char *path)
{
    char beside[PATH_MAX];

    if (snprintf(beside, sizeof beside, "%s.making", path) >= (int)sizeof beside - 10)
        return ledger_refuse(l, LEDGER_NO_SUCH_FILE, "that path is too long");
    remove_files(beside);
    enum ledger_status status = make(l, beside);
    store_close(l->store);
    l->store = NULL;
    if (status == LEDGER_OK)
        status = place_new(beside, path, l->message);
    remove_files(beside);
    return status;
}

static enum ledger_status make_file(struct ledger *l, const char *path)
{
    struct stat st;
    char who[200];
    int fd;

    if (lstat(path, &st) == 0)
        return ledger_refuse(l, LEDGER_EXISTS, "%s is there already; it was left alone", path);
    enum ledger_status status = lock_take(path, 0, "init", &fd, who, sizeof who);
    if (status == LEDGER_LOCKED)
        return ledger_refuse(l, status, "%s is being written by %s: wait for it", path, who);
    if (status != LEDGER_OK)
        return ledger_refuse(l, status, "%s cannot be written: %s", path, who);
    status = make_beside(l, path);
    lock_drop(fd);
    return status == LEDGER_OK ? open_store(l, path, STORE_WRITE) : status;
}

static enum ledger_status check(struct ledger *l, const char *name, const char *zone)
{
    LEDGER_TRY(ledger_check_text(l, "name", name, LEDGER_NAME_MAX));
    if (name[0] == '\0')
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "name", "a ledger needs a name");
    enum ledger_status status = ledger_zone_open(zone, &l->zone);
    if (status == LEDGER_ZONE_UNKNOWN)
        return ledger_refuse_field(l, LEDGER_ZONE_UNKNOWN, "zone",
                                   "no time zone has that name: take one such as "
                                   "Europe/London, or UTC");
    return status;
}

enum ledger_status ledger_create(const char *path, const char *name, const char *zone,
                                 const struct ledger_env *env, struct ledger **out)
{
    LEDGER_TRY(ledger_new(env, out));
    struct ledger *l = *out;
    LEDGER_TRY(check(l, name, zone));
    snprintf(l->name, sizeof l->name, "%s", name);
    snprintf(l->zone_name, sizeof l->zone_name, "%s", zone);
    l->created_at_us = ledger_now_us(l);
    ledger_random(l, l->handle_salt, sizeof l->handle_salt);
    return strcmp(path, ":memory:") == 0 ? make(l, path) : make_file(l, path);
}
