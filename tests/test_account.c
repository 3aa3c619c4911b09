/* An account is one member's in one currency, and shows what is free now. */
#include "support/region.h"

#include "ledger/account.h"
#include "ledger/departure.h"
#include "ledger/erasure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ANA = 1, BEN, CLEO };
enum { CALD = 1, HOUR };

static void start(struct region *r)
{
    region_start(r);
    region_currency(r, "CALD");
    region_currency(r, "HOUR");
    region_member(r, "ana");
    region_member(r, "ben");
    region_member(r, "cleo");
}

/* clang-format off */
static const struct open_row {
    const char *what;
    int64_t member_id;
    int64_t currency_id;
    enum ledger_member_state state;
    enum ledger_status outcome;
} open_rows[] = {
    /* what it shows              member  currency  who is by now     outcome */
    {"the first",                 ANA,    CALD,     LEDGER_ACTIVE,    LEDGER_OK},
    {"a second currency",         ANA,    HOUR,     LEDGER_ACTIVE,    LEDGER_OK},
    {"once each",                 ANA,    CALD,     LEDGER_ACTIVE,    LEDGER_EXISTS},
    {"nobody's",                  9,      CALD,     LEDGER_ACTIVE,    LEDGER_NO_SUCH_MEMBER},
    {"in no currency",            BEN,    9,        LEDGER_ACTIVE,    LEDGER_NO_SUCH_CURRENCY},
    {"who has applied",           BEN,    CALD,     LEDGER_APPLIED,   LEDGER_OK},
    {"who is suspended",          BEN,    HOUR,     LEDGER_SUSPENDED, LEDGER_OK},
    {"who has left",              CLEO,   CALD,     LEDGER_LEFT,      LEDGER_MEMBER_NOT_ACTIVE},
    {"left before there already", ANA,    CALD,     LEDGER_LEFT,      LEDGER_MEMBER_NOT_ACTIVE},
};
/* clang-format on */

static void check_empty(const struct ledger_account *a, const struct open_row *row)
{
    assert_int_equal(a->member_id, row->member_id);
    assert_int_equal(a->currency_id, row->currency_id);
    assert_int_equal(a->balance_minor, 0);
    assert_int_equal(a->reserved_in_minor, 0);
    assert_int_equal(a->reserved_out_minor, 0);
    assert_int_equal(a->floor_minor, -10000);
    assert_int_equal(a->ceiling_minor, 10000);
    assert_true(a->hold_expiry_us == INT64_MAX);
    assert_int_equal(a->scale, 2);
    assert_int_equal(a->member_state, row->state);
    assert_int_equal(a->member_kind, LEDGER_COOP);
    assert_string_equal(a->handle, row->member_id == ANA ? "ana" : "ben");
    assert_string_equal(a->code, row->currency_id == CALD ? "CALD" : "HOUR");
}

static void an_account_opens_empty_with_the_currencys_limits(void **state)
{
    (void)state;
    struct region r;
    int64_t opened = 0;

    start(&r);
    for (size_t i = 0; i < sizeof open_rows / sizeof open_rows[0]; i++) {
        const struct open_row *row = &open_rows[i];
        struct ledger_account a;
        if (row->member_id <= CLEO)
            OK(&r, ledger_member_record_state(r.l, row->member_id, row->state, &region_why));
        enum ledger_status got =
            ledger_account_open(r.l, row->member_id, row->currency_id, &region_why, &a);
        if (got != row->outcome)
            fail_msg("%s: %s", row->what, ledger_status_facts(got)->code);
        if (got != LEDGER_OK)
            continue;
        assert_int_equal(a.id, ++opened);
        check_empty(&a, row);
        OK(&r, ledger_account_get(r.l, opened, &a));
        check_empty(&a, row);
    }
    struct ledger_account none;
    EXPECT(&r, LEDGER_NO_SUCH_ACCOUNT, ledger_account_get(r.l, opened + 1, &none));
    EXPECT(&r, LEDGER_NO_SUCH_ACCOUNT, ledger_account_get(r.l, 0, &none));
    region_end(&r);
}

