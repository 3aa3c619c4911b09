/*
 * The power goes at each moment of init, backup, restore and migrate: afterwards there is the old or the
 * new, and it is sound.
 *
 * COLEDGER_POWER_FATES says in how many ways each moment is survived. Without it each is survived in
 * one, and of the moments of a step, which are more with every table, MOMENTS are taken, the last ones among them.
 */
#include "support/bytes.h"
#include "support/disk.h"
#include "support/shim.h"
#include "support/tale.h"

#include "ledger/backup.h"
#include "ledger/migrate.h"
#include "ledger/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOMENTS 80
#define LAST 10
#define GROUPS 6
#define OLDER_FILE                                                                                 \
    "PRAGMA page_size = 2048; PRAGMA journal_mode = WAL; PRAGMA application_id = 0x434F4C47"

static char folder[64];
static char path[200];
static char copy[200];
static struct bytes young;  /* a ledger that has just begun */
static struct bytes old;    /* that ledger some groups later, as a crash leaves it */
static struct bytes log_of; /* with what its log held */
static unsigned char begun[TALE_DIGEST];
static unsigned char moved_on[TALE_DIGEST];
static unsigned char restored[TALE_DIGEST];
static struct tale tale = {.log_pages = 1000000};

struct step {
    const char *name;
    void (*prepare)(void);
    enum ledger_status (*act)(void);
    void (*look)(bool done, const char *what);
};

static bool is_there(const char *file)
{
    return access(file, F_OK) == 0;
}

static void digest_of(const char *file, const char *what, unsigned char digest[TALE_DIGEST])
{
    struct tale t = {0};

    tale_must_be_sound(file, what);
    snprintf(t.path, sizeof t.path, "%s", file);
    if (tale_open(&t) != LEDGER_OK || !tale_digest(&t, digest))
        fail_msg("%s: %s", what, t.l ? ledger_message(t.l) : "cannot be opened");
    tale_close(&t);
}

static void must_hold(const char *file, const unsigned char *one, const unsigned char *other,
                      const char *what)
{
    unsigned char digest[TALE_DIGEST];

    digest_of(file, what, digest);
    if (memcmp(digest, one, TALE_DIGEST) != 0 && memcmp(digest, other, TALE_DIGEST) != 0)
        fail_msg("%s: %s is neither the old nor the new", what, file);
}

static void put_log(void)
{
    char name[240];

    snprintf(name, sizeof name, "%s-wal", path);
    bytes_write(name, log_of.data, log_of.size);
}

/* --- init --------------------------------------------------------------------------------------- */

static void prepare_nothing(void)
{
}

static enum ledger_status init(void)
{
    struct ledger_env env = test_env(&tale.clock);
    struct ledger *l;
    enum ledger_status st = ledger_create(path, "Test", "Europe/London", &env, &l);

    ledger_close(l);
    return st;
}

static void look_at_init(bool done, const char *what)
{
    if (is_there(path)) {
        tale_must_be_sound(path, what);
        return;
    }
    if (done)
        fail_msg("%s: the ledger is not there", what);
    if (init() != LEDGER_OK)
        fail_msg("%s: it cannot be made again", what);
    tale_must_be_sound(path, what);
}

/* --- backup ------------------------------------------------------------------------------------- */

static void prepare_log(void)
{
    bytes_write(path, old.data, old.size);
    put_log();
}

static enum ledger_status backup(void)
{
    struct ledger_env env = test_env(&tale.clock);
    struct ledger_verification v;
    char message[LEDGER_MESSAGE_MAX];

    return ledger_backup(path, copy, &env, &v, message);
}

static void look_at_backup(bool done, const char *what)
{
    must_hold(path, moved_on, moved_on, what);
    if (is_there(copy))
        must_hold(copy, moved_on, moved_on, what);
    else if (done)
        fail_msg("%s: the copy is not there", what);
}

/* --- restore ------------------------------------------------------------------------------------ */

static void prepare_restore(void)
{
    prepare_log();
    bytes_write(copy, young.data, young.size);
}

static void prepare_broken(void)
{
    prepare_restore();
    bytes_write(path, "Dear Ana", 8);
}

static enum ledger_status restore(void)
{
    struct ledger_env env = test_env(&tale.clock);
    struct ledger_verification v;
    char message[LEDGER_MESSAGE_MAX];
    int64_t erased;

    return ledger_restore(copy, path, true, &env, &erased, &v, message);
}

static void look_at_restore(bool done, const char *what)
{
    must_hold(copy, begun, begun, what);
    must_hold(path, restored, done ? restored : moved_on, what);
}

static void look_at_broken(bool done, const char *what)
{
    if (!done && bytes_are(path, &(struct bytes){(char[]){"Dear Ana"}, 8}))
        return;
    must_hold(path, begun, begun, what);
}

