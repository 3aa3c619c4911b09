#include "keep.h"

#include "keep_list.h"
#include "ledger/backup.h"
#include "ledger/date.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define UNFINISHED ".new"

/* One run. */
struct work {
    const struct keep *k;
    struct keep_result *r;
    int dir;
    int32_t today;
    char stem[KEEP_NAME_MAX];
    char ledger[LEDGER_NAME_MAX + LEDGER_TIME_TEXT + 40]; /* the list's first line */
};

static enum ledger_status say(struct work *w, enum ledger_status s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum ledger_status say(struct work *w, enum ledger_status s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(w->r->message, sizeof w->r->message, format, args);
    va_end(args);
    return s;
}

const char *keep_fate_name(enum keep_fate fate)
{
    static const char *const names[] = {"removed",           "daily",   "monthly",
                                        "daily and monthly", "damaged", "gone"};

    return names[fate];
}

/* A restored ledger has the same, another one of the same name has not. */
static enum ledger_status know_ledger(struct work *w)
{
    const struct ledger_options options = {.holder = "backup"};
    char since[LEDGER_TIME_TEXT];
    struct ledger *l;
    enum ledger_status st = ledger_open(w->k->path, &options, w->k->env, &l);

    if (st == LEDGER_OK) {
        w->today = ledger_today(l);
        snprintf(w->ledger, sizeof w->ledger, "# backups of \"%s\", a ledger since %s",
                 ledger_name(l), ledger_time_format(ledger_created_at_us(l), since));
    } else {
        say(w, st, "%s", l ? ledger_message(l) : "");
    }
    ledger_close(l);
    return st;
}

static enum ledger_status open_folder(struct work *w)
{
    w->dir = open(w->k->into, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w->dir < 0)
        return say(w, errno == ENOENT || errno == ENOTDIR ? LEDGER_NO_SUCH_FILE : LEDGER_READ_ONLY,
                   "%s: %s", w->k->into,
                   errno == EACCES ? strerror(errno) : "there is no such folder");
    if (flock(w->dir, LOCK_EX | LOCK_NB) != 0)
        return say(w, LEDGER_LOCKED, "%s: another backup is being made there", w->k->into);
    return LEDGER_OK;
}

static struct keep_file *listed(struct work *w, const char *name)
{
    for (int i = 0; i < w->r->count; i++)
        if (strcmp(w->r->files[i].name, name) == 0)
            return &w->r->files[i];
    return NULL;
}

/*
 * A run that ended half way left its work under another name. It goes on to its place when the list
 * has it already, and away when not.
 */
static void finish(struct work *w, const char *name, const char *rest)
{
    char wanted[KEEP_NAME_MAX];
    char sum[KEEP_SUM_TEXT];
    const struct keep_file *f;

    snprintf(wanted, sizeof wanted, "%.*s", (int)(rest - name), name);
    f = listed(w, wanted);
    if (f && strcmp(rest, UNFINISHED) == 0 && keep_sum(w->dir, name, sum) == 0 &&
        strcmp(sum, f->sum) == 0)
        renameat(w->dir, name, w->dir, wanted);
    else
        unlinkat(w->dir, name, 0);
}

static enum ledger_status clear_unfinished(struct work *w)
{
    int fd = openat(w->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    const char *rest;
    int32_t day;

    if (!folder) {
        if (fd >= 0)
            close(fd);
        return say(w, LEDGER_READ_ONLY, "%s: %s", w->k->into, strerror(errno));
    }
    while ((entry = readdir(folder)))
        if (keep_is_named(entry->d_name, w->stem, &day, &rest) &&
            strncmp(rest, UNFINISHED, strlen(UNFINISHED)) == 0)
            finish(w, entry->d_name, rest);
    closedir(folder);
    return LEDGER_OK;
}

static int64_t size_of(const char *path, const char *suffix)
{
    char name[PATH_BYTES];
    struct stat st;

    snprintf(name, sizeof name, "%s%s", path, suffix);
    return stat(name, &st) == 0 ? st.st_size : 0;
}

static enum ledger_status check_room(struct work *w)
{
    int64_t needed = size_of(w->k->path, "") + size_of(w->k->path, "-wal") + KEEP_ROOM_LEFT;
    struct statvfs disk;
    int64_t free_bytes;

    if (fstatvfs(w->dir, &disk) != 0)
        return LEDGER_OK;
    free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    if (free_bytes >= needed)
        return LEDGER_OK;
    return say(w, LEDGER_STORE_FULL,
               "%s has %lld MiB free and a backup needs %lld: make room there, or keep fewer",
               w->k->into, (long long)(free_bytes >> 20), (long long)(needed >> 20) + 1);
}

static enum ledger_status make(struct work *w, char unfinished[static KEEP_NAME_MAX])
{
    char date[LEDGER_DATE_TEXT];
    char path[PATH_BYTES];

    ledger_date_format(w->today, date);
    if (snprintf(w->r->name, sizeof w->r->name, "%s-%s.db", w->stem, date) >=
            KEEP_NAME_MAX - (int)sizeof UNFINISHED ||
        snprintf(path, sizeof path, "%s/%s" UNFINISHED, w->k->into, w->r->name) >=
            PATH_BYTES - KEEP_NAME_MAX)
        return say(w, LEDGER_NO_SUCH_FILE, "%s: that path is too long", w->k->into);
    snprintf(unfinished, KEEP_NAME_MAX, "%s", strrchr(path, '/') + 1);
    if (!listed(w, w->r->name) && faccessat(w->dir, w->r->name, F_OK, 0) == 0)
        return say(w, LEDGER_EXISTS, "%s/%s is there and not listed: move it away", w->k->into,
                   w->r->name);
    if (!listed(w, w->r->name) && w->r->count == KEEP_FILES_MAX)
        return say(w, LEDGER_STORE_FULL, "%s holds more backups than can be kept", w->k->into);
    return ledger_backup(w->k->path, path, w->k->env, &w->r->v, w->r->message);
}

/* In its place in the order of days. */
static struct keep_file *enlist(struct work *w)
{
    struct keep_file *f = listed(w, w->r->name);
    struct keep_file fresh = {.day = w->today, .fate = KEEP_DAILY};
    int at = w->r->count;

    if (f)
        return f;
    snprintf(fresh.name, sizeof fresh.name, "%s", w->r->name);
    while (at > 0 && w->r->files[at - 1].day > w->today)
        at--;
    f = &w->r->files[at];
    memmove(f + 1, f, (size_t)(w->r->count - at) * sizeof *f);
    w->r->count++;
    *f = fresh;
    return f;
}

/* The list first: a run that ends here is finished by the next one. */
static enum ledger_status put_in_place(struct work *w, const char *unfinished)
{
    struct keep_file *f = enlist(w);
    int error = keep_sum(w->dir, unfinished, f->sum);

    if (error)
        return say(w, LEDGER_STORE_BROKEN, "%s: %s", unfinished, strerror(error));
    LEDGER_TRY(keep_list_write(w->dir, w->stem, w->ledger, w->r));
    if (renameat(w->dir, unfinished, w->dir, f->name) != 0 || fsync(w->dir) != 0)
        return say(w, LEDGER_STORE_BROKEN, "%s: %s", f->name, strerror(errno));
    return LEDGER_OK;
}

/* A disk may lose what nobody reads: look while there is another. */
static int compare_sums(struct work *w)
{
    char sum[KEEP_SUM_TEXT];
    int damaged = 0;

    for (int i = 0; i < w->r->count; i++) {
        struct keep_file *f = &w->r->files[i];
        int error = keep_sum(w->dir, f->name, sum);

        f->fate = error == ENOENT                     ? KEEP_GONE
                  : error || strcmp(sum, f->sum) != 0 ? KEEP_DAMAGED
                                                      : KEEP_DAILY;
        if (f->fate == KEEP_DAMAGED && damaged++ == 0)
            say(w, LEDGER_INTEGRITY,
                "%s/%s is not what was written: keep it from use, and look at that disk",
                w->k->into, f->name);
    }
    return damaged;
}

static bool is_sound(const struct keep_file *f)
{
    return f->fate < KEEP_DAMAGED;
}

static int month_of(const struct keep_file *f)
{
    int year;
    int month;
    int day;

    ledger_date_to_civil(f->day, &year, &month, &day);
    return year * 12 + month;
}

static const struct keep_file *sound_before(const struct keep_file *files,
                                            const struct keep_file *f)
{
    while (f-- > files)
        if (is_sound(f))
            return f;
    return NULL;
}

void keep_decide(struct keep_file *files, int count, int daily, int monthly)
{
    int days = 0;
    int months = 0;

    for (struct keep_file *f = files + count; f-- > files;) {
        const struct keep_file *before = sound_before(files, f);

        if (!is_sound(f))
            continue;
        f->fate = days++ < daily ? KEEP_DAILY : KEEP_REMOVED;
        if ((!before || month_of(before) != month_of(f)) && months++ < monthly)
            f->fate = f->fate == KEEP_DAILY ? KEEP_BOTH : KEEP_MONTHLY;
    }
}

static enum ledger_status prune(struct work *w)
{
    struct keep_result *r = w->r;
    int damaged = compare_sums(w);

    keep_decide(r->files, r->count, w->k->daily, w->k->monthly);
    for (int i = 0; i < r->count; i++) {
        struct keep_file *f = &r->files[i];

        /* With a clock that went back the newest day is not today's; what was made now stays. */
        if (f->fate == KEEP_REMOVED && strcmp(f->name, r->name) == 0)
            f->fate = KEEP_DAILY;
        if (f->fate == KEEP_REMOVED && unlinkat(w->dir, f->name, 0) != 0)
            return say(w, LEDGER_READ_ONLY, "%s/%s: %s", w->k->into, f->name, strerror(errno));
    }
    LEDGER_TRY(keep_list_write(w->dir, w->stem, w->ledger, r));
    return damaged ? LEDGER_INTEGRITY : LEDGER_OK;
}

static enum ledger_status run(struct work *w)
{
    char unfinished[KEEP_NAME_MAX];

    LEDGER_TRY(know_ledger(w));
    LEDGER_TRY(open_folder(w));
    LEDGER_TRY(keep_list_read(w->dir, w->stem, w->ledger, w->r));
    LEDGER_TRY(clear_unfinished(w));
    LEDGER_TRY(check_room(w));
    LEDGER_TRY(make(w, unfinished));
    LEDGER_TRY(put_in_place(w, unfinished));
    return prune(w);
}

enum ledger_status keep_backup(const struct keep *k, struct keep_result *r)
{
    struct work w = {.k = k, .r = r, .dir = -1};
    enum ledger_status st;

    r->message[0] = r->name[0] = '\0';
    r->count = 0;
    keep_stem(k->path, w.stem);
    st = run(&w);
    if (w.dir >= 0)
        close(w.dir);
    return st;
}
