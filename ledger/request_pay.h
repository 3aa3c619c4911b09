/*
 * request_pay.h - a request is paid: by a transfer in the ledger, outside, or by both.
 */
#ifndef LEDGER_REQUEST_PAY_H
#define LEDGER_REQUEST_PAY_H

#include "request.h"

struct ledger_request_payment {
    int64_t request_id;
    int64_t amount_minor; /* a part; 0: all that is left in the ledger's currency */
    int64_t standing_id;  /* of which it is an instalment, or 0 */
    const char *memo;     /* of the transfer; NULL or "": as its reference */
    bool has_effective;
    int32_t effective_on; /* today when not given */
    const struct ledger_why *why;
};

/* May anything be paid on it? Refusals: LEDGER_NOT_AN_INVOICE, LEDGER_REQUEST_OVER. */
LEDGER_CHECKED enum ledger_status ledger_request_check_payable(struct ledger *l,
                                                               const struct ledger_request *r);
/*
 * Accept `p->request_id` by one word: post all that is left in the ledger's currency, at once. The transfer's reference is
 * "invoice N", the payee's number; its id goes into `*transfer_id`.
 * Refusals, in order: LEDGER_NO_SUCH_REQUEST, LEDGER_NOT_AN_INVOICE, LEDGER_REQUEST_OVER, LEDGER_REQUEST_PAID (or only the
 * part outside is left), LEDGER_REQUEST_DISPUTED, LEDGER_REQUEST_EXPIRED, then as ledger_transfer_post.
 */
LEDGER_CHECKED enum ledger_status ledger_request_accept(struct ledger *l,
                                                        const struct ledger_request_payment *p,
                                                        int64_t *transfer_id);
/*
 * The payer says how much, also of what is disputed or expired.
 * Refusals, in order: LEDGER_NO_SUCH_REQUEST, LEDGER_NOT_AN_INVOICE, LEDGER_REQUEST_OVER, LEDGER_REQUEST_PAID,
 * LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_OVER_REQUEST (the sentence says the rest), then as ledger_transfer_post.
 */
LEDGER_CHECKED enum ledger_status
ledger_request_pay(struct ledger *l, const struct ledger_request_payment *p, int64_t *transfer_id);
/*
 * The payee says that a payment that was posted by itself paid this: it counts from now on, whole, and its reversal opens
 * the request again.
 * Refusals: LEDGER_NO_SUCH_REQUEST, LEDGER_NOT_AN_INVOICE, LEDGER_REQUEST_OVER, LEDGER_REQUEST_PAID,
 * LEDGER_REQUEST_DISPUTED, LEDGER_NO_SUCH_TRANSFER
 * (or not the payee's), LEDGER_NOT_THAT_PAYMENT (not from payer to payee in that currency and nobody else; put right since;
 * or it paid a request already), LEDGER_OVER_REQUEST.
 */
LEDGER_CHECKED enum ledger_status ledger_request_match(struct ledger *l, int64_t id,
                                                       int64_t transfer_id, const char *actor);
/*
 * The payee marks `outside_minor` hundredths as received outside (0: all that is left there); `words` says where, such as a
 * receipt's number, or is NULL. The other takes such a mark back (0: all that was marked).
 * Refusals: LEDGER_TEXT_*, LEDGER_NO_SUCH_REQUEST, LEDGER_NOT_AN_INVOICE, LEDGER_REQUEST_OVER, LEDGER_REQUEST_PAID (it has no
 * part outside, or nothing is left, or marked, of it), LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_OVER_REQUEST.
 */
LEDGER_CHECKED enum ledger_status ledger_request_paid_outside(struct ledger *l, int64_t id,
                                                              int64_t outside_minor,
                                                              const char *words, const char *actor);
LEDGER_CHECKED enum ledger_status ledger_request_unpaid_outside(struct ledger *l, int64_t id,
                                                                int64_t outside_minor,
                                                                const char *words,
                                                                const char *actor);
/* Which request a transfer paid. LEDGER_NO_ROW: none. */
LEDGER_CHECKED enum ledger_status ledger_request_of_transfer(struct ledger *l, int64_t transfer_id,
                                                             int64_t *request_id);
/*
 * Transfer `transfer_id` was reversed by `reversal_id`: where it had paid a request, what it paid is open again. For
 * correction.c, in the transaction of the reversal. It refuses nothing.
 */
LEDGER_CHECKED enum ledger_status ledger_request_reopen(struct ledger *l, int64_t transfer_id,
                                                        int64_t reversal_id, const char *actor);

#endif
