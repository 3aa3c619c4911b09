/*
 * delimited.h - the rows of a delimited text file (RFC 4180, with a delimiter of one's choice).
 */
#ifndef CLI_DELIMITED_H
#define CLI_DELIMITED_H

#include "ledger/status.h"

#include <stddef.h>

#define DELIMITED_FIELDS_MAX 200

/* One row; all of it is good until the reader returns. */
struct delimited_row {
    size_t line;     /* where it begins, the file's first line is 1 */
    const char *raw; /* its bytes in the file, without the line's end */
    size_t raw_size;
    int count;
    char *fields[DELIMITED_FIELDS_MAX]; /* unquoted, blanks around them taken off */
};

/* What is not LEDGER_OK ends the reading and is returned. */
typedef enum ledger_status delimited_reader(void *ctx, const struct delimited_row *row);

/*
 * Give each row of `text` that is not blank to `read`. A byte order mark is passed over; lines end in LF
 * or CRLF. Refusals: LEDGER_FILE_MALFORMED (`*line` says where and `*why` what: a quote out of place or
 * not closed, too many fields, a zero byte), LEDGER_NO_MEMORY.
 */
LEDGER_CHECKED enum ledger_status delimited_each(const char *text, size_t size, char delimiter,
                                                 delimited_reader *read, void *ctx, size_t *line,
                                                 const char **why);

#endif
