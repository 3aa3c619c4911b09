/*
 * erasure.h - people and their words can be erased; the journal's hashes stay.
 */
#ifndef LEDGER_ERASURE_H
#define LEDGER_ERASURE_H

#include "ledger.h"

/*
 * Erase a member's handle, name, attributes and kept answers. Its handle stays taken.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_MEMBER, LEDGER_MEMBER_STATE (has not left), LEDGER_ALREADY_ERASED.
 */
LEDGER_CHECKED enum ledger_status ledger_erase_member(struct ledger *l, int64_t member_id,
                                                      const struct ledger_why *why);
/*
 * Erase the memo and reference of a transfer or of a hold.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_TRANSFER / _HOLD, LEDGER_ALREADY_ERASED (or it had none).
 * The caller truncates the write-ahead log after commit, so that the words are gone from the disk.
 */
LEDGER_CHECKED enum ledger_status ledger_erase_transfer_text(struct ledger *l, int64_t id,
                                                             const struct ledger_why *why);
LEDGER_CHECKED enum ledger_status ledger_erase_hold_text(struct ledger *l, int64_t id,
                                                         const struct ledger_why *why);
/*
 * Erase the name, the title and the text of a certificate; its hash, and whether it is revoked, stay.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_CERTIFICATE, LEDGER_ALREADY_ERASED.
 */
LEDGER_CHECKED enum ledger_status ledger_erase_certificate_text(struct ledger *l, int64_t id,
                                                                const struct ledger_why *why);
/*
 * Erase the names of a placement's person and mentor; hours and payments stay.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_PLACEMENT, LEDGER_ALREADY_ERASED.
 */
LEDGER_CHECKED enum ledger_status ledger_erase_placement_text(struct ledger *l, int64_t id,
                                                              const struct ledger_why *why);

/*
 * Erase the title of a booking, also from the answers that were kept; its time and its price stay.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_BOOKING, LEDGER_ALREADY_ERASED (or it had none).
 */
LEDGER_CHECKED enum ledger_status ledger_erase_booking_text(struct ledger *l, int64_t id,
                                                            const struct ledger_why *why);
/*
 * Erase the note, the reference, the text of each line and the reasons of a request or credit note; amounts, days and what
 * became of it stay. Refusals: LEDGER_REASON_MISSING, LEDGER_NO_SUCH_REQUEST, LEDGER_ALREADY_ERASED.
 */
LEDGER_CHECKED enum ledger_status ledger_erase_request_text(struct ledger *l, int64_t id,
                                                            const struct ledger_why *why);

struct ledger_erased {
    int64_t id;
    char kind[33]; /* member, transfer, hold, certificate, placement, request, booking */
    int64_t subject;
    int64_t at_us;
    char actor[LEDGER_ACTOR_MAX + 1];
    char reason[LEDGER_REASON_MAX + 1];
};
typedef enum ledger_status ledger_erased_reader(void *ctx, const struct ledger_erased *e);
LEDGER_CHECKED enum ledger_status ledger_erasure_each(struct ledger *l, int64_t after_id, int limit,
                                                      ledger_erased_reader *read, void *ctx);
/* Apply `from`'s erasures to `l` again, where its rows still have their words: after a restore. */
LEDGER_CHECKED enum ledger_status ledger_erasure_repeat(struct ledger *l, struct ledger *from,
                                                        int64_t *count);
#endif
