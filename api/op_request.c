#include "args.h"
#include "item.h"
#include "kept.h"
#include "ops.h"
#include "request.h"
#include "shape.h"

#include "ledger/erasure.h"
#include "ledger/offer_cite.h"
#include "ledger/request_pay.h"
#include "ledger/request_step.h"

#include <stdlib.h>

#define VALUE_SCALE 6

static bool is_party(const struct api_call *call, const struct ledger_request *r)
{
    return call->member_id && (call->member_id == r->payee_id || call->member_id == r->payer_id);
}

bool api_request_may_read(const struct api_call *call, const struct ledger_request *r)
{
    return (call->roles & LEDGER_STEWARD) || is_party(call, r);
}

static void shape_course(const struct ledger_request *r, json_t *o)
{
    json_object_set_new(o, "paid", api_json_amount(r->paid_minor, r->scale));
    json_object_set_new(o, "credited", api_json_amount(r->credited_minor, r->scale));
    json_object_set_new(o, "open", api_json_amount(r->open_minor, r->scale));
}

/* Most have none: said only where something was given back with a credit note. */
static void shape_refunded(const struct ledger_request *r, json_t *o)
{
    if (r->refunded_minor)
        json_object_set_new(o, "refunded", api_json_amount(r->refunded_minor, r->scale));
}

static void shape_outside(const struct ledger_request *r, json_t *o)
{
    const int scale = LEDGER_OUTSIDE_SCALE;

    json_object_set_new(o, "unit", json_string(r->unit));
    json_object_set_new(o, "equivalent", api_json_amount(r->value_micro, VALUE_SCALE));
    json_object_set_new(o, "outside", api_json_amount(r->outside_minor, scale));
    if (ledger_request_is_credit(r))
        return;
    json_object_set_new(o, "outside_paid", api_json_amount(r->paid_outside_minor, scale));
    json_object_set_new(o, "outside_credited", api_json_amount(r->credited_outside_minor, scale));
    json_object_set_new(o, "outside_open", api_json_amount(r->open_outside_minor, scale));
}

static void shape_words(const struct api_call *call, const struct ledger_request *r, json_t *o)
{
    if (r->erased) {
        json_object_set_new(o, "erased", json_true());
    } else if (api_request_may_read(call, r)) {
        json_object_set_new(o, "note", json_string(r->note));
        json_object_set_new(o, "reference", json_string(r->reference));
    }
}

json_t *api_request_shape(const struct ledger *l, const struct api_call *call,
                          const struct ledger_request *r)
{
    bool credit = ledger_request_is_credit(r);
    json_t *o = json_pack(
        "{s:I, s:s, s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "request",
        (json_int_t)r->id, "kind", credit ? "credit-note" : "invoice", "number",
        (json_int_t)r->number, "state", ledger_request_state(l, r), "payee", r->payee, "payer",
        r->payer, "currency", r->code, "asked", api_json_time(r->asked_at_us), "issued",
        api_json_day(r->issued_on), "supplied", api_json_day(r->supplied_on), "net",
        api_json_amount(r->net_minor, r->scale), "tax", api_json_amount(r->tax_minor, r->scale),
        "gross", api_json_amount(r->gross_minor, r->scale), "payable",
        api_json_amount(r->ledger_minor, r->scale));

    if (!o)
        return NULL;
    if (credit) {
        json_object_set_new(o, "corrects", api_json_id(r->corrects_id));
    } else {
        json_object_set_new(o, "due", api_json_day(r->due_on));
        json_object_set_new(o, "expires",
                            r->expires_on == INT32_MAX ? json_null() : api_json_day(r->expires_on));
        json_object_set_new(o, "overdue", json_boolean(ledger_request_is_overdue(l, r)));
        shape_course(r, o);
    }
    shape_refunded(r, o);
    if (r->outside_minor)
        shape_outside(r, o);
    if (r->preapproval_id)
        json_object_set_new(o, "preapproval", api_json_id(r->preapproval_id));
    shape_words(call, r, o);
    return o;
}

enum ledger_status api_request_visible(struct ledger *l, struct api_call *call,
                                       struct ledger_request *r)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_request_get(l, id, r));
    if ((call->roles & API_NODE_ROLES) || is_party(call, r))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_REQUEST, "there is no request %lld", (long long)id);
}

static enum ledger_status visible_to(struct ledger *l, struct api_call *call, bool payer,
                                     struct ledger_request *r)
{
    LEDGER_TRY(api_request_visible(l, call, r));
    if ((call->roles & API_KEEPERS) || call->member_id == (payer ? r->payer_id : r->payee_id))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED,
                         payer ? "that is for who is asked to pay" : "that is for who asks");
}

static enum ledger_status answer(struct ledger *l, struct api_call *call, int64_t id, json_t **out)
{
    struct ledger_request r;

