/*
 * test_booking_told.c - whom each step of a booking is told to: the side that it does not come from.
 */
#include "support/pool.h"

#include "api/notice_text.h"
#include "ledger/notice.h"
#include "ledger/series.h"

#include <stdio.h>
#include <string.h>

enum {
    BOOK = 1,
    HOLD,
    WORD,
    CONFIRM,
    REJECT,
    CANCEL,
    CANCEL_BY_HOST,
    MOVE,
    CHECK_IN,
    COMPLETE,
    NO_SHOW,
    RUN_OUT,
    END
};

/* clang-format off */
static const struct {
    const char *what;
    int steps[4];
    const char *told; /* who is told what, in order; the booking is the mill's room, booked by ana */
} rows[] = {
    {"a booking is the host's to know",            {BOOK},                       "mill booked, "},
    {"it may wait for the host's word",            {WORD, BOOK},                 "mill booking-asked, "},
    {"which is the member's to know",              {WORD, BOOK, CONFIRM},        "mill booking-asked, ana booking-confirmed, "},
    {"yes or no",                                  {WORD, BOOK, REJECT},         "mill booking-asked, ana booking-rejected, "},
    {"or nothing at all",                          {WORD, BOOK, RUN_OUT},        "mill booking-asked, ana booking-expired, "},
    {"what is only held is nobody's to know",      {HOLD},                       ""},
    {"until the member confirms it,",              {HOLD, CONFIRM},              "mill booked, "},
    {"or does not",                                {HOLD, RUN_OUT},              "ana booking-expired, "},
    {"nor that it has another time",               {HOLD, MOVE},                 ""},
    {"or is cancelled",                            {HOLD, CANCEL},               ""},
    {"where it was asked it is",                   {WORD, BOOK, CANCEL},         "mill booking-asked, mill booking-cancelled, "},
    {"the member cancels",                         {BOOK, CANCEL},               "mill booked, mill booking-cancelled, "},
    {"the host cancels",                           {BOOK, CANCEL_BY_HOST},       "mill booked, ana booking-cancelled, "},
    {"another time",                               {BOOK, MOVE},                 "mill booked, mill booking-moved, "},
    {"who is there is told nothing",               {BOOK, CHECK_IN, COMPLETE},   "mill booked, "},
    {"who is not is",                              {BOOK, NO_SHOW},              "mill booked, ana booking-no-show, "},
    {"an end by itself is told by its payment",    {BOOK, END},                  "mill booked, "},
};
/* clang-format on */

static enum ledger_status add_told(void *ctx, const struct ledger_notice *n)
{
    char one[100];

    snprintf(one, sizeof one, "%s %s, ", n->member, ledger_notice_kind_facts(n->kind)->name);
    strcat(ctx, one);
    return LEDGER_OK;
}

static void expect(struct pool *p, const char *what, const char *want)
{
    const struct ledger_notice_filter filter = {.limit = 100};
    char told[2000] = "";

    OK(&p->r, ledger_notice_each(p->r.l, &filter, add_told, told));
    if (strcmp(told, want) != 0)
        fail_msg("%s: %s", what, told);
}

static void book(struct pool *p, int64_t member_id, int64_t held_for_us)
{
    struct ledger_booking_draft draft =
        pool_draft(p, member_id, "2026-03-10T13:00", "2026-03-10T14:00");
    int64_t id;

    draft.title = "a secret";
    draft.held_for_us = held_for_us;
    OK(&p->r, ledger_booking_make(p->r.l, &draft, &region_why, &id));
    assert_int_equal(id, 1);
}

static void run_until(struct pool *p, const char *wall)
{
    int64_t count;

    p->r.clock.now_us = pool_at(p, wall);
    OK(&p->r, ledger_booking_due(p->r.l, p->r.clock.now_us, &count));
    assert_int_equal(count, 1);
}

static void take(struct pool *p, int step)
{
    const struct ledger_why *why = &region_why;
    struct ledger *l = p->r.l;

    switch (step) {
    case BOOK:
        return book(p, ANA, 0);
    case HOLD:
        return book(p, ANA, REGION_HOUR_US);
    case WORD:
        p->studio.terms.host_word = true;
        return pool_set(p);
    case CONFIRM:
        return OK(&p->r, ledger_booking_confirm(l, 1, why));
    case REJECT:
        return OK(&p->r, ledger_booking_reject(l, 1, why));
    case CANCEL:
    case CANCEL_BY_HOST:
        return OK(&p->r, ledger_booking_cancel(l, 1, step == CANCEL_BY_HOST, why));
    case MOVE:
        return OK(&p->r, ledger_booking_move(l, 1, pool_at(p, "2026-03-10T15:00"),
                                             pool_at(p, "2026-03-10T16:00"), why));
    case CHECK_IN:
        p->r.clock.now_us = pool_at(p, "2026-03-10T13:00");
        return OK(&p->r, ledger_booking_check_in(l, 1, why));
    case COMPLETE:
        return OK(&p->r, ledger_booking_complete(l, 1, why));
    case NO_SHOW:
        p->r.clock.now_us = pool_at(p, "2026-03-10T13:00");
        return OK(&p->r, ledger_booking_no_show(l, 1, why));
    case RUN_OUT:
        return run_until(p, "2026-03-10T12:59");
    default:
        return run_until(p, "2026-03-10T14:00");
    }
}

