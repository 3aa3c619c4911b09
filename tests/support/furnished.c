#include "furnished.h"

#include "ledger/booking.h"
#include "ledger/charge.h"
#include "ledger/correction.h"
#include "ledger/departure.h"
#include "ledger/enrolment.h"
#include "ledger/equivalent.h"
#include "ledger/erasure.h"
#include "ledger/feed.h"
#include "ledger/hold_owner.h"
#include "ledger/key.h"
#include "ledger/limit.h"
#include "ledger/mailbox.h"
#include "ledger/member.h"
#include "ledger/notice.h"
#include "ledger/period.h"
#include "ledger/register.h"
#include "ledger/request_pay.h"
#include "ledger/request_step.h"
#include "ledger/series.h"
#include "ledger/token.h"
#include "ledger/webhook.h"

#include <string.h>

enum { ANA = 1, BEN, CLEO, COMMONS, DORA };

static void move_in(struct region *r)
{
    struct ledger_limit limit = {.account_id = ANA, .floor_minor = -20000, .ceiling_minor = 20000};
    struct ledger_equivalent worth = {.currency_id = region_currency(r, "CALD"),
                                      .from_on = ledger_today(r->l),
                                      .unit = "GBP",
                                      .value_micro = 1000000};

    region_member(r, "ana");
    region_member(r, "ben");
    region_member(r, "cleo");
    region_fund(r, "commons");
    region_member(r, "dora");
    region_account(r, "ana", "CALD");
    region_account(r, "ben", "CALD");
    region_account(r, "cleo", "CALD");
    region_account(r, "commons", "CALD");
    region_account(r, "dora", "CALD");
    OK(r, ledger_limit_set(r->l, &limit, &region_why));
    OK(r, ledger_equivalent_set(r->l, &worth, &region_why));
    OK(r,
       ledger_member_set_attribute(r->l, ANA, "sector", "food", ledger_today(r->l), "local:test"));
}

static void trade(struct region *r)
{
    int64_t id;

    region_pay_on(r, ANA, BEN, 6000, NULL, "bread");
    region_pay(r, BEN, CLEO, 2500);
    region_set_day(r, "2026-03-03");
    region_pay_on(r, CLEO, ANA, 500, "2026-03-02", NULL);
    region_pay_on(r, ANA, BEN, 1000, NULL, "secret");
    OK(r, ledger_transfer_refund(r->l, 1, 1000, "stale", &id));
    OK(r, ledger_transfer_reverse(r->l, 2, &region_why, &id));
}

static void hold(struct region *r)
{
    int64_t id;

    region_hold(r, ANA, BEN, 800, 48);
    region_hold(r, ANA, CLEO, 1000, 48);
    region_hold(r, BEN, CLEO, 300, 48);
    region_hold(r, ANA, BEN, 100, 1);
    OK(r, ledger_hold_own(r->l, 2, "test", 1));
    OK(r, ledger_hold_capture(r->l, 2, 400, &id));
    OK(r, ledger_hold_release(r->l, 3, "not needed"));
    r->clock.now_us += 2 * REGION_HOUR_US;
    OK(r, ledger_hold_sweep(r->l, r->clock.now_us, &id));
}

static void note(struct region *r, const char *operation, bool kept)
{
    struct ledger_record record = {.actor = "local:test", .subject = 1};

    strcpy(record.operation, operation);
    ledger_new_uid(r->l, &record.uid);
    memset(record.content_hash, 7, sizeof record.content_hash);
    OK(r, ledger_register_append(r->l, &record));
    if (!kept)
        return;
    OK(r, ledger_register_keep(r->l, record.seq, "{\"handle\": \"ana\"}"));
    OK(r, ledger_register_names(r->l, record.seq, "ana"));
}

static void administer(struct region *r)
{
    struct ledger_token token = {.role = LEDGER_TREASURER,
                                 .label = "the office",
                                 .expires_at_us = r->clock.now_us + 24 * REGION_HOUR_US};
    char secret[LEDGER_TOKEN_SECRET];
    int64_t id;

    OK(r, ledger_member_leave(r->l, DORA, &region_why));
    OK(r, ledger_erase_member(r->l, DORA, &region_why));
    OK(r, ledger_erase_transfer_text(r->l, 4, &region_why));
    OK(r, ledger_erase_hold_text(r->l, 3, &region_why));
    OK(r, ledger_token_create(r->l, &token, secret));
    OK(r, ledger_period_close(r->l, region_day("2026-03-01"), &region_why, &id));
    OK(r, ledger_clock_accept(r->l, &region_why));
    note(r, "member.add", true);
    note(r, "transfer.pay", false);
}

