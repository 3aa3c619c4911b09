/* What was: balances as of, statements, trial balances, limits. */
#include "model_compare.h"

#include "ledger/journal.h"
#include "ledger/limit.h"
#include "ledger/trial_balance.h"
#include "region.h"

#include <stdlib.h>
#include <string.h>

#define PAGES_MAX 12

static int64_t some_moment(const struct compare *c)
{
    int64_t count = c->m->transfer_count;

    if (count == 0)
        return c->m->now_us;
    if (draw_one_in(c->draw, 2))
        return c->m->transfers[draw_below(c->draw, count)].posted_at_us +
               draw_between(c->draw, -1, 1);
    int64_t first_us = c->m->transfers[0].posted_at_us;
    return first_us + draw_between(c->draw, -1000, c->m->now_us - first_us + 1000);
}

static int32_t some_day(const struct compare *c)
{
    return (int32_t)(model_day(some_moment(c)) + draw_between(c->draw, -1, 1));
}

static int64_t some_account(const struct compare *c)
{
    return 1 + draw_below(c->draw, c->m->account_count);
}

void compare_as_of(const struct compare *c)
{
    int64_t at_us = some_moment(c);
    int32_t day = some_day(c);
    int64_t account_id = some_account(c);
    int64_t id;
    int64_t balance_minor;

    compare_ok(c, ledger_journal_length(c->l, &id), "the journal's length");
    compare_same(c, c->m->transfer_count, id, "the journal's length");
    compare_ok(c, ledger_journal_last_at(c->l, at_us, &id), "the last transfer");
    compare_same(c, model_last_at(c->m, at_us), id, "the last transfer at %lld", (long long)at_us);
    compare_ok(c, ledger_journal_balance_at(c->l, account_id, id, &balance_minor), "a balance");
    compare_same(c, model_balance_at(c->m, account_id, id), balance_minor,
                 "balance of account %lld after transfer %lld", (long long)account_id,
                 (long long)id);
    compare_ok(c, ledger_journal_last_on(c->l, day, &id), "the last transfer of a day");
    compare_same(c, model_last_on(c->m, day), id, "the last transfer on day %d", day);
    compare_ok(c, ledger_journal_balance_effective(c->l, account_id, day, &balance_minor),
               "a balance by effective day");
    compare_same(c, model_balance_on(c->m, account_id, day, LEDGER_BY_EFFECTIVE), balance_minor,
                 "balance of account %lld effective on day %d", (long long)account_id, day);
}

static const struct model_limit *limit_at(const struct model *m, int64_t account_id, int64_t at_us)
{
    for (int64_t i = m->limit_count; i-- > 0;)
        if (m->limits[i].account_id == account_id && m->limits[i].from_us <= at_us)
            return &m->limits[i];
    return NULL;
}

/* Of some account at some moment, or when some limit began. */
void compare_limits(const struct compare *c)
{
    const struct model_limit *any = &c->m->limits[draw_below(c->draw, c->m->limit_count)];
    bool begins = draw_one_in(c->draw, 2);
    int64_t account_id = begins ? any->account_id : some_account(c);
    int64_t at_us = begins ? any->from_us + draw_between(c->draw, -1, 1) : some_moment(c);
    const struct model_limit *want = limit_at(c->m, account_id, at_us);
    struct ledger_limit limit;
    enum ledger_status status = ledger_limit_at(c->l, account_id, at_us, &limit);

    compare_same(c, want ? LEDGER_OK : LEDGER_NO_ROW, status, "is there a limit of account %lld",
                 (long long)account_id);
    if (!want)
        return;
    compare_same(c, want - c->m->limits + 1, limit.id, "limit of account %lld at %lld",
                 (long long)account_id, (long long)at_us);
    compare_same(c, want->floor_minor, limit.floor_minor, "floor of account %lld at %lld",
                 (long long)account_id, (long long)at_us);
    compare_same(c, want->ceiling_minor, limit.ceiling_minor, "ceiling of account %lld at %lld",
                 (long long)account_id, (long long)at_us);
    compare_same(c, want->from_us, limit.from_us, "start of limit %lld", (long long)limit.id);
}

