/* Keys to the node. */
#include "support/region.h"

#include "ledger/departure.h"
#include "ledger/member.h"
#include "ledger/token.h"

#include <string.h>

static const struct row {
    const char *what;
    enum ledger_role role;
    int member; /* 0 none, 1 ana, 2 zoe who has left, 9 nobody */
    const char *label;
    enum ledger_status outcome;
} rows[] = {
    {"a steward", LEDGER_STEWARD, 0, "office", LEDGER_OK},
    {"a treasurer", LEDGER_TREASURER, 0, "", LEDGER_OK},
    {"an auditor", LEDGER_AUDITOR, 0, "", LEDGER_OK},
    {"a manager", LEDGER_MANAGER, 1, "till", LEDGER_OK},
    {"a trader", LEDGER_TRADER, 1, "till", LEDGER_OK},
    {"a viewer", LEDGER_VIEWER, 1, "till", LEDGER_OK},
    {"a steward of a member", LEDGER_STEWARD, 1, "", LEDGER_CHOICE_UNKNOWN},
    {"a trader of nobody", LEDGER_TRADER, 0, "", LEDGER_CHOICE_UNKNOWN},
    {"two roles at once", LEDGER_STEWARD | LEDGER_AUDITOR, 0, "", LEDGER_CHOICE_UNKNOWN},
    {"no role", 0, 0, "", LEDGER_CHOICE_UNKNOWN},
    {"a bell in the label", LEDGER_STEWARD, 0, "\a", LEDGER_TEXT_MALFORMED},
    {"a member that is not there", LEDGER_TRADER, 9, "", LEDGER_NO_SUCH_MEMBER},
    {"a member that has left", LEDGER_TRADER, 2, "", LEDGER_MEMBER_NOT_ACTIVE},
};

static void start(struct region *r)
{
    region_start(r);
    region_member(r, "ana");
    OK(r, ledger_member_leave(r->l, region_member(r, "zoe"), &region_why));
}

static struct ledger_token token_for(struct region *r, enum ledger_role role, int64_t member_id)
{
    return (struct ledger_token){
        .role = role, .member_id = member_id, .expires_at_us = r->clock.now_us + REGION_HOUR_US};
}

static void each_row(void **state)
{
    (void)state;
    struct region r;

    start(&r);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ledger_token t = token_for(&r, rows[i].role, rows[i].member);
        struct ledger_token known;
        char secret[LEDGER_TOKEN_SECRET];
        strcpy(t.label, rows[i].label);
        enum ledger_status got = ledger_token_create(r.l, &t, secret);
        if (got != rows[i].outcome)
            fail_msg("%s: %s", rows[i].what, ledger_status_facts(got)->code);
        if (got != LEDGER_OK)
            continue;
        assert_int_equal(strlen(secret), LEDGER_TOKEN_SECRET - 1);
        assert_memory_equal(secret, "clt_", 4);
        OK(&r, ledger_token_check(r.l, secret, &known));
        assert_int_equal(known.id, t.id);
        assert_int_equal(known.role, rows[i].role);
        assert_int_equal(known.member_id, rows[i].member);
        assert_string_equal(known.handle, rows[i].member ? "ana" : "");
        assert_string_equal(known.label, rows[i].label);
    }
    region_end(&r);
}

static void a_wrong_secret_learns_nothing(void **state)
{
    (void)state;
    struct region r;
    char secret[LEDGER_TOKEN_SECRET];

    start(&r);
    struct ledger_token t = token_for(&r, LEDGER_STEWARD, 0);
    OK(&r, ledger_token_create(r.l, &t, secret));
    EXPECT(&r, LEDGER_NOT_SIGNED_IN, ledger_token_check(r.l, "", &t));
    EXPECT(&r, LEDGER_NOT_SIGNED_IN, ledger_token_check(r.l, "clt_", &t));
    secret[LEDGER_TOKEN_SECRET - 2] ^= 1;
    EXPECT(&r, LEDGER_NOT_SIGNED_IN, ledger_token_check(r.l, secret, &t));
    assert_int_equal(t.role, 0);
    assert_string_equal(ledger_message(r.l), "that token is not known here, or no longer good");
    region_end(&r);
}

