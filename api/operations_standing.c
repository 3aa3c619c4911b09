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
        .max = 40                                                                                  \
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

PARAMS(params_instalments, ID("request"),
       {.name = "count",
        .type = API_INTEGER,
        .flags = API_REQUIRED,
        .help = "in so many parts, 1 to 1000"},
       RECURS,
       {.name = "starts",
        .type = API_DATE,
        .help = "the day from which on they fall due, today unless told"});
PARAMS(params_offer,
       {.name = "member",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_OWN,
        .help = "who offers it and is paid"},
       {.name = "title",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "what it is for",
        .max = LEDGER_NAME_MAX},
       {.name = "words", .type = API_TEXT, .help = "more of it", .max = LEDGER_MEMO_MAX},
       {.name = "amount", .type = API_AMOUNT, .flags = API_REQUIRED, .help = "how much each time"},
       CURRENCY_OPTION, RECURS);
PARAMS(
    params_charges, API_PAGE_PARAMS,
    {.name = "member", .type = API_HANDLE, .flags = API_POSITIONAL, .help = "only this member's"},
    {.name = "all", .type = API_FLAG, .help = "those that are withdrawn too"});
PARAMS(params_charge, API_PAGE_PARAMS, ID("charge"));
PARAMS(params_price, ID("charge"),
       {.name = "amount",
        .type = API_AMOUNT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "what it costs who agrees from now on"});
PARAMS(params_withdraw, ID("charge"), WHY);
PARAMS(params_agree, ID("charge"),
       {.name = "from",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_OWN,
        .help = "who agrees and pays"},
       {.name = "amount",
        .type = API_AMOUNT,
        .flags = API_REQUIRED,
        .help = "the price that is agreed to, as it is shown"},
       {.name = "starts",
        .type = API_DATE,
        .help = "the day from which on it falls due, today unless told"},
       ENDS);

COLUMNS(shows_charge, {"charge", "Charge"}, {"state", "State"}, {"payee", "Payee"},
        {"title", "Title"}, {"words", "Words"}, {"amount", "Amount", true},
        {"currency", "Currency"}, {"when", "When"}, {"agreements", "Agreements", true},
        {"offered", "Offered"}, {"reason", "Reason"});
COLUMNS(shows_charges, {"charge", "Charge", true}, {"state", "State"}, {"payee", "Payee"},
        {"title", "Title"}, {"amount", "Amount", true}, {"currency", "Currency"}, {"when", "When"});
COLUMNS(shows_agreements, {"standing", "Standing", true}, {"state", "State"}, {"payer", "Payer"},
        {"amount", "Amount", true}, {"next_due", "Next due"}, {"unpaid", "Unpaid", true});
COLUMNS(shows_standing, {"standing", "Standing payment"}, {"state", "State"}, {"payer", "Payer"},
        {"payee", "Payee"}, {"amount", "Amount", true}, {"currency", "Currency"},
        {"total", "In all", true}, {"request", "Request"}, {"charge", "Charge"},
        {"proposed", "New price", true}, {"when", "When"}, {"first_due", "First due"},
        {"next_due", "Next due"}, {"until", "Until"}, {"count", "Count", true},
        {"met", "Due dates so far", true}, {"unpaid", "Of them unpaid", true}, {"memo", "Memo"},
        {"ordered", "Ordered"}, {"reason", "Reason"});
COLUMNS(shows_standings, {"standing", "Standing", true}, {"state", "State"}, {"payer", "Payer"},
        {"payee", "Payee"}, {"amount", "Amount", true}, {"currency", "Currency"}, {"when", "When"},
        {"next_due", "Next due"}, {"unpaid", "Unpaid", true}, {"memo", "Memo"});
COLUMNS(shows_occurrences, {"due", "Due"}, {"state", "State"}, {"amount", "Amount", true},
        {"transfer", "Transfer", true}, {"effective", "Effective"}, {"attempts", "Attempts", true},
        {"again", "Tried again"}, {"code", "Refused as"}, {"refusal", "Because"});

const struct api_operation api_operations_standing[] = {
    {"standing.order", "POST", "/standing-payments", "standing order", NULL,
     "Pay somebody every week or month", API_PAYERS, API_WRITE, params_order, shows_standing, NULL,
     NULL, op_standing_order, NULL},
    {"standing.list", "GET", "/standing-payments", "standing list", NULL, "List standing payments",
     API_EVERYBODY, API_READ, params_list, NULL, shows_standings, NULL, op_standing_list, NULL},
    {"standing.show", "GET", "/standing-payments/{id}", "standing show", NULL,
     "Show a standing payment and what became of its due dates", API_EVERYBODY, API_READ,
     params_show, shows_standing, shows_occurrences, NULL, op_standing_show, NULL},
    {"standing.pause", "POST", "/standing-payments/{id}/pause", "standing pause", NULL,
     "Stop a standing payment for a while; its due dates meanwhile are passed over", API_PAYERS,
     API_WRITE, params_change, shows_standing, NULL, NULL, op_standing_pause, NULL},
    {"standing.resume", "POST", "/standing-payments/{id}/resumption", "standing resume", NULL,
     "Go on with a standing payment from its next due date", API_PAYERS, API_WRITE, params_change,
     shows_standing, NULL, NULL, op_standing_resume, NULL},
    {"standing.end", "POST", "/standing-payments/{id}/end", "standing end", NULL,
     "End a standing payment at once and for good", API_PAYERS, API_WRITE, params_change,
     shows_standing, NULL, NULL, op_standing_end, NULL},
    {"standing.retry", "POST", "/standing-payments/{id}/retries", "standing retry", NULL,
     "Pay a due date that was refused", API_PAYERS, API_WRITE, params_retry, shows_standing, NULL,
     NULL, op_standing_retry, NULL},

    {"standing.instalments", "POST", "/requests/{id}/instalments", "standing instalments", NULL,
     "Pay a request in equal parts, every week or month", API_PAYERS, API_WRITE, params_instalments,
     shows_standing, NULL, NULL, op_standing_instalments, NULL},

    {"charge.offer", "POST", "/charges", "charge offer", NULL,
     "Offer something for so much each week or month", API_PAYERS, API_WRITE, params_offer,
     shows_charge, NULL, NULL, op_charge_offer, NULL},
    {"charge.list", "GET", "/charges", "charge list", NULL, "List charges that are offered",
     API_EVERYBODY, API_READ, params_charges, NULL, shows_charges, NULL, op_charge_list, NULL},
    {"charge.show", "GET", "/charges/{id}", "charge show", NULL,
     "Show a charge and who has agreed to it", API_EVERYBODY, API_READ, params_charge, shows_charge,
     shows_agreements, NULL, op_charge_show, NULL},
    {"charge.agree", "POST", "/charges/{id}/agreements", "charge agree", NULL,
     "Agree to pay a charge, or to its new price", API_PAYERS, API_WRITE, params_agree,
     shows_standing, NULL, NULL, op_charge_agree, NULL},
    {"charge.price", "POST", "/charges/{id}/prices", "charge price", NULL,
     "Give a charge another price; agreements keep theirs until they are made anew", API_PAYERS,
     API_WRITE, params_price, shows_charge, NULL, NULL, op_charge_price, NULL},
    {"charge.withdraw", "POST", "/charges/{id}/withdrawal", "charge withdraw", NULL,
     "Offer a charge no more; agreements go on", API_PAYERS, API_WRITE, params_withdraw,
     shows_charge, NULL, NULL, op_charge_withdraw, NULL},

    {.name = NULL, .next = api_operations_offer},
};
