#include "offer_words.h"
#include "verify_replay.h"

#include <string.h>

static const struct replay_rule rules[] = {
    {"offer", "a version of it is missing, or its newest is not the one it says", NULL,
     "SELECT o.id FROM offer o LEFT JOIN offer_version v ON v.offer_id = o.id GROUP BY o.id "
     "HAVING count(v.version) <> o.version OR max(v.version) IS NOT o.version LIMIT 1"},
    {"offer", "a version, a closing, an answer or a citation stands without it", NULL,
     "SELECT offer_id FROM offer_version WHERE offer_id NOT IN (SELECT id FROM offer) UNION ALL "
     "SELECT offer_id FROM offer_close WHERE offer_id NOT IN (SELECT id FROM offer) UNION ALL "
     "SELECT offer_id FROM offer_answer WHERE offer_id NOT IN (SELECT id FROM offer) UNION ALL "
     "SELECT offer_id FROM offer_cite WHERE offer_id NOT IN (SELECT id FROM offer) LIMIT 1"},
    {"offer", "its last day is not that of its newest version", NULL,
     "SELECT o.id FROM offer o JOIN offer_version v ON v.offer_id = o.id AND v.version = o.version "
     "WHERE v.until_on <> o.until_on ORDER BY o.id LIMIT 1"},
    {"offer", "it is closed or erased and counts as open", NULL,
     "SELECT o.id FROM offer o WHERE o.open = 1 AND (EXISTS (SELECT 1 FROM offer_close k WHERE "
     "k.offer_id = o.id) OR EXISTS (SELECT 1 FROM erasure e WHERE e.kind = 'member' AND "
     "e.subject = o.member_id)) ORDER BY o.id LIMIT 1"},
    {"offer", "words stand without a version, or although their erasure is on record", NULL,
     "SELECT x.offer_id FROM offer_text x LEFT JOIN offer o ON o.id = x.offer_id LEFT JOIN "
     "offer_version v ON v.offer_id = x.offer_id AND v.version = x.version LEFT JOIN erasure e ON "
     "e.kind = 'member' AND e.subject = o.member_id WHERE v.version IS NULL OR e.id IS NOT NULL "
     "ORDER BY x.offer_id LIMIT 1"},
    {"offer", "its words are gone, and no erasure is on record", NULL,
     "SELECT v.offer_id FROM offer_version v JOIN offer o ON o.id = v.offer_id WHERE NOT EXISTS "
     "(SELECT 1 FROM offer_text x WHERE x.offer_id = v.offer_id AND x.version = v.version) AND "
     "NOT EXISTS (SELECT 1 FROM erasure e WHERE e.kind = 'member' AND e.subject = o.member_id) "
     "ORDER BY v.offer_id LIMIT 1"},
    {"offer", "it is found by words that it does not have", NULL,
     "SELECT w.offer_id FROM offer_word w LEFT JOIN offer o ON o.id = w.offer_id LEFT JOIN "
     "offer_text x ON x.offer_id = o.id AND x.version = o.version WHERE x.offer_id IS NULL LIMIT "
     "1"},
    {"offer", "who posted it answers it", NULL,
     "SELECT o.id FROM offer o JOIN offer_answer a ON a.offer_id = o.id AND a.member_id = "
     "o.member_id LIMIT 1"},
    {"answer", "words stand without it, or although their erasure is on record", NULL,
     "SELECT x.answer_id FROM offer_answer_text x LEFT JOIN offer_answer a ON a.id = x.answer_id "
     "LEFT JOIN erasure e ON e.kind = 'member' AND e.subject = a.member_id WHERE a.id IS NULL OR "
     "e.id IS NOT NULL ORDER BY x.answer_id LIMIT 1"},
    {"answer", "its words are gone, and no erasure is on record", NULL,
     "SELECT a.id FROM offer_answer a WHERE NOT EXISTS (SELECT 1 FROM offer_answer_text x WHERE "
     "x.answer_id = a.id) AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.kind = 'member' AND "
     "e.subject = a.member_id) ORDER BY a.id LIMIT 1"},
    {"transfer", "it is for an offer or a want of somebody else", NULL,
     "SELECT s.subject FROM offer_cite s JOIN offer o ON o.id = s.offer_id WHERE s.kind = "
     "'transfer' AND NOT EXISTS (SELECT 1 FROM entry e JOIN account a ON a.id = e.account_id WHERE "
     "e.transfer_id = s.subject AND a.member_id = o.member_id AND (e.amount_minor < 0) = (o.kind = "
     "'want')) ORDER BY s.subject LIMIT 1"},
    {"request", "it is for an offer or a want of somebody else", NULL,
     "SELECT s.subject FROM offer_cite s JOIN offer o ON o.id = s.offer_id LEFT JOIN request r ON "
     "r.id = s.subject AND r.kind = 'invoice' AND o.member_id = CASE o.kind WHEN 'want' THEN "
     "r.payer_id ELSE r.payee_id END WHERE s.kind = 'request' AND r.id IS NULL "
     "ORDER BY s.subject LIMIT 1"},
};

