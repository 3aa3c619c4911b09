/*
 * calendar.h - what is booked, for a calendar program: GET /calendar/{secret}.ics, without a token.
 *
 * The address is the key; it shows one feed and nothing else (ledger/feed.h). RFC 5545 text, with an ETag: who
 * has the newest already is answered 304.
 */
#ifndef API_CALENDAR_H
#define API_CALENDAR_H

#include "node.h"

#define CALENDAR_ROOT "/calendar/"
#define CALENDAR_ASKS_MAX 30 /* times a minute an address is answered */

struct calendar_gate;

/* How often addresses are asked, by all threads. NULL when there is no memory. */
struct calendar_gate *calendar_gate_new(void);
void calendar_gate_free(struct calendar_gate *gate);
/* May this address be asked again now? */
bool calendar_gate_admit(struct calendar_gate *gate, const char *secret, int64_t now_us);

/* Answer a request below CALENDAR_ROOT; false: it is for something else. Any thread may ask. */
bool calendar_answer(struct node *node, struct calendar_gate *gate, const struct http_request *r,
                     struct http_response *response);

#endif
