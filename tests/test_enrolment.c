/* Who gets a place, what is held for it, who waits and who is paid. */
#include "support/region.h"

#include "ledger/attendance.h"
#include "ledger/chores.h"
#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/limit.h"
#include "ledger/notice.h"
#include "ledger/training.h"
#include "ledger/waitlist.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_US INT64_C(60000000)
#define DAY_US LEDGER_US_PER_DAY

/* Members in this order; ana to gil may go down to -100.00 in CALD. */
enum { SCHOOL = 1, ANA, BEN, CLEO, DORA, ELI, FAY, GIL, MEMBERS };
/* Accounts of CALD, one a member. */

static const char *const handles[] = {"",     "school", "ana", "ben", "cleo",
                                      "dora", "eli",    "fay", "gil"};

static void start(struct region *r)
{
    const struct ledger_course_draft course = {
        .title = "Accounts", .language = "en", .threshold_percent = 75};
    struct ledger_limit limit = {
        .account_id = SCHOOL, .floor_minor = -10000, .ceiling_minor = 10000000};
    int64_t id;

    region_start(r);
    region_currency(r, "CALD");
    region_currency(r, "HOUR");
    for (int m = SCHOOL; m < MEMBERS; m++) {
        region_member(r, handles[m]);
        region_account(r, handles[m], "CALD");
    }
    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    OK(r, ledger_course_add(r->l, SCHOOL, &course, &region_why, &id));
    region_commit(r);
}

static void finish(struct region *r)
{
    region_sound(r);
    region_end(r);
}

/* Two hours from the day after tomorrow on, an offer stands for a day. */
static struct ledger_session_draft two_hours(const struct region *r, int capacity)
{
    return (struct ledger_session_draft){.course_id = 1,
                                         .zone = "Europe/London",
                                         .tzdata = "",
                                         .starts = "2026-03-04T12:00",
                                         .ends = "2026-03-04T14:00",
                                         .starts_at_us = r->clock.now_us + 2 * DAY_US,
                                         .ends_at_us =
                                             r->clock.now_us + 2 * DAY_US + 120 * MINUTE_US,
                                         .offer_us = DAY_US,
                                         .capacity = capacity};
}

static int64_t add_session(struct region *r, int capacity, int64_t price_minor)
{
    const struct ledger_session_price price = {.currency_id = 1, .amount_minor = price_minor};
    struct ledger_session_draft d = two_hours(r, capacity);
    int64_t id;

    d.prices = &price;
    d.price_count = price_minor > 0;
    OK(r, ledger_session_add(r->l, &d, &region_why, &id));
    return id;
}

static enum ledger_status try_enrol(struct region *r, int64_t session, int64_t member, int places,
                                    bool wait)
{
    const struct ledger_enrolment_draft d = {
        .session_id = session, .member_id = member, .places = places, .wait = wait};
    int64_t id;

    OK(r, ledger_savepoint(r->l));
    enum ledger_status status = ledger_enrolment_add(r->l, &d, &region_why, &id);
    if (status == LEDGER_OK)
        OK(r, ledger_release(r->l));
    else
        assert_int_equal(ledger_rollback_to(r->l), LEDGER_OK);
    return status;
}

/* They are numbered as they come. */
static void enrol(struct region *r, int64_t session, int64_t member, int places)
{
    OK(r, try_enrol(r, session, member, places, true));
}

static struct ledger_enrolment get(struct region *r, int64_t id)
{
    struct ledger_enrolment e;

    OK(r, ledger_enrolment_get(r->l, id, &e));
    return e;
}

static struct ledger_session session(struct region *r, int64_t id)
{
    struct ledger_session s;

    OK(r, ledger_session_get(r->l, id, &s));
    return s;
}

static int64_t held(struct region *r, int64_t account)
{
    struct ledger_account a;

    OK(r, ledger_account_get(r->l, account, &a));
    OK(r, ledger_account_refresh(r->l, &a));
    return a.reserved_out_minor;
}