static void each_step_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pool p;

        pool_start(&p);
        for (int s = 0; s < 4 && rows[i].steps[s]; s++)
            take(&p, rows[i].steps[s]);
        expect(&p, rows[i].what, rows[i].told);
        pool_end(&p);
    }
}

/* Who books its own tells itself nothing. */
static void a_host_is_not_told_of_itself(void **state)
{
    struct pool p;

    (void)state;
    pool_start(&p);
    book(&p, MILL, 0);
    take(&p, MOVE);
    take(&p, CANCEL);
    expect(&p, "its own", "");
    pool_end(&p);
}

/* A refused step is told to nobody. */
static void what_is_refused_is_not_told(void **state)
{
    struct pool p;

    (void)state;
    pool_start(&p);
    take(&p, BOOK);
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_confirm(p.r.l, 1, &region_why));
    EXPECT(&p.r, LEDGER_BOOKING_STATE, ledger_booking_reject(p.r.l, 1, &region_why));
    EXPECT(&p.r, LEDGER_BOOKING_NOT_YET, ledger_booking_no_show(p.r.l, 1, &region_why));
    expect(&p, "refused", "mill booked, ");
    pool_end(&p);
}

/* All its dates are one notice, when it is made and when it is cancelled; a date by itself is one by itself. */
static void a_series_is_told_as_one(void **state)
{
    struct pool p;
    int64_t id, count;
    struct ledger_series_draft d = {.member_id = ANA, .rule = "FREQ=WEEKLY;COUNT=4", .title = "x"};

    (void)state;
    pool_start(&p);
    d.resource_id = p.studio.id;
    OK(&p.r, ledger_wall_parse("2026-03-10T13:00", &d.from));
    OK(&p.r, ledger_wall_parse("2026-03-10T14:00", &d.to));
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    expect(&p, "made", "mill series-booked, ");
    OK(&p.r, ledger_booking_cancel(p.r.l, 2, false, &region_why));
    expect(&p, "a date", "mill series-booked, mill booking-cancelled, ");
    OK(&p.r, ledger_series_cancel(p.r.l, id, true, &region_why, &count));
    assert_int_equal(count, 3);
    OK(&p.r, ledger_series_cancel(p.r.l, id, true, &region_why, &count)); /* of nothing */
    expect(&p, "cancelled", "mill series-booked, mill booking-cancelled, ana series-cancelled, ");
    d.member_id = MILL;
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    OK(&p.r, ledger_series_cancel(p.r.l, id, false, &region_why, &count));
    expect(&p, "its own", "mill series-booked, mill booking-cancelled, ana series-cancelled, ");
    pool_end(&p);
}

/* The time by the clock of the place, and never what it is for. */
static void in_words(void **state)
{
    static const struct {
        enum ledger_notice_kind kind;
        int64_t member_id;
        const char *text;
    } words[] = {
        {LEDGER_NOTICE_BOOKED, MILL,
         "Something of yours was booked by ana (booking 1 of studio, from 2026-04-10T13:00)."},
        {LEDGER_NOTICE_BOOKING_CONFIRMED, ANA,
         "A booking of yours was confirmed, with mill (booking 1 of studio, from "
         "2026-04-10T13:00)."},
        {LEDGER_NOTICE_SERIES_BOOKED, MILL,
         "Something of yours was booked again and again by ana (series 1 of studio, from "
         "2026-04-20T13:00)."},
        {LEDGER_NOTICE_SERIES_CANCELLED, ANA,
         "A series was cancelled, with mill (series 1 of studio, from 2026-04-20T13:00)."},
    };
    struct pool p;
    struct ledger_booking_draft b;
    struct ledger_series_draft d = {
        .member_id = ANA, .rule = "FREQ=WEEKLY;COUNT=2", .title = "a secret"};
    int64_t id;

    (void)state;
    pool_start(&p);
    b = pool_draft(&p, ANA, "2026-04-10T13:00", "2026-04-10T14:00");
    b.title = "a secret";
    OK(&p.r, ledger_booking_make(p.r.l, &b, &region_why, &id));
    d.resource_id = p.studio.id;
    OK(&p.r, ledger_wall_parse("2026-04-20T13:00", &d.from));
    OK(&p.r, ledger_wall_parse("2026-04-20T14:00", &d.to));
    OK(&p.r, ledger_series_make(p.r.l, &d, &region_why, &id));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct ledger_notice n = {
            .id = 1, .kind = words[i].kind, .member_id = words[i].member_id, .subject_id = 1};
        char text[NOTICE_SENTENCE_MAX];

        strcpy(n.member, n.member_id == ANA ? "ana" : "mill");
        OK(&p.r, notice_sentence(p.r.l, &n, text));
        assert_string_equal(text, words[i].text);
    }
    pool_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_is_told),
        cmocka_unit_test(a_host_is_not_told_of_itself),
        cmocka_unit_test(what_is_refused_is_not_told),
        cmocka_unit_test(a_series_is_told_as_one),
        cmocka_unit_test(in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
