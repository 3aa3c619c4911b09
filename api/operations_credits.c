#include "rows.h"

#define TRAINING                                                                                   \
    {                                                                                              \
        .name = "currency", .type = API_CURRENCY, .flags = API_REQUIRED,                           \
        .help = "a currency of training credits"                                                   \
    }
#define FUND(flag)                                                                                 \
    {                                                                                              \
        .name = "fund", .type = API_HANDLE, .flags = API_REQUIRED | (flag), .help = "which fund"   \
    }

PARAMS(params_grant,
       {.name = "member",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "who gets them"},
       {.name = "amount",
        .type = API_AMOUNT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "how much"},
       FUND(API_OWN), TRAINING,
       {.name = "expires",
        .type = API_DATE,
        .flags = API_REQUIRED,
        .help = "the last day they are good"},
       {.name = "purpose",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "what they are for; the parties see it",
        .max = LEDGER_MEMO_MAX});
PARAMS(params_lots, OWN_MEMBER, CURRENCY_IF,
       {.name = "all", .type = API_FLAG, .help = "also those that are spent"}, API_PAGE_PARAMS);
PARAMS(params_warnings, MEMBER_IF, CURRENCY_IF,
       {.name = "days", .type = API_INTEGER, .help = "how far ahead, 30 unless told", .max = 366},
       API_PAGE_PARAMS);
PARAMS(params_redeem,
       {.name = "member",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "who earned them"},
       {.name = "amount",
        .type = API_AMOUNT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "how much of what it earned"},
       FUND(0), TRAINING,
       {.name = "reference",
        .type = API_TEXT,
        .help = "where it was paid, when that is outside",
        .max = LEDGER_REFERENCE_MAX});
PARAMS(params_rate, CURRENCY,
       {.name = "in",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "a currency of the node, or one outside such as GBP",
        .max = 10},
       {.name = "value",
        .type = API_AMOUNT,
        .flags = API_REQUIRED,
        .help = "how much of it for one whole credit"},
       {.name = "from", .type = API_DATE, .help = "from when on, today unless told"}, REASON);
PARAMS(params_fund, OWN_MEMBER, CURRENCY,
       {.name = "from", .type = API_DATE, .help = "posted on or after this day"},
       {.name = "to", .type = API_DATE, .help = "posted on or before this day, today unless told"});
PARAMS(params_provider, MEMBER,
       {.name = "from", .type = API_DATE, .help = "from when on, today unless told"}, REASON);
PARAMS(params_providers, API_PAGE_PARAMS);

COLUMNS(shows_grant, {"transfer", "No.", true}, {"kind", "Kind"}, {"posted", "Posted"},
        {"payer", "Fund"}, {"payee", "Member"}, {"amount", "Amount", true},
        {"currency", "Currency"}, {"expires", "Good until"}, {"memo", "Purpose"});
COLUMNS(shows_lots, {"lot", "Lot", true}, {"currency", "Currency"}, {"origin", "Origin"},
        {"fund", "Fund"}, {"amount", "Amount", true}, {"left", "Left", true},
        {"held", "Held", true}, {"expires", "Good until"}, {"state", "State"},
        {"purpose", "Purpose"});
COLUMNS(shows_warnings, {"member", "Member"}, {"lot", "Lot", true}, {"currency", "Currency"},
        {"left", "Left", true}, {"held", "Held", true}, {"expires", "Good until"},
        {"days", "Days", true}, {"warning", "Warning", true});
COLUMNS(shows_redemption, {"transfer", "No.", true}, {"member", "Provider"}, {"fund", "Fund"},
        {"amount", "Credits", true}, {"currency", "Currency"}, {"rate", "Rate", true},
        {"value", "Paid", true}, {"in", "In"});
COLUMNS(shows_rate, {"code", "Code"}, {"from", "From"}, {"value", "Value", true}, {"in", "In"});
COLUMNS(shows_fund, {"account", "Account"}, {"from", "From"}, {"to", "To"},
        {"opening", "Opening", true}, {"granted", "Granted", true}, {"paid", "Paid", true},
        {"expired", "Expired", true}, {"given_back", "Given back", true},
        {"redeemed", "Redeemed", true}, {"settled", "Settled", true}, {"other", "Other", true},
        {"closing", "Closing", true});
COLUMNS(shows_provider, {"entry", "No.", true}, {"member", "Member"}, {"listed", "Listed"},
        {"from", "From"}, {"actor", "Who"}, {"reason", "Why"});

/*
 * name, method, path, words, alias, summary, access, mode, parameters, head, columns, foot, handler,
 * answer
 */
const struct api_operation api_operations_credits[] = {
    {"credits.grant", "POST", "/credits/grants", "credits grant", NULL,
     "Grant training credits to a member, for a purpose and until a day", API_PAYERS, API_WRITE,
     params_grant, shows_grant, NULL, NULL, op_credits_grant, op_credits_granted},
    {"credits.list", "GET", "/members/{member}/credits", "credits list", NULL,
     "List the lots of a member's training credits, the earliest expiry first", API_EVERYBODY,
     API_READ, params_lots, NULL, shows_lots, NULL, op_credits_list, NULL},
    {"credits.warnings", "GET", "/credits/warnings", "credits warnings", NULL,
     "List the training credits that expire soon", API_EVERYBODY, API_READ, params_warnings, NULL,
     shows_warnings, NULL, op_credits_warnings, NULL},
    {"credits.redeem", "POST", "/credits/redemptions", "credits redeem", NULL,
     "Let a fund take earned training credits back at the rate that is set", API_KEEPERS, API_WRITE,
     params_redeem, shows_redemption, NULL, NULL, op_credits_redeem, NULL},
    {"credits.rate", "POST", "/currencies/{currency}/credit-rates", "credits rate", NULL,
     "Set what a fund pays for one training credit", STEWARDS, API_WRITE, params_rate, shows_rate,
     NULL, NULL, op_credits_rate, NULL},
    {"credits.fund", "GET", "/members/{member}/accounts/{currency}/credit-flow", "credits fund",
     NULL, "Show what went out of a fund in training credits and came back", API_EVERYBODY,
     API_READ, params_fund, shows_fund, NULL, NULL, op_credits_fund, NULL},
    {"provider.add", "POST", "/providers", "provider add", NULL,
     "Put a member on the list of those whom training credits may be paid to", STEWARDS, API_WRITE,
     params_provider, shows_provider, NULL, NULL, op_provider_add, NULL},
    {"provider.end", "POST", "/providers/{member}/end", "provider end", NULL,
     "Take a member off the list of providers", STEWARDS, API_WRITE, params_provider,
     shows_provider, NULL, NULL, op_provider_end, NULL},
    {"provider.list", "GET", "/providers", "provider list", NULL,
     "List who came onto the list of providers and who went, in order", API_EVERYBODY, API_READ,
     params_providers, NULL, shows_provider, NULL, op_provider_list, NULL},

    {.name = NULL, .next = api_operations_certificate},
};
