#include "handle.h"
#include "offer.h"
#include "offer_words.h"

#include <stdio.h>
#include <string.h>

#define TERMS_MAX (LEDGER_SEARCH_WORDS_MAX + 2)

/* Words of an offer from `from` on and before `to`: all that begin so, or that one. */
struct term {
    enum ledger_offer_field field;
    char from[LEDGER_FOLD_WORD_MAX + 1];
    char to[LEDGER_FOLD_WORD_MAX + 5];
};

struct search {
    struct ledger *l;
    ledger_offer_reader *read;
    void *ctx;
    int count;
    const struct term *lead; /* the index goes by it, NULL when it goes by none */
    struct term terms[TERMS_MAX];
};

static void end_at(struct term *t, const char *end)
{
    size_t size = strlen(t->from);

    memcpy(t->to, t->from, size);
    memcpy(t->to + size, end, strlen(end) + 1);
}

static void add_whole(struct search *s, enum ledger_offer_field field, const char *text)
{
    struct term *t = &s->terms[s->count++];

    t->field = field;
    ledger_fold(text, t->from, sizeof t->from);
    end_at(t, "\x01");
}

/* No word has U+10FFFF in it: it is no letter. */
static enum ledger_status add_word(void *ctx, const char *word)
{
    struct search *s = ctx;
    struct term *t = &s->terms[s->count];

    if (s->count == LEDGER_SEARCH_WORDS_MAX)
        return LEDGER_SEARCH_MALFORMED;
    s->count++;
    t->field = LEDGER_OFFER_WORD;
    snprintf(t->from, sizeof t->from, "%s", word);
    end_at(t, "\xF4\x8F\xBF\xBF");
    return LEDGER_OK;
}

static enum ledger_status refuse_words(struct ledger *l, const char *field)
{
    return ledger_refuse_field(l, LEDGER_SEARCH_MALFORMED, field,
                               "search for one to %d words of letters or digits",
                               LEDGER_SEARCH_WORDS_MAX);
}

static enum ledger_status take_whole(struct search *s, enum ledger_offer_field field,
                                     const char *name, const char *text)
{
    if (!text)
        return LEDGER_OK;
    add_whole(s, field, text);
    if (!s->terms[s->count - 1].from[0])
        return refuse_words(s->l, name);
    return LEDGER_OK;
}

/*
 * The word that fewest begin with, where those are few; else the category or place. Where all are frequent, a
 * look from the newest on fills its page soon.
 */
static enum ledger_status choose_lead(struct search *s)
{
    int64_t fewest = LEDGER_SEARCH_LEAD_MAX;
    int64_t count;

    for (int i = 0; i < s->count && s->terms[i].field == LEDGER_OFFER_WORD; i++) {
        LEDGER_TRY(
            ledger_first(s->l,
                         "SELECT count(*) FROM (SELECT 1 FROM offer_word WHERE field = $1 "
                         "AND word >= $2 AND word < $3 LIMIT $4) AS some",
                         STORE_ARGS(store_int(s->terms[i].field), store_text(s->terms[i].from),
                                    store_text(s->terms[i].to), store_int(fewest + 1)),
                         ledger_read_int, &count));
        if (count <= fewest)
            s->lead = &s->terms[i];
        fewest = count <= fewest ? count : fewest;
    }
    for (int i = 0; i < s->count && !s->lead; i++)
        if (s->terms[i].field != LEDGER_OFFER_WORD)
            s->lead = &s->terms[i];
    return LEDGER_OK;
}

static enum ledger_status take_terms(struct search *s, const struct ledger_offer_filter *f)
{
    if (f->words && (ledger_fold_each(f->words, add_word, s) != LEDGER_OK || s->count == 0))
        return refuse_words(s->l, "words");
    LEDGER_TRY(take_whole(s, LEDGER_OFFER_CATEGORY, "category", f->category));
    return take_whole(s, LEDGER_OFFER_LOCALITY, "locality", f->locality);
}

static enum ledger_status has_term(struct ledger *l, int64_t id, const struct term *t)
{
    int64_t one;

