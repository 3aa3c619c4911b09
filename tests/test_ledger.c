/* The handle: what it opens and leaves alone, its transactions, its clock, its bad news. */
#include "support/bytes.h"
#include "support/picture.h"

#include "ledger/handle.h"
#include "ledger/journal.h"
#include "ledger/period.h"
#include "ledger/register.h"
#include "ledger/uid.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ANA = 1, BEN };

static char name_120[121];
static char name_121[122];
static char lines_121[122];
static char zone_64[65];
static char zone_65[66];

static int fill_texts(void **state)
{
    (void)state;
    memset(name_120, 'n', 120);
    memset(name_121, 'n', 121);
    memset(lines_121, '\n', 121);
    memset(zone_64, 'Z', 64);
    memset(zone_65, 'Z', 65);
    return 0;
}

static void trade(struct region *r)
{
    region_currency(r, "CALD");
    region_member(r, "ana");
    region_member(r, "ben");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_commit(r);
}

static void start(struct region *r)
{
    region_start(r);
    trade(r);
}

/* Open what lies at the region's path; the handle is closed again. */
static enum ledger_status try_open(struct region *r, const struct ledger_options *options,
                                   char message[static LEDGER_MESSAGE_MAX])
{
    struct ledger_env env = test_env(&r->clock);
    struct ledger *l;
    enum ledger_status status = ledger_open(r->path, options, &env, &l);

    snprintf(message, LEDGER_MESSAGE_MAX, "%s", ledger_message(l));
    ledger_close(l);
    return status;
}

static bool lies_beside(const struct region *r, const char *suffix)
{
    char path[240];

    snprintf(path, sizeof path, "%s%s", r->path, suffix);
    return access(path, F_OK) == 0;
}

/* clang-format off */
static const struct creation {
    const char *what;
    const char *name;
    const char *zone;
    enum ledger_status outcome;
    const char *field;
} creations[] = {
    {"a name of 121 lines",              lines_121, "Mars/Phobos",    LEDGER_TEXT_MALFORMED,    "name"},
    {"a name of 121 bytes",              name_121,  "Mars/Phobos",    LEDGER_TEXT_TOO_LONG,     "name"},
    {"no name",                          "",        "Mars/Phobos",    LEDGER_MISSING_PARAMETER, "name"},
    {"no such zone",                     "Calder",  "Mars/Phobos",    LEDGER_ZONE_UNKNOWN,      "zone"},
    {"no zone",                          "Calder",  "",               LEDGER_ZONE_UNKNOWN,      "zone"},
    {"a zone that is a path",            "Calder",  "../../etc/passwd", LEDGER_ZONE_UNKNOWN,    "zone"},
    {"64 bytes, but none",               "Calder",  zone_64,          LEDGER_ZONE_UNKNOWN,      "zone"},
    {"65",                               "Calder",  zone_65,          LEDGER_ZONE_UNKNOWN,      "zone"},
    {"a name of 120 bytes",              name_120,  "UTC",            LEDGER_OK,                NULL},
    {"what is there already",            "Calder",  "Europe/London",  LEDGER_EXISTS,            NULL},
};
/* clang-format on */

static void a_ledger_is_made_once_and_only_whole(void **state)
{
    (void)state;
    struct region r;
    struct bytes made = {0};

    region_start_file(&r);
    region_close(&r);
    unlink(r.path);
    for (size_t i = 0; i < sizeof creations / sizeof creations[0]; i++) {
        const struct creation *row = &creations[i];
        struct ledger_env env = test_env(&r.clock);

        if (row->outcome == LEDGER_EXISTS)
            made = bytes_read(r.path);
        EXPECT_ROW(&r, row->outcome, row->what,
                   ledger_create(r.path, row->name, row->zone, &env, &r.l));
        const char *field = ledger_last_facts(r.l)->field;
        if (strcmp(field ? field : "", row->field ? row->field : "") != 0)
            fail_msg("%s: blames %s", row->what, field);
        ledger_close(r.l);
        r.l = NULL;
        assert_int_equal(lies_beside(&r, ""), made.data || row->outcome == LEDGER_OK);
    }
    assert_true(bytes_are(r.path, &made));
    bytes_free(&made);
    region_open(&r, false);
    assert_string_equal(ledger_name(r.l), name_120);
    assert_string_equal(ledger_zone_name(r.l), "UTC");
    assert_string_equal(ledger_path(r.l), r.path);
    assert_int_equal(ledger_created_at_us(r.l), r.clock.now_us);
    region_end(&r);
}

