#include "rows.h"

PARAMS(params_warning_list, API_PAGE_PARAMS, MEMBER_IF, CURRENCY_IF);
PARAMS(params_sectors, {.name = "days",
                        .type = API_INTEGER,
                        .help = "over how many days, as the rule one-way-days says unless told",
                        .max = 400});
PARAMS(params_warning_set,
       {.name = "rule",
        .type = API_CHOICE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "which",
        .choices = "floor-percent|ceiling-percent|days-ahead|idle-days|one-way-days"},
       {.name = "value",
        .type = API_INTEGER,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "per cent or days; 0 for no such warning",
        .max = 400},
       {.name = "from", .type = API_DATE, .help = "from when on, today unless told"}, REASON);
PARAMS(params_warning_rules, API_PAGE_PARAMS);

COLUMNS(shows_warnings, {"account", "Account"}, {"warning", "Warning"}, {"detail", "What it is"},
        {"balance", "Balance", true});
COLUMNS(shows_sectors_head, {"from", "From"}, {"to", "To"});
COLUMNS(shows_sectors, {"sector", "Sector"}, {"currency", "Currency"},
        {"accounts", "Accounts", true}, {"balance", "Balance", true}, {"in", "In", true},
        {"out", "Out", true}, {"net", "Net", true}, {"warning", "Warning"});
COLUMNS(shows_rule, {"rule", "Rule"}, {"value", "Value", true}, {"from", "From"}, {"at", "Set"},
        {"actor", "Who"}, {"reason", "Reason"});
COLUMNS(shows_rules_head, {"floor_percent", "Floor, per cent", true},
        {"ceiling_percent", "Ceiling, per cent", true}, {"days_ahead", "Days ahead", true},
        {"idle_days", "Days without trade", true}, {"one_way_days", "Days one way", true});

const struct api_operation api_operations_warning[] = {
    {"warning.list", "GET", "/warnings", "warning list", NULL,
     "List accounts that are near a limit or lead there, idle, or trade one way only",
     API_EVERYBODY, API_READ, params_warning_list, NULL, shows_warnings, NULL, op_warning_list,
     NULL},
    {"warning.sectors", "GET", "/warnings/sectors", "warning sectors", NULL,
     "Show what each sector takes in from the others and pays them", API_NODE_ROLES, API_READ,
     params_sectors, shows_sectors_head, shows_sectors, NULL, op_warning_sectors, NULL},
    {"warning.set", "POST", "/warnings/rules", "warning set", NULL,
     "Set from when on there is a warning", STEWARDS, API_WRITE, params_warning_set, shows_rule,
     NULL, NULL, op_warning_set, NULL},
    {"warning.rules", "GET", "/warnings/rules", "warning rules", NULL,
     "Show from when on there are warnings, and who set that", API_EVERYBODY, API_READ,
     params_warning_rules, shows_rules_head, shows_rule, NULL, op_warning_rules, NULL},

    {.name = NULL, .next = api_operations_notice},
};
