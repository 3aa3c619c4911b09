/*
 * history_field.h - one field of a row, from the text in the file to what it means.
 */
#ifndef CLI_HISTORY_FIELD_H
#define CLI_HISTORY_FIELD_H

#include "history.h"

/*
 * Take `text` into `row`, by h->settings. A row's fields are taken in their order: the payee knows the payer, the memo
 * the kind. A party that is new is added to h->members. What the row then owns is freed with it.
 * Refusals, `why` one sentence without file and line: LEDGER_TEXT_*, LEDGER_TIME_MALFORMED, LEDGER_HANDLE_MALFORMED,
 * LEDGER_SAME_ACCOUNT, LEDGER_AMOUNT_*, LEDGER_NO_MEMORY.
 */
LEDGER_CHECKED enum ledger_status history_field_take(struct history *h, struct history_row *row,
                                                     enum history_field field, const char *text,
                                                     char why[static HISTORY_WHY_MAX]);

#endif
