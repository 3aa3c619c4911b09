/* The file itself refuses what would falsify it, whatever tool is used. */
#include "support/furnished.h"

#include "ledger/credit.h"
#include "ledger/provider.h"
#include "ledger/verify.h"

#include <string.h>

static const struct row {
    const char *what;
    const char *sql;
    const char *refusal; /* what SQLite's message holds */
} rows[] = {
    /* facts are never changed */
    {"the node", "UPDATE node SET name = 'x'", "append-only"},
    {"a currency", "UPDATE currency SET scale = 3", "append-only"},
    {"a currency's limits", "UPDATE currency_limit SET floor_minor = -1", "append-only"},
    {"an equivalent", "UPDATE equivalent SET value_micro = 2", "append-only"},
    {"a member's state", "UPDATE member_state SET state = 'left'", "append-only"},
    {"a name", "UPDATE member_identity SET name = 'x'", "never edited"},
    {"an attribute", "UPDATE member_attribute SET value = 'x'", "never edited"},
    {"a limit", "UPDATE account_limit SET ceiling_minor = 5", "append-only"},
    {"a transfer", "UPDATE transfer SET effective_on = 1", "append-only"},
    {"a memo", "UPDATE transfer_text SET memo = 'x'", "never edited"},
    {"an entry", "UPDATE entry SET amount_minor = 5", "append-only"},
    {"a hold", "UPDATE hold SET amount_minor = 5", "append-only"},
    {"a hold's owner", "UPDATE hold_owner SET subject_id = 2", "append-only"},
    {"resource", "UPDATE resource SET zone = 'UTC'", "append-only"},
    {"resource_terms", "UPDATE resource_terms SET capacity = 9", "append-only"},
    {"resource_closure", "UPDATE resource_closure SET to_on = to_on + 1", "append-only"},
    {"resource_reopening", "UPDATE resource_reopening SET reason = 'x'", "append-only"},
    {"resource_price", "UPDATE resource_price SET amount_minor = 1", "append-only"},
    {"resource_share", "UPDATE resource_share SET points = 1", "append-only"},
    {"resource_quota", "UPDATE resource_quota SET amount = 1", "append-only"},
    {"extra", "UPDATE extra SET title = 'x'", "append-only"},
    {"extra_price", "UPDATE extra_price SET amount_minor = 1", "append-only"},
    {"booking_change", "UPDATE booking_change SET amount_minor = 1", "append-only"},
    {"whose booking", "UPDATE booking SET member_id = 2", "never changes"},
    {"a booking's title", "UPDATE booking_text SET title = 'x'", "never edited"},
    {"series", "UPDATE series SET rule = 'x'", "append-only"},
    {"series_date", "UPDATE series_date SET reason = 'x'", "append-only"},
    {"standing", "UPDATE standing SET amount_minor = 1", "append-only"},
    {"standing_change", "UPDATE standing_change SET what = 'ended'", "append-only"},
    {"standing_occurrence", "UPDATE standing_occurrence SET skipped = 1", "append-only"},
    {"standing_attempt", "UPDATE standing_attempt SET code = 'x'", "append-only"},
    {"a standing payment's memo", "UPDATE standing_text SET memo = 'x'", "never edited"},
    {"charge", "UPDATE charge SET every = 2", "append-only"},
    {"charge_terms", "UPDATE charge_terms SET amount_minor = 1", "append-only"},
    {"charge_withdrawal", "UPDATE charge_withdrawal SET reason = 'x'", "append-only"},
    {"a charge's title", "UPDATE charge_text SET title = 'x'", "never edited"},
    {"whose next due date", "UPDATE standing_next SET standing_id = 9", "never changes"},
    {"whose retry", "UPDATE standing_retry SET due_on = 9", "never changes"},
    {"whose feed", "UPDATE feed SET member_id = 2", "only its revocation"},
    {"a feed that comes back",
     "BEGIN; UPDATE feed SET revoked_at_us = 5; UPDATE feed SET revoked_at_us = NULL; COMMIT",
     "revoked already"},
    {"a hold's memo", "UPDATE hold_text SET memo = 'x'", "never edited"},
    {"a payee", "UPDATE hold_payee SET amount_minor = 5", "append-only"},
    {"a resolution", "UPDATE hold_resolution SET at_us = 5", "append-only"},
    {"whose hold", "UPDATE hold_account SET account_id = 5", "append-only"},
    {"the register", "UPDATE register SET actor = 'x'", "append-only"},
    {"an answer", "UPDATE register_answer SET answer = 'x'", "never edited"},
    {"whose an answer is", "UPDATE register_answer_of SET subject = 9", "append-only"},
    {"an erasure", "UPDATE erasure SET reason = 'x'", "append-only"},
    {"a period", "UPDATE period_close SET through_on = 1", "append-only"},
    {"a clock", "UPDATE clock_acceptance SET ahead_us = 1", "append-only"},

    /* what is kept current stays whose it is */
    {"a member's number", "UPDATE member SET number = randomblob(16)", "only its state"},
    {"a member's handle", "UPDATE member SET handle_hash = randomblob(32)", "only its state"},
    {"whose account", "UPDATE account SET member_id = 1 WHERE id = 2", "whose it is"},
    {"an account's id", "UPDATE OR REPLACE account SET id = 1 WHERE id = 2", "whose it is"},
    {"a token's role", "UPDATE token SET role = 'steward'", "only its use"},

    /* nothing is deleted */
    {"the node", "DELETE FROM node", "append-only"},
    {"a currency", "DELETE FROM currency", "append-only"},
    {"a currency's limits", "DELETE FROM currency_limit", "append-only"},
    {"an equivalent", "DELETE FROM equivalent", "append-only"},
    {"a member", "DELETE FROM member", "append-only"},
    {"a member's state", "DELETE FROM member_state", "append-only"},
    {"an account", "DELETE FROM account", "append-only"},
    {"a limit", "DELETE FROM account_limit", "append-only"},
    {"a transfer", "DELETE FROM transfer WHERE id = 7", "append-only"},
    {"an entry", "DELETE FROM entry WHERE transfer_id = 7", "append-only"},
    {"a hold", "DELETE FROM hold", "append-only"},
    {"a payee", "DELETE FROM hold_payee", "append-only"},
    {"a resolution", "DELETE FROM hold_resolution", "append-only"},
    {"whose hold", "DELETE FROM hold_account", "append-only"},
    {"a hold's owner", "DELETE FROM hold_owner", "append-only"},
    {"resource", "DELETE FROM resource", "append-only"},
    {"resource_terms", "DELETE FROM resource_terms", "append-only"},
    {"resource_closure", "DELETE FROM resource_closure", "append-only"},
    {"resource_reopening", "DELETE FROM resource_reopening", "append-only"},
    {"resource_price", "DELETE FROM resource_price", "append-only"},
    {"resource_share", "DELETE FROM resource_share", "append-only"},
    {"resource_quota", "DELETE FROM resource_quota", "append-only"},
    {"extra", "DELETE FROM extra", "append-only"},
    {"extra_price", "DELETE FROM extra_price", "append-only"},
    {"booking_change", "DELETE FROM booking_change", "append-only"},
    {"booking", "DELETE FROM booking", "append-only"},
    {"series", "DELETE FROM series", "append-only"},
    {"series_date", "DELETE FROM series_date", "append-only"},
    {"standing", "DELETE FROM standing", "append-only"},
    {"standing_change", "DELETE FROM standing_change", "append-only"},
    {"standing_occurrence", "DELETE FROM standing_occurrence", "append-only"},
    {"standing_attempt", "DELETE FROM standing_attempt", "append-only"},
    {"charge", "DELETE FROM charge", "append-only"},
    {"charge_terms", "DELETE FROM charge_terms", "append-only"},
    {"charge_withdrawal", "DELETE FROM charge_withdrawal", "append-only"},
    {"feed", "DELETE FROM feed", "append-only"},
    {"the register", "DELETE FROM register", "append-only"},
    {"whose an answer is", "DELETE FROM register_answer_of", "append-only"},
    {"an erasure", "DELETE FROM erasure", "append-only"},
    {"a period", "DELETE FROM period_close", "append-only"},
    {"a clock", "DELETE FROM clock_acceptance", "append-only"},
    {"a token", "DELETE FROM token", "append-only"},

    /* words go only when their erasure is on record */
    {"a name", "DELETE FROM member_identity WHERE member_id = 1", "record the erasure first"},
    {"an attribute", "DELETE FROM member_attribute", "record the erasure first"},
    {"a memo", "DELETE FROM transfer_text WHERE transfer_id = 1", "record the erasure first"},
    {"a hold's memo", "DELETE FROM hold_text WHERE hold_id = 1", "record the erasure first"},
    {"a booking's title", "DELETE FROM booking_text", "record the erasure first"},
    {"a standing payment's memo", "DELETE FROM standing_text", "record the erasure first"},
    {"a charge's title", "DELETE FROM charge_text", "record the erasure first"},
    {"an answer", "DELETE FROM register_answer", "record the erasure first"},

    /* nor replaced, by any key */
    {"the node", "INSERT OR REPLACE INTO node SELECT * FROM node", "taken"},
    {"a currency by id",
     "INSERT OR REPLACE INTO currency SELECT id, 'NEW', name, scale, kind, "
     "created_at_us FROM currency",
     "taken"},
    {"a currency by code",
     "INSERT OR REPLACE INTO currency SELECT 99, code, name, scale, kind, "
     "created_at_us FROM currency",
     "taken"},
    {"a currency's limits", "INSERT OR REPLACE INTO currency_limit SELECT * FROM currency_limit",
     "taken"},
    {"an equivalent", "INSERT OR REPLACE INTO equivalent SELECT * FROM equivalent", "taken"},
    {"a member by id",
     "INSERT OR REPLACE INTO member SELECT id, randomblob(16), randomblob(32), "
     "kind, state, since_us FROM member",
     "taken"},
    {"a member by number",
     "INSERT OR REPLACE INTO member SELECT 99, number, randomblob(32), kind, "
     "state, since_us FROM member WHERE id = 1",
     "taken"},
    {"a member by handle",
     "INSERT OR REPLACE INTO member SELECT 99, randomblob(16), handle_hash, "
     "kind, state, since_us FROM member WHERE id = 1",
     "taken"},
    {"a member's state", "INSERT OR REPLACE INTO member_state SELECT * FROM member_state", "taken"},
    {"a name by member", "INSERT OR REPLACE INTO member_identity VALUES (1, 'new', 'x')", "taken"},
    {"a name by handle", "INSERT OR REPLACE INTO member_identity VALUES (99, 'ana', 'x')", "taken"},
    {"an attribute", "INSERT OR REPLACE INTO member_attribute SELECT * FROM member_attribute",
     "taken"},
    {"an account by id",
     "INSERT OR REPLACE INTO account SELECT id, 99, currency_id, 0, 0, 0, 0, 0, "
     "NULL, 0, 0, 0, 0 FROM account",
     "taken"},
    {"an account by whose",
     "INSERT OR REPLACE INTO account SELECT 99, member_id, currency_id, 0, 0, "
     "0, 0, 0, NULL, 0, 0, 0, 0 FROM account WHERE id = 1",
     "taken"},
    {"a limit", "INSERT OR REPLACE INTO account_limit SELECT * FROM account_limit", "taken"},
    {"a transfer", "INSERT OR REPLACE INTO transfer SELECT * FROM transfer WHERE id = 7", "dense"},
    {"a memo",
     "INSERT OR REPLACE INTO transfer_text SELECT transfer_id, salt, 'x', '' FROM "
     "transfer_text",
     "taken"},
    {"an entry", "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE transfer_id = 7",
     "posted already"},
    {"a hold", "INSERT OR REPLACE INTO hold SELECT * FROM hold WHERE id = 1", "dense"},
    {"a hold's memo",
     "INSERT OR REPLACE INTO hold_text SELECT hold_id, salt, 'x', '' FROM hold_text", "taken"},
    {"a payee", "INSERT OR REPLACE INTO hold_payee SELECT * FROM hold_payee", "placed already"},
    {"a resolution", "INSERT OR REPLACE INTO hold_resolution SELECT * FROM hold_resolution",
     "taken"},
    {"whose hold", "INSERT OR REPLACE INTO hold_account SELECT * FROM hold_account", "taken"},
    {"a hold's owner", "INSERT OR REPLACE INTO hold_owner SELECT * FROM hold_owner", "taken"},
    {"resource", "INSERT OR REPLACE INTO resource SELECT * FROM resource", "taken"},
    {"resource_terms", "INSERT OR REPLACE INTO resource_terms SELECT * FROM resource_terms",
     "taken"},
    {"resource_closure", "INSERT OR REPLACE INTO resource_closure SELECT * FROM resource_closure",
     "taken"},
    {"resource_reopening",
     "INSERT OR REPLACE INTO resource_reopening SELECT * FROM resource_reopening", "taken"},
    {"resource_price", "INSERT OR REPLACE INTO resource_price SELECT * FROM resource_price",
     "taken"},
    {"resource_share", "INSERT OR REPLACE INTO resource_share SELECT * FROM resource_share",
     "taken"},
    {"resource_quota", "INSERT OR REPLACE INTO resource_quota SELECT * FROM resource_quota",
     "taken"},
    {"extra", "INSERT OR REPLACE INTO extra SELECT * FROM extra", "taken"},
    {"extra_price", "INSERT OR REPLACE INTO extra_price SELECT * FROM extra_price", "taken"},
    {"booking_change", "INSERT OR REPLACE INTO booking_change SELECT * FROM booking_change",
     "taken"},
    {"booking", "INSERT OR REPLACE INTO booking SELECT * FROM booking", "taken"},
    {"series", "INSERT OR REPLACE INTO series SELECT * FROM series", "taken"},
    {"series_date", "INSERT OR REPLACE INTO series_date SELECT * FROM series_date", "taken"},
    {"series_due", "INSERT OR REPLACE INTO series_due SELECT * FROM series_due", "taken"},
    {"standing", "INSERT OR REPLACE INTO standing SELECT * FROM standing", "taken"},
    {"standing_change", "INSERT OR REPLACE INTO standing_change SELECT * FROM standing_change",
     "taken"},
    {"standing_next", "INSERT OR REPLACE INTO standing_next SELECT * FROM standing_next", "taken"},
    {"standing_retry", "INSERT OR REPLACE INTO standing_retry SELECT * FROM standing_retry",
     "taken"},
    {"standing_text", "INSERT OR REPLACE INTO standing_text SELECT * FROM standing_text", "taken"},
    {"charge", "INSERT OR REPLACE INTO charge SELECT * FROM charge", "taken"},
    {"charge_terms", "INSERT OR REPLACE INTO charge_terms SELECT * FROM charge_terms", "taken"},
    {"charge_withdrawal",
     "INSERT OR REPLACE INTO charge_withdrawal SELECT * FROM charge_withdrawal", "taken"},
    {"charge_text", "INSERT OR REPLACE INTO charge_text SELECT * FROM charge_text", "taken"},
    {"a due date by day",
     "INSERT OR REPLACE INTO standing_occurrence SELECT standing_id, due_on, 9, 9, randomblob(16), "
     "1, 9 FROM standing_occurrence",
     "taken"},
    {"a due date by uid",
     "INSERT OR REPLACE INTO standing_occurrence SELECT standing_id, due_on + 7, 2, 9, uid, 1, 9 "
     "FROM standing_occurrence",
     "taken"},
    {"an attempt", "INSERT OR REPLACE INTO standing_attempt SELECT * FROM standing_attempt",
     "taken"},
    {"a second payment of a due date",
     "BEGIN; INSERT INTO standing_attempt SELECT 8, standing_id, due_on, 9, '', 1, '' FROM "
     "standing_attempt; INSERT OR REPLACE INTO standing_attempt SELECT 9, standing_id, due_on, 9, "
     "'', 2, '' FROM standing_attempt LIMIT 1; COMMIT",
     "taken"},
    {"feed by id",
     "INSERT OR REPLACE INTO feed SELECT id, randomblob(32), member_id, resource_id, token_id, "
     "created_at_us, revoked_at_us FROM feed",
     "taken"},
    {"feed by hash",
     "INSERT OR REPLACE INTO feed SELECT 99, hash, member_id, resource_id, token_id, "
     "created_at_us, revoked_at_us FROM feed",
     "taken"},
    {"booking_text", "INSERT OR REPLACE INTO booking_text SELECT * FROM booking_text", "taken"},
    {"a write by seq",
     "INSERT OR REPLACE INTO register SELECT seq, at_us, actor, operation, "
     "randomblob(16), content_hash, subject FROM register",
     "taken"},
    {"a write by uid",
     "INSERT OR REPLACE INTO register SELECT 3, at_us, actor, operation, uid, "
     "content_hash, subject FROM register WHERE seq = 1",
     "taken"},
    {"an answer", "INSERT OR REPLACE INTO register_answer SELECT seq, 'x' FROM register_answer",
     "taken"},
    {"whose an answer is",
     "INSERT OR REPLACE INTO register_answer_of SELECT * FROM register_answer_of", "taken"},
    {"an erasure by id",
     "INSERT OR REPLACE INTO erasure SELECT id, kind, 99, at_us, actor, reason "
     "FROM erasure",
     "taken"},
    {"an erasure by subject",
     "INSERT OR REPLACE INTO erasure SELECT 99, kind, subject, at_us, "
     "actor, reason FROM erasure WHERE id = 1",
     "taken"},
    {"a period", "INSERT OR REPLACE INTO period_close SELECT * FROM period_close", "taken"},
    {"a clock", "INSERT OR REPLACE INTO clock_acceptance SELECT * FROM clock_acceptance", "taken"},
    {"a token by id",
     "INSERT OR REPLACE INTO token SELECT id, randomblob(32), member_id, role, "
     "label, created_at_us, expires_at_us, NULL, NULL FROM token",
     "taken"},
    {"a token by hash",
     "INSERT OR REPLACE INTO token SELECT 99, hash, member_id, role, label, "
     "created_at_us, expires_at_us, NULL, NULL FROM token",
     "taken"},

    /* a unit is booked once at a time */
    {"the same time, taken",
     "INSERT INTO booking SELECT 9, resource_id, member_id, class, terms_id, share_id, "
     "currency_id, series_id, made_at_us, 0, state, live, unit, from_us, to_us, busy_from_us, "
     "busy_to_us, included_min, amount_minor, hold_id, due_us, kept_minor FROM booking WHERE id = "
     "1",
     "that time is taken"},
    {"a time inside it, taken",
     "INSERT INTO booking SELECT 9, resource_id, member_id, class, terms_id, share_id, "
     "currency_id, series_id, made_at_us, 0, state, live, unit, from_us + 3600000000, to_us - 60, "
     "busy_from_us + 3600000000, busy_to_us - 60, included_min, amount_minor, hold_id, due_us, "
     "kept_minor FROM "
     "booking WHERE id = 1",
     "that time is taken"},
    {"a time around it, taken",
     "INSERT INTO booking SELECT 9, resource_id, member_id, class, terms_id, share_id, "
     "currency_id, series_id, made_at_us, 0, state, live, unit, from_us - 3600000000, to_us + "
     "3600000000, busy_from_us - 3600000000, busy_to_us + 3600000000, included_min, amount_minor, "
     "hold_id, due_us, kept_minor FROM booking WHERE id = 1",
     "that time is taken"},
    {"a time that reaches in, taken",
     "INSERT INTO booking SELECT 9, resource_id, member_id, class, terms_id, share_id, "
     "currency_id, series_id, made_at_us, 0, state, live, unit, from_us - 3600000000, from_us + 1, "
     "busy_from_us - 3600000000, busy_from_us + 1, included_min, amount_minor, hold_id, due_us, "
     "kept_minor "
     "FROM booking WHERE id = 1",
     "that time is taken"},
    {"a time that begins in it, taken",
     "INSERT INTO booking SELECT 9, resource_id, member_id, class, terms_id, share_id, "
     "currency_id, series_id, made_at_us, 0, state, live, unit, to_us - 1, to_us + 3600000000, "
     "busy_to_us - 1, busy_to_us + 3600000000, included_min, amount_minor, hold_id, due_us, "
     "kept_minor FROM "
     "booking WHERE id = 1",
     "that time is taken"},
    {"a buffer that reaches in, taken",
     "INSERT INTO booking SELECT 9, resource_id, member_id, class, terms_id, share_id, "
     "currency_id, series_id, made_at_us, 0, state, live, unit, to_us, to_us + 3600000000, "
     "busy_to_us - 1, busy_to_us + 3600000000, included_min, amount_minor, hold_id, due_us, "
     "kept_minor FROM "
     "booking WHERE id = 1",
     "that time is taken"},
    {"a booking moved into another",
     "BEGIN; INSERT INTO booking SELECT 9, resource_id, member_id, class, terms_id, share_id, "
     "currency_id, series_id, made_at_us, 0, state, live, unit, to_us, to_us + 3600000000, "
     "busy_to_us, busy_to_us + 3600000000, included_min, amount_minor, hold_id, due_us, kept_minor "
     "FROM "
     "booking WHERE id = 1; UPDATE booking SET busy_from_us = busy_from_us - 1, from_us = from_us "
     "- 1 WHERE id = 9; COMMIT",
     "that time is taken"},
    {"a cancelled booking that comes back",
     "BEGIN; UPDATE booking SET live = 0, state = 'cancelled' WHERE id = 1; INSERT INTO booking "
     "SELECT 9, resource_id, member_id, class, terms_id, share_id, currency_id, series_id, "
     "made_at_us, 0, 'held', 1, unit, from_us, to_us, busy_from_us, busy_to_us, included_min, "
     "amount_minor, hold_id, due_us, kept_minor FROM booking WHERE id = 1; UPDATE booking SET live "
     "= 1, state "
     "= 'held' WHERE id = 1; COMMIT",
     "that time is taken"},
    /* courses */
    {"a course", "UPDATE course SET provider_id = 1", "append-only"},
    {"a course", "DELETE FROM course", "append-only"},
    {"a course", "INSERT OR REPLACE INTO course SELECT * FROM course", "taken"},
    {"a course's version", "UPDATE course_version SET threshold_percent = 1", "append-only"},
    {"a course's version", "DELETE FROM course_version", "append-only"},
    {"a course's version", "INSERT OR REPLACE INTO course_version SELECT * FROM course_version",
     "taken"},
    {"a session", "UPDATE session SET minimum = 1", "append-only"},
    {"a session", "DELETE FROM session", "append-only"},
    {"a session", "INSERT OR REPLACE INTO session SELECT * FROM session", "taken"},
    {"a price", "UPDATE session_price SET price_minor = 1", "append-only"},
    {"a price", "DELETE FROM session_price", "append-only"},
    {"a price", "INSERT OR REPLACE INTO session_price SELECT * FROM session_price", "taken"},
    {"a trainer", "UPDATE session_trainer SET member_id = 1", "append-only"},
    {"a trainer", "DELETE FROM session_trainer", "append-only"},
    {"a trainer", "INSERT OR REPLACE INTO session_trainer SELECT * FROM session_trainer", "taken"},
    {"a capacity", "UPDATE session_capacity SET capacity = 9", "append-only"},
    {"a capacity", "DELETE FROM session_capacity", "append-only"},
    {"a capacity", "INSERT OR REPLACE INTO session_capacity SELECT * FROM session_capacity",
     "taken"},
    {"a cancellation", "UPDATE session_cancellation SET reason = 'x'", "append-only"},
    {"a cancellation", "DELETE FROM session_cancellation", "append-only"},
    {"a cancellation",
     "INSERT OR REPLACE INTO session_cancellation SELECT * FROM session_cancellation", "taken"},
    {"an enrolment", "UPDATE enrolment SET places = 2", "append-only"},
    {"an enrolment", "DELETE FROM enrolment", "append-only"},
    {"an enrolment", "INSERT OR REPLACE INTO enrolment SELECT * FROM enrolment", "taken"},
    {"what became of it", "UPDATE enrolment_event SET state = 'absent'", "append-only"},
    {"what became of it", "DELETE FROM enrolment_event", "append-only"},
    {"what became of it", "INSERT OR REPLACE INTO enrolment_event SELECT * FROM enrolment_event",
     "taken"},
    {"a title", "UPDATE course_text SET title = 'x'", "never edited"},
    {"a title", "DELETE FROM course_text", "record the erasure first"},
    {"a title", "INSERT OR REPLACE INTO course_text SELECT * FROM course_text", "taken"},
    {"a meeting place", "UPDATE session_text SET place = 'x'", "never edited"},
    {"a meeting place", "DELETE FROM session_text", "record the erasure first"},
    {"a meeting place", "INSERT OR REPLACE INTO session_text SELECT * FROM session_text", "taken"},
    {"a link to notes", "UPDATE session_notes SET link = 'x'", "never edited"},
    {"a link to notes", "DELETE FROM session_notes", "record the erasure first"},
    {"a link to notes", "INSERT OR REPLACE INTO session_notes SELECT * FROM session_notes",
     "taken"},
    {"an assumed name", "UPDATE enrolment_text SET name = 'x'", "never edited"},
    {"an assumed name", "DELETE FROM enrolment_text", "record the erasure first"},
    {"an assumed name", "INSERT OR REPLACE INTO enrolment_text SELECT * FROM enrolment_text",
     "taken"},
    {"whose place", "UPDATE place SET member_id = 2", "whose it is"},
    {"the size of a party", "UPDATE place SET places = 2", "whose it is"},
    {"a place by whose",
     "INSERT OR REPLACE INTO place SELECT session_id, member_id, 9, state, places, NULL FROM place",
     "taken"},
    {"a place by its enrolment",
     "INSERT OR REPLACE INTO place SELECT session_id, 3, enrolment_id, state, places, NULL FROM "
     "place",
     "taken"},
    {"one place more than there are", "INSERT INTO place VALUES (2, 3, 9, 'enrolled', 5, NULL)",
     "full"},
    {"one offer more than there are", "INSERT INTO place VALUES (2, 3, 9, 'offered', 5, 1)",
     "full"},
    {"one who waited, more than there are",
     "BEGIN; INSERT INTO place VALUES (2, 3, 9, 'waiting', 5, NULL); UPDATE place SET state = "
     "'enrolled' "
     "WHERE enrolment_id = 9",
     "full"},
    {"a place in a session called off", "INSERT INTO place VALUES (3, 3, 9, 'waiting', 1, NULL)",
     "cancelled"},
    {"fewer places than are taken", "INSERT INTO session_capacity VALUES (99, 2, 0, 0, '', '')",
     "more places are taken"},
    {"an offer without end",
     "INSERT INTO enrolment_event VALUES (99, 1, 'offered', 0, NULL, NULL, NULL, '', '')", "CHECK"},
    {"attendance without minutes",
     "INSERT INTO enrolment_event VALUES (99, 1, 'attended', 0, NULL, NULL, NULL, '', '')",
     "CHECK"},

    /* notices */
    {"a notice", "UPDATE notice SET subject_id = 2", "append-only"},
    {"a notice", "DELETE FROM notice", "append-only"},
    {"a notice", "INSERT OR REPLACE INTO notice SELECT * FROM notice", "dense"},
    {"a notice out of order", "INSERT INTO notice VALUES (99, 1, 'paid', 1, 0)", "dense"},
    {"a notice of no kind", "INSERT INTO notice SELECT max(id) + 1, 1, '', 1, 0 FROM notice",
     "CHECK"},

    /* requests */
    {"a request", "UPDATE request SET due_on = due_on + 1", "append-only"},
    {"a request", "DELETE FROM request", "append-only"},
    {"a request by id", "INSERT OR REPLACE INTO request SELECT * FROM request", "taken"},
    {"a request by number",
     "INSERT OR REPLACE INTO request SELECT 9, payee_id, number, payer_id, currency_id, kind, "
     "corrects_id, issued_on, supplied_on, due_on, expires_on, net_minor, tax_minor, gross_minor, "
     "ledger_minor, outside_unit, outside_minor, value_micro, asked_at_us, actor FROM request "
     "WHERE id = 1",
     "taken"},
    {"a line", "UPDATE request_line SET price_minor = 1", "append-only"},
    {"a line", "DELETE FROM request_line", "append-only"},
    {"a line", "INSERT OR REPLACE INTO request_line SELECT * FROM request_line", "taken"},
    {"a tax rate's sum", "UPDATE request_rate SET tax_minor = 1", "append-only"},
    {"a tax rate's sum", "DELETE FROM request_rate", "append-only"},
    {"a tax rate's sum", "INSERT OR REPLACE INTO request_rate SELECT * FROM request_rate", "taken"},
    {"an event", "UPDATE request_event SET actor = 'x'", "append-only"},
    {"an event", "DELETE FROM request_event", "append-only"},
    {"an event by id", "INSERT OR REPLACE INTO request_event SELECT * FROM request_event", "taken"},
    {"a transfer that pays twice",
     "BEGIN; INSERT INTO request_event VALUES (5, 1, 'paid', -1, 0, 1, NULL, 0, ''); INSERT INTO "
     "request_event VALUES (6, 1, 'paid', -1, 0, 1, NULL, 0, ''); COMMIT",
     "taken"},
    {"a credit note that counts twice",
     "INSERT INTO request_event VALUES (5, 1, 'credited', -1, 0, NULL, 2, 0, '')", "taken"},
    {"a refund that counts twice for a credit note",
     "BEGIN; INSERT INTO request_event VALUES (5, 1, 'refunded', 1, 0, 1, 2, 0, ''); INSERT OR "
     "REPLACE "
     "INTO request_event VALUES (6, 1, 'refunded', 1, 0, 1, 2, 0, ''); COMMIT",
     "taken"},
    {"a refund of more than was paid",
     "INSERT INTO request_event VALUES (5, 1, 'refunded', 51, 0, 1, 2, 0, '')",
     "more than is open"},
    {"a refund without its credit note",
     "INSERT INTO request_event VALUES (5, 1, 'refunded', 1, 0, 1, NULL, 0, '')", "CHECK"},
    {"a refund of nothing",
     "INSERT INTO request_event VALUES (5, 1, 'refunded', 0, 0, 1, 2, 0, '')", "CHECK"},
    {"a payment of more than is open",
     "INSERT INTO request_event VALUES (5, 1, 'paid', -251, 0, 1, NULL, 0, '')",
     "more than is open"},
    {"more outside than is open",
     "INSERT INTO request_event VALUES (5, 1, 'paid-outside', 0, -101, NULL, NULL, 0, '')",
     "more than is open"},
    {"more taken back than was paid",
     "INSERT INTO request_event VALUES (5, 1, 'unpaid-outside', 0, 61, NULL, NULL, 0, '')",
     "more than is open"},
    {"a payment of a credit note",
     "INSERT INTO request_event VALUES (5, 2, 'paid', -1, 0, 1, NULL, 0, '')", "more than is open"},
    {"a payment by no transfer",
     "INSERT INTO request_event VALUES (5, 1, 'paid', -1, 0, NULL, NULL, 0, '')", "CHECK"},
    {"a note", "UPDATE request_text SET note = 'x'", "never edited"},
    {"a note", "DELETE FROM request_text", "record the erasure first"},
    {"a note", "INSERT OR REPLACE INTO request_text SELECT * FROM request_text", "taken"},
    {"a line's words", "UPDATE request_line_text SET words = 'x'", "never edited"},
    {"a line's words", "DELETE FROM request_line_text", "record the erasure first"},
    {"a line's words", "INSERT OR REPLACE INTO request_line_text SELECT * FROM request_line_text",
     "taken"},
    {"an objection", "UPDATE request_event_text SET words = 'x'", "never edited"},
    {"an objection", "DELETE FROM request_event_text", "record the erasure first"},
    {"an objection", "INSERT OR REPLACE INTO request_event_text SELECT * FROM request_event_text",
     "taken"},
    {"what is open", "UPDATE request_open SET ledger_minor = 1", "written anew"},
    {"what is open", "INSERT OR REPLACE INTO request_open SELECT * FROM request_open", "taken"},
    {"a tax of its own",
     "INSERT INTO request SELECT 9, payee_id, 9, payer_id, currency_id, kind, corrects_id, "
     "issued_on, supplied_on, due_on, expires_on, net_minor, tax_minor + 1, gross_minor, "
     "ledger_minor, "
     "outside_unit, outside_minor, value_micro, asked_at_us, actor FROM request WHERE id = 1",
     "CHECK"},

    {"the journal read anew", "UPDATE notice_follow SET transfer_id = -1", "only goes on"},
    {"the journal read anew", "DELETE FROM notice_follow", "only goes on"},
    {"the journal read anew", "INSERT OR REPLACE INTO notice_follow VALUES (1, 0, 0, 0)", "taken"},
    {"whose mailbox", "UPDATE outbox SET member_id = 1", "never changes"},
    {"a webhook's secret", "UPDATE outbox SET salt = zeroblob(32) WHERE id = 2", "never changes"},
    {"a webhook's secret", "UPDATE outbox SET mask = zeroblob(31) WHERE id = 2", "CHECK"},
    {"what was told", "UPDATE outbox SET notice_id = notice_id - 1", "not told again"},
    {"a mailbox", "DELETE FROM outbox", "never given again"},
    {"a mailbox by id",
     "INSERT OR REPLACE INTO outbox VALUES (2, 1, 'mail', NULL, NULL, NULL, 'each', 0, 0, 0, NULL, "
     "0, "
     "'')",
     "taken"},
    {"a mailbox by whose",
     "INSERT OR REPLACE INTO outbox SELECT 9, member_id, channel, salt, mask, hash, mode, "
     "since_us, "
     "notice_id, tries, first_try_us, next_us, code FROM outbox WHERE id = 1",
     "taken"},
    {"a webhook without a secret",
     "INSERT INTO outbox VALUES (9, 1, 'webhook', NULL, NULL, NULL, 'each', 0, 0, 0, NULL, 0, '')",
     "CHECK"},
    {"what was given up", "UPDATE undelivered SET code = ''", "append-only"},
    {"what was given up", "DELETE FROM undelivered", "append-only"},
    {"what was given up", "INSERT OR REPLACE INTO undelivered SELECT * FROM undelivered", "taken"},

/* a transfer is whole */
#define NEXT(entries)                                                                              \
    "BEGIN; INSERT INTO entry VALUES " entries "; INSERT INTO transfer SELECT 8, 'exchange', "     \
    "posted_at_us + 1, effective_on, NULL, NULL FROM transfer WHERE id = 7; COMMIT"
    {"legs that do not sum to zero",
     NEXT("(8, 0, 1, -500, 0, NULL, NULL), (8, 1, 2, 499, 0, NULL, NULL)"), "do not sum to zero"},
    {"one leg", NEXT("(8, 0, 1, -500, 0, NULL, NULL)"), "do not sum to zero"},
    {"an account twice", NEXT("(8, 0, 1, -500, 0, NULL, NULL), (8, 1, 1, 500, 0, NULL, NULL)"),
     "one an account"},
    {"no legs",
     "INSERT INTO transfer SELECT 8, 'exchange', posted_at_us + 1, effective_on, NULL, "
     "NULL FROM transfer WHERE id = 7",
     "two entries or more"},
    {"a gap in the ids",
     "INSERT INTO transfer SELECT 9, 'exchange', posted_at_us + 1, "
     "effective_on, NULL, NULL FROM transfer WHERE id = 7",
     "dense"},
    {"a time that stands still",
     "BEGIN; INSERT INTO entry VALUES (8, 0, 1, -5, 0, NULL, NULL), (8, 1, 2, 5, 0, NULL, NULL); "
     "INSERT INTO "
     "transfer SELECT 8, 'exchange', posted_at_us, effective_on, NULL, NULL FROM transfer "
     "WHERE id = 7; COMMIT",
     "times increase"},
    {"entries without their transfer",
     "PRAGMA foreign_keys = ON; BEGIN; INSERT INTO entry VALUES (8, 0, 1, -5, 0, NULL, NULL); "
     "COMMIT",
     "FOREIGN KEY"},
    {"a second reversal",
     "BEGIN; INSERT INTO entry VALUES (8, 0, 2, 2500, 0, NULL, NULL), (8, 1, 3, -2500, 0, NULL, "
     "NULL); INSERT "
     "INTO transfer SELECT 8, 'reversal', posted_at_us + 1, effective_on, 2, NULL FROM transfer "
     "WHERE id = 7; COMMIT",
     "reversed already"},
    {"an unknown kind",
     "BEGIN; INSERT INTO entry VALUES (8, 0, 1, -5, 0, NULL, NULL), (8, 1, 2, 5, 0, NULL, NULL); "
     "INSERT INTO "
     "transfer SELECT 8, 'gift', posted_at_us + 1, effective_on, NULL, NULL FROM transfer "
     "WHERE id = 7; COMMIT",
     "out of range"},
    {"a hold without payees", "INSERT INTO hold VALUES (5, 1, 100, 1, 2, NULL)", "do not add up"},
    {"a hold of more than its payees",
     "BEGIN; INSERT INTO hold_payee VALUES (5, 0, 2, 99); "
     "INSERT INTO hold VALUES (5, 1, 100, 1, 2, NULL); COMMIT",
     "do not add up"},

    /* values in range */
    {"an amount of zero", "INSERT INTO entry VALUES (8, 0, 1, 0, 0, NULL, NULL)", "out of range"},
    {"an amount beyond the largest",
     "INSERT INTO entry VALUES (8, 0, 1, 1000000000000001, 0, NULL, NULL)", "out of range"},
    {"a 65th leg", "INSERT INTO entry VALUES (8, 64, 1, 5, 0, NULL, NULL)", "out of range"},
    {"an amount that is no number", "INSERT INTO entry VALUES (8, 0, 1, 'five', 0, NULL, NULL)",
     "cannot store TEXT"},
    {"half a cent", "INSERT INTO entry VALUES (8, 0, 1, 0.5, 0, NULL, NULL)", "cannot store REAL"},
    {"a leg of no account", NEXT("(8, 0, 1, -500, 0, NULL, NULL), (8, 1, 77, 500, 0, NULL, NULL)"),
     "transfer"},
    {"a short uid", "INSERT INTO register VALUES (3, 1, '', '', x'00', zeroblob(32), NULL)",
     "register"},
    {"a balance beyond the largest", "UPDATE account SET balance_minor = -1000000000000001",
     "CHECK"},
    {"a reserve below zero", "UPDATE account SET reserved_out_minor = -1", "CHECK"},
    {"a floor above zero", "UPDATE account SET floor_minor = 1", "CHECK"},
    {"a ceiling below zero", "UPDATE account SET ceiling_minor = -1", "CHECK"},
    {"a state that is none", "UPDATE member SET state = 'asleep'", "CHECK"},
    {"seven decimals", "INSERT INTO currency VALUES (2, 'X', 'x', 7, 'money', 0)", "CHECK"},
    {"a code in small letters", "INSERT INTO currency VALUES (2, 'cald', 'x', 2, 'money', 0)",
     "CHECK"},
    {"a hold that ends before it begins",
     "BEGIN; INSERT INTO hold_payee VALUES (5, 0, 2, 100); INSERT INTO hold VALUES (5, 1, 100, 2, "
     "2, "
     "NULL); COMMIT",
     "CHECK"},
    {"a capture of nothing", "INSERT INTO hold_resolution VALUES (1, 'captured', 1, 0, 7, '')",
     "CHECK"},
    {"a trader of no member",
     "INSERT INTO token VALUES (2, randomblob(32), NULL, 'trader', '', 0, "
     "1, NULL, NULL)",
     "CHECK"},
};

