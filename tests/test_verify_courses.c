/* What is wrong with courses, enrolments and what was certified of them is found, each in one sentence. */
#include "support/damage.h"
#include "support/taught.h"

#include <string.h>

static struct region whole;

static const struct damage rows[] = {
    {"nothing", "SELECT 1", ""},

    /* courses and sessions */
    {"a version", "DELETE FROM course_version WHERE version = 1",
     "course 1: it has no version, or they do not count"},
    {"all versions", "DELETE FROM course_version", "course 1: it has no version"},
    {"whose session", "UPDATE session SET course_id = 9 WHERE id = 4",
     "session 4: its course or provider is not there"},
    {"who teaches", "DELETE FROM certificate_enrolment; UPDATE course SET provider_id = 99",
     "session 1: its course or provider"},
    {"an end before the start", "UPDATE session SET ends_at_us = starts_at_us WHERE id = 2",
     "session 2: its times are out of order"},
    {"a sign-up beyond the start",
     "UPDATE session SET closes_at_us = starts_at_us + 1 WHERE id = 2",
     "session 2: its times are out of order"},
    {"a sign-up that never opens", "UPDATE session SET opens_at_us = closes_at_us WHERE id = 2",
     "session 2: its times are out of order"},
    {"a capacity", "DELETE FROM session_capacity WHERE session_id = 2",
     "session 2: it has no capacity"},
    {"a smaller capacity", "UPDATE session_capacity SET capacity = 4 WHERE session_id = 1",
     "session 1: more places are taken than it has"},
    {"a session called off", "INSERT INTO session_cancellation VALUES (3, 0, '', '')",
     "session 3: it is called off, and somebody has a place"},

    /* enrolments and where they stand */
    {"what became of it", "DELETE FROM enrolment_event WHERE enrolment_id = 3",
     "enrolment 3: nothing ever became of it"},
    {"its place", "DELETE FROM place WHERE enrolment_id = 3",
     "enrolment 3: where it stands is not what became of it"},
    {"its state", "UPDATE place SET state = 'absent' WHERE enrolment_id = 3",
     "enrolment 3: where it stands"},
    {"how many it is for", "UPDATE place SET places = 2 WHERE enrolment_id = 3",
     "enrolment 3: where it stands"},
    {"whose place", "UPDATE place SET member_id = 1 WHERE enrolment_id = 3",
     "enrolment 3: where it stands"},
    {"until when it is offered", "UPDATE place SET until_us = until_us + 1 WHERE enrolment_id = 6",
     "enrolment 6: where it stands"},
    {"a place of nobody", "INSERT INTO place VALUES (1, 1, 99, 'waiting', 1, NULL)",
     "enrolment 99: it has a place and is not there"},

    /* what is held and paid */
    {"a hold that is nobody's", "DELETE FROM hold_owner WHERE subject_id = 3",
     "enrolment 3: it is enrolled, and no hold stands for its price"},
    {"another price", "UPDATE session_price SET price_minor = 501 WHERE session_id = 3",
     "enrolment 5: it is enrolled, and no hold stands for its price"},
    {"a hold of one that was absent", "INSERT INTO hold_owner VALUES (5, 'enrolment', 2)",
     "hold 5: it stands for an enrolment that is not enrolled"},
    {"two holds", "INSERT INTO hold_owner VALUES (5, 'enrolment', 3)",
     "enrolment 3: more than one hold stands for one price"},
    {"how many came",
     "UPDATE enrolment_event SET places = 3 WHERE state = 'attended' AND places = 2",
     "enrolment 1: it was attended, and the provider was not paid for who came"},
    {"a payment for nobody", "INSERT INTO hold_owner VALUES (6, 'enrolment', 2)",
     "enrolment 2: it was not attended, and the provider was paid"},
    {"when its hold ends", "DELETE FROM course_due WHERE kind = 'renew' AND subject_id = 5",
     "enrolment 5: nobody is told when its offer or hold ends"},
    {"when its offer ends", "DELETE FROM course_due WHERE kind = 'offer'",
     "enrolment 6: nobody is told when its offer or hold ends"},

    /* what is certified */
    {"another's enrolment", "UPDATE certificate_enrolment SET enrolment_id = 3",
     "certificate 1: it names an enrolment that is not one of its provider and member"},
    {"another's certificate", "UPDATE certificate SET member_id = 4 WHERE id = 2",
     "certificate 2: it names an enrolment that is not one of its provider and member"},
    {"an enrolment of none", "INSERT INTO certificate_enrolment VALUES (9, 1)",
     "certificate 9: it names an enrolment that is not one of its provider and member"},
    {"one certificate too many", "INSERT INTO certificate_enrolment VALUES (3, 1)",
     "enrolment 1: more of it are certified than came"},
    {"nobody came",
     "UPDATE enrolment_event SET state = 'absent' WHERE enrolment_id = 1 AND state = 'attended'",
     "enrolment 1: more of it are certified than came"},
    {"in the place of one that was revoked",
     "INSERT INTO certificate_revocation VALUES (1, 1, '', ''); "
     "INSERT INTO certificate_enrolment VALUES (3, 1)",
     ""},
};

static void each_damage_is_named(void **state)
{
    (void)state;
    damage_each(&whole, rows, sizeof rows / sizeof rows[0]);
}

static void the_file_refuses(void **state)
{
    static const struct {
        const char *sql;
        const char *refusal;
    } tries[] = {
        {"UPDATE certificate_enrolment SET enrolment_id = 3", "append-only"},
        {"DELETE FROM certificate_enrolment", "append-only"},
        {"INSERT OR REPLACE INTO certificate_enrolment VALUES (1, 4)", "taken"},
        {"INSERT INTO certificate_enrolment VALUES (3, 1)", "nobody came who is not certified"},
        {"INSERT INTO certificate_enrolment VALUES (3, 2)", "nobody came who is not certified"},
        {"INSERT INTO certificate_enrolment VALUES (3, 3)", "nobody came who is not certified"},
        {"INSERT INTO certificate_enrolment VALUES (3, 99)", "nobody came who is not certified"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        const char *message = region_raw(whole.path, tries[i].sql);
        if (!message || !strstr(message, tries[i].refusal))
            fail_msg("%s: %s", tries[i].sql, message ? message : "went through");
    }
}

static int set_up(void **state)
{
    (void)state;
    taught_start(&whole);
    taught_certify(&whole);
    region_close(&whole);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_end(&whole);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_damage_is_named),
        cmocka_unit_test(the_file_refuses),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