/* clang-format off */
static const struct stranger {
    const char *what;
    const char *text; /* or NULL: that many bytes of a ledger */
    size_t size;
    enum ledger_status outcome;
} strangers[] = {
    {"an empty file",              "",                        0, LEDGER_NOT_A_LEDGER},
    {"a letter",                   "Dear Ana,\n",            10, LEDGER_NOT_A_LEDGER},
    {"SQLite's first words alone", "SQLite format 3",        16, LEDGER_NOT_A_LEDGER},
    {"half a header",              NULL,                     50, LEDGER_NOT_A_LEDGER},
    {"a header less a byte",       NULL,                     99, LEDGER_NOT_A_LEDGER},
    {"a header alone",             NULL,                    100, LEDGER_STORE_BROKEN},
    {"a page",                     NULL,                   2048, LEDGER_STORE_BROKEN},
    {"a ledger cut within a page", NULL,                  50000, LEDGER_STORE_BROKEN},
    {"a ledger cut between pages", NULL,                  81920, LEDGER_STORE_BROKEN},
};
/* clang-format on */

static void expect_left_alone(struct region *r, const char *what, enum ledger_status outcome)
{
    char message[LEDGER_MESSAGE_MAX];
    struct bytes before = bytes_read(r->path);

    for (int write = 0; write < 2; write++) {
        const struct ledger_options options = {.write = write};

        EXPECT_ROW(r, outcome, what, try_open(r, &options, message));
        if (!bytes_are(r->path, &before))
            fail_msg("%s: changed", what);
        if (!strstr(message, r->path))
            fail_msg("%s: \"%s\" does not name the file", what, message);
        if (outcome == LEDGER_NOT_A_LEDGER &&
            (lies_beside(r, "-wal") || lies_beside(r, "-shm") || lies_beside(r, ".lock")))
            fail_msg("%s: a file was left beside it", what);
    }
    bytes_free(&before);
}

static void what_is_no_ledger_is_left_alone_byte_for_byte(void **state)
{
    (void)state;
    struct region r;
    struct bytes whole;
    char binary[8192];

    region_start_file(&r);
    trade(&r);
    region_close(&r);
    whole = bytes_read(r.path);
    assert_true(whole.size > 81920);
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        const struct stranger *row = &strangers[i];

        region_end(&r);
        bytes_write(r.path, row->text ? row->text : whole.data, row->size);
        expect_left_alone(&r, row->what, row->outcome);
    }
    region_end(&r);
    for (size_t i = 0; i < sizeof binary; i++)
        binary[i] = (char)(i * i * 31 >> 3);
    bytes_write(r.path, binary, sizeof binary);
    expect_left_alone(&r, "any bytes", LEDGER_NOT_A_LEDGER);
    memcpy(whole.data + 100, binary, sizeof binary - 100);
    bytes_write(r.path, whole.data, whole.size);
    expect_left_alone(&r, "a header, then any bytes", LEDGER_STORE_BROKEN);
    region_end(&r);
    bytes_write(r.path, "", 0);
    assert_null(region_raw(r.path, "CREATE TABLE transfer (id INTEGER PRIMARY KEY)"));
    expect_left_alone(&r, "another program's database", LEDGER_NOT_A_LEDGER);
    bytes_free(&whole);
    region_end(&r);
}

static void a_file_that_is_not_there_is_not_made(void **state)
{
    (void)state;
    const struct ledger_options read = {.write = false};
    const struct ledger_options write = {.write = true};
    char message[LEDGER_MESSAGE_MAX];
    struct region r;

    region_start_file(&r);
    region_end(&r);
    EXPECT(&r, LEDGER_NO_SUCH_FILE, try_open(&r, &read, message));
    EXPECT(&r, LEDGER_NO_SUCH_FILE, try_open(&r, &write, message));
    assert_false(lies_beside(&r, ""));
    assert_false(lies_beside(&r, ".lock"));
}

