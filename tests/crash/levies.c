#include "levies.h"

#include "kills.h"

#include "api/run.h"
#include "ledger/account.h"
#include "ledger/date.h"
#include "ledger/levy.h"
#include "ledger/transfer.h"

#include <stdio.h>

#define PAYERS 300
#define POOR 7 /* every so many have nothing and may go nowhere: theirs are refused */
#define RICH (PAYERS - (PAYERS + POOR - 1) / POOR)
#define FLAT_MINOR 25
#define AGO_US (INT64_C(200) * LEDGER_US_PER_DAY)
#define MONTHS_MAX 8

struct levies {
    int months; /* that are over since the levy began */
    int64_t fund_account_id;
};

static const struct ledger_why why = {
    .actor = "local:crash", .reason = "decided", .authority = "steward"};

static int month_of(int32_t day)
{
    int year, month, day_of_month;

    ledger_date_to_civil(day, &year, &month, &day_of_month);
    return year * 12 + month;
}

static bool is_poor(int n)
{
    return n % POOR == 0;
}

static void open_accounts(struct ledger *l, struct ledger_currency *c, int64_t *fund_account_id)
{
    struct ledger_member fund = {
        .state = LEDGER_ACTIVE, .kind = LEDGER_FUND, .name = "a fund", .handle = "guarantee"};
    struct ledger_account a;

    kills_must(l, ledger_member_add(l, &fund, &why));
    kills_must(l, ledger_account_need(l, fund.handle, c->code, &why, &a));
    *fund_account_id = a.id;
    for (int n = 0; n < PAYERS; n++) {
        struct ledger_member m = {.state = LEDGER_ACTIVE, .name = "a member"};

        snprintf(m.handle, sizeof m.handle, "m%d", n);
        kills_must(l, ledger_member_add(l, &m, &why));
        kills_must(l, ledger_account_need(l, m.handle, c->code, &why, &a));
        const struct ledger_leg legs[] = {{*fund_account_id, -MONTHS_MAX * FLAT_MINOR},
                                          {a.id, MONTHS_MAX * FLAT_MINOR}};
        const struct ledger_transfer_draft draft = {
            .kind = LEDGER_OPENING, .without_limits = true, .legs = legs, .leg_count = 2};
        if (!is_poor(n))
            kills_must(l, ledger_transfer_post(l, &draft, &(int64_t){0}));
    }
}

/* The levy was set months ago, and no node has run since. */
static void set_up(struct kills *k)
{
    struct levies *t = k->ctx;
    struct ledger_currency c = {
        .code = "CALD", .name = "Calder", .scale = 2, .ceiling_minor = LEDGER_AMOUNT_MAX};
    struct ledger_levy levy = {.flat_minor = FLAT_MINOR};

    k->ago_us = AGO_US;
    struct ledger *l = kills_create(k, &c);
    open_accounts(l, &c, &t->fund_account_id);
    levy.currency_id = c.id;
    levy.fund_account_id = t->fund_account_id;
    levy.from_on = ledger_date_month_end(ledger_today(l)) + 1;
    kills_must(l, ledger_levy_set(l, &levy, &why));
    t->months = month_of(ledger_day_of(l, api_env.now_us(NULL))) - month_of(levy.from_on);
    k->all = t->months * RICH;
    kills_close(l);
}

struct charges {
    int had[PAYERS + 2];
    int open[PAYERS + 2];
    int64_t count;
    bool good;
};

static enum ledger_status note(void *ctx, const struct ledger_levy_charge *c)
{
    struct charges *all = ctx;

    all->good = all->good && c->amount_minor == FLAT_MINOR && c->account_id <= PAYERS + 1;
    if (!all->good)
        return LEDGER_STOP;
    *(c->id ? &all->had[c->account_id] : &all->open[c->account_id]) += 1;
    all->count += c->id != 0;
    return LEDGER_OK;
}

static void read_charges(struct ledger *l, struct charges *all)
{
    const struct ledger_levy_filter filter = {.limit = INT32_MAX};

    *all = (struct charges){.good = true};
    kills_must(l, ledger_levy_charges(l, &filter, note, all));
    kills_must(l, ledger_levy_open(l, &filter, note, all));
}

static int64_t charged(struct kills *k, struct ledger *l)
{
    struct charges all;

    (void)k;
    read_charges(l, &all);
    return all.count;
}

static bool each_once(struct kills *k, struct ledger *l)
{
    const struct levies *t = k->ctx;
    struct charges all;

    read_charges(l, &all);
    for (int n = 0; n < PAYERS && all.good; n++) {
        int64_t id = t->fund_account_id + 1 + n;
        all.good = is_poor(n) ? all.open[id] == t->months && all.had[id] == 0
                              : all.had[id] == t->months && all.open[id] == 0;
    }
    return all.good || kills_failed(k, "an account was not charged once a month");
}

static bool is_whole(struct kills *k, struct ledger *l)
{
    const struct levies *t = k->ctx;
    struct ledger_account fund;

    kills_must(l, ledger_account_get(l, t->fund_account_id, &fund));
    return each_once(k, l) && (fund.balance_minor == RICH * FLAT_MINOR * (t->months - MONTHS_MAX) ||
                               kills_failed(k, "the fund has more or less than was charged"));
}

static bool finish(struct kills *k)
{
    const struct levies *t = k->ctx;

    kills_chores(k, PAYERS * t->months / LEDGER_LEVY_DUE_MAX + t->months + 1);
    return true;
}

int levies(const char *coledger, int64_t kills, uint64_t seed)
{
    static const struct kills_plan plan = {
        .name = "levies",
        .amid = "months of levies, each once",
        .set_up = set_up,
        .strike = kills_at_chores,
        .done = charged,
        .finish = finish,
        .is_whole = is_whole,
    };
    struct levies t;

    return kills_run(&plan, coledger, kills, seed, &t);
}
