/*
 * request_event.h - what became of a request, in order.
 *
 * What is open of a request at any moment is what it was for and the sum of its events until then.
 */
#ifndef LEDGER_REQUEST_EVENT_H
#define LEDGER_REQUEST_EVENT_H

#include "request.h"

#define LEDGER_EVENT_KIND_MAX 20

struct ledger_request_event {
    int64_t id;
    int64_t request_id;
    /*
     * paid, matched (to a transfer that was there), reversed, paid-outside, unpaid-outside, refunded (which counts from the
     * credit note on that says what for), credited, declined, withdrawn, disputed, resolved
     */
    char kind[LEDGER_EVENT_KIND_MAX + 1];
    int64_t ledger_minor; /* minus: so much less is open */
    int64_t outside_minor;
    int64_t transfer_id; /* that paid, or took back, or 0 */
    int64_t credit_id;   /* the credit note, or 0 */
    int64_t standing_id; /* not kept: the standing payment that pays just now, or 0 */
    int64_t at_us;
    char actor[LEDGER_ACTOR_MAX + 1];
    char words[LEDGER_REASON_MAX + 1]; /* why, or a receipt's number; "" for none or once erased */
};

typedef enum ledger_status ledger_request_event_reader(void *ctx,
                                                       const struct ledger_request_event *e);

/* At most `limit` events of it after event `after`, oldest first. */
LEDGER_CHECKED enum ledger_status ledger_request_events(struct ledger *l, int64_t request_id,
                                                        int64_t after, int limit,
                                                        ledger_request_event_reader *read,
                                                        void *ctx);

/*
 * Write `e` (its id is set, and its time where that is 0) and keep what is open current; where nothing is left to pay
 * here, its instalments end. For request_*.c only, which have checked it.
 */
LEDGER_CHECKED enum ledger_status ledger_request_event_write(struct ledger *l,
                                                             struct ledger_request_event *e);
/* Write anew what is open of it, from the facts. Likewise. */
LEDGER_CHECKED enum ledger_status ledger_request_open_refresh(struct ledger *l, int64_t request_id);

#endif
