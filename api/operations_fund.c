#include "rows.h"

#include "ledger/guarantee.h"
#include "ledger/levy.h"

#define FUND                                                                                       \
    {                                                                                              \
        .name = "fund", .type = API_HANDLE, .flags = API_REQUIRED, .help = "the guarantee fund"    \
    }

PARAMS(params_levy_set, CURRENCY, FUND,
       {.name = "points",
        .type = API_INTEGER,
        .help = "basis points of what came in by trade: 50 is 0.5 %",
        .max = LEDGER_LEVY_POINTS_MAX},
       {.name = "flat", .type = API_AMOUNT, .help = "or so much a month, trade or none"},
       {.name = "minimum", .type = API_AMOUNT, .help = "less than this is not taken"},
       {.name = "from",
        .type = API_DATE,
        .help = "the first day of a month, the next one unless told"},
       REASON);
PARAMS(params_levy_list, CURRENCY);
PARAMS(params_levy_show, OWN_MEMBER, CURRENCY);
PARAMS(params_levy_charges, MEMBER_IF, CURRENCY_IF, API_PAGE_PARAMS);

PARAMS(params_guarantee_set, CURRENCY,
       {.name = "order",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "who pays, in order: guarantee:8000,commons:limit,members",
        .max = LEDGER_GUARANTEE_ORDER_MAX},
       {.name = "shared_by",
        .type = API_CHOICE,
        .help = "pro rata of what the members share, equal unless told",
        .choices = "equal|balance|limit"},
       {.name = "cap", .type = API_AMOUNT, .help = "what a member bears in a year at most"},
       REASON);
PARAMS(params_guarantee_list, CURRENCY);
PARAMS(params_default_declare, MEMBER, CURRENCY, REASON);
PARAMS(params_default, ID("default"));
PARAMS(params_default_withdraw, ID("default"), REASON);
PARAMS(params_default_recover, ID("default"),
       {.name = "amount",
        .type = API_AMOUNT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "what the member pays now"},
       REASON);
PARAMS(params_default_list, MEMBER_IF,
       {.name = "open", .type = API_FLAG, .help = "only those that wait to be covered"},
       API_PAGE_PARAMS);
PARAMS(params_default_shares, ID("default"), API_PAGE_PARAMS);
PARAMS(params_write_off_years, {.name = "year", .type = API_INTEGER, .help = "only this one"});
PARAMS(params_write_off_list,
       {.name = "year", .type = API_INTEGER, .help = "posted in this year of the node"},
       API_PAGE_PARAMS);

COLUMNS(shows_guarantee, {"from", "From"}, {"currency", "Currency"}, {"order", "Order"},
        {"shared_by", "Shared by"}, {"cap", "Cap a year", true}, {"reason", "Reason"},
        {"by", "Who"}, {"authority", "Authority"});
COLUMNS(shows_default, {"default", "Default"}, {"state", "State"}, {"member", "Member"},
        {"currency", "Currency"}, {"owed", "Owed", true}, {"covered", "Covered", true},
        {"uncovered", "Uncovered", true}, {"recovered", "Recovered", true},
        {"transfer", "Transfer"}, {"reason", "Reason"}, {"declared_by", "Declared by"},
        {"ended_by", "Ended by"}, {"withdrawn_because", "Withdrawn"});
COLUMNS(shows_steps, {"step", "Step", true}, {"payer", "Payer"}, {"payers", "Payers", true},
        {"amount", "Amount", true}, {"recovered", "Recovered", true});
COLUMNS(shows_defaults, {"default", "Default", true}, {"state", "State"}, {"member", "Member"},
        {"currency", "Currency"}, {"owed", "Owed", true}, {"covered", "Covered", true},
        {"recovered", "Recovered", true}, {"reason", "Reason"});
COLUMNS(shows_shares, {"step", "Step", true}, {"payer", "Payer"}, {"amount", "Amount", true},
        {"recovered", "Recovered", true}, {"transfer", "Transfer", true});
COLUMNS(shows_write_off_years, {"year", "Year"}, {"currency", "Currency"}, {"borne_by", "Borne by"},
        {"write_offs", "Write-offs", true}, {"amount", "Amount", true},
        {"recovered", "Recovered", true});
COLUMNS(shows_write_offs, {"transfer", "Transfer", true}, {"posted", "Posted"},
        {"member", "Member"}, {"currency", "Currency"}, {"amount", "Amount", true},
        {"recovered", "Recovered", true}, {"default", "Default", true},
        {"reversed_by", "Reversed by", true});

COLUMNS(shows_levy, {"from", "From"}, {"currency", "Currency"}, {"fund", "Fund"},
        {"points", "Points", true}, {"flat", "Flat", true}, {"minimum", "Minimum", true},
        {"reason", "Reason"}, {"by", "Who"}, {"authority", "Authority"});
