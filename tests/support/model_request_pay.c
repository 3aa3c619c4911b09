#include "model.h"

#include <assert.h>

static enum ledger_status check_invoice(struct model *m, int64_t id, struct model_request **r)
{
    *r = model_request(m, id);
    if (!*r)
        return LEDGER_NO_SUCH_REQUEST;
    if ((*r)->corrects)
        return LEDGER_NOT_AN_INVOICE;
    return (*r)->over ? LEDGER_REQUEST_OVER : LEDGER_OK;
}

static enum ledger_status check_payable(struct model *m, int64_t id, struct model_request **r)
{
    LEDGER_TRY(check_invoice(m, id, r));
    return (*r)->open_minor ? LEDGER_OK : LEDGER_REQUEST_PAID;
}

static void settle(struct model *m, const struct model_payment *p, int64_t at_us,
                   int64_t standing_id)
{
    struct model_request *r = model_request(m, p->request_id);
    int64_t day = model_transfer(m, p->transfer_id)->effective_on;

    if (day <= m->closed_through)
        day = 0; /* what was open then is told already */
    assert(m->payment_count < m->rows_max);
    m->payments[m->payment_count] = *p;
    model_put(m, &m->payment_count, m->payment_count + 1);
    model_put(m, &r->paid_minor, r->paid_minor + p->amount_minor);
    model_request_change(m, &(struct model_event){.request_id = p->request_id,
                                                  .at_us = at_us,
                                                  .day = day,
                                                  .ledger_minor = -p->amount_minor,
                                                  .standing_id = standing_id});
}

static enum ledger_status post(struct model *m, const struct model_request *r,
                               const struct ledger_request_payment *p, int64_t amount_minor,
                               int64_t *transfer_id)
{
    struct ledger_leg legs[2] = {{.amount_minor = -amount_minor}, {.amount_minor = amount_minor}};
    const char *invoice = model_words(m, "invoice %lld", (long long)r->number);
    const struct ledger_transfer_draft d = {.kind = LEDGER_EXCHANGE,
                                            .memo = p->memo && p->memo[0] ? p->memo : invoice,
                                            .reference = invoice,
                                            .has_effective = p->has_effective,
                                            .effective_on = p->effective_on,
                                            .legs = legs,
                                            .leg_count = 2};

    LEDGER_TRY(model_account_need(m, r->payer_id, r->currency_id, &legs[0].account_id));
    LEDGER_TRY(model_account_need(m, r->payee_id, r->currency_id, &legs[1].account_id));
    return model_post(m, &d, transfer_id);
}

enum ledger_status model_request_pay(struct model *m, const struct ledger_request_payment *p,
                                     bool accept, int64_t *transfer_id)
{
    struct model_request *r;

    LEDGER_TRY(check_payable(m, p->request_id, &r));
    if (accept && r->disputed)
        return LEDGER_REQUEST_DISPUTED;
    if (accept && r->expires_on < model_today(m))
        return LEDGER_REQUEST_EXPIRED;
    if (p->amount_minor < 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    if (p->amount_minor > r->open_minor)
        return LEDGER_OVER_REQUEST;
    int64_t amount_minor = p->amount_minor ? p->amount_minor : r->open_minor;
    LEDGER_TRY(post(m, r, p, amount_minor, transfer_id));
    settle(m, &(struct model_payment){*transfer_id, p->request_id, amount_minor},
           model_transfer(m, *transfer_id)->posted_at_us, p->standing_id);
    return LEDGER_OK;
}

/* What it brought the payee; 0 where it has no part in it. */
static int64_t brought(struct model *m, const struct model_request *r,
                       const struct model_transfer *t)
{
    for (int64_t i = t->first_leg; i < t->first_leg + t->leg_count; i++)
        if (model_account(m, m->legs[i].account_id)->member_id == r->payee_id)
            return m->legs[i].amount_minor;
    return 0;
}

/* From the payer to the payee in the currency of the request, and nobody else. */
static bool is_between(struct model *m, const struct model_request *r,
                       const struct model_transfer *t)
{
    if (t->kind != LEDGER_EXCHANGE || t->leg_count != 2)
        return false;
    for (int64_t i = t->first_leg; i < t->first_leg + 2; i++) {
        const struct model_account *a = model_account(m, m->legs[i].account_id);
        int64_t who = m->legs[i].amount_minor > 0 ? r->payee_id : r->payer_id;
        if (a->member_id != who || a->currency_id != r->currency_id)
            return false;
    }
    return true;
}

static bool has_paid(const struct model *m, int64_t transfer_id)
{
    for (int64_t i = 0; i < m->payment_count; i++)
        if (m->payments[i].transfer_id == transfer_id)
            return true;
    return false;
}

enum ledger_status model_request_match(struct model *m, int64_t id, int64_t transfer_id)
{
    const struct model_transfer *t = model_transfer(m, transfer_id);
    struct model_request *r;
    int64_t at_us;

    LEDGER_TRY(check_payable(m, id, &r));
    if (r->disputed)
        return LEDGER_REQUEST_DISPUTED;
    if (!t || !brought(m, r, t))
        return LEDGER_NO_SUCH_TRANSFER;
    if (!is_between(m, r, t) || has_paid(m, transfer_id) || model_refunded(m, transfer_id) ||
        model_reversal_of(m, transfer_id))
        return LEDGER_NOT_THAT_PAYMENT;
    int64_t amount_minor = brought(m, r, t);
    if (amount_minor > r->open_minor)
        return LEDGER_OVER_REQUEST;
    LEDGER_TRY(model_tick(m, &at_us));
    settle(m, &(struct model_payment){transfer_id, id, amount_minor}, at_us, 0);
    return LEDGER_OK;
}

enum ledger_status model_request_outside(struct model *m, int64_t id, int64_t outside_minor,
                                         bool back, const char *words)
{
    struct model_event e = {.request_id = id};
    struct model_request *r;

    LEDGER_TRY(model_text(words, LEDGER_REFERENCE_MAX));
    LEDGER_TRY(check_invoice(m, id, &r));
    int64_t most_minor = back ? r->paid_outside_minor : r->open_outside_minor;
    if (most_minor == 0)
        return LEDGER_REQUEST_PAID;
    if (outside_minor < 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    if (outside_minor > most_minor)
        return LEDGER_OVER_REQUEST;
    e.outside_minor = outside_minor ? outside_minor : most_minor;
    LEDGER_TRY(model_tick(m, &e.at_us));
    if (!back)
        e.outside_minor = -e.outside_minor;
    model_put(m, &r->paid_outside_minor, r->paid_outside_minor - e.outside_minor);
    model_request_change(m, &e);
    return LEDGER_OK;
}

void model_request_reopen(struct model *m, int64_t id, int64_t reversal_id)
{
    for (int64_t i = 0; i < m->payment_count; i++) {
        const struct model_payment *p = &m->payments[i];
        struct model_request *r = model_request(m, p->request_id);
        if (p->transfer_id != id)
            continue;
        model_put(m, &r->paid_minor, r->paid_minor - p->amount_minor);
        model_request_change(
            m, &(struct model_event){.request_id = p->request_id,
                                     .at_us = model_transfer(m, reversal_id)->posted_at_us,
                                     .day = model_transfer(m, reversal_id)->effective_on,
                                     .ledger_minor = p->amount_minor});
    }
}
