#include "correction.h"

#include "default.h"
#include "handle.h"
#include "request_pay.h"
#include "request_refund.h"

#include <string.h>

struct corrections {
    int64_t refunded_minor;
    int64_t reversal_id;
};

/* A refund that was itself reversed counts no more. */
static enum ledger_status read_correction(void *into, const struct store_row *row)
{
    struct corrections *c = into;
    bool reversed = store_row_int(row, 3);

    if (strcmp(store_row_text(row, 1), "reversal") == 0)
        c->reversal_id = store_row_int(row, 0);
    else if (!reversed)
        c->refunded_minor += store_row_int(row, 2);
    return LEDGER_OK;
}

enum ledger_status ledger_transfer_corrections(struct ledger *l, int64_t id,
                                               int64_t *refunded_minor, int64_t *reversal_id)
{
    struct corrections c = {0};

    LEDGER_TRY(ledger_each(
        l,
        "SELECT t.id, t.kind, (SELECT sum(amount_minor) FROM entry WHERE transfer_id = t.id AND "
        "amount_minor > 0), EXISTS (SELECT 1 FROM transfer r WHERE r.corrects = t.id AND "
        "r.kind = 'reversal') FROM transfer t WHERE t.corrects = $1 AND "
        "t.kind IN ('refund', 'reversal')",
        STORE_ARGS(store_int(id)), read_correction, &c));
    *refunded_minor = c.refunded_minor;
    *reversal_id = c.reversal_id;
    return LEDGER_OK;
}

static enum ledger_status check_uncorrected(struct ledger *l, int64_t id, int64_t *refunded_minor)
{
    int64_t reversal_id;

    LEDGER_TRY(ledger_transfer_corrections(l, id, refunded_minor, &reversal_id));
    if (reversal_id)
        return ledger_refuse(l, LEDGER_ALREADY_REVERSED,
                             "transfer %lld was reversed by transfer %lld", (long long)id,
                             (long long)reversal_id);
    return LEDGER_OK;
}

/* Who bore a default stands in its shares: what is paid back later goes to them. */
static enum ledger_status check_no_default(struct ledger *l, const struct ledger_transfer *t)
{
    int64_t default_id;

    if (t->kind != LEDGER_WRITE_OFF)
        return LEDGER_OK;
    LEDGER_TRY(ledger_default_of_transfer(l, t->id, &default_id));
    if (default_id == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_REVERSIBLE,
                         "transfer %lld is part of default %lld: what the member pays later is "
                         "recovered instead",
                         (long long)t->id, (long long)default_id);
}

/* A credit note stands: what is owed after all is asked for anew. */
static enum ledger_status check_not_credited(struct ledger *l, const struct ledger_transfer *t)
{
    int64_t request_id;

    if (t->kind != LEDGER_REFUND)
        return LEDGER_OK;
    enum ledger_status status = ledger_request_of_refund(l, t->id, &request_id);
    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return ledger_refuse(l, LEDGER_NOT_REVERSIBLE,
                         "transfer %lld gave back what a credit note took off request %lld: ask "
                         "for payment anew instead",
                         (long long)t->id, (long long)request_id);
}

enum ledger_status ledger_transfer_reverse(struct ledger *l, int64_t id,
                                           const struct ledger_why *why, int64_t *reversal_id)
{
    struct ledger_transfer t;
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    int64_t refunded_minor;

    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_transfer_get(l, id, &t));
    if (t.kind == LEDGER_REVERSAL)
        return ledger_refuse(l, LEDGER_NOT_REVERSIBLE,
                             "transfer %lld is a reversal itself: post the payment anew",
                             (long long)id);
    LEDGER_TRY(check_no_default(l, &t));
    LEDGER_TRY(check_not_credited(l, &t));
    LEDGER_TRY(check_uncorrected(l, id, &refunded_minor));
    if (refunded_minor)
        return ledger_refuse(l, LEDGER_NOT_REVERSIBLE,
                             "transfer %lld is refunded in part: refund the rest instead",
                             (long long)id);
    for (int i = 0; i < t.leg_count; i++)
        legs[i] = (struct ledger_leg){t.entries[i].account_id, -t.entries[i].amount_minor};
    const struct ledger_transfer_draft draft = {.kind = LEDGER_REVERSAL,
                                                .memo = why->reason,
                                                .corrects = id,
                                                .legs = legs,
                                                .leg_count = t.leg_count};
    LEDGER_TRY(ledger_transfer_post(l, &draft, reversal_id));
    return ledger_request_reopen(l, id, *reversal_id, why->actor);
}

static enum ledger_status check_refundable(struct ledger *l, const struct ledger_transfer *t)
{
    if (t->kind == LEDGER_REVERSAL || t->kind == LEDGER_REFUND)
        return ledger_refuse(l, LEDGER_NOT_REVERSIBLE,
                             "transfer %lld puts another right: it cannot be refunded",
                             (long long)t->id);
    if (t->leg_count != 2)
        return ledger_refuse(l, LEDGER_NOT_REVERSIBLE,
                             "transfer %lld has %d legs and only a payment from one to one is "
                             "refunded: reverse it instead",
                             (long long)t->id, t->leg_count);
    return LEDGER_OK;
}

enum ledger_status ledger_transfer_refund(struct ledger *l, int64_t id, int64_t amount_minor,
                                          const char *memo, int64_t *refund_id)
{
    struct ledger_transfer t;
    int64_t refunded_minor;

    LEDGER_TRY(ledger_transfer_get(l, id, &t));
    LEDGER_TRY(check_refundable(l, &t));
    LEDGER_TRY(check_no_default(l, &t));
    LEDGER_TRY(check_uncorrected(l, id, &refunded_minor));
    const struct ledger_entry *payee = &t.entries[t.entries[0].amount_minor > 0 ? 0 : 1];
    const struct ledger_entry *payer = &t.entries[t.entries[0].amount_minor > 0 ? 1 : 0];
    int64_t left_minor = payee->amount_minor - refunded_minor;
    if (left_minor == 0 || amount_minor > left_minor) {
        char left[LEDGER_AMOUNT_TEXT];
        ledger_amount_format(left_minor, payee->scale, left);
        return ledger_refuse_field(l, LEDGER_OVER_REFUND, "amount",
                                   "%s %s of transfer %lld is left to refund", left, payee->code,
                                   (long long)id);
    }
    if (amount_minor < 0)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                                   "the amount given back must be more than zero");
    int64_t back_minor = amount_minor ? amount_minor : left_minor;
    const struct ledger_leg legs[] = {{payee->account_id, -back_minor},
                                      {payer->account_id, back_minor}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_REFUND, .memo = memo, .corrects = id, .legs = legs, .leg_count = 2};
    return ledger_transfer_post(l, &draft, refund_id);
}
