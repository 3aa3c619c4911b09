/* Every kind of damage is found, and the sentence names the row. */
#include "support/damage.h"
#include "support/furnished.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static const struct damage rows[] = {
    /* tables and guards */
    {"a table too many", "CREATE TABLE surplus (x)",
     "table surplus is not one that this program makes"},
    {"an index that is gone", "DROP INDEX entry_late", "index entry_late is missing"},

    /* the journal */
    {"a transfer that is gone", "DELETE FROM transfer WHERE id = 3", "transfer 3 is missing"},
    {"the last transfer", "DELETE FROM transfer WHERE id = 7",
     "entries stand without their transfer 7"},
    {"a posting time",
     "UPDATE transfer SET posted_at_us = (SELECT posted_at_us FROM transfer "
     "WHERE id = 1) WHERE id = 2",
     "transfer 2: it was posted no later"},
    {"an effective day ahead", "UPDATE transfer SET effective_on = effective_on + 1 WHERE id = 2",
     "transfer 2: its effective day is after"},
    {"an effective day before", "UPDATE transfer SET effective_on = effective_on - 1 WHERE id = 2",
     "transfer 2, leg 0 (ben:CALD): it was posted after its day, and is not marked late"},
    {"a late mark too many", "UPDATE entry SET late_on = 20000 WHERE transfer_id = 2 AND leg = 1",
     "transfer 2, leg 1 (cleo:CALD): it is marked late"},
    {"another late day", "UPDATE entry SET late_on = late_on - 1 WHERE transfer_id = 3 AND leg = 0",
     "transfer 3, leg 0 (cleo:CALD): its late day"},
    {"a kind", "UPDATE transfer SET kind = 'gift' WHERE id = 1",
     "transfer 1: it is of no known kind"},
    {"a reversal of nothing", "UPDATE transfer SET corrects = NULL WHERE id = 6",
     "transfer 6: it does not say which"},
    {"a refund of the future", "UPDATE transfer SET corrects = 7 WHERE id = 5",
     "transfer 5: it puts right a transfer that is not before it"},
    {"an amount", "UPDATE entry SET amount_minor = -6100 WHERE transfer_id = 1 AND leg = 0",
     "transfer 1, leg 0 (ana:CALD): the balance after it is -60.00, the replay gives -61.00"},
    {"an amount with its balance",
     "UPDATE entry SET amount_minor = -6100, balance_minor = -6100 WHERE transfer_id = 1 AND leg = "
     "0",
     "transfer 1: its legs in CALD sum to -1.00, not to zero"},
    {"a balance after", "UPDATE entry SET balance_minor = 3600 WHERE transfer_id = 2 AND leg = 0",
     "transfer 2, leg 0 (ben:CALD): the balance after it is 36.00, the replay gives 35.00"},
    {"an amount of zero", "UPDATE entry SET amount_minor = 0 WHERE transfer_id = 1 AND leg = 0",
     "transfer 1, leg 0 (ana:CALD): its amount is zero"},
    {"a balance out of range",
     "UPDATE entry SET amount_minor = -1000000000000000, "
     "balance_minor = -1000000000006000 WHERE transfer_id = 4 AND leg = 0",
     "transfer 4, leg 0 (ana:CALD): the balance after it is beyond what the ledger counts"},
    {"an account", "UPDATE entry SET account_id = 9 WHERE transfer_id = 2 AND leg = 0",
     "transfer 2, leg 0 (account 9): there is no such account"},
    {"an account twice", "UPDATE entry SET account_id = 2 WHERE transfer_id = 2 AND leg = 1",
     "transfer 2, leg 1 (ben:CALD): that account has a leg already"},
    {"a leg that is gone", "DELETE FROM entry WHERE transfer_id = 2 AND leg = 1",
     "transfer 2: it has fewer than two legs"},
    {"a leg's number", "UPDATE entry SET leg = 5 WHERE transfer_id = 2 AND leg = 1",
     "transfer 2: its legs are not numbered"},
    {"all legs", "DELETE FROM entry WHERE transfer_id = 2",
     "transfer 2: it has fewer than two legs"},
    {"entries of no transfer", "INSERT INTO entry VALUES (0, 0, 1, 5, 5, NULL, NULL)",
     "entries stand without their transfer 0"},
    {"an account's balance", "UPDATE account SET balance_minor = 5100 WHERE id = 2",
     "ben:CALD: its balance is 51.00, the replay gives 60.00"},
    {"an entry's link", "UPDATE entry SET previous = NULL WHERE transfer_id = 2 AND leg = 0",
     "it does not name the account's entry before it"},
    {"an account's count", "UPDATE account SET entry_count = 9 WHERE id = 2", "ben:CALD: it has "},
    {"an account's last transfer", "UPDATE account SET last_transfer_id = 1 WHERE id = 2",
     "ben:CALD: it has "},
    {"an account that is gone", "DELETE FROM account WHERE id = 4",
     "account 4 is missing: account 5 follows 3"},
    {"an account's currency", "UPDATE account SET currency_id = 7 WHERE id = 2",
     "account 2 is in no currency"},

    /* words */
    {"a memo", "UPDATE transfer_text SET memo = 'cake' WHERE transfer_id = 1",
     "transfer 1: its memo or reference is not what was written"},
    {"a hash", "UPDATE transfer SET text_hash = zeroblob(32) WHERE id = 1",
     "transfer 1: its memo or reference is not what was written"},
    {"half a hash", "UPDATE transfer SET text_hash = zeroblob(16) WHERE id = 1",
     "transfer 1: the hash of its words is not whole"},
    {"a memo without an erasure", "DELETE FROM transfer_text WHERE transfer_id = 1",
     "transfer 1: its words are gone, and no erasure is on record"},
    {"a memo from nowhere", "INSERT INTO transfer_text VALUES (2, zeroblob(16), 'later', '')",
     "transfer 2: it has a memo or reference now"},
    {"a memo of no transfer", "INSERT INTO transfer_text VALUES (9, zeroblob(16), 'x', '')",
     "a memo or reference stands without its transfer 9"},
    {"an erasure's record", "DELETE FROM erasure WHERE kind = 'transfer'",
     "transfer 4: its words are gone"},
    {"words after their erasure", "INSERT INTO erasure VALUES (9, 'transfer', 1, 0, '', '')",
     "transfer 1: its erasure is on record, and its words are still there"},
    {"a hold's memo", "UPDATE hold_text SET memo = 'x' WHERE hold_id = 1",
     "hold 1: its memo or reference is not what was written"},
    {"a hold's erasure", "DELETE FROM erasure WHERE kind = 'hold'", "hold 3: its words are gone"},

    /* members */
    {"a member that is gone", "DELETE FROM member WHERE id = 2", "member 2 is missing"},
    {"a handle", "UPDATE member_identity SET handle = 'ann' WHERE member_id = 1",
     "member 1: its handle is not the one"},
    {"two handles that were swapped",
     "UPDATE member_identity SET handle = 'x' WHERE member_id = 1; "
     "UPDATE member_identity SET handle = 'ana' WHERE member_id = 2; "
     "UPDATE member_identity SET handle = 'ben' WHERE member_id = 1",
     "member 1: its handle is not the one"},
    {"a name without an erasure", "DELETE FROM member_identity WHERE member_id = 1",
     "member 1: its words are gone"},
    {"a state", "UPDATE member SET state = 'suspended' WHERE id = 2",
     "member 2: its state is not the last one in its history"},
    {"an attribute after erasure",
     "INSERT INTO member_attribute VALUES (9, 5, 'sector', 'x', 0, 0, '')",
     "member 5: its erasure is on record"},

    /* requests */
    {"a request that is gone", "DELETE FROM request WHERE id = 1",
     "request 2: its payee's number before it is missing"},
    {"a request's line", "DELETE FROM request_line WHERE request_id = 1 AND line = 1",
     "request 1: it has no line, or one is missing"},
    {"all lines", "DELETE FROM request_line WHERE request_id = 3", "request 3: it has no line"},
    {"a request to oneself", "UPDATE request SET payer_id = 2 WHERE id = 1",
     "request 1: its payer and payee are one"},
    {"a line from nowhere", "INSERT INTO request_line VALUES (9, 1, 1000, 1, 0, 1)",
     "request 9: a line or a rate stands without it"},
    {"a rate from nowhere", "INSERT INTO request_rate VALUES (9, 0, 0, 0)",
     "request 9: a line or a rate stands without it"},
    {"a price", "UPDATE request_line SET price_minor = 151 WHERE request_id = 1 AND line = 1",
     "request 1: a line's net is not its quantity"},
    {"a line's net", "UPDATE request_line SET net_minor = 49 WHERE request_id = 2",
     "request 2: a line's net is not its quantity"},
    {"a rate's net",
     "UPDATE request_rate SET net_minor = 299 WHERE request_id = 1 AND tax_points "
     "= 2000",
     "request 1: what a tax rate comes to"},
    {"a rate's tax",
     "UPDATE request_rate SET tax_minor = 59 WHERE request_id = 1 AND tax_points "
     "= 2000",
     "request 1: what a tax rate comes to"},
    {"a rate that is gone", "DELETE FROM request_rate WHERE request_id = 1 AND tax_points = 0",
     "request 1: what a tax rate comes to"},
    {"a request's tax", "UPDATE request SET tax_minor = 61, gross_minor = 461 WHERE id = 1",
     "request 1: its net and tax are not"},
    {"what is payable", "UPDATE request SET ledger_minor = 460 WHERE id = 1",
     "request 1: what is payable outside"},
    {"whom a credit note is for", "UPDATE request SET payer_id = 3 WHERE id = 2",
     "request 2: it is a credit note, and not for an invoice"},
    {"a credit note's day",
     "UPDATE request SET issued_on = issued_on - 1 WHERE kind = 'credit-note'",
     "it is a credit note, and dated before its invoice"},
    {"a credit that is gone", "DELETE FROM request_event WHERE kind = 'credited'",
     "request 2: it is a credit note, and its invoice was not credited"},
    {"another credit", "UPDATE request_event SET ledger_minor = -51 WHERE kind = 'credited'",
     "request 2: it is a credit note, and its invoice was not credited"},
    {"an event from nowhere",
     "INSERT INTO request_event VALUES (5, 9, 'disputed', 0, 0, NULL, NULL, 0, '')",
     "request 9: an event stands without it"},
    {"an event of a credit note",
     "INSERT INTO request_event VALUES (5, 2, 'disputed', 0, 0, NULL, NULL, 0, '')",
     "request 2: an event stands without it"},
    {"an event's time", "UPDATE request_event SET at_us = 0 WHERE id = 3",
     "request 1: its events are not in the order"},
    {"a payment of more", "UPDATE request_event SET outside_minor = -161 WHERE id = 1",
     "request 1: more was paid, or less"},
    {"a payment taken back too far",
     "UPDATE request_event SET kind = 'unpaid-outside', outside_minor = 1 WHERE id = 1",
     "request 1: more was paid, or less"},
    {"a payment of another amount",
     "INSERT INTO request_event SELECT 5, 3, 'paid', -1, 0, 3, NULL, t.posted_at_us, '' FROM "
     "transfer t WHERE t.id = 3; DELETE FROM request_event WHERE id = 4",
     "request 3: a transfer that paid it does not pay as much"},
    {"a payment by another",
     "INSERT INTO request_event SELECT 5, 3, 'paid', -100, 0, 3, NULL, t.posted_at_us, '' FROM "
     "transfer t WHERE t.id = 3; DELETE FROM request_event WHERE id = 4",
     "request 3: a transfer that paid it does not pay as much"},
    {"a match with another's payment",
     "INSERT INTO request_event SELECT 5, 3, 'matched', -100, 0, 3, NULL, t.posted_at_us + 1, '' "
     "FROM transfer t WHERE t.id = 3; DELETE FROM request_event WHERE id = 4",
     "request 3: a transfer that paid it does not pay as much"},
    {"what is covered outside", "UPDATE request SET ledger_minor = 299 WHERE id = 1",
     "request 1: what is payable outside"},
    {"a reversal that opened nothing",
     "INSERT INTO request SELECT 4, 3, 2, 2, 1, 'invoice', NULL, issued_on, supplied_on, due_on, "
     "NULL, 2500, "
     "0, 2500, 2500, NULL, 0, NULL, 0, '' FROM request WHERE id = 3; INSERT INTO request_line "
     "VALUES (4, 1, 1000, 2500, 0, 2500); INSERT INTO request_rate VALUES (4, 0, 2500, 0); INSERT "
     "INTO request_event SELECT 5, 4, 'paid', -2500, 0, 2, NULL, t.posted_at_us, '' FROM transfer "
     "t WHERE t.id = 2",
     "request 4: a payment of it was reversed"},
    {"a reversal of something else",
     "UPDATE request_event SET kind = 'reversed', transfer_id = 6, ledger_minor = 1 WHERE id = 3; "
     "UPDATE request_event SET ledger_minor = -51 WHERE id = 2; UPDATE request SET ledger_minor = "
     "51, gross_minor = 51, net_minor = 51 WHERE id = 2; UPDATE request_line SET price_minor = "
     "102, net_minor = 51 WHERE request_id = 2; UPDATE request_rate SET net_minor = 51 WHERE "
     "request_id = 2",
     "request 1: it is open again by a transfer that reversed no payment"},
    {"a refund of something else",
     "INSERT INTO request_event SELECT 5, 1, 'refunded', 1, 0, id, 2, 9000000000000000, '' FROM "
     "transfer WHERE kind = 'refund'",
     "request 1: a refund that counts is of no payment of it"},
    {"an end that was none",
     "INSERT INTO request_event VALUES (5, 3, 'disputed', 0, 0, NULL, NULL, 9000000000000000, '')",
     "request 3: something happened after it was declined"},
    {"what is open", "UPDATE request_open SET ledger_minor = 251",
     "request 1: what is open of it is 2.51, its events give 2.50"},
    {"what is open outside", "UPDATE request_open SET outside_minor = 99",
     "request 1: what is open of it outside is 0.99, its events give 1.00"},
    {"an open request that is not listed", "DELETE FROM request_open",
     "request 1: what is open of it is 0.00, its events give 2.50"},
    {"a closed one that is listed", "INSERT INTO request_open VALUES (3, 3, 1, 1, 100, 0, 0)",
     "request 3: what is open of it is 1.00, its events give 0.00"},
    {"whose open request", "UPDATE request_open SET payer_id = 3",
     "request 1: it is listed as open for others"},
    {"when an open request is due", "UPDATE request_open SET due_on = due_on - 1",
     "request 1: it is listed as open for others"},
    {"a dispute", "UPDATE request_open SET disputed = 0",
     "request 1: it is listed as open for others"},
    {"a note without its request", "INSERT INTO request_text VALUES (9, '', '')",
     "request 9: words stand without it"},
    {"words after their erasure", "INSERT INTO erasure VALUES (9, 'request', 1, 0, '', '')",
     "request 1: words stand without it, or although"},
    {"a line's words", "DELETE FROM request_line_text WHERE request_id = 3",
     "request 3: its words are gone"},
    {"a note", "DELETE FROM request_text WHERE request_id = 3", "request 3: its words are gone"},

    /* notices */
    {"a notice that is gone", "DELETE FROM notice WHERE id = 1",
     "notice 2: one before it is missing"},
    {"a notice of nobody's", "UPDATE notice SET member_id = 99, kind = 'asked' WHERE id = 2",
     "notice 2: its member is not there"},
    {"a notice of another's payment", "UPDATE notice SET member_id = 3 WHERE kind = 'paid'",
     "notice 3: it tells of a payment that was not its member's"},
    {"a notice the wrong way round", "UPDATE notice SET kind = 'spent' WHERE kind = 'paid'",
     "notice 3: it tells of a payment that was not its member's"},
    {"a payment told of twice",
     "INSERT INTO notice SELECT (SELECT max(id) + 1 FROM notice), member_id, kind, subject_id, "
     "at_us FROM notice WHERE kind = 'paid'",
     ": another tells the same member of the same payment"},
    {"an address of one who was erased", "UPDATE outbox SET member_id = 5 WHERE id = 1",
     "outbox 1: an address is there, and its member was erased"},
    {"an address that is gone", "DELETE FROM outbox_text WHERE outbox_id = 2",
     "outbox 2: it is told something, and there is no address"},
    {"an address kept", "UPDATE outbox SET mode = 'none' WHERE id = 1",
     "outbox 1: an address is there"},
    {"a mark beyond the last", "UPDATE outbox SET notice_id = 999 WHERE id = 1",
     "outbox 1: it was told what there is not yet"},
    {"a mailbox of nobody's", "UPDATE outbox SET member_id = 99 WHERE id = 1",
     "outbox 1: its member is not there"},
    {"a mark that went back", "UPDATE outbox SET notice_id = 0 WHERE id = 2",
     "outbox 2: what was given up is not behind its mark"},
    {"given up, of nothing", "UPDATE undelivered SET outbox_id = 9",
     "outbox 9: what was given up is of none"},
    {"a limit of no account", "INSERT INTO notice_near VALUES (99, 'floor')",
     "account 99: it was told of a limit, and it is not there"},
    {"payments told before they were", "UPDATE notice_follow SET transfer_id = 99",
     "transfer 99: notices were read on beyond the last one"},
    {"a mark in the journal that is gone", "DELETE FROM notice_follow",
     "notice 0: nothing says how far"},

    /* bookings */
    {"a booking's state", "UPDATE booking SET state = 'held'",
     "booking 1: it has no change that shows it"},
    {"a booking's change", "DELETE FROM booking_change WHERE booking_id = 1",
     "booking 1: it has no change"},
    {"a booking of two times",
     "INSERT INTO booking_change SELECT 9, sequence, state, unit, from_us, to_us, from_local, "
     "to_local, tzdata, included_min, amount_minor, hold_id, transfer_id, at_us, actor, reason, "
     "kept_minor "
     "FROM booking_change WHERE booking_id = 1; INSERT INTO booking SELECT 9, resource_id, "
     "member_id, class, terms_id, "
     "share_id, currency_id, series_id, made_at_us, sequence, state, live, unit, from_us, to_us, "
     "busy_from_us, busy_to_us, included_min, amount_minor, hold_id, due_us, kept_minor FROM "
     "booking WHERE id "
     "= 1",
     "booking 9: another live booking has its time"},
    {"a booking that costs nothing more",
     "UPDATE booking SET amount_minor = 5; UPDATE booking_change SET amount_minor = 5",
     "booking 1: it costs something and has no open hold"},
    {"a booking that keeps what it does not cost",
     "UPDATE booking SET kept_minor = 5 WHERE id = 1; UPDATE booking_change SET kept_minor = 5 "
     "WHERE booking_id = 1",
     "booking 1: its moves have kept more than it costs"},
    {"a booking that keeps less", "UPDATE booking_change SET kept_minor = 5 WHERE booking_id = 1",
     "booking 1: it has no change that shows it"},
    {"a hold of no booking", "INSERT INTO hold_owner VALUES (1, 'booking', 7)",
     "booking 7: it is over, planned or free, and has an open hold"},
    {"a booking's change from nowhere",
     "INSERT INTO booking_change SELECT 9, sequence, state, unit, from_us, to_us, from_local, "
     "to_local, tzdata, included_min, amount_minor, hold_id, transfer_id, at_us, actor, reason, "
     "kept_minor "
     "FROM booking_change WHERE booking_id = 1",
     "booking 9: a change or a line stands without it"},
    {"a date of a series", "DELETE FROM series_date WHERE booking_id IS NOT NULL",
     "booking 2: it is of a series that does not name it"},
    {"a date of another series", "INSERT INTO series_date VALUES (1, 30000, 1, '', '')",
     "booking 1: a series names it, and it is not of that"},
    {"a title that was erased",
     "INSERT OR REPLACE INTO booking_text VALUES (1, 'x'); INSERT INTO erasure VALUES (99, "
     "'booking', 1, 1, '', '')",
     "booking 1: its title is still there after it was erased"},
    {"when it is paid", "DELETE FROM series_due",
     "booking 2: it is planned, and nothing says when"},

    /* holds, reserves, limits */
    {"an owner of no hold", "INSERT INTO hold_owner VALUES (9, 'x', 1)",
     "hold 9: an owner stands without it"},
    {"a hold that is gone", "DELETE FROM hold WHERE id = 2", "hold 2 is missing"},
    {"a hold in two currencies",
     "INSERT INTO currency VALUES (2, 'HOUR', 'h', 2, 'time', 0); "
     "INSERT INTO currency_limit VALUES (2, 2, 0, 5, 0, '', '', ''); INSERT INTO account_limit "
     "VALUES (9, 6, 0, 5, 0, NULL, '', '', ''); INSERT INTO account VALUES (6, 1, 2, 0, 0, 0, 0, "
     "5, "
     "NULL, 0, 0, NULL, 0); UPDATE hold_payee SET account_id = 6 WHERE hold_id = 1",
     "hold 1: its payer"},
    {"a hold's amount", "UPDATE hold SET amount_minor = 900 WHERE id = 1",
     "hold 1: its payees do not add up"},
    {"a hold's time", "UPDATE hold SET placed_at_us = 5 WHERE id = 2",
     "hold 2: it was placed before the one before it"},
    {"a resolution before its hold", "UPDATE hold_resolution SET at_us = 5 WHERE hold_id = 3",
     "hold 3: it was resolved before"},
    {"a capture of more", "UPDATE hold_resolution SET amount_minor = 1100 WHERE hold_id = 2",
     "hold 2: more was captured than was held"},
    {"a capture of less", "UPDATE hold_resolution SET amount_minor = 300 WHERE hold_id = 2",
     "hold 2: transfer 7 does not pay what was captured"},
    {"a captured hold's payee",
     "UPDATE hold_payee SET amount_minor = -5 WHERE hold_id = 2; "
     "INSERT INTO hold_payee VALUES (2, 1, 2, 1005)",
     "hold 2: a payee's amount is out of range"},
    {"a capture by a payment", "UPDATE hold_resolution SET transfer_id = 1 WHERE hold_id = 2",
     "hold 2: it names a transfer that is no capture"},
    {"a capture of no hold", "DELETE FROM hold_resolution WHERE hold_id = 2",
     "transfer 7: it is a capture, and belongs to no hold"},
    {"a hold that is open again", "DELETE FROM hold_resolution WHERE hold_id = 3",
     "hold 3: it is open, and hold_open does not list it"},
    {"an open hold that is not listed", "DELETE FROM hold_open WHERE account_id = 2",
     "hold 1: it is open, and hold_open does not list it"},
    {"a listed hold that is not open",
     "INSERT INTO hold_open SELECT account_id, expires_at_us, id "
     "FROM hold WHERE id = 3",
     "hold 3: hold_open lists it"},
    {"whose hold", "DELETE FROM hold_account WHERE account_id = 2 AND hold_id = 1",
     "hold 1: hold_account does not list it"},
    {"somebody else's hold", "INSERT INTO hold_account VALUES (4, 1)",
     "hold 1: hold_account lists it for an account that is not in it"},
    {"reserved out", "UPDATE account SET reserved_out_minor = 700 WHERE id = 1",
     "ana:CALD: its reserved out is 7.00, its open holds reserve 8.00"},
    {"reserved in", "UPDATE account SET reserved_in_minor = 900 WHERE id = 2",
     "ben:CALD: its reserved in is 9.00, its open holds reserve 8.00"},
    {"the next expiry", "UPDATE account SET hold_expiry_us = NULL WHERE id = 1",
     "ana:CALD: its next hold expiry"},
    {"a floor", "UPDATE account SET floor_minor = -5 WHERE id = 1",
     "ana:CALD: its floor is -0.05, the last limit on record is -200.00"},
    {"a ceiling", "UPDATE account SET ceiling_minor = 5 WHERE id = 1",
     "ana:CALD: its ceiling is 0.05, the last limit on record is 200.00"},
    {"a scale", "UPDATE currency SET scale = 7", "currency 1: its scale is out of range"},
    {"a currency's kind", "UPDATE currency SET kind = 'gold'", "currency 1: its kind is none"},
    {"a currency's limits", "UPDATE currency_limit SET floor_minor = 5",
     "currency 1: its limits are out of range"},
    {"a member's kind", "UPDATE member SET kind = 'bank' WHERE id = 2",
     "member 2: its kind or state"},
    {"a limit out of range",
     "UPDATE account_limit SET floor_minor = 5 WHERE account_id = 3; "
     "UPDATE account SET floor_minor = 5 WHERE id = 3",
     "cleo:CALD: its limits are out of range"},
    {"a hold of no time", "UPDATE hold SET expires_at_us = placed_at_us WHERE id = 3",
     "hold 3: its amount is out of range, or it ended"},
    {"a release with an amount", "UPDATE hold_resolution SET amount_minor = 5 WHERE hold_id = 3",
     "hold 3: it is captured without"},
    {"a payee in two parts",
     "UPDATE hold_payee SET amount_minor = 900 WHERE hold_id = 1; "
     "INSERT INTO hold_payee VALUES (1, 1, 3, -100)",
     "hold 1: a payee's amount is out of range"},
    {"a limit's row", "DELETE FROM account_limit WHERE account_id = 3",
     "cleo:CALD: it has no limit on record"},

    /* corrections */
    {"a second reversal", "UPDATE transfer SET kind = 'reversal', corrects = 2 WHERE id = 5",
     "transfer 2: it is reversed more than once"},
    {"a reversal of a refund's size", "UPDATE transfer SET kind = 'reversal' WHERE id = 5",
     "transfer 5: it does not undo the transfer that it reverses"},
    {"a refund of somebody else", "UPDATE transfer SET corrects = 3 WHERE id = 5",
     "transfer 5: it is not a refund between the two"},
    {"a refund of a refund", "UPDATE transfer SET kind = 'refund', corrects = 5 WHERE id = 6",
     "transfer 6: it reverses or refunds a transfer that cannot be"},
    {"a refund of what was reversed",
     "UPDATE transfer SET kind = 'refund' WHERE id = 6; "
     "UPDATE transfer SET kind = 'reversal', corrects = 2 WHERE id = 7; "
     "UPDATE hold_resolution SET kind = 'released', amount_minor = 0, transfer_id = NULL "
     "WHERE hold_id = 2",
     "transfer 7: it does not undo"},

    /* the register */
    {"a write that is gone",
     "DELETE FROM register_answer_of; DELETE FROM register_answer; DELETE FROM register WHERE seq "
     "= 1",
     "register: write 1 is missing"},
    {"a write's time", "UPDATE register SET at_us = 5 WHERE seq = 2",
     "register: write 2 was no later"},
    {"a write's hash", "UPDATE register SET content_hash = x'00' WHERE seq = 2",
     "register: write 2 has no whole"},
    {"an answer to nothing", "INSERT INTO register_answer VALUES (9, 'x')",
     "register 9: an answer stands without its write"},
    {"whose an answer to nothing is", "INSERT INTO register_answer_of VALUES (9, 'member', 1)",
     "register 9: an answer stands without its write"},
    {"an answer of what was erased",
     "INSERT INTO register_answer_of SELECT 1, kind, subject FROM erasure WHERE id = 1; "
     "UPDATE register SET at_us = 1 WHERE seq = 1",
     "register 1: an answer stands although what it tells of was erased"},
    {"an answer of an address that is not wanted",
     "INSERT INTO register_answer_of VALUES (1, 'outbox', 999)",
     "register 1: an answer stands although what it tells of was erased"},
    {"an answer that is gone", "DELETE FROM register_answer WHERE seq = 1",
     "register 1: an answer is gone"},

