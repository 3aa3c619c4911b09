#include "rows.h"

#include "ledger/amount.h"
#include "ledger/booking.h"

#define RESOURCE                                                                                   \
    {                                                                                              \
        .name = "resource", .type = API_HANDLE, .flags = API_REQUIRED | API_POSITIONAL,            \
        .help = "its short name"                                                                   \
    }
#define HOST                                                                                       \
    {                                                                                              \
        .name = "host", .type = API_HANDLE, .flags = API_REQUIRED | API_OWN,                       \
        .help = "who offers it"                                                                    \
    }
#define OF_USE                                                                                     \
    {                                                                                              \
        .name = "from", .type = API_DATE, .help = "the first day of use, today unless told"        \
    }
#define AMOUNT_OR_NONE                                                                             \
    {.name = "amount", .type = API_AMOUNT, .flags = API_POSITIONAL, .help = "how much"},           \
    {                                                                                              \
        .name = "none", .type = API_FLAG, .help = "there is no such price from then on"            \
    }
#define TEXT(what, of, most)                                                                       \
    {                                                                                              \
        .name = what, .type = API_TEXT, .help = of, .max = most                                    \
    }
#define NUMBER(what, of, most)                                                                     \
    {                                                                                              \
        .name = what, .type = API_INTEGER, .help = of, .max = most                                 \
    }
#define MONTH_MINUTES (31 * LEDGER_DAY_MINUTES)
#define TERMS                                                                                      \
    TEXT("description", "what is there", LEDGER_RESOURCE_TEXT_MAX),                                \
        TEXT("accessibility", "steps, doors, hearing loop …", LEDGER_RESOURCE_TEXT_MAX),           \
        TEXT("opening", "\"mon-fri 08:00-18:00, sat 09:00-13:00\", always unless told",            \
             LEDGER_OPENING_MAX),                                                                  \
        TEXT("peak", "when it is dear, written likewise", LEDGER_OPENING_MAX),                     \
        TEXT("bands", "what a cancellation gives back: \"48h 100%, 12h 50%\"",                     \
             LEDGER_BANDS_TEXT_MAX),                                                               \
        NUMBER("capacity", "so many alike, 1 unless told", LEDGER_CAPACITY_MAX),                   \
        NUMBER("slot", "minutes of the grid, 15 unless told", LEDGER_DAY_MINUTES),                 \
        NUMBER("shortest", "minutes of the shortest booking, 60 unless told", MONTH_MINUTES),      \
        NUMBER("longest", "minutes of the longest, 1440 unless told", MONTH_MINUTES),              \
        NUMBER("before", "minutes kept free before each booking", LEDGER_DAY_MINUTES),             \
        NUMBER("after_each", "minutes kept free after each", LEDGER_DAY_MINUTES),                  \
        NUMBER("half_day", "minutes that a half day covers, 240 unless told", LEDGER_DAY_MINUTES), \
        NUMBER("horizon", "days ahead, 90 unless told", LEDGER_HORIZON_DAYS_MAX),                  \
        NUMBER("series_horizon", "days ahead for a series; 0, unless told: as horizon",            \
               LEDGER_SERIES_DAYS_MAX),                                                            \
        {.name = "host_word", .type = API_FLAG, .help = "each booking waits for the host's word"}, \
        NUMBER("answer", "hours to say it, 48 unless told", 720),                                  \
        NUMBER("grace", "minutes to check in, 0 (the usual): nobody need", LEDGER_DAY_MINUTES),    \
        NUMBER("no_show", "percent that who does not come pays, 100 unless told", 100)
#define LOCAL_TIME(what, need, of)                                                                 \
    {                                                                                              \
        .name = what, .type = API_TEXT, .flags = need, .help = of, .max = 40                       \
    }
#define FOLD                                                                                       \
    {                                                                                              \
        .name = "fold", .type = API_CHOICE, .help = "which, where the clocks go back",             \
        .choices = "earlier|later"                                                                 \
    }
#define UNTIL                                                                                      \
    LOCAL_TIME("to", 0, "until when"),                                                             \
    {                                                                                              \
        .name = "for", .type = API_DURATION, .help = "or how long: 90m, 2h"                        \
    }
