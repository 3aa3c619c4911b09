/*
 * lot.h - the lots that a member's training credits come in.
 *
 * A grant makes a lot that expires, what a provider earns makes one that does not. What the lots of a
 * member's training account have left adds up to its balance, after every transfer. A fund keeps
 * none: its account goes below zero by what it granted. Posting and holds call the first five
 * functions, and only where an account is a training account; nobody else does.
 */
#ifndef LEDGER_LOT_H
#define LEDGER_LOT_H

#include "date.h"
#include "transfer.h"

#define LEDGER_LOT_NEVER LEDGER_DAY_MAX /* the expires_on of a lot that does not expire */

enum ledger_lot_origin {
    LEDGER_LOT_GRANTED, /* by a fund; expires */
    LEDGER_LOT_EARNED,  /* by a provider */
    LEDGER_LOT_HISTORY  /* brought by an opening or import */
};

struct ledger_lot {
    int64_t id;
    int64_t account_id;
    int64_t transfer_id;     /* that made it */
    int64_t fund_account_id; /* who granted it, or 0 */
    enum ledger_lot_origin origin;
    int64_t amount_minor; /* when it was made */
    int64_t left_minor;
    int64_t pinned_minor; /* of what is left, by open holds */
    int32_t expires_on;   /* the last day it is good */
    int32_t made_on;
    int scale;
    char handle[LEDGER_HANDLE_MAX + 1];
    char code[LEDGER_CODE_MAX + 1];
    char fund[LEDGER_HANDLE_MAX + 1];
    char purpose[LEDGER_MEMO_MAX + 1]; /* the memo of the transfer that made it; "" once erased */
};

struct ledger_lot_filter {
    int64_t member_id;   /* or 0 */
    int64_t currency_id; /* or 0 */
    int32_t expires_by;  /* only lots that expire by this day */
    bool spent_too;      /* also those with nothing left */
    int32_t after_on;    /* keyset: after this expiry, and lot */
    int64_t after_id;
    int limit;
};

typedef enum ledger_status ledger_lot_reader(void *ctx, const struct ledger_lot *lot);

/*
 * May `draft` move what it moves of training credits on `day`, and have the lots enough for it?
 * Before: accounts[i] is that of leg i, its balance already moved in memory. Writes nothing.
 * Refusals: LEDGER_EARMARKED (a way that training credits do not go), LEDGER_NOT_A_PROVIDER,
 * LEDGER_NOT_REVERSIBLE (an expiry), LEDGER_OVER_LIMIT (it would be below zero), LEDGER_LOT_EXPIRED,
 * LEDGER_LOT_SPENT (a lot that must give back has less), LEDGER_OVER_REDEMPTION.
 */
LEDGER_CHECKED enum ledger_status ledger_lot_check(struct ledger *l,
                                                   const struct ledger_transfer_draft *draft,
                                                   struct ledger_account *accounts, int32_t day);
/* Move the lots of transfer `id`, which was checked and is written. */
LEDGER_CHECKED enum ledger_status ledger_lot_post(struct ledger *l,
                                                  const struct ledger_transfer_draft *draft,
                                                  struct ledger_account *accounts, int32_t day,
                                                  int64_t id);
/*
 * May these payees be paid `amount_minor` of the payer's credits by a hold? accounts[0] is the payer's.
 * Refusals: LEDGER_EARMARKED, LEDGER_NOT_A_PROVIDER, LEDGER_LOT_EXPIRED.
 */
LEDGER_CHECKED enum ledger_status ledger_lot_check_hold(struct ledger *l,
                                                        struct ledger_account *accounts, int count,
                                                        int64_t amount_minor, int32_t day);
/* Pin the lots that the hold will spend, the earliest expiry first. A lot that expires meanwhile is still spent. */
LEDGER_CHECKED enum ledger_status ledger_lot_pin(struct ledger *l, int64_t hold_id,
                                                 const struct ledger_account *payer,
                                                 int64_t amount_minor, int32_t day);
/* Let go what the hold still pins. */
LEDGER_CHECKED enum ledger_status ledger_lot_unpin(struct ledger *l, int64_t hold_id);

/*
 * In order of expiry, then id: the lots of one member; or, where none is named, of all members those that expire and
 * have something left.
 */
LEDGER_CHECKED enum ledger_status ledger_lot_each(struct ledger *l,
                                                  const struct ledger_lot_filter *filter,
                                                  ledger_lot_reader *read, void *ctx);

/* LEDGER_NO_ROW when there is none. */
LEDGER_CHECKED enum ledger_status ledger_lot_get(struct ledger *l, int64_t id,
                                                 struct ledger_lot *lot);
/* Until when the lot that a grant made is good. LEDGER_NO_ROW when `transfer_id` granted none. */
LEDGER_CHECKED enum ledger_status ledger_lot_expiry_of(struct ledger *l, int64_t transfer_id,
                                                       int32_t *expires_on);

const char *ledger_lot_origin_name(enum ledger_lot_origin origin);

#endif
