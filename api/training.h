/*
 * training.h - what the handlers about courses share: who is a party, and the forms of a session.
 */
#ifndef API_TRAINING_H
#define API_TRAINING_H

#include "operation.h"

#include "ledger/enrolment.h"

/* LEDGER_NOT_ALLOWED unless the caller keeps the node or is one of the provider's people. */
LEDGER_CHECKED enum ledger_status api_check_provider(struct ledger *l, const struct api_call *call,
                                                     int64_t provider_id);
/* Is the caller the node's keeper or this member's people? */
bool api_speaks_for(const struct api_call *call, int64_t member_id);
/* [{"amount": "4.00", "currency": "TRAIN"}], for `places` of them. */
json_t *api_json_prices(const struct ledger_session *s, int places);

#endif
