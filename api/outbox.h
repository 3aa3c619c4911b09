/*
 * outbox.h - how a mailbox or webhook is shown.
 */
#ifndef API_OUTBOX_H
#define API_OUTBOX_H

#include "operation.h"

#include "ledger/outbox.h"

/* Where somebody reads its mail is its own people's and the steward's to know. */
bool outbox_shows_address(const struct api_call *call, const struct ledger_outbox *o);
/* Put "waiting", "tries", "next_try" and "code" of one that is told into `into`; NULL is taken. */
void outbox_put_state(json_t *into, const struct ledger_outbox *o);

#endif
