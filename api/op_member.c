#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/departure.h"
#include "ledger/erasure.h"

#include <stdio.h>

static const char *const attributes[] = {"class", "constituency", "sector", "locality"};

static enum ledger_status add_attribute(void *ctx, const char *name, const char *value,
                                        int32_t from_on)
{
    (void)from_on;
    json_object_set_new(ctx, name, json_string(value));
    return LEDGER_OK;
}

static enum ledger_status shape(struct ledger *l, const struct ledger_member *m, json_t **out)
{
    *out = json_pack("{s:s, s:s, s:s, s:s, s:o}", "member", m->handle, "name", m->name, "kind",
                     ledger_member_kind_name(m->kind), "state", ledger_member_state_name(m->state),
                     "since", api_json_time(m->since_us));
    if (m->erased)
        json_object_set_new(*out, "erased", json_true());
    return ledger_member_attributes(l, m->id, ledger_today(l), add_attribute, *out);
}

static enum ledger_status shape_by_id(struct ledger *l, struct api_call *call, int64_t id,
                                      json_t **out)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_member_get(l, id, &m));
    call->subject = id;
    return shape(l, &m, out);
}

static enum ledger_status set_attributes(struct ledger *l, struct api_call *call, int64_t id)
{
    int32_t from_on = ledger_today(l);

    api_date(call, "from", &from_on);
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        const char *value = api_text(call, attributes[i]);
        if (value)
            LEDGER_TRY(
                ledger_member_set_attribute(l, id, attributes[i], value, from_on, call->actor));
    }
    return LEDGER_OK;
}

enum ledger_status op_member_add(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, "member added");
    struct ledger_member m = {.state = LEDGER_ACTIVE};
    const char *kind = api_text(call, "kind");

    if (snprintf(m.handle, sizeof m.handle, "%s", api_text(call, "handle")) >= (int)sizeof m.handle)
        m.handle[0] = '\0'; /* too long to be one: the engine says what a handle is */
    snprintf(m.name, sizeof m.name, "%s", api_text(call, "name"));
    LEDGER_TRY(ledger_member_kind_parse(kind ? kind : "coop", &m.kind));
    if (api_flag(call, "applied"))
        m.state = LEDGER_APPLIED;
    LEDGER_TRY(ledger_member_add(l, &m, &why));
    LEDGER_TRY(set_attributes(l, call, m.id));
    return shape_by_id(l, call, m.id, out);
}

static enum ledger_status add(void *ctx, const struct ledger_member *m)
{
    struct api_page *page = ctx;
    json_t *item = NULL;
    enum ledger_status status = shape(page->l, m, &item);

    if (status != LEDGER_OK) {
        json_decref(item);
        return status;
    }
    return api_page_add(page, item, m->id, 0);
}

enum ledger_status op_member_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;

    LEDGER_TRY(api_page_begin(&page, l, call));
    const struct ledger_member_filter filter = {.state = api_text(call, "state"),
                                                .kind = api_text(call, "kind"),
                                                .after_id = page.after[0],
                                                .limit = api_page_ask(&page)};
    return api_page_finish(&page, ledger_member_each(l, &filter, add, &page), out);
}

enum ledger_status op_member_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    return shape(l, &m, out);
}

enum ledger_status op_member_set(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    LEDGER_TRY(set_attributes(l, call, m.id));
    return shape_by_id(l, call, m.id, out);
}

static enum ledger_status move_to(struct ledger *l, struct api_call *call,
                                  enum ledger_member_state state, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    LEDGER_TRY(ledger_member_change_state(l, m.id, state, &why));
    return shape_by_id(l, call, m.id, out);
}

enum ledger_status op_member_activate(struct ledger *l, struct api_call *call, json_t **out)
{
    return move_to(l, call, LEDGER_ACTIVE, out);
}

enum ledger_status op_member_suspend(struct ledger *l, struct api_call *call, json_t **out)
{
    return move_to(l, call, LEDGER_SUSPENDED, out);
}

enum ledger_status op_member_leave(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    LEDGER_TRY(ledger_member_leave(l, m.id, &why));
    return shape_by_id(l, call, m.id, out);
}

enum ledger_status op_member_settle(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *code = api_text(call, "currency");
    struct ledger_account a;
    struct ledger_account other;

    (void)out;
    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), code, &a));
    LEDGER_TRY(ledger_account_need(l, api_text(call, "with"), code, &why, &other));
    return ledger_member_settle(l, a.id, other.id, api_text(call, "reference"), &why,
                                &call->subject);
}

enum ledger_status op_member_write_off(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *code = api_text(call, "currency");
    struct ledger_account a;
    struct ledger_account fund;

    (void)out;
    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), code, &a));
    LEDGER_TRY(ledger_account_need(l, api_text(call, "fund"), code, &why, &fund));
    return ledger_member_write_off(l, a.id, fund.id, api_on_paper(call), &why, &call->subject);
}

enum ledger_status op_member_erase(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_member m;

    LEDGER_TRY(ledger_member_find(l, api_text(call, "member"), &m));
    LEDGER_TRY(ledger_erase_member(l, m.id, &why));
    call->erased = true;
    return shape_by_id(l, call, m.id, out);
}
