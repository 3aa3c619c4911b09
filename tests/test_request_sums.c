/*
 * test_request_sums.c - by chance: whatever is done, what is open of all requests is the sum of what is open by age, at any
 * day until now, and what the journal says; here and outside.
 *
 * The test keeps what was asked and each change of it, with its day, and works out every bucket of every
 * reading from that. What came after a day does not count to it.
 */
#include "support/chance.h"
#include "support/region.h"

#include "ledger/correction.h"
#include "ledger/equivalent.h"
#include "ledger/request_list.h"
#include "ledger/request_pay.h"
#include "ledger/request_step.h"
#include "ledger/verify.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEEDS 500
#define REQUESTS_MAX 300
#define CHANGES_MAX 1500
#define TRANSFERS_MAX 1500
#define MEMBERS 4
#define SEEDS_LEAST 2
#define SECONDS 2 /* of processor time; then no further seed is begun */

enum { HERE, OUTSIDE, PLACES };

struct asked {
    int64_t id;
    int payee, payer;
    int32_t due_on;
    int64_t open_minor[PLACES];
    int64_t paid_minor[PLACES];
    int64_t back_minor; /* of what was paid here, given back with credit notes */
    bool disputed;
};

struct change {
    int of; /* an index into the requests */
    int32_t day;
    int64_t minor[PLACES];
    bool transferred; /* the journal has it too */
};

struct deeds {
    struct region *r;
    struct chance chance;
    struct asked requests[REQUESTS_MAX];
    int count;
    struct change changes[CHANGES_MAX];
    int change_count;
    int32_t first_day;
    int32_t matched_on[TRANSFERS_MAX]; /* 0: it was not */
};

static int set_up(void **state)
{
    static struct region r;
    struct ledger_equivalent e = {.currency_id = 1, .unit = "GBP", .value_micro = 1100000};

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "mill");
    region_member(&r, "riverside");
    region_member(&r, "joiners");
    region_member(&r, "weavers");
    e.from_on = ledger_today(r.l);
    OK(&r, ledger_equivalent_set(r.l, &e, &region_why));
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

static void change(struct deeds *d, struct asked *q, int64_t here_minor, int64_t outside_minor,
                   bool transferred)
{
    assert_true(d->change_count < CHANGES_MAX);
    d->changes[d->change_count++] = (struct change){.of = (int)(q - d->requests),
                                                    .day = ledger_today(d->r->l),
                                                    .minor = {here_minor, outside_minor},
                                                    .transferred = transferred};
    q->open_minor[HERE] += here_minor;
    q->open_minor[OUTSIDE] += outside_minor;
}

/* It was paid so much here by a transfer. */
static void paid(struct deeds *d, struct asked *q, int64_t amount_minor)
{
    change(d, q, -amount_minor, 0, true);
    q->paid_minor[HERE] += amount_minor;
}

static bool over(const struct asked *q)
{
    return q->open_minor[HERE] + q->open_minor[OUTSIDE] == 0;
}

/* What is outside may cover more than the whole: then nothing is asked. */
static void deed_ask(struct deeds *d)
{
    struct ledger_request_line lines[3];
    struct ledger_request_draft draft = {.currency_id = 1, .lines = lines, .has_due = true};
    struct asked *q = &d->requests[d->count];
    struct ledger_request made;

    if (d->count == REQUESTS_MAX)
        return;
    *q = (struct asked){.payee = 1 + (int)chance_below(&d->chance, MEMBERS)};
    q->payer = 1 + (q->payee + (int)chance_below(&d->chance, MEMBERS - 1)) % MEMBERS;
    q->due_on = ledger_today(d->r->l) + (int32_t)chance_below(&d->chance, 40);
    draft.payee_id = q->payee;
    draft.payer_id = q->payer;
    draft.due_on = q->due_on;
    for (int i = 0; i <= chance_below(&d->chance, 3); i++)
        lines[draft.line_count++] =
            (struct ledger_request_line){.words = "x",
                                         .quantity_milli = 1 + chance_below(&d->chance, 5000),
                                         .price_minor = 200 + chance_below(&d->chance, 900),
                                         .tax_points = (int)chance_below(&d->chance, 4) * 500};
    if (chance_one_in(&d->chance, 2))
        draft.outside_minor = 1 + chance_below(&d->chance, 300);
    draft.has_issued = chance_one_in(&d->chance, 4);
    draft.issued_on = ledger_today(d->r->l) - (int32_t)chance_below(&d->chance, 60);
    if (ledger_request_make(d->r->l, &draft, "local:test", &q->id) != LEDGER_OK)
        return;
    d->count++;
    OK(d->r, ledger_request_get(d->r->l, q->id, &made));
    change(d, q, made.ledger_minor, made.outside_minor, false);
}