    LEDGER_TRY(ledger_request_get(l, id, &r));
    *out = api_request_shape(l, call, &r);
    api_tells_of(call, "request", id);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status answer_paid(struct ledger *l, struct api_call *call, int64_t id,
                                      json_t **out)
{
    LEDGER_TRY(answer(l, call, id, out));
    json_object_set_new(*out, "transfer", api_json_id(call->subject));
    return LEDGER_OK;
}

static const char *const line_keys[] = {"text", "quantity", "price", "tax", NULL};
static const struct api_item_form line_form = {"a line", line_keys, 0};

static enum ledger_status read_price(struct ledger *l, const struct ledger_currency *c,
                                     const char *field, const char *text, int64_t *price_minor)
{
    if (!text)
        return ledger_refuse_field(l, LEDGER_MISSING_PARAMETER, field, "a line needs its %s",
                                   field);
    return ledger_currency_amount(l, c, field, text, LEDGER_AMOUNT_SIGNED, price_minor);
}

static enum ledger_status read_line(struct ledger *l, const struct ledger_currency *c,
                                    const json_t *row, struct ledger_request_line *line)
{
    const char *quantity = json_string_value(json_object_get(row, "quantity"));
    const char *tax = json_string_value(json_object_get(row, "tax"));

    LEDGER_TRY(api_item_check(l, row, &line_form));
    *line = (struct ledger_request_line){.words = json_string_value(json_object_get(row, "text")),
                                         .quantity_milli = 1000};
    if (quantity)
        LEDGER_TRY(ledger_quantity_parse(l, quantity, &line->quantity_milli));
    if (tax)
        LEDGER_TRY(ledger_tax_rate_parse(l, tax, &line->tax_points));
    return read_price(l, c, "price", json_string_value(json_object_get(row, "price")),
                      &line->price_minor);
}

/* `--text bread --amount 12.50 --tax 20` */
static enum ledger_status read_short(struct ledger *l, struct api_call *call,
                                     const struct ledger_currency *c,
                                     struct ledger_request_line *line)
{
    const char *tax = api_text(call, "tax");

    *line = (struct ledger_request_line){.words = api_text(call, "text"), .quantity_milli = 1000};
    if (tax)
        LEDGER_TRY(ledger_tax_rate_parse(l, tax, &line->tax_points));
    return read_price(l, c, "amount", api_text(call, "amount"), &line->price_minor);
}

static enum ledger_status read_rows(struct ledger *l, const struct ledger_currency *c,
                                    const json_t *rows, struct ledger_request_draft *d)
{
    size_t i;
    json_t *row;

    d->line_count = (int)json_array_size(rows);
    if (d->line_count > LEDGER_REQUEST_LINES_MAX)
        return LEDGER_OK; /* the engine refuses so many before it reads one */
    json_array_foreach((json_t *)rows, i, row)
    {
        enum ledger_status status = read_line(l, c, row, &d->lines[i]);
        if (status != LEDGER_OK)
            return ledger_request_line_blame(l, status, (int)i);
    }
    return LEDGER_OK;
}

static enum ledger_status read_lines(struct ledger *l, struct api_call *call,
                                     const struct ledger_currency *c,
                                     struct ledger_request_draft *d)
{
    bool is_short = api_given(call, "text") || api_given(call, "amount") || api_given(call, "tax");
    const json_t *rows = api_items(call, "lines");

    if (is_short && rows)
        return api_refuse(call, LEDGER_USAGE, "lines",
                          "give the lines, or text, amount and tax of one");
    if (is_short) {
        d->line_count = 1;
        return read_short(l, call, c, d->lines);
    }
    return read_rows(l, c, rows, d);
}

static enum ledger_status read_amounts(struct ledger *l, struct api_call *call,
                                       const struct ledger_currency *c,
                                       struct ledger_request_draft *d)
{
    const struct ledger_currency official = {.scale = LEDGER_OUTSIDE_SCALE};
    const char *total = api_text(call, "total");
    const char *outside = api_text(call, "outside");

