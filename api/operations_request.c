#include "rows.h"

#include "ledger/request_line.h"

/* What a request or a credit note is made of. */
#define LINES                                                                                      \
    {.name = "lines",                                                                              \
     .type = API_ITEMS,                                                                            \
     .help = "JSON or .csv: text, quantity, price (of one, net) and tax (percent) of each",        \
     .max = LEDGER_REQUEST_LINES_MAX},                                                             \
        {.name = "text",                                                                           \
         .type = API_TEXT,                                                                         \
         .help = "for one line: what it is for",                                                   \
         .max = LEDGER_REQUEST_WORDS_MAX},                                                         \
        {.name = "amount", .type = API_AMOUNT, .help = "for one line: how much, net of tax"},      \
        {.name = "tax",                                                                            \
         .type = API_TEXT,                                                                         \
         .help = "for one line: the tax rate in percent",                                          \
         .max = 10},                                                                               \
    {                                                                                              \
        .name = "total", .type = API_AMOUNT,                                                       \
        .help = "with tax; refused where the lines do not give it"                                 \
    }
#define OUTSIDE(help_of)                                                                           \
    {.name = "outside", .type = API_AMOUNT, .help = help_of},                                      \
    {                                                                                              \
        .name = "unit", .type = API_TEXT,                                                          \
        .help = "in which official money, that of the equivalent unless told",                     \
        .max = LEDGER_CODE_MAX                                                                     \
    }
#define DATED                                                                                      \
    {.name = "issued", .type = API_DATE, .help = "the day it is dated, today unless told"},        \
    {                                                                                              \
        .name = "supplied", .type = API_DATE,                                                      \
        .help = "the day it was supplied, that on which it is dated unless told"                   \
    }
#define NOTE                                                                                       \
    {                                                                                              \
        .name = "note", .type = API_TEXT, .help = "more of it; the parties see it",                \
        .max = LEDGER_MEMO_MAX                                                                     \
    }
#define AND_BY_WORDS                                                                               \
    {                                                                                              \
        .name = "reason", .type = API_TEXT, .flags = API_REQUIRED,                                 \
        .help = "why; the parties see it", .max = LEDGER_REASON_MAX                                \
    }

PARAMS(params_create,
       {.name = "payer",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "who is asked to pay"},
       {.name = "payee", .type = API_HANDLE, .flags = API_REQUIRED | API_OWN, .help = "who asks"},
       CURRENCY_OPTION, LINES,
       OUTSIDE("the part that is payable in official money, by the equivalent in force"), DATED,
       {.name = "due", .type = API_DATE, .help = "the day it is due, in 30 days unless told"},
       {.name = "expires", .type = API_DATE, .help = "the last day it is accepted by one word"},
       NOTE, REFERENCE,
       {.name = "offer", .type = API_INTEGER, .help = "the offer or want that it is for"});
PARAMS(params_credit, ID("request"), LINES,
       OUTSIDE("how much of the part in official money is taken back"),
       {.name = "refund",
        .type = API_FLAG,
        .help = "what was paid may be taken back, too, and is given back at once"},
       DATED, NOTE, REFERENCE);
PARAMS(params_list, API_PAGE_PARAMS, MEMBER_IF,
       {.name = "to_pay", .type = API_FLAG, .help = "only what the member is asked to pay"},
       {.name = "to_be_paid", .type = API_FLAG, .help = "only what it asks others to pay"},
       {.name = "overdue", .type = API_FLAG, .help = "only what was due before today"},
       {.name = "all", .type = API_FLAG, .help = "what is closed, and credit notes, too"},
       CURRENCY_IF);
PARAMS(params_show, ID("request"), API_PAGE_PARAMS);
PARAMS(params_aged, MEMBER_IF, CURRENCY_OPTION,
       {.name = "to_pay", .type = API_FLAG, .help = "what it owes others; else what others owe it"},
       {.name = "as_of", .type = API_DATE, .help = "at the end of that day, today unless told"},
       {.name = "by",
        .type = API_CHOICE,
        .help = "with as_of: by the days that invoices and payments bear, or by when they came",
        .choices = "effective|posted"},
       {.name = "unit",
        .type = API_TEXT,
        .help = "what is payable outside, in this official money",
        .max = LEDGER_CODE_MAX});
PARAMS(params_accept, ID("request"), MEMO);
PARAMS(params_request_pay, ID("request"),
       {.name = "amount",
        .type = API_AMOUNT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "how much, at most what is left"},
       MEMO, EFFECTIVE);
PARAMS(params_match, ID("request"),
       {.name = "transfer",
        .type = API_INTEGER,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "the number of the transfer that paid it"});
