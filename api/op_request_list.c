#include "args.h"
#include "ops.h"
#include "request.h"
#include "shape.h"

#include "ledger/amount.h"
#include "ledger/offer_cite.h"
#include "ledger/request_event.h"
#include "ledger/request_list.h"

#include <string.h>

static enum ledger_status add(void *ctx, const struct ledger_request *r)
{
    struct api_page *page = ctx;

    return api_page_add(page, api_request_shape(page->l, page->call, r), r->id, 0);
}

enum ledger_status op_request_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_request_filter filter = {.to_pay = api_flag(call, "to_pay"),
                                           .to_be_paid = api_flag(call, "to_be_paid"),
                                           .all = api_flag(call, "all"),
                                           .overdue = api_flag(call, "overdue")};
    const char *code = api_text(call, "currency");
    struct ledger_currency c = {0};
    struct api_page page;

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    if ((filter.to_pay || filter.to_be_paid) && !filter.member_id)
        return api_refuse(call, LEDGER_USAGE, "member", "say whose: a member");
    if (code)
        LEDGER_TRY(ledger_currency_find(l, code, &c));
    LEDGER_TRY(api_page_begin(&page, l, call));
    filter.currency_id = c.id;
    filter.after_id = page.after[0];
    filter.limit = api_page_ask(&page);
    return api_page_finish(&page, ledger_request_each(l, &filter, add, &page), out);
}

struct lines {
    struct api_page page;
    int scale;
    bool may_read;
};

/* "1.5", "3": without the zeros that say nothing. */
static json_t *json_decimal(int64_t value, int scale)
{
    char text[LEDGER_AMOUNT_TEXT];
    size_t size = strlen(ledger_amount_format(value, scale, text));

    while (text[size - 1] == '0')
        size--;
    if (text[size - 1] == '.')
        size--;
    return json_stringn(text, size);
}

static enum ledger_status add_line(void *ctx, int number, const struct ledger_request_line *line)
{
    struct lines *lines = ctx;
    json_t *o = json_pack("{s:i, s:o, s:o, s:o, s:o}", "line", number, "quantity",
                          json_decimal(line->quantity_milli, LEDGER_QUANTITY_SCALE), "price",
                          api_json_amount(line->price_minor, lines->scale), "tax",
                          json_decimal(line->tax_points, 2), "net",
                          api_json_amount(line->net_minor, lines->scale));

    if (o && lines->may_read)
        json_object_set_new(o, "text", json_string(line->words));
    return api_page_add(&lines->page, o, number, 0);
}

struct rates {
    json_t *items;
    int scale;
};

static enum ledger_status add_rate(void *ctx, const struct ledger_request_rate *rate)
{
    const struct rates *rates = ctx;
    json_t *o = json_pack("{s:o, s:o, s:o}", "rate", json_decimal(rate->tax_points, 2), "net",
                          api_json_amount(rate->net_minor, rates->scale), "tax",
                          api_json_amount(rate->tax_minor, rates->scale));

    return json_array_append_new(rates->items, o) == 0 ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status answer_head(struct ledger *l, struct api_call *call,
                                      const struct ledger_request *r, json_t **out)
{
    struct rates rates = {json_array(), r->scale};
    int64_t offer_id;

    *out = api_request_shape(l, call, r);
    if (!*out || json_object_set_new(*out, "rates", rates.items) != 0)
        return LEDGER_NO_MEMORY;
    LEDGER_TRY(ledger_offer_cited(l, "request", r->id, &offer_id));
    if (offer_id)
        json_object_set_new(*out, "offer", json_integer(offer_id));
    return ledger_request_rates(l, r->id, add_rate, &rates);
}

enum ledger_status op_request_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_request r;
    struct lines lines;

    LEDGER_TRY(api_request_visible(l, call, &r));
    LEDGER_TRY(answer_head(l, call, &r, out));
    LEDGER_TRY(api_page_begin(&lines.page, l, call));
    lines.scale = r.scale;
    lines.may_read = api_request_may_read(call, &r) && !r.erased;
    return api_page_finish(&lines.page,
                           ledger_request_lines(l, r.id, (int)lines.page.after[0],
                                                api_page_ask(&lines.page), add_line, &lines),
                           out);
}

