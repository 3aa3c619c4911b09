/*
 * import_file.c - history into a ledger file, in the one transaction that is open on it.
 */
#include "import.h"

#include "api/ops.h"
#include "api/run.h"
#include "ledger/register.h"

#include <stdlib.h>

static enum ledger_status fault(struct import *in, enum ledger_status s)
{
    return door_refuse(in->problem, s, "%s", ledger_message(in->l));
}

static enum ledger_status run(struct import *in, struct api_call *call, json_t **out)
{
    enum ledger_status st;

    api_call_as_local(call, in->user);
    st = call->op->mode == API_WRITE ? api_run_write(in->l, call, out)
                                     : api_run_read(in->l, call, out);
    if (st != LEDGER_OK)
        *in->problem = call->problem;
    return st;
}

/* Known is known: whether it says the same is looked at when it is posted. */
static enum ledger_status look(struct import *in)
{
    static const uint8_t no_hash[32];
    struct ledger_record r;

    for (size_t i = 0; i < in->history.count; i++) {
        struct history_row *row = &in->history.rows[i];
        enum ledger_status st = LEDGER_NO_ROW;

        if (row->status == LEDGER_OK)
            st = ledger_register_find(in->l, &row->uid, no_hash, &r);
        if (ledger_status_is_fault(st))
            return fault(in, st);
        row->known = st != LEDGER_NO_ROW;
    }
    return LEDGER_OK;
}

static enum ledger_status find_account(struct import *in, const struct api_call *call,
                                       struct history_row *row, enum history_field side,
                                       int64_t *accounts)
{
    const struct ledger_why why = {.actor = call->actor, .reason = "import", .authority = ""};
    int member = side == HISTORY_FROM ? row->payer : row->payee;
    struct ledger_account a;

    if (row->status != LEDGER_OK || accounts[member])
        return LEDGER_OK;
    enum ledger_status st =
        ledger_account_need(in->l, in->history.members[member], in->currency, &why, &a);
    if (st == LEDGER_OK)
        accounts[member] = a.id;
    else if (ledger_status_is_fault(st))
        return fault(in, st);
    else
        return history_refuse(&in->history, row, side, st, ledger_message(in->l), in->problem);
    return LEDGER_OK;
}

static enum ledger_status post_row(struct import *in, const struct api_call *call,
                                   const struct history_row *row, const int64_t *accounts)
{
    const struct api_item item = {.payer_id = accounts[row->payer],
                                  .payee_id = accounts[row->payee],
                                  .amount_minor = row->amount_minor,
                                  .memo = row->memo,
                                  .reference = row->reference,
                                  .has_effective = true,
                                  .effective_on = row->effective_on,
                                  .has_uid = true,
                                  .uid = row->uid,
                                  .is_import = true,
                                  .without_limits = in->limits == IMPORT_UNLIMITED};
    int64_t id;
    bool known;

    LEDGER_TRY(api_item_post(in->l, call, &item, &id, &known));
    import_count(in, id, known);
    return LEDGER_OK;
}

/* With --each a row that is refused goes, and what it began with it. */
static enum ledger_status post_alone(struct import *in, const struct api_call *call,
                                     struct history_row *row, const int64_t *accounts)
{
    LEDGER_TRY(ledger_savepoint(in->l));
    enum ledger_status st = post_row(in, call, row, accounts);
    if (st == LEDGER_OK)
        return ledger_release(in->l);
    if (ledger_status_is_fault(st))
        return st;
    LEDGER_TRY(
        history_refuse(&in->history, row, HISTORY_FIELDS, st, ledger_message(in->l), in->problem));
    return ledger_rollback_to(in->l);
}

/* `accounts`: of each member by its index, 0 until a row needs it. */
static enum ledger_status post_rows(struct import *in, const struct api_call *call,
                                    int64_t *accounts)
{
    struct history *h = &in->history;
    enum ledger_status st = LEDGER_OK;

    for (size_t i = 0; i < h->count && st == LEDGER_OK; i++) {
        struct history_row *row = &h->rows[i];

        progress_show(&in->bar, (int64_t)i, (int64_t)h->count);
        LEDGER_TRY(find_account(in, call, row, HISTORY_FROM, accounts));
        LEDGER_TRY(find_account(in, call, row, HISTORY_TO, accounts));
        if (row->status != LEDGER_OK)
            continue;
        st = h->settings.each ? post_alone(in, call, row, accounts)
                              : post_row(in, call, row, accounts);
        if (ledger_status_is_fault(st))
            return fault(in, st);
        if (st != LEDGER_OK)
            return history_refuse(h, row, HISTORY_FIELDS, st, ledger_message(in->l), in->problem);
    }
    return st;
}

static enum ledger_status post(struct import *in)
{
    int64_t *accounts = calloc((size_t)in->history.member_count + 1, sizeof *accounts);
    struct api_call call;
    enum ledger_status st;

    if (!accounts)
        return door_refuse(in->problem, LEDGER_NO_MEMORY, "out of memory");
    api_call_init(&call, api_operation_named("transfer.batch"));
    api_call_as_local(&call, in->user);
    st = post_rows(in, &call, accounts);
    api_call_clear(&call);
    free(accounts);
    return st;
}

const struct import_target import_file = {run, look, post};
