/*
 * model.h - what a ledger should be: a second one in plain arrays, written from the contracts.
 *
 * It is slow and simple where the engine is quick: reserves are added up from the open holds
 * whenever they are asked for, what was refunded is looked up in the journal, days come from the
 * C library. Every figure that changes is an int64 and changes by model_put, so that a rollback is
 * the undoing of changes. A function that refuses may have changed something: undo to a mark.
 *
 * Ids are an index + 1, as in the engine. The functions answer with the engine's statuses, in the
 * order that its headers give.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include "ledger/credit.h"
#include "ledger/departure.h"
#include "ledger/hold.h"
#include "ledger/statement.h"
#include "model_courses.h"
#include "model_fund.h"
#include "model_pool.h"
#include "model_requests.h"
#include "model_trade.h"

#define MODEL_MEMBERS_MAX 400
#define MODEL_ACCOUNTS_MAX (4 * MODEL_MEMBERS_MAX)
#define MODEL_CURRENCIES 4
#define MODEL_BIG 3 /* in this one everybody may go as far as an amount can */
#define MODEL_TRAINING 4
#define MODEL_NEVER LEDGER_LOT_NEVER

struct model_member {
    int64_t kind;
    int64_t state;
};

struct model_currency {
    char code[LEDGER_CODE_MAX + 1];
    int64_t scale;
    int64_t floor_minor; /* what an account opens with */
    int64_t ceiling_minor;
    int64_t value_micro; /* of one whole unit, in pounds, from a day on; 0: nobody says */
    int64_t value_from;
};

struct model_account {
    int64_t member_id;
    int64_t currency_id;
    int64_t balance_minor;
    int64_t floor_minor;
    int64_t ceiling_minor;
    int64_t opened_on;
};

struct model_limit {
    int64_t account_id;
    int64_t floor_minor;
    int64_t ceiling_minor;
    int64_t from_us;
};

struct model_leg {
    int64_t transfer_id;
    int64_t account_id;
    int64_t amount_minor;
    int64_t balance_minor; /* after it */
};

struct model_transfer {
    enum ledger_transfer_kind kind;
    int64_t posted_at_us;
    int64_t posted_on;
    int64_t effective_on;
    int64_t corrects;
    int64_t default_id; /* it is part of paying for that one, or of what came back */
    const char *memo;   /* these two live as long as the program */
    const char *reference;
    int64_t first_leg;
    int64_t leg_count;
};

struct model_hold {
    int64_t account_id;
    int64_t amount_minor;
    int64_t placed_at_us;
    int64_t expires_at_us;
    const char *memo;
    const char *reference;
    int64_t booking_id; /* whose it is, or 0 */
    int64_t enrolment_id;
    int64_t state; /* as written: one whose time is over stays open until a write expires it */
    int64_t resolved_at_us;
    int64_t captured_minor;
    int64_t transfer_id;
    int64_t payee_count;
    int64_t first_pin; /* into pins, in the order they are spent */
    int64_t pin_count;
    struct ledger_leg payees[LEDGER_HOLD_PAYEES_MAX];
};

struct model_lot {
    int64_t account_id;
    int64_t fund_account_id;
    int64_t amount_minor;
    int64_t expires_on;
    int64_t left_minor;
};

struct model_move {
    int64_t transfer_id;
    int64_t lot_id;
    int64_t amount_minor;
};

struct model_pin {
    int64_t lot_id;
    int64_t amount_minor; /* not yet spent; counts as long as its hold is open */
};

struct model_provider {
    int64_t member_id;
    int64_t listed;
    int64_t from_on;
};

struct model_write {
    int64_t uid;
    int64_t content;
    int64_t at_us;
    int64_t subject;
};

struct model_change {
    int64_t *where;
    int64_t was;
};

struct model {
    int64_t now_us;
    int64_t last_us; /* the last time that was given out */
    int64_t
        kept_us; /* of the last posting, hold or accepted write: what a rollback or commit leaves */
    int64_t accepted_us;    /* the journal's time that a steward accepted */
    int64_t closed_through; /* the last closed day */
    int64_t period_count;

