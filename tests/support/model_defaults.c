#include "model.h"

#include "ledger/date.h"

#include <assert.h>
#include <string.h>

/* Whose fund pays at that step; 0: the members. */
static int64_t payer_of(const struct model *m, const struct model_step *s)
{
    return s->account_id ? m->accounts[s->account_id - 1].member_id : 0;
}

static enum ledger_status check_order(struct model *m, const struct model_order *o)
{
    int64_t funds = 0;

    if (o->currency_id < 1 || o->currency_id > MODEL_CURRENCIES)
        return LEDGER_NO_SUCH_CURRENCY;
    if (o->currency_id == MODEL_TRAINING)
        return LEDGER_EARMARKED;
    for (int64_t i = 0; i < o->step_count; i++) {
        funds += o->steps[i].account_id != 0;
        for (int64_t j = 0; j < i; j++)
            if (payer_of(m, &o->steps[i]) == payer_of(m, &o->steps[j]))
                return LEDGER_ORDER_MALFORMED;
    }
    if (funds == 0 || o->step_count > LEDGER_GUARANTEE_STEPS_MAX)
        return LEDGER_ORDER_MALFORMED;
    for (int64_t i = 0; i < o->step_count; i++) {
        int64_t account_id = o->steps[i].account_id;
        if (account_id == 0)
            continue;
        if (model_account(m, account_id)->currency_id != o->currency_id)
            return LEDGER_UNBALANCED;
        if (model_owner(m, account_id)->kind != LEDGER_FUND)
            return LEDGER_MEMBER_STATE;
    }
    return o->cap_minor > LEDGER_AMOUNT_MAX ? LEDGER_AMOUNT_TOO_LARGE : LEDGER_OK;
}

enum ledger_status model_guarantee_set(struct model *m, const struct model_order *order,
                                       const char *reason, int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(check_order(m, order));
    LEDGER_TRY(model_reason(reason));
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->order_count < m->rows_max);
    m->orders[m->order_count] = *order;
    model_put(m, &m->order_count, m->order_count + 1);
    *id = m->order_count;
    return LEDGER_OK;
}

int64_t model_order_of(const struct model *m, int64_t currency_id)
{
    int64_t id = m->order_count;

    while (id > 0 && m->orders[id - 1].currency_id != currency_id)
        id--;
    return id;
}

bool model_relies_on(const struct model *m, int64_t member_id)
{
    for (int64_t c = 1; c <= MODEL_CURRENCIES; c++) {
        const struct model_levy *levy = model_levy_on(m, c, LEDGER_DAY_MAX);
        int64_t order_id = model_order_of(m, c);
        const struct model_order *order = order_id ? &m->orders[order_id - 1] : NULL;
        if (levy && (levy->points || levy->flat_minor) &&
            m->accounts[levy->fund_id - 1].member_id == member_id)
            return true;
        for (int64_t i = 0; order && i < order->step_count; i++)
            if (order->steps[i].account_id &&
                m->accounts[order->steps[i].account_id - 1].member_id == member_id)
                return true;
    }
    return false;
}

static struct model_default *find(struct model *m, int64_t id)
{
    return id >= 1 && id <= m->default_count ? &m->defaults[id - 1] : NULL;
}

