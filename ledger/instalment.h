/*
 * instalment.h - a request is paid in so many parts, by a standing payment.
 *
 * The parts are of equal size to the cent, by largest remainder, and add up to what is open when it is ordered. Each is
 * a part payment of the request, of at most what is open by then. What leaves nothing to pay here, whoever does it, ends
 * the instalments in the same transaction. What was passed over, or refused and given up, stays open on the request; a
 * part whose payment is reversed is open again, and unpaid until it is retried.
 */
#ifndef LEDGER_INSTALMENT_H
#define LEDGER_INSTALMENT_H

#include "standing.h"

struct ledger_instalments {
    int64_t request_id;
    struct ledger_cadence cadence;
    int32_t starts_on; /* the day from which on the first may fall due */
    int count;         /* of parts */
    const struct ledger_why *why;
};

/*
 * Order them: `*standing_id` pays them. Both accounts are opened where they are not there.
 * Refusals, in order: LEDGER_NO_SUCH_REQUEST, LEDGER_NOT_AN_INVOICE, LEDGER_REQUEST_OVER, LEDGER_REQUEST_PAID,
 * LEDGER_REQUEST_DISPUTED, LEDGER_IN_INSTALMENTS (already), LEDGER_NUMBER_MALFORMED (no parts, or more than it has
 * minor units), then those of ledger_standing_order.
 */
LEDGER_CHECKED enum ledger_status ledger_instalments_order(struct ledger *l,
                                                           const struct ledger_instalments *i,
                                                           int64_t *standing_id);
/*
 * Where nothing of the request is left to pay here: end all that pays it in parts, but for standing payment `but_id` (0:
 * none), which is paying just now and ends itself. For request_event.c and standing_due.c. It refuses nothing.
 */
LEDGER_CHECKED enum ledger_status ledger_instalments_end(struct ledger *l, int64_t request_id,
                                                         int64_t but_id, const char *actor);

#endif
