#include "credit.h"

#include "handle.h"
#include "provider.h"

#include <stdio.h>
#include <string.h>

#define OUTSIDE_SCALE 2

static enum ledger_status load_pair(struct ledger *l, int64_t fund_id, int64_t account_id,
                                    struct ledger_account *fund, struct ledger_account *a)
{
    LEDGER_TRY(ledger_account_get(l, fund_id, fund));
    LEDGER_TRY(ledger_account_get(l, account_id, a));
    if (!a->training || !fund->training)
        return ledger_refuse_field(l, LEDGER_NOT_TRAINING, "currency",
                                   "%s is not a currency of training credits", a->code);
    if (fund->member_kind != LEDGER_FUND)
        return ledger_refuse_field(l, LEDGER_MEMBER_STATE, "fund",
                                   "%s is a %s: training credits are granted and redeemed "
                                   "by a fund",
                                   fund->handle, ledger_member_kind_name(fund->member_kind));
    if (a->member_kind == LEDGER_FUND)
        return ledger_refuse_field(l, LEDGER_MEMBER_STATE, "member",
                                   "%s is a fund, and credits go to members", a->handle);
    return LEDGER_OK;
}

static enum ledger_status check_positive(struct ledger *l, int64_t amount_minor)
{
    if (amount_minor > 0)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                               "the amount must be more than zero");
}

static enum ledger_status check_expiry(struct ledger *l, int32_t expires_on)
{
    int32_t today = ledger_today(l);
    char first[LEDGER_DATE_TEXT];

    if (expires_on >= today && expires_on <= today + LEDGER_GRANT_DAYS_MAX)
        return LEDGER_OK;
    return ledger_refuse_field(
        l, LEDGER_EXPIRY_MALFORMED, "expires",
        "credits are good until %s or a later day, and for ten years at most",
        ledger_date_format(today, first));
}

enum ledger_status ledger_credit_grant(struct ledger *l, const struct ledger_grant *g,
                                       int64_t *transfer_id)
{
    struct ledger_account fund;
    struct ledger_account a;

    if (!g->purpose || g->purpose[0] == '\0')
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "purpose",
                                   "say what the credits are for: a grant has a purpose");
    LEDGER_TRY(load_pair(l, g->fund_account_id, g->account_id, &fund, &a));
    LEDGER_TRY(check_expiry(l, g->expires_on));
    LEDGER_TRY(check_positive(l, g->amount_minor));
    const struct ledger_leg legs[] = {{fund.id, -g->amount_minor}, {a.id, g->amount_minor}};
    const struct ledger_transfer_draft draft = {.kind = LEDGER_GRANT,
                                                .memo = g->purpose,
                                                .expires_on = g->expires_on,
                                                .legs = legs,
                                                .leg_count = 2};
    return ledger_transfer_post(l, &draft, transfer_id);
}

struct due_lot {
    int64_t id;
    int64_t account_id;
    int64_t fund_account_id;
    int64_t free_minor;
    int64_t expires_on;
};

static enum ledger_status read_due(void *into, const struct store_row *row)
{
    struct due_lot *d = into;

    *d = (struct due_lot){store_row_int(row, 0), store_row_int(row, 1), store_row_int(row, 2),
                          store_row_int(row, 3), store_row_int(row, 4)};
    return LEDGER_OK;
}

static enum ledger_status expire(struct ledger *l, const struct due_lot *d)
{
    const struct ledger_leg legs[] = {{d->account_id, -d->free_minor},
                                      {d->fund_account_id, d->free_minor}};
    const struct ledger_transfer_draft draft = {
        .kind = LEDGER_EXPIRY, .lot_id = d->id, .legs = legs, .leg_count = 2};
    int64_t id;

    return ledger_transfer_post(l, &draft, &id);
}

enum ledger_status ledger_credit_due(struct ledger *l, int64_t now_us, int64_t *count)
{
    struct due_lot d = {.expires_on = LEDGER_DAY_MIN - 1};

