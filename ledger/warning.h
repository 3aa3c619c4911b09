/*
 * warning.h - which accounts deserve a look before something goes wrong. Nothing of it is kept.
 *
 * Trade is what was paid between members: kinds exchange and capture, whatever was put right later. The pace of an
 * account is all that moved it but opening balances and imports. Days are the ledger's, by posting. Training
 * credits have warnings of their own (credit.h), who has left has none, and only co-ops and people have to trade.
 */
#ifndef LEDGER_WARNING_H
#define LEDGER_WARNING_H

#include "warning_rule.h"

#define LEDGER_PACE_SHORT_DAYS 30
#define LEDGER_PACE_LONG_DAYS 90
#define LEDGER_WARNING_WALK_MAX 2000 /* entries of an account are looked at for its trade */

enum ledger_warning_kind {
    LEDGER_NEAR_FLOOR,
    LEDGER_NEAR_CEILING,
    LEDGER_FLOOR_AHEAD,   /* at the pace of the last 30 or 90 days, whichever is faster */
    LEDGER_CEILING_AHEAD, /* likewise */
    LEDGER_IDLE,
    LEDGER_ONLY_PAYS,
    LEDGER_ONLY_RECEIVES,
    LEDGER_WARNING_KINDS
};

struct ledger_warning {
    enum ledger_warning_kind kind;
    struct ledger_account account;
    int percent; /* near a limit: that much is used */
    /* Near a limit: what is left, below zero beyond it. Ahead: what moved in `days`. */
    int64_t amount_minor;
    int days; /* ahead: of the pace; idle: since the last trade or the opening; one way: looked at */
    int64_t left_days; /* ahead: until the limit */
    bool never_traded; /* idle */
};

struct ledger_warning_filter {
    int64_t member_id;   /* or 0 */
    int64_t currency_id; /* or 0 */
    int64_t after_account_id;
};

typedef enum ledger_status ledger_warning_reader(void *ctx, const struct ledger_warning *w);

const char *ledger_warning_kind_name(enum ledger_warning_kind kind);

/*
 * By account, then by kind, until `read` says LEDGER_STOP. Needs a transaction.
 * Cost: an account takes two looks at its chain of entries and those of its trade back to the first that went the
 * other way; never the journal.
 */
LEDGER_CHECKED enum ledger_status ledger_warning_each(struct ledger *l,
                                                      const struct ledger_warning_filter *filter,
                                                      ledger_warning_reader *read, void *ctx);

/* What went into and out of a sector by trade over so many days; what its members paid one another is left out. */
struct ledger_sector_flow {
    char sector[LEDGER_ATTRIBUTE_MAX + 1]; /* as one of its members writes it */
    char code[LEDGER_CODE_MAX + 1];
    int scale;
    int accounts;
    int64_t balance_minor; /* of them all */
    int64_t in_minor;
    int64_t out_minor; /* positive */
};

typedef enum ledger_status ledger_sector_reader(void *ctx, const struct ledger_sector_flow *s);

/*
 * By sector and currency, over the `days` up to now. Sectors that differ in case or accents are one. Cost: one look
 * at each entry of those days.
 */
LEDGER_CHECKED enum ledger_status ledger_sector_each(struct ledger *l, int days,
                                                     ledger_sector_reader *read, void *ctx);

#endif
