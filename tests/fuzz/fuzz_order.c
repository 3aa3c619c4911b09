/* An order of who pays a default: what is taken is written again as it was read. */
#include "fuzz.h"

#include "ledger/guarantee.h"

#include <stdlib.h>
#include <string.h>

static void read_again(const struct ledger_guarantee *g)
{
    struct ledger_guarantee again;
    char text[LEDGER_GUARANTEE_ORDER_MAX + 1];
    char same[LEDGER_GUARANTEE_ORDER_MAX + 1];

    ledger_guarantee_format(g, text, sizeof text);
    assert(ledger_guarantee_parse(text, &again) == LEDGER_OK);
    assert(again.step_count == g->step_count);
    for (int i = 0; i < g->step_count; i++) {
        assert(strcmp(again.steps[i].fund, g->steps[i].fund) == 0);
        assert(again.steps[i].points == g->steps[i].points);
        assert(again.steps[i].to_limit == g->steps[i].to_limit);
    }
    assert(strcmp(ledger_guarantee_format(&again, same, sizeof same), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_guarantee g;
    char *text = fuzz_text(data, size);
    enum ledger_status status = ledger_guarantee_parse(text, &g);

    assert(status == LEDGER_OK || status == LEDGER_ORDER_MALFORMED);
    free(text);
    if (status != LEDGER_OK)
        return 0;
    assert(g.step_count >= 1 && g.step_count <= LEDGER_GUARANTEE_STEPS_MAX);
    for (int i = 0; i < g.step_count; i++)
        assert(g.steps[i].points >= 1 && g.steps[i].points <= LEDGER_GUARANTEE_POINTS);
    read_again(&g);
    return 0;
}
