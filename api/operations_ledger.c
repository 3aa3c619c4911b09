#include "rows.h"

#include "ledger/amount.h"

PARAMS(params_none, END);
PARAMS(params_page, API_PAGE_PARAMS);
PARAMS(params_reason, REASON);
PARAMS(params_period_close,
       {.name = "through",
        .type = API_DATE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "the last day to close"},
       REASON);
PARAMS(params_currency_add,
       {.name = "code",
        .type = API_CURRENCY,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "2 to 10 capital letters"},
       {.name = "name",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "its name",
        .max = LEDGER_NAME_MAX},
       {.name = "kind",
        .type = API_CHOICE,
        .flags = API_REQUIRED,
        .help = "what it counts",
        .choices = "money|time|training"},
       {.name = "scale",
        .type = API_INTEGER,
        .help = "decimals, 2 unless told",
        .max = LEDGER_SCALE_MAX},
       FLOOR, CEILING);
PARAMS(params_currency, CURRENCY);
PARAMS(params_currency_limit, CURRENCY, FLOOR, CEILING, REASON);
PARAMS(params_currency_equivalent, CURRENCY,
       {.name = "unit",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "GBP, EUR, loaf …",
        .max = 10},
       {.name = "value",
        .type = API_AMOUNT,
        .flags = API_REQUIRED,
        .help = "how many of them one unit stands for"},
       {.name = "from", .type = API_DATE, .help = "from when on, today unless told"}, REASON);
PARAMS(
    params_member_add,
    {.name = "handle",
     .type = API_HANDLE,
     .flags = API_REQUIRED | API_POSITIONAL,
     .help = "its short name, given once"},
    {.name = "name",
     .type = API_TEXT,
     .flags = API_REQUIRED,
     .help = "its full name",
     .max = LEDGER_NAME_MAX},
    {.name = "kind", .type = API_CHOICE, .help = "coop unless told", .choices = "coop|person|fund"},
    {.name = "applied", .type = API_FLAG, .help = "it has applied and is not yet active"},
    ATTRIBUTES, ATTRIBUTES_FROM);
PARAMS(params_member_list, API_PAGE_PARAMS,
       {.name = "state",
        .type = API_CHOICE,
        .help = "only those in this state",
        .choices = "applied|active|suspended|left"},
       {.name = "kind",
        .type = API_CHOICE,
        .help = "only of this kind",
        .choices = "coop|person|fund|node"});
PARAMS(params_member, MEMBER);
PARAMS(params_member_set, OWN_MEMBER, ATTRIBUTES, ATTRIBUTES_FROM);
PARAMS(params_member_reason, MEMBER, REASON);
PARAMS(params_member_settle, MEMBER, CURRENCY,
       {.name = "with",
        .type = API_HANDLE,
        .flags = API_REQUIRED,
        .help = "who paid or was paid outside"},
       {.name = "reference",
        .type = API_TEXT,
        .flags = API_REQUIRED,
        .help = "where that payment is recorded",
        .max = LEDGER_REFERENCE_MAX},
       REASON);
PARAMS(params_member_write_off, MEMBER, CURRENCY,
       {.name = "fund", .type = API_HANDLE, .flags = API_REQUIRED, .help = "the fund that pays"},
       REASON);
PARAMS(params_account, OWN_MEMBER, CURRENCY);
PARAMS(params_account_list, API_PAGE_PARAMS, MEMBER_IF, CURRENCY_IF);
PARAMS(params_account_limit, MEMBER, CURRENCY, FLOOR, CEILING, REASON,
       {.name = "review_on", .type = API_DATE, .help = "when to look at it again"});
PARAMS(params_account_limits, OWN_MEMBER, CURRENCY, API_PAGE_PARAMS);
PARAMS(params_balance, MEMBER_IF, CURRENCY_IF,
       {.name = "as_of", .type = API_DATE, .help = "at the end of that day"}, BY, API_PAGE_PARAMS);
PARAMS(params_statement, OWN_MEMBER, CURRENCY,
       {.name = "from", .type = API_DATE, .help = "first day, the first of the month unless told"},
       {.name = "to", .type = API_DATE, .help = "last day, today unless told"}, BY,
       API_PAGE_PARAMS);
PARAMS(params_trial_balance, CURRENCY,
       {.name = "as_of", .type = API_DATE, .help = "at the end of that day, now unless told"}, BY);
