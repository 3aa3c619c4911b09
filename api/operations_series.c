#include "rows.h"

#include "ledger/booking.h"
#include "ledger/series.h"

#define RESOURCE(need, of)                                                                         \
    {                                                                                              \
        .name = "resource", .type = API_HANDLE, .flags = need, .help = of                          \
    }
#define HOST_IF                                                                                    \
    {                                                                                              \
        .name = "host", .type = API_HANDLE, .flags = API_POSITIONAL | API_OWN,                     \
        .help = "only what this member offers"                                                     \
    }
#define DAYS                                                                                       \
    {.name = "from", .type = API_DATE, .help = "the first day, 30 days back unless told"},         \
    {                                                                                              \
        .name = "to", .type = API_DATE, .help = "the last, today unless told"                      \
    }

PARAMS(
    params_make, RESOURCE(API_REQUIRED | API_POSITIONAL, "what is booked"),
    {.name = "rule",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .help = "on which days: FREQ=WEEKLY;BYDAY=MO;COUNT=10, or with UNTIL=20270630",
     .max = LEDGER_RULE_MAX},
    {.name = "start",
     .type = API_LOCAL,
     .flags = API_REQUIRED,
     .help = "the first day and the time: 2026-12-07T09:30, by the clock of the place"},
    {.name = "end", .type = API_LOCAL, .flags = API_REQUIRED, .help = "until when, likewise"},
    {.name = "member",
     .type = API_HANDLE,
     .flags = API_REQUIRED | API_OWN,
     .help = "who books and pays"},
    {.name = "guest", .type = API_FLAG, .help = "it is for a guest of the member's"}, CURRENCY_IF,
    {.name = "title",
     .type = API_TEXT,
     .help = "what it is for; the parties see it",
     .max = LEDGER_BOOKING_TITLE_MAX},
    {.name = "conflicts",
     .type = API_CHOICE,
     .help = "refuse all of it unless told, or skip the dates that cannot be booked",
     .choices = "refuse|skip"},
    {.name = "billing",
     .type = API_CHOICE,
     .help = "a hold for each date when it comes near, or (by the treasurer) paid after each month",
     .choices = "holds|arrears"},
    {.name = "fold",
     .type = API_CHOICE,
     .help = "which, where the clocks go back",
     .choices = "earlier|later"});
PARAMS(params_series, ID("series"));
PARAMS(params_cancel, ID("series"),
       {.name = "by",
        .type = API_CHOICE,
        .help = "whose side goes back on it, where a keeper says so",
        .choices = "member|host"},
       REASON);
PARAMS(params_list, MEMBER_IF, API_PAGE_PARAMS);
PARAMS(params_feed_create, MEMBER_IF, RESOURCE(0, "what is booked of this"));
PARAMS(params_feed, ID("feed"));
PARAMS(params_usage, HOST_IF, DAYS);
PARAMS(params_hours, RESOURCE(API_REQUIRED | API_POSITIONAL, "of which resource"), DAYS);

COLUMNS(shows_series, {"series", "No.", true}, {"resource", "Resource"}, {"member", "Member"},
        {"rule", "Rule"}, {"start", "Start"}, {"end", "End"}, {"zone", "Time zone"},
        {"billing", "Billing"}, {"booked", "Booked", true}, {"skipped", "Skipped", true},
        {"cancelled", "Cancelled", true});
COLUMNS(shows_dates, {"date", "Date"}, {"booking", "Booking", true}, {"state", "State"},
        {"from", "From"}, {"to", "To"}, {"reason", "Why not"});
COLUMNS(shows_list, {"series", "No.", true}, {"resource", "Resource"}, {"member", "Member"},
        {"rule", "Rule"}, {"start", "Start"}, {"end", "End"}, {"billing", "Billing"});
COLUMNS(shows_notices, {"notice", "No.", true}, {"kind", "What"}, {"series", "Series", true},
        {"booking", "Booking", true}, {"resource", "Resource"}, {"member", "Member"}, {"at", "At"},
        {"until", "Until"}, {"reason", "Why"});