static void expect_states(struct region *r, const char *want)
{
    for (int64_t id = 1; want[id - 1]; id++) {
        static const char letters[] = "woEAXc"; /* by enum ledger_enrolment_state */
        char is = letters[get(r, id).state];
        if (is != want[id - 1])
            fail_msg("enrolment %d is %c, not as in %s", (int)id, is, want);
    }
}

static void chores(struct region *r)
{
    int64_t count;

    OK(r, ledger_chores_run(r->l, r->clock.now_us, &count));
}

/* Try `call` in a savepoint: it must be refused so, and leave nothing. */
#define REFUSES(r, want, call)                                                                     \
    do {                                                                                           \
        OK(r, ledger_savepoint((r)->l));                                                           \
        EXPECT(r, want, call);                                                                     \
        assert_int_equal(ledger_rollback_to((r)->l), LEDGER_OK);                                   \
    } while (0)

/* clang-format off */
static const struct refusal {
    const char *what;
    enum ledger_status outcome;
    int64_t session; /* 1: two places for 10.00; 2: full; 3: cancelled; 4: not open; 5: over 100.00 */
    int64_t member;
    int places;
    bool wait;
} refusals[] = {
    {"nobody comes",                       LEDGER_NUMBER_MALFORMED,   9, ANA, 0, true},
    {"a party of 51",                      LEDGER_NUMBER_MALFORMED,   9, ANA, LEDGER_PARTY_MAX + 1, true},
    {"no such session",                    LEDGER_NO_SUCH_SESSION,    9, 99,  1, true},
    {"no such member",                     LEDGER_NO_SUCH_MEMBER,     3, 99,  1, true},
    {"a session called off",               LEDGER_SESSION_CANCELLED,  3, ANA, 1, true},
    {"before the window",                  LEDGER_SIGN_UP_CLOSED,     4, ANA, 1, true},
    {"the school, in its own session",     LEDGER_OWN_SESSION,        2, SCHOOL, 1, true},
    {"twice",                              LEDGER_ALREADY_ENROLLED,   2, BEN, 3, true},
    {"twice, from the waiting list",       LEDGER_ALREADY_ENROLLED,   2, CLEO, 1, true},
    {"more than the room holds",           LEDGER_PARTY_TOO_LARGE,    1, ANA, 3, true},
    {"full",                               LEDGER_SESSION_FULL,       2, ANA, 1, false},
    {"two where one is free",              LEDGER_SESSION_FULL,       6, ANA, 2, false},
    {"over the limit",                     LEDGER_OVER_LIMIT,         5, ANA, 1, true},
    {"suspended",                          LEDGER_MEMBER_NOT_ACTIVE,  1, GIL, 1, true},
};
/* clang-format on */

static void furnish_sessions(struct region *r)
{
    struct ledger_session_draft later = two_hours(r, 5);
    int64_t id;

    add_session(r, 2, 1000);
    add_session(r, 1, 1000);
    add_session(r, 5, 1000);
    later.opens_at_us = r->clock.now_us + DAY_US;
    OK(r, ledger_session_add(r->l, &later, &region_why, &id));
    add_session(r, 5, 10001);
    add_session(r, 3, 0);
    enrol(r, 2, BEN, 1);
    enrol(r, 2, CLEO, 1);
    enrol(r, 6, BEN, 2);
    OK(r, ledger_session_cancel(r->l, 3, &region_why));
    OK(r, ledger_member_change_state(r->l, GIL, LEDGER_SUSPENDED, &region_why));
}

static void the_first_broken_rule_is_named(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    furnish_sessions(&r);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *row = &refusals[i];
        enum ledger_status is = try_enrol(&r, row->session, row->member, row->places, row->wait);
        if (is != row->outcome)
            fail_msg("%s: %s", row->what, ledger_status_facts(is)->code);
        assert_int_equal(held(&r, ANA), 0);
    }
    r.clock.now_us += 2 * DAY_US;
    assert_int_equal(try_enrol(&r, 1, ANA, 1, true), LEDGER_SIGN_UP_CLOSED);
    finish(&r);
}

