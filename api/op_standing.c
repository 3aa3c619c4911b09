#include "args.h"
#include "ops.h"
#include "request.h"
#include "shape.h"
#include "standing.h"

#include "ledger/account.h"
#include "ledger/currency.h"
#include "ledger/date.h"
#include "ledger/instalment.h"

#include <stdio.h>

static bool is_payer(const struct api_call *call, const struct ledger_standing *s)
{
    return call->member_id && call->member_id == s->payer_member_id;
}

static bool is_party(const struct api_call *call, const struct ledger_standing *s)
{
    return is_payer(call, s) || (call->member_id && call->member_id == s->payee_member_id);
}

static json_t *shape_cadence(const struct ledger_cadence *c)
{
    char text[LEDGER_CADENCE_TEXT];

    return json_string(ledger_cadence_format(c, text));
}

static json_t *day_or_null(int32_t day)
{
    return day ? api_json_day(day) : json_null();
}

static json_t *shape(const struct api_call *call, const struct ledger_standing *s)
{
    char on[LEDGER_CADENCE_DAY_TEXT];
    json_t *o = json_pack(
        "{s:I, s:s, s:s, s:s, s:o, s:s, s:o, s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:o}",
        "standing", (json_int_t)s->id, "state", ledger_standing_state_name(s->state), "payer",
        s->payer, "payee", s->payee, "amount",
        api_json_amount(ledger_standing_part(s, s->next_on ? s->next : 1), s->scale), "currency",
        s->code, "when", shape_cadence(&s->cadence), "every",
        ledger_cadence_unit_name(s->cadence.unit), "interval", s->cadence.every, "on",
        ledger_cadence_day_format(&s->cadence, on), "first_due", api_json_day(s->first_on),
        "next_due", day_or_null(s->next_on), "until", day_or_null(s->until_on), "count",
        api_json_id(s->count), "met", (json_int_t)s->next - 1, "unpaid", (json_int_t)s->unpaid,
        "ordered", api_json_time(s->ordered_at_us));

    if (!o)
        return NULL;
    if (s->request_id) {
        json_object_set_new(o, "request", json_integer(s->request_id));
        json_object_set_new(o, "total", api_json_amount(s->amount_minor, s->scale));
    }
    if (s->charge_id)
        json_object_set_new(o, "charge", json_integer(s->charge_id));
    if (s->proposed_minor)
        json_object_set_new(o, "proposed", api_json_amount(s->proposed_minor, s->scale));
    if (s->erased)
        json_object_set_new(o, "erased", json_true());
    else if (is_party(call, s) || (call->roles & LEDGER_STEWARD))
        json_object_set_new(o, "memo", json_string(s->memo));
    if (s->ended_at_us)
        json_object_set_new(o, "reason", json_string(s->reason));
    return o;
}

static json_t *shape_occurrence(const struct ledger_occurrence *o, int scale)
{
    char uid[LEDGER_UID_TEXT];
    json_t *j =
        json_pack("{s:o, s:I, s:s, s:o, s:s, s:I, s:o}", "due", api_json_day(o->due_on), "number",
                  (json_int_t)o->number, "state", ledger_occurrence_state_name(o->state), "amount",
                  api_json_amount(o->amount_minor, scale), "uid", ledger_uid_format(&o->uid, uid),
                  "attempts", (json_int_t)o->attempts, "at", api_json_time(o->at_us));

    if (!j)
        return NULL;
    if (o->transfer_id) {
        json_object_set_new(j, "transfer", json_integer(o->transfer_id));
        json_object_set_new(j, "effective", api_json_day(o->effective_on));
    }
    if (o->again_us)
        json_object_set_new(j, "again", api_json_time(o->again_us));
    if (o->code[0]) {
        json_object_set_new(j, "code", json_string(o->code));
        json_object_set_new(
            j, "refusal",
            json_string(ledger_status_facts(ledger_status_from_code(o->code))->title));
    }
    return j;
}

static enum ledger_status get_visible(struct ledger *l, struct api_call *call,
                                      struct ledger_standing *s)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_standing_get(l, id, s));
    if ((call->roles & API_NODE_ROLES) || is_party(call, s))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_STANDING, "there is no standing payment %lld",
                         (long long)id);
}

/* What the payer's people may do, and the node's for it. */
static enum ledger_status get_of_payer(struct ledger *l, struct api_call *call,
                                       struct ledger_standing *s)
{
    LEDGER_TRY(get_visible(l, call, s));
    if ((call->roles & API_KEEPERS) || is_payer(call, s))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NOT_ALLOWED, "only who pays decides on a standing payment");
}

enum ledger_status api_standing_done(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_standing s;

    LEDGER_TRY(ledger_standing_get(l, call->subject, &s));
    *out = shape(call, &s);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status take_money(struct ledger *l, struct api_call *call,
                                     struct ledger_standing *s)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &s->amount_minor));
    LEDGER_TRY(ledger_account_number(l, api_text(call, "from"), &c, &why, &s->payer_id));
    return ledger_account_number(l, api_text(call, "payee"), &c, &why, &s->payee_id);
}

