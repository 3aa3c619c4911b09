/*
 * model_requests.h - the part of model.h about requests for payment, credit notes and what is collected by agreement.
 *
 * A bill has one or two lines, at three tax rates. What became of a request is kept as events, from
 * which model_compare_requests.c adds up what was open on any day.
 */
#ifndef TESTS_MODEL_REQUESTS_H
#define TESTS_MODEL_REQUESTS_H

#include "ledger/preapproval.h"
#include "ledger/request_pay.h"

#define MODEL_RATES 3
#define MODEL_LINES 2
#define MODEL_NOT_SAID INT32_MAX /* a day that is not said */
#define MODEL_UNIT "GBP"
#define MODEL_DECLINED 1
#define MODEL_WITHDRAWN 2

struct model;

struct model_line {
    int64_t quantity_milli;
    int64_t price_minor;
    int64_t rate; /* an index into model_rates */
};

/* What is asked for, or taken back. */
struct model_bill {
    int64_t payee_id; /* members */
    int64_t payer_id;
    int64_t currency_id;
    int64_t corrects;  /* of a credit note */
    int64_t issued_on; /* as the two that follow, MODEL_NOT_SAID where it is not said */
    int64_t due_on;
    int64_t expires_on;
    int64_t total_minor; /* 0: not said */
    int64_t outside_minor;
    bool refund; /* of a credit note: what was paid is given back, too */
    int64_t line_count;
    struct model_line lines[MODEL_LINES];
};

struct model_request {
    int64_t payee_id;
    int64_t payer_id;
    int64_t currency_id;
    int64_t corrects;
    int64_t number;
    int64_t asked_at_us;
    int64_t issued_on;
    int64_t due_on;
    int64_t expires_on;
    int64_t gross_minor;
    int64_t ledger_minor; /* of it, payable here; and in hundredths of pounds outside */
    int64_t outside_minor;
    int64_t value_micro;
    int64_t open_minor;
    int64_t open_outside_minor;
    int64_t paid_minor;
    int64_t paid_outside_minor;
    int64_t credited_minor;
    int64_t credited_outside_minor;
    int64_t refunded_minor;              /* given back and credited; of a credit note: with it */
    int64_t tax_left_minor[MODEL_RATES]; /* may still be credited */
    int64_t disputed;
    int64_t over; /* MODEL_DECLINED or MODEL_WITHDRAWN, else 0 */
};

/* What changed what is open of a request. */
struct model_event {
    int64_t request_id;
    int64_t at_us;
    int64_t day; /* of its transfer or credit note; 0: that of the time */
    int64_t ledger_minor;
    int64_t outside_minor;
    int64_t standing_id; /* whose instalment paid, or 0 */
};

/* Which request a transfer paid. */
struct model_payment {
    int64_t transfer_id;
    int64_t request_id;
    int64_t amount_minor;
};

/* So much of refund `transfer_id` counts for a credit note. */
struct model_counted {
    int64_t transfer_id;
    int64_t amount_minor;
};

struct model_preapproval {
    int64_t payer_id; /* members */
    int64_t payee_id;
    int64_t currency_id;
    int64_t each_minor;
    int64_t month_minor;
    int64_t until_on; /* MODEL_NOT_SAID: until it is revoked */
    int64_t revoked;
};

/* What one of them accepted. */
struct model_collection {
    int64_t preapproval_id;
    int64_t request_id;
    int64_t transfer_id;
    int64_t amount_minor;
    int64_t month_us; /* the first instant after the month it counts to */
};

extern const int64_t model_rates[MODEL_RATES]; /* in basis points */

struct model_request *model_request(struct model *m, int64_t id);
bool model_request_is_closed(const struct model_request *r);

enum ledger_status model_ask(struct model *m, const struct model_bill *bill, int64_t *id);
enum ledger_status model_credit(struct model *m, const struct model_bill *bill, int64_t *id);
/* `amount_minor` 0 and `accept`: all that is left, by one word. */
enum ledger_status model_request_pay(struct model *m, const struct ledger_request_payment *p,
                                     bool accept, int64_t *transfer_id);
enum ledger_status model_request_match(struct model *m, int64_t id, int64_t transfer_id);
/* Marked as paid outside, or the mark taken `back`; 0: all. */
enum ledger_status model_request_outside(struct model *m, int64_t id, int64_t outside_minor,
                                         bool back, const char *words);
enum ledger_status model_request_decline(struct model *m, int64_t id, const char *reason);
enum ledger_status model_request_withdraw(struct model *m, int64_t id, const char *reason);
enum ledger_status model_request_dispute(struct model *m, int64_t id, const char *reason);
enum ledger_status model_request_resolve(struct model *m, int64_t id, const char *reason);
/* Transfer `id` was reversed by `reversal_id`. */
void model_request_reopen(struct model *m, int64_t id, int64_t reversal_id);
/* Does a credit note count that refund? */
bool model_refund_counts(const struct model *m, int64_t transfer_id);
/* Give back what credit note `id` takes beyond what is open, and count it. Refused as model_post: undo then. */
enum ledger_status model_give_back(struct model *m, int64_t id);
/* Is anything open that it owes or is owed? */
bool model_has_open_requests(const struct model *m, int64_t member_id);
/* So much less, or more, is open from that time on. For model_request*.c. */
void model_request_change(struct model *m, const struct model_event *e);

enum ledger_status model_preapproval_set(struct model *m, const struct model_preapproval *agreed,
                                         int64_t *id);
enum ledger_status model_preapproval_revoke(struct model *m, int64_t id);
/* Accept a request that was just made, where it was agreed and may be paid. */
void model_preapproval_collect(struct model *m, int64_t request_id);
/* Neither revoked nor past its last day, and nobody of the two has left. */
bool model_preapproval_is_live(const struct model *m, const struct model_preapproval *p);
/* What still stands of what was collected between the two in the running month. */
int64_t model_preapproval_collected(const struct model *m, const struct model_preapproval *p);

#endif
