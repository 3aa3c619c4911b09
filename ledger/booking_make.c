#include "booking_rows.h"

#include "date.h"

#include <stdio.h>

static enum ledger_status need_member(struct ledger *l, const struct ledger_booking_draft *draft,
                                      struct ledger_member *m)
{
    LEDGER_TRY(ledger_member_get(l, draft->member_id, m));
    return m->state == LEDGER_ACTIVE
               ? LEDGER_OK
               : ledger_refuse(l, LEDGER_MEMBER_NOT_ACTIVE, "%s is %s and cannot book", m->handle,
                               ledger_member_state_name(m->state));
}

/* The host may use its own as it likes. */
static enum ledger_status check_quotas(struct ledger *l, const struct ledger_booking_draft *draft,
                                       const struct ledger_resource *r, int64_t besides_id)
{
    const struct ledger_quota_ask ask = {r, draft->member_id, draft->from_us, draft->to_us,
                                         besides_id};

    return draft->member_id == r->member_id ? LEDGER_OK : ledger_quota_check(l, &ask);
}

/* A date of a series may lie as far ahead as series may; one that is on hold, as far as a hold goes. */
static int horizon_days(const struct ledger_booking_draft *draft, const struct ledger_terms *t)
{
    const int days = draft->series_id && t->series_days ? t->series_days : t->horizon_days;

    return draft->planned || days < LEDGER_HORIZON_DAYS_MAX ? days : LEDGER_HORIZON_DAYS_MAX;
}

enum ledger_status booking_plan(struct ledger *l, const struct ledger_booking_draft *draft,
                                const struct ledger_booking *besides, struct booking_plan *p)
{
    const int64_t besides_id = besides ? besides->id : 0;
    const bool began = besides && draft->from_us == besides->slot.from_us;
    const struct ledger_quote_ask ask = {.resource = &p->resource,
                                         .member_id = draft->member_id,
                                         .guest = draft->guest,
                                         .from_us = draft->from_us,
                                         .to_us = draft->to_us,
                                         .currency_id = draft->currency_id,
                                         .extras = draft->extras,
                                         .extra_count = draft->extra_count,
                                         .besides_id = besides_id};

    LEDGER_TRY(ledger_resource_get(l, draft->resource_id, &p->resource));
    LEDGER_TRY(need_member(l, draft, &p->member));
    LEDGER_TRY(ledger_calendar_around(l, &p->resource, draft->from_us, &p->calendar));
    p->calendar.horizon_days = horizon_days(draft, &p->resource.terms);
    LEDGER_TRY(ledger_slot_check(l, &p->calendar, draft->from_us, draft->to_us, began));
    LEDGER_TRY(check_quotas(l, draft, &p->resource, besides_id));
    p->slot = (struct ledger_slot){
        .from_us = draft->from_us, .to_us = draft->to_us, .unit = besides ? besides->slot.unit : 0};
    LEDGER_TRY(ledger_slot_find(l, &p->calendar, besides_id, &p->slot));
    return ledger_quote_make(l, &ask, &p->quote);
}

enum ledger_status ledger_booking_quote(struct ledger *l, const struct ledger_booking_draft *draft,
                                        struct ledger_quote *q)
{
    struct booking_plan p;

    LEDGER_TRY(booking_plan(l, draft, NULL, &p));
    *q = p.quote;
    return LEDGER_OK;
}

/* Held until the host's word, or the member's; else at once. A host need not ask itself, nor when its time has come. */
static void begin(struct ledger_booking *b, const struct ledger_terms *t, int64_t held_for_us,
                  int64_t now_us)
{
    bool asks = t->host_word && b->member_id != b->host_id && b->slot.from_us > now_us;

    b->due_us = 0;
    b->state = asks || held_for_us ? LEDGER_HELD : LEDGER_CONFIRMED;
    if (b->state == LEDGER_HELD)
        b->due_us = now_us + (held_for_us ? held_for_us : t->answer_hours * 60 * US_PER_MINUTE);
    b->due_us = booking_due_us(b, t);
}

static void fill(const struct ledger_booking_draft *draft, const struct booking_plan *p,
                 struct ledger_booking *b)
{
    const struct ledger_quote *q = &p->quote;

