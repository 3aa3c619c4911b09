#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/member.h"
#include "ledger/training.h"

/* Whole days of the ledger, from the first of the year until today unless told; a member's people see their own. */
static enum ledger_status read_filter(struct ledger *l, struct api_call *call,
                                      struct api_page *page, struct ledger_training_filter *f)
{
    int32_t to = ledger_today(l);
    int32_t from;
    int year, month, day;

    api_date(call, "to", &to);
    ledger_date_to_civil(to, &year, &month, &day);
    from = ledger_date_from_civil(year, 1, 1);
    api_date(call, "from", &from);
    if (from > to)
        return api_refuse(call, LEDGER_PERIOD_MALFORMED, "to", "the period ends before it begins");
    *f = (struct ledger_training_filter){.from_us = ledger_day_start_us(l, from),
                                         .to_us = ledger_day_start_us(l, to + 1)};
    LEDGER_TRY(api_member_id(l, call, "member", &f->member_id));
    LEDGER_TRY(api_page_begin(page, l, call));
    f->after_id = page->after[0];
    f->limit = api_page_ask(page);
    return LEDGER_OK;
}

static enum ledger_status add_hours(void *ctx, const struct ledger_hours *h)
{
    json_t *o =
        json_pack("{s:s, s:o, s:o, s:I, s:I, s:I, s:I}", "member", h->member, "taught",
                  api_json_hours(h->taught_minutes), "learned", api_json_hours(h->learned_minutes),
                  "taught_minutes", (json_int_t)h->taught_minutes, "learned_minutes",
                  (json_int_t)h->learned_minutes, "sessions", (json_int_t)h->sessions_taught,
                  "people", (json_int_t)h->people);

    return api_page_add(ctx, o, h->member_id, 0);
}

enum ledger_status op_training_hours(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_training_filter filter;
    struct api_page page;

    LEDGER_TRY(read_filter(l, call, &page, &filter));
    return api_page_finish(&page, ledger_training_hours(l, &filter, add_hours, &page), out);
}

static enum ledger_status add_filled(void *ctx, const struct ledger_filled *f)
{
    json_int_t percent = f->capacity ? f->taken * 100 / f->capacity : 0;
    json_t *o = json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "provider", f->provider,
                          "sessions", (json_int_t)f->sessions, "cancelled",
                          (json_int_t)f->cancelled, "capacity", (json_int_t)f->capacity, "taken",
                          (json_int_t)f->taken, "came", (json_int_t)f->came, "filled", percent);

    return api_page_add(ctx, o, f->provider_id, 0);
}

enum ledger_status op_training_places(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_training_filter filter;
    struct api_page page;

    LEDGER_TRY(read_filter(l, call, &page, &filter));
    return api_page_finish(&page, ledger_training_places(l, &filter, add_filled, &page), out);
}
