/*
 * enrolment.h - who takes part in a session, from the question to what became of it.
 *
 * pending (it waits for a place, or one is offered to it) -> enrolled -> attended or absent; cancelled
 * from either of the first two. While it is enrolled in a session that has a price, a hold from its
 * member to the provider is open for each of its prices, and nothing else ever is.
 */
#ifndef LEDGER_ENROLMENT_H
#define LEDGER_ENROLMENT_H

#include "session.h"

#define LEDGER_PARTY_MAX 50
/* So long before its end a hold is renewed. */
#define LEDGER_HOLD_RENEW_US (30 * INT64_C(86400000000))

enum ledger_enrolment_state {
    LEDGER_ENROLMENT_WAITING,
    LEDGER_ENROLMENT_OFFERED, /* a place is offered until a time; then cancelled, swept or not */
    LEDGER_ENROLMENT_TAKEN,
    LEDGER_ENROLMENT_ATTENDED,
    LEDGER_ENROLMENT_ABSENT,
    LEDGER_ENROLMENT_CANCELLED
};

struct ledger_enrolment {
    int64_t id;
    int64_t session_id;
    int64_t member_id;
    int64_t provider_id;
    int64_t at_us;
    int64_t state_at_us;
    int64_t until_us;     /* of an offer, else 0 */
    int64_t starts_at_us; /* of the session */
    enum ledger_enrolment_state state;
    int places;
    int minutes;  /* attended or absent: confirmed */
    int attended; /* how many of the party came */
    char member[LEDGER_HANDLE_MAX + 1];
    char provider[LEDGER_HANDLE_MAX + 1];
    char title[LEDGER_NAME_MAX + 1];
    char name[LEDGER_NAME_MAX + 1]; /* assumed, or "" */
    char note[LEDGER_MEMO_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1]; /* of its last change */
};

struct ledger_enrolment_draft {
    int64_t session_id;
    int64_t member_id;
    int places;
    const char *name; /* assumed, or NULL */
    const char *note;
    bool wait; /* stand in the waiting list when no place is free */
};

struct ledger_enrolment_filter {
    int64_t session_id;  /* or 0 */
    int64_t member_id;   /* or 0 */
    int64_t provider_id; /* or 0: only with his sessions */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_enrolment_reader(void *ctx, const struct ledger_enrolment *e);

/*
 * Take part. First what is due in the session is done (waitlist.h); after: enrolled with its holds, or in the waiting
 * list. All calls that write here may leave rows behind when they refuse: the caller undoes its savepoint.
 * Refusals, in order: LEDGER_NUMBER_MALFORMED (places, 1 to LEDGER_PARTY_MAX), LEDGER_TEXT_*,
 * LEDGER_NO_SUCH_SESSION, LEDGER_NO_SUCH_MEMBER, LEDGER_MEMBER_NOT_ACTIVE, LEDGER_SESSION_CANCELLED,
 * LEDGER_SIGN_UP_CLOSED (before and after the window), LEDGER_OWN_SESSION (the provider pays itself),
 * LEDGER_ALREADY_ENROLLED, LEDGER_PARTY_TOO_LARGE (for the whole session), LEDGER_SESSION_FULL, then as ledger_hold_place.
 */
LEDGER_CHECKED enum ledger_status ledger_enrolment_add(struct ledger *l,
                                                       const struct ledger_enrolment_draft *draft,
                                                       const struct ledger_why *why, int64_t *id);
/*
 * Take the place that is offered. Refusals: LEDGER_NO_SUCH_ENROLMENT, LEDGER_SESSION_CANCELLED,
 * LEDGER_NO_OFFER (none, or it ran out), then as ledger_hold_place.
 */
LEDGER_CHECKED enum ledger_status ledger_enrolment_accept(struct ledger *l, int64_t id,
                                                          const struct ledger_why *why);
/*
 * Give it up: its holds are released, and its places go to who waits.
 * Refusals: LEDGER_TEXT_*, LEDGER_NO_SUCH_ENROLMENT, LEDGER_ENROLMENT_OVER, LEDGER_SESSION_BEGUN (`by_learner`, who
 * cannot leave a session unpaid that he sat in).
 */
LEDGER_CHECKED enum ledger_status ledger_enrolment_cancel(struct ledger *l, int64_t id,
                                                          bool by_learner,
                                                          const struct ledger_why *why);
/* Refusal: LEDGER_NO_SUCH_ENROLMENT. */
LEDGER_CHECKED enum ledger_status ledger_enrolment_get(struct ledger *l, int64_t id,
                                                       struct ledger_enrolment *e);
/* In order of id. */
LEDGER_CHECKED enum ledger_status
ledger_enrolment_each(struct ledger *l, const struct ledger_enrolment_filter *filter,
                      ledger_enrolment_reader *read, void *ctx);

const char *ledger_enrolment_state_name(enum ledger_enrolment_state state);

#endif
