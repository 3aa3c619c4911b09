#include "lot.h"

#include "earmark.h"
#include "handle.h"
#include "lot_walk.h"

#include <assert.h>
#include <string.h>

static const char *const origin_names[] = {"granted", "earned", "history"};

const char *ledger_lot_origin_name(enum ledger_lot_origin origin)
{
    return origin_names[origin];
}

static bool keeps_lots(const struct ledger_account *a)
{
    return a->training && a->member_kind != LEDGER_FUND;
}

static int64_t payer_of(const struct ledger_transfer_draft *d)
{
    return d->legs[d->legs[0].amount_minor < 0 ? 0 : 1].account_id;
}

/* The leg puts credits in: where do they lie? */
static enum ledger_status put(struct ledger_lot_walk *w, const struct ledger_transfer_draft *d)
{
    switch (d->kind) {
    case LEDGER_GRANT:
        return ledger_lot_walk_make(w, LEDGER_LOT_GRANTED, payer_of(d), d->expires_on);
    case LEDGER_EXCHANGE:
    case LEDGER_CAPTURE:
        return ledger_lot_walk_make(w, LEDGER_LOT_EARNED, 0, LEDGER_LOT_NEVER);
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
        LEDGER_TRY(ledger_lot_walk_undo(w, d->corrects, false));
        break;
    case LEDGER_OPENING:
    case LEDGER_IMPORT:
    case LEDGER_SETTLEMENT:
    case LEDGER_WRITE_OFF:
    case LEDGER_LEVY:
    case LEDGER_EXPIRY:
    case LEDGER_REDEMPTION:
        break;
    }
    return ledger_lot_walk_make(w, LEDGER_LOT_HISTORY, 0, LEDGER_LOT_NEVER);
}

/* The leg takes credits out: of which lots? */
static enum ledger_status take(struct ledger_lot_walk *w, const struct ledger_transfer_draft *d,
                               int32_t day)
{
    switch (d->kind) {
    case LEDGER_EXCHANGE:
    case LEDGER_GRANT:
        return ledger_lot_walk_spend(w, day);
    case LEDGER_CAPTURE:
        LEDGER_TRY(ledger_lot_walk_pinned(w, d->hold_id));
        w->stands_in = true;
        return ledger_lot_walk_spend(w, LEDGER_DAY_MIN);
    case LEDGER_EXPIRY:
        return ledger_lot_walk_one(w, d->lot_id);
    case LEDGER_REDEMPTION:
        return ledger_lot_walk_spend(w, LEDGER_LOT_NEVER);
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
        LEDGER_TRY(ledger_lot_walk_undo(w, d->corrects, true));
        return w->dated ? LEDGER_OK : ledger_lot_walk_stand_in(w);
    case LEDGER_OPENING:
    case LEDGER_IMPORT:
    case LEDGER_SETTLEMENT:
    case LEDGER_WRITE_OFF:
    case LEDGER_LEVY:
        break;
    }
    return ledger_lot_walk_spend(w, LEDGER_DAY_MIN);
}

static enum ledger_status read_expired(void *into, const struct store_row *row)
{
    int64_t *expired = into;

    expired[0] = store_row_int(row, 0);
    expired[1] = store_row_int(row, 1);
    return LEDGER_OK;
}

/* What lies there, and is good no more: the amount and the last day of the newest. */
static enum ledger_status look_at_expired(struct ledger_lot_walk *w, int32_t day,
                                          int64_t expired[2])
{
    return ledger_first(w->l,
                        "SELECT coalesce(sum(left_minor - pinned_minor), 0), max(expires_on) "
                        "FROM lot WHERE account_id = $1 AND left_minor > 0 AND expires_on < $2",
                        STORE_ARGS(store_int(w->a->id), store_int(day)), read_expired, expired);
}

static enum ledger_status refuse_expired(struct ledger_lot_walk *w, int32_t day)
{
    int64_t expired[2];
    char gone[LEDGER_AMOUNT_TEXT];
    char good[LEDGER_AMOUNT_TEXT];
    char date[LEDGER_DATE_TEXT];

    LEDGER_TRY(look_at_expired(w, day, expired));
    if (expired[0] < w->rest_minor)
        return ledger_refuse(w->l, LEDGER_OVER_LIMIT,
                             "%s has not enough %s credits: a member's cannot go below zero",
                             w->a->handle, w->a->code);
    ledger_amount_format(expired[0], w->a->scale, gone);
    ledger_amount_format(w->need_minor - w->rest_minor, w->a->scale, good);
    return ledger_refuse(w->l, LEDGER_LOT_EXPIRED, "%s %s of %s expired after %s: %s can be spent",
                         gone, w->a->code, w->a->handle,
                         ledger_date_format((int32_t)expired[1], date), good);
}