/* The lines that a statement should have: legs of the model, in its order. */
struct statement {
    const struct compare *c;
    struct ledger_statement_query q;
    const struct model_leg **lines;
    int64_t count;
    int64_t at;
    int64_t opening_minor;
    int64_t balance_minor; /* running */
    int64_t in_minor;
    int64_t out_minor;
};

static int64_t day_of(const struct model *m, const struct model_leg *leg, enum ledger_order by)
{
    const struct model_transfer *t = &m->transfers[leg->transfer_id - 1];

    return by == LEDGER_BY_POSTED ? t->posted_on : t->effective_on;
}

/* Insertion into place: in the journal's order they are nearly sorted by day. */
static void add_line(struct statement *s, const struct model_leg *leg)
{
    const struct model *m = s->c->m;
    int64_t i = s->count++;

    for (; i > 0 && day_of(m, s->lines[i - 1], s->q.by) > day_of(m, leg, s->q.by); i--)
        s->lines[i] = s->lines[i - 1];
    s->lines[i] = leg;
    *(leg->amount_minor > 0 ? &s->in_minor : &s->out_minor) += llabs(leg->amount_minor);
}

static void find_lines(struct statement *s)
{
    const struct model *m = s->c->m;

    s->lines = calloc((size_t)m->leg_count + 1, sizeof *s->lines);
    assert_non_null(s->lines);
    for (int64_t i = 0; i < m->leg_count; i++) {
        const struct model_leg *leg = &m->legs[i];
        if (leg->account_id != s->q.account_id || day_of(m, leg, s->q.by) > s->q.to_on)
            continue;
        if (day_of(m, leg, s->q.by) < s->q.from_on)
            s->opening_minor += leg->amount_minor;
        else
            add_line(s, leg);
    }
    s->balance_minor = s->opening_minor;
}

/* The first on the other side, in this currency. */
static int64_t counterparty_of(struct model *m, const struct model_leg *leg)
{
    const struct model_transfer *t = model_transfer(m, leg->transfer_id);
    int64_t currency_id = model_account(m, leg->account_id)->currency_id;

    for (int64_t i = t->first_leg; i < t->first_leg + t->leg_count; i++) {
        const struct model_account *a = model_account(m, m->legs[i].account_id);
        if (a->currency_id == currency_id &&
            (m->legs[i].amount_minor > 0) != (leg->amount_minor > 0))
            return a->member_id;
    }
    return 0;
}

static enum ledger_status take_line(void *ctx, const struct ledger_statement_line *line)
{
    struct statement *s = ctx;
    const struct compare *c = s->c;
    char handle[LEDGER_HANDLE_MAX + 1];

    if (s->at == s->count)
        compare_same(c, 0, line->transfer_id, "a line too many in a statement");
    const struct model_leg *leg = s->lines[s->at++];
    const struct model_transfer *t = model_transfer(c->m, leg->transfer_id);
    s->balance_minor += leg->amount_minor;
    compare_same(c, leg->transfer_id, line->transfer_id, "the next line of a statement");
    compare_same(c, leg->amount_minor, line->amount_minor, "a line's amount");
    compare_same(c, s->balance_minor, line->balance_minor, "a line's balance");
    compare_same(c, t->posted_at_us, line->posted_at_us, "a line's time");
    compare_same(c, t->effective_on, line->effective_on, "a line's day");
    compare_same(c, t->effective_on < t->posted_on, line->late, "whether a line is late");
    compare_same(c, t->kind, line->kind, "a line's kind");
    compare_same(c, t->corrects, line->corrects, "what a line corrects");
    compare_same(c, t->leg_count - 1, line->counterparties, "a line's counterparties");
    compare_text(c, model_handle(counterparty_of(c->m, leg), handle), line->counterparty,
                 "a line's counterparty");
    compare_text(c, t->memo, line->memo, "a line's memo");
    compare_text(c, t->reference, line->reference, "a line's reference");
    s->q.after_effective_on = line->effective_on;
    s->q.after_transfer_id = line->transfer_id;
    return LEDGER_OK;
}

