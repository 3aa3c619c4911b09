/*
 * import_node.c - history into a node, in batches that are atomic each and resume by uid.
 */
#include "import.h"

#include "api/args.h"
#include "api/run.h"
#include "ledger/date.h"
#include "ledger/transfer.h"
#include "remote.h"

#include <inttypes.h>
#include <string.h>

#define BATCH_BYTES_MAX ((size_t)900 * 1024) /* of the MiB that a node takes */
#define ITEM_BYTES 300                       /* of an item, besides its words */

/* Rows that go in one request. */
struct batch {
    json_t *items;
    struct history_row *rows[LEDGER_BATCH_MAX];
    size_t count;
    size_t bytes;
};

static enum ledger_status run(struct import *in, struct api_call *call, json_t **out)
{
    enum ledger_status st = remote_call(in->door->remote, call, out);

    if (st != LEDGER_OK)
        *in->problem = call->problem;
    return st;
}

static size_t words_of(const struct history_row *row)
{
    return 2 *
           ((row->memo ? strlen(row->memo) : 0) + (row->reference ? strlen(row->reference) : 0));
}

static json_t *item_of(const struct import *in, const struct history_row *row)
{
    char amount[LEDGER_AMOUNT_TEXT];
    char day[LEDGER_DATE_TEXT];
    char uid[LEDGER_UID_TEXT];

    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*, s:s*}", "from",
                     in->history.members[row->payer], "to", in->history.members[row->payee],
                     "amount", ledger_amount_format(row->amount_minor, in->scale, amount),
                     "effective_on", ledger_date_format(row->effective_on, day), "uid",
                     ledger_uid_format(&row->uid, uid), "memo", row->memo, "reference",
                     row->reference);
}

static bool fits(const struct batch *b, const struct history_row *row)
{
    return b->count < LEDGER_BATCH_MAX && b->bytes + ITEM_BYTES + words_of(row) < BATCH_BYTES_MAX;
}

static enum ledger_status send(struct import *in, const struct batch *b, bool try_only,
                               json_t **out)
{
    bool each = try_only || in->history.settings.each;
    bool unlimited = try_only || in->limits == IMPORT_UNLIMITED ||
                     (in->dry_run && in->limits == IMPORT_OBSERVED);
    struct api_call call;
    enum ledger_status st;

    api_call_init(&call, api_operation_named("transfer.batch"));
    call.dry_run = try_only || in->dry_run;
    json_object_set(call.args, "items", b->items);
    json_object_set_new(call.args, "currency", json_string(in->currency));
    json_object_set_new(call.args, "kind", json_string("import"));
    if (each)
        json_object_set_new(call.args, "each", json_true());
    if (unlimited)
        json_object_set_new(call.args, "limits", json_string("none"));
    st = run(in, &call, out);
    api_call_clear(&call);
    return st;
}

/* Name the row where the node named an item, and say what became of the batches before. */
static enum ledger_status refused(struct import *in, const struct batch *b, enum ledger_status st)
{
    char sentence[LEDGER_MESSAGE_MAX];
    char detail[HISTORY_WHY_MAX];
    int at = in->problem->leg;

    if (at < 0 || (size_t)at >= b->count || in->history.settings.each)
        return st;
    snprintf(sentence, sizeof sentence, "%s", in->problem->detail);
    st = history_refuse(&in->history, b->rows[at], HISTORY_FIELDS, st, sentence, in->problem);
    snprintf(sentence, sizeof sentence, "%s", in->problem->detail);
    snprintf(detail, sizeof detail, "%.*s", HISTORY_WHY_MAX - 1, sentence);
    return door_refuse(in->problem, st,
                       "%s; of the batches before, %" PRId64 " rows are in the ledger", detail,
                       in->posted + in->known);
}

static int64_t integer(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void note_known(const struct batch *b, const json_t *answer)
{
    size_t i;
    json_t *item;

    json_array_foreach(json_object_get(answer, "items"), i, item)
    {
        const char *result = json_string_value(json_object_get(item, "result"));

        if (i < b->count && result)
            b->rows[i]->known = strcmp(result, "known") == 0;
    }
}

static enum ledger_status note_rejects(struct import *in, const struct batch *b,
                                       const json_t *answer)
{
    size_t i;
    json_t *item;

    json_array_foreach(json_object_get(answer, "items"), i, item)
    {
        const char *code = json_string_value(json_object_get(item, "code"));
        const char *detail = json_string_value(json_object_get(item, "detail"));

        if (code && i < b->count)
            LEDGER_TRY(history_refuse(&in->history, b->rows[i], HISTORY_FIELDS,
                                      ledger_status_from_code(code), detail ? detail : code,
                                      in->problem));
    }
    return LEDGER_OK;
}

static enum ledger_status take_answer(struct import *in, const struct batch *b, bool try_only,
                                      const json_t *answer)
{
    if (try_only) {
        note_known(b, answer);
        return LEDGER_OK;
    }
    in->posted += integer(answer, "posted");
    in->known += integer(answer, "known");
    if (!in->first)
        in->first = integer(answer, "first");
    if (integer(answer, "last"))
        in->last = integer(answer, "last");
    return note_rejects(in, b, answer);
}

static enum ledger_status finish(struct import *in, struct batch *b, bool try_only)
{
    json_t *answer = NULL;
    enum ledger_status st = LEDGER_OK;

    if (b->count) {
        st = send(in, b, try_only, &answer);
        st = st == LEDGER_OK ? take_answer(in, b, try_only, answer) : refused(in, b, st);
    }
    json_decref(answer);
    json_array_clear(b->items);
    b->count = b->bytes = 0;
    return st;
}

static enum ledger_status send_all(struct import *in, bool try_only)
{
    struct batch b = {.items = json_array()};
    enum ledger_status st = LEDGER_OK;

    for (size_t i = 0; i < in->history.count && st == LEDGER_OK; i++) {
        struct history_row *row = &in->history.rows[i];

        progress_show(&in->bar, (int64_t)i, (int64_t)in->history.count);
        if (row->status != LEDGER_OK)
            continue;
        if (!fits(&b, row))
            st = finish(in, &b, try_only);
        json_array_append_new(b.items, item_of(in, row));
        b.rows[b.count++] = row;
        b.bytes += ITEM_BYTES + words_of(row);
    }
    if (st == LEDGER_OK)
        st = finish(in, &b, try_only);
    json_decref(b.items);
    return st;
}

static enum ledger_status look(struct import *in)
{
    return send_all(in, true);
}

static enum ledger_status post(struct import *in)
{
    return send_all(in, false);
}

const struct import_target import_node = {run, look, post};
