/* The text of a rule of recurrence; the first two bytes say from which day on. */
#include "fuzz.h"

#include "ledger/date.h"
#include "ledger/recurrence.h"

#include <stdlib.h>
#include <string.h>

static void check_days(const char *rule, int32_t first, const int32_t *days, int count)
{
    assert(count >= 1 && count <= LEDGER_RECURRENCE_MAX);
    assert(strlen(rule) <= LEDGER_RULE_MAX);
    for (int i = 0; i < count; i++) {
        assert(days[i] >= first && days[i] <= first + 732);
        assert(i == 0 || days[i] > days[i - 1]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int32_t days[LEDGER_RECURRENCE_MAX];
    int count;

    if (size < 2)
        return 0;
    int32_t first = data[0] * 256 + data[1];
    char *rule = fuzz_text(data + 2, size - 2);
    enum ledger_status status = ledger_recurrence_days(rule, first, days, &count);
    assert(!ledger_status_is_fault(status));
    if (status == LEDGER_OK)
        check_days(rule, first, days, count);
    free(rule);
    return 0;
}