    struct model_currency currencies[MODEL_CURRENCIES];
    struct model_member members[MODEL_MEMBERS_MAX];
    struct model_account accounts[MODEL_ACCOUNTS_MAX];
    struct model_limit *limits;
    struct model_transfer *transfers;
    struct model_leg *legs;
    struct model_hold *holds;
    int64_t *open; /* the ids of holds that are open as written, in no order */
    struct model_lot *lots;
    struct model_move *moves;
    struct model_pin *pins;
    struct model_provider *providers;
    struct model_resource resources[MODEL_RESOURCES];
    struct model_terms *terms;
    struct model_booking *bookings;
    int64_t *live; /* the ids of bookings that are live as written, in no order */
    struct model_quota *quotas;
    struct model_closure *closures;
    struct model_series *series;
    struct model_date *dates;
    struct model_notice *notices;
    int64_t providers_of[MODEL_COURSES]; /* a member for each course */
    struct model_session *sessions;
    struct model_enrolment *enrolments;
    struct model_request *requests;
    struct model_payment *payments;
    struct model_event *events;
    struct model_counted *counted;
    struct model_preapproval *preapprovals;
    struct model_collection *collections;
    struct model_standing *standings;
    struct model_occurrence *occurrences;
    struct model_charge *charges;
    struct model_levy *levies;
    struct model_levy_charge *levy_dues;
    struct model_levy_charge *levy_charges; /* had or waived, in order */
    struct model_order *orders;
    struct model_default *defaults;
    struct model_share *shares;
    int64_t *backs_minor; /* of each share, while something is paid back */
    char **words;
    struct model_write *writes;
    int64_t *write_of_uid;
    int64_t member_count;
    int64_t account_count;
    int64_t limit_count;
    int64_t transfer_count;
    int64_t leg_count;
    int64_t hold_count;
    int64_t open_count;
    int64_t lot_count;
    int64_t move_count;
    int64_t pin_count;
    int64_t provider_count;
    int64_t terms_count;
    int64_t booking_count;
    int64_t live_count;
    int64_t quota_count;
    int64_t closure_count;
    int64_t series_count;
    int64_t date_count;
    int64_t notice_count;
    int64_t session_count;
    int64_t enrolment_count;
    int64_t request_count;
    int64_t payment_count;
    int64_t event_count;
    int64_t counted_count;
    int64_t preapproval_count;
    int64_t collection_count;
    int64_t standing_count;
    int64_t occurrence_count;
    int64_t charge_count;
    int64_t levy_count;
    int64_t levy_month_count;
    int64_t levied_on[MODEL_CURRENCIES + 1]; /* the last month that was begun, by currency */
    int64_t levy_due_count;
    int64_t levy_charge_count;
    int64_t order_count;
    int64_t default_count;
    int64_t share_count;
    int64_t word_count;
    int64_t write_count;

    struct model_change *changes;
    int64_t change_count;
    int64_t change_room;
    int64_t
        rows_max; /* of limits, transfers, holds, writes and uids; of legs and lots 4 times as many, of moves and pins 8 */

    /* of the last request: whose room stopped it and how much there was; the accounts it named */
    int64_t blamed_id;
    int64_t room_minor;
    int64_t touched[LEDGER_LEGS_MAX + 1];
    int touched_count;
    int64_t changed_bookings[MODEL_CHANGED_MAX];
    int changed_booking_count;
    int64_t changed_sessions[MODEL_CHANGED_MAX];
    int changed_session_count;
    int64_t changed_series[MODEL_CHANGED_MAX];
    int changed_series_count;
    int64_t changed_requests[MODEL_CHANGED_MAX];
    int changed_request_count;
    int64_t changed_standings[MODEL_CHANGED_MAX];
    int changed_standing_count;
};

struct model_figures {
    int64_t balance_minor;
    int64_t reserved_in_minor;
    int64_t reserved_out_minor;
    int64_t available_minor;
    int64_t room_in_minor;
};

/* Room for what `steps` requests can make. The days are those of Europe/London. */
void model_start(struct model *m, int64_t steps);
void model_end(struct model *m);

