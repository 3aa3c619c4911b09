#include "verify_replay.h"

#include <stdio.h>

#define SCALE_OF_ACCOUNT "(SELECT scale FROM currency c WHERE c.id = a.currency_id)"
#define ACCOUNT_LIMIT                                                                              \
    "account_limit n ON n.id = (SELECT max(id) FROM account_limit WHERE account_id = a.id) "
#define PAID(id)                                                                                   \
    "(SELECT sum(amount_minor) FROM entry WHERE transfer_id = " id " AND amount_minor > 0)"
#define SCALE_OF_TRANSFER(id)                                                                      \
    "(SELECT c.scale FROM entry e JOIN account a ON a.id = e.account_id "                          \
    "JOIN currency c ON c.id = a.currency_id WHERE e.transfer_id = " id " LIMIT 1)"

static const struct replay_rule rules[] = {
    /* A connection that only reads does not know the CHECKs of the tables (SQLite leaves them out), so
     * what they keep out of the money is looked for here. */
    {"currency", "its kind is none that there is", NULL,
     "SELECT id FROM currency WHERE kind NOT IN ('money', 'time', 'training') LIMIT 1"},
    {"currency", "its limits are out of range", NULL,
     "SELECT currency_id FROM currency_limit WHERE floor_minor NOT BETWEEN -1000000000000000 AND 0 "
     "OR ceiling_minor NOT BETWEEN 0 AND 1000000000000000 LIMIT 1"},
    {"member", "its kind or state is none that there is", NULL,
     "SELECT id FROM member WHERE kind NOT IN ('coop', 'person', 'fund', 'node') OR "
     "state NOT IN ('applied', 'active', 'suspended', 'left') LIMIT 1"},
    {NULL, "its limits are out of range", NULL,
     "SELECT account_id FROM account_limit WHERE "
     "floor_minor NOT BETWEEN -1000000000000000 AND 0 OR "
     "ceiling_minor NOT BETWEEN 0 AND 1000000000000000 LIMIT 1"},
    {"hold", "its amount is out of range, or it ended before it began", NULL,
     "SELECT id FROM hold WHERE amount_minor NOT BETWEEN 1 AND 1000000000000000 OR "
     "expires_at_us <= placed_at_us LIMIT 1"},
    {"hold", "a payee's amount is out of range", NULL,
     "SELECT hold_id FROM hold_payee WHERE amount_minor NOT BETWEEN 1 AND 1000000000000000 LIMIT "
     "1"},
    {"hold", "it is captured without a transfer or an amount, or the other way round", NULL,
     "SELECT hold_id FROM hold_resolution WHERE kind NOT IN ('captured', 'released', 'expired') OR "
     "(kind = 'captured') <> (transfer_id IS NOT NULL) OR (kind = 'captured') <> (amount_minor > "
     "0) "
     "LIMIT 1"},

    /* whose rows */
    {"account", "its member is not there", NULL,
     "SELECT id FROM account WHERE member_id NOT IN (SELECT id FROM member) LIMIT 1"},
    {"member", "its name is kept, and it is not there", NULL,
     "SELECT member_id FROM member_identity WHERE member_id NOT IN (SELECT id FROM member) LIMIT "
     "1"},
    {"currency", "it has no limits for new accounts", NULL,
     "SELECT id FROM currency WHERE id NOT IN (SELECT currency_id FROM currency_limit) LIMIT 1"},

    /* members */
    {"member", "its state is not the last one in its history", NULL,
     "SELECT m.id FROM member m LEFT JOIN member_state s ON s.id = "
     "(SELECT max(id) FROM member_state WHERE member_id = m.id) "
     "WHERE s.state IS NULL OR s.state <> m.state ORDER BY m.id LIMIT 1"},

    /* erasures */
    {"member", "its erasure is on record, and its name or attributes are still there", NULL,
     "SELECT subject FROM erasure WHERE kind = 'member' AND ("
     "EXISTS (SELECT 1 FROM member_identity WHERE member_id = subject) OR "
     "EXISTS (SELECT 1 FROM member_attribute WHERE member_id = subject)) "
     "ORDER BY subject LIMIT 1"},
    {"transfer", "its erasure is on record, and its words are still there", NULL,
     "SELECT subject FROM erasure WHERE kind = 'transfer' AND "
     "EXISTS (SELECT 1 FROM transfer_text WHERE transfer_id = subject) ORDER BY subject LIMIT 1"},
    {"hold", "its erasure is on record, and its words are still there", NULL,
     "SELECT subject FROM erasure WHERE kind = 'hold' AND "
     "EXISTS (SELECT 1 FROM hold_text WHERE hold_id = subject) ORDER BY subject LIMIT 1"},

    /* holds */
    {"hold", "payees stand without it", NULL,
     "SELECT hold_id FROM hold_payee WHERE hold_id NOT IN (SELECT id FROM hold) LIMIT 1"},
    {"hold", "a resolution stands without it", NULL,
     "SELECT hold_id FROM hold_resolution WHERE hold_id NOT IN (SELECT id FROM hold) LIMIT 1"},
    {"hold", "an owner stands without it", NULL,
     "SELECT hold_id FROM hold_owner WHERE hold_id NOT IN (SELECT id FROM hold) LIMIT 1"},
    {"hold", "words stand without it", NULL,
     "SELECT hold_id FROM hold_text WHERE hold_id NOT IN (SELECT id FROM hold) LIMIT 1"},
    {"hold", "its payer and payees are not in one currency, or not there", NULL,
     "SELECT h.id FROM hold h LEFT JOIN account a ON a.id = h.account_id WHERE a.id IS NULL OR "
     "EXISTS (SELECT 1 FROM hold_payee p LEFT JOIN account b ON b.id = p.account_id "
     "WHERE p.hold_id = h.id AND (b.currency_id IS NULL OR b.currency_id <> a.currency_id)) "
     "ORDER BY h.id LIMIT 1"},
    {"transfer", "it is a capture, and belongs to no hold", NULL,
     "SELECT id FROM transfer WHERE kind = 'capture' AND id NOT IN "
     "(SELECT transfer_id FROM hold_resolution WHERE transfer_id IS NOT NULL) LIMIT 1"},
    {"transfer", "two holds name it as their capture", NULL,
     "SELECT transfer_id FROM hold_resolution WHERE transfer_id IS NOT NULL "
     "GROUP BY transfer_id HAVING count(*) > 1 LIMIT 1"},
    {"hold", "it is open, and hold_open does not list it for each of its accounts", NULL,
     "SELECT h.id FROM hold h WHERE NOT EXISTS (SELECT 1 FROM hold_resolution WHERE hold_id = "
     "h.id) "
     "AND (NOT EXISTS (SELECT 1 FROM hold_open o WHERE o.account_id = h.account_id AND "
     "o.expires_at_us = h.expires_at_us AND o.hold_id = h.id) OR EXISTS (SELECT 1 FROM hold_payee "
     "p "
     "WHERE p.hold_id = h.id AND NOT EXISTS (SELECT 1 FROM hold_open o WHERE "
     "o.account_id = p.account_id AND o.expires_at_us = h.expires_at_us AND o.hold_id = h.id))) "
     "ORDER BY h.id LIMIT 1"},
    {"hold", "hold_open lists it, and it is resolved, of other accounts, or ends at another time",
     NULL,
     "SELECT o.hold_id FROM hold_open o LEFT JOIN hold h ON h.id = o.hold_id "
     "WHERE h.id IS NULL OR h.expires_at_us <> o.expires_at_us OR "
     "EXISTS (SELECT 1 FROM hold_resolution WHERE hold_id = o.hold_id) OR (h.account_id <> "
     "o.account_id AND NOT EXISTS (SELECT 1 FROM hold_payee p WHERE p.hold_id = o.hold_id AND "
     "p.account_id = o.account_id)) ORDER BY o.hold_id LIMIT 1"},
    {"hold", "hold_account does not list it for each of its accounts", NULL,
     "SELECT h.id FROM hold h WHERE NOT EXISTS (SELECT 1 FROM hold_account w WHERE "
     "w.account_id = h.account_id AND w.hold_id = h.id) OR EXISTS (SELECT 1 FROM hold_payee p "
     "WHERE p.hold_id = h.id AND NOT EXISTS (SELECT 1 FROM hold_account w WHERE "
     "w.account_id = p.account_id AND w.hold_id = h.id)) ORDER BY h.id LIMIT 1"},
    {"hold", "hold_account lists it for an account that is not in it", NULL,
     "SELECT w.hold_id FROM hold_account w LEFT JOIN hold h ON h.id = w.hold_id WHERE h.id IS NULL "
     "OR (h.account_id <> w.account_id AND NOT EXISTS (SELECT 1 FROM hold_payee p WHERE "
     "p.hold_id = w.hold_id AND p.account_id = w.account_id)) ORDER BY w.hold_id LIMIT 1"},

    /* accounts; hold_open is as the holds say by now */
    {NULL, "its open holds reserve", "its reserved out is",
     "SELECT id, scale, have, want FROM (SELECT a.id, " SCALE_OF_ACCOUNT " AS scale, "
     "a.reserved_out_minor AS have, coalesce((SELECT sum(h.amount_minor) FROM hold_open o "
     "JOIN hold h ON h.id = o.hold_id WHERE o.account_id = a.id AND h.account_id = a.id), 0) "
     "AS want FROM account a) AS reserve WHERE have <> want ORDER BY id LIMIT 1"},
    {NULL, "its open holds reserve", "its reserved in is",
     "SELECT id, scale, have, want FROM (SELECT a.id, " SCALE_OF_ACCOUNT " AS scale, "
     "a.reserved_in_minor AS have, coalesce((SELECT sum(p.amount_minor) FROM hold_open o "
     "JOIN hold_payee p ON p.hold_id = o.hold_id WHERE o.account_id = a.id AND "
     "p.account_id = a.id), 0) AS want FROM account a) AS reserve WHERE have <> want "
     "ORDER BY id LIMIT 1"},
    {NULL, "its next hold expiry is not that of its open holds", NULL,
     "SELECT id FROM account a WHERE coalesce(hold_expiry_us, 0) <> coalesce((SELECT "
     "min(expires_at_us) FROM hold_open WHERE account_id = a.id), 0) ORDER BY id LIMIT 1"},
    {NULL, "it has no limit on record", NULL,
     "SELECT id FROM account WHERE id NOT IN (SELECT account_id FROM account_limit) "
     "ORDER BY id LIMIT 1"},
    {NULL, "the last limit on record is", "its floor is",
     "SELECT a.id, " SCALE_OF_ACCOUNT ", a.floor_minor, n.floor_minor FROM account a "
     "JOIN " ACCOUNT_LIMIT "WHERE a.floor_minor <> n.floor_minor ORDER BY a.id LIMIT 1"},
    {NULL, "the last limit on record is", "its ceiling is",
     "SELECT a.id, " SCALE_OF_ACCOUNT ", a.ceiling_minor, n.ceiling_minor FROM account a "
     "JOIN " ACCOUNT_LIMIT "WHERE a.ceiling_minor <> n.ceiling_minor ORDER BY a.id LIMIT 1"},

    /* corrections */
    {"transfer", "it is reversed more than once", NULL,
     "SELECT corrects FROM transfer WHERE corrects IS NOT NULL AND kind = 'reversal' "
     "GROUP BY corrects HAVING count(*) > 1 LIMIT 1"},
    {"transfer", "it reverses or refunds a transfer that cannot be", NULL,
     "SELECT r.id FROM transfer r JOIN transfer o ON o.id = r.corrects "
     "WHERE r.corrects IS NOT NULL AND ((r.kind = 'reversal' AND o.kind = 'reversal') OR "
     "(r.kind = 'refund' AND (o.kind IN ('reversal', 'refund') OR "
     "(SELECT count(*) FROM entry WHERE transfer_id = o.id) <> 2))) ORDER BY r.corrects LIMIT 1"},
    {"transfer", "it does not undo the transfer that it reverses", NULL,
     "SELECT r.id FROM transfer r WHERE r.corrects IS NOT NULL AND r.kind = 'reversal' AND "
     "((SELECT count(*) FROM entry WHERE transfer_id = r.id) <> "
     "(SELECT count(*) FROM entry WHERE transfer_id = r.corrects) OR "
     "EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = r.id AND NOT EXISTS "
     "(SELECT 1 FROM entry o WHERE o.transfer_id = r.corrects AND o.account_id = e.account_id AND "
     "o.amount_minor = -e.amount_minor))) ORDER BY r.corrects LIMIT 1"},
    {"transfer", "it is not a refund between the two of the transfer it names", NULL,
     "SELECT r.id FROM transfer r WHERE r.corrects IS NOT NULL AND r.kind = 'refund' AND "
     "EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = r.id AND NOT EXISTS "
     "(SELECT 1 FROM entry o WHERE o.transfer_id = r.corrects AND o.account_id = e.account_id AND "
     "(o.amount_minor < 0) <> (e.amount_minor < 0))) ORDER BY r.corrects LIMIT 1"},
    {"transfer", "the transfer itself was", "its refunds sum to",
     "SELECT id, " SCALE_OF_TRANSFER(
         "refunds.id") ", refunded, paid FROM (SELECT r.corrects AS id, "
                       "sum(" PAID("r.id") ") AS refunded, " PAID(
                           "r.corrects") " AS paid FROM transfer r "
                                         "WHERE r.corrects IS NOT NULL AND r.kind = 'refund' AND "
                                         "NOT EXISTS (SELECT 1 FROM transfer v "
                                         "WHERE v.corrects = r.id AND v.kind = 'reversal') GROUP "
                                         "BY r.corrects) AS refunds "
                                         "WHERE refunded > paid ORDER BY id LIMIT 1"},
    {"transfer", "it is reversed, and refunded too", NULL,
     "SELECT r.corrects FROM transfer r WHERE r.corrects IS NOT NULL AND r.kind = 'refund' AND "
     "EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = r.corrects AND v.kind = 'reversal') AND "
     "NOT EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = r.id AND v.kind = 'reversal') "
     "ORDER BY r.corrects LIMIT 1"},

    /* certificates */
    {"certificate", "its provider and its member are one", NULL,
     "SELECT id FROM certificate WHERE provider_id = member_id LIMIT 1"},
    {"certificate", "its provider or its member is not there", NULL,
     "SELECT id FROM certificate WHERE provider_id NOT IN (SELECT id FROM member) OR "
     "member_id NOT IN (SELECT id FROM member) LIMIT 1"},
    {"certificate", "words stand without it", NULL,
     "SELECT certificate_id FROM certificate_text WHERE certificate_id NOT IN "
     "(SELECT id FROM certificate) LIMIT 1"},
    {"certificate", "it names an enrolment that is not one of its provider and member", NULL,
     "SELECT y.certificate_id FROM certificate_enrolment y LEFT JOIN certificate x ON x.id = "
     "y.certificate_id LEFT JOIN enrolment e ON e.id = y.enrolment_id LEFT JOIN session s ON s.id "
     "= e.session_id LEFT JOIN course c ON c.id = s.course_id WHERE x.member_id IS NOT e.member_id "
     "OR x.provider_id IS NOT c.provider_id OR x.id IS NULL LIMIT 1"},
    {"enrolment", "more of it are certified than came", NULL,
     "SELECT y.enrolment_id FROM certificate_enrolment y WHERE NOT EXISTS (SELECT 1 FROM "
     "certificate_revocation r WHERE r.certificate_id = y.certificate_id) GROUP BY y.enrolment_id "
     "HAVING count(*) > coalesce((SELECT CASE state WHEN 'attended' THEN places END FROM "
     "enrolment_event v WHERE v.enrolment_id = y.enrolment_id ORDER BY v.id DESC LIMIT 1), 0) "
     "LIMIT 1"},
    {"certificate", "a revocation stands without it", NULL,
     "SELECT certificate_id FROM certificate_revocation WHERE certificate_id NOT IN "
     "(SELECT id FROM certificate) LIMIT 1"},
    {"certificate", "its erasure is on record, and its words are still there", NULL,
     "SELECT x.certificate_id FROM certificate_text x JOIN certificate c ON c.id = "
     "x.certificate_id JOIN erasure e ON (e.kind = 'certificate' AND e.subject = c.id) OR "
     "(e.kind = 'member' AND e.subject = c.member_id) ORDER BY x.certificate_id LIMIT 1"},

    /* vacancies and placements */
    {"placement", "its host and its member are one", NULL,
     "SELECT id FROM placement WHERE host_id = member_id LIMIT 1"},
    {"placement", "its payer and payee are not in one currency, or not there", NULL,
     "SELECT p.id FROM placement p LEFT JOIN account a ON a.id = p.payer_id LEFT JOIN account b ON "
     "b.id = p.payee_id WHERE a.currency_id IS NULL OR b.currency_id IS NULL OR a.currency_id <> "
     "b.currency_id ORDER BY p.id LIMIT 1"},
    {"placement", "more hours are paid than were agreed", NULL,
     "SELECT p.id FROM placement p LEFT JOIN placement_end e ON e.placement_id = p.id WHERE "
     "coalesce((SELECT sum(minutes) FROM placement_week w WHERE w.placement_id = p.id), 0) > "
     "coalesce(e.minutes, p.minutes) ORDER BY p.id LIMIT 1"},
    {"placement", "the rate times its hours is", "what was paid is",
     "SELECT id, scale, have, want FROM (SELECT p.id, c.scale, sum(w.amount_minor) AS have, "
     "p.rate_minor * sum(w.minutes) / 60 AS want FROM placement p JOIN placement_week w ON "
     "w.placement_id = p.id JOIN account a ON a.id = p.payer_id JOIN currency c ON c.id = "
     "a.currency_id GROUP BY p.id, c.scale, p.rate_minor) AS whole WHERE have <> want "
     "ORDER BY id LIMIT 1"},
    {"placement", "a week is paid that both sides have not signed alike", NULL,
     "SELECT w.placement_id FROM placement_week w WHERE (SELECT count(DISTINCT s.side) FROM "
     "placement_sign s WHERE s.placement_id = w.placement_id AND s.week_on = w.week_on AND "
     "s.minutes = w.minutes AND s.id = (SELECT max(n.id) FROM placement_sign n WHERE "
     "n.placement_id = s.placement_id AND n.week_on = s.week_on AND n.side = s.side)) <> 2 "
     "ORDER BY w.placement_id LIMIT 1"},
    {"placement", "a week's transfer does not pay what it says", NULL,
     "SELECT w.placement_id FROM placement_week w JOIN placement p ON p.id = w.placement_id WHERE "
     "w.amount_minor <> coalesce((SELECT e.amount_minor FROM entry e WHERE e.transfer_id = "
     "w.transfer_id AND e.account_id = p.payee_id), 0) ORDER BY w.placement_id LIMIT 1"},
    {"placement", "two holds stand open for it", NULL,
     "SELECT o.subject_id FROM hold_owner o WHERE o.kind = 'placement' AND NOT EXISTS (SELECT 1 "
     "FROM hold_resolution r WHERE r.hold_id = o.hold_id) GROUP BY o.subject_id HAVING count(*) > "
     "1 ORDER BY o.subject_id LIMIT 1"},
    {"placement", "what is still due at most is", "its open hold is of",
     "SELECT id, scale, have, want FROM (SELECT p.id, c.scale, d.amount_minor AS have, "
     "p.rate_minor * coalesce(e.minutes, p.minutes) / 60 - coalesce((SELECT sum(w.amount_minor) "
     "FROM placement_week w WHERE w.placement_id = p.id), 0) AS want FROM placement p "
     "JOIN hold_owner o ON o.kind = 'placement' AND o.subject_id = p.id JOIN hold d ON d.id = "
     "o.hold_id JOIN account a ON a.id = p.payer_id JOIN currency c ON c.id = a.currency_id "
     "LEFT JOIN placement_end e ON e.placement_id = p.id WHERE NOT EXISTS (SELECT 1 FROM "
     "hold_resolution r WHERE r.hold_id = o.hold_id)) AS held WHERE have <> want "
     "ORDER BY id LIMIT 1"},
    {"placement", "words stand without it, or although their erasure is on record", NULL,
     "SELECT x.placement_id FROM (SELECT placement_id FROM placement_text UNION ALL "
     "SELECT placement_id FROM placement_end_text) AS x LEFT JOIN placement p ON p.id = "
     "x.placement_id "
     "LEFT JOIN erasure e ON (e.kind = 'placement' AND e.subject = x.placement_id) OR (e.kind = "
     "'member' AND e.subject = p.member_id) WHERE p.id IS NULL OR e.id IS NOT NULL "
     "ORDER BY x.placement_id LIMIT 1"},
    {"placement", "its words are gone, and no erasure is on record", NULL,
     "SELECT p.id FROM placement p WHERE NOT EXISTS (SELECT 1 FROM placement_text x WHERE "
     "x.placement_id = p.id) AND NOT EXISTS (SELECT 1 FROM erasure e WHERE (e.kind = 'placement' "
     "AND e.subject = p.id) OR (e.kind = 'member' AND e.subject = p.member_id)) "
     "ORDER BY p.id LIMIT 1"},
    {"placement", "it has ended without its reason, or has a reason and has not ended", NULL,
     "SELECT placement_id FROM placement_end d WHERE EXISTS (SELECT 1 FROM placement_text x WHERE "
     "x.placement_id = d.placement_id) AND NOT EXISTS (SELECT 1 FROM placement_end_text t WHERE "
     "t.placement_id = d.placement_id) UNION ALL SELECT placement_id FROM placement_end_text WHERE "
     "placement_id NOT IN (SELECT placement_id FROM placement_end) LIMIT 1"},
    {"vacancy", "words stand without it, or although their erasure is on record", NULL,
     "SELECT x.vacancy_id FROM vacancy_text x LEFT JOIN vacancy v ON v.id = x.vacancy_id "
     "LEFT JOIN erasure e ON e.kind = 'member' AND e.subject = v.member_id "
     "WHERE v.id IS NULL OR e.id IS NOT NULL ORDER BY x.vacancy_id LIMIT 1"},

    /* the register's answers */
    {"register", "an answer stands without its write", NULL,
     "SELECT seq FROM register_answer WHERE seq NOT IN (SELECT seq FROM register) UNION ALL "
     "SELECT seq FROM register_answer_of WHERE seq NOT IN (SELECT seq FROM register) LIMIT 1"},
    {"register", "an answer stands although what it tells of was erased", NULL,
     "SELECT a.seq FROM erasure e JOIN register_answer_of o ON o.kind = e.kind AND o.subject = "
     "e.subject JOIN register_answer a ON a.seq = o.seq JOIN register r ON r.seq = a.seq "
     "WHERE r.at_us < e.at_us UNION ALL SELECT a.seq FROM register_answer_of o JOIN "
     "register_answer a ON a.seq = o.seq WHERE o.kind = 'outbox' AND o.subject NOT IN "
     "(SELECT outbox_id FROM outbox_text) LIMIT 1"},
    {"register", "an answer is gone, and no erasure is on record", NULL,
     "SELECT o.seq FROM register_answer_of o WHERE o.seq NOT IN (SELECT seq FROM register_answer) "
     "AND NOT EXISTS (SELECT 1 FROM register_answer_of p LEFT JOIN erasure e ON e.kind = p.kind "
     "AND e.subject = p.subject WHERE p.seq = o.seq AND (e.id IS NOT NULL OR p.kind = 'outbox')) "
     "LIMIT 1"},
};

