/*
 * test_preapproval.c - what is collected by agreement: bounds, months, refusals that stay quiet, revocation.
 */
#include "support/damage.h"

#include "ledger/correction.h"
#include "ledger/departure.h"
#include "ledger/equivalent.h"
#include "ledger/notice.h"
#include "ledger/preapproval.h"
#include "ledger/request_pay.h"
#include "ledger/request_step.h"

#include <stdio.h>
#include <string.h>

enum { MILL = 1, POWER, JOINERS };

/* mill lets power collect 50.00 a request and 80.00 a month, until the end of June 2026. Today is 2 March. */
static struct ledger_preapproval draft(void)
{
    return (struct ledger_preapproval){.payer_id = MILL,
                                       .payee_id = POWER,
                                       .currency_id = 1,
                                       .each_minor = 5000,
                                       .month_minor = 8000,
                                       .until_on = region_day("2026-06-30")};
}

static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "power");
    region_member(&r, "joiners");
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static int64_t agree(struct region *r)
{
    struct ledger_preapproval p = draft();

    OK(r, ledger_preapproval_set(r->l, &p, &region_why));
    return p.id;
}

static struct ledger_request ask_from(struct region *r, int64_t payer, int64_t payee,
                                      int64_t amount_minor)
{
    struct ledger_request_line line = {
        .words = "power", .quantity_milli = 1000, .price_minor = amount_minor};
    const struct ledger_request_draft d = {
        .payee_id = payee, .payer_id = payer, .currency_id = 1, .lines = &line, .line_count = 1};
    struct ledger_request request;
    int64_t id;

    OK(r, ledger_request_make(r->l, &d, "token:9", &id));
    OK(r, ledger_request_get(r->l, id, &request));
    return request;
}

/* power asks mill; was it paid by itself? */
static bool collects(struct region *r, int64_t amount_minor)
{
    struct ledger_request request = ask_from(r, MILL, POWER, amount_minor);
    bool collected = request.preapproval_id != 0;

    assert_string_equal(ledger_request_state(r->l, &request), collected ? "paid" : "open");
    assert_int_equal(request.open_minor, collected ? 0 : amount_minor);
    return collected;
}

static int64_t balance(struct region *r, const char *handle)
{
    return region_balance(r, region_account(r, handle, "CALD"));
}

static void expect(struct region *r, const char *what, int64_t mill_minor)
{
    struct ledger_verification v;

    if (balance(r, "mill") != mill_minor || balance(r, "power") != -mill_minor)
        fail_msg("%s: mill is at %lld", what, (long long)balance(r, "mill"));
    if (ledger_verify(r->l, NULL, NULL, &v) != LEDGER_OK)
        fail_msg("%s: %s", what, v.problem);
}