/* --- migrate ------------------------------------------------------------------------------------ */

static void prepare_older(void)
{
    bytes_write(path, "", 0);
    assert_null(region_raw(path, OLDER_FILE));
}

static enum ledger_status migrate(void)
{
    struct ledger_migration m;

    return ledger_migrate(path, 0, &m);
}

static void look_at_migrate(bool done, const char *what)
{
    const struct store_options options = {.any_version = true};
    char path_of_copy[240];
    struct store *s;

    snprintf(path_of_copy, sizeof path_of_copy, "%s.schema-0", path);
    if (store_open(path, &options, &s) != LEDGER_OK)
        fail_msg("%s: %s", what, store_message(s));
    int version = store_file_version(s);
    char problem[STORE_MESSAGE];
    if (version == store_schema_version() && store_check(s, problem) != LEDGER_OK)
        fail_msg("%s: %s", what, problem);
    if (version != store_schema_version() && (version != 0 || done))
        fail_msg("%s: the schema is %d", what, version);
    if (version != 0 && !is_there(path_of_copy))
        fail_msg("%s: no copy was kept", what);
    store_close(s);
}

static const struct step steps[] = {
    {"init", prepare_nothing, init, look_at_init},
    {"backup", prepare_log, backup, look_at_backup},
    {"restore", prepare_restore, restore, look_at_restore},
    {"restore over a broken file", prepare_broken, restore, look_at_broken},
    {"migrate", prepare_older, migrate, look_at_migrate},
};

/* The power goes at `event`; true when it did. */
static bool cut(const struct step *step, int64_t event, uint64_t seed)
{
    char what[200];

    shim_use(false);
    disk_empty_folder(folder);
    step->prepare();
    shim_use(true);
    disk_mount(folder);
    disk_cut_at(event, seed * 1000003 + (uint64_t)event);
    bool done = step->act() == LEDGER_OK;
    bool dead = disk_is_dead();
    if (dead)
        disk_restart();
    disk_unmount();
    shim_use(false);
    snprintf(what, sizeof what, "%s, event %lld, fate %d (%s)", step->name, (long long)event,
             (int)seed, disk_fate());
    if (!dead && !done)
        fail_msg("%s: failed without a cut", what);
    step->look(done, what);
    return dead;
}

/* How many moments there are. */
static int64_t moments(const struct step *step)
{
    disk_empty_folder(folder);
    step->prepare();
    shim_use(true);
    disk_mount(folder);
    disk_cut_at(DISK_NEVER, 1);
    assert_int_equal(step->act(), LEDGER_OK);
    int64_t count = disk_events();
    disk_unmount();
    shim_use(false);
    return count;
}

static void each_moment(const struct step *step)
{
    const char *text = getenv("COLEDGER_POWER_FATES");
    uint64_t fates = text ? strtoull(text, NULL, 10) : 1;
    int64_t count = moments(step);
    int64_t by = text || count < MOMENTS ? 1 : count / MOMENTS;
    int tried = 0;

    for (int64_t event = 1; event <= count; event += event < count - LAST ? by : 1, tried++)
        for (uint64_t seed = 1; seed <= fates; seed++)
            assert_true(cut(step, event, seed));
    assert_false(cut(step, count + 1, 1));
    print_message("%s: %d of %lld moments\n", step->name, tried, (long long)count);
}

static void old_or_new(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        each_moment(&steps[i]);
}

static void move_on(void)
{
    char name[240];

    snprintf(name, sizeof name, "%s-wal", path);
    snprintf(tale.path, sizeof tale.path, "%s", path);
    OK(&(struct region){0}, tale_open(&tale));
    for (int g = 0; g < GROUPS; g++)
        OK(&(struct region){0}, tale_group(&tale, g));
    assert_true(tale_digest(&tale, moved_on));
    old = bytes_read(path);
    log_of = bytes_read(name);
    assert_true(log_of.size > 0);
    tale_close(&tale);
}

static int set_up(void **state)
{
    (void)state;
    disk_make_folder(folder);
    snprintf(path, sizeof path, "%s/ledger.db", folder);
    snprintf(copy, sizeof copy, "%s/copy.db", folder);
    shim_install();
    tale_make(path);
    young = bytes_read(path);
    digest_of(path, "begun", begun);
    move_on();
    prepare_restore();
    OK(&(struct region){0}, restore());
    digest_of(path, "restored", restored);
    return 0;
}

static int clear_up(void **state)
{
    (void)state;
    disk_remove_folder(folder);
    bytes_free(&young);
    bytes_free(&old);
    bytes_free(&log_of);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_or_new),
    };

    return cmocka_run_group_tests(tests, set_up, clear_up);
}
