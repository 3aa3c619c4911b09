#include "model.h"

#include <assert.h>

#define MINUTE_US INT64_C(60000000)
#define DAY_US INT64_C(86400000000)

static int64_t less(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t due_us(const struct model *m, const struct model_booking *b, int64_t answer_by_us)
{
    int64_t grace_min = m->terms[b->terms].grace_min;

    if (b->state == LEDGER_PLANNED)
        return b->arrears ? 0 : b->from_us;
    if (b->state == LEDGER_HELD)
        return less(answer_by_us, b->from_us);
    return b->state == LEDGER_CONFIRMED && grace_min ? b->from_us + grace_min * MINUTE_US
                                                     : b->to_us;
}

/* Held until the host says its word or the member its own; else confirmed at once. */
static void begin(const struct model *m, struct model_booking *b, int64_t held_for_us,
                  int64_t at_us)
{
    const struct model_terms *t = &m->terms[b->terms];
    bool host_word = t->host_word && b->from_us > at_us &&
                     b->member_id != m->resources[b->resource_id - 1].host_id;
    int64_t wait_us = held_for_us ? held_for_us : t->answer_hours * 60 * MINUTE_US;

    b->state = host_word || held_for_us ? LEDGER_HELD : LEDGER_CONFIRMED;
    b->due_us = due_us(m, b, at_us + wait_us);
}

static enum ledger_status find_payees(struct model *m, const struct model_booking *b,
                                      struct ledger_hold_draft *d, struct ledger_leg *payees)
{
    const struct model_resource *r = &m->resources[b->resource_id - 1];
    int64_t pool_minor = b->member_id == r->pool_id ? 0 : model_pool_part(r, b->amount_minor);

    d->payees = payees;
    if (pool_minor) {
        payees[0].amount_minor = pool_minor;
        LEDGER_TRY(model_account_need(m, r->pool_id, b->currency_id, &payees[0].account_id));
        d->payee_count++;
    }
    if (b->amount_minor > pool_minor) {
        payees[d->payee_count].amount_minor = b->amount_minor - pool_minor;
        LEDGER_TRY(
            model_account_need(m, r->host_id, b->currency_id, &payees[d->payee_count].account_id));
        d->payee_count++;
    }
    return LEDGER_OK;
}

/* For 30 days after the end. */
static enum ledger_status place_hold(struct model *m, struct model_booking *b, int64_t id)
{
    struct ledger_leg payees[2];
    struct ledger_hold_draft d = {.expires_at_us = b->to_us > m->now_us ? b->to_us : m->now_us};

    b->hold_id = 0;
    if (b->amount_minor == 0)
        return LEDGER_OK;
    d.expires_at_us += LEDGER_BOOKING_HOLD_DAYS * DAY_US;
    d.memo =
        model_words(m, "booking %lld of %s", (long long)id, m->resources[b->resource_id - 1].name);
    LEDGER_TRY(model_account_need(m, b->member_id, b->currency_id, &d.account_id));
    LEDGER_TRY(find_payees(m, b, &d, payees));
    LEDGER_TRY(model_hold_place(m, &d, &b->hold_id));
    model_hold(m, b->hold_id)->booking_id = id;
    return LEDGER_OK;
}

/* One more change of `b`, which has become `now`. */
static enum ledger_status change(struct model *m, struct model_booking *b,
                                 const struct model_booking *now)
{
    int64_t id = b - m->bookings + 1;
    int64_t at_us;
    int64_t *to = (int64_t *)b;
    const int64_t *from = (const int64_t *)now;

    LEDGER_TRY(model_tick(m, &at_us));
    model_touch_booking(m, id);
    for (size_t i = 0; i < sizeof *b / sizeof *to; i++)
        if (to[i] != from[i])
            model_put(m, &to[i], from[i]);
    model_put(m, &b->sequence, b->sequence + 1);
    if (model_booking_is_live(b->state))
        return LEDGER_OK;
    int64_t i = 0;
    while (m->live[i] != id)
        i++;
    model_put(m, &m->live_count, m->live_count - 1);
    model_put(m, &m->live[i], m->live[m->live_count]);
    return LEDGER_OK;
}

static enum ledger_status write(struct model *m, const struct model_booking *b, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->booking_count < m->rows_max);
    m->bookings[m->booking_count] = *b;
    model_put(m, &m->booking_count, m->booking_count + 1);
    model_put(m, &m->live[m->live_count], m->booking_count);
    model_put(m, &m->live_count, m->live_count + 1);
    *id = m->booking_count;
    model_touch_booking(m, *id);
    return LEDGER_OK;
}

