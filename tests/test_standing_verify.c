/* test_standing_verify.c - damage to what stands of standing payments is found, and named. */
#include "support/damage.h"
#include "support/standing.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Standing payment 1: paid, then refused; 2: paused over a date; 3: ended. */
static void furnish(struct region *r)
{
    struct ledger_standing s = standing_draft(r);

    s.count = 2;
    s.amount_minor = 6000;
    standing_order(r, s);
    s = standing_draft(r);
    standing_order(r, s);
    standing_order(r, s);
    OK(r, ledger_standing_pause(r->l, 2, &region_why));
    OK(r, ledger_standing_end(r->l, 3, &region_why));
    standing_run(r);
    standing_run_on(r, "2026-03-09");
    OK(r, ledger_standing_resume(r->l, 2, &region_why));
    OK(r, ledger_standing_pause(r->l, 2, &region_why));
}

static const struct damage damages[] = {
    {"another day to be due on",
     "UPDATE standing SET day = 2 WHERE id = 1; "
     "UPDATE standing SET first_on = first_on + 1 WHERE id = 1",
     "standing payment 1: its order gives another due date in place of 2026-03-02"},
    {"a due date that is gone",
     "DELETE FROM standing_attempt WHERE id = 1; DELETE FROM standing_occurrence WHERE "
     "standing_id = 1 AND number = 1",
     "standing payment 1: its order gives another due date in place of 2026-03-09"},
    {"one too many", "UPDATE standing SET count = 1 WHERE id = 1",
     "standing payment 1: its order gives another due date in place of 2026-03-09"},
    {"the next one", "DELETE FROM standing_next",
     "standing payment 2: it has lost its next due date, 2026-03-16"},
    {"another next one", "UPDATE standing_next SET due_on = due_on + 7",
     "standing payment 2: it does not stand at its next due date, 2026-03-16"},
    {"a pause that is over", "UPDATE standing_next SET paused = 0",
     "standing payment 2: it counts as paused, or does not"},
    {"a change", "DELETE FROM standing_change WHERE standing_id = 2 AND sequence = 2",
     "standing payment 2: a change of it is missing"},
    {"what comes after an end", "INSERT INTO standing_change VALUES (3, 2, 'resumed', 0, '', '')",
     "standing payment 3: a change of it is missing, or comes after its end"},
    {"an ended one that goes on",
     "INSERT INTO standing_next VALUES (3, 1, (SELECT first_on FROM standing WHERE id = 3), 0)",
     "standing payment 3: it counts as paused, or does not"},
    {"an attempt", "DELETE FROM standing_attempt WHERE id = 2",
     "standing payment 1: a due date has no attempt"},
    {"an attempt of no due date", "UPDATE standing_attempt SET due_on = due_on + 1 WHERE id = 2",
     "standing payment 1: an attempt or a retry is of no due date"},
    {"a payment twice",
     "INSERT INTO standing_attempt SELECT 9, standing_id, due_on, at_us, code, transfer_id, actor "
     "FROM standing_attempt WHERE id = 1",
     "standing payment 1: a due date is paid twice"},
    {"a payment that is tried again",
     "INSERT INTO standing_retry SELECT standing_id, due_on, 0, 0 FROM standing_attempt WHERE "
     "id = 1",
     "standing payment 1: a due date is tried again although it is paid"},
    {"a refusal that was paid",
     "UPDATE standing_attempt SET code = '', transfer_id = 1 WHERE id = 2",
     "standing payment 1: a due date is tried again although it is paid"},
    {"an amount", "UPDATE standing_occurrence SET amount_minor = 5999 WHERE number = 1",
     "standing payment 1: what was due is not what it pays"},
    {"another transfer",
     "UPDATE standing_attempt SET transfer_id = NULL, code = 'x' WHERE id = 1; UPDATE "
     "standing_attempt SET transfer_id = 9, code = '' WHERE id = 1",
     "standing payment 1: a transfer does not pay what was due"},
    {"a uid", "UPDATE standing_occurrence SET uid = randomblob(16) WHERE number = 1",
     "standing payment 1: the register does not have a payment of it"},
    {"words", "DELETE FROM standing_text WHERE standing_id = 2",
     "standing payment 2: its words are gone"},
    {"words of nothing", "INSERT INTO standing_text VALUES (9, 'x')",
     "standing payment 9: words stand without it"},
    {"an account", "UPDATE standing SET payee_id = 9 WHERE id = 3",
     "standing payment 3: its payer and payee are not in one currency"},
    {"all of it", "DELETE FROM standing WHERE id = 2",
     "standing payment 2: a row stands without it"},
};

static void each_damage_is_named(void **state)
{
    struct region *r = *state;

    furnish(r);
    region_sound(r);
    region_close(r);
    damage_each(r, damages, COUNT(damages));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, standing_set_up, standing_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_damage_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
