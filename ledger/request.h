/*
 * request.h - a request for payment, which serves as an invoice, and the credit note that corrects one.
 *
 * The payee asks. Each payee numbers its requests and credit notes 1, 2, 3 ... without gaps. What is asked for are lines
 * (request_line.h) that give net, tax and gross. A part of the gross may be payable outside the ledger, in official
 * money, by the equivalent that is stated on the day of asking and stays: that part is rounded half up to what it covers of the
 * gross, and the rest is due in the ledger's currency. The payee dates it, today or on an earlier day that is not closed, so
 * that books can be brought over. Nothing is ever changed: what becomes of a request are events
 * (request_event.h) that say by how much less, or more, is open since.
 *
 * States, the first that holds:
 *   declined    the payer says that it does not owe this; nothing is open, and it is over
 *   withdrawn   the payee takes it back; likewise
 *   paid        nothing is open, and something of it was paid and not given back with a credit note
 *   credited    nothing is open, and all of it was taken back by credit notes
 *   disputed    the payer objects: what is open stays so, and counts as overdue; it is not accepted by one word
 *   expired     its last day for accepting is past: likewise. Expiry takes back the click, not the debt
 *   part-paid   something was paid, and something is open
 *   open
 * In any of the last four the payer may pay a part, or all, by saying how much.
 */
#ifndef LEDGER_REQUEST_H
#define LEDGER_REQUEST_H

#include "currency.h"
#include "equivalent.h"
#include "member.h"
#include "request_line.h"

#define LEDGER_OUTSIDE_SCALE 2     /* official money has cents */
#define LEDGER_REQUEST_DUE_DAYS 30 /* unless told */

struct ledger_request {
    int64_t id;
    int64_t payee_id;
    int64_t number;
    int64_t payer_id;
    int64_t currency_id;
    int64_t corrects_id; /* of a credit note: the invoice; else 0 */
    int32_t issued_on;   /* the day it bears: that of asking, or one before it */
    int32_t supplied_on;
    int32_t due_on;
    int32_t expires_on; /* the last day it is accepted by one word; INT32_MAX: it does not expire */
    int64_t net_minor;
    int64_t tax_minor;
    int64_t gross_minor;
    int64_t ledger_minor;  /* of the gross, what is due in the ledger's currency */
    int64_t outside_minor; /* and what is due in `unit`, outside, in hundredths */
    int64_t value_micro;   /* the equivalent that this rests on, 0 without a part outside */
    int64_t asked_at_us;
    int64_t open_minor; /* not paid yet, in the ledger's currency */
    int64_t open_outside_minor;
    int64_t paid_minor; /* in the ledger; what was reversed does not count */
    int64_t paid_outside_minor;
    int64_t credited_minor;
    int64_t credited_outside_minor;
    /* of what was paid, given back and credited; of a credit note: given back with it */
    int64_t refunded_minor;
    int64_t preapproval_id; /* by which it was accepted when it was made, or 0 */
    bool disputed;
    bool declined;
    bool withdrawn;
    bool erased; /* its words are */
    int scale;
    char code[LEDGER_CODE_MAX + 1];
    char unit[LEDGER_UNIT_MAX + 1];
    char payee[LEDGER_HANDLE_MAX + 1];
    char payer[LEDGER_HANDLE_MAX + 1];
    char note[LEDGER_MEMO_MAX + 1];
    char reference[LEDGER_REFERENCE_MAX + 1];
};

