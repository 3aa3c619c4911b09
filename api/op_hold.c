#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/erasure.h"
#include "ledger/hold.h"
#include "ledger/hold_owner.h"

#include <string.h>

#define HOLD_DAYS_DEFAULT 7

static bool is_payee(const struct api_call *call, const struct ledger_hold *h)
{
    for (int i = 0; i < h->payee_count && call->handle[0]; i++)
        if (strcmp(h->payees[i].handle, call->handle) == 0)
            return true;
    return false;
}

static bool is_party(const struct api_call *call, const struct ledger_hold *h)
{
    return (call->handle[0] && strcmp(h->handle, call->handle) == 0) || is_payee(call, h);
}

static json_t *shape_payees(const struct ledger_hold *h)
{
    json_t *payees = json_array();

    for (int i = 0; i < h->payee_count; i++)
        json_array_append_new(payees,
                              json_pack("{s:s, s:o}", "payee", h->payees[i].handle, "amount",
                                        api_json_amount(h->payees[i].amount_minor, h->scale)));
    return payees;
}

static json_t *shape(const struct api_call *call, const struct ledger_hold *h)
{
    json_t *o = json_pack("{s:I, s:s, s:s, s:o, s:s, s:o, s:o, s:o}", "hold", (json_int_t)h->id,
                          "state", ledger_hold_state_name(h->state), "payer", h->handle, "amount",
                          api_json_amount(h->amount_minor, h->scale), "currency", h->code, "payees",
                          shape_payees(h), "placed", api_json_time(h->placed_at_us), "expires",
                          api_json_time(h->expires_at_us));

    if (h->state != LEDGER_HOLD_OPEN)
        json_object_set_new(o, "resolved", api_json_time(h->resolved_at_us));
    if (h->state == LEDGER_HOLD_CAPTURED) {
        json_object_set_new(o, "captured", api_json_amount(h->captured_minor, h->scale));
        json_object_set_new(o, "transfer", api_json_id(h->transfer_id));
    }
    if (h->erased)
        json_object_set_new(o, "erased", json_true());
    if ((call->roles & LEDGER_STEWARD) || is_party(call, h)) {
        json_object_set_new(o, "memo", json_string(h->memo));
        json_object_set_new(o, "reference", json_string(h->reference));
        if (h->state == LEDGER_HOLD_RELEASED)
            json_object_set_new(o, "reason", json_string(h->reason));
    }
    return o;
}

static enum ledger_status get_visible(struct ledger *l, struct api_call *call,
                                      struct ledger_hold *h)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_hold_get(l, id, h));
    if ((call->roles & API_NODE_ROLES) || is_party(call, h))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_HOLD, "there is no hold %lld", (long long)id);
}

/* A placed hold never changes: what was answered first is read back from its own row. */
enum ledger_status op_hold_placed(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_hold h;

    LEDGER_TRY(ledger_hold_get(l, call->subject, &h));
    h.state = LEDGER_HOLD_OPEN;
    *out = shape(call, &h);
    return LEDGER_OK;
}

static enum ledger_status read_payees(struct ledger *l, struct api_call *call,
                                      const struct ledger_currency *c, struct ledger_leg *legs)
{
    const struct ledger_why why = api_why(call, NULL);
    size_t i;
    json_t *payee;

    json_array_foreach((json_t *)api_items(call, "payees"), i, payee)
    {
        struct ledger_account a;
        enum ledger_status status = ledger_account_need(
            l, json_string_value(json_object_get(payee, "payee")), c->code, &why, &a);
        if (status == LEDGER_OK)
            status = ledger_currency_amount(l, c, "amount",
                                            json_string_value(json_object_get(payee, "amount")),
                                            LEDGER_AMOUNT_POSITIVE, &legs[i].amount_minor);
        if (status != LEDGER_OK)
            return ledger_blame(l, status, "payees", (int)i);
        legs[i].account_id = a.id;
    }
    return LEDGER_OK;
}