static void deed_pay(struct deeds *d, struct asked *q)
{
    int64_t amount_minor = 1 + chance_below(&d->chance, 1200), id;
    const struct ledger_request_payment p = {
        .request_id = q->id, .amount_minor = amount_minor, .why = &region_why};
    enum ledger_status st = ledger_request_pay(d->r->l, &p, &id);

    if (st == LEDGER_OK)
        paid(d, q, amount_minor);
    else if (amount_minor <= q->open_minor[HERE])
        assert_true(st == LEDGER_OVER_LIMIT || st == LEDGER_PAYEE_CANNOT_TAKE);
    assert_true(q->open_minor[HERE] >= 0);
}

static void deed_accept(struct deeds *d, struct asked *q)
{
    const struct ledger_request_payment all = {.request_id = q->id, .why = &region_why};
    int64_t id;

    if (ledger_request_accept(d->r->l, &all, &id) != LEDGER_OK)
        return;
    assert_true(q->open_minor[HERE] > 0 && !q->disputed);
    paid(d, q, q->open_minor[HERE]);
}

/* A payment without a word of what it is for; the payee says so, often on a later day. */
static void deed_match(struct deeds *d, struct asked *q)
{
    int64_t amount_minor = 1 + chance_below(&d->chance, 900), id;
    struct ledger_leg legs[2] = {{.amount_minor = -amount_minor}, {.amount_minor = amount_minor}};
    const struct ledger_transfer_draft plain = {
        .kind = LEDGER_EXCHANGE, .legs = legs, .leg_count = 2};
    struct ledger_request r;

    OK(d->r, ledger_request_get(d->r->l, q->id, &r));
    legs[0].account_id = region_account(d->r, r.payer, "CALD");
    legs[1].account_id = region_account(d->r, r.payee, "CALD");
    if (ledger_transfer_post(d->r->l, &plain, &id) != LEDGER_OK)
        return;
    if (chance_one_in(&d->chance, 2))
        d->r->clock.now_us += LEDGER_US_PER_DAY * (1 + chance_below(&d->chance, 9));
    enum ledger_status st = ledger_request_match(d->r->l, q->id, id, "local:test");
    bool counts = amount_minor <= q->open_minor[HERE] && !q->disputed;
    assert_int_equal(st == LEDGER_OK, counts);
    if (st != LEDGER_OK)
        return;
    assert_true(id < TRANSFERS_MAX);
    d->matched_on[id] = ledger_today(d->r->l);
    paid(d, q, amount_minor);
}