static void read_page(struct statement *s)
{
    const struct compare *c = s->c;
    const struct ledger_statement_query q = s->q;
    bool first = q.after_transfer_id == 0;
    int64_t left = s->count - s->at;
    int64_t before = s->at;
    struct ledger_statement head;

    compare_ok(c, ledger_statement_read(c->l, &q, &head, take_line, s), "a statement");
    compare_same(c, left < q.limit ? left : q.limit, s->at - before, "lines in a page");
    compare_same(c, s->opening_minor, head.opening_minor, "a statement's opening balance");
    compare_same(c, s->opening_minor + s->in_minor - s->out_minor, head.closing_minor,
                 "a statement's closing balance");
    compare_same(c, first ? s->in_minor : 0, head.in_minor, "what a statement took in");
    compare_same(c, first ? s->out_minor : 0, head.out_minor, "what a statement gave out");
    compare_same(c, first ? s->count : 0, head.lines, "lines in a statement");
}

void compare_statement(const struct compare *c)
{
    int32_t one = some_day(c);
    int32_t other = some_day(c);
    struct statement s = {
        .c = c,
        .q = {.account_id = some_account(c),
              .from_on = one < other ? one : other,
              .to_on = one < other ? other : one,
              .by = draw_one_in(c->draw, 2) ? LEDGER_BY_POSTED : LEDGER_BY_EFFECTIVE,
              .limit = (int)draw_between(c->draw, 1, draw_one_in(c->draw, 2) ? 5 : 60)}};

    find_lines(&s);
    for (int pages = 0; pages == 0 || (pages < PAGES_MAX && s.at < s.count); pages++)
        read_page(&s);
    free(s.lines);
}

struct trial {
    const struct compare *c;
    bool taken[MODEL_ACCOUNTS_MAX + 1];
    int64_t balances_minor[MODEL_ACCOUNTS_MAX + 1];
    int64_t debit_minor;
    int64_t credit_minor;
    int64_t count;
    char before[LEDGER_HANDLE_MAX + 1];
};

static enum ledger_status take_balance(void *ctx, const struct ledger_trial_line *line)
{
    struct trial *trial = ctx;
    const struct compare *c = trial->c;
    char handle[LEDGER_HANDLE_MAX + 1];

    model_handle(model_account(c->m, line->account_id)->member_id, handle);
    compare_text(c, handle, line->handle, "a handle in a trial balance");
    compare_same(c, 1, strcmp(trial->before, handle) < 0, "the order of handles");
    compare_same(c, trial->balances_minor[line->account_id], line->balance_minor,
                 "account %lld in a trial balance", (long long)line->account_id);
    compare_same(c, false, trial->taken[line->account_id], "account %lld stands there twice",
                 (long long)line->account_id);
    trial->taken[line->account_id] = true;
    memcpy(trial->before, handle, sizeof handle);
    return LEDGER_OK;
}

/* Of today: now. Those opened by then, and those that had a balance by then. */
static void add_up(struct trial *trial, int64_t currency_id, int64_t day, enum ledger_order by)
{
    const struct model *m = trial->c->m;
    bool now = day >= model_today(m);

    for (int64_t i = 0; i < m->leg_count; i++)
        if (now || day_of(m, &m->legs[i], by) <= day)
            trial->balances_minor[m->legs[i].account_id] += m->legs[i].amount_minor;
    for (int64_t id = 1; id <= m->account_count; id++) {
        int64_t balance_minor = trial->balances_minor[id];
        if (m->accounts[id - 1].currency_id != currency_id ||
            (!now && m->accounts[id - 1].opened_on > day && balance_minor == 0))
            continue;
        *(balance_minor < 0 ? &trial->debit_minor : &trial->credit_minor) += llabs(balance_minor);
        trial->count++;
    }
}

void compare_trial_balance(const struct compare *c)
{
    struct trial trial = {.c = c};
    int64_t currency_id = draw_between(c->draw, 1, MODEL_CURRENCIES);
    int32_t day = some_day(c);
    enum ledger_order by = draw_one_in(c->draw, 2) ? LEDGER_BY_POSTED : LEDGER_BY_EFFECTIVE;
    struct ledger_trial_balance total;

    add_up(&trial, currency_id, day, by);
    compare_ok(c,
               ledger_trial_balance_read(c->l, currency_id, day, by, &total, take_balance, &trial),
               "a trial balance");
    compare_same(c, trial.count, total.accounts, "accounts in a trial balance of day %d", day);
    compare_same(c, trial.debit_minor, total.debit_minor, "debit in a trial balance");
    compare_same(c, trial.credit_minor, total.credit_minor, "credit in a trial balance");
}
