#include "request.h"

#include "date.h"
#include "handle.h"
#include "notice.h"
#include "period.h"
#include "preapproval.h"
#include "request_event.h"
#include "request_refund.h"

#include <stdio.h>
#include <string.h>

/* What is going to be written. */
struct made {
    const struct ledger_request_draft *draft;
    struct ledger_request r;
    struct ledger_request_totals totals;
};

static enum ledger_status check_words(struct ledger *l, const struct ledger_request_draft *d)
{
    LEDGER_TRY(ledger_check_text(l, "note", d->note, LEDGER_MEMO_MAX));
    return ledger_check_text(l, "reference", d->reference, LEDGER_REFERENCE_MAX);
}

static enum ledger_status check_total(struct ledger *l, struct made *m)
{
    const struct ledger_request_draft *d = m->draft;
    char gives[LEDGER_AMOUNT_TEXT], said[LEDGER_AMOUNT_TEXT];

    LEDGER_TRY(ledger_request_lines_total(l, d->lines, d->line_count, &m->totals));
    m->r.net_minor = m->totals.net_minor;
    m->r.tax_minor = m->totals.tax_minor;
    m->r.gross_minor = m->totals.gross_minor;
    if (!d->has_total || d->total_minor == m->r.gross_minor)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_TOTAL_DIFFERS, "total",
                               "the lines come to %s with tax, and the total says %s",
                               ledger_amount_format(m->r.gross_minor, m->r.scale, gives),
                               ledger_amount_format(d->total_minor, m->r.scale, said));
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* The day it bears: nothing is dated into days that are closed, so what was open at their end stays as it was. */
static enum ledger_status check_issued(struct ledger *l, struct made *m)
{
    const struct ledger_request_draft *d = m->draft;
    int32_t today = ledger_today(l);
    char day[LEDGER_DATE_TEXT];

    m->r.issued_on = d->has_issued ? d->issued_on : today;
    m->r.supplied_on = d->has_supplied ? d->supplied_on : m->r.issued_on;
    if (m->r.issued_on > today)
        return ledger_refuse_field(l, LEDGER_DATE_IN_FUTURE, "issued",
                                   "it is dated today or earlier: today is %s",
                                   ledger_date_format(today, day));
    return ledger_period_need_open(l, m->r.issued_on, "issued", "date it later");
}

static enum ledger_status check_days(struct ledger *l, struct made *m)
{
    const struct ledger_request_draft *d = m->draft;
    int32_t today = ledger_today(l);

    m->r.due_on =
        d->has_due ? d->due_on : later(m->r.supplied_on, m->r.issued_on) + LEDGER_REQUEST_DUE_DAYS;
    m->r.expires_on = d->has_expires ? d->expires_on : INT32_MAX;
    if (m->r.due_on < m->r.supplied_on)
        return ledger_refuse_field(l, LEDGER_DUE_BEFORE_SUPPLIED, "due",
                                   "what is asked for is due on the day it is supplied, or later");
    if (m->r.expires_on < today)
        return ledger_refuse_field(l, LEDGER_BACKDATED, "expires",
                                   "the last day to accept it is today or later");
    return LEDGER_OK;
}

static enum ledger_status check_member(struct ledger *l, int64_t id, bool asks)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_member_get(l, id, &m));
    if (m.state == LEDGER_ACTIVE || (!asks && m.state == LEDGER_SUSPENDED))
        return LEDGER_OK;
    return ledger_refuse_field(
        l, LEDGER_MEMBER_NOT_ACTIVE, asks ? "payee" : "payer", "%s %s %s: %s", m.handle,
        m.state == LEDGER_LEFT ? "has" : "is", ledger_member_state_name(m.state),
        asks ? "only an active member asks for payment" : "it cannot be asked for payment");
}

/* Hundredths of the unit into the currency's minor units, half up. */
static __int128 covered(int64_t outside_minor, int64_t value_micro, int scale)
{
    __int128 value = (__int128)outside_minor * ledger_amount_one(scale) *
                     ledger_amount_one(6 - LEDGER_OUTSIDE_SCALE);

    return (value * 2 + value_micro) / ((__int128)value_micro * 2);
}

static enum ledger_status set_parts(struct ledger *l, struct made *m, int64_t value_micro)
{
    struct ledger_request *r = &m->r;
    __int128 covers = covered(m->draft->outside_minor, value_micro, r->scale);

    if (covers < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "outside",
                                   "the part payable outside covers nothing of the whole");
    if (covers > r->gross_minor)
        return ledger_refuse_field(l, LEDGER_OUTSIDE_TOO_MUCH, "outside",
                                   "the part payable outside stands for more than the whole");
    r->outside_minor = m->draft->outside_minor;
    r->value_micro = value_micro;
    r->ledger_minor = r->gross_minor - (int64_t)covers;
    return LEDGER_OK;
}

