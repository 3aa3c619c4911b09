/*
 * mailbox.h - where a member wants to be told by mail, how often, and of what.
 */
#ifndef LEDGER_MAILBOX_H
#define LEDGER_MAILBOX_H

#include "outbox.h"

#define LEDGER_MAIL_ADDRESS_MAX 254 /* RFC 5321, without the angle brackets */

struct ledger_mailbox {
    int64_t member_id;
    enum ledger_outbox_mode mode;
    const char *address; /* NULL: as it was */
    uint64_t
        kinds; /* bits 1 << kind; 0: as it was, and all but LEDGER_NOTICE_SPENT for a new one */
};

/*
 * One address that can stand in a header as it is: LOCAL@DOMAIN in ASCII, an RFC 5322 dot-atom on either side. No
 * blanks, quotes, comments or control characters, so no second header and no second address.
 * Refusal: LEDGER_MAIL_ADDRESS_MALFORMED.
 */
LEDGER_CHECKED enum ledger_status ledger_mail_address_check(const char *text);

/*
 * Set it; with LEDGER_OUTBOX_NONE the address is forgotten. `*id` is its outbox.
 * Refusals: LEDGER_MAIL_ADDRESS_MALFORMED, LEDGER_MEMBER_STATE (left), LEDGER_MISSING_PARAMETER (no address yet).
 */
LEDGER_CHECKED enum ledger_status ledger_mailbox_set(struct ledger *l,
                                                     const struct ledger_mailbox *m, int64_t *id);
/* Of a member; LEDGER_NO_ROW when it never had one. */
LEDGER_CHECKED enum ledger_status ledger_mailbox_get(struct ledger *l, int64_t member_id,
                                                     struct ledger_outbox *o);
/* "paid,asked" as bits. Refusal: LEDGER_CHOICE_UNKNOWN (naming it; also where there is none). */
LEDGER_CHECKED enum ledger_status ledger_notice_kinds_parse(struct ledger *l, const char *text,
                                                            uint64_t *kinds);

#endif
