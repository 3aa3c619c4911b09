#include "disk.h"

#include "bytes.h"
#include "chance.h"

#include <assert.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 64
#define CHANGES_MAX 256
#define FILES_MAX 128
#define PATH_BYTES 300

/* One pending change of a file's bytes. */
struct change {
    struct change *next;
    int64_t order;
    bool is_truncation;
    int64_t at; /* for a truncation the new size */
    size_t size;
    unsigned char bytes[];
};

struct disk_file {
    unsigned char *certain;
    size_t size;
    struct change *first;
    struct change **end;
};

/* One pending change of names; either may be none. */
struct naming {
    int64_t order;
    struct disk_file *file;
    char made[PATH_BYTES];
    char gone[PATH_BYTES];
};

struct name {
    char path[PATH_BYTES]; /* "" for a free place */
    struct disk_file *file;
};

struct survivor {
    char path[PATH_BYTES];
    unsigned char *bytes;
    size_t size;
};

/* How the pending changes come out of it. */
struct fate {
    enum { NOTHING, EVERYTHING, IN_ORDER, SOME_WRITES, SOME_SECTORS, FATES } kind;
    int64_t last;      /* IN_ORDER: up to this one, which is torn */
    int64_t per_mille; /* of what survives */
    bool shuffled;
    bool junk; /* a lost sector may hold anything */
};

static struct {
    pthread_mutex_t lock;
    char folder[PATH_BYTES];
    struct disk_file *files[FILES_MAX];
    int file_count;
    struct name now[NAMES_MAX];
    struct name certain[NAMES_MAX];
    struct naming namings[CHANGES_MAX];
    int naming_count;
    int64_t order;
    int64_t events;
    int64_t cut_at;
    _Atomic bool dead;
    struct chance chance;
    struct fate fate;
    char words[120];
    struct survivor survivors[NAMES_MAX];
    int survivor_count;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER, .cut_at = DISK_NEVER};

static bool is_kept_aside(const char *path)
{
    size_t size = strlen(path);

    return (size > 5 && strcmp(path + size - 5, ".lock") == 0) ||
           (size > 4 && strcmp(path + size - 4, "-shm") == 0);
}

bool disk_has_folder_of(const char *path)
{
    size_t size = strlen(disk.folder);

    return size > 0 && strncmp(path, disk.folder, size) == 0 && path[size] == '/' &&
           !is_kept_aside(path);
}

static struct name *find(struct name *names, const char *path)
{
    for (int i = 0; i < NAMES_MAX; i++)
        if (names[i].path[0] != '\0' && strcmp(names[i].path, path) == 0)
            return &names[i];
    return NULL;
}

static void put_name(struct name *names, const char *path, struct disk_file *file)
{
    struct name *place = find(names, path);

    for (int i = 0; i < NAMES_MAX && !place; i++)
        if (names[i].path[0] == '\0')
            place = &names[i];
    assert(place);
    snprintf(place->path, sizeof place->path, "%s", path);
    place->file = file;
}

static void take_name(struct name *names, const char *path)
{
    struct name *place = find(names, path);

    if (place)
        place->path[0] = '\0';
}

static void apply_naming(struct name *names, const struct naming *n)
{
    if (n->gone[0] != '\0')
        take_name(names, n->gone);
    if (n->made[0] != '\0')
        put_name(names, n->made, n->file);
}

static struct disk_file *new_file(void)
{
    struct disk_file *f = calloc(1, sizeof *f);

    assert(f && disk.file_count < FILES_MAX);
    f->end = &f->first;
    disk.files[disk.file_count++] = f;
    return f;
}

static void forget(struct disk_file *f)
{
    while (f->first) {
        struct change *c = f->first;
        f->first = c->next;
        free(c);
    }
    f->end = &f->first;
}

static void clear(void)
{
    for (int i = 0; i < disk.file_count; i++) {
        forget(disk.files[i]);
        free(disk.files[i]->certain);
        free(disk.files[i]);
    }
    for (int i = 0; i < disk.survivor_count; i++)
        free(disk.survivors[i].bytes);
    disk.file_count = disk.naming_count = disk.survivor_count = 0;
    disk.order = disk.events = 0;
    disk.dead = false;
    disk.cut_at = DISK_NEVER;
    memset(disk.now, 0, sizeof disk.now);
    memset(disk.certain, 0, sizeof disk.certain);
}