enum ledger_status model_default_declare(struct model *m, int64_t account_id, const char *reason,
                                         int64_t *id)
{
    int64_t at_us;

    LEDGER_TRY(model_reason(reason));
    if (!model_has_account(m, account_id))
        return LEDGER_NO_SUCH_ACCOUNT;
    int64_t balance_minor = model_account(m, account_id)->balance_minor;
    if (!model_pays_levies(m, account_id) || model_owner(m, account_id)->state == LEDGER_LEFT)
        return LEDGER_MEMBER_STATE;
    if (balance_minor >= 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    for (int64_t i = 0; i < m->default_count; i++)
        if (m->defaults[i].account_id == account_id &&
            m->defaults[i].state == LEDGER_DEFAULT_DECLARED)
            return LEDGER_IN_DEFAULT;
    LEDGER_TRY(model_tick(m, &at_us));
    assert(m->default_count < m->rows_max);
    m->defaults[m->default_count] = (struct model_default){
        .account_id = account_id, .owed_minor = -balance_minor, .reason = reason};
    model_put(m, &m->default_count, m->default_count + 1);
    *id = m->default_count;
    return LEDGER_OK;
}

enum ledger_status model_default_withdraw(struct model *m, int64_t id, const char *reason)
{
    struct model_default *d = find(m, id);
    int64_t at_us;

    LEDGER_TRY(model_reason(reason));
    if (!d)
        return LEDGER_NO_SUCH_DEFAULT;
    if (d->state != LEDGER_DEFAULT_DECLARED)
        return LEDGER_DEFAULT_ENDED;
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &d->state, LEDGER_DEFAULT_WITHDRAWN);
    return LEDGER_OK;
}

enum ledger_status model_default_written_off(struct model *m, int64_t account_id)
{
    for (int64_t id = 1; id <= m->default_count; id++)
        if (find(m, id)->account_id == account_id && find(m, id)->state == LEDGER_DEFAULT_DECLARED)
            return model_default_withdraw(m, id, "a fund wrote it off");
    return LEDGER_OK;
}

/* One who has a part of what is shared out. */
struct part {
    int64_t weight;
    int64_t most_minor;
    int64_t part_minor;
    __int128 rest;
    bool open;
};

static int64_t weight_of(const struct part *parts, int count)
{
    int64_t weight = 0;

    for (int i = 0; i < count; i++)
        weight += parts[i].open ? parts[i].weight : 0;
    return weight;
}

/* The open one with the largest rest, the first of equals. */
static int with_largest_rest(const struct part *parts, int count)
{
    int largest = -1;

    for (int i = 0; i < count; i++)
        if (parts[i].open && (largest < 0 || parts[i].rest > parts[largest].rest))
            largest = i;
    return largest;
}

/* Who cannot bear its part of what is left bears what it can, until the others can bear theirs. Returns what nobody can. */
static int64_t share_out(int64_t total_minor, struct part *parts, int count)
{
    bool again = true;

    for (int i = 0; i < count; i++)
        parts[i].open = parts[i].weight > 0 && parts[i].most_minor > 0;
    while (again && weight_of(parts, count) > 0) {
        __int128 weight = weight_of(parts, count);
        int64_t left_minor = total_minor;
        again = false;
        for (int i = 0; i < count; i++)
            if (parts[i].open &&
                (__int128)total_minor * parts[i].weight >= parts[i].most_minor * weight) {
                parts[i].part_minor = parts[i].most_minor;
                parts[i].open = false;
                left_minor -= parts[i].most_minor;
                again = true;
            }
        total_minor = left_minor;
    }
    __int128 weight = weight_of(parts, count);
    int64_t left_minor = total_minor;
    for (int i = 0; i < count && weight > 0; i++)
        if (parts[i].open) {
            parts[i].part_minor = (int64_t)(total_minor * (__int128)parts[i].weight / weight);
            parts[i].rest = total_minor * (__int128)parts[i].weight % weight;
            left_minor -= parts[i].part_minor;
        }
    for (; weight > 0 && left_minor > 0; left_minor--) {
        struct part *p = &parts[with_largest_rest(parts, count)];
        p->part_minor++;
        p->rest = -1;
    }
    return left_minor;
}

/* What it bore of others' defaults in this year of the node. */
static int64_t borne(const struct model *m, int64_t account_id)
{
    int year, month, day;
    int64_t sum_minor = 0;

    ledger_date_to_civil((int32_t)model_today(m), &year, &month, &day);
    for (int64_t i = 0; i < m->share_count; i++)
        if (m->shares[i].account_id == account_id &&
            m->shares[i].at_us >= model_instant(ledger_date_from_civil(year, 1, 1), 0))
            sum_minor += m->shares[i].amount_minor;
    return sum_minor;
}

