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
    int confirmed; /* attendances so far */
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

/* Desks of m1's for whoever books: twenty alike, always open, given back whole until an hour before. */
void load_offer_desk(const struct web_node *node);

/* Write until `*over`, or until the node is gone. */
void load_start(struct client *c);
void load_join(struct client *c);

/* Send `w` (again) and note the answer; false when there was none. `replayed` may be NULL. */
bool load_send(struct client *c, struct write *w, bool *replayed);
struct write *load_new_write(struct client *c, enum write_kind kind);
/* Learn of a write's hold, booking or enrolment, once it is known what became of it. */
void load_follow(struct client *c, const struct write *w);
void load_forget(struct client *c);

#endif