void disk_unmount(void)
{
    pthread_mutex_lock(&disk.lock);
    clear();
    disk.folder[0] = '\0';
    pthread_mutex_unlock(&disk.lock);
}

static void each_file(const char *folder, void (*see)(const char *path))
{
    char path[2 * PATH_BYTES];
    struct dirent *entry;
    DIR *dir = opendir(folder);

    assert(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        see(path);
    }
    closedir(dir);
}

static void take_away(const char *path)
{
    unlink(path);
}

void disk_make_folder(char folder[static 64])
{
    snprintf(folder, 64, "/dev/shm/coledger-disk-XXXXXX");
    if (mkdtemp(folder))
        return;
    snprintf(folder, 64, "/tmp/coledger-disk-XXXXXX");
    if (!mkdtemp(folder))
        abort();
}

void disk_empty_folder(const char *folder)
{
    each_file(folder, take_away);
}

void disk_remove_folder(const char *folder)
{
    disk_empty_folder(folder);
    rmdir(folder);
}

static void take_stock(const char *path)
{
    if (is_kept_aside(path))
        return;
    struct disk_file *f = new_file();
    struct bytes b = bytes_read(path);

    f->certain = (unsigned char *)b.data;
    f->size = b.size;
    put_name(disk.now, path, f);
    put_name(disk.certain, path, f);
}

void disk_mount(const char *folder)
{
    pthread_mutex_lock(&disk.lock);
    clear();
    snprintf(disk.folder, sizeof disk.folder, "%s", folder);
    each_file(disk.folder, take_stock);
    pthread_mutex_unlock(&disk.lock);
}

void disk_cut_at(int64_t event, uint64_t seed)
{
    disk.events = 0;
    disk.cut_at = event;
    disk.chance.state = seed;
}

int64_t disk_events(void)
{
    return disk.events;
}

bool disk_is_dead(void)
{
    return disk.dead;
}

/* --- what survives -------------------------------------------------------------------------- */

/* The piece of a change that lies in one sector, or a whole truncation. */
struct piece {
    const struct change *change;
    size_t from; /* in its bytes */
    size_t size;
};

static void draw_fate(void)
{
    static const char *const names[] = {"nothing", "everything", "in order", "some writes",
                                        "some sectors"};
    struct fate *f = &disk.fate;

    f->kind = (int)chance_below(&disk.chance, FATES);
    f->last = disk.order - chance_below(&disk.chance, chance_one_in(&disk.chance, 2) ? 6 : 60);
    f->per_mille = 50 + chance_below(&disk.chance, 900);
    f->shuffled = f->kind == SOME_SECTORS && chance_one_in(&disk.chance, 2);
    f->junk = chance_one_in(&disk.chance, 3);
    snprintf(disk.words, sizeof disk.words, "%s, %lld/1000%s%s", names[f->kind],
             (long long)f->per_mille, f->shuffled ? ", out of order" : "", f->junk ? ", junk" : "");
}

static bool by_chance(void)
{
    return chance_below(&disk.chance, 1000) < disk.fate.per_mille;
}

/* Does the change survive as a whole? A torn one does by the sector. */
static bool survives(int64_t order, bool *torn)
{
    *torn =
        disk.fate.kind == SOME_SECTORS || (disk.fate.kind == IN_ORDER && order == disk.fate.last);
    switch (disk.fate.kind) {
    case NOTHING:
        return false;
    case EVERYTHING:
        return true;
    case IN_ORDER:
        return order <= disk.fate.last;
    case SOME_WRITES:
        return by_chance();
    case SOME_SECTORS:
    case FATES:
        break;
    }
    return true;
}

static size_t pieces_of(const struct change *c)
{
    return c->is_truncation ? 1 : c->size / DISK_SECTOR + 2;
}

/* Which of its pieces survive, added to `pieces`; a lost one may become junk. */
static size_t cut_up(const struct change *c, struct piece *pieces, bool *junk)
{
    bool torn;
    bool whole = survives(c->order, &torn);
    size_t n = 0;

    if (c->is_truncation) {
        pieces[0] = (struct piece){c, 0, 0};
        junk[0] = false;
        return whole && (!torn || by_chance());
    }
    for (size_t from = 0; from < c->size;) {
        size_t size = DISK_SECTOR - (size_t)(c->at + (int64_t)from) % DISK_SECTOR;
        if (size > c->size - from)
            size = c->size - from;
        bool kept = whole && (!torn || by_chance());
        junk[n] = !kept && disk.fate.junk && size == DISK_SECTOR && chance_one_in(&disk.chance, 8);
        if (kept || junk[n])
            pieces[n++] = (struct piece){c, from, size};
        from += size;
    }
    return n;
}

