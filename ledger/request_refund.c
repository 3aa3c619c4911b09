#include "request_refund.h"

#include "correction.h"
#include "handle.h"
#include "request_event.h"

#include <assert.h>
#include <stdio.h>

/* Refunds `t` of payments `e` of request $1, and `n` what each gave back. */
#define REFUNDS                                                                                    \
    "FROM request_event e JOIN transfer t ON t.corrects = e.transfer_id AND t.kind = 'refund' "    \
    "JOIN entry n ON n.transfer_id = t.id AND n.amount_minor > 0 WHERE e.request_id = $1 AND "     \
    "e.kind IN ('paid', 'matched') AND NOT EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = "   \
    "t.id AND v.kind = 'reversal') "

enum ledger_status ledger_request_given_back(struct ledger *l, int64_t id, int64_t *amount_minor)
{
    return ledger_first(l, "SELECT coalesce(sum(n.amount_minor), 0) " REFUNDS,
                        STORE_ARGS(store_int(id)), ledger_read_int, amount_minor);
}

struct piece {
    int64_t event_id; /* of the payment */
    int64_t transfer_id;
    int64_t left_minor;
};

static enum ledger_status read_piece(void *into, const struct store_row *row)
{
    *(struct piece *)into =
        (struct piece){store_row_int(row, 0), store_row_int(row, 1), store_row_int(row, 2)};
    return LEDGER_OK;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The latest payment before event `before_id` of which something was not given back. */
static enum ledger_status find_payment(struct ledger *l, int64_t id, int64_t before_id,
                                       struct piece *p)
{
    return ledger_first(
        l,
        "SELECT id, transfer_id, left_minor FROM (SELECT e.id, e.transfer_id, -e.ledger_minor - "
        "coalesce((SELECT sum(n.amount_minor) FROM transfer t JOIN entry n ON n.transfer_id = t.id "
        "AND n.amount_minor > 0 WHERE t.corrects = e.transfer_id AND t.kind = 'refund' AND NOT "
        "EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = t.id AND v.kind = 'reversal')), 0) AS "
        "left_minor FROM request_event e WHERE e.request_id = $1 AND e.id < $2 AND e.kind IN "
        "('paid', 'matched') AND NOT EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = "
        "e.transfer_id AND v.kind = 'reversal')) AS payment WHERE left_minor > 0 ORDER BY id DESC "
        "LIMIT 1",
        STORE_ARGS(store_int(id), store_int(before_id)), read_piece, p);
}

enum ledger_status ledger_request_give_back(struct ledger *l, int64_t id, int64_t amount_minor,
                                            const char *memo)
{
    struct piece p = {.event_id = INT64_MAX};
    int64_t refund_id;

    for (; amount_minor > 0; amount_minor -= smaller(amount_minor, p.left_minor)) {
        enum ledger_status status = find_payment(l, id, p.event_id, &p);
        assert(status != LEDGER_NO_ROW);
        LEDGER_TRY(status);
        LEDGER_TRY(ledger_transfer_refund(l, p.transfer_id, smaller(amount_minor, p.left_minor),
                                          memo, &refund_id));
    }
    return LEDGER_OK;
}

/* Of the latest payment through event `through_id`: a refund of which something does not count yet. */
static enum ledger_status find_refund(struct ledger *l, int64_t id, int64_t through_id,
                                      struct piece *p)
{
    return ledger_first(
        l,
        "SELECT id, transfer_id, left_minor FROM (SELECT e.id, t.id AS transfer_id, n.amount_minor "
        "- coalesce((SELECT sum(c.ledger_minor) FROM request_event c WHERE c.transfer_id = t.id "
        "AND c.kind = 'refunded'), 0) AS left_minor " REFUNDS
        "AND e.id <= $2) AS refund WHERE left_minor > 0 ORDER BY id DESC, transfer_id LIMIT 1",
        STORE_ARGS(store_int(id), store_int(through_id)), read_piece, p);
}

enum ledger_status ledger_request_count_refunds(struct ledger *l, int64_t id, int64_t credit_id,
                                                int64_t amount_minor, const char *actor)
{
    struct piece p = {.event_id = INT64_MAX};

    while (amount_minor > 0) {
        struct ledger_request_event e = {
            .request_id = id, .kind = "refunded", .credit_id = credit_id};
        enum ledger_status status = find_refund(l, id, p.event_id, &p);
        assert(status != LEDGER_NO_ROW);
        LEDGER_TRY(status);
        e.transfer_id = p.transfer_id;
        e.ledger_minor = smaller(amount_minor, p.left_minor);
        snprintf(e.actor, sizeof e.actor, "%s", actor);
        LEDGER_TRY(ledger_request_event_write(l, &e));
        amount_minor -= e.ledger_minor;
    }
    return LEDGER_OK;
}

enum ledger_status ledger_request_of_refund(struct ledger *l, int64_t transfer_id,
                                            int64_t *request_id)
{
    return ledger_first(l,
                        "SELECT request_id FROM request_event WHERE transfer_id = $1 AND kind = "
                        "'refunded' LIMIT 1",
                        STORE_ARGS(store_int(transfer_id)), ledger_read_int, request_id);
}
