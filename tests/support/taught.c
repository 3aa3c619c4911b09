#include "taught.h"

#include "api/run.h"
#include "ledger/attendance.h"
#include "ledger/key.h"
#include "ledger/limit.h"
#include "ledger/member.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_US INT64_C(60000000)
#define HELD_ON "2026-03-04"

static const char *const handles[] = {"", "school", "mill", "cleo", "ana"};
static char message[LEDGER_MESSAGE_MAX];

const char *taught_message(void)
{
    return message;
}

enum ledger_status taught_run(struct region *r, int64_t member_id, const char *operation,
                              json_t *args, json_t **out)
{
    struct ledger_token token = {.id = 9, .role = LEDGER_TRADER, .member_id = member_id};
    struct api_call call;
    json_t *answer = NULL;

    api_call_init(&call, api_operation_named(operation));
    json_decref(call.args);
    call.args = args;
    snprintf(token.handle, sizeof token.handle, "%s", handles[member_id]);
    if (member_id)
        api_call_as_token(&call, &token);
    else
        api_call_as_local(&call, "test");
    enum ledger_status st = call.op->mode == API_WRITE ? api_run_write(r->l, &call, &answer)
                                                       : api_run_read(r->l, &call, &answer);
    snprintf(message, sizeof message, "%s", call.problem.detail);
    if (out)
        *out = answer;
    else
        json_decref(answer);
    api_call_clear(&call);
    return st;
}

static void move_in(struct region *r)
{
    struct ledger_member ana = {.kind = LEDGER_PERSON, .state = LEDGER_ACTIVE};
    static const uint8_t seed[LEDGER_SEED] = {7};
    uint8_t public_key[32];
    int64_t id;

    region_currency(r, "CALD");
    region_member(r, "school");
    region_member(r, "mill");
    region_member(r, "cleo");
    strcpy(ana.handle, "ana");
    strcpy(ana.name, "Ana Ash");
    OK(r, ledger_member_add(r->l, &ana, &region_why));
    for (int m = SCHOOL; m <= ANA; m++)
        region_account(r, handles[m], "CALD");
    ledger_key_public(seed, public_key);
    OK(r, ledger_key_record(r->l, public_key, &region_why, &id));
    ledger_key_use(r->l, seed);
}

static void add_session(struct region *r, int64_t starts_at_us, int capacity, int64_t price_minor)
{
    const struct ledger_session_price price = {.currency_id = 1, .amount_minor = price_minor};
    const struct ledger_session_draft d = {.course_id = 1,
                                           .zone = "Europe/London",
                                           .tzdata = "",
                                           .starts = HELD_ON "T12:00",
                                           .ends = HELD_ON "T14:00",
                                           .starts_at_us = starts_at_us,
                                           .ends_at_us = starts_at_us + 120 * MINUTE_US,
                                           .offer_us = 400 * LEDGER_US_PER_DAY,
                                           .capacity = capacity,
                                           .prices = &price,
                                           .price_count = price_minor > 0};
    int64_t id;

    OK(r, ledger_session_add(r->l, &d, &region_why, &id));
}

static void enrol(struct region *r, int64_t session, int64_t member, int places, const char *name)
{
    const struct ledger_enrolment_draft d = {
        .session_id = session, .member_id = member, .places = places, .name = name, .wait = true};
    int64_t id;

    OK(r, ledger_enrolment_add(r->l, &d, &region_why, &id));
}

static void sign_up(struct region *r)
{
    const int64_t held_us = ledger_day_start_us(r->l, region_day(HELD_ON)) + 12 * REGION_HOUR_US;

    add_session(r, held_us, 10, 500);
    add_session(r, held_us, 10, 0);
    add_session(r, held_us + 300 * LEDGER_US_PER_DAY, 1, 500);
    add_session(r, held_us + 300 * LEDGER_US_PER_DAY, 5, 500);
    enrol(r, 1, MILL, 3, NULL);
    enrol(r, 1, CLEO, 1, NULL);
    enrol(r, 1, ANA, 1, NULL);
    enrol(r, 2, ANA, 1, "A friend");
    enrol(r, 3, MILL, 1, NULL);
    enrol(r, 3, CLEO, 1, NULL);
    OK(r, ledger_session_capacity(r->l, 3, 2, &region_why));
    OK(r, ledger_session_cancel(r->l, 4, &region_why));
}

static void confirm(struct region *r, int64_t enrolment, int minutes, int places)
{
    const struct ledger_attendance a = {
        .enrolment_id = enrolment, .minutes = minutes, .places = places};

    OK(r, ledger_attendance_confirm(r->l, &a, &region_why));
}

void taught_start(struct region *r)
{
    struct ledger_course_draft course = {.title = "Reading a balance sheet",
                                         .description = "For boards and treasurers",
                                         .language = "en-GB",
                                         .threshold_percent = 75};
    int64_t id;

    region_start_file(r);
    move_in(r);
    OK(r, ledger_course_add(r->l, SCHOOL, &course, &region_why, &id));
    sign_up(r);
    course.title = "Reading accounts";
    course.language = "de";
    OK(r, ledger_course_edit(r->l, id, &course, &region_why));
    region_hold(r, ANA, MILL, 100, 4800);
    OK(r, ledger_hold_capture(r->l, region_hold(r, ANA, MILL, 100, 4800), 100, &id));
    region_set_day(r, "2026-03-05");
    confirm(r, 1, 120, 2);
    confirm(r, 2, 89, 1);
    confirm(r, 4, 90, 1);
    region_commit(r);
}

void taught_certify(struct region *r)
{
    OK(r, taught_run(r, SCHOOL, "certificate.issue",
                     json_pack("{s:i, s:s}", "enrolment", 1, "name", "Mia Oak"), NULL));
    OK(r, taught_run(r, SCHOOL, "certificate.issue",
                     json_pack("{s:i, s:s}", "enrolment", 1, "name", "Ned Elm"), NULL));
    OK(r, taught_run(r, 0, "certificate.issue",
                     json_pack("{s:s, s:s, s:s, s:s}", "provider", "school", "member", "mill",
                               "name", "Old Oak", "title", "First aid"),
                     NULL));
    region_commit(r);
}
