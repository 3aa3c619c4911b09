/*
 * note.h - which backup was the last, in a small file beside the ledger: FILE.backup.
 *
 * The ledger itself cannot tell: a backup only reads it, while a node may write.
 */
#ifndef CLI_NOTE_H
#define CLI_NOTE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct note {
    int64_t at_us;
    char backup[PATH_MAX]; /* whole path */
};

/* False: it cannot be written there. */
bool note_write(const char *ledger, int64_t at_us, const char *backup);
/* False: there is none, or it is not one. */
bool note_read(const char *ledger, struct note *note);

#endif
