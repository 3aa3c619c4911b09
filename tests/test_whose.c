/*
 * What a reading handle remembers of accounts, and when it no longer may.
 */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/whose.h"

#include <string.h>

static struct ledger *reader_of(struct region *r)
{
    const struct ledger_options options = {.holder = "test"};
    struct ledger_env env = test_env(&r->clock);
    struct ledger *l;

    OK(r, ledger_open(r->path, &options, &env, &l));
    return l;
}

static const char *handle_of(struct region *r, struct ledger *l, int64_t account_id)
{
    const struct ledger_whose *whose;

    OK(r, ledger_whose(l, account_id, &whose));
    assert_int_equal(whose->account_id, account_id);
    return whose->handle;
}

static void an_erased_handle_is_forgotten(void **state)
{
    (void)state;
    struct region r;

    region_start_file(&r);
    region_currency(&r, "CALD");
    int64_t member = region_member(&r, "ana");
    region_member(&r, "ben");
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t ben = region_account(&r, "ben", "CALD");
    region_commit(&r);
    struct ledger *l = reader_of(&r);
    OK(&r, ledger_begin_read(l));
    assert_string_equal(handle_of(&r, l, ana), "ana");
    assert_string_equal(handle_of(&r, l, ben), "ben");
    assert_string_equal(handle_of(&r, l, ana), "ana");

    OK(&r, ledger_member_leave(r.l, member, &region_why));
    OK(&r, ledger_erase_member(r.l, member, &region_why));
    region_commit(&r);
    assert_string_equal(handle_of(&r, l, ana), "ana"); /* it sees one moment */
    ledger_rollback(l);
    OK(&r, ledger_begin_read(l));
    assert_string_equal(handle_of(&r, l, ana), "erased-1");
    assert_string_equal(handle_of(&r, l, ben), "ben");
    ledger_rollback(l);
    ledger_close(l);
    region_end(&r);
}

static void a_writer_remembers_nothing(void **state)
{
    (void)state;
    struct region r;

    region_start(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    OK(&r, ledger_savepoint(r.l));
    int64_t ana = region_account(&r, "ana", "CALD");
    assert_string_equal(handle_of(&r, r.l, ana), "ana");
    OK(&r, ledger_rollback_to(r.l));
    assert_int_equal(region_account(&r, "ben", "CALD"), ana);
    assert_string_equal(handle_of(&r, r.l, ana), "ben");
    region_end(&r);
}

static void accounts_that_share_a_place_do_not_mix(void **state)
{
    (void)state;
    struct region r;
    const struct ledger_whose *whose;

    region_start_file(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    int64_t ana = region_account(&r, "ana", "CALD");
    region_commit(&r);
    struct ledger *l = reader_of(&r);
    OK(&r, ledger_begin_read(l));
    assert_string_equal(handle_of(&r, l, ana), "ana");
    EXPECT(&r, LEDGER_NO_SUCH_ACCOUNT, ledger_whose(l, ana + 16384, &whose));
    EXPECT(&r, LEDGER_NO_SUCH_ACCOUNT, ledger_whose(l, 0, &whose));
    assert_string_equal(handle_of(&r, l, ana), "ana");
    ledger_rollback(l);
    ledger_close(l);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_erased_handle_is_forgotten),
        cmocka_unit_test(a_writer_remembers_nothing),
        cmocka_unit_test(accounts_that_share_a_place_do_not_mix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
