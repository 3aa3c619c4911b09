#include "booking_rows.h"

#include "date.h"
#include "hold.h"
#include "hold_owner.h"

#include <stdio.h>

static enum ledger_status write_change(struct ledger *l, const struct ledger_booking *b,
                                       int64_t transfer_id, const struct ledger_why *why)
{
    const struct ledger_zone *zone;
    char from[LEDGER_WALL_TEXT], to[LEDGER_WALL_TEXT], tzdata[LEDGER_ZONE_VERSION];
    int64_t at_us;

    LEDGER_TRY(ledger_zone_need(l, b->zone, &zone));
    LEDGER_TRY(ledger_tick(l, &at_us));
    ledger_wall_format(ledger_zone_wall(zone, b->slot.from_us), from);
    ledger_wall_format(ledger_zone_wall(zone, b->slot.to_us), to);
    return ledger_exec(
        l,
        "INSERT INTO booking_change (booking_id, sequence, state, unit, from_us, to_us, "
        "from_local, "
        "to_local, tzdata, included_min, amount_minor, hold_id, transfer_id, at_us, actor, reason, "
        "kept_minor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
        "$16, "
        "$17)",
        STORE_ARGS(store_int(b->id), store_int(b->sequence),
                   store_text(ledger_booking_state_name(b->state)), store_int(b->slot.unit),
                   store_int(b->slot.from_us), store_int(b->slot.to_us), store_text(from),
                   store_text(to), store_text(ledger_zone_version(tzdata)),
                   store_int(b->included_min), store_int(b->amount_minor),
                   store_int_or_null(b->hold_id, b->hold_id),
                   store_int_or_null(transfer_id, transfer_id), store_int(at_us),
                   store_text(why->actor), store_text(why->reason), store_int(b->kept_minor)));
}

static enum ledger_status insert(struct ledger *l, const struct ledger_booking *b)
{
    return ledger_exec(
        l,
        "INSERT INTO booking (id, resource_id, member_id, class, terms_id, share_id, currency_id, "
        "series_id, made_at_us, sequence, state, live, unit, from_us, to_us, busy_from_us, "
        "busy_to_us, included_min, amount_minor, hold_id, due_us, kept_minor) VALUES ($1, $2, $3, "
        "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        STORE_ARGS(store_int(b->id), store_int(b->resource_id), store_int(b->member_id),
                   store_text(ledger_booker_name(b->booker)), store_int(b->terms_id),
                   store_int_or_null(b->share_id, b->share_id),
                   store_int_or_null(b->currency_id, b->currency_id),
                   store_int_or_null(b->series_id, b->series_id), store_int(b->made_at_us),
                   store_int(b->sequence), store_text(ledger_booking_state_name(b->state)),
                   store_int(ledger_booking_is_live(b->state)), store_int(b->slot.unit),
                   store_int(b->slot.from_us), store_int(b->slot.to_us),
                   store_int(b->slot.busy_from_us), store_int(b->slot.busy_to_us),
                   store_int(b->included_min), store_int(b->amount_minor),
                   store_int_or_null(b->hold_id, b->hold_id),
                   store_int_or_null(b->due_us, b->due_us), store_int(b->kept_minor)));
}

static enum ledger_status update(struct ledger *l, const struct ledger_booking *b)
{
    return ledger_exec(
        l,
        "UPDATE booking SET share_id = $2, currency_id = $3, sequence = $4, state = $5, live = $6, "
        "unit = $7, from_us = $8, to_us = $9, busy_from_us = $10, busy_to_us = $11, "
        "included_min = $12, amount_minor = $13, hold_id = $14, due_us = $15, kept_minor = $16 "
        "WHERE id = $1",
        STORE_ARGS(store_int(b->id), store_int_or_null(b->share_id, b->share_id),
                   store_int_or_null(b->currency_id, b->currency_id), store_int(b->sequence),
                   store_text(ledger_booking_state_name(b->state)),
                   store_int(ledger_booking_is_live(b->state)), store_int(b->slot.unit),
                   store_int(b->slot.from_us), store_int(b->slot.to_us),
                   store_int(b->slot.busy_from_us), store_int(b->slot.busy_to_us),
                   store_int(b->included_min), store_int(b->amount_minor),
                   store_int_or_null(b->hold_id, b->hold_id),
                   store_int_or_null(b->due_us, b->due_us), store_int(b->kept_minor)));
}

enum ledger_status booking_write(struct ledger *l, struct ledger_booking *b, int64_t transfer_id,
                                 const struct ledger_why *why)
{
    LEDGER_TRY(write_change(l, b, transfer_id, why));
    return b->sequence == 0 ? insert(l, b) : update(l, b);
}

