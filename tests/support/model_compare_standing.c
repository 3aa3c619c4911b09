/* Standing payments, and what became of their due dates. */
#include "model_compare.h"

#include "ledger/charge.h"
#include "ledger/standing.h"

#define RECENT 12

struct due_dates {
    const struct compare *c;
    int64_t standing_id;
    int64_t at; /* an index into the model's, of the next one to look at */
    int64_t met;
};

static const struct model_occurrence *next_of(struct due_dates *d)
{
    const struct model *m = d->c->m;

    while (d->at < m->occurrence_count) {
        const struct model_occurrence *o = &m->occurrences[d->at++];
        if (o->standing_id == d->standing_id)
            return o;
    }
    return NULL;
}

static enum ledger_occurrence_state state_of(const struct model_occurrence *o)
{
    if (o->attempts == MODEL_PASSED_ON)
        return LEDGER_OCCURRENCE_SKIPPED;
    if (o->transfer_id)
        return LEDGER_OCCURRENCE_PAID;
    if (o->again_us)
        return LEDGER_OCCURRENCE_WAITING;
    return o->payments ? LEDGER_OCCURRENCE_REVERSED : LEDGER_OCCURRENCE_REFUSED;
}

static enum ledger_status take_occurrence(void *ctx, const struct ledger_occurrence *o)
{
    struct due_dates *d = ctx;
    const struct compare *c = d->c;
    const struct model_occurrence *want = next_of(d);

    compare_same(c, true, want != NULL, "a due date of standing payment %lld too many",
                 (long long)d->standing_id);
    compare_same(c, want->due_on, o->due_on, "due date %lld of standing payment %lld",
                 (long long)want->number, (long long)d->standing_id);
    compare_same(c, want->number, o->number, "number of a due date");
    compare_text(c, ledger_occurrence_state_name(state_of(want)),
                 ledger_occurrence_state_name(o->state), "what became of a due date");
    compare_same(c, want->amount_minor, o->amount_minor, "amount of a due date");
    compare_same(c, want->transfer_id, o->transfer_id, "transfer of a due date");
    compare_same(c, want->again_us, o->again_us, "when a due date is tried again");
    compare_same(c, want->attempts == MODEL_PASSED_ON ? 0 : want->attempts, o->attempts,
                 "attempts of a due date");
    d->met++;
    return LEDGER_OK;
}

/* What was refused, or reversed, and not paid since; of instalments only while something is open. */
static int64_t unpaid_of(const struct model *m, int64_t id)
{
    const struct model_standing *s = &m->standings[id - 1];
    int64_t count = 0;

    if (s->request_id && !m->requests[s->request_id - 1].open_minor)
        return 0;
    for (int64_t i = 0; i < m->occurrence_count; i++) {
        const struct model_occurrence *o = &m->occurrences[i];
        count += o->standing_id == id && !o->transfer_id && o->attempts != MODEL_PASSED_ON;
    }
    return count;
}

static enum ledger_standing_state standing_state(const struct model_standing *s)
{
    if (s->next_on)
        return s->paused ? LEDGER_STANDING_PAUSED : LEDGER_STANDING_RUNNING;
    return s->ended ? LEDGER_STANDING_ENDED : LEDGER_STANDING_DONE;
}

/* The price of its charge, where that stands open and is another. */
static int64_t proposed(const struct model *m, const struct model_standing *s)
{
    const struct model_charge *c = s->charge_id ? &m->charges[s->charge_id - 1] : NULL;

    return c && !c->withdrawn && c->amount_minor != s->amount_minor ? c->amount_minor : 0;
}

static void compare_standing(const struct compare *c, int64_t id)
{
    const struct model_standing *want = model_standing(c->m, id);
    struct due_dates dates = {.c = c, .standing_id = id};
    struct ledger_standing s;
    enum ledger_status status = ledger_standing_get(c->l, id, &s);

    compare_same(c, want ? LEDGER_OK : LEDGER_NO_SUCH_STANDING, status,
                 "is there a standing payment %lld", (long long)id);
    if (status != LEDGER_OK)
        return;
    compare_text(c, ledger_standing_state_name(standing_state(want)),
                 ledger_standing_state_name(s.state), "how a standing payment stands");
    compare_same(c, want->charge_id, s.charge_id, "charge that standing payment %lld pays",
                 (long long)id);
    compare_same(c, proposed(c->m, want), s.proposed_minor, "new price for standing payment %lld",
                 (long long)id);
    compare_same(c, want->amount_minor, s.amount_minor, "amount of standing payment %lld",
                 (long long)id);
    compare_same(c, want->until_on, s.until_on, "last date of standing payment %lld",
                 (long long)id);
    compare_same(c, want->count, s.count, "count of standing payment %lld", (long long)id);
    compare_same(c, want->first_on, s.first_on, "first date of standing payment %lld",
                 (long long)id);
    compare_same(c, want->next_on, s.next_on, "next date of standing payment %lld", (long long)id);
    compare_same(c, want->next, s.next, "number of the next date of %lld", (long long)id);
    compare_same(c, unpaid_of(c->m, id), s.unpaid, "unpaid dates of standing payment %lld",
                 (long long)id);
    compare_ok(c,
               ledger_standing_occurrences(c->l, id, 0, false, INT32_MAX, take_occurrence, &dates),
               "due dates");
    compare_same(c, want->next - 1, dates.met, "due dates that %lld has met", (long long)id);
    compare_same(c, true, next_of(&dates) == NULL, "a due date of %lld that is not there",
                 (long long)id);
}

void compare_changed_standings(const struct compare *c)
{
    for (int i = 0; i < c->m->changed_standing_count; i++)
        compare_standing(c, c->m->changed_standings[i]);
}

static void compare_charge(const struct compare *c, int64_t id)
{
    const struct model_charge *want = &c->m->charges[id - 1];
    struct ledger_charge charge;
    int64_t agreements = 0;

    for (int64_t i = 0; i < c->m->standing_count; i++)
        agreements += c->m->standings[i].charge_id == id && c->m->standings[i].next_on;
    compare_ok(c, ledger_charge_get(c->l, id, &charge), "a charge");
    compare_same(c, want->amount_minor, charge.amount_minor, "price of charge %lld", (long long)id);
    compare_same(c, want->withdrawn, charge.withdrawn_at_us != 0, "is charge %lld withdrawn",
                 (long long)id);
    compare_same(c, agreements, charge.agreements, "agreements to charge %lld", (long long)id);
}

void compare_standings(const struct compare *c)
{
    int64_t standings = c->m->standing_count;

    for (int64_t id = standings > RECENT ? standings - RECENT : 1; id <= standings + 1; id++)
        compare_standing(c, id);
    for (int64_t id = c->m->charge_count > RECENT ? c->m->charge_count - RECENT : 1;
         id <= c->m->charge_count; id++)
        compare_charge(c, id);
}
