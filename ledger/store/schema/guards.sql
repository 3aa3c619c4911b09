-- guards.sql - the file itself refuses what would falsify it, whatever tool is used.
--
-- Facts refuse UPDATE and DELETE. Every table refuses an insert that repeats a
-- value of a unique key, because INSERT OR REPLACE would erase the old row
-- silently. Erasable rows refuse UPDATE, and DELETE before their erasure is on
-- record. Those that are alike are made from guards.list; here stands what is
-- particular. The transfer row goes in last: its guard checks the whole transfer.
-- These guard against mistakes, not against the file's owner; `verify` compares their text.
--
-- FAIL, not ABORT: the guards run before a row is touched, so there is nothing to undo, and
-- a statement that may ABORT copies every page it changes first. For the same reason the ranges and
-- references of the tables that every payment writes (entry, transfer, register) stand here and not
-- in CHECK and REFERENCES.

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
     NOT (NEW.kind = 'exchange' OR NEW.kind = 'import' OR NEW.kind = 'capture' OR NEW.kind = 'levy' OR
          NEW.kind = 'write-off') OR
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

CREATE TRIGGER hold_payee_no_replace BEFORE INSERT ON hold_payee
WHEN EXISTS (SELECT 1 FROM hold WHERE id >= NEW.hold_id) OR
     EXISTS (SELECT 1 FROM hold_payee WHERE hold_id = NEW.hold_id AND leg = NEW.leg)
BEGIN SELECT RAISE(FAIL, 'hold_payee: that hold is placed already'); END;

CREATE TRIGGER register_whole BEFORE INSERT ON register
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM register), 0) OR
     EXISTS (SELECT 1 FROM register WHERE uid = NEW.uid) OR
     length(NEW.uid) <> 16 OR length(NEW.content_hash) <> 32
BEGIN SELECT RAISE(FAIL, 'register: that seq or uid is taken, or a value is out of range'); END;

CREATE TRIGGER member_identity_erasure BEFORE DELETE ON member_identity
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject = OLD.member_id)
BEGIN SELECT RAISE(FAIL, 'member_identity: record the erasure first'); END;

CREATE TRIGGER member_attribute_erasure BEFORE DELETE ON member_attribute
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject = OLD.member_id)
BEGIN SELECT RAISE(FAIL, 'member_attribute: record the erasure first'); END;

CREATE TRIGGER transfer_text_erasure BEFORE DELETE ON transfer_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'transfer' AND subject = OLD.transfer_id)
BEGIN SELECT RAISE(FAIL, 'transfer_text: record the erasure first'); END;

CREATE TRIGGER hold_text_erasure BEFORE DELETE ON hold_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'hold' AND subject = OLD.hold_id)
BEGIN SELECT RAISE(FAIL, 'hold_text: record the erasure first'); END;

-- An address is no longer told when it is not wanted any more: that is no erasure.
CREATE TRIGGER register_answer_erasure BEFORE DELETE ON register_answer
WHEN NOT EXISTS (SELECT 1 FROM register_answer_of o JOIN erasure e ON e.kind = o.kind AND e.subject = o.subject
                  WHERE o.seq = OLD.seq) AND
     NOT EXISTS (SELECT 1 FROM register_answer_of o WHERE o.seq = OLD.seq AND o.kind = 'outbox' AND
                 NOT EXISTS (SELECT 1 FROM outbox_text x WHERE x.outbox_id = o.subject))
BEGIN SELECT RAISE(FAIL, 'register_answer: record the erasure first'); END;

-- Kept current: only what posting, holds, limits and states may change.
CREATE TRIGGER member_fixed BEFORE UPDATE OF id, number, handle_hash, kind, since_us ON member
BEGIN SELECT RAISE(FAIL, 'member: only its state changes'); END;

CREATE TRIGGER member_no_delete BEFORE DELETE ON member
BEGIN SELECT RAISE(FAIL, 'member is append-only'); END;

CREATE TRIGGER account_fixed BEFORE UPDATE OF id, member_id, currency_id, opened_at_us, training ON account
BEGIN SELECT RAISE(FAIL, 'account: whose it is never changes'); END;

CREATE TRIGGER account_no_delete BEFORE DELETE ON account
BEGIN SELECT RAISE(FAIL, 'account is append-only'); END;

CREATE TRIGGER token_fixed BEFORE UPDATE OF id, hash, member_id, role, label, created_at_us, expires_at_us ON token
BEGIN SELECT RAISE(FAIL, 'token: only its use and its end change'); END;