/* indexes that no longer say what their rows say */
#define STALE(index, wrong, right)                                                                 \
    wrong "; CREATE TABLE aside AS SELECT * FROM sqlite_schema WHERE name = '" index "'; "         \
          "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = '" index "'; "      \
          "PRAGMA writable_schema = RESET; " right "; PRAGMA writable_schema = ON; "               \
          "INSERT INTO sqlite_schema SELECT * FROM aside; PRAGMA writable_schema = RESET; "        \
          "DROP TABLE aside"
    {"a mark of an entry that has none", "INSERT INTO entry_mark VALUES (1, 1)",
     "ana:CALD: the index entry_mark does not agree"},
    {"a mark of no account", "INSERT INTO entry_mark VALUES (99, 1)",
     "account 99: the index entry_mark does not agree"},
    {"the index of late entries",
     STALE("entry_late", "UPDATE entry SET amount_minor = -501 WHERE transfer_id = 3 AND leg = 0",
           "UPDATE entry SET amount_minor = -500 WHERE transfer_id = 3 AND leg = 0"),
     "cleo:CALD: the index entry_late does not agree"},
    {"the index of corrections",
     STALE("transfer_corrects", "UPDATE transfer SET corrects = 1 WHERE id = 6",
           "UPDATE transfer SET corrects = 2 WHERE id = 6"),
     "the index transfer_corrects does not agree"},
    {"the index of limits",
     STALE("account_limit_account", "UPDATE account_limit SET account_id = 5 WHERE id = 1",
           "UPDATE account_limit SET account_id = 1 WHERE id = 1"),
     "account_limit_account"},
};

