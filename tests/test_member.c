/* A member is taken in once, moves between states by the rules, and has a past. */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/erasure.h"
#include "ledger/member.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define TEN "aaaaaaaaaa"
#define SIXTY TEN TEN TEN TEN TEN TEN
#define FIVE_HUNDRED SIXTY SIXTY SIXTY SIXTY SIXTY SIXTY SIXTY SIXTY TEN TEN

/* clang-format off */
static const struct row {
    const char *what;
    const char *handle;
    const char *name;
    enum ledger_status outcome;
    const char *field;
} rows[] = {
    /* what it shows                     handle    name             outcome                  field */
    {"any",                              "mill",   "The Mill",      LEDGER_OK,               NULL},
    {"the shortest handle",              "ab",     "",              LEDGER_OK,               NULL},
    {"the longest handle",               "abcdefghijklmnopqrstuvwxyz012345", "long",          LEDGER_OK,               NULL},
    {"the longest name",                 "nine",   SIXTY SIXTY,     LEDGER_OK,               NULL},
    {"two may share a name",             "mill-2", "The Mill",      LEDGER_OK,               NULL},
    {"like what erasure leaves, almost", "erased", "",              LEDGER_OK,               NULL},
    {"what erasure leaves",              "erased-1", "",              LEDGER_HANDLE_MALFORMED, "handle"},
    {"no handle",                        "",       "none",          LEDGER_HANDLE_MALFORMED, "handle"},
    {"one letter",                       "a",      "a",             LEDGER_HANDLE_MALFORMED, "handle"},
    {"a capital",                        "Mill",   "The Mill",      LEDGER_HANDLE_MALFORMED, "handle"},
    {"a dash in front",                  "-mill",  "The Mill",      LEDGER_HANDLE_MALFORMED, "handle"},
    {"a line break in the name",         "new",    "The\nMill",     LEDGER_TEXT_MALFORMED,   "name"},
    {"an override in the name",          "new",    "The\u202EMill", LEDGER_TEXT_MALFORMED,   "name"},
    {"a handle that is taken",           "mill",   "Another",       LEDGER_EXISTS,           "handle"},
    {"all wrong: first the handle",      "Mill",   "The\nMill",     LEDGER_HANDLE_MALFORMED, "handle"},
    {"then the name",                    "mill",   "The\nMill",     LEDGER_TEXT_MALFORMED,   "name"},
};
/* clang-format on */

static enum ledger_status list(void *ctx, const struct ledger_member *m)
{
    strcat(strcat(ctx, m->handle), " ");
    return LEDGER_OK;
}

static const char *listed(struct region *r, const struct ledger_member_filter *filter)
{
    static char text[400];

    text[0] = '\0';
    OK(r, ledger_member_each(r->l, filter, list, text));
    return text;
}

static void check_same(const struct ledger_member *got, const struct ledger_member *m)
{
    assert_int_equal(got->id, m->id);
    assert_memory_equal(got->number, m->number, sizeof m->number);
    assert_string_equal(got->handle, m->handle);
    assert_string_equal(got->name, m->name);
    assert_int_equal(got->kind, m->kind);
    assert_int_equal(got->state, m->state);
    assert_int_equal(got->since_us, m->since_us);
    assert_false(got->erased);
}

static void check_kept(struct region *r, const struct ledger_member *m)
{
    struct ledger_member got;

    OK(r, ledger_member_find(r->l, m->handle, &got));
    check_same(&got, m);
    OK(r, ledger_member_get(r->l, m->id, &got));
    check_same(&got, m);
}

