/* What may be certified of an enrolment, by whom, how often, and what the certificate then says. */
#include "support/taught.h"

#include "api/jwt.h"
#include "ledger/attended.h"
#include "ledger/certificate.h"
#include "ledger/course.h"
#include "ledger/member.h"
#include "ledger/verify.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int set_up(void **state)
{
    static struct region r;

    taught_start(&r);
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    struct region *r = *state;
    struct ledger_verification v;

    if (ledger_in_transaction(r->l))
        OK(r, ledger_verify(r->l, NULL, NULL, &v));
    region_end(r);
    return 0;
}

/* "enrolment=1 name=Mia" as arguments; what looks like a number is one. */
static json_t *arguments(const char *words)
{
    json_t *args = json_object();
    char *copy = strdup(words);
    char *rest = NULL;

    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(word, '=');
        *value++ = '\0';
        json_object_set_new(args, word,
                            value[0] >= '0' && value[0] <= '9' && !strchr(value, '-')
                                ? json_integer(atoll(value))
                                : json_string(value));
    }
    free(copy);
    return args;
}

static enum ledger_status issue(struct region *r, int64_t by, const char *words)
{
    return taught_run(r, by, "certificate.issue", arguments(words), NULL);
}

/* clang-format off */
static const struct row {
    const char *what;
    int64_t by; /* 0: the node's keeper */
    const char *words;
    enum ledger_status outcome;
    const char *sentence; /* part of it */
} rows[] = {
    {"no such enrolment",            SCHOOL, "enrolment=99 name=Mia", LEDGER_NO_SUCH_ENROLMENT, "no enrolment 99"},
    {"nobody has confirmed it",      SCHOOL, "enrolment=3", LEDGER_NOT_ATTENDED, "nobody has confirmed that enrolment 3"},
    {"one minute below the threshold", SCHOOL, "enrolment=2 name=Cleo", LEDGER_NOT_ATTENDED, "89 of 120 minutes are confirmed for enrolment 2, and the course asks for 75 %"},
    {"to come",                      SCHOOL, "enrolment=5 name=Mia", LEDGER_NOT_ATTENDED, "it is enrolled"},
    {"only offered",                 SCHOOL, "enrolment=6 name=Cleo", LEDGER_NOT_ATTENDED, "it is offered"},
    {"a party without a name",       SCHOOL, "enrolment=1", LEDGER_MISSING_PARAMETER, "enrolment 1 is not of one person alone"},
    {"another title",                SCHOOL, "enrolment=1 name=Mia title=Doctor", LEDGER_USAGE, "leave title out"},
    {"another provider",             0,      "enrolment=1 name=Mia provider=mill", LEDGER_USAGE, "leave provider out"},
    {"another member",               0,      "enrolment=1 name=Mia member=cleo", LEDGER_USAGE, "leave member out"},
    {"another day",                  0,      "enrolment=1 name=Mia held_on=2026-03-01", LEDGER_USAGE, "leave held_on out"},
    {"other words",                  0,      "enrolment=1 name=Mia description=Yes", LEDGER_USAGE, "leave description out"},
    {"the learner",                  MILL,   "enrolment=1 name=Mia", LEDGER_NOT_ALLOWED, "who gave the course"},
    {"who is no party",              CLEO,   "enrolment=1 name=Mia", LEDGER_NO_SUCH_ENROLMENT, "no enrolment 1"},
    {"an end that is over",          SCHOOL, "enrolment=1 name=Mia expires_on=2026-03-05", LEDGER_DATE_MALFORMED, "expires"},
    {"by hand, by the provider",     SCHOOL, "provider=school member=mill name=Mia title=Doctor", LEDGER_NOT_ALLOWED, "only the node's keepers"},
    {"nothing, by the provider",     SCHOOL, "name=Mia", LEDGER_NOT_ALLOWED, "say which enrolment"},
    {"by hand without a provider",   0,      "member=mill name=Mia title=Doctor", LEDGER_MISSING_PARAMETER, "a certificate is of an enrolment, or by hand"},
    {"by hand without a member",     0,      "provider=school name=Mia title=Doctor", LEDGER_MISSING_PARAMETER, "by hand"},
    {"by hand without a name",       0,      "provider=school member=mill title=Doctor", LEDGER_MISSING_PARAMETER, "by hand"},
    {"by hand without a title",      0,      "provider=school member=mill name=Mia", LEDGER_MISSING_PARAMETER, "by hand"},
    {"by hand, of its own",          0,      "provider=mill member=mill name=Mia title=Doctor", LEDGER_CERTIFIES_ITSELF, "its own people"},
};
/* clang-format on */

