#include "rows.h"

#include "ledger/offer.h"

#define OFFERED(needed)                                                                            \
    {.name = "category",                                                                           \
     .type = API_TEXT,                                                                             \
     .flags = needed,                                                                              \
     .help = "under what it is looked for: food, repairs",                                         \
     .max = LEDGER_OFFER_CATEGORY_MAX},                                                            \
        {.name = "title",                                                                          \
         .type = API_TEXT,                                                                         \
         .flags = needed,                                                                          \
         .help = "what it is, in a line",                                                          \
         .max = LEDGER_NAME_MAX},                                                                  \
        {.name = "words", .type = API_TEXT, .help = "more of it", .max = LEDGER_MEMO_MAX},         \
        {.name = "price", .type = API_AMOUNT, .help = "how much; by agreement unless told"},       \
        {.name = "currency", .type = API_CURRENCY, .help = "of the price"},                        \
        {.name = "unit",                                                                           \
         .type = API_TEXT,                                                                         \
         .help = "what the price is for: an hour, a crate",                                        \
         .max = LEDGER_OFFER_UNIT_MAX},                                                            \
        {.name = "locality", .type = API_TEXT, .help = "where", .max = LEDGER_ATTRIBUTE_MAX},      \
    {                                                                                              \
        .name = "until", .type = API_DATE,                                                         \
        .help = "the last day it stands open, in 90 days unless told"                              \
    }

PARAMS(params_offer_post,
       {.name = "member",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_OWN,
        .help = "who has or seeks it"},
       OFFERED(API_REQUIRED));
PARAMS(params_offer_edit, ID("offer or want"), OFFERED(0),
       {.name = "by_agreement", .type = API_FLAG, .help = "it has no price any more"});
PARAMS(params_offer, ID("offer or want"));
PARAMS(params_offer_close, ID("offer or want"), REASON);
PARAMS(params_offer_list, API_PAGE_PARAMS,
       {.name = "words",
        .type = API_TEXT,
        .flags = API_POSITIONAL,
        .help = "each begins a word of it, whatever its case and accents",
        .max = LEDGER_MEMO_MAX},
       {.name = "kind", .type = API_CHOICE, .help = "only these", .choices = "offer|want"},
       {.name = "category",
        .type = API_TEXT,
        .help = "only in this category",
        .max = LEDGER_OFFER_CATEGORY_MAX},
       {.name = "locality",
        .type = API_TEXT,
        .help = "only at this place",
        .max = LEDGER_ATTRIBUTE_MAX},
       {.name = "member", .type = API_HANDLE, .help = "only this member's"},
       {.name = "all", .type = API_FLAG, .help = "those that are closed or over too"});
PARAMS(
    params_offer_answer, ID("offer or want"),
    {.name = "member", .type = API_HANDLE, .flags = API_REQUIRED | API_OWN, .help = "who answers"},
    {.name = "words",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .help = "the answer; only the two see it",
     .max = LEDGER_MEMO_MAX});
PARAMS(params_offer_answers, API_PAGE_PARAMS,
       {.name = "offer",
        .type = API_INTEGER,
        .flags = API_POSITIONAL,
        .help = "only to this offer or want"},
       {.name = "member", .type = API_HANDLE, .flags = API_OWN, .help = "only given or got by it"});
PARAMS(params_offer_matches, OWN_MEMBER);

COLUMNS(shows_offer, {"offer", "Offer"}, {"kind", "Kind"}, {"state", "State"}, {"member", "Member"},
        {"category", "Category"}, {"title", "Title"}, {"words", "Words"}, {"price", "Price"},
        {"currency", "Currency"}, {"unit", "Per"}, {"locality", "Locality"}, {"posted", "Posted"},
        {"changed", "Changed"}, {"until", "Until"}, {"answers", "Answers"},
        {"cited", "Times cited"}, {"reason", "Reason"});
COLUMNS(shows_offers, {"offer", "Offer", true}, {"kind", "Kind"}, {"state", "State"},
        {"member", "Member"}, {"category", "Category"}, {"title", "Title"},
        {"price", "Price", true}, {"currency", "Currency"}, {"unit", "Per"},
        {"locality", "Locality"}, {"until", "Until"});
COLUMNS(shows_answer, {"answer", "Answer"}, {"offer", "Offer"}, {"kind", "Kind"},
        {"title", "Title"}, {"poster", "Posted by"}, {"member", "Answered by"}, {"at", "At"},
        {"words", "Words"});
COLUMNS(shows_answers, {"answer", "Answer", true}, {"offer", "Offer", true}, {"kind", "Kind"},
        {"title", "Title"}, {"poster", "Posted by"}, {"member", "Answered by"}, {"at", "At"},
        {"words", "Words"});
COLUMNS(shows_matches, {"way", "You would"}, {"own", "Yours", true}, {"own_title", "Title"},
        {"offer", "Theirs", true}, {"member", "Member"}, {"title", "Title"},
        {"price", "Price", true}, {"currency", "Currency"}, {"because", "Because"});

#define MATCHED (API_KEEPERS | API_MEMBER_ROLES)

const struct api_operation api_operations_offer[] = {
    {"offer.post", "POST", "/offers", "offer post", NULL, "Say what a member has for the others",
     API_PAYERS, API_WRITE, params_offer_post, shows_offer, NULL, NULL, op_offer_post, NULL},
    {"want.post", "POST", "/wants", "want post", NULL, "Say what a member seeks from the others",
     API_PAYERS, API_WRITE, params_offer_post, shows_offer, NULL, NULL, op_want_post, NULL},
    {"offer.list", "GET", "/offers", "offer list", NULL,
     "Find offers and wants that stand open, the newest first", API_EVERYBODY, API_READ,
     params_offer_list, NULL, shows_offers, NULL, op_offer_list, NULL},
    {"offer.show", "GET", "/offers/{id}", "offer show", NULL, "Show an offer or a want",
     API_EVERYBODY, API_READ, params_offer, shows_offer, NULL, NULL, op_offer_show, NULL},
    {"offer.edit", "POST", "/offers/{id}/versions", "offer edit", NULL,
     "Change an offer or a want; what is not given stays", API_PAYERS, API_WRITE, params_offer_edit,
     shows_offer, NULL, NULL, op_offer_edit, NULL},
    {"offer.close", "POST", "/offers/{id}/closing", "offer close", NULL,
     "Take an offer or a want back", API_PAYERS, API_WRITE, params_offer_close, shows_offer, NULL,
     NULL, op_offer_close, NULL},
    {"offer.answer", "POST", "/offers/{id}/answers", "offer answer", NULL,
     "Answer an offer or a want, for who posted it to read", API_PAYERS, API_WRITE,
     params_offer_answer, shows_answer, NULL, NULL, op_offer_answer, NULL},
    {"offer.answers", "GET", "/offers/answers", "offer answers", NULL, "List who answered what",
     API_EVERYBODY, API_READ, params_offer_answers, NULL, shows_answers, NULL, op_offer_answers,
     NULL},
    {"offer.matches", "GET", "/members/{member}/matches", "offer matches", NULL,
     "What could help a member: who wants what it offers, or offers what it wants", MATCHED,
     API_READ, params_offer_matches, NULL, shows_matches, NULL, op_offer_matches, NULL},

    {.name = NULL, .next = api_operations_warning},
};