CREATE TRIGGER token_no_delete BEFORE DELETE ON token
BEGIN SELECT RAISE(FAIL, 'token is append-only'); END;

-- Courses.

CREATE TRIGGER course_text_erasure BEFORE DELETE ON course_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject =
                 (SELECT provider_id FROM course WHERE id = OLD.course_id))
BEGIN SELECT RAISE(FAIL, 'course_text: record the erasure first'); END;

CREATE TRIGGER session_text_erasure BEFORE DELETE ON session_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject =
                 (SELECT c.provider_id FROM session s JOIN course c ON c.id = s.course_id WHERE s.id = OLD.session_id))
BEGIN SELECT RAISE(FAIL, 'session_text: record the erasure first'); END;

CREATE TRIGGER session_notes_erasure BEFORE DELETE ON session_notes
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject =
                 (SELECT c.provider_id FROM session s JOIN course c ON c.id = s.course_id WHERE s.id = OLD.session_id))
BEGIN SELECT RAISE(FAIL, 'session_notes: record the erasure first'); END;

CREATE TRIGGER enrolment_text_erasure BEFORE DELETE ON enrolment_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'member' AND subject =
                 (SELECT member_id FROM enrolment WHERE id = OLD.enrolment_id))
BEGIN SELECT RAISE(FAIL, 'enrolment_text: record the erasure first'); END;

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

CREATE TRIGGER lot_fixed BEFORE UPDATE OF id, account_id, transfer_id, origin, fund_account_id, amount_minor, expires_on ON lot
BEGIN SELECT RAISE(FAIL, 'lot: only what is left and pinned changes'); END;

CREATE TRIGGER lot_no_delete BEFORE DELETE ON lot
BEGIN SELECT RAISE(FAIL, 'lot is append-only'); END;

CREATE TRIGGER lot_whole BEFORE INSERT ON lot
WHEN NEW.id <> 1 + coalesce((SELECT max(id) FROM lot), 0) OR
     (SELECT training FROM account WHERE id = NEW.account_id) IS NOT 1
BEGIN SELECT RAISE(FAIL, 'lot: ids are dense, and it belongs to a training account'); END;

CREATE TRIGGER lot_move_no_replace BEFORE INSERT ON lot_move
WHEN EXISTS (SELECT 1 FROM lot_move WHERE transfer_id = NEW.transfer_id AND lot_id = NEW.lot_id
             AND stand_in = NEW.stand_in) OR
     NEW.transfer_id < (SELECT max(id) FROM transfer)
BEGIN SELECT RAISE(FAIL, 'lot_move: that transfer is posted already'); END;

CREATE TRIGGER lot_pin_fixed BEFORE UPDATE OF hold_id, lot_id ON lot_pin
BEGIN SELECT RAISE(FAIL, 'lot_pin: only its amount changes'); END;

-- The node's keys and address, and what it has certified.

-- As many certificates stand as came, and no more.
CREATE TRIGGER certificate_enrolment_attended BEFORE INSERT ON certificate_enrolment
WHEN (SELECT count(*) FROM certificate_enrolment e WHERE e.enrolment_id = NEW.enrolment_id AND NOT EXISTS
         (SELECT 1 FROM certificate_revocation r WHERE r.certificate_id = e.certificate_id)) >=
     coalesce((SELECT CASE state WHEN 'attended' THEN places END FROM enrolment_event
                WHERE enrolment_id = NEW.enrolment_id ORDER BY id DESC LIMIT 1), 0)
BEGIN SELECT RAISE(FAIL, 'certificate_enrolment: nobody came who is not certified'); END;

CREATE TRIGGER certificate_text_erasure BEFORE DELETE ON certificate_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'certificate' AND subject = OLD.certificate_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN certificate c ON c.member_id = e.subject
                  WHERE e.kind = 'member' AND c.id = OLD.certificate_id)
BEGIN SELECT RAISE(FAIL, 'certificate_text: record the erasure first'); END;

CREATE TRIGGER booking_text_erasure BEFORE DELETE ON booking_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'booking' AND subject = OLD.booking_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN booking b ON b.member_id = e.subject
                  WHERE e.kind = 'member' AND b.id = OLD.booking_id)
BEGIN SELECT RAISE(FAIL, 'booking_text: record the erasure first'); END;

-- A change of a booking comes before the booking itself shows it.
CREATE TRIGGER booking_fixed
BEFORE UPDATE OF id, resource_id, member_id, class, terms_id, series_id, made_at_us ON booking
BEGIN SELECT RAISE(FAIL, 'booking: what it is of never changes'); END;

