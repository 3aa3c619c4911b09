#include "model.h"

#include "ledger/date.h"

#include <assert.h>

#define DAY_US INT64_C(86400000000)
#define HAD INT64_MAX /* when a levy is asked for that was had or waived */

static int64_t month_start(int64_t day)
{
    return ledger_date_month_start((int32_t)day);
}

static int64_t month_end(int64_t day)
{
    return ledger_date_month_end((int32_t)day);
}

static enum ledger_status check(struct model *m, const struct model_levy *levy)
{
    if (levy->currency_id < 1 || levy->currency_id > MODEL_CURRENCIES)
        return LEDGER_NO_SUCH_CURRENCY;
    if (levy->currency_id == MODEL_TRAINING)
        return LEDGER_EARMARKED;
    if (levy->points < 0 || levy->points > LEDGER_LEVY_POINTS_MAX)
        return LEDGER_NUMBER_MALFORMED;
    if (levy->flat_minor > LEDGER_AMOUNT_MAX || levy->minimum_minor > LEDGER_AMOUNT_MAX)
        return LEDGER_AMOUNT_TOO_LARGE;
    if ((levy->points && levy->flat_minor) || levy->from_on != month_start(levy->from_on))
        return LEDGER_LEVY_MALFORMED;
    if (levy->from_on <= model_today(m))
        return LEDGER_BACKDATED;
    if (!model_has_account(m, levy->fund_id))
        return LEDGER_NO_SUCH_ACCOUNT;
    if (model_account(m, levy->fund_id)->currency_id != levy->currency_id)
        return LEDGER_UNBALANCED;
    return model_owner(m, levy->fund_id)->kind == LEDGER_FUND ? LEDGER_OK : LEDGER_MEMBER_STATE;
}

enum ledger_status model_levy_set(struct model *m, const struct model_levy *levy,
                                  const char *reason, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(check(m, levy));
    LEDGER_TRY(model_reason(reason));
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->levy_count < m->rows_max);
    m->levies[m->levy_count] = *levy;
    model_put(m, &m->levy_count, m->levy_count + 1);
    *id = m->levy_count;
    return LEDGER_OK;
}

const struct model_levy *model_levy_on(const struct model *m, int64_t currency_id, int64_t day)
{
    const struct model_levy *found = NULL;

    for (int64_t i = 0; i < m->levy_count; i++) {
        const struct model_levy *levy = &m->levies[i];
        if (levy->currency_id == currency_id && levy->from_on <= day &&
            (!found || levy->from_on >= found->from_on))
            found = levy;
    }
    return found;
}

const struct model_levy *model_levy_first(const struct model *m, int64_t currency_id)
{
    const struct model_levy *found = NULL;

    for (int64_t i = 0; i < m->levy_count; i++) {
        const struct model_levy *levy = &m->levies[i];
        if (levy->currency_id == currency_id && (!found || levy->from_on <= found->from_on))
            found = levy;
    }
    return found;
}

int64_t model_levy_base(int64_t base_minor)
{
    if (base_minor < 0)
        return 0;
    return base_minor > LEDGER_AMOUNT_MAX ? LEDGER_AMOUNT_MAX : base_minor;
}

int64_t model_levy_amount(const struct model_levy *levy, int64_t base_minor)
{
    int64_t base = model_levy_base(base_minor);
    int64_t amount_minor = levy->points ? (base * levy->points + 5000) / 10000 : levy->flat_minor;

    return amount_minor < levy->minimum_minor ? 0 : amount_minor;
}

bool model_pays_levies(const struct model *m, int64_t account_id)
{
    int64_t kind = m->members[m->accounts[account_id - 1].member_id - 1].kind;

    return kind == LEDGER_COOP || kind == LEDGER_PERSON;
}

