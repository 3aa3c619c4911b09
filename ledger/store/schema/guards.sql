-- guards.sql - the file itself refuses what would falsify it, whatever tool is used.
--
-- Facts refuse UPDATE and DELETE. Every table refuses an insert that repeats a
-- value of a unique key, because INSERT OR REPLACE would erase the old row
-- silently. Erasable rows refuse UPDATE, and DELETE before their erasure is on
-- record. The transfer row goes in last: its guard checks the whole transfer.
-- These guard against mistakes, not against the file's owner; `verify` compares their text.
--
-- FAIL, not ABORT: the guards run before a row is touched, so there is nothing to undo, and
-- a statement that may ABORT copies every page it changes first. For the same reason the ranges and
-- references of the tables that every payment writes (entry, transfer, register) stand here and not
-- in CHECK and REFERENCES.

CREATE TRIGGER node_no_update BEFORE UPDATE ON node
BEGIN SELECT RAISE(FAIL, 'node is append-only'); END;

CREATE TRIGGER node_no_delete BEFORE DELETE ON node
BEGIN SELECT RAISE(FAIL, 'node is append-only'); END;

CREATE TRIGGER node_no_replace BEFORE INSERT ON node
WHEN EXISTS (SELECT 1 FROM node WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'node: that key is taken'); END;

CREATE TRIGGER currency_no_update BEFORE UPDATE ON currency
BEGIN SELECT RAISE(FAIL, 'currency is append-only'); END;

CREATE TRIGGER currency_no_delete BEFORE DELETE ON currency
BEGIN SELECT RAISE(FAIL, 'currency is append-only'); END;

CREATE TRIGGER currency_no_replace BEFORE INSERT ON currency
WHEN EXISTS (SELECT 1 FROM currency WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM currency WHERE code = NEW.code)
BEGIN SELECT RAISE(FAIL, 'currency: that key is taken'); END;

CREATE TRIGGER currency_limit_no_update BEFORE UPDATE ON currency_limit
BEGIN SELECT RAISE(FAIL, 'currency_limit is append-only'); END;

CREATE TRIGGER currency_limit_no_delete BEFORE DELETE ON currency_limit
BEGIN SELECT RAISE(FAIL, 'currency_limit is append-only'); END;

CREATE TRIGGER currency_limit_no_replace BEFORE INSERT ON currency_limit
WHEN EXISTS (SELECT 1 FROM currency_limit WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'currency_limit: that key is taken'); END;

CREATE TRIGGER equivalent_no_update BEFORE UPDATE ON equivalent
BEGIN SELECT RAISE(FAIL, 'equivalent is append-only'); END;

CREATE TRIGGER equivalent_no_delete BEFORE DELETE ON equivalent
BEGIN SELECT RAISE(FAIL, 'equivalent is append-only'); END;

CREATE TRIGGER equivalent_no_replace BEFORE INSERT ON equivalent
WHEN EXISTS (SELECT 1 FROM equivalent WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'equivalent: that key is taken'); END;

CREATE TRIGGER member_state_no_update BEFORE UPDATE ON member_state
BEGIN SELECT RAISE(FAIL, 'member_state is append-only'); END;

CREATE TRIGGER member_state_no_delete BEFORE DELETE ON member_state
BEGIN SELECT RAISE(FAIL, 'member_state is append-only'); END;

CREATE TRIGGER member_state_no_replace BEFORE INSERT ON member_state
WHEN EXISTS (SELECT 1 FROM member_state WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'member_state: that key is taken'); END;

CREATE TRIGGER account_limit_no_update BEFORE UPDATE ON account_limit
BEGIN SELECT RAISE(FAIL, 'account_limit is append-only'); END;

CREATE TRIGGER account_limit_no_delete BEFORE DELETE ON account_limit
BEGIN SELECT RAISE(FAIL, 'account_limit is append-only'); END;

CREATE TRIGGER account_limit_no_replace BEFORE INSERT ON account_limit
WHEN EXISTS (SELECT 1 FROM account_limit WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'account_limit: that key is taken'); END;

CREATE TRIGGER transfer_no_update BEFORE UPDATE ON transfer
BEGIN SELECT RAISE(FAIL, 'transfer is append-only'); END;

CREATE TRIGGER transfer_no_delete BEFORE DELETE ON transfer
BEGIN SELECT RAISE(FAIL, 'transfer is append-only'); END;

CREATE TRIGGER hold_no_update BEFORE UPDATE ON hold
BEGIN SELECT RAISE(FAIL, 'hold is append-only'); END;

CREATE TRIGGER hold_no_delete BEFORE DELETE ON hold
BEGIN SELECT RAISE(FAIL, 'hold is append-only'); END;

CREATE TRIGGER hold_resolution_no_update BEFORE UPDATE ON hold_resolution
BEGIN SELECT RAISE(FAIL, 'hold_resolution is append-only'); END;

CREATE TRIGGER hold_resolution_no_delete BEFORE DELETE ON hold_resolution
BEGIN SELECT RAISE(FAIL, 'hold_resolution is append-only'); END;

CREATE TRIGGER hold_resolution_no_replace BEFORE INSERT ON hold_resolution
WHEN EXISTS (SELECT 1 FROM hold_resolution WHERE hold_id = NEW.hold_id)
BEGIN SELECT RAISE(FAIL, 'hold_resolution: that key is taken'); END;

CREATE TRIGGER register_no_update BEFORE UPDATE ON register
BEGIN SELECT RAISE(FAIL, 'register is append-only'); END;

CREATE TRIGGER register_no_delete BEFORE DELETE ON register
BEGIN SELECT RAISE(FAIL, 'register is append-only'); END;

CREATE TRIGGER period_close_no_update BEFORE UPDATE ON period_close
BEGIN SELECT RAISE(FAIL, 'period_close is append-only'); END;

CREATE TRIGGER period_close_no_delete BEFORE DELETE ON period_close
BEGIN SELECT RAISE(FAIL, 'period_close is append-only'); END;

CREATE TRIGGER period_close_no_replace BEFORE INSERT ON period_close
WHEN EXISTS (SELECT 1 FROM period_close WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'period_close: that key is taken'); END;

CREATE TRIGGER clock_acceptance_no_update BEFORE UPDATE ON clock_acceptance
BEGIN SELECT RAISE(FAIL, 'clock_acceptance is append-only'); END;

CREATE TRIGGER clock_acceptance_no_delete BEFORE DELETE ON clock_acceptance
BEGIN SELECT RAISE(FAIL, 'clock_acceptance is append-only'); END;

CREATE TRIGGER clock_acceptance_no_replace BEFORE INSERT ON clock_acceptance
WHEN EXISTS (SELECT 1 FROM clock_acceptance WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'clock_acceptance: that key is taken'); END;

CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(FAIL, 'entry is append-only'); END;

CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(FAIL, 'entry is append-only'); END;

-- An entry comes before its transfer. That it repeats one of the same unposted transfer does no
-- harm: what counts is what stands there when the transfer comes.
CREATE TRIGGER entry_guard BEFORE INSERT ON entry
WHEN NEW.transfer_id <= (SELECT max(id) FROM transfer) OR
     NEW.leg NOT BETWEEN 0 AND 63 OR NEW.amount_minor = 0 OR
     NEW.amount_minor NOT BETWEEN -1000000000000000 AND 1000000000000000 OR
     NEW.balance_minor NOT BETWEEN -1000000000000000 AND 1000000000000000
BEGIN SELECT RAISE(FAIL, 'entry: that transfer is posted already, or a value is out of range'); END;

-- A payment in one currency between two accounts passes by one look at its entries; whatever is not
-- that, well or ill, is looked at in full. (IN with three words would build a table each time; and the full
-- look is a program of its own, since its size alone would slow every payment down.)
CREATE TRIGGER transfer_guard BEFORE INSERT ON transfer
WHEN NEW.corrects IS NOT NULL OR
     NOT (NEW.kind = 'exchange' OR NEW.kind = 'import' OR NEW.kind = 'capture') OR
     length(NEW.text_hash) <> 32 OR
     (SELECT id = NEW.id - 1 AND posted_at_us < NEW.posted_at_us
        FROM transfer ORDER BY id DESC LIMIT 1) IS NOT 1 OR
     (SELECT count(*) = 2 AND sum(e.amount_minor) = 0 AND min(e.account_id) < max(e.account_id)
             AND min(a.currency_id) = max(a.currency_id)
        FROM entry e JOIN account a ON a.id = e.account_id
       WHERE e.transfer_id = NEW.id) IS NOT 1
BEGIN
    INSERT INTO transfer_look (id, kind, posted_at_us, corrects, text_hash)
    VALUES (NEW.id, NEW.kind, NEW.posted_at_us, NEW.corrects, NEW.text_hash);
END;

CREATE TRIGGER transfer_look_in_full INSTEAD OF INSERT ON transfer_look
BEGIN
    SELECT RAISE(FAIL, 'transfer: ids are dense and times increase')
     WHERE NEW.id <> 1 + coalesce((SELECT max(id) FROM transfer), 0)
        OR NEW.posted_at_us <= coalesce((SELECT posted_at_us FROM transfer WHERE id = NEW.id - 1), -1);
    SELECT RAISE(FAIL, 'transfer: a value is out of range')
     WHERE NEW.kind NOT IN ('exchange', 'opening', 'import', 'capture', 'reversal', 'refund',
                            'settlement', 'write-off', 'grant', 'expiry', 'redemption', 'levy') OR length(NEW.text_hash) <> 32;
    SELECT RAISE(FAIL, 'transfer: its entries do not sum to zero in each currency')
     WHERE EXISTS (SELECT 1 FROM entry e JOIN account a ON a.id = e.account_id
                    WHERE e.transfer_id = NEW.id
                    GROUP BY a.currency_id HAVING sum(e.amount_minor) <> 0);
    SELECT RAISE(FAIL, 'transfer: it needs two entries or more, one an account')
     WHERE (SELECT count(*) < 2 OR count(*) <> count(DISTINCT a.id)
              FROM entry e LEFT JOIN account a ON a.id = e.account_id
             WHERE e.transfer_id = NEW.id);
    SELECT RAISE(FAIL, 'transfer: what it puts right is not there, or is reversed already')
     WHERE NEW.corrects >= NEW.id OR
           (NEW.corrects IS NULL) = (NEW.kind IN ('reversal', 'refund')) OR
           (NEW.kind = 'reversal' AND
            EXISTS (SELECT 1 FROM transfer WHERE corrects = NEW.corrects AND kind = 'reversal'));
END;

CREATE TRIGGER hold_whole BEFORE INSERT ON hold
BEGIN
    SELECT RAISE(FAIL, 'hold: ids are dense')
     WHERE NEW.id <> 1 + coalesce((SELECT max(id) FROM hold), 0);
    SELECT RAISE(FAIL, 'hold: its payees do not add up to its amount')
     WHERE NEW.amount_minor IS NOT (SELECT sum(amount_minor) FROM hold_payee WHERE hold_id = NEW.id);
