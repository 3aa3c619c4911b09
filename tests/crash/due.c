#include "due.h"

#include "../support/load.h"
#include "child.h"

#include "api/run.h"
#include "ledger/account.h"
#include "ledger/journal.h"
#include "ledger/standing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAYERS 8
#define EACH 25 /* standing payments a payer */
#define WEEKS 9 /* due dates of each that are past */
#define ALL (PAYERS * EACH * WEEKS)
#define POOR 1 /* a payer that can pay nothing */
#define AGO_US ((INT64_C(7) * (WEEKS - 1) + 3) * 86400 * 1000000)
#define KILL_US_MAX 100000
#define KILLS_A_LEDGER 40 /* then it may finish */

struct due_test {
    const char *coledger;
    uint64_t random;
    struct web_node node;
    int64_t kills, amid; /* of those, after more was paid than before */
};

static bool failed(const struct due_test *t, const char *what)
{
    printf("FAILED after %" PRId64 " kills: %s; see %s\n", t->kills, what, t->node.dir);
    return false;
}

static void must(enum ledger_status status)
{
    if (status != LEDGER_OK)
        abort();
}

static int64_t weeks_ago_us(void *arg)
{
    return api_env.now_us(arg) - AGO_US;
}

static struct ledger *open_file(const struct due_test *t)
{
    const struct ledger_options options = {.holder = "crash"};
    struct ledger *l;

    must(ledger_open(t->node.path, &options, &api_env, &l));
    must(ledger_begin_read(l));
    return l;
}

static const struct ledger_why why = {.actor = "local:crash", .reason = "", .authority = ""};

static void open_accounts(struct ledger *l, struct ledger_account *accounts)
{
    struct ledger_currency c = {.code = "CALD",
                                .name = "Calder",
                                .scale = 2,
                                .floor_minor = -100000,
                                .ceiling_minor = LEDGER_AMOUNT_MAX};

    must(ledger_currency_add(l, &c, &why));
    for (int m = 0; m < PAYERS; m++) {
        struct ledger_member member = {.state = LEDGER_ACTIVE, .name = "a member"};

        snprintf(member.handle, sizeof member.handle, "m%d", m + 1);
        must(ledger_member_add(l, &member, &why));
        must(ledger_account_need(l, member.handle, "CALD", &why, &accounts[m]));
    }
}

/* Made and ordered weeks ago, and no node has run since. m1 pays m2, m2 pays m3 ..., a cent each week. */
static void order_all(struct due_test *t)
{
    const struct ledger_env then = {weeks_ago_us, api_env.random, NULL};
    struct ledger_account accounts[PAYERS];
    struct ledger *l;

    strcpy(t->node.dir, "/tmp/coledger-due-XXXXXX");
    if (!mkdtemp(t->node.dir))
        abort();
    snprintf(t->node.path, sizeof t->node.path, "%s/ledger.db", t->node.dir);
    must(ledger_create(t->node.path, "Test", "Europe/London", &then, &l));
    must(ledger_begin_write(l));
    open_accounts(l, accounts);
    for (int n = 0; n < PAYERS * EACH; n++) {
        struct ledger_standing s = {.payer_id = accounts[n % PAYERS].id,
                                    .payee_id = accounts[(n + 1) % PAYERS].id,
                                    .amount_minor = n % PAYERS == POOR - 1 ? 100000000 : 1,
                                    .cadence = {LEDGER_WEEKLY, 1, LEDGER_CADENCE_UNSAID},
                                    .first_on = ledger_today(l)};

        must(ledger_standing_order(l, &s, true, "local:crash"));
    }
    must(ledger_commit(l));
    ledger_close(l);
}

static int64_t paid(const struct due_test *t)
{
    struct ledger *l = open_file(t);
    int64_t transfers;

    must(ledger_journal_length(l, &transfers));
    ledger_rollback(l);
    ledger_close(l);
    return transfers;
}