struct finding {
    int64_t id;
    int scale;
    int64_t have_minor;
    int64_t want_minor;
};

static enum ledger_status read_finding(void *into, const struct store_row *row)
{
    struct finding *f = into;

    f->id = store_row_int(row, 0);
    return LEDGER_OK;
}

static enum ledger_status read_amounts(void *into, const struct store_row *row)
{
    struct finding *f = into;

    f->id = store_row_int(row, 0);
    f->scale = (int)store_row_int(row, 1);
    f->have_minor = store_row_int(row, 2);
    f->want_minor = store_row_int(row, 3);
    return LEDGER_OK;
}

static enum ledger_status report(struct replay *r, const struct replay_rule *rule,
                                 const struct finding *f)
{
    char name[LEDGER_ACCOUNT_NAME];
    char have[LEDGER_AMOUNT_TEXT];
    char want[LEDGER_AMOUNT_TEXT];

    if (rule->noun)
        snprintf(name, sizeof name, "%s %lld", rule->noun, (long long)f->id);
    else
        replay_account_name(r, f->id, name);
    if (!rule->have)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "%s: %s", name, rule->what);
    return ledger_refuse(r->l, LEDGER_INTEGRITY, "%s: %s %s, %s %s", name, rule->have,
                         ledger_amount_format(f->have_minor, f->scale, have), rule->what,
                         ledger_amount_format(f->want_minor, f->scale, want));
}

enum ledger_status replay_rules(struct replay *r, const struct replay_rule *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct finding f = {0};
        enum ledger_status status = ledger_first(r->l, all[i].sql, STORE_NO_ARGS,
                                                 all[i].have ? read_amounts : read_finding, &f);
        if (status == LEDGER_OK)
            return report(r, &all[i], &f);
        if (status != LEDGER_NO_ROW)
            return status;
    }
    return LEDGER_OK;
}

enum ledger_status replay_rows(struct replay *r)
{
    return replay_rules(r, rules, sizeof rules / sizeof rules[0]);
}
