/*
 * attendance.h - who was there, as somebody says who is not paid for it; only then is the provider paid.
 */
#ifndef LEDGER_ATTENDANCE_H
#define LEDGER_ATTENDANCE_H

#include "enrolment.h"

#define LEDGER_UNCONFIRMED_DAYS 7 /* after them an unconfirmed session is listed */

struct ledger_attendance {
    int64_t enrolment_id;
    int64_t by_member_id; /* whose people say so; 0: the node's */
    int minutes;          /* -1: the whole session */
    int places;           /* how many of the party; -1: all */
};

/*
 * Confirm it. From the course's threshold on, minutes count as attended: the provider is paid for the
 * places that came and the rest is released. Below it, or where nobody came, it is absent: all is released.
 * Refusals, in order: LEDGER_NO_SUCH_ENROLMENT, LEDGER_SELF_CONFIRMATION (the provider or a trainer
 * of a session that has a price), LEDGER_SESSION_CANCELLED, LEDGER_ENROLMENT_OVER, LEDGER_ATTENDANCE_EARLY (before it
 * begins), LEDGER_ATTENDANCE_TOO_LONG, LEDGER_ATTENDANCE_EARLY (longer than it has lasted),
 * LEDGER_NUMBER_MALFORMED (places), then as ledger_hold_capture.
 */
LEDGER_CHECKED enum ledger_status
ledger_attendance_confirm(struct ledger *l, const struct ledger_attendance *attendance,
                          const struct ledger_why *why);

/* An enrolment whose session is over and whose attendance nobody has confirmed. */
struct ledger_unconfirmed {
    struct ledger_enrolment enrolment;
    int64_t ended_at_us;
    int64_t held_until_us; /* 0: nothing is held for it */
    char refused[40];      /* why its hold could not be renewed of late, a status's code, or "" */
};

struct ledger_unconfirmed_filter {
    int64_t ended_by_us; /* only sessions that ended at or before it */
    int64_t party_id;    /* or 0: only where this member learns or teaches */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_unconfirmed_reader(void *ctx, const struct ledger_unconfirmed *u);

/* In order of id. */
LEDGER_CHECKED enum ledger_status
ledger_attendance_pending(struct ledger *l, const struct ledger_unconfirmed_filter *filter,
                          ledger_unconfirmed_reader *read, void *ctx);

#endif
