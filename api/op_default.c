#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/default.h"

static json_t *shape(const struct ledger_default *d)
{
    json_t *o = json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:s}", "default", (json_int_t)d->id,
                          "state", ledger_default_state_name(d->state), "member", d->handle,
                          "currency", d->code, "owed", api_json_amount(d->owed_minor, d->scale),
                          "declared", api_json_time(d->at_us), "reason", d->reason);

    if (d->state == LEDGER_DEFAULT_COVERED) {
        json_object_set_new(o, "covered", api_json_amount(d->covered_minor, d->scale));
        json_object_set_new(o, "recovered", api_json_amount(d->recovered_minor, d->scale));
        json_object_set_new(o, "transfer", api_json_id(d->transfer_id));
    }
    return o;
}

/* Who did what is for those who keep the books. */
static void shape_persons(const struct ledger_default *d, json_t *o)
{
    json_object_set_new(o, "declared_by", json_string(d->actor));
    if (d->ended_at_us)
        json_object_set_new(o, "ended_by", json_string(d->ended_by));
    if (d->state == LEDGER_DEFAULT_WITHDRAWN)
        json_object_set_new(o, "withdrawn_because", json_string(d->ended_reason));
}

/* Shares step by step: a fund by its handle, the members together. */
struct steps {
    json_t *items;
    int scale;
    struct ledger_default_share sum; /* step 0: none yet */
    int64_t payers;
};

static void end_step(struct steps *s)
{
    json_t *o;

    if (s->sum.step == 0)
        return;
    o = json_pack("{s:i, s:s, s:I, s:o, s:o}", "step", s->sum.step, "payer",
                  s->sum.members ? "members" : s->sum.handle, "payers", (json_int_t)s->payers,
                  "amount", api_json_amount(s->sum.amount_minor, s->scale), "recovered",
                  api_json_amount(s->sum.recovered_minor, s->scale));
    json_array_append_new(s->items, o);
}

static enum ledger_status add_to_step(void *ctx, const struct ledger_default_share *share)
{
    struct steps *s = ctx;

    if (share->step != s->sum.step) {
        end_step(s);
        s->sum = *share;
        s->payers = 1;
        return LEDGER_OK;
    }
    s->payers++;
    s->sum.amount_minor += share->amount_minor;
    s->sum.recovered_minor += share->recovered_minor;
    return LEDGER_OK;
}

/* As it would be paid now; nobody, where no order is set or too many would share. */
static enum ledger_status each_planned(struct ledger *l, const struct ledger_default *d,
                                       ledger_default_share_reader *read, void *ctx,
                                       int64_t *uncovered_minor)
{
    struct ledger_default_plan plan;
    enum ledger_status status = ledger_default_plan(l, d->account_id, &plan);

    *uncovered_minor = status == LEDGER_OK ? plan.uncovered_minor : d->owed_minor;
    for (int i = 0; status == LEDGER_OK && i < plan.count; i++)
        status = read(ctx, &plan.shares[i]);
    ledger_default_plan_free(&plan);
    if (status == LEDGER_NO_GUARANTEE || status == LEDGER_TOO_MANY_SHARERS)
        status = LEDGER_OK;
    return status;
}

static enum ledger_status add_steps(struct ledger *l, const struct ledger_default *d, json_t *out)
{
    struct steps s = {.items = json_array(), .scale = d->scale};
    int64_t uncovered_minor;

    json_object_set_new(out, "items", s.items);
    if (d->state == LEDGER_DEFAULT_DECLARED) {
        LEDGER_TRY(each_planned(l, d, add_to_step, &s, &uncovered_minor));
        json_object_set_new(out, "uncovered", api_json_amount(uncovered_minor, d->scale));
    } else {
        LEDGER_TRY(ledger_default_shares(l, d->id, add_to_step, &s));
    }
    end_step(&s);
    return LEDGER_OK;
}

static enum ledger_status answer(struct ledger *l, const struct api_call *call, int64_t id,
                                 json_t **out)
{
    struct ledger_default d;

    LEDGER_TRY(ledger_default_get(l, id, &d));
    if (!(call->roles & API_NODE_ROLES) && call->member_id != d.member_id)
        return ledger_refuse(l, LEDGER_NO_SUCH_DEFAULT, "there is no default %lld", (long long)id);
    *out = shape(&d);
    if (!*out)
        return LEDGER_NO_MEMORY;
    if (!(call->roles & API_NODE_ROLES)) {
        json_object_set_new(*out, "items", json_array());
        return LEDGER_OK;
    }
    shape_persons(&d, *out);
    return add_steps(l, &d, *out);
}

enum ledger_status op_default_show(struct ledger *l, struct api_call *call, json_t **out)
{
    return answer(l, call, api_integer(call, "id", 0), out);
}

enum ledger_status op_default_declare(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_account a;

    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), api_text(call, "currency"), &a));
    LEDGER_TRY(ledger_default_declare(l, a.id, &why, &call->subject));
    return answer(l, call, call->subject, out);
}

enum ledger_status op_default_cover(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, NULL);

    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_default_cover(l, call->subject, api_on_paper(call), &why));
    return answer(l, call, call->subject, out);
}

enum ledger_status op_default_withdraw(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_default_withdraw(l, call->subject, &why));
    return answer(l, call, call->subject, out);
}

enum ledger_status op_default_recover(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_currency c;
    struct ledger_default d;
    int64_t amount_minor;

    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_default_get(l, call->subject, &d));
    LEDGER_TRY(ledger_currency_get(l, d.currency_id, &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", api_text(call, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &amount_minor));
    LEDGER_TRY(ledger_default_recover(l, d.id, amount_minor, &why));
    return answer(l, call, call->subject, out);
}

static enum ledger_status add(void *ctx, const struct ledger_default *d)
{
    struct api_page *page = ctx;

    return api_page_add(page, shape(d), d->id, 0);
}

enum ledger_status op_default_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_default_filter filter = {.open_only = api_flag(call, "open")};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_default_each(l, &filter, add, &page), out);
}

struct shares {
    struct api_page page;
    int scale;
};

/* They come in order of step and account, so a cursor is a place in that order. */
static enum ledger_status add_share(void *ctx, const struct ledger_default_share *s)
{
    struct shares *all = ctx;
    const int64_t *after = all->page.after;
    json_t *o;

    if (s->step < after[0] || (s->step == after[0] && s->account_id <= after[1]))
        return LEDGER_OK;
    o = json_pack("{s:i, s:s, s:o, s:o, s:o}", "step", s->step, "payer", s->handle, "amount",
                  api_json_amount(s->amount_minor, all->scale), "recovered",
                  api_json_amount(s->recovered_minor, all->scale), "transfer",
                  api_json_id(s->transfer_id));
    return api_page_add(&all->page, o, s->step, s->account_id);
}

enum ledger_status op_default_shares(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_default d;
    struct shares all;
    int64_t uncovered_minor;

    LEDGER_TRY(ledger_default_get(l, api_integer(call, "id", 0), &d));
    LEDGER_TRY(api_page_begin(&all.page, l, call));
    all.scale = d.scale;
    enum ledger_status status = d.state == LEDGER_DEFAULT_DECLARED
                                    ? each_planned(l, &d, add_share, &all, &uncovered_minor)
                                    : ledger_default_shares(l, d.id, add_share, &all);
    return api_page_finish(&all.page, status == LEDGER_STOP ? LEDGER_OK : status, out);
}
