#include "access.h"

#include "api/run.h"
#include "ledger/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#define LINE_LENGTH 512
#define SOME_DAY                                                                                   \
    "\"starts\":\"2036-05-05T18:00\",\"ends\":\"2036-05-05T20:00\",\"offer_for\":\"400d\""
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void local(const struct web_node *node, const char *operation, const char *args)
{
    json_t *json = json_loads(args, 0, NULL);

    assert_non_null(json);
    json_decref(web_local(node, operation, json));
}

/* A vacancy of riverside's, and one of mill's people with it from today on. */
static void place_somebody(const struct web_node *node)
{
    char day[LEDGER_DATE_TEXT];
    char args[512];

    ledger_date_format((int32_t)(api_env.now_us(NULL) / LEDGER_US_PER_DAY), day);
    local(node, "vacancy.post",
          "{\"member\":\"riverside\",\"kind\":\"relief\",\"title\":\"Night shift\","
          "\"hours\":\"8\"}");
    snprintf(args, sizeof args,
             "{\"host\":\"riverside\",\"member\":\"mill\",\"person\":\"Ana\",\"hours\":\"8\","
             "\"rate\":\"1.00\",\"currency\":\"CALD\",\"starts\":\"%s\",\"ends\":\"%s\"}",
             day, day);
    local(node, "placement.agree", args);
}

/*
 * Beside riverside and mill: a fund, one who left, one who has applied, one who may leave.
 * Transfer 1 is from riverside to mill, 2 back, 3 from riverside to the fund. Hold 1 is from
 * riverside to mill, 2 back, 3 from riverside to the fund and released. Transfer 4 grants riverside
 * training credits, 5 pays mill 3.00 of them, 6 is for its request. Tokens 1 to 6 are those of
 * the roles, 7 is mill's.
 */