static void what_is_not_certified(void **state)
{
    struct region *r = *state;
    struct ledger_certificate c;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum ledger_status st = issue(r, rows[i].by, rows[i].words);
        if (st != rows[i].outcome || !strstr(taught_message(), rows[i].sentence))
            fail_msg("%s: %s: %s", rows[i].what, ledger_status_facts(st)->code, taught_message());
    }
    OK(r, ledger_member_change_state(r->l, SCHOOL, LEDGER_SUSPENDED, &region_why));
    EXPECT(r, LEDGER_MEMBER_NOT_ACTIVE, issue(r, 0, "enrolment=1 name=Mia"));
    EXPECT(r, LEDGER_NO_SUCH_CERTIFICATE, ledger_certificate_get(r->l, 1, &c));
}

/* Three were enrolled, two came. */
static void as_many_as_came(void **state)
{
    struct region *r = *state;
    struct ledger_attended a;

    OK(r, issue(r, SCHOOL, "enrolment=1 name=Mia"));
    OK(r, issue(r, 0, "enrolment=1 name=Ned"));
    EXPECT(r, LEDGER_ALREADY_CERTIFIED, issue(r, SCHOOL, "enrolment=1 name=Oda"));
    assert_non_null(strstr(taught_message(), "for all 2 that came: certificate 1 is the first"));
    OK(r, taught_run(r, SCHOOL, "certificate.revoke", arguments("id=1 reason=misspelt"), NULL));
    OK(r, ledger_attended_get(r->l, 1, &a));
    assert_int_equal(a.certified, 1);
    assert_int_equal(a.certificate_id, 2);
    OK(r, issue(r, SCHOOL, "enrolment=1 name=Maia"));
    EXPECT(r, LEDGER_ALREADY_CERTIFIED, issue(r, SCHOOL, "enrolment=1 name=Oda"));
    assert_non_null(strstr(taught_message(), "certificate 2 is the first"));
}

