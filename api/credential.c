#include "credential.h"

#include "args.h"
#include "http.h"
#include "shape.h"

#include "ledger/date.h"
#include "ledger/multibase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_US LEDGER_US_PER_SECOND
#define SKEW_S 600 /* another's clock may be so far ahead of ours */

void credential_issuer_of(const char *url, const struct ledger_key *k,
                          struct credential_issuer *issuer)
{
    char did[LEDGER_DID_TEXT];

    *issuer = (struct credential_issuer){.is_did = url[0] == '\0'};
    if (!issuer->is_did) {
        snprintf(issuer->id, sizeof issuer->id, "%s", url);
        snprintf(issuer->kid, sizeof issuer->kid, "%s" HTTP_ROOT "/key?id=%lld", url,
                 (long long)k->id);
        return;
    }
    snprintf(issuer->id, sizeof issuer->id, "%s", ledger_did_write(k->public_key, did));
    snprintf(issuer->kid, sizeof issuer->kid, "%s#%s", did, did + strlen("did:key:"));
}

json_t *credential_jwk(const struct ledger_key *k)
{
    char *x = jwt_base64(k->public_key, sizeof k->public_key);
    json_t *jwk = x ? json_pack("{s:s, s:s, s:s, s:s, s:s}", "kty", "OKP", "crv", "Ed25519", "x", x,
                                "alg", "EdDSA", "use", "sig")
                    : NULL;

    free(x);
    return jwk;
}

/* Whole seconds, as nbf counts them. */
static json_t *moment(int64_t at_us)
{
    char text[LEDGER_TIME_TEXT];

    ledger_time_format(at_us, text);
    return json_sprintf("%.19sZ", text);
}

static json_t *achievement(const struct credential *c, const struct credential_issuer *issuer,
                           const char *id)
{
    json_t *o =
        json_pack("{s:o, s:[s], s:s, s:s, s:{s:s}, s:{s:o, s:[s], s:s}}", "id",
                  json_sprintf("%s#achievement", id), "type", "Achievement", "name", c->title,
                  "description", c->description ? c->description : c->title, "criteria",
                  "narrative", c->criteria ? c->criteria : "Taking part, as the provider says.",
                  "creator", "id", json_sprintf("%s#%s", issuer->id, c->provider), "type",
                  "Profile", "name", c->provider_name);

    if (o && c->is_course)
        json_object_set_new(o, "achievementType", json_string("Course"));
    if (o && c->language)
        json_object_set_new(o, "inLanguage", json_string(c->language));
    return o;
}

static void add_activity(const struct credential *c, json_t *about)
{
    if (c->starts_at_us != CREDENTIAL_UNSAID)
        json_object_set_new(about, "activityStartDate", moment(c->starts_at_us));
    if (c->ends_at_us != CREDENTIAL_UNSAID)
        json_object_set_new(about, "activityEndDate", moment(c->ends_at_us));
    if (c->narrative)
        json_object_set_new(about, "narrative", json_string(c->narrative));
}

/* An id of its own, kept nowhere else, so that the hash of a certificate tells nothing by itself. */
static json_t *subject(struct ledger *l, const struct credential *c,
                       const struct credential_issuer *issuer, const char *id)
{
    struct ledger_uid uid;
    uint8_t random[16];
    char text[LEDGER_UID_TEXT];
    json_t *o;

    ledger_random(l, random, sizeof random);
    uid = ledger_uid_from_bytes(random, sizeof random);
    o = json_pack("{s:o, s:[s], s:[{s:s, s:b, s:s, s:s}], s:o}", "id",
                  json_sprintf("urn:uuid:%s", ledger_uid_format(&uid, text)), "type",
                  "AchievementSubject", "identifier", "type", "IdentityObject", "hashed", false,
                  "identityHash", c->name, "identityType", "name", "achievement",
                  achievement(c, issuer, id));
    if (o)
        add_activity(c, o);
    return o;
}

/* Where a node can be asked whether it stands: a list of at most this one (1EdTech revocation list). */
static void add_status(json_t *payload, const char *url, const char *uid)
{
    if (url[0])
        json_object_set_new(
            payload, "credentialStatus",
            json_pack("{s:o, s:s}", "id",
                      json_sprintf("%s" HTTP_ROOT "/certificates/%s/status", url, uid), "type",
                      "1EdTechRevocationList"));
}

