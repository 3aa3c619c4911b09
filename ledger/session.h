/*
 * session.h - when a course takes place, for how many, at what price.
 *
 * A session without a price is a gathering: who enrols is going, and nobody pays. Free places are
 * added up from who has one, each time they are asked for.
 */
#ifndef LEDGER_SESSION_H
#define LEDGER_SESSION_H

#include "course.h"
#include "currency.h"
#include "wall.h"

#define LEDGER_SESSION_PLACES_MAX 10000
#define LEDGER_TRAINERS_MAX 8
#define LEDGER_SESSION_PRICES_MAX 2 /* in training credits and in another currency */
#define LEDGER_LINK_MAX 500
#define LEDGER_SESSION_US_MIN INT64_C(60000000)
#define LEDGER_SESSION_US_MAX INT64_C(1209600000000) /* two weeks */

struct ledger_session_price {
    int64_t currency_id;
    int64_t amount_minor; /* of one place */
    int scale;
    char code[LEDGER_CODE_MAX + 1];
};

struct ledger_session {
    int64_t id;
    int64_t course_id;
    int64_t provider_id;
    int64_t starts_at_us;
    int64_t ends_at_us;
    int64_t opens_at_us; /* the sign-up window */
    int64_t closes_at_us;
    int64_t offer_us;        /* how long a place is offered to who waits */
    int64_t cancelled_at_us; /* or 0 */
    int threshold_percent;
    int minimum;
    int capacity;
    int enrolled; /* places taken: enrolled, attended, absent */
    int offered;  /* places offered just now */
    int waiting;  /* places asked for in the waiting list */
    int price_count;
    struct ledger_session_price prices[LEDGER_SESSION_PRICES_MAX];
    int trainer_count;
    int64_t trainer_ids[LEDGER_TRAINERS_MAX];
    char trainers[LEDGER_TRAINERS_MAX][LEDGER_HANDLE_MAX + 1];
    char provider[LEDGER_HANDLE_MAX + 1];
    char zone[LEDGER_ZONE_MAX + 1];
    char starts[LEDGER_WALL_TEXT]; /* wall time in `zone` */
    char ends[LEDGER_WALL_TEXT];
    char title[LEDGER_NAME_MAX + 1];
    char language[LEDGER_LANGUAGE_MAX + 1];
    char place[LEDGER_MEMO_MAX + 1];
    char link[LEDGER_LINK_MAX + 1];
    char notes[LEDGER_LINK_MAX + 1];    /* the newest link to them */
    char reason[LEDGER_REASON_MAX + 1]; /* of the cancellation */
};

/* Strings stay the caller's. Instants are those of the wall times, by the zone. */
struct ledger_session_draft {
    int64_t course_id;
    const char *zone;
    const char *tzdata; /* the version that gave the instants */
    const char *starts;
    const char *ends;
    int64_t starts_at_us;
    int64_t ends_at_us;
    int64_t opens_at_us;  /* 0: now */
    int64_t closes_at_us; /* 0: when it starts */
    int64_t offer_us;
    int capacity;
    int minimum;
    const char *place;
    const char *link;
    const struct ledger_session_price *prices;
    int price_count;
    const int64_t *trainer_ids; /* none: the provider teaches */
    int trainer_count;
};

struct ledger_session_filter {
    int64_t course_id;    /* or 0 */
    int64_t ends_from_us; /* only what ends at or after it */
    int64_t after_us;     /* in order of start, then id */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_session_reader(void *ctx, const struct ledger_session *s);

/*
 * Add a session to a course. Refusals, in order: LEDGER_NO_SUCH_COURSE, LEDGER_MEMBER_NOT_ACTIVE
 * (the provider), LEDGER_PERIOD_MALFORMED (it ends before it begins, lasts below a minute or beyond two weeks),
 * LEDGER_SESSION_IN_PAST, LEDGER_PERIOD_MALFORMED (the sign-up window), LEDGER_NUMBER_MALFORMED (capacity 1
 * to LEDGER_SESSION_PLACES_MAX, minimum up to it), LEDGER_TEXT_*, LEDGER_LINK_MALFORMED,
 * LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_SAME_CURRENCY (two prices in one), LEDGER_EXISTS (a trainer
 * twice), LEDGER_NO_SUCH_MEMBER.
 */
LEDGER_CHECKED enum ledger_status ledger_session_add(struct ledger *l,
                                                     const struct ledger_session_draft *draft,
                                                     const struct ledger_why *why, int64_t *id);
/* As of now: an offer that ran out is not counted, swept or not. Refusal: LEDGER_NO_SUCH_SESSION. */
LEDGER_CHECKED enum ledger_status ledger_session_get(struct ledger *l, int64_t id,
                                                     struct ledger_session *s);
LEDGER_CHECKED enum ledger_status ledger_session_each(struct ledger *l,
                                                      const struct ledger_session_filter *filter,
                                                      ledger_session_reader *read, void *ctx);
/*
 * Call it off: every hold of it is released, every enrolment and offer ends.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_SESSION, LEDGER_SESSION_CANCELLED,
 * LEDGER_SESSION_HELD (somebody's attendance is confirmed).
 */
LEDGER_CHECKED enum ledger_status ledger_session_cancel(struct ledger *l, int64_t id,
                                                        const struct ledger_why *why);
/*
 * More places, which go to who waits, or fewer.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_SESSION, LEDGER_SESSION_CANCELLED,
 * LEDGER_NUMBER_MALFORMED, LEDGER_CAPACITY_BELOW_ENROLLED (the sentence says how many places are taken).
 */
LEDGER_CHECKED enum ledger_status
ledger_session_capacity(struct ledger *l, int64_t id, int capacity, const struct ledger_why *why);
/* A link to the notes. Refusals: LEDGER_LINK_MALFORMED, LEDGER_NO_SUCH_SESSION, LEDGER_SESSION_CANCELLED. */
LEDGER_CHECKED enum ledger_status
ledger_session_note(struct ledger *l, int64_t id, const char *link, const struct ledger_why *why);
/* capacity - enrolled - offered; never below zero. */
int ledger_session_free(const struct ledger_session *s);
/* In whole minutes. */
int64_t ledger_session_minutes(const struct ledger_session *s);

#endif