/* A series of that room with a date that is left out, and a calendar of it. */
static void share_it_again(struct region *r)
{
    int32_t day = ledger_today(r->l) + 1;
    struct ledger_series_draft draft = {.member_id = ANA,
                                        .resource_id = 1,
                                        .rule = "FREQ=DAILY;INTERVAL=60;COUNT=2",
                                        .from = {day, 9 * 3600},
                                        .to = {day, 11 * 3600},
                                        .arrears = true,
                                        .skip = true};
    struct ledger_feed feed = {.member_id = ANA, .resource_id = 1};
    char secret[LEDGER_FEED_SECRET];
    int64_t id;

    OK(r, ledger_series_make(r->l, &draft, &region_why, &id));
    OK(r, ledger_feed_create(r->l, &feed, secret));
}

/* A room with all that can be said of it, and a booking of it that costs nothing. */
static void share_a_room(struct region *r)
{
    struct ledger_resource room = {
        .terms = ledger_terms_default(), .host = "ben", .name = "studio", .zone = "Europe/London"};
    struct ledger_closure closure = {.from_on = ledger_today(r->l) + 9,
                                     .to_on = ledger_today(r->l) + 9};
    struct ledger_share share = {.pool = "commons", .points = 1500, .from_on = ledger_today(r->l)};
    struct ledger_quota quota = {
        .kind = LEDGER_QUOTA_DAY, .amount = 600, .from_on = ledger_today(r->l)};
    struct ledger_price price = {.currency_id = 1, .amount_minor = 1200};
    struct ledger_extra extra = {.host = "ben", .name = "lunch", .title = "Lunch"};
    struct ledger_extra_price extra_price = {
        .currency_id = 1, .amount_minor = 700, .from_on = ledger_today(r->l)};
    struct ledger_booking_draft draft = {.member_id = ANA, .title = "choir"};
    int64_t id;

    strcpy(room.terms.title, "Studio");
    OK(r, ledger_resource_add(r->l, &room, &region_why));
    closure.resource_id = share.resource_id = quota.resource_id = price.resource_id =
        draft.resource_id = room.id;
    OK(r, ledger_resource_close(r->l, &closure, &region_why));
    OK(r, ledger_resource_reopen(r->l, room.id, closure.id, &region_why));
    OK(r, ledger_share_set(r->l, &share, &region_why));
    OK(r, ledger_quota_set(r->l, &quota, &region_why));
    OK(r, ledger_extra_add(r->l, &extra));
    extra_price.extra_id = extra.id;
    OK(r, ledger_extra_price_set(r->l, &extra_price, &region_why));
    draft.from_us = ledger_day_start_us(r->l, ledger_today(r->l) + 1) + 9 * REGION_HOUR_US;
    draft.to_us = draft.from_us + 2 * REGION_HOUR_US;
    price.from_on = ledger_today(r->l) + 2;
    OK(r, ledger_price_set(r->l, &price, &region_why));
    OK(r, ledger_booking_make(r->l, &draft, &region_why, &id));
}

/* Ben teaches. Session 1 has a price and nobody in it; ana comes to the gathering 2; 3 is called off. */
static void teach(struct region *r)
{
    const struct ledger_course_draft course = {
        .title = "Baking", .language = "en", .threshold_percent = 80};
    const struct ledger_session_price price = {.currency_id = 1, .amount_minor = 500};
    const int64_t trainer = CLEO;
    struct ledger_session_draft s = {.zone = "Europe/London",
                                     .tzdata = "",
                                     .starts = "2026-04-01T13:00",
                                     .ends = "2026-04-01T15:00",
                                     .starts_at_us = r->clock.now_us + 720 * REGION_HOUR_US,
                                     .ends_at_us = r->clock.now_us + 722 * REGION_HOUR_US,
                                     .offer_us = REGION_HOUR_US,
                                     .capacity = 5,
                                     .prices = &price,
                                     .price_count = 1,
                                     .trainer_ids = &trainer,
                                     .trainer_count = 1};
    struct ledger_enrolment_draft ana = {.member_id = ANA, .places = 1, .name = "a friend"};
    int64_t id;

    OK(r, ledger_course_add(r->l, BEN, &course, &region_why, &s.course_id));
    OK(r, ledger_session_add(r->l, &s, &region_why, &id));
    OK(r, ledger_session_note(r->l, id, "https://notes.example/1", &region_why));
    s.price_count = s.trainer_count = 0;
    OK(r, ledger_session_add(r->l, &s, &region_why, &ana.session_id));
    OK(r, ledger_enrolment_add(r->l, &ana, &region_why, &id));
    OK(r, ledger_session_add(r->l, &s, &region_why, &id));
    OK(r, ledger_session_cancel(r->l, id, &region_why));
}

