/*
 * The power goes at a random moment of a random story: what was answered is there once, what was
 * not is there whole or not at all, and the file is sound.
 *
 * COLEDGER_POWER_SEEDS says how many stories, COLEDGER_POWER_SEED which one comes first.
 */
#include "support/bytes.h"
#include "support/chance.h"
#include "support/disk.h"
#include "support/faults.h"
#include "support/shim.h"
#include "support/tale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SEEDS 200
#define TALES 12 /* different ones; a seed tells one of them */
#define LIVES 3

struct known {
    unsigned char digests[TALE_GROUPS + 1][TALE_DIGEST]; /* after so many groups */
    int64_t events;
};

static char folder[64];
static struct bytes first; /* the ledger that every story begins with */
static struct known tales[TALES];
static int64_t lives_lived;
static int64_t in_flight_kept;
static int64_t in_flight_lost;

struct run {
    uint64_t seed;
    struct chance chance;
    const struct known *known;
    struct tale t;
    struct ledger *reader;
    int done;       /* groups that were answered */
    bool in_flight; /* one more was asked */
};

static int64_t setting(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);

    return text && text[0] ? strtoll(text, NULL, 10) : otherwise;
}

static void begin(struct run *run, uint64_t seed)
{
    *run = (struct run){.seed = seed, .chance = {seed}, .known = &tales[seed % TALES]};
    run->t.seed = seed % TALES;
    run->t.log_pages = 60;
    snprintf(run->t.path, sizeof run->t.path, "%s/ledger.db", folder);
    disk_empty_folder(folder);
    bytes_write(run->t.path, first.data, first.size);
    disk_mount(folder);
}

static void learn(uint64_t seed)
{
    struct known *k = &tales[seed];
    struct run run;

    begin(&run, seed);
    assert_int_equal(tale_open(&run.t), LEDGER_OK);
    assert_true(tale_digest(&run.t, k->digests[0]));
    for (int g = 0; g < TALE_GROUPS; g++) {
        enum ledger_status st = tale_group(&run.t, g);
        if (st != LEDGER_OK)
            fail_msg("tale %d, group %d: %s", (int)seed, g, ledger_message(run.t.l));
        assert_true(tale_digest(&run.t, k->digests[g + 1]));
    }
    tale_close(&run.t);
    k->events = disk_events();
    disk_unmount();
}

static void wrong(const struct run *run, const char *what)
{
    fail_msg(
        "%s\n  seed %llu (COLEDGER_POWER_SEED=%llu COLEDGER_POWER_SEEDS=1): tale %d, %d groups "
        "answered, survived: %s",
        what, (unsigned long long)run->seed, (unsigned long long)run->seed, (int)run->t.seed,
        run->done, disk_fate());
}

/* All that was answered, and of what was asked last all or nothing. */
static void compare(struct run *run)
{
    unsigned char digest[TALE_DIGEST];

    if (!tale_digest(&run->t, digest)) {
        if (!disk_is_dead())
            wrong(run, "the rows cannot be read");
        return;
    }
    bool old = memcmp(digest, run->known->digests[run->done], TALE_DIGEST) == 0;
    bool new =
        run->in_flight &&memcmp(digest, run->known->digests[run->done + 1], TALE_DIGEST) == 0;
    if (!old && !new)
        wrong(run, "the rows are not those that were answered");
    if (run->in_flight)
        *(new ? &in_flight_kept : &in_flight_lost) += 1;
    run->done += new;
    run->in_flight = false;
}

/* A reader keeps the log from being begun anew. */
static void turn_reader(struct run *run)
{
    const struct ledger_options options = {.holder = "test"};
    struct ledger_env env = test_env(&run->t.clock);

    if (!chance_one_in(&run->chance, 8))
        return;
    if (!run->reader && ledger_open(run->t.path, &options, &env, &run->reader) == LEDGER_OK &&
        ledger_begin_read(run->reader) == LEDGER_OK)
        return;
    ledger_close(run->reader);
    run->reader = NULL;
}

