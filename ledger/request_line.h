/*
 * request_line.h - what a request asks to be paid for, line by line, and what the lines come to.
 *
 * Rounding is per tax rate. The lines of one rate are added up exactly (quantity times price), and their sum is rounded
 * once: half a minor unit counts as a whole one, also below zero. The tax of a rate is that net times the rate, rounded the
 * same way. Net is the sum over the rates, so is tax, and gross is net plus tax. A line's own net is what it moves
 * its rate's rounded sum by: the lines add up to the net exactly, each within one minor unit of its quantity times price.
 */
#ifndef LEDGER_REQUEST_LINE_H
#define LEDGER_REQUEST_LINE_H

#include "ledger.h"

#define LEDGER_REQUEST_LINES_MAX 10000
#define LEDGER_REQUEST_RATES_MAX 16
#define LEDGER_REQUEST_WORDS_MAX 200   /* bytes of a line's text */
#define LEDGER_REQUEST_TEXT_MAX 200000 /* of all of them: the most lines then fit an HTTP body */
#define LEDGER_QUANTITY_MAX INT64_C(1000000000000) /* thousandths: a thousand million */
#define LEDGER_QUANTITY_SCALE 3
#define LEDGER_TAX_POINTS_MAX 10000 /* hundredths of a percent */

struct ledger_request_line {
    const char *words;
    int64_t quantity_milli;
    int64_t price_minor; /* of one, net; below zero for a discount */
    int tax_points;
    int64_t net_minor; /* set by ledger_request_lines_total */
};

struct ledger_request_rate {
    int tax_points;
    int64_t net_minor;
    int64_t tax_minor;
};

struct ledger_request_totals {
    int64_t net_minor;
    int64_t tax_minor;
    int64_t gross_minor;
    int rate_count;
    /* in the order the lines name them */
    struct ledger_request_rate rates[LEDGER_REQUEST_RATES_MAX];
};

typedef enum ledger_status ledger_request_line_reader(void *ctx, int number,
                                                      const struct ledger_request_line *line);
typedef enum ledger_status ledger_request_rate_reader(void *ctx,
                                                      const struct ledger_request_rate *rate);

/* "1.5" as 1500. Refusal: LEDGER_QUANTITY_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_quantity_parse(struct ledger *l, const char *text,
                                                        int64_t *quantity_milli);
/* "20" or "5.5" percent as 2000 or 550. Refusal: LEDGER_TAX_RATE_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_tax_rate_parse(struct ledger *l, const char *text,
                                                        int *tax_points);
/*
 * Check `lines`, set the net of each, and say what they come to.
 * Refusals: LEDGER_NO_LINES, LEDGER_TOO_MANY_LINES; then of each line, which is named: LEDGER_MISSING_PARAMETER (no words),
 * LEDGER_TEXT_*, LEDGER_LINES_TOO_LONG (all words through that line), LEDGER_QUANTITY_MALFORMED,
 * LEDGER_TAX_RATE_MALFORMED, LEDGER_TOO_MANY_RATES, LEDGER_AMOUNT_TOO_LARGE;
 * then LEDGER_AMOUNT_TOO_LARGE (the sum), LEDGER_AMOUNT_NOT_POSITIVE (it is zero or below).
 */
LEDGER_CHECKED enum ledger_status ledger_request_lines_total(struct ledger *l,
                                                             struct ledger_request_line *lines,
                                                             int count,
                                                             struct ledger_request_totals *totals);
/* Say of the refusal being returned in which line it is, counted from 0. Returns `status`. */
enum ledger_status ledger_request_line_blame(struct ledger *l, enum ledger_status status, int line);
/* Write the checked lines of a request that is being made. For request_make.c. */
LEDGER_CHECKED enum ledger_status
ledger_request_lines_write(struct ledger *l, int64_t request_id,
                           const struct ledger_request_line *lines, int count,
                           const struct ledger_request_totals *totals);
/* At most `limit` lines after line `after`. The words are "" once they are erased, and good until the reader returns. */
LEDGER_CHECKED enum ledger_status ledger_request_lines(struct ledger *l, int64_t request_id,
                                                       int after, int limit,
                                                       ledger_request_line_reader *read, void *ctx);
/* What each tax rate of it comes to, the lowest first. */
LEDGER_CHECKED enum ledger_status ledger_request_rates(struct ledger *l, int64_t request_id,
                                                       ledger_request_rate_reader *read, void *ctx);

#endif
