/*
 * jwt.h - a signed text in three parts (JWS compact serialization, RFC 7515), by EdDSA (RFC 8037) only.
 */
#ifndef API_JWT_H
#define API_JWT_H

#include "operation.h"

#include "ledger/certificate.h"
#include "ledger/key.h"

struct jwt {
    json_t *header;     /* has "alg": "EdDSA" and a "kid" that is a string */
    json_t *payload;    /* an object */
    size_t signed_size; /* so many bytes of the text are signed */
    uint8_t signature[LEDGER_SIGNATURE];
};

/*
 * Take `text` apart. Nothing in it is believed: the signature is not looked at, and a key in its header
 * is not used. After LEDGER_OK: release it with jwt_clear.
 * Refusals (call->problem is filled): LEDGER_CERTIFICATE_MALFORMED (too long, not three parts of base64url,
 * no JSON objects, a "crit" or a "typ" other than JWT, no kid), LEDGER_CERTIFICATE_UNSIGNED (another "alg", such as none).
 */
LEDGER_CHECKED enum ledger_status jwt_read(struct api_call *call, const char *text,
                                           struct jwt *jwt);
void jwt_clear(struct jwt *jwt);

/* Sign with the handle's key; malloc'd, or NULL when there is no memory. Before: ledger_key_ready. */
char *jwt_write(const struct ledger *l, const json_t *header, const json_t *payload);

/* Base64url without padding (RFC 4648), malloc'd. */
char *jwt_base64(const void *bytes, size_t size);

#endif
