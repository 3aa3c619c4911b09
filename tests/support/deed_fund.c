#include "deed.h"

#include "ledger/date.h"

#include <stdio.h>

/* Of a fund in that currency, now and then of anybody. */
static int64_t draw_fund_account(struct draw *draw, int64_t currency_id)
{
    int64_t id = 1 + draw_below(draw, draw->m->account_count);
    bool any = draw_one_in(draw, 12);

    for (int tries = 0; tries < 400; tries++) {
        id = 1 + draw_below(draw, draw->m->account_count);
        if (any && draw_one_in(draw, 2))
            break;
        if (model_account(draw->m, id)->currency_id == currency_id &&
            (any || model_owner(draw->m, id)->kind == LEDGER_FUND) &&
            model_owner(draw->m, id)->state == LEDGER_ACTIVE)
            break;
    }
    return id;
}

static int64_t draw_currency(struct draw *draw)
{
    static const int64_t odd[] = {MODEL_TRAINING, MODEL_BIG, MODEL_BIG, MODEL_CURRENCIES + 1};

    return draw_one_in(draw, 8) ? odd[draw_below(draw, 4)] : 1 + draw_below(draw, 2);
}

void draw_levy(struct draw *draw, struct deed *d)
{
    struct model_levy *levy = &d->levy;
    int64_t next_on = ledger_date_month_end((int32_t)model_today(draw->m)) + 1;

    levy->currency_id = draw_currency(draw);
    levy->fund_id = draw_fund_account(draw, levy->currency_id);
    levy->from_on = next_on;
    if (draw_one_in(draw, 4))
        levy->from_on = ledger_date_month_end((int32_t)next_on) + 1;
    if (draw_one_in(draw, 12))
        levy->from_on += draw_one_in(draw, 2) ? 1 : -40;
    if (draw_one_in(draw, 10))
        levy->from_on = ledger_date_month_start((int32_t)model_today(draw->m));
    if (draw_one_in(draw, 15))
        levy->currency_id = MODEL_TRAINING;
    if (draw_one_in(draw, 2))
        levy->points = draw_between(draw, 1, 300);
    else if (!draw_one_in(draw, 6))
        levy->flat_minor = draw_between(draw, 1, 60);
    if (draw_one_in(draw, 12))
        levy->points = draw_between(draw, -1, LEDGER_LEVY_POINTS_MAX + 1);
    if (draw_one_in(draw, 12))
        levy->points = LEDGER_LEVY_POINTS_MAX + 1;
    levy->minimum_minor = draw_one_in(draw, 2) ? draw_between(draw, 0, 20) : 0;
    d->reason = draw_reason(draw);
}

enum ledger_status expect_levy(struct model *m, const struct deed *d, int64_t *made)
{
    return model_levy_set(m, &d->levy, d->reason, made);
}

enum ledger_status act_levy(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct model_levy *want = &d->levy;
    const struct ledger_why why = deed_why(d);
    struct ledger_levy levy = {.currency_id = want->currency_id,
                               .fund_account_id = want->fund_id,
                               .points = (int)want->points,
                               .flat_minor = want->flat_minor,
                               .minimum_minor = want->minimum_minor,
                               .from_on = (int32_t)want->from_on};

    enum ledger_status status = ledger_levy_set(l, &levy, &why);
    *made = levy.id;
    return status;
}

enum ledger_status expect_levies_due(struct model *m, const struct deed *d, int64_t *made)
{
    (void)d;
    return model_levy_due(m, made);
}

enum ledger_status act_levies_due(struct ledger *l, const struct deed *d, int64_t *made)
{
    (void)d;
    return ledger_levy_due(l, ledger_now_us(l), made);
}

void draw_guarantee(struct draw *draw, struct deed *d)
{
    struct model_order *o = &d->order;
    int64_t members_at = draw_below(draw, 5);

    o->currency_id = draw_currency(draw);
    o->weight = draw_below(draw, 3);
    o->cap_minor = draw_one_in(draw, 2) ? 0 : draw_between(draw, 1, 900);
    o->step_count = draw_between(draw, 1, 4);
    if (draw_one_in(draw, 20))
        o->step_count = draw_one_in(draw, 2) ? 0 : LEDGER_GUARANTEE_STEPS_MAX + 1;
    for (int64_t i = 0; i < o->step_count; i++) {
        struct model_step *s = &o->steps[i];
        if (i != members_at)
            s->account_id = draw_fund_account(draw, o->currency_id);
        s->points = draw_one_in(draw, 2) ? LEDGER_GUARANTEE_POINTS
                                         : draw_between(draw, 1, LEDGER_GUARANTEE_POINTS);
        s->to_limit = s->account_id && draw_one_in(draw, 2);
    }
    d->reason = draw_reason(draw);
}