static void a_member_is_taken_in_whole_or_not_at_all(void **state)
{
    (void)state;
    const struct ledger_member_filter all = {.limit = 100};
    struct region r;
    uint8_t last[16] = {0};
    int64_t added = 0;

    region_start(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ledger_member m = {.kind = (enum ledger_member_kind)(i % 4),
                                  .state = i % 2 ? LEDGER_ACTIVE : LEDGER_APPLIED};
        snprintf(m.handle, sizeof m.handle, "%s", rows[i].handle);
        snprintf(m.name, sizeof m.name, "%s", rows[i].name);
        r.clock.now_us += REGION_HOUR_US;
        enum ledger_status got = ledger_member_add(r.l, &m, &region_why);
        const char *field = ledger_last_facts(r.l)->field;
        if (got != rows[i].outcome || (got && strcmp(field ? field : "", rows[i].field) != 0))
            fail_msg("%s: %s, %s", rows[i].what, ledger_status_facts(got)->code, field);
        if (got != LEDGER_OK)
            continue;
        assert_int_equal(m.id, ++added);
        assert_int_equal(m.since_us, r.clock.now_us);
        assert_memory_not_equal(m.number, last, sizeof last);
        memcpy(last, m.number, sizeof last);
        check_kept(&r, &m);
    }
    assert_string_equal(listed(&r, &all),
                        "mill ab abcdefghijklmnopqrstuvwxyz012345 nine mill-2 erased ");
    region_end(&r);
}

static void an_unknown_member_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *handle;
        const char *says;
    } unknown[] = {
        {"ben", "there is no member ben here"},
        {"erased-1", "there is no member erased-1 here"},
        {"Ana", "a handle is 2 to 32 of a-z, 0-9 and -"},
        {"ana ", "a handle is 2 to 32 of a-z, 0-9 and -"},
        {"", "a handle is 2 to 32 of a-z, 0-9 and -"},
    };
    struct region r;
    struct ledger_member m;

    region_start(&r);
    region_member(&r, "ana");
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        EXPECT(&r, LEDGER_NO_SUCH_MEMBER, ledger_member_find(r.l, unknown[i].handle, &m));
        assert_non_null(strstr(ledger_message(r.l), unknown[i].says));
        assert_string_equal(ledger_last_facts(r.l)->field, "member");
    }
    EXPECT(&r, LEDGER_NO_SUCH_MEMBER, ledger_member_get(r.l, 0, &m));
    EXPECT(&r, LEDGER_NO_SUCH_MEMBER, ledger_member_get(r.l, 2, &m));
    region_end(&r);
}

static void a_handle_is_never_given_twice(void **state)
{
    (void)state;
    struct region r;
    struct ledger_member m = {.handle = "ana", .kind = LEDGER_PERSON, .state = LEDGER_ACTIVE};

    region_start(&r);
    int64_t ana = region_member(&r, "ana");
    OK(&r, ledger_member_leave(r.l, ana, &region_why));
    EXPECT(&r, LEDGER_EXISTS, ledger_member_add(r.l, &m, &region_why));
    OK(&r, ledger_erase_member(r.l, ana, &region_why));
    EXPECT(&r, LEDGER_EXISTS, ledger_member_add(r.l, &m, &region_why));
    EXPECT(&r, LEDGER_NO_SUCH_MEMBER, ledger_member_find(r.l, "ana", &m));
    OK(&r, ledger_member_get(r.l, ana, &m));
    assert_string_equal(m.handle, "erased-1");
    assert_string_equal(m.name, "");
    assert_true(m.erased);
    assert_int_equal(m.state, LEDGER_LEFT);
    region_end(&r);
}

/* clang-format off */
static const struct {
    const char *what;
    struct ledger_member_filter filter;
    const char *handles;
} filter_rows[] = {
    {"all",                   {NULL,        NULL,   0,  100}, "zoe ana fund ben cleo "},
    {"by state",              {"active",    NULL,   0,  100}, "zoe fund ben "},
    {"another",               {"suspended", NULL,   0,  100}, "ana "},
    {"a state nobody has",    {"applied",   NULL,   0,  100}, ""},
    {"a state that is none",  {"asleep",    NULL,   0,  100}, ""},
    {"by kind",               {NULL,        "coop", 0,  100}, "zoe ana ben cleo "},
    {"another",               {NULL,        "fund", 0,  100}, "fund "},
    {"by both",               {"active",    "coop", 0,  100}, "zoe ben "},
    {"both, of nobody",       {"suspended", "fund", 0,  100}, ""},
    {"after somebody",        {NULL,        NULL,   3,  100}, "ben cleo "},
    {"after the last",        {NULL,        NULL,   5,  100}, ""},
    {"no more than two",      {NULL,        NULL,   0,    2}, "zoe ana "},
    {"two of those that fit", {"active",    NULL,   1,    2}, "fund ben "},
};
/* clang-format on */

