#include "date.h"
#include "standing.h"
#include "standing_step.h"
#include "verify_replay.h"

static const struct replay_rule rules[] = {
    {"standing payment", "its payer and payee are not in one currency, or not there", NULL,
     "SELECT s.id FROM standing s LEFT JOIN account a ON a.id = s.payer_id LEFT JOIN account b ON "
     "b.id = s.payee_id WHERE a.currency_id IS NULL OR a.currency_id IS NOT b.currency_id "
     "ORDER BY s.id LIMIT 1"},
    {"standing payment", "a row stands without it", NULL,
     "SELECT standing_id FROM standing_next WHERE standing_id NOT IN (SELECT id FROM standing) "
     "UNION ALL SELECT standing_id FROM standing_occurrence WHERE standing_id NOT IN "
     "(SELECT id FROM standing) UNION ALL SELECT standing_id FROM standing_change WHERE "
     "standing_id NOT IN (SELECT id FROM standing) LIMIT 1"},
    {"standing payment", "an attempt or a retry is of no due date", NULL,
     "SELECT t.standing_id FROM standing_attempt t WHERE NOT EXISTS (SELECT 1 FROM "
     "standing_occurrence o WHERE o.standing_id = t.standing_id AND o.due_on = t.due_on) "
     "UNION ALL SELECT r.standing_id FROM standing_retry r WHERE NOT EXISTS (SELECT 1 FROM "
     "standing_occurrence o WHERE o.standing_id = r.standing_id AND o.due_on = r.due_on) LIMIT 1"},
    {"standing payment", "a change of it is missing, or comes after its end", NULL,
     "SELECT standing_id FROM standing_change GROUP BY standing_id HAVING count(*) <> "
     "max(sequence) OR sum(what = 'ended') > 1 OR max(sequence) > "
     "coalesce(max(CASE WHEN what = 'ended' THEN sequence END), max(sequence)) LIMIT 1"},
    {"standing payment", "it counts as paused, or does not, against its last change", NULL,
     "SELECT n.standing_id FROM standing_next n LEFT JOIN standing_change c ON c.standing_id = "
     "n.standing_id AND c.sequence = (SELECT max(m.sequence) FROM standing_change m WHERE "
     "m.standing_id = n.standing_id) WHERE n.paused <> (c.what IS 'paused') OR c.what IS 'ended' "
     "ORDER BY n.standing_id LIMIT 1"},
    {"standing payment", "a due date has no attempt, or was passed over and has one", NULL,
     "SELECT o.standing_id FROM standing_occurrence o WHERE o.skipped = EXISTS (SELECT 1 FROM "
     "standing_attempt t WHERE t.standing_id = o.standing_id AND t.due_on = o.due_on) "
     "ORDER BY o.standing_id LIMIT 1"},
    {"standing payment", "a due date is paid twice", NULL,
     "SELECT t.standing_id FROM standing_attempt t JOIN standing s ON s.id = t.standing_id "
     "WHERE " STANDING_PAYS " GROUP BY t.standing_id, t.due_on HAVING count(*) > 1 LIMIT 1"},
    {"standing payment",
     "a due date is tried again although it is paid, passed over, or all has ended", NULL,
     "SELECT r.standing_id FROM standing_retry r JOIN standing_occurrence o ON o.standing_id = "
     "r.standing_id AND o.due_on = r.due_on WHERE o.skipped = 1 OR EXISTS (SELECT 1 FROM "
     "standing_attempt t WHERE t.standing_id = r.standing_id AND t.due_on = r.due_on AND t.code = "
     "'') OR EXISTS (SELECT 1 FROM standing_change c WHERE c.standing_id = r.standing_id AND "
     "c.what = 'ended') LIMIT 1"},
    {"standing payment", "what was due is not what it pays", NULL,
     "SELECT s.id FROM standing s JOIN standing_occurrence o ON o.standing_id = s.id WHERE "
     "CASE WHEN s.request_id IS NULL THEN o.amount_minor <> s.amount_minor ELSE o.amount_minor > "
     "s.amount_minor / s.count + (o.number <= s.amount_minor % s.count) END ORDER BY s.id LIMIT 1"},
    {"standing payment", "a transfer does not pay what was due", NULL,
     "SELECT t.standing_id FROM standing_attempt t JOIN standing s ON s.id = t.standing_id JOIN "
     "standing_occurrence o ON o.standing_id = t.standing_id AND o.due_on = t.due_on LEFT JOIN "
     "entry p ON p.transfer_id = t.transfer_id AND p.account_id = s.payer_id LEFT JOIN entry q ON "
     "q.transfer_id = t.transfer_id AND q.account_id = s.payee_id WHERE t.code = '' AND "
     "(p.amount_minor IS NOT -q.amount_minor OR coalesce(q.amount_minor, 0) < 1 OR CASE WHEN "
     "s.request_id IS NULL THEN q.amount_minor <> o.amount_minor ELSE q.amount_minor > "
     "o.amount_minor END) ORDER BY t.standing_id LIMIT 1"},
    {"standing payment", "an instalment was not paid of its request", NULL,
     "SELECT t.standing_id FROM standing_attempt t JOIN standing s ON s.id = t.standing_id LEFT "
     "JOIN request_event e ON e.transfer_id = t.transfer_id AND e.kind = 'paid' WHERE t.code = '' "
     "AND s.request_id IS NOT NULL AND e.request_id IS NOT s.request_id ORDER BY t.standing_id "
     "LIMIT 1"},
    {"standing payment", "its request is between others", NULL,
     "SELECT s.id FROM standing s JOIN account a ON a.id = s.payer_id JOIN account b ON b.id = "
     "s.payee_id LEFT JOIN request r ON r.id = s.request_id AND r.payer_id = a.member_id AND "
     "r.payee_id = b.member_id AND r.currency_id = a.currency_id WHERE s.request_id IS NOT NULL "
     "AND r.id IS NULL ORDER BY s.id LIMIT 1"},
    {"standing payment", "nothing of its request is left to pay, and it goes on", NULL,
     "SELECT s.id FROM standing s WHERE s.request_id IS NOT NULL AND (EXISTS (SELECT 1 FROM "
     "standing_next n WHERE n.standing_id = s.id) OR EXISTS (SELECT 1 FROM standing_retry r WHERE "
     "r.standing_id = s.id)) AND NOT EXISTS (SELECT 1 FROM request_open q WHERE q.request_id = "
     "s.request_id AND q.ledger_minor > 0) ORDER BY s.id LIMIT 1"},
    {"standing payment", "the register does not have a payment of it", NULL,
     "SELECT t.standing_id FROM standing_attempt t JOIN standing_occurrence o ON o.standing_id = "
     "t.standing_id AND o.due_on = t.due_on LEFT JOIN register g ON g.uid = o.uid WHERE "
     "t.code = '' AND CASE WHEN EXISTS (SELECT 1 FROM standing_attempt b WHERE b.standing_id = "
     "t.standing_id AND b.due_on = t.due_on AND b.code = '' AND b.id < t.id) THEN t.transfer_id "
     "NOT IN (SELECT subject FROM register WHERE operation = 'standing.pay' AND subject IS NOT "
     "NULL) ELSE g.subject IS NOT t.transfer_id END ORDER BY t.standing_id LIMIT 1"},
    {"standing payment", "it is not what its charge asks for", NULL,
     "SELECT s.id FROM standing s LEFT JOIN charge_terms k ON k.id = s.terms_id LEFT JOIN charge c "
     "ON c.id = k.charge_id WHERE s.terms_id IS NOT NULL AND (c.payee_id IS NOT s.payee_id OR "
     "k.amount_minor IS NOT s.amount_minor OR c.unit IS NOT s.unit OR c.every IS NOT s.every OR "
     "c.day <> s.day) ORDER BY s.id LIMIT 1"},
    {"standing payment", "its payer pays that charge twice", NULL,
     "SELECT max(s.id) FROM standing s JOIN standing_next n ON n.standing_id = s.id JOIN "
     "charge_terms k ON k.id = s.terms_id GROUP BY k.charge_id, s.payer_id HAVING count(*) > 1 "
     "LIMIT 1"},
    {"charge", "it has no price, or its account is not there", NULL,
     "SELECT c.id FROM charge c WHERE c.payee_id NOT IN (SELECT id FROM account) OR NOT EXISTS "
     "(SELECT 1 FROM charge_terms k WHERE k.charge_id = c.id) ORDER BY c.id LIMIT 1"},
    {"charge", "a row stands without it", NULL,
     "SELECT charge_id FROM charge_terms WHERE charge_id NOT IN (SELECT id FROM charge) UNION ALL "
     "SELECT charge_id FROM charge_withdrawal WHERE charge_id NOT IN (SELECT id FROM charge) "
     "LIMIT 1"},
    {"charge", "words stand without it, or although their erasure is on record", NULL,
     "SELECT x.charge_id FROM charge_text x LEFT JOIN charge c ON c.id = x.charge_id LEFT JOIN "
     "account a ON a.id = c.payee_id WHERE c.id IS NULL OR EXISTS (SELECT 1 FROM erasure e WHERE "
     "e.kind = 'member' AND e.subject = a.member_id) ORDER BY x.charge_id LIMIT 1"},
    {"charge", "its words are gone, and no erasure is on record", NULL,
     "SELECT c.id FROM charge c JOIN account a ON a.id = c.payee_id WHERE NOT EXISTS (SELECT 1 "
     "FROM charge_text x WHERE x.charge_id = c.id) AND NOT EXISTS (SELECT 1 FROM erasure e WHERE "
     "e.kind = 'member' AND e.subject = a.member_id) ORDER BY c.id LIMIT 1"},
    {"standing payment", "words stand without it, or although their erasure is on record", NULL,
     "SELECT x.standing_id FROM standing_text x LEFT JOIN standing s ON s.id = x.standing_id "
     "WHERE s.id IS NULL OR EXISTS (SELECT 1 FROM account a JOIN erasure e ON e.kind = 'member' "
     "AND e.subject = a.member_id WHERE a.id IN (s.payer_id, s.payee_id)) "
     "ORDER BY x.standing_id LIMIT 1"},
    {"standing payment", "its words are gone, and no erasure is on record", NULL,
     "SELECT s.id FROM standing s WHERE NOT EXISTS (SELECT 1 FROM standing_text x WHERE "
     "x.standing_id = s.id) AND NOT EXISTS (SELECT 1 FROM account a JOIN erasure e ON e.kind = "
     "'member' AND e.subject = a.member_id WHERE a.id IN (s.payer_id, s.payee_id)) "
     "ORDER BY s.id LIMIT 1"},
};

