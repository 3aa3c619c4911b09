/*
 * booking.h - how a booking is answered, and who may see it.
 */
#ifndef API_BOOKING_H
#define API_BOOKING_H

#include "operation.h"

#include "ledger/booking.h"

/* "2026-12-01T09:00", by the clock of that place. */
json_t *api_booking_wall(const struct ledger_zone *zone, int64_t at_us);
/* Is the caller one of its own people, the host's or the node's? For others it is time that is taken. */
bool api_booking_is_party(const struct api_call *call, const struct ledger_booking *b);
/* The booking without its lines, of as much as the caller may see; `*out` is the caller's. */
LEDGER_CHECKED enum ledger_status api_booking_shape(struct ledger *l, const struct api_call *call,
                                                    const struct ledger_booking *b, json_t **out);
/* The booking that the call's id names. One refusal for what is not there and what is not the caller's. */
LEDGER_CHECKED enum ledger_status api_booking_visible(struct ledger *l, struct api_call *call,
                                                      struct ledger_booking *b);

#endif
