#include "quota.h"

#include "date.h"
#include "handle.h"

#include <stdio.h>
#include <string.h>

#define US_PER_MINUTE (60 * LEDGER_US_PER_SECOND)

static const char *const kind_names[] = {"included", "day", "week", "month", "ahead", "live"};
#define KINDS ((int)(sizeof kind_names / sizeof kind_names[0]))

const char *ledger_quota_kind_name(enum ledger_quota_kind kind)
{
    return kind_names[kind];
}

enum ledger_status ledger_quota_kind_parse(const char *text, enum ledger_quota_kind *kind)
{
    for (int k = 0; k < KINDS; k++)
        if (strcmp(text, kind_names[k]) == 0) {
            *kind = (enum ledger_quota_kind)k;
            return LEDGER_OK;
        }
    return LEDGER_CHOICE_UNKNOWN;
}

static enum ledger_status check(struct ledger *l, const struct ledger_quota *q,
                                const struct ledger_why *why)
{
    struct ledger_resource r;
    int32_t today;

    if (q->amount != LEDGER_NO_QUOTA && (q->amount < 0 || q->amount > LEDGER_QUOTA_MAX))
        return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "amount",
                                   "that is more than a quota can be");
    LEDGER_TRY(ledger_resource_get(l, q->resource_id, &r));
    LEDGER_TRY(ledger_resource_today(l, &r, &today));
    if (q->from_on < today)
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "a quota holds from today or a later day on");
    return ledger_check_reason(l, why->reason);
}

enum ledger_status ledger_quota_set(struct ledger *l, struct ledger_quota *q,
                                    const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(check(l, q, why));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM resource_quota", &q->id));
    return ledger_exec(
        l,
        "INSERT INTO resource_quota (id, resource_id, member_id, kind, amount, from_on, at_us, "
        "actor, reason, authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        STORE_ARGS(store_int(q->id), store_int(q->resource_id),
                   store_int_or_null(q->member_id, q->member_id), store_text(kind_names[q->kind]),
                   store_int_or_null(q->amount != LEDGER_NO_QUOTA, q->amount),
                   store_int(q->from_on), store_int(at_us), store_text(why->actor),
                   store_text(why->reason), store_text(why->authority)));
}

struct each {
    ledger_quota_reader *read;
    void *ctx;
};

static enum ledger_status pass_on(void *into, const struct store_row *row)
{
    const struct each *each = into;
    struct ledger_quota q = {.id = store_row_int(row, 0),
                             .resource_id = store_row_int(row, 1),
                             .member_id = store_row_int(row, 2),
                             .amount = store_row_null(row, 4) ? LEDGER_NO_QUOTA
                                                              : (int)store_row_int(row, 4),
                             .from_on = (int32_t)store_row_int(row, 5)};

    store_row_copy(row, 6, q.handle, sizeof q.handle);
    LEDGER_TRY(ledger_quota_kind_parse(store_row_text(row, 3), &q.kind));
    return each->read(each->ctx, &q);
}

enum ledger_status ledger_quota_each(struct ledger *l, int64_t resource_id,
                                     ledger_quota_reader *read, void *ctx)
{
    struct each each = {read, ctx};

    return ledger_each(l,
                       "SELECT q.id, q.resource_id, q.member_id, q.kind, q.amount, q.from_on, "
                       "CASE WHEN q.member_id IS NULL THEN '' ELSE "
                       "coalesce(i.handle, 'erased-' || q.member_id) END FROM resource_quota q "
                       "LEFT JOIN member_identity i ON i.member_id = q.member_id "
                       "WHERE q.resource_id = $1 ORDER BY q.from_on, q.id",
                       STORE_ARGS(store_int(resource_id)), pass_on, &each);
}

/* What is in force for one member on a day: its own, and where it has none, everybody's. */
struct in_force {
    int64_t member_id;
    int32_t day;
    int own[KINDS];
    int everybody[KINDS];
    int amounts[KINDS];
};

static enum ledger_status note_quota(void *ctx, const struct ledger_quota *q)
{
    struct in_force *f = ctx;

    if (q->from_on > f->day)
        return LEDGER_OK;
    if (!q->member_id)
        f->everybody[q->kind] = q->amount;
    else if (q->member_id == f->member_id)
        f->own[q->kind] = q->amount;
    return LEDGER_OK;
}

struct month {
    int32_t day; /* on which the booking begins */
    int64_t day_from_us, day_to_us;
    int64_t week_from_us, week_to_us;
    int64_t month_from_us, month_to_us;
};

static enum ledger_status look_up(struct ledger *l, const struct ledger_quota_ask *ask,
                                  struct in_force *f, struct month *m)
{
    const struct ledger_zone *zone;

    LEDGER_TRY(ledger_zone_need(l, ask->resource->zone, &zone));
    m->day = ledger_zone_day(zone, ask->from_us);
    int32_t monday = m->day - ledger_date_weekday(m->day) + 1;
    m->day_from_us = ledger_zone_day_start_us(zone, m->day);
    m->day_to_us = ledger_zone_day_start_us(zone, m->day + 1);
    m->week_from_us = ledger_zone_day_start_us(zone, monday);
    m->week_to_us = ledger_zone_day_start_us(zone, monday + 7);
    m->month_from_us = ledger_zone_day_start_us(zone, ledger_date_month_start(m->day));
    m->month_to_us = ledger_zone_day_start_us(zone, ledger_date_month_end(m->day) + 1);
    *f = (struct in_force){.member_id = ask->member_id, .day = m->day};
    for (int k = 0; k < KINDS; k++)
        f->own[k] = f->everybody[k] = LEDGER_NO_QUOTA;
    LEDGER_TRY(ledger_quota_each(l, ask->resource->id, note_quota, f));
    for (int k = 0; k < KINDS; k++)
        f->amounts[k] = f->own[k] != LEDGER_NO_QUOTA ? f->own[k] : f->everybody[k];
    return LEDGER_OK;
}

