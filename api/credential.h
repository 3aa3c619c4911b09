/*
 * credential.h - a certificate as the world reads it: an Open Badges 3.0 achievement credential, which is a
 * W3C Verifiable Credential (Data Model 2.0), in the JWT form of Open Badges 3.0, section 8.2.
 */
#ifndef API_CREDENTIAL_H
#define API_CREDENTIAL_H

#include "jwt.h"

#include "ledger/address.h"

#define CREDENTIAL_UNSAID INT64_MIN
#define CREDENTIAL_URI (LEDGER_ADDRESS_MAX + 100)

struct credential {
    struct ledger_uid uid;
    int64_t issued_at_us;
    int64_t expires_at_us; /* INT64_MAX: never */
    const char *provider;  /* its handle */
    const char *provider_name;
    const char *name; /* the person's */
    const char *title;
    const char *description; /* this and what follows may be NULL */
    const char *criteria;
    const char *narrative; /* how the person achieved it */
    const char *language;  /* of the course, BCP 47 */
    int64_t starts_at_us;  /* CREDENTIAL_UNSAID where nobody says */
    int64_t ends_at_us;
    bool is_course;
};

/* Who signs: the node's public address, or did:key; and under which name the key is found. */
struct credential_issuer {
    char id[CREDENTIAL_URI];
    char kid[CREDENTIAL_URI];
    bool is_did;
};

/* `url` is the public address, "" for none. */
void credential_issuer_of(const char *url, const struct ledger_key *k,
                          struct credential_issuer *issuer);
/* The public key as a JWK (RFC 8037). */
json_t *credential_jwk(const struct ledger_key *k);

/*
 * Sign with the key in force; `*jwt` is malloc'd and `*key_id` the key's.
 * Refusals: those of ledger_key_ready, LEDGER_NO_MEMORY.
 */
LEDGER_CHECKED enum ledger_status credential_sign(struct ledger *l, const struct credential *c,
                                                  char **jwt, int64_t *key_id);

/*
 * Is it this node's, unchanged, and good now? `*out` says what it certifies.
 * Refusals, in order: those of jwt_read, LEDGER_CERTIFICATE_NOT_OURS, LEDGER_CERTIFICATE_WRONG_KEY,
 * LEDGER_CERTIFICATE_TAMPERED, LEDGER_CERTIFICATE_UNKNOWN, LEDGER_CERTIFICATE_REVOKED, LEDGER_CERTIFICATE_EXPIRED.
 */
LEDGER_CHECKED enum ledger_status credential_check(struct ledger *l, struct api_call *call,
                                                   const char *text, json_t **out);
/*
 * The same away from any ledger, by a public key that is trusted: whether it was revoked is not known
 * there. Refusals: those of jwt_read, LEDGER_CERTIFICATE_WRONG_KEY, LEDGER_CERTIFICATE_TAMPERED, LEDGER_CERTIFICATE_EXPIRED.
 */
LEDGER_CHECKED enum ledger_status credential_check_key(struct api_call *call, const char *text,
                                                       const uint8_t public_key[static 32],
                                                       int64_t now_us, json_t **out);

#endif