/* What somebody asks for; of a credit note the parties, the currency, due and expires are those of what it corrects. */
struct ledger_request_draft {
    int64_t payee_id;
    int64_t payer_id;
    int64_t currency_id;
    int64_t corrects_id; /* a credit note for that invoice, or 0 */
    bool has_issued, has_supplied, has_due, has_expires, has_total;
    int32_t issued_on;   /* today when not given */
    int32_t supplied_on; /* the day it is issued when not given */
    int32_t due_on;      /* LEDGER_REQUEST_DUE_DAYS after the later of the two */
    int32_t expires_on;
    int64_t total_minor;   /* must be the gross that the lines give */
    int64_t outside_minor; /* payable (or taken back) in `unit`, in hundredths; 0: nothing */
    const char *unit;      /* NULL: that of the equivalent in force */
    const char *note;      /* NULL or "" for none */
    const char *reference;
    struct ledger_request_line *lines; /* the caller's; their nets are set */
    int line_count;
    /* of a credit note: it may take back what was paid, too, which is given back at once */
    bool refund;
    /* never collected by agreement: as a dry run, which must tell nobody whether there is room */
    bool only_asks;
};

/*
 * Ask for payment; `*id` is the new request's. Where the payer agreed to it beforehand (preapproval.h), it is paid at once.
 * Refusals, in order: LEDGER_REQUEST_TO_ONESELF, LEDGER_NO_SUCH_MEMBER, LEDGER_NO_SUCH_CURRENCY, LEDGER_TEXT_*, those of
 * ledger_request_lines_total, LEDGER_TOTAL_DIFFERS, LEDGER_DATE_IN_FUTURE, LEDGER_PERIOD_CLOSED (both of the day it is
 * issued), LEDGER_DUE_BEFORE_SUPPLIED, LEDGER_BACKDATED (it would expire before today), LEDGER_MEMBER_NOT_ACTIVE (the
 * payee is not active, or the payer has applied or left),
 * LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_AMOUNT_TOO_LARGE, LEDGER_NO_EQUIVALENT, LEDGER_OUTSIDE_TOO_MUCH.
 */
LEDGER_CHECKED enum ledger_status ledger_request_make(struct ledger *l,
                                                      const struct ledger_request_draft *draft,
                                                      const char *actor, int64_t *id);
/*
 * Correct an invoice: a credit note of the same payee, numbered with its requests, takes its gross off what is open.
 * With `refund` it may be for more, through all that was asked for and not credited yet. What it takes back beyond what is
 * open was paid: refunds that the payee made by hand count for it, and the rest is refunded in the same transaction
 * (request_refund.h); outside, the marks of what was received are taken back.
 * Refusals: LEDGER_NO_SUCH_REQUEST, LEDGER_NOT_AN_INVOICE, LEDGER_REQUEST_OVER, LEDGER_REQUEST_PAID (nothing is open, nor,
 * with `refund`, to be given back), LEDGER_TEXT_*, those of
 * ledger_request_lines_total, LEDGER_TOTAL_DIFFERS, LEDGER_DATE_IN_FUTURE, LEDGER_PERIOD_CLOSED, LEDGER_BACKDATED (it
 * would be dated before its invoice), LEDGER_AMOUNT_NOT_POSITIVE, LEDGER_NO_EQUIVALENT (the invoice has no part outside),
 * LEDGER_OUTSIDE_TOO_MUCH, LEDGER_OVER_CREDIT (more than that; or of a tax rate more tax than the invoice asks for), then
 * as ledger_transfer_post.
 */
LEDGER_CHECKED enum ledger_status ledger_request_credit(struct ledger *l,
                                                        const struct ledger_request_draft *draft,
                                                        const char *actor, int64_t *id);

/* Refusal: LEDGER_NO_SUCH_REQUEST. */
LEDGER_CHECKED enum ledger_status ledger_request_get(struct ledger *l, int64_t id,
                                                     struct ledger_request *r);

bool ledger_request_is_credit(const struct ledger_request *r);
/* Declined, withdrawn, paid or credited; a credit note always is. */
bool ledger_request_is_closed(const struct ledger_request *r);
/* Something is open, and its last day is past. */
bool ledger_request_is_overdue(const struct ledger *l, const struct ledger_request *r);
/* "open", "part-paid" ... as above; of a credit note "credit" */
const char *ledger_request_state(const struct ledger *l, const struct ledger_request *r);

#endif