static void furnish(const struct web_node *node, char mill_token[static LEDGER_TOKEN_SECRET])
{
    static const struct {
        const char *operation;
        const char *args;
    } deeds[] = {
        {"member.add", "{\"handle\":\"commons\",\"name\":\"Commons\",\"kind\":\"fund\"}"},
        {"member.add", "{\"handle\":\"gone\",\"name\":\"Gone\"}"},
        {"member.leave", "{\"member\":\"gone\",\"reason\":\"moved\"}"},
        {"member.add", "{\"handle\":\"new\",\"name\":\"New\",\"applied\":true}"},
        {"member.add", "{\"handle\":\"idle\",\"name\":\"Idle\"}"},
        {"currency.add", "{\"code\":\"HOUR\",\"name\":\"Hours\",\"kind\":\"time\"}"},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"9.00\","
                         "\"currency\":\"CALD\",\"memo\":\"bread\"}"},
        {"transfer.pay", "{\"from\":\"mill\",\"payee\":\"riverside\",\"amount\":\"2.00\","
                         "\"currency\":\"CALD\",\"memo\":\"flour\"}"},
        {"hold.place", "{\"from\":\"riverside\",\"payees\":[{\"payee\":\"mill\",\"amount\":"
                       "\"1.00\"}],\"currency\":\"CALD\"}"},
        {"hold.place", "{\"from\":\"mill\",\"payees\":[{\"payee\":\"riverside\",\"amount\":"
                       "\"1.00\"}],\"currency\":\"CALD\"}"},
        {"hold.place", "{\"from\":\"riverside\",\"payees\":[{\"payee\":\"commons\",\"amount\":"
                       "\"1.00\"}],\"currency\":\"CALD\",\"memo\":\"seats\"}"},
        {"hold.release", "{\"id\":3}"},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"commons\",\"amount\":\"1.00\","
                         "\"currency\":\"CALD\"}"},
        {"currency.add", "{\"code\":\"SKILL\",\"name\":\"Skills\",\"kind\":\"training\","
                         "\"floor\":\"-50.00\"}"},
        {"provider.add", "{\"member\":\"mill\",\"reason\":\"teaches\"}"},
        {"credits.rate", "{\"currency\":\"SKILL\",\"in\":\"GBP\",\"value\":\"2\","
                         "\"reason\":\"decided\"}"},
        {"credits.grant", "{\"fund\":\"commons\",\"member\":\"riverside\",\"amount\":\"5.00\","
                          "\"currency\":\"SKILL\",\"expires\":\"2035-11-30\","
                          "\"purpose\":\"a course\"}"},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"3.00\","
                         "\"currency\":\"SKILL\"}"},
        {"certificate.issue", "{\"provider\":\"riverside\",\"member\":\"mill\",\"name\":\"Ana\","
                              "\"title\":\"First aid\"}"},
        {"course.add", "{\"provider\":\"riverside\",\"title\":\"Reading accounts\"}"},
        {"session.add", "{\"course\":1," SOME_DAY ",\"capacity\":3,\"price\":\"1.00\","
                        "\"currency\":\"CALD\"}"},
        {"enrolment.add", "{\"session\":1,\"member\":\"mill\"}"},
        {"course.add", "{\"provider\":\"commons\",\"title\":\"How a fund works\"}"},
        {"session.add", "{\"course\":2," SOME_DAY ",\"capacity\":1}"},
        {"enrolment.add", "{\"session\":2,\"member\":\"riverside\"}"},
        {"enrolment.add", "{\"session\":2,\"member\":\"mill\",\"wait\":true}"},
        {"session.capacity", "{\"id\":2,\"capacity\":2,\"reason\":\"more chairs\"}"},
        {"session.add", "{\"course\":1," SOME_DAY ",\"capacity\":9}"},
        {"offer.post", "{\"member\":\"riverside\",\"category\":\"food\",\"title\":\"Bread\"}"},
        {"want.post", "{\"member\":\"mill\",\"category\":\"food\",\"title\":\"Cake\"}"},
        {"currency.equivalent",
         "{\"currency\":\"CALD\",\"unit\":\"GBP\",\"value\":\"1\",\"reason\":\"decided\"}"},
        {"request.create", "{\"payee\":\"mill\",\"payer\":\"riverside\",\"currency\":\"CALD\","
                           "\"text\":\"flour\",\"amount\":\"5.00\",\"outside\":\"1.00\"}"},
        {"request.create", "{\"payee\":\"riverside\",\"payer\":\"mill\",\"currency\":\"CALD\","
                           "\"text\":\"bread\",\"amount\":\"3.00\",\"outside\":\"1.00\"}"},
        {"request.create", "{\"payee\":\"commons\",\"payer\":\"riverside\",\"currency\":"
                           "\"CALD\",\"text\":\"a levy\",\"amount\":\"1.00\"}"},

        {"webhook.add", "{\"member\":\"riverside\",\"url\":\"https://1.1.1.1/hook\"}"},
        {"transfer.pay", "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"2.00\","
                         "\"currency\":\"CALD\",\"memo\":\"for the flour\"}"},
    };
    json_t *made;

    for (size_t i = 0; i < COUNT(deeds); i++)
        local(node, deeds[i].operation, deeds[i].args);
    place_somebody(node);
    local(node, "preapproval.set",
          "{\"from\":\"riverside\",\"payee\":\"commons\",\"currency\":\"CALD\","
          "\"each\":\"1.00\",\"month\":\"2.00\"}");
    local(node, "guarantee.set",
          "{\"currency\":\"CALD\",\"order\":\"commons:limit,members\","
          "\"reason\":\"decided\"}");
    local(node, "default.declare",
          "{\"member\":\"riverside\",\"currency\":\"CALD\","
          "\"reason\":\"does not pay\"}");
    made = web_local(node, "token.create",
                     json_pack("{s:s, s:s}", "role", "manager", "member", "mill"));
    snprintf(mill_token, LEDGER_TOKEN_SECRET, "%s",
             json_string_value(json_object_get(made, "secret")));
    json_decref(made);
}

