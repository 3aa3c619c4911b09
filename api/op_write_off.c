#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/write_off.h"

#define YEAR_FIRST 1970
#define YEAR_LAST 2229

static int year_of(struct ledger *l, int64_t at_us)
{
    int year, month, day;

    ledger_date_to_civil(ledger_day_of(l, at_us), &year, &month, &day);
    return year;
}

static json_t *year_text(int year)
{
    return json_sprintf("%04d", year);
}

/* `*first` and `*last` are the year asked for, or all that the ledger has seen. */
static enum ledger_status take_years(struct ledger *l, struct api_call *call, int *first, int *last)
{
    int64_t year = api_integer(call, "year", 0);

    if (api_given(call, "year") && (year < YEAR_FIRST || year > YEAR_LAST))
        return api_refuse(call, LEDGER_NUMBER_MALFORMED, "year", "a year is %d to %d", YEAR_FIRST,
                          YEAR_LAST);
    *first = year ? (int)year : year_of(l, ledger_created_at_us(l));
    *last = year ? (int)year : year_of(l, ledger_now_us(l));
    return LEDGER_OK;
}

struct summing {
    json_t *items;
    int year;
};

static enum ledger_status add_sum(void *ctx, const struct ledger_write_off_sum *s)
{
    const struct summing *all = ctx;
    json_t *o =
        json_pack("{s:o, s:s, s:s, s:I, s:o, s:o}", "year", year_text(all->year), "currency",
                  s->code, "borne_by", s->bearer, "write_offs", (json_int_t)s->write_offs, "amount",
                  api_json_amount(s->amount_minor, s->scale), "recovered",
                  api_json_amount(s->recovered_minor, s->scale));

    return json_array_append_new(all->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

enum ledger_status op_write_off_years(struct ledger *l, struct api_call *call, json_t **out)
{
    struct summing all = {.items = json_array()};
    int last;

    *out = json_pack("{s:o, s:n}", "items", all.items, "next");
    LEDGER_TRY(take_years(l, call, &all.year, &last));
    for (; all.year <= last; all.year++)
        LEDGER_TRY(ledger_write_off_year(l, all.year, add_sum, &all));
    return LEDGER_OK;
}

static enum ledger_status add(void *ctx, const struct ledger_write_off *w)
{
    struct api_page *page = ctx;
    json_t *o = json_pack("{s:I, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "transfer",
                          (json_int_t)w->transfer_id, "posted", api_json_time(w->posted_at_us),
                          "member", w->handle, "currency", w->code, "amount",
                          api_json_amount(w->amount_minor, w->scale), "recovered",
                          api_json_amount(w->recovered_minor, w->scale), "default",
                          api_json_id(w->default_id), "reversed_by", api_json_id(w->reversal_id));

    return api_page_add(page, o, w->transfer_id, 0);
}

enum ledger_status op_write_off_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_write_off_filter filter;
    struct api_page page;
    int first, last;

    LEDGER_TRY(take_years(l, call, &first, &last));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.from_us = ledger_day_start_us(l, ledger_date_from_civil(first, 1, 1));
    filter.to_us = ledger_day_start_us(l, ledger_date_from_civil(last + 1, 1, 1));
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_write_off_each(l, &filter, add, &page), out);
}
