#include "lot.h"

#include "handle.h"
#include "provider.h"

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

/* One leg's walk over lots. Without `write` it only finds out whether they have enough. */
struct walk {
    struct ledger *l;
    struct ledger_account *a;
    int64_t need_minor;
    int64_t rest_minor; /* of that, still to be moved */
    int64_t transfer_id;
    int64_t hold_id;
    bool write;
    bool gives;     /* of an undoing: the account gives back */
    bool stands_in; /* the lots at hand take the place of others that have too little */
    bool dated;     /* a lot that must give back expires: no other stands in for it */
};

/* A lot, and how much of it the step at hand may move. */
struct piece {
    int64_t lot_id;
    int64_t expires_on;
    int64_t free_minor;
    int64_t net_minor; /* what a transfer put in (plus) or took out (minus), corrections counted */
};

static enum ledger_status read_piece(void *into, const struct store_row *row)
{
    struct piece *p = into;

    *p = (struct piece){store_row_int(row, 0), store_row_int(row, 1), store_row_int(row, 2),
                        store_row_int(row, 3)};
    return LEDGER_OK;
}

static int64_t part_of(struct walk *w, int64_t at_most_minor)
{
    int64_t part_minor = at_most_minor < w->rest_minor ? at_most_minor : w->rest_minor;

    part_minor = part_minor > 0 ? part_minor : 0;
    w->rest_minor -= part_minor;
    return part_minor;
}

static enum ledger_status move(struct walk *w, int64_t lot_id, int64_t amount_minor)
{
    if (amount_minor == 0 || !w->write)
        return LEDGER_OK;
    LEDGER_TRY(ledger_exec(w->l, "UPDATE lot SET left_minor = left_minor + $2 WHERE id = $1",
                           STORE_ARGS(store_int(lot_id), store_int(amount_minor))));
    return ledger_exec(w->l,
                       "INSERT INTO lot_move (transfer_id, lot_id, stand_in, amount_minor) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(w->transfer_id), store_int(lot_id),
                                  store_int(w->stands_in), store_int(amount_minor)));
}

static enum ledger_status pin(struct walk *w, int64_t lot_id, int64_t amount_minor)
{
    LEDGER_TRY(ledger_exec(w->l, "UPDATE lot SET pinned_minor = pinned_minor + $2 WHERE id = $1",
                           STORE_ARGS(store_int(lot_id), store_int(amount_minor))));
    return ledger_exec(
        w->l, "INSERT INTO lot_pin (hold_id, lot_id, amount_minor) VALUES ($1, $2, $3)",
        STORE_ARGS(store_int(w->hold_id), store_int(lot_id), store_int(amount_minor)));
}

/*
 * The next lot with something free after `p`, in the order they are spent. Two probes of the index: by one
 * comparison of (expires_on, id) SQLite would walk over all lots of the day each time.
 */
static enum ledger_status next_free(struct walk *w, struct piece *p)
{
    enum ledger_status status = ledger_first(
        w->l,
        "SELECT id, expires_on, left_minor - pinned_minor, 0 FROM lot "
        "WHERE account_id = $1 AND left_minor > 0 AND expires_on = $2 AND id > $3 "
        "AND left_minor > pinned_minor ORDER BY id LIMIT 1",
        STORE_ARGS(store_int(w->a->id), store_int(p->expires_on), store_int(p->lot_id)), read_piece,
        p);

    if (status != LEDGER_NO_ROW)
        return status;
    return ledger_first(w->l,
                        "SELECT id, expires_on, left_minor - pinned_minor, 0 FROM lot "
                        "WHERE account_id = $1 AND left_minor > 0 AND expires_on > $2 "
                        "AND left_minor > pinned_minor ORDER BY expires_on, id LIMIT 1",
                        STORE_ARGS(store_int(w->a->id), store_int(p->expires_on)), read_piece, p);
}

/* What is free of the lots that are good on `day`, the earliest expiry first, is spent or pinned. */
static enum ledger_status spend(struct walk *w, int32_t day, bool pins)
{
    struct piece p = {.expires_on = day};

