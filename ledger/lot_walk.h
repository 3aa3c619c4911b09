/*
 * lot_walk.h - over the lots of one account, for what one leg of a transfer, or one hold, needs of them.
 *
 * Each step takes what it finds off `rest_minor`. What a walk leaves there the lots did not have: the caller
 * refuses it. For ledger/lot.c only, which knows what kind of transfer walks how; none of these refuses.
 */
#ifndef LEDGER_LOT_WALK_H
#define LEDGER_LOT_WALK_H

#include "lot.h"

/* Without `write` it only finds out whether the lots have enough. */
struct ledger_lot_walk {
    struct ledger *l;
    struct ledger_account *a; /* the caller's */
    int64_t need_minor;
    int64_t rest_minor;  /* of that, still to be moved */
    int64_t transfer_id; /* that moves them; 0: a hold pins them, or nothing is written */
    int64_t hold_id;     /* that pins or has pinned them, or 0 */
    bool write;
    bool gives;     /* of an undoing: the account gives back */
    bool stands_in; /* the lots at hand take the place of others that have too little */
    bool dated;     /* a lot that must give back expires: no other stands in for it */
};

/* Spend what is free of the lots that are good on `day`, the earliest expiry first. */
LEDGER_CHECKED enum ledger_status ledger_lot_walk_spend(struct ledger_lot_walk *w, int32_t day);
/* The same lots, pinned for w->hold_id. Writes always. */
LEDGER_CHECKED enum ledger_status ledger_lot_walk_pin(struct ledger_lot_walk *w, int32_t day);
/* Spend what hold `hold_id` pinned, expired or not; w->hold_id is set. */
LEDGER_CHECKED enum ledger_status ledger_lot_walk_pinned(struct ledger_lot_walk *w,
                                                         int64_t hold_id);
/* Spend what is free of this lot, expired or not. */
LEDGER_CHECKED enum ledger_status ledger_lot_walk_one(struct ledger_lot_walk *w, int64_t lot_id);
/*
 * Undo what transfer `corrects` did to the account's lots, as far as it is not undone: the lot of the
 * latest expiry first, so that a part refund leaves what a smaller payment would have left.
 * w->gives and w->dated are set.
 */
LEDGER_CHECKED enum ledger_status ledger_lot_walk_undo(struct ledger_lot_walk *w, int64_t corrects,
                                                       bool gives);
/* After an undoing that left a rest: what else the account earned gives it. w->stands_in is set. */
LEDGER_CHECKED enum ledger_status ledger_lot_walk_stand_in(struct ledger_lot_walk *w);
/* Make a lot of all that is left to be moved. fund_id: the account that grants it, or 0. */
LEDGER_CHECKED enum ledger_status ledger_lot_walk_make(struct ledger_lot_walk *w,
                                                       enum ledger_lot_origin origin,
                                                       int64_t fund_id, int32_t expires_on);

#endif