static void resize(struct survivor *s, size_t size)
{
    unsigned char *bytes = realloc(s->bytes, size + 1);

    assert(bytes);
    if (size > s->size)
        memset(bytes + s->size, 0, size - s->size);
    s->bytes = bytes;
    s->size = size;
}

static void lay(struct survivor *s, const struct piece *p, bool junk)
{
    const struct change *c = p->change;
    size_t at = (size_t)c->at + p->from;

    if (c->is_truncation) {
        if ((size_t)c->at < s->size)
            resize(s, (size_t)c->at);
        return;
    }
    if (at + p->size > s->size)
        resize(s, at + p->size);
    if (junk)
        chance_fill(&disk.chance, s->bytes + at, p->size);
    else
        memcpy(s->bytes + at, c->bytes + p->from, p->size);
}

static void shuffle(struct piece *pieces, bool *junk, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)chance_below(&disk.chance, (int64_t)i);
        struct piece p = pieces[i - 1];
        bool b = junk[i - 1];
        pieces[i - 1] = pieces[j];
        junk[i - 1] = junk[j];
        pieces[j] = p;
        junk[j] = b;
    }
}

static void save(struct survivor *s, const struct disk_file *f)
{
    size_t room = 1;
    size_t n = 0;

    for (const struct change *c = f->first; c; c = c->next)
        room += pieces_of(c);
    struct piece *pieces = calloc(room, sizeof *pieces);
    bool *junk = calloc(room, sizeof *junk);
    assert(pieces && junk);
    for (const struct change *c = f->first; c; c = c->next)
        n += cut_up(c, pieces + n, junk + n);
    if (disk.fate.shuffled)
        shuffle(pieces, junk, n);
    resize(s, f->size);
    if (f->size > 0)
        memcpy(s->bytes, f->certain, f->size);
    for (size_t i = 0; i < n; i++)
        lay(s, &pieces[i], junk[i]);
    free(pieces);
    free(junk);
}

static void die(void)
{
    bool torn;

    draw_fate();
    disk.dead = true;
    for (int i = 0; i < disk.naming_count; i++)
        if (survives(disk.namings[i].order, &torn) && (!torn || by_chance()))
            apply_naming(disk.certain, &disk.namings[i]);
    for (int i = 0; i < NAMES_MAX; i++) {
        if (disk.certain[i].path[0] == '\0')
            continue;
        struct survivor *s = &disk.survivors[disk.survivor_count++];
        *s = (struct survivor){0};
        memcpy(s->path, disk.certain[i].path, sizeof s->path);
        save(s, disk.certain[i].file);
    }
}

const char *disk_fate(void)
{
    return disk.words;
}

void disk_restart(void)
{
    char folder[PATH_BYTES];

    assert(disk.dead);
    each_file(disk.folder, take_away);
    for (int i = 0; i < disk.survivor_count; i++)
        bytes_write(disk.survivors[i].path, (const char *)disk.survivors[i].bytes,
                    disk.survivors[i].size);
    snprintf(folder, sizeof folder, "%s", disk.folder);
    disk_mount(folder);
}

/* --- events -------------------------------------------------------------------------------------- */

/* Before the lock is left: the event happened, or the power goes in the middle of it. */
static bool happen(void)
{
    if (!disk.dead && ++disk.events == disk.cut_at)
        die();
    return !disk.dead;
}

static void note_naming(const char *made, struct disk_file *file, const char *gone)
{
    struct naming *n = &disk.namings[disk.naming_count++];

    assert(disk.naming_count < CHANGES_MAX);
    *n = (struct naming){.order = ++disk.order, .file = file};
    snprintf(n->made, sizeof n->made, "%s", made);
    snprintf(n->gone, sizeof n->gone, "%s", gone);
    apply_naming(disk.now, n);
}

struct disk_file *disk_open(const char *path, bool create)
{
    struct disk_file *f = NULL;

