#include "multibase.h"

#include <stdio.h>
#include <string.h>

#define BYTES 34 /* the codec's two, and the key */
#define DIGITS (LEDGER_MULTIBASE_TEXT - 2)

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const uint8_t codec[2] = {0xED, 0x01};
static const char did[] = "did:key:";

/* The first byte is never zero, so the number has as many digits for every key. */
char *ledger_multibase_write(const uint8_t key[static 32], char text[static LEDGER_MULTIBASE_TEXT])
{
    uint8_t digits[DIGITS] = {0};
    uint8_t bytes[BYTES];

    memcpy(bytes, codec, 2);
    memcpy(bytes + 2, key, 32);
    for (int i = 0; i < BYTES; i++) {
        unsigned carry = bytes[i];
        for (int d = DIGITS - 1; d >= 0; d--) {
            carry += 256u * digits[d];
            digits[d] = (uint8_t)(carry % 58);
            carry /= 58;
        }
    }
    text[0] = 'z';
    for (int d = 0; d < DIGITS; d++)
        text[d + 1] = alphabet[digits[d]];
    text[DIGITS + 1] = '\0';
    return text;
}

enum ledger_status ledger_multibase_read(const char *text, uint8_t key[static 32])
{
    uint8_t bytes[BYTES] = {0};

    if (strncmp(text, did, sizeof did - 1) == 0)
        text += sizeof did - 1;
    if (text[0] != 'z' || strlen(text) != DIGITS + 1)
        return LEDGER_KEY_MALFORMED;
    for (const char *c = text + 1; *c; c++) {
        const char *place = strchr(alphabet, *c);
        if (!place)
            return LEDGER_KEY_MALFORMED;
        unsigned carry = (unsigned)(place - alphabet);
        for (int i = BYTES - 1; i >= 0; i--) {
            carry += 58u * bytes[i];
            bytes[i] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry)
            return LEDGER_KEY_MALFORMED;
    }
    if (memcmp(bytes, codec, 2) != 0)
        return LEDGER_KEY_MALFORMED;
    memcpy(key, bytes + 2, 32);
    return LEDGER_OK;
}

char *ledger_did_write(const uint8_t key[static 32], char text[static LEDGER_DID_TEXT])
{
    char multibase[LEDGER_MULTIBASE_TEXT];

    snprintf(text, LEDGER_DID_TEXT, "%s%s", did, ledger_multibase_write(key, multibase));
    return text;
}