    d->unit = api_text(call, "unit");
    d->note = api_text(call, "note");
    d->reference = api_text(call, "reference");
    d->has_issued = api_date(call, "issued", &d->issued_on);
    d->has_supplied = api_date(call, "supplied", &d->supplied_on);
    d->has_total = total != NULL;
    if (total)
        LEDGER_TRY(
            ledger_currency_amount(l, c, "total", total, LEDGER_AMOUNT_UNSIGNED, &d->total_minor));
    if (outside)
        LEDGER_TRY(ledger_currency_amount(l, &official, "outside", outside, LEDGER_AMOUNT_POSITIVE,
                                          &d->outside_minor));
    return LEDGER_OK;
}

/* `make` is ledger_request_make or _credit. */
static enum ledger_status make(struct ledger *l, struct api_call *call,
                               const struct ledger_currency *c, struct ledger_request_draft *d,
                               enum ledger_status (*made)(struct ledger *,
                                                          const struct ledger_request_draft *,
                                                          const char *, int64_t *))
{
    size_t rows = json_array_size(api_items(call, "lines"));
    enum ledger_status status;

    d->lines = calloc(rows + 1, sizeof *d->lines);
    if (!d->lines)
        return LEDGER_NO_MEMORY;
    status = read_amounts(l, call, c, d);
    if (status == LEDGER_OK)
        status = read_lines(l, call, c, d);
    if (status == LEDGER_OK)
        status = made(l, d, call->actor, &call->subject);
    free(d->lines);
    return status;
}

enum ledger_status op_request_create(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_request_draft d = {0};
    int64_t offer_id = api_integer(call, "offer", -1);
    struct ledger_currency c;

    LEDGER_TRY(api_member_id(l, call, "payee", &d.payee_id));
    LEDGER_TRY(api_member_id(l, call, "payer", &d.payer_id));
    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    if (offer_id >= 0)
        LEDGER_TRY(
            ledger_offer_check_cite(l, offer_id, api_text(call, "payer"), api_text(call, "payee")));
    d.currency_id = c.id;
    d.has_due = api_date(call, "due", &d.due_on);
    d.has_expires = api_date(call, "expires", &d.expires_on);
    d.only_asks = call->dry_run;
    LEDGER_TRY(make(l, call, &c, &d, ledger_request_make));
    if (offer_id >= 0)
        LEDGER_TRY(ledger_offer_cite(l, offer_id, "request", call->subject));
    return answer(l, call, call->subject, out);
}

enum ledger_status op_request_credit(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_request_draft d = {0};
    struct ledger_request r;
    struct ledger_currency c;

    LEDGER_TRY(visible_to(l, call, false, &r));
    LEDGER_TRY(ledger_currency_get(l, r.currency_id, &c));
    d.corrects_id = r.id;
    d.refund = api_flag(call, "refund");
    LEDGER_TRY(make(l, call, &c, &d, ledger_request_credit));
    return answer(l, call, call->subject, out);
}

enum ledger_status op_request_accept(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_request_payment p = {.memo = api_text(call, "memo"), .why = &why};
    struct ledger_request r;

    LEDGER_TRY(visible_to(l, call, true, &r));
    p.request_id = r.id;
    LEDGER_TRY(ledger_request_accept(l, &p, &call->subject));
    return answer_paid(l, call, r.id, out);
}

enum ledger_status op_request_pay(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_request_payment p = {.memo = api_text(call, "memo"), .why = &why};
    struct ledger_request r;
    struct ledger_currency c;

    LEDGER_TRY(visible_to(l, call, true, &r));
    LEDGER_TRY(ledger_currency_get(l, r.currency_id, &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &p.amount_minor));
    p.request_id = r.id;
    p.has_effective = api_date(call, "effective_on", &p.effective_on);
    LEDGER_TRY(ledger_request_pay(l, &p, &call->subject));
    return answer_paid(l, call, r.id, out);
}

enum ledger_status op_request_match(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_request r;

    LEDGER_TRY(visible_to(l, call, false, &r));
    call->subject = r.id;
    LEDGER_TRY(ledger_request_match(l, r.id, api_integer(call, "transfer", 0), call->actor));
    return answer(l, call, call->subject, out);
}

enum ledger_status op_request_paid_outside(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_currency official = {.scale = LEDGER_OUTSIDE_SCALE};
    const char *amount = api_text(call, "amount");
    bool undo = api_flag(call, "undo");
    struct ledger_request r;
    int64_t outside_minor = 0;

    LEDGER_TRY(visible_to(l, call, false, &r));
    if (amount)
        LEDGER_TRY(ledger_currency_amount(l, &official, "amount", amount, LEDGER_AMOUNT_POSITIVE,
                                          &outside_minor));
    call->subject = r.id;
    LEDGER_TRY((undo ? ledger_request_unpaid_outside : ledger_request_paid_outside)(
        l, r.id, outside_minor, api_text(call, "reference"), call->actor));
    return answer(l, call, call->subject, out);
}

static enum ledger_status
step(struct ledger *l, struct api_call *call, bool payer,
     enum ledger_status (*taken)(struct ledger *, int64_t, const struct ledger_why *), json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_request r;

    LEDGER_TRY(visible_to(l, call, payer, &r));
    call->subject = r.id;
    LEDGER_TRY(taken(l, r.id, &why));
    return answer(l, call, r.id, out);
}

enum ledger_status op_request_decline(struct ledger *l, struct api_call *call, json_t **out)
{
    return step(l, call, true, ledger_request_decline, out);
}

enum ledger_status op_request_dispute(struct ledger *l, struct api_call *call, json_t **out)
{
    return step(l, call, true, ledger_request_dispute, out);
}

enum ledger_status op_request_resolve(struct ledger *l, struct api_call *call, json_t **out)
{
    return step(l, call, true, ledger_request_resolve, out);
}

enum ledger_status op_request_withdraw(struct ledger *l, struct api_call *call, json_t **out)
{
    return step(l, call, false, ledger_request_withdraw, out);
}

enum ledger_status op_request_erase(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_erase_request_text(l, call->subject, &why));
    call->erased = true;
    return answer(l, call, call->subject, out);
}
