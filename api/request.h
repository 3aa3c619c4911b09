/*
 * request.h - how a request is answered, and who may see it.
 */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include "operation.h"

#include "ledger/request.h"

/* Its words are for the parties, and for a steward. */
bool api_request_may_read(const struct api_call *call, const struct ledger_request *r);
/* The request without its lines. */
json_t *api_request_shape(const struct ledger *l, const struct api_call *call,
                          const struct ledger_request *r);
/* The request that the call's id names. One refusal for what is not there and what is not the caller's. */
LEDGER_CHECKED enum ledger_status api_request_visible(struct ledger *l, struct api_call *call,
                                                      struct ledger_request *r);

#endif
