#include "verify_replay.h"

/* Half away from zero, as request_line.c rounds. */
#define PART_OF_LINES                                                                              \
    "CASE WHEN exact < 0 THEN -((500 - exact) / 1000) ELSE (exact + 500) / 1000 END"
#define PART_OF_TAX "(t.net_minor % 10000 * t.tax_points)"

static const struct replay_rule rules[] = {
    {"request", "its payee's number before it is missing", NULL,
     "SELECT id FROM (SELECT id, number, row_number() OVER (PARTITION BY payee_id ORDER BY id) AS "
     "place FROM request) AS placed WHERE number <> place ORDER BY id LIMIT 1"},
    {"request", "its payer and payee are one", NULL,
     "SELECT id FROM request WHERE payer_id = payee_id ORDER BY id LIMIT 1"},
    {"request", "it has no line, or one is missing", NULL,
     "SELECT r.id FROM request r LEFT JOIN request_line n ON n.request_id = r.id GROUP BY r.id "
     "HAVING count(n.line) = 0 OR max(n.line) <> count(n.line) ORDER BY r.id LIMIT 1"},
    {"request", "a line or a rate stands without it", NULL,
     "SELECT request_id FROM request_line WHERE request_id NOT IN (SELECT id FROM request) "
     "UNION ALL SELECT request_id FROM request_rate WHERE request_id NOT IN "
     "(SELECT id FROM request) LIMIT 1"},
    {"request", "a line's net is not its quantity times its price", NULL,
     "SELECT request_id FROM (SELECT request_id, " PART_OF_LINES " AS want, so_far FROM (SELECT "
     "request_id, sum(quantity_milli * price_minor) OVER lines AS exact, sum(net_minor) OVER lines "
     "AS so_far FROM request_line WINDOW lines AS (PARTITION BY request_id, tax_points ORDER BY "
     "line)) AS added) AS both WHERE want <> so_far ORDER BY request_id LIMIT 1"},
    {"request", "what a tax rate comes to is not what its lines give", NULL,
     "SELECT n.request_id FROM (SELECT request_id, tax_points, sum(net_minor) AS net_minor FROM "
     "request_line GROUP BY request_id, tax_points) AS n LEFT JOIN request_rate t ON t.request_id "
     "= n.request_id AND t.tax_points = n.tax_points WHERE t.net_minor IS NOT n.net_minor OR "
     "t.tax_minor <> t.net_minor / 10000 * t.tax_points + CASE WHEN t.net_minor < 0 THEN "
     "-((5000 - " PART_OF_TAX ") / 10000) ELSE (" PART_OF_TAX " + 5000) / 10000 END "
     "ORDER BY n.request_id LIMIT 1"},
    {"request", "its net and tax are not those of its tax rates", NULL,
     "SELECT r.id FROM request r WHERE r.net_minor IS NOT (SELECT sum(t.net_minor) FROM "
     "request_rate t WHERE t.request_id = r.id) OR r.tax_minor IS NOT (SELECT sum(t.tax_minor) "
     "FROM request_rate t WHERE t.request_id = r.id) OR r.gross_minor <> r.net_minor + "
     "r.tax_minor ORDER BY r.id LIMIT 1"},
    {"request", "what is payable outside does not stand for the rest of the whole", NULL,
     "SELECT id FROM (SELECT r.id, r.gross_minor - r.ledger_minor AS rest, r.outside_minor, "
     "r.value_micro, CASE c.scale WHEN 0 THEN 10000 WHEN 1 THEN 100000 WHEN 2 THEN 1000000 WHEN 3 "
     "THEN 10000000 WHEN 4 THEN 100000000 WHEN 5 THEN 1000000000 ELSE 10000000000 END AS whole "
     "FROM request r JOIN currency c ON c.id = r.currency_id) AS parts WHERE CASE WHEN "
     "outside_minor = 0 THEN rest <> 0 WHEN outside_minor > 4000000000000000000 / whole THEN rest "
     "< 1 ELSE rest <> (outside_minor * whole * 2 + value_micro) / (value_micro * 2) END "
     "ORDER BY id LIMIT 1"},
    {"request", "it is a credit note, and not for an invoice between the same two", NULL,
     "SELECT r.id FROM request r LEFT JOIN request i ON i.id = r.corrects_id AND i.kind = "
     "'invoice' AND i.payee_id = r.payee_id AND i.payer_id = r.payer_id AND i.currency_id = "
     "r.currency_id WHERE r.kind = 'credit-note' AND i.id IS NULL ORDER BY r.id LIMIT 1"},
    {"request", "it is a credit note, and dated before its invoice", NULL,
     "SELECT r.id FROM request r JOIN request i ON i.id = r.corrects_id WHERE r.issued_on < "
     "i.issued_on ORDER BY r.id LIMIT 1"},
    {"request", "it is a credit note, and its invoice was not credited by as much", NULL,
     "SELECT r.id FROM request r LEFT JOIN request_event e ON e.credit_id = r.id AND e.kind = "
     "'credited' AND e.request_id = r.corrects_id AND e.ledger_minor = -r.ledger_minor AND "
     "e.outside_minor = -r.outside_minor WHERE r.kind = 'credit-note' AND e.id IS NULL "
     "ORDER BY r.id LIMIT 1"},
    {"request", "an event stands without it, or is no invoice's", NULL,
     "SELECT e.request_id FROM request_event e LEFT JOIN request r ON r.id = e.request_id AND "
     "r.kind = 'invoice' WHERE r.id IS NULL ORDER BY e.id LIMIT 1"},
    {"request", "its events are not in the order of their times", NULL,
     "SELECT request_id FROM (SELECT request_id, at_us, lag(at_us) OVER (PARTITION BY request_id "
     "ORDER BY id) AS before_us FROM request_event) AS timed WHERE at_us <= before_us "
     "ORDER BY request_id LIMIT 1"},
    {"request", "more was paid, or less, than was open", NULL,
     "SELECT id FROM (SELECT r.id, r.ledger_minor + sum(e.ledger_minor) OVER events AS open, "
     "r.ledger_minor AS most, r.outside_minor + sum(e.outside_minor) OVER events AS outside, "
     "r.outside_minor AS most_outside FROM request r JOIN request_event e ON e.request_id = r.id "
     "WINDOW events AS (PARTITION BY r.id ORDER BY e.id)) AS course WHERE open NOT BETWEEN 0 AND "
     "most OR outside NOT BETWEEN 0 AND most_outside ORDER BY id LIMIT 1"},
    {"request", "a transfer that paid it does not pay as much, between its two", NULL,
     "SELECT e.request_id FROM request_event e JOIN request r ON r.id = e.request_id WHERE "
     "e.kind IN ('paid', 'matched') AND (SELECT count(*) FROM entry n JOIN account a ON a.id = "
     "n.account_id "
     "JOIN transfer t ON t.id = n.transfer_id AND (t.posted_at_us = e.at_us OR (e.kind = "
     "'matched' AND t.posted_at_us < e.at_us AND t.kind = 'exchange')) "
     "WHERE n.transfer_id = e.transfer_id AND a.currency_id = r.currency_id AND ((a.member_id = "
     "r.payer_id AND n.amount_minor = e.ledger_minor) OR (a.member_id = r.payee_id AND "
     "n.amount_minor = -e.ledger_minor))) <> 2 ORDER BY e.id LIMIT 1"},
    {"request", "a payment of it was reversed, and it is not open again by as much", NULL,
     "SELECT e.request_id FROM request_event e JOIN transfer t ON t.corrects = e.transfer_id AND "
     "t.kind = 'reversal' LEFT JOIN request_event b ON b.transfer_id = t.id AND b.kind = "
     "'reversed' AND b.request_id = e.request_id AND b.ledger_minor = -e.ledger_minor AND b.at_us "
     "= t.posted_at_us WHERE e.kind IN ('paid', 'matched') AND b.id IS NULL ORDER BY e.id LIMIT 1"},
    {"request", "it is open again by a transfer that reversed no payment of it", NULL,
     "SELECT b.request_id FROM request_event b LEFT JOIN transfer t ON t.id = b.transfer_id AND "
     "t.kind = 'reversal' LEFT JOIN request_event e ON e.transfer_id = t.corrects AND e.kind "
     "IN ('paid', 'matched') AND e.request_id = b.request_id WHERE b.kind = 'reversed' AND e.id IS "
     "NULL "
     "ORDER BY b.id LIMIT 1"},
    {"request", "a refund that counts is of no payment of it, or its credit note is of another",
     NULL,
     "SELECT e.request_id FROM request_event e LEFT JOIN request n ON n.id = e.credit_id AND "
     "n.corrects_id = e.request_id LEFT JOIN transfer t ON t.id = e.transfer_id AND t.kind = "
     "'refund' AND t.posted_at_us < e.at_us LEFT JOIN request_event p ON p.transfer_id = "
     "t.corrects "
     "AND p.kind IN ('paid', 'matched') AND p.request_id = e.request_id WHERE e.kind = 'refunded' "
     "AND (n.id IS NULL OR p.id IS NULL) ORDER BY e.id LIMIT 1"},
    {"request", "a refund counts for more than it gave back, or was reversed", NULL,
     "SELECT e.request_id FROM request_event e WHERE e.kind = 'refunded' GROUP BY e.transfer_id "
     "HAVING sum(e.ledger_minor) > (SELECT max(n.amount_minor) FROM entry n WHERE n.transfer_id = "
     "e.transfer_id) OR EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = e.transfer_id AND "
     "v.kind = 'reversal') ORDER BY e.request_id LIMIT 1"},
    {"request", "something happened after it was declined or withdrawn", NULL,
     "SELECT e.request_id FROM request_event e WHERE e.kind IN ('declined', 'withdrawn') AND "
     "EXISTS (SELECT 1 FROM request_event n WHERE n.request_id = e.request_id AND n.id > e.id) "
     "ORDER BY e.id LIMIT 1"},
    {"request", "its events give", "what is open of it is",
     "SELECT id, scale, have, want FROM (SELECT r.id, c.scale, coalesce(o.ledger_minor, 0) AS "
     "have, r.ledger_minor + coalesce((SELECT sum(e.ledger_minor) FROM request_event e WHERE "
     "e.request_id = r.id), 0) AS want FROM request r JOIN currency c ON c.id = r.currency_id "
     "LEFT JOIN request_open o ON o.request_id = r.id WHERE r.kind = 'invoice') AS kept "
     "WHERE have <> want ORDER BY id LIMIT 1"},
    {"request", "its events give", "what is open of it outside is",
     "SELECT id, 2, have, want FROM (SELECT r.id, coalesce(o.outside_minor, 0) AS have, "
     "r.outside_minor + coalesce((SELECT sum(e.outside_minor) FROM request_event e WHERE "
     "e.request_id = r.id), 0) AS want FROM request r LEFT JOIN request_open o ON o.request_id = "
     "r.id WHERE r.kind = 'invoice') AS kept WHERE have <> want ORDER BY id LIMIT 1"},
    {"request", "it is listed as open for others, another day, or a dispute that is none", NULL,
     "SELECT o.request_id FROM request_open o LEFT JOIN request r ON r.id = o.request_id AND "
     "r.kind = 'invoice' AND r.payee_id = o.payee_id AND r.payer_id = o.payer_id AND r.due_on = "
     "o.due_on WHERE r.id IS NULL OR o.disputed <> coalesce((SELECT e.kind = 'disputed' FROM "
     "request_event e WHERE e.request_id = r.id AND e.kind IN ('disputed', 'resolved') ORDER BY "
     "e.id DESC LIMIT 1), 0) ORDER BY o.request_id LIMIT 1"},
    {"request", "words stand without it, or although their erasure is on record", NULL,
     "SELECT id FROM (SELECT request_id AS id FROM request_text UNION ALL SELECT request_id FROM "
     "request_line_text UNION ALL SELECT coalesce(e.request_id, 0) FROM request_event_text x LEFT "
     "JOIN request_event e ON e.id = x.event_id) AS worded WHERE NOT EXISTS (SELECT 1 FROM "
     "request r WHERE r.id = worded.id) OR EXISTS (SELECT 1 FROM request r JOIN erasure x ON "
     "(x.kind = 'request' AND x.subject = r.id) OR (x.kind = 'member' AND x.subject IN "
     "(r.payee_id, r.payer_id)) WHERE r.id = worded.id) ORDER BY id LIMIT 1"},
    {"request", "its words are gone, and no erasure is on record", NULL,
     "SELECT r.id FROM request r WHERE ((SELECT count(*) FROM request_line n WHERE n.request_id = "
     "r.id) <> (SELECT count(*) FROM request_line_text x WHERE x.request_id = r.id) OR NOT EXISTS "
     "(SELECT 1 FROM request_text x WHERE x.request_id = r.id)) AND NOT EXISTS (SELECT 1 FROM "
     "erasure x WHERE (x.kind = 'request' AND x.subject = r.id) OR (x.kind = 'member' AND "
     "x.subject IN (r.payee_id, r.payer_id))) ORDER BY r.id LIMIT 1"},

    /* pre-approvals */
    {"pre-approval", "it accepted a request that is not between its two, in its currency", NULL,
     "SELECT u.preapproval_id FROM preapproval_use u LEFT JOIN preapproval p ON p.id = "
     "u.preapproval_id LEFT JOIN request r ON r.id = u.request_id AND r.payer_id = p.payer_id AND "
     "r.payee_id = p.payee_id AND r.currency_id = p.currency_id WHERE r.id IS NULL "
     "ORDER BY u.preapproval_id LIMIT 1"},
    {"pre-approval", "a request that it accepted was not paid so, or not at once", NULL,
     "SELECT u.preapproval_id FROM preapproval_use u WHERE NOT EXISTS (SELECT 1 FROM request_event "
     "e WHERE e.request_id = u.request_id AND e.kind = 'paid' AND e.transfer_id = u.transfer_id "
     "AND e.ledger_minor = -u.amount_minor AND NOT EXISTS (SELECT 1 FROM request_event f WHERE "
     "f.request_id = u.request_id AND f.id < e.id)) ORDER BY u.preapproval_id LIMIT 1"},
    {"pre-approval", "it accepted more than it may, of a request or in a month", NULL,
     "SELECT p.id FROM preapproval p JOIN preapproval_use u ON u.preapproval_id = p.id WHERE NOT "
     "EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = u.transfer_id AND v.kind = 'reversal') "
     "GROUP BY p.id, u.month_on, p.each_minor, p.month_minor HAVING max(u.amount_minor) > "
     "p.each_minor OR sum(u.amount_minor) > p.month_minor ORDER BY p.id LIMIT 1"},
    {"pre-approval", "it accepted a request before it was given, or after it was revoked", NULL,
     "SELECT p.id FROM preapproval p JOIN preapproval_use u ON u.preapproval_id = p.id JOIN "
     "transfer t ON t.id = u.transfer_id LEFT JOIN preapproval_end e ON e.preapproval_id = p.id "
     "WHERE t.posted_at_us < p.at_us OR t.posted_at_us > e.at_us ORDER BY p.id LIMIT 1"},
};

enum ledger_status replay_requests(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
