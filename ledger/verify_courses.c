#include "verify_replay.h"

/* Unresolved, or over with nobody to renew it yet. */
#define STANDS                                                                                     \
    "NOT EXISTS (SELECT 1 FROM hold_resolution r WHERE r.hold_id = h.id AND r.kind <> 'expired') "
#define UNRESOLVED "NOT EXISTS (SELECT 1 FROM hold_resolution r WHERE r.hold_id = h.id) "
#define OWNED "hold_owner w JOIN hold h ON h.id = w.hold_id JOIN account a ON a.id = h.account_id "

static const struct replay_rule rules[] = {
    {"course", "it has no version, or they do not count 1, 2, 3", NULL,
     "SELECT c.id FROM course c LEFT JOIN course_version v ON v.course_id = c.id GROUP BY c.id "
     "HAVING count(v.version) = 0 OR max(v.version) <> count(v.version) LIMIT 1"},
    {"session", "its course or provider is not there", NULL,
     "SELECT id FROM session s WHERE NOT EXISTS (SELECT 1 FROM course c JOIN member m ON m.id = "
     "c.provider_id WHERE c.id = s.course_id) LIMIT 1"},
    {"session", "its times are out of order", NULL,
     "SELECT id FROM session WHERE ends_at_us <= starts_at_us OR closes_at_us > starts_at_us OR "
     "opens_at_us >= closes_at_us LIMIT 1"},
    {"session", "it has no capacity", NULL,
     "SELECT id FROM session s WHERE NOT EXISTS (SELECT 1 FROM session_capacity WHERE session_id = "
     "s.id) LIMIT 1"},
    {"session", "more places are taken than it has", NULL,
     "SELECT p.session_id FROM place p WHERE p.state <> 'waiting' GROUP BY p.session_id "
     "HAVING sum(p.places) > (SELECT capacity FROM session_capacity WHERE session_id = "
     "p.session_id ORDER BY id DESC LIMIT 1) LIMIT 1"},
    {"session", "it is called off, and somebody has a place", NULL,
     "SELECT k.session_id FROM session_cancellation k JOIN place p ON p.session_id = k.session_id "
     "LIMIT 1"},
    {"enrolment", "nothing ever became of it", NULL,
     "SELECT id FROM enrolment e WHERE NOT EXISTS (SELECT 1 FROM enrolment_event WHERE "
     "enrolment_id = e.id) LIMIT 1"},
    {"enrolment", "where it stands is not what became of it", NULL,
     "SELECT e.id FROM enrolment e JOIN enrolment_event v ON v.id = (SELECT max(id) FROM "
     "enrolment_event WHERE enrolment_id = e.id) LEFT JOIN place p ON p.enrolment_id = e.id "
     "WHERE v.state <> coalesce(p.state, 'cancelled') OR p.session_id <> e.session_id OR "
     "p.member_id <> e.member_id OR p.places <> e.places OR p.until_us IS NOT v.until_us LIMIT 1"},
    {"enrolment", "it has a place and is not there", NULL,
     "SELECT enrolment_id FROM place WHERE enrolment_id NOT IN (SELECT id FROM enrolment) LIMIT 1"},
    {"enrolment", "it is enrolled, and no hold stands for its price", NULL,
     "SELECT p.enrolment_id FROM place p JOIN session_price x ON x.session_id = p.session_id "
     "WHERE p.state = 'enrolled' AND NOT EXISTS (SELECT 1 FROM " OWNED
     "WHERE w.kind = 'enrolment' AND w.subject_id = p.enrolment_id AND a.member_id = p.member_id "
     "AND a.currency_id = x.currency_id AND h.amount_minor = x.price_minor * p.places AND " STANDS
     ") LIMIT 1"},
    {"hold", "it stands for an enrolment that is not enrolled", NULL,
     "SELECT h.id FROM " OWNED "LEFT JOIN place p ON p.enrolment_id = w.subject_id "
     "WHERE w.kind = 'enrolment' AND coalesce(p.state, '') <> 'enrolled' AND " UNRESOLVED
     "LIMIT 1"},
    {"enrolment", "more than one hold stands for one price", NULL,
     "SELECT w.subject_id FROM " OWNED "WHERE w.kind = 'enrolment' AND " UNRESOLVED
     "GROUP BY w.subject_id, a.currency_id HAVING count(*) > 1 LIMIT 1"},
    {"enrolment", "it was attended, and the provider was not paid for who came", NULL,
     "SELECT p.enrolment_id FROM place p JOIN session_price x ON x.session_id = p.session_id "
     "JOIN enrolment_event v ON v.id = (SELECT max(id) FROM enrolment_event WHERE enrolment_id = "
     "p.enrolment_id) WHERE p.state = 'attended' AND x.price_minor * v.places IS NOT "
     "(SELECT sum(s.amount_minor) FROM " OWNED "JOIN hold_resolution s ON s.hold_id = h.id "
     "WHERE w.kind = 'enrolment' AND w.subject_id = p.enrolment_id AND a.currency_id = "
     "x.currency_id AND s.kind = 'captured') LIMIT 1"},
    {"enrolment", "it was not attended, and the provider was paid", NULL,
     "SELECT w.subject_id FROM hold_owner w JOIN hold_resolution s ON s.hold_id = w.hold_id "
     "LEFT JOIN place p ON p.enrolment_id = w.subject_id WHERE w.kind = 'enrolment' AND "
     "s.kind = 'captured' AND coalesce(p.state, '') <> 'attended' LIMIT 1"},
    {"enrolment", "nobody is told when its offer or hold ends", NULL,
     "SELECT p.enrolment_id FROM place p WHERE (p.state = 'offered' AND NOT EXISTS (SELECT 1 FROM "
     "course_due WHERE kind = 'offer' AND subject_id = p.enrolment_id)) OR (p.state = 'enrolled' "
     "AND EXISTS (SELECT 1 FROM session_price WHERE session_id = p.session_id) AND NOT EXISTS "
     "(SELECT 1 FROM course_due WHERE kind = 'renew' AND subject_id = p.enrolment_id)) LIMIT 1"},
};

enum ledger_status replay_courses(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