    *b = (struct ledger_booking){.resource_id = p->resource.id,
                                 .host_id = p->resource.member_id,
                                 .member_id = p->member.id,
                                 .terms_id = p->resource.terms.id,
                                 .share_id = q->currency.id ? q->share.id : 0,
                                 .currency_id = q->currency.id,
                                 .series_id = draft->series_id,
                                 .booker = q->booker,
                                 .slot = p->slot,
                                 .included_min = q->included_min,
                                 .amount_minor = q->amount_minor,
                                 .scale = q->currency.scale};
    snprintf(b->code, sizeof b->code, "%s", q->currency.code);
    snprintf(b->resource, sizeof b->resource, "%s", p->resource.name);
    snprintf(b->zone, sizeof b->zone, "%s", p->resource.zone);
    snprintf(b->host, sizeof b->host, "%s", p->resource.host);
    snprintf(b->member, sizeof b->member, "%s", p->member.handle);
}

static enum ledger_status write_title(struct ledger *l, int64_t id, const char *title)
{
    if (!title || !title[0])
        return LEDGER_OK;
    return ledger_exec(l, "INSERT INTO booking_text (booking_id, title) VALUES ($1, $2)",
                       STORE_ARGS(store_int(id), store_text(title)));
}

/* The dates of a series are told as one. */
static enum ledger_status tell_of_new(struct ledger *l, const struct ledger_booking *b,
                                      const struct ledger_terms *t)
{
    if (b->series_id)
        return LEDGER_OK;
    if (b->state == LEDGER_CONFIRMED)
        return booking_tell(l, b, LEDGER_NOTICE_BOOKED, b->host_id);
    return t->host_word ? booking_tell(l, b, LEDGER_NOTICE_BOOKING_ASKED, b->host_id) : LEDGER_OK;
}

enum ledger_status ledger_booking_make(struct ledger *l, const struct ledger_booking_draft *draft,
                                       const struct ledger_why *why, int64_t *id)
{
    struct booking_plan p;
    struct ledger_booking b;
    int64_t due;

    LEDGER_TRY(ledger_check_text(l, "title", draft->title, LEDGER_BOOKING_TITLE_MAX));
    LEDGER_TRY(ledger_booking_due(l, ledger_now_us(l), &due));
    LEDGER_TRY(booking_plan(l, draft, NULL, &p));
    fill(draft, &p, &b);
    LEDGER_TRY(ledger_tick(l, &b.made_at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM booking", &b.id));
    begin(&b, &p.resource.terms, draft->held_for_us, b.made_at_us);
    if (draft->planned) {
        b.state = LEDGER_PLANNED;
        b.due_us = draft->arrears ? 0 : b.slot.from_us;
    } else {
        LEDGER_TRY(booking_place_hold(l, &b, b.amount_minor, why));
    }
    LEDGER_TRY(booking_write_lines(l, &b, &p.quote));
    LEDGER_TRY(booking_write(l, &b, 0, why));
    *id = b.id;
    LEDGER_TRY(write_title(l, b.id, draft->title));
    return tell_of_new(l, &b, &p.resource.terms);
}

enum ledger_status ledger_booking_fund(struct ledger *l, int64_t id, const struct ledger_why *why)
{
    struct ledger_booking b;
    struct ledger_terms t;

    LEDGER_TRY(ledger_booking_get(l, id, &b));
    if (b.state != LEDGER_PLANNED)
        return ledger_refuse(l, LEDGER_BOOKING_STATE, "booking %lld is %s already", (long long)id,
                             ledger_booking_state_name(b.state));
    LEDGER_TRY(ledger_terms_get(l, b.terms_id, &t));
    LEDGER_TRY(booking_place_hold(l, &b, b.amount_minor, why));
    begin(&b, &t, 0, ledger_now_us(l));
    b.sequence++;
    LEDGER_TRY(booking_write(l, &b, 0, why));
    return b.state == LEDGER_HELD ? booking_tell(l, &b, LEDGER_NOTICE_BOOKING_ASKED, b.host_id)
                                  : LEDGER_OK;
}
