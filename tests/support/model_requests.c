#include "model.h"

#include <assert.h>

const int64_t model_rates[MODEL_RATES] = {0, 550, 2000};

struct model_request *model_request(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->request_count ? &m->requests[id - 1] : NULL;
}

bool model_request_is_closed(const struct model_request *r)
{
    return r->open_minor == 0 && r->open_outside_minor == 0;
}

void model_request_change(struct model *m, const struct model_event *e)
{
    struct model_request *r = model_request(m, e->request_id);

    assert(m->event_count < 4 * m->rows_max);
    m->events[m->event_count] = *e;
    model_put(m, &m->event_count, m->event_count + 1);
    model_put(m, &r->open_minor, r->open_minor + e->ledger_minor);
    model_put(m, &r->open_outside_minor, r->open_outside_minor + e->outside_minor);
    model_touch_request(m, e->request_id);
    model_instalments_end(m, e->request_id, e->standing_id);
}

/* Half away from zero. */
static int64_t rounded(int64_t value, int64_t by)
{
    return value < 0 ? -((-value * 2 + by) / (by * 2)) : (value * 2 + by) / (by * 2);
}

static void add_up(const struct model_bill *bill, struct model_request *r)
{
    for (int rate = 0; rate < MODEL_RATES; rate++) {
        int64_t exact = 0;
        for (int64_t i = 0; i < bill->line_count; i++)
            if (bill->lines[i].rate == rate)
                exact += bill->lines[i].quantity_milli * bill->lines[i].price_minor;
        int64_t net_minor = rounded(exact, 1000);
        r->tax_left_minor[rate] = rounded(net_minor * model_rates[rate], 10000);
        r->gross_minor += net_minor + r->tax_left_minor[rate];
    }
}

static enum ledger_status check_lines(const struct model_bill *bill, struct model_request *r)
{
    if (bill->line_count == 0)
        return LEDGER_NO_LINES;
    for (int64_t i = 0; i < bill->line_count; i++)
        if (bill->lines[i].quantity_milli < 1)
            return LEDGER_QUANTITY_MALFORMED;
    add_up(bill, r);
    if (r->gross_minor < 1)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    return bill->total_minor && bill->total_minor != r->gross_minor ? LEDGER_TOTAL_DIFFERS
                                                                    : LEDGER_OK;
}

/* The day that it bears. */
static enum ledger_status check_issued(struct model *m, const struct model_bill *bill,
                                       struct model_request *r)
{
    r->issued_on = bill->issued_on == MODEL_NOT_SAID ? model_today(m) : bill->issued_on;
    if (r->issued_on > model_today(m))
        return LEDGER_DATE_IN_FUTURE;
    return r->issued_on <= m->closed_through ? LEDGER_PERIOD_CLOSED : LEDGER_OK;
}

static enum ledger_status check_days(struct model *m, const struct model_bill *bill,
                                     struct model_request *r)
{
    int64_t today = model_today(m);

    LEDGER_TRY(check_issued(m, bill, r));
    r->due_on =
        bill->due_on == MODEL_NOT_SAID ? r->issued_on + LEDGER_REQUEST_DUE_DAYS : bill->due_on;
    r->expires_on = bill->expires_on;
    if (r->due_on < r->issued_on)
        return LEDGER_DUE_BEFORE_SUPPLIED;
    return r->expires_on < today ? LEDGER_BACKDATED : LEDGER_OK;
}

static enum ledger_status check_member(struct model *m, int64_t id, bool asks)
{
    int64_t state = m->members[id - 1].state;

    return state == LEDGER_ACTIVE || (!asks && state == LEDGER_SUSPENDED)
               ? LEDGER_OK
               : LEDGER_MEMBER_NOT_ACTIVE;
}

/* `value_micro` 0: nothing says what the currency is worth. */
static enum ledger_status split(struct model *m, const struct model_bill *bill, int64_t value_micro,
                                struct model_request *r)
{
    int64_t one_minor = 1;

