#include "deed.h"

#include "ledger/preapproval.h"

static int64_t draw_one_that_left(struct draw *draw)
{
    int64_t id = 1;

    for (int tries = 0; tries < 100 && draw->m->members[id - 1].state != LEDGER_LEFT; tries++)
        id = 1 + draw_below(draw, draw->m->member_count);
    return id;
}

void draw_agreement(struct draw *draw, struct deed *d)
{
    struct model_preapproval *p = &d->preapproval;
    int64_t payer = draw_account(draw);
    int64_t payee = draw_partner(draw, payer);
    bool known = model_has_account(draw->m, payer) && model_has_account(draw->m, payee);

    p->payer_id = known ? draw->m->accounts[payer - 1].member_id : draw_some_member(draw);
    p->payee_id = known ? draw->m->accounts[payee - 1].member_id : draw_some_member(draw);
    p->currency_id = known ? draw->m->accounts[payer - 1].currency_id : 1;
    if (draw_one_in(draw, 8))
        p->payee_id = draw_some_member(draw);
    if (draw_one_in(draw, 12))
        p->payer_id = draw_some_member(draw);
    if (draw_one_in(draw, 12))
        p->payee_id = draw_one_that_left(draw);
    p->each_minor = draw_between(draw, 100, 2000);
    p->month_minor = p->each_minor + draw_below(draw, 1500);
    if (draw_one_in(draw, 30))
        p->each_minor = -draw_below(draw, 2);
    if (draw_one_in(draw, 20))
        p->month_minor = p->each_minor - 1;
    if (draw_one_in(draw, 60))
        p->month_minor = LEDGER_AMOUNT_MAX + draw_below(draw, 2);
    p->until_on = MODEL_NOT_SAID;
    if (draw_one_in(draw, 2))
        p->until_on = model_today(draw->m) + draw_below(draw, 20);
    if (draw_one_in(draw, 30))
        p->until_on = model_today(draw->m) - 1;
}

enum ledger_status expect_agreement(struct model *m, const struct deed *d, int64_t *made)
{
    return model_preapproval_set(m, &d->preapproval, made);
}

enum ledger_status act_agreement(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct model_preapproval *want = &d->preapproval;
    const struct ledger_why why = deed_why(d);
    struct ledger_preapproval p = {.payer_id = want->payer_id,
                                   .payee_id = want->payee_id,
                                   .currency_id = want->currency_id,
                                   .each_minor = want->each_minor,
                                   .month_minor = want->month_minor,
                                   .until_on = (int32_t)want->until_on};

    enum ledger_status status = ledger_preapproval_set(l, &p, &why);
    *made = p.id;
    return status;
}

void draw_revocation(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;

    d->id = draw_one_in(draw, 20) ? m->preapproval_count + 1 : 0;
    for (int tries = 0; tries < 20 && d->id == 0 && m->preapproval_count > 0; tries++) {
        int64_t id = 1 + draw_below(draw, m->preapproval_count);
        if (model_preapproval_is_live(m, &m->preapprovals[id - 1]) || draw_one_in(draw, 30))
            d->id = id;
    }
}

enum ledger_status expect_revocation(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_preapproval_revoke(m, d->id);
}

enum ledger_status act_revocation(struct ledger *l, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return ledger_preapproval_revoke(l, d->id, "local:test");
}
