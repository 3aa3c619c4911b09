/* A checked copy of one moment, and the way back. */
#include "support/furnished.h"

#include "ledger/backup.h"
#include "ledger/departure.h"
#include "ledger/erasure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct files {
    struct region r; /* open for writing at the start */
    struct ledger_env env;
    char copy[300];
    char other[300];
    char message[LEDGER_MESSAGE_MAX];
    struct ledger_verification v;
};

static void start(struct files *f)
{
    *f = (struct files){0};
    region_start_file(&f->r);
    f->env = test_env(&f->r.clock);
    snprintf(f->copy, sizeof f->copy, "%s-copy", f->r.path);
    snprintf(f->other, sizeof f->other, "%s-other", f->r.path);
    furnish(&f->r);
}

static bool there(const char *path, const char *suffix)
{
    char name[400];

    snprintf(name, sizeof name, "%s%s", path, suffix);
    return access(name, F_OK) == 0;
}

static void end(struct files *f)
{
    char command[400];

    region_end(&f->r);
    snprintf(command, sizeof command, "rm -f %.250s*", f->r.path);
    assert_int_equal(system(command), 0);
}

#define MUST(f, want, call)                                                                        \
    do {                                                                                           \
        enum ledger_status got_ = (call);                                                          \
        if (got_ != (want))                                                                        \
            fail_msg("%s: %s, %s", #call, ledger_status_facts(got_)->code, (f)->message);          \
    } while (0)

static enum ledger_status backup(struct files *f, const char *to)
{
    return ledger_backup(f->r.path, to, &f->env, &f->v, f->message);
}

static enum ledger_status restore(struct files *f, const char *to, bool replace, int64_t *erased)
{
    return ledger_restore(f->copy, to, replace, &f->env, erased, &f->v, f->message);
}

/* Nothing lies beside `path` but what is named. */
static void expect_alone(const char *path)
{
    assert_true(there(path, ""));
    assert_false(there(path, "-wal"));
    assert_false(there(path, "-shm"));
    assert_false(there(path, "-journal"));
    assert_false(there(path, ".restoring"));
    assert_false(there(path, ".restoring.lock"));
}

static int64_t transfers_in(struct files *f, const char *path)
{
    const struct ledger_options options = {.write = true, .holder = "test"};
    struct ledger_verification v;
    struct ledger *l;

    MUST(f, LEDGER_OK, ledger_open(path, &options, &f->env, &l));
    MUST(f, LEDGER_OK, ledger_begin_write(l));
    MUST(f, LEDGER_OK, ledger_verify(l, NULL, NULL, &v));
    ledger_close(l);
    return v.transfers;
}

/* The writer is open, and has more in its transaction than is committed. */
static void a_backup_is_of_one_moment(void **state)
{
    (void)state;
    struct files f;

    start(&f);
    region_pay(&f.r, 1, 2, 100);
    MUST(&f, LEDGER_OK, backup(&f, f.copy));
    assert_int_equal(f.v.transfers, 7);
    expect_alone(f.copy);
    struct stat st;
    assert_int_equal(stat(f.copy, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    region_commit(&f.r);
    MUST(&f, LEDGER_OK, backup(&f, f.other));
    assert_int_equal(f.v.transfers, 8);
    assert_int_equal(transfers_in(&f, f.copy), 7);
    assert_int_equal(transfers_in(&f, f.other), 8);
    end(&f);
}

static void a_backup_is_written_over_nothing(void **state)
{
    (void)state;
    struct files f;
    char nowhere[] = "/tmp/coledger-no-such-folder/copy";

    start(&f);
    MUST(&f, LEDGER_OK, backup(&f, f.copy));
    MUST(&f, LEDGER_EXISTS, backup(&f, f.copy));
    assert_non_null(strstr(f.message, "left alone"));
    MUST(&f, LEDGER_EXISTS, backup(&f, f.r.path));
    MUST(&f, LEDGER_NO_SUCH_FILE, backup(&f, nowhere));
    MUST(&f, LEDGER_NO_SUCH_FILE,
         ledger_backup("/tmp/coledger-no-such-ledger", f.other, &f.env, &f.v, f.message));
    assert_false(there(f.other, ""));
    end(&f);
}

static void a_broken_ledger_makes_no_backup(void **state)
{
    (void)state;
    struct files f;

    start(&f);
    region_close(&f.r);
    region_damage(f.r.path, "UPDATE account SET balance_minor = 1 WHERE id = 2");
    MUST(&f, LEDGER_INTEGRITY, backup(&f, f.copy));
    assert_non_null(strstr(f.message, "ben:CALD: its balance is 0.01"));
    assert_string_equal(f.message, f.v.problem);
    assert_false(there(f.copy, ""));
    assert_false(there(f.copy, "-wal"));
    end(&f);
}

static void a_restore_makes_a_ledger(void **state)
{
    (void)state;
    struct files f;
    int64_t erased = 5;

    start(&f);
    MUST(&f, LEDGER_OK, backup(&f, f.copy));
    MUST(&f, LEDGER_OK, restore(&f, f.other, false, &erased));
    assert_int_equal(erased, 0);
    assert_int_equal(f.v.transfers, 7);
    expect_alone(f.other);
    assert_int_equal(transfers_in(&f, f.other), 7);
    MUST(&f, LEDGER_EXISTS, restore(&f, f.other, false, &erased));
    end(&f);
}

static void a_restore_repeats_erasures(void **state)
{
    (void)state;
    struct files f;
    struct ledger_transfer t;
    int64_t erased;

    start(&f);
    MUST(&f, LEDGER_OK, backup(&f, f.copy));
    OK(&f.r, ledger_erase_transfer_text(f.r.l, 1, &region_why));
    region_pay(&f.r, 1, 2, 100);
    region_commit(&f.r);

    MUST(&f, LEDGER_LOCKED, restore(&f, f.r.path, true, &erased));
    region_close(&f.r);
    MUST(&f, LEDGER_OK, restore(&f, f.r.path, true, &erased));
    assert_int_equal(erased, 1);
    assert_int_equal(f.v.transfers, 7);
    assert_int_equal(f.v.erased, 4);
    expect_alone(f.r.path);
    region_open(&f.r, true);
    OK(&f.r, ledger_transfer_get(f.r.l, 1, &t));
    assert_true(t.erased);
    region_pay(&f.r, 1, 2, 100);
    end(&f);
}

/* Its name is gone, so it must not go on trading; its account can still be explained. */
static void who_was_erased_since_is_suspended(void **state)
{
    (void)state;
    struct files f;
    struct ledger_member m;
    struct ledger_account a;
    int64_t erased;

    start(&f);
    MUST(&f, LEDGER_OK, backup(&f, f.copy));
    region_pay(&f.r, 2, 3, 100);
    OK(&f.r, ledger_member_leave(f.r.l, 3, &region_why));
    OK(&f.r, ledger_erase_member(f.r.l, 3, &region_why));
    region_close(&f.r);
    MUST(&f, LEDGER_OK, restore(&f, f.r.path, true, &erased));
    assert_int_equal(erased, 1);
    region_open(&f.r, true);
    OK(&f.r, ledger_member_find(f.r.l, "erased-3", &m));
    assert_int_equal(m.state, LEDGER_SUSPENDED);
    OK(&f.r, ledger_account_find(f.r.l, "erased-3", "CALD", &a));
    assert_int_equal(a.balance_minor, -100);
    EXPECT(&f.r, LEDGER_MEMBER_NOT_ACTIVE, region_try_pay(&f.r, a.id, 1, 100));
    EXPECT(&f.r, LEDGER_NO_SUCH_MEMBER, ledger_member_find(f.r.l, "erased-1", &m));
    EXPECT(&f.r, LEDGER_NO_SUCH_MEMBER, ledger_member_find(f.r.l, "erased-3x", &m));
    end(&f);
}

static void a_bad_backup_changes_nothing(void **state)
{
    (void)state;
    struct files f;
    int64_t erased;

    start(&f);
    MUST(&f, LEDGER_OK, backup(&f, f.copy));
    region_pay(&f.r, 1, 2, 100);
    region_close(&f.r);
    region_damage(f.copy, "UPDATE account SET balance_minor = 1 WHERE id = 2");
    MUST(&f, LEDGER_INTEGRITY, restore(&f, f.r.path, true, &erased));
    assert_non_null(strstr(f.message, "ben:CALD"));
    expect_alone(f.r.path);
    assert_int_equal(transfers_in(&f, f.r.path), 8);

    assert_int_equal(truncate(f.copy, 5000), 0);
    assert_int_not_equal(restore(&f, f.r.path, true, &erased), LEDGER_OK);
    assert_int_equal(truncate(f.copy, 50), 0);
    MUST(&f, LEDGER_NOT_A_LEDGER, restore(&f, f.r.path, true, &erased));
    unlink(f.copy);
    MUST(&f, LEDGER_NO_SUCH_FILE, restore(&f, f.r.path, true, &erased));
    expect_alone(f.r.path);
    assert_int_equal(transfers_in(&f, f.r.path), 8);
    end(&f);
}

/* What a restore is most often for. */
static void a_wreck_is_replaced(void **state)
{
    (void)state;
    struct files f;
    char name[300];
    int64_t erased;

    start(&f);
    MUST(&f, LEDGER_OK, backup(&f, f.copy));
    region_close(&f.r);
    assert_int_equal(truncate(f.r.path, 10), 0);
    snprintf(name, sizeof name, "%s-wal", f.r.path);
    FILE *stale = fopen(name, "w");
    fputs("left by a crash", stale);
    fclose(stale);
    MUST(&f, LEDGER_OK, restore(&f, f.r.path, true, &erased));
    assert_int_equal(erased, -1);
    expect_alone(f.r.path);
    assert_int_equal(transfers_in(&f, f.r.path), 7);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_is_of_one_moment),
        cmocka_unit_test(a_backup_is_written_over_nothing),
        cmocka_unit_test(a_broken_ledger_makes_no_backup),
        cmocka_unit_test(a_restore_makes_a_ledger),
        cmocka_unit_test(a_restore_repeats_erasures),
        cmocka_unit_test(who_was_erased_since_is_suspended),
        cmocka_unit_test(a_bad_backup_changes_nothing),
        cmocka_unit_test(a_wreck_is_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
