#include "levies.h"

#include "../support/load.h"
#include "child.h"

#include "api/run.h"
#include "ledger/account.h"
#include "ledger/date.h"
#include "ledger/levy.h"
#include "ledger/transfer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAYERS 300
#define POOR 7 /* every so many have nothing and may go nowhere: theirs are refused */
#define FLAT_MINOR 25
#define AGO_US (INT64_C(200) * LEDGER_US_PER_DAY)
#define MONTHS_MAX 8
#define KILL_US_MAX 100000
#define KILLS_A_LEDGER 40 /* then it may finish */

struct levies_test {
    const char *coledger;
    uint64_t random;
    struct web_node node;
    int months; /* that are over since the levy began */
    int64_t fund_account_id;
    int64_t kills, amid; /* of those, after more was charged than before */
};

static const struct ledger_why why = {
    .actor = "local:crash", .reason = "decided", .authority = "steward"};

static bool failed(const struct levies_test *t, const char *what)
{
    printf("FAILED after %" PRId64 " kills: %s; see %s\n", t->kills, what, t->node.dir);
    return false;
}

static void must(enum ledger_status status)
{
    if (status != LEDGER_OK)
        abort();
}

static int64_t months_ago_us(void *arg)
{
    return api_env.now_us(arg) - AGO_US;
}

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

    must(ledger_member_add(l, &fund, &why));
    must(ledger_account_need(l, fund.handle, c->code, &why, &a));
    *fund_account_id = a.id;
    for (int n = 0; n < PAYERS; n++) {
        struct ledger_member m = {.state = LEDGER_ACTIVE, .name = "a member"};

        snprintf(m.handle, sizeof m.handle, "m%d", n);
        must(ledger_member_add(l, &m, &why));
        must(ledger_account_need(l, m.handle, c->code, &why, &a));
        const struct ledger_leg legs[] = {{*fund_account_id, -MONTHS_MAX * FLAT_MINOR},
                                          {a.id, MONTHS_MAX * FLAT_MINOR}};
        const struct ledger_transfer_draft draft = {
            .kind = LEDGER_OPENING, .without_limits = true, .legs = legs, .leg_count = 2};
        if (!is_poor(n))
            must(ledger_transfer_post(l, &draft, &(int64_t){0}));
    }
}

/* The levy was set months ago, and no node has run since. */
static void set_up(struct levies_test *t)
{
    const struct ledger_env then = {months_ago_us, api_env.random, NULL};
    struct ledger_currency c = {
        .code = "CALD", .name = "Calder", .scale = 2, .ceiling_minor = LEDGER_AMOUNT_MAX};
    struct ledger_levy levy = {.flat_minor = FLAT_MINOR};
    struct ledger *l;

    strcpy(t->node.dir, "/tmp/coledger-levies-XXXXXX");
    if (!mkdtemp(t->node.dir))
        abort();
    snprintf(t->node.path, sizeof t->node.path, "%s/ledger.db", t->node.dir);
    must(ledger_create(t->node.path, "Test", "Europe/London", &then, &l));
    must(ledger_begin_write(l));
    must(ledger_currency_add(l, &c, &why));
    open_accounts(l, &c, &t->fund_account_id);
    levy.currency_id = c.id;
    levy.fund_account_id = t->fund_account_id;
    levy.from_on = ledger_date_month_end(ledger_today(l)) + 1;
    must(ledger_levy_set(l, &levy, &why));
    t->months = month_of(ledger_day_of(l, api_env.now_us(NULL))) - month_of(levy.from_on);
    must(ledger_commit(l));
    ledger_close(l);
}

static struct ledger *open_file(const struct levies_test *t)
{
    const struct ledger_options options = {.holder = "crash"};
    struct ledger *l;

    must(ledger_open(t->node.path, &options, &api_env, &l));
    must(ledger_begin_read(l));
    return l;
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
    must(ledger_levy_charges(l, &filter, note, all));
    must(ledger_levy_open(l, &filter, note, all));
}

static int64_t charged(const struct levies_test *t)
{
    struct ledger *l = open_file(t);
    struct charges all;

    read_charges(l, &all);
    ledger_rollback(l);
    ledger_close(l);
    return all.count;
}

static bool verify(const struct levies_test *t)
{
    const char *const argv[] = {t->coledger, "verify", "--ledger", t->node.path, NULL};

    return child_run(argv) == 0 || failed(t, "verify finds something");
}

static bool each_once(const struct levies_test *t, struct ledger *l)
{
    struct charges all;

    read_charges(l, &all);
    for (int n = 0; n < PAYERS && all.good; n++) {
        int64_t id = t->fund_account_id + 1 + n;
        all.good = is_poor(n) ? all.open[id] == t->months && all.had[id] == 0
                              : all.had[id] == t->months && all.open[id] == 0;
    }
    return all.good || failed(t, "an account was not charged once a month");
}

static bool is_whole(const struct levies_test *t)
{
    struct ledger *l = open_file(t);
    struct ledger_account fund;
    int64_t payers = PAYERS - (PAYERS + POOR - 1) / POOR;
    bool good = each_once(t, l);

    must(ledger_account_get(l, t->fund_account_id, &fund));
    ledger_rollback(l);
    ledger_close(l);
    if (good && fund.balance_minor != payers * FLAT_MINOR * (t->months - MONTHS_MAX))
        good = failed(t, "the fund has more or less than was charged");
    return good && verify(t);
}

static void finish(const struct levies_test *t)
{
    const char *const chores[] = {t->coledger, "chores", "--ledger", t->node.path, NULL};

    for (int i = 0; i <= PAYERS * t->months / LEDGER_LEVY_DUE_MAX + t->months; i++)
        child_run(chores);
}

static bool one_ledger(struct levies_test *t, int64_t until)
{
    int64_t before = 0;

    set_up(t);
    for (int i = 0; i < KILLS_A_LEDGER && t->kills < until; i++) {
        child_kill_at_chores(t->coledger, t->node.path, load_draw(&t->random, 2) == 0,
                             load_draw(&t->random, KILL_US_MAX));
        t->kills++;
        int64_t now = charged(t);
        t->amid += now > before;
        if (now < before)
            return failed(t, "what was charged is gone");
        before = now;
        if (load_draw(&t->random, 4) == 0 && !verify(t))
            return false;
    }
    finish(t);
    if (!is_whole(t))
        return false;
    web_remove(&t->node);
    return true;
}

int levies(const char *coledger, int64_t kills, uint64_t seed)
{
    struct levies_test t = {.coledger = coledger, .random = seed};
    int64_t ledgers = 0;
    bool good = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("crash: levies: seed %" PRIu64 "\n", seed);
    for (; good && t.kills < kills; ledgers++)
        good = one_ledger(&t, kills);
    printf("crash: %" PRId64
           " kills while %d months of %d accounts were caught up with, in %" PRId64
           " ledgers; %" PRId64 " after a run was kept; each was charged once\n",
           t.kills, t.months, PAYERS, ledgers, t.amid);
    printf("%" PRId64 " passed, %d failed\n", t.kills - !good, !good);
    return !good;
}
