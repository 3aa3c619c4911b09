#include "default.h"

#include "apportion.h"
#include "date.h"
#include "handle.h"

#include <stdlib.h>
#include <string.h>

/* Those who may share, as the account rows come. */
struct sharers {
    enum ledger_guarantee_weight weight;
    int64_t cap_minor;
    struct ledger_portion *portions;
    struct ledger_default_share *shares;
    int count;
};

static int64_t weight_of(enum ledger_guarantee_weight by, int64_t balance_minor,
                         int64_t floor_minor)
{
    switch (by) {
    case LEDGER_BY_EQUAL:
        return 1;
    case LEDGER_BY_BALANCE:
        return balance_minor > 0 ? balance_minor : 0;
    case LEDGER_BY_LIMIT:
        return -floor_minor;
    }
    return 0;
}

static enum ledger_status read_sharer(void *into, const struct store_row *row)
{
    struct sharers *all = into;
    int64_t balance_minor = store_row_int(row, 1);
    int64_t floor_minor = store_row_int(row, 3);
    int64_t most_minor = balance_minor - store_row_int(row, 2) - floor_minor;
    int64_t left_minor = all->cap_minor - store_row_int(row, 4);

    if (all->count == LEDGER_SHARERS_MAX)
        return LEDGER_TOO_MANY_SHARERS;
    if (all->cap_minor && left_minor < most_minor)
        most_minor = left_minor;
    all->portions[all->count] =
        (struct ledger_portion){.weight = weight_of(all->weight, balance_minor, floor_minor),
                                .most_minor = most_minor > 0 ? most_minor : 0};
    all->shares[all->count] =
        (struct ledger_default_share){.account_id = store_row_int(row, 0), .members = true};
    store_row_copy(row, 5, all->shares[all->count].handle, sizeof all->shares[0].handle);
    all->count++;
    return LEDGER_OK;
}

/* The node's year that an instant lies in begins then. */
static int64_t year_start_us(struct ledger *l)
{
    int year, month, day;

    ledger_date_to_civil(ledger_today(l), &year, &month, &day);
    return ledger_day_start_us(l, ledger_date_from_civil(year, 1, 1));
}

/* Holds that are over count no more. What a member bore this year counts to its cap, whatever came back of it. */
static enum ledger_status read_sharers(struct ledger *l, const struct ledger_account *a,
                                       struct sharers *all)
{
    enum ledger_status status = ledger_each(
        l,
        "SELECT a.id, a.balance_minor, a.reserved_out_minor - coalesce((SELECT sum(h.amount_minor) "
        "FROM hold_open o JOIN hold h ON h.id = o.hold_id AND h.account_id = a.id WHERE "
        "o.account_id = a.id AND o.expires_at_us <= $4), 0), a.floor_minor, "
        "coalesce((SELECT sum(s.amount_minor) FROM default_share s JOIN default_end e ON "
        "e.default_id = s.default_id WHERE s.account_id = a.id AND e.at_us >= $3), 0), "
        "coalesce(i.handle, 'erased-' || a.member_id) FROM account a "
        "JOIN member m ON m.id = a.member_id "
        "LEFT JOIN member_identity i ON i.member_id = a.member_id "
        "WHERE a.currency_id = $1 AND a.id <> $2 AND m.state = 'active' AND "
        "m.kind IN ('coop', 'person') ORDER BY a.id",
        STORE_ARGS(store_int(a->currency_id), store_int(a->id), store_int(year_start_us(l)),
                   store_int(ledger_now_us(l))),
        read_sharer, all);
    if (status == LEDGER_TOO_MANY_SHARERS)
        return ledger_refuse(l, status, "more than %d members would share: set an order of funds",
                             LEDGER_SHARERS_MAX);
    return status;
}

