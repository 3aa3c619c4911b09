#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/credit.h"
#include "ledger/date.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define RATE_SCALE 6
#define OUTSIDE_SCALE 2
#define WARNING_DAYS 30
#define LAST_WARNING_DAYS 7

/* The two accounts of a grant or redemption; both are opened on first use. */
static enum ledger_status read_pair(struct ledger *l, struct api_call *call,
                                    struct ledger_currency *c, struct ledger_account *fund,
                                    struct ledger_account *member)
{
    const struct ledger_why why = api_why(call, NULL);

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), c));
    LEDGER_TRY(ledger_account_need(l, api_text(call, "fund"), c->code, &why, fund));
    return ledger_account_need(l, api_text(call, "member"), c->code, &why, member);
}

enum ledger_status op_credits_granted(struct ledger *l, struct api_call *call, json_t **out)
{
    int32_t expires_on;

    LEDGER_TRY(op_transfer_posted(l, call, out));
    LEDGER_TRY(ledger_lot_expiry_of(l, call->subject, &expires_on));
    json_object_set_new(*out, "expires", api_json_day(expires_on));
    return LEDGER_OK;
}

enum ledger_status op_credits_grant(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_grant g = {.purpose = api_text(call, "purpose")};
    struct ledger_currency c;
    struct ledger_account fund;
    struct ledger_account member;

    (void)out;
    LEDGER_TRY(read_pair(l, call, &c, &fund, &member));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &g.amount_minor));
    api_date(call, "expires", &g.expires_on);
    g.fund_account_id = fund.id;
    g.account_id = member.id;
    return ledger_credit_grant(l, &g, &call->subject);
}

static const char *state_of(const struct ledger_lot *lot, int32_t today)
{
    if (lot->left_minor == 0)
        return "spent";
    return lot->expires_on < today ? "expired" : "good";
}

static json_t *shape(const struct ledger_lot *lot, int32_t today)
{
    bool expires = lot->expires_on < LEDGER_LOT_NEVER;

    return json_pack("{s:s, s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "member",
                     lot->handle, "lot", (json_int_t)lot->id, "currency", lot->code, "origin",
                     ledger_lot_origin_name(lot->origin), "fund",
                     lot->fund[0] ? json_string(lot->fund) : json_null(), "amount",
                     api_json_amount(lot->amount_minor, lot->scale), "left",
                     api_json_amount(lot->left_minor, lot->scale), "held",
                     api_json_amount(lot->pinned_minor, lot->scale), "expires",
                     expires ? api_json_day(lot->expires_on) : json_null(), "state",
                     state_of(lot, today), "transfer", api_json_id(lot->transfer_id));
}

/* The purpose is a memo: the parties and a steward see it (docs/decisions/0006). */
static enum ledger_status add_lot(void *ctx, const struct ledger_lot *lot)
{
    struct api_page *page = ctx;
    json_t *item = shape(lot, ledger_today(page->l));

    if (!(page->call->roles & (LEDGER_TREASURER | LEDGER_AUDITOR)) ||
        (page->call->roles & LEDGER_STEWARD))
        json_object_set_new(item, "purpose", json_string(lot->purpose));
    return api_page_add(page, item, lot->expires_on, lot->id);
}

static enum ledger_status add_warning(void *ctx, const struct ledger_lot *lot)
{
    struct api_page *page = ctx;
    int32_t today = ledger_today(page->l);
    int days = lot->expires_on - today;
    json_t *item = shape(lot, today);

    json_object_set_new(item, "days", json_integer(days));
    json_object_set_new(item, "warning",
                        days <= LAST_WARNING_DAYS ? json_integer(LAST_WARNING_DAYS)
                        : days <= WARNING_DAYS    ? json_integer(WARNING_DAYS)
                                                  : json_null());
    return api_page_add(page, item, lot->expires_on, lot->id);
}

static enum ledger_status list(struct ledger *l, struct api_call *call,
                               struct ledger_lot_filter *filter, ledger_lot_reader *add,
                               json_t **out)
{
    const char *currency = api_text(call, "currency");
    struct ledger_currency c;
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter->member_id));
    if (currency) {
        LEDGER_TRY(ledger_currency_find(l, currency, &c));
        filter->currency_id = c.id;
    }
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter->after_on = (int32_t)page.after[0];
    filter->after_id = page.after[1];
    filter->limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_lot_each(l, filter, add, &page), out);
}

enum ledger_status op_credits_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_lot_filter filter = {.expires_by = LEDGER_LOT_NEVER,
                                       .spent_too = api_flag(call, "all")};

    return list(l, call, &filter, add_lot, out);
}

enum ledger_status op_credits_warnings(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_lot_filter filter = {
        .expires_by = ledger_today(l) + (int32_t)api_integer(call, "days", WARNING_DAYS)};

    return list(l, call, &filter, add_warning, out);
}

