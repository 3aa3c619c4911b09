#include "request_pay.h"

#include "account.h"
#include "correction.h"
#include "handle.h"
#include "notice.h"
#include "request_event.h"
#include "transfer.h"

#include <stdio.h>

enum ledger_status ledger_request_check_payable(struct ledger *l, const struct ledger_request *r)
{
    if (ledger_request_is_credit(r))
        return ledger_refuse(l, LEDGER_NOT_AN_INVOICE,
                             "%s's number %lld is a credit note: nothing is paid on it", r->payee,
                             (long long)r->number);
    if (r->declined || r->withdrawn)
        return ledger_refuse(l, LEDGER_REQUEST_OVER, "request %lld was %s", (long long)r->id,
                             r->declined ? "declined" : "withdrawn");
    return LEDGER_OK;
}

static enum ledger_status load(struct ledger *l, int64_t id, struct ledger_request *r)
{
    LEDGER_TRY(ledger_request_get(l, id, r));
    LEDGER_TRY(ledger_request_check_payable(l, r));
    if (r->open_minor)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_REQUEST_PAID,
                         r->open_outside_minor ? "nothing of request %lld is left to pay here: "
                                                 "the rest is payable in %s, outside"
                                               : "request %lld is paid already",
                         (long long)r->id, r->unit);
}

static enum ledger_status check_accepted(struct ledger *l, const struct ledger_request *r)
{
    if (r->disputed)
        return ledger_refuse(l, LEDGER_REQUEST_DISPUTED,
                             "request %lld is disputed: resolve that first, or say how much is "
                             "paid, by coledger request pay",
                             (long long)r->id);
    if (r->expires_on < ledger_today(l))
        return ledger_refuse(l, LEDGER_REQUEST_EXPIRED,
                             "request %lld can no longer be accepted, and is still owed: say how "
                             "much is paid, by coledger request pay",
                             (long long)r->id);
    return LEDGER_OK;
}

static enum ledger_status find_account(struct ledger *l, const char *handle,
                                       const struct ledger_request *r, const struct ledger_why *why,
                                       int64_t *id)
{
    struct ledger_currency c = {.id = r->currency_id, .scale = r->scale};

    snprintf(c.code, sizeof c.code, "%s", r->code);
    return ledger_account_number(l, handle, &c, why, id);
}

static enum ledger_status post(struct ledger *l, const struct ledger_request *r,
                               const struct ledger_request_payment *p, int64_t amount_minor,
                               struct ledger_transfer *t)
{
    struct ledger_leg legs[2] = {{.amount_minor = -amount_minor}, {.amount_minor = amount_minor}};
    char reference[LEDGER_REFERENCE_MAX];
    const struct ledger_transfer_draft draft = {.kind = LEDGER_EXCHANGE,
                                                .memo = p->memo && p->memo[0] ? p->memo : reference,
                                                .reference = reference,
                                                .has_effective = p->has_effective,
                                                .effective_on = p->effective_on,
                                                .legs = legs,
                                                .leg_count = 2};

    snprintf(reference, sizeof reference, "invoice %lld", (long long)r->number);
    LEDGER_TRY(find_account(l, r->payer, r, p->why, &legs[0].account_id));
    LEDGER_TRY(find_account(l, r->payee, r, p->why, &legs[1].account_id));
    return ledger_transfer_post_into(l, &draft, t);
}

static enum ledger_status pay(struct ledger *l, const struct ledger_request *r,
                              const struct ledger_request_payment *p, int64_t *transfer_id)
{
    int64_t amount_minor = p->amount_minor ? p->amount_minor : r->open_minor;
    struct ledger_transfer t;
    struct ledger_request_event e = {.request_id = r->id,
                                     .kind = "paid",
                                     .ledger_minor = -amount_minor,
                                     .standing_id = p->standing_id};

    LEDGER_TRY(post(l, r, p, amount_minor, &t));
    e.transfer_id = *transfer_id = t.id;
    e.at_us = t.posted_at_us;
    snprintf(e.actor, sizeof e.actor, "%s", p->why->actor);
    LEDGER_TRY(ledger_request_event_write(l, &e));
    return ledger_notice_put(l, LEDGER_NOTICE_REQUEST_PAID, r->payee_id, r->id);
}

enum ledger_status ledger_request_accept(struct ledger *l, const struct ledger_request_payment *p,
                                         int64_t *transfer_id)
{
    struct ledger_request_payment all = *p;
    struct ledger_request r;

    all.amount_minor = 0;
    LEDGER_TRY(load(l, p->request_id, &r));
    LEDGER_TRY(check_accepted(l, &r));
    return pay(l, &r, &all, transfer_id);
}

