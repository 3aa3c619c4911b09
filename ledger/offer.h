/*
 * offer.h - what a member has for the others, or seeks from them: offers and wants.
 *
 * What is edited is a new version; the newest counts. The words of all versions go with the member. An offer
 * stands open until its last day is over or it is closed; then it is not found unless asked for.
 */
#ifndef LEDGER_OFFER_H
#define LEDGER_OFFER_H

#include "amount.h"
#include "ledger.h"

#define LEDGER_OFFER_DAYS_DEFAULT 90
#define LEDGER_OFFER_DAYS_MAX 400
#define LEDGER_OFFERS_OPEN_MAX 200 /* of one member at once */
#define LEDGER_OFFER_CATEGORY_MAX 60
#define LEDGER_OFFER_UNIT_MAX 60
#define LEDGER_SEARCH_WORDS_MAX 8
/* Words found by one of a search; where all give more, it goes from the newest on. */
#define LEDGER_SEARCH_LEAD_MAX 2000
#define LEDGER_OFFER_SWEEP_MAX 500 /* found over in one run of the chores */

struct ledger_offer {
    int64_t id;
    int64_t member_id;
    bool is_want;
    bool erased;
    int64_t posted_at_us;
    int64_t version;
    int64_t changed_at_us; /* when the newest version was written */
    int64_t closed_at_us;  /* 0: it was not closed */
    int32_t until_on;      /* the last day it stands open */
    int64_t currency_id;   /* of the price; 0: by agreement */
    int64_t price_minor;
    int scale;
    int64_t answers;
    int64_t cited; /* by payments and requests */
    char code[LEDGER_CODE_MAX + 1];
    char handle[LEDGER_HANDLE_MAX + 1];
    char category[LEDGER_OFFER_CATEGORY_MAX + 1];
    char title[LEDGER_NAME_MAX + 1];
    char words[LEDGER_MEMO_MAX + 1];
    char unit[LEDGER_OFFER_UNIT_MAX + 1]; /* what the price is for */
    char locality[LEDGER_ATTRIBUTE_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1]; /* of the closing */
};

struct ledger_offer_filter {
    const char *words;    /* each has to begin a word of the offer; NULL for any */
    const char *kind;     /* "offer", "want" or NULL */
    const char *category; /* the whole of it; NULL for any */
    const char *locality; /* likewise */
    int64_t member_id;    /* or 0 */
    bool open_only;
    int64_t before_id; /* INT64_MAX for the newest */
};

typedef enum ledger_status ledger_offer_reader(void *ctx, const struct ledger_offer *o);

/*
 * Post it: kind, member, words, price and last day are `o`'s; its id is set.
 * Refusals: LEDGER_MISSING_PARAMETER (no category or title, or one without a letter), LEDGER_TEXT_*,
 * LEDGER_DATE_MALFORMED (over already, or more than 400 days ahead), LEDGER_MEMBER_NOT_ACTIVE, LEDGER_TOO_MANY_OFFERS,
 * LEDGER_CLOCK_BEHIND.
 */
LEDGER_CHECKED enum ledger_status ledger_offer_post(struct ledger *l, struct ledger_offer *o,
                                                    const char *actor);
/*
 * Write `o`, as it was got and then changed, as the newest version. One that is over stands open again.
 * Refusals: LEDGER_OFFER_CLOSED (closed or erased), then as above.
 */
LEDGER_CHECKED enum ledger_status ledger_offer_edit(struct ledger *l, struct ledger_offer *o,
                                                    const char *actor);
/* Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_NO_SUCH_OFFER, LEDGER_OFFER_CLOSED (closed already). */
LEDGER_CHECKED enum ledger_status ledger_offer_close(struct ledger *l, int64_t id,
                                                     const struct ledger_why *why);
/* Refusal: LEDGER_NO_SUCH_OFFER. */
LEDGER_CHECKED enum ledger_status ledger_offer_get(struct ledger *l, int64_t id,
                                                   struct ledger_offer *o);
/*
 * Those that the filter lets through, the newest first, until `read` says LEDGER_STOP.
 * Refusal: LEDGER_SEARCH_MALFORMED (words, category or locality without a letter, or more than eight words).
 * Cost: without words, the page. With words, what begins as the rarest of them; where that is more than
 * LEDGER_SEARCH_LEAD_MAX, from the newest on until the page is full.
 */
LEDGER_CHECKED enum ledger_status ledger_offer_each(struct ledger *l,
                                                    const struct ledger_offer_filter *filter,
                                                    ledger_offer_reader *read, void *ctx);

/* Close all that a member who leaves has open. */
LEDGER_CHECKED enum ledger_status ledger_offer_leave(struct ledger *l, int64_t member_id,
                                                     const struct ledger_why *why);
/* Delete the words of all its offers and answers; the erasure is on record already. */
LEDGER_CHECKED enum ledger_status ledger_offer_forget(struct ledger *l, int64_t member_id);
/* A chore: take those whose last day is over out of the index of open ones. */
LEDGER_CHECKED enum ledger_status ledger_offer_due(struct ledger *l, int64_t now_us,
                                                   int64_t *count);

/* "open", "over", "closed" or "erased" */
const char *ledger_offer_state(const struct ledger *l, const struct ledger_offer *o);

#endif
