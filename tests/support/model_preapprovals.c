#include "model.h"

#include <assert.h>

static bool has_left(const struct model *m, int64_t member_id)
{
    return m->members[member_id - 1].state == LEDGER_LEFT;
}

bool model_preapproval_is_live(const struct model *m, const struct model_preapproval *p)
{
    return !p->revoked && p->until_on >= model_today(m) && !has_left(m, p->payer_id) &&
           !has_left(m, p->payee_id);
}

static bool is_between(const struct model_preapproval *a, const struct model_preapproval *b)
{
    return a->payer_id == b->payer_id && a->payee_id == b->payee_id &&
           a->currency_id == b->currency_id;
}

/* The one that is in force between them, or NULL. */
static struct model_preapproval *live_like(struct model *m, const struct model_preapproval *like)
{
    for (int64_t i = 0; i < m->preapproval_count; i++) {
        struct model_preapproval *p = &m->preapprovals[i];
        if (is_between(p, like) && model_preapproval_is_live(m, p))
            return p;
    }
    return NULL;
}

static enum ledger_status check(struct model *m, const struct model_preapproval *p)
{
    if (p->payer_id == p->payee_id)
        return LEDGER_REQUEST_TO_ONESELF;
    if (!model_has_member(m, p->payer_id) || !model_has_member(m, p->payee_id))
        return LEDGER_NO_SUCH_MEMBER;
    if (p->currency_id < 1 || p->currency_id > MODEL_CURRENCIES)
        return LEDGER_NO_SUCH_CURRENCY;
    if (has_left(m, p->payer_id) || has_left(m, p->payee_id))
        return LEDGER_PREAPPROVAL_LEFT;
    if (m->members[p->payer_id - 1].state != LEDGER_ACTIVE ||
        m->members[p->payee_id - 1].state == LEDGER_APPLIED)
        return LEDGER_MEMBER_NOT_ACTIVE;
    if (p->each_minor < 1 || p->month_minor < 1)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    if (p->each_minor > LEDGER_AMOUNT_MAX || p->month_minor > LEDGER_AMOUNT_MAX)
        return LEDGER_AMOUNT_TOO_LARGE;
    if (p->month_minor < p->each_minor)
        return LEDGER_PREAPPROVAL_MALFORMED;
    if (p->until_on < model_today(m))
        return LEDGER_BACKDATED;
    return live_like(m, p) ? LEDGER_PREAPPROVED : LEDGER_OK;
}

enum ledger_status model_preapproval_set(struct model *m, const struct model_preapproval *agreed,
                                         int64_t *id)
{
    int64_t account_id, at_us;

    LEDGER_TRY(check(m, agreed));
    LEDGER_TRY(model_account_need(m, agreed->payer_id, agreed->currency_id, &account_id));
    LEDGER_TRY(model_account_need(m, agreed->payee_id, agreed->currency_id, &account_id));
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->preapproval_count < m->rows_max);
    m->preapprovals[m->preapproval_count] = *agreed;
    model_put(m, &m->preapproval_count, m->preapproval_count + 1);
    *id = m->preapproval_count;
    return LEDGER_OK;
}

enum ledger_status model_preapproval_revoke(struct model *m, int64_t id)
{
    int64_t at_us;

    if (id < 1 || id > m->preapproval_count)
        return LEDGER_NO_SUCH_PREAPPROVAL;
    if (!model_preapproval_is_live(m, &m->preapprovals[id - 1]))
        return LEDGER_PREAPPROVAL_OVER;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &m->preapprovals[id - 1].revoked, true);
    return LEDGER_OK;
}

int64_t model_preapproval_collected(const struct model *m, const struct model_preapproval *p)
{
    int64_t month_us = model_after_month(model_today(m));
    int64_t sum_minor = 0;

    for (int64_t i = 0; i < m->collection_count; i++) {
        const struct model_collection *c = &m->collections[i];
        if (c->month_us == month_us && is_between(&m->preapprovals[c->preapproval_id - 1], p) &&
            !model_reversal_of(m, c->transfer_id))
            sum_minor += c->amount_minor;
    }
    return sum_minor;
}

static void collect(struct model *m, int64_t preapproval_id, int64_t request_id)
{
    const struct model_request *r = model_request(m, request_id);
    const struct ledger_request_payment all = {.request_id = request_id};
    struct model_collection c = {.preapproval_id = preapproval_id,
                                 .request_id = request_id,
                                 .amount_minor = r->open_minor,
                                 .month_us = model_after_month(model_today(m))};
    int64_t payer_id, payee_id;
    int64_t mark = model_mark(m);

    if (model_account_need(m, r->payer_id, r->currency_id, &payer_id) != LEDGER_OK ||
        model_account_need(m, r->payee_id, r->currency_id, &payee_id) != LEDGER_OK)
        assert(!"an agreement opens both accounts");
    if (model_request_pay(m, &all, true, &c.transfer_id) != LEDGER_OK) {
        model_only_expire(m, mark, payer_id, payee_id);
        return;
    }
    assert(m->collection_count < m->rows_max);
    m->collections[m->collection_count] = c;
    model_put(m, &m->collection_count, m->collection_count + 1);
}

void model_preapproval_collect(struct model *m, int64_t request_id)
{
    const struct model_request *r = model_request(m, request_id);
    const struct model_preapproval *p = live_like(
        m, &(struct model_preapproval){
               .payer_id = r->payer_id, .payee_id = r->payee_id, .currency_id = r->currency_id});

    if (p && r->open_minor && r->open_minor <= p->each_minor &&
        r->open_minor <= p->month_minor - model_preapproval_collected(m, p))
        collect(m, p - m->preapprovals + 1, request_id);
}