static const struct agreed {
    const char *what;
    int64_t payer;
    int64_t payee;
    int64_t currency;
    int64_t each_minor;
    int64_t month_minor;
    const char *until; /* NULL: until it is revoked */
    enum ledger_status outcome;
} agreements[] = {
    {"with oneself", MILL, MILL, 1, 5000, 8000, NULL, LEDGER_REQUEST_TO_ONESELF},
    {"nobody pays", 99, POWER, 1, 5000, 8000, NULL, LEDGER_NO_SUCH_MEMBER},
    {"with nobody", MILL, 99, 1, 5000, 8000, NULL, LEDGER_NO_SUCH_MEMBER},
    {"in nothing", MILL, POWER, 9, 5000, 8000, NULL, LEDGER_NO_SUCH_CURRENCY},
    {"the payee left", MILL, 4, 1, 5000, 8000, NULL, LEDGER_PREAPPROVAL_LEFT},
    {"the payer left", 4, POWER, 1, 5000, 8000, NULL, LEDGER_PREAPPROVAL_LEFT},
    {"the payer is suspended", 5, POWER, 1, 5000, 8000, NULL, LEDGER_MEMBER_NOT_ACTIVE},
    {"and the payee left", 5, 4, 1, 5000, 8000, NULL, LEDGER_PREAPPROVAL_LEFT},
    {"the payee is suspended", MILL, 5, 1, 5000, 8000, NULL, LEDGER_OK},
    {"the payee has applied", MILL, 6, 1, 5000, 8000, NULL, LEDGER_MEMBER_NOT_ACTIVE},
    {"nothing a request", MILL, POWER, 1, 0, 8000, NULL, LEDGER_AMOUNT_NOT_POSITIVE},
    {"nothing a month", MILL, POWER, 1, 5000, 0, NULL, LEDGER_AMOUNT_NOT_POSITIVE},
    {"too much", MILL, POWER, 1, 5000, LEDGER_AMOUNT_MAX + 1, NULL, LEDGER_AMOUNT_TOO_LARGE},
    {"less a month", MILL, POWER, 1, 5000, 4999, NULL, LEDGER_PREAPPROVAL_MALFORMED},
    {"until yesterday", MILL, POWER, 1, 5000, 8000, "2026-03-01", LEDGER_BACKDATED},
    {"until today", MILL, POWER, 1, 5000, 5000, "2026-03-02", LEDGER_OK},
    {"twice", MILL, POWER, 1, 5000, 8000, NULL, LEDGER_PREAPPROVED},
    {"the other way round", POWER, MILL, 1, 5000, 8000, NULL, LEDGER_OK},
    {"with another", MILL, JOINERS, 1, 5000, 8000, NULL, LEDGER_OK},
};

static void it_is_agreed_or_refused(void **state)
{
    struct region *r = *state;
    struct ledger_member new = {.handle = "new", .name = "New", .state = LEDGER_APPLIED};

    region_member(r, "gone");
    OK(r, ledger_member_leave(r->l, 4, &region_why));
    region_member(r, "idle");
    OK(r, ledger_member_change_state(r->l, 5, LEDGER_SUSPENDED, &region_why));
    OK(r, ledger_member_add(r->l, &new, &region_why));
    for (size_t i = 0; i < sizeof agreements / sizeof agreements[0]; i++) {
        const struct agreed *a = &agreements[i];
        struct ledger_preapproval p = {.payer_id = a->payer,
                                       .payee_id = a->payee,
                                       .currency_id = a->currency,
                                       .each_minor = a->each_minor,
                                       .month_minor = a->month_minor,
                                       .until_on = a->until ? region_day(a->until) : INT32_MAX};
        enum ledger_status got = ledger_preapproval_set(r->l, &p, &region_why);
        if (got != a->outcome)
            fail_msg("%s: %s", a->what, ledger_status_facts(got)->code);
    }
}

static const struct collected {
    const char *what;
    const char *day;
    int64_t amount_minor;
    bool collected;
    int64_t mill_minor;
} steps[] = {
    {"a cent more than a request may be", "2026-03-02", 5001, false, 0},
    {"as much as it may be", "2026-03-02", 5000, true, -5000},
    {"a cent more than is left of the month", "2026-03-31", 3001, false, -5000},
    {"what is left of it", "2026-03-31", 3000, true, -8000},
    {"nothing is left", "2026-03-31", 1, false, -8000},
    {"a new month, and no room in the account", "2026-04-01", 2001, false, -8000},
    {"as much as the account has", "2026-04-01", 2000, true, -10000},
    {"the account is empty", "2026-04-02", 1, false, -10000},
};

static void within_both_bounds_it_is_paid_at_once(void **state)
{
    struct region *r = *state;

    agree(r);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        region_set_day(r, steps[i].day);
        bool collected = collects(r, steps[i].amount_minor);
        if (collected != steps[i].collected)
            fail_msg("%s", steps[i].what);
        expect(r, steps[i].what, steps[i].mill_minor);
    }
}