/* clang-format off */
static const struct find_row {
    const char *what;
    const char *handle;
    const char *code;
    enum ledger_status find;
    enum ledger_status need; /* asked after it */
    int64_t id;
} find_rows[] = {
    /* what it shows              handle  code    find                     need                      id */
    {"what is there",             "ana",  "CALD", LEDGER_OK,               LEDGER_OK,                 1},
    {"another",                   "ben",  "CALD", LEDGER_OK,               LEDGER_OK,                 2},
    {"nobody",                    "zoe",  "CALD", LEDGER_NO_SUCH_MEMBER,   LEDGER_NO_SUCH_MEMBER,     0},
    {"no currency",               "ana",  "GOLD", LEDGER_NO_SUCH_CURRENCY, LEDGER_NO_SUCH_CURRENCY,   0},
    {"neither: first the member", "zoe",  "GOLD", LEDGER_NO_SUCH_MEMBER,   LEDGER_NO_SUCH_MEMBER,     0},
    {"not yet, then opened",      "ana",  "HOUR", LEDGER_NO_SUCH_ACCOUNT,  LEDGER_OK,                 3},
    {"opened once",               "ana",  "HOUR", LEDGER_OK,               LEDGER_OK,                 3},
    {"who has left has none",     "cleo", "CALD", LEDGER_NO_SUCH_ACCOUNT,  LEDGER_MEMBER_NOT_ACTIVE,  0},
    {"no words",                  "",     "",     LEDGER_NO_SUCH_MEMBER,   LEDGER_NO_SUCH_MEMBER,     0},
};
/* clang-format on */

static void an_account_is_found_by_its_names_or_opened_when_needed(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    region_account(&r, "ana", "CALD");
    region_account(&r, "ben", "CALD");
    OK(&r, ledger_member_leave(r.l, CLEO, &region_why));
    for (size_t i = 0; i < sizeof find_rows / sizeof find_rows[0]; i++) {
        const struct find_row *row = &find_rows[i];
        struct ledger_account found = {0};
        struct ledger_account needed = {0};
        enum ledger_status find = ledger_account_find(r.l, row->handle, row->code, &found);
        enum ledger_status need =
            ledger_account_need(r.l, row->handle, row->code, &region_why, &needed);
        if (find != row->find || need != row->need || needed.id != row->id ||
            (find == LEDGER_OK && found.id != row->id))
            fail_msg("%s: %s, %s, %" PRId64, row->what, ledger_status_facts(find)->code,
                     ledger_status_facts(need)->code, needed.id);
        if (need == LEDGER_OK)
            assert_string_equal(needed.handle, row->handle);
    }
    region_end(&r);
}

static void an_erased_member_keeps_the_account_without_the_name(void **state)
{
    (void)state;
    struct region r;
    struct ledger_account a;

    start(&r);
    int64_t id = region_account(&r, "cleo", "CALD");
    OK(&r, ledger_member_leave(r.l, CLEO, &region_why));
    OK(&r, ledger_erase_member(r.l, CLEO, &region_why));
    EXPECT(&r, LEDGER_NO_SUCH_MEMBER, ledger_account_find(r.l, "cleo", "CALD", &a));
    OK(&r, ledger_account_get(r.l, id, &a));
    assert_string_equal(a.handle, "erased-3");
    assert_int_equal(a.member_state, LEDGER_LEFT);
    region_end(&r);
}

