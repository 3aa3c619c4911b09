/*
 * booking_rows.h - how a booking is written: its changes, its lines, its hold. Only booking*.c include it.
 */
#ifndef LEDGER_BOOKING_ROWS_H
#define LEDGER_BOOKING_ROWS_H

#include "booking.h"
#include "handle.h"
#include "notice.h"

#define US_PER_MINUTE (60 * LEDGER_US_PER_SECOND)

/* The next change of `b`, whose new values stand in it: its row, then the booking as it is now. `transfer_id` or 0. */
LEDGER_CHECKED enum ledger_status booking_write(struct ledger *l, struct ledger_booking *b,
                                                int64_t transfer_id, const struct ledger_why *why);
/* The lines of `q`, for the change that comes next. */
LEDGER_CHECKED enum ledger_status
booking_write_lines(struct ledger *l, const struct ledger_booking *b, const struct ledger_quote *q);
/* Hold this, its price or a part of it, for the pool and the host, until LEDGER_BOOKING_HOLD_DAYS after its end; 0: nothing. */
LEDGER_CHECKED enum ledger_status booking_place_hold(struct ledger *l, struct ledger_booking *b,
                                                     int64_t amount_minor,
                                                     const struct ledger_why *why);
/* Pay so much of it; the rest goes back. `*transfer_id` is 0 where nothing is paid. */
LEDGER_CHECKED enum ledger_status booking_settle(struct ledger *l, const struct ledger_booking *b,
                                                 int64_t paid_minor, const char *reason,
                                                 int64_t *transfer_id);
/* Its hold goes back whole, because the price or the time changes. */
LEDGER_CHECKED enum ledger_status booking_release(struct ledger *l, struct ledger_booking *b,
                                                  const char *reason);
/* Tell its member or its host of it; nobody where they are one. */
LEDGER_CHECKED enum ledger_status booking_tell(struct ledger *l, const struct ledger_booking *b,
                                               enum ledger_notice_kind kind, int64_t member_id);
/* When it falls due in its state, with these terms. */
int64_t booking_due_us(const struct ledger_booking *b, const struct ledger_terms *t);

/* What ledger_booking_quote and _move check before any price: the resource, its calendar, the slot. */
struct booking_plan {
    struct ledger_resource resource;
    struct ledger_calendar calendar;
    struct ledger_member member;
    struct ledger_slot slot;
    struct ledger_quote quote;
};

/* As ledger_booking_quote, for the booking `besides` that moves, or NULL. */
LEDGER_CHECKED enum ledger_status booking_plan(struct ledger *l,
                                               const struct ledger_booking_draft *draft,
                                               const struct ledger_booking *besides,
                                               struct booking_plan *p);

#endif