enum ledger_status booking_write_lines(struct ledger *l, const struct ledger_booking *b,
                                       const struct ledger_quote *q)
{
    for (int i = 0; i < q->line_count; i++) {
        const struct ledger_quote_line *line = &q->lines[i];
        LEDGER_TRY(ledger_exec(
            l,
            "INSERT INTO booking_line (booking_id, sequence, line, kind, price_id, extra_price_id, "
            "quantity, amount_minor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            STORE_ARGS(store_int(b->id), store_int(b->sequence), store_int(i),
                       store_text(ledger_line_kind_name(line->kind)),
                       store_int_or_null(line->price_id, line->price_id),
                       store_int_or_null(line->extra_price_id, line->extra_price_id),
                       store_int(line->quantity), store_int(line->amount_minor))));
    }
    return LEDGER_OK;
}

/* The pool and the host, but for whoever pays itself, and without parts of zero. */
static enum ledger_status find_payees(struct ledger *l, const struct ledger_booking *b,
                                      int64_t amount_minor, const struct ledger_why *why,
                                      struct ledger_leg *payees, int *count)
{
    struct ledger_share share;
    struct ledger_account a;
    int64_t parts_minor[2] = {0, amount_minor};

    LEDGER_TRY(ledger_share_get(l, b->share_id, &share));
    if (b->member_id == b->host_id) {
        parts_minor[0] = amount_minor;
        parts_minor[1] = 0;
    } else if (share.id && b->member_id != share.member_id) {
        ledger_share_split(&share, amount_minor, parts_minor);
    }
    const char *const handles[2] = {share.pool, b->host};
    *count = 0;
    for (int i = 0; i < 2; i++) {
        if (parts_minor[i] == 0)
            continue;
        LEDGER_TRY(ledger_account_need(l, handles[i], b->code, why, &a));
        payees[(*count)++] = (struct ledger_leg){a.id, parts_minor[i]};
    }
    return LEDGER_OK;
}

enum ledger_status booking_place_hold(struct ledger *l, struct ledger_booking *b,
                                      int64_t amount_minor, const struct ledger_why *why)
{
    struct ledger_leg payees[2];
    struct ledger_account payer;
    char memo[LEDGER_MEMO_MAX + 1];
    struct ledger_hold_draft draft = {
        .memo = memo, .payees = payees, .expires_at_us = ledger_now_us(l)};

    b->hold_id = 0;
    if (amount_minor == 0)
        return LEDGER_OK;
    if (draft.expires_at_us < b->slot.to_us) /* else it is paid in arrears */
        draft.expires_at_us = b->slot.to_us;
    draft.expires_at_us += LEDGER_BOOKING_HOLD_DAYS * LEDGER_US_PER_DAY;
    snprintf(memo, sizeof memo, "booking %lld of %s", (long long)b->id, b->resource);
    LEDGER_TRY(ledger_account_need(l, b->member, b->code, why, &payer));
    draft.account_id = payer.id;
    LEDGER_TRY(find_payees(l, b, amount_minor, why, payees, &draft.payee_count));
    LEDGER_TRY(ledger_hold_place(l, &draft, &b->hold_id));
    return ledger_hold_own(l, b->hold_id, "booking", b->id);
}

enum ledger_status booking_settle(struct ledger *l, const struct ledger_booking *b,
                                  int64_t paid_minor, const char *reason, int64_t *transfer_id)
{
    *transfer_id = 0;
    if (b->hold_id == 0)
        return LEDGER_OK;
    if (paid_minor == 0)
        return ledger_hold_release(l, b->hold_id, reason);
    return ledger_hold_capture(l, b->hold_id, paid_minor, transfer_id);
}

enum ledger_status booking_release(struct ledger *l, struct ledger_booking *b, const char *reason)
{
    int64_t hold_id = b->hold_id;

    b->hold_id = 0;
    return hold_id ? ledger_hold_release(l, hold_id, reason) : LEDGER_OK;
}

enum ledger_status booking_tell(struct ledger *l, const struct ledger_booking *b,
                                enum ledger_notice_kind kind, int64_t member_id)
{
    return b->host_id == b->member_id ? LEDGER_OK : ledger_notice_put(l, kind, member_id, b->id);
}

int64_t booking_due_us(const struct ledger_booking *b, const struct ledger_terms *t)
{
    switch (b->state) {
    case LEDGER_PLANNED:
        return b->due_us ? b->slot.from_us : 0; /* none in arrears */
    case LEDGER_HELD:
        return b->due_us && b->due_us < b->slot.from_us ? b->due_us : b->slot.from_us;
    case LEDGER_CONFIRMED:
        return t->grace_min ? b->slot.from_us + t->grace_min * US_PER_MINUTE : b->slot.to_us;
    case LEDGER_CHECKED_IN:
        return b->slot.to_us;
    case LEDGER_COMPLETED:
    case LEDGER_CANCELLED:
    case LEDGER_EXPIRED:
    case LEDGER_NO_SHOW:
    case LEDGER_REJECTED:
        break;
    }
    return 0;
}
