#include "rows.h"

#include "ledger/placement.h"

#define HOURS(of)                                                                                  \
    {                                                                                              \
        .name = "hours", .type = API_TEXT, .flags = API_REQUIRED, .help = of ": 7, 7:30 or 7.5",   \
        .max = 10                                                                                  \
    }

PARAMS(params_vacancy_post,
       {.name = "member",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_OWN,
        .help = "who seeks somebody"},
       {.name = "kind",
        .type = API_CHOICE,
        .flags = API_REQUIRED,
        .help = "what it is",
        .choices = "job|apprenticeship|relief"},
       {.name = "title",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "what the work is",
        .max = LEDGER_NAME_MAX},
       {.name = "skills",
        .type = API_TEXT,
        .help = "what one has to know for it",
        .max = LEDGER_MEMO_MAX},
       {.name = "description", .type = API_TEXT, .help = "more of it", .max = LEDGER_MEMO_MAX},
       HOURS("hours a week"),
       {.name = "until",
        .type = API_DATE,
        .help = "the last day it stands open, in 90 days unless told"});
PARAMS(params_vacancy, ID("vacancy"));
PARAMS(params_vacancy_close, ID("vacancy"), REASON);
PARAMS(
    params_vacancy_list, API_PAGE_PARAMS,
    {.name = "member", .type = API_HANDLE, .flags = API_POSITIONAL, .help = "only this member's"},
    {.name = "all", .type = API_FLAG, .help = "those that are closed or over too"});
PARAMS(
    params_agree, {.name = "host", .type = API_HANDLE, .flags = API_REQUIRED, .help = "with whom"},
    {.name = "member",
     .type = API_HANDLE,
     .flags = API_REQUIRED,
     .help = "whose person, and who is paid"},
    {.name = "person",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .help = "the person's name; the parties see it",
     .max = LEDGER_NAME_MAX},
    {.name = "mentor", .type = API_TEXT, .help = "the mentor's name", .max = LEDGER_NAME_MAX},
    {.name = "mentor_member", .type = API_HANDLE, .help = "whose mentor; may sign for the person"},
    {.name = "payer", .type = API_HANDLE, .help = "who pays: the host unless told, or a fund"},
    HOURS("hours agreed in all"),
    {.name = "rate", .type = API_AMOUNT, .flags = API_REQUIRED, .help = "for an hour"},
    CURRENCY_OPTION,
    {.name = "starts", .type = API_DATE, .flags = API_REQUIRED, .help = "the first day"},
    {.name = "ends", .type = API_DATE, .flags = API_REQUIRED, .help = "the last day"},
    {.name = "vacancy", .type = API_INTEGER, .help = "the vacancy that it fills"});
PARAMS(params_placement, ID("placement"));
PARAMS(params_placement_end, ID("placement"), REASON);
PARAMS(params_placement_list, API_PAGE_PARAMS, MEMBER_IF);
PARAMS(params_sign, ID("placement"),
       {.name = "week", .type = API_DATE, .flags = API_REQUIRED, .help = "any day of that week"},
       HOURS("hours worked in that week"),
       {.name = "side",
        .type = API_CHOICE,
        .help = "for whom, where one could be both",
        .choices = "host|person"});
PARAMS(params_hours, MEMBER_IF,
       {.name = "from", .type = API_DATE, .help = "weeks that begin from this day on"},
       {.name = "to", .type = API_DATE, .help = "through this day, today unless told"});

COLUMNS(shows_vacancy, {"vacancy", "Vacancy"}, {"state", "State"}, {"member", "Member"},
        {"kind", "Kind"}, {"title", "Title"}, {"skills", "Skills"}, {"description", "Description"},
        {"hours", "Hours a week"}, {"posted", "Posted"}, {"until", "Until"},
        {"placements", "Placements"}, {"reason", "Reason"});
COLUMNS(shows_vacancies, {"vacancy", "Vacancy", true}, {"state", "State"}, {"member", "Member"},
        {"kind", "Kind"}, {"title", "Title"}, {"skills", "Skills"}, {"hours", "Hours", true},
        {"until", "Until"}, {"placements", "Placements", true});
