#include "amount.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define QUOTED_MAX 40

static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

struct decimal {
    bool negative;
    const char *whole;
    size_t whole_count;
    const char *fraction;
    size_t fraction_count;
};

/* digits [. digits], with one leading minus. */
static bool split_decimal(const char *text, struct decimal *d)
{
    *d = (struct decimal){.negative = *text == '-'};
    if (d->negative)
        text++;
    d->whole = text;
    d->whole_count = strspn(text, "0123456789");
    text += d->whole_count;
    if (d->whole_count == 0)
        return false;
    if (*text == '.') {
        d->fraction = ++text;
        d->fraction_count = strspn(text, "0123456789");
        text += d->fraction_count;
        if (d->fraction_count == 0)
            return false;
    }
    return *text == '\0';
}

static bool add_digit(int64_t *minor, int digit)
{
    if (*minor > LEDGER_AMOUNT_MAX)
        return false;
    *minor = *minor * 10 + digit;
    return *minor <= LEDGER_AMOUNT_MAX;
}

/* The digits at `scale`, what lies beyond cut off. False beyond LEDGER_AMOUNT_MAX. */
static bool read_digits(const struct decimal *d, int scale, int64_t *minor)
{
    *minor = 0;
    for (size_t i = 0; i < d->whole_count; i++)
        if (!add_digit(minor, d->whole[i] - '0'))
            return false;
    for (int i = 0; i < scale; i++)
        if (!add_digit(minor, (size_t)i < d->fraction_count ? d->fraction[i] - '0' : 0))
            return false;
    return true;
}

/* The input as it may be shown: printable ASCII, not too long. */
static const char *quoted(const char *text, char buf[static QUOTED_MAX + 4])
{
    size_t i = 0;

    for (; text[i] && i < QUOTED_MAX; i++)
        buf[i] = text[i] >= 0x20 && text[i] < 0x7F ? text[i] : '?';
    memcpy(buf + i, text[i] ? "..." : "", text[i] ? 4 : 1);
    return buf;
}

static enum ledger_status malformed(const char *text, int scale, char *why, size_t why_size)
{
    char shown[QUOTED_MAX + 4];
    char example[LEDGER_AMOUNT_TEXT];

    ledger_amount_format(1250 * powers[scale] / 100, scale, example);
    if (text[0] == '\0')
        snprintf(why, why_size, "there is no amount: write one such as %s", example);
    else
        snprintf(why, why_size, "%s is not an amount: write digits with a point, such as %s",
                 quoted(text, shown), example);
    return LEDGER_AMOUNT_MALFORMED;
}

static enum ledger_status too_large(char *why, size_t why_size, int scale)
{
    char most[LEDGER_AMOUNT_TEXT];

    snprintf(why, why_size, "the ledger counts up to %s",
             ledger_amount_format(LEDGER_AMOUNT_MAX, scale, most));
    return LEDGER_AMOUNT_TOO_LARGE;
}

static enum ledger_status too_precise(const struct decimal *d, const char *text, int scale,
                                      char *why, size_t why_size)
{
    char shown[QUOTED_MAX + 4];
    char below[LEDGER_AMOUNT_TEXT];
    char above[LEDGER_AMOUNT_TEXT];
    int64_t minor;

    if (!read_digits(d, scale, &minor) || minor == LEDGER_AMOUNT_MAX)
        return too_large(why, why_size, scale);
    int64_t next = d->negative ? -minor - 1 : minor + 1;
    snprintf(why, why_size, "%s has %zu decimals and this currency has %d: write %s or %s",
             quoted(text, shown), d->fraction_count, scale,
             ledger_amount_format(d->negative ? -minor : minor, scale, below),
             ledger_amount_format(next, scale, above));
    return LEDGER_AMOUNT_TOO_PRECISE;
}

/* Trailing zeros beyond the scale lose nothing, but they claim a precision that is not there. */
static enum ledger_status read_decimal(const char *text, int scale, int64_t *minor, char *why,
                                       size_t why_size)
{
    struct decimal d;

    if (!split_decimal(text, &d))
        return malformed(text, scale, why, why_size);
    if (d.fraction_count > (size_t)scale)
        return too_precise(&d, text, scale, why, why_size);
    if (!read_digits(&d, scale, minor))
        return too_large(why, why_size, scale);
    if (d.negative)
        *minor = -*minor;
    return LEDGER_OK;
}

static bool looks_like_hours(const char *text)
{
    size_t hours = strspn(text + (*text == '-'), "0123456789");
    const char *rest = text + (*text == '-') + hours;

    return hours >= 1 && rest[0] == ':' && strspn(rest + 1, "0123456789") == 2 && rest[3] == '\0' &&
           rest[1] < '6';
}

static void neighbours(const char *text, long hours, int minutes, int scale, char *why,
                       size_t why_size)
{
    const char *sign = *text == '-' ? "-" : "";
    int below = minutes;
    int above = minutes;

    while (below * powers[scale] % 60 != 0)
        below--;
    while (above * powers[scale] % 60 != 0)
        above++;
    snprintf(why, why_size,
             "%s%ld:%02d is no exact amount with %d decimals: write %s%ld:%02d or %s%ld:%02d", sign,
             hours, minutes, scale, sign, hours, below, sign, hours + above / 60, above % 60);
}