END;

CREATE TRIGGER hold_payee_no_update BEFORE UPDATE ON hold_payee
BEGIN SELECT RAISE(FAIL, 'hold_payee is append-only'); END;

CREATE TRIGGER hold_payee_no_delete BEFORE DELETE ON hold_payee
BEGIN SELECT RAISE(FAIL, 'hold_payee is append-only'); END;

CREATE TRIGGER hold_payee_no_replace BEFORE INSERT ON hold_payee
WHEN EXISTS (SELECT 1 FROM hold WHERE id >= NEW.hold_id) OR
     EXISTS (SELECT 1 FROM hold_payee WHERE hold_id = NEW.hold_id AND leg = NEW.leg)
BEGIN SELECT RAISE(FAIL, 'hold_payee: that hold is placed already'); END;

CREATE TRIGGER hold_account_no_update BEFORE UPDATE ON hold_account
BEGIN SELECT RAISE(FAIL, 'hold_account is append-only'); END;

CREATE TRIGGER hold_account_no_delete BEFORE DELETE ON hold_account
BEGIN SELECT RAISE(FAIL, 'hold_account is append-only'); END;

CREATE TRIGGER hold_account_no_replace BEFORE INSERT ON hold_account
WHEN EXISTS (SELECT 1 FROM hold_account WHERE account_id = NEW.account_id AND hold_id = NEW.hold_id)
BEGIN SELECT RAISE(FAIL, 'hold_account: that key is taken'); END;

CREATE TRIGGER register_whole BEFORE INSERT ON register
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM register), 0) OR
     EXISTS (SELECT 1 FROM register WHERE uid = NEW.uid) OR
     length(NEW.uid) <> 16 OR length(NEW.content_hash) <> 32
BEGIN SELECT RAISE(FAIL, 'register: that seq or uid is taken, or a value is out of range'); END;

CREATE TRIGGER member_identity_no_update BEFORE UPDATE ON member_identity
BEGIN SELECT RAISE(FAIL, 'member_identity may be erased, never edited'); END;

CREATE TRIGGER member_identity_erasure BEFORE DELETE ON member_identity
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject = OLD.member_id)
BEGIN SELECT RAISE(FAIL, 'member_identity: record the erasure first'); END;

CREATE TRIGGER member_identity_no_replace BEFORE INSERT ON member_identity
WHEN EXISTS (SELECT 1 FROM member_identity WHERE member_id = NEW.member_id) OR
     EXISTS (SELECT 1 FROM member_identity WHERE handle = NEW.handle)
BEGIN SELECT RAISE(FAIL, 'member_identity: that key is taken'); END;

CREATE TRIGGER member_attribute_no_update BEFORE UPDATE ON member_attribute
BEGIN SELECT RAISE(FAIL, 'member_attribute may be erased, never edited'); END;

CREATE TRIGGER member_attribute_erasure BEFORE DELETE ON member_attribute
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject = OLD.member_id)
BEGIN SELECT RAISE(FAIL, 'member_attribute: record the erasure first'); END;

CREATE TRIGGER member_attribute_no_replace BEFORE INSERT ON member_attribute
WHEN EXISTS (SELECT 1 FROM member_attribute WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'member_attribute: that key is taken'); END;

CREATE TRIGGER transfer_text_no_update BEFORE UPDATE ON transfer_text
BEGIN SELECT RAISE(FAIL, 'transfer_text may be erased, never edited'); END;

CREATE TRIGGER transfer_text_erasure BEFORE DELETE ON transfer_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'transfer' AND subject = OLD.transfer_id)
BEGIN SELECT RAISE(FAIL, 'transfer_text: record the erasure first'); END;

CREATE TRIGGER transfer_text_no_replace BEFORE INSERT ON transfer_text
WHEN EXISTS (SELECT 1 FROM transfer_text WHERE transfer_id = NEW.transfer_id)
BEGIN SELECT RAISE(FAIL, 'transfer_text: that key is taken'); END;

CREATE TRIGGER hold_text_no_update BEFORE UPDATE ON hold_text
BEGIN SELECT RAISE(FAIL, 'hold_text may be erased, never edited'); END;

CREATE TRIGGER hold_text_erasure BEFORE DELETE ON hold_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'hold' AND subject = OLD.hold_id)
BEGIN SELECT RAISE(FAIL, 'hold_text: record the erasure first'); END;

CREATE TRIGGER hold_text_no_replace BEFORE INSERT ON hold_text
WHEN EXISTS (SELECT 1 FROM hold_text WHERE hold_id = NEW.hold_id)
BEGIN SELECT RAISE(FAIL, 'hold_text: that key is taken'); END;

CREATE TRIGGER register_answer_no_update BEFORE UPDATE ON register_answer
BEGIN SELECT RAISE(FAIL, 'register_answer may be erased, never edited'); END;

CREATE TRIGGER register_answer_erasure BEFORE DELETE ON register_answer
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject = OLD.member_id)
BEGIN SELECT RAISE(FAIL, 'register_answer: record the erasure first'); END;

CREATE TRIGGER register_answer_no_replace BEFORE INSERT ON register_answer
WHEN EXISTS (SELECT 1 FROM register_answer WHERE seq = NEW.seq)
BEGIN SELECT RAISE(FAIL, 'register_answer: that key is taken'); END;

CREATE TRIGGER erasure_no_update BEFORE UPDATE ON erasure
BEGIN SELECT RAISE(FAIL, 'erasure is append-only'); END;

CREATE TRIGGER erasure_no_delete BEFORE DELETE ON erasure
BEGIN SELECT RAISE(FAIL, 'erasure is append-only'); END;

CREATE TRIGGER erasure_no_replace BEFORE INSERT ON erasure
WHEN EXISTS (SELECT 1 FROM erasure WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM erasure WHERE kind = NEW.kind AND subject = NEW.subject)
BEGIN SELECT RAISE(FAIL, 'erasure: that key is taken'); END;

-- Kept current: only what posting, holds, limits and states may change.
CREATE TRIGGER member_fixed BEFORE UPDATE OF id, number, handle_hash, kind, since_us ON member
BEGIN SELECT RAISE(FAIL, 'member: only its state changes'); END;

CREATE TRIGGER member_no_delete BEFORE DELETE ON member
BEGIN SELECT RAISE(FAIL, 'member is append-only'); END;

CREATE TRIGGER member_no_replace BEFORE INSERT ON member
WHEN EXISTS (SELECT 1 FROM member WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM member WHERE number = NEW.number) OR
     EXISTS (SELECT 1 FROM member WHERE handle_hash = NEW.handle_hash)
BEGIN SELECT RAISE(FAIL, 'member: that key is taken'); END;

CREATE TRIGGER account_fixed BEFORE UPDATE OF id, member_id, currency_id, opened_at_us, training ON account
BEGIN SELECT RAISE(FAIL, 'account: whose it is never changes'); END;

CREATE TRIGGER account_no_delete BEFORE DELETE ON account
BEGIN SELECT RAISE(FAIL, 'account is append-only'); END;

CREATE TRIGGER account_no_replace BEFORE INSERT ON account
WHEN EXISTS (SELECT 1 FROM account WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM account WHERE member_id = NEW.member_id AND currency_id = NEW.currency_id)
BEGIN SELECT RAISE(FAIL, 'account: that key is taken'); END;

CREATE TRIGGER token_fixed BEFORE UPDATE OF id, hash, member_id, role, label, created_at_us, expires_at_us ON token
BEGIN SELECT RAISE(FAIL, 'token: only its use and its end change'); END;

CREATE TRIGGER token_no_delete BEFORE DELETE ON token
BEGIN SELECT RAISE(FAIL, 'token is append-only'); END;

CREATE TRIGGER token_no_replace BEFORE INSERT ON token
WHEN EXISTS (SELECT 1 FROM token WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM token WHERE hash = NEW.hash)
BEGIN SELECT RAISE(FAIL, 'token: that key is taken'); END;

CREATE TRIGGER hold_owner_no_update BEFORE UPDATE ON hold_owner
BEGIN SELECT RAISE(FAIL, 'hold_owner is append-only'); END;

CREATE TRIGGER hold_owner_no_delete BEFORE DELETE ON hold_owner
BEGIN SELECT RAISE(FAIL, 'hold_owner is append-only'); END;

CREATE TRIGGER hold_owner_no_replace BEFORE INSERT ON hold_owner
WHEN EXISTS (SELECT 1 FROM hold_owner WHERE hold_id = NEW.hold_id)
BEGIN SELECT RAISE(FAIL, 'hold_owner: that key is taken'); END;

-- Courses.

CREATE TRIGGER course_no_update BEFORE UPDATE ON course
BEGIN SELECT RAISE(FAIL, 'course is append-only'); END;

CREATE TRIGGER course_no_delete BEFORE DELETE ON course
BEGIN SELECT RAISE(FAIL, 'course is append-only'); END;

CREATE TRIGGER course_no_replace BEFORE INSERT ON course
WHEN EXISTS (SELECT 1 FROM course WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'course: that key is taken'); END;

CREATE TRIGGER course_version_no_update BEFORE UPDATE ON course_version
BEGIN SELECT RAISE(FAIL, 'course_version is append-only'); END;

CREATE TRIGGER course_version_no_delete BEFORE DELETE ON course_version
BEGIN SELECT RAISE(FAIL, 'course_version is append-only'); END;

CREATE TRIGGER course_version_no_replace BEFORE INSERT ON course_version
WHEN EXISTS (SELECT 1 FROM course_version WHERE course_id = NEW.course_id AND version = NEW.version)
BEGIN SELECT RAISE(FAIL, 'course_version: that key is taken'); END;

CREATE TRIGGER session_no_update BEFORE UPDATE ON session
BEGIN SELECT RAISE(FAIL, 'session is append-only'); END;

CREATE TRIGGER session_no_delete BEFORE DELETE ON session
BEGIN SELECT RAISE(FAIL, 'session is append-only'); END;

CREATE TRIGGER session_no_replace BEFORE INSERT ON session
WHEN EXISTS (SELECT 1 FROM session WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'session: that key is taken'); END;

CREATE TRIGGER session_price_no_update BEFORE UPDATE ON session_price
BEGIN SELECT RAISE(FAIL, 'session_price is append-only'); END;

CREATE TRIGGER session_price_no_delete BEFORE DELETE ON session_price
BEGIN SELECT RAISE(FAIL, 'session_price is append-only'); END;

CREATE TRIGGER session_price_no_replace BEFORE INSERT ON session_price
WHEN EXISTS (SELECT 1 FROM session_price WHERE session_id = NEW.session_id AND currency_id = NEW.currency_id)
BEGIN SELECT RAISE(FAIL, 'session_price: that key is taken'); END;

CREATE TRIGGER session_trainer_no_update BEFORE UPDATE ON session_trainer
BEGIN SELECT RAISE(FAIL, 'session_trainer is append-only'); END;