enum ledger_status op_hold_place(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    const char *expires_in = api_text(call, "expires_in");
    int64_t wait_us = HOLD_DAYS_DEFAULT * LEDGER_US_PER_DAY;
    struct ledger_leg legs[LEDGER_HOLD_PAYEES_MAX];
    struct ledger_hold_draft draft = {
        .memo = api_text(call, "memo"), .reference = api_text(call, "reference"), .payees = legs};
    struct ledger_currency c;
    struct ledger_account payer;

    (void)out;
    draft.payee_count = (int)json_array_size(api_items(call, "payees"));
    if (draft.payee_count > LEDGER_HOLD_PAYEES_MAX)
        return ledger_hold_place(l, &draft, &call->subject); /* which refuses it, first of all */
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_account_need(l, api_text(call, "from"), c.code, &why, &payer));
    LEDGER_TRY(read_payees(l, call, &c, legs));
    if (expires_in && ledger_duration_parse(expires_in, &wait_us) != LEDGER_OK)
        return LEDGER_TIME_MALFORMED;
    draft.account_id = payer.id;
    /* Where the journal is ahead of the clock, the hold is dated by the journal and would be over at once. */
    LEDGER_TRY(ledger_latest_us(l, &draft.expires_at_us));
    draft.expires_at_us += wait_us;
    return ledger_hold_place(l, &draft, &call->subject);
}

/* Who is to be paid decides what becomes of a hold: that is what it is for. */
static enum ledger_status get_to_resolve(struct ledger *l, struct api_call *call,
                                         struct ledger_hold *h)
{
    LEDGER_TRY(get_visible(l, call, h));
    if (!(call->roles & API_KEEPERS) && !is_payee(call, h))
        return ledger_refuse(l, LEDGER_NOT_ALLOWED,
                             "only who is to be paid can capture or release a hold");
    return ledger_hold_check_free(l, h->id);
}

enum ledger_status op_hold_capture(struct ledger *l, struct api_call *call, json_t **out)
{
    const char *amount = api_text(call, "amount");
    struct ledger_hold h;
    struct ledger_currency c;
    int64_t amount_minor = 0;

    (void)out;
    LEDGER_TRY(get_to_resolve(l, call, &h));
    LEDGER_TRY(ledger_currency_find(l, h.code, &c));
    if (amount)
        LEDGER_TRY(
            ledger_currency_amount(l, &c, "amount", amount, LEDGER_AMOUNT_POSITIVE, &amount_minor));
    return ledger_hold_capture(l, h.id, amount_minor, &call->subject);
}

enum ledger_status op_hold_release(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_hold h;

    LEDGER_TRY(get_to_resolve(l, call, &h));
    LEDGER_TRY(ledger_hold_release(l, h.id, api_text(call, "reason")));
    call->subject = h.id;
    return op_hold_show(l, call, out);
}

enum ledger_status op_hold_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_hold h;

    LEDGER_TRY(get_visible(l, call, &h));
    *out = shape(call, &h);
    return LEDGER_OK;
}

enum ledger_status op_hold_erase(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_erase_hold_text(l, call->subject, &why));
    call->erased = true;
    return op_hold_show(l, call, out);
}

static enum ledger_status add(void *ctx, const struct ledger_hold *h)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->call, h), h->id, 0);
}

enum ledger_status op_hold_list(struct ledger *l, struct api_call *call, json_t **out)
{
    const char *member = api_text(call, "member");
    const char *currency = api_text(call, "currency");
    struct ledger_hold_filter filter = {.open_only = api_flag(call, "open")};
    struct ledger_account a;
    struct api_page page;

    if (!member != !currency)
        return api_refuse(call, LEDGER_USAGE, member ? "currency" : "member",
                          member ? "say in which currency" : "say whose: a member and a currency");
    if (member) {
        LEDGER_TRY(ledger_account_find(l, member, currency, &a));
        filter.account_id = a.id;
    }
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_hold_each(l, &filter, add, &page), out);
}
