#include "uid.h"

#include "text.h"

#include <sodium.h>
#include <string.h>

static bool is_dash(size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

enum ledger_status ledger_uid_parse(const char *text, struct ledger_uid *uid)
{
    static const struct ledger_uid nil;
    struct ledger_uid read = {{0}};
    size_t nibble = 0;

    if (strlen(text) != LEDGER_UID_TEXT - 1)
        return LEDGER_UID_MALFORMED;
    for (size_t i = 0; i < LEDGER_UID_TEXT - 1; i++) {
        int value = ledger_text_hex(text[i]);
        if (is_dash(i) ? text[i] != '-' : value < 0)
            return LEDGER_UID_MALFORMED;
        if (is_dash(i))
            continue;
        read.bytes[nibble / 2] = (uint8_t)(read.bytes[nibble / 2] << 4 | value);
        nibble++;
    }
    if (ledger_uid_equal(&read, &nil))
        return LEDGER_UID_MALFORMED;
    *uid = read;
    return LEDGER_OK;
}

char *ledger_uid_format(const struct ledger_uid *uid, char buf[static LEDGER_UID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    size_t nibble = 0;

    for (size_t i = 0; i < LEDGER_UID_TEXT - 1; i++) {
        if (is_dash(i)) {
            buf[i] = '-';
            continue;
        }
        uint8_t byte = uid->bytes[nibble / 2];
        buf[i] = digits[nibble % 2 ? byte & 15 : byte >> 4];
        nibble++;
    }
    buf[LEDGER_UID_TEXT - 1] = '\0';
    return buf;
}

static void stamp(struct ledger_uid *uid, uint8_t version)
{
    uid->bytes[6] = (uint8_t)((uid->bytes[6] & 0x0f) | version << 4);
    uid->bytes[8] = (uint8_t)((uid->bytes[8] & 0x3f) | 0x80);
}

struct ledger_uid ledger_uid_v7(int64_t now_us, const uint8_t random[static 10])
{
    uint64_t ms = (uint64_t)(now_us / 1000);
    struct ledger_uid uid;

    for (int i = 0; i < 6; i++)
        uid.bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
    memcpy(uid.bytes + 6, random, 10);
    stamp(&uid, 7);
    return uid;
}

struct ledger_uid ledger_uid_from_bytes(const void *bytes, size_t size)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    struct ledger_uid uid;

    crypto_hash_sha256(hash, bytes, size);
    memcpy(uid.bytes, hash, sizeof uid.bytes);
    stamp(&uid, 8);
    return uid;
}

bool ledger_uid_equal(const struct ledger_uid *a, const struct ledger_uid *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
