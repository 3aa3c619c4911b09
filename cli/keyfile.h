/*
 * keyfile.h - the node's secret key in a file beside the ledger: FILE.key, PKCS #8 in PEM (RFC 8410).
 *
 * The only reader and writer of that file. No backup takes it along.
 */
#ifndef CLI_KEYFILE_H
#define CLI_KEYFILE_H

#include "ledger/key.h"

#include <stddef.h>

/* "FILE.key" of the ledger `path`; malloc'd, NULL when there is no memory. */
char *keyfile_name(const char *path);
/* The one that is to take its place, while a new key is put on record. */
char *keyfile_next_name(const char *path);

/*
 * Write `seed` into the new file `name`, mode 0600, so that it outlives a crash.
 * 0, or errno; EEXIST: there is one, and it was left alone.
 */
int keyfile_write(const char *name, const uint8_t seed[static LEDGER_SEED]);
/* Put file `from` in the place of `to`, so that it outlives a crash. 0, or errno. */
int keyfile_replace(const char *from, const char *to);
/*
 * Refusals: LEDGER_NO_SUCH_FILE, LEDGER_NOT_ALLOWED (others than its owner can read or write it), LEDGER_READ_ONLY
 * (it cannot be read by us), LEDGER_KEY_MALFORMED.
 */
LEDGER_CHECKED enum ledger_status keyfile_read(const char *name, uint8_t seed[static LEDGER_SEED]);

#endif