/* clang-format off */
static const struct version {
    const char *what;
    const char *sql; /* by the owner's hand */
    bool any_version;
    enum ledger_status outcome;
    const char *sentence;
} versions[] = {
    {"a newer schema",             "PRAGMA user_version = 99",       false, LEDGER_SCHEMA_NEWER, "use the newer program"},
    {"is refused even so",         "PRAGMA user_version = 99",       true,  LEDGER_SCHEMA_NEWER, "use the newer program"},
    {"an older schema",            "PRAGMA user_version = 0",        false, LEDGER_SCHEMA_OLDER, "run `coledger migrate`"},
    {"opens for who asks",         "PRAGMA user_version = 0",        true,  LEDGER_OK,           ""},
    {"a zone nobody knows",        "UPDATE node SET zone = 'Mars'",  false, LEDGER_ZONE_UNKNOWN, "install tzdata"},
    {"a ledger not made whole",    "DELETE FROM node",               false, LEDGER_NOT_A_LEDGER, "was not made whole"},
};
/* clang-format on */

static void only_a_file_of_this_schema_is_opened(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        const struct version *row = &versions[i];
        struct region r;
        struct bytes before;

        region_start_file(&r);
        region_close(&r);
        region_damage(r.path, row->sql);
        assert_null(region_raw(r.path, "PRAGMA wal_checkpoint(TRUNCATE)"));
        before = bytes_read(r.path);
        for (int write = 0; write < 2; write++) {
            const struct ledger_options options = {.write = write, .any_version = row->any_version};
            char message[LEDGER_MESSAGE_MAX];

            EXPECT_ROW(&r, row->outcome, row->what, try_open(&r, &options, message));
            if (!strstr(message, row->sentence))
                fail_msg("%s: %s", row->what, message);
        }
        assert_true(bytes_are(r.path, &before));
        bytes_free(&before);
        region_end(&r);
    }
}

static void a_ledger_has_one_writer_and_many_readers(void **state)
{
    (void)state;
    const struct ledger_options write = {.write = true, .holder = "second"};
    const struct ledger_options read = {.write = false};
    char message[LEDGER_MESSAGE_MAX];
    struct region r;

    region_start_file(&r);
    region_close(&r);
    region_open(&r, true);
    EXPECT(&r, LEDGER_LOCKED, try_open(&r, &write, message));
    assert_non_null(strstr(message, "is being written by test (pid "));
    assert_non_null(strstr(message, "--node"));
    OK(&r, try_open(&r, &read, message));
    region_currency(&r, "CALD");
    region_close(&r);
    OK(&r, try_open(&r, &write, message));
    region_end(&r);
}

static void a_reader_sees_one_moment_and_writes_nothing(void **state)
{
    (void)state;
    struct region r;
    struct region reader;
    int64_t length;

    region_start_file(&r);
    trade(&r);
    reader = r;
    region_open(&reader, false);
    OK(&reader, ledger_journal_length(reader.l, &length));
    assert_int_equal(length, 0);
    region_pay(&r, ANA, BEN, 1);
    region_commit(&r);
    OK(&reader, ledger_journal_length(reader.l, &length));
    assert_int_equal(length, 0);
    EXPECT(&reader, LEDGER_READ_ONLY, ledger_begin_write(reader.l));
    OK(&reader, ledger_commit(reader.l));
    EXPECT(&reader, LEDGER_READ_ONLY, ledger_begin_write(reader.l));
    assert_false(ledger_in_transaction(reader.l));
    OK(&reader, ledger_begin_read(reader.l));
    OK(&reader, ledger_journal_length(reader.l, &length));
    assert_int_equal(length, 1);
    ledger_close(reader.l);
    region_end(&r);
}

static void only_what_is_committed_stays(void **state)
{
    (void)state;
    struct region r;
    int64_t length;

    region_start_file(&r);
    trade(&r);
    region_pay(&r, ANA, BEN, 1);
    OK(&r, ledger_commit(r.l));
    assert_false(ledger_in_transaction(r.l));
    ledger_rollback(r.l);
    OK(&r, ledger_begin_write(r.l));
    assert_true(ledger_in_transaction(r.l));
    region_pay(&r, ANA, BEN, 1);
    ledger_rollback(r.l);
    assert_false(ledger_in_transaction(r.l));
    ledger_rollback(r.l);
    OK(&r, ledger_begin_write(r.l));
    OK(&r, ledger_journal_length(r.l, &length));
    assert_int_equal(length, 1);
    region_pay(&r, ANA, BEN, 1);
    ledger_close(r.l);
    region_open(&r, false);
    OK(&r, ledger_journal_length(r.l, &length));
    assert_int_equal(length, 1);
    region_end(&r);
}

