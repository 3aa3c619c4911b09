#include "args.h"
#include "credential.h"
#include "http.h"
#include "ops.h"
#include "shape.h"

#include "ledger/erasure.h"
#include "ledger/member.h"

static bool is_party(const struct api_call *call, const struct ledger_certificate *c)
{
    return call->member_id &&
           (call->member_id == c->member_id || call->member_id == c->provider_id);
}

/* Who taught somebody unpaid, under an assumed name, knows that name alone. */
static bool sees_member(const struct api_call *call, const struct ledger_certificate *c)
{
    return !c->assumed || (call->roles & API_NODE_ROLES) || call->member_id == c->member_id;
}

/* What anybody may know who knows the uid: nothing of the person. */
static json_t *shape_public(const struct ledger_certificate *c, int64_t now_us)
{
    char uid[LEDGER_UID_TEXT];
    json_t *o = json_pack(
        "{s:s, s:s, s:o, s:o}", "uid", ledger_uid_format(&c->uid, uid), "state",
        ledger_certificate_state(c, now_us), "issued", api_json_time(c->issued_at_us), "expires",
        c->expires_at_us == INT64_MAX ? json_null() : api_json_time(c->expires_at_us));

    if (o && c->revoked_at_us) {
        json_object_set_new(o, "revoked", api_json_time(c->revoked_at_us));
        json_object_set_new(o, "reason", json_string(c->reason));
    }
    return o;
}

static json_t *shape(const struct api_call *call, const struct ledger_certificate *c,
                     int64_t now_us)
{
    json_t *o = shape_public(c, now_us);

    if (!o)
        return NULL;
    json_object_set_new(o, "certificate", api_json_id(c->id));
    json_object_set_new(o, "provider", json_string(c->provider));
    if (sees_member(call, c))
        json_object_set_new(o, "member", json_string(c->member));
    if (c->enrolment_id)
        json_object_set_new(o, "enrolment", api_json_id(c->enrolment_id));
    json_object_set_new(o, "key", api_json_id(c->key_id));
    if (c->erased)
        json_object_set_new(o, "erased", json_true());
    else if (is_party(call, c) || (call->roles & LEDGER_STEWARD)) {
        json_object_set_new(o, "name", json_string(c->name));
        json_object_set_new(o, "title", json_string(c->title));
    }
    return o;
}

static json_t *shape_whole(const struct api_call *call, const struct ledger_certificate *c,
                           int64_t now_us)
{
    json_t *o = shape(call, c, now_us);

    if (o && json_object_get(o, "name"))
        json_object_set_new(o, "jwt", json_string(c->jwt));
    return o;
}

static enum ledger_status get_visible(struct ledger *l, struct api_call *call,
                                      struct ledger_certificate *c)
{
    int64_t id = api_integer(call, "id", 0);

    LEDGER_TRY(ledger_certificate_get(l, id, c));
    if ((call->roles & API_NODE_ROLES) || is_party(call, c))
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_NO_SUCH_CERTIFICATE, "there is no certificate %lld",
                         (long long)id);
}

/* As it was when it was issued; its words are read back from their own row, so that none stays when they go. */
enum ledger_status op_certificate_issued(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_certificate c;

    LEDGER_TRY(ledger_certificate_get(l, call->subject, &c));
    c.revoked_at_us = 0;
    *out = shape_whole(call, &c, c.issued_at_us);
    return LEDGER_OK;
}

enum ledger_status op_certificate_show(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_certificate c;

    LEDGER_TRY(get_visible(l, call, &c));
    *out = shape_whole(call, &c, ledger_now_us(l));
    return LEDGER_OK;
}

