#include "booking_rows.h"

#include "date.h"

#include <stdio.h>

static const struct ledger_why by_itself = {
    .actor = "node", .reason = "its time had come", .authority = ""};

/* Paid with its month, without a hold before. */
static bool in_arrears(const struct ledger_booking *b)
{
    return b->state == LEDGER_PLANNED && b->due_us == 0;
}

/* Loaded, and in one of the states that a mask of 1 << state allows. */
static enum ledger_status need(struct ledger *l, int64_t id, unsigned states, const char *deed,
                               struct ledger_booking *b)
{
    LEDGER_TRY(ledger_booking_get(l, id, b));
    if (states & (1U << b->state))
        return LEDGER_OK;
    if (in_arrears(b))
        return ledger_refuse(l, LEDGER_BOOKING_STATE,
                             "booking %lld is paid with its month and cannot be %s by itself",
                             (long long)id, deed);
    return ledger_refuse(l, LEDGER_BOOKING_STATE, "booking %lld is %s and cannot be %s",
                         (long long)id, ledger_booking_state_name(b->state), deed);
}

#define HELD (1U << LEDGER_HELD)
#define CONFIRMED (1U << LEDGER_CONFIRMED)
#define PRESENT (CONFIRMED | 1U << LEDGER_CHECKED_IN)
#define LIVE (1U << LEDGER_PLANNED | HELD | PRESENT)

/* Into another live state. */
static enum ledger_status go_on(struct ledger *l, struct ledger_booking *b,
                                enum ledger_booking_state state, const struct ledger_why *why)
{
    struct ledger_terms t;

    LEDGER_TRY(ledger_terms_get(l, b->terms_id, &t));
    b->state = state;
    b->due_us = booking_due_us(b, &t);
    b->sequence++;
    return booking_write(l, b, 0, why);
}

/* Of its price, rounded half up. */
static int64_t part_minor(const struct ledger_booking *b, int percent)
{
    return (b->amount_minor * percent + 50) / 100;
}

static int64_t more(int64_t a_minor, int64_t b_minor)
{
    return a_minor > b_minor ? a_minor : b_minor;
}

/* To its end: so much of the price is paid. */
static enum ledger_status end(struct ledger *l, struct ledger_booking *b,
                              enum ledger_booking_state state, int64_t paid_minor,
                              const struct ledger_why *why)
{
    int64_t transfer_id;

    LEDGER_TRY(ledger_check_text(l, "reason", why->reason, LEDGER_REASON_MAX));
    LEDGER_TRY(booking_settle(l, b, paid_minor, ledger_booking_state_name(state), &transfer_id));
    b->state = state;
    b->due_us = 0;
    b->sequence++;
    return booking_write(l, b, transfer_id, why);
}

static enum ledger_status not_before(struct ledger *l, const struct ledger_booking *b,
                                     int64_t at_us, const char *deed)
{
    const struct ledger_zone *zone;
    char wall[LEDGER_WALL_TEXT];

    if (ledger_now_us(l) >= at_us)
        return LEDGER_OK;
    LEDGER_TRY(ledger_zone_need(l, b->zone, &zone));
    return ledger_refuse(l, LEDGER_BOOKING_NOT_YET, "booking %lld is %s from %s on",
                         (long long)b->id, deed,
                         ledger_wall_format(ledger_zone_wall(zone, at_us), wall));
}

enum ledger_status ledger_booking_confirm(struct ledger *l, int64_t id,
                                          const struct ledger_why *why)
{
    struct ledger_booking b;
    struct ledger_terms t;

    LEDGER_TRY(need(l, id, HELD, "confirmed", &b));
    LEDGER_TRY(go_on(l, &b, LEDGER_CONFIRMED, why));
    LEDGER_TRY(ledger_terms_get(l, b.terms_id, &t));
    return t.host_word ? booking_tell(l, &b, LEDGER_NOTICE_BOOKING_CONFIRMED, b.member_id)
                       : booking_tell(l, &b, LEDGER_NOTICE_BOOKED, b.host_id);
}

enum ledger_status ledger_booking_reject(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    struct ledger_booking b;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(need(l, id, HELD, "rejected", &b));
    LEDGER_TRY(end(l, &b, LEDGER_REJECTED, 0, why));
    return booking_tell(l, &b, LEDGER_NOTICE_BOOKING_REJECTED, b.member_id);
}