    *count = 0;
    for (int tries = 0; tries < LEDGER_CREDITS_DUE_MAX; tries++) {
        enum ledger_status status = ledger_first(
            l,
            "SELECT id, account_id, fund_account_id, left_minor - pinned_minor, expires_on "
            "FROM lot WHERE left_minor > 0 AND expires_on < 95026 AND expires_on < $1 AND "
            "(expires_on, id) > ($2, $3) AND left_minor > pinned_minor "
            "ORDER BY expires_on, id LIMIT 1",
            STORE_ARGS(store_int(ledger_day_of(l, now_us)), store_int(d.expires_on),
                       store_int(d.id)),
            read_due, &d);
        if (status == LEDGER_NO_ROW)
            return LEDGER_OK;
        LEDGER_TRY(status);
        status = expire(l, &d);
        if (ledger_status_is_fault(status))
            return status;
        *count += status == LEDGER_OK;
    }
    return LEDGER_OK;
}

static enum ledger_status check_rate(struct ledger *l, const struct ledger_credit_rate *r,
                                     const struct ledger_why *why)
{
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_get(l, r->currency_id, &c));
    if (c.kind != LEDGER_TRAINING)
        return ledger_refuse_field(l, LEDGER_NOT_TRAINING, "currency",
                                   "%s is not a currency of training credits", c.code);
    if (r->unit[0] == '\0')
        return ledger_refuse_field(
            l, LEDGER_TEXT_MALFORMED, "in",
            "name what it is redeemed in, such as GBP or a currency of the node");
    LEDGER_TRY(ledger_check_text(l, "in", r->unit, LEDGER_UNIT_MAX));
    if (r->in_currency_id == r->currency_id)
        return ledger_refuse_field(l, LEDGER_SAME_ACCOUNT, "in",
                                   "training credits are not redeemed in themselves");
    if (r->value_micro < 1)
        return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "value",
                                   "a rate is more than zero, such as 0.80");
    if (r->value_micro > LEDGER_AMOUNT_MAX)
        return ledger_refuse_field(l, LEDGER_AMOUNT_TOO_LARGE, "value",
                                   "a rate is at most 1000000000");
    if (r->from_on < ledger_today(l))
        return ledger_refuse_field(l, LEDGER_BACKDATED, "from",
                                   "a rate holds from today or a later day on");
    return ledger_check_reason(l, why->reason);
}

enum ledger_status ledger_credit_rate_set(struct ledger *l, struct ledger_credit_rate *r,
                                          const struct ledger_why *why)
{
    int64_t at_us;

    LEDGER_TRY(check_rate(l, r, why));
    LEDGER_TRY(ledger_tick(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM credit_rate", &r->id));
    return ledger_exec(
        l,
        "INSERT INTO credit_rate (id, currency_id, from_on, unit, in_currency_id, value_micro, "
        "at_us, actor, reason, authority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        STORE_ARGS(store_int(r->id), store_int(r->currency_id), store_int(r->from_on),
                   store_text(r->unit), store_int_or_null(r->in_currency_id, r->in_currency_id),
                   store_int(r->value_micro), store_int(at_us), store_text(why->actor),
                   store_text(why->reason), store_text(why->authority)));
}

static enum ledger_status read_rate(void *into, const struct store_row *row)
{
    struct ledger_credit_rate *r = into;

    *r = (struct ledger_credit_rate){.id = store_row_int(row, 0),
                                     .currency_id = store_row_int(row, 1),
                                     .from_on = (int32_t)store_row_int(row, 2),
                                     .in_currency_id = store_row_int(row, 4),
                                     .value_micro = store_row_int(row, 5)};
    store_row_copy(row, 3, r->unit, sizeof r->unit);
    return LEDGER_OK;
}

enum ledger_status ledger_credit_rate_at(struct ledger *l, int64_t currency_id, int32_t day,
                                         struct ledger_credit_rate *r)
{
    return ledger_first(l,
                        "SELECT id, currency_id, from_on, unit, in_currency_id, value_micro "
                        "FROM credit_rate WHERE currency_id = $1 AND from_on <= $2 "
                        "ORDER BY from_on DESC, id DESC LIMIT 1",
                        STORE_ARGS(store_int(currency_id), store_int(day)), read_rate, r);
}

/* Rounded down: whoever redeems in small pieces gains nothing by it. */
static enum ledger_status worth(struct ledger *l, const struct ledger_account *a,
                                struct ledger_redemption *r)
{
    struct ledger_currency in = {.scale = OUTSIDE_SCALE};

    if (r->rate.in_currency_id)
        LEDGER_TRY(ledger_currency_get(l, r->rate.in_currency_id, &in));
    __int128 value = (__int128)r->amount_minor * r->rate.value_micro * ledger_amount_one(in.scale) /
                     ((__int128)ledger_amount_one(a->scale) * 1000000);
    if (value > LEDGER_AMOUNT_MAX)
        return ledger_refuse(l, LEDGER_AMOUNT_OVERFLOW,
                             "that is worth more than the ledger counts");
    r->value_minor = (int64_t)value;
    if (r->value_minor > 0)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_AMOUNT_NOT_POSITIVE, "amount",
                               "at that rate it is worth less than the smallest amount of %s",
                               r->rate.unit);
}

