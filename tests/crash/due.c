#include "due.h"

#include "kills.h"

#include "ledger/account.h"
#include "ledger/journal.h"
#include "ledger/standing.h"

#include <stdio.h>

#define PAYERS 8
#define EACH 25 /* standing payments a payer */
#define WEEKS 9 /* due dates of each that are past */
#define ALL (PAYERS * EACH * WEEKS)
#define POOR 1 /* a payer that can pay nothing */
#define AGO_US ((INT64_C(7) * (WEEKS - 1) + 3) * 86400 * 1000000)

static const struct ledger_why why = {.actor = "local:crash", .reason = "", .authority = ""};

static void open_accounts(struct ledger *l, struct ledger_account *accounts)
{
    for (int m = 0; m < PAYERS; m++) {
        struct ledger_member member = {.state = LEDGER_ACTIVE, .name = "a member"};

        snprintf(member.handle, sizeof member.handle, "m%d", m + 1);
        kills_must(l, ledger_member_add(l, &member, &why));
        kills_must(l, ledger_account_need(l, member.handle, "CALD", &why, &accounts[m]));
    }
}

/* Made and ordered weeks ago, and no node has run since. m1 pays m2, m2 pays m3 ..., a cent each week. */
static void order_all(struct kills *k)
{
    struct ledger_currency c = {.code = "CALD",
                                .name = "Calder",
                                .scale = 2,
                                .floor_minor = -100000,
                                .ceiling_minor = LEDGER_AMOUNT_MAX};
    struct ledger_account accounts[PAYERS];

    k->ago_us = AGO_US;
    k->all = ALL - EACH * WEEKS;
    struct ledger *l = kills_create(k, &c);
    open_accounts(l, accounts);
    for (int n = 0; n < PAYERS * EACH; n++) {
        struct ledger_standing s = {.payer_id = accounts[n % PAYERS].id,
                                    .payee_id = accounts[(n + 1) % PAYERS].id,
                                    .amount_minor = n % PAYERS == POOR - 1 ? 100000000 : 1,
                                    .cadence = {LEDGER_WEEKLY, 1, LEDGER_CADENCE_UNSAID},
                                    .first_on = ledger_today(l)};

        kills_must(l, ledger_standing_order(l, &s, true, "local:crash"));
    }
    kills_close(l);
}

static int64_t paid(struct kills *k, struct ledger *l)
{
    int64_t transfers;

    (void)k;
    kills_must(l, ledger_journal_length(l, &transfers));
    return transfers;
}

static bool finish(struct kills *k)
{
    kills_chores(k, ALL / LEDGER_STANDING_DUE_MAX + 1);
    return true;
}

struct met {
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
static bool each_once(struct kills *k, struct ledger *l)
{
    int64_t last[WEEKS + 1] = {0};
    int64_t first[WEEKS];

    for (int w = 0; w < WEEKS; w++)
        first[w] = INT64_MAX;
    for (int64_t id = 1; id <= PAYERS * EACH; id++) {
        struct met m = {.good = true, .poor = (id - 1) % PAYERS == POOR - 1};

        kills_must(l, ledger_standing_occurrences(l, id, 0, false, WEEKS + 1, look, &m));
        if (!m.good || m.count != WEEKS)
            return kills_failed(k, "a due date was not met once");
        for (int w = 0; w < WEEKS && !m.poor; w++) {
            first[w] = m.transfers[w] < first[w] ? m.transfers[w] : first[w];
            last[w + 1] = m.transfers[w] > last[w + 1] ? m.transfers[w] : last[w + 1];
        }
    }
    for (int w = 0; w < WEEKS; w++)
        if (first[w] <= last[w])
            return kills_failed(k, "a due date was paid before an earlier one");
    return true;
}

static bool is_whole(struct kills *k, struct ledger *l)
{
    return each_once(k, l) && (paid(k, l) == ALL - EACH * WEEKS ||
                               kills_failed(k, "there are more transfers than due dates"));
}

int due(const char *coledger, int64_t kills, uint64_t seed)
{
    static const struct kills_plan plan = {
        .name = "due",
        .amid = "standing payments of nine weeks, each once",
        .set_up = order_all,
        .strike = kills_at_chores,
        .done = paid,
        .finish = finish,
        .is_whole = is_whole,
    };

    return kills_run(&plan, coledger, kills, seed, NULL);
}
