/*
 * words.h - is a word left anywhere in a ledger's rows?
 */
#ifndef TESTS_SUPPORT_WORDS_H
#define TESTS_SUPPORT_WORDS_H

#include <stdbool.h>

/*
 * Where it stands, as "table.column", in any value of any row, of text or of bytes; NULL where it stands nowhere.
 * Good until the next call.
 */
const char *words_left(const char *path, const char *word);

#endif
