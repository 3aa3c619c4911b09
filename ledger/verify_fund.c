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

    /* defaults, and what they cost whom */
    {"guarantee", "it has no fund among its steps, or they are not numbered from 1", NULL,
     "SELECT g.id FROM guarantee g LEFT JOIN guarantee_step s ON s.guarantee_id = g.id GROUP BY "
     "g.id "
     "HAVING count(s.account_id) = 0 OR count(s.step) <> max(s.step) ORDER BY g.id LIMIT 1"},
    {NULL, "two defaults of it are open", NULL,
     "SELECT d.account_id FROM declared_default d WHERE NOT EXISTS (SELECT 1 FROM default_end e "
     "WHERE e.default_id = d.id) GROUP BY d.account_id HAVING count(*) > 1 LIMIT 1"},
    {"default", "its shares add up to", "it was covered with",
     "SELECT e.default_id, c.scale, e.amount_minor, (SELECT coalesce(sum(s.amount_minor), 0) FROM "
     "default_share s WHERE s.default_id = e.default_id) AS borne_minor FROM default_end e "
     "JOIN declared_default d ON d.id = e.default_id JOIN account a ON a.id = d.account_id "
     "JOIN currency c ON c.id = a.currency_id WHERE e.amount_minor <> (SELECT "
     "coalesce(sum(s.amount_minor), 0) FROM default_share s WHERE s.default_id = e.default_id) "
     "ORDER BY e.default_id LIMIT 1"},
    {"default", "it is covered, and no write-off of that amount is its, or it is not, and one is",
     NULL,
     "SELECT d.id FROM declared_default d LEFT JOIN default_end e ON e.default_id = d.id "
     "LEFT JOIN write_off w ON w.default_id = d.id WHERE coalesce(e.amount_minor, 0) <> "
     "coalesce(w.amount_minor, 0) OR w.account_id <> d.account_id ORDER BY d.id LIMIT 1"},
    {"default", "a share was not paid by whom it names", NULL,
     "SELECT s.default_id FROM default_share s JOIN default_end e ON e.default_id = s.default_id "
     "LEFT JOIN guarantee_step g ON g.guarantee_id = e.guarantee_id AND g.step = s.step "
     "LEFT JOIN entry n ON n.transfer_id = s.transfer_id AND n.account_id = s.account_id "
     "LEFT JOIN transfer t ON t.id = s.transfer_id WHERE g.step IS NULL OR "
     "t.kind IS NOT 'write-off' OR g.account_id <> s.account_id OR "
     "(s.step <> (SELECT min(f.step) FROM guarantee_step f WHERE f.guarantee_id = e.guarantee_id "
     "AND f.account_id IS NOT NULL) AND n.amount_minor IS NOT -s.amount_minor) "
     "ORDER BY s.default_id LIMIT 1"},
    {"default", "more came back of a share than was borne", NULL,
     "SELECT s.default_id FROM default_share s JOIN default_recovery r ON r.default_id = "
     "s.default_id JOIN default_recovery_share b ON b.recovery_id = r.id AND b.account_id = "
     "s.account_id GROUP BY s.default_id, s.account_id, s.amount_minor "
     "HAVING sum(b.amount_minor) > s.amount_minor ORDER BY s.default_id LIMIT 1"},
    {"default", "what came back of it went to somebody who bore nothing", NULL,
     "SELECT r.default_id FROM default_recovery_share b JOIN default_recovery r ON r.id = "
     "b.recovery_id WHERE NOT EXISTS (SELECT 1 FROM default_share s WHERE s.default_id = "
     "r.default_id AND s.account_id = b.account_id) ORDER BY r.default_id LIMIT 1"},
    {"default", "its member did not pay what came back, or not all of it went on", NULL,
     "SELECT r.default_id FROM default_recovery r JOIN declared_default d ON d.id = r.default_id "
     "LEFT JOIN entry n ON n.transfer_id = r.transfer_id AND n.account_id = d.account_id "
     "WHERE n.amount_minor IS NOT -r.amount_minor OR r.amount_minor <> (SELECT "
     "coalesce(sum(b.amount_minor), 0) FROM default_recovery_share b WHERE b.recovery_id = r.id) "
     "ORDER BY r.default_id LIMIT 1"},
    {"write-off", "its transfer does not bring its account what it says", NULL,
     "SELECT w.transfer_id FROM write_off w LEFT JOIN transfer t ON t.id = w.transfer_id "
     "LEFT JOIN entry n ON n.transfer_id = w.transfer_id AND n.account_id = w.account_id "
     "WHERE t.kind IS NOT 'write-off' OR n.amount_minor IS NOT w.amount_minor "
     "ORDER BY w.transfer_id LIMIT 1"},
    {"transfer", "it is a write-off, and neither one on record nor part of a default", NULL,
     "SELECT t.id FROM transfer t WHERE t.kind = 'write-off' AND t.id NOT IN (SELECT transfer_id "
     "FROM write_off UNION ALL SELECT transfer_id FROM default_share UNION ALL SELECT transfer_id "
     "FROM default_recovery UNION ALL SELECT transfer_id FROM default_recovery_share) "
     "ORDER BY t.id LIMIT 1"},
};

enum ledger_status replay_fund(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
