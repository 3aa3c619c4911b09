/*
 * transfer.h - move credit between accounts, by the rules.
 *
 * Posting a transfer is the only way a balance changes. The legs of a transfer sum to zero in
 * every currency, so the sum over all accounts stays zero.
 */
#ifndef LEDGER_TRANSFER_H
#define LEDGER_TRANSFER_H

#include "account.h"

#define LEDGER_LEGS_MAX 64
#define LEDGER_BATCH_MAX 1000

enum ledger_transfer_kind {
    LEDGER_EXCHANGE,
    LEDGER_OPENING,
    LEDGER_IMPORT,
    LEDGER_CAPTURE,
    LEDGER_REVERSAL,
    LEDGER_REFUND,
    LEDGER_SETTLEMENT,
    LEDGER_WRITE_OFF,
    LEDGER_GRANT, /* these three of training credits only, by credit.h */
    LEDGER_EXPIRY,
    LEDGER_REDEMPTION,
    LEDGER_LEVY /* by levy.h */
};

struct ledger_leg {
    int64_t account_id;
    int64_t amount_minor; /* minus pays, plus receives */
};

/* What somebody asks to be posted. */
struct ledger_transfer_draft {
    enum ledger_transfer_kind kind;
    const char *memo;      /* NULL or "" for none */
    const char *reference; /* likewise */
    bool has_effective;
    int32_t effective_on; /* today when not given */
    int64_t corrects;     /* the transfer it puts right, or 0 */
    bool without_limits;  /* history that is a fact already: kinds opening and import only */
    bool reserved;        /* a capture: the hold was counted when it was placed */
    int64_t hold_id;      /* likewise: whose pinned lots it spends */
    int64_t lot_id;       /* an expiry: of which lot */
    int32_t expires_on;   /* a grant: the last day it is good */
    const struct ledger_leg *legs;
    int leg_count;
};

struct ledger_entry {
    int64_t account_id;
    int64_t amount_minor;
    int64_t balance_minor; /* after it */
    char handle[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    int scale;
};

/* A posted transfer as it is read back. */
struct ledger_transfer {
    int64_t id;
    enum ledger_transfer_kind kind;
    int64_t posted_at_us;
    int32_t effective_on;
    int64_t corrects;
    bool has_text; /* had a memo or reference when it was posted */
    bool erased;   /* and it was erased since */
    char memo[LEDGER_MEMO_MAX + 1];
    char reference[LEDGER_REFERENCE_MAX + 1];
    int leg_count;
    struct ledger_entry entries[LEDGER_LEGS_MAX];
};

struct ledger_transfer_filter {
    int64_t account_id; /* or 0: only its transfers */
    int64_t after_id;
    int64_t from_id; /* bounds on id, 0 for none: turn days into ids with journal.h */
    int64_t to_id;
    int limit;
};

typedef enum ledger_status ledger_transfer_reader(void *ctx, const struct ledger_transfer *t);

/*
 * Post `draft`; `*id` is the new transfer's.
 *
 * Before: a write transaction is open. After: every leg's balance moved, or nothing was written but
 * the expiry of holds that were due.
 * Refusals, in the order they are checked:
 *   LEDGER_TOO_FEW_LEGS  LEDGER_TOO_MANY_LEGS
 *   LEDGER_AMOUNT_NOT_POSITIVE (a zero leg)  LEDGER_AMOUNT_TOO_LARGE
 *   LEDGER_SAME_ACCOUNT     one leg an account
 *   LEDGER_TEXT_MALFORMED  LEDGER_TEXT_TOO_LONG
 *   LEDGER_NO_SUCH_ACCOUNT
 *   LEDGER_UNBALANCED       in some currency
 *   LEDGER_DATE_IN_FUTURE  LEDGER_PERIOD_CLOSED
 *   LEDGER_MEMBER_NOT_ACTIVE  somebody applied or left, a payer suspended; but a suspended payer's captures,
 *                           reversals, refunds, settlements, write-offs and levies go on, and history without limits
 *   LEDGER_CLOCK_BEHIND
 *   LEDGER_AMOUNT_OVERFLOW  LEDGER_OVER_LIMIT (a payer)  LEDGER_PAYEE_CANNOT_TAKE (a payee)
 *   of training credits, then as ledger_lot_check
 */
LEDGER_CHECKED enum ledger_status
ledger_transfer_post(struct ledger *l, const struct ledger_transfer_draft *draft, int64_t *id);
/*
 * As above; after: `t` is what ledger_transfer_get would read, but for the handle, code and scale
 * of its entries, which the caller has.
 */
LEDGER_CHECKED enum ledger_status
ledger_transfer_post_into(struct ledger *l, const struct ledger_transfer_draft *draft,
                          struct ledger_transfer *t);

/* Refusal: LEDGER_NO_SUCH_TRANSFER. */
LEDGER_CHECKED enum ledger_status ledger_transfer_get(struct ledger *l, int64_t id,
                                                      struct ledger_transfer *t);
/* In order of id. `t` is good until the reader returns. */
LEDGER_CHECKED enum ledger_status ledger_transfer_each(struct ledger *l,
                                                       const struct ledger_transfer_filter *filter,
                                                       ledger_transfer_reader *read, void *ctx);

const char *ledger_transfer_kind_name(enum ledger_transfer_kind kind);
LEDGER_CHECKED enum ledger_status ledger_transfer_kind_parse(const char *text,
                                                             enum ledger_transfer_kind *kind);
#endif
