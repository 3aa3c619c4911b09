#include "deed.h"

#include "ledger/charge.h"

#include <stdio.h>

#define LIVE_MOST 20 /* then nobody else agrees: each pays every week */

void draw_charge(struct draw *draw, struct deed *d)
{
    struct model_charge *c = &d->charge;

    do
        c->payee_id = draw_account(draw);
    while (!model_has_account(draw->m, c->payee_id));
    c->amount_minor = draw_one_in(draw, 20) ? -draw_below(draw, 2) : draw_between(draw, 1, 400);
    c->unit = draw_one_in(draw, 3) ? LEDGER_MONTHLY : LEDGER_WEEKLY;
    c->every = draw_one_in(draw, 15) ? 0 : draw_between(draw, 1, 3);
    c->day = LEDGER_CADENCE_UNSAID;
    if (draw_one_in(draw, 2))
        c->day = draw_between(draw, 1, draw_one_in(draw, 20) ? 9 : 7);
    c->title = draw_one_in(draw, 40) ? "" : "a hot desk";
    c->words = draw_one_in(draw, 40) ? "two\nlines" : "";
}

enum ledger_status expect_charge(struct model *m, const struct deed *d, int64_t *made)
{
    return model_charge_offer(m, &d->charge, made);
}

enum ledger_status act_charge(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct model_charge *want = &d->charge;
    struct ledger_charge c = {
        .payee_id = want->payee_id,
        .amount_minor = want->amount_minor,
        .cadence = {(enum ledger_cadence_unit)want->unit, (int)want->every, (int)want->day}};

    snprintf(c.title, sizeof c.title, "%s", want->title);
    snprintf(c.words, sizeof c.words, "%s", want->words);
    enum ledger_status status = ledger_charge_offer(l, &c, "local:test");
    *made = c.id;
    return status;
}

/* Mostly one that stands open, often one of late. */
static int64_t draw_offered(struct draw *draw)
{
    const struct model *m = draw->m;

    for (int tries = 0; tries < 30 && m->charge_count > 0; tries++) {
        int64_t of = draw_one_in(draw, 2) && m->charge_count > 6 ? 6 : m->charge_count;
        int64_t id = m->charge_count - draw_below(draw, of);
        if (!m->charges[id - 1].withdrawn || draw_one_in(draw, 8))
            return id;
    }
    return draw_below(draw, m->charge_count + 2);
}

static int64_t price_of(const struct model *m, int64_t id)
{
    return id >= 1 && id <= m->charge_count ? m->charges[id - 1].amount_minor : 1;
}

void draw_price_of_charge(struct draw *draw, struct deed *d)
{
    static const int64_t odd_minor[] = {0, LEDGER_AMOUNT_MAX + 1};

    d->id = draw_offered(draw);
    d->amount_minor = price_of(draw->m, d->id) + draw_between(draw, -1, 2);
    if (draw_one_in(draw, 8))
        d->amount_minor = odd_minor[draw_below(draw, 2)];
}

enum ledger_status expect_price_of_charge(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_charge_price(m, d->id, d->amount_minor);
}

enum ledger_status act_price_of_charge(struct ledger *l, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return ledger_charge_price(l, d->id, d->amount_minor, "local:test");
}

void draw_end_of_charge(struct draw *draw, struct deed *d)
{
    d->id = draw_offered(draw);
    d->reason = draw_reason(draw);
}

enum ledger_status expect_end_of_charge(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_charge_withdraw(m, d->id, d->reason);
}

enum ledger_status act_end_of_charge(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->id;
    return ledger_charge_withdraw(l, d->id, &why);
}

/* Who has agreed already, to another price or to none any more; or somebody. */
static int64_t draw_payer(struct draw *draw, int64_t charge_id)
{
    const struct model *m = draw->m;
    int64_t live = 0, payer_id = 0;

    for (int64_t i = 0; i < m->standing_count; i++) {
        live += m->standings[i].charge_id && m->standings[i].next_on;
        if (m->standings[i].charge_id == charge_id && (!payer_id || draw_one_in(draw, 2)))
            payer_id = m->standings[i].payer_id;
    }
    if (payer_id && draw_one_in(draw, 2))
        return payer_id;
    if (live >= LIVE_MOST || charge_id < 1 || charge_id > m->charge_count)
        return 0;
    return draw_partner(draw, m->charges[charge_id - 1].payee_id);
}

void draw_subscription(struct draw *draw, struct deed *d)
{
    struct model_standing *s = &d->standing;

    s->charge_id = draw_offered(draw);
    s->payer_id = draw_payer(draw, s->charge_id);
    s->amount_minor = price_of(draw->m, s->charge_id) - (draw_one_in(draw, 20) || !s->payer_id);
    s->first_on = draw_one_in(draw, 4) ? model_today(draw->m) + draw_between(draw, 0, 5) : 0;
    if (draw_one_in(draw, 3))
        s->count = draw_between(draw, 1, 6);
    if (draw_one_in(draw, 4))
        s->until_on = model_today(draw->m) + draw_between(draw, draw_one_in(draw, 4) ? -1 : 5, 60);
    if (draw_one_in(draw, 12))
        s->until_on = model_today(draw->m) - 1;
}

enum ledger_status expect_subscription(struct model *m, const struct deed *d, int64_t *made)
{
    return model_charge_agree(m, &d->standing, made);
}

enum ledger_status act_subscription(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct model_standing *s = &d->standing;
    const struct ledger_agreement a = {.charge_id = s->charge_id,
                                       .payer_id = s->payer_id,
                                       .amount_minor = s->amount_minor,
                                       .starts_on = (int32_t)s->first_on,
                                       .until_on = (int32_t)s->until_on,
                                       .count = (int)s->count,
                                       .actor = "local:test"};

    return ledger_charge_agree(l, &a, made);
}
