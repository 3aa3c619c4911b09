#include "rows.h"

PARAMS(params_notice_list, MEMBER_IF,
       {.name = "kind", .type = API_TEXT, .help = "only of this kind: paid, asked …", .max = 24},
       API_PAGE_PARAMS);

COLUMNS(shows_notices, {"notice", "No.", true}, {"at", "At"}, {"member", "Member"},
        {"kind", "Kind"}, {"about", "About"}, {"subject", "Number", true});

const struct api_operation api_operations_notice[] = {
    {"notice.list", "GET", "/notices", "notice list", NULL, "List what a member was told",
     API_EVERYBODY, API_READ, params_notice_list, NULL, shows_notices, NULL, op_notice_list, NULL},

    {.name = NULL, .next = api_operations_fund},
};
