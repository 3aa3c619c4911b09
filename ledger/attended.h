/*
 * attended.h - what may be certified of an enrolment: what was confirmed of it, and what its course said then.
 */
#ifndef LEDGER_ATTENDED_H
#define LEDGER_ATTENDED_H

#include "enrolment.h"

struct ledger_attended {
    struct ledger_enrolment enrolment;
    struct ledger_session session;
    /* Of the version that the session was added under; "" where its words are erased. */
    char title[LEDGER_NAME_MAX + 1];
    char description[LEDGER_DESCRIPTION_MAX + 1];
    char language[LEDGER_LANGUAGE_MAX + 1];
    bool confirmed;         /* attended, at the course's threshold or above */
    int certified;          /* certificates of it that stand */
    int64_t certificate_id; /* the first of them, or 0 */
};

/* Refusal: LEDGER_NO_SUCH_ENROLMENT. */
LEDGER_CHECKED enum ledger_status ledger_attended_get(struct ledger *l, int64_t enrolment_id,
                                                      struct ledger_attended *a);
/*
 * May one more of its places be certified? Refusals: LEDGER_NOT_ATTENDED (nobody has confirmed it, or less than the
 * threshold), LEDGER_ALREADY_CERTIFIED (every place that came).
 */
LEDGER_CHECKED enum ledger_status ledger_attended_allow(struct ledger *l,
                                                        const struct ledger_attended *a);

#endif
