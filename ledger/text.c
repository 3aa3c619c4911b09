#include "text.h"

#include <stdint.h>
#include <string.h>

enum ledger_status ledger_handle_check(const char *text)
{
    size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

    if (text[size] != '\0' || size < LEDGER_HANDLE_MIN || size > LEDGER_HANDLE_MAX ||
        text[0] == '-')
        return LEDGER_HANDLE_MALFORMED;
    return LEDGER_OK;
}

enum ledger_status ledger_code_check(const char *text)
{
    size_t size = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    if (text[size] != '\0' || size < LEDGER_CODE_MIN || size > LEDGER_CODE_MAX)
        return LEDGER_CODE_MALFORMED;
    return LEDGER_OK;
}

/* One code point at `at`; its length in bytes, 0 where the bytes are not RFC 3629. */
static size_t decode(const unsigned char *at, size_t left, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;

    if (size == 0 || size > left || at[0] > 0xF4)
        return 0;
    *point = size == 1 ? at[0] : at[0] & (0xFFu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        *point = *point << 6 | (at[i] & 0x3F);
    }
    if (*point < least[size] || *point > 0x10FFFF || (*point >= 0xD800 && *point <= 0xDFFF))
        return 0;
    return size;
}

/* Do the last `left` bytes begin a character that would go on? */
static bool is_cut(const unsigned char *at, size_t left)
{
    size_t size = at[0] < 0xC2 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : at[0] <= 0xF4 ? 4 : 1;

    for (size_t i = 1; i < left; i++)
        if ((at[i] & 0xC0) != 0x80)
            return false;
    return left < size;
}

void ledger_text_mend(char *text)
{
    unsigned char *at = (unsigned char *)text;
    uint32_t point;

    for (size_t left = strlen(text); left > 0;) {
        size_t step = decode(at, left, &point);
        if (step == 0 && is_cut(at, left)) {
            *at = '\0';
            return;
        }
        if (step == 0) {
            *at = '?';
            step = 1;
        }
        at += step;
        left -= step;
    }
}

static bool is_barred(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

enum ledger_status ledger_text_check(const char *text, size_t size, size_t max)
{
    for (size_t at = 0; at < size;) {
        uint32_t point;
        size_t step = decode((const unsigned char *)text + at, size - at, &point);
        if (step == 0 || is_barred(point))
            return LEDGER_TEXT_MALFORMED;
        at += step;
    }
    return size <= max ? LEDGER_OK : LEDGER_TEXT_TOO_LONG;
}

static bool is_combining(uint32_t point)
{
    return (point >= 0x300 && point <= 0x36F) || (point >= 0x1AB0 && point <= 0x1AFF) ||
           (point >= 0x20D0 && point <= 0x20FF) || (point >= 0xFE00 && point <= 0xFE0F) ||
           point == 0x200D;
}

size_t ledger_text_width(const char *text)
{
    size_t left = strlen(text);
    size_t width = 0;

    while (left > 0) {
        uint32_t point = 0;
        size_t step = decode((const unsigned char *)text, left, &point);
        width += step == 0 || !is_combining(point);
        step = step ? step : 1;
        text += step;
        left -= step;
    }
    return width;
}

size_t ledger_text_distance(const char *a, const char *b)
{
    size_t row[65];
    size_t na = strnlen(a, 64);
    size_t nb = strnlen(b, 64);

    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[nb];
}

int ledger_text_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}
