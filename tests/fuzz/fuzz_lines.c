/*
 * What the lines of a request come to: ten bytes a line say quantity, price and tax. The sums are told again in 128 bits.
 */
#include "fuzz.h"

#include "api/run.h"
#include "ledger/amount.h"
#include "ledger/request_line.h"

#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 10
#define LINES_MAX 300
#define EXACT_MAX ((__int128)LEDGER_AMOUNT_MAX * 1000)

static struct ledger *ledger(void)
{
    static struct ledger *l;

    if (!l) {
        enum ledger_status status = ledger_create(":memory:", "Fuzz", "UTC", &api_env, &l);
        assert(status == LEDGER_OK);
    }
    return l;
}

/* A byte for the size, so that small and large numbers come alike; and some that are out of range. */
static struct ledger_request_line line_of(const uint8_t *b)
{
    struct ledger_request_line line = {.words = "x"};
    uint32_t price;

    memcpy(&price, b + 3, sizeof price);
    line.quantity_milli = ((int64_t)b[0] << (b[1] % 40)) + b[2] % 10 - 2;
    line.price_minor = ((int64_t)price << (b[7] % 24)) * (b[7] & 128 ? -1 : 1);
    line.tax_points = ((b[8] & 63) << 8 | b[9]) - 1;
    return line;
}

static __int128 round_half_away(__int128 a, __int128 by)
{
    __int128 size = a < 0 ? -a : a;
    __int128 rounded = (2 * size + by) / (2 * by);

    return a < 0 ? -rounded : rounded;
}

static bool is_sound(const struct ledger_request_line *line)
{
    return line->quantity_milli >= 1 && line->quantity_milli <= LEDGER_QUANTITY_MAX &&
           line->tax_points >= 0 && line->tax_points <= LEDGER_TAX_POINTS_MAX &&
           line->price_minor >= -LEDGER_AMOUNT_MAX && line->price_minor <= LEDGER_AMOUNT_MAX;
}

static __int128 value_of(const struct ledger_request_line *line)
{
    return (__int128)line->quantity_milli * line->price_minor;
}

/* Each rate by itself, and each line within one of what it is. */
static void check_rate(const struct ledger_request_line *lines, int count,
                       const struct ledger_request_rate *rate)
{
    __int128 exact = 0, net = 0, size = 0;

    for (int i = 0; i < count; i++) {
        if (lines[i].tax_points != rate->tax_points)
            continue;
        __int128 value = value_of(&lines[i]);
        exact += value;
        size += value < 0 ? -value : value;
        net += lines[i].net_minor;
        __int128 off = (__int128)lines[i].net_minor * 1000 - value;
        assert(off >= -1000 && off <= 1000);
    }
    assert(size <= EXACT_MAX);
    assert(net == rate->net_minor && net == round_half_away(exact, 1000));
    assert(rate->tax_minor == round_half_away((__int128)rate->net_minor * rate->tax_points, 10000));
}

static void check_totals(const struct ledger_request_line *lines, int count,
                         const struct ledger_request_totals *t)
{
    int64_t net_minor = 0, tax_minor = 0, lines_minor = 0;

    assert(t->rate_count >= 1 && t->rate_count <= LEDGER_REQUEST_RATES_MAX);
    for (int i = 0; i < t->rate_count; i++) {
        check_rate(lines, count, &t->rates[i]);
        net_minor += t->rates[i].net_minor;
        tax_minor += t->rates[i].tax_minor;
    }
    for (int i = 0; i < count; i++) {
        assert(is_sound(&lines[i]));
        lines_minor += lines[i].net_minor;
    }
    assert(lines_minor == t->net_minor && net_minor == t->net_minor && tax_minor == t->tax_minor);
    assert(t->gross_minor == t->net_minor + t->tax_minor);
    assert(t->gross_minor >= 1 && t->gross_minor <= LEDGER_AMOUNT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_request_line lines[LINES_MAX];
    struct ledger_request_totals totals;
    int count = (int)(size / LINE_BYTES);
    bool sound = true;

    if (count > LINES_MAX)
        return 0;
    for (int i = 0; i < count; i++) {
        lines[i] = line_of(data + (size_t)i * LINE_BYTES);
        sound = sound && is_sound(&lines[i]);
    }
    enum ledger_status status = ledger_request_lines_total(ledger(), lines, count, &totals);
    if (status == LEDGER_OK)
        check_totals(lines, count, &totals);
    else
        assert(!sound || count == 0 || status == LEDGER_TOO_MANY_RATES ||
               status == LEDGER_AMOUNT_TOO_LARGE || status == LEDGER_AMOUNT_NOT_POSITIVE);
    return 0;
}