static enum ledger_status check_outside(struct ledger *l, const struct ledger_request_draft *d)
{
    if (d->outside_minor < 0)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "outside",
                                   "the part payable outside is more than zero");
    if (d->outside_minor > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "outside",
                                   "the part payable outside is beyond what the ledger counts");
    return LEDGER_OK;
}

static enum ledger_status split(struct ledger *l, struct made *m)
{
    const struct ledger_request_draft *d = m->draft;
    struct ledger_equivalent e = {0};

    m->r.ledger_minor = m->r.gross_minor;
    LEDGER_TRY(check_outside(l, d));
    if (d->outside_minor == 0)
        return LEDGER_OK;
    enum ledger_status status = ledger_equivalent_at(l, m->r.currency_id, ledger_today(l), &e);
    if (status == LEDGER_NO_ROW)
        return ledger_refuse_field(l, LEDGER_NO_EQUIVALENT, "outside",
                                   "nothing says what %s is worth outside: a steward states it "
                                   "first, by coledger currency equivalent",
                                   m->r.code);
    LEDGER_TRY(status);
    if (d->unit && strcmp(d->unit, e.unit) != 0)
        return ledger_refuse_field(l, LEDGER_NO_EQUIVALENT, "unit",
                                   "the equivalent in force for %s is in %s", m->r.code, e.unit);
    snprintf(m->r.unit, sizeof m->r.unit, "%s", e.unit);
    return set_parts(l, m, e.value_micro);
}

static enum ledger_status write_words(struct ledger *l, const struct made *m)
{
    const struct ledger_request_draft *d = m->draft;

    LEDGER_TRY(ledger_exec(l,
                           "INSERT INTO request_text (request_id, note, reference) "
                           "VALUES ($1, $2, $3)",
                           STORE_ARGS(store_int(m->r.id), store_text(d->note ? d->note : ""),
                                      store_text(d->reference ? d->reference : ""))));
    return ledger_request_lines_write(l, m->r.id, d->lines, d->line_count, &m->totals);
}

static enum ledger_status write(struct ledger *l, struct made *m, const char *actor)
{
    struct ledger_request *r = &m->r;
    bool outside = r->outside_minor != 0;

    LEDGER_TRY(ledger_tick(l, &r->asked_at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM request", &r->id));
    LEDGER_TRY(ledger_first(l,
                            "SELECT coalesce(max(number), 0) + 1 FROM request WHERE payee_id = $1",
                            STORE_ARGS(store_int(r->payee_id)), ledger_read_int, &r->number));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO request (id, payee_id, number, payer_id, currency_id, kind, corrects_id, "
        "issued_on, supplied_on, due_on, expires_on, net_minor, tax_minor, gross_minor, "
        "ledger_minor, outside_unit, outside_minor, value_micro, asked_at_us, actor) VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        STORE_ARGS(store_int(r->id), store_int(r->payee_id), store_int(r->number),
                   store_int(r->payer_id), store_int(r->currency_id),
                   store_text(r->corrects_id ? "credit-note" : "invoice"),
                   store_int_or_null(r->corrects_id, r->corrects_id), store_int(r->issued_on),
                   store_int(r->supplied_on), store_int(r->due_on),
                   store_int_or_null(r->expires_on != INT32_MAX, r->expires_on),
                   store_int(r->net_minor), store_int(r->tax_minor), store_int(r->gross_minor),
                   store_int(r->ledger_minor), store_text(outside ? r->unit : NULL),
                   store_int(r->outside_minor), store_int_or_null(outside, r->value_micro),
                   store_int(r->asked_at_us), store_text(actor))));
    return write_words(l, m);
}

static enum ledger_status prepare(struct ledger *l, struct made *m)
{
    const struct ledger_request_draft *d = m->draft;
    struct ledger_currency c;
    struct ledger_member member;

    if (d->payee_id == d->payer_id)
        return ledger_refuse_field(l, LEDGER_REQUEST_TO_ONESELF, "payer",
                                   "nobody asks itself for payment: the payer is another member");
    LEDGER_TRY(ledger_member_get(l, d->payee_id, &member));
    LEDGER_TRY(ledger_member_get(l, d->payer_id, &member));
    LEDGER_TRY(ledger_currency_get(l, d->currency_id, &c));
    m->r.payee_id = d->payee_id;
    m->r.payer_id = d->payer_id;
    m->r.currency_id = c.id;
    m->r.scale = c.scale;
    snprintf(m->r.code, sizeof m->r.code, "%s", c.code);
    return LEDGER_OK;
}

