/*
 * tally.h - what a ledger must show: the sum of the answers that were given.
 */
#ifndef TESTS_SUPPORT_TALLY_H
#define TESTS_SUPPORT_TALLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define TALLY_MEMBERS 8 /* m1 to m8 */

enum write_kind {
    WRITE_PAY,
    WRITE_HOLD,
    WRITE_CAPTURE,
    WRITE_RELEASE,
    WRITE_BATCH,
    WRITE_LIMIT,
    WRITE_BOOK,
    WRITE_CANCEL,
    WRITE_ENROL,
    WRITE_DROP,
    WRITE_ATTEND,
    WRITE_GRANT,
    WRITE_LEARN, /* a payment in training credits */
    WRITE_QUEUE, /* a place in a small session, or in its waiting list */
    WRITE_TAKE,  /* of the place that came free */
    WRITE_ASK,   /* for payment */
    WRITE_ACCEPT,
    WRITE_PART, /* of a request is paid */
    WRITE_CREDIT,
    WRITE_DECLINE,
    WRITE_WITHDRAW,
    WRITE_SERIES,
    WRITE_STOP, /* a series */
    WRITE_KINDS
};

enum write_state {
    WRITE_UNANSWERED, /* sent, and it is not known what became of it */
    WRITE_ACCEPTED,
    WRITE_REFUSED
};

struct write {
    enum write_kind kind;
    enum write_state state;
    char uid[40];
    char code[64]; /* of the last answer: "" when it was accepted */
    char path[64];
    char *body;
    char *answer;   /* the first one, when accepted */
    int member;     /* whose hold, booking, enrolment, credits or limit, or the payer; from 1 */
    int payee;      /* of a request */
    size_t request; /* of its client's, from 0 */
    int64_t amount_minor; /* that is paid or credited of a request */
    /* Of the hold in CALD that it places or resolves, or of the booking or enrolment it ends. */
    int64_t held_minor;
};

struct tally {
    int64_t balance_minor[TALLY_MEMBERS + 1];
    int64_t held_minor[TALLY_MEMBERS + 1];
    int64_t floor_minor[TALLY_MEMBERS + 1];
    int64_t credit_minor[TALLY_MEMBERS + 1]; /* TRAIN; 0 is the fund */
    int64_t credit_held_minor[TALLY_MEMBERS + 1];
    int64_t transfers;
};

int64_t tally_minor(const char *amount);
/* What a booking's answer says is on hold for it. */
int64_t tally_booked(const json_t *answer);
/* Has it the place, and its holds? */
bool tally_enrolled(const json_t *answer);
/* Count an accepted write by its answer. */
void tally_add(struct tally *t, const struct write *w);
/* `count` payments of `amount_minor` each, as an import makes them. */
void tally_add_payments(struct tally *t, int payer, int payee, int count, int64_t amount_minor);
/* Compare with the answers of /node and /balances; prints the first difference. */
bool tally_agrees(const struct tally *t, const json_t *node, const json_t *balances);

#endif
