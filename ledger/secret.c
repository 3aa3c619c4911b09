#include "secret.h"

#include <sodium.h>
#include <string.h>

#define PREFIX 4
#define SECRET_BYTES 32

void ledger_secret_write(const char *prefix, const uint8_t bytes[static SECRET_BYTES],
                         char secret[static LEDGER_SECRET_TEXT])
{
    memcpy(secret, prefix, PREFIX);
    sodium_bin2base64(secret + PREFIX, LEDGER_SECRET_TEXT - PREFIX, bytes, SECRET_BYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void ledger_secret_make(const struct ledger *l, const char *prefix,
                        char secret[static LEDGER_SECRET_TEXT])
{
    uint8_t bytes[SECRET_BYTES];

    ledger_random(l, bytes, sizeof bytes);
    ledger_secret_write(prefix, bytes, secret);
    sodium_memzero(bytes, sizeof bytes);
}

bool ledger_secret_well_formed(const char *secret, const char *prefix)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    return strlen(secret) == LEDGER_SECRET_TEXT - 1 && strncmp(secret, prefix, PREFIX) == 0 &&
           strspn(secret + PREFIX, alphabet) == LEDGER_SECRET_TEXT - 1 - PREFIX;
}

void ledger_secret_hash(const char *secret, uint8_t hash[static 32])
{
    crypto_hash_sha256(hash, (const unsigned char *)secret, strlen(secret));
}