/* The same of training credits, in a ledger of their own. */
static const struct row credit_rows[] = {
    {"an account's kind", "UPDATE account SET training = 0 WHERE id = 1", "whose it is"},
    {"a lot's end", "UPDATE lot SET expires_on = 90000", "only what is left"},
    {"whose lot", "UPDATE lot SET account_id = 1", "only what is left"},
    {"a lot's amount", "UPDATE lot SET amount_minor = 1", "only what is left"},
    {"which lot is pinned", "UPDATE lot_pin SET lot_id = 2", "only its amount"},
    {"a lot's move", "UPDATE lot_move SET amount_minor = 5", "append-only"},
    {"a lot's move", "DELETE FROM lot_move", "append-only"},
    {"a lot's move", "INSERT OR REPLACE INTO lot_move SELECT * FROM lot_move", "posted already"},
    {"a provider", "UPDATE provider SET listed = 0", "append-only"},
    {"a provider", "DELETE FROM provider", "append-only"},
    {"a provider", "INSERT OR REPLACE INTO provider SELECT * FROM provider", "taken"},
    {"a rate", "UPDATE credit_rate SET value_micro = 5", "append-only"},
    {"a rate", "DELETE FROM credit_rate", "append-only"},
    {"a rate", "INSERT OR REPLACE INTO credit_rate SELECT * FROM credit_rate", "taken"},
    {"a lot", "DELETE FROM lot", "append-only"},
    {"a lot", "INSERT OR REPLACE INTO lot SELECT * FROM lot", "dense"},
    {"a lot in no training account",
     "INSERT INTO lot SELECT 3, 4, transfer_id, origin, fund_account_id, amount_minor, "
     "expires_on, left_minor, 0 FROM lot WHERE id = 1",
     "training account"},
    {"a move of an older transfer", "INSERT INTO lot_move VALUES (1, 1, 1, 5)", "posted already"},
    {"a pin", "INSERT OR REPLACE INTO lot_pin SELECT * FROM lot_pin", "taken"},
    {"a lot with more left than it had", "UPDATE lot SET left_minor = 501 WHERE id = 1", "CHECK"},
    {"more pinned than is left", "UPDATE lot SET pinned_minor = 301 WHERE id = 1", "CHECK"},
};