/* Is that entry of a payment that came in, or of what was given back of one? */
static bool is_trade(const struct model *m, const struct model_leg *leg)
{
    const struct model_transfer *t = &m->transfers[leg->transfer_id - 1];

    if (t->kind == LEDGER_EXCHANGE)
        return leg->amount_minor > 0;
    return (t->kind == LEDGER_REVERSAL || t->kind == LEDGER_REFUND) && leg->amount_minor < 0 &&
           m->transfers[t->corrects - 1].kind == LEDGER_EXCHANGE;
}

int64_t model_trade(const struct model *m, int64_t account_id, int64_t from_us, int64_t to_us,
                    bool *any)
{
    int64_t sum_minor = 0;

    *any = false;
    for (int64_t i = m->leg_count - 1; i >= 0; i--) {
        const struct model_leg *leg = &m->legs[i];
        int64_t at_us = m->transfers[leg->transfer_id - 1].posted_at_us;
        if (at_us < from_us)
            break;
        if (at_us >= to_us || leg->account_id != account_id || !is_trade(m, leg))
            continue;
        sum_minor += leg->amount_minor;
        *any = true;
    }
    return sum_minor;
}

/* A flat levy asks whoever is a member when the month is over; a share whoever traded in it. */
static bool is_asked(struct model *m, const struct model_levy *levy, struct model_levy_charge *c)
{
    const struct model_account *a = model_account(m, c->account_id);
    int64_t state = model_owner(m, c->account_id)->state;
    bool any;

    if (a->currency_id != levy->currency_id || !model_pays_levies(m, c->account_id))
        return false;
    if (levy->flat_minor)
        return a->opened_on <= month_end(c->month_on) &&
               (state == LEDGER_ACTIVE || state == LEDGER_SUSPENDED);
    c->base_minor = model_trade(m, c->account_id, model_instant(c->month_on, 0),
                                model_after_month(c->month_on), &any);
    return any;
}

static void ask_all(struct model *m, const struct model_levy *levy, int64_t month_on)
{
    for (int64_t id = 1; id <= m->account_count; id++) {
        struct model_levy_charge c = {.account_id = id,
                                      .month_id = m->levy_month_count,
                                      .month_on = month_on,
                                      .levy_id = levy - m->levies + 1};
        if (!is_asked(m, levy, &c))
            continue;
        assert(m->levy_due_count < 4 * m->rows_max);
        m->levy_dues[m->levy_due_count] = c;
        model_put(m, &m->levy_due_count, m->levy_due_count + 1);
    }
}

/* The first month of a currency that was not begun. */
static int64_t next_month(const struct model *m, int64_t currency_id)
{
    int64_t first_on = 0;

    if (m->levied_on[currency_id])
        return month_end(m->levied_on[currency_id]) + 1;
    for (int64_t i = 0; i < m->levy_count; i++) {
        const struct model_levy *levy = &m->levies[i];
        if (levy->currency_id == currency_id && (!first_on || levy->from_on < first_on))
            first_on = levy->from_on;
    }
    return first_on;
}

/* The oldest month that is over and was not begun. `*read` says that it asks for something. */
static bool begin(struct model *m, bool *read)
{
    int64_t oldest_on = 0, currency_id = 0;

    for (int64_t id = 1; id <= MODEL_CURRENCIES; id++) {
        int64_t month_on = next_month(m, id);
        if (month_on && (!currency_id || month_on < oldest_on)) {
            oldest_on = month_on;
            currency_id = id;
        }
    }
    if (!currency_id || month_end(oldest_on) >= model_today(m))
        return false;
    const struct model_levy *levy = model_levy_on(m, currency_id, oldest_on);
    *read = levy->points || levy->flat_minor;
    model_put(m, &m->levied_on[currency_id], oldest_on);
    model_put(m, &m->levy_month_count, m->levy_month_count + 1);
    if (*read)
        ask_all(m, levy, oldest_on);
    return true;
}

