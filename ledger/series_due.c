#include "series.h"

#include "date.h"
#include "handle.h"
#include "notice.h"

#include <string.h>

#define AHEAD_US (LEDGER_SERIES_AHEAD_DAYS * LEDGER_US_PER_DAY)
#define GRACE_US (LEDGER_SERIES_GRACE_DAYS * LEDGER_US_PER_DAY)

static const struct ledger_why by_itself = {.actor = "node", .reason = "", .authority = ""};
static const struct ledger_why for_want_of_credit = {
    .actor = "node", .reason = "its hold was refused until the grace was over", .authority = ""};

static const char *const kind_names[] = {"refused", "freed", "funded", "unpaid"};

const char *ledger_series_notice_name(enum ledger_series_notice_kind kind)
{
    return kind_names[kind];
}

static const enum ledger_notice_kind told[] = {
    [LEDGER_SERIES_REFUSED] = LEDGER_NOTICE_BOOKING_REFUSED,
    [LEDGER_SERIES_FREED] = LEDGER_NOTICE_BOOKING_FREED,
    [LEDGER_SERIES_FUNDED] = LEDGER_NOTICE_BOOKING_FUNDED,
    [LEDGER_SERIES_UNPAID] = LEDGER_NOTICE_BOOKING_UNPAID};

static enum ledger_status tell(struct ledger *l, const struct ledger_booking *b,
                               enum ledger_series_notice_kind kind, enum ledger_status why,
                               int64_t until_us)
{
    int64_t id, at_us;

    LEDGER_TRY(ledger_notice_put(l, told[kind], b->member_id, b->id));
    if (b->host_id != b->member_id)
        LEDGER_TRY(ledger_notice_put(l, told[kind], b->host_id, b->id));
    LEDGER_TRY(ledger_latest_us(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM series_notice", &id));
    return ledger_exec(
        l,
        "INSERT INTO series_notice (id, series_id, booking_id, kind, code, at_us, until_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        STORE_ARGS(store_int(id), store_int(b->series_id), store_int(b->id),
                   store_text(kind_names[kind]),
                   store_text(why == LEDGER_OK ? "" : ledger_status_facts(why)->code),
                   store_int(at_us), store_int_or_null(until_us != 0, until_us)));
}

struct due {
    int64_t booking_id;
    int64_t until_us; /* 0: it was not refused yet */
    bool arrears;
};

static enum ledger_status forget(struct ledger *l, const struct due *d)
{
    return ledger_exec(l, "DELETE FROM series_due WHERE booking_id = $1",
                       STORE_ARGS(store_int(d->booking_id)));
}

static enum ledger_status put_off(struct ledger *l, const struct due *d, int64_t at_us,
                                  int64_t until_us)
{
    return ledger_exec(l, "UPDATE series_due SET at_us = $2, until_us = $3 WHERE booking_id = $1",
                       STORE_ARGS(store_int(d->booking_id), store_int(at_us),
                                  store_int_or_null(until_us != 0, until_us)));
}

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us < b_us ? a_us : b_us;
}

/* The first refusal starts the grace; tried each day until it is over, then the time is free again. */
static enum ledger_status after_refusal(struct ledger *l, const struct due *d,
                                        const struct ledger_booking *b, enum ledger_status status,
                                        int64_t now_us)
{
    int64_t until_us = d->until_us;

    if (until_us && now_us >= until_us) {
        LEDGER_TRY(ledger_booking_cancel_quietly(l, b->id, true, &for_want_of_credit));
        LEDGER_TRY(tell(l, b, LEDGER_SERIES_FREED, status, 0));
        return forget(l, d);
    }
    if (!until_us) {
        until_us = earlier(now_us + GRACE_US, b->slot.from_us);
        LEDGER_TRY(tell(l, b, LEDGER_SERIES_REFUSED, status, until_us));
    }
    return put_off(l, d, earlier(now_us + LEDGER_US_PER_DAY, until_us), until_us);
}

static enum ledger_status place_hold(struct ledger *l, const struct due *d,
                                     const struct ledger_booking *b, int64_t now_us)
{
    if (b->slot.from_us - AHEAD_US > now_us) /* moved meanwhile */
        return put_off(l, d, b->slot.from_us - AHEAD_US, d->until_us);
    enum ledger_status status = ledger_booking_fund(l, b->id, &by_itself);
    if (ledger_status_is_fault(status))
        return status;
    if (status != LEDGER_OK)
        return after_refusal(l, d, b, status, now_us);
    if (d->until_us)
        LEDGER_TRY(tell(l, b, LEDGER_SERIES_FUNDED, LEDGER_OK, 0));
    return forget(l, d);
}

/* Held and paid in one go: the money moves as in every other booking. */
static enum ledger_status take_payment(struct ledger *l, const struct ledger_booking *b)
{
    struct ledger_booking now;

    if (b->state == LEDGER_PLANNED)
        LEDGER_TRY(ledger_booking_fund(l, b->id, &by_itself));
    LEDGER_TRY(ledger_booking_get(l, b->id, &now));
    if (now.state == LEDGER_HELD)
        LEDGER_TRY(ledger_booking_confirm(l, b->id, &by_itself));
    return ledger_booking_complete(l, b->id, &by_itself);
}