enum ledger_status op_certificate_revoke(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));
    struct ledger_certificate c;

    LEDGER_TRY(get_visible(l, call, &c));
    if (!(call->roles & API_KEEPERS) && call->member_id != c.provider_id)
        return ledger_refuse(l, LEDGER_NOT_ALLOWED,
                             "only who issued a certificate, or the node, revokes it");
    LEDGER_TRY(ledger_certificate_revoke(l, c.id, &why));
    call->subject = c.id;
    LEDGER_TRY(ledger_certificate_get(l, c.id, &c));
    *out = shape_public(&c, ledger_now_us(l));
    json_object_set_new(*out, "certificate", api_json_id(c.id));
    return LEDGER_OK;
}

enum ledger_status op_certificate_erase(struct ledger *l, struct api_call *call, json_t **out)
{
    const struct ledger_why why = api_why(call, api_text(call, "reason"));

    call->subject = api_integer(call, "id", 0);
    LEDGER_TRY(ledger_erase_certificate_text(l, call->subject, &why));
    call->erased = true;
    return op_certificate_show(l, call, out);
}

struct list {
    struct api_page page; /* first: api_page_add finds it */
    int64_t now_us;
    bool is_public;
};

static enum ledger_status add(void *ctx, const struct ledger_certificate *c)
{
    struct list *list = ctx;

    return api_page_add(&list->page,
                        list->is_public ? shape_public(c, list->now_us)
                                        : shape(list->page.call, c, list->now_us),
                        c->id, 0);
}

static enum ledger_status list_all(struct ledger *l, struct api_call *call,
                                   struct ledger_certificate_filter *filter, bool is_public,
                                   json_t **out)
{
    struct list list = {.now_us = ledger_now_us(l), .is_public = is_public};

    LEDGER_TRY(api_page_begin(&list.page, l, call));
    filter->after_id = list.page.after[0];
    filter->limit = api_page_ask(&list.page);
    return api_page_finish(&list.page, ledger_certificate_each(l, filter, add, &list), out);
}

enum ledger_status op_certificate_list(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_certificate_filter filter = {.member_id = 0};

    LEDGER_TRY(api_member_id(l, call, "member", &filter.member_id));
    return list_all(l, call, &filter, false, out);
}

enum ledger_status op_certificate_revoked(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_certificate_filter filter = {.revoked_only = true};

    return list_all(l, call, &filter, true, out);
}

/* The last four are those of a 1EdTech revocation list, which holds this certificate or nothing. */
enum ledger_status op_certificate_status(struct ledger *l, struct api_call *call, json_t **out)
{
    struct ledger_certificate c;
    struct ledger_uid uid;
    char url[LEDGER_ADDRESS_MAX + 1];
    char text[LEDGER_UID_TEXT];
    json_t *revoked;

    if (ledger_uid_parse(api_text(call, "uid"), &uid) != LEDGER_OK)
        return api_refuse(call, LEDGER_UID_MALFORMED, "uid",
                          "a certificate's uid is a UUID, as in its id");
    LEDGER_TRY(ledger_certificate_of_uid(l, &uid, &c));
    LEDGER_TRY(ledger_address_get(l, url));
    *out = shape_public(&c, ledger_now_us(l));
    if (!*out)
        return LEDGER_NO_MEMORY;
    ledger_uid_format(&uid, text);
    revoked = json_array();
    if (c.revoked_at_us)
        json_array_append_new(revoked,
                              json_pack("{s:o, s:b, s:s}", "id", json_sprintf("urn:uuid:%s", text),
                                        "revoked", true, "revocationReason", c.reason));
    json_object_set_new(*out, "revokedCredential", revoked);
    json_object_set_new(*out, "type", json_string("1EdTechRevocationList"));
    if (url[0]) {
        json_object_set_new(*out, "id",
                            json_sprintf("%s" HTTP_ROOT "/certificates/%s/status", url, text));
        json_object_set_new(*out, "issuer", json_string(url));
    }
    return LEDGER_OK;
}

enum ledger_status op_certificate_verify(struct ledger *l, struct api_call *call, json_t **out)
{
    return credential_check(l, call, api_text(call, "jwt"), out);
}
