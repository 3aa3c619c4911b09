#include "deed.h"

#include "ledger/request_step.h"

#include <string.h>

static void draw_lines(struct draw *draw, struct model_bill *bill, int64_t most_minor)
{
    bill->line_count = draw_one_in(draw, 60) ? 0 : draw_between(draw, 1, MODEL_LINES);
    for (int64_t i = 0; i < bill->line_count; i++) {
        struct model_line *line = &bill->lines[i];
        line->quantity_milli = draw_one_in(draw, 2) ? 1000 : draw_between(draw, 1, 2500);
        line->price_minor = draw_between(draw, 1, most_minor);
        line->rate = draw_below(draw, MODEL_RATES);
        if (draw_one_in(draw, 12))
            line->price_minor = -line->price_minor / 2;
        if (draw_one_in(draw, 100))
            line->quantity_milli = 0;
    }
    if (draw_one_in(draw, 30))
        bill->total_minor = draw_between(draw, 1, most_minor);
}

static void draw_days(struct draw *draw, struct model_bill *bill)
{
    int64_t today = model_today(draw->m);

    bill->issued_on = bill->due_on = bill->expires_on = MODEL_NOT_SAID;
    if (draw_one_in(draw, 4))
        bill->issued_on = today - draw_between(draw, draw_one_in(draw, 10) ? -1 : 0, 30);
    if (draw_one_in(draw, 2))
        bill->due_on = today + draw_below(draw, 12);
    if (draw_one_in(draw, 4))
        bill->expires_on = today + draw_below(draw, 5);
    if (draw_one_in(draw, 60))
        bill->due_on = today - 31;
    if (draw_one_in(draw, 60))
        bill->expires_on = today - 1;
}

static int64_t draw_outside(struct draw *draw, int64_t most_minor)
{
    static const int64_t odd_minor[] = {-1, LEDGER_AMOUNT_MAX + 1};

    if (draw_one_in(draw, 60))
        return odd_minor[draw_below(draw, 2)];
    return draw_one_in(draw, 3) ? draw_between(draw, 1, most_minor) : 0;
}

/* Often somebody who may collect, from who agreed to it. */
static bool draw_agreed(struct draw *draw, struct model_bill *bill)
{
    const struct model *m = draw->m;

    if (m->preapproval_count == 0 || !draw_one_in(draw, 3))
        return false;
    const struct model_preapproval *p =
        &m->preapprovals[m->preapproval_count - 1 -
                         draw_below(draw, m->preapproval_count < 30 ? m->preapproval_count : 30)];
    bill->payee_id = p->payee_id;
    bill->payer_id = p->payer_id;
    bill->currency_id = p->currency_id;
    return true;
}

void draw_asking(struct draw *draw, struct deed *d)
{
    struct model_bill *bill = &d->bill;
    int64_t a = 1 + draw_below(draw, draw->m->account_count);
    int64_t b = draw_partner(draw, a);

    if (!draw_agreed(draw, bill)) {
        bill->payee_id = draw->m->accounts[a - 1].member_id;
        bill->payer_id = model_has_account(draw->m, b) ? draw->m->accounts[b - 1].member_id
                                                       : draw_some_member(draw);
        bill->currency_id = draw->m->accounts[a - 1].currency_id;
    }
    if (draw_one_in(draw, 80))
        bill->payer_id = bill->payee_id;
    draw_lines(draw, bill, draw_one_in(draw, 4) ? 6000 : 600);
    draw_days(draw, bill);
    if (bill->currency_id == 1 || draw_one_in(draw, 6))
        bill->outside_minor = draw_outside(draw, 400);
}

static int lines_of(const struct deed *d, struct ledger_request_line lines[static MODEL_LINES])
{
    for (int64_t i = 0; i < d->bill.line_count; i++) {
        const struct model_line *line = &d->bill.lines[i];
        lines[i] = (struct ledger_request_line){.words = "bread",
                                                .quantity_milli = line->quantity_milli,
                                                .price_minor = line->price_minor,
                                                .tax_points = (int)model_rates[line->rate]};
    }
    return (int)d->bill.line_count;
}

static struct ledger_request_draft draft_of(const struct deed *d,
                                            struct ledger_request_line lines[static MODEL_LINES])
{
    const struct model_bill *bill = &d->bill;

    return (struct ledger_request_draft){.payee_id = bill->payee_id,
                                         .payer_id = bill->payer_id,
                                         .currency_id = bill->currency_id,
                                         .corrects_id = bill->corrects,
                                         .has_issued = bill->issued_on != MODEL_NOT_SAID,
                                         .issued_on = (int32_t)bill->issued_on,
                                         .has_due = bill->due_on != MODEL_NOT_SAID,
                                         .due_on = (int32_t)bill->due_on,
                                         .has_expires = bill->expires_on != MODEL_NOT_SAID,
                                         .expires_on = (int32_t)bill->expires_on,
                                         .has_total = bill->total_minor != 0,
                                         .total_minor = bill->total_minor,
                                         .outside_minor = bill->outside_minor,
                                         .refund = bill->refund,
                                         .lines = lines,
                                         .line_count = lines_of(d, lines)};
}

