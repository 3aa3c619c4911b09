#include "model.h"

#include <assert.h>

static enum ledger_status check_amounts(const struct ledger_transfer_draft *d)
{
    for (int i = 0; i < d->leg_count; i++)
        if (d->legs[i].amount_minor == 0)
            return LEDGER_AMOUNT_NOT_POSITIVE;
    for (int i = 0; i < d->leg_count; i++)
        if (d->legs[i].amount_minor > LEDGER_AMOUNT_MAX ||
            d->legs[i].amount_minor < -LEDGER_AMOUNT_MAX)
            return LEDGER_AMOUNT_TOO_LARGE;
    return LEDGER_OK;
}

static bool stands_twice(const struct ledger_transfer_draft *d)
{
    for (int i = 0; i < d->leg_count; i++)
        for (int j = i + 1; j < d->leg_count; j++)
            if (d->legs[i].account_id == d->legs[j].account_id)
                return true;
    return false;
}

static enum ledger_status check_shape(const struct ledger_transfer_draft *d)
{
    if (d->leg_count < 2)
        return LEDGER_TOO_FEW_LEGS;
    if (d->leg_count > LEDGER_LEGS_MAX)
        return LEDGER_TOO_MANY_LEGS;
    LEDGER_TRY(check_amounts(d));
    if (stands_twice(d))
        return LEDGER_SAME_ACCOUNT;
    LEDGER_TRY(model_text(d->memo, LEDGER_MEMO_MAX));
    return model_text(d->reference, LEDGER_REFERENCE_MAX);
}

static enum ledger_status check_balanced(struct model *m, const struct ledger_transfer_draft *d)
{
    int64_t sums_minor[MODEL_CURRENCIES] = {0};

    for (int i = 0; i < d->leg_count; i++)
        if (!model_has_account(m, d->legs[i].account_id))
            return LEDGER_NO_SUCH_ACCOUNT;
    for (int i = 0; i < d->leg_count; i++)
        sums_minor[model_account(m, d->legs[i].account_id)->currency_id - 1] +=
            d->legs[i].amount_minor;
    for (int c = 0; c < MODEL_CURRENCIES; c++)
        if (sums_minor[c] != 0)
            return LEDGER_UNBALANCED;
    return LEDGER_OK;
}

/* Decision 0010: an exchange is a payment; history without limits goes in; the rest gives back. */
static bool may_take_part(const struct ledger_transfer_draft *d, int64_t state, bool pays)
{
    bool history = d->kind == LEDGER_OPENING || d->kind == LEDGER_IMPORT;

    if (state == LEDGER_SUSPENDED)
        return !pays || (history ? d->without_limits
                                 : d->kind != LEDGER_EXCHANGE && d->kind != LEDGER_GRANT);
    return state == LEDGER_ACTIVE;
}

static enum ledger_status check_rules(struct model *m, const struct ledger_transfer_draft *d,
                                      int64_t effective_on)
{
    if (effective_on > model_today(m))
        return LEDGER_DATE_IN_FUTURE;
    if (effective_on <= m->closed_through)
        return LEDGER_PERIOD_CLOSED;
    for (int i = 0; i < d->leg_count; i++)
        if (!may_take_part(d, model_owner(m, d->legs[i].account_id)->state,
                           d->legs[i].amount_minor < 0))
            return LEDGER_MEMBER_NOT_ACTIVE;
    return LEDGER_OK;
}

static enum ledger_status blame(struct model *m, enum ledger_status status, int64_t account_id,
                                int64_t room_minor)
{
    m->blamed_id = account_id;
    m->room_minor = room_minor;
    return status;
}

static enum ledger_status check_overflow(struct model *m, const struct ledger_transfer_draft *d)
{
    for (int i = 0; i < d->leg_count; i++) {
        int64_t after_minor =
            model_account(m, d->legs[i].account_id)->balance_minor + d->legs[i].amount_minor;
        if (after_minor > LEDGER_AMOUNT_MAX || after_minor < -LEDGER_AMOUNT_MAX)
            return LEDGER_AMOUNT_OVERFLOW;
    }
    return LEDGER_OK;
}

/* Payers first, then payees. */
static enum ledger_status check_room(struct model *m, const struct ledger_transfer_draft *d)
{
    for (int i = 0; i < d->leg_count; i++) {
        const struct ledger_leg *leg = &d->legs[i];
        int64_t available_minor = model_figures(m, leg->account_id).available_minor;
        if (leg->amount_minor < 0 && -leg->amount_minor > available_minor)
            return blame(m, LEDGER_OVER_LIMIT, leg->account_id, available_minor);
    }
    for (int i = 0; i < d->leg_count; i++) {
        const struct ledger_leg *leg = &d->legs[i];
        int64_t room_minor = model_figures(m, leg->account_id).room_in_minor;
        if (leg->amount_minor > 0 && leg->amount_minor > room_minor)
            return blame(m, LEDGER_PAYEE_CANNOT_TAKE, leg->account_id, room_minor);
    }
    return LEDGER_OK;
}

