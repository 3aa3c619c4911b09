#include "certificate.h"
#include "key.h"
#include "verify_replay.h"

#include <sodium.h>
#include <string.h>

static enum ledger_status wrong(struct replay *r, int64_t id, const char *what)
{
    return ledger_refuse(r->l, LEDGER_INTEGRITY, "certificate %lld: %s", (long long)id, what);
}

/* The signature is over all that stands before the last point (RFC 7515). */
static bool is_signed_by(const char *jwt, const uint8_t public_key[static 32])
{
    const char *point = strrchr(jwt, '.');
    uint8_t signature[LEDGER_SIGNATURE];
    size_t size;

    return point &&
           sodium_base642bin(signature, sizeof signature, point + 1, strlen(point + 1), NULL, &size,
                             NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           size == sizeof signature &&
           ledger_key_verify(public_key, jwt, (size_t)(point - jwt), signature);
}

static enum ledger_status check_text(struct replay *r, int64_t id, const char *jwt,
                                     const struct store_row *row)
{
    uint8_t hash[32];
    size_t hash_size;
    size_t key_size;
    const void *want = store_row_blob(row, 1, &hash_size);
    const void *key = store_row_blob(row, 2, &key_size);

    crypto_hash_sha256(hash, (const unsigned char *)jwt, strlen(jwt));
    if (!want || hash_size != sizeof hash || memcmp(hash, want, sizeof hash) != 0)
        return wrong(r, id, "its text is not the one that its hash is of");
    if (!key || key_size != 32)
        return wrong(r, id, "the key that signed it is not there");
    if (!is_signed_by(jwt, key))
        return wrong(r, id, "the key that it names has not signed it");
    return LEDGER_OK;
}

static enum ledger_status check(void *into, const struct store_row *row)
{
    struct replay *r = into;
    int64_t id = store_row_int(row, 0);

    if (!store_row_null(row, 3))
        return check_text(r, id, store_row_text(row, 3), row);
    if (store_row_int(row, 4)) /* with the member, counted there */
        return LEDGER_OK;
    return replay_check_erased(r, "certificate", id);
}

enum ledger_status replay_certificates(struct replay *r)
{
    return ledger_each(r->l,
                       "SELECT c.id, c.hash, k.public_key, x.jwt, EXISTS (SELECT 1 FROM erasure e "
                       "WHERE e.kind = 'member' AND e.subject = c.member_id) FROM certificate c "
                       "LEFT JOIN node_key k ON k.id = c.key_id "
                       "LEFT JOIN certificate_text x ON x.certificate_id = c.id ORDER BY c.id",
                       STORE_NO_ARGS, check, r);
}
