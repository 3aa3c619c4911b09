/* A ledger is brought to this program's schema, with a copy kept, or is left as it was. */
#include "support/bytes.h"
#include "support/picture.h"

#include "ledger/journal.h"
#include "ledger/migrate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COLEDGER_ID "PRAGMA application_id = 0x434F4C47;"

static struct ledger_migration m;

static void copy_name(const struct region *r, char path[static 200])
{
    snprintf(path, 200, "%.180s.schema-0", r->path);
}

static void finish(struct region *r)
{
    struct region copy = {0};

    copy_name(r, copy.path);
    region_end(r);
    region_end(&copy);
}

/* A closed ledger with one payment, and its bytes. */
static struct bytes start(struct region *r)
{
    region_start_file(r);
    region_currency(r, "CALD");
    region_member(r, "ana");
    region_member(r, "ben");
    region_pay(r, region_account(r, "ana", "CALD"), region_account(r, "ben", "CALD"), 100);
    region_close(r);
    return bytes_read(r->path);
}

static bool has_copy(const struct region *r)
{
    char copy[200];

    copy_name(r, copy);
    return access(copy, F_OK) == 0;
}

static void nothing_is_done_to_a_ledger_of_this_schema(void **state)
{
    (void)state;
    struct region r;
    struct bytes before = start(&r);

    OK(&r, ledger_migrate(r.path, 0, &m));
    assert_true(m.from > 0);
    assert_int_equal(m.from, m.to);
    assert_string_equal(m.backup, "");
    assert_string_equal(m.message, "");
    assert_true(bytes_are(r.path, &before));
    region_open(&r, true);
    bytes_free(&before);
    finish(&r);
}

static void an_older_file_is_raised_and_its_copy_kept(void **state)
{
    (void)state;
    struct region r;
    struct bytes before = start(&r);
    int current;

    OK(&r, ledger_migrate(r.path, 0, &m));
    current = m.to;
    bytes_free(&before);
    region_end(&r);
    bytes_write(r.path, "", 0);
    assert_null(region_raw(r.path, COLEDGER_ID));
    before = bytes_read(r.path);
    OK(&r, ledger_migrate(r.path, 0, &m));
    assert_int_equal(m.from, 0);
    assert_int_equal(m.to, current);
    char copy[200];
    copy_name(&r, copy);
    assert_string_equal(m.backup, copy);
    assert_true(has_copy(&r));
    assert_null(region_raw(copy, "CREATE TABLE node (id INTEGER)"));
    assert_null(region_raw(r.path, "INSERT INTO node VALUES (1, 'Test', 'UTC', 0, zeroblob(32))"));
    assert_non_null(region_raw(r.path, "DELETE FROM node"));
    region_open(&r, true);
    OK(&r, ledger_commit(r.l));
    bytes_free(&before);
    finish(&r);
}

/* clang-format off */
static const struct refusal {
    const char *what;
    enum ledger_status outcome;
    const char *sentence;
    const char *sql;  /* done to a ledger by its owner's hand */
    const char *text; /* or what the file holds instead */
} refusals[] = {
    {"a newer schema",                 LEDGER_SCHEMA_NEWER, "use the newer program", .sql = "PRAGMA user_version = 99"},
    {"an empty file",                  LEDGER_NOT_A_LEDGER, "it was left alone", .text = ""},
    {"a letter",                       LEDGER_NOT_A_LEDGER, "it was left alone", .text = "Dear Ana"},
    {"another program's database",     LEDGER_NOT_A_LEDGER, "it was left alone", .sql = "PRAGMA application_id = 7"},
    {"a schema that cannot be raised", LEDGER_STORE_BROKEN, "already exists", .sql = "PRAGMA user_version = 0"},
};
/* clang-format on */