CREATE TRIGGER session_trainer_no_delete BEFORE DELETE ON session_trainer
BEGIN SELECT RAISE(FAIL, 'session_trainer is append-only'); END;

CREATE TRIGGER session_trainer_no_replace BEFORE INSERT ON session_trainer
WHEN EXISTS (SELECT 1 FROM session_trainer WHERE session_id = NEW.session_id AND member_id = NEW.member_id)
BEGIN SELECT RAISE(FAIL, 'session_trainer: that key is taken'); END;

CREATE TRIGGER session_cancellation_no_update BEFORE UPDATE ON session_cancellation
BEGIN SELECT RAISE(FAIL, 'session_cancellation is append-only'); END;

CREATE TRIGGER session_cancellation_no_delete BEFORE DELETE ON session_cancellation
BEGIN SELECT RAISE(FAIL, 'session_cancellation is append-only'); END;

CREATE TRIGGER session_cancellation_no_replace BEFORE INSERT ON session_cancellation
WHEN EXISTS (SELECT 1 FROM session_cancellation WHERE session_id = NEW.session_id)
BEGIN SELECT RAISE(FAIL, 'session_cancellation: that key is taken'); END;

CREATE TRIGGER enrolment_no_update BEFORE UPDATE ON enrolment
BEGIN SELECT RAISE(FAIL, 'enrolment is append-only'); END;

CREATE TRIGGER enrolment_no_delete BEFORE DELETE ON enrolment
BEGIN SELECT RAISE(FAIL, 'enrolment is append-only'); END;

CREATE TRIGGER enrolment_no_replace BEFORE INSERT ON enrolment
WHEN EXISTS (SELECT 1 FROM enrolment WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'enrolment: that key is taken'); END;

CREATE TRIGGER enrolment_event_no_update BEFORE UPDATE ON enrolment_event
BEGIN SELECT RAISE(FAIL, 'enrolment_event is append-only'); END;

CREATE TRIGGER enrolment_event_no_delete BEFORE DELETE ON enrolment_event
BEGIN SELECT RAISE(FAIL, 'enrolment_event is append-only'); END;

CREATE TRIGGER enrolment_event_no_replace BEFORE INSERT ON enrolment_event
WHEN EXISTS (SELECT 1 FROM enrolment_event WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'enrolment_event: that key is taken'); END;

CREATE TRIGGER course_text_no_update BEFORE UPDATE ON course_text
BEGIN SELECT RAISE(FAIL, 'course_text may be erased, never edited'); END;

CREATE TRIGGER course_text_erasure BEFORE DELETE ON course_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject =
                 (SELECT provider_id FROM course WHERE id = OLD.course_id))
BEGIN SELECT RAISE(FAIL, 'course_text: record the erasure first'); END;

CREATE TRIGGER course_text_no_replace BEFORE INSERT ON course_text
WHEN EXISTS (SELECT 1 FROM course_text WHERE course_id = NEW.course_id AND version = NEW.version)
BEGIN SELECT RAISE(FAIL, 'course_text: that key is taken'); END;

CREATE TRIGGER session_text_no_update BEFORE UPDATE ON session_text
BEGIN SELECT RAISE(FAIL, 'session_text may be erased, never edited'); END;

CREATE TRIGGER session_text_erasure BEFORE DELETE ON session_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject =
                 (SELECT c.provider_id FROM session s JOIN course c ON c.id = s.course_id WHERE s.id = OLD.session_id))
BEGIN SELECT RAISE(FAIL, 'session_text: record the erasure first'); END;

CREATE TRIGGER session_text_no_replace BEFORE INSERT ON session_text
WHEN EXISTS (SELECT 1 FROM session_text WHERE session_id = NEW.session_id)
BEGIN SELECT RAISE(FAIL, 'session_text: that key is taken'); END;

CREATE TRIGGER session_notes_no_update BEFORE UPDATE ON session_notes
BEGIN SELECT RAISE(FAIL, 'session_notes may be erased, never edited'); END;

CREATE TRIGGER session_notes_erasure BEFORE DELETE ON session_notes
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject =
                 (SELECT c.provider_id FROM session s JOIN course c ON c.id = s.course_id WHERE s.id = OLD.session_id))
BEGIN SELECT RAISE(FAIL, 'session_notes: record the erasure first'); END;

CREATE TRIGGER session_notes_no_replace BEFORE INSERT ON session_notes
WHEN EXISTS (SELECT 1 FROM session_notes WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'session_notes: that key is taken'); END;

CREATE TRIGGER enrolment_text_no_update BEFORE UPDATE ON enrolment_text
BEGIN SELECT RAISE(FAIL, 'enrolment_text may be erased, never edited'); END;

CREATE TRIGGER enrolment_text_erasure BEFORE DELETE ON enrolment_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject =
                 (SELECT member_id FROM enrolment WHERE id = OLD.enrolment_id))
BEGIN SELECT RAISE(FAIL, 'enrolment_text: record the erasure first'); END;

CREATE TRIGGER enrolment_text_no_replace BEFORE INSERT ON enrolment_text
WHEN EXISTS (SELECT 1 FROM enrolment_text WHERE enrolment_id = NEW.enrolment_id)
BEGIN SELECT RAISE(FAIL, 'enrolment_text: that key is taken'); END;

CREATE TRIGGER session_capacity_no_update BEFORE UPDATE ON session_capacity
BEGIN SELECT RAISE(FAIL, 'session_capacity is append-only'); END;

CREATE TRIGGER session_capacity_no_delete BEFORE DELETE ON session_capacity
BEGIN SELECT RAISE(FAIL, 'session_capacity is append-only'); END;

CREATE TRIGGER session_capacity_no_replace BEFORE INSERT ON session_capacity
WHEN EXISTS (SELECT 1 FROM session_capacity WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'session_capacity: that key is taken'); END;

CREATE TRIGGER session_capacity_kept BEFORE INSERT ON session_capacity
WHEN NEW.capacity < (SELECT sum(places) FROM place WHERE session_id = NEW.session_id AND state <> 'waiting')
BEGIN SELECT RAISE(FAIL, 'session_capacity: more places are taken than that'); END;

-- A place is taken or offered only where one is free: nothing sells a session beyond its capacity.
CREATE TRIGGER place_free BEFORE INSERT ON place
WHEN NEW.state <> 'waiting' AND
     NEW.places + (SELECT coalesce(sum(places), 0) FROM place
                    WHERE session_id = NEW.session_id AND state <> 'waiting') >
     coalesce((SELECT capacity FROM session_capacity WHERE session_id = NEW.session_id
                ORDER BY id DESC LIMIT 1), 0)
BEGIN SELECT RAISE(FAIL, 'place: the session is full'); END;

CREATE TRIGGER place_free_for_who_waited BEFORE UPDATE OF state ON place
WHEN NEW.state <> 'waiting' AND OLD.state = 'waiting' AND
     NEW.places + (SELECT coalesce(sum(places), 0) FROM place
                    WHERE session_id = NEW.session_id AND state <> 'waiting') >
     coalesce((SELECT capacity FROM session_capacity WHERE session_id = NEW.session_id
                ORDER BY id DESC LIMIT 1), 0)
BEGIN SELECT RAISE(FAIL, 'place: the session is full'); END;

CREATE TRIGGER place_fixed BEFORE UPDATE OF session_id, member_id, enrolment_id, places ON place
BEGIN SELECT RAISE(FAIL, 'place: whose it is never changes'); END;

CREATE TRIGGER place_of_a_live_session BEFORE INSERT ON place
WHEN EXISTS (SELECT 1 FROM session_cancellation WHERE session_id = NEW.session_id)
BEGIN SELECT RAISE(FAIL, 'place: the session is cancelled'); END;

CREATE TRIGGER place_no_replace BEFORE INSERT ON place
WHEN EXISTS (SELECT 1 FROM place WHERE session_id = NEW.session_id AND member_id = NEW.member_id) OR
     EXISTS (SELECT 1 FROM place WHERE enrolment_id = NEW.enrolment_id)
BEGIN SELECT RAISE(FAIL, 'place: that key is taken'); END;

CREATE TRIGGER lot_fixed BEFORE UPDATE OF id, account_id, transfer_id, origin, fund_account_id, amount_minor, expires_on ON lot
BEGIN SELECT RAISE(FAIL, 'lot: only what is left and pinned changes'); END;

CREATE TRIGGER lot_no_delete BEFORE DELETE ON lot
BEGIN SELECT RAISE(FAIL, 'lot is append-only'); END;

CREATE TRIGGER lot_whole BEFORE INSERT ON lot
WHEN NEW.id <> 1 + coalesce((SELECT max(id) FROM lot), 0) OR
     (SELECT training FROM account WHERE id = NEW.account_id) IS NOT 1
BEGIN SELECT RAISE(FAIL, 'lot: ids are dense, and it belongs to a training account'); END;

CREATE TRIGGER lot_move_no_update BEFORE UPDATE ON lot_move
BEGIN SELECT RAISE(FAIL, 'lot_move is append-only'); END;

CREATE TRIGGER lot_move_no_delete BEFORE DELETE ON lot_move
BEGIN SELECT RAISE(FAIL, 'lot_move is append-only'); END;

CREATE TRIGGER lot_move_no_replace BEFORE INSERT ON lot_move
WHEN EXISTS (SELECT 1 FROM lot_move WHERE transfer_id = NEW.transfer_id AND lot_id = NEW.lot_id
             AND stand_in = NEW.stand_in) OR
     NEW.transfer_id < (SELECT max(id) FROM transfer)
BEGIN SELECT RAISE(FAIL, 'lot_move: that transfer is posted already'); END;

CREATE TRIGGER lot_pin_fixed BEFORE UPDATE OF hold_id, lot_id ON lot_pin
BEGIN SELECT RAISE(FAIL, 'lot_pin: only its amount changes'); END;

CREATE TRIGGER lot_pin_no_replace BEFORE INSERT ON lot_pin
WHEN EXISTS (SELECT 1 FROM lot_pin WHERE hold_id = NEW.hold_id AND lot_id = NEW.lot_id)
BEGIN SELECT RAISE(FAIL, 'lot_pin: that key is taken'); END;

CREATE TRIGGER provider_no_update BEFORE UPDATE ON provider
BEGIN SELECT RAISE(FAIL, 'provider is append-only'); END;

CREATE TRIGGER provider_no_delete BEFORE DELETE ON provider
BEGIN SELECT RAISE(FAIL, 'provider is append-only'); END;

CREATE TRIGGER provider_no_replace BEFORE INSERT ON provider
WHEN EXISTS (SELECT 1 FROM provider WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'provider: that key is taken'); END;

CREATE TRIGGER credit_rate_no_update BEFORE UPDATE ON credit_rate
BEGIN SELECT RAISE(FAIL, 'credit_rate is append-only'); END;

