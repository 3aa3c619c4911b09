#include "session.h"

#include "date.h"
#include "enrolment_step.h"
#include "handle.h"
#include "member.h"
#include "notice.h"
#include "waitlist.h"

#include <string.h>

/* Pages make links of them, and only such as lead somewhere. */
static enum ledger_status check_link(struct ledger *l, const char *field, const char *link)
{
    LEDGER_TRY(ledger_check_text(l, field, link, LEDGER_LINK_MAX));
    if (!link || link[0] == '\0')
        return LEDGER_OK;
    if ((strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0) &&
        !strpbrk(link, " \"<>"))
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_LINK_MALFORMED, field,
                               "a link begins with https:// and has no blanks");
}

static enum ledger_status check_times(struct ledger *l, const struct ledger_session_draft *d)
{
    int64_t now_us = ledger_now_us(l);

    if (d->ends_at_us <= d->starts_at_us)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "ends",
                                   "a session ends after it begins");
    if (d->ends_at_us - d->starts_at_us < LEDGER_SESSION_US_MIN)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "ends",
                                   "a session lasts a minute or more");
    if (d->ends_at_us - d->starts_at_us > LEDGER_SESSION_US_MAX)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "ends",
                                   "a session lasts at most two weeks: add one for each part");
    if (d->starts_at_us <= now_us)
        return ledger_refuse_field(l, LEDGER_SESSION_IN_PAST, "starts",
                                   "a session begins in the future");
    if (d->closes_at_us > d->starts_at_us)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "sign_up_until",
                                   "signing up ends when the session begins, or before");
    if (d->closes_at_us <= d->opens_at_us || d->closes_at_us <= now_us)
        return ledger_refuse_field(l, LEDGER_PERIOD_MALFORMED, "sign_up_until",
                                   "signing up ends after it begins, and in the future");
    return LEDGER_OK;
}

static enum ledger_status check_capacity(struct ledger *l, int capacity)
{
    if (capacity >= 1 && capacity <= LEDGER_SESSION_PLACES_MAX)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "capacity",
                               "a session has 1 to %d places", LEDGER_SESSION_PLACES_MAX);
}

static enum ledger_status check_prices(struct ledger *l, const struct ledger_session_draft *d)
{
    for (int i = 0; i < d->price_count; i++) {
        if (d->prices[i].amount_minor <= 0)
            return ledger_refuse_field(
                l, LEDGER_AMOUNT_NOT_POSITIVE, "price",
                "a price is more than zero: leave it out where nothing is paid");
        if (i > 0 && d->prices[i].currency_id == d->prices[0].currency_id)
            return ledger_refuse_field(l, LEDGER_SAME_CURRENCY, "also_currency",
                                       "the second price is in another currency than the first");
    }
    return LEDGER_OK;
}

static enum ledger_status check_trainers(struct ledger *l, const struct ledger_session_draft *d)
{
    struct ledger_member m;

    for (int i = 0; i < d->trainer_count; i++) {
        for (int j = 0; j < i; j++)
            if (d->trainer_ids[i] == d->trainer_ids[j])
                return ledger_refuse_field(l, LEDGER_EXISTS, "trainers", "a trainer is named once");
        LEDGER_TRY(ledger_member_get(l, d->trainer_ids[i], &m));
    }
    return LEDGER_OK;
}

static enum ledger_status check_draft(struct ledger *l, const struct ledger_session_draft *d,
                                      struct ledger_course *c)
{
    struct ledger_member provider;

    LEDGER_TRY(ledger_course_get(l, d->course_id, c));
    LEDGER_TRY(ledger_member_get(l, c->provider_id, &provider));
    if (provider.state != LEDGER_ACTIVE)
        return ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s is %s and cannot offer a session",
                             provider.handle, ledger_member_state_name(provider.state));
    LEDGER_TRY(check_times(l, d));
    LEDGER_TRY(check_capacity(l, d->capacity));
    if (d->minimum < 0 || d->minimum > d->capacity)
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "minimum",
                                   "the minimum is at most the capacity");
    LEDGER_TRY(ledger_check_text(l, "place", d->place, LEDGER_MEMO_MAX));
    LEDGER_TRY(check_link(l, "link", d->link));
    LEDGER_TRY(check_prices(l, d));
    return check_trainers(l, d);
}

