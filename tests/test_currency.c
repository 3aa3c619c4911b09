/* A currency is one code, one scale, and the limits its accounts open with. */
#include "support/region.h"

#include "ledger/currency.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEN "aaaaaaaaaa"
#define HUNDRED_AND_TWENTY TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define MOST LEDGER_AMOUNT_MAX
#define FINEST LEDGER_SCALE_MAX

/* clang-format off */
static const struct row {
    const char *what;
    const char *code;
    const char *name;
    int scale;
    int64_t floor_minor;
    int64_t ceiling_minor;
    enum ledger_status outcome;
    const char *field;
} rows[] = {
    /* what it shows              code          name                scale           floor   ceiling  outcome                  field */
    {"any",                       "CALD",       "Calder credit",    2,             -10000,    10000, LEDGER_OK,               NULL},
    {"the shortest code",         "AB",         "",                 2,             -10000,    10000, LEDGER_OK,               NULL},
    {"the longest code",          "ABCDEFGHIJ", "ten",              2,             -10000,    10000, LEDGER_OK,               NULL},
    {"the longest name",          "LONG",       HUNDRED_AND_TWENTY, 2,             -10000,    10000, LEDGER_OK,               NULL},
    {"no decimals",               "WHOLE",      "whole",            0,             -10000,    10000, LEDGER_OK,               NULL},
    {"the most decimals",         "FINE",       "fine",             FINEST,        -10000,    10000, LEDGER_OK,               NULL},
    {"no room at all",            "ZERO",       "zero",             2,                  0,        0, LEDGER_OK,               NULL},
    {"all the room there is",     "WIDE",       "wide",             2,              -MOST,     MOST, LEDGER_OK,               NULL},
    {"no code",                   "",           "none",             2,             -10000,    10000, LEDGER_CODE_MALFORMED,   "code"},
    {"one letter",                "A",          "a",                2,             -10000,    10000, LEDGER_CODE_MALFORMED,   "code"},
    {"small letters",             "cald",       "small",            2,             -10000,    10000, LEDGER_CODE_MALFORMED,   "code"},
    {"a line break in the name",  "NEW",        "a\nb",             2,             -10000,    10000, LEDGER_TEXT_MALFORMED,   "name"},
    {"a name in Latin-1",         "NEW",        "caf\xE9",          2,             -10000,    10000, LEDGER_TEXT_MALFORMED,   "name"},
    {"a decimal too many",        "NEW",        "new",              FINEST + 1,    -10000,    10000, LEDGER_NUMBER_MALFORMED, "scale"},
    {"less than none",            "NEW",        "new",              -1,            -10000,    10000, LEDGER_NUMBER_MALFORMED, "scale"},
    {"a floor above zero",        "NEW",        "new",              2,                  1,    10000, LEDGER_LIMIT_MALFORMED,  "floor"},
    {"a floor too deep",          "NEW",        "new",              2,          -MOST - 1,    10000, LEDGER_LIMIT_MALFORMED,  "floor"},
    {"a ceiling below zero",      "NEW",        "new",              2,             -10000,       -1, LEDGER_LIMIT_MALFORMED,  "ceiling"},
    {"a ceiling too high",        "NEW",        "new",              2,             -10000, MOST + 1, LEDGER_LIMIT_MALFORMED,  "ceiling"},
    {"a code that is taken",      "CALD",       "again",            2,             -10000,    10000, LEDGER_EXISTS,           "code"},
    {"all wrong: first the code", "cald",       "a\nb",             7,                  1,       -1, LEDGER_CODE_MALFORMED,   "code"},
    {"then the name",             "CALD",       "a\nb",             7,                  1,       -1, LEDGER_TEXT_MALFORMED,   "name"},
    {"then the scale",            "CALD",       "new",              7,                  1,       -1, LEDGER_NUMBER_MALFORMED, "scale"},
    {"then the limits",           "CALD",       "new",              2,                  1,       -1, LEDGER_LIMIT_MALFORMED,  "floor"},
};
/* clang-format on */

static struct ledger_currency currency_of(const struct row *row)
{
    struct ledger_currency c = {.scale = row->scale,
                                .kind = LEDGER_TIME,
                                .floor_minor = row->floor_minor,
                                .ceiling_minor = row->ceiling_minor};

    snprintf(c.code, sizeof c.code, "%s", row->code);
    snprintf(c.name, sizeof c.name, "%s", row->name);
    return c;
}

static enum ledger_status list(void *ctx, const struct ledger_currency *c)
{
    char *text = ctx;

    strcat(strcat(text, c->code), " ");
    return LEDGER_OK;
}

static void check_same(const struct ledger_currency *got, const struct ledger_currency *c)
{
    assert_int_equal(got->id, c->id);
    assert_string_equal(got->code, c->code);
    assert_string_equal(got->name, c->name);
    assert_int_equal(got->scale, c->scale);
    assert_int_equal(got->kind, c->kind);
    assert_int_equal(got->floor_minor, c->floor_minor);
    assert_int_equal(got->ceiling_minor, c->ceiling_minor);
}

