/* Every accepted write stands in the register once, in order. */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/member.h"
#include "ledger/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANA = 1, BEN };

static struct ledger_record record(const char *operation, uint8_t uid, uint8_t content,
                                   int64_t subject)
{
    struct ledger_record record = {.actor = "local:test", .subject = subject};

    strcpy(record.operation, operation);
    memset(record.uid.bytes, uid, sizeof record.uid.bytes);
    memset(record.content_hash, content, sizeof record.content_hash);
    return record;
}

static void append(struct region *r, const char *operation, uint8_t uid, uint8_t content)
{
    struct ledger_record added = record(operation, uid, content, 0);

    OK(r, ledger_register_append(r->l, &added));
}

static enum ledger_status find(struct region *r, uint8_t uid, uint8_t content)
{
    struct ledger_record sought = record("", uid, content, 0);
    struct ledger_record found;

    return ledger_register_find(r->l, &sought.uid, sought.content_hash, &found);
}

static void start(struct region *r)
{
    region_start(r);
    region_currency(r, "CALD");
    region_member(r, "ana");
    region_member(r, "ben");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_commit(r);
}

static void a_write_is_known_by_its_uid_and_content(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    EXPECT(&r, LEDGER_NO_ROW, find(&r, 1, 7));
    append(&r, "transfer.pay", 1, 7);
    EXPECT(&r, LEDGER_OK, find(&r, 1, 7));
    EXPECT(&r, LEDGER_UID_TAKEN, find(&r, 1, 8));
    assert_string_equal(ledger_last_facts(r.l)->field, "uid");
    EXPECT(&r, LEDGER_NO_ROW, find(&r, 2, 7));
    append(&r, "transfer.pay", 2, 7);
    EXPECT(&r, LEDGER_OK, find(&r, 2, 7));
    region_end(&r);
}

static void one_byte_makes_other_content(void **state)
{
    (void)state;
    struct region r;
    struct ledger_record kept = record("transfer.pay", 1, 7, 0);
    struct ledger_record found;

    start(&r);
    OK(&r, ledger_register_append(r.l, &kept));
    for (size_t i = 0; i < sizeof kept.content_hash; i++) {
        struct ledger_record other = kept;

        other.content_hash[i] ^= 1;
        EXPECT(&r, LEDGER_UID_TAKEN,
               ledger_register_find(r.l, &kept.uid, other.content_hash, &found));
    }
    for (size_t i = 0; i < sizeof kept.uid.bytes; i++) {
        struct ledger_record other = kept;

        other.uid.bytes[i] ^= 1;
        EXPECT(&r, LEDGER_NO_ROW, ledger_register_find(r.l, &other.uid, kept.content_hash, &found));
    }
    region_end(&r);
}

static void a_record_is_read_as_it_was_appended(void **state)
{
    (void)state;
    struct region r;
    struct ledger_record added = record("", 1, 7, 42);
    struct ledger_record found;

    start(&r);
    memset(added.operation, 'o', LEDGER_OPERATION_MAX);
    memset(added.actor, 'a', LEDGER_ACTOR_MAX);
    OK(&r, ledger_register_append(r.l, &added));
    assert_int_equal(added.seq, 1);
    assert_int_equal(added.at_us, r.clock.now_us);
    memset(&found, 0xFF, sizeof found);
    OK(&r, ledger_register_find(r.l, &added.uid, added.content_hash, &found));
    assert_int_equal(found.seq, added.seq);
    assert_int_equal(found.at_us, added.at_us);
    assert_int_equal(found.subject, 42);
    assert_string_equal(found.operation, added.operation);
    assert_string_equal(found.actor, added.actor);
    assert_memory_equal(found.uid.bytes, added.uid.bytes, sizeof found.uid.bytes);
    assert_memory_equal(found.content_hash, added.content_hash, sizeof found.content_hash);
    region_end(&r);
}

static void the_same_uid_is_not_appended_twice(void **state)
{
    (void)state;
    struct region r;
    struct ledger_record again = record("member.add", 1, 8, 0);

    start(&r);
    append(&r, "transfer.pay", 1, 7);
    OK(&r, ledger_savepoint(r.l));
    EXPECT(&r, LEDGER_GUARD, ledger_register_append(r.l, &again));
    OK(&r, ledger_rollback_to(r.l));
    EXPECT(&r, LEDGER_OK, find(&r, 1, 7));
    region_end(&r);
}