    pthread_mutex_lock(&disk.lock);
    if (disk_has_folder_of(path) && !disk.dead) {
        struct name *name = find(disk.now, path);
        f = name ? name->file : NULL;
        if (!f && create) {
            f = new_file();
            note_naming(path, f, "");
            if (!happen())
                f = NULL;
        }
    }
    pthread_mutex_unlock(&disk.lock);
    return f;
}

static bool note(struct disk_file *f, const struct change *what, const void *bytes)
{
    bool alive;

    if (!f)
        return true;
    pthread_mutex_lock(&disk.lock);
    if (!disk.dead) {
        struct change *c = malloc(sizeof *c + what->size);
        assert(c);
        *c = *what;
        c->order = ++disk.order;
        if (what->size > 0)
            memcpy(c->bytes, bytes, what->size);
        *f->end = c;
        f->end = &c->next;
    }
    alive = happen();
    pthread_mutex_unlock(&disk.lock);
    return alive;
}

bool disk_write(struct disk_file *f, int64_t at, const void *bytes, size_t size)
{
    return note(f, &(struct change){.at = at, .size = size}, bytes);
}

bool disk_truncate(struct disk_file *f, int64_t size)
{
    return note(f, &(struct change){.at = size, .is_truncation = true}, NULL);
}

static void make_certain(struct disk_file *f)
{
    struct survivor s = {.bytes = f->certain, .size = f->size};

    for (const struct change *c = f->first; c; c = c->next)
        lay(&s, &(struct piece){c, 0, c->size}, false);
    forget(f);
    f->certain = s.bytes;
    f->size = s.size;
}

bool disk_sync(struct disk_file *f)
{
    bool alive;

    if (!f)
        return true;
    pthread_mutex_lock(&disk.lock);
    alive = happen();
    if (alive)
        make_certain(f);
    pthread_mutex_unlock(&disk.lock);
    return alive;
}

void disk_sync_failed(struct disk_file *f)
{
    if (!f)
        return;
    pthread_mutex_lock(&disk.lock);
    draw_fate();
    struct survivor s = {0};
    save(&s, f);
    forget(f);
    free(f->certain);
    f->certain = s.bytes;
    f->size = s.size;
    pthread_mutex_unlock(&disk.lock);
}

/* Written over in place, since others have the file open. */
static void put_back(const char *path, const struct survivor *s)
{
    FILE *file = fopen(path, "r+b");

    assert(file && fwrite(s->bytes, 1, s->size, file) == s->size);
    assert(fflush(file) == 0 && ftruncate(fileno(file), (off_t)s->size) == 0);
    fclose(file);
}

void disk_forget_cache(const char *path)
{
    pthread_mutex_lock(&disk.lock);
    struct name *name = disk_has_folder_of(path) && !disk.dead ? find(disk.now, path) : NULL;
    if (name) {
        struct survivor s = {0};
        resize(&s, name->file->size);
        if (s.size > 0)
            memcpy(s.bytes, name->file->certain, s.size);
        for (const struct change *c = name->file->first; c; c = c->next)
            lay(&s, &(struct piece){c, 0, c->size}, false);
        put_back(path, &s);
        free(s.bytes);
    }
    pthread_mutex_unlock(&disk.lock);
}

bool disk_sync_folder(void)
{
    bool alive;

    pthread_mutex_lock(&disk.lock);
    alive = happen();
    if (alive) {
        for (int i = 0; i < disk.naming_count; i++)
            apply_naming(disk.certain, &disk.namings[i]);
        disk.naming_count = 0;
    }
    pthread_mutex_unlock(&disk.lock);
    return alive;
}

bool disk_remove(const char *path)
{
    bool alive = true;

    pthread_mutex_lock(&disk.lock);
    if (disk_has_folder_of(path) && (disk.dead || find(disk.now, path))) {
        if (!disk.dead)
            note_naming("", NULL, path);
        alive = happen();
    }
    pthread_mutex_unlock(&disk.lock);
    return alive;
}

bool disk_rename(const char *from, const char *to, bool both)
{
    bool alive = true;

    pthread_mutex_lock(&disk.lock);
    struct name *name = disk_has_folder_of(from) ? find(disk.now, from) : NULL;
    if (name && !disk.dead)
        note_naming(to, name->file, both ? "" : from);
    if (name || disk.dead)
        alive = happen();
    pthread_mutex_unlock(&disk.lock);
    return alive;
}
