/* People and their words go; the journal stays provable. */
#include "support/region.h"

#include "ledger/booking.h"
#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/member.h"
#include "ledger/register.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANA = 1, BEN, ZOE };

static const struct ledger_why no_reason = {.actor = "local:test", .reason = "", .authority = ""};

/* ana has ben's room twice: booking 1 has a title and an answer that was kept, 2 has no title. */
static void book(struct region *r)
{
    struct ledger_resource room = {.kind = LEDGER_ROOM,
                                   .name = "blue",
                                   .host = "ben",
                                   .zone = "UTC",
                                   .terms = ledger_terms_default()};
    struct ledger_record record = {
        .actor = "local:test", .operation = "booking.make", .subject = 1};
    int64_t id;

    snprintf(room.terms.title, sizeof room.terms.title, "Blue room");
    OK(r, ledger_resource_add(r->l, &room, &region_why));
    for (int i = 1; i <= 2; i++) {
        const struct ledger_booking_draft b = {.resource_id = room.id,
                                               .member_id = ANA,
                                               .from_us = r->clock.now_us + 2 * i * REGION_HOUR_US,
                                               .to_us =
                                                   r->clock.now_us + (2 * i + 1) * REGION_HOUR_US,
                                               .title = i == 1 ? "a talk with the bank" : ""};
        OK(r, ledger_booking_make(r->l, &b, &region_why, &id));
    }
    ledger_new_uid(r->l, &record.uid);
    OK(r, ledger_register_append(r->l, &record));
    OK(r, ledger_register_keep(r->l, record.seq, "{\"title\":\"a talk with the bank\"}"));
    OK(r, ledger_register_names(r->l, record.seq, "ana"));
    OK(r, ledger_register_tells_of(r->l, record.seq, "booking", 1));
}

/* Transfer 1 has a memo, 2 has none; hold 1 has a memo; booking 1 has a title; zoe has left. */
static void trade(struct region *r)
{
    region_currency(r, "CALD");
    region_member(r, "ana");
    region_member(r, "ben");
    region_member(r, "zoe");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_account(r, "zoe", "CALD");
    region_pay_on(r, ANA, BEN, 2500, NULL, "for the roof");
    region_pay(r, ANA, BEN, 100);
    region_hold(r, ANA, BEN, 100, 24);
    book(r);
    OK(r, ledger_member_set_attribute(r->l, ZOE, "sector", "bread", 0, "local:test"));
    OK(r, ledger_member_leave(r->l, ZOE, &region_why));
}

static const struct row {
    const char *what;
    enum { MEMBER, TRANSFER, HOLD, BOOKING } kind;
    int64_t id;
    bool reason;
    enum ledger_status outcome;
} rows[] = {
    {"a reason is needed", MEMBER, ZOE, false, LEDGER_REASON_MISSING},
    {"a member must be there", MEMBER, 9, true, LEDGER_NO_SUCH_MEMBER},
    {"and have left", MEMBER, ANA, true, LEDGER_MEMBER_STATE},
    {"then its name goes", MEMBER, ZOE, true, LEDGER_OK},
    {"once", MEMBER, ZOE, true, LEDGER_ALREADY_ERASED},
    {"a transfer's words need a reason", TRANSFER, 1, false, LEDGER_REASON_MISSING},
    {"and a transfer", TRANSFER, 9, true, LEDGER_NO_SUCH_TRANSFER},
    {"and words", TRANSFER, 2, true, LEDGER_ALREADY_ERASED},
    {"they go", TRANSFER, 1, true, LEDGER_OK},
    {"once", TRANSFER, 1, true, LEDGER_ALREADY_ERASED},
    {"a hold's words need a reason", HOLD, 1, false, LEDGER_REASON_MISSING},
    {"and a hold", HOLD, 9, true, LEDGER_NO_SUCH_HOLD},
    {"they go", HOLD, 1, true, LEDGER_OK},
    {"once", HOLD, 1, true, LEDGER_ALREADY_ERASED},
    {"a booking's title needs a reason", BOOKING, 1, false, LEDGER_REASON_MISSING},
    {"and a booking", BOOKING, 9, true, LEDGER_NO_SUCH_BOOKING},
    {"and a title", BOOKING, 2, true, LEDGER_ALREADY_ERASED},
    {"it goes", BOOKING, 1, true, LEDGER_OK},
    {"once", BOOKING, 1, true, LEDGER_ALREADY_ERASED},
};

static enum ledger_status erase(struct region *r, const struct row *row)
{
    const struct ledger_why *why = row->reason ? &region_why : &no_reason;

    switch (row->kind) {
    case MEMBER:
        return ledger_erase_member(r->l, row->id, why);
    case TRANSFER:
        return ledger_erase_transfer_text(r->l, row->id, why);
    case HOLD:
        return ledger_erase_hold_text(r->l, row->id, why);
    case BOOKING:
        return ledger_erase_booking_text(r->l, row->id, why);
    }
    return LEDGER_OK;
}

static void erase_all(struct region *r)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum ledger_status got = erase(r, &rows[i]);
        if (got != rows[i].outcome)
            fail_msg("%s: %s, %s", rows[i].what, ledger_status_facts(got)->code,
                     ledger_message(r->l));
    }
}