static enum ledger_status read_hours(const char *text, int scale, int64_t *minor, char *why,
                                     size_t why_size)
{
    bool negative = *text == '-';
    const char *colon = strchr(text, ':');
    struct decimal whole = {.whole = text + negative,
                            .whole_count = (size_t)(colon - text) - negative};
    int minutes = (colon[1] - '0') * 10 + (colon[2] - '0');
    int64_t most = LEDGER_AMOUNT_MAX / powers[scale];
    int64_t hours;

    if (!read_digits(&whole, 0, &hours) || hours > most || (hours == most && minutes > 0))
        return too_large(why, why_size, scale);
    if (minutes * powers[scale] % 60 != 0) {
        neighbours(text, (long)hours, minutes, scale, why, why_size);
        return LEDGER_AMOUNT_TOO_PRECISE;
    }
    *minor = hours * powers[scale] + minutes * powers[scale] / 60;
    if (negative)
        *minor = -*minor;
    return LEDGER_OK;
}

static enum ledger_status check_sign(const char *text, int64_t minor, enum ledger_amount_sign sign,
                                     char *why, size_t why_size)
{
    if (sign == LEDGER_AMOUNT_SIGNED)
        return LEDGER_OK;
    if (text[0] != '-' && (minor > 0 || sign == LEDGER_AMOUNT_UNSIGNED))
        return LEDGER_OK;
    snprintf(why, why_size,
             sign == LEDGER_AMOUNT_POSITIVE ? "the amount must be more than zero"
                                            : "the amount must be zero or more");
    return LEDGER_AMOUNT_NOT_POSITIVE;
}

enum ledger_status ledger_amount_parse(const char *text, int scale, bool hours,
                                       enum ledger_amount_sign sign, int64_t *minor, char *why,
                                       size_t why_size)
{
    char unheard[1];
    int64_t read;

    assert(scale >= 0 && scale <= LEDGER_SCALE_MAX);
    if (!why) {
        why = unheard;
        why_size = sizeof unheard;
    }
    /* A minus is read everywhere, so that -5 is told to be below zero, not to be no number. */
    if (hours && looks_like_hours(text))
        LEDGER_TRY(read_hours(text, scale, &read, why, why_size));
    else
        LEDGER_TRY(read_decimal(text, scale, &read, why, why_size));
    LEDGER_TRY(check_sign(text, read, sign, why, why_size));
    *minor = read;
    return LEDGER_OK;
}

static bool rounds_up(const struct decimal *d, int scale, int64_t minor)
{
    size_t at = (size_t)scale;

    if (d->fraction_count <= at || d->fraction[at] < '5')
        return false;
    if (d->fraction[at] > '5')
        return true;
    for (size_t i = at + 1; i < d->fraction_count; i++)
        if (d->fraction[i] != '0')
            return true;
    return minor % 2 != 0;
}

static bool is_exact(const struct decimal *d, int scale)
{
    for (size_t i = (size_t)scale; i < d->fraction_count; i++)
        if (d->fraction[i] != '0')
            return false;
    return true;
}

enum ledger_status ledger_amount_round(const char *text, int scale, int64_t *minor, bool *exact)
{
    struct decimal d;
    int64_t read;

    if (!split_decimal(text, &d) || d.fraction_count > 40)
        return LEDGER_AMOUNT_MALFORMED;
    if (!read_digits(&d, scale, &read))
        return LEDGER_AMOUNT_TOO_LARGE;
    if (rounds_up(&d, scale, read) && ++read > LEDGER_AMOUNT_MAX)
        return LEDGER_AMOUNT_TOO_LARGE;
    *exact = is_exact(&d, scale);
    *minor = d.negative ? -read : read;
    return LEDGER_OK;
}

int64_t ledger_amount_one(int scale)
{
    return powers[scale];
}

char *ledger_amount_format(int64_t minor, int scale, char buf[static LEDGER_AMOUNT_TEXT])
{
    uint64_t size = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    char digits[LEDGER_AMOUNT_TEXT]; /* from the last one on */
    int count = 0;
    char *at = buf;

    /* By hand: every answer has several, and printf is ten times slower. */
    for (; size > 0 || count <= scale; size /= 10)
        digits[count++] = (char)('0' + size % 10);
    if (minor < 0)
        *at++ = '-';
    while (count > 0) {
        *at++ = digits[--count];
        if (count == scale && scale > 0)
            *at++ = '.';
    }
    *at = '\0';
    return buf;
}

enum ledger_status ledger_amount_add(int64_t a, int64_t b, int64_t *sum)
{
    int64_t result;

    if (__builtin_add_overflow(a, b, &result) || result > LEDGER_AMOUNT_MAX ||
        result < -LEDGER_AMOUNT_MAX)
        return LEDGER_AMOUNT_OVERFLOW;
    *sum = result;
    return LEDGER_OK;
}

static size_t largest_remainder(const __int128 *remainders, size_t n)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++)
        if (remainders[i] > remainders[best])
            best = i;
    return best;
}

void ledger_amount_split(int64_t total_minor, const int64_t *weights, size_t n, int64_t *parts)
{
    __int128 remainders[LEDGER_SPLIT_MAX];
    __int128 sum = 0;
    int64_t left = total_minor;

    assert(total_minor >= 0 && n >= 1 && n <= LEDGER_SPLIT_MAX);
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    assert(sum > 0);
    for (size_t i = 0; i < n; i++) {
        __int128 share = (__int128)total_minor * weights[i];
        parts[i] = (int64_t)(share / sum);
        remainders[i] = share % sum;
        left -= parts[i];
    }
    for (; left > 0; left--) {
        size_t i = largest_remainder(remainders, n);
        parts[i]++;
        remainders[i] = -1;
    }
}