static void a_savepoint_is_kept_or_undone_in_its_transaction(void **state)
{
    (void)state;
    static char before[PICTURE_MAX];
    static char after[PICTURE_MAX];
    struct region r;

    start(&r);
    region_pay(&r, ANA, BEN, 1);
    OK(&r, ledger_savepoint(r.l));
    region_pay(&r, ANA, BEN, 2);
    OK(&r, ledger_release(r.l));
    picture_take(&r, before);
    OK(&r, ledger_savepoint(r.l));
    region_pay(&r, ANA, BEN, 4);
    region_hold(&r, ANA, BEN, 8, 1);
    OK(&r, ledger_rollback_to(r.l));
    assert_true(ledger_in_transaction(r.l));
    picture_take(&r, after);
    assert_string_equal(after, before);
    region_commit(&r);
    assert_int_equal(region_balance(&r, BEN), 3);
    region_end(&r);
}

/* More pages than SQLite keeps in memory to undo them with. */
static void a_large_savepoint_is_undone_too(void **state)
{
    (void)state;
    struct ledger_verification v;
    struct region r;
    char handle[16];

    region_start_file(&r);
    trade(&r);
    for (int i = 0; i < 18000; i++) {
        snprintf(handle, sizeof handle, "m%05d", i);
        region_member(&r, handle);
    }
    region_commit(&r);
    OK(&r, ledger_savepoint(r.l));
    OK(&r, ledger_exec(r.l, "UPDATE member SET state = 'applied' WHERE id > 2", STORE_NO_ARGS));
    region_pay(&r, ANA, BEN, 4);
    OK(&r, ledger_rollback_to(r.l));
    region_commit(&r);
    OK(&r, ledger_verify(r.l, NULL, NULL, &v));
    region_end(&r);
}

/* A statement is known by where it stands: beyond those that are kept, each is prepared anew. */
static void any_number_of_statements_can_be_asked(void **state)
{
    (void)state;
    static char statements[STORE_STATEMENTS_MAX + 100][16];
    struct region r;

    start(&r);
    for (int twice = 0; twice < 2; twice++) {
        for (int i = 0; i < STORE_STATEMENTS_MAX + 100; i++) {
            int64_t got = 0;
            snprintf(statements[i], sizeof statements[i], "SELECT %d", i);
            OK(&r, ledger_first(r.l, statements[i], STORE_NO_ARGS, ledger_read_int, &got));
            assert_int_equal(got, i);
        }
    }
    region_end(&r);
}

static void what_was_known_is_read_anew_after_an_undoing(void **state)
{
    (void)state;
    struct ledger_record record = {.actor = "local:test", .operation = "transfer.pay"};
    struct region r;
    int64_t first_us;
    int64_t at_us;
    int64_t id;

    start(&r);
    OK(&r, ledger_tick(r.l, &first_us));
    region_commit(&r);
    for (int i = 0; i < 2; i++) {
        OK(&r, ledger_savepoint(r.l));
        assert_int_equal(region_pay(&r, ANA, BEN, 1), 1);
        memset(record.uid.bytes, i + 1, sizeof record.uid.bytes);
        OK(&r, ledger_register_append(r.l, &record));
        assert_int_equal(record.seq, 1);
        OK(&r, ledger_period_close(r.l, region_day("2026-03-01"), &region_why, &id));
        OK(&r, ledger_rollback_to(r.l));
        OK(&r, ledger_tick(r.l, &at_us));
        assert_int_equal(at_us, first_us);
        assert_int_equal(region_pay_on(&r, ANA, BEN, 1, "2026-03-01", NULL), 1);
        ledger_rollback(r.l);
        OK(&r, ledger_begin_write(r.l));
    }
    OK(&r, ledger_tick(r.l, &at_us));
    assert_int_equal(at_us, first_us);
    region_end(&r);
}

static void a_tick_is_the_clock_or_a_microsecond_on(void **state)
{
    (void)state;
    struct region r;
    int64_t at_us;

    start(&r);
    int64_t noon_us = r.clock.now_us;
    OK(&r, ledger_tick(r.l, &at_us));
    assert_int_equal(at_us, noon_us);
    OK(&r, ledger_tick(r.l, &at_us));
    assert_int_equal(at_us, noon_us + 1);
    r.clock.now_us = noon_us + 2;
    OK(&r, ledger_tick(r.l, &at_us));
    assert_int_equal(at_us, noon_us + 2);
    r.clock.now_us = noon_us + 9;
    OK(&r, ledger_tick(r.l, &at_us));
    assert_int_equal(at_us, noon_us + 9);
    r.clock.now_us = noon_us - 1;
    OK(&r, ledger_tick(r.l, &at_us));
    assert_int_equal(at_us, noon_us + 10);
    region_end(&r);
}

