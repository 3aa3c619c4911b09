/*
 * webhook.h - what is looked at before a webhook is added.
 */
#ifndef API_WEBHOOK_H
#define API_WEBHOOK_H

#include "operation.h"

/*
 * Where does its name lead? One that leads nowhere now is taken, and call->note says so: it is looked at again each time
 * something is sent.
 * Refusals: LEDGER_WEBHOOK_PRIVATE; LEDGER_UNREACHABLE: there is no libcurl here.
 */
LEDGER_CHECKED enum ledger_status webhook_prepare(struct api_call *call);

#endif