CREATE TRIGGER credit_rate_no_delete BEFORE DELETE ON credit_rate
BEGIN SELECT RAISE(FAIL, 'credit_rate is append-only'); END;

CREATE TRIGGER credit_rate_no_replace BEFORE INSERT ON credit_rate
WHEN EXISTS (SELECT 1 FROM credit_rate WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'credit_rate: that key is taken'); END;

-- The node's keys and address, and what it has certified.

CREATE TRIGGER node_key_no_update BEFORE UPDATE ON node_key
BEGIN SELECT RAISE(FAIL, 'node_key is append-only'); END;

CREATE TRIGGER node_key_no_delete BEFORE DELETE ON node_key
BEGIN SELECT RAISE(FAIL, 'node_key is append-only'); END;

CREATE TRIGGER node_key_no_replace BEFORE INSERT ON node_key
WHEN EXISTS (SELECT 1 FROM node_key WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM node_key WHERE public_key = NEW.public_key)
BEGIN SELECT RAISE(FAIL, 'node_key: that key is taken'); END;

CREATE TRIGGER node_address_no_update BEFORE UPDATE ON node_address
BEGIN SELECT RAISE(FAIL, 'node_address is append-only'); END;

CREATE TRIGGER node_address_no_delete BEFORE DELETE ON node_address
BEGIN SELECT RAISE(FAIL, 'node_address is append-only'); END;

CREATE TRIGGER node_address_no_replace BEFORE INSERT ON node_address
WHEN EXISTS (SELECT 1 FROM node_address WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'node_address: that key is taken'); END;

CREATE TRIGGER certificate_no_update BEFORE UPDATE ON certificate
BEGIN SELECT RAISE(FAIL, 'certificate is append-only'); END;

CREATE TRIGGER certificate_no_delete BEFORE DELETE ON certificate
BEGIN SELECT RAISE(FAIL, 'certificate is append-only'); END;

CREATE TRIGGER certificate_no_replace BEFORE INSERT ON certificate
WHEN EXISTS (SELECT 1 FROM certificate WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM certificate WHERE uid = NEW.uid) OR
     EXISTS (SELECT 1 FROM certificate WHERE hash = NEW.hash)
BEGIN SELECT RAISE(FAIL, 'certificate: that key is taken'); END;

CREATE TRIGGER certificate_revocation_no_update BEFORE UPDATE ON certificate_revocation
BEGIN SELECT RAISE(FAIL, 'certificate_revocation is append-only'); END;

CREATE TRIGGER certificate_revocation_no_delete BEFORE DELETE ON certificate_revocation
BEGIN SELECT RAISE(FAIL, 'certificate_revocation is append-only'); END;

CREATE TRIGGER certificate_revocation_no_replace BEFORE INSERT ON certificate_revocation
WHEN EXISTS (SELECT 1 FROM certificate_revocation WHERE certificate_id = NEW.certificate_id)
BEGIN SELECT RAISE(FAIL, 'certificate_revocation: that key is taken'); END;

CREATE TRIGGER certificate_enrolment_no_update BEFORE UPDATE ON certificate_enrolment
BEGIN SELECT RAISE(FAIL, 'certificate_enrolment is append-only'); END;

CREATE TRIGGER certificate_enrolment_no_delete BEFORE DELETE ON certificate_enrolment
BEGIN SELECT RAISE(FAIL, 'certificate_enrolment is append-only'); END;

CREATE TRIGGER certificate_enrolment_no_replace BEFORE INSERT ON certificate_enrolment
WHEN EXISTS (SELECT 1 FROM certificate_enrolment WHERE certificate_id = NEW.certificate_id)
BEGIN SELECT RAISE(FAIL, 'certificate_enrolment: that key is taken'); END;

-- As many certificates stand as came, and no more.
CREATE TRIGGER certificate_enrolment_attended BEFORE INSERT ON certificate_enrolment
WHEN (SELECT count(*) FROM certificate_enrolment e WHERE e.enrolment_id = NEW.enrolment_id AND NOT EXISTS
         (SELECT 1 FROM certificate_revocation r WHERE r.certificate_id = e.certificate_id)) >=
     coalesce((SELECT CASE state WHEN 'attended' THEN places END FROM enrolment_event
                WHERE enrolment_id = NEW.enrolment_id ORDER BY id DESC LIMIT 1), 0)
BEGIN SELECT RAISE(FAIL, 'certificate_enrolment: nobody came who is not certified'); END;

CREATE TRIGGER certificate_text_no_update BEFORE UPDATE ON certificate_text
BEGIN SELECT RAISE(FAIL, 'certificate_text may be erased, never edited'); END;

CREATE TRIGGER certificate_text_erasure BEFORE DELETE ON certificate_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'certificate' AND subject = OLD.certificate_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN certificate c ON c.member_id = e.subject
                  WHERE e.kind = 'member' AND c.id = OLD.certificate_id)
BEGIN SELECT RAISE(FAIL, 'certificate_text: record the erasure first'); END;

CREATE TRIGGER certificate_text_no_replace BEFORE INSERT ON certificate_text
WHEN EXISTS (SELECT 1 FROM certificate_text WHERE certificate_id = NEW.certificate_id)
BEGIN SELECT RAISE(FAIL, 'certificate_text: that key is taken'); END;


CREATE TRIGGER resource_no_update BEFORE UPDATE ON resource
BEGIN SELECT RAISE(FAIL, 'resource is append-only'); END;

CREATE TRIGGER resource_no_delete BEFORE DELETE ON resource
BEGIN SELECT RAISE(FAIL, 'resource is append-only'); END;

CREATE TRIGGER resource_no_replace BEFORE INSERT ON resource
WHEN EXISTS (SELECT 1 FROM resource WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM resource WHERE name = NEW.name)
BEGIN SELECT RAISE(FAIL, 'resource: that key is taken'); END;

CREATE TRIGGER resource_terms_no_update BEFORE UPDATE ON resource_terms
BEGIN SELECT RAISE(FAIL, 'resource_terms is append-only'); END;

CREATE TRIGGER resource_terms_no_delete BEFORE DELETE ON resource_terms
BEGIN SELECT RAISE(FAIL, 'resource_terms is append-only'); END;

CREATE TRIGGER resource_terms_no_replace BEFORE INSERT ON resource_terms
WHEN EXISTS (SELECT 1 FROM resource_terms WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'resource_terms: that key is taken'); END;

CREATE TRIGGER resource_closure_no_update BEFORE UPDATE ON resource_closure
BEGIN SELECT RAISE(FAIL, 'resource_closure is append-only'); END;

CREATE TRIGGER resource_closure_no_delete BEFORE DELETE ON resource_closure
BEGIN SELECT RAISE(FAIL, 'resource_closure is append-only'); END;

CREATE TRIGGER resource_closure_no_replace BEFORE INSERT ON resource_closure
WHEN EXISTS (SELECT 1 FROM resource_closure WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'resource_closure: that key is taken'); END;

CREATE TRIGGER resource_reopening_no_update BEFORE UPDATE ON resource_reopening
BEGIN SELECT RAISE(FAIL, 'resource_reopening is append-only'); END;

CREATE TRIGGER resource_reopening_no_delete BEFORE DELETE ON resource_reopening
BEGIN SELECT RAISE(FAIL, 'resource_reopening is append-only'); END;

CREATE TRIGGER resource_reopening_no_replace BEFORE INSERT ON resource_reopening
WHEN EXISTS (SELECT 1 FROM resource_reopening WHERE closure_id = NEW.closure_id)
BEGIN SELECT RAISE(FAIL, 'resource_reopening: that key is taken'); END;

CREATE TRIGGER resource_price_no_update BEFORE UPDATE ON resource_price
BEGIN SELECT RAISE(FAIL, 'resource_price is append-only'); END;

CREATE TRIGGER resource_price_no_delete BEFORE DELETE ON resource_price
BEGIN SELECT RAISE(FAIL, 'resource_price is append-only'); END;

CREATE TRIGGER resource_price_no_replace BEFORE INSERT ON resource_price
WHEN EXISTS (SELECT 1 FROM resource_price WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'resource_price: that key is taken'); END;

CREATE TRIGGER resource_share_no_update BEFORE UPDATE ON resource_share
BEGIN SELECT RAISE(FAIL, 'resource_share is append-only'); END;

CREATE TRIGGER resource_share_no_delete BEFORE DELETE ON resource_share
BEGIN SELECT RAISE(FAIL, 'resource_share is append-only'); END;

CREATE TRIGGER resource_share_no_replace BEFORE INSERT ON resource_share
WHEN EXISTS (SELECT 1 FROM resource_share WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'resource_share: that key is taken'); END;

CREATE TRIGGER resource_quota_no_update BEFORE UPDATE ON resource_quota
BEGIN SELECT RAISE(FAIL, 'resource_quota is append-only'); END;

CREATE TRIGGER resource_quota_no_delete BEFORE DELETE ON resource_quota
BEGIN SELECT RAISE(FAIL, 'resource_quota is append-only'); END;

CREATE TRIGGER resource_quota_no_replace BEFORE INSERT ON resource_quota
WHEN EXISTS (SELECT 1 FROM resource_quota WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'resource_quota: that key is taken'); END;

CREATE TRIGGER extra_no_update BEFORE UPDATE ON extra
BEGIN SELECT RAISE(FAIL, 'extra is append-only'); END;

CREATE TRIGGER extra_no_delete BEFORE DELETE ON extra
BEGIN SELECT RAISE(FAIL, 'extra is append-only'); END;

CREATE TRIGGER extra_no_replace BEFORE INSERT ON extra
WHEN EXISTS (SELECT 1 FROM extra WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM extra WHERE name = NEW.name)
BEGIN SELECT RAISE(FAIL, 'extra: that key is taken'); END;

CREATE TRIGGER extra_price_no_update BEFORE UPDATE ON extra_price
BEGIN SELECT RAISE(FAIL, 'extra_price is append-only'); END;

CREATE TRIGGER extra_price_no_delete BEFORE DELETE ON extra_price
BEGIN SELECT RAISE(FAIL, 'extra_price is append-only'); END;

CREATE TRIGGER extra_price_no_replace BEFORE INSERT ON extra_price
WHEN EXISTS (SELECT 1 FROM extra_price WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'extra_price: that key is taken'); END;

CREATE TRIGGER booking_change_no_update BEFORE UPDATE ON booking_change
BEGIN SELECT RAISE(FAIL, 'booking_change is append-only'); END;

CREATE TRIGGER booking_change_no_delete BEFORE DELETE ON booking_change
BEGIN SELECT RAISE(FAIL, 'booking_change is append-only'); END;

CREATE TRIGGER booking_change_no_replace BEFORE INSERT ON booking_change
WHEN EXISTS (SELECT 1 FROM booking_change WHERE booking_id = NEW.booking_id AND sequence = NEW.sequence)
BEGIN SELECT RAISE(FAIL, 'booking_change: that key is taken'); END;

