/*
 * key.h - the node's Ed25519 keys: one signs, and every one it ever had verifies (RFC 8032).
 *
 * The secret half never stands in the ledger: who opens it gives it to the handle, where it can. The
 * public halves are facts, and the newest is in force.
 */
#ifndef LEDGER_KEY_H
#define LEDGER_KEY_H

#include "ledger.h"

#define LEDGER_SEED 32 /* bytes of a secret key, RFC 8032 */
#define LEDGER_SIGNATURE 64

struct ledger_key {
    int64_t id;
    uint8_t public_key[32];
    int64_t at_us;          /* on record since */
    int64_t replaced_at_us; /* 0: in force */
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
};

typedef enum ledger_status ledger_key_reader(void *ctx, const struct ledger_key *k);

void ledger_key_public(const uint8_t seed[static LEDGER_SEED], uint8_t public_key[static 32]);
/* Sign with this from now on; the handle keeps it, and forgets it when it is closed. */
void ledger_key_use(struct ledger *l, const uint8_t seed[static LEDGER_SEED]);

/*
 * Put a public key on record; it is in force from now on, and the one before stays listed.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_EXISTS (it is on record), LEDGER_CLOCK_BEHIND.
 */
LEDGER_CHECKED enum ledger_status ledger_key_record(struct ledger *l,
                                                    const uint8_t public_key[static 32],
                                                    const struct ledger_why *why, int64_t *id);
/* Refusal: LEDGER_NO_SUCH_KEY. */
LEDGER_CHECKED enum ledger_status ledger_key_get(struct ledger *l, int64_t id,
                                                 struct ledger_key *k);
/* The one in force. Refusal: LEDGER_KEY_MISSING. */
LEDGER_CHECKED enum ledger_status ledger_key_current(struct ledger *l, struct ledger_key *k);
LEDGER_CHECKED enum ledger_status ledger_key_each(struct ledger *l, int64_t after_id, int limit,
                                                  ledger_key_reader *read, void *ctx);
/*
 * Is the key that the handle was given the one in force? Refusals: LEDGER_KEY_MISSING (none on record, or
 * none given), LEDGER_KEY_MISMATCH.
 */
LEDGER_CHECKED enum ledger_status ledger_key_ready(struct ledger *l, struct ledger_key *k);
/* Before: ledger_key_ready said LEDGER_OK. */
void ledger_key_sign(const struct ledger *l, const void *bytes, size_t size,
                     uint8_t signature[static LEDGER_SIGNATURE]);
bool ledger_key_verify(const uint8_t public_key[static 32], const void *bytes, size_t size,
                       const uint8_t signature[static LEDGER_SIGNATURE]);

#endif
