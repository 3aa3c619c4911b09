#include "deed.h"

#include "ledger/extra.h"
#include "ledger/quota.h"

static int64_t today_of(const struct model *m, int64_t resource_id)
{
    model_use_zone(m->resources[resource_id - 1].zone);
    int64_t today = model_today(m);
    model_use_zone(NULL);
    return today;
}

/* Not so little for so long that nobody books any more. */
void draw_quota(struct draw *draw, struct deed *d)
{
    static const int64_t most[] = {240, 600, 1500, 4000, 1500, 4};
    struct model_quota *q = &d->quota;

    q->resource_id = 1 + draw_below(draw, MODEL_RESOURCES);
    q->kind = draw_below(draw, 6);
    q->member_id = draw_one_in(draw, 3) ? draw_between(draw, 1, 6) : 0;
    q->amount = q->kind == LEDGER_QUOTA_LIVE
                    ? draw_between(draw, 1, most[q->kind])
                    : draw_between(draw, most[q->kind] / 60, most[q->kind] / 15) * 15;
    if (draw_one_in(draw, 2))
        q->amount = LEDGER_NO_QUOTA;
    if (draw_one_in(draw, 20))
        q->amount = draw_one_in(draw, 2) ? LEDGER_QUOTA_MAX + 1 : -2;
    q->from_on = today_of(draw->m, q->resource_id) + draw_below(draw, 3);
    if (draw_one_in(draw, 12))
        q->from_on = today_of(draw->m, q->resource_id) - 1;
    d->reason = draw_reason(draw);
}

enum ledger_status expect_quota(struct model *m, const struct deed *d, int64_t *made)
{
    return model_quota_set(m, &d->quota, d->reason, made);
}

enum ledger_status act_quota(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct model_quota *want = &d->quota;
    const struct ledger_why why = deed_why(d);
    struct ledger_quota q = {.resource_id = want->resource_id,
                             .member_id = want->member_id,
                             .kind = (enum ledger_quota_kind)want->kind,
                             .amount = (int)want->amount,
                             .from_on = (int32_t)want->from_on};

    enum ledger_status status = ledger_quota_set(l, &q, &why);
    *made = q.id;
    return status;
}

void draw_closure(struct draw *draw, struct deed *d)
{
    struct model_closure *c = &d->closure;

    c->resource_id = 1 + draw_below(draw, MODEL_RESOURCES);
    c->from_on = today_of(draw->m, c->resource_id) + draw_between(draw, 0, 20);
    c->to_on = c->from_on + draw_below(draw, 3);
    if (draw_one_in(draw, 10))
        c->from_on = today_of(draw->m, c->resource_id) - 1;
    if (draw_one_in(draw, 10))
        c->to_on = c->from_on + (draw_one_in(draw, 2) ? -1 : LEDGER_CLOSED_DAYS_MAX + 1);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_closure(struct model *m, const struct deed *d, int64_t *made)
{
    return model_resource_close(m, &d->closure, d->reason, made);
}

enum ledger_status act_closure(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);
    struct ledger_closure c = {.resource_id = d->closure.resource_id,
                               .from_on = (int32_t)d->closure.from_on,
                               .to_on = (int32_t)d->closure.to_on};

    enum ledger_status status = ledger_resource_close(l, &c, &why);
    *made = c.id;
    return status;
}

void draw_reopening(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;

    d->id = m->closure_count - draw_below(draw, 5);
    d->resource_id = d->id >= 1 && !draw_one_in(draw, 10) ? m->closures[d->id - 1].resource_id
                                                          : 1 + draw_below(draw, MODEL_RESOURCES);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_reopening(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_resource_reopen(m, d->resource_id, d->id, d->reason);
}

enum ledger_status act_reopening(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_resource_reopen(l, d->resource_id, d->id, &why);
}

void draw_extra(struct draw *draw, struct deed *d)
{
    d->extra_id = draw_between(draw, 1, MODEL_EXTRAS + draw_one_in(draw, 10));
    d->currency_id = draw_one_in(draw, 10) || d->extra_id > MODEL_EXTRAS
                         ? 1 + draw_below(draw, 2)
                         : model_extras[d->extra_id - 1].currency_id;
    d->quantity = draw_one_in(draw, 12) ? 0 : draw_between(draw, 1, 5);
    do
        d->member_id = draw_some_member(draw);
    while (!model_has_member(draw->m, d->member_id));
}

enum ledger_status expect_extra(struct model *m, const struct deed *d, int64_t *made)
{
    return model_extra_pay(m, d->extra_id, d->currency_id, d->quantity, d->member_id, made);
}

enum ledger_status act_extra(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);
    char payer[LEDGER_HANDLE_MAX + 1];
    const struct ledger_extra_charge charge = {.extra_id = d->extra_id,
                                               .currency_id = d->currency_id,
                                               .quantity = (int)d->quantity,
                                               .payer = model_handle(d->member_id, payer)};

    return ledger_extra_pay(l, &charge, &why, made);
}
