#include "series.h"

#include "date.h"
#include "handle.h"
#include "notice.h"

#include <stdio.h>
#include <string.h>

#define AHEAD_US (LEDGER_SERIES_AHEAD_DAYS * LEDGER_US_PER_DAY)

/* What is told of a refusal to more than one party: figures of a member's account are not in it. */
static const char *sentence(struct ledger *l, enum ledger_status status)
{
    bool has_figures = ledger_last_facts(l)->account_id != 0 || ledger_message(l)[0] == '\0';

    return has_figures ? ledger_status_facts(status)->title : ledger_message(l);
}

static enum ledger_status write_series(struct ledger *l, const struct ledger_series_draft *d,
                                       const struct ledger_resource *r,
                                       const struct ledger_why *why, int64_t *id)
{
    char from[LEDGER_WALL_TEXT], to[LEDGER_WALL_TEXT], version[LEDGER_ZONE_VERSION];
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM series", id));
    return ledger_exec(
        l,
        "INSERT INTO series (id, resource_id, member_id, guest, rule, first_on, from_local, "
        "to_local, fold, zone, tzdata, billing, made_at_us, actor) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        STORE_ARGS(store_int(*id), store_int(r->id), store_int(d->member_id), store_int(d->guest),
                   store_text(d->rule), store_int(d->from.day),
                   store_text(ledger_wall_format(d->from, from)),
                   store_text(ledger_wall_format(d->to, to)), store_text(ledger_fold_name(d->fold)),
                   store_text(r->zone), store_text(ledger_zone_version(version)),
                   store_text(d->arrears ? "arrears" : "holds"), store_int(at_us),
                   store_text(why->actor)));
}

static enum ledger_status write_date(struct ledger *l, int64_t series_id, int32_t day,
                                     int64_t booking_id, enum ledger_status status)
{
    return ledger_exec(l,
                       "INSERT INTO series_date (series_id, day, booking_id, code, reason) "
                       "VALUES ($1, $2, $3, $4, $5)",
                       STORE_ARGS(store_int(series_id), store_int(day),
                                  store_int_or_null(booking_id != 0, booking_id),
                                  store_text(booking_id ? "" : ledger_status_facts(status)->code),
                                  store_text(booking_id ? "" : sentence(l, status))));
}

/* The first instant of the month after the one in which it begins, by the clock of the place. */
static int64_t after_month_us(const struct ledger_zone *zone, int64_t from_us)
{
    int32_t last = ledger_date_month_end(ledger_zone_day(zone, from_us));

    return ledger_zone_day_start_us(zone, last + 1);
}

struct making {
    const struct ledger_series_draft *draft;
    const struct ledger_resource *resource;
    const struct ledger_zone *zone;
    const struct ledger_why *why;
    int64_t series_id;
    int64_t near_us; /* what begins before has its hold at once */
};

static enum ledger_status book_day(struct ledger *l, const struct making *m, int32_t day,
                                   int64_t *booking_id)
{
    const struct ledger_series_draft *d = m->draft;
    struct ledger_wall from = {day, d->from.second};
    struct ledger_wall to = {day + d->to.day - d->from.day, d->to.second};
    struct ledger_booking_draft b = {.resource_id = d->resource_id,
                                     .member_id = d->member_id,
                                     .guest = d->guest,
                                     .currency_id = d->currency_id,
                                     .title = d->title,
                                     .series_id = m->series_id};

    LEDGER_TRY(ledger_wall_instant(l, "start", m->zone, from, d->fold, &b.from_us));
    LEDGER_TRY(ledger_wall_instant(l, "end", m->zone, to, d->fold, &b.to_us));
    b.arrears = d->arrears;
    b.planned = d->arrears || b.from_us >= m->near_us;
    LEDGER_TRY(ledger_booking_make(l, &b, m->why, booking_id));
    if (!b.planned)
        return LEDGER_OK;
    int64_t at_us = d->arrears ? after_month_us(m->zone, b.from_us) : b.from_us - AHEAD_US;
    return ledger_exec(l, "INSERT INTO series_due (booking_id, at_us) VALUES ($1, $2)",
                       STORE_ARGS(store_int(*booking_id), store_int(at_us)));
}

/* The same refusal, with the date that it is about in front. */
static enum ledger_status refuse_day(struct ledger *l, enum ledger_status status, int32_t day)
{
    const struct ledger_facts facts = *ledger_last_facts(l);
    char said[LEDGER_MESSAGE_MAX], date[LEDGER_DATE_TEXT];

    snprintf(said, sizeof said, "%.*s", (int)(sizeof said - LEDGER_DATE_TEXT - 3),
             ledger_message(l));
    ledger_refuse(l, status, "%s: %s", ledger_date_format(day, date), said);
    if (facts.account_id)
        return ledger_blame_room(l, status, facts.account_id, facts.room_minor);
    return facts.field ? ledger_blame(l, status, facts.field, facts.leg) : status;
}

static enum ledger_status book_days(struct ledger *l, const struct making *m, const int32_t *days,
                                    int count)
{
    enum ledger_status first = LEDGER_OK;
    int booked = 0;

    for (int i = 0; i < count; i++) {
        int64_t booking_id = 0;
        enum ledger_status status = book_day(l, m, days[i], &booking_id);
        if (ledger_status_is_fault(status))
            return status;
        if (status != LEDGER_OK && (!m->draft->skip || (i + 1 == count && booked == 0)))
            return refuse_day(l, status, days[i]);
        first = first == LEDGER_OK ? status : first;
        booked += status == LEDGER_OK;
        LEDGER_TRY(
            write_date(l, m->series_id, days[i], status == LEDGER_OK ? booking_id : 0, status));
    }
    return LEDGER_OK;
}

