#include "offer.h"

#include "date.h"
#include "fold.h"
#include "handle.h"
#include "member.h"
#include "offer_words.h"

#include <string.h>

static const char *noun(const struct ledger_offer *o)
{
    return o->is_want ? "a want" : "an offer";
}

/* Words that nobody could search for name nothing. */
static enum ledger_status check_named(struct ledger *l, const struct ledger_offer *o,
                                      const char *field, const char *text)
{
    char folded[LEDGER_FOLD_WORD_MAX + 1];

    ledger_fold(text, folded, sizeof folded);
    if (folded[0])
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, field,
                               "%s needs a %s with a word in it", noun(o), field);
}

static enum ledger_status check_words(struct ledger *l, const struct ledger_offer *o)
{
    const struct {
        const char *field;
        const char *text;
        size_t max;
    } texts[] = {{"category", o->category, LEDGER_OFFER_CATEGORY_MAX},
                 {"title", o->title, LEDGER_NAME_MAX},
                 {"words", o->words, LEDGER_MEMO_MAX},
                 {"unit", o->unit, LEDGER_OFFER_UNIT_MAX},
                 {"locality", o->locality, LEDGER_ATTRIBUTE_MAX}};

    LEDGER_TRY(check_named(l, o, "category", o->category));
    LEDGER_TRY(check_named(l, o, "title", o->title));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        LEDGER_TRY(ledger_check_text(l, texts[i].field, texts[i].text, texts[i].max));
    return LEDGER_OK;
}

static enum ledger_status check_room(struct ledger *l, const struct ledger_offer *o)
{
    int64_t others;

    LEDGER_TRY(ledger_first(
        l,
        "SELECT count(*) FROM offer WHERE member_id = $1 AND open = 1 AND "
        "until_on >= $2 AND id <> $3",
        STORE_ARGS(store_int(o->member_id), store_int(ledger_today(l)), store_int(o->id)),
        ledger_read_int, &others));
    if (others < LEDGER_OFFERS_OPEN_MAX)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_TOO_MANY_OFFERS,
                         "%d offers and wants stand open already: close one first",
                         LEDGER_OFFERS_OPEN_MAX);
}

static enum ledger_status check(struct ledger *l, const struct ledger_offer *o)
{
    int32_t today = ledger_today(l);
    struct ledger_member m;

    LEDGER_TRY(check_words(l, o));
    if (o->until_on < today || o->until_on > today + LEDGER_OFFER_DAYS_MAX)
        return ledger_refuse_field(l, LEDGER_DATE_MALFORMED, "until",
                                   "%s stands until today or later, at most %d days", noun(o),
                                   LEDGER_OFFER_DAYS_MAX);
    LEDGER_TRY(ledger_member_get(l, o->member_id, &m));
    if (m.state != LEDGER_ACTIVE)
        return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s %s %s and posts nothing", m.handle,
                             m.state == LEDGER_LEFT ? "has" : "is",
                             ledger_member_state_name(m.state));
    return check_room(l, o);
}

static enum ledger_status write_version(struct ledger *l, const struct ledger_offer *o,
                                        const char *actor)
{
    bool priced = o->currency_id != 0;

    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO offer_version (offer_id, version, currency_id, price_minor, until_on, at_us, "
        "actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        STORE_ARGS(store_int(o->id), store_int(o->version),
                   store_int_or_null(priced, o->currency_id),
                   store_int_or_null(priced, o->price_minor), store_int(o->until_on),
                   store_int(o->changed_at_us), store_text(actor))));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO offer_text (offer_id, version, category, title, words, unit, locality) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        STORE_ARGS(store_int(o->id), store_int(o->version), store_text(o->category),
                   store_text(o->title), store_text(o->words), store_text(o->unit),
                   store_text(o->locality))));
    return ledger_offer_words_write(l, o);
}

enum ledger_status ledger_offer_post(struct ledger *l, struct ledger_offer *o, const char *actor)
{
    o->id = 0;
    o->version = 1;
    LEDGER_TRY(check(l, o));
    LEDGER_TRY(ledger_tick(l, &o->posted_at_us));
    o->changed_at_us = o->posted_at_us;
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM offer", &o->id));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO offer (id, member_id, kind, posted_at_us, version, until_on, open) "
        "VALUES ($1, $2, $3, $4, $5, $6, 1)",
        STORE_ARGS(store_int(o->id), store_int(o->member_id),
                   store_text(o->is_want ? "want" : "offer"), store_int(o->posted_at_us),
                   store_int(o->version), store_int(o->until_on))));
    return write_version(l, o, actor);
}

static enum ledger_status check_not_closed(struct ledger *l, const struct ledger_offer *o)
{
    if (!o->closed_at_us && !o->erased)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_OFFER_CLOSED, "%s %lld is %s already",
                         o->is_want ? "want" : "offer", (long long)o->id, ledger_offer_state(l, o));
}

enum ledger_status ledger_offer_edit(struct ledger *l, struct ledger_offer *o, const char *actor)
{
    LEDGER_TRY(check_not_closed(l, o));
    LEDGER_TRY(check(l, o));
    LEDGER_TRY(ledger_tick(l, &o->changed_at_us));
    o->version++;
    LEDGER_TRY(
        ledger_exec(l, "UPDATE offer SET version = $2, until_on = $3, open = 1 WHERE id = $1",
                    STORE_ARGS(store_int(o->id), store_int(o->version), store_int(o->until_on))));
    return write_version(l, o, actor);
}

