/*
 * secret.h - what is shown once, and kept as a hash only: tokens, addresses of calendars, what signs webhooks.
 */
#ifndef LEDGER_SECRET_H
#define LEDGER_SECRET_H

#include "ledger.h"

#define LEDGER_SECRET_TEXT 48 /* four characters that say what for, 43 of base64url, NUL */

/* `prefix` is the four characters, "clt_". */
void ledger_secret_make(const struct ledger *l, const char *prefix,
                        char secret[static LEDGER_SECRET_TEXT]);
/* The same of 32 bytes that are at hand. */
void ledger_secret_write(const char *prefix, const uint8_t bytes[static 32],
                         char secret[static LEDGER_SECRET_TEXT]);
/* Could it be one that was made with `prefix`? Any text is taken. */
bool ledger_secret_well_formed(const char *secret, const char *prefix);
void ledger_secret_hash(const char *secret, uint8_t hash[static 32]);

#endif
