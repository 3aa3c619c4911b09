/*
 * place.h - a finished file gets its name, for good.
 *
 * Its bytes are synced before it has the name and the folder after it, so that whenever the power goes
 * the name stands for what it stood for, or for all of the new file. `message` gets the sentence.
 */
#ifndef LEDGER_PLACE_H
#define LEDGER_PLACE_H

#include "store.h"

/*
 * Call the file `beside` `to`, a name in the same folder that must be free.
 * Refusals: LEDGER_EXISTS, LEDGER_READ_ONLY, LEDGER_NO_SUCH_FILE, LEDGER_STORE_FULL, LEDGER_STORE_BROKEN.
 */
LEDGER_CHECKED enum ledger_status place_new(const char *beside, const char *to,
                                            char message[static STORE_MESSAGE]);
/*
 * The same over the ledger `to`, whose log and shared memory are taken away first: a log must never meet
 * another file, so that they are gone for good before the name changes.
 */
LEDGER_CHECKED enum ledger_status place_over(const char *beside, const char *to,
                                             char message[static STORE_MESSAGE]);

/* What the last system call said about `path`, as a status and a sentence. */
enum ledger_status place_errno(const char *path, char message[static STORE_MESSAGE]);
/* Take away the file called `path` with `suffix` after it, where there is one. */
void place_remove_beside(const char *path, const char *suffix);
/* Take away what SQLite keeps beside a ledger that nobody has open. */
void place_remove_log(const char *path);

#endif
