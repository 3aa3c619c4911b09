/* An amount, its scale, kind and sign: the first byte says which, the rest is the text. */
#include "fuzz.h"

#include "ledger/amount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHY 200
#define ENOUGH ((__int128)1 << 80)

static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

/* The grammar and the value, told another way: exact in units of 10^-6 / 60. */
struct reading {
    bool decimal;
    bool hours;
    bool negative;
    int decimals;
    bool fits;      /* exactly, in the scale */
    __int128 minor; /* cut off towards zero; ENOUGH when it is beyond counting */
};

static __int128 push(__int128 value, int digit)
{
    return value >= ENOUGH ? ENOUGH : value * 10 + digit;
}

static struct reading read_decimal(const char *text, int scale)
{
    struct reading r = {.negative = *text == '-', .fits = true};
    int whole = 0;
    bool point = false;

    for (text += r.negative; *text; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9')
            return r;
        whole += !point;
        r.decimals += point;
        if (r.decimals <= scale)
            r.minor = push(r.minor, *text - '0');
        else
            r.fits = false;
    }
    for (int i = r.decimals; i < scale; i++)
        r.minor = push(r.minor, 0);
    r.decimal = whole > 0 && (!point || r.decimals > 0);
    return r;
}

static struct reading read_hours(const char *text, int scale)
{
    struct reading r = {.negative = *text == '-'};
    size_t size = strlen(text += r.negative);
    int minutes;

    if (size < 4 || text[size - 3] != ':' || text[size - 2] < '0' || text[size - 2] > '5' ||
        text[size - 1] < '0' || text[size - 1] > '9')
        return r;
    for (size_t i = 0; i < size - 3; i++) {
        if (text[i] < '0' || text[i] > '9')
            return r;
        r.minor = push(r.minor, text[i] - '0');
    }
    minutes = (text[size - 2] - '0') * 10 + text[size - 1] - '0';
    r.minor = (r.minor * 60 + minutes) * powers[scale];
    r.fits = r.minor % 60 == 0;
    r.decimals = 1;
    r.minor /= 60;
    r.hours = true;
    return r;
}

static enum ledger_status expected(const struct reading *r, int scale, bool hours,
                                   enum ledger_amount_sign sign)
{
    if (!r->decimal && !(hours && r->hours))
        return LEDGER_AMOUNT_MALFORMED;
    if (r->minor > LEDGER_AMOUNT_MAX || (!r->fits && r->minor == LEDGER_AMOUNT_MAX))
        return LEDGER_AMOUNT_TOO_LARGE;
    if (!r->fits || (r->decimal && r->decimals > scale))
        return LEDGER_AMOUNT_TOO_PRECISE;
    if ((sign != LEDGER_AMOUNT_SIGNED && r->negative) ||
        (sign == LEDGER_AMOUNT_POSITIVE && r->minor == 0))
        return LEDGER_AMOUNT_NOT_POSITIVE;
    return LEDGER_OK;
}

static void check_identity(int64_t minor, int scale)
{
    char text[LEDGER_AMOUNT_TEXT];
    int64_t again;
    bool exact;

    ledger_amount_format(minor, scale, text);
    assert(strlen(text) < LEDGER_AMOUNT_TEXT - 1);
    assert(ledger_amount_parse(text, scale, false, LEDGER_AMOUNT_SIGNED, &again, NULL, 0) ==
           LEDGER_OK);
    assert(again == minor);
    assert(ledger_amount_round(text, scale, &again, &exact) == LEDGER_OK);
    assert(again == minor && exact);
}

static void check_offer(char *text, int scale, bool hours)
{
    int64_t minor;

    assert(ledger_amount_parse(text, scale, hours, LEDGER_AMOUNT_SIGNED, &minor, NULL, 0) ==
           LEDGER_OK);
}

/* "… write A or B": what a refusal offers is taken. */
static void check_offers(char *why, int scale, bool hours)
{
    char *first = strstr(why, ": write ");
    char *second = first ? strstr(first, " or ") : NULL;

    assert(first && second);
    *second = '\0';
    check_offer(first + strlen(": write "), scale, hours);
    check_offer(second + strlen(" or "), scale, hours);
}

static void check_why(char *why, enum ledger_status s, int scale, bool hours)
{
    size_t size = strnlen(why, WHY);

    assert(size > 0 && size < WHY - 1);
    for (size_t i = 0; i < size; i++)
        assert(why[i] >= 0x20 && why[i] < 0x7F);
    if (s == LEDGER_AMOUNT_TOO_PRECISE)
        check_offers(why, scale, hours);
}

/* Half to even: never further than half a unit, and exact where nothing was beyond the scale. */
static void check_round(const char *text, int scale, const struct reading *r)
{
    const char *point = strchr(text, '.');
    bool exact = true;
    int64_t minor = 0;
    enum ledger_status st = ledger_amount_round(text, scale, &minor, &exact);
    const char *beyond;

    assert((st == LEDGER_AMOUNT_MALFORMED) == (!r->decimal || r->decimals > 40));
    if (st != LEDGER_OK)
        return;
    assert(minor <= LEDGER_AMOUNT_MAX && minor >= -LEDGER_AMOUNT_MAX);
    beyond = point && r->decimals > scale ? point + 1 + scale : "";
    assert(exact == (strspn(beyond, "0") == strlen(beyond)));
    bool tie = beyond[0] == '5' && strspn(beyond + 1, "0") == strlen(beyond + 1);
    bool up = tie ? r->minor % 2 : beyond[0] >= '5';
    assert((minor < 0 ? -minor : minor) == r->minor + up);
}

static void check_split(int64_t total_minor, const uint8_t *bytes, size_t n)
{
    int64_t weights[LEDGER_SPLIT_MAX];
    int64_t parts[LEDGER_SPLIT_MAX];
    __int128 sum = 0;
    int64_t left = total_minor;

    n = n > LEDGER_SPLIT_MAX ? LEDGER_SPLIT_MAX : n;
    for (size_t i = 0; i < n; i++)
        sum += weights[i] = (int64_t)bytes[i] << bytes[n - 1 - i] % 42;
    if (n == 0 || sum == 0)
        return;
    ledger_amount_split(total_minor, weights, n, parts);
    for (size_t i = 0; i < n; i++) {
        __int128 share = (__int128)total_minor * weights[i] / sum;
        assert(parts[i] == share || parts[i] == share + 1);
        assert(weights[i] > 0 || parts[i] == 0);
        left -= parts[i];
    }
    assert(left == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    int scale = data[0] % 7;
    bool hours = data[0] & 8;
    enum ledger_amount_sign sign = (enum ledger_amount_sign)((data[0] >> 4) % 3);
    char *text = fuzz_text(data + 1, size - 1);
    struct reading decimal = read_decimal(text, scale);
    struct reading timed = read_hours(text, scale);
    const struct reading *r = hours && timed.hours ? &timed : &decimal;
    char *why = malloc(WHY);
    int64_t minor = INT64_MIN;

    assert(why);
    why[0] = '\0';
    enum ledger_status st = ledger_amount_parse(text, scale, hours, sign, &minor, why, WHY);
    assert(st == expected(r, scale, hours, sign));
    if (st == LEDGER_OK) {
        assert(minor == (r->negative ? -r->minor : r->minor));
        check_identity(minor, scale);
        check_split(minor < 0 ? -minor : minor, data, size);
    } else {
        assert(minor == INT64_MIN);
        check_why(why, st, scale, hours);
    }
    check_round(text, scale, &decimal);
    free(why);
    free(text);
    return 0;
}
