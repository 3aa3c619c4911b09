/*
 * The engine against a second one that is small and slow: the same random requests to both, and
 * the same answers from both.
 *
 * COLEDGER_MODEL_STEPS and COLEDGER_MODEL_SEED choose the run, COLEDGER_MODEL_VERBOSE shows how
 * often each request ended in which way.
 */
#include "support/model_compare.h"
#include "support/model_furnish.h"
#include "support/model_reach.h"
#include "support/region.h"

#include "ledger/equivalent.h"
#include "ledger/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 100000
#define STEPS_FOR_REACH 100000 /* from here on a run must have met every status below */
#define SEED 2026
#define MEMBERS_AT_FIRST 26
#define SECOND_US INT64_C(1000000)
#define KINDS_MAX 120

struct run {
    struct region r;
    struct model m;
    struct draw draw;
    struct compare compare;
    struct deed deed;
    uint64_t seed;
    int64_t step;
    int64_t uid; /* the last one that was given out */
    int64_t counts[KINDS_MAX][LEDGER_STATUS_COUNT];
    int64_t replays;
    int64_t dry_runs;
    int64_t lost_transactions;
};

static void explain(void *ctx)
{
    struct run *run = ctx;
    char words[DEED_WORDS];

    print_error("seed %llu, step %lld: %s\n  the ledger's last sentence: %s\n",
                (unsigned long long)run->seed, (long long)run->step, deed_words(&run->deed, words),
                ledger_message(run->r.l));
}

static void same_status(const struct run *run, enum ledger_status want, enum ledger_status got)
{
    compare_text(&run->compare, ledger_status_facts(want)->code, ledger_status_facts(got)->code,
                 "how it ended");
}

/* The engine's uid and content of the model's numbers. */
static void fill(int64_t number, uint64_t salt, uint8_t *bytes, size_t size)
{
    struct draw words = {.state = (uint64_t)number ^ salt};

    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
        uint64_t word = draw_next(&words);
        memcpy(bytes + i, &word, sizeof word);
    }
}

static struct ledger_record record_of(const struct model_write *write, const char *operation)
{
    struct ledger_record r = {.subject = write->subject};

    snprintf(r.actor, sizeof r.actor, "local:test");
    snprintf(r.operation, sizeof r.operation, "%s", operation);
    fill(write->uid, UINT64_C(1) << 60, r.uid.bytes, sizeof r.uid.bytes);
    fill(write->content, UINT64_C(1) << 61, r.content_hash, sizeof r.content_hash);
    return r;
}

struct outcome {
    enum ledger_status status;
    bool replayed;
    struct model_write write;
};

/* As the runner has it: look the uid up, do it, write it down. */
static void expect(struct run *run, struct outcome *want)
{
    struct model *m = &run->m;
    const struct deed_kind *kind = run->deed.kind;
    int64_t seq;

    m->touched_count = m->changed_booking_count = m->changed_session_count = 0;
    m->changed_series_count = 0;
    m->changed_request_count = m->changed_standing_count = 0;
    m->blamed_id = 0;
    want->status = model_find(m, want->write.uid, want->write.content, &seq);
    want->replayed = want->status == LEDGER_OK;
    if (want->replayed)
        want->write = m->writes[seq - 1];
    if (want->status != LEDGER_NO_ROW)
        return;
    want->status = kind->expect(m, &run->deed, &want->write.subject);
    if (want->status != LEDGER_OK || kind->manner == DEED_CHORE)
        return;
    want->status = model_append(m, &want->write);
    if (want->status == LEDGER_OK)
        want->write = m->writes[m->write_count - 1];
}

static void ask(struct run *run, struct outcome *got)
{
    struct ledger *l = run->r.l;
    const struct deed_kind *kind = run->deed.kind;
    struct ledger_record r = record_of(&got->write, kind->name);
    struct ledger_record known;

    got->status = ledger_register_find(l, &r.uid, r.content_hash, &known);
    got->replayed = got->status == LEDGER_OK;
    if (got->replayed) {
        got->write.subject = known.subject;
        got->write.at_us = known.at_us;
    }
    if (got->status != LEDGER_NO_ROW)
        return;
    got->status = kind->act(l, &run->deed, &got->write.subject);
    if (got->status != LEDGER_OK || kind->manner == DEED_CHORE)
        return;
    r.subject = got->write.subject;
    got->status = ledger_register_append(l, &r);
    got->write.at_us = r.at_us;
}

