#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/correction.h"
#include "ledger/date.h"
#include "ledger/erasure.h"
#include "ledger/journal.h"
#include "ledger/offer_cite.h"

#include <stdio.h>
#include <string.h>

static bool is_party(const struct api_call *call, const struct ledger_transfer *t)
{
    for (int i = 0; i < t->leg_count && call->handle[0]; i++)
        if (strcmp(t->entries[i].handle, call->handle) == 0)
            return true;
    return false;
}

/* Rule 9: the parties see the words; a steward has the file anyway; others ask with a reason. */
static bool may_read(const struct api_call *call, const struct ledger_transfer *t)
{
    return (call->roles & LEDGER_STEWARD) || is_party(call, t);
}

static json_t *shape_leg(const struct api_call *call, const struct ledger_entry *e)
{
    bool own = (call->roles & API_NODE_ROLES) || strcmp(e->handle, call->handle) == 0;
    json_t *leg = json_pack("{s:o, s:o}", "account", json_sprintf("%s:%s", e->handle, e->code),
                            "amount", api_json_amount(e->amount_minor, e->scale));

    if (own)
        json_object_set_new(leg, "balance", api_json_amount(e->balance_minor, e->scale));
    return leg;
}

/* The one account on a side, where there is one. */
static const struct ledger_entry *only(const struct ledger_transfer *t, bool paying)
{
    const struct ledger_entry *found = NULL;

    for (int i = 0; i < t->leg_count; i++) {
        if ((t->entries[i].amount_minor < 0) != paying)
            continue;
        if (found)
            return NULL;
        found = &t->entries[i];
    }
    return found;
}

static void shape_sides(const struct ledger_transfer *t, json_t *o)
{
    const struct ledger_entry *payer = only(t, true);
    const struct ledger_entry *payee = only(t, false);
    const struct ledger_entry *one = payer ? payer : payee;
    int64_t amount_minor = one ? one->amount_minor : 0;

    json_object_set_new(o, "payer", payer ? json_string(payer->handle) : json_null());
    json_object_set_new(o, "payee", payee ? json_string(payee->handle) : json_null());
    json_object_set_new(
        o, "amount",
        one ? api_json_amount(amount_minor < 0 ? -amount_minor : amount_minor, one->scale)
            : json_null());
    json_object_set_new(o, "currency", one ? json_string(one->code) : json_null());
}

static json_t *shape(const struct api_call *call, const struct ledger_transfer *t)
{
    json_t *legs = json_array();
    json_t *o =
        json_pack("{s:I, s:s, s:o, s:o}", "transfer", (json_int_t)t->id, "kind",
                  ledger_transfer_kind_name(t->kind), "posted", api_json_time(t->posted_at_us),
                  "effective", api_json_day(t->effective_on));

    shape_sides(t, o);
    json_object_set_new(o, "corrects", api_json_id(t->corrects));
    if (t->erased)
        json_object_set_new(o, "erased", json_true());
    if (may_read(call, t)) {
        json_object_set_new(o, "memo", json_string(t->memo));
        json_object_set_new(o, "reference", json_string(t->reference));
    }
    for (int i = 0; i < t->leg_count; i++)
        json_array_append_new(legs, shape_leg(call, &t->entries[i]));
    json_object_set_new(o, "legs", legs);
    return o;
}

enum ledger_status op_transfer_posted(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_transfer t;

    LEDGER_TRY(ledger_transfer_get(l, call->subject, &t));
    *out = shape(call, &t);
    return LEDGER_OK;
}

/* What the parameters say of any posting. */
static struct ledger_transfer_draft draft_of(const struct api_call *call)
{
    struct ledger_transfer_draft draft = {.kind = LEDGER_EXCHANGE,
                                          .memo = api_text(call, "memo"),
                                          .reference = api_text(call, "reference")};

    draft.has_effective = api_date(call, "effective_on", &draft.effective_on);
    return draft;
}