PARAMS(params_pay,
       {.name = "payee",
        .type = API_HANDLE,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "who is paid"},
       {.name = "amount",
        .type = API_AMOUNT,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "how much"},
       {.name = "from", .type = API_HANDLE, .flags = API_REQUIRED | API_OWN, .help = "who pays"},
       CURRENCY_OPTION, MEMO, REFERENCE, EFFECTIVE,
       {.name = "offer", .type = API_INTEGER, .help = "the offer or want that it is for"});
PARAMS(params_post,
       {.name = "legs",
        .type = API_LEGS,
        .flags = API_REQUIRED,
        .help = "account and amount; minus pays, plus receives"},
       MEMO, REFERENCE, EFFECTIVE);
PARAMS(params_opening, CURRENCY_OPTION,
       {.name = "items",
        .type = API_ITEMS,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "JSON or .csv: member and balance of each"},
       {.name = "difference_to",
        .type = API_HANDLE,
        .help = "who takes the difference where they do not sum to zero"},
       MEMO, EFFECTIVE);
PARAMS(params_batch,
       {.name = "items",
        .type = API_ITEMS,
        .flags = API_REQUIRED | API_POSITIONAL,
        .help = "JSON or .csv: from, to, amount, currency, memo, reference, effective_on, uid of "
                "each"},
       {.name = "currency", .type = API_CURRENCY, .help = "of the items that name none"},
       {.name = "each", .type = API_FLAG, .help = "each on its own, not all or nothing"},
       {.name = "kind",
        .type = API_CHOICE,
        .help = "exchange unless told",
        .choices = "exchange|import"},
       {.name = "limits",
        .type = API_CHOICE,
        .help = "history may go without limits",
        .choices = "checked|none"});
PARAMS(params_transfer_list, MEMBER_IF, CURRENCY_IF,
       {.name = "from", .type = API_DATE, .help = "posted on or after this day"},
       {.name = "to", .type = API_DATE, .help = "posted on or before this day"}, API_PAGE_PARAMS);
PARAMS(params_transfer, ID("transfer"));
PARAMS(params_transfer_reason, ID("transfer"), REASON);
PARAMS(params_refund, ID("transfer"),
       {.name = "amount", .type = API_AMOUNT, .help = "how much, all that is left unless told"},
       MEMO);
PARAMS(params_hold_place,
       {.name = "payees",
        .type = API_PAYEES,
        .flags = API_REQUIRED,
        .help = "who will be paid how much, one to four"},
       {.name = "from", .type = API_HANDLE, .flags = API_REQUIRED | API_OWN, .help = "who pays"},
       CURRENCY_OPTION,
       {.name = "expires_in", .type = API_DURATION, .help = "30m, 24h, 90d; 7d unless told"}, MEMO,
       REFERENCE);
PARAMS(params_capture, ID("hold"),
       {.name = "amount", .type = API_AMOUNT, .help = "how much, all of it unless told"});
PARAMS(params_release, ID("hold"),
       {.name = "reason", .type = API_TEXT, .help = "why", .max = LEDGER_REASON_MAX});
PARAMS(params_hold, ID("hold"));
PARAMS(params_hold_reason, ID("hold"), REASON);
PARAMS(params_hold_list, MEMBER_IF, CURRENCY_IF,
       {.name = "open", .type = API_FLAG, .help = "only those still open"}, API_PAGE_PARAMS);
PARAMS(params_token_create,
       {.name = "role",
        .type = API_CHOICE,
        .flags = API_REQUIRED,
        .help = "what it may do",
        .choices = "steward|treasurer|auditor|manager|trader|viewer"},
       {.name = "member",
        .type = API_HANDLE,
        .flags = API_OWN,
        .help = "whose: for manager, trader, viewer"},
       {.name = "expires", .type = API_DURATION, .help = "30d, 365d; 90d unless told"},
       {.name = "label", .type = API_TEXT, .help = "where it is used", .max = LEDGER_NAME_MAX});
PARAMS(params_token_list,
       {.name = "member", .type = API_HANDLE, .flags = API_OWN, .help = "only this member's"},
       API_PAGE_PARAMS);
PARAMS(params_token, ID("token"));

COLUMNS(shows_node, {"name", "Ledger"}, {"zone", "Time zone"}, {"since", "Since"},
        {"today", "Today"}, {"transfers", "Transfers", true}, {"closed_through", "Closed through"});
