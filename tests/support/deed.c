#include "deed.h"

#include "ledger/correction.h"
#include "ledger/hold_owner.h"
#include "ledger/limit.h"
#include "ledger/period.h"
#include "region.h"

#include <stdio.h>
#include <string.h>

struct ledger_why deed_why(const struct deed *d)
{
    return (struct ledger_why){
        .actor = "local:test", .reason = d->reason ? d->reason : "", .authority = "a steward"};
}

static struct ledger_transfer_draft transfer_draft(const struct deed *d)
{
    return (struct ledger_transfer_draft){.kind = d->transfer_kind,
                                          .memo = d->memo,
                                          .reference = d->reference,
                                          .has_effective = d->has_day,
                                          .effective_on = (int32_t)d->day,
                                          .without_limits = d->without_limits,
                                          .legs = d->legs,
                                          .leg_count = d->leg_count};
}

static enum ledger_status expect_transfer(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_transfer_draft draft = transfer_draft(d);

    return model_post(m, &draft, made);
}

static enum ledger_status post_transfer(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_transfer_draft draft = transfer_draft(d);

    return ledger_transfer_post(l, &draft, made);
}

static enum ledger_status expect_reversal(struct model *m, const struct deed *d, int64_t *made)
{
    return model_reverse(m, d->id, d->reason, made);
}

static enum ledger_status reverse(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    return ledger_transfer_reverse(l, d->id, &why, made);
}

static enum ledger_status expect_refund(struct model *m, const struct deed *d, int64_t *made)
{
    return model_refund(m, d->id, d->amount_minor, d->memo, made);
}

static enum ledger_status refund(struct ledger *l, const struct deed *d, int64_t *made)
{
    return ledger_transfer_refund(l, d->id, d->amount_minor, d->memo, made);
}

static enum ledger_status expect_settlement(struct model *m, const struct deed *d, int64_t *made)
{
    return model_settle(m, d->account_id, d->other_id, d->reference, d->reason, made);
}

static enum ledger_status settle(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    return ledger_member_settle(l, d->account_id, d->other_id, d->reference, &why, made);
}

static enum ledger_status expect_write_off(struct model *m, const struct deed *d, int64_t *made)
{
    return model_write_off(m, d->account_id, d->other_id, d->reason, made);
}

static enum ledger_status write_off(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    return ledger_member_write_off(l, d->account_id, d->other_id, true, &why, made);
}

static struct ledger_hold_draft hold_draft(const struct deed *d)
{
    return (struct ledger_hold_draft){.account_id = d->account_id,
                                      .expires_at_us = d->expires_at_us,
                                      .memo = d->memo,
                                      .payees = d->legs,
                                      .payee_count = d->leg_count};
}

static enum ledger_status expect_hold(struct model *m, const struct deed *d, int64_t *made)
{
    const struct ledger_hold_draft draft = hold_draft(d);

    return model_hold_place(m, &draft, made);
}

static enum ledger_status place_hold(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_hold_draft draft = hold_draft(d);

    return ledger_hold_place(l, &draft, made);
}

static enum ledger_status expect_capture(struct model *m, const struct deed *d, int64_t *made)
{
    LEDGER_TRY(model_hold_check_free(m, d->id));
    return model_hold_capture(m, d->id, d->amount_minor, made);
}

static enum ledger_status capture(struct ledger *l, const struct deed *d, int64_t *made)
{
    LEDGER_TRY(ledger_hold_check_free(l, d->id));
    return ledger_hold_capture(l, d->id, d->amount_minor, made);
}

static enum ledger_status expect_release(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->id;
    LEDGER_TRY(model_hold_check_free(m, d->id));
    return model_hold_release(m, d->id, d->reason);
}

static enum ledger_status release(struct ledger *l, const struct deed *d, int64_t *made)
{
    *made = d->id;
    LEDGER_TRY(ledger_hold_check_free(l, d->id));
    return ledger_hold_release(l, d->id, d->reason);
}

void draw_nothing(struct draw *draw, struct deed *d)
{
    (void)draw, (void)d;
}

static enum ledger_status expect_sweep(struct model *m, const struct deed *d, int64_t *made)
{
    (void)d;
    *made = model_hold_sweep(m);
    return LEDGER_OK;
}

static enum ledger_status sweep(struct ledger *l, const struct deed *d, int64_t *made)
{
    (void)d;
    return ledger_hold_sweep(l, ledger_now_us(l), made);
}

