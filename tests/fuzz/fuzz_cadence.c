/* The day that something falls due on, as it is written; the first four bytes say how often and from when. */
#include "fuzz.h"

#include "api/run.h"
#include "ledger/cadence.h"
#include "ledger/date.h"

#include <stdlib.h>
#include <string.h>

#define DATES 200

static struct ledger *ledger(void)
{
    static struct ledger *l;

    if (!l)
        assert(ledger_create(":memory:", "fuzz", "UTC", &api_env, &l) == LEDGER_OK);
    return l;
}

/* Each comes after the one before it, no sooner and no later than so many weeks or months. */
static void check_dates(struct ledger_cadence *c, int32_t from_on)
{
    int32_t first = ledger_cadence_first(c, from_on);
    int32_t before = first;
    int least = c->unit == LEDGER_WEEKLY ? 7 * c->every : 28 * c->every;
    int most = c->unit == LEDGER_WEEKLY ? 7 * c->every : 31 * c->every;

    assert(first >= from_on && first <= from_on + 31);
    for (int n = 2; n <= DATES && before <= LEDGER_DAY_MAX; n++) {
        int32_t day = ledger_cadence_date(c, first, n);
        assert(day > LEDGER_DAY_MAX || (day - before >= least && day - before <= most));
        before = day;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_cadence again;

    if (size < 4)
        return 0;
    struct ledger_cadence c = {.unit = data[0] % 2 ? LEDGER_MONTHLY : LEDGER_WEEKLY,
                               .every = data[1]};
    char *text = fuzz_text(data + 4, size - 4);
    enum ledger_status status = ledger_cadence_day_parse(ledger(), c.unit, text, &c.day);
    assert(status == LEDGER_OK || status == LEDGER_DUE_DAY_MALFORMED);
    if (status == LEDGER_OK && ledger_cadence_check(ledger(), &c) == LEDGER_OK) {
        char on[12];
        again = c;
        assert(ledger_cadence_day_parse(ledger(), c.unit, ledger_cadence_day_format(&c, on),
                                        &again.day) == LEDGER_OK);
        assert(again.day == c.day);
        check_dates(&c, data[2] * 300 + data[3]);
    }
    free(text);
    return 0;
}