static struct region whole;

static void each_damage_is_named(void **state)
{
    (void)state;
    damage_each(&whole, rows, sizeof rows / sizeof rows[0]);
}

static void a_whole_ledger_is_whole(void **state)
{
    (void)state;
    struct ledger_verification v;

    char path[240];
    snprintf(path, sizeof path, "%s-copy", whole.path);
    damage_copy(whole.path, path);
    damage_verify(&whole, path, &v);
    assert_string_equal(v.problem, "");
    assert_int_equal(v.transfers, 7);
    assert_int_equal(v.entries, 14);
    assert_int_equal(v.accounts, 5);
    assert_int_equal(v.holds, 4);
    assert_int_equal(v.writes, 2);
    assert_int_equal(v.erased, 3);
}

static void a_guard_that_changed_is_found(void **state)
{
    (void)state;
    struct ledger_verification v;
    char path[240];

    snprintf(path, sizeof path, "%s-guard", whole.path);
    damage_copy(whole.path, path);
    assert_null(region_raw(path, "DROP TRIGGER transfer_no_update"));
    assert_null(region_raw(path, "CREATE TRIGGER transfer_no_update BEFORE UPDATE ON transfer "
                                 "BEGIN SELECT 1; END"));
    damage_verify(&whole, path, &v);
    assert_string_equal(v.problem,
                        "the file's trigger transfer_no_update is not as this program makes it");
}

