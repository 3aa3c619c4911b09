/*
 * amount.h - money as an exact number of minor units.
 *
 * An amount is an int64 count of the currency's smallest unit; |amount| never
 * passes LEDGER_AMOUNT_MAX. On the wire it is a decimal string in the
 * currency's scale. Nothing here knows a currency beyond its scale and kind.
 */
#ifndef LEDGER_AMOUNT_H
#define LEDGER_AMOUNT_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define LEDGER_AMOUNT_MAX INT64_C(1000000000000000) /* 10^15 minor units */
#define LEDGER_SCALE_MAX 6
#define LEDGER_AMOUNT_TEXT 24 /* room for any formatted amount with its NUL */

enum ledger_amount_sign {
    LEDGER_AMOUNT_POSITIVE, /* more than zero; a sign is refused */
    LEDGER_AMOUNT_UNSIGNED, /* zero or more; a sign is refused */
    LEDGER_AMOUNT_SIGNED    /* one leading '-' is taken; '+' is refused */
};

/*
 * Read `text` at `scale` into `*minor`. Fewer decimals than the scale are
 * filled with zeros; more are refused, never rounded. `hours` also takes H:MM
 * with MM 00-59.
 *
 * Taken: digits, optionally one '.' followed by at least one digit, at least
 * one digit before it. Nothing else: no blanks, exponents, separators.
 * Refusals, in order; `why` (at least 200 bytes, may be NULL) gets a sentence that says
 * what would be right:
 *   LEDGER_AMOUNT_MALFORMED    not such a number (also empty, NaN, 1e3, 1,50, +5)
 *   LEDGER_AMOUNT_TOO_LARGE    beyond LEDGER_AMOUNT_MAX, however many digits
 *   LEDGER_AMOUNT_TOO_PRECISE  more decimals than the scale, or minutes that
 *                              the scale cannot hold exactly (the sentence names the
 *                              two nearest amounts that it can)
 *   LEDGER_AMOUNT_NOT_POSITIVE below zero, or zero where `sign` is POSITIVE
 */
LEDGER_CHECKED enum ledger_status ledger_amount_parse(const char *text, int scale, bool hours,
                                                      enum ledger_amount_sign sign, int64_t *minor,
                                                      char *why, size_t why_size);

/*
 * Round decimal `text` (any number of decimals up to 40, one leading '-' taken)
 * half to even at `scale`. For imports only. `*exact` says whether nothing was lost.
 * Refusals: LEDGER_AMOUNT_MALFORMED, LEDGER_AMOUNT_TOO_LARGE.
 */
LEDGER_CHECKED enum ledger_status ledger_amount_round(const char *text, int scale, int64_t *minor,
                                                      bool *exact);

/* Minor units of one whole unit: 100 at scale 2. `scale` is 0 to LEDGER_SCALE_MAX. */
int64_t ledger_amount_one(int scale);

/* Write `minor` with exactly `scale` decimals ("-12.50"; no point at scale 0). */
char *ledger_amount_format(int64_t minor, int scale, char buf[static LEDGER_AMOUNT_TEXT]);

/* `*sum = a + b`. LEDGER_AMOUNT_OVERFLOW beyond +-LEDGER_AMOUNT_MAX; `*sum` is then unchanged. */
LEDGER_CHECKED enum ledger_status ledger_amount_add(int64_t a, int64_t b, int64_t *sum);

#define LEDGER_SPLIT_MAX 64

/*
 * Split `total_minor` (>= 0) over `n` parts (1 to LEDGER_SPLIT_MAX) in proportion to weights[] (>= 0,
 * sum > 0) by largest remainder; ties go to the lower index. parts[] add up to the total exactly.
 */
void ledger_amount_split(int64_t total_minor, const int64_t *weights, size_t n, int64_t *parts);

#endif
