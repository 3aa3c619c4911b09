/*
 * quote.h - what a booking would cost: the cheapest combination of a resource's prices, item by item.
 */
#ifndef LEDGER_QUOTE_H
#define LEDGER_QUOTE_H

#include "extra.h"
#include "quota.h"
#include "share.h"

#define LEDGER_QUOTE_LINES_MAX 24

enum ledger_line_kind {
    LEDGER_LINE_TIME,
    LEDGER_LINE_INCLUDED, /* minutes of the month's allowance */
    LEDGER_LINE_EXTRA,
    LEDGER_LINE_OWN, /* minus the host's share, where the host itself books */
    LEDGER_LINE_KEPT /* what stays of an earlier price when a booking changes */
};

struct ledger_quote_line {
    enum ledger_line_kind kind;
    int64_t price_id;       /* the rule it comes from: of resource_price, or 0 */
    int64_t extra_price_id; /* or of extra_price, or 0 */
    int64_t quantity;       /* minutes; half days, days or pieces */
    int64_t amount_minor;
    /* for the reader */
    char what[LEDGER_NAME_MAX + 1]; /* "hour, peak", "half-day", the extra's title */
    int64_t each_minor;
};

struct ledger_quote {
    enum ledger_booker booker;
    struct ledger_currency currency; /* id 0: it is free */
    struct ledger_share share;       /* id 0: the host has it all */
    int included_min;
    int64_t amount_minor; /* what the lines add up to */
    int line_count;
    struct ledger_quote_line lines[LEDGER_QUOTE_LINES_MAX];
};

struct ledger_quote_ask {
    const struct ledger_resource *resource;
    int64_t member_id; /* who pays */
    bool guest;        /* it is for a guest of that member */
    int64_t from_us;
    int64_t to_us;
    int64_t currency_id; /* 0: the only one in which it has a price */
    const struct ledger_extra_order *extras;
    int extra_count;
    int64_t besides_id; /* the booking that moves, or 0 */
};

/*
 * Prices are those of the day of use on which it begins. Each line is rounded to the minor unit, half up.
 * Refusals, in order: LEDGER_NO_PRICE (for that class, currency or length; or several currencies are possible),
 * LEDGER_NUMBER_MALFORMED (extras), LEDGER_NO_SUCH_EXTRA (also another host's), LEDGER_NO_PRICE.
 */
LEDGER_CHECKED enum ledger_status
ledger_quote_make(struct ledger *l, const struct ledger_quote_ask *ask, struct ledger_quote *q);
/* Append a line that stands for itself; nothing for an amount of zero. */
void ledger_quote_add(struct ledger_quote *q, enum ledger_line_kind kind, int64_t amount_minor);

const char *ledger_line_kind_name(enum ledger_line_kind kind);
/* LEDGER_CHOICE_UNKNOWN. */
LEDGER_CHECKED enum ledger_status ledger_line_kind_parse(const char *text,
                                                         enum ledger_line_kind *kind);

#endif
