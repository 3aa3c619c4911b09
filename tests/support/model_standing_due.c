#include "model.h"

#include "ledger/date.h"
#include "ledger/standing.h"

#include <assert.h>

static void end_with_request(struct model *m, const struct model_standing *s)
{
    if (s->request_id)
        model_instalments_end(m, s->request_id, 0);
}

static enum ledger_status pay_request(struct model *m, const struct model_standing *s,
                                      struct model_occurrence *o, int64_t effective_on)
{
    const struct model_request *r = model_request(m, s->request_id);
    const struct ledger_request_payment p = {
        .request_id = s->request_id,
        .standing_id = o->standing_id,
        .amount_minor = o->amount_minor < r->open_minor ? o->amount_minor : r->open_minor,
        .memo =
            model_words(m, "instalment %lld of %lld", (long long)o->number, (long long)s->count),
        .has_effective = true,
        .effective_on = (int32_t)effective_on};
    int64_t mark = model_mark(m);

    if (r->over || !r->open_minor)
        return r->over ? LEDGER_REQUEST_OVER : LEDGER_REQUEST_PAID;
    if (r->disputed)
        return LEDGER_REQUEST_DISPUTED;
    if (o->attempts == 0)
        o->amount_minor = p.amount_minor;
    enum ledger_status status = model_request_pay(m, &p, false, &o->transfer_id);
    if (status == LEDGER_OK)
        o->amount_minor = p.amount_minor;
    else
        model_only_expire(m, mark, s->payer_id, s->payee_id);
    return status;
}

static enum ledger_status pay(struct model *m, const struct model_standing *s,
                              struct model_occurrence *o, int64_t effective_on)
{
    const struct ledger_leg legs[] = {{s->payer_id, -o->amount_minor},
                                      {s->payee_id, o->amount_minor}};
    char day[LEDGER_DATE_TEXT];
    const struct ledger_transfer_draft d = {
        .kind = LEDGER_EXCHANGE,
        .memo = s->memo,
        .reference = model_words(m, "standing payment %lld, due %s", (long long)o->standing_id,
                                 ledger_date_format((int32_t)o->due_on, day)),
        .has_effective = true,
        .effective_on = (int32_t)effective_on,
        .legs = legs,
        .leg_count = 2};
    int64_t mark = model_mark(m);

    if (s->request_id)
        return pay_request(m, s, o, effective_on);
    enum ledger_status status = model_post(m, &d, &o->transfer_id);
    if (status != LEDGER_OK)
        model_only_expire(m, mark, s->payer_id, s->payee_id);
    return status;
}

/* Its own row in the register. */
static enum ledger_status write_down(struct model *m, int64_t transfer_id)
{
    struct model_write *w = &m->writes[m->write_count];

    assert(m->write_count < m->rows_max);
    *w = (struct model_write){.subject = transfer_id};
    LEDGER_TRY(model_tick(m, &w->at_us));
    model_put(m, &m->kept_us, w->at_us);
    model_put(m, &m->write_count, m->write_count + 1);
    return LEDGER_OK;
}

static int64_t tomorrow_us(const struct model *m)
{
    return model_instant(model_today(m) + 1, 0);
}

static bool stops_run(enum ledger_status status)
{
    return status == LEDGER_CLOCK_BEHIND;
}

static enum ledger_status meet(struct model *m, struct model_standing *s)
{
    int64_t id = s - m->standings + 1;
    struct model_occurrence met = {.standing_id = id,
                                   .number = s->next,
                                   .due_on = s->next_on,
                                   .amount_minor = model_standing_part(s, s->next)};
    int64_t effective_on = s->next_on > m->closed_through ? s->next_on : model_today(m);
    enum ledger_status status = pay(m, s, &met, effective_on);

    if (stops_run(status))
        return status;
    struct model_occurrence *o = model_standing_met(m, s, met.amount_minor);
    model_touch_standing(m, id);
    o->attempts = 1;
    if (status == LEDGER_OK) {
        o->transfer_id = met.transfer_id;
        o->payments = 1;
        LEDGER_TRY(write_down(m, o->transfer_id));
    } else {
        o->again_us = tomorrow_us(m);
        o->last_on = model_today(m) + LEDGER_STANDING_RETRY_DAYS;
    }
    model_standing_advance(m, s);
    if (status == LEDGER_OK)
        end_with_request(m, s);
    return LEDGER_OK;
}