/* clang-format off */
static const struct bad_session {
    const char *what;
    enum ledger_status outcome;
    int64_t starts_us, ends_us, opens_us, closes_us; /* from now; 0: as usual */
    int capacity, minimum;
    int64_t price_minor, also_minor;
    const char *link;
} bad_sessions[] = {
    {"ends before it begins",      LEDGER_PERIOD_MALFORMED,    .starts_us = DAY_US, .ends_us = DAY_US - 1},
    {"ends when it begins",        LEDGER_PERIOD_MALFORMED,    .starts_us = DAY_US, .ends_us = DAY_US},
    {"lasts beyond two weeks",     LEDGER_PERIOD_MALFORMED,    .starts_us = DAY_US, .ends_us = 15 * DAY_US + 1},
    {"shorter than a minute",      LEDGER_PERIOD_MALFORMED,    .starts_us = DAY_US, .ends_us = DAY_US + MINUTE_US - 1},
    {"in the past",                LEDGER_SESSION_IN_PAST,     .starts_us = -DAY_US, .ends_us = DAY_US},
    {"signing up after the start", LEDGER_PERIOD_MALFORMED,    .closes_us = 2 * DAY_US + 1},
    {"a window that is empty",     LEDGER_PERIOD_MALFORMED,    .opens_us = DAY_US, .closes_us = DAY_US},
    {"a window that is over",      LEDGER_PERIOD_MALFORMED,    .opens_us = -DAY_US, .closes_us = -1},
    {"no places",                  LEDGER_NUMBER_MALFORMED,    .capacity = -1},
    {"10,001 places",              LEDGER_NUMBER_MALFORMED,    .capacity = LEDGER_SESSION_PLACES_MAX + 1},
    {"a minimum of 6 in 5",        LEDGER_NUMBER_MALFORMED,    .minimum = 6},
    {"a link that is none",        LEDGER_LINK_MALFORMED,      .link = "javascript:alert(1)"},
    {"a link with a blank",        LEDGER_LINK_MALFORMED,      .link = "https://a b"},
    {"a price below zero",         LEDGER_AMOUNT_NOT_POSITIVE, .price_minor = -1},
    {"two prices in one currency", LEDGER_SAME_CURRENCY,       .price_minor = 1, .also_minor = 1},
};
/* clang-format on */

static void a_session_that_cannot_be(void **state)
{
    (void)state;
    struct region r;
    int64_t id;

    start(&r);
    for (size_t i = 0; i < sizeof bad_sessions / sizeof bad_sessions[0]; i++) {
        const struct bad_session *row = &bad_sessions[i];
        const struct ledger_session_price prices[] = {
            {.currency_id = 1, .amount_minor = row->price_minor},
            {.currency_id = 1, .amount_minor = row->also_minor}};
        struct ledger_session_draft d = two_hours(&r, row->capacity ? row->capacity : 5);
        if (row->starts_us)
            d.starts_at_us = r.clock.now_us + row->starts_us;
        if (row->ends_us)
            d.ends_at_us = r.clock.now_us + row->ends_us;
        if (row->opens_us)
            d.opens_at_us = r.clock.now_us + row->opens_us;
        if (row->closes_us)
            d.closes_at_us = r.clock.now_us + row->closes_us;
        d.minimum = row->minimum;
        d.link = row->link;
        d.prices = prices;
        d.price_count = (row->price_minor != 0) + (row->also_minor != 0);
        enum ledger_status is = ledger_session_add(r.l, &d, &region_why, &id);
        if (is != row->outcome)
            fail_msg("%s: %s", row->what, ledger_status_facts(is)->code);
    }
    finish(&r);
}

static enum ledger_status confirm(struct region *r, int64_t id, int64_t by, int minutes, int places)
{
    const struct ledger_attendance a = {
        .enrolment_id = id, .by_member_id = by, .minutes = minutes, .places = places};

    return ledger_attendance_confirm(r->l, &a, &region_why);
}