enum ledger_status expect_guarantee(struct model *m, const struct deed *d, int64_t *made)
{
    return model_guarantee_set(m, &d->order, d->reason, made);
}

/* One step of it in the words of an order. */
static enum ledger_status say_step(struct ledger *l, const struct model_step *want,
                                   struct ledger_guarantee_step *s)
{
    struct ledger_account fund;

    *s = (struct ledger_guarantee_step){
        .account_id = want->account_id, .points = (int)want->points, .to_limit = want->to_limit};
    snprintf(s->fund, sizeof s->fund, "members");
    if (want->account_id == 0)
        return LEDGER_OK;
    LEDGER_TRY(ledger_account_get(l, want->account_id, &fund));
    snprintf(s->fund, sizeof s->fund, "%s", fund.handle);
    return LEDGER_OK;
}

enum ledger_status act_guarantee(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct model_order *want = &d->order;
    const struct ledger_why why = deed_why(d);
    struct ledger_guarantee g = {.currency_id = want->currency_id,
                                 .weight = (enum ledger_guarantee_weight)want->weight,
                                 .cap_minor = want->cap_minor,
                                 .step_count = (int)want->step_count};

    for (int i = 0; i < g.step_count && i < LEDGER_GUARANTEE_STEPS_MAX; i++)
        LEDGER_TRY(say_step(l, &want->steps[i], &g.steps[i]));
    enum ledger_status status = ledger_guarantee_set(l, &g, &why);
    *made = g.id;
    return status;
}

/* Mostly of somebody who owes, and more often a little than much. */
void draw_declaration(struct draw *draw, struct deed *d)
{
    for (int tries = 0; tries < 60; tries++) {
        d->account_id = draw_account(draw);
        if (!model_has_account(draw->m, d->account_id) || draw_one_in(draw, 80))
            break;
        const struct model_account *a = model_account(draw->m, d->account_id);
        int64_t balance_minor = a->balance_minor;
        if (balance_minor < 0 && a->currency_id <= 2 &&
            (balance_minor > -1500 || draw_one_in(draw, 4)))
            break;
    }
    d->reason = draw_reason(draw);
}

enum ledger_status expect_declaration(struct model *m, const struct deed *d, int64_t *made)
{
    return model_default_declare(m, d->account_id, d->reason, made);
}

enum ledger_status act_declaration(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    return ledger_default_declare(l, d->account_id, &why, made);
}

/* Mostly one that is as said. */
static int64_t draw_default(struct draw *draw, enum ledger_default_state state)
{
    const struct model *m = draw->m;

    for (int tries = 0; tries < 60 && m->default_count > 0; tries++) {
        int64_t id = 1 + draw_below(draw, m->default_count);
        if (m->defaults[id - 1].state == (int64_t)state || draw_one_in(draw, 60))
            return id;
    }
    return draw_below(draw, m->default_count + 2);
}

void draw_retraction(struct draw *draw, struct deed *d)
{
    d->id =
        draw_default(draw, draw_one_in(draw, 6) ? LEDGER_DEFAULT_COVERED : LEDGER_DEFAULT_DECLARED);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_retraction(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_default_withdraw(m, d->id, d->reason);
}

enum ledger_status act_retraction(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_default_withdraw(l, d->id, &why);
}

void draw_cover(struct draw *draw, struct deed *d)
{
    d->id = draw_default(draw, LEDGER_DEFAULT_DECLARED);
    d->alone = draw_one_in(draw, 8);
    d->on_paper = draw_one_in(draw, 4);
}

enum ledger_status expect_cover(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_default_cover(m, d->id, !d->alone, d->on_paper);
}

enum ledger_status act_cover(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = {.actor = d->alone ? "local:test" : "local:second",
                                   .reason = "nobody else pays",
                                   .authority = ""};

    *made = d->id;
    return ledger_default_cover(l, d->id, d->on_paper, &why);
}

void draw_recovery(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;

    d->id = draw_default(draw, LEDGER_DEFAULT_COVERED);
    if (d->id >= 1 && d->id <= m->default_count) {
        const struct model_default *of = &m->defaults[d->id - 1];
        int64_t left_minor = of->covered_minor - of->recovered_minor;
        d->amount_minor = draw_one_in(draw, 3) ? left_minor + draw_below(draw, 2)
                                               : draw_between(draw, 1, 1 + left_minor / 2);
    }
    if (draw_one_in(draw, 30))
        d->amount_minor = 0;
    d->reason = draw_reason(draw);
}

enum ledger_status expect_recovery(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_default_recover(m, d->id, d->amount_minor, d->reason);
}

enum ledger_status act_recovery(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_default_recover(l, d->id, d->amount_minor, &why);
}
