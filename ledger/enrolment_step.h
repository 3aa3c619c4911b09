/*
 * enrolment_step.h - one step of an enrolment, and what falls due for it. Only the engine's files
 * about sessions include it.
 */
#ifndef LEDGER_ENROLMENT_STEP_H
#define LEDGER_ENROLMENT_STEP_H

#include "enrolment.h"

struct enrolment_step {
    enum ledger_enrolment_state to;
    int64_t until_us; /* of an offer */
    int minutes;      /* of attendance */
    int attended;
    const char *actor;
    const char *reason;
};

/* Write the event, and where the enrolment stands now. */
LEDGER_CHECKED enum ledger_status enrolment_step(struct ledger *l, const struct ledger_enrolment *e,
                                                 const struct enrolment_step *step);
/* Place the holds of `e` in `s`, for 400 days, and note when they are to be renewed. */
LEDGER_CHECKED enum ledger_status enrolment_hold(struct ledger *l, const struct ledger_enrolment *e,
                                                 const struct ledger_session *s,
                                                 const struct ledger_why *why);
/* Release what is open of them. */
LEDGER_CHECKED enum ledger_status enrolment_release(struct ledger *l, int64_t id,
                                                    const char *reason);
/* Pay the provider for `places` of the party; the rest is released. */
LEDGER_CHECKED enum ledger_status enrolment_capture(struct ledger *l,
                                                    const struct ledger_enrolment *e,
                                                    const struct ledger_session *s, int places);
/* Release the holds, write that it is cancelled and why. */
LEDGER_CHECKED enum ledger_status enrolment_end(struct ledger *l, const struct ledger_enrolment *e,
                                                const char *actor, const char *reason);

LEDGER_CHECKED enum ledger_status course_due_set(struct ledger *l, const char *kind,
                                                 int64_t subject_id, int64_t at_us);
LEDGER_CHECKED enum ledger_status course_due_clear(struct ledger *l, const char *kind,
                                                   int64_t subject_id);

#endif