CREATE TRIGGER booking_no_delete BEFORE DELETE ON booking
BEGIN SELECT RAISE(FAIL, 'booking is append-only'); END;

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

CREATE TRIGGER feed_fixed BEFORE UPDATE OF id, hash, member_id, resource_id, token_id, created_at_us ON feed
BEGIN SELECT RAISE(FAIL, 'feed: only its revocation changes'); END;

CREATE TRIGGER feed_stays_revoked BEFORE UPDATE OF revoked_at_us ON feed
WHEN OLD.revoked_at_us IS NOT NULL
BEGIN SELECT RAISE(FAIL, 'feed: it is revoked already'); END;

CREATE TRIGGER feed_no_delete BEFORE DELETE ON feed
BEGIN SELECT RAISE(FAIL, 'feed is append-only'); END;

-- Vacancies and placements.

CREATE TRIGGER vacancy_text_erasure BEFORE DELETE ON vacancy_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'vacancy' AND subject = OLD.vacancy_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN vacancy p ON p.member_id = e.subject
                  WHERE e.kind = 'member' AND p.id = OLD.vacancy_id)
BEGIN SELECT RAISE(FAIL, 'vacancy_text: record the erasure first'); END;

CREATE TRIGGER placement_text_erasure BEFORE DELETE ON placement_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'placement' AND subject = OLD.placement_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN placement p ON p.member_id = e.subject
                  WHERE e.kind = 'member' AND p.id = OLD.placement_id)
BEGIN SELECT RAISE(FAIL, 'placement_text: record the erasure first'); END;

CREATE TRIGGER placement_end_text_erasure BEFORE DELETE ON placement_end_text
WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE kind = 'placement' AND subject = OLD.placement_id) AND
     NOT EXISTS (SELECT 1 FROM erasure e JOIN placement p ON p.member_id = e.subject
                  WHERE e.kind = 'member' AND p.id = OLD.placement_id)
BEGIN SELECT RAISE(FAIL, 'placement_end_text: record the erasure first'); END;

CREATE TRIGGER notice_no_replace BEFORE INSERT ON notice
WHEN NEW.id <> 1 + coalesce((SELECT max(id) FROM notice), 0)
BEGIN SELECT RAISE(FAIL, 'notice: ids are dense'); END;
-- The levy. Of what is kept current only whose it is and for which month stands fixed.

CREATE TRIGGER levy_due_fixed BEFORE UPDATE OF account_id, month_id ON levy_due
BEGIN SELECT RAISE(FAIL, 'levy_due: whose it is never changes'); END;

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

CREATE TRIGGER offer_text_erasure BEFORE DELETE ON offer_text
WHEN NOT EXISTS (SELECT 1 FROM erasure e JOIN offer o ON o.member_id = e.subject
                  WHERE e.kind = 'member' AND o.id = OLD.offer_id)
BEGIN SELECT RAISE(FAIL, 'offer_text: record the erasure first'); END;

CREATE TRIGGER offer_answer_text_erasure BEFORE DELETE ON offer_answer_text
WHEN NOT EXISTS (SELECT 1 FROM erasure e JOIN offer_answer a ON a.member_id = e.subject
                  WHERE e.kind = 'member' AND a.id = OLD.answer_id)
BEGIN SELECT RAISE(FAIL, 'offer_answer_text: record the erasure first'); END;

-- Standing payments.

CREATE TRIGGER standing_attempt_no_replace BEFORE INSERT ON standing_attempt
WHEN EXISTS (SELECT 1 FROM standing_attempt WHERE id = NEW.id) OR
     (NEW.code = '' AND EXISTS (SELECT 1 FROM standing_attempt t WHERE t.standing_id = NEW.standing_id AND t.due_on = NEW.due_on AND
          t.code = '' AND NOT EXISTS (SELECT 1 FROM transfer v WHERE v.corrects = t.transfer_id AND v.kind = 'reversal')))
BEGIN SELECT RAISE(FAIL, 'standing_attempt: that key is taken'); END;

CREATE TRIGGER standing_next_of BEFORE UPDATE OF standing_id ON standing_next
BEGIN SELECT RAISE(FAIL, 'standing_next: whose it is never changes'); END;

CREATE TRIGGER standing_retry_of BEFORE UPDATE OF standing_id, due_on ON standing_retry
BEGIN SELECT RAISE(FAIL, 'standing_retry: which due date it is never changes'); END;