    while (w->rest_minor > 0) {
        enum ledger_status status = next_free(w, &p);
        if (status == LEDGER_NO_ROW)
            return LEDGER_OK;
        LEDGER_TRY(status);
        int64_t part_minor = part_of(w, p.free_minor);
        LEDGER_TRY(pins ? pin(w, p.lot_id, part_minor) : move(w, p.lot_id, -part_minor));
    }
    return LEDGER_OK;
}

static enum ledger_status spend_pin(void *into, const struct store_row *row)
{
    struct walk *w = into;
    int64_t lot_id = store_row_int(row, 0);
    int64_t part_minor = part_of(w, store_row_int(row, 1));

    if (part_minor == 0 || !w->write)
        return LEDGER_OK;
    LEDGER_TRY(ledger_exec(w->l, "UPDATE lot SET pinned_minor = pinned_minor - $2 WHERE id = $1",
                           STORE_ARGS(store_int(lot_id), store_int(part_minor))));
    LEDGER_TRY(
        ledger_exec(w->l,
                    "UPDATE lot_pin SET amount_minor = amount_minor - $3 "
                    "WHERE hold_id = $1 AND lot_id = $2",
                    STORE_ARGS(store_int(w->hold_id), store_int(lot_id), store_int(part_minor))));
    return move(w, lot_id, -part_minor);
}

/* What the hold pinned, expired or not. */
static enum ledger_status spend_pinned(struct walk *w, int64_t hold_id)
{
    w->hold_id = hold_id;
    return ledger_each(w->l,
                       "SELECT p.lot_id, p.amount_minor FROM lot_pin p "
                       "JOIN lot t ON t.id = p.lot_id WHERE p.hold_id = $1 "
                       "ORDER BY t.expires_on, p.lot_id",
                       STORE_ARGS(store_int(hold_id)), spend_pin, w);
}

static enum ledger_status undo_move(void *into, const struct store_row *row)
{
    struct walk *w = into;
    struct piece p;

    if (w->rest_minor == 0)
        return LEDGER_STOP;
    LEDGER_TRY(read_piece(&p, row));
    w->dated = w->dated || p.expires_on < LEDGER_LOT_NEVER;
    if (!w->gives)
        return move(w, p.lot_id, part_of(w, -p.net_minor));
    return move(w, p.lot_id, -part_of(w, p.net_minor < p.free_minor ? p.net_minor : p.free_minor));
}

/*
 * Undo what transfer `corrects` did to the account's lots, as far as it is not undone: the lot of the
 * latest expiry first, so that a part refund leaves what a smaller payment would have left.
 */
static enum ledger_status undo(struct walk *w, int64_t corrects, bool gives)
{
    w->gives = gives;
    return ledger_each(
        w->l,
        "SELECT t.id, t.expires_on, t.left_minor - t.pinned_minor, (SELECT sum(n.amount_minor) "
        "FROM lot_move n WHERE n.lot_id = t.id AND n.transfer_id IN (SELECT $2 UNION ALL "
        "SELECT id FROM transfer WHERE corrects = $2 UNION ALL SELECT r.id FROM transfer f "
        "JOIN transfer r ON r.corrects = f.id WHERE f.corrects = $2)) "
        "FROM (SELECT DISTINCT lot_id FROM lot_move WHERE transfer_id = $2) AS m "
        "JOIN lot t ON t.id = m.lot_id WHERE t.account_id = $1 "
        "ORDER BY t.expires_on DESC, t.id DESC",
        STORE_ARGS(store_int(w->a->id), store_int(corrects)), undo_move, w);
}

/*
 * What a provider earned is all alike: where the lots that must give back have too little, others do. As
 * long as nothing is written they still have what was counted of them already.
 */
static enum ledger_status stand_in(struct walk *w)
{
    int64_t have_minor;

    w->stands_in = true;
    if (w->write || w->rest_minor == 0)
        return spend(w, LEDGER_LOT_NEVER, false);
    LEDGER_TRY(ledger_first(w->l,
                            "SELECT coalesce(sum(left_minor - pinned_minor), 0) FROM lot "
                            "WHERE account_id = $1 AND left_minor > 0 AND expires_on = 95026",
                            STORE_ARGS(store_int(w->a->id)), ledger_read_int, &have_minor));
    w->rest_minor = have_minor < w->need_minor ? w->need_minor - have_minor : 0;
    return LEDGER_OK;
}

