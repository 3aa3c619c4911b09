#include "args.h"
#include "item.h"
#include "kept.h"
#include "ops.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/register.h"
#include "ledger/transfer.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void mix(crypto_hash_sha256_state *state, const char *text)
{
    const char *some = text ? text : "";

    crypto_hash_sha256_update(state, (const unsigned char *)some, strlen(some) + 1);
}

/* What an item says, whichever door or file it came through. */
static void item_hash(const struct api_call *call, const struct api_item *item, uint8_t hash[32])
{
    crypto_hash_sha256_state state;
    const int64_t numbers[] = {
        call->member_id,    item->payer_id,  item->payee_id,
        item->amount_minor, item->is_import, item->has_effective ? item->effective_on : INT64_MIN};

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)numbers, sizeof numbers);
    mix(&state, item->memo);
    mix(&state, item->reference);
    crypto_hash_sha256_final(&state, hash);
}

static enum ledger_status post(struct ledger *l, const struct api_item *item, int64_t *transfer_id)
{
    const struct ledger_leg legs[] = {{item->payer_id, -item->amount_minor},
                                      {item->payee_id, item->amount_minor}};
    const struct ledger_transfer_draft draft = {.kind = item->is_import ? LEDGER_IMPORT
                                                                        : LEDGER_EXCHANGE,
                                                .memo = item->memo,
                                                .reference = item->reference,
                                                .has_effective = item->has_effective,
                                                .effective_on = item->effective_on,
                                                .without_limits = item->without_limits,
                                                .legs = legs,
                                                .leg_count = 2};

    return ledger_transfer_post(l, &draft, transfer_id);
}

enum ledger_status api_item_post(struct ledger *l, const struct api_call *call,
                                 const struct api_item *item, int64_t *transfer_id, bool *known)
{
    struct ledger_record r;

    *known = false;
    if (!item->has_uid)
        return post(l, item, transfer_id);
    uint8_t hash[32];
    item_hash(call, item, hash);
    enum ledger_status status = ledger_register_find(l, &item->uid, hash, &r);
    if (status == LEDGER_OK) {
        *known = true;
        *transfer_id = r.subject;
    }
    if (status != LEDGER_NO_ROW)
        return status;
    LEDGER_TRY(post(l, item, transfer_id));
    r = (struct ledger_record){.uid = item->uid, .subject = *transfer_id};
    snprintf(r.actor, sizeof r.actor, "%s", call->actor);
    snprintf(r.operation, sizeof r.operation, "transfer.batch.item");
    memcpy(r.content_hash, hash, 32);
    return ledger_register_append(l, &r);
}

static const char *const item_keys[] = {"from",      "to",           "amount", "currency", "memo",
                                        "reference", "effective_on", "uid",    NULL};
static const struct api_item_form item_form = {"an item", item_keys, LEDGER_MEMO_MAX};

static const char *value_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static enum ledger_status read_dates(struct ledger *l, const json_t *row, struct api_item *item)
{
    const char *effective = value_of(row, "effective_on");
    const char *uid = value_of(row, "uid");

    if (effective && ledger_date_parse(effective, &item->effective_on) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_DATE_MALFORMED, "effective_on",
                                   "effective_on is not a day: write it as 2026-11-23");
    if (uid && ledger_uid_parse(uid, &item->uid) != LEDGER_OK)
        return ledger_refuse_field(l, LEDGER_UID_MALFORMED, "uid", "uid must be a UUID");
    item->has_effective = effective != NULL;
    item->has_uid = uid != NULL;
    return LEDGER_OK;
}

static enum ledger_status read_item(struct ledger *l, struct api_call *call, const json_t *row,
                                    struct api_item *item)
{
    const struct ledger_why why = api_why(call, NULL);
    const char *code = value_of(row, "currency");
    struct ledger_currency c;
    struct ledger_account payer, payee;

    LEDGER_TRY(api_item_check(l, row, &item_form));
    if (!code)
        code = api_text(call, "currency");
    if (!code || !value_of(row, "from") || !value_of(row, "to") || !value_of(row, "amount"))
        return ledger_refuse(l, LEDGER_MISSING_PARAMETER,
                             "an item needs from, to, amount and a currency");
    *item =
        (struct api_item){.memo = value_of(row, "memo"), .reference = value_of(row, "reference")};
    LEDGER_TRY(read_dates(l, row, item));
    LEDGER_TRY(ledger_currency_find(l, code, &c));
    LEDGER_TRY(ledger_currency_amount(l, &c, "amount", value_of(row, "amount"),
                                      LEDGER_AMOUNT_POSITIVE, &item->amount_minor));
    LEDGER_TRY(ledger_account_need(l, value_of(row, "from"), code, &why, &payer));
    LEDGER_TRY(ledger_account_need(l, value_of(row, "to"), code, &why, &payee));
    item->payer_id = payer.id;
    item->payee_id = payee.id;
    return LEDGER_OK;
}

