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
    {"outbox", "an address is there, and its member was erased or it is told nothing", NULL,
     "SELECT o.id FROM outbox o JOIN outbox_text x ON x.outbox_id = o.id WHERE o.mode = 'none' OR "
     "EXISTS (SELECT 1 FROM erasure e WHERE e.kind = 'member' AND e.subject = o.member_id) "
     "ORDER BY o.id LIMIT 1"},
    {"outbox", "it is told something, and there is no address", NULL,
     "SELECT id FROM outbox WHERE mode <> 'none' AND id NOT IN (SELECT outbox_id FROM outbox_text) "
     "ORDER BY id LIMIT 1"},
    {"outbox", "it was told what there is not yet", NULL,
     "SELECT id FROM outbox WHERE notice_id > (SELECT coalesce(max(id), 0) FROM notice) "
     "ORDER BY id LIMIT 1"},
    {"outbox", "its member is not there", NULL,
     "SELECT id FROM outbox WHERE member_id NOT IN (SELECT id FROM member) ORDER BY id LIMIT 1"},
    {"outbox", "what was given up is not behind its mark", NULL,
     "SELECT o.id FROM undelivered u JOIN outbox o ON o.id = u.outbox_id "
     "WHERE u.notice_id > o.notice_id ORDER BY o.id LIMIT 1"},
    {"outbox", "what was given up is of none that there is", NULL,
     "SELECT outbox_id FROM undelivered WHERE outbox_id NOT IN (SELECT id FROM outbox) LIMIT 1"},
    {NULL, "it was told of a limit, and it is not there", NULL,
     "SELECT account_id FROM notice_near WHERE account_id NOT IN (SELECT id FROM account) LIMIT 1"},
    {"transfer", "notices were read on beyond the last one", NULL,
     "SELECT transfer_id FROM notice_follow WHERE transfer_id > "
     "(SELECT coalesce(max(id), 0) FROM transfer) LIMIT 1"},
    {"notice", "nothing says how far the journal was read for it", NULL,
     "SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM notice_follow) LIMIT 1"},
};

enum ledger_status replay_notices(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
