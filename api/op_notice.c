#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/notice.h"

static enum ledger_status take_kind(struct api_call *call, struct ledger_notice_filter *filter)
{
    const char *name = api_text(call, "kind");

    filter->of_kind = name != NULL;
    if (!name)
        return LEDGER_OK;
    filter->kind = ledger_notice_kind_named(name);
    if (filter->kind != LEDGER_NOTICE_KINDS)
        return LEDGER_OK;
    return api_refuse(call, LEDGER_CHOICE_UNKNOWN, "kind", "there is no kind of notice \"%s\"",
                      name);
}

static enum ledger_status add(void *ctx, const struct ledger_notice *n)
{
    const struct ledger_notice_kind_facts *kind = ledger_notice_kind_facts(n->kind);
    json_t *o = json_pack("{s:I, s:o, s:s, s:s, s:s, s:I}", "notice", (json_int_t)n->id, "at",
                          api_json_time(n->at_us), "member", n->member, "kind", kind->name, "about",
                          kind->about, "subject", (json_int_t)n->subject_id);

    return api_page_add(ctx, o, n->id, 0);
}

enum ledger_status op_notice_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_notice_filter filter = {0};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    LEDGER_TRY(take_kind(call, &filter));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_notice_each(l, &filter, add, &page), out);
}
