/* Levies, and who bore the defaults. */
#include "model_compare.h"

#include "ledger/date.h"

#include <string.h>

#define RECENT 8

struct charges {
    const struct compare *c;
    int64_t at; /* of those that were had the last id; of open ones how many were met */
};

static void same_charge(const struct compare *c, const struct model_levy_charge *want,
                        const struct ledger_levy_charge *got)
{
    compare_same(c, want->account_id, got->account_id, "account of a levy");
    compare_same(c, want->month_id, got->month_id, "month of a levy");
    compare_same(c, want->month_on, got->month_on, "first day of a levy's month");
    compare_same(c, model_levy_base(want->base_minor), got->base_minor,
                 "what account %lld took in, which is levied", (long long)want->account_id);
}

static enum ledger_status take_charge(void *ctx, const struct ledger_levy_charge *got)
{
    struct charges *all = ctx;
    const struct compare *c = all->c;

    compare_same(c, ++all->at, got->id, "the next levy");
    compare_same(c, true, got->id <= c->m->levy_charge_count, "a levy too many");
    const struct model_levy_charge *want = &c->m->levy_charges[got->id - 1];
    same_charge(c, want, got);
    compare_same(c, want->amount_minor, got->amount_minor, "amount of levy %lld",
                 (long long)got->id);
    compare_same(c, want->transfer_id, got->transfer_id, "transfer of levy %lld",
                 (long long)got->id);
    compare_same(c, want->transfer_id == 0, got->waived[0] != 0, "whether levy %lld was waived",
                 (long long)got->id);
    return LEDGER_OK;
}

static const struct model_levy_charge *find_open(const struct model *m, int64_t account_id,
                                                 int64_t month_id)
{
    for (int64_t i = 0; i < m->levy_due_count; i++) {
        const struct model_levy_charge *due = &m->levy_dues[i];
        if (due->refused != LEDGER_OK && due->account_id == account_id && due->month_id == month_id)
            return due;
    }
    return NULL;
}

static enum ledger_status take_open(void *ctx, const struct ledger_levy_charge *got)
{
    struct charges *all = ctx;
    const struct compare *c = all->c;
    const struct model_levy_charge *want = find_open(c->m, got->account_id, got->month_id);

    compare_same(c, true, want != NULL, "an open levy of account %lld too many",
                 (long long)got->account_id);
    same_charge(c, want, got);
    compare_same(c, model_levy_amount(&c->m->levies[want->levy_id - 1], want->base_minor),
                 got->amount_minor, "amount of an open levy");
    compare_same(c, want->at_us, got->at_us, "when an open levy is asked for again");
    compare_same(c, want->refused, got->refused, "why an open levy was refused");
    all->at++;
    return LEDGER_OK;
}

static void compare_charges(const struct compare *c)
{
    int64_t count = c->m->levy_charge_count;
    struct charges had = {c, draw_below(c->draw, count + 1)};
    struct charges open = {c, 0};
    const struct ledger_levy_filter page = {.after = {had.at}, .limit = 40};
    const struct ledger_levy_filter all = {.limit = INT32_MAX};
    int64_t want = 0;

    compare_ok(c, ledger_levy_charges(c->l, &page, take_charge, &had), "levies");
    compare_same(c, count < page.after[0] + 40 ? count : page.after[0] + 40, had.at,
                 "levies that were had or waived");
    compare_ok(c, ledger_levy_open(c->l, &all, take_open, &open), "open levies");
    for (int64_t i = 0; i < c->m->levy_due_count; i++)
        want += c->m->levy_dues[i].refused != LEDGER_OK;
    compare_same(c, want, open.at, "how many levies are open");
}

static void compare_so_far(const struct compare *c)
{
    int64_t id = 1 + draw_below(c->draw, c->m->account_count);
    int64_t currency_id = model_account(c->m, id)->currency_id;
    int64_t month_on = ledger_date_month_start((int32_t)model_today(c->m));
    const struct model_levy *levy = model_levy_on(c->m, currency_id, month_on);
    bool begun = levy != NULL;
    int64_t base_minor = 0, amount_minor = 0;
    struct ledger_levy_charge got;
    struct ledger_levy rule;
    struct ledger_account a;
    bool any;

    if (!begun)
        levy = model_levy_first(c->m, currency_id);
    compare_ok(c, ledger_account_get(c->l, id, &a), "an account");
    compare_text(c, ledger_status_facts(levy ? LEDGER_OK : LEDGER_NO_LEVY)->code,
                 ledger_status_facts(ledger_levy_so_far(c->l, &a, &rule, &got))->code,
                 "is there a levy");
    if (!levy)
        return;
    compare_same(c, levy->points, rule.points, "points of a levy");
    compare_same(c, begun ? month_on : levy->from_on, got.month_on, "which month is running");
    if (begun && model_pays_levies(c->m, id)) {
        base_minor = model_trade(c->m, id, model_instant(month_on, 0), INT64_MAX, &any);
        base_minor = model_levy_base(base_minor);
        amount_minor = model_levy_amount(levy, base_minor);
    }
    compare_same(c, base_minor, got.base_minor, "what account %lld took in so far", (long long)id);
    compare_same(c, amount_minor, got.amount_minor, "levy of account %lld so far", (long long)id);
}