#define EXTRAS TEXT("extras", "services with it: \"lunch=6, printing\"", 300)
#define BOOKING ID("booking")
#define WHY_IF                                                                                     \
    {                                                                                              \
        .name = "reason", .type = API_TEXT, .help = "why", .max = LEDGER_REASON_MAX                \
    }
#define DRAFT                                                                                      \
    RESOURCE, LOCAL_TIME("from", API_REQUIRED, "when, by its clock: 2026-12-01T09:00"), UNTIL,     \
        {.name = "member",                                                                         \
         .type = API_HANDLE,                                                                       \
         .flags = API_REQUIRED | API_OWN,                                                          \
         .help = "who books and pays"},                                                            \
        {.name = "guest", .type = API_FLAG, .help = "it is for a guest of the member's"},          \
        CURRENCY_IF, EXTRAS, FOLD

PARAMS(params_resource_add, RESOURCE, HOST,
       {.name = "title",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "what it is called",
        .max = LEDGER_NAME_MAX},
       {.name = "kind",
        .type = API_CHOICE,
        .help = "room unless told",
        .choices = "room|desk|equipment"},
       TEXT("zone", "its time zone, the ledger's unless told", LEDGER_ZONE_MAX), TERMS);
PARAMS(params_resource_set, RESOURCE, TEXT("title", "what it is called", LEDGER_NAME_MAX), TERMS,
       {.name = "retired", .type = API_FLAG, .help = "it is offered no more"}, REASON);
PARAMS(params_resource, RESOURCE);
PARAMS(params_resource_list,
       {.name = "host", .type = API_HANDLE, .flags = API_POSITIONAL, .help = "only this member's"},
       {.name = "retired", .type = API_FLAG, .help = "also those offered no more"},
       API_PAGE_PARAMS);
PARAMS(params_resource_close, RESOURCE,
       {.name = "from", .type = API_DATE, .flags = API_REQUIRED, .help = "the first closed day"},
       {.name = "to", .type = API_DATE, .help = "the last, the same day unless told"}, REASON);
PARAMS(params_resource_reopen, RESOURCE,
       {.name = "closure",
        .type = API_INTEGER,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "the number of the closure"},
       REASON);
PARAMS(params_resource_price, RESOURCE, AMOUNT_OR_NONE, CURRENCY_OPTION,
       {.name = "unit",
        .type = API_CHOICE,
        .flags = API_REQUIRED,
        .help = "for how long",
        .choices = "hour|half-day|day"},
       {.name = "class",
        .type = API_CHOICE,
        .help = "for whom, member unless told",
        .choices = "host|member|guest"},
       {.name = "peak",
        .type = API_CHOICE,
        .help = "in which hours, any unless told",
        .choices = "any|peak|off-peak"},
       OF_USE, REASON);
PARAMS(params_resource_share, RESOURCE,
       {.name = "pool",
        .type = API_HANDLE,
        .flags = API_REQUIRED,
        .help = "the fund that has the share"},
       {.name = "points",
        .type = API_INTEGER,
        .flags = API_REQUIRED,
        .help = "basis points: 1500 is 15 %",
        .max = LEDGER_POINTS},
       OF_USE, REASON);
PARAMS(params_resource_quota, RESOURCE,
       {.name = "kind",
        .type = API_CHOICE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "hours included a month; at most a day, week, month or ahead; bookings at once",
        .choices = "included|day|week|month|ahead|live"},
       {.name = "amount",
        .type = API_INTEGER,
        .flags = API_POSITIONAL,
        .help = "hours; of live, bookings",
        .max = LEDGER_QUOTA_MAX / 60},
       {.name = "none", .type = API_FLAG, .help = "there is no such quota from then on"},
       {.name = "member", .type = API_HANDLE, .help = "only for this member"}, OF_USE, REASON);
PARAMS(params_extra_add,
       {.name = "extra",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "its short name"},
       HOST,
       {.name = "title",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "what it is called",
        .max = LEDGER_NAME_MAX});
PARAMS(params_extra_price,
       {.name = "extra",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "its short name"},
       AMOUNT_OR_NONE, CURRENCY_OPTION,
       {.name = "from", .type = API_DATE, .help = "from when on, today unless told"}, REASON);