struct history {
    struct api_page page;
    const struct ledger_request *r;
};

static enum ledger_status add_event(void *ctx, const struct ledger_request_event *e)
{
    struct history *h = ctx;
    json_t *o = json_pack("{s:o, s:s, s:o, s:o, s:o, s:s}", "at", api_json_time(e->at_us), "event",
                          e->kind, "amount", api_json_amount(e->ledger_minor, h->r->scale),
                          "transfer", api_json_id(e->transfer_id), "credit_note",
                          api_json_id(e->credit_id), "actor", e->actor);

    if (o && h->r->outside_minor)
        json_object_set_new(o, "outside", api_json_amount(e->outside_minor, LEDGER_OUTSIDE_SCALE));
    if (o && api_request_may_read(h->page.call, h->r))
        json_object_set_new(o, "words", json_string(e->words));
    return api_page_add(&h->page, o, e->id, 0);
}

enum ledger_status op_request_history(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_request r;
    struct history h = {.r = &r};

    LEDGER_TRY(api_request_visible(l, call, &r));
    LEDGER_TRY(api_page_begin(&h.page, l, call));
    return api_page_finish(
        &h.page,
        ledger_request_events(l, r.id, h.page.after[0], api_page_ask(&h.page), add_event, &h), out);
}

static const char *const buckets[LEDGER_AGED_BUCKETS] = {"not_due", "days_1_30", "days_31_60",
                                                         "days_61_90", "days_over_90"};

struct aged {
    struct ledger *l;
    json_t *items;
    int scale;
    struct ledger_request_aged sum;
};

static void put_buckets(json_t *o, const struct ledger_request_aged *row, int scale)
{
    for (int i = 0; i < LEDGER_AGED_BUCKETS; i++)
        json_object_set_new(o, buckets[i], api_json_amount(row->buckets_minor[i], scale));
    json_object_set_new(o, "open", api_json_amount(row->open_minor, scale));
}

static enum ledger_status add_aged(void *ctx, const struct ledger_request_aged *row)
{
    struct aged *aged = ctx;
    json_t *o = json_pack("{s:s}", "member", row->handle);

    put_buckets(o, row, aged->scale);
    if (json_array_append_new(aged->items, o) != 0)
        return LEDGER_NO_MEMORY;
    /* What is asked for may be more in all than an account can hold. */
    if (__builtin_add_overflow(aged->sum.open_minor, row->open_minor, &aged->sum.open_minor))
        return ledger_refuse(aged->l, LEDGER_AMOUNT_OVERFLOW,
                             "what is open is beyond what the ledger counts");
    for (int i = 0; i < LEDGER_AGED_BUCKETS; i++)
        aged->sum.buckets_minor[i] += row->buckets_minor[i];
    return LEDGER_OK;
}

/* With a member the rows are those on the other side. */
static const char *whose_rows(const struct ledger_aged_filter *filter)
{
    return filter->to_pay == (filter->member_id != 0) ? "who are owed it" : "who owe it";
}

enum ledger_status op_request_aged(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_aged_filter filter = {.to_pay = api_flag(call, "to_pay"),
                                        .unit = api_text(call, "unit"),
                                        .as_of = ledger_today(l)};
    const char *by = api_text(call, "by");
    struct aged aged = {.l = l};
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    if (!api_date(call, "as_of", &filter.as_of) && by)
        return api_refuse(call, LEDGER_USAGE, "by", "--by goes with --as-of");
    filter.by_posted = by && strcmp(by, "posted") == 0;
    filter.currency_id = c.id;
    aged.scale = filter.unit ? LEDGER_OUTSIDE_SCALE : c.scale;
    aged.items = json_array();
    *out = json_pack("{s:o, s:s, s:s, s:o}", "as_of", api_json_day(filter.as_of), "in",
                     filter.unit ? filter.unit : c.code, "members", whose_rows(&filter), "items",
                     aged.items);
    if (!*out)
        return LEDGER_NO_MEMORY;
    LEDGER_TRY(ledger_request_aged(l, &filter, add_aged, &aged));
    put_buckets(*out, &aged.sum, aged.scale);
    return LEDGER_OK;
}
