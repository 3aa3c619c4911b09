/*
 * load_courses.h - courses and training credits for the load: what there is to begin with, and the requests.
 *
 * Each place in a session costs LOAD_PLACE_MINOR of CALD and LOAD_PLACE_CREDITS of TRAIN, paid to m1. The first
 * sessions are over and have everybody's party of two, whose attendance waits to be confirmed; the others are to come.
 */
#ifndef TESTS_SUPPORT_LOAD_COURSES_H
#define TESTS_SUPPORT_LOAD_COURSES_H

#include "load.h"

#define LOAD_PLACE_MINOR 100
#define LOAD_PLACE_CREDITS 50
#define LOAD_OVER 24 /* sessions that are over */
#define LOAD_TO_COME 40
#define LOAD_SMALL 4                      /* sessions after those that have */
#define LOAD_SMALL_CAPACITY 3             /* places: there is a waiting list */
#define LOAD_LEARNERS (TALLY_MEMBERS - 1) /* m2 and on */
#define LOAD_UNCONFIRMED (LOAD_OVER * LOAD_LEARNERS)

/* Make them, with a fund that granted each learner 500.00; `t` counts what was posted and is held. */
void load_offer_courses(const struct web_node *node, struct tally *t);

void load_draft_enrol(struct client *c, struct write *w);
void load_draft_drop(struct client *c, struct write *w);
/* A place in a small one, or in its waiting list; and the place that is offered to one of the client's own who wait. */
void load_draft_queue(struct client *c, struct write *w);
void load_draft_take(struct client *c, struct write *w);
/* Each client has its own of those that wait to be confirmed: load_can_attend says whether one is left. */
void load_draft_attend(struct client *c, struct write *w);
bool load_can_attend(const struct client *c);
void load_draft_grant(struct client *c, struct write *w);
void load_draft_learn(struct client *c, struct write *w);

#endif