static void a_journal_ten_minutes_ahead_waits_for_a_steward(void **state)
{
    (void)state;
    const struct ledger_why silent = {.actor = "local:test", .reason = " ", .authority = ""};
    struct ledger_clock clock;
    struct region r;
    int64_t at_us;
    int64_t last_us;

    start(&r);
    region_pay(&r, ANA, BEN, 1);
    region_commit(&r);
    last_us = r.clock.now_us;
    r.clock.now_us = last_us - LEDGER_CLOCK_TOLERANCE_US;
    OK(&r, ledger_tick(r.l, &at_us));
    region_commit(&r);
    OK(&r, ledger_clock_look(r.l, &clock));
    assert_int_equal(clock.last_at_us, last_us);
    assert_int_equal(clock.writes_from_us, r.clock.now_us);
    r.clock.now_us--;
    REFUSED(&r, LEDGER_CLOCK_BEHIND, ledger_tick(r.l, &at_us));
    assert_non_null(strstr(ledger_message(r.l), "2026-03-02T12:00:00.000000Z"));
    EXPECT(&r, LEDGER_REASON_MISSING, ledger_clock_accept(r.l, &silent));
    EXPECT(&r, LEDGER_CLOCK_BEHIND, ledger_tick(r.l, &at_us));
    OK(&r, ledger_clock_accept(r.l, &region_why));
    OK(&r, ledger_clock_look(r.l, &clock));
    assert_int_equal(clock.writes_from_us, INT64_MIN);
    OK(&r, ledger_tick(r.l, &at_us));
    assert_int_equal(at_us, last_us + 1);
    region_commit(&r);
    r.clock.now_us -= 24 * REGION_HOUR_US;
    OK(&r, ledger_tick(r.l, &at_us));

    r.clock.now_us = last_us + 24 * REGION_HOUR_US;
    region_pay(&r, ANA, BEN, 1);
    region_commit(&r);
    r.clock.now_us = last_us;
    EXPECT(&r, LEDGER_CLOCK_BEHIND, ledger_tick(r.l, &at_us));
    OK(&r, ledger_clock_accept(r.l, &region_why));
    OK(&r, ledger_tick(r.l, &at_us));
    assert_int_equal(at_us, last_us + 24 * REGION_HOUR_US + 1);
    region_end(&r);
}

static void days_are_those_of_the_zone(void **state)
{
    (void)state;
    struct region r;
    int32_t day = region_day("2026-03-29");

    start(&r);
    int64_t start_us = ledger_day_start_us(r.l, day);
    int64_t end_us = ledger_day_start_us(r.l, day + 1);
    assert_int_equal(end_us - start_us, 23 * REGION_HOUR_US);
    assert_int_equal(ledger_day_of(r.l, start_us - 1), day - 1);
    assert_int_equal(ledger_day_of(r.l, start_us), day);
    assert_int_equal(ledger_day_of(r.l, end_us - 1), day);
    assert_int_equal(ledger_day_of(r.l, end_us), day + 1);
    r.clock.now_us = end_us;
    assert_int_equal(ledger_today(r.l), day + 1);
    region_end(&r);
}

