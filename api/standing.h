/*
 * standing.h - what operations on standing payments and on charges share. Only op_standing.c and op_charge.c
 * include it.
 */
#ifndef API_STANDING_H
#define API_STANDING_H

#include "shape.h"

#include "ledger/standing.h"

/* From "every", "interval" and "on". Refusals: LEDGER_CHOICE_UNKNOWN, LEDGER_DUE_DAY_MALFORMED. */
LEDGER_CHECKED enum ledger_status api_take_cadence(struct ledger *l, const struct api_call *call,
                                                   struct ledger_cadence *c);
/* From "count", 0 where it is not given. Refusal: LEDGER_NUMBER_MALFORMED (it is given as 0). */
LEDGER_CHECKED enum ledger_status api_take_count(struct api_call *call, int *count);
/* The answer of a write: standing payment call->subject as it is now. */
LEDGER_CHECKED enum ledger_status api_standing_done(struct ledger *l, struct api_call *call,
                                                    json_t **out);
/* A reader: `ctx` is an api_page. */
LEDGER_CHECKED enum ledger_status api_add_standing(void *ctx, const struct ledger_standing *s);

#endif