/* The lots had `rest_minor` too little. */
static enum ledger_status refuse_short(struct ledger_lot_walk *w,
                                       const struct ledger_transfer_draft *d, int32_t day)
{
    char had[LEDGER_AMOUNT_TEXT];

    ledger_account_name_it(w->l, w->a);
    ledger_amount_format(w->need_minor - w->rest_minor, w->a->scale, had);
    switch (d->kind) {
    case LEDGER_EXCHANGE:
    case LEDGER_GRANT:
        return refuse_expired(w, day);
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
        return ledger_refuse(w->l, LEDGER_LOT_SPENT,
                             "%s has %s %s left of the credits that transfer %lld gave it, and "
                             "the rest is spent or held",
                             w->a->handle, had, w->a->code, (long long)d->corrects);
    case LEDGER_REDEMPTION:
        return ledger_refuse(w->l, LEDGER_OVER_REDEMPTION, "%s has earned %s %s that it still has",
                             w->a->handle, had, w->a->code);
    case LEDGER_OPENING:
    case LEDGER_IMPORT:
    case LEDGER_CAPTURE:
    case LEDGER_SETTLEMENT:
    case LEDGER_WRITE_OFF:
    case LEDGER_LEVY:
    case LEDGER_EXPIRY:
        break;
    }
    return ledger_refuse(w->l, LEDGER_OVER_LIMIT,
                         "%s has %s %s credits that are not held: a member's cannot go below zero",
                         w->a->handle, had, w->a->code);
}

/* A ledger of before there were lots may have brought a member below zero: what comes in first pays that. */
static int64_t put_minor(const struct ledger_account *a, int64_t amount_minor)
{
    if (a->balance_minor <= 0)
        return 0;
    return a->balance_minor < amount_minor ? a->balance_minor : amount_minor;
}

static enum ledger_status each_leg(struct ledger *l, const struct ledger_transfer_draft *d,
                                   struct ledger_account *accounts, int32_t day, int64_t id)
{
    for (int i = 0; i < d->leg_count; i++) {
        struct ledger_lot_walk w = {.l = l, .a = &accounts[i], .transfer_id = id, .write = id != 0};
        int64_t amount_minor = d->legs[i].amount_minor;
        if (!keeps_lots(w.a))
            continue;
        w.rest_minor = amount_minor > 0 ? put_minor(w.a, amount_minor) : -amount_minor;
        w.need_minor = w.rest_minor;
        LEDGER_TRY(amount_minor > 0 ? put(&w, d) : take(&w, d, day));
        if (w.rest_minor == 0)
            continue;
        enum ledger_status status = refuse_short(&w, d, day);
        return ledger_blame(l, status, "legs", i);
    }
    return LEDGER_OK;
}

enum ledger_status ledger_lot_check(struct ledger *l, const struct ledger_transfer_draft *d,
                                    struct ledger_account *accounts, int32_t day)
{
    LEDGER_TRY(ledger_earmark_check(l, d, accounts, day));
    return each_leg(l, d, accounts, day, 0);
}

enum ledger_status ledger_lot_post(struct ledger *l, const struct ledger_transfer_draft *d,
                                   struct ledger_account *accounts, int32_t day, int64_t id)
{
    return each_leg(l, d, accounts, day, id);
}

enum ledger_status ledger_lot_check_hold(struct ledger *l, struct ledger_account *accounts,
                                         int count, int64_t amount_minor, int32_t day)
{
    struct ledger_lot_walk w = {
        .l = l, .a = &accounts[0], .need_minor = amount_minor, .rest_minor = amount_minor};

    LEDGER_TRY(ledger_earmark_check_hold(l, accounts, count, day));
    if (!keeps_lots(w.a))
        return LEDGER_OK;
    LEDGER_TRY(ledger_lot_walk_spend(&w, day));
    return w.rest_minor ? refuse_expired(&w, day) : LEDGER_OK;
}

enum ledger_status ledger_lot_pin(struct ledger *l, int64_t hold_id,
                                  const struct ledger_account *payer, int64_t amount_minor,
                                  int32_t day)
{
    struct ledger_account a = *payer;
    struct ledger_lot_walk w = {.l = l, .a = &a, .rest_minor = amount_minor, .hold_id = hold_id};

    if (!keeps_lots(&a))
        return LEDGER_OK;
    LEDGER_TRY(ledger_lot_walk_pin(&w, day));
    assert(w.rest_minor == 0); /* ledger_lot_check_hold saw to it */
    return LEDGER_OK;
}

enum ledger_status ledger_lot_unpin(struct ledger *l, int64_t hold_id)
{
    LEDGER_TRY(ledger_exec(l,
                           "UPDATE lot SET pinned_minor = pinned_minor - (SELECT amount_minor "
                           "FROM lot_pin WHERE hold_id = $1 AND lot_id = lot.id) "
                           "WHERE id IN (SELECT lot_id FROM lot_pin WHERE hold_id = $1)",
                           STORE_ARGS(store_int(hold_id))));
    return ledger_exec(l, "DELETE FROM lot_pin WHERE hold_id = $1", STORE_ARGS(store_int(hold_id)));
}