enum ledger_status ledger_quota_included(struct ledger *l, const struct ledger_quota_ask *ask,
                                         int *minutes)
{
    struct in_force f;
    struct month m;
    int64_t used = 0;

    *minutes = 0;
    LEDGER_TRY(look_up(l, ask, &f, &m));
    if (f.amounts[LEDGER_INCLUDED] <= 0)
        return LEDGER_OK;
    LEDGER_TRY(ledger_first(
        l,
        "SELECT coalesce(sum(included_min), 0) FROM booking WHERE member_id = $1 AND "
        "from_us >= $2 AND from_us < $3 AND resource_id = $4 AND id <> $5 AND "
        "state NOT IN ('cancelled', 'expired', 'rejected')",
        STORE_ARGS(store_int(ask->member_id), store_int(m.month_from_us), store_int(m.month_to_us),
                   store_int(ask->resource->id), store_int(ask->besides_id)),
        ledger_read_int, &used));
    if (used < f.amounts[LEDGER_INCLUDED])
        *minutes = f.amounts[LEDGER_INCLUDED] - (int)used;
    return LEDGER_OK;
}

/* The minutes of the member's other bookings that begin in [from_us, to_us). */
static enum ledger_status minutes_in(struct ledger *l, const struct ledger_quota_ask *ask,
                                     int64_t from_us, int64_t to_us, int64_t *minutes)
{
    LEDGER_TRY(ledger_first(
        l,
        "SELECT coalesce(sum(to_us - from_us), 0) FROM booking WHERE member_id = $1 AND "
        "from_us >= $2 AND from_us < $3 AND resource_id = $4 AND id <> $5 AND "
        "state NOT IN ('cancelled', 'expired', 'rejected')",
        STORE_ARGS(store_int(ask->member_id), store_int(from_us), store_int(to_us),
                   store_int(ask->resource->id), store_int(ask->besides_id)),
        ledger_read_int, minutes));
    *minutes /= US_PER_MINUTE;
    return LEDGER_OK;
}

/* Live bookings that are not over, and their minutes; a booking is at most 31 days long. */
static enum ledger_status ahead(struct ledger *l, const struct ledger_quota_ask *ask,
                                const char *sql, int64_t *n)
{
    const int64_t now_us = ledger_now_us(l);

    return ledger_first(l, sql,
                        STORE_ARGS(store_int(ask->member_id),
                                   store_int(now_us - 32 * LEDGER_US_PER_DAY), store_int(now_us),
                                   store_int(ask->resource->id), store_int(ask->besides_id)),
                        ledger_read_int, n);
}

static enum ledger_status refuse(struct ledger *l, int most, int64_t used, const char *when)
{
    int64_t left = used < most ? most - used : 0;

    return ledger_refuse(l, LEDGER_OVER_QUOTA,
                         "a member may book %d h %02d min %s there, and %lld h %02lld min are left",
                         most / 60, most % 60, when, (long long)left / 60, (long long)left % 60);
}

static enum ledger_status check_ahead(struct ledger *l, const struct ledger_quota_ask *ask,
                                      const struct in_force *f, int64_t minutes)
{
    const int hours = f->amounts[LEDGER_QUOTA_AHEAD];
    const int live = f->amounts[LEDGER_QUOTA_LIVE];
    int64_t n;

    if (hours != LEDGER_NO_QUOTA) {
        LEDGER_TRY(ahead(l, ask,
                         "SELECT coalesce(sum(to_us - from_us), 0) FROM booking WHERE "
                         "member_id = $1 AND from_us >= $2 AND to_us > $3 AND live = 1 AND "
                         "resource_id = $4 AND id <> $5",
                         &n));
        n /= US_PER_MINUTE;
        if (n + minutes > hours)
            return refuse(l, hours, n, "ahead");
    }
    if (live == LEDGER_NO_QUOTA)
        return LEDGER_OK;
    LEDGER_TRY(ahead(l, ask,
                     "SELECT count(*) FROM booking WHERE member_id = $1 AND from_us >= $2 AND "
                     "to_us > $3 AND live = 1 AND resource_id = $4 AND id <> $5",
                     &n));
    return n < live ? LEDGER_OK
                    : ledger_refuse(l, LEDGER_OVER_QUOTA,
                                    "a member may have %d bookings there at once, and has %lld",
                                    live, (long long)n);
}

enum ledger_status ledger_quota_check(struct ledger *l, const struct ledger_quota_ask *ask)
{
    const int64_t minutes = (ask->to_us - ask->from_us) / US_PER_MINUTE;
    struct in_force f;
    struct month m;

    LEDGER_TRY(look_up(l, ask, &f, &m));
    const struct {
        enum ledger_quota_kind kind;
        int64_t from_us, to_us;
        const char *when;
    } spans[] = {{LEDGER_QUOTA_DAY, m.day_from_us, m.day_to_us, "a day"},
                 {LEDGER_QUOTA_WEEK, m.week_from_us, m.week_to_us, "a week"},
                 {LEDGER_QUOTA_MONTH, m.month_from_us, m.month_to_us, "a month"}};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        const int most = f.amounts[spans[i].kind];
        int64_t used;
        if (most == LEDGER_NO_QUOTA)
            continue;
        LEDGER_TRY(minutes_in(l, ask, spans[i].from_us, spans[i].to_us, &used));
        if (used + minutes > most)
            return refuse(l, most, used, spans[i].when);
    }
    return check_ahead(l, ask, &f, minutes);
}