COLUMNS(shows_placement, {"placement", "Placement"}, {"state", "State"}, {"vacancy", "Vacancy"},
        {"host", "Host"}, {"member", "Member"}, {"person", "Person"}, {"mentor", "Mentor"},
        {"mentor_member", "Mentor's"}, {"payer", "Payer"}, {"rate", "Rate", true},
        {"currency", "Currency"}, {"starts", "Starts"}, {"ends", "Ends"}, {"hours", "Hours", true},
        {"paid_hours", "Paid hours", true}, {"paid", "Paid", true}, {"reserved", "Reserved"},
        {"reason", "Reason"});
COLUMNS(shows_weeks, {"week", "Week of"}, {"state", "State"}, {"host_hours", "Host", true},
        {"person_hours", "Person", true}, {"amount", "Paid", true}, {"transfer", "Transfer", true});
COLUMNS(shows_placements, {"placement", "Placement", true}, {"state", "State"}, {"host", "Host"},
        {"member", "Member"}, {"person", "Person"}, {"starts", "Starts"}, {"ends", "Ends"},
        {"hours", "Hours", true}, {"paid_hours", "Paid", true}, {"paid", "Amount", true},
        {"currency", "Currency"});
COLUMNS(shows_hours, {"host", "Host"}, {"member", "Member"}, {"placements", "Placements", true},
        {"hours", "Hours", true}, {"paid", "Paid", true}, {"currency", "Currency"});

const struct api_operation api_operations_placement[] = {
    {"vacancy.post", "POST", "/vacancies", "vacancy post", NULL,
     "Say that you seek somebody, with skills and hours", API_PAYERS, API_WRITE,
     params_vacancy_post, shows_vacancy, NULL, NULL, op_vacancy_post, NULL},
    {"vacancy.list", "GET", "/vacancies", "vacancy list", NULL, "List vacancies that stand open",
     API_EVERYBODY, API_READ, params_vacancy_list, NULL, shows_vacancies, NULL, op_vacancy_list,
     NULL},
    {"vacancy.show", "GET", "/vacancies/{id}", "vacancy show", NULL, "Show a vacancy",
     API_EVERYBODY, API_READ, params_vacancy, shows_vacancy, NULL, NULL, op_vacancy_show, NULL},
    {"vacancy.close", "POST", "/vacancies/{id}/closing", "vacancy close", NULL,
     "Seek nobody any more", API_PAYERS, API_WRITE, params_vacancy_close, shows_vacancy, NULL, NULL,
     op_vacancy_close, NULL},

    {"placement.agree", "POST", "/placements", "placement agree", NULL,
     "Agree on work of somebody's person with another; the whole sum is held", API_PAYERS,
     API_WRITE, params_agree, shows_placement, shows_weeks, NULL, op_placement_agree, NULL},
    {"placement.list", "GET", "/placements", "placement list", NULL, "List placements",
     API_EVERYBODY, API_READ, params_placement_list, NULL, shows_placements, NULL,
     op_placement_list, NULL},
    {"placement.show", "GET", "/placements/{id}", "placement show", NULL,
     "Show a placement and its weeks", API_EVERYBODY, API_READ, params_placement, shows_placement,
     shows_weeks, NULL, op_placement_show, NULL},
    {"placement.sign", "POST", "/placements/{id}/signatures", "placement sign", NULL,
     "Sign the hours of a week; what both sides sign alike is paid", API_PAYERS, API_WRITE,
     params_sign, shows_placement, shows_weeks, NULL, op_placement_sign, NULL},
    {"placement.end", "POST", "/placements/{id}/end", "placement end", NULL,
     "End a placement before its time; what is due is settled pro rata", API_PAYERS, API_WRITE,
     params_placement_end, shows_placement, shows_weeks, NULL, op_placement_end, NULL},
    {"placement.erase", "POST", "/placements/{id}/erasure", "placement erase", NULL,
     "Erase the names of a placement; hours and payments stay", STEWARDS, API_WRITE,
     params_placement_end, shows_placement, shows_weeks, NULL, op_placement_erase, NULL},
    {"placement.hours", "GET", "/placements/hours", "placement hours", NULL,
     "Report the hours that were signed and paid", API_EVERYBODY, API_READ, params_hours, NULL,
     shows_hours, NULL, op_placement_hours, NULL},

    {.name = NULL, .next = api_operations_pool},
};