static json_t *payload_of(struct ledger *l, const struct credential *c, const char *url,
                          const struct credential_issuer *issuer)
{
    char uid[LEDGER_UID_TEXT];
    char id[CREDENTIAL_URI];
    json_t *about;
    json_t *payload;

    ledger_uid_format(&c->uid, uid);
    snprintf(id, sizeof id, "urn:uuid:%s", uid);
    about = subject(l, c, issuer, id);
    payload = json_pack(
        "{s:[s, s], s:s, s:[s, s], s:{s:s, s:[s], s:s}, s:s, s:o, s:O, s:s, s:s, s:O, s:I}",
        "@context", "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "id", id, "type",
        "VerifiableCredential", "OpenBadgeCredential", "issuer", "id", issuer->id, "type",
        "Profile", "name", ledger_name(l), "name", c->title, "validFrom", moment(c->issued_at_us),
        "credentialSubject", about, "iss", issuer->id, "jti", id, "sub",
        json_object_get(about, "id"), "nbf", (json_int_t)(c->issued_at_us / SECOND_US));
    json_decref(about);
    if (payload && c->expires_at_us != INT64_MAX) {
        json_object_set_new(payload, "validUntil", moment(c->expires_at_us));
        json_object_set_new(payload, "exp", json_integer(c->expires_at_us / SECOND_US));
    }
    if (payload)
        add_status(payload, url, uid);
    return payload;
}

enum ledger_status credential_sign(struct ledger *l, const struct credential *c, char **jwt,
                                   int64_t *key_id)
{
    char url[LEDGER_ADDRESS_MAX + 1];
    struct credential_issuer issuer;
    struct ledger_key k;
    json_t *header;
    json_t *payload;

    *jwt = NULL;
    LEDGER_TRY(ledger_key_ready(l, &k));
    LEDGER_TRY(ledger_address_get(l, url));
    credential_issuer_of(url, &k, &issuer);
    header = json_pack("{s:s, s:s, s:s}", "alg", "EdDSA", "typ", "JWT", "kid", issuer.kid);
    payload = payload_of(l, c, url, &issuer);
    /* A kid that is no web address is resolved by few: the key stands beside it (OB 3.0, 8.2.4.1). */
    if (header && issuer.is_did)
        json_object_set_new(header, "jwk", credential_jwk(&k));
    if (header && payload)
        *jwt = jwt_write(l, header, payload);
    json_decref(header);
    json_decref(payload);
    *key_id = k.id;
    return *jwt ? LEDGER_OK : LEDGER_NO_MEMORY;
}

/* What it says, once it is believed. */
static json_t *shape(const struct jwt *jwt)
{
    const json_t *p = jwt->payload;
    const json_t *about = json_object_get(p, "credentialSubject");
    const json_t *achieved = json_object_get(about, "achievement");
    json_t *o = json_pack("{s:b}", "valid", true);
    const struct {
        const char *key;
        json_t *value;
    } fields[] = {
        {"certificate", json_object_get(p, "id")},
        {"issuer", json_object_get(p, "iss")},
        {"issuer_name", json_object_get(json_object_get(p, "issuer"), "name")},
        {"provider", json_object_get(json_object_get(achieved, "creator"), "name")},
        {"name",
         json_object_get(json_array_get(json_object_get(about, "identifier"), 0), "identityHash")},
        {"title", json_object_get(achieved, "name")},
        {"issued", json_object_get(p, "validFrom")},
        {"expires", json_object_get(p, "validUntil")},
        {"key", json_object_get(jwt->header, "kid")},
    };

    for (size_t i = 0; o && i < sizeof fields / sizeof fields[0]; i++)
        if (json_is_string(fields[i].value))
            json_object_set(o, fields[i].key, fields[i].value);
    return o;
}

static enum ledger_status check_time(struct api_call *call, const json_t *payload, int64_t now_us)
{
    const json_t *nbf = json_object_get(payload, "nbf");
    const json_t *exp = json_object_get(payload, "exp");
    char text[LEDGER_TIME_TEXT];

    if (!json_is_integer(nbf) || (exp && !json_is_integer(exp)))
        return api_refuse(call, LEDGER_CERTIFICATE_MALFORMED, "jwt",
                          "that is not a certificate: it does not say from when it holds");
    if (exp && json_integer_value(exp) <= now_us / SECOND_US) {
        int64_t at_s = json_integer_value(exp) > 0 ? json_integer_value(exp) : 0;
        ledger_time_format(at_s * SECOND_US, text);
        return api_refuse(call, LEDGER_CERTIFICATE_EXPIRED, "jwt", "it expired on %.10s", text);
    }
    if (json_integer_value(nbf) > now_us / SECOND_US + SKEW_S)
        return api_refuse(call, LEDGER_CERTIFICATE_EXPIRED, "jwt",
                          "it begins to hold later than now");
    return LEDGER_OK;
}

static enum ledger_status tampered(struct api_call *call)
{
    return api_refuse(call, LEDGER_CERTIFICATE_TAMPERED, "jwt",
                      "its signature is not that of its words: it was changed, or signed by "
                      "another key");
}

/* Who signed it, looked for among all that this node is and was. */
struct search {
    struct ledger *l;
    const char *iss;
    const char *kid;
    const char *url; /* of the addresses, the one at hand */
    bool ours;
    bool found;
    struct ledger_key key;
};

