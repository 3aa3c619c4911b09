#include "model.h"

#include <assert.h>

static enum ledger_status check_shape(const struct ledger_hold_draft *d, int64_t *sum_minor)
{
    *sum_minor = 0;
    if (d->payee_count < 1)
        return LEDGER_TOO_FEW_LEGS;
    if (d->payee_count > LEDGER_HOLD_PAYEES_MAX)
        return LEDGER_TOO_MANY_LEGS;
    for (int i = 0; i < d->payee_count; i++)
        if (d->payees[i].amount_minor <= 0)
            return LEDGER_AMOUNT_NOT_POSITIVE;
    for (int i = 0; i < d->payee_count; i++) {
        if (d->payees[i].amount_minor > LEDGER_AMOUNT_MAX - *sum_minor)
            return LEDGER_AMOUNT_TOO_LARGE;
        *sum_minor += d->payees[i].amount_minor;
    }
    return LEDGER_OK;
}

static bool stands_twice(const struct ledger_hold_draft *d)
{
    for (int i = 0; i < d->payee_count; i++) {
        if (d->payees[i].account_id == d->account_id)
            return true;
        for (int j = i + 1; j < d->payee_count; j++)
            if (d->payees[i].account_id == d->payees[j].account_id)
                return true;
    }
    return false;
}

static enum ledger_status check_accounts(struct model *m, const struct ledger_hold_draft *d)
{
    bool all = model_has_account(m, d->account_id);

    for (int i = 0; i < d->payee_count; i++)
        all = all && model_has_account(m, d->payees[i].account_id);
    if (!all)
        return LEDGER_NO_SUCH_ACCOUNT;
    for (int i = 0; i < d->payee_count; i++)
        if (model_account(m, d->payees[i].account_id)->currency_id !=
            model_account(m, d->account_id)->currency_id)
            return LEDGER_UNBALANCED;
    return LEDGER_OK;
}

static enum ledger_status check_states(struct model *m, const struct ledger_hold_draft *d)
{
    if (model_owner(m, d->account_id)->state != LEDGER_ACTIVE)
        return LEDGER_MEMBER_NOT_ACTIVE;
    for (int i = 0; i < d->payee_count; i++) {
        int64_t state = model_owner(m, d->payees[i].account_id)->state;
        if (state != LEDGER_ACTIVE && state != LEDGER_SUSPENDED)
            return LEDGER_MEMBER_NOT_ACTIVE;
    }
    return LEDGER_OK;
}

static enum ledger_status check_overflow(struct model *m, const struct ledger_hold_draft *d,
                                         int64_t sum_minor)
{
    if (model_figures(m, d->account_id).reserved_out_minor + sum_minor > LEDGER_AMOUNT_MAX)
        return LEDGER_AMOUNT_OVERFLOW;
    for (int i = 0; i < d->payee_count; i++)
        if (model_figures(m, d->payees[i].account_id).reserved_in_minor +
                d->payees[i].amount_minor >
            LEDGER_AMOUNT_MAX)
            return LEDGER_AMOUNT_OVERFLOW;
    return LEDGER_OK;
}

static enum ledger_status check_room(struct model *m, const struct ledger_hold_draft *d,
                                     int64_t sum_minor)
{
    const struct model_figures payer = model_figures(m, d->account_id);

    if (sum_minor > payer.available_minor) {
        m->blamed_id = d->account_id;
        m->room_minor = payer.available_minor;
        return LEDGER_OVER_LIMIT;
    }
    for (int i = 0; i < d->payee_count; i++) {
        const struct model_figures payee = model_figures(m, d->payees[i].account_id);
        if (d->payees[i].amount_minor <= payee.room_in_minor)
            continue;
        m->blamed_id = d->payees[i].account_id;
        m->room_minor = payee.room_in_minor;
        return LEDGER_PAYEE_CANNOT_TAKE;
    }
    return LEDGER_OK;
}

