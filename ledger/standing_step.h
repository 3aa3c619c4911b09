/*
 * standing_step.h - from one due date to the next. Only standing*.c, charge.c, instalment.c and
 * verify_standing.c include it.
 */
#ifndef LEDGER_STANDING_STEP_H
#define LEDGER_STANDING_STEP_H

#include "date.h"
#include "standing.h"

/*
 * Attempt `t` pays a due date of standing payment `s`. An instalment whose payment was reversed is unpaid again, as is
 * its request; any other standing payment was met, and its reversal says that it should not have been.
 */
#define STANDING_PAYS                                                                              \
    "t.code = '' AND (s.request_id IS NULL OR NOT EXISTS (SELECT 1 FROM transfer v WHERE "         \
    "v.corrects = t.transfer_id AND v.kind = 'reversal'))"

/* The uid of its next payment: the first one's, or of one more for each that was reversed. */
struct ledger_uid ledger_standing_uid(const struct ledger *l, const struct ledger_occurrence *o,
                                      int64_t payments);
/* On which day a payment that was due on `due_on` is dated: that day; where it is closed, today. */
LEDGER_CHECKED enum ledger_status ledger_standing_effective(struct ledger *l, int32_t due_on,
                                                            int32_t *effective_on);
/*
 * Pay `o`, dated o->effective_on; its transfer is set. Of instalments at most what is open: then o->amount_minor is less.
 * Refusals: of instalments LEDGER_REQUEST_DISPUTED and those of ledger_request_pay; then those of posting.
 */
LEDGER_CHECKED enum ledger_status ledger_standing_pay(struct ledger *l,
                                                      const struct ledger_standing *s,
                                                      struct ledger_occurrence *o,
                                                      const char *actor);
/* Write that `o` was met; and what an attempt of paying it came to, with its row in the register where it was paid. */
LEDGER_CHECKED enum ledger_status
ledger_standing_write_met(struct ledger *l, struct ledger_occurrence *o, bool skipped);
LEDGER_CHECKED enum ledger_status ledger_standing_write_attempt(struct ledger *l,
                                                                struct ledger_occurrence *o,
                                                                enum ledger_status status,
                                                                const char *actor);
/* Pass over its due dates through `through_on`, without a payment, and stand at the next. */
LEDGER_CHECKED enum ledger_status ledger_standing_pass_over(struct ledger *l, int64_t id,
                                                            int32_t through_on);
/* Meet its due dates through today: pay them, or pass them over where it is paused. */
LEDGER_CHECKED enum ledger_status ledger_standing_catch_up(struct ledger *l, int64_t id);
/* End it, without asking or telling. */
LEDGER_CHECKED enum ledger_status ledger_standing_stop(struct ledger *l, int64_t id,
                                                       const struct ledger_why *why);
/* Is there no due date number `n`, which would fall on `due_on`? */
static inline bool ledger_standing_is_over(const struct ledger_standing *s, int64_t n,
                                           int32_t due_on)
{
    return due_on > LEDGER_DAY_MAX || (s->count && n > s->count) ||
           (s->until_on && due_on > s->until_on);
}

#endif