static void on_bad_news_the_file_is_as_it_was(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *row = &refusals[i];
        struct region r;
        struct bytes before = start(&r);

        bytes_free(&before);
        if (row->sql) {
            region_damage(r.path, row->sql);
            assert_null(region_raw(r.path, "PRAGMA wal_checkpoint(TRUNCATE)"));
        } else {
            bytes_write(r.path, row->text, strlen(row->text));
        }
        before = bytes_read(r.path);
        EXPECT_ROW(&r, row->outcome, row->what, ledger_migrate(r.path, 0, &m));
        if (!strstr(m.message, row->sentence))
            fail_msg("%s: %s", row->what, m.message);
        if (!bytes_are(r.path, &before))
            fail_msg("%s: changed", row->what);
        assert_false(has_copy(&r));
        bytes_free(&before);
        finish(&r);
    }
}

static void a_file_that_is_not_there_is_not_made(void **state)
{
    (void)state;
    struct region r;

    region_start_file(&r);
    region_end(&r);
    EXPECT(&r, LEDGER_NO_SUCH_FILE, ledger_migrate(r.path, 0, &m));
    assert_non_null(strstr(m.message, "does not exist"));
    assert_int_not_equal(access(r.path, F_OK), 0);
}

static void a_path_is_not_cut(void **state)
{
    (void)state;
    static char path[LEDGER_PATH_MAX + 10];
    struct region r = {0};

    memset(path, 'p', sizeof path - 1);
    EXPECT(&r, LEDGER_READ_ONLY, ledger_migrate(path, 0, &m));
    assert_true(m.message[0] != '\0');
}

static void a_copy_is_never_written_over(void **state)
{
    (void)state;
    struct region r;
    struct bytes before = start(&r);
    char copy[200];

    bytes_free(&before);
    region_damage(r.path, "PRAGMA user_version = 0");
    assert_null(region_raw(r.path, "PRAGMA wal_checkpoint(TRUNCATE)"));
    before = bytes_read(r.path);
    copy_name(&r, copy);
    bytes_write(copy, "mine", 4);
    EXPECT(&r, LEDGER_EXISTS, ledger_migrate(r.path, 0, &m));
    assert_non_null(strstr(m.message, ".schema-0"));
    assert_true(bytes_are(r.path, &before));
    assert_true(bytes_are(copy, &(struct bytes){(char[]){"mine"}, 4}));
    bytes_free(&before);
    finish(&r);
}

/* The file that tests/upgrade keeps of the first schema. */
static void a_copy_is_the_ledger_as_it_was(void **state)
{
    (void)state;
    const struct ledger_options options = {.any_version = true};
    struct region r;
    struct region copy = {0};
    struct bytes old = bytes_read("tests/upgrade/schema-1.ledger");
    struct ledger_env env = test_env(&r.clock);
    int64_t length;

    region_start_file(&r);
    region_close(&r);
    bytes_write(r.path, old.data, old.size);
    OK(&r, ledger_migrate(r.path, 0, &m));
    assert_int_equal(m.from, 1);
    assert_true(strlen(m.backup) < sizeof copy.path);
    memcpy(copy.path, m.backup, strlen(m.backup) + 1);
    OK(&r, ledger_open(copy.path, &options, &env, &r.l));
    OK(&r, ledger_journal_length(r.l, &length));
    assert_int_equal(length, 147);
    bytes_free(&old);
    region_end(&r);
    region_end(&copy);
}

static void who_writes_the_ledger_is_waited_for(void **state)
{
    (void)state;
    struct region r;

    region_start_file(&r);
    region_close(&r);
    region_open(&r, true);
    EXPECT(&r, LEDGER_LOCKED, ledger_migrate(r.path, 0, &m));
    assert_non_null(strstr(m.message, "is being written by test (pid "));
    region_close(&r);
    OK(&r, ledger_migrate(r.path, 0, &m));
    finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_done_to_a_ledger_of_this_schema),
        cmocka_unit_test(an_older_file_is_raised_and_its_copy_kept),
        cmocka_unit_test(on_bad_news_the_file_is_as_it_was),
        cmocka_unit_test(a_file_that_is_not_there_is_not_made),
        cmocka_unit_test(a_path_is_not_cut),
        cmocka_unit_test(a_copy_is_never_written_over),
        cmocka_unit_test(a_copy_is_the_ledger_as_it_was),
        cmocka_unit_test(who_writes_the_ledger_is_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
