#include "hold.h"
#include "verify_replay.h"

#include <string.h>

struct holds {
    struct replay *r;
    int64_t placed_at_us; /* of the one before */
};

static enum ledger_status wrong(struct replay *r, int64_t id, const char *what)
{
    return ledger_refuse(r->l, LEDGER_INTEGRITY, "hold %lld: %s", (long long)id, what);
}

/* What a capture must have moved, beside what it moved. */
struct capture {
    struct ledger_leg legs[LEDGER_HOLD_PAYEES_MAX + 1];
    int count; /* the payer stands first */
    int found;
    bool same;
};

static enum ledger_status read_payee(void *into, const struct store_row *row)
{
    struct capture *c = into;

    int64_t amount_minor = store_row_int(row, 1);

    c->same = c->same && amount_minor > 0 && amount_minor <= LEDGER_AMOUNT_MAX;
    if (c->count > LEDGER_HOLD_PAYEES_MAX)
        return LEDGER_STOP;
    c->legs[c->count++] = (struct ledger_leg){store_row_int(row, 0), amount_minor};
    return LEDGER_OK;
}

static enum ledger_status compare_leg(void *into, const struct store_row *row)
{
    struct capture *c = into;
    int i = c->found++;

    c->same = c->same && i < c->count && c->legs[i].account_id == store_row_int(row, 0) &&
              c->legs[i].amount_minor == store_row_int(row, 1);
    return LEDGER_OK;
}

/* As hold.c pays: the captured amount over the payees in proportion; a share of zero has no leg. */
static void share_out(struct capture *c, int64_t payer_id, int64_t captured_minor)
{
    int64_t weights[LEDGER_HOLD_PAYEES_MAX];
    int64_t parts[LEDGER_HOLD_PAYEES_MAX];
    int payees = c->count - 1;

    for (int i = 0; i < payees; i++)
        weights[i] = c->legs[i + 1].amount_minor;
    ledger_amount_split(captured_minor, weights, (size_t)payees, parts);
    c->legs[0] = (struct ledger_leg){payer_id, -captured_minor};
    c->count = 1;
    for (int i = 0; i < payees; i++)
        if (parts[i] > 0)
            c->legs[c->count++] = (struct ledger_leg){c->legs[i + 1].account_id, parts[i]};
}

static enum ledger_status check_capture(struct replay *r, int64_t id, int64_t payer_id,
                                        int64_t captured_minor, int64_t transfer_id)
{
    struct capture c = {.count = 1, .same = true};

    LEDGER_TRY(ledger_each(
        r->l, "SELECT account_id, amount_minor FROM hold_payee WHERE hold_id = $1 ORDER BY leg",
        STORE_ARGS(store_int(id)), read_payee, &c));
    if (!c.same)
        return wrong(r, id, "a payee's amount is out of range");
    share_out(&c, payer_id, captured_minor);
    LEDGER_TRY(ledger_each(
        r->l, "SELECT account_id, amount_minor FROM entry WHERE transfer_id = $1 ORDER BY leg",
        STORE_ARGS(store_int(transfer_id)), compare_leg, &c));
    if (!c.same || c.found != c.count)
        return ledger_refuse(r->l, LEDGER_INTEGRITY,
                             "hold %lld: transfer %lld does not pay what was captured",
                             (long long)id, (long long)transfer_id);
    return LEDGER_OK;
}

static enum ledger_status check_words(struct replay *r, int64_t id, const struct store_row *row)
{
    size_t size;
    const void *hash = store_row_blob(row, 5, &size);

    if (store_row_null(row, 6))
        return hash ? replay_check_erased(r, "hold", id) : LEDGER_OK;
    if (!hash || size != 32)
        return wrong(r, id, "it has a memo or reference now, and had none when it was placed");
    return replay_check_text(r, "hold", id, hash, row, 6);
}

/* Columns: id, account_id, amount_minor, placed_at_us, sum of its payees, text_hash, salt, memo,
 * reference; resolution's kind, at_us, amount_minor, transfer_id; that transfer's kind. */
static enum ledger_status check_hold(void *into, const struct store_row *row)
{
    struct holds *h = into;
    struct replay *r = h->r;
    int64_t id = store_row_int(row, 0);
    int64_t amount_minor = store_row_int(row, 2);

    if (id != r->v->holds + 1)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "hold %lld is missing",
                             (long long)r->v->holds + 1);
    if (store_row_int(row, 3) < h->placed_at_us)
        return wrong(r, id, "it was placed before the one before it");
    if (store_row_int(row, 4) != amount_minor)
        return wrong(r, id, "its payees do not add up to its amount");
    if (!store_row_null(row, 9) && store_row_int(row, 10) < store_row_int(row, 3))
        return wrong(r, id, "it was resolved before it was placed");
    if (store_row_int(row, 11) > amount_minor)
        return wrong(r, id, "more was captured than was held");
    LEDGER_TRY(check_words(r, id, row));
    h->placed_at_us = store_row_int(row, 3);
    r->v->holds++;
    if (store_row_null(row, 12))
        return LEDGER_OK;
    if (strcmp(store_row_text(row, 13), "capture") != 0)
        return wrong(r, id, "it names a transfer that is no capture");
    return check_capture(r, id, store_row_int(row, 1), store_row_int(row, 11),
                         store_row_int(row, 12));
}

enum ledger_status replay_holds(struct replay *r)
{
    struct holds h = {.r = r, .placed_at_us = INT64_MIN};

    return ledger_each(
        r->l,
        "SELECT h.id, h.account_id, h.amount_minor, h.placed_at_us, (SELECT sum(amount_minor) "
        "FROM hold_payee WHERE hold_id = h.id), h.text_hash, x.salt, x.memo, x.reference, "
        "s.kind, s.at_us, s.amount_minor, s.transfer_id, t.kind FROM hold h "
        "LEFT JOIN hold_text x ON x.hold_id = h.id "
        "LEFT JOIN hold_resolution s ON s.hold_id = h.id "
        "LEFT JOIN transfer t ON t.id = s.transfer_id ORDER BY h.id",
        STORE_NO_ARGS, check_hold, &h);
}
