/*
 * load.h - mixed load on a node from several threads, and what each of them was answered.
 */
#ifndef TESTS_SUPPORT_LOAD_H
#define TESTS_SUPPORT_LOAD_H

#include "tally.h"
#include "web.h"

#include <stdatomic.h>

#define LOAD_THREADS TALLY_MEMBERS
#define LOAD_HOLDS_MAX 64

/* A hold, or a booking or enrolment with its hold. */
struct open_hold {
    int64_t id;
    int member;
    int64_t held_minor;
};

/* A request or a credit note, as it was answered. */
struct asked {
    int64_t id;
    int64_t number; /* among the payee's */
    int payer;
    int payee;
    bool is_credit; /* a note, of which nothing is open */
    bool over;      /* declined or withdrawn */
    int64_t asked_minor;
    int64_t paid_minor;
    int64_t credited_minor;
};

/* One thread's: its own holds and its own member's limits, so that it knows their order. */
struct client {
    const struct web_node *node;
    int number; /* from 1; its member too */
    uint64_t random;
    int fd;
    int asked; /* on this connection */
    struct write *writes;
    size_t count, room;
    struct open_hold holds[LOAD_HOLDS_MAX];
    int hold_count;
    bool books;  /* there is a desk: load_offer_desk */
    bool learns; /* there are courses: load_offer_courses */
    struct open_hold bookings[LOAD_HOLDS_MAX];
    int booking_count;
    struct open_hold enrolments[LOAD_HOLDS_MAX];
    int enrolment_count;
    struct open_hold queued[LOAD_HOLDS_MAX]; /* waiting, or a place is offered */
    int queued_count;
    int confirmed; /* attendances so far */
    bool asks;     /* for payment */
    struct asked *requests;
    size_t request_count, request_room;
    size_t chosen;  /* of them, for the next write */
    int64_t series; /* the last it made, 0 for none */
    atomic_bool *over;
    bool forgets;                            /* writes whose outcome nobody will ask for */
    void (*answered)(const struct write *w); /* or NULL; called by the client's thread */
    pthread_t thread;
};

uint64_t load_random(uint64_t *state);
/* From 0 to n - 1. */
int load_draw(uint64_t *state, int n);
void load_uid(uint64_t *state, char uid[static 40]);

/* Ask on the client's connection, made anew where it ended. False: no answer. */
bool load_ask(struct client *c, const struct web_request *q, struct web_response *r);
void load_hang_up(struct client *c);

/* Write until `*over`, or until the node is gone. */
void load_start(struct client *c);
void load_join(struct client *c);

/* Send `w` (again) and note the answer; false when there was none. `replayed` may be NULL. */
bool load_send(struct client *c, struct write *w, bool *replayed);
struct write *load_new_write(struct client *c, enum write_kind kind);
/* Learn of a write's hold, booking, enrolment, request or series, once it is known what became of it. */
void load_follow(struct client *c, const struct write *w);
void load_forget(struct client *c);

#endif