COLUMNS(shows_accepted, {"accepted", "Accepted"});
COLUMNS(shows_chores, {"done", "Done", true});
COLUMNS(shows_closed, {"closed_through", "Closed through"});
COLUMNS(shows_register, {"seq", "No.", true}, {"at", "At"}, {"actor", "Who"},
        {"operation", "Did what"}, {"subject", "To", true}, {"uid", "Uid"});
COLUMNS(shows_erasures, {"erasure", "No.", true}, {"kind", "Kind"}, {"subject", "Of", true},
        {"at", "At"}, {"actor", "Who"}, {"reason", "Why"});
COLUMNS(shows_verify, {"sound", "Sound"}, {"transfers", "Transfers", true},
        {"entries", "Entries", true}, {"accounts", "Accounts", true}, {"holds", "Holds", true},
        {"writes", "Writes", true}, {"erased", "Erased", true});
COLUMNS(shows_currency, {"code", "Code"}, {"name", "Name"}, {"kind", "Kind"},
        {"scale", "Decimals", true}, {"floor", "Floor", true}, {"ceiling", "Ceiling", true},
        {"equivalent", "Stands for", true});
COLUMNS(shows_equivalent, {"code", "Code"}, {"from", "From"}, {"value", "Value"}, {"unit", "Unit"});
COLUMNS(shows_member, {"member", "Member"}, {"name", "Name"}, {"kind", "Kind"}, {"state", "State"},
        {"class", "Class"}, {"constituency", "Constituency"}, {"sector", "Sector"},
        {"locality", "Locality"});
COLUMNS(shows_account, {"account", "Account"}, {"balance", "Balance", true},
        {"reserved_out", "Held", true}, {"available", "Available", true}, {"floor", "Floor", true},
        {"ceiling", "Ceiling", true}, {"over_by", "Over by", true});
COLUMNS(shows_limits, {"from", "From"}, {"floor", "Floor", true}, {"ceiling", "Ceiling", true},
        {"review_on", "Review"}, {"actor", "Who"}, {"reason", "Why"}, {"authority", "Authority"});
COLUMNS(shows_statement_head, {"account", "Account"}, {"name", "Name"}, {"from", "From"},
        {"to", "To"}, {"by", "In order of"}, {"equivalent", "Stands for"},
        {"opening", "Opening", true});
COLUMNS(shows_statement, {"posted", "Posted"}, {"effective", "Effective"},
        {"transfer", "No.", true}, {"counterparty", "With"}, {"memo", "Memo"},
        {"reference", "Reference", false, true}, {"in", "In", true}, {"out", "Out", true},
        {"balance", "Balance", true});
COLUMNS(shows_statement_foot, {"in", "In", true}, {"out", "Out", true},
        {"closing", "Closing", true}, {"now", "Now"});
COLUMNS(shows_trial_head, {"currency", "Currency"}, {"as_of", "As of"}, {"by", "In order of"});
COLUMNS(shows_trial, {"member", "Member"}, {"name", "Name"}, {"debit", "Debit", true},
        {"credit", "Credit", true});
COLUMNS(shows_trial_foot, {"debit", "Debit", true}, {"credit", "Credit", true},
        {"sum", "Sum", true});
COLUMNS(shows_transfer, {"transfer", "No.", true}, {"kind", "Kind"}, {"posted", "Posted"},
        {"effective", "Effective"}, {"payer", "Payer"}, {"payee", "Payee"},
        {"amount", "Amount", true}, {"currency", "Currency"}, {"memo", "Memo"},
        {"reference", "Reference"}, {"corrects", "Corrects", true}, {"offer", "For offer", true},
        {"legs", "Legs"});
COLUMNS(shows_transfers, {"transfer", "No.", true}, {"effective", "Effective"}, {"kind", "Kind"},
        {"payer", "Payer"}, {"payee", "Payee"}, {"amount", "Amount", true},
        {"currency", "Currency"}, {"memo", "Memo"});
COLUMNS(shows_opening, {"accounts", "Accounts", true}, {"posted", "Transfers", true},
        {"first", "First", true}, {"last", "Last", true});
COLUMNS(shows_batch_foot, {"posted", "Posted", true}, {"known", "Known before", true},
        {"refused", "Refused", true}, {"first", "First", true}, {"last", "Last", true});
COLUMNS(shows_batch, {"item", "Item", true}, {"result", "Result"}, {"transfer", "No.", true},
        {"code", "Code"}, {"detail", "Why"});
COLUMNS(shows_memo, {"transfer", "Transfer"}, {"erased", "Erased"}, {"memo", "Memo"},
        {"reference", "Reference"});
