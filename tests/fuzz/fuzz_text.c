/* Names, memos, handles, codes, uids: the first byte is the most that fits. */
#include "fuzz.h"

#include "ledger/text.h"
#include "ledger/uid.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void check_plain(const uint8_t *data, size_t size, size_t max)
{
    enum ledger_status st = ledger_text_check((const char *)data, size, max);
    bool plain = fuzz_is_plain((const char *)data, size);

    assert(st == (!plain ? LEDGER_TEXT_MALFORMED : size > max ? LEDGER_TEXT_TOO_LONG : LEDGER_OK));
}

static bool is_made_of(const char *text, const char *characters, size_t least, size_t most)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size; i++)
        if (!strchr(characters, text[i]))
            return false;
    return size >= least && size <= most;
}

static void check_words(const char *text)
{
    bool handle = is_made_of(text, "abcdefghijklmnopqrstuvwxyz0123456789-", 2, 32) && *text != '-';
    bool code = is_made_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2, 10);

    assert((ledger_handle_check(text) == LEDGER_OK) == handle);
    assert((ledger_code_check(text) == LEDGER_OK) == code);
    assert(ledger_text_width(text) <= strlen(text));
}

static void check_distance(const char *a)
{
    const char *b = a + strlen(a) / 2;
    size_t na = strnlen(a, 64);
    size_t nb = strnlen(b, 64);
    size_t distance = ledger_text_distance(a, b);

    assert(distance == ledger_text_distance(b, a));
    assert(distance <= (na > nb ? na : nb));
    assert(distance >= (na > nb ? na - nb : nb - na));
    assert(ledger_text_distance(a, a) == 0);
}

static void check_uid(const char *text)
{
    struct ledger_uid uid, again;
    char formatted[LEDGER_UID_TEXT];
    bool zero = true;

    if (ledger_uid_parse(text, &uid) != LEDGER_OK)
        return;
    ledger_uid_format(&uid, formatted);
    for (int i = 0; i < LEDGER_UID_TEXT; i++)
        assert(formatted[i] == tolower((unsigned char)text[i]));
    assert(ledger_uid_parse(formatted, &again) == LEDGER_OK && ledger_uid_equal(&uid, &again));
    for (int i = 0; i < 16; i++)
        zero = zero && uid.bytes[i] == 0;
    assert(!zero);
}

static void check_made(const struct ledger_uid *uid, char version)
{
    struct ledger_uid again;
    char text[LEDGER_UID_TEXT];

    ledger_uid_format(uid, text);
    assert(text[14] == version && strchr("89ab", text[19]));
    assert(ledger_uid_parse(text, &again) == LEDGER_OK && ledger_uid_equal(uid, &again));
}

static void check_making(const uint8_t *data, size_t size)
{
    struct ledger_uid uid = ledger_uid_from_bytes(data, size);
    int64_t now_us = 0;

    check_made(&uid, '8');
    if (size < 18)
        return;
    memcpy(&now_us, data, 7);
    struct ledger_uid earlier = ledger_uid_v7(now_us, data + 8);
    struct ledger_uid later = ledger_uid_v7(now_us + 1000, data + 8);
    check_made(&earlier, '7');
    if (now_us / 1000 < (INT64_C(1) << 48) - 1)
        assert(memcmp(earlier.bytes, later.bytes, 16) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    char *text = fuzz_text(data + 1, size - 1);

    check_plain(data + 1, size - 1, data[0]);
    check_words(text);
    check_distance(text);
    check_uid(text);
    check_making(data + 1, size - 1);
    free(text);
    return 0;
}