PARAMS(params_extra_charge,
       {.name = "extra",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "its short name"},
       {.name = "from", .type = API_HANDLE, .flags = API_REQUIRED | API_OWN, .help = "who pays"},
       CURRENCY_OPTION, NUMBER("quantity", "how many, 1 unless told", LEDGER_EXTRA_QUANTITY_MAX));
PARAMS(params_none, END);
PARAMS(params_quote, DRAFT);
PARAMS(params_book, DRAFT,
       TEXT("title", "what it is for; the parties see it", LEDGER_BOOKING_TITLE_MAX),
       {.name = "hold",
        .type = API_DURATION,
        .help = "only hold it for so long, until it is confirmed"});
PARAMS(params_booking_list,
       {.name = "resource",
        .type = API_HANDLE,
        .flags = API_POSITIONAL,
        .help = "what is taken there"},
       {.name = "member", .type = API_HANDLE, .help = "or what this member has"},
       {.name = "from", .type = API_DATE, .help = "first day, today unless told"},
       {.name = "to", .type = API_DATE, .help = "last day, 30 days later unless told"},
       {.name = "all", .type = API_FLAG, .help = "also those that are over or cancelled"},
       API_PAGE_PARAMS);
PARAMS(params_booking, BOOKING);
PARAMS(params_booking_step, BOOKING, WHY_IF);
PARAMS(params_booking_reason, BOOKING, REASON);
PARAMS(params_booking_cancel, BOOKING,
       {.name = "by",
        .type = API_CHOICE,
        .help = "whose side goes back on it, where a keeper says so",
        .choices = "member|host"},
       REASON);
PARAMS(params_booking_move, BOOKING, LOCAL_TIME("from", 0, "the new beginning, by its clock"),
       UNTIL, FOLD, WHY_IF);

COLUMNS(shows_resource, {"resource", "Resource"}, {"title", "Title"}, {"kind", "Kind"},
        {"host", "Host"}, {"zone", "Time zone"}, {"description", "Description"},
        {"accessibility", "Access"}, {"opening", "Open"}, {"peak", "Peak"},
        {"capacity", "Alike", true}, {"slot", "Grid, min", true}, {"shortest", "Shortest", true},
        {"longest", "Longest", true}, {"before", "Before", true}, {"after_each", "After", true},
        {"half_day", "Half day", true}, {"horizon", "Days ahead", true},
        {"series_horizon", "In a series", true}, {"bands", "Cancelled"},
        {"grace", "To check in", true}, {"no_show", "No-show, %", true},
        {"host_word", "Host's word"}, {"retired", "Retired"});
COLUMNS(shows_closures, {"closure", "Closed", true}, {"from", "From"}, {"to", "To"},
        {"reason", "Why"});
COLUMNS(shows_resources, {"resource", "Resource"}, {"title", "Title"}, {"kind", "Kind"},
        {"host", "Host"}, {"capacity", "Alike", true}, {"opening", "Open"},
        {"accessibility", "Access"});
COLUMNS(shows_price, {"class", "For"}, {"peak", "When"}, {"unit", "Per"},
        {"amount", "Amount", true}, {"currency", "Currency"}, {"from", "From"});
COLUMNS(shows_prices_head, {"resource", "Resource"}, {"pool", "Pool"},
        {"points", "Its points", true});
COLUMNS(shows_share, {"resource", "Resource"}, {"pool", "Pool"}, {"points", "Points", true},
        {"from", "From"});
COLUMNS(shows_quota, {"kind", "Kind"}, {"member", "Member"}, {"amount", "Amount", true},
        {"from", "From"});
COLUMNS(shows_extra, {"extra", "Extra"}, {"title", "Title"}, {"host", "Host"},
        {"prices", "Prices"});
COLUMNS(shows_transfer, {"transfer", "No.", true}, {"kind", "Kind"}, {"posted", "Posted"},
        {"effective", "Effective"}, {"payer", "Payer"}, {"payee", "Payee"},
        {"amount", "Amount", true}, {"currency", "Currency"}, {"memo", "Memo"});
COLUMNS(shows_quote, {"resource", "Resource"}, {"from", "From"}, {"to", "To"}, {"class", "Class"},
        {"amount", "Amount", true}, {"currency", "Currency"});
COLUMNS(shows_lines, {"kind", "Line"}, {"what", "What"}, {"quantity", "Quantity", true},
        {"each", "Each", true}, {"amount", "Amount", true}, {"rule", "Rule", true});