static void move(struct model *m, const struct ledger_leg *leg)
{
    struct model_account *a = model_account(m, leg->account_id);

    assert(m->leg_count < 4 * m->rows_max);
    model_put(m, &a->balance_minor, a->balance_minor + leg->amount_minor);
    m->legs[m->leg_count] = (struct model_leg){m->transfer_count + 1, leg->account_id,
                                               leg->amount_minor, a->balance_minor};
    model_put(m, &m->leg_count, m->leg_count + 1);
}

/* A capture asks for no room, so what is due on its accounts may stay as it is. */
static void write(struct model *m, const struct ledger_transfer_draft *d, int64_t posted_at_us,
                  int64_t effective_on)
{
    assert(m->transfer_count < m->rows_max);
    m->transfers[m->transfer_count] =
        (struct model_transfer){.kind = d->kind,
                                .posted_at_us = posted_at_us,
                                .posted_on = model_day(posted_at_us),
                                .effective_on = effective_on,
                                .corrects = d->corrects,
                                .memo = d->memo ? d->memo : "",
                                .reference = d->reference ? d->reference : "",
                                .first_leg = m->leg_count,
                                .leg_count = d->leg_count};
    model_put(m, &m->kept_us, posted_at_us);
    for (int i = 0; i < d->leg_count && !d->reserved; i++)
        model_hold_expire(m, d->legs[i].account_id);
    for (int i = 0; i < d->leg_count; i++)
        move(m, &d->legs[i]);
    model_put(m, &m->transfer_count, m->transfer_count + 1);
}

enum ledger_status model_post(struct model *m, const struct ledger_transfer_draft *d, int64_t *id)
{
    int64_t effective_on = d->has_effective ? d->effective_on : model_today(m);
    int64_t posted_at_us;

    for (int i = 0; i < d->leg_count; i++)
        model_touch(m, d->legs[i].account_id);
    LEDGER_TRY(check_shape(d));
    LEDGER_TRY(check_balanced(m, d));
    LEDGER_TRY(check_rules(m, d, effective_on));
    LEDGER_TRY(model_tick(m, &posted_at_us));
    LEDGER_TRY(check_overflow(m, d));
    if (!d->without_limits && !d->reserved && d->kind != LEDGER_EXPIRY)
        LEDGER_TRY(check_room(m, d));
    LEDGER_TRY(model_lots_check(m, d, model_day(posted_at_us)));
    LEDGER_TRY(model_lots_move(m, d, model_day(posted_at_us)));
    write(m, d, posted_at_us, effective_on);
    *id = m->transfer_count;
    return LEDGER_OK;
}

struct model_transfer *model_transfer(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->transfer_count ? &m->transfers[id - 1] : NULL;
}

int64_t model_reversal_of(const struct model *m, int64_t id)
{
    for (int64_t t = id + 1; t <= m->transfer_count; t++)
        if (m->transfers[t - 1].corrects == id && m->transfers[t - 1].kind == LEDGER_REVERSAL)
            return t;
    return 0;
}

static int64_t paid(const struct model *m, const struct model_transfer *t)
{
    int64_t sum_minor = 0;

    for (int64_t i = t->first_leg; i < t->first_leg + t->leg_count; i++)
        if (m->legs[i].amount_minor > 0)
            sum_minor += m->legs[i].amount_minor;
    return sum_minor;
}

int64_t model_refunded(const struct model *m, int64_t id)
{
    int64_t sum_minor = 0;

    for (int64_t t = id + 1; t <= m->transfer_count; t++)
        if (m->transfers[t - 1].corrects == id && m->transfers[t - 1].kind == LEDGER_REFUND &&
            model_reversal_of(m, t) == 0)
            sum_minor += paid(m, &m->transfers[t - 1]);
    return sum_minor;
}

enum ledger_status model_reverse(struct model *m, int64_t id, const char *reason, int64_t *made)
{
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    const struct model_transfer *t = model_transfer(m, id);

    LEDGER_TRY(model_reason(reason));
    if (!t)
        return LEDGER_NO_SUCH_TRANSFER;
    if (t->kind == LEDGER_REVERSAL || t->default_id || model_refund_counts(m, id) ||
        model_refunded(m, id) > 0)
        return LEDGER_NOT_REVERSIBLE;
    if (model_reversal_of(m, id))
        return LEDGER_ALREADY_REVERSED;
    for (int64_t i = 0; i < t->leg_count; i++) {
        const struct model_leg *leg = &m->legs[t->first_leg + i];
        legs[i] = (struct ledger_leg){leg->account_id, -leg->amount_minor};
    }
    const struct ledger_transfer_draft d = {.kind = LEDGER_REVERSAL,
                                            .memo = reason,
                                            .corrects = id,
                                            .legs = legs,
                                            .leg_count = (int)t->leg_count};
    LEDGER_TRY(model_post(m, &d, made));
    model_request_reopen(m, id, *made);
    model_instalment_reopen(m, id);
    return LEDGER_OK;
}

