#include "deed.h"

#include "ledger/provider.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US INT64_C(86400000000)

enum wanted { A_FUND, A_MEMBER, A_PROVIDER };

static bool is_wanted(struct model *m, int64_t id, enum wanted wanted)
{
    int64_t member_id = model_account(m, id)->member_id;
    bool fund = model_owner(m, id)->kind == LEDGER_FUND;

    if (model_account(m, id)->currency_id != MODEL_TRAINING)
        return false;
    return wanted == A_FUND
               ? fund
               : !fund && (wanted == A_MEMBER || model_listed(m, member_id, model_today(m), false));
}

/* Mostly what is wanted, now and then anything. */
static int64_t draw_party(struct draw *draw, enum wanted wanted)
{
    int64_t id = 1 + draw_below(draw, draw->m->account_count);

    if (draw_one_in(draw, 25))
        return draw_account(draw);
    for (int tries = 0; tries < 400 && !is_wanted(draw->m, id, wanted); tries++)
        id = 1 + draw_below(draw, draw->m->account_count);
    return id;
}

/* Somebody who has credits, mostly. */
static int64_t draw_learner(struct draw *draw)
{
    int64_t id = draw_party(draw, A_MEMBER);

    for (int tries = 0; tries < 20 && model_has_account(draw->m, id) &&
                        model_account(draw->m, id)->balance_minor == 0;
         tries++)
        id = draw_party(draw, A_MEMBER);
    return id;
}

static int64_t draw_credits(struct draw *draw, int64_t payer)
{
    if (draw_one_in(draw, 40))
        return draw_amount(draw, payer, payer);
    int64_t have_minor =
        model_has_account(draw->m, payer) ? model_account(draw->m, payer)->balance_minor : 0;
    if (have_minor > 0 && draw_one_in(draw, 2))
        return have_minor + (draw_one_in(draw, 4) ? 1 : 0);
    return 1 + draw_below(draw, have_minor > 300 ? have_minor / 2 : 300);
}

void draw_grant(struct draw *draw, struct deed *d)
{
    d->other_id = draw_party(draw, A_FUND);
    d->account_id = draw_party(draw, A_MEMBER);
    d->amount_minor = draw_one_in(draw, 30) ? draw_amount(draw, d->other_id, d->account_id)
                                            : 1 + draw_below(draw, 900);
    d->day = model_today(draw->m) + draw_between(draw, 0, 30);
    if (draw_one_in(draw, 30))
        d->day = model_today(draw->m) + (draw_one_in(draw, 2) ? -1 : LEDGER_GRANT_DAYS_MAX + 1);
    d->memo = draw_one_in(draw, 30) ? draw_memo(draw) : "a course";
}

static enum wanted draw_payee(struct draw *draw)
{
    if (draw_one_in(draw, 15))
        return draw_one_in(draw, 2) ? A_FUND : A_MEMBER;
    return A_PROVIDER;
}

void draw_learning(struct draw *draw, struct deed *d)
{
    int64_t payer = draw_learner(draw);
    int64_t payee = draw_party(draw, draw_payee(draw));
    int64_t amount_minor = draw_credits(draw, payer);

    d->legs[0] = (struct ledger_leg){payer, -amount_minor};
    d->legs[1] = (struct ledger_leg){payee, amount_minor};
    d->leg_count = 2;
    d->memo = draw_memo(draw);
}

void draw_reservation(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;
    int64_t next_us = m->now_us > m->last_us ? m->now_us : m->last_us + 1;

    d->account_id = draw_learner(draw);
    d->legs[0].account_id = draw_party(draw, draw_payee(draw));
    d->legs[0].amount_minor = draw_credits(draw, d->account_id);
    d->leg_count = 1;
    d->expires_at_us = next_us + (draw_one_in(draw, 2) ? draw_between(draw, 1, 30) * DAY_US
                                                       : 1 + draw_below(draw, 20000 * SECOND_US));
    d->memo = draw_memo(draw);
}

void draw_redemption(struct draw *draw, struct deed *d)
{
    d->account_id = draw_party(draw, draw_one_in(draw, 12) ? A_MEMBER : A_PROVIDER);
    d->other_id = draw_party(draw, A_FUND);
    d->amount_minor = draw_credits(draw, d->account_id);
    d->reference = draw_one_in(draw, 20) ? "" : "bank 7";
    d->reason = draw_reason(draw);
}

void draw_provider(struct draw *draw, struct deed *d)
{
    d->member_id = draw_some_member(draw);
    d->has_day = !draw_one_in(draw, 3);
    d->day = model_today(draw->m) + (draw_one_in(draw, 20) ? -1 : draw_below(draw, 4));
    d->reason = draw_reason(draw);
}

static struct ledger_grant grant_of(const struct deed *d)
{
    return (struct ledger_grant){d->other_id, d->account_id, d->amount_minor, (int32_t)d->day,
                                 d->memo};
}

enum ledger_status expect_grant(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_grant g = grant_of(d);

    return model_grant(m, &g, made);
}

enum ledger_status act_grant(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_grant g = grant_of(d);

    return ledger_credit_grant(l, &g, made);
}

static struct ledger_redemption redemption_of(const struct deed *d)
{
    return (struct ledger_redemption){.account_id = d->account_id,
                                      .fund_account_id = d->other_id,
                                      .amount_minor = d->amount_minor,
                                      .reference = d->reference};
}

enum ledger_status expect_redemption(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_redemption r = redemption_of(d);

    return model_redeem(m, &r, made);
}

enum ledger_status act_redemption(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);
    struct ledger_redemption r = redemption_of(d);

    enum ledger_status status = ledger_credit_redeem(l, &r, &why);
    *made = r.transfer_id;
    return status;
}

enum ledger_status expect_provider(struct model *m, const struct deed *d, int64_t *made)
{
    const struct model_provider p = {d->member_id, d->has_day, d->day};

    return model_provider_set(m, &p, d->reason, made);
}

enum ledger_status act_provider(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);
    struct ledger_provider p = {
        .member_id = d->member_id, .listed = d->has_day, .from_on = (int32_t)d->day};

    enum ledger_status status = ledger_provider_set(l, &p, &why);
    *made = p.id;
    return status;
}

enum ledger_status expect_credits_due(struct model *m, const struct deed *d, int64_t *made)
{
    (void)d;
    *made = model_credit_due(m);
    return LEDGER_OK;
}

enum ledger_status act_credits_due(struct ledger *l, const struct deed *d, int64_t *made)
{
    (void)d;
    return ledger_credit_due(l, ledger_now_us(l), made);
}
