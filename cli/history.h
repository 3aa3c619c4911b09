/*
 * history.h - payments that have happened, as another system wrote them down: the rows of a file.
 *
 * A row's uid is a hash of the source's name, its mapped fields as they stand in the file, and how
 * many rows before it say the same: so the same file again is known row by row, a longer one
 * adds only what is new, and two payments that look alike stay two.
 */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "api/operation.h"
#include "ledger/zone.h"

#include <jansson.h>

#define HISTORY_FILE_MAX ((size_t)1 << 30)
#define HISTORY_ROWS_MAX 5000000
#define HISTORY_COLUMNS_MAX (DELIMITED_FIELDS_MAX - 3) /* a reject has three more */
#define HISTORY_WHY_MAX 400

enum history_field {
    HISTORY_TIME,
    HISTORY_FROM,
    HISTORY_TO,
    HISTORY_AMOUNT,
    HISTORY_KIND,
    HISTORY_MEMO,
    HISTORY_REFERENCE,
    HISTORY_FIELDS
};

/* How to read the file; all owned by the caller and kept until history_free. */
struct history_settings {
    const char *path;   /* as it is named in sentences */
    const char *source; /* goes into every uid */
    const char *map; /* "from=payer,amount=sum"; NULL: columns that are called as the fields are */
    char delimiter;
    char decimal_mark;
    bool round_half_even; /* more decimals than the currency has are rounded, not refused */
    bool each;            /* a bad row is rejected, and reading goes on */
    bool has_effective;   /* no row has a time: this is the day of all of them */
    int32_t effective_on;
    int scale;
    bool hours;
    const struct ledger_zone *zone; /* whose days the times fall into */
};

struct history_row {
    size_t line;
    const char *raw; /* in history.text */
    size_t raw_size;
    int payer; /* index of its handle in `members` */
    int payee;
    int64_t amount_minor;
    char *memo; /* the source's kind and memo; NULL when none */
    char *reference;
    int32_t effective_on;
    struct ledger_uid uid;
    bool rounded;              /* half to even, not exactly */
    bool known;                /* it was imported before */
    enum ledger_status status; /* not LEDGER_OK: rejected */
    char *why;
};

struct history {
    struct history_settings settings;
    char *text;
    size_t size;
    const char *header; /* in `text` */
    size_t header_size;
    int columns[HISTORY_FIELDS]; /* where each field stands in a row, -1: nowhere */
    int column_count;
    struct history_row *rows;
    size_t count;
    size_t rejected;
    size_t rounded;
    char **members; /* the handles that stand in it, each once */
    int member_count;
    json_t *member_index;
    json_t *seen; /* how often each content has come so far */
};

/*
 * Read the file at `settings->path` ("-": standard input). After: history_free it in any case.
 * Refusals, `problem` filled with file, line and column: LEDGER_NO_SUCH_FILE, LEDGER_BODY_TOO_LARGE,
 * LEDGER_FILE_MALFORMED (not text, no rows, columns missing, a row of another length), LEDGER_USAGE (the
 * map), then of the first bad row the refusal of its field, unless settings->each.
 */
LEDGER_CHECKED enum ledger_status history_read(struct history *h,
                                               const struct history_settings *settings,
                                               struct api_problem *problem);
void history_free(struct history *h);

/*
 * `row` cannot be taken: with settings->each it becomes a reject and LEDGER_OK is returned, else `problem` is
 * filled with its line (and the column of `field`, or HISTORY_FIELDS for none) and `s` is returned.
 */
LEDGER_CHECKED enum ledger_status history_refuse(struct history *h, struct history_row *row,
                                                 enum history_field field, enum ledger_status s,
                                                 const char *sentence, struct api_problem *problem);

#endif
