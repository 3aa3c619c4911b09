#include "verify_replay.h"

static const struct replay_rule rules[] = {
    {"notice", "one before it is missing", NULL,
     "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM notice) AS placed "
     "WHERE id <> place ORDER BY id LIMIT 1"},
    {"notice", "its member is not there", NULL,
     "SELECT id FROM notice WHERE member_id NOT IN (SELECT id FROM member) ORDER BY id LIMIT 1"},
    {"notice", "it tells of a payment that was not its member's", NULL,
     "SELECT n.id FROM notice n WHERE n.kind IN ('paid', 'spent') AND NOT EXISTS "
     "(SELECT 1 FROM entry e JOIN account a ON a.id = e.account_id "
     "WHERE e.transfer_id = n.subject_id AND a.member_id = n.member_id AND "
     "(e.amount_minor > 0) = (n.kind = 'paid')) ORDER BY n.id LIMIT 1"},
    {"notice", "another tells the same member of the same payment", NULL,
     "SELECT max(id) FROM notice WHERE kind IN ('paid', 'spent') "
     "GROUP BY member_id, subject_id, kind HAVING count(*) > 1 LIMIT 1"},
};

enum ledger_status replay_notices(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