static long number_in(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    long page = (long)sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return page;
}

static void a_damaged_page_is_found(void **state)
{
    (void)state;
    struct ledger_verification v;
    struct region r = {.clock = whole.clock};
    unsigned char garbage[200];

    snprintf(r.path, sizeof r.path, "%.100s-page", whole.path);
    damage_copy(whole.path, r.path);
    long root = number_in(r.path, "SELECT rootpage FROM sqlite_schema WHERE name = 'entry'");
    long page = number_in(r.path, "PRAGMA page_size");
    FILE *file = fopen(r.path, "r+b");
    assert_non_null(file);
    memset(garbage, 0xA5, sizeof garbage);
    assert_int_equal(fseek(file, page * (root - 1), SEEK_SET), 0);
    assert_int_equal(fwrite(garbage, sizeof garbage, 1, file), 1);
    fclose(file);
    region_open(&r, false);
    EXPECT(&r, LEDGER_INTEGRITY, ledger_verify(r.l, NULL, NULL, &v));
    assert_true(v.problem[0] != '\0');
    region_end(&r);
}

static void an_empty_ledger_is_whole(void **state)
{
    (void)state;
    struct region r;
    struct ledger_verification v;

    region_start(&r);
    OK(&r, ledger_verify(r.l, NULL, NULL, &v));
    assert_int_equal(v.transfers, 0);
    region_end(&r);
}

