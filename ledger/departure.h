/*
 * departure.h - a member leaves with nothing open.
 */
#ifndef LEDGER_DEPARTURE_H
#define LEDGER_DEPARTURE_H

#include "transfer.h"

/*
 * Leave. Refusals: LEDGER_REASON_MISSING, LEDGER_MEMBER_STATE (left already), LEDGER_NOT_SETTLED: the sentence names
 * what the member offers and the live bookings it has part in; else the sessions to come that it gives or has a place in;
 * else the requests that are open, on either side; else each
 * account that is not at zero and how many holds are open; of a fund then what it granted and may still expire,
 * and that a levy goes to it or it pays for defaults. After: its
 * standing payments have ended, on either side, and its charges are withdrawn.
 */
LEDGER_CHECKED enum ledger_status ledger_member_leave(struct ledger *l, int64_t member_id,
                                                      const struct ledger_why *why);
/*
 * Bring an account to zero against `other_id`, because it was paid outside: `reference` says where.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_MISSING_PARAMETER (no reference), LEDGER_AMOUNT_NOT_POSITIVE (already zero), then as posting.
 */
LEDGER_CHECKED enum ledger_status ledger_member_settle(struct ledger *l, int64_t account_id,
                                                       int64_t other_id, const char *reference,
                                                       const struct ledger_why *why, int64_t *id);
/*
 * A fund pays a debt that will not come in. It takes two persons, as a cover does (default.h): another declared the default,
 * or `on_paper`: a second person agreed outside. After: a default that was declared has ended.
 * Refusals: LEDGER_REASON_MISSING, LEDGER_MEMBER_STATE (the other is no fund), LEDGER_AMOUNT_NOT_POSITIVE (the account is
 * not below zero), LEDGER_SECOND_PERSON, then as posting.
 */
LEDGER_CHECKED enum ledger_status ledger_member_write_off(struct ledger *l, int64_t account_id,
                                                          int64_t fund_account_id, bool on_paper,
                                                          const struct ledger_why *why,
                                                          int64_t *id);
#endif
