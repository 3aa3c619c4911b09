/*
 * offer_match.h - what could help a member: who wants what it offers, who offers what it wants.
 *
 * Two are alike when they share their whole category, or a word that says something (see offer_words.h).
 */
#ifndef LEDGER_OFFER_MATCH_H
#define LEDGER_OFFER_MATCH_H

#include "offer.h"

#define LEDGER_MATCH_OWN_MAX 20 /* of the member's own, the newest, are looked at */
#define LEDGER_MATCH_EACH_MAX 5 /* others are named for each of them, and as many for its sector */
#define LEDGER_MATCH_WHY_MAX 200

struct ledger_offer_match {
    bool earns;       /* it would be paid; else it would pay */
    int64_t own_id;   /* of its offers or wants; 0: its sector is the category of the want */
    int64_t other_id; /* which of somebody else's */
    bool by_category; /* they share it, or the sector */
    char why[LEDGER_MATCH_WHY_MAX + 1]; /* the folded words they share, by ", "; "" for none */
};

typedef enum ledger_status ledger_offer_match_reader(void *ctx,
                                                     const struct ledger_offer_match *match);

/*
 * Where an account of the member is below zero: wants that its offers or its sector meet. Where one is above zero: offers
 * that meet its wants. Where none is either, both. The best first for each of its own, then the newest.
 * Refusal: LEDGER_NO_SUCH_MEMBER.
 */
LEDGER_CHECKED enum ledger_status ledger_offer_match_each(struct ledger *l, int64_t member_id,
                                                          ledger_offer_match_reader *read,
                                                          void *ctx);

#endif