static void only_confirmed_attendance_is_paid(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 9, 1000);
    enrol(&r, 1, ANA, 3);
    enrol(&r, 1, BEN, 1);
    enrol(&r, 1, CLEO, 1);
    enrol(&r, 1, DORA, 1);
    assert_int_equal(held(&r, ANA), 3000);
    REFUSES(&r, LEDGER_ATTENDANCE_EARLY, confirm(&r, 1, ANA, -1, -1));
    r.clock.now_us += 2 * DAY_US + 30 * MINUTE_US;
    REFUSES(&r, LEDGER_SELF_CONFIRMATION, confirm(&r, 1, SCHOOL, -1, -1));
    REFUSES(&r, LEDGER_ATTENDANCE_EARLY, confirm(&r, 1, ANA, 31, -1));
    REFUSES(&r, LEDGER_ATTENDANCE_TOO_LONG, confirm(&r, 1, ANA, 121, -1));
    REFUSES(&r, LEDGER_SESSION_BEGUN, ledger_enrolment_cancel(r.l, 1, true, &region_why));
    r.clock.now_us += 90 * MINUTE_US;
    REFUSES(&r, LEDGER_NUMBER_MALFORMED, confirm(&r, 1, ANA, -1, 4));
    OK(&r, confirm(&r, 1, ANA, -1, 2));
    OK(&r, confirm(&r, 2, 0, 90, -1)); /* 75 % of 120 */
    OK(&r, confirm(&r, 3, CLEO, 89, -1));
    OK(&r, confirm(&r, 4, 0, 0, -1));
    expect_states(&r, "AAXX");
    assert_int_equal(region_balance(&r, ANA), -2000);
    assert_int_equal(region_balance(&r, BEN), -1000);
    assert_int_equal(region_balance(&r, CLEO), 0);
    assert_int_equal(region_balance(&r, SCHOOL), 3000);
    for (int m = ANA; m <= DORA; m++)
        assert_int_equal(held(&r, m), 0);
    REFUSES(&r, LEDGER_ENROLMENT_OVER, confirm(&r, 1, 0, -1, -1));
    REFUSES(&r, LEDGER_SESSION_HELD, ledger_session_cancel(r.l, 1, &region_why));
    finish(&r);
}

static void a_trainer_does_not_confirm_either(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_session_price price = {.currency_id = 1, .amount_minor = 100};
    const int64_t trainer = BEN;
    struct ledger_session_draft d;
    int64_t id;

    start(&r);
    d = two_hours(&r, 5);
    d.prices = &price;
    d.price_count = 1;
    d.trainer_ids = &trainer;
    d.trainer_count = 1;
    OK(&r, ledger_session_add(r.l, &d, &region_why, &id));
    enrol(&r, id, BEN, 1);
    r.clock.now_us += 3 * DAY_US;
    REFUSES(&r, LEDGER_SELF_CONFIRMATION, confirm(&r, 1, BEN, -1, -1));
    OK(&r, confirm(&r, 1, 0, -1, -1));
    finish(&r);
}

/* Where nobody is paid, who invited may say who came. */
static void a_gathering_holds_nothing(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 2, 0);
    enrol(&r, 1, ANA, 1);
    enrol(&r, 1, SCHOOL, 1);
    assert_int_equal(held(&r, ANA), 0);
    r.clock.now_us += 3 * DAY_US;
    OK(&r, confirm(&r, 1, SCHOOL, -1, -1));
    expect_states(&r, "AE");
    finish(&r);
}

static void two_prices_are_two_holds(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_session_price prices[] = {{.currency_id = 1, .amount_minor = 400},
                                                  {.currency_id = 2, .amount_minor = 150}};
    struct ledger_session_draft d;
    int64_t id;

    start(&r);
    int64_t hours = region_account(&r, "ana", "HOUR");
    d = two_hours(&r, 5);
    d.prices = prices;
    d.price_count = 2;
    OK(&r, ledger_session_add(r.l, &d, &region_why, &id));
    enrol(&r, id, ANA, 2);
    assert_int_equal(held(&r, ANA), 800);
    assert_int_equal(held(&r, hours), 300);
    r.clock.now_us += 3 * DAY_US;
    OK(&r, confirm(&r, 1, 0, -1, 1));
    assert_int_equal(region_balance(&r, ANA), -400);
    assert_int_equal(region_balance(&r, hours), -150);
    assert_int_equal(held(&r, ANA) + held(&r, hours), 0);
    finish(&r);
}

