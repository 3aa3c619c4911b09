/*
 * multibase.h - an Ed25519 public key as text: did:key and its multibase (W3C did:key, multicodec 0xed).
 */
#ifndef LEDGER_MULTIBASE_H
#define LEDGER_MULTIBASE_H

#include "status.h"

#include <stdint.h>

#define LEDGER_MULTIBASE_TEXT 49 /* "z6Mk…", 48 characters and a NUL */
#define LEDGER_DID_TEXT (LEDGER_MULTIBASE_TEXT + 8)

char *ledger_multibase_write(const uint8_t key[static 32], char text[static LEDGER_MULTIBASE_TEXT]);
/* "z6Mk…" or "did:key:z6Mk…". Refusal: LEDGER_KEY_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_multibase_read(const char *text, uint8_t key[static 32]);
/* "did:key:z6Mk…" */
char *ledger_did_write(const uint8_t key[static 32], char text[static LEDGER_DID_TEXT]);

#endif