struct batch {
    struct ledger *l;
    struct api_call *call;
    bool is_import;
    bool without_limits;
    json_t *items; /* results, where each stands on its own */
    int posted;
    int known;
    int refused;
    int64_t first;
    int64_t last;
};

static enum ledger_status post_row(struct batch *b, const json_t *row, int64_t *id, bool *known)
{
    struct api_item item;

    LEDGER_TRY(read_item(b->l, b->call, row, &item));
    item.is_import = b->is_import;
    item.without_limits = b->without_limits;
    return api_item_post(b->l, b->call, &item, id, known);
}

static void count(struct batch *b, int64_t id, bool known)
{
    if (known) {
        b->known++;
        return;
    }
    b->posted++;
    if (!b->first)
        b->first = id;
    b->last = id;
}

/* One refusal refuses them all: the runner's savepoint undoes what went before. */
static enum ledger_status run_whole(struct batch *b, const json_t *rows)
{
    size_t i;
    json_t *row;

    json_array_foreach((json_t *)rows, i, row)
    {
        int64_t id;
        bool known;
        enum ledger_status status = post_row(b, row, &id, &known);
        if (status != LEDGER_OK && !ledger_status_is_fault(status)) {
            char sentence[LEDGER_MESSAGE_MAX];
            snprintf(sentence, sizeof sentence, "%.*s", LEDGER_MESSAGE_MAX - 80,
                     ledger_message(b->l));
            return ledger_blame(
                b->l,
                ledger_refuse(b->l, status, "item %zu, so none was posted: %s", i + 1, sentence),
                "items", (int)i);
        }
        LEDGER_TRY(status);
        count(b, id, known);
    }
    return LEDGER_OK;
}

/* The sentence why not may name them. */
static void name_parties(struct batch *b, const json_t *row)
{
    static const char *const keys[] = {"from", "to"};

    for (int i = 0; i < 2; i++)
        if (value_of(row, keys[i]))
            api_names(b->call, value_of(row, keys[i]));
}

static void add_result(struct batch *b, size_t i, enum ledger_status status, int64_t id, bool known)
{
    json_t *item = json_pack("{s:I, s:s}", "item", (json_int_t)(i + 1), "result",
                             status != LEDGER_OK ? "refused"
                             : known             ? "known"
                                                 : "posted");

    if (status == LEDGER_OK) {
        json_object_set_new(item, "transfer", api_json_id(id));
    } else {
        json_object_set_new(item, "code", json_string(ledger_status_facts(status)->code));
        json_object_set_new(item, "detail", json_string(ledger_message(b->l)));
    }
    json_array_append_new(b->items, item);
}

static enum ledger_status run_each(struct batch *b, const json_t *rows)
{
    size_t i;
    json_t *row;

    json_array_foreach((json_t *)rows, i, row)
    {
        int64_t id = 0;
        bool known = false;
        LEDGER_TRY(ledger_savepoint(b->l));
        enum ledger_status status = post_row(b, row, &id, &known);
        if (ledger_status_is_fault(status))
            return status;
        add_result(b, i, status, id, known);
        if (status == LEDGER_OK) {
            count(b, id, known);
            LEDGER_TRY(ledger_release(b->l));
        } else {
            b->refused++;
            name_parties(b, row);
            LEDGER_TRY(ledger_rollback_to(b->l));
        }
    }
    return LEDGER_OK;
}

enum ledger_status op_transfer_batch(struct ledger *l, struct api_call *call, json_t **out)
{
    const json_t *rows = api_items(call, "items");
    const char *limits = api_text(call, "limits");
    const char *kind = api_text(call, "kind");
    struct batch b = {.l = l, .call = call, .items = json_array()};

    b.is_import = kind && strcmp(kind, "import") == 0;
    b.without_limits = limits && strcmp(limits, "none") == 0;
    *out = json_pack("{s:o}", "items", b.items);
    if (json_array_size(rows) > LEDGER_BATCH_MAX || json_array_size(rows) == 0)
        return api_refuse(call, LEDGER_TOO_MANY_LEGS, "items", "a batch has 1 to %d transfers",
                          LEDGER_BATCH_MAX);
    if (b.without_limits && !b.is_import)
        return api_refuse(call, LEDGER_USAGE, "limits",
                          "only history goes without limits: add kind import");
    LEDGER_TRY(api_flag(call, "each") ? run_each(&b, rows) : run_whole(&b, rows));
    json_object_set_new(*out, "posted", json_integer(b.posted));
    json_object_set_new(*out, "known", json_integer(b.known));
    json_object_set_new(*out, "refused", json_integer(b.refused));
    json_object_set_new(*out, "first", api_json_id(b.first));
    json_object_set_new(*out, "last", api_json_id(b.last));
    return LEDGER_OK;
}