static void members_are_listed_in_order_of_id(void **state)
{
    (void)state;
    struct region r;

    region_start(&r);
    region_member(&r, "zoe");
    int64_t ana = region_member(&r, "ana");
    region_fund(&r, "fund");
    region_member(&r, "ben");
    int64_t cleo = region_member(&r, "cleo");
    OK(&r, ledger_member_change_state(r.l, ana, LEDGER_SUSPENDED, &region_why));
    OK(&r, ledger_member_leave(r.l, cleo, &region_why));
    for (size_t i = 0; i < sizeof filter_rows / sizeof filter_rows[0]; i++) {
        const char *handles = listed(&r, &filter_rows[i].filter);
        if (strcmp(handles, filter_rows[i].handles) != 0)
            fail_msg("%s: %s", filter_rows[i].what, handles);
    }
    region_end(&r);
}

static void only_three_moves_are_open(void **state)
{
    (void)state;
    static const bool open[4][4] = {
        [LEDGER_APPLIED][LEDGER_ACTIVE] = true,
        [LEDGER_ACTIVE][LEDGER_SUSPENDED] = true,
        [LEDGER_SUSPENDED][LEDGER_ACTIVE] = true,
    };
    struct region r;
    struct ledger_member m;

    region_start(&r);
    int64_t ana = region_member(&r, "ana");
    for (int from = LEDGER_APPLIED; from <= LEDGER_LEFT; from++) {
        for (int to = LEDGER_APPLIED; to <= LEDGER_LEFT; to++) {
            OK(&r,
               ledger_member_record_state(r.l, ana, (enum ledger_member_state)from, &region_why));
            EXPECT(&r, open[from][to] ? LEDGER_OK : LEDGER_MEMBER_STATE,
                   ledger_member_change_state(r.l, ana, (enum ledger_member_state)to, &region_why));
            OK(&r, ledger_member_get(r.l, ana, &m));
            assert_int_equal(m.state, open[from][to] ? to : from);
        }
    }
    region_end(&r);
}

/* clang-format off */
static const struct {
    const char *what;
    int64_t id;
    enum ledger_member_state to;
    const char *reason;
    enum ledger_status outcome;
} state_rows[] = {
    /* what it shows              id  to                reason            outcome */
    {"no reason",                  1, LEDGER_SUSPENDED, "",               LEDGER_REASON_MISSING},
    {"blanks are none",            1, LEDGER_SUSPENDED, " ",              LEDGER_REASON_MISSING},
    {"a reason before the state",  1, LEDGER_LEFT,      "",               LEDGER_REASON_MISSING},
    {"a line break",               1, LEDGER_SUSPENDED, "a\nb",           LEDGER_TEXT_MALFORMED},
    {"a byte too many",            1, LEDGER_SUSPENDED, FIVE_HUNDRED "a", LEDGER_TEXT_TOO_LONG},
    {"nobody",                     9, LEDGER_SUSPENDED, "because",        LEDGER_NO_SUCH_MEMBER},
    {"leaving is not here",        1, LEDGER_LEFT,      "because",        LEDGER_MEMBER_STATE},
    {"the longest reason",         1, LEDGER_SUSPENDED, FIVE_HUNDRED,     LEDGER_OK},
    {"suspended already",          1, LEDGER_SUSPENDED, "because",        LEDGER_MEMBER_STATE},
    {"and back",                   1, LEDGER_ACTIVE,    "because",        LEDGER_OK},
};
/* clang-format on */

static int append(void *ctx, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    strcat(strcat(ctx, values[0]), " ");
    return 0;
}