struct dates {
    struct replay *r;
    struct ledger_standing s; /* at hand */
    int64_t number;           /* of its due dates so far */
};

static enum ledger_status wrong(const struct dates *d, const char *what, int32_t day)
{
    char text[LEDGER_DATE_TEXT];

    return ledger_refuse(d->r->l, LEDGER_INTEGRITY, "standing payment %lld: %s %s",
                         (long long)d->s.id, what, ledger_date_format(day, text));
}

static enum ledger_status check_occurrence(void *into, const struct store_row *row)
{
    struct dates *d = into;
    int32_t due_on = (int32_t)store_row_int(row, 0);
    int64_t number = ++d->number;

    if (store_row_int(row, 1) != number ||
        due_on != ledger_cadence_date(&d->s.cadence, d->s.first_on, number) ||
        ledger_standing_is_over(&d->s, number, due_on))
        return wrong(d, "its order gives another due date in place of", due_on);
    return LEDGER_OK;
}

/* Every due date before the next one was met; and there is a next one until its end. */
static enum ledger_status check_next(const struct dates *d, const struct store_row *row)
{
    int32_t due_on = ledger_cadence_date(&d->s.cadence, d->s.first_on, d->number + 1);
    bool over = ledger_standing_is_over(&d->s, d->number + 1, due_on);
    bool ended = store_row_int(row, 9) != 0;

