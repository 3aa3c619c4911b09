#include "standing_step.h"

#include "date.h"
#include "handle.h"
#include "period.h"
#include "register.h"
#include "request_pay.h"
#include "transfer.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define OPERATION "standing.pay" /* in the register */

/* Of the ledger's own salt, so that nobody else can take it before its time. */
struct ledger_uid ledger_standing_uid(const struct ledger *l, const struct ledger_occurrence *o,
                                      int64_t payments)
{
    uint8_t bytes[sizeof l->handle_salt + 64] = {0};
    char again[32] = "";

    if (payments)
        snprintf(again, sizeof again, " again %lld", (long long)payments);
    memcpy(bytes, l->handle_salt, sizeof l->handle_salt);
    snprintf((char *)bytes + sizeof l->handle_salt, 64, "standing %lld %d%s",
             (long long)o->standing_id, (int)o->due_on, again);
    return ledger_uid_from_bytes(bytes, sizeof bytes);
}

static enum ledger_status register_payment(struct ledger *l, const struct ledger_occurrence *o,
                                           const char *actor)
{
    struct ledger_record r = {.uid = o->uid, .operation = OPERATION, .subject = o->transfer_id};
    char content[80];

    snprintf(content, sizeof content, "%s %lld %d %lld", OPERATION, (long long)o->standing_id,
             (int)o->due_on, (long long)o->amount_minor);
    crypto_hash_sha256(r.content_hash, (const uint8_t *)content, strlen(content));
    snprintf(r.actor, sizeof r.actor, "%s", actor);
    return ledger_register_append(l, &r);
}

enum ledger_status ledger_standing_effective(struct ledger *l, int32_t due_on,
                                             int32_t *effective_on)
{
    int32_t closed_on;

    LEDGER_TRY(ledger_period_closed_through(l, &closed_on));
    *effective_on = due_on > closed_on ? due_on : ledger_today(l);
    return LEDGER_OK;
}

static enum ledger_status post(struct ledger *l, const struct ledger_standing *s,
                               struct ledger_occurrence *o)
{
    const struct ledger_leg legs[] = {{s->payer_id, -o->amount_minor},
                                      {s->payee_id, o->amount_minor}};
    char reference[LEDGER_REFERENCE_MAX + 1];
    char day[LEDGER_DATE_TEXT];
    const struct ledger_transfer_draft draft = {.kind = LEDGER_EXCHANGE,
                                                .memo = s->memo,
                                                .reference = reference,
                                                .has_effective = true,
                                                .effective_on = o->effective_on,
                                                .legs = legs,
                                                .leg_count = 2};

    snprintf(reference, sizeof reference, "standing payment %lld, due %s", (long long)s->id,
             ledger_date_format(o->due_on, day));
    return ledger_transfer_post(l, &draft, &o->transfer_id);
}

/* A part of what the request still asks for; nothing is paid of what the payer disputes. */
static enum ledger_status pay_request(struct ledger *l, const struct ledger_standing *s,
                                      struct ledger_occurrence *o, const struct ledger_why *why)
{
    struct ledger_request r;
    char memo[64];
    struct ledger_request_payment p = {.request_id = s->request_id,
                                       .standing_id = s->id,
                                       .memo = memo,
                                       .has_effective = true,
                                       .effective_on = o->effective_on,
                                       .why = why};

    LEDGER_TRY(ledger_request_get(l, s->request_id, &r));
    if (r.disputed)
        return ledger_refuse(l, LEDGER_REQUEST_DISPUTED,
                             "request %lld is disputed: its instalments wait", (long long)r.id);
    if (r.open_minor && r.open_minor < o->amount_minor)
        o->amount_minor = r.open_minor;
    p.amount_minor = o->amount_minor;
    snprintf(memo, sizeof memo, "instalment %lld of %d", (long long)o->number, s->count);
    return ledger_request_pay(l, &p, &o->transfer_id);
}

enum ledger_status ledger_standing_pay(struct ledger *l, const struct ledger_standing *s,
                                       struct ledger_occurrence *o, const char *actor)
{
    const struct ledger_why why = {actor, "", ""};

    return s->request_id ? pay_request(l, s, o, &why) : post(l, s, o);
}

enum ledger_status ledger_standing_write_met(struct ledger *l, struct ledger_occurrence *o,
                                             bool skipped)
{
    o->uid = ledger_standing_uid(l, o, 0);
    LEDGER_TRY(ledger_latest_us(l, &o->at_us));
    return ledger_exec(l,
                       "INSERT INTO standing_occurrence (standing_id, due_on, number, "
                       "amount_minor, uid, skipped, at_us) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       STORE_ARGS(store_int(o->standing_id), store_int(o->due_on),
                                  store_int(o->number), store_int(o->amount_minor),
                                  store_blob(o->uid.bytes, sizeof o->uid.bytes), store_int(skipped),
                                  store_int(o->at_us)));
}

enum ledger_status ledger_standing_write_attempt(struct ledger *l, struct ledger_occurrence *o,
                                                 enum ledger_status status, const char *actor)
{
    int64_t id, at_us;
    bool paid = status == LEDGER_OK;

    o->uid = ledger_standing_uid(l, o, o->payments);
    LEDGER_TRY(ledger_latest_us(l, &at_us));
    LEDGER_TRY(ledger_next_id(l, "SELECT max(id) FROM standing_attempt", &id));
    LEDGER_TRY(ledger_exec(l,
                           "INSERT INTO standing_attempt (id, standing_id, due_on, at_us, code, "
                           "transfer_id, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                           STORE_ARGS(store_int(id), store_int(o->standing_id),
                                      store_int(o->due_on), store_int(at_us),
                                      store_text(paid ? "" : ledger_status_facts(status)->code),
                                      store_int_or_null(paid, o->transfer_id), store_text(actor))));
    return paid ? register_payment(l, o, actor) : LEDGER_OK;
}