static void a_change_of_state_is_kept_with_its_reason(void **state)
{
    (void)state;
    struct region r;
    sqlite3 *db;
    char history[1200] = "";

    region_start_file(&r);
    region_member(&r, "ana");
    for (size_t i = 0; i < sizeof state_rows / sizeof state_rows[0]; i++) {
        const struct ledger_why why = {"local:bo", state_rows[i].reason, ""};
        enum ledger_status got =
            ledger_member_change_state(r.l, state_rows[i].id, state_rows[i].to, &why);
        if (got != state_rows[i].outcome)
            fail_msg("%s: %s", state_rows[i].what, ledger_status_facts(got)->code);
    }
    region_close(&r);
    assert_int_equal(sqlite3_open(r.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "SELECT member_id || state || ':' || actor || ':' || "
                                  "substr(reason, 1, 7) FROM member_state ORDER BY id",
                                  append, history, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_string_equal(history, "1active:local:test:because 1suspended:local:bo:aaaaaaa "
                                 "1active:local:bo:because ");
    region_end(&r);
}

/* clang-format off */
static const struct {
    const char *what;
    const char *name;
    const char *value;
    const char *from;
    enum ledger_status outcome;
} attribute_rows[] = {
    /* what it shows                 name            value       from          outcome */
    {"a sector",                     "sector",       "food",     "2026-03-01", LEDGER_OK},
    {"a locality",                   "locality",     "Mytholm",  "2026-03-01", LEDGER_OK},
    {"another sector from April",    "sector",       "building", "2026-04-01", LEDGER_OK},
    {"a second thought of that day", "sector",       "repair",   "2026-04-01", LEDGER_OK},
    {"an earlier day comes later",   "sector",       "baking",   "2026-03-15", LEDGER_OK},
    {"taken away in May",            "sector",       "",         "2026-05-01", LEDGER_OK},
    {"a class of full length",       "class",        SIXTY,      "2026-06-01", LEDGER_OK},
    {"a constituency",               "constituency", "workers",  "2026-06-01", LEDGER_OK},
    {"a byte more",                  "class",        SIXTY "a",  "2026-06-02", LEDGER_TEXT_TOO_LONG},
    {"a line break",                 "class",        "a\nb",     "2026-06-02", LEDGER_TEXT_MALFORMED},
    {"what a member has not",        "colour",       "red",      "2026-06-02", LEDGER_CHOICE_UNKNOWN},
    {"a capital",                    "Sector",       "food",     "2026-06-02", LEDGER_CHOICE_UNKNOWN},
    {"no name",                      "",             "food",     "2026-06-02", LEDGER_CHOICE_UNKNOWN},
    {"the name before the value",    "colour",       "a\nb",     "2026-06-02", LEDGER_CHOICE_UNKNOWN},
};

static const struct {
    const char *day;
    const char *in_force;
} in_force[] = {
    {"2026-02-28", ""},
    {"2026-03-01", "locality=Mytholm@2026-03-01 sector=food@2026-03-01 "},
    {"2026-03-14", "locality=Mytholm@2026-03-01 sector=food@2026-03-01 "},
    {"2026-03-15", "locality=Mytholm@2026-03-01 sector=baking@2026-03-15 "},
    {"2026-03-31", "locality=Mytholm@2026-03-01 sector=baking@2026-03-15 "},
    {"2026-04-01", "locality=Mytholm@2026-03-01 sector=repair@2026-04-01 "},
    {"2026-05-01", "locality=Mytholm@2026-03-01 "},
    {"2026-06-01", "class=" SIXTY "@2026-06-01 constituency=workers@2026-06-01 locality=Mytholm@2026-03-01 "},
    {"2030-01-01", "class=" SIXTY "@2026-06-01 constituency=workers@2026-06-01 locality=Mytholm@2026-03-01 "},
};
/* clang-format on */

static enum ledger_status describe(void *ctx, const char *name, const char *value, int32_t from_on)
{
    char *text = ctx;
    char date[11];
    size_t used = strlen(text);

    snprintf(text + used, 400 - used, "%s=%s@%s ", name, value, ledger_date_format(from_on, date));
    return LEDGER_OK;
}

static void an_attribute_is_in_force_from_its_day(void **state)
{
    (void)state;
    struct region r;
    char text[400];

    region_start(&r);
    int64_t ana = region_member(&r, "ana");
    int64_t ben = region_member(&r, "ben");
    for (size_t i = 0; i < sizeof attribute_rows / sizeof attribute_rows[0]; i++) {
        enum ledger_status got =
            ledger_member_set_attribute(r.l, ana, attribute_rows[i].name, attribute_rows[i].value,
                                        region_day(attribute_rows[i].from), "local:test");
        if (got != attribute_rows[i].outcome)
            fail_msg("%s: %s", attribute_rows[i].what, ledger_status_facts(got)->code);
    }
    for (size_t i = 0; i < sizeof in_force / sizeof in_force[0]; i++) {
        text[0] = '\0';
        OK(&r, ledger_member_attributes(r.l, ana, region_day(in_force[i].day), describe, text));
        assert_string_equal(text, in_force[i].in_force);
    }
    text[0] = '\0';
    OK(&r, ledger_member_attributes(r.l, ben, region_day("2030-01-01"), describe, text));
    assert_string_equal(text, "");
    region_end(&r);
}

static void kinds_and_states_have_one_name_each(void **state)
{
    (void)state;
    static const char *const kinds[] = {"coop", "person", "fund", "node"};
    static const char *const states[] = {"applied", "active", "suspended", "left"};
    static const char *const others[] = {"", "Coop", "COOP", "coops", "activ", "coop "};
    enum ledger_member_kind kind;
    enum ledger_member_state found;

    for (int k = 0; k < 4; k++) {
        assert_string_equal(ledger_member_kind_name((enum ledger_member_kind)k), kinds[k]);
        assert_int_equal(ledger_member_kind_parse(kinds[k], &kind), LEDGER_OK);
        assert_int_equal(kind, k);
        assert_int_equal(ledger_member_kind_parse(states[k], &kind), LEDGER_CHOICE_UNKNOWN);
        assert_string_equal(ledger_member_state_name((enum ledger_member_state)k), states[k]);
        assert_int_equal(ledger_member_state_parse(states[k], &found), LEDGER_OK);
        assert_int_equal(found, k);
        assert_int_equal(ledger_member_state_parse(kinds[k], &found), LEDGER_CHOICE_UNKNOWN);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(ledger_member_kind_parse(others[i], &kind), LEDGER_CHOICE_UNKNOWN);
        assert_int_equal(ledger_member_state_parse(others[i], &found), LEDGER_CHOICE_UNKNOWN);
    }
}

static void a_handle_hashes_otherwise_in_another_ledger(void **state)
{
    (void)state;
    struct region r;
    struct test_clock clock = {.seed = 2};
    struct ledger_env env = test_env(&clock);
    struct ledger *other;
    uint8_t ana[32], again[32], ben[32], elsewhere[32];

    region_start(&r);
    assert_int_equal(ledger_create(":memory:", "Other", "UTC", &env, &other), LEDGER_OK);
    ledger_handle_hash(r.l, "ana", ana);
    ledger_handle_hash(r.l, "ana", again);
    ledger_handle_hash(r.l, "ben", ben);
    ledger_handle_hash(other, "ana", elsewhere);
    assert_memory_equal(ana, again, sizeof ana);
    assert_memory_not_equal(ana, ben, sizeof ana);
    assert_memory_not_equal(ana, elsewhere, sizeof ana);
    ledger_close(other);
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_taken_in_whole_or_not_at_all),
        cmocka_unit_test(an_unknown_member_is_none),
        cmocka_unit_test(a_handle_is_never_given_twice),
        cmocka_unit_test(members_are_listed_in_order_of_id),
        cmocka_unit_test(only_three_moves_are_open),
        cmocka_unit_test(a_change_of_state_is_kept_with_its_reason),
        cmocka_unit_test(an_attribute_is_in_force_from_its_day),
        cmocka_unit_test(kinds_and_states_have_one_name_each),
        cmocka_unit_test(a_handle_hashes_otherwise_in_another_ledger),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