static void loading_leaves_the_names_to_be_filled_in(void **state)
{
    (void)state;
    struct region r;
    struct ledger_account a;

    start(&r);
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t ben = region_account(&r, "ben", "CALD");
    region_pay(&r, ana, ben, 700);
    region_hold(&r, ana, ben, 200, 2);
    memset(&a, 0x5A, sizeof a);
    OK(&r, ledger_account_load(r.l, ana, &a));
    assert_int_equal(a.id, ana);
    assert_int_equal(a.member_id, ANA);
    assert_int_equal(a.currency_id, CALD);
    assert_int_equal(a.balance_minor, -700);
    assert_int_equal(a.reserved_in_minor, 0);
    assert_int_equal(a.reserved_out_minor, 200);
    assert_int_equal(a.floor_minor, -10000);
    assert_int_equal(a.ceiling_minor, 10000);
    assert_true(a.hold_expiry_us == r.clock.now_us + 2 * REGION_HOUR_US);
    assert_int_equal(a.member_state, LEDGER_ACTIVE);
    assert_int_equal(a.member_kind, LEDGER_COOP);
    assert_int_equal(a.scale, 0);
    assert_string_equal(a.handle, "");
    assert_string_equal(a.code, "");
    ledger_account_name_it(r.l, &a);
    assert_int_equal(a.scale, 2);
    assert_string_equal(a.handle, "ana");
    assert_string_equal(a.code, "CALD");
    EXPECT(&r, LEDGER_NO_SUCH_ACCOUNT, ledger_account_load(r.l, 9, &a));
    region_end(&r);
}

static enum ledger_status describe(void *ctx, const struct ledger_account *a)
{
    char *text = ctx;
    size_t used = strlen(text);

    snprintf(text + used, 400 - used, "%" PRId64 ":%s:%s:%" PRId64 "-%" PRId64 "+%" PRId64 " ",
             a->id, a->handle, a->code, a->balance_minor, a->reserved_out_minor,
             a->reserved_in_minor);
    return LEDGER_OK;
}

/* clang-format off */
static const struct each_row {
    const char *what;
    struct ledger_account_filter filter;
    int hours; /* from now */
    const char *accounts;
} each_rows[] = {
    /* what it shows          {member, currency, after, limit}  hours  accounts */
    {"all",                   {0, 0, 0, 100},                       0, "1:ben:CALD:700-0+200 2:ana:HOUR:0-0+0 3:ana:CALD:-700-300+0 4:cleo:CALD:0-0+100 "},
    {"a member's",            {ANA, 0, 0, 100},                     0, "2:ana:HOUR:0-0+0 3:ana:CALD:-700-300+0 "},
    {"a currency's",          {0, HOUR, 0, 100},                    0, "2:ana:HOUR:0-0+0 "},
    {"both",                  {ANA, CALD, 0, 100},                  0, "3:ana:CALD:-700-300+0 "},
    {"both, of nobody",       {BEN, HOUR, 0, 100},                  0, ""},
    {"after one",             {0, 0, 2, 100},                       0, "3:ana:CALD:-700-300+0 4:cleo:CALD:0-0+100 "},
    {"a member's, after one", {ANA, 0, 2, 100},                     0, "3:ana:CALD:-700-300+0 "},
    {"no more than one",      {0, 0, 0, 1},                         0, "1:ben:CALD:700-0+200 "},
    {"a member's, one",       {ANA, 0, 0, 1},                       0, "2:ana:HOUR:0-0+0 "},
    {"one hold expired",      {0, CALD, 0, 100},                    2, "1:ben:CALD:700-0+0 3:ana:CALD:-700-100+0 4:cleo:CALD:0-0+100 "},
    {"both expired",          {0, CALD, 0, 100},                   48, "1:ben:CALD:700-0+0 3:ana:CALD:-700-0+0 4:cleo:CALD:0-0+0 "},
};
/* clang-format on */

