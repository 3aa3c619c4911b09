/*
 * certificate.h - a certificate in a file becomes an argument.
 */
#ifndef CLI_CERTIFICATE_H
#define CLI_CERTIFICATE_H

#include "api/operation.h"

/*
 * Take the text in file `path` ("-" for standard input) as argument `p`: as it is, or out of the JSON that
 * shows it. Refusals, call->problem filled: LEDGER_NO_SUCH_FILE, LEDGER_FILE_MALFORMED, LEDGER_CERTIFICATE_MALFORMED.
 */
LEDGER_CHECKED enum ledger_status certificate_read(struct api_call *call, const struct api_param *p,
                                                   const char *path);

#endif
