/*
 * hold.h - an amount reserved between a payer and its payees.
 */
#ifndef LEDGER_HOLD_H
#define LEDGER_HOLD_H

#include "transfer.h"

#define LEDGER_HOLD_PAYEES_MAX 4
#define LEDGER_HOLD_DAYS_MAX 400
#define LEDGER_HOLD_US_MAX (LEDGER_HOLD_DAYS_MAX * INT64_C(86400000000))

enum ledger_hold_state {
    LEDGER_HOLD_OPEN,
    LEDGER_HOLD_CAPTURED,
    LEDGER_HOLD_RELEASED,
    LEDGER_HOLD_LAPSED /* expired */
};

struct ledger_hold {
    int64_t id;
    int64_t account_id; /* the payer's */
    int64_t amount_minor;
    int64_t placed_at_us;
    int64_t expires_at_us;
    enum ledger_hold_state state; /* lapsed as soon as its time is over, swept or not */
    int64_t resolved_at_us; /* of a lapsed one its expiry, and the sweep's time once that came */
    int64_t captured_minor;
    int64_t transfer_id; /* the capture's, or 0 */
    bool has_text;
    bool erased;
    char memo[LEDGER_MEMO_MAX + 1];
    char reference[LEDGER_REFERENCE_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1]; /* of the release */
    char handle[LEDGER_HANDLE_MAX + 1]; /* the payer's */
    char code[LEDGER_CODE_MAX + 1];
    int scale;
    int payee_count;
    struct {
        int64_t account_id;
        int64_t amount_minor;
        char handle[LEDGER_HANDLE_MAX + 1];
    } payees[LEDGER_HOLD_PAYEES_MAX];
};

struct ledger_hold_draft {
    int64_t account_id; /* the payer's */
    int64_t expires_at_us;
    const char *memo;
    const char *reference;
    const struct ledger_leg *payees; /* amounts above zero */
    int payee_count;
};

struct ledger_hold_filter {
    int64_t account_id; /* or 0: as payer or payee */
    bool open_only;
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_hold_reader(void *ctx, const struct ledger_hold *h);

/*
 * Reserve. After: counted in the payer's reserved out and each payee's reserved in.
 * Refusals, in order: LEDGER_TOO_FEW_LEGS, LEDGER_TOO_MANY_LEGS, LEDGER_AMOUNT_NOT_POSITIVE,
 * LEDGER_AMOUNT_TOO_LARGE, LEDGER_SAME_ACCOUNT, LEDGER_TEXT_*, LEDGER_NO_SUCH_ACCOUNT, LEDGER_UNBALANCED (another
 * currency), LEDGER_CLOCK_BEHIND, LEDGER_HOLD_TOO_LONG (or already over), LEDGER_MEMBER_NOT_ACTIVE,
 * LEDGER_AMOUNT_OVERFLOW (of what is held in all), LEDGER_OVER_LIMIT, LEDGER_PAYEE_CANNOT_TAKE, then of training
 * credits as ledger_lot_check_hold.
 */
LEDGER_CHECKED enum ledger_status
ledger_hold_place(struct ledger *l, const struct ledger_hold_draft *draft, int64_t *id);
/*
 * Pay `amount_minor` of it (0: whole); the rest is released. Among several payees a part is split
 * in proportion by largest remainder. Captured even if limits fell or the payer was suspended since.
 * Refusals: LEDGER_NO_SUCH_HOLD, LEDGER_ALREADY_RESOLVED, LEDGER_HOLD_EXPIRED, LEDGER_OVER_CAPTURE, then as posting.
 */
LEDGER_CHECKED enum ledger_status ledger_hold_capture(struct ledger *l, int64_t id,
                                                      int64_t amount_minor, int64_t *transfer_id);
/* Refusals: LEDGER_TEXT_*, LEDGER_NO_SUCH_HOLD, LEDGER_ALREADY_RESOLVED, LEDGER_HOLD_EXPIRED, LEDGER_CLOCK_BEHIND. */
LEDGER_CHECKED enum ledger_status ledger_hold_release(struct ledger *l, int64_t id,
                                                      const char *reason);
/* Refusal: LEDGER_NO_SUCH_HOLD. */
LEDGER_CHECKED enum ledger_status ledger_hold_get(struct ledger *l, int64_t id,
                                                  struct ledger_hold *h);
LEDGER_CHECKED enum ledger_status ledger_hold_each(struct ledger *l,
                                                   const struct ledger_hold_filter *filter,
                                                   ledger_hold_reader *read, void *ctx);
/*
 * Expire what is due on one account at `now_us`; whatever looks at room calls it for its accounts before
 * it loads them. The accounts of the expired holds change in the file.
 */
LEDGER_CHECKED enum ledger_status ledger_hold_expire(struct ledger *l, int64_t account_id,
                                                     int64_t now_us);
/* Expire whatever is due in the whole ledger; `*count` says how many. */
LEDGER_CHECKED enum ledger_status ledger_hold_sweep(struct ledger *l, int64_t now_us,
                                                    int64_t *count);

const char *ledger_hold_state_name(enum ledger_hold_state state);

#endif