enum ledger_status model_booking_make(struct model *m, const struct ledger_booking_draft *d,
                                      int64_t *id)
{
    struct model_booking b = {.resource_id = d->resource_id,
                              .member_id = d->member_id,
                              .guest = d->guest,
                              .currency_id = d->currency_id,
                              .extra_id = d->extra_count ? d->extras[0].extra_id : 0,
                              .quantity = d->extra_count ? d->extras[0].quantity : 0,
                              .from_us = d->from_us,
                              .to_us = d->to_us,
                              .series_id = d->series_id,
                              .arrears = d->arrears,
                              .series_at_us = INT64_MAX,
                              .state = d->planned ? LEDGER_PLANNED : LEDGER_CONFIRMED};
    int64_t count;
    int64_t at_us;

    LEDGER_TRY(model_booking_due(m, &count));
    LEDGER_TRY(model_booking_plan(m, &b, 0, false));
    b.terms = m->resources[b.resource_id - 1].terms;
    LEDGER_TRY(model_tick(m, &at_us));
    if (d->planned) {
        b.due_us = due_us(m, &b, 0);
        return write(m, &b, id);
    }
    begin(m, &b, d->held_for_us, at_us);
    LEDGER_TRY(place_hold(m, &b, m->booking_count + 1));
    return write(m, &b, id);
}

/* There, and in one of the states of a mask. */
static enum ledger_status need(struct model *m, int64_t id, unsigned states,
                               struct model_booking *b)
{
    if (!model_booking(m, id))
        return LEDGER_NO_SUCH_BOOKING;
    *b = *model_booking(m, id);
    return states & 1U << model_booking_state(m, b) ? LEDGER_OK : LEDGER_BOOKING_STATE;
}

#define HELD (1U << LEDGER_HELD)
#define PLANNED (1U << LEDGER_PLANNED)
#define CONFIRMED (1U << LEDGER_CONFIRMED)
#define CHECKED_IN (1U << LEDGER_CHECKED_IN)

enum ledger_status model_booking_fund(struct model *m, int64_t id)
{
    struct model_booking b;

    LEDGER_TRY(need(m, id, PLANNED, &b));
    LEDGER_TRY(place_hold(m, &b, id));
    begin(m, &b, 0, m->now_us);
    return change(m, model_booking(m, id), &b);
}

static enum ledger_status go_on(struct model *m, int64_t id, struct model_booking *b,
                                enum ledger_booking_state state)
{
    b->state = state;
    b->due_us = due_us(m, b, 0);
    return change(m, model_booking(m, id), b);
}

enum ledger_status model_booking_confirm(struct model *m, int64_t id)
{
    struct model_booking b;

    LEDGER_TRY(need(m, id, HELD, &b));
    return go_on(m, id, &b, LEDGER_CONFIRMED);
}

enum ledger_status model_booking_check_in(struct model *m, int64_t id)
{
    struct model_booking b;

    LEDGER_TRY(need(m, id, CONFIRMED, &b));
    if (m->now_us < b.from_us - LEDGER_BOOKING_EARLY_MIN * MINUTE_US)
        return LEDGER_BOOKING_NOT_YET;
    return go_on(m, id, &b, LEDGER_CHECKED_IN);
}

