#include "rows.h"

#include "webhook.h"

#include "ledger/mailbox.h"
#include "ledger/webhook.h"

PARAMS(params_notice_list, MEMBER_IF,
       {.name = "kind", .type = API_TEXT, .help = "only of this kind: paid, asked …", .max = 24},
       API_PAGE_PARAMS);
PARAMS(params_notice_set, OWN_MEMBER,
       {.name = "mode",
        .type = API_CHOICE,
        .flags = API_REQUIRED,
        .help = "a mail for each notice, one a day, or none; none forgets the address",
        .choices = "each|daily|none"},
       {.name = "address",
        .type = API_TEXT,
        .help = "where to: name@place.example; as it was unless told",
        .max = LEDGER_MAIL_ADDRESS_MAX + 1},
       {.name = "kinds",
        .type = API_TEXT,
        .help = "of what: paid,asked …; as it was unless told, and at first all but spent",
        .max = LEDGER_NOTICE_KINDS * (LEDGER_NOTICE_NAME_MAX + 1)});
PARAMS(params_notice_show, OWN_MEMBER);
PARAMS(params_outbox, MEMBER_IF,
       {.name = "channel", .type = API_CHOICE, .help = "only these", .choices = "mail|webhook"},
       API_PAGE_PARAMS);
PARAMS(params_of_member, MEMBER_IF, API_PAGE_PARAMS);
PARAMS(params_retry, MEMBER_IF);
PARAMS(params_webhook_add, OWN_MEMBER,
       {.name = "url",
        .type = API_TEXT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "where to: https://host.example/path",
        .max = LEDGER_URL_MAX + 1});
PARAMS(params_webhook, ID("webhook"));

COLUMNS(shows_notices, {"notice", "No.", true}, {"at", "At"}, {"member", "Member"},
        {"kind", "Kind"}, {"about", "About"}, {"subject", "Number", true});
COLUMNS(shows_mailbox, {"member", "Member"}, {"mode", "Mails"}, {"address", "Address"},
        {"kinds", "Of"}, {"waiting", "Waiting", true}, {"tries", "Tries", true},
        {"next_try", "Next try"}, {"code", "Why"});
COLUMNS(shows_outbox, {"outbox", "No.", true}, {"member", "Member"}, {"channel", "Channel"},
        {"mode", "Mode"}, {"address", "Where to"}, {"waiting", "Waiting", true},
        {"tries", "Tries", true}, {"next_try", "Next try"}, {"code", "Why"});
COLUMNS(shows_undelivered, {"undelivered", "No.", true}, {"member", "Member"},
        {"channel", "Channel"}, {"first", "From notice", true}, {"last", "To notice", true},
        {"tries", "Tries", true}, {"at", "Given up"}, {"code", "Why"});
COLUMNS(shows_retried, {"tried", "Tried at once", true});
COLUMNS(shows_new_webhook, {"webhook", "Webhook"}, {"member", "Member"}, {"url", "Where to"},
        {"secret", "Secret"}, {"note", "Note"});
COLUMNS(shows_webhook, {"webhook", "Webhook"}, {"member", "Member"}, {"url", "Where to"},
        {"waiting", "Waiting", true}, {"tries", "Tries", true}, {"code", "Why"});
COLUMNS(shows_webhooks, {"webhook", "Webhook", true}, {"member", "Member"}, {"url", "Where to"},
        {"waiting", "Waiting", true}, {"tries", "Tries", true}, {"next_try", "Next try"},
        {"code", "Why"});

const struct api_operation api_operations_notice[] = {
    {"notice.list", "GET", "/notices", "notice list", NULL, "List what a member was told",
     API_EVERYBODY, API_READ, params_notice_list, NULL, shows_notices, NULL, op_notice_list, NULL},
    {"notice.set", "POST", "/members/{member}/notices", "notice set", NULL,
     "Say where a member is told by mail, how often and of what", MANAGERS, API_WRITE,
     params_notice_set, shows_mailbox, NULL, NULL, op_notice_set, NULL},
    {"notice.show", "GET", "/members/{member}/notices", "notice show", NULL,
     "Show where a member is told by mail", API_EVERYBODY, API_READ, params_notice_show,
     shows_mailbox, NULL, NULL, op_notice_show, NULL},
    {"notice.outbox", "GET", "/notices/outbox", "notice outbox", NULL,
     "List the mailboxes and webhooks that are told, and what stands in the way", API_EVERYBODY,
     API_READ, params_outbox, NULL, shows_outbox, NULL, op_notice_outbox, NULL},
    {"notice.undelivered", "GET", "/notices/undelivered", "notice undelivered", NULL,
     "List the notices that could not be handed over", API_EVERYBODY, API_READ, params_of_member,
     NULL, shows_undelivered, NULL, op_notice_undelivered, NULL},
    {"notice.retry", "POST", "/notices/retries", "notice retry", NULL,
     "Try at once what waits for its next try", MANAGERS, API_WRITE, params_retry, shows_retried,
     NULL, NULL, op_notice_retry, NULL},

    {.name = "webhook.add",
     .method = "POST",
     .path = "/members/{member}/webhooks",
     .words = "webhook add",
     .summary = "Tell a system of the member's own of every notice; shows the secret once",
     .access = MANAGERS,
     .mode = API_WRITE,
     .params = params_webhook_add,
     .head = shows_new_webhook,
     .handle = op_webhook_add,
     .prepare = webhook_prepare},
    {"webhook.list", "GET", "/webhooks", "webhook list", NULL, "List webhooks", API_EVERYBODY,
     API_READ, params_of_member, NULL, shows_webhooks, NULL, op_webhook_list, NULL},
    {"webhook.remove", "POST", "/webhooks/{id}/removal", "webhook remove", NULL,
     "Tell a webhook nothing any more", MANAGERS, API_WRITE, params_webhook, shows_webhook, NULL,
     NULL, op_webhook_remove, NULL},
    {"webhook.test", "POST", "/webhooks/{id}/tests", "webhook test", NULL,
     "Send a webhook a notice that means nothing", MANAGERS, API_WRITE, params_webhook,
     shows_webhook, NULL, NULL, op_webhook_test, NULL},

    {.name = NULL, .next = api_operations_fund},
};
