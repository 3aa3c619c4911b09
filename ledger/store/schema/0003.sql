-- 0003.sql - what members share: rooms and desks, courses, training credits.

-- A hold that belongs to something else ends with it, and is nobody's to capture or release by itself.
CREATE TABLE hold_owner (
    hold_id         INTEGER PRIMARY KEY REFERENCES hold (id),
    kind            TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 20), -- booking, enrolment, placement ...
    subject_id      INTEGER NOT NULL           -- its number among those
) STRICT;
CREATE INDEX hold_owner_subject ON hold_owner (kind, subject_id);

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