static void check_kept(struct region *r, const struct ledger_currency *c)
{
    struct ledger_currency got;

    OK(r, ledger_currency_find(r->l, c->code, &got));
    check_same(&got, c);
    OK(r, ledger_currency_get(r->l, c->id, &got));
    check_same(&got, c);
}

static void a_currency_is_added_whole_or_not_at_all(void **state)
{
    (void)state;
    struct region r;
    char codes[200] = "";
    int64_t added = 0;

    region_start(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ledger_currency c = currency_of(&rows[i]);
        enum ledger_status got = ledger_currency_add(r.l, &c, &region_why);
        const char *field = ledger_last_facts(r.l)->field;
        if (got != rows[i].outcome || (got && strcmp(field ? field : "", rows[i].field) != 0))
            fail_msg("%s: %s, %s", rows[i].what, ledger_status_facts(got)->code, field);
        if (got != LEDGER_OK)
            continue;
        assert_int_equal(c.id, ++added);
        check_kept(&r, &c);
    }
    OK(&r, ledger_currency_each(r.l, list, codes));
    assert_string_equal(codes, "AB ABCDEFGHIJ CALD FINE LONG WHOLE WIDE ZERO ");
    region_end(&r);
}

static void an_unknown_currency_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *says;
    } unknown[] = {
        {"CALE", "there is no currency CALE here"},
        {"CALDX", "there is no currency CALDX here"},
        {"cald", "a code is 2 to 10 capital letters"},
        {"CALD ", "a code is 2 to 10 capital letters"},
        {"", "a code is 2 to 10 capital letters"},
    };
    struct region r;
    struct ledger_currency c;

    region_start(&r);
    region_currency(&r, "CALD");
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        EXPECT(&r, LEDGER_NO_SUCH_CURRENCY, ledger_currency_find(r.l, unknown[i].code, &c));
        assert_non_null(strstr(ledger_message(r.l), unknown[i].says));
        assert_string_equal(ledger_last_facts(r.l)->field, "currency");
    }
    EXPECT(&r, LEDGER_NO_SUCH_CURRENCY, ledger_currency_get(r.l, 0, &c));
    EXPECT(&r, LEDGER_NO_SUCH_CURRENCY, ledger_currency_get(r.l, 2, &c));
    region_end(&r);
}

/* clang-format off */
static const struct limit_row {
    const char *what;
    int64_t floor_minor;
    int64_t ceiling_minor;
    const char *reason;
    enum ledger_status outcome;
} limit_rows[] = {
    /* what it shows               floor   ceiling  reason   outcome */
    {"new limits",                 -5000,     7000, "voted", LEDGER_OK},
    {"none",                           0,        0, "voted", LEDGER_OK},
    {"the widest",                 -MOST,     MOST, "voted", LEDGER_OK},
    {"a floor above zero",             1,     7000, "voted", LEDGER_LIMIT_MALFORMED},
    {"a floor too deep",       -MOST - 1,     7000, "voted", LEDGER_LIMIT_MALFORMED},
    {"a ceiling below zero",       -5000,       -1, "voted", LEDGER_LIMIT_MALFORMED},
    {"a ceiling too high",         -5000, MOST + 1, "voted", LEDGER_LIMIT_MALFORMED},
    {"no reason",                  -5000,     7000, "",      LEDGER_REASON_MISSING},
    {"blanks are none",            -5000,     7000, " ",     LEDGER_REASON_MISSING},
    {"both: first the limits",         1,     7000, "",      LEDGER_LIMIT_MALFORMED},
};
/* clang-format on */

static void new_limits_are_for_accounts_that_will_be_opened(void **state)
{
    (void)state;
    struct region r;

    region_start(&r);
    int64_t cald = region_currency(&r, "CALD");
    struct ledger_currency c;
    OK(&r, ledger_currency_get(r.l, cald, &c));
    for (size_t i = 0; i < sizeof limit_rows / sizeof limit_rows[0]; i++) {
        const struct limit_row *row = &limit_rows[i];
        const struct ledger_why why = {.actor = "a", .reason = row->reason, .authority = ""};
        enum ledger_status got =
            ledger_currency_limit(r.l, cald, row->floor_minor, row->ceiling_minor, &why);
        if (got != row->outcome)
            fail_msg("%s: %s", row->what, ledger_status_facts(got)->code);
        if (got == LEDGER_OK) {
            c.floor_minor = row->floor_minor;
            c.ceiling_minor = row->ceiling_minor;
        }
        check_kept(&r, &c);
    }
    region_end(&r);
}