static enum ledger_status spend_one(struct walk *w, int64_t lot_id)
{
    struct piece p;

    LEDGER_TRY(ledger_first(
        w->l, "SELECT id, expires_on, left_minor - pinned_minor, 0 FROM lot WHERE id = $1",
        STORE_ARGS(store_int(lot_id)), read_piece, &p));
    return move(w, lot_id, -part_of(w, p.free_minor));
}

static enum ledger_status make(struct walk *w, enum ledger_lot_origin origin, int64_t fund_id,
                               int32_t expires_on)
{
    int64_t id;
    int64_t amount_minor = w->rest_minor;

    w->rest_minor = 0;
    if (amount_minor == 0 || !w->write)
        return LEDGER_OK;
    LEDGER_TRY(ledger_next_id(w->l, "SELECT max(id) FROM lot", &id));
    LEDGER_TRY(ledger_exec(
        w->l,
        "INSERT INTO lot (id, account_id, transfer_id, origin, fund_account_id, amount_minor, "
        "expires_on, left_minor) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
        STORE_ARGS(store_int(id), store_int(w->a->id), store_int(w->transfer_id),
                   store_text(origin_names[origin]), store_int_or_null(fund_id, fund_id),
                   store_int(amount_minor), store_int(expires_on))));
    return move(w, id, amount_minor);
}

static int64_t payer_of(const struct ledger_transfer_draft *d)
{
    return d->legs[d->legs[0].amount_minor < 0 ? 0 : 1].account_id;
}

/* The leg puts credits in: where do they lie? */
static enum ledger_status put(struct walk *w, const struct ledger_transfer_draft *d)
{
    switch (d->kind) {
    case LEDGER_GRANT:
        return make(w, LEDGER_LOT_GRANTED, payer_of(d), d->expires_on);
    case LEDGER_EXCHANGE:
    case LEDGER_CAPTURE:
        return make(w, LEDGER_LOT_EARNED, 0, LEDGER_LOT_NEVER);
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
        LEDGER_TRY(undo(w, d->corrects, false));
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
    return make(w, LEDGER_LOT_HISTORY, 0, LEDGER_LOT_NEVER);
}

/* The leg takes credits out: of which lots? */
static enum ledger_status take(struct walk *w, const struct ledger_transfer_draft *d, int32_t day)
{
    switch (d->kind) {
    case LEDGER_EXCHANGE:
    case LEDGER_GRANT:
        return spend(w, day, false);
    case LEDGER_CAPTURE:
        LEDGER_TRY(spend_pinned(w, d->hold_id));
        w->stands_in = true;
        return spend(w, LEDGER_DAY_MIN, false);
    case LEDGER_EXPIRY:
        return spend_one(w, d->lot_id);
    case LEDGER_REDEMPTION:
        return spend(w, LEDGER_LOT_NEVER, false);
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
        LEDGER_TRY(undo(w, d->corrects, true));
        return w->dated ? LEDGER_OK : stand_in(w);
    case LEDGER_OPENING:
    case LEDGER_IMPORT:
    case LEDGER_SETTLEMENT:
    case LEDGER_WRITE_OFF:
    case LEDGER_LEVY:
        break;
    }
    return spend(w, LEDGER_DAY_MIN, false);
}

static enum ledger_status read_expired(void *into, const struct store_row *row)
{
    int64_t *expired = into;

    expired[0] = store_row_int(row, 0);
    expired[1] = store_row_int(row, 1);
    return LEDGER_OK;
}

/* What lies there, and is good no more: the amount and the last day of the newest. */
static enum ledger_status look_at_expired(struct walk *w, int32_t day, int64_t expired[2])
{
    return ledger_first(w->l,
                        "SELECT coalesce(sum(left_minor - pinned_minor), 0), max(expires_on) "
                        "FROM lot WHERE account_id = $1 AND left_minor > 0 AND expires_on < $2",
                        STORE_ARGS(store_int(w->a->id), store_int(day)), read_expired, expired);
}

static enum ledger_status refuse_expired(struct walk *w, int32_t day)
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
static enum ledger_status refuse_short(struct walk *w, const struct ledger_transfer_draft *d,
                                       int32_t day)
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
        struct walk w = {.l = l, .a = &accounts[i], .transfer_id = id, .write = id != 0};
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

static enum ledger_status check_payee(struct ledger *l, struct ledger_account *a, int32_t day)
{
    bool listed;