static void deed_credit(struct deeds *d, struct asked *q)
{
    int64_t amount_minor = 1 + chance_below(&d->chance, 600), id;
    struct ledger_request_line line = {
        .words = "x", .quantity_milli = 1000, .price_minor = amount_minor};
    struct ledger_request_draft draft = {.corrects_id = q->id, .lines = &line, .line_count = 1};
    struct ledger_request made;

    if (q->open_minor[OUTSIDE] && chance_one_in(&d->chance, 2))
        draft.outside_minor = 1 + chance_below(&d->chance, q->open_minor[OUTSIDE] + 2);
    if (ledger_request_credit(d->r->l, &draft, "local:test", &id) != LEDGER_OK) {
        assert_true(over(q) || draft.outside_minor || amount_minor > q->open_minor[HERE]);
        return;
    }
    OK(d->r, ledger_request_get(d->r->l, id, &made));
    change(d, q, -made.ledger_minor, -made.outside_minor, false);
    assert_true(q->open_minor[HERE] >= 0 && q->open_minor[OUTSIDE] >= 0);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What goes beyond what is open was paid, and is given back: the request itself stays as paid as it was. */
static void take_back(struct deeds *d, struct asked *q, const struct ledger_request *note)
{
    int64_t here_minor = smaller(note->ledger_minor, q->open_minor[HERE]);
    int64_t outside_minor = smaller(note->outside_minor, q->open_minor[OUTSIDE]);

    q->back_minor += note->ledger_minor - here_minor;
    q->paid_minor[OUTSIDE] -= note->outside_minor - outside_minor;
    change(d, q, -here_minor, -outside_minor, false);
    assert_true(q->back_minor <= q->paid_minor[HERE] && q->paid_minor[OUTSIDE] >= 0);
    assert_int_equal(note->refunded_minor, note->ledger_minor - here_minor);
}

static void deed_credit_paid(struct deeds *d, struct asked *q)
{
    int64_t amount_minor = 1 + chance_below(&d->chance, 900), id;
    int64_t kept_minor = q->paid_minor[HERE] - q->back_minor;
    struct ledger_request_line line = {
        .words = "x", .quantity_milli = 1000, .price_minor = amount_minor};
    struct ledger_request_draft draft = {
        .corrects_id = q->id, .lines = &line, .line_count = 1, .refund = true};
    struct ledger_request note;

    if (q->paid_minor[OUTSIDE] && chance_one_in(&d->chance, 2))
        draft.outside_minor = 1 + chance_below(&d->chance, q->paid_minor[OUTSIDE] + 2);
    OK(d->r, ledger_savepoint(d->r->l));
    enum ledger_status st = ledger_request_credit(d->r->l, &draft, "local:test", &id);
    if (st != LEDGER_OK) {
        OK(d->r, ledger_rollback_to(d->r->l));
        d->r->clock.now_us += LEDGER_US_PER_SECOND; /* of what is undone the times are, too */
        assert_true(st == LEDGER_OVER_LIMIT || st == LEDGER_PAYEE_CANNOT_TAKE ||
                    draft.outside_minor || amount_minor > q->open_minor[HERE] + kept_minor);
        return;
    }
    OK(d->r, ledger_release(d->r->l));
    OK(d->r, ledger_request_get(d->r->l, id, &note));
    take_back(d, q, &note);
}

static void deed_outside(struct deeds *d, struct asked *q)
{
    int64_t amount_minor = 1 + chance_below(&d->chance, 90);
    bool back = chance_one_in(&d->chance, 3);
    int64_t most_minor = back ? q->paid_minor[OUTSIDE] : q->open_minor[OUTSIDE];
    enum ledger_status st =
        back ? ledger_request_unpaid_outside(d->r->l, q->id, amount_minor, "", "local:test")
             : ledger_request_paid_outside(d->r->l, q->id, amount_minor, "", "local:test");

    assert_int_equal(st == LEDGER_OK, amount_minor <= most_minor);
    if (st != LEDGER_OK)
        return;
    change(d, q, 0, back ? amount_minor : -amount_minor, false);
    q->paid_minor[OUTSIDE] += back ? -amount_minor : amount_minor;
}

static void deed_say(struct deeds *d, struct asked *q)
{
    bool unpaid = q->paid_minor[HERE] + q->paid_minor[OUTSIDE] == 0;
    enum ledger_status st;

    if (chance_one_in(&d->chance, 2)) {
        st = q->disputed ? ledger_request_resolve(d->r->l, q->id, &region_why)
                         : ledger_request_dispute(d->r->l, q->id, &region_why);
        assert_int_equal(st == LEDGER_OK, !over(q));
        q->disputed = q->disputed != (st == LEDGER_OK);
        return;
    }
    st = chance_one_in(&d->chance, 2) ? ledger_request_decline(d->r->l, q->id, &region_why)
                                      : ledger_request_withdraw(d->r->l, q->id, &region_why);
    assert_int_equal(st == LEDGER_OK, unpaid && !over(q));
    if (st == LEDGER_OK)
        change(d, q, -q->open_minor[HERE], -q->open_minor[OUTSIDE], false);
}

/* Any transfer of the journal is reversed, or given back in part. */
static void deed_correct(struct deeds *d)
{
    int64_t id = 1 + chance_below(&d->chance, 200), made, of;
    struct ledger_transfer t;

    if (ledger_transfer_get(d->r->l, id, &t) != LEDGER_OK)
        return;
    if (chance_one_in(&d->chance, 3)) {
        enum ledger_status st = ledger_transfer_refund(d->r->l, id, 1, "", &made);
        assert_false(ledger_status_is_fault(st));
        return;
    }
    if (ledger_transfer_reverse(d->r->l, id, &region_why, &made) != LEDGER_OK ||
        ledger_request_of_transfer(d->r->l, id, &of) != LEDGER_OK)
        return;
    for (int i = 0; i < d->count; i++)
        if (d->requests[i].id == of)
            paid(d, &d->requests[i], -llabs(t.entries[0].amount_minor));
}

static void do_something(struct deeds *d)
{
    struct asked *q = d->count ? &d->requests[chance_below(&d->chance, d->count)] : NULL;
    int64_t what = chance_below(&d->chance, 18);

    if (!q || what < 4)
        deed_ask(d);
    else if (what < 8)
        deed_pay(d, q);
    else if (what < 9)
        deed_accept(d, q);
    else if (what < 10)
        chance_one_in(&d->chance, 2) ? deed_credit(d, q) : deed_credit_paid(d, q);
    else if (what < 12)
        deed_outside(d, q);
    else if (what < 13)
        deed_say(d, q);
    else if (what < 15)
        deed_correct(d);
    else if (what < 16)
        deed_match(d, q);
    else
        d->r->clock.now_us += LEDGER_US_PER_DAY * (1 + chance_below(&d->chance, 9));
}

struct journal {
    const struct deeds *deeds;
    int32_t day;
    int64_t paid_minor;
    bool pays[TRANSFERS_MAX];
};

/* What the journal says was paid of requests through a day: by its reference, or by what was matched by then. */
static enum ledger_status replay(void *ctx, const struct ledger_transfer *t)
{
    struct journal *j = ctx;
    int64_t amount_minor = llabs(t->entries[0].amount_minor);
    int32_t posted_on = ledger_day_of(j->deeds->r->l, t->posted_at_us);
    int32_t matched_on;

    assert_true(t->id < TRANSFERS_MAX);
    matched_on = j->deeds->matched_on[t->id];
    j->pays[t->id] = matched_on ? matched_on <= j->day
                                : posted_on <= j->day && strncmp(t->reference, "invoice ", 8) == 0;
    if (j->pays[t->id])
        j->paid_minor += amount_minor;
    if (t->kind == LEDGER_REVERSAL && j->pays[t->corrects] && posted_on <= j->day)
        j->paid_minor -= amount_minor;
    return LEDGER_OK;
}

/* All that was asked for through a day, less what was taken back, less what the journal says was paid. */
static int64_t open_by_journal(const struct deeds *d, int32_t day)
{
    const struct ledger_transfer_filter all = {.to_id = INT64_MAX, .limit = INT_MAX};
    struct journal journal = {.deeds = d, .day = day};
    int64_t asked_minor = 0;

    for (int i = 0; i < d->change_count; i++)
        if (d->changes[i].day <= day && !d->changes[i].transferred)
            asked_minor += d->changes[i].minor[HERE];
    OK(d->r, ledger_transfer_each(d->r->l, &all, replay, &journal));
    return asked_minor - journal.paid_minor;
}

struct reading {
    struct ledger_aged_filter filter;
    int64_t want_minor[MEMBERS + 1][LEDGER_AGED_BUCKETS];
    int64_t sum_minor;
    int rows;
};

static int bucket_of(int32_t late)
{
    if (late <= 0)
        return 0;
    return late <= 30 ? 1 : late <= 60 ? 2 : late <= 90 ? 3 : 4;
}

static void work_out(const struct deeds *d, struct reading *reading)
{
    const struct ledger_aged_filter *f = &reading->filter;

    for (int i = 0; i < d->change_count; i++) {
        const struct change *c = &d->changes[i];
        const struct asked *q = &d->requests[c->of];
        int this_side = f->to_pay ? q->payer : q->payee;
        int other_side = f->to_pay ? q->payee : q->payer;
        if (c->day > f->as_of || (f->member_id && f->member_id != this_side))
            continue;
        reading
            ->want_minor[f->member_id ? other_side : this_side][bucket_of(f->as_of - q->due_on)] +=
            c->minor[f->unit ? OUTSIDE : HERE];
    }
}

static enum ledger_status take(void *ctx, const struct ledger_request_aged *row)
{
    struct reading *reading = ctx;
    int64_t sum_minor = 0;

    for (int b = 0; b < LEDGER_AGED_BUCKETS; b++) {
        assert_int_equal(row->buckets_minor[b], reading->want_minor[row->member_id][b]);
        sum_minor += row->buckets_minor[b];
    }
    assert_int_equal(row->open_minor, sum_minor);
    reading->sum_minor += sum_minor;
    reading->rows++;
    return LEDGER_OK;
}

/* Returns what is open in all. Whom nobody owes anything then has no row. */
static int64_t read_aged(const struct deeds *d, const struct ledger_aged_filter *filter)
{
    struct reading reading = {.filter = *filter};
    int rows = 0;

    work_out(d, &reading);
    OK(d->r, ledger_request_aged(d->r->l, filter, take, &reading));
    for (int m = 1; m <= MEMBERS; m++) {
        bool any = false;
        for (int b = 0; b < LEDGER_AGED_BUCKETS; b++)
            any = any || reading.want_minor[m][b];
        rows += any;
    }
    assert_int_equal(reading.rows, rows);
    return reading.sum_minor;
}

/* From either side, of all and of each member, here and outside. */
static void expect_day(const struct deeds *d, int32_t day)
{
    for (int place = HERE; place < PLACES; place++) {
        struct ledger_aged_filter f = {.currency_id = 1,
                                       .unit = place == OUTSIDE ? "GBP" : NULL,
                                       .as_of = day,
                                       .by_posted = true};
        int64_t all_minor = read_aged(d, &f);
        int64_t of_each_minor = 0;
        if (place == HERE)
            assert_int_equal(all_minor, open_by_journal(d, day));
        for (f.member_id = 1; f.member_id <= MEMBERS; f.member_id++)
            of_each_minor += read_aged(d, &f);
        assert_int_equal(of_each_minor, all_minor);
        f.member_id = 0;
        f.to_pay = true;
        assert_int_equal(read_aged(d, &f), all_minor);
    }
}

static enum ledger_status add_open(void *ctx, const struct ledger_request *q)
{
    int64_t *sums_minor = ctx;

    sums_minor[HERE] += q->open_minor;
    sums_minor[OUTSIDE] += q->open_outside_minor;
    return LEDGER_OK;
}

/* What is listed now is what is open by age today, by whichever days. */
static void expect_listed(const struct deeds *d)
{
    const struct ledger_request_filter all = {.limit = INT_MAX};
    struct ledger_aged_filter f = {.currency_id = 1, .as_of = ledger_today(d->r->l)};
    int64_t listed_minor[PLACES] = {0};

    OK(d->r, ledger_request_each(d->r->l, &all, add_open, listed_minor));
    assert_int_equal(read_aged(d, &f), listed_minor[HERE]);
    f.unit = "GBP";
    assert_int_equal(read_aged(d, &f), listed_minor[OUTSIDE]);
}

/* Today, at the bounds of the buckets, and on days by chance. */
static void expect_all_agree(struct deeds *d)
{
    static const int32_t back[] = {0, 1, 30, 31, 60, 61, 90, 91};
    int32_t today = ledger_today(d->r->l);

    expect_listed(d);
    for (size_t i = 0; i < sizeof back / sizeof back[0]; i++)
        expect_day(d, today - back[i]);
    for (int i = 0; i < 8; i++)
        expect_day(d,
                   d->first_day - 1 + (int32_t)chance_below(&d->chance, today - d->first_day + 2));
}

/* Returns what was given back in all. */
static int64_t do_all(struct region *r, uint64_t seed)
{
    static struct deeds d;
    struct ledger_verification v;
    int64_t back_minor = 0;

    d = (struct deeds){.r = r, .chance = {seed}, .first_day = ledger_today(r->l)};
    OK(r, ledger_savepoint(r->l));
    for (int i = 1; i <= DEEDS; i++) {
        do_something(&d);
        if (i % 100 == 0)
            expect_all_agree(&d);
    }
    assert_true(d.count > 50 && ledger_today(r->l) - d.first_day > 120);
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
    OK(r, ledger_rollback_to(r->l));
    for (int i = 0; i < d.count; i++)
        back_minor += d.requests[i].back_minor;
    return back_minor;
}

static void whatever_is_done_adds_up(void **state)
{
    clock_t began = clock();
    int64_t back_minor = 0;

    for (uint64_t seed = 1; seed <= SEEDS_LEAST || clock() - began < SECONDS * CLOCKS_PER_SEC;
         seed++)
        back_minor += do_all(*state, seed);
    assert_true(back_minor > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whatever_is_done_adds_up, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