static void keep(struct ledger_default_plan *plan, const struct ledger_default_share *share,
                 int step, int64_t amount_minor)
{
    struct ledger_default_share *s = &plan->shares[plan->count];

    if (amount_minor == 0)
        return;
    *s = *share;
    s->step = step;
    s->amount_minor = amount_minor;
    plan->uncovered_minor -= amount_minor;
    plan->count++;
}

static enum ledger_status share_among(struct ledger *l, const struct ledger_account *a, int step,
                                      int64_t most_minor, struct ledger_default_plan *plan)
{
    struct sharers all = {.weight = plan->order.weight, .cap_minor = plan->order.cap_minor};
    enum ledger_status status = LEDGER_NO_MEMORY;

    all.portions = calloc(LEDGER_SHARERS_MAX, sizeof *all.portions);
    all.shares = calloc(LEDGER_SHARERS_MAX, sizeof *all.shares);
    if (!all.portions || !all.shares)
        goto done;
    status = read_sharers(l, a, &all);
    if (status != LEDGER_OK)
        goto done;
    (void)ledger_apportion(most_minor, all.portions, (size_t)all.count);
    for (int i = 0; i < all.count; i++)
        keep(plan, &all.shares[i], step, all.portions[i].part_minor);
done:
    free(all.portions);
    free(all.shares);
    return status;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What it has above zero, or down to its floor; holds come first. */
static enum ledger_status ask_fund(struct ledger *l, int step, int64_t most_minor,
                                   struct ledger_default_plan *plan)
{
    const struct ledger_guarantee_step *s = &plan->order.steps[step - 1];
    struct ledger_default_share share = {.account_id = s->account_id};
    struct ledger_account fund;

    LEDGER_TRY(ledger_account_get(l, s->account_id, &fund));
    LEDGER_TRY(ledger_account_refresh(l, &fund));
    int64_t has_minor = ledger_account_available(&fund);
    if (!s->to_limit)
        has_minor = least(has_minor, fund.balance_minor - fund.reserved_out_minor);
    if (has_minor <= 0 || fund.member_state == LEDGER_LEFT)
        return LEDGER_OK;
    memcpy(share.handle, fund.handle, sizeof share.handle);
    keep(plan, &share, step, least(has_minor, most_minor));
    return LEDGER_OK;
}

static enum ledger_status fill(struct ledger *l, const struct ledger_account *a,
                               struct ledger_default_plan *plan)
{
    for (int step = 1; step <= plan->order.step_count && plan->uncovered_minor; step++) {
        const struct ledger_guarantee_step *s = &plan->order.steps[step - 1];
        int64_t most_minor =
            plan->owed_minor / LEDGER_GUARANTEE_POINTS * s->points +
            plan->owed_minor % LEDGER_GUARANTEE_POINTS * s->points / LEDGER_GUARANTEE_POINTS;
        most_minor = least(most_minor, plan->uncovered_minor);
        LEDGER_TRY(s->account_id ? ask_fund(l, step, most_minor, plan)
                                 : share_among(l, a, step, most_minor, plan));
    }
    return LEDGER_OK;
}

enum ledger_status ledger_default_plan(struct ledger *l, int64_t account_id,
                                       struct ledger_default_plan *plan)
{
    struct ledger_account a;

    plan->shares = NULL;
    plan->count = 0;
    LEDGER_TRY(ledger_account_get(l, account_id, &a));
    LEDGER_TRY(ledger_guarantee_now(l, a.currency_id, &plan->order));
    plan->owed_minor = a.balance_minor < 0 ? -a.balance_minor : 0;
    plan->uncovered_minor = plan->owed_minor;
    plan->shares = calloc(LEDGER_SHARERS_MAX + LEDGER_GUARANTEE_STEPS_MAX, sizeof *plan->shares);
    if (!plan->shares)
        return LEDGER_NO_MEMORY;
    return fill(l, &a, plan);
}

void ledger_default_plan_free(struct ledger_default_plan *plan)
{
    free(plan->shares);
    plan->shares = NULL;
}
