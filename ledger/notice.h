/*
 * notice.h - what a member is told: that it was paid, asked to pay, came near a limit.
 *
 * A notice names a kind, the member and the number of what it is about; never a memo or any other text that somebody
 * wrote. Whoever puts one does it in the transaction of what it tells, so there is none of what did not happen.
 */
#ifndef LEDGER_NOTICE_H
#define LEDGER_NOTICE_H

#include "ledger.h"

#define LEDGER_NOTICE_NAME_MAX 24
#define LEDGER_NOTICE_FOLLOW_MAX 20000
#define LEDGER_NOTICE_NEAR_MAX 1000 /* accounts in one look at their limits */
#define LEDGER_NOTICE_LOT_DAYS 30   /* before credits end, and once more: */
#define LEDGER_NOTICE_LOT_LAST_DAYS 7

/*
 * The number that a notice carries is that of a transfer, a request …, as `about` of its facts says. Webhooks are told of
 * every kind: one that a later schema brings is to be given to those that are there (outbox_kind).
 */
enum ledger_notice_kind {
    LEDGER_NOTICE_PAID,             /* transfer: the member received */
    LEDGER_NOTICE_SPENT,            /* transfer: it paid */
    LEDGER_NOTICE_ASKED,            /* request: it is asked to pay */
    LEDGER_NOTICE_REQUEST_PAID,     /* request of its own: paid, whole or in part */
    LEDGER_NOTICE_REQUEST_DECLINED, /* request of its own */
    LEDGER_NOTICE_REQUEST_DISPUTED,
    LEDGER_NOTICE_REQUEST_WITHDRAWN, /* request that it was asked by */
    LEDGER_NOTICE_REQUEST_CREDITED,  /* likewise: a credit note took off what is open */
    LEDGER_NOTICE_REQUEST_MATCHED,   /* likewise: a payment of its own was counted for it */
    LEDGER_NOTICE_REQUEST_REOPENED,  /* request of either side: a payment of it was reversed */
    LEDGER_NOTICE_PREAPPROVED,       /* request: accepted and paid by what it agreed to before */
    LEDGER_NOTICE_STANDING_REFUSED,  /* standing payment: payer and payee */
    LEDGER_NOTICE_STANDING_AGREED,   /* standing payment: somebody agreed to a charge of its own */
    LEDGER_NOTICE_STANDING_ENDED,    /* standing payment: payer and payee */
    LEDGER_NOTICE_PRICE_PROPOSED,    /* charge that it agreed to */
    LEDGER_NOTICE_NEAR_LIMIT,        /* account */
    LEDGER_NOTICE_OFFER_ANSWERED,    /* offer or want of its own */
    LEDGER_NOTICE_BOOKED,        /* booking, its host: it is made, and waits for nobody's word */
    LEDGER_NOTICE_BOOKING_ASKED, /* its host: it waits for the host's word */
    LEDGER_NOTICE_BOOKING_CONFIRMED, /* its member: the host said yes, */
    LEDGER_NOTICE_BOOKING_REJECTED,  /* or no, */
    LEDGER_NOTICE_BOOKING_EXPIRED,   /* or it ran out before anybody did */
    LEDGER_NOTICE_BOOKING_MOVED,     /* its host */
    LEDGER_NOTICE_BOOKING_CANCELLED, /* the other side: member or host */
    LEDGER_NOTICE_BOOKING_NO_SHOW,   /* its member */
    LEDGER_NOTICE_SERIES_BOOKED,     /* series, its host: of all its dates at once */
    LEDGER_NOTICE_SERIES_CANCELLED,  /* the other side; likewise */
    LEDGER_NOTICE_BOOKING_REFUSED,   /* booking of a series: as ledger/series.h */
    LEDGER_NOTICE_BOOKING_FREED,
    LEDGER_NOTICE_BOOKING_FUNDED,
    LEDGER_NOTICE_BOOKING_UNPAID,
    LEDGER_NOTICE_PLACE_OFFERED, /* enrolment: a place came free, for a while */
    LEDGER_NOTICE_PLACE_LOST,    /* enrolment: ended, and not by itself */
    LEDGER_NOTICE_UNCONFIRMED, /* enrolment, learner and provider: its hold ends, and was refused anew */
    LEDGER_NOTICE_CREDITS_EXPIRING, /* lot: it ends in LEDGER_NOTICE_LOT_DAYS days, or LEDGER_NOTICE_LOT_LAST_DAYS */
    LEDGER_NOTICE_WEBHOOK_TEST, /* webhook: asked for, to see that it is heard */
    LEDGER_NOTICE_KINDS
};

struct ledger_notice_kind_facts {
    const char *name;  /* stable: "request-paid" */
    const char *about; /* "request": what the number is of */
    const char *title; /* a clause: "a request of yours was paid" */
};

struct ledger_notice {
    int64_t id;
    int64_t member_id;
    enum ledger_notice_kind kind;
    int64_t subject_id;
    int64_t at_us;
    char member[LEDGER_HANDLE_MAX + 1];
};

struct ledger_notice_filter {
    int64_t member_id; /* or 0 */
    int64_t after_id;
    int limit;
    bool of_kind; /* only of `kind` */
    enum ledger_notice_kind kind;
};

typedef enum ledger_status ledger_notice_reader(void *ctx, const struct ledger_notice *n);

/*
 * Tell `member_id` of `subject_id`. Before: a write transaction is open and both are there.
 * It refuses nothing; only a fault is returned.
 */
LEDGER_CHECKED enum ledger_status ledger_notice_put(struct ledger *l, enum ledger_notice_kind kind,
                                                    int64_t member_id, int64_t subject_id);
/* In order of id. */
LEDGER_CHECKED enum ledger_status ledger_notice_each(struct ledger *l,
                                                     const struct ledger_notice_filter *filter,
                                                     ledger_notice_reader *read, void *ctx);
/*
 * Read on in the journal, LEDGER_NOTICE_FOLLOW_MAX transfers at most, and tell of its payments whoever wants to be told
 * of them by mail or webhook; nobody else, and not of openings and imports. `*count` says how many notices that gave.
 * Needs a write transaction.
 */
LEDGER_CHECKED enum ledger_status ledger_notice_due(struct ledger *l, int64_t *count);
/*
 * Look at the next LEDGER_NOTICE_NEAR_MAX accounts, from the first again after the last, and tell whose balance, holds or
 * limits brought it beyond a soft limit (warning_rule.h) since the look before: once, until it is back. Likewise.
 */
LEDGER_CHECKED enum ledger_status ledger_notice_near_due(struct ledger *l, int64_t now_us,
                                                         int64_t *count);
/* Once a day: tell whose training credits come to their last days (LEDGER_NOTICE_LOT_DAYS). Likewise. */
LEDGER_CHECKED enum ledger_status ledger_notice_lots_due(struct ledger *l, int64_t now_us,
                                                         int64_t *count);
/* How many transfers are still to be read on. */
LEDGER_CHECKED enum ledger_status ledger_notice_behind(struct ledger *l, int64_t *transfers);

const struct ledger_notice_kind_facts *ledger_notice_kind_facts(enum ledger_notice_kind kind);
/* LEDGER_NOTICE_KINDS when there is none of that name. */
enum ledger_notice_kind ledger_notice_kind_named(const char *name);

#endif