static void what_was_undone_binds_no_uid(void **state)
{
    (void)state;
    struct region r;
    struct ledger_record other = record("transfer.pay", 1, 8, 0);

    start(&r);
    append(&r, "transfer.pay", 9, 9);
    OK(&r, ledger_savepoint(r.l));
    append(&r, "transfer.pay", 1, 7);
    OK(&r, ledger_rollback_to(r.l));
    EXPECT(&r, LEDGER_NO_ROW, find(&r, 1, 7));
    OK(&r, ledger_register_append(r.l, &other));
    assert_int_equal(other.seq, 2);
    region_end(&r);
}

static void a_uid_is_known_for_ever(void **state)
{
    (void)state;
    struct region r;

    region_start_file(&r);
    append(&r, "transfer.pay", 1, 7);
    region_close(&r);
    region_set_day(&r, "2126-03-02");
    region_open(&r, true);
    EXPECT(&r, LEDGER_OK, find(&r, 1, 7));
    EXPECT(&r, LEDGER_UID_TAKEN, find(&r, 1, 8));
    region_end(&r);
}

static enum ledger_status note(void *ctx, const struct ledger_record *record)
{
    char *text = ctx;

    snprintf(text + strlen(text), 200 - strlen(text), "%lld %s, ", (long long)record->seq,
             record->operation);
    return LEDGER_OK;
}

/* clang-format off */
static const struct listing {
    const char *what;
    int64_t after;
    int limit;
    const char *records;
} listings[] = {
    {"all, oldest first", 0, 9, "1 a.one, 2 b.two, 3 a.three, "},
    {"a page",            0, 2, "1 a.one, 2 b.two, "},
    {"the next",          2, 2, "3 a.three, "},
    {"no more",           3, 2, ""},
};
/* clang-format on */

static void records_are_listed_in_the_order_of_writing(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    append(&r, "a.one", 3, 7);
    append(&r, "b.two", 2, 7);
    region_commit(&r);
    append(&r, "a.three", 1, 7);
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++) {
        char text[200] = "";

        OK(&r, ledger_register_each(r.l, listings[i].after, listings[i].limit, note, text));
        if (strcmp(text, listings[i].records) != 0)
            fail_msg("%s: %s", listings[i].what, text);
    }
    region_end(&r);
}

static void times_increase_with_seq_and_with_the_postings(void **state)
{
    (void)state;
    struct region r;
    struct ledger_record first = record("transfer.pay", 1, 7, 0);
    struct ledger_record second = record("transfer.pay", 2, 7, 0);
    struct ledger_record third = record("transfer.pay", 3, 7, 0);
    struct ledger_transfer t;

    start(&r);
    OK(&r, ledger_transfer_get(r.l, region_pay(&r, ANA, BEN, 1), &t));
    OK(&r, ledger_register_append(r.l, &first));
    assert_true(first.at_us >= t.posted_at_us);
    region_commit(&r);
    r.clock.now_us -= LEDGER_US_PER_SECOND;
    OK(&r, ledger_register_append(r.l, &second));
    assert_int_equal(second.at_us, first.at_us + 1);
    OK(&r, ledger_transfer_get(r.l, region_pay(&r, ANA, BEN, 1), &t));
    assert_int_equal(t.posted_at_us, second.at_us + 1);
    r.clock.now_us += REGION_HOUR_US;
    OK(&r, ledger_register_append(r.l, &third));
    assert_int_equal(third.at_us, r.clock.now_us);
    assert_int_equal(third.seq, 3);
    region_end(&r);
}

static void a_clock_behind_stops_the_register_too(void **state)
{
    (void)state;
    struct region r;
    struct ledger_record late = record("member.add", 2, 7, 0);

    start(&r);
    append(&r, "transfer.pay", 1, 7);
    r.clock.now_us -= LEDGER_CLOCK_TOLERANCE_US + 1;
    EXPECT(&r, LEDGER_CLOCK_BEHIND, ledger_register_append(r.l, &late));
    EXPECT(&r, LEDGER_NO_ROW, find(&r, 2, 7));
    region_end(&r);
}

