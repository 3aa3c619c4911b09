#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/chores.h"
#include "ledger/date.h"
#include "ledger/erasure.h"
#include "ledger/journal.h"
#include "ledger/period.h"
#include "ledger/register.h"
#include "ledger/verify.h"

enum ledger_status op_node_show(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t transfers;
    int32_t closed;

    (void)call;
    LEDGER_TRY(ledger_journal_length(l, &transfers));
    LEDGER_TRY(ledger_period_closed_through(l, &closed));
    *out =
        json_pack("{s:s, s:s, s:o, s:o, s:I, s:o}", "name", ledger_name(l), "zone",
                  ledger_zone_name(l), "since", api_json_time(ledger_created_at_us(l)), "today",
                  api_json_day(ledger_today(l)), "transfers", (json_int_t)transfers,
                  "closed_through", closed >= LEDGER_DAY_MIN ? api_json_day(closed) : json_null());
    return LEDGER_OK;
}

enum ledger_status op_clock_accept(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    LEDGER_TRY(ledger_clock_accept(l, &why));
    *out = json_pack("{s:b}", "accepted", true);
    return LEDGER_OK;
}

enum ledger_status op_chores_run(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t done;

    (void)call;
    LEDGER_TRY(ledger_chores_run(l, ledger_now_us(l), &done));
    *out = json_pack("{s:I}", "done", (json_int_t)done);
    return LEDGER_OK;
}

enum ledger_status op_period_close(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    int32_t through;

    api_date(call, "through", &through);
    LEDGER_TRY(ledger_period_close(l, through, &why, &call->subject));
    *out = json_pack("{s:o}", "closed_through", api_json_day(through));
    return LEDGER_OK;
}

static enum ledger_status add_record(void *ctx, const struct ledger_record *r)
{
    char uid[LEDGER_UID_TEXT];
    json_t *item =
        json_pack("{s:I, s:o, s:s, s:s, s:o, s:s}", "seq", (json_int_t)r->seq, "at",
                  api_json_time(r->at_us), "actor", r->actor, "operation", r->operation, "subject",
                  api_json_id(r->subject), "uid", ledger_uid_format(&r->uid, uid));

    return api_page_add(ctx, item, r->seq, 0);
}

enum ledger_status op_register_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;

    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(
        &page, ledger_register_each(l, page.after[0], api_page_ask(&page), add_record, &page), out);
}

static enum ledger_status add_erased(void *ctx, const struct ledger_erased *e)
{
    json_t *item = json_pack("{s:I, s:s, s:I, s:o, s:s, s:s}", "erasure", (json_int_t)e->id, "kind",
                             e->kind, "subject", (json_int_t)e->subject, "at",
                             api_json_time(e->at_us), "actor", e->actor, "reason", e->reason);

    return api_page_add(ctx, item, e->id, 0);
}

enum ledger_status op_erasure_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;

    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(
        &page, ledger_erasure_each(l, page.after[0], api_page_ask(&page), add_erased, &page), out);
}

enum ledger_status op_verify(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_verification v;

    (void)call;
    LEDGER_TRY(ledger_verify(l, NULL, NULL, &v));
    *out = json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I}", "sound", true, "transfers",
                     (json_int_t)v.transfers, "entries", (json_int_t)v.entries, "accounts",
                     (json_int_t)v.accounts, "holds", (json_int_t)v.holds, "writes",
                     (json_int_t)v.writes, "erased", (json_int_t)v.erased);
    return LEDGER_OK;
}