static void compare_outcomes(const struct run *run, const struct outcome *want,
                             const struct outcome *got)
{
    const struct compare *c = &run->compare;
    const struct ledger_facts *facts = ledger_last_facts(run->r.l);

    same_status(run, want->status, got->status);
    compare_same(c, want->replayed, got->replayed, "whether it was known");
    if (want->status == LEDGER_OK) {
        compare_same(c, want->write.subject, got->write.subject, "the id of what was made");
        compare_same(c, want->write.at_us, got->write.at_us, "when it was written");
    }
    if (want->status == LEDGER_OVER_LIMIT || want->status == LEDGER_PAYEE_CANNOT_TAKE) {
        compare_same(c, run->m.blamed_id, facts->account_id, "whose room stopped it");
        compare_same(c, run->m.room_minor, facts->room_minor, "how much room there was");
    }
}

/* An account that a refused request would have opened is not there. */
static void compare_touched(const struct run *run)
{
    for (int i = 0; i < run->m.touched_count; i++)
        if (model_has_account(&run->m, run->m.touched[i]))
            compare_account(&run->compare, run->m.touched[i]);
    compare_changed(&run->compare);
    compare_changed_requests(&run->compare);
    compare_changed_standings(&run->compare);
}

/* Mostly a new one; else one of an accepted write, or one that was refused or lost. */
static void choose_uid(struct run *run, struct model_write *write)
{
    *write = (struct model_write){.uid = ++run->uid, .content = run->step};
    if (run->step == 0 || run->deed.kind->manner == DEED_CHORE || !draw_one_in(&run->draw, 20))
        return;
    write->uid = 1 + draw_below(&run->draw, run->uid);
    int64_t seq = run->m.write_of_uid[write->uid];
    if (seq && !draw_one_in(&run->draw, 3))
        write->content = run->m.writes[seq - 1].content;
}

static void count(struct run *run, const struct outcome *want, bool dry_run)
{
    run->counts[run->deed.kind - deed_kinds][want->status]++;
    run->replays += want->replayed;
    run->dry_runs += dry_run;
}

static void do_deed(struct run *run)
{
    struct outcome want = {0};
    struct outcome got = {0};
    int64_t mark = model_mark(&run->m);

    choose_uid(run, &want.write);
    got.write = want.write;
    expect(run, &want);
    bool dry_run = want.status == LEDGER_OK && run->step > 0 && draw_one_in(&run->draw, 25);
    bool keep = want.status == LEDGER_OK && !dry_run;
    bool in_savepoint = !keep || draw_one_in(&run->draw, 2);
    count(run, &want, dry_run);
    if (want.status != LEDGER_OK)
        model_undo(&run->m, mark);
    if (in_savepoint)
        compare_ok(&run->compare, ledger_savepoint(run->r.l), "a savepoint");
    ask(run, &got);
    compare_outcomes(run, &want, &got);
    if (want.status == LEDGER_OK || run->deed.kind->manner == DEED_TIDY)
        compare_touched(run);
    if (in_savepoint)
        compare_ok(&run->compare, keep ? ledger_release(run->r.l) : ledger_rollback_to(run->r.l),
                   "a savepoint's end");
    if (keep)
        return;
    if (dry_run)
        model_undo(&run->m, mark);
    model_read_last(&run->m);
    compare_touched(run);
}

/* To the end of some hold, or a microsecond before, where that is not far. */
static int64_t until_a_hold_ends(struct run *run)
{
    const struct model *m = &run->m;

    for (int tries = 0; tries < 10 && m->open_count > 0; tries++) {
        int64_t id = m->open[draw_below(&run->draw, m->open_count)];
        int64_t left_us = m->holds[id - 1].expires_at_us - m->now_us;
        if (left_us > 0 && left_us < 3600 * SECOND_US)
            return left_us - draw_below(&run->draw, 2);
    }
    return 0;
}

/* The next time at which something of the pool or the courses begins, ends or falls due. */
static int64_t next_of_pool(const struct run *run)
{
    const struct model *m = &run->m;
    int64_t next_us = m->now_us + 6 * 3600 * SECOND_US;

    for (int64_t i = 0; i < m->live_count; i++) {
        const struct model_booking *b = &m->bookings[m->live[i] - 1];
        const int64_t times_us[] = {b->from_us, b->to_us, b->due_us};
        for (size_t t = 0; t < sizeof times_us / sizeof times_us[0]; t++)
            if (times_us[t] > m->now_us && times_us[t] < next_us)
                next_us = times_us[t];
    }
    for (int64_t i = m->session_count > 12 ? m->session_count - 12 : 0; i < m->session_count; i++)
        if (m->sessions[i].starts_us > m->now_us && m->sessions[i].starts_us < next_us)
            next_us = m->sessions[i].starts_us;
    return next_us;
}

