/*
 * waitlist.h - who gets the next place that comes free.
 *
 * One queue a session, in the order of asking. A place that comes free is offered to the first whose
 * whole party fits into what is free; whoever needs more keeps his place in the queue and is passed
 * over. An offer ends after the session's time for offers, at the latest when the session begins, and
 * an offer not taken ends the enrolment.
 */
#ifndef LEDGER_WAITLIST_H
#define LEDGER_WAITLIST_H

#include "enrolment.h"

#define LEDGER_COURSES_DUE_MAX 200 /* things done in one run of the chores */

/*
 * Do what is due in a session at `now_us`: call it off where its minimum was not reached in time, end
 * offers that ran out, offer what is free, end the queue when it begins. Nothing changes in a session
 * that is cancelled. Whatever writes to a session calls it first.
 */
LEDGER_CHECKED enum ledger_status ledger_waitlist_settle(struct ledger *l, int64_t session_id,
                                                         int64_t now_us);

/* Why an enrolment is or is not next. */
struct ledger_waitlist_place {
    struct ledger_enrolment enrolment;
    bool next;                         /* it is offered the next place, as far as it fits */
    int position;                      /* in the queue from 1; 0 when it does not wait */
    int ahead_places;                  /* asked for by those before it */
    int free;                          /* places, now */
    char why[LEDGER_REASON_MAX + 100]; /* one sentence */
};

/* Refusal: LEDGER_NO_SUCH_ENROLMENT. */
LEDGER_CHECKED enum ledger_status ledger_waitlist_explain(struct ledger *l, int64_t enrolment_id,
                                                          struct ledger_waitlist_place *p);
/* Who waits and to whom a place is offered, in the order of the queue. Refusal: LEDGER_NO_SUCH_SESSION. */
LEDGER_CHECKED enum ledger_status ledger_waitlist_each(struct ledger *l, int64_t session_id,
                                                       ledger_enrolment_reader *read, void *ctx);
/*
 * For the chores: settle every session in which something is due, and renew holds before they end.
 * A hold that the rules do not let renew is tried again each hour; one day before its end its
 * enrolment is cancelled and says why, so that none lapses silently.
 */
LEDGER_CHECKED enum ledger_status ledger_courses_due(struct ledger *l, int64_t now_us,
                                                     int64_t *count);

#endif
