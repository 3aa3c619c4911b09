/*
 * request_list.h - requests in a list, and what is open of them by age.
 */
#ifndef LEDGER_REQUEST_LIST_H
#define LEDGER_REQUEST_LIST_H

#include "request.h"

#define LEDGER_AGED_BUCKETS 5

struct ledger_request_filter {
    int64_t member_id; /* or 0 */
    /* only what that member is asked for, or (to_be_paid) asks for; neither: both sides */
    bool to_pay;
    bool to_be_paid;
    bool all;            /* closed ones and credit notes too */
    bool overdue;        /* only what is open and was due before today */
    int64_t currency_id; /* or 0 */
    int64_t after_id;
    int limit;
};

/* Days past the day it is due: none, 1 to 30, 31 to 60, 61 to 90, more. */
struct ledger_request_aged {
    int64_t member_id;
    int64_t open_minor; /* the sum of the buckets */
    int64_t buckets_minor[LEDGER_AGED_BUCKETS];
    char handle[LEDGER_HANDLE_MAX + 1];
};

struct ledger_aged_filter {
    int64_t member_id; /* a row for each who owes it, or whom it owes; 0: a row for each member */
    bool to_pay;       /* what is owed by it, else to it */
    int64_t currency_id;
    /* what is payable outside in that unit, in hundredths; NULL: in the currency */
    const char *unit;
    int32_t as_of;
    bool by_posted; /* as it was known at the end of that day; else by the days that things bear */
};

typedef enum ledger_status ledger_request_reader(void *ctx, const struct ledger_request *r);
typedef enum ledger_status ledger_request_aged_reader(void *ctx,
                                                      const struct ledger_request_aged *row);

/* In order of id. */
LEDGER_CHECKED enum ledger_status ledger_request_each(struct ledger *l,
                                                      const struct ledger_request_filter *filter,
                                                      ledger_request_reader *read, void *ctx);
/*
 * What was open at the end of that day. By the days on which requests and credit notes are dated and payments are effective (what
 * else becomes of one counts from the day it is said, as does a payment matched after its day was closed): the same for
 * ever, once the day is closed (period.h). Or `by_posted`: by the times at which it was asked, paid, credited and so on,
 * the same for ever, once the day is over. Today both are what is open. In order of the member's id. Refusals:
 * LEDGER_DATE_IN_FUTURE, LEDGER_NO_EQUIVALENT (in that unit), LEDGER_AMOUNT_OVERFLOW (what is open in a row is more
 * than 64 bits count).
 */
LEDGER_CHECKED enum ledger_status ledger_request_aged(struct ledger *l,
                                                      const struct ledger_aged_filter *filter,
                                                      ledger_request_aged_reader *read, void *ctx);

#endif