static enum ledger_status refuse_over(struct ledger *l, const struct ledger_request *r)
{
    char left[LEDGER_AMOUNT_TEXT];

    return ledger_refuse_field(
        l, LEDGER_OVER_REQUEST, "amount", "%s %s of request %lld is left to pay",
        ledger_amount_format(r->open_minor, r->scale, left), r->code, (long long)r->id);
}

enum ledger_status ledger_request_pay(struct ledger *l, const struct ledger_request_payment *p,
                                      int64_t *transfer_id)
{
    struct ledger_request r;

    LEDGER_TRY(load(l, p->request_id, &r));
    if (p->amount_minor < 0)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                                   "the amount paid must be more than zero");
    if (p->amount_minor > r.open_minor)
        return refuse_over(l, &r);
    return pay(l, &r, p, transfer_id);
}

/* One answer for what is not there and what is not the payee's. */
static enum ledger_status refuse_transfer(struct ledger *l, const struct ledger_request *r,
                                          int64_t transfer_id)
{
    return ledger_refuse_field(l, LEDGER_NO_SUCH_TRANSFER, "transfer", "%s has no transfer %lld",
                               r->payee, (long long)transfer_id);
}

/* What it brought the payee, by a payment from the payer and nobody else. */
static enum ledger_status amount_between(struct ledger *l, const struct ledger_request *r,
                                         const struct ledger_transfer *t, int64_t *amount_minor)
{
    bool from_payer = false, foreign = t->leg_count != 2 || t->kind != LEDGER_EXCHANGE;

    *amount_minor = 0;
    for (int i = 0; i < t->leg_count; i++) {
        const struct ledger_entry *e = &t->entries[i];
        struct ledger_account a;
        LEDGER_TRY(ledger_account_load(l, e->account_id, &a));
        foreign = foreign || a.currency_id != r->currency_id;
        from_payer = from_payer || (a.member_id == r->payer_id && e->amount_minor < 0);
        if (a.member_id == r->payee_id)
            *amount_minor = e->amount_minor;
    }
    if (*amount_minor == 0)
        return refuse_transfer(l, r, t->id);
    if (foreign || !from_payer)
        return ledger_refuse_field(l, LEDGER_NOT_THAT_PAYMENT, "transfer",
                                   "transfer %lld is not a payment from %s to %s alone, in %s",
                                   (long long)t->id, r->payer, r->payee, r->code);
    return LEDGER_OK;
}

static enum ledger_status check_unused(struct ledger *l, int64_t transfer_id)
{
    int64_t request_id, refunded_minor, reversal_id;
    enum ledger_status status = ledger_request_of_transfer(l, transfer_id, &request_id);

    if (status == LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_NOT_THAT_PAYMENT, "transfer",
                                   "transfer %lld paid request %lld already",
                                   (long long)transfer_id, (long long)request_id);
    if (status != LEDGER_NO_ROW)
        return status;
    LEDGER_TRY(ledger_transfer_corrections(l, transfer_id, &refunded_minor, &reversal_id));
    if (refunded_minor || reversal_id)
        return ledger_refuse_field(l, LEDGER_NOT_THAT_PAYMENT, "transfer",
                                   "transfer %lld was given back, whole or in part",
                                   (long long)transfer_id);
    return LEDGER_OK;
}

enum ledger_status ledger_request_match(struct ledger *l, int64_t id, int64_t transfer_id,
                                        const char *actor)
{
    struct ledger_request_event e = {
        .request_id = id, .kind = "matched", .transfer_id = transfer_id};
    struct ledger_request r;
    struct ledger_transfer t;
    int64_t amount_minor;

    LEDGER_TRY(load(l, id, &r));
    if (r.disputed)
        return ledger_refuse(l, LEDGER_REQUEST_DISPUTED,
                             "request %lld is disputed: a payment is counted for it once that is "
                             "resolved",
                             (long long)id);
    enum ledger_status status = ledger_transfer_get(l, transfer_id, &t);
    if (status == LEDGER_NO_SUCH_TRANSFER)
        return refuse_transfer(l, &r, transfer_id);
    LEDGER_TRY(status);
    LEDGER_TRY(amount_between(l, &r, &t, &amount_minor));
    LEDGER_TRY(check_unused(l, transfer_id));
    if (amount_minor > r.open_minor)
        return refuse_over(l, &r);
    e.ledger_minor = -amount_minor;
    snprintf(e.actor, sizeof e.actor, "%s", actor);
    LEDGER_TRY(ledger_request_event_write(l, &e));
    return ledger_notice_put(l, LEDGER_NOTICE_REQUEST_MATCHED, r.payer_id, id);
}

