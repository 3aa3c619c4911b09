/*
 * text.h - what may stand in a name, a memo, a handle, a code.
 */
#ifndef LEDGER_TEXT_H
#define LEDGER_TEXT_H

#include "status.h"

#include <stddef.h>

#define LEDGER_HANDLE_MIN 2
#define LEDGER_HANDLE_MAX 32
#define LEDGER_CODE_MIN 2
#define LEDGER_CODE_MAX 10
#define LEDGER_NAME_MAX 120 /* bytes of UTF-8 */
#define LEDGER_MEMO_MAX 500
#define LEDGER_REFERENCE_MAX 120
#define LEDGER_REASON_MAX 500
#define LEDGER_ATTRIBUTE_MAX 60

/* [a-z0-9][a-z0-9-]{1,31}. Refusal: LEDGER_HANDLE_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_handle_check(const char *text);
/* [A-Z]{2,10}. Refusal: LEDGER_CODE_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_code_check(const char *text);

/*
 * Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF), without
 * control characters (C0, DEL, C1) and without the bidirectional overrides U+202A-202E and U+2066-2069,
 * at most `max` bytes. Refusals, in order: LEDGER_TEXT_MALFORMED, LEDGER_TEXT_TOO_LONG.
 */
LEDGER_CHECKED enum ledger_status ledger_text_check(const char *text, size_t size, size_t max);

/*
 * Make `text` well-formed UTF-8 in place: a character cut off at its end goes, any other byte that is
 * part of none becomes '?'. For sentences that quote what was given and may have been cut.
 */
void ledger_text_mend(char *text);

/* The columns `text` takes on a terminal, near enough: code points that are not combining marks. */
size_t ledger_text_width(const char *text);

/* 0 to 15; -1 for what is no hexadecimal digit, in either case. */
int ledger_text_hex(char c);

/* Levenshtein distance of two short ASCII words, for "did you mean"; at most 64 bytes each are looked at. */
size_t ledger_text_distance(const char *a, const char *b);

#endif
