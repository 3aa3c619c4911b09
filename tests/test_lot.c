/* Training credits come in lots, and the lots add up to the balance, whatever happens. */
#include "support/picture.h"

#include "ledger/chores.h"
#include "ledger/correction.h"
#include "ledger/credit.h"
#include "ledger/departure.h"
#include "ledger/limit.h"
#include "ledger/member.h"
#include "ledger/provider.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>

/* Accounts: the first six in TRAIN, then in CALD. */
enum { FUND = 1, ANA, BEN, SCHOOL, COLLEGE, OTHER_FUND, FUND_CALD, SCHOOL_CALD, ANA_CALD };

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define SOON "2026-03-20"
#define LATER "2026-06-30"
#define LAST "2027-02-28"

static int64_t train_id;

static void list_provider(struct region *r, const char *handle, bool listed, const char *from)
{
    struct ledger_member m;
    struct ledger_provider p = {.listed = listed, .from_on = region_day(from)};

    OK(r, ledger_member_find(r->l, handle, &m));
    p.member_id = m.id;
    OK(r, ledger_provider_set(r->l, &p, &region_why));
}

static void furnish(struct region *r)
{
    static const char *const members[] = {"ana", "ben", "school", "college"};
    struct ledger_currency train = {.code = "TRAIN",
                                    .name = "Training",
                                    .scale = 2,
                                    .kind = LEDGER_TRAINING,
                                    .floor_minor = -10000,
                                    .ceiling_minor = 10000};

    OK(r, ledger_currency_add(r->l, &train, &region_why));
    train_id = train.id;
    region_currency(r, "CALD");
    region_fund(r, "fund");
    region_account(r, "fund", "TRAIN");
    for (size_t i = 0; i < COUNT(members); i++) {
        region_member(r, members[i]);
        region_account(r, members[i], "TRAIN");
    }
    region_fund(r, "other");
    region_account(r, "other", "TRAIN");
    region_account(r, "fund", "CALD");
    region_account(r, "school", "CALD");
    region_account(r, "ana", "CALD");
    list_provider(r, "school", true, "2026-03-02");
    list_provider(r, "college", true, "2026-03-02");
    region_commit(r);
}

static int start(void **state)
{
    static struct region r;

    region_start_file(&r);
    furnish(&r);
    *state = &r;
    return 0;
}

static void sound(struct region *r)
{
    struct ledger_verification v;
    enum ledger_status status = ledger_verify(r->l, NULL, NULL, &v);

    if (status != LEDGER_OK)
        fail_msg("verify: %s", v.problem);
}

static int end(void **state)
{
    struct region *r = *state;

    sound(r);
    region_end(r);
    return 0;
}

static enum ledger_status try_grant(struct region *r, int64_t account, int64_t minor,
                                    const char *expires)
{
    const struct ledger_grant g = {FUND, account, minor, region_day(expires), "a course"};
    int64_t id;

    return ledger_credit_grant(r->l, &g, &id);
}

static void grant(struct region *r, int64_t account, int64_t minor, const char *expires)
{
    OK(r, try_grant(r, account, minor, expires));
}

struct picture {
    char text[400];
};

static enum ledger_status note(void *ctx, const struct ledger_lot *lot)
{
    struct picture *p = ctx;
    size_t used = strlen(p->text);

    if (lot->pinned_minor)
        snprintf(p->text + used, sizeof p->text - used, "%s%lld=%lld/%lld", used ? " " : "",
                 (long long)lot->id, (long long)lot->left_minor, (long long)lot->pinned_minor);
    else
        snprintf(p->text + used, sizeof p->text - used, "%s%lld=%lld", used ? " " : "",
                 (long long)lot->id, (long long)lot->left_minor);
    return LEDGER_OK;
}

