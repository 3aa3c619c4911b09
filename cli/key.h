/*
 * key.h - a ledger gets its key, keeps it, and changes it.
 */
#ifndef CLI_KEY_H
#define CLI_KEY_H

#include "ledger/key.h"

#include <stddef.h>

/* How the file with the key and the ledger fit together. */
enum key_state {
    KEY_FINE,
    KEY_NONE,   /* neither a file nor a key on record */
    KEY_UNTOLD, /* a file, and no key on record */
    KEY_LOST,   /* a key on record, and no file */
    KEY_OPEN,   /* others can read the file */
    KEY_UNREADABLE,
    KEY_MALFORMED,
    KEY_OLD,     /* the file's key is on record, and another is in force */
    KEY_FOREIGN, /* the file's key is not on record, and another is */
    KEY_HALF     /* a change was cut off: the new key is on record and not yet in its place */
};

/* Needs a transaction. `*current` is the key in force, its id 0 when there is none. */
LEDGER_CHECKED enum ledger_status key_look(struct ledger *l, const char *path,
                                           enum key_state *state, struct ledger_key *current);

/* Give the handle the key of the ledger `path`, where there is one that can be used. */
void key_load(struct ledger *l, const char *path);
/* The key itself, for whoever opens the ledger elsewhere. */
bool key_seed(const char *path, uint8_t seed[static LEDGER_SEED]);

/*
 * Make the first key of a ledger that was just made, and put it on record.
 * `message` is filled where it is not LEDGER_OK.
 */
LEDGER_CHECKED enum ledger_status key_begin(struct ledger *l, const char *path, const char *reason,
                                            char *message, size_t size);

#endif
