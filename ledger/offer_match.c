#include "offer_match.h"

#include "handle.h"
#include "member.h"
#include "offer_words.h"

#include <string.h>

struct matching {
    struct ledger *l;
    ledger_offer_match_reader *read;
    void *ctx;
    int64_t member_id;
    bool earns;
    int64_t own_id;
};

static enum ledger_status add_word(void *into, const struct store_row *row)
{
    struct ledger_offer_match *match = into;
    const char *word = store_row_text(row, 1);
    size_t used = strlen(match->why);
    size_t size = strlen(word);

    if (store_row_int(row, 0) == LEDGER_OFFER_CATEGORY) {
        match->by_category = true;
        return LEDGER_OK;
    }
    if (used + size + 2 > LEDGER_MATCH_WHY_MAX)
        return LEDGER_STOP;
    memcpy(match->why + used, ", ", used ? 2 : 0);
    memcpy(match->why + used + (used ? 2 : 0), word, size + 1);
    return LEDGER_OK;
}

static enum ledger_status tell_pair(void *into, const struct store_row *row)
{
    const struct matching *m = into;
    struct ledger_offer_match match = {
        .earns = m->earns, .own_id = m->own_id, .other_id = store_row_int(row, 0)};

    LEDGER_TRY(ledger_each(
        m->l,
        "SELECT a.field, a.word FROM offer_word a JOIN offer_word b ON b.offer_id = $2 AND "
        "b.field = a.field AND b.word = a.word WHERE a.offer_id = $1 AND a.field IN (1, 3) "
        "ORDER BY a.field, a.word",
        STORE_ARGS(store_int(match.own_id), store_int(match.other_id)), add_word, &match));
    return m->read(m->ctx, &match);
}

static enum ledger_status match_own(void *into, const struct store_row *row)
{
    struct matching *m = into;

    m->own_id = store_row_int(row, 0);
    return ledger_each(
        m->l,
        "SELECT o.id FROM offer_word a CROSS JOIN offer_word b CROSS JOIN offer o "
        "WHERE a.offer_id = $1 AND a.field IN (1, 3) AND b.field = a.field AND b.word = a.word AND "
        "o.id = b.offer_id AND o.kind = $2 AND o.open = 1 AND o.until_on >= $3 AND "
        "o.member_id <> $4 GROUP BY o.id ORDER BY count(*) DESC, o.id DESC LIMIT $5",
        STORE_ARGS(store_int(m->own_id), store_text(m->earns ? "want" : "offer"),
                   store_int(ledger_today(m->l)), store_int(m->member_id),
                   store_int(LEDGER_MATCH_EACH_MAX)),
        tell_pair, m);
}

static enum ledger_status match_all(struct matching *m, bool earns)
{
    m->earns = earns;
    return ledger_each(m->l,
                       "SELECT id FROM offer WHERE member_id = $1 AND kind = $2 AND open = 1 AND "
                       "until_on >= $3 ORDER BY id DESC LIMIT $4",
                       STORE_ARGS(store_int(m->member_id), store_text(earns ? "offer" : "want"),
                                  store_int(ledger_today(m->l)), store_int(LEDGER_MATCH_OWN_MAX)),
                       match_own, m);
}

static enum ledger_status tell_sector(void *into, const struct store_row *row)
{
    const struct matching *m = into;
    const struct ledger_offer_match match = {
        .earns = true, .other_id = store_row_int(row, 0), .by_category = true};

    return m->read(m->ctx, &match);
}

static enum ledger_status take_sector(void *ctx, const char *name, const char *value,
                                      int32_t from_on)
{
    (void)from_on;
    if (strcmp(name, "sector") == 0)
        ledger_fold(value, ctx, LEDGER_FOLD_WORD_MAX + 1);
    return LEDGER_OK;
}

/* Wants in its own trade that none of its offers meets. */
static enum ledger_status match_sector(struct matching *m)
{
    char sector[LEDGER_FOLD_WORD_MAX + 1] = "";
    int32_t today = ledger_today(m->l);

    LEDGER_TRY(ledger_member_attributes(m->l, m->member_id, today, take_sector, sector));
    if (!sector[0])
        return LEDGER_OK;
    return ledger_each(
        m->l,
        "SELECT o.id FROM offer_word w CROSS JOIN offer o WHERE w.field = 1 AND w.word = $1 AND "
        "o.id = w.offer_id AND o.kind = 'want' AND o.open = 1 AND o.until_on >= $2 AND "
        "o.member_id <> $3 AND NOT EXISTS (SELECT 1 FROM offer mine JOIN offer_word a ON "
        "a.offer_id = mine.id JOIN offer_word b ON b.offer_id = o.id AND b.field = a.field AND "
        "b.word = a.word WHERE mine.member_id = $3 AND mine.kind = 'offer' AND mine.open = 1 AND "
        "mine.until_on >= $2 AND a.field IN (1, 3)) ORDER BY w.offer_id DESC LIMIT $4",
        STORE_ARGS(store_text(sector), store_int(today), store_int(m->member_id),
                   store_int(LEDGER_MATCH_EACH_MAX)),
        tell_sector, m);
}

struct sides {
    bool below;
    bool above;
};

static enum ledger_status read_sides(void *into, const struct store_row *row)
{
    struct sides *sides = into;

    sides->below = store_row_int(row, 0) < 0;
    sides->above = store_row_int(row, 1) > 0;
    return LEDGER_OK;
}

enum ledger_status ledger_offer_match_each(struct ledger *l, int64_t member_id,
                                           ledger_offer_match_reader *read, void *ctx)
{
    struct matching m = {.l = l, .read = read, .ctx = ctx, .member_id = member_id};
    struct ledger_member member;
    struct sides sides;

    LEDGER_TRY(ledger_member_get(l, member_id, &member));
    LEDGER_TRY(ledger_first(l,
                            "SELECT min(a.balance_minor), max(a.balance_minor) FROM account a "
                            "JOIN currency c ON c.id = a.currency_id WHERE a.member_id = $1 AND "
                            "c.kind <> 'training'",
                            STORE_ARGS(store_int(member_id)), read_sides, &sides));
    if (sides.below || !sides.above) {
        LEDGER_TRY(match_all(&m, true));
        LEDGER_TRY(match_sector(&m));
    }
    return sides.above || !sides.below ? match_all(&m, false) : LEDGER_OK;
}
