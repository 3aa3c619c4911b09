#include "deed.h"

#include "ledger/standing.h"

#include <stdio.h>
#include <string.h>

#define LIVE_MOST 24 /* then no more are ordered: each pays every week */

static int64_t live(const struct model *m)
{
    int64_t count = 0;

    for (int64_t i = 0; i < m->standing_count; i++)
        count += !m->standings[i].charge_id && m->standings[i].next_on;
    return count;
}

static void draw_cadence(struct draw *draw, struct model_standing *s)
{
    s->unit = draw_one_in(draw, 4) ? LEDGER_MONTHLY : LEDGER_WEEKLY;
    s->every = draw_one_in(draw, 3) ? draw_between(draw, 1, 3) : 1;
    s->day = s->unit == LEDGER_WEEKLY ? draw_between(draw, 1, 7) : draw_below(draw, 32);
    if (draw_one_in(draw, 3))
        s->day = LEDGER_CADENCE_UNSAID;
    if (draw_one_in(draw, 25))
        s->day = draw_one_in(draw, 2) ? 32 : -2;
    if (draw_one_in(draw, 25) || live(draw->m) >= LIVE_MOST)
        s->every = draw_one_in(draw, 2) ? 0 : 53;
    s->first_on = model_today(draw->m) + draw_below(draw, 4);
    if (draw_one_in(draw, 25))
        s->first_on = model_today(draw->m) - LEDGER_STANDING_BACK_DAYS - 1;
}

static void draw_end(struct draw *draw, struct deed *d)
{
    int64_t which = draw_below(draw, 20);

    if (which < 12)
        d->standing.count = draw_between(draw, 1, 8);
    else if (which < 15)
        d->standing.until_on = d->standing.first_on + draw_between(draw, -2, 60);
    else if (which < 18)
        d->until_ended = true;
    else if (which == 18)
        d->standing.count = LEDGER_STANDING_COUNT_MAX + 1;
    if (draw_one_in(draw, 25))
        d->until_ended = true;
}

void draw_order(struct draw *draw, struct deed *d)
{
    struct model_standing *s = &d->standing;

    s->payer_id = draw_account(draw);
    s->payee_id = draw_one_in(draw, 40) ? s->payer_id : draw_partner(draw, s->payer_id);
    s->amount_minor = draw_one_in(draw, 3) ? draw_amount(draw, s->payer_id, s->payee_id)
                                           : draw_between(draw, 1, 900);
    draw_cadence(draw, s);
    draw_end(draw, d);
    s->memo = draw_memo(draw);
    if (!s->memo || strlen(s->memo) > LEDGER_MEMO_MAX)
        s->memo = "";
}

enum ledger_status expect_order(struct model *m, const struct deed *d, int64_t *made)
{
    return model_standing_order(m, &d->standing, d->until_ended, made);
}

enum ledger_status act_order(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct model_standing *o = &d->standing;
    struct ledger_standing s = {
        .payer_id = o->payer_id,
        .payee_id = o->payee_id,
        .amount_minor = o->amount_minor,
        .cadence = {(enum ledger_cadence_unit)o->unit, (int)o->every, (int)o->day},
        .first_on = (int32_t)o->first_on,
        .until_on = (int32_t)o->until_on,
        .count = (int)o->count};

    snprintf(s.memo, sizeof s.memo, "%s", o->memo);
    enum ledger_status status = ledger_standing_order(l, &s, d->until_ended, "local:test");
    *made = s.id;
    return status;
}

void draw_instalments(struct draw *draw, struct deed *d)
{
    d->id = draw_open_request(draw);
    draw_cadence(draw, &d->standing);
    d->standing.count = draw_between(draw, 1, 7);
    if (draw_one_in(draw, 20))
        d->standing.count = draw_one_in(draw, 2) ? 0 : LEDGER_STANDING_COUNT_MAX + 1;
}

static struct ledger_instalments instalments_of(const struct deed *d, const struct ledger_why *why)
{
    const struct model_standing *o = &d->standing;

    return (struct ledger_instalments){
        .request_id = d->id,
        .cadence = {(enum ledger_cadence_unit)o->unit, (int)o->every, (int)o->day},
        .starts_on = (int32_t)o->first_on,
        .count = (int)o->count,
        .why = why};
}

enum ledger_status expect_instalments(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_instalments i = instalments_of(d, NULL);

    return model_instalments(m, &i, made);
}

enum ledger_status act_instalments(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);
    const struct ledger_instalments i = instalments_of(d, &why);

    return ledger_instalments_order(l, &i, made);
}

static bool is_unpaid(const struct model *m, int64_t id)
{
    for (int64_t i = 0; i < m->occurrence_count; i++) {
        const struct model_occurrence *o = &m->occurrences[i];
        if (o->standing_id == id && !o->transfer_id && o->attempts != MODEL_PASSED_ON)
            return true;
    }
    return false;
}

/* Mostly one that is not over; or one that is paused, or has something unpaid. */
static int64_t draw_standing(struct draw *draw, bool paused, bool unpaid)
{
    const struct model *m = draw->m;

    for (int tries = 0; tries < 40 && m->standing_count > 0; tries++) {
        int64_t id = 1 + draw_below(draw, m->standing_count);
        const struct model_standing *s = &m->standings[id - 1];
        bool wanted = unpaid ? is_unpaid(m, id) : s->next_on && (bool)s->paused == paused;
        if (wanted || draw_one_in(draw, 30))
            return id;
    }
    return draw_below(draw, m->standing_count + 2);
}

void draw_pause(struct draw *draw, struct deed *d)
{
    d->id = draw_standing(draw, false, false);
    d->reason = draw_reason(draw);
}

void draw_resumption(struct draw *draw, struct deed *d)
{
    d->id = draw_standing(draw, true, false);
    d->reason = draw_reason(draw);
}

void draw_end_of_standing(struct draw *draw, struct deed *d)
{
    d->id = draw_standing(draw, draw_one_in(draw, 4), draw_one_in(draw, 4));
    d->reason = draw_reason(draw);
}

void draw_retry(struct draw *draw, struct deed *d)
{
    d->id = draw_standing(draw, false, true);
}

#define STANDING_STEP(name, step)                                                                  \
    enum ledger_status expect_##name(struct model *m, const struct deed *d, int64_t *made)         \
    {                                                                                              \
        *made = d->id;                                                                             \
        return model_standing_##step(m, d->id, d->reason);                                         \
    }                                                                                              \
    enum ledger_status act_##name(struct ledger *l, const struct deed *d, int64_t *made)           \
    {                                                                                              \
        const struct ledger_why why = deed_why(d);                                                 \
        *made = d->id;                                                                             \
        return ledger_standing_##step(l, d->id, &why);                                             \
    }

STANDING_STEP(pause, pause)
STANDING_STEP(resumption, resume)
STANDING_STEP(end_of_standing, end)

enum ledger_status expect_retry(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return model_standing_retry(m, d->id);
}

enum ledger_status act_retry(struct ledger *l, const struct deed *d, int64_t *made)
{
    *made = d->id;
    return ledger_standing_retry(l, d->id, 0, "local:test");
}

enum ledger_status expect_standing_due(struct model *m, const struct deed *d, int64_t *made)
{
    (void)d;
    return model_standing_due(m, made);
}

enum ledger_status act_standing_due(struct ledger *l, const struct deed *d, int64_t *made)
{
    (void)d;
    return ledger_standing_due(l, ledger_now_us(l), made);
}