static enum ledger_status list(void *ctx, const struct ledger_erased *e)
{
    char *text = ctx;
    size_t used = strlen(text);

    snprintf(text + used, 200 - used, "%lld %s %lld %s; ", (long long)e->id, e->kind,
             (long long)e->subject, e->reason);
    return LEDGER_OK;
}

static void each_row(void **state)
{
    (void)state;
    struct region r;
    struct ledger_verification v;
    struct ledger_transfer t;
    struct ledger_hold h;
    struct ledger_booking b;
    struct ledger_member m = {0};
    char text[200] = "";
    char *answer;

    region_start(&r);
    trade(&r);
    erase_all(&r);
    OK(&r, ledger_erasure_each(r.l, 0, 50, list, text));
    assert_string_equal(
        text, "1 member 3 because; 2 transfer 1 because; 3 hold 1 because; 4 booking 1 because; ");
    text[0] = '\0';
    OK(&r, ledger_erasure_each(r.l, 1, 1, list, text));
    assert_string_equal(text, "2 transfer 1 because; ");

    OK(&r, ledger_member_get(r.l, ZOE, &m));
    assert_true(m.erased);
    assert_string_equal(m.handle, "erased-3");
    assert_string_equal(m.name, "");
    OK(&r, ledger_transfer_get(r.l, 1, &t));
    assert_true(t.has_text && t.erased);
    assert_string_equal(t.memo, "");
    OK(&r, ledger_hold_get(r.l, 1, &h));
    assert_true(h.has_text && h.erased);
    OK(&r, ledger_booking_get(r.l, 1, &b));
    assert_string_equal(b.title, "");
    EXPECT(&r, LEDGER_NO_ROW, ledger_register_answer(r.l, 1, &answer));

    OK(&r, ledger_verify(r.l, NULL, NULL, &v));
    assert_int_equal(v.erased, 3);
    strcpy(m.handle, "zoe");
    EXPECT(&r, LEDGER_EXISTS, ledger_member_add(r.l, &m, &region_why));
    region_end(&r);
}

static void kept_answers_go_with_their_member(void **state)
{
    (void)state;
    struct region r;
    char *answer;

    region_start(&r);
    trade(&r);
    for (int i = 0; i < 2; i++) {
        struct ledger_record record = {.actor = "local:test", .operation = "member.add"};
        ledger_new_uid(r.l, &record.uid);
        OK(&r, ledger_register_append(r.l, &record));
        OK(&r, ledger_register_keep(r.l, record.seq, "{}"));
        OK(&r, ledger_register_names(r.l, record.seq, i ? "ana" : "zoe"));
    }
    OK(&r, ledger_erase_member(r.l, ZOE, &region_why));
    EXPECT(&r, LEDGER_NO_ROW, ledger_register_answer(r.l, 2, &answer));
    OK(&r, ledger_register_answer(r.l, 3, &answer));
    free(answer);
    region_end(&r);
}

/* An older copy of the same ledger still has the words; a stranger's rows are left alone. */
static void erasures_are_repeated(void **state)
{
    (void)state;
    struct region older;
    struct region r;
    struct region stranger;
    struct ledger_verification v;
    int64_t count;

    region_start(&older);
    trade(&older);
    region_start(&r);
    trade(&r);
    erase_all(&r);
    region_start(&stranger);
    stranger.clock.seed = 99;
    stranger.clock.now_us += REGION_HOUR_US;
    trade(&stranger);

    OK(&older, ledger_erasure_repeat(older.l, r.l, &count));
    assert_int_equal(count, 4);
    OK(&older, ledger_verify(older.l, NULL, NULL, &v));
    assert_int_equal(v.erased, 3);
    OK(&older, ledger_erasure_repeat(older.l, r.l, &count));
    assert_int_equal(count, 0);
    OK(&stranger, ledger_erasure_repeat(stranger.l, r.l, &count));
    assert_int_equal(count, 0);
    region_end(&older);
    region_end(&r);
    region_end(&stranger);
}

/* Only after the log is truncated are the words gone from the disk. */
static void no_word_is_left_in_the_file(void **state)
{
    (void)state;
    struct region r;
    char command[300];

    region_start_file(&r);
    trade(&r);
    region_commit(&r);
    OK(&r, ledger_commit(r.l));
    OK(&r, ledger_checkpoint(r.l, true));
    snprintf(command, sizeof command, "grep -q 'for the roof' %.100s*", r.path);
    assert_int_equal(system(command), 0);
    OK(&r, ledger_begin_write(r.l));
    erase_all(&r);
    OK(&r, ledger_commit(r.l));
    OK(&r, ledger_checkpoint(r.l, true));
    assert_int_not_equal(system(command), 0);
    snprintf(command, sizeof command, "grep -q 'a talk with the bank' %.100s*", r.path);
    assert_int_not_equal(system(command), 0);
    snprintf(command, sizeof command, "grep -q 'The zoe' %.100s*", r.path);
    assert_int_not_equal(system(command), 0);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
        cmocka_unit_test(kept_answers_go_with_their_member),
        cmocka_unit_test(erasures_are_repeated),
        cmocka_unit_test(no_word_is_left_in_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
