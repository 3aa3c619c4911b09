#include "model.h"

#include <assert.h>

#define BIGGEST INT64_C(4000000000000000000)

bool model_keeps_lots(struct model *m, int64_t account_id)
{
    return model_account(m, account_id)->currency_id == MODEL_TRAINING &&
           model_owner(m, account_id)->kind != LEDGER_FUND;
}

bool model_listed(const struct model *m, int64_t member_id, int64_t day, bool ever)
{
    const struct model_provider *last = NULL;

    for (int64_t i = 0; i < m->provider_count; i++) {
        const struct model_provider *p = &m->providers[i];
        if (p->member_id != member_id || p->from_on > day)
            continue;
        if (ever && p->listed)
            return true;
        if (!last || p->from_on >= last->from_on)
            last = p;
    }
    return last && last->listed;
}

enum ledger_status model_provider_set(struct model *m, const struct model_provider *p,
                                      const char *reason, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(model_reason(reason));
    if (p->member_id < 1 || p->member_id > m->member_count)
        return LEDGER_NO_SUCH_MEMBER;
    const struct model_member *member = &m->members[p->member_id - 1];
    if (member->kind == LEDGER_FUND || member->state == LEDGER_LEFT)
        return LEDGER_MEMBER_STATE;
    if (p->from_on < model_today(m))
        return LEDGER_BACKDATED;
    if (model_listed(m, p->member_id, p->from_on, false) == (p->listed != 0))
        return LEDGER_EXISTS;
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->provider_count < m->rows_max);
    m->providers[m->provider_count] = *p;
    model_put(m, &m->provider_count, m->provider_count + 1);
    *id = m->provider_count;
    return LEDGER_OK;
}

/* What open holds keep of it. One whose time is over counts as long as it is not written so, where that is asked. */
int64_t model_pinned(const struct model *m, int64_t lot_id, bool as_written)
{
    int64_t sum_minor = 0;

    for (int64_t i = 0; i < m->open_count; i++) {
        const struct model_hold *h = &m->holds[m->open[i] - 1];
        if (!as_written && h->expires_at_us <= m->now_us)
            continue;
        for (int64_t p = h->first_pin; p < h->first_pin + h->pin_count; p++)
            if (m->pins[p].lot_id == lot_id)
                sum_minor += m->pins[p].amount_minor;
    }
    return sum_minor;
}

/* One leg's steps are tried first and taken back where the lots have too little. */
struct steps {
    struct model *m;
    int64_t account_id;
    int64_t transfer_id;
    int64_t rest_minor;
    bool as_written; /* a capture lets no hold lapse */
};