struct shares {
    const struct compare *c;
    int64_t default_id;
    int64_t at; /* an index into the model's */
    int64_t met;
};

static enum ledger_status take_share(void *ctx, const struct ledger_default_share *got)
{
    struct shares *all = ctx;
    const struct model *m = all->c->m;

    while (all->at < m->share_count && m->shares[all->at].default_id != all->default_id)
        all->at++;
    compare_same(all->c, true, all->at < m->share_count, "a share in default %lld too many",
                 (long long)all->default_id);
    const struct model_share *want = &m->shares[all->at++];
    compare_same(all->c, want->account_id, got->account_id, "who bears default %lld",
                 (long long)all->default_id);
    compare_same(all->c, want->step, got->step, "step of a share");
    compare_same(all->c, want->members, got->members, "is it of the members");
    compare_same(all->c, want->amount_minor, got->amount_minor, "what account %lld bears",
                 (long long)want->account_id);
    compare_same(all->c, want->back_minor, got->recovered_minor, "what account %lld has back",
                 (long long)want->account_id);
    compare_same(all->c, want->transfer_id, got->transfer_id, "transfer of a share");
    all->met++;
    return LEDGER_OK;
}

/* In order of step and account, as the engine gives them: the model shares in that order. */
static void compare_default(const struct compare *c, int64_t id)
{
    const struct model_default *want = &c->m->defaults[id - 1];
    struct shares shares = {c, id, 0, 0};
    struct ledger_default d;
    int64_t count = 0;

    compare_ok(c, ledger_default_get(c->l, id, &d), "a default");
    compare_same(c, want->state, d.state, "state of default %lld", (long long)id);
    compare_same(c, want->owed_minor, d.owed_minor, "owed of default %lld", (long long)id);
    compare_same(c, want->covered_minor, d.covered_minor, "covered of default %lld", (long long)id);
    compare_same(c, want->recovered_minor, d.recovered_minor, "recovered of default %lld",
                 (long long)id);
    compare_same(c, want->transfer_id, d.transfer_id, "transfer of default %lld", (long long)id);
    compare_ok(c, ledger_default_shares(c->l, id, take_share, &shares), "shares in a default");
    for (int64_t i = 0; i < c->m->share_count; i++)
        count += c->m->shares[i].default_id == id;
    compare_same(c, count, shares.met, "how many bear default %lld", (long long)id);
}

/* Who would pay for somebody, whether it is in default or not. */
static void compare_plan(const struct compare *c)
{
    struct model_share want[MODEL_SHARES_MAX];
    int64_t id = draw_account(c->draw);
    struct ledger_default_plan plan;
    int count;

    if (!model_has_account(c->m, id) || !model_order_of(c->m, model_account(c->m, id)->currency_id))
        return;
    int64_t uncovered_minor = model_default_plan(c->m, id, want, &count);
    compare_ok(c, ledger_default_plan(c->l, id, &plan), "a plan");
    compare_same(c, uncovered_minor, plan.uncovered_minor, "what nobody can pay of %lld",
                 (long long)id);
    compare_same(c, count, plan.count, "how many would pay for account %lld", (long long)id);
    for (int i = 0; i < count; i++) {
        compare_same(c, want[i].account_id, plan.shares[i].account_id, "who would pay");
        compare_same(c, want[i].step, plan.shares[i].step, "at which step it would pay");
        compare_same(c, want[i].amount_minor, plan.shares[i].amount_minor,
                     "what account %lld would pay", (long long)want[i].account_id);
    }
    ledger_default_plan_free(&plan);
}

void compare_fund(const struct compare *c)
{
    int64_t defaults = c->m->default_count;

    compare_charges(c);
    compare_so_far(c);
    compare_plan(c);
    for (int64_t id = defaults > RECENT ? defaults - RECENT : 1; id <= defaults; id++)
        compare_default(c, id);
}