static const char *explain(struct region *r, int64_t id, bool next)
{
    static struct ledger_waitlist_place p;

    OK(r, ledger_waitlist_explain(r->l, id, &p));
    assert_int_equal(p.next, next);
    return p.why;
}

static enum ledger_status add_told(void *ctx, const struct ledger_notice *n)
{
    char one[100];

    snprintf(one, sizeof one, "%s %s %lld, ", n->member, ledger_notice_kind_facts(n->kind)->name,
             (long long)n->subject_id);
    strcat(ctx, one);
    return LEDGER_OK;
}

static void expect_told(struct region *r, const char *want)
{
    const struct ledger_notice_filter filter = {.limit = 20};
    char told[2000] = "";

    OK(r, ledger_notice_each(r->l, &filter, add_told, told));
    assert_string_equal(told, want);
}

static void who_waits_is_offered_what_comes_free(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 2, 1000);
    enrol(&r, 1, ANA, 2);
    enrol(&r, 1, BEN, 2);
    enrol(&r, 1, CLEO, 1);
    enrol(&r, 1, DORA, 1);
    expect_states(&r, "Ewww");
    assert_string_equal(explain(&r, 2, true), "it is next: all 2 places are taken or offered, and "
                                              "it is offered the first 2 that come free");
    assert_string_equal(explain(&r, 4, false), "it is number 3: all 2 places are taken or offered, "
                                               "and 3 are asked for before it");
    REFUSES(&r, LEDGER_NO_OFFER, ledger_enrolment_accept(r.l, 2, &region_why));

    OK(&r, ledger_session_capacity(r.l, 1, 3, &region_why));
    expect_states(&r, "Ewow");
    assert_int_equal(held(&r, CLEO), 0);
    OK(&r, ledger_enrolment_cancel(r.l, 1, true, &region_why));
    expect_states(&r, "coow");
    assert_int_equal(held(&r, ANA), 0);
    OK(&r, ledger_enrolment_accept(r.l, 2, &region_why));
    assert_int_equal(held(&r, BEN), 2000);

    r.clock.now_us += DAY_US; /* cleo's offer is over, swept or not */
    expect_states(&r, "cEcw");
    REFUSES(&r, LEDGER_NO_OFFER, ledger_enrolment_accept(r.l, 3, &region_why));
    chores(&r);
    expect_states(&r, "cEco");
    assert_string_equal(get(&r, 3).reason, "the offer ran out");
    assert_string_equal(explain(&r, 3, false),
                        "it is cancelled and waits no longer: the offer ran out");
    r.clock.now_us += DAY_US;
    chores(&r);
    expect_states(&r, "cEcc");
    expect_told(&r, "cleo place-offered 3, ben place-offered 2, cleo place-lost 3, "
                    "dora place-offered 4, dora place-lost 4, ");
    finish(&r);
}

/* A party that does not fit keeps its number, and smaller ones are let by. */
static void a_large_party_is_passed_over(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 3, 1000);
    enrol(&r, 1, ANA, 2);
    enrol(&r, 1, BEN, 3);
    expect_states(&r, "Ew");
    assert_string_equal(explain(&r, 2, true), "1 free and it needs 3: whoever needs "
                                              "fewer is offered them, and it keeps number 1 in the "
                                              "queue");
    enrol(&r, 1, CLEO, 1);
    expect_states(&r, "EwE");
    finish(&r);
}

static void an_offer_may_be_refused_for_want_of_credit(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 1, 6000);
    add_session(&r, 1, 6000);
    enrol(&r, 1, ANA, 1);
    enrol(&r, 2, BEN, 1);
    enrol(&r, 1, BEN, 1);
    OK(&r, ledger_enrolment_cancel(r.l, 1, true, &region_why));
    expect_states(&r, "cEo");
    REFUSES(&r, LEDGER_OVER_LIMIT, ledger_enrolment_accept(r.l, 3, &region_why));
    expect_states(&r, "cEo");
    OK(&r, ledger_enrolment_cancel(r.l, 2, true, &region_why));
    OK(&r, ledger_enrolment_accept(r.l, 3, &region_why));
    finish(&r);
}