    return ledger_first(
        l,
        "SELECT 1 FROM offer_word WHERE offer_id = $1 AND field = $2 AND "
        "word >= $3 AND word < $4 LIMIT 1",
        STORE_ARGS(store_int(id), store_int(t->field), store_text(t->from), store_text(t->to)),
        ledger_read_int, &one);
}

static enum ledger_status consider(void *into, const struct store_row *row)
{
    struct search *s = into;
    int64_t id = store_row_int(row, 0);
    struct ledger_offer o;

    for (int i = 0; i < s->count; i++) {
        enum ledger_status status =
            &s->terms[i] == s->lead ? LEDGER_OK : has_term(s->l, id, &s->terms[i]);
        if (status != LEDGER_OK)
            return status == LEDGER_NO_ROW ? LEDGER_OK : status;
    }
    LEDGER_TRY(ledger_offer_get(s->l, id, &o));
    return s->read(s->ctx, &o);
}

/* What the row itself says; the leading key of each list has a statement of its own. */
#define SUITS                                                                                      \
    " o.id < $1 AND ($2 IS NULL OR o.kind = $2) AND ($3 = 0 OR (o.open = 1 AND o.until_on >= "     \
    "$4)) "
#define SUITS_ARGS                                                                                 \
    store_int(f->before_id), store_text(f->kind), store_int(f->open_only),                         \
        store_int(ledger_today(s->l))

static enum ledger_status by_member(struct search *s, const struct ledger_offer_filter *f)
{
    return ledger_each(s->l,
                       "SELECT o.id FROM offer o WHERE" SUITS "AND o.member_id = $5 "
                       "ORDER BY o.id DESC",
                       STORE_ARGS(SUITS_ARGS, store_int(f->member_id)), consider, s);
}

static enum ledger_status by_word(struct search *s, const struct ledger_offer_filter *f)
{
    return ledger_each(s->l,
                       "SELECT DISTINCT o.id FROM offer_word w CROSS JOIN offer o "
                       "WHERE o.id = w.offer_id AND" SUITS
                       "AND w.field = $5 AND w.word >= $6 AND w.word < $7 "
                       "ORDER BY o.id DESC",
                       STORE_ARGS(SUITS_ARGS, store_int(s->lead->field), store_text(s->lead->from),
                                  store_text(s->lead->to)),
                       consider, s);
}

static enum ledger_status by_whole(struct search *s, const struct ledger_offer_filter *f)
{
    return ledger_each(
        s->l,
        "SELECT w.offer_id FROM offer_word w CROSS JOIN offer o WHERE o.id = w.offer_id AND" SUITS
        "AND w.field = $5 AND w.word = $6 AND w.offer_id < $1 ORDER BY w.offer_id DESC",
        STORE_ARGS(SUITS_ARGS, store_int(s->lead->field), store_text(s->lead->from)), consider, s);
}

static enum ledger_status by_none(struct search *s, const struct ledger_offer_filter *f)
{
    if (f->open_only)
        return ledger_each(s->l,
                           "SELECT o.id FROM offer o WHERE" SUITS "AND o.open = 1 "
                           "ORDER BY o.id DESC",
                           STORE_ARGS(SUITS_ARGS), consider, s);
    return ledger_each(s->l, "SELECT o.id FROM offer o WHERE" SUITS "ORDER BY o.id DESC",
                       STORE_ARGS(SUITS_ARGS), consider, s);
}

enum ledger_status ledger_offer_each(struct ledger *l, const struct ledger_offer_filter *f,
                                     ledger_offer_reader *read, void *ctx)
{
    struct search s = {.l = l, .read = read, .ctx = ctx};

    LEDGER_TRY(take_terms(&s, f));
    if (f->member_id)
        return by_member(&s, f);
    LEDGER_TRY(choose_lead(&s));
    if (!s.lead)
        return by_none(&s, f);
    return s.lead->field == LEDGER_OFFER_WORD ? by_word(&s, f) : by_whole(&s, f);
}