CREATE TRIGGER booking_line_no_update BEFORE UPDATE ON booking_line
BEGIN SELECT RAISE(FAIL, 'booking_line is append-only'); END;

CREATE TRIGGER booking_line_no_delete BEFORE DELETE ON booking_line
BEGIN SELECT RAISE(FAIL, 'booking_line is append-only'); END;

CREATE TRIGGER booking_line_no_replace BEFORE INSERT ON booking_line
WHEN EXISTS (SELECT 1 FROM booking_line WHERE booking_id = NEW.booking_id AND sequence = NEW.sequence AND line = NEW.line)
BEGIN SELECT RAISE(FAIL, 'booking_line: that key is taken'); END;

CREATE TRIGGER booking_text_no_update BEFORE UPDATE ON booking_text
BEGIN SELECT RAISE(FAIL, 'booking_text may be erased, never edited'); END;

CREATE TRIGGER booking_text_erasure BEFORE DELETE ON booking_text
WHEN NOT EXISTS (SELECT 1 FROM erasure e JOIN booking b ON b.member_id = e.subject
                  WHERE e.kind = 'member' AND b.id = OLD.booking_id)
BEGIN SELECT RAISE(FAIL, 'booking_text: record the erasure first'); END;

CREATE TRIGGER booking_text_no_replace BEFORE INSERT ON booking_text
WHEN EXISTS (SELECT 1 FROM booking_text WHERE booking_id = NEW.booking_id)
BEGIN SELECT RAISE(FAIL, 'booking_text: that key is taken'); END;

-- A change of a booking comes before the booking itself shows it.
CREATE TRIGGER booking_fixed
BEFORE UPDATE OF id, resource_id, member_id, class, terms_id, series_id, made_at_us ON booking
BEGIN SELECT RAISE(FAIL, 'booking: what it is of never changes'); END;

CREATE TRIGGER booking_no_delete BEFORE DELETE ON booking
BEGIN SELECT RAISE(FAIL, 'booking is append-only'); END;

CREATE TRIGGER booking_no_replace BEFORE INSERT ON booking
WHEN EXISTS (SELECT 1 FROM booking WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'booking: that key is taken'); END;

-- No overlap, ever. Live bookings of a unit are apart from each other, so of all that begin before the
-- new one ends only the last can reach into it: one probe of booking_live.
CREATE TRIGGER booking_apart_new BEFORE INSERT ON booking
WHEN NEW.live = 1 AND
     (SELECT busy_to_us FROM booking
       WHERE live = 1 AND resource_id = NEW.resource_id AND unit = NEW.unit AND busy_from_us < NEW.busy_to_us
       ORDER BY busy_from_us DESC LIMIT 1) > NEW.busy_from_us
BEGIN SELECT RAISE(FAIL, 'booking: that time is taken'); END;

CREATE TRIGGER booking_apart_moved
BEFORE UPDATE OF state, live, unit, from_us, to_us, busy_from_us, busy_to_us ON booking
WHEN NEW.live = 1 AND
     (SELECT busy_to_us FROM booking
       WHERE live = 1 AND resource_id = NEW.resource_id AND unit = NEW.unit AND busy_from_us < NEW.busy_to_us
         AND id <> NEW.id
       ORDER BY busy_from_us DESC LIMIT 1) > NEW.busy_from_us
BEGIN SELECT RAISE(FAIL, 'booking: that time is taken'); END;

CREATE TRIGGER series_no_update BEFORE UPDATE ON series
BEGIN SELECT RAISE(FAIL, 'series is append-only'); END;

CREATE TRIGGER series_no_delete BEFORE DELETE ON series
BEGIN SELECT RAISE(FAIL, 'series is append-only'); END;

CREATE TRIGGER series_no_replace BEFORE INSERT ON series
WHEN EXISTS (SELECT 1 FROM series WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'series: that key is taken'); END;

CREATE TRIGGER series_date_no_update BEFORE UPDATE ON series_date
BEGIN SELECT RAISE(FAIL, 'series_date is append-only'); END;

CREATE TRIGGER series_date_no_delete BEFORE DELETE ON series_date
BEGIN SELECT RAISE(FAIL, 'series_date is append-only'); END;

CREATE TRIGGER series_date_no_replace BEFORE INSERT ON series_date
WHEN EXISTS (SELECT 1 FROM series_date WHERE series_id = NEW.series_id AND day = NEW.day)
BEGIN SELECT RAISE(FAIL, 'series_date: that key is taken'); END;

CREATE TRIGGER series_due_no_replace BEFORE INSERT ON series_due
WHEN EXISTS (SELECT 1 FROM series_due WHERE booking_id = NEW.booking_id)
BEGIN SELECT RAISE(FAIL, 'series_due: that key is taken'); END;

CREATE TRIGGER series_notice_no_update BEFORE UPDATE ON series_notice
BEGIN SELECT RAISE(FAIL, 'series_notice is append-only'); END;

CREATE TRIGGER series_notice_no_delete BEFORE DELETE ON series_notice
BEGIN SELECT RAISE(FAIL, 'series_notice is append-only'); END;

CREATE TRIGGER series_notice_no_replace BEFORE INSERT ON series_notice
WHEN EXISTS (SELECT 1 FROM series_notice WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'series_notice: that key is taken'); END;

CREATE TRIGGER feed_fixed BEFORE UPDATE OF id, hash, member_id, resource_id, token_id, created_at_us ON feed
BEGIN SELECT RAISE(FAIL, 'feed: only its revocation changes'); END;

CREATE TRIGGER feed_stays_revoked BEFORE UPDATE OF revoked_at_us ON feed
WHEN OLD.revoked_at_us IS NOT NULL
BEGIN SELECT RAISE(FAIL, 'feed: it is revoked already'); END;

CREATE TRIGGER feed_no_delete BEFORE DELETE ON feed
BEGIN SELECT RAISE(FAIL, 'feed is append-only'); END;

CREATE TRIGGER feed_no_replace BEFORE INSERT ON feed
WHEN EXISTS (SELECT 1 FROM feed WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM feed WHERE hash = NEW.hash)
BEGIN SELECT RAISE(FAIL, 'feed: that key is taken'); END;

-- Vacancies and placements.

CREATE TRIGGER vacancy_no_update BEFORE UPDATE ON vacancy
BEGIN SELECT RAISE(FAIL, 'vacancy is append-only'); END;

CREATE TRIGGER vacancy_no_delete BEFORE DELETE ON vacancy
BEGIN SELECT RAISE(FAIL, 'vacancy is append-only'); END;

CREATE TRIGGER vacancy_no_replace BEFORE INSERT ON vacancy
WHEN EXISTS (SELECT 1 FROM vacancy WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'vacancy: that key is taken'); END;

CREATE TRIGGER vacancy_close_no_update BEFORE UPDATE ON vacancy_close
BEGIN SELECT RAISE(FAIL, 'vacancy_close is append-only'); END;

CREATE TRIGGER vacancy_close_no_delete BEFORE DELETE ON vacancy_close
BEGIN SELECT RAISE(FAIL, 'vacancy_close is append-only'); END;

CREATE TRIGGER vacancy_close_no_replace BEFORE INSERT ON vacancy_close
WHEN EXISTS (SELECT 1 FROM vacancy_close WHERE vacancy_id = NEW.vacancy_id)
BEGIN SELECT RAISE(FAIL, 'vacancy_close: that key is taken'); END;

CREATE TRIGGER placement_no_update BEFORE UPDATE ON placement
BEGIN SELECT RAISE(FAIL, 'placement is append-only'); END;

CREATE TRIGGER placement_no_delete BEFORE DELETE ON placement
BEGIN SELECT RAISE(FAIL, 'placement is append-only'); END;

CREATE TRIGGER placement_no_replace BEFORE INSERT ON placement
WHEN EXISTS (SELECT 1 FROM placement WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'placement: that key is taken'); END;

CREATE TRIGGER placement_sign_no_update BEFORE UPDATE ON placement_sign
BEGIN SELECT RAISE(FAIL, 'placement_sign is append-only'); END;

CREATE TRIGGER placement_sign_no_delete BEFORE DELETE ON placement_sign
BEGIN SELECT RAISE(FAIL, 'placement_sign is append-only'); END;

CREATE TRIGGER placement_sign_no_replace BEFORE INSERT ON placement_sign
WHEN EXISTS (SELECT 1 FROM placement_sign WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'placement_sign: that key is taken'); END;

CREATE TRIGGER placement_week_no_update BEFORE UPDATE ON placement_week
BEGIN SELECT RAISE(FAIL, 'placement_week is append-only'); END;

CREATE TRIGGER placement_week_no_delete BEFORE DELETE ON placement_week
BEGIN SELECT RAISE(FAIL, 'placement_week is append-only'); END;

CREATE TRIGGER placement_week_no_replace BEFORE INSERT ON placement_week
WHEN EXISTS (SELECT 1 FROM placement_week WHERE placement_id = NEW.placement_id AND week_on = NEW.week_on)
BEGIN SELECT RAISE(FAIL, 'placement_week: that key is taken'); END;

CREATE TRIGGER placement_end_no_update BEFORE UPDATE ON placement_end
BEGIN SELECT RAISE(FAIL, 'placement_end is append-only'); END;

CREATE TRIGGER placement_end_no_delete BEFORE DELETE ON placement_end
BEGIN SELECT RAISE(FAIL, 'placement_end is append-only'); END;

CREATE TRIGGER placement_end_no_replace BEFORE INSERT ON placement_end
WHEN EXISTS (SELECT 1 FROM placement_end WHERE placement_id = NEW.placement_id)
BEGIN SELECT RAISE(FAIL, 'placement_end: that key is taken'); END;

CREATE TRIGGER vacancy_text_no_update BEFORE UPDATE ON vacancy_text
BEGIN SELECT RAISE(FAIL, 'vacancy_text may be erased, never edited'); END;

CREATE TRIGGER vacancy_text_erasure BEFORE DELETE ON vacancy_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'vacancy' AND subject = OLD.vacancy_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN vacancy p ON p.member_id = e.subject
                  WHERE e.kind = 'member' AND p.id = OLD.vacancy_id)
BEGIN SELECT RAISE(FAIL, 'vacancy_text: record the erasure first'); END;

CREATE TRIGGER vacancy_text_no_replace BEFORE INSERT ON vacancy_text
WHEN EXISTS (SELECT 1 FROM vacancy_text WHERE vacancy_id = NEW.vacancy_id)
BEGIN SELECT RAISE(FAIL, 'vacancy_text: that key is taken'); END;

CREATE TRIGGER placement_text_no_update BEFORE UPDATE ON placement_text
BEGIN SELECT RAISE(FAIL, 'placement_text may be erased, never edited'); END;

CREATE TRIGGER placement_text_erasure BEFORE DELETE ON placement_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'placement' AND subject = OLD.placement_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN placement p ON p.member_id = e.subject
                  WHERE e.kind = 'member' AND p.id = OLD.placement_id)