/* The lots of an account as "lot=left/pinned", in the order they will be spent. */
#define LOTS(r, account, want) expect_lots((r), (account), (want), __LINE__)
static void expect_lots(struct region *r, int64_t account, const char *want, int line)
{
    struct ledger_account a;
    struct picture p = {""};
    struct ledger_lot_filter filter = {
        .currency_id = train_id, .expires_by = LEDGER_LOT_NEVER, .spent_too = true, .limit = 100};

    OK(r, ledger_account_get(r->l, account, &a));
    filter.member_id = a.member_id;
    OK(r, ledger_lot_each(r->l, &filter, note, &p));
    if (strcmp(p.text, want) != 0)
        fail_msg("line %d: the lots are %s, not %s", line, p.text, want);
}

static void says(struct region *r, const char *words)
{
    if (!strstr(ledger_message(r->l), words))
        fail_msg("it says: %s", ledger_message(r->l));
}

static void chores(struct region *r, int64_t want)
{
    int64_t count;

    OK(r, ledger_chores_run(r->l, r->clock.now_us, &count));
    assert_int_equal(count, want);
}

static int64_t refund(struct region *r, int64_t id, int64_t minor)
{
    int64_t made;

    OK(r, ledger_transfer_refund(r->l, id, minor, NULL, &made));
    return made;
}

static int64_t reverse(struct region *r, int64_t id)
{
    int64_t made;

    OK(r, ledger_transfer_reverse(r->l, id, &region_why, &made));
    return made;
}

static const struct spending {
    const char *what;
    int64_t grants_minor[3]; /* good until LATER, SOON, SOON */
    int64_t pays_minor;
    const char *left;
} spendings[] = {
    {"the earliest expiry is spent first", {500, 300, 0}, 200, "2=100 1=500"},
    {"and then the next", {500, 300, 0}, 400, "2=0 1=400"},
    {"of one day the older lot first", {500, 300, 200}, 400, "2=0 3=100 1=500"},
    {"all of it", {500, 300, 200}, 1000, "2=0 3=0 1=0"},
};

static void the_earliest_expiry_is_spent_first(void **state)
{
    struct region *r = *state;

    for (size_t i = 0; i < COUNT(spendings); i++) {
        const struct spending *s = &spendings[i];
        OK(r, ledger_savepoint(r->l));
        for (int g = 0; g < 3; g++)
            if (s->grants_minor[g])
                grant(r, ANA, s->grants_minor[g], g ? SOON : LATER);
        region_pay(r, ANA, SCHOOL, s->pays_minor);
        LOTS(r, ANA, s->left);
        sound(r);
        OK(r, ledger_rollback_to(r->l));
    }
}

static void a_refund_goes_back_to_the_same_lot(void **state)
{
    struct region *r = *state;

    grant(r, ANA, 500, LATER);
    grant(r, ANA, 300, SOON);
    int64_t paid = region_pay(r, ANA, SCHOOL, 700);
    LOTS(r, ANA, "2=0 1=100");
    refund(r, paid, 100); /* as if 600 had been paid */
    LOTS(r, ANA, "2=0 1=200");
    int64_t second = refund(r, paid, 400); /* as if 200 had been */
    LOTS(r, ANA, "2=100 1=500");
    LOTS(r, SCHOOL, "3=200");
    reverse(r, second);
    LOTS(r, ANA, "2=0 1=200");
    LOTS(r, SCHOOL, "3=600");
    refund(r, paid, 0);
    LOTS(r, ANA, "2=300 1=500");
    LOTS(r, SCHOOL, "3=0");
}

static void what_comes_back_expired_goes_again(void **state)
{
    struct region *r = *state;

    grant(r, ANA, 300, SOON);
    int64_t paid = region_pay(r, ANA, SCHOOL, 300);
    region_set_day(r, "2026-03-21");
    chores(r, 0);
    refund(r, paid, 0);
    LOTS(r, ANA, "1=300");
    EXPECT(r, LEDGER_LOT_EXPIRED, region_try_pay(r, ANA, SCHOOL, 100));
    says(r, "3.00 TRAIN of ana expired after 2026-03-20: 0.00 can be spent");
    chores(r, 1);
    LOTS(r, ANA, "1=0");
    assert_int_equal(region_balance(r, FUND), 0);
}