static int64_t draw_time(struct run *run)
{
    struct draw *draw = &run->draw;
    int64_t which = draw_below(draw, 400);

    if (which < 1)
        return draw_below(draw, 3 * 24 * 3600 * SECOND_US);
    if (which < 2)
        return draw_below(draw, 12 * 3600 * SECOND_US);
    if (which < 4)
        return -draw_below(draw, 300 * SECOND_US);
    if (which == 4)
        return -draw_below(draw, draw_one_in(draw, 9) ? 40000 * SECOND_US : 1500 * SECOND_US);
    if (which < 20)
        return until_a_hold_ends(run);
    if (which < 25)
        return next_of_pool(run) - run->m.now_us - draw_below(draw, 2);
    if (draw_one_in(draw, 3))
        return draw_below(draw, draw_one_in(draw, 10) ? 3600 * SECOND_US : 20 * SECOND_US);
    return 0;
}

static void move_clock(struct run *run)
{
    run->r.clock.now_us += draw_time(run);
    run->m.now_us = run->r.clock.now_us;
}

static void turn_transaction(struct run *run)
{
    if (draw_one_in(&run->draw, 40)) {
        region_commit(&run->r);
        model_commit(&run->m);
    } else if (draw_one_in(&run->draw, 600)) {
        ledger_rollback(run->r.l);
        compare_ok(&run->compare, ledger_begin_write(run->r.l), "a new transaction");
        model_undo(&run->m, 0);
        model_read_last(&run->m);
        run->lost_transactions++;
    }
}

static compare_check *const checks[] = {
    compare_account_page,  compare_member_page, compare_transfer_page, compare_hold_page,
    compare_register_page, compare_statement,   compare_trial_balance, compare_as_of,
    compare_limits,        compare_corrections, compare_all_accounts,  compare_pool,
    compare_courses,       compare_requests,    compare_standings,     compare_fund,
};

#define CHECKS (sizeof checks / sizeof checks[0])

static void look_around(struct run *run, int64_t steps)
{
    if (run->m.account_count == 0)
        return;
    if (run->step % 3 == 0)
        checks[draw_below(&run->draw, CHECKS)](&run->compare);
    if (run->step % 250 == 0)
        for (size_t i = 0; i < CHECKS; i++)
            checks[i](&run->compare);
    if (run->step % 4000 == 0 || run->step == steps)
        compare_verify(&run->compare);
}

static void add_currency(struct run *run, int64_t id, int scale, int64_t limit_minor)
{
    static const char *const codes[] = {"CALD", "HOUR", "BIG", "TRAIN"};
    struct ledger_currency c = {.scale = scale,
                                .kind = id == MODEL_TRAINING ? LEDGER_TRAINING : LEDGER_MONEY,
                                .floor_minor = -limit_minor,
                                .ceiling_minor = limit_minor};
    struct model_currency *want = &run->m.currencies[id - 1];

    snprintf(c.code, sizeof c.code, "%s", codes[id - 1]);
    snprintf(c.name, sizeof c.name, "%s", codes[id - 1]);
    OK(&run->r, ledger_currency_add(run->r.l, &c, &region_why));
    assert_int_equal(c.id, id);
    *want = (struct model_currency){
        .scale = scale, .floor_minor = -limit_minor, .ceiling_minor = limit_minor};
    memcpy(want->code, c.code, sizeof c.code);
}

/* The first currency is worth a little less than a pound. */
static void set_equivalent(struct run *run)
{
    struct ledger_equivalent e = {.currency_id = 1,
                                  .from_on = ledger_today(run->r.l),
                                  .unit = MODEL_UNIT,
                                  .value_micro = 870000};

    OK(&run->r, ledger_equivalent_set(run->r.l, &e, &region_why));
    run->m.currencies[0].value_micro = e.value_micro;
    run->m.currencies[0].value_from = e.from_on;
}

/* A credit is a pound, paid outside. */
static void set_rate(struct run *run)
{
    struct ledger_credit_rate rate = {.currency_id = MODEL_TRAINING,
                                      .from_on = ledger_today(run->r.l),
                                      .unit = "GBP",
                                      .value_micro = 1000000};

    OK(&run->r, ledger_credit_rate_set(run->r.l, &rate, &region_why));
}

static void furnish(struct run *run, const char *kind, struct deed deed)
{
    run->deed = deed;
    run->deed.kind = deed_kind_named(kind);
    do_deed(run);
}