static void accounts_are_listed_in_order_of_id_as_of_now(void **state)
{
    (void)state;
    struct region r;
    char text[400];

    start(&r);
    int64_t ben = region_account(&r, "ben", "CALD");
    region_account(&r, "ana", "HOUR");
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t cleo = region_account(&r, "cleo", "CALD");
    region_pay(&r, ana, ben, 700);
    region_hold(&r, ana, ben, 200, 2);
    region_hold(&r, ana, cleo, 100, 3);
    int64_t now_us = r.clock.now_us;
    for (size_t i = 0; i < sizeof each_rows / sizeof each_rows[0]; i++) {
        r.clock.now_us = now_us + each_rows[i].hours * REGION_HOUR_US;
        text[0] = '\0';
        OK(&r, ledger_account_each(r.l, &each_rows[i].filter, describe, text));
        if (strcmp(text, each_rows[i].accounts) != 0)
            fail_msg("%s: %s", each_rows[i].what, text);
    }
    region_end(&r);
}

/* clang-format off */
static const struct refresh_row {
    const char *what;
    int64_t after_us;
    int64_t out_minor; /* ana's */
    int64_t in_minor;  /* ben's */
} refresh_rows[] = {
    /* what it shows                                      after   out   in */
    {"while they stand",                                      0, 1100, 700},
    {"just before the first ends",           REGION_HOUR_US - 1, 1100, 700},
    {"an hour is an hour",                       REGION_HOUR_US,  900, 500},
    {"between",                          2 * REGION_HOUR_US - 1,  900, 500},
    {"the second, of which he has half",     2 * REGION_HOUR_US,  100, 100},
    {"just before the last ends",        3 * REGION_HOUR_US - 1,  100, 100},
    {"none",                                 3 * REGION_HOUR_US,    0,   0},
};
/* clang-format on */

static void what_expired_is_reserved_no_more(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t ben = region_account(&r, "ben", "CALD");
    int64_t cleo = region_account(&r, "cleo", "CALD");
    const struct ledger_leg payees[] = {{ben, 400}, {cleo, 400}};
    const struct ledger_hold_draft shared = {.account_id = ana,
                                             .expires_at_us = r.clock.now_us + 2 * REGION_HOUR_US,
                                             .payees = payees,
                                             .payee_count = 2};
    region_hold(&r, ana, ben, 200, 1);
    OK(&r, ledger_hold_place(r.l, &shared, &id));
    region_hold(&r, ana, ben, 100, 3);
    int64_t now_us = r.clock.now_us;
    for (size_t i = 0; i < sizeof refresh_rows / sizeof refresh_rows[0]; i++) {
        const struct refresh_row *row = &refresh_rows[i];
        struct ledger_account payer, payee;
        r.clock.now_us = now_us + row->after_us;
        OK(&r, ledger_account_get(r.l, ana, &payer));
        OK(&r, ledger_account_get(r.l, ben, &payee));
        assert_int_equal(payer.reserved_out_minor, 1100);
        assert_int_equal(payee.reserved_in_minor, 700);
        OK(&r, ledger_account_refresh(r.l, &payer));
        OK(&r, ledger_account_refresh(r.l, &payee));
        if (payer.reserved_out_minor != row->out_minor || payee.reserved_in_minor != row->in_minor)
            fail_msg("%s: %" PRId64 ", %" PRId64, row->what, payer.reserved_out_minor,
                     payee.reserved_in_minor);
        assert_int_equal(payer.reserved_in_minor, 0);
        assert_int_equal(payee.reserved_out_minor, 0);
    }
    region_end(&r);
}

static void what_is_saved_is_loaded_and_nothing_else_changes(void **state)
{
    (void)state;
    static const int64_t expiries[] = {INT64_MAX, 1};
    struct region r;

    start(&r);
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t ben = region_account(&r, "ben", "CALD");
    for (size_t i = 0; i < 2; i++) {
        const struct ledger_account a = {.id = ana,
                                         .balance_minor = -LEDGER_AMOUNT_MAX,
                                         .reserved_in_minor = 3,
                                         .reserved_out_minor = 4,
                                         .hold_expiry_us = expiries[i],
                                         .floor_minor = -1,
                                         .ceiling_minor = 1};
        struct ledger_account got;
        OK(&r, ledger_account_save(r.l, &a));
        OK(&r, ledger_account_load(r.l, ana, &got));
        assert_int_equal(got.balance_minor, -LEDGER_AMOUNT_MAX);
        assert_int_equal(got.reserved_in_minor, 3);
        assert_int_equal(got.reserved_out_minor, 4);
        assert_true(got.hold_expiry_us == expiries[i]);
        assert_int_equal(got.floor_minor, -10000);
        assert_int_equal(got.ceiling_minor, 10000);
        assert_int_equal(region_balance(&r, ben), 0);
    }
    region_end(&r);
}