static enum ledger_status check_outside(struct ledger *l, const struct ledger_request *r,
                                        int64_t outside_minor, bool back)
{
    int64_t most_minor = back ? r->paid_outside_minor : r->open_outside_minor;
    char most[LEDGER_AMOUNT_TEXT];

    if (r->outside_minor == 0)
        return ledger_refuse(l, LEDGER_REQUEST_PAID,
                             "request %lld has no part that is payable outside", (long long)r->id);
    if (most_minor == 0)
        return ledger_refuse(l, LEDGER_REQUEST_PAID, "nothing of request %lld is %s",
                             (long long)r->id,
                             back ? "marked as paid outside" : "left to pay outside");
    if (outside_minor < 0)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                                   "the amount marked must be more than zero");
    if (outside_minor > most_minor)
        return ledger_refuse_field(l, LEDGER_OVER_REQUEST, "amount", "%s %s of request %lld is %s",
                                   ledger_amount_format(most_minor, LEDGER_OUTSIDE_SCALE, most),
                                   r->unit, (long long)r->id,
                                   back ? "marked as paid outside" : "left to pay outside");
    return LEDGER_OK;
}

static enum ledger_status mark(struct ledger *l, int64_t outside_minor, bool back,
                               const char *words, struct ledger_request_event *e)
{
    struct ledger_request r;

    LEDGER_TRY(ledger_check_text(l, "reference", words, LEDGER_REFERENCE_MAX));
    LEDGER_TRY(ledger_request_get(l, e->request_id, &r));
    LEDGER_TRY(ledger_request_check_payable(l, &r));
    LEDGER_TRY(check_outside(l, &r, outside_minor, back));
    if (outside_minor == 0)
        outside_minor = back ? r.paid_outside_minor : r.open_outside_minor;
    e->outside_minor = back ? outside_minor : -outside_minor;
    snprintf(e->kind, sizeof e->kind, "%s", back ? "unpaid-outside" : "paid-outside");
    snprintf(e->words, sizeof e->words, "%s", words ? words : "");
    return ledger_request_event_write(l, e);
}

enum ledger_status ledger_request_paid_outside(struct ledger *l, int64_t id, int64_t outside_minor,
                                               const char *words, const char *actor)
{
    struct ledger_request_event e = {.request_id = id};

    snprintf(e.actor, sizeof e.actor, "%s", actor);
    return mark(l, outside_minor, false, words, &e);
}

enum ledger_status ledger_request_unpaid_outside(struct ledger *l, int64_t id,
                                                 int64_t outside_minor, const char *words,
                                                 const char *actor)
{
    struct ledger_request_event e = {.request_id = id};

    snprintf(e.actor, sizeof e.actor, "%s", actor);
    return mark(l, outside_minor, true, words, &e);
}

enum ledger_status ledger_request_of_transfer(struct ledger *l, int64_t transfer_id,
                                              int64_t *request_id)
{
    return ledger_first(l,
                        "SELECT request_id FROM request_event WHERE transfer_id = $1 AND "
                        "kind IN ('paid', 'matched')",
                        STORE_ARGS(store_int(transfer_id)), ledger_read_int, request_id);
}

static enum ledger_status read_payment(void *into, const struct store_row *row)
{
    struct ledger_request_event *e = into;

    e->request_id = store_row_int(row, 0);
    e->ledger_minor = -store_row_int(row, 1);
    e->at_us = store_row_int(row, 2);
    return LEDGER_OK;
}

enum ledger_status ledger_request_reopen(struct ledger *l, int64_t transfer_id, int64_t reversal_id,
                                         const char *actor)
{
    struct ledger_request_event e = {.kind = "reversed", .transfer_id = reversal_id};
    struct ledger_request r;
    enum ledger_status status =
        ledger_first(l,
                     "SELECT e.request_id, e.ledger_minor, t.posted_at_us FROM request_event e "
                     "JOIN transfer t ON t.id = $2 WHERE e.transfer_id = $1 AND e.kind IN "
                     "('paid', 'matched')",
                     STORE_ARGS(store_int(transfer_id), store_int(reversal_id)), read_payment, &e);

    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    snprintf(e.actor, sizeof e.actor, "%s", actor);
    LEDGER_TRY(ledger_request_event_write(l, &e));
    LEDGER_TRY(ledger_request_get(l, e.request_id, &r));
    LEDGER_TRY(ledger_notice_put(l, LEDGER_NOTICE_REQUEST_REOPENED, r.payer_id, r.id));
    return ledger_notice_put(l, LEDGER_NOTICE_REQUEST_REOPENED, r.payee_id, r.id);
}
