/*
 * request_refund.h - what was paid on a request is given back, and a credit note says for what.
 *
 * A refund by itself opens nothing and is in nobody's tax: the two have settled something. A credit note may count it:
 * from then on it is an event of the request, which opens by as much what the credit note takes off. A refund counts
 * once, whole or in parts, and one that counts is not reversed.
 */
#ifndef LEDGER_REQUEST_REFUND_H
#define LEDGER_REQUEST_REFUND_H

#include "request.h"

/* What refunds gave back of the payments of request `id`, whether it counts or not; those that were reversed did not. */
LEDGER_CHECKED enum ledger_status ledger_request_given_back(struct ledger *l, int64_t id,
                                                            int64_t *amount_minor);
/*
 * Give back `amount_minor` more, by refunds of its payments, the latest first. For request_make.c, which has seen that so
 * much was paid and not given back. Refusals: as ledger_transfer_post.
 */
LEDGER_CHECKED enum ledger_status ledger_request_give_back(struct ledger *l, int64_t id,
                                                           int64_t amount_minor, const char *memo);
/* Count refunds, of so much in all, for credit note `credit_id`. Likewise. */
LEDGER_CHECKED enum ledger_status ledger_request_count_refunds(struct ledger *l, int64_t id,
                                                               int64_t credit_id,
                                                               int64_t amount_minor,
                                                               const char *actor);
/* Of which request refund `transfer_id` counts. LEDGER_NO_ROW: of none. */
LEDGER_CHECKED enum ledger_status ledger_request_of_refund(struct ledger *l, int64_t transfer_id,
                                                           int64_t *request_id);

#endif
