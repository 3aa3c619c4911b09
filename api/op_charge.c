#include "args.h"
#include "ops.h"
#include "shape.h"
#include "standing.h"

#include "ledger/charge.h"
#include "ledger/currency.h"

#include <stdio.h>

static json_t *shape(const struct api_call *call, const struct ledger_charge *c)
{
    char text[LEDGER_CADENCE_TEXT];
    char on[LEDGER_CADENCE_DAY_TEXT];
    json_t *o =
        json_pack("{s:I, s:s, s:s, s:o, s:s, s:s, s:s, s:i, s:o, s:o}", "charge", (json_int_t)c->id,
                  "state", c->withdrawn_at_us ? "withdrawn" : "open", "payee", c->payee, "amount",
                  api_json_amount(c->amount_minor, c->scale), "currency", c->code, "when",
                  ledger_cadence_format(&c->cadence, text), "every",
                  ledger_cadence_unit_name(c->cadence.unit), "interval", c->cadence.every, "on",
                  c->cadence.day == LEDGER_CADENCE_UNSAID
                      ? json_null()
                      : json_string(ledger_cadence_day_format(&c->cadence, on)),
                  "offered", api_json_time(c->offered_at_us));

    if (!o)
        return NULL;
    if (c->erased)
        json_object_set_new(o, "erased", json_true());
    json_object_set_new(o, "title", json_string(c->title));
    json_object_set_new(o, "words", json_string(c->words));
    if (api_may_see(call, c->payee_member_id))
        json_object_set_new(o, "agreements", json_integer(c->agreements));
    if (c->withdrawn_at_us)
        json_object_set_new(o, "reason", json_string(c->reason));
    return o;
}

static enum ledger_status done(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_charge c;

    LEDGER_TRY(ledger_charge_get(l, call->subject, &c));
    *out = shape(call, &c);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_charge_offer(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    const char *words = api_text(call, "words");
    struct ledger_charge charge = {.id = 0};
    struct ledger_currency c;

    LEDGER_TRY(api_take_cadence(l, call, &charge.cadence));
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &charge.amount_minor));
    LEDGER_TRY(ledger_account_number(l, api_text(call, "member"), &c, &why, &charge.payee_id));
    snprintf(charge.title, sizeof charge.title, "%s", api_text(call, "title"));
    snprintf(charge.words, sizeof charge.words, "%s", words ? words : "");
    LEDGER_TRY(ledger_charge_offer(l, &charge, call->actor));
    call->subject = charge.id;
    return done(l, call, out);
}

/* Its price is the offering member's to say, or the node's for it. */
static enum ledger_status get_own(struct ledger *l, struct api_call *call, struct ledger_charge *c)
{
    LEDGER_TRY(ledger_charge_get(l, api_integer(call, "id", 0), c));
    if ((call->roles & API_KEEPERS) || (call->member_id && call->member_id == c->payee_member_id))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED, "only who offers a charge changes it");
}

enum ledger_status op_charge_price(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_charge charge;
    struct ledger_currency c;
    int64_t amount_minor;

    LEDGER_TRY(get_own(l, call, &charge));
    LEDGER_TRY(ledger_currency_find(l, charge.code, &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &amount_minor));
    call->subject = charge.id;
    LEDGER_TRY(ledger_charge_price(l, charge.id, amount_minor, call->actor));
    return done(l, call, out);
}

enum ledger_status op_charge_withdraw(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_charge charge;

    LEDGER_TRY(get_own(l, call, &charge));
    call->subject = charge.id;
    LEDGER_TRY(ledger_charge_withdraw(l, charge.id, &why));
    return done(l, call, out);
}

enum ledger_status op_charge_agree(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_agreement a = {.charge_id = api_integer(call, "id", 0), .actor = call->actor};
    struct ledger_charge charge;
    struct ledger_currency c;

    LEDGER_TRY(ledger_charge_get(l, a.charge_id, &charge));
    LEDGER_TRY(ledger_currency_find(l, charge.code, &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &a.amount_minor));
    LEDGER_TRY(ledger_account_number(l, api_text(call, "from"), &c, &why, &a.payer_id));
    LEDGER_TRY(api_take_count(call, &a.count));
    api_date(call, "starts", &a.starts_on);
    api_date(call, "until", &a.until_on);
    LEDGER_TRY(ledger_charge_agree(l, &a, &call->subject));
    return api_standing_done(l, call, out);
}

/* Its agreements: all for who offers it, each payer's own for the payers. */
enum ledger_status op_charge_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_charge charge;
    struct ledger_standing_filter filter = {.live_only = true};
    struct api_page page;

    LEDGER_TRY(ledger_charge_get(l, api_integer(call, "id", 0), &charge));
    *out = shape(call, &charge);
    if (!*out)
        return LEDGER_NO_MEMORY;
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.charge_id = charge.id;
    filter.member_id = (call->roles & API_NODE_ROLES) ? 0 : call->member_id;
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_standing_each(l, &filter, api_add_standing, &page), out);
}

static enum ledger_status add(void *ctx, const struct ledger_charge *c)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->call, c), c->id, 0);
}

enum ledger_status op_charge_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_charge_filter filter = {.open_only = !api_flag(call, "all")};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_charge_each(l, &filter, add, &page), out);
}
