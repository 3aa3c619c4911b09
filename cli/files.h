/*
 * files.h - where things are on this machine. The only reader of the environment for it.
 */
#ifndef CLI_FILES_H
#define CLI_FILES_H

#include "ledger/status.h"

#include <stddef.h>

/*
 * `given`, $COLEDGER_LEDGER, $XDG_DATA_HOME/coledger/ledger.db, ~/.local/share/coledger/ledger.db.
 * The caller frees it; NULL when there is none of them.
 */
char *files_ledger(const char *given);
/* Make the folder that `path` stands in, and those above it, mode 0700. 0, or errno. */
int files_make_folder(const char *path);
/* Is $COLEDGER_LEDGER set? */
bool files_names_ledger(void);
/* $COLEDGER_NODE, or NULL. */
const char *files_node(void);
/*
 * $COLEDGER_TOKEN, else the first word of $XDG_CONFIG_HOME/coledger/token or
 * ~/.config/coledger/token. The caller frees `*token`.
 * Refusals, `message` filled: LEDGER_NOT_SIGNED_IN (there is none), LEDGER_NOT_ALLOWED (others may
 * read the file).
 */
LEDGER_CHECKED enum ledger_status files_token(char **token, char *message, size_t size);
/* The name of the user this process runs as, or its number. */
const char *files_user(void);
/*
 * The whole of `path`, "-" for standard input, at most `max` bytes. The caller frees `*text`.
 * 0, or errno (EFBIG: it is larger).
 */
int files_read(const char *path, size_t max, char **text, size_t *size);

#endif