static void a_provider_gives_back_of_what_it_earned(void **state)
{
    struct region *r = *state;

    grant(r, ANA, 500, LATER);
    int64_t first = region_pay(r, ANA, SCHOOL, 200);
    region_pay(r, ANA, SCHOOL, 300);
    region_pay(r, SCHOOL, COLLEGE, 200); /* it learns too: lot 2 is spent */
    LOTS(r, SCHOOL, "2=0 3=300");
    int64_t back = refund(r, first, 0);
    LOTS(r, SCHOOL, "2=0 3=100");
    LOTS(r, ANA, "1=200");
    reverse(r, back);
    LOTS(r, SCHOOL, "2=0 3=300");
    LOTS(r, ANA, "1=0");
}

/* Lot 3 gives back what the refund brought, and stands in for lot 2 too: in one transfer. */
static void a_lot_gives_back_and_stands_in(void **state)
{
    struct region *r = *state;

    grant(r, ANA, 1000, LATER);
    region_pay(r, ANA, SCHOOL, 500);
    region_pay(r, ANA, SCHOOL, 300);
    int64_t paid = region_pay(r, SCHOOL, COLLEGE, 600);
    LOTS(r, SCHOOL, "2=0 3=200");
    int64_t back = refund(r, paid, 550);
    LOTS(r, SCHOOL, "2=450 3=300");
    region_pay(r, SCHOOL, COLLEGE, 400);
    region_pay(r, ANA, SCHOOL, 200);
    LOTS(r, SCHOOL, "2=50 3=300 6=200");
    reverse(r, back); /* 100 of lot 3, 50 of lot 2; for the rest 200 of lot 3 and 200 of lot 6 */
    LOTS(r, SCHOOL, "2=0 3=0 6=0");
    assert_int_equal(region_balance(r, SCHOOL), 0);
}

static void a_reversal_restores_every_lot(void **state)
{
    struct region *r = *state;

    grant(r, ANA, 500, LATER);
    grant(r, ANA, 300, SOON);
    int64_t paid = region_pay(r, ANA, SCHOOL, 700);
    reverse(r, paid);
    LOTS(r, ANA, "2=300 1=500");
    LOTS(r, SCHOOL, "3=0");
    reverse(r, 1);
    LOTS(r, ANA, "2=300 1=0");
    assert_int_equal(region_balance(r, FUND), -300);
}

static void a_grant_that_is_spent_is_not_reversed(void **state)
{
    struct region *r = *state;
    int64_t id;

    grant(r, ANA, 500, SOON);
    grant(r, ANA, 500, LATER);
    region_pay(r, ANA, SCHOOL, 200);
    REFUSED(r, LEDGER_LOT_SPENT, ledger_transfer_reverse(r->l, 1, &region_why, &id));
    says(r, "ana has 3.00 TRAIN left of the credits that transfer 1 gave it");
    LOTS(r, ANA, "1=300 2=500");
    OK(r, ledger_transfer_refund(r->l, 1, 300, "not needed",
                                 &id)); /* the member gives the rest back */
    LOTS(r, ANA, "1=0 2=500");
}

static void a_hold_pins_the_lots_it_will_spend(void **state)
{
    struct region *r = *state;
    int64_t id;

    grant(r, ANA, 300, SOON);
    grant(r, ANA, 500, LATER);
    int64_t hold = region_hold(r, ANA, SCHOOL, 400, 24);
    LOTS(r, ANA, "1=300/300 2=500/100");
    region_pay(r, ANA, SCHOOL, 100);
    LOTS(r, ANA, "1=300/300 2=400/100");
    sound(r);
    OK(r, ledger_hold_capture(r->l, hold, 350, &id));
    LOTS(r, ANA, "1=0 2=350"); /* the rest is free again */
    region_pay(r, ANA, SCHOOL, 350);
    LOTS(r, ANA, "1=0 2=0");
    reverse(r, id);
    LOTS(r, ANA, "1=300 2=50");
}