static void draw_member(struct draw *draw, struct deed *d)
{
    bool full = draw->m->member_count == MODEL_MEMBERS_MAX;

    d->member_id = full || draw_one_in(draw, 3) ? 1 + draw_below(draw, draw->m->member_count)
                                                : draw->m->member_count + 1;
    d->member_kind = draw_one_in(draw, 6) ? LEDGER_FUND : LEDGER_COOP;
    d->member_state = draw_one_in(draw, 4) ? LEDGER_APPLIED : LEDGER_ACTIVE;
}

static enum ledger_status expect_member(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->member_id;
    return model_member_add(m, d->member_id, (enum ledger_member_kind)d->member_kind,
                            (enum ledger_member_state)d->member_state);
}

static enum ledger_status add_member(struct ledger *l, const struct deed *d, int64_t *made)
{
    struct ledger_member m = {.kind = (enum ledger_member_kind)d->member_kind,
                              .state = (enum ledger_member_state)d->member_state};
    const struct ledger_why why = deed_why(d);

    model_handle(d->member_id, m.handle);
    snprintf(m.name, sizeof m.name, "The %s", m.handle);
    enum ledger_status status = ledger_member_add(l, &m, &why);
    *made = m.id;
    return status;
}

static bool is_idle(const struct model *m, int64_t id)
{
    return id <= m->member_count && (m->members[id - 1].state == LEDGER_APPLIED ||
                                     m->members[id - 1].state == LEDGER_SUSPENDED);
}

static void draw_state(struct draw *draw, struct deed *d)
{
    static const enum ledger_member_state to[] = {LEDGER_ACTIVE, LEDGER_ACTIVE,    LEDGER_ACTIVE,
                                                  LEDGER_ACTIVE, LEDGER_SUSPENDED, LEDGER_LEFT};

    d->member_id = draw_some_member(draw);
    bool idle = draw_one_in(draw, 2); /* let somebody in or back in */
    for (int tries = 0; tries < 30 && idle && !is_idle(draw->m, d->member_id); tries++)
        d->member_id = draw_some_member(draw);
    if (draw_one_in(draw, 20))
        d->member_id = draw->m->member_count + 1;
    d->member_state = draw_one_in(draw, 30) ? LEDGER_APPLIED : to[draw_below(draw, 6)];
    d->reason = draw_reason(draw);
}

static enum ledger_status expect_state(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->member_id;
    return model_member_change_state(m, d->member_id, (enum ledger_member_state)d->member_state,
                                     d->reason);
}

static enum ledger_status change_state(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->member_id;
    return ledger_member_change_state(l, d->member_id, (enum ledger_member_state)d->member_state,
                                      &why);
}

static enum ledger_status expect_leaving(struct model *m, const struct deed *d, int64_t *made)
{
    *made = d->member_id;
    return model_member_leave(m, d->member_id, d->reason);
}

static enum ledger_status leave(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->member_id;
    return ledger_member_leave(l, d->member_id, &why);
}

static void draw_opening(struct draw *draw, struct deed *d)
{
    d->member_id = draw_one_in(draw, 4) ? draw_some_member(draw) : draw->m->member_count;
    d->currency_id = draw_one_in(draw, 8)
                         ? MODEL_CURRENCIES + 1
                         : 1 + draw_below(draw, draw_one_in(draw, 5) ? MODEL_CURRENCIES : 2);
}

static enum ledger_status expect_account(struct model *m, const struct deed *d, int64_t *made)
{
    return model_account_open(m, d->member_id, d->currency_id, made);
}

static enum ledger_status open_account(struct ledger *l, const struct deed *d, int64_t *made)
{
    struct ledger_account a;
    const struct ledger_why why = deed_why(d);

    enum ledger_status status = ledger_account_open(l, d->member_id, d->currency_id, &why, &a);
    *made = a.id;
    return status;
}

static void draw_limits(struct draw *draw, struct deed *d)
{
    int64_t most_minor = d->currency_id == MODEL_BIG ? LEDGER_AMOUNT_MAX : 12000;

    d->floor_minor = draw_one_in(draw, 10) ? 0 : -draw_between(draw, most_minor / 4, most_minor);
    d->ceiling_minor = draw_one_in(draw, 10) ? 0 : draw_between(draw, most_minor / 4, most_minor);
    if (draw_one_in(draw, 30))
        d->floor_minor = draw_one_in(draw, 2) ? 1 : -LEDGER_AMOUNT_MAX - 1;
    if (draw_one_in(draw, 30))
        d->ceiling_minor = draw_one_in(draw, 2) ? -1 : LEDGER_AMOUNT_MAX + 1;
    d->reason = draw_reason(draw);
}

