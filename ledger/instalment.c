#include "instalment.h"

#include "handle.h"
#include "request_pay.h"
#include "standing_step.h"

#include <stdio.h>

static enum ledger_status check_open(struct ledger *l, const struct ledger_request *r)
{
    LEDGER_TRY(ledger_request_check_payable(l, r));
    if (!r->open_minor)
        return ledger_refuse(l, LEDGER_REQUEST_PAID, "nothing of request %lld is left to pay here",
                             (long long)r->id);
    if (r->disputed)
        return ledger_refuse(l, LEDGER_REQUEST_DISPUTED,
                             "request %lld is disputed: resolve that first", (long long)r->id);
    return LEDGER_OK;
}

static enum ledger_status check_first(struct ledger *l, int64_t request_id)
{
    int64_t id;
    enum ledger_status status =
        ledger_first(l,
                     "SELECT s.id FROM standing s JOIN standing_next n ON n.standing_id = s.id "
                     "WHERE s.request_id = $1",
                     STORE_ARGS(store_int(request_id)), ledger_read_int, &id);

    if (status == LEDGER_NO_ROW)
        return LEDGER_OK;
    LEDGER_TRY(status);
    return ledger_refuse(l, LEDGER_IN_INSTALMENTS,
                         "request %lld is paid in instalments already, by standing payment %lld",
                         (long long)request_id, (long long)id);
}

static enum ledger_status check_parts(struct ledger *l, const struct ledger_request *r, int count)
{
    if (count >= 1 && count <= LEDGER_STANDING_COUNT_MAX && count <= r->open_minor)
        return LEDGER_OK;
    return ledger_refuse_field(l, LEDGER_NUMBER_MALFORMED, "count",
                               "instalments are 1 to %d, and none of them is nothing",
                               LEDGER_STANDING_COUNT_MAX);
}

static enum ledger_status find_accounts(struct ledger *l, const struct ledger_request *r,
                                        const struct ledger_why *why, struct ledger_standing *s)
{
    struct ledger_currency c;

    LEDGER_TRY(ledger_currency_get(l, r->currency_id, &c));
    LEDGER_TRY(ledger_account_number(l, r->payer, &c, why, &s->payer_id));
    return ledger_account_number(l, r->payee, &c, why, &s->payee_id);
}

enum ledger_status ledger_instalments_order(struct ledger *l, const struct ledger_instalments *i,
                                            int64_t *standing_id)
{
    struct ledger_request r;
    struct ledger_standing s = {.request_id = i->request_id,
                                .cadence = i->cadence,
                                .first_on = i->starts_on,
                                .count = i->count};

    LEDGER_TRY(ledger_request_get(l, i->request_id, &r));
    LEDGER_TRY(check_open(l, &r));
    LEDGER_TRY(check_first(l, r.id));
    LEDGER_TRY(check_parts(l, &r, i->count));
    LEDGER_TRY(find_accounts(l, &r, i->why, &s));
    s.amount_minor = r.open_minor;
    snprintf(s.memo, sizeof s.memo, "invoice %lld", (long long)r.number);
    LEDGER_TRY(ledger_standing_order(l, &s, false, i->why->actor));
    *standing_id = s.id;
    return LEDGER_OK;
}

/* One that goes on, or is done and still tried again. */
static enum ledger_status find_live(struct ledger *l, int64_t request_id, int64_t but_id,
                                    int64_t *id)
{
    return ledger_first(l,
                        "SELECT s.id FROM standing s WHERE s.request_id = $1 AND s.id <> $2 AND "
                        "NOT EXISTS (SELECT 1 FROM request_open q WHERE q.request_id = $1 AND "
                        "q.ledger_minor > 0) AND (EXISTS (SELECT 1 FROM standing_next n WHERE "
                        "n.standing_id = s.id) OR EXISTS (SELECT 1 FROM standing_retry r WHERE "
                        "r.standing_id = s.id)) ORDER BY s.id LIMIT 1",
                        STORE_ARGS(store_int(request_id), store_int(but_id)), ledger_read_int, id);
}

enum ledger_status ledger_instalments_end(struct ledger *l, int64_t request_id, int64_t but_id,
                                          const char *actor)
{
    const struct ledger_why why = {actor, "Nothing of the request is left to pay", ""};
    enum ledger_status status;
    int64_t id;

    while ((status = find_live(l, request_id, but_id, &id)) == LEDGER_OK)
        LEDGER_TRY(ledger_standing_stop(l, id, &why));
    return status == LEDGER_NO_ROW ? LEDGER_OK : status;
}