static void a_released_hold_lets_its_lots_go(void **state)
{
    struct region *r = *state;

    grant(r, ANA, 300, SOON);
    int64_t first = region_hold(r, ANA, SCHOOL, 100, 24);
    region_hold(r, ANA, SCHOOL, 150, 2);
    LOTS(r, ANA, "1=300/250");
    OK(r, ledger_hold_release(r->l, first, "ill"));
    LOTS(r, ANA, "1=300/150");
    r->clock.now_us += 3 * REGION_HOUR_US;
    chores(r, 1);
    LOTS(r, ANA, "1=300");
}

static void a_pinned_lot_that_expires_goes_when_it_is_released(void **state)
{
    struct region *r = *state;
    int64_t id;

    grant(r, ANA, 500, SOON);
    int64_t kept = region_hold(r, ANA, SCHOOL, 200, 1000);
    int64_t freed = region_hold(r, ANA, SCHOOL, 100, 1000);
    region_set_day(r, SOON);
    chores(r, 0); /* it is good on its last day */
    region_set_day(r, "2026-03-21");
    chores(r, 1);
    LOTS(r, ANA, "1=300/300");
    assert_int_equal(region_balance(r, FUND), -300);
    OK(r, ledger_hold_capture(r->l, kept, 150, &id)); /* it is spent all the same */
    LOTS(r, ANA, "1=150/100");
    EXPECT(r, LEDGER_LOT_EXPIRED, region_try_pay(r, ANA, SCHOOL, 50));
    chores(r, 1);
    OK(r, ledger_hold_release(r->l, freed, "ill"));
    chores(r, 1);
    LOTS(r, ANA, "1=0");
    chores(r, 0);
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_reverse(r->l, 2, &region_why, &id));
    says(r, "grant them anew");
    EXPECT(r, LEDGER_NOT_REVERSIBLE, ledger_transfer_refund(r->l, 2, 0, NULL, &id));
}

static enum ledger_status post_kind(struct region *r, enum ledger_transfer_kind kind, int64_t payer,
                                    int64_t payee, int64_t minor)
{
    const struct ledger_leg legs[] = {{payer, -minor}, {payee, minor}};
    const struct ledger_transfer_draft draft = {.kind = kind,
                                                .without_limits =
                                                    kind == LEDGER_OPENING || kind == LEDGER_IMPORT,
                                                .legs = legs,
                                                .leg_count = 2};
    int64_t id;

    return ledger_transfer_post(r->l, &draft, &id);
}

static const struct way {
    const char *what;
    enum ledger_transfer_kind kind;
    int64_t payer;
    int64_t payee;
    int64_t minor;
    enum ledger_status want;
    const char *says;
} ways[] = {
    {"a payment to a provider", LEDGER_EXCHANGE, ANA, SCHOOL, 100, LEDGER_OK, ""},
    {"a fund pays a provider itself", LEDGER_EXCHANGE, FUND, SCHOOL, 100, LEDGER_OK, ""},
    {"not to another member", LEDGER_EXCHANGE, ANA, BEN, 100, LEDGER_NOT_A_PROVIDER,
     "ben is not on the list of providers"},
    {"nor by a fund, but as a grant", LEDGER_EXCHANGE, FUND, BEN, 100, LEDGER_NOT_A_PROVIDER,
     "spent on training only"},
    {"nor to a fund", LEDGER_EXCHANGE, ANA, FUND, 100, LEDGER_EARMARKED, "fund is a fund"},
    {"nor from fund to fund", LEDGER_EXCHANGE, FUND, OTHER_FUND, 100, LEDGER_EARMARKED, "a fund"},
    {"a member has no more than its lots", LEDGER_EXCHANGE, ANA, SCHOOL, 501, LEDGER_OVER_LIMIT,
     "can spend 5.00 TRAIN more"},
    {"settled with a fund", LEDGER_SETTLEMENT, ANA, OTHER_FUND, 500, LEDGER_OK, ""},
    {"not between members", LEDGER_SETTLEMENT, ANA, SCHOOL, 500, LEDGER_EARMARKED,
     "settled with a fund"},
    {"history brings a lot", LEDGER_OPENING, FUND, BEN, 100, LEDGER_OK, ""},
    {"and takes of them", LEDGER_IMPORT, ANA, BEN, 100, LEDGER_OK, ""},
    {"but not below zero", LEDGER_IMPORT, ANA, BEN, 501, LEDGER_OVER_LIMIT, "below zero"},
    {"nor an opening", LEDGER_OPENING, BEN, FUND, 100, LEDGER_OVER_LIMIT, "below zero"},
};

