#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/equivalent.h"
#include "ledger/statement.h"
#include "ledger/trial_balance.h"

#include <stdio.h>
#include <string.h>

struct lines {
    struct api_page *page;
    int scale;
    bool words; /* may the caller read memos here? */
};

static enum ledger_order order_of(const struct api_call *call)
{
    const char *by = api_text(call, "by");

    return by && strcmp(by, "effective") == 0 ? LEDGER_BY_EFFECTIVE : LEDGER_BY_POSTED;
}

static const char *order_name(enum ledger_order by)
{
    return by == LEDGER_BY_EFFECTIVE ? "effective" : "posted";
}

static void add_amount_if(struct api_items *items, const char *key, bool is_set, int64_t minor,
                          int scale)
{
    if (is_set)
        api_items_amount(items, key, minor, scale);
    else
        api_items_null(items, key);
}

static void add_counterparty(struct api_items *items, const struct ledger_statement_line *line)
{
    char text[LEDGER_HANDLE_MAX + 24];

    if (line->counterparties > 1)
        snprintf(text, sizeof text, "%s and %d more", line->counterparty, line->counterparties - 1);
    else
        snprintf(text, sizeof text, "%s", line->counterparty);
    api_items_text(items, "counterparty", text);
}

static enum ledger_status add_line(void *ctx, const struct ledger_statement_line *line)
{
    const struct lines *lines = ctx;
    struct api_items *items = &lines->page->text;
    bool in = line->amount_minor > 0;

    LEDGER_TRY(api_page_take(lines->page, line->transfer_id, line->effective_on));
    api_items_begin(items);
    api_items_time(items, "posted", line->posted_at_us);
    api_items_day(items, "effective", line->effective_on);
    api_items_flag(items, "late", line->late);
    api_items_integer(items, "transfer", line->transfer_id);
    api_items_text(items, "kind", ledger_transfer_kind_name(line->kind));
    add_counterparty(items, line);
    if (lines->words) {
        api_items_text(items, "memo", line->memo);
        api_items_text(items, "reference", line->reference);
    }
    add_amount_if(items, "in", in, line->amount_minor, lines->scale);
    add_amount_if(items, "out", !in, -line->amount_minor, lines->scale);
    api_items_amount(items, "balance", line->balance_minor, lines->scale);
    api_items_end(items);
    return LEDGER_OK;
}

static void add_equivalent(struct ledger *l, const struct ledger_account *a, int32_t day, json_t *o)
{
    struct ledger_equivalent e;
    char value[LEDGER_AMOUNT_TEXT];

    if (ledger_equivalent_at(l, a->currency_id, day, &e) != LEDGER_OK)
        return;
    ledger_amount_format(e.value_micro, 6, value);
    /* 1.000000 reads as 1.00, and 0.333333 stays as it is. */
    for (size_t end = strlen(value); end > 4 && value[end - 1] == '0' && value[end - 3] != '.';)
        value[--end] = '\0';
    json_object_set_new(o, "equivalent", json_sprintf("1 %s = %s %s", a->code, value, e.unit));
}

static json_t *header(struct ledger *l, const struct ledger_statement_query *q,
                      const struct ledger_account *a, const struct ledger_statement *s)
{
    char name[LEDGER_ACCOUNT_NAME];
    struct ledger_member m;
    json_t *o = json_pack("{s:s}", "account", ledger_account_name(a, name));

    if (ledger_member_get(l, a->member_id, &m) == LEDGER_OK)
        json_object_set_new(o, "name", json_string(m.name));
    json_object_set_new(o, "from", api_json_day(q->from_on));
    json_object_set_new(o, "to", api_json_day(q->to_on));
    json_object_set_new(o, "by", json_string(order_name(q->by)));
    add_equivalent(l, a, q->to_on, o);
    json_object_set_new(o, "opening", api_json_amount(s->opening_minor, a->scale));
    return o;
}

