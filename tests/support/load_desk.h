/*
 * load_desk.h - desks of m1's for the load: twenty alike, always open, given back whole until an hour before.
 */
#ifndef TESTS_SUPPORT_LOAD_DESK_H
#define TESTS_SUPPORT_LOAD_DESK_H

#include "load.h"

void load_offer_desk(const struct web_node *node);

/* Within weeks, with a hold. */
void load_draft_book(struct client *c, struct write *w);
void load_draft_cancel(struct client *c, struct write *w);
/* Some dates of a rule, too far ahead for a hold, all or nothing; and all of a series is given up. */
void load_draft_series(struct client *c, struct write *w);
void load_draft_stop(struct client *c, struct write *w);

#endif
