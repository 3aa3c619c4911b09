/*
 * load_requests.h - payment requests for the load: asked, paid whole and in parts, credited, declined, taken back.
 *
 * Each client ends only requests that it made itself, so that it knows what is open of them.
 */
#ifndef TESTS_SUPPORT_LOAD_REQUESTS_H
#define TESTS_SUPPORT_LOAD_REQUESTS_H

#include "load.h"

/* One of the newest of which something is open, for the next draft but load_draft_ask; false: none was met. */
bool load_choose_request(struct client *c);
void load_draft_ask(struct client *c, struct write *w);
void load_draft_accept(struct client *c, struct write *w);
void load_draft_part(struct client *c, struct write *w);
void load_draft_credit(struct client *c, struct write *w);
/* Declined or withdrawn, as its kind says. */
void load_draft_end(struct client *c, struct write *w);
/* For load_follow. */
void load_follow_request(struct client *c, const struct write *w, const json_t *answer);

/* Pages of /requests?all=true, in order, against what the clients were answered. */
struct requests_seen {
    const struct client *clients;
    int client_count;
    size_t count;
    int64_t numbers[TALLY_MEMBERS + 1]; /* the last of each payee's */
};
/* Prints the first difference. */
bool load_requests_agree(struct requests_seen *seen, const json_t *page);
/* After the last page: is none missing? */
bool load_requests_complete(const struct requests_seen *seen);

#endif