static int64_t more(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t part_minor(const struct model_booking *b, int64_t percent)
{
    return (b->amount_minor * percent + 50) / 100;
}

/* Over, with a part of its price paid. */
static enum ledger_status end(struct model *m, int64_t id, struct model_booking *b,
                              enum ledger_booking_state state, int64_t paid_minor)
{
    int64_t transfer_id;

    if (b->hold_id && paid_minor)
        LEDGER_TRY(model_hold_capture(m, b->hold_id, paid_minor, &transfer_id));
    else if (b->hold_id)
        LEDGER_TRY(model_hold_release(m, b->hold_id, ""));
    b->state = state;
    b->due_us = 0;
    return change(m, model_booking(m, id), b);
}

enum ledger_status model_booking_reject(struct model *m, int64_t id, const char *reason)
{
    struct model_booking b;

    LEDGER_TRY(model_reason(reason));
    LEDGER_TRY(need(m, id, HELD, &b));
    return end(m, id, &b, LEDGER_REJECTED, 0);
}

enum ledger_status model_booking_complete(struct model *m, int64_t id)
{
    struct model_booking b;

    LEDGER_TRY(need(m, id, CONFIRMED | CHECKED_IN, &b));
    if (m->now_us < b.from_us)
        return LEDGER_BOOKING_NOT_YET;
    return end(m, id, &b, LEDGER_COMPLETED, b.amount_minor);
}

enum ledger_status model_booking_no_show(struct model *m, int64_t id)
{
    struct model_booking b;

    LEDGER_TRY(need(m, id, CONFIRMED, &b));
    if (m->now_us < b.from_us)
        return LEDGER_BOOKING_NOT_YET;
    return end(m, id, &b, LEDGER_NO_SHOW,
               more(part_minor(&b, m->terms[b.terms].no_show_percent), b.kept_minor));
}

static int64_t percent_kept(const struct model *m, const struct model_booking *b)
{
    if (b->state == LEDGER_HELD || (b->state == LEDGER_PLANNED && !b->arrears))
        return 0;
    return 100 - model_percent_back(m->terms[b->terms].bands, b->from_us - m->now_us);
}

enum ledger_status model_booking_cancel(struct model *m, int64_t id, bool by_host,
                                        const char *reason)
{
    struct model_booking b;
    int64_t paid_minor;

    LEDGER_TRY(model_reason(reason));
    LEDGER_TRY(need(m, id, PLANNED | HELD | CONFIRMED | CHECKED_IN, &b));
    paid_minor = by_host ? 0 : more(part_minor(&b, percent_kept(m, &b)), b.kept_minor);
    if (b.state == LEDGER_PLANNED) { /* in arrears: what is kept is paid from a hold of just that */
        struct model_booking kept = b;
        kept.amount_minor = paid_minor;
        LEDGER_TRY(place_hold(m, &kept, id));
        b.hold_id = kept.hold_id;
    }
    return end(m, id, &b, LEDGER_CANCELLED, paid_minor);
}

/* A price that is new for the same beginning counts only by what it differs from that of the old time. */
static void price_move(struct model *m, int64_t id, const struct model_booking *b,
                       struct model_booking *wish)
{
    struct model_booking before = *b;
    int64_t kept_percent = percent_kept(m, b);

    if (wish->from_us != b->from_us) {
        wish->kept_minor = more(part_minor(b, kept_percent), b->kept_minor);
        wish->amount_minor = more(wish->amount_minor, wish->kept_minor);
        return;
    }
    (void)model_booking_price(m, &before, id);
    int64_t more_minor = wish->amount_minor - before.amount_minor;
    wish->amount_minor = b->amount_minor + more_minor;
    if (more_minor < 0)
        wish->amount_minor += (-more_minor * kept_percent + 50) / 100;
    wish->amount_minor = more(wish->amount_minor, b->kept_minor);
}

enum ledger_status model_booking_move(struct model *m, int64_t id, int64_t from_us, int64_t to_us)
{
    struct model_booking b, wish;
    int64_t count;

    LEDGER_TRY(model_booking_due(m, &count));
    LEDGER_TRY(need(m, id, PLANNED | HELD | CONFIRMED | CHECKED_IN, &b));
    if (from_us != b.from_us && b.from_us <= m->now_us)
        return LEDGER_BOOKING_IN_PAST;
    wish = b;
    wish.from_us = from_us;
    wish.to_us = to_us;
    LEDGER_TRY(model_booking_plan(m, &wish, id, from_us == b.from_us));
    price_move(m, id, &b, &wish);
    if (b.state != LEDGER_PLANNED) {
        if (b.hold_id)
            LEDGER_TRY(model_hold_release(m, b.hold_id, "moved"));
        LEDGER_TRY(place_hold(m, &wish, id));
    }
    wish.due_us = due_us(m, &wish, b.due_us);
    return change(m, model_booking(m, id), &wish);
}

static enum ledger_status fall_due(struct model *m, int64_t id, struct model_booking *b)
{
    const struct model_terms *t = &m->terms[b->terms];

    if (b->state == LEDGER_PLANNED || b->state == LEDGER_HELD)
        return end(m, id, b, LEDGER_EXPIRED, 0);
    if (b->state == LEDGER_CONFIRMED && t->grace_min)
        return end(m, id, b, LEDGER_NO_SHOW,
                   more(part_minor(b, t->no_show_percent), b->kept_minor));
    return end(m, id, b, LEDGER_COMPLETED, b->amount_minor);
}

/* Where its hold is over it ends without; what is refused otherwise is tried again the next day. */
static enum ledger_status do_due(struct model *m, int64_t id)
{
    struct model_booking b = *model_booking(m, id);
    int64_t mark = model_mark(m);
    enum ledger_status status = fall_due(m, id, &b);

    if (status == LEDGER_OK)
        return status;
    model_undo(m, mark);
    b = *model_booking(m, id);
    if (status != LEDGER_HOLD_EXPIRED && status != LEDGER_ALREADY_RESOLVED) {
        model_put(m, &model_booking(m, id)->due_us, m->now_us + DAY_US);
        model_touch_booking(m, id);
        return LEDGER_OK;
    }
    b.state = LEDGER_EXPIRED;
    b.due_us = 0;
    return change(m, model_booking(m, id), &b);
}

/* The earliest first, of two the older. */
static int64_t next_due(const struct model *m)
{
    int64_t first = 0;

    for (int64_t i = 0; i < m->live_count; i++) {
        int64_t id = m->live[i];
        int64_t at_us = m->bookings[id - 1].due_us;
        if (at_us == 0 || at_us > m->now_us)
            continue;
        if (!first || at_us < m->bookings[first - 1].due_us ||
            (at_us == m->bookings[first - 1].due_us && id < first))
            first = id;
    }
    return first;
}

enum ledger_status model_booking_due(struct model *m, int64_t *count)
{
    int64_t id;

    for (*count = 0; *count < LEDGER_BOOKING_DUE_MAX && (id = next_due(m)) != 0; ++*count)
        LEDGER_TRY(do_due(m, id));
    return LEDGER_OK;
}