/* In the third currency everybody may go as far as an amount can. */
static void add_members(struct run *run)
{
    for (int64_t id = 1; id <= MEMBERS_AT_FIRST; id++) {
        furnish(run, "add member",
                (struct deed){.member_id = id,
                              .member_kind = id % 8 ? LEDGER_COOP : LEDGER_FUND,
                              .member_state = id == 2 ? LEDGER_APPLIED : LEDGER_ACTIVE});
        furnish(run, "open account", (struct deed){.member_id = id, .currency_id = 1});
        furnish(run, "open account", (struct deed){.member_id = id, .currency_id = 2});
        if (id <= 5)
            furnish(run, "open account", (struct deed){.member_id = id, .currency_id = MODEL_BIG});
        furnish(run, "open account", (struct deed){.member_id = id, .currency_id = MODEL_TRAINING});
        if (id % 8 && id % 3 == 0)
            furnish(run, "provider",
                    (struct deed){.member_id = id,
                                  .has_day = true,
                                  .day = model_today(&run->m),
                                  .reason = "teaches"});
    }
}

static void start(struct run *run, uint64_t seed, int64_t steps)
{
    *run = (struct run){.seed = seed};
    region_start(&run->r);
    model_start(&run->m, steps);
    run->m.now_us = run->r.clock.now_us;
    run->draw = (struct draw){.state = seed, .m = &run->m};
    run->compare = (struct compare){&run->m, run->r.l, &run->draw, explain, run};
    add_currency(run, 1, 2, 10000);
    add_currency(run, 2, 0, 10000);
    add_currency(run, MODEL_BIG, 6, LEDGER_AMOUNT_MAX);
    add_currency(run, MODEL_TRAINING, 2, 10000);
    set_rate(run);
    set_equivalent(run);
    region_commit(&run->r);
    add_members(run);
    model_furnish(&run->m, &run->r);
    model_commit(&run->m);
    region_commit(&run->r);
}

static void show(const struct run *run)
{
    for (const struct deed_kind *k = deed_kinds; k->name; k++)
        for (int s = 0; s < LEDGER_STATUS_COUNT; s++)
            if (run->counts[k - deed_kinds][s])
                print_message("%-15s %-20s %7lld\n", k->name,
                              ledger_status_facts((enum ledger_status)s)->code,
                              (long long)run->counts[k - deed_kinds][s]);
    print_message("replays %lld, dry runs %lld, transactions lost %lld\n", (long long)run->replays,
                  (long long)run->dry_runs, (long long)run->lost_transactions);
    print_message(
        "%lld bookings, %lld live; %lld series, %lld notices; %lld sessions, %lld enrolments\n",
        (long long)run->m.booking_count, (long long)run->m.live_count,
        (long long)run->m.series_count, (long long)run->m.notice_count,
        (long long)run->m.session_count, (long long)run->m.enrolment_count);
    print_message(
        "%lld requests, %lld payments of them, %lld by agreement; %lld standing payments, "
        "%lld due dates\n",
        (long long)run->m.request_count, (long long)run->m.payment_count,
        (long long)run->m.collection_count, (long long)run->m.standing_count,
        (long long)run->m.occurrence_count);
    print_message("%lld levies of %lld months, %lld asked; %lld defaults, %lld shares in them\n",
                  (long long)run->m.levy_charge_count, (long long)run->m.levy_month_count,
                  (long long)run->m.levy_due_count, (long long)run->m.default_count,
                  (long long)run->m.share_count);
    print_message("%lld transfers, %lld entries, %lld holds, %lld accounts, %lld days\n",
                  (long long)run->m.transfer_count, (long long)run->m.leg_count,
                  (long long)run->m.hold_count, (long long)run->m.account_count,
                  (long long)(model_today(&run->m) - region_day("2026-03-02")));
}

static void compare_reach(struct run *run)
{
    model_reach(&run->m, run->seed, run->counts);
    assert_true(run->replays > 0 && run->dry_runs > 0 && run->lost_transactions > 0);
}

static int64_t setting(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);

    return text && text[0] ? strtoll(text, NULL, 10) : otherwise;
}

static void engine_and_model_agree(void **state)
{
    (void)state;
    static struct run run;
    int64_t steps = setting("COLEDGER_MODEL_STEPS", STEPS);

    start(&run, (uint64_t)setting("COLEDGER_MODEL_SEED", SEED), steps);
    for (run.step = 1; run.step <= steps; run.step++) {
        move_clock(&run);
        turn_transaction(&run);
        deed_draw(&run.draw, &run.deed);
        do_deed(&run);
        look_around(&run, steps);
    }
    if (getenv("COLEDGER_MODEL_VERBOSE"))
        show(&run);
    if (steps >= STEPS_FOR_REACH)
        compare_reach(&run);
    model_end(&run.m);
    region_end(&run.r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engine_and_model_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
