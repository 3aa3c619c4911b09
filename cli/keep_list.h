/*
 * keep_list.h - the list of kept backups, a file that `sha256sum -c` reads.
 *
 * Its first line names the ledger, so that two never mix.
 */
#ifndef CLI_KEEP_LIST_H
#define CLI_KEEP_LIST_H

#include "keep.h"

/* "NAME-" of "/where/NAME.db", and the list's own name. */
void keep_stem(const char *path, char stem[static KEEP_NAME_MAX]);
/* Is `name` STEM-YYYY-MM-DD.db and then `rest`? */
bool keep_is_named(const char *name, const char *stem, int32_t *day, const char **rest);

/*
 * Read `name` in the folder `dir` into `r->files`; one that is not there is empty.
 * Refusals: LEDGER_FILE_MALFORMED, LEDGER_EXISTS (another ledger's), LEDGER_READ_ONLY.
 */
LEDGER_CHECKED enum ledger_status keep_list_read(int dir, const char *stem, const char *ledger,
                                                 struct keep_result *r);
/* Write beside, fsync, rename, fsync the folder: all listed but what is removed or gone. */
LEDGER_CHECKED enum ledger_status keep_list_write(int dir, const char *stem, const char *ledger,
                                                  struct keep_result *r);

/* The SHA-256 of a file in hex. 0, or errno. */
int keep_sum(int dir, const char *name, char sum[static KEEP_SUM_TEXT]);

#endif