static void a_capacity_below_the_enrolled_is_refused(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 5, 1000);
    enrol(&r, 1, ANA, 3);
    REFUSES(&r, LEDGER_CAPACITY_BELOW_ENROLLED, ledger_session_capacity(r.l, 1, 2, &region_why));
    ledger_session_capacity(r.l, 1, 2, &region_why) == LEDGER_OK ? fail() : (void)0;
    assert_string_equal(ledger_message(r.l),
                        "3 places are taken (3 enrolled, 0 offered): the capacity cannot be 2");
    OK(&r, ledger_session_capacity(r.l, 1, 3, &region_why));
    assert_int_equal(ledger_session_free(&(struct ledger_session){.capacity = 3, .enrolled = 3}),
                     0);
    finish(&r);
}

static void below_its_minimum_a_session_is_called_off(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_session_price price = {.currency_id = 1, .amount_minor = 1000};
    struct ledger_session_draft d;
    int64_t id;

    start(&r);
    d = two_hours(&r, 5);
    d.prices = &price;
    d.price_count = 1;
    d.minimum = 2;
    d.closes_at_us = r.clock.now_us + DAY_US;
    OK(&r, ledger_session_add(r.l, &d, &region_why, &id));
    OK(&r, ledger_session_add(r.l, &d, &region_why, &id));
    enrol(&r, 1, ANA, 1);
    enrol(&r, 2, BEN, 2);
    r.clock.now_us += DAY_US;
    chores(&r);
    expect_states(&r, "cE");
    assert_int_equal(held(&r, ANA), 0);
    assert_string_equal(session(&r, 1).reason, "signing up ended with 1 enrolled of 2 needed");
    /* It was enough at the deadline: who leaves later does not call it off. */
    OK(&r, ledger_enrolment_cancel(r.l, 2, true, &region_why));
    chores(&r);
    assert_int_equal(session(&r, 2).cancelled_at_us, 0);
    finish(&r);
}

static void a_cancelled_session_releases_every_hold(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 3, 1000);
    enrol(&r, 1, ANA, 1);
    enrol(&r, 1, BEN, 2);
    enrol(&r, 1, CLEO, 1);
    OK(&r, ledger_session_cancel(r.l, 1, &region_why));
    expect_states(&r, "ccc");
    assert_int_equal(held(&r, ANA) + held(&r, BEN), 0);
    REFUSES(&r, LEDGER_SESSION_CANCELLED, ledger_session_cancel(r.l, 1, &region_why));
    REFUSES(&r, LEDGER_SESSION_CANCELLED, ledger_session_capacity(r.l, 1, 9, &region_why));
    REFUSES(&r, LEDGER_SESSION_CANCELLED, confirm(&r, 1, 0, -1, -1));
    REFUSES(&r, LEDGER_ENROLMENT_OVER, ledger_enrolment_cancel(r.l, 1, true, &region_why));
    finish(&r);
}

static enum ledger_status count_one(void *ctx, const struct ledger_unconfirmed *u)
{
    (void)u;
    ++*(int *)ctx;
    return LEDGER_OK;
}

static int unconfirmed(struct region *r, int64_t party)
{
    const struct ledger_unconfirmed_filter filter = {
        .ended_by_us = r->clock.now_us - LEDGER_UNCONFIRMED_DAYS * DAY_US,
        .party_id = party,
        .limit = 10};
    int count = 0;

    OK(r, ledger_attendance_pending(r->l, &filter, count_one, &count));
    return count;
}

