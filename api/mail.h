/*
 * mail.h - a whole mail (RFC 5322), as a program such as `sendmail -t` takes it.
 */
#ifndef API_MAIL_H
#define API_MAIL_H

#include "ledger/outbox.h"

/*
 * Write it: `*text` is malloc'd, `*size` its bytes. Its Message-ID is the same each time the same is written, so that
 * one that was handed over twice can be told. Before: `from` is a good address (ledger_mail_address_check) and a
 * transaction is open. Lines end in LF, as local programs have it.
 */
LEDGER_CHECKED enum ledger_status mail_write(struct ledger *l, const struct ledger_parcel *p,
                                             const char *from, char **text, size_t *size);

#endif