static void a_refusal_keeps_its_sentence_and_its_facts(void **state)
{
    (void)state;
    char longer[LEDGER_MESSAGE_MAX + 2];
    struct region r;
    const struct ledger_facts *facts;

    start(&r);
    facts = ledger_last_facts(r.l);
    memset(longer, 's', sizeof longer);
    longer[LEDGER_MESSAGE_MAX - 1] = '\0';
    EXPECT(&r, LEDGER_USAGE, ledger_refuse(r.l, LEDGER_USAGE, "%s", longer));
    assert_string_equal(ledger_message(r.l), longer);
    longer[LEDGER_MESSAGE_MAX - 1] = 's';
    longer[LEDGER_MESSAGE_MAX + 1] = '\0';
    EXPECT(&r, LEDGER_USAGE, ledger_refuse(r.l, LEDGER_USAGE, "%s", longer));
    assert_int_equal(strlen(ledger_message(r.l)), LEDGER_MESSAGE_MAX - 1);
    assert_int_equal(ledger_blame(r.l, LEDGER_OVER_LIMIT, "legs", 3), LEDGER_OVER_LIMIT);
    assert_int_equal(ledger_blame_room(r.l, LEDGER_OVER_LIMIT, 7, -5), LEDGER_OVER_LIMIT);
    assert_string_equal(facts->field, "legs");
    assert_int_equal(facts->leg, 3);
    assert_int_equal(facts->account_id, 7);
    assert_int_equal(facts->room_minor, -5);
    EXPECT(&r, LEDGER_USAGE, ledger_refuse(r.l, LEDGER_USAGE, "no"));
    assert_null(facts->field);
    assert_int_equal(facts->leg, -1);
    assert_int_equal(facts->account_id, 0);
    assert_int_equal(facts->room_minor, 0);
    region_end(&r);
}

static void a_text_is_blamed_by_its_name(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    OK(&r, ledger_check_text(r.l, "memo", NULL, 3));
    OK(&r, ledger_check_text(r.l, "memo", "", 3));
    OK(&r, ledger_check_text(r.l, "memo", "abc", 3));
    EXPECT(&r, LEDGER_TEXT_TOO_LONG, ledger_check_text(r.l, "memo", "abcd", 3));
    assert_string_equal(ledger_message(r.l), "memo has 4 bytes: at most 3 fit");
    assert_string_equal(ledger_last_facts(r.l)->field, "memo");
    EXPECT(&r, LEDGER_TEXT_MALFORMED, ledger_check_text(r.l, "name", "a\nbcd", 3));
    assert_string_equal(ledger_last_facts(r.l)->field, "name");
    EXPECT(&r, LEDGER_REASON_MISSING, ledger_check_reason(r.l, NULL));
    EXPECT(&r, LEDGER_REASON_MISSING, ledger_check_reason(r.l, ""));
    EXPECT(&r, LEDGER_REASON_MISSING, ledger_check_reason(r.l, "  "));
    EXPECT(&r, LEDGER_TEXT_MALFORMED, ledger_check_reason(r.l, " \n"));
    OK(&r, ledger_check_reason(r.l, " x"));
    region_end(&r);
}

static void new_uids_differ_and_are_in_order_of_time(void **state)
{
    (void)state;
    struct ledger_uid first;
    struct ledger_uid second;
    struct ledger_uid later;
    struct region r;

    start(&r);
    ledger_new_uid(r.l, &first);
    ledger_new_uid(r.l, &second);
    r.clock.now_us += 1000;
    ledger_new_uid(r.l, &later);
    assert_false(ledger_uid_equal(&first, &second));
    assert_true(memcmp(later.bytes, first.bytes, 16) > 0);
    assert_true(memcmp(later.bytes, second.bytes, 16) > 0);
    assert_int_equal(first.bytes[6] >> 4, 7);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ledger_is_made_once_and_only_whole),
        cmocka_unit_test(what_is_no_ledger_is_left_alone_byte_for_byte),
        cmocka_unit_test(a_file_that_is_not_there_is_not_made),
        cmocka_unit_test(only_a_file_of_this_schema_is_opened),
        cmocka_unit_test(a_ledger_has_one_writer_and_many_readers),
        cmocka_unit_test(a_reader_sees_one_moment_and_writes_nothing),
        cmocka_unit_test(only_what_is_committed_stays),
        cmocka_unit_test(a_savepoint_is_kept_or_undone_in_its_transaction),
        cmocka_unit_test(a_large_savepoint_is_undone_too),
        cmocka_unit_test(any_number_of_statements_can_be_asked),
        cmocka_unit_test(what_was_known_is_read_anew_after_an_undoing),
        cmocka_unit_test(a_tick_is_the_clock_or_a_microsecond_on),
        cmocka_unit_test(a_journal_ten_minutes_ahead_waits_for_a_steward),
        cmocka_unit_test(days_are_those_of_the_zone),
        cmocka_unit_test(a_refusal_keeps_its_sentence_and_its_facts),
        cmocka_unit_test(a_text_is_blamed_by_its_name),
        cmocka_unit_test(new_uids_differ_and_are_in_order_of_time),
    };

    return cmocka_run_group_tests(tests, fill_texts, NULL);
}
