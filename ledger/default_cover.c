#include "default.h"

#include "apportion.h"
#include "handle.h"
#include "levy.h"
#include "transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Through the first fund of the order goes what members bear and have back. */
static int64_t clearing_account(const struct ledger_guarantee *g)
{
    for (int i = 0; i < g->step_count; i++)
        if (g->steps[i].account_id)
            return g->steps[i].account_id;
    return 0;
}

/* One leg for the debt, one for each fund; a negative sum pays the debt, a positive one is paid back. */
struct settling {
    struct ledger_leg legs[1 + LEDGER_GUARANTEE_STEPS_MAX];
    int leg_count;
};

static void add_leg(struct settling *s, int64_t account_id, int64_t amount_minor)
{
    for (int i = 0; i < s->leg_count; i++) {
        if (s->legs[i].account_id == account_id) {
            s->legs[i].amount_minor += amount_minor;
            return;
        }
    }
    s->legs[s->leg_count++] = (struct ledger_leg){account_id, amount_minor};
}

/* Between one member and the clearing fund. The memo does not say whose default it is: the member reads it. */
static enum ledger_status post_member(struct ledger *l, const char *memo, int64_t payer_id,
                                      int64_t payee_id, int64_t amount_minor, int64_t *id)
{
    const struct ledger_leg legs[] = {{payer_id, -amount_minor}, {payee_id, amount_minor}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_WRITE_OFF, .memo = memo, .legs = legs, .leg_count = 2};

    return ledger_transfer_post(l, &draft, id);
}

static enum ledger_status post_settling(struct ledger *l, const struct settling *s,
                                        const char *memo, int64_t *id)
{
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_WRITE_OFF, .memo = memo, .legs = s->legs, .leg_count = s->leg_count};

    return ledger_transfer_post(l, &draft, id);
}

/* Members pay first, so that the fund has what it passes on. */
static enum ledger_status post_plan(struct ledger *l, const struct ledger_default *d,
                                    struct ledger_default_plan *plan, int64_t *transfer_id)
{
    int64_t fund_id = clearing_account(&plan->order);
    struct settling s = {.legs = {{d->account_id, plan->owed_minor}}, .leg_count = 1};
    char memo[60];

    snprintf(memo, sizeof memo, "your share in default %lld", (long long)d->id);
    for (int i = 0; i < plan->count; i++) {
        struct ledger_default_share *share = &plan->shares[i];
        add_leg(&s, share->members ? fund_id : share->account_id, -share->amount_minor);
        if (share->members)
            LEDGER_TRY(post_member(l, memo, share->account_id, fund_id, share->amount_minor,
                                   &share->transfer_id));
    }
    LEDGER_TRY(post_settling(l, &s, d->reason, transfer_id));
    for (int i = 0; i < plan->count; i++)
        if (!plan->shares[i].members)
            plan->shares[i].transfer_id = *transfer_id;
    return LEDGER_OK;
}

static enum ledger_status record_cover(struct ledger *l, const struct ledger_default *d,
                                       const struct ledger_default_plan *plan, int64_t transfer_id,
                                       const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO default_end (default_id, guarantee_id, amount_minor, at_us, actor, reason) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        STORE_ARGS(store_int(d->id), store_int(plan->order.id), store_int(plan->owed_minor),
                   store_int(at_us), store_text(why->actor), store_text(why->reason))));
    for (int i = 0; i < plan->count; i++)
        LEDGER_TRY(ledger_exec(
            l,
            "INSERT INTO default_share (default_id, account_id, step, amount_minor, transfer_id) "
            "VALUES ($1, $2, $3, $4, $5)",
            STORE_ARGS(store_int(d->id), store_int(plan->shares[i].account_id),
                       store_int(plan->shares[i].step), store_int(plan->shares[i].amount_minor),
                       store_int(plan->shares[i].transfer_id))));
    return ledger_exec(l,
                       "INSERT INTO write_off (transfer_id, account_id, amount_minor, default_id) "
                       "VALUES ($1, $2, $3, $4)",
                       STORE_ARGS(store_int(transfer_id), store_int(d->account_id),
                                  store_int(plan->owed_minor), store_int(d->id)));
}

static enum ledger_status check_owes(struct ledger *l, const struct ledger_default *d)
{
    struct ledger_account a;

    LEDGER_TRY(ledger_account_get(l, d->account_id, &a));
    if (a.balance_minor < 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_AMOUNT_NOT_POSITIVE,
                         "the %s account of %s is no longer below zero: withdraw the default",
                         d->code, d->handle);
}

