/*
 * feed.h - a calendar address: a secret that shows what is booked, and nothing else.
 *
 * It is good as long as the token that made it, so who loses a role loses the calendar too.
 */
#ifndef LEDGER_FEED_H
#define LEDGER_FEED_H

#include "booking.h"
#include "secret.h"

#define LEDGER_FEED_PREFIX "clf_"
#define LEDGER_FEED_SECRET LEDGER_SECRET_TEXT
#define LEDGER_FEED_BACK_DAYS 90      /* so far back its bookings go */
#define LEDGER_FEED_CANCELLED_DAYS 30 /* so long a cancelled one is shown as that */
#define LEDGER_FEED_EVENTS_MAX 2000

struct ledger_feed {
    int64_t id;
    int64_t member_id;   /* whose people read it, 0 for the node's */
    int64_t resource_id; /* 0: all that the member booked */
    int64_t token_id;    /* what made it, 0: somebody at the file itself */
    int64_t created_at_us;
    int64_t revoked_at_us; /* 0 while it is good */
    char member[LEDGER_HANDLE_MAX + 1];
    char resource[LEDGER_HANDLE_MAX + 1];
};

struct ledger_event {
    int64_t booking_id;
    int64_t sequence; /* of its last change */
    int64_t changed_at_us;
    int64_t made_at_us;
    int64_t from_us;
    int64_t to_us;
    enum ledger_booking_state state;
    bool is_named; /* the reader may know who booked it */
    bool is_party; /* and read its title */
    char resource[LEDGER_HANDLE_MAX + 1];
    char host[LEDGER_HANDLE_MAX + 1];
    char member[LEDGER_HANDLE_MAX + 1];
    char title[LEDGER_BOOKING_TITLE_MAX + 1];
};

typedef enum ledger_status ledger_feed_reader(void *ctx, const struct ledger_feed *f);
typedef enum ledger_status ledger_event_reader(void *ctx, const struct ledger_event *e);

/*
 * Make one; `f->id` and its time are set, `secret` is shown once and kept nowhere.
 * Refusal: LEDGER_USAGE (neither a member nor a resource).
 */
LEDGER_CHECKED enum ledger_status ledger_feed_create(struct ledger *l, struct ledger_feed *f,
                                                     char secret[static LEDGER_FEED_SECRET]);
/*
 * Whose is this secret? Refusals: LEDGER_NO_SUCH_FEED; LEDGER_FEED_REVOKED: it was taken back, or the token that
 * made it was, or is over, or its member left.
 */
LEDGER_CHECKED enum ledger_status ledger_feed_check(struct ledger *l, const char *secret,
                                                    struct ledger_feed *f);
/* Refusal: LEDGER_NO_SUCH_FEED. Revoking twice is harmless. */
LEDGER_CHECKED enum ledger_status ledger_feed_revoke(struct ledger *l, int64_t id);
LEDGER_CHECKED enum ledger_status ledger_feed_get(struct ledger *l, int64_t id,
                                                  struct ledger_feed *f);
/* `member_id` 0: all. */
LEDGER_CHECKED enum ledger_status ledger_feed_each(struct ledger *l, int64_t member_id,
                                                   int64_t after_id, ledger_feed_reader *read,
                                                   void *ctx);
/*
 * What it shows, in order of beginning: from LEDGER_FEED_BACK_DAYS ago on, at most LEDGER_FEED_EVENTS_MAX; what was cancelled,
 * rejected or expired for LEDGER_FEED_CANCELLED_DAYS more.
 */
LEDGER_CHECKED enum ledger_status ledger_feed_events(struct ledger *l, const struct ledger_feed *f,
                                                     ledger_event_reader *read, void *ctx);

#endif