/* Europe/London: April begins at 23:00 UTC of 31 March, November at 00:00 UTC, though October began at 23:00. */
static const struct edge {
    const char *what;
    const char *day; /* whose 00:00 UTC, */
    int64_t after_us;
    bool collected;
} edges[] = {
    {"the last of March", "2026-04-01", -REGION_HOUR_US - 1, true},
    {"no more of it", "2026-04-01", -REGION_HOUR_US - 1, false},
    {"the first of April, still March in UTC", "2026-04-01", -REGION_HOUR_US, true},
    {"April in UTC too: the same month", "2026-04-01", 0, false},
    {"the last of September", "2026-10-01", -REGION_HOUR_US - 1, true},
    {"the first of October", "2026-10-01", -REGION_HOUR_US, true},
    {"23:00 UTC of the last day is October still", "2026-11-01", -REGION_HOUR_US, false},
    {"the first of November", "2026-11-01", 0, true},
};

static void a_month_is_the_nodes(void **state)
{
    struct region *r = *state;
    struct ledger_preapproval p = draft();

    p.until_on = INT32_MAX;
    p.each_minor = p.month_minor = 1000;
    OK(r, ledger_preapproval_set(r->l, &p, &region_why));
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        r->clock.now_us = region_day(edges[i].day) * LEDGER_US_PER_DAY + edges[i].after_us;
        if (collects(r, 1000) != edges[i].collected)
            fail_msg("%s", edges[i].what);
    }
    expect(r, "five times", -5000);
}

static void only_between_the_two(void **state)
{
    struct region *r = *state;

    agree(r);
    assert_int_equal(ask_from(r, MILL, JOINERS, 100).preapproval_id, 0);
    assert_int_equal(ask_from(r, JOINERS, POWER, 100).preapproval_id, 0);
    assert_int_equal(ask_from(r, POWER, MILL, 100).preapproval_id, 0);
    expect(r, "nothing", 0);
}

static void a_reversal_gives_the_room_back_and_a_refund_does_not(void **state)
{
    struct region *r = *state;
    struct ledger_request request;
    struct ledger_preapproval p;
    int64_t id;

    agree(r);
    assert_true(collects(r, 5000));
    OK(r, ledger_transfer_refund(r->l, 1, 0, "not delivered", &id));
    assert_false(collects(r, 3001));
    OK(r, ledger_transfer_reverse(r->l, id, &region_why, &id));
    OK(r, ledger_transfer_reverse(r->l, 1, &region_why, &id));
    OK(r, ledger_request_get(r->l, 1, &request));
    assert_string_equal(ledger_request_state(r->l, &request), "open");
    OK(r, ledger_preapproval_get(r->l, 1, &p));
    assert_int_equal(p.collected_minor, 0);
    assert_int_equal(p.uses, 1);
    assert_true(collects(r, 5000));
    assert_true(collects(r, 3000));
    assert_false(collects(r, 1));
    expect(r, "80.00 that stand", -8000);
}

/* A reversal in April of what was collected in March is room in March, which is over. */
static void the_room_is_of_the_month_of_the_payment(void **state)
{
    struct region *r = *state;
    int64_t id;

    agree(r);
    assert_true(collects(r, 5000));
    region_set_day(r, "2026-04-02");
    assert_true(collects(r, 5000));
    OK(r, ledger_transfer_reverse(r->l, 1, &region_why, &id));
    assert_false(collects(r, 3001));
    assert_true(collects(r, 3000));
}

static void it_ends_on_its_day_or_at_once(void **state)
{
    struct region *r = *state;
    struct ledger_preapproval p = draft();

    EXPECT(r, LEDGER_NO_SUCH_PREAPPROVAL, ledger_preapproval_revoke(r->l, 1, "token:1"));
    agree(r);
    OK(r, ledger_preapproval_revoke(r->l, 1, "token:1"));
    assert_false(collects(r, 100));
    EXPECT(r, LEDGER_PREAPPROVAL_OVER, ledger_preapproval_revoke(r->l, 1, "token:1"));
    agree(r);
    region_set_day(r, "2026-06-30");
    assert_true(collects(r, 100));
    region_set_day(r, "2026-07-01");
    assert_false(collects(r, 100));
    EXPECT(r, LEDGER_PREAPPROVAL_OVER, ledger_preapproval_revoke(r->l, 2, "token:1"));
    p.until_on = INT32_MAX;
    OK(r, ledger_preapproval_set(r->l, &p, &region_why));
    assert_true(collects(r, 100));
    expect(r, "twice", -200);
}