static enum ledger_status check_plan(struct ledger *l, const struct ledger_default *d,
                                     const struct ledger_default_plan *plan)
{
    char amount[LEDGER_AMOUNT_TEXT];

    if (plan->uncovered_minor == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_COVERED,
                         "those who pay by the order that is set cannot pay %s %s of it: set "
                         "another order, or fill a fund",
                         ledger_amount_format(plan->uncovered_minor, d->scale, amount), d->code);
}

static enum ledger_status check_cover(struct ledger *l, const struct ledger_default *d,
                                      bool on_paper, const struct ledger_why *why)
{
    if (d->state != LEDGER_DEFAULT_DECLARED)
        return ledger_refuse(l, LEDGER_DEFAULT_ENDED, "default %lld is %s already",
                             (long long)d->id, ledger_default_state_name(d->state));
    if (on_paper || strcmp(d->actor, why->actor) != 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_SECOND_PERSON,
                         "who declared default %lld does not cover it too: it takes a second "
                         "person",
                         (long long)d->id);
}

enum ledger_status ledger_default_cover(struct ledger *l, int64_t id, bool on_paper,
                                        const struct ledger_why *why)
{
    struct ledger_default d;
    struct ledger_default_plan plan;
    int64_t transfer_id;
    char reason[40];

    LEDGER_TRY(ledger_default_get(l, id, &d));
    LEDGER_TRY(check_cover(l, &d, on_paper, why));
    LEDGER_TRY(check_owes(l, &d));
    enum ledger_status status = ledger_default_plan(l, d.account_id, &plan);
    if (status == LEDGER_OK)
        status = check_plan(l, &d, &plan);
    if (status == LEDGER_OK)
        status = post_plan(l, &d, &plan, &transfer_id);
    if (status == LEDGER_OK)
        status = record_cover(l, &d, &plan, transfer_id, why);
    ledger_default_plan_free(&plan);
    LEDGER_TRY(status);
    snprintf(reason, sizeof reason, "covered as default %lld", (long long)id);
    return ledger_levy_waive(l, d.account_id, reason);
}

/* What one has not back, of those who bore it. */
struct bearer {
    int64_t account_id;
    int step;
    bool members;
    int64_t left_minor;
    int64_t back_minor; /* of what is paid now */
    int64_t transfer_id;
};

struct bearers {
    struct bearer *of;
    int count;
};

/* Members that have left are passed over: nothing can be paid to them. */
static enum ledger_status read_bearer(void *into, const struct store_row *row)
{
    struct bearers *all = into;

    all->of[all->count++] = (struct bearer){.account_id = store_row_int(row, 0),
                                            .step = (int)store_row_int(row, 1),
                                            .members = store_row_int(row, 2) != 0,
                                            .left_minor = store_row_int(row, 3)};
    return LEDGER_OK;
}

static enum ledger_status read_bearers(struct ledger *l, int64_t id, struct bearers *all)
{
    return ledger_each(
        l,
        "SELECT s.account_id, s.step, g.account_id IS NULL, s.amount_minor - coalesce((SELECT "
        "sum(b.amount_minor) FROM default_recovery r JOIN default_recovery_share b ON "
        "b.recovery_id = r.id AND b.account_id = s.account_id WHERE r.default_id = s.default_id), "
        "0) FROM default_share s JOIN default_end e ON e.default_id = s.default_id "
        "JOIN guarantee_step g ON g.guarantee_id = e.guarantee_id AND g.step = s.step "
        "JOIN account a ON a.id = s.account_id JOIN member m ON m.id = a.member_id "
        "WHERE s.default_id = $1 AND m.state <> 'left' ORDER BY s.step DESC, s.account_id",
        STORE_ARGS(store_int(id)), read_bearer, all);
}

/* `of` is one step's. Returns what is left for the steps before it. */
static int64_t give_back(struct bearer *of, int count, int64_t amount_minor,
                         struct ledger_portion *portions)
{
    for (int i = 0; i < count; i++)
        portions[i] =
            (struct ledger_portion){.weight = of[i].left_minor, .most_minor = of[i].left_minor};
    int64_t rest_minor = ledger_apportion(amount_minor, portions, (size_t)count);
    for (int i = 0; i < count; i++)
        of[i].back_minor = portions[i].part_minor;
    return rest_minor;
}

static int64_t give_all_back(struct bearers *all, int64_t amount_minor,
                             struct ledger_portion *portions)
{
    for (int i = 0, next; i < all->count; i = next) {
        for (next = i + 1; next < all->count && all->of[next].step == all->of[i].step;)
            next++;
        amount_minor = give_back(&all->of[i], next - i, amount_minor, portions);
    }
    return amount_minor;
}

static enum ledger_status fund_of(struct ledger *l, int64_t id, int64_t *fund_id)
{
    return ledger_first(l,
                        "SELECT g.account_id FROM default_end e JOIN guarantee_step g ON "
                        "g.guarantee_id = e.guarantee_id WHERE e.default_id = $1 AND "
                        "g.account_id IS NOT NULL ORDER BY g.step LIMIT 1",
                        STORE_ARGS(store_int(id)), ledger_read_int, fund_id);
}