static void an_open_account_keeps_the_limits_it_opened_with(void **state)
{
    (void)state;
    struct region r;
    struct ledger_account a;

    region_start(&r);
    int64_t cald = region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    int64_t ana = region_account(&r, "ana", "CALD");
    OK(&r, ledger_currency_limit(r.l, cald, -5000, 7000, &region_why));
    int64_t ben = region_account(&r, "ben", "CALD");
    OK(&r, ledger_account_get(r.l, ana, &a));
    assert_int_equal(a.floor_minor, -10000);
    assert_int_equal(a.ceiling_minor, 10000);
    OK(&r, ledger_account_get(r.l, ben, &a));
    assert_int_equal(a.floor_minor, -5000);
    assert_int_equal(a.ceiling_minor, 7000);
    region_end(&r);
}

static void a_kind_has_one_name(void **state)
{
    (void)state;
    static const char *const names[] = {"money", "time", "training"};
    static const char *const others[] = {"", "Money", "times", "mone", "gold"};
    enum ledger_currency_kind kind;

    for (int k = LEDGER_MONEY; k <= LEDGER_TRAINING; k++) {
        assert_string_equal(ledger_currency_kind_name((enum ledger_currency_kind)k), names[k]);
        assert_int_equal(ledger_currency_kind_parse(names[k], &kind), LEDGER_OK);
        assert_int_equal(kind, k);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(ledger_currency_kind_parse(others[i], &kind), LEDGER_CHOICE_UNKNOWN);
}

/* clang-format off */
static const struct amount_row {
    const char *what;
    enum ledger_currency_kind kind;
    int scale;
    const char *text;
    enum ledger_amount_sign sign;
    enum ledger_status outcome;
    int64_t minor;
    const char *says;
} amount_rows[] = {
    /* what it shows               kind             scale  text                 sign                    outcome                     minor  says */
    {"in the currency's scale",    LEDGER_MONEY,        2, "12.5",              LEDGER_AMOUNT_POSITIVE, LEDGER_OK,                   1250, ""},
    {"in another",                 LEDGER_MONEY,        0, "12",                LEDGER_AMOUNT_POSITIVE, LEDGER_OK,                     12, ""},
    {"hours and minutes",          LEDGER_TIME,         2, "1:30",              LEDGER_AMOUNT_POSITIVE, LEDGER_OK,                    150, ""},
    {"below zero where it may be", LEDGER_TRAINING,     2, "-1",                LEDGER_AMOUNT_SIGNED,   LEDGER_OK,                   -100, ""},
    {"no hours in money",          LEDGER_MONEY,        2, "1:30",              LEDGER_AMOUNT_POSITIVE, LEDGER_AMOUNT_MALFORMED,        0, "such as 12.50"},
    {"nor in training",            LEDGER_TRAINING,     2, "1:30",              LEDGER_AMOUNT_POSITIVE, LEDGER_AMOUNT_MALFORMED,        0, "such as 12.50"},
    {"a third of an hour",         LEDGER_TIME,         2, "0:20",              LEDGER_AMOUNT_POSITIVE, LEDGER_AMOUNT_TOO_PRECISE,      0, "0:18 or 0:21"},
    {"a decimal too many",         LEDGER_MONEY,        2, "12.345",            LEDGER_AMOUNT_POSITIVE, LEDGER_AMOUNT_TOO_PRECISE,      0, "12.34 or 12.35"},
    {"too much",                   LEDGER_MONEY,        2, "10000000000000.01", LEDGER_AMOUNT_POSITIVE, LEDGER_AMOUNT_TOO_LARGE,        0, "up to"},
    {"nothing",                    LEDGER_MONEY,        2, "0",                 LEDGER_AMOUNT_POSITIVE, LEDGER_AMOUNT_NOT_POSITIVE,     0, "more than zero"},
};
/* clang-format on */

static void an_amount_is_read_in_the_scale_and_the_blame_is_the_fields(void **state)
{
    (void)state;
    struct region r;

    region_start(&r);
    for (size_t i = 0; i < sizeof amount_rows / sizeof amount_rows[0]; i++) {
        const struct amount_row *row = &amount_rows[i];
        const struct ledger_currency c = {.kind = row->kind, .scale = row->scale};
        int64_t minor = 0;
        enum ledger_status got =
            ledger_currency_amount(r.l, &c, "price", row->text, row->sign, &minor);
        if (got != row->outcome || minor != row->minor ||
            (got && !strstr(ledger_message(r.l), row->says)))
            fail_msg("%s: %s, %" PRId64 ", %s", row->what, ledger_status_facts(got)->code, minor,
                     ledger_message(r.l));
        if (got != LEDGER_OK)
            assert_string_equal(ledger_last_facts(r.l)->field, "price");
    }
    region_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_currency_is_added_whole_or_not_at_all),
        cmocka_unit_test(an_unknown_currency_is_none),
        cmocka_unit_test(new_limits_are_for_accounts_that_will_be_opened),
        cmocka_unit_test(an_open_account_keeps_the_limits_it_opened_with),
        cmocka_unit_test(a_kind_has_one_name),
        cmocka_unit_test(an_amount_is_read_in_the_scale_and_the_blame_is_the_fields),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