static void tell(struct run *run)
{
    run->t.broken = false;
    while (run->done < TALE_GROUPS && !disk_is_dead() && !run->t.broken) {
        turn_reader(run);
        run->in_flight = true;
        if (tale_group(&run->t, run->done) == LEDGER_OK) {
            run->done++;
            run->in_flight = false;
        } else if (fault_happened()) {
            return;
        } else if (!disk_is_dead()) {
            wrong(run, ledger_message(run->t.l));
        }
    }
}

/* Until the power goes or the story ends. */
static void live(struct run *run)
{
    int64_t left = run->known->events * (TALE_GROUPS - run->done) / TALE_GROUPS;

    if (chance_one_in(&run->chance, 4))
        left = 25;
    disk_cut_at(1 + chance_below(&run->chance, left + 10), chance_next(&run->chance));
    lives_lived++;
    if (tale_open(&run->t) == LEDGER_OK) {
        compare(run);
        tell(run);
    } else if (!disk_is_dead()) {
        wrong(run, run->t.l ? ledger_message(run->t.l) : "cannot be opened");
    }
    ledger_close(run->reader);
    run->reader = NULL;
    tale_close(&run->t);
    if (disk_is_dead())
        disk_restart();
}

static void look_at_the_end(struct run *run)
{
    char what[80];

    snprintf(what, sizeof what, "seed %llu", (unsigned long long)run->seed);
    shim_use(false);
    disk_unmount();
    if (tale_open(&run->t) != LEDGER_OK)
        wrong(run, run->t.l ? ledger_message(run->t.l) : "cannot be opened");
    compare(run);
    tale_close(&run->t);
    tale_must_be_sound(run->t.path, what);
    shim_use(true);
}

static void the_power_goes(void **state)
{
    int64_t seeds = setting("COLEDGER_POWER_SEEDS", SEEDS);
    int64_t from = setting("COLEDGER_POWER_SEED", 1);
    time_t began = time(NULL);
    struct run run;

    (void)state;
    for (int64_t seed = from; seed < from + seeds; seed++) {
        begin(&run, (uint64_t)seed);
        int lives = 1 + (int)chance_below(&run.chance, LIVES);
        for (int i = 0; i < lives; i++)
            live(&run);
        look_at_the_end(&run);
    }
    print_message("power: %lld stories, %lld cuts, of the groups in flight %lld whole and %lld not "
                  "at all, %lld s\n",
                  (long long)seeds, (long long)lives_lived, (long long)in_flight_kept,
                  (long long)in_flight_lost, (long long)(time(NULL) - began));
}

/*
 * A sync fails, the program is started again without a word from the kernel (what was lost can still be
 * read), it answers more, and only then the power goes.
 */
static void a_sync_fails_and_later_the_power_goes(void **state)
{
    int64_t seeds = (setting("COLEDGER_POWER_SEEDS", SEEDS) + 1) / 2;
    int64_t from = setting("COLEDGER_POWER_SEED", 1);
    int64_t failed = 0;
    struct run run;

    (void)state;
    for (int64_t seed = from; seed < from + seeds; seed++) {
        begin(&run, (uint64_t)seed);
        disk_cut_at(DISK_NEVER, (uint64_t)seed);
        fault_arm(FAULT_SYNC, 1 + chance_below(&run.chance, 50), false);
        if (tale_open(&run.t) == LEDGER_OK)
            tell(&run);
        tale_close(&run.t);
        ledger_close(run.reader);
        run.reader = NULL;
        failed += fault_disarm();
        fault_arm(FAULT_NONE, 0, false);
        live(&run);
        look_at_the_end(&run);
    }
    print_message("power: %lld stories in which a sync failed\n", (long long)failed);
}

static int set_up(void **state)
{
    char path[200];

    (void)state;
    disk_make_folder(folder);
    shim_install();
    snprintf(path, sizeof path, "%s/ledger.db", folder);
    tale_make(path);
    first = bytes_read(path);
    for (uint64_t i = 0; i < TALES; i++)
        learn(i);
    return 0;
}

static int clear_up(void **state)
{
    (void)state;
    disk_remove_folder(folder);
    bytes_free(&first);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_power_goes),
        cmocka_unit_test(a_sync_fails_and_later_the_power_goes),
    };

    return cmocka_run_group_tests(tests, set_up, clear_up);
}