COLUMNS(shows_booking, {"booking", "No.", true}, {"state", "State"}, {"resource", "Resource"},
        {"unit", "Unit", true}, {"from", "From"}, {"to", "To"}, {"zone", "Time zone"},
        {"member", "Member"}, {"class", "Class"}, {"title", "Title"}, {"amount", "Amount", true},
        {"kept", "Kept", true}, {"paid", "Paid", true}, {"currency", "Currency"},
        {"hold", "Hold", true}, {"series", "Series", true}, {"until", "Until"});
COLUMNS(shows_bookings, {"booking", "No.", true}, {"resource", "Resource"}, {"unit", "Unit", true},
        {"from", "From"}, {"to", "To"}, {"state", "State"}, {"member", "Member"},
        {"amount", "Amount", true}, {"currency", "Currency"}, {"title", "Title"});
COLUMNS(shows_changes, {"at", "At"}, {"state", "State"}, {"from", "From"}, {"to", "To"},
        {"amount", "Amount", true}, {"transfer", "Transfer", true}, {"actor", "Who"},
        {"reason", "Why"});

#define HOSTS (API_KEEPERS | LEDGER_MANAGER)

const struct api_operation api_operations_pool[] = {
    {"resource.add", "POST", "/resources", "resource add", NULL,
     "Offer a room, desks or equipment to all members", HOSTS, API_WRITE, params_resource_add,
     shows_resource, NULL, NULL, op_resource_add, NULL},
    {"resource.set", "POST", "/resources/{resource}/terms", "resource set", NULL,
     "Change how a resource is offered; bookings keep their terms", HOSTS, API_WRITE,
     params_resource_set, shows_resource, NULL, NULL, op_resource_set, NULL},
    {"resource.list", "GET", "/resources", "resource list", NULL, "List what is offered",
     API_EVERYBODY, API_READ, params_resource_list, NULL, shows_resources, NULL, op_resource_list,
     NULL},
    {"resource.show", "GET", "/resources/{resource}", "resource show", NULL,
     "Show a resource, its rules and the days on which it is closed", API_EVERYBODY, API_READ,
     params_resource, shows_resource, shows_closures, NULL, op_resource_show, NULL},
    {"resource.close", "POST", "/resources/{resource}/closures", "resource close", NULL,
     "Close a resource on some days", HOSTS, API_WRITE, params_resource_close, shows_resource,
     shows_closures, NULL, op_resource_close, NULL},
    {"resource.reopen", "POST", "/resources/{resource}/closures/{closure}/reopening",
     "resource reopen", NULL, "Take a closure back", HOSTS, API_WRITE, params_resource_reopen,
     shows_resource, shows_closures, NULL, op_resource_reopen, NULL},
    {"resource.price", "POST", "/resources/{resource}/prices", "resource price", NULL,
     "Set a price from a day of use on", HOSTS, API_WRITE, params_resource_price, shows_price, NULL,
     NULL, op_resource_price, NULL},
    {"resource.prices", "GET", "/resources/{resource}/prices", "resource prices", NULL,
     "List the prices of a resource, and the pool's share", API_EVERYBODY, API_READ,
     params_resource, shows_prices_head, shows_price, NULL, op_resource_prices, NULL},
    {"resource.share", "POST", "/resources/{resource}/shares", "resource share", NULL,
     "Set what the pool takes of each payment", API_KEEPERS, API_WRITE, params_resource_share,
     shows_share, NULL, NULL, op_resource_share, NULL},
    {"resource.quota", "POST", "/resources/{resource}/quotas", "resource quota", NULL,
     "Set how much of it a member has without a price, or may book", HOSTS, API_WRITE,
     params_resource_quota, shows_quota, NULL, NULL, op_resource_quota, NULL},
    {"resource.quotas", "GET", "/resources/{resource}/quotas", "resource quotas", NULL,
     "List the quotas of a resource", API_EVERYBODY, API_READ, params_resource, NULL, shows_quota,
     NULL, op_resource_quotas, NULL},

    {"extra.add", "POST", "/extras", "extra add", NULL, "Offer a service: printing, mail, lunch",
     HOSTS, API_WRITE, params_extra_add, shows_extra, NULL, NULL, op_extra_add, NULL},
    {"extra.price", "POST", "/extras/{extra}/prices", "extra price", NULL,
     "Set what one of an extra costs from a day on", HOSTS, API_WRITE, params_extra_price,
     shows_extra, NULL, NULL, op_extra_price, NULL},
    {"extra.list", "GET", "/extras", "extra list", NULL, "List the extras with their prices",
     API_EVERYBODY, API_READ, params_none, NULL, shows_extra, NULL, op_extra_list, NULL},
    {"extra.charge", "POST", "/extras/{extra}/charges", "extra charge", NULL,
     "Pay for an extra by itself", API_PAYERS, API_WRITE, params_extra_charge, shows_transfer, NULL,
     NULL, op_extra_charge, op_transfer_posted},

    {"booking.quote", "GET", "/resources/{resource}/quote", "booking quote", "quote",
     "Show what a booking would cost, item by item, and whether it is free", API_EVERYBODY,
     API_READ, params_quote, shows_quote, shows_lines, NULL, op_booking_quote, NULL},
    {"booking.make", "POST", "/resources/{resource}/bookings", "booking make", "book",
     "Book a resource and hold what it costs", API_PAYERS, API_WRITE, params_book, shows_booking,
     shows_lines, NULL, op_booking_make, NULL},
    {"booking.list", "GET", "/bookings", "booking list", NULL,
     "List what is taken of a resource, or what a member has booked", API_EVERYBODY, API_READ,
     params_booking_list, NULL, shows_bookings, NULL, op_booking_list, NULL},
    {"booking.show", "GET", "/bookings/{id}", "booking show", NULL,
     "Show a booking and what its price is made of", API_EVERYBODY, API_READ, params_booking,
     shows_booking, shows_lines, NULL, op_booking_show, NULL},
    {"booking.history", "GET", "/bookings/{id}/changes", "booking history", NULL,
     "List what became of a booking: who, when, why", API_EVERYBODY, API_READ, params_booking, NULL,
     shows_changes, NULL, op_booking_history, NULL},
    {"booking.confirm", "POST", "/bookings/{id}/confirmation", "booking confirm", NULL,
     "Confirm a booking that is only held", API_PAYERS, API_WRITE, params_booking_step,
     shows_booking, shows_lines, NULL, op_booking_confirm, NULL},
    {"booking.reject", "POST", "/bookings/{id}/rejection", "booking reject", NULL,
     "Say no to a booking that waits for the host's word", API_PAYERS, API_WRITE,
     params_booking_reason, shows_booking, shows_lines, NULL, op_booking_reject, NULL},
    {"booking.check-in", "POST", "/bookings/{id}/check-in", "booking check-in", NULL,
     "Say that somebody is there", API_PAYERS, API_WRITE, params_booking_step, shows_booking,
     shows_lines, NULL, op_booking_check_in, NULL},
    {"booking.complete", "POST", "/bookings/{id}/completion", "booking complete", NULL,
     "End a booking that has begun and pay it whole", API_PAYERS, API_WRITE, params_booking_step,
     shows_booking, shows_lines, NULL, op_booking_complete, NULL},
    {"booking.no-show", "POST", "/bookings/{id}/no-show", "booking no-show", NULL,
     "Say that nobody came", API_PAYERS, API_WRITE, params_booking_step, shows_booking, shows_lines,
     NULL, op_booking_no_show, NULL},
    {"booking.cancel", "POST", "/bookings/{id}/cancellation", "booking cancel", NULL,
     "Cancel a booking; what goes back depends on how early", API_PAYERS, API_WRITE,
     params_booking_cancel, shows_booking, shows_lines, NULL, op_booking_cancel, NULL},
    {"booking.move", "POST", "/bookings/{id}/moves", "booking move", NULL,
     "Move a booking, or make it longer or shorter", API_PAYERS, API_WRITE, params_booking_move,
     shows_booking, shows_lines, NULL, op_booking_move, NULL},
    {"booking.erase", "POST", "/bookings/{id}/erasure", "booking erase", NULL,
     "Erase the title of a booking; its time and price stay", STEWARDS, API_WRITE,
     params_booking_reason, shows_booking, shows_lines, NULL, op_booking_erase, NULL},

    {.name = NULL, .next = api_operations_series},
};