static void what_nobody_confirms_stays_held(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 2, 1000);
    enrol(&r, 1, ANA, 1);
    r.clock.now_us += 9 * DAY_US;
    assert_int_equal(unconfirmed(&r, 0), 0);
    r.clock.now_us += 120 * MINUTE_US;
    assert_int_equal(unconfirmed(&r, 0), 1);
    assert_int_equal(unconfirmed(&r, ANA), 1);
    assert_int_equal(unconfirmed(&r, SCHOOL), 1);
    assert_int_equal(unconfirmed(&r, BEN), 0);
    for (int month = 0; month < 40; month++) {
        r.clock.now_us += 29 * DAY_US;
        chores(&r);
        assert_int_equal(held(&r, ANA), 1000);
    }
    OK(&r, confirm(&r, 1, 0, -1, -1));
    assert_int_equal(unconfirmed(&r, 0), 0);
    assert_int_equal(region_balance(&r, SCHOOL), 1000);
    finish(&r);
}

/* Even where no chores ran for so long that the hold is gone. */
static void a_hold_that_ran_out_is_placed_anew(void **state)
{
    (void)state;
    struct region r;
    int64_t count;

    start(&r);
    add_session(&r, 2, 1000);
    enrol(&r, 1, ANA, 1);
    r.clock.now_us += 500 * DAY_US;
    OK(&r, ledger_hold_sweep(r.l, r.clock.now_us, &count));
    assert_int_equal(count, 1);
    region_sound(&r);
    chores(&r);
    assert_int_equal(held(&r, ANA), 1000);
    OK(&r, confirm(&r, 1, 0, -1, -1));
    finish(&r);
}

static void a_hold_that_cannot_be_renewed_ends_in_words(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 2, 1000);
    enrol(&r, 1, ANA, 1);
    OK(&r, ledger_member_change_state(r.l, ANA, LEDGER_SUSPENDED, &region_why));
    r.clock.now_us += 371 * DAY_US;
    chores(&r);
    expect_states(&r, "E");
    assert_int_equal(held(&r, ANA), 1000);
    expect_told(&r, "ana unconfirmed 1, school unconfirmed 1, ");
    r.clock.now_us += DAY_US;
    chores(&r);
    expect_told(&r, "ana unconfirmed 1, school unconfirmed 1, "); /* once */
    r.clock.now_us += 27 * DAY_US + REGION_HOUR_US;
    chores(&r);
    expect_states(&r, "c");
    expect_told(&r, "ana unconfirmed 1, school unconfirmed 1, ana place-lost 1, ");
    assert_string_equal(get(&r, 1).reason,
                        "its hold was about to run out and could not be renewed");
    assert_int_equal(held(&r, ANA), 0);
    finish(&r);
}

static void who_waits_when_it_begins_is_told_so(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    add_session(&r, 1, 1000);
    enrol(&r, 1, ANA, 1);
    enrol(&r, 1, BEN, 1);
    r.clock.now_us += 2 * DAY_US;
    chores(&r);
    expect_states(&r, "Ec");
    assert_string_equal(get(&r, 2).reason, "the session began before a place was free");
    finish(&r);
}

static void words_go_with_their_member(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_enrolment_draft ana = {
        .session_id = 1, .member_id = ANA, .places = 1, .name = "a friend", .note = "by train"};
    int64_t id;

    start(&r);
    add_session(&r, 2, 0);
    OK(&r, ledger_enrolment_add(r.l, &ana, &region_why, &id));
    OK(&r, ledger_session_note(r.l, 1, "https://notes.example", &region_why));
    assert_string_equal(get(&r, 1).name, "a friend");
    REFUSES(&r, LEDGER_NOT_SETTLED, ledger_member_leave(r.l, ANA, &region_why));
    assert_non_null(strstr(ledger_message(r.l), "there is enrolment 1. "));
    REFUSES(&r, LEDGER_NOT_SETTLED, ledger_member_leave(r.l, SCHOOL, &region_why));
    assert_non_null(strstr(ledger_message(r.l), "there is session 1 to come. "));
    r.clock.now_us = session(&r, 1).starts_at_us;
    OK(&r, ledger_member_leave(r.l, ANA, &region_why));
    OK(&r, ledger_erase_member(r.l, ANA, &region_why));
    assert_string_equal(get(&r, 1).name, "");
    assert_string_equal(get(&r, 1).note, "");
    assert_string_equal(get(&r, 1).member, "erased-2");
    assert_string_equal(get(&r, 1).title, "Accounts");
    OK(&r, ledger_member_leave(r.l, SCHOOL, &region_why));
    OK(&r, ledger_erase_member(r.l, SCHOOL, &region_why));
    assert_string_equal(session(&r, 1).title, "");
    assert_string_equal(session(&r, 1).notes, "");
    finish(&r);
}