enum ledger_status ledger_booking_check_in(struct ledger *l, int64_t id,
                                           const struct ledger_why *why)
{
    struct ledger_booking b;

    LEDGER_TRY(need(l, id, CONFIRMED, "checked in", &b));
    LEDGER_TRY(
        not_before(l, &b, b.slot.from_us - LEDGER_BOOKING_EARLY_MIN * US_PER_MINUTE, "checked in"));
    return go_on(l, &b, LEDGER_CHECKED_IN, why);
}

enum ledger_status ledger_booking_complete(struct ledger *l, int64_t id,
                                           const struct ledger_why *why)
{
    struct ledger_booking b;

    LEDGER_TRY(need(l, id, PRESENT, "completed", &b));
    LEDGER_TRY(not_before(l, &b, b.slot.from_us, "completed"));
    return end(l, &b, LEDGER_COMPLETED, b.amount_minor, why);
}

static enum ledger_status end_no_show(struct ledger *l, struct ledger_booking *b,
                                      const struct ledger_why *why)
{
    struct ledger_terms t;

    LEDGER_TRY(ledger_terms_get(l, b->terms_id, &t));
    LEDGER_TRY(
        end(l, b, LEDGER_NO_SHOW, more(part_minor(b, t.no_show_percent), b->kept_minor), why));
    return booking_tell(l, b, LEDGER_NOTICE_BOOKING_NO_SHOW, b->member_id);
}

enum ledger_status ledger_booking_no_show(struct ledger *l, int64_t id,
                                          const struct ledger_why *why)
{
    struct ledger_booking b;

    LEDGER_TRY(need(l, id, CONFIRMED, "a no-show", &b));
    LEDGER_TRY(not_before(l, &b, b.slot.from_us, "a no-show"));
    return end_no_show(l, &b, why);
}

/* What is kept when the member goes back on it now: also of what is paid later. */
static enum ledger_status kept_percent(struct ledger *l, const struct ledger_booking *b, int *kept)
{
    struct ledger_terms t;
    struct ledger_bands bands;

    *kept = 0;
    if (b->state == LEDGER_HELD || (b->state == LEDGER_PLANNED && !in_arrears(b)))
        return LEDGER_OK;
    LEDGER_TRY(ledger_terms_get(l, b->terms_id, &t));
    LEDGER_TRY(ledger_bands_parse(t.bands, &bands));
    *kept = 100 - ledger_bands_back(&bands, b->slot.from_us - ledger_now_us(l));
    return LEDGER_OK;
}

/* What waits for its own member's word is not the host's to know yet. */
static bool host_knows(const struct ledger_booking *b, const struct ledger_terms *t)
{
    return b->state != LEDGER_HELD || t->host_word;
}

static enum ledger_status cancel(struct ledger *l, int64_t id, bool by_host,
                                 const struct ledger_why *why, struct ledger_booking *b,
                                 bool *host_knew)
{
    struct ledger_terms t;
    int64_t paid_minor = 0;
    int kept;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(need(l, id, LIVE, "cancelled", b));
    LEDGER_TRY(ledger_terms_get(l, b->terms_id, &t));
    *host_knew = host_knows(b, &t);
    LEDGER_TRY(kept_percent(l, b, &kept));
    if (!by_host)
        paid_minor = more(part_minor(b, kept), b->kept_minor);
    if (in_arrears(b))
        LEDGER_TRY(booking_place_hold(l, b, paid_minor, why));
    return end(l, b, LEDGER_CANCELLED, paid_minor, why);
}

enum ledger_status ledger_booking_cancel_quietly(struct ledger *l, int64_t id, bool by_host,
                                                 const struct ledger_why *why)
{
    struct ledger_booking b;
    bool host_knew;

    return cancel(l, id, by_host, why, &b, &host_knew);
}

enum ledger_status ledger_booking_cancel(struct ledger *l, int64_t id, bool by_host,
                                         const struct ledger_why *why)
{
    struct ledger_booking b;
    bool host_knew;

    LEDGER_TRY(cancel(l, id, by_host, why, &b, &host_knew));
    if (!by_host && !host_knew)
        return LEDGER_OK;
    return booking_tell(l, &b, LEDGER_NOTICE_BOOKING_CANCELLED, by_host ? b.member_id : b.host_id);
}

/* The same extras, at the prices of now: what they cost more or less cancels out. */
struct orders {
    struct ledger *l;
    int count;
    struct ledger_extra_order orders[LEDGER_EXTRAS_MAX];
};

