-- 0003.sql - what members share: rooms and desks, courses, training credits.

-- A hold that belongs to something else ends with it, and is nobody's to capture or release by itself.
CREATE TABLE hold_owner (
    hold_id         INTEGER PRIMARY KEY REFERENCES hold (id),
    kind            TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 20), -- booking, enrolment, placement ...
    subject_id      INTEGER NOT NULL           -- its number among those
) STRICT;
CREATE INDEX hold_owner_subject ON hold_owner (kind, subject_id);

-- Courses: what a member teaches, when, and who takes part.
CREATE TABLE course (
    id              INTEGER PRIMARY KEY,
    provider_id     INTEGER NOT NULL REFERENCES member (id), -- who teaches and is paid
    created_at_us   INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX course_provider ON course (provider_id, id);

CREATE TABLE course_version (                  -- the newest is in force; a session keeps the one it was added under
    course_id       INTEGER NOT NULL REFERENCES course (id),
    version         INTEGER NOT NULL CHECK (version BETWEEN 1 AND 1000000),
    threshold_percent INTEGER NOT NULL CHECK (threshold_percent BETWEEN 1 AND 100), -- of its length, to have attended
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    PRIMARY KEY (course_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE course_text (                     -- erasable, with its provider
    course_id       INTEGER NOT NULL REFERENCES course (id),
    version         INTEGER NOT NULL,
    title           TEXT NOT NULL,
    description     TEXT NOT NULL,
    language        TEXT NOT NULL,             -- BCP 47
    PRIMARY KEY (course_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id              INTEGER PRIMARY KEY,
    course_id       INTEGER NOT NULL REFERENCES course (id),
    version         INTEGER NOT NULL,
    zone            TEXT NOT NULL,             -- IANA; wall times are its own
    tzdata          TEXT NOT NULL,             -- the version that gave the instants
    starts_local    TEXT NOT NULL,             -- wall time: 2026-12-01T18:00
    ends_local      TEXT NOT NULL,
    starts_at_us    INTEGER NOT NULL,
    ends_at_us      INTEGER NOT NULL CHECK (ends_at_us > starts_at_us),
    opens_at_us     INTEGER NOT NULL,          -- the sign-up window
    closes_at_us    INTEGER NOT NULL CHECK (closes_at_us > opens_at_us AND closes_at_us <= starts_at_us),
    minimum         INTEGER NOT NULL CHECK (minimum BETWEEN 0 AND 10000),
    offer_us        INTEGER NOT NULL CHECK (offer_us > 0), -- how long a place is offered to who waits
    created_at_us   INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX session_course ON session (course_id, id);
CREATE INDEX session_starts ON session (starts_at_us, id);

CREATE TABLE session_price (                   -- of one place; none: a gathering, free
    session_id      INTEGER NOT NULL REFERENCES session (id),
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    price_minor     INTEGER NOT NULL CHECK (price_minor BETWEEN 1 AND 1000000000000000),
    PRIMARY KEY (session_id, currency_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_trainer (
    session_id      INTEGER NOT NULL REFERENCES session (id),
    member_id       INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (session_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_capacity (                -- the newest is in force
    id              INTEGER PRIMARY KEY,
    session_id      INTEGER NOT NULL REFERENCES session (id),
    capacity        INTEGER NOT NULL CHECK (capacity BETWEEN 0 AND 10000),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;
CREATE INDEX session_capacity_session ON session_capacity (session_id, id);

CREATE TABLE session_text (                    -- erasable, with its provider
    session_id      INTEGER PRIMARY KEY REFERENCES session (id),
    place           TEXT NOT NULL,
    link            TEXT NOT NULL              -- where to meet online
) STRICT;

CREATE TABLE session_notes (                   -- erasable, with its provider; the newest is shown
    id              INTEGER PRIMARY KEY,
    session_id      INTEGER NOT NULL REFERENCES session (id),
    link            TEXT NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX session_notes_session ON session_notes (session_id, id);

CREATE TABLE session_cancellation (            -- at most one a session
    session_id      INTEGER PRIMARY KEY REFERENCES session (id),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

CREATE TABLE enrolment (
    id              INTEGER PRIMARY KEY,       -- the order of the waiting list
    session_id      INTEGER NOT NULL REFERENCES session (id),
    member_id       INTEGER NOT NULL REFERENCES member (id), -- who takes part and pays
    places          INTEGER NOT NULL CHECK (places BETWEEN 1 AND 50),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX enrolment_member ON enrolment (member_id, id);
CREATE INDEX enrolment_session ON enrolment (session_id, id);

CREATE TABLE enrolment_text (                  -- erasable, with its member
    enrolment_id    INTEGER PRIMARY KEY REFERENCES enrolment (id),
    name            TEXT NOT NULL,             -- assumed
    note            TEXT NOT NULL
) STRICT;

CREATE TABLE enrolment_event (                 -- what became of it, in order
    id              INTEGER PRIMARY KEY,
    enrolment_id    INTEGER NOT NULL REFERENCES enrolment (id),
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'enrolled', 'attended', 'absent', 'cancelled')),
    at_us           INTEGER NOT NULL,
    until_us        INTEGER,                   -- of an offer
    minutes         INTEGER CHECK (minutes BETWEEN 0 AND 1000000), -- of attendance
    places          INTEGER CHECK (places BETWEEN 0 AND 50),       -- how many of them came
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    CHECK ((state = 'offered') = (until_us IS NOT NULL)),
    CHECK ((state IN ('attended', 'absent')) = (minutes IS NOT NULL)),
    CHECK ((state IN ('attended', 'absent')) = (places IS NOT NULL))
) STRICT;
CREATE INDEX enrolment_event_enrolment ON enrolment_event (enrolment_id, id);

CREATE TABLE place (                           -- kept current: where each enrolment stands that is not cancelled
    session_id      INTEGER NOT NULL REFERENCES session (id),
    member_id       INTEGER NOT NULL REFERENCES member (id),
    enrolment_id    INTEGER NOT NULL REFERENCES enrolment (id),
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'enrolled', 'attended', 'absent')),
    places          INTEGER NOT NULL CHECK (places BETWEEN 1 AND 50),
    until_us        INTEGER,                   -- of an offer
    PRIMARY KEY (session_id, member_id)        -- nobody is enrolled twice
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX place_enrolment ON place (enrolment_id);
CREATE INDEX place_enrolled ON place (session_id) WHERE state = 'enrolled';

CREATE TABLE course_due (                      -- working index of what falls due by itself
    kind            TEXT NOT NULL CHECK (kind IN ('minimum', 'begin', 'offer', 'renew')),
    subject_id      INTEGER NOT NULL,          -- a session (minimum, begin) or an enrolment
    at_us           INTEGER NOT NULL,
    refused         TEXT NOT NULL,             -- the code of the last refusal, '' when there was none
    PRIMARY KEY (kind, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX course_due_at ON course_due (at_us, kind, subject_id);

-- Training credits: who keeps them in lots, the lots, what each transfer moved of them, what holds pinned.
ALTER TABLE account ADD COLUMN training INTEGER NOT NULL DEFAULT 0 CHECK (training IN (0, 1)); -- its currency's kind

UPDATE account SET training = 1 WHERE currency_id IN (SELECT id FROM currency WHERE kind = 'training');

CREATE TABLE lot (                             -- left and pinned are kept current by posting and holds
    id              INTEGER PRIMARY KEY,       -- dense
    account_id      INTEGER NOT NULL REFERENCES account (id),
    transfer_id     INTEGER NOT NULL REFERENCES transfer (id), -- that made it; its memo is the purpose
    origin          TEXT NOT NULL CHECK (origin IN ('granted', 'earned', 'history')),
    fund_account_id INTEGER REFERENCES account (id),           -- who granted it: there it expires to
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    expires_on      INTEGER NOT NULL,          -- the last day it is good; 95026: it does not expire
    left_minor      INTEGER NOT NULL,
    pinned_minor    INTEGER NOT NULL DEFAULT 0,
    CHECK (left_minor BETWEEN 0 AND amount_minor),
    CHECK (pinned_minor BETWEEN 0 AND left_minor),
    CHECK ((origin = 'granted') = (fund_account_id IS NOT NULL)),
    CHECK ((origin = 'granted') = (expires_on < 95026))
) STRICT;
CREATE INDEX lot_spend ON lot (account_id, expires_on, id) WHERE left_minor > 0;
CREATE INDEX lot_due ON lot (expires_on, id) WHERE left_minor > 0 AND expires_on < 95026;
CREATE INDEX lot_account ON lot (account_id, id);

CREATE TABLE lot_move (
    transfer_id     INTEGER NOT NULL REFERENCES transfer (id),
    lot_id          INTEGER NOT NULL REFERENCES lot (id),
    stand_in        INTEGER NOT NULL CHECK (stand_in IN (0, 1)), -- 1: for another lot that had too little left
    amount_minor    INTEGER NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (transfer_id, lot_id, stand_in)
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_move_lot ON lot_move (lot_id, transfer_id);

CREATE TABLE lot_pin (                         -- of open holds only; what is left of a pin while it is captured
    hold_id         INTEGER NOT NULL REFERENCES hold (id),
    lot_id          INTEGER NOT NULL REFERENCES lot (id),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor >= 0),
    PRIMARY KEY (hold_id, lot_id)
) STRICT, WITHOUT ROWID;

-- What a schema 2 ledger kept in a training currency becomes one lot a member.
INSERT INTO lot (id, account_id, transfer_id, origin, amount_minor, expires_on, left_minor, pinned_minor)
SELECT row_number() OVER (ORDER BY a.id), a.id, a.last_transfer_id, 'history', a.balance_minor, 95026, a.balance_minor,
       CASE WHEN a.reserved_out_minor <= a.balance_minor THEN a.reserved_out_minor ELSE 0 END
  FROM account a JOIN member m ON m.id = a.member_id
 WHERE a.training = 1 AND m.kind <> 'fund' AND a.balance_minor > 0;

INSERT INTO lot_move (transfer_id, lot_id, stand_in, amount_minor) SELECT transfer_id, id, 0, amount_minor FROM lot;

INSERT INTO lot_pin (hold_id, lot_id, amount_minor)
SELECT h.id, t.id, h.amount_minor
  FROM lot t JOIN hold_open o ON o.account_id = t.account_id JOIN hold h ON h.id = o.hold_id AND h.account_id = t.account_id
 WHERE t.pinned_minor > 0;

CREATE TABLE provider (                        -- whom training credits may be paid to, and from which day on
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id),
    listed          INTEGER NOT NULL CHECK (listed IN (0, 1)),
    from_on         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX provider_member ON provider (member_id, from_on, id);

CREATE TABLE credit_rate (                     -- what a fund pays for one whole training credit
    id              INTEGER PRIMARY KEY,
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    from_on         INTEGER NOT NULL,
    unit            TEXT NOT NULL,             -- a currency of the node, or one outside where in_currency_id is NULL
    in_currency_id  INTEGER REFERENCES currency (id),
    value_micro     INTEGER NOT NULL CHECK (value_micro BETWEEN 1 AND 1000000000000000),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX credit_rate_currency ON credit_rate (currency_id, from_on, id);

-- The node's keys, where it is found, and what it has certified.

-- Erasures of any noun's words: the list of kinds is the engine's (ledger/erasure.c).
CREATE TABLE any_erasure (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    subject         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    UNIQUE (kind, subject)
) STRICT;
INSERT INTO any_erasure (id, kind, subject, at_us, actor, reason)
SELECT id, kind, subject, at_us, actor, reason FROM erasure ORDER BY id;
DROP TABLE erasure;
ALTER TABLE any_erasure RENAME TO erasure;

CREATE TABLE node_key (                        -- public halves; the newest signs, all of them verify
    id              INTEGER PRIMARY KEY,
    public_key      BLOB NOT NULL UNIQUE CHECK (length(public_key) = 32), -- Ed25519
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

CREATE TABLE node_address (                    -- where others find the node; the newest is in force
    id              INTEGER PRIMARY KEY,
    url             TEXT NOT NULL,             -- '' takes it away
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

CREATE TABLE certificate (
    id              INTEGER PRIMARY KEY,
    uid             BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),  -- by which the outside knows it
    provider_id     INTEGER NOT NULL REFERENCES member (id),        -- who says so
    member_id       INTEGER NOT NULL REFERENCES member (id) CHECK (member_id <> provider_id), -- whose person
    key_id          INTEGER NOT NULL REFERENCES node_key (id),
    issued_at_us    INTEGER NOT NULL,
    expires_at_us   INTEGER CHECK (expires_at_us > issued_at_us),
    hash            BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the JWT, kept when its words are erased
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX certificate_member ON certificate (member_id, id);
CREATE INDEX certificate_provider ON certificate (provider_id, id);

CREATE TABLE certificate_text (                -- erasable, with the member or by itself
    certificate_id  INTEGER PRIMARY KEY REFERENCES certificate (id),
    name            TEXT NOT NULL,             -- the person's
    title           TEXT NOT NULL,
    jwt             TEXT NOT NULL              -- as it was handed out
) STRICT;

CREATE TABLE certificate_revocation (          -- at most one a certificate
    certificate_id  INTEGER PRIMARY KEY REFERENCES certificate (id),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;


-- The office pool: rooms, desks and equipment that members offer one another.
CREATE TABLE resource (
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id), -- the host
    name            TEXT NOT NULL UNIQUE,      -- short as a handle, given once
    kind            TEXT NOT NULL CHECK (kind IN ('room', 'desk', 'equipment')),
    zone            TEXT NOT NULL,             -- IANA: its clock on the wall
    created_at_us   INTEGER NOT NULL
) STRICT;
CREATE INDEX resource_member ON resource (member_id, id);

-- The newest row is in force; a booking keeps the one it was made under.
CREATE TABLE resource_terms (
    id              INTEGER PRIMARY KEY,
    resource_id     INTEGER NOT NULL REFERENCES resource (id),
    title           TEXT NOT NULL,
    description     TEXT NOT NULL,
    accessibility   TEXT NOT NULL,
    opening         TEXT NOT NULL,             -- 'mon-fri 08:00-18:00, sat 09:00-13:00'
    peak            TEXT NOT NULL,             -- the same, '' for none
    bands           TEXT NOT NULL,             -- what a cancellation gives back: '48h 100%, 12h 50%'
    capacity        INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 200),
    slot_min        INTEGER NOT NULL CHECK (slot_min BETWEEN 5 AND 1440),
    shortest_min    INTEGER NOT NULL CHECK (shortest_min BETWEEN 5 AND 44640),
    longest_min     INTEGER NOT NULL CHECK (longest_min BETWEEN shortest_min AND 44640),
    before_min      INTEGER NOT NULL CHECK (before_min BETWEEN 0 AND 1440), -- buffers
    after_min       INTEGER NOT NULL CHECK (after_min BETWEEN 0 AND 1440),
    half_day_min    INTEGER NOT NULL CHECK (half_day_min BETWEEN 60 AND 1440),
    horizon_days    INTEGER NOT NULL CHECK (horizon_days BETWEEN 1 AND 360),
    answer_hours    INTEGER NOT NULL CHECK (answer_hours BETWEEN 1 AND 720), -- for the host to say its word
    grace_min       INTEGER NOT NULL CHECK (grace_min BETWEEN 0 AND 1440), -- to check in, 0 when nobody need
    no_show_percent INTEGER NOT NULL CHECK (no_show_percent BETWEEN 0 AND 100),
    host_word       INTEGER NOT NULL CHECK (host_word IN (0, 1)),
    retired         INTEGER NOT NULL CHECK (retired IN (0, 1)),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX resource_terms_resource ON resource_terms (resource_id, id);

CREATE TABLE resource_closure (                -- whole days of its clock
    id              INTEGER PRIMARY KEY,
    resource_id     INTEGER NOT NULL REFERENCES resource (id),
    from_on         INTEGER NOT NULL,
    to_on           INTEGER NOT NULL CHECK (to_on >= from_on),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;
CREATE INDEX resource_closure_resource ON resource_closure (resource_id, to_on);

CREATE TABLE resource_reopening (              -- a closure that was taken back
    closure_id      INTEGER PRIMARY KEY REFERENCES resource_closure (id),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

-- In force from a day of use on; the newest of a day counts. NULL takes the price away.
CREATE TABLE resource_price (
    id              INTEGER PRIMARY KEY,
    resource_id     INTEGER NOT NULL REFERENCES resource (id),
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    class           TEXT NOT NULL CHECK (class IN ('host', 'member', 'guest')),
    peak            TEXT NOT NULL CHECK (peak IN ('any', 'peak', 'off-peak')),
    unit            TEXT NOT NULL CHECK (unit IN ('hour', 'half-day', 'day')),
    amount_minor    INTEGER CHECK (amount_minor BETWEEN 0 AND 1000000000),
    from_on         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX resource_price_key ON resource_price (resource_id, currency_id, class, peak, unit, from_on, id);

CREATE TABLE resource_share (                  -- what the pool takes of each payment; the host has the rest
    id              INTEGER PRIMARY KEY,
    resource_id     INTEGER NOT NULL REFERENCES resource (id),
    member_id       INTEGER NOT NULL REFERENCES member (id), -- the pool
    points          INTEGER NOT NULL CHECK (points BETWEEN 0 AND 10000), -- basis points
    from_on         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX resource_share_resource ON resource_share (resource_id, from_on, id);

-- How much a member may have: hours included a month, or at most a day, week, month, ahead; bookings at once.
CREATE TABLE resource_quota (
    id              INTEGER PRIMARY KEY,
    resource_id     INTEGER NOT NULL REFERENCES resource (id),
    member_id       INTEGER REFERENCES member (id), -- NULL for every member
    kind            TEXT NOT NULL CHECK (kind IN ('included', 'day', 'week', 'month', 'ahead', 'live')),
    amount          INTEGER CHECK (amount BETWEEN 0 AND 100000), -- minutes, or bookings; NULL ends it
    from_on         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX resource_quota_key ON resource_quota (resource_id, kind, from_on, id);

CREATE TABLE extra (                           -- a service with a price: printing, lunch
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id), -- the host
    name            TEXT NOT NULL UNIQUE,
    title           TEXT NOT NULL,
    created_at_us   INTEGER NOT NULL
) STRICT;

CREATE TABLE extra_price (
    id              INTEGER PRIMARY KEY,
    extra_id        INTEGER NOT NULL REFERENCES extra (id),
    currency_id     INTEGER NOT NULL REFERENCES currency (id),
    amount_minor    INTEGER CHECK (amount_minor BETWEEN 0 AND 1000000000), -- NULL takes it away
    from_on         INTEGER NOT NULL,
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    authority       TEXT NOT NULL
) STRICT;
CREATE INDEX extra_price_key ON extra_price (extra_id, currency_id, from_on, id);

-- Kept current beside its changes; `verify` compares. A live booking has its unit to itself.
CREATE TABLE booking (
    id              INTEGER PRIMARY KEY,
    resource_id     INTEGER NOT NULL REFERENCES resource (id),
    member_id       INTEGER NOT NULL REFERENCES member (id), -- who pays
    class           TEXT NOT NULL CHECK (class IN ('host', 'member', 'guest')),
    terms_id        INTEGER NOT NULL REFERENCES resource_terms (id),
    share_id        INTEGER REFERENCES resource_share (id),
    currency_id     INTEGER REFERENCES currency (id), -- NULL: it is free
    series_id       INTEGER,
    made_at_us      INTEGER NOT NULL,
    sequence        INTEGER NOT NULL,          -- of its last change
    state           TEXT NOT NULL CHECK (state IN ('planned', 'held', 'confirmed', 'checked-in', 'completed',
                                                   'cancelled', 'expired', 'no-show', 'rejected')),
    live            INTEGER NOT NULL CHECK (live = (state IN ('planned', 'held', 'confirmed', 'checked-in'))),
    unit            INTEGER NOT NULL CHECK (unit BETWEEN 0 AND 199),
    from_us         INTEGER NOT NULL,
    to_us           INTEGER NOT NULL CHECK (to_us > from_us),
    busy_from_us    INTEGER NOT NULL CHECK (busy_from_us <= from_us), -- with its buffers
    busy_to_us      INTEGER NOT NULL CHECK (busy_to_us >= to_us),
    included_min    INTEGER NOT NULL CHECK (included_min >= 0), -- of the month's allowance
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000000),
    hold_id         INTEGER REFERENCES hold (id), -- the open one, or the one it was paid from
    due_us          INTEGER                    -- when it is to be looked at next
) STRICT;
CREATE INDEX booking_live ON booking (resource_id, unit, busy_from_us, busy_to_us) WHERE live = 1;
CREATE INDEX booking_resource ON booking (resource_id, from_us);
CREATE INDEX booking_member ON booking (member_id, from_us);
CREATE INDEX booking_due ON booking (due_us) WHERE due_us IS NOT NULL;
CREATE INDEX booking_series ON booking (series_id) WHERE series_id IS NOT NULL;

CREATE TABLE booking_change (
    booking_id      INTEGER NOT NULL REFERENCES booking (id) DEFERRABLE INITIALLY DEFERRED,
    sequence        INTEGER NOT NULL,          -- 0, 1, 2 ...
    state           TEXT NOT NULL,
    unit            INTEGER NOT NULL,
    from_us         INTEGER NOT NULL,
    to_us           INTEGER NOT NULL,
    from_local      TEXT NOT NULL,             -- as the clock on the wall shows it
    to_local        TEXT NOT NULL,
    tzdata          TEXT NOT NULL,             -- the version by which that is so
    included_min    INTEGER NOT NULL,
    amount_minor    INTEGER NOT NULL,
    hold_id         INTEGER,
    transfer_id     INTEGER REFERENCES transfer (id), -- what it paid
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    PRIMARY KEY (booking_id, sequence)
) STRICT, WITHOUT ROWID;

-- What the amount is made of, as it was quoted for that change.
CREATE TABLE booking_line (
    booking_id      INTEGER NOT NULL REFERENCES booking (id) DEFERRABLE INITIALLY DEFERRED,
    sequence        INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('time', 'included', 'extra', 'own', 'kept')),
    price_id        INTEGER REFERENCES resource_price (id),
    extra_price_id  INTEGER REFERENCES extra_price (id),
    quantity        INTEGER NOT NULL,          -- minutes where the price is by the hour
    amount_minor    INTEGER NOT NULL,
    PRIMARY KEY (booking_id, sequence, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE booking_text (                    -- erasable
    booking_id      INTEGER PRIMARY KEY REFERENCES booking (id),
    title           TEXT NOT NULL
) STRICT;

-- Booking series: a rule, a time on the clock of the place, and what became of each date.
CREATE TABLE series (
    id              INTEGER PRIMARY KEY,
    resource_id     INTEGER NOT NULL REFERENCES resource (id),
    member_id       INTEGER NOT NULL REFERENCES member (id),
    guest           INTEGER NOT NULL CHECK (guest IN (0, 1)),
    rule            TEXT NOT NULL,             -- RFC 5545, days only
    first_on        INTEGER NOT NULL,
    from_local      TEXT NOT NULL,             -- of the first day
    to_local        TEXT NOT NULL,
    fold            TEXT NOT NULL CHECK (fold IN ('', 'earlier', 'later')),
    zone            TEXT NOT NULL,
    tzdata          TEXT NOT NULL,             -- the version by which its dates were made instants
    billing         TEXT NOT NULL CHECK (billing IN ('holds', 'arrears')),
    made_at_us      INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX series_member ON series (member_id, id);
CREATE INDEX series_resource ON series (resource_id, id);

CREATE TABLE series_date (
    series_id       INTEGER NOT NULL REFERENCES series (id),
    day             INTEGER NOT NULL,
    booking_id      INTEGER REFERENCES booking (id), -- NULL: left out,
    code            TEXT NOT NULL,             -- by this refusal
    reason          TEXT NOT NULL,
    PRIMARY KEY (series_id, day),
    CHECK ((booking_id IS NULL) = (code <> ''))
) STRICT, WITHOUT ROWID;

CREATE TABLE series_due (                      -- working index: occurrences without a hold, and when to place it
    booking_id      INTEGER PRIMARY KEY,
    at_us           INTEGER NOT NULL,
    until_us        INTEGER                    -- after a refusal: so long its time is kept
) STRICT;
CREATE INDEX series_due_at ON series_due (at_us);

CREATE TABLE series_notice (                   -- what member and host are told
    id              INTEGER PRIMARY KEY,
    series_id       INTEGER NOT NULL REFERENCES series (id),
    booking_id      INTEGER NOT NULL REFERENCES booking (id),
    kind            TEXT NOT NULL CHECK (kind IN ('refused', 'freed', 'funded', 'unpaid')),
    code            TEXT NOT NULL,             -- of the refusal, '' for none
    at_us           INTEGER NOT NULL,
    until_us        INTEGER
) STRICT;

-- Calendar feeds: a secret address for what is booked, good as long as the token that made it.
CREATE TABLE feed (
    id              INTEGER PRIMARY KEY,
    hash            BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the secret
    member_id       INTEGER REFERENCES member (id),     -- whose people read it; NULL for the node's
    resource_id     INTEGER REFERENCES resource (id),   -- NULL: all that the member booked
    token_id        INTEGER REFERENCES token (id),      -- NULL: made at the file itself
    created_at_us   INTEGER NOT NULL,
    revoked_at_us   INTEGER,
    CHECK (member_id IS NOT NULL OR resource_id IS NOT NULL)
) STRICT;

-- Work that somebody seeks people for, and people lent to it: vacancies and placements.

CREATE TABLE vacancy (
    id              INTEGER PRIMARY KEY,
    member_id       INTEGER NOT NULL REFERENCES member (id),        -- who seeks
    kind            TEXT NOT NULL CHECK (kind IN ('job', 'apprenticeship', 'relief')),
    minutes_a_week  INTEGER NOT NULL CHECK (minutes_a_week BETWEEN 1 AND 10080),
    posted_at_us    INTEGER NOT NULL,
    until_on        INTEGER NOT NULL,          -- the last day it stands open
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX vacancy_member ON vacancy (member_id, id);

CREATE TABLE vacancy_text (                    -- erasable, with the member
    vacancy_id      INTEGER PRIMARY KEY REFERENCES vacancy (id),
    title           TEXT NOT NULL,
    skills          TEXT NOT NULL,
    description     TEXT NOT NULL
) STRICT;

CREATE TABLE vacancy_close (                   -- at most one a vacancy
    vacancy_id      INTEGER PRIMARY KEY REFERENCES vacancy (id),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;

CREATE TABLE placement (
    id              INTEGER PRIMARY KEY,
    vacancy_id      INTEGER REFERENCES vacancy (id),
    host_id         INTEGER NOT NULL REFERENCES member (id),
    member_id       INTEGER NOT NULL REFERENCES member (id) CHECK (member_id <> host_id), -- whose person, and who is paid
    mentor_id       INTEGER REFERENCES member (id),                 -- whose mentor may sign for the person too
    payer_id        INTEGER NOT NULL REFERENCES account (id),       -- the host's account or a fund's
    payee_id        INTEGER NOT NULL REFERENCES account (id) CHECK (payee_id <> payer_id),
    rate_minor      INTEGER NOT NULL CHECK (rate_minor BETWEEN 1 AND 1000000000000), -- an hour
    minutes         INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 600000),           -- agreed in all
    starts_on       INTEGER NOT NULL,
    ends_on         INTEGER NOT NULL CHECK (ends_on >= starts_on),
    agreed_at_us    INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX placement_member ON placement (member_id, id);
CREATE INDEX placement_host ON placement (host_id, id);
CREATE INDEX placement_vacancy ON placement (vacancy_id) WHERE vacancy_id IS NOT NULL;

CREATE TABLE placement_text (                  -- erasable, with the member or by itself
    placement_id    INTEGER PRIMARY KEY REFERENCES placement (id),
    person          TEXT NOT NULL,
    mentor          TEXT NOT NULL
) STRICT;

CREATE TABLE placement_sign (                  -- the newest of a side counts
    id              INTEGER PRIMARY KEY,
    placement_id    INTEGER NOT NULL REFERENCES placement (id),
    week_on         INTEGER NOT NULL,          -- its Monday
    side            TEXT NOT NULL CHECK (side IN ('host', 'person')),
    minutes         INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 10080),
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL
) STRICT;
CREATE INDEX placement_sign_week ON placement_sign (placement_id, week_on, side, id);

CREATE TABLE placement_week (                  -- signed by both, and paid
    placement_id    INTEGER NOT NULL REFERENCES placement (id),
    week_on         INTEGER NOT NULL,
    minutes         INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 10080),
    amount_minor    INTEGER NOT NULL CHECK (amount_minor BETWEEN 0 AND 1000000000000000),
    transfer_id     INTEGER REFERENCES transfer (id) CHECK ((transfer_id IS NULL) = (amount_minor = 0)),
    at_us           INTEGER NOT NULL,
    PRIMARY KEY (placement_id, week_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE placement_end (                   -- ended before its time; at most one a placement
    placement_id    INTEGER PRIMARY KEY REFERENCES placement (id),
    ended_on        INTEGER NOT NULL,          -- the last day
    minutes         INTEGER NOT NULL CHECK (minutes >= 0), -- what is due at most, pro rata
    at_us           INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    reason          TEXT NOT NULL
) STRICT;