    r->ledger_minor = r->gross_minor;
    if (bill->outside_minor < 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    if (bill->outside_minor > LEDGER_AMOUNT_MAX)
        return LEDGER_AMOUNT_TOO_LARGE;
    if (bill->outside_minor == 0)
        return LEDGER_OK;
    if (value_micro == 0)
        return LEDGER_NO_EQUIVALENT;
    for (int64_t i = 0; i < m->currencies[r->currency_id - 1].scale; i++)
        one_minor *= 10;
    int64_t covers_minor = rounded(bill->outside_minor * 10000 * one_minor, value_micro);
    if (covers_minor < 1)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    if (covers_minor > r->gross_minor)
        return LEDGER_OUTSIDE_TOO_MUCH;
    r->outside_minor = bill->outside_minor;
    r->value_micro = value_micro;
    r->ledger_minor -= covers_minor;
    return LEDGER_OK;
}

static enum ledger_status add(struct model *m, struct model_request *r, int64_t *id)
{
    LEDGER_TRY(model_tick(m, &r->asked_at_us));
    assert(m->request_count < m->rows_max);
    r->number = 1;
    for (int64_t i = 0; i < m->request_count; i++)
        r->number += m->requests[i].payee_id == r->payee_id;
    m->requests[m->request_count] = *r;
    model_put(m, &m->request_count, m->request_count + 1);
    *id = m->request_count;
    model_touch_request(m, *id);
    return LEDGER_OK;
}

enum ledger_status model_ask(struct model *m, const struct model_bill *bill, int64_t *id)
{
    struct model_request r = {
        .payee_id = bill->payee_id, .payer_id = bill->payer_id, .currency_id = bill->currency_id};

    if (bill->payee_id == bill->payer_id)
        return LEDGER_REQUEST_TO_ONESELF;
    if (!model_has_member(m, bill->payee_id) || !model_has_member(m, bill->payer_id))
        return LEDGER_NO_SUCH_MEMBER;
    if (bill->currency_id < 1 || bill->currency_id > MODEL_CURRENCIES)
        return LEDGER_NO_SUCH_CURRENCY;
    LEDGER_TRY(check_lines(bill, &r));
    LEDGER_TRY(check_days(m, bill, &r));
    LEDGER_TRY(check_member(m, bill->payee_id, true));
    LEDGER_TRY(check_member(m, bill->payer_id, false));
    const struct model_currency *c = &m->currencies[bill->currency_id - 1];
    LEDGER_TRY(split(m, bill, model_today(m) < c->value_from ? 0 : c->value_micro, &r));
    r.open_minor = r.ledger_minor;
    r.open_outside_minor = r.outside_minor;
    LEDGER_TRY(add(m, &r, id));
    model_preapproval_collect(m, *id);
    return LEDGER_OK;
}

/* At no rate that it names does it take back more tax than is left of the invoice's. */
static enum ledger_status check_credit(const struct model_bill *bill, const struct model_request *r,
                                       const struct model_request *of)
{
    int64_t most_minor = of->open_minor + (bill->refund ? of->paid_minor - of->refunded_minor : 0);
    int64_t outside_minor = of->open_outside_minor + (bill->refund ? of->paid_outside_minor : 0);

    if (r->ledger_minor > most_minor || r->outside_minor > outside_minor)
        return LEDGER_OVER_CREDIT;
    for (int64_t i = 0; i < bill->line_count; i++) {
        int64_t rate = bill->lines[i].rate;
        if (r->tax_left_minor[rate] > of->tax_left_minor[rate])
            return LEDGER_OVER_CREDIT;
    }
    return LEDGER_OK;
}

/* Marks of what was received outside, as far as the credit note takes back more than is open there. */
static enum ledger_status unmark(struct model *m, const struct model_request *r)
{
    struct model_request *of = model_request(m, r->corrects);
    struct model_event e = {.request_id = r->corrects,
                            .outside_minor = r->outside_minor - of->open_outside_minor};

    if (e.outside_minor <= 0)
        return LEDGER_OK;
    LEDGER_TRY(model_tick(m, &e.at_us));
    model_put(m, &of->paid_outside_minor, of->paid_outside_minor - e.outside_minor);
    model_request_change(m, &e);
    return LEDGER_OK;
}

/* Takes the credit note `id` off what is open of the invoice; after what it gives back, if anything. */
static enum ledger_status take_off(struct model *m, int64_t id)
{
    const struct model_request *r = model_request(m, id);
    struct model_request *of = model_request(m, r->corrects);
    bool gives_back = r->ledger_minor > of->open_minor || r->outside_minor > of->open_outside_minor;
    int64_t at_us = r->asked_at_us;

