/*
 * model_trade.h - the part of model.h about standing payments, and the charges that some of them pay.
 *
 * Due dates are counted by the C library's calendar.
 */
#ifndef TESTS_MODEL_TRADE_H
#define TESTS_MODEL_TRADE_H

#include "ledger/instalment.h"

#define MODEL_PASSED_ON -1 /* a due date that was passed over */

struct model;

struct model_standing {
    int64_t payer_id; /* accounts */
    int64_t payee_id;
    int64_t request_id;
    int64_t charge_id;
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

struct model_charge {
    int64_t payee_id; /* an account */
    int64_t amount_minor;
    int64_t unit;
    int64_t every;
    int64_t day;
    int64_t withdrawn;
    const char *title;
    const char *words;
};

struct model_standing *model_standing(struct model *m, int64_t id);

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
/* Meet its due dates through today: pay them, or pass them over where it is paused. */
enum ledger_status model_standing_catch_up(struct model *m, int64_t id);
void model_standing_pass_over(struct model *m, struct model_standing *s);
enum ledger_status model_standing_stop(struct model *m, int64_t id);
/* Its next due date is met: the row that says so; then go to the one after it. */
struct model_occurrence *model_standing_met(struct model *m, struct model_standing *s,
                                            int64_t amount_minor);
void model_standing_advance(struct model *m, struct model_standing *s);
enum ledger_status model_cadence_check(const struct model_standing *s);

enum ledger_status model_charge_offer(struct model *m, const struct model_charge *offered,
                                      int64_t *id);
enum ledger_status model_charge_price(struct model *m, int64_t id, int64_t amount_minor);
enum ledger_status model_charge_withdraw(struct model *m, int64_t id, const char *reason);
enum ledger_status model_charge_leave(struct model *m, int64_t member_id);
/* `agreed` says charge, payer, the price that was read, and perhaps a first day and an end. */
enum ledger_status model_charge_agree(struct model *m, const struct model_standing *agreed,
                                      int64_t *standing_id);
int64_t model_standing_part(const struct model_standing *s, int64_t number);

#endif
