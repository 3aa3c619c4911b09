/*
 * correction.h - put a transfer right by another that names it.
 */
#ifndef LEDGER_CORRECTION_H
#define LEDGER_CORRECTION_H

#include "transfer.h"

/*
 * The treasurer's: undo transfer `id` whole, dated today; limits apply. A request that it had paid is open again by as much.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_TRANSFER, LEDGER_NOT_REVERSIBLE (a reversal; part of
 * a default; a refund that a credit note counts; or refunded in part already), LEDGER_ALREADY_REVERSED, then as ledger_transfer_post. `why->reason` becomes the memo.
 */
LEDGER_CHECKED enum ledger_status ledger_transfer_reverse(struct ledger *l, int64_t id,
                                                          const struct ledger_why *why,
                                                          int64_t *reversal_id);
/*
 * The payee's: give back `amount_minor` (0: all that is left) of two-leg transfer `id`. It opens no request again.
 * Refusals: LEDGER_NO_SUCH_TRANSFER, LEDGER_NOT_REVERSIBLE (not two legs; itself a reversal or refund; part of a default),
 * LEDGER_ALREADY_REVERSED, LEDGER_OVER_REFUND, then as ledger_transfer_post.
 */
LEDGER_CHECKED enum ledger_status ledger_transfer_refund(struct ledger *l, int64_t id,
                                                         int64_t amount_minor, const char *memo,
                                                         int64_t *refund_id);
/* What was refunded of `id` so far, and whether (by which transfer, else 0) it was reversed. */
LEDGER_CHECKED enum ledger_status ledger_transfer_corrections(struct ledger *l, int64_t id,
                                                              int64_t *refunded_minor,
                                                              int64_t *reversal_id);
#endif