enum ledger_status expect_asking(struct model *m, const struct deed *d, int64_t *made)
{
    return model_ask(m, &d->bill, made);
}

enum ledger_status act_asking(struct ledger *l, const struct deed *d, int64_t *made)
{
    struct ledger_request_line lines[MODEL_LINES];
    const struct ledger_request_draft draft = draft_of(d, lines);

    return ledger_request_make(l, &draft, "local:test", made);
}

/* Mostly one of which something was paid. */
static int64_t draw_paid_request(struct draw *draw)
{
    const struct model *m = draw->m;

    for (int tries = 0; tries < 40 && m->payment_count > 0; tries++) {
        int64_t id = m->payments[draw_below(draw, m->payment_count)].request_id;
        if (m->requests[id - 1].paid_minor)
            return id;
    }
    return draw_open_request(draw);
}

void draw_credit(struct draw *draw, struct deed *d)
{
    struct model_bill *bill = &d->bill;

    bill->refund = draw_one_in(draw, 2);
    bill->corrects =
        bill->refund && !draw_one_in(draw, 3) ? draw_paid_request(draw) : draw_open_request(draw);
    const struct model_request *r = model_request(draw->m, bill->corrects);
    int64_t most_minor = r && r->open_minor ? r->open_minor : 50;
    if (r && bill->refund)
        most_minor = r->open_minor + r->paid_minor + 1;
    draw_lines(draw, bill, draw_one_in(draw, 3) ? most_minor : 1 + most_minor / 3);
    bill->issued_on = bill->due_on = bill->expires_on = MODEL_NOT_SAID;
    if (draw_one_in(draw, 4))
        bill->issued_on = model_today(draw->m) - draw_between(draw, -1, 8);
    if (r && (r->open_outside_minor || draw_one_in(draw, 10)))
        bill->outside_minor = draw_outside(draw, r->open_outside_minor + 2);
}

enum ledger_status expect_credit(struct model *m, const struct deed *d, int64_t *made)
{
    return model_credit(m, &d->bill, made);
}

enum ledger_status act_credit(struct ledger *l, const struct deed *d, int64_t *made)
{
    struct ledger_request_line lines[MODEL_LINES];
    const struct ledger_request_draft draft = draft_of(d, lines);

    return ledger_request_credit(l, &draft, "local:test", made);
}

int64_t draw_open_request(struct draw *draw)
{
    const struct model *m = draw->m;

    for (int tries = 0; tries < 40 && m->request_count > 0; tries++) {
        int64_t id = 1 + draw_below(draw, m->request_count);
        if (!model_request_is_closed(&m->requests[id - 1]) || draw_one_in(draw, 15))
            return id;
    }
    return draw_below(draw, m->request_count + 2);
}

static struct ledger_request_payment payment_of(const struct deed *d, const struct ledger_why *why)
{
    return (struct ledger_request_payment){
        .request_id = d->id, .amount_minor = d->amount_minor, .memo = d->memo, .why = why};
}

void draw_acceptance_of_request(struct draw *draw, struct deed *d)
{
    d->id = draw_open_request(draw);
    d->memo = draw_memo(draw);
}

enum ledger_status expect_acceptance_of_request(struct model *m, const struct deed *d,
                                                int64_t *made)
{
    const struct ledger_request_payment p = payment_of(d, NULL);

    return model_request_pay(m, &p, true, made);
}

enum ledger_status act_acceptance_of_request(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);
    const struct ledger_request_payment p = payment_of(d, &why);

    return ledger_request_accept(l, &p, made);
}

void draw_part_payment(struct draw *draw, struct deed *d)
{
    d->id = draw_open_request(draw);
    const struct model_request *r = model_request(draw->m, d->id);
    int64_t open_minor = r ? r->open_minor : 0;
    d->amount_minor = open_minor ? 1 + draw_below(draw, open_minor) : 1;
    if (draw_one_in(draw, 10))
        d->amount_minor = open_minor + 1 - draw_below(draw, 2);
    if (draw_one_in(draw, 40))
        d->amount_minor = -1;
    d->memo = draw_memo(draw);
}

enum ledger_status expect_part_payment(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_request_payment p = payment_of(d, NULL);

    return model_request_pay(m, &p, false, made);
}

enum ledger_status act_part_payment(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);
    const struct ledger_request_payment p = payment_of(d, &why);

    return ledger_request_pay(l, &p, made);
}