static enum ledger_status take_hours(void *ctx, const struct ledger_hours *h)
{
    ((struct ledger_hours *)ctx)[h->member_id] = *h;
    return LEDGER_OK;
}

static enum ledger_status take_filled(void *ctx, const struct ledger_filled *f)
{
    *(struct ledger_filled *)ctx = *f;
    return LEDGER_OK;
}

/* Ana with three people for two hours, ben for 90 minutes; cleo was too short there. */
static void hours_are_added_up_from_attendance(void **state)
{
    (void)state;
    struct region r;
    struct ledger_hours hours[MEMBERS] = {{0}};
    struct ledger_filled filled = {0};
    struct ledger_training_filter filter = {.limit = 100};

    start(&r);
    filter.from_us = r.clock.now_us;
    add_session(&r, 10, 100);
    add_session(&r, 10, 100);
    add_session(&r, 10, 100);
    enrol(&r, 1, ANA, 3);
    enrol(&r, 1, BEN, 1);
    enrol(&r, 1, CLEO, 1);
    enrol(&r, 2, ANA, 1);
    OK(&r, ledger_session_cancel(r.l, 3, &region_why));
    r.clock.now_us += 3 * DAY_US;
    filter.to_us = r.clock.now_us;
    OK(&r, confirm(&r, 1, 0, -1, -1));
    OK(&r, confirm(&r, 2, 0, 90, -1));
    OK(&r, confirm(&r, 3, 0, 10, -1));
    OK(&r, ledger_training_hours(r.l, &filter, take_hours, hours));
    assert_int_equal(hours[SCHOOL].taught_minutes, 120);
    assert_int_equal(hours[SCHOOL].sessions_taught, 1);
    assert_int_equal(hours[ANA].learned_minutes, 360);
    assert_int_equal(hours[ANA].people, 3);
    assert_int_equal(hours[BEN].learned_minutes, 90);
    assert_int_equal(hours[CLEO].learned_minutes, 0);
    OK(&r, ledger_training_places(r.l, &filter, take_filled, &filled));
    assert_int_equal(filled.provider_id, SCHOOL);
    assert_int_equal(filled.sessions, 2);
    assert_int_equal(filled.cancelled, 1);
    assert_int_equal(filled.capacity, 20);
    assert_int_equal(filled.taken, 6);
    assert_int_equal(filled.came, 4);
    filter.to_us = filter.from_us;
    filled.provider_id = 0;
    OK(&r, ledger_training_places(r.l, &filter, take_filled, &filled));
    assert_int_equal(filled.provider_id, 0);
    finish(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_broken_rule_is_named),
        cmocka_unit_test(a_session_that_cannot_be),
        cmocka_unit_test(only_confirmed_attendance_is_paid),
        cmocka_unit_test(a_trainer_does_not_confirm_either),
        cmocka_unit_test(a_gathering_holds_nothing),
        cmocka_unit_test(two_prices_are_two_holds),
        cmocka_unit_test(who_waits_is_offered_what_comes_free),
        cmocka_unit_test(a_large_party_is_passed_over),
        cmocka_unit_test(an_offer_may_be_refused_for_want_of_credit),
        cmocka_unit_test(a_capacity_below_the_enrolled_is_refused),
        cmocka_unit_test(below_its_minimum_a_session_is_called_off),
        cmocka_unit_test(a_cancelled_session_releases_every_hold),
        cmocka_unit_test(what_nobody_confirms_stays_held),
        cmocka_unit_test(a_hold_that_ran_out_is_placed_anew),
        cmocka_unit_test(a_hold_that_cannot_be_renewed_ends_in_words),
        cmocka_unit_test(who_waits_when_it_begins_is_told_so),
        cmocka_unit_test(words_go_with_their_member),
        cmocka_unit_test(hours_are_added_up_from_attendance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
