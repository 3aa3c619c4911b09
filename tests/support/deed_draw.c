#include "deed.h"

#include <string.h>

#define SECOND_US INT64_C(1000000)
#define DAY_US INT64_C(86400000000)
#define RECENT_ACCOUNTS 60
#define RECENT_TRANSFERS 200

/* splitmix64 */
uint64_t draw_next(struct draw *draw)
{
    uint64_t x = draw->state += UINT64_C(0x9E3779B97F4A7C15);

    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

int64_t draw_below(struct draw *draw, int64_t n)
{
    return n > 0 ? (int64_t)(draw_next(draw) % (uint64_t)n) : 0;
}

int64_t draw_between(struct draw *draw, int64_t least, int64_t most)
{
    return least + draw_below(draw, most - least + 1);
}

bool draw_one_in(struct draw *draw, int64_t n)
{
    return draw_below(draw, n) == 0;
}

static int64_t any_account(struct draw *draw)
{
    int64_t count = draw->m->account_count;

    if (count > RECENT_ACCOUNTS && !draw_one_in(draw, 4))
        return count - draw_below(draw, RECENT_ACCOUNTS);
    return 1 + draw_below(draw, count);
}

static bool is_wanted(struct draw *draw, int64_t account_id, bool big)
{
    int64_t state = model_owner(draw->m, account_id)->state;
    bool takes_part = state == LEDGER_ACTIVE || state == LEDGER_SUSPENDED;

    return big == (model_account(draw->m, account_id)->currency_id == MODEL_BIG) &&
           (takes_part || draw_one_in(draw, 20));
}

int64_t draw_account(struct draw *draw)
{
    bool big = draw_one_in(draw, 15);
    int64_t account_id = any_account(draw);

    if (draw_one_in(draw, 300))
        return draw_one_in(draw, 3) ? 0 : draw->m->account_count + 1;
    for (int tries = 0; tries < 100 && !is_wanted(draw, account_id, big); tries++)
        account_id = any_account(draw);
    return account_id;
}

int64_t draw_partner(struct draw *draw, int64_t account_id)
{
    int64_t other_id = any_account(draw);

    if (!model_has_account(draw->m, account_id) || draw_one_in(draw, 80))
        return draw_account(draw);
    int64_t currency_id = model_account(draw->m, account_id)->currency_id;
    for (int tries = 0; tries < 200; tries++) {
        if (other_id != account_id &&
            model_account(draw->m, other_id)->currency_id == currency_id &&
            is_wanted(draw, other_id, currency_id == MODEL_BIG))
            break;
        other_id = any_account(draw);
    }
    return other_id;
}

static int64_t usual_amount(struct draw *draw, int64_t account_id)
{
    bool big = model_has_account(draw->m, account_id) &&
               model_account(draw->m, account_id)->currency_id == MODEL_BIG;

    if (big)
        return 1 + draw_below(draw, LEDGER_AMOUNT_MAX / (draw_one_in(draw, 2) ? 2 : 20));
    return 1 + draw_below(draw, draw_one_in(draw, 2) ? 400 : 4000);
}

static int64_t odd_amount(struct draw *draw)
{
    static const int64_t odd[] = {
        0, -1, -700, LEDGER_AMOUNT_MAX, LEDGER_AMOUNT_MAX + 1, INT64_C(4000000000000000000)};

    return odd[draw_below(draw, 6)];
}

int64_t draw_amount(struct draw *draw, int64_t payer, int64_t payee)
{
    int64_t just_minor = 0;

    if (draw_one_in(draw, 50))
        return odd_amount(draw);
    if (draw_one_in(draw, 4) && model_has_account(draw->m, payer))
        just_minor = model_figures(draw->m, payer).available_minor;
    else if (draw_one_in(draw, 4) && model_has_account(draw->m, payee))
        just_minor = model_figures(draw->m, payee).room_in_minor;
    if (just_minor > LEDGER_AMOUNT_MAX)
        just_minor -= LEDGER_AMOUNT_MAX;
    if (just_minor > 0)
        return just_minor + (draw_one_in(draw, 2) ? 1 : 0);
    return usual_amount(draw, payer);
}

const char *draw_memo(struct draw *draw)
{
    static const char *const memos[] = {NULL, NULL, "", "bread", "Br\xC3\xB6tchen", "week 12"};
    static char whole[LEDGER_MEMO_MAX + 1];
    static char longer[LEDGER_MEMO_MAX + 2];

    if (!draw_one_in(draw, 120))
        return memos[draw_below(draw, 6)];
    memset(whole, 'x', LEDGER_MEMO_MAX);
    memset(longer, 'x', LEDGER_MEMO_MAX + 1);
    const char *const odd[] = {whole, longer, "two\nlines"};
    return odd[draw_below(draw, 3)];
}

const char *draw_reason(struct draw *draw)
{
    static const char *const odd[] = {"", "   ", NULL, "two\nlines"};

    return draw_one_in(draw, 15) ? odd[draw_below(draw, 4)] : "because";
}

static const char *draw_reference(struct draw *draw)
{
    static char longer[LEDGER_REFERENCE_MAX + 2];

    memset(longer, '7', LEDGER_REFERENCE_MAX + 1);
    if (draw_one_in(draw, 200))
        return longer;
    return draw_one_in(draw, 3) ? "receipt 7" : NULL;
}

static void draw_day(struct draw *draw, struct deed *d)
{
    d->has_day = draw_one_in(draw, 4);
    if (!d->has_day)
        return;
    d->day = model_today(draw->m) - draw_below(draw, 12);
    if (draw_one_in(draw, 8))
        d->day = draw->m->closed_through + draw_below(draw, 2);
    if (draw_one_in(draw, 20))
        d->day = model_today(draw->m) + draw_between(draw, 1, 3);
}

void draw_payment(struct draw *draw, struct deed *d)
{
    int64_t payer = draw_account(draw);
    int64_t payee = draw_partner(draw, payer);

    if (draw_one_in(draw, 200))
        payee = payer;
    int64_t amount_minor = draw_amount(draw, payer, payee);
    bool payee_first = draw_one_in(draw, 3);
    d->legs[payee_first ? 1 : 0] = (struct ledger_leg){payer, -amount_minor};
    d->legs[payee_first ? 0 : 1] = (struct ledger_leg){payee, amount_minor};
    d->leg_count = draw_one_in(draw, 300) ? 1 : 2;
    d->memo = draw_memo(draw);
    d->reference = draw_reference(draw);
    draw_day(draw, d);
}

static bool stands_in(const struct deed *d, int64_t account_id)
{
    for (int i = 0; i < d->leg_count; i++)
        if (d->legs[i].account_id == account_id)
            return true;
    return false;
}

/* `count` legs around one account's currency, the last of which takes what the others moved. */
static void draw_round(struct draw *draw, struct deed *d, int count, int64_t most_minor)
{
    int64_t first = draw_account(draw);
    int64_t sum_minor = 0;

    for (int i = 0; i < count; i++) {
        int64_t account_id = i == 0 ? first : draw_partner(draw, first);
        for (int tries = 0; tries < 100 && stands_in(d, account_id); tries++)
            account_id = draw_partner(draw, first);
        int64_t amount_minor = draw_between(draw, 1, most_minor);
        if (draw_one_in(draw, 2))
            amount_minor = -amount_minor;
        if (i == count - 1)
            amount_minor = -sum_minor;
        sum_minor += amount_minor;
        d->legs[d->leg_count++] = (struct ledger_leg){account_id, amount_minor};
    }
}

void draw_split(struct draw *draw, struct deed *d)
{
    if (draw_one_in(draw, 12))
        draw_round(draw, d, draw_one_in(draw, 2) ? 20 : (int)draw_between(draw, 64, 65), 40);
    else
        draw_round(draw, d, (int)draw_between(draw, 2, 5), 900);
    if (draw_one_in(draw, 3) && d->leg_count < 30)
        draw_round(draw, d, (int)draw_between(draw, 2, 3), 900);
    if (draw_one_in(draw, 20))
        d->legs[draw_below(draw, d->leg_count)].amount_minor++;
    d->memo = draw_memo(draw);
    draw_day(draw, d);
}

void draw_history(struct draw *draw, struct deed *d)
{
    d->transfer_kind = draw_one_in(draw, 2) ? LEDGER_OPENING : LEDGER_IMPORT;
    d->without_limits = d->transfer_kind == LEDGER_OPENING || !draw_one_in(draw, 3);
    draw_round(draw, d, 2, 8000);
    d->memo = draw_memo(draw);
    draw_day(draw, d);
}

int64_t draw_some_member(struct draw *draw)
{
    int64_t count = draw->m->member_count;

    if (draw_one_in(draw, 100))
        return count + 1;
    return count > 30 && !draw_one_in(draw, 4) ? count - draw_below(draw, 30)
                                               : 1 + draw_below(draw, count);
}

/* Somebody who for a while settles what it can and tries to leave. */
static int64_t leaver(const struct model *m)
{
    return 1 + m->write_count / 500 * 7 % m->member_count;
}

void draw_leaving(struct draw *draw, struct deed *d)
{
    d->member_id = draw_one_in(draw, 4) ? draw_some_member(draw) : leaver(draw->m);
    d->reason = draw_reason(draw);
}

/* Mostly a recent one. */
static int64_t draw_transfer(struct draw *draw)
{
    int64_t count = draw->m->transfer_count;
    int64_t recent = count < RECENT_TRANSFERS ? count : RECENT_TRANSFERS;

    if (draw_one_in(draw, 40))
        return count + draw_below(draw, 2);
    if (draw_one_in(draw, 40))
        return 1 + draw_below(draw, count);
    return count - draw_below(draw, draw_one_in(draw, 2) ? recent : recent / 10);
}

void draw_reversal(struct draw *draw, struct deed *d)
{
    d->id = draw_transfer(draw);
    d->reason = draw_reason(draw);
}

void draw_refund(struct draw *draw, struct deed *d)
{
    const struct model_transfer *t;

    d->id = draw_transfer(draw);
    d->memo = draw_memo(draw);
    t = model_transfer(draw->m, d->id);
    if (!t || draw_one_in(draw, 5))
        return;
    int64_t paid_minor = draw->m->legs[t->first_leg].amount_minor;
    if (paid_minor < 0)
        paid_minor = -paid_minor;
    int64_t left_minor = paid_minor - model_refunded(draw->m, d->id);
    d->amount_minor =
        draw_one_in(draw, 3) ? left_minor + draw_below(draw, 2) : 1 + draw_below(draw, paid_minor);
}

void draw_settlement(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;
    int64_t member_id = draw_one_in(draw, 3) ? 0 : leaver(m);

    d->account_id = draw_account(draw);
    for (int64_t i = 0; i < m->account_count; i++)
        if (m->accounts[i].member_id == member_id && m->accounts[i].balance_minor != 0)
            d->account_id = i + 1;
    d->other_id = draw_partner(draw, d->account_id);
    d->reference = draw_one_in(draw, 10) ? draw_reference(draw) : "receipt 7";
    d->reason = draw_reason(draw);
}

void draw_write_off(struct draw *draw, struct deed *d)
{
    d->account_id = draw_account(draw);
    d->other_id = draw_partner(draw, d->account_id);
    for (int tries = 0; tries < 50 && !draw_one_in(draw, 20); tries++) {
        if (model_has_account(draw->m, d->other_id) &&
            model_owner(draw->m, d->other_id)->kind == LEDGER_FUND)
            break;
        d->other_id = draw_partner(draw, d->account_id);
    }
    d->reason = draw_reason(draw);
}

static int64_t draw_expiry(struct draw *draw)
{
    const struct model *m = draw->m;
    int64_t next_us = m->now_us > m->last_us ? m->now_us : m->last_us + 1;

    switch (draw_below(draw, 16)) {
    case 0:
        return next_us + LEDGER_HOLD_US_MAX + draw_below(draw, 2);
    case 1:
        return next_us + draw_below(draw, 2);
    case 2:
    case 3:
    case 4:
        return next_us + draw_between(draw, 1, 30) * DAY_US;
    default:
        return next_us + 1 + draw_below(draw, 20000 * SECOND_US);
    }
}

/* What would bring somebody's reserve just to what the ledger counts, or over it. */
static void draw_full_hold(struct draw *draw, struct deed *d)
{
    const struct model *m = draw->m;
    const struct model_hold *h = &m->holds[m->open[draw_below(draw, m->open_count)] - 1];
    bool payer_is_full = draw_one_in(draw, 2);
    int64_t full = payer_is_full ? h->account_id : h->payees[0].account_id;
    int64_t other = draw_partner(draw, full);
    const struct model_figures f = model_figures(m, full);

    d->account_id = payer_is_full ? full : other;
    d->legs[0].account_id = payer_is_full ? other : full;
    d->legs[0].amount_minor = LEDGER_AMOUNT_MAX + draw_below(draw, 2) -
                              (payer_is_full ? f.reserved_out_minor : f.reserved_in_minor);
    d->leg_count = 1;
    d->expires_at_us = draw_expiry(draw);
}

void draw_hold(struct draw *draw, struct deed *d)
{
    int payees = draw_one_in(draw, 2) ? 1 : (int)draw_between(draw, 1, LEDGER_HOLD_PAYEES_MAX);

    if (draw->m->open_count > 0 && draw_one_in(draw, 40)) {
        draw_full_hold(draw, d);
        return;
    }
    if (draw_one_in(draw, 60))
        payees = draw_one_in(draw, 2) ? 0 : LEDGER_HOLD_PAYEES_MAX + 1;
    d->account_id = draw_account(draw);
    for (int i = 0; i < payees; i++) {
        int64_t payee = draw_partner(draw, d->account_id);
        for (int tries = 0; tries < 20 && stands_in(d, payee); tries++)
            payee = draw_partner(draw, d->account_id);
        int64_t amount_minor = draw_amount(draw, d->account_id, payee);
        if (payees > 1 && amount_minor > 3)
            amount_minor = draw_one_in(draw, 4) ? 1 + draw_below(draw, 3) : amount_minor / payees;
        if (draw_one_in(draw, 200))
            payee = d->account_id;
        d->legs[d->leg_count++] = (struct ledger_leg){payee, amount_minor};
    }
    d->expires_at_us = draw_expiry(draw);
    d->memo = draw_memo(draw);
}

/* Mostly one that is open as written, so now and then one whose time is over or ends just now. */
static int64_t draw_hold_id(struct draw *draw)
{
    const struct model *m = draw->m;

    if (draw_one_in(draw, 50))
        return m->hold_count + 1;
    if (m->open_count == 0 || draw_one_in(draw, 10))
        return draw_below(draw, m->hold_count + 2);
    for (int64_t i = 0; i < m->open_count; i++)
        if (m->holds[m->open[i] - 1].expires_at_us == m->now_us && draw_one_in(draw, 2))
            return m->open[i];
    return m->open[draw_below(draw, m->open_count)];
}

void draw_capture(struct draw *draw, struct deed *d)
{
    d->id = draw_hold_id(draw);
    const struct model_hold *h = model_hold(draw->m, d->id);
    if (!h || draw_one_in(draw, 3))
        return;
    d->amount_minor = draw_one_in(draw, 3) ? h->amount_minor + draw_below(draw, 2)
                                           : 1 + draw_below(draw, h->amount_minor);
    if (draw_one_in(draw, 40))
        d->amount_minor = -d->amount_minor;
}

void draw_release(struct draw *draw, struct deed *d)
{
    d->id = draw_hold_id(draw);
    d->reason = draw_reason(draw);
}
