/*
 * offer_answer.h - who answered an offer or a want, and in which words.
 */
#ifndef LEDGER_OFFER_ANSWER_H
#define LEDGER_OFFER_ANSWER_H

#include "offer.h"

struct ledger_offer_answer {
    int64_t id;
    int64_t offer_id;
    int64_t member_id; /* who answers */
    int64_t poster_id;
    int64_t at_us;
    bool is_want; /* what is answered */
    bool erased;
    char member[LEDGER_HANDLE_MAX + 1];
    char poster[LEDGER_HANDLE_MAX + 1];
    char title[LEDGER_NAME_MAX + 1]; /* of the offer; "" when erased */
    char words[LEDGER_MEMO_MAX + 1];
};

struct ledger_offer_answer_filter {
    int64_t offer_id;  /* or 0 */
    int64_t member_id; /* on either side, or 0 */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_offer_answer_reader(void *ctx,
                                                      const struct ledger_offer_answer *a);

/*
 * Answer an open one: offer, member and words are `a`'s; its id is set.
 * Refusals: LEDGER_MISSING_PARAMETER (no words), LEDGER_TEXT_*, LEDGER_NO_SUCH_OFFER, LEDGER_OFFER_CLOSED (or over),
 * LEDGER_OWN_OFFER, LEDGER_ALREADY_ANSWERED, LEDGER_MEMBER_NOT_ACTIVE, LEDGER_CLOCK_BEHIND.
 */
LEDGER_CHECKED enum ledger_status
ledger_offer_answer(struct ledger *l, struct ledger_offer_answer *a, const char *actor);
/* LEDGER_NO_ROW when there is none. */
LEDGER_CHECKED enum ledger_status ledger_offer_answer_get(struct ledger *l, int64_t id,
                                                          struct ledger_offer_answer *a);
/* In order of id. */
LEDGER_CHECKED enum ledger_status
ledger_offer_answer_each(struct ledger *l, const struct ledger_offer_answer_filter *filter,
                         ledger_offer_answer_reader *read, void *ctx);

#endif