static enum ledger_status try_key(void *ctx, const struct ledger_key *k)
{
    struct search *s = ctx;
    struct credential_issuer issuer;

    credential_issuer_of(s->url, k, &issuer);
    if (strcmp(issuer.id, s->iss) != 0)
        return LEDGER_OK;
    s->ours = true;
    if (strcmp(issuer.kid, s->kid) != 0)
        return LEDGER_OK;
    s->found = true;
    s->key = *k;
    return LEDGER_STOP;
}

static enum ledger_status try_keys(struct search *s, const char *url)
{
    s->url = url;
    return s->found ? LEDGER_OK : ledger_key_each(s->l, 0, INT32_MAX, try_key, s);
}

static enum ledger_status try_address(void *ctx, const char *url)
{
    struct search *s = ctx;

    return strcmp(url, s->iss) == 0 ? try_keys(s, url) : LEDGER_OK;
}

static enum ledger_status find_key(struct api_call *call, struct search *s, const struct jwt *jwt)
{
    s->iss = json_string_value(json_object_get(jwt->payload, "iss"));
    s->kid = json_string_value(json_object_get(jwt->header, "kid"));
    if (!s->iss)
        return api_refuse(call, LEDGER_CERTIFICATE_MALFORMED, "jwt",
                          "that is not a certificate: it does not say who issued it");
    LEDGER_TRY(try_keys(s, ""));
    if (!s->ours)
        LEDGER_TRY(ledger_address_each(s->l, try_address, s));
    if (!s->ours)
        return api_refuse(call, LEDGER_CERTIFICATE_NOT_OURS, "jwt",
                          "another issuer's name stands in it: ask that one");
    if (!s->found)
        return api_refuse(call, LEDGER_CERTIFICATE_WRONG_KEY, "jwt",
                          "it names a key that this node never had");
    return LEDGER_OK;
}

static enum ledger_status check_record(struct ledger *l, struct api_call *call, const char *text)
{
    struct ledger_certificate c;
    char day[LEDGER_TIME_TEXT];
    enum ledger_status st = ledger_certificate_of_jwt(l, text, &c);

    if (st == LEDGER_NO_SUCH_CERTIFICATE)
        return api_refuse(call, LEDGER_CERTIFICATE_UNKNOWN, "jwt",
                          "the node's key signed it, and this ledger has not issued it");
    LEDGER_TRY(st);
    if (c.revoked_at_us) {
        ledger_time_format(c.revoked_at_us, day);
        return api_refuse(call, LEDGER_CERTIFICATE_REVOKED, "jwt", "it was revoked on %.10s: %s",
                          day, c.reason);
    }
    return LEDGER_OK;
}

static enum ledger_status judge(struct ledger *l, struct api_call *call, const char *text,
                                const struct jwt *jwt)
{
    struct search s = {.l = l};

    LEDGER_TRY(find_key(call, &s, jwt));
    if (!ledger_key_verify(s.key.public_key, text, jwt->signed_size, jwt->signature))
        return tampered(call);
    LEDGER_TRY(check_record(l, call, text));
    return check_time(call, jwt->payload, ledger_now_us(l));
}

enum ledger_status credential_check(struct ledger *l, struct api_call *call, const char *text,
                                    json_t **out)
{
    struct jwt jwt;

    LEDGER_TRY(jwt_read(call, text, &jwt));
    enum ledger_status st = judge(l, call, text, &jwt);
    if (st == LEDGER_OK)
        *out = shape(&jwt);
    jwt_clear(&jwt);
    return st;
}

/* A did:key says itself which key it is. */
static enum ledger_status judge_key(struct api_call *call, const char *text, const struct jwt *jwt,
                                    const uint8_t public_key[static 32], int64_t now_us)
{
    const char *iss = json_string_value(json_object_get(jwt->payload, "iss"));
    char did[LEDGER_DID_TEXT];

    if (iss && strncmp(iss, "did:key:", 8) == 0 && strcmp(iss, ledger_did_write(public_key, did)))
        return api_refuse(call, LEDGER_CERTIFICATE_WRONG_KEY, "jwt",
                          "it names another key than the one given");
    if (!ledger_key_verify(public_key, text, jwt->signed_size, jwt->signature))
        return tampered(call);
    return check_time(call, jwt->payload, now_us);
}

enum ledger_status credential_check_key(struct api_call *call, const char *text,
                                        const uint8_t public_key[static 32], int64_t now_us,
                                        json_t **out)
{
    struct jwt jwt;

    LEDGER_TRY(jwt_read(call, text, &jwt));
    enum ledger_status st = judge_key(call, text, &jwt, public_key, now_us);
    if (st == LEDGER_OK)
        *out = shape(&jwt);
    jwt_clear(&jwt);
    return st;
}