COLUMNS(shows_hold, {"hold", "No.", true}, {"state", "State"}, {"payer", "Payer"},
        {"amount", "Amount", true}, {"currency", "Currency"}, {"payees", "Payees"},
        {"placed", "Placed"}, {"expires", "Expires"}, {"captured", "Captured", true},
        {"transfer", "Transfer", true}, {"memo", "Memo"}, {"reference", "Reference"},
        {"reason", "Reason"});
COLUMNS(shows_holds, {"hold", "No.", true}, {"state", "State"}, {"payer", "Payer"},
        {"payees", "Payees"}, {"amount", "Amount", true}, {"currency", "Currency"},
        {"expires", "Expires"}, {"captured", "Captured", true}, {"memo", "Memo"});
COLUMNS(shows_token, {"token", "No.", true}, {"member", "Member"}, {"role", "Role"},
        {"label", "Label"}, {"created", "Created"}, {"expires", "Expires"}, {"revoked", "Revoked"},
        {"last_used", "Last used"});
COLUMNS(shows_new_token, {"token", "No.", true}, {"member", "Member"}, {"role", "Role"},
        {"label", "Label"}, {"expires", "Expires"}, {"secret", "Secret, shown once"});

/*
 * name, method, path, words, alias, summary, access, mode, parameters, head, columns, foot, handler,
 * answer
 */