static int64_t write(struct model *m, const struct ledger_hold_draft *d, int64_t sum_minor,
                     int64_t placed_at_us)
{
    struct model_hold *h = &m->holds[m->hold_count];

    assert(m->hold_count < m->rows_max);
    *h = (struct model_hold){.account_id = d->account_id,
                             .amount_minor = sum_minor,
                             .placed_at_us = placed_at_us,
                             .expires_at_us = d->expires_at_us,
                             .memo = d->memo ? d->memo : "",
                             .reference = d->reference ? d->reference : "",
                             .state = LEDGER_HOLD_OPEN,
                             .payee_count = d->payee_count};
    for (int i = 0; i < d->payee_count; i++)
        h->payees[i] = d->payees[i];
    model_put(m, &m->hold_count, m->hold_count + 1);
    model_put(m, &m->open[m->open_count], m->hold_count);
    model_put(m, &m->open_count, m->open_count + 1);
    model_put(m, &m->kept_us, placed_at_us);
    model_lots_pin(m, h);
    return m->hold_count;
}

enum ledger_status model_hold_place(struct model *m, const struct ledger_hold_draft *d, int64_t *id)
{
    int64_t sum_minor;
    int64_t placed_at_us;

    model_touch(m, d->account_id);
    for (int i = 0; i < d->payee_count; i++)
        model_touch(m, d->payees[i].account_id);
    LEDGER_TRY(check_shape(d, &sum_minor));
    if (stands_twice(d))
        return LEDGER_SAME_ACCOUNT;
    LEDGER_TRY(model_text(d->memo, LEDGER_MEMO_MAX));
    model_hold_expire(m, d->account_id);
    for (int i = 0; i < d->payee_count; i++)
        model_hold_expire(m, d->payees[i].account_id);
    LEDGER_TRY(check_accounts(m, d));
    LEDGER_TRY(model_tick(m, &placed_at_us));
    if (d->expires_at_us <= placed_at_us || d->expires_at_us > placed_at_us + LEDGER_HOLD_US_MAX)
        return LEDGER_HOLD_TOO_LONG;
    LEDGER_TRY(check_states(m, d));
    LEDGER_TRY(check_overflow(m, d, sum_minor));
    LEDGER_TRY(check_room(m, d, sum_minor));
    LEDGER_TRY(model_lots_check_hold(m, d, sum_minor, model_day(placed_at_us)));
    *id = write(m, d, sum_minor, placed_at_us);
    return LEDGER_OK;
}

struct model_hold *model_hold(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->hold_count ? &m->holds[id - 1] : NULL;
}

bool model_hold_names(const struct model_hold *h, int64_t account_id)
{
    bool named = h->account_id == account_id;

    for (int64_t i = 0; i < h->payee_count; i++)
        named = named || h->payees[i].account_id == account_id;
    return named;
}

enum ledger_hold_state model_hold_state(const struct model *m, const struct model_hold *h)
{
    if (h->state == LEDGER_HOLD_OPEN && h->expires_at_us <= m->now_us)
        return LEDGER_HOLD_LAPSED;
    return (enum ledger_hold_state)h->state;
}

static void resolve(struct model *m, struct model_hold *h, enum ledger_hold_state state,
                    int64_t at_us)
{
    int64_t id = h - m->holds + 1;
    int64_t i = 0;

    while (m->open[i] != id)
        i++;
    model_put(m, &m->open_count, m->open_count - 1);
    model_put(m, &m->open[i], m->open[m->open_count]);
    model_put(m, &h->state, state);
    model_put(m, &h->resolved_at_us, at_us);
}

static enum ledger_status need_open(struct model *m, int64_t id)
{
    const struct model_hold *h = model_hold(m, id);

    if (!h)
        return LEDGER_NO_SUCH_HOLD;
    model_touch(m, h->account_id);
    for (int64_t i = 0; i < h->payee_count; i++)
        model_touch(m, h->payees[i].account_id);
    switch (model_hold_state(m, h)) {
    case LEDGER_HOLD_OPEN:
        return LEDGER_OK;
    case LEDGER_HOLD_LAPSED:
        return LEDGER_HOLD_EXPIRED;
    case LEDGER_HOLD_CAPTURED:
    case LEDGER_HOLD_RELEASED:
        break;
    }
    return LEDGER_ALREADY_RESOLVED;
}

/* Largest remainder: whole units first, then one more for whoever lost most by rounding down. */
static void split(const struct model_hold *h, int64_t amount_minor, int64_t *parts)
{
    __int128 lost[LEDGER_HOLD_PAYEES_MAX];
    int64_t left_minor = amount_minor;

    for (int64_t i = 0; i < h->payee_count; i++) {
        __int128 product = (__int128)amount_minor * h->payees[i].amount_minor;
        parts[i] = (int64_t)(product / h->amount_minor);
        lost[i] = product % h->amount_minor;
        left_minor -= parts[i];
    }
    for (; left_minor > 0; left_minor--) {
        int64_t most = 0;
        for (int64_t i = 1; i < h->payee_count; i++)
            if (lost[i] > lost[most])
                most = i;
        parts[most]++;
        lost[most] = -1;
    }
}

