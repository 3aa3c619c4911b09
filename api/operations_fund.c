#include "rows.h"

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

COLUMNS(shows_levy, {"from", "From"}, {"currency", "Currency"}, {"fund", "Fund"},
        {"points", "Points", true}, {"flat", "Flat", true}, {"minimum", "Minimum", true},
        {"reason", "Reason"}, {"by", "Who"}, {"authority", "Authority"});
COLUMNS(shows_levy_so_far, {"member", "Member"}, {"currency", "Currency"}, {"month", "Month"},
        {"trade", "Trade", true}, {"amount", "Levy", true});
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
     "Show what the running month comes to so far", API_EVERYBODY, API_READ, params_levy_show,
     shows_levy_so_far, NULL, NULL, op_levy_show, NULL},
    {"levy.charges", "GET", "/levies/charges", "levy charges", NULL,
     "List levies that were taken or waived", API_EVERYBODY, API_READ, params_levy_charges, NULL,
     shows_charges, NULL, op_levy_charges, NULL},
    {"levy.open", "GET", "/levies/open", "levy open", NULL,
     "List levies that were refused and are asked for again", API_EVERYBODY, API_READ,
     params_levy_charges, NULL, shows_levies_open, NULL, op_levy_open, NULL},

    {.name = NULL},
};