static enum ledger_status note_extra(void *ctx, const struct ledger_quote_line *line)
{
    struct orders *o = ctx;
    struct ledger_extra_order *order = &o->orders[o->count];

    if (line->kind != LEDGER_LINE_EXTRA || o->count == LEDGER_EXTRAS_MAX)
        return LEDGER_OK;
    order->quantity = (int)line->quantity;
    o->count++;
    return ledger_first(o->l, "SELECT extra_id FROM extra_price WHERE id = $1",
                        STORE_ARGS(store_int(line->extra_price_id)), ledger_read_int,
                        &order->extra_id);
}

/* Longer or shorter: only the difference counts, and of what is given up a cancellation's part goes back. */
static void price_difference(const struct ledger_booking *b, const struct ledger_quote *before,
                             int kept, struct ledger_quote *q)
{
    int64_t more_minor = q->amount_minor - before->amount_minor;
    int64_t amount_minor = b->amount_minor + more_minor;

    if (more_minor < 0)
        amount_minor += (-more_minor * kept + 50) / 100;
    amount_minor = more(amount_minor, b->kept_minor);
    ledger_quote_add(q, LEDGER_LINE_KEPT, amount_minor - q->amount_minor);
}

static enum ledger_status price_move(struct ledger *l, const struct ledger_booking *b,
                                     const struct ledger_booking_draft *draft,
                                     struct booking_plan *p, int64_t *kept_minor)
{
    struct ledger_quote before;
    int kept;

    LEDGER_TRY(kept_percent(l, b, &kept));
    *kept_minor = b->kept_minor;
    if (draft->from_us == b->slot.from_us) {
        const struct ledger_quote_ask ask = {.resource = &p->resource,
                                             .member_id = draft->member_id,
                                             .guest = draft->guest,
                                             .from_us = b->slot.from_us,
                                             .to_us = b->slot.to_us,
                                             .currency_id = p->quote.currency.id,
                                             .extras = draft->extras,
                                             .extra_count = draft->extra_count,
                                             .besides_id = b->id};
        LEDGER_TRY(ledger_quote_make(l, &ask, &before));
        price_difference(b, &before, kept, &p->quote);
        return LEDGER_OK;
    }
    *kept_minor = more(part_minor(b, kept), b->kept_minor);
    if (p->quote.amount_minor < *kept_minor)
        ledger_quote_add(&p->quote, LEDGER_LINE_KEPT, *kept_minor - p->quote.amount_minor);
    return LEDGER_OK;
}

static void take_over(const struct booking_plan *p, struct ledger_booking *b)
{
    b->slot = p->slot;
    b->included_min = p->quote.included_min;
    b->amount_minor = p->quote.amount_minor;
    b->currency_id = p->quote.currency.id;
    b->share_id = p->quote.currency.id ? p->quote.share.id : 0;
    b->scale = p->quote.currency.scale;
    snprintf(b->code, sizeof b->code, "%s", p->quote.currency.code);
}

static enum ledger_status move(struct ledger *l, struct ledger_booking *b,
                               const struct ledger_booking_draft *draft,
                               const struct ledger_why *why)
{
    const bool has_hold = b->state != LEDGER_PLANNED;
    struct booking_plan p;
    struct ledger_terms t;
    int64_t kept_minor;

    LEDGER_TRY(booking_plan(l, draft, b, &p));
    LEDGER_TRY(price_move(l, b, draft, &p, &kept_minor));
    LEDGER_TRY(ledger_terms_get(l, b->terms_id, &t));
    if (has_hold)
        LEDGER_TRY(booking_release(l, b, "moved"));
    take_over(&p, b);
    b->kept_minor = kept_minor;
    if (has_hold)
        LEDGER_TRY(booking_place_hold(l, b, b->amount_minor, why));
    b->sequence++;
    b->due_us = booking_due_us(b, &t);
    LEDGER_TRY(booking_write_lines(l, b, &p.quote));
    LEDGER_TRY(booking_write(l, b, 0, why));
    return host_knows(b, &t) ? booking_tell(l, b, LEDGER_NOTICE_BOOKING_MOVED, b->host_id)
                             : LEDGER_OK;
}