PARAMS(params_outside, ID("request"),
       {.name = "amount",
        .type = API_AMOUNT,
        .help = "how much was received outside, all that is left unless told"},
       {.name = "undo",
        .type = API_FLAG,
        .help = "take the mark back, of so much or of all that was marked"},
       {.name = "reference",
        .type = API_TEXT,
        .help = "a receipt's number; the parties see it",
        .max = LEDGER_REFERENCE_MAX});
PARAMS(params_why, ID("request"), AND_BY_WORDS);
PARAMS(params_preapproval_set,
       {.name = "payee",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "who may collect"},
       {.name = "from", .type = API_HANDLE, .flags = API_REQUIRED | API_OWN, .help = "who pays"},
       {.name = "each", .type = API_AMOUNT, .flags = API_REQUIRED, .help = "a request at most"},
       {.name = "month", .type = API_AMOUNT, .flags = API_REQUIRED, .help = "in a month at most"},
       CURRENCY_OPTION,
       {.name = "until",
        .type = API_DATE,
        .help = "the last day; until it is revoked unless told"});
PARAMS(params_preapproval, ID("pre-approval"));
PARAMS(params_preapproval_show, ID("pre-approval"), API_PAGE_PARAMS);
PARAMS(params_preapproval_list, API_PAGE_PARAMS, MEMBER_IF,
       {.name = "all", .type = API_FLAG, .help = "those that are revoked or over too"});
PARAMS(params_request_erase, ID("request"), REASON);

COLUMNS(shows_request, {"request", "Request"}, {"kind", "Kind"}, {"number", "Number"},
        {"corrects", "Corrects"}, {"state", "State"}, {"overdue", "Overdue"}, {"payee", "Payee"},
        {"payer", "Payer"}, {"issued", "Dated"}, {"supplied", "Supplied"}, {"due", "Due"},
        {"expires", "Expires"}, {"net", "Net", true}, {"tax", "Tax", true},
        {"gross", "Gross", true}, {"currency", "Currency"}, {"rates", "Rate %, net"},
        {"payable", "Payable", true}, {"paid", "Paid", true}, {"credited", "Credited", true},
        {"refunded", "Given back", true}, {"open", "Open", true}, {"unit", "Outside in"},
        {"equivalent", "Equivalent"}, {"outside", "Outside", true},
        {"outside_paid", "Paid outside", true}, {"outside_credited", "Credited outside", true},
        {"outside_open", "Open outside", true}, {"note", "Note"}, {"reference", "Reference"},
        {"offer", "For offer"}, {"transfer", "Transfer"}, {"preapproval", "Collected by"});
COLUMNS(shows_lines, {"line", "Line", true}, {"text", "Text"}, {"quantity", "Quantity", true},
        {"price", "Price", true}, {"tax", "Tax %", true}, {"net", "Net", true});
COLUMNS(shows_requests, {"request", "Request", true}, {"payee", "Payee"}, {"number", "No.", true},
        {"payer", "Payer"}, {"state", "State"}, {"due", "Due"}, {"overdue", "Overdue"},
        {"gross", "Gross", true}, {"paid", "Paid", true}, {"open", "Open", true},
        {"currency", "Currency"}, {"outside_paid", "Paid outside", true},
        {"outside_open", "Open outside", true}, {"unit", "In"});
COLUMNS(shows_history, {"at", "When"}, {"event", "What"}, {"amount", "Open by", true},
        {"outside", "Outside by", true}, {"transfer", "Transfer", true},
        {"credit_note", "Credit note", true}, {"actor", "Who"}, {"words", "Words"});
COLUMNS(shows_aged, {"member", "Member"}, {"not_due", "Not due", true},
        {"days_1_30", "1-30 days", true}, {"days_31_60", "31-60", true},
        {"days_61_90", "61-90", true}, {"days_over_90", "Over 90", true}, {"open", "Open", true});
COLUMNS(shows_aged_sum, {"as_of", "As of"}, {"in", "In"}, {"members", "Members"},
        {"not_due", "Not due", true}, {"days_1_30", "1-30 days", true},
        {"days_31_60", "31-60 days", true}, {"days_61_90", "61-90 days", true},
        {"days_over_90", "Over 90 days", true}, {"open", "Open", true});

COLUMNS(shows_preapproval, {"preapproval", "Pre-approval"}, {"state", "State"}, {"payer", "Payer"},
        {"payee", "Payee"}, {"currency", "Currency"}, {"each", "Each at most", true},
        {"month", "A month at most", true}, {"collected", "This month so far", true},
        {"until", "Until"}, {"requests", "Requests", true});
COLUMNS(shows_uses, {"request", "Request", true}, {"number", "No.", true}, {"posted", "Posted"},
        {"month", "Month"}, {"amount", "Amount", true}, {"transfer", "Transfer", true},
        {"reversed", "Reversed"});