static void tell(struct region *r)
{
    static const uint8_t seed[LEDGER_SEED] = {7};
    int64_t later_us = r->clock.now_us + 9 * LEDGER_US_PER_DAY;
    char secret[LEDGER_WEBHOOK_SECRET];
    struct ledger_parcel parcel;
    bool given_up;

    ledger_key_use(r->l, seed);
    OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_PAID, BEN, 1));
    OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_SPENT, ANA, 1));
    OK(r, ledger_mailbox_set(r->l,
                             &(struct ledger_mailbox){.member_id = BEN,
                                                      .mode = LEDGER_OUTBOX_EACH,
                                                      .address = "ben@mill.example"},
                             &parcel.box.id));
    OK(r, ledger_webhook_add(r->l, CLEO, "https://cleo.example/hook", &parcel.box, secret));
    OK(r, ledger_notice_put(r->l, LEDGER_NOTICE_WEBHOOK_TEST, CLEO, parcel.box.id));
    OK(r, ledger_outbox_next(r->l, parcel.box.id, r->clock.now_us, &parcel));
    for (int i = 1; i < LEDGER_OUTBOX_TRIES; i++)
        OK(r, ledger_outbox_failed(r->l, &parcel, "http-500", r->clock.now_us, &given_up));
    OK(r, ledger_outbox_failed(r->l, &parcel, "http-500", later_us, &given_up));
    assert_true(given_up);
}

/* Ben pays Ana more each week than it has; and pauses a second such. Ana offers bread, and does no more. */
static void pay_standing(struct region *r)
{
    struct ledger_standing s = {.payer_id = BEN,
                                .payee_id = ANA,
                                .amount_minor = 1000000,
                                .cadence = {LEDGER_WEEKLY, 1, LEDGER_CADENCE_UNSAID},
                                .memo = "rent"};
    struct ledger_charge bread = {
        .payee_id = ANA, .amount_minor = 300, .cadence = {LEDGER_WEEKLY, 1, 5}, .title = "Bread"};
    int64_t count;

    for (int i = 0; i < 2; i++) {
        s.first_on = ledger_today(r->l);
        OK(r, ledger_standing_order(r->l, &s, true, "local:test"));
    }
    OK(r, ledger_standing_pause(r->l, 2, &region_why));
    OK(r, ledger_charge_offer(r->l, &bread, "local:test"));
    OK(r, ledger_charge_withdraw(r->l, bread.id, &region_why));
    OK(r, ledger_standing_due(r->l, r->clock.now_us, &count));
}

/*
 * Request 1: ben asks ana for 4.60, of which 1.60 GBP; 0.60 of those are paid, 0.50 credited by 2, the rest disputed.
 * Request 3: cleo asks ana for 1.00, which ana declines.
 */
static void ask(struct region *r)
{
    struct ledger_request_line lines[] = {
        {.words = "bread", .quantity_milli = 2000, .price_minor = 150, .tax_points = 2000},
        {.words = "a tin", .quantity_milli = 1000, .price_minor = 100}};
    struct ledger_request_line back = {.words = "stale", .quantity_milli = 500, .price_minor = 100};
    struct ledger_request_draft draft = {.payee_id = BEN,
                                         .payer_id = ANA,
                                         .currency_id = 1,
                                         .outside_minor = 160,
                                         .note = "week 9",
                                         .lines = lines,
                                         .line_count = 2};
    int64_t id;

    OK(r, ledger_request_make(r->l, &draft, "local:test", &draft.corrects_id));
    OK(r, ledger_request_paid_outside(r->l, draft.corrects_id, 60, "bank 7", "local:test"));
    draft.outside_minor = 0;
    draft.lines = &back;
    draft.line_count = 1;
    OK(r, ledger_request_credit(r->l, &draft, "local:test", &id));
    OK(r, ledger_request_dispute(r->l, draft.corrects_id, &region_why));
    draft.payee_id = CLEO;
    back.quantity_milli = 1000;
    draft.corrects_id = 0;
    OK(r, ledger_request_make(r->l, &draft, "local:test", &id));
    OK(r, ledger_request_decline(r->l, id, &region_why));
}

void furnish(struct region *r)
{
    move_in(r);
    trade(r);
    hold(r);
    teach(r);
    administer(r);
    share_a_room(r);
    share_it_again(r);
    tell(r);
    pay_standing(r);
    ask(r);
    region_commit(r);
}
