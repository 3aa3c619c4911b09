/*
 * booking.h - a resource taken for some time by a member, with its hold.
 *
 * The hold is placed with the booking, in the same transaction, and ends with it. A live booking (planned, held,
 * confirmed, checked in) has its unit to itself: the file refuses another. What falls due by itself is done
 * by ledger_booking_due.
 */
#ifndef LEDGER_BOOKING_H
#define LEDGER_BOOKING_H

#include "quote.h"
#include "slot.h"

#define LEDGER_BOOKING_TITLE_MAX 120
#define LEDGER_BOOKING_HOLD_DAYS 30 /* a hold goes on for so long after the end */
#define LEDGER_BOOKING_EARLY_MIN 30 /* to check in before the beginning */
#define LEDGER_BOOKING_DUE_MAX 200  /* in one run of the chores */

enum ledger_booking_state {
    LEDGER_PLANNED, /* of a series: has its time, and no hold yet */
    LEDGER_HELD,    /* waits for the host's word, or the member's own */
    LEDGER_CONFIRMED,
    LEDGER_CHECKED_IN,
    LEDGER_COMPLETED, /* and paid */
    LEDGER_CANCELLED,
    LEDGER_EXPIRED,
    LEDGER_NO_SHOW,
    LEDGER_REJECTED
};

struct ledger_booking {
    int64_t id;
    int64_t resource_id;
    int64_t host_id;
    int64_t member_id;
    int64_t terms_id;    /* those it was made under */
    int64_t share_id;    /* or 0 */
    int64_t currency_id; /* or 0: it is free */
    int64_t series_id;   /* or 0 */
    int64_t made_at_us;
    int64_t sequence; /* counts its changes from 0 */
    enum ledger_booker booker;
    /* Expired as soon as its time to be confirmed is over, swept or not. */
    enum ledger_booking_state state;
    struct ledger_slot slot;
    int included_min;
    int64_t amount_minor;
    int64_t kept_minor; /* of it: what moves have kept, as a cancellation would have then */
    int64_t hold_id; /* the open one, or the one it was paid from; 0: there was nothing to hold */
    int64_t due_us;  /* when something falls due by itself, 0 for never */
    int scale;
    char code[LEDGER_CODE_MAX + 1];
    char resource[LEDGER_HANDLE_MAX + 1];
    char zone[LEDGER_ZONE_MAX + 1];
    char host[LEDGER_HANDLE_MAX + 1];
    char member[LEDGER_HANDLE_MAX + 1];
    char title[LEDGER_BOOKING_TITLE_MAX + 1]; /* "" also after erasure */
};

/* What somebody asks for. Nothing else in it need be set. */
struct ledger_booking_draft {
    int64_t resource_id;
    int64_t member_id;
    int64_t from_us;
    int64_t to_us;
    bool guest;          /* for a guest of the member's */
    int64_t currency_id; /* 0: the only one in which it has a price */
    const char *title;   /* or NULL; seen by the parties */
    int64_t held_for_us; /* > 0: only held for so long, until the member confirms it */
    int64_t series_id;   /* or 0 */
    bool planned;        /* no hold yet: ledger_booking_fund places it, by its beginning, */
    bool arrears;        /* or after it: nothing falls due by itself */
    const struct ledger_extra_order *extras;
    int extra_count;
};

struct ledger_booking_filter {
    int64_t resource_id; /* one of these three, the others 0 */
    int64_t member_id;
    int64_t series_id;
    int64_t from_us; /* those that begin in [from_us, to_us) */
    int64_t to_us;
    bool live_only;
    int64_t after_from_us; /* where the page before ended, with after_id; 0, 0 at first */
    int64_t after_id;
};

struct ledger_booking_change {
    int64_t sequence;
    enum ledger_booking_state state;
    int64_t from_us;
    int64_t to_us;
    int64_t amount_minor;
    int64_t transfer_id; /* what it paid, or 0 */
    int64_t at_us;
    char from_local[LEDGER_WALL_TEXT];
    char to_local[LEDGER_WALL_TEXT];
    char tzdata[LEDGER_ZONE_VERSION];
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
};

typedef enum ledger_status ledger_booking_reader(void *ctx, const struct ledger_booking *b);
typedef enum ledger_status ledger_booking_change_reader(void *ctx,
                                                        const struct ledger_booking_change *c);
typedef enum ledger_status ledger_line_reader(void *ctx, const struct ledger_quote_line *line);

/*
 * What it would cost, and whether it can be had; nothing is written. Refusals, in order: LEDGER_NO_SUCH_RESOURCE,
 * LEDGER_NO_SUCH_MEMBER, LEDGER_MEMBER_NOT_ACTIVE, as ledger_slot_check, LEDGER_OVER_QUOTA, LEDGER_BOOKING_TAKEN, as ledger_quote_make.
 */