static bool stop(void *ctx, int64_t done, int64_t of)
{
    *(int64_t *)ctx = done;
    return done < of / 2;
}

static void progress_may_stop_it(void **state)
{
    (void)state;
    struct region r;
    struct ledger_verification v;
    int64_t done = 0;

    region_start(&r);
    region_currency(&r, "CALD");
    region_member(&r, "ana");
    region_member(&r, "ben");
    int64_t ana = region_account(&r, "ana", "CALD");
    int64_t ben = region_account(&r, "ben", "CALD");
    for (int i = 0; i < 5000; i++) {
        region_pay(&r, ana, ben, 1);
        region_pay(&r, ben, ana, 1);
    }
    EXPECT(&r, LEDGER_STOP, ledger_verify(r.l, stop, &done, &v));
    assert_true(done >= 5000 && done < 10000);
    region_end(&r);
}

static int set_up(void **state)
{
    (void)state;
    region_start_file(&whole);
    furnish(&whole);
    region_close(&whole);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_end(&whole);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_ledger_is_whole), cmocka_unit_test(an_empty_ledger_is_whole),
        cmocka_unit_test(each_damage_is_named),    cmocka_unit_test(a_guard_that_changed_is_found),
        cmocka_unit_test(a_damaged_page_is_found), cmocka_unit_test(progress_may_stop_it),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