/* What a certificate says, of its text's middle part. */
static json_t *payload(struct region *r, int64_t id)
{
    struct ledger_certificate c;
    unsigned char bytes[LEDGER_JWT_MAX];
    size_t size;

    OK(r, ledger_certificate_get(r->l, id, &c));
    char *middle = strchr(c.jwt, '.') + 1;
    *strchr(middle, '.') = '\0';
    assert_int_equal(sodium_base642bin(bytes, sizeof bytes, middle, strlen(middle), NULL, &size,
                                       NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                     0);
    json_t *json = json_loadb((char *)bytes, size, 0, NULL);
    assert_non_null(json);
    return json;
}

static void says(const json_t *object, const char *key, const char *want)
{
    const char *text = json_string_value(json_object_get(object, key));

    if (want)
        assert_string_equal(text, want);
    else
        assert_null(text);
}

static void it_says_what_the_course_said(void **state)
{
    struct region *r = *state;
    json_t *json, *about, *achieved;

    OK(r, issue(r, SCHOOL, "enrolment=1 name=Mia"));
    json = payload(r, 1);
    about = json_object_get(json, "credentialSubject");
    achieved = json_object_get(about, "achievement");
    says(achieved, "name", "Reading a balance sheet");
    says(achieved, "description", "For boards and treasurers");
    says(achieved, "achievementType", "Course");
    says(achieved, "inLanguage", "en-GB");
    says(json_object_get(achieved, "criteria"), "narrative",
         "Attendance of at least 75 % of 2:00 hours.");
    says(about, "narrative", "Attended 2:00 of 2:00 hours, as was confirmed in the ledger.");
    says(about, "activityStartDate", "2026-03-04T12:00:00Z");
    says(about, "activityEndDate", "2026-03-04T14:00:00Z");
    json_decref(json);

    OK(r, issue(r, 0, "provider=school member=mill name=Mia title=Doctor held_on=2026-03-05"));
    json = payload(r, 2);
    about = json_object_get(json, "credentialSubject");
    achieved = json_object_get(about, "achievement");
    says(achieved, "name", "Doctor");
    says(achieved, "achievementType", NULL);
    says(achieved, "inLanguage", NULL);
    says(about, "narrative", NULL);
    says(about, "activityStartDate", NULL);
    says(about, "activityEndDate", "2026-03-05T00:00:00Z");
    json_decref(json);
}

static void expect_name(struct region *r, int64_t id, const char *want)
{
    struct ledger_certificate c;

    OK(r, ledger_certificate_get(r->l, id, &c));
    assert_string_equal(c.name, want);
}

static void who_took_part_is_named(void **state)
{
    struct region *r = *state;

    OK(r, taught_run(r, ANA, "attendance.confirm", arguments("id=3"), NULL));
    OK(r, issue(r, SCHOOL, "enrolment=3"));
    expect_name(r, 1, "Ana Ash");
    OK(r, issue(r, SCHOOL, "enrolment=4"));
    expect_name(r, 2, "A friend");
}

/* The school never learns from a certificate who its friend is. */
static void an_assumed_name_hides_the_member(void **state)
{
    static const struct {
        int64_t by;
        const char *member;
    } seen[] = {{SCHOOL, NULL}, {ANA, "ana"}, {0, "ana"}};
    struct region *r = *state;
    json_t *answer;

    OK(r, taught_run(r, SCHOOL, "certificate.issue", arguments("enrolment=4"), &answer));
    says(answer, "name", "A friend");
    says(answer, "member", NULL);
    json_decref(answer);
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        OK(r, taught_run(r, seen[i].by, "certificate.show", arguments("id=1"), &answer));
        says(answer, "member", seen[i].member);
        assert_int_equal(json_integer_value(json_object_get(answer, "enrolment")), 4);
        json_decref(answer);
    }
}

/* Words that double in JSON, all as long as they may be. */
static void the_longest_course_is_certified(void **state)
{
    static char title[LEDGER_NAME_MAX + 1];
    static char words[LEDGER_DESCRIPTION_MAX + 1];
    static char criteria[LEDGER_MEMO_MAX + 1];
    struct region *r = *state;
    const struct ledger_course_draft course = {
        .title = title, .description = words, .language = "en", .threshold_percent = 1};
    int64_t id;

    memset(title, '"', LEDGER_NAME_MAX);
    memset(words, '"', LEDGER_DESCRIPTION_MAX);
    memset(criteria, '"', LEDGER_MEMO_MAX);
    OK(r, ledger_course_add(r->l, SCHOOL, &course, &region_why, &id));
    OK(r, taught_run(r, 0, "session.add",
                     arguments("course=2 starts=2026-03-06T12:00 ends=2026-03-06T13:00 capacity=1"),
                     NULL));
    OK(r, taught_run(r, MILL, "enrolment.add", arguments("session=5 member=mill"), NULL));
    region_set_day(r, "2026-03-07");
    OK(r, taught_run(r, MILL, "attendance.confirm", arguments("id=7"), NULL));
    OK(r,
       taught_run(r, SCHOOL, "certificate.issue",
                  json_pack("{s:i, s:s, s:s}", "enrolment", 7, "name", title, "criteria", criteria),
                  NULL));
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        EACH(what_is_not_certified),
        EACH(as_many_as_came),
        EACH(it_says_what_the_course_said),
        EACH(who_took_part_is_named),
        EACH(an_assumed_name_hides_the_member),
        EACH(the_longest_course_is_certified),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
