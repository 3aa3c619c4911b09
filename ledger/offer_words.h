/*
 * offer_words.h - the folded words that an offer is found and matched by.
 *
 * They stand in `offer_word` for the newest version of each offer; what is beyond LEDGER_OFFER_WORDS_MAX
 * different words of it finds nothing. Only offer*.c and verify_offers.c include this.
 */
#ifndef LEDGER_OFFER_WORDS_H
#define LEDGER_OFFER_WORDS_H

#include "fold.h"
#include "offer.h"

#define LEDGER_OFFER_WORDS_MAX 128

enum ledger_offer_field {
    LEDGER_OFFER_WORD,     /* any word of category, title, words and locality */
    LEDGER_OFFER_CATEGORY, /* the whole of it */
    LEDGER_OFFER_LOCALITY, /* likewise */
    LEDGER_OFFER_KEY       /* a word of title or words that says something, without a plural s */
};

struct ledger_offer_word {
    enum ledger_offer_field field;
    char text[LEDGER_FOLD_WORD_MAX + 1];
};

struct ledger_offer_words {
    int count; /* in order of field and text, each once */
    struct ledger_offer_word all[2 * LEDGER_OFFER_WORDS_MAX + 2];
};

void ledger_offer_words_of(const struct ledger_offer *o, struct ledger_offer_words *words);
/* Put them in the place of those that stand there. */
LEDGER_CHECKED enum ledger_status ledger_offer_words_write(struct ledger *l,
                                                           const struct ledger_offer *o);
/* What `word` is matched by, in `key`; false for a word that says nothing: short, a number, "with". */
bool ledger_offer_key(const char *word, char key[static LEDGER_FOLD_WORD_MAX + 1]);

#endif