BEGIN SELECT RAISE(FAIL, 'placement_text: record the erasure first'); END;

CREATE TRIGGER placement_text_no_replace BEFORE INSERT ON placement_text
WHEN EXISTS (SELECT 1 FROM placement_text WHERE placement_id = NEW.placement_id)
BEGIN SELECT RAISE(FAIL, 'placement_text: that key is taken'); END;

CREATE TRIGGER placement_end_text_no_update BEFORE UPDATE ON placement_end_text
BEGIN SELECT RAISE(FAIL, 'placement_end_text may be erased, never edited'); END;

CREATE TRIGGER placement_end_text_erasure BEFORE DELETE ON placement_end_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'placement' AND subject = OLD.placement_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN placement p ON p.member_id = e.subject
                  WHERE e.kind = 'member' AND p.id = OLD.placement_id)
BEGIN SELECT RAISE(FAIL, 'placement_end_text: record the erasure first'); END;

CREATE TRIGGER placement_end_text_no_replace BEFORE INSERT ON placement_end_text
WHEN EXISTS (SELECT 1 FROM placement_end_text WHERE placement_id = NEW.placement_id)
BEGIN SELECT RAISE(FAIL, 'placement_end_text: that key is taken'); END;

CREATE TRIGGER notice_no_update BEFORE UPDATE ON notice
BEGIN SELECT RAISE(FAIL, 'notice is append-only'); END;

CREATE TRIGGER notice_no_delete BEFORE DELETE ON notice
BEGIN SELECT RAISE(FAIL, 'notice is append-only'); END;

CREATE TRIGGER notice_no_replace BEFORE INSERT ON notice
WHEN NEW.id <> 1 + coalesce((SELECT max(id) FROM notice), 0)
BEGIN SELECT RAISE(FAIL, 'notice: ids are dense'); END;
-- The levy. Of what is kept current only whose it is and for which month stands fixed.

CREATE TRIGGER levy_no_update BEFORE UPDATE ON levy
BEGIN SELECT RAISE(FAIL, 'levy is append-only'); END;

CREATE TRIGGER levy_no_delete BEFORE DELETE ON levy
BEGIN SELECT RAISE(FAIL, 'levy is append-only'); END;

CREATE TRIGGER levy_no_replace BEFORE INSERT ON levy
WHEN EXISTS (SELECT 1 FROM levy WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'levy: that key is taken'); END;

CREATE TRIGGER levy_month_no_update BEFORE UPDATE ON levy_month
BEGIN SELECT RAISE(FAIL, 'levy_month is append-only'); END;

CREATE TRIGGER levy_month_no_delete BEFORE DELETE ON levy_month
BEGIN SELECT RAISE(FAIL, 'levy_month is append-only'); END;

CREATE TRIGGER levy_month_no_replace BEFORE INSERT ON levy_month
WHEN EXISTS (SELECT 1 FROM levy_month WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM levy_month WHERE currency_id = NEW.currency_id AND month_on = NEW.month_on)
BEGIN SELECT RAISE(FAIL, 'levy_month: that key is taken'); END;

CREATE TRIGGER levy_due_fixed BEFORE UPDATE OF account_id, month_id ON levy_due
BEGIN SELECT RAISE(FAIL, 'levy_due: whose it is never changes'); END;

CREATE TRIGGER levy_charge_no_update BEFORE UPDATE ON levy_charge
BEGIN SELECT RAISE(FAIL, 'levy_charge is append-only'); END;

CREATE TRIGGER levy_charge_no_delete BEFORE DELETE ON levy_charge
BEGIN SELECT RAISE(FAIL, 'levy_charge is append-only'); END;

CREATE TRIGGER levy_charge_no_replace BEFORE INSERT ON levy_charge
WHEN EXISTS (SELECT 1 FROM levy_charge WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM levy_charge WHERE account_id = NEW.account_id AND month_id = NEW.month_id) OR
     EXISTS (SELECT 1 FROM levy_charge WHERE transfer_id = NEW.transfer_id)
BEGIN SELECT RAISE(FAIL, 'levy_charge: that key is taken'); END;
-- Offers and wants.

CREATE TRIGGER offer_fixed BEFORE UPDATE OF id, member_id, kind, posted_at_us ON offer
BEGIN SELECT RAISE(FAIL, 'offer: only its version, its last day and whether it is open change'); END;

CREATE TRIGGER offer_no_delete BEFORE DELETE ON offer
BEGIN SELECT RAISE(FAIL, 'offer is append-only'); END;

CREATE TRIGGER offer_no_replace BEFORE INSERT ON offer
WHEN EXISTS (SELECT 1 FROM offer WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'offer: that key is taken'); END;

CREATE TRIGGER offer_version_no_update BEFORE UPDATE ON offer_version
BEGIN SELECT RAISE(FAIL, 'offer_version is append-only'); END;

CREATE TRIGGER offer_version_no_delete BEFORE DELETE ON offer_version
BEGIN SELECT RAISE(FAIL, 'offer_version is append-only'); END;

CREATE TRIGGER offer_version_no_replace BEFORE INSERT ON offer_version
WHEN EXISTS (SELECT 1 FROM offer_version WHERE offer_id = NEW.offer_id AND version = NEW.version)
BEGIN SELECT RAISE(FAIL, 'offer_version: that key is taken'); END;

CREATE TRIGGER offer_text_no_update BEFORE UPDATE ON offer_text
BEGIN SELECT RAISE(FAIL, 'offer_text may be erased, never edited'); END;

CREATE TRIGGER offer_text_erasure BEFORE DELETE ON offer_text
WHEN NOT EXISTS (SELECT 1 FROM erasure e JOIN offer o ON o.member_id = e.subject
                  WHERE e.kind = 'member' AND o.id = OLD.offer_id)
BEGIN SELECT RAISE(FAIL, 'offer_text: record the erasure first'); END;

CREATE TRIGGER offer_text_no_replace BEFORE INSERT ON offer_text
WHEN EXISTS (SELECT 1 FROM offer_text WHERE offer_id = NEW.offer_id AND version = NEW.version)
BEGIN SELECT RAISE(FAIL, 'offer_text: that key is taken'); END;

CREATE TRIGGER offer_close_no_update BEFORE UPDATE ON offer_close
BEGIN SELECT RAISE(FAIL, 'offer_close is append-only'); END;

CREATE TRIGGER offer_close_no_delete BEFORE DELETE ON offer_close
BEGIN SELECT RAISE(FAIL, 'offer_close is append-only'); END;

CREATE TRIGGER offer_close_no_replace BEFORE INSERT ON offer_close
WHEN EXISTS (SELECT 1 FROM offer_close WHERE offer_id = NEW.offer_id)
BEGIN SELECT RAISE(FAIL, 'offer_close: that key is taken'); END;

CREATE TRIGGER offer_answer_no_update BEFORE UPDATE ON offer_answer
BEGIN SELECT RAISE(FAIL, 'offer_answer is append-only'); END;

CREATE TRIGGER offer_answer_no_delete BEFORE DELETE ON offer_answer
BEGIN SELECT RAISE(FAIL, 'offer_answer is append-only'); END;

CREATE TRIGGER offer_answer_no_replace BEFORE INSERT ON offer_answer
WHEN EXISTS (SELECT 1 FROM offer_answer WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM offer_answer WHERE offer_id = NEW.offer_id AND member_id = NEW.member_id)
BEGIN SELECT RAISE(FAIL, 'offer_answer: that key is taken'); END;

CREATE TRIGGER offer_answer_text_no_update BEFORE UPDATE ON offer_answer_text
BEGIN SELECT RAISE(FAIL, 'offer_answer_text may be erased, never edited'); END;

CREATE TRIGGER offer_answer_text_erasure BEFORE DELETE ON offer_answer_text
WHEN NOT EXISTS (SELECT 1 FROM erasure e JOIN offer_answer a ON a.member_id = e.subject
                  WHERE e.kind = 'member' AND a.id = OLD.answer_id)
BEGIN SELECT RAISE(FAIL, 'offer_answer_text: record the erasure first'); END;

CREATE TRIGGER offer_answer_text_no_replace BEFORE INSERT ON offer_answer_text
WHEN EXISTS (SELECT 1 FROM offer_answer_text WHERE answer_id = NEW.answer_id)
BEGIN SELECT RAISE(FAIL, 'offer_answer_text: that key is taken'); END;

CREATE TRIGGER offer_cite_no_update BEFORE UPDATE ON offer_cite
BEGIN SELECT RAISE(FAIL, 'offer_cite is append-only'); END;

CREATE TRIGGER offer_cite_no_delete BEFORE DELETE ON offer_cite
BEGIN SELECT RAISE(FAIL, 'offer_cite is append-only'); END;

CREATE TRIGGER offer_cite_no_replace BEFORE INSERT ON offer_cite
WHEN EXISTS (SELECT 1 FROM offer_cite WHERE kind = NEW.kind AND subject = NEW.subject)
BEGIN SELECT RAISE(FAIL, 'offer_cite: that key is taken'); END;

CREATE TRIGGER warning_rule_no_update BEFORE UPDATE ON warning_rule
BEGIN SELECT RAISE(FAIL, 'warning_rule is append-only'); END;

CREATE TRIGGER warning_rule_no_delete BEFORE DELETE ON warning_rule
BEGIN SELECT RAISE(FAIL, 'warning_rule is append-only'); END;

CREATE TRIGGER warning_rule_no_replace BEFORE INSERT ON warning_rule
WHEN EXISTS (SELECT 1 FROM warning_rule WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'warning_rule: that key is taken'); END;

-- Standing payments.

CREATE TRIGGER standing_no_update BEFORE UPDATE ON standing
BEGIN SELECT RAISE(FAIL, 'standing is append-only'); END;

CREATE TRIGGER standing_no_delete BEFORE DELETE ON standing
BEGIN SELECT RAISE(FAIL, 'standing is append-only'); END;

CREATE TRIGGER standing_no_replace BEFORE INSERT ON standing
WHEN EXISTS (SELECT 1 FROM standing WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'standing: that key is taken'); END;

CREATE TRIGGER standing_change_no_update BEFORE UPDATE ON standing_change
BEGIN SELECT RAISE(FAIL, 'standing_change is append-only'); END;

CREATE TRIGGER standing_change_no_delete BEFORE DELETE ON standing_change
BEGIN SELECT RAISE(FAIL, 'standing_change is append-only'); END;

CREATE TRIGGER standing_change_no_replace BEFORE INSERT ON standing_change
WHEN EXISTS (SELECT 1 FROM standing_change WHERE standing_id = NEW.standing_id AND sequence = NEW.sequence)
BEGIN SELECT RAISE(FAIL, 'standing_change: that key is taken'); END;

CREATE TRIGGER standing_occurrence_no_update BEFORE UPDATE ON standing_occurrence
BEGIN SELECT RAISE(FAIL, 'standing_occurrence is append-only'); END;