static int within_int(int64_t number)
{
    return number > INT32_MAX ? INT32_MAX : (int)number;
}

enum ledger_status api_take_cadence(struct ledger *l, const struct api_call *call,
                                    struct ledger_cadence *c)
{
    LEDGER_TRY(ledger_cadence_unit_parse(api_text(call, "every"), &c->unit));
    c->every = within_int(api_integer(call, "interval", 1));
    return ledger_cadence_day_parse(l, c->unit, api_text(call, "on"), &c->day);
}

enum ledger_status api_take_count(struct api_call *call, int *count)
{
    if (api_given(call, "count") && api_integer(call, "count", 0) == 0)
        return api_refuse(call, LEDGER_NUMBER_MALFORMED, "count", "a count of due dates is 1 to %d",
                          LEDGER_STANDING_COUNT_MAX);
    *count = within_int(api_integer(call, "count", 0));
    return LEDGER_OK;
}

enum ledger_status op_standing_order(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_standing s = {.first_on = ledger_today(l)};
    const char *memo = api_text(call, "memo");

    LEDGER_TRY(api_take_cadence(l, call, &s.cadence));
    LEDGER_TRY(take_money(l, call, &s));
    LEDGER_TRY(api_take_count(call, &s.count));
    api_date(call, "starts", &s.first_on);
    api_date(call, "until", &s.until_on);
    snprintf(s.memo, sizeof s.memo, "%s", memo ? memo : "");
    LEDGER_TRY(ledger_standing_order(l, &s, api_flag(call, "until_ended"), call->actor));
    call->subject = s.id;
    return api_standing_done(l, call, out);
}

/* The payer's decision, of a request that it may see. */
enum ledger_status op_standing_instalments(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);
    struct ledger_instalments i = {.starts_on = ledger_today(l), .why = &why};
    struct ledger_request r;

    LEDGER_TRY(api_request_visible(l, call, &r));
    if (!(call->roles & API_KEEPERS) && call->member_id != r.payer_id)
        return ledger_refuse(l, LEDGER_NOT_ALLOWED, "that is for who is asked to pay");
    LEDGER_TRY(api_take_cadence(l, call, &i.cadence));
    i.request_id = r.id;
    i.count = within_int(api_integer(call, "count", 0));
    api_date(call, "starts", &i.starts_on);
    LEDGER_TRY(ledger_instalments_order(l, &i, &call->subject));
    return api_standing_done(l, call, out);
}

struct occurrences {
    struct api_page page;
    int scale;
};

static enum ledger_status add_occurrence(void *ctx, const struct ledger_occurrence *o)
{
    struct occurrences *all = ctx;

    return api_page_add(&all->page, shape_occurrence(o, all->scale), o->due_on, 0);
}

enum ledger_status op_standing_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_standing s;
    struct occurrences all;

    LEDGER_TRY(get_visible(l, call, &s));
    *out = shape(call, &s);
    if (!*out)
        return LEDGER_NO_MEMORY;
    all.scale = s.scale;
    LEDGER_TRY(api_page_begin(&all.page, l, call));
    return api_page_finish(
        &all.page,
        ledger_standing_occurrences(l, s.id, (int32_t)all.page.after[0], api_flag(call, "unpaid"),
                                    api_page_ask(&all.page), add_occurrence, &all),
        out);
}

enum ledger_status op_standing_pause(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_standing s;

    LEDGER_TRY(get_of_payer(l, call, &s));
    call->subject = s.id;
    LEDGER_TRY(ledger_standing_pause(l, s.id, &why));
    return api_standing_done(l, call, out);
}

enum ledger_status op_standing_resume(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_standing s;

    LEDGER_TRY(get_of_payer(l, call, &s));
    call->subject = s.id;
    LEDGER_TRY(ledger_standing_resume(l, s.id, &why));
    return api_standing_done(l, call, out);
}

enum ledger_status op_standing_end(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_standing s;

    LEDGER_TRY(get_visible(l, call, &s));
    if (!(call->roles & API_KEEPERS) && !is_payer(call, &s) && !s.charge_id)
        return ledger_refuse(l, LEDGER_NOT_ALLOWED,
                             "who pays ends a standing payment; who is paid ends one for a charge "
                             "of its own");
    call->subject = s.id;
    LEDGER_TRY(ledger_standing_end(l, s.id, &why));
    return api_standing_done(l, call, out);
}

enum ledger_status op_standing_retry(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_standing s;
    int32_t due_on = 0;

    LEDGER_TRY(get_of_payer(l, call, &s));
    api_date(call, "due", &due_on);
    call->subject = s.id;
    LEDGER_TRY(ledger_standing_retry(l, s.id, due_on, call->actor));
    return api_standing_done(l, call, out);
}

enum ledger_status api_add_standing(void *ctx, const struct ledger_standing *s)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(page->call, s), s->id, 0);
}

enum ledger_status op_standing_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_standing_filter filter = {.live_only = !api_flag(call, "all"),
                                            .unpaid_only = api_flag(call, "unpaid")};
    struct api_page page;

    if (filter.unpaid_only)
        filter.live_only = false;
    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_standing_each(l, &filter, api_add_standing, &page), out);
}