static void training_credits_go_these_ways_only(void **state)
{
    struct region *r = *state;

    grant(r, ANA, 500, SOON);
    for (size_t i = 0; i < COUNT(ways); i++) {
        const struct way *w = &ways[i];
        OK(r, ledger_savepoint(r->l));
        if (w->want == LEDGER_OK) {
            EXPECT_ROW(r, LEDGER_OK, w->what, post_kind(r, w->kind, w->payer, w->payee, w->minor));
        } else {
            REFUSED_ROW(r, w->want, w->what, post_kind(r, w->kind, w->payer, w->payee, w->minor));
            says(r, w->says);
            LOTS(r, ANA, "1=500");
        }
        sound(r);
        OK(r, ledger_rollback_to(r->l));
    }
}

static void held_for_a_provider_only(void **state)
{
    struct region *r = *state;
    struct ledger_leg payee = {BEN, 100};
    struct ledger_hold_draft draft = {.account_id = ANA,
                                      .expires_at_us = r->clock.now_us + REGION_HOUR_US,
                                      .payees = &payee,
                                      .payee_count = 1};
    int64_t id;

    grant(r, ANA, 500, SOON);
    REFUSED(r, LEDGER_NOT_A_PROVIDER, ledger_hold_place(r->l, &draft, &id));
    region_set_day(r, "2026-03-21");
    draft.expires_at_us = r->clock.now_us + REGION_HOUR_US;
    payee.account_id = SCHOOL;
    REFUSED(r, LEDGER_LOT_EXPIRED,
            ledger_hold_place(r->l, &draft, &id)); /* no hold is left behind */
    LOTS(r, ANA, "1=500");
}

static void the_list_of_providers_has_dates(void **state)
{
    struct region *r = *state;
    struct ledger_provider p = {
        .member_id = 3, .listed = true, .from_on = region_day("2026-03-01")};
    int64_t id;

    grant(r, ANA, 500, LATER);
    EXPECT(r, LEDGER_BACKDATED, ledger_provider_set(r->l, &p, &region_why));
    list_provider(r, "ben", true, "2026-03-05");
    list_provider(r, "ben", false, "2026-03-10");
    EXPECT(r, LEDGER_NOT_A_PROVIDER, region_try_pay(r, ANA, BEN, 100));
    region_set_day(r, "2026-03-05");
    region_pay(r, ANA, BEN, 100);
    int64_t hold = region_hold(r, ANA, BEN, 100, 24 * 20);
    region_set_day(r, "2026-03-10");
    EXPECT(r, LEDGER_NOT_A_PROVIDER, region_try_pay(r, ANA, BEN, 100));
    OK(r, ledger_hold_capture(r->l, hold, 0, &id)); /* what was promised is paid */
    p = (struct ledger_provider){.member_id = 3, .from_on = region_day("2026-03-10")};
    EXPECT(r, LEDGER_EXISTS, ledger_provider_set(r->l, &p, &region_why));
    says(r, "on 2026-03-10 ben is not on the list of providers already");
    p = (struct ledger_provider){
        .member_id = 1, .listed = true, .from_on = region_day("2026-03-10")};
    EXPECT(r, LEDGER_MEMBER_STATE, ledger_provider_set(r->l, &p, &region_why));
    EXPECT(r, LEDGER_REASON_MISSING,
           ledger_provider_set(r->l, &p, &(struct ledger_why){"local:t", "", ""}));
}