static enum ledger_status write_parts(struct ledger *l, const struct ledger_session_draft *d,
                                      int64_t id)
{
    for (int i = 0; i < d->price_count; i++)
        LEDGER_TRY(ledger_exec(
            l,
            "INSERT INTO session_price (session_id, currency_id, price_minor) VALUES ($1, $2, $3)",
            STORE_ARGS(store_int(id), store_int(d->prices[i].currency_id),
                       store_int(d->prices[i].amount_minor))));
    for (int i = 0; i < d->trainer_count; i++)
        LEDGER_TRY(
            ledger_exec(l, "INSERT INTO session_trainer (session_id, member_id) VALUES ($1, $2)",
                        STORE_ARGS(store_int(id), store_int(d->trainer_ids[i]))));
    return ledger_exec(l, "INSERT INTO session_text (session_id, place, link) VALUES ($1, $2, $3)",
                       STORE_ARGS(store_int(id), store_text(d->place ? d->place : ""),
                                  store_text(d->link ? d->link : "")));
}

static enum ledger_status write_capacity(struct ledger *l, int64_t session_id, int capacity,
                                         int64_t at_us, const struct ledger_why *why)
{
    int64_t id;

    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM session_capacity", &id));
    return ledger_exec(
        l,
        "INSERT INTO session_capacity (id, session_id, capacity, at_us, actor, reason) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        STORE_ARGS(store_int(id), store_int(session_id), store_int(capacity), store_int(at_us),
                   store_text(why->actor), store_text(why->reason)));
}

static enum ledger_status write_session(struct ledger *l, const struct ledger_session_draft *d,
                                        const struct ledger_course *c, int64_t id, int64_t at_us,
                                        const struct ledger_why *why)
{
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO session (id, course_id, version, zone, tzdata, starts_local, ends_local, "
        "starts_at_us, ends_at_us, opens_at_us, closes_at_us, minimum, offer_us, created_at_us, "
        "actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        STORE_ARGS(store_int(id), store_int(c->id), store_int(c->version), store_text(d->zone),
                   store_text(d->tzdata), store_text(d->starts), store_text(d->ends),
                   store_int(d->starts_at_us), store_int(d->ends_at_us), store_int(d->opens_at_us),
                   store_int(d->closes_at_us), store_int(d->minimum), store_int(d->offer_us),
                   store_int(at_us), store_text(why->actor))));
    LEDGER_TRY(write_parts(l, d, id));
    if (d->minimum > 0)
        LEDGER_TRY(course_due_set(l, "minimum", id, d->closes_at_us));
    LEDGER_TRY(course_due_set(l, "begin", id, d->starts_at_us));
    return write_capacity(l, id, d->capacity, at_us, why);
}

enum ledger_status ledger_session_add(struct ledger *l, const struct ledger_session_draft *draft,
                                      const struct ledger_why *why, int64_t *id)
{
    struct ledger_session_draft d = *draft;
    struct ledger_course c;
    int64_t at_us;

    if (d.opens_at_us == 0)
        d.opens_at_us = ledger_now_us(l);
    if (d.closes_at_us == 0)
        d.closes_at_us = d.starts_at_us;
    LEDGER_TRY(check_draft(l, &d, &c));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM session", id));
    return write_session(l, &d, &c, *id, at_us, why);
}

/* $1 is now: an offer whose time is over offers nothing. */
#define SESSION                                                                                    \
    "SELECT s.id, s.course_id, c.provider_id, s.starts_at_us, s.ends_at_us, s.opens_at_us, "       \
    "s.closes_at_us, s.offer_us, k.at_us, v.threshold_percent, s.minimum, "                        \
    "(SELECT capacity FROM session_capacity WHERE session_id = s.id ORDER BY id DESC LIMIT 1), "   \
    "(SELECT sum(places) FROM place WHERE session_id = s.id "                                      \
    "AND state IN ('enrolled', 'attended', 'absent')), "                                           \
    "(SELECT sum(places) FROM place WHERE session_id = s.id "                                      \
    "AND state = 'offered' AND until_us > $1), "                                                   \
    "(SELECT sum(places) FROM place WHERE session_id = s.id AND state = 'waiting'), "              \
    "coalesce(i.handle, 'erased-' || c.provider_id), s.zone, s.starts_local, s.ends_local, "       \
    "t.title, t.language, x.place, x.link, (SELECT link FROM session_notes "                       \
    "WHERE session_id = s.id ORDER BY id DESC LIMIT 1), k.reason "                                 \
    "FROM session s JOIN course c ON c.id = s.course_id "                                          \
    "JOIN course_version v ON v.course_id = s.course_id AND v.version = s.version "                \
    "LEFT JOIN course_text t ON t.course_id = c.id AND t.version = "                               \
    "(SELECT max(version) FROM course_version WHERE course_id = c.id) "                            \
    "LEFT JOIN member_identity i ON i.member_id = c.provider_id "                                  \
    "LEFT JOIN session_text x ON x.session_id = s.id "                                             \
    "LEFT JOIN session_cancellation k ON k.session_id = s.id "

