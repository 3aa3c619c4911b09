/* Who owes whom: requests, and what became of the due dates of standing payments. */
#include "model_compare.h"

#include "ledger/request_list.h"
#include "ledger/standing.h"

#define RECENT 12

static void compare_request(const struct compare *c, int64_t id)
{
    const struct model_request *want = model_request(c->m, id);
    struct ledger_request r;
    enum ledger_status status = ledger_request_get(c->l, id, &r);

    compare_same(c, want ? LEDGER_OK : LEDGER_NO_SUCH_REQUEST, status, "is there a request %lld",
                 (long long)id);
    if (status != LEDGER_OK)
        return;
    compare_same(c, want->number, r.number, "number of request %lld", (long long)id);
    compare_same(c, want->gross_minor, r.gross_minor, "gross of request %lld", (long long)id);
    compare_same(c, want->open_minor, r.open_minor, "open of request %lld", (long long)id);
    compare_same(c, want->paid_minor, r.paid_minor, "paid of request %lld", (long long)id);
    compare_same(c, want->over, r.declined || r.withdrawn, "is request %lld over", (long long)id);
    compare_same(c, want->disputed && want->open_minor, r.disputed, "is request %lld disputed",
                 (long long)id);
}

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

void compare_changed_trade(const struct compare *c)
{
    for (int i = 0; i < c->m->changed_request_count; i++)
        compare_request(c, c->m->changed_requests[i]);
    for (int i = 0; i < c->m->changed_standing_count; i++)
        compare_standing(c, c->m->changed_standings[i]);
}

struct owed {
    const struct compare *c;
    int64_t currency_id;
    int64_t open_minor;
};

static enum ledger_status take_owed(void *ctx, const struct ledger_request_aged *row)
{
    struct owed *owed = ctx;
    const struct model *m = owed->c->m;
    int64_t want_minor = 0;

    for (int64_t i = 0; i < m->request_count; i++)
        if (m->requests[i].payee_id == row->member_id &&
            m->requests[i].currency_id == owed->currency_id)
            want_minor += m->requests[i].open_minor;
    compare_same(owed->c, want_minor, row->open_minor, "open of what member %lld asks for",
                 (long long)row->member_id);
    owed->open_minor += row->open_minor;
    return LEDGER_OK;
}

/* What is open by age adds up to what is open, unless a clock that went back shows a day that was not over then. */
static void compare_aged(const struct compare *c)
{
    struct owed owed = {.c = c, .currency_id = 1 + draw_below(c->draw, 2)};
    const struct ledger_aged_filter filter = {.currency_id = owed.currency_id,
                                              .as_of = ledger_today(c->l)};
    int64_t open_minor = 0;

    if (model_day(c->m->last_us) > model_today(c->m))
        return;
    compare_ok(c, ledger_request_aged(c->l, &filter, take_owed, &owed), "what is open by age");
    for (int64_t i = 0; i < c->m->request_count; i++)
        if (c->m->requests[i].currency_id == owed.currency_id)
            open_minor += c->m->requests[i].open_minor;
    compare_same(c, open_minor, owed.open_minor, "all that is open");
}

void compare_trade(const struct compare *c)
{
    int64_t requests = c->m->request_count;
    int64_t standings = c->m->standing_count;

    for (int64_t id = requests > RECENT ? requests - RECENT : 1; id <= requests + 1; id++)
        compare_request(c, id);
    for (int64_t id = standings > RECENT ? standings - RECENT : 1; id <= standings + 1; id++)
        compare_standing(c, id);
    compare_aged(c);
}