static const struct granting {
    const char *what;
    struct ledger_grant g;
    const char *expires;
    enum ledger_status want;
} grantings[] = {
    {"from a fund", {FUND, ANA, 100, 0, "a course"}, SOON, LEDGER_OK},
    {"good today only", {FUND, ANA, 100, 0, "a course"}, "2026-03-02", LEDGER_OK},
    {"not good until yesterday",
     {FUND, ANA, 100, 0, "a course"},
     "2026-03-01",
     LEDGER_EXPIRY_MALFORMED},
    {"nor for more than ten years",
     {FUND, ANA, 100, 0, "a course"},
     "2036-03-03",
     LEDGER_EXPIRY_MALFORMED},
    {"without a purpose", {FUND, ANA, 100, 0, ""}, SOON, LEDGER_MISSING_PARAMETER},
    {"from no fund", {SCHOOL, ANA, 100, 0, "a course"}, SOON, LEDGER_MEMBER_STATE},
    {"to a fund", {FUND, OTHER_FUND, 100, 0, "a course"}, SOON, LEDGER_MEMBER_STATE},
    {"in another currency", {FUND_CALD, ANA_CALD, 100, 0, "a course"}, SOON, LEDGER_NOT_TRAINING},
    {"of nothing", {FUND, ANA, 0, 0, "a course"}, SOON, LEDGER_AMOUNT_NOT_POSITIVE},
    {"more than the fund may", {FUND, ANA, 10001, 0, "a course"}, SOON, LEDGER_OVER_LIMIT},
};

static void a_grant_has_a_purpose_and_an_end(void **state)
{
    struct region *r = *state;

    for (size_t i = 0; i < COUNT(grantings); i++) {
        struct ledger_grant g = grantings[i].g;
        int64_t id;
        g.expires_on = region_day(grantings[i].expires);
        OK(r, ledger_savepoint(r->l));
        if (grantings[i].want == LEDGER_OK)
            EXPECT_ROW(r, LEDGER_OK, grantings[i].what, ledger_credit_grant(r->l, &g, &id));
        else
            REFUSED_ROW(r, grantings[i].want, grantings[i].what,
                        ledger_credit_grant(r->l, &g, &id));
        LOTS(r, ANA, grantings[i].want == LEDGER_OK ? "1=100" : "");
        OK(r, ledger_rollback_to(r->l));
    }
}

static void set_rate(struct region *r, int64_t in_id, const char *unit, int64_t value_micro)
{
    struct ledger_credit_rate rate = {.currency_id = train_id,
                                      .from_on = ledger_today(r->l),
                                      .in_currency_id = in_id,
                                      .value_micro = value_micro};

    snprintf(rate.unit, sizeof rate.unit, "%s", unit);
    OK(r, ledger_credit_rate_set(r->l, &rate, &region_why));
}

static enum ledger_status redeem(struct region *r, int64_t account, int64_t minor,
                                 const char *reference, int64_t *value_minor)
{
    struct ledger_redemption d = {account, FUND, minor, reference, {0}, 0, 0};
    enum ledger_status status = ledger_credit_redeem(r->l, &d, &region_why);

    *value_minor = d.value_minor;
    return status;
}