static void a_token_ends(void **state)
{
    (void)state;
    struct region r;
    char ana[LEDGER_TOKEN_SECRET];
    char office[LEDGER_TOKEN_SECRET];
    struct ledger_token t;

    start(&r);
    struct ledger_token anas = token_for(&r, LEDGER_TRADER, 1);
    struct ledger_token offices = token_for(&r, LEDGER_TREASURER, 0);
    OK(&r, ledger_token_create(r.l, &anas, ana));
    OK(&r, ledger_token_create(r.l, &offices, office));

    r.clock.now_us = anas.expires_at_us - 1;
    OK(&r, ledger_token_check(r.l, ana, &t));
    OK(&r, ledger_token_used(r.l, anas.id, r.clock.now_us));
    OK(&r, ledger_token_get(r.l, anas.id, &t));
    assert_int_equal(t.last_used_at_us, r.clock.now_us);
    r.clock.now_us++;
    EXPECT(&r, LEDGER_NOT_SIGNED_IN, ledger_token_check(r.l, ana, &t));
    r.clock.now_us--;

    OK(&r, ledger_token_revoke(r.l, offices.id));
    OK(&r, ledger_token_get(r.l, offices.id, &t));
    int64_t revoked_at_us = t.revoked_at_us;
    assert_true(revoked_at_us > 0);
    EXPECT(&r, LEDGER_NOT_SIGNED_IN, ledger_token_check(r.l, office, &t));
    r.clock.now_us++;
    OK(&r, ledger_token_revoke(r.l, offices.id));
    OK(&r, ledger_token_get(r.l, offices.id, &t));
    assert_int_equal(t.revoked_at_us, revoked_at_us);

    r.clock.now_us -= 2;
    OK(&r, ledger_token_check(r.l, ana, &t));
    OK(&r, ledger_member_leave(r.l, 1, &region_why));
    EXPECT(&r, LEDGER_NOT_SIGNED_IN, ledger_token_check(r.l, ana, &t));
    EXPECT(&r, LEDGER_NO_SUCH_TOKEN, ledger_token_revoke(r.l, 99));
    EXPECT(&r, LEDGER_NO_SUCH_TOKEN, ledger_token_get(r.l, 99, &t));
    region_end(&r);
}

static enum ledger_status add_id(void *ctx, const struct ledger_token *t)
{
    int64_t *ids = ctx;

    *ids = *ids * 10 + t->id;
    return LEDGER_OK;
}

static void tokens_are_listed(void **state)
{
    (void)state;
    struct region r;
    char secret[LEDGER_TOKEN_SECRET];
    int64_t ids = 0;

    start(&r);
    for (int i = 0; i < 4; i++) {
        struct ledger_token t =
            i % 2 ? token_for(&r, LEDGER_TRADER, 1) : token_for(&r, LEDGER_STEWARD, 0);
        OK(&r, ledger_token_create(r.l, &t, secret));
    }
    OK(&r, ledger_token_each(r.l, 0, 0, 3, add_id, &ids));
    assert_int_equal(ids, 123);
    OK(&r, ledger_token_each(r.l, 0, 3, 3, add_id, &ids));
    assert_int_equal(ids, 1234);
    ids = 0;
    OK(&r, ledger_token_each(r.l, 1, 0, 50, add_id, &ids));
    assert_int_equal(ids, 24);
    region_end(&r);
}

static void roles_have_names(void **state)
{
    (void)state;
    enum ledger_role role;

    for (int r = LEDGER_STEWARD; r <= LEDGER_VIEWER; r *= 2) {
        assert_int_equal(ledger_role_parse(ledger_role_name((enum ledger_role)r), &role),
                         LEDGER_OK);
        assert_int_equal(role, r);
    }
    assert_int_equal(ledger_role_parse("king", &role), LEDGER_CHOICE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),         cmocka_unit_test(a_wrong_secret_learns_nothing),
        cmocka_unit_test(a_token_ends),     cmocka_unit_test(tokens_are_listed),
        cmocka_unit_test(roles_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
