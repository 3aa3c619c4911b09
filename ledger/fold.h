/*
 * fold.h - words as a search sees them: without case, accents and punctuation.
 *
 * What Unicode calls the same by compatibility (NFKD) and in either case is one: "Éclair" and "eclair",
 * the ligature in "ﬁne" and "fine", "STRASSE" and "straße", a sigma wherever it stands. Accents go,
 * and the letters that do not fall apart into one and an accent are read as they are mostly written
 * without them: ø, đ, ł, ħ, ı, ð, þ, æ, œ. A word is a run of letters and digits; in a script without blanks
 * between words that is all that stands between two signs.
 */
#ifndef LEDGER_FOLD_H
#define LEDGER_FOLD_H

#include "status.h"

#include <stddef.h>

/* Bytes of a folded word; what is longer is cut after a whole letter. */
#define LEDGER_FOLD_WORD_MAX 60

/* One folded word; `word` is good until it returns. What is not LEDGER_OK ends the loop and is returned. */
typedef enum ledger_status ledger_fold_reader(void *ctx, const char *word);

/*
 * Give each word of `text`, in order. Bytes that are not UTF-8 stand between words. A word is
 * well-formed UTF-8 of 1 to LEDGER_FOLD_WORD_MAX bytes, and folds to itself.
 */
LEDGER_CHECKED enum ledger_status ledger_fold_each(const char *text, ledger_fold_reader *read,
                                                   void *ctx);

/*
 * All words of `text` with one blank between two, as far as whole words fit into `room` bytes with the NUL:
 * what two ways to write one category have in common.
 */
void ledger_fold(const char *text, char *folded, size_t room);

#endif
