#include "args.h"
#include "ops.h"
#include "shape.h"

#include "ledger/transfer.h"

#include <stdlib.h>
#include <string.h>

/*
 * Opening balances: any number of accounts, a transfer has at most LEDGER_LEGS_MAX legs. Debtors are
 * paired with creditors in the order given; pairs go into a transfer until it is full, so that
 * each transfer sums to zero by itself.
 */
struct opening {
    struct ledger *l;
    struct api_call *call;
    struct ledger_currency currency;
    struct ledger_leg *rest; /* what each account still needs */
    int count;
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    int leg_count;
    int posted;
    int64_t first;
    int64_t last;
};

static enum ledger_status add_balance(struct opening *o, const char *handle, int64_t minor)
{
    const struct ledger_why why = api_why(o->call, NULL);
    struct ledger_account a;

    LEDGER_TRY(ledger_account_need(o->l, handle, o->currency.code, &why, &a));
    for (int i = 0; i < o->count; i++)
        if (o->rest[i].account_id == a.id)
            return ledger_refuse(o->l, LEDGER_SAME_ACCOUNT, "%s stands in the list twice", handle);
    if (minor != 0)
        o->rest[o->count++] = (struct ledger_leg){a.id, minor};
    return LEDGER_OK;
}

static enum ledger_status read_row(struct opening *o, const json_t *row, int64_t *minor)
{
    const char *member = json_string_value(json_object_get(row, "member"));
    const char *balance = json_string_value(json_object_get(row, "balance"));

    if (!member || !balance || json_object_size(row) != 2)
        return ledger_refuse(o->l, LEDGER_MALFORMED_REQUEST,
                             "each item has two strings, member and balance");
    LEDGER_TRY(ledger_currency_amount(o->l, &o->currency, "balance", balance, LEDGER_AMOUNT_SIGNED,
                                      minor));
    return add_balance(o, member, *minor);
}

static enum ledger_status read_rows(struct opening *o, int64_t *sum_minor)
{
    size_t i;
    json_t *row;

    *sum_minor = 0;
    json_array_foreach((json_t *)api_items(o->call, "items"), i, row)
    {
        int64_t minor = 0;
        enum ledger_status status = read_row(o, row, &minor);
        if (status == LEDGER_OK && ledger_amount_add(*sum_minor, minor, sum_minor) != LEDGER_OK)
            status = ledger_refuse(o->l, LEDGER_AMOUNT_OVERFLOW,
                                   "together that passes what the ledger counts");
        if (status != LEDGER_OK)
            return ledger_blame(o->l, status, "items", (int)i);
    }
    return LEDGER_OK;
}

static enum ledger_status place_difference(struct opening *o, int64_t sum_minor)
{
    const char *to = api_text(o->call, "difference_to");
    char text[LEDGER_AMOUNT_TEXT];

    if (sum_minor == 0)
        return LEDGER_OK;
    if (to)
        return add_balance(o, to, -sum_minor);
    return ledger_refuse(o->l, LEDGER_UNBALANCED,
                         "the balances add up to %s %s, not to zero: find the difference, or name "
                         "an account that takes it with difference_to",
                         ledger_amount_format(sum_minor, o->currency.scale, text),
                         o->currency.code);
}

static enum ledger_status flush(struct opening *o)
{
    struct ledger_transfer_draft draft = {.kind = LEDGER_OPENING,
                                          .memo = api_text(o->call, "memo"),
                                          .without_limits = true,
                                          .legs = o->legs,
                                          .leg_count = o->leg_count};

    if (o->leg_count == 0)
        return LEDGER_OK;
    draft.has_effective = api_date(o->call, "effective_on", &draft.effective_on);
    LEDGER_TRY(ledger_transfer_post(o->l, &draft, &o->last));
    o->first = o->first ? o->first : o->last;
    o->posted++;
    o->leg_count = 0;
    return LEDGER_OK;
}

static void move(struct opening *o, int64_t account_id, int64_t minor)
{
    for (int i = 0; i < o->leg_count; i++) {
        if (o->legs[i].account_id == account_id) {
            o->legs[i].amount_minor += minor;
            return;
        }
    }
    o->legs[o->leg_count++] = (struct ledger_leg){account_id, minor};
}

static int next_of_sign(const struct opening *o, int from, bool negative)
{
    while (from < o->count &&
           (o->rest[from].amount_minor == 0 || (o->rest[from].amount_minor < 0) != negative))
        from++;
    return from;
}

static enum ledger_status post_pairs(struct opening *o)
{
    int debtor = next_of_sign(o, 0, true);
    int creditor = next_of_sign(o, 0, false);

    while (debtor < o->count && creditor < o->count) {
        struct ledger_leg *out = &o->rest[debtor];
        struct ledger_leg *in = &o->rest[creditor];
        int64_t minor =
            -out->amount_minor < in->amount_minor ? -out->amount_minor : in->amount_minor;
        if (o->leg_count > LEDGER_LEGS_MAX - 2)
            LEDGER_TRY(flush(o));
        move(o, out->account_id, -minor);
        move(o, in->account_id, minor);
        out->amount_minor += minor;
        in->amount_minor -= minor;
        debtor = next_of_sign(o, debtor, true);
        creditor = next_of_sign(o, creditor, false);
    }
    return flush(o);
}

static enum ledger_status run(struct opening *o)
{
    int64_t sum_minor;

    LEDGER_TRY(read_rows(o, &sum_minor));
    LEDGER_TRY(place_difference(o, sum_minor));
    return post_pairs(o);
}

enum ledger_status op_transfer_opening(struct ledger *l, struct api_call *call, json_t **out)
{
    size_t rows = json_array_size(api_items(call, "items"));
    struct opening o = {.l = l, .call = call};

    LEDGER_TRY(ledger_currency_find(l, api_text(call, "currency"), &o.currency));
    o.rest = calloc(rows + 1, sizeof *o.rest);
    if (!o.rest)
        return LEDGER_NO_MEMORY;
    enum ledger_status status = run(&o);
    int accounts = o.count;
    free(o.rest);
    LEDGER_TRY(status);
    call->subject = o.first;
    *out = json_pack("{s:i, s:i, s:o, s:o}", "accounts", accounts, "posted", o.posted, "first",
                     api_json_id(o.first), "last", api_json_id(o.last));
    return LEDGER_OK;
}