enum ledger_status ledger_request_make(struct ledger *l, const struct ledger_request_draft *draft,
                                       const char *actor, int64_t *id)
{
    struct made m = {.draft = draft};
    bool collected = false;

    LEDGER_TRY(prepare(l, &m));
    LEDGER_TRY(check_words(l, draft));
    LEDGER_TRY(check_total(l, &m));
    LEDGER_TRY(check_issued(l, &m));
    LEDGER_TRY(check_days(l, &m));
    LEDGER_TRY(check_member(l, draft->payee_id, true));
    LEDGER_TRY(check_member(l, draft->payer_id, false));
    LEDGER_TRY(split(l, &m));
    LEDGER_TRY(write(l, &m, actor));
    LEDGER_TRY(ledger_request_open_refresh(l, m.r.id));
    *id = m.r.id;
    if (!draft->only_asks)
        LEDGER_TRY(ledger_preapproval_collect(l, m.r.id, &collected));
    if (collected)
        return LEDGER_OK;
    return ledger_notice_put(l, LEDGER_NOTICE_ASKED, m.r.payer_id, m.r.id);
}

/* Paid, and not given back with a credit note. */
static int64_t kept(const struct ledger_request *of)
{
    return of->paid_minor - of->refunded_minor;
}

static enum ledger_status check_creditable(struct ledger *l, const struct ledger_request *of,
                                           bool refund)
{
    bool paid = kept(of) || of->paid_outside_minor;

    if (ledger_request_is_credit(of))
        return ledger_refuse(l, LEDGER_NOT_AN_INVOICE,
                             "%s's number %lld is a credit note: it corrects another, and is not "
                             "corrected",
                             of->payee, (long long)of->number);
    if (of->declined || of->withdrawn)
        return ledger_refuse(l, LEDGER_REQUEST_OVER,
                             "request %lld was %s: there is nothing to credit", (long long)of->id,
                             of->declined ? "declined" : "withdrawn");
    if (ledger_request_is_closed(of) && !(refund && paid))
        return ledger_refuse(l, LEDGER_REQUEST_PAID, "nothing is open of request %lld%s",
                             (long long)of->id,
                             paid ? ": what was paid is credited and given back with --refund"
                                  : ", and nothing paid is left to give back");
    return LEDGER_OK;
}

static enum ledger_status split_credit(struct ledger *l, struct made *m,
                                       const struct ledger_request *of)
{
    const struct ledger_request_draft *d = m->draft;

    m->r.ledger_minor = m->r.gross_minor;
    LEDGER_TRY(check_outside(l, d));
    if (d->outside_minor == 0)
        return LEDGER_OK;
    if (of->outside_minor == 0 || (d->unit && strcmp(d->unit, of->unit) != 0))
        return ledger_refuse_field(l, LEDGER_NO_EQUIVALENT, "outside",
                                   "request %lld has no part payable in %s", (long long)of->id,
                                   d->unit ? d->unit : "official money");
    memcpy(m->r.unit, of->unit, sizeof m->r.unit);
    return set_parts(l, m, of->value_micro);
}

static enum ledger_status check_open(struct ledger *l, const struct made *m,
                                     const struct ledger_request *of)
{
    bool refund = m->draft->refund, paid = kept(of) || of->paid_outside_minor;
    int64_t most_minor = of->open_minor + (refund ? kept(of) : 0);
    int64_t outside_minor = of->open_outside_minor + (refund ? of->paid_outside_minor : 0);
    char most[LEDGER_AMOUNT_TEXT], outside[LEDGER_AMOUNT_TEXT], and[80] = "";

    if (m->r.ledger_minor <= most_minor && m->r.outside_minor <= outside_minor)
        return LEDGER_OK;
    if (of->outside_minor)
        snprintf(and, sizeof and, " and %s %s",
                 ledger_amount_format(outside_minor, LEDGER_OUTSIDE_SCALE, outside), of->unit);
    return ledger_refuse_field(l, LEDGER_OVER_CREDIT, "lines",
                               "at most %s %s%s of request %lld can be credited: so much is %s",
                               ledger_amount_format(most_minor, of->scale, most), of->code, and,
                               (long long)of->id,
                               refund ? "not credited yet"
                               : paid ? "open; what was paid is given back with --refund"
                                      : "open");
}