const struct api_operation api_operations_request[] = {
    {"request.create", "POST", "/requests", "request create", NULL,
     "Ask for payment, with an invoice's lines", API_PAYERS, API_WRITE, params_create,
     shows_request, NULL, NULL, op_request_create, NULL},
    {"request.list", "GET", "/requests", "request list", NULL,
     "List requests of which something is open", API_EVERYBODY, API_READ, params_list, NULL,
     shows_requests, NULL, op_request_list, NULL},
    {"request.aged", "GET", "/requests/aged", "request aged", NULL,
     "Show what is open by how long it has been due, at the end of any day", API_EVERYBODY,
     API_READ, params_aged, NULL, shows_aged, shows_aged_sum, op_request_aged, NULL},
    {"request.show", "GET", "/requests/{id}", "request show", NULL, "Show a request and its lines",
     API_EVERYBODY, API_READ, params_show, shows_request, shows_lines, NULL, op_request_show, NULL},
    {"request.history", "GET", "/requests/{id}/history", "request history", NULL,
     "Show what became of a request, in order", API_EVERYBODY, API_READ, params_show, NULL,
     shows_history, NULL, op_request_history, NULL},
    {"request.accept", "POST", "/requests/{id}/acceptance", "request accept", NULL,
     "Accept a request: pay all that is left of it", API_PAYERS, API_WRITE, params_accept,
     shows_request, NULL, NULL, op_request_accept, NULL},
    {"request.pay", "POST", "/requests/{id}/payments", "request pay", NULL,
     "Pay a part of a request", API_PAYERS, API_WRITE, params_request_pay, shows_request, NULL,
     NULL, op_request_pay, NULL},
    {"request.match", "POST", "/requests/{id}/matches", "request match", NULL,
     "Say that a payment that was made by itself paid a request", API_PAYERS, API_WRITE,
     params_match, shows_request, NULL, NULL, op_request_match, NULL},
    {"request.paid-outside", "POST", "/requests/{id}/outside-payments", "request paid-outside",
     NULL, "Mark what was received in official money", API_PAYERS, API_WRITE, params_outside,
     shows_request, NULL, NULL, op_request_paid_outside, NULL},
    {"request.decline", "POST", "/requests/{id}/refusal", "request decline", NULL,
     "Say that you do not owe this; nothing is open any more", API_PAYERS, API_WRITE, params_why,
     shows_request, NULL, NULL, op_request_decline, NULL},
    {"request.dispute", "POST", "/requests/{id}/dispute", "request dispute", NULL,
     "Object to a request; it stays open", API_PAYERS, API_WRITE, params_why, shows_request, NULL,
     NULL, op_request_dispute, NULL},
    {"request.resolve", "POST", "/requests/{id}/resolution", "request resolve", NULL,
     "End a dispute", API_PAYERS, API_WRITE, params_why, shows_request, NULL, NULL,
     op_request_resolve, NULL},
    {"request.withdraw", "POST", "/requests/{id}/withdrawal", "request withdraw", NULL,
     "Take a request back of which nothing is paid", API_PAYERS, API_WRITE, params_why,
     shows_request, NULL, NULL, op_request_withdraw, NULL},
    {"request.credit", "POST", "/requests/{id}/credit-notes", "request credit", NULL,
     "Correct a request by a credit note, which takes it off what is asked for", API_PAYERS,
     API_WRITE, params_credit, shows_request, NULL, NULL, op_request_credit, NULL},
    {"request.erase", "POST", "/requests/{id}/erasure", "request erase", NULL,
     "Erase the words of a request; its amounts and days stay", STEWARDS, API_WRITE,
     params_request_erase, shows_request, NULL, NULL, op_request_erase, NULL},

    {"preapproval.set", "POST", "/preapprovals", "preapproval set", NULL,
     "Let a member collect what it asks you for, up to so much", API_PAYERS, API_WRITE,
     params_preapproval_set, shows_preapproval, NULL, NULL, op_preapproval_set, NULL},
    {"preapproval.revoke", "POST", "/preapprovals/{id}/revocation", "preapproval revoke", NULL,
     "Let it collect no more, at once", API_PAYERS, API_WRITE, params_preapproval,
     shows_preapproval, NULL, NULL, op_preapproval_revoke, NULL},
    {"preapproval.list", "GET", "/preapprovals", "preapproval list", NULL,
     "List who may collect from whom", API_EVERYBODY, API_READ, params_preapproval_list, NULL,
     shows_preapproval, NULL, op_preapproval_list, NULL},
    {"preapproval.show", "GET", "/preapprovals/{id}", "preapproval show", NULL,
     "Show a pre-approval and the requests that it accepted", API_EVERYBODY, API_READ,
     params_preapproval_show, shows_preapproval, shows_uses, NULL, op_preapproval_show, NULL},

    {.name = NULL, .next = api_operations_standing},
};
