/*
 * request_step.h - what the two sides say of a request, beside paying it.
 */
#ifndef LEDGER_REQUEST_STEP_H
#define LEDGER_REQUEST_STEP_H

#include "request.h"

/*
 * Each keeps its reason among the words of the request, which the parties see and which can be erased.
 * Refusals, in order: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_REQUEST, LEDGER_NOT_AN_INVOICE, LEDGER_REQUEST_OVER,
 * LEDGER_REQUEST_PAID (or credited), then LEDGER_REQUEST_STATE as said.
 */

/* The payer does not owe this: nothing is open any more. LEDGER_REQUEST_STATE: something was paid; dispute it. */
LEDGER_CHECKED enum ledger_status ledger_request_decline(struct ledger *l, int64_t id,
                                                         const struct ledger_why *why);
/* The payee takes it back, likewise. LEDGER_REQUEST_STATE: something was paid; credit the rest. */
LEDGER_CHECKED enum ledger_status ledger_request_withdraw(struct ledger *l, int64_t id,
                                                          const struct ledger_why *why);
/* The payer objects; what is open stays so. LEDGER_REQUEST_STATE: it is disputed already. */
LEDGER_CHECKED enum ledger_status ledger_request_dispute(struct ledger *l, int64_t id,
                                                         const struct ledger_why *why);
/* The objection is over. LEDGER_REQUEST_STATE: it is not disputed. */
LEDGER_CHECKED enum ledger_status ledger_request_resolve(struct ledger *l, int64_t id,
                                                         const struct ledger_why *why);

#endif