struct found {
    const struct ledger_offer_words *words;
    int at;
};

static enum ledger_status check_word(void *into, const struct store_row *row)
{
    struct found *f = into;

    if (f->at == f->words->count || store_row_int(row, 0) != (int64_t)f->words->all[f->at].field ||
        strcmp(store_row_text(row, 1), f->words->all[f->at].text) != 0)
        return LEDGER_INTEGRITY;
    f->at++;
    return LEDGER_OK;
}

static enum ledger_status check_words(void *into, const struct store_row *row)
{
    struct replay *r = into;
    struct ledger_offer o = {.id = store_row_int(row, 0)};
    struct ledger_offer_words words;
    struct found found = {&words, 0};

    store_row_copy(row, 1, o.category, sizeof o.category);
    store_row_copy(row, 2, o.title, sizeof o.title);
    store_row_copy(row, 3, o.words, sizeof o.words);
    store_row_copy(row, 4, o.locality, sizeof o.locality);
    ledger_offer_words_of(&o, &words);
    enum ledger_status status = ledger_each(
        r->l, "SELECT field, word FROM offer_word WHERE offer_id = $1 ORDER BY field, word",
        STORE_ARGS(store_int(o.id)), check_word, &found);
    if (status == LEDGER_OK && found.at == words.count)
        return LEDGER_OK;
    if (status != LEDGER_OK && status != LEDGER_INTEGRITY)
        return status;
    return ledger_refuse(r->l, LEDGER_INTEGRITY,
                         "offer %lld: the words it is found by are not its own", (long long)o.id);
}

/* A sweep takes out only what is over; one day for a clock that was put back. */
static enum ledger_status check_found(struct replay *r)
{
    int64_t id;
    enum ledger_status status = ledger_first(
        r->l,
        "SELECT o.id FROM offer o WHERE o.open = 0 AND o.until_on > $1 AND NOT EXISTS (SELECT 1 "
        "FROM offer_close k WHERE k.offer_id = o.id) AND NOT EXISTS (SELECT 1 FROM erasure e WHERE "
        "e.kind = 'member' AND e.subject = o.member_id) ORDER BY o.id LIMIT 1",
        STORE_ARGS(store_int(ledger_today(r->l))), ledger_read_int, &id);

    if (status == LEDGER_OK)
        return ledger_refuse(r->l, LEDGER_INTEGRITY, "offer %lld: it is open and is not found",
                             (long long)id);
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

enum ledger_status replay_offers(struct replay *r)
{
    LEDGER_TRY(check_found(r));
    LEDGER_TRY(replay_rules(r, rules, sizeof rules / sizeof rules[0]));
    return ledger_each(r->l,
                       "SELECT o.id, x.category, x.title, x.words, x.locality FROM offer o JOIN "
                       "offer_text x ON x.offer_id = o.id AND x.version = o.version ORDER BY o.id",
                       STORE_NO_ARGS, check_words, r);
}
