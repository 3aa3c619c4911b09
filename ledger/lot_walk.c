#include "lot_walk.h"

#include "handle.h"

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

static int64_t part_of(struct ledger_lot_walk *w, int64_t at_most_minor)
{
    int64_t part_minor = at_most_minor < w->rest_minor ? at_most_minor : w->rest_minor;

    part_minor = part_minor > 0 ? part_minor : 0;
    w->rest_minor -= part_minor;
    return part_minor;
}

static enum ledger_status move(struct ledger_lot_walk *w, int64_t lot_id, int64_t amount_minor)
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

static enum ledger_status pin(struct ledger_lot_walk *w, int64_t lot_id, int64_t amount_minor)
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
static enum ledger_status next_free(struct ledger_lot_walk *w, struct piece *p)
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

static enum ledger_status spend_or_pin(struct ledger_lot_walk *w, int32_t day, bool pins)
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

enum ledger_status ledger_lot_walk_spend(struct ledger_lot_walk *w, int32_t day)
{
    return spend_or_pin(w, day, false);
}

enum ledger_status ledger_lot_walk_pin(struct ledger_lot_walk *w, int32_t day)
{
    return spend_or_pin(w, day, true);
}

static enum ledger_status spend_pin(void *into, const struct store_row *row)
{
    struct ledger_lot_walk *w = into;
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

enum ledger_status ledger_lot_walk_pinned(struct ledger_lot_walk *w, int64_t hold_id)
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
    struct ledger_lot_walk *w = into;
    struct piece p;

    if (w->rest_minor == 0)
        return LEDGER_STOP;
    LEDGER_TRY(read_piece(&p, row));
    w->dated = w->dated || p.expires_on < LEDGER_LOT_NEVER;
    if (!w->gives)
        return move(w, p.lot_id, part_of(w, -p.net_minor));
    return move(w, p.lot_id, -part_of(w, p.net_minor < p.free_minor ? p.net_minor : p.free_minor));
}

enum ledger_status ledger_lot_walk_undo(struct ledger_lot_walk *w, int64_t corrects, bool gives)
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
enum ledger_status ledger_lot_walk_stand_in(struct ledger_lot_walk *w)
{
    int64_t have_minor;

    w->stands_in = true;
    if (w->write || w->rest_minor == 0)
        return ledger_lot_walk_spend(w, LEDGER_LOT_NEVER);
    LEDGER_TRY(ledger_first(w->l,
                            "SELECT coalesce(sum(left_minor - pinned_minor), 0) FROM lot "
                            "WHERE account_id = $1 AND left_minor > 0 AND expires_on = 95026",
                            STORE_ARGS(store_int(w->a->id)), ledger_read_int, &have_minor));
    w->rest_minor = have_minor < w->need_minor ? w->need_minor - have_minor : 0;
    return LEDGER_OK;
}

enum ledger_status ledger_lot_walk_one(struct ledger_lot_walk *w, int64_t lot_id)
{
    struct piece p;

    LEDGER_TRY(ledger_first(
        w->l, "SELECT id, expires_on, left_minor - pinned_minor, 0 FROM lot WHERE id = $1",
        STORE_ARGS(store_int(lot_id)), read_piece, &p));
    return move(w, lot_id, -part_of(w, p.free_minor));
}

enum ledger_status ledger_lot_walk_make(struct ledger_lot_walk *w, enum ledger_lot_origin origin,
                                        int64_t fund_id, int32_t expires_on)
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
                   store_text(ledger_lot_origin_name(origin)), store_int_or_null(fund_id, fund_id),
                   store_int(amount_minor), store_int(expires_on))));
    return move(w, id, amount_minor);
}
