#include "args.h"
#include "credential.h"
#include "ops.h"
#include "shape.h"

#include "ledger/multibase.h"

/* A JWK, so that what names this address as its key can be verified; what else is in it is passed over (RFC 7517, 4). */
static json_t *shape(const struct ledger_key *k)
{
    json_t *o = credential_jwk(k);
    char text[LEDGER_DID_TEXT];

    if (!o)
        return NULL;
    json_object_set_new(o, "key", api_json_id(k->id));
    json_object_set_new(o, "multibase", json_string(ledger_multibase_write(k->public_key, text)));
    json_object_set_new(o, "did", json_string(ledger_did_write(k->public_key, text)));
    json_object_set_new(o, "since", api_json_time(k->at_us));
    if (k->replaced_at_us)
        json_object_set_new(o, "replaced", api_json_time(k->replaced_at_us));
    return o;
}

enum ledger_status op_key_show(struct ledger *l, struct api_call *call, json_t **out)
{
    int64_t id = api_integer(call, "id", 0);
    struct ledger_key k;

    LEDGER_TRY(id ? ledger_key_get(l, id, &k) : ledger_key_current(l, &k));
    *out = shape(&k);
    return *out ? LEDGER_OK : LEDGER_NO_MEMORY;
}

static enum ledger_status add(void *ctx, const struct ledger_key *k)
{
    return api_page_add(ctx, shape(k), k->id, 0);
}

enum ledger_status op_key_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct api_page page;

    LEDGER_TRY(api_page_begin(&page, l, call));
    return api_page_finish(&page,
                           ledger_key_each(l, page.after[0], api_page_ask(&page), add, &page), out);
}

enum ledger_status op_node_address(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    const char *url = api_text(call, "url");

    LEDGER_TRY(ledger_address_set(l, url, &why, &call->subject));
    *out = json_pack("{s:s}", "address", url);
    return LEDGER_OK;
}