CREATE TRIGGER standing_text_erasure BEFORE DELETE ON standing_text
WHEN NOT EXISTS (SELECT 1 FROM standing s JOIN account a ON a.id IN (s.payer_id, s.payee_id)
                   JOIN erasure e ON e.kind = 'member' AND e.subject = a.member_id
                  WHERE s.id = OLD.standing_id)
BEGIN SELECT RAISE(FAIL, 'standing_text: record the erasure first'); END;

-- Nobody pays more than is open, nor the same twice.
CREATE TRIGGER request_event_no_replace BEFORE INSERT ON request_event
WHEN EXISTS (SELECT 1 FROM request_event WHERE id = NEW.id) OR
     EXISTS (SELECT 1 FROM request_event WHERE transfer_id = NEW.transfer_id AND coalesce(credit_id, 0) = coalesce(NEW.credit_id, 0)) OR
     (NEW.kind = 'credited' AND EXISTS (SELECT 1 FROM request_event WHERE credit_id = NEW.credit_id AND kind = 'credited'))
BEGIN SELECT RAISE(FAIL, 'request_event: that key is taken'); END;

CREATE TRIGGER request_event_guard BEFORE INSERT ON request_event
WHEN NOT EXISTS (SELECT 1 FROM request r WHERE r.id = NEW.request_id AND r.kind = 'invoice' AND
     r.ledger_minor + NEW.ledger_minor + (SELECT coalesce(sum(e.ledger_minor), 0) FROM request_event e
         WHERE e.request_id = NEW.request_id) BETWEEN 0 AND r.ledger_minor AND
     r.outside_minor + NEW.outside_minor + (SELECT coalesce(sum(e.outside_minor), 0) FROM request_event e
         WHERE e.request_id = NEW.request_id) BETWEEN 0 AND r.outside_minor)
BEGIN SELECT RAISE(FAIL, 'request_event: that is more than is open, or was paid'); END;

CREATE TRIGGER request_text_erasure BEFORE DELETE ON request_text
WHEN NOT EXISTS (SELECT 1 FROM erasure x JOIN request r ON r.id = OLD.request_id
                  WHERE (x.kind = 'request' AND x.subject = r.id) OR
                        (x.kind = 'member' AND x.subject IN (r.payee_id, r.payer_id)))
BEGIN SELECT RAISE(FAIL, 'request_text: record the erasure first'); END;

CREATE TRIGGER request_line_text_erasure BEFORE DELETE ON request_line_text
WHEN NOT EXISTS (SELECT 1 FROM erasure x JOIN request r ON r.id = OLD.request_id
                  WHERE (x.kind = 'request' AND x.subject = r.id) OR
                        (x.kind = 'member' AND x.subject IN (r.payee_id, r.payer_id)))
BEGIN SELECT RAISE(FAIL, 'request_line_text: record the erasure first'); END;

CREATE TRIGGER request_event_text_erasure BEFORE DELETE ON request_event_text
WHEN NOT EXISTS (SELECT 1 FROM erasure x JOIN request r ON r.id = (SELECT request_id FROM request_event WHERE id = OLD.event_id)
                  WHERE (x.kind = 'request' AND x.subject = r.id) OR
                        (x.kind = 'member' AND x.subject IN (r.payee_id, r.payer_id)))
BEGIN SELECT RAISE(FAIL, 'request_event_text: record the erasure first'); END;

CREATE TRIGGER request_open_no_update BEFORE UPDATE ON request_open
BEGIN SELECT RAISE(FAIL, 'request_open is written anew'); END;

CREATE TRIGGER charge_text_erasure BEFORE DELETE ON charge_text
WHEN NOT EXISTS (SELECT 1 FROM charge c JOIN account a ON a.id = c.payee_id
                   JOIN erasure e ON e.kind = 'member' AND e.subject = a.member_id
                  WHERE c.id = OLD.charge_id)
BEGIN SELECT RAISE(FAIL, 'charge_text: record the erasure first'); END;

CREATE TRIGGER notice_follow_forwards BEFORE UPDATE ON notice_follow
WHEN NEW.id <> OLD.id OR NEW.transfer_id < OLD.transfer_id
BEGIN SELECT RAISE(FAIL, 'notice_follow: it only goes on'); END;

CREATE TRIGGER notice_follow_no_delete BEFORE DELETE ON notice_follow
BEGIN SELECT RAISE(FAIL, 'notice_follow: it only goes on'); END;

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