    LEDGER_TRY(model_give_back(m, id));
    LEDGER_TRY(unmark(m, r));
    if (gives_back)
        LEDGER_TRY(model_tick(m, &at_us));
    for (int rate = 0; rate < MODEL_RATES; rate++)
        model_put(m, &of->tax_left_minor[rate], of->tax_left_minor[rate] - r->tax_left_minor[rate]);
    model_put(m, &of->credited_minor, of->credited_minor + r->ledger_minor);
    model_put(m, &of->credited_outside_minor, of->credited_outside_minor + r->outside_minor);
    model_request_change(m, &(struct model_event){.request_id = r->corrects,
                                                  .at_us = at_us,
                                                  .day = r->issued_on,
                                                  .ledger_minor = -r->ledger_minor,
                                                  .outside_minor = -r->outside_minor});
    return LEDGER_OK;
}

enum ledger_status model_credit(struct model *m, const struct model_bill *bill, int64_t *id)
{
    struct model_request *of = model_request(m, bill->corrects);
    struct model_request r = {.corrects = bill->corrects};

    if (!of)
        return LEDGER_NO_SUCH_REQUEST;
    if (of->corrects)
        return LEDGER_NOT_AN_INVOICE;
    if (of->over)
        return LEDGER_REQUEST_OVER;
    bool paid = of->paid_minor > of->refunded_minor || of->paid_outside_minor;
    if (model_request_is_closed(of) && !(bill->refund && paid))
        return LEDGER_REQUEST_PAID;
    r.payee_id = of->payee_id;
    r.payer_id = of->payer_id;
    r.currency_id = of->currency_id;
    LEDGER_TRY(check_lines(bill, &r));
    LEDGER_TRY(check_issued(m, bill, &r));
    if (r.issued_on < of->issued_on)
        return LEDGER_BACKDATED;
    LEDGER_TRY(split(m, bill, of->value_micro, &r));
    LEDGER_TRY(check_credit(bill, &r, of));
    LEDGER_TRY(add(m, &r, id));
    return take_off(m, *id);
}

static enum ledger_status load(struct model *m, int64_t id, const char *reason,
                               struct model_request **r)
{
    LEDGER_TRY(model_reason(reason));
    *r = model_request(m, id);
    if (!*r)
        return LEDGER_NO_SUCH_REQUEST;
    if ((*r)->corrects)
        return LEDGER_NOT_AN_INVOICE;
    if ((*r)->over)
        return LEDGER_REQUEST_OVER;
    return model_request_is_closed(*r) ? LEDGER_REQUEST_PAID : LEDGER_OK;
}

static enum ledger_status close(struct model *m, int64_t id, const char *reason, int64_t how)
{
    struct model_event e = {.request_id = id};
    struct model_request *r;

    LEDGER_TRY(load(m, id, reason, &r));
    if (r->paid_minor || r->paid_outside_minor)
        return LEDGER_REQUEST_STATE;
    LEDGER_TRY(model_tick(m, &e.at_us));
    e.ledger_minor = -r->open_minor;
    e.outside_minor = -r->open_outside_minor;
    model_put(m, &r->over, how);
    model_request_change(m, &e);
    return LEDGER_OK;
}

enum ledger_status model_request_decline(struct model *m, int64_t id, const char *reason)
{
    return close(m, id, reason, MODEL_DECLINED);
}

enum ledger_status model_request_withdraw(struct model *m, int64_t id, const char *reason)
{
    return close(m, id, reason, MODEL_WITHDRAWN);
}

static enum ledger_status set_disputed(struct model *m, int64_t id, const char *reason,
                                       bool disputed)
{
    struct model_request *r;
    int64_t at_us;

    LEDGER_TRY(load(m, id, reason, &r));
    if (r->disputed == disputed)
        return LEDGER_REQUEST_STATE;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &r->disputed, disputed);
    model_touch_request(m, id);
    return LEDGER_OK;
}

enum ledger_status model_request_dispute(struct model *m, int64_t id, const char *reason)
{
    return set_disputed(m, id, reason, true);
}

enum ledger_status model_request_resolve(struct model *m, int64_t id, const char *reason)
{
    return set_disputed(m, id, reason, false);
}

bool model_has_open_requests(const struct model *m, int64_t member_id)
{
    for (int64_t i = 0; i < m->request_count; i++) {
        const struct model_request *r = &m->requests[i];
        if (!model_request_is_closed(r) && (r->payer_id == member_id || r->payee_id == member_id))
            return true;
    }
    return false;
}