/* clang-format off */
static const struct {
    const char *what;
    int64_t balance, reserved_in, reserved_out, floor, ceiling;
    int64_t available;
    int64_t room_in;
} room_rows[] = {
    /* what it shows                        balance   in  out               floor            ceiling  available  room in */
    {"fresh",                                     0,   0,   0,             -10000,             10000,     10000,   10000},
    {"in credit",                              2500,   0,   0,             -10000,             10000,     12500,    7500},
    {"with reserves",                          2500, 400, 300,             -10000,             10000,     12200,    7100},
    {"at the floor",                         -10000,   0,   0,             -10000,             10000,         0,   20000},
    {"at the ceiling",                        10000,   0,   0,             -10000,             10000,     20000,       0},
    {"below a floor that rose",               -6000,   0,   0,              -1000,             10000,     -5000,   16000},
    {"above a ceiling that fell",              6000,   0,   0,             -10000,              1000,     16000,   -5000},
    {"as far as it goes",         LEDGER_AMOUNT_MAX,   0,   0, -LEDGER_AMOUNT_MAX, LEDGER_AMOUNT_MAX, 2 * LEDGER_AMOUNT_MAX,       0},
};
/* clang-format on */

static void what_is_free_lies_between_the_balance_and_the_limits(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof room_rows / sizeof room_rows[0]; i++) {
        const struct ledger_account a = {.balance_minor = room_rows[i].balance,
                                         .reserved_in_minor = room_rows[i].reserved_in,
                                         .reserved_out_minor = room_rows[i].reserved_out,
                                         .floor_minor = room_rows[i].floor,
                                         .ceiling_minor = room_rows[i].ceiling};
        int64_t available = ledger_account_available(&a);
        int64_t room_in = ledger_account_room_in(&a);
        if (available != room_rows[i].available || room_in != room_rows[i].room_in)
            fail_msg("%s: %" PRId64 ", %" PRId64, room_rows[i].what, available, room_in);
    }
}

static void an_account_is_named_by_handle_and_code(void **state)
{
    (void)state;
    const struct ledger_account a = {.handle = "riverside", .code = "CALD"};
    const struct ledger_account longest = {.handle = "abcdefghijklmnopqrstuvwxyz012345",
                                           .code = "ABCDEFGHIJ"};
    char text[LEDGER_ACCOUNT_NAME];

    assert_ptr_equal(ledger_account_name(&a, text), text);
    assert_string_equal(text, "riverside:CALD");
    assert_string_equal(ledger_account_name(&longest, text),
                        "abcdefghijklmnopqrstuvwxyz012345:ABCDEFGHIJ");
    assert_int_equal(strlen(text), LEDGER_ACCOUNT_NAME - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_opens_empty_with_the_currencys_limits),
        cmocka_unit_test(an_account_is_found_by_its_names_or_opened_when_needed),
        cmocka_unit_test(an_erased_member_keeps_the_account_without_the_name),
        cmocka_unit_test(loading_leaves_the_names_to_be_filled_in),
        cmocka_unit_test(accounts_are_listed_in_order_of_id_as_of_now),
        cmocka_unit_test(what_expired_is_reserved_no_more),
        cmocka_unit_test(what_is_saved_is_loaded_and_nothing_else_changes),
        cmocka_unit_test(what_is_free_lies_between_the_balance_and_the_limits),
        cmocka_unit_test(an_account_is_named_by_handle_and_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