static void a_fund_redeems_what_was_earned(void **state)
{
    struct region *r = *state;
    int64_t value_minor;

    grant(r, ANA, 1000, LATER);
    grant(r, SCHOOL, 200, LATER); /* it learns too: these are not earned */
    region_pay(r, ANA, SCHOOL, 600);
    EXPECT(r, LEDGER_NO_CREDIT_RATE, redeem(r, SCHOOL, 600, NULL, &value_minor));
    set_rate(r, 2, "CALD", 800000);
    EXPECT(r, LEDGER_OVER_REDEMPTION, redeem(r, SCHOOL, 601, NULL, &value_minor));
    says(r, "school has earned 6.00 TRAIN that it still has");
    EXPECT(r, LEDGER_NOT_A_PROVIDER, redeem(r, ANA, 100, NULL, &value_minor));
    OK(r, redeem(r, SCHOOL, 501, NULL, &value_minor));
    assert_int_equal(value_minor, 400); /* 4.008, rounded down */
    assert_int_equal(region_balance(r, SCHOOL_CALD), 400);
    assert_int_equal(region_balance(r, FUND_CALD), -400);
    LOTS(r, SCHOOL, "2=200 3=99");
    EXPECT(r, LEDGER_AMOUNT_NOT_POSITIVE, redeem(r, SCHOOL, 1, NULL, &value_minor));
    set_rate(r, 0, "GBP", 1500000);
    EXPECT(r, LEDGER_MISSING_PARAMETER, redeem(r, SCHOOL, 99, NULL, &value_minor));
    OK(r, redeem(r, SCHOOL, 99, "bank 17", &value_minor));
    assert_int_equal(value_minor, 148);
    LOTS(r, SCHOOL, "2=200 3=0");
    reverse(r, 4);
    LOTS(r, SCHOOL, "2=200 3=501");
}

static void a_funds_flow_foots(void **state)
{
    struct region *r = *state;
    struct ledger_fund_flow f;
    int64_t value_minor;

    set_rate(r, 2, "CALD", 1000000);
    grant(r, ANA, 1000, SOON);
    region_pay(r, ANA, SCHOOL, 600);
    region_pay(r, FUND, COLLEGE, 50);
    OK(r, redeem(r, SCHOOL, 500, NULL, &value_minor));
    refund(r, 1, 100);
    OK(r, post_kind(r, LEDGER_OPENING, FUND, BEN, 70));
    region_set_day(r, "2026-03-21");
    chores(r, 1);
    OK(r, ledger_credit_flow(r->l, FUND, region_day("2026-03-01"), region_day("2026-03-31"), &f));
    assert_int_equal(f.opening_minor, 0);
    assert_int_equal(f.granted_minor, 1000);
    assert_int_equal(f.paid_minor, 50);
    assert_int_equal(f.redeemed_minor, 500);
    assert_int_equal(f.given_back_minor, 100);
    assert_int_equal(f.expired_minor, 300);
    assert_int_equal(f.other_minor, -70);
    assert_int_equal(f.closing_minor, -220);
    OK(r, ledger_credit_flow(r->l, FUND, region_day("2026-03-21"), region_day("2026-03-21"), &f));
    assert_int_equal(f.opening_minor, -520);
    assert_int_equal(f.expired_minor, 300);
    assert_int_equal(f.closing_minor, -220);
    EXPECT(r, LEDGER_PERIOD_MALFORMED, ledger_credit_flow(r->l, FUND, 5, 4, &f));
}

static void a_member_leaves_with_no_credits(void **state)
{
    struct region *r = *state;
    struct ledger_limit limit = {.account_id = ANA, .floor_minor = -1, .ceiling_minor = 100};
    int64_t id;

    EXPECT(r, LEDGER_LIMIT_MALFORMED, ledger_limit_set(r->l, &limit, &region_why));
    says(r, "only a fund's account goes below");
    grant(r, ANA, 500, LATER);
    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, 2, &region_why));
    refund(r, 1, 200);
    OK(r, ledger_member_settle(r->l, ANA, FUND, "minutes 4", &region_why, &id));
    LOTS(r, ANA, "1=0");
    OK(r, ledger_member_leave(r->l, 2, &region_why));
    chores(r, 0);
}

static void a_fund_stays_while_its_credits_are_out(void **state)
{
    struct region *r = *state;

    set_rate(r, 2, "CALD", 1);
    grant(r, ANA, 500, LATER);
    region_pay(r, OTHER_FUND, SCHOOL, 500);
    OK(r, post_kind(r, LEDGER_SETTLEMENT, SCHOOL, FUND, 500)); /* it is at zero, lot 1 is its own */
    assert_int_equal(region_balance(r, FUND), 0);
    EXPECT(r, LEDGER_NOT_SETTLED, ledger_member_leave(r->l, 1, &region_why));
    says(r, "5.00 TRAIN that it granted may still expire back to it");
}