enum ledger_status ledger_booking_move(struct ledger *l, int64_t id, int64_t from_us, int64_t to_us,
                                       const struct ledger_why *why)
{
    struct ledger_booking b;
    struct orders o = {.l = l};
    int64_t due;

    LEDGER_TRY(ledger_check_text(l, "reason", why->reason, LEDGER_REASON_MAX));
    LEDGER_TRY(ledger_booking_due(l, ledger_now_us(l), &due));
    LEDGER_TRY(need(l, id, LIVE, "moved", &b));
    if (from_us != b.slot.from_us && b.slot.from_us <= ledger_now_us(l))
        return ledger_refuse(l, LEDGER_BOOKING_IN_PAST,
                             "booking %lld has begun: it can be made longer or shorter, not moved",
                             (long long)id);
    LEDGER_TRY(ledger_booking_lines(l, id, note_extra, &o));
    const struct ledger_booking_draft draft = {.resource_id = b.resource_id,
                                               .member_id = b.member_id,
                                               .from_us = from_us,
                                               .to_us = to_us,
                                               .guest = b.booker == LEDGER_BY_GUEST,
                                               .currency_id = b.currency_id,
                                               .series_id = b.series_id,
                                               .planned = b.state == LEDGER_PLANNED,
                                               .extras = o.orders,
                                               .extra_count = o.count};
    return move(l, &b, &draft, why);
}

/* A date of a series that had no hold yet is the series' to tell of. */
static enum ledger_status expire(struct ledger *l, struct ledger_booking *b)
{
    int64_t planned;

    LEDGER_TRY(ledger_first(l, "SELECT state = 'planned' FROM booking WHERE id = $1",
                            STORE_ARGS(store_int(b->id)), ledger_read_int, &planned));
    LEDGER_TRY(end(l, b, LEDGER_EXPIRED, 0, &by_itself));
    return planned ? LEDGER_OK : booking_tell(l, b, LEDGER_NOTICE_BOOKING_EXPIRED, b->member_id);
}

/* What a due booking comes to. */
static enum ledger_status fall_due(struct ledger *l, struct ledger_booking *b)
{
    struct ledger_terms t;

    switch (b->state) {
    case LEDGER_PLANNED:
    case LEDGER_HELD:
    case LEDGER_EXPIRED:
        return expire(l, b);
    case LEDGER_CONFIRMED:
        LEDGER_TRY(ledger_terms_get(l, b->terms_id, &t));
        return t.grace_min ? end_no_show(l, b, &by_itself)
                           : end(l, b, LEDGER_COMPLETED, b->amount_minor, &by_itself);
    case LEDGER_CHECKED_IN:
        return end(l, b, LEDGER_COMPLETED, b->amount_minor, &by_itself);
    case LEDGER_COMPLETED:
    case LEDGER_CANCELLED:
    case LEDGER_NO_SHOW:
    case LEDGER_REJECTED:
        break;
    }
    return LEDGER_OK;
}

/* Its hold is over, so there is nothing left to pay it from: it ends without. */
static enum ledger_status end_unpaid(struct ledger *l, struct ledger_booking *b)
{
    const struct ledger_why why = {.actor = "node", .reason = "its hold was over", .authority = ""};

    b->state = LEDGER_EXPIRED;
    b->due_us = 0;
    b->sequence++;
    return booking_write(l, b, 0, &why);
}

static enum ledger_status do_due(struct ledger *l, int64_t id, int64_t now_us)
{
    struct ledger_booking b;
    enum ledger_status status;

    LEDGER_TRY(ledger_booking_get(l, id, &b));
    status = fall_due(l, &b);
    if (status == LEDGER_OK || ledger_status_is_fault(status))
        return status;
    if (status == LEDGER_HOLD_EXPIRED || status == LEDGER_ALREADY_RESOLVED)
        return end_unpaid(l, &b);
    return ledger_exec(l, "UPDATE booking SET due_us = $2 WHERE id = $1",
                       STORE_ARGS(store_int(id), store_int(now_us + LEDGER_US_PER_DAY)));
}

enum ledger_status ledger_booking_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    for (*count = 0; *count < LEDGER_BOOKING_DUE_MAX; (*count)++) {
        int64_t id;
        enum ledger_status status =
            ledger_first(l, "SELECT id FROM booking WHERE due_us <= $1 ORDER BY due_us LIMIT 1",
                         STORE_ARGS(store_int(now_us)), ledger_read_int, &id);
        if (status == LEDGER_NO_ROW)
            return LEDGER_OK;
        LEDGER_TRY(status);
        LEDGER_TRY(do_due(l, id, now_us));
    }
    return LEDGER_OK;
}