COLUMNS(shows_new_feed, {"feed", "No.", true}, {"member", "Member"}, {"resource", "Resource"},
        {"secret", "Address"});
COLUMNS(shows_feed, {"feed", "No.", true}, {"member", "Member"}, {"resource", "Resource"},
        {"created", "Created"}, {"revoked", "Revoked"});
COLUMNS(shows_period, {"from", "From"}, {"to", "To"});
COLUMNS(shows_usage, {"resource", "Resource"}, {"host", "Host"}, {"open", "Open, min", true},
        {"booked", "Booked, min", true}, {"percent", "%", true}, {"bookings", "Bookings", true},
        {"no_shows", "No-shows", true}, {"cancelled", "Cancelled", true});
COLUMNS(shows_hours, {"week", "Week from"}, {"hour", "Hour", true}, {"minutes", "Minutes", true});
COLUMNS(shows_income, {"host", "Host"}, {"month", "Month"}, {"bookings", "Bookings", true},
        {"paid", "Paid", true}, {"income", "Host's", true}, {"pool", "Pool's", true},
        {"currency", "Currency"});

const struct api_operation api_operations_series[] = {
    {"series.make", "POST", "/resources/{resource}/series", "series make", NULL,
     "Book a resource on every date of a rule", API_PAYERS, API_WRITE, params_make, shows_series,
     shows_dates, NULL, op_series_make, NULL},
    {"series.list", "GET", "/series", "series list", NULL,
     "List the series of a member or on its resources", API_EVERYBODY, API_READ, params_list, NULL,
     shows_list, NULL, op_series_list, NULL},
    {"series.show", "GET", "/series/{id}", "series show", NULL,
     "Show a series and what became of each date", API_EVERYBODY, API_READ, params_series,
     shows_series, shows_dates, NULL, op_series_show, NULL},
    {"series.cancel", "POST", "/series/{id}/cancellation", "series cancel", NULL,
     "Cancel every date of a series that has not begun", API_PAYERS, API_WRITE, params_cancel,
     shows_series, shows_dates, NULL, op_series_cancel, NULL},
    {"series.notices", "GET", "/series/notices", "series notices", NULL,
     "List holds and payments of series that were refused, and what became of it", API_EVERYBODY,
     API_READ, params_list, NULL, shows_notices, NULL, op_series_notices, NULL},

    {"feed.create", "POST", "/feeds", "feed create", NULL,
     "Make a secret address for a calendar program", API_EVERYBODY, API_WRITE, params_feed_create,
     shows_new_feed, NULL, NULL, op_feed_create, NULL},
    {"feed.list", "GET", "/feeds", "feed list", NULL, "List calendar addresses", API_EVERYBODY,
     API_READ, params_list, NULL, shows_feed, NULL, op_feed_list, NULL},
    {"feed.revoke", "POST", "/feeds/{id}/revocation", "feed revoke", NULL,
     "Take a calendar address back at once", API_EVERYBODY, API_WRITE, params_feed, shows_feed,
     NULL, NULL, op_feed_revoke, NULL},

    {"usage.show", "GET", "/usage", "usage show", NULL,
     "How much of what is offered was booked, of the time that it was open", API_EVERYBODY,
     API_READ, params_usage, shows_period, shows_usage, NULL, op_usage_show, NULL},
    {"usage.hours", "GET", "/resources/{resource}/usage", "usage hours", NULL,
     "In which hours of which week a resource was used", API_EVERYBODY, API_READ, params_hours,
     shows_period, shows_hours, NULL, op_usage_hours, NULL},
    {"usage.income", "GET", "/usage/income", "usage income", NULL,
     "What bookings paid, by host and month, and the pool's share of it", API_EVERYBODY, API_READ,
     params_usage, shows_period, shows_income, NULL, op_usage_income, NULL},

    {.name = NULL, .next = api_operations_request},
};