static void draw_currency_limit(struct draw *draw, struct deed *d)
{
    d->currency_id = 1 + draw_below(draw, MODEL_CURRENCIES);
    draw_limits(draw, d);
}

static enum ledger_status expect_currency_limit(struct model *m, const struct deed *d,
                                                int64_t *made)
{
    *made = d->currency_id;
    return model_currency_limit(m, d->currency_id, d->floor_minor, d->ceiling_minor, d->reason);
}

static enum ledger_status limit_currency(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = d->currency_id;
    return ledger_currency_limit(l, d->currency_id, d->floor_minor, d->ceiling_minor, &why);
}

static void draw_limit(struct draw *draw, struct deed *d)
{
    do
        d->account_id = draw_account(draw);
    while (!model_has_account(draw->m, d->account_id));
    d->currency_id = model_account(draw->m, d->account_id)->currency_id;
    draw_limits(draw, d);
    d->has_day = draw_one_in(draw, 3);
    if (d->has_day)
        d->day = model_today(draw->m) + (draw_one_in(draw, 6) ? -1 : draw_below(draw, 40));
}

static enum ledger_status expect_limit(struct model *m, const struct deed *d, int64_t *made)
{
    const struct model_limit limit = {.account_id = d->account_id,
                                      .floor_minor = d->floor_minor,
                                      .ceiling_minor = d->ceiling_minor};

    return model_limit_set(m, &limit, d->day, d->reason, made);
}

static enum ledger_status set_limit(struct ledger *l, const struct deed *d, int64_t *made)
{
    struct ledger_limit limit = {.account_id = d->account_id,
                                 .floor_minor = d->floor_minor,
                                 .ceiling_minor = d->ceiling_minor,
                                 .has_review = d->has_day,
                                 .review_on = (int32_t)d->day};
    const struct ledger_why why = deed_why(d);

    enum ledger_status status = ledger_limit_set(l, &limit, &why);
    *made = limit.id;
    return status;
}

static void draw_closing(struct draw *draw, struct deed *d)
{
    int64_t today = model_today(draw->m);

    d->day = today - draw_between(draw, 4, 40);
    if (draw_one_in(draw, 4))
        d->day = today - draw_between(draw, -1, 1);
    d->reason = draw_reason(draw);
}

static enum ledger_status expect_closing(struct model *m, const struct deed *d, int64_t *made)
{
    return model_period_close(m, d->day, d->reason, made);
}

static enum ledger_status close_period(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    return ledger_period_close(l, (int32_t)d->day, &why, made);
}

static void draw_acceptance(struct draw *draw, struct deed *d)
{
    d->reason = draw_reason(draw);
}

static enum ledger_status expect_acceptance(struct model *m, const struct deed *d, int64_t *made)
{
    *made = 0;
    return model_clock_accept(m, d->reason);
}

static enum ledger_status accept_clock(struct ledger *l, const struct deed *d, int64_t *made)
{
    const struct ledger_why why = deed_why(d);

    *made = 0;
    return ledger_clock_accept(l, &why);
}

