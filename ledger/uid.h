/*
 * uid.h - the identity of a write, a UUID (RFC 9562).
 */
#ifndef LEDGER_UID_H
#define LEDGER_UID_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define LEDGER_UID_TEXT 37 /* 36 characters and a NUL */

struct ledger_uid {
    uint8_t bytes[16];
};

/* 8-4-4-4-12 hexadecimal digits, either case; any version; not the nil UUID. Refusal: LEDGER_UID_MALFORMED. */
LEDGER_CHECKED enum ledger_status ledger_uid_parse(const char *text, struct ledger_uid *uid);
/* Lower case. */
char *ledger_uid_format(const struct ledger_uid *uid, char buf[static LEDGER_UID_TEXT]);

/* Version 7 from a clock and 10 random bytes. */
struct ledger_uid ledger_uid_v7(int64_t now_us, const uint8_t random[static 10]);

/* Version 8: the first 16 bytes of SHA-256 over `size` bytes, with version and variant set. */
struct ledger_uid ledger_uid_from_bytes(const void *bytes, size_t size);

bool ledger_uid_equal(const struct ledger_uid *a, const struct ledger_uid *b);

#endif