static enum ledger_status post_recovery(struct ledger *l, const struct ledger_default *d,
                                        struct bearers *all, int64_t amount_minor,
                                        const char *reason, int64_t *transfer_id)
{
    struct settling s = {.legs = {{d->account_id, -amount_minor}}, .leg_count = 1};
    int64_t fund_id;
    char memo[60];

    LEDGER_TRY(fund_of(l, d->id, &fund_id));
    snprintf(memo, sizeof memo, "back of your share in default %lld", (long long)d->id);
    for (int i = 0; i < all->count; i++)
        if (all->of[i].back_minor)
            add_leg(&s, all->of[i].members ? fund_id : all->of[i].account_id,
                    all->of[i].back_minor);
    LEDGER_TRY(post_settling(l, &s, reason, transfer_id));
    for (int i = 0; i < all->count; i++) {
        struct bearer *b = &all->of[i];
        b->transfer_id = *transfer_id;
        if (b->members && b->back_minor)
            LEDGER_TRY(
                post_member(l, memo, fund_id, b->account_id, b->back_minor, &b->transfer_id));
    }
    return LEDGER_OK;
}

static enum ledger_status record_recovery(struct ledger *l, int64_t default_id,
                                          const struct bearers *all, int64_t amount_minor,
                                          int64_t transfer_id, const struct ledger_why *why)
{
    int64_t id, at_us;

    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM default_recovery", &id));
    LEDGER_TRY(ledger_exec(
        l,
        "INSERT INTO default_recovery (id, default_id, amount_minor, transfer_id, at_us, actor, "
        "reason) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        STORE_ARGS(store_int(id), store_int(default_id), store_int(amount_minor),
                   store_int(transfer_id), store_int(at_us), store_text(why->actor),
                   store_text(why->reason))));
    for (int i = 0; i < all->count; i++) {
        if (all->of[i].back_minor == 0)
            continue;
        LEDGER_TRY(ledger_exec(
            l,
            "INSERT INTO default_recovery_share (recovery_id, account_id, amount_minor, "
            "transfer_id) VALUES ($1, $2, $3, $4)",
            STORE_ARGS(store_int(id), store_int(all->of[i].account_id),
                       store_int(all->of[i].back_minor), store_int(all->of[i].transfer_id))));
    }
    return LEDGER_OK;
}

static enum ledger_status recover(struct ledger *l, const struct ledger_default *d,
                                  int64_t amount_minor, const struct ledger_why *why,
                                  struct bearers *all, struct ledger_portion *portions)
{
    int64_t transfer_id;
    char left[LEDGER_AMOUNT_TEXT];

    LEDGER_TRY(read_bearers(l, d->id, all));
    int64_t rest_minor = give_all_back(all, amount_minor, portions);
    if (rest_minor)
        return ledger_refuse_field(l, LEDGER_OVER_RECOVERY, "amount",
                                   "%s %s is left to give back of default %lld",
                                   ledger_amount_format(amount_minor - rest_minor, d->scale, left),
                                   d->code, (long long)d->id);
    LEDGER_TRY(post_recovery(l, d, all, amount_minor, why->reason, &transfer_id));
    return record_recovery(l, d->id, all, amount_minor, transfer_id, why);
}

static enum ledger_status check_recover(struct ledger *l, int64_t id, int64_t amount_minor,
                                        const struct ledger_why *why, struct ledger_default *d)
{
    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_default_get(l, id, d));
    if (d->state != LEDGER_DEFAULT_COVERED)
        return ledger_refuse(l, LEDGER_DEFAULT_OPEN, "default %lld is %s: nobody has paid for it",
                             (long long)id, ledger_default_state_name(d->state));
    if (amount_minor < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                                   "what is given back is more than zero");
    return LEDGER_OK;
}

enum ledger_status ledger_default_recover(struct ledger *l, int64_t id, int64_t amount_minor,
                                          const struct ledger_why *why)
{
    struct ledger_default d;
    struct bearers all = {.count = 0};
    struct ledger_portion *portions = NULL;
    enum ledger_status status = LEDGER_NO_MEMORY;

    LEDGER_TRY(check_recover(l, id, amount_minor, why, &d));
    all.of = calloc(LEDGER_SHARERS_MAX + LEDGER_GUARANTEE_STEPS_MAX, sizeof *all.of);
    portions = calloc(LEDGER_SHARERS_MAX, sizeof *portions);
    if (all.of && portions)
        status = recover(l, &d, amount_minor, why, &all, portions);
    free(all.of);
    free(portions);
    return status;
}