static enum ledger_status close_now(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_exec(
        l, "INSERT INTO offer_close (offer_id, at_us, actor, reason) VALUES ($1, $2, $3, $4)",
        STORE_ARGS(store_int(id), store_int(at_us), store_text(why->actor),
                   store_text(why->reason))));
    return ledger_exec(l, "UPDATE offer SET open = 0 WHERE id = $1", STORE_ARGS(store_int(id)));
}

enum ledger_status ledger_offer_close(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    struct ledger_offer o;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_offer_get(l, id, &o));
    LEDGER_TRY(check_not_closed(l, &o));
    return close_now(l, id, why);
}

enum ledger_status ledger_offer_leave(struct ledger *l, int64_t member_id,
                                      const struct ledger_why *why)
{
    int64_t id;
    enum ledger_status status;

    while ((status = ledger_first(
                l, "SELECT id FROM offer WHERE member_id = $1 AND open = 1 ORDER BY id LIMIT 1",
                STORE_ARGS(store_int(member_id)), ledger_read_int, &id)) == LEDGER_OK)
        LEDGER_TRY(close_now(l, id, why));
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}

enum ledger_status ledger_offer_forget(struct ledger *l, int64_t member_id)
{
    LEDGER_TRY(ledger_exec(l,
                           "DELETE FROM offer_answer_text WHERE answer_id IN "
                           "(SELECT id FROM offer_answer WHERE member_id = $1)",
                           STORE_ARGS(store_int(member_id))));
    LEDGER_TRY(ledger_exec(
        l, "DELETE FROM offer_word WHERE offer_id IN (SELECT id FROM offer WHERE member_id = $1)",
        STORE_ARGS(store_int(member_id))));
    LEDGER_TRY(ledger_exec(
        l, "DELETE FROM offer_text WHERE offer_id IN (SELECT id FROM offer WHERE member_id = $1)",
        STORE_ARGS(store_int(member_id))));
    return ledger_exec(l, "UPDATE offer SET open = 0 WHERE member_id = $1 AND open = 1",
                       STORE_ARGS(store_int(member_id)));
}

enum ledger_status ledger_offer_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    LEDGER_TRY(ledger_exec(
        l,
        "UPDATE offer SET open = 0 WHERE id IN (SELECT id FROM offer WHERE open = 1 AND "
        "until_on < $1 ORDER BY until_on LIMIT $2)",
        STORE_ARGS(store_int(ledger_day_of(l, now_us)), store_int(LEDGER_OFFER_SWEEP_MAX))));
    *count = store_changed(l->store);
    return LEDGER_OK;
}

#define OFFER                                                                                      \
    "SELECT o.id, o.member_id, o.kind, o.posted_at_us, o.version, o.until_on, v.at_us, "           \
    "v.currency_id, v.price_minor, c.scale, c.code, k.at_us, k.reason, x.category, x.title, "      \
    "x.words, x.unit, x.locality, coalesce(i.handle, 'erased-' || o.member_id), "                  \
    "(SELECT count(*) FROM offer_answer a WHERE a.offer_id = o.id), "                              \
    "(SELECT count(*) FROM offer_cite s WHERE s.offer_id = o.id) FROM offer o "                    \
    "JOIN offer_version v ON v.offer_id = o.id AND v.version = o.version "                         \
    "LEFT JOIN offer_text x ON x.offer_id = o.id AND x.version = o.version "                       \
    "LEFT JOIN currency c ON c.id = v.currency_id "                                                \
    "LEFT JOIN offer_close k ON k.offer_id = o.id "                                                \
    "LEFT JOIN member_identity i ON i.member_id = o.member_id "

static enum ledger_status read_offer(void *into, const struct store_row *row)
{
    struct ledger_offer *o = into;

    o->id = store_row_int(row, 0);
    o->member_id = store_row_int(row, 1);
    o->is_want = strcmp(store_row_text(row, 2), "want") == 0;
    o->posted_at_us = store_row_int(row, 3);
    o->version = store_row_int(row, 4);
    o->until_on = (int32_t)store_row_int(row, 5);
    o->changed_at_us = store_row_int(row, 6);
    o->currency_id = store_row_int(row, 7);
    o->price_minor = store_row_int(row, 8);
    o->scale = (int)store_row_int(row, 9);
    store_row_copy(row, 10, o->code, sizeof o->code);
    o->closed_at_us = store_row_int(row, 11);
    store_row_copy(row, 12, o->reason, sizeof o->reason);
    o->erased = store_row_null(row, 14);
    store_row_copy(row, 13, o->category, sizeof o->category);
    store_row_copy(row, 14, o->title, sizeof o->title);
    store_row_copy(row, 15, o->words, sizeof o->words);
    store_row_copy(row, 16, o->unit, sizeof o->unit);
    store_row_copy(row, 17, o->locality, sizeof o->locality);
    store_row_copy(row, 18, o->handle, sizeof o->handle);
    o->answers = store_row_int(row, 19);
    o->cited = store_row_int(row, 20);
    return LEDGER_OK;
}

enum ledger_status ledger_offer_get(struct ledger *l, int64_t id, struct ledger_offer *o)
{
    enum ledger_status status =
        ledger_first(l, OFFER "WHERE o.id = $1", STORE_ARGS(store_int(id)), read_offer, o);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_OFFER, "there is no offer or want %lld",
                             (long long)id);
    return status;
}

const char *ledger_offer_state(const struct ledger *l, const struct ledger_offer *o)
{
    if (o->closed_at_us)
        return "closed";
    if (o->erased)
        return "erased";
    return o->until_on < ledger_today(l) ? "over" : "open";
}