static void name_entry(struct ledger_entry *e, const char *handle, const struct ledger_currency *c)
{
    snprintf(e->handle, sizeof e->handle, "%s", handle);
    snprintf(e->code, sizeof e->code, "%s", c->code);
    e->scale = c->scale;
}

enum ledger_status op_transfer_pay(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    const char *code = api_text(call, "currency");
    struct ledger_transfer_draft draft = draft_of(call);
    const char *handles[] = {api_text(call, "from"), api_text(call, "payee")};
    struct ledger_currency c;
    struct ledger_leg legs[2];
    struct ledger_transfer t;
    int64_t amount_minor;
    int64_t offer_id = api_integer(call, "offer", -1);

    LEDGER_TRY(ledger_currency_find(l, code, &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &amount_minor));
    if (offer_id >= 0)
        LEDGER_TRY(ledger_offer_check_cite(l, offer_id, handles[0], handles[1]));
    for (int i = 0; i < 2; i++) {
        LEDGER_TRY(ledger_account_number(l, handles[i], &c, &why, &legs[i].account_id));
        legs[i].amount_minor = i == 0 ? -amount_minor : amount_minor;
    }
    draft.legs = legs;
    draft.leg_count = 2;
    LEDGER_TRY(ledger_transfer_post_into(l, &draft, &t));
    call->subject = t.id;
    if (offer_id >= 0)
        LEDGER_TRY(ledger_offer_cite(l, offer_id, "transfer", t.id));
    for (int i = 0; i < 2; i++)
        name_entry(&t.entries[i], handles[i], &c);
    *out = shape(call, &t);
    return LEDGER_OK;
}

static enum ledger_status read_account(struct ledger *l, struct api_call *call, const char *name,
                                       struct ledger_account *a)
{
    const struct ledger_why why = api_why(call, NULL);
    const char *colon = strchr(name, ':');
    char handle[LEDGER_HANDLE_MAX + 1];

    if (!colon || (size_t)(colon - name) >= sizeof handle)
        return ledger_refuse(l, LEDGER_NO_SUCH_ACCOUNT,
                             "an account is written member:CURRENCY, such as riverside:CALD");
    snprintf(handle, sizeof handle, "%.*s", (int)(colon - name), name);
    return ledger_account_need(l, handle, colon + 1, &why, a);
}

static enum ledger_status read_leg(struct ledger *l, struct api_call *call, const json_t *leg,
                                   struct ledger_leg *out)
{
    struct ledger_account a;
    struct ledger_currency c;

    LEDGER_TRY(read_account(l, call, json_string_value(json_object_get(leg, "account")), &a));
    LEDGER_TRY(ledger_currency_get(l, a.currency_id, &c));
    out->account_id = a.id;
    return ledger_currency_amount(l, &c, "amount",
                                  json_string_value(json_object_get(leg, "amount")),
                                  LEDGER_AMOUNT_SIGNED, &out->amount_minor);
}

enum ledger_status op_transfer_post(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_transfer_draft draft = draft_of(call);
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    size_t i;
    json_t *leg;

    (void)out;
    draft.legs = legs;
    draft.leg_count = (int)json_array_size(api_items(call, "legs"));
    if (draft.leg_count > LEDGER_LEGS_MAX)
        return ledger_transfer_post(l, &draft, &call->subject); /* which refuses it, first of all */
    json_array_foreach((json_t *)api_items(call, "legs"), i, leg)
    {
        enum ledger_status status = read_leg(l, call, leg, &legs[i]);
        if (status != LEDGER_OK)
            return ledger_blame(l, status, "legs", (int)i);
    }
    return ledger_transfer_post(l, &draft, &call->subject);
}

static enum ledger_status add(void *ctx, const struct ledger_transfer *t)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->call, t), t->id, 0);
}

static enum ledger_status read_filter(struct ledger *l, struct api_call *call,
                                      struct ledger_transfer_filter *filter)
{
    const char *member = api_text(call, "member");
    const char *currency = api_text(call, "currency");
    struct ledger_account a;
    int32_t day;

