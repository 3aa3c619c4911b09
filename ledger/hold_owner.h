/*
 * hold_owner.h - a hold that belongs to a booking, an enrolment and the like ends with it, by no other door.
 */
#ifndef LEDGER_HOLD_OWNER_H
#define LEDGER_HOLD_OWNER_H

#include "ledger.h"

#define LEDGER_HOLD_OWNER_MAX 20

struct ledger_hold_owner {
    char kind[LEDGER_HOLD_OWNER_MAX + 1]; /* "booking", "enrolment"; "" when nobody's */
    int64_t subject_id;                   /* its number among those */
};

/*
 * Say once and for all what a hold is for. Needs a write transaction, the one that placed the hold. After:
 * hold.capture and hold.release refuse it; ledger_hold_capture and ledger_hold_release are the owner's.
 */
LEDGER_CHECKED enum ledger_status ledger_hold_own(struct ledger *l, int64_t hold_id,
                                                  const char *kind, int64_t subject_id);
/* Whose hold is it? */
LEDGER_CHECKED enum ledger_status ledger_hold_owner(struct ledger *l, int64_t hold_id,
                                                    struct ledger_hold_owner *owner);
/* Refusal: LEDGER_HOLD_OWNED, naming the owner. */
LEDGER_CHECKED enum ledger_status ledger_hold_check_free(struct ledger *l, int64_t hold_id);

#endif
