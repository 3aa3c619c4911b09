#include "model.h"

#include <assert.h>

struct model_request *model_request(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->request_count ? &m->requests[id - 1] : NULL;
}

static enum ledger_status check_member(struct model *m, int64_t id, bool asks)
{
    int64_t state = m->members[id - 1].state;

    return state == LEDGER_ACTIVE || (!asks && state == LEDGER_SUSPENDED)
               ? LEDGER_OK
               : LEDGER_MEMBER_NOT_ACTIVE;
}

enum ledger_status model_ask(struct model *m, const struct model_request *asked, int64_t *id)
{
    struct model_request *r = &m->requests[m->request_count];
    int64_t at_us;

    if (asked->payee_id == asked->payer_id)
        return LEDGER_REQUEST_TO_ONESELF;
    if (!model_has_member(m, asked->payee_id) || !model_has_member(m, asked->payer_id))
        return LEDGER_NO_SUCH_MEMBER;
    LEDGER_TRY(check_member(m, asked->payee_id, true));
    LEDGER_TRY(check_member(m, asked->payer_id, false));
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->request_count < m->rows_max);
    *r = *asked;
    r->open_minor = r->gross_minor;
    r->number = 1;
    for (int64_t i = 0; i < m->request_count; i++)
        r->number += m->requests[i].payee_id == r->payee_id;
    model_put(m, &m->request_count, m->request_count + 1);
    *id = m->request_count;
    model_touch_request(m, *id);
    return LEDGER_OK;
}

static enum ledger_status check_payable(struct model *m, int64_t id, struct model_request **r)
{
    *r = model_request(m, id);
    if (!*r)
        return LEDGER_NO_SUCH_REQUEST;
    if ((*r)->over)
        return LEDGER_REQUEST_OVER;
    return (*r)->open_minor ? LEDGER_OK : LEDGER_REQUEST_PAID;
}

static void settle(struct model *m, const struct ledger_request_payment *p, int64_t transfer_id,
                   int64_t amount_minor)
{
    int64_t request_id = p->request_id;
    struct model_request *r = model_request(m, request_id);

    assert(m->payment_count < m->rows_max);
    m->payments[m->payment_count] = (struct model_payment){transfer_id, request_id, amount_minor};
    model_put(m, &m->payment_count, m->payment_count + 1);
    model_put(m, &r->open_minor, r->open_minor - amount_minor);
    model_put(m, &r->paid_minor, r->paid_minor + amount_minor);
    model_touch_request(m, request_id);
    model_instalments_end(m, request_id, p->standing_id);
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
    if (p->amount_minor < 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    if (p->amount_minor > r->open_minor)
        return LEDGER_OVER_REQUEST;
    int64_t amount_minor = p->amount_minor ? p->amount_minor : r->open_minor;
    LEDGER_TRY(post(m, r, p, amount_minor, transfer_id));
    settle(m, p, *transfer_id, amount_minor);
    return LEDGER_OK;
}

static enum ledger_status load(struct model *m, int64_t id, const char *reason,
                               struct model_request **r)
{
    LEDGER_TRY(model_reason(reason));
    return check_payable(m, id, r);
}

static enum ledger_status close(struct model *m, int64_t id, const char *reason)
{
    struct model_request *r;
    int64_t at_us;

    LEDGER_TRY(load(m, id, reason, &r));
    if (r->paid_minor)
        return LEDGER_REQUEST_STATE;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &r->over, true);
    model_put(m, &r->open_minor, 0);
    model_touch_request(m, id);
    model_instalments_end(m, id, 0);
    return LEDGER_OK;
}

enum ledger_status model_request_decline(struct model *m, int64_t id, const char *reason)
{
    return close(m, id, reason);
}

enum ledger_status model_request_withdraw(struct model *m, int64_t id, const char *reason)
{
    return close(m, id, reason);
}

static enum ledger_status set_disputed(struct model *m, int64_t id, const char *reason,
                                       bool disputed)
{
    struct model_request *r;
    int64_t at_us;

    LEDGER_TRY(load(m, id, reason, &r));
    if (r->disputed == disputed)
        return LEDGER_REQUEST_STATE;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &r->disputed, disputed);
    model_touch_request(m, id);
    return LEDGER_OK;
}

enum ledger_status model_request_dispute(struct model *m, int64_t id, const char *reason)
{
    return set_disputed(m, id, reason, true);
}

enum ledger_status model_request_resolve(struct model *m, int64_t id, const char *reason)
{
    return set_disputed(m, id, reason, false);
}

void model_request_reopen(struct model *m, int64_t id)
{
    for (int64_t i = 0; i < m->payment_count; i++) {
        const struct model_payment *p = &m->payments[i];
        struct model_request *r = model_request(m, p->request_id);
        if (p->transfer_id != id)
            continue;
        model_put(m, &r->open_minor, r->open_minor + p->amount_minor);
        model_put(m, &r->paid_minor, r->paid_minor - p->amount_minor);
        model_touch_request(m, p->request_id);
    }
}

bool model_has_open_requests(const struct model *m, int64_t member_id)
{
    for (int64_t i = 0; i < m->request_count; i++) {
        const struct model_request *r = &m->requests[i];
        if (r->open_minor && (r->payer_id == member_id || r->payee_id == member_id))
            return true;
    }
    return false;
}