/* Agreeing anew within a month gives no new room beyond the new bound. */
static void a_new_agreement_counts_what_was_collected(void **state)
{
    struct region *r = *state;
    struct ledger_preapproval p = draft();

    agree(r);
    assert_true(collects(r, 5000));
    OK(r, ledger_preapproval_revoke(r->l, 1, "token:1"));
    p.month_minor = 6000;
    OK(r, ledger_preapproval_set(r->l, &p, &region_why));
    assert_false(collects(r, 1001));
    assert_true(collects(r, 1000));
    OK(r, ledger_preapproval_revoke(r->l, 2, "token:1"));
    p.month_minor = 5000;
    OK(r, ledger_preapproval_set(r->l, &p, &region_why));
    assert_false(collects(r, 1));
    expect(r, "60.00", -6000);
}

/* Suspended, over its limit, or the payee can take no more: the request stands open, and nobody is told why. */
static void a_refusal_stays_quiet(void **state)
{
    struct region *r = *state;

    agree(r);
    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_SUSPENDED, &region_why));
    assert_false(collects(r, 100));
    assert_string_equal(ledger_message(r->l), "");
    assert_int_equal(ledger_last_facts(r->l)->account_id, 0);
    OK(r, ledger_member_change_state(r->l, MILL, LEDGER_ACTIVE, &region_why));
    region_pay(r, region_account(r, "mill", "CALD"), region_account(r, "joiners", "CALD"), 10000);
    assert_false(collects(r, 100));
    assert_string_equal(ledger_message(r->l), "");
    assert_int_equal(ledger_last_facts(r->l)->account_id, 0);
    region_pay(r, region_account(r, "joiners", "CALD"), region_account(r, "mill", "CALD"), 10000);
    region_pay(r, region_account(r, "joiners", "CALD"), region_account(r, "power", "CALD"), 10000);
    assert_false(collects(r, 100));
    assert_string_equal(ledger_message(r->l), "");
    assert_int_equal(balance(r, "power"), 10000);
}

/* What a payee tries dry tells it nothing of the payer's room. */
static void a_dry_run_collects_nothing(void **state)
{
    struct region *r = *state;
    struct ledger_request_line line = {
        .words = "power", .quantity_milli = 1000, .price_minor = 100};
    struct ledger_request_draft d = {.payee_id = POWER,
                                     .payer_id = MILL,
                                     .currency_id = 1,
                                     .lines = &line,
                                     .line_count = 1,
                                     .only_asks = true};
    int64_t id;

    agree(r);
    OK(r, ledger_request_make(r->l, &d, "token:9", &id));
    expect(r, "nothing", 0);
}

/* A part in pounds stays owed; the bounds are on what is collected here. */
static void a_part_outside_is_not_collected(void **state)
{
    struct region *r = *state;
    struct ledger_equivalent e = {
        .currency_id = 1, .from_on = ledger_today(r->l), .unit = "GBP", .value_micro = 1000000};
    struct ledger_request_line line = {
        .words = "power", .quantity_milli = 1000, .price_minor = 7000};
    const struct ledger_request_draft d = {.payee_id = POWER,
                                           .payer_id = MILL,
                                           .currency_id = 1,
                                           .outside_minor = 2000,
                                           .lines = &line,
                                           .line_count = 1};
    struct ledger_request request;
    int64_t id;

    OK(r, ledger_equivalent_set(r->l, &e, &region_why));
    agree(r);
    OK(r, ledger_request_make(r->l, &d, "token:9", &id));
    OK(r, ledger_request_get(r->l, id, &request));
    assert_string_equal(ledger_request_state(r->l, &request), "part-paid");
    assert_int_equal(request.open_outside_minor, 2000);
    expect(r, "50.00 of 70.00", -5000);
}

