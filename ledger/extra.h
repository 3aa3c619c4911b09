/*
 * extra.h - services of a serviced office: printing, mail, reception, lunch. On a booking, or by themselves.
 */
#ifndef LEDGER_EXTRA_H
#define LEDGER_EXTRA_H

#include "currency.h"
#include "member.h"

#define LEDGER_EXTRAS_MAX 8 /* on a booking */
#define LEDGER_EXTRA_QUANTITY_MAX 1000

struct ledger_extra {
    int64_t id;
    int64_t member_id; /* the host's */
    char host[LEDGER_HANDLE_MAX + 1];
    char name[LEDGER_HANDLE_MAX + 1];
    char title[LEDGER_NAME_MAX + 1];
};

struct ledger_extra_price {
    int64_t id;
    int64_t extra_id;
    int64_t currency_id;
    int64_t amount_minor; /* of one */
    bool gone;            /* there is no such price from then on */
    int32_t from_on;
    char code[LEDGER_CODE_MAX + 1];
    int scale;
};

/* What is asked for. */
struct ledger_extra_order {
    int64_t extra_id;
    int quantity;
};

/* What somebody took by itself. */
struct ledger_extra_charge {
    int64_t extra_id;
    int64_t currency_id;
    int quantity;
    const char *payer; /* a handle */
};

typedef enum ledger_status ledger_extra_reader(void *ctx, const struct ledger_extra *e);
typedef enum ledger_status ledger_extra_price_reader(void *ctx, const struct ledger_extra_price *p);

/* Refusals: LEDGER_HANDLE_MALFORMED, LEDGER_TEXT_*, LEDGER_NO_SUCH_MEMBER, LEDGER_MEMBER_NOT_ACTIVE, LEDGER_EXISTS. */
LEDGER_CHECKED enum ledger_status ledger_extra_add(struct ledger *l, struct ledger_extra *e);
/* From a day on. Refusals: LEDGER_AMOUNT_TOO_LARGE, LEDGER_BACKDATED, LEDGER_REASON_MISSING. */
LEDGER_CHECKED enum ledger_status ledger_extra_price_set(struct ledger *l,
                                                         struct ledger_extra_price *p,
                                                         const struct ledger_why *why);
/* Refusal: LEDGER_NO_SUCH_EXTRA. */
LEDGER_CHECKED enum ledger_status ledger_extra_find(struct ledger *l, const char *name,
                                                    struct ledger_extra *e);
LEDGER_CHECKED enum ledger_status ledger_extra_get(struct ledger *l, int64_t id,
                                                   struct ledger_extra *e);
/* Refusal: LEDGER_NO_PRICE in that currency on that day. */
LEDGER_CHECKED enum ledger_status ledger_extra_price_on(struct ledger *l, int64_t extra_id,
                                                        int64_t currency_id, int32_t day,
                                                        struct ledger_extra_price *p);
/* By id. */
LEDGER_CHECKED enum ledger_status ledger_extra_each(struct ledger *l, ledger_extra_reader *read,
                                                    void *ctx);
/* Those in force on `day`, and those that will be, oldest first. */
LEDGER_CHECKED enum ledger_status ledger_extra_price_each(struct ledger *l, int64_t extra_id,
                                                          int32_t day,
                                                          ledger_extra_price_reader *read,
                                                          void *ctx);
/*
 * Pay for it now, at today's price, from the payer to the host. Refusals: LEDGER_NO_SUCH_EXTRA,
 * LEDGER_NUMBER_MALFORMED (the quantity), LEDGER_NO_PRICE, LEDGER_SAME_ACCOUNT (by the host), then as posting.
 */
LEDGER_CHECKED enum ledger_status ledger_extra_pay(struct ledger *l,
                                                   const struct ledger_extra_charge *charge,
                                                   const struct ledger_why *why,
                                                   int64_t *transfer_id);

#endif