    if (!store_row_null(row, 7))
        return store_row_int(row, 7) == d->number + 1 && store_row_int(row, 8) == due_on && !over
                   ? LEDGER_OK
                   : wrong(d, "it does not stand at its next due date,", due_on);
    return over || ended ? LEDGER_OK : wrong(d, "it has lost its next due date,", due_on);
}

static enum ledger_status check_dates(void *into, const struct store_row *row)
{
    struct dates *d = into;

    d->s = (struct ledger_standing){.id = store_row_int(row, 0),
                                    .cadence.every = (int)store_row_int(row, 2),
                                    .cadence.day = (int)store_row_int(row, 3),
                                    .first_on = (int32_t)store_row_int(row, 4),
                                    .until_on = (int32_t)store_row_int(row, 5),
                                    .count = (int)store_row_int(row, 6)};
    d->number = 0;
    LEDGER_TRY(ledger_cadence_unit_parse(store_row_text(row, 1), &d->s.cadence.unit));
    LEDGER_TRY(ledger_each(d->r->l,
                           "SELECT due_on, number FROM standing_occurrence WHERE standing_id = $1 "
                           "ORDER BY due_on",
                           STORE_ARGS(store_int(d->s.id)), check_occurrence, d));
    return check_next(d, row);
}

enum ledger_status replay_standing(struct replay *r)
{
    struct dates d = {.r = r};

    LEDGER_TRY(replay_rules(r, rules, sizeof rules / sizeof rules[0]));
    return ledger_each(r->l,
                       "SELECT s.id, s.unit, s.every, s.day, s.first_on, s.until_on, s.count, "
                       "n.number, n.due_on, EXISTS (SELECT 1 FROM standing_change c WHERE "
                       "c.standing_id = s.id AND c.what = 'ended') FROM standing s "
                       "LEFT JOIN standing_next n ON n.standing_id = s.id ORDER BY s.id",
                       STORE_NO_ARGS, check_dates, &d);
}