CREATE TRIGGER standing_occurrence_no_delete BEFORE DELETE ON standing_occurrence
BEGIN SELECT RAISE(FAIL, 'standing_occurrence is append-only'); END;

CREATE TRIGGER standing_occurrence_no_replace BEFORE INSERT ON standing_occurrence
WHEN EXISTS (SELECT 1 FROM standing_occurrence WHERE standing_id = NEW.standing_id AND due_on = NEW.due_on) OR
     EXISTS (SELECT 1 FROM standing_occurrence WHERE uid = NEW.uid)
BEGIN SELECT RAISE(FAIL, 'standing_occurrence: that key is taken'); END;

CREATE TRIGGER standing_attempt_no_update BEFORE UPDATE ON standing_attempt
BEGIN SELECT RAISE(FAIL, 'standing_attempt is append-only'); END;

CREATE TRIGGER standing_attempt_no_delete BEFORE DELETE ON standing_attempt
BEGIN SELECT RAISE(FAIL, 'standing_attempt is append-only'); END;

CREATE TRIGGER standing_attempt_no_replace BEFORE INSERT ON standing_attempt
WHEN EXISTS (SELECT 1 FROM standing_attempt WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM standing_attempt WHERE standing_id = NEW.standing_id AND due_on = NEW.due_on AND code = '' AND NEW.code = '')
BEGIN SELECT RAISE(FAIL, 'standing_attempt: that key is taken'); END;

CREATE TRIGGER standing_next_of BEFORE UPDATE OF standing_id ON standing_next
BEGIN SELECT RAISE(FAIL, 'standing_next: whose it is never changes'); END;

CREATE TRIGGER standing_next_no_replace BEFORE INSERT ON standing_next
WHEN EXISTS (SELECT 1 FROM standing_next WHERE standing_id = NEW.standing_id)
BEGIN SELECT RAISE(FAIL, 'standing_next: that key is taken'); END;

CREATE TRIGGER standing_retry_of BEFORE UPDATE OF standing_id, due_on ON standing_retry
BEGIN SELECT RAISE(FAIL, 'standing_retry: which due date it is never changes'); END;

CREATE TRIGGER standing_retry_no_replace BEFORE INSERT ON standing_retry
WHEN EXISTS (SELECT 1 FROM standing_retry WHERE standing_id = NEW.standing_id AND due_on = NEW.due_on)
BEGIN SELECT RAISE(FAIL, 'standing_retry: that key is taken'); END;

CREATE TRIGGER standing_text_no_update BEFORE UPDATE ON standing_text
BEGIN SELECT RAISE(FAIL, 'standing_text may be erased, never edited'); END;

CREATE TRIGGER standing_text_erasure BEFORE DELETE ON standing_text
WHEN NOT EXISTS (SELECT 1 FROM standing s JOIN account a ON a.id IN (s.payer_id, s.payee_id)
                   JOIN erasure e ON e.kind = 'member' AND e.subject = a.member_id
                  WHERE s.id = OLD.standing_id)
BEGIN SELECT RAISE(FAIL, 'standing_text: record the erasure first'); END;

CREATE TRIGGER standing_text_no_replace BEFORE INSERT ON standing_text
WHEN EXISTS (SELECT 1 FROM standing_text WHERE standing_id = NEW.standing_id)
BEGIN SELECT RAISE(FAIL, 'standing_text: that key is taken'); END;

-- Requests for payment.
CREATE TRIGGER request_no_update BEFORE UPDATE ON request
BEGIN SELECT RAISE(FAIL, 'request is append-only'); END;

CREATE TRIGGER request_no_delete BEFORE DELETE ON request
BEGIN SELECT RAISE(FAIL, 'request is append-only'); END;

CREATE TRIGGER request_no_replace BEFORE INSERT ON request
WHEN EXISTS (SELECT 1 FROM request WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM request WHERE payee_id = NEW.payee_id AND number = NEW.number)
BEGIN SELECT RAISE(FAIL, 'request: that key is taken'); END;

CREATE TRIGGER request_line_no_update BEFORE UPDATE ON request_line
BEGIN SELECT RAISE(FAIL, 'request_line is append-only'); END;

CREATE TRIGGER request_line_no_delete BEFORE DELETE ON request_line
BEGIN SELECT RAISE(FAIL, 'request_line is append-only'); END;

CREATE TRIGGER request_line_no_replace BEFORE INSERT ON request_line
WHEN EXISTS (SELECT 1 FROM request_line WHERE request_id = NEW.request_id AND line = NEW.line)
BEGIN SELECT RAISE(FAIL, 'request_line: that key is taken'); END;

CREATE TRIGGER request_rate_no_update BEFORE UPDATE ON request_rate
BEGIN SELECT RAISE(FAIL, 'request_rate is append-only'); END;

CREATE TRIGGER request_rate_no_delete BEFORE DELETE ON request_rate
BEGIN SELECT RAISE(FAIL, 'request_rate is append-only'); END;

CREATE TRIGGER request_rate_no_replace BEFORE INSERT ON request_rate
WHEN EXISTS (SELECT 1 FROM request_rate WHERE request_id = NEW.request_id AND tax_points = NEW.tax_points)
BEGIN SELECT RAISE(FAIL, 'request_rate: that key is taken'); END;

CREATE TRIGGER request_event_no_update BEFORE UPDATE ON request_event
BEGIN SELECT RAISE(FAIL, 'request_event is append-only'); END;

CREATE TRIGGER request_event_no_delete BEFORE DELETE ON request_event
BEGIN SELECT RAISE(FAIL, 'request_event is append-only'); END;

CREATE TRIGGER request_event_no_replace BEFORE INSERT ON request_event
WHEN EXISTS (SELECT 1 FROM request_event WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM request_event WHERE transfer_id = NEW.transfer_id) OR
     EXISTS (SELECT 1 FROM request_event WHERE credit_id = NEW.credit_id)
BEGIN SELECT RAISE(FAIL, 'request_event: that key is taken'); END;

-- Nobody pays more than is open, nor the same twice.
CREATE TRIGGER request_event_guard BEFORE INSERT ON request_event
WHEN NOT EXISTS (SELECT 1 FROM request r WHERE r.id = NEW.request_id AND r.kind = 'invoice' AND
     r.ledger_minor + NEW.ledger_minor + (SELECT coalesce(sum(e.ledger_minor), 0) FROM request_event e
         WHERE e.request_id = NEW.request_id) BETWEEN 0 AND r.ledger_minor AND
     r.outside_minor + NEW.outside_minor + (SELECT coalesce(sum(e.outside_minor), 0) FROM request_event e
         WHERE e.request_id = NEW.request_id) BETWEEN 0 AND r.outside_minor)
BEGIN SELECT RAISE(FAIL, 'request_event: that is more than is open, or was paid'); END;

CREATE TRIGGER request_text_no_update BEFORE UPDATE ON request_text
BEGIN SELECT RAISE(FAIL, 'request_text may be erased, never edited'); END;

CREATE TRIGGER request_text_erasure BEFORE DELETE ON request_text
WHEN NOT EXISTS (SELECT 1 FROM erasure x JOIN request r ON r.id = OLD.request_id
                  WHERE (x.kind = 'request' AND x.subject = r.id) OR
                        (x.kind = 'member' AND x.subject IN (r.payee_id, r.payer_id)))
BEGIN SELECT RAISE(FAIL, 'request_text: record the erasure first'); END;

CREATE TRIGGER request_text_no_replace BEFORE INSERT ON request_text
WHEN EXISTS (SELECT 1 FROM request_text WHERE request_id = NEW.request_id)
BEGIN SELECT RAISE(FAIL, 'request_text: that key is taken'); END;

CREATE TRIGGER request_line_text_no_update BEFORE UPDATE ON request_line_text
BEGIN SELECT RAISE(FAIL, 'request_line_text may be erased, never edited'); END;

CREATE TRIGGER request_line_text_erasure BEFORE DELETE ON request_line_text
WHEN NOT EXISTS (SELECT 1 FROM erasure x JOIN request r ON r.id = OLD.request_id
                  WHERE (x.kind = 'request' AND x.subject = r.id) OR
                        (x.kind = 'member' AND x.subject IN (r.payee_id, r.payer_id)))
BEGIN SELECT RAISE(FAIL, 'request_line_text: record the erasure first'); END;

CREATE TRIGGER request_line_text_no_replace BEFORE INSERT ON request_line_text
WHEN EXISTS (SELECT 1 FROM request_line_text WHERE request_id = NEW.request_id AND line = NEW.line)
BEGIN SELECT RAISE(FAIL, 'request_line_text: that key is taken'); END;

CREATE TRIGGER request_event_text_no_update BEFORE UPDATE ON request_event_text
BEGIN SELECT RAISE(FAIL, 'request_event_text may be erased, never edited'); END;

CREATE TRIGGER request_event_text_erasure BEFORE DELETE ON request_event_text
WHEN NOT EXISTS (SELECT 1 FROM erasure x JOIN request r ON r.id = (SELECT request_id FROM request_event WHERE id = OLD.event_id)
                  WHERE (x.kind = 'request' AND x.subject = r.id) OR
                        (x.kind = 'member' AND x.subject IN (r.payee_id, r.payer_id)))
BEGIN SELECT RAISE(FAIL, 'request_event_text: record the erasure first'); END;

CREATE TRIGGER request_event_text_no_replace BEFORE INSERT ON request_event_text
WHEN EXISTS (SELECT 1 FROM request_event_text WHERE event_id = NEW.event_id)
BEGIN SELECT RAISE(FAIL, 'request_event_text: that key is taken'); END;

CREATE TRIGGER request_open_no_replace BEFORE INSERT ON request_open
WHEN EXISTS (SELECT 1 FROM request_open WHERE request_id = NEW.request_id)
BEGIN SELECT RAISE(FAIL, 'request_open: that key is taken'); END;

CREATE TRIGGER request_open_no_update BEFORE UPDATE ON request_open
BEGIN SELECT RAISE(FAIL, 'request_open is written anew'); END;

CREATE TRIGGER charge_no_update BEFORE UPDATE ON charge
BEGIN SELECT RAISE(FAIL, 'charge is append-only'); END;

CREATE TRIGGER charge_no_delete BEFORE DELETE ON charge
BEGIN SELECT RAISE(FAIL, 'charge is append-only'); END;

CREATE TRIGGER charge_no_replace BEFORE INSERT ON charge
WHEN EXISTS (SELECT 1 FROM charge WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'charge: that key is taken'); END;

CREATE TRIGGER charge_terms_no_update BEFORE UPDATE ON charge_terms
BEGIN SELECT RAISE(FAIL, 'charge_terms is append-only'); END;

CREATE TRIGGER charge_terms_no_delete BEFORE DELETE ON charge_terms
BEGIN SELECT RAISE(FAIL, 'charge_terms is append-only'); END;

