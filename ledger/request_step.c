#include "request_step.h"

#include "notice.h"
#include "request_event.h"

#include <stdio.h>

static enum ledger_status load(struct ledger *l, int64_t id, const struct ledger_why *why,
                               struct ledger_request *r)
{
    LEDGER_TRY(ledger_check_reason(l, why->reason));
    LEDGER_TRY(ledger_request_get(l, id, r));
    if (ledger_request_is_credit(r))
        return ledger_refuse(l, LEDGER_NOT_AN_INVOICE,
                             "%s's number %lld is a credit note: it asks for nothing", r->payee,
                             (long long)r->number);
    if (r->declined || r->withdrawn)
        return ledger_refuse(l, LEDGER_REQUEST_OVER, "request %lld was %s", (long long)r->id,
                             r->declined ? "declined" : "withdrawn");
    if (ledger_request_is_closed(r))
        return ledger_refuse(l, LEDGER_REQUEST_PAID, "nothing is open of request %lld",
                             (long long)r->id);
    return LEDGER_OK;
}

static enum ledger_status write(struct ledger *l, const struct ledger_request *r, const char *kind,
                                bool ends, const struct ledger_why *why)
{
    struct ledger_request_event e = {.request_id = r->id,
                                     .ledger_minor = ends ? -r->open_minor : 0,
                                     .outside_minor = ends ? -r->open_outside_minor : 0};

    snprintf(e.kind, sizeof e.kind, "%s", kind);
    snprintf(e.words, sizeof e.words, "%s", why->reason);
    snprintf(e.actor, sizeof e.actor, "%s", why->actor);
    return ledger_request_event_write(l, &e);
}

static enum ledger_status check_unpaid(struct ledger *l, const struct ledger_request *r,
                                       const char *instead)
{
    if (r->paid_minor == 0 && r->paid_outside_minor == 0)
        return LEDGER_OK;
    return ledger_refuse(l, LEDGER_REQUEST_STATE, "a part of request %lld is paid: %s",
                         (long long)r->id, instead);
}

enum ledger_status ledger_request_decline(struct ledger *l, int64_t id,
                                          const struct ledger_why *why)
{
    struct ledger_request r;

    LEDGER_TRY(load(l, id, why, &r));
    LEDGER_TRY(check_unpaid(l, &r, "dispute the rest, by coledger request dispute"));
    LEDGER_TRY(write(l, &r, "declined", true, why));
    return ledger_notice_put(l, LEDGER_NOTICE_REQUEST_DECLINED, r.payee_id, id);
}

enum ledger_status ledger_request_withdraw(struct ledger *l, int64_t id,
                                           const struct ledger_why *why)
{
    struct ledger_request r;

    LEDGER_TRY(load(l, id, why, &r));
    LEDGER_TRY(check_unpaid(l, &r, "credit the rest, by coledger request credit"));
    LEDGER_TRY(write(l, &r, "withdrawn", true, why));
    return ledger_notice_put(l, LEDGER_NOTICE_REQUEST_WITHDRAWN, r.payer_id, id);
}

enum ledger_status ledger_request_dispute(struct ledger *l, int64_t id,
                                          const struct ledger_why *why)
{
    struct ledger_request r;

    LEDGER_TRY(load(l, id, why, &r));
    if (r.disputed)
        return ledger_refuse(l, LEDGER_REQUEST_STATE, "request %lld is disputed already",
                             (long long)id);
    LEDGER_TRY(write(l, &r, "disputed", false, why));
    return ledger_notice_put(l, LEDGER_NOTICE_REQUEST_DISPUTED, r.payee_id, id);
}

enum ledger_status ledger_request_resolve(struct ledger *l, int64_t id,
                                          const struct ledger_why *why)
{
    struct ledger_request r;

    LEDGER_TRY(load(l, id, why, &r));
    if (!r.disputed)
        return ledger_refuse(l, LEDGER_REQUEST_STATE, "request %lld is not disputed",
                             (long long)id);
    return write(l, &r, "resolved", false, why);
}