const struct api_operation api_operations[] = {
    {"node.show", "GET", "/node", "node show", NULL, "Show the ledger's name, days and size",
     API_EVERYBODY, API_READ, params_none, shows_node, NULL, NULL, op_node_show, NULL},
    {"verify", "GET", "/verification", "verify", NULL,
     "Replay the journal from the first transfer and compare everything", API_NODE_ROLES, API_READ,
     params_none, shows_verify, NULL, NULL, op_verify, NULL},
    {"register.list", "GET", "/register", "register list", NULL, "List who did what, in order",
     API_NODE_ROLES, API_READ, params_page, NULL, shows_register, NULL, op_register_list, NULL},
    {"erasure.list", "GET", "/erasures", "erasure list", NULL,
     "List what was erased, by whom and why", API_NODE_ROLES, API_READ, params_page, NULL,
     shows_erasures, NULL, op_erasure_list, NULL},
    {"period.close", "POST", "/periods", "period close", NULL,
     "Close every day up to one: nothing more is dated into them", API_KEEPERS, API_WRITE,
     params_period_close, shows_closed, NULL, NULL, op_period_close, NULL},
    {"clock.accept", "POST", "/clock/acceptances", "clock accept", NULL,
     "Accept that the journal is ahead of the clock and go on", STEWARDS, API_WRITE, params_reason,
     shows_accepted, NULL, NULL, op_clock_accept, NULL},
    {"chores.run", "POST", "/chores", "chores", NULL,
     "Do what has fallen due; a node does it by itself every minute", API_KEEPERS, API_WRITE,
     params_none, shows_chores, NULL, NULL, op_chores_run, NULL},

    {"currency.add", "POST", "/currencies", "currency add", NULL, "Add a currency", STEWARDS,
     API_WRITE, params_currency_add, shows_currency, NULL, NULL, op_currency_add, NULL},
    {"currency.list", "GET", "/currencies", "currency list", NULL, "List the currencies",
     API_EVERYBODY, API_READ, params_none, NULL, shows_currency, NULL, op_currency_list, NULL},
    {"currency.show", "GET", "/currencies/{currency}", "currency show", NULL, "Show a currency",
     API_EVERYBODY, API_READ, params_currency, shows_currency, NULL, NULL, op_currency_show, NULL},
    {"currency.limit", "POST", "/currencies/{currency}/limits", "currency limit", NULL,
     "Set the limits that new accounts open with", STEWARDS, API_WRITE, params_currency_limit,
     shows_currency, NULL, NULL, op_currency_limit, NULL},
    {"currency.equivalent", "POST", "/currencies/{currency}/equivalents", "currency equivalent",
     NULL, "State what one unit stands for outside", STEWARDS, API_WRITE,
     params_currency_equivalent, shows_equivalent, NULL, NULL, op_currency_equivalent, NULL},

    {"member.add", "POST", "/members", "member add", NULL, "Take a member in", STEWARDS, API_WRITE,
     params_member_add, shows_member, NULL, NULL, op_member_add, NULL},
    {"member.list", "GET", "/members", "member list", NULL, "List the members", API_EVERYBODY,
     API_READ, params_member_list, NULL, shows_member, NULL, op_member_list, NULL},
    {"member.show", "GET", "/members/{member}", "member show", NULL, "Show a member", API_EVERYBODY,
     API_READ, params_member, shows_member, NULL, NULL, op_member_show, NULL},
    {"member.set", "POST", "/members/{member}/attributes", "member set", NULL,
     "Set class, constituency, sector or locality from a day on", MANAGERS, API_WRITE,
     params_member_set, shows_member, NULL, NULL, op_member_set, NULL},
    {"member.activate", "POST", "/members/{member}/activation", "member activate", NULL,
     "Make an applied or suspended member active", STEWARDS, API_WRITE, params_member_reason,
     shows_member, NULL, NULL, op_member_activate, NULL},
    {"member.suspend", "POST", "/members/{member}/suspension", "member suspend", NULL,
     "Suspend a member: it may receive and repay, not pay", STEWARDS, API_WRITE,
     params_member_reason, shows_member, NULL, NULL, op_member_suspend, NULL},
    {"member.leave", "POST", "/members/{member}/departure", "member leave", NULL,
     "Let a member leave that has nothing open", STEWARDS, API_WRITE, params_member_reason,
     shows_member, NULL, NULL, op_member_leave, NULL},
    {"member.settle", "POST", "/members/{member}/accounts/{currency}/settlement", "member settle",
     NULL, "Bring an account to zero because it was paid outside", API_KEEPERS, API_WRITE,
     params_member_settle, shows_transfer, NULL, NULL, op_member_settle, op_transfer_posted},
    {"member.write-off", "POST", "/members/{member}/accounts/{currency}/write-off",
     "member write-off", NULL, "Let a fund pay a debt that will not come in", API_KEEPERS,
     API_WRITE, params_member_write_off, shows_transfer, NULL, NULL, op_member_write_off,
     op_transfer_posted},
    {"member.erase", "POST", "/members/{member}/erasure", "member erase", NULL,
     "Erase the handle, name and attributes of a member that has left", STEWARDS, API_WRITE,
     params_member_reason, shows_member, NULL, NULL, op_member_erase, NULL},

    {"account.open", "POST", "/members/{member}/accounts/{currency}", "account open", NULL,
     "Open an account before its first use", API_KEEPERS | LEDGER_MANAGER, API_WRITE,
     params_account, shows_account, NULL, NULL, op_account_open, NULL},
    {"account.list", "GET", "/accounts", "account list", NULL,
     "List accounts with balances and limits", API_EVERYBODY, API_READ, params_account_list, NULL,
     shows_account, NULL, op_account_list, NULL},
    {"account.limit", "POST", "/members/{member}/accounts/{currency}/limits", "account limit", NULL,
     "Set an account's floor and ceiling from now on", API_KEEPERS, API_WRITE, params_account_limit,
     shows_account, NULL, NULL, op_account_limit, NULL},
    {"account.limits", "GET", "/members/{member}/accounts/{currency}/limits", "account limits",
     NULL, "List an account's limits over time: who, when, why", API_EVERYBODY, API_READ,
     params_account_limits, NULL, shows_limits, NULL, op_account_limits, NULL},
    {"balance", "GET", "/balances", "balance", NULL, "Show balances, now or as of the end of a day",
     API_EVERYBODY, API_READ, params_balance, NULL, shows_account, NULL, op_balance, NULL},
    {"statement", "GET", "/members/{member}/accounts/{currency}/statement", "statement", NULL,
     "Show an account's entries over a period, opening to closing", API_EVERYBODY, API_READ,
     params_statement, shows_statement_head, shows_statement, shows_statement_foot, op_statement,
     NULL},
    {"trial-balance", "GET", "/currencies/{currency}/trial-balance", "trial-balance", NULL,
     "Show every account of a currency at the end of a day; the sum is zero", API_NODE_ROLES,
     API_READ, params_trial_balance, shows_trial_head, shows_trial, shows_trial_foot,
     op_trial_balance, NULL},

    {"transfer.pay", "POST", "/payments", "transfer pay", "pay", "Pay somebody", API_PAYERS,
     API_WRITE, params_pay, shows_transfer, NULL, NULL, op_transfer_pay, op_transfer_posted},
    {"transfer.post", "POST", "/transfers", "transfer post", NULL,
     "Post a transfer of several legs that sum to zero", API_KEEPERS, API_WRITE, params_post,
     shows_transfer, NULL, NULL, op_transfer_post, op_transfer_posted},
    {"transfer.opening", "POST", "/transfers/opening", "transfer opening", NULL,
     "Post the opening balances of a region that moves in", API_KEEPERS, API_WRITE, params_opening,
     shows_opening, NULL, NULL, op_transfer_opening, NULL},
    {"transfer.batch", "POST", "/transfers/batch", "transfer batch", NULL,
     "Post up to 1,000 payments, all or nothing or each on its own", API_KEEPERS, API_WRITE,
     params_batch, NULL, shows_batch, shows_batch_foot, op_transfer_batch, NULL},
    {"transfer.list", "GET", "/transfers", "transfer list", NULL, "List transfers as posted",
     API_EVERYBODY, API_READ, params_transfer_list, NULL, shows_transfers, NULL, op_transfer_list,
     NULL},
    {"transfer.show", "GET", "/transfers/{id}", "transfer show", NULL, "Show a transfer",
     API_EVERYBODY, API_READ, params_transfer, shows_transfer, NULL, NULL, op_transfer_show, NULL},
    {"transfer.memo", "POST", "/transfers/{id}/memo-looks", "transfer memo", NULL,
     "Look at a memo as an auditor or treasurer; the look is recorded", API_NODE_ROLES, API_WRITE,
     params_transfer_reason, shows_memo, NULL, NULL, op_transfer_memo, op_transfer_memo},
    {"transfer.reverse", "POST", "/transfers/{id}/reversal", "transfer reverse", NULL,
     "Undo a transfer whole by a new one, dated today", API_KEEPERS, API_WRITE,
     params_transfer_reason, shows_transfer, NULL, NULL, op_transfer_reverse, op_transfer_posted},
    {"transfer.refund", "POST", "/transfers/{id}/refunds", "transfer refund", NULL,
     "Give back a payment, whole or in part", API_PAYERS, API_WRITE, params_refund, shows_transfer,
     NULL, NULL, op_transfer_refund, op_transfer_posted},
    {"transfer.erase", "POST", "/transfers/{id}/erasure", "transfer erase", NULL,
     "Erase the memo and reference of a transfer", STEWARDS, API_WRITE, params_transfer_reason,
     shows_transfer, NULL, NULL, op_transfer_erase, op_transfer_posted},

    {"hold.place", "POST", "/holds", "hold place", NULL, "Reserve an amount for one to four payees",
     API_PAYERS, API_WRITE, params_hold_place, shows_hold, NULL, NULL, op_hold_place,
     op_hold_placed},
    {"hold.capture", "POST", "/holds/{id}/capture", "hold capture", NULL,
     "Pay a hold, whole or in part; the rest is released", API_PAYERS, API_WRITE, params_capture,
     shows_transfer, NULL, NULL, op_hold_capture, op_transfer_posted},
    {"hold.release", "POST", "/holds/{id}/release", "hold release", NULL,
     "Let a hold go without paying", API_PAYERS, API_WRITE, params_release, shows_hold, NULL, NULL,
     op_hold_release, op_hold_show},
    {"hold.list", "GET", "/holds", "hold list", NULL, "List holds", API_EVERYBODY, API_READ,
     params_hold_list, NULL, shows_holds, NULL, op_hold_list, NULL},
    {"hold.show", "GET", "/holds/{id}", "hold show", NULL, "Show a hold", API_EVERYBODY, API_READ,
     params_hold, shows_hold, NULL, NULL, op_hold_show, NULL},
    {"hold.erase", "POST", "/holds/{id}/erasure", "hold erase", NULL,
     "Erase the memo and reference of a hold", STEWARDS, API_WRITE, params_hold_reason, shows_hold,
     NULL, NULL, op_hold_erase, NULL},

    {"token.create", "POST", "/tokens", "token create", NULL, "Make a token for a role", MANAGERS,
     API_WRITE, params_token_create, shows_new_token, NULL, NULL, op_token_create, NULL},
    {"token.list", "GET", "/tokens", "token list", NULL, "List tokens", MANAGERS, API_READ,
     params_token_list, NULL, shows_token, NULL, op_token_list, NULL},
    {"token.revoke", "POST", "/tokens/{id}/revocation", "token revoke", NULL,
     "Take a token back at once", MANAGERS, API_WRITE, params_token, shows_token, NULL, NULL,
     op_token_revoke, NULL},

    {.name = NULL, .next = api_operations_course},
};
