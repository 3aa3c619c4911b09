/*
 * webhook.h - where a member's own system is told of every notice, signed.
 *
 * The secret that signs is derived from the node's key and a salt that stands in the row: it is shown once, and neither
 * the file nor a backup of it holds it (docs/decisions/0034).
 */
#ifndef LEDGER_WEBHOOK_H
#define LEDGER_WEBHOOK_H

#include "key.h"
#include "outbox.h"
#include "secret.h"

#define LEDGER_WEBHOOK_PREFIX "clw_"
#define LEDGER_WEBHOOK_SECRET LEDGER_SECRET_TEXT
#define LEDGER_WEBHOOKS_MAX 5 /* of a member */
#define LEDGER_URL_MAX LEDGER_OUTBOX_ADDRESS_MAX

/*
 * http:// or https://, a host, a port of 1 to 65535 if any, printable ASCII; no user and no fragment. Refusal:
 * LEDGER_URL_MALFORMED.
 */
LEDGER_CHECKED enum ledger_status ledger_url_check(const char *text);

/*
 * Tell `member_id` at `url` from now on, of every kind. `secret` is shown once.
 * Refusals: LEDGER_URL_MALFORMED, LEDGER_MEMBER_STATE (left), LEDGER_TOO_MANY_WEBHOOKS, LEDGER_KEY_MISSING.
 */
LEDGER_CHECKED enum ledger_status ledger_webhook_add(struct ledger *l, int64_t member_id,
                                                     const char *url, struct ledger_outbox *o,
                                                     char secret[static LEDGER_WEBHOOK_SECRET]);
/* One that is told. Refusal: LEDGER_NO_SUCH_WEBHOOK. */
LEDGER_CHECKED enum ledger_status ledger_webhook_get(struct ledger *l, int64_t id,
                                                     struct ledger_outbox *o);
/* Tell it nothing any more, and forget its address. Refusal: LEDGER_NO_SUCH_WEBHOOK. */
LEDGER_CHECKED enum ledger_status ledger_webhook_remove(struct ledger *l, int64_t id);
/*
 * Before another key of the node is put on record: let the secrets stay what they are, derived from `seed` from now on. Needs
 * a write transaction; the handle has the key so far. What that does not open is left alone. It refuses nothing.
 */
LEDGER_CHECKED enum ledger_status ledger_webhooks_reseal(struct ledger *l,
                                                         const uint8_t seed[static LEDGER_SEED]);
/* The secret again, to sign with. Refusals: LEDGER_KEY_MISSING, LEDGER_KEY_MISMATCH (the node's key was changed since). */
LEDGER_CHECKED enum ledger_status ledger_webhook_secret(struct ledger *l,
                                                        const struct ledger_outbox *o,
                                                        char secret[static LEDGER_WEBHOOK_SECRET]);

#endif
