#include "verify_replay.h"

#include "levy_trade.h"

/* What came in by trade, month by month and account by account, as the journal says. */
#define TRADE                                                                                      \
    "(SELECT m.id AS month_id, e.account_id AS account_id, "                                       \
    "sum(e.amount_minor / 1000) AS thousands, sum(e.amount_minor % 1000) AS rest "                 \
    "FROM levy_month m JOIN levy v ON v.id = m.levy_id AND v.points > 0 "                          \
    "JOIN entry e ON e.transfer_id > m.after_id AND e.transfer_id <= m.through_id "                \
    "JOIN account a ON a.id = e.account_id AND a.currency_id = m.currency_id "                     \
    "JOIN member p ON p.id = a.member_id AND p.kind IN ('coop', 'person') " LEVY_TRADE             \
    "GROUP BY m.id, e.account_id) AS trade "
#define BASE                                                                                       \
    "CASE WHEN coalesce(trade.thousands, 0) >= 1000000000000 THEN 1000000000000000 "               \
    "WHEN coalesce(trade.thousands * 1000 + trade.rest, 0) < 0 THEN 0 "                            \
    "ELSE coalesce(trade.thousands * 1000 + trade.rest, 0) END"
#define AMOUNT(base)                                                                               \
    "CASE WHEN v.points = 0 THEN v.flat_minor ELSE " base " / 10000 * v.points + "                 \
    "(" base " % 10000 * v.points + 5000) / 10000 END"

static const struct replay_rule rules[] = {
    {"levy month", "it does not follow on the month before it", NULL,
     "SELECT id FROM (SELECT id, after_id, month_on, from_us, lag(through_id) OVER w AS ended_id, "
     "lag(month_on) OVER w AS before_on, lag(to_us) OVER w AS ended_us FROM levy_month "
     "WINDOW w AS (PARTITION BY currency_id ORDER BY month_on)) AS months "
     "WHERE ended_id <> after_id OR ended_us <> from_us OR month_on - before_on > 31 "
     "ORDER BY id LIMIT 1"},
    {"levy month", "its part of the journal was not posted in it, or is not all of it", NULL,
     "SELECT m.id FROM levy_month m LEFT JOIN transfer b ON b.id = m.after_id LEFT JOIN transfer f "
     "ON f.id = m.after_id + 1 LEFT JOIN transfer h ON h.id = m.through_id LEFT JOIN transfer n ON "
     "n.id = m.through_id + 1 WHERE b.posted_at_us >= m.from_us OR f.posted_at_us < m.from_us OR "
     "h.posted_at_us >= m.to_us OR n.posted_at_us < m.to_us ORDER BY m.id LIMIT 1"},
    {"levy month", "its levy is not the one that was in force", NULL,
     "SELECT m.id FROM levy_month m WHERE m.levy_id IS NOT (SELECT v.id FROM levy v WHERE "
     "v.currency_id = m.currency_id AND v.from_on <= m.month_on ORDER BY v.from_on DESC, v.id DESC "
     "LIMIT 1) ORDER BY m.id LIMIT 1"},
    {"levy charge", "its transfer does not pay what it says", NULL,
     "SELECT c.id FROM levy_charge c LEFT JOIN transfer t ON t.id = c.transfer_id "
     "LEFT JOIN entry e ON e.transfer_id = c.transfer_id AND e.account_id = c.account_id "
     "WHERE c.transfer_id IS NOT NULL AND (t.kind IS NOT 'levy' OR "
     "e.amount_minor IS NOT -c.amount_minor) ORDER BY c.id LIMIT 1"},
    {"transfer", "it is a levy, and no charge names it", NULL,
     "SELECT t.id FROM transfer t WHERE t.kind = 'levy' AND NOT EXISTS (SELECT 1 FROM levy_charge "
     "c WHERE c.transfer_id = t.id) ORDER BY t.id LIMIT 1"},
    {"levy charge", "the levy of its month comes to", "it took",
     "SELECT c.id, y.scale, c.amount_minor, " AMOUNT(
         "c.base_minor") " FROM levy_charge c JOIN "
                         "levy_month m ON m.id = c.month_id JOIN levy v ON v.id = m.levy_id JOIN "
                         "currency y ON y.id = "
                         "m.currency_id WHERE c.transfer_id IS NOT NULL AND c.amount_minor <> "
                         "" AMOUNT("c.base_minor") " ORDER BY c.id LIMIT 1"},
    {NULL, "a levy is due of it that was charged already", NULL,
     "SELECT d.account_id FROM levy_due d JOIN levy_charge c ON c.account_id = d.account_id AND "
     "c.month_id = d.month_id ORDER BY d.account_id LIMIT 1"},
    {NULL, "what came in by trade is", "it was asked a levy on",
     "SELECT account_id, (SELECT y.scale FROM account a JOIN currency y ON y.id = a.currency_id "
     "WHERE a.id = account_id), sum(asked_minor), sum(traded_minor) FROM ("
     "SELECT account_id, month_id, " BASE " AS traded_minor, 0 AS asked_minor, 0 AS asked "
     "FROM " TRADE "UNION ALL SELECT account_id, month_id, 0, base_minor, 1 FROM levy_charge "
     "UNION ALL SELECT account_id, month_id, 0, CASE WHEN base_minor < 0 THEN 0 WHEN base_minor > "
     "1000000000000000 THEN 1000000000000000 ELSE base_minor END, 1 FROM levy_due) AS both_sides "
     "JOIN levy_month n ON n.id = month_id JOIN levy v ON v.id = n.levy_id "
     "WHERE n.id NOT IN (SELECT month_id FROM levy_reading) GROUP BY account_id, month_id, "
     "v.points, v.flat_minor, v.minimum_minor "
     "HAVING CASE WHEN max(asked) = 0 THEN " AMOUNT(
         "sum(traded_minor)") " >= "
                              "CASE WHEN v.minimum_minor > 0 THEN v.minimum_minor ELSE 1 END "
                              "ELSE sum(asked_minor) <> sum(traded_minor) END ORDER BY account_id, "
                              "month_id LIMIT 1"},
};

enum ledger_status replay_fund(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