CREATE TRIGGER charge_terms_no_replace BEFORE INSERT ON charge_terms
WHEN EXISTS (SELECT 1 FROM charge_terms WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'charge_terms: that key is taken'); END;

CREATE TRIGGER charge_withdrawal_no_update BEFORE UPDATE ON charge_withdrawal
BEGIN SELECT RAISE(FAIL, 'charge_withdrawal is append-only'); END;

CREATE TRIGGER charge_withdrawal_no_delete BEFORE DELETE ON charge_withdrawal
BEGIN SELECT RAISE(FAIL, 'charge_withdrawal is append-only'); END;

CREATE TRIGGER charge_withdrawal_no_replace BEFORE INSERT ON charge_withdrawal
WHEN EXISTS (SELECT 1 FROM charge_withdrawal WHERE charge_id = NEW.charge_id)
BEGIN SELECT RAISE(FAIL, 'charge_withdrawal: that key is taken'); END;

CREATE TRIGGER charge_text_no_update BEFORE UPDATE ON charge_text
BEGIN SELECT RAISE(FAIL, 'charge_text may be erased, never edited'); END;

CREATE TRIGGER charge_text_erasure BEFORE DELETE ON charge_text
WHEN NOT EXISTS (SELECT 1 FROM charge c JOIN account a ON a.id = c.payee_id
                   JOIN erasure e ON e.kind = 'member' AND e.subject = a.member_id
                  WHERE c.id = OLD.charge_id)
BEGIN SELECT RAISE(FAIL, 'charge_text: record the erasure first'); END;

CREATE TRIGGER charge_text_no_replace BEFORE INSERT ON charge_text
WHEN EXISTS (SELECT 1 FROM charge_text WHERE charge_id = NEW.charge_id)
BEGIN SELECT RAISE(FAIL, 'charge_text: that key is taken'); END;

-- Defaults, and what they cost whom.

CREATE TRIGGER guarantee_no_update BEFORE UPDATE ON guarantee
BEGIN SELECT RAISE(FAIL, 'guarantee is append-only'); END;

CREATE TRIGGER guarantee_no_delete BEFORE DELETE ON guarantee
BEGIN SELECT RAISE(FAIL, 'guarantee is append-only'); END;

CREATE TRIGGER guarantee_no_replace BEFORE INSERT ON guarantee
WHEN EXISTS (SELECT 1 FROM guarantee WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'guarantee: that key is taken'); END;

CREATE TRIGGER guarantee_step_no_update BEFORE UPDATE ON guarantee_step
BEGIN SELECT RAISE(FAIL, 'guarantee_step is append-only'); END;

CREATE TRIGGER guarantee_step_no_delete BEFORE DELETE ON guarantee_step
BEGIN SELECT RAISE(FAIL, 'guarantee_step is append-only'); END;

CREATE TRIGGER guarantee_step_no_replace BEFORE INSERT ON guarantee_step
WHEN EXISTS (SELECT 1 FROM guarantee_step WHERE guarantee_id = NEW.guarantee_id AND step = NEW.step)
BEGIN SELECT RAISE(FAIL, 'guarantee_step: that key is taken'); END;

CREATE TRIGGER declared_default_no_update BEFORE UPDATE ON declared_default
BEGIN SELECT RAISE(FAIL, 'declared_default is append-only'); END;

CREATE TRIGGER declared_default_no_delete BEFORE DELETE ON declared_default
BEGIN SELECT RAISE(FAIL, 'declared_default is append-only'); END;

CREATE TRIGGER declared_default_no_replace BEFORE INSERT ON declared_default
WHEN EXISTS (SELECT 1 FROM declared_default WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'declared_default: that key is taken'); END;

CREATE TRIGGER default_end_no_update BEFORE UPDATE ON default_end
BEGIN SELECT RAISE(FAIL, 'default_end is append-only'); END;

CREATE TRIGGER default_end_no_delete BEFORE DELETE ON default_end
BEGIN SELECT RAISE(FAIL, 'default_end is append-only'); END;

CREATE TRIGGER default_end_no_replace BEFORE INSERT ON default_end
WHEN EXISTS (SELECT 1 FROM default_end WHERE default_id = NEW.default_id)
BEGIN SELECT RAISE(FAIL, 'default_end: that key is taken'); END;

CREATE TRIGGER default_share_no_update BEFORE UPDATE ON default_share
BEGIN SELECT RAISE(FAIL, 'default_share is append-only'); END;

CREATE TRIGGER default_share_no_delete BEFORE DELETE ON default_share
BEGIN SELECT RAISE(FAIL, 'default_share is append-only'); END;

CREATE TRIGGER default_share_no_replace BEFORE INSERT ON default_share
WHEN EXISTS (SELECT 1 FROM default_share WHERE default_id = NEW.default_id AND account_id = NEW.account_id)
BEGIN SELECT RAISE(FAIL, 'default_share: that key is taken'); END;

CREATE TRIGGER default_recovery_no_update BEFORE UPDATE ON default_recovery
BEGIN SELECT RAISE(FAIL, 'default_recovery is append-only'); END;

CREATE TRIGGER default_recovery_no_delete BEFORE DELETE ON default_recovery
BEGIN SELECT RAISE(FAIL, 'default_recovery is append-only'); END;

CREATE TRIGGER default_recovery_no_replace BEFORE INSERT ON default_recovery
WHEN EXISTS (SELECT 1 FROM default_recovery WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'default_recovery: that key is taken'); END;

CREATE TRIGGER default_recovery_share_no_update BEFORE UPDATE ON default_recovery_share
BEGIN SELECT RAISE(FAIL, 'default_recovery_share is append-only'); END;

CREATE TRIGGER default_recovery_share_no_delete BEFORE DELETE ON default_recovery_share
BEGIN SELECT RAISE(FAIL, 'default_recovery_share is append-only'); END;

CREATE TRIGGER default_recovery_share_no_replace BEFORE INSERT ON default_recovery_share
WHEN EXISTS (SELECT 1 FROM default_recovery_share WHERE recovery_id = NEW.recovery_id AND account_id = NEW.account_id)
BEGIN SELECT RAISE(FAIL, 'default_recovery_share: that key is taken'); END;

CREATE TRIGGER write_off_no_update BEFORE UPDATE ON write_off
BEGIN SELECT RAISE(FAIL, 'write_off is append-only'); END;

CREATE TRIGGER write_off_no_delete BEFORE DELETE ON write_off
BEGIN SELECT RAISE(FAIL, 'write_off is append-only'); END;

CREATE TRIGGER write_off_no_replace BEFORE INSERT ON write_off
WHEN EXISTS (SELECT 1 FROM write_off WHERE transfer_id = NEW.transfer_id) OR
     EXISTS (SELECT 1 FROM write_off WHERE default_id = NEW.default_id)
BEGIN SELECT RAISE(FAIL, 'write_off: that key is taken'); END;

CREATE TRIGGER notice_follow_forwards BEFORE UPDATE ON notice_follow
WHEN NEW.id <> OLD.id OR NEW.transfer_id < OLD.transfer_id
BEGIN SELECT RAISE(FAIL, 'notice_follow: it only goes on'); END;

CREATE TRIGGER notice_follow_no_delete BEFORE DELETE ON notice_follow
BEGIN SELECT RAISE(FAIL, 'notice_follow: it only goes on'); END;

CREATE TRIGGER notice_follow_no_replace BEFORE INSERT ON notice_follow
WHEN EXISTS (SELECT 1 FROM notice_follow WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'notice_follow: that key is taken'); END;

CREATE TRIGGER outbox_fixed BEFORE UPDATE OF id, member_id, channel, salt, hash ON outbox
BEGIN SELECT RAISE(FAIL, 'outbox: whose it is never changes'); END;

CREATE TRIGGER outbox_forwards BEFORE UPDATE OF notice_id ON outbox
WHEN NEW.notice_id < OLD.notice_id
BEGIN SELECT RAISE(FAIL, 'outbox: what was told is not told again'); END;

CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
BEGIN SELECT RAISE(FAIL, 'outbox: its number is never given again'); END;

CREATE TRIGGER outbox_no_replace BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM outbox WHERE id = NEW.id) OR
     (NEW.channel = 'mail' AND EXISTS (SELECT 1 FROM outbox WHERE member_id = NEW.member_id AND channel = 'mail'))
BEGIN SELECT RAISE(FAIL, 'outbox: that key is taken'); END;

CREATE TRIGGER undelivered_no_update BEFORE UPDATE ON undelivered
BEGIN SELECT RAISE(FAIL, 'undelivered is append-only'); END;

CREATE TRIGGER undelivered_no_delete BEFORE DELETE ON undelivered
BEGIN SELECT RAISE(FAIL, 'undelivered is append-only'); END;

CREATE TRIGGER undelivered_no_replace BEFORE INSERT ON undelivered
WHEN EXISTS (SELECT 1 FROM undelivered WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'undelivered: that key is taken'); END;

-- Pre-approvals.

CREATE TRIGGER preapproval_no_update BEFORE UPDATE ON preapproval
BEGIN SELECT RAISE(FAIL, 'preapproval is append-only'); END;

CREATE TRIGGER preapproval_no_delete BEFORE DELETE ON preapproval
BEGIN SELECT RAISE(FAIL, 'preapproval is append-only'); END;

CREATE TRIGGER preapproval_no_replace BEFORE INSERT ON preapproval
WHEN EXISTS (SELECT 1 FROM preapproval WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'preapproval: that key is taken'); END;

CREATE TRIGGER preapproval_end_no_update BEFORE UPDATE ON preapproval_end
BEGIN SELECT RAISE(FAIL, 'preapproval_end is append-only'); END;

CREATE TRIGGER preapproval_end_no_delete BEFORE DELETE ON preapproval_end
BEGIN SELECT RAISE(FAIL, 'preapproval_end is append-only'); END;

CREATE TRIGGER preapproval_end_no_replace BEFORE INSERT ON preapproval_end
WHEN EXISTS (SELECT 1 FROM preapproval_end WHERE preapproval_id = NEW.preapproval_id)
BEGIN SELECT RAISE(FAIL, 'preapproval_end: that key is taken'); END;

CREATE TRIGGER preapproval_use_no_update BEFORE UPDATE ON preapproval_use
BEGIN SELECT RAISE(FAIL, 'preapproval_use is append-only'); END;

CREATE TRIGGER preapproval_use_no_delete BEFORE DELETE ON preapproval_use
BEGIN SELECT RAISE(FAIL, 'preapproval_use is append-only'); END;

CREATE TRIGGER preapproval_use_no_replace BEFORE INSERT ON preapproval_use
WHEN EXISTS (SELECT 1 FROM preapproval_use WHERE request_id = NEW.request_id) OR
     EXISTS (SELECT 1 FROM preapproval_use WHERE transfer_id = NEW.transfer_id)
BEGIN SELECT RAISE(FAIL, 'preapproval_use: that key is taken'); END;