static void footer(const struct ledger_statement_query *q, const struct ledger_account *a,
                   const struct ledger_statement *s, json_t *o)
{
    if (q->after_transfer_id == 0) { /* the first page tells what the period comes to */
        json_object_set_new(o, "in", api_json_amount(s->in_minor, a->scale));
        json_object_set_new(o, "out", api_json_amount(s->out_minor, a->scale));
        json_object_set_new(o, "lines", json_integer(s->lines));
    }
    json_object_set_new(o, "closing", api_json_amount(s->closing_minor, a->scale));
    json_object_set_new(o, "now",
                        json_pack("{s:o, s:o, s:o}", "balance",
                                  api_json_amount(a->balance_minor, a->scale), "held",
                                  api_json_amount(a->reserved_out_minor, a->scale), "available",
                                  api_json_amount(ledger_account_available(a), a->scale)));
}

/* This month so far, unless told. */
static void read_period(struct ledger *l, struct api_call *call, struct ledger_statement_query *q)
{
    q->to_on = ledger_today(l);
    api_date(call, "to", &q->to_on);
    q->from_on = ledger_date_month_start(q->to_on);
    api_date(call, "from", &q->from_on);
}

enum ledger_status op_statement(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_statement_query q = {.by = order_of(call)};
    struct ledger_statement s;
    struct ledger_account a;
    struct api_page page;

    LEDGER_TRY(ledger_account_find(l, api_text(call, "member"), api_text(call, "currency"), &a));
    LEDGER_TRY(ledger_account_refresh(l, &a));
    read_period(l, call, &q);
    LEDGER_TRY(api_page_begin(&page, l, call));
    q.account_id = a.id;
    q.after_transfer_id = page.after[0];
    q.after_effective_on = (int32_t)page.after[1];
    q.limit = api_page_ask(&page);
    struct lines lines = {&page, a.scale,
                          (call->roles & LEDGER_STEWARD) || call->member_id == a.member_id};
    enum ledger_status status = ledger_statement_read(l, &q, &s, add_line, &lines);
    if (status == LEDGER_OK) {
        *out = header(l, &q, &a, &s);
        status = api_page_end(&page, out);
        footer(&q, &a, &s, *out);
    }
    api_page_drop(&page);
    return status;
}

struct trial {
    json_t *items;
    int scale;
};

static json_t *amount_if(bool is_set, int64_t minor, int scale)
{
    return is_set ? api_json_amount(minor, scale) : json_null();
}

static enum ledger_status add_trial_line(void *ctx, const struct ledger_trial_line *line)
{
    const struct trial *trial = ctx;
    bool debit = line->balance_minor < 0;

    json_array_append_new(
        trial->items, json_pack("{s:s, s:s, s:o, s:o}", "member", line->handle, "name", line->name,
                                "debit", amount_if(debit, -line->balance_minor, trial->scale),
                                "credit", amount_if(!debit, line->balance_minor, trial->scale)));
    return LEDGER_OK;
}

enum ledger_status op_trial_balance(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_currency c;
    struct ledger_trial_balance total;
    enum ledger_order by = order_of(call);
    int32_t day = ledger_today(l);

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &c));
    api_date(call, "as_of", &day);
    struct trial trial = {json_array(), c.scale};
    *out = json_pack("{s:s, s:o, s:s, s:o, s:n}", "currency", c.code, "as_of", api_json_day(day),
                     "by", order_name(by), "items", trial.items, "next");
    LEDGER_TRY(ledger_trial_balance_read(l, c.id, day, by, &total, add_trial_line, &trial));
    json_object_set_new(*out, "debit", api_json_amount(total.debit_minor, c.scale));
    json_object_set_new(*out, "credit", api_json_amount(total.credit_minor, c.scale));
    json_object_set_new(*out, "sum",
                        api_json_amount(total.credit_minor - total.debit_minor, c.scale));
    return LEDGER_OK;
}
