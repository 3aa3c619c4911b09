#include "model.h"

#include <assert.h>

static struct model_charge *find(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->charge_count ? &m->charges[id - 1] : NULL;
}

static enum ledger_status check_amount(int64_t amount_minor)
{
    if (amount_minor < 1)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    return amount_minor > LEDGER_AMOUNT_MAX ? LEDGER_AMOUNT_TOO_LARGE : LEDGER_OK;
}

enum ledger_status model_charge_offer(struct model *m, const struct model_charge *offered,
                                      int64_t *id)
{
    const struct model_standing cadence = {
        .unit = offered->unit, .every = offered->every, .day = offered->day};
    int64_t at_us;

    if (!offered->title[0])
        return LEDGER_MISSING_PARAMETER;
    LEDGER_TRY(model_text(offered->title, LEDGER_NAME_MAX));
    LEDGER_TRY(model_text(offered->words, LEDGER_MEMO_MAX));
    LEDGER_TRY(check_amount(offered->amount_minor));
    LEDGER_TRY(model_cadence_check(&cadence));
    if (model_owner(m, offered->payee_id)->state != LEDGER_ACTIVE)
        return LEDGER_MEMBER_NOT_ACTIVE;
    LEDGER_TRY(model_tick(m, &at_us)); /* of the offer, and of its price */
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->charge_count < m->rows_max);
    m->charges[m->charge_count] = *offered;
    model_put(m, &m->charge_count, m->charge_count + 1);
    *id = m->charge_count;
    return LEDGER_OK;
}

static enum ledger_status find_open(struct model *m, int64_t id, struct model_charge **c)
{
    *c = find(m, id);
    if (!*c)
        return LEDGER_NO_SUCH_CHARGE;
    return (*c)->withdrawn ? LEDGER_CHARGE_WITHDRAWN : LEDGER_OK;
}

/* Each that pays it has a new price before it, or none any more. */
static void touch_payers(struct model *m, const struct model_charge *c)
{
    for (int64_t id = 1; id <= m->standing_count; id++)
        if (model_standing(m, id)->charge_id == c - m->charges + 1)
            model_touch_standing(m, id);
}

enum ledger_status model_charge_price(struct model *m, int64_t id, int64_t amount_minor)
{
    struct model_charge *c;
    int64_t at_us;

    LEDGER_TRY(find_open(m, id, &c));
    LEDGER_TRY(check_amount(amount_minor));
    if (amount_minor == c->amount_minor)
        return LEDGER_SAME_PRICE;
    if (model_owner(m, c->payee_id)->state != LEDGER_ACTIVE)
        return LEDGER_MEMBER_NOT_ACTIVE;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &c->amount_minor, amount_minor);
    touch_payers(m, c);
    return LEDGER_OK;
}

static enum ledger_status withdraw(struct model *m, struct model_charge *c)
{
    int64_t at_us;

    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &c->withdrawn, true);
    touch_payers(m, c);
    return LEDGER_OK;
}

enum ledger_status model_charge_withdraw(struct model *m, int64_t id, const char *reason)
{
    struct model_charge *c;

    LEDGER_TRY(model_text(reason, LEDGER_REASON_MAX));
    LEDGER_TRY(find_open(m, id, &c));
    return withdraw(m, c);
}

enum ledger_status model_charge_leave(struct model *m, int64_t member_id)
{
    for (int64_t i = 0; i < m->charge_count; i++) {
        struct model_charge *c = &m->charges[i];
        if (!c->withdrawn && model_account(m, c->payee_id)->member_id == member_id)
            LEDGER_TRY(withdraw(m, c));
    }
    return LEDGER_OK;
}

/* The payer's agreement that is not over, or 0. */
static int64_t find_older(const struct model *m, const struct model_standing *agreed)
{
    for (int64_t i = 0; i < m->standing_count; i++) {
        const struct model_standing *s = &m->standings[i];
        if (s->charge_id == agreed->charge_id && s->payer_id == agreed->payer_id && s->next_on)
            return i + 1;
    }
    return 0;
}

/* From the next due date of the older one on, and until that would have ended. */
static enum ledger_status take_over(struct model *m, int64_t older_id, struct model_standing *s)
{
    const struct model_standing *older = model_standing(m, older_id);

    if (older->amount_minor == s->amount_minor || s->first_on)
        return LEDGER_CHARGE_AGREED;
    LEDGER_TRY(model_standing_catch_up(m, older_id));
    if (!older->next_on) /* that was its last one */
        return LEDGER_OK;
    s->unit = older->unit;
    s->every = older->every;
    s->day = older->day;
    s->first_on = older->next_on;
    if (!s->until_on && !s->count) {
        s->until_on = older->until_on;
        s->count = older->count ? older->count - (older->next - 1) : 0;
    }
    return model_standing_stop(m, older_id);
}

enum ledger_status model_charge_agree(struct model *m, const struct model_standing *agreed,
                                      int64_t *standing_id)
{
    struct model_standing s = *agreed;
    struct model_charge *c;

    LEDGER_TRY(find_open(m, agreed->charge_id, &c));
    if (agreed->amount_minor != c->amount_minor)
        return LEDGER_PRICE_CHANGED;
    s.payee_id = c->payee_id;
    s.unit = c->unit;
    s.every = c->every;
    s.day = c->day;
    s.memo = c->title;
    int64_t older_id = find_older(m, agreed);
    if (older_id)
        LEDGER_TRY(take_over(m, older_id, &s));
    if (!s.first_on)
        s.first_on = model_today(m);
    return model_standing_order(m, &s, !s.until_on && !s.count, standing_id);
}