enum ledger_status ledger_series_make(struct ledger *l, const struct ledger_series_draft *d,
                                      const struct ledger_why *why, int64_t *id)
{
    int32_t days[LEDGER_RECURRENCE_MAX];
    struct ledger_resource r;
    struct making m = {.draft = d, .resource = &r, .why = why};
    struct ledger_member member;
    int count;

    LEDGER_TRY(ledger_resource_get(l, d->resource_id, &r));
    LEDGER_TRY(ledger_member_get(l, d->member_id, &member));
    LEDGER_TRY(ledger_zone_need(l, r.zone, &m.zone));
    LEDGER_TRY(ledger_recurrence_expand(l, d->rule, d->from.day, days, &count));
    if (d->to.day < d->from.day || (d->to.day == d->from.day && d->to.second <= d->from.second))
        return ledger_refuse_field(l, LEDGER_BOOKING_BACKWARDS, "end", "it ends before it begins");
    LEDGER_TRY(write_series(l, d, &r, why, id));
    m.series_id = *id;
    m.near_us = ledger_now_us(l) + AHEAD_US;
    LEDGER_TRY(book_days(l, &m, days, count));
    return r.member_id == d->member_id
               ? LEDGER_OK
               : ledger_notice_put(l, LEDGER_NOTICE_SERIES_BOOKED, r.member_id, *id);
}

#define SERIES                                                                                     \
    "SELECT s.id, s.resource_id, s.member_id, r.member_id, s.made_at_us, s.first_on, s.guest, "    \
    "s.billing = 'arrears', s.fold, s.rule, s.from_local, s.to_local, s.tzdata, r.name, s.zone, "  \
    "coalesce(i.handle, 'erased-' || s.member_id), coalesce(h.handle, 'erased-' || r.member_id) "  \
    "FROM series s JOIN resource r ON r.id = s.resource_id "                                       \
    "LEFT JOIN member_identity i ON i.member_id = s.member_id "                                    \
    "LEFT JOIN member_identity h ON h.member_id = r.member_id "

static enum ledger_status read_series(void *into, const struct store_row *row)
{
    struct ledger_series *s = into;

    *s = (struct ledger_series){.id = store_row_int(row, 0),
                                .resource_id = store_row_int(row, 1),
                                .member_id = store_row_int(row, 2),
                                .host_id = store_row_int(row, 3),
                                .made_at_us = store_row_int(row, 4),
                                .first_on = (int32_t)store_row_int(row, 5),
                                .guest = store_row_int(row, 6) != 0,
                                .arrears = store_row_int(row, 7) != 0};
    store_row_copy(row, 9, s->rule, sizeof s->rule);
    store_row_copy(row, 10, s->from_local, sizeof s->from_local);
    store_row_copy(row, 11, s->to_local, sizeof s->to_local);
    store_row_copy(row, 12, s->tzdata, sizeof s->tzdata);
    store_row_copy(row, 13, s->resource, sizeof s->resource);
    store_row_copy(row, 14, s->zone, sizeof s->zone);
    store_row_copy(row, 15, s->member, sizeof s->member);
    store_row_copy(row, 16, s->host, sizeof s->host);
    return ledger_fold_parse(store_row_text(row, 8), &s->fold);
}

enum ledger_status ledger_series_get(struct ledger *l, int64_t id, struct ledger_series *s)
{
    enum ledger_status status =
        ledger_first(l, SERIES "WHERE s.id = $1", STORE_ARGS(store_int(id)), read_series, s);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_SERIES, "there is no series %lld", (long long)id);
    return status;
}

struct series_pass {
    ledger_series_reader *read;
    void *ctx;
};

static enum ledger_status pass_series(void *into, const struct store_row *row)
{
    const struct series_pass *p = into;
    struct ledger_series s;

    LEDGER_TRY(read_series(&s, row));
    return p->read(p->ctx, &s);
}

enum ledger_status ledger_series_each(struct ledger *l, int64_t member_id, int64_t after_id,
                                      ledger_series_reader *read, void *ctx)
{
    struct series_pass p = {read, ctx};

    return ledger_each(l,
                       SERIES "WHERE s.id > $1 AND ($2 = 0 OR s.member_id = $2 OR "
                              "r.member_id = $2) ORDER BY s.id",
                       STORE_ARGS(store_int(after_id), store_int(member_id)), pass_series, &p);
}

struct date_pass {
    struct ledger *l;
    ledger_series_date_reader *read;
    void *ctx;
};

static enum ledger_status pass_date(void *into, const struct store_row *row)
{
    const struct date_pass *p = into;
    struct ledger_series_date d = {.day = (int32_t)store_row_int(row, 0),
                                   .booking_id = store_row_int(row, 1)};

    store_row_copy(row, 2, d.code, sizeof d.code);
    store_row_copy(row, 3, d.reason, sizeof d.reason);
    if (d.booking_id) {
        struct ledger_booking b;
        LEDGER_TRY(ledger_booking_get(p->l, d.booking_id, &b));
        d.state = b.state;
        d.from_us = b.slot.from_us;
        d.to_us = b.slot.to_us;
    }
    return p->read(p->ctx, &d);
}

enum ledger_status ledger_series_dates(struct ledger *l, int64_t id,
                                       ledger_series_date_reader *read, void *ctx)
{
    struct date_pass p = {l, read, ctx};

    return ledger_each(l,
                       "SELECT day, booking_id, code, reason FROM series_date "
                       "WHERE series_id = $1 ORDER BY day",
                       STORE_ARGS(store_int(id)), pass_date, &p);
}