enum ledger_status model_standing_catch_up(struct model *m, int64_t id)
{
    struct model_standing *s = model_standing(m, id);

    model_touch_standing(m, id);
    if (s->paused)
        model_standing_pass_over(m, s);
    while (s->next_on && s->next_on <= model_today(m))
        LEDGER_TRY(meet(m, s));
    return LEDGER_OK;
}

static enum ledger_status try_again(struct model *m, struct model_occurrence *o)
{
    struct model_standing *s = model_standing(m, o->standing_id);
    struct model_occurrence now = *o;
    enum ledger_status status = pay(m, s, &now, model_today(m));

    if (stops_run(status))
        return status;
    model_put(m, &o->attempts, o->attempts + 1);
    model_touch_standing(m, o->standing_id);
    bool gives_up = model_today(m) >= o->last_on;
    model_put(m, &o->again_us, status == LEDGER_OK || gives_up ? 0 : tomorrow_us(m));
    if (status != LEDGER_OK)
        return LEDGER_OK;
    model_put(m, &o->amount_minor, now.amount_minor);
    model_put(m, &o->transfer_id, now.transfer_id);
    model_put(m, &o->payments, o->payments + 1);
    LEDGER_TRY(write_down(m, now.transfer_id));
    end_with_request(m, s);
    return LEDGER_OK;
}

static bool comes_before(const struct model_occurrence *a, const struct model_occurrence *b)
{
    if (a->again_us != b->again_us)
        return a->again_us < b->again_us;
    return a->due_on != b->due_on ? a->due_on < b->due_on : a->standing_id < b->standing_id;
}

static struct model_occurrence *next_again(struct model *m)
{
    struct model_occurrence *next = NULL;

    for (int64_t i = 0; i < m->occurrence_count; i++) {
        struct model_occurrence *o = &m->occurrences[i];
        if (o->again_us && o->again_us <= m->now_us && (!next || comes_before(o, next)))
            next = o;
    }
    return next;
}

static struct model_standing *next_due(struct model *m)
{
    struct model_standing *next = NULL;

    for (int64_t i = 0; i < m->standing_count; i++) {
        struct model_standing *s = &m->standings[i];
        if (s->next_on && !s->paused && s->next_on <= model_today(m) &&
            (!next || s->next_on < next->next_on))
            next = s;
    }
    return next;
}

enum ledger_status model_standing_due(struct model *m, int64_t *count)
{
    for (*count = 0; *count < LEDGER_STANDING_DUE_MAX; (*count)++) {
        struct model_occurrence *again = next_again(m);
        struct model_standing *due = again ? NULL : next_due(m);
        if (!again && !due)
            return LEDGER_OK;
        enum ledger_status status = again ? try_again(m, again) : meet(m, due);
        if (stops_run(status))
            return LEDGER_OK;
        LEDGER_TRY(status);
    }
    return LEDGER_OK;
}

enum ledger_status model_standing_retry(struct model *m, int64_t id)
{
    struct model_standing *s = model_standing(m, id);
    struct model_occurrence *unpaid = NULL;

    if (!s)
        return LEDGER_NO_SUCH_STANDING;
    for (int64_t i = 0; i < m->occurrence_count && !unpaid; i++) {
        struct model_occurrence *o = &m->occurrences[i];
        if (o->standing_id == id && !o->transfer_id && o->attempts != MODEL_PASSED_ON)
            unpaid = o;
    }
    if (!unpaid)
        return LEDGER_NOTHING_UNPAID;
    struct model_occurrence now = *unpaid;
    LEDGER_TRY(pay(m, s, &now, model_today(m)));
    model_touch_standing(m, id);
    model_put(m, &unpaid->attempts, unpaid->attempts + 1);
    model_put(m, &unpaid->amount_minor, now.amount_minor);
    model_put(m, &unpaid->transfer_id, now.transfer_id);
    model_put(m, &unpaid->payments, unpaid->payments + 1);
    model_put(m, &unpaid->again_us, 0);
    LEDGER_TRY(write_down(m, now.transfer_id));
    end_with_request(m, s);
    return LEDGER_OK;
}
