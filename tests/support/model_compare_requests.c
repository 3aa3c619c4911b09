/* Who owes whom, and since when: requests, credit notes and what is collected by agreement. */
#include "model_compare.h"

#include "ledger/request_list.h"
#include "region.h"

#include <stdlib.h>

#define RECENT 12
#define DAYS_BACK 130

static const char *state_of(const struct model *m, const struct model_request *r)
{
    bool paid = r->paid_minor > r->refunded_minor || r->paid_outside_minor;

    if (r->corrects)
        return "credit";
    if (r->over)
        return r->over == MODEL_DECLINED ? "declined" : "withdrawn";
    if (model_request_is_closed(r))
        return paid ? "paid" : "credited";
    if (r->disputed)
        return "disputed";
    if (r->expires_on < model_today(m))
        return "expired";
    return paid ? "part-paid" : "open";
}

static void compare_parts(const struct compare *c, int64_t id, const struct ledger_request *r)
{
    const struct model_request *want = model_request(c->m, id);

    compare_same(c, want->gross_minor, r->gross_minor, "gross of request %lld", (long long)id);
    compare_same(c, want->ledger_minor, r->ledger_minor, "part here of request %lld",
                 (long long)id);
    compare_same(c, want->outside_minor, r->outside_minor, "part outside of request %lld",
                 (long long)id);
    compare_same(c, want->open_minor, r->open_minor, "open of request %lld", (long long)id);
    compare_same(c, want->open_outside_minor, r->open_outside_minor, "open outside of %lld",
                 (long long)id);
    compare_same(c, want->paid_minor, r->paid_minor, "paid of request %lld", (long long)id);
    compare_same(c, want->paid_outside_minor, r->paid_outside_minor, "paid outside of %lld",
                 (long long)id);
    compare_same(c, want->refunded_minor, r->refunded_minor, "given back of request %lld",
                 (long long)id);
    compare_same(c, want->credited_minor, r->credited_minor, "credited of request %lld",
                 (long long)id);
    compare_same(c, want->credited_outside_minor, r->credited_outside_minor,
                 "credited outside of %lld", (long long)id);
}

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
    compare_same(c, want->corrects, r.corrects_id, "what request %lld corrects", (long long)id);
    compare_same(c, want->issued_on, r.issued_on, "day of request %lld", (long long)id);
    compare_same(c, want->asked_at_us, r.asked_at_us, "when request %lld was made", (long long)id);
    compare_parts(c, id, &r);
    compare_text(c, state_of(c->m, want), ledger_request_state(c->l, &r), "state of a request");
    compare_same(c, !model_request_is_closed(want) && want->due_on < model_today(c->m),
                 ledger_request_is_overdue(c->l, &r), "is request %lld overdue", (long long)id);
}

void compare_changed_requests(const struct compare *c)
{
    for (int i = 0; i < c->m->changed_request_count; i++)
        compare_request(c, c->m->changed_requests[i]);
}

struct aged {
    const struct compare *c;
    struct ledger_aged_filter filter;
    int64_t rows;
    int64_t want_minor[MODEL_MEMBERS_MAX + 1][LEDGER_AGED_BUCKETS];
};

static int bucket_of(int64_t late)
{
    static const int64_t last_day[] = {0, 30, 60, 90};
    int bucket = 0;

    while (bucket < 4 && late > last_day[bucket])
        bucket++;
    return bucket;
}

/* What was open at the end of that day, of each request: what it was for, and what changed until then. */
static int64_t *open_then(const struct aged *aged)
{
    const struct model *m = aged->c->m;
    int64_t end_us = model_instant(aged->filter.as_of + 1, 0);
    int64_t *open_minor = calloc((size_t)m->request_count + 1, sizeof *open_minor);

    assert_non_null(open_minor);
    for (int64_t i = 0; i < m->request_count; i++) {
        const struct model_request *r = &m->requests[i];
        bool asked =
            aged->filter.by_posted ? r->asked_at_us < end_us : r->issued_on <= aged->filter.as_of;
        if (!r->corrects && asked)
            open_minor[i] = aged->filter.unit ? r->outside_minor : r->ledger_minor;
    }
    for (int64_t i = 0; i < m->event_count; i++) {
        const struct model_event *e = &m->events[i];
        bool dated = e->day && !aged->filter.by_posted;
        if (dated ? e->day <= aged->filter.as_of : e->at_us < end_us)
            open_minor[e->request_id - 1] += aged->filter.unit ? e->outside_minor : e->ledger_minor;
    }
    return open_minor;
}

/* By the other side of one member, or by the side of each. */
static void add_up(struct aged *aged)
{
    const struct model *m = aged->c->m;
    const struct ledger_aged_filter *f = &aged->filter;
    int64_t *open_minor = open_then(aged);

    for (int64_t i = 0; i < m->request_count; i++) {
        const struct model_request *r = &m->requests[i];
        int64_t this_side = f->to_pay ? r->payer_id : r->payee_id;
        int64_t other_side = f->to_pay ? r->payee_id : r->payer_id;
        if (r->currency_id != f->currency_id || (f->member_id && f->member_id != this_side))
            continue;
        aged->want_minor[f->member_id ? other_side : this_side][bucket_of(f->as_of - r->due_on)] +=
            open_minor[i];
    }
    free(open_minor);
}

