#include "verify_replay.h"

/*
 * What the lots of training credits have left adds up to the account's balance, now and after each transfer
 * that moved them; a lot is the sum of its moves, a pin is of an open hold. An account of before there
 * were lots may be below zero, and then it has none.
 */
#define SCALE "(SELECT scale FROM currency c WHERE c.id = a.currency_id)"
#define SCALE_OF_LOT                                                                               \
    "(SELECT c.scale FROM account a JOIN currency c ON c.id = a.currency_id "                      \
    "WHERE a.id = t.account_id)"
#define KEEPS_LOTS                                                                                 \
    "a.training = 1 AND a.member_id NOT IN (SELECT id FROM member WHERE kind = 'fund') "

static const struct replay_rule rules[] = {
    {NULL,
     "it is marked as one of training credits, and its currency is none, or the other way round",
     NULL,
     "SELECT a.id FROM account a JOIN currency c ON c.id = a.currency_id "
     "WHERE a.training <> (c.kind = 'training') ORDER BY a.id LIMIT 1"},
    {"lot", "what is left or pinned of it is out of range", NULL,
     "SELECT id FROM lot WHERE amount_minor < 1 OR left_minor NOT BETWEEN 0 AND amount_minor OR "
     "pinned_minor NOT BETWEEN 0 AND left_minor ORDER BY id LIMIT 1"},
    {"lot", "it is granted and does not expire or names no fund, or the other way round", NULL,
     "SELECT t.id FROM lot t WHERE t.origin NOT IN ('granted', 'earned', 'history') OR "
     "(t.origin = 'granted') <> (t.fund_account_id IS NOT NULL) OR "
     "(t.origin = 'granted') <> (t.expires_on < 95026) OR (t.fund_account_id IS NOT NULL AND "
     "NOT EXISTS (SELECT 1 FROM account a JOIN member m ON m.id = a.member_id WHERE "
     "a.id = t.fund_account_id AND m.kind = 'fund')) ORDER BY t.id LIMIT 1"},
    {"lot", "it is of an account that keeps none", NULL,
     "SELECT t.id FROM lot t WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = t.account_id "
     "AND " KEEPS_LOTS ") ORDER BY t.id LIMIT 1"},
    {"lot", "the transfer that made it did not, or made it otherwise", NULL,
     "SELECT t.id FROM lot t WHERE NOT EXISTS (SELECT 1 FROM lot_move m "
     "WHERE m.transfer_id = t.transfer_id AND m.lot_id = t.id AND m.amount_minor = t.amount_minor) "
     "OR (t.origin = 'granted') <> ((SELECT kind FROM transfer WHERE id = t.transfer_id) = "
     "'grant') "
     "ORDER BY t.id LIMIT 1"},
    {"lot", "its moves leave", "it has left",
     "SELECT id, scale, have, want FROM (SELECT t.id, " SCALE_OF_LOT " AS scale, "
     "t.left_minor AS have, coalesce((SELECT sum(amount_minor) FROM lot_move m "
     "WHERE m.lot_id = t.id), 0) AS want FROM lot t) AS lots WHERE have <> want ORDER BY id LIMIT "
     "1"},
    {"lot", "the open holds pin", "it has pinned",
     "SELECT id, scale, have, want FROM (SELECT t.id, " SCALE_OF_LOT " AS scale, "
     "t.pinned_minor AS have, coalesce(p.sum_minor, 0) AS want FROM lot t LEFT JOIN "
     "(SELECT lot_id, sum(amount_minor) AS sum_minor FROM lot_pin GROUP BY lot_id) AS p "
     "ON p.lot_id = t.id) AS lots WHERE have <> want ORDER BY id LIMIT 1"},
    {"lot", "a move stands without it, or without its transfer", NULL,
     "SELECT lot_id FROM lot_move WHERE lot_id NOT IN (SELECT id FROM lot) OR "
     "transfer_id NOT IN (SELECT id FROM transfer) LIMIT 1"},
    {NULL, "its lots have left", "its balance is",
     "SELECT id, scale, have, want FROM (SELECT a.id, " SCALE " AS scale, "
     "CASE WHEN a.balance_minor > 0 THEN a.balance_minor ELSE 0 END AS have, coalesce((SELECT "
     "sum(left_minor) FROM lot t "
     "WHERE t.account_id = a.id), 0) AS want FROM account a WHERE " KEEPS_LOTS
     ") AS lots WHERE have <> want ORDER BY id LIMIT 1"},
    {"transfer", "its lots after it have", "the balance after it is",
     "SELECT transfer_id, scale, have, want FROM (SELECT moved.transfer_id, "
     "(SELECT c.scale FROM account a JOIN currency c ON c.id = a.currency_id "
     "WHERE a.id = moved.account_id) AS scale, coalesce((SELECT CASE WHEN e.balance_minor > 0 THEN "
     "e.balance_minor ELSE 0 END "
     "FROM entry e WHERE e.transfer_id = moved.transfer_id AND e.account_id = moved.account_id), "
     "-1) AS have, sum(moved.sum_minor) OVER (PARTITION BY moved.account_id ORDER BY "
     "moved.transfer_id) AS want FROM (SELECT m.transfer_id, t.account_id, "
     "sum(m.amount_minor) AS sum_minor FROM lot_move m JOIN lot t ON t.id = m.lot_id "
     "GROUP BY m.transfer_id, t.account_id) AS moved) AS steps "
     "WHERE have <> want ORDER BY transfer_id LIMIT 1"},
    {"transfer", "it is an expiry, and moved no lot that was over by then", NULL,
     "SELECT p.id FROM transfer p WHERE p.kind = 'expiry' AND NOT EXISTS (SELECT 1 FROM lot_move m "
     "JOIN lot t ON t.id = m.lot_id JOIN entry e ON e.transfer_id = p.id AND "
     "e.account_id = t.fund_account_id WHERE m.transfer_id = p.id AND "
     "m.amount_minor = -e.amount_minor AND t.expires_on < p.effective_on) ORDER BY p.id LIMIT 1"},
    {"hold", "it is not open, or of another's account, and pins lots", NULL,
     "SELECT p.hold_id FROM lot_pin p LEFT JOIN hold h ON h.id = p.hold_id "
     "LEFT JOIN lot t ON t.id = p.lot_id WHERE h.id IS NULL OR t.id IS NULL OR t.account_id <> "
     "h.account_id OR "
     "EXISTS (SELECT 1 FROM hold_resolution WHERE hold_id = h.id) ORDER BY p.hold_id LIMIT 1"},
    {"hold", "it holds", "its lots are pinned by",
     "SELECT id, scale, have, want FROM (SELECT h.id, " SCALE " AS scale, h.amount_minor AS want, "
     "coalesce((SELECT sum(amount_minor) FROM lot_pin WHERE hold_id = h.id), 0) AS have "
     "FROM account a JOIN hold_open o ON o.account_id = a.id JOIN hold h ON h.id = o.hold_id AND "
     "h.account_id = a.id WHERE a.reserved_out_minor <= a.balance_minor AND " KEEPS_LOTS
     ") AS pins WHERE have <> want ORDER BY id LIMIT 1"},
};

enum ledger_status replay_lots(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