enum ledger_status model_refund(struct model *m, int64_t id, int64_t amount_minor, const char *memo,
                                int64_t *made)
{
    const struct model_transfer *t = model_transfer(m, id);

    if (!t)
        return LEDGER_NO_SUCH_TRANSFER;
    if (t->leg_count != 2 || t->default_id || t->kind == LEDGER_REVERSAL ||
        t->kind == LEDGER_REFUND)
        return LEDGER_NOT_REVERSIBLE;
    if (model_reversal_of(m, id))
        return LEDGER_ALREADY_REVERSED;
    int64_t left_minor = paid(m, t) - model_refunded(m, id);
    if (left_minor == 0 || amount_minor > left_minor)
        return LEDGER_OVER_REFUND;
    if (amount_minor < 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    const struct model_leg *payer = &m->legs[t->first_leg];
    const struct model_leg *payee = payer + 1;
    if (payer->amount_minor > 0) {
        payer = payee;
        payee = &m->legs[t->first_leg];
    }
    int64_t back_minor = amount_minor ? amount_minor : left_minor;
    const struct ledger_leg legs[] = {{payee->account_id, -back_minor},
                                      {payer->account_id, back_minor}};
    const struct ledger_transfer_draft d = {
        .kind = LEDGER_REFUND, .memo = memo, .corrects = id, .legs = legs, .leg_count = 2};
    return model_post(m, &d, made);
}

static enum ledger_status take_over(struct model *m, struct ledger_transfer_draft *d,
                                    int64_t account_id, int64_t other_id, int64_t *id)
{
    int64_t balance_minor = model_account(m, account_id)->balance_minor;
    const struct ledger_leg legs[] = {{account_id, -balance_minor}, {other_id, balance_minor}};

    d->legs = legs;
    d->leg_count = 2;
    return model_post(m, d, id);
}

enum ledger_status model_settle(struct model *m, int64_t account_id, int64_t other_id,
                                const char *reference, const char *reason, int64_t *id)
{
    struct ledger_transfer_draft d = {
        .kind = LEDGER_SETTLEMENT, .memo = reason, .reference = reference};

    LEDGER_TRY(model_reason(reason));
    if (!reference || reference[0] == '\0')
        return LEDGER_MISSING_PARAMETER;
    if (!model_has_account(m, account_id))
        return LEDGER_NO_SUCH_ACCOUNT;
    if (model_account(m, account_id)->balance_minor == 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    return take_over(m, &d, account_id, other_id, id);
}

enum ledger_status model_write_off(struct model *m, int64_t account_id, int64_t fund_id,
                                   const char *reason, int64_t *id)
{
    struct ledger_transfer_draft d = {.kind = LEDGER_WRITE_OFF, .memo = reason};

    LEDGER_TRY(model_reason(reason));
    if (!model_has_account(m, account_id) || !model_has_account(m, fund_id))
        return LEDGER_NO_SUCH_ACCOUNT;
    if (model_owner(m, fund_id)->kind != LEDGER_FUND)
        return LEDGER_MEMBER_STATE;
    if (model_account(m, account_id)->balance_minor >= 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    LEDGER_TRY(take_over(m, &d, account_id, fund_id, id));
    return model_default_written_off(m, account_id);
}

int64_t model_last_at(const struct model *m, int64_t at_us)
{
    int64_t last = 0;

    while (last < m->transfer_count && m->transfers[last].posted_at_us <= at_us)
        last++;
    return last;
}

int64_t model_last_on(const struct model *m, int64_t day)
{
    int64_t last = 0;

    while (last < m->transfer_count && m->transfers[last].posted_on <= day)
        last++;
    return last;
}

int64_t model_balance_at(const struct model *m, int64_t account_id, int64_t transfer_id)
{
    int64_t sum_minor = 0;

    for (int64_t i = 0; i < m->leg_count && m->legs[i].transfer_id <= transfer_id; i++)
        if (m->legs[i].account_id == account_id)
            sum_minor += m->legs[i].amount_minor;
    return sum_minor;
}

int64_t model_balance_on(const struct model *m, int64_t account_id, int64_t day,
                         enum ledger_order by)
{
    int64_t sum_minor = 0;

    for (int64_t i = 0; i < m->leg_count; i++) {
        const struct model_transfer *t = &m->transfers[m->legs[i].transfer_id - 1];
        int64_t its_day = by == LEDGER_BY_POSTED ? t->posted_on : t->effective_on;
        if (m->legs[i].account_id == account_id && its_day <= day)
            sum_minor += m->legs[i].amount_minor;
    }
    return sum_minor;
}
