/*
 * notice_text.h - a notice in words: what happened, how much, with whom. Never a memo, a title or any other text of
 * somebody's. The only file with the language of mails.
 */
#ifndef API_NOTICE_TEXT_H
#define API_NOTICE_TEXT_H

#include "ledger/outbox.h"

#include <jansson.h>
#include <stdio.h>

#define NOTICE_SENTENCE_MAX 400

/* "You were paid 12.50 CALD by riverside (transfer 7)." Needs a transaction. */
LEDGER_CHECKED enum ledger_status notice_sentence(struct ledger *l, const struct ledger_notice *n,
                                                  char text[static NOTICE_SENTENCE_MAX]);
/* The same for a program: kind, number, time, amounts, with whom, and the sentence. A new object. */
LEDGER_CHECKED enum ledger_status notice_json(struct ledger *l, const struct ledger_notice *n,
                                              json_t **out);

/* The line that says what a mail is of: "you were paid", "3 notices of 2026-11-28". */
#define NOTICE_TITLE_MAX 100
void notice_title(const struct ledger_parcel *p, char title[static NOTICE_TITLE_MAX]);
/* The mail's body, without the head. */
LEDGER_CHECKED enum ledger_status notice_body(struct ledger *l, const struct ledger_parcel *p,
                                              FILE *out);

#endif