COLUMNS(shows_levy_so_far, {"member", "Member"}, {"currency", "Currency"}, {"month", "Month"},
        {"trade", "Trade", true}, {"amount", "Levy", true}, {"fund", "Fund"},
        {"points", "Points", true}, {"flat", "Flat", true}, {"minimum", "Minimum", true});
COLUMNS(shows_charges, {"month", "Month"}, {"member", "Member"}, {"currency", "Currency"},
        {"trade", "Trade", true}, {"amount", "Levy", true}, {"transfer", "Transfer", true},
        {"waived", "Waived"});
COLUMNS(shows_levies_open, {"month", "Month"}, {"member", "Member"}, {"currency", "Currency"},
        {"trade", "Trade", true}, {"amount", "Levy", true}, {"refused", "Refused"},
        {"again", "Asked again"});

const struct api_operation api_operations_fund[] = {
    {"levy.set", "POST", "/currencies/{currency}/levies", "levy set", NULL,
     "Set what members give a guarantee fund each month", STEWARDS, API_WRITE, params_levy_set,
     shows_levy, NULL, NULL, op_levy_set, NULL},
    {"levy.list", "GET", "/currencies/{currency}/levies", "levy list", NULL,
     "List what was set, when and why", API_EVERYBODY, API_READ, params_levy_list, NULL, shows_levy,
     NULL, op_levy_list, NULL},
    {"levy.show", "GET", "/members/{member}/accounts/{currency}/levy", "levy show", NULL,
     "Show what the running month comes to so far, or the first, and by which rule", API_EVERYBODY,
     API_READ, params_levy_show, shows_levy_so_far, NULL, NULL, op_levy_show, NULL},
    {"levy.charges", "GET", "/levies/charges", "levy charges", NULL,
     "List levies that were taken or waived", API_EVERYBODY, API_READ, params_levy_charges, NULL,
     shows_charges, NULL, op_levy_charges, NULL},
    {"levy.open", "GET", "/levies/open", "levy open", NULL,
     "List levies that were refused and are asked for again", API_EVERYBODY, API_READ,
     params_levy_charges, NULL, shows_levies_open, NULL, op_levy_open, NULL},

    {"guarantee.set", "POST", "/currencies/{currency}/guarantees", "guarantee set", NULL,
     "Set in which order a default is paid, and by whom", STEWARDS, API_WRITE, params_guarantee_set,
     shows_guarantee, NULL, NULL, op_guarantee_set, NULL},
    {"guarantee.list", "GET", "/currencies/{currency}/guarantees", "guarantee list", NULL,
     "List the orders that were set, the newest in force", API_EVERYBODY, API_READ,
     params_guarantee_list, NULL, shows_guarantee, NULL, op_guarantee_list, NULL},

    {"default.declare", "POST", "/members/{member}/accounts/{currency}/defaults", "default declare",
     NULL, "Declare that a debt will not be paid; nothing moves yet", API_KEEPERS, API_WRITE,
     params_default_declare, shows_default, shows_steps, NULL, op_default_declare, NULL},
    {"default.cover", "POST", "/defaults/{id}/cover", "default cover", NULL,
     "Cover a default in the order that is set; takes a second person", API_KEEPERS, API_WRITE,
     params_default, shows_default, shows_steps, NULL, op_default_cover, NULL},
    {"default.withdraw", "POST", "/defaults/{id}/withdrawal", "default withdraw", NULL,
     "Take back a default that is not covered", API_KEEPERS, API_WRITE, params_default_withdraw,
     shows_default, shows_steps, NULL, op_default_withdraw, NULL},
    {"default.recover", "POST", "/defaults/{id}/recoveries", "default recover", NULL,
     "Let the member pay back what others bore, the last step first", API_KEEPERS, API_WRITE,
     params_default_recover, shows_default, shows_steps, NULL, op_default_recover, NULL},
    {"default.show", "GET", "/defaults/{id}", "default show", NULL,
     "Show a default, and who pays or paid it", API_EVERYBODY, API_READ, params_default,
     shows_default, shows_steps, NULL, op_default_show, NULL},
    {"default.list", "GET", "/defaults", "default list", NULL, "List defaults", API_EVERYBODY,
     API_READ, params_default_list, NULL, shows_defaults, NULL, op_default_list, NULL},
    {"default.shares", "GET", "/defaults/{id}/shares", "default shares", NULL,
     "List what each bears of a default", API_NODE_ROLES, API_READ, params_default_shares, NULL,
     shows_shares, NULL, op_default_shares, NULL},

    {"write-off.years", "GET", "/write-offs/years", "write-off years", NULL,
     "Report what each year's write-offs cost, and who bore it", API_EVERYBODY, API_READ,
     params_write_off_years, NULL, shows_write_off_years, NULL, op_write_off_years, NULL},
    {"write-off.list", "GET", "/write-offs", "write-off list", NULL,
     "List debts that were written off", API_NODE_ROLES, API_READ, params_write_off_list, NULL,
     shows_write_offs, NULL, op_write_off_list, NULL},

    {.name = NULL},
};
