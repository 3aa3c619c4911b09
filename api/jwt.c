#include "jwt.h"

#include "args.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

static enum ledger_status malformed(struct api_call *call, const char *sentence)
{
    return api_refuse(call, LEDGER_CERTIFICATE_MALFORMED, "jwt", "that is not a certificate: %s",
                      sentence);
}

struct part {
    const char *start;
    size_t size;
};

static bool split(const char *text, struct part parts[3])
{
    for (int i = 0; i < 3; i++) {
        parts[i] = (struct part){text, strcspn(text, ".")};
        text += parts[i].size;
        if ((*text == '.') != (i < 2))
            return false;
        text += i < 2;
    }
    return true;
}

/* Every bit of the last character counts, so that one signature has one text. */
static bool decode(const struct part *part, void *into, size_t room, size_t *size)
{
    return sodium_base642bin(into, room, part->start, part->size, NULL, size, NULL, BASE64) == 0;
}

static enum ledger_status read_object(struct api_call *call, const struct part *part, json_t **out)
{
    char bytes[LEDGER_JWT_MAX];
    size_t size;

    *out = NULL;
    if (!decode(part, bytes, sizeof bytes, &size))
        return malformed(call, "its parts are not base64url");
    enum ledger_status st = api_args_parse(call, bytes, size, out);
    if (st == LEDGER_NO_MEMORY)
        return st;
    if (st != LEDGER_OK || !json_is_object(*out))
        return malformed(call, "its first two parts are not JSON objects");
    return LEDGER_OK;
}

static enum ledger_status check_header(struct api_call *call, const json_t *header)
{
    const char *alg = json_string_value(json_object_get(header, "alg"));
    const char *typ = json_string_value(json_object_get(header, "typ"));

    if (!alg)
        return malformed(call, "it does not say how it is signed");
    if (strcmp(alg, "EdDSA") != 0)
        return api_refuse(call, LEDGER_CERTIFICATE_UNSIGNED, "jwt",
                          strcasecmp(alg, "none") == 0
                              ? "nobody has signed it: its alg is none"
                              : "it is signed in another way than by EdDSA, which is the only one "
                                "taken");
    if (json_object_get(header, "crit"))
        return malformed(call, "its header asks for what is not known here (crit)");
    if (json_object_get(header, "typ") && (!typ || strcasecmp(typ, "JWT") != 0))
        return malformed(call, "its typ is not JWT");
    if (!json_is_string(json_object_get(header, "kid")))
        return malformed(call, "it does not say by which key it is signed (kid)");
    return LEDGER_OK;
}

static enum ledger_status read_parts(struct api_call *call, const char *text, struct jwt *jwt)
{
    struct part parts[3];
    size_t size;

    if (strlen(text) > LEDGER_JWT_MAX)
        return malformed(call, "it is too long");
    if (!split(text, parts))
        return malformed(call, "it has not three parts");
    LEDGER_TRY(read_object(call, &parts[0], &jwt->header));
    LEDGER_TRY(check_header(call, jwt->header));
    LEDGER_TRY(read_object(call, &parts[1], &jwt->payload));
    if (!decode(&parts[2], jwt->signature, sizeof jwt->signature, &size) ||
        size != sizeof jwt->signature)
        return malformed(call, "its signature is not one of 64 bytes");
    jwt->signed_size = (size_t)(parts[1].start - text) + parts[1].size;
    return LEDGER_OK;
}

enum ledger_status jwt_read(struct api_call *call, const char *text, struct jwt *jwt)
{
    *jwt = (struct jwt){0};
    enum ledger_status st = read_parts(call, text, jwt);
    if (st != LEDGER_OK)
        jwt_clear(jwt);
    return st;
}

void jwt_clear(struct jwt *jwt)
{
    json_decref(jwt->header);
    json_decref(jwt->payload);
    *jwt = (struct jwt){0};
}

char *jwt_base64(const void *bytes, size_t size)
{
    size_t room = sodium_base64_encoded_len(size, BASE64);
    char *text = malloc(room);

    return text ? sodium_bin2base64(text, room, bytes, size, BASE64) : NULL;
}

static char *encode_object(const json_t *object)
{
    char *json = json_dumps(object, JSON_COMPACT);
    char *text = json ? jwt_base64(json, strlen(json)) : NULL;

    free(json);
    return text;
}

char *jwt_write(const struct ledger *l, const json_t *header, const json_t *payload)
{
    char *head = encode_object(header);
    char *body = encode_object(payload);
    char *signature = NULL;
    char *whole = NULL;
    char *text = NULL;
    uint8_t bytes[LEDGER_SIGNATURE];

    if (!head || !body || asprintf(&whole, "%s.%s", head, body) < 0)
        whole = NULL;
    if (whole) {
        ledger_key_sign(l, whole, strlen(whole), bytes);
        signature = jwt_base64(bytes, sizeof bytes);
    }
    if (!signature || asprintf(&text, "%s.%s", whole, signature) < 0)
        text = NULL;
    free(signature);
    free(whole);
    free(body);
    free(head);
    return text;
}
