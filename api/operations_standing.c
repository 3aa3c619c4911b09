#include "rows.h"

#include "ledger/standing.h"

#define WHY                                                                                        \
    {                                                                                              \
        .name = "reason", .type = API_TEXT, .help = "why; kept for ever", .max = LEDGER_REASON_MAX \
    }
#define RECURS                                                                                     \
    {.name = "every",                                                                              \
     .type = API_CHOICE,                                                                           \
     .flags = API_REQUIRED,                                                                        \
     .help = "what it recurs by",                                                                  \
     .choices = "week|month"},                                                                     \
        {.name = "interval",                                                                       \
         .type = API_INTEGER,                                                                      \
         .help = "every so many of them: 1 to 52 weeks, 1 to 24 months, 1 unless told"},           \
    {                                                                                              \
        .name = "on", .type = API_TEXT,                                                            \
        .help =                                                                                    \
            "monday to sunday; or 1 to 31 or last, of the month; that of its start unless told",   \
        .max = 10                                                                                  \
    }
#define ENDS                                                                                       \
    {.name = "until", .type = API_DATE, .help = "the last day it may fall due"},                   \
    {                                                                                              \
        .name = "count", .type = API_INTEGER, .help = "or so many due dates, 1 to 1000"            \
    }

PARAMS(params_order,
       {.name = "payee",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "who is paid"},
       {.name = "amount",
        .type = API_AMOUNT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "how much each time"},
       {.name = "from", .type = API_HANDLE, .flags = API_REQUIRED | API_OWN, .help = "who pays"},
       CURRENCY_OPTION, RECURS,
       {.name = "starts",
        .type = API_DATE,
        .help = "the day from which on it falls due, today unless told"},
       ENDS, {.name = "until_ended", .type = API_FLAG, .help = "or until somebody ends it"}, MEMO);
PARAMS(params_show, API_PAGE_PARAMS, ID("standing payment"),
       {.name = "unpaid",
        .type = API_FLAG,
        .help = "only due dates that were refused and not paid since"});
PARAMS(params_change, ID("standing payment"), WHY);
PARAMS(params_retry, ID("standing payment"),
       {.name = "due",
        .type = API_DATE,
        .help = "which due date, the earliest unpaid unless told"});
PARAMS(params_list, API_PAGE_PARAMS, MEMBER_IF,
       {.name = "unpaid", .type = API_FLAG, .help = "only those with an unpaid due date"},
       {.name = "all", .type = API_FLAG, .help = "those that are done or ended too"});

COLUMNS(shows_standing, {"standing", "Standing payment"}, {"state", "State"}, {"payer", "Payer"},
        {"payee", "Payee"}, {"amount", "Amount", true}, {"currency", "Currency"}, {"when", "When"},
        {"first_due", "First due"}, {"next_due", "Next due"}, {"until", "Until"},
        {"count", "Count", true}, {"met", "Due dates so far", true},
        {"unpaid", "Of them unpaid", true}, {"memo", "Memo"}, {"ordered", "Ordered"},
        {"reason", "Reason"});
COLUMNS(shows_standings, {"standing", "Standing", true}, {"state", "State"}, {"payer", "Payer"},
        {"payee", "Payee"}, {"amount", "Amount", true}, {"currency", "Currency"}, {"when", "When"},
        {"next_due", "Next due"}, {"unpaid", "Unpaid", true}, {"memo", "Memo"});
COLUMNS(shows_occurrences, {"due", "Due"}, {"state", "State"}, {"amount", "Amount", true},
        {"transfer", "Transfer", true}, {"effective", "Effective"}, {"attempts", "Attempts", true},
        {"again", "Tried again"}, {"code", "Refused as"}, {"refusal", "Because"});

const struct api_operation api_operations_standing[] = {
    {"standing.order", "POST", "/standing-payments", "standing order", NULL,
     "Pay somebody every week or month", API_PAYERS, API_WRITE, params_order, shows_standing, NULL,
     NULL, op_standing_order, op_standing_done},
    {"standing.list", "GET", "/standing-payments", "standing list", NULL, "List standing payments",
     API_EVERYBODY, API_READ, params_list, NULL, shows_standings, NULL, op_standing_list, NULL},
    {"standing.show", "GET", "/standing-payments/{id}", "standing show", NULL,
     "Show a standing payment and what became of its due dates", API_EVERYBODY, API_READ,
     params_show, shows_standing, shows_occurrences, NULL, op_standing_show, NULL},
    {"standing.pause", "POST", "/standing-payments/{id}/pause", "standing pause", NULL,
     "Stop a standing payment for a while; its due dates meanwhile are passed over", API_PAYERS,
     API_WRITE, params_change, shows_standing, NULL, NULL, op_standing_pause, op_standing_done},
    {"standing.resume", "POST", "/standing-payments/{id}/resumption", "standing resume", NULL,
     "Go on with a standing payment from its next due date", API_PAYERS, API_WRITE, params_change,
     shows_standing, NULL, NULL, op_standing_resume, op_standing_done},
    {"standing.end", "POST", "/standing-payments/{id}/end", "standing end", NULL,
     "End a standing payment at once and for good", API_PAYERS, API_WRITE, params_change,
     shows_standing, NULL, NULL, op_standing_end, op_standing_done},
    {"standing.retry", "POST", "/standing-payments/{id}/retries", "standing retry", NULL,
     "Pay a due date that was refused", API_PAYERS, API_WRITE, params_retry, shows_standing, NULL,
     NULL, op_standing_retry, op_standing_done},

    {.name = NULL, .next = api_operations_offer},
};
