/* A hold that belongs to something is nobody's to capture or release by itself. */
#include "support/region.h"

#include "ledger/hold_owner.h"

#include <string.h>

static void a_hold_is_owned_once_and_for_all(void **state)
{
    struct region r;
    struct ledger_hold_owner owner;
    int64_t ana, ben, hold, other, transfer;

    (void)state;
    region_start(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    ana = region_account(&r, "ana", "CALD");
    ben = region_account(&r, "ben", "CALD");
    hold = region_hold(&r, ana, ben, 500, 1);
    other = region_hold(&r, ana, ben, 500, 1);
    OK(&r, ledger_hold_own(r.l, hold, "booking", 7));
    EXPECT(&r, LEDGER_HOLD_OWNED, ledger_hold_check_free(r.l, hold));
    assert_non_null(strstr(ledger_message(r.l), "belongs to booking 7"));
    OK(&r, ledger_hold_check_free(r.l, other));
    OK(&r, ledger_hold_owner(r.l, hold, &owner));
    assert_string_equal(owner.kind, "booking");
    assert_int_equal(owner.subject_id, 7);
    OK(&r, ledger_hold_owner(r.l, other, &owner));
    assert_string_equal(owner.kind, "");
    OK(&r, ledger_hold_capture(r.l, hold, 0, &transfer)); /* by its owner */
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hold_is_owned_once_and_for_all)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