static void read_figures(struct ledger_session *s, const struct store_row *row)
{
    s->id = store_row_int(row, 0);
    s->course_id = store_row_int(row, 1);
    s->provider_id = store_row_int(row, 2);
    s->starts_at_us = store_row_int(row, 3);
    s->ends_at_us = store_row_int(row, 4);
    s->opens_at_us = store_row_int(row, 5);
    s->closes_at_us = store_row_int(row, 6);
    s->offer_us = store_row_int(row, 7);
    s->cancelled_at_us = store_row_int(row, 8);
    s->threshold_percent = (int)store_row_int(row, 9);
    s->minimum = (int)store_row_int(row, 10);
    s->capacity = (int)store_row_int(row, 11);
    s->enrolled = (int)store_row_int(row, 12);
    s->offered = (int)store_row_int(row, 13);
    s->waiting = (int)store_row_int(row, 14);
}

static enum ledger_status read_session(void *into, const struct store_row *row)
{
    struct ledger_session *s = into;

    read_figures(s, row);
    store_row_copy(row, 15, s->provider, sizeof s->provider);
    store_row_copy(row, 16, s->zone, sizeof s->zone);
    store_row_copy(row, 17, s->starts, sizeof s->starts);
    store_row_copy(row, 18, s->ends, sizeof s->ends);
    store_row_copy(row, 19, s->title, sizeof s->title);
    store_row_copy(row, 20, s->language, sizeof s->language);
    store_row_copy(row, 21, s->place, sizeof s->place);
    store_row_copy(row, 22, s->link, sizeof s->link);
    store_row_copy(row, 23, s->notes, sizeof s->notes);
    store_row_copy(row, 24, s->reason, sizeof s->reason);
    return LEDGER_OK;
}

static enum ledger_status read_price(void *into, const struct store_row *row)
{
    struct ledger_session *s = into;
    struct ledger_session_price *p = &s->prices[s->price_count++];

    p->currency_id = store_row_int(row, 0);
    p->amount_minor = store_row_int(row, 1);
    p->scale = (int)store_row_int(row, 2);
    store_row_copy(row, 3, p->code, sizeof p->code);
    return LEDGER_OK;
}

static enum ledger_status read_trainer(void *into, const struct store_row *row)
{
    struct ledger_session *s = into;
    int i = s->trainer_count++;

    s->trainer_ids[i] = store_row_int(row, 0);
    store_row_copy(row, 1, s->trainers[i], sizeof s->trainers[i]);
    return LEDGER_OK;
}

static enum ledger_status complete(struct ledger *l, struct ledger_session *s)
{
    s->price_count = 0;
    s->trainer_count = 0;
    LEDGER_TRY(ledger_each(l,
                           "SELECT p.currency_id, p.price_minor, c.scale, c.code "
                           "FROM session_price p JOIN currency c ON c.id = p.currency_id "
                           "WHERE p.session_id = $1 ORDER BY p.currency_id LIMIT 2",
                           STORE_ARGS(store_int(s->id)), read_price, s));
    return ledger_each(l,
                       "SELECT t.member_id, coalesce(i.handle, 'erased-' || t.member_id) "
                       "FROM session_trainer t "
                       "LEFT JOIN member_identity i ON i.member_id = t.member_id "
                       "WHERE t.session_id = $1 ORDER BY t.member_id LIMIT 8",
                       STORE_ARGS(store_int(s->id)), read_trainer, s);
}

enum ledger_status ledger_session_get(struct ledger *l, int64_t id, struct ledger_session *s)
{
    enum ledger_status status =
        ledger_first(l, SESSION "WHERE s.id = $2",
                     STORE_ARGS(store_int(ledger_now_us(l)), store_int(id)), read_session, s);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_SESSION, "there is no session %lld", (long long)id);
    LEDGER_TRY(status);
    return complete(l, s);
}

struct each {
    struct ledger *l;
    ledger_session_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    struct each *each = into;
    struct ledger_session s;

    LEDGER_TRY(read_session(&s, row));
    LEDGER_TRY(complete(each->l, &s));
    return each->read(each->ctx, &s);
}