static enum ledger_status settle(struct ledger *l, const struct due *d,
                                 const struct ledger_booking *b, int64_t now_us)
{
    if (b->slot.to_us > now_us) /* moved into another month */
        return put_off(l, d, b->slot.to_us, d->until_us);
    enum ledger_status status = take_payment(l, b);
    if (ledger_status_is_fault(status))
        return status;
    if (status == LEDGER_OK)
        return forget(l, d);
    if (!d->until_us)
        LEDGER_TRY(tell(l, b, LEDGER_SERIES_UNPAID, status, 0));
    return put_off(l, d, now_us + LEDGER_US_PER_DAY, now_us);
}

static enum ledger_status do_due(struct ledger *l, const struct due *d, int64_t now_us)
{
    struct ledger_booking b;

    LEDGER_TRY(ledger_booking_get(l, d->booking_id, &b));
    if (b.state == LEDGER_EXPIRED && d->until_us)
        LEDGER_TRY(tell(l, &b, LEDGER_SERIES_FREED, LEDGER_OK, 0));
    if (b.state != LEDGER_PLANNED)
        return forget(l, d);
    return d->arrears ? settle(l, d, &b, now_us) : place_hold(l, d, &b, now_us);
}

struct dues {
    struct due due[LEDGER_SERIES_DUE_MAX];
    int count;
};

static enum ledger_status read_due(void *into, const struct store_row *row)
{
    struct dues *all = into;

    all->due[all->count++] =
        (struct due){store_row_int(row, 0), store_row_int(row, 1), store_row_int(row, 2) != 0};
    return all->count == LEDGER_SERIES_DUE_MAX ? LEDGER_STOP : LEDGER_OK;
}

enum ledger_status ledger_series_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    struct dues all = {.count = 0};

    *count = 0;
    LEDGER_TRY(ledger_each(l,
                           "SELECT d.booking_id, d.until_us, s.billing = 'arrears' "
                           "FROM series_due d JOIN booking b ON b.id = d.booking_id "
                           "JOIN series s ON s.id = b.series_id "
                           "WHERE d.at_us <= $1 AND (b.state <> 'planned' OR b.due_us IS NULL OR "
                           "b.due_us > $1) ORDER BY d.at_us",
                           STORE_ARGS(store_int(now_us)), read_due, &all));
    for (int i = 0; i < all.count; i++, ++*count)
        LEDGER_TRY(do_due(l, &all.due[i], now_us));
    return LEDGER_OK;
}

struct cancelling {
    struct ledger *l;
    int64_t now_us;
    int64_t ids[LEDGER_RECURRENCE_MAX];
    int count;
};

static enum ledger_status pick(void *into, const struct ledger_series_date *d)
{
    struct cancelling *c = into;

    if (d->booking_id && ledger_booking_is_live(d->state) && d->from_us > c->now_us)
        c->ids[c->count++] = d->booking_id;
    return LEDGER_OK;
}

enum ledger_status ledger_series_cancel(struct ledger *l, int64_t id, bool by_host,
                                        const struct ledger_why *why, int64_t *count)
{
    struct cancelling c = {.l = l, .now_us = ledger_now_us(l)};
    struct ledger_series s;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_series_get(l, id, &s));
    LEDGER_TRY(ledger_series_dates(l, id, pick, &c));
    for (int i = 0; i < c.count; i++)
        LEDGER_TRY(ledger_booking_cancel_quietly(l, c.ids[i], by_host, why));
    *count = c.count;
    if (c.count == 0 || s.host_id == s.member_id)
        return LEDGER_OK;
    return ledger_notice_put(l, LEDGER_NOTICE_SERIES_CANCELLED, by_host ? s.member_id : s.host_id,
                             id);
}

struct notice_pass {
    ledger_series_notice_reader *read;
    void *ctx;
};

static enum ledger_status pass_notice(void *into, const struct store_row *row)
{
    const struct notice_pass *p = into;
    struct ledger_series_notice n = {.id = store_row_int(row, 0),
                                     .series_id = store_row_int(row, 1),
                                     .booking_id = store_row_int(row, 2),
                                     .at_us = store_row_int(row, 5),
                                     .until_us = store_row_int(row, 6)};

    while (strcmp(kind_names[n.kind], store_row_text(row, 3)) != 0)
        n.kind++;
    if (store_row_text(row, 4)[0])
        n.why = ledger_status_from_code(store_row_text(row, 4));
    store_row_copy(row, 7, n.resource, sizeof n.resource);
    store_row_copy(row, 8, n.member, sizeof n.member);
    return p->read(p->ctx, &n);
}

enum ledger_status ledger_series_notices(struct ledger *l, int64_t member_id, int64_t after_id,
                                         ledger_series_notice_reader *read, void *ctx)
{
    struct notice_pass p = {read, ctx};

    return ledger_each(
        l,
        "SELECT n.id, n.series_id, n.booking_id, n.kind, n.code, n.at_us, n.until_us, r.name, "
        "coalesce(i.handle, 'erased-' || s.member_id) "
        "FROM series_notice n JOIN series s ON s.id = n.series_id "
        "JOIN resource r ON r.id = s.resource_id "
        "LEFT JOIN member_identity i ON i.member_id = s.member_id "
        "WHERE n.id > $1 AND ($2 = 0 OR s.member_id = $2 OR r.member_id = $2) ORDER BY n.id",
        STORE_ARGS(store_int(after_id), store_int(member_id)), pass_notice, &p);
}