static int capture_legs(const struct model_hold *h, int64_t amount_minor, struct ledger_leg *legs)
{
    int64_t parts[LEDGER_HOLD_PAYEES_MAX];
    int count = 1;

    split(h, amount_minor, parts);
    legs[0] = (struct ledger_leg){h->account_id, -amount_minor};
    for (int64_t i = 0; i < h->payee_count; i++)
        if (parts[i] > 0)
            legs[count++] = (struct ledger_leg){h->payees[i].account_id, parts[i]};
    return count;
}

enum ledger_status model_hold_capture(struct model *m, int64_t id, int64_t amount_minor,
                                      int64_t *transfer_id)
{
    struct ledger_leg legs[LEDGER_HOLD_PAYEES_MAX + 1];
    int64_t at_us;

    LEDGER_TRY(need_open(m, id));
    struct model_hold *h = model_hold(m, id);
    if (amount_minor > h->amount_minor)
        return LEDGER_OVER_CAPTURE;
    if (amount_minor < 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    int64_t captured_minor = amount_minor ? amount_minor : h->amount_minor;
    const struct ledger_transfer_draft d = {.kind = LEDGER_CAPTURE,
                                            .memo = h->memo,
                                            .reference = h->reference,
                                            .reserved = true,
                                            .hold_id = id,
                                            .legs = legs,
                                            .leg_count = capture_legs(h, captured_minor, legs)};
    LEDGER_TRY(model_post(m, &d, transfer_id));
    LEDGER_TRY(model_tick(m, &at_us));
    resolve(m, h, LEDGER_HOLD_CAPTURED, at_us);
    model_put(m, &h->captured_minor, captured_minor);
    model_put(m, &h->transfer_id, *transfer_id);
    return LEDGER_OK;
}

enum ledger_status model_hold_check_free(struct model *m, int64_t id)
{
    const struct model_hold *h = model_hold(m, id);

    return h && (h->booking_id || h->enrolment_id) ? LEDGER_HOLD_OWNED : LEDGER_OK;
}

enum ledger_status model_hold_release(struct model *m, int64_t id, const char *reason)
{
    int64_t at_us;

    LEDGER_TRY(model_text(reason, LEDGER_REASON_MAX));
    LEDGER_TRY(need_open(m, id));
    LEDGER_TRY(model_tick(m, &at_us));
    resolve(m, model_hold(m, id), LEDGER_HOLD_RELEASED, at_us);
    return LEDGER_OK;
}

void model_hold_expire(struct model *m, int64_t account_id)
{
    for (int64_t i = 0; i < m->open_count;) {
        struct model_hold *h = &m->holds[m->open[i] - 1];
        bool due = h->expires_at_us <= m->now_us && model_hold_names(h, account_id);
        if (due)
            resolve(m, h, LEDGER_HOLD_LAPSED, m->now_us);
        else
            i++;
    }
}

void model_only_expire(struct model *m, int64_t mark, int64_t payer_id, int64_t payee_id)
{
    int64_t last_us = m->last_us;

    model_undo(m, mark);
    model_put(m, &m->last_us, last_us);
    model_hold_expire(m, payer_id);
    model_hold_expire(m, payee_id);
}

int64_t model_hold_sweep(struct model *m)
{
    int64_t before = m->open_count;

    for (int64_t i = 0; i < m->open_count;) {
        struct model_hold *h = &m->holds[m->open[i] - 1];
        if (h->expires_at_us <= m->now_us)
            resolve(m, h, LEDGER_HOLD_LAPSED, m->now_us);
        else
            i++;
    }
    return before - m->open_count;
}

int64_t model_hold_expiry(const struct model *m, int64_t account_id)
{
    int64_t next_us = INT64_MAX;

    for (int64_t i = 0; i < m->open_count; i++) {
        const struct model_hold *h = &m->holds[m->open[i] - 1];
        if (h->expires_at_us < next_us && model_hold_names(h, account_id))
            next_us = h->expires_at_us;
    }
    return next_us;
}