static void expect_answer(struct region *r, int64_t seq, const char *want)
{
    char *answer;

    EXPECT(r, want ? LEDGER_OK : LEDGER_NO_ROW, ledger_register_answer(r->l, seq, &answer));
    if (want)
        assert_string_equal(answer, want);
    else
        assert_null(answer);
    free(answer);
}

static void an_answer_is_kept_until_its_member_is_erased(void **state)
{
    (void)state;
    static char large[70000];
    struct region r;

    start(&r);
    memset(large, '{', sizeof large - 1);
    append(&r, "member.add", 1, 7);
    append(&r, "member.add", 2, 7);
    append(&r, "currency.add", 3, 7);
    append(&r, "transfer.pay", 4, 7);
    OK(&r, ledger_register_keep(r.l, 1, "{\"handle\": \"ana\"}"));
    OK(&r, ledger_register_keep(r.l, 2, "{\"handle\": \"ben\"}"));
    OK(&r, ledger_register_keep(r.l, 3, large));
    OK(&r, ledger_register_names(r.l, 1, "ana"));
    OK(&r, ledger_register_names(r.l, 2, "ana"));
    OK(&r, ledger_register_names(r.l, 2, "ben"));
    OK(&r, ledger_register_names(r.l, 2, "ben"));
    OK(&r, ledger_register_names(r.l, 3, "nobody"));
    OK(&r, ledger_member_leave(r.l, BEN, &region_why));
    expect_answer(&r, 2, "{\"handle\": \"ben\"}");
    OK(&r, ledger_erase_member(r.l, BEN, &region_why));
    expect_answer(&r, 1, "{\"handle\": \"ana\"}");
    expect_answer(&r, 2, NULL);
    expect_answer(&r, 3, large);
    expect_answer(&r, 4, NULL);
    expect_answer(&r, 99, NULL);
    EXPECT(&r, LEDGER_OK, find(&r, 2, 7));
    region_end(&r);
}

/* Of two whose words stand in it either takes it; what is told twice is told once. */
static void an_answer_goes_with_each_that_it_tells_of(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    for (uint8_t i = 1; i <= 3; i++) {
        append(&r, "transfer.erase", i, 7);
        OK(&r, ledger_register_keep(r.l, i, "{}"));
        OK(&r, ledger_register_tells_of(r.l, i, "transfer", i < 3 ? 1 : 2));
    }
    OK(&r, ledger_register_tells_of(r.l, 2, "transfer", 1));
    OK(&r, ledger_register_tells_of(r.l, 2, "hold", 1));
    region_pay_on(&r, ANA, BEN, 100, NULL, "for the roof");
    OK(&r, ledger_erase_transfer_text(r.l, 1, &region_why));
    expect_answer(&r, 1, NULL);
    expect_answer(&r, 2, NULL);
    expect_answer(&r, 3, "{}");
    region_end(&r);
}

/* Without a record of the erasure the file lets none go. */
static void an_answer_goes_only_with_an_erasure(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    append(&r, "member.add", 1, 7);
    OK(&r, ledger_register_keep(r.l, 1, "{}"));
    OK(&r, ledger_register_tells_of(r.l, 1, "member", ANA));
    EXPECT(&r, LEDGER_GUARD, ledger_register_forget(r.l, "member", ANA));
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_is_known_by_its_uid_and_content),
        cmocka_unit_test(one_byte_makes_other_content),
        cmocka_unit_test(a_record_is_read_as_it_was_appended),
        cmocka_unit_test(the_same_uid_is_not_appended_twice),
        cmocka_unit_test(what_was_undone_binds_no_uid),
        cmocka_unit_test(a_uid_is_known_for_ever),
        cmocka_unit_test(records_are_listed_in_the_order_of_writing),
        cmocka_unit_test(times_increase_with_seq_and_with_the_postings),
        cmocka_unit_test(a_clock_behind_stops_the_register_too),
        cmocka_unit_test(an_answer_is_kept_until_its_member_is_erased),
        cmocka_unit_test(an_answer_goes_with_each_that_it_tells_of),
        cmocka_unit_test(an_answer_goes_only_with_an_erasure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