static void record(struct model *m, struct model_levy_charge *due, int64_t amount_minor,
                   int64_t transfer_id)
{
    struct model_levy_charge *c = &m->levy_charges[m->levy_charge_count];

    assert(m->levy_charge_count < 4 * m->rows_max);
    *c = *due;
    c->base_minor = model_levy_base(due->base_minor);
    c->amount_minor = amount_minor;
    c->transfer_id = transfer_id;
    model_put(m, &m->levy_charge_count, m->levy_charge_count + 1);
    model_put(m, &due->at_us, HAD);
    model_put(m, &due->refused, LEDGER_OK);
}

static enum ledger_status take(struct model *m, const struct model_levy_charge *due,
                               int64_t amount_minor, int64_t *transfer_id)
{
    int64_t currency_id = model_account(m, due->account_id)->currency_id;
    int64_t fund_id = model_levy_on(m, currency_id, model_today(m))->fund_id;
    const struct ledger_leg legs[] = {{due->account_id, -amount_minor}, {fund_id, amount_minor}};
    int64_t last_on = month_end(due->month_on);
    bool closed = last_on <= m->closed_through;
    char day[LEDGER_DATE_TEXT];
    const struct ledger_transfer_draft d = {
        .kind = LEDGER_LEVY,
        .memo = model_words(m, "levy of %.7s%s", ledger_date_format((int32_t)due->month_on, day),
                            closed ? ", whose books are closed" : ""),
        .has_effective = !closed,
        .effective_on = (int32_t)last_on,
        .legs = legs,
        .leg_count = 2};
    int64_t mark = model_mark(m);

    enum ledger_status status = model_post(m, &d, transfer_id);
    if (status != LEDGER_OK)
        model_only_expire(m, mark, due->account_id, fund_id);
    return status;
}

static enum ledger_status charge(struct model *m, struct model_levy_charge *due)
{
    int64_t amount_minor = model_levy_amount(&m->levies[due->levy_id - 1], due->base_minor);
    int64_t transfer_id;

    if (amount_minor == 0) {
        model_put(m, &due->at_us, HAD);
        return LEDGER_OK;
    }
    if (model_owner(m, due->account_id)->state == LEDGER_LEFT) {
        record(m, due, 0, 0);
        return LEDGER_OK;
    }
    enum ledger_status status = take(m, due, amount_minor, &transfer_id);
    if (status == LEDGER_CLOCK_BEHIND)
        return status;
    if (status == LEDGER_OK) {
        record(m, due, amount_minor, transfer_id);
        return LEDGER_OK;
    }
    model_put(m, &due->at_us, m->now_us + DAY_US);
    model_put(m, &due->refused, status);
    return LEDGER_OK;
}

static bool comes_before(const struct model_levy_charge *a, const struct model_levy_charge *b)
{
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us;
    return a->month_id != b->month_id ? a->month_id < b->month_id : a->account_id < b->account_id;
}

static struct model_levy_charge *next_due(struct model *m)
{
    struct model_levy_charge *next = NULL;

    for (int64_t i = 0; i < m->levy_due_count; i++) {
        struct model_levy_charge *due = &m->levy_dues[i];
        if (due->at_us <= m->now_us && (!next || comes_before(due, next)))
            next = due;
    }
    return next;
}

enum ledger_status model_levy_due(struct model *m, int64_t *count)
{
    int64_t charged = 0, begun = 0;
    bool read;

    for (*count = 0;; ++*count, begun++) {
        for (struct model_levy_charge *due;
             charged < LEDGER_LEVY_DUE_MAX && (due = next_due(m)) != NULL; ++*count, charged++)
            if (charge(m, due) != LEDGER_OK)
                return LEDGER_OK;
        if (charged == LEDGER_LEVY_DUE_MAX || begun == LEDGER_LEVY_MONTHS_MAX || !begin(m, &read))
            return LEDGER_OK;
        *count += read;
    }
}

void model_levy_waive(struct model *m, int64_t account_id)
{
    for (int64_t i = 0; i < m->levy_due_count; i++) {
        struct model_levy_charge *due = &m->levy_dues[i];
        if (due->account_id == account_id && due->refused != LEDGER_OK)
            record(m, due, 0, 0);
    }
}