static bool verify(const struct due_test *t)
{
    const char *const argv[] = {t->coledger, "verify", "--ledger", t->node.path, NULL};

    return child_run(argv) == 0 || failed(t, "verify finds something");
}

static void kill_soon(struct due_test *t)
{
    int us = load_draw(&t->random, KILL_US_MAX);

    child_kill_at_chores(t->coledger, t->node.path, load_draw(&t->random, 2) == 0, us);
    t->kills++;
}

static void finish(const struct due_test *t)
{
    const char *const chores[] = {t->coledger, "chores", "--ledger", t->node.path, NULL};

    for (int i = 0; i <= ALL / LEDGER_STANDING_DUE_MAX; i++)
        child_run(chores);
}

struct met {
    const struct due_test *t;
    int64_t transfers[WEEKS]; /* by due date */
    int count;
    bool poor;
    bool good;
};

static enum ledger_status look(void *ctx, const struct ledger_occurrence *o)
{
    struct met *m = ctx;
    bool is_paid = o->state == LEDGER_OCCURRENCE_PAID;

    m->good = m->good && m->count < WEEKS && o->number == m->count + 1 &&
              (m->poor ? !is_paid && o->attempts >= 1 : is_paid && o->attempts == 1) &&
              (!is_paid || o->effective_on == o->due_on);
    if (m->good)
        m->transfers[m->count++] = o->transfer_id;
    return LEDGER_OK;
}

/* Nine dates each, paid once as they were due; all of a week before any of the next. */
static bool each_once(const struct due_test *t, struct ledger *l)
{
    int64_t last[WEEKS + 1] = {0};
    int64_t first[WEEKS];

    for (int w = 0; w < WEEKS; w++)
        first[w] = INT64_MAX;
    for (int64_t id = 1; id <= PAYERS * EACH; id++) {
        struct met m = {.t = t, .good = true, .poor = (id - 1) % PAYERS == POOR - 1};

        must(ledger_standing_occurrences(l, id, 0, false, WEEKS + 1, look, &m));
        if (!m.good || m.count != WEEKS)
            return failed(t, "a due date was not met once");
        for (int w = 0; w < WEEKS && !m.poor; w++) {
            first[w] = m.transfers[w] < first[w] ? m.transfers[w] : first[w];
            last[w + 1] = m.transfers[w] > last[w + 1] ? m.transfers[w] : last[w + 1];
        }
    }
    for (int w = 0; w < WEEKS; w++)
        if (first[w] <= last[w])
            return failed(t, "a due date was paid before an earlier one");
    return true;
}

static bool is_whole(const struct due_test *t)
{
    struct ledger *l = open_file(t);
    bool good = each_once(t, l);

    ledger_rollback(l);
    ledger_close(l);
    if (good && paid(t) != ALL - EACH * WEEKS)
        good = failed(t, "there are more transfers than due dates");
    return good && verify(t);
}

static bool one_ledger(struct due_test *t, int64_t until)
{
    int64_t before = 0;
    int64_t now = 0;

    order_all(t);
    for (int i = 0; i < KILLS_A_LEDGER && t->kills < until && now < ALL - EACH * WEEKS; i++) {
        kill_soon(t);
        now = paid(t);
        t->amid += now > before;
        if (now < before)
            return failed(t, "what was paid is gone");
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

int due(const char *coledger, int64_t kills, uint64_t seed)
{
    struct due_test t = {.coledger = coledger, .random = seed};
    int64_t ledgers = 0;
    bool good = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("crash: due: seed %" PRIu64 "\n", seed);
    for (; good && t.kills < kills; ledgers++)
        good = one_ledger(&t, kills);
    printf("crash: %" PRId64 " kills while %d due dates were caught up with, in %" PRId64
           " ledgers; %" PRId64 " after a run was kept%s\n",
           t.kills, ALL, ledgers, t.amid, good ? "; each was met once" : "");
    printf("%" PRId64 " passed, %d failed\n", t.kills - !good, !good);
    return !good;
}