struct told {
    int count;
    struct ledger_notice last;
};

static enum ledger_status note(void *ctx, const struct ledger_notice *n)
{
    struct told *told = ctx;

    told->count++;
    told->last = *n;
    return LEDGER_OK;
}

static void the_payer_is_told(void **state)
{
    struct region *r = *state;
    const struct ledger_notice_filter filter = {.member_id = MILL, .limit = 9};
    struct told told = {.count = 0};

    agree(r);
    assert_true(collects(r, 5000));
    OK(r, ledger_notice_each(r->l, &filter, note, &told));
    assert_int_equal(told.count, 1);
    assert_int_equal(told.last.kind, LEDGER_NOTICE_PREAPPROVED);
    assert_int_equal(told.last.subject_id, 1);
    assert_false(collects(r, 5000));
    told.count = 0;
    OK(r, ledger_notice_each(r->l, &filter, note, &told));
    assert_int_equal(told.count, 2);
    assert_int_equal(told.last.kind, LEDGER_NOTICE_ASKED);
}

static enum ledger_status count_one(void *ctx, const struct ledger_preapproval *p)
{
    (void)p;
    ++*(int *)ctx;
    return LEDGER_OK;
}

static int listed(struct region *r, int64_t member_id, bool all)
{
    const struct ledger_preapproval_filter filter = {
        .member_id = member_id, .all = all, .limit = 9};
    int count = 0;

    OK(r, ledger_preapproval_each(r->l, &filter, count_one, &count));
    return count;
}

static enum ledger_status note_use(void *ctx, const struct ledger_preapproval_use *u)
{
    *(struct ledger_preapproval_use *)ctx = *u;
    return LEDGER_OK;
}

static void it_is_listed_with_what_it_accepted(void **state)
{
    struct region *r = *state;
    struct ledger_preapproval_use use = {0};
    struct ledger_preapproval with_joiners = draft(), p;

    with_joiners.payee_id = JOINERS;
    agree(r);
    assert_true(collects(r, 5000));
    assert_true(collects(r, 1000));
    OK(r, ledger_preapproval_uses(r->l, 1, 1, 9, note_use, &use));
    assert_int_equal(use.request_id, 2);
    assert_int_equal(use.number, 2);
    assert_int_equal(use.transfer_id, 2);
    assert_int_equal(use.amount_minor, 1000);
    assert_int_equal(use.month_on, region_day("2026-03-01"));
    assert_false(use.reversed);
    OK(r, ledger_preapproval_revoke(r->l, 1, "token:1"));
    agree(r);
    assert_int_equal(listed(r, MILL, false), 1);
    assert_int_equal(listed(r, POWER, true), 2);
    assert_int_equal(listed(r, JOINERS, true), 0);
    OK(r, ledger_preapproval_revoke(r->l, 2, "token:1"));
    OK(r, ledger_preapproval_set(r->l, &with_joiners, &region_why));
    assert_int_equal(listed(r, JOINERS, false), 1);
    OK(r, ledger_member_leave(r->l, JOINERS, &region_why));
    assert_int_equal(listed(r, JOINERS, false), 0);
    OK(r, ledger_preapproval_get(r->l, 3, &p));
    assert_string_equal(ledger_preapproval_state(r->l, &p), "over");
    EXPECT(r, LEDGER_PREAPPROVAL_OVER, ledger_preapproval_revoke(r->l, 3, "token:1"));
    agree(r);
    region_set_day(r, "2026-07-01");
    assert_int_equal(listed(r, 0, false), 0);
    assert_int_equal(listed(r, 0, true), 4);
}

