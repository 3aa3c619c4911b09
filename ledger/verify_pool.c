#include "verify_replay.h"

static const struct replay_rule rules[] = {
    {"booking", "it has no change that shows it as it is", NULL,
     "SELECT b.id FROM booking b LEFT JOIN booking_change c ON c.booking_id = b.id AND "
     "c.sequence = b.sequence WHERE c.state IS NOT b.state OR c.unit <> b.unit OR "
     "c.from_us <> b.from_us OR c.to_us <> b.to_us OR c.included_min <> b.included_min OR "
     "c.amount_minor <> b.amount_minor OR c.kept_minor <> b.kept_minor OR "
     "c.hold_id IS NOT b.hold_id ORDER BY b.id LIMIT 1"},
    {"booking", "a change of it is missing", NULL,
     "SELECT b.id FROM booking b JOIN booking_change c ON c.booking_id = b.id "
     "GROUP BY b.id HAVING count(*) <> b.sequence + 1 OR max(c.sequence) <> b.sequence LIMIT 1"},
    {"booking", "a change or a line stands without it", NULL,
     "SELECT booking_id FROM booking_change WHERE booking_id NOT IN (SELECT id FROM booking) "
     "UNION ALL SELECT booking_id FROM booking_line WHERE booking_id NOT IN "
     "(SELECT id FROM booking) LIMIT 1"},
    {"booking", "it counts as live, or does not, against its state", NULL,
     "SELECT id FROM booking WHERE live <> (state IN ('planned', 'held', 'confirmed', "
     "'checked-in')) LIMIT 1"},
    {"booking", "another live booking has its time", NULL,
     "SELECT id FROM (SELECT id, busy_from_us, max(busy_to_us) OVER (PARTITION BY resource_id, "
     "unit ORDER BY busy_from_us, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until_us "
     "FROM booking WHERE live = 1) AS placed WHERE until_us > busy_from_us LIMIT 1"},
    {"booking", "it costs something and has no open hold of that amount", NULL,
     "SELECT b.id FROM booking b LEFT JOIN hold h ON h.id = b.hold_id "
     "LEFT JOIN hold_owner o ON o.hold_id = b.hold_id AND o.kind = 'booking' AND "
     "o.subject_id = b.id WHERE b.live = 1 AND b.state <> 'planned' AND b.amount_minor > 0 AND "
     "(h.amount_minor IS NOT b.amount_minor OR o.hold_id IS NULL OR EXISTS "
     "(SELECT 1 FROM hold_resolution r WHERE r.hold_id = h.id AND r.kind <> 'expired')) "
     "ORDER BY b.id LIMIT 1"},
    {"booking", "it is over, planned or free, and has an open hold", NULL,
     "SELECT o.subject_id FROM hold_owner o LEFT JOIN booking b ON b.id = o.subject_id AND "
     "b.hold_id = o.hold_id AND b.live = 1 WHERE o.kind = 'booking' AND b.id IS NULL AND "
     "NOT EXISTS (SELECT 1 FROM hold_resolution r WHERE r.hold_id = o.hold_id) LIMIT 1"},
    {"booking", "its moves have kept more than it costs", NULL,
     "SELECT id FROM booking WHERE kept_minor > amount_minor ORDER BY id LIMIT 1"},
    {"booking", "its lines do not add up to its amount", NULL,
     "SELECT b.id FROM booking b WHERE b.amount_minor <> (SELECT coalesce(sum(n.amount_minor), 0) "
     "FROM booking_line n WHERE n.booking_id = b.id AND n.sequence = "
     "(SELECT max(sequence) FROM booking_line WHERE booking_id = b.id)) ORDER BY b.id LIMIT 1"},
    {"booking", "it is of a series that does not name it", NULL,
     "SELECT b.id FROM booking b WHERE b.series_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
     "series_date d WHERE d.series_id = b.series_id AND d.booking_id = b.id) ORDER BY b.id LIMIT "
     "1"},
    {"booking", "a series names it, and it is not of that", NULL,
     "SELECT d.booking_id FROM series_date d LEFT JOIN booking b ON b.id = d.booking_id AND "
     "b.series_id = d.series_id WHERE d.booking_id IS NOT NULL AND b.id IS NULL LIMIT 1"},
    {"booking", "it is planned, and nothing says when it is held or paid", NULL,
     "SELECT b.id FROM booking b LEFT JOIN series_due d ON d.booking_id = b.id "
     "WHERE b.live = 1 AND b.state = 'planned' AND b.series_id IS NOT NULL AND d.booking_id IS "
     "NULL ORDER BY b.id LIMIT 1"},
    {"booking", "its title is still there after it was erased", NULL,
     "SELECT x.booking_id FROM booking_text x JOIN booking b ON b.id = x.booking_id "
     "JOIN erasure e ON (e.kind = 'member' AND e.subject = b.member_id) OR "
     "(e.kind = 'booking' AND e.subject = b.id) LIMIT 1"},
};

enum ledger_status replay_pool(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