LEDGER_CHECKED enum ledger_status ledger_booking_quote(struct ledger *l,
                                                       const struct ledger_booking_draft *draft,
                                                       struct ledger_quote *q);
/*
 * Book it. After: it is confirmed; held where the host has to say its word, or the member wished so; or planned.
 * What it costs is on hold for host and pool. Refusals: LEDGER_TEXT_*, as above, then as ledger_hold_place.
 */
LEDGER_CHECKED enum ledger_status ledger_booking_make(struct ledger *l,
                                                      const struct ledger_booking_draft *draft,
                                                      const struct ledger_why *why, int64_t *id);
/* Refusal: LEDGER_NO_SUCH_BOOKING. */
LEDGER_CHECKED enum ledger_status ledger_booking_get(struct ledger *l, int64_t id,
                                                     struct ledger_booking *b);
/* In order of (from_us, id). The reader returns LEDGER_STOP when it has enough. */
LEDGER_CHECKED enum ledger_status ledger_booking_each(struct ledger *l,
                                                      const struct ledger_booking_filter *filter,
                                                      ledger_booking_reader *read, void *ctx);
/* What its amount is made of now. */
LEDGER_CHECKED enum ledger_status ledger_booking_lines(struct ledger *l, int64_t id,
                                                       ledger_line_reader *read, void *ctx);
LEDGER_CHECKED enum ledger_status
ledger_booking_changes(struct ledger *l, int64_t id, ledger_booking_change_reader *read, void *ctx);

/*
 * The steps. Whom a step does not come from is told (notice.h). Each refuses with LEDGER_NO_SUCH_BOOKING, then LEDGER_BOOKING_STATE where it does not follow from the state,
 * then as said here, then as the hold's capture, release or placing. `why` need have no reason but to reject and cancel.
 */
/* planned: place the hold now. After: held or confirmed, as if it were made now. */
LEDGER_CHECKED enum ledger_status ledger_booking_fund(struct ledger *l, int64_t id,
                                                      const struct ledger_why *why);
/* held: the word is said. */
LEDGER_CHECKED enum ledger_status ledger_booking_confirm(struct ledger *l, int64_t id,
                                                         const struct ledger_why *why);
/* held: the host says no; nothing is paid. */
LEDGER_CHECKED enum ledger_status ledger_booking_reject(struct ledger *l, int64_t id,
                                                        const struct ledger_why *why);
/* confirmed: somebody is there. LEDGER_BOOKING_NOT_YET more than LEDGER_BOOKING_EARLY_MIN before it begins. */
LEDGER_CHECKED enum ledger_status ledger_booking_check_in(struct ledger *l, int64_t id,
                                                          const struct ledger_why *why);
/* confirmed, checked in: it is over and paid whole. LEDGER_BOOKING_NOT_YET before it begins. */
LEDGER_CHECKED enum ledger_status ledger_booking_complete(struct ledger *l, int64_t id,
                                                          const struct ledger_why *why);
/* confirmed: nobody came; paid by the share of its terms. LEDGER_BOOKING_NOT_YET before it begins. */
LEDGER_CHECKED enum ledger_status ledger_booking_no_show(struct ledger *l, int64_t id,
                                                         const struct ledger_why *why);
/*
 * live: by the host all is given back, by the member what its terms say, and nothing of what moves have kept; of a held or
 * planned one all. In arrears what its terms keep is paid at once: refused as ledger_hold_place where the member has no
 * room for that.
 */
LEDGER_CHECKED enum ledger_status ledger_booking_cancel(struct ledger *l, int64_t id, bool by_host,
                                                        const struct ledger_why *why);
/* The same, and nobody is told: for whoever tells of it himself, as of all dates of a series. */
LEDGER_CHECKED enum ledger_status ledger_booking_cancel_quietly(struct ledger *l, int64_t id,
                                                                bool by_host,
                                                                const struct ledger_why *why);
/*
 * live: another time. After a refusal the caller rolls back: the hold may be released already. The same beginning makes it longer or shorter, and only the difference is priced anew: more at
 * today's prices, less given back as a cancellation would. Another beginning prices it anew, at least what a cancellation
 * would keep, which from then on is not given back. The hold is released and placed anew. Refusals: as ledger_booking_quote.
 */
LEDGER_CHECKED enum ledger_status ledger_booking_move(struct ledger *l, int64_t id, int64_t from_us,
                                                      int64_t to_us, const struct ledger_why *why);
/*
 * Do what is due: expire what nobody confirmed, no-shows where people check in, completion at the end. At most
 * LEDGER_BOOKING_DUE_MAX in one run; one whose payment is refused comes again a day later.
 */
LEDGER_CHECKED enum ledger_status ledger_booking_due(struct ledger *l, int64_t now_us,
                                                     int64_t *count);

const char *ledger_booking_state_name(enum ledger_booking_state state);
bool ledger_booking_is_live(enum ledger_booking_state state);

#endif