/* 1 accepted requests 1 and 2 and was revoked; 3 is open; 2 is live. */
static void furnish(struct region *r)
{
    struct ledger_preapproval p = draft();

    agree(r);
    assert_true(collects(r, 5000));
    assert_true(collects(r, 3000));
    OK(r, ledger_preapproval_revoke(r->l, 1, "token:1"));
    assert_false(collects(r, 100));
    OK(r, ledger_preapproval_set(r->l, &p, &region_why));
}

static const struct damage damages[] = {
    {"a use of none", "UPDATE preapproval_use SET preapproval_id = 9",
     "pre-approval 9: it accepted a request that"},
    {"another payee", "UPDATE preapproval SET payee_id = 3 WHERE id = 1",
     "pre-approval 1: it accepted a request"},
    {"a use of less", "UPDATE preapproval_use SET amount_minor = 4999 WHERE request_id = 1",
     "pre-approval 1: a request that it accepted was not paid so"},
    {"a smaller bound a request", "UPDATE preapproval SET each_minor = 4999",
     "pre-approval 1: it accepted more than it may"},
    {"a smaller bound a month", "UPDATE preapproval SET month_minor = 7999",
     "pre-approval 1: it accepted more than it may"},
    {"agreed after its use", "UPDATE preapproval SET at_us = at_us + 10000000 WHERE id = 1",
     "pre-approval 1: it accepted a request before"},
    {"revoked before its use", "UPDATE preapproval_end SET at_us = 5", "or after it was revoked"},
};

static void damage_is_found(void **state)
{
    struct region *r = *state;

    furnish(r);
    region_sound(r);
    region_close(r);
    damage_each(r, damages, sizeof damages / sizeof damages[0]);
}

static const struct damage_refusal guards[] = {
    {"UPDATE preapproval SET each_minor = 1", "append-only"},
    {"DELETE FROM preapproval", "append-only"},
    {"INSERT OR REPLACE INTO preapproval SELECT * FROM preapproval", "taken"},
    {"UPDATE preapproval_end SET at_us = 1", "append-only"},
    {"DELETE FROM preapproval_end", "append-only"},
    {"INSERT OR REPLACE INTO preapproval_end SELECT * FROM preapproval_end", "taken"},
    {"UPDATE preapproval_use SET amount_minor = 1", "append-only"},
    {"DELETE FROM preapproval_use", "append-only"},
    {"INSERT OR REPLACE INTO preapproval_use SELECT * FROM preapproval_use", "taken"},
    {"INSERT OR REPLACE INTO preapproval_use SELECT 3, preapproval_id, transfer_id, month_on, "
     "amount_minor FROM preapproval_use WHERE request_id = 1",
     "taken"},
    {"INSERT INTO preapproval VALUES (9, 1, 2, 1, 5, 4, NULL, 0, '')", "CHECK"},
    {"INSERT INTO preapproval VALUES (9, 1, 1, 1, 5, 5, NULL, 0, '')", "CHECK"},
};

static void the_file_refuses(void **state)
{
    struct region *r = *state;

    furnish(r);
    region_close(r);
    damage_refused(r, guards, sizeof guards / sizeof guards[0]);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(it_is_agreed_or_refused),
        EACH(within_both_bounds_it_is_paid_at_once),
        EACH(a_month_is_the_nodes),
        EACH(only_between_the_two),
        EACH(a_reversal_gives_the_room_back_and_a_refund_does_not),
        EACH(the_room_is_of_the_month_of_the_payment),
        EACH(it_ends_on_its_day_or_at_once),
        EACH(a_new_agreement_counts_what_was_collected),
        EACH(a_refusal_stays_quiet),
        EACH(a_dry_run_collects_nothing),
        EACH(a_part_outside_is_not_collected),
        EACH(the_payer_is_told),
        EACH(it_is_listed_with_what_it_accepted),
        EACH(damage_is_found),
        EACH(the_file_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