void model_put(struct model *m, int64_t *where, int64_t value);
int64_t model_mark(const struct model *m);
void model_undo(struct model *m, int64_t mark);
/* What was changed so far can be undone no more. */
void model_commit(struct model *m);
/* As after every rollback and commit: times go on from the last that was kept. */
void model_read_last(struct model *m);
/* A text that lives as long as the model. */
const char *model_words(struct model *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

int64_t model_day(int64_t at_us);
int64_t model_today(const struct model *m);
/* The minute of its day by the clock of London, and the weekday, 1 to 7. */
int64_t model_minute(int64_t at_us, int64_t *weekday);
/* That minute of that day by the clock of London, which shows it once. */
int64_t model_instant(int64_t day, int64_t minute);
/* The first instant of the month after that day's. */
int64_t model_after_month(int64_t day);
/* The time of the next accepted write, and what stands in its way. */
enum ledger_status model_tick(struct model *m, int64_t *at_us);
enum ledger_status model_clock_accept(struct model *m, const char *reason);
enum ledger_status model_text(const char *text, size_t max);
enum ledger_status model_reason(const char *reason);

enum ledger_status model_find(const struct model *m, int64_t uid, int64_t content, int64_t *seq);
enum ledger_status model_append(struct model *m, const struct model_write *write);

char *model_handle(int64_t member_id, char buf[static LEDGER_HANDLE_MAX + 1]);
enum ledger_status model_member_add(struct model *m, int64_t member_id,
                                    enum ledger_member_kind kind, enum ledger_member_state state);
enum ledger_status model_member_change_state(struct model *m, int64_t id,
                                             enum ledger_member_state to, const char *reason);
enum ledger_status model_member_leave(struct model *m, int64_t id, const char *reason);

bool model_has_member(const struct model *m, int64_t id);
bool model_has_account(const struct model *m, int64_t id);
struct model_account *model_account(struct model *m, int64_t id);
struct model_member *model_owner(struct model *m, int64_t account_id);
struct model_figures model_figures(const struct model *m, int64_t account_id);
enum ledger_status model_account_open(struct model *m, int64_t member_id, int64_t currency_id,
                                      int64_t *id);
/* It has one, or one is opened. */
enum ledger_status model_account_need(struct model *m, int64_t member_id, int64_t currency_id,
                                      int64_t *id);
enum ledger_status model_currency_limit(struct model *m, int64_t currency_id, int64_t floor_minor,
                                        int64_t ceiling_minor, const char *reason);
/* `review_on` 0 for none. */
enum ledger_status model_limit_set(struct model *m, const struct model_limit *limit,
                                   int64_t review_on, const char *reason, int64_t *id);
enum ledger_status model_period_close(struct model *m, int64_t through_on, const char *reason,
                                      int64_t *id);
void model_touch(struct model *m, int64_t account_id);
void model_touch_booking(struct model *m, int64_t id);
void model_touch_session(struct model *m, int64_t id);
void model_touch_series(struct model *m, int64_t id);
void model_touch_request(struct model *m, int64_t id);
void model_touch_standing(struct model *m, int64_t id);

struct model_transfer *model_transfer(struct model *m, int64_t id);
enum ledger_status model_post(struct model *m, const struct ledger_transfer_draft *d, int64_t *id);
enum ledger_status model_reverse(struct model *m, int64_t id, const char *reason, int64_t *made);
enum ledger_status model_refund(struct model *m, int64_t id, int64_t amount_minor, const char *memo,
                                int64_t *made);
enum ledger_status model_settle(struct model *m, int64_t account_id, int64_t other_id,
                                const char *reference, const char *reason, int64_t *id);
enum ledger_status model_write_off(struct model *m, int64_t account_id, int64_t fund_id,
                                   const char *reason, int64_t *id);
/* The reversal of `id`, or 0; and what was refunded of it by refunds that stand. */
int64_t model_reversal_of(const struct model *m, int64_t id);
int64_t model_refunded(const struct model *m, int64_t id);

/* Balances as of: after a transfer; by the end of a day. */
int64_t model_last_at(const struct model *m, int64_t at_us);
int64_t model_last_on(const struct model *m, int64_t day);
int64_t model_balance_at(const struct model *m, int64_t account_id, int64_t transfer_id);
int64_t model_balance_on(const struct model *m, int64_t account_id, int64_t day,
                         enum ledger_order by);

struct model_hold *model_hold(struct model *m, int64_t id);
bool model_hold_names(const struct model_hold *h, int64_t account_id);
enum ledger_hold_state model_hold_state(const struct model *m, const struct model_hold *h);
enum ledger_status model_hold_place(struct model *m, const struct ledger_hold_draft *d,
                                    int64_t *id);
/* LEDGER_HOLD_OWNED where it ends with something else. */
enum ledger_status model_hold_check_free(struct model *m, int64_t id);
enum ledger_status model_hold_capture(struct model *m, int64_t id, int64_t amount_minor,
                                      int64_t *transfer_id);
enum ledger_status model_hold_release(struct model *m, int64_t id, const char *reason);
/*
 * Undo to the mark what a refused payment between the two did: what is left of it are holds that were over and are written
 * so, and the time that was spent.
 */
void model_only_expire(struct model *m, int64_t mark, int64_t payer_id, int64_t payee_id);
/* Write down what is due: on an account, or everywhere; the latter answers how many. */
void model_hold_expire(struct model *m, int64_t account_id);
int64_t model_hold_sweep(struct model *m);
/* The earliest end among the holds of an account that are open as written, INT64_MAX when none. */
int64_t model_hold_expiry(const struct model *m, int64_t account_id);

/* Training credits. A member's account keeps lots, a fund's does not. */
bool model_keeps_lots(struct model *m, int64_t account_id);
int64_t model_pinned(const struct model *m, int64_t lot_id, bool as_written);
bool model_listed(const struct model *m, int64_t member_id, int64_t day, bool ever);
enum ledger_status model_provider_set(struct model *m, const struct model_provider *p,
                                      const char *reason, int64_t *id);
/* May the transfer go this way; then move its lots, or say why they do not do (undo then). */
enum ledger_status model_lots_check(struct model *m, const struct ledger_transfer_draft *d,
                                    int64_t today);
enum ledger_status model_lots_move(struct model *m, const struct ledger_transfer_draft *d,
                                   int64_t today);
enum ledger_status model_lots_check_hold(struct model *m, const struct ledger_hold_draft *d,
                                         int64_t sum_minor, int64_t today);
void model_lots_pin(struct model *m, struct model_hold *h);
enum ledger_status model_grant(struct model *m, const struct ledger_grant *g, int64_t *id);
enum ledger_status model_redeem(struct model *m, const struct ledger_redemption *r, int64_t *id);
int64_t model_credit_due(struct model *m);
bool model_has_granted(struct model *m, int64_t member_id);

#endif