static int64_t weight_by(const struct model_order *order, const struct model_account *a)
{
    if (order->weight == LEDGER_BY_EQUAL)
        return 1;
    if (order->weight == LEDGER_BY_LIMIT)
        return -a->floor_minor;
    return a->balance_minor > 0 ? a->balance_minor : 0;
}

static int64_t less(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t share_among(struct model *m, int64_t account_id, const struct model_order *order,
                           int64_t most_minor, struct model_share *shares, int *count)
{
    static struct part parts[MODEL_ACCOUNTS_MAX];
    int64_t rest_minor;

    for (int64_t id = 1; id <= m->account_count; id++) {
        const struct model_account *a = model_account(m, id);
        bool bears = a->currency_id == order->currency_id && id != account_id &&
                     model_owner(m, id)->state == LEDGER_ACTIVE && model_pays_levies(m, id);
        parts[id - 1] = (struct part){0};
        if (!bears)
            continue;
        parts[id - 1].weight = weight_by(order, a);
        parts[id - 1].most_minor = model_figures(m, id).available_minor;
        if (order->cap_minor)
            parts[id - 1].most_minor =
                less(parts[id - 1].most_minor, order->cap_minor - borne(m, id));
    }
    rest_minor = share_out(most_minor, parts, (int)m->account_count);
    for (int64_t id = 1; id <= m->account_count; id++)
        if (parts[id - 1].part_minor)
            shares[(*count)++] = (struct model_share){
                .account_id = id, .members = true, .amount_minor = parts[id - 1].part_minor};
    return rest_minor;
}

/* What a fund pays of it: what it has above zero, or down to its floor. Returns what is left. */
static int64_t ask_fund(struct model *m, const struct model_step *s, int64_t most_minor,
                        struct model_share *shares, int *count)
{
    const struct model_figures f = model_figures(m, s->account_id);
    int64_t has_minor = f.available_minor;

    if (!s->to_limit)
        has_minor = less(has_minor, f.balance_minor - f.reserved_out_minor);
    has_minor = less(has_minor, most_minor);
    if (has_minor <= 0 || model_owner(m, s->account_id)->state == LEDGER_LEFT)
        return most_minor;
    shares[(*count)++] =
        (struct model_share){.account_id = s->account_id, .amount_minor = has_minor};
    return most_minor - has_minor;
}

int64_t model_default_plan(struct model *m, int64_t account_id, struct model_share *shares,
                           int *count)
{
    const struct model_account *a = model_account(m, account_id);
    const struct model_order *order = &m->orders[model_order_of(m, a->currency_id) - 1];
    int64_t owed_minor = a->balance_minor < 0 ? -a->balance_minor : 0;
    int64_t open_minor = owed_minor;

    *count = 0;
    for (int64_t step = 1; step <= order->step_count && open_minor > 0; step++) {
        const struct model_step *s = &order->steps[step - 1];
        int64_t most_minor = (int64_t)((__int128)owed_minor * s->points / LEDGER_GUARANTEE_POINTS);
        int first = *count;
        most_minor = less(most_minor, open_minor);
        open_minor -= most_minor;
        open_minor += s->account_id ? ask_fund(m, s, most_minor, shares, count)
                                    : share_among(m, account_id, order, most_minor, shares, count);
        for (int i = first; i < *count; i++)
            shares[i].step = step;
    }
    return open_minor;
}

/* Through the first fund goes what members bear and have back. */
static int64_t clearing(const struct model_order *order)
{
    int64_t i = 0;

    while (order->steps[i].account_id == 0)
        i++;
    return order->steps[i].account_id;
}

static void add_leg(struct ledger_transfer_draft *d, struct ledger_leg *legs, int64_t account_id,
                    int64_t amount_minor)
{
    for (int i = 0; i < d->leg_count; i++)
        if (legs[i].account_id == account_id) {
            legs[i].amount_minor += amount_minor;
            return;
        }
    legs[d->leg_count++] = (struct ledger_leg){account_id, amount_minor};
}

static enum ledger_status post(struct model *m, const struct ledger_transfer_draft *d,
                               int64_t default_id, int64_t *id)
{
    LEDGER_TRY(model_post(m, d, id));
    m->transfers[*id - 1].default_id = default_id;
    return LEDGER_OK;
}

/* Between a member and the clearing fund. */
static enum ledger_status post_member(struct model *m, int64_t default_id, const char *memo,
                                      const struct ledger_leg legs[2], int64_t *id)
{
    const struct ledger_transfer_draft d = {
        .kind = LEDGER_WRITE_OFF, .memo = memo, .legs = legs, .leg_count = 2};

    return post(m, &d, default_id, id);
}

static enum ledger_status pay_all(struct model *m, int64_t id, int64_t owed_minor,
                                  struct model_share *shares, int count)
{
    struct model_default *d = find(m, id);
    int64_t clearing_id = clearing(&m->orders[d->order_id - 1]);
    struct ledger_leg legs[LEDGER_GUARANTEE_STEPS_MAX + 1] = {{d->account_id, owed_minor}};
    struct ledger_transfer_draft draft = {
        .kind = LEDGER_WRITE_OFF, .memo = d->reason, .legs = legs, .leg_count = 1};
    const char *memo = model_words(m, "your share in default %lld", (long long)id);
    int64_t transfer_id;

    for (int i = 0; i < count; i++) {
        struct model_share *s = &shares[i];
        const struct ledger_leg paid[] = {{s->account_id, -s->amount_minor},
                                          {clearing_id, s->amount_minor}};
        add_leg(&draft, legs, s->members ? clearing_id : s->account_id, -s->amount_minor);
        if (s->members)
            LEDGER_TRY(post_member(m, id, memo, paid, &s->transfer_id));
    }
    LEDGER_TRY(post(m, &draft, id, &transfer_id));
    model_put(m, &d->transfer_id, transfer_id);
    for (int i = 0; i < count; i++)
        if (!shares[i].members)
            shares[i].transfer_id = transfer_id;
    return LEDGER_OK;
}

static void keep(struct model *m, int64_t default_id, int64_t at_us,
                 const struct model_share *shares, int count)
{
    for (int i = 0; i < count; i++) {
        assert(m->share_count < m->rows_max);
        m->shares[m->share_count] = shares[i];
        m->shares[m->share_count].default_id = default_id;
        m->shares[m->share_count].at_us = at_us;
        model_put(m, &m->share_count, m->share_count + 1);
    }
}

enum ledger_status model_default_cover(struct model *m, int64_t id, bool second, bool on_paper)
{
    struct model_share shares[MODEL_SHARES_MAX];
    struct model_default *d = find(m, id);
    int64_t at_us;
    int count;

    if (!d)
        return LEDGER_NO_SUCH_DEFAULT;
    if (d->state != LEDGER_DEFAULT_DECLARED)
        return LEDGER_DEFAULT_ENDED;
    if (!second && !on_paper)
        return LEDGER_SECOND_PERSON;
    const struct model_account *a = model_account(m, d->account_id);
    if (a->balance_minor >= 0)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    int64_t owed_minor = -a->balance_minor;
    int64_t order_id = model_order_of(m, a->currency_id);
    if (!order_id)
        return LEDGER_NO_GUARANTEE;
    if (model_default_plan(m, d->account_id, shares, &count) > 0)
        return LEDGER_NOT_COVERED;
    model_put(m, &d->order_id, order_id);
    LEDGER_TRY(pay_all(m, id, owed_minor, shares, count));
    LEDGER_TRY(model_tick(m, &at_us));
    keep(m, id, at_us, shares, count);
    model_put(m, &d->state, LEDGER_DEFAULT_COVERED);
    model_put(m, &d->covered_minor, owed_minor);
    model_levy_waive(m, d->account_id);
    return LEDGER_OK;
}

/* Those of one step that are still there, each pro rata of what it has not back. Returns what is left. */
static int64_t give_back(struct model *m, int64_t default_id, int64_t step, int64_t amount_minor,
                         int64_t *backs_minor)
{
    static struct part parts[MODEL_SHARES_MAX];
    static int64_t
        of[MODEL_SHARES_MAX]; /* indexes into the shares, which are in order of account */
    int count = 0;

    for (int64_t i = 0; i < m->share_count; i++) {
        const struct model_share *s = &m->shares[i];
        if (s->default_id != default_id || s->step != step ||
            model_owner(m, s->account_id)->state == LEDGER_LEFT)
            continue;
        int64_t left_minor = s->amount_minor - s->back_minor;
        parts[count] = (struct part){.weight = left_minor, .most_minor = left_minor};
        of[count++] = i;
    }
    int64_t rest_minor = share_out(amount_minor, parts, count);
    for (int i = 0; i < count; i++)
        backs_minor[of[i]] = parts[i].part_minor;
    return rest_minor;
}

static enum ledger_status pay_back(struct model *m, int64_t id, int64_t amount_minor,
                                   const char *reason, const int64_t *backs_minor)
{
    const struct model_default *d = find(m, id);
    int64_t clearing_id = clearing(&m->orders[d->order_id - 1]);
    struct ledger_leg legs[LEDGER_GUARANTEE_STEPS_MAX + 1] = {{d->account_id, -amount_minor}};
    struct ledger_transfer_draft draft = {
        .kind = LEDGER_WRITE_OFF, .memo = reason, .legs = legs, .leg_count = 1};
    const char *memo = model_words(m, "back of your share in default %lld", (long long)id);
    int64_t transfer_id;

    for (int64_t step = LEDGER_GUARANTEE_STEPS_MAX; step > 0; step--)
        for (int64_t i = 0; i < m->share_count; i++)
            if (backs_minor[i] && m->shares[i].step == step)
                add_leg(&draft, legs, m->shares[i].members ? clearing_id : m->shares[i].account_id,
                        backs_minor[i]);
    LEDGER_TRY(post(m, &draft, id, &transfer_id));
    for (int64_t i = 0; i < m->share_count; i++) {
        struct model_share *s = &m->shares[i];
        const struct ledger_leg paid[] = {{clearing_id, -backs_minor[i]},
                                          {s->account_id, backs_minor[i]}};
        if (backs_minor[i] && s->members)
            LEDGER_TRY(post_member(m, id, memo, paid, &transfer_id));
        model_put(m, &s->back_minor, s->back_minor + backs_minor[i]);
    }
    return LEDGER_OK;
}

enum ledger_status model_default_recover(struct model *m, int64_t id, int64_t amount_minor,
                                         const char *reason)
{
    struct model_default *d = find(m, id);
    int64_t at_us, rest_minor = amount_minor;

    LEDGER_TRY(model_reason(reason));
    if (!d)
        return LEDGER_NO_SUCH_DEFAULT;
    if (d->state != LEDGER_DEFAULT_COVERED)
        return LEDGER_DEFAULT_OPEN;
    if (amount_minor < 1)
        return LEDGER_AMOUNT_NOT_POSITIVE;
    memset(m->backs_minor, 0, (size_t)m->share_count * sizeof *m->backs_minor);
    for (int64_t step = LEDGER_GUARANTEE_STEPS_MAX; step > 0; step--)
        rest_minor = give_back(m, id, step, rest_minor, m->backs_minor);
    if (rest_minor)
        return LEDGER_OVER_RECOVERY;
    LEDGER_TRY(pay_back(m, id, amount_minor, reason, m->backs_minor));
    LEDGER_TRY(model_tick(m, &at_us));
    model_put(m, &d->recovered_minor, d->recovered_minor + amount_minor);
    return LEDGER_OK;
}
