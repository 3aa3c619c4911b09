/* A quick look at a ledger: what it finds, and what it leaves to verify. */
#include "support/furnished.h"

#include "ledger/checkup.h"

#include <string.h>

struct row {
    const char *shows;
    const char *damage;
    enum ledger_status schema;
    enum ledger_status sample;
    const char *says;
};

static const struct row rows[] = {
    {"a sound ledger", NULL, LEDGER_OK, LEDGER_OK, ""},
    {"an index that is gone", "DROP INDEX transfer_corrects", LEDGER_INTEGRITY, LEDGER_OK,
     "transfer_corrects is missing"},
    {"a table of somebody else's", "CREATE TABLE mine (x)", LEDGER_INTEGRITY, LEDGER_OK,
     "mine is not one that this program makes"},
    {"a balance", "UPDATE account SET balance_minor = balance_minor + 1 WHERE id = 1", LEDGER_OK,
     LEDGER_INTEGRITY, "ana:CALD: its balance is not the one after its newest entry"},
    {"two balances, so that the sum is zero still",
     "UPDATE account SET balance_minor = balance_minor + (id = 1) - (id = 2) WHERE id < 3",
     LEDGER_OK, LEDGER_INTEGRITY, "its balance is not the one after its newest entry"},
    {"an account without entries", "UPDATE account SET balance_minor = 1 WHERE id = 4", LEDGER_OK,
     LEDGER_INTEGRITY, "the balances in CALD do not sum to zero"},
    {"a leg",
     "UPDATE entry SET amount_minor = amount_minor + 1 WHERE transfer_id = 7 AND amount_minor > 0",
     LEDGER_OK, LEDGER_INTEGRITY, "transfer 7: it does not sum to zero in CALD"},
    {"a balance after a transfer",
     "UPDATE entry SET balance_minor = balance_minor + 1 WHERE transfer_id = 2 AND leg = 0",
     LEDGER_OK, LEDGER_INTEGRITY, "does not follow from the one before"},
    {"an account that is none",
     "UPDATE entry SET account_id = 99 WHERE transfer_id = 7 AND leg = 0", LEDGER_OK,
     LEDGER_INTEGRITY, "transfer 7: it does not sum to zero in CALD"},
};

static void what_it_finds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct ledger_sample sample;
        struct region r;

        region_start_file(&r);
        furnish(&r);
        region_commit(&r);
        region_close(&r);
        if (row->damage)
            region_damage(r.path, row->damage);
        region_open(&r, false);
        if (ledger_checkup_schema(r.l) != row->schema)
            fail_msg("%s: %s", row->shows, ledger_message(r.l));
        if (row->schema != LEDGER_OK)
            assert_non_null(strstr(ledger_message(r.l), row->says));
        if (row->sample == LEDGER_OK || row->schema == LEDGER_OK) {
            if (ledger_checkup_sample(r.l, &sample) != row->sample)
                fail_msg("%s: %s", row->shows, ledger_message(r.l));
            if (row->sample != LEDGER_OK && !strstr(ledger_message(r.l), row->says))
                fail_msg("%s: %s", row->shows, ledger_message(r.l));
        }
        region_end(&r);
    }
}

static void how_much_it_looks_at(void **state)
{
    struct ledger_sample sample;
    struct region r;

    (void)state;
    region_start(&r);
    OK(&r, ledger_checkup_sample(r.l, &sample));
    assert_int_equal(sample.of, 0);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t ben = region_account(&r, "ben", "CALD");
    for (int i = 0; i <= LEDGER_SAMPLE_TRANSFERS; i++)
        region_pay(&r, i % 2 ? ana : ben, i % 2 ? ben : ana, 1);
    OK(&r, ledger_checkup_sample(r.l, &sample));
    assert_int_equal(sample.of, LEDGER_SAMPLE_TRANSFERS + 1);
    assert_int_equal(sample.transfers, LEDGER_SAMPLE_TRANSFERS);
    assert_int_equal(sample.accounts, 2);
    region_end(&r);
}

static void who_writes_it(void **state)
{
    char who[200] = "";
    struct region r;

    (void)state;
    region_start_file(&r);
    assert_int_equal(ledger_checkup_writer(r.path, who, sizeof who), LEDGER_LOCKED);
    assert_non_null(strstr(who, "init (pid "));
    region_commit(&r);
    region_close(&r);
    assert_int_equal(ledger_checkup_writer(r.path, who, sizeof who), LEDGER_OK);
    assert_int_equal(ledger_checkup_writer("/nowhere/at/all", who, sizeof who), LEDGER_OK);
    region_open(&r, true);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_finds),
        cmocka_unit_test(how_much_it_looks_at),
        cmocka_unit_test(who_writes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
