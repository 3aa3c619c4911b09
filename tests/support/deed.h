/*
 * deed.h - one random request, asked of the engine and of the model alike.
 *
 * A kind of deed is a row of one table: how often it comes, how its arguments are drawn, and the
 * two calls. The draws keep accounts near their limits and ask for what must be refused, too.
 */
#ifndef TESTS_DEED_H
#define TESTS_DEED_H

#include "model.h"

#define DEED_WORDS 1200

struct draw {
    uint64_t state;
    struct model *m;
};

/* What is not asked for is zero. */
struct deed {
    const struct deed_kind *kind;
    int64_t id; /* of a transfer, hold, booking or enrolment */
    int64_t account_id;
    int64_t other_id;
    int64_t member_id;
    int64_t currency_id;
    int64_t amount_minor;
    int64_t floor_minor;
    int64_t ceiling_minor;
    int64_t day;
    bool has_day;
    int64_t expires_at_us;
    int64_t member_kind;
    int64_t member_state;
    enum ledger_transfer_kind transfer_kind;
    bool without_limits;
    int64_t resource_id;
    int64_t session_id;
    int64_t from_us;
    int64_t to_us;
    int64_t wait_us; /* how long it is held or offered */
    int64_t places;
    int64_t minutes;
    int64_t minimum;
    bool guest;
    bool planned;
    bool by_host;
    bool waits;
    struct model_terms terms;
    struct model_quota quota;
    struct model_closure closure;
    int64_t extra_id; /* of a booking, or by itself */
    int64_t quantity;
    struct model_series series;
    struct model_bill bill;
    struct model_preapproval preapproval;
    struct model_standing standing;
    struct model_charge charge;
    struct model_levy levy;
    struct model_order order;
    bool alone; /* who declared it covers it too */
    bool on_paper;
    bool until_ended;
    int price_count;
    struct ledger_session_price prices[LEDGER_SESSION_PRICES_MAX];
    const char *memo;
    const char *reference;
    const char *reason;
    int leg_count;
    struct ledger_leg legs[LEDGER_LEGS_MAX + 1];
};

enum deed_manner {
    DEED_TIDY,   /* what it refuses it has not touched */
    DEED_UNTIDY, /* what it refuses may leave rows behind until its savepoint is undone */
    DEED_CHORE   /* the same, and it has no row in the register */
};

struct deed_kind {
    const char *name;
    int weight;
    enum deed_manner manner;
    void (*draw)(struct draw *, struct deed *);
    enum ledger_status (*expect)(struct model *, const struct deed *, int64_t *made);
    enum ledger_status (*act)(struct ledger *, const struct deed *, int64_t *made);
};

/* A row with a NULL name ends it. */
extern const struct deed_kind deed_kinds[];

void deed_draw(struct draw *draw, struct deed *deed);
const struct deed_kind *deed_kind_named(const char *name);
/* The deed in words. */
char *deed_words(const struct deed *deed, char words[static DEED_WORDS]);

uint64_t draw_next(struct draw *draw);
int64_t draw_below(struct draw *draw, int64_t n);
int64_t draw_between(struct draw *draw, int64_t least, int64_t most);
bool draw_one_in(struct draw *draw, int64_t n);
/* An account, now and then one that is not there; another one, mostly in its currency. */
int64_t draw_account(struct draw *draw);
int64_t draw_partner(struct draw *draw, int64_t account_id);
/* What `payer` pays `payee`: often what just fits, or one more. */
int64_t draw_amount(struct draw *draw, int64_t payer, int64_t payee);
int64_t draw_some_member(struct draw *draw);
/* Mostly one of which something is open. */
int64_t draw_open_request(struct draw *draw);
const char *draw_memo(struct draw *draw);
const char *draw_reason(struct draw *draw);

/* The draws of the table, by noun. */
void draw_payment(struct draw *draw, struct deed *d);
void draw_split(struct draw *draw, struct deed *d);
void draw_history(struct draw *draw, struct deed *d);
void draw_reversal(struct draw *draw, struct deed *d);
void draw_refund(struct draw *draw, struct deed *d);
void draw_settlement(struct draw *draw, struct deed *d);
void draw_write_off(struct draw *draw, struct deed *d);
void draw_hold(struct draw *draw, struct deed *d);
void draw_capture(struct draw *draw, struct deed *d);
void draw_release(struct draw *draw, struct deed *d);
void draw_leaving(struct draw *draw, struct deed *d);
void draw_grant(struct draw *draw, struct deed *d);
void draw_learning(struct draw *draw, struct deed *d);
void draw_reservation(struct draw *draw, struct deed *d);
void draw_redemption(struct draw *draw, struct deed *d);
void draw_provider(struct draw *draw, struct deed *d);

/* Why, as the engine wants it. */
struct ledger_why deed_why(const struct deed *d);

void draw_nothing(struct draw *draw, struct deed *d);

#define CHORE(name)                                                                                \
    enum ledger_status expect_##name(struct model *m, const struct deed *d, int64_t *made);        \
    enum ledger_status act_##name(struct ledger *l, const struct deed *d, int64_t *made)
#define DEED(name)                                                                                 \
    void draw_##name(struct draw *draw, struct deed *d);                                           \
    CHORE(name)

CHORE(grant);
CHORE(redemption);
CHORE(provider);
CHORE(credits_due);

/* What the pool and the courses have: draw_*, expect_* and act_*. */
DEED(booking);
DEED(move);
DEED(fund);
DEED(confirmation);
DEED(rejection);
DEED(check_in);
DEED(completion);
DEED(no_show);
DEED(cancellation);
DEED(terms);
DEED(quota);
DEED(closure);
DEED(reopening);
DEED(extra);
DEED(series);
DEED(end_of_series);
CHORE(series_due);
CHORE(bookings_due);
DEED(session);
DEED(enrolment);
DEED(acceptance_of_place);
DEED(dropping);
DEED(capacity);
DEED(calling_off);
DEED(attendance);
CHORE(courses_due);
CHORE(chores);

/* What trade has, likewise. */
void draw_request_step(struct draw *draw, struct deed *d);
DEED(asking);
DEED(acceptance_of_request);
DEED(part_payment);
DEED(credit);
DEED(match);
DEED(marking);
DEED(unmarking);
DEED(agreement);
DEED(revocation);
CHORE(declining);
CHORE(withdrawal);
CHORE(dispute);
DEED(resolution);
DEED(order);
DEED(instalments);
DEED(pause);
DEED(resumption);
DEED(end_of_standing);
DEED(retry);
DEED(charge);
DEED(price_of_charge);
DEED(end_of_charge);
DEED(subscription);
DEED(levy);
CHORE(levies_due);
DEED(guarantee);
DEED(declaration);
DEED(retraction);
DEED(cover);
DEED(recovery);
CHORE(standing_due);

#endif
