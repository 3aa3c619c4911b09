#include "offer_answer.h"

#include "handle.h"
#include "member.h"
#include "notice.h"

#include <string.h>

static enum ledger_status check_open(struct ledger *l, const struct ledger_offer *o)
{
    if (strcmp(ledger_offer_state(l, o), "open") == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_OFFER_CLOSED, "%s %lld is %s and takes no answers",
                         o->is_want ? "want" : "offer", (long long)o->id, ledger_offer_state(l, o));
}

static enum ledger_status check_first(struct ledger *l, const struct ledger_offer_answer *a)
{
    int64_t one;
    enum ledger_status status = ledger_first(
        l, "SELECT 1 FROM offer_answer WHERE offer_id = $1 AND member_id = $2",
        STORE_ARGS(store_int(a->offer_id), store_int(a->member_id)), ledger_read_int, &one);

    if (status == LEDGER_OK)
        return ledger_refuse(l, LEDGER_ALREADY_ANSWERED,
                             "it is answered already: talk to who posted it");
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

static enum ledger_status check(struct ledger *l, struct ledger_offer_answer *a)
{
    struct ledger_offer o;
    struct ledger_member m;

    if (!a->words[0])
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "words", "an answer needs words");
    LEDGER_TRY(ledger_check_text(l, "words", a->words, LEDGER_MEMO_MAX));
    LEDGER_TRY(ledger_offer_get(l, a->offer_id, &o));
    LEDGER_TRY(check_open(l, &o));
    if (o.member_id == a->member_id)
        return ledger_refuse(l, LEDGER_OWN_OFFER,
                             "that is the member's own: nobody answers itself");
    LEDGER_TRY(check_first(l, a));
    a->poster_id = o.member_id;
    LEDGER_TRY(ledger_member_get(l, a->member_id, &m));
    if (m.state == LEDGER_ACTIVE)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s %s %s and answers nothing", m.handle,
                         m.state == LEDGER_LEFT ? "has" : "is", ledger_member_state_name(m.state));
}

enum ledger_status ledger_offer_answer(struct ledger *l, struct ledger_offer_answer *a,
                                       const char *actor)
{
    LEDGER_TRY(check(l, a));
    LEDGER_TRY(ledger_tick(l, &a->at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM offer_answer", &a->id));
    LEDGER_TRY(
        ledger_exec(l,
                    "INSERT INTO offer_answer (id, offer_id, member_id, at_us, actor) "
                    "VALUES ($1, $2, $3, $4, $5)",
                    STORE_ARGS(store_int(a->id), store_int(a->offer_id), store_int(a->member_id),
                               store_int(a->at_us), store_text(actor))));
    LEDGER_TRY(ledger_exec(l, "INSERT INTO offer_answer_text (answer_id, words) VALUES ($1, $2)",
                           STORE_ARGS(store_int(a->id), store_text(a->words))));
    return ledger_notice_put(l, LEDGER_NOTICE_OFFER_ANSWERED, a->poster_id, a->offer_id);
}

#define ANSWER                                                                                     \
    "SELECT a.id, a.offer_id, a.member_id, o.member_id, a.at_us, o.kind, "                         \
    "coalesce(i.handle, 'erased-' || a.member_id), coalesce(p.handle, 'erased-' || o.member_id), " \
    "x.title, w.words FROM offer_answer a JOIN offer o ON o.id = a.offer_id "                      \
    "LEFT JOIN offer_text x ON x.offer_id = o.id AND x.version = o.version "                       \
    "LEFT JOIN offer_answer_text w ON w.answer_id = a.id "                                         \
    "LEFT JOIN member_identity i ON i.member_id = a.member_id "                                    \
    "LEFT JOIN member_identity p ON p.member_id = o.member_id "

static enum ledger_status read_answer(void *into, const struct store_row *row)
{
    struct ledger_offer_answer *a = into;

    a->id = store_row_int(row, 0);
    a->offer_id = store_row_int(row, 1);
    a->member_id = store_row_int(row, 2);
    a->poster_id = store_row_int(row, 3);
    a->at_us = store_row_int(row, 4);
    a->is_want = strcmp(store_row_text(row, 5), "want") == 0;
    store_row_copy(row, 6, a->member, sizeof a->member);
    store_row_copy(row, 7, a->poster, sizeof a->poster);
    store_row_copy(row, 8, a->title, sizeof a->title);
    a->erased = store_row_null(row, 9);
    store_row_copy(row, 9, a->words, sizeof a->words);
    return LEDGER_OK;
}

enum ledger_status ledger_offer_answer_get(struct ledger *l, int64_t id,
                                           struct ledger_offer_answer *a)
{
    return ledger_first(l, ANSWER "WHERE a.id = $1", STORE_ARGS(store_int(id)), read_answer, a);
}

struct each {
    ledger_offer_answer_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_offer_answer a;

    LEDGER_TRY(read_answer(&a, row));
    return each->read(each->ctx, &a);
}

/* Those of one offer, of one member on either side, or all: each by an index of its own. */
enum ledger_status ledger_offer_answer_each(struct ledger *l,
                                            const struct ledger_offer_answer_filter *f,
                                            ledger_offer_answer_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    if (f->offer_id)
        return ledger_each(l,
                           ANSWER "WHERE a.offer_id = $1 AND a.id > $2 AND ($3 = 0 OR "
                                  "a.member_id = $3 OR o.member_id = $3) ORDER BY a.id LIMIT $4",
                           STORE_ARGS(store_int(f->offer_id), store_int(f->after_id),
                                      store_int(f->member_id), store_int(f->limit)),
                           pass_on, &each);
    if (f->member_id)
        return ledger_each(
            l,
            ANSWER "WHERE a.id IN (SELECT id FROM offer_answer WHERE member_id = $1 AND id > $2 "
                   "UNION ALL SELECT n.id FROM offer m JOIN offer_answer n ON n.offer_id = m.id "
                   "WHERE m.member_id = $1 AND n.id > $2) ORDER BY a.id LIMIT $3",
            STORE_ARGS(store_int(f->member_id), store_int(f->after_id), store_int(f->limit)),
            pass_on, &each);
    return ledger_each(l, ANSWER "WHERE a.id > $1 ORDER BY a.id LIMIT $2",
                       STORE_ARGS(store_int(f->after_id), store_int(f->limit)), pass_on, &each);
}
