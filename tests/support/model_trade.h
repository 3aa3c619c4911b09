/*
 * model_trade.h - the part of model.h about requests for payment and standing payments.
 *
 * Requests have one line and no part outside. Due dates are counted by the C library's calendar.
 */
#ifndef TESTS_MODEL_TRADE_H
#define TESTS_MODEL_TRADE_H

#include "ledger/instalment.h"
#include "ledger/request_pay.h"

#define MODEL_PASSED_ON -1 /* a due date that was passed over */

struct model;

struct model_request {
    int64_t payee_id;
    int64_t payer_id; /* members */
    int64_t currency_id;
    int64_t number;
    int64_t gross_minor;
    int64_t open_minor;
    int64_t paid_minor;
    int64_t disputed;
    int64_t over; /* declined or withdrawn */
};

/* Which request a transfer paid. */
struct model_payment {
    int64_t transfer_id;
    int64_t request_id;
    int64_t amount_minor;
};

struct model_standing {
    int64_t payer_id; /* accounts */
    int64_t payee_id;
    int64_t request_id;
    int64_t amount_minor;
    int64_t unit;
    int64_t every;
    int64_t day;
    int64_t first_on;
    int64_t until_on;
    int64_t count;
    int64_t next;
    int64_t next_on; /* 0: it is over */
    int64_t paused;
    int64_t ended;
    const char *memo;
};

struct model_occurrence {
    int64_t standing_id;
    int64_t number;
    int64_t due_on;
    int64_t amount_minor;
    int64_t attempts;    /* MODEL_PASSED_ON: it fell into a pause */
    int64_t due_minor;   /* as it was met, whatever was paid */
    int64_t payments;    /* of which the last may be reversed */
    int64_t transfer_id; /* 0: not paid, or an instalment that was reversed */
    int64_t again_us;    /* 0: not tried again by itself */
    int64_t last_on;
};

struct model_request *model_request(struct model *m, int64_t id);
struct model_standing *model_standing(struct model *m, int64_t id);

enum ledger_status model_ask(struct model *m, const struct model_request *asked, int64_t *id);
/* `amount_minor` 0 and `accept`: all that is left, by one word. */
enum ledger_status model_request_pay(struct model *m, const struct ledger_request_payment *p,
                                     bool accept, int64_t *transfer_id);
enum ledger_status model_request_decline(struct model *m, int64_t id, const char *reason);
enum ledger_status model_request_withdraw(struct model *m, int64_t id, const char *reason);
enum ledger_status model_request_dispute(struct model *m, int64_t id, const char *reason);
enum ledger_status model_request_resolve(struct model *m, int64_t id, const char *reason);
/* Transfer `id` was reversed. */
void model_request_reopen(struct model *m, int64_t id);
/* Is anything open that it owes or is owed? */
bool model_has_open_requests(const struct model *m, int64_t member_id);

enum ledger_status model_standing_order(struct model *m, const struct model_standing *ordered,
                                        bool until_ended, int64_t *id);
enum ledger_status model_instalments(struct model *m, const struct ledger_instalments *i,
                                     int64_t *id);
/* End what pays the request in parts, other than standing payment `but_id`, where nothing is left to pay. */
void model_instalments_end(struct model *m, int64_t request_id, int64_t but_id);
/* Transfer `id` was reversed. */
void model_instalment_reopen(struct model *m, int64_t id);
enum ledger_status model_standing_pause(struct model *m, int64_t id, const char *reason);
enum ledger_status model_standing_resume(struct model *m, int64_t id, const char *reason);
enum ledger_status model_standing_end(struct model *m, int64_t id, const char *reason);
enum ledger_status model_standing_retry(struct model *m, int64_t id);
enum ledger_status model_standing_leave(struct model *m, int64_t member_id);
enum ledger_status model_standing_due(struct model *m, int64_t *count);
int64_t model_standing_part(const struct model_standing *s, int64_t number);

#endif
