#include "request.h"

#include "request_row.h"

#include <string.h>

static void read_numbers(struct ledger_request *r, const struct store_row *row)
{
    r->id = store_row_int(row, 0);
    r->payee_id = store_row_int(row, 1);
    r->number = store_row_int(row, 2);
    r->payer_id = store_row_int(row, 3);
    r->currency_id = store_row_int(row, 4);
    r->corrects_id = store_row_int(row, 5);
    r->issued_on = (int32_t)store_row_int(row, 33);
    r->supplied_on = (int32_t)store_row_int(row, 6);
    r->due_on = (int32_t)store_row_int(row, 7);
    r->expires_on = store_row_null(row, 8) ? INT32_MAX : (int32_t)store_row_int(row, 8);
    r->net_minor = store_row_int(row, 9);
    r->tax_minor = store_row_int(row, 10);
    r->gross_minor = store_row_int(row, 11);
    r->ledger_minor = store_row_int(row, 12);
    r->outside_minor = store_row_int(row, 13);
    r->value_micro = store_row_int(row, 14);
    r->asked_at_us = store_row_int(row, 15);
    r->scale = (int)store_row_int(row, 18);
}

/* Columns that a request without such events has not are NULL, which reads as 0. */
static void read_course(struct ledger_request *r, const struct store_row *row)
{
    const char *end = store_row_text(row, 30);

    r->open_minor = store_row_int(row, 23);
    r->open_outside_minor = store_row_int(row, 24);
    r->disputed = store_row_int(row, 25) != 0;
    r->paid_minor = -store_row_int(row, 26);
    r->paid_outside_minor = -store_row_int(row, 27);
    r->credited_minor = -store_row_int(row, 28);
    r->credited_outside_minor = -store_row_int(row, 29);
    r->declined = strcmp(end, "declined") == 0;
    r->withdrawn = strcmp(end, "withdrawn") == 0;
    r->preapproval_id = store_row_int(row, 31);
    r->refunded_minor = store_row_int(row, 32);
}

enum ledger_status ledger_request_read(void *into, const struct store_row *row)
{
    struct ledger_request *r = into;

    *r = (struct ledger_request){.erased = store_row_null(row, 21)};
    read_numbers(r, row);
    read_course(r, row);
    store_row_copy(row, 16, r->unit, sizeof r->unit);
    store_row_copy(row, 17, r->code, sizeof r->code);
    store_row_copy(row, 19, r->payee, sizeof r->payee);
    store_row_copy(row, 20, r->payer, sizeof r->payer);
    store_row_copy(row, 21, r->note, sizeof r->note);
    store_row_copy(row, 22, r->reference, sizeof r->reference);
    return LEDGER_OK;
}

enum ledger_status ledger_request_get(struct ledger *l, int64_t id, struct ledger_request *r)
{
    enum ledger_status status =
        ledger_first(l,
                     REQUEST_COLUMNS "FROM request r " REQUEST_JOINS
                                     "LEFT JOIN request_open o ON o.request_id = r.id "
                                     "WHERE r.id = $1",
                     STORE_ARGS(store_int(id)), ledger_request_read, r);

    if (status == LEDGER_NO_ROW)
        return ledger_refuse(l, LEDGER_NO_SUCH_REQUEST, "there is no request %lld", (long long)id);
    return status;
}

bool ledger_request_is_credit(const struct ledger_request *r)
{
    return r->corrects_id != 0;
}

bool ledger_request_is_closed(const struct ledger_request *r)
{
    return r->open_minor == 0 && r->open_outside_minor == 0;
}

bool ledger_request_is_overdue(const struct ledger *l, const struct ledger_request *r)
{
    return !ledger_request_is_closed(r) && r->due_on < ledger_today(l);
}

const char *ledger_request_state(const struct ledger *l, const struct ledger_request *r)
{
    bool paid = r->paid_minor > r->refunded_minor || r->paid_outside_minor;

    if (ledger_request_is_credit(r))
        return "credit";
    if (r->declined)
        return "declined";
    if (r->withdrawn)
        return "withdrawn";
    if (ledger_request_is_closed(r))
        return paid ? "paid" : "credited";
    if (r->disputed)
        return "disputed";
    if (r->expires_on < ledger_today(l))
        return "expired";
    return paid ? "part-paid" : "open";
}