/* In two days, since nothing is booked in the past. */
static void furnish_pool(const struct web_node *node)
{
    static const char *const bookings[] = {
        "{\"resource\":\"studio\",\"from\":\"%s\",\"for\":\"2h\",\"member\":\"riverside\","
        "\"title\":\"tasting\"}",
        "{\"resource\":\"hall\",\"from\":\"%s\",\"for\":\"2h\",\"member\":\"commons\"}"};
    time_t at = (time(NULL) / 3600 + 48) * 3600;
    struct tm utc;
    char text[32];
    char args[256];

    local(node, "resource.add", "{\"resource\":\"studio\",\"host\":\"mill\",\"title\":\"Studio\"}");
    local(node, "resource.add",
          "{\"resource\":\"hall\",\"host\":\"riverside\",\"title\":\"Hall\"}");
    local(node, "resource.close",
          "{\"resource\":\"studio\",\"from\":\"2229-01-01\",\"reason\":\"paint\"}");
    local(node, "extra.add", "{\"extra\":\"lunch\",\"host\":\"mill\",\"title\":\"Lunch\"}");
    local(node, "extra.price",
          "{\"extra\":\"lunch\",\"amount\":\"1.00\",\"currency\":\"CALD\","
          "\"reason\":\"decided\"}");
    gmtime_r(&at, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    for (size_t i = 0; i < COUNT(bookings); i++) {
        snprintf(args, sizeof args, bookings[i], text);
        local(node, "booking.make", args);
    }
    at += 7 * 86400;
    gmtime_r(&at, &utc);
    strftime(text, sizeof text, "%Y-%m-%d", &utc);
    snprintf(args, sizeof args,
             "{\"resource\":\"hall\",\"rule\":\"FREQ=DAILY;COUNT=1\",\"member\":\"riverside\","
             "\"start\":\"%sT09:00\",\"end\":\"%sT11:00\"}",
             text, text);
    local(node, "series.make", args);
    local(node, "feed.create", "{\"member\":\"riverside\"}");
}

/* 1 is riverside's to mill, 2 the fund's to riverside, 3 riverside's for the charge that mill offers. */
static void furnish_standing(const struct web_node *node)
{
    local(node, "standing.order",
          "{\"from\":\"riverside\",\"payee\":\"mill\",\"amount\":\"1.00\","
          "\"currency\":\"CALD\",\"every\":\"week\",\"until_ended\":true}");
    local(node, "standing.order",
          "{\"from\":\"commons\",\"payee\":\"riverside\",\"amount\":\"1.00\","
          "\"currency\":\"CALD\",\"every\":\"month\",\"until_ended\":true}");
    local(node, "charge.offer",
          "{\"member\":\"mill\",\"title\":\"Hosting\",\"amount\":\"2.00\","
          "\"currency\":\"CALD\",\"every\":\"month\"}");
    local(node, "charge.agree", "{\"id\":1,\"from\":\"riverside\",\"amount\":\"2.00\"}");
    local(node, "chores.run", "{}"); /* what is due is paid now, not while the callers are walked */
}

static bool read_row(const char *line, struct access_row *row)
{
    int *s = row->status;

    return sscanf(line, "%63s %d %d %d %d %d %d %d %127s %255[^\n]", row->operation, &s[0], &s[1],
                  &s[2], &s[3], &s[4], &s[5], &s[6], row->path, row->body) == 10;
}

int access_read(struct access_row rows[static ACCESS_ROWS_MAX])
{
    char line[LINE_LENGTH];
    int count = 0;
    FILE *f = fopen(ACCESS_FILE, "r");

    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#' || line[0] == '\n')
            continue;
        assert_true(count < ACCESS_ROWS_MAX);
        if (!read_row(line, &rows[count++]))
            fail_msg("%s: this row cannot be read: %s", ACCESS_FILE, line);
    }
    fclose(f);
    return count;
}

void access_ledger(struct web_node *node, char mill_token[static LEDGER_TOKEN_SECRET])
{
    web_ledger(node, 0);
    furnish(node, mill_token);
    furnish_pool(node);
    furnish_standing(node);
}