static const struct damage {
    const char *sql;
    const char *says;
} damages[] = {
    {"UPDATE lot SET left_minor = left_minor - 1 WHERE id = 3",
     "lot 3: it has left 2.99, its moves leave 3.00"},
    {"UPDATE lot SET pinned_minor = 0 WHERE id = 2",
     "lot 2: it has pinned 0.00, the open holds pin"},
    {"UPDATE account SET training = 0 WHERE id = 2", "ana:TRAIN: it is marked as one of training"},
    {"UPDATE lot SET origin = 'earned', fund_account_id = NULL, expires_on = 95026 WHERE id = 2",
     "lot 2: the transfer that made it did not"},
    {"UPDATE lot SET fund_account_id = 2 WHERE id = 2", "lot 2: it is granted and does not expire"},
    {"DELETE FROM lot_move WHERE lot_id = 1 AND amount_minor < 0", "lot 1: it has left 2.00"},
    {"UPDATE lot_move SET amount_minor = 400 WHERE lot_id = 3; UPDATE lot SET left_minor = 400, "
     "amount_minor = 400 WHERE id = 3",
     "school:TRAIN: its balance is 3.00, its lots have left 4.00"},
    {"DELETE FROM lot_pin; UPDATE lot SET pinned_minor = 0", "hold 1: its lots are pinned by 0.00"},
    {"UPDATE lot SET left_minor = 600 WHERE id = 1", "lot 1: what is left or pinned of it"},
    {"UPDATE lot SET account_id = 1 WHERE id = 3", "lot 3: it is of an account that keeps none"},
    {"UPDATE lot_move SET transfer_id = 99 WHERE lot_id = 1 AND amount_minor < 0",
     "lot 1: a move stands without it"},
    {"UPDATE lot_move SET transfer_id = 2 WHERE lot_id = 1 AND amount_minor < 0",
     "transfer 2: the balance after it is"},
    {"UPDATE lot_pin SET hold_id = 9", "hold 9: it is not open"},
};

static void verify_finds_a_wrong_lot(void **state)
{
    struct region *r = *state;
    struct ledger_verification v;
    int wrong = 0;

    region_end(r);
    for (size_t i = 0; i < COUNT(damages); i++) {
        region_start_file(r);
        furnish(r);
        grant(r, ANA, 500, SOON);
        grant(r, ANA, 500, LATER);
        region_pay(r, ANA, SCHOOL, 300);
        region_hold(r, ANA, SCHOOL, 400, 24);
        region_close(r);
        region_damage(r->path, damages[i].sql);
        region_open(r, false);
        enum ledger_status status = ledger_verify(r->l, NULL, NULL, &v);
        if (status != LEDGER_INTEGRITY || !strstr(v.problem, damages[i].says)) {
            print_error("%s\n  says %s\n", damages[i].sql, v.problem);
            wrong++;
        }
        region_end(r);
    }
    region_start_file(r);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, start, end)
        T(the_earliest_expiry_is_spent_first),
        T(a_refund_goes_back_to_the_same_lot),
        T(what_comes_back_expired_goes_again),
        T(a_provider_gives_back_of_what_it_earned),
        T(a_lot_gives_back_and_stands_in),
        T(a_reversal_restores_every_lot),
        T(a_grant_that_is_spent_is_not_reversed),
        T(a_hold_pins_the_lots_it_will_spend),
        T(a_released_hold_lets_its_lots_go),
        T(a_pinned_lot_that_expires_goes_when_it_is_released),
        T(training_credits_go_these_ways_only),
        T(held_for_a_provider_only),
        T(the_list_of_providers_has_dates),
        T(a_grant_has_a_purpose_and_an_end),
        T(a_fund_redeems_what_was_earned),
        T(a_funds_flow_foots),
        T(a_member_leaves_with_no_credits),
        T(a_fund_stays_while_its_credits_are_out),
        T(verify_finds_a_wrong_lot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