static void refuse_all(struct region *r, const struct row *table, size_t count)
{
    int wrong = 0;

    for (size_t i = 0; i < count; i++) {
        const char *message = region_raw(r->path, table[i].sql);
        if (message && strstr(message, table[i].refusal))
            continue;
        print_error("%s: %s\n  says %s\n", table[i].what, table[i].sql,
                    message ? message : "nothing");
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void each_is_refused(void **state)
{
    refuse_all(*state, rows, sizeof rows / sizeof rows[0]);
}

static void furnish_credits(struct region *r)
{
    struct ledger_currency train = {.code = "TRAIN",
                                    .name = "T",
                                    .scale = 2,
                                    .kind = LEDGER_TRAINING,
                                    .floor_minor = -10000,
                                    .ceiling_minor = 10000};
    struct ledger_provider ben = {.member_id = 3, .listed = true, .from_on = ledger_today(r->l)};
    struct ledger_credit_rate rate = {
        .from_on = ledger_today(r->l), .unit = "GBP", .value_micro = 5};
    int64_t id;

    OK(r, ledger_currency_add(r->l, &train, &region_why));
    region_fund(r, "fund");
    region_member(r, "ana");
    region_member(r, "ben");
    const struct ledger_grant g = {region_account(r, "fund", "TRAIN"),
                                   region_account(r, "ana", "TRAIN"), 500, ledger_today(r->l) + 30,
                                   "a course"};
    OK(r, ledger_credit_grant(r->l, &g, &id));
    OK(r, ledger_provider_set(r->l, &ben, &region_why));
    region_pay(r, 2, region_account(r, "ben", "TRAIN"), 200);
    region_hold(r, 2, 3, 100, 24);
    rate.currency_id = train.id;
    OK(r, ledger_credit_rate_set(r->l, &rate, &region_why));
    region_currency(r, "CALD");
    region_account(r, "ana", "CALD");
    region_commit(r);
}

static void and_each_of_training_credits(void **state)
{
    struct region r;
    struct ledger_verification v;

    (void)state;
    region_start_file(&r);
    furnish_credits(&r);
    region_close(&r);
    refuse_all(&r, credit_rows, sizeof credit_rows / sizeof credit_rows[0]);
    region_open(&r, false);
    OK(&r, ledger_verify(r.l, NULL, NULL, &v));
    region_end(&r);
}

static void and_nothing_changed(void **state)
{
    struct region *r = *state;
    struct ledger_verification v;

    region_open(r, false);
    OK(r, ledger_verify(r->l, NULL, NULL, &v));
    assert_int_equal(v.transfers, 7);
    assert_int_equal(v.entries, 14);
    assert_int_equal(v.accounts, 5);
    assert_int_equal(v.holds, 4);
    assert_int_equal(v.writes, 2);
    assert_int_equal(v.erased, 3);
}

static int set_up(void **state)
{
    static struct region r;

    region_start_file(&r);
    furnish(&r);
    region_close(&r);
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    region_end(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_refused),
        cmocka_unit_test(and_nothing_changed),
        cmocka_unit_test(and_each_of_training_credits),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