static enum ledger_status check_redemption(struct ledger *l, struct ledger_redemption *r,
                                           struct ledger_account *fund, struct ledger_account *a)
{
    int32_t today = ledger_today(l);
    bool known;

    LEDGER_TRY(load_pair(l, r->fund_account_id, r->account_id, fund, a));
    LEDGER_TRY(ledger_provider_known(l, a->member_id, today, &known));
    if (!known)
        return ledger_refuse_field(l, LEDGER_NOT_A_PROVIDER, "member",
                                   "%s was never on the list of providers: a fund redeems "
                                   "what a provider earned",
                                   a->handle);
    enum ledger_status status = ledger_credit_rate_at(l, a->currency_id, today, &r->rate);
    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_CREDIT_RATE,
                             "no rate is set at which %s is redeemed: set one with credits rate",
                             a->code);
    LEDGER_TRY(status);
    LEDGER_TRY(check_positive(l, r->amount_minor));
    LEDGER_TRY(worth(l, a, r));
    if (r->rate.in_currency_id == 0 && (!r->reference || r->reference[0] == '\0'))
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, "reference",
                                   "%s is paid outside: say where, with a reference such as "
                                   "a bank receipt's number",
                                   r->rate.unit);
    return LEDGER_OK;
}

static enum ledger_status add_payment(struct ledger *l, const struct ledger_redemption *r,
                                      const struct ledger_account *fund,
                                      const struct ledger_account *a, const struct ledger_why *why,
                                      struct ledger_leg legs[2])
{
    struct ledger_currency in;
    struct ledger_account pays;
    struct ledger_account gets;

    LEDGER_TRY(ledger_currency_get(l, r->rate.in_currency_id, &in));
    LEDGER_TRY(ledger_account_need(l, fund->handle, in.code, why, &pays));
    LEDGER_TRY(ledger_account_need(l, a->handle, in.code, why, &gets));
    legs[0] = (struct ledger_leg){pays.id, -r->value_minor};
    legs[1] = (struct ledger_leg){gets.id, r->value_minor};
    return LEDGER_OK;
}

enum ledger_status ledger_credit_redeem(struct ledger *l, struct ledger_redemption *r,
                                        const struct ledger_why *why)
{
    struct ledger_account fund;
    struct ledger_account a;
    struct ledger_leg legs[4];
    struct ledger_transfer_draft draft = {
        .kind = LEDGER_REDEMPTION, .reference = r->reference, .legs = legs, .leg_count = 2};

    LEDGER_TRY(check_redemption(l, r, &fund, &a));
    legs[0] = (struct ledger_leg){a.id, -r->amount_minor};
    legs[1] = (struct ledger_leg){fund.id, r->amount_minor};
    if (r->rate.in_currency_id) {
        LEDGER_TRY(add_payment(l, r, &fund, &a, why, legs + 2));
        draft.leg_count = 4;
    }
    return ledger_transfer_post(l, &draft, &r->transfer_id);
}