/* clang-format off */
const struct deed_kind deed_kinds[] = {
    {"pay",            300, DEED_TIDY,   draw_payment,        expect_transfer,       post_transfer},
    {"split",           50, DEED_TIDY,   draw_split,          expect_transfer,       post_transfer},
    {"import",           6, DEED_TIDY,   draw_history,        expect_transfer,       post_transfer},
    {"reverse",         28, DEED_TIDY,   draw_reversal,       expect_reversal,       reverse},
    {"refund",          50, DEED_TIDY,   draw_refund,         expect_refund,         refund},
    {"settle",          14, DEED_TIDY,   draw_settlement,     expect_settlement,     settle},
    {"write off",        4, DEED_TIDY,   draw_write_off,      expect_write_off,      write_off},
    {"hold",            90, DEED_TIDY,   draw_hold,           expect_hold,           place_hold},
    {"capture",         50, DEED_TIDY,   draw_capture,        expect_capture,        capture},
    {"release",         25, DEED_TIDY,   draw_release,        expect_release,        release},
    {"sweep",            6, DEED_CHORE,  draw_nothing,        expect_sweep,          sweep},
    {"add member",       1, DEED_TIDY,   draw_member,         expect_member,         add_member},
    {"change state",    20, DEED_TIDY,   draw_state,          expect_state,          change_state},
    {"leave",            6, DEED_TIDY,   draw_leaving,        expect_leaving,        leave},
    {"open account",     3, DEED_TIDY,   draw_opening,        expect_account,        open_account},
    {"limit currency",    2, DEED_TIDY,   draw_currency_limit, expect_currency_limit, limit_currency},
    {"limit",           25, DEED_TIDY,   draw_limit,          expect_limit,          set_limit},
    {"close period",     4, DEED_TIDY,   draw_closing,        expect_closing,        close_period},
    {"accept clock",     3, DEED_TIDY,   draw_acceptance,     expect_acceptance,     accept_clock},
    {"grant",           25, DEED_TIDY,   draw_grant,          expect_grant,          act_grant},
    {"learn",           66, DEED_TIDY,   draw_learning,       expect_transfer,       post_transfer},
    {"reserve",         30, DEED_TIDY,   draw_reservation,    expect_hold,           place_hold},
    {"redeem",          13, DEED_TIDY,   draw_redemption,     expect_redemption,     act_redemption},
    {"provider",         6, DEED_TIDY,   draw_provider,       expect_provider,       act_provider},
    {"credits due",      3, DEED_CHORE,  draw_nothing,        expect_credits_due,    act_credits_due},
    {"book",            48, DEED_UNTIDY, draw_booking,        expect_booking,        act_booking},
    {"move booking",    14, DEED_UNTIDY, draw_move,           expect_move,           act_move},
    {"fund booking",     5, DEED_UNTIDY, draw_fund,           expect_fund,           act_fund},
    {"confirm",          8, DEED_TIDY,   draw_confirmation,   expect_confirmation,   act_confirmation},
    {"reject",           3, DEED_TIDY,   draw_rejection,      expect_rejection,      act_rejection},
    {"check in",        12, DEED_TIDY,   draw_check_in,       expect_check_in,       act_check_in},
    {"complete",         6, DEED_TIDY,   draw_completion,     expect_completion,     act_completion},
    {"no-show",          4, DEED_TIDY,   draw_no_show,        expect_no_show,        act_no_show},
    {"cancel booking",   12, DEED_TIDY,   draw_cancellation,   expect_cancellation,   act_cancellation},
    {"terms",            4, DEED_TIDY,   draw_terms,          expect_terms,          act_terms},
    {"quota",            3, DEED_TIDY,   draw_quota,          expect_quota,          act_quota},
    {"close resource",   2, DEED_TIDY,   draw_closure,        expect_closure,        act_closure},
    {"reopen resource",  3, DEED_TIDY,   draw_reopening,      expect_reopening,      act_reopening},
    {"extra",            6, DEED_UNTIDY, draw_extra,          expect_extra,          act_extra},
    {"series",           6, DEED_UNTIDY, draw_series,         expect_series,         act_series},
    {"cancel series",    1, DEED_UNTIDY, draw_end_of_series,  expect_end_of_series,  act_end_of_series},
    {"series due",       3, DEED_CHORE,  draw_nothing,        expect_series_due,     act_series_due},
    {"bookings due",     4, DEED_CHORE,  draw_nothing,        expect_bookings_due,   act_bookings_due},
    {"session",          7, DEED_TIDY,   draw_session,        expect_session,        act_session},
    {"enrol",           50, DEED_UNTIDY, draw_enrolment,      expect_enrolment,      act_enrolment},
    {"accept",          10, DEED_UNTIDY, draw_acceptance_of_place, expect_acceptance_of_place,
     act_acceptance_of_place},
    {"drop",            15, DEED_UNTIDY, draw_dropping,       expect_dropping,       act_dropping},
    {"capacity",         5, DEED_UNTIDY, draw_capacity,       expect_capacity,       act_capacity},
    {"call off",          1, DEED_TIDY,   draw_calling_off,    expect_calling_off,    act_calling_off},
    {"attend",          20, DEED_UNTIDY, draw_attendance,     expect_attendance,     act_attendance},
    {"courses due",      4, DEED_CHORE,  draw_nothing,        expect_courses_due,    act_courses_due},
    {"chores",           8, DEED_CHORE,  draw_nothing,        expect_chores,         act_chores},
    {"ask",             30, DEED_TIDY,     draw_asking,         expect_asking,         act_asking},
    {"accept request",  12, DEED_UNTIDY, draw_acceptance_of_request, expect_acceptance_of_request,
     act_acceptance_of_request},
    {"pay request",     14, DEED_UNTIDY, draw_part_payment,   expect_part_payment,   act_part_payment},
    {"credit",          12, DEED_UNTIDY,  draw_credit,         expect_credit,         act_credit},
    {"match",           12, DEED_TIDY,   draw_match,          expect_match,          act_match},
    {"paid outside",     7, DEED_TIDY,   draw_marking,        expect_marking,        act_marking},
    {"unpaid outside",   3, DEED_TIDY,   draw_unmarking,      expect_unmarking,      act_unmarking},
    {"agree beforehand", 8, DEED_TIDY,   draw_agreement,      expect_agreement,      act_agreement},
    {"revoke",           4, DEED_TIDY,   draw_revocation,     expect_revocation,     act_revocation},
    {"decline",          2, DEED_TIDY,   draw_request_step,   expect_declining,      act_declining},
    {"withdraw",         2, DEED_TIDY,   draw_request_step,   expect_withdrawal,     act_withdrawal},
    {"dispute",          4, DEED_TIDY,   draw_request_step,   expect_dispute,        act_dispute},
    {"resolve",          6, DEED_TIDY,   draw_resolution,     expect_resolution,     act_resolution},
    {"order",           10, DEED_TIDY,   draw_order,          expect_order,          act_order},
    {"instalments",      9, DEED_UNTIDY, draw_instalments,    expect_instalments,    act_instalments},
    {"pause",            3, DEED_TIDY,   draw_pause,          expect_pause,          act_pause},
    {"resume",           6, DEED_TIDY,   draw_resumption,     expect_resumption,     act_resumption},
    {"end standing",     3, DEED_TIDY,   draw_end_of_standing, expect_end_of_standing, act_end_of_standing},
    {"retry",            8, DEED_TIDY,   draw_retry,          expect_retry,          act_retry},
    {"charge",           4, DEED_TIDY,   draw_charge,         expect_charge,         act_charge},
    {"price of charge",  4, DEED_TIDY,   draw_price_of_charge, expect_price_of_charge, act_price_of_charge},
    {"withdraw charge",  1, DEED_TIDY,   draw_end_of_charge,  expect_end_of_charge,  act_end_of_charge},
    {"subscribe",       12, DEED_UNTIDY, draw_subscription,   expect_subscription,   act_subscription},
    {"levy",             3, DEED_TIDY,   draw_levy,           expect_levy,           act_levy},
    {"levies due",       5, DEED_CHORE,  draw_nothing,        expect_levies_due,     act_levies_due},
    {"guarantee",        3, DEED_TIDY,   draw_guarantee,      expect_guarantee,      act_guarantee},
    {"declare default",  6, DEED_TIDY,   draw_declaration,    expect_declaration,    act_declaration},
    {"retract default",  1, DEED_TIDY,   draw_retraction,     expect_retraction,     act_retraction},
    {"cover default",    8, DEED_UNTIDY, draw_cover,          expect_cover,          act_cover},
    {"recover default",  8, DEED_UNTIDY, draw_recovery,       expect_recovery,       act_recovery},
    {"standing due",    10, DEED_CHORE,  draw_nothing,        expect_standing_due,   act_standing_due},
    {NULL,               0, DEED_TIDY,   NULL,                NULL,                  NULL},
};
/* clang-format on */

void deed_draw(struct draw *draw, struct deed *deed)
{
    int64_t sum = 0;

    for (const struct deed_kind *k = deed_kinds; k->name; k++)
        sum += k->weight;
    const struct deed_kind *kind = deed_kinds;
    for (int64_t left = draw_below(draw, sum); left >= kind->weight; kind++)
        left -= kind->weight;
    *deed = (struct deed){.kind = kind};
    kind->draw(draw, deed);
}

const struct deed_kind *deed_kind_named(const char *name)
{
    const struct deed_kind *kind = deed_kinds;

    while (strcmp(kind->name, name) != 0)
        kind++;
    return kind;
}