    if (!member != !currency)
        return api_refuse(call, LEDGER_USAGE, member ? "currency" : "member",
                          member ? "say in which currency" : "say whose: a member and a currency");
    if (member) {
        LEDGER_TRY(ledger_account_find(l, member, currency, &a));
        filter->account_id = a.id;
    }
    if (api_date(call, "from", &day)) {
        LEDGER_TRY(ledger_journal_last_on(l, day - 1, &filter->from_id));
        filter->from_id++;
    }
    filter->to_id = INT64_MAX;
    if (api_date(call, "to", &day))
        LEDGER_TRY(ledger_journal_last_on(l, day, &filter->to_id));
    return LEDGER_OK;
}

enum ledger_status op_transfer_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_transfer_filter filter = {0};
    struct api_page page;
    enum ledger_status status = LEDGER_OK;

    LEDGER_TRY(read_filter(l, call, &filter));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    if (filter.to_id > 0) /* 0: nothing was posted by then */
        status = ledger_transfer_each(l, &filter, add, &page);
    return api_page_finish(&page, status, out);
}

/* One answer for what is not there and what is not the caller's. */
static enum ledger_status get_visible(struct ledger *l, struct api_call *call,
                                      struct ledger_transfer *t)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_transfer_get(l, id, t));
    if ((call->roles & API_NODE_ROLES) || is_party(call, t))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_TRANSFER, "there is no transfer %lld", (long long)id);
}

enum ledger_status op_transfer_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_transfer t;
    int64_t offer_id;

    LEDGER_TRY(get_visible(l, call, &t));
    LEDGER_TRY(ledger_offer_cited(l, "transfer", t.id, &offer_id));
    *out = shape(call, &t);
    if (offer_id)
        json_object_set_new(*out, "offer", json_integer(offer_id));
    return LEDGER_OK;
}

enum ledger_status op_transfer_memo(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_transfer t;

    LEDGER_TRY(ledger_check_reason(l, api_text(call, "reason")));
    LEDGER_TRY(ledger_transfer_get(l, api_integer(call, "id", 0), &t));
    call->subject = t.id;
    if (call->dry_run) /* a look that leaves no record is no look */
        return api_refuse(call, LEDGER_NOT_ALLOWED, NULL, "looking at a memo is always recorded");
    *out = json_pack("{s:I, s:b, s:s, s:s}", "transfer", (json_int_t)t.id, "erased", t.erased,
                     "memo", t.memo, "reference", t.reference);
    return LEDGER_OK;
}

enum ledger_status op_transfer_reverse(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    (void)out;
    return ledger_transfer_reverse(l, api_integer(call, "id", 0), &why, &call->subject);
}

/* Only who was paid gives back, or a keeper of the node for it. */
static enum ledger_status check_paid(struct ledger *l, struct api_call *call,
                                     const struct ledger_transfer *t)
{
    const struct ledger_entry *payee = only(t, false);

    if ((call->roles & API_KEEPERS) || (payee && strcmp(payee->handle, call->handle) == 0))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED, "only who was paid can refund it");
}

enum ledger_status op_transfer_refund(struct ledger *l, struct api_call *call, json_t **out)
{
    const char *amount = api_text(call, "amount");
    struct ledger_transfer t;
    struct ledger_currency c;
    int64_t amount_minor = 0;

    (void)out;
    LEDGER_TRY(get_visible(l, call, &t));
    LEDGER_TRY(check_paid(l, call, &t));
    LEDGER_TRY(ledger_currency_find(l, t.entries[0].code, &c));
    if (amount)
        LEDGER_TRY(
            ledger_currency_amount(l, &c, "amount", amount, LEDGER_AMOUNT_POSITIVE, &amount_minor));
    return ledger_transfer_refund(l, t.id, amount_minor, api_text(call, "memo"), &call->subject);
}

enum ledger_status op_transfer_erase(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    (void)out;
    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_erase_transfer_text(l, call->subject, &why));
    call->erased = true;
    return LEDGER_OK;
}
