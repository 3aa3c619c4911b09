/*
 * offer_cite.h - which payments and requests were for an offer or a want.
 */
#ifndef LEDGER_OFFER_CITE_H
#define LEDGER_OFFER_CITE_H

#include "offer.h"

/*
 * May a payment from one member to another be for that offer or want? An offer is paid to who posted it, a want
 * by who posted it. Once it is closed or over, it is still good for a deal with who answered it while it stood open.
 * Refusals: LEDGER_NO_SUCH_OFFER, LEDGER_OFFER_OF_ANOTHER, LEDGER_OFFER_CLOSED (the other side did not answer it).
 */
LEDGER_CHECKED enum ledger_status ledger_offer_check_cite(struct ledger *l, int64_t offer_id,
                                                          const char *payer, const char *payee);
/* Write down that transfer or request (`kind`) `subject` is for it. */
LEDGER_CHECKED enum ledger_status ledger_offer_cite(struct ledger *l, int64_t offer_id,
                                                    const char *kind, int64_t subject);
/* What it is for, 0 for nothing. */
LEDGER_CHECKED enum ledger_status ledger_offer_cited(struct ledger *l, const char *kind,
                                                     int64_t subject, int64_t *offer_id);

#endif