static void step(struct steps *s, int64_t lot_id, int64_t amount_minor)
{
    struct model *m = s->m;
    struct model_lot *lot = &m->lots[lot_id - 1];

    s->rest_minor -= amount_minor < 0 ? -amount_minor : amount_minor;
    model_put(m, &lot->left_minor, lot->left_minor + amount_minor);
    assert(m->move_count < 8 * m->rows_max && lot->left_minor >= 0);
    m->moves[m->move_count] = (struct model_move){s->transfer_id, lot_id, amount_minor};
    model_put(m, &m->move_count, m->move_count + 1);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool before(const struct model_lot *a, const struct model_lot *b)
{
    return a->expires_on < b->expires_on || (a->expires_on == b->expires_on && a < b);
}

static int64_t free_of(const struct model *m, const struct model_lot *lot, bool as_written)
{
    return lot->left_minor - model_pinned(m, lot - m->lots + 1, as_written);
}

/* The first lot to be spent among those that are good on `day`. */
static struct model_lot *first_to_spend(struct model *m, int64_t account_id, int64_t day,
                                        bool as_written)
{
    struct model_lot *first = NULL;

    for (int64_t i = 0; i < m->lot_count; i++) {
        struct model_lot *lot = &m->lots[i];
        if (lot->account_id == account_id && lot->expires_on >= day && lot->left_minor > 0 &&
            free_of(m, lot, as_written) > 0 && (!first || before(lot, first)))
            first = lot;
    }
    return first;
}

static void spend(struct steps *s, int64_t day)
{
    struct model_lot *lot;

    while (s->rest_minor > 0 &&
           (lot = first_to_spend(s->m, s->account_id, day, s->as_written)) != NULL)
        step(s, lot - s->m->lots + 1, -least(s->rest_minor, free_of(s->m, lot, s->as_written)));
}

static void spend_pinned(struct steps *s, const struct model_hold *h)
{
    for (int64_t p = h->first_pin; p < h->first_pin + h->pin_count && s->rest_minor > 0; p++) {
        struct model_pin *pin = &s->m->pins[p];
        int64_t part_minor = least(s->rest_minor, pin->amount_minor);
        model_put(s->m, &pin->amount_minor, pin->amount_minor - part_minor);
        step(s, pin->lot_id, -part_minor);
    }
}

static bool belongs(const struct model *m, int64_t move_transfer_id, int64_t id)
{
    int64_t corrects = m->transfers[move_transfer_id - 1].corrects;

    return move_transfer_id == id || corrects == id ||
           (corrects && m->transfers[corrects - 1].corrects == id);
}

/* What transfer `id` still means to a lot, its corrections counted. `did` says whether it moved it itself. */
static int64_t net(const struct model *m, int64_t lot_id, int64_t id, bool *did)
{
    int64_t sum_minor = 0;

    *did = false;
    for (int64_t i = m->move_count - 1; i >= 0 && m->moves[i].transfer_id >= id; i--) {
        if (m->moves[i].lot_id != lot_id || m->moves[i].transfer_id > m->transfer_count ||
            !belongs(m, m->moves[i].transfer_id, id))
            continue;
        sum_minor += m->moves[i].amount_minor;
        *did = *did || m->moves[i].transfer_id == id;
    }
    return sum_minor;
}

/* From the last to expire to the first. True when one of the lots expires. */
static bool undo(struct steps *s, int64_t id, bool gives)
{
    struct model *m = s->m;
    bool dated = false;
    const struct model_lot *above = NULL;

    for (;;) {
        const struct model_lot *lot = NULL;
        bool did;
        for (int64_t i = 0; i < m->lot_count; i++) {
            if (m->lots[i].account_id != s->account_id || (above && !before(&m->lots[i], above)) ||
                (lot && before(&m->lots[i], lot)))
                continue;
            net(m, i + 1, id, &did);
            if (did)
                lot = &m->lots[i];
        }
        if (!lot || s->rest_minor == 0)
            return dated;
        above = lot;
        dated = dated || lot->expires_on < MODEL_NEVER;
        int64_t lot_id = lot - m->lots + 1;
        int64_t net_minor = net(m, lot_id, id, &did);
        int64_t most_minor = gives ? least(net_minor, free_of(m, lot, s->as_written)) : -net_minor;
        int64_t part_minor = least(s->rest_minor, most_minor);
        if (part_minor > 0)
            step(s, lot_id, gives ? -part_minor : part_minor);
    }
}

static void make(struct steps *s, int64_t fund_account_id, int64_t expires_on)
{
    struct model *m = s->m;

    if (s->rest_minor == 0)
        return;
    assert(m->lot_count < 4 * m->rows_max);
    m->lots[m->lot_count] = (struct model_lot){.account_id = s->account_id,
                                               .fund_account_id = fund_account_id,
                                               .amount_minor = s->rest_minor,
                                               .expires_on = expires_on};
    model_put(m, &m->lot_count, m->lot_count + 1);
    step(s, m->lot_count, s->rest_minor);
}

static void put(struct steps *s, const struct ledger_transfer_draft *d)
{
    int payer = d->legs[0].amount_minor < 0 ? 0 : 1;

    if (d->kind == LEDGER_REVERSAL || d->kind == LEDGER_REFUND)
        undo(s, d->corrects, false);
    if (d->kind == LEDGER_GRANT)
        make(s, d->legs[payer].account_id, d->expires_on);
    else
        make(s, 0, MODEL_NEVER);
}

static void take(struct steps *s, const struct ledger_transfer_draft *d, int64_t today)
{
    if (d->kind == LEDGER_EXCHANGE)
        spend(s, today);
    else if (d->kind == LEDGER_CAPTURE)
        spend_pinned(s, &s->m->holds[d->hold_id - 1]);
    else if (d->kind == LEDGER_EXPIRY)
        step(s, d->lot_id, -s->rest_minor);
    else if (d->kind == LEDGER_REDEMPTION)
        spend(s, MODEL_NEVER);
    else if (d->kind != LEDGER_REVERSAL && d->kind != LEDGER_REFUND)
        spend(s, -BIGGEST);
    else if (!undo(s, d->corrects, true))
        spend(s, MODEL_NEVER);
}

static int64_t free_in_all(struct model *m, int64_t account_id)
{
    int64_t sum_minor = 0;

    for (int64_t i = 0; i < m->lot_count; i++)
        if (m->lots[i].account_id == account_id)
            sum_minor += free_of(m, &m->lots[i], false);
    return sum_minor;
}

static enum ledger_status short_of(struct steps *s, const struct ledger_transfer_draft *d,
                                   bool expired)
{
    s->m->blamed_id = 0;
    s->m->room_minor = 0;
    if (d->kind == LEDGER_REVERSAL || d->kind == LEDGER_REFUND)
        return LEDGER_LOT_SPENT;
    if (d->kind == LEDGER_REDEMPTION)
        return LEDGER_OVER_REDEMPTION;
    return expired ? LEDGER_LOT_EXPIRED : LEDGER_OVER_LIMIT;
}

enum ledger_status model_lots_move(struct model *m, const struct ledger_transfer_draft *d,
                                   int64_t today)
{
    for (int i = 0; i < d->leg_count; i++) {
        int64_t amount_minor = d->legs[i].amount_minor;
        struct steps s = {m, d->legs[i].account_id, m->transfer_count + 1,
                          amount_minor < 0 ? -amount_minor : amount_minor, d->reserved};
        if (!model_keeps_lots(m, s.account_id))
            continue;
        bool expired = d->kind == LEDGER_EXCHANGE && amount_minor < 0 &&
                       free_in_all(m, s.account_id) >= s.rest_minor;
        if (amount_minor > 0)
            put(&s, d);
        else
            take(&s, d, today);
        if (s.rest_minor > 0)
            return short_of(&s, d, expired);
    }
    return LEDGER_OK;
}

static bool is_training(struct model *m, int64_t account_id)
{
    return model_account(m, account_id)->currency_id == MODEL_TRAINING;
}

static enum ledger_status check_payee(struct model *m, int64_t account_id, int64_t day)
{
    if (model_owner(m, account_id)->kind == LEDGER_FUND)
        return LEDGER_EARMARKED;
    return model_listed(m, model_account(m, account_id)->member_id, day, false)
               ? LEDGER_OK
               : LEDGER_NOT_A_PROVIDER;
}

enum ledger_status model_lots_check(struct model *m, const struct ledger_transfer_draft *d,
                                    int64_t today)
{
    bool training = false;
    bool fund = false;

    for (int i = 0; i < d->leg_count; i++) {
        int64_t account_id = d->legs[i].account_id;
        training = training || is_training(m, account_id);
        fund =
            fund || (is_training(m, account_id) && model_owner(m, account_id)->kind == LEDGER_FUND);
        if (d->kind == LEDGER_EXCHANGE && is_training(m, account_id) && d->legs[i].amount_minor > 0)
            LEDGER_TRY(check_payee(m, account_id, today));
    }
    if (training && d->kind == LEDGER_SETTLEMENT && !fund)
        return LEDGER_EARMARKED;
    if (training && d->corrects && m->transfers[d->corrects - 1].kind == LEDGER_EXPIRY)
        return LEDGER_NOT_REVERSIBLE;
    return LEDGER_OK;
}

enum ledger_status model_lots_check_hold(struct model *m, const struct ledger_hold_draft *d,
                                         int64_t sum_minor, int64_t today)
{
    int64_t good_minor = 0;

    if (!is_training(m, d->account_id))
        return LEDGER_OK;
    for (int i = 0; i < d->payee_count; i++)
        LEDGER_TRY(check_payee(m, d->payees[i].account_id, today));
    if (!model_keeps_lots(m, d->account_id))
        return LEDGER_OK;
    for (int64_t i = 0; i < m->lot_count; i++)
        if (m->lots[i].account_id == d->account_id && m->lots[i].expires_on >= today)
            good_minor += free_of(m, &m->lots[i], false);
    return sum_minor > good_minor ? LEDGER_LOT_EXPIRED : LEDGER_OK;
}

/* The hold is open already, and pins as it goes. */
void model_lots_pin(struct model *m, struct model_hold *h)
{
    int64_t rest_minor = h->amount_minor;

    h->first_pin = m->pin_count;
    if (!model_keeps_lots(m, h->account_id))
        return;
    while (rest_minor > 0) {
        struct model_lot *lot = first_to_spend(m, h->account_id, model_day(h->placed_at_us), true);
        int64_t part_minor = least(rest_minor, free_of(m, lot, true));
        assert(m->pin_count < 8 * m->rows_max);
        m->pins[m->pin_count] = (struct model_pin){lot - m->lots + 1, part_minor};
        model_put(m, &m->pin_count, m->pin_count + 1);
        h->pin_count++;
        rest_minor -= part_minor;
    }
}

enum ledger_status model_grant(struct model *m, const struct ledger_grant *g, int64_t *id)
{
    const struct ledger_leg legs[] = {{g->fund_account_id, -g->amount_minor},
                                      {g->account_id, g->amount_minor}};
    const struct ledger_transfer_draft d = {.kind = LEDGER_GRANT,
                                            .memo = g->purpose,
                                            .expires_on = g->expires_on,
                                            .legs = legs,
                                            .leg_count = 2};

    if (!g->purpose || g->purpose[0] == '\0')
        return LEDGER_MISSING_PARAMETER;
    if (!model_has_account(m, g->fund_account_id) || !model_has_account(m, g->account_id))
        return LEDGER_NO_SUCH_ACCOUNT;
    if (!is_training(m, g->fund_account_id) || !is_training(m, g->account_id))
        return LEDGER_NOT_TRAINING;
    if (model_owner(m, g->fund_account_id)->kind != LEDGER_FUND ||
        model_owner(m, g->account_id)->kind == LEDGER_FUND)
        return LEDGER_MEMBER_STATE;
    if (g->expires_on < model_today(m) || g->expires_on > model_today(m) + LEDGER_GRANT_DAYS_MAX)
        return LEDGER_EXPIRY_MALFORMED;
    if (g->amount_minor <= 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    return model_post(m, &d, id);
}

/* One credit is redeemed at one pound, paid outside. */
enum ledger_status model_redeem(struct model *m, const struct ledger_redemption *r, int64_t *id)
{
    const struct ledger_leg legs[] = {{r->account_id, -r->amount_minor},
                                      {r->fund_account_id, r->amount_minor}};
    const struct ledger_transfer_draft d = {
        .kind = LEDGER_REDEMPTION, .reference = r->reference, .legs = legs, .leg_count = 2};

    if (!model_has_account(m, r->fund_account_id) || !model_has_account(m, r->account_id))
        return LEDGER_NO_SUCH_ACCOUNT;
    if (!is_training(m, r->fund_account_id) || !is_training(m, r->account_id))
        return LEDGER_NOT_TRAINING;
    if (model_owner(m, r->fund_account_id)->kind != LEDGER_FUND ||
        model_owner(m, r->account_id)->kind == LEDGER_FUND)
        return LEDGER_MEMBER_STATE;
    if (!model_listed(m, model_account(m, r->account_id)->member_id, model_today(m), true))
        return LEDGER_NOT_A_PROVIDER;
    if (r->amount_minor <= 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    if (r->amount_minor > LEDGER_AMOUNT_MAX)
        return LEDGER_AMOUNT_OVERFLOW;
    if (!r->reference || r->reference[0] == '\0')
        return LEDGER_MISSING_PARAMETER;
    return model_post(m, &d, id);
}

static struct model_lot *next_due(struct model *m, const struct model_lot *after)
{
    struct model_lot *first = NULL;

    for (int64_t i = 0; i < m->lot_count; i++) {
        struct model_lot *lot = &m->lots[i];
        if (lot->expires_on < model_today(m) && free_of(m, lot, true) > 0 &&
            (!after || before(after, lot)) && (!first || before(lot, first)))
            first = lot;
    }
    return first;
}

int64_t model_credit_due(struct model *m)
{
    int64_t count = 0;
    const struct model_lot *lot = NULL;

    for (int tries = 0; tries < LEDGER_CREDITS_DUE_MAX && (lot = next_due(m, lot)); tries++) {
        int64_t mark = model_mark(m);
        int64_t id;
        const struct ledger_leg legs[] = {{lot->account_id, -free_of(m, lot, true)},
                                          {lot->fund_account_id, free_of(m, lot, true)}};
        const struct ledger_transfer_draft d = {
            .kind = LEDGER_EXPIRY, .lot_id = lot - m->lots + 1, .legs = legs, .leg_count = 2};
        if (model_post(m, &d, &id) == LEDGER_OK) {
            count++;
            continue;
        }
        model_undo(m, mark);
        for (int i = 0; i < d.leg_count; i++) /* what was over there is written so all the same */
            model_hold_expire(m, legs[i].account_id);
    }
    return count;
}

/* What a fund granted and may come back to it. */
bool model_has_granted(struct model *m, int64_t member_id)
{
    for (int64_t i = 0; i < m->lot_count; i++)
        if (m->lots[i].left_minor > 0 && m->lots[i].fund_account_id &&
            model_account(m, m->lots[i].fund_account_id)->member_id == member_id)
            return true;
    return false;
}