void draw_request_step(struct draw *draw, struct deed *d)
{
    d->id = draw_open_request(draw);
    d->reason = draw_reason(draw);
}

#define REQUEST_STEP(name, step)                                                                   \
    enum ledger_status expect_##name(struct model *m, const struct deed *d, int64_t *made)         \
    {                                                                                              \
        *made = d->id;                                                                             \
        return model_request_##step(m, d->id, d->reason);                                          \
    }                                                                                              \
    enum ledger_status act_##name(struct ledger *l, const struct deed *d, int64_t *made)           \
    {                                                                                              \
        const struct ledger_why why = deed_why(d);                                                 \
        *made = d->id;                                                                             \
        return ledger_request_##step(l, d->id, &why);                                              \
    }

/* Mostly one that is disputed. */
void draw_resolution(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;

    draw_request_step(draw, d);
    for (int tries = 0; tries < 40 && m->request_count > 0; tries++) {
        int64_t id = 1 + draw_below(draw, m->request_count);
        if (m->requests[id - 1].disputed)
            d->id = id;
    }
}

REQUEST_STEP(declining, decline)
REQUEST_STEP(withdrawal, withdraw)
REQUEST_STEP(dispute, dispute)
REQUEST_STEP(resolution, resolve)

/* A payment of late by itself, and an open request that it may have been for. */
static bool draw_pair(struct draw *draw, struct deed *d)
{
    struct model *m = draw->m;
    int64_t id =
        m->transfer_count - draw_below(draw, m->transfer_count < 99 ? m->transfer_count : 99);
    const struct model_transfer *t = model_transfer(m, id);

    if (!t || t->leg_count != 2 || (t->kind != LEDGER_EXCHANGE && !draw_one_in(draw, 9)))
        return false;
    const struct model_leg *payee = &m->legs[t->first_leg];
    const struct model_leg *payer = payee + 1;
    if (payee->amount_minor < 0) {
        payee = payer;
        payer = &m->legs[t->first_leg];
    }
    int64_t payee_id = model_account(m, payee->account_id)->member_id;
    int64_t payer_id = model_account(m, payer->account_id)->member_id;
    for (int64_t i = m->request_count - 1; i >= 0; i--) {
        const struct model_request *r = &m->requests[i];
        if (r->payee_id != payee_id || r->payer_id != payer_id || !r->open_minor)
            continue;
        d->id = i + 1;
        d->other_id = id;
        return r->open_minor >= payee->amount_minor || draw_one_in(draw, 9);
    }
    return false;
}

void draw_match(struct draw *draw, struct deed *d)
{
    d->id = draw_open_request(draw);
    d->other_id = draw_below(draw, draw->m->transfer_count + 2);
    for (int tries = 0; tries < 40 && !draw_one_in(draw, 40) && !draw_pair(draw, d); tries++)
        ;
}

enum ledger_status expect_match(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_request_match(m, d->id, d->other_id);
}

enum ledger_status act_match(struct ledger *l, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return ledger_request_match(l, d->id, d->other_id, "local:test");
}

/* Mostly one that has something outside to mark, or marked. */
static void draw_mark(struct draw *draw, struct deed *d, bool back)
{
    const struct model *m = draw->m;

    d->id = draw_open_request(draw);
    for (int tries = 0; tries < 60 && m->request_count > 0; tries++) {
        const struct model_request *r = &m->requests[draw_below(draw, m->request_count)];
        int64_t most_minor = back ? r->paid_outside_minor : r->open_outside_minor;
        if (most_minor == 0)
            continue;
        d->id = r - m->requests + 1;
        d->amount_minor = draw_one_in(draw, 30) ? -1 : draw_below(draw, most_minor + 1);
        if (draw_one_in(draw, 10))
            d->amount_minor = most_minor + draw_below(draw, 2);
        break;
    }
    d->reference = draw_one_in(draw, 40) ? "two\nlines" : "receipt 7";
}

void draw_marking(struct draw *draw, struct deed *d)
{
    draw_mark(draw, d, false);
}

enum ledger_status expect_marking(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_request_outside(m, d->id, d->amount_minor, false, d->reference);
}

enum ledger_status act_marking(struct ledger *l, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return ledger_request_paid_outside(l, d->id, d->amount_minor, d->reference, "local:test");
}

void draw_unmarking(struct draw *draw, struct deed *d)
{
    draw_mark(draw, d, true);
}

enum ledger_status expect_unmarking(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_request_outside(m, d->id, d->amount_minor, true, d->reference);
}

enum ledger_status act_unmarking(struct ledger *l, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return ledger_request_unpaid_outside(l, d->id, d->amount_minor, d->reference, "local:test");
}