/* Kept in the register: without the reference, which can be erased. */
static json_t *shape_redemption(const struct api_call *call, const struct ledger_redemption *r,
                                int scale, int in_scale)
{
    return json_pack("{s:I, s:s, s:s, s:o, s:s, s:o, s:o, s:s}", "transfer",
                     (json_int_t)r->transfer_id, "member", api_text(call, "member"), "fund",
                     api_text(call, "fund"), "amount", api_json_amount(r->amount_minor, scale),
                     "currency", api_text(call, "currency"), "rate",
                     api_json_amount(r->rate.value_micro, RATE_SCALE), "value",
                     api_json_amount(r->value_minor, in_scale), "in", r->rate.unit);
}

enum ledger_status op_credits_redeem(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_redemption r = {.reference = api_text(call, "reference")};
    struct ledger_currency c;
    struct ledger_currency in = {.scale = OUTSIDE_SCALE};
    struct ledger_account fund;
    struct ledger_account member;

    LEDGER_TRY(read_pair(l, call, &c, &fund, &member));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &r.amount_minor));
    r.account_id = member.id;
    r.fund_account_id = fund.id;
    LEDGER_TRY(ledger_credit_redeem(l, &r, &why));
    if (r.rate.in_currency_id)
        LEDGER_TRY(ledger_currency_get(l, r.rate.in_currency_id, &in));
    call->subject = r.transfer_id;
    *out = shape_redemption(call, &r, c.scale, in.scale);
    return LEDGER_OK;
}

/* A word that is a currency of the node is that one; any other is a unit outside. */
static enum ledger_status read_unit(struct ledger *l, struct ledger_credit_rate *r,
                                    const char *unit)
{
    struct ledger_currency c;
    enum ledger_status status = ledger_currency_find(l, unit, &c);

    snprintf(r->unit, sizeof r->unit, "%s", unit);
    if (status == LEDGER_OK)
        r->in_currency_id = c.id;
    return status == LEDGER_NO_SUCH_CURRENCY ? LEDGER_OK : status;
}

enum ledger_status op_credits_rate(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const struct ledger_currency micro = {.scale = RATE_SCALE};
    struct ledger_credit_rate r = {.from_on = ledger_today(l)};
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_currency_amount(l, &micro, "value", api_text(call, "value"),
                                      LEDGER_AMOUNT_POSITIVE, &r.value_micro));
    LEDGER_TRY(read_unit(l, &r, api_text(call, "in")));
    api_date(call, "from", &r.from_on);
    r.currency_id = c.id;
    LEDGER_TRY(ledger_credit_rate_set(l, &r, &why));
    call->subject = r.id;
    *out = json_pack("{s:s, s:o, s:o, s:s}", "code", c.code, "from", api_json_day(r.from_on),
                     "value", api_json_amount(r.value_micro, RATE_SCALE), "in", r.unit);
    return LEDGER_OK;
}

static json_t *shape_flow(const struct ledger_fund_flow *f, int scale)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "opening",
        api_json_amount(f->opening_minor, scale), "granted",
        api_json_amount(f->granted_minor, scale), "paid", api_json_amount(f->paid_minor, scale),
        "expired", api_json_amount(f->expired_minor, scale), "given_back",
        api_json_amount(f->given_back_minor, scale), "redeemed",
        api_json_amount(f->redeemed_minor, scale), "settled",
        api_json_amount(f->settled_minor, scale), "other", api_json_amount(f->other_minor, scale),
        "closing", api_json_amount(f->closing_minor, scale));
}

enum ledger_status op_credits_fund(struct ledger *l, struct api_call *call, json_t **out)
{
    int32_t from = ledger_day_of(l, ledger_created_at_us(l));
    int32_t to = ledger_today(l);
    struct ledger_account a;
    struct ledger_fund_flow flow;

    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), api_text(call, "currency"), &a));
    if (!a.training)
        return api_refuse(call, LEDGER_NOT_TRAINING, "currency",
                          "%s is not a currency of training credits", a.code);
    if (a.member_kind != LEDGER_FUND)
        return api_refuse(call, LEDGER_MEMBER_STATE, "member",
                          "%s is no fund: see its lots with credits list", a.handle);
    api_date(call, "from", &from);
    api_date(call, "to", &to);
    LEDGER_TRY(ledger_credit_flow(l, a.id, from, to, &flow));
    *out = shape_flow(&flow, a.scale);
    json_object_set_new(*out, "account", json_sprintf("%s:%s", a.handle, a.code));
    json_object_set_new(*out, "from", api_json_day(from));
    json_object_set_new(*out, "to", api_json_day(to));
    return LEDGER_OK;
}