enum ledger_status ledger_session_each(struct ledger *l, const struct ledger_session_filter *filter,
                                       ledger_session_reader *read, void *ctx)
{
    struct each each = {l, read, ctx};

    if (filter->course_id)
        return ledger_each(l,
                           SESSION "WHERE s.course_id = $2 AND s.ends_at_us >= $3 AND "
                                   "(s.starts_at_us, s.id) > ($4, $5) "
                                   "ORDER BY s.starts_at_us, s.id LIMIT $6",
                           STORE_ARGS(store_int(ledger_now_us(l)), store_int(filter->course_id),
                                      store_int(filter->ends_from_us), store_int(filter->after_us),
                                      store_int(filter->after_id), store_int(filter->limit)),
                           pass_on, &each);
    /* No session lasts beyond two weeks: where its start may lie is a range of the index. */
    return ledger_each(l,
                       SESSION "WHERE s.starts_at_us >= $2 - 1209600000000 AND "
                               "s.ends_at_us >= $2 AND (s.starts_at_us, s.id) > ($3, $4) "
                               "ORDER BY s.starts_at_us, s.id LIMIT $5",
                       STORE_ARGS(store_int(ledger_now_us(l)), store_int(filter->ends_from_us),
                                  store_int(filter->after_us), store_int(filter->after_id),
                                  store_int(filter->limit)),
                       pass_on, &each);
}

static enum ledger_status get_live(struct ledger *l, int64_t id, struct ledger_session *s)
{
    LEDGER_TRY(ledger_session_get(l, id, s));
    if (s->cancelled_at_us == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_SESSION_CANCELLED, "session %lld is cancelled", (long long)id);
}

/* One after the other: each takes its row away. */
static enum ledger_status end_all(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    struct ledger_enrolment e;
    int64_t next;

    for (;;) {
        LEDGER_TRY(ledger_first(l, "SELECT min(enrolment_id) FROM place WHERE session_id = $1",
                                STORE_ARGS(store_int(id)), ledger_read_int, &next));
        if (next == 0)
            return LEDGER_OK;
        LEDGER_TRY(ledger_enrolment_get(l, next, &e));
        LEDGER_TRY(enrolment_end(l, &e, why->actor, "the session is cancelled"));
        LEDGER_TRY(ledger_notice_put(l, LEDGER_NOTICE_PLACE_LOST, e.member_id, e.id));
    }
}

enum ledger_status ledger_session_cancel(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    struct ledger_session s;
    int64_t confirmed;
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(get_live(l, id, &s));
    LEDGER_TRY(ledger_first(
        l, "SELECT count(*) FROM place WHERE session_id = $1 AND state IN ('attended', 'absent')",
        STORE_ARGS(store_int(id)), ledger_read_int, &confirmed));
    if (confirmed > 0)
        return ledger_refuse(l, LEDGER_SESSION_HELD,
                             "session %lld was held: attendance is confirmed for %lld of it",
                             (long long)id, (long long)confirmed);
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(end_all(l, id, why));
    LEDGER_TRY(course_due_clear(l, "minimum", id));
    LEDGER_TRY(course_due_clear(l, "begin", id));
    return ledger_exec(l,
                       "INSERT INTO session_cancellation (session_id, at_us, actor, reason) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(id), store_int(at_us), store_text(why->actor),
                                  store_text(why->reason)));
}

enum ledger_status ledger_session_capacity(struct ledger *l, int64_t id, int capacity,
                                           const struct ledger_why *why)
{
    struct ledger_session s;
    int64_t at_us;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(get_live(l, id, &s));
    LEDGER_TRY(check_capacity(l, capacity));
    LEDGER_TRY(ledger_waitlist_settle(l, id, ledger_now_us(l)));
    LEDGER_TRY(get_live(l, id, &s));
    int taken = s.enrolled + s.offered;
    if (capacity < taken)
        return ledger_refuse_field(l, LEDGER_CAPACITY_BELOW_ENROLLED, "capacity",
                                   "%d places are taken (%d enrolled, %d offered): the "
                                   "capacity cannot be %d",
                                   taken, s.enrolled, s.offered, capacity);
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(write_capacity(l, id, capacity, at_us, why));
    return ledger_waitlist_settle(l, id, ledger_now_us(l));
}

enum ledger_status ledger_session_note(struct ledger *l, int64_t id, const char *link,
                                       const struct ledger_why *why)
{
    struct ledger_session s;
    int64_t note_id;
    int64_t at_us;

    LEDGER_TRY(check_link(l, "link", link));
    LEDGER_TRY(get_live(l, id, &s));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM session_notes", &note_id));
    return ledger_exec(l,
                       "INSERT INTO session_notes (id, session_id, link, at_us, actor) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(note_id), store_int(id), store_text(link),
                                  store_int(at_us), store_text(why->actor)));
}

int ledger_session_free(const struct ledger_session *s)
{
    int left = s->capacity - s->enrolled - s->offered;

    return left > 0 ? left : 0;
}

int64_t ledger_session_minutes(const struct ledger_session *s)
{
    return (s->ends_at_us - s->starts_at_us) / (60 * LEDGER_US_PER_SECOND);
}
