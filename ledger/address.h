/*
 * address.h - where others find the node: its public address, which names it as the issuer of what it signs.
 */
#ifndef LEDGER_ADDRESS_H
#define LEDGER_ADDRESS_H

#include "ledger.h"

#define LEDGER_ADDRESS_MAX 200

typedef enum ledger_status ledger_address_reader(void *ctx, const char *url);

/* Scheme, host with port, and a path without a slash at its end (RFC 3986); no query, no user. */
bool ledger_address_is_one(const char *url);
/*
 * From now on it is `url`, "https://ledger.example.org" without a slash at its end; "" takes it away. What
 * was signed under an earlier one stays good.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_TEXT_*, LEDGER_ADDRESS_MALFORMED, LEDGER_CLOCK_BEHIND.
 */
LEDGER_CHECKED enum ledger_status ledger_address_set(struct ledger *l, const char *url,
                                                     const struct ledger_why *why, int64_t *id);
/* "" when there is none. */
LEDGER_CHECKED enum ledger_status ledger_address_get(struct ledger *l,
                                                     char url[static LEDGER_ADDRESS_MAX + 1]);
/* Every one that it ever had, the newest first. */
LEDGER_CHECKED enum ledger_status ledger_address_each(struct ledger *l, ledger_address_reader *read,
                                                      void *ctx);

#endif
