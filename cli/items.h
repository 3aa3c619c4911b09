/*
 * items.h - a list of objects that a file holds: as JSON, or as CSV with the names in its first line.
 */
#ifndef CLI_ITEMS_H
#define CLI_ITEMS_H

#include "api/operation.h"

/*
 * Take the items in the file at `path` ("-": standard input, JSON) as argument `p` of the call. A name that
 * ends in .csv is read as CSV: every value is text, what is empty is left out.
 * Refusals, call->problem filled: LEDGER_NO_SUCH_FILE, LEDGER_BODY_TOO_LARGE, LEDGER_FILE_MALFORMED,
 * those of api_args_parse and _body.
 */
LEDGER_CHECKED enum ledger_status items_read(struct api_call *call, const struct api_param *p,
                                             const char *path);

#endif