/* No more tax of a rate is taken back than was asked for. */
static enum ledger_status check_tax(struct ledger *l, const struct made *m,
                                    const struct ledger_request *of)
{
    for (int i = 0; i < m->totals.rate_count; i++) {
        const struct ledger_request_rate *rate = &m->totals.rates[i];
        int64_t left_minor;
        char left[LEDGER_AMOUNT_TEXT], percent[LEDGER_AMOUNT_TEXT];

        LEDGER_TRY(ledger_first(l,
                                "SELECT (SELECT coalesce(sum(tax_minor), 0) FROM request_rate "
                                "WHERE request_id = $1 AND tax_points = $2) - (SELECT "
                                "coalesce(sum(t.tax_minor), 0) FROM request_event e JOIN "
                                "request_rate t ON t.request_id = e.credit_id AND t.tax_points = "
                                "$2 WHERE e.request_id = $1 AND e.kind = 'credited')",
                                STORE_ARGS(store_int(of->id), store_int(rate->tax_points)),
                                ledger_read_int, &left_minor));
        if (rate->tax_minor > left_minor)
            return ledger_refuse_field(
                l, LEDGER_OVER_CREDIT, "lines",
                "at most %s %s of tax at %s %% of request %lld can be credited",
                ledger_amount_format(left_minor, of->scale, left), of->code,
                ledger_amount_format(rate->tax_points, 2, percent), (long long)of->id);
    }
    return LEDGER_OK;
}

/* What refunds gave back before, and no credit note has counted, is not given back again. */
static enum ledger_status give_back(struct ledger *l, const struct made *m,
                                    const struct ledger_request *of, const char *actor)
{
    int64_t back_minor = m->r.ledger_minor - of->open_minor;
    int64_t before_minor;
    char memo[40];

    if (back_minor <= 0)
        return LEDGER_OK;
    LEDGER_TRY(ledger_request_given_back(l, of->id, &before_minor));
    snprintf(memo, sizeof memo, "credit note %lld", (long long)m->r.number);
    LEDGER_TRY(ledger_request_give_back(l, of->id, back_minor - (before_minor - of->refunded_minor),
                                        memo));
    return ledger_request_count_refunds(l, of->id, m->r.id, back_minor, actor);
}

static enum ledger_status unmark(struct ledger *l, const struct made *m,
                                 const struct ledger_request *of, const char *actor)
{
    struct ledger_request_event e = {.request_id = of->id,
                                     .kind = "unpaid-outside",
                                     .outside_minor = m->r.outside_minor - of->open_outside_minor};

    if (e.outside_minor <= 0)
        return LEDGER_OK;
    snprintf(e.actor, sizeof e.actor, "%s", actor);
    return ledger_request_event_write(l, &e);
}

/* It has the time of its credit note, unless something was given back since. */
static enum ledger_status record(struct ledger *l, const struct made *m,
                                 const struct ledger_request *of, const char *actor)
{
    bool gave_back =
        m->r.ledger_minor > of->open_minor || m->r.outside_minor > of->open_outside_minor;
    struct ledger_request_event e = {.request_id = m->r.corrects_id,
                                     .kind = "credited",
                                     .ledger_minor = -m->r.ledger_minor,
                                     .outside_minor = -m->r.outside_minor,
                                     .credit_id = m->r.id,
                                     .at_us = gave_back ? 0 : m->r.asked_at_us};

    snprintf(e.actor, sizeof e.actor, "%s", actor);
    return ledger_request_event_write(l, &e);
}

enum ledger_status ledger_request_credit(struct ledger *l, const struct ledger_request_draft *draft,
                                         const char *actor, int64_t *id)
{
    struct made m = {.draft = draft};
    struct ledger_request of;

    LEDGER_TRY(ledger_request_get(l, draft->corrects_id, &of));
    LEDGER_TRY(check_creditable(l, &of, draft->refund));
    m.r = (struct ledger_request){.payee_id = of.payee_id,
                                  .payer_id = of.payer_id,
                                  .currency_id = of.currency_id,
                                  .corrects_id = of.id,
                                  .scale = of.scale,
                                  .expires_on = INT32_MAX};
    memcpy(m.r.code, of.code, sizeof m.r.code);
    LEDGER_TRY(check_words(l, draft));
    LEDGER_TRY(check_total(l, &m));
    LEDGER_TRY(check_issued(l, &m));
    if (m.r.issued_on < of.issued_on)
        return ledger_refuse_field(l, LEDGER_BACKDATED, "issued",
                                   "a credit note is dated on the day of its invoice or later");
    m.r.due_on = m.r.supplied_on;
    LEDGER_TRY(split_credit(l, &m, &of));
    LEDGER_TRY(check_open(l, &m, &of));
    LEDGER_TRY(check_tax(l, &m, &of));
    LEDGER_TRY(write(l, &m, actor));
    *id = m.r.id;
    LEDGER_TRY(give_back(l, &m, &of, actor));
    LEDGER_TRY(unmark(l, &m, &of, actor));
    LEDGER_TRY(record(l, &m, &of, actor));
    return ledger_notice_put(l, LEDGER_NOTICE_REQUEST_CREDITED, of.payer_id, of.id);
}