    if (a->member_kind == LEDGER_FUND) {
        ledger_account_name_it(l, a);
        return ledger_refuse(
            l, LEDGER_EARMARKED,
            "%s is a fund: training credits come back to it by refund, redemption, "
            "expiry or settlement",
            a->handle);
    }
    LEDGER_TRY(ledger_provider_listed(l, a->member_id, day, &listed));
    if (listed)
        return LEDGER_OK;
    ledger_account_name_it(l, a);
    return ledger_refuse(l, LEDGER_NOT_A_PROVIDER,
                         "%s is not on the list of providers: training credits are spent on "
                         "training only",
                         a->handle);
}

static enum ledger_status check_payees(struct ledger *l, const struct ledger_transfer_draft *d,
                                       struct ledger_account *accounts, int32_t day)
{
    for (int i = 0; i < d->leg_count; i++) {
        if (!accounts[i].training || d->legs[i].amount_minor < 0)
            continue;
        enum ledger_status status = check_payee(l, &accounts[i], day);
        if (status != LEDGER_OK)
            return ledger_blame(l, status, "legs", i);
    }
    return LEDGER_OK;
}

static enum ledger_status check_settlement(struct ledger *l, const struct ledger_transfer_draft *d,
                                           const struct ledger_account *accounts)
{
    for (int i = 0; i < d->leg_count; i++)
        if (accounts[i].training && accounts[i].member_kind == LEDGER_FUND)
            return LEDGER_OK;
    return ledger_refuse(l, LEDGER_EARMARKED,
                         "training credits are settled with a fund, not between members");
}

/* Expired credits stay where they went: who gets them again is a new grant. */
static enum ledger_status check_corrected(struct ledger *l, int64_t corrects)
{
    int64_t expiry;

    LEDGER_TRY(ledger_first(l, "SELECT kind = 'expiry' FROM transfer WHERE id = $1",
                            STORE_ARGS(store_int(corrects)), ledger_read_int, &expiry));
    if (!expiry)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_REVERSIBLE,
                         "transfer %lld brought expired credits back to the fund: grant them anew",
                         (long long)corrects);
}

enum ledger_status ledger_lot_check(struct ledger *l, const struct ledger_transfer_draft *d,
                                    struct ledger_account *accounts, int32_t day)
{
    switch (d->kind) {
    case LEDGER_EXCHANGE:
        LEDGER_TRY(check_payees(l, d, accounts, day));
        break;
    case LEDGER_SETTLEMENT:
        LEDGER_TRY(check_settlement(l, d, accounts));
        break;
    case LEDGER_REVERSAL:
    case LEDGER_REFUND:
        LEDGER_TRY(check_corrected(l, d->corrects));
        break;
    case LEDGER_OPENING:
    case LEDGER_IMPORT:
    case LEDGER_CAPTURE:
    case LEDGER_WRITE_OFF:
    case LEDGER_LEVY:
    case LEDGER_GRANT:
    case LEDGER_EXPIRY:
    case LEDGER_REDEMPTION:
        break;
    }
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
    struct walk w = {
        .l = l, .a = &accounts[0], .need_minor = amount_minor, .rest_minor = amount_minor};

    for (int i = 1; i < count; i++) {
        enum ledger_status status = check_payee(l, &accounts[i], day);
        if (status != LEDGER_OK)
            return ledger_blame(l, status, "payees", i - 1);
    }
    if (!keeps_lots(w.a))
        return LEDGER_OK;
    LEDGER_TRY(spend(&w, day, false));
    return w.rest_minor ? refuse_expired(&w, day) : LEDGER_OK;
}

enum ledger_status ledger_lot_pin(struct ledger *l, int64_t hold_id,
                                  const struct ledger_account *payer, int64_t amount_minor,
                                  int32_t day)
{
    struct ledger_account a = *payer;
    struct walk w = {.l = l, .a = &a, .rest_minor = amount_minor, .hold_id = hold_id};

    if (!keeps_lots(&a))
        return LEDGER_OK;
    LEDGER_TRY(spend(&w, day, true));
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