static int64_t sum_of(const struct aged *aged, int64_t member_id)
{
    int64_t sum_minor = 0;

    for (int b = 0; b < LEDGER_AGED_BUCKETS; b++)
        sum_minor += aged->want_minor[member_id][b];
    return sum_minor;
}

static enum ledger_status take_aged(void *ctx, const struct ledger_request_aged *row)
{
    struct aged *aged = ctx;

    compare_same(aged->c, sum_of(aged, row->member_id), row->open_minor,
                 "open by age of member %lld on day %lld", (long long)row->member_id,
                 (long long)aged->filter.as_of);
    for (int b = 0; b < LEDGER_AGED_BUCKETS; b++)
        compare_same(aged->c, aged->want_minor[row->member_id][b], row->buckets_minor[b],
                     "bucket %d of member %lld on day %lld", b, (long long)row->member_id,
                     (long long)aged->filter.as_of);
    aged->rows++;
    return LEDGER_OK;
}

static void compare_aged(const struct compare *c)
{
    struct draw *draw = c->draw;
    struct aged aged = {
        .c = c,
        .filter = {.to_pay = draw_one_in(draw, 2),
                   .by_posted = draw_one_in(draw, 2),
                   .currency_id = 1 + draw_below(draw, 2),
                   .as_of = (int32_t)(model_today(c->m) -
                                      (draw_one_in(draw, 2) ? 0 : draw_below(draw, DAYS_BACK)))}};
    int64_t rows = 0;

    aged.filter.by_posted = aged.filter.as_of < model_today(c->m);
    if (draw_one_in(draw, 3)) {
        aged.filter.unit = MODEL_UNIT;
        aged.filter.currency_id = 1;
    }
    if (draw_one_in(draw, 3))
        aged.filter.member_id = 1 + draw_below(draw, c->m->member_count);
    add_up(&aged);
    for (int64_t id = 1; id <= c->m->member_count; id++)
        rows += sum_of(&aged, id) > 0;
    compare_ok(c, ledger_request_aged(c->l, &aged.filter, take_aged, &aged), "what is open by age");
    compare_same(c, rows, aged.rows, "rows of what is open by age");
}

static int64_t uses_of(const struct model *m, int64_t preapproval_id)
{
    int64_t count = 0;

    for (int64_t i = 0; i < m->collection_count; i++)
        count += m->collections[i].preapproval_id == preapproval_id;
    return count;
}

static void compare_preapproval(const struct compare *c, int64_t id)
{
    const struct model_preapproval *want = &c->m->preapprovals[id - 1];
    struct ledger_preapproval p;

    compare_ok(c, ledger_preapproval_get(c->l, id, &p), "a pre-approval");
    compare_text(c,
                 want->revoked                           ? "revoked"
                 : model_preapproval_is_live(c->m, want) ? "live"
                                                         : "over",
                 ledger_preapproval_state(c->l, &p), "state of a pre-approval");
    compare_same(c, model_preapproval_collected(c->m, want), p.collected_minor,
                 "collected this month by pre-approval %lld", (long long)id);
    compare_same(c, uses_of(c->m, id), p.uses, "uses of pre-approval %lld", (long long)id);
}

struct uses {
    const struct compare *c;
    int64_t preapproval_id;
    int64_t at; /* an index into the model's collections */
};

static enum ledger_status take_use(void *ctx, const struct ledger_preapproval_use *use)
{
    struct uses *uses = ctx;
    const struct model *m = uses->c->m;
    int64_t id = uses->preapproval_id;

    while (uses->at < m->collection_count && m->collections[uses->at].preapproval_id != id)
        uses->at++;
    compare_same(uses->c, true, uses->at < m->collection_count, "a use of %lld too many",
                 (long long)id);
    const struct model_collection *want = &m->collections[uses->at++];
    compare_same(uses->c, want->request_id, use->request_id, "request of a use");
    compare_same(uses->c, want->transfer_id, use->transfer_id, "transfer of a use");
    compare_same(uses->c, want->amount_minor, use->amount_minor, "amount of a use");
    compare_same(uses->c, want->month_us, model_after_month(use->month_on), "month of a use");
    compare_same(uses->c, model_reversal_of(m, want->transfer_id) != 0, use->reversed,
                 "whether a use was reversed");
    return LEDGER_OK;
}

void compare_requests(const struct compare *c)
{
    int64_t requests = c->m->request_count;
    int64_t preapprovals = c->m->preapproval_count;

    for (int64_t id = requests > RECENT ? requests - RECENT : 1; id <= requests + 1; id++)
        compare_request(c, id);
    for (int64_t id = preapprovals > RECENT ? preapprovals - RECENT : 1; id <= preapprovals; id++)
        compare_preapproval(c, id);
    if (preapprovals) {
        struct uses uses = {c, 1 + draw_below(c->draw, preapprovals), 0};
        compare_ok(
            c, ledger_preapproval_uses(c->l, uses.preapproval_id, 0, INT32_MAX, take_use, &uses),
            "uses of a pre-approval");
    }
    compare_aged(c);
}
